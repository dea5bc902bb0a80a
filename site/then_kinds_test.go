package site

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/weather"
)

// years is a paper that went on for a while: a page of each kind that there is as of an instant, and the instants at which it changed.
type years struct {
	*paperDesk
	talks *talks
	kinds map[string]string // what a page is, and where it stands

	ferry, leak, secret, old dateline.ID
	public                   time.Time // before the paper began: when the imported article was first published
	brought                  time.Time // when it was imported
	wrong, leaked            time.Time // the words that are hidden later stood there from then
	corrected                time.Time // the instant that the pages are looked at
	leakSeq                  int64
}

func newYears(t *testing.T) *years {
	d := newPaper(t)
	y := &years{paperDesk: d, talks: newTalks(d)}
	y.public = d.now().Add(-90 * time.Minute).Truncate(time.Second)
	y.talks.status(dateline.StoryUnderWay, "Talks under way", "")
	joins := y.talks.joins
	y.old, _ = d.publish("old", "The quay of old", func(e *record.Edition) {
		joins(e)
		e.Change, e.Public, e.First, e.Address = dateline.ChangeImported, record.FormatInstant(y.public), record.FormatInstant(y.public), "/coast/2026/06/30/old"
	})
	y.brought = d.now()
	y.secret, _ = d.publish("secret", "The secret ledger", joins)
	d.change(y.secret, dateline.ChangeCorrection, "The secret sum was wrong.", nil)
	y.wrong = d.now()
	y.leak, _ = d.publish("leak", "Clean words", joins)
	y.leakSeq = d.change(y.leak, dateline.ChangeCorrection, "The leaked note.", func(e *record.Edition) { e.Headline = "The leaked headline" })
	y.leaked = d.now()
	d.change(y.leak, dateline.ChangeUpdate, "", func(e *record.Edition) { e.Headline = "Clean again" })
	y.ferry, _ = d.publish("ferry", "Ferry stops again", joins)
	d.change(y.ferry, dateline.ChangeCorrection, "Two boats, not three.", func(e *record.Edition) { e.Headline = "Ferries stop again" })
	y.corrected = d.now()
	y.kinds = map[string]string{"article": d.editions[y.ferry].Address, "home": "/", "section": "/coast/", "topic": "/topics/ferries", "story": "/stories/talks",
		"person": "/people/ada-menon", "day": "/2026/06/30/", "corrections": "/corrections"}

	// What came later is on no page of then, but for names.
	d.pass(2 * time.Hour)
	d.publish("evening", "The evening paper", joins)
	d.change(y.ferry, dateline.ChangeCorrection, "It was a later mistake.", func(e *record.Edition) { e.Headline = "Ferries sail" })
	d.pass(40 * 24 * time.Hour)
	y.talks.status(dateline.StorySuspended, "Talks suspended", "")
	pub := *d.publication()
	pub.Name, pub.Navigation, pub.Motto, pub.City = "The Other Name", []dateline.ID{d.markets}, dateline.Names{"en": "Another motto."}, dateline.Names{"en": "Elsewhere"}
	d.append(d.log[0].Subject, &pub)
	d.append(d.coast, &record.Section{Slug: "coast", Names: dateline.Names{"en": "Shore"}})
	d.append(d.menon, &record.Person{Slug: "ada-menon", Names: dateline.Names{"en": "Ada Nair"}})
	d.append(d.ferries, &record.Topic{Slug: "ferries", Kind: dateline.TopicSubject, Names: dateline.Names{"en": "Boats"}})
	d.setWeather(true, weather.Weather{Temperature: -3, Code: weather.Rain, Hour: d.now().Truncate(time.Hour)})
	return y
}

// each runs a test for each kind of page.
func (y *years) each(f func(t *testing.T, kind, address string)) {
	whole := y.t.(*testing.T)
	defer func() { y.t = whole }()
	for kind, address := range y.kinds {
		whole.Run(kind, func(t *testing.T) {
			y.t = t
			f(t, kind, address)
		})
	}
}

var mementoLine = regexp.MustCompile(`<http://estuary\.example([^>]*)>;rel="[a-z ]*memento";datetime="([^"]*)"`)

