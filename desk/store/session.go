package store

import (
	"database/sql"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// orNull is NULL for no bytes.
func orNull(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

// InsertSession keeps a session.
func (t *tx) InsertSession(s desk.Session) error {
	_, err := t.exec(`INSERT INTO sessions (id, account, hash, previous, until, rights, way, agent, address, created, seen)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, string(s.ID), string(s.Account), s.Hash, orNull(s.Previous), micros(s.Until), s.Rights,
		s.Way, s.Agent, s.Address, micros(s.Created), micros(s.Seen))
	return err
}

// UpdateSession puts a session in place of the one with its id.
func (t *tx) UpdateSession(s desk.Session) error {
	n, err := t.exec("UPDATE sessions SET hash = $2, previous = $3, until = $4, rights = $5, agent = $6, address = $7, seen = $8 WHERE id = $1",
		string(s.ID), s.Hash, orNull(s.Previous), micros(s.Until), s.Rights, s.Agent, s.Address, micros(s.Seen))
	return absentIfNone(n, err, "session")
}

const sessionColumns = "SELECT id, account, hash, previous, until, rights, way, agent, address, created, seen FROM sessions"

func scanSession(scan func(...any) error) (s desk.Session, err error) {
	var until, created, seen int64
	err = translate(scan(&s.ID, &s.Account, &s.Hash, &s.Previous, &until, &s.Rights, &s.Way, &s.Agent, &s.Address, &created, &seen))
	s.Until, s.Created, s.Seen = instant(until), instant(created), instant(seen)
	return s, err
}

// FindSession returns a session by a hash.
func (t *tx) FindSession(hash []byte) (desk.Session, error) {
	for _, column := range []string{"hash", "previous"} {
		st, err := t.stmt(sessionColumns + " WHERE " + column + " = $1")
		if err != nil {
			return desk.Session{}, err
		}
		s, err := scanSession(st.QueryRow(hash).Scan)
		if dateline.ErrorCode(err) != dateline.ENotFound {
			return s, err
		}
	}
	return desk.Session{}, dateline.Errorf(dateline.ENotFound, "there is no such session")
}

// ListSessions lists an account's sessions, last seen first.
func (t *tx) ListSessions(account dateline.ID) (list []desk.Session, err error) {
	err = t.each(sessionColumns+" WHERE account = $1 ORDER BY seen DESC, id DESC", []any{string(account)}, func(rows *sql.Rows) error {
		s, err := scanSession(rows.Scan)
		list = append(list, s)
		return err
	})
	return list, err
}

// DeleteSession ends a session.
func (t *tx) DeleteSession(account, id dateline.ID) error {
	n, err := t.exec("DELETE FROM sessions WHERE id = $1 AND account = $2", string(id), string(account))
	return absentIfNone(n, err, "session")
}

// DeleteSessions ends an account's sessions but one.
func (t *tx) DeleteSessions(account, except dateline.ID) (int64, error) {
	return t.exec("DELETE FROM sessions WHERE account = $1 AND id <> $2", string(account), string(except))
}

// DeleteOldSessions ends those made or last seen before two instants.
func (t *tx) DeleteOldSessions(created, seen time.Time) error {
	if _, err := t.exec("DELETE FROM sessions WHERE created < $1", micros(created)); err != nil {
		return err
	}
	_, err := t.exec("DELETE FROM sessions WHERE seen < $1", micros(seen))
	return err
}
