package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/newsroom"
)

type auditCommand struct {
	Dir     folder `help:"The newsroom's folder." default:"." placeholder:"DIR"`
	Person  string `help:"Only what somebody of this name did." placeholder:"NAME"`
	Act     string `help:"Only this act, such as publish or administer." placeholder:"ACT"`
	Subject string `help:"Only what was done to an article, or names this id." placeholder:"ID"`
	Since   string `help:"From this day or instant on (2026-06-30, or RFC 3339); days are of the paper's zone." placeholder:"WHEN"`
	Until   string `help:"Before this day or instant." placeholder:"WHEN"`
	Format  string `help:"text, csv or jsonl." enum:"text,csv,jsonl" default:"text"`
	JSON    bool   `help:"The same as --format jsonl."`
}

// Help gives the example.
func (auditCommand) Help() string {
	return `Newest first. Lines are never changed or taken away; details that held words that were redacted read "removed", and from where
something was done is kept for 180 days. It can be run beside a server.

Examples:
  dateline audit --dir paper --since 2026-06-01 --act publish
  dateline audit --dir paper --person "Ada Menon" --format csv > ada.csv`
}

// Run prints the lines as they are read.
func (c auditCommand) Run(ctx context.Context, s streams) error {
	if err := c.Dir.mustExist(); err != nil {
		return err
	}
	db, err := openToRead(ctx, c.Dir)
	if err != nil {
		return err
	}
	defer db.Close()
	p, err := findPublication(ctx, db)
	if err != nil {
		return err
	}
	zone, err := p.Location()
	if err != nil {
		return err
	}
	f := desk.AuditFilter{Actor: c.Person, Act: dateline.Act(c.Act), Subject: dateline.ID(c.Subject)}
	if f.Since, err = when("--since", c.Since, zone); err != nil {
		return err
	}
	if f.Until, err = when("--until", c.Until, zone); err != nil {
		return err
	}
	out := bufio.NewWriter(s.out)
	write, flush := auditText(out, zone), func() error { return nil }
	switch {
	case c.JSON || c.Format == "jsonl":
		write, flush, _ = newsroom.AuditLines(out)
	case c.Format == "csv":
		write, flush, _ = newsroom.AuditCSV(out)
	}
	if err := desk.EachAudit(ctx, db, f, write); err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	return out.Flush()
}

// when reads a day of the paper's zone, or an instant.
func when(flag, s string, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, zone); err == nil {
		return t, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, dateline.Errorf(dateline.EInvalid, "%s: %.40q is neither a day (2026-06-30) nor an instant (2026-06-30T12:16:00+05:30)", flag, s)
	}
	return t, nil
}

func auditText(out *bufio.Writer, zone *time.Location) func(desk.AuditLine) error {
	return func(l desk.AuditLine) error {
		parts := []string{l.At.In(zone).Format("2006-01-02 15:04:05 MST"), fmt.Sprintf("%s (%s)", l.Actor, l.Role), strings.ReplaceAll(string(l.Act), "_", " ")}
		for _, p := range []string{string(l.Article), l.Detail, strings.TrimSpace(l.Address + " " + l.Device)} {
			if p != "" {
				parts = append(parts, p)
			}
		}
		_, err := out.WriteString(strings.Join(parts, "  ") + "\n")
		return err
	}
}
