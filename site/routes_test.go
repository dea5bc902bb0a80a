package site

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/shelf"
)

func TestEveryRoute(t *testing.T) {
	d := newPaper(t)
	lead, _ := d.publish("lead", "The bridge opens", func(e *record.Edition) {
		e.Lead = &dateline.Lead{Picture: d.picture, Alt: "A bridge", Credit: "Ada Menon"}
		e.Pictures = []dateline.ID{d.picture}
	})
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	d.change(id, dateline.ChangeCorrection, "Two boats, not three, were stopped.", func(e *record.Edition) { e.Headline = "Ferries stop again" })
	page, _ := d.publish("about", "About the paper", func(e *record.Edition) {
		e.Kind, e.Address, e.Section, e.Byline, e.Topics = dateline.KindPage, "/about", "", nil, nil
	})
	d.sign()
	at := d.editions[id].Address
	m := mark(id, 2)
	feedMark := fmt.Sprintf("<!-- %s/2 -->", id)
	for _, c := range []struct {
		address string
		texts   []string
	}{
		{"/", []string{m, "The Estuary", "Neerapatnam", mark(lead, 1)}},
		{"/coast/", []string{m, "Coast"}},
		{"/topics/ferries", []string{m, "Ferries"}},
		{"/people/ada-menon", []string{m, "Ada Menon", "Coast correspondent"}},
		{"/archive", []string{"2026"}},
		{"/2026/", []string{"2026", "/2026/06/"}},
		{"/2026/06/", []string{"/2026/06/30/"}},
		{"/2026/06/30/", []string{m}},
		{"/search", []string{"<form", "!data-edition"}},
		{"/search?q=ferries", []string{m, "<mark>"}},
		{"/search?q=ferries&by=date&section=coast&topic=mora&from=2026-06-30&to=2026-06-30", []string{m}},
		{"/search?q=ferriesxy", []string{`href="/search?q=ferries">ferries</a>`, "!data-edition"}}, // nothing is found: what the archive has
		{"/search/suggestions?q=ferr", []string{`["ferr",["ferries"`}},
		{"/search/suggestions?q=" + "two+ferr", []string{`["two ferr",["two ferries"`}},
		{"/search/suggestions?q=ferries+", []string{`["ferries",[]]`}},
		{"/search/suggestions?q=%22two+ferr%22", []string{`[]]`}},
		{"/search/suggestions?q=xylophoneless", []string{`["xylophoneless",[]]`}},
		{"/search/suggestions", []string{`["",[]]`}},
		{"/opensearch.xml", []string{"<ShortName>The Estuary</ShortName>", `template="http://estuary.example/search?q={searchTerms}"`, `template="http://estuary.example/search/suggestions?q={searchTerms}"`}},
		{"/search?q=ferries&section=markets", []string{"!" + m}},
		{"/corrections", []string{m, "Two boats, not three, were stopped."}},
		{at, []string{m, "Ferries stop again", "Two boats, not three, were stopped.", at + "/history", "Ada Menon", "Mora"}},
		{at + "/history", []string{m, "Two boats, not three, were stopped."}},
		{at + "/history/1", []string{"Ferry"}},
		{at + "/history/2", []string{"<del", "<ins"}},
		{at + "/history/2?with=1", []string{"<del", "<ins"}},
		{at + "/history/1?with=2", []string{"<del", "<ins"}},
		{at + "/proof", []string{`"checkpoint"`, `"salt"`}},
		{"/about", []string{mark(page, 1), "About the paper"}},
		{"/rss.xml", []string{feedMark, "urn:uuid:" + string(id), "Correction: Two boats"}},
		{"/atom.xml", []string{feedMark}},
		{"/coast/rss.xml", []string{feedMark}},
		{"/coast/atom.xml", []string{feedMark}},
		{"/topics/ferries/rss.xml", []string{feedMark}},
		{"/topics/ferries/atom.xml", []string{feedMark}},
		{"/sitemap.xml", []string{"http://estuary.example/sitemaps/2026-06.xml", "sections.xml"}},
		{"/sitemaps/2026-06.xml", []string{feedMark, "http://estuary.example" + at, "/about"}},
		{"/sitemaps/sections.xml", []string{"http://estuary.example/coast/"}},
		{"/sitemap-news.xml", []string{feedMark, "The Estuary"}},
		{"/robots.txt", []string{"Sitemap: http://estuary.example/sitemap.xml"}},
		{"/favicon.ico", []string{"<svg"}},
		{"/pictures/" + d.pictureHash + "-800.jpg", []string{"a picture 800"}},
		{"/pictures/" + d.pictureHash + "-800.webp", []string{"a picture 800"}},
		{"/record/checkpoint", []string{"estuary.example/record\n"}},
		{"/record/tile/entries/000.p/3", []string{`"kind":"publication"`}},
	} {
		body := d.want(c.address, 200, c.texts...)
		if strings.HasSuffix(c.address, ".xml") {
			wellFormed(t, c.address, body)
		}
	}
	if got := d.get("/record/tile/0/000.p/3").Body.Len(); got != 3*32 {
		t.Errorf("a tile of three hashes has %d bytes", got)
	}
	for a := range d.site.assets {
		if w := d.get(a); w.Code != 200 || w.Body.Len() == 0 {
			t.Errorf("%s answers %d", a, w.Code)
		}
	}
	if len(d.failures()) > 0 {
		t.Errorf("pages failed: %v", d.failures())
	}
}

