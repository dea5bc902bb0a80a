package desk

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// PublishFront gives readers the arrangement saved last. A schedule is taken off. An arrangement that pins an article which
// was never published is EInvalid: the record must not name it.
func (d *Desk) PublishFront(ctx context.Context, actor dateline.Actor, target Target, key string) (res Result, err error) {
	request := digest("publish front", target.ID, target.Version)
	err = d.once(ctx, actor, dateline.ActPublishFront, key, request, &res, func(t *turn) error {
		f, err := t.frontStep(target, dateline.ActPublishFront, func(f *dateline.Front) (dateline.Sentence, int64, error) {
			if err := t.cancelFrontSchedule(f, dateline.Say("the front was published before its hour")); err != nil {
				return dateline.Sentence{}, 0, err
			}
			if f.Saved == 0 {
				if err := t.saveFront(f, f.Content); err != nil {
					return dateline.Sentence{}, 0, err
				}
			}
			v, err := t.FindFrontVersion(f.ID, f.Saved)
			if err != nil {
				return dateline.Sentence{}, 0, err
			}
			if err := t.onlyKnown(&v.Content); err != nil {
				return dateline.Sentence{}, 0, err
			}
			res.Sequence, err = t.issueFront(f, v)
			return dateline.Say("edition %d, arrangement %d", f.Edition, v.Number), res.Sequence, err
		})
		res.Front, res.Act = f, record.KindFront
		return err
	})
	return res, err
}

// onlyKnown answers EInvalid, with a field for each, where an arrangement names an article or a story that readers know nothing of.
func (t *turn) onlyKnown(c *dateline.FrontContent) error {
	e := dateline.Errorf(dateline.EInvalid, "the front names what is not published: publish it first, take it off, or schedule the front for its hour")
	for i := range c.Containers {
		if r := c.Containers[i].Rule; r != nil && r.Kind == dateline.RuleStory {
			if s, err := t.Stories().Find(r.Of); err != nil {
				return err
			} else if s.Readers == dateline.Unpublished {
				e.Fields = append(e.Fields, dateline.Wrong("containers."+strconv.Itoa(i)+".rule.of", dateline.Errorf("", "the story %q is not published", s.Content.Name)))
			}
		}
		for k, item := range c.Containers[i].Items {
			if err := t.unknown(e, "containers."+strconv.Itoa(i)+".items."+strconv.Itoa(k), item.Article); err != nil {
				return err
			}
		}
	}
	if c.Strip != nil {
		if err := t.unknown(e, "strip.article", c.Strip.Article); err != nil {
			return err
		}
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

func (t *turn) unknown(e *dateline.Error, path string, id dateline.ID) error {
	if id == "" {
		return nil
	}
	a, err := t.FindArticle(id)
	if err != nil {
		return err
	}
	if a.Readers == dateline.Unpublished {
		e.Fields = append(e.Fields, dateline.Wrong(path, dateline.Errorf("", "%q is not published", a.Content.Headline)))
	}
	return nil
}

// issueFront appends an arrangement as the front's next edition, and brings the front up to it. The caller writes the front.
func (t *turn) issueFront(f *dateline.Front, v *dateline.FrontVersion) (int64, error) {
	if err := t.CheckClock(); err != nil {
		return 0, err
	}
	if err := t.mayShowOn(f, true, t.now, &v.Content); err != nil {
		return 0, err
	}
	return t.appendFront(f, v)
}

// appendFront is issueFront whatever the clock shows, of an arrangement that shows nothing anew.
func (t *turn) appendFront(f *dateline.Front, v *dateline.FrontVersion) (int64, error) {
	body, refs, err := t.frontBody(f, &v.Content)
	if err != nil {
		return 0, err
	}
	if err := t.reveal(refs); err != nil {
		return 0, err
	}
	sequence, err := t.append(f.ID, body)
	if err != nil {
		return 0, err
	}
	f.Edition, f.Live, f.Published, f.Until = body.Number, v.Number, t.now, time.Time{}
	if body.Strip != nil {
		f.Until = v.Content.Strip.Until
	}
	v.Edition, v.Sequence, v.Published = f.Edition, sequence, t.now
	return sequence, t.SaveFrontVersion(v)
}

// frontBody is an arrangement as the record keeps it: without what readers know nothing of, and without a strip whose hour
// is past. refs are what it makes public.
func (t *turn) frontBody(f *dateline.Front, c *dateline.FrontContent) (body *record.Front, refs refs, err error) {
	known, err := t.known(c.Pinned())
	if err != nil {
		return nil, refs, err
	}
	body = &record.Front{Home: f.Home, Number: f.Edition + 1}
	for _, box := range c.Containers {
		box.Items = slices.Clone(box.Items)
		for k := range box.Items {
			if id := box.Items[k].Article; id != "" && !slices.Contains(known, id) {
				box.Items[k] = dateline.FrontItem{}
			}
			body.Pictures = addID(body.Pictures, box.Items[k].Picture)
		}
		switch r := box.Rule; {
		case r == nil:
		case r.Kind == dateline.RuleTopic:
			refs.topics = addID(refs.topics, r.Of)
		case r.Kind == dateline.RuleStory:
			s, err := t.Stories().Find(r.Of)
			if err != nil {
				return nil, refs, err
			}
			if s.Readers == dateline.Unpublished {
				box.Rule = nil
			}
		}
		body.Containers = append(body.Containers, box)
	}
	if s := c.Strip; s != nil && s.Until.After(t.now) {
		body.Strip = &record.Strip{Text: s.Text, Until: record.FormatInstant(s.Until)}
		if slices.Contains(known, s.Article) {
			body.Strip.Article = s.Article
		}
	}
	refs.pictures = body.Pictures
	return body, refs, nil
}

// WouldBeFront is the arrangement saved last as the record would keep it if it were published now.
func (d *Desk) WouldBeFront(ctx context.Context, actor dateline.Actor, id dateline.ID) (body *record.Front, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		t := &turn{Tx: tx, desk: d, actor: actor}
		f, err := findFront(tx, id)
		if err != nil {
			return err
		}
		if t.now, err = tx.Now(); err != nil {
			return err
		}
		body, _, err = t.frontBody(f, &f.Content)
		return err
	})
	return body, err
}

