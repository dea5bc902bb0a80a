package press

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
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
	p := newTestPress(t, Config{Bytes: 64 << 20})
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	empty := heap()
	for i := range 700 {
		key := fmt.Sprint("/coast/2026/06/30/story-", i)
		e := get(t, p, key, page(strings.Repeat("x", 1000+i%500), "publication", key, "section:1", "topic:2"))
		for _, enc := range []string{"", "gzip", "br"} {
			p.Answer(e, &Request{Accept: ParseAccept(enc)})
		}
	}
	_, counted := p.Size()
	if used := heap() - empty; used > counted*12/10 || used < counted/2 {
		t.Errorf("%d bytes are counted where %d are used", counted, used)
	}
	runtime.KeepAlive(p)
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

func TestAcceptEncoding(t *testing.T) {
	for _, c := range []struct {
		field string
		want  Encoding
	}{
		{"", Identity}, {"gzip", Gzip}, {"br", Brotli}, {"gzip, deflate, br", Brotli}, {"GZIP", Gzip}, {"x-gzip", Gzip},
		{"gzip;q=1.0, br;q=0.5", Gzip}, {"br;q=0, gzip", Gzip}, {"br;q=0.000", Identity}, {"*", Brotli}, {"*;q=0", Identity},
		{"gzip, *;q=0", Gzip}, {"identity", Identity}, {"identity;q=0", Identity}, {"identity;q=0, gzip;q=0.1", Gzip},
		{"identity;q=0.5, gzip;q=0.4", Identity}, {"identity, gzip", Gzip}, {"deflate", Identity}, {"deflate, zstd", Identity},
		{"gzip;q=2", Identity}, {"gzip;q=0.1234", Identity}, {"gzip;q=", Identity}, {"gzip;level=9", Identity}, {",,;q=1, br", Brotli},
		{"br ; q=0.9 , gzip ; q=0.8", Brotli}, {"gzip;Q=0.3", Gzip},
	} {
		if got := ParseAccept(c.field).Best(); got != c.want {
			t.Errorf("%q: %v, want %v", c.field, got, c.want)
		}
	}
}

func TestEveryEncodingIsThePageAndHasItsOwnTag(t *testing.T) {
	p := newTestPress(t, Config{})
	text := strings.Repeat("The ferry did not sail. ", 100)
	e := get(t, p, "/x", page(text))
	tags := map[string]bool{}
	for _, field := range []string{"", "gzip", "br"} {
		for range 2 {
			r := p.Answer(e, &Request{Method: "GET", Accept: ParseAccept(field)})
			if got := decode(t, r); got != text {
				t.Fatalf("%q decodes to %d bytes", field, len(got))
			}
			tags[r.Header("Etag")] = true
			if r.Header("Vary") != "Accept-Encoding" || r.Header("Cache-Control") != "no-cache" {
				t.Errorf("%q: Vary %q, Cache-Control %q", field, r.Header("Vary"), r.Header("Cache-Control"))
			}
		}
	}
	if len(tags) != 3 {
		t.Fatalf("three encodings have the tags %v", tags)
	}
}

func TestTheSamePageHasTheSameBytesOnEveryMachine(t *testing.T) {
	a, b := newTestPress(t, Config{}), newTestPress(t, Config{})
	text := strings.Repeat("Low water at Mora was at 06:12. ", 300)
	for _, field := range []string{"gzip", "br"} {
		get(t, b, "/warm", page("another page first"))
		b.Answer(get(t, b, "/warm2", page(strings.Repeat("q", 5000))), &Request{Accept: ParseAccept(field)})
		ra := a.Answer(get(t, a, "/x", page(text)), &Request{Accept: ParseAccept(field)})
		rb := b.Answer(get(t, b, "/x", page(text)), &Request{Accept: ParseAccept(field)})
		if !bytes.Equal(ra.Body, rb.Body) {
			t.Errorf("%s differs", field)
		}
	}
}