func wellFormed(t *testing.T, address, body string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(body))
	for {
		if _, err := dec.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Errorf("%s: %v", address, err)
			return
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	d := newPaper(t)
	d.publish("ferry", "Ferry stops again", nil)
	d.sign()
	for _, a := range []string{"/nothing", "/nothing/", "/topics/nothing", "/people/nothing", "/coast/2026/06/30/nothing", "/1999/", "/2026/13/", "/2026/02/30/",
		"/2026/07/", "/2026/07/01/", "/1999/01/01/", "/0000/", "/sitemaps/2026-05.xml", "/sitemaps/x.xml", "/sitemaps/2026-06-1.xml", "/sitemaps/2026-06-2.xml",
		"/pictures/x", "/pictures/" + d.pictureHash + "-800.jpg", "/pictures/" + d.pictureHash + "-800.webp", "/assets/none", "/record/tile/9/9", "/record/tile/0/000", "/nothing/history", "/history",
		"/coast/2026/06/30/ferry/history/9", "/coast/2026/06/30/ferry/history/x", "/coast/2026/06/30/ferry/history/00", "/people/ada-menon/rss.xml", "/nothing/rss.xml",
		"/../etc/passwd", "/coast/../coast/", "//", "//2026", "//archive/", "//evil.example/2026", "/coast//2026", "/wp-login.php", "/index.php", "/coast/2026/06/30/ferry/proof/x"} {
		d.want(a, 404, "!Ferry stops")
	}
	for _, path := range []string{"/%2fetc", "/a%2Fb", "/a%5cb", "/%00", "/a%ff", "/a%c3%28", "/%0d%0aSet-Cookie:x", "/" + strings.Repeat("a", 8192), "/?q=" + strings.Repeat("a", 8192)} {
		r := httptest.NewRequest("GET", "/", nil)
		u, err := url.Parse("http://estuary.example" + path)
		if err != nil {
			t.Fatal(err)
		}
		r.URL = u
		w := httptest.NewRecorder()
		d.site.ServeHTTP(w, r)
		if w.Code != 400 && w.Code != 404 {
			t.Errorf("%.40s answers %d", path, w.Code)
		}
	}
	if pages, _, _ := d.site.Cached(); pages > 5 {
		t.Errorf("%d pages are kept after asking for nothing but what is not there", pages)
	}
}

func TestOtherSpellingsLeadToTheOneAddress(t *testing.T) {
	d := newPaper(t)
	d.publish("ferry", "Ferry stops again", nil)
	hindi, _ := d.publish("नौका", "नौका बंद", func(e *record.Edition) { e.Language = "hi" })
	d.moved("/coast", "/coast/")
	d.moved("/topics/ferries/", "/topics/ferries")
	d.moved("/topics/ada-menon", "/people/ada-menon")
	d.moved("/people/ada-menon/", "/people/ada-menon")
	d.moved("/archive/", "/archive")
	d.moved("/2026", "/2026/")
	d.moved("/2026/06/30", "/2026/06/30/")
	d.moved("/search/?q=a&utm=b", "/search?q=a")
	d.moved("/rss.xml/", "/rss.xml")
	d.moved("/coast/2026/06/30/ferry/", "/coast/2026/06/30/ferry")
	d.moved("/coast/2026/06/30/ferry/history/", "/coast/2026/06/30/ferry/history")
	d.moved(d.editions[hindi].Address+"/", escapeAddress(d.editions[hindi].Address))
	d.want("/coast/2026/06/30/%E0%A4%A8%E0%A5%8C%E0%A4%95%E0%A4%BE", 200, mark(hindi, 1), `lang="hi"`, "नीरापटनम")
}

