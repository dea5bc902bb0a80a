package desk

import (
	"slices"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
)

// refs are the things that content refers to, each once, in the order in which readers meet them.
type refs struct {
	section      dateline.ID
	byline       []dateline.ID
	topics       []dateline.ID
	pictures     []dateline.ID // lead first
	speakers     []dateline.ID
	translations []dateline.ID
	stories      []dateline.ID
}

// references collects what content and its document refer to.
func references(c *dateline.Content, doc markup.Node) refs {
	r := refs{section: c.Section, translations: c.Translations}
	for _, b := range c.Byline {
		r.byline = addID(r.byline, b.Person)
	}
	for _, id := range c.Topics {
		r.topics = addID(r.topics, id)
	}
	for _, id := range c.Stories {
		r.stories = addID(r.stories, id)
	}
	if c.Lead != nil {
		r.pictures = addID(r.pictures, c.Lead.Picture)
	}
	if doc.Type != "" {
		for _, id := range markup.Pictures(doc) {
			r.pictures = addID(r.pictures, dateline.ID(id))
		}
		for _, id := range markup.Speakers(doc) {
			r.speakers = addID(r.speakers, dateline.ID(id))
		}
	}
	return r
}

func addID(list []dateline.ID, id dateline.ID) []dateline.ID {
	if id == "" || slices.Contains(list, id) {
		return list
	}
	return append(list, id)
}

// check answers EInvalid, with a field for each, where something is not there.
func (r refs) check(t *turn) error {
	e := dateline.Errorf(dateline.EInvalid, "the article refers to what is not there")
	look := func(path string, ids []dateline.ID, find func(dateline.ID) error) error {
		for _, id := range ids {
			if t.met.has(id) {
				continue
			}
			if err := find(id); absent(err) {
				e.Fields = append(e.Fields, dateline.Wrong(path, err))
			} else if err != nil {
				return err
			}
		}
		return nil
	}
	person := func(id dateline.ID) error { _, err := t.Persons().Find(id); return err }
	steps := []struct {
		path string
		ids  []dateline.ID
		find func(dateline.ID) error
	}{
		{"section", addID(nil, r.section), func(id dateline.ID) error { _, err := t.Sections().Find(id); return err }},
		{"byline", r.byline, person},
		{"topics", r.topics, func(id dateline.ID) error { _, err := t.Topics().Find(id); return err }},
		{"pictures", r.pictures, func(id dateline.ID) error { _, err := t.Pictures().Find(id); return err }},
		{"body.speaker", r.speakers, person},
		{"stories", r.stories, func(id dateline.ID) error { _, err := t.Stories().Find(id); return err }},
		{"translations", r.translations, func(id dateline.ID) error { _, err := t.FindArticle(id); return err }},
	}
	for _, s := range steps {
		if err := look(s.path, s.ids, s.find); err != nil {
			return err
		}
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

// reveal appends an entry for everything that becomes public because something public now refers to it.
func (t *turn) reveal(r refs) error {
	for _, id := range slices.Concat(r.byline, r.speakers) {
		if err := t.revealPerson(id); err != nil {
			return err
		}
	}
	for _, id := range r.topics {
		if err := t.revealTopic(id); err != nil {
			return err
		}
	}
	for _, id := range r.pictures {
		if err := t.revealPicture(id); err != nil {
			return err
		}
	}
	return nil
}

// becomePublic appends the entry of a thing that has none yet. The state is where it says so, and its version.
func becomePublic[T any](t *turn, of Catalogue[T], id dateline.ID, state func(*T) (public *bool, version *int64), body func(*T) (any, error)) error {
	if t.met.isPublic(id) {
		return nil
	}
	v, err := of.Find(id)
	if err != nil {
		return err
	}
	t.met.makePublic(id)
	public, version := state(v)
	if *public {
		return nil
	}
	b, err := body(v)
	if err != nil {
		return err
	}
	*public, *version = true, *version+1
	if err := of.Update(v, *version-1); err != nil {
		return err
	}
	_, err = t.append(id, b)
	return err
}

func (t *turn) revealPerson(id dateline.ID) error {
	return becomePublic(t, t.Persons(), id, func(p *dateline.Person) (*bool, *int64) { return &p.Public, &p.Version },
		func(p *dateline.Person) (any, error) { return personBody(p), nil })
}

// revealTopic reveals first the person whom a topic stands for.
func (t *turn) revealTopic(id dateline.ID) error {
	return becomePublic(t, t.Topics(), id, func(v *dateline.Topic) (*bool, *int64) { return &v.Public, &v.Version },
		func(v *dateline.Topic) (any, error) {
			if v.Person == "" {
				return topicBody(v), nil
			}
			return topicBody(v), t.revealPerson(v.Person)
		})
}

func (t *turn) revealPicture(id dateline.ID) error {
	return becomePublic(t, t.Pictures(), id, func(p *dateline.Picture) (*bool, *int64) { return &p.Public, &p.Version },
		func(p *dateline.Picture) (any, error) { return pictureBody(p), nil })
}

func personBody(p *dateline.Person) *record.Person {
	return &record.Person{Slug: p.Slug, Names: p.Names, Role: p.Role}
}

func topicBody(t *dateline.Topic) *record.Topic {
	return &record.Topic{Slug: t.Slug, Kind: t.Kind, Person: t.Person, Names: t.Names, Description: t.Description}
}

// pictureBody is what readers get of a picture. Its words are named where they are no longer those of its file.
func pictureBody(p *dateline.Picture) *record.Picture {
	b := &record.Picture{Hash: p.Hash, Format: p.Served, Width: p.Width, Height: p.Height, Rights: p.Rights, Focal: p.Focal, Crops: p.Crops}
	f := p.File
	if p.Credit != f.Credit || p.Creator != f.Creator || p.Copyright != f.Copyright || p.Caption != f.Caption {
		b.Words = &record.PictureWords{Credit: p.Credit, Creator: p.Creator, Copyright: p.Copyright, Taken: p.Taken, Uncaptioned: p.Caption != f.Caption}
	}
	return b
}

func sectionBody(s *dateline.Section) *record.Section {
	return &record.Section{Slug: s.Slug, Names: s.Names, Description: s.Description, Parent: s.Parent}
}
