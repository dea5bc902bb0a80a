package index

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"maps"
	"math"
	"slices"
)

// Query asks for the documents that hold at least one term of every group.
type Query struct {
	Groups [][]string
	// Filters are terms that every document found holds too, and that do not weigh.
	Filters []string
	// Low and High bound the keys, both inclusive.
	Low, High int64
	// Total is the number of documents that the rarity of a term is judged by.
	Total int64
}

// Match is a document found. Of two that fit equally well the newer one comes first.
type Match struct {
	Key   int64
	Score uint32
}

// window is how many documents of a segment are looked at together.
const window = 1 << 14

// Search is a query as it stands in one snapshot of an index.
type Search struct {
	ctx    context.Context
	db     DB
	query  Query
	groups []*group // the filters last
	parts  []*part
	fresh  []freshDocument
	heads  []*head // nil until the newest are asked for
	cost   int64

	seen  [window]uint8
	score [window]uint32
	buf   []uint32
	first []uint32
}

// group is a group while it is looked for.
type group struct {
	terms  []string
	df     int64 // documents that hold one of its terms, each counted as often as it holds one
	rarity uint32
}

// part is a segment in a search.
type part struct {
	segment
	from, to uint32 // the documents within the bounds
	lists    []lists
	leaving  []uint32 // ascending
	row      []byte   // of the table numbers
	rowAt    int64
	at       uint32   // where to go on
	found    []uint32 // numbers found, shifted by nothing, that were not taken yet
	scores   []uint32
}

// lists are the documents of one group in a segment.
type lists struct {
	of    []*list
	count int64
}

type freshDocument struct {
	key     int64
	impacts [][]uint8 // by group and term; 0 where it has not the term
}

// Find makes a query ready: it looks up where the terms stand and how rare they are.
func Find(ctx context.Context, db DB, q Query) (*Search, error) {
	s := &Search{ctx: ctx, db: db, query: q}
	for _, terms := range q.Groups {
		s.groups = append(s.groups, &group{terms: terms})
	}
	for _, term := range q.Filters {
		s.groups = append(s.groups, &group{terms: []string{term}})
	}
	if len(s.groups) > math.MaxUint8-1 {
		return nil, errors.New("too many words in one search")
	}
	if err := s.openParts(); err != nil {
		return nil, err
	}
	if err := s.readFresh(); err != nil {
		return nil, err
	}
	for i, g := range s.groups {
		s.cost += g.df
		if i < len(q.Groups) {
			g.rarity = rarity(g.df, q.Total)
		}
	}
	for _, p := range s.parts {
		p.sort(s.groups)
	}
	return s, nil
}

// rarity is the inverse document frequency of BM25 in 256ths, at least 1.
func rarity(having, among int64) uint32 {
	having = max(having, 0)
	among = max(among, having)
	idf := math.Log(1 + (float64(among-having)+0.5)/(float64(having)+0.5))
	return max(1, uint32(math.Round(idf*256)))
}

// Cost is how many postings answering takes at most, whatever the bounds are.
func (s *Search) Cost() int64 { return s.cost }

// openParts looks the terms up in every segment.
func (s *Search) openParts() error {
	var segments []segment
	if err := s.db.Each(func(r []driver.Value) error {
		segments = append(segments, segment{number(r[0]), uint32(number(r[1]))})
		return nil
	}, "SELECT id, n FROM segment WHERE state = ? ORDER BY id", stateLive); err != nil {
		return err
	}
	leaving := map[int64][]uint32{}
	if err := s.db.Each(func(r []driver.Value) error {
		id := number(r[0])
		leaving[id>>32] = append(leaving[id>>32], uint32(id))
		return nil
	}, "SELECT id FROM dead WHERE leaving = 1 ORDER BY id"); err != nil {
		return err
	}
	for _, x := range segments {
		p := &part{segment: x, leaving: leaving[x.id], rowAt: -1}
		if err := s.openPart(p); err != nil {
			return err
		}
	}
	for _, g := range s.groups {
		for _, term := range g.terms {
			n, err := going(s.db, term)
			if err != nil {
				return err
			}
			g.df -= n
		}
	}
	return nil
}

