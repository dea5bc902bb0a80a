package shelf

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/search"
)

// finder is one search while it runs.
type finder struct {
	tx     *Tx
	ctx    context.Context
	q      Query
	tokens []string // distinct, of every term
	match  string   // for FTS5
	lo, hi int64    // keys, both inclusive
}

// found is an article that matches.
type found struct {
	*state
	article *Article
	text    string
}

// Search answers a query. By date it is exact; by fit the newest MaxRanked matches are ranked.
func (tx *Tx) Search(ctx context.Context, q Query) (*Results, error) {
	if q.Limit == 0 {
		q.Limit = 20
	}
	q.Limit = min(q.Limit, 100)
	f := &finder{tx: tx, ctx: ctx, q: q, lo: math.MinInt64, hi: math.MaxInt64}
	ok, err := f.prepare()
	if err != nil || !ok {
		return &Results{}, err
	}
	res, err := f.run()
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return res, nil
}

// prepare makes the question; false says that nothing can match.
func (f *finder) prepare() (bool, error) {
	for _, t := range f.q.Words.Terms {
		for _, token := range t.Tokens {
			if !slices.Contains(f.tokens, token) {
				f.tokens = append(f.tokens, token)
			}
		}
	}
	if len(f.tokens) == 0 {
		return false, nil
	}
	asked := make([]string, len(f.tokens))
	for i, token := range f.tokens {
		asked[i] = quote(token)
	}
	if f.q.Words.Prefix {
		last := f.q.Words.Terms[len(f.q.Words.Terms)-1].Tokens
		asked[slices.Index(f.tokens, last[len(last)-1])] += " *"
	}
	for _, of := range []ListOf{InSection(f.q.Section), OnTopic(f.q.Topic)} {
		if of.id == "" {
			continue
		}
		t, err := f.tx.thing(of.id)
		if errors.Is(err, ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		asked = append(asked, quote(filterTerm(t.num)))
	}
	f.match = strings.Join(asked, " AND ")
	zone := f.tx.zone()
	if !f.q.From.IsZero() {
		f.lo = keyFloor(micros(f.q.From.Start(zone)))
	}
	if !f.q.To.IsZero() {
		f.hi = keyFloor(micros(f.q.To.Next().Start(zone))) - 1
	}
	return f.lo <= f.hi, nil
}

func quote(token string) string { return `"` + strings.ReplaceAll(token, `"`, `""`) + `"` }

func (f *finder) run() (*Results, error) {
	if slices.ContainsFunc(f.q.Words.Terms, func(t search.Term) bool { return t.Phrase && len(t.Tokens) > 1 }) {
		return f.phrases()
	}
	if f.q.By == ByDate {
		return f.byDate()
	}
	return f.byFit()
}

// keys answers the keys of up to limit matches from hi downwards.
func (f *finder) keys(hi int64, limit int) ([]int64, error) {
	rows, err := f.tx.c.rowsContext(f.ctx, "SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?",
		f.match, f.lo, hi, limit)
	if err != nil {
		return nil, err
	}
	out := make([]int64, len(rows))
	for i, r := range rows {
		out[i] = r.int(0)
	}
	return out, nil
}

// count counts the matches, up to the cap.
func (f *finder) count(res *Results) error {
	keys, err := f.keys(f.hi, MaxCounted+1)
	res.Count, res.More = min(len(keys), MaxCounted), len(keys) > MaxCounted
	return err
}

// states reads the cards of matches.
func (f *finder) states(keys []int64) ([]found, error) {
	out := make([]found, 0, len(keys))
	for _, k := range keys {
		r, err := f.tx.c.one("SELECT data FROM card WHERE key = ?", k)
		if err != nil {
			return nil, fmt.Errorf("the card of match %d: %w", k, err)
		}
		s, err := unpackState(k, r.blob(0))
		if err != nil {
			return nil, err
		}
		if !f.tx.hides(s.ID) {
			out = append(out, found{state: s})
		}
	}
	return out, nil
}

// newestFirst is the order of lists.
func newestFirst(a, b found) int {
	if c := b.First.Compare(a.First); c != 0 {
		return c
	}
	return strings.Compare(string(b.ID), string(a.ID))
}

func (p Position) before(s *state) bool {
	if p.At.IsZero() {
		return true
	}
	if !s.First.Equal(p.At) {
		return s.First.Before(p.At)
	}
	return s.ID < p.ID
}

// byDate goes down the matches, whole seconds at a time, because keys are in order only from second to second.
func (f *finder) byDate() (*Results, error) {
	res := &Results{}
	if err := f.count(res); err != nil {
		return nil, err
	}
	hi := f.hi
	if !f.q.After.At.IsZero() {
		hi = min(hi, keyFloor(micros(f.q.After.At))+1<<tieBits-1)
	}
	var page []found
	for len(page) <= f.q.Limit {
		keys, next, err := f.seconds(hi)
		if err != nil {
			return nil, err
		}
		if len(keys) == 0 {
			break
		}
		list, err := f.states(keys)
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(x found) bool { return !f.q.After.before(x.state) })
		slices.SortFunc(list, newestFirst)
		page = append(page, list...)
		hi = next
	}
	return f.page(res, page)
}