func TestConditions(t *testing.T) {
	now := time.Date(2026, 6, 27, 12, 8, 0, 500, time.UTC)
	p := newTestPress(t, Config{Now: func() time.Time { return now }})
	mod := now.Add(-time.Hour)
	build := func(status int, modified time.Time, class Class) *Entry {
		return get(t, p, fmt.Sprint(status, modified, class), func(context.Context) (*Page, error) {
			return &Page{Status: status, Body: []byte("x"), Modified: modified, Class: class}, nil
		})
	}
	ok := build(200, mod, Revalidated)
	tag := p.Answer(ok, &Request{}).Header("Etag")
	for _, c := range []struct {
		name string
		e    *Entry
		req  Request
		want int
	}{
		{"no condition", ok, Request{}, 200},
		{"the tag", ok, Request{IfNoneMatch: ParseTags(tag)}, 304},
		{"weakly the tag", ok, Request{IfNoneMatch: ParseTags(`"other", W/` + tag)}, 304},
		{"any", ok, Request{IfNoneMatch: ParseTags("*")}, 304},
		{"another tag", ok, Request{IfNoneMatch: ParseTags(`"other"`), IfModifiedSince: now}, 200},
		{"the tag of another encoding", ok, Request{IfNoneMatch: ParseTags(tag), Accept: ParseAccept("gzip")}, 200},
		{"since then", ok, Request{IfModifiedSince: mod}, 304},
		{"since before", ok, Request{IfModifiedSince: mod.Add(-time.Second)}, 200},
		{"no Last-Modified", build(200, time.Time{}, Revalidated), Request{IfModifiedSince: now}, 200},
		{"under two seconds old", build(200, now.Add(-time.Second), Revalidated), Request{IfModifiedSince: now}, 200},
		{"not found", build(404, time.Time{}, Revalidated), Request{IfNoneMatch: ParseTags("*")}, 404},
		{"gone", build(410, time.Time{}, Revalidated), Request{IfNoneMatch: ParseTags("*")}, 410},
		{"not kept", build(200, time.Time{}, Unkept), Request{IfNoneMatch: ParseTags("*")}, 200},
	} {
		r := p.Answer(c.e, &c.req)
		if r.Status != c.want {
			t.Errorf("%s: %d, want %d", c.name, r.Status, c.want)
		}
		if r.Status == 304 && (r.Header("Etag") == "" || r.Header("Vary") == "" || r.Header("Cache-Control") == "" || len(r.Body) != 0) {
			t.Errorf("%s: a 304 with %v and %d bytes", c.name, r.Lines, len(r.Body))
		}
	}
	if got := p.Answer(ok, &Request{}).Header("Last-Modified"); got != "Sat, 27 Jun 2026 11:08:00 GMT" {
		t.Errorf("Last-Modified: %q", got)
	}
	if got := p.Answer(build(200, now.Add(-time.Second), Revalidated), &Request{}).Header("Last-Modified"); got != "" {
		t.Errorf("Last-Modified %q is sent although another change could fall into that second", got)
	}
	if r := p.Answer(ok, &Request{Method: "HEAD"}); r.Body != nil || r.Header("Content-Length") != "1" || r.Header("Etag") != tag {
		t.Errorf("HEAD: %d bytes, %v", len(r.Body), r.Lines)
	}
}

func decode(t testing.TB, r Response) string {
	t.Helper()
	var in io.Reader = bytes.NewReader(r.Body)
	switch r.Header("Content-Encoding") {
	case "gzip":
		z, err := gzip.NewReader(in)
		if err != nil {
			t.Fatal(err)
		}
		in = z
	case "br":
		in = brotli.NewReader(in)
	}
	b, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func FuzzParseTags(f *testing.F) {
	for _, s := range []string{"", "*", `"a"`, `W/"a", "b"`, `"unclosed`, `W/`, `,,"a",,`, "\"\x00\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, tag := range ParseTags(s) {
			if tag != "*" && !strings.HasSuffix(tag, `"`) {
				t.Fatalf("%q gave the tag %q", s, tag)
			}
		}
	})
}

func FuzzParseAccept(f *testing.F) {
	for _, s := range []string{"", "gzip;q=0.5, br", "*;q=0", ";;;", "a;q=9", "br;q=1.000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for e, q := range ParseAccept(s) {
			if q > 1000 {
				t.Fatalf("%q gives %v the weight %d", s, Encoding(e), q)
			}
		}
	})
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
