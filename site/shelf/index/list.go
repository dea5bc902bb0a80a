package index

import (
	"database/sql/driver"
	"errors"
	"slices"
)

// list are the documents of one term in a segment.
type list struct {
	rarity uint32
	refs   []ref
	at     int    // the reference that is being read
	rest   []byte // its postings that are still to come
	number uint32 // the posting at hand
	impact uint32 // its weight less one
	open   bool   // whether there is one at hand
}

// ref is a block that holds postings of the term.
type ref struct {
	first uint32 // not after its first posting
	id    int64
	posts []byte // as far as they were read
}

// opener opens lists of one segment. It keeps the block it read last, in which other forms of a word mostly stand too.
type opener struct {
	db      DB
	segment int64
	id      int64 // of the block
	data    []byte
	first   string // its first term and its last, which may go on in the next block
	last    string
}

// open finds the blocks of a term. The list is none where no document has it.
func (o *opener) open(term string) (l *list, count int64, err error) {
	l = &list{at: -1}
	if o.data == nil || term <= o.first || term >= o.last {
		if count, err = o.seek(l, term); err != nil {
			return nil, 0, err
		}
	}
	e := entries{rest: o.data}
	if e.find(term) {
		l.refs = append([]ref{{id: o.id, posts: e.posts}}, l.refs...)
		count += int64(e.count)
	}
	return l, count, e.err
}

// seek finds the blocks that begin with a term, and reads the one before them, at whose end it may begin.
func (o *opener) seek(l *list, term string) (count int64, err error) {
	o.data, o.id = nil, -1
	err = o.db.Each(func(r []driver.Value) error {
		if first, _ := r[1].(string); first != term {
			o.id, o.first = number(r[0]), first
			return errEnough
		}
		l.refs = append(l.refs, ref{first: uint32(number(r[2])), id: number(r[0])})
		count += number(r[3])
		return nil
	}, "SELECT id, first, number, n FROM place WHERE segment = ? AND first <= ? ORDER BY first DESC, number DESC", o.segment, term)
	if err != nil && !errors.Is(err, errEnough) {
		return 0, err
	}
	slices.Reverse(l.refs)
	return count, o.db.Each(func(r []driver.Value) error {
		o.data = blob(r[0])
		e := entries{rest: o.data}
		for e.next() {
			continue
		}
		o.last = string(e.term)
		return e.err
	}, "SELECT data FROM posting WHERE id = ?", o.id)
}

// count is how many documents have a term, as open says, without its list.
func (o *opener) count(term string) (int64, error) {
	row, err := one(o.db, "SELECT coalesce(sum(n), 0) FROM place WHERE segment = ? AND first = ?", o.segment, term)
	if err != nil {
		return 0, err
	}
	n := number(row[0])
	if row, err = one(o.db, blockBefore, o.segment, term); errors.Is(err, errNotOne) {
		return n, nil
	}
	if err != nil {
		return 0, err
	}
	if id := number(row[0]); id != o.id || o.data == nil {
		if row, err = one(o.db, "SELECT data FROM posting WHERE id = ?", id); err != nil {
			return 0, err
		}
		o.id, o.data, o.first, o.last = id, blob(row[0]), "", ""
	}
	e := entries{rest: o.data}
	if e.find(term) {
		n += int64(e.count)
	}
	return n, e.err
}

// blockBefore finds the last block of a segment whose first term is less than another.
const blockBefore = "SELECT id FROM place WHERE segment = ? AND first < ? ORDER BY first DESC, number DESC LIMIT 1"

var errEnough = errors.New("enough was read")

// find goes on to the entry of a term; false where there is none. It can be asked for one term after the other, ascending.
func (e *entries) find(term string) bool { return e.from(term) && string(e.term) == term }

// from goes on to the first entry whose term is not less; false where there is none.
func (e *entries) from(term string) bool {
	for len(e.term) == 0 || string(e.term) < term {
		if !e.next() {
			return false
		}
	}
	return true
}

// load begins to read a reference. Where the block was not read when the list was opened, the term is its first.
func (l *list) load(db DB, at int) error {
	r := &l.refs[at]
	if r.posts == nil {
		if err := db.Each(func(row []driver.Value) (err error) {
			r.posts, err = firstPosts(blob(row[0]))
			return err
		}, "SELECT data FROM posting WHERE id = ?", r.id); err != nil {
			return err
		}
		if r.posts == nil {
			return ErrDamaged
		}
	}
	l.at, l.rest, l.number, l.open = at, r.posts, 0, false
	return nil
}

// firstPosts are the postings of a block's first entry.
func firstPosts(data []byte) ([]byte, error) {
	e := entries{rest: data}
	if !e.next() {
		return nil, ErrDamaged
	}
	return e.posts, nil
}

// step goes to the next posting of the reference at hand; false at its end.
func (l *list) step() (bool, error) {
	if len(l.rest) == 0 {
		l.open = false
		return false, nil
	}
	v, size := post(l.rest)
	if size == 0 {
		return false, ErrDamaged
	}
	l.rest = l.rest[size:]
	l.number += uint32(v >> 4)
	l.impact, l.open = uint32(v&15), true
	return true, nil
}

// seek goes to the first posting whose number is not less; none where there is no such.
func (l *list) seek(db DB, from uint32) (uint32, error) {
	if l.open && l.number >= from {
		return l.number, nil
	}
	at := max(l.at, 0)
	for at+1 < len(l.refs) && l.refs[at+1].first <= from {
		at++
	}
	if at != l.at {
		if err := l.load(db, at); err != nil {
			return 0, err
		}
	}
	for {
		ok, err := l.step()
		switch {
		case err != nil:
			return 0, err
		case ok && l.number >= from:
			return l.number, nil
		case ok:
			continue
		case l.at+1 == len(l.refs):
			return none, nil
		}
		if err := l.load(db, l.at+1); err != nil {
			return 0, err
		}
	}
}

// window appends the postings from one number up to and without another, each as its distance from the first and its weight
// less one in four bits.
func (l *list) window(db DB, from, to uint32, out []uint32) ([]uint32, error) {
	n, err := l.seek(db, from)
	for err == nil && n < to {
		out = append(out, (n-from)<<4|l.impact)
		out = l.run(from, to, out)
		n, err = l.seek(db, l.number+1)
	}
	return out, err
}

// run is the inner loop of window: it reads on in the postings at hand while they are of one byte and below to.
func (l *list) run(from, to uint32, out []uint32) []uint32 {
	n, rest := l.number, l.rest
	i := 0
	for ; i < len(rest); i++ {
		v := uint32(rest[i])
		if v >= 0x80 || n+v>>4 >= to {
			break
		}
		n += v >> 4
		out = append(out, (n-from)<<4|v&15)
	}
	l.number, l.rest = n, rest[i:]
	return out
}
