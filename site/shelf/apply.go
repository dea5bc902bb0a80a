package shelf

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/shelf/index"
)

// writer applies prepared entries to one file. What it collects in a transaction is forgotten when that fails.
type writer struct {
	c      *conn
	shelf  *Shelf
	cursor int64
	zone   *time.Location // of the publication; UTC until there is one
	things map[dateline.ID]int64

	language string // of the publication

	home   *record.Front // how home is arranged; nil while nobody has
	homeID dateline.ID

	// of the running transaction
	keys     map[Key]struct{}
	tallies  map[tallyAt]int64
	modified map[int64]int64     // sitemap month to the instant of its last change
	words    map[int64]*edition  // what the search index is to hold of an article; nil: nothing
	spoken   map[string]struct{} // live coverages whose entries were changed: their words are gathered anew
	pictures map[string]string   // hash to format of those whose use changed
	stones   []TombstoneLine
	redacted bool                       // words went that pages may hold
	took     bool                       // a story or a live entry was taken from readers
	indexed  map[int64][]byte           // what the search index held of them before; nil: nothing
	index    func([]index.Change) error // writes the search index
	building bool                       // a rebuild, whose index takes care of what it held before
	refetch  func(context.Context, []int64) ([]record.Entry, error)

	finder *index.Writer // nil in a rebuild
}

type tallyAt struct{ kind, at int64 }

// openWriter opens a file to apply entries to. Where an indexer is given, the search index is its.
func (s *Shelf) openWriter(path string, pragmas []string, x *indexer) (*writer, error) {
	c, err := openConn(path, pragmas...)
	if err != nil {
		return nil, err
	}
	w := &writer{c: c, shelf: s, refetch: s.options.Refetch}
	if x != nil {
		w.building, w.index = true, x.add
	}
	if err := w.load(); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return w, nil
}

// load reads what the writer keeps in memory.
func (w *writer) load() error {
	r, err := w.c.one("SELECT value FROM meta WHERE name = 'cursor'")
	if err != nil {
		return err
	}
	w.cursor, w.zone, w.language, w.things = r.int(0), time.UTC, "", map[dateline.ID]int64{}
	w.forget()
	if !w.building {
		w.finder = index.NewWriter(w.c)
		w.index = w.finder.Change
	}
	if err := w.loadHome(); err != nil {
		return err
	}
	p, err := w.c.rows("SELECT body FROM thing WHERE kind = 'publication' ORDER BY seq DESC LIMIT 1")
	if err != nil || len(p) == 0 || p[0].blob(0) == nil {
		return err
	}
	body, err := decodeFact(record.KindPublication, p[0].blob(0))
	if err != nil {
		return err
	}
	w.language = body.(*record.Publication).Language
	w.zone, err = w.shelf.zones.load(body.(*record.Publication).Zone)
	return err
}

func (w *writer) forget() {
	w.keys, w.tallies, w.modified = map[Key]struct{}{}, map[tallyAt]int64{}, map[int64]int64{}
	w.words, w.indexed, w.spoken, w.pictures, w.stones, w.redacted, w.took = map[int64]*edition{}, map[int64][]byte{}, map[string]struct{}{}, map[string]string{}, nil, false, false
}

// Apply applies entries in one transaction, in their order. Entries at or before the cursor are passed over; ErrSequence
// says that one is missing. After an error nothing of them is in the shelf.
func (s *Shelf) Apply(ctx context.Context, entries []record.Entry) (ch Changes, err error) {
	s.applying.Lock()
	defer s.applying.Unlock()
	if s.closed.Load() {
		return ch, ErrClosed
	}
	if s.writer == nil {
		return ch, fmt.Errorf("%w: %s", ErrNotReady, s.why)
	}
	w := s.writer
	skip := 0
	for skip < len(entries) && entries[skip].Sequence <= w.cursor {
		skip++
	}
	list, err := s.prepareAll(entries[skip:], languages(entries[skip:], w.language))
	if err != nil {
		return ch, err
	}
	if ch, err = w.apply(ctx, list); err != nil {
		if damaged(err) {
			s.damage.Store(true)
		}
		return Changes{}, err
	}
	s.cursor.Store(w.cursor)
	s.wrote()
	return ch, nil
}

func (w *writer) apply(ctx context.Context, list []*prepared) (ch Changes, err error) {
	ch.Cursor = w.cursor
	if len(list) == 0 {
		return ch, nil
	}
	if err := w.c.exec("BEGIN IMMEDIATE"); err != nil {
		return ch, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.c.exec("ROLLBACK"), w.load())
		}
	}()
	for _, p := range list {
		if p.Sequence != w.cursor+1 {
			return ch, fmt.Errorf("%w: entry %d came where %d was expected", ErrSequence, p.Sequence, w.cursor+1)
		}
		if err := w.c.exec("INSERT INTO leaf(seq, data) VALUES(?, ?)", p.Sequence, p.leaf); err != nil {
			return ch, err
		}
		if err := w.entry(ctx, p); err != nil {
			return ch, fmt.Errorf("apply entry %d (%s): %w", p.Sequence, p.Kind, err)
		}
		w.cursor = p.Sequence
		if err := ctx.Err(); err != nil {
			return ch, err
		}
	}
	if err := w.grow(list); err != nil {
		return ch, err
	}
	if ch, err = w.finish(list[0].Sequence - 1); err != nil {
		return ch, err
	}
	if err := w.shelf.tombstones.add(w.stones); err != nil {
		return ch, err
	}
	if err := w.c.exec("COMMIT"); err != nil {
		return ch, err
	}
	w.forget()
	if len(w.things) > 200_000 {
		clear(w.things)
	}
	return ch, nil
}

