package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// lines are the lines of an article's history, newest first.
func (n *room) lines(a *dateline.Article) []desk.AuditLine {
	n.Helper()
	list, err := n.desk.ListAudit(n.Context(), editor, a.ID, 0, 50)
	n.must(err)
	return list
}

// TestThePicturesOfAnArticleAreInItsHistory: what becomes other about a picture, rights first, stands with every article that shows it, as
// it was and as it is; a save that changes nothing, and articles without the picture, have no line.
func TestThePicturesOfAnArticleAreInItsHistory(t *testing.T) {
	n := newsroom(t)
	world := n.section("world").ID
	p := n.picture(20)
	shows := n.save(n.create(dateline.Content{Headline: "Shows it", Section: world}), func(c *dateline.Content) { c.Lead = &dateline.Lead{Picture: p.ID, Alt: "A harbour"} })
	other := n.create(dateline.Content{Headline: "Does not", Section: world})
	told := func(a *dateline.Article) (list []*desk.PictureChange) {
		for _, l := range n.lines(a) {
			if l.Act == dateline.ActDescribe {
				list = append(list, l.Picture)
			}
		}
		return list
	}
	end := noon.Add(2 * time.Hour)
	until := end.UTC().Format(time.RFC3339)
	p = n.until(p, end)
	n.until(p, end) // the same again
	p, err := n.desk.FindPicture(t.Context(), reporter, p.ID)
	n.must(err)
	p.Credit, p.Until, p.Framing.Focal = "Ada Menon", nil, &dateline.Point{X: 3, Y: 4}
	p, err = n.desk.UpdatePicture(t.Context(), reporter, *p)
	n.must(err)
	want := []*desk.PictureChange{
		{ID: p.ID, Name: "harbour.png", Version: p.Version, Fields: []desk.FieldChange{{Path: "picture.until", Before: until}, {Path: "picture.credit", After: "Ada Menon"}, {Path: "picture.focal", After: "3, 4"}}},
		{ID: p.ID, Name: "harbour.png", Version: 2, Fields: []desk.FieldChange{{Path: "picture.until", After: until}}},
	}
	if diff := cmp.Diff(want, told(shows)); diff != "" {
		t.Errorf("the history says otherwise (-want +got):\n%s", diff)
	}
	if got := told(other); len(got) != 0 {
		t.Errorf("an article without it says %+v", got)
	}

	// Its states, side by side.
	states, err := n.desk.ListPictureStates(t.Context(), reporter, p.ID, 0, 10)
	n.must(err)
	if len(states) != 4 || states[0].Picture.Credit != "Ada Menon" || states[3].Picture.Until != nil || states[2].By != reporter.Name || !states[3].At.Equal(noon) {
		t.Errorf("its states are %+v", states)
	}
	fields, err := n.desk.ComparePicture(t.Context(), reporter, p.ID, 2, 4)
	n.must(err)
	if diff := cmp.Diff(want[0].Fields, fields); diff != "" {
		t.Errorf("from version 2 to 4 (-want +got):\n%s", diff)
	}
	_, err = n.desk.ComparePicture(t.Context(), reporter, p.ID, 2, 5)
	n.refused(dateline.ENotFound, "version 5", err)
}

