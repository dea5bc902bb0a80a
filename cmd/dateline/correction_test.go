package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestCorrectionsAreToldEverywhere: on the article with the paragraph it is about, on /corrections and in its feed, in JSON-LD, in
// dateModified, in feeds under the same id with a new time. A minor change does none of it.
func TestCorrectionsAreToldEverywhere(t *testing.T) {
	s := newPaper(t).serve()
	s.section("coast")
	a := s.write(fields{"section": "coast", "headline": "The line", "html": "<p>One.</p><p>It runs 14 miles out.</p><p>Three.</p>"})
	address := s.act(a.ID, "publish", fields{}).confirmed().Address
	save := func(html string) {
		now := s.find(a.ID)
		s.api("PUT", "/articles/"+string(a.ID), fields{"section": "coast", "headline": "The line", "html": html}, "If-Match", fmt.Sprintf("%q", fmt.Sprint(now.Version))).is(200)
	}
	atom := func() (id, updated string) {
		m := regexp.MustCompile(`(?s)<entry>.*?<id>(.*?)</id>.*?<updated>(.*?)</updated>`).FindStringSubmatch(s.read("/atom.xml").is(200).body)
		if m == nil {
			t.Fatal("the feed has no entry")
		}
		return m[1], m[2]
	}
	modified := func() string {
		return regexp.MustCompile(`"dateModified":"[^"]*"`).FindString(s.read(address).is(200).body)
	}
	id, first := atom()
	published := modified()

	save("<p>One.</p><p>It runs 14 miles out!</p><p>Three.</p>")
	s.act(a.ID, "publish", fields{"change": "minor"}).confirmed()
	if again, updated := atom(); again != id || updated != first || modified() != published {
		t.Errorf("a minor change moved %s to %s, %s to %s", first, updated, published, modified())
	}
	s.read(address).lacks("CorrectionComment", `id="corrected"`)
	s.read("/corrections").is(200).lacks("The line")
	s.read("/corrections/atom.xml").is(200).lacks("The line")

	wrote := time.Now().Truncate(time.Second)
	eventually(t, "it is another second, the finest that feeds tell", func() bool { return time.Now().Truncate(time.Second).After(wrote) })
	save("<p>One.</p><p>It runs 11 miles out.</p><p>Three.</p>")
	s.act(a.ID, "publish", fields{"change": "correction", "note": "The line runs 11 miles out, not 14.", "corrects": 4}).is(422)
	later := fields{"due": time.Now().Add(time.Hour), "change": "correction", "note": "The line runs 11 miles out, not 14.", "corrects": 4}
	s.act(a.ID, "schedule", later).is(422)
	later["corrects"] = 2
	s.act(a.ID, "schedule", later).is(200).has(`"corrects":2`)
	r := s.act(a.ID, "publish", fields{"change": "correction", "note": "The line runs 11 miles out, not 14.", "corrects": 2}).confirmed()
	asked := map[string]bool{}
	for _, l := range r.Addresses {
		asked[l.Address] = true
	}
	if !asked["/corrections"] || !asked["/corrections/atom.xml"] || !asked["/corrections/rss.xml"] {
		t.Errorf("the receipt asked %v", asked)
	}
	if again, updated := atom(); again != id || updated == first {
		t.Errorf("in the feed it is %s of %s", again, updated)
	}
	if modified() == published {
		t.Error("dateModified did not move")
	}
	page := s.read(address).is(200).has(`"correction":[{"@type":"CorrectionComment","text":"The line runs 11 miles out, not 14."`, `href="#corrected"`).body
	if i := strings.Index(page, `<span id="corrected"></span>`); i < 0 || !strings.HasPrefix(page[i+len(`<span id="corrected"></span>`):], "<p>It runs 11 miles out.") {
		t.Error("the paragraph cannot be linked to")
	}
	s.read("/corrections").is(200).has("The line runs 11 miles out, not 14.", "/corrections/atom.xml")
	for _, f := range []string{"/corrections/atom.xml", "/corrections/rss.xml"} {
		s.read(f).is(200).has("The line runs 11 miles out, not 14.", string(a.ID))
	}

	// After another edition the link leads to the difference that the correction made.
	save("<p>One.</p><p>It runs 11 miles out.</p><p>Four.</p>")
	s.act(a.ID, "publish", fields{"change": "update", "note": "There are four."}).confirmed()
	s.read(address).has(`href="` + address + `/history/3#corrected"`).lacks(`id="corrected"`)
	s.read(address + "/history/3").has(`id="corrected"`)

	s.act(a.ID, "withdraw", fields{"kind": "killed"}).confirmed()
	s.read("/corrections").is(200).lacks("The line runs")
	s.read("/corrections/rss.xml").is(200).lacks("The line runs")
	for _, below := range []string{"", "/history", "/history/1", "/history/3?with=1", "/proof"} {
		s.read(address + below).is(410)
	}
}
