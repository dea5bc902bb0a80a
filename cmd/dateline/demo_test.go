package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/newsroom"
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
	s.runs()
	s.read("/forecast").is(200).has("Neerapatnam", "Great Sella", "Mora", "Annakad", "27 °C, rain")
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

// runs says what is missing of the demo's running stories, one of each state and some over years, and of its live coverages, one that
// has ended and one that goes on.
func (s *served) runs() {
	s.t.Helper()
	var stories struct{ Items []newsroom.Story }
	s.api("GET", "/stories?limit=100", nil).is(200).into(&stories)
	stand, longest := map[dateline.StoryState]bool{}, time.Duration(0)
	for _, one := range stories.Items {
		list := s.findStory(one.ID).Content.Statuses
		stand[list[len(list)-1].State] = true
		longest = max(longest, list[len(list)-1].At.Sub(*list[0].At))
	}
	for _, state := range dateline.StoryStates {
		if !stand[state] {
			s.t.Errorf("no story of the demo is %s", state)
		}
	}
	if years := longest.Hours() / 24 / 365; years < 2 {
		s.t.Errorf("the demo's longest story runs over %.1f years", years)
	}
	for address, state := range map[string]string{"harbour-dues-live": "ended", demoLiveSlug: "live"} {
		var page struct{ Articles []newsroom.Article }
		s.api("GET", "/articles?limit=200&state=published", nil).is(200).into(&page)
		at := slices.IndexFunc(page.Articles, func(a newsroom.Article) bool { return strings.HasSuffix(a.Address, "/"+address) })
		if at < 0 {
			s.t.Errorf("the demo has no coverage %s", address)
			continue
		}
		var l struct{ State string }
		s.api("GET", "/articles/"+string(page.Articles[at].ID)+"/live", nil).is(200).into(&l)
		if l.State != state {
			s.t.Errorf("the coverage %s is %s, want %s", address, l.State, state)
		}
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