// TestAnyTwoMomentsAreCompared: text, byline, topics, picture, state and rights, between editions, saved versions and lines of the history.
func TestAnyTwoMomentsAreCompared(t *testing.T) {
	n := newsroom(t)
	world, sea, ada := n.section("world").ID, n.topic("sea").ID, n.person("ada").ID
	p := n.picture(20)
	a := n.create(dateline.Content{Headline: "The pier", Section: world})
	n.clock.Pass(time.Minute)
	a = n.save(a, func(c *dateline.Content) {
		c.Headline, c.Byline, c.Topics, c.Lead = "The old pier", []dateline.Credit{{Person: ada}}, []dateline.ID{sea}, &dateline.Lead{Picture: p.ID, Alt: "A harbour"}
	})
	n.clock.Pass(time.Minute)
	a = n.publish(a, dateline.ChangeFirst, "").Article
	n.clock.Pass(time.Minute)
	end := n.clock.Now().Add(time.Hour)
	n.until(p, end)
	n.clock.Pass(time.Minute)
	res, err := n.desk.Withdraw(t.Context(), editor, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnKilled, Reason: "a mistake"})
	n.must(err)
	a = res.Article
	line := func(act dateline.Act) desk.Side {
		for _, l := range n.lines(a) {
			if l.Act == act {
				return desk.Side{Line: l.Number}
			}
		}
		t.Fatalf("the history has no %s", act)
		return desk.Side{}
	}
	paths := func(from, to desk.Side) []string {
		c, err := n.desk.Compare(t.Context(), editor, a.ID, from, to)
		n.must(err)
		list := []string{}
		for _, f := range slices.Concat(c.Fields, c.Beside) {
			list = append(list, f.Path+": "+f.Before+" > "+f.After)
		}
		if len(c.Headline) > 1 {
			list = append(list, "headline")
		}
		return list
	}
	until := "picture.until:  > " + end.UTC().Format(time.RFC3339)
	for name, test := range map[string]struct {
		from, to desk.Side
		want     []string
	}{
		"two saved texts":             {desk.Side{Version: 1}, desk.Side{Version: 2}, []string{"byline:  > ada", "topics:  > sea", "lead.picture:  > harbour.png, 20 × 8", "lead.alt:  > A harbour", "headline"}},
		"a text and its edition":      {desk.Side{Version: 2}, desk.Side{Edition: 1}, []string{"state.readers: unpublished > published", "state.draft: draft > none"}},
		"before and after the rights": {desk.Side{Edition: 1}, line(dateline.ActDescribe), []string{until}},
		"two lines":                   {line(dateline.ActDescribe), line(dateline.ActWithdraw), []string{"state.readers: published > withdrawn"}},
		"the first text and the last line": {desk.Side{Version: 1}, line(dateline.ActWithdraw), []string{"byline:  > ada", "topics:  > sea", "lead.picture:  > harbour.png, 20 × 8",
			"lead.alt:  > A harbour", "state.readers: unpublished > withdrawn", "state.draft: draft > none", "headline"}},
	} {
		if diff := cmp.Diff(test.want, paths(test.from, test.to)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	_, err = n.desk.Compare(t.Context(), editor, a.ID, desk.Side{Version: 1}, desk.Side{Line: 1 << 40})
	n.refused(dateline.ENotFound, "line", err)
	other := n.create(dateline.Content{Headline: "Another", Section: world})
	_, err = n.desk.Compare(t.Context(), editor, other.ID, desk.Side{Version: 1}, line(dateline.ActWithdraw))
	n.refused(dateline.ENotFound, "line", err)
}

// TestEndedRightsOnFrontsAndInLiveEntries: from their instant a picture goes onto no front and into no entry anew; where it stands it stays,
// and is flagged.
func TestEndedRightsOnFrontsAndInLiveEntries(t *testing.T) {
	n := newsroom(t)
	world := n.section("world").ID
	p, late := n.picture(20), n.picture(21)
	a := n.publish(n.create(dateline.Content{Headline: "Live", Section: world}), dateline.ChangeFirst, "").Article
	arrange := func(picture dateline.ID) dateline.FrontContent {
		return dateline.FrontContent{Containers: []dateline.Container{{Layout: dateline.LayoutWide, Rule: &dateline.Rule{Kind: dateline.RuleSection, Of: world},
			Items: []dateline.FrontItem{{Article: a.ID, Picture: picture}, {}}}}}
	}
	front := func() *dateline.Front {
		f, err := n.desk.FindFront(t.Context(), editor, world)
		n.must(err)
		return f
	}
	target := func() desk.Target { return desk.Target{ID: world, Version: front().Version} }
	_, err := n.desk.SaveFront(t.Context(), editor, target(), arrange(p.ID))
	n.must(err)
	_, err = n.desk.PublishFront(t.Context(), editor, target(), "")
	n.must(err)
	// Another is arranged and scheduled for an hour at which its rights will have ended.
	_, err = n.desk.SaveFront(t.Context(), editor, target(), arrange(late.ID))
	n.must(err)
	_, err = n.desk.ScheduleFront(t.Context(), editor, target(), noon.Add(2*time.Hour))
	n.must(err)

	cover := n.coverage()
	figure := []byte(`{"type":"doc","content":[{"type":"figure","attrs":{"picture":"` + string(p.ID) + `","alt":"x"}}]}`)
	posted, err := n.desk.Post(t.Context(), editor, cover.ID, desk.Entry{Headline: "A boat", Body: figure}, "")
	n.must(err)

	n.until(p, noon.Add(time.Hour))
	n.until(late, noon.Add(time.Hour))
	_, err = n.desk.ScheduleFront(t.Context(), editor, target(), noon.Add(3*time.Hour))
	n.refused(dateline.EInvalid, "ended on", err)
	shown, err := n.desk.ListPictureUses(t.Context(), reporter, p.ID)
	n.must(err)
	if len(shown.Uses) != 1 || shown.Uses[0].Article != cover.ID || !shown.Uses[0].Live || len(shown.Fronts) != 1 || shown.Fronts[0] != (desk.FrontUse{Front: world, Live: true}) {
		t.Errorf("it is used as %+v, on %+v", shown.Uses, shown.Fronts)
	}
	if ended, err := n.desk.EndedOnFront(t.Context(), editor, front()); err != nil || len(ended) != 0 {
		t.Errorf("before the end: %v, %v", ended, err)
	}
	n.clock.Pass(2 * time.Hour)
	n.run()
	if f := front(); f.Schedule != nil || f.Edition != 1 {
		t.Errorf("a front went out with a picture whose rights had ended: %+v", f)
	}
	told := false
	lines, err := n.desk.ListAudit(t.Context(), editor, world, 0, 20)
	if err == nil {
		t.Fatalf("a front has a history of an article: %v", lines)
	}
	all, err := n.desk.ListAudit(t.Context(), editor, "", 0, 50)
	n.must(err)
	for _, l := range all {
		told = told || l.Article == world && l.For == editor.Name && strings.Contains(l.Detail, "did not go out: the rights in the picture")
	}
	if !told {
		t.Errorf("nobody was told: %+v", all)
	}
	if ended, err := n.desk.EndedOnFront(t.Context(), editor, front()); err != nil || len(ended) != 2 {
		t.Errorf("flagged are %v, %v", ended, err)
	}
	if ended, err := n.desk.EndedPictures(t.Context(), reporter, []dateline.ID{cover.ID, a.ID}); err != nil || len(ended[cover.ID]) != 1 || len(ended[a.ID]) != 0 {
		t.Errorf("flagged articles are %v, %v", ended, err)
	}

	// Where it stands it stays: the arrangement that readers have may be taken up again, and the entry's words changed.
	_, err = n.desk.SaveFront(t.Context(), editor, target(), arrange(p.ID))
	n.must(err)
	_, err = n.desk.PublishFront(t.Context(), editor, target(), "")
	n.must(err)
	_, err = n.desk.EditEntry(t.Context(), editor, cover.ID, posted.Entry.Number, posted.Entry.Version, desk.Entry{Headline: "Two boats", Body: figure})
	n.must(err)
	// Anew it goes nowhere.
	_, err = n.desk.SaveFront(t.Context(), editor, target(), arrange(""))
	n.must(err)
	_, err = n.desk.PublishFront(t.Context(), editor, target(), "")
	n.must(err)
	_, err = n.desk.SaveFront(t.Context(), editor, target(), arrange(p.ID))
	n.refused(dateline.EInvalid, "ended on", err)
	_, err = n.desk.RestoreFront(t.Context(), editor, target(), 1)
	n.refused(dateline.EInvalid, "ended on", err)
	other := n.picture(22)
	n.until(other, noon.Add(time.Hour))
	_, err = n.desk.Post(t.Context(), editor, cover.ID, desk.Entry{Headline: "A boat", Body: []byte(strings.ReplaceAll(string(figure), string(p.ID), string(other.ID)))}, "")
	n.refused(dateline.EInvalid, "ended on", err)
	// An entry that is gone shows nothing.
	entry, err := n.desk.EditEntry(t.Context(), editor, cover.ID, posted.Entry.Number, posted.Entry.Version+1, desk.Entry{Headline: "Two boats", Body: figure})
	n.must(err)
	_, err = n.desk.DeleteEntry(t.Context(), editor, cover.ID, posted.Entry.Number, entry.Entry.Version, "It was posted twice.")
	n.must(err)
	if shown, err := n.desk.ListPictureUses(t.Context(), reporter, p.ID); err != nil || len(shown.Uses) != 0 || len(shown.Fronts) != 0 {
		t.Errorf("it is still used as %+v, %v", shown, err)
	}
}
