package record

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/torchwood"
	"github.com/datelinehq/dateline"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const article = dateline.ID("0190b5f0-6c00-7cc3-98c4-dc0c0c07398f")

// random is a source that always gives the same bytes, so that goldens stay.
func random() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{7}) }

// samples has a full body of every kind.
var samples = []any{
	&Publication{Name: "The Estuary", Motto: dateline.Names{"en": "News of the coast"}, Site: "https://estuary.example", Zone: "Asia/Kolkata", Language: "en",
		City: dateline.Names{"en": "Neerapatnam", "hi": "नीरापट्टनम"}, Latitude: 9931233, Longitude: -76267303, Navigation: []dateline.ID{article}, Footer: []dateline.ID{article}, Email: "desk@estuary.example"},
	&Section{Slug: "coast", Names: dateline.Names{"en": "Coast", "ar": "الساحل"}, Description: dateline.Names{"en": "The harbour & the islands"}, Parent: article},
	&Topic{Slug: "fishing", Kind: dateline.TopicSubject, Person: article, Names: dateline.Names{"en": "Fishing"}, Description: dateline.Names{"en": "Nets <and> lines"}},
	&Person{Slug: "nalini-okar", Names: dateline.Names{"en": "Nalini Okar"}, Role: dateline.Names{"en": "Coast correspondent"}},
	&Picture{Hash: strings.Repeat("ab", 32), Format: "jpeg", Width: 1600, Height: 900, Rights: "The Estuary",
		Crops: map[dateline.Placement]dateline.Crop{dateline.PlaceCard: {Width: 1600, Height: 900}, dateline.PlaceSquare: {Width: 800, Height: 800, X: 20, Y: 30}},
		Focal: &dateline.Point{X: 640, Y: 200}, Words: &PictureWords{Copyright: "© The Estuary", Creator: "Ada Menon", Credit: "Ada Menon / The Estuary", Taken: "2026-06-29T16:42:00", Uncaptioned: true}},
	&Edition{Number: 2, Change: dateline.ChangeCorrection, Corrects: 1, Note: "The line runs 11 miles out.", Public: "2026-06-30T08:35:00.000000Z", First: "2026-06-30T06:38:00.000000Z",
		Updated: "2026-06-30T08:35:00.000000Z", Kind: dateline.KindArticle, Address: "/coast/2026/06/30/line", Section: article, Label: dateline.LabelAnalysis,
		Headline: "Line “redrawn” <again> & again", Standfirst: "A third is back.", Place: "Great Sella", Agency: "Coast News Agency",
		Byline: []dateline.Credit{{Person: article, As: "N. Okar"}, {Agency: "CNA"}}, Source: &dateline.Source{Agency: "CNA", Item: "7", Version: "2", Terms: "No resale"},
		Topics: []dateline.ID{article}, Body: json.RawMessage(`{"content":[{"content":[{"text":"Text.","type":"text"}],"type":"paragraph"}],"type":"doc"}`),
		Lead: &dateline.Lead{Picture: article, Alt: "Two trawlers", Caption: "Waiting.", Credit: "Ada Menon"}, Language: "en",
		SearchTitle: "Fishing line redrawn", SocialTitle: "Who may fish where",
		Translations: []dateline.ID{article}, Related: []dateline.ID{article}, Pictures: []dateline.ID{article}, Speakers: []dateline.ID{article}, Stories: []dateline.ID{article},
		Origin: &dateline.Origin{Article: article, Entry: 20}},
	&Withdrawal{Kind: dateline.WithdrawnKilled, Public: "2026-07-01T00:00:00.000000Z", First: "2026-06-30T06:38:00.000000Z", Addresses: []string{"/coast/2026/06/30/line"},
		Hashes: []string{AddressHash("/x")}, Editions: []EditionMark{{Number: 1, Change: "first", Public: "2026-06-30T06:38:00.000000Z", Sequence: 9}}, Section: article, Language: "en", Notice: "It was not so.", Into: article,
		Stories: []dateline.ID{article}, Topics: []dateline.ID{article}},
	&Restoration{Withdrawal: 12, Editions: []int64{9, 10}, Public: "2026-07-02T00:00:00.000000Z"},
	&Redirect{From: "/?p=123", To: "/coast/2026/06/30/line"},
	&Redaction{Entries: []int64{9}, Replacement: 14, Reason: "By order of a court", Hashes: []string{AddressHash("/coast/2026/06/12/old-name")},
		Editions: []EditionMark{{Change: dateline.ChangeUpdate, Number: 2, Public: "2026-06-12T03:31:00.000000Z", Sequence: 9}},
		Live:     []LiveMark{{Number: 20, Sequence: 10}, {State: dateline.LiveOn, Sequence: 11}}},
	&Key{Verifier: "estuary.example/record+00000000+AA==", Origin: "estuary.example/record", Note: "dateline next key\nx\n\n— x AA==\n"},
	&Story{Number: 3, Public: "2026-06-30T08:35:00.000000Z", Slug: "talks", Name: "The talks", Language: "en", Summary: "Who may fish & where.", Background: "Since 2021.",
		Statuses: []StoryStatus{{ID: article, At: "2022-04-14T04:00:00.000000Z", State: dateline.StorySuspended, Words: "Talks suspended", Sentence: "They left.",
			Source: dateline.StorySource{Article: article, Edition: 2, Paragraph: 1}}},
		Events:  []dateline.StoryEvent{{ID: article, When: "2026-07-W2", Title: "The islands vote", Text: "All three.", Source: dateline.StorySource{Address: "https://islands.example/", Name: "A letter"}}},
		Parties: []dateline.StoryParty{{Topic: article, Role: "Draws the line"}}, Joined: []dateline.ID{article}, Left: []dateline.ID{article}, Stories: []dateline.ID{article}, Into: article, Note: "It was not so.", Withdrawn: true,
		Change: dateline.ChangeCorrection, Former: []string{"fishing-talks"}, Gone: []StoryGone{{At: "2026-06-30T08:30:00.000000Z", ID: article}}},
	&Front{Home: true, Number: 3, Pictures: []dateline.ID{article}, Strip: &Strip{Article: article, Text: "Ferry aground", Until: "2026-06-30T18:00:00.000000Z"},
		Containers: []dateline.Container{{Layout: dateline.LayoutWide, Rule: &dateline.Rule{Kind: dateline.RuleSection, Of: article}, Title: dateline.Names{"en": "The coast"},
			Items: []dateline.FrontItem{{Article: article, Headline: "The line moves", Kicker: "Fishing", Picture: article}, {}}}}},
	&LiveEntry{Act: EntryEdited, Number: 20, Public: "2026-06-30T07:22:00.000000Z", Headline: "Engine turned over <for> eleven & more minutes", Language: "en",
		Body:   json.RawMessage(`{"content":[{"content":[{"text":"It was started at 12:41.","type":"text"}],"type":"paragraph"}],"type":"doc"}`),
		Byline: []dateline.Credit{{Person: article}}, Place: "engine room", Key: true, Pinned: true, Correction: "The test lasted eleven minutes, not forty.",
		Corrected: "2026-06-30T07:45:00.000000Z", Pictures: []dateline.ID{article}, Speakers: []dateline.ID{article}, Reason: "It named a passenger."},
	&LiveState{State: dateline.LiveOn, Language: "en", Summary: json.RawMessage(`{"content":[{"content":[{"text":"Sailing is at 19:30.","type":"text"}],"type":"paragraph"}],"type":"doc"}`)},
	&Origin{Verifier: "estuary.example/record/2+00000000+AA==", Origin: "estuary.example/record/2", Before: "estuary.example/record", Size: 120,
		Root: strings.Repeat("ab", 32), Note: "dateline next key\nx\n\n— x AA==\n"},
}

