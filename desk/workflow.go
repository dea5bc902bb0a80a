package desk

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/datelinehq/dateline"
)

// step runs a desk step: it changes an article and leaves an audit line, and nothing in the record.
func (d *Desk) step(ctx context.Context, actor dateline.Actor, act dateline.Act, target Target, f func(*turn, *dateline.Article) (detail dateline.Sentence, err error)) (res Result, err error) {
	err = d.do(ctx, actor, act, func(t *turn) error {
		a, err := t.article(target, act)
		if err != nil {
			return err
		}
		detail, err := f(t, a)
		if err != nil {
			return err
		}
		if err := t.keep(a); err != nil {
			return err
		}
		res.Article = a
		return t.note(act, a, 0, "%s", detail)
	})
	return res, err
}

// Submit hands a draft to the editors.
func (d *Desk) Submit(ctx context.Context, actor dateline.Actor, target Target) (Result, error) {
	return d.step(ctx, actor, dateline.ActSubmit, target, func(t *turn, a *dateline.Article) (dateline.Sentence, error) {
		a.Draft, a.Sent = dateline.DraftSubmitted, t.now
		return dateline.Sentence{}, nil
	})
}

// Return hands a submitted draft back to its author with a reason, which the author is told.
func (d *Desk) Return(ctx context.Context, actor dateline.Actor, target Target, reason string) (Result, error) {
	reason, err := needReason(reason)
	if err != nil {
		return Result{}, err
	}
	return d.step(ctx, actor, dateline.ActReturn, target, func(t *turn, a *dateline.Article) (dateline.Sentence, error) {
		a.Draft = dateline.DraftOpen
		return dateline.Sentence{Text: reason}, t.tell(a.Author, dateline.ActReturn, a, 0, dateline.Sentence{Text: reason})
	})
}

// Schedule names the hour at which what is saved now goes out, whatever is saved later. An hour that is past, or inside
// an embargo, is refused now, and so is what the checks before publishing stop. Of p it takes the change, its note and its paragraph.
func (d *Desk) Schedule(ctx context.Context, actor dateline.Actor, target Target, due time.Time, p Publishing) (Result, error) {
	due, p.Note = due.UTC().Truncate(time.Microsecond), strings.TrimSpace(p.Note)
	links, err := d.before(ctx, actor, target, dateline.ActSchedule)
	if err != nil {
		return Result{}, err
	}
	return d.step(ctx, actor, dateline.ActSchedule, target, func(t *turn, a *dateline.Article) (dateline.Sentence, error) {
		if !due.After(t.now) {
			return dateline.Sentence{}, dateline.Errorf(dateline.EInvalid, "%s is past; choose an hour that is to come", due.Format(time.RFC3339))
		}
		if a.Private {
			return dateline.Sentence{}, dateline.Errorf(dateline.EState, "the article was private or protected where it came from: it is never published")
		}
		if err := t.unlocked(a, due); err != nil {
			return dateline.Sentence{}, err
		}
		change := changeOf(a, p.Change)
		if err := dateline.CheckChange(a.Edition+1, change, p.Note); err != nil {
			return dateline.Sentence{}, err
		}
		if err := a.Content.Complete(a.Kind); err != nil {
			return dateline.Sentence{}, err
		}
		found, err := t.unmet(a, change, links)
		if err == nil {
			err = refuse(found)
		}
		if err != nil {
			return dateline.Sentence{}, err
		}
		doc, err := document(a.Content.Body)
		if err != nil {
			return dateline.Sentence{}, err
		}
		if err := dateline.CheckCorrects(change, p.Corrects, len(doc.Content)); err != nil {
			return dateline.Sentence{}, err
		}
		if err := t.mayShow(a.ID, true, due, references(&a.Content, doc).pictures); err != nil {
			return dateline.Sentence{}, err
		}
		s := &dateline.Schedule{Due: due, Version: a.Saved, Change: change, Note: p.Note, Corrects: p.Corrects, By: t.actor.Name, Address: a.Address}
		if s.Address == "" {
			if s.Address, err = t.address(a, &a.Content, due); err != nil {
				return dateline.Sentence{}, err
			}
		}
		a.Draft, a.Schedule, a.Proposed, t.tells = dateline.DraftScheduled, s, nil, true
		return dateline.Say("for %s", due.Format(time.RFC3339)), nil
	})
}

// Unschedule takes a schedule off.
func (d *Desk) Unschedule(ctx context.Context, actor dateline.Actor, target Target) (Result, error) {
	return d.step(ctx, actor, dateline.ActUnschedule, target, func(t *turn, a *dateline.Article) (dateline.Sentence, error) {
		return dateline.Sentence{}, t.cancelSchedule(a, dateline.Say("it was taken off"))
	})
}

// cancelSchedule takes off the schedule of an article, where it has one, and tells its author.
func (t *turn) cancelSchedule(a *dateline.Article, why dateline.Sentence) error {
	if a.Schedule == nil {
		return nil
	}
	due, by := a.Schedule.Due, a.Schedule.By
	a.Schedule, a.Draft, t.tells = nil, dateline.DraftOpen, true
	for _, whom := range distinct(a.Author, by) {
		if err := t.tell(whom, dateline.ActUnschedule, a, 0, dateline.Say("the schedule for %s is off: %s", due.Format(time.RFC3339), why)); err != nil {
			return err
		}
	}
	return nil
}