// seconds answers a few matches from hi downwards, all of the last one's second with them, and where to go on.
func (f *finder) seconds(hi int64) (keys []int64, next int64, err error) {
	n := f.q.Limit + 8
	if keys, err = f.keys(hi, n); err != nil || len(keys) < n {
		return keys, math.MinInt64, err
	}
	last := keys[len(keys)-1]
	floor := last >> tieBits << tieBits
	for last > floor {
		rest, err := f.tx.c.rowsContext(f.ctx, "SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT 1000",
			f.match, floor, last)
		if err != nil {
			return nil, 0, err
		}
		if len(rest) == 0 {
			break
		}
		for _, r := range rest {
			last = r.int(0)
			keys = append(keys, last)
		}
	}
	return keys, floor - 1, nil
}

// page fills the results with the first of a list, and their texts.
func (f *finder) page(res *Results, list []found) (*Results, error) {
	res.Next = len(list) > f.q.Limit
	for _, x := range list[:min(len(list), f.q.Limit)] {
		if err := f.read(&x); err != nil {
			return nil, err
		}
		res.Hits = append(res.Hits, Hit{Card: x.Card, Text: x.text})
	}
	return res, nil
}

func (f *finder) read(x *found) (err error) {
	if x.article != nil {
		return nil
	}
	if x.article, x.text, err = f.tx.article(x.state); err != nil || x.Kind != dateline.KindLive {
		return err
	}
	entries, err := f.tx.c.spoken(f.tx.shelf.codec, packID(x.ID))
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString(x.text)
	for i := range entries {
		b.WriteString("\n\n" + entries[i].body.Headline + "\n\n" + entries[i].text)
	}
	x.text = b.String()
	return nil
}

// byFit ranks the newest matches.
func (f *finder) byFit() (*Results, error) {
	rows, err := f.tx.c.rowsContext(f.ctx, `SELECT w.key, w.data FROM words f JOIN weight w ON w.key = f.rowid
		WHERE words MATCH ? AND f.rowid >= ? AND f.rowid <= ? ORDER BY f.rowid DESC LIMIT ?`, f.match, f.lo, f.hi, MaxRanked+1)
	if err != nil {
		return nil, err
	}
	res := &Results{Count: len(rows)}
	if len(rows) > MaxRanked {
		rows, res.Ranked = rows[:MaxRanked], MaxRanked
		if err := f.count(res); err != nil {
			return nil, err
		}
	}
	weights := make([][]byte, len(rows))
	keys := make([]int64, len(rows))
	for i, r := range rows {
		keys[i], weights[i] = r.int(0), r.blob(1)
	}
	order, err := f.rank(keys, weights)
	if err != nil {
		return nil, err
	}
	order = order[min(f.q.Skip, len(order)):]
	list, err := f.states(order[:min(len(order), f.q.Limit+1)])
	if err != nil {
		return nil, err
	}
	return f.page(res, list)
}

// Constants of Okapi BM25, and the length of an article at which a word counts as it is.
const (
	saturation   = 1.2
	lengthEffect = 0.75
	usualLength  = 450
)

