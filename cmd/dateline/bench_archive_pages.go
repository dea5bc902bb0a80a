package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
	"slices"
	"time"

	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/reads"
)

type benchArchivePagesCommand struct {
	Dir      folder `help:"Where the shelf stands, or is made." required:"" placeholder:"DIR"`
	Articles int    `help:"How many." default:"20000"`
	Pages    int    `help:"How many pages are made in each round, drawn at random, none twice." default:"2000"`
	Rounds   int    `help:"How many rounds." default:"3"`
	Profile  string `help:"Where what the processor did is written." placeholder:"FILE"`
}

// Help gives the example.
func (benchArchivePagesCommand) Help() string {
	return `Makes the shelf of a generated archive where there is none, and pages of articles that are not in memory, one after the other: what reading,
rendering, tag and compression take in microseconds of the clock, and what a page costs the processor, the collection of garbage counted, when it is answered as
it is and with gzip.

Example:
  dateline bench archive-pages --dir /tmp/archive --articles 100000`
}

// pagesFigures say what pages cost that are not in memory.
type pagesFigures struct {
	shelf, render, tag, gzip, zstd, brotli []float64 // microseconds of the clock, page by page
	identity, compressed                   []float64 // microseconds of the processor, round by round
}

// Run measures and prints.
func (c benchArchivePagesCommand) Run(ctx context.Context, s streams) (err error) {
	source, err := newArchiveSource(c.Articles)
	if err != nil {
		return err
	}
	sh, err := benchArchiveCommand{Articles: c.Articles, Dir: c.Dir}.made(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sh.Close()) }()
	readers := site.New(site.Config{Shelf: sh, Renderer: render.New(render.Options{}), Reads: &reads.Counter{},
		Failed: func(err error) { fmt.Fprintln(s.err, err) }})
	defer readers.Close()
	addresses := source.corpus.random()
	next := func() (list []string, err error) {
		if len(addresses) < c.Pages {
			return nil, fmt.Errorf("%d articles are too few for %d rounds of %d pages, three each and one before", c.Articles, c.Rounds, c.Pages)
		}
		list, addresses = addresses[:c.Pages], addresses[c.Pages:]
		return list, nil
	}
	if c.Profile != "" {
		f, err := os.Create(c.Profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer func() { pprof.StopCPUProfile(); err = errors.Join(err, f.Close()) }()
	}
	var found pagesFigures
	for round := range c.Rounds + 1 {
		list, err := next()
		if err != nil {
			return err
		}
		if round == 0 { // what articles have in common is remembered from here on
			if _, err := c.answered(ctx, readers, list, ""); err != nil {
				return err
			}
			continue
		}
		if err := found.parts(ctx, readers, list); err != nil {
			return err
		}
		for encoding, into := range map[string]*[]float64{"identity": &found.identity, "gzip": &found.compressed} {
			if list, err = next(); err != nil {
				return err
			}
			cost, err := c.answered(ctx, readers, list, encoding)
			if err != nil {
				return err
			}
			*into = append(*into, cost)
		}
	}
	return found.print(s)
}

// answered asks for pages and gives the microseconds of the processor that one took.
func (c benchArchivePagesCommand) answered(ctx context.Context, readers *site.Site, list []string, encoding string) (float64, error) {
	begin := processorTime(os.Getpid())
	for _, address := range list {
		r := readers.Serve(ctx, &press.Request{Method: "GET", Path: address, Escaped: address, Accept: press.ParseAccept(encoding)})
		if r.Status != 200 {
			return 0, fmt.Errorf("%s is answered %d", address, r.Status)
		}
	}
	return 1000 * milliseconds(processorTime(os.Getpid())-begin) / float64(len(list)), nil
}

func (f *pagesFigures) parts(ctx context.Context, readers *site.Site, list []string) error {
	for _, address := range list {
		p, err := readers.Parts(ctx, address)
		if err != nil {
			return err
		}
		for _, part := range []struct {
			into *[]float64
			took time.Duration
		}{{&f.shelf, p.Shelf}, {&f.render, p.Render}, {&f.tag, p.Tag}, {&f.gzip, p.Gzip}, {&f.zstd, p.Zstd}, {&f.brotli, p.Brotli}} {
			*part.into = append(*part.into, 1000*milliseconds(part.took))
		}
	}
	return nil
}

func (f *pagesFigures) print(s streams) error {
	w := bufio.NewWriter(s.out)
	for _, part := range []struct {
		name  string
		times []float64
	}{{"shelf", f.shelf}, {"rendering", f.render}, {"tag", f.tag}, {"gzip", f.gzip}, {"zstd", f.zstd}, {"brotli", f.brotli}} {
		t := spreadOf(part.times)
		fmt.Fprintf(w, "%-10s %4.0f µs (%.0f–%.0f; p99 %.0f)\n", part.name, t.Median, t.Low, t.High, t.P99)
	}
	for _, whole := range []struct {
		name string
		cost []float64
	}{{"identity", f.identity}, {"gzip", f.compressed}} {
		slices.Sort(whole.cost)
		cost := whole.cost[len(whole.cost)/2]
		fmt.Fprintf(w, "a page, %-8s %4.0f µs of the processor (%.0f–%.0f): %.0f a second\n", whole.name, cost, whole.cost[0], whole.cost[len(whole.cost)-1], 1e6/cost)
	}
	return w.Flush()
}
