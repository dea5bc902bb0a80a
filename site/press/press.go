package press

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// ErrNotFound is what a builder returns when nothing stands at the address. Whatever was kept under it is forgotten.
var ErrNotFound = errors.New("nothing stands at this address")

// Builder makes a page from the shelf. It is called with a context that outlives the reader who asked, because others
// may be waiting for the same page.
type Builder func(ctx context.Context) (*Page, error)

// Config is what a Press needs.
type Config struct {
	Bytes   int64                // the cache's bound; 64 MB where it is 0
	Now     func() time.Time     // the clock
	Visit   func(v Visit) string // the furniture's version, for what a page takes from it
	Patient time.Duration        // how long one page may take to make; 5 s where it is 0
	// Tags are the header lines by which shared caches are told what to drop, for a page of keys and what it takes from the visit; no
	// lines while there is no such cache. Lifetime are those by which they may keep it from now on, none where they may not. Both may
	// be nil; Lifetime is asked only for pages that have tags and are good.
	Tags     func(keys []string, v Visit) []Line
	Lifetime func(v Visit) []Line
	// Keyed says that pages keep the names of what they depend on, for Entry.Keys.
	Keyed  bool
	Failed func(error) // told of pages that could not be made, also when an older one was served; may be nil
}

// Press keeps pages and makes them again when what they depend on has changed.
type Press struct {
	conf     Config
	stamps   *Stamps
	cache    *cache
	squeezer *squeezer
	alikes   alikes
	hot      hot

	mu      sync.Mutex
	flights map[string]*flight

	stale  atomic.Int64
	purged atomic.Uint64 // the stamp of the newest withdrawal
}

// flight is one page being made, and those who wait for it.
type flight struct {
	done  chan struct{}
	entry *Entry
	err   error
}

// New makes a Press and starts the one worker that renews the pages readers are on. Close ends it.
func New(conf Config) *Press {
	if conf.Bytes == 0 {
		conf.Bytes = 64 << 20
	}
	if conf.Patient == 0 {
		conf.Patient = 5 * time.Second
	}
	if conf.Failed == nil {
		conf.Failed = func(error) {}
	}
	p := &Press{conf: conf, stamps: NewStamps(), cache: newCache(conf.Bytes), squeezer: newSqueezer(), flights: map[string]*flight{}}
	p.hot.start(p.renew)
	return p
}

// Close stops renewing pages. Pages can still be asked for.
func (p *Press) Close() { p.hot.stop() }

// Changed tells the press that an act changed what depends on the keys. It is called after the shelf has committed and
// before the act is acknowledged; from its return on, no page that shows less is answered, unless the shelf fails.
func (p *Press) Changed(keys []string) {
	p.stamps.Changed(keys)
	p.hot.wake()
}

// Withdrawn is Changed for an act that takes something from readers: pages that depend on the keys are forgotten at
// once, so that not even a failing shelf brings them back.
func (p *Press) Withdrawn(keys []string) {
	p.stamps.Changed(keys)
	p.purged.Store(p.stamps.Now())
	p.cache.removeIf(func(e *Entry) bool { return !p.stamps.unchanged(e.deps, e.stamp) })
	p.hot.forget()
	p.hot.wake()
}

// Turned tells the press that the furniture changed, so that it renews the pages readers are on.
func (p *Press) Turned() { p.hot.wake() }

// Size gives the number of pages kept and the bytes they take.
func (p *Press) Size() (pages int, bytes int64) { return p.cache.size() }

// Stale counts the pages that were served although they were no longer good, because a newer one could not be made.
func (p *Press) Stale() int64 { return p.stale.Load() }

// Peek gives the page under a key if it is kept and good; nil otherwise. It never waits.
func (p *Press) Peek(key string) *Entry {
	e := p.cache.get(key)
	if e == nil || !p.good(e) {
		return nil
	}
	if !e.seen.Load() {
		e.seen.Store(true) // it was come back to: the cache's hand spares it once
	}
	p.touch(e)
	return e
}

// Stamp is the number of the newest change. A memo that was made from a snapshot opened after it was read is good
// while Unchanged says so.
func (p *Press) Stamp() uint64 { return p.stamps.Now() }

// Slots gives what Unchanged wants to know of dependency keys.
func (p *Press) Slots(keys []string) []uint32 { return p.stamps.slotsOf(keys) }

// Unchanged says whether no key of the slots changed after a stamp.
func (p *Press) Unchanged(slots []uint32, since uint64) bool { return p.stamps.unchanged(slots, since) }

