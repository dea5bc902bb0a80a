package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/unicode/norm"

	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// lookForWord names the files under a folder in which a word stands, in any case.
func lookForWord(t *testing.T, dir, word string) (files []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(bytes.ToLower(b), []byte(word)) || strings.Contains(strings.ToLower(path), word) {
			files = append(files, path)
		}
		return err
	}))
	return files
}

// TestRedactedWordsAreNowhere: after `record redact` of a running newsroom, and of one that is not served, no file under its
// folder holds the words; the site that followed and one that is built anew from the record answer byte for byte alike.
func TestRedactedWordsAreNowhere(t *testing.T) {
	const word = "quixwortle"
	s := busyPaper(t)
	s.api("POST", "/topics", fields{"slug": "boats", "kind": "subject", "names": fields{"en": "Boats"}}).is(201)
	hidden := s.picture(123)
	write := func(n string) string {
		a := s.write(fields{"section": "coast", "headline": "Quixwortle " + n, "standfirst": "The Quixwortle sails.", "topics": []string{"boats"},
			"html": "<p>The <em>Quix</em>wortle lies at the pier.</p><p>Quixwortle, they say.</p>",
			"lead": fields{"picture": hidden.ID, "alt": "The Quixwortle", "caption": "Quixwortle"}})
		s.act(a.ID, "publish", fields{}).confirmed()
		return string(a.ID)
	}
	live, offline, replaced := write("one"), write("two"), write("three")
	s.read("/search?q=quixwortle").is(200).has("Quixwortle</mark> one")
	if len(lookForWord(t, s.dir, word)) == 0 {
		t.Fatal("the test looks in the wrong place")
	}
	version := func(id string) string {
		var a struct{ Version json.Number }
		s.do("article", "show", id, "--json").is(exitOK).json(&a)
		return a.Version.String()
	}
	redact := func(id string, more ...string) *did {
		return s.do(append([]string{"record", "redact", id, "--version", version(id), "--words", "Quixwortle"}, more...)...)
	}
	redact(live, "--reason", "By order of a court").is(exitOK).says("the text of edition 1", "withdrawn for law", "backups of this folder")
	replacement := tempFile(t, `{"section":"coast","headline":"A boat sails","html":"<p>It lies at the pier.</p>","slug":"a-boat"}`)
	redact(replaced, "--replacement", replacement.Name()).is(exitOK)
	s.read("/search?q=quixwortle").is(200).lacks("Quixwortle one", "Quixwortle three")
	var a struct{ Address string }
	s.do("article", "show", replaced, "--json").is(exitOK).json(&a)
	s.read(a.Address).is(200).has("A boat sails")
	s.read(a.Address + "/history").is(200).has("taken out").lacks("Quixwortle")
	s.stop()
	redact(offline).is(exitOK)
	if files := lookForWord(t, s.dir, word); len(files) > 0 {
		t.Errorf("the word still stands in %v", files)
	}
	s.do("record", "verify").is(exitOK).says("without a gap")

	day := func() string { return time.Now().In(time.FixedZone("IST", 19800)).Format(time.DateOnly) }
	for {
		today := day()
		s = s.paperFolder.serve()
		followed := s.crawl()
		s.stop()
		must(t, os.RemoveAll(filepath.Join(s.dir, "site")))
		s = s.paperFolder.serve()
		anew := s.crawl()
		s.stop()
		if day() != today {
			continue // it was midnight: the furniture changed
		}
		for address, was := range followed {
			if strings.Contains(strings.ToLower(was), word) {
				t.Errorf("%s still shows the word", address)
			}
			if anew[address] != was {
				t.Errorf("%s differs on a site that was built anew:\n%.900s\n%.900s", address, was, anew[address])
			}
		}
		if len(anew) != len(followed) {
			t.Errorf("%d addresses on the site that followed, %d on the one built anew", len(followed), len(anew))
		}
		break
	}
	if files := lookForWord(t, s.dir, word); len(files) > 0 {
		t.Errorf("after a new start the word stands in %v", files)
	}
}

// everyForm names the files under a folder in which words stand in any of their forms: in any case, composed or not, escaped as JSON or
// addresses have them, folded as search has them, and in what is compressed with zstd, gzip or brotli.
func everyForm(t *testing.T, dir string, words string) (files []string) {
	t.Helper()
	forms := [][]byte{}
	for _, w := range []string{words, norm.NFD.String(words), url.PathEscape(words), url.PathEscape(norm.NFD.String(words)), strings.ReplaceAll(words, "ö", `\u00f6`),
		strings.ReplaceAll(words, "ö", "o"), strings.ReplaceAll(words, "ö", "oe")} {
		forms = append(forms, bytes.ToLower([]byte(w)))
	}
	holds := func(b []byte) bool {
		b = bytes.ToLower(b)
		return slices.ContainsFunc(forms, func(w []byte) bool { return bytes.Contains(b, w) })
	}
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if holds(b) || holds([]byte(path)) || slices.ContainsFunc(unpacked(t, path, b), holds) {
			files = append(files, path)
		}
		return err
	}))
	return files
}

