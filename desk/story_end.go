package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// WithdrawStory takes a story down: its address answers 410 with the public sentence, where one is given, and nobody is given
// what its entries said. The articles stay. Publishing it again brings it back.
func (d *Desk) WithdrawStory(ctx context.Context, actor dateline.Actor, target Target, sentence, reason string) (res StoryResult, err error) {
	if sentence, err = notice(sentence); err != nil {
		return StoryResult{}, err
	}
	if reason, err = needReason(reason); err != nil {
		return StoryResult{}, err
	}
	err = d.do(ctx, actor, dateline.ActPublishStory, func(t *turn) error {
		s, err := t.publishedStory(target)
		if err != nil {
			return err
		}
		res, err = t.withdrawStory(s, sentence, reason)
		return err
	})
	return res, err
}

func (t *turn) withdrawStory(s *dateline.Story, sentence, reason string) (StoryResult, error) {
	earlier := s.Sequence
	if err := t.cancelStorySchedule(s, dateline.Say("the story was withdrawn")); err != nil {
		return StoryResult{}, err
	}
	wholes, err := t.knownStories(s.Live.Stories)
	if err != nil {
		return StoryResult{}, err
	}
	if len(wholes) > 0 {
		s.TakeOut(new(dateline.StoryContent), t.now) // the feeds of larger stories had its statuses
	}
	s.TakeDown(t.now)
	s.Readers, s.Notice, s.Unsaid, s.Live, s.Sequence = dateline.Withdrawn, sentence, true, nil, nil
	body := &record.Story{Public: record.FormatInstant(t.now), Slug: openSlug(s.Shown), Former: s.Former, Language: s.Content.Language, Note: sentence, Stories: wholes,
		Withdrawn: true}
	res, err := t.appendStory(s, body, "withdrew the story %s: %s", s.Shown, reason)
	if err != nil {
		return res, err
	}
	t.tombs = append(t.tombs, storyTombstone(s, res.Sequence))
	return res, t.Withhold(earlier, res.Sequence)
}

// storyTombstone is the line without words of a story that was taken down by an entry.
func storyTombstone(s *dateline.Story, seq int64) Tombstone {
	addresses := []string{storyAddress(s.Shown)}
	for _, slug := range s.Former {
		addresses = append(addresses, storyAddress(slug))
	}
	return Tombstone{Sequence: seq, Kind: record.KindWithdrawal, Article: s.ID, Story: true, Into: s.Into, Addresses: hashes(addresses)}
}

// completeStory gives the line about a story that the file lacks and the record has: that it went down, or came back. None where
// nothing is missing.
func (t *turn) completeStory(id dateline.ID) ([]Tombstone, error) {
	s, err := t.Stories().Find(id)
	if err != nil || len(s.Sequence) == 0 {
		return nil, err
	}
	have, newest := t.desk.tombstones.newestOf(id), s.Sequence[len(s.Sequence)-1]
	switch {
	case s.Readers == dateline.Withdrawn && have.Sequence < newest:
		return []Tombstone{storyTombstone(s, newest)}, nil
	case s.Readers == dateline.Published && have.Kind == record.KindWithdrawal && have.Sequence < newest:
		if known, err := t.tookDown(have); err != nil || !known {
			return nil, err // it is to be taken down again
		}
		return []Tombstone{{Sequence: newest, Kind: record.KindRestoration, Article: id, Story: true}}, nil
	}
	return nil, nil
}

// tookDown says whether the entry that a line names is in the record and took that story down.
func (t *turn) tookDown(s Tombstone) (bool, error) {
	e, err := t.FindEntry(s.Sequence)
	if absent(err) {
		return false, nil
	}
	if err != nil || e.Kind != record.KindStory || e.Subject != s.Article || !e.HasBody() {
		return err == nil && e.Kind == record.KindStory && e.Subject == s.Article, err
	}
	body, err := e.Decode()
	if err != nil {
		return false, internal("a story's entry cannot be read", err)
	}
	b, ok := body.(*record.Story)
	return ok && (b.Withdrawn || b.Into != ""), nil
}

