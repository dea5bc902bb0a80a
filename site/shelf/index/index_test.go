package index

import (
	"bytes"
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"modernc.org/sqlite"
)

// connection is a DB on a file of its own, with FTS5 beside the index as its oracle.
type connection struct {
	driver.Conn
	statements map[string]driver.Stmt
}

func (c connection) Exec(query string, args ...any) error {
	return c.Each(func([]driver.Value) error { return nil }, query, args...)
}

func (c connection) Each(f func([]driver.Value) error, query string, args ...any) (err error) {
	s := c.statements[query]
	if s == nil {
		if s, err = c.Prepare(query); err != nil {
			return fmt.Errorf("%s: %w", query, err)
		}
		c.statements[query] = s
	}
	var named []driver.NamedValue
	for i, a := range args {
		if n, ok := a.(int); ok {
			a = int64(n)
		}
		named = append(named, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	r, err := s.(driver.StmtQueryContext).QueryContext(context.Background(), named)
	if err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for row := make([]driver.Value, len(r.Columns())); ; {
		if err := r.Next(row); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := f(row); err != nil {
			return err
		}
	}
}

// archive is an index, its oracle, and what was put into both.
type archive struct {
	t     testing.TB
	rand  *rand.Rand
	db    connection
	w     *Writer
	docs  map[int64][]Term
	keys  []int64
	words int
}

func connect(t testing.TB, path string) connection {
	t.Helper()
	c, err := (&sqlite.Driver{}).Open("file:" + path)
	if err != nil {
		t.Fatal(err)
	}
	db := connection{c, map[string]driver.Stmt{}}
	t.Cleanup(func() {
		for _, s := range db.statements {
			s.Close()
		}
		c.Close()
	})
	return db
}

func newArchive(t testing.TB, seed uint64) *archive {
	db := connect(t, filepath.Join(t.TempDir(), "index.db"))
	for _, q := range append([]string{"PRAGMA page_size=8192", "PRAGMA secure_delete=ON", "PRAGMA synchronous=OFF", "PRAGMA journal_mode=MEMORY", "PRAGMA locking_mode=EXCLUSIVE",
		`CREATE VIRTUAL TABLE oracle USING fts5(t, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '#'")`}, Tables...) {
		if err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	return &archive{t: t, rand: rand.New(rand.NewPCG(seed, 5)), db: db, w: NewWriter(db), docs: map[int64][]Term{}, words: 400}
}

// word draws a word: some stand in nearly every document, most in few.
func (a *archive) word() string {
	r := a.rand.Float64()
	return fmt.Sprintf("w%d", int(float64(a.words)*r*r*r*r))
}

func (a *archive) document() []Term {
	have := map[string]uint8{fmt.Sprintf("#%d", a.rand.IntN(4)): 1}
	for range 5 + a.rand.IntN(60) {
		have[a.word()] = uint8(1 + a.rand.IntN(MaxImpact))
	}
	var list []Term
	for text, impact := range have {
		list = append(list, Term{text, impact})
	}
	slices.SortFunc(list, func(x, y Term) int { return cmp.Compare(x.Text, y.Text) })
	return list
}

func packed(terms []Term) []byte {
	if terms == nil {
		return nil
	}
	return AppendDocument(nil, terms)
}

// change gives documents new terms, nil for none, in one transaction.
func (a *archive) change(now map[int64][]Term) {
	a.t.Helper()
	var list []Change
	for key, terms := range now {
		old := a.docs[key]
		list = append(list, Change{Key: key, Old: packed(old), New: packed(terms)})
		if old != nil {
			a.exec("DELETE FROM oracle WHERE rowid = ?", key)
			delete(a.docs, key)
		}
		if terms != nil {
			var words []string
			for _, t := range terms {
				words = append(words, t.Text)
			}
			a.exec("INSERT INTO oracle(rowid, t) VALUES(?, ?)", key, strings.Join(words, " "))
			a.docs[key] = terms
		}
	}
	if err := a.w.Change(list); err != nil {
		a.t.Fatal(err)
	}
	a.keys = a.keys[:0]
	for key := range a.docs {
		a.keys = append(a.keys, key)
	}
	slices.Sort(a.keys)
}

func (a *archive) exec(query string, args ...any) {
	a.t.Helper()
	if err := a.db.Exec(query, args...); err != nil {
		a.t.Fatal(err)
	}
}

func (a *archive) step() bool {
	a.t.Helper()
	more, err := a.w.Step()
	if err != nil {
		a.t.Fatal(err)
	}
	return more
}

// act changes something at random: new documents, most of them new, some older than all others, one or many; edits; removals; steps.
func (a *archive) act() {
	now := map[int64][]Term{}
	key := func() int64 {
		if a.rand.IntN(4) == 0 {
			return a.rand.Int64N(1 << 20)
		}
		return 1<<20 + int64(len(a.docs))*8 + a.rand.Int64N(64)
	}
	switch d := a.rand.IntN(20); {
	case d < 8:
		now[key()] = a.document()
	case d < 10:
		for range a.rand.IntN(150) {
			now[key()] = a.document()
		}
	case d < 16 && len(a.keys) > 0:
		now[a.keys[a.rand.IntN(len(a.keys))]] = a.document()
	case d < 18 && len(a.keys) > 0:
		now[a.keys[a.rand.IntN(len(a.keys))]] = nil
	default:
		for range a.rand.IntN(6) {
			a.step()
		}
	}
	if len(now) > 0 {
		a.exec("BEGIN")
		a.change(now)
		a.exec("COMMIT")
	}
}

func (a *archive) question() Query {
	q := Query{Low: math.MinInt64, High: math.MaxInt64, Total: int64(len(a.docs))}
	for range 1 + a.rand.IntN(3) {
		g := []string{a.word()}
		for a.rand.IntN(3) == 0 {
			g = append(g, a.word())
		}
		slices.Sort(g)
		q.Groups = append(q.Groups, slices.Compact(g))
	}
	if a.rand.IntN(3) == 0 {
		q.Filters = []string{fmt.Sprintf("#%d", a.rand.IntN(4))}
	}
	if a.rand.IntN(3) == 0 && len(a.keys) > 0 {
		q.High = a.keys[a.rand.IntN(len(a.keys))]
	}
	if a.rand.IntN(3) == 0 && len(a.keys) > 0 {
		q.Low = a.keys[a.rand.IntN(len(a.keys))]
	}
	return q
}

// oracle asks FTS5.
func (a *archive) oracle(q Query) (keys []int64) {
	a.t.Helper()
	var all []string
	for _, g := range q.Groups {
		all = append(all, "("+strings.Join(g, " OR ")+")")
	}
	for _, f := range q.Filters {
		all = append(all, `"`+f+`"`)
	}
	if err := a.db.Each(func(r []driver.Value) error {
		keys = append(keys, number(r[0]))
		return nil
	}, "SELECT rowid FROM oracle WHERE oracle MATCH ? AND rowid >= ? AND rowid <= ? ORDER BY rowid DESC", strings.Join(all, " AND "), q.Low, q.High); err != nil {
		a.t.Fatal(err)
	}
	return keys
}

// reckon scores documents by reading everything, and orders them by it.
func (a *archive) reckon(q Query, keys []int64) (fit []Match) {
	fit = make([]Match, len(keys))
	for i, key := range keys {
		fit[i].Key = key
	}
	for _, g := range q.Groups {
		df := int64(0)
		for _, terms := range a.docs {
			for _, t := range terms {
				if slices.Contains(g, t.Text) {
					df++
				}
			}
		}
		for i, key := range keys {
			for _, t := range a.docs[key] {
				if slices.Contains(g, t.Text) {
					fit[i].Score += rarity(df, q.Total) * uint32(t.Impact)
				}
			}
		}
	}
	slices.SortStableFunc(fit, func(x, y Match) int { return cmp.Compare(y.Score, x.Score) })
	return fit
}

func (a *archive) find(q Query) *Search {
	a.t.Helper()
	s, err := Find(a.t.Context(), a.db, q)
	if err != nil {
		a.t.Fatal(err)
	}
	return s
}

// check compares answers with the oracle's, and says how many matches there were.
func (a *archive) check(questions int) (hits int) {
	a.t.Helper()
	for range questions {
		q := a.question()
		want := a.oracle(q)
		hits += len(want)
		var got []int64
		for s := a.find(q); ; {
			some, err := s.Newest(1 + a.rand.IntN(50))
			if err != nil {
				a.t.Fatal(err)
			}
			if got = append(got, some...); len(some) == 0 {
				break
			}
		}
		if !slices.Equal(got, want) {
			a.t.Fatalf("%+v finds %v, not %v", q, got, want)
		}
		if n, err := a.find(q).Count(10); err != nil || n != min(10, len(want)) {
			a.t.Fatalf("%+v counts %d (%v), not %d", q, n, err, len(want))
		}
		s := a.find(q)
		some, err := s.Newest(1 + a.rand.IntN(20))
		if err != nil {
			a.t.Fatal(err)
		}
		if n, err := s.Count(10); err != nil || n != min(10, len(want)-len(some)) {
			a.t.Fatalf("%+v counts %d (%v) after %d of %d", q, n, err, len(some), len(want))
		}
		most := 1 + a.rand.IntN(30)
		best, count, err := a.find(q).Best(most)
		if err != nil || count != len(want) {
			a.t.Fatalf("%+v counts %d (%v), not %d", q, count, err, len(want))
		}
		fit := a.reckon(q, want)
		if !slices.Equal(best, fit[:min(most, len(fit))]) && len(fit) > 0 {
			a.t.Fatalf("%+v, best first: %v, not %v", q, best, fit[:min(most, len(fit))])
		}
	}
	return hits
}

// Whatever is changed and however far the merges are, the index answers as FTS5 does, and weighs as reading everything does.
func TestAgainstFTS5(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			a := newArchive(t, seed)
			hits := 0
			for i := range 300 {
				a.act()
				if i%10 == 0 {
					hits += a.check(3)
				}
			}
			hits += a.check(30)
			for a.step() {
			}
			hits += a.check(60)
			if hits < 1000 {
				t.Errorf("only %d matches: the questions prove little", hits)
			}
		})
	}
}

