package paper

import (
	"strings"
	"testing"
	"time"
)

func TestEditionsLieBeforeEveryStart(t *testing.T) {
	p, zone := loaded(t)
	for name, start := range starts(zone) {
		for _, a := range append(append([]Article{}, p.Articles...), p.Pages...) {
			var last time.Time
			for _, e := range a.EditionsAt(start, zone) {
				if e.At.After(start) || !e.At.After(last) || e.At.Second() != 0 || e.At.Location() != zone {
					t.Errorf("%s: %s, edition %d at %s after %s", name, a.Name, e.Number, e.At, last)
				}
				last = e.At
				for _, s := range []string{e.Headline, e.Standfirst, e.Body, e.Note} {
					if strings.Contains(s, "{{") {
						t.Errorf("%s: %s, edition %d keeps a placeholder: %.60q", name, a.Name, e.Number, s)
					}
				}
				if e.Picture != nil && strings.Contains(e.Picture.Caption, "{{") {
					t.Errorf("%s: the caption of %s keeps a placeholder", name, a.Name)
				}
			}
			if w, ok := a.WithdrawnAt(start, zone); ok && (!w.At.After(last) || w.At.After(start)) {
				t.Errorf("%s: %s withdrawn at %s, last edition at %s", name, a.Name, w.At, last)
			}
		}
	}
}

func TestTimelineIsInOrder(t *testing.T) {
	p, zone := loaded(t)
	for name, start := range starts(zone) {
		list := p.Timeline(start, zone)
		number := map[string]int{}
		for i, m := range list {
			if i > 0 && m.At.Before(list[i-1].At) {
				t.Errorf("%s: %s at %s follows %s", name, m.Article, m.At, list[i-1].At)
			}
			if m.Edition != nil && m.Edition.Number != number[m.Article]+1 {
				t.Errorf("%s: %s: edition %d follows %d", name, m.Article, m.Edition.Number, number[m.Article])
			}
			number[m.Article]++
			if m.Edition == nil {
				continue
			}
			for _, to := range Links(m.Edition.Body) {
				if number[to] == 0 {
					t.Errorf("%s: %s links to %s before it is out", name, m.Article, to)
				}
			}
		}
	}
}

func TestEditionsSayWhatChanged(t *testing.T) {
	p, zone := loaded(t)
	start := time.Date(2026, 6, 30, 14, 21, 33, 0, zone)
	a, ok := p.Article("fishing-line")
	if !ok {
		t.Fatal("the lead is missing")
	}
	list := a.EditionsAt(start, zone)
	if len(list) != 3 {
		t.Fatalf("%d editions, want 3", len(list))
	}
	for i, want := range []struct{ change, at, holds string }{
		{"first", "2026-06-30 13:31", "14 nautical miles from the lighthouse on Mora"},
		{"update", "2026-06-30 13:39", "would not challenge the order"},
		{"correction", "2026-06-30 14:09", "11 nautical miles from the lighthouse on Great Sella"},
	} {
		e := list[i]
		if e.Change != want.change || e.At.Format("2006-01-02 15:04") != want.at || !strings.Contains(e.Body, want.holds) {
			t.Errorf("edition %d: %s at %s, without %q", i+1, e.Change, e.At, want.holds)
		}
	}
	if !strings.Contains(list[0].Body, "on Tuesday moved") || !strings.Contains(list[0].Standfirst, "second week of July.") {
		t.Errorf("dates are not those of 30 June 2026: %s", list[0].Standfirst)
	}
	old, _ := p.Article("islands-resume")
	if got := old.EditionsAt(start, zone)[0].At.Format("2006-01-02 15:04"); got != "2022-06-27 12:08" {
		t.Errorf("the old article came out at %s", got)
	}
}

func TestPlans(t *testing.T) {
	p, zone := loaded(t)
	start := time.Date(2026, 12, 31, 23, 55, 30, 0, zone)
	a, _ := p.Article("harriers-captain")
	plan, ok := a.PlanAt(start, zone)
	if !ok || plan.State != StateScheduled || plan.Due.Format("2006-01-02 15:04:05") != "2027-01-01 00:06:00" {
		t.Errorf("scheduled: %v %s at %s", ok, plan.State, plan.Due)
	}
	if !strings.Contains(plan.Body, "the club said on Friday") {
		t.Error("the scheduled article does not speak of the day it goes out")
	}
	a, _ = p.Article("port-half-year")
	plan, _ = a.PlanAt(start, zone)
	if plan.State != StateDraft || plan.Embargo.Format("2006-01-02 15:04") != "2027-01-01 07:00" || plan.Reason == "" {
		t.Errorf("embargoed: %s until %s, %q", plan.State, plan.Embargo, plan.Reason)
	}
	if !plan.Embargo.After(start) {
		t.Error("the embargo is over before it begins")
	}
	a, _ = p.Article("fishing-line")
	if _, ok := a.PlanAt(start, zone); ok {
		t.Error("a published article has a plan")
	}
}

func TestPlansLieAhead(t *testing.T) {
	p, zone := loaded(t)
	for name, start := range starts(zone) {
		for _, a := range p.Articles {
			plan, ok := a.PlanAt(start, zone)
			if ok && (!plan.Due.IsZero() && plan.Due.Sub(start) < 10*time.Minute || !plan.Embargo.IsZero() && !plan.Embargo.After(start)) {
				t.Errorf("%s: %s is due %s, embargo %s", name, a.Name, plan.Due, plan.Embargo)
			}
			if ok && strings.Contains(plan.Body+plan.Standfirst+plan.Headline, "{{") {
				t.Errorf("%s: %s keeps a placeholder", name, a.Name)
			}
		}
	}
}

// TestTheLeadLeads: home's lead is the newest article with a picture, and a demo opens with the day's main story.
func TestTheLeadLeads(t *testing.T) {
	p, zone := loaded(t)
	for name, start := range starts(zone) {
		var lead string
		var newest time.Time
		for _, a := range p.Articles {
			list := a.EditionsAt(start, zone)
			if len(list) > 0 && a.Withdrawn() == "" && list[0].Picture != nil && list[0].At.After(newest) {
				lead, newest = a.Name, list[0].At
			}
		}
		if lead != "fishing-line" {
			t.Errorf("%s: %s leads", name, lead)
		}
	}
}
