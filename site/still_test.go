package site

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/weather"
)

// still is the same paper, in still pages.
func (d *paperDesk) still() *Site {
	s := New(Config{Shelf: d, Renderer: render.New(render.Options{}), Pictures: d, Now: d.now, Failed: d.failed, Still: true})
	d.t.Cleanup(s.Close)
	return s
}

func stillPage(t *testing.T, s *Site, path string) string {
	t.Helper()
	r := s.Serve(context.Background(), &press.Request{Method: "GET", Path: path, Escaped: path})
	if r.Status != 200 {
		t.Fatalf("%s answers %d", path, r.Status)
	}
	return string(r.Body)
}

var (
	marked  = regexp.MustCompile(`data-edition="([^"/]+)/`)
	earlier = regexp.MustCompile(`<a[^>]* href="(/[^"]+/before/[^"]+)"`)
)

// chain reads a list from its first page to its last and gives the pages by address and the articles in order.
func chain(t *testing.T, s *Site, address string) (pages map[string]string, ids []string) {
	t.Helper()
	pages = map[string]string{}
	for at := address; at != ""; {
		body := stillPage(t, s, at)
		pages[at] = body
		on := marked.FindAllStringSubmatch(body, -1)
		if len(on) > mostRows {
			t.Errorf("%s shows %d articles", at, len(on))
		}
		for _, m := range on {
			ids = append(ids, m[1])
		}
		if at = ""; earlier.MatchString(body) {
			at = earlier.FindStringSubmatch(body)[1]
		}
		if strings.Contains(body, "?") && strings.Contains(body, "?before=") {
			t.Errorf("a page of %s leads to an address with a query", address)
		}
	}
	return pages, ids
}

// TestStillListsStayParted: a list is whole, each article stands once, and an article more leaves all but a few of the pages as they
// are, however many there are.
func TestStillListsStayParted(t *testing.T) {
	d := newPaper(t)
	const articles = 400
	for i := range articles {
		d.publish(fmt.Sprintf("story-%d", i), fmt.Sprintf("Story %d", i), func(e *record.Edition) { e.Topics = e.Topics[:1] })
		d.pass(time.Second)
	}
	s := d.still()
	for _, list := range []string{"/coast/", "/topics/ferries", "/people/ada-menon", "/2026/06/30/"} {
		before, ids := chain(t, s, list)
		if len(ids) != articles || len(slices.Compact(slices.Sorted(slices.Values(ids)))) != articles {
			t.Errorf("%s shows %d articles", list, len(ids))
		}
		if len(before) < 8 {
			t.Errorf("%s has only %d pages", list, len(before))
		}
		d.publish("more"+strings.ReplaceAll(list, "/", "-"), "One more", func(e *record.Edition) { e.Topics = e.Topics[:1] })
		d.pass(time.Second)
		s = d.still()
		after, ids := chain(t, s, list)
		same := 0
		for at, body := range after {
			if before[at] == body {
				same++
			}
		}
		if len(ids) != articles+1 && list == "/coast/" {
			t.Errorf("%s shows %d articles after one more", list, len(ids))
		}
		if same < len(before)-4 {
			t.Errorf("%s: of %d pages only %d are as they were", list, len(before), same)
		}
		d.withdraw(newestOf(d), dateline.WithdrawnKilled, nil)
		s = d.still()
		again, _ := chain(t, s, list)
		if !maps.Equal(again, before) {
			t.Errorf("%s is not what it was before the article came and went", list)
		}
		// Where queries are told apart, the address of a still list's part leads to the list's own.
		for at := range before {
			if list, position, ok := strings.Cut(at, "/before/"); ok {
				if list == "/coast" || strings.HasPrefix(list, "/2026") {
					list += "/"
				}
				d.moved(at, list+"?before="+position)
				d.want(list+"?before="+position, 200)
			}
		}
	}
}

// newestOf is the article that was published last.
func newestOf(d *paperDesk) dateline.ID {
	for i := len(d.log) - 1; ; i-- {
		if d.log[i].Kind == record.KindEdition {
			return d.log[i].Subject
		}
	}
}

// TestStillPagesBelongToNoVisit: the day, the weather and what is read most change nothing, days have their whole dates, and nothing
// leads to what is made when it is asked for.
func TestStillPagesBelongToNoVisit(t *testing.T) {
	d := newPaper(t)
	old, _ := d.publish("old", "Old news", nil)
	d.pass(24 * time.Hour)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	d.change(id, dateline.ChangeCorrection, "It stopped on Monday.", nil)
	d.change(id, dateline.ChangeUpdate, "It goes on.", nil)
	at := d.editions[id].Address
	d.setWeather(true, weather.Weather{Temperature: 31, Code: weather.Clear, Hour: d.now()})
	paths := []string{"/", "/coast/", "/archive", "/corrections", "/topics/ferries", at, at + "/history", at + "/history/2", at + "/history/3", d.editions[old].Address, "/rss.xml"}
	today := map[string]string{}
	s := d.still()
	for _, p := range paths {
		today[p] = stillPage(t, s, p)
		for _, not := range []string{"/search", "/as-of", "/proof", "?with=", ">Today", ">Yesterday", "31 °C", "LMT"} {
			if strings.Contains(today[p], not) {
				t.Errorf("%s says %q: %s", p, not, today[p])
			}
		}
	}
	if !strings.Contains(today["/"], "1 July 2026") || !strings.Contains(today["/"], "30 June 2026") || !strings.Contains(today["/"], "IST") {
		t.Errorf("home names no whole dates: %s", today["/"])
	}
	d.pass(400 * 24 * time.Hour)
	d.setWeather(false, weather.Weather{})
	s = d.still()
	for _, p := range paths {
		if now := stillPage(t, s, p); now != today[p] {
			t.Errorf("%s is another page a year later", p)
		}
	}
}
