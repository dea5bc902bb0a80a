package render

import (
	"time"

	"github.com/datelinehq/dateline"
)

// SincePage is what is new in a running story since a position in the record.
type SincePage struct {
	Frame    Frame // its address is the story's own, which is the canonical one
	ID       dateline.ID
	Edition  int
	Position int64 // the newest of the story's own entries that the page shows
	Language string
	Name     string
	Address  string
	At       time.Time // when the record took the entry since which this is
	Status   StoryStatus
	Was      *StoryStatus // where it stood then, where that is another
	New      []StoryLine
	Changed  []CorrectionRow
	Next     []StoryLine
}

// Since writes what is new in a running story since somebody last read. Search engines are asked to pass it over.
func (r *Renderer) Since(p *SincePage) []byte {
	s := r.sheet(&p.Frame)
	s.begin(head{title: p.Name, style: &r.story, noIndex: true, canonical: true})
	s.body(nil)
	s.works = true // it remembers how far somebody has read
	s.openStory(p.ID, p.Edition, p.Position)
	s.storyHead(p.Name, "", p.Language)
	s.lit("<div class=\"about\"><p>")
	at := s.local(p.At)
	s.around(s.c.SinceTitle, "{time}", func() { s.instant(at, "") })
	s.lit("</p>\n")
	s.hist(s.c.ReadWholeStory, p.Address)
	s.lit("</div>\n<div class=\"body\">\n")
	s.standing(&p.Status, p.Language)
	s.lit("<p class=\"when\">")
	if p.Was != nil {
		s.text(put(s.c.SinceStatusWas, "status", p.Was.Words))
	} else {
		s.text(put(s.c.SinceStatusSame, "status", p.Status.Words))
	}
	s.lit("</p>\n")
	s.sinceParts(p)
	s.lit("</div>\n</article>\n")
	return s.end()
}

func (s *sheet) sinceParts(p *SincePage) {
	if len(p.New) == 0 && len(p.Changed) == 0 && len(p.Next) == 0 {
		s.paragraph("", s.c.SinceNothing, "")
		return
	}
	heading := func(words string) {
		s.lit("<h2 class=\"entry-head\">")
		s.text(words)
		s.lit("</h2>\n")
	}
	if len(p.New) > 0 {
		heading(s.c.SinceNew)
		s.storyLines(p.New)
	}
	if len(p.Changed) > 0 {
		heading(s.c.SinceCorrected)
		s.lit("<ul class=\"entries\">\n")
		for i := range p.Changed {
			s.changedLine(&p.Changed[i])
		}
		s.lit("</ul>\n")
	}
	if len(p.Next) > 0 {
		heading(s.c.SinceNext)
		s.lit("<ul class=\"entries\">\n")
		for i := range p.Next {
			s.storyLine("expected", &p.Next[i])
		}
		s.lit("</ul>\n")
	}
}

// changedLine is an article that was changed, with the sentence of what.
func (s *sheet) changedLine(r *CorrectionRow) {
	s.lit("<li")
	s.mark(r.Card.ID, r.Card.Edition)
	s.lit("><p class=\"at\">")
	at := s.local(r.Correction.At)
	s.timeElement(at, "2006-01-02", s.c.Date(at))
	s.lit("</p><div><h3")
	s.langOf(r.Card.Language)
	s.lit(">")
	s.anchor(Link{Name: Name{Text: r.Card.Headline}, Address: r.Card.Address}, "")
	s.lit("</h3><p class=\"note")
	if !r.Correction.Change.Wrong() {
		s.lit(" quiet")
	}
	s.lit("\">")
	s.element("b", "", s.c.Changes[r.Correction.Change]+":")
	s.lit(" ")
	s.inLanguage(r.Correction.Note, r.Card.Language)
	s.lit("</p><p class=\"when\">")
	s.anchor(Link{Name: Name{Text: s.c.SeeTheChange}, Address: r.Correction.Address}, "")
	s.lit("</p></div></li>\n")
}