// Get gives the page under a key: the one kept while it is good, a new one otherwise. Of those who ask at once one
// makes it and the others wait; but nobody gets a page that was begun before a change that was complete when they
// asked. If it cannot be made, the last good one is given where there is one.
func (p *Press) Get(ctx context.Context, key string, build Builder) (*Entry, error) {
	if e := p.Peek(key); e != nil {
		return e, nil
	}
	arrived := p.stamps.Now()
	for {
		f, leads := p.join(key)
		if leads {
			p.fly(ctx, f, key, build)
		} else {
			select {
			case <-f.done:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		if f.err != nil {
			return p.lastGood(key, f.err)
		}
		if f.entry.stamp >= arrived || p.good(f.entry) {
			p.touch(f.entry)
			return f.entry, nil
		}
	}
}

// Once makes a page that is never kept, such as a search.
func (p *Press) Once(ctx context.Context, build Builder) (e *Entry, err error) {
	ctx, cancel := context.WithTimeout(ctx, p.conf.Patient)
	defer cancel()
	e, err = p.make(ctx, "", build)
	if err != nil && !errors.Is(err, ErrNotFound) {
		p.conf.Failed(err)
	}
	return e, err
}

func (p *Press) join(key string) (f *flight, leads bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.flights[key]; f != nil {
		return f, false
	}
	f = &flight{done: make(chan struct{})}
	p.flights[key] = f
	return f, true
}

// fly makes a page for everybody who waits for it and keeps it.
func (p *Press) fly(ctx context.Context, f *flight, key string, build Builder) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.conf.Patient)
	defer cancel()
	if f.entry = p.Peek(key); f.entry == nil { // another flight may have landed since the page was looked for
		f.entry, f.err = p.make(ctx, key, build)
		p.settle(key, f)
	}
	p.mu.Lock()
	delete(p.flights, key)
	p.mu.Unlock()
	close(f.done)
}

// settle keeps what a flight brought, or forgets what was kept before.
func (p *Press) settle(key string, f *flight) {
	switch {
	case f.err == nil && f.entry.page.Class != Unkept && !f.entry.page.Once:
		p.keep(f.entry)
	case f.err == nil, errors.Is(f.err, ErrNotFound):
		p.cache.remove(key)
	default:
		p.conf.Failed(f.err)
	}
}

// keep puts an entry into the cache, unless a withdrawal went through the cache while the entry was being made.
func (p *Press) keep(e *Entry) {
	p.cache.put(e)
	if p.purged.Load() > e.stamp && !p.stamps.unchanged(e.deps, e.stamp) {
		p.cache.remove(e.key)
	}
}

// make renders one page. The stamp and the furniture's version are read before the builder opens its snapshot.
func (p *Press) make(ctx context.Context, key string, build Builder) (e *Entry, err error) {
	defer func() {
		if r := recover(); r != nil {
			e, err = nil, fmt.Errorf("make the page %.100q: panic: %v", key, r)
		}
	}()
	stamp := p.stamps.Now()
	day, all, read := p.conf.Visit(VisitDay), p.conf.Visit(VisitAll), p.conf.Visit(VisitRead)
	page, err := build(ctx)
	if err != nil {
		return nil, err
	}
	e = &Entry{page: *page, key: key, stamp: stamp, deps: p.stamps.slotsOf(page.Keys), build: build, home: p}
	if p.conf.Tags != nil && key != "" && page.Status == 200 && page.Class == Revalidated && !page.Once {
		e.tags = p.conf.Tags(page.Keys, page.Visit)
	}
	if !p.conf.Keyed {
		e.page.Keys = nil
	}
	switch page.Visit {
	case VisitDay:
		e.visit = day
	case VisitAll:
		e.visit = all
	case VisitRead:
		e.visit = read
	}
	e.size = e.cost()
	return e, nil
}

// good says whether a page still shows what the shelf and the furniture say.
func (p *Press) good(e *Entry) bool {
	if e.page.Visit != VisitNothing && e.visit != p.conf.Visit(e.page.Visit) {
		return false
	}
	return p.stamps.unchanged(e.deps, e.stamp)
}

func (p *Press) lastGood(key string, err error) (*Entry, error) {
	if errors.Is(err, ErrNotFound) {
		return nil, err
	}
	if e := p.cache.get(key); e != nil {
		p.stale.Add(1)
		return e, nil
	}
	return nil, err
}

func (p *Press) touch(e *Entry) {
	if now := p.conf.Now().Unix(); e.asked.Load() != now {
		e.asked.Store(now)
	}
	p.hot.note(e)
}

// renew makes a page again that is no longer good, with the encodings that the old one had.
func (p *Press) renew(old *Entry) {
	now := p.cache.get(old.key)
	if now == nil || p.good(now) || p.conf.Now().Unix()-now.asked.Load() > hotSeconds {
		return
	}
	asked := now.asked.Load()
	fresh, err := p.Get(context.Background(), now.key, now.build)
	if err != nil {
		return // Failed was told
	}
	fresh.asked.Store(asked) // the press is no reader
	for enc := range encodings {
		if old.variant[enc].made.Load() {
			fresh.in(enc)
		}
	}
}

// Last gives the page that is kept under a key, good or not; nil where there is none. It is for those who could not ask
// the shelf.
func (p *Press) Last(key string) *Entry {
	e := p.cache.get(key)
	if e != nil && !p.good(e) {
		p.stale.Add(1)
	}
	return e
}
