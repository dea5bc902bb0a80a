package render

import (
	"fmt"
	"strconv"
	"time"
)

// Archive writes the way into the archive: the newest month's calendar and every year.
func (r *Renderer) Archive(p *ArchivePage) []byte {
	s := r.sheet(&p.Frame)
	s.begin(head{title: s.c.Archive, kind: "website", style: &r.whole})
	s.body(nil)
	s.pageTitle(Name{Text: s.c.Archive})
	if p.Since.IsZero() {
		s.paragraph("lede", s.c.NothingYet, "")
		return s.end()
	}
	s.paragraph("lede", put(s.c.Count(s.c.SinceArticles, p.Total), "date", s.c.Date(s.local(p.Since))), "")
	s.band(func() { s.lit("am") }, func() { s.yearLink(p.Year) })
	s.lit("<div>\n")
	s.calendar(p.Year, p.Month, p.Days, "")
	s.months(p.Year, p.Month, p.Months)
	s.lit("</div></section>\n")
	s.years(p.Year, p.Years)
	if !s.f.Still {
		s.band(func() { s.lit("asof") }, func() { s.text(s.c.Then.PaperAsItStood) })
		s.lit("<div>")
		s.thenForm("/", time.Time{})
		s.lit("</div></section>\n")
	}
	return s.end()
}

// Month writes a month's calendar.
func (r *Renderer) Month(p *MonthPage) []byte {
	s := r.sheet(&p.Frame)
	title := s.c.MonthYear(p.Year, p.Month)
	s.begin(head{title: title, kind: "website", style: &r.whole})
	s.body(nil)
	s.pageTitle(Name{Text: title})
	s.archiveWay(p.Year, 0)
	s.band(func() { s.lit("am") }, func() { s.text(s.c.Count(s.c.Articles, articles(p.Days))) })
	s.lit("<div>\n")
	s.calendar(p.Year, p.Month, p.Days, "vh") // the page's title says it
	s.months(p.Year, p.Month, p.Months)
	s.lit("</div></section>\n")
	s.years(p.Year, p.Years)
	return s.end()
}

// articles counts those of a month.
func articles(days []DayCount) (n int) {
	for _, d := range days {
		n += d.Count
	}
	return n
}

// Year writes a year's months.
func (r *Renderer) Year(p *YearPage) []byte {
	s := r.sheet(&p.Frame)
	s.begin(head{title: strconv.Itoa(p.Year), kind: "website", style: &r.whole})
	s.body(nil)
	s.pageTitle(Name{Text: strconv.Itoa(p.Year)})
	s.archiveWay(0, 0)
	s.band(func() { s.lit("am") }, func() { s.text(put(s.c.MonthsOf, "year", strconv.Itoa(p.Year))) })
	s.lit("<ul class=\"rows\">\n")
	for _, m := range p.Months {
		if m.Month < time.January || m.Month > time.December || m.Count == 0 {
			continue
		}
		s.lit("<li class=\"row\"><div><h3>")
		s.anchor(Link{Name: Name{Text: s.c.Months[m.Month-1]}, Address: monthAddress(p.Year, m.Month)}, "")
		s.lit("</h3>")
		s.element("p", "when", s.c.Count(s.c.Articles, m.Count))
		s.lit("</div></li>\n")
	}
	s.lit("</ul></section>\n")
	s.years(p.Year, p.Years)
	return s.end()
}

// archiveWay leads from a day to its month and year, and to the archive.
func (s *sheet) archiveWay(year int, month time.Month) {
	s.lit("<p class=\"lede\">")
	s.anchor(Link{Name: Name{Text: s.c.Archive}, Address: "/archive"}, "")
	if year > 0 {
		s.text(s.c.Comma)
		s.yearLink(year)
	}
	if month > 0 {
		s.text(s.c.Comma)
		s.anchor(Link{Name: Name{Text: s.c.Months[month-1]}, Address: monthAddress(year, month)}, "")
	}
	s.lit("</p>\n")
}

