package shelf

import (
	"context"
	"errors"
	"fmt"
)

// Tidy does a small step of the work that keeps the search index quick, and says whether there is more to do. It is for quiet
// times. After a redaction or a legal withdrawal it goes on until the words that went are in no page of the file or its log.
func (s *Shelf) Tidy(ctx context.Context) (more bool, err error) {
	s.folding.wait()
	s.applying.Lock()
	defer s.applying.Unlock()
	if s.writer == nil || ctx.Err() != nil {
		return false, ctx.Err()
	}
	defer func() {
		if damaged(err) {
			s.damage.Store(true)
		}
	}()
	more, err = s.writer.step()
	c, due := s.writer.c, false
	if err == nil && !more {
		due, err = scrubDue(c)
	}
	if err != nil || !due {
		s.wrote()
		return more, err
	}
	s.folding.wait() // while the log is folded it cannot be emptied
	if busy, err := c.emptyLog(); err != nil || busy {
		return busy, err
	}
	return false, setScrub(c, false)
}

// step does a small piece of the search index's work in a transaction of its own.
func (w *writer) step() (more bool, err error) {
	if err := w.c.exec("BEGIN IMMEDIATE"); err != nil {
		return false, err
	}
	if more, err = w.finder.Step(); err == nil {
		err = w.c.exec("COMMIT")
	}
	if err != nil {
		return false, errors.Join(fmt.Errorf("tidy the search index: %w", err), w.c.exec("ROLLBACK"), w.load())
	}
	return more, nil
}

// emptyPatience is how long the log's readers are waited for, in milliseconds: nothing can be applied meanwhile.
const emptyPatience = 100

// emptyLog folds the log into the file and cuts it to nothing. It is busy where somebody still reads from it or folds it.
func (c *conn) emptyLog() (busy bool, err error) {
	if _, err := c.once("PRAGMA " + pragma("busy_timeout", emptyPatience)); err != nil {
		return false, err
	}
	r, err := c.once("PRAGMA wal_checkpoint(TRUNCATE)")
	_, patient := c.once("PRAGMA " + pragma("busy_timeout", busyPatience))
	return len(r) > 0 && r[0].int(0) != 0, errors.Join(err, patient)
}

// Scrub does now what Tidy does in quiet times, where words were removed: when it returns they are in no page of the file and
// its log is empty.
func (s *Shelf) Scrub(ctx context.Context) error {
	for {
		due, err := s.scrubDue()
		if err != nil || !due {
			return err
		}
		if _, err := s.Tidy(ctx); err != nil {
			return err
		}
	}
}

func (s *Shelf) scrubDue() (bool, error) {
	s.applying.Lock()
	defer s.applying.Unlock()
	if s.writer == nil {
		return false, nil // it is built anew from a record without the words
	}
	return scrubDue(s.writer.c)
}

// scrubDue says whether words that were taken down by law may still lie in the file.
func scrubDue(c *conn) (bool, error) { return c.has("SELECT 1 FROM meta WHERE name = 'scrub'") }

func setScrub(c *conn, due bool) error {
	if !due {
		return c.exec("DELETE FROM meta WHERE name = 'scrub'")
	}
	return c.exec("INSERT OR REPLACE INTO meta(name, value) VALUES('scrub', 1)")
}
