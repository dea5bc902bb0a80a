package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/datelinehq/dateline"
)

type benchLiveCommand struct {
	Readers int  `help:"How many open pages there are; 20,000 at most." default:"10000" placeholder:"N"`
	Entries int  `help:"How many entries are posted." default:"20" placeholder:"N"`
	JSON    bool `help:"Print JSON."`
}

// Help gives the example.
func (benchLiveCommand) Help() string {
	return `Serves a live coverage in a process of its own, opens so many streams to it on the loopback, and posts entries. It says how long
an entry takes, from before it is posted until the last reader has it, and what a reader costs in the server's memory. Once every reader was
told when to come back among so many, as in a coverage that goes on for a while, it kills the serving process and starts it again, posts while
readers come back, and counts for each reader what is missing and what came twice.

Example:
  dateline bench live --readers 10000 --entries 20`
}

// liveFigures are what bench live finds, in milliseconds and kilobytes.
type liveFigures struct {
	Readers int     `json:"readers"`
	Entries int     `json:"entries"`
	Opening float64 `json:"opening"` // until all streams were open
	Acked   spread  `json:"acknowledged"`
	First   spread  `json:"first_reader"`
	Last    spread  `json:"last_reader"`
	Reader  float64 `json:"reader_memory"` // resident memory for each open stream, what was free given back first
	Lost    int     `json:"lost"`          // streams that ended before the restart
	Up      float64 `json:"up"`            // from the kill until the site answered again
	Back    float64 `json:"back"`          // from the kill until the last reader had every entry
	Missed  int     `json:"missed"`        // entries that some reader did not get, after the restart too
	Twice   int     `json:"twice"`         // entries that some reader got again
}

// The aims of a live coverage with 10,000 open pages.
const (
	aimLast   = 500 // milliseconds
	aimReader = 20  // kilobytes
)

// afterRestart is how many entries are posted while readers come back.
const afterRestart = 3

// liveLongest bounds the whole of it.
const liveLongest = 10 * time.Minute

// comeback bounds how long readers take to come back after the restart, and how long a beat takes that tells each of them when.
const comeback = 3 * time.Minute

// Run measures and prints.
func (c benchLiveCommand) Run(ctx context.Context, s streams) (err error) {
	if c.Readers < 1 || c.Readers > 20_000 || c.Entries < 1 || c.Entries > 1000 {
		return dateline.Errorf(dateline.EInvalid, "1 to 20,000 readers and 1 to 1,000 entries can be measured")
	}
	ctx, cancel := context.WithTimeout(ctx, liveLongest)
	defer cancel()
	dir, err := os.MkdirTemp(os.Getenv("DATELINE_BENCH_DIR"), "dateline-bench-*")
	if err != nil {
		return dateline.Errorf(dateline.EInvalid, "a folder to measure in cannot be made: %v; DATELINE_BENCH_DIR names where", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	site := &liveSite{folder: filepath.Join(dir, "paper"), err: s.err}
	if err := site.start(ctx, "127.0.0.1:0"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, site.stop()) }()
	f, err := site.measure(ctx, c)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, f)
	}
	_, err = fmt.Fprintf(s.out, "%d open pages (opened in %.0f ms, %d lost), %d entries\n  acknowledged after  median %.1f ms, p99 %.1f ms\n  first reader after  median %.1f ms, p99 %.1f ms\n"+
		"  last reader after   median %.1f ms, p99 %.1f ms (aim %d ms)\n  memory of a reader  %.1f kB (aim %d kB)\n"+
		"  killed and started again: it answered after %.0f ms, the last reader had all after %.0f ms; %d missed, %d came twice (aim 0)\n",
		f.Readers, f.Opening, f.Lost, f.Entries, f.Acked.Median, f.Acked.P99, f.First.Median, f.First.P99, f.Last.Median, f.Last.P99, aimLast, f.Reader, aimReader,
		f.Up, f.Back, f.Missed, f.Twice)
	return err
}

// liveSite is the serving process.
type liveSite struct {
	benchProcess
	folder  string
	err     *os.File
	address string // host and port
	stream  string // the path of the coverage's stream
}

// said is a line of what the serving process prints.
type said struct {
	Site   string  `json:"site,omitempty"`
	Stream string  `json:"stream,omitempty"`
	Began  int64   `json:"began,omitempty"` // before the posting, nanoseconds since 1970
	Acked  int64   `json:"acked,omitempty"`
	Number int64   `json:"number,omitempty"` // in the record
	Memory float64 `json:"memory,omitempty"` // megabytes, resident
	Failed string  `json:"failed,omitempty"`
}

// start runs the serving process at an address, and returns when it answers there.
func (l *liveSite) start(ctx context.Context, address string) (err error) {
	if l.benchProcess, err = startBench(ctx, l.err, "live-site", "--dir", l.folder, "--site", address); err != nil {
		return err
	}
	first, err := l.hear()
	if err != nil {
		return errors.Join(err, l.stop())
	}
	l.address, l.stream = strings.TrimPrefix(first.Site, "http://"), first.Stream
	return nil
}