// A section's address without its slash leads to the section, and so do old names; what would stand below an article is
// not there, and above all leads to itself nowhere.
func TestNothingStandsBelowASection(t *testing.T) {
	d := newPaper(t)
	d.publish("ferry", "Ferry stops again", nil)
	for _, list := range []string{"/coast", "/topics/ferries", "/topics/ada-menon", "/people/ada-menon", "/archive", "/search", "/2026/06/30"} {
		for _, page := range []string{"/history", "/history/", "/history/1", "/proof"} {
			d.want(list+page, 404)
		}
	}
}

// What is kept for an address with a position in its query is not what stands at a path that looks alike.
func TestNoPathIsAnsweredWithAnotherPage(t *testing.T) {
	d := newPaper(t)
	var last dateline.ID
	for i := range 2 {
		last, _ = d.publish(fmt.Sprint("ferry-", i), "Ferry stops again", nil)
		d.pass(time.Minute)
	}
	d.change(last, dateline.ChangeUpdate, "It goes on.", nil)
	at := position(shelf.Position{At: d.now(), ID: last})
	for _, a := range [][2]string{{"/coast/?before=" + at, "/coast/%sbefore " + at}, {"/corrections?before=" + at, "/corrections%sbefore " + at},
		{"/2026/06/30/?before=" + at, "/2026/06/30/%sbefore " + at}, {d.editions[last].Address + "/history/2?with=1", d.editions[last].Address + "/history/2%swith 1"}} {
		d.want(a[0], 200)
		for _, between := range []string{" ", "\n", "\x00", "\t"} {
			path := (&url.URL{Path: fmt.Sprintf(a[1], between)}).EscapedPath()
			if w := d.get(path); w.Code != 404 && w.Code != 400 {
				t.Errorf("%s answers %d", path, w.Code)
			}
		}
	}
}

// TestAnEditionsPageSaysThatItWasSuperseded: it has an address of its own, is for no index and in no sitemap, leads to what stands now, and
// shows the headline of then.
func TestAnEditionsPageSaysThatItWasSuperseded(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry sinks", nil)
	at := d.editions[id].Address
	const none = "!has taken its place"
	d.want(at+"/history/1", 200, "Ferry sinks", none)
	d.change(id, dateline.ChangeCorrection, "It sank nowhere.", func(e *record.Edition) { e.Headline = "Ferry stops" })
	d.change(id, dateline.ChangeUpdate, "It sails.", func(e *record.Edition) { e.Headline = "Ferry sails" })
	link := ` has taken its place: <a href="` + at + `">`
	index := `<meta name="robots" content="noindex">`
	d.want(at+"/history/1", 200, "Edition 3"+link, "Ferry sinks", index)
	d.want(at+"/history/2", 200, "Edition 3"+link, index, `<del><span class="vh">removed: </span>sinks</del>`, `<ins><span class="vh">added: </span>stops</ins>`)
	d.want(at+"/history/3", 200, none, index, `<del><span class="vh">removed: </span>stops</del>`, `<ins><span class="vh">added: </span>sails</ins>`)
	d.want(at+"/history/3?with=1", 200, none, index, `<del><span class="vh">removed: </span>sinks</del>`)
	d.want(at+"/history/2?with=1", 200, "Edition 3"+link, index)
	d.want(at, 200, "!noindex", none)
	for _, a := range []string{"/sitemaps/2026-06.xml", "/sitemap-news.xml", "/rss.xml"} {
		d.want(a, 200, "!"+at+"/history/")
	}
	s := newTalks(d)
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	s.tell()
	d.want("/stories/talks/history/1", 200, `Edition 2 has taken its place: <a href="/stories/talks">`, index)
	d.want("/stories/talks/history/2", 200, none, index)
}

