package purge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/fetch"
)

// Change is what an act or the furniture has changed.
type Change struct {
	Sequence int64 // the newest entry that the site shows
	Keys     []string
	All      bool // anything may have changed
	Hard     bool // something was taken from readers: nothing of it may be served, not even where the site fails
}

// Config is what a Purger works with.
type Config struct {
	UserAgent string
	Log       *slog.Logger
	Rest      time.Duration // after the first failure; 1 s where it is 0
	// Again is when what was purged is purged once more: an answer that was under way when a cache purged may be kept after it. The
	// last is as long as an answer may be under way. 2 s and 60 s where it is nil.
	Again []time.Duration
}

// How long a cache that failed is left alone at most, and how many tags are owed before everything is.
const (
	mostRest = time.Minute
	mostOwed = 2000
)

// Purger purges the caches that it was given. It is safe for concurrent use; a nil one has none.
type Purger struct {
	conf  Config
	owing atomic.Int64 // caches to which something is owed
	any   atomic.Int64 // caches
	nginx atomic.Bool

	held atomic.Int64 // how often Hold was called and not yet ended

	mu      sync.Mutex
	workers []*worker
	told    int64 // the newest entry that the site has told of
}

// New makes a Purger without caches. Close ends it.
func New(conf Config) *Purger {
	if conf.Rest == 0 {
		conf.Rest = time.Second
	}
	if conf.Again == nil {
		conf.Again = []time.Duration{2 * time.Second, time.Minute}
	}
	return &Purger{conf: conf}
}

// Set purges these caches from now on, in place of others. Nobody knows what they hold of the time before, so that everything is
// owed to them at first. sequence is the newest entry that the site shows; 0 where Purge has told it since.
func (p *Purger) Set(list []Cache, sequence int64) error {
	next := make([]*worker, len(list))
	for i, c := range list {
		if c.Broken == nil {
			if err := c.Validate(); err != nil {
				return err
			}
		}
		client, err := fetch.New(fetch.Config{UserAgent: p.conf.UserAgent, Hosts: []string{fetch.HostOf(c.base())}})
		if err != nil {
			return err
		}
		next[i] = &worker{purger: p, cache: c, form: forms()[c.Form], client: client, wake: make(chan struct{}, 1), moved: make(chan struct{})}
	}
	p.mu.Lock()
	old := p.workers
	p.workers = nil
	p.mu.Unlock()
	for _, w := range old {
		w.end()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = max(p.told, sequence)
	p.owing.Store(0)
	p.any.Store(int64(len(next)))
	p.nginx.Store(slices.ContainsFunc(list, func(c Cache) bool { return c.Form == Nginx }))
	p.workers = next
	for _, w := range next {
		ctx, stop := context.WithCancel(context.Background())
		w.stop = stop
		w.owe(Change{Sequence: p.told, All: true, Hard: true})
		w.work.Go(func() { w.run(ctx) })
	}
	return nil
}

// Close stops purging. What is owed is purged at the next start.
func (p *Purger) Close() {
	if p != nil {
		_ = p.Set(nil, 0) // without caches there is nothing to refuse
	}
}

// Any says whether there are caches.
func (p *Purger) Any() bool { return p != nil && p.any.Load() > 0 }

// Fresh says whether there are caches and nothing is owed to any: only then may they keep what they are given.
func (p *Purger) Fresh() bool { return p.Any() && p.owing.Load() == 0 && p.held.Load() == 0 }

// Hold keeps the caches from being given anything to keep until release is called once.
func (p *Purger) Hold() (release func()) {
	p.held.Add(1)
	return func() { p.held.Add(-1) }
}

// HasNginx says whether one of them is an nginx, which wants lifetimes in a header line of its own.
func (p *Purger) HasNginx() bool { return p != nil && p.nginx.Load() }

// Purge tells every cache of a change. It does not wait. It is called after no page that shows less is answered any more.
func (p *Purger) Purge(c Change) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = max(p.told, c.Sequence)
	for _, w := range p.workers {
		w.owe(c)
	}
}

// Everything purges all that the caches hold, and waits some seconds for their answers.
func (p *Purger) Everything(ctx context.Context) []dateline.PurgeLine {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return p.each(func(w *worker) dateline.PurgeLine {
		n := w.owe(Change{All: true, Hard: true})
		return w.wait(ctx, func() bool { return w.answered >= n })
	})
}

