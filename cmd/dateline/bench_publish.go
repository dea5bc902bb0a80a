package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/datelinehq/dateline"
)

type benchPublishCommand struct {
	Articles    int  `help:"How large the paper is." default:"1000"`
	Rate        int  `help:"How many requests a second readers make, as far as the machine lets them." default:"20000"`
	Connections int  `help:"On how many connections." default:"64"`
	Publishes   int  `help:"How many updates of the article that they read are published." default:"200"`
	Seconds     int  `help:"In how many seconds." default:"60"`
	Quiet       int  `help:"For how many seconds readers are measured without updates." default:"10"`
	JSON        bool `help:"Print JSON."`
}

// Help gives the example.
func (benchPublishCommand) Help() string {
	return `Serves a paper in a process of its own, reads its newest article and home many thousand times a second, and meanwhile publishes updates of that
article. Every answer is looked at: one that was asked for after an update was acknowledged and shows an edition before it is counted as old. The same
readers are first measured without updates, so that what the machine does besides can be told from what publishing does.

Example:
  dateline bench publish --rate 20000 --publishes 200 --seconds 60`
}

// publishFigures are what bench publish finds, in milliseconds.
type publishFigures struct {
	Publishes   int     `json:"publishes"`
	Receipt     timing  `json:"receipt"` // from when the act was asked for to the receipt
	Act         timing  `json:"act"`     // of that, until the act was committed; the rest is the shelf and the asking for every address
	Unconfirmed int     `json:"unconfirmed"`
	Quiet       readers `json:"quiet"` // without updates
	Busy        readers `json:"busy"`
}

// readers are what readers met.
type readers struct {
	Rate     float64 `json:"rate"` // answers a second
	Answers  int     `json:"answers"`
	Old      int     `json:"old"`      // that show less than was acknowledged when they were asked for
	Waited   int     `json:"waited"`   // longer than 20 ms
	Editions int     `json:"editions"` // that readers saw
	Took     timing  `json:"took"`
}

// The aims of publishing while many read.
const (
	aimWait    = 20 * time.Millisecond
	aimReceipt = 100 // milliseconds, p99
)

