package store

import (
	"context"

	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// verified is how many entries are checked at once.
const verified = 512

// Verify checks the whole record as it is kept, withheld entries too: that none is missing, that each is what its
// commitment and the tree say, and that the tree is the one that the latest checkpoint signs with one of the keys; where
// no key is given, with one that the record itself names. Progress may be nil.
func (s *Store) Verify(ctx context.Context, keys []string, progress func(done, total int64)) (p record.Proved, err error) {
	err = s.View(ctx, func(dtx desk.Tx) error {
		t := dtx.(*tx)
		total, err := t.Sequence()
		if err != nil {
			return err
		}
		v := record.NewVerifier(tiles{t})
		var after int64
		for {
			list, err := t.entries("SELECT "+entryColumns+", e.body, e.salt FROM entries e WHERE e.seq > $1 ORDER BY e.seq LIMIT $2", after, verified)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				break
			}
			if err := v.Add(list...); err != nil {
				return err
			}
			after = list[len(list)-1].Sequence
			if progress != nil {
				progress(after, total)
			}
		}
		_, note, err := t.FindCheckpoint()
		if err != nil {
			return err
		}
		p, err = v.Finish(note, keys...)
		return err
	})
	return p, err
}
