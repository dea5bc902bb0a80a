package site

import (
	"context"
	"errors"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// WouldBe is an edition that readers do not have, with the persons, topics and pictures that would become known with it.
type WouldBe struct {
	Article  dateline.ID
	At       time.Time
	Edition  *record.Edition
	Persons  map[dateline.ID]*record.Person
	Topics   map[dateline.ID]*record.Topic
	Pictures map[dateline.ID]*record.Picture
	// Base is under what the pictures are served to whoever is shown the page; it ends with a slash.
	Base string
}

// Preview makes the page that readers would get of an edition, for somebody who is shown it before them on another origin.
// It differs from theirs in this: it asks to be in no index, has no canonical address, feeds, OpenGraph or JSON-LD, its
// links name the readers' origin, and its pictures have addresses of their own. It is made apart from the press: no part of it
// is kept.
func (s *Site) Preview(ctx context.Context, w WouldBe) ([]byte, error) {
	page, err := s.build(func(v *view) (*press.Page, error) {
		v.private = &w
		a, line, err := v.tx.WouldBe(w.Article, w.Edition, w.At)
		if err != nil {
			return nil, err
		}
		v.tx = &foreseen{v.tx, w, line}
		if a.Kind == dateline.KindPage {
			return v.pageOf(a)
		}
		return v.article(a)
	})(ctx)
	if err != nil {
		return nil, err
	}
	return page.Body, nil
}

// PreviewPicture makes a picture that a preview shows, by the name that the page has for it under its base, out of the originals
// that pictures knows. press.ErrNotFound where the edition shows no such picture.
func (s *Site) PreviewPicture(ctx context.Context, w WouldBe, name string, pictures Pictures) (mediaType string, picture []byte, err error) {
	want, ok := parsePicture(name)
	if !ok {
		return "", nil, press.ErrNotFound
	}
	order, ok := want.order(w.entries(want.hash))
	if !ok {
		return "", nil, press.ErrNotFound
	}
	r, err := pictures.Rendition(ctx, want.hash, order)
	if errors.Is(err, media.ErrWidth) || errors.Is(err, blob.ErrNotFound) {
		return "", nil, press.ErrNotFound
	}
	return r.Format.MIME(), r.Body, err
}

// entries are what would be said of the pictures of a hash.
func (w *WouldBe) entries(hash blob.Hash) (list []record.Picture) {
	for _, p := range w.Pictures {
		if p.Hash == string(hash) {
			list = append(list, *p)
		}
	}
	return list
}

// foreseen is the shelf with what it would have besides.
type foreseen struct {
	shelf.Reading
	would WouldBe
	line  *shelf.Edition
}

// Person answers a person, known or not.
func (f *foreseen) Person(id dateline.ID) (*shelf.Person, error) {
	if p := f.would.Persons[id]; p != nil {
		return &shelf.Person{ID: id, Person: *p}, nil
	}
	return f.Reading.Person(id)
}

// Topic answers a topic, known or not.
func (f *foreseen) Topic(id dateline.ID) (*shelf.Topic, error) {
	if t := f.would.Topics[id]; t != nil {
		return &shelf.Topic{ID: id, Topic: *t}, nil
	}
	return f.Reading.Topic(id)
}

// Picture answers a picture, known or not.
func (f *foreseen) Picture(id dateline.ID) (*shelf.Picture, error) {
	if p := f.would.Pictures[id]; p != nil {
		return &shelf.Picture{ID: id, Picture: *p}, nil
	}
	return f.Reading.Picture(id)
}

// Editions are an article's, with the one that would be.
func (f *foreseen) Editions(id dateline.ID) ([]shelf.Edition, error) {
	list, err := f.Reading.Editions(id)
	if err != nil || id != f.would.Article {
		return list, err
	}
	return append([]shelf.Edition{*f.line}, list...), nil
}
