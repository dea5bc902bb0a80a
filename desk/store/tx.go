package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// tx is one transaction. The head row is read when first needed, which locks it on databases that lock rows, and written
// back once before the commit.
type tx struct {
	c       *conn
	watch   *desk.Watch
	place   *desk.Place
	write   bool
	done    bool
	confirm bool
	late    bool // words are given to the index before the commit, for all changes at once
	depth   int  // of Nested
	state
}

// state is what a transaction holds in memory until its commit.
type state struct {
	head    *head
	changed bool // head differs from its row
	now     time.Time
	leaves  [][]byte // of entries that the tree has not yet
	fresh   map[dateline.ID]*fresh
	treed   int64 // the size of the tree in its table
	words   []wordsOf
}

// wordsOf are words that the index is to have of an article.
type wordsOf struct {
	article dateline.ID
	words   string
}

// fresh is an article that this transaction made: what was never kept for it need not be looked for.
type fresh struct {
	row           int64 // in the word index, kept free for it
	words, topics bool  // it has had them
}

type head struct {
	sequence int64
	guard    time.Time
	search   int64
}

var _ desk.Tx = (*tx)(nil)

func (t *tx) loadHead() (*head, error) {
	if t.head != nil {
		return t.head, nil
	}
	query := "SELECT seq, guard, search FROM head WHERE id = 1"
	if t.write {
		query = "UPDATE head SET seq = seq WHERE id = 1 RETURNING seq, guard, search"
	}
	var h head
	var guard int64
	if err := t.one(query, nil, &h.sequence, &guard, &h.search); err != nil {
		return nil, err
	}
	if guard != 0 {
		h.guard = instant(guard)
	}
	t.head, t.treed = &h, h.sequence
	return t.head, nil
}

// flush writes what the transaction held in memory.
func (t *tx) flush() error {
	if !t.write || t.head == nil {
		return nil
	}
	for _, w := range t.words {
		if err := t.indexNow(w.article, w.words); err != nil {
			return err
		}
	}
	if err := t.flushTree(); err != nil {
		return err
	}
	if !t.changed {
		return nil
	}
	_, err := t.exec("UPDATE head SET seq = $1, guard = $2, search = $3 WHERE id = 1", t.head.sequence, micros(t.head.guard), t.head.search)
	t.changed = false
	return err
}

// Nested runs f inside a savepoint.
func (t *tx) Nested(f func() error) error {
	t.depth++
	defer func() { t.depth-- }()
	err, broken := t.savepoint("nested"+strconv.Itoa(t.depth), f)
	if broken != nil && err != nil {
		return fmt.Errorf("%w; and it could not be undone: %w", err, broken)
	}
	return errors.Join(err, broken)
}

// savepoint runs f, whose error it gives back, and undoes what f did where it fails. Where broken is not nil the database
// has lost the transaction, or it is not known what is still in it: it can only be rolled back.
func (t *tx) savepoint(name string, f func() error) (err, broken error) {
	before := t.state
	if before.head != nil {
		h := *before.head
		before.head = &h
	}
	if _, err := t.exec("SAVEPOINT " + name); err != nil {
		return nil, err
	}
	if err = f(); err == nil {
		_, broken = t.exec("RELEASE " + name)
		return nil, broken
	}
	t.state = before
	t.fresh = nil // which of them are still there is not known
	for _, undo := range []string{"ROLLBACK TO ", "RELEASE "} {
		if _, broken := t.exec(undo + name); broken != nil {
			return err, broken
		}
	}
	return err, nil
}

// Now is the transaction's instant; in one that writes it becomes the guard.
func (t *tx) Now() (time.Time, error) {
	if !t.now.IsZero() {
		return t.now, nil
	}
	h, err := t.loadHead()
	if err != nil {
		return time.Time{}, err
	}
	t.now = t.watch.Now(h.guard)
	if t.write {
		h.guard, t.changed = t.now, true
	}
	return t.now, nil
}

// CheckClock compares the clock with the guard as it stood before this transaction.
func (t *tx) CheckClock() error {
	h, err := t.loadHead()
	if err != nil {
		return err
	}
	return t.watch.Check(h.guard)
}

// ConfirmClock sets the guard back to the clock as it is.
func (t *tx) ConfirmClock() error {
	h, err := t.loadHead()
	if err != nil {
		return err
	}
	t.now = t.watch.Wall()
	h.guard, t.changed, t.confirm = t.now, true, true
	return nil
}

// exec runs a statement that changes rows and says how many.
func (t *tx) exec(query string, args ...any) (int64, error) {
	st, err := t.stmt(query)
	if err != nil {
		return 0, err
	}
	res, err := st.Exec(args...)
	if err != nil {
		return 0, translate(err)
	}
	n, err := res.RowsAffected()
	return n, translate(err)
}

// one reads the single row of a query into dest; ENotFound where there is none.
func (t *tx) one(query string, args []any, dest ...any) error {
	st, err := t.stmt(query)
	if err != nil {
		return err
	}
	return translate(st.QueryRow(args...).Scan(dest...))
}

// each calls f for every row of a query.
func (t *tx) each(query string, args []any, f func(*sql.Rows) error) (err error) {
	st, err := t.stmt(query)
	if err != nil {
		return err
	}
	rows, err := st.Query(args...)
	if err != nil {
		return translate(err)
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = translate(e)
		}
	}()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}

func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if t.done {
		return nil, dateline.Errorf(dateline.EInternal, "a transaction was used after its end")
	}
	st, err := t.c.stmt(query)
	return st, translate(err)
}

// changedOne turns the number of rows that an update by version changed into its answer.
func changedOne(n int64, err error, what dateline.Phrase) error {
	if err == nil && n != 1 {
		return dateline.Errorf(dateline.EConflict, "%s was changed by somebody else meanwhile", what)
	}
	return err
}

// noTime stands for the zero time in a column; instants of articles may lie on both sides of 1970.
const noTime = math.MinInt64

// micros is the form of instants in the database.
func micros(at time.Time) int64 {
	if at.IsZero() {
		return noTime
	}
	return at.UnixMicro()
}

func instant(us int64) time.Time {
	if us == noTime {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", &dateline.Error{Code: dateline.EInternal, Message: "a value could not be kept", Cause: err}
	}
	return string(b), nil
}

func decode(s string, into any) error {
	if err := json.Unmarshal([]byte(s), into); err != nil {
		return &dateline.Error{Code: dateline.EInternal, Message: "a kept value cannot be read", Cause: err}
	}
	return nil
}
