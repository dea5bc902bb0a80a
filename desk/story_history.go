package desk

import (
	"context"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// StoryHistory lists the acts by which readers got a story's states, newest first.
func (d *Desk) StoryHistory(ctx context.Context, actor dateline.Actor, id dateline.ID) (list []dateline.StoryTelling, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		s, err := tx.Stories().Find(id)
		if err != nil {
			return err
		}
		list, err = tellings(tx, s)
		slices.Reverse(list)
		return err
	})
	return list, err
}

// tellings are the acts on a story in their order. Those of a desk from before it kept them are read from the record, which
// does not know who it was.
func tellings(tx Tx, s *dateline.Story) (list []dateline.StoryTelling, err error) {
	for _, seq := range s.Sequence {
		if slices.ContainsFunc(s.Tellings, func(t dateline.StoryTelling) bool { return t.Sequence == seq }) {
			continue
		}
		e, err := tx.FindEntry(seq)
		if err != nil {
			return nil, err
		}
		if b := storyIn(e); b != nil {
			list = append(list, dateline.StoryTelling{Number: b.Number, Sequence: seq, At: e.At, Change: b.Change, Note: b.Note})
		}
	}
	list = append(list, s.Tellings...)
	slices.SortFunc(list, func(a, b dateline.StoryTelling) int { return a.Number - b.Number })
	return list, nil
}

// storyIn is what an entry says of a story; nil where its words were taken out.
func storyIn(e record.Entry) *record.Story {
	if !e.HasBody() {
		return nil
	}
	body, err := e.Decode()
	if err != nil {
		return nil
	}
	b, _ := body.(*record.Story)
	return b
}

// StoryState is one state of a story: what was saved last, where Number is 0, or what readers got.
type StoryState struct {
	Number  int                   `json:"number,omitempty"`
	At      time.Time             `json:"at"`
	By      string                `json:"by,omitempty"`
	Content dateline.StoryContent `json:"-"`
}

// CompareStory gives two states of a story by their numbers, 0 for what was saved last, and what differs between them;
// ENotFound where there is no such state, or its words were taken out.
func (d *Desk) CompareStory(ctx context.Context, actor dateline.Actor, id dateline.ID, from, to int) (was, is StoryState, list []dateline.StoryDifference, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		s, err := tx.Stories().Find(id)
		if err != nil {
			return err
		}
		if was, err = storyState(tx, s, from); err != nil {
			return err
		}
		if is, err = storyState(tx, s, to); err != nil {
			return err
		}
		list = dateline.CompareStories(&was.Content, &is.Content)
		return nil
	})
	return was, is, list, err
}

func storyState(tx Tx, s *dateline.Story, number int) (st StoryState, err error) {
	if number == 0 {
		return StoryState{0, s.SavedAt, s.SavedBy, s.Content}, nil
	}
	list, err := tellings(tx, s)
	if err != nil {
		return st, err
	}
	i := slices.IndexFunc(list, func(t dateline.StoryTelling) bool { return t.Number == number })
	if i < 0 {
		return st, dateline.Errorf(dateline.ENotFound, "the story has no state %d", number)
	}
	e, err := tx.FindEntry(list[i].Sequence)
	if err != nil {
		return st, err
	}
	b := storyIn(e)
	if b == nil || b.Withdrawn || b.Into != "" {
		return st, dateline.Errorf(dateline.ENotFound, "state %d of the story has no words", number)
	}
	c, err := b.Content()
	if err != nil {
		return st, internal("an instant of the story could not be read", err)
	}
	return StoryState{number, list[i].At, list[i].By, *c}, nil
}
