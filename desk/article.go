package desk

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
)

// Create makes an article, or a page, with its first saved content. Content without a language takes the publication's.
func (d *Desk) Create(ctx context.Context, actor dateline.Actor, kind dateline.Kind, c dateline.Content) (a *dateline.Article, err error) {
	if !kind.Known() {
		return nil, dateline.Errorf(dateline.EInvalid, "%.40q is no kind; use article, page or live", string(kind))
	}
	doc, err := clean(&c)
	if err != nil {
		return nil, err
	}
	if doc, err = unremark(&c, doc); err != nil { // those of another article are nobody's here
		return nil, err
	}
	err = d.do(ctx, actor, dateline.ActCreate, func(t *turn) error {
		a, err = t.create(kind, c, doc)
		if err != nil {
			return err
		}
		return t.note(dateline.ActCreate, a, 0, "")
	})
	return a, err
}

func (t *turn) create(kind dateline.Kind, c dateline.Content, doc markup.Node) (*dateline.Article, error) {
	id, err := t.newID()
	if err != nil {
		return nil, err
	}
	a := &dateline.Article{ID: id, Kind: kind, Version: 1, Saved: 1, Readers: dateline.Unpublished, Draft: dateline.DraftOpen,
		Content: c, Words: markup.Words(doc), Created: t.now, SavedAt: t.now, SavedBy: t.actor.Name, Author: t.actor.Name}
	if err := dateline.Can(t.actor, dateline.ActCreate, a); err != nil {
		return nil, err
	}
	if err := t.check(&a.Content, kind, doc); err != nil {
		return nil, err
	}
	if err := t.mayBeShown(a, doc); err != nil {
		return nil, err
	}
	if err := t.InsertArticle(a); err != nil {
		return nil, err
	}
	return a, t.keepContent(a, doc)
}

// Save keeps a new content of an article. It is refused with EMissing where the version it was based on is not named, and
// with EConflict, carrying both texts, where that is not the current one.
func (d *Desk) Save(ctx context.Context, actor dateline.Actor, target Target, c dateline.Content) (a *dateline.Article, err error) {
	doc, err := clean(&c)
	if err != nil {
		return nil, err
	}
	err = d.together(ctx, actor, dateline.ActSave, func(t *turn) error {
		a, err = t.article(target, dateline.ActSave)
		if err != nil {
			return err
		}
		a.Content = c
		if err := dateline.Can(t.actor, dateline.ActSave, a); err != nil { // its section may be another now
			return err
		}
		if err := t.check(&a.Content, a.Kind, doc); err != nil {
			return err
		}
		if err := t.mayBeShown(a, doc); err != nil {
			return err
		}
		return t.save(a, doc, dateline.ActSave)
	})
	return a, withYours(err, &c)
}

// withYours adds to a conflict the content that was to be saved.
func withYours(err error, c *dateline.Content) error {
	var e *dateline.Error
	if errors.As(err, &e) && e.Code == dateline.EConflict {
		e.Yours = c
	}
	return err
}

// save keeps the content that an article has now as its next version.
func (t *turn) save(a *dateline.Article, doc markup.Node, act dateline.Act) error {
	if a.Draft == dateline.DraftNone {
		a.Draft = dateline.DraftOpen
	}
	a.Saved++
	a.SavedAt, a.SavedBy, a.Words = t.now, t.actor.Name, markup.Words(publishable(doc))
	if err := t.keep(a); err != nil {
		return err
	}
	if err := t.keepContent(a, doc); err != nil {
		return err
	}
	if err := t.meet(a, doc); err != nil {
		return err
	}
	return t.note(act, a, 0, "")
}