// Wait gives a line for each cache: whether it has purged what the record changed up to an entry. It waits for those that have not,
// until ctx ends.
func (p *Purger) Wait(ctx context.Context, sequence int64) []dateline.PurgeLine {
	if p == nil {
		return nil
	}
	return p.each(func(w *worker) dateline.PurgeLine {
		return w.wait(ctx, func() bool { return w.through >= sequence })
	})
}

// each asks f of every worker at once.
func (p *Purger) each(f func(*worker) dateline.PurgeLine) []dateline.PurgeLine {
	p.mu.Lock()
	workers := slices.Clone(p.workers)
	p.mu.Unlock()
	lines := make([]dateline.PurgeLine, len(workers))
	var asking sync.WaitGroup
	for i, w := range workers {
		asking.Go(func() { lines[i] = f(w) })
	}
	asking.Wait()
	return lines
}

// worker purges one cache.
type worker struct {
	purger *Purger
	cache  Cache
	form   form
	client *fetch.Client
	wake   chan struct{}
	stop   context.CancelFunc
	work   sync.WaitGroup

	mu              sync.Mutex
	owed            Change // keys are tags here
	since           time.Time
	owes            bool
	ended           bool  // others have taken its place
	asked, answered int64 // changes, counted
	through         int64 // the entry up to which it has purged
	took            time.Duration
	wrong           error
	moved           chan struct{} // closed when any of these changes
}

// owe adds a change to what the cache is to purge, and gives its number.
func (w *worker) owe(c Change) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	if len(c.Keys) == 0 && !c.All && !w.owes { // it changed no page
		w.through, w.answered = max(w.through, c.Sequence), w.asked
		w.tell()
		return w.asked
	}
	tags := append(tagsOf(c.Keys), Wide)
	w.merge(Change{c.Sequence, tags, c.All, c.Hard})
	return w.asked
}

// tagsOf are the tags of keys, however many.
func tagsOf(keys []string) []string {
	list := make([]string, 0, len(keys)+1)
	for _, k := range keys {
		list = append(list, Tag(k))
	}
	return list
}

// merge is owe for tags; the lock is held. To a worker that has ended nothing is owed: nobody would pay it.
func (w *worker) merge(c Change) {
	if w.ended {
		return
	}
	if !w.owes {
		w.owes, w.since = true, time.Now()
		w.purger.owing.Add(1)
	}
	w.owed.Sequence = max(w.owed.Sequence, c.Sequence)
	w.owed.All = w.owed.All || c.All
	w.owed.Hard = w.owed.Hard || c.Hard
	w.owed.Keys = append(w.owed.Keys, c.Keys...)
	slices.Sort(w.owed.Keys)
	w.owed.Keys = slices.Compact(w.owed.Keys)
	if len(w.owed.Keys) > mostOwed {
		w.owed.All = true
	}
	if w.owed.All {
		w.owed.Keys = nil
	}
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// tell wakes those who wait; the lock is held.
func (w *worker) tell() {
	close(w.moved)
	w.moved = make(chan struct{})
}

func (w *worker) end() {
	w.mu.Lock()
	w.ended = true
	w.tell()
	w.mu.Unlock()
	w.stop()
	w.work.Wait()
	w.client.Close()
}

// run purges what is owed until ctx ends. While the cache does not answer, what comes is added to what is owed.
func (w *worker) run(ctx context.Context) {
	var again []repeat
	rest := w.purger.conf.Rest
	for {
		timer := time.NewTimer(nextOf(again))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-w.wake:
		case <-timer.C:
		}
		timer.Stop()
		debt, since, asked := w.debt() // before what is only made again: an act waits for it
		if debt == nil {
			again = w.repeatDue(ctx, again)
			continue
		}
		if err := w.ask(ctx, *debt); err != nil && ctx.Err() == nil {
			w.failed(*debt, err, rest)
			select {
			case <-ctx.Done():
				return
			case <-time.After(rest):
			}
			rest = min(2*rest, mostRest)
			continue
		} else if err != nil {
			return
		}
		rest = w.purger.conf.Rest
		w.paid(*debt, since, asked)
		if !w.form.strict {
			for _, after := range w.purger.conf.Again {
				again = append(again, repeat{time.Now().Add(after), *debt})
			}
		}
	}
}

