package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site"
	siteexport "github.com/datelinehq/dateline/site/export"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

type exportCommand struct {
	Site exportSiteCommand `cmd:"" help:"Write every public page into a folder for a plain file server."`
}

type exportSiteCommand struct {
	To string `arg:"" name:"folder" help:"Where the files go; it is the export's alone." placeholder:"FOLDER"`
	inFolder
}

// Help gives the example.
func (exportSiteCommand) Help() string {
	return `Writes what readers can open as files: a page as index.html in a folder of its address, feeds, sitemaps, pictures and fonts under their own.
A later run makes what may have changed and takes away what is gone. It works while the newsroom is served, and alone. What is made
when it is asked for is left out: search, pages as of an instant, streams. See docs/guide/export.md.

Example:
  dateline export site /srv/www/paper --dir paper`
}

// exportCache is the bytes of pages that are kept while they are written: hardly one is asked for twice.
const exportCache = 4 << 20

// Run brings the folder up to what readers have.
func (c exportSiteCommand) Run(ctx context.Context, s streams) (err error) {
	if err := c.Dir.mustExist(); err != nil {
		return err
	}
	p := newProgress(s.err)
	defer p.finish()
	if err := catchUp(ctx, c.Dir, p); err != nil {
		return err
	}
	r, err := exportSite(ctx, c.Dir, c.To, p.tell)
	if err != nil {
		return err
	}
	p.finish()
	if c.JSON {
		return printJSON(s.out, r)
	}
	return sayExported(s.out, c.To, r)
}

func sayExported(out io.Writer, to string, r *siteexport.Report) error {
	w := &lineWriter{out: out}
	if r.Unchanged {
		w.line("%s is up to date: nothing has happened since the last run. %d files, %d MB.", to, r.Files, r.Bytes>>20)
	} else {
		w.line("%s holds %d files, %d MB: %d written, %d taken away, the others were as they are. %d pages were made.", to, r.Files, r.Bytes>>20, r.Written, r.Removed, r.Made)
	}
	if len(r.Left) > 0 {
		w.line("No file can stand for some addresses, because of their query or length, such as:\n  %s", strings.Join(r.Left, "\n  "))
	}
	return w.err
}

// catchUp brings the site's folder up to the record, unless another process has the newsroom, which does so itself.
func catchUp(ctx context.Context, f folder, p *progress) (err error) {
	r, err := openRoom(ctx, f, slog.New(slog.DiscardHandler))
	if dateline.ErrorCode(err) == dateline.EUnavailable {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	own, err := openShelf(f, deskSource{r.desk, r.blobs}.entriesAt, r.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, own.Close()) }()
	follow := own.follower(r, func(shelf.Changes) {})
	follow.Progress = func(done, total int64) { p.tell("rebuilding the site from the record", done, total) }
	return follow.CatchUp(ctx)
}

// exportSite writes a newsroom's site into a folder, out of a shelf that another process may be applying to.
func exportSite(ctx context.Context, f folder, to string, tell tell) (_ *siteexport.Report, err error) {
	sh, err := shelf.OpenReading(shelf.Options{Path: f.path("site", "shelf.db")})
	if errors.Is(err, shelf.ErrNotReady) {
		return nil, dateline.Errorf(dateline.EUnavailable, "the site in %s is being built from the record (%v): try again when that is done", f.name(), err)
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, sh.Close()) }()
	pictures, err := blob.OpenDisk(f.path("site", "pictures"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pictures.Close()) }()
	workshop, err := media.NewWorkshop(pictures, f.path("site", "renditions"), runtime.GOMAXPROCS(0))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, workshop.Close()) }()
	still := newStillSite(sh, workshop)
	defer still.Close()
	o := siteexport.Options{Serve: still.Written, Dir: to, Workers: runtime.GOMAXPROCS(0), Tell: tell,
		More: func(tell func(string) error) error {
			return sh.View(ctx, func(tx *shelf.Tx) error { return tx.OldAddresses(tell) })
		}}
	if err := markOf(ctx, sh, still, &o); err != nil {
		return nil, err
	}
	o.Since = func(m siteexport.Mark) (hashes []uint32, known bool, err error) {
		err = sh.View(ctx, func(tx *shelf.Tx) error {
			hashes, known, err = siteexport.TouchedSince(tx, m, o.Of)
			return err
		})
		return hashes, known, err
	}
	r, err := siteexport.Run(ctx, o)
	return &r, err
}

// newStillSite makes the site as it is written into files: with nothing of a visit, so no weather and nothing that is read most.
func newStillSite(sh site.Shelf, pictures site.Pictures) *site.Site {
	return site.New(site.Config{Shelf: sh, Renderer: render.New(render.Options{Record: "/record/checkpoint"}), Pictures: pictures, CacheBytes: exportCache, Still: true})
}

// markOf fills in what the pages depend on.
func markOf(ctx context.Context, sh *shelf.Shelf, still *site.Site, o *siteexport.Options) error {
	if err := sh.View(ctx, func(tx *shelf.Tx) (err error) {
		if o.Of, o.Origin, err = siteexport.MarkOf(tx, time.Now()); err != nil {
			return err
		}
		o.Articles, err = tx.Count(shelf.All())
		return err
	}); err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	if o.Of.Program, err = hashOfFile(program); err != nil {
		return err
	}
	checkpoint := still.Serve(ctx, &press.Request{Method: "GET", Path: "/record/checkpoint"})
	sum := sha256.Sum256(checkpoint.Body)
	o.Of.Record = hex.EncodeToString(sum[:])
	return nil
}

func hashOfFile(path string) (sum string, err error) {
	file, err := os.Open(filepath.Clean(path))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	h := sha256.New()
	_, err = io.Copy(h, file)
	return hex.EncodeToString(h.Sum(nil)), err
}
