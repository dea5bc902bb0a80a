package desk

import (
	"context"
	"time"

	"github.com/datelinehq/dateline"
)

// RunDue publishes every article, running story and arrangement of a front whose hour has come, and takes off every strip that has
// stood until its hour, each in a transaction of its own that is conditional on its still being due, and says how many went out and when the next is due (zero where nothing is scheduled). An article that may not
// go out at its hour, because of a lock set since or of something that is no longer there, loses its schedule: it stays a
// draft, its author is told why, and an editor decides anew. While something is scheduled and the clock cannot be
// believed nothing is claimed and the error is EUnavailable.
func (d *Desk) RunDue(ctx context.Context) (n int, next time.Time, err error) {
	for {
		next, due, err := d.nextDue(ctx)
		if err != nil || !due {
			return n, next, err
		}
		for _, claim := range []func(*turn) (dueWork, error){(*turn).nextArticle, (*turn).nextFront, (*turn).nextStory} {
			out, claimed, err := d.runClaimed(ctx, claim)
			if err != nil {
				return n, next, err
			}
			if out {
				n++
			}
			if claimed {
				break
			}
		}
	}
}

// dueWork is what a thing whose hour has come needs: how it goes out, and what becomes of it where it may not.
type dueWork struct {
	publish func() error
	miss    func(why error) error
}

// runClaimed claims one thing that is due, the longest due of its kind, and does it. claimed says that there was one, out that
// it went out.
func (d *Desk) runClaimed(ctx context.Context, claim func(*turn) (dueWork, error)) (out, claimed bool, err error) {
	err = d.update(ctx, dateline.Actor{Name: "schedule", Role: dateline.RoleEditor}, func(t *turn) error {
		if err := t.CheckClock(); err != nil {
			return err
		}
		w, err := claim(t)
		if absent(err) {
			return nil
		}
		if err != nil {
			return err
		}
		claimed = true
		refused := t.nested(w.publish)
		switch dateline.ErrorCode(refused) {
		case "":
			out = true
			return nil
		case dateline.EInternal, dateline.EUnavailable:
			return refused // a fault of the machine: it is tried again
		}
		return w.miss(refused)
	})
	return out, claimed, err
}

// nextDue asks without writing whether anything is due.
func (d *Desk) nextDue(ctx context.Context) (next time.Time, due bool, err error) {
	err = d.store.View(ctx, func(tx Tx) error {
		for _, ask := range []func() (time.Time, error){tx.NextDue, tx.NextFrontDue, tx.NextStoryDue} {
			at, err := ask()
			if err != nil && !absent(err) {
				return err
			}
			if next.IsZero() || !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		if next.IsZero() {
			return nil
		}
		if err := tx.CheckClock(); err != nil {
			return err
		}
		now, err := tx.Now()
		due = !now.Before(next)
		return err
	})
	return next, due, err
}

// nextArticle claims the article that is due longest.
func (t *turn) nextArticle() (w dueWork, err error) {
	a, err := t.ClaimDue(t.now)
	if err != nil {
		return w, err
	}
	t.actor.Name = "schedule of " + a.Schedule.By
	hold := ""
	return dueWork{
		publish: func() (err error) {
			hold, err = t.publishDue(a)
			return err
		},
		miss: func(why error) error { return t.miss(a.ID, hold, why) },
	}, nil
}

// publishDue publishes an article whose hour has come; where it is to be put on hold instead, hold says why.
func (t *turn) publishDue(a *dateline.Article) (hold string, err error) {
	s := a.Schedule
	if err := dateline.Can(t.actor, dateline.ActPublish, a); err != nil {
		return "", err
	}
	v, err := t.FindVersion(a.ID, s.Version)
	if err != nil {
		return "", err
	}
	a.Schedule = nil
	_, err = t.publish(a, v, said{s.Change, s.Note, s.Corrects}, func(dateline.Change) (err error) {
		hold, err = t.atTheHour(a, &v.Content)
		return err
	})
	return hold, err
}

// miss takes off the schedule of an article that may not go out at its hour, and puts it on hold where hold says why.
func (t *turn) miss(id dateline.ID, hold string, why error) error {
	a, err := t.FindArticle(id)
	if err != nil {
		return err
	}
	if hold != "" {
		a.Hold = &dateline.Lock{Reason: hold, By: t.actor.Name, At: t.now}
		if err := t.note(dateline.ActHold, a, 0, "%s", hold); err != nil {
			return err
		}
	}
	if err := t.cancelSchedule(a, dateline.Say("it did not go out: %v", why)); err != nil {
		return err
	}
	return t.keep(a)
}

// Wake makes the scheduler look at once.
func (d *Desk) Wake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// look is how long the scheduler sleeps at most while something is scheduled: timers do not run while a machine sleeps
// and know nothing of a clock that is set.
const look = time.Second

// RunScheduler publishes what is due, at once what came due while the program did not run, until the context ends. It
// returns the context's error.
func (d *Desk) RunScheduler(ctx context.Context) error {
	var said string
	for ctx.Err() == nil {
		_, next, err := d.RunDue(ctx)
		if message := complaint(err); message != said && ctx.Err() == nil {
			said = message
			if err != nil {
				d.log.WarnContext(ctx, "scheduled articles wait", "error", err)
			}
		}
		var timer <-chan time.Time
		if err != nil || !next.IsZero() {
			timer = time.After(d.nap(ctx, next))
		}
		select {
		case <-ctx.Done():
		case <-d.wake:
		case <-timer:
		}
	}
	return ctx.Err()
}

func complaint(err error) string { return string(dateline.ErrorCode(err)) }

// nap is how long the scheduler may sleep before an hour.
func (d *Desk) nap(ctx context.Context, next time.Time) time.Duration {
	left := look
	// Where the clock cannot be asked the scheduler looks again after its longest sleep.
	_ = d.store.View(ctx, func(tx Tx) error {
		now, err := tx.Now()
		if err == nil && next.After(now) {
			left = min(look, next.Sub(now))
		}
		return err
	})
	return left
}