// What changed without a word is told too: another picture under the same caption, another place behind a link.
func TestChangesWithoutWords(t *testing.T) {
	d := newPaper(t)
	link := func(to string) json.RawMessage {
		return json.RawMessage(`{"type":"doc","content":[{"type":"heading","attrs":{"level":2},"content":[{"type":"text","text":"Why"}]},` +
			`{"type":"paragraph","content":[{"type":"text","text":"It stood here.","marks":[{"type":"link","attrs":{"href":"` + to + `"}}]}]}]}`)
	}
	id, _ := d.publish("ferry", "Ferry stops again", func(e *record.Edition) {
		e.Lead, e.Pictures, e.Body = &dateline.Lead{Picture: d.picture, Caption: "The ferry."}, []dateline.ID{d.picture}, link("/a")
	})
	at := d.editions[id].Address
	d.change(id, dateline.ChangeUpdate, "A better link.", func(e *record.Edition) { e.Body = link("/b") })
	d.want(at+"/history/2", 200, "The words are the same", "Unchanged: 1 passage", "!1 paragraph")
	d.change(id, dateline.ChangeUpdate, "Another picture.", func(e *record.Edition) {
		other := d.id()
		e.Lead, e.Pictures = &dateline.Lead{Picture: other, Caption: "The ferry."}, []dateline.ID{other}
	})
	d.want(at+"/history/3", 200, "The words are the same", "The ferry.", "Unchanged: 2 passages")
}

// A topic that comes to be about somebody else takes its articles from the one page to the other.
func TestATopicAboutAnotherPerson(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("profile", "A life on the water", func(e *record.Edition) { e.Byline, e.Topics = nil, []dateline.ID{d.menonT} })
	d.want("/people/ada-menon", 200, mark(id, 1))
	d.want("/people/k-rao", 200, "!"+mark(id, 1))
	d.append(d.menonT, &record.Topic{Slug: "ada-menon", Kind: dateline.TopicPerson, Person: d.rao, Names: dateline.Names{"en": "K. Rao"}})
	d.want("/people/ada-menon", 200, "!"+mark(id, 1))
	d.want("/people/k-rao", 200, mark(id, 1))
	d.moved("/topics/ada-menon", "/people/k-rao")
}

// While nobody has chosen a navigation, as after an import, every section with articles is in it.
func TestNavigationNobodyChose(t *testing.T) {
	d := newPaper(t)
	pub := *d.publication()
	pub.Navigation = []dateline.ID{d.markets}
	d.append(d.log[0].Subject, &pub)
	const coast, markets = `<li><a href="/coast/">Coast</a></li>`, `<li><a href="/markets/">Markets</a></li>`
	d.want("/archive", 200, markets, "!"+coast)
	pub.Navigation = nil
	d.append(d.log[0].Subject, &pub)
	d.want("/archive", 200, "!"+coast, "!"+markets)
	first, _ := d.publish("ferry", "Ferry stops again", nil)
	d.want("/archive", 200, coast, "!"+markets)
	d.publish("fish", "Fish is dear", func(e *record.Edition) { e.Section = d.markets })
	d.want("/archive", 200, coast, markets)
	d.want("/sitemaps/sections.xml", 200, "/coast/", "/markets/")
	d.withdraw(first, dateline.WithdrawnKilled, nil)
	d.want("/archive", 200, "!"+coast, markets)
	d.want("/sitemaps/sections.xml", 200, "!/coast/", "/markets/")
}

func TestMovedArticlesRedirectInOneStep(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	first := d.editions[id].Address
	d.append(id, &record.Redirect{From: first, To: "/coast/2026/06/30/ferries"})
	d.append(id, &record.Redirect{From: "/coast/2026/06/30/ferries", To: "/coast/2026/06/30/boats"})
	d.append(id, &record.Redirect{From: "/old.php?story=7"})
	d.moved(first, "/coast/2026/06/30/boats")
	d.moved("/coast/2026/06/30/ferries", "/coast/2026/06/30/boats")
	d.moved("/coast/2026/06/30/ferries/", "/coast/2026/06/30/boats")
	d.moved("/old.php?story=7", "/coast/2026/06/30/boats")
	d.moved(first+"/history", "/coast/2026/06/30/boats/history")
	d.want("/coast/2026/06/30/boats", 200, mark(id, 1))
	d.want("/old.php?story=8", 404)
	d.want("/old.php", 404)
}

