package site

import (
	"context"
	"strings"

	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
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
