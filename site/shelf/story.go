package shelf

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/search"
)

// story applies an entry about a running story. Of one that is withdrawn or merged nothing stays but its addresses.
func (w *writer) story(p *prepared) error {
	body, _ := p.body.(*record.Story)
	if body != nil && body.Withdrawn {
		// Its earlier entries are given to nobody any more, so they go here too; this one says what its addresses were.
		for _, q := range []string{"DELETE FROM fact WHERE subject = ?", "DELETE FROM slug WHERE id = ?", "DELETE FROM telling WHERE story = ?", "DELETE FROM story_correction WHERE story = ?"} {
			if err := w.c.exec(q, p.subject); err != nil {
				return err
			}
		}
		if err := w.dropParts(p.subject); err != nil {
			return err
		}
		if err := setScrub(w.c, true); err != nil {
			return err
		}
	}
	if err := w.fact(p); err != nil {
		return err
	}
	if body != nil {
		if err := w.telling(p.subject, p.Sequence, body); err != nil {
			return err
		}
		if err := w.storyStone(p, body); err != nil {
			return err
		}
	}
	return w.settleStory(p.Subject)
}

// storyStone keeps in the file of tombstones that a story was taken down, or told again after that.
func (w *writer) storyStone(p *prepared, body *record.Story) error {
	stone := TombstoneLine{Article: p.Subject, Sequence: p.Sequence, Withdrawn: body.Withdrawn || body.Into != ""}
	if !stone.Withdrawn {
		down := w.shelf.tombstones.hides(p.Subject, 0)
		for _, s := range w.stones {
			if s.Article == p.Subject {
				down = s.Withdrawn
			}
		}
		if down {
			w.stones = append(w.stones, stone)
		}
		return nil
	}
	slugs, err := w.c.rows("SELECT DISTINCT slug FROM slug WHERE kind = 'story' AND id = ? ORDER BY slug", p.subject)
	for _, r := range slugs {
		stone.Addresses = append(stone.Addresses, record.AddressHash("/stories/"+r.text(0)))
	}
	w.stones = append(w.stones, stone)
	return err
}

// tellingData is what stands in a row of a story's history.
type tellingData struct {
	Number    int
	Change    dateline.Change     `json:",omitempty"`
	Note      string              `json:",omitempty"`
	Public    int64               // microseconds
	Status    *record.StoryStatus `json:",omitempty"`
	Withdrawn bool                `json:",omitempty"`
	Removed   bool                `json:",omitempty"` // its words were
}

// telling keeps a line of a story's history.
func (w *writer) telling(subject []byte, seq int64, body *record.Story) error {
	public, err := record.ParseInstant(body.Public)
	if err != nil {
		return err
	}
	d := tellingData{Number: body.Number, Change: body.Change, Note: body.Note, Public: micros(public), Withdrawn: body.Withdrawn}
	if n := len(body.Statuses); n > 0 {
		d.Status = &body.Statuses[n-1]
	}
	data, err := json.Marshal(d)
	if err != nil {
		return err
	}
	if body.Change.Wrong() {
		w.touch(KeyCorrections)
		if err := w.c.exec("INSERT OR REPLACE INTO story_correction(public, story, number, seq) VALUES(?, ?, ?, ?)", d.Public, subject, body.Number, seq); err != nil {
			return err
		}
	}
	return w.c.exec("INSERT OR REPLACE INTO telling(story, seq, data) VALUES(?, ?, ?)", subject, seq, data)
}

// redactStory takes what an entry about a story said from every row. Of its line in the history stays what the redaction says
// may still be shown, and dated lines count as told by the first entry that is left.
func (w *writer) redactStory(seq int64, id dateline.ID) error {
	subject := packID(id)
	if err := w.forgetFact(seq); err != nil {
		return err
	}
	for _, q := range []string{"DELETE FROM telling WHERE story = ? AND seq = ?", "DELETE FROM story_correction WHERE story = ? AND seq = ?"} {
		if err := w.c.exec(q, subject, seq); err != nil {
			return err
		}
	}
	if err := w.keepMark(seq, subject); err != nil {
		return err
	}
	w.touch(KeyCorrections)
	if err := setScrub(w.c, true); err != nil {
		return err
	}
	if err := w.retell(subject); err != nil {
		return err
	}
	if err := w.settleThing(id, record.KindStory); err != nil {
		return err
	}
	return w.settleStory(id)
}

