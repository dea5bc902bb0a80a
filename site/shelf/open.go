package shelf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/shelf/index"
)

// Shelf is the site's database. Many may read at once; one applies.
type Shelf struct {
	options    Options
	codec      *codec
	zones      zones
	tombstones *tombstones

	applying sync.Mutex // held by whoever writes
	writer   *writer    // nil until there is something to write to
	why      string     // why the file must be built again; "" where it is good
	folding  folding
	unfolded string // why the log could not be folded the last time; "" where it could

	mu     sync.RWMutex // guards pool
	pool   *pool        // nil where there is nothing to serve
	cursor atomic.Int64
	closed atomic.Bool
	damage atomic.Bool // somebody met rows that cannot be read
}

// zones remembers the zone that was loaded last.
type zones struct {
	mu   sync.Mutex
	name string
	zone *time.Location
}

func (z *zones) load(name string) (*time.Location, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.zone != nil && z.name == name {
		return z.zone, nil
	}
	loc, err := (&dateline.Publication{Zone: name}).Location()
	if err != nil {
		return nil, err
	}
	z.name, z.zone = name, loc
	return loc, nil
}

// Open opens the shelf's file, or makes an empty one where there is none. A file that is damaged or of another version is
// left alone and not served: NeedsRebuild says why, and Rebuild makes a new one.
func Open(o Options) (s *Shelf, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("open the shelf %s: %w", o.Path, err)
		}
	}()
	o.defaults()
	s = &Shelf{options: o, folding: make(folding, 1)}
	if s.codec, err = newCodec(o.Workers); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o755); err != nil {
		return nil, err
	}
	if err := removeDatabase(o.Path + ".new"); err != nil {
		return nil, err
	}
	if s.tombstones, err = openTombstones(filepath.Join(filepath.Dir(o.Path), "tombstones")); err != nil {
		return nil, err
	}
	if _, err := os.Stat(o.Path); errors.Is(err, os.ErrNotExist) {
		if err := s.create(o.Path, servingPragmas(o.CacheBytes)); err != nil {
			return nil, err
		}
	}
	if s.why, err = s.examine(); err != nil {
		return nil, err
	}
	if s.why != "" {
		return s, nil
	}
	if err = s.serve(); damaged(err) {
		s.why, err = fmt.Sprintf("the file is damaged: %v", err), nil
	}
	return s, err
}

func (o *Options) defaults() {
	if o.Renderer == nil {
		o.Renderer = pages{}
	}
	if o.Readers == 0 {
		o.Readers = min(2*runtime.GOMAXPROCS(0), 8)
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = 4 << 20
	}
}

// create makes an empty file with the tables.
func (s *Shelf) create(path string, pragmas []string) error {
	c, err := openConn(path, append([]string{"page_size=8192"}, pragmas...)...)
	if err != nil {
		return err
	}
	return errors.Join(s.createTables(c), c.close())
}

func (s *Shelf) createTables(c *conn) error {
	if err := c.batch(slices.Concat([]string{"BEGIN"}, tables, index.Tables)); err != nil {
		return err
	}
	for name, value := range map[string]any{"schema": schemaVersion, "renderer": s.options.Renderer.Version(), "cursor": 0, "home": 0} {
		if err := c.exec("INSERT INTO meta(name, value) VALUES(?, ?)", name, value); err != nil {
			return err
		}
	}
	return c.exec("COMMIT")
}

// examine says why the file cannot be used, if it cannot.
func (s *Shelf) examine() (why string, err error) {
	c, err := openConn(s.options.Path, servingPragmas(s.options.CacheBytes)...)
	if err != nil {
		return fmt.Sprintf("the file cannot be opened: %v", err), nil
	}
	defer func() { err = errors.Join(err, c.close()) }()
	have := map[string]string{}
	for _, name := range []string{"schema", "renderer"} {
		r, err := c.one("SELECT value FROM meta WHERE name = ?", name)
		if err != nil {
			return fmt.Sprintf("the file cannot be read: %v", err), nil
		}
		have[name] = r.text(0)
	}
	switch {
	case have["schema"] != schemaVersion:
		return fmt.Sprintf("its tables are of version %s, this program's of version %s", have["schema"], schemaVersion), nil
	case have["renderer"] != s.options.Renderer.Version():
		return fmt.Sprintf("its fragments are of version %s, this program's of version %s", have["renderer"], s.options.Renderer.Version()), nil
	}
	return "", nil
}

// serve opens the file for reading and for applying. The caller holds both locks, or is alone.
func (s *Shelf) serve() error {
	w, err := s.openWriter(s.options.Path, servingPragmas(s.options.CacheBytes), nil)
	if err != nil {
		return err
	}
	p := newPool(s.options.Path, servingPragmas(s.options.CacheBytes), s.options.Readers)
	s.writer, s.why = w, ""
	s.cursor.Store(w.cursor)
	s.pool = p
	return nil
}

