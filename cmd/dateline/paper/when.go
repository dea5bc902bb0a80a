package paper

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// when is an instant relative to the first start of the demo or to the edition before. Exactly one of its three
// forms is used: a length of time, a local hour some days away, or a length after what came before.
type when struct {
	span  time.Duration // "3h10m": as long before (or, to come, after) the start
	after time.Duration // "+8m": as long after the edition before
	local bool          // "2y3d 12:08": that many years and days away, at a local hour
	years int
	days  int
	hour  int
	min   int
}

// parseWhen reads one of the three forms.
func parseWhen(s string) (when, error) {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "+"); ok {
		d, err := parseSpan(rest)
		return when{after: d}, err
	}
	ago, clock, ok := strings.Cut(s, " ")
	if !ok {
		d, err := parseSpan(s)
		return when{span: d}, err
	}
	w := when{local: true}
	if err := w.parseAgo(ago); err != nil {
		return when{}, err
	}
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return when{}, fmt.Errorf("%q is no hour; write it like 06:30", clock)
	}
	w.hour, w.min = t.Hour(), t.Minute()
	return w, nil
}

func parseSpan(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 || d%time.Minute != 0 {
		return 0, fmt.Errorf("%q is no length of whole minutes; write it like 12m or 3h10m", s)
	}
	return d, nil
}

func (w *when) parseAgo(s string) error {
	rest := s
	if y, after, ok := strings.Cut(rest, "y"); ok {
		n, err := strconv.Atoi(y)
		if err != nil || n < 1 {
			return fmt.Errorf("%q is no number of years and days; write it like 4y3d", s)
		}
		w.years, rest = n, after
	}
	if rest == "" && w.years > 0 {
		return nil
	}
	d, ok := strings.CutSuffix(rest, "d")
	n, err := strconv.Atoi(d)
	if !ok || err != nil || n < 0 || n == 0 && w.years == 0 {
		return fmt.Errorf("%q is no number of years and days; write it like 4y3d", s)
	}
	w.days = n
	return nil
}

// past gives the instant before the start; previous is the edition before, for the form "+8m". Seconds are cut off.
func (w when) past(start, previous time.Time, zone *time.Location) time.Time {
	start = start.In(zone)
	switch {
	case w.after > 0:
		return previous.Add(w.after)
	case w.local:
		return w.clock(addDays(addMonths(start, -12*w.years), -w.days), zone)
	}
	return wholeMinute(start.Add(-w.span))
}

// future gives the instant after the start, rounded up to a whole minute.
func (w when) future(start time.Time, zone *time.Location) time.Time {
	start = start.In(zone)
	switch {
	case w.local:
		return w.clock(addDays(addMonths(start, 12*w.years), w.days), zone)
	case w.after > 0:
		return wholeMinute(start.Add(w.after + time.Minute - 1))
	}
	return wholeMinute(start.Add(w.span + time.Minute - 1))
}

func (w when) clock(day time.Time, zone *time.Location) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, w.hour, w.min, 0, 0, zone)
}

// wholeMinute cuts the seconds of the local time off; no zone of today has an offset of a broken minute.
func wholeMinute(t time.Time) time.Time {
	return t.Truncate(time.Minute)
}

// addDays moves a local date, whatever the length of the days between.
func addDays(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) }

// addMonths moves a local date by months; where the month is too short, to its last day.
func addMonths(t time.Time, n int) time.Time {
	y, m, d := t.Date()
	first := time.Date(y, m+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(d, last)-1)
}
