package shelf

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// withdraw applies a withdrawal: every row of the article goes, the bodies of its editions with them, and a tombstone
// stands in their place. It works from the withdrawal alone where the bodies were never received.
func (w *writer) withdraw(p *prepared) error {
	before, err := w.state(p.subject)
	if err != nil {
		return err
	}
	stone := TombstoneLine{Article: p.Subject, Sequence: p.Sequence, Withdrawn: true}
	if before != nil {
		if err := w.remove(p.subject, before); err != nil {
			return err
		}
	}
	if err := w.dropEditions(p.subject); err != nil {
		return err
	}
	if err := w.dropLive(p.subject); err != nil {
		return err
	}
	if err := w.changed(before, nil, p.At, false); err != nil {
		return err
	}
	body, _ := p.body.(*record.Withdrawal)
	var kept any
	if body != nil {
		kept = append([]byte{byte(p.Schema)}, p.Body...)
		if stone.Addresses, err = w.bury(p, body); err != nil {
			return err
		}
		if body.Kind == dateline.WithdrawnLegal {
			if err := w.dropWords(p.subject, before != nil); err != nil {
				return err
			}
		}
	}
	w.stones = append(w.stones, stone)
	w.touch(KeyArticle(p.Subject), KeyCard(p.Subject))
	return w.c.exec("INSERT OR REPLACE INTO tombstone(id, seq, at, body) VALUES(?, ?, ?, ?)", p.subject, p.Sequence, micros(p.At), kept)
}

// dropWords takes away what else may hold the words of what was withdrawn by law: its redirects, whose addresses are buried as
// hashes, and what the search index keeps of deleted rows.
func (w *writer) dropWords(id []byte, shown bool) error {
	if err := w.c.exec("DELETE FROM redirect WHERE article = ?", id); err != nil || !shown {
		return err
	}
	return setScrub(w.c, true)
}

// bury keeps the hashes of an article's addresses, and marks what a withdrawal changes wherever the article stood.
func (w *writer) bury(p *prepared, body *record.Withdrawal) (hashes []string, err error) {
	hashes = slices.Clone(body.Hashes)
	for _, a := range body.Addresses {
		hashes = append(hashes, record.AddressHash(a))
	}
	redirects, err := w.c.rows("SELECT source FROM redirect WHERE article = ? ORDER BY seq", p.subject)
	if err != nil {
		return nil, err
	}
	for _, r := range redirects {
		hashes = append(hashes, record.AddressHash(r.text(0)))
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	for _, h := range hashes {
		if err := w.buryHash(p.subject, h); err != nil {
			return nil, err
		}
	}
	first, err := record.ParseInstant(body.First)
	if err != nil {
		return nil, err
	}
	w.modify(micros(first), p.At)
	if body.Section == "" {
		return hashes, nil // a page
	}
	if err := w.delete(p, body, micros(first)); err != nil {
		return nil, err
	}
	return hashes, w.homeLeft(p.Subject, body, micros(first), p.At)
}

func (w *writer) buryHash(id []byte, hash string) error {
	b, err := hex.DecodeString(hash)
	if err != nil {
		return fmt.Errorf("%.80q is no hash of an address", hash)
	}
	return w.c.exec("INSERT OR IGNORE INTO gone(hash, id) VALUES(?, ?)", b, id)
}

// dropEditions removes an article's editions and the use they made of pictures.
func (w *writer) dropEditions(id []byte) error {
	rows, err := w.c.rows("SELECT seq, z FROM edition WHERE article = ?", id)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := w.unuse(r.int(0), r.blob(1)); err != nil {
			return err
		}
	}
	return w.c.exec("DELETE FROM edition WHERE article = ?", id)
}

// unuse takes back the use that an edition makes of pictures.
func (w *writer) unuse(seq int64, z []byte) error {
	if z == nil {
		return nil
	}
	leaf, err := w.leaf(seq)
	if err != nil {
		return err
	}
	e, err := openEntry(w.shelf.codec, leaf, z)
	if err != nil {
		return err
	}
	body, err := e.Decode()
	if err != nil {
		return err
	}
	return w.unuseOf(seq, body)
}

