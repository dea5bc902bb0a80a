package newsroom_test

import (
	"slices"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/newsroom"
)

// TestChecksStopAPublication: the refusal names each check and its place, the panel's question the same beforehand.
func TestChecksStopAPublication(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	var rules newsroom.CheckRules
	n.as(reporter, "GET", "/settings/checks", nil).is(200).into(&rules)
	if rules.Levels[dateline.CheckByline] != dateline.LevelWarn || rules.Levels[dateline.CheckLinks] != dateline.LevelOff || rules.Headline != 70 {
		t.Errorf("a new newsroom's: %+v", rules)
	}
	rules.Levels[dateline.CheckStandfirst], rules.Levels[dateline.CheckOwnLinks] = dateline.LevelMust, dateline.LevelMust
	rules.Lawyer.Words = []string{"accus*"}
	n.as(chief, "PUT", "/settings/checks", rules).is(200)
	n.as(editor, "PUT", "/settings/checks", rules).refuses(403, dateline.EForbidden, "chief")
	rules.Levels["taste"] = dateline.LevelMust
	n.as(chief, "PUT", "/settings/checks", rules).refuses(422, dateline.EInvalid, "taste")

	a := n.write(m{"section": "coast", "headline": "Ferry", "html": `<p>See <a href="/coast/2026/01/01/none">this</a>.</p>`})
	path, begin := "/articles/"+string(a.ID), n.head()
	want := []dateline.CheckName{dateline.CheckStandfirst, dateline.CheckOwnLinks}
	var found struct{ Findings []dateline.Finding }
	n.as(reporter, "GET", path+"/checks", nil).is(200).into(&found)
	var stops []dateline.CheckName
	for _, f := range found.Findings {
		if f.Stops() {
			stops = append(stops, f.Check)
		}
	}
	if !slices.Equal(stops, want) {
		t.Errorf("beforehand: %+v", found.Findings)
	}
	for _, act := range []string{"/publish", "/schedule"} {
		body := m{}
		if act == "/schedule" {
			body["due"] = "2027-01-01T00:00:00Z"
		}
		p := n.as(editor, "POST", path+act, body, seen(a)...).refuses(422, dateline.ECheck, "chief").problem()
		var names []dateline.CheckName
		for _, e := range p.Errors {
			names = append(names, e.Check)
		}
		if !slices.Equal(names, want) || p.Errors[0].Path != "standfirst" || p.Errors[1].Path != "body.content[0].content[1]" {
			t.Errorf("%s: %+v", act, p.Errors)
		}
	}
	n.unchanged(a, begin)

	// What needs a lawyer's eye is on hold after the refusal, and goes out once a chief has lifted it.
	a = n.write(m{"section": "coast", "headline": "Master accused", "standfirst": "He denies it."})
	path = "/articles/" + string(a.ID)
	n.as(editor, "POST", path+"/publish", m{}, seen(a)...).refuses(423, dateline.ELocked, "accus*")
	held := n.as(editor, "GET", path, nil).is(200).has(`"hold":{`).article()
	lifted := n.as(chief, "DELETE", path+"/hold?reason=seen", nil, seen(held)...).is(200).article()
	n.as(editor, "POST", path+"/publish", m{}, seen(lifted)...).is(200)
}
