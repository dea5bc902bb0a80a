package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/desk/store"
	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/purge"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/ship"
	"github.com/datelinehq/dateline/site"
	"github.com/datelinehq/dateline/site/shelf"
)

type serveCommand struct {
	Dir      folder `help:"The newsroom's folder." default:"." placeholder:"DIR"`
	Site     string `help:"Where readers are answered; port 0 takes a free one." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Newsroom string `help:"Where the newsroom is answered; port 0 takes a free one." default:"127.0.0.1:8081" placeholder:"HOST:PORT"`
	Restored bool   `help:"Go on with an older copy of desk.db where the newest is lost: the record begins a log of another name, which says so."`
	secure
	entrance
}

// Help gives the example.
func (serveCommand) Help() string {
	return `Serves the newsroom in a folder until it is interrupted. With --tls it serves both of the paper's names to the world, with
certificates that it fetches and renews by itself; without, put a server that speaks TLS before both addresses.

Examples:
  dateline serve --dir paper --site 127.0.0.1:8080 --newsroom 127.0.0.1:8081
  dateline serve --dir paper --tls :443 --http3
  dateline serve --dir paper --tls :443 --certificate chain.pem --certificate-key key.pem`
}

// Run serves until ctx ends.
func (c serveCommand) Run(ctx context.Context, s streams) error {
	if err := c.Dir.mustExist(); err != nil {
		return err
	}
	if c.Streams < 1 {
		return dateline.Errorf(dateline.EInvalid, "--streams %d: say how many readers of live coverage may stay, at least 1", c.Streams)
	}
	if c.Cache < 1 {
		return dateline.Errorf(dateline.EInvalid, "--cache %d: say how many megabytes of pages are kept in memory, at least 1", c.Cache)
	}
	if err := c.secure.check(); err != nil {
		return err
	}
	listening, err := listen(c.Site, c.Newsroom, c.secure)
	if err != nil {
		return err
	}
	defer listening.Close()
	return serve(ctx, s, c.Dir, listening, c.entrance, c.Restored, func(ctx context.Context, r *room) error {
		p, err := r.desk.FindPublication(ctx)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(s.out, "%s is served.\n  Readers:   %s   (%s)\n  Newsroom:  %s   (%s)\n%s", p.Name, listening.siteURL(), p.Site, listening.newsroomURL(), p.Newsroom, listening.said())
		return err
	})
}

// serve opens the newsroom in a folder, tells when it is ready, and answers until ctx ends.
func serve(ctx context.Context, s streams, f folder, l *listeners, e entrance, restored bool, ready func(context.Context, *room) error) (err error) {
	log := slog.New(slog.NewTextHandler(s.err, nil))
	defer boundMemory(e.cacheBytes())()
	r, p, err := openProgram(ctx, s, f, log, e, restored)
	if store.Failed(err) {
		return serveReaders(ctx, s, f, l, e, err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close(), r.Close()) }()
	if err := l.certifyPaper(ctx, r, log); err != nil {
		return err
	}
	if ready != nil {
		if err := ready(ctx, r); err != nil {
			return err
		}
	}
	if err := sayFirstLink(s, p.firstLink); err != nil {
		return err
	}
	return p.Run(ctx, l)
}

// openProgram opens the newsroom and the site and joins them. What it reads of the desk it reads before anybody is told that
// the program is ready.
func openProgram(ctx context.Context, s streams, f folder, log *slog.Logger, e entrance, restored bool) (*room, *program, error) {
	r, err := openRoomAt(ctx, f, log, desk.SystemClock{}, restored)
	if err != nil {
		return nil, nil, err
	}
	p, err := newProgram(ctx, r, log, e, newProgress(s.err))
	if err != nil {
		return nil, nil, errors.Join(err, r.Close())
	}
	if p.firstLink, err = r.firstLink(ctx); err != nil {
		return nil, nil, errors.Join(err, p.Close(), r.Close())
	}
	return r, p, nil
}

// program is the desk's side and the site's side of one newsroom, joined.
type program struct {
	room      *room
	log       *slog.Logger
	shelf     *shelf.Shelf
	follower  *ship.Follower
	site      *site.Site
	sky       *sky
	newsroom  http.Handler
	firstLink string         // of the first chief; "" once there is one
	socket    net.Listener   // where commands are answered; there before anybody is told that the program is ready
	work      sync.WaitGroup // what runs beside the listeners
	stop      context.CancelFunc
	failed    chan error
	close     []func() error // in the order of opening
}

// newProgram opens the site's side, brings the shelf up to the record and starts what runs beside the listeners.
func newProgram(ctx context.Context, r *room, log *slog.Logger, e entrance, p *progress) (_ *program, err error) {
	pr := &program{room: r, log: log, failed: make(chan error, 8)}
	defer func() {
		if err != nil {
			err = errors.Join(err, pr.Close())
		}
	}()
	own, err := openShelf(r.folder, deskSource{r.desk, r.blobs}.entriesAt, log)
	if err != nil {
		return nil, err
	}
	pr.shelf = own.shelf
	pr.close = append(pr.close, own.Close)
	renderer := render.New(render.Options{Record: "/record/checkpoint"})
	pr.sky = &sky{log: log}
	proxies, err := e.proxies()
	if err != nil {
		return nil, err
	}
	read := openReads(r.folder, log)
	r.caches = purge.New(purge.Config{UserAgent: "Dateline/" + version, Log: log})
	pr.close = append(pr.close, func() error { r.caches.Close(); return nil })
	pr.site = site.New(site.Config{Shelf: pr.shelf, Renderer: renderer, Pictures: own.workshop, Weather: pr.sky, Record: r.desk, Reads: read, Proxies: proxies, Streams: e.Streams, CacheBytes: e.cacheBytes(), Caches: r.caches,
		Failed: func(err error) { log.Error("a page could not be made", "error", err) }})
	pr.close = append(pr.close, func() error { pr.site.Close(); return nil })
	pr.follower = own.follower(r, pr.site.Changed)
	pr.follower.Log = log
	pr.follower.Progress = func(done, total int64) { p.tell("rebuilding the site from the record", done, total) }
	if err := pr.follower.CatchUp(ctx); err != nil {
		return nil, err
	}
	p.finish()
	if err := r.setCaches(ctx, pr.shelf.Cursor()); err != nil {
		return nil, err
	}
	r.confirm, r.scrub = pr.site.Confirm, pr.scrub
	signOn, err := e.signOn(r.door)
	if err != nil {
		return nil, err
	}
	pr.newsroom = newsroom.New(newsroom.Config{Desk: r.desk, Confirm: pr.site.Confirm, ConfirmEach: pr.site.ConfirmEach, MostRead: pr.mostRead, Places: pr.site.Places, Scrub: pr.scrub, Done: ctx.Done(), Version: version,
		Log: log, SettingsChanged: pr.weather, Preview: previewer{pr.site, renderer, draftPictures{r.blobs, make(chan struct{}, 1)}},
		Door: r.door, SignOn: signOn, Proxies: proxies})
	beside, stop := context.WithCancel(context.WithoutCancel(ctx))
	pr.stop = stop
	pr.beside(beside, "the follower", func(ctx context.Context) error { return again(ctx, log, pr.follower.Run) })
	pr.beside(beside, "the schedule", r.desk.RunScheduler)
	hour := time.NewTicker(time.Hour)
	pr.close = append(pr.close, func() error { hour.Stop(); return nil })
	pr.beside(beside, "what is done hourly", func(ctx context.Context) error { return r.desk.RunHourly(ctx, hour.C, desk.WitnessRest) })
	pr.beside(beside, "the count of readers", func(ctx context.Context) error { return keepReads(ctx, read, r.folder, log) })
	settings, err := newsroom.FindSettings(ctx, r.desk)
	if err != nil {
		return nil, err
	}
	pr.weather(settings)
	if pr.socket, err = r.folder.listen(); err != nil {
		return nil, err
	}
	pr.close = append(pr.close, func() error { pr.socket.Close(); return nil }) // a server that was started on it has closed it already
	return pr, nil
}

// scrub waits until the site has the record as it is now, and frees its files of words that were removed.
func (p *program) scrub(ctx context.Context) error {
	head, err := p.room.desk.Head(ctx)
	if err != nil {
		return err
	}
	if err := p.follower.WaitFor(ctx, head); err != nil {
		return err
	}
	return p.shelf.Scrub(ctx)
}

// beside runs a part until the program is closed; a part that fails ends the program.
func (p *program) beside(ctx context.Context, name string, run func(context.Context) error) {
	p.work.Add(1)
	go func() {
		defer p.work.Done()
		if err := run(ctx); err != nil && ctx.Err() == nil {
			p.failed <- fmt.Errorf("%s stopped: %w", name, err)
		}
	}()
}

// How long the follower rests after it failed: the first time, and at most.
const (
	leastRest = time.Second
	mostRest  = 30 * time.Second
)

// again runs the follower until ctx ends. What stops it, such as a full disk, does not stop the paper: readers get what the
// site has, receipts say what they do not get yet, and it is tried again.
func again(ctx context.Context, log *slog.Logger, run func(context.Context) error) error {
	for rest := leastRest; ; rest = min(2*rest, mostRest) {
		began := time.Now()
		err := run(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if time.Since(began) > mostRest {
			rest = leastRest
		}
		log.ErrorContext(ctx, "the site cannot follow the record; readers get what it has, and it is tried again", "after", rest, "error", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(rest):
		}
	}
}

// Run answers at every address and on the folder's socket until ctx ends or a part fails.
func (p *program) Run(ctx context.Context, l *listeners) error {
	list := append(l.answering(p.site, p.newsroom), over(&http.Server{Handler: serveOperations(p.room), ReadHeaderTimeout: 10 * time.Second}, p.socket))
	return answer(ctx, p.failed, p.site.EndStreams, list)
}

// Close ends what runs beside, then closes what was opened, last first.
func (p *program) Close() error {
	if p.stop != nil {
		p.stop()
	}
	if p.sky != nil {
		p.sky.stop()
	}
	p.work.Wait()
	var errs []error
	for i := len(p.close) - 1; i >= 0; i-- {
		errs = append(errs, p.close[i]())
	}
	p.close = nil
	return errors.Join(errs...)
}
