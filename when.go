package dateline

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Precision says how exactly a date is known.
type Precision int

// The precisions, the coarsest first.
const (
	ByYear Precision = iota + 1
	BySeason
	ByMonth
	ByWeek
	ByDay
)

// When is a date as exactly as it is known, in one written form: a year 2026; a season 2026-21 to 2026-24, which are
// spring, summer, autumn and winter (ISO 8601-2, EDTF level 1); a month 2026-07; a week of a month 2026-07-W1 to W4, and
// W5 for its last seven days; a day 2026-07-04. It never says more than is known.
type When string

// Parts are what a When is made of; fields that its precision does not have are 0.
type Parts struct {
	Precision Precision
	Year      int
	Season    int // 1 to 4: spring, summer, autumn, winter
	Month     time.Month
	Week      int // 1 to 4; 5 for the last seven days of the month
	Day       int
}

// When writes parts in the one form.
func (p Parts) When() When {
	switch p.Precision {
	case BySeason:
		return When(fmt.Sprintf("%04d-%02d", p.Year, 20+p.Season))
	case ByMonth:
		return When(fmt.Sprintf("%04d-%02d", p.Year, int(p.Month)))
	case ByWeek:
		return When(fmt.Sprintf("%04d-%02d-W%d", p.Year, int(p.Month), p.Week))
	case ByDay:
		return When(fmt.Sprintf("%04d-%02d-%02d", p.Year, int(p.Month), p.Day))
	}
	return When(fmt.Sprintf("%04d", p.Year))
}

// Parts reads a When; EInvalid where it is not in the one form or names a day that there is not.
func (w When) Parts() (p Parts, err error) {
	bad := Errorf(EInvalid, "%.40q is no date: write 2026, 2026-21 to 2026-24 for a season from spring to winter, 2026-07, 2026-07-W2 for a week of a month, or 2026-07-04", string(w))
	fields := strings.Split(string(w), "-")
	if p.Year = digitsOf(fields[0], 4); p.Year < 1 || len(fields) > 3 {
		return Parts{}, bad
	}
	p.Precision = ByYear
	if len(fields) > 1 {
		n := digitsOf(fields[1], 2)
		switch {
		case n >= 1 && n <= 12:
			p.Precision, p.Month = ByMonth, time.Month(n)
		case n >= 21 && n <= 24 && len(fields) == 2:
			p.Precision, p.Season = BySeason, n-20
		default:
			return Parts{}, bad
		}
	}
	if len(fields) == 3 {
		if week, ok := strings.CutPrefix(fields[2], "W"); ok {
			p.Precision, p.Week = ByWeek, digitsOf(week, 1)
			if p.Week < 1 || p.Week > 5 {
				return Parts{}, bad
			}
		} else {
			p.Precision, p.Day = ByDay, digitsOf(fields[2], 2)
			if p.Day < 1 || p.Day > lastDay(p.Year, p.Month) {
				return Parts{}, bad
			}
		}
	}
	return p, nil
}

func digitsOf(s string, length int) int {
	n, err := strconv.Atoi(s)
	if err != nil || len(s) != length || s[0] == '+' || s[0] == '-' {
		return -1
	}
	return n
}

func lastDay(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Span gives the first and the last local date that are meant, as midnights in UTC. South of the equator seasons are half a
// year later. A When that cannot be read spans nothing: both are zero.
func (w When) Span(south bool) (first, last time.Time) {
	p, err := w.Parts()
	if err != nil {
		return first, last
	}
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	switch p.Precision {
	case ByDay:
		return day(p.Year, p.Month, p.Day), day(p.Year, p.Month, p.Day)
	case ByWeek:
		if p.Week == 5 {
			last = day(p.Year, p.Month+1, 0)
			return last.AddDate(0, 0, -6), last
		}
		return day(p.Year, p.Month, 7*p.Week-6), day(p.Year, p.Month, 7*p.Week)
	case ByMonth:
		return day(p.Year, p.Month, 1), day(p.Year, p.Month+1, 0)
	case BySeason:
		month := time.Month(3 * p.Season)
		if south {
			month = time.Month((3*p.Season+5)%12 + 1)
		}
		return day(p.Year, month, 1), day(p.Year, month+3, 0)
	}
	return day(p.Year, 1, 1), day(p.Year, 12, 31)
}
