package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/site/press"
)

// benchRenders is how many pages are rendered, and benchCold how many questions are asked cold in each order.
const (
	benchRenders = 300
	benchCold    = 60
)

// measureFigures are taken in one process with the newsroom open. Times are milliseconds, memory megabytes.
type measureFigures struct {
	Rebuild       float64       `json:"rebuild_rate"` // entries a second
	RebuildMemory float64       `json:"rebuild_memory"`
	Shelf         float64       `json:"shelf_file"`
	Render        spread        `json:"render"`
	Compress      spread        `json:"render_compressed"`
	RenderWords   int           `json:"render_words"` // of the articles, on average
	Hit           spread        `json:"hit"`
	Story         spread        `json:"story"`
	History       spread        `json:"history"`        // of benchEditions editions
	Difference    spread        `json:"difference"`     // of two editions of benchEditionWords words
	HomeThen      spread        `json:"home_then"`      // as of instants spread over all years
	StoryArticles int           `json:"story_articles"` // of the story that was measured
	StoryNew      spread        `json:"story_new"`      // what is new in it since the change before
	StoryLong     spread        `json:"story_long"`     // what is new in it since it was first told, all changes of its status being later
	Fronts        spread        `json:"fronts"`         // rules of benchFronts fronts, evaluated
	Publish       spread        `json:"publish"`
	Unconfirmed   int           `json:"unconfirmed"` // addresses of receipts
	Addresses     int           `json:"addresses"`   // of one receipt, on average
	Warm          searchFigures `json:"search_warm"`
	Verify        float64       `json:"verify_rate"` // entries a second, of the desk's own record with its words
	Proof         spread        `json:"proof"`       // an article's page of proofs, made anew
	Memory        float64       `json:"memory"`      // the most that was resident
}

type searchFigures struct {
	Fit  spread `json:"by_fit"`
	Date spread `json:"by_date"`
}

type benchMeasureCommand struct {
	inFolder
	Articles  int
	Hits      int `default:"200"` // rounds of a hundred requests
	Publishes int `default:"200"`
	Questions int `default:"300"` // in each order
}

// Run measures and prints what it found as JSON.
func (c benchMeasureCommand) Run(ctx context.Context, s streams) (err error) {
	r, err := openRoom(ctx, c.Dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	b := &bench{benchMeasureCommand: c, room: r, corpus: newCorpus(c.Articles)}
	if err := b.rebuild(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.program.Close()) }()
	b.found.RebuildMemory = memoryLine("self", "VmHWM")
	for _, part := range []func(context.Context) error{b.renders, b.hits, b.questions, b.publishes, b.story, b.fronts, b.homeThen, b.editions, b.proofs, b.verify} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	b.found.Memory = memoryLine("self", "VmHWM")
	return printJSON(s.out, b.found)
}

// bench is a newsroom that is measured.
type bench struct {
	benchMeasureCommand
	room    *room
	program *program
	corpus  *corpus
	found   measureFigures
}

// rebuild opens the site's side without its shelf.
func (b *bench) rebuild(ctx context.Context) (err error) {
	if err := os.RemoveAll(b.room.folder.site()); err != nil {
		return err
	}
	var entries int64
	if err := b.room.desk.View(ctx, func(tx desk.Tx) (err error) {
		entries, err = tx.Sequence()
		return err
	}); err != nil {
		return err
	}
	begin := time.Now()
	if b.program, err = newProgram(ctx, b.room, b.room.log, entrance{}, newProgress(os.Stderr)); err != nil {
		return err
	}
	b.found.Rebuild = float64(entries) / time.Since(begin).Seconds()
	b.found.Shelf = megabytes(b.room.folder.path("site", "shelf.db"), b.room.folder.path("site", "shelf.db-wal"))
	return nil
}

// get asks the site for a page as a reader's browser does, and fails where it is not answered.
func (b *bench) get(ctx context.Context, req *press.Request) (time.Duration, error) {
	req.Accept = press.ParseAccept("gzip, br")
	return b.getAs(ctx, req)
}

