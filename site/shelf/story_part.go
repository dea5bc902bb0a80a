package shelf

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// Part is a running story that is part of a larger one.
type Part struct {
	Story       // of its statuses the last alone; as of an instant all
	Since int64 // the entry by which it became that
}

// The queries of what is part of a story. Each steps to the story in an index.
const (
	partsNow = `SELECT s.id, s.head, p.since FROM part p CROSS JOIN story s ON s.id = p.story WHERE p.whole = ? AND p.since > 0
		ORDER BY s.over, s.changed DESC, s.id DESC LIMIT ?`
	partsEver = "SELECT story FROM part WHERE whole = ? ORDER BY story"
	partsDown = `SELECT p.story, f.body FROM part p CROSS JOIN thing t ON t.id = p.story CROSS JOIN fact f ON f.seq = t.seq WHERE p.whole = ? AND p.since = 0
		ORDER BY p.story DESC LIMIT ?`
	partEntry = "SELECT max((SELECT max(seq) FROM fact WHERE subject = p.story AND seq <= ?2)) FROM part p WHERE p.whole = ?1 AND p.since > 0"
	mergedIn  = "SELECT story FROM merged WHERE whole = ? ORDER BY story"
)

// settleParts brings what a story is part of, or was merged into, up to what an entry says. A row whose since is 0 says that an
// entry of before named the larger story.
func (w *writer) settleParts(subject []byte, seq int64, body *record.Story) error {
	if err := w.settleMerger(subject, body); err != nil {
		return err
	}
	rows, err := w.c.rows("SELECT whole, since FROM part WHERE story = ?", subject)
	if err != nil {
		return err
	}
	named := slices.Clone(body.Stories)
	if body.Withdrawn {
		seq = 0 // named are those that it is taken from
	}
	for _, r := range rows {
		whole := unpackID(r.blob(0))
		if err := w.touchWhole(whole); err != nil {
			return err
		}
		since := r.int(1)
		if i := slices.Index(named, whole); i < 0 {
			since = 0
		} else if named = slices.Delete(named, i, i+1); since == 0 || seq == 0 {
			since = seq
		}
		if since != r.int(1) {
			if err := w.c.exec("UPDATE part SET since = ? WHERE whole = ? AND story = ?", since, r.blob(0), subject); err != nil {
				return err
			}
		}
	}
	for _, whole := range named {
		if err := w.touchWhole(whole); err != nil {
			return err
		}
		if err := w.c.exec("INSERT OR REPLACE INTO part(whole, story, since) VALUES(?, ?, ?)", packID(whole), subject, seq); err != nil {
			return err
		}
	}
	return nil
}

// settleMerger keeps what a story was merged into.
func (w *writer) settleMerger(subject []byte, body *record.Story) error {
	rows, err := w.c.rows("SELECT whole FROM merged WHERE story = ?", subject)
	if err != nil {
		return err
	}
	was := dateline.ID("")
	if len(rows) > 0 {
		was = unpackID(rows[0].blob(0))
	}
	if was == body.Into {
		return nil
	}
	for _, id := range []dateline.ID{was, body.Into} {
		if id != "" {
			if err := w.touchWhole(id); err != nil {
				return err
			}
		}
	}
	if body.Into == "" {
		return w.c.exec("DELETE FROM merged WHERE story = ?", subject)
	}
	return w.c.exec("INSERT OR REPLACE INTO merged(story, whole) VALUES(?, ?)", subject, packID(body.Into))
}

// touchWhole touches a larger story, and what it was merged into: that is where its parts are shown.
func (w *writer) touchWhole(id dateline.ID) error {
	for range maxStoryMerges {
		w.touch(KeyStory(id))
		rows, err := w.c.rows("SELECT whole FROM merged WHERE story = ?", packID(id))
		if err != nil || len(rows) == 0 {
			return err
		}
		id = unpackID(rows[0].blob(0))
	}
	return nil
}

// dropParts forgets everything that a story was part of.
func (w *writer) dropParts(subject []byte) error {
	rows, err := w.c.rows("SELECT whole FROM part WHERE story = ?", subject)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := w.touchWhole(unpackID(r.blob(0))); err != nil {
			return err
		}
	}
	return w.c.exec("DELETE FROM part WHERE story = ?", subject)
}

