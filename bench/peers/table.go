package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
)

// print writes the table of docs/performance.md, in Markdown.
func (b *bench) print(to io.Writer) error {
	var t strings.Builder
	fmt.Fprintf(&t, "%s/%s, %s, %d articles, %d s each, medians of %d; requests per second of the server's processor time (p50 / p99 in ms; resident MB)\n\n",
		runtime.GOOS, runtime.GOARCH, runtime.Version(), b.articles, b.seconds, b.runs)
	names := []string{dateline, nginx, standard, fast}
	fmt.Fprintf(&t, "| row | %s | of nginx | of net/http | of fasthttp | aim |\n|%s\n", strings.Join(names, " | "), strings.Repeat(" --- |", len(names)+5))
	for _, f := range b.table {
		fmt.Fprintf(&t, "| %s |", f.name)
		for _, n := range names {
			if x := f.by[n]; x != nil {
				fmt.Fprintf(&t, " %.0f (%s / %s; %.0f) |", x.rate, ms(x.p50), ms(x.p99), x.memory)
			} else {
				t.WriteString(" |")
			}
		}
		for _, n := range names[1:] {
			if x := f.by[n]; x != nil {
				fmt.Fprintf(&t, " %.2f |", f.by[dateline].rate/x.rate)
			} else {
				t.WriteString(" |")
			}
		}
		fmt.Fprintf(&t, " %s |\n", f.verdict())
	}
	_, err := io.WriteString(to, t.String())
	return err
}

// verdict is a row's aim, and whether it was met.
func (f figures) verdict() string {
	own := f.by[dateline]
	if f.aim.least == 0 {
		return ""
	}
	text, met := fmt.Sprintf("%.0f/s", f.aim.least), own.rate >= f.aim.least
	if x := f.by[f.aim.peer]; x != nil {
		text, met = fmt.Sprintf("%.2f × %s", f.aim.least, f.aim.peer), own.rate >= f.aim.least*x.rate
	}
	if f.aim.p99 > 0 {
		text += fmt.Sprintf(", p99 %.0f ms", f.aim.p99)
		met = met && own.p99 <= f.aim.p99
	}
	if !met {
		text += " **missed**"
	}
	return text
}

// ms gives milliseconds in two digits, or in as many as whole ones have.
func ms(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.2g", x)
}