// rank orders keys by how well their articles fit, the best first, the newest of equals first.
func (f *finder) rank(keys []int64, weights [][]byte) ([]int64, error) {
	rarity := make([]float64, len(f.tokens))
	hashes := make([]uint32, len(f.tokens))
	for i, token := range f.tokens {
		var err error
		if hashes[i] = termHash(token); len(f.tokens) > 1 {
			rarity[i], err = f.rarity(token)
		} else {
			rarity[i] = 1
		}
		if err != nil {
			return nil, err
		}
	}
	type scored struct {
		key   int64
		score float64
	}
	list := make([]scored, len(keys))
	for i, k := range keys {
		list[i].key = k
		for j, h := range hashes {
			n, total := weightOf(weights[i], h)
			long := 1 - lengthEffect + lengthEffect*float64(total)/usualLength
			list[i].score += rarity[j] * float64(n) * (saturation + 1) / (float64(n) + saturation*long)
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int {
		if c := cmp.Compare(b.score, a.score); c != 0 {
			return c
		}
		return cmp.Compare(b.key>>tieBits, a.key>>tieBits)
	})
	out := make([]int64, len(list))
	for i, x := range list {
		out[i] = x.key
	}
	return out, nil
}

// sample is how many of a word's newest articles tell how rare it is.
const sample = 64

// rarity is the inverse document frequency of a word, judged by its newest articles: how many articles of any kind were
// published since the oldest of them is read from the archive's counters.
func (f *finder) rarity(token string) (float64, error) {
	rows, err := f.tx.c.rowsContext(f.ctx, "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?", quote(token), sample)
	if err != nil {
		return 0, err
	}
	total, err := f.tx.tally(tallyList, numberAll)
	if err != nil {
		return 0, err
	}
	having, among := float64(len(rows)), float64(total)
	if len(rows) == sample {
		since, err := f.since(rows[sample-1].int(0) >> tieBits * second)
		if err != nil {
			return 0, err
		}
		among = max(float64(since), having)
	}
	return math.Log(1 + (among-having+0.5)/(having+0.5)), nil
}

// since is about how many articles were first published since an instant.
func (f *finder) since(at int64) (n int64, err error) {
	d := DayOf(instant(at), f.tx.zone())
	for _, in := range [][3]int64{{tallyDay, d.number(), d.NextMonth().number()}, {tallyMonth, d.NextMonth().number() / 100 * 100, math.MaxInt64}} {
		rows, err := f.tx.c.rows("SELECT coalesce(sum(n), 0) FROM tally WHERE kind = ? AND at >= ? AND at < ?", in[0], in[1], in[2])
		if err != nil {
			return 0, err
		}
		n += rows[0].int(0)
	}
	return n, nil
}

// phrases reads the newest articles that have the words, and keeps those in which the words of each phrase stand in a row.
func (f *finder) phrases() (*Results, error) {
	keys, err := f.keys(f.hi, MaxChecked+1)
	if err != nil {
		return nil, err
	}
	res := &Results{}
	if len(keys) > MaxChecked {
		keys, res.Bound = keys[:MaxChecked], MaxChecked
	}
	list, err := f.inARow(keys)
	if err != nil {
		return nil, err
	}
	res.Count = len(list)
	if f.q.By == ByDate {
		slices.SortFunc(list, newestFirst)
		list = slices.DeleteFunc(list, func(x found) bool { return !f.q.After.before(x.state) })
		return f.page(res, list)
	}
	if list, err = f.rankFound(list); err != nil {
		return nil, err
	}
	return f.page(res, list[min(f.q.Skip, len(list)):])
}

// inARow keeps the articles that hold every phrase.
func (f *finder) inARow(keys []int64) ([]found, error) {
	all, err := f.states(keys)
	if err != nil {
		return nil, err
	}
	list := all[:0]
	for _, x := range all {
		if err := f.ctx.Err(); err != nil {
			return nil, err
		}
		if err := f.read(&x); err != nil {
			return nil, err
		}
		if f.holds(x.Headline + "\n\n" + x.text) {
			list = append(list, x)
		}
	}
	return list, nil
}

func (f *finder) holds(text string) bool {
	for _, t := range f.q.Words.Terms {
		if t.Phrase && len(search.Mark(text, search.Query{Terms: []search.Term{t}})) == 0 {
			return false
		}
	}
	return true
}

func (f *finder) rankFound(list []found) ([]found, error) {
	keys, weights, byKey := make([]int64, len(list)), make([][]byte, len(list)), map[int64]found{}
	for i, x := range list {
		r, err := f.tx.c.one("SELECT data FROM weight WHERE key = ?", x.key)
		if err != nil {
			return nil, err
		}
		keys[i], weights[i], byKey[x.key] = x.key, r.blob(0), x
	}
	order, err := f.rank(keys, weights)
	if err != nil {
		return nil, err
	}
	for i, k := range order {
		list[i] = byKey[k]
	}
	return list, nil
}
