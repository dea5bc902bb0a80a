package site

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// then follows the redirects of an address as of an instant and gives the last answer with its address.
func (d *paperDesk) then(target string, headers ...string) (*http.Response, string, string) {
	d.t.Helper()
	for range 4 {
		w := d.get(target, headers...)
		r := w.Result()
		if r.StatusCode != 302 && r.StatusCode != 301 {
			return r, w.Body.String(), target
		}
		if got := r.Header.Get("Cache-Control"); r.StatusCode == 302 && got != "no-store" {
			d.t.Errorf("%s leads on with Cache-Control %q", target, got)
		}
		target = r.Header.Get("Location")
	}
	d.t.Fatalf("%s leads nowhere", target)
	return nil, "", ""
}

// showsThen asks for a page as of an instant and looks for texts; those after ! may not be there.
func (d *paperDesk) showsThen(at time.Time, address string, texts ...string) string {
	d.t.Helper()
	r, body, target := d.then(momentRoot(at) + address)
	if r.StatusCode != 200 {
		d.t.Errorf("%s as of %s answers %d; %v", address, at, r.StatusCode, d.failures())
		return body
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "X-Robots-Tag": "noindex"} {
		if got := r.Header.Get(name); got != want {
			d.t.Errorf("%s: %s is %q", target, name, got)
		}
	}
	if r.Header.Get("Memento-Datetime") == "" || !strings.Contains(body, `<meta name="robots" content="noindex">`) || !strings.Contains(body, `class="then"`) {
		d.t.Errorf("%s does not say what it is", target)
	}
	for _, never := range []string{`rel="canonical"`, "ld+json", "og:title", "atom.xml", `href="/search"`, "<script"} {
		if strings.Contains(body, never) {
			d.t.Errorf("%s holds %s", target, never)
		}
	}
	for _, text := range texts {
		if not, ok := strings.CutPrefix(text, "!"); ok {
			if strings.Contains(body, not) {
				d.t.Errorf("%s shows %q", target, not)
			}
		} else if !strings.Contains(body, text) {
			d.t.Errorf("%s does not show %q", target, text)
		}
	}
	return body
}