// clean brings content into the form it is kept in and checks what can be checked without the store: the headline's and
// other lines' ends lose their blanks, the slug is composed, the body becomes the one encoding of its document.
func clean(c *dateline.Content) (doc markup.Node, err error) {
	c.Headline, c.Standfirst = strings.TrimSpace(c.Headline), strings.TrimSpace(c.Standfirst)
	c.SearchHeadline, c.SocialHeadline = strings.TrimSpace(c.SearchHeadline), strings.TrimSpace(c.SocialHeadline)
	c.Slug = norm.NFC.String(c.Slug)
	if len(c.Body) > dateline.MaxBody {
		return doc, dateline.Errorf(dateline.ETooLarge, "the body has %d bytes; %d at most", len(c.Body), dateline.MaxBody)
	}
	language := c.Language
	if language == "" {
		c.Language = "und" // until the publication is known
	}
	err = c.Validate()
	c.Language = language
	if err != nil || len(c.Body) == 0 || string(c.Body) == "null" {
		c.Body = nil
		return doc, err
	}
	if doc, err = markup.ParseDraft(c.Body); err != nil {
		return doc, badBody(err)
	}
	body, err := doc.DraftJSON()
	if err != nil {
		return doc, badBody(err)
	}
	c.Body = json.RawMessage(body)
	return doc, nil
}

func badBody(err error) error {
	e := dateline.Errorf(dateline.EInvalid, "the article cannot be used as it is")
	field := dateline.Field{Path: "body", Message: err.Error()}
	var at *markup.InvalidError
	if errors.As(err, &at) && at.Path != "" {
		field = dateline.Field{Path: "body." + at.Path, Message: at.Problem}
	}
	e.Fields = []dateline.Field{field}
	return e
}

// check asks whether what content refers to is there.
func (t *turn) check(c *dateline.Content, kind dateline.Kind, doc markup.Node) error {
	if c.Language == "" {
		p, err := t.publication()
		if err != nil {
			return err
		}
		c.Language = p.Language
	}
	r := references(c, doc)
	if kind == dateline.KindPage && c.Section != "" {
		return dateline.Errorf(dateline.EInvalid, "a page has no section")
	}
	return r.check(t)
}

// mayBeShown asks whether the pictures that content shows may be used where it is to stand.
func (t *turn) mayBeShown(a *dateline.Article, doc markup.Node) error {
	return t.mayShow(a.ID, false, t.now, references(&a.Content, doc).pictures)
}

// keepContent keeps the content of an article as the version a.Saved and makes it found by its words.
func (t *turn) keepContent(a *dateline.Article, doc markup.Node) error {
	if err := t.insertContent(a, doc); err != nil {
		return err
	}
	words, err := t.words(&a.Content, text(doc))
	if err != nil {
		return err
	}
	return t.IndexArticle(a.ID, words)
}

func (t *turn) insertContent(a *dateline.Article, doc markup.Node) error {
	if err := t.InsertVersion(Version{Article: a.ID, Number: a.Saved, At: t.now, By: t.actor.Name, Content: a.Content}); err != nil {
		return err
	}
	return t.UsePictures(a.ID, false, references(&a.Content, doc).pictures)
}

// maxIndexed bounds how much of a text the desk's own search knows, in bytes.
const maxIndexed = 64 << 10

// text is what a document says to readers, as far as the desk's own search knows it.
func text(doc markup.Node) string {
	var b strings.Builder
	for _, paragraph := range markup.Paragraphs(publishable(doc)) {
		b.WriteString(paragraph)
		b.WriteByte(' ')
		if b.Len() > maxIndexed {
			break
		}
	}
	return b.String()
}

// words are what the desk finds an article by: headline, standfirst, names and text.
func (t *turn) words(c *dateline.Content, text string) (string, error) {
	parts := []string{c.Headline, c.Standfirst, c.Dateline.Place, c.Dateline.Agency}
	for _, b := range c.Byline {
		parts = append(parts, b.Agency, b.As)
		if b.Person == "" || b.As != "" {
			continue
		}
		names, err := t.namesOf(b.Person)
		if err != nil {
			return "", err
		}
		for _, name := range names {
			parts = append(parts, name)
		}
	}
	s := strings.Join(append(parts, text), " ")
	if len(s) > maxIndexed {
		s = strings.ToValidUTF8(s[:maxIndexed], "")
	}
	return s, nil
}

// namesOf are a person's names; an import asks for each person's once.
func (t *turn) namesOf(id dateline.ID) (dateline.Names, error) {
	if t.met != nil && t.met.called[id] != nil {
		return t.met.called[id], nil
	}
	p, err := t.Persons().Find(id)
	if err != nil {
		return nil, err
	}
	if t.met != nil {
		t.met.called[id] = p.Names
	}
	return p.Names, nil
}