// kill ends the serving process as a crash does.
func (l *liveSite) kill() error {
	if err := l.cmd.Process.Kill(); err != nil {
		return err
	}
	_ = l.cmd.Wait() // that it was killed is no news
	return nil
}

func (l *liveSite) hear() (w said, err error) {
	if err := l.out.Decode(&w); err != nil {
		return w, fmt.Errorf("the serving process ended: %w", err)
	}
	if w.Failed != "" {
		return w, errors.New(w.Failed)
	}
	return w, nil
}

func (l *liveSite) ask(what string) (said, error) {
	if _, err := fmt.Fprintln(l.in, what); err != nil {
		return said{}, err
	}
	return l.hear()
}

// crowd is the open pages.
type crowd struct {
	mu     sync.Mutex
	met    map[int64]*arrival
	lost   atomic.Int64
	pages  []crowdPage
	behind atomic.Int64 // how many pages have not heard of the entry that is waited for
	until  atomic.Int64 // the number of that entry; 0 for none
	all    chan struct{}
	full   atomic.Bool  // all pages are open: what a beat tells is how it will stay
	untold atomic.Int64 // how many pages no beat has spoken to since then
	told   chan struct{}
	closed atomic.Bool
}

// crowdPage is one open page.
type crowdPage struct {
	conn          net.Conn
	retry         time.Duration // after which it comes back when its stream ends, as it was told
	last          int64         // the number of the last event it had
	entry         int64         // the number of the last entry it had; 0 for none yet
	told          bool          // a beat has spoken to it since all pages were open
	missed, twice int
}

// arrival is how far an event has come.
type arrival struct {
	readers     int
	first, last int64
	all         chan struct{} // closed when it has reached so many
}

func (c *crowd) of(number int64) *arrival {
	a := c.met[number]
	if a == nil {
		a = &arrival{all: make(chan struct{})}
		c.met[number] = a
	}
	return a
}

func (c *crowd) met1(number int64) {
	now := time.Now().UnixNano()
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.of(number)
	if a.readers == 0 {
		a.first = now
	}
	a.last, a.readers = now, a.readers+1
	if a.readers == len(c.pages) {
		close(a.all)
	}
}

// perAddress is how many connections go out from one address of the loopback.
const perAddress = 20_000

// openAll opens so many streams, some at once, and returns when each has its first line.
func (c *crowd) openAll(ctx context.Context, l *liveSite, n int) error {
	c.pages = make([]crowdPage, n)
	errs := make(chan error, n)
	turns := make(chan struct{}, 64)
	for i := range n {
		turns <- struct{}{}
		go func() {
			c.pages[i].last = 1 << 40
			r, err := c.open(ctx, l.address, l.stream, i)
			<-turns
			errs <- err
			if err == nil {
				c.stay(ctx, l.address, l.stream, i, r)
			}
		}()
	}
	var first error
	for range n {
		first = cmp.Or(first, <-errs)
	}
	return first
}

func (c *crowd) open(ctx context.Context, address, stream string, i int) (*bufio.Reader, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+i/perAddress))}}
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("open page %d: %w (a process may have so many files open: raise `ulimit -n`)", i, err)
	}
	p := &c.pages[i]
	c.mu.Lock()
	p.conn = conn
	c.mu.Unlock()
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\nLast-Event-ID: %d\r\n\r\n", stream, p.last); err != nil {
		return nil, err
	}
	r := bufio.NewReaderSize(conn, 2048)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("open page %d: %w", i, err)
		}
		if strings.HasPrefix(line, "HTTP/1.1 ") && !strings.Contains(line, " 200 ") {
			return nil, fmt.Errorf("open page %d: the site answers %q", i, strings.TrimSpace(line))
		}
		if words, ok := strings.CutPrefix(line, "retry:"); ok {
			ms, err := strconv.Atoi(strings.TrimSpace(words))
			p.retry = time.Duration(ms) * time.Millisecond
			return r, err
		}
	}
}

// stay reads a page's events and, where the stream ends, comes back as browsers do, after as long as it was told to.
func (c *crowd) stay(ctx context.Context, address, stream string, i int, r *bufio.Reader) {
	for {
		c.read(&c.pages[i], r)
		if c.closed.Load() {
			return
		}
		c.lost.Add(1)
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(c.pages[i].retry):
			}
			var err error
			if r, err = c.open(ctx, address, stream, i); err == nil {
				break
			}
		}
	}
}

// The lines that count: when to come back, an event's number, and the beginning of each entry.
const (
	retryLine  = "retry: "
	numberLine = "id: "
	entryLine  = `data: <li id="e`
)

