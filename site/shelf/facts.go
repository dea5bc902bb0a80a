package shelf

import (
	"fmt"
	"slices"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// decodeFact reads the kept body of a publication, section, topic, person or picture.
func decodeFact(kind record.Kind, body []byte) (any, error) {
	// The first byte is the schema version of the body that follows.
	if len(body) < 2 {
		return nil, errDamaged
	}
	e := record.Entry{Header: record.Header{Kind: kind, Schema: int(body[0])}, Body: body[1:], Salt: make([]byte, record.SaltSize)}
	return e.Decode()
}

// fact applies an entry about the paper, a section, a topic, a person or a picture: the newest that has a body counts.
func (w *writer) fact(p *prepared) error {
	if _, err := w.thing(p.Subject, p.Kind); err != nil {
		return err
	}
	if p.body != nil {
		kept := append([]byte{byte(p.Schema)}, p.Body...)
		if err := w.c.exec("INSERT INTO fact(seq, kind, subject, body) VALUES(?, ?, ?, ?)", p.Sequence, string(p.Kind), p.subject, kept); err != nil {
			return err
		}
	}
	return w.settleThing(p.Subject, p.Kind)
}

// thing gives the number of a section, topic or person, making one at first sight.
func (w *writer) thing(id dateline.ID, kind record.Kind) (int64, error) {
	if n, ok := w.things[id]; ok {
		return n, nil
	}
	b := packID(id)
	rows, err := w.c.rows("SELECT num FROM thing WHERE id = ?", b)
	if err != nil {
		return 0, err
	}
	if len(rows) == 0 {
		if err := w.c.exec("INSERT INTO thing(id, kind, seq, body) VALUES(?, ?, 0, NULL)", b, string(kind)); err != nil {
			return 0, err
		}
		if rows, err = w.c.rows("SELECT num FROM thing WHERE id = ?", b); err != nil {
			return 0, err
		}
	}
	w.things[id] = rows[0].int(0)
	return rows[0].int(0), nil
}

// settleThing brings what is shown of a thing up to its newest entry that still has a body.
func (w *writer) settleThing(id dateline.ID, kind record.Kind) error {
	subject := packID(id)
	facts, err := w.c.rows("SELECT seq, body FROM fact WHERE subject = ? ORDER BY seq DESC LIMIT 1", subject)
	if err != nil {
		return err
	}
	if len(facts) == 0 {
		facts = []row{{int64(0), nil}}
	}
	shown := facts[0][1]
	if kind == record.KindStory && facts[0].blob(1) != nil {
		if shown, err = shortStory(facts[0].blob(1)); err != nil {
			return err
		}
	}
	if err := w.c.exec("UPDATE thing SET seq = ?, body = ?, kind = ? WHERE id = ?", facts[0].int(0), shown, string(kind), subject); err != nil {
		return err
	}
	w.touchThing(id, kind)
	if facts[0].blob(1) == nil {
		return w.unname(subject)
	}
	body, err := decodeFact(kind, facts[0].blob(1))
	if err != nil {
		return err
	}
	return w.nameThing(facts[0].int(0), subject, body)
}

func (w *writer) touchThing(id dateline.ID, kind record.Kind) {
	switch kind {
	case record.KindPublication:
		w.touch(KeyPublication)
	case record.KindSection:
		w.touch(KeyName(id), KeyPublication)
	case record.KindTopic, record.KindPerson, record.KindPicture:
		w.touch(KeyName(id))
	case record.KindStory:
		w.touch(KeyStory(id), KeyStories)
	}
}

// unname takes out the names that led to something whose entries are all redacted.
func (w *writer) unname(subject []byte) error {
	if err := w.c.exec("DELETE FROM slug WHERE id = ?", subject); err != nil {
		return err
	}
	if err := w.forgetAbout(subject); err != nil {
		return err
	}
	hashes, err := w.c.rows("SELECT hash FROM hash WHERE picture = ?", subject)
	if err != nil || len(hashes) == 0 {
		return err
	}
	for _, r := range hashes {
		w.pictures[r.text(0)] = ""
	}
	return w.c.exec("DELETE FROM hash WHERE picture = ?", subject)
}

func (w *writer) nameThing(seq int64, subject []byte, body any) error {
	switch b := body.(type) {
	case *record.Publication:
		return w.settlePublication(b)
	case *record.Section:
		return w.addSlug(record.KindSection, b.Slug, seq, subject)
	case *record.Person:
		return w.addSlug(record.KindPerson, b.Slug, seq, subject)
	case *record.Topic:
		if err := w.forgetAbout(subject); err != nil {
			return err
		}
		if b.Person != "" {
			if err := w.c.exec("INSERT OR REPLACE INTO about(person, topic) VALUES(?, ?)", packID(b.Person), subject); err != nil {
				return err
			}
			w.touch(KeyName(b.Person))
		}
		return w.addSlug(record.KindTopic, b.Slug, seq, subject)
	case *record.Story:
		for _, slug := range append([]string{b.Slug}, b.Former...) {
			if slug == "" { // it was taken down under an address whose words were removed
				continue
			}
			if err := w.addSlug(record.KindStory, slug, seq, subject); err != nil {
				return err
			}
		}
		return nil
	case *record.Picture:
		w.pictures[b.Hash] = b.Format
		return w.c.exec("INSERT OR REPLACE INTO hash(hash, picture) VALUES(?, ?)", b.Hash, subject)
	}
	return fmt.Errorf("%T is no fact", body)
}

// forgetAbout forgets whom a topic was about, whose page loses what the topic brought.
func (w *writer) forgetAbout(topic []byte) error {
	rows, err := w.c.rows("SELECT person FROM about WHERE topic = ?", topic)
	if err != nil {
		return err
	}
	for _, r := range rows {
		w.touch(KeyName(unpackID(r.blob(0))))
	}
	return w.c.exec("DELETE FROM about WHERE topic = ?", topic)
}

// addSlug keeps a name under which something is, or once was, to be found.
func (w *writer) addSlug(kind record.Kind, slug string, seq int64, subject []byte) error {
	return w.c.exec("INSERT OR REPLACE INTO slug(kind, slug, seq, id) VALUES(?, ?, ?, ?)", string(kind), slug, seq, subject)
}

// settlePublication takes over the paper's zone; where it is another, the archive's days are counted again.
func (w *writer) settlePublication(p *record.Publication) error {
	w.language = p.Language
	zone, err := w.shelf.zones.load(p.Zone)
	if err != nil {
		return err
	}
	if zone.String() == w.zone.String() {
		return nil
	}
	w.zone = zone
	return w.recountDays()
}

// recountDays counts the archive's days, months and years afresh.
func (w *writer) recountDays() error {
	for at := range w.tallies {
		if at.kind == tallyDay || at.kind == tallyMonth || at.kind == tallyYear {
			delete(w.tallies, at)
		}
	}
	if err := w.c.exec("DELETE FROM tally WHERE kind IN (?, ?, ?)", tallyDay, tallyMonth, tallyYear); err != nil {
		return err
	}
	w.touch(KeyArchive)
	at, id := int64(-1)<<62, []byte{}
	for {
		rows, err := w.c.rows("SELECT first, id FROM list WHERE k = 0 AND (first, id) > (?, ?) ORDER BY first, id LIMIT 1000", at, id)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			w.countDay(r.int(0), 1)
			at, id = r.int(0), r.blob(1)
		}
	}
}