// nextFront claims the front that is due to change longest: the scheduled arrangement goes out, or the strip goes.
func (t *turn) nextFront() (w dueWork, err error) {
	f, err := t.ClaimDueFront(t.now)
	if err != nil {
		return w, err
	}
	return dueWork{publish: func() error { return t.frontDue(f) }, miss: func(why error) error { return t.missFront(f.ID, why) }}, nil
}

func (t *turn) frontDue(f *dateline.Front) error {
	number, why := f.Live, dateline.Say("the strip stood until its hour")
	if s := f.Schedule; s != nil && !s.Due.After(t.now) {
		t.actor.Name = "schedule of " + s.By
		number, why, f.Schedule = s.Content, dateline.Say("at its hour"), nil
	}
	v, err := t.FindFrontVersion(f.ID, number)
	if err != nil {
		return err
	}
	sequence, err := t.issueFront(f, v)
	if err != nil {
		return err
	}
	if err := t.keepFront(f); err != nil {
		return err
	}
	return t.noteFront("", dateline.ActPublishFront, f, sequence, dateline.Say("edition %d, arrangement %d, %s", f.Edition, v.Number, why))
}

// missFront takes off what a front could not do at its hour, and tells who wanted it.
func (t *turn) missFront(id dateline.ID, why error) error {
	f, err := t.FindFront(id)
	if err != nil {
		return err
	}
	if f.Schedule == nil {
		return why // a strip that cannot be taken off is tried again
	}
	if err := t.cancelFrontSchedule(f, dateline.Say("it did not go out: %v", why)); err != nil {
		return err
	}
	return t.keepFront(f)
}
