package index

import "bytes"

// none is the number of a document that a merge leaves out.
const none = ^uint32(0)

// stream reads the blocks of one segment, one posting after the other.
type stream struct {
	load    func() ([]byte, error) // the next block; none at the end
	numbers []uint32               // what each document's number becomes, ascending but for none
	e       entries
	rest    []byte // the entry's documents that are still to come
	was     uint32 // the number of the last of them, in its own segment
	number  uint32 // the posting at hand
	impact  uint8
}

// entry goes to the next entry; false at the end of the segment.
func (s *stream) entry() (bool, error) {
	for !s.e.next() {
		if s.e.err != nil {
			return false, s.e.err
		}
		b, err := s.load()
		if err != nil || len(b) == 0 {
			return false, err
		}
		s.e = entries{rest: b, term: s.e.term[:0]}
	}
	s.rest, s.was = s.e.posts, 0
	return true, nil
}

// next goes to the entry's next posting that is kept; false at its end.
func (s *stream) next() (bool, error) {
	for len(s.rest) > 0 {
		v, size := post(s.rest)
		if size == 0 {
			return false, ErrDamaged
		}
		s.rest = s.rest[size:]
		s.was += uint32(v >> 4)
		if int(s.was) >= len(s.numbers) {
			return false, ErrDamaged
		}
		if n := s.numbers[s.was]; n != none {
			s.number, s.impact = n, uint8(v&15)+1
			return true, nil
		}
	}
	return false, nil
}

// heap is a binary heap of streams, the least first.
type heap struct {
	list []*stream
	less func(a, b *stream) bool
}

func (h *heap) push(s *stream) {
	h.list = append(h.list, s)
	for i := len(h.list) - 1; i > 0; {
		up := (i - 1) / 2
		if !h.less(h.list[i], h.list[up]) {
			return
		}
		h.list[i], h.list[up] = h.list[up], h.list[i]
		i = up
	}
}

// fix puts the first in its place after it changed.
func (h *heap) fix() {
	for i := 0; ; {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(h.list); c++ {
			if h.less(h.list[c], h.list[least]) {
				least = c
			}
		}
		if least == i {
			return
		}
		h.list[i], h.list[least] = h.list[least], h.list[i]
		i = least
	}
}

func (h *heap) pop() *stream {
	s := h.list[0]
	last := len(h.list) - 1
	h.list[0] = h.list[last]
	h.list = h.list[:last]
	h.fix()
	return s
}

// merger merges segments into one, a piece at a time.
type merger struct {
	terms heap // streams that wait with an entry of a later term
	posts heap // streams with a posting of the running term
	out   *packer
}

func newMerger(list []*stream, out *packer) (*merger, error) {
	m := &merger{out: out,
		terms: heap{less: func(a, b *stream) bool { return bytes.Compare(a.e.term, b.e.term) < 0 }},
		posts: heap{less: func(a, b *stream) bool { return a.number < b.number }}}
	for _, s := range list {
		ok, err := s.entry()
		if err != nil {
			return nil, err
		}
		if ok {
			m.terms.push(s)
		}
	}
	return m, nil
}

// termCost is how many postings a term counts for in the budget of a merge.
const termCost = 4

// run merges as much as a budget of postings allows and says whether that was all.
func (m *merger) run(budget int) (done bool, err error) {
	for ; budget > 0; budget-- {
		if len(m.posts.list) == 0 {
			if len(m.terms.list) == 0 {
				return true, m.out.flush()
			}
			budget -= termCost
			if err := m.term(); err != nil {
				return false, err
			}
			continue
		}
		s := m.posts.list[0]
		if err := m.out.add(s.number, s.impact); err != nil {
			return false, err
		}
		ok, err := s.next()
		if err != nil {
			return false, err
		}
		if ok {
			m.posts.fix()
			continue
		}
		if err := m.over(m.posts.pop()); err != nil {
			return false, err
		}
	}
	return false, nil
}

// term begins the next term with every stream that has it.
func (m *merger) term() error {
	m.out.begin(m.terms.list[0].e.term)
	for len(m.terms.list) > 0 && bytes.Equal(m.terms.list[0].e.term, m.out.term) {
		if err := m.take(m.terms.pop()); err != nil {
			return err
		}
	}
	return nil
}

// take lets a stream that stands at an entry of the running term give its postings.
func (m *merger) take(s *stream) error {
	ok, err := s.next()
	if err != nil {
		return err
	}
	if ok {
		m.posts.push(s)
		return nil
	}
	return m.over(s)
}

// over goes on with a stream whose entry is at its end.
func (m *merger) over(s *stream) error {
	ok, err := s.entry()
	if err != nil || !ok {
		return err
	}
	if bytes.Equal(s.e.term, m.out.term) {
		return m.take(s)
	}
	m.terms.push(s)
	return nil
}