func TestPagesAsOfAnInstant(t *testing.T) {
	d := newPaper(t)
	d.publish("quay", "The quay is dry", nil)
	first := d.now()
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	at := d.editions[id].Address
	published := d.now()
	d.pass(time.Hour)
	d.change(id, dateline.ChangeCorrection, "Two boats, not three, were stopped.", func(e *record.Edition) {
		e.Headline, e.Section, e.Topics = "Ferries stop again", d.markets, []dateline.ID{d.mora}
		e.Byline = []dateline.Credit{{Person: d.rao}}
	})
	corrected := d.now()
	d.pass(24 * time.Hour)
	last, _ := d.publish("late", "The last word", nil)
	d.setWeather(true, d.sky)

	old, now := mark(id, 1), mark(id, 2)
	for _, c := range []struct {
		at      time.Time
		address string
		texts   []string
	}{
		{published, at, []string{old, "Ferry stops again", "Ada Menon", "!Two boats", "It stood so until"}},
		{published.Add(30 * time.Minute), at, []string{old, "!" + now}},
		{corrected, at, []string{now, "Ferries stop again", "Two boats, not three", "It has not changed since", "Tuesday 30 June 2026"}},
		{corrected.Add(1000 * time.Hour), at, []string{now}},
		{first, "/", []string{"The quay is dry", "!Ferry stops", "!The last word"}},
		{published, "/", []string{old, "!" + now, "!The last word"}},
		{corrected, "/", []string{now, "!" + old, "Correction:", "!" + string(last)}},
		{published, "/coast/", []string{old}},
		{corrected, "/coast/", []string{"The quay is dry", "!" + string(id)}},
		{corrected, "/markets/", []string{now}},
		{published, "/topics/ferries", []string{old}},
		{corrected, "/topics/ferries", []string{"!" + string(id), "The quay is dry"}},
		{published, "/people/ada-menon", []string{old}},
		{corrected, "/people/k-rao", []string{now}},
		{corrected, "/people/ada-menon", []string{"!" + string(id)}},
		{published, "/2026/06/30/", []string{old}},
		{corrected, "/2026/06/30/", []string{now}},
		{corrected, "/corrections", []string{now, "Two boats, not three"}},
		{corrected.Add(90 * 24 * time.Hour), "/corrections", []string{now}},
	} {
		d.showsThen(c.at, c.address, c.texts...)
	}
	// A page that was not there yet, and what has no states.
	for _, c := range []struct{ address, text string }{{momentRoot(first) + at, "first stood here on"}, {momentRoot(first) + "/corrections", "was not in the paper yet"}, {momentRoot(first) + "/search", ""},
		{momentRoot(published) + "/rss.xml", ""}, {momentRoot(published) + "/sitemap.xml", ""}, {momentRoot(published) + "/archive", ""}, {momentRoot(published) + at + "/history", ""},
		{momentRoot(published) + "/nothing", ""}, {"/as-of/yesterday" + at, ""}, {"/as-of/2026-06-30T08:35:00+00:00" + at, ""}} {
		d.want(c.address, 404, c.text)
	}
	// Addresses written otherwise lead to the one.
	d.moved(momentRoot(published)+"/coast", momentRoot(published)+"/coast/")
	d.moved(momentRoot(published)+"/2026/06/30", momentRoot(published)+"/2026/06/30/")
	d.moved(strings.TrimSuffix(momentRoot(published)+"/", "/"), momentRoot(published)+"/")
	// There are as many addresses as changes: an instant between leads to the one before, and nothing of it is kept.
	w := d.get(momentRoot(published.Add(time.Minute)) + at)
	if w.Code != 302 || w.Header().Get("Location") != momentRoot(published)+at {
		t.Errorf("between two states: %d to %s", w.Code, w.Header().Get("Location"))
	}
	pages, _, _ := d.site.Cached()
	d.showsThen(published, at)
	if after, _, _ := d.site.Cached(); after != pages {
		t.Errorf("%d pages of then are kept", after-pages)
	}
	// Links lead to how things stood then, pictures and history to where they are.
	d.showsThen(published, "/", momentRoot(published)+at, `href="`+momentRoot(published)+`/coast/"`)
	d.showsThen(corrected, at, momentRoot(corrected)+"/people/k-rao", `href="`+at+`/history"`)
}

