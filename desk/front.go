package desk

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
)

// FindFront returns a section's front, or home's by the publication's id. One that nobody has arranged yet comes as it
// fills itself, at version 1.
func (d *Desk) FindFront(ctx context.Context, actor dateline.Actor, id dateline.ID) (f *dateline.Front, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		f, err = findFront(tx, id)
		return err
	})
	return f, err
}

// ListFronts returns home's front and then those of all sections, those of the navigation first.
func (d *Desk) ListFronts(ctx context.Context, actor dateline.Actor) (list []*dateline.Front, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		p, err := tx.FindPublication()
		if err != nil {
			return err
		}
		ids := append([]dateline.ID{p.ID}, p.Navigation...)
		sections, err := tx.Sections().List("", "", 1000)
		if err != nil {
			return err
		}
		for _, s := range sections {
			ids = addID(ids, s.ID)
		}
		for _, id := range ids {
			f, err := findFront(tx, id)
			if err != nil {
				return err
			}
			list = append(list, f)
		}
		return nil
	})
	return list, err
}

func findFront(tx Tx, id dateline.ID) (*dateline.Front, error) {
	f, err := tx.FindFront(id)
	if !absent(err) {
		return f, err
	}
	p, err := tx.FindPublication()
	if err != nil {
		return nil, err
	}
	navigation := p.Navigation
	if id != p.ID {
		if _, err := tx.Sections().Find(id); err != nil {
			return nil, err
		}
	} else if len(navigation) == 0 {
		sections, err := tx.Sections().List("", "", dateline.MaxContainers)
		if err != nil {
			return nil, err
		}
		for _, s := range sections {
			navigation = append(navigation, s.ID)
		}
	}
	return &dateline.Front{ID: id, Home: id == p.ID, Version: 1, Content: dateline.DefaultFront(id == p.ID, id, navigation)}, nil
}

// frontStep runs what somebody does to a front: the front is loaded, the table and the version are asked, and f's detail is
// noted.
func (t *turn) frontStep(target Target, act dateline.Act, f func(*dateline.Front) (detail dateline.Sentence, sequence int64, err error)) (*dateline.Front, error) {
	if target.Version <= 0 {
		return nil, dateline.Errorf(dateline.EMissing, "say which version of the front you saw (If-Match)")
	}
	front, err := findFront(t, target.ID)
	if err != nil {
		return nil, err
	}
	if err := dateline.CanArrange(t.actor, act, front.Section()); err != nil {
		return nil, err
	}
	if front.Version != target.Version {
		e := dateline.Errorf(dateline.EConflict, "you saw version %d of the front, it is at version %d now (it was last arranged by %s); look at it and decide again",
			target.Version, front.Version, front.SavedBy)
		e.CurrentFront = front
		return nil, e
	}
	detail, sequence, err := f(front)
	if err != nil {
		return nil, err
	}
	if err := t.keepFront(front); err != nil {
		return nil, err
	}
	return front, t.noteFront("", act, front, sequence, detail)
}

// keepFront writes a front that was changed, as its next version.
func (t *turn) keepFront(f *dateline.Front) error {
	was := f.Version
	f.Version++
	t.tells = true
	if was == 1 {
		return t.InsertFront(f)
	}
	return t.UpdateFront(f, was)
}

func (t *turn) noteFront(whom string, act dateline.Act, f *dateline.Front, sequence int64, detail dateline.Sentence) error {
	l := AuditLine{At: t.now, Actor: t.actor.Name, Role: t.actor.Role, Act: act, Article: f.ID, Version: f.Version, Sequence: sequence, For: whom}
	l.Say(detail)
	return t.InsertAudit(l)
}

// SaveFront saves an arrangement of a front. One that was based on an old version is refused with a conflict that carries
// both, so that neither is lost.
func (d *Desk) SaveFront(ctx context.Context, actor dateline.Actor, target Target, c dateline.FrontContent) (f *dateline.Front, err error) {
	err = d.do(ctx, actor, dateline.ActArrange, func(t *turn) error {
		f, err = t.frontStep(target, dateline.ActArrange, func(f *dateline.Front) (dateline.Sentence, int64, error) {
			return dateline.Sentence{}, 0, t.saveFront(f, c)
		})
		return err
	})
	var e *dateline.Error
	if errors.As(err, &e) && e.Code == dateline.EConflict {
		e.YourFront = &c
	}
	return f, err
}

