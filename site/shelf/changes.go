package shelf

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
)

// PageOf names a page whose changes are told.
type PageOf struct {
	kind  pageKind
	id    dateline.ID
	lists []ListOf
}

type pageKind uint8

const (
	pageHome pageKind = iota
	pageArticle
	pageLists
	pageDay
	pageCorrections
	pageStory
)

// HomePage is the paper's front.
func HomePage() PageOf { return PageOf{kind: pageHome} }

// ArticlePage is the page of an article, a page or a live coverage.
func ArticlePage(id dateline.ID) PageOf { return PageOf{kind: pageArticle, id: id} }

// ListPage is a page of lists as one: a topic's, a person's, or a section's, whose front belongs to it.
func ListPage(lists ...ListOf) PageOf { return PageOf{kind: pageLists, lists: lists} }

// DayPage is a day's archive.
func DayPage(d Day) PageOf { return PageOf{kind: pageDay, lists: []ListOf{OnDay(d)}} }

// CorrectionsPage is the list of what was corrected.
func CorrectionsPage() PageOf { return PageOf{kind: pageCorrections} }

// StoryPage is the page of a running story.
func StoryPage(id dateline.ID) PageOf { return PageOf{kind: pageStory, id: id} }

// changeQuery asks for instants at which something changed, in microseconds: those of rows, or of the entries that they number.
type changeQuery struct {
	query   string // between SELECT and the bound: "x FROM … WHERE …"; x is the first column
	column  string // the column that is bounded and ordered by
	args    []any
	entries bool
}

// ChangedBefore are up to limit instants, in whole seconds, at or before an instant at which a page changed, newest first. It goes by
// what readers can open now: a page that a withdrawn article stood on did not change with it.
func (tx *Tx) ChangedBefore(of PageOf, at time.Time, limit int) ([]time.Time, error) {
	return tx.changes(of, true, endOfSecond(micros(at)), limit)
}

// ChangedAfter are up to limit instants after an instant's second at which a page changed, oldest first.
func (tx *Tx) ChangedAfter(of PageOf, at time.Time, limit int) ([]time.Time, error) {
	return tx.changes(of, false, endOfSecond(micros(at)), limit)
}

// changes reads from every source as many rows as are asked for, keeps the nearest, and goes on beyond their second: what happened in
// one second is one change.
func (tx *Tx) changes(of PageOf, newest bool, bound int64, limit int) (out []time.Time, err error) {
	sources, err := tx.changesOf(of)
	if err != nil {
		return nil, err
	}
	from, err := tx.beginningOf(of)
	if err != nil {
		return nil, err
	}
	if !newest {
		bound = max(bound, from-1)
	}
	for len(out) < limit && bound >= from-1 {
		var near []int64
		for _, s := range sources {
			list, err := tx.ask(s, newest, bound, limit-len(out))
			if err != nil {
				return nil, err
			}
			near = append(near, list...)
		}
		if len(near) == 0 {
			break
		}
		slices.Sort(near)
		if newest {
			slices.Reverse(near)
		}
		for _, at := range near[:min(len(near), limit-len(out))] {
			if at < from {
				return out, nil
			}
			second := instant(floorSecond(at))
			if n := len(out); n == 0 || !out[n-1].Equal(second) {
				out = append(out, second)
			}
			if bound = endOfSecond(at); newest {
				bound = floorSecond(at) - 1
			}
		}
	}
	return out, nil
}

// beginningOf is the first microsecond of the second in which a page can have stood: a story's articles may be older than its page.
func (tx *Tx) beginningOf(of PageOf) (int64, error) {
	if of.kind != pageStory {
		return math.MinInt64 + 1, nil
	}
	r, err := tx.c.one("SELECT seq FROM fact WHERE subject = ? AND kind = 'story' ORDER BY seq LIMIT 1", packID(of.id))
	if err != nil {
		return 0, fmt.Errorf("the first entry of story %.60s: %w", of.id, err)
	}
	at, err := tx.entryAt(r.int(0))
	return floorSecond(at), err
}