// TestMemento goes through RFC 7089 as a client does.
func TestMemento(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	at, site := d.editions[id].Address, "http://estuary.example"
	first := d.now()
	for range 3 {
		d.pass(time.Hour)
		d.change(id, dateline.ChangeUpdate, "It goes on.", nil)
	}
	last := d.now()
	// The page announces both and does not vary.
	w := d.get(at, "Accept-Datetime", first.Format(http.TimeFormat))
	link := fmt.Sprintf(`<%s/as-of/gate%s>; rel="timegate", <%s/as-of/map%s>; rel="timemap"; type="application/link-format"`, site, at, site, at)
	if got := w.Header().Get("Link"); got != link {
		t.Errorf("the page announces %s, want %s", got, link)
	}
	if got := w.Header().Get("Vary"); got != "Accept-Encoding" || w.Body.String() != d.get(at).Body.String() {
		t.Errorf("the page varies by %s", got)
	}
	for _, a := range []string{"/", "/coast/", "/topics/ferries", "/people/ada-menon", "/2026/06/30/", "/corrections"} {
		if got := d.get(a).Header().Get("Link"); !strings.Contains(got, site+"/as-of/gate"+a+">") {
			t.Errorf("%s announces %q", a, got)
		}
	}
	for _, c := range []struct {
		datetime string
		want     time.Time
	}{{"", last}, {first.Add(-time.Hour).Format(http.TimeFormat), first}, {first.Format(http.TimeFormat), first}, {first.Add(time.Minute).Format(http.TimeFormat), first},
		{last.Add(time.Hour).Format(http.TimeFormat), last}} {
		w := d.get(gateRoot+at, "Accept-Datetime", c.datetime)
		h := w.Header()
		if w.Code != 302 || h.Get("Location") != momentRoot(c.want)+at || h.Get("Vary") != "Accept-Datetime" || h.Get("Memento-Datetime") != "" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%q: %d, %v", c.datetime, w.Code, h)
		}
		for _, rel := range []string{`<` + site + at + `>; rel="original"`, `rel="timemap"; type="application/link-format"`, `first memento"; datetime="` + first.Format(http.TimeFormat), `last memento"; datetime="` + last.Format(http.TimeFormat)} {
			if !strings.Contains(h.Get("Link"), rel) {
				t.Errorf("%q: the Link field lacks %s: %s", c.datetime, rel, h.Get("Link"))
			}
		}
	}
	for _, bad := range []string{"yesterday", "2026-06-30T08:35:00Z", "Mon, 30 Jun 2026 08:35:00 GMT", "Tue, 30 Jun 2026 08:35:00 IST"} {
		if w := d.get(gateRoot+at, "Accept-Datetime", bad); w.Code != 400 || w.Header().Get("Vary") != "Accept-Datetime" {
			t.Errorf("%q: %d, %v", bad, w.Code, w.Header())
		}
	}
	second := first.Add(time.Hour + time.Minute)
	w = d.get(momentRoot(second) + at)
	if got := w.Header().Get("Memento-Datetime"); w.Code != 200 || got != second.Format(http.TimeFormat) {
		t.Errorf("a state answers %d of %q", w.Code, got)
	}
	for _, rel := range []string{`rel="original"`, `rel="timegate"`, `rel="timemap"`, `rel="first prev memento"`, `rel="memento"; datetime="` + second.Format(http.TimeFormat), `rel="next memento"`, `rel="last memento"`} {
		if !strings.Contains(w.Header().Get("Link"), rel) {
			t.Errorf("a state's Link field lacks %s: %s", rel, w.Header().Get("Link"))
		}
	}
	body := d.want(mapRoot+at, 200, `<`+site+at+`>;rel="original"`, `;rel="self";type="application/link-format"`, `;rel="timegate"`, `rel="first memento"`, `rel="last memento"`)
	if n := strings.Count(body, "memento\""); n != 4 || d.get(mapRoot+at).Header().Get("Content-Type") != "application/link-format" {
		t.Errorf("the TimeMap has %d states: %s", n, body)
	}
	d.want("/robots.txt", 200, "Disallow: /as-of/")
}

// TestALongTimeMap: its pages hold every state once.
func TestALongTimeMap(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	for range mapStates + 10 {
		d.change(id, dateline.ChangeMinor, "", nil)
	}
	seen, target, pages := map[string]bool{}, mapRoot+d.editions[id].Address, 0
	older := regexp.MustCompile(`<http://estuary\.example([^>]*)>;rel="timemap"`)
	for target != "" && pages < 4 {
		pages++
		body := d.want(target, 200)
		for _, m := range regexp.MustCompile(`<([^>]*)>;rel="[a-z ]*memento"`).FindAllStringSubmatch(body, -1) {
			if seen[m[1]] {
				t.Fatalf("%s is listed twice", m[1])
			}
			seen[m[1]] = true
		}
		target = ""
		if m := older.FindStringSubmatch(body); m != nil {
			target = m[1]
		}
	}
	if pages != 2 || len(seen) != mapStates+11 {
		t.Errorf("%d states on %d pages", len(seen), pages)
	}
}

