package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
)

type benchCommand struct {
	All     benchAllCommand          `cmd:"" help:"Print every figure, at each size."`
	Corpus  benchCorpusCommand       `cmd:"" help:"Make a newsroom of generated articles."`
	Archive benchArchiveCommand      `cmd:"" help:"Print how large and how quick the site's shelf of a million articles is."`
	Served  benchArchiveSiteCommand  `cmd:"" name:"archive-site" hidden:"" help:"Serve the shelf of a generated archive; make bench-peers runs it in a process of its own."`
	Pages   benchArchivePagesCommand `cmd:"" name:"archive-pages" help:"Print what an archive's pages cost that are not in memory: reading, rendering and compression apart."`
	Export  benchExportCommand       `cmd:"" help:"Print what the site takes as files, beside Hugo with the same articles."`
	Live    benchLiveCommand         `cmd:"" help:"Open pages of a live coverage: how soon an entry reaches the last of them, and what each costs."`
	Site    benchLiveSiteCommand     `cmd:"" name:"live-site" hidden:"" help:"Serve a live coverage; bench live runs it in a process of its own."`
	Publish benchPublishCommand      `cmd:"" help:"Publish updates while thousands of requests a second read: no answer may be old."`
	Updated benchPublishSiteCommand  `cmd:"" name:"publish-site" hidden:"" help:"Serve a paper and publish; bench publish runs it in a process of its own."`
	Measure benchMeasureCommand      `cmd:"" hidden:"" help:"Measure a newsroom in a folder; bench all runs it in a process of its own."`
	Search  benchSearchCommand       `cmd:"" hidden:"" help:"Ask a newsroom's site cold; bench all runs it in a process of its own."`
	Picture benchPictureCommand      `cmd:"" hidden:"" help:"Measure a picture of eight megapixels; bench all runs it in a process of its own."`
	Desk    benchDeskCommand         `cmd:"" hidden:"" help:"Measure what editors meet; bench all runs it in a process of its own."`
	Browser benchBrowserCommand      `cmd:"" help:"Measure what an editor sees in a browser: the desk's first paint, and a key in a long article."`
}

type benchAllCommand struct {
	Articles []int `help:"The sizes." default:"1000,100000" placeholder:"N"`
	JSON     bool  `help:"Print JSON."`
}

// Help gives the example.
func (benchAllCommand) Help() string {
	return `Makes newsrooms of generated articles in a temporary folder (DATELINE_BENCH_DIR names another), measures them, and takes them
away. The table is that of docs/performance.md. At 100,000 articles it takes some minutes and two gigabytes of disk.

Example:
  dateline bench all --articles 1000,10000`
}