// grow adds the entries' leaves to the tree.
func (w *writer) grow(list []*prepared) error {
	leaves := make([][]byte, len(list))
	for i, p := range list {
		leaves[i] = p.leaf
	}
	_, err := record.Append(tiles{w.c}, list[0].Sequence-1, leaves)
	return err
}

// finish writes what was collected since an entry and says what has changed.
func (w *writer) finish(after int64) (ch Changes, err error) {
	if err := w.writeTallies(); err != nil {
		return ch, err
	}
	if err := w.writeWords(); err != nil {
		return ch, err
	}
	if ch.Show, ch.Hide, err = w.settlePictures(); err != nil {
		return ch, err
	}
	if err := w.c.exec("UPDATE meta SET value = ? WHERE name = 'cursor'", w.cursor); err != nil {
		return ch, err
	}
	w.touch(KeyRecord)
	if err := w.logTouched(after); err != nil {
		return ch, err
	}
	for k := range w.keys {
		ch.Keys = append(ch.Keys, k)
	}
	slices.Sort(ch.Keys)
	ch.Cursor, ch.Redacted, ch.Took = w.cursor, w.redacted, w.took
	return ch, nil
}

// entry applies one entry.
func (w *writer) entry(ctx context.Context, p *prepared) error {
	switch p.Kind {
	case record.KindPublication, record.KindSection, record.KindTopic, record.KindPerson, record.KindPicture:
		return w.fact(p)
	case record.KindStory:
		return w.story(p)
	case record.KindEdition:
		return w.edition(p)
	case record.KindWithdrawal:
		return w.withdraw(p)
	case record.KindRestoration:
		return w.restore(ctx, p)
	case record.KindRedirect:
		return w.redirect(p)
	case record.KindRedaction:
		return w.redact(p)
	case record.KindFront:
		return w.front(p)
	case record.KindLiveEntry, record.KindLiveState:
		return w.live(p)
	case record.KindKey, record.KindOrigin:
		return w.key(p)
	}
	return fmt.Errorf("this program does not know the kind %q; a newer one wrote it", p.Kind)
}

// key applies an entry that names the key that signs from there on. Such entries are kept whole, so that anybody can follow
// one key to the next.
func (w *writer) key(p *prepared) error {
	var verifier, origin string
	switch b := p.body.(type) {
	case *record.Key:
		verifier, origin = b.Verifier, b.Origin
	case *record.Origin:
		verifier, origin = b.Verifier, b.Origin
	default:
		return nil
	}
	for name, value := range map[string]string{"key": verifier, "origin": origin} {
		if err := w.c.exec("INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)", name, value); err != nil {
			return err
		}
	}
	return w.c.exec("INSERT INTO signer(seq, z) VALUES(?, ?)", p.Sequence, w.shelf.codec.deflate(append(slices.Clone(p.Salt), p.Body...)))
}

func (w *writer) touch(keys ...Key) {
	for _, k := range keys {
		w.keys[k] = struct{}{}
	}
}

func (w *writer) count(kind, at, by int64) { w.tallies[tallyAt{kind, at}] += by }

// writeTallies adds what was counted. Counters that come to nothing are taken out, but for sitemaps', whose last change
// stays.
func (w *writer) writeTallies() error {
	for at, by := range w.tallies {
		if at.kind == tallySitemap {
			continue
		}
		if by == 0 {
			continue
		}
		n, err := w.c.one(`INSERT INTO tally(kind, at, n, modified) VALUES(?, ?, ?, 0)
			ON CONFLICT(kind, at) DO UPDATE SET n = n + excluded.n RETURNING n`, at.kind, at.at, by)
		if err != nil {
			return err
		}
		if now := n.int(0); at.kind == tallyList && (now == 0) != (now == by) {
			if err := w.turned(at.at); err != nil {
				return err
			}
		}
		if by < 0 {
			if err := w.c.exec("DELETE FROM tally WHERE kind = ? AND at = ? AND n = 0", at.kind, at.at); err != nil {
				return err
			}
		}
	}
	for month, at := range w.modified {
		if err := w.c.exec(`INSERT INTO tally(kind, at, n, modified) VALUES(?, ?, ?, ?)
			ON CONFLICT(kind, at) DO UPDATE SET n = n + excluded.n, modified = max(modified, excluded.modified)`,
			tallySitemap, month, w.tallies[tallyAt{tallySitemap, month}], at); err != nil {
			return err
		}
	}
	return nil
}

// turned notes that a list came to hold its first article or lost its last: while nobody has chosen a navigation, sections
// that have articles are in it.
func (w *writer) turned(list int64) error {
	section, err := w.c.has("SELECT 1 FROM thing WHERE num = ? AND kind = 'section'", list>>2)
	if section {
		w.touch(KeyPublication)
	}
	return err
}

// tiles are the tree's, for package record.
type tiles struct{ c *conn }

var _ record.Tiles = tiles{}

// Tile answers the bytes of a tile so far, and none where nothing is kept.
func (t tiles) Tile(level int, index int64) ([]byte, error) {
	rows, err := t.c.rows("SELECT data FROM tile WHERE level = ? AND n = ?", level, index)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0].blob(0), nil
}

// PutTile keeps a tile in place of the shorter one before.
func (t tiles) PutTile(level int, index int64, data []byte) error {
	return t.c.exec("INSERT OR REPLACE INTO tile(level, n, data) VALUES(?, ?, ?)", level, index, data)
}