// takeStoryDownAgain takes down a story that the record knows only as published. One that was merged is merged again where the
// other story can take it over; it is withdrawn otherwise, and its articles stay where they are: no refusal keeps the newsroom from
// starting.
func (d *Desk) takeStoryDownAgain(ctx context.Context, s Tombstone) error {
	return d.update(ctx, dateline.Actor{Name: "tombstones", Role: dateline.RoleChief}, func(t *turn) error {
		if known, err := t.tookDown(s); err != nil || known {
			return err
		}
		story, err := t.Stories().Find(s.Article)
		if absent(err) || err == nil && story.Readers != dateline.Published {
			return nil
		}
		if err != nil {
			return err
		}
		if s.Into != "" {
			to, err := t.Stories().Find(s.Into)
			if err != nil && !absent(err) {
				return err
			}
			if err == nil && mergeable(story, to, t.now) == nil {
				err := t.nested(func() error {
					_, err := t.mergeStory(story, to)
					return err
				})
				if refused := new(dateline.Error); !errors.As(err, &refused) {
					return err
				}
				if story, err = t.Stories().Find(s.Article); err != nil { // as it was
					return err
				}
			}
		}
		_, err = t.withdrawStory(story, "", "the file of tombstones says that it was taken down")
		return err
	})
}

// publishedStory loads a story that readers have.
func (t *turn) publishedStory(target Target) (*dateline.Story, error) {
	s, err := t.story(target)
	if err != nil {
		return nil, err
	}
	if s.Readers != dateline.Published {
		return nil, dateline.Errorf(dateline.EState, "readers do not have the story")
	}
	return s, nil
}

// MergeStory makes a published story part of another: its articles, dated lines and statuses go over, and its address leads
// to the other for good, in one step. Both get an entry; the result is the other story's.
func (d *Desk) MergeStory(ctx context.Context, actor dateline.Actor, target, into Target) (res StoryResult, err error) {
	err = d.do(ctx, actor, dateline.ActPublishStory, func(t *turn) error {
		if target.ID == into.ID {
			return dateline.Errorf(dateline.EInvalid, "name the other story that this one becomes a part of")
		}
		s, err := t.publishedStory(target)
		if err != nil {
			return err
		}
		to, err := t.publishedStory(into)
		if err != nil {
			return err
		}
		if err := mergeable(s, to, t.now); err != nil {
			return err
		}
		res, err = t.mergeStory(s, to)
		return err
	})
	return res, err
}

// mergeable refuses a merger that would let out what is locked, or what was not to be published yet.
func mergeable(s, to *dateline.Story, now time.Time) error {
	for _, st := range []*dateline.Story{s, to} {
		if err := locked("story", st.Embargo, st.Hold, now); err != nil {
			return err
		}
	}
	if to.Readers != dateline.Published {
		return dateline.Errorf(dateline.EState, "readers do not have the story %q", to.Content.Name)
	}
	if to.Unsaid {
		return dateline.Errorf(dateline.EState, "the story %q has changes that are not published; publish them or put them back first", to.Content.Name)
	}
	return nil
}

func (t *turn) mergeStory(s, to *dateline.Story) (res StoryResult, err error) {
	if err := t.cancelStorySchedule(s, dateline.Say("the story was merged into another")); err != nil {
		return res, err
	}
	if err := t.takeOver(&to.Content, s); err != nil {
		return res, err
	}
	if err := t.takeOverWholes(to, s); err != nil {
		return res, err
	}
	if res, err = t.publishStory(to, dateline.ChangeUpdate, ""); err != nil {
		return res, err
	}
	s.TakeDown(t.now)
	s.Readers, s.Into, s.Unsaid, s.Live = dateline.Withdrawn, to.ID, false, nil
	down, err := t.appendStory(s, t.mergedBody(s), "merged the story %s into %s", s.Shown, to.Shown)
	t.tombs = append(t.tombs, storyTombstone(s, down.Sequence))
	return res, err
}

// mergedBody is what the record says of a story that became part of another.
func (t *turn) mergedBody(s *dateline.Story) *record.Story {
	return &record.Story{Public: record.FormatInstant(t.now), Slug: openSlug(s.Shown), Former: s.Former, Language: s.Content.Language, Into: s.Into}
}

