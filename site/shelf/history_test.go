package shelf

import (
	"testing"
	"time"
)

// History is a shelf that follows a record of random acts, for tests of what is made of shelves.
type History struct {
	*Shelf
	n       *newsroom
	applied int
}

// NewHistory begins one.
func NewHistory(t testing.TB, seed uint64) *History {
	n := newNewsroom(t, seed)
	h := &History{Shelf: open(t, n), n: n}
	h.follow(t)
	return h
}

// Acts does so many acts; the shelf gets each entry as it is at that moment.
func (h *History) Acts(t testing.TB, count int) {
	for range count {
		h.n.act()
		h.follow(t)
	}
}

func (h *History) follow(t testing.TB) {
	for ; h.applied < len(h.n.entries); h.applied++ {
		apply(t, h.Shelf, h.n.given(h.n.entries[h.applied]))
	}
}

// Arranges has an editor arrange a front, and tells a story on, which random acts seldom do.
func (h *History) Arranges(t testing.TB) {
	h.n.front()
	h.n.tell(pick(h.n, h.n.stories))
	h.follow(t)
}

// Anew builds the shelf again from the record.
func (h *History) Anew(t testing.TB) {
	if _, err := h.Rebuild(t.Context(), answering{h.n}, nil); err != nil {
		t.Fatal(err)
	}
}

// Pass lets time go by.
func (h *History) Pass(by time.Duration) { h.n.now = h.n.now.Add(by) }

// Now is the time of the newest act.
func (h *History) Now() time.Time { return h.n.now }

// Below is a random number.
func (h *History) Below(n int) int { return h.n.rand.IntN(n) }
