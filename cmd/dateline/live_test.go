package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/datelinehq/dateline/newsroom"
)

// openPage is a page of a live coverage that a reader has open: what its stream tells.
type openPage struct {
	events chan liveEvent
	ended  chan string // the lines that are no event, once it has ended
	close  context.CancelFunc
}

type liveEvent struct {
	id      int64
	entries []string // the ids under which the entries stand on the page
}

// comeBack is what a page is told at its beginning and at the program's end: when to come back.
var comeBack = regexp.MustCompile(`(?s)^retry: [1-4]\d{3}\n.*retry: [12]\d{3}\n`)

var toldEntries = regexp.MustCompile(`<li id="(e\d+)"`)

func (s *served) openStream(path string, last int64) *openPage {
	s.t.Helper()
	return s.openStreamWith(http.DefaultClient, s.site+path, last)
}

func (s *served) openStreamWith(client *http.Client, address string, last int64) *openPage {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", address+"/entries/stream", nil)
	must(s.t, err)
	req.Header.Set("Last-Event-ID", strconv.FormatInt(last, 10))
	resp, err := client.Do(req)
	must(s.t, err)
	if resp.StatusCode != 200 {
		s.t.Fatalf("the stream answers %d", resp.StatusCode)
	}
	p := &openPage{events: make(chan liveEvent, 64), ended: make(chan string, 1), close: cancel}
	go func() {
		defer resp.Body.Close()
		var e liveEvent
		var rest strings.Builder
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch {
			case name == "id":
				e.id, _ = strconv.ParseInt(value, 10, 64)
			case name == "data":
				for _, m := range toldEntries.FindAllStringSubmatch(value, -1) {
					e.entries = append(e.entries, m[1])
				}
			case lines.Text() == "" && e.id > 0:
				p.events <- e
				e = liveEvent{}
			default:
				rest.WriteString(lines.Text() + "\n")
			}
		}
		close(p.events)
		p.ended <- rest.String()
	}()
	return p
}

// TestARestartLosesNoEntry: a stream that the program's end has cut is told when to come back, and whoever comes back with the
// last event it had gets what was posted meanwhile, each once.
func TestARestartLosesNoEntry(t *testing.T) {
	p := newPaper(t)
	s := p.serve()
	s.section("coast")
	a := s.write(fields{"kind": "live", "section": "coast", "headline": "The first sailing"})
	address := s.act(a.ID, "publish", fields{}).confirmed().Address
	s.api("PUT", fmt.Sprintf("/articles/%s/live", a.ID), fields{"state": "live"}, "If-Match", `"1"`).is(200)
	post := func(headline string) (sequence int64) {
		t.Helper()
		var done struct {
			Entry   newsroom.LiveEntry
			Receipt struct{ Confirmed bool }
		}
		s.api("POST", fmt.Sprintf("/articles/%s/entries", a.ID), fields{"headline": headline}).is(201).into(&done)
		if !done.Receipt.Confirmed {
			t.Errorf("%s is not confirmed", headline)
		}
		return done.Entry.Sequence
	}
	page := s.openStream(address, post("Gates"))
	ropes := post("Ropes")
	if e := <-page.events; e.id != ropes || strings.Join(e.entries, " ") != "e2" {
		t.Fatalf("the page is told %+v", e)
	}
	if code := s.stop(); code != exitOK {
		t.Errorf("stopped with %d", code)
	}
	if e, more := <-page.events; more {
		t.Errorf("at the end the page is told %+v", e)
	}
	if rest := <-page.ended; !comeBack.MatchString(rest) {
		t.Errorf("the page is not told when to come back: %q", rest)
	}

	s = p.serve()
	post("Away")
	last := post("Still away")
	page = s.openStream(address, ropes)
	defer page.close()
	if e := <-page.events; e.id != last || strings.Join(e.entries, " ") != "e3 e4" {
		t.Errorf("whoever comes back is told %+v", e)
	}
	back := post("Back")
	if e := <-page.events; e.id != back || strings.Join(e.entries, " ") != "e5" {
		t.Errorf("and then %+v", e)
	}
	p.do("record", "verify").is(exitOK)
}

// TestPagesBeyondTheStreamsAsk: serve --streams says how many pages hear of what is new at once; the next is told to ask, and gets an answer.
func TestPagesBeyondTheStreamsAsk(t *testing.T) {
	s := newPaper(t).start("serve", "--streams", "1")
	s.section("coast")
	a := s.write(fields{"kind": "live", "section": "coast", "headline": "The first sailing"})
	address := s.act(a.ID, "publish", fields{}).confirmed().Address
	s.api("PUT", fmt.Sprintf("/articles/%s/live", a.ID), fields{"state": "live"}, "If-Match", `"1"`).is(200)
	var done struct{ Entry newsroom.LiveEntry }
	s.api("POST", fmt.Sprintf("/articles/%s/entries", a.ID), fields{"headline": "Gates"}).is(201).into(&done)
	defer s.openStream(address, done.Entry.Sequence).close()
	if g := s.read(address + "/entries/stream").is(503); g.header.Get("Retry-After") == "" {
		t.Error("the second page is not told when to come back")
	}
	s.read(fmt.Sprintf("%s/entries/after/%d", address, done.Entry.Sequence-1)).is(200).has("Gates")
}
