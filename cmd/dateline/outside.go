package main

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/fetch"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
)

type outsideCommand struct {
	Address  string   `arg:"" help:"An article's address, such as https://estuary.example/coast/2026/06/30/line."`
	Key      string   `help:"The verifier key that must have signed; where it is not named, the one seen last, or the site's own at first sight." placeholder:"KEY"`
	Witness  []string `help:"The verifier key of a witness whom you trust (C2SP tlog-cosignature); can be given more than once." placeholder:"KEY"`
	Cosigned []string `help:"A file with a checkpoint that the witness has cosigned, as the witness gives it, besides those that the site gives; can be given more than once." placeholder:"FILE"`
	State    string   `help:"Where what was seen is kept, for the next time." placeholder:"FILE"`
	JSON     bool     `help:"Print JSON, one object."`
}

// Help gives the example.
func (outsideCommand) Help() string {
	return `Anyone can run it, with no account. It says only what is proved: that the editions at an address are in the log that the paper
signs now; that this log extends the one that was seen last, which is remembered in a file of one's own; that each key was named by
the one before. That an edition was there since an instant is said only with the cosignature of a witness whom you name; all else
goes by the paper's own clock. A named witness of whom the site gives nothing is a failure.

Examples:
  dateline verify https://estuary.example/coast/2026/06/30/line
  dateline verify https://estuary.example/coast/2026/06/30/line --witness "witness.example+1a2b3c4d+BA…"`
}

// seenLog is what is remembered of a paper's log.
type seenLog struct {
	Key        string    `json:"key"`
	Checkpoint string    `json:"checkpoint"` // the signed note
	At         time.Time `json:"at"`         // by this machine's clock
}

// outsideEdition is one edition that was proved.
type outsideEdition struct {
	Edition  int    `json:"edition"`
	Sequence int64  `json:"sequence"`
	Recorded string `json:"recorded"`        // by the paper's own clock
	Since    string `json:"since,omitempty"` // by a witness's
}

// outsideVerdict is what verify prints with --json.
type outsideVerdict struct {
	OK       bool             `json:"ok"`
	Origin   string           `json:"origin"`
	Size     int64            `json:"size"`
	Signed   string           `json:"signed"` // when, by the paper's own clock
	Key      string           `json:"key"`
	Editions []outsideEdition `json:"editions"`
	Proved   []string         `json:"proved"`
	Faults   []string         `json:"faults"`
}

// Run verifies and says what was proved.
func (c outsideCommand) Run(ctx context.Context, s streams) error {
	v, err := c.verify(ctx)
	if err != nil {
		return err
	}
	if v.OK = len(v.Faults) == 0; c.JSON {
		if err := printJSON(s.out, v); err != nil {
			return err
		}
	} else {
		for _, line := range v.Proved {
			fmt.Fprintln(s.out, line)
		}
	}
	if !v.OK {
		return dateline.Errorf(dateline.EInvalid, "it is not proved. %s", strings.Join(v.Faults, " "))
	}
	return nil
}

// outside is one verification under way.
type outside struct {
	c     outsideCommand
	tiles *siteTiles
	known *seenLog // nil at first sight
	key   string   // that is trusted now
	now   record.Checkpoint
	words *render.VerdictWords // in English
	outsideVerdict
}

func (c outsideCommand) verify(ctx context.Context) (v *outsideVerdict, err error) {
	u, err := url.Parse(c.Address)
	if err != nil || u.Path == "" || u.Path == "/" {
		return nil, dateline.Errorf(dateline.EInvalid, "%.100q is no article's address", c.Address)
	}
	base, err := publicAddress("the address", u.Scheme+"://"+u.Host)
	if err != nil {
		return nil, err
	}
	client, err := fetch.New(fetch.Config{UserAgent: "Dateline/" + version, Allow: own(base)})
	if err != nil {
		return nil, err
	}
	defer client.Close()
	file, state, err := c.state()
	if err != nil {
		return nil, err
	}
	english, _ := render.CatalogueFor("en")
	o := &outside{c: c, words: &english.Verify.Verdict, tiles: &siteTiles{ctx: ctx, client: client, base: base, kept: map[[2]int64][]byte{}}, outsideVerdict: outsideVerdict{Editions: []outsideEdition{}, Proved: []string{}, Faults: []string{}}}
	if seen, ok := state[base]; ok {
		o.known = &seen
	}
	at := strings.TrimSuffix(u.EscapedPath(), "/") + "/proof"
	if u.RawQuery != "" {
		at += "?" + u.RawQuery
	}
	if err := o.run(at); err != nil {
		return nil, err
	}
	if len(o.Faults) == 0 {
		state[base] = *o.known
		err = keepState(file, state)
	}
	return &o.outsideVerdict, err
}

