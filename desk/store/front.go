package store

import (
	"database/sql"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

var _ desk.Fronts = (*tx)(nil)

// InsertFront keeps a front that nobody arranged before.
func (t *tx) InsertFront(f *dateline.Front) error {
	data, err := encode(f)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO fronts (id, version, due, data) VALUES ($1, $2, $3, $4)", string(f.ID), f.Version, dueOf(f), data)
	if dateline.ErrorCode(err) == dateline.EConflict {
		return dateline.Errorf(dateline.EConflict, "the front was arranged by somebody else meanwhile")
	}
	return err
}

// UpdateFront puts a front in place of its version was.
func (t *tx) UpdateFront(f *dateline.Front, was int64) error {
	data, err := encode(f)
	if err != nil {
		return err
	}
	n, err := t.exec("UPDATE fronts SET version = $2, due = $3, data = $4 WHERE id = $1 AND version = $5", string(f.ID), f.Version, dueOf(f), data, was)
	return changedOne(n, err, "the front")
}

func dueOf(f *dateline.Front) any {
	if due := f.Due(); !due.IsZero() {
		return micros(due)
	}
	return nil
}

// FindFront returns a front.
func (t *tx) FindFront(id dateline.ID) (*dateline.Front, error) {
	return t.front("SELECT data FROM fronts WHERE id = $1", string(id))
}

// ListArranged lists every front that somebody has arranged.
func (t *tx) ListArranged() (list []*dateline.Front, err error) {
	err = t.each("SELECT data FROM fronts ORDER BY id", nil, func(rows *sql.Rows) error {
		var data string
		if err := rows.Scan(&data); err != nil {
			return translate(err)
		}
		list = append(list, new(dateline.Front))
		return decode(data, list[len(list)-1])
	})
	return list, err
}

// ClaimDueFront returns one front that is due to change, the longest due first.
func (t *tx) ClaimDueFront(now time.Time) (*dateline.Front, error) {
	return t.front("SELECT data FROM fronts WHERE due <= $1 ORDER BY due, id LIMIT 1", micros(now))
}

func (t *tx) front(query string, key any) (*dateline.Front, error) {
	var data string
	err := t.one(query, []any{key}, &data)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, dateline.Errorf(dateline.ENotFound, "nobody has arranged this front yet")
	}
	if err != nil {
		return nil, err
	}
	f := new(dateline.Front)
	return f, decode(data, f)
}

// NextFrontDue returns the earliest instant at which a front changes by itself.
func (t *tx) NextFrontDue() (time.Time, error) {
	var due sql.NullInt64
	if err := t.one("SELECT min(due) FROM fronts WHERE due IS NOT NULL", nil, &due); err != nil {
		return time.Time{}, err
	}
	if !due.Valid {
		return time.Time{}, dateline.Errorf(dateline.ENotFound, "no front changes by itself")
	}
	return instant(due.Int64), nil
}

// SaveFrontVersion keeps a saved arrangement, or what became of it.
func (t *tx) SaveFrontVersion(v *dateline.FrontVersion) error {
	data, err := encode(v)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO front_versions (front, number, data) VALUES ($1, $2, $3)
		ON CONFLICT (front, number) DO UPDATE SET data = excluded.data`, string(v.Front), v.Number, data)
	return err
}

// FindFrontVersion returns a saved arrangement.
func (t *tx) FindFrontVersion(front dateline.ID, number int64) (*dateline.FrontVersion, error) {
	var data string
	err := t.one("SELECT data FROM front_versions WHERE front = $1 AND number = $2", []any{string(front), number}, &data)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, dateline.Errorf(dateline.ENotFound, "the front has no saved arrangement %d", number)
	}
	if err != nil {
		return nil, err
	}
	v := new(dateline.FrontVersion)
	return v, decode(data, v)
}

// ListFrontVersions lists saved arrangements, newest first.
func (t *tx) ListFrontVersions(front dateline.ID, before int64, limit int) (list []*dateline.FrontVersion, err error) {
	err = t.each("SELECT data FROM front_versions WHERE front = $1 AND ($2 = 0 OR number < $2) ORDER BY number DESC LIMIT $3",
		[]any{string(front), before, limit}, func(rows *sql.Rows) error {
			var data string
			if err := rows.Scan(&data); err != nil {
				return translate(err)
			}
			list = append(list, new(dateline.FrontVersion))
			return decode(data, list[len(list)-1])
		})
	return list, err
}
