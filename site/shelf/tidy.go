package shelf

import (
	"context"
	"errors"
	"fmt"
)

// searchSettings are those of an index that is served: an act never waits for a merge, which Tidy does in small steps.
var searchSettings = []string{
	"INSERT INTO words(words, rank) VALUES('automerge', 0)",
	"INSERT INTO words(words, rank) VALUES('crisismerge', 1999)",
	"INSERT INTO words(words, rank) VALUES('hashsize', 1048576)",
	"INSERT INTO words(words, rank) VALUES('usermerge', 4)",
}

// tidyPages is how many pages of the search index one step of Tidy may write.
const tidyPages = 64

// How far the search index has been freed of words that were taken down by law, in the table meta under `scrub`.
const (
	scrubDue     = 1 // such words may still lie in it
	scrubRunning = 2 // all of it is being merged into one, which leaves them out
)

// Tidy does a small step of merging the search index and says whether there is more to do. It is for quiet times. After a
// redaction or a legal withdrawal it goes on until the words that went are in no page of the file or its log.
func (s *Shelf) Tidy(ctx context.Context) (more bool, err error) {
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
	c := s.writer.c
	scrub, err := scrubState(c)
	if err != nil {
		return false, err
	}
	if scrub == scrubDue {
		err := errors.Join(c.exec("INSERT INTO words(words, rank) VALUES('merge', ?)", -tidyPages), setScrub(c, scrubRunning))
		return err == nil, err
	}
	if more, err = mergeWords(c); err != nil || more || scrub == 0 {
		return more, err
	}
	busy, err := c.emptyLog()
	if err != nil || busy {
		return false, err // the next quiet time tries again
	}
	return false, setScrub(c, 0)
}

// emptyLog folds the log into the file and cuts it to nothing. It is busy where somebody reads from it all the time.
func (c *conn) emptyLog() (busy bool, err error) {
	r, err := c.once("PRAGMA wal_checkpoint(TRUNCATE)")
	return err == nil && len(r) > 0 && r[0].int(0) != 0, err
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
	state, err := scrubState(s.writer.c)
	return state != 0, err
}

// mergeWords merges a little and says whether there was something to merge.
func mergeWords(c *conn) (bool, error) {
	before, err := c.one("SELECT total_changes()")
	if err != nil {
		return false, err
	}
	if err := c.exec("INSERT INTO words(words, rank) VALUES('merge', ?)", tidyPages); err != nil {
		return false, fmt.Errorf("merge the search index: %w", err)
	}
	after, err := c.one("SELECT total_changes()")
	if err != nil {
		return false, err
	}
	// The command itself counts as one change; a merge that had nothing to do makes no other.
	return after.int(0)-before.int(0) > 1, nil
}

func scrubState(c *conn) (int64, error) {
	rows, err := c.rows("SELECT value FROM meta WHERE name = 'scrub'")
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return rows[0].int(0), nil
}

func setScrub(c *conn, state int) error {
	if state == 0 {
		return c.exec("DELETE FROM meta WHERE name = 'scrub'")
	}
	return c.exec("INSERT OR REPLACE INTO meta(name, value) VALUES('scrub', ?)", state)
}
