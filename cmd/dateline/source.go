package main

import (
	"context"
	"io"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/ship"
)

// deskSource is the record and its pictures as the desk in the same program has them.
type deskSource struct {
	*desk.Desk
	blobs *blob.Disk
}

var _ ship.Source = deskSource{}

// Checkpoint is the latest signed checkpoint; none before the first act.
func (d deskSource) Checkpoint(ctx context.Context) ([]byte, error) {
	note, err := d.Desk.Checkpoint(ctx)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, nil
	}
	return note, err
}

// Picture opens a picture's bytes.
func (d deskSource) Picture(ctx context.Context, hash string) (io.ReadCloser, error) {
	h, err := blob.Parse(hash)
	if err != nil {
		return nil, err
	}
	r, _, err := d.blobs.Open(ctx, h)
	return r, err
}

func (d deskSource) entriesAt(ctx context.Context, sequences []int64) ([]record.Entry, error) {
	return ship.EntriesAt(ctx, d, sequences)
}

// sitePictures is the site's own folder of pictures.
type sitePictures struct {
	originals *blob.Disk
	workshop  *media.Workshop
}

// Has says whether a picture is there.
func (s sitePictures) Has(ctx context.Context, hash string) (bool, error) {
	h, err := blob.Parse(hash)
	if err != nil {
		return false, err
	}
	return s.originals.Has(ctx, h)
}

// Keep copies a picture's bytes to the site.
func (s sitePictures) Keep(ctx context.Context, r io.Reader) error {
	_, _, err := s.originals.Put(ctx, r, newsroom.MaxPicture)
	return err
}

// Drop takes a picture and its renditions away.
func (s sitePictures) Drop(ctx context.Context, hash string) error {
	h, err := blob.Parse(hash)
	if err != nil {
		return err
	}
	return s.workshop.Delete(ctx, h)
}
