package desk

import (
	"context"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// agreeWithKey refuses to go on signing with a key that the record does not name last: whoever checks the record knows only
// that one.
func (d *Desk) agreeWithKey(ctx context.Context) error {
	if d.signer == nil {
		return nil
	}
	note, err := d.Checkpoint(ctx)
	if absent(err) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = record.OpenCheckpoint(note, d.signer.Verifier())
	if err == nil || d.restored != nil {
		return nil
	}
	if named, find := d.NamedKey(ctx); find != nil || named == d.signer.Verifier() {
		return find
	}
	return &dateline.Error{Code: dateline.EState, Message: "the record's newest checkpoint was signed with another key than this newsroom's: " +
		"put back the key that belongs to this desk.db", Cause: err}
}

// NamedKey is the verifier key that the record names last; empty before the first.
func (d *Desk) NamedKey(ctx context.Context) (verifier string, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		verifier, err = NamedKey(tx)
		return err
	})
	return verifier, err
}

// NamedKey is the verifier key that the record names last; empty before the first.
func NamedKey(tx Tx) (string, error) {
	p, err := tx.FindPublication()
	if absent(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	entries, err := tx.ListEntriesAbout(p.ID)
	if err != nil || len(entries) == 0 {
		return "", err
	}
	body, err := entries[len(entries)-1].Decode()
	switch b := body.(type) {
	case *record.Key:
		return b.Verifier, err
	case *record.Origin:
		return b.Verifier, err
	}
	return "", internal("the record's keys cannot be read", err)
}

// RotateKey has another key sign from here on. The record names it, signed by the key before.
func (d *Desk) RotateKey(ctx context.Context, actor dateline.Actor, next Signer) (sequence int64, err error) {
	if d.signer == nil || next.Origin() != d.signer.Origin() {
		return 0, dateline.Errorf(dateline.EInvalid, "the next key signs under another name than this record's")
	}
	note, err := d.signer.Announce(next.Verifier())
	if err != nil {
		return 0, err
	}
	err = d.do(ctx, actor, dateline.ActAdminister, func(t *turn) error {
		p, err := t.publication()
		if err != nil {
			return err
		}
		if sequence, err = t.append(p.ID, &record.Key{Origin: next.Origin(), Verifier: next.Verifier(), Note: string(note)}); err != nil {
			return err
		}
		return t.note(dateline.ActAdminister, nil, sequence, "another key signs the record")
	})
	if err != nil {
		return 0, err
	}
	return sequence, d.signWith(context.WithoutCancel(ctx), next)
}

// signWith changes the signer and signs what there is.
func (d *Desk) signWith(ctx context.Context, next Signer) error {
	d.signing.Lock()
	d.signer = next
	d.signing.Unlock()
	return d.sign(ctx, signOther)
}

// signing says what is to be signed besides a record that has grown.
type signing int

const (
	signGrown signing = iota // nothing
	signOther                // what another key signed last
	signAgain                // the same once more, which says that it is still so
)

// sign makes and keeps the checkpoint of the record as it is, outside the act's transaction. Where several acts finish
// together one checkpoint covers them. Witnesses' cosignatures of the same record are kept.
func (d *Desk) sign(ctx context.Context, what signing) error {
	d.signing.Lock()
	defer d.signing.Unlock()
	if d.signer == nil {
		return nil
	}
	var size int64
	var root record.Hash
	var before []byte
	var now time.Time
	err := d.store.View(ctx, func(tx Tx) error {
		signed, note, err := tx.FindCheckpoint()
		if err != nil && !absent(err) {
			return err
		}
		sequence, err := tx.Sequence()
		if err != nil || sequence == 0 || sequence < signed {
			return err
		}
		if sequence == signed {
			if _, other := record.OpenCheckpoint(note, d.signer.Verifier()); what == signGrown || what == signOther && other == nil {
				return nil
			}
			before = note
		}
		size = sequence
		if now, err = tx.Now(); err != nil {
			return err
		}
		root, err = tx.Root(size)
		return err
	})
	if err != nil || size == 0 {
		return err
	}
	note, err := d.signer.Sign(record.Checkpoint{Origin: d.signer.Origin(), Size: size, Root: root}, now)
	if err != nil {
		return err
	}
	note = record.Keep(note, before)
	if err := d.store.Update(ctx, func(tx Tx) error { return tx.SaveCheckpoint(size, note) }); err != nil {
		return err
	}
	d.wakeAll()
	select {
	case d.signed <- struct{}{}:
	default:
	}
	return d.tombstones.signed(size, root)
}

// lost says whether the record is an older copy of what was signed and given out.
func (d *Desk) lost(ctx context.Context) (bool, error) {
	t := d.tombstones
	if d.head < t.size || t.size == 0 {
		return d.head < t.size, nil
	}
	var root record.Hash
	err := d.store.View(ctx, func(tx Tx) (err error) {
		root, err = tx.Root(t.size)
		return err
	})
	return hexOf(root) != t.root, err
}

// beginAgain goes on with an older copy of the record under another name, and says so in its next entry.
func (d *Desk) beginAgain(ctx context.Context) error {
	next, t := d.restored, d.tombstones
	note, err := d.signer.Announce(next.Verifier())
	if err != nil {
		return err
	}
	before, _, err := d.checkpointOrigin(ctx)
	if err != nil {
		return err
	}
	head := d.head
	body := &record.Origin{Before: before, Origin: next.Origin(), Verifier: next.Verifier(), Size: t.size, Root: t.root, Note: string(note)}
	d.signing.Lock()
	d.signer = next
	d.signing.Unlock()
	return d.update(ctx, dateline.Actor{Name: "restored", Role: dateline.RoleChief}, func(turn *turn) error {
		p, err := turn.publication()
		if err != nil {
			return err
		}
		seq, err := turn.append(p.ID, body)
		if err != nil {
			return err
		}
		// What the file numbers after this copy's newest entry is numbered anew.
		turn.tombs = append(turn.tombs, Tombstone{Sequence: head, Kind: record.KindOrigin})
		return turn.note(dateline.ActAdminister, nil, seq, "went on with an older copy of the record, of %d entries where %d had been signed", head, body.Size)
	})
}

// checkpointOrigin is the name under which the newest checkpoint was signed.
func (d *Desk) checkpointOrigin(ctx context.Context) (origin string, size int64, err error) {
	note, err := d.Checkpoint(ctx)
	if absent(err) {
		return d.signer.Origin(), 0, nil
	}
	if err != nil {
		return "", 0, err
	}
	c, err := record.ParseCheckpoint(note)
	return c.Origin, c.Size, err
}