// going is how many postings of a term in live segments are of documents that are no more.
func going(db DB, term string) (n int64, err error) {
	err = db.Each(func(r []driver.Value) error {
		n = number(r[0])
		return nil
	}, "SELECT coalesce(sum(g.n), 0) FROM segment s CROSS JOIN going g ON g.segment = s.id AND g.term = ? WHERE s.state = ?", term, stateLive)
	return n, err
}

// openPart opens the terms' lists in a segment. One without a document for each group takes no part, but counts.
func (s *Search) openPart(p *part) error {
	whole := true
	o := &opener{db: s.db, segment: p.id}
	for _, g := range s.groups {
		var l lists
		for _, term := range g.terms {
			one, count, err := o.open(term)
			if err != nil {
				return err
			}
			if count > 0 {
				l.of = append(l.of, one)
				l.count += count
			}
		}
		g.df += l.count
		whole = whole && l.count > 0
		p.lists = append(p.lists, l)
	}
	if !whole {
		return nil
	}
	var err error
	if p.from, err = numberAtMost(s.db, p.id, p.n, s.query.High); err != nil {
		return err
	}
	p.to = p.n
	if s.query.Low > math.MinInt64 {
		if p.to, err = numberAtMost(s.db, p.id, p.n, s.query.Low-1); err != nil {
			return err
		}
	}
	if p.at = p.from; p.from < p.to {
		s.parts = append(s.parts, p)
	}
	return nil
}

// sort puts the rarest group first. The groups' own order stays, because every segment has its own.
func (p *part) sort(groups []*group) {
	for i := range p.lists {
		for _, l := range p.lists[i].of {
			l.rarity = groups[i].rarity
		}
	}
	slices.SortStableFunc(p.lists, func(a, b lists) int { return cmp.Compare(a.count, b.count) })
}

// readFresh looks at the documents that stand in no segment yet.
func (s *Search) readFresh() error {
	places := map[string][][2]int{}
	for i, g := range s.groups {
		for j, term := range g.terms {
			places[term] = append(places[term], [2]int{i, j})
		}
	}
	terms := slices.Sorted(maps.Keys(places))
	return s.db.Each(func(r []driver.Value) error {
		d := freshDocument{key: number(r[0]), impacts: make([][]uint8, len(s.groups))}
		for i, g := range s.groups {
			d.impacts[i] = make([]uint8, len(g.terms))
		}
		e := entries{rest: blob(r[1])}
		for _, term := range terms {
			if !e.find(term) {
				continue
			}
			v, _ := post(e.posts)
			for _, x := range places[term] {
				d.impacts[x[0]][x[1]] = uint8(v&15) + 1
				s.groups[x[0]].df++
			}
		}
		s.fresh = append(s.fresh, d)
		return e.err
	}, "SELECT key, data FROM fresh ORDER BY key DESC")
}

// matches says whether a fresh document matches, and how well.
func (s *Search) matches(d *freshDocument) (score uint32, ok bool) {
	if d.key < s.query.Low || d.key > s.query.High {
		return 0, false
	}
	for i, impacts := range d.impacts {
		any := false
		for _, n := range impacts {
			any = any || n > 0
			score += s.groups[i].rarity * uint32(n)
		}
		if !any {
			return 0, false
		}
	}
	return score, true
}

// fill finds the part's next matches, at least one; none at the end.
func (s *Search) fill(p *part) error {
	p.found, p.scores = p.found[:0], p.scores[:0]
	for len(p.found) == 0 && p.at < p.to {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		from, err := p.skip(s.db)
		if err != nil {
			return err
		}
		if from >= p.to {
			p.at = p.to
			return nil
		}
		p.at = min(from+window, p.to)
		if err := s.window(p, from); err != nil {
			return err
		}
	}
	return nil
}

// skip goes on to the first document that can match.
func (p *part) skip(db DB) (uint32, error) {
	at := p.at
	for i := range p.lists {
		least := none
		for _, l := range p.lists[i].of {
			n, err := l.seek(db, at)
			if err != nil {
				return 0, err
			}
			least = min(least, n)
			if i > 0 && least <= at {
				break
			}
		}
		at = max(at, least)
	}
	return at, nil
}

// passedOver is what seen holds of a document that is no more: no group is its.
const passedOver = math.MaxUint8

