package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/wire/page"
)

type importPageCommand struct {
	inFolder
	pictureFlags
	Files   []string `arg:"" name:"file" help:"Saved pages, as HTML or as the plain text of one."`
	DryRun  bool     `help:"Show what would be read and touch no newsroom."`
	Section string   `help:"The section of pages that name none." placeholder:"SLUG" default:"news"`
	Zone    string   `help:"The zone of times that name none, and of abbreviations that it uses; the newsroom's own where it is not given, or UTC with --dry-run." placeholder:"ZONE"`
}

// Help gives the examples.
func (importPageCommand) Help() string {
	return `Every file is checked before anything is written. A page keeps its address where it names one on the newsroom's own host.
A page that does not say when it was published becomes a draft.

Examples:
  dateline import page --dry-run --json saved.html
  dateline import page --dir paper --section archive-desk pages/*.txt`
}

// Run imports the pages, or shows what would be imported.
func (c importPageCommand) Run(ctx context.Context, s streams) error {
	if c.DryRun {
		return c.show(s.out)
	}
	args := pageArgs{Section: c.Section, Zone: c.Zone}
	for _, name := range c.Files {
		abs, err := filepath.Abs(name)
		if err != nil {
			return fmt.Errorf("find %s: %w", name, err)
		}
		args.Files = append(args.Files, abs)
	}
	var err error
	if args.pictureArgs, err = c.pictureArgs(); err != nil {
		return err
	}
	return runImport(ctx, s, c.inFolder, "import-page", args)
}

// show prints what each page holds. What cannot be read is said at the end, after all that can.
func (c importPageCommand) show(out io.Writer) error {
	zone, err := importZone(c.Zone, nil)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	var failed []error
	for _, name := range c.Files {
		_, p, err := readPage(name, page.Options{Zone: zone})
		switch {
		case err != nil:
			failed = append(failed, err)
		case c.JSON:
			err = enc.Encode(p)
		default:
			err = describePage(out, name, p)
		}
		if err != nil && len(failed) == 0 {
			return err
		}
	}
	return joined(failed)
}

// joined makes one error of several, each on its line.
func joined(errs []error) error {
	if len(errs) < 2 {
		return errors.Join(errs...)
	}
	var lines []string
	for _, err := range errs {
		lines = append(lines, err.Error())
	}
	return dateline.Errorf(dateline.EInvalid, "%s", strings.Join(lines, "\n"))
}

func describePage(out io.Writer, name string, p page.Page) error {
	w := &lineWriter{out: out}
	part := func(what, value string) {
		if value != "" {
			w.line("  %-16s %s", what, value)
		}
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	w.line("%s", name)
	part("headline", p.Headline)
	part("standfirst", p.Standfirst)
	part("byline", strings.Join(p.Persons, ", "))
	part("section", p.Section)
	part("topics", strings.Join(p.Topics, ", "))
	part("first published", at(p.FirstPublished))
	part("updated", at(p.Updated))
	part("address", p.Address)
	part("paragraphs", fmt.Sprint(len(p.Printed)))
	for _, n := range p.Notes {
		w.line("  line %d: %s", n.Line, n.Text)
	}
	return w.err
}

// readPage reads one saved page. Its error names the file and the place.
func readPage(name string, opt page.Options) ([]byte, page.Page, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, page.Page{}, dateline.Errorf(dateline.EInvalid, "%s cannot be opened: %v", name, errors.Unwrap(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return nil, page.Page{}, dateline.Errorf(dateline.EInvalid, "%s is a folder; name the pages in it, such as %s", name, filepath.Join(name, "*.html"))
	}
	data, err := io.ReadAll(io.LimitReader(f, page.MaxSize+1))
	if err != nil {
		return nil, page.Page{}, dateline.Errorf(dateline.EInvalid, "%s cannot be read: %v", name, err)
	}
	p, err := page.Parse(data, opt)
	var at *page.Error
	if errors.As(err, &at) {
		err = dateline.Errorf(dateline.EInvalid, "%s, %v", name, at)
	}
	return data, p, err
}

// pageArgs ask for the import of saved pages.
type pageArgs struct {
	pictureArgs
	Files   []string // absolute
	Section string   // of pages that name none
	Zone    string
}

// importPages brings saved pages in: every file is read and checked first, then each is kept.
func importPages(ctx context.Context, r *room, a pageArgs, tell tell) (_ *importReport, err error) {
	paper, err := importPaper(ctx, r)
	if err != nil {
		return nil, err
	}
	im := &pageImport{args: a, paper: paper, report: newImportReport(), tell: tell}
	if err := im.report.askedOfPeople(ctx, r.desk); err != nil {
		return nil, err
	}
	if im.zone, err = importZone(a.Zone, paper); err != nil {
		return nil, err
	}
	if err := sectionSlug("--section", a.Section); err != nil {
		return nil, err
	}
	if im.pictures, err = openPictures(r, a.pictureArgs); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, im.pictures.Close()) }()
	if err := im.check(ctx); err != nil {
		return nil, err
	}
	if err := r.desk.Import(ctx, local, im.items(ctx), im.kept); err != nil {
		return nil, err
	}
	im.report.Pictures = im.pictures.count()
	return im.report, nil
}

// pageImport is one import of saved pages.
type pageImport struct {
	args     pageArgs
	paper    *dateline.Publication
	zone     *time.Location
	pictures *pictureSource
	report   *importReport
	tell     tell

	mu      sync.Mutex
	pending []pending
}

