package shelf

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

const (
	tieBits = 20
	second  = 1_000_000 // microseconds
)

func isArticle(ed *record.Edition) bool { return ed.Kind != dateline.KindPage }

// keyFloor is the least key of articles first published in an instant's second.
func keyFloor(first int64) int64 {
	s := first / second
	if first%second < 0 {
		s--
	}
	return s << tieBits
}

// newKey finds a free number for an article first published at an instant.
func (w *writer) newKey(id []byte, first int64) (int64, error) {
	h := fnv.New32a()
	h.Write(id)
	floor, tie := keyFloor(first), int64(h.Sum32())
	for range 1 << tieBits {
		key := floor | tie&(1<<tieBits-1)
		taken, err := w.c.has("SELECT 1 FROM card WHERE key = ?", key)
		if err != nil || !taken {
			return key, err
		}
		tie++
	}
	return 0, fmt.Errorf("more than a million articles were first published in one second, %s", instant(first).Format(time.RFC3339))
}

// state reads what readers have of an article; nil where they have nothing.
func (w *writer) state(id []byte) (*state, error) {
	rows, err := w.c.rows("SELECT a.key, c.data FROM article a JOIN card c ON c.key = a.key WHERE a.id = ?", id)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return unpackState(rows[0].int(0), rows[0].blob(1))
}

// edition applies an edition.
func (w *writer) edition(p *prepared) error {
	if err := w.keepEdition(p); err != nil || p.edition == nil {
		return err
	}
	before, err := w.state(p.subject)
	if err != nil {
		return err
	}
	if before != nil && p.edition.Number <= before.Edition {
		return w.derive(p.subject, micros(p.At))
	}
	after, err := w.advance(p, before)
	if err != nil {
		return err
	}
	return w.changed(before, after, p.At, p.edition.Change != dateline.ChangeImported)
}

// keepEdition keeps an edition for the history, or only its place where the body is gone.
func (w *writer) keepEdition(p *prepared) error {
	const insert = "INSERT OR REPLACE INTO edition(seq, article, number, change, note, public, at, z, corrects) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"
	e := p.edition
	if e == nil {
		return w.c.exec(`INSERT OR REPLACE INTO edition(seq, article, number, change, note, public, at, z)
			SELECT ?1, ?2, coalesce(max(number), 0), coalesce(max(change), ''), '', coalesce(max(public), 0), ?3, NULL FROM redacted WHERE seq = ?1`,
			p.Sequence, p.subject, micros(p.At))
	}
	if err := w.c.exec(insert, p.Sequence, p.subject, e.Number, string(e.Change), e.Note, e.public, micros(p.At), e.z, e.Corrects); err != nil {
		return err
	}
	for _, id := range e.Pictures {
		if err := w.c.exec("INSERT OR IGNORE INTO usage(picture, seq) VALUES(?, ?)", packID(id), p.Sequence); err != nil {
			return err
		}
		if err := w.usePicture(id); err != nil {
			return err
		}
	}
	return nil
}

// advance makes an edition the latest of its article.
func (w *writer) advance(p *prepared, before *state) (*state, error) {
	after, err := w.next(p, before)
	if err != nil {
		return nil, err
	}
	if err := w.leave(after.key, before); err != nil {
		return nil, err
	}
	if before == nil {
		if err := w.c.exec("INSERT INTO article(id, key) VALUES(?, ?)", p.subject, after.key); err != nil {
			return nil, err
		}
	}
	if err := w.address(p.edition.Address, after.key); err != nil {
		return nil, err
	}
	if err := w.c.exec("INSERT OR REPLACE INTO card(key, data) VALUES(?, ?)", after.key, after.pack()); err != nil {
		return nil, err
	}
	if err := w.c.exec("INSERT OR REPLACE INTO body(key, z) VALUES(?, ?)", after.key, p.edition.article); err != nil {
		return nil, err
	}
	if err := w.trace(p, before, after); err != nil {
		return nil, err
	}
	if err := w.list(p.subject, before, after, p.edition.public); err != nil {
		return nil, err
	}
	if o := p.edition.Origin; o != nil {
		w.touch(KeyLive(o.Article))
		if err := w.c.exec("INSERT OR IGNORE INTO origin(article, number, made) VALUES(?, ?, ?)", packID(o.Article), o.Entry, p.subject); err != nil {
			return nil, err
		}
	}
	if !isArticle(p.edition.Edition) {
		return after, nil
	}
	w.words[after.key] = p.edition
	if p.edition.Kind == dateline.KindLive {
		w.spoken[string(p.subject)] = struct{}{}
	}
	if !p.edition.Change.Wrong() {
		return after, nil
	}
	w.touch(KeyCorrections)
	return after, w.c.exec("INSERT OR REPLACE INTO correction(public, id, number, seq) VALUES(?, ?, ?, ?)",
		p.edition.public, p.subject, p.edition.Number, p.Sequence)
}

