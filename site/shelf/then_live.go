package shelf

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
)

// liveThen is a live coverage as it was: what its acts had made of it. Entries are rendered when they are shown.
type liveThen struct {
	head    Live
	summary *record.LiveState
	entries []LiveEntry // newest first
}

// coverageThen makes a coverage anew from its acts.
func (tx *Tx) coverageThen(id dateline.ID) (*liveThen, error) {
	if l, ok := tx.then.live[id]; ok {
		return l, nil
	}
	rows, err := tx.c.rows(`SELECT l.data, a.z, r.entry, r.state FROM live_act a JOIN leaf l ON l.seq = a.seq LEFT JOIN redacted r ON r.seq = a.seq
		WHERE a.article = ? AND a.seq <= ? AND (a.z IS NOT NULL OR r.entry > 0 OR r.state <> '') ORDER BY a.seq`, packID(id), tx.then.seq)
	if err != nil {
		return nil, err
	}
	removed, err := tx.removedNow(id)
	if err != nil {
		return nil, err
	}
	l, entries := &liveThen{head: Live{State: dateline.LivePlanned}}, map[int]*LiveEntry{}
	for _, r := range rows {
		if r.blob(1) == nil {
			e, err := record.ParseLeaf(r.blob(0))
			if err != nil {
				return nil, err
			}
			if n := int(r.int(2)); n > 0 {
				if entries[n] == nil {
					entries[n] = &LiveEntry{Posted: e.At, Made: e.Sequence} // no more is known of it; it is shown once something is
				}
				continue
			}
			l.steer(&e, &record.LiveState{State: dateline.LiveState(r.text(3))})
			continue
		}
		e, err := openEntry(tx.shelf.codec, r.blob(0), r.blob(1))
		if err != nil {
			return nil, err
		}
		body, err := e.Decode()
		if err != nil {
			return nil, err
		}
		l.head.Sequence = e.Sequence
		switch b := body.(type) {
		case *record.LiveState:
			l.steer(&e, b)
		case *record.LiveEntry:
			if err := settleThen(entries, &e, b); err != nil {
				return nil, err
			}
		}
	}
	for n, e := range entries {
		l.head.touched(e.Modified)
		if now := removed[n]; now != nil {
			e = now // what is taken away today is so in every view
		}
		if e.Number == 0 {
			continue
		}
		l.entries = append(l.entries, *e)
		if e.Removed() {
			continue
		}
		l.head.Entries++
		if e.Correction != "" {
			l.head.Corrected++
		}
		if e.Posted.After(l.head.Latest) {
			l.head.Latest = e.Posted
		}
	}
	slices.SortFunc(l.entries, func(a, b LiveEntry) int { return cmp.Or(b.Public.Compare(a.Public), cmp.Compare(b.Number, a.Number)) })
	tx.then.live[id] = l
	return l, nil
}

// removedNow are the entries of a coverage that were removed, by number, as they stand today.
func (tx *Tx) removedNow(id dateline.ID) (map[int]*LiveEntry, error) {
	list, err := tx.liveEntries(id, "SELECT "+liveColumns+" FROM live_entry e WHERE e.article = ? AND e.deleted = 1", packID(id))
	if err != nil {
		return nil, err
	}
	out := make(map[int]*LiveEntry, len(list))
	for i := range list {
		out[list[i].Number] = &list[i]
	}
	return out, nil
}

func (l *Live) touched(at time.Time) {
	if at.After(l.Touched) {
		l.Touched = at
	}
}

// steer takes over a state and a summary.
func (l *liveThen) steer(e *record.Entry, b *record.LiveState) {
	l.summary = b
	l.head.touched(e.At)
	l.head.State, l.head.Stated, l.head.Changed, l.head.Language = b.State, e.Sequence, e.At, b.Language
	switch b.State {
	case dateline.LiveOn:
		if l.head.Began.IsZero() {
			l.head.Began = e.At
		}
		l.head.Ended = since(0)
	case dateline.LiveEnded:
		if l.head.Ended.IsZero() {
			l.head.Ended = e.At
		}
	}
}

// settleThen puts an entry in place of what it was. To pin it or to call it a main event is no change of its words.
func settleThen(entries map[int]*LiveEntry, e *record.Entry, b *record.LiveEntry) (err error) {
	is := &LiveEntry{LiveEntry: *b, Posted: e.At, Modified: e.At, Sequence: e.Sequence, Made: e.Sequence}
	if is.Public, err = record.ParseInstant(b.Public); err != nil {
		return err
	}
	if b.Corrected != "" {
		if is.Corrected, err = record.ParseInstant(b.Corrected); err != nil {
			return err
		}
	}
	if was := entries[b.Number]; was != nil {
		is.Made, is.Posted = was.Made, was.Posted
		same := *b
		same.Act, same.Key, same.Pinned = was.Act, was.Key, was.Pinned
		if b.Act != record.EntryDeleted && reflect.DeepEqual(same, was.LiveEntry) {
			is.Modified = was.Modified
		}
	}
	entries[b.Number] = is
	return nil
}

func (tx *Tx) liveHeadThen(id dateline.ID) (*Live, error) {
	l, err := tx.coverageThen(id)
	if err != nil {
		return nil, err
	}
	head := l.head
	if l.summary != nil {
		head.Summary, _, err = tx.fragment(l.summary.Summary, l.summary.Language)
	}
	return &head, err
}

// fragment renders words of a coverage, as applying them did.
func (tx *Tx) fragment(words []byte, language string) (html []byte, text string, err error) {
	pub, err := tx.then.now.Publication()
	if err != nil {
		return nil, "", err
	}
	doc, err := parseDocument(words)
	if err != nil {
		return nil, "", err
	}
	return tx.shelf.options.Renderer.Body(doc, render.BodyOptions{Language: language, Publication: pub.Language}), markup.Text(doc), nil
}

// liveEntriesThen are up to limit entries that pass a test, newest first, from an entry on.
func (tx *Tx) liveEntriesThen(id dateline.ID, from, limit int, shown func(*LiveEntry) bool) (out []LiveEntry, err error) {
	l, err := tx.coverageThen(id)
	if err != nil {
		return nil, err
	}
	begin := max(0, slices.IndexFunc(l.entries, func(e LiveEntry) bool { return e.Number == from }))
	if from > 0 && (begin == len(l.entries) || l.entries[begin].Number != from) {
		return nil, fmt.Errorf("entry %d of %.60s: %w", from, id, ErrNotFound)
	}
	for i := range l.entries[begin:] {
		e := l.entries[begin+i]
		if len(out) == limit || !shown(&e) {
			continue
		}
		if e.Fragment, e.Text, err = tx.fragment(e.Body, e.Language); err != nil {
			return nil, err
		}
		if err := tx.brokenOut(&e, id); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}
