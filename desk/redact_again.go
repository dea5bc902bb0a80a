package desk

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// removed tells entries that lost their bodies by number and commitment.
func (t *turn) removed(sequences []int64) (list []RemovedEntry, err error) {
	for _, seq := range sequences {
		e, err := t.FindEntry(seq)
		if err != nil {
			return nil, err
		}
		list = append(list, RemovedEntry{seq, hex.EncodeToString(e.Commitment[:])})
	}
	return list, nil
}

// remember keeps a redaction in the file of tombstones, so that an older database does not bring the words back.
func (t *turn) remember(seq int64, subject dateline.ID, r *record.Redaction) error {
	list, err := t.removed(r.Entries)
	t.tombs = append(t.tombs, Tombstone{Sequence: seq, Kind: record.KindRedaction, Article: subject, Entries: list, Addresses: r.Hashes})
	return err
}

// removeAgain takes away bodies that an older database still has and that the tombstones know to have been removed. Articles
// whose live edition is among them are withdrawn for law.
func (d *Desk) removeAgain(ctx context.Context, s Tombstone) error {
	again := map[dateline.ID][]int64{}
	err := d.store.View(ctx, func(tx Tx) error {
		for _, r := range s.Entries {
			e, err := tx.FindEntry(r.Sequence)
			if absent(err) {
				continue
			}
			if err != nil {
				return err
			}
			if e.HasBody() && hex.EncodeToString(e.Commitment[:]) == r.Commitment {
				again[e.Subject] = append(again[e.Subject], e.Sequence)
			}
		}
		return nil
	})
	for subject, sequences := range again {
		if err == nil {
			err = d.removeOf(ctx, subject, sequences, s.Addresses)
		}
	}
	if err != nil {
		return fmt.Errorf("entries of %s lost their words, this database still has them, and they could not be removed again: %w", s.Article, err)
	}
	return nil
}

// removeOf removes entries of one subject again.
func (d *Desk) removeOf(ctx context.Context, subject dateline.ID, sequences []int64, hashes []string) error {
	return d.update(ctx, dateline.Actor{Name: "tombstones", Role: dateline.RoleChief}, func(t *turn) error {
		a, err := t.FindArticle(subject)
		if absent(err) {
			return t.eraseEntries(subject, sequences, hashes)
		}
		if err != nil {
			return err
		}
		w := &redaction{turn: t, a: a, known: hashes}
		if err := w.load(); err != nil {
			return err
		}
		gone := map[int64]bool{}
		for _, seq := range sequences {
			gone[seq] = true
		}
		for _, e := range w.editions {
			if gone[e.Sequence] {
				w.going = append(w.going, e)
				delete(gone, e.Sequence)
			}
		}
		for _, seq := range sequences {
			if gone[seq] {
				w.addition = append(w.addition, seq)
			}
		}
		for _, step := range []func() error{w.widen, w.takeDown, w.append, w.clear, w.finish} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
}
