package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/search"
	"github.com/datelinehq/dateline/site"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// The articles of the small archive, beside which growth is measured, and the bytes of pages that are kept.
const (
	archiveSmall = 10_000
	archiveCache = 128 << 20
)

type benchArchiveCommand struct {
	Articles int    `help:"How many." default:"1000000"`
	Keep     string `help:"Build the archive in this folder where it is not there yet, and leave it: what is measured is a copy." placeholder:"DIR"`
	JSON     bool   `help:"Print JSON."`
	Part     string `hidden:"" enum:",build,ask,grow" default:""`
	Dir      folder `hidden:"" default:"."`

	Questions int `hidden:"" default:"400"` // of each kind
	Updates   int `hidden:"" default:"600"`
	Pages     int `hidden:"" default:"20000"` // that readers open, each another
	Rounds    int `hidden:"" default:"25"`    // in which the large archive and the small one are asked in turn
}

// Help gives the example.
func (benchArchiveCommand) Help() string {
	return `Builds the site's shelf of that many generated articles from a record that is made as it is read, without a desk; asks it, changes it, and takes it
away. DATELINE_BENCH_DIR names where. A million articles take ten gigabytes of disk and, on two quiet processors, some minutes. With --keep the archive is
built once and measured as often as wanted.

Examples:
  dateline bench archive --articles 100000
  dateline bench archive --keep /var/tmp/archives`
}

// archiveFigures say how large a shelf is and how quick its search. Sizes are megabytes, times milliseconds.
type archiveFigures struct {
	archiveBuilt
	archiveAsked
	Growth []growth `json:"growth"`
}

type archiveBuilt struct {
	Articles    int     `json:"articles"`
	Rebuild     float64 `json:"rebuild_rate"` // entries a second, making them counted
	BuildMemory float64 `json:"rebuild_memory"`
	Text        float64 `json:"text"` // headlines, standfirsts and bodies as plain text
	Shelf       float64 `json:"shelf"`
}

type archiveAsked struct {
	Before    questionFigures `json:"built"`
	After     questionFigures `json:"changed"` // after the updates, before anything is tidied
	Suggest   worked          `json:"suggest"`
	Hostile   worked          `json:"hostile"` // twelve of the sixty commonest words, by fit
	Fronts    worked          `json:"fronts"`  // rules of 100 fronts, pinned articles of any age
	Edit      worked          `json:"edit"`
	New       worked          `json:"new"`
	Backdated worked          `json:"backdated"`
	Withdraw  worked          `json:"withdraw"`
	Tidy      worked          `json:"tidy"` // a step
	Changed   float64         `json:"shelf_changed"`
	Serving   float64         `json:"serving_memory"` // resident with a full cache, after all of this
}

// questionFigures are the times of two-word questions, a third rare words, a third middling, a third among the sixty commonest.
type questionFigures struct {
	Fit      worked `json:"by_fit"`
	Date     worked `json:"by_date"`
	FitIn    worked `json:"by_fit_filtered"` // in a section, every other also in a year
	DateIn   worked `json:"by_date_filtered"`
	Commons  worked `json:"by_fit_common"` // only the sixty commonest words
	Answered int    `json:"answered"`      // questions with a match
}

// timing is a spread with its greatest.
type timing struct {
	spread
	Most float64 `json:"max"`
}

func timingOf(times []float64) timing {
	t := timing{spread: spreadOf(times)}
	if len(times) > 0 {
		t.Most = slices.Max(times)
	}
	return t
}

// worked is what pieces of work took by the clock and, beside it, of the processors, in which the machine's other work does not count.
type worked struct {
	timing
	Processor timing `json:"processor"`
}

// meter measures pieces of work.
type meter struct{ clock, processor []float64 }

func (m *meter) do(work func() error) error {
	begin, had := time.Now(), spent()
	err := work()
	m.processor = append(m.processor, milliseconds(spent()-had))
	m.clock = append(m.clock, milliseconds(time.Since(begin)))
	return err
}

func (m *meter) worked() worked { return worked{timingOf(m.clock), timingOf(m.processor)} }