func sample(t testing.TB, seq int64, body any) Entry {
	t.Helper()
	kind, schema, err := KindOf(body)
	if err != nil {
		t.Fatal(err)
	}
	data, err := Encode(body)
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEntry(Header{seq, time.Date(2026, 6, 30, 8, 35, 0, 123456000, time.UTC), kind, schema, article, dateline.RoleEditor}, data, random())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestGoldens reads the kept file of every kind and schema version. A file is written once, when a version is new, and
// never again: the record keeps for good what was written.
func TestGoldens(t *testing.T) {
	seen := map[string]bool{}
	for i, body := range samples {
		e := sample(t, int64(i+1), body)
		name := fmt.Sprintf("%s.v%d", e.Kind, e.Schema)
		seen[name] = true
		path := filepath.Join("testdata", "kinds", name)
		got := fmt.Sprintf("%s\n%s\n%s\n%s\n", e.Header.Bytes(), e.Body, hex.EncodeToString(e.Salt), hex.EncodeToString(e.Commitment[:]))
		want, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) && os.Getenv("DATELINE_NEW_GOLDENS") != "" {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("no golden for %s; a new schema version is written with DATELINE_NEW_GOLDENS=1: %v", name, err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s is not written as it was (-kept +now):\n%s", name, diff)
		}
	}
	for kind, versions := range bodies {
		for v := range versions {
			name := fmt.Sprintf("%s.v%d", kind, v)
			if !seen[name] {
				readKept(t, name)
			}
		}
	}
}

// readKept reads an entry of a schema version that is no longer written: it keeps its commitment, and its body comes back
// to the letter.
func readKept(t *testing.T, name string) {
	t.Helper()
	kept, err := os.ReadFile(filepath.Join("testdata", "kinds", name))
	if err != nil {
		t.Fatalf("%s is read and has neither a sample nor a kept file: %v", name, err)
	}
	lines := strings.Split(string(kept), "\n")
	e := Entry{Body: []byte(lines[1])}
	if e.Header, err = ParseHeader([]byte(lines[0])); err != nil {
		t.Fatal(err)
	}
	if e.Salt, err = hex.DecodeString(lines[2]); err != nil {
		t.Fatal(err)
	}
	if got := Commit(e.Salt, e.Body); hex.EncodeToString(got[:]) != lines[3] {
		t.Errorf("%s: the commitment is %x, kept is %s", name, got, lines[3])
	}
	body, err := e.Decode()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	again, err := Encode(body)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines[1], string(again)); diff != "" {
		t.Errorf("%s does not come back (-kept +now):\n%s", name, diff)
	}
}

