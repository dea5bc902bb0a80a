package site

import (
	"bytes"
	"context"
	"fmt"
	mathrand "math/rand/v2"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/shelf"
)

func (d *paperDesk) confirm(seq int64) dateline.Receipt {
	d.t.Helper()
	r, err := d.site.Confirm(context.Background(), seq)
	if err != nil {
		d.t.Fatalf("receipt of entry %d: %v", seq, err)
	}
	return r
}

// confirmed asks for a receipt that must be whole, and gives its addresses.
func (d *paperDesk) confirmed(seq int64) []string {
	d.t.Helper()
	r := d.confirm(seq)
	var out []string
	for _, l := range r.Addresses {
		out = append(out, l.Address)
		if !l.Confirmed {
			d.t.Errorf("entry %d: %s (%s, %d) is not confirmed: %s", seq, l.Address, l.What, l.Status, l.Detail)
		}
	}
	if !r.Confirmed {
		d.t.Errorf("entry %d is not confirmed", seq)
	}
	return out
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s\n got %q\nwant %q", what, got, want)
	}
}

func TestTheReceiptOfAPublication(t *testing.T) {
	d := newPaper(t)
	d.publish("before", "What came before", nil)
	id, seq := d.publish("ferry", "Ferry stops again", nil)
	at := d.editions[id].Address
	always := []string{at, at + "/history", "/", "/rss.xml", "/atom.xml", "/coast/", "/coast/rss.xml", "/coast/atom.xml", "/topics/ferries", "/topics/ferries/rss.xml",
		"/topics/ferries/atom.xml", "/topics/mora", "/topics/mora/rss.xml", "/topics/mora/atom.xml", "/people/ada-menon", "/2026/06/30/", "/sitemaps/2026-06.xml",
		"/sitemap-news.xml", "/search?by=date&from=2026-06-30&q=ferry+stops+again&to=2026-06-30"}
	same(t, "first edition", d.confirmed(seq), slices.Clone(always)...)

	correction := d.change(id, dateline.ChangeCorrection, "It was one boat.", nil)
	same(t, "correction", d.confirmed(correction), append(slices.Clone(always), "/corrections", "/corrections/atom.xml", "/corrections/rss.xml")...)

	d.pass(time.Second)
	moved := d.change(id, dateline.ChangeUpdate, "It is a matter of money.", func(e *record.Edition) {
		e.Section, e.Topics, e.Byline = d.markets, []dateline.ID{d.menonT, d.mora}, []dateline.Credit{{Person: d.rao}, {Agency: "Coast News Agency"}}
	})
	same(t, "a change of section, topics and byline", d.confirmed(moved), append(slices.Clone(always), "/markets/", "/markets/rss.xml", "/markets/atom.xml", "/people/k-rao")...)

	r := d.confirm(correction) // asked for again, later
	if !r.Confirmed || !strings.Contains(r.Addresses[0].Detail, "later edition") || r.Edition != 2 || r.Act != "edition" || r.Article != id || r.Address != at {
		t.Errorf("a receipt asked for again: %+v", r)
	}
}

func TestTheReceiptOfAnOldArticle(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("old", "An old story", func(e *record.Edition) {
		e.Change, e.Public, e.First, e.Address = dateline.ChangeImported, "2021-03-01T10:00:00.000000Z", "2021-03-01T10:00:00.000000Z", "/2021/03/old-story"
	})
	for i := range pageRows + 12 {
		d.publish(fmt.Sprint("n", i), fmt.Sprint("Story ", i), nil)
	}
	seq := d.change(id, dateline.ChangeMinor, "", nil)
	same(t, "a minor change of an old article", d.confirmed(seq), "/2021/03/old-story", "/2021/03/old-story/history", "/2021/03/01/", "/sitemaps/2021-03.xml",
		"/search?by=date&from=2021-03-01&q=an+old+story&to=2021-03-01")
}