// TestTheFormAsksForAnInstant: by a date and a time of the paper's zone.
func TestTheFormAsksForAnInstant(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	d.pass(time.Hour)
	d.change(id, dateline.ChangeUpdate, "It goes on.", nil)
	at := d.editions[id].Address
	form := `action="/as-of">
<input type="hidden" name="of" value="` + at + `"><label>Date <input type="date" name="on" required value="2026-06-30"></label>
<label>Time (IST) <input type="time" name="at" value="15:07">`
	d.want(at+"/history", 200, form)
	d.want("/archive", 200, `name="of" value="/"`)
	d.want("/as-of", 200, `name="of" value="/"`, "The paper as it stood")
	for _, c := range []struct{ query, want string }{{"of=" + at + "&on=2026-06-30&at=14:10", mark(id, 1)}, {"of=" + at + "&on=2026-06-30", mark(id, 2)}, {"on=2026-06-30&at=14:10", mark(id, 1)}} {
		r, body, target := d.then("/as-of?" + c.query)
		if r.StatusCode != 200 || !strings.Contains(body, c.want) {
			t.Errorf("%s leads to %s, %d", c.query, target, r.StatusCode)
		}
	}
	r, body, _ := d.then("/as-of?of=" + at + "&on=2026-06-30&at=14:00")
	if r.StatusCode != 404 || !strings.Contains(body, "was not in the paper yet") || !strings.Contains(body, `name="of" value="`+at+`"`) {
		t.Errorf("before it was there: %d", r.StatusCode)
	}
	d.want("/as-of?of="+at+"&on=soon", 400, "That is no date and time", `name="of" value="`+at+`"`)
	for _, of := range []string{"//evil.example/", "https://evil.example/", "/\\evil.example", "/as-of/gate/"} {
		r, _, target := d.then("/as-of?on=2026-06-30&of=" + of)
		if !strings.HasPrefix(target, "/as-of/2026") || r.StatusCode >= 500 {
			t.Errorf("%s leads to %s", of, target)
		}
	}
}

// TestAsOfOfWhatIsGone: what is taken down or redacted today is so in every view of then.
func TestAsOfOfWhatIsGone(t *testing.T) {
	for _, kind := range []dateline.WithdrawalKind{dateline.WithdrawnKilled, dateline.WithdrawnLegal, dateline.WithdrawnExpired, dateline.WithdrawnMerged} {
		d := newPaper(t)
		other, _ := d.publish("other", "The other story", nil)
		id, _ := d.publish("ferry", "Ferry secrets", nil)
		first := d.now()
		d.change(id, dateline.ChangeCorrection, "Names were wrong.", nil)
		at, wrong := d.editions[id].Address, d.now()
		d.showsThen(wrong, "/", "Ferry secrets")
		withdrawn := d.withdraw(id, kind, func(w *record.Withdrawal) {
			if kind == dateline.WithdrawnMerged {
				w.Into = other
			}
		})
		gone := d.now()
		own := []string{momentRoot(first) + at, momentRoot(wrong) + at, momentRoot(first.Add(-time.Hour)) + at, momentRoot(gone.Add(time.Hour)) + at, gateRoot + at, mapRoot + at,
			momentRoot(first) + at + "/history", momentRoot(first) + at + "/proof"}
		for _, a := range own {
			w := d.get(a)
			if kind == dateline.WithdrawnMerged {
				root := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(a, "/history"), "/proof"), at)
				if w.Code != 301 || w.Header().Get("Location") != root+d.editions[other].Address {
					t.Errorf("%s answers %d to %s", a, w.Code, w.Header().Get("Location"))
				}
				continue
			}
			d.want(a, 410, "!Ferry secrets", "!Names were wrong", "!"+string(id))
		}
		for _, instant := range []time.Time{first, wrong, gone} {
			for _, page := range []string{"/", "/coast/", "/topics/ferries", "/people/ada-menon", "/2026/06/30/"} {
				d.showsThen(instant, page, "!Ferry secrets", "!"+string(id), "The other story")
			}
			for _, page := range []string{momentRoot(instant) + "/corrections", mapRoot + "/corrections", gateRoot + "/corrections"} {
				d.want(page, 404, "!Names were wrong") // nothing was ever corrected that can be told of
			}
		}
		if body := d.want(mapRoot+"/", 200); strings.Contains(body, wrong.Format(momentForm)) {
			t.Error("the TimeMap of home names an instant of what was taken down")
		}
		d.setFail(fmt.Errorf("disk on fire"))
		if w := d.get(momentRoot(first) + at); kind != dateline.WithdrawnMerged && w.Code != 410 {
			t.Errorf("with a failing shelf a withdrawn article of then answers %d", w.Code)
		}
		d.setFail(nil)

		// Brought back, it was away in between, and says so.
		d.pass(time.Hour)
		d.restore(id, withdrawn)
		back := d.now()
		d.showsThen(first, at, "Ferry secrets")
		d.showsThen(wrong, "/", "Ferry secrets")
		d.showsThen(gone.Add(time.Minute), "/", "!Ferry secrets")
		d.showsThen(gone.Add(time.Minute), "/coast/", "!Ferry secrets")
		d.showsThen(back, "/", "Ferry secrets")
		d.showsThen(back, "/coast/", "Ferry secrets")
		d.want(momentRoot(gone)+at, 404, "had been taken down")
	}
}

