package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/auth"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/desk/store"
	"github.com/datelinehq/dateline/fetch"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/media/upload"
	"github.com/datelinehq/dateline/purge"
)

// local is who acts when a command is run on the newsroom's own machine: whoever may write in its folder is its chief.
var local = dateline.Actor{Name: "command line", Role: dateline.RoleChief}

// room is the desk's side of a newsroom, opened under the folder's lock.
type room struct {
	folder folder
	desk   *desk.Desk
	door   *auth.Door
	blobs  *blob.Disk
	log    *slog.Logger
	// confirm asks the site for the receipt of an act; nil where no site is served.
	confirm func(ctx context.Context, sequence int64) (dateline.Receipt, error)
	// scrub frees the site's files of removed words; nil where no site is served.
	scrub func(ctx context.Context) error
	// caches are the shared caches before the site; nil where no site is served.
	caches *purge.Purger
	close  []func() error // in the order of opening
}

// openRoom opens the newsroom in a folder. It is EUnavailable while another process has it.
func openRoom(ctx context.Context, f folder, log *slog.Logger) (*room, error) {
	return openRoomAt(ctx, f, log, desk.SystemClock{}, false)
}

// openRoomAt opens a newsroom whose clock is given. Where it is said to be restored from an older copy, its record goes on
// under another name.
func openRoomAt(ctx context.Context, f folder, log *slog.Logger, clock desk.Clock, restored bool) (_ *room, err error) {
	r := &room{folder: f, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.Close())
		}
	}()
	release, err := f.lock()
	if err != nil {
		return nil, err
	}
	r.close = append(r.close, func() error { release(); return nil })
	db, err := store.Open(ctx, f.database(), clock)
	if err != nil {
		return nil, err
	}
	r.close = append(r.close, db.Close)
	signer, err := f.signer(ctx, db)
	if err != nil {
		return nil, err
	}
	sealing, err := f.sealing()
	if err != nil {
		return nil, err
	}
	if r.blobs, err = blob.OpenDisk(f.blobs()); err != nil {
		return nil, err
	}
	r.close = append(r.close, r.blobs.Close)
	uploads, err := upload.Open(f.path("uploads"))
	if err != nil {
		return nil, err
	}
	r.close = append(r.close, uploads.Close)
	tombstones, err := desk.OpenTombstones(f.tombstones())
	if err != nil {
		return nil, err
	}
	r.close = append(r.close, tombstones.Close)
	links, err := fetch.New(fetch.Config{UserAgent: "Dateline/" + version})
	if err != nil {
		return nil, err
	}
	r.close = append(r.close, func() error { links.Close(); return nil })
	conf := desk.Config{Store: db, Blobs: r.blobs, Uploads: uploads, Signer: signer, Tombstones: tombstones, Links: links, Witnesses: witnessAsker{}, Log: log}
	if restored {
		if conf.Restored, err = f.nextSigner(signer.Origin(), clock.Now()); err != nil {
			return nil, err
		}
	}
	if r.desk, err = desk.New(ctx, conf); err != nil {
		return nil, err
	}
	if restored {
		if err := f.takeNextKey(); err != nil {
			return nil, err
		}
	}
	if r.door, err = auth.New(auth.Config{Store: db, Secret: sealing, Log: log}); err != nil {
		return nil, err
	}
	return r, f.sync()
}

// firstLink is the address by which the first chief comes in; "" once there is one.
func (r *room) firstLink(ctx context.Context) (string, error) {
	p, err := r.desk.FindPublication(ctx)
	if err != nil {
		return "", err
	}
	secret, err := r.door.FirstLink(ctx)
	if dateline.ErrorCode(err) == dateline.EState {
		return "", nil
	}
	return auth.LinkAddress(p, secret), err
}

// Close ends the room, what was opened last first.
func (r *room) Close() error {
	var errs []error
	for i := len(r.close) - 1; i >= 0; i-- {
		errs = append(errs, r.close[i]())
	}
	r.close = nil
	return errors.Join(errs...)
}
