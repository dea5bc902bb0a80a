package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

var _ desk.Cleaner = (*Store)(nil)

// RemoveBody takes away an entry's body and salt.
func (t *tx) RemoveBody(sequence int64) error {
	n, err := t.exec("UPDATE entries SET body = NULL, salt = NULL WHERE seq = $1", sequence)
	if err == nil && n == 0 {
		return dateline.Errorf(dateline.ENotFound, "the record has no entry %d", sequence)
	}
	return err
}

// ListEntriesAbout lists the few entries about one thing.
func (t *tx) ListEntriesAbout(subject dateline.ID) ([]record.Entry, error) {
	return t.entries("SELECT "+entryColumns+`, e.body, e.salt FROM entries e
		WHERE e.subject = $1 AND e.kind IN ('redirect', 'withdrawal', 'person', 'topic', 'picture', 'key', 'origin') ORDER BY e.seq`, string(subject))
}

// ReplaceEdition puts an edition in place of the one with its number.
func (t *tx) ReplaceEdition(e dateline.Edition) error {
	n, err := t.exec(`UPDATE editions SET note = $3, seq = $4, recorded = $5, version = $6, by = $7, corrects = $8 WHERE article = $1 AND number = $2`,
		string(e.Article), e.Number, e.Note, e.Sequence, micros(e.Recorded), e.Version, e.By, e.Corrects)
	if err == nil && n == 0 {
		return dateline.Errorf(dateline.ENotFound, "article %.60s has no edition %d", e.Article, e.Number)
	}
	return err
}

// EmptyVersion takes away what a saved content said. Its section and language stay.
func (t *tx) EmptyVersion(article dateline.ID, number int64) error {
	v, err := t.FindVersion(article, number)
	if err != nil {
		return err
	}
	content, err := encode(dateline.Content{Section: v.Content.Section, Language: v.Content.Language})
	if err != nil {
		return err
	}
	_, err = t.exec("UPDATE versions SET content = $3, body = '' WHERE article = $1 AND version = $2", string(article), number, content)
	return err
}

// HideAddress keeps an address as its hash.
func (t *tx) HideAddress(address string) error {
	_, err := t.exec("UPDATE addresses SET address = $2 WHERE address = $1", address, desk.HiddenAddress(address))
	return err
}

// RemoveAnswers drops receipts and idempotent answers that name an article or hold words.
func (t *tx) RemoveAnswers(article dateline.ID, holds desk.Words) error {
	goes := func(text string) bool {
		return article != "" && strings.Contains(text, string(article)) || holds.In(text)
	}
	var receipts []int64
	err := t.each("SELECT seq, data FROM receipts", nil, func(rows *sql.Rows) error {
		var seq int64
		var data string
		err := translate(rows.Scan(&seq, &data))
		if goes(data) {
			receipts = append(receipts, seq)
		}
		return err
	})
	for _, seq := range receipts {
		if err == nil {
			_, err = t.exec("DELETE FROM receipts WHERE seq = $1", seq)
		}
	}
	if err != nil {
		return err
	}
	var keys [][2]string
	err = t.each("SELECT actor, key, result FROM request_keys", nil, func(rows *sql.Rows) error {
		var actor, key, result string
		err := translate(rows.Scan(&actor, &key, &result))
		if goes(result) {
			keys = append(keys, [2]string{actor, key})
		}
		return err
	})
	for _, k := range keys {
		if err == nil {
			_, err = t.exec("DELETE FROM request_keys WHERE actor = $1 AND key = $2", k[0], k[1])
		}
	}
	return err
}

// RemoveFrontVersion drops a saved arrangement of a front.
func (t *tx) RemoveFrontVersion(front dateline.ID, number int64) error {
	_, err := t.exec("DELETE FROM front_versions WHERE front = $1 AND number = $2", string(front), number)
	return err
}

// removed stands where an audit line's words were.
const removed = "removed"

// What people said in a line of the audit, in a picture's earlier state, and in a note or suggestion. The keys and codes of JSON are not searched, for a
// person may be called Said, and nor is what a detail is made of, whose English the detail is.
const (
	saidInLine = `detail || coalesce((SELECT char(10) || group_concat(j.atom, char(10)) FROM json_tree(nullif(more, ''), '$.picture') j
		WHERE j.type = 'text' AND j.key NOT IN ('id', 'path')), '')`
	saidInState = `coalesce((SELECT group_concat(j.atom, char(10)) FROM json_tree(s.data) j
		WHERE j.type = 'text' AND j.key NOT IN ('id', 'hash', 'format', 'served')), '')`
	saidInRemark = `coalesce((SELECT group_concat(j.atom, char(10)) FROM json_tree(data) j
		WHERE j.type = 'text' AND j.key NOT IN ('id', 'article')), '')`
)