func (w *writer) unuseOf(seq int64, body any) error {
	for _, id := range record.Pictures(body) {
		if err := w.c.exec("DELETE FROM usage WHERE picture = ? AND seq = ?", packID(id), seq); err != nil {
			return err
		}
		if err := w.usePicture(id); err != nil {
			return err
		}
	}
	return nil
}

// leaf is the kept leaf of an entry.
func (w *writer) leaf(seq int64) ([]byte, error) {
	r, err := w.c.one("SELECT data FROM leaf WHERE seq = ?", seq)
	if err != nil {
		return nil, fmt.Errorf("leaf %d: %w", seq, err)
	}
	return r.blob(0), nil
}

// restore applies a restoration: the editions it names are asked for again.
func (w *writer) restore(ctx context.Context, p *prepared) error {
	body, ok := p.body.(*record.Restoration)
	if !ok {
		return nil
	}
	if w.refetch == nil {
		return fmt.Errorf("a restoration needs the editions' bodies again, and there is nobody to ask for them")
	}
	entries, err := w.refetch(ctx, body.Editions)
	if err != nil {
		return fmt.Errorf("ask again for the editions of %s: %w", p.Subject, err)
	}
	slices.SortFunc(entries, func(a, b record.Entry) int { return int(a.Sequence - b.Sequence) })
	for _, e := range entries {
		if e.Subject != p.Subject || e.Kind != record.KindEdition && e.Kind != record.KindRedirect && !isLive(e.Kind) || e.Sequence > p.Sequence {
			return fmt.Errorf("entry %d is no edition of %s", e.Sequence, p.Subject)
		}
		again, err := w.shelf.prepare(e, w.language)
		if err != nil {
			return err
		}
		keep := w.keepEdition
		switch {
		case e.Kind == record.KindRedirect:
			keep = w.keepRedirect
		case isLive(e.Kind):
			keep = w.keepLive
		}
		if err := keep(again); err != nil {
			return err
		}
	}
	if err := w.deriveLive(p.subject); err != nil {
		return err
	}
	if err := w.wasAway(p); err != nil {
		return err
	}
	if err := w.unbury(p.subject); err != nil {
		return err
	}
	w.stones = append(w.stones, TombstoneLine{Article: p.Subject, Sequence: p.Sequence})
	w.touch(KeyArticle(p.Subject), KeyCard(p.Subject))
	return w.derive(p.subject, micros(p.At))
}

func (w *writer) unbury(id []byte) error {
	if err := w.undelete(id); err != nil {
		return err
	}
	if err := w.c.exec("DELETE FROM tombstone WHERE id = ?", id); err != nil {
		return err
	}
	return w.c.exec("DELETE FROM gone WHERE id = ?", id)
}

// keepRedirect keeps a redirect that still has its body.
func (w *writer) keepRedirect(p *prepared) error {
	body, ok := p.body.(*record.Redirect)
	if !ok {
		return nil
	}
	return w.c.exec("INSERT OR REPLACE INTO redirect(seq, article, source, target) VALUES(?, ?, ?, ?)", p.Sequence, p.subject, body.From, body.To)
}

// redirect applies a redirect: an old address, or a move.
func (w *writer) redirect(p *prepared) error {
	body, ok := p.body.(*record.Redirect)
	if !ok {
		return nil
	}
	if err := w.keepRedirect(p); err != nil {
		return err
	}
	before, err := w.state(p.subject)
	if err != nil {
		return err
	}
	if before == nil {
		gone, err := w.c.has("SELECT 1 FROM tombstone WHERE id = ?", p.subject)
		if err != nil || !gone {
			return err
		}
		return w.buryHash(p.subject, record.AddressHash(body.From))
	}
	after := *before
	if err := w.redirectTo(&after, p.Sequence, body.From, body.To); err != nil {
		return err
	}
	w.touch(KeyArticle(p.Subject))
	if after.Address == before.Address {
		return nil
	}
	return w.changed(before, &after, p.At, true)
}

