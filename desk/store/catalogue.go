package store

import (
	"database/sql"
	"encoding/json"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// catalogue keeps one kind of thing in a table of four columns.
type catalogue[T any] struct {
	t     *tx
	table string
	what  dateline.Phrase
	key   func(*T) (id dateline.ID, slug string, version int64)
}

var _ desk.Catalogue[dateline.Topic] = catalogue[dateline.Topic]{}

// Sections is the catalogue of sections.
func (t *tx) Sections() desk.Catalogue[dateline.Section] {
	return catalogue[dateline.Section]{t, "sections", "section", func(s *dateline.Section) (dateline.ID, string, int64) { return s.ID, s.Slug, s.Version }}
}

// Topics is the catalogue of topics.
func (t *tx) Topics() desk.Catalogue[dateline.Topic] {
	return catalogue[dateline.Topic]{t, "topics", "topic", func(s *dateline.Topic) (dateline.ID, string, int64) { return s.ID, s.Slug, s.Version }}
}

// Persons is the catalogue of persons.
func (t *tx) Persons() desk.Catalogue[dateline.Person] {
	return catalogue[dateline.Person]{t, "persons", "person", func(s *dateline.Person) (dateline.ID, string, int64) { return s.ID, s.Slug, s.Version }}
}

// Stories is the catalogue of running stories.
func (t *tx) Stories() desk.Catalogue[dateline.Story] {
	return catalogue[dateline.Story]{t, "stories", "story", func(s *dateline.Story) (dateline.ID, string, int64) { return s.ID, s.Slug, s.Version }}
}

// Insert keeps a new thing.
func (c catalogue[T]) Insert(v *T) error {
	id, slug, version := c.key(v)
	data, err := encode(v)
	if err != nil {
		return err
	}
	_, err = c.t.exec("INSERT INTO "+c.table+" (id, slug, version, data) VALUES ($1, $2, $3, $4)", string(id), slug, version, data)
	if dateline.ErrorCode(err) == dateline.EConflict {
		return dateline.Errorf(dateline.EConflict, "there is a %s %q already", c.what, slug)
	}
	return err
}

// Update puts a thing in place of its version was.
func (c catalogue[T]) Update(v *T, was int64) error {
	id, slug, version := c.key(v)
	data, err := encode(v)
	if err != nil {
		return err
	}
	n, err := c.t.exec("UPDATE "+c.table+" SET slug = $2, version = $3, data = $4 WHERE id = $1 AND version = $5",
		string(id), slug, version, data, was)
	return changedOne(n, err, "the "+c.what)
}

// Find returns a thing by its id.
func (c catalogue[T]) Find(id dateline.ID) (*T, error) {
	return c.find("SELECT data FROM "+c.table+" WHERE id = $1", string(id))
}

// FindBySlug returns a thing by its slug.
func (c catalogue[T]) FindBySlug(slug string) (*T, error) {
	return c.find("SELECT data FROM "+c.table+" WHERE slug = $1", slug)
}

func (c catalogue[T]) find(query, key string) (*T, error) {
	var data string
	err := c.t.one(query, []any{key}, &data)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, dateline.Errorf(dateline.ENotFound, "there is no %s %.80q", c.what, key)
	}
	if err != nil {
		return nil, err
	}
	v := new(T)
	return v, decode(data, v)
}

// List lists things by the bytes of their slugs.
func (c catalogue[T]) List(prefix, after string, limit int) ([]*T, error) {
	var list []*T
	err := c.t.each("SELECT data FROM "+c.table+" WHERE slug > $1 AND slug >= $2 AND slug < $3 ORDER BY slug LIMIT $4",
		[]any{after, prefix, prefix + "\U0010ffff", limit}, func(rows *sql.Rows) error {
			var data string
			if err := rows.Scan(&data); err != nil {
				return translate(err)
			}
			list = append(list, new(T))
			return decode(data, list[len(list)-1])
		})
	return list, err
}

// Named lists things with a word in the slug that begins so.
func (c catalogue[T]) Named(beginning string, limit int) ([]*T, error) {
	list, err := c.List(beginning, "", limit)
	if err != nil || len(list) == limit {
		return list, err
	}
	within := "%-" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(beginning) + "%"
	err = c.t.each("SELECT data FROM "+c.table+" WHERE slug LIKE $1 ESCAPE '!' AND NOT (slug >= $2 AND slug < $3) ORDER BY slug LIMIT $4",
		[]any{within, beginning, beginning + "\U0010ffff", limit - len(list)}, func(rows *sql.Rows) error {
			var data string
			if err := rows.Scan(&data); err != nil {
				return translate(err)
			}
			list = append(list, new(T))
			return decode(data, list[len(list)-1])
		})
	return list, err
}

// FindPublication returns the paper's settings.
func (t *tx) FindPublication() (*dateline.Publication, error) {
	var data string
	err := t.one("SELECT data FROM publication WHERE id = 1", nil, &data)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, dateline.Errorf(dateline.ENotFound, "this newsroom has no publication yet: make one with `dateline init`")
	}
	if err != nil {
		return nil, err
	}
	p := new(dateline.Publication)
	return p, decode(data, p)
}

// SavePublication keeps the paper's settings.
func (t *tx) SavePublication(p *dateline.Publication) error {
	data, err := json.Marshal(p)
	if err != nil {
		return &dateline.Error{Code: dateline.EInternal, Message: "the publication could not be kept", Cause: err}
	}
	_, err = t.exec(`INSERT INTO publication (id, version, data) VALUES (1, $1, $2)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, data = excluded.data`, p.Version, string(data))
	return err
}
