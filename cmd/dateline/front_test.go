package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/newsroom"
)

// front reads a front.
func (s *served) front(id string) (f newsroom.OpenFront) {
	s.t.Helper()
	s.api("GET", "/fronts/"+id, nil).is(200).into(&f)
	return f
}

// arrange saves a front and publishes it; the receipt confirms it.
func (s *served) arrange(id string, content fields) newsroom.OpenFront {
	s.t.Helper()
	f := s.saveFront(id, content)
	var r dateline.Receipt
	s.api("POST", "/fronts/"+id+"/publish", nil, "If-Match", fmt.Sprintf("%q", fmt.Sprint(f.Version))).is(200).into(&r)
	if !r.Confirmed || len(r.Addresses) != 1 || r.Act != "front" {
		s.t.Errorf("the receipt of %s: %+v", id, r)
	}
	return s.front(id)
}

func (s *served) saveFront(id string, content fields) (f newsroom.OpenFront) {
	s.t.Helper()
	s.api("PUT", "/fronts/"+id, content, "If-Match", fmt.Sprintf("%q", fmt.Sprint(s.front(id).Version))).is(200).into(&f)
	return f
}

func (s *served) published(headline string) newsroom.Article {
	s.t.Helper()
	a := s.write(fields{"section": "coast", "headline": headline, "html": "<p>Text.</p>"})
	s.act(a.ID, "publish", fields{}).confirmed()
	return a
}

// TestAFrontIsArranged: what an editor publishes of a front readers have at the acknowledgement; its rule fills what is open,
// a withdrawn article leaves at once and its hole is closed, and nothing stands twice.
func TestAFrontIsArranged(t *testing.T) {
	s := newPaper(t).serve()
	s.section("coast")
	first, second := s.published("The oldest of four"), s.published("The second of four")
	third, fourth := s.published("The third of four"), s.published("The newest of four")
	s.read("/").is(200).has("The oldest of four", "The newest of four")

	draft := s.write(fields{"section": "coast", "headline": "Not out yet"})
	strip := fields{"text": "Ferry aground off Mora", "until": time.Now().Add(time.Hour), "article": second.ID}
	f := s.saveFront("home", fields{"strip": strip, "containers": []fields{
		{"layout": "lead", "items": []fields{{"article": first.ID, "headline": "In other words", "kicker": "From the shore"}, {}}},
		{"layout": "three", "title": fields{"en": "Chosen"}, "rule": fields{"kind": "latest"}, "items": []fields{{"article": draft.ID}, {}, {}}}}})
	s.read("/").lacks("In other words", "aground")
	a := s.api("POST", "/fronts/home/publish", nil, "If-Match", fmt.Sprintf("%q", fmt.Sprint(f.Version))).is(422)
	a.has("Not out yet", "containers.1.items.0")

	containers := []fields{
		{"layout": "lead", "items": []fields{{"article": first.ID, "headline": "In other words", "kicker": "From the shore"}}},
		{"layout": "three", "title": fields{"en": "Chosen"}, "rule": fields{"kind": "latest"}, "items": []fields{{}, {"article": third.ID}}}}
	s.arrange("home", fields{"strip": strip, "containers": containers})
	page := s.read("/").is(200).has("In other words", "From the shore", "Ferry aground off Mora", "Chosen", "The third of four", "The newest of four").body
	band := page[strings.Index(page, "Chosen"):]
	if !strings.Contains(band, mark(fourth.ID, 1)) || strings.Index(band, mark(fourth.ID, 1)) > strings.Index(band, mark(third.ID, 1)) {
		t.Errorf("the rule did not fill the open place: %s", band)
	}
	if strings.Contains(band, mark(first.ID, 1)) || strings.Contains(band, mark(second.ID, 1)) {
		t.Errorf("an article stands where it has no place: %s", band)
	}

	// What is pinned and withdrawn leaves at once; the rule closes its hole. The strip leaves with what it led to.
	r := s.act(third.ID, "withdraw", fields{"kind": "killed"}).confirmed()
	if len(r.Addresses) == 0 {
		t.Error("the receipt is empty")
	}
	s.read("/").is(200).has(mark(second.ID, 1)).lacks("The third of four", mark(third.ID, 1))
	s.act(second.ID, "withdraw", fields{"kind": "killed"}).confirmed()
	s.read("/").is(200).lacks("aground", mark(second.ID, 1))
	s.act(third.ID, "restore", nil).confirmed()
	s.read("/").is(200).has("The third of four")

	// A section's front stands above its list, and what stands there is not listed again.
	id := string(s.front("home").Content.Containers[0].Items[0].Article)
	section := string(s.find(dateline.ID(id)).Content.Section)
	s.arrange(section, fields{"containers": []fields{{"layout": "wide", "rule": fields{"kind": "section", "of": section}, "items": []fields{{"article": first.ID, "headline": "Section words"}, {}}}}})
	coast := s.read("/coast/").is(200).has("Section words").body
	for _, a := range []newsroom.Article{first, third, fourth} {
		if n := strings.Count(coast, mark(a.ID, 1)); n != 1 {
			t.Errorf("%s stands %d times on the section's front", a.Content.Headline, n)
		}
	}
	s.published("Newer than all")
	s.read("/coast/").has("Newer than all")
	if s.stop() != exitOK {
		t.Error("it did not stop well")
	}
}

// TestTwoEditorsOfAFront: the second is refused with both arrangements in hand.
func TestTwoEditorsOfAFront(t *testing.T) {
	s := newPaper(t).serve()
	s.section("coast")
	a := s.published("An article")
	mine := fields{"containers": []fields{{"layout": "list", "title": fields{"en": "Mine"}, "items": []fields{{"article": a.ID}}}}}
	theirs := fields{"containers": []fields{{"layout": "list", "title": fields{"en": "Theirs"}, "items": []fields{{"article": a.ID}}}}}
	s.saveFront("home", theirs)
	s.api("PUT", "/fronts/home", mine, "If-Match", `"1"`).is(409).has(`"current_front"`, "Theirs", `"your_front"`, "Mine")
	s.api("POST", "/fronts/home/publish", nil, "If-Match", `"1"`).is(409)
	s.read("/").lacks("Theirs", "Mine")
}

// TestAFrontChangesAtItsHour: an arrangement goes out, and a strip goes, by itself.
func TestAFrontChangesAtItsHour(t *testing.T) {
	s := newPaper(t).serve()
	s.section("coast")
	a := s.published("An article")
	until := time.Now().Add(2500 * time.Millisecond)
	f := s.saveFront("home", fields{"strip": fields{"text": "Breaking for a moment", "until": until},
		"containers": []fields{{"layout": "list", "title": fields{"en": "At its hour"}, "items": []fields{{"article": a.ID}}}}})
	due := time.Now().Add(700 * time.Millisecond)
	s.api("POST", "/fronts/home/schedule", fields{"due": due}, "If-Match", fmt.Sprintf("%q", fmt.Sprint(f.Version))).is(200)
	s.read("/").lacks("At its hour")
	eventually(t, "the arrangement went out", func() bool { return strings.Contains(s.read("/").body, "At its hour") })
	if time.Now().Before(due) {
		t.Error("it went out before its hour")
	}
	eventually(t, "the strip went", func() bool {
		page := s.read("/").body
		return strings.Contains(page, "At its hour") && !strings.Contains(page, "Breaking for a moment")
	})
	if f := s.front("home"); f.Edition != 2 || f.Schedule != nil || !f.Until.IsZero() {
		t.Errorf("the front: %+v", f.Front)
	}
}