func (t *turn) saveFront(f *dateline.Front, c dateline.FrontContent) error {
	trimFront(&c)
	if err := c.Validate(); err != nil {
		return err
	}
	if s, was := c.Strip, f.Content.Strip; s != nil && !s.Until.After(t.now) && (was == nil || !was.Until.Equal(s.Until)) {
		return frontField("strip.until", "%s is past; choose an hour that is to come", s.Until.Format(time.RFC3339))
	}
	if err := t.checkFront(&c); err != nil {
		return err
	}
	if err := t.mayShowOn(f, false, t.now, &c); err != nil {
		return err
	}
	f.Saved++
	f.Content, f.SavedAt, f.SavedBy = c, t.now, t.actor.Name
	return t.SaveFrontVersion(&dateline.FrontVersion{Front: f.ID, Number: f.Saved, At: t.now, By: t.actor.Name, Content: c})
}

// mayShowOn refuses an arrangement's own pictures in which the rights have ended at an instant, unless the front shows them already: in
// the arrangement that was saved last or, for a publication, in the one that readers have.
func (t *turn) mayShowOn(f *dateline.Front, publishing bool, at time.Time, c *dateline.FrontContent) error {
	live, err := liveFront(t, f)
	if err != nil {
		return err
	}
	shown := live.Pictures()
	if !publishing {
		shown = append(shown, f.Content.Pictures()...)
	}
	return t.mayShowAnew(at, c.Pictures(), func(id dateline.ID) (bool, error) { return slices.Contains(shown, id), nil })
}

// EndedOnFront says in which of the pictures that a front shows in place of articles' own, as it was saved last or as readers have it, the
// rights have ended.
func (d *Desk) EndedOnFront(ctx context.Context, actor dateline.Actor, f *dateline.Front) (ended []dateline.ID, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		now, err := tx.Now()
		if err != nil {
			return err
		}
		live, err := liveFront(tx, f)
		if err != nil {
			return err
		}
		for _, id := range append(f.Content.Pictures(), live.Pictures()...) {
			p, err := tx.Pictures().Find(id)
			if absent(err) {
				continue // a redaction took it
			}
			if err != nil {
				return err
			}
			if p.Ended(now) {
				ended = addID(ended, id)
			}
		}
		return nil
	})
	return ended, err
}

// trimFront takes the blanks from the ends of an editor's words, and titles that are none.
func trimFront(c *dateline.FrontContent) {
	for i := range c.Containers {
		box := &c.Containers[i]
		for lang, s := range box.Title {
			if box.Title[lang] = strings.TrimSpace(s); box.Title[lang] == "" {
				delete(box.Title, lang)
			}
		}
		if box.Rule != nil && box.Rule.Kind == dateline.RuleNone {
			box.Rule = nil
		}
		for k := range box.Items {
			box.Items[k].Headline, box.Items[k].Kicker = strings.TrimSpace(box.Items[k].Headline), strings.TrimSpace(box.Items[k].Kicker)
		}
	}
	if c.Strip != nil {
		c.Strip.Text, c.Strip.Until = strings.TrimSpace(c.Strip.Text), c.Strip.Until.UTC().Truncate(time.Microsecond)
	}
}

func frontField(path, format string, args ...any) error {
	e := dateline.Errorf(dateline.EInvalid, "the front cannot be used as it is")
	e.Fields = []dateline.Field{dateline.Wrong(path, dateline.Errorf("", format, args...))}
	return e
}

