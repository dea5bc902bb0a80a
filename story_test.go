package dateline

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestAStorysChangesSayWhatTheyMust(t *testing.T) {
	for _, c := range []struct {
		number int
		change Change
		note   string
		wrong  string // the path that is refused; none where it is empty
	}{
		{1, ChangeFirst, "", ""}, {1, ChangeUpdate, "", "change"}, {1, ChangeFirst, "Hello.", "note"},
		{2, ChangeUpdate, "", ""}, {2, ChangeUpdate, "A vote is due.", ""}, {2, ChangeMinor, "", ""}, {2, ChangeMinor, "x", "note"},
		{2, ChangeCorrection, "It is in August.", ""}, {2, ChangeCorrection, " ", "note"}, {3, ChangeClarification, "", "note"},
		{2, ChangeFirst, "", "change"}, {2, ChangeRetraction, "x", "change"}, {2, "", "", "change"},
		{2, ChangeUpdate, strings.Repeat("x", MaxNote+1), "note"},
	} {
		err := CheckStoryChange(c.number, c.change, c.note)
		switch e, _ := err.(*Error); {
		case c.wrong == "" && err != nil:
			t.Errorf("%d %s %q: %v", c.number, c.change, c.note, err)
		case c.wrong != "" && (e == nil || e.Code != EInvalid || len(e.Fields) == 0 || e.Fields[0].Path != c.wrong):
			t.Errorf("%d %s %q is refused by %v, want the field %s", c.number, c.change, c.note, err, c.wrong)
		}
	}
}

func TestStoriesAreCompared(t *testing.T) {
	at := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	was := StoryContent{Name: "The talks", Background: "Long ago.", Statuses: []StoryStatus{{ID: "s1", At: at, Words: "Under way"}},
		Events: []StoryEvent{{ID: "e1", When: "2026-07", Title: "A vote"}, {ID: "e2", When: "2026-08", Title: "A count"}}, Parties: []StoryParty{{Topic: "p1", Role: "Host"}},
		Joined: []ID{"a1", "a2"}, Left: []ID{"a3"}}
	is := StoryContent{Name: "The fishing talks", Background: "Long ago.", Statuses: []StoryStatus{{ID: "s1", At: at, Words: "Under way"}, {ID: "s2", At: at, Words: "Suspended"}},
		Events: []StoryEvent{{ID: "e1", When: "2026-08", Title: "A vote"}}, Parties: []StoryParty{{Topic: "p2"}}, Joined: []ID{"a1", "a4"}, Left: []ID{"a2"}}
	say := func(list []StoryDifference) string {
		var b strings.Builder
		for _, d := range list {
			fmt.Fprintf(&b, "%s", d.Part)
			for i := range 2 {
				switch {
				case d.Status[i] != nil:
					fmt.Fprintf(&b, " %d=%s", i, d.Status[i].Words)
				case d.Event[i] != nil:
					fmt.Fprintf(&b, " %d=%s", i, d.Event[i].When)
				case d.Party[i] != nil:
					fmt.Fprintf(&b, " %d=%s", i, d.Party[i].Topic)
				case d.Text[i] != "":
					fmt.Fprintf(&b, " %d=%s", i, d.Text[i])
				}
			}
			fmt.Fprintf(&b, "%s%s\n", prefixed(" +", d.Joined), prefixed(" -", d.Left))
		}
		return b.String()
	}
	want := "name 0=The talks 1=The fishing talks\nstatus 1=Suspended\nevent 0=2026-07 1=2026-08\nevent 0=2026-08\nparty 1=p2\nparty 0=p1\narticle +a4\narticle +a3\narticle -a2\n"
	if got := say(CompareStories(&was, &is)); got != want {
		t.Errorf("they differ in\n%swant\n%s", got, want)
	}
	if got := CompareStories(&is, &is); len(got) != 0 {
		t.Errorf("a story differs from itself: %s", say(got))
	}
	if got := say(CompareStories(&StoryContent{}, &was)); strings.Count(got, "\n") != 9 {
		t.Errorf("from nothing came\n%s", got)
	}
}

func prefixed(sign string, id ID) string {
	if id == "" {
		return ""
	}
	return sign + string(id)
}

func TestEveryStateHasItsCodes(t *testing.T) {
	want := map[StoryState]string{StoryExpected: "eos4", StoryUncertain: "eos3", StoryUnderWay: "eos5", StorySuspended: "eos2", StoryEnded: "eos5", StoryCalledOff: "eos6"}
	for _, s := range StoryStates {
		if s.IPTC() != want[s] || !strings.HasPrefix(s.Schema(), "Event") {
			t.Errorf("%s is %q and %q", s, s.IPTC(), s.Schema())
		}
	}
}

func TestHowManyStatusesAreKnownToBeGone(t *testing.T) {
	at := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	s := Story{ID: "story", Live: new(StoryContent)}
	for i := range MaxStoryGone + 2 {
		s.Live.Statuses = []StoryStatus{{ID: ID(fmt.Sprint(i))}}
		s.TakeOut(new(StoryContent), at.Add(time.Duration(i)))
	}
	if len(s.Gone) != MaxStoryGone || s.Gone[0].ID != "2" {
		t.Errorf("%d are known, the oldest %+v", len(s.Gone), s.Gone[0])
	}
	s.Tellings = []StoryTelling{{Number: 1, Change: ChangeCorrection}}
	if s.TakeDown(at); len(s.Gone) != MaxStoryGone || s.Gone[0].ID != "3" || s.Gone[MaxStoryGone-1].ID != s.ID {
		t.Errorf("once it is taken down itself %d are known, from %+v to %+v", len(s.Gone), s.Gone[0], s.Gone[len(s.Gone)-1])
	}
}
