package press

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// slots is the size of the table of dependency counters. Two keys that share a slot only make a page once more than
// was needed.
const slots = 1 << 16

// Stamps counts changes by dependency key. Each slot of a fixed table holds the number of the last change to any key
// that falls into it, so that an act costs a bounded number of stores however many pages depend on its keys.
type Stamps struct {
	seed  maphash.Seed
	write sync.Mutex
	last  atomic.Uint64
	table [slots]atomic.Uint64
}

// NewStamps makes an empty table.
func NewStamps() *Stamps { return &Stamps{seed: maphash.MakeSeed()} }

// Now is the number of the newest change. Whoever renders reads it before the shelf's snapshot is opened: a change that
// the snapshot does not show then has a greater number.
func (s *Stamps) Now() uint64 { return s.last.Load() }

// Changed counts one change of all the keys. It is called after the shelf has committed the change and before the act
// is acknowledged.
func (s *Stamps) Changed(keys []string) {
	if len(keys) == 0 {
		return
	}
	s.write.Lock()
	defer s.write.Unlock()
	n := s.last.Add(1)
	for _, k := range keys {
		s.table[s.slot(k)].Store(n)
	}
}

func (s *Stamps) slot(key string) uint32 {
	return uint32(maphash.String(s.seed, key)) % slots
}

// slotsOf gives the slots of a page's keys, each once.
func (s *Stamps) slotsOf(keys []string) []uint32 {
	out := make([]uint32, 0, len(keys))
next:
	for _, k := range keys {
		n := s.slot(k)
		for _, have := range out {
			if have == n {
				continue next
			}
		}
		out = append(out, n)
	}
	return out
}

// unchanged says whether none of the slots changed after a stamp.
func (s *Stamps) unchanged(deps []uint32, since uint64) bool {
	for _, d := range deps {
		if s.table[d].Load() > since {
			return false
		}
	}
	return true
}
