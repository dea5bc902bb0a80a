package index

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
)

// Writer changes an index. After a transaction that was rolled back, a new one is made.
type Writer struct {
	db  DB
	job *job // the running merge
}

// NewWriter gives a writer to the index of a connection. A merge that was begun by another one is begun again.
func NewWriter(db DB) *Writer { return &Writer{db: db} }

// Change is what the index is to hold of a document from now on.
type Change struct {
	Key int64
	Old []byte // the document as the index holds it; nil where it does not
	New []byte // nil: nothing
}

// Change brings the index up to date. Every key may come once. It does part of the work that is due, in proportion to the
// number of changes.
func (w *Writer) Change(list []Change) error {
	var fresh []Change
	for _, c := range list {
		if c.Old != nil {
			if err := w.leave(c); err != nil {
				return fmt.Errorf("take document %d out of the search index: %w", c.Key, err)
			}
		}
		if c.New != nil {
			fresh = append(fresh, c)
		}
	}
	if len(fresh) >= foldAt {
		g := newGatherer()
		for _, c := range fresh {
			if err := g.add(c.Key, c.New); err != nil {
				return err
			}
		}
		if err := w.segment(g); err != nil {
			return err
		}
	} else {
		for _, c := range fresh {
			if err := w.db.Exec("INSERT INTO fresh(key, data) VALUES(?, ?)", c.Key, c.New); err != nil {
				return err
			}
		}
	}
	return w.hurry(len(list))
}

// leave lets go of a document.
func (w *Writer) leave(c Change) error {
	_, err := one(w.db, "SELECT key FROM fresh WHERE key = ?", c.Key)
	if err == nil {
		return w.db.Exec("DELETE FROM fresh WHERE key = ?", c.Key)
	}
	if !errors.Is(err, errNotOne) {
		return err
	}
	id, err := w.find(c.Key)
	if err != nil {
		return err
	}
	if err := w.die(id, c.Old); err != nil || w.job == nil {
		return err
	}
	return w.job.leave(id, func(id int64) error { return w.die(id, c.Old) })
}

// die notes that a document of a segment is no more, and which postings are to be taken out.
func (w *Writer) die(id int64, document []byte) error {
	if err := w.db.Exec("INSERT INTO dead(id, leaving) VALUES(?, 1)", id); err != nil {
		return err
	}
	if err := w.db.Exec("INSERT INTO leaving(id, data) VALUES(?, ?)", id, document); err != nil {
		return err
	}
	e := entries{rest: document}
	for e.next() {
		if err := w.db.Exec("INSERT INTO going(segment, term, n) VALUES(?, ?, 1) ON CONFLICT(segment, term) DO UPDATE SET n = n + 1",
			id>>32, string(e.term)); err != nil {
			return err
		}
	}
	return e.err
}

// find gives the segment and number of a document that is not dead, as one id.
func (w *Writer) find(key int64) (int64, error) {
	segments, err := w.segments(stateLive)
	if err != nil {
		return 0, err
	}
	for _, s := range slices.Backward(segments) {
		n, err := numberAtMost(w.db, s.id, s.n, key)
		if err != nil {
			return 0, err
		}
		if n == s.n {
			continue
		}
		row, err := one(w.db, "SELECT data FROM numbers WHERE id = ?", s.id<<32|int64(n/chunk))
		if err != nil {
			return 0, err
		}
		if keyAt(blob(row[0]), int(n%chunk)) != key {
			continue
		}
		id := s.id<<32 | int64(n)
		if _, err := one(w.db, "SELECT id FROM dead WHERE id = ?", id); errors.Is(err, errNotOne) {
			return id, nil
		} else if err != nil {
			return 0, err
		}
	}
	return 0, fmt.Errorf("%w: no segment has document %d", ErrDamaged, key)
}

type segment struct {
	id int64
	n  uint32
}

// segments are those in a state, the oldest first.
func (w *Writer) segments(state int) (list []segment, err error) {
	err = w.db.Each(func(r []driver.Value) error {
		list = append(list, segment{number(r[0]), uint32(number(r[1]))})
		return nil
	}, "SELECT id, n FROM segment WHERE state = ? ORDER BY id", state)
	return list, err
}

func (w *Writer) newSegment(state int, n int) (int64, error) {
	row, err := one(w.db, "SELECT coalesce(max(id), 0) + 1 FROM segment")
	if err != nil {
		return 0, err
	}
	return number(row[0]), w.db.Exec("INSERT INTO segment(id, state, n) VALUES(?, ?, ?)", number(row[0]), state, n)
}

// segment writes gathered documents as a segment.
func (w *Writer) segment(g *gatherer) error {
	keys, numbers := g.order()
	id, err := w.newSegment(stateLive, len(keys))
	if err != nil {
		return err
	}
	for from := 0; from < len(keys); from += chunk {
		if err := w.putKeys(id, from/chunk, keys[from:min(from+chunk, len(keys))]); err != nil {
			return err
		}
	}
	return g.pack(w.packer(id), numbers)
}

