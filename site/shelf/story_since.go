package shelf

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// The queries of what is new in a story. Each steps to a position in an index and reads on from there.
const (
	storyEntry = `SELECT max(coalesce((SELECT max(seq) FROM fact WHERE subject = ?1 AND seq <= ?2), 0),
		coalesce((SELECT max(seq) FROM story_edition WHERE k = ?3 AND seq <= ?2), 0))`
	redactedSince  = "SELECT 1 FROM redacted WHERE by > ? LIMIT 1"
	storyToldUntil = "SELECT seq, data FROM telling WHERE story = ? AND seq <= ? ORDER BY seq DESC LIMIT 1"
	storyTellings  = "SELECT seq, data FROM telling WHERE story = ? AND seq > ? ORDER BY seq DESC"
	toldSince      = "SELECT id, at, data FROM happening INDEXED BY happening_told WHERE story = ? AND told > ? ORDER BY told DESC, at DESC, id DESC LIMIT ?"
	statusesSince  = "SELECT id, at, data FROM happening INDEXED BY happening_told WHERE story = ? AND told > ? AND status = 1 ORDER BY told DESC, at DESC, id DESC LIMIT ?"
	storyEditions  = `SELECT e.seq, e.number, e.change, e.note, e.public, c.key, c.data FROM story_edition s JOIN edition e ON e.seq = s.seq
		JOIN article a ON a.id = e.article JOIN card c ON c.key = a.key WHERE s.k = ? AND s.seq > ? ORDER BY s.seq DESC LIMIT ?`
)

// StoryEntry is the newest of a story's own entries, those of its articles and of its parts among them, at or before a position in the record; 0 for
// none.
func (tx *Tx) StoryEntry(story dateline.ID, position int64) (int64, error) {
	number, _, err := tx.listOf(InStory(story))
	if err != nil {
		return 0, err
	}
	r, err := tx.c.one(storyEntry, packID(story), position, number)
	if err != nil {
		return 0, err
	}
	parts, err := tx.partsEntry(story, position)
	return max(r.int(0), parts), err
}

// RedactedSince says whether anything was redacted after a position.
func (tx *Tx) RedactedSince(position int64) (bool, error) {
	return tx.c.has(redactedSince, position)
}

// StoryTold is the newest line of a story's history at or before a position; ErrNotFound before the first.
func (tx *Tx) StoryTold(story dateline.ID, position int64) (*Telling, error) {
	r, err := tx.c.one(storyToldUntil, packID(story), position)
	if err != nil {
		return nil, fmt.Errorf("story %.60s at entry %d: %w", story, position, err)
	}
	return unpackTelling(r.int(0), r.blob(1))
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

// Telling is one line of a story's history: an act by which readers got another state of it, or lost it.
type Telling struct {
	Seq       int64
	Number    int             // from 1
	Change    dateline.Change // none where it was taken down, and in entries of schema 1
	Note      string          // the public sentence
	Public    time.Time
	Status    *record.StoryStatus // where the story stood then; nil where it was taken down
	Withdrawn bool
	Removed   bool // its words were redacted
}

func unpackTelling(seq int64, data []byte) (*Telling, error) {
	var d tellingData
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("a line of a story's history: %w", errDamaged)
	}
	return &Telling{seq, d.Number, d.Change, d.Note, instant(d.Public), d.Status, d.Withdrawn, d.Removed}, nil
}

// Tellings are the lines of a story's history after a position, newest first, less those that were withheld.
func (tx *Tx) Tellings(story dateline.ID, after int64) ([]Telling, error) {
	return tx.tellings(storyTellings, packID(story), after)
}

// StoryCorrections are the lines of a story's history that told readers something had been wrong, newest first.
func (tx *Tx) StoryCorrections(story dateline.ID) ([]Telling, error) {
	until := tx.cursor
	if tx.then != nil {
		until = tx.then.seq
	}
	return tx.tellings("SELECT t.seq, t.data FROM story_correction o JOIN telling t ON t.story = o.story AND t.seq = o.seq WHERE o.story = ? AND o.seq <= ? ORDER BY o.seq DESC",
		packID(story), until)
}

func (tx *Tx) tellings(query string, args ...any) (out []Telling, err error) {
	rows, err := tx.c.rows(query, args...)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		t, err := unpackTelling(r.int(0), r.blob(1))
		if err != nil {
			return nil, err
		}
		out = append(out, *t)
	}
	return out, nil
}

// ToldSince are up to limit dated lines of a story that its entries after a position were the first to have, those told last
// where there are more; newest first.
func (tx *Tx) ToldSince(story dateline.ID, position int64, limit int) ([]Happening, error) {
	list, err := tx.happenings(toldSince, packID(story), position, limit)
	slices.SortFunc(list, newestHappening)
	return list, err
}

// StatusesSince are those of ToldSince that are statuses.
func (tx *Tx) StatusesSince(story dateline.ID, position int64, limit int) ([]Happening, error) {
	list, err := tx.happenings(statusesSince, packID(story), position, limit)
	slices.SortFunc(list, newestHappening)
	return list, err
}

// newestHappening orders dated lines.
func newestHappening(a, b Happening) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) }

// StoryEditions are up to limit editions of a story's articles after a position, newest first; each with its article's card
// as it is now.
func (tx *Tx) StoryEditions(story dateline.ID, position int64, limit int) ([]Correction, error) {
	number, _, err := tx.listOf(InStory(story))
	if err != nil {
		return nil, err
	}
	rows, err := tx.c.rows(storyEditions, number, position, limit)
	if err != nil {
		return nil, err
	}
	return tx.corrections(rows)
}