func TestEveryBodyIsCanonicalAndComesBack(t *testing.T) {
	for i, body := range samples {
		e := sample(t, int64(i+1), body)
		canonical, err := Canonical(e.Body)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(canonical, e.Body) {
			t.Errorf("%s is not canonical:\n%s\n%s", e.Kind, e.Body, canonical)
		}
		back, err := e.Decode()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(body, back); diff != "" {
			t.Errorf("%s does not come back:\n%s", e.Kind, diff)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	e := sample(t, 1, samples[1])
	for name, change := range map[string]func(*Entry){
		"an unknown kind":    func(e *Entry) { e.Kind = "rumour" },
		"a newer schema":     func(e *Entry) { e.Schema = 99 },
		"a removed body":     func(e *Entry) { e.Body, e.Salt = nil, nil },
		"an unknown key":     func(e *Entry) { e.Body = []byte(`{"slug":"a","names":{},"colour":"red"}`) },
		"something trailing": func(e *Entry) { e.Body = append(bytes.Clone(e.Body), '{') },
	} {
		bad := e
		change(&bad)
		if _, err := bad.Decode(); err == nil {
			t.Errorf("%s was read", name)
		}
	}
	if _, err := Canonical([]byte(`{"a":1.5}`)); err == nil {
		t.Error("a float was taken")
	}
}

func TestHeaderHasOneForm(t *testing.T) {
	b := sample(t, 3, samples[0]).Header.Bytes()
	h, err := ParseHeader(b)
	if err != nil || h.Sequence != 3 {
		t.Fatal(h, err)
	}
	for _, bad := range []string{
		strings.Replace(string(b), `"seq":3`, `"seq": 3`, 1),
		strings.Replace(string(b), "123456Z", "123456+00:00", 1),
		strings.Replace(string(b), `"role"`, `"extra":1,"role"`, 1),
		string(b) + " ", "", "{}",
	} {
		if _, err := ParseHeader([]byte(bad)); err == nil {
			t.Errorf("%q was read as a header", bad)
		}
	}
}

func TestTreeIsRFC6962(t *testing.T) {
	for _, batch := range []int{1, 3, 255, 256, 700} {
		tiles, stored := memoryTiles{}, []Hash{}
		reader := tlog.HashReaderFunc(func(ix []int64) (out []Hash, _ error) {
			for _, i := range ix {
				out = append(out, stored[i])
			}
			return out, nil
		})
		var size int64
		for size < 1400 {
			var leaves [][]byte
			for i := range batch {
				leaf := fmt.Appendf(nil, "leaf %d", size+int64(i))
				leaves = append(leaves, leaf)
				hs, err := tlog.StoredHashes(size+int64(i), leaf, reader)
				if err != nil {
					t.Fatal(err)
				}
				stored = append(stored, hs...)
			}
			var err error
			if size, err = Append(tiles, size, leaves); err != nil {
				t.Fatal(err)
			}
			want, err := tlog.TreeHash(size, reader)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := Root(tiles, size); err != nil || got != want {
				t.Fatalf("batches of %d, size %d: root %v, want %v (%v)", batch, size, got, want, err)
			}
		}
	}
}

// log makes a record of n entries with its tiles and signed checkpoint.
func testLog(t testing.TB, n int) (entries []Entry, tiles memoryTiles, checkpoint []byte, signer *Signer) {
	t.Helper()
	secret, verifier, err := NewKey("estuary.example/record", random())
	if err != nil {
		t.Fatal(err)
	}
	if signer, err = NewSigner(secret); err != nil {
		t.Fatal(err)
	}
	if signer.Verifier() != verifier {
		t.Fatalf("the signer's verifier key is %s, want %s", signer.Verifier(), verifier)
	}
	entries = append(entries, sample(t, 1, &Key{Verifier: verifier, Origin: signer.Origin()}))
	acts := slices.DeleteFunc(slices.Clone(samples), func(body any) bool {
		switch body.(type) {
		case *Redaction, *Key, *Origin:
			return true
		}
		return false
	})
	for i := 1; i < n; i++ {
		entries = append(entries, sample(t, int64(i+1), acts[i%len(acts)]))
	}
	tiles = memoryTiles{}
	var size int64
	for _, e := range entries {
		if size, err = Append(tiles, size, [][]byte{e.Leaf()}); err != nil {
			t.Fatal(err)
		}
	}
	root, err := Root(tiles, size)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, err = signer.Sign(Checkpoint{signer.Origin(), size, root}, time.Unix(1780000000, 0))
	if err != nil {
		t.Fatal(err)
	}
	return entries, tiles, checkpoint, signer
}

func verify(t testing.TB, entries []Entry, tiles Tiles, checkpoint []byte) Proved {
	t.Helper()
	v := NewVerifier(tiles)
	if err := v.Add(entries...); err != nil {
		t.Fatal(err)
	}
	p, err := v.Finish(checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestVerifyWhole(t *testing.T) {
	entries, tiles, checkpoint, signer := testLog(t, 600)
	p := verify(t, entries, tiles, checkpoint)
	if len(p.Faults) > 0 || p.Entries != 600 || p.Bodies != 600 || p.Size != 600 || p.Origin != signer.Origin() {
		t.Errorf("%+v", p)
	}
}

// TestEveryBitOfAnEntryCounts flips one bit in each field of an entry in turn; each is found and named.
func TestEveryBitOfAnEntryCounts(t *testing.T) {
	entries, tiles, checkpoint, _ := testLog(t, 40)
	const at = 17
	flip := func(s string) string { b := []byte(s); b[len(b)/2] ^= 1; return string(b) }
	for field, change := range map[string]func(*Entry){
		"seq":        func(e *Entry) { e.Sequence ^= 1 << 40 },
		"at":         func(e *Entry) { e.At = e.At.Add(time.Microsecond) },
		"kind":       func(e *Entry) { e.Kind = Kind(flip(string(e.Kind))) },
		"schema":     func(e *Entry) { e.Schema ^= 1 },
		"subject":    func(e *Entry) { e.Subject = dateline.ID(flip(string(e.Subject))) },
		"role":       func(e *Entry) { e.Role = dateline.Role(flip(string(e.Role))) },
		"body":       func(e *Entry) { e.Body = []byte(flip(string(e.Body))) },
		"salt":       func(e *Entry) { e.Salt = []byte(flip(string(e.Salt))) },
		"commitment": func(e *Entry) { e.Commitment[31] ^= 1 },
		"body gone":  func(e *Entry) { e.Body, e.Salt = nil, nil },
	} {
		damaged := append([]Entry{}, entries...)
		change(&damaged[at])
		p := verify(t, damaged, tiles, checkpoint)
		if len(p.Faults) == 0 {
			t.Errorf("%s: a flipped bit was not found", field)
			continue
		}
		if p.Faults[0].Sequence != at+1 {
			t.Errorf("%s: %v does not name entry %d", field, p.Faults, at+1)
		}
	}
	missing := append(append([]Entry{}, entries[:at]...), entries[at+1:]...)
	if p := verify(t, missing, tiles, checkpoint); len(p.Faults) == 0 || p.Faults[0].Sequence != at+1 {
		t.Errorf("a missing entry: %v", p.Faults)
	}
	tiles[[2]int64{0, 0}][at*hashSize] ^= 1
	if p := verify(t, entries, tiles, checkpoint); len(p.Faults) == 0 {
		t.Error("a damaged tree was not found")
	}
}

func TestARedactedEntryVerifiesOnlyWhenARedactionNamesIt(t *testing.T) {
	entries, _, _, signer := testLog(t, 20)
	entries[9].Body, entries[9].Salt = nil, nil
	entries = append(entries, sample(t, 21, &Redaction{Entries: []int64{10}}))
	tiles := memoryTiles{}
	var size int64
	for _, e := range entries {
		size, _ = Append(tiles, size, [][]byte{e.Leaf()})
	}
	root, _ := Root(tiles, size)
	checkpoint, err := signer.Sign(Checkpoint{signer.Origin(), size, root}, time.Unix(1780000000, 0))
	if err != nil {
		t.Fatal(err)
	}
	if p := verify(t, entries, tiles, checkpoint); len(p.Faults) > 0 || p.Bodies != 20 {
		t.Errorf("%+v", p)
	}
}

func TestCheckpointNamesItsSigner(t *testing.T) {
	entries, tiles, checkpoint, signer := testLog(t, 5)
	other, otherKey, err := NewKey("forger.example/record", rand.NewChaCha8([32]byte{9}))
	if err != nil {
		t.Fatal(err)
	}
	forger, err := NewSigner(other)
	if err != nil {
		t.Fatal(err)
	}
	root, _ := Root(tiles, 5)
	forged, err := forger.Sign(Checkpoint{signer.Origin(), 5, root}, time.Unix(1780000000, 0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCheckpoint(forged, signer.Verifier()); err == nil {
		t.Error("a checkpoint signed by another key was taken")
	}
	if _, err := OpenCheckpoint(forged, otherKey); err == nil {
		t.Error("a checkpoint of an origin that its signer does not name was taken")
	}
	short := verify(t, entries[:4], nil, checkpoint)
	if len(short.Faults) != 1 || !strings.Contains(short.Faults[0].What, "names 5 entries, and there are 4") {
		t.Errorf("a record cut short: %v", short.Faults)
	}
}

// TestCheckpointsSayWhen: a checkpoint is signed with its instant too, which only the log's own key vouches for.
func TestCheckpointsSayWhen(t *testing.T) {
	entries, tiles, checkpoint, signer := testLog(t, 5)
	at, err := SignedAt(checkpoint, signer.Verifier())
	if err != nil || !at.Equal(time.Unix(1780000000, 0)) || at.Location() != time.UTC {
		t.Errorf("it was signed %v, %v", at, err)
	}
	_, other, err := NewKey(signer.Origin(), rand.NewChaCha8([32]byte{9}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := SignedAt(checkpoint, other); err == nil {
		t.Error("another key vouches for the instant")
	}
	lines := bytes.Split(checkpoint, []byte("\n"))
	stamped := []byte(base64.StdEncoding.EncodeToString(func() []byte {
		raw, err := base64.StdEncoding.DecodeString(string(lines[5][bytes.LastIndexByte(lines[5], ' ')+1:]))
		if err != nil {
			t.Fatal(err)
		}
		raw[11]++ // the instant's last byte, behind the hash of the key
		return raw
	}()))
	moved := bytes.Replace(checkpoint, lines[5][bytes.LastIndexByte(lines[5], ' ')+1:], stamped, 1)
	if _, err := SignedAt(moved, signer.Verifier()); err == nil {
		t.Error("an instant that was changed is believed")
	}
	if _, err := OpenCheckpoint(moved, signer.Verifier()); err != nil {
		t.Errorf("the checkpoint itself is good: %v", err)
	}
	if p := verify(t, entries, tiles, checkpoint); !p.Signed.Equal(at) || len(p.Faults) > 0 {
		t.Errorf("a verification finds it signed %v, %v", p.Signed, p.Faults)
	}
	if p := verify(t, entries, tiles, moved); !p.Signed.IsZero() || len(p.Faults) > 0 || p.Origin == "" {
		t.Errorf("a verification believes %v, %v", p.Signed, p.Faults)
	}
}

// TestCosign: only good lines of known witnesses are taken, each once, and they outlast another signing of the same log.
func TestCosign(t *testing.T) {
	_, _, checkpoint, signer := testLog(t, 5)
	text, _, _ := strings.Cut(string(checkpoint), "\n\n")
	witness := func(seed byte, name string) *torchwood.CosignatureSigner {
		s, err := torchwood.NewCosignatureSigner(name, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize)))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	known, unknown := witness(1, "known.example"), witness(2, "unknown.example")
	both, err := note.Sign(&note.Note{Text: text + "\n"}, known, unknown)
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{known.Verifier().String()}
	out, added, err := Cosign(checkpoint, both, keys)
	if err != nil || len(added) != 1 || !strings.HasPrefix(added[0], "known.example+") || !slices.Equal(Cosigners(out), added) {
		t.Fatalf("taken in: %q, %v\n%s", added, err, out)
	}
	if c, name, _, err := OpenCosigned(out, keys[0]); err != nil || name != "known.example" || c.Size != 5 {
		t.Errorf("%+v %s %v", c, name, err)
	}
	if again, added, err := Cosign(out, both, keys); err != nil || len(added) > 0 || !bytes.Equal(again, out) {
		t.Errorf("taken in again: %q, %v", added, err)
	}
	other, err := note.Sign(&note.Note{Text: strings.Replace(text, "\n5\n", "\n4\n", 1) + "\n"}, known)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Cosign(checkpoint, other, keys); err == nil {
		t.Error("a cosignature of another checkpoint is taken")
	}
	c, err := OpenCheckpoint(checkpoint, signer.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	later, err := signer.Sign(c, time.Unix(1780003600, 0))
	if err != nil {
		t.Fatal(err)
	}
	kept := Keep(later, out)
	if at, err := SignedAt(kept, signer.Verifier()); err != nil || at.Unix() != 1780003600 || !HasCosigned(kept, keys[0]) {
		t.Errorf("signed again: %v %v\n%s", at, err, kept)
	}
	c.Size++
	if grown, err := signer.Sign(c, time.Unix(1780003600, 0)); err != nil || HasCosigned(Keep(grown, out), keys[0]) {
		t.Errorf("a cosignature went over to another log, %v", err)
	}
}

func TestProofs(t *testing.T) {
	entries, tiles, checkpoint, signer := testLog(t, 300)
	c, err := OpenCheckpoint(checkpoint, signer.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	for _, seq := range []int64{1, 2, 256, 257, 300} {
		proof, err := Prove(tiles, c.Size, seq)
		if err != nil {
			t.Fatal(err)
		}
		e := entries[seq-1]
		if err := CheckProof(proof, c, e); err != nil {
			t.Errorf("entry %d: %v", seq, err)
		}
		e.Commitment[0] ^= 1
		if err := CheckProof(proof, c, e); err == nil {
			t.Errorf("entry %d: a proof held for another commitment", seq)
		}
	}
	if _, err := Prove(tiles, 300, 301); err == nil {
		t.Error("an entry beyond the tree was proved")
	}
}

func TestBundlesAndPaths(t *testing.T) {
	entries, _, _, _ := testLog(t, 3)
	var leaves [][]byte
	for _, e := range entries {
		leaves = append(leaves, e.Leaf())
	}
	b, err := Bundle(leaves)
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseBundle(b)
	if err != nil || len(back) != 3 {
		t.Fatal(len(back), err)
	}
	e, err := ParseLeaf(back[2])
	if err != nil || e.Header != entries[2].Header || e.Commitment != entries[2].Commitment {
		t.Errorf("%+v %v", e, err)
	}
	if _, err := ParseBundle(b[:len(b)-1]); err == nil {
		t.Error("a bundle cut short was read")
	}
	for path, want := range map[string]TileAddress{
		"tile/0/x001/067":       {0, 1067, 256},
		"tile/1/000.p/3":        {1, 0, 3},
		"tile/entries/000.p/44": {-1, 0, 44},
	} {
		got, err := ParseTilePath(path)
		if err != nil || got != want || got.Path() != path {
			t.Errorf("%s: %+v, back %s, %v", path, got, got.Path(), err)
		}
	}
	for _, bad := range []string{"tile/0/1", "tile/0/000.p/256", "tile/../x", "tile/8/0/000", ""} {
		if _, err := ParseTilePath(bad); err == nil {
			t.Errorf("%q was read as a tile's address", bad)
		}
	}
}

func FuzzParseHeader(f *testing.F) {
	f.Add([]byte(`{"at":"2026-06-30T08:35:00.123456Z","kind":"edition","role":"editor","schema":1,"seq":3,"subject":"x"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := ParseHeader(b); err == nil && !bytes.Equal(h.Bytes(), b) {
			t.Errorf("%q was read and is written %q", b, h.Bytes())
		}
	})
}

func TestCheckVerifier(t *testing.T) {
	_, verifier, err := NewKey("estuary.example/record", strings.NewReader(strings.Repeat("k", 64)))
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckVerifier(verifier); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", "nonsense", verifier[:len(verifier)-4], "x" + verifier} {
		if err := CheckVerifier(bad); err == nil || !strings.Contains(err.Error(), "/record/key") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
