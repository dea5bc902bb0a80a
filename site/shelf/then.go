package shelf

import (
	"errors"
	"fmt"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// then is an instant that a snapshot answers for. What was taken down or redacted since is so in it as well: it is made of what
// the shelf keeps now.
type then struct {
	at      int64 // the last microsecond of its second
	seq     int64 // the last entry that the record had taken by then
	now     *Tx   // the same snapshot as things are now
	stories map[dateline.ID]*storyThen
	live    map[dateline.ID]*liveThen
}

// AsOf answers as it was at the end of an instant's second. Articles go by the public instants of their editions, everything
// else by when the record took it. Names of sections, topics and persons, addresses and pictures' frames are today's; the
// publication's name, motto, city, navigation and footer are those of then. What pages of then say nothing of (search,
// sitemaps, counts) it answers as it is now; what is on air it does not tell.
func (tx *Tx) AsOf(at time.Time) (Reading, error) {
	now := tx
	if tx.then != nil {
		now = tx.then.now
	}
	t := &then{at: endOfSecond(micros(at)), now: now, stories: map[dateline.ID]*storyThen{}, live: map[dateline.ID]*liveThen{}}
	var err error
	if t.seq, err = tx.sequenceAt(t.at); err != nil {
		return nil, err
	}
	return &Tx{c: tx.c, shelf: tx.shelf, cursor: tx.cursor, ahead: tx.ahead, then: t}, nil
}

// floorSecond is the first microsecond of an instant's second, endOfSecond the last. Instants before 1970 are negative.
func floorSecond(at int64) int64 {
	if r := at % second; r < 0 {
		return at - r - second
	}
	return at - at%second
}

func endOfSecond(at int64) int64 { return floorSecond(at) + second - 1 }

// sequenceAt is the last entry that the record had taken at an instant; 0 for none. Entries' instants ascend, so it is looked for by
// halves.
func (tx *Tx) sequenceAt(at int64) (int64, error) {
	lo, hi := int64(0), tx.cursor
	for lo < hi {
		middle := (lo + hi + 1) / 2
		taken, err := tx.entryAt(middle)
		if err != nil {
			return 0, err
		}
		if taken <= at {
			lo = middle
		} else {
			hi = middle - 1
		}
	}
	return lo, nil
}

// entryAt is when the record took an entry.
func (tx *Tx) entryAt(seq int64) (int64, error) {
	r, err := tx.c.one("SELECT data FROM leaf WHERE seq = ?", seq)
	if err != nil {
		return 0, fmt.Errorf("leaf %d: %w", seq, err)
	}
	e, err := record.ParseLeaf(r.blob(0))
	return micros(e.At), err
}

// publicationThen is the paper with what is said of it on every page as it was: the entry of then, or the first.
func (tx *Tx) publicationThen() (*Publication, error) {
	now, err := tx.then.now.Publication()
	if err != nil {
		return nil, err
	}
	id := packID(now.ID)
	rows, err := tx.c.rows(`SELECT body FROM fact WHERE subject = ?1 AND seq = coalesce((SELECT max(seq) FROM fact WHERE subject = ?1 AND seq <= ?2),
		(SELECT min(seq) FROM fact WHERE subject = ?1))`, id, tx.then.seq)
	if err != nil || len(rows) == 0 {
		return now, err
	}
	body, err := decodeFact(record.KindPublication, rows[0].blob(0))
	if err != nil {
		return nil, err
	}
	p, was := *now, body.(*record.Publication)
	p.Name, p.Motto, p.City, p.Navigation, p.Footer = was.Name, was.Motto, was.City, was.Navigation, was.Footer
	tx.publication = &p
	return &p, nil
}

// ErrRemoved says that the edition which readers had then has lost its words to a redaction.
var ErrRemoved = fmt.Errorf("its words were removed: %w", ErrNotFound)

// editionThen is the edition of an article that readers had: its entry, its number, and whether it is still there.
func (tx *Tx) editionThen(id []byte) (seq int64, number int, err error) {
	r, err := tx.c.one(`SELECT seq, number, z IS NULL FROM edition WHERE article = ? AND number > 0 AND public <= ?
		ORDER BY number DESC, seq DESC LIMIT 1`, id, tx.then.at)
	if err != nil {
		return 0, 0, err
	}
	if r.int(2) == 1 {
		return 0, 0, ErrRemoved
	}
	away, err := tx.c.has("SELECT 1 FROM away WHERE id = ? AND since <= ? AND until > ?", id, tx.then.at, tx.then.at)
	if err == nil && away {
		err = ErrNotFound
	}
	return r.int(0), int(r.int(1)), err
}

// stateThen is what readers had of an article.
func (tx *Tx) stateThen(id dateline.ID) (*state, error) {
	now, err := tx.then.now.state(id)
	if err != nil {
		return nil, err
	}
	return tx.wasThen(now)
}

// wasThen is what readers had of an article of which they have something now.
func (tx *Tx) wasThen(now *state) (*state, error) {
	id := packID(now.ID)
	seq, number, err := tx.editionThen(id)
	if err != nil {
		return nil, fmt.Errorf("article %.60s as of %s: %w", now.ID, instant(tx.then.at).Format(time.RFC3339), err)
	}
	s := now
	if seq != now.numberedSeq {
		if s, err = tx.stateOf(now, seq, number); err != nil {
			return nil, err
		}
	}
	if micros(s.Updated) > tx.then.at { // imported work tells of changes that had not been made by then
		s.Updated = s.First
	}
	return s, nil
}

// stateOf is what an earlier edition made of an article. Its address is today's.
func (tx *Tx) stateOf(now *state, seq int64, number int) (*state, error) {
	e, err := tx.editionEntry(seq)
	if err != nil {
		return nil, err
	}
	body, err := e.Decode()
	if err != nil {
		return nil, err
	}
	p := &prepared{Entry: e, edition: &edition{Edition: body.(*record.Edition)}}
	if err := p.edition.times(); err != nil {
		return nil, err
	}
	s, err := following(p, nil)
	if err != nil {
		return nil, err
	}
	s.key, s.Address, s.addressSeq, s.Imported, s.Entry = now.key, now.Address, now.addressSeq, now.Imported, seq
	if s.Change != dateline.ChangeMinor {
		return s, nil
	}
	told, err := tx.c.one(`SELECT change, note FROM edition WHERE article = ? AND number < ? AND change <> ? AND z IS NOT NULL
		ORDER BY number DESC, seq DESC LIMIT 1`, packID(now.ID), number, string(dateline.ChangeMinor))
	if errors.Is(err, ErrNotFound) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	s.Change, s.Note = dateline.Change(told.text(0)), told.text(1)
	return s, nil
}

// articleThen makes the whole of an earlier edition; nil where it is the one that readers have now, which is kept ready.
func (tx *Tx) articleThen(s *state) (*Article, []byte, error) {
	kept, err := tx.then.now.state(s.ID)
	if err != nil || kept.numberedSeq == s.numberedSeq {
		return nil, nil, err
	}
	e, err := tx.editionEntry(s.numberedSeq)
	if err != nil {
		return nil, nil, err
	}
	body, err := e.Decode()
	if err != nil {
		return nil, nil, err
	}
	pub, err := tx.then.now.Publication()
	if err != nil {
		return nil, nil, err
	}
	p, err := tx.shelf.prepareEdition(e, body.(*record.Edition), pub.Language)
	if err != nil {
		return nil, nil, err
	}
	return tx.unpackArticle(s, p.article)
}

// listThen is a stretch of a list as it was: of what stands in it now, and of what once stood in it, each row where then lies
// within its time. The rows are told apart in the list's own index, so that what came later costs no reading of articles.
func (tx *Tx) listThen(number int64, in span, at int64, id []byte, limit int) (out []Card, err error) {
	if at > tx.then.at+1 {
		at, id = tx.then.at+1, []byte{}
	}
	for len(out) < limit {
		n := limit - len(out)
		rows, err := tx.c.rows(`SELECT first, id, key FROM list WHERE k = ?1 AND (first, id) < (?2, ?3) AND first >= ?4 AND since <= ?5
			UNION SELECT first, id, key FROM once WHERE k = ?1 AND (first, id) < (?2, ?3) AND first >= ?4 AND since <= ?5 AND until > ?5
			ORDER BY 1 DESC, 2 DESC LIMIT ?6`, number, at, id, in.from, tx.then.at, n)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			at, id = r.int(0), r.blob(1)
			c, err := tx.cardThen(r.int(2))
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			out = append(out, *c)
		}
		if len(rows) < n {
			break
		}
	}
	return out, nil
}