// TestAsOfOfWhatWasRedacted: the edition's line stays, its words are nowhere.
func TestAsOfOfWhatWasRedacted(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	first := d.now()
	d.pass(time.Hour)
	seq := d.change(id, dateline.ChangeUpdate, "The secret note.", func(e *record.Edition) { e.Headline = "The secret headline" })
	secret := d.now()
	d.pass(time.Hour)
	d.change(id, dateline.ChangeUpdate, "It goes on.", func(e *record.Edition) { e.Headline = "Ferries sail again" })
	last, at := d.now(), d.editions[id].Address
	d.showsThen(secret, at, "The secret headline")
	d.append(id, &record.Redaction{Entries: []int64{seq}, Editions: []record.EditionMark{{Number: 2, Change: dateline.ChangeUpdate, Public: record.FormatInstant(secret), Sequence: seq}}})
	d.want(momentRoot(secret)+at, 410, "was removed", "!secret")
	d.want(at+"/history", 200, `<h2 id="e2">Edition 2</h2>`, "<h3>Update</h3><p>The text of this edition was removed.</p>",
		`<time datetime="`+secret.In(kolkata(t)).Format(time.RFC3339)+`">`, "!secret", "!/history/2")
	d.want(at+"/history/2", 404, "!secret")
	d.want(at+"/history/3?with=2", 200, "!secret", "taken out of edition 1")
	d.showsThen(first, at, "Ferry stops again")
	d.showsThen(last, at, "Ferries sail again")
	for _, page := range []string{"/", "/coast/", "/2026/06/30/"} {
		d.showsThen(secret, page, "!secret")
	}
}

// TestAStoryAsOfAnInstant: its status and its dated lines are those of then, and so are the articles that belonged to it.
func TestAStoryAsOfAnInstant(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	id, _ := d.publish("line", "The line is drawn", s.joins)
	stray, _ := d.publish("stray", "A stray report", nil)
	s.body.Joined = []dateline.ID{stray}
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	s.event("2026-07-04", "The line takes effect")
	s.tell()
	talking := d.now()
	d.pass(10 * 24 * time.Hour)
	s.body.Joined, s.body.Name = nil, "The talks that failed"
	s.status(dateline.StorySuspended, "Talks suspended", "The islands left the room.")
	suspended := d.now()
	second, _ := d.publish("harbour", "The harbour shuts", s.joins)
	last := d.now()
	d.showsThen(talking, "/stories/talks", "The fishing talks", "Talks under way", "!Talks suspended", "The line takes effect", mark(id, 1), mark(stray, 1), "!"+string(second), "!data-read", "class=\"expected\"")
	d.showsThen(suspended, "/stories/talks", "The talks that failed", "Talks suspended", "Before: Talks under way.", mark(id, 1), "!"+string(stray), "!"+string(second), "!class=\"expected\"")
	d.showsThen(last, "/stories/talks", mark(second, 1), "!"+string(stray))
	d.showsThen(talking, "/", "The fishing talks", "Talks under way", "The line takes effect", "!Talks suspended")
	d.showsThen(suspended, "/", "The talks that failed", "Talks suspended")
	d.showsThen(last, d.editions[second].Address, "Talks suspended", momentRoot(last)+"/stories/talks", "!0 articles")
	d.want(momentRoot(talking.Add(-24*time.Hour))+"/stories/talks", 404, "was not in the paper yet")
	s.body.Withdrawn, s.body.Note, s.body.Statuses, s.body.Events = true, "It was not one story.", nil, nil
	s.tell()
	for _, at := range []time.Time{talking, suspended, d.now()} {
		d.want(momentRoot(at)+"/stories/talks", 410, "!Talks", "!The fishing talks")
		d.showsThen(at, "/", "!Talks suspended", "!Talks under way")
	}
	d.want(mapRoot+"/stories/talks", 410)
	away := d.now()
	d.pass(time.Hour)
	s.body.Withdrawn, s.body.Note = false, ""
	s.status(dateline.StoryUnderWay, "Talks begun again", "")
	d.showsThen(d.now(), "/stories/talks", "Talks begun again", "!Talks suspended")
	d.want(momentRoot(away)+"/stories/talks", 404, "had been taken down", "!Talks begun again")
	if body := d.want(mapRoot+"/stories/talks", 200); strings.Contains(body, suspended.Format(momentForm)) {
		t.Errorf("the TimeMap names an instant of what was taken down: %s", body)
	}
}

