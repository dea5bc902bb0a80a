package site

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// Pages as of an instant (RFC 7089, Memento). A page's TimeGate, its TimeMap and its states are below addresses of their own, so that
// the page itself does not vary: /as-of/gate/…, /as-of/map/… and /as-of/2026-06-30T08:35:00Z/…, each before the page's address.
const (
	thenRoot   = "/as-of/"
	gateRoot   = "/as-of/gate"
	mapRoot    = "/as-of/map"
	momentForm = "2006-01-02T15:04:05Z"
	mapStates  = 500 // states of one page of a TimeMap
)

// The instants before and after all others.
var (
	always = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	never  = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
)

// momentRoot is what stands before an address to lead to how it stood at an instant.
func momentRoot(at time.Time) string { return thenRoot + at.UTC().Format(momentForm) }

// parseMoment reads an instant as it stands in an address: UTC, in whole seconds.
func parseMoment(s string) (time.Time, bool) {
	at, err := time.Parse(momentForm, s)
	return at, err == nil && at.Format(momentForm) == s
}

// thenAddress is the address that something is asked of as of an instant.
func thenAddress(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, thenRoot)
	if !ok {
		return "", false
	}
	i := strings.IndexByte(rest, '/')
	if i < 0 {
		return "", false
	}
	return rest[i:], true
}

// subject is a page that is to be had as of instants.
type subject struct {
	address string // where it stands today
	of      shelf.PageOf
	page    func(*view) (*press.Page, error)
	article dateline.ID // whose page it is; none for lists
	story   dateline.ID // likewise
}

// subject finds the page at an address as today's addresses lead to it. Where something else has to be answered (it was taken down,
// or moved), that is given in its place; root is what precedes the address that something moved to.
func (v *view) subject(a *ask, root string) (*subject, *press.Page, error) {
	path, ok := thenAddress(a.Path)
	if !ok {
		return nil, nil, press.ErrNotFound
	}
	raw := without(a.raw, "before")
	part, err := partOfAddress(v.tx, path, raw)
	if err != nil {
		return nil, nil, err
	}
	l := &lookup{path: path, escaped: path}
	if part {
		l.raw = raw
	}
	l.before, _ = parsePosition(a.Query.Before)
	if s, to := l.fixed(); s != nil || to != "" {
		if to != "" {
			return nil, movedTo(root+to, v.keys), nil
		}
		return s, nil, nil
	}
	r, err := l.resolve(v, l.path, l.raw)
	if err != nil {
		return nil, nil, err
	}
	if r.Found == shelf.FoundNothing {
		return v.noSubject(l, root)
	}
	return v.subjectOf(l, r, root)
}

// fixed are the pages that are at fixed addresses; to is the same address as it is written.
func (a *lookup) fixed() (s *subject, to string) {
	switch {
	case a.raw != "":
		return nil, ""
	case a.path == "/":
		return &subject{address: "/", of: shelf.HomePage(), page: (*view).homeAsArranged}, ""
	case strings.TrimSuffix(a.path, "/") == correctionsAddress:
		if a.path != correctionsAddress {
			return nil, correctionsAddress
		}
		return &subject{address: a.path, of: shelf.CorrectionsPage(), page: func(v *view) (*press.Page, error) { return v.corrections(a.before) }}, ""
	}
	day := route{pattern: "/{yyyy}/{mm}/{dd}/", parts: []string{"{yyyy}", "{mm}", "{dd}"}}
	params, ok := day.match(strings.Split(strings.Trim(a.path, "/"), "/"))
	if !ok {
		return nil, ""
	}
	if canonical := day.canonical(a.path); canonical != a.path {
		return nil, canonical
	}
	d, ok := dateOf(params)
	if !ok {
		return nil, ""
	}
	return &subject{address: a.path, of: shelf.DayPage(d), page: func(v *view) (*press.Page, error) { return v.day(d, a.path, a.before) }}, ""
}

