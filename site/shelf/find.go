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
	"github.com/datelinehq/dateline/site/shelf/index"
)

// finder is one search while it runs.
type finder struct {
	tx    *Tx
	ctx   context.Context
	q     Query
	index index.Query
}

// found is an article that matches.
type found struct {
	*state
	article *Article
	text    string
}

// Search answers a query: by date, or by how well the articles fit, all of which are weighed up to MaxRead.
func (tx *Tx) Search(ctx context.Context, q Query) (*Results, error) {
	if q.Limit == 0 {
		q.Limit = 20
	}
	q.Limit = min(q.Limit, 100)
	q.Skip = min(q.Skip, MaxSkipped)
	f := &finder{tx: tx, ctx: ctx, q: q, index: index.Query{Low: math.MinInt64, High: math.MaxInt64}}
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

// Suggest answers words of the archive that begin as some text's last word does, those of the most articles first; none where
// the text's end is no word.
func (tx *Tx) Suggest(text string, limit int) ([]string, error) {
	tokens := search.Tokens(nil, text)
	if len(tokens) == 0 {
		return nil, nil
	}
	return index.Suggest(tx.c, tokens[len(tokens)-1], limit)
}

// prepare makes the question; false says that nothing can match.
func (f *finder) prepare() (ok bool, err error) {
	if err := f.words(); err != nil || len(f.index.Groups) == 0 {
		return false, err
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
		f.index.Filters = append(f.index.Filters, filterTerm(t.num))
	}
	zone := f.tx.zone()
	if !f.q.From.IsZero() {
		f.index.Low = keyFloor(micros(f.q.From.Start(zone)))
	}
	if !f.q.To.IsZero() {
		f.index.High = keyFloor(micros(f.q.To.Next().Start(zone))) - 1
	}
	f.index.Total, err = f.tx.tally(tallyList, numberAll)
	return f.index.Low <= f.index.High, err
}

// expansions is how many words the beginning of one can stand for.
const expansions = 16

// words asks for each word once, in any of its forms. The last may be the beginning of one.
func (f *finder) words() error {
	seen := map[string]bool{}
	last := ""
	for _, t := range f.q.Words.Terms {
		for _, token := range t.Tokens {
			if last = token; !seen[token] {
				seen[token] = true
				f.index.Groups = append(f.index.Groups, append([]string{token}, t.Forms()...))
			}
		}
	}
	if !f.q.Words.Prefix {
		return nil
	}
	for i, g := range f.index.Groups {
		if g[0] != last {
			continue
		}
		more, err := index.Suggest(f.tx.c, last, expansions)
		if err != nil {
			return err
		}
		f.index.Groups[i] = append(g, slices.DeleteFunc(more, func(s string) bool { return slices.Contains(g, s) })...)
	}
	return nil
}

func (f *finder) run() (*Results, error) {
	if slices.ContainsFunc(f.q.Words.Terms, func(t search.Term) bool { return t.Phrase && len(t.Tokens) > 1 }) {
		return f.phrases()
	}
	if f.q.By == ByDate {
		return f.byDate()
	}
	return f.byFit()
}

// find asks the index, from a key downwards.
func (f *finder) find(high int64) (*index.Search, error) {
	q := f.index
	q.High = high
	return index.Find(f.ctx, f.tx.c, q)
}

// count counts the matches, up to the cap.
func (f *finder) count(res *Results) error {
	s, err := f.find(f.index.High)
	if err != nil {
		return err
	}
	n, err := s.Count(MaxCounted + 1)
	res.Count, res.More = min(n, MaxCounted), n > MaxCounted
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
	high := f.index.High
	if !f.q.After.At.IsZero() {
		high = min(high, keyFloor(micros(f.q.After.At))+1<<tieBits-1)
	}
	s, err := f.find(high)
	if err != nil {
		return nil, err
	}
	read := 0
	var page []found
	var held []int64 // a match of the next second
	for len(page) <= f.q.Limit {
		keys, next, err := sameSecond(s, held)
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
		page, held, read = append(page, list...), next, read+len(keys)
	}
	res := &Results{}
	if high == f.index.High {
		// It began with the newest: the rest is counted on.
		rest := 0
		if read += len(held); read <= MaxCounted {
			rest, err = s.Count(MaxCounted + 1 - read)
		}
		read += rest
		res.Count, res.More = min(read, MaxCounted), read > MaxCounted
	} else {
		err = f.count(res)
	}
	if err != nil {
		return nil, err
	}
	return f.page(res, page)
}

// sameSecond answers the next matches that are of one second, after those that were read before, and the one after them, which was read too.
func sameSecond(s *index.Search, keys []int64) (same, next []int64, err error) {
	for {
		more, err := s.Newest(1)
		if err != nil || len(more) == 0 {
			return keys, nil, err
		}
		if len(keys) > 0 && keys[0]>>tieBits != more[0]>>tieBits {
			return keys, more, nil
		}
		keys = append(keys, more[0])
	}
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
	a, text, err := f.tx.article(x.state)
	if err != nil {
		return err
	}
	if x.article, x.text = a, string(text); x.Kind != dateline.KindLive {
		return nil
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

// byFit ranks the matches.
func (f *finder) byFit() (*Results, error) {
	best, res, err := f.best(f.q.Skip + f.q.Limit + 1)
	if err != nil {
		return nil, err
	}
	keys := make([]int64, len(best))
	for i, m := range best {
		keys[i] = m.Key
	}
	list, err := f.states(keys[min(f.q.Skip, len(keys)):])
	if err != nil {
		return nil, err
	}
	return f.page(res, list)
}

// best answers the best matches and how many there are.
func (f *finder) best(most int) ([]index.Match, *Results, error) {
	s, err := f.find(f.index.High)
	if err != nil {
		return nil, nil, err
	}
	bounded := s.Cost() > MaxRead
	if bounded {
		if err := f.narrow(float64(MaxRead) / float64(s.Cost())); err != nil {
			return nil, nil, err
		}
		if s, err = f.find(f.index.High); err != nil {
			return nil, nil, err
		}
	}
	best, n, err := s.Best(most)
	res := &Results{Count: min(n, MaxCounted), More: n > MaxCounted}
	if bounded {
		res.Ranked = n
	}
	return best, res, err
}

// narrow leaves the newest days of a search that hold a share of all articles, at least one day.
func (f *finder) narrow(share float64) error {
	zone := f.tx.zone()
	from, to := int64(0), int64(math.MaxInt64)
	if !f.q.From.IsZero() {
		from = f.q.From.number()
	}
	if !f.q.To.IsZero() {
		to = f.q.To.number()
	}
	rows, err := f.tx.c.rows("SELECT at, n FROM tally WHERE kind = ? AND at >= ? AND at <= ? ORDER BY at DESC", tallyDay, from, to)
	if err != nil {
		return err
	}
	left := share * float64(f.index.Total)
	for i, r := range rows {
		if left -= float64(r.int(1)); left < 0 && i > 0 {
			f.index.Low = max(f.index.Low, keyFloor(micros(dayOfNumber(rows[i-1].int(0)).Start(zone))))
			return nil
		}
	}
	return nil
}

// phrases reads the newest articles that have the words, and keeps those in which the words of each phrase stand in a row.
func (f *finder) phrases() (*Results, error) {
	s, err := f.find(f.index.High)
	if err != nil {
		return nil, err
	}
	keys, err := s.Newest(MaxChecked + 1)
	if err != nil {
		return nil, err
	}
	res := &Results{}
	if len(keys) > MaxChecked {
		keys, res.Bound = keys[:MaxChecked], MaxChecked
		f.index.Low = max(f.index.Low, keys[MaxChecked-1])
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
	if list, err = f.ranked(list); err != nil {
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

// ranked orders articles by how well they fit, which are among the newest that match.
func (f *finder) ranked(list []found) ([]found, error) {
	best, _, err := f.best(MaxChecked)
	if err != nil {
		return nil, err
	}
	places := map[int64]int{}
	for i, m := range best {
		places[m.Key] = i
	}
	place := func(x found) int {
		if i, ok := places[x.key]; ok {
			return i
		}
		return len(places)
	}
	slices.SortStableFunc(list, func(a, b found) int { return cmp.Compare(place(a), place(b)) })
	return list, nil
}