// next is the state of an article after an edition.
func (w *writer) next(p *prepared, before *state) (after *state, err error) {
	if after, err = following(p, before); err != nil || before != nil {
		return after, err
	}
	after.key, err = w.newKey(p.subject, p.edition.first)
	return after, err
}

// following is the state of an article after an edition; one that has none before it has no key yet.
func following(p *prepared, before *state) (*state, error) {
	e := p.edition
	after := &state{
		Card: Card{
			ID: p.Subject, Kind: e.Kind, Edition: e.Number, Address: e.Address, Section: e.Section, Label: e.Label,
			Headline: e.Headline, Standfirst: e.Standfirst, Language: e.Language, First: instant(e.first),
			Updated: instant(e.updated), Change: e.Change, Note: e.Note, Imported: e.Change == dateline.ChangeImported,
			Byline: e.Byline, Topics: e.Topics, Stories: e.Stories, Lead: e.Lead, Modified: p.At,
		},
		numberedSeq: p.Sequence, speakers: e.Speakers, translates: e.Translations, addressSeq: p.Sequence,
	}
	if before == nil {
		return after, nil
	}
	if before.First != after.First {
		return nil, fmt.Errorf("edition %d says that its article was first published at %s, the one before says %s",
			e.Number, e.First, record.FormatInstant(before.First))
	}
	after.key = before.key
	after.Imported = after.Imported || before.Imported
	if e.Change == dateline.ChangeMinor {
		after.Change, after.Note = before.Change, before.Note
	}
	if before.addressSeq > p.Sequence {
		after.Address, after.addressSeq = before.Address, before.addressSeq
	}
	return after, nil
}

// address lets an address lead to an article. One that leads to another already stays with that.
func (w *writer) address(address string, key int64) error {
	return w.c.exec("INSERT OR IGNORE INTO addr(address, key) VALUES(?, ?)", address, key)
}

// listNumbers are the lists an article stands in.
func (w *writer) listNumbers(s *state) ([]int64, error) {
	if s == nil {
		return nil, nil
	}
	numbers := []int64{numberSitemap}
	if s.Kind == dateline.KindPage {
		return numbers, nil
	}
	numbers = append(numbers, numberAll)
	if s.Lead != nil {
		numbers = append(numbers, numberLead)
	}
	if !s.Imported {
		numbers = append(numbers, numberNews)
	}
	add := func(id dateline.ID, kind record.Kind, quoting bool) error {
		if id == "" {
			return nil
		}
		n, err := w.thing(id, kind)
		numbers = append(numbers, listNumber(n, quoting))
		return err
	}
	errs := []error{add(s.Section, record.KindSection, false)}
	for _, id := range s.Topics {
		errs = append(errs, add(id, record.KindTopic, false))
	}
	for _, c := range s.Byline {
		errs = append(errs, add(c.Person, record.KindPerson, false))
	}
	for _, id := range s.speakers {
		errs = append(errs, add(id, record.KindPerson, true))
	}
	stories, err := w.storiesOf(packID(s.ID), s.Stories)
	for _, id := range stories {
		w.touch(KeyStory(id))
		n, err := w.thing(id, record.KindStory)
		numbers, errs = append(numbers, storyNumber(n)), append(errs, err)
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), errors.Join(append(errs, err)...)
}

