package site

import (
	"context"
	"errors"
	"image"
	"strconv"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// whole is where a picture is shown as it is: in the text of an article.
const whole dateline.Placement = ""

// lead is an article's picture with its words as published, framed for a placement; nil where the picture itself is not there.
func (v *view) lead(l *dateline.Lead, place dateline.Placement) (*render.Picture, error) {
	p, err := v.picture(l.Picture, place)
	if err != nil || p == nil {
		return nil, err
	}
	p.Alt, p.Caption, p.Credit = l.Alt, l.Caption, l.Credit
	return p, nil
}

const (
	// middle is the width, in pixels, that a picture is shown in to those who take no other.
	middle = 800
	// social is the greatest width of a picture that goes with a link elsewhere.
	social = 1600
)

// picture gives the addresses of a picture in its widths, framed for a placement; nil where there is none.
func (v *view) picture(id dateline.ID, place dateline.Placement) (*render.Picture, error) {
	v.on(shelf.KeyName(id))
	p, err := v.tx.Picture(id)
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	shown := shownOf(&p.Picture, place)
	out := &render.Picture{ID: id, Width: shown.Width, Height: shown.Height}
	o := orderOf(&p.Picture, place)
	for _, o.Width = range media.WidthsFor(shown.Width) {
		source := render.PictureWidth{Address: v.shownAt(pictureAddress(&p.Picture, o)), Width: o.Width}
		if out.Address == "" || o.Width <= middle {
			out.Address = source.Address
		}
		out.Sources = append(out.Sources, source)
		modern := o
		modern.Format = media.WebP
		out.WebP = append(out.WebP, render.PictureWidth{Address: v.shownAt(pictureAddress(&p.Picture, modern)), Width: o.Width})
	}
	if place != whole {
		out.Social = largest(&p.Picture, dateline.PlaceSocial, social)
		out.Shapes = []string{largest(&p.Picture, dateline.PlaceCard, social), largest(&p.Picture, dateline.PlaceSquare, social)}
	}
	return out, nil
}

// shownAt is where a page's reader gets a picture: where all do, or beside the preview.
func (v *view) shownAt(address string) string {
	if v.private == nil {
		return address
	}
	return v.private.Base + strings.TrimPrefix(address, picturesRoot)
}

// largest is the address of a placement's widest rendition up to a width.
func largest(p *record.Picture, place dateline.Placement, most int) string {
	o := orderOf(p, place)
	for _, w := range media.WidthsFor(shownOf(p, place).Width) {
		if o.Width == 0 || w <= most {
			o.Width = w
		}
	}
	return pictureAddress(p, o)
}

// shownOf is what a placement shows of a picture.
func shownOf(p *record.Picture, place dateline.Placement) dateline.Crop {
	if place == whole {
		return dateline.Crop{Width: p.Width, Height: p.Height}
	}
	return p.Framing().Crop(place, p.Width, p.Height)
}

// orderOf asks for what a placement shows of a picture, with the words that its entry says.
func orderOf(p *record.Picture, place dateline.Placement) (o media.Order) {
	c := shownOf(p, place)
	if c != (dateline.Crop{Width: p.Width, Height: p.Height}) {
		o.Crop = image.Rect(c.X, c.Y, c.X+c.Width, c.Y+c.Height)
	}
	if w := p.Words; w != nil {
		o.Words = &media.Words{Credit: w.Credit, Creator: w.Creator, Copyright: w.Copyright, Taken: w.Taken}
		o.Uncaptioned = w.Uncaptioned
	}
	return o
}

// picturesRoot is under what pictures are served.
const picturesRoot = "/pictures/"

// pictureAddress is where a rendition is to be had. What lies there never changes: another framing or other words have
// another address.
func pictureAddress(p *record.Picture, o media.Order) string {
	format := o.Format
	if format == "" {
		format = media.Format(p.Format)
	}
	name := p.Hash + "-" + strconv.Itoa(o.Width)
	if tag := o.Tag(); tag != "" {
		name += "-" + tag
	}
	return picturesRoot + name + "." + format.Ext()
}

// wanted is what an address of a picture names.
type wanted struct {
	hash  blob.Hash
	width int
	tag   string
	ext   string
}

// parsePicture reads what pictureAddress writes, without the folder.
func parsePicture(file string) (a wanted, ok bool) {
	name, ext, _ := strings.Cut(file, ".")
	h, rest, _ := strings.Cut(name, "-")
	w, tag, tagged := strings.Cut(rest, "-")
	if a.width, ok = number(w); !ok || tagged && tag == "" {
		return a, false
	}
	hash, err := blob.Parse(h)
	a.hash, a.tag, a.ext = hash, tag, ext
	return a, err == nil
}

// order finds what was once offered at an address: some placement of a picture, as one of its entries frames it.
func (a wanted) order(entries []record.Picture) (media.Order, bool) {
	for i := range entries {
		p := &entries[i]
		for _, place := range append([]dateline.Placement{whole}, dateline.Placements...) {
			o := orderOf(p, place)
			if o.Tag() != a.tag {
				continue
			}
			o.Width = a.width
			switch a.ext {
			case media.WebP.Ext():
				o.Format = media.WebP
				return o, true
			case media.Format(p.Format).Ext():
				return o, true
			}
		}
	}
	return media.Order{}, false
}

// picture answers with a rendition, while an edition that readers can open shows the picture.
func (s *Site) picture(ctx context.Context, a *ask) (*press.Entry, error) {
	want, ok := parsePicture(a.params[0])
	if !ok || s.conf.Pictures == nil {
		return nil, press.ErrNotFound
	}
	return s.pictures.Get(ctx, a.Path, func(ctx context.Context) (*press.Page, error) {
		order, err := s.offered(ctx, want)
		if err != nil {
			return nil, notFound(err)
		}
		r, err := s.conf.Pictures.Rendition(ctx, want.hash, order)
		if errors.Is(err, media.ErrWidth) || errors.Is(err, blob.ErrNotFound) {
			return nil, press.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		if r.Instead != nil && s.conf.Failed != nil {
			s.conf.Failed(r.Instead)
		}
		return &press.Page{Status: 200, Type: r.Format.MIME(), Body: r.Body, Class: press.Private, Plain: true, Policy: dataPolicy,
			Keys: []string{pictureKey(string(want.hash))}}, nil
	})
}

// offered asks the shelf what an address stands for; ErrNotFound where it was never offered or the picture is no longer shown.
func (s *Site) offered(ctx context.Context, want wanted) (order media.Order, err error) {
	err = s.conf.Shelf.View(ctx, func(tx *shelf.Tx) error {
		r := reading(tx)
		_, shown, err := r.PictureShown(string(want.hash))
		if err != nil {
			return err
		}
		if !shown {
			return press.ErrNotFound
		}
		entries, err := r.PictureEntries(string(want.hash))
		if err != nil {
			return err
		}
		var ok bool
		if order, ok = want.order(entries); !ok {
			return press.ErrNotFound
		}
		return nil
	})
	return order, err
}