// TestTheReceiptOfAWithdrawal: of each kind it asks for every place that the article stood in, its states and its pictures, and for nothing
// else; what it says is so for every reader.
func TestTheReceiptOfAWithdrawal(t *testing.T) {
	for _, kind := range []dateline.WithdrawalKind{dateline.WithdrawnKilled, dateline.WithdrawnLegal, dateline.WithdrawnExpired, dateline.WithdrawnMerged} {
		t.Run(string(kind), func(t *testing.T) {
			d := newPaper(t)
			other, _ := d.publish("before", "What came before", nil)
			id, published := d.publish("ferry", "Ferry stops again", func(e *record.Edition) {
				e.Lead, e.Pictures = &dateline.Lead{Picture: d.picture, Alt: "x"}, []dateline.ID{d.picture}
			})
			at, first := d.editions[id].Address, d.now()
			for _, a := range d.confirmed(published) {
				d.get(a)
			}
			picture := shownPicture.FindString(d.want(at, 200))
			d.want(picture, 200)
			seq := d.withdraw(id, kind, func(w *record.Withdrawal) {
				if kind == dateline.WithdrawnMerged {
					w.Into = other
				}
			})
			own := []string{at, at + "/history", at + "/proof", momentRoot(first) + at, mapRoot + at}
			lists := []string{"/", "/rss.xml", "/atom.xml", "/coast/", "/coast/rss.xml", "/coast/atom.xml", "/topics/ferries", "/topics/ferries/rss.xml", "/topics/ferries/atom.xml",
				"/topics/mora", "/topics/mora/rss.xml", "/topics/mora/atom.xml", "/people/ada-menon", "/2026/06/30/", "/sitemaps/2026-06.xml", "/sitemap-news.xml",
				"/corrections", "/corrections/atom.xml", "/corrections/rss.xml", "/search?by=date&from=2026-06-30&q=ferry+stops+again&to=2026-06-30"}
			var pictures []string
			got := d.confirmed(seq)
			for _, a := range got {
				if strings.HasPrefix(a, picturesRoot) {
					pictures = append(pictures, a)
					d.want(a, 404)
				}
			}
			if len(pictures) != 1 {
				t.Errorf("the receipt lists the pictures %q", pictures)
			}
			same(t, string(kind), got, slices.Concat(own, lists, pictures)...)
			for _, a := range own {
				w := d.get(a)
				if strings.Contains(w.Body.String(), string(id)) || strings.Contains(w.Body.String(), "Ferry stops again") {
					t.Errorf("%s still tells of it", a)
				}
				if kind == dateline.WithdrawnMerged {
					if to := w.Header().Get("Location"); w.Code != 301 || !strings.Contains(to, d.editions[other].Address) {
						t.Errorf("%s answers %d to %q", a, w.Code, to)
					}
				} else if w.Code != 410 {
					t.Errorf("%s answers %d", a, w.Code)
				}
			}
			gone := deleted(id, d.now())
			for _, a := range lists {
				body := d.want(a, 200, "!Ferry stops again")
				if strings.Contains(strings.ReplaceAll(body, gone, ""), string(id)) {
					t.Errorf("%s tells of it otherwise than as deleted", a)
				}
			}
			d.want(picture, 404)
			if r := d.confirm(published); !r.Confirmed || len(r.Addresses) < 10 || !strings.Contains(r.Addresses[0].Detail, "withdrawn") {
				t.Errorf("the receipt of what was withdrawn since: %+v", r)
			}
			restored := d.restore(id, seq)
			if got := d.confirmed(restored); !slices.Contains(got, at) || !slices.Contains(got, "/") {
				t.Errorf("restored: %q", got)
			}
			d.want(picture, 200)
		})
	}
}

var shownPicture = regexp.MustCompile(`/pictures/[^" ,]+\.jpg`)

// TestAReceiptLeavesPicturesThatOthersShow: what another article still shows is not to go, and not asked for.
func TestAReceiptLeavesPicturesThatOthersShow(t *testing.T) {
	d := newPaper(t)
	with := func(e *record.Edition) {
		e.Lead, e.Pictures = &dateline.Lead{Picture: d.picture, Alt: "x"}, []dateline.ID{d.picture}
	}
	d.publish("before", "What came before", with)
	id, _ := d.publish("ferry", "Ferry stops again", with)
	picture := shownPicture.FindString(d.want(d.editions[id].Address, 200))
	for _, a := range d.confirmed(d.withdraw(id, dateline.WithdrawnKilled, nil)) {
		if strings.HasPrefix(a, picturesRoot) {
			t.Errorf("the receipt asks for %s", a)
		}
	}
	d.want(picture, 200)
}