func TestImportedAddressesWithQueries(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("p", "An old story", func(e *record.Edition) { e.Address = "/?p=123" })
	d.change(id, dateline.ChangeUpdate, "It goes on.", nil)
	slash, _ := d.publish("s", "A slashed story", func(e *record.Edition) { e.Address = "/2009/05/slashed/" })
	for range 2 {
		d.want("/?p=123", 200, mark(id, 2), "/history?p=123")
		d.want("/?p=124", 200, "The Estuary", `class="top front"`, "!An old story</h1>")
		d.want("/history?p=123", 200, "It goes on.")
		d.want("/history/2?p=123&with=1", 200)
		d.want("/2009/05/slashed/", 200, mark(slash, 1))
		d.moved("/2009/05/slashed", "/2009/05/slashed/")
		d.want("/2009/05/slashed/history", 200, mark(slash, 1))
	}
}

func TestUnknownQueryKeysChangeNothing(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	for _, a := range []string{"/", "/coast/", "/topics/ferries", "/people/ada-menon", "/archive", "/2026/06/30/", "/corrections", d.editions[id].Address, "/rss.xml", "/sitemap.xml"} {
		plain := d.get(a)
		pages, _, _ := d.site.Cached()
		for _, q := range []string{"?utm_source=x", "?fbclid=%00", "?before=nonsense", "?with=1&q=x&by=date", "?a&b=&&;%zz", "?before=2026-06-30T00:00:00Z_x"} {
			if w := d.get(a + q); w.Code != 200 || w.Body.String() != plain.Body.String() || w.Header().Get("Etag") != plain.Header().Get("Etag") {
				t.Errorf("%s%s is another page (%d)", a, q, w.Code)
			}
		}
		if now, _, _ := d.site.Cached(); now > pages+1 { // with= has a meaning below an article only, and is a key there
			t.Errorf("%s: unknown keys added %d pages to the cache", a, now-pages)
		}
	}
}

func TestListsArePagedByKey(t *testing.T) {
	d := newPaper(t)
	seen := map[string]bool{}
	for i := range 2*pageRows + 5 {
		d.publish(fmt.Sprintf("story-%d", i), fmt.Sprintf("Story %d", i), func(e *record.Edition) { e.Topics = e.Topics[:1] })
	}
	for _, a := range []string{"/coast/", "/topics/ferries", "/people/ada-menon", "/2026/06/30/"} {
		at, pages := a, 0
		clear(seen)
		for at != "" && pages < 5 {
			body := d.want(at, 200)
			pages++
			for _, part := range strings.Split(body, `data-edition="`)[1:] {
				id := part[:36]
				if seen[id] {
					t.Fatalf("%s shows %s twice", at, id)
				}
				seen[id] = true
			}
			next := ""
			if i := strings.LastIndex(body, a+"?before="); i >= 0 {
				next = body[i : i+strings.IndexByte(body[i:], '"')]
			}
			if next == at { // the last page's own address
				next = ""
			}
			at = next
		}
		if pages != 3 || len(seen) != 2*pageRows+5 {
			t.Errorf("%s: %d pages with %d articles", a, pages, len(seen))
		}
	}
}

func TestLanguages(t *testing.T) {
	d := newPaper(t)
	hi, _ := d.publish("hi", "नौका बंद", func(e *record.Edition) { e.Language = "hi" })
	ar, _ := d.publish("ar", "توقفت العبارات", func(e *record.Edition) { e.Language = "ar" })
	d.want(d.editions[hi].Address, 200, `<html lang="hi" dir="ltr"`, mark(hi, 1), "तट")
	d.want(d.editions[ar].Address, 200, `<html lang="ar" dir="rtl"`, mark(ar, 1))
	d.want("/", 200, `<html lang="en"`, `lang="hi"`, `lang="ar"`)
}

