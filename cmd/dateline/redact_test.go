package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