// list brings an article's rows in lists and counters from one state to the next, at an instant; either may be nil.
func (w *writer) list(id []byte, before, after *state, at int64) error {
	old, err := w.listNumbers(before)
	if err != nil {
		return err
	}
	now, err := w.listNumbers(after)
	if err != nil {
		return err
	}
	for _, k := range old {
		if slices.Contains(now, k) {
			continue
		}
		if err := w.c.exec("DELETE FROM list WHERE k = ? AND first = ? AND id = ?", k, micros(before.First), id); err != nil {
			return err
		}
		if err := w.leaveStory(k, id); err != nil {
			return err
		}
		w.counted(k, micros(before.First), -1)
	}
	for _, k := range now {
		if slices.Contains(old, k) {
			if err := w.goOnInStory(k, after); err != nil {
				return err
			}
			continue
		}
		since := at
		if ofStory(k) {
			since = 0 // it may have been there by the story's word, which may be gone from the record since
		}
		if err := w.c.exec("INSERT INTO list(k, first, id, key, since) VALUES(?, ?, ?, ?, ?)", k, micros(after.First), id, after.key, since); err != nil {
			return err
		}
		if err := w.enterStory(k, id); err != nil {
			return err
		}
		w.counted(k, micros(after.First), 1)
	}
	if err := w.translate(id, before, after); err != nil {
		return err
	}
	return w.listLatest(id, before, after)
}

// translate keeps which articles an article translates. Only the later of the two names the other, so those that it
// names or named show something else now.
func (w *writer) translate(id []byte, before, after *state) error {
	of := func(s *state) []dateline.ID {
		if s == nil {
			return nil
		}
		return s.translates
	}
	for _, t := range of(before) {
		if slices.Contains(of(after), t) {
			continue
		}
		w.touch(KeyArticle(t))
		if err := w.c.exec("DELETE FROM translation WHERE of = ? AND by = ?", packID(t), id); err != nil {
			return err
		}
	}
	for _, t := range of(after) {
		if slices.Contains(of(before), t) {
			continue
		}
		w.touch(KeyArticle(t))
		if err := w.c.exec("INSERT OR IGNORE INTO translation(of, by) VALUES(?, ?)", packID(t), id); err != nil {
			return err
		}
	}
	return nil
}

// counted keeps the counters of a list that an article entered or left.
func (w *writer) counted(k, first, by int64) {
	switch k {
	case numberSitemap:
		w.count(tallySitemap, monthNumber(first), by)
		return
	case numberLead, numberNews:
		return
	case numberAll:
		w.countDay(first, by)
	}
	if k&1 == 0 {
		w.count(tallyList, k, by)
	}
}

// monthNumber is the month, in UTC, of an instant: 20060100.
func monthNumber(at int64) int64 { return DayOf(instant(at), time.UTC).number() / 100 * 100 }

func (w *writer) listLatest(id []byte, before, after *state) error {
	in := func(s *state) bool { return s != nil && s.Kind != dateline.KindPage }
	if in(before) && in(after) && before.Updated.Equal(after.Updated) {
		return nil
	}
	if in(before) {
		if err := w.c.exec("DELETE FROM latest WHERE updated = ? AND id = ?", micros(before.Updated), id); err != nil {
			return err
		}
	}
	if !in(after) {
		return nil
	}
	return w.c.exec("INSERT INTO latest(updated, id, key) VALUES(?, ?, ?)", micros(after.Updated), id, after.key)
}

// remove takes away all that readers have of an article, its editions excepted.
func (w *writer) remove(id []byte, s *state) error {
	if err := w.leave(s.key, s); err != nil {
		return err
	}
	if err := w.list(id, s, nil, 0); err != nil {
		return err
	}
	if err := w.untrace(id); err != nil {
		return err
	}
	corrections, err := w.c.rows("SELECT public, number FROM edition WHERE article = ? AND change IN "+wrongChanges, id)
	if err != nil {
		return err
	}
	for _, r := range corrections {
		w.touch(KeyCorrections)
		if err := w.c.exec("DELETE FROM correction WHERE public = ? AND id = ? AND number = ?", r.int(0), id, r.int(1)); err != nil {
			return err
		}
	}
	if err := w.removeAddresses(id, s); err != nil {
		return err
	}
	if err := w.removeOrigin(id); err != nil {
		return err
	}
	for _, q := range []string{"DELETE FROM card WHERE key = ?", "DELETE FROM body WHERE key = ?"} {
		if err := w.c.exec(q, s.key); err != nil {
			return err
		}
	}
	w.words[s.key] = nil
	return w.c.exec("DELETE FROM article WHERE id = ?", id)
}