func (b *bench) getAs(ctx context.Context, req *press.Request) (time.Duration, error) {
	req.Method, req.Escaped = "GET", req.Path
	begin := time.Now()
	answer := b.program.site.Serve(ctx, req)
	took := time.Since(begin)
	if answer.Status != 200 {
		return 0, fmt.Errorf("%s answers %d", req.Path, answer.Status)
	}
	return took, nil
}

// middling are articles of about 800 words, spread over the years; where there are too few, the nearest in length.
func (b *bench) middling() (list []generated) {
	for margin := 40; len(list) < min(benchRenders, b.corpus.articles/10) && margin < 1600; margin *= 2 {
		list = list[:0]
		step := max(1, b.corpus.articles/20_000)
		for i := 0; i < b.corpus.articles && len(list) < benchRenders; i += step {
			g := b.corpus.article(i)
			if words := len(strings.Fields(strings.Join(g.paragraphs, " "))); words > 800-margin && words < 800+margin {
				list = append(list, g)
			}
		}
	}
	return list
}

// renders measures pages that nobody has asked for before: every other one is read from the shelf, rendered and hashed,
// and those between are compressed too.
func (b *bench) renders(ctx context.Context) error {
	var times [2][]float64
	list := b.middling()
	for i, g := range list {
		accept := []string{"", "gzip, br"}[i%2]
		took, err := b.getAs(ctx, &press.Request{Path: g.address(), Accept: press.ParseAccept(accept)})
		if err != nil {
			return err
		}
		times[i%2] = append(times[i%2], milliseconds(took))
		b.found.RenderWords += len(strings.Fields(strings.Join(g.paragraphs, " ")))
	}
	b.found.RenderWords /= max(1, len(list))
	b.found.Render, b.found.Compress = spreadOf(times[0]), spreadOf(times[1])
	return nil
}

// hits measures a page that is in the cache.
func (b *bench) hits(ctx context.Context) error {
	g := b.corpus.article(b.corpus.articles - 1)
	if _, err := b.get(ctx, &press.Request{Path: g.address()}); err != nil {
		return err
	}
	var times []float64
	for range b.Hits {
		begin := time.Now()
		for range 100 {
			if _, err := b.get(ctx, &press.Request{Path: g.address()}); err != nil {
				return err
			}
		}
		times = append(times, milliseconds(time.Since(begin))/100)
	}
	b.found.Hit = spreadOf(times)
	return nil
}

func (b *bench) questions(ctx context.Context) (err error) {
	b.found.Warm, err = b.search(ctx, b.Questions, func() error { return nil })
	return err
}

// search asks questions of one and of two words: a third rare, a third middling, a third among the sixty commonest.
func (b *bench) search(ctx context.Context, n int, before func() error) (f searchFigures, err error) {
	for _, order := range []struct {
		by   string
		into *spread
	}{{"relevance", &f.Fit}, {"date", &f.Date}} {
		r := rand.New(rand.NewPCG(7, uint64(n)))
		var times []float64
		for i := range n {
			words := b.corpus.word(r, i)
			if i%2 == 1 {
				words += " " + b.corpus.word(r, i)
			}
			if err := before(); err != nil {
				return f, err
			}
			took, err := b.get(ctx, &press.Request{Path: "/search", Query: press.Query{Words: words, By: order.by}})
			if err != nil {
				return f, err
			}
			times = append(times, milliseconds(took))
		}
		*order.into = spreadOf(times)
	}
	return f, nil
}