func distinct(a, b string) []string {
	if a == b {
		return []string{a}
	}
	return []string{a, b}
}

// unlocked answers ELocked where a lock stops a publication at an instant.
func (t *turn) unlocked(a *dateline.Article, at time.Time) error {
	return locked("article", a.Embargo, a.Hold, at)
}

// locked answers ELocked where one of two locks stops a publication at an instant.
func locked(what dateline.Phrase, embargo, hold *dateline.Lock, at time.Time) error {
	if hold != nil {
		return dateline.Errorf(dateline.ELocked, "%s put the %s on legal hold%s; only a chief lifts it", hold.By, what, because(hold.Reason))
	}
	if embargo != nil && at.Before(embargo.Until) {
		return dateline.Errorf(dateline.ELocked, "%s set an embargo until %s%s; choose a later hour, or ask a chief to lift it",
			embargo.By, embargo.Until.Format(time.RFC3339), because(embargo.Reason))
	}
	return nil
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return " (" + reason + ")"
}

// Embargo stops publication until an instant. To shorten one is to lift it: that takes a chief and a reason. A schedule
// inside the embargo is taken off, and its author told.
func (d *Desk) Embargo(ctx context.Context, actor dateline.Actor, target Target, until time.Time, reason string) (Result, error) {
	until = until.UTC().Truncate(time.Microsecond)
	reason, err := optionalReason(reason)
	if err != nil {
		return Result{}, err
	}
	return d.step(ctx, actor, dateline.ActEmbargo, target, func(t *turn, a *dateline.Article) (dateline.Sentence, error) {
		if !until.After(t.now) {
			return dateline.Sentence{}, dateline.Errorf(dateline.EInvalid, "%s is past; an embargo ends at an instant that is to come", until.Format(time.RFC3339))
		}
		if a.Embargoed(t.now) && until.Before(a.Embargo.Until) {
			if err := dateline.Can(t.actor, dateline.ActLiftEmbargo, a); err != nil {
				return dateline.Sentence{}, err
			}
			if _, err := needReason(reason); err != nil {
				return dateline.Sentence{}, err
			}
		}
		a.Embargo = &dateline.Lock{Until: until, Reason: reason, By: t.actor.Name, At: t.now}
		if err := t.endPreviews(a, "an embargo was set"); err != nil {
			return dateline.Sentence{}, err
		}
		if a.Schedule != nil && a.Schedule.Due.Before(until) {
			if err := t.cancelSchedule(a, dateline.Say("an embargo was set until %s", until.Format(time.RFC3339))); err != nil {
				return dateline.Sentence{}, err
			}
		}
		return dateline.Say("until %s%s", until.Format(time.RFC3339), because(reason)), nil
	})
}

// LiftEmbargo ends an embargo, with a reason.
func (d *Desk) LiftEmbargo(ctx context.Context, actor dateline.Actor, target Target, reason string) (Result, error) {
	reason, err := needReason(reason)
	if err != nil {
		return Result{}, err
	}
	return d.step(ctx, actor, dateline.ActLiftEmbargo, target, func(_ *turn, a *dateline.Article) (dateline.Sentence, error) {
		if a.Embargo == nil {
			return dateline.Sentence{}, dateline.Errorf(dateline.EState, "the article has no embargo")
		}
		a.Embargo = nil
		return dateline.Sentence{Text: reason}, nil
	})
}

// Hold stops publication until a chief lifts the hold. A schedule stays; if the hold still stands at its hour, nothing
// goes out and the schedule is taken off.
func (d *Desk) Hold(ctx context.Context, actor dateline.Actor, target Target, reason string) (Result, error) {
	reason, err := needReason(reason)
	if err != nil {
		return Result{}, err
	}
	return d.step(ctx, actor, dateline.ActHold, target, func(t *turn, a *dateline.Article) (dateline.Sentence, error) {
		if a.Hold != nil {
			return dateline.Sentence{}, dateline.Errorf(dateline.EState, "the article is on hold already: %s put it there", a.Hold.By)
		}
		a.Hold = &dateline.Lock{Reason: reason, By: t.actor.Name, At: t.now}
		return dateline.Sentence{Text: reason}, nil
	})
}

// LiftHold ends a legal hold, with a reason.
// Where a check had asked for it, it does not ask again until the words change.
func (d *Desk) LiftHold(ctx context.Context, actor dateline.Actor, target Target, reason string) (Result, error) {
	reason, err := needReason(reason)
	if err != nil {
		return Result{}, err
	}
	return d.step(ctx, actor, dateline.ActLiftHold, target, func(t *turn, a *dateline.Article) (dateline.Sentence, error) {
		if a.Hold == nil {
			return dateline.Sentence{}, dateline.Errorf(dateline.EState, "the article is not on hold")
		}
		a.Hold = nil
		return dateline.Sentence{Text: reason}, t.clear(a)
	})
}

// optionalReason checks words that stay in the newsroom.
func optionalReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n > dateline.MaxCaption {
		return "", dateline.Errorf(dateline.EInvalid, "the reason has %d characters; %d at most", n, dateline.MaxCaption)
	}
	return reason, dateline.PlainText(reason)
}

func needReason(reason string) (string, error) {
	reason, err := optionalReason(reason)
	if err == nil && reason == "" {
		return "", dateline.Errorf(dateline.EInvalid, "give a reason; it stays in the newsroom's audit")
	}
	return reason, err
}
