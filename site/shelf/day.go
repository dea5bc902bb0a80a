package shelf

import (
	"fmt"
	"time"
)

// Day is a date without an hour or a zone. The zero value is no day.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// DayOf is the date of an instant in a zone.
func DayOf(t time.Time, zone *time.Location) Day {
	y, m, d := t.In(zone).Date()
	return Day{y, m, d}
}

// IsZero says that it is no day.
func (d Day) IsZero() bool { return d == Day{} }

// String writes the day as 2006-01-02.
func (d Day) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// Start is the first instant of the day in a zone.
func (d Day) Start(zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
}

// Next is the day after.
func (d Day) Next() Day {
	y, m, n := time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, time.UTC).Date()
	return Day{y, m, n}
}

// MonthStart is the first day of its month.
func (d Day) MonthStart() Day { return Day{d.Year, d.Month, 1} }

// NextMonth is the first day of the month after.
func (d Day) NextMonth() Day {
	y, m, n := time.Date(d.Year, d.Month+1, 1, 0, 0, 0, 0, time.UTC).Date()
	return Day{y, m, n}
}

// number orders days: 20060102.
func (d Day) number() int64 { return int64(d.Year)*10000 + int64(d.Month)*100 + int64(d.Day) }

func dayOfNumber(n int64) Day {
	return Day{int(n / 10000), time.Month(n / 100 % 100), int(n % 100)}
}