func (w *Writer) putKeys(segment int64, row int, keys []int64) error {
	return w.db.Exec("INSERT INTO numbers(id, segment, top, data) VALUES(?, ?, ?, ?)", segment<<32|int64(row), segment, keys[0], packKeys(keys))
}

// packer writes blocks into a new segment.
func (w *Writer) packer(segment int64) *packer {
	id := segment << 32
	return &packer{size: blockSize, put: func(b block) error {
		err := w.put(segment, id, b)
		id++
		return err
	}}
}

func (w *Writer) put(segment, id int64, b block) error {
	if err := w.db.Exec("INSERT INTO posting(id, data) VALUES(?, ?)", id, b.data); err != nil {
		return err
	}
	return w.db.Exec("INSERT INTO place(segment, first, number, id, n) VALUES(?, ?, ?, ?, ?)", segment, b.first, int64(b.number), id, b.count)
}

// hurry does steps while more is waiting than a search should meet, in proportion to the number of changes.
func (w *Writer) hurry(changes int) error {
	for range 1 + changes/8 {
		urgent, err := w.urgent()
		if err != nil || !urgent {
			return err
		}
		if _, err := w.Step(); err != nil {
			return err
		}
	}
	return nil
}

// How much may wait for a quiet time.
const (
	mostSegments = 24
	mostLeaving  = 32
)

func (w *Writer) urgent() (bool, error) {
	full, err := w.full()
	if err != nil || full {
		return full, err
	}
	many, err := w.many()
	if err != nil || many {
		return many, err
	}
	row, err := one(w.db, "SELECT count(*) FROM (SELECT 1 FROM dead WHERE leaving = 1 LIMIT ?)", mostLeaving+1)
	return err == nil && number(row[0]) > mostLeaving, err
}

// many says whether there are more segments than a search should meet.
func (w *Writer) many() (bool, error) {
	row, err := one(w.db, "SELECT count(*) FROM segment WHERE state = ?", stateLive)
	return err == nil && number(row[0]) > mostSegments, err
}

// full says whether there are enough fresh documents for a segment.
func (w *Writer) full() (bool, error) {
	row, err := one(w.db, "SELECT count(*) >= ? OR coalesce(sum(length(data)), 0) >= ? FROM fresh", foldAt, foldBytes)
	return err == nil && number(row[0]) == 1, err
}

// Step does a small piece of the work that keeps the index quick and clean, and says whether there is more to do. When there
// is none, no word of a document that went is in any row.
func (w *Writer) Step() (more bool, err error) {
	full, err := w.full()
	if err != nil {
		return false, err
	}
	if full {
		return true, w.fold()
	}
	if w.job != nil {
		return true, w.work()
	}
	if err := w.db.Exec("UPDATE segment SET state = ? WHERE state = ?", stateDropping, stateBuilding); err != nil {
		return false, err
	}
	many, err := w.many()
	if err != nil {
		return false, err
	}
	steps := []func() (bool, error){w.drop, w.purge, w.startMerge}
	if many {
		steps[1], steps[2] = steps[2], steps[1]
	}
	for _, step := range steps {
		if more, err = step(); err != nil || more {
			return more, err
		}
	}
	return false, nil
}

// fold makes a segment of fresh documents.
func (w *Writer) fold() error {
	g := newGatherer()
	var keys []int64
	size := 0
	if err := w.db.Each(func(r []driver.Value) error {
		if size > 0 && size+len(blob(r[1])) > 2*foldBytes {
			return nil // an enormous one is a segment of its own, the next time
		}
		size += len(blob(r[1]))
		keys = append(keys, number(r[0]))
		return g.add(number(r[0]), blob(r[1]))
	}, "SELECT key, data FROM fresh ORDER BY key LIMIT ?", foldAt); err != nil {
		return err
	}
	for _, k := range keys {
		if err := w.db.Exec("DELETE FROM fresh WHERE key = ?", k); err != nil {
			return err
		}
	}
	return w.segment(g)
}

// drop deletes rows of segments that were merged into others.
func (w *Writer) drop() (bool, error) {
	list, err := w.segments(stateDropping)
	if err != nil || len(list) == 0 {
		return false, err
	}
	id := list[0].id
	from, to := within(id)
	for _, table := range []string{"posting", "numbers", "leaving", "dead"} {
		row, err := one(w.db, "SELECT max(id) FROM (SELECT id FROM "+table+" WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)", from, to, stepBlocks)
		if err != nil {
			return false, err
		}
		if row[0] != nil {
			return true, w.db.Exec("DELETE FROM "+table+" WHERE id >= ? AND id <= ?", from, number(row[0]))
		}
	}
	for table, key := range map[string]string{"place": "first, number", "going": "term"} {
		rows := "SELECT " + key + " FROM " + table + " WHERE segment = ?1 LIMIT ?2"
		if _, err := one(w.db, rows, id, 1); err == nil {
			return true, w.db.Exec("DELETE FROM "+table+" WHERE segment = ?1 AND ("+key+") IN ("+rows+")", id, stepRows)
		} else if !errors.Is(err, errNotOne) {
			return false, err
		}
	}
	return true, w.db.Exec("DELETE FROM segment WHERE id = ?", id)
}

