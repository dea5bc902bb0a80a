package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"net/url"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/wire/wxr"
	"golang.org/x/sync/errgroup"
)

// wxrArgs ask for the import of an export.
type wxrArgs struct {
	pictureArgs
	File     string            // absolute
	Sections map[string]string // a category's nicename to a section's slug, "topic" or "drop"
	Default  string            // the section of posts that no category places
	Zone     string
}

// rule is the rule of sections that the arguments ask for.
func (a wxrArgs) rule() (wxr.SectionRule, error) {
	rule := wxr.SectionRule{Override: map[string]string{}}
	for nicename, to := range a.Sections {
		switch to {
		case "topic":
			to = wxr.Topic
		case "drop":
			to = wxr.Drop
		default:
			if err := sectionSlug("--section-map "+nicename, to); err != nil {
				return rule, err
			}
		}
		rule.Override[nicename] = to
	}
	if a.Default != "" && a.Default != "news" {
		if err := sectionSlug("--section", a.Default); err != nil {
			return rule, err
		}
		rule.Default = wxr.TermRef{Slug: a.Default, Name: a.Default}
	}
	return rule, nil
}

// importWXR brings an export in: its whole file is checked first, then its posts are kept in batches.
func importWXR(ctx context.Context, r *room, a wxrArgs, tell tell) (_ *importReport, err error) {
	im, err := newWXRImport(ctx, r, a, tell)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, im.Close()) }()
	if err := im.check(ctx); err != nil {
		return nil, im.explain(err)
	}
	if err := im.keep(ctx); err != nil {
		return nil, im.explain(err)
	}
	return im.report, nil
}

// wxrImport is one import of an export.
type wxrImport struct {
	room        *room
	name        string
	file        *exportFile
	paper       *dateline.Publication
	options     wxr.PlanOptions
	attachments *attachments
	pictures    *pictureSource
	report      *importReport
	tell        tell

	site     wxr.Site
	base     *url.URL
	sections map[string]string // slugs of the export to those of the paper, once they are checked

	mu      sync.Mutex
	pending []pending // of items that were given to the desk, in order
}

func newWXRImport(ctx context.Context, r *room, a wxrArgs, tell tell) (im *wxrImport, err error) {
	im = &wxrImport{room: r, name: a.File, report: newImportReport(), tell: tell, sections: map[string]string{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, im.Close())
		}
	}()
	if err := im.report.askedOfPeople(ctx, r.desk); err != nil {
		return nil, err
	}
	if im.paper, err = importPaper(ctx, r); err != nil {
		return im, err
	}
	if im.options.Zone, err = importZone(a.Zone, im.paper); err != nil {
		return im, err
	}
	if im.options.Sections, err = a.rule(); err != nil {
		return im, err
	}
	im.options.Now = time.Now()
	if im.file, err = openExport(a.File); err != nil {
		return im, err
	}
	if im.pictures, err = openPictures(r, a.pictureArgs); err != nil {
		return im, err
	}
	im.attachments, err = newAttachments()
	return im, err
}

// Close lets go of files and connections.
func (im *wxrImport) Close() error {
	var errs []error
	if im.file != nil {
		errs = append(errs, im.file.Close())
	}
	if im.pictures != nil {
		errs = append(errs, im.pictures.Close())
	}
	if im.attachments != nil {
		errs = append(errs, im.attachments.Close())
	}
	return errors.Join(errs...)
}

// explain names the file to an error that is about a place in it.
func (im *wxrImport) explain(err error) error {
	var at *wxr.Error
	if errors.As(err, &at) {
		return dateline.Errorf(dateline.EInvalid, "%s, %v", im.name, at)
	}
	return err
}

// check reads the whole file without writing anything, and remembers its attachments and the sections it needs.
func (im *wxrImport) check(ctx context.Context) error {
	wanted := map[string]string{}
	plan := wxr.NewPlanner(im.options, wxr.Outcome{
		Site:       func(s wxr.Site) error { im.site = s; return nil },
		Attachment: im.attachments.add,
		Story: func(s wxr.Story) error {
			if s.Section.Slug != "" && len(wanted) < maxSections {
				wanted[s.Section.Slug] = s.Section.Name
			}
			return ctx.Err()
		},
	})
	if err := im.read(ctx, "checking", plan); err != nil {
		return err
	}
	for _, address := range []string{im.site.BlogURL, im.site.SiteURL, im.site.Link} {
		im.pictures.own(address)
	}
	if u, err := url.Parse(im.site.Base()); err == nil && u.Host != "" {
		im.base = u
	}
	if err := im.attachments.settle(); err != nil {
		return err
	}
	return im.placeSections(ctx, wanted)
}

// maxSections bounds the sections that are looked after before the posts come.
const maxSections = 10_000

// read reads the file once, from its beginning, telling how far it is.
func (im *wxrImport) read(ctx context.Context, what string, plan *wxr.Planner) error {
	in, err := im.file.again()
	if err != nil {
		return err
	}
	var told time.Time
	counter := &countingReader{in: in, count: func(n int64) error {
		if now := time.Now(); now.Sub(told) > 200*time.Millisecond {
			told = now
			im.tell(what, n, im.file.size)
		}
		return ctx.Err()
	}}
	if err := wxr.Read(counter, plan.Handler()); err != nil {
		if ctx.Err() != nil {
			return stopped(ctx)
		}
		return err
	}
	im.tell(what, im.file.size, im.file.size)
	return nil
}

func stopped(ctx context.Context) error {
	return &dateline.Error{Code: dateline.EUnavailable, Message: "the import was stopped; run it again to finish it", Cause: context.Cause(ctx)}
}