// noSubject answers where nothing stands: what was taken down has its tombstone below its address too, and an address that is written
// otherwise leads on.
func (v *view) noSubject(l *lookup, root string) (*subject, *press.Page, error) {
	if base, page, _ := splitBelow(l.path); page != "" {
		r, err := l.resolve(v, base, l.raw)
		if err != nil {
			return nil, nil, err
		}
		switch r.Found {
		case shelf.FoundGone:
			p, err := v.goneSubject(r, root)
			return nil, p, err
		case shelf.FoundRedirect:
			return nil, movedTo(root+r.To, v.keys), nil
		}
	}
	page, err := l.variant(v)
	if err == nil && page.Location != "" {
		page = movedTo(root+page.Location, v.keys)
	}
	return nil, page, err
}

func (v *view) goneSubject(r shelf.Resolution, root string) (*press.Page, error) {
	p, err := v.tombstone(r.Tombstone)
	if err == nil && p.Location != "" {
		p = movedTo(root+p.Location, v.keys)
	}
	return p, err
}

func (v *view) subjectOf(l *lookup, r shelf.Resolution, root string) (*subject, *press.Page, error) {
	s := &subject{page: func(w *view) (*press.Page, error) { return l.foundPage(w, r) }}
	var err error
	switch r.Found {
	case shelf.FoundGone:
		p, err := v.goneSubject(r, root)
		return nil, p, err
	case shelf.FoundArticle, shelf.FoundPage:
		s.of, s.article = shelf.ArticlePage(r.ID), r.ID
	case shelf.FoundSection:
		s.of = shelf.ListPage(shelf.InSection(r.ID))
	case shelf.FoundTopic:
		s.of = shelf.ListPage(shelf.OnTopic(r.ID))
	case shelf.FoundPerson:
		who, err := v.person(r.ID)
		if err != nil {
			return nil, nil, notFound(err)
		}
		if who.Erased {
			p, err := l.personPage(v, r.ID)
			return nil, p, err
		}
		s.of = shelf.ListPage(personLists(who)...)
	case shelf.FoundStory:
		if _, err := v.tx.Story(r.ID); missing(err) {
			p, err := v.storyGone(r.ID)
			return nil, p, err
		}
		s.of, s.story = shelf.StoryPage(r.ID), r.ID
	}
	if s.address, err = v.canonical(r); err != nil {
		return nil, nil, notFound(err)
	}
	if s.address != l.whole() {
		return nil, movedTo(root+s.address, v.keys), nil
	}
	return s, nil, nil
}

// goneThen answers for what the tombstones know, while the shelf may not have seen the withdrawal yet.
func (s *Site) goneThen(ctx context.Context, req *press.Request, address string) (*press.Entry, error) {
	return s.once(ctx, func(v *view) (*press.Page, error) {
		root := strings.TrimSuffix(req.Path, address)
		_, page, err := v.subject(&ask{Path: req.Path, raw: req.RawQuery}, root)
		if err != nil && !errors.Is(err, press.ErrNotFound) {
			return nil, err
		}
		if page == nil || page.Status == 200 {
			page = v.html(410, s.conf.Renderer.Tombstone(&render.TombstonePage{Frame: v.frame("", ""), Kind: dateline.WithdrawnLegal}))
		}
		return unkeptPage(page), nil
	})
}

// unkeptPage is a page that nobody may keep or index.
func unkeptPage(p *press.Page, lines ...press.Line) *press.Page {
	p.Class, p.Once, p.Article = press.Unkept, true, ""
	p.Extra = append(append(p.Extra, press.Line{Name: "X-Robots-Tag", Values: []string{"noindex"}}), lines...)
	return p
}

// leading answers that what is asked for is at another address this time.
func leading(to string, lines ...press.Line) *press.Page {
	p := movedTo(to, nil)
	p.Status, p.Plain = 302, true
	return unkeptPage(p, lines...)
}

