package site

import "sync"

// How many addresses at which nothing stands are remembered, and how long they are at most.
const (
	absentKnown  = 4096
	absentLength = 256
)

// absent remembers addresses that the shelf was asked for and does not have, until the next act of any kind: what asks for one
// that is not there often asks for it again. They are kept as they were written: imported addresses are looked up so.
type absent struct {
	mu    sync.RWMutex
	stamp uint64 // of the changes that the shelf had
	paths map[string]struct{}
}

func (a *absent) has(path string, stamp uint64) bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	_, ok := a.paths[path]
	return ok && a.stamp == stamp
}

// note takes in an address that was looked up after a stamp was read.
func (a *absent) note(path string, stamp uint64) {
	if len(path) > absentLength {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if stamp < a.stamp {
		return
	}
	if stamp > a.stamp || a.paths == nil || len(a.paths) >= absentKnown {
		a.stamp, a.paths = stamp, map[string]struct{}{}
	}
	a.paths[path] = struct{}{}
}
