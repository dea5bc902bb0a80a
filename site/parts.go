package site

import (
	"context"
	"time"

	"github.com/datelinehq/dateline/site/press"
)

// Parts is how long the parts of making an article's page took.
type Parts struct {
	Shelf  time.Duration // reading
	Render time.Duration
	Tag    time.Duration // hashing and the header lines
	Gzip   time.Duration // compressing, and its own tag
	Zstd   time.Duration
	Brotli time.Duration
}

// Parts makes the page of an article as for a reader who is the first to ask for it, in every encoding, and keeps nothing. It is for
// measuring.
func (s *Site) Parts(ctx context.Context, address string) (p Parts, err error) {
	begin := time.Now()
	lap := func(d *time.Duration) {
		now := time.Now()
		*d += now.Sub(begin)
		begin = now
	}
	read := func(v *view) (*press.Page, error) {
		r, err := v.tx.Resolve(address)
		if err != nil {
			return nil, err
		}
		a, err := v.tx.Article(r.ID)
		if err != nil {
			return nil, err
		}
		page, err := v.articlePage(a)
		if err != nil {
			return nil, err
		}
		lap(&p.Shelf)
		body := v.s.conf.Renderer.Article(page)
		lap(&p.Render)
		return v.html(200, body), nil
	}
	e, err := s.press.Once(ctx, func(ctx context.Context) (*press.Page, error) {
		page, err := s.build(read)(ctx)
		lap(&p.Shelf) // the snapshot's end
		return page, err
	})
	if err != nil {
		return p, err
	}
	for _, in := range []struct {
		encoding press.Encoding
		took     *time.Duration
	}{{press.Identity, &p.Tag}, {press.Gzip, &p.Gzip}, {press.Zstd, &p.Zstd}, {press.Brotli, &p.Brotli}} {
		var accept press.Accept
		accept[in.encoding] = 1000
		s.press.Answer(e, &press.Request{Method: "GET", Accept: accept})
		lap(in.took)
	}
	return p, nil
}
