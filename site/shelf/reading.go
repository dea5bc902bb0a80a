package shelf

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// OpenReading opens a shelf that another process may be applying to, for reading alone: nothing is made, mended or cut off.
// ErrNotReady says that there is none yet, or that it must be built again first.
func OpenReading(o Options) (s *Shelf, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("read the shelf %s: %w", o.Path, err)
		}
	}()
	o.defaults()
	if _, err := os.Stat(o.Path); errors.Is(err, os.ErrNotExist) {
		return nil, ErrNotReady
	}
	s = &Shelf{options: o, folding: make(folding, 1)}
	if s.codec, err = newCodec(o.Workers); err != nil {
		return nil, err
	}
	stones, err := os.Open(filepath.Join(filepath.Dir(o.Path), "tombstones"))
	if err != nil {
		return nil, err
	}
	if s.tombstones, _, err = readTombstones(stones); err != nil {
		return nil, errors.Join(err, stones.Close())
	}
	if s.why, err = s.examine(); err == nil && s.why != "" {
		err = fmt.Errorf("%w: %s", ErrNotReady, s.why)
	}
	if err != nil {
		return nil, errors.Join(err, s.tombstones.close())
	}
	s.pool = newPool(o.Path, servingPragmas(o.CacheBytes), o.Readers)
	if err := s.View(context.Background(), func(tx *Tx) error { s.cursor.Store(tx.cursor); return nil }); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// OldAddresses tells of every address, besides those of articles, at which something stands or once stood: of sections, topics,
// persons and stories under each name they had, and what articles were moved from. Some are nothing any more.
func (tx *Tx) OldAddresses(tell func(address string) error) error {
	each := func(row []driver.Value) error { return tell(row[0].(string)) }
	for _, query := range []string{
		`SELECT CASE kind WHEN 'section' THEN '/' || slug || '/' WHEN 'topic' THEN '/topics/' || slug WHEN 'person' THEN '/people/' || slug
			WHEN 'story' THEN '/stories/' || slug END FROM slug WHERE kind IN ('section', 'topic', 'person', 'story')`,
		`SELECT source FROM redirect`,
	} {
		if err := tx.c.Each(each, query); err != nil {
			return err
		}
	}
	return nil
}