// Run builds and measures in processes of their own, and prints the figures.
func (c benchArchiveCommand) Run(ctx context.Context, s streams) (err error) {
	switch c.Part {
	case "build":
		return c.build(ctx, s)
	case "ask":
		return c.ask(ctx, s)
	case "grow":
		return c.grow(ctx, s)
	}
	if c.Articles < 1000 {
		return dateline.Errorf(dateline.EInvalid, "--articles: %d is too few to measure; take 1000 or more", c.Articles)
	}
	if c.Keep != "" {
		if err := os.MkdirAll(c.Keep, 0o755); err != nil {
			return dateline.Errorf(dateline.EInvalid, "--keep: %v", err)
		}
	}
	dir, err := os.MkdirTemp(cmp.Or(c.Keep, os.Getenv("DATELINE_BENCH_DIR")), "dateline-archive-*")
	if err != nil {
		return dateline.Errorf(dateline.EInvalid, "a folder to measure in cannot be made: %v; DATELINE_BENCH_DIR names where", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var f archiveFigures
	for _, n := range []int{c.small(), c.Articles} {
		if err := c.provide(ctx, s, n, filepath.Join(dir, fmt.Sprint(n)), &f.archiveBuilt); err != nil {
			return err
		}
	}
	// The growth is measured first: asking changes the archive.
	for _, part := range []string{"grow", "ask"} {
		fmt.Fprintf(s.err, "%s: %s\n", time.Now().UTC().Format(time.TimeOnly), part)
		if err := benchChild(ctx, s, &f, "archive", "--part", part, "--articles", fmt.Sprint(c.Articles), "--dir", dir); err != nil {
			return err
		}
	}
	if c.JSON {
		return printJSON(s.out, f)
	}
	return f.print(s)
}

// small is how many articles the archive has beside which growth is measured.
func (c benchArchiveCommand) small() int { return min(archiveSmall, c.Articles/10) }

// provide puts a shelf of n articles into a folder: one that was kept, or one that is built now.
func (c benchArchiveCommand) provide(ctx context.Context, s streams, n int, dir string, f *archiveBuilt) error {
	fmt.Fprintf(s.err, "%s: an archive of %d\n", time.Now().UTC().Format(time.TimeOnly), n)
	kept := dir
	if c.Keep != "" {
		kept = filepath.Join(c.Keep, fmt.Sprint(n))
	}
	for _, d := range []string{dir, kept} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	if err := benchChild(ctx, s, f, "archive", "--part", "build", "--articles", fmt.Sprint(n), "--dir", kept); err != nil || dir == kept {
		return err
	}
	return copyFile(filepath.Join(kept, "shelf.db"), filepath.Join(dir, "shelf.db"))
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// print writes the table of docs/performance.md, in Markdown.
func (f *archiveFigures) print(s streams) error {
	w := &lineWriter{out: s.out}
	w.line("| figure | aim | %d articles |\n| --- | --- | --- |", f.Articles)
	line := func(name, aim, value string, met bool) {
		if !met {
			value += " **missed**"
		}
		w.line("| %s | %s | %s |", name, aim, value)
	}
	questions := func(when string, q *questionFigures) {
		for _, x := range []struct {
			name string
			t    worked
		}{{"two words by fit", q.Fit}, {"two words by date", q.Date}, {"the same in a section, half in a year too, by fit", q.FitIn},
			{"the same by date", q.DateIn}, {"two of the sixty commonest words, by fit", q.Commons}} {
			line(x.name+when, "p99 30 ms", x.t.String(), x.t.P99 <= 30)
		}
	}
	questions("", &f.Before)
	questions(", after the updates", &f.After)
	line("suggestions", "10 ms", f.Suggest.String(), f.Suggest.P99 <= 10)
	line("twelve of the commonest words", "", f.Hostile.String(), true)
	line("rules of 100 fronts, of seven containers each", "50 ms", f.Fronts.String(), f.Fronts.Median <= 50)
	for _, x := range []struct {
		name string
		t    worked
	}{{"an edit of an article of any age", f.Edit}, {"a new article", f.New}, {"a backdated article", f.Backdated}, {"a withdrawal", f.Withdraw}, {"a step of tidying", f.Tidy}} {
		line(x.name+", on the shelf", "most 50 ms", x.t.String(), x.t.Most <= 50)
	}
	line("shelf, of the texts' size", "2 ×", fmt.Sprintf("%.2f × (%.0f of %.0f MB); %.2f × after the updates", f.Shelf/f.Text, f.Shelf, f.Text, f.Changed/f.Text), f.Shelf <= 2*f.Text)
	line("memory, serving with a full cache of 128 MB", "300 MB", inMegabytes(f.Serving), f.Serving <= 300)
	line("memory, most while rebuilding", "", inMegabytes(f.BuildMemory), true)
	for _, g := range f.Growth {
		line(g.Name+", beside an archive of "+fmt.Sprint(g.Beside), fmt.Sprintf("%.1f ×", g.Aim), fmt.Sprintf("%.2f × (%s and %s ms of the processors)", g.Ratio(), short(g.Small), short(g.Large)), g.Ratio() <= g.Aim)
	}
	line("rebuild, the making of the record counted", "", rate(f.Rebuild, "entries"), true)
	return w.err
}

func (t timing) String() string { return fmt.Sprintf("%s; most %s", t.spread, short(t.Most)) }

func (w worked) String() string {
	return fmt.Sprintf("%s; of the processors %s (p99 %s; most %s)", w.timing, short(w.Processor.Median), short(w.Processor.P99), short(w.Processor.Most))
}

func (c benchArchiveCommand) open() (*shelf.Shelf, error) {
	return shelf.Open(shelf.Options{Path: c.Dir.path("shelf.db"), Refetch: func(context.Context, []int64) ([]record.Entry, error) {
		return nil, errors.New("nothing is restored here")
	}})
}

// build makes the shelf, unless it stands there, and says what that took.
func (c benchArchiveCommand) build(ctx context.Context, s streams) (err error) {
	source, err := newArchiveSource(c.Articles)
	if err != nil {
		return err
	}
	sh, err := c.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sh.Close()) }()
	said := c.Dir.path("built.json")
	var f archiveBuilt
	if b, err := os.ReadFile(said); err == nil && sh.NeedsRebuild() == "" && sh.Cursor() > 0 {
		if err := json.Unmarshal(b, &f); err != nil {
			return fmt.Errorf("read %s: %w", said, err)
		}
		return printJSON(s.out, f)
	}
	p, begin := newProgress(s.err), time.Now()
	if _, err := sh.Rebuild(ctx, source, func(done, total int64) { p.tell("building", done, total) }); err != nil {
		return err
	}
	p.finish()
	f = archiveBuilt{Articles: c.Articles, Rebuild: float64(sh.Cursor()) / time.Since(begin).Seconds(), BuildMemory: memoryLine("self", "VmHWM"),
		Text: float64(source.text) / (1 << 20), Shelf: megabytes(c.Dir.path("shelf.db"), c.Dir.path("shelf.db-wal"))}
	b, err := json.Marshal(f)
	if err := errors.Join(err, os.WriteFile(said, b, 0o644)); err != nil {
		return err
	}
	return printJSON(s.out, f)
}

// archive is a large shelf that is measured.
type archive struct {
	benchArchiveCommand
	*archiveSource
	shelf *shelf.Shelf
	rand  *rand.Rand
}

// ask measures the shelf that build made.
func (c benchArchiveCommand) ask(ctx context.Context, s streams) (err error) {
	source, err := newArchiveSource(c.Articles)
	if err != nil {
		return err
	}
	defer boundMemory(archiveCache)() // as serve --cache does
	a := &archive{benchArchiveCommand: c, archiveSource: source, rand: rand.New(rand.NewPCG(7, 7))}
	c.Dir = folder(c.Dir.path(fmt.Sprint(c.Articles)))
	if a.shelf, err = c.open(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.shelf.Close()) }()
	var f archiveAsked
	for _, part := range []struct {
		name string
		do   func() error
	}{
		{"asking", func() error { return a.questions(ctx, &f.Before) }},
		{"changing", func() error { return a.updates(ctx, &f) }},
		{"asking what was changed", func() error { return a.questions(ctx, &f.After) }},
		{"suggesting", func() error { return a.extremes(ctx, &f) }},
		{"filling fronts", func() error { return a.fronts(ctx, &f.Fronts) }},
		{"tidying", func() error { return a.tidy(ctx, &f) }},
		{"serving", func() error { return a.serve(ctx, a.Pages) }},
	} {
		fmt.Fprintf(s.err, "%s: %s\n", time.Now().UTC().Format(time.TimeOnly), part.name)
		if err := part.do(); err != nil {
			return err
		}
	}
	f.Changed = megabytes(c.Dir.path("shelf.db"), c.Dir.path("shelf.db-wal"))
	f.Serving = memoryLine("self", "VmRSS")
	return printJSON(s.out, f)
}

