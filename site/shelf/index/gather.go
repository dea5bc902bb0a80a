package index

import (
	"cmp"
	"slices"
)

// gatherer turns documents into the blocks of a segment, in memory.
type gatherer struct {
	numbers map[string]uint32
	terms   []string
	posts   []uint64 // the term's number, the document's in 28 bits, its weight less one in 4
	keys    []int64
}

func newGatherer() *gatherer { return &gatherer{numbers: map[string]uint32{}} }

func (g *gatherer) reset() {
	clear(g.numbers)
	clear(g.terms)
	g.terms, g.posts, g.keys = g.terms[:0], g.posts[:0], g.keys[:0]
}

// add takes a document.
func (g *gatherer) add(key int64, document []byte) error {
	number := uint64(len(g.keys)) << 4
	g.keys = append(g.keys, key)
	for e := (entries{rest: document}); ; {
		if !e.next() {
			return e.err
		}
		v, size := post(e.posts)
		if size == 0 || v >= MaxImpact {
			return ErrDamaged
		}
		term, ok := g.numbers[string(e.term)]
		if !ok {
			term = uint32(len(g.terms))
			name := string(e.term)
			g.terms = append(g.terms, name)
			g.numbers[name] = term
		}
		g.posts = append(g.posts, uint64(term)<<32|number|v)
	}
}

// order gives the keys from the newest to the oldest and, for each document, its number among them.
func (g *gatherer) order() (keys []int64, numbers []uint32) {
	by := make([]uint32, len(g.keys))
	for i := range by {
		by[i] = uint32(i)
	}
	slices.SortStableFunc(by, func(a, b uint32) int { return cmp.Compare(g.keys[b], g.keys[a]) })
	keys, numbers = make([]int64, len(by)), make([]uint32, len(by))
	for n, i := range by {
		keys[n], numbers[i] = g.keys[i], uint32(n)
	}
	return keys, numbers
}

// pack writes the documents under their numbers.
func (g *gatherer) pack(p *packer, numbers []uint32) error {
	starts := make([]int, len(g.terms)+1)
	for _, v := range g.posts {
		starts[v>>32+1]++
	}
	for i := range g.terms {
		starts[i+1] += starts[i]
	}
	lists, next := make([]uint32, len(g.posts)), slices.Clone(starts)
	for _, v := range g.posts {
		t := v >> 32
		lists[next[t]] = numbers[uint32(v)>>4]<<4 | uint32(v)&15
		next[t]++
	}
	by := make([]uint32, len(g.terms))
	for i := range by {
		by[i] = uint32(i)
	}
	slices.SortFunc(by, func(a, b uint32) int { return cmp.Compare(g.terms[a], g.terms[b]) })
	for _, t := range by {
		list := lists[starts[t]:starts[t+1]]
		slices.Sort(list)
		p.begin([]byte(g.terms[t]))
		for _, v := range list {
			if err := p.add(v>>4, uint8(v&15)+1); err != nil {
				return err
			}
		}
	}
	return p.flush()
}
