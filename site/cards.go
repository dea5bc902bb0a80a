package site

import (
	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/shelf"
)

// cards makes the cards of a list, with pictures where the list shows them.
func (v *view) cards(list []shelf.Card, pictures bool) ([]render.Card, error) {
	out := make([]render.Card, 0, len(list))
	for i := range list {
		c, err := v.card(&list[i], pictures)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func (v *view) card(c *shelf.Card, picture bool) (out render.Card, err error) {
	v.on(shelf.KeyCard(c.ID))
	out = render.Card{ID: c.ID, Edition: c.Edition, Address: v.way(c.Address), Label: c.Label, Headline: c.Headline, Standfirst: c.Standfirst,
		Language: c.Language, First: c.First, Updated: c.Updated, Change: c.Change}
	if out.Section, err = v.sectionLink(c.Section); err != nil {
		return out, err
	}
	if c.Kind == dateline.KindLive && v.then == nil {
		v.on(shelf.KeyOnAir)
		l, err := v.tx.Live(c.ID)
		if err != nil && !missing(err) {
			return out, err
		}
		out.Live = err == nil && l.State == dateline.LiveOn
	}
	if picture && c.Lead != nil {
		out.Picture, err = v.lead(c.Lead, dateline.PlaceCard)
	}
	return out, err
}

// credits are the names of a byline.
func (v *view) credits(byline []dateline.Credit) ([]render.Credit, error) {
	out := make([]render.Credit, 0, len(byline))
	for _, b := range byline {
		c, err := v.credit(b)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func (v *view) credit(b dateline.Credit) (render.Credit, error) {
	if b.Person == "" {
		return render.Credit{Name: render.Name{Text: b.Agency}, Agency: true}, nil
	}
	p, err := v.person(b.Person)
	if err != nil && !missing(err) {
		return render.Credit{}, err
	}
	if err != nil || p.Erased {
		return render.Credit{Removed: true}, nil
	}
	c := render.Credit{Name: v.name(p.Names, v.lang), Address: v.way(personAddress(p.Slug))}
	if b.As != "" {
		c.Name = render.Name{Text: b.As}
	}
	return c, nil
}

// topics links to an article's topics. A topic that is about a person leads to the person's page.
func (v *view) topics(ids []dateline.ID) ([]render.Link, error) {
	out := make([]render.Link, 0, len(ids))
	for _, id := range ids {
		t, err := v.topic(id)
		if missing(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		l, shown, err := v.topicLink(t)
		if err != nil {
			return nil, err
		}
		if shown {
			l.Address = v.way(l.Address)
			out = append(out, l)
		}
	}
	return out, nil
}

func (v *view) topicLink(t *shelf.Topic) (l render.Link, shown bool, err error) {
	if t.Kind != dateline.TopicPerson {
		return render.Link{Name: v.name(t.Names, v.lang), Address: topicAddress(t.Slug)}, true, nil
	}
	p, err := v.person(t.Person)
	if missing(err) || err == nil && p.Erased {
		return l, false, nil
	}
	if err != nil {
		return l, false, err
	}
	return render.Link{Name: v.name(t.Names, v.lang), Address: personAddress(p.Slug)}, true, nil
}
