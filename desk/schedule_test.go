package desk_test

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/desk/store"
)

func (n *room) schedule(a *dateline.Article, in time.Duration) *dateline.Article {
	n.Helper()
	r, err := n.desk.Schedule(n.Context(), editor, seen(a), n.clock.Now().Add(in), desk.Publishing{})
	n.must(err)
	return r.Article
}

func (n *room) run() int {
	n.Helper()
	count, _, err := n.desk.RunDue(n.Context())
	n.must(err)
	return count
}

func TestScheduledVersionIsWhatGoesOut(t *testing.T) {
	n := newsroom(t)
	a := n.create(dateline.Content{Headline: "As scheduled", Section: n.section("world").ID})
	begin := n.head()
	a = n.schedule(a, 10*time.Minute)
	if a.Draft != dateline.DraftScheduled || a.Schedule.Address != "/world/2026/03/29/as-scheduled" || a.Address != "" {
		t.Errorf("scheduled: %+v", a.Schedule)
	}
	a = n.save(a, func(c *dateline.Content) { c.Headline = "Half a sente" })
	if a.Draft != dateline.DraftScheduled {
		t.Errorf("after a save the draft is %s", a.Draft)
	}
	if n.run() != 0 {
		t.Error("it went out early")
	}
	n.nothing(begin)
	n.clock.Pass(10*time.Minute + 3*time.Second)
	if n.run() != 1 || n.run() != 0 {
		t.Error("it did not go out once")
	}
	got := n.find(a.ID)
	e := n.edition(n.head())
	if e.Headline != "As scheduled" || got.Content.Headline != "Half a sente" || got.Draft != dateline.DraftOpen || got.Schedule != nil || got.Readers != dateline.Published {
		t.Errorf("out went %q; the article is %+v", e.Headline, got)
	}
	if !got.First.Equal(n.clock.Now()) {
		t.Errorf("first published is %v, not the moment it went out, %v", got.First, n.clock.Now())
	}
}

func TestScheduleSurvivesACrash(t *testing.T) {
	n := newsroom(t)
	a := n.schedule(n.create(dateline.Content{Headline: "One", Section: n.section("world").ID}), time.Minute)
	b := n.schedule(n.create(dateline.Content{Headline: "Two", Section: a.Content.Section}), time.Hour)
	n.close()
	n.clock.Pass(30 * time.Minute) // the machine was down at the hour
	n.open()
	count, next, err := n.desk.RunDue(t.Context())
	if err != nil || count != 1 || !next.Equal(b.Schedule.Due) {
		t.Errorf("%d went out, next %v, %v", count, next, err)
	}
	n.reopen()
	if n.run() != 0 {
		t.Error("it went out twice")
	}
	if got := n.find(a.ID); got.Edition != 1 || !got.First.Equal(n.clock.Now()) {
		t.Errorf("%+v", got)
	}
}

func TestRefusedSchedules(t *testing.T) {
	n := newsroom(t)
	a := n.create(dateline.Content{Headline: "One", Section: n.section("world").ID})
	at := func(due time.Time, change dateline.Change, a *dateline.Article) error {
		_, err := n.desk.Schedule(t.Context(), editor, seen(a), due, desk.Publishing{Change: change})
		return err
	}
	n.refused(dateline.EInvalid, "past", at(noon, dateline.ChangeFirst, a))
	n.refused(dateline.EInvalid, "past", at(noon.Add(-time.Second), dateline.ChangeFirst, a))
	n.refused(dateline.EInvalid, "change", at(noon.Add(time.Hour), dateline.ChangeUpdate, a))
	r, err := n.desk.Embargo(t.Context(), editor, seen(a), noon.Add(2*time.Hour), "agreed")
	n.must(err)
	n.refused(dateline.ELocked, "agreed", at(noon.Add(time.Hour), dateline.ChangeFirst, r.Article))
	n.must(at(noon.Add(2*time.Hour), dateline.ChangeFirst, r.Article)) // at its end
	b := n.create(dateline.Content{Headline: "One"})
	n.refused(dateline.EInvalid, "section", at(noon.Add(time.Hour), dateline.ChangeFirst, b))
}