// repeat is a purge that is made once more.
type repeat struct {
	at     time.Time
	change Change
}

// never is how long nothing is waited for where nothing is to be repeated.
const never = 24 * time.Hour

func nextOf(list []repeat) time.Duration {
	wait := never
	for _, r := range list {
		wait = min(wait, time.Until(r.at))
	}
	return max(wait, 0)
}

// repeatDue purges once more what is due, as one; where that fails it is owed again.
func (w *worker) repeatDue(ctx context.Context, list []repeat) (left []repeat) {
	var all Change
	due := false
	for _, r := range list {
		if time.Until(r.at) > 0 {
			left = append(left, r)
			continue
		}
		due = true
		all.All, all.Hard = all.All || r.change.All, all.Hard || r.change.Hard
		all.Keys = append(all.Keys, r.change.Keys...)
	}
	if !due {
		return left
	}
	slices.Sort(all.Keys)
	all.Keys = slices.Compact(all.Keys)
	if err := w.ask(ctx, all); err != nil && ctx.Err() == nil {
		w.mu.Lock()
		w.merge(all)
		w.mu.Unlock()
	}
	return left
}

// debt takes what is owed, still counting as owed; nil where nothing is.
func (w *worker) debt() (c *Change, since time.Time, asked int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.owes || !w.owed.All && len(w.owed.Keys) == 0 {
		return nil, since, 0
	}
	owed := w.owed
	w.owed = Change{Sequence: owed.Sequence}
	return &owed, w.since, w.asked
}

// paid: what was owed is purged, unless more came meanwhile.
func (w *worker) paid(c Change, since time.Time, asked int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.through, w.answered, w.took, w.wrong = max(w.through, c.Sequence), asked, time.Since(since), nil
	if w.owed.All || len(w.owed.Keys) > 0 {
		w.since = time.Now()
	} else {
		w.owes = false
		w.purger.owing.Add(-1)
	}
	w.tell()
}

func (w *worker) failed(c Change, err error, rest time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.merge(c)
	first := w.wrong == nil
	w.wrong = err
	w.tell()
	if first {
		w.purger.conf.Log.Error("a shared cache was not purged: it may show what was there before. No page may be kept until it is, and it is tried again", "cache", w.cache.Name(), "after", rest, "error", err)
	}
}

// ask sends the requests for a change.
func (w *worker) ask(ctx context.Context, c Change) error {
	if w.cache.Broken != nil {
		return w.cache.Broken
	}
	for _, q := range w.cache.questions(batch{c.Sequence, c.Keys, c.All, c.Hard}) {
		r, err := w.client.Do(ctx, q)
		if err != nil {
			return err
		}
		if !w.form.done(r) {
			return &refusal{r.Status, string(r.Body)}
		}
	}
	return nil
}

// refusal is an answer that says that nothing was purged.
type refusal struct {
	status int
	body   string
}

// Error says what was answered.
func (r *refusal) Error() string { return fmt.Sprintf("it answers %d: %.200s", r.status, r.body) }

// wait waits until done, which is asked under the lock, and says how it went.
func (w *worker) wait(ctx context.Context, done func() bool) dateline.PurgeLine {
	began := time.Now()
	line := dateline.PurgeLine{Cache: w.cache.Name()}
	for {
		w.mu.Lock()
		purged, took, wrong, moved, ended := done(), w.took, w.wrong, w.moved, w.ended
		w.mu.Unlock()
		if purged {
			line.Confirmed, line.Millis = true, float64(took.Microseconds())/1000
			return line
		}
		if ended {
			line.Millis, line.Detail = float64(time.Since(began).Microseconds())/1000, "the caches were named anew meanwhile"
			return line
		}
		select {
		case <-moved:
		case <-ctx.Done():
			line.Millis, line.Detail = float64(time.Since(began).Microseconds())/1000, "it has not answered; it is asked again until it has"
			if wrong != nil {
				line.Detail = fmt.Sprintf("%v; it is asked again until it has purged, and nothing may be kept meanwhile", wrong)
				if refused := (*refusal)(nil); errors.As(wrong, &refused) {
					line.Status = refused.status
				}
			}
			return line
		}
	}
}