// unpacked is what the compressed parts of a file say, wherever they begin.
func unpacked(t *testing.T, path string, b []byte) (parts [][]byte) {
	t.Helper()
	dec, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(64<<20))
	must(t, err)
	defer dec.Close()
	for _, magic := range [][]byte{{0x28, 0xb5, 0x2f, 0xfd}, {0x1f, 0x8b, 0x08}} {
		for rest := b; ; rest = rest[len(magic):] {
			i := bytes.Index(rest, magic)
			if i < 0 {
				break
			}
			rest = rest[i:]
			var part []byte // what follows a part is none, so its error says nothing
			if magic[0] == 0x28 {
				part, _ = dec.DecodeAll(rest[:min(len(rest), 1<<20)], nil)
			} else if r, err := gzip.NewReader(bytes.NewReader(rest)); err == nil {
				part, _ = io.ReadAll(io.LimitReader(r, 1<<20))
			}
			parts = append(parts, part)
		}
	}
	if strings.HasSuffix(path, ".br") {
		part, err := io.ReadAll(brotli.NewReader(bytes.NewReader(b)))
		must(t, err)
		parts = append(parts, part)
	}
	return parts
}

// TestWordsAreRedactedFromEveryPassage: words that stood in an article's editions, drafts, notes, history, schedule and private preview, in
// a live coverage, on a front, in a story, a topic's name, a picture's words, the audit and receipts are in no file afterwards, in no form.
func TestWordsAreRedactedFromEveryPassage(t *testing.T) {
	const words = "Quixwörtle"
	s := newPaper(t).serve()
	s.section("coast")
	found := func(why string) {
		t.Helper()
		if len(everyForm(t, s.dir, words)) == 0 {
			t.Fatalf("%s: the test looks in the wrong place", why)
		}
	}
	gone := func(why string) {
		t.Helper()
		if files := everyForm(t, s.dir, words); len(files) > 0 {
			t.Errorf("%s: the words still stand in %v", why, files)
		}
	}
	gone("before they were written")
	var topic struct {
		ID      string
		Version int64
	}
	s.api("POST", "/topics", fields{"slug": "boats", "kind": "subject", "names": fields{"en": "On " + words}}).is(201).into(&topic)
	pic := s.picture(123)
	a := s.write(fields{"section": "coast", "headline": words + " sails", "standfirst": "As " + norm.NFD.String(words) + " said", "topics": []string{"boats"},
		"html": "<p>The <em>Quix</em>wörtle lies at the pier.</p>", "lead": fields{"picture": pic.ID, "alt": words, "caption": words, "credit": words}})
	s.act(a.ID, "publish", fields{}).confirmed()
	found("an edition")
	s.act(a.ID, "previews", fields{"hours": 1}).is(201)
	now := s.find(a.ID)
	s.api("PUT", "/articles/"+string(a.ID), fields{"section": "coast", "headline": "It sails", "html": "<p>" + strings.ToUpper(words) + "</p>"}, "If-Match", fmt.Sprintf("%q", fmt.Sprint(now.Version))).is(200)
	s.act(a.ID, "schedule", fields{"due": time.Now().Add(48 * time.Hour), "change": "correction", "note": words + " was not there."}).is(200)
	s.api("POST", "/notes", fields{"article": a.ID, "words": "Ask " + words}).is(201)
	live := s.write(fields{"kind": "live", "section": "coast", "headline": "The first sailing"})
	s.act(live.ID, "publish", fields{}).confirmed()
	s.api("PUT", "/articles/"+string(live.ID)+"/live", fields{"state": "live"}, "If-Match", `"1"`).is(200)
	s.api("POST", "/articles/"+string(live.ID)+"/entries", fields{"headline": words + " at the pier"}).is(201)
	st := s.story("The quarrel", live.ID)
	s.tell(st.ID, "status", fields{"state": "suspended", "words": words + " left", "sentence": "It is over."})
	s.arrange("home", fields{"containers": []fields{{"layout": "lead", "rule": fields{"kind": "latest"}, "items": []fields{{"article": live.ID, "headline": "See " + words}, {}}}}})
	s.api("PUT", "/topics/"+topic.ID, fields{"slug": "boats", "kind": "subject", "names": fields{"en": "Boats"}}, "If-Match", `"2"`).is(200)

	var plan redactReport
	s.do("record", "redact", "--plan", "--words", words, "--json").is(exitOK).json(&plan)
	var args []string
	kinds := map[record.Kind]bool{}
	for _, p := range plan.Passages {
		kinds[p.Kind] = true
		if p.First == "" {
			args = append(args, "--passage", p.Key)
		}
	}
	for _, want := range []record.Kind{desk.PassageArticle, record.KindLiveEntry, record.KindStory, record.KindFront, record.KindTopic} {
		if !kinds[want] {
			t.Errorf("the plan names no %s: %+v", want, plan.Passages)
		}
	}
	found("before")
	now = s.find(a.ID)
	s.do(append([]string{"record", "redact", string(a.ID), "--version", fmt.Sprint(now.Version), "--words", words, "--reason", "By order of a court"}, args...)...).is(exitOK).says("backups")
	s.do("record", "redact", "--plan", "--words", words).is(exitOK).says("0 entries")
	s.read(s.find(live.ID).Address + "/entries/1").is(200).lacks(words).has("By order of a court")
	s.read("/").is(200).lacks(words).has("The first sailing")
	s.do("record", "verify").is(exitOK)
	s.stop()
	gone("after the redaction")
}