// keepMark keeps the line of a story's history whose words were removed.
func (w *writer) keepMark(seq int64, subject []byte) error {
	r, err := w.c.one("SELECT number, change, public FROM redacted WHERE seq = ?", seq)
	if err != nil || r.int(0) == 0 {
		return err
	}
	data, err := json.Marshal(tellingData{Number: int(r.int(0)), Change: dateline.Change(r.text(1)), Public: r.int(2), Removed: true})
	if err != nil {
		return err
	}
	return w.c.exec("INSERT OR REPLACE INTO telling(story, seq, data) VALUES(?, ?, ?)", subject, seq, data)
}

// retell makes a story's dated lines, and what it is part of, anew from the entries that still say something.
func (w *writer) retell(subject []byte) error {
	if err := w.c.exec("DELETE FROM happening WHERE story = ?", subject); err != nil {
		return err
	}
	if err := w.dropParts(subject); err != nil {
		return err
	}
	facts, err := w.c.rows("SELECT seq, body FROM fact WHERE subject = ? ORDER BY seq", subject)
	if err != nil {
		return err
	}
	for _, f := range facts {
		body, err := decodeFact(record.KindStory, f.blob(1))
		if err != nil {
			return err
		}
		if err := w.settleHappenings(subject, f.int(0), body.(*record.Story)); err != nil {
			return err
		}
		if err := w.settleParts(subject, f.int(0), body.(*record.Story)); err != nil {
			return err
		}
	}
	return nil
}

// settleStory brings all that is kept of a story up to its newest entry that still has a body.
func (w *writer) settleStory(id dateline.ID) error {
	subject := packID(id)
	w.touch(KeyStories, KeySitemaps)
	named, err := withMerged(w.c, id)
	if err != nil {
		return err
	}
	for _, id := range named {
		w.touch(KeyStory(id)) // a page made while this one was down knows only what it names
	}
	rows, err := w.c.rows(`SELECT t.seq, f.body, l.data FROM thing t LEFT JOIN fact f ON f.seq = t.seq LEFT JOIN leaf l ON l.seq = t.seq WHERE t.id = ?`, subject)
	if err != nil {
		return err
	}
	body := &record.Story{Withdrawn: true}
	if len(rows) > 0 && rows[0].blob(1) != nil {
		decoded, err := decodeFact(record.KindStory, rows[0].blob(1))
		if err != nil {
			return err
		}
		body = decoded.(*record.Story)
	}
	if err := w.settleMembers(subject, body); err != nil {
		return err
	}
	told := int64(0)
	if len(rows) > 0 {
		told = rows[0].int(0)
	}
	if err := w.settleHappenings(subject, told, body); err != nil {
		return err
	}
	if err := w.settleGone(id, body); err != nil {
		return err
	}
	if err := w.settleParts(subject, told, body); err != nil {
		return err
	}
	if err := w.c.exec("DELETE FROM story_word WHERE story = ?", subject); err != nil {
		return err
	}
	if body.Withdrawn || body.Into != "" {
		w.took = true
		return w.c.exec("DELETE FROM story WHERE id = ?", subject)
	}
	for _, word := range search.Tokens(nil, body.Name) {
		if err := w.c.exec("INSERT OR IGNORE INTO story_word(word, story) VALUES(?, ?)", word, subject); err != nil {
			return err
		}
	}
	e, err := record.ParseLeaf(rows[0].blob(2))
	if err != nil {
		return err
	}
	return w.keepStory(subject, body, e)
}

// shortStory is a story's entry without its long lists, which have rows of their own: looking up an address reads no more.
func shortStory(fact []byte) ([]byte, error) {
	decoded, err := decodeFact(record.KindStory, fact)
	if err != nil {
		return nil, err
	}
	short := *decoded.(*record.Story)
	short.Events, short.Joined, short.Left = nil, nil, nil
	b, err := record.Encode(&short)
	return append([]byte{fact[0]}, b...), err
}

// storyData is what stands in a story's row.
type storyData struct {
	Story    record.Story
	Sequence int64
	At       int64
}