// changes are the states that a page's TimeMap lists, oldest first.
func (y *years) changes(address string) (list []time.Time) {
	y.t.Helper()
	for _, m := range mementoLine.FindAllStringSubmatch(y.want(mapRoot+address, 200), -1) {
		at, err := time.Parse(http.TimeFormat, m[2])
		if err != nil || m[1] != momentRoot(at)+address {
			y.t.Errorf("the TimeMap lists %s at %s: %v", m[1], m[2], err)
		}
		list = append(list, at.UTC())
	}
	return list
}

// mayNotBeKept complains of an answer that somebody may keep or index.
func (y *years) mayNotBeKept(target string, headers ...string) http.Header {
	y.t.Helper()
	h := y.get(target, headers...).Header()
	if h.Get("Cache-Control") != "no-store" || h.Get("X-Robots-Tag") != "noindex" || h.Get("ETag") != "" {
		y.t.Errorf("%s may be kept or indexed: %v", target, h)
	}
	return h
}

// TestEveryKindOfPageAsOfAnInstant: whatever is promised of one kind of page holds of each of them.
func TestEveryKindOfPageAsOfAnInstant(t *testing.T) {
	y := newYears(t)
	then := y.corrected.Add(10 * time.Minute)
	y.each(func(t *testing.T, kind, address string) {
		// The page itself does not vary, and tells where its TimeGate and its TimeMap are.
		plain, asked := y.get(address), y.get(address, "Accept-Datetime", then.Format(http.TimeFormat))
		if plain.Code != 200 || plain.Body.String() != asked.Body.String() || plain.Header().Get("Vary") != "Accept-Encoding" || plain.Header().Get("Memento-Datetime") != "" {
			t.Errorf("the page of today answers %d and varies by %q", plain.Code, plain.Header().Get("Vary"))
		}
		for _, link := range []string{`<http://estuary.example` + gateRoot + address + `>; rel="timegate"`, `<http://estuary.example` + mapRoot + address + `>; rel="timemap"`} {
			if !strings.Contains(plain.Header().Get("Link"), link) {
				t.Errorf("the page does not announce %s", link)
			}
		}
		if !strings.Contains(plain.Body.String(), "The Other Name") || !strings.Contains(plain.Body.String(), "−3") {
			t.Error("the page of today has not today's furniture: nothing is shown by its absence then")
		}

		// There are as many addresses as changes; an instant between leads to the last before it, by each of the three ways.
		list := y.changes(address)
		if len(list) < 2 || !slices.IsSortedFunc(list, time.Time.Compare) {
			t.Fatalf("the TimeMap lists %v", list)
		}
		last := list[0]
		for _, at := range list {
			if !at.After(then) {
				last = at
			}
		}
		if last.After(then) || last.Equal(list[len(list)-1]) {
			t.Fatalf("of %v none is between", list)
		}
		state := momentRoot(last) + address
		for way, w := range map[string][]string{"an instant between": {momentRoot(then) + address}, "the TimeGate": {gateRoot + address, "Accept-Datetime", then.Format(http.TimeFormat)}} {
			r := y.get(w[0], w[1:]...)
			if r.Code != 302 || r.Header().Get("Location") != state || r.Header().Get("Memento-Datetime") != "" {
				t.Errorf("%s leads to %q, %d, want %s", way, r.Header().Get("Location"), r.Code, state)
			}
			if vary := r.Header().Get("Vary"); strings.Contains(vary, "Accept-Datetime") != (way == "the TimeGate") {
				t.Errorf("%s varies by %q", way, vary)
			}
			y.mayNotBeKept(w[0], w[1:]...)
		}
		y.mayNotBeKept(mapRoot + address)
		local := then.In(kolkata(t))
		_, formed, target := y.then("/as-of?of=" + address + "&on=" + local.Format("2006-01-02") + "&at=" + local.Format("15:04"))
		if target != state || formed != y.want(state, 200, `action="/as-of"`, `name="of" value="`+address+`"`) {
			t.Errorf("the form leads to %s, want %s", target, state)
		}
		y.mayNotBeKept("/as-of?of=" + address + "&on=" + local.Format("2006-01-02") + "&at=" + local.Format("15:04"))

		// Words, furniture and date are of then; names of persons and topics are today's; and the page says so.
		y.showsThen(then, address, "Ferries stop again", "!The evening paper", "!Ferries sail", "!later mistake", "!Talks suspended",
			"The Estuary", "!The Other Name", "!Another motto", "!Elsewhere", "!−3", "Tuesday 30 June 2026",
			"!Ada Menon", "!>Coast<", "!>Ferries<", "As it stood on ", "The words are of then; the design is today’s, and so are the names of people and topics.",
			`<a href="`+address+`">As it stands today</a>`)
		h := y.mayNotBeKept(state)
		if h.Get("Memento-Datetime") != last.Format(http.TimeFormat) || strings.Contains(h.Get("Vary"), "Accept-Datetime") || !strings.Contains(h.Get("Link"), `rel="original"`) {
			t.Errorf("%s: %v", state, h)
		}
		for i, at := range list {
			y.showsThen(at, address)
			if i > 0 && y.get(momentRoot(at.Add(-time.Second))+address).Header().Get("Location") != momentRoot(list[i-1])+address {
				t.Errorf("the second before %s does not lead to the state before it", at)
			}
		}
		y.want(momentRoot(list[0].Add(-time.Second))+address, 404, "was not in the paper yet", momentRoot(list[0])+address)
	})
	y.want("/robots.txt", 200, "Disallow: /as-of/")
	for _, sitemap := range []string{"/sitemap.xml", "/sitemaps/2026-06.xml", "/sitemap-news.xml"} {
		y.want(sitemap, 200, "!/as-of/")
	}
}

