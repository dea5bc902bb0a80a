// Command peers measures Dateline beside nginx and minimal servers of Go that send the very same bytes, in one run: requests per
// second of the server's processor time, latencies and memory, row by row (docs/adr/041). It is what `make bench-peers` runs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
)

// options are what can be said on the command line.
type options struct {
	rows     *regexp.Regexp
	seconds  int
	runs     int
	articles int
	dir      string // where the archive stands or is made; a temporary folder where it is empty
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "serve" {
		if err := serveMinimal(os.Args[2], os.Args[3]); err != nil {
			fmt.Fprintln(os.Stderr, "peers:", err)
			os.Exit(1)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(ctx, o)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "peers:", err)
		stop()
		os.Exit(1)
	}
}

func parse(args []string) (o options, err error) {
	f := flag.NewFlagSet("peers", flag.ContinueOnError)
	rows := f.String("rows", ".", "a regular expression: only the rows whose name it matches are measured")
	f.IntVar(&o.seconds, "seconds", 4, "how long one measurement takes")
	f.IntVar(&o.runs, "runs", 3, "how often each row is measured; the median is printed")
	f.IntVar(&o.articles, "articles", 20_000, "how large the archive is; a million takes two gigabytes and some minutes to make")
	f.StringVar(&o.dir, "dir", "", "where the archive is kept for another time; a temporary folder where nothing is said")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if o.seconds < 1 || o.runs < 1 || o.articles < 1000 || f.NArg() > 0 {
		return o, errors.New("--seconds and --runs are 1 or more, --articles 1000 or more, and nothing else is said")
	}
	o.rows, err = regexp.Compile(*rows)
	return o, err
}

func run(ctx context.Context, o options) (err error) {
	if err := prepare(ctx); err != nil {
		return err
	}
	b, err := newBench(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	began := time.Now()
	for _, r := range rows() {
		if !o.rows.MatchString(r.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", time.Now().UTC().Format(time.TimeOnly), r.name)
		f, err := b.measure(ctx, r)
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		b.table = append(b.table, f)
	}
	fmt.Fprintf(os.Stderr, "after %s\n", time.Since(began).Round(time.Second))
	return b.print(os.Stdout)
}
