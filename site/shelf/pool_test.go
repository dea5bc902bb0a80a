package shelf

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
)

// Of the connections that are free the pool lends the one that was used last, and it opens no more than are asked for at once.
func TestThePoolLendsWhatWasUsedLast(t *testing.T) {
	p := newPool(filepath.Join(t.TempDir(), "shelf.db"), nil, 3)
	take := func() *conn {
		t.Helper()
		c, err := p.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	give := func(c *conn, keep bool) {
		t.Helper()
		if err := p.give(c, keep); err != nil {
			t.Fatal(err)
		}
	}
	a, b := take(), take()
	give(a, true)
	give(b, true)
	for range 3 {
		c := take()
		if c != b {
			t.Fatal("not the connection that was used last")
		}
		give(c, true)
	}
	give(take(), false)
	if c := take(); c != a {
		t.Error("another connection was opened while one was free")
	} else {
		give(c, true)
	}
	lent := []*conn{take(), take(), take()}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.take(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("a fourth of three: %v", err)
	}
	for _, c := range lent {
		give(c, true)
	}
	if err := p.close(); err != nil {
		t.Error(err)
	}
}
