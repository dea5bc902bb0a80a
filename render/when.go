package render

import (
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
)

// When words a date as exactly as it is known and no more: "4 July 2026", "Second week of July 2026", "Autumn 2026".
func (c *Catalogue) When(w dateline.When) string {
	p, err := w.Parts()
	if err != nil {
		return string(w)
	}
	year := strconv.Itoa(p.Year)
	switch p.Precision {
	case dateline.ByDay:
		return c.Date(time.Date(p.Year, p.Month, p.Day, 0, 0, 0, 0, time.UTC))
	case dateline.ByWeek:
		return put(c.WeekOf, "week", c.Weeks[p.Week-1], "month", c.Months[p.Month-1], "year", year)
	case dateline.ByMonth:
		return c.MonthYear(p.Year, p.Month)
	case dateline.BySeason:
		return put(c.SeasonOf, "season", c.Seasons[p.Season-1], "year", year)
	}
	return year
}

// ParseWhen reads a date as When words it, in any case and with or without a weekday before a day; also the one written
// form. False says that it is none.
func (c *Catalogue) ParseWhen(s string) (dateline.When, bool) {
	s = strings.TrimSpace(s)
	if w := dateline.When(s); s != "" {
		if _, err := w.Parts(); err == nil {
			return w, true
		}
	}
	year := yearIn(s)
	if year == 0 {
		return "", false
	}
	want := plainWhen(s)
	for _, p := range partsOf(year) {
		w := p.When()
		if plainWhen(c.When(w)) == want {
			return w, true
		}
		if p.Precision == dateline.ByDay && plainWhen(c.LongDate(time.Date(p.Year, p.Month, p.Day, 0, 0, 0, 0, time.UTC))) == want {
			return w, true
		}
	}
	return "", false
}

// plainWhen is a date in words without what people write differently: case, commas and doubled blanks.
func plainWhen(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer(",", " ", "،", " ").Replace(strings.ToLower(s))), " ")
}

// yearIn finds the one number of four digits in words; 0 where there is none.
func yearIn(s string) int {
	for _, field := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		if len(field) == 4 {
			n, err := strconv.Atoi(field)
			if err == nil && n > 0 {
				return n
			}
		}
	}
	return 0
}

// partsOf are all dates of a year, at every precision.
func partsOf(year int) []dateline.Parts {
	list := []dateline.Parts{{Precision: dateline.ByYear, Year: year}}
	for season := 1; season <= 4; season++ {
		list = append(list, dateline.Parts{Precision: dateline.BySeason, Year: year, Season: season})
	}
	for month := time.January; month <= time.December; month++ {
		list = append(list, dateline.Parts{Precision: dateline.ByMonth, Year: year, Month: month})
		for week := 1; week <= 5; week++ {
			list = append(list, dateline.Parts{Precision: dateline.ByWeek, Year: year, Month: month, Week: week})
		}
		for day := 1; day <= time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day(); day++ {
			list = append(list, dateline.Parts{Precision: dateline.ByDay, Year: year, Month: month, Day: day})
		}
	}
	return list
}

// WhenFinder finds dates in words of one language within some years.
type WhenFinder struct{ words map[string]dateline.When }

// longestWhen is how many words a date has at most.
const longestWhen = 6

// Finder makes a finder of the dates from one year to another, both included, that are known at least to the season: a year
// alone says too little.
func (c *Catalogue) Finder(from, to int) *WhenFinder {
	f := &WhenFinder{map[string]dateline.When{}}
	for year := from; year <= to; year++ {
		for _, p := range partsOf(year) {
			if p.Precision != dateline.ByYear {
				f.words[plainWhen(c.When(p.When()))] = p.When()
			}
		}
	}
	return f
}

// Find gives the most exact date that a text names, the first of several.
func (f *WhenFinder) Find(text string) (found dateline.When, ok bool) {
	words := strings.Fields(plainWhen(strings.NewReplacer(".", " ", "।", " ", ";", " ", ":", " ", "(", " ", ")", " ").Replace(text)))
	for n := min(longestWhen, len(words)); n >= 2; n-- {
		for i := 0; i+n <= len(words); i++ {
			if w, ok := f.words[strings.Join(words[i:i+n], " ")]; ok {
				return w, true
			}
		}
	}
	return "", false
}
