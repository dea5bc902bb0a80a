package shelf

import (
	"errors"
	"slices"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// ownNumbers are the lists that an article stands in by its edition's word and that have pages, or make home: of running stories
// those that the edition names. An article may also join or leave a story by the story's word, which is read from its entries.
func (w *writer) ownNumbers(s *state) (numbers []int64, err error) {
	if s == nil || s.Kind == dateline.KindPage {
		return nil, nil
	}
	if s.Lead != nil {
		numbers = append(numbers, numberLead)
	}
	var errs []error
	add := func(id dateline.ID, kind record.Kind, quoting bool) {
		if id == "" {
			return
		}
		n, err := w.thing(id, kind)
		numbers, errs = append(numbers, listNumber(n, quoting)), append(errs, err)
	}
	add(s.Section, record.KindSection, false)
	for _, id := range s.Topics {
		add(id, record.KindTopic, false)
	}
	for _, c := range s.Byline {
		add(c.Person, record.KindPerson, false)
	}
	for _, id := range s.speakers {
		add(id, record.KindPerson, true)
	}
	for _, id := range s.Stories {
		n, err := w.thing(id, record.KindStory)
		numbers, errs = append(numbers, storyNumber(n)), append(errs, err)
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), errors.Join(errs...)
}

// trace keeps what pages as of an instant need beside what readers have now: which lists the article left with an edition, and
// when editions after the first changed what stands in lists. It depends on kept editions only, so that it is the same however the
// shelf came by them.
func (w *writer) trace(p *prepared, before, after *state) error {
	old, err := w.ownNumbers(before)
	if err != nil {
		return err
	}
	now, err := w.ownNumbers(after)
	if err != nil || len(now) == 0 {
		return err
	}
	at := p.edition.public
	for _, k := range old {
		if slices.Contains(now, k) {
			continue
		}
		if err := w.left(p.subject, k, before, at); err != nil {
			return err
		}
	}
	if at == p.edition.first {
		return nil // what lists hold of first editions says as much
	}
	for _, k := range append(old, now...) {
		if err := w.noteChange(p.subject, k, at); err != nil {
			return err
		}
	}
	return w.traceCorrections(p, at)
}

// left keeps that an article stood in a list until an instant; its row there still says from when on. For a story only the end is
// kept: whether it has a row there depends on the story's entries too.
func (w *writer) left(id []byte, k int64, before *state, until int64) error {
	first := micros(before.First)
	const keep = "INSERT OR REPLACE INTO once(id, k, since, until, first, key) VALUES(?, ?, ?, ?, ?, ?)"
	if ofStory(k) {
		return w.c.exec(keep, id, k, 0, until, first, before.key)
	}
	rows, err := w.c.rows("SELECT since FROM list WHERE k = ? AND first = ? AND id = ?", k, first, id)
	if err != nil || len(rows) == 0 {
		return err
	}
	return w.c.exec(keep, id, k, rows[0].int(0), until, first, before.key)
}

func (w *writer) noteChange(id []byte, k, at int64) error {
	return w.c.exec("INSERT OR IGNORE INTO changed(id, k, at) VALUES(?, ?, ?)", id, k, at)
}

// traceCorrections notes that an edition of an article that was corrected, by it or before, changed the page of corrections.
func (w *writer) traceCorrections(p *prepared, at int64) error {
	corrected, err := w.c.has("SELECT 1 FROM edition WHERE article = ? AND number <= ? AND z IS NOT NULL AND change IN (?, ?, ?)", p.subject, p.edition.Number,
		string(dateline.ChangeCorrection), string(dateline.ChangeClarification), string(dateline.ChangeRetraction))
	if err != nil || !corrected {
		return err
	}
	return w.noteChange(p.subject, changedCorrections, at)
}

// wasAway keeps how long an article that comes back was taken down.
func (w *writer) wasAway(p *prepared) error {
	return w.c.exec("INSERT OR REPLACE INTO away(id, since, until) SELECT id, at, ? FROM tombstone WHERE id = ?", micros(p.At), p.subject)
}

// traceAway notes that lists changed when the article was taken down and came back while an edition was its latest: from the
// edition's own instant until that of the next.
func (w *writer) traceAway(p *prepared, s *state, until int64) error {
	rows, err := w.c.rows("SELECT since, until FROM away WHERE id = ? ORDER BY since", p.subject)
	if err != nil || len(rows) == 0 {
		return err
	}
	numbers, err := w.ownNumbers(s)
	if err != nil {
		return err
	}
	for _, r := range rows {
		for _, at := range []int64{r.int(0), r.int(1)} {
			if at < p.edition.public || at >= until {
				continue
			}
			for _, k := range numbers {
				if err := w.noteChange(p.subject, k, at); err != nil {
					return err
				}
			}
			if err := w.traceCorrections(p, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// untrace forgets what was traced of an article's editions.
func (w *writer) untrace(id []byte) error {
	if err := w.c.exec("DELETE FROM once WHERE id = ?", id); err != nil {
		return err
	}
	return w.c.exec("DELETE FROM changed WHERE id = ?", id)
}
