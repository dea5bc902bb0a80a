package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The processors: the server has one to itself, the load the other.
const (
	serverCore = "0"
	loadCore   = "1"
)

// loaded is what a load saw.
type loaded struct {
	requests int
	p50, p99 float64 // milliseconds
}

// load asks a server for so many seconds.
func (b *bench) load(ctx context.Context, p *peer, r row) (loaded, error) {
	if r.secure {
		return b.h2load(ctx, p, r)
	}
	return b.wrk(ctx, p, r)
}

func (b *bench) wrk(ctx context.Context, p *peer, r row) (l loaded, err error) {
	args := []string{"-c", loadCore, "wrk", "-t1", fmt.Sprintf("-c%d", r.connections), fmt.Sprintf("-d%ds", b.seconds), "--timeout", "10s", "--latency", "-H", "Accept-Encoding: " + r.encoding}
	if r.unchanged {
		args = append(args, "-H", "If-None-Match: "+p.tag)
	}
	if r.page == "" {
		args = append(args, "-s", filepath.Join(b.dir, "any.lua"))
	}
	out, err := exec.CommandContext(ctx, "taskset", append(args, "http://"+p.plain+b.path(p, r))...).CombinedOutput()
	if err != nil {
		return l, fmt.Errorf("wrk: %w: %s", err, out)
	}
	return readWrk(string(out), r)
}

var (
	wrkRequests = regexp.MustCompile(`(\d+) requests in`)
	wrkOther    = regexp.MustCompile(`Non-2xx or 3xx responses: (\d+)`)
	wrkErrors   = regexp.MustCompile(`Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)`)
)

// readWrk reads what wrk prints.
func readWrk(out string, r row) (l loaded, err error) {
	m := wrkRequests.FindStringSubmatch(out)
	if m == nil {
		return l, fmt.Errorf("wrk says %q", out)
	}
	l.requests, _ = strconv.Atoi(m[1])
	other := 0
	if m := wrkOther.FindStringSubmatch(out); m != nil {
		other, _ = strconv.Atoi(m[1])
	}
	if missing := r.page == "missing"; missing && other != l.requests || !missing && other > 0 {
		return l, fmt.Errorf("%d of %d requests had another answer than was asked for", other, l.requests)
	}
	if m := wrkErrors.FindStringSubmatch(out); m != nil && strings.Join(m[1:], "") != "0000" {
		return l, errors.New(m[0])
	}
	l.p50, err = percentile(out, "50%")
	if err != nil {
		return l, err
	}
	l.p99, err = percentile(out, "99%")
	return l, err
}

// percentile reads a line such as "99%   1.02ms".
func percentile(out, which string) (float64, error) {
	for line := range strings.Lines(out) {
		if f := strings.Fields(line); len(f) == 2 && f[0] == which {
			d, err := time.ParseDuration(f[1])
			return float64(d) / float64(time.Millisecond), err
		}
	}
	return 0, fmt.Errorf("wrk says no %s: %q", which, out)
}

// streams is how many requests are on their way on a connection of HTTP/2.
const streams = 10

// eachSecond is how many requests over HTTP/2 stand for a second: as many of each server, because each is asked over new connections, whose
// keys would weigh more with a server that answers less in the time.
const eachSecond = 5000

func (b *bench) h2load(ctx context.Context, p *peer, r row) (l loaded, err error) {
	log := filepath.Join(b.dir, "h2load.log")
	if err := os.Remove(log); err != nil && !errors.Is(err, os.ErrNotExist) {
		return l, err
	}
	out, err := exec.CommandContext(ctx, "taskset", "-c", loadCore, "h2load", "-t1", fmt.Sprintf("-c%d", r.connections), fmt.Sprintf("-m%d", streams), fmt.Sprintf("-n%d", b.seconds*eachSecond),
		"--log-file", log, "-H", "Accept-Encoding: "+r.encoding, "https://"+p.secure+b.path(p, r)).CombinedOutput()
	if err != nil {
		return l, fmt.Errorf("h2load: %w: %s", err, out)
	}
	if !strings.Contains(string(out), "Application protocol: h2") {
		return l, fmt.Errorf("HTTP/2 was not spoken: %s", out)
	}
	f, err := os.Open(log)
	if err != nil {
		return l, err
	}
	defer f.Close()
	l, err = readH2load(f)
	if err != nil {
		return l, fmt.Errorf("%w: h2load says %s", err, out)
	}
	return l, nil
}

// readH2load reads the log that h2load writes: the instant, the status and the microseconds of each request.
func readH2load(log io.Reader) (l loaded, err error) {
	var times []float64
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 {
			return l, fmt.Errorf("a line of the log is %q", lines.Text())
		}
		if fields[1] != "200" {
			return l, fmt.Errorf("a request was answered %s", fields[1])
		}
		us, err := strconv.ParseFloat(fields[2], 64)
		if err != nil {
			return l, err
		}
		times = append(times, us/1000)
	}
	if err := lines.Err(); err != nil {
		return l, err
	}
	if len(times) == 0 {
		return l, errors.New("no request was answered")
	}
	slices.Sort(times)
	l.requests, l.p50, l.p99 = len(times), times[len(times)/2], times[len(times)*99/100]
	return l, nil
}
