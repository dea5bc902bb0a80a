package desk_test

import (
	"slices"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
)

// named is a story that is made part of some larger ones.
func (n *room) named(name string, wholes ...*dateline.Story) *dateline.Story {
	n.Helper()
	c := storyContent()
	c.Name = name
	for _, w := range wholes {
		c.Stories = append(c.Stories, w.ID)
	}
	return n.story(c)
}

// into saves which larger stories a story is part of.
func (n *room) into(s *dateline.Story, wholes ...*dateline.Story) *dateline.Story {
	n.Helper()
	s, err := n.desk.FindStory(n.Context(), editor, s.ID)
	n.must(err)
	c := s.Content
	c.Stories = nil
	for _, w := range wholes {
		c.Stories = append(c.Stories, w.ID)
	}
	s, err = n.desk.SaveStory(n.Context(), editor, saw(s), "", c)
	n.must(err)
	return s
}

func (n *room) publishRefused(s *dateline.Story, code dateline.Code, words string) {
	n.Helper()
	_, err := n.desk.PublishStory(n.Context(), editor, saw(s), "", "")
	n.refused(code, words, err)
}

func ids(list ...*dateline.Story) (out []dateline.ID) {
	for _, s := range list {
		out = append(out, s.ID)
	}
	return out
}

func TestAStoryIsPartOfLargerOnes(t *testing.T) {
	n := newsroom(t)
	whole, other := n.named("The channel"), n.publishStory(n.named("The islands"))
	part := n.named("The talks", whole, other)
	head := n.head()
	n.publishRefused(part, dateline.EState, `the larger story "The channel" is not published`)
	n.nothing(head)
	whole = n.publishStory(whole)
	part = n.publishStory(part)
	if b := n.storyEntry(n.head()); !slices.Equal(b.Stories, ids(whole, other)) {
		t.Errorf("the part says that it is part of %v", b.Stories)
	}
	r, err := n.desk.WithdrawStory(n.Context(), editor, saw(whole), "", "the lawyers")
	n.must(err)
	whole = r.Story
	r, err = n.desk.ChangeStatus(n.Context(), editor, saw(part), dateline.StoryStatus{State: dateline.StorySuspended, Words: "Suspended"})
	n.must(err)
	if b := n.storyEntry(r.Sequence); !slices.Equal(b.Stories, ids(whole, other)) {
		t.Errorf("of a whole that was taken down the part says %v", b.Stories)
	}
	part = n.into(part, other)
	_, _, list, err := n.desk.CompareStory(n.Context(), editor, part.ID, 2, 0)
	n.must(err)
	if len(list) != 1 || list[0].Part != dateline.StoryPartStory || list[0].Story != [2]dateline.ID{whole.ID} {
		t.Errorf("the part differs in %+v", list)
	}
	part = n.publishStory(part)
	statuses := part.Live.Statuses
	r, err = n.desk.WithdrawStory(n.Context(), editor, saw(part), "", "the lawyers")
	n.must(err)
	if b := n.storyEntry(r.Sequence); !slices.Equal(b.Stories, ids(other)) || b.Name != "" || len(b.Gone) != len(statuses) || b.Gone[0].ID != statuses[0].ID || b.Gone[0].At != b.Public {
		t.Errorf("what takes the part down says %+v", b)
	}
	// What locks stop of a story they stop of a part.
	held, err := n.desk.HoldStory(n.Context(), editor, saw(n.named("The nets", other)), "the lawyers")
	n.must(err)
	n.publishRefused(held, dateline.ELocked, "legal hold")
}

func TestAStoryIsNotPartOfItsParts(t *testing.T) {
	n := newsroom(t)
	a := n.publishStory(n.named("A"))
	b := n.publishStory(n.named("B", a))
	c := n.publishStory(n.named("C", b))
	_, err := n.desk.SaveStory(n.Context(), editor, saw(a), "", dateline.StoryContent{Name: "A", Stories: ids(a)})
	n.refused(dateline.EInvalid, "not part of itself", err)
	n.publishRefused(n.into(a, c), dateline.EInvalid, `the story "C" is itself part of this one, by way of "B"`)
	a = n.into(a)
	a = n.publishStory(a)
	for words, list := range map[string][]dateline.ID{"once": ids(a, a), "11 are too many": make([]dateline.ID, 11), "stories": {"0190b5f0-6c00-7cc3-98c4-dc0c0c07398f"}} {
		content := storyContent()
		content.Stories = list
		_, err := n.desk.CreateStory(n.Context(), editor, "", content)
		n.refused(dateline.EInvalid, words, err)
	}
	// One that was taken down asks again when it comes back.
	r, err := n.desk.WithdrawStory(n.Context(), editor, saw(b), "", "the lawyers")
	n.must(err)
	b = r.Story
	n.publishStory(n.into(a, b))
	n.publishRefused(b, dateline.EInvalid, `"A" is itself part of this one`)
	// At an hour, too: nothing goes out, and the schedule is taken off.
	d := n.publishStory(n.named("D"))
	e := n.publishStory(n.named("E"))
	d, err = n.desk.ScheduleStory(n.Context(), editor, saw(n.into(d, e)), n.clock.Now().Add(time.Hour), "", "")
	n.must(err)
	n.publishStory(n.into(e, d))
	n.clock.Pass(2 * time.Hour)
	n.run()
	if d, err = n.desk.FindStory(n.Context(), editor, d.ID); err != nil || d.Schedule != nil || d.Edition != 1 {
		t.Errorf("%v, the scheduled story is %+v", err, d)
	}
}

