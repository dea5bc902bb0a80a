package press

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func newTestPress(t testing.TB, conf Config) *Press {
	t.Helper()
	if conf.Now == nil {
		conf.Now = time.Now
	}
	if conf.Visit == nil {
		conf.Visit = func(Visit) string { return "" }
	}
	p := New(conf)
	t.Cleanup(p.Close)
	return p
}

func page(body string, keys ...string) Builder {
	return func(context.Context) (*Page, error) {
		return &Page{Status: 200, Type: "text/html; charset=utf-8", Body: []byte(body), Keys: keys}, nil
	}
}

func get(t testing.TB, p *Press, key string, b Builder) *Entry {
	t.Helper()
	e, err := p.Get(context.Background(), key, b)
	if err != nil {
		t.Fatalf("Get(%q): %v", key, err)
	}
	return e
}

func TestAPageIsMadeOnceUntilAKeyChanges(t *testing.T) {
	p := newTestPress(t, Config{})
	made := 0
	b := func(context.Context) (*Page, error) {
		made++
		return &Page{Status: 200, Body: fmt.Append(nil, made), Keys: []string{"a", "b"}}, nil
	}
	get(t, p, "/x", b)
	get(t, p, "/x", b)
	if made != 1 {
		t.Fatalf("made %d times, want once", made)
	}
	p.Changed([]string{"c"})
	get(t, p, "/x", b)
	if made != 1 {
		t.Fatalf("made again after a change to a key it does not depend on")
	}
	p.conf.Now = func() time.Time { return time.Time{} } // nobody is on it: the worker leaves it alone
	p.Close()
	p.Changed([]string{"b"})
	if e := get(t, p, "/x", b); made != 2 || string(e.page.Body) != "2" {
		t.Fatalf("after a change of b: made %d times, body %q", made, e.page.Body)
	}
}

func TestTheFurnitureRenewsPagesThatShowIt(t *testing.T) {
	var day atomic.Value
	day.Store("27 June")
	p := newTestPress(t, Config{Visit: func(v Visit) string { return day.Load().(string) }})
	p.Close()
	made := map[Visit]int{}
	ask := func(v Visit) {
		get(t, p, fmt.Sprint(v), func(context.Context) (*Page, error) {
			made[v]++
			return &Page{Status: 200, Visit: v}, nil
		})
	}
	for range 2 {
		ask(VisitNothing)
		ask(VisitDay)
		ask(VisitAll)
		day.Store("28 June")
	}
	if made[VisitNothing] != 1 || made[VisitDay] != 2 || made[VisitAll] != 2 {
		t.Fatalf("made %v", made)
	}
}

func TestTheLastGoodPageStandsInForAFailingShelf(t *testing.T) {
	var failures int
	p := newTestPress(t, Config{Failed: func(error) { failures++ }})
	p.Close()
	get(t, p, "/x", page("good", "k"))
	p.Changed([]string{"k"})
	broken := func(context.Context) (*Page, error) { return nil, errors.New("disk on fire") }
	if e := get(t, p, "/x", broken); string(e.page.Body) != "good" || failures != 1 || p.Stale() != 1 {
		t.Fatalf("body %q, %d failures, %d stale", e.page.Body, failures, p.Stale())
	}
	if _, err := p.Get(context.Background(), "/never", broken); err == nil {
		t.Fatal("a page that was never made was answered")
	}
	p.Withdrawn([]string{"k"})
	if e, err := p.Get(context.Background(), "/x", broken); err == nil {
		t.Fatalf("after a withdrawal the old page came back: %q", e.page.Body)
	}
}

func TestNotFoundForgetsThePage(t *testing.T) {
	p := newTestPress(t, Config{})
	p.Close()
	get(t, p, "/x", page("there", "k"))
	p.Changed([]string{"k"})
	gone := func(context.Context) (*Page, error) { return nil, fmt.Errorf("look it up: %w", ErrNotFound) }
	if _, err := p.Get(context.Background(), "/x", gone); !errors.Is(err, ErrNotFound) {
		t.Fatalf("err = %v", err)
	}
	if n, size := p.Size(); n != 0 || size != 0 {
		t.Fatalf("%d pages and %d bytes are kept", n, size)
	}
}

