package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// importReport is what an import ends with.
type importReport struct {
	Imported    int            `json:"imported"` // new in the newsroom: articles, pages and drafts together
	Articles    int            `json:"articles"` // published
	Pages       int            `json:"pages"`    // published
	Drafts      int            `json:"drafts"`   // articles and pages
	Proposed    int            `json:"proposed"` // drafts with an hour proposed
	Private     int            `json:"private"`  // drafts that were not public and are never published
	Unchanged   int            `json:"unchanged"`
	Differ      int            `json:"differ"`
	Pictures    int            `json:"pictures"`
	Skipped     []importLine   `json:"skipped"`
	NotImported map[string]int `json:"not_imported"`
	Missing     []importLine   `json:"missing_pictures"`
	Notes       []importLine   `json:"notes"`
	Counts      map[string]int `json:"note_counts"` // by kind, those left out too
	LeftOut     int            `json:"lines_left_out,omitempty"`
	// Unasked are the checks that an editor could not publish without and that imported work was not held to.
	Unasked []dateline.CheckName `json:"checks_not_asked,omitempty"`

	mu sync.Mutex
}

// importLine is one line of the report.
type importLine struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Kind string `json:"kind,omitempty"`
	Text string `json:"text"`
}

// reportLines bounds each list of a report: an archive's worth of notes is read by nobody.
const reportLines = 5000

func newImportReport() *importReport {
	return &importReport{Skipped: []importLine{}, NotImported: map[string]int{}, Missing: []importLine{}, Notes: []importLine{}, Counts: map[string]int{}}
}

func (r *importReport) add(list *[]importLine, l importLine) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(*list) >= reportLines {
		r.LeftOut++
		return
	}
	*list = append(*list, l)
}

func (r *importReport) note(l importLine) {
	r.mu.Lock()
	r.Counts[l.Kind]++
	r.mu.Unlock()
	r.add(&r.Notes, l)
}

// pending is what the report needs to know of an item that is on its way into the desk.
type pending struct {
	file     string
	line     int
	headline string
	page     bool
	proposed bool
	private  bool
	missing  []importLine // pictures
	notes    []importLine
}

// done counts what became of an item.
func (r *importReport) done(p pending, i desk.Imported) {
	switch i.Outcome {
	case desk.OutcomeUnchanged:
		r.Unchanged++
		return
	case desk.OutcomeDiffers:
		r.Differ++
		return
	case desk.OutcomeRefused:
		r.add(&r.Skipped, importLine{p.file, p.line, "refused", fmt.Sprintf("%q is not imported: %v", p.headline, i.Err)})
		return
	case desk.OutcomeDraft:
		r.Drafts++
	case desk.OutcomePublished:
		if p.page {
			r.Pages++
		} else {
			r.Articles++
		}
	}
	r.Imported++
	if p.proposed {
		r.Proposed++
	}
	if p.private {
		r.Private++
	}
	for _, m := range p.missing {
		r.add(&r.Missing, m)
	}
	for _, n := range p.notes {
		r.note(n)
	}
	for _, n := range i.Notes {
		r.note(importLine{p.file, p.line, "desk", n})
	}
}

// print writes the report for a person.
func (r *importReport) print(out io.Writer) error {
	w := &lineWriter{out: out}
	w.line("%d imported: %d articles, %d pages, %d drafts (%d with an hour proposed, %d that were not public and never are).",
		r.Imported, r.Articles, r.Pages, r.Drafts, r.Proposed, r.Private)
	if r.Unchanged > 0 {
		w.line("%d were imported before and are as they were.", r.Unchanged)
	}
	if r.Differ > 0 {
		w.line("%d were imported before and are another now, in the source or by other flags; nothing was done to them.", r.Differ)
	}
	if r.Pictures > 0 {
		w.line("%d pictures taken in.", r.Pictures)
	}
	if len(r.Unasked) > 0 && r.Articles+r.Pages > 0 {
		w.line("What was published was not held to the newsroom's checks before publishing, which stop editors only: %s.", strings.Join(r.unasked(), ", "))
	}
	w.list("Skipped", r.Skipped)
	if len(r.NotImported) > 0 {
		w.line("Not imported, by kind:")
		for _, kind := range slices.Sorted(maps.Keys(r.NotImported)) {
			w.line("  %d %s", r.NotImported[kind], kind)
		}
	}
	w.list("Pictures that were not had; the text has their words and a link in their place", r.Missing)
	w.list("Changed or left out", r.Notes)
	if r.LeftOut > 0 {
		w.line("%d further lines are left out here; by kind there were %s.", r.LeftOut, counted(r.Counts))
	}
	return w.err
}

func (r *importReport) unasked() (names []string) {
	for _, n := range r.Unasked {
		names = append(names, string(n))
	}
	return names
}

// askedOfPeople notes which checks imported work is not held to.
func (r *importReport) askedOfPeople(ctx context.Context, d *desk.Desk) error {
	rules, err := d.CheckRules(ctx, local)
	r.Unasked = rules.Must()
	return err
}

func counted(m map[string]int) string {
	kinds := slices.SortedFunc(maps.Keys(m), func(a, b string) int { return cmp.Or(m[b]-m[a], cmp.Compare(a, b)) })
	var parts []string
	for _, k := range kinds {
		parts = append(parts, fmt.Sprintf("%d %s", m[k], k))
	}
	return strings.Join(parts, ", ")
}

// lineWriter writes lines until one fails.
type lineWriter struct {
	out io.Writer
	err error
}

func (w *lineWriter) line(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.out, format+"\n", args...)
	}
}

func (w *lineWriter) list(heading string, lines []importLine) {
	if len(lines) == 0 {
		return
	}
	w.line("%s:", heading)
	for _, l := range lines {
		place := l.File
		if l.Line > 0 {
			place = strings.TrimPrefix(place+fmt.Sprintf(", line %d", l.Line), ", ")
		}
		w.line("  %s: %s", place, l.Text)
	}
}
