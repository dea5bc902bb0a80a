package site

import (
	"context"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// arrangement is how an editor arranged a front; shelf.ErrNotFound where nobody has, which the page depends on as well.
func (v *view) arrangement(id dateline.ID) (*record.Front, error) {
	v.on(shelf.KeyFront(id))
	return v.tx.Arranged(id)
}

// arranged is a front with its cards, and which articles stand on it.
type arranged struct {
	render.Front
	stands map[dateline.ID]bool
}

// arranged makes what an editor arranged. The page depends on every article that is pinned, so that one that was withdrawn
// comes back when it is restored, and on every list that a rule looks at.
func (v *view) arranged(f *record.Front) (*arranged, error) {
	content := dateline.FrontContent{Containers: f.Containers}
	for _, id := range content.Pinned() {
		v.on(shelf.KeyCard(id))
	}
	filled, err := v.tx.Fill(f.Containers, v.readIDs())
	if err != nil {
		return nil, err
	}
	a := &arranged{stands: map[dateline.ID]bool{}}
	if err := v.breaking(a, f.Strip); err != nil {
		return nil, err
	}
	for i := range filled {
		if err := v.container(a, &filled[i], i); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// breaking puts the strip on a front, unless it leads to what readers cannot open any more.
func (v *view) breaking(a *arranged, s *record.Strip) error {
	if s == nil {
		return nil
	}
	strip := &render.Strip{Text: v.inLanguage(s.Text, v.paper.pub.Language)}
	if s.Article != "" {
		v.on(shelf.KeyCard(s.Article))
		card, err := v.tx.Card(s.Article)
		if missing(err) {
			return nil // the strip leaves with what was withdrawn
		}
		if err != nil {
			return err
		}
		strip.Address = v.way(card.Address)
	}
	a.Strip = strip
	return nil
}

func (v *view) container(a *arranged, c *shelf.Filled, at int) error {
	v.ruled(c.Rule)
	if c.OfStories() {
		return v.storiesBand(a, c)
	}
	lead := at == 0 && c.Layout == dateline.LayoutLead
	cards := make([]render.Card, 0, len(c.Cards))
	for i := range c.Cards {
		card, err := v.placed(&c.Cards[i], !lead || i == 0)
		if err != nil {
			return err
		}
		a.stands[card.ID] = true
		cards = append(cards, card)
	}
	if len(cards) == 0 {
		return nil
	}
	if lead {
		a.Lead, a.Beside = &cards[0], cards[1:]
		return nil
	}
	band, err := v.arrangedBand(c)
	band.Cards = cards
	a.Bands = append(a.Bands, band)
	return err
}

// storiesBand is a container of running stories.
func (v *view) storiesBand(a *arranged, c *shelf.Filled) (err error) {
	b := render.Band{Named: render.NamedStories, Layout: layouts[c.Layout]}
	if b.Stories, err = v.storyCards(len(c.Items)); err != nil || len(b.Stories) == 0 {
		return err
	}
	if len(c.Title) > 0 {
		b.Named, b.Heading.Name = "", v.name(c.Title, v.lang)
	}
	a.Bands = append(a.Bands, b)
	return nil
}

// ruled notes the list that a rule looks at.
func (v *view) ruled(r *dateline.Rule) {
	if r == nil {
		return
	}
	switch r.Kind {
	case dateline.RuleLatest:
		v.on(shelf.KeyFeed)
	case dateline.RuleSection:
		v.on(shelf.KeySection(r.Of))
	case dateline.RuleTopic:
		v.on(shelf.KeyTopic(r.Of))
	case dateline.RuleStory:
		v.on(shelf.KeyStory(r.Of))
	case dateline.RuleLive:
		v.on(shelf.KeyOnAir)
	}
}

// placed is an article's card with what an editor put in place of its own words and picture.
func (v *view) placed(p *shelf.Placed, picture bool) (render.Card, error) {
	c, err := v.card(&p.Card, picture && p.Item.Picture == "")
	if err != nil {
		return c, err
	}
	if p.Item.Headline != "" {
		c.Headline = p.Item.Headline
	}
	c.Kicker = p.Item.Kicker
	if p.Item.Picture == "" || !picture {
		return c, nil
	}
	if c.Picture, err = v.picture(p.Item.Picture, dateline.PlaceCard); err == nil && c.Picture == nil && p.Card.Lead != nil {
		c.Picture, err = v.lead(p.Card.Lead, dateline.PlaceCard) // it is not public yet, or is gone
	}
	return c, err
}

// arrangedBand names a container: by its own title, or by what its rule looks at.
func (v *view) arrangedBand(c *shelf.Filled) (b render.Band, err error) {
	b.Layout, b.Mixed = layouts[c.Layout], true
	kind, of := dateline.RuleNone, dateline.ID("")
	if c.Rule != nil {
		kind, of = c.Rule.Kind, c.Rule.Of
	}
	switch kind {
	case dateline.RuleLatest:
		b.Named = render.NamedLatest
	case dateline.RuleMostRead:
		b.Named = render.NamedMostRead
	case dateline.RuleLive:
		b.Named = render.NamedLive
	case dateline.RuleSection:
		b.Heading, err = v.sectionLink(of)
		for _, p := range c.Cards {
			b.Mixed = b.Mixed && p.Card.Section == of // only where every card is of it need none say so
		}
		b.Mixed = !b.Mixed
	case dateline.RuleTopic:
		if t, err := v.topicNamed(of); err == nil {
			b.Heading = t
		} else if !missing(err) {
			return b, err
		}
	}
	if kind == dateline.RuleStory {
		if st, err := v.tx.Story(of); err == nil {
			v.on(shelf.KeyStory(st.ID))
			b.Heading = render.Link{Name: v.inLanguage(st.Name, st.Language), Address: v.way(storyAddress(st.Slug))}
		} else if !missing(err) {
			return b, err
		}
	}
	if b.Heading.Name.Text == "" && b.Named == "" {
		b.Named = render.NamedLatest // what it was named for is gone
	}
	if len(c.Title) > 0 {
		b.Named, b.Heading.Name = "", v.name(c.Title, v.lang)
	}
	return b, err
}

func (v *view) topicNamed(id dateline.ID) (render.Link, error) {
	t, err := v.topic(id)
	if err != nil {
		return render.Link{}, err
	}
	l, _, err := v.topicLink(t)
	l.Address = v.way(l.Address)
	return l, err
}

// layouts are the layouts of bands by those of containers; a lead that does not open the front stands as a wide one.
var layouts = map[dateline.FrontLayout]render.Layout{dateline.LayoutLead: render.LayoutWide, dateline.LayoutWide: render.LayoutWide,
	dateline.LayoutThree: render.LayoutThree, dateline.LayoutList: render.LayoutList}

// PreviewFront makes the page of a front, home's or a section's, as it would be if it were arranged so now, for somebody who is
// shown it on another origin; pictures are the address under which pictures are served there. No part of it is kept. What
// readers cannot open does not stand on it.
func (s *Site) PreviewFront(ctx context.Context, id dateline.ID, f *record.Front, pictures string) ([]byte, error) {
	page, err := s.build(func(v *view) (*press.Page, error) {
		v.private = &WouldBe{Base: pictures}
		if f.Home {
			return v.home(f)
		}
		return v.sectionFront(id, f, shelf.Position{})
	})(ctx)
	if err != nil {
		return nil, err
	}
	return page.Body, nil
}
