package index

import (
	"cmp"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
)

// mostBlocks is how many blocks of a segment are read to find the terms that begin in some way. Where there are more, only
// those are looked at that begin a block, as every term does that fills one.
const mostBlocks = 64

// mostCandidates is how many terms of each segment are judged.
const mostCandidates = 64

// Suggest answers up to limit terms that begin in a way, those of the most documents first. It is exact where few terms do;
// where thousands do, a term that no segment has often may be passed over.
func Suggest(db DB, prefix string, limit int) ([]string, error) {
	var segments []int64
	if err := db.Each(func(r []driver.Value) error {
		segments = append(segments, number(r[0]))
		return nil
	}, "SELECT id FROM segment WHERE state = ?", stateLive); err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for _, id := range segments {
		found, err := beginning(db, id, prefix)
		if err != nil {
			return nil, err
		}
		for _, term := range often(found, mostCandidates) {
			counts[term] = 0
		}
	}
	if err := db.Each(func(r []driver.Value) error {
		e := entries{rest: blob(r[0])}
		for e.next() {
			if strings.HasPrefix(string(e.term), prefix) {
				counts[string(e.term)]++
			}
		}
		return e.err
	}, "SELECT data FROM fresh"); err != nil {
		return nil, err
	}
	for term := range counts {
		for _, id := range segments {
			_, n, err := openList(db, id, term)
			if err != nil {
				return nil, err
			}
			counts[term] += n
		}
		n, err := going(db, term)
		if err != nil {
			return nil, err
		}
		counts[term] -= n
	}
	for term, n := range counts {
		if n <= 0 {
			delete(counts, term)
		}
	}
	return often(counts, limit), nil
}

// often are the terms of the most documents, of equals in the order of their letters.
func often(counts map[string]int64, most int) []string {
	list := make([]string, 0, len(counts))
	for term := range counts {
		list = append(list, term)
	}
	slices.SortFunc(list, func(a, b string) int {
		if c := cmp.Compare(counts[b], counts[a]); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	})
	return list[:min(most, len(list))]
}

// beginning counts, in one segment, the documents of the terms with a prefix.
func beginning(db DB, segment int64, prefix string) (map[string]int64, error) {
	counts := map[string]int64{}
	end := prefix + "\U0010ffff"
	const before = "SELECT id FROM place WHERE segment = ? AND first < ? ORDER BY first DESC, number DESC LIMIT 1"
	row, err := one(db, before, segment, end)
	if errors.Is(err, errNotOne) {
		return counts, nil
	}
	if err != nil {
		return nil, err
	}
	to := number(row[0])
	from, _ := within(segment)
	if row, err = one(db, before, segment, prefix); err == nil {
		from = number(row[0])
	} else if !errors.Is(err, errNotOne) {
		return nil, err
	}
	if to-from < mostBlocks {
		return counts, db.Each(func(r []driver.Value) error {
			e := entries{rest: blob(r[0])}
			for e.next() && string(e.term) < end {
				if strings.HasPrefix(string(e.term), prefix) {
					counts[string(e.term)] += int64(e.count)
				}
			}
			return e.err
		}, "SELECT data FROM posting WHERE id >= ? AND id <= ?", from, to)
	}
	return counts, db.Each(func(r []driver.Value) error {
		if term, ok := r[0].(string); ok {
			counts[term] += number(r[1])
		}
		return nil
	}, "SELECT first, sum(n) FROM place WHERE segment = ? AND first >= ? AND first < ? GROUP BY first", segment, prefix, end)
}