// serve answers readers of that many articles, which fill the cache.
func (a *archive) serve(ctx context.Context, pages int) error {
	s := site.New(site.Config{Shelf: a.shelf, Renderer: render.New(render.Options{}), CacheBytes: archiveCache})
	defer s.Close()
	for range pages {
		address := a.corpus.address(a.rand.IntN(a.corpus.articles))
		if answer := s.Serve(ctx, &press.Request{Method: "GET", Path: address, Escaped: address, Accept: press.ParseAccept("gzip")}); answer.Status != 200 && answer.Status != 410 {
			return fmt.Errorf("%s answers %d", address, answer.Status)
		}
	}
	return nil
}

// search asks the shelf one question.
func (a *archive) search(ctx context.Context, q shelf.Query) (hits int, err error) {
	return hits, a.shelf.View(ctx, func(tx *shelf.Tx) error {
		r, err := tx.Search(ctx, q)
		if err == nil {
			hits = r.Count
		}
		return err
	})
}

func (a *archive) questions(ctx context.Context, f *questionFigures) error {
	for _, x := range []struct {
		into    *worked
		by      shelf.Order
		within  bool
		commons bool
	}{{&f.Fit, shelf.ByFit, false, false}, {&f.Date, shelf.ByDate, false, false}, {&f.FitIn, shelf.ByFit, true, false}, {&f.DateIn, shelf.ByDate, true, false},
		{&f.Commons, shelf.ByFit, false, true}} {
		var m meter
		for i := range a.Questions {
			kind := i
			if x.commons {
				kind = 0
			}
			q := shelf.Query{By: x.by, Words: search.ParseQuery(a.corpus.word(a.rand, kind) + " " + a.corpus.word(a.rand, kind))}
			if x.within {
				q.Section = a.sections[a.rand.IntN(len(a.sections))]
			}
			if x.within && i%2 == 0 {
				year := a.corpus.until.Year() - 1 - a.rand.IntN(corpusYears-1)
				q.From, q.To = shelf.Day{Year: year, Month: 1, Day: 1}, shelf.Day{Year: year, Month: 12, Day: 31}
			}
			if err := m.do(func() error {
				hits, err := a.search(ctx, q)
				if hits > 0 {
					f.Answered++
				}
				return err
			}); err != nil {
				return err
			}
		}
		*x.into = m.worked()
	}
	return nil
}