// memento answers with a page as it stood at an instant. Any other instant leads to that of the page's last change before it, so that
// there are only as many such addresses as changes.
func (s *Site) memento(ctx context.Context, a *ask) (*press.Entry, error) {
	at, ok := parseMoment(a.params[0])
	if !ok {
		return nil, press.ErrNotFound
	}
	return s.once(ctx, func(v *view) (*press.Page, error) {
		sub, page, err := v.subject(a, momentRoot(at))
		if err != nil {
			return nil, err
		}
		if page == nil {
			page, err = v.memento(sub, at, a.Query.Before)
		}
		if err != nil {
			return nil, err
		}
		return unkeptPage(page), nil
	})
}

func (v *view) memento(sub *subject, at time.Time, before string) (*press.Page, error) {
	last, err := v.tx.ChangedBefore(sub.of, at, 2)
	if err != nil {
		return nil, err
	}
	if len(last) == 0 {
		return v.notThen(sub, at, render.ThenNotYet)
	}
	if !last[0].Equal(at) {
		to := momentRoot(last[0]) + sub.address
		if before != "" {
			to = withQuery(to, "before", before)
		}
		return leading(to), nil
	}
	w, err := v.asOf(sub, last)
	if err != nil {
		return nil, err
	}
	if sub.article != "" {
		card, err := w.tx.Card(sub.article)
		switch {
		case errors.Is(err, shelf.ErrRemoved):
			return v.notThen(sub, at, render.ThenRemoved)
		case missing(err):
			return v.notThen(sub, at, render.ThenAway)
		case err != nil:
			return nil, err
		case card.Imported && card.Edition == 1:
			w.then.Imported = card.Modified
		}
	}
	if sub.story != "" {
		if _, err := w.tx.Story(sub.story); missing(err) {
			return v.notThen(sub, at, render.ThenAway)
		} else if err != nil {
			return nil, err
		}
	}
	page, err := sub.page(w)
	if err != nil {
		return nil, err
	}
	states, err := v.states(sub, last, w.then.Until)
	if err != nil {
		return nil, err
	}
	page.Extra = append(page.Extra, press.Line{Name: "Memento-Datetime", Values: []string{at.Format(http.TimeFormat)}}, v.links(sub, states))
	return page, nil
}

// asOf is the view of a page as it stood at the first of its last changes.
func (v *view) asOf(sub *subject, last []time.Time) (*view, error) {
	at := last[0]
	tx, err := v.tx.AsOf(at)
	if err != nil {
		return nil, err
	}
	w := &view{ctx: v.ctx, s: v.s, tx: tx, now: at, lang: v.lang, then: &render.Then{At: at, Base: momentRoot(at), Address: sub.address}}
	if w.paper, err = readPaper(tx); err != nil {
		return nil, err
	}
	if len(last) > 1 {
		w.then.Earlier = momentRoot(last[1]) + sub.address
	}
	next, err := v.tx.ChangedAfter(sub.of, at, 1)
	if len(next) > 0 {
		w.then.Until, w.then.Later = next[0], momentRoot(next[0])+sub.address
	}
	return w, err
}

// notThen says why a thing cannot be shown as of an instant, and where it can.
func (v *view) notThen(sub *subject, at time.Time, why render.ThenProblem) (*press.Page, error) {
	p := &render.ThenPage{Frame: v.frame("", ""), Of: sub.address, Asked: at, Problem: why}
	status := 404
	switch why {
	case render.ThenRemoved:
		status = 410
	case render.ThenNotYet:
		first, err := v.tx.ChangedAfter(sub.of, always, 1)
		if err != nil {
			return nil, err
		}
		if len(first) > 0 {
			p.First, p.FirstAt = first[0], momentRoot(first[0])+sub.address
		}
	}
	return v.html(status, v.s.conf.Renderer.ThenForm(p)), nil
}

// state is one of a page's states with its part among those that a Link field names.
type state struct {
	at   time.Time
	rels []string
}

