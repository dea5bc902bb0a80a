package main

import (
	"context"
	"errors"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site"
	"github.com/datelinehq/dateline/site/press"
)

// previewer makes previews of drafts: the page by the site's builder, the pictures by a workshop on the desk's own blobs.
// Neither site nor newsroom knows of the other.
type previewer struct {
	site     *site.Site
	renderer *render.Renderer
	pictures draftPictures
}

var _ newsroom.Previewer = previewer{}

// Page makes the page that readers would get of a draft.
func (p previewer) Page(ctx context.Context, w *desk.WouldBe, base string) (page []byte, styles []string, err error) {
	page, err = p.site.Preview(ctx, wouldBe(w, base))
	return page, p.renderer.StyleSources(), err
}

// Front makes the page that readers would get of a draft front.
func (p previewer) Front(ctx context.Context, id dateline.ID, f *record.Front, pictures string) (page []byte, styles []string, err error) {
	page, err = p.site.PreviewFront(ctx, id, f, pictures)
	return page, p.renderer.StyleSources(), err
}

// Picture makes a picture of that page.
func (p previewer) Picture(ctx context.Context, w *desk.WouldBe, name string) (mediaType string, picture []byte, err error) {
	mediaType, picture, err = p.site.PreviewPicture(ctx, wouldBe(w, ""), name, p.pictures)
	if errors.Is(err, press.ErrNotFound) {
		err = dateline.Errorf(dateline.ENotFound, "the draft shows no such picture")
	}
	return mediaType, picture, err
}

// draftPictures makes pictures of drafts, one at a time, because a large one needs much memory. None is kept.
type draftPictures struct {
	blobs blob.Store
	place chan struct{}
}

var _ site.Pictures = draftPictures{}

// Rendition makes one picture of an original.
func (d draftPictures) Rendition(ctx context.Context, h blob.Hash, order media.Order) (out media.Rendered, err error) {
	if order.Width > media.Widths[len(media.Widths)-1] {
		return out, media.ErrWidth
	}
	select {
	case d.place <- struct{}{}:
		defer func() { <-d.place }()
	case <-ctx.Done():
		return out, ctx.Err()
	}
	r, _, err := d.blobs.Open(ctx, h)
	if err != nil {
		return out, err
	}
	defer r.Close()
	out.Body, out.Format, err = media.Rendition(r, order)
	return out, err
}

// wouldBe says to the site what the desk says of a draft.
func wouldBe(w *desk.WouldBe, base string) site.WouldBe {
	return site.WouldBe{Article: w.Article, At: w.At, Edition: w.Edition, Persons: w.Persons, Topics: w.Topics, Pictures: w.Pictures, Base: base}
}