func TestWithdrawn(t *testing.T) {
	for _, kind := range []dateline.WithdrawalKind{dateline.WithdrawnKilled, dateline.WithdrawnLegal, dateline.WithdrawnExpired, dateline.WithdrawnMerged} {
		t.Run(string(kind), func(t *testing.T) {
			d := newPaper(t)
			other, _ := d.publish("other", "The other story", nil)
			id, _ := d.publish("ferry", "Ferry secrets", func(e *record.Edition) {
				e.Lead, e.Pictures = &dateline.Lead{Picture: d.picture, Alt: "x"}, []dateline.ID{d.picture}
			})
			d.change(id, dateline.ChangeCorrection, "Names were wrong.", nil)
			d.sign()
			at := d.editions[id].Address
			pages := []string{"/", "/coast/", "/topics/ferries", "/topics/mora", "/people/ada-menon", "/archive", "/2026/06/30/", "/search?q=secrets", "/corrections",
				"/rss.xml", "/atom.xml", "/coast/rss.xml", "/topics/ferries/atom.xml", "/sitemaps/2026-06.xml", "/sitemap-news.xml", d.editions[other].Address}
			own := []string{at, at + "/history", at + "/history/1", at + "/history/2", at + "/history/2?with=1", at + "/proof", at + "/", at + "?utm=x"}
			for _, a := range append(pages, own...) {
				d.get(a)
			}
			picture := "/pictures/" + d.pictureHash + "-800.jpg"
			d.want(picture, 200)
			d.withdraw(id, kind, func(w *record.Withdrawal) {
				if kind == dateline.WithdrawnMerged {
					w.Into = other
				}
			})
			d.want(picture, 404)
			for _, a := range pages {
				body := d.want(a, 200, "!Ferry secrets", "!Names were wrong")
				if strings.HasSuffix(a, "atom.xml") { // whose deletion mark is the one place that names it
					body = strings.Replace(body, deleted(id, d.now()), "", 1)
				}
				if strings.Contains(body, string(id)) {
					t.Errorf("%s names it", a)
				}
			}
			for _, a := range own {
				if kind == dateline.WithdrawnMerged {
					if w := d.get(a); w.Code != 301 || !strings.HasPrefix(w.Header().Get("Location"), d.editions[other].Address) {
						t.Errorf("%s answers %d to %q", a, w.Code, w.Header().Get("Location"))
					}
					continue
				}
				body := d.want(a, 410, "!Ferry secrets", "!Names were wrong", "!"+string(id))
				if kind == dateline.WithdrawnLegal && strings.Contains(body, "The other story") {
					t.Error("a legal tombstone names other articles")
				}
			}
			// The shelf fails: nothing brings it back.
			d.setFail(fmt.Errorf("disk on fire"))
			for _, a := range append(pages, own...) {
				w := d.get(a)
				if strings.Contains(w.Body.String(), "Ferry secrets") {
					t.Errorf("%s brings the article back when the shelf fails", a)
				}
				if kind != dateline.WithdrawnMerged && strings.HasPrefix(a, at) && w.Code != 410 && a != at+"/" {
					t.Errorf("%s answers %d when the shelf fails", a, w.Code)
				}
			}
		})
	}
}

// The tombstones are asked first: whatever the shelf or the cache still has is not served.
func TestTombstonesAreAskedFirst(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry secrets", nil)
	d.sign()
	at := d.editions[id].Address
	own := []string{at, at + "/history", at + "/history/1", at + "/proof", at + "?utm=x"}
	for _, a := range own {
		d.want(a, 200)
	}
	d.site.conf.Tombstones = stone(at)
	for range 2 {
		for _, a := range own {
			d.want(a, 410, "!Ferry secrets", "!"+string(id), "!0001-01-01", "!<dl") // and no time where none is known
		}
		d.setFail(fmt.Errorf("disk on fire"))
	}
}

// stone knows one address.
type stone string

func (s stone) Gone(address string) bool { return address == string(s) }
func (s stone) GoneVersion() int64       { return math.MaxInt64 }

// TestAKeptPageIsNotServedOnceItsAddressIsGone: what the tombstones said of a kept page counts until they know more, also before the site is
// told of the act, and again after each restoration.
func TestAKeptPageIsNotServedOnceItsAddressIsGone(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry secrets", nil)
	other, _ := d.publish("tram", "Trams are late", nil)
	at, tram := d.editions[id].Address, d.editions[other].Address
	untold := func(act func() int64) (int64, shelf.Changes) {
		t.Helper()
		d.stop = true
		seq := act()
		d.stop = false
		ch, err := d.shelf.Apply(t.Context(), d.log[seq-1:])
		if err != nil {
			t.Fatal(err)
		}
		return seq, ch
	}
	for range 2 {
		for _, a := range []string{at, at, at + "/history", at + "/history", tram, tram} { // kept, and asked about once
			d.want(a, 200)
		}
		down, ch := untold(func() int64 { return d.withdraw(id, dateline.WithdrawnLegal, nil) })
		for range 2 {
			d.want(at, 410, "!Ferry secrets")
			d.want(at+"/history", 410, "!Ferry secrets")
			d.want(tram, 200, "Trams are late")
		}
		d.tell(ch)
		d.want(at, 410, "!Ferry secrets")
		_, ch = untold(func() int64 { return d.restore(id, down) })
		d.want(at, 200, "Ferry secrets")
		d.tell(ch)
	}
}

