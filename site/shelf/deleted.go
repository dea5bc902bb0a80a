package shelf

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// Deletion is what went from a feed, as it marks it: an article, a story that was corrected, or a status of a story.
type Deletion struct {
	ID dateline.ID
	At time.Time // the public instant of the act
}

// The first byte of a list's name in the table deleted; the id of a section, topic or story follows.
const (
	deletedAll         = 'a'
	deletedCorrections = 'c'
	deletedSection     = 's'
	deletedTopic       = 't'
	deletedStory       = 'r'
)

// wrongChanges are the changes of what stands among the corrections, as a query lists them.
const wrongChanges = "('" + string(dateline.ChangeCorrection) + "', '" + string(dateline.ChangeClarification) + "', '" + string(dateline.ChangeRetraction) + "')"

func deletedFrom(kind byte, id dateline.ID) []byte {
	if id == "" {
		return []byte{kind}
	}
	return append([]byte{kind}, packID(id)...)
}

// delete keeps which lists an article stood in when it was taken down. It knows only what the withdrawal says, so that a shelf
// that never had the article decides alike; what a story says of its members is looked up when it is asked for.
func (w *writer) delete(p *prepared, body *record.Withdrawal, first int64) error {
	if err := w.undelete(p.subject); err != nil {
		return err
	}
	if !slices.ContainsFunc(body.Editions, func(e record.EditionMark) bool { return e.Change == dateline.ChangeImported }) {
		first = math.MaxInt64 // it stood at the head of its lists' feeds
	}
	lists := [][]byte{deletedFrom(deletedAll, ""), deletedFrom(deletedSection, body.Section)}
	for _, id := range body.Topics {
		lists = append(lists, deletedFrom(deletedTopic, id))
	}
	for _, id := range body.Stories {
		lists = append(lists, deletedFrom(deletedStory, id))
	}
	if slices.ContainsFunc(body.Editions, func(e record.EditionMark) bool { return e.Change.Wrong() }) {
		lists = append(lists, deletedFrom(deletedCorrections, ""))
	}
	for _, l := range lists {
		if err := w.c.exec("INSERT OR REPLACE INTO deleted(list, at, id, first) VALUES(?, ?, ?, ?)", l, micros(p.At), p.subject, first); err != nil {
			return err
		}
	}
	return w.touchDeleted(p.subject)
}

// settleGone keeps that a story which was corrected has been taken down; one that is told again is marked no more. Its statuses that
// are gone are told by its newest entry.
func (w *writer) settleGone(id dateline.ID, body *record.Story) error {
	if err := w.undelete(packID(id)); err != nil {
		return err
	}
	for _, g := range body.Gone {
		if g.ID != id {
			continue
		}
		at, err := record.ParseInstant(g.At)
		if err != nil {
			return err
		}
		w.touch(KeyCorrections)
		return w.c.exec("INSERT OR REPLACE INTO deleted(list, at, id, first) VALUES(?, ?, ?, ?)", deletedFrom(deletedCorrections, ""), micros(at), packID(id), int64(math.MaxInt64))
	}
	return nil
}

// undelete forgets that an article was deleted from lists.
func (w *writer) undelete(id []byte) error {
	if err := w.touchDeleted(id); err != nil {
		return err
	}
	return w.c.exec("DELETE FROM deleted WHERE id = ?", id)
}

// touchDeleted touches the feeds that mark an article as deleted.
func (w *writer) touchDeleted(id []byte) error {
	stories, err := w.c.rows("SELECT story FROM member WHERE article = ?", id)
	if err != nil {
		return err
	}
	for _, r := range stories {
		w.touch(KeyStory(unpackID(r.blob(0))))
	}
	lists, err := w.c.rows("SELECT list FROM deleted WHERE id = ?", id)
	if err != nil {
		return err
	}
	for _, r := range lists {
		switch list := r.blob(0); list[0] {
		case deletedAll:
			w.touch(KeyFeed)
		case deletedCorrections:
			w.touch(KeyCorrections)
		case deletedSection:
			w.touch(KeySection(unpackID(list[1:])))
		case deletedTopic:
			w.touch(KeyTopic(unpackID(list[1:])))
		case deletedStory:
			w.touch(KeyStory(unpackID(list[1:])))
		}
	}
	return nil
}

