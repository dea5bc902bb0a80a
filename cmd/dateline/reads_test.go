package main

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/site/reads"
)

// firefox is the name of one of many browsers.
func firefox(n int) string {
	return fmt.Sprintf("Mozilla/5.0 (X11; Linux x86_64; rv:%d.0) Gecko/20100101 Firefox/%d.0", n, n)
}

// visits has a browser ask for an address, with further headers.
func (s *served) visits(method, path, agent string, headers ...string) {
	s.t.Helper()
	g, err := ask(s.t.Context(), visitor, method, s.site+path, "", nil, append(headers, "User-Agent", agent)...)
	must(s.t, err)
	g.t = s.t
	g.is(200)
}

// TestEditorsSeeWhatTheSiteCounted: the page of what is read shows editors the readers' listener's own counts, for each article those of a day and
// those of the hour; whoever reads twice is one, and programs, prefetches, questions for the head alone and other pages are none. What was
// counted before the program was started again still counts.
func TestEditorsSeeWhatTheSiteCounted(t *testing.T) {
	p := newPaper(t)
	s := p.serve()
	s.section("coast")
	most, less, earlier, unread := s.published("Read by four"), s.published("Read by two"), s.published("Read this morning"), s.published("Read by nobody")
	s.api("GET", "/reads", nil).is(200).has(`"rows":[]`)
	if s.stop() != exitOK {
		t.Error("it did not stop well")
	}

	file := folder(p.dir).reads()
	var before reads.Counter
	must(t, before.Load(file))
	before.Read(earlier.ID, netip.MustParseAddr("192.0.2.1"), firefox(1), time.Now().Add(-5*time.Hour))
	must(t, before.Save(file))
	s = p.serve()
	for n := range 4 {
		s.visits("GET", s.find(most.ID).Address, firefox(140+n))
		s.visits("GET", s.find(most.ID).Address, firefox(140+n))
	}
	for n := range 2 {
		s.visits("GET", s.find(less.ID).Address, firefox(140+n))
	}
	for n := range 9 {
		at := s.find(unread.ID).Address
		s.visits("GET", at, fmt.Sprintf("Mozilla/5.0 (compatible; Examplebot/%d.0; +https://bot.example)", n))
		s.visits("GET", at, firefox(140+n), "Sec-Purpose", "prefetch")
		s.visits("GET", at, firefox(140+n), "Sec-Purpose", "prefetch;prerender")
		s.visits("GET", at, firefox(140+n), "Purpose", "prefetch")
		s.visits("HEAD", at, firefox(140+n))
		s.visits("GET", at+"/history", firefox(140+n))
		s.visits("GET", "/", firefox(140+n))
	}

	var shown struct {
		Rows []newsroom.ReadRow `json:"rows"`
	}
	s.api("GET", "/reads", nil).is(200).into(&shown)
	want := []struct {
		id        dateline.ID
		day, hour int
	}{{most.ID, 4, 4}, {less.ID, 2, 2}, {earlier.ID, 1, 0}}
	if len(shown.Rows) != len(want) {
		t.Fatalf("%d articles are shown, not %d: %+v", len(shown.Rows), len(want), shown.Rows)
	}
	for i, w := range want {
		if r := shown.Rows[i]; r.ID != w.id || r.Readers != w.day || r.Hour != w.hour {
			t.Errorf("in place %d stands %q with %d readers in a day and %d in the hour; want %s, %d and %d", i+1, r.Headline, r.Readers, r.Hour, w.id, w.day, w.hour)
		}
	}
	s.stop()
	var after reads.Counter
	must(t, after.Load(file))
	if n := len(after.Counts(time.Now(), 9)); n != len(want) {
		t.Errorf("%d articles are kept, not %d", n, len(want))
	}
}