func (w *writer) keepStory(subject []byte, body *record.Story, e record.Entry) error {
	short := *body
	short.Events, short.Joined, short.Left = nil, nil, nil
	data, err := json.Marshal(storyData{short, e.Sequence, micros(e.At)})
	if err != nil {
		return err
	}
	short.Statuses = short.Statuses[max(0, len(short.Statuses)-1):]
	head, err := json.Marshal(storyData{short, e.Sequence, micros(e.At)})
	if err != nil {
		return err
	}
	over, changed := 0, micros(e.At)
	if n := len(body.Statuses); n > 0 {
		if body.Statuses[n-1].State.Over() {
			over = 1
		}
		at, err := record.ParseInstant(body.Statuses[n-1].At)
		if err != nil {
			return err
		}
		changed = micros(at)
	}
	return w.c.exec("INSERT OR REPLACE INTO story(id, over, changed, data, head) VALUES(?, ?, ?, ?, ?)", subject, over, changed, data, head)
}

// happeningData is what stands in the row of a dated line.
type happeningData struct {
	Status *record.StoryStatus  `json:",omitempty"`
	Before *record.StoryStatus  `json:",omitempty"`
	Event  *dateline.StoryEvent `json:",omitempty"`
}

// line is a row of a story's dated lines.
type line struct {
	at, status, told int64
	data             []byte
}

