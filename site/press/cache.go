package press

import (
	"hash/maphash"
	"sync"
)

// shards parts the cache so that readers of different pages seldom wait for each other.
const shards = 16

// cache keeps entries up to a number of bytes. It drops by the SIEVE rule: a hand goes from the oldest to the newest,
// spares once whatever was asked for since it last passed, and drops the rest; so a crawler that reads the whole archive
// once does not drive out the pages that readers come back to. It is our own because an entry grows while it is kept,
// by the encodings that are made when first wanted, and because a failing shelf needs pages that are no longer good.
type cache struct {
	seed  maphash.Seed
	shard [shards]shard
}

type shard struct {
	mu             sync.RWMutex
	pages          map[string]*Entry
	newest, oldest *Entry
	hand           *Entry
	bytes, limit   int64
}

func newCache(limit int64) *cache {
	c := &cache{seed: maphash.MakeSeed()}
	for i := range c.shard {
		c.shard[i] = shard{pages: map[string]*Entry{}, limit: limit / shards}
	}
	return c
}

func (c *cache) of(key string) *shard { return &c.shard[maphash.String(c.seed, key)%shards] }

// get finds an entry, good or not.
func (c *cache) get(key string) *Entry {
	s := c.of(key)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.pages[key]
}

// put keeps an entry in place of the one under its key. An entry that is larger than its share is not kept.
func (c *cache) put(e *Entry) {
	s := c.of(e.key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.pages[e.key]; old != nil {
		s.drop(old)
	}
	if e.size > s.limit {
		return
	}
	s.pages[e.key] = e
	e.older = s.newest
	if s.newest != nil {
		s.newest.newer = e
	}
	s.newest = e
	if s.oldest == nil {
		s.oldest = e
	}
	s.bytes += e.size
	s.shrink()
}

// grow accounts for bytes that were added to an entry, if it is still kept.
func (c *cache) grow(e *Entry, n int64) {
	s := c.of(e.key)
	s.mu.Lock()
	defer s.mu.Unlock()
	e.size += n
	if s.pages[e.key] == e {
		s.bytes += n
		s.shrink()
	}
}

// remove forgets the entry under a key.
func (c *cache) remove(key string) {
	s := c.of(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.pages[key]; e != nil {
		s.drop(e)
	}
}

// removeIf forgets every entry of which a test is true.
func (c *cache) removeIf(test func(*Entry) bool) {
	for i := range c.shard {
		s := &c.shard[i]
		s.mu.Lock()
		for e := s.newest; e != nil; {
			next := e.older
			if test(e) {
				s.drop(e)
			}
			e = next
		}
		s.mu.Unlock()
	}
}

// size gives the number of entries and of bytes.
func (c *cache) size() (entries int, bytes int64) {
	for i := range c.shard {
		s := &c.shard[i]
		s.mu.RLock()
		entries += len(s.pages)
		bytes += s.bytes
		s.mu.RUnlock()
	}
	return entries, bytes
}

// shrink drops entries until the shard is within its limit.
func (s *shard) shrink() {
	for s.bytes > s.limit {
		if s.hand == nil {
			s.hand = s.oldest
		}
		e := s.hand
		if e == nil {
			return
		}
		if e.seen.Swap(false) {
			s.hand = e.newer
			continue
		}
		s.drop(e)
	}
}

// drop takes an entry out of the map and the list, and moves the hand on where it stood there.
func (s *shard) drop(e *Entry) {
	if s.hand == e {
		s.hand = e.newer
	}
	if e.newer != nil {
		e.newer.older = e.older
	} else {
		s.newest = e.older
	}
	if e.older != nil {
		e.older.newer = e.newer
	} else {
		s.oldest = e.newer
	}
	e.newer, e.older = nil, nil
	delete(s.pages, e.key)
	s.bytes -= e.size
}
