package press

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// hotPlaces bounds how many pages are made again after a change without being asked for, hotSeconds how long ago a
// reader may have asked for one of them.
const (
	hotPlaces  = 256
	hotSeconds = 60
)

// hot remembers the pages that readers are on: a table in which a page takes the place of its key, so that noting one
// costs a load and, now and then, a store.
type hot struct {
	seed   maphash.Seed
	places [hotPlaces]atomic.Pointer[Entry]
	call   chan struct{}
	quit   chan struct{}
	ended  sync.WaitGroup
	once   sync.Once
}

func (h *hot) start(renew func(*Entry)) {
	h.seed = maphash.MakeSeed()
	h.call = make(chan struct{}, 1)
	h.quit = make(chan struct{})
	h.ended.Go(func() {
		for {
			select {
			case <-h.quit:
				return
			case <-h.call:
				h.round(renew)
			}
		}
	})
}

func (h *hot) round(renew func(*Entry)) {
	for i := range h.places {
		select {
		case <-h.quit:
			return
		default:
		}
		if e := h.places[i].Load(); e != nil {
			renew(e)
		}
	}
}

// stop ends the worker and waits for the page it is making.
func (h *hot) stop() {
	h.once.Do(func() { close(h.quit) })
	h.ended.Wait()
}

// wake asks for a round; rounds that are asked for during one become one more.
func (h *hot) wake() {
	select {
	case h.call <- struct{}{}:
	default:
	}
}

func (h *hot) note(e *Entry) {
	if e.key == "" {
		return
	}
	place := &h.places[maphash.String(h.seed, e.key)%hotPlaces]
	if place.Load() != e {
		place.Store(e)
	}
}

func (h *hot) forget() {
	for i := range h.places {
		h.places[i].Store(nil)
	}
}