// TestAPictureThatIsStillServedIsInTheReceipt: if the site is not told that a picture went, the receipt says so.
func TestAPictureThatIsStillServedIsInTheReceipt(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", func(e *record.Edition) {
		e.Lead, e.Pictures = &dateline.Lead{Picture: d.picture, Alt: "x"}, []dateline.ID{d.picture}
	})
	d.want(d.shown(d.picture), 200)
	d.keep = true
	r := d.confirm(d.withdraw(id, dateline.WithdrawnKilled, nil))
	for _, l := range r.Addresses {
		if l.What == "picture" && (l.Confirmed || l.Status != 200) || l.What != "picture" && !l.Confirmed {
			t.Errorf("%+v", l)
		}
	}
	if r.Confirmed {
		t.Error("the receipt is confirmed")
	}
}

// shown is the one address by which a receipt asks for a picture.
func (d *paperDesk) shown(id dateline.ID) (address string) {
	d.t.Helper()
	if err := d.View(context.Background(), func(tx *shelf.Tx) error {
		p, err := tx.Picture(id)
		if err == nil {
			address = largest(&p.Picture, whole, social)
		}
		return err
	}); err != nil {
		d.t.Fatal(err)
	}
	return address
}

// TestTheReceiptOfARedaction: it asks for the pages of what loses the words.
func TestTheReceiptOfARedaction(t *testing.T) {
	c := newCoverage(t)
	d := c.paperDesk
	s := newTalks(d)
	first := s.status(dateline.StoryUnderWay, "Quixwortle is heard", "")
	second := s.changes(dateline.ChangeCorrection, "Quixwortle was not there.")
	s.body.Statuses[0].Words = "Talks under way"
	s.tell()
	d.want("/stories/talks/history", 200, "Quixwortle")
	same(t, "a story", d.confirmed(d.redact(s.id, first, second)), "/stories/talks", "/stories/talks/rss.xml", "/stories/talks/atom.xml", "/stories/talks/history", "/corrections", "/", "/sitemaps/sections.xml")
	for _, a := range []string{"/stories/talks", "/stories/talks/rss.xml", "/stories/talks/history", "/corrections", "/"} {
		d.want(a, 200, "!Quixwortle")
	}

	lead := dateline.Container{Layout: dateline.LayoutLead, Rule: &dateline.Rule{Kind: dateline.RuleLatest}, Items: []dateline.FrontItem{{Article: c.id, Headline: "See Quixwortle"}}}
	arranged := d.home(1, lead)
	d.want("/", 200, "See Quixwortle")
	lead.Items[0].Headline = ""
	d.home(2, lead)
	same(t, "home", d.confirmed(d.redact(d.log[0].Subject, arranged)), "/")
	sec := d.append(d.coast, &record.Front{Number: 1, Containers: []dateline.Container{lead}})
	same(t, "a section's front", d.confirmed(d.redact(d.coast, sec)), "/coast/")

	c.state(dateline.LiveOn, "")
	n, entry := c.post("Quixwortle at the pier", 0)
	own := fmt.Sprint(c.address, "/entries/", n)
	d.want(own, 200, "Quixwortle")
	c.remove(n, "By order of a court")
	before := int64(len(d.log))
	same(t, "an entry", d.confirmed(d.redact(c.id, entry)), c.address, own, "/", "/coast/", fmt.Sprint(c.address, "/entries/after/", before))
	for _, a := range []string{c.address, own, "/", fmt.Sprint(c.address, "/entries/after/", before)} {
		d.want(a, 200, "!Quixwortle")
	}
	summary := c.state(dateline.LiveOn, "Quixwortle has the floor.")
	d.want(c.address, 200, "Quixwortle")
	c.state(dateline.LiveOn, "")
	before = int64(len(d.log))
	same(t, "a summary", d.confirmed(d.redact(c.id, summary)), c.address, "/", "/coast/", fmt.Sprint(c.address, "/entries/after/", before))
}

