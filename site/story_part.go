package site

import (
	"slices"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/shelf"
)

// wholes link to the larger stories that a story is part of.
func (v *view) wholes(st *shelf.Story) (out []render.StoryCard, err error) {
	for _, id := range st.Stories {
		v.on(shelf.KeyStory(id))
	}
	list, err := v.tx.Wholes(st)
	for i := range list {
		v.on(shelf.KeyStory(list[i].ID))
		out = append(out, v.storyNamed(&list[i]))
	}
	return out, err
}

// partsOf are the stories that are part of one.
func (v *view) partsOf(st *shelf.Story) ([]shelf.Part, error) {
	list, err := v.tx.Parts(st.ID, partRows)
	for i := range list {
		v.on(shelf.KeyStory(list[i].ID))
	}
	return list, err
}

// partLines are the parts of a story with where each stands.
func (v *view) partLines(parts []shelf.Part) (out []render.StoryCard, err error) {
	for i := range parts {
		p := &parts[i]
		c := v.storyNamed(&p.Story)
		c.Edition = p.Number
		if c.Status, err = v.storyStatus(now(&p.Story)); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// storyNamed is a running story by its name.
func (v *view) storyNamed(st *shelf.Story) render.StoryCard {
	return render.StoryCard{ID: st.ID, Name: v.inLanguage(st.Name, st.Language), Address: v.way(storyAddress(st.Slug)), Language: st.Language}
}

// partMoments are the changes of status of a story's parts before a position: of each part the newest, up to limit.
func (v *view) partMoments(parts []shelf.Part, before shelf.Position, limit int) (list []moment, err error) {
	for i := range parts {
		told, err := v.tx.Statuses(parts[i].ID, before, limit)
		if err != nil {
			return nil, err
		}
		for k := range told {
			list = append(list, moment{happening: &told[k], part: &parts[i]})
		}
	}
	return list, nil
}

// partStatus is a change of status of a part as its whole tells of it.
func (v *view) partStatus(p *shelf.Part, s, before *record.StoryStatus) (l render.StoryLine, err error) {
	status, err := v.storyStatus(s)
	if err != nil {
		return l, err
	}
	l = render.StoryLine{At: status.At, Status: &status, Title: p.Name + ": " + status.Words, Text: status.Sentence, Source: status.Source,
		Address: v.way(storyAddress(p.Slug)), Lang: p.Language}
	if before != nil {
		l.Before = before.Words
	}
	return l, nil
}

// sinceParts are the statuses that a story's parts got since, and where those stand that have become part of it: the newest, as many as it
// is told of its own.
func (v *view) sinceParts(st *shelf.Story, own int64, p *render.SincePage) error {
	parts, err := v.partsOf(st)
	if err != nil {
		return err
	}
	var list []moment
	for i := range parts {
		part := &parts[i]
		p.Position = max(p.Position, part.Sequence)
		if part.Sequence <= own {
			continue
		}
		told, err := v.tx.StatusesSince(part.ID, own, sinceRows)
		if err != nil {
			return err
		}
		if stands := now(&part.Story); len(told) == 0 && part.Since > own && stands.At != "" {
			at, err := record.ParseInstant(stands.At)
			if err != nil {
				return err
			}
			told = []shelf.Happening{{ID: stands.ID, At: at, Status: stands}}
		}
		for k := range told {
			list = append(list, moment{happening: &told[k], part: part})
		}
	}
	slices.SortFunc(list, newestMoment)
	lines, err := v.timeLines(st, list[:min(len(list), sinceRows)])
	p.New = append(p.New, lines...)
	return err
}

// wholeLine is the name of a larger story; empty where readers cannot open it.
func (v *view) wholeLine(id dateline.ID) (string, error) {
	v.on(shelf.KeyStory(id))
	st, err := v.tx.Story(id)
	if missing(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	v.on(shelf.KeyStory(st.ID))
	return st.Name, nil
}

// partsNaming lists the parts of a story whose pages name it, as many as its own page lists, where an act may have changed its name, its
// address or that readers can open it.
func (t *touched) partsNaming(id dateline.ID) error {
	was, err := t.tx.StoryAt(id, t.plan.entry.Sequence-1)
	if err != nil && !missing(err) {
		return err
	}
	if b, ok := t.plan.body.(*record.Story); ok && was != nil && namedAlike(b, was) {
		return nil
	}
	parts, err := t.tx.Parts(id, partRows)
	for i := range parts {
		t.add(storyAddress(parts[i].Slug), "story", current)
	}
	return err
}

func namedAlike(a, b *record.Story) bool {
	return a.Name == b.Name && a.Language == b.Language && a.Slug == b.Slug && a.Withdrawn == b.Withdrawn && a.Into == b.Into
}

// wholes lists the larger stories that an act on a story touches: those that it is part of, and those that it left by this act.
func (t *touched) wholes(st *shelf.Story) error {
	var ids []dateline.ID
	if st != nil {
		ids = st.Stories
	}
	if b, ok := t.plan.body.(*record.Story); ok {
		ids = append(slices.Clone(ids), b.Stories...)
	}
	was, err := t.tx.StoryAt(t.plan.entry.Subject, t.plan.entry.Sequence-1)
	if err != nil && !missing(err) {
		return err
	}
	if was != nil {
		ids = append(ids, was.Stories...)
	}
	for _, id := range ids {
		whole, err := t.tx.Story(id)
		if missing(err) {
			continue
		}
		if err != nil {
			return err
		}
		t.place(place{address: storyAddress(whole.Slug), what: "story", feeds: true}, current)
	}
	return nil
}
