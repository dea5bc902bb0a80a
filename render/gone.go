package render

import (
	"github.com/datelinehq/dateline"
)

// Tombstone writes what stands where an article was withdrawn. It is set as an article, and never says the old headline.
func (r *Renderer) Tombstone(p *TombstonePage) []byte {
	s := r.sheet(&p.Frame)
	title := put(s.c.WithdrawnOn, "date", s.c.Date(s.local(p.At)))
	legal := p.Kind == dateline.WithdrawnLegal
	if legal {
		title = s.c.Unavailable
	}
	s.begin(head{title: title, style: &r.whole, noIndex: true})
	s.body(nil)
	s.lit("<article class=\"article\">\n<header class=\"head\">")
	s.lit("<p class=\"label\">")
	s.text(s.c.Withdrawn)
	s.lit("</p>\n<h1>")
	s.text(title)
	s.lit("</h1>\n")
	switch {
	case p.Notice != "":
		s.paragraph("stand", p.Notice, p.Language)
	case !legal:
		s.paragraph("stand", s.c.WithdrawnBy[p.Kind], "")
	}
	s.lit("</header>\n")
	s.goneTimes(p)
	s.lit("<div class=\"body\">\n")
	s.whatRemains(p)
	s.ifWrong()
	s.lit("</div>\n")
	s.related("nx", s.c.FromTheSameDay, p.SameDay)
	s.lit("</article>\n")
	return s.end()
}

// goneTimes are those of a tombstone. Where the tombstones know of a withdrawal that the shelf has not seen, neither is known.
func (s *sheet) goneTimes(p *TombstonePage) {
	if p.At.IsZero() {
		return
	}
	s.lit("<div class=\"about\"><dl class=\"times\">\n")
	s.term(s.c.Withdrawn, p.At)
	if !p.First.IsZero() && p.Kind != dateline.WithdrawnLegal {
		s.term(s.c.FirstPublished, p.First)
	}
	s.lit("</dl></div>\n")
}

// whatRemains says where the article had stood and what is kept of it.
func (s *sheet) whatRemains(p *TombstonePage) {
	if p.Kind == dateline.WithdrawnLegal {
		return
	}
	s.lit("<p>")
	if p.Section.Name.Text != "" {
		s.linked(put(s.c.ItAppearedIn, "section", p.Section.Name.Text), p.Section.Address)
		s.lit(" ")
	}
	if p.Editions > 0 {
		s.text(s.c.wordCount(s.c.ItHadEditions, p.Editions))
		s.lit(" ")
	}
	s.text(s.c.NotKept)
	s.lit("</p>\n<p>")
	s.linked(s.c.RecordRemains, s.r.record)
	if len(p.Entries) > 0 {
		s.lit(" ")
		s.text(put(s.c.RecordEntries, "entries", s.c.entryNumbers(p.Entries)))
	}
	s.lit("</p>\n")
}

func (s *sheet) ifWrong() {
	if s.f.Email == "" {
		return
	}
	s.lit("<p>")
	s.linked(s.c.IfWrong, "mailto:"+s.f.Email)
	s.lit("</p>\n")
}

// Erased writes what stands where the page of a person was who has been erased.
func (r *Renderer) Erased(p *ErasedPage) []byte {
	s := r.sheet(&p.Frame)
	return s.plain(s.c.PersonErased, s.c.PersonErasedWhy, 410)
}

// NotFound writes the answer for an address that nothing stands at.
func (r *Renderer) NotFound(p *NotFoundPage) []byte {
	s := r.sheet(&p.Frame)
	return s.plain(s.c.NotFound, s.c.NotFoundAdvice, 404)
}

// Error writes the answer for a page that could not be made. It says nothing of the cause.
func (r *Renderer) Error(p *ErrorPage) []byte {
	s := r.sheet(&p.Frame)
	return s.plain(s.c.Failed, s.c.FailedAdvice, p.Status)
}

// plain is a page of a heading and a sentence, with the search field where the address is at fault and the status where
// the paper is.
func (s *sheet) plain(title, words string, status int) []byte {
	s.begin(head{title: title, style: &s.r.whole, noIndex: true})
	s.body(nil)
	s.pageTitle(Name{Text: title})
	s.paragraph("lede", words, "")
	if status >= 500 {
		s.lit("<p class=\"legend indent\">HTTP ")
		s.number(status)
		s.lit("</p>\n")
	} else if !s.f.Still {
		s.lit("<form class=\"find indent\" action=\"/search\" role=\"search\">\n<div class=\"q\"><label for=\"q\">")
		s.text(s.c.SearchWords)
		s.lit("</label><input id=\"q\" name=\"q\" type=\"search\" autocomplete=\"off\"></div>\n<div class=\"go\"><button>")
		s.text(s.c.SearchButton)
		s.lit("</button></div>\n</form>\n")
	}
	return s.end()
}
