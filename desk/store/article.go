package store

import (
	"database/sql"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// more is what an article's row keeps as JSON: nothing is asked for by it.
type more struct {
	Schedule   *dateline.Schedule   `json:"schedule,omitempty"`
	Proposed   *time.Time           `json:"proposed,omitempty"`
	Embargo    *dateline.Lock       `json:"embargo,omitempty"`
	Hold       *dateline.Lock       `json:"hold,omitempty"`
	Cleared    *dateline.Clearance  `json:"cleared,omitempty"`
	Private    bool                 `json:"private,omitempty"`
	Former     []string             `json:"former,omitempty"`
	Withdrawal *dateline.Withdrawal `json:"withdrawal,omitempty"`
	Sent       *time.Time           `json:"sent,omitempty"`
	Origin     *dateline.Origin     `json:"origin,omitempty"`
}

func rowOf(a *dateline.Article) (args []any, err error) {
	rest := more{Schedule: a.Schedule, Proposed: a.Proposed, Embargo: a.Embargo, Hold: a.Hold, Cleared: a.Cleared, Private: a.Private, Former: a.Former, Withdrawal: a.Withdrawal, Origin: a.Origin}
	if !a.Sent.IsZero() {
		rest.Sent = &a.Sent
	}
	m, err := encode(rest)
	if err != nil {
		return nil, err
	}
	var due, embargo any
	if a.Schedule != nil {
		due = micros(a.Schedule.Due)
	}
	if a.Embargo != nil {
		embargo = micros(a.Embargo.Until)
	}
	return []any{string(a.ID), string(a.Kind), a.Version, a.Saved, string(a.Readers), string(a.Draft), string(a.Content.Section),
		a.Address, a.Edition, micros(a.First), micros(a.Updated), micros(a.Created), micros(a.SavedAt), a.SavedBy, a.Author, due, m, a.Words, embargo, stood(a)}, nil
}

// stood is when readers last got something of an article that moved its times, or lost it; nothing where they never had it.
func stood(a *dateline.Article) any {
	at := a.First
	if a.Updated.After(at) {
		at = a.Updated
	}
	if a.Withdrawal != nil && a.Withdrawal.At.After(at) {
		at = a.Withdrawal.At
	}
	if at.IsZero() {
		return nil
	}
	return micros(at)
}

// InsertArticle keeps a new article.
func (t *tx) InsertArticle(a *dateline.Article) error {
	args, err := rowOf(a)
	if err != nil {
		return err
	}
	h, err := t.loadHead()
	if err != nil {
		return err
	}
	h.search, t.changed = h.search+1, true
	if _, err = t.exec(`INSERT INTO articles (id, kind, version, saved, readers, draft, section, address, edition, first, updated,
		created, saved_at, saved_by, author, due, more, words, embargo, stood, search)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`, append(args, h.search)...); err != nil {
		return err
	}
	if t.fresh == nil {
		t.fresh = map[dateline.ID]*fresh{}
	}
	t.fresh[a.ID] = &fresh{row: h.search}
	return nil
}

// UpdateArticle puts an article in place of its version was.
func (t *tx) UpdateArticle(a *dateline.Article, was int64) error {
	args, err := rowOf(a)
	if err != nil {
		return err
	}
	n, err := t.exec(`UPDATE articles SET kind = $2, version = $3, saved = $4, readers = $5, draft = $6, section = $7, address = $8,
		edition = $9, first = $10, updated = $11, created = $12, saved_at = $13, saved_by = $14, author = $15, due = $16, more = $17,
		words = $18, embargo = $19, stood = $20 WHERE id = $1 AND version = $21`, append(args, was)...)
	return changedOne(n, err, "the article")
}

const articleColumns = `a.id, a.kind, a.version, a.saved, a.readers, a.draft, a.address, a.edition, a.first, a.updated,
	a.created, a.saved_at, a.saved_by, a.author, a.more, a.words, v.content`

func scanArticle(scan func(...any) error, extra ...any) (*dateline.Article, error) {
	var a dateline.Article
	var first, updated, created, saved int64
	var rest, content string
	dest := []any{&a.ID, &a.Kind, &a.Version, &a.Saved, &a.Readers, &a.Draft, &a.Address, &a.Edition, &first, &updated,
		&created, &saved, &a.SavedBy, &a.Author, &rest, &a.Words, &content}
	if err := scan(append(dest, extra...)...); err != nil {
		return nil, translate(err)
	}
	a.First, a.Updated, a.Created, a.SavedAt = instant(first), instant(updated), instant(created), instant(saved)
	var m more
	if err := decode(rest, &m); err != nil {
		return nil, err
	}
	a.Schedule, a.Proposed, a.Embargo, a.Hold, a.Cleared = m.Schedule, m.Proposed, m.Embargo, m.Hold, m.Cleared
	a.Private, a.Former, a.Withdrawal, a.Origin = m.Private, m.Former, m.Withdrawal, m.Origin
	if m.Sent != nil {
		a.Sent = *m.Sent
	}
	return &a, decode(content, &a.Content)
}

// FindArticle returns an article with what was saved last.
func (t *tx) FindArticle(id dateline.ID) (*dateline.Article, error) {
	st, err := t.stmt("SELECT " + articleColumns + `, v.body FROM articles a JOIN versions v ON v.article = a.id AND v.version = a.saved
		WHERE a.id = $1`)
	if err != nil {
		return nil, err
	}
	var body string
	a, err := scanArticle(st.QueryRow(string(id)).Scan, &body)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, dateline.Errorf(dateline.ENotFound, "there is no article %.60s", id)
	}
	if err != nil {
		return nil, err
	}
	a.Content.Body = rawBody(body)
	return a, nil
}