// TestReadersDoNotGetWhatIsGone: while readers ask without a pause, an article is taken down and comes back; whoever asks when it is down
// does not get it.
func TestReadersDoNotGetWhatIsGone(t *testing.T) {
	const rounds = 20
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry secrets", nil)
	at := d.editions[id].Address
	var down, served atomic.Int64 // down is odd while the article is down for certain
	var quit atomic.Bool
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for !quit.Load() {
				before := down.Load()
				status := d.get(at).Code
				if after := down.Load(); before%2 == 1 && before == after && status != 410 {
					t.Errorf("an article that was taken down is answered with %d", status)
				}
				if status == 200 {
					served.Add(1)
				}
			}
		})
	}
	for range rounds {
		for was := served.Load(); served.Load() < was+4 && !t.Failed(); { // it is kept, and was asked about
			runtime.Gosched()
		}
		seq := d.withdraw(id, dateline.WithdrawnLegal, nil)
		down.Add(1)
		d.want(at, 410)
		down.Add(1)
		d.restore(id, seq)
	}
	quit.Store(true)
	readers.Wait()
}

func TestTheLastGoodPageWhenTheShelfFails(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	at := d.editions[id].Address
	d.want(at, 200)
	d.want("/", 200)
	d.setFail(fmt.Errorf("disk on fire"))
	d.pass(24 * time.Hour) // the furniture turns, so both have to be made again
	d.want(at, 200, mark(id, 1))
	d.want("/", 200, mark(id, 1))
	d.want("/?utm_source=x", 200, mark(id, 1))
	w := d.get("/coast/")
	if w.Code != 503 || w.Header().Get("Retry-After") == "" || w.Header().Get("Cache-Control") != "no-store" || !strings.Contains(w.Body.String(), "The Estuary") {
		t.Errorf("a page that was never made answers %d, %v", w.Code, w.Header())
	}
	d.setFail(nil)
	d.want("/coast/", 200, mark(id, 1))
}

func TestAnEmptyShelf(t *testing.T) {
	d := newDesk(t)
	if w := d.get("/"); w.Code != 503 {
		t.Errorf("an empty shelf answers %d", w.Code)
	}
}

func TestProofsAreProofs(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	d.change(id, dateline.ChangeMinor, "", nil)
	d.sign()
	var answer proofAnswer
	if err := json.Unmarshal(d.get(d.editions[id].Address+"/proof").Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Entries) != 2 {
		t.Fatalf("%d editions are proved", len(answer.Entries))
	}
	c, err := record.OpenCheckpoint([]byte(answer.Checkpoint), d.signer.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range answer.Entries {
		if err := checkProof(e, c); err != nil {
			t.Errorf("entry %d: %v", e.Sequence, err)
		}
		e.Body = strings.Replace(e.Body, "Ferry", "Fairy", 1)
		if err := checkProof(e, c); err == nil {
			t.Errorf("entry %d: a changed body is proved", e.Sequence)
		}
	}
}

// TestAChainOfMerges: what leads through several articles follows each of them, also after a page was kept.
func TestAChainOfMerges(t *testing.T) {
	d := newPaper(t)
	a, _ := d.publish("a", "The first story", nil)
	b, _ := d.publish("b", "The second story", nil)
	c, _ := d.publish("c", "The third story", nil)
	into := func(id dateline.ID) func(*record.Withdrawal) { return func(w *record.Withdrawal) { w.Into = id } }
	at := d.editions[a].Address
	leads := func(to dateline.ID) {
		t.Helper()
		for range 2 { // the second answer may be a kept one
			if w := d.get(at); w.Code != 301 || w.Header().Get("Location") != d.editions[to].Address {
				t.Errorf("%s answers %d, to %q, want 301 to %s", at, w.Code, w.Header().Get("Location"), d.editions[to].Address)
			}
		}
	}
	d.withdraw(a, dateline.WithdrawnMerged, into(b))
	leads(b)
	merged := d.withdraw(b, dateline.WithdrawnMerged, into(c))
	leads(c)
	killed := d.withdraw(c, dateline.WithdrawnKilled, nil)
	d.want(at, 410)
	d.want(at, 410)
	d.restore(c, killed)
	leads(c)
	d.restore(b, merged)
	leads(b)
}
