package store

import (
	"database/sql"

	"github.com/datelinehq/dateline"
)

// FindLive returns a live coverage.
func (t *tx) FindLive(article dateline.ID) (*dateline.Live, error) {
	var l dateline.Live
	var data string
	err := t.one("SELECT data FROM live WHERE article = $1", []any{string(article)}, &data)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, dateline.Errorf(dateline.ENotFound, "the live coverage %.60s has not begun", article)
	}
	if err != nil {
		return nil, err
	}
	return &l, decode(data, &l)
}

// SaveLive puts a live coverage in place of what was kept of it.
func (t *tx) SaveLive(l *dateline.Live) error {
	data, err := encode(l)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO live (article, data) VALUES ($1, $2) ON CONFLICT (article) DO UPDATE SET data = excluded.data", string(l.Article), data)
	return err
}

// SaveLiveEntry puts an entry in place of its version was.
func (t *tx) SaveLiveEntry(e *dateline.LiveEntry, was int64) error {
	data, err := encode(e)
	if err != nil {
		return err
	}
	if was == 0 {
		_, err := t.exec("INSERT INTO live_entries (article, number, version, data) VALUES ($1, $2, $3, $4)", string(e.Article), e.Number, e.Version, data)
		return err
	}
	n, err := t.exec("UPDATE live_entries SET version = $3, data = $4 WHERE article = $1 AND number = $2 AND version = $5",
		string(e.Article), e.Number, e.Version, data, was)
	return changedOne(n, err, "the entry")
}

// FindLiveEntry returns an entry by its number.
func (t *tx) FindLiveEntry(article dateline.ID, number int) (*dateline.LiveEntry, error) {
	var e dateline.LiveEntry
	var data string
	err := t.one("SELECT data FROM live_entries WHERE article = $1 AND number = $2", []any{string(article), number}, &data)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, dateline.Errorf(dateline.ENotFound, "the live coverage %.60s has no entry %d", article, number)
	}
	if err != nil {
		return nil, err
	}
	return &e, decode(data, &e)
}

// ListLiveEntries lists entries, the greatest number first.
func (t *tx) ListLiveEntries(article dateline.ID, before, limit int) (list []dateline.LiveEntry, err error) {
	if before == 0 {
		before = 1<<31 - 1
	}
	err = t.each("SELECT data FROM live_entries WHERE article = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
		[]any{string(article), before, limit}, func(rows *sql.Rows) error {
			var data string
			if err := rows.Scan(&data); err != nil {
				return translate(err)
			}
			list = append(list, dateline.LiveEntry{})
			return decode(data, &list[len(list)-1])
		})
	return list, err
}

// InsertLiveAct notes that an entry of the record is about a live coverage.
func (t *tx) InsertLiveAct(article dateline.ID, sequence int64) error {
	_, err := t.exec("INSERT INTO live_acts (article, seq) VALUES ($1, $2)", string(article), sequence)
	return err
}

// ListLiveActs lists the entries of the record that are about a live coverage.
func (t *tx) ListLiveActs(article dateline.ID) (list []int64, err error) {
	err = t.each("SELECT seq FROM live_acts WHERE article = $1 ORDER BY seq", []any{string(article)}, func(rows *sql.Rows) error {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return translate(err)
		}
		list = append(list, seq)
		return nil
	})
	return list, err
}