// countDay counts an article into its day, month and year.
func (w *writer) countDay(first, by int64) {
	d := DayOf(instant(first), w.zone)
	w.count(tallyDay, d.number(), by)
	w.count(tallyMonth, d.number()/100*100, by)
	w.count(tallyYear, d.number()/10000*10000, by)
}

// usePicture notes that the use of a picture has changed.
func (w *writer) usePicture(id dateline.ID) error {
	rows, err := w.c.rows("SELECT body FROM thing WHERE id = ? AND kind = ? AND body IS NOT NULL", packID(id), string(record.KindPicture))
	if err != nil || len(rows) == 0 {
		return err
	}
	body, err := decodeFact(record.KindPicture, rows[0].blob(0))
	if err != nil {
		return err
	}
	w.pictures[body.(*record.Picture).Hash] = body.(*record.Picture).Format
	return nil
}

// settlePictures compares which pictures editions show with which readers were given.
func (w *writer) settlePictures() (show, hide []string, err error) {
	for hash, format := range w.pictures {
		used, err := w.c.has("SELECT 1 FROM hash h JOIN usage u ON u.picture = h.picture WHERE h.hash = ? LIMIT 1", hash)
		if err != nil {
			return nil, nil, err
		}
		shown, err := w.c.has("SELECT 1 FROM shown WHERE hash = ?", hash)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case used && !shown:
			show = append(show, hash)
			err = w.c.exec("INSERT INTO shown(hash, format) VALUES(?, ?)", hash, format)
		case shown && !used:
			hide = append(hide, hash)
			err = w.c.exec("DELETE FROM shown WHERE hash = ?", hash)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	slices.Sort(show)
	slices.Sort(hide)
	return show, hide, nil
}