// Run measures at every size and prints the table.
func (c benchAllCommand) Run(ctx context.Context, s streams) (err error) {
	dir, err := os.MkdirTemp(os.Getenv("DATELINE_BENCH_DIR"), "dateline-bench-*")
	if err != nil {
		return dateline.Errorf(dateline.EInvalid, "a folder to measure in cannot be made: %v; DATELINE_BENCH_DIR names where", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	report := benchReport{Machine: fmt.Sprintf("%s/%s, %d processors, %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())}
	for _, n := range c.Articles {
		if n < 1 {
			return dateline.Errorf(dateline.EInvalid, "--articles: %d is no size", n)
		}
		size, err := benchSize(ctx, s, dir, n)
		if err != nil {
			return err
		}
		report.Sizes = append(report.Sizes, *size)
	}
	if c.JSON {
		return printJSON(s.out, report)
	}
	return report.print(s.out)
}

// benchReport is what bench all prints with --json.
type benchReport struct {
	Machine string        `json:"machine"`
	Sizes   []sizeFigures `json:"sizes"`
}

// sizeFigures are the figures at one size.
type sizeFigures struct {
	Articles int `json:"articles"`
	corpusFigures
	measureFigures
	deskFigures
	pictureFigures
	browserFigures
	Cold  searchFigures `json:"search_cold"`
	Start spread        `json:"start"`       // from the process's start to the first answered request, milliseconds
	Idle  float64       `json:"idle_memory"` // megabytes, resident
}

// starts is how often a start is measured.
const starts = 5

// benchSize measures one size, each part in a process of its own.
func benchSize(ctx context.Context, s streams, dir string, n int) (*sizeFigures, error) {
	home := filepath.Join(dir, fmt.Sprint(n))
	out := &sizeFigures{Articles: n}
	told := time.Now()
	say := func(what string) {
		fmt.Fprintf(s.err, "%d articles, after %s: %s\n", n, time.Since(told).Round(time.Second), what)
	}
	say("importing")
	if err := benchChild(ctx, s, &out.corpusFigures, "corpus", "--json", "--articles", fmt.Sprint(n), "--dir", home); err != nil {
		return nil, err
	}
	say("rebuilding, rendering, publishing, searching")
	if err := benchChild(ctx, s, &out.measureFigures, "measure", "--articles", fmt.Sprint(n), "--dir", home); err != nil {
		return nil, err
	}
	say("searching cold")
	if err := benchChild(ctx, s, &out.Cold, "search", "--dir", home); err != nil {
		return nil, err
	}
	say("saving as many editors do")
	if err := benchChild(ctx, s, &out.deskFigures, "desk", "--dir", home); err != nil {
		return nil, err
	}
	say("opening the desk and writing in a browser")
	if err := benchInBrowser(ctx, s, home, &out.browserFigures); err != nil {
		return nil, err
	}
	say("making a picture's first rendition")
	if err := benchChild(ctx, s, &out.pictureFigures, "picture"); err != nil {
		return nil, err
	}
	say("starting")
	var times []float64
	for range starts {
		ms, idle, err := benchStart(ctx, home)
		if err != nil {
			return nil, err
		}
		times, out.Idle = append(times, ms), max(out.Idle, idle)
	}
	out.Start = spreadOf(times)
	say("done")
	return out, os.RemoveAll(home)
}

// benchInBrowser measures in a browser; where there is none it says so, and the table too.
func benchInBrowser(ctx context.Context, s streams, home string, into *browserFigures) error {
	if _, err := findBrowser(); err != nil {
		fmt.Fprintln(s.err, err)
		into.NoBrowser = "not measured: no browser"
		return nil
	}
	return benchChild(ctx, s, into, "browser", "--json", "--dir", home)
}

// benchChild runs a part of the measuring in a process of its own and reads what it found, unless that is not asked for.
func benchChild(ctx context.Context, s streams, into any, args ...string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, program, append([]string{"bench"}, args...)...)
	cmd.Stdout, cmd.Stderr = &out, s.err
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("dateline bench %s: %w", strings.Join(args, " "), err)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(out.Bytes(), into)
}

// benchProcess is a process of this program that serves, prints lines of JSON and ends with its input.
type benchProcess struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *json.Decoder
}

// startBench starts a command of bench; what it logs goes to errs.
func startBench(ctx context.Context, errs *os.File, args ...string) (p benchProcess, err error) {
	program, err := os.Executable()
	if err != nil {
		return p, err
	}
	p.cmd = exec.CommandContext(ctx, program, append([]string{"bench"}, args...)...)
	p.cmd.Stderr = errs
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return p, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return p, err
	}
	p.out = json.NewDecoder(out)
	return p, p.cmd.Start()
}

func (p benchProcess) stop() error {
	p.in.Close()
	return p.cmd.Wait()
}

// serveRoom serves a newsroom in this process, until end.
func serveRoom(ctx context.Context, dir folder, on *listeners, s streams) (r *room, p *program, end func() error, err error) {
	if r, err = openRoom(ctx, dir, slog.New(slog.DiscardHandler)); err != nil {
		return nil, nil, nil, err
	}
	if p, err = newProgram(ctx, r, r.log, entrance{}, newProgress(s.err)); err != nil {
		return nil, nil, nil, errors.Join(err, r.Close())
	}
	ctx, stop := context.WithCancel(ctx)
	running := make(chan error, 1)
	go func() { running <- p.Run(ctx, on) }()
	return r, p, func() error {
		stop()
		return errors.Join(<-running, p.Close(), r.Close())
	}, nil
}

// megabytes is a file's size; 0 where there is none.
func megabytes(files ...string) float64 {
	var sum int64
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			sum += info.Size()
		}
	}
	return float64(sum) / (1 << 20)
}

// memoryLine is a line of the kernel's account of a process, in megabytes: VmRSS is what is resident, VmHWM the most that
// ever was. It is 0 where the machine keeps no such account.
func memoryLine(process, name string) float64 {
	b, err := os.ReadFile(filepath.Join("/proc", process, "status"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		var kilobytes float64
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			if _, err := fmt.Sscan(rest, &kilobytes); err == nil {
				return kilobytes / 1024
			}
		}
	}
	return 0
}

// processorTime is what a process has had of the processors. It is 0 where the machine keeps no such account.
func processorTime(process int) time.Duration {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(process), "stat"))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ") // the program's name may hold blanks
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	const ticks = 100 // a second (proc(5): USER_HZ, which is 100 wherever Linux runs Go)
	var sum time.Duration
	for _, field := range fields[11:13] { // in the program and in the kernel for it
		if n, err := strconv.ParseInt(field, 10, 64); err == nil {
			sum += time.Duration(n) * time.Second / ticks
		}
	}
	return sum
}
