package site

import (
	"context"

	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

func (s *Site) home(ctx context.Context, _ *ask) (*press.Entry, error) {
	return s.page(ctx, "/", func(v *view) (*press.Page, error) {
		page, err := v.homeAsArranged()
		return v.announced("/", page, err)
	})
}

func (v *view) homeAsArranged() (*press.Page, error) {
	f, err := v.arrangement(v.paper.pub.ID)
	if err != nil && !missing(err) {
		return nil, err
	}
	return v.home(f)
}

// home makes the home page as an editor arranged it, or as it arranges itself where nobody has.
func (v *view) home(f *record.Front) (*press.Page, error) {
	v.on(shelf.KeyHome)
	p := &render.HomePage{Frame: v.frame("/", ""), Motto: v.name(v.paper.pub.Motto, v.lang)}
	var err error
	if p.Changed, err = v.tx.HomeChanged(); err != nil {
		return nil, err
	}
	latest := true
	if f == nil {
		err = v.itself(p)
	} else {
		var a *arranged
		if a, err = v.arranged(f); err == nil {
			p.Front, latest = a.Front, a.Lead != nil
		}
	}
	if err != nil {
		return nil, err
	}
	if latest {
		rows, err := v.tx.Latest(homeLatest)
		if err != nil {
			return nil, err
		}
		if p.Latest, err = v.cards(rows, false); err != nil {
			return nil, err
		}
	}
	if p.OnAir, err = v.onAir("", p.Lead); err != nil {
		return nil, err
	}
	if err := v.readOnHome(p); err != nil {
		return nil, err
	}
	page := v.html(200, v.s.conf.Renderer.Home(p))
	page.Visit = press.VisitRead
	return page, nil
}

// homeLatest is how many articles stand under Latest.
const homeLatest = 9

// itself arranges home while nobody has.
func (v *view) itself(p *render.HomePage) error {
	front, err := v.tx.Front()
	if err != nil {
		return err
	}
	if front.Lead != nil {
		lead, err := v.card(front.Lead, true)
		if err != nil {
			return err
		}
		p.Lead = &lead
	}
	if p.Beside, err = v.cards(front.Beside, false); err != nil {
		return err
	}
	stories, err := v.storyCards(homeStories)
	if err != nil {
		return err
	}
	if len(stories) > 0 {
		p.Bands = append(p.Bands, render.Band{Named: render.NamedStories, Stories: stories})
	}
	for i := range front.Bands {
		b, err := v.band(i, &front.Bands[i])
		if err != nil {
			return err
		}
		p.Bands = append(p.Bands, b)
	}
	return nil
}

// band lays a section's cards out by what pictures they have, so that the layouts change down the page.
func (v *view) band(at int, b *shelf.Band) (out render.Band, err error) {
	if out.Heading, err = v.sectionLink(b.Section.ID); err != nil {
		return out, err
	}
	if out.Cards, err = v.cards(b.Cards, true); err != nil {
		return out, err
	}
	out.Layout = render.LayoutThree
	pictures := 0
	for _, c := range out.Cards {
		if c.Picture != nil {
			pictures++
		}
	}
	switch {
	case pictures == 0:
		out.Layout = render.LayoutList
	case out.Cards[0].Picture != nil && (at%2 == 0 || pictures < len(out.Cards)):
		out.Layout = render.LayoutWide
	}
	return out, nil
}
