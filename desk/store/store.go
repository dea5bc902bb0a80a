// Package store keeps the newsroom's work and the record in SQLite. It is the only package that writes the file desk.db.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"sync"

	"github.com/pressly/goose/v3"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

//go:embed sqlite/*.sql
var migrations embed.FS

// readers is how many transactions may read at once. A reader costs a connection's page cache of two megabytes at most.
const readers = 4

// Store is a desk.Store on one SQLite file.
type Store struct {
	db      *sql.DB
	watch   *desk.Watch
	writer  chan *conn // holds the one connection that writes, when nobody does
	readers chan *conn
	closing sync.Once

	together chan *change // from those who wait for the writer to one who has it
}

var _ desk.Store = (*Store)(nil)

// Open opens the database at path, making it where there is none and bringing its tables up to date. The clock tells the
// instants of transactions.
func Open(ctx context.Context, path string, clock desk.Clock) (_ *Store, err error) {
	defer func() { err = at(path, err) }()
	address, err := dataSource(path)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", address)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, watch: desk.NewWatch(clock), writer: make(chan *conn, 1), readers: make(chan *conn, readers), together: make(chan *change)}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	if err := migrate(ctx, s.db); err != nil {
		return err
	}
	w, err := s.connect(ctx, "PRAGMA cache_size = -16000")
	if err != nil {
		return err
	}
	s.writer <- w
	for range readers {
		r, err := s.connect(ctx, "PRAGMA query_only = 1")
		if err != nil {
			return err
		}
		s.readers <- r
	}
	return nil
}

// synchronous is how a commit waits for the disk. It is a variable only so that a control can be linked that does not wait
// (faulttest); nothing sets it while the program runs.
var synchronous = "FULL"

// dataSource is the driver's address of a file. The pragmas hold for every connection: an act that was acknowledged is on
// disk (synchronous FULL), and what a foreign key names is there. The log may grow to 16 MB before it is folded in, so that
// an import does not write the same pages of its indexes again for every batch.
func dataSource(path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	q := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(" + synchronous + ")", "foreign_keys(1)",
		"secure_delete(1)", "temp_store(memory)", "wal_autocheckpoint(4000)"}}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(full), RawQuery: q.Encode()}).String(), nil
}

func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "sqlite")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring the tables up to date: %w", err)
	}
	return nil
}

// conn is one connection with the statements that were prepared on it.
type conn struct {
	c     *sql.Conn
	stmts map[string]*sql.Stmt
}

func (s *Store) connect(ctx context.Context, pragma string) (*conn, error) {
	c, err := s.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.ExecContext(ctx, pragma); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return &conn{c, map[string]*sql.Stmt{}}, nil
}

// stmt prepares a statement once per connection. Statements run without the caller's context: with one the driver starts
// a goroutine for each, and every statement here is bounded.
func (c *conn) stmt(query string) (*sql.Stmt, error) {
	if st, ok := c.stmts[query]; ok {
		return st, nil
	}
	st, err := c.c.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = st
	return st, nil
}

func (c *conn) run(query string) error {
	st, err := c.stmt(query)
	if err != nil {
		return err
	}
	_, err = st.Exec()
	return err
}

// View runs f over one unchanging state of the store.
func (s *Store) View(ctx context.Context, f func(desk.Tx) error) error {
	return s.do(ctx, s.readers, "BEGIN", f)
}

// Update runs f alone among writers and keeps what it did, or nothing of it.
func (s *Store) Update(ctx context.Context, f func(desk.Tx) error) error {
	return s.do(ctx, s.writer, "BEGIN IMMEDIATE", f)
}

func (s *Store) do(ctx context.Context, pool chan *conn, begin string, f func(desk.Tx) error) (err error) {
	var c *conn
	select {
	case <-ctx.Done():
		return gone(ctx)
	case c = <-pool:
	}
	if c == nil {
		return closing()
	}
	defer func() { pool <- c }()
	if ctx.Err() != nil {
		return gone(ctx)
	}
	t := &tx{c: c, watch: s.watch, place: desk.PlaceOf(ctx), write: pool == s.writer}
	return t.commit(begin, func() error {
		if err := f(t); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return gone(ctx)
		}
		return nil
	})
}

// commit begins a transaction, runs f and commits; where f or the commit fails, nothing of it stays.
func (t *tx) commit(begin string, f func() error) (err error) {
	if err := t.c.run(begin); err != nil {
		return translate(err)
	}
	committed := false
	defer func() {
		t.done = true
		if !committed {
			err = errors.Join(err, t.c.rollback())
		}
	}()
	if err := f(); err != nil {
		return err
	}
	if err := t.flush(); err != nil {
		return err
	}
	if err := t.c.run("COMMIT"); err != nil {
		return translate(err)
	}
	committed = true
	if t.confirm {
		t.watch.Confirm()
	}
	return nil
}

// rollback undoes what is open.
func (c *conn) rollback() error {
	if err := c.run("ROLLBACK"); err != nil && !nothingOpen(err) {
		return translate(err)
	}
	return nil
}

func gone(ctx context.Context) error {
	return &dateline.Error{Code: dateline.EUnavailable, Message: "it was given up before it was done; nothing was changed", Cause: context.Cause(ctx)}
}

// Close waits for the transactions under way and closes the file.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		for _, pool := range []chan *conn{s.readers, s.writer} {
			for range cap(pool) {
				err = errors.Join(err, (<-pool).close())
			}
			close(pool)
		}
		err = errors.Join(err, s.db.Close())
	})
	return err
}

func (c *conn) close() (err error) {
	for _, st := range c.stmts {
		err = errors.Join(err, st.Close())
	}
	return errors.Join(err, c.c.Close())
}