// EmptyAudit takes away the details of audit lines, and the earlier states of pictures, that hold words.
func (t *tx) EmptyAudit(holds desk.Words) (int, error) {
	var lines []int64
	err := t.each("SELECT n, "+saidInLine+" FROM audit WHERE detail <> $1 AND (detail <> '' OR more <> '')", []any{removed}, func(rows *sql.Rows) error {
		var n int64
		var detail string
		if err := rows.Scan(&n, &detail); err != nil {
			return translate(err)
		}
		if holds.In(detail) {
			lines = append(lines, n)
		}
		return nil
	})
	for _, n := range lines {
		if err == nil {
			_, err = t.exec("UPDATE audit SET detail = $2, more = '' WHERE n = $1", n, removed)
		}
	}
	if err != nil {
		return len(lines), err
	}
	return len(lines), t.forgetStates(holds)
}

// forgetStates drops the states of pictures that hold words, but for the one that a picture has now.
func (t *tx) forgetStates(holds desk.Words) error {
	type state struct {
		picture string
		version int64
	}
	var list []state
	err := t.each("SELECT s.picture, s.version, "+saidInState+" FROM picture_states s JOIN pictures p ON p.id = s.picture AND s.version < p.version", nil, func(rows *sql.Rows) error {
		var s state
		var data string
		err := translate(rows.Scan(&s.picture, &s.version, &data))
		if holds.In(data) {
			list = append(list, s)
		}
		return err
	})
	for _, s := range list {
		if err == nil {
			_, err = t.exec("DELETE FROM picture_states WHERE picture = $1 AND version = $2", s.picture, s.version)
		}
	}
	return err
}

