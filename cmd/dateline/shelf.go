package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/ship"
	"github.com/datelinehq/dateline/site/shelf"
)

// siteFolder is the site's part of a newsroom's folder, opened: its shelf and its pictures.
type siteFolder struct {
	shelf    *shelf.Shelf
	workshop *media.Workshop
	pictures *blob.Disk
	follow   *ship.Follower
	close    []func() error // in the order of opening
}

// openShelf opens a newsroom's site folder, making it where there is none. What asks the record again is nil where there is no
// desk to ask.
func openShelf(f folder, refetch func(context.Context, []int64) ([]record.Entry, error), log *slog.Logger) (_ *siteFolder, err error) {
	s := new(siteFolder)
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if err := os.MkdirAll(f.site(), 0o750); err != nil {
		return nil, dateline.Errorf(dateline.EInvalid, "%s cannot be made: %v", f.site(), err)
	}
	if s.pictures, err = blob.OpenDisk(f.path("site", "pictures")); err != nil {
		return nil, err
	}
	s.close = append(s.close, s.pictures.Close)
	if s.workshop, err = media.NewWorkshop(s.pictures, f.path("site", "renditions"), 1); err != nil {
		return nil, err
	}
	s.close = append(s.close, s.workshop.Close)
	if s.shelf, err = shelf.Open(shelf.Options{Path: f.path("site", "shelf.db"), Refetch: refetch,
		Failed: func(err error) { log.Error("the shelf's log grows", "error", err) }}); err != nil {
		return nil, err
	}
	s.close = append(s.close, s.shelf.Close)
	return s, nil
}

// follower makes what brings the folder up to the record and tells of changes, which may be nobody's concern.
func (s *siteFolder) follower(r *room, changed func(shelf.Changes)) *ship.Follower {
	s.follow = &ship.Follower{Source: deskSource{r.desk, r.blobs}, Shelf: s.shelf, Pictures: sitePictures{s.pictures, s.workshop},
		OnChange: changed, Log: slog.New(slog.DiscardHandler)}
	return s.follow
}

// Close closes what was opened, last first.
func (s *siteFolder) Close() error {
	var errs []error
	for i := len(s.close) - 1; i >= 0; i-- {
		errs = append(errs, s.close[i]())
	}
	s.close = nil
	return errors.Join(errs...)
}
