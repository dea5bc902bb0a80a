package render

import (
	"strconv"
	"strings"
	"time"
)

// Date is "30 June 2026": every language of the catalogues puts the day first.
func (c *Catalogue) Date(t time.Time) string {
	y, m, d := t.Date()
	return strconv.Itoa(d) + " " + c.Months[m-1] + " " + strconv.Itoa(y)
}

// DayMonth is "30 June".
func (c *Catalogue) DayMonth(t time.Time) string {
	_, m, d := t.Date()
	return strconv.Itoa(d) + " " + c.Months[m-1]
}

// LongDate is "Tuesday 30 June 2026".
func (c *Catalogue) LongDate(t time.Time) string {
	return c.Weekdays[t.Weekday()] + c.AfterWeekday + c.Date(t)
}

// MonthYear is "June 2026".
func (c *Catalogue) MonthYear(year int, month time.Month) string {
	return c.Months[month-1] + " " + strconv.Itoa(year)
}

// DateTime is "30 June 2026, 14:05 IST".
func (c *Catalogue) DateTime(t time.Time) string {
	return c.Date(t) + c.Comma + Clock(t)
}

// Clock is "14:05 IST", with 24 hours, European digits and the zone.
func Clock(t time.Time) string { return t.Format("15:04") + " " + ZoneAbbreviation(t) }

// ZoneAbbreviation is the short name of a time's zone where it has one in letters, and otherwise its difference from
// UTC, such as UTC+5:45.
func ZoneAbbreviation(t time.Time) string {
	name, offset := t.Zone()
	if name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		return name
	}
	sign := "+"
	if offset < 0 {
		sign, offset = "−", -offset
	}
	s := "UTC" + sign + strconv.Itoa(offset/3600)
	if minutes := offset % 3600 / 60; minutes != 0 {
		s += ":" + strconv.Itoa(minutes/10) + strconv.Itoa(minutes%10)
	}
	return s
}

// daysBefore counts the local dates from t to today: 0 on the same one, 1 for yesterday, less than 0 after it.
func daysBefore(t, today time.Time) int {
	return int(date(today).Sub(date(t)) / (24 * time.Hour))
}

// date is midnight in UTC of a time's local date, for counting days.
func date(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// wholeYears counts the whole years between two local dates; 29 February has its birthday on 1 March.
func wholeYears(from, to time.Time) int {
	fy, fm, fd := from.Date()
	ty, tm, td := to.Date()
	years := ty - fy
	if tm < fm || tm == fm && td < fd {
		years--
	}
	return years
}

// nearDay is "Today", "Yesterday", "28 June" in this year, or the whole date.
func (c *Catalogue) nearDay(t, today time.Time) string {
	switch daysBefore(t, today) {
	case 0:
		return c.Today
	case 1:
		return c.Yesterday
	}
	return c.day(t, today)
}

// day is "28 June" in the year of today, and otherwise the whole date.
func (c *Catalogue) day(t, today time.Time) string {
	if t.Year() == today.Year() {
		return c.DayMonth(t)
	}
	return c.Date(t)
}

// parseDate reads a date as forms write it: 2026-06-30.
func parseDate(s string) (t time.Time, ok bool) {
	t, err := time.Parse("2006-01-02", s)
	return t, err == nil && t.Year() > 0
}
