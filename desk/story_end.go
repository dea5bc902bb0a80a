package desk

import (
	"context"
	"slices"

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
		earlier := s.Sequence
		if err := t.cancelStorySchedule(s, "the story was withdrawn"); err != nil {
			return err
		}
		s.Readers, s.Notice, s.Unsaid, s.Live, s.Sequence = dateline.Withdrawn, sentence, true, nil, nil
		body := &record.Story{Public: record.FormatInstant(t.now), Slug: s.Slug, Language: s.Content.Language, Note: sentence, Withdrawn: true}
		body.Slug = s.Shown
		if res, err = t.appendStory(s, body, "withdrew the story %s: %s", s.Shown, reason); err != nil {
			return err
		}
		return t.Withhold(earlier, res.Sequence)
	})
	return res, err
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
		if err := locked("story", s.Embargo, s.Hold, t.now); err != nil {
			return err
		}
		if err := t.cancelStorySchedule(s, "the story was merged into another"); err != nil {
			return err
		}
		if to.Unsaid {
			return dateline.Errorf(dateline.EState, "the story %q has changes that are not published; publish them or put them back first", to.Content.Name)
		}
		if err := t.takeOver(&to.Content, s); err != nil {
			return err
		}
		if res, err = t.publishStory(to, dateline.ChangeUpdate, ""); err != nil {
			return err
		}
		s.Readers, s.Into, s.Unsaid, s.Live = dateline.Withdrawn, to.ID, false, nil
		body := &record.Story{Public: record.FormatInstant(t.now), Slug: s.Shown, Language: s.Content.Language, Into: to.ID}
		_, err = t.appendStory(s, body, "merged the story %s into %s", s.Shown, to.Shown)
		return err
	})
	return res, err
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
		c := dateline.StoryContent{Name: name, Language: s.Content.Language, Parties: slices.Clone(s.Content.Parties), Joined: articles}
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
