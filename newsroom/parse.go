package newsroom

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// ParseArticle reads the JSON of an article as POST /api/v1/articles takes it, strictly, and looks up the slugs in it.
func ParseArticle(ctx context.Context, d *desk.Desk, raw []byte) (kind dateline.Kind, c dateline.Content, err error) {
	var in struct {
		Content
		Kind dateline.Kind `json:"kind"`
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return "", c, dateline.Errorf(dateline.EInvalid, "the article cannot be read: %v", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return "", c, dateline.Errorf(dateline.EInvalid, "something follows the article's JSON")
	}
	if in.Kind == "" {
		in.Kind = dateline.KindArticle
	}
	err = d.View(ctx, func(tx desk.Tx) error {
		c, err = in.domain(slugs(tx))
		return err
	})
	return in.Kind, c, err
}

// slugs finds things by slug in a transaction.
func slugs(tx desk.Tx) finder {
	return finder{
		section: func(slug string) (dateline.ID, error) { return idOf(tx.Sections().FindBySlug(slug)) },
		topic:   func(slug string) (dateline.ID, error) { return idOf(tx.Topics().FindBySlug(slug)) },
		story: func(slug string) (dateline.ID, error) {
			s, err := tx.Stories().FindBySlug(slug)
			if err != nil {
				return "", err
			}
			return s.ID, nil
		},
		person: func(slug string) (dateline.ID, error) { return idOf(tx.Persons().FindBySlug(slug)) },
	}
}