// RemoveRemarks drops an article's notes and suggestions.
func (t *tx) RemoveRemarks(article dateline.ID, holds desk.Words) error {
	for _, table := range []string{"notes", "suggestions"} {
		var ids []string
		err := t.each("SELECT id, "+saidInRemark+" FROM "+table+" WHERE article = $1", []any{string(article)}, func(rows *sql.Rows) error {
			var id, data string
			err := translate(rows.Scan(&id, &data))
			if len(holds) == 0 || holds.In(data) {
				ids = append(ids, id)
			}
			return err
		})
		for _, id := range ids {
			if err == nil {
				_, err = t.exec("DELETE FROM "+table+" WHERE article = $1 AND id = $2", string(article), id)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// HideImport keeps what an article was called elsewhere as a hash, where that holds the words.
func (t *tx) HideImport(article dateline.ID, holds desk.Words) error {
	type key struct{ source, external string }
	var list []key
	err := t.each("SELECT source, external FROM imported WHERE article = $1", []any{string(article)}, func(rows *sql.Rows) error {
		var k key
		err := translate(rows.Scan(&k.source, &k.external))
		if holds.In(k.external) {
			list = append(list, k)
		}
		return err
	})
	for _, k := range list {
		if err == nil {
			_, err = t.exec("UPDATE imported SET external = $3 WHERE source = $1 AND external = $2", k.source, k.external, desk.HiddenAddress(k.external))
		}
	}
	return err
}

// ListNaming lists the articles of which any saved content names something by its id.
func (t *tx) ListNaming(id dateline.ID) (list []dateline.ID, err error) {
	err = t.each("SELECT DISTINCT article FROM versions WHERE content LIKE $1 OR body LIKE $1 ORDER BY article", []any{"%" + string(id) + "%"},
		func(rows *sql.Rows) error {
			var article dateline.ID
			err := translate(rows.Scan(&article))
			list = append(list, article)
			return err
		})
	return list, err
}

// RemovePicture drops a picture's row.
func (t *tx) RemovePicture(id dateline.ID) error {
	if _, err := t.exec("DELETE FROM picture_states WHERE picture = $1", string(id)); err != nil {
		return err
	}
	_, err := t.exec("DELETE FROM pictures WHERE id = $1", string(id))
	return err
}

// holders are the places where words may stand: what they are called, what they belong to, and a query for key and text. The texts
// of entries are asked last, because they are many.
var holders = []struct {
	what  string
	of    record.Kind
	query string
}{
	{"publication", record.KindPublication, "SELECT 'settings', data FROM publication"},
	{"section", record.KindSection, "SELECT id, data FROM sections"},
	{"topic", record.KindTopic, "SELECT id, data FROM topics"},
	{"person", record.KindPerson, "SELECT id, data FROM persons"},
	{"picture", record.KindPicture, "SELECT id, data FROM pictures"},
	{"earlier state of a picture", record.KindPicture, "SELECT s.picture || '/' || s.version, " + saidInState + " FROM picture_states s JOIN pictures p ON p.id = s.picture AND s.version < p.version"},
	{"article", desk.PassageArticle, "SELECT id, address || ' ' || more FROM articles"},
	{"edition's note", desk.PassageArticle, "SELECT article || '/' || number, note FROM editions WHERE note <> ''"},
	{"address", "", "SELECT owner, address FROM addresses"},
	{"running story", record.KindStory, "SELECT id, data FROM stories"},
	{"live coverage", record.KindLiveState, "SELECT article, data FROM live"},
	{"entry of a live coverage", record.KindLiveEntry, "SELECT article || '/' || number, data FROM live_entries"},
	{"front", record.KindFront, "SELECT id, data FROM fronts"},
	{"earlier front", record.KindFront, "SELECT front || '/' || number, data FROM front_versions"},
	{"note", desk.PassageArticle, "SELECT article, " + saidInRemark + " FROM notes"},
	{"suggestion", desk.PassageArticle, "SELECT article, " + saidInRemark + " FROM suggestions"},
	{"imported item", desk.PassageArticle, "SELECT article, external FROM imported"},
	{"audit line", "", "SELECT n, " + saidInLine + " FROM audit WHERE detail <> '' OR more <> ''"},
	{"receipt", "", "SELECT seq, data FROM receipts"},
	{"answer to a repeated request", "", "SELECT actor, result FROM request_keys"},
	{"setting", "", "SELECT name, value FROM settings"},
	{"saved version", desk.PassageArticle, "SELECT article || '/' || version, content || body FROM versions"},
	{"entry of the record", desk.PassageEntry, "SELECT seq, CAST(body AS TEXT) FROM entries WHERE body IS NOT NULL"},
}

// Holding names everything that still holds words.
func (t *tx) Holding(holds desk.Words) ([]desk.Holder, error) {
	var list []desk.Holder
	if len(holds) == 0 {
		return nil, nil
	}
	for _, h := range holders {
		err := t.each(h.query, nil, func(rows *sql.Rows) error {
			var key, text string
			if err := rows.Scan(&key, &text); err != nil {
				return translate(err)
			}
			if holds.InText(text) {
				list = append(list, desk.Holder{What: h.what, ID: key, Kind: h.of})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Clean rewrites the word index, which keeps the terms of deleted rows until it is merged, and folds the log into the
// database and empties it. Deleted rows themselves were overwritten when they went (secure_delete). Nobody reads meanwhile.
func (s *Store) Clean() (err error) {
	w := <-s.writer
	if w == nil {
		return dateline.Errorf(dateline.EUnavailable, "the newsroom is closing")
	}
	defer func() { s.writer <- w }()
	var held []*conn
	defer func() {
		for _, r := range held {
			s.readers <- r
		}
	}()
	for range cap(s.readers) {
		r := <-s.readers
		if r == nil {
			return dateline.Errorf(dateline.EUnavailable, "the newsroom is closing")
		}
		held = append(held, r)
	}
	if err := w.run("INSERT INTO article_words (article_words) VALUES ('optimize')"); err != nil {
		return fmt.Errorf("rewrite the word index: %w", translate(err))
	}
	return w.emptyLog()
}

// emptyLog folds the log into the database and cuts it to nothing.
func (c *conn) emptyLog() error {
	var busy, log, folded int
	row := c.c.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	if err := row.Scan(&busy, &log, &folded); err != nil {
		return fmt.Errorf("empty the database's log: %w", translate(err))
	}
	if busy != 0 {
		return errors.New("the database's log could not be emptied: another program reads the database; run the command again when it has ended")
	}
	return nil
}