// updates applies entries one by one, each as it comes from the desk.
func (a *archive) updates(ctx context.Context, f *archiveAsked) error {
	meters := map[*worked]*meter{}
	gone := map[int]bool{}
	for i := range a.Updates {
		n := a.rand.IntN(a.corpus.articles)
		for gone[n] {
			n = a.rand.IntN(a.corpus.articles)
		}
		gone[n] = true // no article is changed twice
		words := a.corpus.article(a.rand.IntN(a.corpus.articles))
		var e record.Entry
		var err error
		kind := []*worked{&f.Edit, &f.New, &f.Backdated, &f.Withdraw, &f.Edit}[i%5]
		switch kind {
		case &f.Edit:
			e, err = a.edition(a.shelf.Cursor()+1, n, words, 2)
		case &f.Withdraw:
			e, err = a.withdrawal(a.shelf.Cursor()+1, n)
		default:
			// A new article has a number of its own, and today's date or any other's.
			if kind == &f.New {
				words.first = a.corpus.until.Add(time.Duration(i) * time.Minute)
			}
			words.number = a.corpus.articles + i
			e, err = a.edition(a.shelf.Cursor()+1, words.number, words, 1)
		}
		if err != nil {
			return err
		}
		if meters[kind] == nil {
			meters[kind] = &meter{}
		}
		if err := meters[kind].do(func() error {
			_, err := a.shelf.Apply(ctx, []record.Entry{e})
			return err
		}); err != nil {
			return err
		}
	}
	for into, m := range meters {
		*into = m.worked()
	}
	return nil
}

