package render

import (
	"time"

	"github.com/datelinehq/dateline"
)

// jsonLD describes an article in schema.org's words (NewsArticle, CorrectionComment) for machines that read pages.
func (s *sheet) jsonLD(p *ArticlePage) { s.jsonArticle(p, schemaType(p.Label), nil) }

// jsonArticle describes an article as of a type, with more behind what every article has.
func (s *sheet) jsonArticle(p *ArticlePage, kind lit, more func()) {
	s.lit(`<script type="application/ld+json">{"@context":"https://schema.org","@type":"`)
	s.lit(kind)
	s.lit(`","@id":`)
	s.json("urn:uuid:" + string(p.ID))
	s.pair("headline", p.Headline)
	s.pair("description", p.Standfirst)
	s.pair("inLanguage", p.Language)
	s.pair("articleSection", p.Section.Name.Text)
	if p.Frame.Address != "" {
		s.lit(`,"mainEntityOfPage":`)
		s.jsonURL(p.Frame.Site, p.Frame.Address)
	}
	s.jsonTime("datePublished", p.First)
	modified := p.First
	if updated(p.First, p.Updated) {
		modified = p.Updated
	}
	s.jsonTime("dateModified", modified)
	if p.Words > 0 {
		s.lit(`,"wordCount":`)
		s.number(p.Words)
	}
	s.jsonAuthors(p)
	s.lit(`,"publisher":{"@type":"NewsMediaOrganization","name":`)
	s.json(p.Frame.Paper)
	s.lit(`,"url":`)
	s.jsonURL(p.Frame.Site, "/")
	s.lit(`}`)
	s.jsonPicture(p)
	s.jsonCorrections(p)
	s.jsonStories(p)
	if more != nil {
		more()
	}
	s.lit("}</script>\n")
}

// schemaType is the class of schema.org for a label.
func schemaType(l dateline.Label) lit {
	switch l {
	case dateline.LabelAnalysis:
		return "AnalysisNewsArticle"
	case dateline.LabelOpinion:
		return "OpinionNewsArticle"
	case dateline.LabelReview:
		return "ReviewNewsArticle"
	case dateline.LabelExplainer:
		return "BackgroundNewsArticle"
	case dateline.LabelPaid:
		return "AdvertiserContentArticle"
	}
	return "NewsArticle"
}

func (s *sheet) pair(name lit, value string) {
	if value == "" {
		return
	}
	s.lit(`,"`)
	s.lit(name)
	s.lit(`":`)
	s.json(value)
}

func (s *sheet) jsonTime(name lit, t time.Time) {
	s.lit(`,"`)
	s.lit(name)
	s.lit(`":"`)
	s.b = s.local(t).AppendFormat(s.b, time.RFC3339)
	s.lit(`"`)
}

func (s *sheet) jsonAuthors(p *ArticlePage) {
	first := true
	for _, b := range p.Byline {
		if b.Removed || b.Name.Text == "" {
			continue
		}
		if first {
			s.lit(`,"author":[`)
			first = false
		} else {
			s.lit(",")
		}
		if b.Agency {
			s.lit(`{"@type":"Organization","name":`)
		} else {
			s.lit(`{"@type":"Person","name":`)
		}
		s.json(b.Name.Text)
		if b.Address != "" {
			s.lit(`,"url":`)
			s.jsonURL(p.Frame.Site, b.Address)
		}
		s.lit("}")
	}
	if !first {
		s.lit("]")
	}
}

func (s *sheet) jsonPicture(p *ArticlePage) {
	if p.Lead == nil {
		return
	}
	address := p.Lead.Address
	if n := len(p.Lead.Sources); n > 0 {
		address = p.Lead.Sources[n-1].Address
	}
	s.lit(`,"image":[`)
	s.jsonURL(p.Frame.Site, address)
	for _, shape := range p.Lead.Shapes {
		if shape != address {
			s.lit(",")
			s.jsonURL(p.Frame.Site, shape)
		}
	}
	s.lit("]")
}

// social is the address of a picture that goes with a link elsewhere.
func (p *Picture) social() string {
	if p.Social != "" {
		return p.Social
	}
	return p.Address
}

func (s *sheet) jsonCorrections(p *ArticlePage) {
	if len(p.Corrections) == 0 {
		return
	}
	s.lit(`,"correction":[`)
	for i, c := range p.Corrections {
		if i > 0 {
			s.lit(",")
		}
		s.lit(`{"@type":"CorrectionComment","text":`)
		s.json(c.Note)
		s.jsonTime("datePublished", c.At)
		s.lit("}")
	}
	s.lit("]")
}
