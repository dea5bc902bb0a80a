package index

import (
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
)

// runPostings is how many postings are held in memory before they are written to the builder's file.
const runPostings = 2 << 20

// Builder makes the index of a whole archive: documents in any order become runs in a file of its own, which are merged into
// one segment at the end. It holds a few bytes of memory for each document.
type Builder struct {
	file   *os.File
	size   int64
	gather *gatherer
	runs   []run
	events []event
}

// run is a stretch of the file: blocks, each with its length in two bytes before it.
type run struct {
	from, to int64
	numbers  []uint32 // the run's documents in the order of their numbers: which event brought each
}

// event says what became of a key: a document, or none.
type event struct {
	key      int64
	document bool
}

// NewBuilder makes a builder that works in a file, which Close removes.
func NewBuilder(path string) (*Builder, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return &Builder{file: f, gather: newGatherer()}, nil
}

// Close removes the file.
func (b *Builder) Close() error { return errors.Join(b.file.Close(), os.Remove(b.file.Name())) }

// Add says what the index is to hold of a document from now on; nil: nothing. What was said of it before counts no more.
func (b *Builder) Add(key int64, document []byte) error {
	b.events = append(b.events, event{key, document != nil})
	if document == nil {
		return nil
	}
	// The gatherer keeps the event in place of the key, and is ordered by its key when it is written.
	if err := b.gather.add(int64(len(b.events)-1), document); err != nil || len(b.gather.posts) < runPostings {
		return err
	}
	return b.spill()
}

// spill writes what was gathered as a run.
func (b *Builder) spill() error {
	g := b.gather
	events := slices.Clone(g.keys)
	for i, e := range events {
		g.keys[i] = b.events[e].key
	}
	_, numbers := g.order()
	r := run{from: b.size, numbers: make([]uint32, len(numbers))}
	for i, n := range numbers {
		r.numbers[n] = uint32(events[i])
	}
	var buf []byte
	flush := func() error {
		n, err := b.file.WriteAt(buf, b.size)
		b.size += int64(n)
		buf = buf[:0]
		return err
	}
	p := &packer{size: blockSize, put: func(x block) error {
		buf = binary.BigEndian.AppendUint16(buf, uint16(len(x.data)))
		buf = append(buf, x.data...)
		if len(buf) < 1<<20 {
			return nil
		}
		return flush()
	}}
	if err := errors.Join(g.pack(p, numbers), flush()); err != nil {
		return err
	}
	r.to = b.size
	b.runs = append(b.runs, r)
	g.reset()
	return nil
}

// Finish writes what was said into an empty index.
func (b *Builder) Finish(db DB) error {
	if len(b.gather.keys) > 0 {
		if err := b.spill(); err != nil {
			return err
		}
	}
	b.gather = nil
	numbers, keys := b.number()
	if len(keys) == 0 {
		return nil
	}
	w := NewWriter(db)
	id, err := w.newSegment(stateLive, len(keys))
	if err != nil {
		return err
	}
	for from := 0; from < len(keys); from += chunk {
		if err := w.putKeys(id, from/chunk, keys[from:min(from+chunk, len(keys))]); err != nil {
			return err
		}
	}
	list := make([]*stream, len(b.runs))
	for i, r := range b.runs {
		for n, e := range r.numbers {
			r.numbers[n] = numbers[e]
		}
		list[i] = &stream{numbers: r.numbers, load: b.blocks(r)}
	}
	m, err := newMerger(list, w.packer(id))
	for done := false; err == nil && !done; {
		done, err = m.run(1 << 20)
	}
	return err
}

// number gives each event's document its number, none where a later event is about the same key, and the keys in that order.
func (b *Builder) number() (numbers []uint32, keys []int64) {
	by := make([]uint32, len(b.events))
	for i := range by {
		by[i] = uint32(i)
	}
	slices.SortFunc(by, func(x, y uint32) int {
		if c := cmp.Compare(b.events[y].key, b.events[x].key); c != 0 {
			return c
		}
		return cmp.Compare(y, x)
	})
	numbers = make([]uint32, len(b.events))
	for i, e := range by {
		numbers[e] = none
		if first := i == 0 || b.events[by[i-1]].key != b.events[e].key; first && b.events[e].document {
			numbers[e] = uint32(len(keys))
			keys = append(keys, b.events[e].key)
		}
	}
	return numbers, keys
}

// blocks gives a run's blocks, one after the other.
func (b *Builder) blocks(r run) func() ([]byte, error) {
	at := r.from
	buf := make([]byte, 2+blockSize)
	return func() ([]byte, error) {
		if at == r.to {
			return nil, nil
		}
		n, err := b.file.ReadAt(buf[:min(int64(len(buf)), r.to-at)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if n < 2 || n < 2+int(binary.BigEndian.Uint16(buf)) {
			return nil, io.ErrUnexpectedEOF
		}
		size := int64(binary.BigEndian.Uint16(buf))
		at += 2 + size
		return buf[2 : 2+size], nil
	}
}