// settleHappenings brings a story's dated lines up to what an entry says. A line keeps the number of the entry that it first
// stood in, by which is told what is new; rows that stay as they are are not written again.
func (w *writer) settleHappenings(subject []byte, told int64, body *record.Story) error {
	rows, err := w.c.rows("SELECT id, at, status, told, data FROM happening WHERE story = ?", subject)
	if err != nil {
		return err
	}
	had := make(map[dateline.ID]line, len(rows))
	for _, r := range rows {
		had[unpackID(r.blob(0))] = line{r.int(1), r.int(2), r.int(3), r.blob(4)}
	}
	keep := func(at int64, id dateline.ID, status int64, d happeningData) error {
		data, err := json.Marshal(d)
		if err != nil {
			return err
		}
		was, is := had[id]
		if !is {
			was.told = told
		}
		delete(had, id)
		if is && was.at == at && was.status == status && bytes.Equal(was.data, data) {
			return nil
		}
		if is && was.at != at {
			if err := w.dropHappening(subject, was.at, id); err != nil {
				return err
			}
		}
		return w.c.exec("INSERT OR REPLACE INTO happening(story, at, id, status, told, data) VALUES(?, ?, ?, ?, ?, ?)", subject, at, packID(id), status, was.told, data)
	}
	if err := w.eachHappening(body, keep); err != nil {
		return err
	}
	for id, l := range had {
		if err := w.dropHappening(subject, l.at, id); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) dropHappening(subject []byte, at int64, id dateline.ID) error {
	return w.c.exec("DELETE FROM happening WHERE story = ? AND at = ? AND id = ?", subject, at, packID(id))
}

// eachHappening gives the dated lines of a story with their places in time.
func (w *writer) eachHappening(body *record.Story, keep func(at int64, id dateline.ID, status int64, d happeningData) error) error {
	for i := range body.Statuses {
		s := &body.Statuses[i]
		at, err := record.ParseInstant(s.At)
		if err != nil {
			return err
		}
		d := happeningData{Status: s}
		if i > 0 {
			d.Before = &body.Statuses[i-1]
		}
		if err := keep(micros(at), s.ID, 1, d); err != nil {
			return err
		}
	}
	south, err := w.south()
	if err != nil {
		return err
	}
	for i := range body.Events {
		e := &body.Events[i]
		_, last := e.When.Span(south)
		if err := keep(micros(DayOf(last, last.Location()).Start(w.zone)), e.ID, 0, happeningData{Event: e}); err != nil {
			return err
		}
	}
	return nil
}

// south says that the paper lies south of the equator, where seasons are half a year later.
func (w *writer) south() (bool, error) {
	rows, err := w.c.rows("SELECT body FROM thing WHERE kind = 'publication' AND body IS NOT NULL ORDER BY seq DESC LIMIT 1")
	if err != nil || len(rows) == 0 {
		return false, err
	}
	body, err := decodeFact(record.KindPublication, rows[0].blob(0))
	if err != nil {
		return false, err
	}
	return body.(*record.Publication).Latitude < 0, nil
}

// storiesOf are the stories that an article belongs to, its edition naming some of them.
func (w *writer) storiesOf(article []byte, named []dateline.ID) ([]dateline.ID, error) {
	return storiesOf(w.c, article, named)
}

func storiesOf(c *conn, article []byte, named []dateline.ID) ([]dateline.ID, error) {
	out := slices.Clone(named)
	rows, err := c.rows("SELECT story, gone FROM member WHERE article = ? ORDER BY story", article)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		id := unpackID(r.blob(0))
		if r.int(1) == 1 {
			out = slices.DeleteFunc(out, func(have dateline.ID) bool { return have == id })
		} else if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, nil
}

// settleMembers brings the articles that joined or left by the story's own word up to what it says now.
func (w *writer) settleMembers(subject []byte, body *record.Story) error {
	now := map[dateline.ID]int64{}
	for _, id := range body.Joined {
		now[id] = 0
	}
	for _, id := range body.Left {
		now[id] = 1
	}
	rows, err := w.c.rows("SELECT article, gone FROM member WHERE story = ?", subject)
	if err != nil {
		return err
	}
	var changed []dateline.ID
	for _, r := range rows {
		id := unpackID(r.blob(0))
		if gone, still := now[id]; still && gone == r.int(1) {
			delete(now, id)
			continue
		} else if !still {
			if err := w.c.exec("DELETE FROM member WHERE story = ? AND article = ?", subject, r.blob(0)); err != nil {
				return err
			}
			changed = append(changed, id)
		}
	}
	for id, gone := range now {
		if err := w.c.exec("INSERT OR REPLACE INTO member(story, article, gone) VALUES(?, ?, ?)", subject, packID(id), gone); err != nil {
			return err
		}
		changed = append(changed, id)
	}
	for _, id := range changed {
		if err := w.settleMember(subject, id); err != nil {
			return err
		}
	}
	return nil
}

// settleMember puts an article into a story's list, or takes it out, where its membership has changed.
func (w *writer) settleMember(story []byte, id dateline.ID) error {
	article := packID(id)
	w.touch(KeyArticle(id))
	s, err := w.state(article)
	if err != nil || s == nil || s.Kind == dateline.KindPage {
		return err
	}
	n, err := w.thing(unpackID(story), record.KindStory)
	if err != nil {
		return err
	}
	stories, err := w.storiesOf(article, s.Stories)
	if err != nil {
		return err
	}
	k, first := storyNumber(n), micros(s.First)
	is, err := w.c.has("SELECT 1 FROM list WHERE k = ? AND first = ? AND id = ?", k, first, article)
	if err != nil {
		return err
	}
	switch should := slices.Contains(stories, unpackID(story)); {
	case should && !is:
		w.counted(k, first, 1)
		if err := w.c.exec("INSERT INTO list(k, first, id, key, since) VALUES(?, ?, ?, ?, 0)", k, first, article, s.key); err != nil {
			return err
		}
		return w.enterStory(k, article)
	case is && !should:
		w.counted(k, first, -1)
		if err := w.c.exec("DELETE FROM list WHERE k = ? AND first = ? AND id = ?", k, first, article); err != nil {
			return err
		}
		return w.leaveStory(k, article)
	}
	return nil
}

// enterStory keeps the editions of an article that came into a list, where that is a story's.
func (w *writer) enterStory(k int64, article []byte) error {
	if !ofStory(k) {
		return nil
	}
	return w.c.exec("INSERT OR IGNORE INTO story_edition(k, seq) SELECT ?, seq FROM edition WHERE article = ? AND z IS NOT NULL", k, article)
}

// goOnInStory keeps the newest edition of an article that stays in a list, where that is a story's.
func (w *writer) goOnInStory(k int64, s *state) error {
	if !ofStory(k) {
		return nil
	}
	return w.c.exec("INSERT OR IGNORE INTO story_edition(k, seq) VALUES(?, ?)", k, s.numberedSeq)
}

// leaveStory forgets the editions of an article that left a list, where that is a story's.
func (w *writer) leaveStory(k int64, article []byte) error {
	if !ofStory(k) {
		return nil
	}
	return w.c.exec("DELETE FROM story_edition WHERE k = ? AND seq IN (SELECT seq FROM edition WHERE article = ?)", k, article)
}

// maxStoryMerges bounds how many mergers in a row are followed.
const maxStoryMerges = 16

// mergedInto is the story that a story has become part of, itself where it has not.
func (tx *Tx) mergedInto(id dateline.ID) (dateline.ID, error) {
	for range maxStoryMerges {
		b, _, err := bodyOf[record.Story](tx, id)
		if err != nil || b.Into == "" {
			return id, err
		}
		id = b.Into
	}
	return id, nil
}

// Story answers a running story; ErrNotFound where readers cannot open it. One that was merged answers the story it is in.
func (tx *Tx) Story(id dateline.ID) (*Story, error) {
	s, err := tx.storyItself(id)
	if !errors.Is(err, ErrNotFound) || tx.then != nil || tx.hides(id) {
		return s, err
	}
	into, bad := tx.mergedInto(id)
	if bad != nil || into == id {
		return nil, cmp.Or(bad, err)
	}
	return tx.storyItself(into) // once: a damaged record may lead in a circle
}

// storyItself answers a story that was not merged into another.
func (tx *Tx) storyItself(id dateline.ID) (*Story, error) {
	if tx.hides(id) {
		return nil, fmt.Errorf("story %.60s: %w", id, ErrNotFound)
	}
	if tx.then != nil {
		return tx.storyThen(id)
	}
	rows, err := tx.c.rows("SELECT id, data FROM story WHERE id = ?", packID(id))
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("story %.60s: %w", id, ErrNotFound)
	}
	return tx.unpackStory(rows[0])
}

