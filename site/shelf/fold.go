package shelf

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// How large the log becomes before it is folded into the file beside those who read and write, and before they wait for that, in bytes.
const (
	foldAt   = 8 << 20
	foldWait = 64 << 20
)

// folding holds one while the log is folded.
type folding chan struct{}

// wait returns when nobody folds. Whoever writes on without end waits now and then, because the log is begun anew only when all of it
// is in the file.
func (f folding) wait() {
	f <- struct{}{}
	<-f
}

// wrote has the log folded where it has become large. The caller holds Shelf.applying.
func (s *Shelf) wrote() {
	log, err := os.Stat(s.options.Path + "-wal")
	if err != nil || log.Size() < foldAt {
		return
	}
	if log.Size() >= foldWait {
		s.folding.wait()
	}
	select {
	case s.folding <- struct{}{}:
	default:
		return // the next transaction asks again
	}
	go func() {
		defer func() { <-s.folding }()
		s.folded(s.fold())
	}()
	if log.Size() >= foldWait {
		s.folding.wait()
	}
}

// folded notes how folding the log went. Why it fails is told once, and again after it went well. The caller holds folding.
func (s *Shelf) folded(err error) {
	why := ""
	if damaged(err) {
		s.damage.Store(true)
	} else if err != nil {
		why = err.Error()
	}
	if why != "" && why != s.unfolded && s.options.Failed != nil {
		s.options.Failed(fmt.Errorf("fold the log of %s into it: %w", s.options.Path, err))
	}
	s.unfolded = why
}

// fold writes what the log holds into the file, as far as nobody reads what was there before. Where the disk is full or a reader is
// slow the log grows, and is folded after a later transaction.
func (s *Shelf) fold() error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.pool == nil {
		return nil
	}
	c, err := s.pool.take(context.Background())
	if err != nil {
		return err
	}
	_, err = c.once("PRAGMA wal_checkpoint(PASSIVE)")
	return errors.Join(err, s.pool.give(c, err == nil))
}