// check reads every file and writes nothing.
func (im *pageImport) check(ctx context.Context) error {
	for i, name := range im.args.Files {
		if ctx.Err() != nil {
			return stopped(ctx)
		}
		if _, _, err := readPage(name, page.Options{Zone: im.zone}); err != nil {
			return err
		}
		im.tell("checking", int64(i+1), int64(len(im.args.Files)))
	}
	return nil
}

func (im *pageImport) kept(i desk.Imported) {
	im.mu.Lock()
	p := im.pending[0]
	im.pending = im.pending[1:]
	im.mu.Unlock()
	im.report.done(p, i)
}

func (im *pageImport) items(ctx context.Context) iter.Seq2[desk.Item, error] {
	return func(yield func(desk.Item, error) bool) {
		for i, name := range im.args.Files {
			item, p, err := im.convert(ctx, name)
			if err == nil {
				im.mu.Lock()
				im.pending = append(im.pending, p)
				im.mu.Unlock()
			}
			if !yield(item, err) || err != nil {
				return
			}
			im.tell("importing", int64(i+1), int64(len(im.args.Files)))
		}
	}
}

// convert makes an item of a page.
func (im *pageImport) convert(ctx context.Context, name string) (desk.Item, pending, error) {
	wait := pending{file: name}
	var broken error
	data, p, err := readPage(name, page.Options{Zone: im.zone, Picture: func(src, _ string) (string, bool) {
		found, err := im.pictures.find(ctx, "", src)
		if err != nil {
			broken = errors.Join(broken, err)
		} else if found.id == "" {
			wait.missing = append(wait.missing, importLine{File: wait.file, Kind: "picture", Text: src + ": " + found.why})
		}
		return string(found.id), found.id != ""
	}})
	if err = errors.Join(err, broken); err != nil {
		return desk.Item{}, wait, err
	}
	item, err := im.item(data, &p)
	if err != nil {
		return item, wait, err
	}
	wait.headline = printable(p.Headline, 80)
	for _, n := range p.Notes {
		wait.notes = append(wait.notes, importLine{wait.file, n.Line, "page", n.Text})
	}
	if !item.Publish {
		wait.notes = append(wait.notes, importLine{wait.file, 0, "date", "The page does not say when it was published, or names an hour to come; it is a draft."})
	}
	return item, wait, im.lead(ctx, &item, &p, &wait)
}

func (im *pageImport) item(data []byte, p *page.Page) (item desk.Item, err error) {
	address, kept := im.address(p)
	sum := sha256.Sum256(data)
	if address != "" {
		sum = sha256.Sum256([]byte(address))
	}
	item = desk.Item{
		Source: "page", ExternalID: hex.EncodeToString(sum[:]), Kind: dateline.KindArticle, Address: kept,
		Section: im.section(p), First: p.FirstPublished, Updated: p.Updated,
		Content: dateline.Content{Headline: printable(p.Headline, dateline.MaxHeadline), Standfirst: printable(p.Standfirst, dateline.MaxStandfirst),
			Language: contentLanguage(p.Language, im.paper)},
	}
	if item.First.IsZero() {
		item.First, item.Updated = p.Updated, time.Time{}
	}
	if item.Publish = !item.First.IsZero() && item.First.Before(time.Now()); !item.Publish {
		item.Proposed, item.First, item.Updated = item.First, time.Time{}, time.Time{}
	}
	for _, t := range p.Topics {
		if slug := desk.Slug(t); slug != "" && len(item.Topics) < dateline.MaxTopics {
			item.Topics = append(item.Topics, named(im.paper, slug, printable(t, dateline.MaxName)))
		}
	}
	bylined(&item, im.paper, p.Persons)
	item.Content.Body, err = bodyJSON(p.Body)
	return item, err
}

// section is the one that the page names, or else the one asked for.
func (im *pageImport) section(p *page.Page) desk.Named {
	slug := desk.Slug(p.Section)
	if slug == "" || dateline.Reserved(slug) {
		return named(im.paper, im.args.Section, im.args.Section)
	}
	return named(im.paper, slug, printable(p.Section, dateline.MaxName))
}

// address is the page's own where it names one, and what of it is kept: path and query on the paper's own host.
func (im *pageImport) address(p *page.Page) (whole, kept string) {
	u, err := url.Parse(p.Address)
	if err != nil || u.Host == "" {
		return "", ""
	}
	u.Fragment = ""
	own, err := url.Parse(im.paper.Site)
	if err != nil || bareHost(u.Host) != bareHost(own.Host) {
		return u.String(), ""
	}
	if kept = u.EscapedPath(); u.RawQuery != "" {
		kept += "?" + u.RawQuery
	}
	if kept == "/" || dateline.ValidAddress(kept) != nil {
		return u.String(), ""
	}
	return u.String(), kept
}

// lead sets the lead picture where it is had and the text does not show it already.
func (im *pageImport) lead(ctx context.Context, item *desk.Item, p *page.Page, wait *pending) error {
	if p.Picture == "" {
		return nil
	}
	found, err := im.pictures.find(ctx, "", p.Picture)
	if err != nil {
		return err
	}
	if found.id == "" {
		wait.missing = append(wait.missing, importLine{File: wait.file, Kind: "picture", Text: p.Picture + ": " + found.why})
		return nil
	}
	if !strings.Contains(string(item.Content.Body), string(found.id)) {
		item.Content.Lead = &dateline.Lead{Picture: found.id, Alt: item.Content.Headline}
	}
	return nil
}
