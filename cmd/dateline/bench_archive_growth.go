package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site"
	"github.com/datelinehq/dateline/site/press"
)

// growth is what one piece of work costs at two sizes of the archive, in milliseconds of the processors: medians of rounds that were taken of
// one and the other in turn.
type growth struct {
	Name   string  `json:"name"`
	Beside int     `json:"beside"` // articles of the small one
	Aim    float64 `json:"aim"`
	Small  float64 `json:"small"`
	Large  float64 `json:"large"`
}

// Ratio is how many times the small archive's cost the large one's is.
func (g growth) Ratio() float64 { return g.Large / g.Small }

// grown is one of the two archives, with a site that keeps pages and one that makes each anew.
type grown struct {
	archive
	kept, anew *site.Site
	last       record.Entry // what was published last, for its receipt
	published  int
	waiting    int // of them, not applied yet
	end        func() error
}

var _ site.Record = (*grown)(nil)

// Entry gives the entry that was published last.
func (g *grown) Entry(_ context.Context, seq int64) (record.Entry, error) {
	if seq != g.last.Sequence {
		return record.Entry{}, fmt.Errorf("entry %d is not the last one", seq)
	}
	return g.last, nil
}

func (c benchArchiveCommand) openGrown(articles int) (*grown, error) {
	source, err := newArchiveSource(articles)
	if err != nil {
		return nil, err
	}
	c.Dir = folder(c.Dir.path(fmt.Sprint(articles)))
	sh, err := c.open()
	if err != nil {
		return nil, err
	}
	g := &grown{archive: archive{benchArchiveCommand: c, archiveSource: source, shelf: sh, rand: rand.New(rand.NewPCG(9, 9))}}
	g.kept = site.New(site.Config{Shelf: sh, Renderer: render.New(render.Options{}), Record: g})
	g.anew = site.New(site.Config{Shelf: sh, Renderer: render.New(render.Options{}), CacheBytes: 1})
	g.end = func() error {
		g.kept.Close()
		g.anew.Close()
		return sh.Close()
	}
	return g, nil
}

// grow measures how the cost of readers' pages and of publishing grows with the archive.
func (c benchArchiveCommand) grow(ctx context.Context, s streams) (err error) {
	var sizes [2]*grown
	for i, n := range []int{c.small(), c.Articles} {
		g, err := c.openGrown(n)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, g.end()) }()
		sizes[i] = g
	}
	var found []growth
	for _, w := range growthWorks {
		fmt.Fprintf(s.err, "%s: %s\n", time.Now().UTC().Format(time.TimeOnly), w.name)
		var rounds [2][]float64
		for range c.Rounds {
			for i, g := range sizes {
				took, err := w.round(ctx, g)
				if err != nil {
					return err
				}
				rounds[i] = append(rounds[i], took)
			}
		}
		found = append(found, growth{w.name, c.small(), w.aim, median(rounds[0]), median(rounds[1])})
	}
	return printJSON(s.out, map[string][]growth{"growth": found})
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// growthWork is a piece of work that is measured at two sizes.
type growthWork struct {
	name  string
	aim   float64 // how many times the small archive's cost it may be
	times int     // in a round
	// ready makes it ready, which is not measured.
	ready func(context.Context, *grown) (work func() error, err error)
}

var growthWorks = []growthWork{
	{"a page in memory", 1.1, 2000, func(ctx context.Context, g *grown) (func() error, error) {
		return open(ctx, g.kept, g.corpus.address(g.corpus.articles-1)), nil
	}},
	{"publishing, to the receipt", 1.1, 4, publishing},
	{"home, made anew", 1.3, 20, func(ctx context.Context, g *grown) (func() error, error) { return open(ctx, g.anew, "/"), nil }},
	{"first page of a section, made anew", 1.3, 20, func(ctx context.Context, g *grown) (func() error, error) {
		return open(ctx, g.anew, "/"+g.corpus.sections[g.rand.IntN(len(g.corpus.sections))]+"/"), nil
	}},
	{"first page of a topic, made anew", 1.3, 20, func(ctx context.Context, g *grown) (func() error, error) {
		return open(ctx, g.anew, fmt.Sprintf("/topics/topic-%d", g.rand.IntN(40))), nil
	}},
	{"a page not in memory", 1.8, 100, func(ctx context.Context, g *grown) (func() error, error) {
		return open(ctx, g.anew, g.corpus.address(g.rand.IntN(g.corpus.articles))), nil
	}},
}

// round gives the milliseconds of the processors that the work takes on average.
func (w *growthWork) round(ctx context.Context, g *grown) (float64, error) {
	works := make([]func() error, w.times)
	for i := range works {
		var err error
		if works[i], err = w.ready(ctx, g); err != nil {
			return 0, err
		}
	}
	had := spent()
	for _, work := range works {
		if err := work(); err != nil {
			return 0, err
		}
	}
	return milliseconds(spent()-had) / float64(w.times), nil
}

func open(ctx context.Context, s *site.Site, address string) func() error {
	return func() error {
		if answer := s.Serve(ctx, &press.Request{Method: "GET", Path: address, Escaped: address}); answer.Status != 200 {
			return fmt.Errorf("%s answers %d", address, answer.Status)
		}
		return nil
	}
}

// publishing publishes a new article and has its receipt made.
func publishing(ctx context.Context, g *grown) (func() error, error) {
	g.published++
	words := g.corpus.article(g.published) // the same ones at both sizes, but for their date
	words.number, words.first = g.corpus.articles+g.Updates+g.published, g.corpus.until.Add(time.Duration(g.published)*time.Minute)
	e, err := g.edition(g.shelf.Cursor()+int64(g.waiting)+1, words.number, words, 1)
	if err != nil {
		return nil, err
	}
	g.waiting++
	return func() error {
		g.waiting--
		g.last = e
		changes, err := g.shelf.Apply(ctx, []record.Entry{e})
		if err != nil {
			return err
		}
		g.kept.Changed(changes)
		receipt, err := g.kept.Confirm(ctx, e.Sequence)
		if err != nil {
			return err
		}
		for _, l := range receipt.Addresses {
			if !l.Confirmed {
				return fmt.Errorf("%s does not show edition %d of %s: %s", l.Address, receipt.Edition, receipt.Address, l.Detail)
			}
		}
		return nil
	}, nil
}