// TestOneReceiptForAllThatAnActRemoves: the words of a story, of a front, of an article and of a person go in one act, by an entry for each; the
// last one's receipt asks for the pages of all, and of none that lost words before.
func TestOneReceiptForAllThatAnActRemoves(t *testing.T) {
	d := newPaper(t)
	s, other := newTalks(d), newTalks(d)
	other.id, other.body.Slug = d.id(), "earlier"
	first := s.status(dateline.StoryUnderWay, "Quixwortle is heard", "")
	s.body.Statuses[0].Words = "Talks under way"
	s.tell()
	before := other.status(dateline.StoryUnderWay, "Quixwortle", "")
	other.body.Statuses[0].Words = "Talks under way"
	other.tell()
	lead := dateline.Container{Layout: dateline.LayoutLead, Rule: &dateline.Rule{Kind: dateline.RuleLatest}, Items: []dateline.FrontItem{{Headline: "See Quixwortle"}}}
	arranged := d.append(d.coast, &record.Front{Number: 1, Containers: []dateline.Container{lead}})
	lead.Items[0].Headline = ""
	d.append(d.coast, &record.Front{Number: 2, Containers: []dateline.Container{lead}})
	id, seq := d.publish("ferry", "Quixwortle stops again", nil)
	named, _ := d.publish("named", "By Ada Menon", nil)
	var person int64
	for _, e := range d.log {
		if e.Subject == d.menon {
			person = e.Sequence
		}
	}
	d.redact(other.id, before)
	d.withdraw(id, dateline.WithdrawnLegal, nil)
	now := d.now()
	var last int64
	for _, r := range []struct {
		of  dateline.ID
		seq int64
	}{{id, seq}, {s.id, first}, {d.coast, arranged}, {d.menon, person}} {
		d.set(now.Add(-time.Minute)) // from which one goes on
		last = d.redact(r.of, r.seq)
	}
	got := d.confirmed(last)
	slices.Sort(got)
	if n := len(got); len(slices.Compact(slices.Clone(got))) != n {
		t.Errorf("addresses are asked for more than once: %q", got)
	}
	for _, want := range []string{"/stories/talks", "/stories/talks/history", "/coast/", "/", "/2026/06/30/", "/sitemap-news.xml", d.editions[named].Address} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not asked for: %q", want, got)
		}
	}
	if slices.Contains(got, "/stories/earlier") {
		t.Error("it asks for what an earlier act changed")
	}
	if r := d.confirm(last); r.Sequence != last || r.Article != "" {
		t.Errorf("the receipt is %+v", r)
	}
}

// TestOneAnswerIsHeldAgainstEveryEntry: an address at which an act took down several articles is asked for once, and is not confirmed while
// it shows any of them.
func TestOneAnswerIsHeldAgainstEveryEntry(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	first := s.status(dateline.StoryUnderWay, "Quixwortle is heard", "")
	s.body.Statuses[0].Words = "Talks under way"
	s.tell()
	wrong, _ := d.publish("wrong", "Quixwortle stops again", nil)
	d.change(wrong, dateline.ChangeCorrection, "It was one boat.", nil)
	other, _ := d.publish("other", "Quixwortle goes on", nil)
	d.want("/corrections", 200, string(wrong), "!"+string(other))
	now := d.now()
	d.drop = func(shelf.Key) bool { return true } // so the page stays that shows the first and not the second
	d.withdraw(wrong, dateline.WithdrawnLegal, nil)
	d.set(now)
	d.withdraw(other, dateline.WithdrawnLegal, nil)
	d.set(now)
	r := d.confirm(d.redact(s.id, first))
	asked := 0
	for _, l := range r.Addresses {
		if l.Address == "/corrections" {
			if asked++; l.Confirmed || l.Detail != "the page that is served still shows the article" {
				t.Errorf("corrections that still show the first of them: %+v", l)
			}
		}
	}
	if asked != 1 || r.Confirmed {
		t.Errorf("corrections are asked for %d times, and the receipt is confirmed: %v", asked, r.Confirmed)
	}
}

