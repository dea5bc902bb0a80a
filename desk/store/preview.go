package store

import (
	"database/sql"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// InsertPreview keeps a link under the SHA-256 of its secret.
func (t *tx) InsertPreview(p desk.Preview, hash []byte) error {
	_, err := t.exec(`INSERT INTO previews (id, hash, article, by, created, expires, ended, why, opened, last)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, string(p.ID), hash, string(p.Article), p.By, micros(p.Created), micros(p.Expires),
		micros(p.Ended), p.Why, p.Opened, micros(p.Last))
	return err
}

// UpdatePreview puts a link in place of the one with its id.
func (t *tx) UpdatePreview(p desk.Preview) error {
	n, err := t.exec("UPDATE previews SET ended = $2, why = $3, opened = $4, last = $5 WHERE id = $1", string(p.ID), micros(p.Ended), p.Why, p.Opened, micros(p.Last))
	return absentIfNone(n, err, "preview link")
}

const previewColumns = "SELECT p.id, p.article, p.by, p.created, p.expires, p.ended, p.why, p.opened, p.last FROM previews p"

func scanPreview(scan func(...any) error) (p desk.Preview, err error) {
	var created, expires, ended, last int64
	err = translate(scan(&p.ID, &p.Article, &p.By, &created, &expires, &ended, &p.Why, &p.Opened, &last))
	p.Created, p.Expires, p.Ended, p.Last = instant(created), instant(expires), instant(ended), instant(last)
	return p, err
}

func (t *tx) onePreview(where string, arg any) (desk.Preview, error) {
	st, err := t.stmt(previewColumns + where)
	if err != nil {
		return desk.Preview{}, err
	}
	return scanPreview(st.QueryRow(arg).Scan)
}

// FindPreview returns a link by the SHA-256 of its secret.
func (t *tx) FindPreview(hash []byte) (desk.Preview, error) {
	return t.onePreview(" WHERE p.hash = $1", hash)
}

// ListPreviews lists an article's links, newest first.
func (t *tx) ListPreviews(article dateline.ID) (list []desk.Preview, err error) {
	err = t.each(previewColumns+" WHERE p.article = $1 ORDER BY p.created DESC, p.id DESC", []any{string(article)}, func(rows *sql.Rows) error {
		p, err := scanPreview(rows.Scan)
		list = append(list, p)
		return err
	})
	return list, err
}

// EndPreviewsBy ends the links that somebody made and that still stand at an instant.
func (t *tx) EndPreviewsBy(by string, at time.Time, why string) (int64, error) {
	return t.exec("UPDATE previews SET ended = $2, why = $3 WHERE by = $1 AND ended = $4 AND expires > $2", by, micros(at), why, noTime)
}

// RenamePreviews puts a person's new name in place of the old one on the links that they made.
func (t *tx) RenamePreviews(from, to string) error {
	_, err := t.exec("UPDATE previews SET by = $2 WHERE by = $1", from, to)
	return err
}

// InsertVisit keeps that a link was opened, under the SHA-256 of the visit's secret.
func (t *tx) InsertVisit(preview dateline.ID, hash []byte, until time.Time) error {
	_, err := t.exec("INSERT INTO preview_visits (hash, preview, until) VALUES ($1, $2, $3)", hash, string(preview), micros(until))
	return err
}

// FindVisit returns the link that a visit opened, by the SHA-256 of its secret, and until when the visit lasts.
func (t *tx) FindVisit(hash []byte) (preview dateline.ID, until time.Time, err error) {
	var us int64
	err = t.one("SELECT preview, until FROM preview_visits WHERE hash = $1", []any{hash}, &preview, &us)
	return preview, instant(us), err
}

// DeleteOldVisits forgets the visits that ended before an instant.
func (t *tx) DeleteOldVisits(before time.Time) error {
	_, err := t.exec("DELETE FROM preview_visits WHERE until < $1", micros(before))
	return err
}