func (s *sheet) yearLink(year int) {
	s.anchor(Link{Name: Name{Text: strconv.Itoa(year)}, Address: yearAddress(year)}, "")
}

func yearAddress(year int) string { return fmt.Sprintf("/%04d/", year) }

func monthAddress(year int, month time.Month) string {
	return fmt.Sprintf("/%04d/%02d/", year, int(month))
}

// calendar is a month as a table, its weeks beginning on the language's first day. class is that of its caption.
func (s *sheet) calendar(year int, month time.Month, days []DayCount, class lit) {
	if month < time.January || month > time.December {
		return
	}
	s.lit("<table class=\"cal\">")
	s.element("caption", class, s.c.MonthYear(year, month))
	s.lit("<thead><tr>")
	for i := range 7 {
		d := (int(s.c.FirstDay) + i) % 7
		s.lit("<th scope=\"col\"><abbr")
		s.attr("title", s.c.Weekdays[d])
		s.lit(">")
		s.text(s.c.ShortWeekdays[d])
		s.lit("</abbr></th>")
	}
	s.lit("</tr></thead><tbody>\n")
	s.weeks(year, month, days)
	s.lit("</tbody></table>\n")
}

func (s *sheet) weeks(year int, month time.Month, days []DayCount) {
	first := time.Date(year, month, 1, 12, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	skip := (int(first.Weekday()) - int(s.c.FirstDay) + 7) % 7
	for start := 1 - skip; start <= last; start += 7 {
		s.lit("<tr>")
		for day := start; day < start+7; day++ {
			if day < 1 || day > last {
				s.lit("<td></td>")
				continue
			}
			s.dayCell(year, month, day, countOf(days, day))
		}
		s.lit("</tr>\n")
	}
}

func countOf(days []DayCount, day int) int {
	for _, d := range days {
		if d.Day == day {
			return d.Count
		}
	}
	return 0
}

func (s *sheet) dayCell(year int, month time.Month, day, count int) {
	s.lit("<td")
	if y, m, d := s.today.Date(); y == year && m == month && d == day {
		s.lit(" class=\"now-day\"")
	}
	s.lit(">")
	if count == 0 {
		s.number(day)
		s.lit("</td>")
		return
	}
	s.lit("<a")
	s.link("href", fmt.Sprintf("/%04d/%02d/%02d/", year, int(month), day))
	s.lit(">")
	s.number(day)
	s.lit("<small aria-hidden=\"true\">")
	s.text(Number(count))
	s.lit("</small><span class=\"vh\">")
	s.text(s.c.Comma + s.c.Count(s.c.Articles, count))
	s.lit("</span></a></td>")
}

// months leads to the other months of a year that have articles.
func (s *sheet) months(year int, current time.Month, list []MonthCount) {
	if len(list) == 0 {
		return
	}
	s.lit("<nav class=\"months\"")
	s.attr("aria-label", put(s.c.MonthsOf, "year", strconv.Itoa(year)))
	s.lit(">")
	for _, m := range list {
		switch {
		case m.Month < time.January || m.Month > time.December || m.Count == 0:
		case m.Month == current:
			s.lit("<b aria-current=\"page\">")
			s.text(s.c.Months[m.Month-1])
			s.lit("</b>")
		default:
			s.anchor(Link{Name: Name{Text: s.c.Months[m.Month-1]}, Address: monthAddress(year, m.Month)}, "")
		}
	}
	s.lit("</nav>")
}

// years leads to the other years that have articles.
func (s *sheet) years(current int, list []int) {
	others := 0
	for _, y := range list {
		if y != current {
			others++
		}
	}
	if others == 0 {
		return
	}
	s.band(func() { s.lit("ay") }, func() { s.text(s.c.OtherYears) })
	s.lit("<nav class=\"months\"")
	s.attr("aria-label", s.c.Years)
	s.lit(">")
	for _, y := range list {
		if y != current {
			s.yearLink(y)
		}
	}
	s.lit("</nav></section>\n")
}