func TestReceiptsOfOtherActs(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	first := d.editions[id].Address
	same(t, "section", d.confirmed(d.append(d.coast, &record.Section{Slug: "coast", Names: dateline.Names{"en": "The coast"}})), "/coast/", "/coast/rss.xml", "/coast/atom.xml", "/")
	same(t, "topic", d.confirmed(d.append(d.ferries, &record.Topic{Slug: "boats", Kind: dateline.TopicSubject, Names: dateline.Names{"en": "Boats"}})),
		"/topics/boats", "/topics/boats/rss.xml", "/topics/boats/atom.xml")
	d.moved("/topics/ferries", "/topics/boats")
	same(t, "person", d.confirmed(d.append(d.menon, &record.Person{Slug: "ada-menon", Names: dateline.Names{"en": "Ada M. Menon"}})), "/people/ada-menon")
	d.want(first, 200, "Ada M. Menon", "The coast", "Boats")
	got := d.confirmed(d.append(id, &record.Redirect{From: first, To: "/coast/2026/06/30/new"}))
	if !slices.Contains(got, first) || !slices.Contains(got, "/coast/2026/06/30/new") {
		t.Errorf("redirect: %q", got)
	}
	page, seq := d.publish("about", "About the paper", func(e *record.Edition) { e.Kind, e.Address, e.Section = dateline.KindPage, "/about", "" })
	same(t, "page", d.confirmed(seq), "/about", "/about/history", "/sitemaps/2026-06.xml")
	d.pass(time.Second)
	body := *d.publication()
	body.Name, body.Footer = "The New Estuary", []dateline.ID{page}
	same(t, "publication", d.confirmed(d.append(d.log[0].Subject, &body)), "/", "/rss.xml", "/atom.xml", "/sitemap.xml", "/sitemap-news.xml")
	d.want("/coast/", 200, "The New Estuary", `href="/about"`)
	if _, err := d.site.Confirm(context.Background(), 9999); dateline.ErrorCode(err) != dateline.ENotFound {
		t.Errorf("an entry that is not there: %v", err)
	}
}

// Where a day has more articles of the same words than a search shows, a receipt asks the search for those that it shows, the day's
// newest and others.
func TestAReceiptAsksTheSearchForWhatItShows(t *testing.T) {
	d := newPaper(t)
	var seqs []int64
	for i := range searchRows + 2 {
		_, seq := d.publish(fmt.Sprintf("ferry-%d", i), "Ferry stops again", nil)
		seqs = append(seqs, seq)
	}
	for i, seq := range seqs {
		asks := slices.ContainsFunc(d.confirmed(seq), func(address string) bool { return strings.HasPrefix(address, "/search?") })
		if asks != (i >= 2) {
			t.Errorf("article %d of %d: the search is asked: %v", i, len(seqs), asks)
		}
	}
}

func (d *paperDesk) publication() *record.Publication {
	d.t.Helper()
	b, err := d.log[0].Decode()
	if err != nil {
		d.t.Fatal(err)
	}
	return b.(*record.Publication)
}

func TestAReceiptWaitsForTheShelfButNotForEver(t *testing.T) {
	d := newPaper(t)
	d.stop = true
	_, seq := d.publish("ferry", "Ferry stops again", nil)
	r := d.confirm(seq)
	if r.Confirmed || len(r.Addresses) != 1 || !strings.Contains(r.Addresses[0].Detail, fmt.Sprint("entry ", seq-1)) {
		t.Fatalf("%+v", r)
	}
	d.site.conf.Patience = time.Minute
	done := make(chan dateline.Receipt)
	go func() { done <- d.confirm(seq) }()
	d.apply(d.log[seq-1])
	if r := <-done; !r.Confirmed || len(r.Addresses) < 10 {
		t.Fatalf("%+v", r)
	}
}