// Find returns an article with what was saved last; ENotFound.
func (d *Desk) Find(ctx context.Context, actor dateline.Actor, id dateline.ID) (a *dateline.Article, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		a, err = tx.FindArticle(id)
		return err
	})
	return a, err
}

// read runs f for somebody who may read the desk.
func (d *Desk) read(ctx context.Context, actor dateline.Actor, f func(Tx) error) error {
	if err := dateline.Can(actor, dateline.ActRead, nil); err != nil {
		return err
	}
	return d.store.View(ctx, f)
}

// MaxList is the longest page of a list.
const MaxList = 200

// limit bounds what a caller asked for as the length of a page.
func limit(n int) (int, error) {
	if n == 0 {
		return 50, nil
	}
	if n < 1 || n > MaxList {
		return 0, dateline.Errorf(dateline.EInvalid, "a page of a list has 1 to %d rows", MaxList)
	}
	return n, nil
}

// List lists articles without their bodies, last saved first.
func (d *Desk) List(ctx context.Context, actor dateline.Actor, f dateline.ArticleFilter) (page dateline.ArticlePage, err error) {
	if f.Limit, err = limit(f.Limit); err != nil {
		return page, err
	}
	if err := checkFilter(f); err != nil {
		return page, err
	}
	err = d.read(ctx, actor, func(tx Tx) error {
		page, err = tx.ListArticles(f)
		return err
	})
	return page, err
}

func checkFilter(f dateline.ArticleFilter) error {
	switch f.Readers {
	case "", dateline.Unpublished, dateline.Published, dateline.Withdrawn:
	default:
		return dateline.Errorf(dateline.EInvalid, "%.40q is no state; use unpublished, published or withdrawn", string(f.Readers))
	}
	switch f.Draft {
	case "", dateline.DraftNone, dateline.DraftOpen, dateline.DraftSubmitted, dateline.DraftScheduled:
	default:
		return dateline.Errorf(dateline.EInvalid, "%.40q is no state of a draft; use none, draft, submitted or scheduled", string(f.Draft))
	}
	if f.Kind != "" && !f.Kind.Known() {
		return dateline.Errorf(dateline.EInvalid, "%.40q is no kind; use article, page or live", string(f.Kind))
	}
	if len(f.Query) > 500 {
		return dateline.Errorf(dateline.EInvalid, "the query has %d bytes; 500 at most", len(f.Query))
	}
	return nil
}

// ListVersions lists what was saved of an article, newest first and without bodies, older than before where it is not 0.
func (d *Desk) ListVersions(ctx context.Context, actor dateline.Actor, id dateline.ID, before int64, n int) (list []Version, err error) {
	if n, err = limit(n); err != nil {
		return nil, err
	}
	err = d.read(ctx, actor, func(tx Tx) error {
		if _, err := tx.FindArticle(id); err != nil {
			return err
		}
		list, err = tx.ListVersions(id, before, n)
		return err
	})
	return list, err
}

// FindVersion returns one saved content of an article; ENotFound.
func (d *Desk) FindVersion(ctx context.Context, actor dateline.Actor, id dateline.ID, number int64) (v Version, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		v, err = tx.FindVersion(id, number)
		return err
	})
	return v, err
}

// ListEditions lists what was published of an article, first to last.
func (d *Desk) ListEditions(ctx context.Context, actor dateline.Actor, id dateline.ID) (list []dateline.Edition, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		if _, err := tx.FindArticle(id); err != nil {
			return err
		}
		list, err = tx.ListEditions(id)
		return err
	})
	return list, err
}

// ListAudit lists what was done, newest first, to one article where it is named.
func (d *Desk) ListAudit(ctx context.Context, actor dateline.Actor, id dateline.ID, before int64, n int) (list []AuditLine, err error) {
	if n, err = limit(n); err != nil {
		return nil, err
	}
	err = d.read(ctx, actor, func(tx Tx) error {
		if id != "" {
			if _, err := tx.FindArticle(id); err != nil {
				return err
			}
		}
		list, err = tx.ListAudit(id, before, n)
		return err
	})
	return list, err
}