// NeedsRebuild says why the file must be built again from the record; "" where it is good.
func (s *Shelf) NeedsRebuild() (why string) {
	s.applying.Lock()
	defer s.applying.Unlock()
	if s.why == "" && s.damage.Load() {
		return "the file is damaged"
	}
	return s.why
}

// Holds says whether an entry stands in the shelf with the same header and commitment. A record whose entries the shelf does
// not hold is another one, or was restored from an older copy, and the shelf must be built from it.
func (s *Shelf) Holds(ctx context.Context, e record.Entry) (same bool, err error) {
	err = s.View(ctx, func(tx *Tx) error {
		rows, err := tx.c.rows("SELECT data FROM leaf WHERE seq = ?", e.Sequence)
		same = err == nil && len(rows) == 1 && bytes.Equal(rows[0].blob(0), e.Leaf())
		return err
	})
	return same, err
}

// Ready says that there is something to serve: a paper's first entries have been applied.
func (s *Shelf) Ready() bool { return s.cursor.Load() > 0 }

// Cursor is the sequence number of the last entry applied.
func (s *Shelf) Cursor() int64 { return s.cursor.Load() }

// Close ends reading and writing. Whoever reads at the moment finishes first.
func (s *Shelf) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	s.applying.Lock()
	defer s.applying.Unlock()
	s.folding.wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	if s.pool != nil {
		errs = append(errs, s.pool.close())
		s.pool = nil
	}
	if s.writer != nil {
		errs = append(errs, s.writer.c.close())
		s.writer = nil
	}
	s.codec.dec.Close()
	return errors.Join(append(errs, s.tombstones.close())...)
}

// View answers from one snapshot, which stays as it is whatever is applied meanwhile. ErrNotReady says that there is nothing
// to read yet. The function must not call View again.
func (s *Shelf) View(ctx context.Context, f func(*Tx) error) (err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed.Load() {
		return ErrClosed
	}
	if s.pool == nil {
		return ErrNotReady
	}
	c, err := s.pool.take(ctx)
	if err != nil {
		return err
	}
	keep := false
	defer func() { err = errors.Join(err, s.pool.give(c, keep)) }()
	if err := c.exec("BEGIN"); err != nil {
		return err
	}
	defer func() {
		end := c.exec("COMMIT")
		keep = end == nil
		err = errors.Join(err, end)
	}()
	tx, err := s.begin(c)
	if err != nil {
		return err
	}
	err = f(tx)
	if damaged(err) {
		s.damage.Store(true)
	}
	return err
}

// damaged says whether an error comes of a file that is no good.
func damaged(err error) bool {
	var e *sqlite.Error
	if errors.Is(err, errDamaged) || errors.Is(err, index.ErrDamaged) {
		return true
	}
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_CORRUPT || e.Code()&0xff == sqlite3.SQLITE_NOTADB)
}

// pool lends connections to readers, opening as many as are asked for at once up to its size.
type pool struct {
	path    string
	pragmas []string
	slots   chan struct{} // one for each connection that may be lent

	mu   sync.Mutex
	idle []*conn // the one that was used last at the end
}

func newPool(path string, pragmas []string, size int) *pool {
	p := &pool{path: path, pragmas: append(pragmas, "query_only=ON"), slots: make(chan struct{}, size)}
	for range size {
		p.slots <- struct{}{}
	}
	return p
}

// take lends the connection that was used last: of those open its cache is the warmest, and a quiet site keeps few.
func (p *pool) take(ctx context.Context) (*conn, error) {
	select {
	case <-p.slots:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if c := p.last(); c != nil {
		return c, nil
	}
	c, err := openConn(p.path, p.pragmas...)
	if err != nil {
		p.slots <- struct{}{}
		return nil, err
	}
	return c, nil
}

// last takes the idle connection that was used last; nil where none is open.
func (p *pool) last() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.idle) - 1
	if n < 0 {
		return nil
	}
	c := p.idle[n]
	p.idle = p.idle[:n]
	return c
}

func (p *pool) give(c *conn, keep bool) (err error) {
	if keep {
		p.mu.Lock()
		p.idle = append(p.idle, c)
		p.mu.Unlock()
	} else {
		err = c.close()
	}
	p.slots <- struct{}{}
	return err
}

// close takes every slot, so that it waits for readers.
func (p *pool) close() error {
	for range cap(p.slots) {
		<-p.slots
	}
	var errs []error
	for c := p.last(); c != nil; c = p.last() {
		errs = append(errs, c.close())
	}
	return errors.Join(errs...)
}

// removeDatabase removes a SQLite file with what SQLite keeps beside it.
func removeDatabase(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
