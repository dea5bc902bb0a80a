package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk/store"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site"
)

// restoreHint is what to do where desk.db is damaged.
const restoreHint = "copy the folder, put back a backup of desk.db that `dateline record verify` passes, and start with `dateline serve --restored` where it is older than the record that readers were given"

// damage says what is wrong with the desk's database, part by part; nil where it is whole.
func damage(ctx context.Context, f folder) error {
	faults, err := store.Examine(ctx, f.database())
	if err != nil || len(faults) == 0 {
		return err
	}
	return dateline.Errorf(dateline.EInternal, "%s is damaged: %s; %s", f.database(), strings.Join(faults, "; "), restoreHint)
}

// serveReaders answers readers from the last good shelf while the desk cannot be opened because its database or its disk
// fails. Nothing is published or taken down meanwhile, and who comes to the newsroom is told why. It gives the failure back
// where there is no shelf to serve.
func serveReaders(ctx context.Context, s streams, f folder, l *listeners, e entrance, failure error) (err error) {
	release, err := f.lock()
	if err != nil {
		return failure
	}
	defer release()
	if _, err := os.Stat(f.path("site", "shelf.db")); err != nil {
		return failure
	}
	log := slog.New(slog.NewTextHandler(s.err, nil))
	own, err := openShelf(f, nil, log)
	if err != nil {
		return errors.Join(failure, err)
	}
	defer func() { err = errors.Join(err, own.Close()) }()
	if own.shelf.NeedsRebuild() != "" {
		return failure
	}
	proxies, err := e.proxies()
	if err != nil {
		return err
	}
	readers := site.New(site.Config{Shelf: own.shelf, Renderer: render.New(render.Options{Record: "/record/checkpoint"}), Pictures: own.workshop, Proxies: proxies, CacheBytes: e.cacheBytes(),
		Failed: func(err error) { log.Error("a page could not be made", "error", err) }})
	defer readers.Close()
	if err := l.certifyLast(f, log); err != nil {
		return errors.Join(failure, err)
	}
	log.Error("the newsroom cannot be opened; readers get the last good pages, and nothing is published or taken down until it is mended", "error", failure)
	go func() { // it reads every page, and readers are not to wait for it
		if found := damage(ctx, f); found != nil {
			log.Error("the database was looked through", "error", found)
		}
	}()
	if _, err := fmt.Fprintf(s.out, "Readers are served what was published last; the newsroom is closed.\n  Readers:   %s\n  Newsroom:  %s   (says so)\n  %s\n", l.siteURL(), l.newsroomURL(), message(failure)); err != nil {
		return err
	}
	return answer(ctx, make(chan error, 2), readers.EndStreams, l.answering(readers, closed()))
}

// closed tells everybody who comes to the newsroom that it is closed; the log says why.
func closed() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, "The newsroom is closed: its database cannot be used. Readers get what was published last.\nFor whoever runs it: the program's log says more, and `dateline doctor` looks the newsroom over.\n")
	})
}
