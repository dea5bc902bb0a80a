package desk

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/upload"
)

// StartUpload begins to take a picture in, in parts. It answers ETooLarge for one that would be refused for its size, and
// where too much is under way.
func (d *Desk) StartUpload(ctx context.Context, actor dateline.Actor, name string, size int64) (upload.Upload, error) {
	if err := d.uploading(actor); err != nil {
		return upload.Upload{}, err
	}
	if err := dateline.PlainText(name); err != nil || len(name) > 4*dateline.MaxName {
		return upload.Upload{}, dateline.Errorf(dateline.EInvalid, "the file's name cannot be kept; give it a plain one")
	}
	if size < 1 {
		return upload.Upload{}, dateline.Errorf(dateline.EInvalid, "the file is empty; choose it again")
	}
	if size > media.MaxBytes {
		return upload.Upload{}, dateline.Errorf(dateline.ETooLarge, "the file is over %d MB; save a smaller picture", media.MaxBytes>>20)
	}
	var secret [16]byte
	if _, err := io.ReadFull(d.random, secret[:]); err != nil {
		return upload.Upload{}, internal("no id could be made", err)
	}
	now, err := d.now(ctx)
	if err != nil {
		return upload.Upload{}, err
	}
	u, err := d.uploads.Start(hex.EncodeToString(secret[:]), actor.Holder(), name, size, now)
	return u, kept(err)
}

// now is the desk's instant.
func (d *Desk) now(ctx context.Context) (at time.Time, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		at, err = tx.Now()
		return err
	})
	return at, err
}

// uploading asks whether somebody may bring pictures in, and whether any are kept here.
func (d *Desk) uploading(actor dateline.Actor) error {
	if err := dateline.Can(actor, dateline.ActDescribe, nil); err != nil {
		return err
	}
	if d.blobs == nil || d.uploads == nil {
		return dateline.Errorf(dateline.EUnavailable, "this newsroom keeps no pictures")
	}
	return nil
}

// kept leaves what the uploads' folder says to people as it is, and calls all else a fault of the machine.
func kept(err error) error {
	if err == nil || dateline.ErrorCode(err) != dateline.EInternal {
		return err
	}
	return internal("the upload could not be kept", err)
}

// FindUpload says how far one's own upload is; ENotFound.
func (d *Desk) FindUpload(ctx context.Context, actor dateline.Actor, id string) (upload.Upload, error) {
	if err := d.uploading(actor); err != nil {
		return upload.Upload{}, err
	}
	now, err := d.now(ctx)
	if err != nil {
		return upload.Upload{}, err
	}
	return d.uploads.Find(id, actor.Holder(), now)
}

// ContinueUpload adds a part at an offset. The last gives the picture; asked again, also while the picture is being looked at, it
// gives the same. A file that is refused ends its upload. EConflict says where the upload really is.
func (d *Desk) ContinueUpload(ctx context.Context, actor dateline.Actor, id string, offset int64, part []byte) (u upload.Upload, p *dateline.Picture, err error) {
	if err := d.uploading(actor); err != nil {
		return u, nil, err
	}
	now, err := d.now(ctx)
	if err != nil {
		return u, nil, err
	}
	if u, err = d.uploads.Append(id, actor.Holder(), offset, part, now); err != nil || u.Offset < u.Size {
		return u, nil, kept(err)
	}
	// The work outlives whoever sent the last part first, since another request may be waiting for it.
	working := context.WithoutCancel(ctx)
	done := d.finishing.DoChan(u.ID, func() (_ any, err error) {
		defer func() { // singleflight would end the program
			if v := recover(); v != nil {
				err = internal("the picture could not be looked at", fmt.Errorf("%v\n\n%s", v, debug.Stack()))
			}
		}()
		return d.finishUpload(working, actor, u.ID, now)
	})
	select {
	case result := <-done:
		p, _ = result.Val.(*dateline.Picture)
		return u, p, result.Err
	case <-ctx.Done():
		return u, nil, ctx.Err()
	}
}

// finishUpload makes a picture of an upload that is whole, or finds the one that was made of it.
func (d *Desk) finishUpload(ctx context.Context, actor dateline.Actor, id string, now time.Time) (*dateline.Picture, error) {
	u, err := d.uploads.Find(id, actor.Holder(), now)
	if err != nil {
		return nil, kept(err)
	}
	if u.Picture != "" {
		return d.FindPicture(ctx, actor, u.Picture)
	}
	file, err := d.uploads.Bytes(u.ID)
	if err != nil {
		return nil, kept(err)
	}
	p, err := d.CreatePicture(ctx, actor, file, u.Name)
	if e := file.Close(); err == nil && e != nil {
		return nil, kept(e)
	}
	switch dateline.ErrorCode(err) {
	case "":
		return p, kept(d.uploads.Done(u.ID, p.ID))
	case dateline.EInternal, dateline.EUnavailable:
		return nil, err // a fault of the machine: the last part may be sent again
	}
	if e := d.uploads.Delete(u.ID, actor.Holder()); e != nil {
		d.log.WarnContext(ctx, "a refused upload could not be removed", "error", e)
	}
	return nil, err
}

// CancelUpload gives one's own upload up. Giving up what is not there is no error.
func (d *Desk) CancelUpload(_ context.Context, actor dateline.Actor, id string) error {
	if err := d.uploading(actor); err != nil {
		return err
	}
	return kept(d.uploads.Delete(id, actor.Holder()))
}