// withMerged are a story and those that were merged into it, each once: their parts are its own, and pages that name one of them show it.
func withMerged(c *conn, id dateline.ID) ([]dateline.ID, error) {
	out := []dateline.ID{id}
	for i := 0; i < len(out); i++ {
		rows, err := c.rows(mergedIn, packID(out[i]))
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if id := unpackID(r.blob(0)); !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out, nil
}

// Parts are up to limit stories that are part of a story and that readers can open: those that go on first, then by the last change
// of their status, newest first.
func (tx *Tx) Parts(whole dateline.ID, limit int) (list []Part, err error) {
	ids, err := withMerged(tx.c, whole)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		find := tx.partsOf
		if tx.then != nil {
			find = tx.partsThen
		}
		found, err := find(whole, id, limit)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			if p.ID != whole && !slices.ContainsFunc(list, func(have Part) bool { return have.ID == p.ID }) {
				list = append(list, p)
			}
		}
	}
	return orderParts(list, limit)
}

// orderParts puts stories in the order in which home tells of them.
func orderParts(list []Part, limit int) ([]Part, error) {
	var ranks []ranked
	parts := map[dateline.ID]Part{}
	for i := range list {
		at, over, err := list[i].changedAt()
		if err != nil {
			return nil, err
		}
		ranks, parts[list[i].ID] = append(ranks, ranked{&list[i].Story, at, over}), list[i]
	}
	slices.SortStableFunc(ranks, byRank)
	var out []Part
	for _, r := range ranks[:min(len(ranks), limit)] {
		out = append(out, parts[r.story.ID])
	}
	return out, nil
}

func (tx *Tx) partsOf(_, named dateline.ID, limit int) (list []Part, err error) {
	rows, err := tx.c.rows(partsNow, packID(named), limit)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		s, err := tx.unpackStory(r)
		if err != nil {
			return nil, err
		}
		if !tx.hides(s.ID) {
			list = append(list, Part{*s, r.int(2)})
		}
	}
	return list, nil
}

// maxPartsDown bounds how many stories that were part of one are looked at.
const maxPartsDown = 100

// GoneStatuses are the statuses of stories that were taken down while they were part of one.
func (tx *Tx) GoneStatuses(whole dateline.ID) (gone []record.StoryGone, err error) {
	ids, err := withMerged(tx.c, whole)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		rows, err := tx.c.rows(partsDown, packID(id), maxPartsDown)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			decoded, err := decodeFact(record.KindStory, r.blob(1))
			if err != nil {
				return nil, err
			}
			body := decoded.(*record.Story)
			if !body.Withdrawn || !slices.Contains(body.Stories, id) {
				continue
			}
			part := unpackID(r.blob(0))
			gone = append(gone, slices.DeleteFunc(body.Gone, func(g record.StoryGone) bool { return g.ID == part })...)
		}
	}
	return gone, nil
}

// partsThen are those that were part of a story then, of all that ever named it by what the shelf still knows.
func (tx *Tx) partsThen(whole, named dateline.ID, _ int) (list []Part, err error) {
	rows, err := tx.c.rows(partsEver, packID(named))
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		t, err := tx.tellingThen(unpackID(r.blob(0)))
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if t.body.Into != "" || !slices.Contains(t.body.Stories, named) {
			continue
		}
		up, err := tx.storyThen(named)
		if errors.Is(err, ErrNotFound) || err == nil && up.ID != whole {
			continue
		}
		if err != nil {
			return nil, err
		}
		s, err := tx.storyThen(unpackID(r.blob(0)))
		if err != nil {
			return nil, err
		}
		list = append(list, Part{Story: *s})
	}
	return list, nil
}

// Wholes are the larger stories that a story is part of and readers can open, in its own order.
func (tx *Tx) Wholes(s *Story) ([]Story, error) { return tx.openStories(s.ID, s.Stories) }

// openStories are those of some stories that readers can open, merged ones as what they went into, each once and none as the one that
// names them.
func (tx *Tx) openStories(by dateline.ID, ids []dateline.ID) (out []Story, err error) {
	for _, id := range ids {
		s, err := tx.Story(id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if s.ID != by && !slices.ContainsFunc(out, func(have Story) bool { return have.ID == s.ID }) {
			out = append(out, *s)
		}
	}
	return out, nil
}

// partsEntry is the newest entry of a story's parts at or before a position in the record; 0 for none.
func (tx *Tx) partsEntry(whole dateline.ID, position int64) (newest int64, err error) {
	ids, err := withMerged(tx.c, whole)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		r, err := tx.c.one(partEntry, packID(id), position)
		if err != nil {
			return 0, fmt.Errorf("the entries of what is part of story %.60s: %w", whole, err)
		}
		newest = max(newest, r.int(0))
	}
	return newest, nil
}

func byRank(a, b ranked) int {
	if a.over != b.over {
		return cmp.Compare(flag(a.over), flag(b.over))
	}
	return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.story.ID, a.story.ID))
}