// unpackStories reads rows of id and data; those of stories that are being taken down are left out.
func (tx *Tx) unpackStories(rows []row) (out []Story, err error) {
	for _, r := range rows {
		s, err := tx.unpackStory(r)
		if err != nil {
			return nil, err
		}
		if !tx.hides(s.ID) {
			out = append(out, *s)
		}
	}
	return out, nil
}

func (tx *Tx) unpackStory(r row) (*Story, error) {
	var d storyData
	if err := json.Unmarshal(r.blob(1), &d); err != nil {
		return nil, fmt.Errorf("a story: %w", errDamaged)
	}
	s := &Story{ID: unpackID(r.blob(0)), Story: d.Story, Sequence: d.Sequence, At: instant(d.At)}
	n, err := tx.Count(InStory(s.ID))
	s.Articles = n
	return s, err
}

// StoriesOf are the stories that an article belongs to and readers can open, those its edition names first.
func (tx *Tx) StoriesOf(article dateline.ID, named []dateline.ID) ([]Story, error) {
	if tx.then != nil {
		return tx.storiesOfThen(article, named)
	}
	ids, err := storiesOf(tx.c, packID(article), named)
	if err != nil {
		return nil, err
	}
	return tx.openStories("", ids)
}

// Stories are up to limit running stories: those that go on first, then by the last change of their status, newest first.
func (tx *Tx) Stories(limit int) (out []Story, err error) {
	if tx.then != nil {
		return tx.storiesThen(limit)
	}
	rows, err := tx.c.rows("SELECT id, data FROM story ORDER BY over, changed DESC, id DESC LIMIT ?", limit)
	if err != nil {
		return nil, err
	}
	return tx.unpackStories(rows)
}

// NamedStories are up to limit running stories in whose names every word of a question stands, in the order of Stories.
func (tx *Tx) NamedStories(words search.Query, limit int) (out []Story, err error) {
	query, args := "SELECT id, data FROM story WHERE true", []any{}
	for i, term := range words.Terms {
		for k, token := range term.Tokens {
			where := "word = ?"
			args = append(args, token)
			if words.Prefix && i == len(words.Terms)-1 && k == len(term.Tokens)-1 {
				where = "word >= ? AND word < ?"
				args = append(args, token+"\U0010ffff")
			}
			query += " AND id IN (SELECT story FROM story_word WHERE " + where + ")"
		}
	}
	if len(args) == 0 {
		return nil, nil
	}
	rows, err := tx.c.rows(query+" ORDER BY over, changed DESC, id DESC LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, err
	}
	return tx.unpackStories(rows)
}