// publishes measures from the editor's act to the receipt in which every address has answered.
func (b *bench) publishes(ctx context.Context) error {
	section, topics, person, err := b.references(ctx)
	if err != nil {
		return err
	}
	var times []float64
	for i := range b.Publishes {
		g := b.corpus.article(i * max(1, b.corpus.articles/b.Publishes) % b.corpus.articles)
		body, err := bodyJSON(markup.FromText(strings.Join(g.paragraphs, "\n\n")))
		if err != nil {
			return err
		}
		a, err := b.room.desk.Create(ctx, local, dateline.KindArticle, dateline.Content{Section: section, Topics: topics, Byline: []dateline.Credit{{Person: person}},
			Headline: g.headline, Standfirst: g.standfirst, Body: body, Language: "en"})
		if err != nil {
			return err
		}
		begin := time.Now()
		res, err := b.room.desk.Publish(ctx, local, desk.Target{ID: a.ID, Version: a.Version}, desk.Publishing{Change: dateline.ChangeFirst})
		if err != nil {
			return err
		}
		receipt, err := b.room.confirm(ctx, res.Sequence)
		if err != nil {
			return err
		}
		times = append(times, milliseconds(time.Since(begin)))
		b.found.Addresses += len(receipt.Addresses)
		for _, line := range receipt.Addresses {
			if !line.Confirmed {
				b.found.Unconfirmed++
			}
		}
	}
	b.found.Addresses /= b.Publishes
	b.found.Publish = spreadOf(times)
	return nil
}

// proofs measures pages of proofs that nobody has asked for before.
func (b *bench) proofs(ctx context.Context) error {
	var times []float64
	for i := range min(benchRenders, b.corpus.articles) {
		g := b.corpus.article(i * max(1, b.corpus.articles/benchRenders) % b.corpus.articles)
		took, err := b.get(ctx, &press.Request{Path: g.address() + "/proof"})
		if err != nil {
			return err
		}
		times = append(times, milliseconds(took))
	}
	b.found.Proof = spreadOf(times)
	return nil
}

// verify measures the verification of the whole record.
func (b *bench) verify(ctx context.Context) error {
	begin := time.Now()
	proved, err := verifyFolder(ctx, b.room.folder, "", func(string, int64, int64) {})
	if err != nil {
		return err
	}
	if len(proved.Faults) > 0 {
		return fmt.Errorf("the record does not verify: %v", proved.Faults)
	}
	b.found.Verify = float64(proved.Entries) / time.Since(begin).Seconds()
	return nil
}

// references are what a published article refers to: the section, topics and person of the most articles.
func (b *bench) references(ctx context.Context) (section dateline.ID, topics []dateline.ID, person dateline.ID, err error) {
	sections, err := b.room.desk.ListSections(ctx, local, desk.Page{Prefix: b.corpus.sections[0]})
	if err != nil || len(sections) == 0 {
		return "", nil, "", errors.Join(err, fmt.Errorf("the corpus has %d sections", len(sections)))
	}
	known, err := b.room.desk.ListTopics(ctx, local, desk.Page{Prefix: "topic-", Limit: 3})
	if err != nil {
		return "", nil, "", err
	}
	for _, t := range known {
		topics = append(topics, t.ID)
	}
	persons, err := b.room.desk.ListPersons(ctx, local, desk.Page{Limit: 1})
	if err != nil || len(persons) == 0 {
		return "", nil, "", errors.Join(err, fmt.Errorf("the corpus has %d persons", len(persons)))
	}
	return sections[0].ID, topics, persons[0].ID, nil
}

type benchSearchCommand struct {
	inFolder
}

// Run asks questions of a site whose shelf the machine holds nothing of in its memory, and prints what it found as JSON.
func (c benchSearchCommand) Run(ctx context.Context, s streams) (err error) {
	r, err := openRoom(ctx, c.Dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	forget, end, err := forgetting(c.Dir.path("site", "shelf.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	b := &bench{room: r, corpus: newCorpus(1)}
	if b.program, err = newProgram(ctx, r, r.log, entrance{}, newProgress(s.err)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.program.Close()) }()
	figures, err := b.search(ctx, benchCold, forget)
	if err != nil {
		return err
	}
	return printJSON(s.out, figures)
}
