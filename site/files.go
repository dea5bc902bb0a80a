package site

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// asset answers with a font or the icon. Under its hashed address it never changes.
func (s *Site) asset(ctx context.Context, a *ask) (*press.Entry, error) {
	file, ok := s.assets[a.Path]
	if !ok {
		return nil, press.ErrNotFound
	}
	return s.press.Get(ctx, a.Path, func(context.Context) (*press.Page, error) {
		p := &press.Page{Status: 200, Type: file.Type, Body: file.Bytes, Class: press.Immutable, Policy: dataPolicy, Plain: strings.HasPrefix(file.Type, "font/")}
		if a.Path == render.FaviconAddress {
			p.Class = press.Revalidated
		}
		return p, nil
	})
}

// picturesRoot is under what pictures are served.
const picturesRoot = "/pictures/"

// pictureAddress is where a picture is to be had in one width and format.
func pictureAddress(hash string, width int, format media.Format) string {
	return picturesRoot + hash + "-" + strconv.Itoa(width) + "." + format.Ext()
}

// parsePicture reads what pictureAddress writes, without the folder.
func parsePicture(file string) (hash blob.Hash, width int, ext string, ok bool) {
	name, ext, _ := strings.Cut(file, ".")
	h, w, _ := strings.Cut(name, "-")
	width, ok = number(w)
	if !ok {
		return "", 0, "", false
	}
	hash, err := blob.Parse(h)
	return hash, width, ext, err == nil
}

// picture answers with a rendition, while an edition that readers can open shows the picture.
func (s *Site) picture(ctx context.Context, a *ask) (*press.Entry, error) {
	hash, width, ext, ok := parsePicture(a.params[0])
	if !ok || s.conf.Pictures == nil {
		return nil, press.ErrNotFound
	}
	order := media.Order{Width: width}
	if ext == media.WebP.Ext() {
		order.Format = media.WebP
	}
	return s.pictures.Get(ctx, a.Path, func(ctx context.Context) (*press.Page, error) {
		err := s.conf.Shelf.View(ctx, func(tx *shelf.Tx) error {
			format, shown, err := reading(tx).PictureShown(string(hash))
			if err == nil && (!shown || order.Format == "" && media.Format(format).Ext() != ext) {
				err = press.ErrNotFound
			}
			return err
		})
		if err != nil {
			return nil, notFound(err)
		}
		r, err := s.conf.Pictures.Rendition(ctx, hash, order)
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
			Keys: []string{pictureKey(string(hash))}}, nil
	})
}
