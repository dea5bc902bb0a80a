package desk_test

import (
	"errors"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

const words = `{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"The gates are open."}]}]}`

// coverage publishes a live coverage and sets it live.
func (n *room) coverage() *dateline.Article {
	n.Helper()
	a, err := n.desk.Create(n.Context(), editor, dateline.KindLive, dateline.Content{Headline: "The first sailing", Section: n.section("coast").ID})
	n.must(err)
	r := n.publish(a, dateline.ChangeFirst, "")
	_, err = n.desk.Steer(n.Context(), editor, a.ID, 1, desk.Steering{State: dateline.LiveOn})
	n.must(err)
	return r.Article
}

// liveEntry is the body of the newest entry of the record.
func (n *room) liveEntry() *record.LiveEntry {
	n.Helper()
	body, err := n.entries(n.head() - 1)[0].Decode()
	n.must(err)
	return body.(*record.LiveEntry)
}

func TestALiveCoverageFromItsBeginningToItsEnd(t *testing.T) {
	n := newsroom(t)
	ctx := t.Context()
	a, err := n.desk.Create(ctx, editor, dateline.KindLive, dateline.Content{Headline: "The first sailing", Section: n.section("coast").ID})
	n.must(err)
	_, err = n.desk.Post(ctx, editor, a.ID, desk.Entry{Headline: "Gates"}, "")
	n.refused(dateline.EState, "publish it first", err)
	n.publish(a, dateline.ChangeFirst, "")
	_, err = n.desk.Post(ctx, editor, a.ID, desk.Entry{Headline: "Gates"}, "")
	n.refused(dateline.EState, "planned", err)
	_, err = n.desk.Steer(ctx, editor, a.ID, 1, desk.Steering{State: dateline.LivePaused})
	n.refused(dateline.EState, "planned", err)
	_, err = n.desk.Steer(ctx, editor, a.ID, 0, desk.Steering{State: dateline.LiveOn})
	n.refused(dateline.EMissing, "If-Match", err)
	_, err = n.desk.Steer(ctx, reporter, a.ID, 1, desk.Steering{State: dateline.LiveOn})
	n.refused(dateline.EForbidden, "reporter", err)
	r, err := n.desk.Steer(ctx, editor, a.ID, 1, desk.Steering{State: dateline.LiveOn, Summary: []byte(words)})
	n.must(err)
	_, err = n.desk.Steer(ctx, editor, a.ID, 1, desk.Steering{State: dateline.LivePaused})
	n.refused(dateline.EConflict, "version 2", err)
	_, err = n.desk.Steer(ctx, editor, a.ID, r.Live.Version, desk.Steering{State: dateline.LiveEnded})
	n.must(err)
	_, err = n.desk.Post(ctx, editor, a.ID, desk.Entry{Headline: "Gates"}, "")
	n.refused(dateline.EState, "ended", err)
	plain := n.create(dateline.Content{Headline: "No coverage"})
	_, err = n.desk.Post(ctx, editor, plain.ID, desk.Entry{Headline: "Gates"}, "")
	n.refused(dateline.EState, "no live coverage", err)
}

func TestEntriesHaveVersionsOfTheirOwn(t *testing.T) {
	n := newsroom(t)
	ctx := t.Context()
	a := n.coverage()
	first, err := n.desk.Post(ctx, editor, a.ID, desk.Entry{Headline: "Gates", Body: []byte(words)}, "one")
	n.must(err)
	head := n.head()
	again, err := n.desk.Post(ctx, editor, a.ID, desk.Entry{Headline: "Gates", Body: []byte(words)}, "one")
	n.must(err)
	if again.Entry.Number != 1 || again.Sequence != first.Sequence || n.head() != head {
		t.Errorf("a repeated request posted again: %+v", again)
	}
	second, err := n.desk.Post(ctx, chief, a.ID, desk.Entry{Headline: "Ropes", At: noon.Add(time.Hour)}, "")
	n.must(err)
	if second.Entry.Number != 2 || n.liveEntry().Public != record.FormatInstant(noon.Add(time.Hour)) {
		t.Errorf("the second is %+v", second.Entry)
	}
	n.clock.Pass(time.Minute)
	r, err := n.desk.EditEntry(ctx, editor, a.ID, 1, first.Entry.Version, desk.Entry{Headline: "Gates", Body: []byte(words), Correction: "Two gates, not three."})
	n.must(err)
	if b := n.liveEntry(); b.Act != record.EntryEdited || b.Corrected != record.FormatInstant(noon.Add(time.Minute)) || r.Entry.Version != 2 {
		t.Errorf("the correction stands as %+v", b)
	}
	_, err = n.desk.EditEntry(ctx, chief, a.ID, 1, first.Entry.Version, desk.Entry{Headline: "Gates, again"})
	n.refused(dateline.EConflict, "changed by elena", err)
	_, err = n.desk.EditEntry(ctx, chief, a.ID, 2, second.Entry.Version, desk.Entry{Headline: "Ropes, all"})
	n.must(err)
	_, err = n.desk.EditEntry(ctx, chief, a.ID, 2, 0, desk.Entry{Headline: "Ropes"})
	n.refused(dateline.EMissing, "If-Match", err)
	_, err = n.desk.DeleteEntry(ctx, editor, a.ID, 1, 2, " ")
	n.refused(dateline.EInvalid, "why", err)
	_, err = n.desk.DeleteEntry(ctx, editor, a.ID, 1, 2, "It named a passenger.")
	n.must(err)
	if b := n.liveEntry(); b.Act != record.EntryDeleted || b.Headline != "" || b.Body != nil || b.Reason != "It named a passenger." {
		t.Errorf("the removal stands as %+v", b)
	}
	_, err = n.desk.EditEntry(ctx, editor, a.ID, 1, 3, desk.Entry{Headline: "Back"})
	n.refused(dateline.EState, "removed", err)
	_, list, err := n.desk.FindLive(ctx, reporter, a.ID, 0, 0)
	n.must(err)
	if len(list) != 2 || list[0].Number != 2 || !list[1].Deleted {
		t.Errorf("the desk lists %+v", list)
	}
}

func TestALockStopsALiveCoverage(t *testing.T) {
	n := newsroom(t)
	a := n.coverage()
	_, err := n.desk.Hold(t.Context(), editor, seen(a), "the lawyers look at it")
	n.must(err)
	_, err = n.desk.Post(t.Context(), editor, a.ID, desk.Entry{Headline: "Gates"}, "")
	n.refused(dateline.ELocked, "hold", err)
}

func TestAWithdrawalWithholdsEveryEntry(t *testing.T) {
	n := newsroom(t)
	ctx := t.Context()
	a := n.coverage()
	posted, err := n.desk.Post(ctx, editor, a.ID, desk.Entry{Headline: "Gates"}, "")
	n.must(err)
	down, err := n.desk.Withdraw(ctx, chief, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnLegal})
	n.must(err)
	for _, e := range n.entries(0) {
		if e.Subject == a.ID && e.Kind != record.KindWithdrawal && e.HasBody() {
			t.Errorf("entry %d (%s) still has its words", e.Sequence, e.Kind)
		}
	}
	_, err = n.desk.Post(ctx, editor, a.ID, desk.Entry{Headline: "Gates"}, "")
	n.refused(dateline.EState, "withdrawn", err)
	_, err = n.desk.Restore(ctx, chief, seen(down.Article), "")
	n.must(err)
	if e := n.entries(posted.Sequence - 1)[0]; !e.HasBody() {
		t.Error("the entry did not come back")
	}
}