// purge takes postings of one document that left out of some blocks.
func (w *Writer) purge() (bool, error) {
	row, err := one(w.db, "SELECT l.id, l.data FROM dead d CROSS JOIN leaving l ON l.id = d.id WHERE d.leaving = 1 ORDER BY d.id LIMIT 1")
	if errors.Is(err, errNotOne) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	id := number(row[0])
	terms, err := documentTerms(blob(row[1]))
	if err != nil {
		return false, err
	}
	for blocks := 0; len(terms) > 0 && blocks < stepBlocks; blocks++ {
		left, err := w.strike(id>>32, uint32(id), terms)
		if err != nil {
			return false, err
		}
		for _, t := range terms[:len(terms)-len(left)] {
			if err := w.gone(id>>32, t.Text); err != nil {
				return false, err
			}
		}
		terms = left
	}
	if len(terms) > 0 {
		return true, w.db.Exec("UPDATE leaving SET data = ? WHERE id = ?", AppendDocument(nil, terms), id)
	}
	if err := w.db.Exec("DELETE FROM leaving WHERE id = ?", id); err != nil {
		return false, err
	}
	return true, w.db.Exec("UPDATE dead SET leaving = 0 WHERE id = ?", id)
}

// gone notes that a term was taken out for one document.
func (w *Writer) gone(segment int64, term string) error {
	if err := w.db.Exec("UPDATE going SET n = n - 1 WHERE segment = ? AND term = ?", segment, term); err != nil {
		return err
	}
	return w.db.Exec("DELETE FROM going WHERE segment = ? AND term = ? AND n = 0", segment, term)
}

func documentTerms(document []byte) (list []Term, err error) {
	for e := (entries{rest: document}); ; {
		if !e.next() {
			return list, e.err
		}
		list = append(list, Term{string(e.term), 1})
	}
}

// strike takes a document's posting of the first of some terms out of the block that holds it, and those of the terms after
// it that stand in the same block. It answers the terms that are left.
func (w *Writer) strike(segment int64, number uint32, terms []Term) ([]Term, error) {
	row, err := one(w.db, `SELECT id, first, number FROM place WHERE segment = ? AND (first, number) <= (?, ?) ORDER BY first DESC, number DESC LIMIT 1`,
		segment, terms[0].Text, int64(number))
	if errors.Is(err, errNotOne) {
		return terms[1:], nil
	}
	if err != nil {
		return nil, err
	}
	id, first, from := row[0].(int64), row[1].(string), row[2].(int64)
	if row, err = one(w.db, "SELECT data FROM posting WHERE id = ?", id); err != nil {
		return nil, err
	}
	s := striker{number: number, terms: terms}
	s.packer.size = 2 * blockSize // it can only become smaller
	s.packer.put = func(b block) error { s.blocks = append(s.blocks, b); return nil }
	if err := s.run(blob(row[0])); err != nil {
		return nil, err
	}
	if s.struck == 0 {
		return s.left(), nil
	}
	if err := w.db.Exec("DELETE FROM place WHERE segment = ? AND first = ? AND number = ?", segment, first, from); err != nil {
		return nil, err
	}
	if len(s.blocks) == 0 {
		return s.left(), w.db.Exec("DELETE FROM posting WHERE id = ?", id)
	}
	b := s.blocks[0]
	if err := w.db.Exec("UPDATE posting SET data = ? WHERE id = ?", b.data, id); err != nil {
		return nil, err
	}
	return s.left(), w.db.Exec("INSERT INTO place(segment, first, number, id, n) VALUES(?, ?, ?, ?, ?)", segment, b.first, int64(b.number), id, b.count)
}

// striker writes a block again without the postings of one document.
type striker struct {
	number uint32
	terms  []Term
	packer packer
	blocks []block // one, or none where nothing is left
	struck int
	passed int // terms that were met, or cannot be met in a later entry of the block
}

func (s *striker) left() []Term { return s.terms[max(1, s.passed):] }

func (s *striker) run(data []byte) error {
	e := entries{rest: data}
	for e.next() {
		for s.passed < len(s.terms) && s.terms[s.passed].Text < string(e.term) {
			s.passed++
		}
		strike := s.passed < len(s.terms) && s.terms[s.passed].Text == string(e.term)
		s.packer.begin(e.term)
		at := uint32(0)
		for rest := e.posts; len(rest) > 0; {
			v, size := post(rest)
			if size == 0 {
				return ErrDamaged
			}
			rest = rest[size:]
			at += uint32(v >> 4)
			if strike && at == s.number {
				s.struck++
				continue
			}
			if err := s.packer.add(at, uint8(v&15)+1); err != nil {
				return err
			}
		}
		// The last entry may go on in the next block; a posting that was not met here is looked for there.
		if strike && (len(e.rest) > 0 || at >= s.number) {
			s.passed++
		}
	}
	if e.err != nil {
		return e.err
	}
	return s.packer.flush()
}