// TestAPartOfWhatWasMergedAsOfAnInstant: its page of then names what its larger story had gone into as that was called then.
func TestAPartOfWhatWasMergedAsOfAnInstant(t *testing.T) {
	d := newPaper(t)
	channel, islands, sea := partOf(d, "channel", "The channel"), partOf(d, "islands", "The islands"), partOf(d, "sea", "The sea")
	for _, s := range []*talks{channel, islands, sea} {
		s.status(dateline.StoryUnderWay, "City and islands talk", "")
	}
	partOf(d, "talks", "The fishing talks", channel).status(dateline.StoryUnderWay, "Talks under way", "")
	called := map[time.Time]string{d.now(): "The channel"}
	from := channel
	for _, into := range []*talks{islands, sea} {
		d.pass(time.Hour)
		from.body = record.Story{Slug: from.body.Slug, Language: "en", Number: from.body.Number, Into: into.id}
		from.tell()
		called[d.now()], from = into.body.Name, into
		d.pass(time.Hour)
		into.body.Name += " again"
		into.tell()
		called[d.now()] = into.body.Name
	}
	d.pass(time.Hour)
	for at, name := range called {
		d.showsThen(at, "/stories/talks", `">`+name+"</a>")
	}
}

// TestACoverageAsOfAnInstant: its entries are as they were; of one that is removed today every view has its place and why, and
// before it was posted no view has that.
func TestACoverageAsOfAnInstant(t *testing.T) {
	c := newCoverage(t)
	step := func(act func()) time.Time {
		c.pass(time.Minute)
		act()
		return c.now()
	}
	begun := step(func() { c.state(dateline.LiveOn, "The boat is at the pier.") })
	posted := step(func() { c.post("The ropes", 0) })
	edited := step(func() {
		c.edit(1, func(e *record.LiveEntry) { e.Headline, e.Correction = "The cables", "They are cables." })
	})
	both := step(func() { c.post("The horn", 0) })
	step(func() { c.edit(2, func(e *record.LiveEntry) { e.Headline = "The gulls" }) })
	ended := step(func() { c.remove(1, "It was seen elsewhere."); c.state(dateline.LiveEnded, "The boat has sailed.") })
	c.showsThen(begun, c.address, "The boat is at the pier.", "!The ropes", "!data-stream")
	c.showsThen(begun, c.address, "!It was seen elsewhere.")
	c.showsThen(posted, c.address, "It was seen elsewhere.", "!The ropes", "!What was seen of", "!The cables")
	c.showsThen(edited, c.address, "It was seen elsewhere.", "!The cables", "!The ropes", "!The horn")
	c.showsThen(both, c.address, "The horn", "What was seen of The horn.", "!The gulls", "!The cables")
	c.showsThen(ended, c.address, "The boat has sailed.", "The gulls", "It was seen elsewhere.", "!The horn<", "!The cables")
	c.withdraw(c.id, dateline.WithdrawnKilled, nil)
	c.want(momentRoot(posted)+c.address, 410, "!The ropes")
}