// keep brings the posts into the desk.
func (im *wxrImport) keep(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := im.room.desk.Import(ctx, local, im.items(ctx), im.kept); err != nil {
		return err
	}
	im.report.Pictures = im.pictures.count()
	return nil
}

// kept takes what the desk says of an item; it says so in the order in which it was given them.
func (im *wxrImport) kept(i desk.Imported) {
	im.mu.Lock()
	p := im.pending[0]
	im.pending = im.pending[1:]
	im.mu.Unlock()
	im.report.done(p, i)
}

// planned is a story with the notes on it.
type planned struct {
	wxr.Story
	notes []importLine
}

// A chunk's stories are made into items together, on all of the machine's processors.
const (
	chunkStories = 32
	chunkBytes   = 1 << 20
)

// items yields the export's posts as the desk takes them. The file is read ahead by one chunk.
func (im *wxrImport) items(ctx context.Context) iter.Seq2[desk.Item, error] {
	return func(yield func(desk.Item, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		chunks := make(chan []planned)
		failed := make(chan error, 1)
		go func() {
			defer close(chunks)
			failed <- im.chunks(ctx, chunks)
		}()
		defer func() {
			cancel()
			for range chunks { // the reader is not left running
			}
		}()
		for chunk := range chunks {
			items, err := im.convert(ctx, chunk)
			if err != nil {
				yield(desk.Item{}, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
		}
		if err := <-failed; err != nil {
			yield(desk.Item{}, err)
		}
	}
}

// chunks reads the file for the second time.
func (im *wxrImport) chunks(ctx context.Context, out chan<- []planned) error {
	var chunk []planned
	var notes []wxr.Note // since the last story
	size := 0
	send := func() error {
		if len(chunk) == 0 {
			return nil
		}
		select {
		case out <- chunk:
			chunk, size = nil, 0
			return nil
		case <-ctx.Done():
			return stopped(ctx)
		}
	}
	plan := wxr.NewPlanner(im.options, wxr.Outcome{
		Story: func(s wxr.Story) error {
			chunk = append(chunk, planned{s, im.told(notes, s.Line)})
			notes = notes[:0]
			if size += len(s.Content); len(chunk) < chunkStories && size < chunkBytes {
				return nil
			}
			return send()
		},
		Note: func(n wxr.Note) {
			if n.Kind == wxr.NoteSkipped {
				im.report.add(&im.report.Skipped, importLine{Line: n.Line, Kind: n.Kind, Text: n.Text})
			} else if len(notes) < maxWaiting {
				notes = append(notes, n)
			} else {
				im.told([]wxr.Note{n}, math.MaxInt)
			}
		},
	})
	if err := im.read(ctx, "importing", plan); err != nil {
		return err
	}
	im.told(notes, math.MaxInt)
	im.report.NotImported = plan.Skipped()
	return send()
}

// maxWaiting bounds the notes that wait for the story they may be about.
const maxWaiting = 1000

// told parts the notes of the story that begins on a line, which are of interest where it is new, from those before it,
// which it reports.
func (im *wxrImport) told(notes []wxr.Note, line int) (own []importLine) {
	for _, n := range notes {
		l := importLine{Line: n.Line, Kind: n.Kind, Text: n.Text}
		if n.Line >= line {
			own = append(own, l)
		} else {
			im.report.note(l)
		}
	}
	return own
}

// convert makes items of stories, and remembers for the report what the desk is not told.
func (im *wxrImport) convert(ctx context.Context, stories []planned) ([]desk.Item, error) {
	items := make([]desk.Item, len(stories))
	waiting := make([]pending, len(stories))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(runtime.GOMAXPROCS(0), fetchAtOnce))
	for i := range stories {
		g.Go(func() (err error) {
			items[i], waiting[i], err = im.convertStory(ctx, &stories[i].Story)
			waiting[i].notes = append(stories[i].notes, waiting[i].notes...)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	im.mu.Lock()
	im.pending = append(im.pending, waiting...)
	im.mu.Unlock()
	return items, nil
}

// exportFile is a file that is read twice and must be the same both times.
type exportFile struct {
	*os.File
	name  string
	size  int64
	mtime time.Time
}

func openExport(name string) (*exportFile, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, dateline.Errorf(dateline.EInvalid, "%s cannot be opened: %v", name, errors.Unwrap(err))
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = dateline.Errorf(dateline.EInvalid, "%s is not a file but %s; name the export itself", name, whatIs(info.Mode()))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &exportFile{f, name, info.Size(), info.ModTime()}, nil
}

func whatIs(m os.FileMode) string {
	if m.IsDir() {
		return "a folder"
	}
	return "a device or pipe, which cannot be read twice"
}

// again goes back to the beginning.
func (f *exportFile) again() (io.Reader, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("look at %s: %w", f.name, err)
	}
	if info.Size() != f.size || !info.ModTime().Equal(f.mtime) {
		return nil, dateline.Errorf(dateline.EInvalid, "%s was changed while it was read; run the import again once it is whole", f.name)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read %s again: %w", f.name, err)
	}
	return f.File, nil
}

// countingReader tells how many bytes were read, and stops where it is told to.
type countingReader struct {
	in    io.Reader
	n     int64
	count func(n int64) error
}

// Read reads.
func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	if stop := c.count(c.n); stop != nil {
		return n, stop
	}
	return n, err
}

// bodyJSON is a document as the desk takes it; an empty one is none.
func bodyJSON(doc markup.Node) (json.RawMessage, error) {
	if len(doc.Content) == 0 {
		return nil, nil
	}
	b, err := doc.JSON()
	return json.RawMessage(b), err
}
