package paper

import (
	"slices"
	"strings"
	"time"
)

// Text is an article's words with every date resolved.
type Text struct {
	Headline   string
	Standfirst string
	Body       string  // HTML as markup reads it; links to other articles are "article:NAME"
	Picture    *Figure // the lead picture, or nil
}

// Edition is an article as published at one moment.
type Edition struct {
	Number int // from 1
	At     time.Time
	Change string // first, minor, update, correction, clarification or retraction
	Note   string // the public sentence; none for first and minor
	Text
}

// Plan is what an article that readers do not have yet is meant to become.
type Plan struct {
	State   string    // StateDraft, StateSubmitted or StateScheduled
	Due     time.Time // StateScheduled: when it goes out
	Embargo time.Time // not before this instant; zero where there is none
	Reason  string    // of the embargo
	Text
}

// Withdrawal is the taking down of an article.
type Withdrawal struct {
	At     time.Time
	Kind   string // killed or merged
	Reason string // killed: the sentence on the tombstone
	Into   string // merged: the name of the article it was merged into
}

// EditionsAt gives the article's editions for a demo that is first started at an instant, the oldest first. Instants
// are whole minutes, strictly increasing, and never after the start; dates in the text are counted from the day of the
// first one in the zone given.
func (a Article) EditionsAt(start time.Time, zone *time.Location) []Edition {
	var out []Edition
	var at, day time.Time
	for i, r := range a.revisions[:a.Editions()] {
		at = r.when.past(start, at, zone)
		if i == 0 {
			day = at
		}
		out = append(out, Edition{Number: i + 1, At: at, Change: r.change, Note: resolveDates(r.note, day, a.Language), Text: a.text(r, day)})
	}
	return out
}

// PlanAt gives what is planned for an article that has no edition, and false where it has one. Dates in the text are
// counted from the day it goes out: the schedule's, else the embargo's, else the start's.
func (a Article) PlanAt(start time.Time, zone *time.Location) (Plan, bool) {
	if a.Published() {
		return Plan{}, false
	}
	p := Plan{State: a.State, Reason: a.embargoWhy}
	day := start.In(zone)
	if a.embargo != nil {
		p.Embargo = a.embargo.future(start, zone)
		day = p.Embargo
	}
	if a.State == StateScheduled {
		p.Due = a.due.future(start, zone)
		day = p.Due
	}
	p.Text = a.text(a.revisions[0], day)
	return p, true
}

// WithdrawnAt gives the article's withdrawal, and false where readers can still open it.
func (a Article) WithdrawnAt(start time.Time, zone *time.Location) (Withdrawal, bool) {
	w := a.withdrawal
	if w == nil {
		return Withdrawal{}, false
	}
	var last, day time.Time
	for i, e := range a.EditionsAt(start, zone) {
		last = e.At
		if i == 0 {
			day = e.At
		}
	}
	return Withdrawal{At: w.when.past(start, last, zone), Kind: w.kind, Reason: resolveDates(w.reason, day, a.Language), Into: w.into}, true
}

func (a Article) text(r revision, day time.Time) Text {
	t := Text{
		Headline:   resolveDates(r.headline, day, a.Language),
		Standfirst: resolveDates(r.standfirst, day, a.Language),
		Body:       resolveDates(r.body, day, a.Language),
	}
	if a.picture != nil {
		f := *a.picture
		f.Alt = resolveDates(f.Alt, day, a.Language)
		f.Caption = resolveDates(f.Caption, day, a.Language)
		t.Picture = &f
	}
	return t
}

// Moment is one act of the paper's past: an edition of an article or page, or its withdrawal.
type Moment struct {
	At         time.Time
	Article    string      // the name of its file
	Page       bool        // whether the file is a page
	Edition    *Edition    // nil for a withdrawal
	Withdrawal *Withdrawal // nil for an edition
}

// Timeline gives everything that had happened when the demo was first started, in the order in which it happened.
// Acts of one minute stand in the order of their files' names, an article's own in the order of its editions.
func (p *Paper) Timeline(start time.Time, zone *time.Location) []Moment {
	var out []Moment
	add := func(a Article, page bool) {
		for _, e := range a.EditionsAt(start, zone) {
			out = append(out, Moment{At: e.At, Article: a.Name, Page: page, Edition: &e})
		}
		if w, ok := a.WithdrawnAt(start, zone); ok {
			out = append(out, Moment{At: w.At, Article: a.Name, Page: page, Withdrawal: &w})
		}
	}
	for _, a := range p.Pages {
		add(a, true)
	}
	for _, a := range p.Articles {
		add(a, false)
	}
	slices.SortStableFunc(out, func(a, b Moment) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.Article, b.Article)
	})
	return out
}