// For every dependency key that an act changes: if the site is not told of that one, the receipt says "not confirmed" for
// exactly those of its addresses that are stale, and for at least one where no other key covers the page.
func TestABrokenDependencyKeyIsInTheReceipt(t *testing.T) {
	var keys []shelf.Key
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	correct := func() int64 {
		n := len(d.sequences[id])
		return d.change(id, dateline.ChangeCorrection, "It was one boat.", func(e *record.Edition) { e.Headline = fmt.Sprint("Ferry stops again, again ", n) })
	}
	d.drop = func(k shelf.Key) bool { keys = append(keys, k); return false }
	correct()
	d.drop = nil
	if len(keys) < 8 {
		t.Fatalf("a correction changes only %q", keys)
	}
	unconfirmed := 0
	groups := [][]shelf.Key{keys} // and all of them at once
	for _, k := range keys {
		groups = append(groups, []shelf.Key{k})
	}
	for _, broken := range groups {
		d.drop = nil
		d.confirmed(correct()) // every page is kept now
		d.drop = func(k shelf.Key) bool { return slices.Contains(broken, k) }
		seq := correct()
		r := d.confirm(seq)
		var says, stale []string
		for _, l := range r.Addresses {
			if !l.Confirmed {
				says = append(says, l.Address)
			}
			req := requestFor(l.Address)
			if !bytes.Equal(d.site.Serve(context.Background(), req).Body, d.site.fresh(context.Background(), req)) {
				stale = append(stale, l.Address)
			}
		}
		same(t, fmt.Sprintf("without %q", broken), says, stale...)
		if r.Confirmed != (len(says) == 0) {
			t.Errorf("without %q: confirmed is %v with %q", broken, r.Confirmed, says)
		}
		unconfirmed += len(says)
		d.site.Changed(shelf.Changes{Keys: keys}) // late, but the next round starts from whole pages
		if len(broken) > 1 && len(says) < 15 {
			t.Errorf("with no key told only %q are not confirmed", says)
		}
	}
	if unconfirmed < 20 {
		t.Errorf("breaking keys one by one left only %d addresses not confirmed", unconfirmed)
	}
}

// A withdrawal of which the site is not told must not be confirmed.
func TestABrokenKeyAtAWithdrawal(t *testing.T) {
	d := newPaper(t)
	d.publish("before", "What came before", nil)
	id, first := d.publish("ferry", "Ferry stops again", nil)
	d.confirmed(first)
	d.drop = func(k shelf.Key) bool {
		return k == shelf.KeySection(d.coast) || k == shelf.KeyCard(id) || k == shelf.KeyArticle(id) || k == shelf.KeyTopic(d.ferries)
	}
	seq := d.withdraw(id, dateline.WithdrawnKilled, nil)
	r := d.confirm(seq)
	var says []string
	for _, l := range r.Addresses {
		if !l.Confirmed {
			says = append(says, l.Address)
		}
	}
	// The article's own addresses are kept by the tombstones, whatever the site was told.
	d.want(d.editions[id].Address, 410, "!"+string(id))
	for _, want := range []string{"/coast/", "/coast/rss.xml", "/coast/atom.xml", "/topics/ferries"} {
		if !slices.Contains(says, want) {
			t.Errorf("%s is confirmed although it still shows the article; not confirmed are %q", want, says)
		}
	}
	if r.Confirmed {
		t.Error("the receipt is confirmed")
	}
}

// While an editor publishes, readers ask for whatever shows the article: nobody gets less than had been acknowledged when
// they asked, from the cache or from the shelf.
func TestReadersNeverSeeLessThanWasAcknowledged(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	for i := range 5 {
		d.publish(fmt.Sprint("other-", i), fmt.Sprint("Another story ", i), nil)
	}
	addresses := []string{"/", "/coast/", "/topics/mora", "/people/ada-menon", "/2026/06/30/", "/rss.xml", "/coast/atom.xml", "/sitemaps/2026-06.xml", d.editions[id].Address,
		d.editions[id].Address + "/history"}
	var acknowledged atomic.Int64
	acknowledged.Store(1)
	var stop atomic.Bool
	var readers sync.WaitGroup
	var reads atomic.Int64
	for w := range 3 {
		readers.Go(func() {
			r := mathrand.New(mathrand.NewPCG(3, uint64(w)))
			for !stop.Load() {
				a := addresses[r.IntN(len(addresses))]
				least := int(acknowledged.Load())
				body := string(d.site.Serve(context.Background(), requestFor(a)).Body)
				_, rest, found := strings.Cut(body, string(id)+"/")
				shown := 0
				if _, err := fmt.Sscan(strings.TrimRight(rest[:min(len(rest), 6)], "\"> -<aehtr"), &shown); !found || err != nil || shown < least {
					t.Errorf("%s shows edition %d (%v), %d was acknowledged", a, shown, err, least)
					return
				}
				reads.Add(1)
			}
		})
	}
	for n := 2; n <= 40; n++ {
		d.change(id, dateline.ChangeMinor, "", nil)
		acknowledged.Store(int64(n))
		for before := reads.Load(); reads.Load() < before+4 && !t.Failed(); {
			runtime.Gosched() // until the readers have asked with this edition acknowledged
		}
	}
	stop.Store(true)
	readers.Wait()
}
