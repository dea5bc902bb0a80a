package shelf

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"

	"modernc.org/sqlite"

	"github.com/datelinehq/dateline/site/shelf/index"
)

// conn is one SQLite connection with the statements that were prepared on it. It is used by one goroutine at a time. The
// driver is used without database/sql, because one connection is one cache and its statements are used by the thousand.
type conn struct {
	dc    driver.Conn
	stmts map[string]driver.Stmt
	args  []driver.NamedValue
}

// row is one row of an answer: int64, string, []byte or nil.
type row []driver.Value

func (r row) int(i int) int64 {
	n, _ := r[i].(int64)
	return n
}

func (r row) text(i int) string {
	s, _ := r[i].(string)
	return s
}

func (r row) blob(i int) []byte {
	b, _ := r[i].([]byte)
	return b
}

// busyPatience is how long a connection waits for another's lock, in milliseconds.
const busyPatience = 10_000

// dataSource names a file to the driver. Whatever the path holds is escaped, and a relative one has no authority before it:
// in file://site/shelf.db SQLite would take "site" for a host.
func dataSource(path string) string {
	q := url.Values{"_busy_timeout": {strconv.Itoa(busyPatience)}}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// openConn opens a file with pragmas, in their order.
func openConn(path string, pragmas ...string) (*conn, error) {
	dc, err := (&sqlite.Driver{}).Open(dataSource(path))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	c := &conn{dc: dc, stmts: map[string]driver.Stmt{}}
	for _, p := range pragmas {
		if _, err := c.once("PRAGMA " + p); err != nil {
			return nil, errors.Join(fmt.Errorf("open %s: PRAGMA %s: %w", path, p, err), c.close())
		}
	}
	return c, nil
}

func (c *conn) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	c.stmts = nil
	return errors.Join(append(errs, c.dc.Close())...)
}

func (c *conn) stmt(query string) (driver.Stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	s, err := c.dc.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	c.stmts[query] = s
	return s, nil
}

func (c *conn) bind(args []any) []driver.NamedValue {
	c.args = c.args[:0]
	for i, a := range args {
		if n, ok := a.(int); ok {
			a = int64(n)
		}
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return c.args
}

// exec runs a kept statement that answers no rows.
func (c *conn) exec(query string, args ...any) error {
	s, err := c.stmt(query)
	if err != nil {
		return err
	}
	if _, err := s.(driver.StmtExecContext).ExecContext(context.Background(), c.bind(args)); err != nil {
		return fmt.Errorf("%.60q: %w", query, err)
	}
	return nil
}

// rows runs a kept statement and answers every row of it.
func (c *conn) rows(query string, args ...any) ([]row, error) {
	return c.rowsContext(context.Background(), query, args...)
}

func (c *conn) rowsContext(ctx context.Context, query string, args ...any) (out []row, err error) {
	s, err := c.stmt(query)
	if err != nil {
		return nil, err
	}
	r, err := s.(driver.StmtQueryContext).QueryContext(ctx, c.bind(args))
	if err != nil {
		return nil, fmt.Errorf("%.60q: %w", query, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	width := len(r.Columns())
	for {
		next := make(row, width)
		if err := r.Next(next); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("%.60q: %w", query, err)
		}
		out = append(out, next)
		if len(out)%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

var _ index.DB = (*conn)(nil)

// Exec runs a kept statement that answers no rows.
func (c *conn) Exec(query string, args ...any) error { return c.exec(query, args...) }

// Each calls f with every row of an answer, each time the same slice.
func (c *conn) Each(f func([]driver.Value) error, query string, args ...any) (err error) {
	s, err := c.stmt(query)
	if err != nil {
		return err
	}
	r, err := s.(driver.StmtQueryContext).QueryContext(context.Background(), c.bind(args))
	if err != nil {
		return fmt.Errorf("%.60q: %w", query, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for next := make(row, len(r.Columns())); ; {
		if err := r.Next(next); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("%.60q: %w", query, err)
		}
		if err := f(next); err != nil {
			return err
		}
	}
}

// one answers the first row; ErrNotFound where there is none.
func (c *conn) one(query string, args ...any) (row, error) {
	rows, err := c.rows(query, args...)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, ErrNotFound
	}
	return rows[0], nil
}

// has says whether there is a row.
func (c *conn) has(query string, args ...any) (bool, error) {
	rows, err := c.rows(query, args...)
	return len(rows) > 0, err
}

// once runs a statement that is not kept, such as a pragma, and answers its rows.
func (c *conn) once(query string) ([]row, error) {
	rows, err := c.rows(query)
	if s, ok := c.stmts[query]; ok {
		delete(c.stmts, query)
		err = errors.Join(err, s.Close())
	}
	return rows, err
}

// batch runs several statements in a row.
func (c *conn) batch(statements []string) error {
	for _, s := range statements {
		if _, err := c.once(s); err != nil {
			return err
		}
	}
	return nil
}

func pragma(name string, value int) string { return name + "=" + strconv.Itoa(value) }