func TestAnEntryIsBrokenOutOnce(t *testing.T) {
	n := newsroom(t)
	ctx := t.Context()
	a := n.coverage()
	posted, err := n.desk.Post(ctx, editor, a.ID, desk.Entry{Headline: "Gates", Body: []byte(words)}, "")
	n.must(err)
	head := n.head()
	made, err := n.desk.BreakOut(ctx, reporter, a.ID, 1, posted.Entry.Version)
	n.must(err)
	n.nothing(head)
	if made.Content.Headline != "Gates" || made.Content.Section != a.Content.Section || string(made.Content.Body) == "" {
		t.Errorf("the draft is %+v", made.Content)
	}
	_, err = n.desk.BreakOut(ctx, reporter, a.ID, 1, posted.Entry.Version+1)
	n.refused(dateline.EState, string(made.ID), err)
	r := n.publish(n.find(made.ID), dateline.ChangeFirst, "")
	if o := n.edition(r.Sequence).Origin; o == nil || o.Article != a.ID || o.Entry != 1 {
		t.Errorf("its edition names %+v", o)
	}
	var e *dateline.Error
	if _, err := n.desk.BreakOut(ctx, reporter, a.ID, 9, 1); !errors.As(err, &e) || e.Code != dateline.ENotFound {
		t.Errorf("an entry that is not there: %v", err)
	}
}

// TestAnEntryMaySayNothingButAnEmbed: it is kept, while a body without anything is none.
func TestAnEntryMaySayNothingButAnEmbed(t *testing.T) {
	n := newsroom(t)
	a := n.coverage()
	for body, kept := range map[string]bool{
		`{"type":"doc","content":[{"type":"embed","attrs":{"provider":"youtube","url":"https://youtu.be/a"}}]}`: true,
		`{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":" "}]}]}`:                false,
	} {
		_, err := n.desk.Post(t.Context(), editor, a.ID, desk.Entry{Headline: "The launch", Body: []byte(body)}, "")
		n.must(err)
		if got := n.liveEntry(); len(got.Body) > 0 != kept {
			t.Errorf("of %s the entry has %s", body, got.Body)
		}
	}
}
