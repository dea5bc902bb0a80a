package shelf

import (
	"errors"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// WouldBe is the article that readers would have if an edition came next in the record at an instant, and the line that its
// history would have of it. It is made as applying the entry would make it, and nothing of it is kept.
func (tx *Tx) WouldBe(id dateline.ID, ed *record.Edition, at time.Time) (*Article, *Edition, error) {
	pub, err := tx.Publication()
	if err != nil {
		return nil, nil, err
	}
	p := &prepared{Entry: record.Entry{Header: record.Header{Kind: record.KindEdition, Subject: id, At: at}}, subject: packID(id)}
	if p.edition, err = tx.shelf.prepareEdition(p.Entry, ed, pub.Language); err != nil {
		return nil, nil, err
	}
	before, err := tx.state(id)
	if errors.Is(err, ErrNotFound) {
		before = nil
	} else if err != nil {
		return nil, nil, err
	}
	after, err := following(p, before)
	if err != nil {
		return nil, nil, err
	}
	a, _, err := tx.unpackArticle(after, p.edition.article)
	if err != nil {
		return nil, nil, err
	}
	line := &Edition{Article: id, Number: ed.Number, Change: ed.Change, Note: ed.Note, Public: instant(p.edition.public), Recorded: at}
	return a, line, nil
}