// Deleted are up to limit articles that stood in a list, All or that of a section, topic or story, when they were taken down,
// and have not come back; the newest withdrawal first. Imported ones first published before an instant are passed over.
func (tx *Tx) Deleted(of ListOf, oldest time.Time, limit int) ([]Deletion, error) {
	from := int64(math.MinInt64)
	if !oldest.IsZero() {
		from = micros(oldest)
	}
	const query = "SELECT id, at FROM deleted WHERE list = ? AND first >= ? ORDER BY at DESC, id DESC LIMIT ?"
	switch of.kind {
	case listAll:
		return tx.deletions(query, deletedFrom(deletedAll, ""), from, limit)
	case listSection:
		return tx.deletions(query, deletedFrom(deletedSection, of.id), from, limit)
	case listTopic:
		return tx.deletions(query, deletedFrom(deletedTopic, of.id), from, limit)
	case listStory:
		// Of those that the story itself let join or leave their edition does not say so.
		return tx.deletions(`SELECT id, at FROM deleted d WHERE list = ?1 AND first >= ?2
				AND NOT EXISTS(SELECT 1 FROM member m WHERE m.story = ?4 AND m.article = d.id AND m.gone = 1)
			UNION SELECT d.id, d.at FROM member m JOIN deleted d ON d.id = m.article AND d.list = ?5 WHERE m.story = ?4 AND m.gone = 0 AND d.first >= ?2
			ORDER BY at DESC, id DESC LIMIT ?3`, deletedFrom(deletedStory, of.id), from, limit, packID(of.id), deletedFrom(deletedAll, ""))
	}
	return nil, nil
}

// DeletedCorrections are up to limit articles and stories that readers found among the corrections and find there no more, the last
// that went first: taken down, or the words of all their corrections redacted.
func (tx *Tx) DeletedCorrections(limit int) ([]Deletion, error) {
	list, err := tx.deletions("SELECT id, at FROM deleted WHERE list = ? ORDER BY at DESC, id DESC LIMIT ?", deletedFrom(deletedCorrections, ""), limit)
	if err != nil {
		return nil, err
	}
	removed, err := tx.removedCorrections(limit)
	if err != nil {
		return nil, err
	}
	list = append(list, removed...)
	slices.SortFunc(list, func(a, b Deletion) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return list[:min(len(list), limit)], nil
}

// maxRemovedCorrections bounds how many redacted corrections are looked at.
const maxRemovedCorrections = 200

// removedCorrections are up to limit articles and stories that readers can open and whose corrections are all redacted, the last
// redaction first.
func (tx *Tx) removedCorrections(limit int) (out []Deletion, err error) {
	rows, err := tx.c.rows(`SELECT e.data, b.data FROM redacted r JOIN leaf e ON e.seq = r.seq JOIN leaf b ON b.seq = r.by
		WHERE r.change IN `+wrongChanges+` ORDER BY r.by DESC, r.seq DESC LIMIT ?`, maxRemovedCorrections)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		entry, err := record.ParseLeaf(r.blob(0))
		if err != nil {
			return nil, err
		}
		by, err := record.ParseLeaf(r.blob(1))
		if err != nil {
			return nil, err
		}
		if len(out) == limit || slices.ContainsFunc(out, func(d Deletion) bool { return d.ID == entry.Subject }) {
			continue
		}
		gone, err := tx.uncorrected(entry.Subject, entry.Kind)
		if err != nil {
			return nil, err
		}
		if gone {
			out = append(out, Deletion{entry.Subject, by.At})
		}
	}
	return out, nil
}

// uncorrected says whether readers can open an article or a story and it has no correction that says anything.
func (tx *Tx) uncorrected(id dateline.ID, kind record.Kind) (bool, error) {
	if kind == record.KindStory {
		return tx.c.has("SELECT 1 FROM story s WHERE id = ? AND NOT EXISTS(SELECT 1 FROM story_correction WHERE story = s.id)", packID(id))
	}
	s, err := tx.state(id)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil || s.Kind == dateline.KindPage {
		return false, err
	}
	corrected, err := tx.c.has("SELECT 1 FROM edition WHERE article = ? AND z IS NOT NULL AND change IN "+wrongChanges, packID(id))
	return !corrected, err
}

func (tx *Tx) deletions(query string, args ...any) (out []Deletion, err error) {
	rows, err := tx.c.rows(query, args...)
	for _, r := range rows {
		out = append(out, Deletion{unpackID(r.blob(0)), instant(r.int(1))})
	}
	return out, err
}