// extremes asks for suggestions, and what a hostile reader asks.
func (a *archive) extremes(ctx context.Context, f *archiveAsked) error {
	var suggest, hostile meter
	for i := range a.Questions {
		word := a.corpus.word(a.rand, i)
		if err := suggest.do(func() error {
			return a.shelf.View(ctx, func(tx *shelf.Tx) error {
				_, err := tx.Suggest(word[:1+i%min(4, len(word))], 8)
				return err
			})
		}); err != nil {
			return err
		}
	}
	for range a.Questions / 4 {
		var words []string
		for range search.MaxTerms {
			words = append(words, a.corpus.word(a.rand, 0))
		}
		if err := hostile.do(func() error {
			_, err := a.search(ctx, shelf.Query{By: shelf.ByFit, Words: search.ParseQuery(strings.Join(words, " "))})
			return err
		}); err != nil {
			return err
		}
	}
	f.Suggest, f.Hostile = suggest.worked(), hostile.worked()
	return nil
}

// fronts measures the rules of fronts.
func (a *archive) fronts(ctx context.Context, f *worked) (err error) {
	var topics []dateline.ID
	for i := range a.corpus.topics {
		topics = append(topics, a.topics[fmt.Sprintf("topic-%d", i)])
	}
	*f, err = frontRules(ctx, a.shelf, func() dateline.ID { return a.sections[a.rand.IntN(len(a.sections))] }, func() dateline.ID { return topics[a.rand.IntN(len(topics))] },
		func() dateline.ID {
			id, bad := a.id('a', a.rand.IntN(a.corpus.articles))
			err = errors.Join(err, bad)
			return id
		})
	return err
}

// tidy does what waits for a quiet time.
func (a *archive) tidy(ctx context.Context, f *archiveAsked) error {
	var m meter
	for more := true; more; {
		if err := m.do(func() (err error) {
			more, err = a.shelf.Tidy(ctx)
			return err
		}); err != nil {
			return err
		}
	}
	f.Tidy = m.worked()
	return nil
}

// archiveSource makes the record of a corpus as it is read: the paper, its sections, topics and persons, then an edition of each article.
type archiveSource struct {
	corpus   *corpus
	facts    []record.Entry
	sections []dateline.ID
	topics   map[string]dateline.ID
	persons  []dateline.ID
	at       time.Time
	text     int64 // bytes of the texts that were read
}

var _ shelf.Source = (*archiveSource)(nil)

func newArchiveSource(articles int) (*archiveSource, error) {
	s := &archiveSource{corpus: newCorpus(articles), topics: map[string]dateline.ID{}}
	s.at = s.corpus.until
	var errs []error
	add := func(body any) dateline.ID {
		id, err := s.id('f', len(s.facts))
		errs = append(errs, err)
		e, err := s.entry(int64(len(s.facts)+1), id, body)
		errs = append(errs, err)
		s.facts = append(s.facts, e)
		return id
	}
	add(&record.Publication{Name: "The Measure", Site: "http://127.0.0.1:8080", Zone: "Asia/Kolkata", Language: "en"})
	for _, slug := range s.corpus.sections {
		s.sections = append(s.sections, add(&record.Section{Slug: slug, Names: dateline.Names{"en": capital(slug)}}))
	}
	for i := range s.corpus.topics {
		slug := fmt.Sprintf("topic-%d", i)
		s.topics[slug] = add(&record.Topic{Slug: slug, Kind: dateline.TopicSubject, Names: dateline.Names{"en": slug}})
	}
	for i := range s.corpus.persons {
		s.persons = append(s.persons, add(&record.Person{Slug: fmt.Sprintf("writer-%d", i), Names: dateline.Names{"en": fmt.Sprintf("Writer %d", i)}}))
	}
	return s, errors.Join(errs...)
}