// redact applies a redaction: what the named entries said goes from every row, and addresses that held it lead nowhere. Of
// editions stays what the redaction says may still be shown.
func (w *writer) redact(p *prepared) error {
	body, ok := p.body.(*record.Redaction)
	if !ok {
		return nil
	}
	w.redacted = true
	marks := map[int64]record.EditionMark{}
	for _, m := range body.Editions {
		marks[m.Sequence] = m
	}
	live := map[int64]record.LiveMark{}
	for _, l := range body.Live {
		live[l.Sequence] = l
	}
	w.touch(KeyRedactions)
	for _, seq := range body.Entries {
		if seq < 1 || seq >= p.Sequence {
			return fmt.Errorf("it names entry %d, which does not stand before it", seq)
		}
		m, public := marks[seq], int64(0)
		if m.Number > 0 {
			at, err := record.ParseInstant(m.Public)
			if err != nil {
				return err
			}
			public = micros(at)
		}
		l := live[seq]
		if err := w.c.exec("INSERT OR REPLACE INTO redacted(seq, by, replacement, number, change, public, entry, state) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
			seq, p.Sequence, body.Replacement, m.Number, string(m.Change), public, l.Number, string(l.State)); err != nil {
			return err
		}
		if err := w.redactEntry(seq, p.At); err != nil {
			return err
		}
	}
	return w.buryAddresses(p, body.Hashes)
}

