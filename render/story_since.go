package render

import (
	"crypto/sha256"
	"encoding/base64"
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
	s := r.sheet(&p.Frame, len(r.story.element)+roughly)
	s.begin(head{title: p.Name, style: &r.story, noIndex: true, canonical: true})
	s.body(nil)
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
	s.remember()
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

// reader keeps, in the reader's own browser, how far a story was read, and leads from there to what is new. Nothing of it
// is sent anywhere but as the position in an address.
const reader = `(function(){var a=document.querySelector("article[data-story]"),l=document.getElementById("since"),k,n,r;` +
	`try{k="dateline.story."+a.dataset.story;n=+a.dataset.position;r=+localStorage.getItem(k);` +
	`if(l&&r>0&&r<n){l.href=location.pathname+"?since="+r;l.textContent=l.dataset.read;l.parentNode.hidden=false}` +
	`if(!(r>n))localStorage.setItem(k,n)}catch(e){}})()`

// ScriptSource is the source expression that allows the script of a story's pages in a policy.
func (r *Renderer) ScriptSource() string { return sourceOf(reader) }

// sourceOf is the source expression of a script that stands in a page.
func sourceOf(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func (s *sheet) remember() { s.lit("<script>" + reader + "</script>\n") }
