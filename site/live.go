package site

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"

	"github.com/datelinehq/dateline"
)

// How many entries stand on one page of a coverage, how many main events above them, and how many changes are told of at once.
const (
	entryRows   = 30
	entriesThen = 500 // of a coverage as of an instant, which has one page
	keyRows     = 8
	newsRows    = 100
	// How many coverages that are on air have a line above a front.
	onAirLines = 3
)

// entriesBelow is what the addresses of a coverage's entries begin with, below its own.
const entriesBelow = "/entries/"

// entryAddress is an entry's permanent address.
func entryAddress(coverage string, number int) string {
	return below(coverage, entriesBelow+strconv.Itoa(number))
}

// splitEntries parts the address of something of a live coverage from the coverage's own: an entry, or what is new since an
// act.
func splitEntries(path string) (base, page, rest string) {
	i := strings.LastIndex(path, entriesBelow)
	if i < 0 {
		return path, "", ""
	}
	rest = path[i+len(entriesBelow):]
	if after, ok := strings.CutPrefix(rest, "after/"); ok {
		return orRoot(path[:i]), "news", after
	}
	if rest == "stream" {
		return orRoot(path[:i]), "stream", ""
	}
	return orRoot(path[:i]), "entry", rest
}

// live makes a coverage's page: the newest entries, or, where from is not 0, those from an entry on.
func (v *view) live(a *shelf.Article, from int) (*press.Page, error) {
	v.lang = render.FrameLanguage(a.Language, v.paper.pub.Language)
	v.on(shelf.KeyArticle(a.ID), shelf.KeyCard(a.ID), shelf.KeyLive(a.ID))
	own, err := v.articlePage(a)
	if err != nil {
		return nil, err
	}
	p := &render.LivePage{ArticlePage: *own, First: from == 0}
	l, err := v.liveHead(a, &p.LiveHead)
	if err != nil {
		return nil, err
	}
	if l.Touched.After(p.Updated) {
		p.Updated = l.Touched
	}
	if err := v.fillEntries(a, p, from); err != nil {
		return nil, err
	}
	onAir := p.First && l.State != dateline.LiveEnded && v.then == nil && !v.s.conf.Still
	if onAir {
		p.Updates = &render.LiveUpdates{Stream: below(a.Address, entriesBelow+"stream"), Since: below(a.Address, entriesBelow+"after/")}
	}
	if from > 0 {
		p.Frame.Address = entryAddress(a.Address, from)
	}
	page := v.html(200, v.s.conf.Renderer.Live(p))
	if onAir {
		page.Policy = v.policy(allowance{script: true, frames: markup.EmbedOrigins()}) // an entry that is to come may embed anything of the list
	} else if v.then == nil {
		page.Policy = v.framed(bytes.Join(p.Bodies(), nil))
	}
	return page, nil
}

// onAir are the lines of the live coverages that are on air, of a section where one is named, less those in whose place they stand
// on the page already. Pages as of an instant have none: they change with every entry.
func (v *view) onAir(section dateline.ID, stands ...*render.Card) (lines []render.OnAir, err error) {
	if v.then != nil {
		return nil, nil
	}
	v.on(shelf.KeyOnAir)
	cards, err := v.tx.OnAir()
	if err != nil {
		return nil, err
	}
	for i := range cards {
		c := &cards[i]
		if section != "" && c.Section != section || slices.ContainsFunc(stands, func(s *render.Card) bool { return s != nil && s.ID == c.ID }) {
			continue
		}
		v.on(shelf.KeyCard(c.ID), shelf.KeyLive(c.ID))
		l, err := v.tx.Live(c.ID)
		if err != nil {
			return nil, err
		}
		line := render.OnAir{State: l.State, Headline: v.inLanguage(c.Headline, c.Language), Address: c.Address}
		latest, err := v.tx.LiveLatest(c.ID)
		if err != nil && !missing(err) {
			return nil, err
		}
		if err == nil {
			line.At, line.Latest = latest.Posted, render.Link{Name: v.inLanguage(latest.Headline, latest.Language), Address: entryAddress(c.Address, latest.Number)}
		}
		if lines = append(lines, line); len(lines) == onAirLines {
			break
		}
	}
	return lines, nil
}

func (v *view) liveHead(a *shelf.Article, h *render.LiveHead) (*shelf.Live, error) {
	l, err := v.tx.Live(a.ID)
	if err != nil {
		return nil, err
	}
	*h = render.LiveHead{State: l.State, Began: l.Began, Ended: l.Ended, Latest: l.Latest, Count: l.Entries, Fixed: l.Corrected,
		Summary: l.Summary, SummaryAt: l.Changed, SummaryLanguage: l.Language, Sequence: l.Sequence}
	return l, nil
}

// fillEntries fills in the entries of one page, and the way to those before and after.
func (v *view) fillEntries(a *shelf.Article, p *render.LivePage, from int) error {
	most := entryRows
	if v.then != nil {
		most = entriesThen
	}
	rows, err := v.tx.LiveEntries(a.ID, from, most+1, from > 0)
	if err != nil {
		return notFound(err)
	}
	if len(rows) > most {
		next := &rows[most]
		p.Older, p.Than = entryAddress(a.Address, next.Number), rows[most-1].Public
		rows = rows[:most]
	}
	if p.Entries, err = v.entries(a, rows); err != nil {
		return err
	}
	if from > 0 {
		return v.newerEntries(a, p, from)
	}
	pinned, err := v.tx.LivePinned(a.ID)
	if err != nil {
		return err
	}
	if p.Pinned, err = v.entries(a, pinned); err != nil {
		return err
	}
	p.Keys, err = v.mainEvents(a)
	return err
}