// A transaction that fails in the middle of a merge, and a program that ends there, leave a right index.
func TestInterruptedMerges(t *testing.T) {
	a := newArchive(t, 77)
	for range 12 {
		now := map[int64][]Term{}
		for range 80 {
			now[a.rand.Int64N(1<<30)] = a.document()
		}
		a.change(now)
	}
	interrupted := 0
	for range 300 {
		switch a.rand.IntN(6) {
		case 0:
			a.act()
		case 1: // the transaction fails
			a.exec("BEGIN")
			running := a.w.job != nil
			a.step()
			a.exec("ROLLBACK")
			a.w = NewWriter(a.db)
			if running {
				interrupted++
			}
		case 2: // the program ends
			if a.w.job != nil {
				interrupted++
			}
			a.w = NewWriter(a.db)
		default:
			a.step()
		}
		a.check(1)
	}
	if interrupted < 5 {
		t.Errorf("only %d merges were interrupted", interrupted)
	}
	for a.step() {
	}
	a.check(40)
	a.clean()
}

// clean fails where a row holds more than the documents there are.
func (a *archive) clean() {
	a.t.Helper()
	for query, want := range map[string]int64{
		"SELECT count(*) FROM leaving":                                                       0,
		"SELECT count(*) FROM going":                                                         0,
		"SELECT count(*) FROM dead WHERE leaving = 1":                                        0,
		"SELECT count(*) FROM segment WHERE state <> 0":                                      0,
		"SELECT count(*) FROM posting WHERE id >> 32 NOT IN (SELECT id FROM segment)":        0,
		"SELECT count(*) FROM place WHERE segment NOT IN (SELECT id FROM segment)":           0,
		"SELECT count(*) FROM numbers WHERE segment NOT IN (SELECT id FROM segment)":         0,
		"SELECT count(*) FROM dead WHERE id >> 32 NOT IN (SELECT id FROM segment)":           0,
		"SELECT count(*) FROM place p LEFT JOIN posting b ON b.id = p.id WHERE b.id IS NULL": 0,
	} {
		row, err := one(a.db, query)
		if err != nil {
			a.t.Fatal(err)
		}
		if number(row[0]) != want {
			a.t.Errorf("%s: %d", query, number(row[0]))
		}
	}
	postings := 0
	for _, terms := range a.docs {
		postings += len(terms)
	}
	held := 0
	count := func(r []driver.Value) error {
		e := entries{rest: blob(r[0])}
		for e.next() {
			held += e.count
		}
		return e.err
	}
	for _, table := range []string{"posting", "fresh"} {
		if err := a.db.Each(count, "SELECT data FROM "+table); err != nil {
			a.t.Fatal(err)
		}
	}
	if held != postings {
		a.t.Errorf("the index holds %d postings, the documents have %d terms", held, postings)
	}
}