func TestScheduledCorrectionNamesItsParagraph(t *testing.T) {
	n := newsroom(t)
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: n.section("world").ID}), dateline.ChangeFirst, "").Article
	a = n.save(a, func(c *dateline.Content) {
		c.Body = paragraph("Eleven miles.")
	})
	at := func(p desk.Publishing) (desk.Result, error) {
		return n.desk.Schedule(t.Context(), editor, seen(a), noon.Add(time.Hour), p)
	}
	_, err := at(desk.Publishing{Change: dateline.ChangeCorrection, Note: "It was wrong.", Corrects: 2})
	n.refused(dateline.EInvalid, "the change", err)
	_, err = at(desk.Publishing{Change: dateline.ChangeUpdate, Note: "News.", Corrects: 1})
	n.refused(dateline.EInvalid, "the change", err)
	r, err := at(desk.Publishing{Change: dateline.ChangeCorrection, Note: "It was wrong.", Corrects: 1})
	n.must(err)
	if r.Article.Schedule.Corrects != 1 {
		t.Errorf("scheduled: %+v", r.Article.Schedule)
	}
	n.clock.Pass(time.Hour)
	if n.run() != 1 {
		t.Fatal("it did not go out")
	}
	if e := n.edition(n.head()); e.Corrects != 1 || e.Change != dateline.ChangeCorrection {
		t.Errorf("edition: %+v", e)
	}
}

func TestScheduleIsTakenOff(t *testing.T) {
	n := newsroom(t)
	section := n.section("world").ID
	fresh := func() *dateline.Article {
		return n.schedule(n.create(dateline.Content{Headline: "One", Section: section}), time.Hour)
	}
	check := func(name string, id dateline.ID, why string, draft dateline.DraftState) {
		t.Helper()
		a := n.find(id)
		if a.Schedule != nil || a.Draft != draft {
			t.Errorf("%s: the draft is %s, the schedule %+v", name, a.Draft, a.Schedule)
		}
		if told := strings.Join(n.told(a), "\n"); !strings.Contains(told, "ravi: ") || !strings.Contains(told, "elena: ") || !strings.Contains(told, why) {
			t.Errorf("%s: told %q", name, told)
		}
	}
	a := fresh()
	_, err := n.desk.Unschedule(t.Context(), editor, seen(a))
	n.must(err)
	check("unscheduled", a.ID, "taken off", dateline.DraftOpen)
	a = fresh()
	n.publish(a, dateline.ChangeFirst, "")
	check("published before", a.ID, "before its hour", dateline.DraftNone)
	a = fresh()
	_, err = n.desk.Embargo(t.Context(), editor, seen(a), noon.Add(2*time.Hour), "")
	n.must(err)
	check("embargoed beyond", a.ID, "embargo", dateline.DraftOpen)
	a = n.publish(n.create(dateline.Content{Headline: "Two", Section: section}), dateline.ChangeFirst, "").Article
	a = n.save(a, func(c *dateline.Content) { c.Headline = "Three" })
	s, err := n.desk.Schedule(t.Context(), editor, seen(a), noon.Add(time.Hour), desk.Publishing{Change: dateline.ChangeUpdate, Note: "News."})
	n.must(err)
	_, err = n.desk.Withdraw(t.Context(), editor, seen(s.Article), desk.Withdrawing{Kind: dateline.WithdrawnKilled})
	n.must(err)
	check("withdrawn", a.ID, "withdrawn", dateline.DraftOpen)
	held := fresh()
	_, err = n.desk.Hold(t.Context(), editor, seen(held), "lawyers")
	n.must(err)
	begin := n.head()
	n.clock.Pass(3 * time.Hour)
	if n.run() != 0 {
		t.Error("something went out")
	}
	check("held at its hour", held.ID, "did not go out", dateline.DraftOpen)
	n.nothing(begin)
	if n.find(held.ID).Edition != 0 {
		t.Error("the held article went out")
	}
}

func TestOneFailedScheduleStopsNoOther(t *testing.T) {
	n := newsroom(t)
	section := n.section("world").ID
	held := n.schedule(n.create(dateline.Content{Headline: "One", Section: section}), time.Minute)
	_, err := n.desk.Hold(t.Context(), editor, seen(held), "lawyers")
	n.must(err)
	other := n.schedule(n.create(dateline.Content{Headline: "Two", Section: section}), time.Minute)
	n.clock.Pass(time.Hour)
	if n.run() != 1 || n.find(other.ID).Edition != 1 {
		t.Error("the other one did not go out")
	}
	if got := n.entries(0); got[len(got)-1].Sequence != int64(len(got)) {
		t.Error("the refused one left a gap")
	}
}

