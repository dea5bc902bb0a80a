package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
)

// TestTheDemo: one command makes and serves a paper; a second start goes on with the same data, at other addresses.
func TestTheDemo(t *testing.T) {
	p := &paperFolder{t, filepath.Join(t.TempDir(), "demo")}
	s := p.start("demo")
	for _, words := range []string{"/search?q=ferry", "/api/v1/openapi.json", "token create", "Ctrl-C", "Where to look first"} {
		if !strings.Contains(s.screen.String(), words) {
			t.Errorf("the demo does not print %q:\n%s", words, s.screen)
		}
	}
	if !strings.HasPrefix(s.site, "http://127.0.0.1:") || !strings.HasPrefix(s.newsroom, "http://localhost:") {
		t.Errorf("served at %s and %s", s.site, s.newsroom)
	}
	home := s.read("/").is(200).has("The Estuary", `data-edition="`).body
	s.read("/search?q=ferry").is(200).has("<mark>")
	for state, least := range map[string]int{"published": 25, "scheduled": 1, "withdrawn": 1} {
		if n := len(s.list(state)); n < least {
			t.Errorf("the demo has %d articles of the state %s, want %d", n, state, least)
		}
	}
	mine := s.write(fields{"section": "coast", "headline": "Written by a visitor", "html": "<p>It stays.</p>"})
	r := s.act(mine.ID, "publish", fields{}).confirmed()
	before := s.list("published")
	s.do("record", "verify").is(exitOK)
	s.do("doctor").is(exitOK)
	was := s.site
	if code := s.stop(); code != exitOK {
		t.Errorf("stopped with %d", code)
	}

	s = p.start("demo")
	if after := s.list("published"); strings.Join(after, " ") != strings.Join(before, " ") {
		t.Errorf("a second start has other articles:\n%q\n%q", before, after)
	}
	s.read(r.Address).is(200).has("It stays.")
	again := s.read("/").is(200).has("Written by a visitor").body
	if s.site != was && strings.Contains(again, was) {
		t.Error("the second start's home names the first one's address")
	}
	if cards := regexp.MustCompile(`data-edition="`); len(cards.FindAllString(again, -1)) < len(cards.FindAllString(home, -1)) {
		t.Error("the second start's home shows less")
	}
	s.do("record", "verify").is(exitOK)
	if code := s.stop(); code != exitOK {
		t.Errorf("stopped with %d", code)
	}
}

// list gives the ids of the articles of a state.
func (s *served) list(state string) (ids []string) {
	s.t.Helper()
	var page struct{ Articles []dateline.Article }
	s.api("GET", "/articles?limit=200&state="+state, nil).is(200).into(&page)
	for _, a := range page.Articles {
		ids = append(ids, string(a.ID))
	}
	return ids
}