func TestMergersOfPartsAndWholes(t *testing.T) {
	n := newsroom(t)
	merge := func(s, into *dateline.Story) (*dateline.Story, error) {
		s, err := n.desk.FindStory(n.Context(), editor, s.ID)
		n.must(err)
		into, err = n.desk.FindStory(n.Context(), editor, into.ID)
		n.must(err)
		r, err := n.desk.MergeStory(n.Context(), editor, saw(s), saw(into))
		return r.Story, err
	}
	top, other := n.publishStory(n.named("Top")), n.publishStory(n.named("Other"))
	middle := n.publishStory(n.named("Middle", top))
	low := n.publishStory(n.named("Low", middle))
	_, err := merge(top, low)
	n.refused(dateline.EState, `the story "Low" is part of "Top" by way of "Middle"`, err)
	into, err := merge(middle, other)
	n.must(err)
	if !slices.Equal(into.Live.Stories, ids(top)) {
		t.Errorf("what another was merged into is part of %v", into.Live.Stories)
	}
	if b := n.storyEntry(n.publishStory(n.into(low, middle)).Sequence[1]); !slices.Equal(b.Stories, ids(other)) {
		t.Errorf("a part of what was merged is part of %v", b.Stories)
	}
	n.publishRefused(n.into(top, low), dateline.EInvalid, "is itself part of this one")
	n.into(top)
	n.publishStory(n.into(top))
	into, err = merge(other, low) // the whole goes into its part
	n.must(err)
	if !slices.Equal(into.Live.Stories, ids(top)) {
		t.Errorf("a part that took its whole over is part of %v", into.Live.Stories)
	}
	into, err = merge(low, top)
	n.must(err)
	if len(into.Live.Stories) != 0 {
		t.Errorf("a whole that took its part over is part of %v", into.Live.Stories)
	}
	// What is split off is part of what the other is part of.
	s := n.publishStory(n.named("Split", top))
	section := n.section("coast")
	a := n.create(dateline.Content{Headline: "One", Section: section.ID, Stories: ids(s)})
	n.publish(a, "", "")
	s, err = n.desk.FindStory(n.Context(), editor, s.ID)
	n.must(err)
	r, err := n.desk.SplitStory(n.Context(), editor, saw(s), "Split off", []dateline.ID{a.ID})
	n.must(err)
	if !slices.Equal(r.Story.Live.Stories, ids(top)) {
		t.Errorf("what was split off is part of %v", r.Story.Live.Stories)
	}
}

// TestAPartOfVeryManyIsStillTold: what has come to lie above a story keeps neither a status nor the removal of words from readers.
func TestAPartOfVeryManyIsStillTold(t *testing.T) {
	n := newsroom(t)
	whole := n.publishStory(n.named("The channel"))
	c := storyContent()
	c.Stories, c.Background = ids(whole), "On "+secret
	part := n.publishStory(n.story(c))
	above := func(below int, of []*dateline.Story) (list []*dateline.Story) {
		for i := 0; i < len(of); i += below {
			list = append(list, n.publishStory(n.named("More", of[i:i+below]...)))
		}
		return list
	}
	var tops []*dateline.Story
	for range 100 {
		tops = append(tops, n.publishStory(n.named("Everything")))
	}
	n.publishStory(n.into(whole, above(10, above(1, tops))...))
	n.publishRefused(n.named("Another", whole), dateline.EInvalid, "more than 200 stories lie above")
	_, err := n.desk.ChangeStatus(t.Context(), editor, saw(part), dateline.StoryStatus{State: dateline.StorySuspended, Words: "Suspended"})
	n.must(err)
	n.redactPassages("story/" + string(part.ID))
	n.gone()
}