// When there is nothing left to do, no word of a document that went is in any row.
func TestWordsThatGo(t *testing.T) {
	a := newArchive(t, 78)
	secret := []Term{{"#1", 1}, {"quixwortle", 3}, {"w0", 2}, {"w1", 2}, {"zyzzyva", 1}}
	for i := range 40 {
		now := map[int64][]Term{}
		for range 70 {
			now[a.rand.Int64N(1<<30)] = a.document()
		}
		if i%4 == 0 {
			now[1<<31+int64(i)] = secret
		}
		a.change(now)
		for range a.rand.IntN(8) {
			a.step()
		}
	}
	for key := range a.docs {
		if key >= 1<<31 {
			if key%8 == 0 {
				a.change(map[int64][]Term{key: nil})
			} else {
				a.change(map[int64][]Term{key: a.document()})
			}
			if keys := a.oracleAndIndex("quixwortle"); slices.Contains(keys, key) {
				t.Fatal("what went is found")
			}
		}
	}
	for a.step() {
	}
	a.clean()
	for _, table := range []string{"posting", "fresh", "leaving"} {
		if err := a.db.Each(func(r []driver.Value) error {
			e := entries{rest: blob(r[0])}
			for e.next() {
				if string(e.term) == "quixwortle" || string(e.term) == "zyzzyva" {
					t.Errorf("%s still holds %s", table, e.term)
				}
			}
			return e.err
		}, "SELECT data FROM "+table); err != nil {
			t.Fatal(err)
		}
	}
	if row, err := one(a.db, "SELECT count(*) FROM place WHERE first IN ('quixwortle', 'zyzzyva')"); err != nil || number(row[0]) != 0 {
		t.Errorf("a place holds the words: %v %v", row, err)
	}
}