// window finds the matches from one document up to where the part goes on.
func (s *Search) window(p *part, from uint32) (err error) {
	s.first = s.first[:0]
	gone, _ := slices.BinarySearch(p.leaving, from)
	for _, n := range p.leaving[gone:] {
		if n >= p.at {
			break
		}
		s.seen[n-from] = passedOver
	}
	defer func() { clear(s.seen[:p.at-from]) }()
	last := len(p.lists) - 1
	for i := range last {
		if any, err := s.join(p, i, from); err != nil || !any {
			return err
		}
	}
	if of := p.lists[last].of; last > 0 && len(of) == 1 {
		return s.meet(p, of[0], from)
	}
	if any, err := s.join(p, last, from); err != nil || !any {
		return err
	}
	if len(p.lists[0].of) > 1 {
		slices.Sort(s.first)
	}
	for _, o := range s.first {
		if s.seen[o] == uint8(len(p.lists)) {
			p.found, p.scores = append(p.found, from+o), append(p.scores, s.score[o])
		}
	}
	return nil
}

// join takes the postings of the i-th group: those documents go on that had a term of every group before it. It says whether any
// did.
func (s *Search) join(p *part, i int, from uint32) (any bool, err error) {
	for _, l := range p.lists[i].of {
		if s.buf, err = l.window(s.db, from, p.at, s.buf[:0]); err != nil {
			return false, err
		}
		if i == 0 {
			any = s.begun(l.rarity) || any
		} else {
			any = s.goOn(uint8(i), l.rarity) || any
		}
	}
	return any, nil
}

// begun takes the postings of a term of the first group.
func (s *Search) begun(rarity uint32) (any bool) {
	seen, score, first := &s.seen, &s.score, s.first
	for _, v := range s.buf {
		o := v >> 4 % window
		switch seen[o] {
		case 0:
			seen[o], score[o] = 1, rarity*(v&15+1)
			first = append(first, o)
		case 1:
			score[o] += rarity * (v&15 + 1)
		}
	}
	s.first = first
	return len(s.buf) > 0
}

// goOn takes the postings of a term of a later group.
func (s *Search) goOn(i uint8, rarity uint32) (any bool) {
	seen, score := &s.seen, &s.score
	for _, v := range s.buf {
		o := v >> 4 % window
		switch seen[o] {
		case i:
			seen[o] = i + 1
			any = true
			fallthrough
		case i + 1:
			score[o] += rarity * (v&15 + 1)
		}
	}
	return any
}

// meet takes the postings of the last group where it is one term: what goes on is found.
func (s *Search) meet(p *part, l *list, from uint32) (err error) {
	if s.buf, err = l.window(s.db, from, p.at, s.buf[:0]); err != nil {
		return err
	}
	// Written whether it is one or not, because nobody can foresee which is: a branch would cost more than all the rest.
	all, n := uint8(len(p.lists)-1), len(p.found)
	found, scores := slices.Grow(p.found, len(s.buf))[:n+len(s.buf)], slices.Grow(p.scores, len(s.buf))[:n+len(s.buf)]
	for _, v := range s.buf {
		o := v >> 4 % window
		found[n], scores[n] = from+o, s.score[o]+l.rarity*(v&15+1)
		if s.seen[o] == all {
			n++
		}
	}
	p.found, p.scores = found[:n], scores[:n]
	return nil
}

// key is the key of one of the part's documents.
func (s *Search) key(p *part, n uint32) (int64, error) {
	if at := int64(n / chunk); at != p.rowAt {
		row, err := one(s.db, "SELECT data FROM numbers WHERE id = ?", p.id<<32|at)
		if err != nil {
			return 0, err
		}
		p.row, p.rowAt = blob(row[0]), at
	}
	if at := int(n % chunk); at < len(p.row)/8 {
		return keyAt(p.row, at), nil
	}
	return 0, ErrDamaged
}

// Newest answers the keys of up to limit matches, the newest first. Called again it goes on.
func (s *Search) Newest(limit int) (keys []int64, err error) {
	if s.heads == nil {
		if err := s.begin(); err != nil {
			return nil, err
		}
	}
	for len(keys) < limit && len(s.heads) > 0 {
		best := 0
		for i, h := range s.heads {
			if h.key > s.heads[best].key {
				best = i
			}
		}
		keys = append(keys, s.heads[best].key)
		more, err := s.heads[best].next()
		if err != nil {
			return nil, err
		}
		if !more {
			s.heads = slices.Delete(s.heads, best, best+1)
		}
	}
	return keys, nil
}