// cardThen is the card of an article by its number in the file.
func (tx *Tx) cardThen(key int64) (*Card, error) {
	r, err := tx.c.one("SELECT data FROM card WHERE key = ?", key)
	if err != nil {
		return nil, err
	}
	now, err := unpackState(key, r.blob(0))
	if err != nil {
		return nil, err
	}
	if tx.hides(now.ID) {
		return nil, ErrNotFound
	}
	s, err := tx.wasThen(now)
	if err != nil {
		return nil, err
	}
	return &s.Card, nil
}

// latestThen walks back through the editions that told readers something, each article once.
func (tx *Tx) latestThen(limit int) (out []Card, err error) {
	met := map[dateline.ID]bool{}
	at, seq := tx.then.at+1, int64(0)
	for len(out) < limit {
		rows, err := tx.c.rows(`SELECT public, seq, article FROM edition WHERE (public, seq) < (?, ?) AND change <> 'minor' AND z IS NOT NULL
			ORDER BY public DESC, seq DESC LIMIT ?`, at, seq, 4*limit)
		if err != nil || len(rows) == 0 {
			return out, err
		}
		for _, r := range rows {
			at, seq = r.int(0), r.int(1)
			id := unpackID(r.blob(2))
			if met[id] || len(out) == limit {
				continue
			}
			met[id] = true
			s, err := tx.stateThen(id)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if s.Kind != dateline.KindPage {
				out = append(out, s.Card)
			}
		}
	}
	return out, nil
}

