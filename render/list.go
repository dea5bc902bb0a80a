package render

import (
	"time"

	"github.com/datelinehq/dateline"
)

// List writes the page of a section, a topic or a person.
func (r *Renderer) List(p *ListPage) []byte {
	s := r.sheet(&p.Frame)
	h := head{title: p.Title.Text, description: p.Description.Text, kind: "website", style: &r.whole}
	if p.Kind == ListPerson {
		h.kind = "profile"
	}
	s.begin(h)
	s.body(nil)
	s.pageTitle(p.Title)
	s.lede(p.Description)
	s.front(&p.Front, nil)
	s.days(p.Rows)
	if len(p.Rows) == 0 && p.Lead == nil && len(p.Bands) == 0 {
		s.paragraph("lede", s.c.NothingYet, "")
	}
	s.pager(p.Newest, p.Older, s.earlier(p.Rows))
	return s.end()
}

// Day writes a day's archive.
func (r *Renderer) Day(p *DayPage) []byte {
	s := r.sheet(&p.Frame)
	day := s.local(p.Day)
	s.begin(head{title: s.c.LongDate(day), kind: "website", style: &r.whole})
	s.body(nil)
	s.pageTitle(Name{Text: s.c.LongDate(day)})
	s.archiveWay(day.Year(), day.Month())
	if len(p.Rows) == 0 {
		s.paragraph("lede", s.c.NoArticlesThatDay, "")
	} else {
		s.band(func() { s.lit("d0") }, func() { s.text(s.dayCount(p)) })
		s.lit("<div class=\"rows\">\n")
		for i := range p.Rows {
			c := &p.Rows[i]
			s.row(c, func() { s.label(c.Section, c.Label) }, func() { s.rowTime(c) })
		}
		s.lit("</div></section>\n")
	}
	s.pager(p.Newest, p.Older, s.c.EarlierOnes)
	s.dayPager(p)
	return s.end()
}

// dayCount stands in the margin of a day: how many articles it has, where they are all on this page.
func (s *sheet) dayCount(p *DayPage) string {
	if p.Newest != "" || p.Older != "" {
		return s.c.Archive
	}
	return s.c.Count(s.c.Articles, len(p.Rows))
}

// dayPager leads to the nearest days that have articles.
func (s *sheet) dayPager(p *DayPage) {
	if p.Before.IsZero() && p.After.IsZero() {
		return
	}
	s.lit("<nav class=\"pager indent gap\"")
	s.attr("aria-label", s.c.Days)
	s.lit(">")
	if p.Before.IsZero() {
		s.lit("<span></span>")
	} else {
		before := s.local(p.Before)
		s.lit(`<a rel="prev"`)
		s.link("href", s.way(dateline.DayAddress(before, before.Location())))
		s.lit(">")
		s.text(s.c.LongDate(before))
		s.lit("</a>")
	}
	if !p.After.IsZero() {
		after := s.local(p.After)
		s.lit(`<a rel="next"`)
		s.link("href", s.way(dateline.DayAddress(after, after.Location())))
		s.lit(">")
		s.text(s.c.LongDate(after))
		s.lit("</a>")
	}
	s.lit("</nav>\n")
}

func (s *sheet) pageTitle(n Name) {
	s.lit("<h1 class=\"title\"")
	s.nameLang(n)
	s.lit(">")
	s.text(n.Text)
	s.lit("</h1>\n")
}

func (s *sheet) lede(n Name) { s.paragraph("lede", n.Text, n.Language) }

// earlier words the link to older rows by the day of the last one shown.
func (s *sheet) earlier(rows []Card) string {
	if len(rows) == 0 {
		return s.c.EarlierOnes
	}
	return put(s.c.EarlierThan, "date", s.c.Date(s.local(rows[len(rows)-1].First)))
}

// Corrections writes the list of what the paper got wrong.
func (r *Renderer) Corrections(p *CorrectionsPage) []byte {
	s := r.sheet(&p.Frame)
	s.begin(head{title: s.c.Corrections, description: s.c.CorrectionsAre, kind: "website", style: &r.whole})
	s.body(nil)
	s.pageTitle(Name{Text: s.c.Corrections})
	if len(p.Rows) == 0 {
		s.paragraph("lede", s.c.NoCorrections, "")
	} else {
		s.paragraph("lede", s.c.CorrectionsAre, "")
	}
	s.correctionMonths(p.Rows)
	s.pager(p.Newest, p.Older, s.c.EarlierOnes)
	return s.end()
}

func (s *sheet) correctionMonths(rows []CorrectionRow) {
	for i := range rows {
		at := s.local(rows[i].Correction.At)
		if i == 0 || !sameMonth(at, s.local(rows[i-1].Correction.At)) {
			if i > 0 {
				s.lit("</div></section>\n")
			}
			s.band(func() { s.lit("d"); s.number(i) }, func() { s.text(s.c.MonthYear(at.Year(), at.Month())) })
			s.lit("<div class=\"rows\">\n")
		}
		s.correctionRow(&rows[i])
	}
	if len(rows) > 0 {
		s.lit("</div></section>\n")
	}
}

func sameMonth(a, b time.Time) bool { return a.Year() == b.Year() && a.Month() == b.Month() }

func (s *sheet) correctionRow(r *CorrectionRow) {
	c := &r.Card
	s.openCard("row", c)
	s.lit("<div>")
	s.cardHeadline("h3", c)
	s.lit("<p class=\"note\">")
	s.element("b", "red", s.c.Changes[r.Correction.Change]+":")
	s.lit(" ")
	s.inLanguage(r.Correction.Note, c.Language)
	s.lit("</p><p class=\"when\">")
	at := s.local(r.Correction.At)
	s.instant(at, "")
	if r.Correction.Address != "" {
		s.lit(" ")
		s.anchor(Link{Name: Name{Text: s.c.SeeTheChange}, Address: r.Correction.Address}, "")
	}
	s.lit("</p></div></article>\n")
}