// TestAFrontAsOfAnInstant: as it was arranged, with what its rules chose from then.
func TestAFrontAsOfAnInstant(t *testing.T) {
	d := newPaper(t)
	a, _ := d.publish("a", "The first report", nil)
	b, _ := d.publish("b", "The second report", nil)
	arrange := func(n int, home bool, of dateline.ID, pinned dateline.ID, words string) time.Time {
		d.pass(time.Minute)
		d.append(of, &record.Front{Number: n, Home: home, Containers: []dateline.Container{{Layout: dateline.LayoutLead, Rule: &dateline.Rule{Kind: dateline.RuleLatest},
			Items: []dateline.FrontItem{{Article: pinned, Headline: words}, {}}}}})
		return d.now()
	}
	home := d.log[0].Subject
	one := arrange(1, true, home, a, "Words of the first front")
	two := arrange(2, true, home, b, "Words of the second front")
	section := arrange(1, false, d.coast, a, "Words of the coast")
	d.pass(time.Hour)
	late, _ := d.publish("late", "The last report", nil)
	d.showsThen(one, "/", "Words of the first front", mark(b, 1), "!Words of the second", "!"+string(late))
	d.showsThen(two, "/", "Words of the second front", mark(a, 1), "!Words of the first front", "!"+string(late))
	d.showsThen(two, "/coast/", "!Words of the coast")
	d.showsThen(section, "/coast/", "Words of the coast")
	d.showsThen(d.now(), "/", "Words of the second front", mark(late, 1))
	d.withdraw(a, dateline.WithdrawnKilled, nil)
	d.showsThen(one, "/", "!Words of the first front", mark(b, 1))
}

// TestTheFrameIsOfThen: name, navigation and date are frozen, weather is not there.
func TestTheFrameIsOfThen(t *testing.T) {
	d := newPaper(t)
	d.publish("a", "The first report", nil)
	then := d.now()
	d.pass(40 * 24 * time.Hour)
	pub := *d.publication()
	pub.Name, pub.Navigation = "The Other Name", []dateline.ID{d.markets}
	d.append(d.log[0].Subject, &pub)
	d.append(d.coast, &record.Section{Slug: "shore", Names: dateline.Names{"en": "Shore"}})
	d.showsThen(then, "/", "The Estuary", "!The Other Name", "Tuesday 30 June 2026", momentRoot(then)+`/shore/">Shore</a>`)
	d.showsThen(d.now(), "/", "The Other Name", momentRoot(d.now().Add(0))[:20])
}

// TestAWithdrawalsReceiptAsksAsOf: the receipt proves that the states of then are gone as well.
func TestAWithdrawalsReceiptAsksAsOf(t *testing.T) {
	for _, kind := range []dateline.WithdrawalKind{dateline.WithdrawnKilled, dateline.WithdrawnLegal, dateline.WithdrawnMerged} {
		d := newPaper(t)
		other, _ := d.publish("other", "The other story", nil)
		id, _ := d.publish("ferry", "Ferry secrets", nil)
		first, at := d.now(), d.editions[id].Address
		seq := d.withdraw(id, kind, func(w *record.Withdrawal) {
			if kind == dateline.WithdrawnMerged {
				w.Into = other
			}
		})
		r, err := d.site.Confirm(t.Context(), seq)
		if err != nil {
			t.Fatal(err)
		}
		proved := map[string]bool{}
		for _, l := range r.Addresses {
			proved[l.Address] = l.Confirmed
		}
		for _, a := range []string{at, at + "/history", at + "/proof", momentRoot(first) + at, mapRoot + at} {
			if !proved[a] {
				t.Errorf("%s: %s is not proved gone: %v", kind, a, r.Addresses)
			}
		}
	}
}