// removeOrigin takes the link away that leads from a live entry to the article that was made of it.
func (w *writer) removeOrigin(id []byte) error {
	rows, err := w.c.rows("SELECT article FROM origin WHERE made = ?", id)
	if err != nil || len(rows) == 0 {
		return err
	}
	for _, r := range rows {
		w.touch(KeyLive(unpackID(r.blob(0))))
	}
	return w.c.exec("DELETE FROM origin WHERE made = ?", id)
}

// addresses are all that lead to an article: those of its editions and its redirects.
func (w *writer) addresses(id []byte) ([]string, error) {
	var out []string
	editions, err := w.editions(id)
	if err != nil {
		return nil, err
	}
	for _, p := range editions {
		out = append(out, p.edition.Address)
	}
	redirects, err := w.c.rows("SELECT source, target FROM redirect WHERE article = ? ORDER BY seq", id)
	if err != nil {
		return nil, err
	}
	for _, r := range redirects {
		out = append(out, r.text(0))
		if r.text(1) != "" {
			out = append(out, r.text(1))
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func (w *writer) removeAddresses(id []byte, s *state) error {
	all, err := w.addresses(id)
	if err != nil {
		return err
	}
	for _, a := range append(all, s.Address) {
		if err := w.c.exec("DELETE FROM addr WHERE address = ? AND key = ?", a, s.key); err != nil {
			return err
		}
	}
	return nil
}

// editions reads an article's kept editions that have bodies, by number and then by sequence.
func (w *writer) editions(id []byte) ([]*prepared, error) {
	rows, err := w.c.rows("SELECT e.seq, l.data, e.z FROM edition e JOIN leaf l ON l.seq = e.seq WHERE e.article = ? AND e.z IS NOT NULL ORDER BY e.number, e.seq", id)
	if err != nil {
		return nil, err
	}
	list := make([]*prepared, len(rows))
	for i, r := range rows {
		e, err := openEntry(w.shelf.codec, r.blob(1), r.blob(2))
		if err != nil {
			return nil, fmt.Errorf("kept edition %d: %w", r.int(0), err)
		}
		if list[i], err = w.shelf.prepare(e, w.language); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// openEntry puts an entry together again from its leaf and its kept salt and body.
func openEntry(c *codec, leaf, z []byte) (record.Entry, error) {
	e, err := record.ParseLeaf(leaf)
	if err != nil {
		return e, err
	}
	b, err := c.inflate(z)
	if err != nil {
		return e, err
	}
	if len(b) < record.SaltSize {
		return e, errDamaged
	}
	e.Salt, e.Body = bytes.Clone(b[:record.SaltSize]), b[record.SaltSize:]
	return e, nil
}

// derive makes all that readers have of an article anew from its kept editions and redirects.
func (w *writer) derive(id []byte, at int64) error {
	before, err := w.state(id)
	if err != nil {
		return err
	}
	if before != nil {
		if err := w.remove(id, before); err != nil {
			return err
		}
	}
	editions, err := w.editions(id)
	if err != nil {
		return err
	}
	var after *state
	for i, p := range editions {
		if after, err = w.advance(p, after); err != nil {
			return err
		}
		until := farFuture
		if i+1 < len(editions) {
			until = editions[i+1].edition.public
		}
		if err := w.traceAway(p, after, until); err != nil {
			return err
		}
	}
	if after != nil {
		if err := w.redirectAll(id, after); err != nil {
			return err
		}
	}
	return w.changed(before, after, instant(at), true)
}

// redirectAll lets an article's redirects lead to it again.
func (w *writer) redirectAll(id []byte, s *state) error {
	rows, err := w.c.rows("SELECT seq, source, target FROM redirect WHERE article = ? ORDER BY seq", id)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := w.redirectTo(s, r.int(0), r.text(1), r.text(2)); err != nil {
			return err
		}
	}
	return nil
}

// redirectTo lets an old address lead to an article and, where it moved, gives it its new one.
func (w *writer) redirectTo(s *state, seq int64, source, target string) error {
	if err := w.address(source, s.key); err != nil {
		return err
	}
	if target == "" {
		return nil
	}
	if err := w.address(target, s.key); err != nil {
		return err
	}
	if seq < s.addressSeq {
		return nil
	}
	s.Address, s.addressSeq = target, seq
	return w.c.exec("UPDATE card SET data = ? WHERE key = ?", s.pack(), s.key)
}
