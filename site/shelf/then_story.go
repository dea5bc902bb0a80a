package shelf

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// storyThen is what a story's entry of then says.
type storyThen struct {
	body *record.Story
	seq  int64
}

// tellingThen is the newest entry of a story by then; ErrNotFound where there was none, or readers cannot open the story now.
func (tx *Tx) tellingThen(id dateline.ID) (*storyThen, error) {
	if t, ok := tx.then.stories[id]; ok {
		return t, nil
	}
	if _, err := tx.then.now.Story(id); err != nil {
		return nil, err // taken down since, itself or what it was merged into
	}
	r, err := tx.c.one("SELECT seq, body FROM fact WHERE subject = ? AND seq <= ? AND kind = 'story' ORDER BY seq DESC LIMIT 1", packID(id), tx.then.seq)
	if err != nil {
		return nil, fmt.Errorf("story %.60s at entry %d: %w", id, tx.then.seq, err)
	}
	decoded, err := decodeFact(record.KindStory, r.blob(1))
	if err != nil {
		return nil, err
	}
	t := &storyThen{decoded.(*record.Story), r.int(0)}
	if t.body.Withdrawn {
		return nil, fmt.Errorf("story %.60s at entry %d: %w", id, tx.then.seq, ErrNotFound)
	}
	tx.then.stories[id] = t
	return t, nil
}

// storyThen is a story as it was told then, at today's address.
func (tx *Tx) storyThen(id dateline.ID) (*Story, error) {
	for range maxStoryMerges {
		t, err := tx.tellingThen(id)
		if err != nil {
			return nil, err
		}
		if t.body.Into != "" {
			id = t.body.Into
			continue
		}
		at, err := tx.entryAt(t.seq)
		if err != nil {
			return nil, err
		}
		s := &Story{ID: id, Story: *t.body, Sequence: t.seq, At: instant(at)}
		s.Events, s.Joined, s.Left = nil, nil, nil
		if s.Slug, err = tx.slugOf(id); s.Slug == "" {
			s.Slug = t.body.Slug
		}
		return s, err
	}
	return nil, fmt.Errorf("story %.60s: %w", id, ErrNotFound)
}