// TestAnImportedArticleCountsFromWhenItWasFirstPublished: in every list there is of it, and it says when it was imported.
func TestAnImportedArticleCountsFromWhenItWasFirstPublished(t *testing.T) {
	y := newYears(t)
	y.kinds["article"] = y.editions[y.old].Address
	delete(y.kinds, "story")       // it goes by when the paper told it
	delete(y.kinds, "corrections") // nothing was corrected
	y.each(func(t *testing.T, kind, address string) {
		between := y.public.Add(30 * time.Minute)
		if !between.Before(y.brought) {
			t.Fatal("it was imported before it was looked at")
		}
		y.showsThen(between, address, mark(y.old, 1), "The quay of old")
		y.want(momentRoot(y.public.Add(-time.Minute))+address, 404, "!The quay of old")
		if first := y.changes(address)[0]; !first.Equal(y.public) {
			t.Errorf("the page's first state is of %s, want %s", first, y.public)
		}
		if kind == "article" {
			y.showsThen(between, address, "Imported on 30 June 2026; earlier changes are not known.")
		}
	})
}

// TestWhatIsHiddenTodayIsSoInEveryViewOfThen: no state of any page, by whichever address, has a word of what was taken down or
// redacted since.
func TestWhatIsHiddenTodayIsSoInEveryViewOfThen(t *testing.T) {
	y := newYears(t)
	y.kinds["article"] = y.editions[y.leak].Address
	states := map[string][]time.Time{}
	words := []string{"secret", "leaked", string(y.secret)}
	y.each(func(t *testing.T, kind, address string) {
		states[address] = y.changes(address)
		if kind != "article" {
			y.showsThen(y.wrong, address, string(y.secret), "The secret ledger")
		}
		y.showsThen(y.leaked, address, "The leaked headline")
	})
	y.withdraw(y.secret, dateline.WithdrawnKilled, nil)
	y.append(y.leak, &record.Redaction{Entries: []int64{y.leakSeq}, Editions: []record.EditionMark{{Number: 2, Change: dateline.ChangeCorrection, Public: record.FormatInstant(y.leaked), Sequence: y.leakSeq}}})
	y.each(func(t *testing.T, _, address string) {
		now := y.changes(address)
		for _, at := range slices.Concat(states[address], now, []time.Time{y.wrong, y.leaked}) {
			r, body, target := y.then(momentRoot(at) + address)
			if r.StatusCode >= 500 {
				t.Errorf("%s answers %d", target, r.StatusCode)
			}
			for _, w := range words {
				if strings.Contains(body, w) {
					t.Errorf("%s shows %q", target, w)
				}
			}
		}
		for _, target := range []string{mapRoot + address, gateRoot + address} {
			y.want(target, y.get(target).Code, "!secret", "!leaked", "!"+string(y.secret))
		}
		y.showsThen(y.corrected, address)
	})
}
