package export

import (
	"fmt"
	"strings"
	"time"

	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site"
	"github.com/datelinehq/dateline/site/shelf"
)

// MarkOf says what the pages of a shelf depend on at an instant, but for the newest checkpoint and the program, and the readers' origin. It
// is asked before any page is made: pages may show more than it says, and never less.
func MarkOf(tx *shelf.Tx, now time.Time) (m Mark, origin string, err error) {
	pub, err := tx.Publication()
	if err != nil {
		return m, "", fmt.Errorf("the record says nothing of a paper yet: %w", err)
	}
	m = Mark{Paper: string(pub.ID), Position: tx.Cursor(), Day: shelf.DayOf(now, pub.Zone).String(), Zone: render.ZoneAbbreviation(now.In(pub.Zone))}
	m.Entry, err = tx.LeafHash(m.Position)
	return m, strings.TrimSuffix(pub.Site, "/"), err
}

// TouchedSince tells what was touched between two marks, for Options.Since; false where the first is not of the shelf's record, or too old.
// A checkpoint comes a moment after its entry, so that it is always taken to be new.
func TouchedSince(tx *shelf.Tx, m, now Mark) (hashes []uint32, known bool, err error) {
	entry, err := tx.LeafHash(m.Position)
	if err != nil || entry == "" || entry != m.Entry {
		return nil, false, err
	}
	hashes, known, err = tx.TouchedSince(m.Position)
	hashes = append(hashes, shelf.KeyRecord.Hash())
	if m.Day != now.Day {
		hashes = append(hashes, site.KeyToday.Hash())
	}
	return hashes, known, err
}
