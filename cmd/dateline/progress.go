package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress tells how far long work is: a bar on a terminal, a plain line every few seconds elsewhere.
type progress struct {
	out  io.Writer
	bar  *progressbar.ProgressBar
	what string
	told time.Time
}

// newProgress makes a progress that writes to a file such as standard error.
func newProgress(out *os.File) *progress {
	p := &progress{out: out}
	if term.IsTerminal(int(out.Fd())) {
		p.bar = progressbar.NewOptions64(-1, progressbar.OptionSetWriter(out), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionShowCount(), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())
	}
	return p
}

// tell says that done of total of something are finished; total is 0 where it is not known.
func (p *progress) tell(what string, done, total int64) {
	if p.bar != nil {
		if what != p.what {
			p.bar.Describe(what)
			p.what = what
		}
		if total > 0 {
			p.bar.ChangeMax64(total)
		}
		_ = p.bar.Set64(done)
		return
	}
	if now := time.Now(); what != p.what || now.Sub(p.told) >= 2*time.Second {
		p.what, p.told = what, now
		if total > 0 {
			fmt.Fprintf(p.out, "%s: %d of %d\n", what, done, total)
			return
		}
		fmt.Fprintf(p.out, "%s: %d\n", what, done)
	}
}

// finish clears the bar.
func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