// IndexArticle gives an article a new row in the word index, above all others; one that this transaction made has one.
func (t *tx) IndexArticle(id dateline.ID, words string) error {
	if !t.late {
		return t.indexNow(id, words)
	}
	if _, err := t.loadHead(); err != nil {
		return err
	}
	if err := t.one("SELECT 1 FROM articles WHERE id = $1", []any{string(id)}, new(int)); err != nil {
		return err
	}
	t.words = append(t.words, wordsOf{id, words})
	return nil
}

func (t *tx) indexNow(id dateline.ID, words string) error {
	if f := t.fresh[id]; f != nil && !f.words {
		f.words = true
		return t.replaceWords(0, f.row, words)
	}
	h, err := t.loadHead()
	if err != nil {
		return err
	}
	var was int64
	if err := t.one("SELECT search FROM articles WHERE id = $1", []any{string(id)}, &was); err != nil {
		return err
	}
	h.search, t.changed = h.search+1, true
	if err := t.replaceWords(was, h.search, words); err != nil {
		return err
	}
	_, err = t.exec("UPDATE articles SET search = $1 WHERE id = $2", h.search, string(id))
	return err
}

// ClaimDue returns the article that is due the longest. SQLite has one writer, so the transaction itself is the claim.
func (t *tx) ClaimDue(now time.Time) (*dateline.Article, error) {
	var id dateline.ID
	if err := t.one("SELECT id FROM articles WHERE due <= $1 ORDER BY due, id LIMIT 1", []any{micros(now)}, &id); err != nil {
		return nil, err
	}
	return t.FindArticle(id)
}

// NextDue returns the earliest hour of any schedule.
func (t *tx) NextDue() (time.Time, error) {
	var due int64
	if err := t.one("SELECT due FROM articles WHERE due IS NOT NULL ORDER BY due LIMIT 1", nil, &due); err != nil {
		return time.Time{}, err
	}
	return instant(due), nil
}

// InsertVersion keeps a saved content.
func (t *tx) InsertVersion(v desk.Version) error {
	body := string(v.Content.Body)
	v.Content.Body = nil
	content, err := encode(v.Content)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO versions (article, version, at, by, content, body) VALUES ($1, $2, $3, $4, $5, $6)",
		string(v.Article), v.Number, micros(v.At), v.By, content, body)
	return err
}

// FindVersion returns one saved content.
func (t *tx) FindVersion(article dateline.ID, number int64) (desk.Version, error) {
	v, err := t.version("article = $1 AND version = $2", string(article), number)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		err = dateline.Errorf(dateline.ENotFound, "article %.60s has no content version %d", article, number)
	}
	return v, err
}

// FindVersionAt returns the content that was saved last at an instant.
func (t *tx) FindVersionAt(article dateline.ID, at time.Time) (desk.Version, error) {
	v, err := t.version("article = $1 AND at <= $2 ORDER BY version DESC LIMIT 1", string(article), micros(at))
	if dateline.ErrorCode(err) == dateline.ENotFound {
		err = dateline.Errorf(dateline.ENotFound, "article %.60s had no content at %s", article, at.UTC().Format(time.RFC3339))
	}
	return v, err
}

func (t *tx) version(where string, args ...any) (v desk.Version, err error) {
	var at int64
	var content, body string
	if err := t.one("SELECT article, version, at, by, content, body FROM versions WHERE "+where, args, &v.Article, &v.Number, &at, &v.By, &content, &body); err != nil {
		return v, err
	}
	v.At = instant(at)
	err = decode(content, &v.Content)
	v.Content.Body = rawBody(body)
	return v, err
}

// ListVersions lists saved contents without bodies, newest first.
func (t *tx) ListVersions(article dateline.ID, before int64, limit int) ([]desk.Version, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	var list []desk.Version
	err := t.each(`SELECT version, at, by, content FROM versions WHERE article = $1 AND version < $2 ORDER BY version DESC LIMIT $3`,
		[]any{string(article), before, limit}, func(rows *sql.Rows) error {
			v := desk.Version{Article: article}
			var at int64
			var content string
			if err := rows.Scan(&v.Number, &at, &v.By, &content); err != nil {
				return translate(err)
			}
			v.At = instant(at)
			list = append(list, v)
			return decode(content, &list[len(list)-1].Content)
		})
	return list, err
}

func rawBody(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}