// checkFront answers EInvalid, with a field for each, where an arrangement names what is not there or cannot stand there.
func (t *turn) checkFront(c *dateline.FrontContent) error {
	e := dateline.Errorf(dateline.EInvalid, "the front refers to what is not there")
	look := func(path string, err error) error {
		if err != nil && !absent(err) {
			return err
		}
		if err != nil {
			e.Fields = append(e.Fields, dateline.Wrong(path, err))
		}
		return nil
	}
	for i := range c.Containers {
		if err := t.checkContainer(&c.Containers[i], "containers."+strconv.Itoa(i), look); err != nil {
			return err
		}
	}
	if c.Strip != nil && c.Strip.Article != "" {
		if err := look("strip.article", t.cardOf(c.Strip.Article)); err != nil {
			return err
		}
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

func (t *turn) checkContainer(c *dateline.Container, path string, look func(string, error) error) error {
	if r := c.Rule; r != nil && r.Of != "" {
		find := func() error { _, err := t.Topics().Find(r.Of); return err }
		switch r.Kind {
		case dateline.RuleSection:
			find = func() error { _, err := t.Sections().Find(r.Of); return err }
		case dateline.RuleStory:
			find = func() error { _, err := t.Stories().Find(r.Of); return err }
		}
		if err := look(path+".rule.of", find()); err != nil {
			return err
		}
	}
	for k, item := range c.Items {
		at := path + ".items." + strconv.Itoa(k)
		if item.Article != "" {
			if err := look(at+".article", t.cardOf(item.Article)); err != nil {
				return err
			}
		}
		if item.Picture != "" {
			_, err := t.Pictures().Find(item.Picture)
			if err := look(at+".picture", err); err != nil {
				return err
			}
		}
	}
	return nil
}

// cardOf says, as if it were not there, that something cannot stand on a front.
func (t *turn) cardOf(id dateline.ID) error {
	a, err := t.FindArticle(id)
	if err == nil && a.Kind == dateline.KindPage {
		return dateline.Errorf(dateline.ENotFound, "%q is a page; only articles stand on a front", a.Content.Headline)
	}
	return err
}

// RestoreFront takes an old arrangement up again: as a new draft, which readers get when it is published.
func (d *Desk) RestoreFront(ctx context.Context, actor dateline.Actor, target Target, number int64) (f *dateline.Front, err error) {
	err = d.do(ctx, actor, dateline.ActArrange, func(t *turn) error {
		f, err = t.frontStep(target, dateline.ActArrange, func(f *dateline.Front) (dateline.Sentence, int64, error) {
			v, err := t.FindFrontVersion(f.ID, number)
			if err != nil {
				return dateline.Sentence{}, 0, err
			}
			c := v.Content
			if c.Strip != nil && !c.Strip.Until.After(t.now) {
				c.Strip = nil
			}
			return dateline.Say("took arrangement %d up again", number), 0, t.saveFront(f, c)
		})
		return err
	})
	return f, err
}

// ScheduleFront names the hour at which the arrangement saved now goes out, whatever is saved later.
func (d *Desk) ScheduleFront(ctx context.Context, actor dateline.Actor, target Target, due time.Time) (f *dateline.Front, err error) {
	due = due.UTC().Truncate(time.Microsecond)
	err = d.do(ctx, actor, dateline.ActArrange, func(t *turn) error {
		f, err = t.frontStep(target, dateline.ActArrange, func(f *dateline.Front) (dateline.Sentence, int64, error) {
			if !due.After(t.now) {
				return dateline.Sentence{}, 0, dateline.Errorf(dateline.EInvalid, "%s is past; choose an hour that is to come", due.Format(time.RFC3339))
			}
			if f.Saved == 0 {
				return dateline.Sentence{}, 0, dateline.Errorf(dateline.EState, "nobody has arranged this front yet; save an arrangement first")
			}
			if err := t.mayShowOn(f, true, due, &f.Content); err != nil {
				return dateline.Sentence{}, 0, err
			}
			f.Schedule = &dateline.FrontSchedule{Due: due, Content: f.Saved, By: t.actor.Name}
			return dateline.Say("scheduled for %s", due.Format(time.RFC3339)), 0, nil
		})
		return err
	})
	return f, err
}

// UnscheduleFront takes a front's schedule off.
func (d *Desk) UnscheduleFront(ctx context.Context, actor dateline.Actor, target Target) (f *dateline.Front, err error) {
	err = d.do(ctx, actor, dateline.ActArrange, func(t *turn) error {
		f, err = t.frontStep(target, dateline.ActArrange, func(f *dateline.Front) (dateline.Sentence, int64, error) {
			if f.Schedule == nil {
				return dateline.Sentence{}, 0, dateline.Errorf(dateline.EState, "the front is not scheduled")
			}
			return dateline.Sentence{}, 0, t.cancelFrontSchedule(f, dateline.Say("it was taken off"))
		})
		return err
	})
	return f, err
}

// cancelFrontSchedule takes off a front's schedule, where it has one, and tells who set it.
func (t *turn) cancelFrontSchedule(f *dateline.Front, why dateline.Sentence) error {
	if f.Schedule == nil {
		return nil
	}
	s := *f.Schedule
	f.Schedule = nil
	return t.noteFront(s.By, dateline.ActArrange, f, 0, dateline.Say("the schedule for %s is off: %s", s.Due.Format(time.RFC3339), why))
}

// maxFrontVersions is how many arrangements are listed at once.
const maxFrontVersions = 50

// ListFrontVersions lists a front's saved arrangements, newest first, older than before where it is not 0.
func (d *Desk) ListFrontVersions(ctx context.Context, actor dateline.Actor, id dateline.ID, before int64) (list []*dateline.FrontVersion, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		if _, err := findFront(tx, id); err != nil {
			return err
		}
		list, err = tx.ListFrontVersions(id, before, maxFrontVersions)
		return err
	})
	return list, err
}