func TestClockThatJumped(t *testing.T) {
	n := newsroom(t)
	section := n.section("world").ID
	a := n.schedule(n.create(dateline.Content{Headline: "One", Section: section}), time.Hour)
	b := n.create(dateline.Content{Headline: "Two", Section: section})
	begin := n.head()
	n.clock.Jump(2 * time.Hour)
	_, _, err := n.desk.RunDue(t.Context())
	n.refused(dateline.EUnavailable, "jumped", err)
	_, err = n.desk.Publish(t.Context(), editor, seen(b), desk.Publishing{Change: dateline.ChangeFirst})
	n.refused(dateline.EUnavailable, "chief", err)
	n.nothing(begin)
	n.clock.Jump(-2 * time.Hour)
	n.publish(b, dateline.ChangeFirst, "") // it agrees again
	n.clock.Jump(2 * time.Hour)
	n.refused(dateline.EForbidden, "chief", n.desk.ConfirmClock(t.Context(), editor, "it is right"))
	n.refused(dateline.EInvalid, "reason", n.desk.ConfirmClock(t.Context(), chief, ""))
	n.must(n.desk.ConfirmClock(t.Context(), chief, "the battery was empty"))
	if n.run() != 1 || n.find(a.ID).Edition != 1 {
		t.Error("after it was confirmed nothing went out")
	}
	lines, err := n.desk.ListAudit(t.Context(), chief, "", 0, 0)
	n.must(err)
	found := false
	for _, l := range lines {
		found = found || strings.Contains(l.Detail, "battery")
	}
	if !found {
		t.Error("the audit does not know who confirmed the clock")
	}
	// The guard outlives the program: a clock that starts far behind the newest act waits too.
	n.close()
	n.clock.Jump(-24 * time.Hour)
	n.open()
	c := n.create(dateline.Content{Headline: "Three", Section: section})
	if c.Created.Before(n.find(a.ID).First) {
		t.Error("the clock went back")
	}
	_, err = n.desk.Publish(t.Context(), editor, seen(c), desk.Publishing{Change: dateline.ChangeFirst})
	n.refused(dateline.EUnavailable, "behind", err)
	n.must(n.desk.ConfirmClock(t.Context(), chief, "it was set wrong before"))
	n.publish(c, dateline.ChangeFirst, "")
}

// bubble is the clock inside synctest.
type bubble struct{ started time.Time }

func (bubble) Now() time.Time        { return time.Now() }
func (b bubble) Boot() time.Duration { return time.Since(b.started) }

func TestScheduler(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		s, err := store.Open(ctx, filepath.Join(dir, "desk.db"), bubble{time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		d, err := desk.New(ctx, desk.Config{Store: s, Log: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Init(ctx, dateline.Publication{Name: "The Estuary", Site: "http://127.0.0.1:8080", Zone: "UTC", Language: "en"}); err != nil {
			t.Fatal(err)
		}
		section, err := d.CreateSection(ctx, chief, dateline.Section{Slug: "world", Names: dateline.Names{"en": "World"}})
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- d.RunScheduler(ctx) }()
		var due []time.Time
		var ids []dateline.ID
		for i := range 20 {
			a, err := d.Create(ctx, reporter, dateline.KindArticle, dateline.Content{Headline: "One", Section: section.ID})
			if err != nil {
				t.Fatal(err)
			}
			// Later ones are made first, so that each wakes the scheduler to an earlier hour.
			at := time.Now().Add(time.Duration(20-i)*7*time.Minute + 1234567*time.Microsecond)
			if _, err := d.Schedule(ctx, editor, seen(a), at, desk.Publishing{}); err != nil {
				t.Fatal(err)
			}
			due, ids = append(due, at), append(ids, a.ID)
		}
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		for i, id := range ids {
			a, err := d.Find(ctx, editor, id)
			if err != nil {
				t.Fatal(err)
			}
			if late := a.First.Sub(due[i].Truncate(time.Microsecond)); a.Edition != 1 || late < 0 || late > time.Second {
				t.Errorf("article %d went out %d times, %v late", i, a.Edition, late)
			}
		}
		cancel()
		if err := <-done; err != context.Canceled {
			t.Errorf("the scheduler ended with %v", err)
		}
		if log.Len() > 0 {
			t.Errorf("it complained: %s", log.String())
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