func (a *archive) oracleAndIndex(word string) []int64 {
	a.t.Helper()
	q := Query{Groups: [][]string{{word}}, Low: math.MinInt64, High: math.MaxInt64, Total: int64(len(a.docs))}
	keys, err := a.find(q).Newest(1 << 20)
	if err != nil {
		a.t.Fatal(err)
	}
	if want := a.oracle(q); !slices.Equal(keys, want) {
		a.t.Fatalf("%s finds %v, not %v", word, keys, want)
	}
	return keys
}

// What a builder makes of many documents answers as an index that they were put into one by one.
func TestBuilder(t *testing.T) {
	a := newArchive(t, 79)
	b, err := NewBuilder(filepath.Join(t.TempDir(), "runs"))
	if err != nil {
		t.Fatal(err)
	}
	put := func(key int64, terms []Term) {
		if err := b.Add(key, packed(terms)); err != nil {
			t.Fatal(err)
		}
		if a.docs[key] != nil {
			a.exec("DELETE FROM oracle WHERE rowid = ?", key)
		}
		if delete(a.docs, key); terms != nil {
			var words []string
			for _, x := range terms {
				words = append(words, x.Text)
			}
			a.exec("INSERT INTO oracle(rowid, t) VALUES(?, ?)", key, strings.Join(words, " "))
			a.docs[key] = terms
		}
	}
	for i := range 3000 {
		key := a.rand.Int64N(2000)
		if a.rand.IntN(8) == 0 {
			put(key, nil)
		} else {
			put(key, a.document())
		}
		if i%450 == 449 {
			if err := b.spill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(b.Finish(a.db), b.Close()); err != nil {
		t.Fatal(err)
	}
	for key := range a.docs {
		a.keys = append(a.keys, key)
	}
	if hits := a.check(150); hits < 1000 {
		t.Errorf("only %d matches", hits)
	}
	a.clean()
	for range 150 {
		a.act()
	}
	a.check(60)
}

func TestSuggest(t *testing.T) {
	a := newArchive(t, 80)
	a.words = 4000
	for range 300 {
		a.act()
	}
	ask := func(prefix string) {
		t.Helper()
		counts := map[string]int64{}
		for _, terms := range a.docs {
			for _, x := range terms {
				if strings.HasPrefix(x.Text, prefix) {
					counts[x.Text]++
				}
			}
		}
		got, err := Suggest(a.db, prefix, 10)
		if err != nil {
			t.Fatal(err)
		}
		if want := often(counts, 10); !slices.Equal(got, want) {
			t.Errorf("%q: %v, not %v", prefix, got, want)
		}
	}
	for _, prefix := range []string{"w1", "w12", "w123", "w9", "w", "w0", "x", "#", "w3999"} {
		ask(prefix)
	}
}

// In a segment of which only part is read, the commonest words are still suggested, in their order.
func TestSuggestInALargeSegment(t *testing.T) {
	a := newArchive(t, 81)
	a.words = 3000
	b, err := NewBuilder(filepath.Join(t.TempDir(), "runs"))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int64{}
	for key := range int64(30_000) {
		terms := a.document()
		for _, x := range terms {
			if strings.HasPrefix(x.Text, "w") {
				counts[x.Text]++
			}
		}
		if err := b.Add(key, packed(terms)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(b.Finish(a.db), b.Close()); err != nil {
		t.Fatal(err)
	}
	if _, whole, err := beginning(a.db, 1, "w"); err != nil || whole {
		t.Fatalf("the segment is not large: %v", err)
	}
	got, err := Suggest(a.db, "w", 3)
	if err != nil {
		t.Fatal(err)
	}
	if want := often(counts, 3); !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	o := &opener{db: a.db, segment: 1}
	for i := range 2 * a.words { // every other is no word
		term := fmt.Sprintf("w%d", i)
		n, err := o.count(term)
		if err != nil {
			t.Fatal(err)
		}
		if n != counts[term] {
			t.Errorf("%s is counted in %d documents, not %d", term, n, counts[term])
		}
	}
}

// FuzzBlock reads any bytes as a block without failing otherwise than by saying so.
func FuzzBlock(f *testing.F) {
	var first []byte
	p := &packer{size: blockSize, put: func(b block) error { first = bytes.Clone(b.data); return nil }}
	for i := range 40 {
		p.begin(fmt.Appendf(nil, "term%d", i))
		for n := range uint32(i * 7) {
			if err := p.add(n*n, uint8(n%MaxImpact)+1); err != nil {
				f.Fatal(err)
			}
		}
	}
	if err := p.flush(); err != nil {
		f.Fatal(err)
	}
	f.Add(first, uint32(9))
	f.Add(AppendDocument(nil, []Term{{"a", 1}, {"ab", 16}}), uint32(0))
	f.Fuzz(func(t *testing.T, data []byte, n uint32) {
		terms, err := documentTerms(data)
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
		if len(terms) == 0 {
			return
		}
		s := striker{number: n, terms: terms[:1]}
		s.packer.size = 1 << 30
		s.packer.put = func(b block) error { s.blocks = append(s.blocks, b); return nil }
		if err := s.run(data); err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
		l := &list{at: -1, refs: []ref{{posts: data}}}
		if _, err := l.window(nil, 0, window, nil); err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
	})
}
