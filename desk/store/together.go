package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// togetherMost is how many changes one commit holds at most, so that whoever wants the writer alone does not wait long.
const togetherMost = 32

// change is one of those that are made together.
type change struct {
	ctx      context.Context
	f        func(desk.Tx) error
	err      error // that came of it
	panicked any
	done     chan struct{} // closed once err is final
}

// Together makes a change in one commit with those that wait at the same time. Whoever gets the writer makes its own, then
// those of all who wait, each behind a savepoint, and commits once; nobody is answered before. A change that somebody else
// has begun to make is waited for even where its caller has gone, so that the answer is what became of it.
func (s *Store) Together(ctx context.Context, f func(desk.Tx) error) error {
	own := &change{ctx: ctx, f: f, done: make(chan struct{})}
	select {
	case <-ctx.Done():
		return gone(ctx)
	case s.together <- own:
		<-own.done
	case c := <-s.writer:
		if c == nil {
			return closing()
		}
		s.lead(c, own)
	}
	if own.panicked != nil {
		panic(own.panicked)
	}
	return own.err
}

// lead makes a change and those that wait, gives the writer back and tells everybody.
func (s *Store) lead(c *conn, own *change) {
	made := []*change{own}
	err := error(&dateline.Error{Code: dateline.EInternal, Message: "the change could not be kept"}) // where what follows panics
	defer func() {
		s.writer <- c
		for _, m := range made {
			if m.err == nil {
				m.err = err
			}
			close(m.done)
		}
	}()
	err = s.commitTogether(c, func() *change {
		if len(made) == togetherMost {
			return nil
		}
		select {
		case next := <-s.together:
			made = append(made, next)
			return next
		default:
			return nil
		}
	}, own)
}

// commitTogether makes one change after the other until there is no next, and commits. Its error is that of all of them.
func (s *Store) commitTogether(c *conn, next func() *change, first *change) (err error) {
	t := &tx{c: c, watch: s.watch, write: true, late: true}
	return t.commit("BEGIN IMMEDIATE", func() error {
		for m := first; m != nil; m = next() {
			if err := t.admit(m); err != nil {
				return err
			}
		}
		return nil
	})
}

// admit makes a change behind a savepoint. What comes of it stands in the change; the error is the whole transaction's.
func (t *tx) admit(m *change) error {
	own := &tx{c: t.c, watch: t.watch, place: desk.PlaceOf(m.ctx), write: true, late: true, state: t.state}
	own.now = time.Time{} // each has an instant of its own
	err, broken := own.savepoint("change", func() (err error) {
		defer func() {
			if v := recover(); v != nil { // it is its caller's, not whoever happens to have the writer
				m.panicked = fmt.Sprintf("%v\n\n%s", v, debug.Stack())
				err = errors.New("it panicked")
			}
		}()
		if m.ctx.Err() != nil {
			return gone(m.ctx)
		}
		if err := m.f(own); err != nil {
			return err
		}
		if m.ctx.Err() != nil {
			return gone(m.ctx)
		}
		return nil
	})
	own.done, m.err = true, err
	t.state = own.state
	t.confirm = t.confirm || err == nil && own.confirm
	return broken
}

func closing() error { return dateline.Errorf(dateline.EUnavailable, "the newsroom is closing") }
