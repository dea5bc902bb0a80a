package store

import (
	"database/sql"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// InsertEdition keeps an edition.
func (t *tx) InsertEdition(e dateline.Edition) error {
	_, err := t.exec(`INSERT INTO editions (article, number, change, note, seq, recorded, public, first, updated, version, by, corrects)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, string(e.Article), e.Number, string(e.Change), e.Note, e.Sequence,
		micros(e.Recorded), micros(e.Public), micros(e.First), micros(e.Updated), e.Version, e.By, e.Corrects)
	return err
}

// ListEditions lists an article's editions, first to last.
func (t *tx) ListEditions(article dateline.ID) ([]dateline.Edition, error) {
	var list []dateline.Edition
	err := t.each(`SELECT number, change, note, seq, recorded, public, first, updated, version, by, corrects FROM editions
		WHERE article = $1 ORDER BY number`, []any{string(article)}, func(rows *sql.Rows) error {
		e := dateline.Edition{Article: article}
		var recorded, public, first, updated int64
		if err := rows.Scan(&e.Number, &e.Change, &e.Note, &e.Sequence, &recorded, &public, &first, &updated, &e.Version, &e.By, &e.Corrects); err != nil {
			return translate(err)
		}
		e.Recorded, e.Public, e.First, e.Updated = instant(recorded), instant(public), instant(first), instant(updated)
		list = append(list, e)
		return nil
	})
	return list, err
}

// SetTopics says under which topics an article stands in public.
func (t *tx) SetTopics(article dateline.ID, first time.Time, topics []dateline.ID) error {
	if f := t.fresh[article]; f != nil && !f.topics {
		f.topics = true
	} else if _, err := t.exec("DELETE FROM topic_uses WHERE article = $1", string(article)); err != nil {
		return err
	}
	for _, topic := range topics {
		if _, err := t.exec("INSERT INTO topic_uses (topic, first, article) VALUES ($1, $2, $3)", string(topic), micros(first), string(article)); err != nil {
			return err
		}
	}
	return nil
}

// ListTopicUses lists public articles of a topic, newest first.
func (t *tx) ListTopicUses(topic dateline.ID, before time.Time, limit int) ([]desk.TopicUse, error) {
	var list []desk.TopicUse
	err := t.each("SELECT first, article FROM topic_uses WHERE topic = $1 AND first < $2 ORDER BY first DESC, article DESC LIMIT $3",
		[]any{string(topic), micros(before), limit}, func(rows *sql.Rows) error {
			var u desk.TopicUse
			var first int64
			if err := rows.Scan(&first, &u.Article); err != nil {
				return translate(err)
			}
			u.First = instant(first)
			list = append(list, u)
			return nil
		})
	return list, err
}

// Withhold makes ListEntries give some entries without body and salt.
func (t *tx) Withhold(entries []int64, withdrawal int64) error {
	for _, seq := range entries {
		if _, err := t.exec("INSERT INTO withheld (seq, withdrawal) VALUES ($1, $2)", seq, withdrawal); err != nil {
			return err
		}
	}
	return nil
}

// Release ends what a withdrawal withheld.
func (t *tx) Release(withdrawal int64) ([]int64, error) {
	var list []int64
	err := t.each("SELECT seq FROM withheld WHERE withdrawal = $1 ORDER BY seq", []any{withdrawal}, func(rows *sql.Rows) error {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return translate(err)
		}
		list = append(list, seq)
		return nil
	})
	if err != nil {
		return nil, err
	}
	_, err = t.exec("DELETE FROM withheld WHERE withdrawal = $1", withdrawal)
	return list, err
}

// AppendEntry gives an entry the next number and keeps it; the tree follows before the commit.
func (t *tx) AppendEntry(e *record.Entry) error {
	h, err := t.loadHead()
	if err != nil {
		return err
	}
	e.Sequence = h.sequence + 1
	_, err = t.exec("INSERT INTO entries (seq, at, kind, schema, subject, role, body, salt, commitment) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		e.Sequence, micros(e.At), string(e.Kind), e.Schema, string(e.Subject), string(e.Role), e.Body, e.Salt, e.Commitment[:])
	if err != nil {
		return err
	}
	h.sequence, t.changed = e.Sequence, true
	t.leaves = append(t.leaves, e.Leaf())
	return nil
}

const entryColumns = "e.seq, e.at, e.kind, e.schema, e.subject, e.role, e.commitment"

func (t *tx) entries(query string, args ...any) ([]record.Entry, error) {
	var list []record.Entry
	err := t.each(query, args, func(rows *sql.Rows) error {
		var e record.Entry
		var at int64
		var commitment []byte
		if err := rows.Scan(&e.Sequence, &at, &e.Kind, &e.Schema, &e.Subject, &e.Role, &commitment, &e.Body, &e.Salt); err != nil {
			return translate(err)
		}
		if len(commitment) != len(e.Commitment) {
			return dateline.Errorf(dateline.EInternal, "entry %d: its commitment has %d bytes", e.Sequence, len(commitment))
		}
		e.At, e.Commitment = instant(at), [32]byte(commitment)
		list = append(list, e)
		return nil
	})
	return list, err
}

// ListEntries lists entries after a sequence number, withheld ones without body and salt.
func (t *tx) ListEntries(after int64, limit int) ([]record.Entry, error) {
	return t.entries("SELECT "+entryColumns+`, CASE WHEN w.seq IS NULL THEN e.body END, CASE WHEN w.seq IS NULL THEN e.salt END
		FROM entries e LEFT JOIN withheld w ON w.seq = e.seq WHERE e.seq > $1 ORDER BY e.seq LIMIT $2`, after, limit)
}

// FindEntry returns one entry as it is kept.
func (t *tx) FindEntry(sequence int64) (record.Entry, error) {
	list, err := t.entries("SELECT "+entryColumns+", e.body, e.salt FROM entries e WHERE e.seq = $1", sequence)
	if err == nil && len(list) == 0 {
		err = dateline.Errorf(dateline.ENotFound, "the record has no entry %d", sequence)
	}
	if err != nil {
		return record.Entry{}, err
	}
	return list[0], nil
}

// ListWithdrawals lists withdrawals, restorations and redactions after a sequence number.
func (t *tx) ListWithdrawals(after int64, limit int) ([]record.Entry, error) {
	return t.entries("SELECT "+entryColumns+`, e.body, e.salt FROM entries e
		WHERE e.kind IN ('withdrawal', 'restoration', 'redaction') AND e.seq > $1 ORDER BY e.seq LIMIT $2`, after, limit)
}

// ListStoriesTold lists the running stories that have entries after a sequence number.
func (t *tx) ListStoriesTold(after int64) (list []dateline.ID, err error) {
	err = t.each("SELECT DISTINCT subject FROM entries WHERE kind = 'story' AND seq > $1 ORDER BY subject", []any{after}, func(rows *sql.Rows) error {
		var id string
		if err := rows.Scan(&id); err != nil {
			return translate(err)
		}
		list = append(list, dateline.ID(id))
		return nil
	})
	return list, err
}

// Sequence returns the newest entry's number.
func (t *tx) Sequence() (int64, error) {
	h, err := t.loadHead()
	if err != nil {
		return 0, err
	}
	return h.sequence, nil
}

// Root returns the root of the tree over the first size entries.
func (t *tx) Root(size int64) (record.Hash, error) {
	if err := t.flushTree(); err != nil {
		return record.Hash{}, err
	}
	root, err := record.Root(tiles{t}, size)
	if err != nil {
		return root, &dateline.Error{Code: dateline.EInternal, Message: "the record's tree is damaged", Cause: err}
	}
	return root, nil
}

func (t *tx) flushTree() error {
	if len(t.leaves) == 0 {
		return nil
	}
	size, err := record.Append(tiles{t}, t.treed, t.leaves)
	if err != nil {
		return &dateline.Error{Code: dateline.EInternal, Message: "the record's tree could not be continued", Cause: err}
	}
	t.treed, t.leaves = size, nil
	return nil
}

// tiles keeps the record's tree in its table.
type tiles struct{ t *tx }

var _ record.Tiles = tiles{}

// Tile returns the bytes of a tile so far.
func (k tiles) Tile(level int, index int64) ([]byte, error) {
	var data []byte
	err := k.t.one("SELECT data FROM tree WHERE level = $1 AND idx = $2", []any{level, index}, &data)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, nil
	}
	return data, err
}

// PutTile keeps a tile.
func (k tiles) PutTile(level int, index int64, data []byte) error {
	_, err := k.t.exec(`INSERT INTO tree (level, idx, data) VALUES ($1, $2, $3)
		ON CONFLICT (level, idx) DO UPDATE SET data = excluded.data`, level, index, data)
	return err
}

// ProveExtends proves that the record goes on from what it was.
func (t *tx) ProveExtends(newer, older int64) ([]record.Hash, error) {
	if err := t.flushTree(); err != nil {
		return nil, err
	}
	proof, err := record.ProveExtends(tiles{t}, newer, older)
	if err != nil {
		return nil, &dateline.Error{Code: dateline.EInternal, Message: "the record's tree is damaged", Cause: err}
	}
	return proof, nil
}

// SaveCheckpoint keeps a signed checkpoint.
func (t *tx) SaveCheckpoint(size int64, note []byte) error {
	_, err := t.exec("DELETE FROM checkpoints WHERE size < $1", size)
	if err == nil {
		_, err = t.exec("INSERT INTO checkpoints (size, note) VALUES ($1, $2) ON CONFLICT (size) DO UPDATE SET note = excluded.note", size, note)
	}
	return err
}

// SaveCosigned keeps a cosigned checkpoint.
func (t *tx) SaveCosigned(c record.Cosigned) error {
	_, err := t.exec("INSERT INTO cosigned (witness, size, note) VALUES ($1, $2, $3) ON CONFLICT (witness, size) DO NOTHING", c.Witness, c.Size, c.Note)
	return err
}

// FindCosigned returns what a witness cosigned last.
func (t *tx) FindCosigned(witness string) (record.Cosigned, error) {
	list, err := t.cosigned("witness = $1 ORDER BY size DESC LIMIT 1", witness)
	if err == nil && len(list) == 0 {
		err = dateline.Errorf(dateline.ENotFound, "the witness %.80s has cosigned nothing yet", witness)
	}
	if err != nil {
		return record.Cosigned{}, err
	}
	return list[0], nil
}

// ListCosigned lists cosigned checkpoints after a number.
func (t *tx) ListCosigned(after int64, limit int) ([]record.Cosigned, error) {
	return t.cosigned("n > $1 ORDER BY n LIMIT $2", after, limit)
}

func (t *tx) cosigned(where string, args ...any) (list []record.Cosigned, err error) {
	err = t.each("SELECT n, witness, size, note FROM cosigned WHERE "+where, args, func(rows *sql.Rows) error {
		var c record.Cosigned
		err := translate(rows.Scan(&c.Number, &c.Witness, &c.Size, &c.Note))
		list = append(list, c)
		return err
	})
	return list, err
}

// FindCheckpoint returns the signed checkpoint of the largest size.
func (t *tx) FindCheckpoint() (size int64, note []byte, err error) {
	err = t.one("SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1", nil, &size, &note)
	return size, note, err
}