// Happenings are up to limit dated lines of a story before a position, newest first: statuses, and events whose last day is
// over on a local date.
func (tx *Tx) Happenings(story dateline.ID, today Day, before Position, limit int) ([]Happening, error) {
	if tx.then != nil {
		return tx.happeningsThen(story, today, before, limit)
	}
	// Asked for apart, so that no row of what lies ahead is passed over one by one.
	list, err := tx.Statuses(story, before, limit)
	if err != nil {
		return nil, err
	}
	at, id := before.key()
	if start := micros(today.Start(tx.zone())); at >= start {
		at, id = start, []byte{}
	}
	events, err := tx.happenings("SELECT id, at, data FROM happening WHERE story = ? AND (at, id) < (?, ?) AND status = 0 ORDER BY at DESC, id DESC LIMIT ?",
		packID(story), at, id, limit)
	if err != nil {
		return nil, err
	}
	list = append(list, events...)
	slices.SortFunc(list, newestHappening)
	return list[:min(len(list), limit)], nil
}

// Statuses are up to limit statuses of a story before a position, newest first.
func (tx *Tx) Statuses(story dateline.ID, before Position, limit int) ([]Happening, error) {
	if tx.then != nil {
		list, err := tx.happeningsThen(story, Day{}, before, math.MaxInt)
		list = slices.DeleteFunc(list, func(h Happening) bool { return h.Status == nil })
		return list[:min(len(list), limit)], err
	}
	at, id := before.key()
	return tx.happenings("SELECT id, at, data FROM happening INDEXED BY happening_status WHERE story = ? AND (at, id) < (?, ?) AND status = 1 ORDER BY at DESC, id DESC LIMIT ?",
		packID(story), at, id, limit)
}

// Awaited are up to limit events of a story that lie ahead on a local date, that day's among them, the next first.
func (tx *Tx) Awaited(story dateline.ID, today Day, limit int) ([]Happening, error) {
	if tx.then != nil {
		return tx.awaitedThen(story, today, limit)
	}
	return tx.happenings("SELECT id, at, data FROM happening WHERE story = ? AND status = 0 AND at >= ? ORDER BY at, id LIMIT ?",
		packID(story), micros(today.Start(tx.zone())), limit)
}

func (tx *Tx) happenings(query string, args ...any) (out []Happening, err error) {
	rows, err := tx.c.rows(query, args...)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		var d happeningData
		if err := json.Unmarshal(r.blob(2), &d); err != nil {
			return nil, fmt.Errorf("a story's line: %w", errDamaged)
		}
		out = append(out, Happening{ID: unpackID(r.blob(0)), At: instant(r.int(1)), Status: d.Status, Before: d.Before, Event: d.Event})
	}
	return out, nil
}

// MaxSince is how far articles that came since are counted; more are "more than 1,000".
const MaxSince = 1000

// Since counts the articles of a story first published after one, no further than MaxSince.
func (tx *Tx) Since(story dateline.ID, after *Card) (int, error) {
	number, _, err := tx.listOf(InStory(story))
	if err != nil {
		return 0, err
	}
	r, err := tx.c.one("SELECT count(*) FROM (SELECT 1 FROM list WHERE k = ? AND (first, id) > (?, ?) LIMIT ?)", number, micros(after.First), packID(after.ID), MaxSince+1)
	if err != nil {
		return 0, err
	}
	return int(r.int(0)), nil
}

// StoryGone is the entry that took a story down and when it did, the entry without words where it was redacted; ErrNotFound
// where readers never had the story.
func (tx *Tx) StoryGone(id dateline.ID) (*record.Story, time.Time, error) {
	b, t, err := bodyOf[record.Story](tx, id)
	if err != nil && (t == nil || t.kind != record.KindStory) {
		return nil, time.Time{}, err
	}
	if t.body == nil {
		return nil, time.Time{}, fmt.Errorf("story %.60s: %w", id, ErrNotFound)
	}
	at, err := record.ParseInstant(b.Public)
	return b, at, err
}
