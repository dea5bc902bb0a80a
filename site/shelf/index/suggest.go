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

// likely is how many terms are taken of a segment whose blocks were not all read.
const likely = 4 * mostCandidates

// mostCandidates is how many terms are looked up in the segments whose blocks were not all read.
const mostCandidates = 24

// Suggest answers up to limit terms that begin in a way, those of the most documents first. It is exact where few terms do;
// where thousands do, a term that no segment has often may be passed over.
func Suggest(db DB, prefix string, limit int) ([]string, error) {
	var segments, large []int64
	if err := db.Each(func(r []driver.Value) error {
		segments = append(segments, number(r[0]))
		return nil
	}, "SELECT id FROM segment WHERE state = ?", stateLive); err != nil {
		return nil, err
	}
	counts, seen := map[string]int64{}, map[string]int64{}
	for _, id := range segments {
		found, whole, err := beginning(db, id, prefix)
		if err != nil {
			return nil, err
		}
		into := counts
		if !whole {
			large, into = append(large, id), seen
		}
		for term, n := range found {
			into[term] += n
		}
	}
	if err := db.Each(func(r []driver.Value) error {
		e := entries{rest: blob(r[0])}
		for there := e.from(prefix); there && strings.HasPrefix(string(e.term), prefix); there = e.next() {
			counts[string(e.term)]++
		}
		return e.err
	}, "SELECT data FROM fresh"); err != nil {
		return nil, err
	}
	if err := lookUp(db, large, counts, seen); err != nil {
		return nil, err
	}
	// Only those that can be among the answers are corrected by what is leaving.
	best := map[string]int64{}
	for _, term := range often(counts, limit+mostCandidates) {
		n, err := going(db, term)
		if err != nil {
			return nil, err
		}
		if n = counts[term] - n; n > 0 {
			best[term] = n
		}
	}
	return often(best, limit), nil
}

// lookUp adds what large segments have of the likeliest terms: those met most often in them, and those of the others.
func lookUp(db DB, large []int64, counts, seen map[string]int64) error {
	if len(large) == 0 {
		return nil
	}
	for _, term := range often(counts, mostCandidates) {
		seen[term] += counts[term]
	}
	likeliest := often(seen, mostCandidates)
	slices.Sort(likeliest) // so that neighbours in one block read it once
	for _, id := range large {
		o := &opener{db: db, segment: id}
		for _, term := range likeliest {
			n, err := o.count(term)
			if err != nil {
				return err
			}
			counts[term] += n
		}
	}
	return nil
}

// often are the terms of the most documents, of equals in the order of their letters.
func often(counts map[string]int64, most int) []string {
	before := func(a, b string) int {
		if c := cmp.Compare(counts[b], counts[a]); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	}
	var list []string
	for term := range counts {
		if len(list) == most && before(term, list[most-1]) > 0 {
			continue // as nearly all are, of thousands
		}
		at, _ := slices.BinarySearchFunc(list, term, before)
		if list = slices.Insert(list, at, term); len(list) > most {
			list = list[:most]
		}
	}
	return list
}

// beginning counts, in one segment, the documents of the terms with a prefix; whole says that every block was read.
func beginning(db DB, segment int64, prefix string) (counts map[string]int64, whole bool, err error) {
	counts = map[string]int64{}
	end := prefix + "\U0010ffff"
	row, err := one(db, blockBefore, segment, end)
	if errors.Is(err, errNotOne) {
		return counts, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	to := number(row[0])
	from, _ := within(segment)
	if row, err = one(db, blockBefore, segment, prefix); err == nil {
		from = number(row[0])
	} else if !errors.Is(err, errNotOne) {
		return nil, false, err
	}
	if to-from < mostBlocks {
		return counts, true, db.Each(func(r []driver.Value) error {
			e := entries{rest: blob(r[0])}
			for there := e.from(prefix); there && strings.HasPrefix(string(e.term), prefix); there = e.next() {
				counts[string(e.term)] += int64(e.count)
			}
			return e.err
		}, "SELECT data FROM posting WHERE id >= ? AND id <= ?", from, to)
	}
	return counts, false, db.Each(func(r []driver.Value) error {
		if term, ok := r[0].(string); ok {
			counts[term] += number(r[1])
		}
		return nil
	}, `SELECT first, sum(n) FROM place WHERE segment = ? AND first >= ? AND first < ? GROUP BY first
		ORDER BY sum(n) DESC, first LIMIT ?`, segment, prefix, end, likely)
}
