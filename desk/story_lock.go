package desk

import (
	"context"
	"time"

	"github.com/datelinehq/dateline"
)

// StorySchedules keeps when running stories go out by themselves.
type StorySchedules interface {
	// ScheduleStory says when a story goes out by itself; the zero instant for never.
	ScheduleStory(id dateline.ID, due time.Time) error
	// ClaimDueStory returns one story that is due at an instant, the longest due first, and keeps other transactions from
	// claiming it until this one ends; ENotFound where none is due.
	ClaimDueStory(now time.Time) (*dateline.Story, error)
	// NextStoryDue returns the earliest instant at which a story goes out; ENotFound where none does.
	NextStoryDue() (time.Time, error)
}

// storyStep runs a desk step on a story: it changes the story and leaves an audit line, and nothing in the record.
func (d *Desk) storyStep(ctx context.Context, actor dateline.Actor, act dateline.Act, target Target, f func(*turn, *dateline.Story) (detail dateline.Sentence, err error)) (s *dateline.Story, err error) {
	err = d.do(ctx, actor, act, func(t *turn) error {
		if s, err = t.story(target); err != nil {
			return err
		}
		detail, err := f(t, s)
		if err != nil {
			return err
		}
		if err := t.keepStory(s); err != nil {
			return err
		}
		return t.note(act, nil, 0, "the story %s: %s", s.Slug, detail)
	})
	return s, err
}

// ScheduleStory names the hour at which what is saved now of a story goes out, whatever is saved later. An hour that is past,
// or inside an embargo, is refused now.
func (d *Desk) ScheduleStory(ctx context.Context, actor dateline.Actor, target Target, due time.Time, change dateline.Change, note string) (*dateline.Story, error) {
	due = due.UTC().Truncate(time.Microsecond)
	return d.storyStep(ctx, actor, dateline.ActSchedule, target, func(t *turn, s *dateline.Story) (dateline.Sentence, error) {
		if !due.After(t.now) {
			return dateline.Sentence{}, dateline.Errorf(dateline.EInvalid, "%s is past; choose an hour that is to come", due.Format(time.RFC3339))
		}
		if s.Into != "" {
			return dateline.Sentence{}, errMerged
		}
		if err := locked("story", s.Embargo, s.Hold, due); err != nil {
			return dateline.Sentence{}, err
		}
		if change == "" {
			change = nextChange(s)
		}
		if err := dateline.CheckStoryChange(s.Edition+1, change, note); err != nil {
			return dateline.Sentence{}, err
		}
		if err := s.Content.Complete(); err != nil {
			return dateline.Sentence{}, err
		}
		content, err := copyContent(s.Content)
		if err != nil {
			return dateline.Sentence{}, err
		}
		s.Schedule, t.tells = &dateline.StorySchedule{Due: due, By: t.actor.Name, Change: change, Note: note, Slug: s.Slug, Content: *content}, true
		return dateline.Say("scheduled for %s", due.Format(time.RFC3339)), nil
	})
}

// UnscheduleStory takes a story's schedule off.
func (d *Desk) UnscheduleStory(ctx context.Context, actor dateline.Actor, target Target) (*dateline.Story, error) {
	return d.storyStep(ctx, actor, dateline.ActUnschedule, target, func(t *turn, s *dateline.Story) (dateline.Sentence, error) {
		if s.Schedule == nil {
			return dateline.Sentence{}, dateline.Errorf(dateline.EState, "the story is not scheduled")
		}
		return dateline.Say("the schedule was taken off"), t.cancelStorySchedule(s, dateline.Say("it was taken off"))
	})
}

// cancelStorySchedule takes off the schedule of a story, where it has one, and tells who wanted it.
func (t *turn) cancelStorySchedule(s *dateline.Story, why dateline.Sentence) error {
	if s.Schedule == nil {
		return nil
	}
	due, by := s.Schedule.Due, s.Schedule.By
	s.Schedule, t.tells = nil, true
	return t.tell(by, dateline.ActUnschedule, nil, 0, dateline.Say("the schedule of the story %s for %s is off: %s", s.Slug, due.Format(time.RFC3339), why))
}

