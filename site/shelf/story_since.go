package shelf

import (
	"fmt"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// StoryEntry is the newest of a story's own entries, its articles' among them, at or before a position in the record; 0 for
// none.
func (tx *Tx) StoryEntry(story dateline.ID, position int64) (int64, error) {
	number, _, err := tx.listOf(InStory(story))
	if err != nil {
		return 0, err
	}
	r, err := tx.c.one(`SELECT max(coalesce((SELECT max(seq) FROM fact WHERE subject = ?1 AND seq <= ?2), 0),
		coalesce((SELECT max(e.seq) FROM list l JOIN edition e ON e.article = l.id WHERE l.k = ?3 AND e.seq <= ?2 AND e.z IS NOT NULL), 0))`,
		packID(story), position, number)
	if err != nil {
		return 0, err
	}
	return r.int(0), nil
}

// RedactedSince says whether anything was redacted after a position.
func (tx *Tx) RedactedSince(position int64) (bool, error) {
	return tx.c.has("SELECT 1 FROM redacted WHERE by > ? LIMIT 1", position)
}

// StoryTold is the newest entry of the story itself at or before a position, and when the record took it; ErrNotFound before
// the first.
func (tx *Tx) StoryTold(story dateline.ID, position int64) (int64, time.Time, error) {
	r, err := tx.c.one("SELECT l.seq, l.data FROM fact f JOIN leaf l ON l.seq = f.seq WHERE f.subject = ? AND f.seq <= ? ORDER BY f.seq DESC LIMIT 1", packID(story), position)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("story %.60s at entry %d: %w", story, position, err)
	}
	e, err := record.ParseLeaf(r.blob(1))
	return r.int(0), e.At, err
}

// StoryAt is what a story said at a position; ErrNotFound before its first entry.
func (tx *Tx) StoryAt(story dateline.ID, position int64) (*record.Story, error) {
	r, err := tx.c.one("SELECT body FROM fact WHERE subject = ? AND seq <= ? ORDER BY seq DESC LIMIT 1", packID(story), position)
	if err != nil {
		return nil, fmt.Errorf("story %.60s at entry %d: %w", story, position, err)
	}
	body, err := decodeFact(record.KindStory, r.blob(0))
	if err != nil {
		return nil, err
	}
	return body.(*record.Story), nil
}

// StoryEditions are up to limit editions of a story's articles after a position, newest first; each with its article's card
// as it is now.
func (tx *Tx) StoryEditions(story dateline.ID, position int64, limit int) ([]Correction, error) {
	number, _, err := tx.listOf(InStory(story))
	if err != nil {
		return nil, err
	}
	rows, err := tx.c.rows(`SELECT e.seq, e.number, e.change, e.note, e.public, c.key, c.data FROM list l JOIN edition e ON e.article = l.id
		JOIN card c ON c.key = l.key WHERE l.k = ? AND e.seq > ? AND e.z IS NOT NULL ORDER BY e.seq DESC LIMIT ?`, number, position, limit)
	if err != nil {
		return nil, err
	}
	return tx.corrections(rows)
}
