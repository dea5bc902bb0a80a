// Package index is the site's full-text index: which documents hold a term, and how much it weighs in them. It lies in a few
// tables of the shelf's SQLite file and is written in the shelf's own transactions.
//
// A document is known by a key; greater keys are newer. What comes in goes to the table fresh, a row to a document. When there
// are many, they become a segment: blocks of terms with the documents that hold them, numbered from the newest to the oldest,
// so that a segment is read in the order of dates. Segments of about one size are merged, a small step at a time. A document
// that goes is dead from that moment; its postings are taken out of the blocks later, likewise in steps (the table leaving
// keeps which), so that no word stays behind.
package index

import (
	"database/sql/driver"
	"encoding/binary"
	"errors"
)

// DB is a connection to the file. One goroutine uses it at a time; transactions are the caller's.
type DB interface {
	// Exec runs a statement that answers no rows.
	Exec(query string, args ...any) error
	// Each calls f with every row of an answer. The row is good until f returns; texts and blobs in it stay good.
	Each(f func(row []driver.Value) error, query string, args ...any) error
}

// Tables are the statements that make the index's tables. The upper 32 bits of the ids of postings, numbers, dead and leaving
// are those of a segment.
var Tables = []string{
	`CREATE TABLE fresh(key INTEGER PRIMARY KEY, data BLOB NOT NULL)`,
	`CREATE TABLE segment(id INTEGER PRIMARY KEY, state INTEGER NOT NULL, n INTEGER NOT NULL)`,
	// blocks in the order of their terms, and where each term begins in one
	`CREATE TABLE posting(id INTEGER PRIMARY KEY, data BLOB NOT NULL)`,
	`CREATE TABLE place(segment INTEGER, first TEXT, number INTEGER, id INTEGER NOT NULL, n INTEGER NOT NULL,
		PRIMARY KEY(segment, first, number)) WITHOUT ROWID`,
	// the keys of a segment's documents by their numbers, a thousand to a row, and the greatest of each row
	`CREATE TABLE numbers(id INTEGER PRIMARY KEY, segment INTEGER NOT NULL, top INTEGER NOT NULL, data BLOB NOT NULL)`,
	`CREATE INDEX numbers_top ON numbers(segment, top)`,
	// documents of segments that are no more; of those whose postings still lie in blocks the terms, and how many have a term
	`CREATE TABLE dead(id INTEGER PRIMARY KEY, leaving INTEGER NOT NULL)`,
	`CREATE INDEX dead_leaving ON dead(leaving) WHERE leaving = 1`,
	`CREATE TABLE leaving(id INTEGER PRIMARY KEY, data BLOB NOT NULL)`,
	`CREATE TABLE going(segment INTEGER, term TEXT, n INTEGER NOT NULL, PRIMARY KEY(segment, term)) WITHOUT ROWID`,
}

// States of a segment.
const (
	stateLive     = 0
	stateBuilding = 1 // a merge writes it
	stateDropping = 2 // its rows are being deleted
)

// The sizes of the index's parts.
const (
	foldAt     = 64        // documents that lie in the table fresh before they become a segment
	foldBytes  = 192 << 10 // and how many bytes of them
	fanIn      = 4         // segments of one size that are merged into one
	mostInputs = 8         // segments that are merged at once
	chunk      = 1000      // keys in a row of the table numbers
)

// Costs of one step of the work that is spread.
const (
	stepPostings = 60_000 // postings merged
	stepKeys     = 40_000 // keys merged
	stepBlocks   = 48     // blocks that are written or deleted
	stepRows     = 500    // small rows that are deleted
)

var errNotOne = errors.New("the statement answers no row")

// one answers the first row of a statement.
func one(db DB, query string, args ...any) (row []driver.Value, err error) {
	err = db.Each(func(r []driver.Value) error {
		if row == nil {
			row = append(row, r...)
		}
		return nil
	}, query, args...)
	if err == nil && row == nil {
		err = errNotOne
	}
	return row, err
}

func number(v driver.Value) int64 {
	n, _ := v.(int64)
	return n
}

func blob(v driver.Value) []byte {
	b, _ := v.([]byte)
	return b
}

// within gives the bounds of a segment's ids.
func within(segment int64) (from, to int64) { return segment << 32, (segment + 1) << 32 }

// packKeys writes keys as they stand in a row of the table numbers.
func packKeys(keys []int64) []byte {
	b := make([]byte, 0, 8*len(keys))
	for _, k := range keys {
		b = binary.BigEndian.AppendUint64(b, uint64(k))
	}
	return b
}

func keyAt(data []byte, i int) int64 { return int64(binary.BigEndian.Uint64(data[8*i:])) }

// firstAtMost is the place in a row of the table numbers of the first key that is not greater than one.
func firstAtMost(data []byte, key int64) int {
	lo, hi := 0, len(data)/8
	for lo < hi {
		if mid := (lo + hi) / 2; keyAt(data, mid) > key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// numberAtMost is the number of the newest document of a segment whose key is not greater than one; n where there is none.
func numberAtMost(db DB, segment int64, n uint32, key int64) (uint32, error) {
	// The row with the least of the greatest keys that is not less holds the place, or the row after it begins with it.
	row, err := one(db, "SELECT id, data FROM numbers WHERE segment = ? AND top >= ? ORDER BY top LIMIT 1", segment, key)
	if errors.Is(err, errNotOne) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return min(n, uint32(number(row[0]))*chunk+uint32(firstAtMost(blob(row[1]), key))), nil
}
