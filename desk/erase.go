package desk

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// Mention is an edition that readers can open, or could again, whose byline or text still holds an erased person's name.
type Mention struct {
	Article  dateline.ID `json:"article"`
	Edition  int         `json:"edition"`
	Headline string      `json:"headline"`
	Where    string      `json:"where"` // byline or text
}

// Erased says what erasing a person did, and what is left for a chief to redact or to leave.
type Erased struct {
	Sequence int64      `json:"sequence,omitempty"` // 0 where the person was never public
	Entries  []int64    `json:"entries"`
	Mentions []Mention  `json:"mentions"`
	Passages []*Passage `json:"passages"` // that still hold a name, besides editions; each can be redacted
}

// Erase takes a person out of the paper for good: the person's entries lose their words, and those of the topics that stand for
// the person; bylines say that a name was removed; the person's address answers that it is gone. Texts that hold the name are
// listed.
func (d *Desk) Erase(ctx context.Context, actor dateline.Actor, id dateline.ID, version int64) (done Erased, err error) {
	err = d.do(ctx, actor, dateline.ActErase, func(t *turn) error {
		done, err = t.erase(id, version)
		return err
	})
	if err != nil {
		return done, err
	}
	return done, d.cleanUp(context.WithoutCancel(ctx))
}

// PlanErasure says what Erase would do, and does nothing of it.
func (d *Desk) PlanErasure(ctx context.Context, actor dateline.Actor, id dateline.ID, version int64) (done Erased, err error) {
	err = d.plan(ctx, actor, dateline.ActErase, func(t *turn) error {
		done, err = t.erase(id, version)
		return err
	})
	return done, err
}

func (t *turn) erase(id dateline.ID, version int64) (done Erased, err error) {
	p, err := t.Persons().Find(id)
	if err != nil {
		return done, err
	}
	if err := sameVersion("the person", version, p.Version); err != nil {
		return done, err
	}
	if p.Erased {
		return done, dateline.Errorf(dateline.EState, "the person was erased already")
	}
	names := namesOfPerson(p)
	done.Entries = []int64{}
	if done.Mentions, err = t.mentions(id, names); err != nil {
		return done, err
	}
	if err := t.erasePerson(p, names, &done); err != nil {
		return done, err
	}
	if done.Passages, err = t.passages(names); err != nil {
		return done, err
	}
	done.Passages = slices.DeleteFunc(done.Passages, func(p *Passage) bool { return p.Kind == PassageArticle && p.First != "" }) // they are the mentions
	if done.Passages == nil {
		done.Passages = []*Passage{}
	}
	if err := t.owe(nil); err != nil {
		return done, err
	}
	return done, t.note(dateline.ActErase, nil, done.Sequence, "%s: %d entries lost their text", id, len(done.Entries))
}

// namesOfPerson are the names of a person in every language.
func namesOfPerson(p *dateline.Person) Words {
	var list []string
	for _, n := range p.Names {
		list = append(list, n)
	}
	return NewWords(list...)
}

func (t *turn) erasePerson(p *dateline.Person, names Words, done *Erased) error {
	var topics []*dateline.Topic
	for after := ""; ; {
		page, err := t.Topics().List("", after, MaxList)
		if err != nil {
			return err
		}
		for _, v := range page {
			if after = v.Slug; v.Person == p.ID {
				topics = append(topics, v)
			}
		}
		if len(page) < MaxList {
			break
		}
	}
	for _, v := range topics {
		if err := t.eraseThing(v.ID, "/topics/", &v.Slug, done); err != nil {
			return err
		}
		was := v.Version
		v.Names, v.Description, v.Version = dateline.Names{}, nil, v.Version+1
		if err := t.Topics().Update(v, was); err != nil {
			return err
		}
	}
	names = append(names, NewWords(p.Slug)...)
	if err := t.eraseThing(p.ID, "/people/", &p.Slug, done); err != nil {
		return err
	}
	was := p.Version
	p.Names, p.Role, p.Erased, p.Version = dateline.Names{}, nil, true, p.Version+1
	if err := t.Persons().Update(p, was); err != nil {
		return err
	}
	if err := t.indexNaming(p.ID); err != nil {
		return err
	}
	_, err := t.EmptyAudit(names)
	return err
}