// correctionsThen are those that had been told by then, each with its article's card of then.
func (tx *Tx) correctionsThen(after Position, limit int) (out []Correction, err error) {
	at, id := after.key()
	n := after.N
	if at > tx.then.at {
		at, id, n = tx.then.at+1, []byte{}, 0
	}
	for len(out) < limit {
		rows, err := tx.c.rows(`SELECT o.seq, o.number, e.change, e.note, o.public, o.id FROM correction o JOIN edition e ON e.seq = o.seq
			WHERE (o.public, o.id, o.number) < (?, ?, ?) ORDER BY o.public DESC, o.id DESC, o.number DESC LIMIT ?`, at, id, n, limit)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			at, id, n = r.int(4), r.blob(5), int(r.int(1))
			s, err := tx.stateThen(unpackID(id))
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if len(out) < limit {
				out = append(out, Correction{Card: s.Card, Number: n, Change: dateline.Change(r.text(2)), Note: r.text(3), Public: instant(at), Seq: r.int(0)})
			}
		}
		if len(rows) < limit {
			break
		}
	}
	return out, nil
}

// dayThen says of the nearest day with articles whether it had any by then.
func (tx *Tx) dayThen(d Day) (Day, error) {
	if d.IsZero() {
		return d, nil
	}
	cards, err := tx.List(OnDay(d), Position{}, 1)
	if err != nil || len(cards) == 0 {
		return Day{}, err
	}
	return d, nil
}