func (tx *Tx) ask(q changeQuery, newest bool, bound int64, limit int) ([]int64, error) {
	query, order := "SELECT "+q.query+" AND "+q.column+" > ? ORDER BY "+q.column+" LIMIT ?", bound
	if newest {
		query = "SELECT " + q.query + " AND " + q.column + " <= ? ORDER BY " + q.column + " DESC LIMIT ?"
	}
	if q.entries {
		seq, err := tx.sequenceAt(bound)
		if err != nil {
			return nil, err
		}
		order = seq
	}
	rows, err := tx.c.rows(query, append(slices.Clone(q.args), order, limit)...)
	if err != nil {
		return nil, err
	}
	out := make([]int64, len(rows))
	for i, r := range rows {
		if out[i] = r.int(0); q.entries {
			if out[i], err = tx.entryAt(out[i]); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// changesOf are the queries that together find every change of a page.
func (tx *Tx) changesOf(of PageOf) ([]changeQuery, error) {
	switch of.kind {
	case pageArticle:
		return tx.articleChanges(of.id), nil
	case pageCorrections:
		return []changeQuery{{query: "public FROM correction WHERE true", column: "public"}, {query: "at FROM changed WHERE k = ?", column: "at", args: []any{changedCorrections}},
			{query: "f.seq FROM fact f INDEXED BY fact_story WHERE f.kind = 'story' AND EXISTS(SELECT 1 FROM story_correction o WHERE o.story = f.subject AND o.seq <= f.seq)", column: "f.seq", entries: true}}, nil
	case pageDay:
		return tx.dayChanges(of.lists[0])
	case pageStory:
		return tx.storyChanges(of.id)
	case pageLists:
		return tx.listChanges(of.lists)
	}
	return tx.homeChanges()
}

func (tx *Tx) articleChanges(id dateline.ID) []changeQuery {
	key := []any{packID(id)}
	return []changeQuery{{query: "public FROM edition WHERE article = ? AND number > 0", column: "public", args: key},
		{query: "since FROM away WHERE id = ?", column: "since", args: key}, {query: "until FROM away WHERE id = ?", column: "until", args: key},
		{query: "seq FROM live_act WHERE article = ? AND z IS NOT NULL", column: "seq", args: key, entries: true}}
}

// homeChanges are those of every article, of the arrangement, of running stories and of the paper.
func (tx *Tx) homeChanges() ([]changeQuery, error) {
	pub, err := tx.Publication()
	if err != nil {
		return nil, err
	}
	id := []any{packID(pub.ID)}
	return []changeQuery{{query: "public FROM edition INDEXED BY edition_public WHERE z IS NOT NULL", column: "public"},
		{query: "since FROM away WHERE true", column: "since"}, {query: "until FROM away WHERE true", column: "until"},
		{query: "seq FROM front WHERE subject = ? AND body IS NOT NULL", column: "seq", args: id, entries: true},
		{query: "seq FROM fact WHERE subject = ?", column: "seq", args: id, entries: true},
		{query: "seq FROM fact INDEXED BY fact_story WHERE kind = 'story'", column: "seq", entries: true}}, nil
}

func (tx *Tx) listChanges(lists []ListOf) (out []changeQuery, err error) {
	for _, l := range lists {
		number, _, err := tx.listOf(l)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		k := []any{number}
		out = append(out, changeQuery{query: "first FROM list WHERE k = ? AND since <= first", column: "first", args: k},
			changeQuery{query: "first FROM once WHERE k = ? AND since <= first", column: "first", args: k},
			changeQuery{query: "at FROM changed WHERE k = ?", column: "at", args: k})
		if l.kind == listSection {
			out = append(out, changeQuery{query: "seq FROM front WHERE subject = ? AND body IS NOT NULL", column: "seq", args: []any{packID(l.id)}, entries: true})
		}
	}
	return out, nil
}

// dayChanges are those of the articles of a day, which are not many.
func (tx *Tx) dayChanges(day ListOf) ([]changeQuery, error) {
	_, in, err := tx.listOf(day)
	if err != nil {
		return nil, err
	}
	of := []any{in.from, in.to}
	return []changeQuery{{query: "e.public FROM list l JOIN edition e ON e.article = l.id WHERE l.k = 0 AND l.first >= ? AND l.first < ? AND e.z IS NOT NULL", column: "e.public", args: of},
		{query: "a.since FROM list l JOIN away a ON a.id = l.id WHERE l.k = 0 AND l.first >= ? AND l.first < ?", column: "a.since", args: of},
		{query: "a.until FROM list l JOIN away a ON a.id = l.id WHERE l.k = 0 AND l.first >= ? AND l.first < ?", column: "a.until", args: of}}, nil
}

// aboveQuery finds the entries of what a story is or was part of, and of what that was merged into.
const aboveQuery = `f.seq FROM (WITH RECURSIVE above(id) AS (SELECT whole FROM part WHERE story = ?
	UNION SELECT m.whole FROM above a CROSS JOIN merged m ON m.story = a.id) SELECT id FROM above) a CROSS JOIN fact f ON f.subject = a.id WHERE true`

// storyChanges are those of a story's own entries, of those above it and of its parts, of the articles that name it, and of those that joined it by its own word.
func (tx *Tx) storyChanges(id dateline.ID) ([]changeQuery, error) {
	out, err := tx.listChanges([]ListOf{InStory(id)})
	if err != nil {
		return nil, err
	}
	ids, err := withMerged(tx.c, id)
	for _, whole := range ids {
		out = append(out, changeQuery{query: "f.seq FROM part p JOIN fact f ON f.subject = p.story WHERE p.whole = ?", column: "f.seq", args: []any{packID(whole)}, entries: true})
	}
	key := []any{packID(id)}
	return append(out, changeQuery{query: aboveQuery, column: "f.seq", args: key, entries: true},
		changeQuery{query: "seq FROM fact WHERE subject = ?", column: "seq", args: key, entries: true},
		changeQuery{query: "e.public FROM member m JOIN edition e ON e.article = m.article WHERE m.story = ? AND m.gone = 0 AND e.z IS NOT NULL", column: "e.public", args: key}), err
}