func (v *view) mainEvents(a *shelf.Article) ([]render.LiveEntry, error) {
	rows, err := v.tx.LiveKeys(a.ID, keyRows)
	if err != nil {
		return nil, err
	}
	return v.entries(a, rows)
}

// newerEntries finds the page before: that of the entry so many places before, or the coverage's own.
func (v *view) newerEntries(a *shelf.Article, p *render.LivePage, from int) error {
	p.Newer = a.Address
	newer, err := v.tx.LiveNewer(a.ID, from, entryRows+1)
	if err != nil {
		return err
	}
	if beyond, err := v.tx.LiveNewer(a.ID, newer, 1); err != nil || newer == 0 || beyond == 0 {
		return err
	}
	p.Newer = entryAddress(a.Address, newer)
	return nil
}

// entries makes entries as pages show them.
func (v *view) entries(a *shelf.Article, rows []shelf.LiveEntry) ([]render.LiveEntry, error) {
	out := make([]render.LiveEntry, len(rows))
	for i := range rows {
		r := &rows[i]
		e := render.LiveEntry{Number: r.Number, Address: entryAddress(a.Address, r.Number), At: r.Public, Posted: r.Posted, Modified: r.Modified,
			Corrected: r.Corrected, Sequence: r.Sequence, Made: r.Made, Headline: r.Headline, Place: r.Place, Correction: r.Correction, Reason: r.Reason,
			Language: r.Language, Pinned: r.Pinned, Removed: r.Removed(), Body: r.Fragment, Text: r.Text}
		var err error
		if e.Byline, err = v.credits(r.Byline); err != nil {
			return nil, err
		}
		if e.People, err = v.people(r.Speakers); err != nil {
			return nil, err
		}
		for _, id := range r.Pictures {
			p, err := v.picture(id, whole)
			if err != nil {
				return nil, err
			}
			if p != nil {
				e.Pictures = append(e.Pictures, *p)
			}
		}
		if r.Out != "" {
			if e.Article, err = v.brokenOut(r.Out); err != nil {
				return nil, err
			}
		}
		out[i] = e
	}
	return out, nil
}

// brokenOut is the card of the article that was made of an entry, where readers can open it.
func (v *view) brokenOut(id dateline.ID) (*render.Card, error) {
	v.on(shelf.KeyCard(id))
	cards, err := v.tx.Cards([]dateline.ID{id})
	if err != nil || len(cards) == 0 {
		return nil, err
	}
	list, err := v.cards(cards, false)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// fillOrigin leads from an article to the live entry that it was made of.
func (v *view) fillOrigin(a *shelf.Article, p *render.ArticlePage) error {
	if a.Origin == nil {
		return nil
	}
	v.on(shelf.KeyCard(a.Origin.Article), shelf.KeyLive(a.Origin.Article))
	of, err := v.tx.Card(a.Origin.Article)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	entries, err := v.tx.LiveEntries(a.Origin.Article, a.Origin.Entry, 1, true)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	p.Coverage = &render.LiveOrigin{Headline: of.Headline, Language: of.Language, Address: entryAddress(of.Address, a.Origin.Entry), At: entries[0].Public}
	return nil
}

// news makes what an open page of a coverage has missed since an act: one address for each of the coverage's acts. Any other
// number leads to the one of the coverage's own last act before it.
func (v *view) news(a *shelf.Article, after string) (*press.Page, error) {
	since, ok := sequence(after)
	if !ok {
		return nil, press.ErrNotFound
	}
	v.on(shelf.KeyArticle(a.ID), shelf.KeyLive(a.ID))
	own, err := v.tx.LiveAt(a.ID, since)
	if err != nil {
		return nil, err
	}
	if own != since && since <= v.tx.Cursor() {
		return v.moved(below(a.Address, entriesBelow+"after/"+strconv.FormatInt(own, 10))), nil
	}
	body, _, err := v.liveNews(a, since)
	if err != nil {
		return nil, err
	}
	page := v.data("text/html; charset=utf-8", body)
	page.Visit = press.VisitDay
	page.Extra = []press.Line{{Name: "X-Robots-Tag", Values: []string{"noindex"}}}
	return page, nil
}

// liveNews is what an open page has missed since an act, and the act up to which it then knows.
func (v *view) liveNews(a *shelf.Article, since int64) (body []byte, last int64, err error) {
	v.lang = render.FrameLanguage(a.Language, v.paper.pub.Language)
	rows, err := v.tx.LiveSince(a.ID, since, newsRows)
	if err != nil {
		return nil, 0, err
	}
	entries, err := v.entries(a, rows)
	if err != nil {
		return nil, 0, err
	}
	var h render.LiveHead
	l, err := v.liveHead(a, &h)
	if err != nil {
		return nil, 0, err
	}
	last = l.Sequence
	if len(rows) == newsRows {
		last = rows[newsRows-1].Sequence // the rest follows when it is asked for
		h.Sequence = last
	}
	section, err := v.sectionLink(a.Section)
	if err != nil {
		return nil, 0, err
	}
	main, err := v.mainEvents(a)
	if err != nil {
		return nil, 0, err
	}
	f := v.frame(a.Address, a.Section)
	return v.s.conf.Renderer.LiveNews(&f, section, &h, entries, main, a.First), last, nil
}

// sequence reads the number of an act.
func sequence(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= 0 && strconv.FormatInt(n, 10) == s
}
