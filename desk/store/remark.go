package store

import (
	"database/sql"

	"github.com/datelinehq/dateline"
)

// InsertNote keeps a new note.
func (t *tx) InsertNote(n *dateline.Note) error {
	data, err := encode(n)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO notes (id, article, at, data) VALUES ($1, $2, $3, $4)", string(n.ID), string(n.Article), micros(n.At), data)
	return err
}

// UpdateNote puts a note in place of the one before.
func (t *tx) UpdateNote(n *dateline.Note) error {
	data, err := encode(n)
	if err != nil {
		return err
	}
	changed, err := t.exec("UPDATE notes SET data = $2 WHERE id = $1", string(n.ID), data)
	if err == nil && changed == 0 {
		return noNote(n.ID)
	}
	return err
}

// FindNote returns a note.
func (t *tx) FindNote(id dateline.ID) (*dateline.Note, error) {
	var data string
	err := t.one("SELECT data FROM notes WHERE id = $1", []any{string(id)}, &data)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, noNote(id)
	}
	if err != nil {
		return nil, err
	}
	n := new(dateline.Note)
	return n, decode(data, n)
}

func noNote(id dateline.ID) error {
	return dateline.Errorf(dateline.ENotFound, "there is no note %.60s", id)
}

// ListNotes lists an article's notes, oldest first.
func (t *tx) ListNotes(article dateline.ID) ([]dateline.Note, error) {
	return remarks[dateline.Note](t, "SELECT data FROM notes WHERE article = $1 ORDER BY at, id", article)
}

// SaveSuggestion keeps a suggestion in place of the one before.
func (t *tx) SaveSuggestion(s *dateline.Suggestion) error {
	data, err := encode(s)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO suggestions (article, id, at, data) VALUES ($1, $2, $3, $4) ON CONFLICT (article, id) DO UPDATE SET data = excluded.data",
		string(s.Article), s.ID, micros(s.At), data)
	return err
}

// ListSuggestions lists an article's suggestions, oldest first.
func (t *tx) ListSuggestions(article dateline.ID) ([]dateline.Suggestion, error) {
	return remarks[dateline.Suggestion](t, "SELECT data FROM suggestions WHERE article = $1 ORDER BY at, id", article)
}

func remarks[T any](t *tx, query string, article dateline.ID) (list []T, err error) {
	err = t.each(query, []any{string(article)}, func(rows *sql.Rows) error {
		var data string
		if err := rows.Scan(&data); err != nil {
			return translate(err)
		}
		var v T
		if err := decode(data, &v); err != nil {
			return err
		}
		list = append(list, v)
		return nil
	})
	return list, err
}
