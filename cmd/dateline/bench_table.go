package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// spread is what many measurements of one thing came to, in milliseconds.
type spread struct {
	N      int     `json:"n"`
	Median float64 `json:"median"`
	Low    float64 `json:"p10"`
	High   float64 `json:"p90"`
	P95    float64 `json:"p95"`
	P99    float64 `json:"p99"`
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func spreadOf(times []float64) spread {
	if len(times) == 0 {
		return spread{}
	}
	slices.Sort(times)
	at := func(share float64) float64 { return times[min(len(times)-1, int(share*float64(len(times))))] }
	return spread{N: len(times), Median: at(0.5), Low: at(0.1), High: at(0.9), P95: at(0.95), P99: at(0.99)}
}

func (s spread) String() string {
	return fmt.Sprintf("%s ms (%s–%s; p99 %s)", short(s.Median), short(s.Low), short(s.High), short(s.P99))
}

// short writes a number with two digits that mean something.
func short(f float64) string {
	switch {
	case f >= 10:
		return fmt.Sprintf("%.0f", f)
	case f >= 1:
		return fmt.Sprintf("%.1f", f)
	case f >= 0.1:
		return fmt.Sprintf("%.2f", f)
	}
	return fmt.Sprintf("%.4f", f)
}

// row is one figure of the table.
type row struct {
	name, aim string
	value     func(*sizeFigures) string
	met       func(*sizeFigures) bool // nil where there is no aim
}

func rate(f float64, what string) string { return fmt.Sprintf("%.0f %s/s", f, what) }

func inMegabytes(f float64) string { return fmt.Sprintf("%.0f MB", f) }

func rows() []row { return append(browserRows(), programRows()...) }

// browserRows are the figures that are seen in a browser.
func browserRows() []row {
	return []row{
		{"desk view, to the first paint", "500 ms", func(f *sizeFigures) string { return f.inBrowser(f.Paint.String()) }, func(f *sizeFigures) bool { return f.NoBrowser == "" && f.Paint.Median <= 500 }},
		{"desk view, to its rows", "500 ms", func(f *sizeFigures) string {
			return f.inBrowser(fmt.Sprintf("%s, list of all %s", f.Rows, f.All))
		}, func(f *sizeFigures) bool { return f.NoBrowser == "" && max(f.Rows.Median, f.All.Median) <= 500 }},
		{"key to paint in an article of 5,000 words", "p95 16 ms", func(f *sizeFigures) string {
			return f.inBrowser(fmt.Sprintf("%s, p95 %s ms; before a screen of 60 Hz %s, p95 %s ms", f.Keys, short(f.Keys.P95), f.Beat, short(f.Beat.P95)))
		}, func(f *sizeFigures) bool { return f.NoBrowser == "" && f.Keys.P95 <= 16 }},
	}
}

// inBrowser is a figure, or why there is none.
func (f browserFigures) inBrowser(figure string) string {
	if f.NoBrowser != "" {
		return f.NoBrowser
	}
	return figure
}

func programRows() []row {
	return []row{
		{"article of 800 words, rendered from the shelf", "0.3 ms", func(f *sizeFigures) string { return f.Render.String() }, func(f *sizeFigures) bool { return f.Render.Median <= 0.3 }},
		{"the same, compressed too", "", func(f *sizeFigures) string { return f.Compress.String() }, nil},
		{"the same, in the cache", "", func(f *sizeFigures) string { return f.Hit.String() }, nil},
		{"page of a story of 2,000 articles and 5,000 events", "5 ms", func(f *sizeFigures) string {
			return fmt.Sprintf("%s, %d articles", f.Story, f.StoryArticles)
		}, func(f *sizeFigures) bool { return f.Story.Median <= 5 }},
		{"what is new in it since its last change", "5 ms", func(f *sizeFigures) string {
			return fmt.Sprintf("%s; since it was first told %s", f.StoryNew, f.StoryLong)
		}, func(f *sizeFigures) bool { return f.StoryNew.Median <= 5 }},
		{"history of 500 editions", "50 ms", func(f *sizeFigures) string { return f.History.String() }, func(f *sizeFigures) bool { return f.History.Median <= 50 }},
		{"difference of two editions of 5,000 words", "20 ms", func(f *sizeFigures) string { return f.Difference.String() }, func(f *sizeFigures) bool { return f.Difference.Median <= 20 }},
		{"home as of an instant", "", func(f *sizeFigures) string { return f.HomeThen.String() }, nil},
		{"rules of 100 fronts, of seven containers each", "50 ms", func(f *sizeFigures) string { return f.Fronts.String() }, func(f *sizeFigures) bool { return f.Fronts.Median <= 50 }},
		{"publish to full receipt", "50 ms", func(f *sizeFigures) string {
			return fmt.Sprintf("%s, %d addresses, %d not confirmed", f.Publish, f.Addresses, f.Unconfirmed)
		}, func(f *sizeFigures) bool { return f.Publish.Median <= 50 && f.Unconfirmed == 0 }},
		{"import", "1500/s", func(f *sizeFigures) string { return rate(f.ImportRate, "articles") }, func(f *sizeFigures) bool { return f.ImportRate >= 1500 }},
		{"rebuild of the shelf", "5000/s", func(f *sizeFigures) string { return rate(f.Rebuild, "entries") }, func(f *sizeFigures) bool { return f.Rebuild >= 5000 }},
		{"search by fit, warm", "p99 20 ms", func(f *sizeFigures) string { return f.Warm.Fit.String() }, func(f *sizeFigures) bool { return f.Warm.Fit.P99 <= 20 }},
		{"search by date, warm", "p99 20 ms", func(f *sizeFigures) string { return f.Warm.Date.String() }, func(f *sizeFigures) bool { return f.Warm.Date.P99 <= 20 }},
		{"search by fit, cold", "p99 20 ms", func(f *sizeFigures) string { return f.Cold.Fit.String() }, func(f *sizeFigures) bool { return f.Cold.Fit.P99 <= 20 }},
		{"search by date, cold", "p99 20 ms", func(f *sizeFigures) string { return f.Cold.Date.String() }, func(f *sizeFigures) bool { return f.Cold.Date.P99 <= 20 }},
		{"autosave of one editor, to the answer", "p99 30 ms", func(f *sizeFigures) string { return f.Autosave.String() }, func(f *sizeFigures) bool { return f.Autosave.P99 <= 30 }},
		{"autosave of 500 editors, each every two seconds", "p99 100 ms", func(f *sizeFigures) string {
			return fmt.Sprintf("%s, %s ms of a processor each; the asking took %.0f in 100 of the processors", f.Crowd, short(f.Cost), f.Asking)
		}, func(f *sizeFigures) bool { return f.Crowd.P99 <= 100 }},
		{"newsroom's script and style, compressed", "250 kB", func(f *sizeFigures) string { return fmt.Sprintf("%.0f kB", f.Bundle) }, func(f *sizeFigures) bool { return f.Bundle <= 250 }},
		{"picture of 8 megapixels to its first rendition, WebP", "400 ms", func(f *sizeFigures) string { return f.First.String() }, func(f *sizeFigures) bool { return f.First.Median <= 400 }},
		{"the same, JPEG", "400 ms", func(f *sizeFigures) string { return f.FirstJPEG.String() }, func(f *sizeFigures) bool { return f.FirstJPEG.Median <= 400 }},
		{"memory, most while these are made", "150 MB", func(f *sizeFigures) string { return inMegabytes(f.PictureMemory) }, func(f *sizeFigures) bool { return f.PictureMemory < 150 }},
		{"verification of the record, with its words", "50000/s", func(f *sizeFigures) string { return rate(f.Verify, "entries") }, func(f *sizeFigures) bool { return f.Verify >= 50_000 }},
		{"an edition's proof", "2 ms", func(f *sizeFigures) string { return f.Proof.String() }, func(f *sizeFigures) bool { return f.Proof.Median <= 2 }},
		{"start to the first answer", "1000 ms", func(f *sizeFigures) string { return f.Start.String() }, func(f *sizeFigures) bool { return f.Start.Median <= 1000 }},
		{"memory, idle", "80 MB", func(f *sizeFigures) string { return inMegabytes(f.Idle) }, func(f *sizeFigures) bool { return f.Idle <= 80 }},
		{"memory, most while importing", "", func(f *sizeFigures) string { return inMegabytes(f.ImportMemory) }, nil},
		{"memory, most while rebuilding", "", func(f *sizeFigures) string { return inMegabytes(f.RebuildMemory) }, nil},
		{"memory, most while all of this is measured", "", func(f *sizeFigures) string { return inMegabytes(f.Memory) }, nil},
		{"desk.db", "", func(f *sizeFigures) string { return inMegabytes(f.Desk) }, nil},
		{"shelf.db", "", func(f *sizeFigures) string { return inMegabytes(f.Shelf) }, nil},
	}
}

// print writes the table of docs/performance.md, in Markdown. A figure that misses its aim is marked.
func (r benchReport) print(out io.Writer) error {
	w := &lineWriter{out: out}
	w.line("%s. Times: median (tenth to ninetieth of a hundred; 99th).\n", r.Machine)
	head, rule := []string{"figure", "aim"}, []string{"---", "---"}
	for _, s := range r.Sizes {
		head, rule = append(head, fmt.Sprintf("%d articles", s.Articles)), append(rule, "---")
	}
	w.line("| %s |\n| %s |", strings.Join(head, " | "), strings.Join(rule, " | "))
	for _, row := range rows() {
		cells := []string{row.name, row.aim}
		for i := range r.Sizes {
			cell := row.value(&r.Sizes[i])
			if row.met != nil && !row.met(&r.Sizes[i]) {
				cell += " **missed**"
			}
			cells = append(cells, cell)
		}
		w.line("| %s |", strings.Join(cells, " | "))
	}
	return w.err
}
