package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
)

// The generated corpus comes in whole, is the same each time, and everything is measured of it.
func TestBenchCorpus(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "corpus")
	figures, err := makeCorpus(t.Context(), folder(dir), 60, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if figures.ImportRate <= 0 || figures.Desk <= 0 {
		t.Errorf("%+v", figures)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(dir), "dateline-corpus-*")); err != nil || len(left) != 0 {
		t.Errorf("%v was left, %v", left, err)
	}
	var one, two bytes.Buffer
	for _, b := range []*bytes.Buffer{&one, &two} {
		if err := newCorpus(60).export(b, func(int) {}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) || one.Len() < 60*500 {
		t.Errorf("two corpora of 60 articles differ, or are short: %d and %d bytes", one.Len(), two.Len())
	}

	var out bytes.Buffer
	s := streams{in: os.Stdin, out: &out, err: os.Stderr}
	if err := (benchMeasureCommand{inFolder: inFolder{Dir: folder(dir)}, Articles: 60, Hits: 2, Publishes: 6, Questions: 12}).Run(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	var found measureFigures
	if err := json.Unmarshal(out.Bytes(), &found); err != nil {
		t.Fatal(err)
	}
	if found.Publish.N != 6 || found.Unconfirmed != 0 || found.Warm.Fit.N != 12 || found.Hit.N != 2 || found.Rebuild <= 0 || found.Shelf <= 0 || found.Render.N == 0 {
		t.Errorf("%+v", found)
	}
	out.Reset()
	report := benchReport{Machine: "m", Sizes: []sizeFigures{{Articles: 60, corpusFigures: figures, measureFigures: found}}}
	if err := report.print(&out); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "| figure | aim | 60 articles |") || strings.Count(got, "\n|") != len(rows())+2 {
		t.Error(got)
	}
}

func TestSpread(t *testing.T) {
	var times []float64
	for i := range 100 {
		times = append(times, float64(100-i))
	}
	if s := spreadOf(times); s != (spread{N: 100, Median: 51, Low: 11, High: 91, P95: 96, P99: 100}) {
		t.Errorf("%+v", s)
	}
	if s := spreadOf(nil); s != (spread{}) {
		t.Errorf("%+v", s)
	}
}

// Without a browser the bench says in one line what is missing and how it is installed, and its table says that nothing was measured.
func TestBenchWithoutABrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("DATELINE_CHROMIUM", "")
	t.Chdir(t.TempDir())
	err := benchBrowserCommand{inFolder: inFolder{Dir: folder(t.TempDir())}}.Run(t.Context(), streams{})
	if dateline.ErrorCode(err) != dateline.EUnavailable || strings.Contains(err.Error(), "\n") {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{"Node", "Chromium", "playwright-core", "make prepare"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
	said, err := os.CreateTemp(t.TempDir(), "said")
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	var f sizeFigures
	if err := benchInBrowser(t.Context(), streams{err: said}, "", &f.browserFigures); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(said.Name()); err != nil || strings.Count(string(got), "\n") != 1 || !strings.Contains(string(got), "make prepare") {
		t.Errorf("it said %q, %v", got, err)
	}
	for _, row := range browserRows() {
		if row.value(&f) != "not measured: no browser" || row.met(&f) {
			t.Errorf("%s: %s", row.name, row.value(&f))
		}
	}
}
