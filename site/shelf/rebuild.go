package shelf

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/datelinehq/dateline/record"
)

// rebuildBatch is how many entries go into one transaction of a rebuild.
const rebuildBatch = 512

// Rebuild builds the shelf from the record into a new file beside the old one, which serves meanwhile where it can, and
// renames it over when it has caught up. Entries that come after the last batch are for Apply.
func (s *Shelf) Rebuild(ctx context.Context, from Source, progress Progress) (ch Changes, err error) {
	s.applying.Lock()
	defer s.applying.Unlock()
	if s.closed.Load() {
		return ch, ErrClosed
	}
	path := s.options.Path + ".new"
	if err := removeDatabase(path); err != nil {
		return ch, err
	}
	if err := s.build(ctx, path, from, progress); err != nil {
		return ch, errors.Join(fmt.Errorf("build the shelf from the record: %w", err), removeDatabase(path))
	}
	if err := s.swap(path); err != nil {
		return ch, fmt.Errorf("put the new shelf in place: %w", err)
	}
	return Changes{Everything: true, Cursor: s.cursor.Load()}, nil
}

// swap puts a new file in the place of the one that is served. Readers wait for it.
func (s *Shelf) swap(path string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pool != nil {
		// What a damaged file says when it is closed is of no interest: it goes.
		_ = s.pool.close()
		s.pool = nil
	}
	if s.writer != nil {
		_ = s.writer.c.close()
		s.writer = nil
	}
	if err := removeDatabase(s.options.Path); err != nil {
		return err
	}
	if err := os.Rename(path, s.options.Path); err != nil {
		return err
	}
	s.damage.Store(false)
	return s.serve()
}

// batchOf is what one stage of a rebuild hands to the next.
type batchOf struct {
	list []*prepared
	err  error
}

// build reads, prepares and writes: while one batch is written the next is prepared, and the one before is indexed.
func (s *Shelf) build(ctx context.Context, path string, from Source, progress Progress) (err error) {
	total, err := from.Head(ctx)
	if err != nil {
		return err
	}
	if err := s.create(path, buildingPragmas); err != nil {
		return err
	}
	words, err := newIndexer(path + ".words")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, words.builder.Close()) }()
	err = s.fill(ctx, path, from, words, func(done int64) {
		if progress != nil {
			progress(done, max(total, done))
		}
	})
	if err = errors.Join(err, words.finish()); err != nil {
		return err
	}
	return s.join(path, words)
}

// fill applies the whole record to a new file, its search index apart.
func (s *Shelf) fill(ctx context.Context, path string, from Source, words *indexer, progress func(done int64)) (err error) {
	w, err := s.openWriter(path, buildingPragmas, words)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.c.close()) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan batchOf)
	go s.readBatches(ctx, from, batches)
	for b := range batches {
		if b.err != nil {
			return b.err
		}
		if _, err := w.apply(ctx, b.list); err != nil {
			return err
		}
		progress(w.cursor)
	}
	return ctx.Err()
}

// join puts the search index into the new file.
func (s *Shelf) join(path string, words *indexer) error {
	c, err := openConn(path, buildingPragmas...)
	if err != nil {
		return err
	}
	if err := errors.Join(words.moveInto(c), c.close()); err != nil {
		return fmt.Errorf("move the search index: %w", err)
	}
	return nil
}

// readBatches prepares the record batch by batch up to its end.
func (s *Shelf) readBatches(ctx context.Context, from Source, out chan<- batchOf) {
	defer close(out)
	send := func(b batchOf) bool {
		select {
		case out <- b:
			return b.err == nil
		case <-ctx.Done():
			return false
		}
	}
	language := ""
	for after := int64(0); ; {
		entries, err := from.Entries(ctx, after, rebuildBatch)
		if err != nil {
			send(batchOf{err: err})
			return
		}
		if len(entries) == 0 {
			return
		}
		spoken := languages(entries, language)
		language = spoken[len(entries)]
		list, err := s.prepareAll(entries, spoken)
		if !send(batchOf{list, err}) {
			return
		}
		after = entries[len(entries)-1].Sequence
	}
}

// SetCheckpoint keeps a signed checkpoint of the record. One that names more entries than were applied is shown once they are.
func (s *Shelf) SetCheckpoint(_ context.Context, signed []byte) (ch Changes, err error) {
	if _, err := record.ParseCheckpoint(signed); err != nil {
		return ch, err
	}
	s.applying.Lock()
	defer s.applying.Unlock()
	if s.writer == nil {
		return ch, ErrNotReady
	}
	c := s.writer.c
	rows, err := c.rows("SELECT value FROM meta WHERE name = 'checkpoint'")
	if err != nil {
		return ch, err
	}
	if len(rows) > 0 {
		if string(rows[0].blob(0)) == string(signed) {
			return Changes{Cursor: s.cursor.Load()}, nil
		}
		if err := c.exec("INSERT OR REPLACE INTO meta(name, value) VALUES('checkpoint before', ?)", rows[0].blob(0)); err != nil {
			return ch, err
		}
	}
	if err := c.exec("INSERT OR REPLACE INTO meta(name, value) VALUES('checkpoint', ?)", signed); err != nil {
		return ch, err
	}
	return Changes{Keys: []Key{KeyRecord}, Cursor: s.cursor.Load()}, nil
}

// AddCosigned keeps checkpoints that witnesses cosigned.
func (s *Shelf) AddCosigned(_ context.Context, list []record.Cosigned) (ch Changes, err error) {
	s.applying.Lock()
	defer s.applying.Unlock()
	if s.writer == nil {
		return ch, ErrNotReady
	}
	c := s.writer.c
	for _, w := range list {
		if err := c.exec("INSERT OR IGNORE INTO cosigned(witness, size, note) VALUES(?, ?, ?)", w.Witness, w.Size, w.Note); err != nil {
			return ch, err
		}
		if err := c.exec("INSERT OR REPLACE INTO meta(name, value) VALUES('cosigned', ?)", w.Number); err != nil {
			return ch, err
		}
	}
	return Changes{Keys: []Key{KeyRecord}, Cursor: s.cursor.Load()}, nil
}