// read counts the events of one page by the line that ends each: the empty one after its data. Each entry's number must be the
// next after the one before.
func (c *crowd) read(p *crowdPage, r *bufio.Reader) {
	number, started := int64(0), true
	for {
		line, err := r.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
		switch {
		case !started:
		case bytes.HasPrefix(line, []byte(numberLine)):
			number, _ = strconv.ParseInt(strings.TrimSpace(string(line[len(numberLine):])), 10, 64)
		case bytes.HasPrefix(line, []byte(retryLine)):
			if ms, err := strconv.Atoi(strings.TrimSpace(string(line[len(retryLine):]))); err == nil {
				p.retry = time.Duration(ms) * time.Millisecond
			}
			c.beaten(p)
		case bytes.HasPrefix(line, []byte(entryLine)):
			digits, _, _ := bytes.Cut(line[len(entryLine):], []byte(`"`))
			n, _ := strconv.ParseInt(string(digits), 10, 64)
			p.has(n)
		case len(line) == 1 && number > 0:
			p.last = number
			c.met1(number)
			number = 0
			if c.until.Load() > 0 && p.entry == c.until.Load() && c.behind.Add(-1) == 0 {
				close(c.all)
			}
		}
		started = err == nil
	}
}

// beaten notes that a page was told when to come back, all others being there.
func (c *crowd) beaten(p *crowdPage) {
	if !c.full.Load() || p.told {
		return
	}
	p.told = true
	if c.untold.Add(-1) == 0 {
		close(c.told)
	}
}

// settle waits until a beat has told every page when to come back.
func (c *crowd) settle(ctx context.Context) error {
	c.told = make(chan struct{})
	c.untold.Store(int64(len(c.pages)))
	c.full.Store(true)
	select {
	case <-c.told:
		return nil
	case <-time.After(comeback):
		return fmt.Errorf("%v after all were there %d of %d readers were not told when to come back", comeback, c.untold.Load(), len(c.pages))
	case <-ctx.Done():
		return ctx.Err()
	}
}

// has notes an entry.
func (p *crowdPage) has(n int64) {
	switch {
	case p.entry == 0 || n == p.entry+1:
	case n <= p.entry:
		p.twice++
		return
	default:
		p.missed += int(n - p.entry - 1)
	}
	p.entry = n
}

// restart kills the serving process and starts it again at the same address, posts, and waits until every page has all entries.
func (l *liveSite) restart(ctx context.Context, crowd *crowd, f *liveFigures) error {
	crowd.all = make(chan struct{})
	crowd.behind.Store(int64(f.Readers))
	crowd.until.Store(int64(f.Entries + afterRestart))
	began := time.Now()
	if err := l.kill(); err != nil {
		return err
	}
	if err := l.start(ctx, l.address); err != nil {
		return err
	}
	up := time.Since(began)
	for range afterRestart {
		if _, err := l.ask("post"); err != nil {
			return err
		}
	}
	select {
	case <-crowd.all:
	case <-time.After(comeback):
		return fmt.Errorf("%v after the restart %d of %d readers have not every entry", comeback, crowd.behind.Load(), f.Readers)
	case <-ctx.Done():
		return ctx.Err()
	}
	f.Back, f.Up = milliseconds(time.Since(began)), milliseconds(up)
	for i := range crowd.pages {
		f.Missed, f.Twice = f.Missed+crowd.pages[i].missed, f.Twice+crowd.pages[i].twice
	}
	return nil
}

func (l *liveSite) measure(ctx context.Context, c benchLiveCommand) (*liveFigures, error) {
	before, err := l.ask("memory")
	if err != nil {
		return nil, err
	}
	crowd := &crowd{met: map[int64]*arrival{}}
	defer func() {
		crowd.closed.Store(true)
		crowd.mu.Lock()
		defer crowd.mu.Unlock()
		for i := range crowd.pages {
			if conn := crowd.pages[i].conn; conn != nil {
				conn.Close()
			}
		}
	}()
	began := time.Now()
	if err := crowd.openAll(ctx, l, c.Readers); err != nil {
		return nil, err
	}
	f := &liveFigures{Readers: c.Readers, Entries: c.Entries, Opening: milliseconds(time.Since(began))}
	var acked, first, last []float64
	for range c.Entries {
		p, err := l.ask("post")
		if err != nil {
			return nil, err
		}
		crowd.mu.Lock()
		a := crowd.of(p.Number)
		crowd.mu.Unlock()
		select {
		case <-a.all:
		case <-time.After(20 * time.Second):
			return nil, fmt.Errorf("entry %d reached %d of %d readers in 20 s; %d streams ended", p.Number, a.readers, c.Readers, crowd.lost.Load())
		}
		acked = append(acked, float64(p.Acked-p.Began)/1e6)
		first = append(first, float64(a.first-p.Began)/1e6)
		last = append(last, float64(a.last-p.Began)/1e6)
	}
	after, err := l.ask("memory")
	if err != nil {
		return nil, err
	}
	f.Acked, f.First, f.Last = spreadOf(acked), spreadOf(first), spreadOf(last)
	f.Reader = (after.Memory - before.Memory) * 1024 / float64(c.Readers)
	if err := crowd.settle(ctx); err != nil {
		return nil, err
	}
	f.Lost = int(crowd.lost.Load())
	return f, l.restart(ctx, crowd, f)
}