// Run measures and prints.
func (c benchPublishCommand) Run(ctx context.Context, s streams) (err error) {
	if c.Articles < 1 || c.Rate < 1 || c.Connections < 2 || c.Publishes < 1 || c.Seconds < 1 || c.Quiet < 1 {
		return dateline.Errorf(dateline.EInvalid, "every number is at least 1, and there are two connections at least")
	}
	dir, err := os.MkdirTemp(os.Getenv("DATELINE_BENCH_DIR"), "dateline-bench-*")
	if err != nil {
		return dateline.Errorf(dateline.EInvalid, "a folder to measure in cannot be made: %v; DATELINE_BENCH_DIR names where", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	paper := filepath.Join(dir, "paper")
	if err := benchChild(ctx, s, nil, "corpus", "--json", "--articles", fmt.Sprint(c.Articles), "--dir", paper); err != nil {
		return err
	}
	p := &publisher{err: s.err, editions: map[string]int64{}}
	if err := p.start(ctx, paper); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	f := publishFigures{Publishes: c.Publishes}
	if f.Quiet, err = p.read(ctx, c, time.Duration(c.Quiet)*time.Second, nil); err != nil {
		return err
	}
	var took, acts []float64
	publishing := func(ctx context.Context) error {
		beat := time.NewTicker(time.Duration(c.Seconds) * time.Second / time.Duration(c.Publishes))
		defer beat.Stop()
		for range c.Publishes {
			w, err := p.publish()
			if err != nil {
				return err
			}
			took, acts, f.Unconfirmed = append(took, float64(w.Acked-w.Began)/1e6), append(acts, float64(w.Acted-w.Began)/1e6), f.Unconfirmed+w.Unconfirmed
			select {
			case <-beat.C:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}
	if f.Busy, err = p.read(ctx, c, 0, publishing); err != nil {
		return err
	}
	f.Receipt, f.Act = timingOf(took), timingOf(acts)
	if c.JSON {
		return printJSON(s.out, f)
	}
	return f.print(s.out, c)
}

func (f *publishFigures) print(to io.Writer, c benchPublishCommand) error {
	w := &lineWriter{out: to}
	w.line("%d updates in %d s, each of the article that is read; receipt after %s (aim p99 %d ms); the act itself took %s of that; %d addresses not confirmed", f.Publishes, c.Seconds, f.Receipt, aimReceipt, f.Act, f.Unconfirmed)
	for _, x := range []struct {
		when string
		r    readers
	}{{"without updates", f.Quiet}, {"with them", f.Busy}} {
		w.line("  readers %s: %.0f answers a second of %d wanted, %s; %d of %d waited longer than %s", x.when, x.r.Rate, c.Rate, x.r.Took, x.r.Waited, x.r.Answers, aimWait)
	}
	w.line("  old answers: %d (aim 0); readers saw %d editions", f.Busy.Old, f.Busy.Editions)
	return w.err
}

// publisher is the serving process, and what its readers know.
type publisher struct {
	benchProcess
	err   *os.File
	site  string // host and port
	pages []string
	mark  []byte // what stands before the edition's number on every page

	acked    atomic.Int64 // the newest edition whose receipt confirmed every address
	mu       sync.RWMutex
	editions map[string]int64 // by entity tag, which is the hash of the bytes
}

// published is a line of what the serving process prints.
type published struct {
	Site        string   `json:"site,omitempty"`
	Pages       []string `json:"pages,omitempty"`
	Article     string   `json:"article,omitempty"`
	Began       int64    `json:"began,omitempty"` // nanoseconds since 1970
	Acted       int64    `json:"acted,omitempty"` // when it was committed
	Acked       int64    `json:"acked,omitempty"`
	Edition     int64    `json:"edition,omitempty"`
	Unconfirmed int      `json:"unconfirmed,omitempty"`
	Failed      string   `json:"failed,omitempty"`
}

func (p *publisher) start(ctx context.Context, dir string) (err error) {
	if p.benchProcess, err = startBench(ctx, p.err, "publish-site", "--dir", dir); err != nil {
		return err
	}
	w, err := p.hear()
	if err != nil {
		return errors.Join(err, p.stop())
	}
	p.site, p.pages, p.mark = strings.TrimPrefix(w.Site, "http://"), w.Pages, []byte(`data-edition="`+w.Article+`/`)
	p.acked.Store(w.Edition)
	return nil
}

func (p *publisher) hear() (w published, err error) {
	if err := p.out.Decode(&w); err != nil {
		return w, fmt.Errorf("the serving process ended: %w", err)
	}
	if w.Failed != "" {
		return w, errors.New(w.Failed)
	}
	return w, nil
}

// publish has one update published and notes that all of it was confirmed; where it was not, readers are promised nothing yet.
func (p *publisher) publish() (published, error) {
	if _, err := fmt.Fprintln(p.in, "publish"); err != nil {
		return published{}, err
	}
	w, err := p.hear()
	if err == nil && w.Unconfirmed == 0 {
		p.acked.Store(w.Edition)
	}
	return w, err
}

// read has readers read for some time, or until something is done.
func (p *publisher) read(ctx context.Context, c benchPublishCommand, long time.Duration, until func(context.Context) error) (sum readers, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if long > 0 {
		ctx, stop = context.WithTimeout(ctx, long)
		defer stop()
	}
	list := make([]reader, c.Connections)
	errs := make(chan error, c.Connections)
	began := time.Now()
	for i := range list {
		r := &list[i]
		page := p.pages[0]
		if i%8 == 7 { // most read the article, some home
			page = p.pages[1]
		}
		go func() {
			err := r.run(ctx, p, page, time.Duration(c.Connections)*time.Second/time.Duration(c.Rate))
			if err != nil {
				stop()
			}
			errs <- err
		}()
	}
	if until != nil {
		err = until(ctx)
		stop()
	}
	for range list {
		err = errors.Join(err, <-errs)
	}
	seconds := time.Since(began).Seconds()
	var took []float64
	seen := map[int64]bool{}
	for i := range list {
		r := &list[i]
		took, sum.Old, sum.Waited = append(took, r.took...), sum.Old+r.old, sum.Waited+r.waited
		for e := range r.seen {
			seen[e] = true
		}
	}
	sum.Answers, sum.Editions, sum.Took = len(took), len(seen), timingOf(took)
	sum.Rate = float64(sum.Answers) / seconds
	return sum, err
}

// reader is one connection.
type reader struct {
	took        []float64
	old, waited int
	seen        map[int64]bool
}

// run asks for a page at intervals until ctx ends; where the machine is behind, at once.
func (r *reader) run(ctx context.Context, p *publisher, page string, every time.Duration) error {
	conn, err := net.Dial("tcp", p.site)
	if err != nil {
		return err
	}
	defer conn.Close()
	request := []byte("GET " + page + " HTTP/1.1\r\nHost: " + p.site + "\r\nAccept-Encoding: gzip\r\n\r\n")
	in := bufio.NewReaderSize(conn, 64<<10)
	asking := &http.Request{Method: http.MethodGet}
	r.seen = map[int64]bool{}
	for next := time.Now(); ctx.Err() == nil; next = next.Add(every) {
		if rest := time.Until(next); rest > 0 {
			time.Sleep(rest)
		} else {
			next = time.Now()
		}
		least, began := p.acked.Load(), time.Now()
		if _, err := conn.Write(request); err != nil {
			return err
		}
		resp, err := http.ReadResponse(in, asking)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(resp.Body)
		took := time.Since(began)
		if err != nil || resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s is answered %d: %w", page, resp.StatusCode, err)
		}
		edition, err := p.edition(resp.Header.Get("Etag"), body)
		if err != nil {
			return fmt.Errorf("%s: %w", page, err)
		}
		r.took = append(r.took, milliseconds(took))
		r.seen[edition] = true
		if edition < least {
			r.old++
		}
		if took > aimWait {
			r.waited++
		}
	}
	return nil
}

// edition reads out of an answer which edition it shows. Answers with one tag have one body.
func (p *publisher) edition(tag string, body []byte) (n int64, err error) {
	p.mu.RLock()
	n, ok := p.editions[tag]
	p.mu.RUnlock()
	if ok {
		return n, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return 0, err
	}
	_, rest, found := bytes.Cut(text, p.mark)
	if !found {
		return 0, errors.New("the page has no mark of the article that is published")
	}
	if _, err := fmt.Sscanf(string(rest[:min(len(rest), 20)]), "%d", &n); err != nil {
		return 0, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.editions[tag] = n
	return n, nil
}
