package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// frontOf is home's front.
func (n *room) frontOf(id dateline.ID) *dateline.Front {
	n.Helper()
	f, err := n.desk.FindFront(n.Context(), editor, id)
	n.must(err)
	return f
}

func (n *room) homeID() dateline.ID {
	n.Helper()
	p, err := n.desk.FindPublication(n.Context())
	n.must(err)
	return p.ID
}

func at(f *dateline.Front) desk.Target { return desk.Target{ID: f.ID, Version: f.Version} }

// chosen is an arrangement of one list with pinned articles.
func chosen(title string, ids ...dateline.ID) dateline.FrontContent {
	box := dateline.Container{Layout: dateline.LayoutList, Title: dateline.Names{"en": title}}
	for _, id := range ids {
		box.Items = append(box.Items, dateline.FrontItem{Article: id})
	}
	return dateline.FrontContent{Containers: []dateline.Container{box}}
}

func (n *room) saveFront(f *dateline.Front, c dateline.FrontContent) *dateline.Front {
	n.Helper()
	f, err := n.desk.SaveFront(n.Context(), editor, at(f), c)
	n.must(err)
	return f
}

// frontEntry is the newest entry of the record, which is a front's.
func (n *room) frontEntry() *record.Front {
	n.Helper()
	body, err := n.entries(n.head() - 1)[0].Decode()
	n.must(err)
	return body.(*record.Front)
}

func TestAFrontFromItsFirstDraftToAnOldOneTakenUpAgain(t *testing.T) {
	n := newsroom(t)
	ctx := t.Context()
	coast := n.section("coast")
	home := n.homeID()
	f := n.frontOf(home)
	if !f.Home || f.Version != 1 || f.Edition != 0 || len(f.Content.Containers) != 3 || !f.Content.Containers[1].OfStories() || f.Content.Containers[2].Rule.Of != coast.ID {
		t.Fatalf("a front that nobody arranged comes as %+v", f)
	}
	n.must(f.Content.Validate())
	a := n.publish(n.create(dateline.Content{Headline: "Gates", Section: coast.ID}), dateline.ChangeFirst, "").Article
	head := n.head()
	f = n.saveFront(f, chosen("First", a.ID))
	f = n.saveFront(f, chosen("Second", a.ID))
	n.nothing(head)
	res, err := n.desk.PublishFront(ctx, editor, at(f), "one")
	n.must(err)
	if e := n.frontEntry(); !e.Home || e.Number != 1 || e.Containers[0].Title["en"] != "Second" || res.Front.Edition != 1 || res.Front.Live != 2 {
		t.Errorf("the record has %+v, the desk %+v", e, res.Front)
	}
	again, err := n.desk.PublishFront(ctx, editor, at(f), "one")
	n.must(err)
	if again.Sequence != res.Sequence {
		t.Error("a repeated request published again")
	}
	head = n.head()
	f, err = n.desk.RestoreFront(ctx, editor, at(n.frontOf(home)), 1)
	n.must(err)
	n.nothing(head)
	if f.Content.Containers[0].Title["en"] != "First" || f.Saved != 3 || f.Live != 2 {
		t.Errorf("taken up again it is %+v", f)
	}
	_, err = n.desk.RestoreFront(ctx, editor, at(f), 9)
	n.refused(dateline.ENotFound, "9", err)
	list, err := n.desk.ListFrontVersions(ctx, reporter, home, 0)
	n.must(err)
	if len(list) != 3 || list[0].Number != 3 || list[1].Edition != 1 || list[1].Sequence != res.Sequence || list[2].Edition != 0 {
		t.Errorf("the history is %+v", list)
	}
	fronts, err := n.desk.ListFronts(ctx, reporter)
	n.must(err)
	if len(fronts) != 2 || !fronts[0].Home || fronts[1].ID != coast.ID || fronts[1].Home {
		t.Errorf("the fronts are %+v", fronts)
	}
}

func TestTwoEditorsOfAFront(t *testing.T) {
	n := newsroom(t)
	f := n.frontOf(n.homeID())
	a := n.publish(n.create(dateline.Content{Headline: "Gates", Section: n.section("coast").ID}), dateline.ChangeFirst, "").Article
	n.saveFront(f, chosen("Theirs", a.ID))
	_, err := n.desk.SaveFront(t.Context(), chief, at(f), chosen("Mine", a.ID))
	n.refused(dateline.EConflict, "arranged by elena", err)
	var e *dateline.Error
	if !errors.As(err, &e) || e.CurrentFront.Content.Containers[0].Title["en"] != "Theirs" || e.YourFront.Containers[0].Title["en"] != "Mine" {
		t.Errorf("the conflict carries %+v", e)
	}
	_, err = n.desk.PublishFront(t.Context(), chief, at(f), "")
	n.refused(dateline.EConflict, "version 2", err)
	_, err = n.desk.SaveFront(t.Context(), chief, desk.Target{ID: f.ID}, chosen("Mine", a.ID))
	n.refused(dateline.EMissing, "If-Match", err)
}

