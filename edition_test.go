package dateline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
)

func at(minute int) time.Time { return time.Date(2026, 3, 29, 12, minute, 0, 0, time.UTC) }

func TestTimes(t *testing.T) {
	var none time.Time
	tests := []struct {
		name                string
		change              dateline.Change
		at, first, updated  time.Time
		wantFirst, wantUpda time.Time
	}{
		{"the first edition sets both", dateline.ChangeFirst, at(8), none, none, at(8), at(8)},
		{"a minor one moves neither", dateline.ChangeMinor, at(16), at(8), at(8), at(8), at(8)},
		{"a minor one after an update keeps it", dateline.ChangeMinor, at(30), at(8), at(16), at(8), at(16)},
		{"an update moves updated", dateline.ChangeUpdate, at(16), at(8), at(8), at(8), at(16)},
		{"a correction moves updated", dateline.ChangeCorrection, at(16), at(8), at(8), at(8), at(16)},
		{"a clarification moves updated", dateline.ChangeClarification, at(16), at(8), at(8), at(8), at(16)},
		{"a retraction moves updated", dateline.ChangeRetraction, at(16), at(8), at(8), at(8), at(16)},
		{"nothing is updated before it was published", dateline.ChangeUpdate, at(2), at(8), at(8), at(8), at(8)},
		{"nor before it was updated last", dateline.ChangeUpdate, at(12), at(8), at(16), at(8), at(16)},
		{"a wrong updated is raised to the first", dateline.ChangeMinor, at(30), at(8), at(1), at(8), at(8)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			first, updated := dateline.Times(tt.change, tt.at, tt.first, tt.updated)
			if !first.Equal(tt.wantFirst) || !updated.Equal(tt.wantUpda) {
				t.Errorf("got %v, %v; want %v, %v", first, updated, tt.wantFirst, tt.wantUpda)
			}
		})
	}
}

func TestCheckChange(t *testing.T) {
	tests := []struct {
		number int
		change dateline.Change
		note   string
		field  string // the one refused; "" where it is allowed
	}{
		{1, "first", "", ""},
		{1, "imported", "", ""},
		{1, "first", "  ", ""},
		{1, "first", "A note.", "note"},
		{1, "update", "A note.", "change"},
		{1, "minor", "", "change"},
		{1, "", "", "change"},
		{2, "minor", "", ""},
		{2, "minor", "A note.", "note"},
		{2, "update", "The talks are off.", ""},
		{2, "update", "", "note"},
		{2, "correction", "The name was wrong.", ""},
		{2, "correction", " \t ", "note"},
		{2, "clarification", "It was Tuesday.", ""},
		{2, "retraction", "It did not happen.", ""},
		{2, "first", "", "change"},
		{2, "imported", "", "change"},
		{2, "rewrite", "", "change"},
		{3, "update", strings.Repeat("ä", 300), ""},
		{3, "update", strings.Repeat("ä", 301), "note"},
		{3, "update", "two\nlines", "note"},
		{3, "update", "turned \u202eround", "note"},
	}
	for _, tt := range tests {
		err := dateline.CheckChange(tt.number, tt.change, tt.note)
		if tt.field == "" {
			if err != nil {
				t.Errorf("edition %d, %s, %.20q: %v", tt.number, tt.change, tt.note, err)
			}
			continue
		}
		if got := fieldsOf(t, err); !strings.Contains(got, tt.field) {
			t.Errorf("edition %d, %s, %.20q: refused fields %q, want %q", tt.number, tt.change, tt.note, got, tt.field)
		}
	}
}

// fieldsOf joins the paths that an EInvalid error names.
func fieldsOf(t *testing.T, err error) string {
	t.Helper()
	e, ok := err.(*dateline.Error)
	if !ok || e.Code != dateline.EInvalid {
		t.Fatalf("want an error of code invalid, got %v", err)
	}
	var paths []string
	for _, f := range e.Fields {
		paths = append(paths, f.Path)
	}
	return strings.Join(paths, " ")
}
