package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/site/reads"
)

// keeping is how often what was read is written to its file; at most so much is lost with the power.
const keeping = 5 * time.Minute

// openReads brings back the counts that the last run kept beside the shelf.
func openReads(f folder, log *slog.Logger) *reads.Counter {
	c := &reads.Counter{}
	if err := errors.Join(os.MkdirAll(f.site(), 0o755), c.Load(f.reads())); err != nil {
		log.Warn("what was read until now is not known", "error", err)
	}
	return c
}

// keepReads writes the counts to their file now and then, and once more at the end.
func keepReads(ctx context.Context, c *reads.Counter, f folder, log *slog.Logger) error {
	tick := time.NewTicker(keeping)
	defer tick.Stop()
	for ended := false; !ended; {
		select {
		case <-ctx.Done():
			ended = true
		case <-tick.C:
		}
		if err := c.Save(f.reads()); err != nil {
			log.Warn("what was read was not kept", "error", err)
		}
	}
	return nil
}

// mostRead gives the counts in the newsroom's form.
func (p *program) mostRead(limit int) []newsroom.Read {
	counts := p.site.MostRead(limit)
	list := make([]newsroom.Read, len(counts))
	for i, c := range counts {
		list[i] = newsroom.Read{Article: c.Article, Readers: c.Readers, Hour: c.Hour}
	}
	return list
}
