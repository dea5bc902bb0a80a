package desk

import (
	"context"
	"errors"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// MaxEntries is how many entries are given at once.
const MaxEntries = 1000

// Entries gives up to limit entries after a sequence number, in order and without gaps. The entries of editions that are
// withdrawn come without body and salt.
func (d *Desk) Entries(ctx context.Context, after int64, limit int) (list []record.Entry, err error) {
	if after < 0 || limit < 1 {
		return nil, dateline.Errorf(dateline.EInvalid, "entries are asked for after a number of 0 or more, at least one at a time")
	}
	err = d.store.View(ctx, func(tx Tx) error {
		list, err = tx.ListEntries(after, min(limit, MaxEntries))
		return err
	})
	return list, err
}

// Entry gives one entry as it is kept, what a withdrawal withholds from followers too: for receipts, which ask whether it is gone from
// everywhere it stood. The error is ENotFound where the record has no such entry.
func (d *Desk) Entry(ctx context.Context, seq int64) (e record.Entry, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		e, err = tx.FindEntry(seq)
		return err
	})
	return e, err
}

// Head is the sequence number of the newest entry, 0 before the first.
func (d *Desk) Head(context.Context) (int64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.head, nil
}

// Wait returns as soon as the newest entry is beyond a number, or more has been signed and cosigned than a count, or with the
// context's error. It gives the newest entry's number and the count, which goes up with each checkpoint.
func (d *Desk) Wait(ctx context.Context, after, signed int64) (head, count int64, err error) {
	for {
		d.mu.Lock()
		head, count, grown := d.head, d.signings, d.grown
		d.mu.Unlock()
		if head > after || count > signed {
			return head, count, nil
		}
		select {
		case <-ctx.Done():
			return head, count, ctx.Err()
		case <-grown:
		}
	}
}

// Cosigned gives up to limit checkpoints that witnesses cosigned, after a number, in the order in which they were taken in.
func (d *Desk) Cosigned(ctx context.Context, after int64, limit int) (list []record.Cosigned, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		list, err = tx.ListCosigned(after, limit)
		return err
	})
	return list, err
}

// Checkpoint is the newest signed checkpoint as a signed note; ENotFound before the first.
func (d *Desk) Checkpoint(ctx context.Context) (note []byte, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		_, note, err = tx.FindCheckpoint()
		return err
	})
	return note, err
}

// SaveReceipt keeps the receipt of an act.
func (d *Desk) SaveReceipt(ctx context.Context, r *dateline.Receipt) error {
	return d.store.Update(ctx, func(tx Tx) error { return tx.SaveReceipt(r) })
}

// FindReceipt returns the receipt of an act; ENotFound where none was kept.
func (d *Desk) FindReceipt(ctx context.Context, actor dateline.Actor, sequence int64) (r *dateline.Receipt, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		r, err = tx.FindReceipt(sequence)
		return err
	})
	return r, err
}

// CheckClock says what the machine's clock shows, in UTC, and why it cannot be believed; nil where it can.
func (d *Desk) CheckClock(ctx context.Context) (now time.Time, fault *ClockFault, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		if now, err = tx.Now(); err != nil {
			return err
		}
		err := tx.CheckClock()
		if errors.As(err, &fault) {
			now = fault.Now
			return nil
		}
		return err
	})
	return now, fault, err
}

// ConfirmClock takes the machine's clock as it is for right, after it jumped or fell behind.
func (d *Desk) ConfirmClock(ctx context.Context, actor dateline.Actor, reason string) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return d.do(ctx, actor, dateline.ActAdminister, func(t *turn) (err error) {
		before := t.now
		if err := t.Tx.ConfirmClock(); err != nil {
			return err
		}
		if t.now, err = t.Tx.Now(); err != nil {
			return err
		}
		t.tells = true
		return t.note(dateline.ActAdminister, nil, 0, "confirmed the clock: it was %s, it is %s; %s",
			before.Format("2006-01-02T15:04:05Z"), t.now.Format("2006-01-02T15:04:05Z"), reason)
	})
}