// states are the first and the last of a page, and those around the one that is shown: itself and the one before it, and the next.
func (v *view) states(sub *subject, around []time.Time, next time.Time) ([]state, error) {
	first, err := v.tx.ChangedAfter(sub.of, always, 1)
	if err != nil {
		return nil, err
	}
	last, err := v.tx.ChangedBefore(sub.of, never, 1)
	if err != nil {
		return nil, err
	}
	var list []state
	add := func(at time.Time, rel string) {
		for i := range list {
			if list[i].at.Equal(at) {
				if rel != "" {
					list[i].rels = append(list[i].rels, rel)
				}
				return
			}
		}
		s := state{at: at}
		if rel != "" {
			s.rels = []string{rel}
		}
		list = append(list, s)
	}
	for _, at := range first {
		add(at, "first")
	}
	if len(around) > 1 {
		add(around[1], "prev")
	}
	if len(around) > 0 {
		add(around[0], "")
	}
	if !next.IsZero() {
		add(next, "next")
	}
	for _, at := range last {
		add(at, "last")
	}
	return list, nil
}

// links is the Link field of a state or a TimeGate (RFC 7089, section 2.2).
func (v *view) links(sub *subject, list []state) press.Line {
	parts := []string{fmt.Sprintf(`<%s>; rel="original"`, v.absolute(sub.address)),
		fmt.Sprintf(`<%s>; rel="timegate"`, v.absolute(gateRoot+sub.address)),
		fmt.Sprintf(`<%s>; rel="timemap"; type="application/link-format"`, v.absolute(mapRoot+sub.address))}
	for _, s := range list {
		parts = append(parts, v.stateLink(sub, s, "; "))
	}
	return press.Line{Name: "Link", Values: []string{strings.Join(parts, ", ")}}
}

func (v *view) stateLink(sub *subject, s state, sep string) string {
	return fmt.Sprintf(`<%s>%srel="%s"%sdatetime="%s"`, v.absolute(momentRoot(s.at)+sub.address), sep, strings.Join(append(slices.Clone(s.rels), "memento"), " "), sep, s.at.Format(http.TimeFormat))
}

// announced tells machines on a page that readers have where it is to be had as of an instant.
func (v *view) announced(address string, page *press.Page, err error) (*press.Page, error) {
	if err != nil || page.Status != 200 || v.private != nil {
		return page, err
	}
	page.Extra = append(page.Extra, press.Line{Name: "Link", Values: []string{fmt.Sprintf(`<%s>; rel="timegate", <%s>; rel="timemap"; type="application/link-format"`,
		v.absolute(gateRoot+address), v.absolute(mapRoot+address))}})
	return page, nil
}

// varies says that a TimeGate's answer depends on the instant that was asked for.
var varies = press.Line{Name: "Vary", Values: []string{"Accept-Datetime"}}

// timeGate leads to a page as it stood at the instant of Accept-Datetime, and without that to its newest state (RFC 7089, section
// 4.2). An instant before the first state leads to the first.
func (s *Site) timeGate(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.once(ctx, func(v *view) (*press.Page, error) {
		sub, page, err := v.subject(a, gateRoot)
		if err != nil {
			return nil, err
		}
		if page != nil {
			return unkeptPage(page), nil
		}
		at := never
		if a.datetime != "" {
			if at, err = time.Parse(http.TimeFormat, a.datetime); err != nil || at.Format(http.TimeFormat) != a.datetime {
				p := v.data("text/plain; charset=utf-8", []byte("Accept-Datetime is no instant such as Tue, 30 Jun 2026 08:35:00 GMT (RFC 9110, section 5.6.7).\n"))
				p.Status, p.Plain = 400, true
				return unkeptPage(p, varies, v.links(sub, nil)), nil
			}
		}
		last, err := v.tx.ChangedBefore(sub.of, at, 1)
		if err == nil && len(last) == 0 {
			last, err = v.tx.ChangedAfter(sub.of, always, 1)
		}
		if err != nil || len(last) == 0 {
			return nil, orNotFound(err)
		}
		states, err := v.states(sub, last, time.Time{})
		if err != nil {
			return nil, err
		}
		return leading(momentRoot(last[0])+sub.address, varies, v.links(sub, states)), nil
	})
}