// indexNaming makes articles that name a person found by what is left of the name.
func (t *turn) indexNaming(id dateline.ID) error {
	articles, err := t.ListNaming(id)
	for _, article := range articles {
		if err != nil {
			return err
		}
		var a *dateline.Article
		if a, err = t.FindArticle(article); err == nil {
			err = t.index(a)
		}
	}
	return err
}

// index makes an article found by what it says now and by nothing it said before.
func (t *turn) index(a *dateline.Article) error {
	words, err := t.words(&a.Content, text(parsed(a.Content.Body)))
	if err != nil {
		return err
	}
	return t.IndexArticle(a.ID, words)
}

// eraseThing redacts the entries of a person or topic, whose addresses lead nowhere from here on, and hides its slug.
func (t *turn) eraseThing(id dateline.ID, below string, slug *string, done *Erased) error {
	entries, err := t.ListEntriesAbout(id)
	if err != nil {
		return err
	}
	var sequences []int64
	var addresses []string
	for _, e := range entries {
		if !e.HasBody() {
			continue
		}
		sequences = append(sequences, e.Sequence)
		var named struct{ Slug string }
		if err := json.Unmarshal(e.Body, &named); err != nil {
			return internal("an entry cannot be read", err)
		}
		addresses = append(addresses, below+named.Slug)
	}
	*slug = hiddenSlug(*slug)
	if len(sequences) == 0 {
		return nil
	}
	if _, err := t.removeEntries(id, &record.Redaction{Entries: sequences, Hashes: hashes(addresses)}); err != nil {
		return err
	}
	done.Sequence, done.Entries = t.head, append(done.Entries, sequences...)
	return nil
}

// hiddenSlug is what is kept of the slug of something that was erased, so that nothing else is ever called so.
func hiddenSlug(slug string) string { return HiddenAddress(slug) }

// checkErased refuses the slug of something that was erased.
func (t *turn) checkErased(slug string, find func(slug string) error) error {
	if err := find(hiddenSlug(slug)); err == nil {
		return dateline.Errorf(dateline.EConflict, "%q was the address of somebody who was erased; an address is never used again", slug)
	} else if !absent(err) {
		return err
	}
	return nil
}

// mentions lists the editions whose bylines or texts hold a person's name.
func (t *turn) mentions(id dateline.ID, names Words) (list []Mention, err error) {
	list = []Mention{}
	for after := int64(0); ; {
		entries, err := t.ListEntries(after, MaxEntries)
		if err != nil || len(entries) == 0 {
			return list, err
		}
		for _, e := range entries {
			after = e.Sequence
			if e.Kind != record.KindEdition || !e.HasBody() {
				continue
			}
			body, err := e.Decode()
			if err != nil {
				return nil, internal("an edition's entry cannot be read", err)
			}
			if where := mentioned(body.(*record.Edition), id, names); where != "" {
				b := body.(*record.Edition)
				list = append(list, Mention{e.Subject, b.Number, b.Headline, where})
			}
		}
	}
}

// mentioned says where an edition holds a name; "" for nowhere.
func mentioned(b *record.Edition, id dateline.ID, names Words) string {
	for _, c := range b.Byline {
		if c.Person == id && c.As != "" || names.In(c.As) || names.In(c.Agency) {
			return "byline"
		}
	}
	text := b.Headline + " " + b.Standfirst + " " + b.Note + " " + allText(b.Body)
	if b.Lead != nil {
		text += " " + b.Lead.Caption + " " + b.Lead.Alt + " " + b.Lead.Credit
	}
	if names.In(text) {
		return "text"
	}
	return ""
}
