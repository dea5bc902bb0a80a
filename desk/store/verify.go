package store

import (
	"context"
	"sync"

	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// locked reads entries ahead while those before are checked: a connection serves one at a time.
type locked struct {
	mu sync.Mutex
	tiles
}

// batch is what was read at once.
type batch struct {
	list []record.Entry
	err  error
}

// Tile reads a tile of the stored tree.
func (l *locked) Tile(level int, index int64) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tiles.Tile(level, index)
}

// readAll reads every entry in order.
func (l *locked) readAll(into chan<- batch, stop <-chan struct{}) {
	defer close(into)
	for after := int64(0); ; {
		l.mu.Lock()
		list, err := l.t.entries("SELECT "+entryColumns+", e.body, e.salt FROM entries e WHERE e.seq > $1 ORDER BY e.seq LIMIT $2", after, verified)
		l.mu.Unlock()
		if err == nil && len(list) == 0 {
			return
		}
		select {
		case into <- batch{list, err}:
		case <-stop:
			return
		}
		if err != nil {
			return
		}
		after = list[len(list)-1].Sequence
	}
}

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
		tree := &locked{tiles: tiles{t}}
		v := record.NewVerifier(tree)
		read := make(chan batch, 1)
		stop := make(chan struct{})
		var reading sync.WaitGroup
		reading.Go(func() { tree.readAll(read, stop) })
		for b := range read {
			if err == nil {
				err = b.err
			}
			if err == nil {
				err = v.Add(b.list...)
			}
			if err != nil {
				break
			}
			if progress != nil {
				progress(b.list[len(b.list)-1].Sequence, total)
			}
		}
		close(stop)
		reading.Wait()
		if err != nil {
			return err
		}
		_, note, err := t.FindCheckpoint()
		if err != nil {
			return err
		}
		if p, err = v.Finish(note, keys...); err == nil && p.Origin != "" && p.Signed.IsZero() { // those at the desk say it
			p.Faults = append(p.Faults, record.Fault{What: "the signed checkpoint does not say when it was signed, or not by the log's key"})
		}
		return err
	})
	return p, err
}