// takeOver adds what readers have of a story to the content of another.
func (t *turn) takeOver(c *dateline.StoryContent, s *dateline.Story) error {
	live := s.Live
	// Where the other stands now stays where it stands: what this one's statuses say is told as dated lines.
	zone, err := t.zone()
	if err != nil {
		return err
	}
	for _, st := range live.Statuses {
		at := st.At.In(zone)
		day := dateline.Parts{Precision: dateline.ByDay, Year: at.Year(), Month: at.Month(), Day: at.Day()}
		c.Events = append(c.Events, dateline.StoryEvent{ID: st.ID, When: day.When(), Title: live.Name + ": " + st.Words, Text: st.Sentence, Source: st.Source})
	}
	c.Events = append(c.Events, live.Events...)
	for _, p := range live.Parties {
		if !slices.ContainsFunc(c.Parties, func(have dateline.StoryParty) bool { return have.Topic == p.Topic }) {
			c.Parties = append(c.Parties, p)
		}
	}
	members, err := t.members(s)
	if err != nil {
		return err
	}
	for _, id := range members {
		c.Joined = addID(c.Joined, id)
	}
	return nil
}

// members are the published articles of a story: those that say so and those that joined, less those that left.
func (t *turn) members(s *dateline.Story) (ids []dateline.ID, err error) {
	uses, err := t.ListTopicUses(s.ID, t.now.AddDate(1, 0, 0), dateline.MaxStoryArticles)
	if err != nil {
		return nil, err
	}
	for _, u := range uses {
		ids = addID(ids, u.Article)
	}
	for _, id := range s.Content.Joined {
		ids = addID(ids, id)
	}
	return slices.DeleteFunc(ids, func(id dateline.ID) bool { return slices.Contains(s.Content.Left, id) }), nil
}

// SplitStory makes a new story of some articles of a published one. It begins where that one stands, and both are published
// at once; the result is the new story's.
func (d *Desk) SplitStory(ctx context.Context, actor dateline.Actor, target Target, name string, articles []dateline.ID) (res StoryResult, err error) {
	err = d.do(ctx, actor, dateline.ActPublishStory, func(t *turn) error {
		s, err := t.publishedStory(target)
		if err != nil {
			return err
		}
		if s.Unsaid {
			return dateline.Errorf(dateline.EState, "the story has changes that are not published; publish them or put them back first")
		}
		members, err := t.members(s)
		if err != nil {
			return err
		}
		if len(articles) == 0 {
			return dateline.Errorf(dateline.EInvalid, "name the articles that the new story is made of")
		}
		for _, id := range articles {
			if !slices.Contains(members, id) {
				return dateline.Errorf(dateline.EInvalid, "the article %s does not belong to the story", id)
			}
		}
		c := dateline.StoryContent{Name: name, Language: s.Content.Language, Parties: slices.Clone(s.Content.Parties), Joined: articles, Stories: slices.Clone(s.Content.Stories)}
		begins := *s.Content.Status()
		begins.ID = ""
		c.Statuses = []dateline.StoryStatus{begins}
		for _, id := range articles {
			s.Content.Joined = slices.DeleteFunc(s.Content.Joined, func(have dateline.ID) bool { return have == id })
			s.Content.Left = addID(s.Content.Left, id)
		}
		if _, err := t.publishStory(s, dateline.ChangeUpdate, ""); err != nil {
			return err
		}
		part, err := t.createStory("", c)
		if err != nil {
			return err
		}
		res, err = t.publishStory(part, dateline.ChangeFirst, "")
		return err
	})
	return res, err
}

// StoryArticles lists the published articles of a story without their bodies, in no order but that of their joining.
func (d *Desk) StoryArticles(ctx context.Context, actor dateline.Actor, id dateline.ID, n int) (list []*dateline.Article, err error) {
	if n, err = limit(n); err != nil {
		return nil, err
	}
	err = d.read(ctx, actor, func(tx Tx) error {
		t := &turn{Tx: tx, desk: d, actor: actor}
		if t.now, err = tx.Now(); err != nil {
			return err
		}
		s, err := tx.Stories().Find(id)
		if err != nil {
			return err
		}
		ids, err := t.members(s)
		if err != nil {
			return err
		}
		for _, id := range ids[:min(len(ids), n)] {
			a, err := tx.FindArticle(id)
			if err != nil {
				return err
			}
			a.Content.Body = nil
			list = append(list, a)
		}
		return nil
	})
	return list, err
}
