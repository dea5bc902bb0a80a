package desk

import (
	"slices"

	"github.com/datelinehq/dateline"
)

// front puts what says the words off a front's arrangements. Saved ones of before are dropped.
func (w *taking) front() error {
	f, err := findFront(w.turn, w.passage.ID)
	if err != nil {
		return err
	}
	live, err := liveFront(w.turn, f)
	if err != nil {
		return err
	}
	if err := w.unscheduleFront(f); err != nil {
		return err
	}
	draft := f.Content
	apart := f.Saved != f.Live
	if f.Live != 0 && w.kept(live) {
		if live, err = w.withoutFront(live); err != nil {
			return err
		}
		issue := w.issueFront
		if w.again { // nothing keeps the newsroom from starting
			issue = w.appendFront
		}
		if w.told, err = issue(f, w.arrange(f, live)); err != nil {
			return err
		}
	}
	if apart && (w.told != 0 || w.kept(draft)) { // what was saved last stays so
		if draft, err = w.withoutFront(draft); err != nil {
			return err
		}
		if err := w.SaveFrontVersion(w.arrange(f, draft)); err != nil {
			return err
		}
	}
	if err := w.dropArrangements(f); err != nil {
		return err
	}
	if err := w.keepFront(f); err != nil {
		return err
	}
	return w.noteFront("", dateline.ActRedact, f, w.told, dateline.Say("words were taken out%s", because(w.reason)))
}

func (w *taking) unscheduleFront(f *dateline.Front) error {
	if f.Schedule == nil {
		return nil
	}
	v, err := w.FindFrontVersion(f.ID, f.Schedule.Content)
	if err != nil || !w.kept(v.Content) {
		return err
	}
	return w.cancelFrontSchedule(f, dateline.Say("words were removed from the front"))
}

// arrange makes an arrangement the one that was saved last.
func (w *taking) arrange(f *dateline.Front, c dateline.FrontContent) *dateline.FrontVersion {
	f.Saved++
	f.Content, f.SavedAt, f.SavedBy = c, w.now, w.actor.Name
	return &dateline.FrontVersion{Front: f.ID, Number: f.Saved, At: w.now, By: w.actor.Name, Content: c}
}

func (w *taking) dropArrangements(f *dateline.Front) error {
	for before := int64(0); ; {
		list, err := w.ListFrontVersions(f.ID, before, maxFrontVersions)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, v := range list {
			if before = v.Number; v.Number == f.Live || v.Number == f.Saved || !w.kept(v.Content) {
				continue
			}
			if err := w.RemoveFrontVersion(f.ID, v.Number); err != nil {
				return err
			}
		}
	}
}

// withoutFront is an arrangement without what says the words: a card shows the article's own in their place, and a strip goes.
func (w *taking) withoutFront(c dateline.FrontContent) (dateline.FrontContent, error) {
	c.Containers = slices.Clone(c.Containers)
	for i := range c.Containers {
		box := &c.Containers[i]
		for _, title := range box.Title {
			if w.goes(title) {
				box.Title = nil
				break
			}
		}
		box.Items = slices.Clone(box.Items)
		for k := range box.Items {
			w.drop(&box.Items[k].Headline, &box.Items[k].Kicker)
		}
	}
	if c.Strip != nil && w.goes(c.Strip.Text) {
		c.Strip = nil
	}
	if w.again { // a heading that has to be there is not known any more
		c.Containers = slices.DeleteFunc(c.Containers, func(box dateline.Container) bool {
			return len(box.Title) == 0 && box.Rule == nil && box.Layout != dateline.LayoutLead
		})
	}
	err := c.Validate()
	if err != nil && w.again {
		return dateline.FrontContent{}, nil
	}
	return c, err
}
