package shelf

import (
	"fmt"
	"reflect"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
)

// live is what an entry about a live coverage becomes.
type live struct {
	entry    *record.LiveEntry // of live_entry
	state    *record.LiveState // of live_state
	public   int64             // of the entry
	fragment []byte            // of its text, or of the summary
	text     string
	z        []byte // salt and body, compressed
}

// isLive says whether an entry of the record is about a live coverage.
func isLive(k record.Kind) bool { return k == record.KindLiveEntry || k == record.KindLiveState }

// prepareLive makes the fragment of an entry or of a summary.
func (s *Shelf) prepareLive(e record.Entry, body any, language string) (*live, error) {
	l := &live{z: s.codec.deflate(append(append([]byte{}, e.Salt...), e.Body...))}
	var words []byte
	in := language
	switch b := body.(type) {
	case *record.LiveEntry:
		at, err := record.ParseInstant(b.Public)
		if err != nil {
			return nil, err
		}
		l.entry, l.public, words, in = b, micros(at), b.Body, b.Language
	case *record.LiveState:
		l.state, words, in = b, b.Summary, b.Language
	}
	doc, err := parseDocument(words)
	if err != nil {
		return nil, err
	}
	l.fragment = s.options.Renderer.Body(doc, render.BodyOptions{Language: in, Publication: language})
	l.text = markup.Text(doc)
	return l, nil
}

// live applies an entry about a live coverage.
func (w *writer) live(p *prepared) error {
	if err := w.keepLive(p); err != nil {
		return err
	}
	w.touch(KeyLive(p.Subject))
	return w.settleLive(p)
}

// keepLive keeps the act, or only its place where the body is gone.
func (w *writer) keepLive(p *prepared) error {
	var z any
	number := 0
	if p.live != nil {
		z = p.live.z
		if p.live.entry != nil {
			number = p.live.entry.Number
		}
	}
	if err := w.c.exec("INSERT OR REPLACE INTO live_act(article, seq, number, z) VALUES(?, ?, ?, ?)", p.subject, p.Sequence, number, z); err != nil {
		return err
	}
	return w.useLive(p)
}

// useLive notes which pictures an act shows. One that removes an entry shows none, and no act before it shows those of the entry any
// more: nor does a page as of an instant.
func (w *writer) useLive(p *prepared) error {
	if p.live == nil || p.live.entry == nil {
		return nil
	}
	if p.live.entry.Act == record.EntryDeleted {
		rows, err := w.c.rows("SELECT seq, z FROM live_act WHERE article = ? AND seq < ? AND number = ?", p.subject, p.Sequence, p.live.entry.Number)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := w.unuse(r.int(0), r.blob(1)); err != nil {
				return err
			}
		}
	}
	for _, id := range p.live.entry.Pictures {
		if err := w.c.exec("INSERT OR IGNORE INTO usage(picture, seq) VALUES(?, ?)", packID(id), p.Sequence); err != nil {
			return err
		}
		if err := w.usePicture(id); err != nil {
			return err
		}
	}
	return nil
}

// settleLive brings what readers have of a coverage up to an act.
func (w *writer) settleLive(p *prepared) error {
	if p.live == nil {
		return nil
	}
	c, err := w.coverage(p.subject)
	if err != nil {
		return err
	}
	if p.live.state != nil {
		c.steer(p)
		w.touch(KeyOnAir, KeyHome)
		c.aired = c.touched
	} else if err := w.liveEntry(c, p); err != nil {
		return err
	}
	if err := w.liveMoved(p.subject, c); err != nil {
		return err
	}
	return w.c.exec("INSERT OR REPLACE INTO live(article, data, on_air, aired) VALUES(?, ?, ?, ?)", p.subject, c.pack(), flag(c.onAir()), c.aired)
}

// liveMoved brings the sitemap's month of a coverage and, at the end of the transaction, what is found of its words up to its
// last change.
func (w *writer) liveMoved(id []byte, c *coverage) error {
	w.spoken[string(id)] = struct{}{}
	s, err := w.state(id)
	if err != nil || s == nil {
		return err
	}
	w.touch(KeySearch)
	w.modify(micros(s.First), instant(c.touched))
	return nil
}