func TestAPanicFailsOnePageOnly(t *testing.T) {
	p := newTestPress(t, Config{})
	if _, err := p.Get(context.Background(), "/x", func(context.Context) (*Page, error) { panic("no") }); err == nil {
		t.Fatal("no error")
	}
	get(t, p, "/x", page("fine"))
}

func TestWaitersShareOneFlight(t *testing.T) {
	p := newTestPress(t, Config{})
	var made atomic.Int32
	started, release := make(chan struct{}), make(chan struct{})
	b := func(context.Context) (*Page, error) {
		if made.Add(1) == 1 {
			close(started)
		}
		<-release
		return &Page{Status: 200, Keys: []string{"k"}}, nil
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { get(t, p, "/x", b) })
	}
	<-started
	close(release)
	wg.Wait()
	if made.Load() != 1 {
		t.Fatalf("made %d times", made.Load())
	}
}

// A reader who asks after an act is complete must not get the page that somebody else began before it.
func TestNobodyJoinsAFlightFromBeforeAChange(t *testing.T) {
	p := newTestPress(t, Config{})
	var shelf atomic.Int32
	started, release := make(chan struct{}), make(chan struct{})
	first := true
	b := func(context.Context) (*Page, error) {
		v := shelf.Load() // the snapshot
		if first {
			first = false
			close(started)
			<-release
		}
		return &Page{Status: 200, Body: fmt.Append(nil, v), Keys: []string{"k"}}, nil
	}
	var wg sync.WaitGroup
	wg.Go(func() { get(t, p, "/x", b) })
	<-started
	shelf.Store(1)
	p.Changed([]string{"k"})
	late := make(chan string)
	go func() { late <- string(get(t, p, "/x", b).page.Body) }()
	close(release)
	if got := <-late; got != "1" {
		t.Fatalf("a reader who asked after the act got edition %s", got)
	}
	wg.Wait()
}

// Readers ask for random pages while acts change random articles; nobody may see less than was acknowledged when they asked.
func TestNoPageIsOlderThanTheLastAcknowledgedAct(t *testing.T) {
	const articles, lists = 12, 4
	p := newTestPress(t, Config{Bytes: 60_000})
	var shelf, acked [articles]atomic.Int64
	show := func(of int) Builder { // a list shows three articles
		return func(context.Context) (*Page, error) {
			var b bytes.Buffer
			var keys []string
			for i := of; i < articles; i += lists {
				fmt.Fprintf(&b, "%d ", shelf[i].Load())
				keys = append(keys, fmt.Sprint("article:", i))
			}
			return &Page{Status: 200, Body: b.Bytes(), Keys: keys}, nil
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var acts, readers sync.WaitGroup
	for w := range 3 {
		acts.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(w)))
			for range 3000 {
				i := w + 3*r.IntN(articles/3) // one writer per article
				n := shelf[i].Add(1)
				if r.IntN(10) == 0 {
					p.Withdrawn([]string{fmt.Sprint("article:", i)})
				} else {
					p.Changed([]string{fmt.Sprint("article:", i)})
				}
				acked[i].Store(n)
			}
		})
	}
	var reads atomic.Int64
	for w := range 4 {
		readers.Go(func() {
			r := rand.New(rand.NewPCG(2, uint64(w)))
			for ctx.Err() == nil {
				l := r.IntN(lists)
				var least []int64
				for i := l; i < articles; i += lists {
					least = append(least, acked[i].Load())
				}
				e, err := p.Get(context.Background(), fmt.Sprint("/", l), show(l))
				if err != nil {
					t.Error(err)
					return
				}
				got := strings.Fields(string(e.page.Body))
				for i, f := range got {
					var n int64
					fmt.Sscan(f, &n)
					if n < least[i] {
						t.Errorf("list %d shows edition %d, %d was acknowledged before it was asked for", l, n, least[i])
						return
					}
				}
				reads.Add(1)
			}
		})
	}
	acts.Wait()
	cancel()
	readers.Wait()
	if reads.Load() == 0 {
		t.Fatal("nobody read anything")
	}
}

