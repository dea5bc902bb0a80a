package index

import (
	"encoding/binary"
	"errors"
)

// ErrDamaged says that a row of the index cannot be read.
var ErrDamaged = errors.New("a row of the search index is damaged")

// blockSize is the most bytes of a block: what fills a page of 8 KiB of a SQLite table and leaves nothing over.
const blockSize = 8100

// MaxImpact is the greatest weight of a term in a document; the least is 1.
const MaxImpact = 16

// block is a stretch of a segment's terms with the documents that hold them. Terms ascend, and the numbers of each; a term
// whose documents do not fit in one block goes on in the next. It is a row of entries: how many bytes the term shares with
// the one before, how many follow and these; the number of documents; where that is not one, the bytes they take; and each
// document as a variable-length number, the distance from the one before shifted by four bits, plus its weight less one.
type block struct {
	first  string // the first term
	number uint32 // its first document in the block
	count  int    // and how many it has in the block
	data   []byte
}

// packer makes blocks of terms and documents that come in order.
type packer struct {
	put   func(block) error
	size  int // of a block
	block block
	last  []byte // the term before, in the block

	term  []byte // the running entry
	posts []byte
	count int
	from  uint32
	at    uint32
}

// entryHead is more than the bytes of an entry beside its term and its documents but one.
const entryHead = 24

// begin ends the running entry and begins one of another term.
func (p *packer) begin(term []byte) {
	p.end()
	p.term = append(p.term[:0], term...)
}

// add adds a document to the running entry.
func (p *packer) add(number uint32, impact uint8) error {
	if len(p.block.data)+len(p.term)+len(p.posts)+entryHead > p.size {
		if err := p.flush(); err != nil {
			return err
		}
	}
	delta := number - p.at
	if p.count == 0 {
		p.from, delta = number, number
	}
	p.posts = binary.AppendUvarint(p.posts, uint64(delta)<<4|uint64(impact-1))
	p.at = number
	p.count++
	return nil
}

// end writes the running entry into the block.
func (p *packer) end() {
	if p.count == 0 {
		return
	}
	shared := 0
	if len(p.block.data) == 0 {
		p.block.first, p.block.number, p.block.count = string(p.term), p.from, p.count
	} else {
		shared = common(p.last, p.term)
	}
	d := append(p.block.data, byte(shared), byte(len(p.term)-shared))
	d = append(d, p.term[shared:]...)
	d = binary.AppendUvarint(d, uint64(p.count))
	if p.count > 1 {
		d = binary.AppendUvarint(d, uint64(len(p.posts)))
	}
	p.block.data = append(d, p.posts...)
	p.last = append(p.last[:0], p.term...)
	p.posts, p.count = p.posts[:0], 0
}

// flush hands the block over.
func (p *packer) flush() error {
	p.end()
	if len(p.block.data) == 0 {
		return nil
	}
	err := p.put(p.block)
	p.block.data = p.block.data[:0]
	return err
}

func common(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// entries reads a block.
type entries struct {
	rest  []byte
	term  []byte
	count int
	posts []byte
	err   error
}

// next reads the next entry; false at the end or, with err set, where the block cannot be read.
func (e *entries) next() bool {
	if len(e.rest) == 0 || e.err != nil {
		return false
	}
	e.err = ErrDamaged
	b := e.rest
	if len(b) < 3 || int(b[0]) > len(e.term) || len(b) < 3+int(b[1]) {
		return false
	}
	e.term = append(e.term[:b[0]], b[2:2+int(b[1])]...)
	b = b[2+int(b[1]):]
	count, size := binary.Uvarint(b)
	if size <= 0 || count == 0 || count > uint64(len(b)) {
		return false
	}
	b = b[size:]
	var length int
	if count == 1 {
		for length < len(b) && b[length] >= 0x80 {
			length++
		}
		length++
	} else {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)) {
			return false
		}
		b, length = b[size:], int(n)
	}
	if length > len(b) {
		return false
	}
	e.count, e.posts, e.rest, e.err = int(count), b[:length], b[length:], nil
	return true
}

// post reads one document's distance and weight less one, shifted together; size is 0 where there is none.
func post(b []byte) (v uint64, size int) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), 1
	}
	v, size = binary.Uvarint(b)
	return v, max(size, 0)
}

// Term is a term of a document with its weight, from 1 to MaxImpact.
type Term struct {
	Text   string // at most 255 bytes
	Impact uint8
}

// AppendDocument appends the form in which a document is handed to the index: its terms, which must ascend and be distinct.
// Two of these one after the other are one document where the second's terms come after the first's.
func AppendDocument(dst []byte, terms []Term) []byte {
	last := ""
	for _, t := range terms {
		shared := 0
		for shared < len(last) && shared < len(t.Text) && last[shared] == t.Text[shared] {
			shared++
		}
		dst = append(dst, byte(shared), byte(len(t.Text)-shared))
		dst = append(dst, t.Text[shared:]...)
		dst = append(dst, 1, t.Impact-1)
		last = t.Text
	}
	return dst
}