// EmbargoStory stops a story's publication until an instant, its next status too. To shorten an embargo is to lift it: that
// takes a chief and a reason. A schedule inside it is taken off.
func (d *Desk) EmbargoStory(ctx context.Context, actor dateline.Actor, target Target, until time.Time, reason string) (*dateline.Story, error) {
	until = until.UTC().Truncate(time.Microsecond)
	reason, err := optionalReason(reason)
	if err != nil {
		return nil, err
	}
	return d.storyStep(ctx, actor, dateline.ActEmbargo, target, func(t *turn, s *dateline.Story) (dateline.Sentence, error) {
		if !until.After(t.now) {
			return dateline.Sentence{}, dateline.Errorf(dateline.EInvalid, "%s is past; an embargo ends at an instant that is to come", until.Format(time.RFC3339))
		}
		if s.Embargo != nil && t.now.Before(s.Embargo.Until) && until.Before(s.Embargo.Until) {
			if err := dateline.Can(t.actor, dateline.ActLiftEmbargo, nil); err != nil {
				return dateline.Sentence{}, err
			}
			if _, err := needReason(reason); err != nil {
				return dateline.Sentence{}, err
			}
		}
		s.Embargo = &dateline.Lock{Until: until, Reason: reason, By: t.actor.Name, At: t.now}
		if s.Schedule != nil && s.Schedule.Due.Before(until) {
			if err := t.cancelStorySchedule(s, dateline.Say("an embargo was set until %s", until.Format(time.RFC3339))); err != nil {
				return dateline.Sentence{}, err
			}
		}
		return dateline.Say("embargo until %s%s", until.Format(time.RFC3339), because(reason)), nil
	})
}

// LiftStoryEmbargo ends a story's embargo, with a reason.
func (d *Desk) LiftStoryEmbargo(ctx context.Context, actor dateline.Actor, target Target, reason string) (*dateline.Story, error) {
	reason, err := needReason(reason)
	if err != nil {
		return nil, err
	}
	return d.storyStep(ctx, actor, dateline.ActLiftEmbargo, target, func(_ *turn, s *dateline.Story) (dateline.Sentence, error) {
		if s.Embargo == nil {
			return dateline.Sentence{}, dateline.Errorf(dateline.EState, "the story has no embargo")
		}
		s.Embargo = nil
		return dateline.Sentence{Text: reason}, nil
	})
}

// HoldStory stops a story's publication until a chief lifts the hold. A schedule stays; if the hold still stands at its hour,
// nothing goes out and the schedule is taken off.
func (d *Desk) HoldStory(ctx context.Context, actor dateline.Actor, target Target, reason string) (*dateline.Story, error) {
	reason, err := needReason(reason)
	if err != nil {
		return nil, err
	}
	return d.storyStep(ctx, actor, dateline.ActHold, target, func(t *turn, s *dateline.Story) (dateline.Sentence, error) {
		if s.Hold != nil {
			return dateline.Sentence{}, dateline.Errorf(dateline.EState, "the story is on hold already: %s put it there", s.Hold.By)
		}
		s.Hold = &dateline.Lock{Reason: reason, By: t.actor.Name, At: t.now}
		return dateline.Sentence{Text: reason}, nil
	})
}

// LiftStoryHold ends a story's legal hold, with a reason.
func (d *Desk) LiftStoryHold(ctx context.Context, actor dateline.Actor, target Target, reason string) (*dateline.Story, error) {
	reason, err := needReason(reason)
	if err != nil {
		return nil, err
	}
	return d.storyStep(ctx, actor, dateline.ActLiftHold, target, func(_ *turn, s *dateline.Story) (dateline.Sentence, error) {
		if s.Hold == nil {
			return dateline.Sentence{}, dateline.Errorf(dateline.EState, "the story is not on hold")
		}
		s.Hold = nil
		return dateline.Sentence{Text: reason}, nil
	})
}

// nextStory claims the story that is due longest.
func (t *turn) nextStory() (w dueWork, err error) {
	s, err := t.ClaimDueStory(t.now)
	if err != nil {
		return w, err
	}
	return dueWork{publish: func() error { return t.storyDue(s) }, miss: func(why error) error { return t.missStory(s.ID, why) }}, nil
}

// missStory takes off the schedule of a story that may not go out at its hour.
func (t *turn) missStory(id dateline.ID, why error) error {
	s, err := t.Stories().Find(id)
	if err != nil {
		return err
	}
	if err := t.cancelStorySchedule(s, dateline.Say("it did not go out: %v", why)); err != nil {
		return err
	}
	return t.keepStory(s)
}

// storyDue publishes what was saved of a story when it was scheduled; what was saved since stays a draft.
func (t *turn) storyDue(s *dateline.Story) error {
	due := s.Schedule
	t.actor.Name = "schedule of " + due.By
	saved, slug := s.Content, s.Slug
	s.Content, s.Slug, s.Schedule = due.Content, due.Slug, nil
	if err := dateline.CheckStoryChange(s.Edition+1, due.Change, due.Note); err != nil {
		return err
	}
	if _, err := t.publishStory(s, due.Change, due.Note); err != nil {
		return err
	}
	if len(dateline.CompareStories(s.Live, &saved)) == 0 && slug == due.Slug {
		return nil
	}
	s.Content, s.Slug, s.Unsaid = saved, slug, true
	return t.keepStory(s)
}
