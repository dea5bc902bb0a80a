package site

import (
	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// article makes the page of an article, in the article's language where there is a catalogue for it.
func (v *view) article(a *shelf.Article) (*press.Page, error) {
	if a.Kind == dateline.KindLive {
		page, err := v.live(a, 0)
		if err != nil {
			return nil, err
		}
		page.Article = string(a.ID)
		return page, nil
	}
	p, err := v.articlePage(a)
	if err != nil {
		return nil, err
	}
	if p.MostRead, err = v.mostRead(a.ID); err != nil {
		return nil, err
	}
	page := v.html(200, v.s.conf.Renderer.Article(p))
	page.Article, page.Visit = string(a.ID), press.VisitRead
	page.Policy = v.framed(a.Fragment)
	return page, nil
}

// framed is a page's policy with what a body's embeds need.
func (v *view) framed(body []byte) string {
	origins := render.FramedOrigins(body)
	if origins == nil {
		return v.policy(allowance{})
	}
	return v.policy(allowance{script: true, frames: origins})
}

// articlePage is what the page of an article shows.
func (v *view) articlePage(a *shelf.Article) (*render.ArticlePage, error) {
	v.lang = render.FrameLanguage(a.Language, v.paper.pub.Language)
	v.on(shelf.KeyArticle(a.ID), shelf.KeyCard(a.ID))
	p := &render.ArticlePage{ID: a.ID, Edition: a.Edition, Language: a.Language, Label: a.Label, Headline: a.Headline, Standfirst: a.Standfirst,
		Dateline: dateline.Dateline{Place: a.Place, Agency: a.Agency}, First: a.First, Updated: a.Updated, Change: a.Change, Note: a.Note,
		Body: a.Fragment, Words: a.Words, SearchTitle: a.SearchTitle, SocialTitle: a.SocialTitle}
	p.Frame = v.frame(a.Address, a.Section)
	for _, step := range []func(*shelf.Article, *render.ArticlePage) error{v.fillNames, v.fillPictures, v.fillHistory, v.fillOthers, v.fillStories, v.fillOrigin} {
		if err := step(a, p); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (v *view) fillNames(a *shelf.Article, p *render.ArticlePage) (err error) {
	if p.Section, err = v.sectionLink(a.Section); err != nil {
		return err
	}
	if p.Byline, err = v.credits(a.Byline); err != nil {
		return err
	}
	if p.Topics, err = v.topics(a.Topics); err != nil {
		return err
	}
	p.People, err = v.people(a.Speakers)
	return err
}

// people are the persons whom a body refers to; those who were erased are left out.
func (v *view) people(ids []dateline.ID) ([]render.Person, error) {
	var out []render.Person
	for _, id := range ids {
		p, err := v.person(id)
		if missing(err) || err == nil && p.Erased {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, render.Person{ID: id, Name: v.name(p.Names, v.lang), Address: v.way(personAddress(p.Slug))})
	}
	return out, nil
}

func (v *view) fillPictures(a *shelf.Article, p *render.ArticlePage) (err error) {
	p.Lead, p.Pictures, err = v.pictures(a)
	return err
}

// pictures are an article's lead and all that its body may show.
func (v *view) pictures(a *shelf.Article) (lead *render.Picture, all []render.Picture, err error) {
	if a.Lead != nil {
		if lead, err = v.lead(a.Lead, dateline.PlaceLead); err != nil {
			return nil, nil, err
		}
	}
	for _, id := range a.Pictures {
		p, err := v.picture(id, whole)
		if err != nil {
			return nil, nil, err
		}
		if p != nil {
			all = append(all, *p)
		}
	}
	return lead, all, nil
}

func (v *view) fillHistory(a *shelf.Article, p *render.ArticlePage) error {
	if a.Edition < 2 {
		return nil
	}
	p.History = below(a.Address, "/history")
	editions, err := v.tx.Editions(a.ID)
	if err != nil {
		return err
	}
	for _, e := range editions {
		if !e.Change.Wrong() || e.Note == "" {
			continue
		}
		c := render.Correction{Change: e.Change, At: e.Public, Note: e.Note}
		if !e.Redacted {
			c.Address = editionAddress(a.Address, e.Number)
			c.Paragraph = paragraphAddress(a, &e)
		}
		p.Corrections = append(p.Corrections, c)
	}
	return nil
}

// paragraphAddress is where the paragraph stands that an edition corrects: on the page itself while that is the edition readers
// have, in the difference that it made afterwards.
func paragraphAddress(a *shelf.Article, e *shelf.Edition) string {
	switch {
	case e.Corrects == 0:
		return ""
	case e.Number == a.Edition:
		return "#" + render.CorrectedID
	}
	return editionAddress(a.Address, e.Number) + "#" + render.CorrectedID
}

func (v *view) fillOthers(a *shelf.Article, p *render.ArticlePage) (err error) {
	related, err := v.related(a)
	if err != nil {
		return err
	}
	if p.Related, err = v.cards(related, false); err != nil {
		return err
	}
	p.Translations, err = v.translations(a)
	return err
}

func (v *view) translations(a *shelf.Article) ([]render.Translation, error) {
	for _, id := range a.Translations {
		v.on(shelf.KeyCard(id))
	}
	if len(a.Translations) == 0 {
		return nil, nil
	}
	cards, err := v.tx.Cards(a.Translations)
	if err != nil {
		return nil, err
	}
	var out []render.Translation
	for _, c := range cards {
		out = append(out, render.Translation{Language: c.Language, Address: v.way(c.Address), Headline: c.Headline})
	}
	return out, nil
}

// pageOf makes the page of an article without section and date.
func (v *view) pageOf(a *shelf.Article) (*press.Page, error) {
	v.lang = render.FrameLanguage(a.Language, v.paper.pub.Language)
	v.on(shelf.KeyArticle(a.ID), shelf.KeyCard(a.ID))
	p := &render.PagePage{Frame: v.frame(a.Address, ""), ID: a.ID, Edition: a.Edition, Language: a.Language, Headline: a.Headline,
		Standfirst: a.Standfirst, Updated: a.Updated, Body: a.Fragment, SearchTitle: a.SearchTitle, SocialTitle: a.SocialTitle}
	if a.Edition > 1 {
		p.History = below(a.Address, "/history")
	}
	var err error
	if p.People, err = v.people(a.Speakers); err != nil {
		return nil, err
	}
	if p.Lead, p.Pictures, err = v.pictures(a); err != nil {
		return nil, err
	}
	if p.Translations, err = v.translations(a); err != nil {
		return nil, err
	}
	page := v.html(200, v.s.conf.Renderer.Page(p))
	page.Policy = v.framed(a.Fragment)
	return page, nil
}

// sameDay is how many articles of the same day a tombstone offers.
const sameDay = 3

// tombstone makes what stands where an article was taken down. One that was merged leads on.
func (v *view) tombstone(t *shelf.Tombstone) (*press.Page, error) {
	v.on(shelf.KeyArticle(t.ID))
	for _, id := range t.Through {
		v.on(shelf.KeyCard(id))
	}
	if t.Kind == dateline.WithdrawnMerged && t.Into != "" {
		v.on(shelf.KeyCard(t.Into))
		into, err := v.tx.Card(t.Into)
		if err == nil {
			return v.moved(into.Address), nil
		}
		if !missing(err) {
			return nil, err
		}
	}
	v.lang = render.FrameLanguage(t.Language, v.paper.pub.Language)
	p := &render.TombstonePage{Kind: t.Kind, At: t.At, Notice: t.Notice, Language: t.Language}
	if t.Kind != dateline.WithdrawnLegal {
		if err := v.fillTombstone(t, p); err != nil {
			return nil, err
		}
	}
	p.Frame = v.frame("", "")
	return v.html(410, v.s.conf.Renderer.Tombstone(p)), nil
}

func (v *view) fillTombstone(t *shelf.Tombstone, p *render.TombstonePage) (err error) {
	p.First, p.Editions = t.First, len(t.Editions)
	for _, e := range t.Editions {
		p.Entries = append(p.Entries, e.Sequence)
	}
	p.Entries = append(p.Entries, t.Sequence)
	if p.Section, err = v.sectionLink(t.Section); err != nil || t.Section == "" {
		return err
	}
	day := shelf.DayOf(t.First, v.paper.pub.Zone)
	v.on(shelf.KeyDay(day))
	rows, _, err := v.rows(shelf.Position{}, sameDay, shelf.OnDay(day))
	if err != nil {
		return err
	}
	p.SameDay, err = v.cards(rows, false)
	return err
}