// id is always the same for the same number.
func (s *archiveSource) id(kind byte, n int) (dateline.ID, error) {
	return dateline.NewID(s.at, rand.NewChaCha8([32]byte{kind, byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}))
}

func (s *archiveSource) entry(sequence int64, subject dateline.ID, body any) (record.Entry, error) {
	kind, schema, err := record.KindOf(body)
	if err != nil {
		return record.Entry{}, err
	}
	data, err := record.Encode(body)
	if err != nil {
		return record.Entry{}, err
	}
	return record.NewEntry(record.Header{Sequence: sequence, At: s.at, Kind: kind, Schema: schema, Subject: subject, Role: dateline.RoleEditor}, data,
		rand.NewChaCha8([32]byte{'s', byte(sequence), byte(sequence >> 8), byte(sequence >> 16), byte(sequence >> 24)}))
}

// Head is the number of entries.
func (s *archiveSource) Head(context.Context) (int64, error) {
	return int64(len(s.facts) + s.corpus.articles), nil
}

// Entries makes entries.
func (s *archiveSource) Entries(ctx context.Context, after int64, limit int) (out []record.Entry, err error) {
	for seq := after + 1; len(out) < limit && seq <= int64(len(s.facts)+s.corpus.articles); seq++ {
		if seq <= int64(len(s.facts)) {
			out = append(out, s.facts[seq-1])
			continue
		}
		n := int(seq) - len(s.facts) - 1
		g := s.corpus.article(n)
		for _, p := range append([]string{g.headline, g.standfirst}, g.paragraphs...) {
			s.text += int64(len(p))
		}
		e, err := s.edition(seq, n, g, 1)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, ctx.Err()
}

// edition makes the entry of an edition of article n with some words; a second one keeps the first's address and date.
func (s *archiveSource) edition(sequence int64, n int, g generated, number int) (record.Entry, error) {
	id, err := s.id('a', n)
	if err != nil {
		return record.Entry{}, err
	}
	body, err := bodyJSON(markup.FromText(strings.Join(g.paragraphs, "\n\n")))
	if err != nil {
		return record.Entry{}, err
	}
	first, change, of := g.first, dateline.ChangeImported, g
	if number > 1 {
		of = s.corpus.article(n)
		first, change = of.first, dateline.ChangeMinor
	}
	e := &record.Edition{Number: number, Change: change, Kind: dateline.KindArticle, Address: of.address(), Headline: g.headline, Standfirst: g.standfirst,
		Body: body, Language: "en", Section: s.sections[slices.Index(s.corpus.sections, g.section)], Byline: []dateline.Credit{{Person: s.persons[g.person]}},
		First: record.FormatInstant(first), Public: record.FormatInstant(first)}
	for _, t := range g.topics {
		e.Topics = append(e.Topics, s.topics[t])
	}
	return s.entry(sequence, id, e)
}

func (s *archiveSource) withdrawal(sequence int64, n int) (record.Entry, error) {
	id, err := s.id('a', n)
	if err != nil {
		return record.Entry{}, err
	}
	g := s.corpus.article(n)
	first := record.FormatInstant(g.first)
	return s.entry(sequence, id, &record.Withdrawal{Kind: dateline.WithdrawnKilled, Public: first, First: first, Language: "en", Addresses: []string{g.address()},
		Section:  s.sections[slices.Index(s.corpus.sections, g.section)],
		Editions: []record.EditionMark{{Number: 1, Change: dateline.ChangeImported, Public: first, Sequence: int64(len(s.facts) + n + 1)}}})
}