func TestWhatCannotStandOnAFront(t *testing.T) {
	n := newsroom(t)
	ctx := t.Context()
	coast := n.section("coast")
	home := n.frontOf(n.homeID())
	draft := n.create(dateline.Content{Headline: "Not out yet", Section: coast.ID})
	page, err := n.desk.Create(ctx, chief, dateline.KindPage, dateline.Content{Headline: "About"})
	n.must(err)
	out := n.publish(n.create(dateline.Content{Headline: "Out", Section: coast.ID}), dateline.ChangeFirst, "").Article
	stories := dateline.StoriesContainer()
	pinned := dateline.StoriesContainer()
	pinned.Items[0].Article = out.ID
	leads := dateline.StoriesContainer()
	leads.Layout = dateline.LayoutLead
	boxes := func(c ...dateline.Container) dateline.FrontContent { return dateline.FrontContent{Containers: c} }
	late := chosen("Late", out.ID)
	late.Strip = &dateline.Strip{Text: "Aground", Until: noon}
	for words, c := range map[string]dateline.FrontContent{
		"stand on this front already": boxes(stories, stories),
		"among running stories":       boxes(pinned),
		"do not lead":                 boxes(leads),
		"twice":                       chosen("Twice", out.ID, out.ID),
		"only articles stand":         chosen("A page", page.ID),
		"past":                        late,
		"no rule":                     boxes(dateline.Container{Layout: dateline.LayoutWide, Rule: &dateline.Rule{Kind: "weather"}, Items: make([]dateline.FrontItem, 1)}),
		"needs a heading":             boxes(dateline.Container{Layout: dateline.LayoutWide, Items: make([]dateline.FrontItem, 1)}),
	} {
		_, err := n.desk.SaveFront(ctx, editor, at(home), c)
		n.refusedField(words, err)
	}
	_, err = n.desk.SaveFront(ctx, reporter, at(home), chosen("Mine", out.ID))
	n.refused(dateline.EForbidden, "reporter", err)
	local := dateline.Actor{Name: "sasha", Role: dateline.RoleEditor, Sections: []dateline.ID{coast.ID}}
	_, err = n.desk.SaveFront(ctx, local, at(home), chosen("Mine", out.ID))
	n.refused(dateline.EForbidden, "whole paper", err)
	_, err = n.desk.SaveFront(ctx, local, at(n.frontOf(coast.ID)), chosen("Mine", out.ID))
	n.must(err)

	// A draft may be saved on a front, and not published.
	f := n.saveFront(home, chosen("Chosen", out.ID, draft.ID))
	head := n.head()
	_, err = n.desk.PublishFront(ctx, editor, at(f), "")
	n.refusedField("not published", err)
	n.nothing(head)
}

// refusedField checks that a refusal is about what was sent and says why at one of its fields.
func (n *room) refusedField(words string, err error) {
	n.Helper()
	var e *dateline.Error
	if !errors.As(err, &e) || e.Code != dateline.EInvalid {
		n.Errorf("got %v, want a refusal that says %q", err, words)
		return
	}
	for _, f := range e.Fields {
		if strings.Contains(f.Message, words) {
			return
		}
	}
	n.Errorf("none of %+v says %q", e.Fields, words)
}

func TestAFrontChangesAtItsHour(t *testing.T) {
	n := newsroom(t)
	ctx := t.Context()
	coast := n.section("coast")
	out := n.publish(n.create(dateline.Content{Headline: "Out", Section: coast.ID}), dateline.ChangeFirst, "").Article
	draft := n.create(dateline.Content{Headline: "Not out yet", Section: coast.ID})
	c := chosen("At its hour", out.ID, draft.ID)
	c.Strip = &dateline.Strip{Text: "Aground", Article: draft.ID, Until: noon.Add(2 * time.Hour)}
	f := n.saveFront(n.frontOf(n.homeID()), c)
	_, err := n.desk.ScheduleFront(ctx, editor, at(f), noon)
	n.refused(dateline.EInvalid, "past", err)
	f, err = n.desk.ScheduleFront(ctx, editor, at(f), noon.Add(time.Hour))
	n.must(err)
	f = n.saveFront(f, chosen("Later thoughts", out.ID))
	head := n.head()
	n.clock.Pass(time.Hour)
	if _, _, err := n.desk.RunDue(ctx); err != nil {
		t.Fatal(err)
	}
	e := n.frontEntry()
	if n.head() != head+1 || e.Containers[0].Title["en"] != "At its hour" || e.Containers[0].Items[1].Article != "" || e.Strip == nil || e.Strip.Article != "" {
		t.Fatalf("at the hour the record got %+v", e)
	}
	if f = n.frontOf(f.ID); f.Schedule != nil || f.Live != 1 || f.Saved != 2 || !f.Until.Equal(noon.Add(2*time.Hour)) {
		t.Errorf("the front is %+v", f)
	}
	n.clock.Pass(time.Hour)
	_, _, err = n.desk.RunDue(ctx)
	n.must(err)
	if e := n.frontEntry(); e.Number != 2 || e.Strip != nil || e.Containers[0].Title["en"] != "At its hour" {
		t.Errorf("when the strip goes the record gets %+v", e)
	}

	f, err = n.desk.ScheduleFront(ctx, editor, at(n.frontOf(f.ID)), noon.Add(5*time.Hour))
	n.must(err)
	f, err = n.desk.UnscheduleFront(ctx, chief, at(f))
	n.must(err)
	_, err = n.desk.UnscheduleFront(ctx, chief, at(f))
	n.refused(dateline.EState, "not scheduled", err)
	head = n.head()
	n.clock.Pass(4 * time.Hour)
	_, _, err = n.desk.RunDue(ctx)
	n.must(err)
	n.nothing(head)
}
