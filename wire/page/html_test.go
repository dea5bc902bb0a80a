package page

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline/archtest/corpora"
	"github.com/datelinehq/dateline/markup"
)

// overlap is the share of the words wanted that were found, each counted as often as it stands.
func overlap(want, got []string) float64 {
	have := map[string]int{}
	for _, w := range got {
		have[w]++
	}
	hit := 0
	for _, w := range want {
		if have[w] > 0 {
			have[w]--
			hit++
		}
	}
	if len(want) == 0 {
		return 1
	}
	return float64(hit) / float64(len(want))
}

func wordsOf(doc markup.Node) []string { return strings.Fields(strings.ToLower(markup.Text(doc))) }

func TestSavedPages(t *testing.T) {
	dir := corpora.Dir(t, "saved-pages")
	folders, err := filepath.Glob(filepath.Join(dir, "*", "source.html"))
	if err != nil {
		t.Fatal(err)
	}
	agree := map[string]int{}
	asked := map[string]int{}
	for _, file := range folders {
		name := filepath.Base(filepath.Dir(file))
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Parse(src, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := markup.Validate(p.Body); err != nil {
			t.Errorf("%s: the body is not valid: %v", name, err)
		}
		var want struct{ Title, Byline, Excerpt, PublishedTime, Lang, Dir string }
		raw, err := os.ReadFile(filepath.Join(filepath.Dir(file), "expected-metadata.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(filepath.Dir(file), "expected.html"))
		if err != nil {
			t.Fatal(err)
		}
		wantText, _ := markup.FromHTML(string(text), markup.HTMLOptions{})
		gotText := append(wordsOf(p.Body), strings.Fields(strings.ToLower(p.Standfirst+" "+p.Headline))...)
		share := overlap(wordsOf(wantText), gotText)
		back := overlap(wordsOf(p.Body), wordsOf(wantText))
		check := func(field, want string, ok bool) {
			if want == "" {
				return
			}
			asked[field]++
			if ok {
				agree[field]++
			} else {
				t.Logf("%s: %s: want %q", name, field, want)
			}
		}
		check("headline", want.Title, same(p.Headline, want.Title))
		check("standfirst", want.Excerpt, same(p.Standfirst, want.Excerpt))
		check("language", want.Lang, strings.EqualFold(p.Language, want.Lang))
		check("dir", want.Dir, p.Dir == want.Dir)
		at, _, _, _ := parseDate(want.PublishedTime, time.UTC)
		check("published", want.PublishedTime, p.FirstPublished.Equal(at))
		check("byline", want.Byline, len(p.Persons) > 0 && strings.Contains(letters(want.Byline), letters(p.Persons[0])))
		check("text", "x", share >= 0.9 && back >= 0.9)
		t.Logf("%s: %.2f of the words wanted were found, %.2f of those found were wanted", name, share, back)
	}
	t.Logf("agreement: %v of %v", agree, asked)
	floors := map[string]int{"headline": 13, "standfirst": 13, "language": 10, "dir": 1, "published": 5, "byline": 7, "text": 14}
	for field, floor := range floors {
		if agree[field] < floor {
			t.Errorf("%s: %d of %d agree; at least %d did", field, agree[field], asked[field], floor)
		}
	}
	corpora.Read(t, len(folders), "saved-pages")
}
