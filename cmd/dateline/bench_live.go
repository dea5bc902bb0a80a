package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
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
an entry takes, from before it is posted until the last reader has it, and what a reader costs in the server's memory.

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
	Lost    int     `json:"lost"`          // streams that ended
}

// liveLongest bounds the whole of it.
const liveLongest = 5 * time.Minute

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
	site, err := startLiveSite(ctx, s, filepath.Join(dir, "paper"))
	if err != nil {
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
		"  last reader after   median %.1f ms, p99 %.1f ms\n  memory of a reader  %.1f kB\n",
		f.Readers, f.Opening, f.Lost, f.Entries, f.Acked.Median, f.Acked.P99, f.First.Median, f.First.P99, f.Last.Median, f.Last.P99, f.Reader)
	return err
}

// liveSite is the serving process.
type liveSite struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
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

func startLiveSite(ctx context.Context, s streams, dir string) (l *liveSite, err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	l = &liveSite{cmd: exec.CommandContext(ctx, program, "bench", "live-site", "--dir", dir)}
	l.cmd.Stderr = s.err
	if l.in, err = l.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	l.out = bufio.NewScanner(out)
	if err := l.cmd.Start(); err != nil {
		return nil, err
	}
	first, err := l.hear()
	if err != nil {
		return nil, errors.Join(err, l.stop())
	}
	l.address, l.stream = strings.TrimPrefix(first.Site, "http://"), first.Stream
	return l, nil
}

func (l *liveSite) hear() (w said, err error) {
	if !l.out.Scan() {
		return w, cmp.Or(l.out.Err(), errors.New("the serving process ended"))
	}
	if err := json.Unmarshal(l.out.Bytes(), &w); err != nil {
		return w, err
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

func (l *liveSite) stop() error {
	l.in.Close()
	return l.cmd.Wait()
}

// crowd is the open pages.
type crowd struct {
	mu    sync.Mutex
	met   map[int64]*arrival
	lost  atomic.Int64
	conns []net.Conn
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
	if a.readers == len(c.conns) {
		close(a.all)
	}
}

// perAddress is how many connections go out from one address of the loopback.
const perAddress = 20_000

// openAll opens so many streams, some at once, and returns when each has its first line.
func (c *crowd) openAll(ctx context.Context, l *liveSite, n int) error {
	c.conns = make([]net.Conn, n)
	errs := make(chan error, n)
	turns := make(chan struct{}, 64)
	for i := range n {
		turns <- struct{}{}
		go func() {
			err := c.open(ctx, l, i)
			<-turns
			errs <- err
		}()
	}
	var first error
	for range n {
		first = cmp.Or(first, <-errs)
	}
	return first
}

func (c *crowd) open(ctx context.Context, l *liveSite, i int) error {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+i/perAddress))}}
	conn, err := d.DialContext(ctx, "tcp", l.address)
	if err != nil {
		return fmt.Errorf("open page %d: %w (a process may have so many files open: raise `ulimit -n`)", i, err)
	}
	c.conns[i] = conn
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\nLast-Event-ID: %d\r\n\r\n", l.stream, 1<<40); err != nil {
		return err
	}
	r := bufio.NewReaderSize(conn, 2048)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return fmt.Errorf("open page %d: %w", i, err)
		}
		if strings.HasPrefix(line, "HTTP/1.1 ") && !strings.Contains(line, " 200 ") {
			return fmt.Errorf("open page %d: the site answers %q", i, strings.TrimSpace(line))
		}
		if strings.HasPrefix(line, "retry:") {
			break
		}
	}
	go c.read(r)
	return nil
}

// read counts the events of one page by the line that ends each: the empty one after its data.
func (c *crowd) read(r *bufio.Reader) {
	number, started := int64(0), true
	for {
		line, err := r.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			c.lost.Add(1)
			return
		}
		if started && strings.HasPrefix(string(line[:min(4, len(line))]), "id: ") {
			number, _ = strconv.ParseInt(strings.TrimSpace(string(line[4:])), 10, 64)
		}
		if started && len(line) == 1 && number > 0 {
			c.met1(number)
			number = 0
		}
		started = err == nil
	}
}

func (l *liveSite) measure(ctx context.Context, c benchLiveCommand) (*liveFigures, error) {
	before, err := l.ask("memory")
	if err != nil {
		return nil, err
	}
	crowd := &crowd{met: map[int64]*arrival{}}
	defer func() {
		for _, conn := range crowd.conns {
			if conn != nil {
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
	f.Acked, f.First, f.Last, f.Lost = spreadOf(acked), spreadOf(first), spreadOf(last), int(crowd.lost.Load())
	f.Reader = (after.Memory - before.Memory) * 1024 / float64(c.Readers)
	return f, nil
}