// linesThen are the dated lines of a story as it was told then, newest first.
func (tx *Tx) linesThen(id dateline.ID, status bool) (out []Happening, err error) {
	t, err := tx.tellingThen(id)
	if err != nil {
		return nil, err
	}
	for i := range t.body.Statuses {
		h := Happening{ID: t.body.Statuses[i].ID, Status: &t.body.Statuses[i]}
		if h.At, err = record.ParseInstant(h.Status.At); err != nil {
			return nil, err
		}
		if i > 0 {
			h.Before = &t.body.Statuses[i-1]
		}
		if status {
			out = append(out, h)
		}
	}
	pub, err := tx.Publication()
	if err != nil {
		return nil, err
	}
	for i := range t.body.Events {
		e := &t.body.Events[i]
		_, last := e.When.Span(pub.Latitude < 0)
		out = append(out, Happening{ID: e.ID, At: DayOf(last, last.Location()).Start(pub.Zone).UTC(), Event: e})
	}
	slices.SortFunc(out, func(a, b Happening) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return out, nil
}

func (tx *Tx) happeningsThen(id dateline.ID, today Day, before Position, limit int) ([]Happening, error) {
	list, err := tx.linesThen(id, true)
	if err != nil {
		return nil, err
	}
	start := today.Start(tx.zone())
	list = slices.DeleteFunc(list, func(h Happening) bool {
		if h.Event != nil && !h.At.Before(start) {
			return true
		}
		return !before.At.IsZero() && cmp.Or(h.At.Compare(before.At), cmp.Compare(h.ID, before.ID)) >= 0
	})
	return list[:min(len(list), limit)], nil
}

func (tx *Tx) awaitedThen(id dateline.ID, today Day, limit int) ([]Happening, error) {
	list, err := tx.linesThen(id, false)
	if err != nil {
		return nil, err
	}
	start := today.Start(tx.zone())
	list = slices.DeleteFunc(list, func(h Happening) bool { return h.At.Before(start) })
	slices.Reverse(list)
	return list[:min(len(list), limit)], nil
}

// storyListThen are the articles that belonged to a story: by their edition's word, or by the story's.
func (tx *Tx) storyListThen(id dateline.ID, after Position, limit int) (out []Card, err error) {
	t, err := tx.tellingThen(id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	thing, err := tx.thing(id)
	if err != nil {
		return nil, err
	}
	number := storyNumber(thing.num)
	strays, err := tx.strays(number, id, t.body, after)
	if err != nil {
		return nil, err
	}
	at, place := after.key()
	if at > tx.then.at {
		at, place = tx.then.at+1, []byte{}
	}
	for len(out) < limit {
		rows, err := tx.c.rows("SELECT first, id, key FROM list WHERE k = ? AND (first, id) < (?, ?) ORDER BY first DESC, id DESC LIMIT ?", number, at, place, limit)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			at, place = r.int(0), r.blob(1)
			c, err := tx.cardThen(r.int(2))
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if belonged(t.body, id, c) {
				out = append(out, *c)
			}
		}
		if len(rows) < limit {
			break
		}
	}
	out = append(out, strays...)
	slices.SortFunc(out, func(a, b Card) int { return cmp.Or(b.First.Compare(a.First), cmp.Compare(b.ID, a.ID)) })
	return out[:min(len(out), limit)], nil
}

func belonged(s *record.Story, id dateline.ID, c *Card) bool {
	if slices.Contains(s.Left, c.ID) {
		return false
	}
	return slices.Contains(c.Stories, id) || slices.Contains(s.Joined, c.ID)
}

// strays are the articles that belonged to a story and do not now. They are few: each was taken out by an editor.
func (tx *Tx) strays(number int64, story dateline.ID, s *record.Story, after Position) (out []Card, err error) {
	rows, err := tx.c.rows("SELECT id FROM once WHERE k = ? AND until > ?", number, tx.then.at)
	if err != nil {
		return nil, err
	}
	ids := slices.Clone(s.Joined)
	for _, r := range rows {
		ids = append(ids, unpackID(r.blob(0)))
	}
	if len(ids) == 0 {
		return nil, nil
	}
	if rows, err = tx.c.rows("SELECT id FROM list WHERE k = ?", number); err != nil {
		return nil, err
	}
	listed := make(map[dateline.ID]bool, len(rows))
	for _, r := range rows {
		listed[unpackID(r.blob(0))] = true
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if listed[id] {
			continue
		}
		c, err := tx.Card(id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if c.Kind == dateline.KindPage || !belonged(s, story, c) || !after.At.IsZero() && cmp.Or(c.First.Compare(after.At), cmp.Compare(c.ID, after.ID)) >= 0 {
			continue
		}
		out = append(out, *c)
	}
	return out, nil
}

// storiesOfThen are the stories that an article belonged to, those its edition named first: of those it ever belonged to by what the
// shelf still knows.
func (tx *Tx) storiesOfThen(article dateline.ID, named []dateline.ID) (out []Story, err error) {
	ids, err := storiesOf(tx.c, packID(article), named)
	if err != nil {
		return nil, err
	}
	for _, id := range named {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	card := &Card{ID: article, Stories: named}
	for _, id := range ids {
		t, err := tx.tellingThen(id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if t.body.Into == "" && !belonged(t.body, id, card) {
			continue
		}
		s, err := tx.storyThen(id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(out, func(have Story) bool { return have.ID == s.ID }) {
			out = append(out, *s)
		}
	}
	return out, nil
}

// maxStoriesThen is how many stories are looked at for those that had news last.
const maxStoriesThen = 60

// maxEntriesThen is how many entries of stories are looked at for that.
const maxEntriesThen = 1000

// changedAt is when a story's status changed last, and whether the story is over.
func (s *Story) changedAt() (at int64, over bool, err error) {
	if len(s.Statuses) == 0 {
		return micros(s.At), false, nil
	}
	last := &s.Statuses[len(s.Statuses)-1]
	t, err := record.ParseInstant(last.At)
	return micros(t), last.State.Over(), err
}

// ranked is a running story with what it is ordered by.
type ranked struct {
	story *Story
	at    int64
	over  bool
}

// storiesThen walks back through the entries of stories. A status is never later than the entry that tells it, so the walk ends when
// as many stories that went on then have changed later than the next entry; and after maxStoriesThen at most.
func (tx *Tx) storiesThen(limit int) ([]Story, error) {
	var list []ranked
	met, seq := map[dateline.ID]bool{}, tx.then.seq+1
	for n := 0; len(met) < maxStoriesThen && n < maxEntriesThen; n++ {
		rows, err := tx.c.rows("SELECT seq, subject FROM fact INDEXED BY fact_story WHERE kind = 'story' AND seq < ? ORDER BY seq DESC LIMIT 1", seq)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			break
		}
		seq = rows[0].int(0)
		if at, err := tx.entryAt(seq); err != nil {
			return nil, err
		} else if len(list) >= limit && !list[limit-1].over && list[limit-1].at >= at {
			break
		}
		id := unpackID(rows[0].blob(1))
		if met[id] {
			continue
		}
		met[id] = true
		if list, err = tx.rank(list, id); err != nil {
			return nil, err
		}
	}
	out := make([]Story, 0, limit)
	for _, r := range list[:min(len(list), limit)] {
		out = append(out, *r.story)
	}
	return out, nil
}

// rank puts a story among others in the order in which home tells of them: those that go on first, then the last changed.
func (tx *Tx) rank(list []ranked, id dateline.ID) ([]ranked, error) {
	if _, err := tx.then.now.Story(id); errors.Is(err, ErrNotFound) {
		return list, nil // taken down since
	} else if err != nil {
		return nil, err
	}
	t, err := tx.tellingThen(id)
	if errors.Is(err, ErrNotFound) || err == nil && t.body.Into != "" {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	s, err := tx.storyThen(id)
	if err != nil {
		return nil, err
	}
	at, over, err := s.changedAt()
	if err != nil {
		return nil, err
	}
	list = append(list, ranked{s, at, over})
	slices.SortStableFunc(list, byRank)
	return list, nil
}