// buryAddresses keeps the hashes of addresses that a redaction took away.
func (w *writer) buryAddresses(p *prepared, hashes []string) error {
	for _, h := range hashes {
		b, err := hex.DecodeString(h)
		if err != nil {
			return fmt.Errorf("%.80q is no hash of an address", h)
		}
		if err := w.c.exec("INSERT OR IGNORE INTO buried(hash, by, at) VALUES(?, ?, ?)", b, p.Sequence, micros(p.At)); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) redactEntry(seq int64, at time.Time) error {
	held, err := w.c.has(`SELECT 1 FROM edition WHERE seq = ?1 AND z IS NOT NULL UNION SELECT 1 FROM redirect WHERE seq = ?1
		UNION SELECT 1 FROM fact WHERE seq = ?1 UNION SELECT 1 FROM tombstone WHERE seq = ?1 AND body IS NOT NULL`, seq)
	if err != nil {
		return err
	}
	if held {
		if err := setScrub(w.c, true); err != nil {
			return err
		}
	}
	leaf, err := w.leaf(seq)
	if err != nil {
		return err
	}
	e, err := record.ParseLeaf(leaf)
	if err != nil {
		return err
	}
	id := packID(e.Subject)
	switch e.Kind {
	case record.KindEdition:
		return w.redactEdition(seq, id, at)
	case record.KindLiveEntry, record.KindLiveState:
		return w.redactLive(seq, id, at)
	case record.KindRedirect:
		return w.redactRedirect(seq, id, at)
	case record.KindWithdrawal:
		return w.redactWithdrawal(seq, id)
	case record.KindRedaction:
		return errors.Join(w.c.exec("DELETE FROM redacted WHERE by = ?", seq), w.c.exec("DELETE FROM buried WHERE by = ?", seq))
	case record.KindStory:
		return w.redactStory(seq, e.Subject)
	case record.KindFront:
		return w.redactFront(seq, id, micros(at))
	case record.KindPublication, record.KindSection, record.KindTopic, record.KindPerson, record.KindPicture:
		if err := w.forgetFact(seq); err != nil {
			return err
		}
		return w.settleThing(e.Subject, e.Kind)
	}
	return nil
}

// forgetFact takes what an entry said of the paper, a section, a topic, a person, a picture or a story from the entries that are
// kept.
func (w *writer) forgetFact(seq int64) error {
	return errors.Join(w.c.exec("DELETE FROM fact WHERE seq = ?", seq), w.c.exec("DELETE FROM slug WHERE seq = ?", seq))
}

func (w *writer) redactEdition(seq int64, id []byte, at time.Time) error {
	rows, err := w.c.rows("SELECT z FROM edition WHERE seq = ?", seq)
	if err != nil || len(rows) == 0 {
		return err
	}
	before, err := w.state(id)
	if err != nil {
		return err
	}
	if before != nil {
		// While the edition is still there its addresses and corrections are known.
		if err := w.remove(id, before); err != nil {
			return err
		}
	}
	if err := w.unuse(seq, rows[0].blob(0)); err != nil {
		return err
	}
	if err := w.c.exec(`UPDATE edition SET (number, change, public) = (SELECT number, change, public FROM redacted r WHERE r.seq = edition.seq),
		note = '', corrects = 0, z = NULL WHERE seq = ?`, seq); err != nil {
		return err
	}
	if before != nil {
		if err := w.changed(before, nil, at, false); err != nil {
			return err
		}
	}
	return w.derive(id, micros(at))
}

func (w *writer) redactRedirect(seq int64, id []byte, at time.Time) error {
	before, err := w.state(id)
	if err != nil {
		return err
	}
	if before != nil {
		if err := w.remove(id, before); err != nil {
			return err
		}
	}
	if err := w.c.exec("DELETE FROM redirect WHERE seq = ?", seq); err != nil {
		return err
	}
	if before == nil {
		return nil
	}
	return w.derive(id, micros(at))
}

// redactWithdrawal leaves a tombstone that says nothing.
func (w *writer) redactWithdrawal(seq int64, id []byte) error {
	there, err := w.c.has("SELECT 1 FROM tombstone WHERE id = ? AND seq = ?", id, seq)
	if err != nil || !there {
		return err
	}
	w.touch(KeyArticle(unpackID(id)))
	if err := w.undelete(id); err != nil {
		return err
	}
	if err := w.c.exec("DELETE FROM gone WHERE id = ?", id); err != nil {
		return err
	}
	return w.c.exec("UPDATE tombstone SET body = NULL WHERE id = ?", id)
}

// changed touches the keys of every page that shows an article, before or after, and keeps the instants of home's and its
// sitemap's last change.
func (w *writer) changed(before, after *state, at time.Time, home bool) error {
	for _, s := range []*state{before, after} {
		if s == nil {
			continue
		}
		w.touchCard(s)
		if err := w.touchNewest(s); err != nil {
			return err
		}
	}
	if (before == nil) != (after == nil) {
		w.touchNumbers(before, after)
	}
	s := after
	if s == nil {
		s = before
	}
	if s == nil {
		return nil
	}
	w.modify(micros(s.First), at)
	if !home || after == nil || after.Kind == dateline.KindPage {
		return nil
	}
	return w.homeShows(after, at)
}

// touchCard touches the pages and lists on which an article's card stands.
func (w *writer) touchCard(s *state) {
	w.touch(KeyArticle(s.ID), KeyCard(s.ID))
	if s.Kind == dateline.KindPage {
		w.touch(KeyPublication)
		return
	}
	w.touch(KeyHome, KeySearch, KeyFeed, KeyDay(DayOf(s.First, w.zone)))
	if s.Section != "" {
		w.touch(KeySection(s.Section))
	}
	if !s.Imported {
		w.touch(KeyNews)
	}
	for _, id := range s.Topics {
		w.touch(KeyTopic(id))
	}
	for _, c := range s.Byline {
		if c.Person != "" {
			w.touch(KeyPerson(c.Person))
		}
	}
	for _, id := range s.speakers {
		w.touch(KeyPerson(id))
	}
}

// newestRows is how many articles at the head of a topic KeyNewest tells of.
const newestRows = 12

// touchNewest touches the heads of the topics in which an article stands. What is newer does not change with it, so that before and after its
// own change the answer is the same.
func (w *writer) touchNewest(s *state) error {
	if s.Kind == dateline.KindPage || w.building {
		return nil
	}
	for _, id := range s.Topics {
		n, err := w.thing(id, record.KindTopic)
		if err != nil {
			return err
		}
		deep, err := w.c.has("SELECT 1 FROM list WHERE k = ? AND (first, id) > (?, ?) LIMIT 1 OFFSET ?", listNumber(n, false), micros(s.First), packID(s.ID), newestRows-1)
		if err != nil {
			return err
		}
		if !deep {
			w.touch(KeyNewest(id))
		}
	}
	return nil
}

// touchNumbers touches the pages on which articles are counted.
func (w *writer) touchNumbers(before, after *state) {
	for _, s := range []*state{before, after} {
		if s != nil && s.Kind != dateline.KindPage {
			d := DayOf(s.First, w.zone)
			w.touch(KeyMonth(d), KeyYear(d), KeyArchive)
		}
	}
}

// modify keeps the instant of the last change of a sitemap's month.
func (w *writer) modify(first int64, at time.Time) {
	m := monthNumber(first)
	w.modified[m] = max(w.modified[m], micros(at))
	w.touch(KeySitemaps, KeySitemap(dayOfNumber(m)))
}
