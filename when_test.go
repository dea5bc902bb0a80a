package dateline_test

import (
	"testing"

	"github.com/datelinehq/dateline"
)

func TestDatesAreAsExactAsTheyAreKnown(t *testing.T) {
	for _, c := range []struct {
		when               dateline.When
		first, last, south string
	}{
		{"2026", "2026-01-01", "2026-12-31", "2026-01-01"},
		{"2026-21", "2026-03-01", "2026-05-31", "2026-09-01"},
		{"2026-22", "2026-06-01", "2026-08-31", "2026-12-01"},
		{"2026-23", "2026-09-01", "2026-11-30", "2026-03-01"},
		{"2026-24", "2026-12-01", "2027-02-28", "2026-06-01"},
		{"2027-24", "2027-12-01", "2028-02-29", "2027-06-01"},
		{"2026-07", "2026-07-01", "2026-07-31", "2026-07-01"},
		{"2026-07-W1", "2026-07-01", "2026-07-07", "2026-07-01"},
		{"2026-07-W2", "2026-07-08", "2026-07-14", "2026-07-08"},
		{"2028-02-W5", "2028-02-23", "2028-02-29", "2028-02-23"},
		{"2026-07-04", "2026-07-04", "2026-07-04", "2026-07-04"},
	} {
		first, last := c.when.Span(false)
		if first.Format("2006-01-02") != c.first || last.Format("2006-01-02") != c.last {
			t.Errorf("%s is from %s to %s, want %s to %s", c.when, first, last, c.first, c.last)
		}
		if first, _ := c.when.Span(true); first.Format("2006-01-02") != c.south {
			t.Errorf("%s begins in the south on %s, want %s", c.when, first, c.south)
		}
		p, err := c.when.Parts()
		if err != nil || p.When() != c.when {
			t.Errorf("%s comes back as %s: %v", c.when, p.When(), err)
		}
	}
	for _, bad := range []dateline.When{"", "soon", "26", "2026-7", "2026-13", "2026-20", "2026-25", "2026-02-30", "2026-07-W6", "2026-07-W0", "2026-22-01", "2026-07-04-05", "-026", "2026-07-4", "0000"} {
		if _, err := bad.Parts(); dateline.ErrorCode(err) != dateline.EInvalid {
			t.Errorf("%q was read: %v", bad, err)
		}
	}
}

func TestEveryStateHasItsCodes(t *testing.T) {
	for _, s := range dateline.StoryStates {
		if s.IPTC() == "" || s.Schema() == "" {
			t.Errorf("%s has no code", s)
		}
	}
}