// state reads what was seen before.
func (c outsideCommand) state() (file string, state map[string]seenLog, err error) {
	if file = c.State; file == "" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return "", nil, dateline.Errorf(dateline.EInvalid, "there is no place to remember what was seen (%v): name a file with --state", err)
		}
		file = filepath.Join(dir, "dateline", "seen.json")
	}
	state = map[string]seenLog{}
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return file, state, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &state)
	}
	if err != nil {
		return "", nil, dateline.Errorf(dateline.EInvalid, "%s cannot be read: %v; what was seen before is not known without it", file, err)
	}
	return file, state, nil
}

func keepState(file string, state map[string]seenLog) error {
	b, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", append(b, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// givenProof is what stands at /proof and at /record/keys.
type givenProof struct {
	Checkpoint string
	Entries    []struct {
		Header, Body, Salt, Commitment string
		Proof                          []string
	}
}

// read fetches entries with their proofs.
func (o *outside) read(path string) (p givenProof, entries []record.Entry, proofs [][]record.Hash, err error) {
	b, err := o.tiles.get(path)
	if err != nil {
		return p, nil, nil, err
	}
	bad := func(err error) error {
		return dateline.Errorf(dateline.EInvalid, "%s%s is no proof: %v", o.tiles.base, path, err)
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return p, nil, nil, bad(err)
	}
	for _, g := range p.Entries {
		e := record.Entry{Body: []byte(g.Body)}
		if e.Header, err = record.ParseHeader([]byte(g.Header)); err != nil {
			return p, nil, nil, bad(err)
		}
		if e.Salt, err = hex.DecodeString(g.Salt); err != nil || len(e.Salt) != record.SaltSize {
			return p, nil, nil, bad(errors.New("a salt is damaged"))
		}
		e.Commitment = record.Commit(e.Salt, e.Body)
		var proof []record.Hash
		for _, h := range g.Proof {
			raw, err := base64.StdEncoding.DecodeString(h)
			if err != nil || len(raw) != len(record.Hash{}) {
				return p, nil, nil, bad(errors.New("a hash is damaged"))
			}
			proof = append(proof, record.Hash(raw))
		}
		entries, proofs = append(entries, e), append(proofs, proof)
	}
	return p, entries, proofs, nil
}

// fault and say take sentences of the catalogue, so that the page that checks an article says the same, and what fills their places.
func (o *outside) fault(sentence string, places ...string) {
	o.Faults = append(o.Faults, o.words.Say(sentence, places...))
}
func (o *outside) say(sentence string, places ...string) {
	o.Proved = append(o.Proved, o.words.Say(sentence, places...))
}

func number[N int | int64](n N) string { return strconv.FormatInt(int64(n), 10) }
func instant(at time.Time) string      { return at.UTC().Format(time.RFC3339) }

func (o *outside) run(path string) error {
	if err := o.keys(); err != nil || len(o.Faults) > 0 {
		return err
	}
	given, entries, proofs, err := o.read(path)
	if err != nil {
		return err
	}
	if o.now, err = record.OpenCheckpoint([]byte(given.Checkpoint), o.key); err != nil {
		o.fault(o.words.NotSigned)
		return nil
	}
	o.Origin, o.Size, o.Key, o.tiles.size = o.now.Origin, o.now.Size, o.key, o.now.Size
	o.signedAt([]byte(given.Checkpoint))
	for i, e := range entries {
		if err := record.CheckProof(proofs[i], o.now, e); err != nil {
			o.fault(o.words.NotInLog, "entry", number(e.Sequence))
			continue
		}
		body, err := e.Decode()
		edition, is := body.(*record.Edition)
		if err != nil || !is {
			o.fault(o.words.NoEdition, "entry", number(e.Sequence))
			continue
		}
		o.Editions = append(o.Editions, outsideEdition{Edition: edition.Number, Sequence: e.Sequence, Recorded: instant(e.At)})
	}
	if len(entries) == 0 {
		o.fault(o.words.Nothing)
	}
	seen, err := o.witnessed([]byte(given.Checkpoint))
	if err != nil {
		return err
	}
	o.extends()
	o.tell(seen)
	if o.known == nil && len(o.Faults) == 0 {
		o.say(o.words.NoticedNext)
	}
	o.known = &seenLog{Key: o.key, Checkpoint: given.Checkpoint, At: time.Now().UTC().Truncate(time.Second)}
	return nil
}

// tell says in sentences what was proved of the editions.
func (o *outside) tell(seen []sighting) {
	for i := range o.Editions {
		e := &o.Editions[i]
		var first *sighting
		for j, s := range seen {
			if s.size >= e.Sequence && (first == nil || s.at.Before(first.at)) {
				first = &seen[j]
			}
		}
		if first != nil {
			e.Since = instant(first.at)
			o.say(o.words.InLogSince, "n", number(e.Edition), "entry", number(e.Sequence), "time", e.Since, "witness", first.name)
			continue
		}
		o.say(o.words.InLog, "n", number(e.Edition), "entry", number(e.Sequence), "size", number(o.Size), "origin", o.Origin, "time", e.Recorded)
	}
}

// keys finds the key to trust: the one that is named, the one seen last or what it leads to, or, at first sight, the site's own.
func (o *outside) keys() error {
	given, entries, proofs, err := o.read("/record/keys")
	if err != nil {
		return err
	}
	var chain []string
	var links []bool // whether each was named by the one before
	for _, e := range entries {
		body, err := e.Decode()
		if err != nil {
			return dateline.Errorf(dateline.EInvalid, "a key of the record cannot be read: %v", err)
		}
		verifier, note, goesOn := "", "", false
		switch b := body.(type) {
		case *record.Key:
			verifier, note, goesOn = b.Verifier, b.Note, true
		case *record.Origin:
			verifier = b.Verifier
		default:
			return dateline.Errorf(dateline.EInvalid, "entry %d names no key", e.Sequence)
		}
		named := len(chain) > 0 && goesOn && record.CheckAnnouncement([]byte(note), chain[len(chain)-1], verifier) == nil
		chain, links = append(chain, verifier), append(links, named)
	}
	if len(chain) == 0 {
		return dateline.Errorf(dateline.EInvalid, "the record names no key")
	}
	newest := chain[len(chain)-1]
	switch {
	case o.c.Key != "":
		o.key = o.c.Key
		o.say("Signed with the key that you named.") // which the page cannot be told
	case o.known == nil:
		o.key = newest
		o.say(o.words.FirstSight)
	default:
		o.follow(chain, links)
	}
	c, err := record.OpenCheckpoint([]byte(given.Checkpoint), o.key)
	if err != nil {
		o.fault(o.words.NotSigned)
		return nil
	}
	for i, e := range entries {
		if err := record.CheckProof(proofs[i], c, e); err != nil {
			o.fault(o.words.NotInLog, "entry", number(e.Sequence))
		}
	}
	return nil
}

// follow goes from the key seen last to the newest, each named by the one before.
func (o *outside) follow(chain []string, links []bool) {
	o.key = o.known.Key
	at := slices.Index(chain, o.key)
	if at < 0 {
		o.fault(o.words.KeyLost)
		return
	}
	for i := at + 1; i < len(chain); i++ {
		if !links[i] {
			o.fault(o.words.KeyCut)
			o.fault("Name the new key with --key if you trust it: {key}.", "key", chain[i])
			return
		}
		o.key = chain[i]
	}
	if at < len(chain)-1 {
		o.say(o.words.NewKey)
	} else {
		o.say(o.words.SameKey)
	}
}

// extends asks whether the log goes on from the one that was seen last.
func (o *outside) extends() {
	if o.known == nil {
		return
	}
	old, err := record.ParseCheckpoint([]byte(o.known.Checkpoint))
	if err != nil {
		o.fault(o.words.SeenDamaged)
		return
	}
	if old.Origin != o.now.Origin {
		o.fault(o.words.OtherLog, "origin", old.Origin, "now", o.now.Origin)
		return
	}
	places := []string{"size", number(old.Size), "time", instant(o.known.At)}
	if err := record.CheckExtends(o.tiles, o.now, old); err != nil {
		o.fault(o.words.Rewritten, places...)
		return
	}
	o.say(o.words.GoesOn, places...)
}

// often is how often a paper signs at least, with some patience.
const often = 2 * time.Hour

// signedAt says when the paper signed last, and that it is silent where that is long ago.
func (o *outside) signedAt(note []byte) {
	at, err := record.SignedAt(note, o.key)
	if err != nil {
		o.say(o.words.NotTimed)
		return
	}
	o.Signed = instant(at)
	o.say(o.words.Signed, "time", o.Signed)
	if time.Since(at) > often {
		o.say(o.words.Stale)
	}
}

// sighting is what a witness says: that the log had a size at an instant.
type sighting struct {
	name string
	size int64
	at   time.Time
}

// witnessed reads what the witnesses that were named have cosigned, and asks whether the log goes on from it.
func (o *outside) witnessed(checkpoint []byte) (seen []sighting, err error) {
	if len(o.c.Witness) == 0 {
		if len(o.c.Cosigned) > 0 {
			return nil, dateline.Errorf(dateline.EInvalid, "--cosigned needs --witness: the key of the witness whom you trust")
		}
		return nil, nil
	}
	notes, err := o.cosigned()
	if err != nil {
		return nil, err
	}
	notes = append(notes, checkpoint)
	for _, key := range o.c.Witness {
		name, err := record.CheckWitness(key)
		if err != nil {
			return nil, dateline.Errorf(dateline.EInvalid, "--witness: %v", err)
		}
		before := len(seen)
		for _, note := range notes {
			if !record.HasCosigned(note, key) {
				continue
			}
			if s, ok := o.sighted(note, key, name); ok {
				seen = append(seen, s)
			}
		}
		if len(seen) == before {
			o.fault(o.words.NoWitness, "witness", name)
		}
	}
	return seen, nil
}

// sighted reads one cosigned checkpoint.
func (o *outside) sighted(note []byte, key, name string) (s sighting, ok bool) {
	c, _, at, err := record.OpenCosigned(note, key)
	if err != nil {
		o.fault(o.words.BadWitness, "witness", name)
		return s, false
	}
	if c.Origin != o.now.Origin {
		o.fault(o.words.WitnessOther, "witness", name, "origin", c.Origin, "now", o.now.Origin)
		return s, false
	}
	if err := record.CheckExtends(o.tiles, o.now, c); err != nil {
		o.fault(o.words.WitnessRewritten, "size", number(c.Size), "witness", name, "time", instant(at))
		return s, false
	}
	return sighting{name, c.Size, at}, true
}

// cosigned gathers the cosigned checkpoints that were brought and that the site gives: the newest, and the first that covers each
// edition.
func (o *outside) cosigned() (notes [][]byte, err error) {
	for _, file := range o.c.Cosigned {
		note, err := os.ReadFile(file)
		if err != nil {
			return nil, dateline.Errorf(dateline.EInvalid, "--cosigned: %v", err)
		}
		if len(record.Cosigners(note)) == 0 {
			return nil, dateline.Errorf(dateline.EInvalid, "--cosigned: %s holds no checkpoint that a witness has signed", file)
		}
		notes = append(notes, note)
	}
	addresses := []string{"/record/cosigned"}
	for _, e := range o.Editions {
		addresses = append(addresses, fmt.Sprintf("/record/cosigned/%d", e.Sequence))
	}
	for _, address := range addresses {
		resp, err := o.tiles.client.Get(o.tiles.ctx, o.tiles.base+address, fetch.Limits{Bytes: 1 << 20})
		if err != nil {
			return nil, dateline.Errorf(dateline.EUnavailable, "%v", err)
		}
		var given struct{ Checkpoints []string }
		if resp.Status == 404 {
			continue
		}
		if err := json.Unmarshal(resp.Body, &given); err != nil || resp.Status != 200 {
			return nil, dateline.Errorf(dateline.EInvalid, "%s%s is no list of checkpoints (status %d)", o.tiles.base, address, resp.Status)
		}
		for _, note := range given.Checkpoints {
			notes = append(notes, []byte(note))
		}
	}
	return notes, nil
}
