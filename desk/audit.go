package desk

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/datelinehq/dateline"
)

// Place is from where something is done. It is put on every line of the audit that is written meanwhile.
type Place struct {
	Address string // of the connection, behind proxies that are trusted; empty where there is none
	Device  string // what the browser or program calls itself, or how it was asked for
	Session string // the id of the session; empty for tokens and commands

	lines atomic.Int64 // that were written
}

// Lines is how many lines of the audit were written from here.
func (p *Place) Lines() int64 { return p.lines.Load() }

// Note has a line say from where it is, and counts it.
func (p *Place) Note(l *AuditLine) {
	if p == nil {
		return
	}
	p.lines.Add(1)
	if l.Address == "" && l.Device == "" {
		l.Address, l.Device, l.Session = p.Address, shortened(p.Device), p.Session
	}
}

// maxDevice is how much is kept of what a browser calls itself, in bytes.
const maxDevice = 200

func shortened(s string) string {
	if len(s) > maxDevice {
		s = s[:maxDevice]
	}
	return strings.ToValidUTF8(s, "")
}

type placeKey struct{}

// From says from where what is done under a context comes.
func From(ctx context.Context, p *Place) context.Context {
	return context.WithValue(ctx, placeKey{}, p)
}

// PlaceOf is from where something is done; nil where nobody said.
func PlaceOf(ctx context.Context) *Place {
	p, _ := ctx.Value(placeKey{}).(*Place)
	return p
}

// AuditFilter says which lines of the audit are asked for. What is empty holds for all.
type AuditFilter struct {
	Actor   string // by name, whole
	Act     dateline.Act
	Subject dateline.ID // an article or front, or an id that a line names
	Since   time.Time   // from this instant
	Until   time.Time   // before this instant
	Before  int64       // numbers below this one; all where it is 0
}

// AuditAddressAge is how long the audit keeps from where something was done.
const AuditAddressAge = 180 * 24 * time.Hour

// Audit gives up to n lines of the whole paper's audit to a chief, newest first.
func (d *Desk) Audit(ctx context.Context, actor dateline.Actor, f AuditFilter, n int) (list []AuditLine, err error) {
	if n, err = limit(n); err != nil {
		return nil, err
	}
	if err := dateline.Can(actor, dateline.ActAdminister, nil); err != nil {
		return nil, err
	}
	err = d.store.View(ctx, func(tx Tx) error {
		list, err = tx.FilterAudit(f, n)
		return err
	})
	return list, err
}

// ExportAudit gives every line that a filter names to f, newest first, for a chief, and says so on the audit first. Lines are
// read some at a time.
func (d *Desk) ExportAudit(ctx context.Context, actor dateline.Actor, filter AuditFilter, f func(AuditLine) error) error {
	err := d.do(ctx, actor, dateline.ActAdminister, func(t *turn) error {
		return t.note(dateline.ActAdminister, nil, 0, "%s", filter.words())
	})
	if err != nil {
		return err
	}
	return EachAudit(ctx, d.store, filter, f)
}

// words says that what a filter names was taken out.
func (f AuditFilter) words() dateline.Sentence {
	s := dateline.Say("took the audit out")
	for _, p := range []struct {
		format string
		value  any
	}{{"%s, by %s", f.Actor}, {"%s, of %s", f.Act}, {"%s, about %s", f.Subject}, {"%s, since %s", stamped(f.Since)}, {"%s, until %s", stamped(f.Until)}} {
		if fmt.Sprint(p.value) != "" {
			s = dateline.Say(p.format, s, p.value)
		}
	}
	return s
}

func stamped(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// EachAudit gives every line that a filter names to f, newest first. Lines are read some at a time, each lot in a transaction of
// its own, which is safe because the audit only grows.
func EachAudit(ctx context.Context, s Store, filter AuditFilter, f func(AuditLine) error) error {
	for {
		var list []AuditLine
		err := s.View(ctx, func(tx Tx) (err error) {
			list, err = tx.FilterAudit(filter, MaxList)
			return err
		})
		if err != nil {
			return err
		}
		for _, l := range list {
			if err := f(l); err != nil {
				return err
			}
			filter.Before = l.Number
		}
		if len(list) < MaxList {
			return nil
		}
	}
}

// NoteDone leaves a line for something that was done and left none of its own.
func (d *Desk) NoteDone(ctx context.Context, actor dateline.Actor, act dateline.Act, what string) error {
	return d.update(ctx, actor, func(t *turn) error { return t.note(act, nil, 0, "%s", what) })
}

// forgetPlaces takes out of the audit from where things were done that were done long ago, and says so on the audit.
func (d *Desk) forgetPlaces(ctx context.Context) error {
	old := 0
	err := d.store.View(ctx, func(tx Tx) error {
		now, err := tx.Now()
		if err == nil {
			old, err = tx.CountPlaces(now.Add(-AuditAddressAge))
		}
		return err
	})
	if err != nil || old == 0 {
		return err
	}
	return d.update(ctx, dateline.Actor{Name: "retention", Role: dateline.RoleChief}, func(t *turn) error {
		n, err := t.ForgetPlaces(t.now.Add(-AuditAddressAge))
		if err != nil || n == 0 {
			return err
		}
		return t.note(dateline.ActAdminister, nil, 0, "took out of %d lines of the audit, older than %d days, from where they were done", n, int(AuditAddressAge.Hours())/24)
	})
}