// liveEntry puts an entry as it is now in place of what it was, and counts it.
func (w *writer) liveEntry(c *coverage, p *prepared) error {
	e := p.live.entry
	made, posted, err := w.madeBy(p, e.Number)
	if err != nil {
		return err
	}
	counted, corrected, worded := int64(0), int64(0), micros(p.At)
	rows, err := w.c.rows("SELECT made, posted, deleted, corrected, z FROM live_entry WHERE article = ? AND number = ?", p.subject, e.Number)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		made, posted = rows[0].int(0), rows[0].int(1)
		counted, corrected = 1-rows[0].int(2), rows[0].int(3)
		if worded, err = w.wordedAt(rows[0].blob(4), p); err != nil {
			return err
		}
	}
	deleted, wrong := flag(e.Act == record.EntryDeleted), flag(e.Correction != "")
	w.took = w.took || deleted == 1
	c.count += (1 - deleted) - counted
	c.corrected += wrong - corrected
	if c.touched = max(c.touched, worded); c.onAir() && worded == micros(p.At) {
		w.touch(KeyHome)
		c.aired = max(c.aired, worded)
	}
	z := w.shelf.codec.deflate(packLive(p, worded))
	return w.c.exec(`INSERT OR REPLACE INTO live_entry(article, number, public, seq, made, posted, pinned, main, deleted, corrected, z)
		VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.subject, e.Number, p.live.public, p.Sequence, made, posted,
		flag(e.Pinned), flag(e.Key), deleted, wrong, z)
}

// madeBy is the act by which an entry came to be, and when: this one, or the first that lost its words.
func (w *writer) madeBy(p *prepared, number int) (made, posted int64, err error) {
	rows, err := w.c.rows(`SELECT r.seq, l.data FROM redacted r JOIN live_act a ON a.seq = r.seq JOIN leaf l ON l.seq = r.seq
		WHERE a.article = ? AND r.entry = ? AND r.seq < ? ORDER BY r.seq LIMIT 1`, p.subject, number, p.Sequence)
	if err != nil || len(rows) == 0 {
		return p.Sequence, micros(p.At), err
	}
	first, err := record.ParseLeaf(rows[0].blob(1))
	return rows[0].int(0), micros(first.At), err
}

// wordedAt is when an entry last said something else than before: to pin it or to call it a main event is no change.
func (w *writer) wordedAt(z []byte, p *prepared) (int64, error) {
	b, err := w.shelf.codec.inflate(z)
	if err != nil {
		return 0, err
	}
	was, err := openLive(b)
	if err != nil {
		return 0, err
	}
	now := *p.live.entry
	now.Act, now.Key, now.Pinned = was.body.Act, was.body.Key, was.body.Pinned
	if p.live.entry.Act != record.EntryDeleted && reflect.DeepEqual(now, *was.body) {
		return was.worded, nil
	}
	return micros(p.At), nil
}

// keptLive is an entry's row, opened.
type keptLive struct {
	body     *record.LiveEntry
	worded   int64
	text     string
	fragment []byte
}

func openLive(b []byte) (k keptLive, err error) {
	u := unpacker{b: b}
	e := record.Entry{Header: record.Header{Kind: record.KindLiveEntry, Schema: int(u.int())}, Salt: make([]byte, record.SaltSize)}
	k.worded = u.int()
	e.Body = []byte(u.text())
	k.text, k.fragment = u.text(), []byte(u.text())
	if u.bad {
		return k, errDamaged
	}
	body, err := e.Decode()
	if err != nil {
		return k, err
	}
	k.body = body.(*record.LiveEntry)
	return k, nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// packLive writes what an entry's row holds of its words: the body of the record's entry, its text and its fragment.
func packLive(p *prepared, worded int64) []byte {
	out := packer{make([]byte, 0, len(p.Body)+len(p.live.fragment)+len(p.live.text)+64)}
	out.int(int64(p.Schema))
	out.int(worded)
	out.text(string(p.Body))
	out.text(p.live.text)
	out.text(string(p.live.fragment))
	return out.b
}

// coverage is what the shelf keeps of a live coverage beside its entries.
type coverage struct {
	state              dateline.LiveState
	seq                int64 // the act that gave state and summary
	changed            int64 // when
	began, ended       int64 // 0 where it was not
	touched            int64 // when what readers can read of it was changed last
	aired              int64 // when it was last changed while it was on air, or began or ended
	count, corrected   int64 // entries that readers can read, and those of them with a correction
	language, fragment string
}

func (c *coverage) onAir() bool { return c.state == dateline.LiveOn || c.state == dateline.LivePaused }

func (c *coverage) steer(p *prepared) {
	at := micros(p.At)
	c.touched = max(c.touched, at)
	c.state, c.seq, c.changed, c.language, c.fragment = p.live.state.State, p.Sequence, at, p.live.state.Language, string(p.live.fragment)
	switch c.state {
	case dateline.LiveOn:
		if c.began == 0 {
			c.began = at
		}
		c.ended = 0
	case dateline.LiveEnded:
		if c.ended == 0 {
			c.ended = at
		}
	}
}

func (c *coverage) pack() []byte {
	p := packer{make([]byte, 0, len(c.fragment)+64)}
	p.text(string(c.state))
	for _, n := range []int64{c.seq, c.changed, c.began, c.ended, c.touched, c.aired, c.count, c.corrected} {
		p.int(n)
	}
	p.text(c.language)
	p.text(c.fragment)
	return p.b
}

func unpackCoverage(b []byte) (*coverage, error) {
	u := unpacker{b: b}
	c := &coverage{state: dateline.LiveState(u.text()), seq: u.int(), changed: u.int(), began: u.int(), ended: u.int(), touched: u.int(), aired: u.int(), count: u.int(),
		corrected: u.int(), language: u.text(), fragment: u.text()}
	if u.bad {
		return nil, fmt.Errorf("a live coverage: %w", errDamaged)
	}
	return c, nil
}

// coverage reads a live coverage; one of which nothing was said is planned.
func (w *writer) coverage(id []byte) (*coverage, error) {
	rows, err := w.c.rows("SELECT data FROM live WHERE article = ?", id)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return &coverage{state: dateline.LivePlanned}, nil
	}
	return unpackCoverage(rows[0].blob(0))
}

// liveActs reads a coverage's kept acts in their order: those that have bodies, and of those that lost them the states.
func (w *writer) liveActs(id []byte) ([]*prepared, error) {
	rows, err := w.c.rows(`SELECT l.data, a.z, r.state FROM live_act a JOIN leaf l ON l.seq = a.seq LEFT JOIN redacted r ON r.seq = a.seq
		WHERE a.article = ? AND (a.z IS NOT NULL OR r.state <> '') ORDER BY a.seq`, id)
	if err != nil {
		return nil, err
	}
	list := make([]*prepared, len(rows))
	for i, r := range rows {
		if r.blob(1) == nil {
			if list[i], err = stateLeft(r.blob(0), r.text(2)); err != nil {
				return nil, err
			}
			continue
		}
		e, err := openEntry(w.shelf.codec, r.blob(0), r.blob(1))
		if err != nil {
			return nil, err
		}
		if list[i], err = w.shelf.prepare(e, w.language); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// stateLeft is an act on a coverage of which nothing is left but the state that it gave.
func stateLeft(leaf []byte, state string) (*prepared, error) {
	e, err := record.ParseLeaf(leaf)
	return &prepared{Entry: e, subject: packID(e.Subject), leaf: leaf, live: &live{state: &record.LiveState{State: dateline.LiveState(state)}}}, err
}

// deriveLive makes all that readers have of a coverage anew from its kept acts.
func (w *writer) deriveLive(id []byte) error {
	for _, q := range []string{"DELETE FROM live WHERE article = ?", "DELETE FROM live_entry WHERE article = ?"} {
		if err := w.c.exec(q, id); err != nil {
			return err
		}
	}
	acts, err := w.liveActs(id)
	if err != nil || len(acts) == 0 {
		return err
	}
	w.touch(KeyLive(unpackID(id)), KeyOnAir, KeyHome)
	for _, p := range acts {
		if err := w.useLive(p); err != nil {
			return err
		}
		if err := w.settleLive(p); err != nil {
			return err
		}
	}
	return nil
}

// dropLive removes all words of a coverage, and the use they made of pictures.
func (w *writer) dropLive(id []byte) error {
	acts, err := w.liveActs(id)
	if err != nil {
		return err
	}
	for _, p := range acts {
		if err := w.unuseOf(p.Sequence, p.body); err != nil {
			return err
		}
	}
	for _, q := range []string{"DELETE FROM live_act WHERE article = ?", "DELETE FROM live WHERE article = ?", "DELETE FROM live_entry WHERE article = ?"} {
		if err := w.c.exec(q, id); err != nil {
			return err
		}
	}
	if len(acts) > 0 {
		w.touch(KeyLive(unpackID(id)), KeyOnAir, KeyHome)
	}
	return nil
}

// redactLive takes the words of one act from a coverage; what it changed is as it was before.
func (w *writer) redactLive(seq int64, id []byte, at time.Time) error {
	rows, err := w.c.rows("SELECT z FROM live_act WHERE article = ? AND seq = ?", id, seq)
	if err != nil || len(rows) == 0 {
		return err
	}
	if rows[0].blob(0) != nil {
		if err := setScrub(w.c, true); err != nil {
			return err
		}
		if err := w.unuse(seq, rows[0].blob(0)); err != nil {
			return err
		}
	}
	if err := w.c.exec("UPDATE live_act SET number = 0, z = NULL WHERE article = ? AND seq = ?", id, seq); err != nil {
		return err
	}
	w.touch(KeyLive(unpackID(id)), KeyOnAir, KeyHome)
	w.spoken[string(id)] = struct{}{} // also where nothing is left that derives it anew
	if err := w.deriveLive(id); err != nil {
		return err
	}
	s, err := w.state(id)
	if err == nil && s != nil {
		w.modify(micros(s.First), at)
	}
	return err
}