func TestHotPagesAreMadeAgainAtOnce(t *testing.T) {
	p := newTestPress(t, Config{})
	var made atomic.Int32
	again := make(chan struct{})
	b := func(context.Context) (*Page, error) {
		if made.Add(1) == 2 {
			close(again)
		}
		return &Page{Status: 200, Body: []byte("a page"), Keys: []string{"k"}}, nil
	}
	p.Answer(get(t, p, "/x", b), &Request{Method: "GET", Accept: ParseAccept("gzip")})
	p.Changed([]string{"k"})
	select {
	case <-again:
	case <-time.After(20 * time.Second):
		t.Fatal("nobody made the page again")
	}
	get(t, p, "/x", b)
	if made.Load() != 2 {
		t.Fatalf("made %d times", made.Load())
	}
}

func TestTheCacheStaysWithinItsBytes(t *testing.T) {
	const limit = 150_000
	p := newTestPress(t, Config{Bytes: limit})
	for i := range 400 {
		e := get(t, p, fmt.Sprint("/", i), page(strings.Repeat("words ", 400)))
		p.Answer(e, &Request{Accept: ParseAccept("gzip, br")})
		p.Answer(e, &Request{Accept: ParseAccept("gzip")})
	}
	n, size := p.Size()
	if size > limit || n == 0 {
		t.Fatalf("%d pages, %d bytes; the limit is %d", n, size, limit)
	}
	var sum int64
	for i := range p.cache.shard {
		s := &p.cache.shard[i]
		listed := 0
		for e := s.newest; e != nil; e = e.older {
			sum, listed = sum+e.size, listed+1
		}
		if listed != len(s.pages) {
			t.Fatalf("shard %d lists %d pages and holds %d", i, listed, len(s.pages))
		}
	}
	if sum != size {
		t.Fatalf("the pages take %d bytes, %d are accounted for", sum, size)
	}
}

func TestTheBytesAreCountedHonestly(t *testing.T) {
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	for name, modified := range map[string]time.Time{"pages": {}, "with Last-Modified": time.Date(2026, 6, 27, 12, 8, 0, 0, time.UTC)} {
		t.Run(name, func(t *testing.T) {
			p := newTestPress(t, Config{Bytes: 64 << 20})
			empty := heap()
			for i := range 700 {
				key := fmt.Sprint("/coast/2026/06/30/story-", i)
				e := get(t, p, key, func(context.Context) (*Page, error) {
					return &Page{Status: 200, Type: "text/html; charset=utf-8", Body: []byte(strings.Repeat("x", 1000+i%500)), Modified: modified, Keys: []string{"publication", key, "section:1", "topic:2"}}, nil
				})
				for _, enc := range []string{"", "gzip", "br"} {
					p.Answer(e, &Request{Accept: ParseAccept(enc)})
				}
			}
			_, counted := p.Size()
			used := heap() - empty
			if used > counted*12/10 || used < counted/2 {
				t.Errorf("%d bytes are counted where %d are used", counted, used)
			}
			runtime.KeepAlive(p)
		})
	}
}

func TestACrawlDoesNotDriveOutWhatReadersComeBackTo(t *testing.T) {
	p := newTestPress(t, Config{Bytes: 600_000})
	made := 0
	front := func(context.Context) (*Page, error) {
		made++
		return &Page{Status: 200, Body: make([]byte, 2000)}, nil
	}
	for i := range 3000 {
		get(t, p, fmt.Sprint("/archive/", i), page(strings.Repeat("x", 2000)))
		if i%20 == 0 {
			get(t, p, "/", front)
		}
	}
	if made != 1 {
		t.Fatalf("the front was made %d times during one crawl", made)
	}
}

func BenchmarkServeFromCache(b *testing.B) {
	p := newTestPress(b, Config{})
	build := page(strings.Repeat("The ferry did not sail. ", 2000), "article:1", "section:2", "person:3", "topic:4", "publication")
	req := &Request{Method: "GET", Path: "/x", Accept: ParseAccept("gzip, br")}
	b.ReportAllocs()
	for b.Loop() {
		e, err := p.Get(context.Background(), "/x", build)
		if err != nil {
			b.Fatal(err)
		}
		if r := p.Answer(e, req); r.Status != 200 {
			b.Fatal(r.Status)
		}
	}
}