// head is the newest match of a part, or of the fresh documents, that was not taken yet.
type head struct {
	key  int64
	next func() (bool, error)
}

// begin finds the newest match of everything.
func (s *Search) begin() error {
	s.heads = []*head{}
	h := &head{}
	h.next = func() (bool, error) {
		for len(s.fresh) > 0 {
			d := s.fresh[0]
			s.fresh = s.fresh[1:]
			if _, ok := s.matches(&d); ok {
				h.key = d.key
				return true, nil
			}
		}
		return false, nil
	}
	all := []*head{h}
	for _, p := range s.parts {
		h := &head{}
		h.next = func() (bool, error) { return s.take(p, h) }
		all = append(all, h)
	}
	for _, h := range all {
		more, err := h.next()
		if err != nil {
			return err
		}
		if more {
			s.heads = append(s.heads, h)
		}
	}
	return nil
}

func (s *Search) take(p *part, h *head) (more bool, err error) {
	if len(p.found) == 0 {
		if err := s.fill(p); err != nil || len(p.found) == 0 {
			return false, err
		}
	}
	h.key, err = s.key(p, p.found[0])
	p.found = p.found[1:]
	return true, err
}

// Count counts the matches that Newest has not answered, up to a limit. The search is over then.
func (s *Search) Count(limit int) (n int, err error) {
	n = len(s.heads)
	for i := range s.fresh {
		if _, ok := s.matches(&s.fresh[i]); ok {
			n++
		}
	}
	for _, p := range s.parts {
		n += len(p.found)
		for n < limit {
			if err := s.fill(p); err != nil {
				return 0, err
			}
			if len(p.found) == 0 {
				break
			}
			n += len(p.found)
		}
	}
	return min(n, limit), nil
}

// Best answers the best matches, at most so many, the best first, and how many there are in all. The search is over then.
func (s *Search) Best(most int) (best []Match, count int, err error) {
	t := &top{most: max(most, 1)}
	for i := range s.fresh {
		if score, ok := s.matches(&s.fresh[i]); ok {
			count++
			t.add(candidate{score: score, key: s.fresh[i].key})
		}
	}
	t.settle()
	for _, p := range s.parts {
		for {
			if err := s.fill(p); err != nil {
				return nil, 0, err
			}
			if len(p.found) == 0 {
				break
			}
			count += len(p.found)
			for i, score := range p.scores {
				if score >= t.least {
					t.add(candidate{score: score, number: p.found[i]})
				}
			}
		}
		t.cut()
		for i := range t.running {
			c := &t.running[i]
			if c.key, err = s.key(p, c.number); err != nil {
				return nil, 0, err
			}
		}
		t.settle()
	}
	best = make([]Match, len(t.settled))
	for i, c := range t.settled {
		best[i] = Match{c.key, c.score}
	}
	return best, count, nil
}

// candidate is a match that may be among the best. Within a segment the lesser number is the newer.
type candidate struct {
	score  uint32
	number uint32
	key    int64
}

// top keeps the best of many candidates.
type top struct {
	most    int
	least   uint32      // what a candidate must reach
	running []candidate // of the part that is being read, of equal ones the newest first
	settled []candidate // of those before
}

func (t *top) add(c candidate) {
	t.running = append(t.running, c)
	if len(t.running) >= 2*t.most+64 {
		t.cut()
	}
}

// cut leaves the best of the running ones. What comes after them in the same part is older, and must be better.
func (t *top) cut() {
	slices.SortStableFunc(t.running, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	if len(t.running) >= t.most {
		t.running = t.running[:t.most]
		t.least = max(t.least, t.running[t.most-1].score+1)
	}
}

// settle takes the running ones, whose keys are known, among the settled. What comes in another part may be newer.
func (t *top) settle() {
	t.settled = append(t.settled, t.running...)
	t.running, t.least = t.running[:0], 0
	slices.SortFunc(t.settled, func(a, b candidate) int {
		if c := cmp.Compare(b.score, a.score); c != 0 {
			return c
		}
		return cmp.Compare(b.key, a.key)
	})
	if len(t.settled) >= t.most {
		t.settled = t.settled[:t.most]
		t.least = t.settled[t.most-1].score
	}
}