// timeMap lists a page's states in the form of RFC 6690 (RFC 7089, section 5), the newest of them, oldest first; it leads to a list of
// those before.
func (s *Site) timeMap(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.once(ctx, func(v *view) (*press.Page, error) {
		sub, page, err := v.subject(a, mapRoot)
		if err != nil {
			return nil, err
		}
		if page != nil {
			return unkeptPage(page), nil
		}
		self, until := mapRoot+sub.address, never
		if at, ok := parseMoment(a.Query.Before); ok {
			self, until = withQuery(self, "before", a.Query.Before), at
		}
		list, err := v.tx.ChangedBefore(sub.of, until, mapStates+1)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			return nil, press.ErrNotFound
		}
		body, err := v.timeMap(sub, self, list)
		if err != nil {
			return nil, err
		}
		return unkeptPage(v.data("application/link-format", body)), nil
	})
}

func (v *view) timeMap(sub *subject, self string, list []time.Time) ([]byte, error) {
	ends, err := v.states(sub, nil, time.Time{})
	if err != nil {
		return nil, err
	}
	older := ""
	if len(list) > mapStates {
		older = withQuery(mapRoot+sub.address, "before", list[mapStates].Format(momentForm))
	}
	shown := slices.Clone(list[:min(len(list), mapStates)])
	slices.Reverse(shown)
	lines := []string{fmt.Sprintf(`<%s>;rel="original"`, v.absolute(sub.address)),
		fmt.Sprintf(`<%s>;rel="self";type="application/link-format";from="%s";until="%s"`, v.absolute(self), shown[0].Format(http.TimeFormat), shown[len(shown)-1].Format(http.TimeFormat)),
		fmt.Sprintf(`<%s>;rel="timegate"`, v.absolute(gateRoot+sub.address))}
	if older != "" {
		lines = append(lines, fmt.Sprintf(`<%s>;rel="timemap";type="application/link-format";until="%s"`, v.absolute(older), list[mapStates].Format(http.TimeFormat)))
	}
	for _, at := range shown {
		s := state{at: at}
		for _, end := range ends {
			if end.at.Equal(at) {
				s = end
			}
		}
		lines = append(lines, v.stateLink(sub, s, ";"))
	}
	return []byte(strings.Join(lines, ",\n") + "\n"), nil
}

// thenForm asks for an instant, and leads to the page as it stood then. Date and time are of the paper's zone; without a time it is
// the end of the day.
func (s *Site) thenForm(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.once(ctx, func(v *view) (*press.Page, error) {
		of := a.Query.Of
		if !strings.HasPrefix(of, "/") || strings.HasPrefix(of, "//") {
			of = "/"
		}
		p := &render.ThenPage{Frame: v.frame("", ""), Of: of, Problem: render.ThenFine}
		status := 200
		if a.Query.On != "" || a.Query.At != "" {
			at, ok := v.instant(a.Query.On, a.Query.At)
			if ok {
				return leading(momentRoot(at) + of), nil
			}
			p.Problem, status = render.ThenBad, 400
		}
		return unkeptPage(v.html(status, s.conf.Renderer.ThenForm(p))), nil
	})
}

// instant reads a date and a time in the paper's zone: the end of the second, the minute or the day that they name.
func (v *view) instant(on, at string) (time.Time, bool) {
	switch len(at) {
	case 0:
		at = "23:59:59"
	case len("15:04"):
		at += ":59"
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05", on+" "+at, v.paper.pub.Zone)
	return t.UTC(), err == nil
}
