package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

func storyContent() dateline.StoryContent {
	return dateline.StoryContent{Name: "The fishing talks", Statuses: []dateline.StoryStatus{{At: noon, State: dateline.StoryUnderWay, Words: "Talks under way"}}}
}

func (n *room) story(c dateline.StoryContent) *dateline.Story {
	n.Helper()
	s, err := n.desk.CreateStory(n.Context(), reporter, "", c)
	n.must(err)
	return s
}

func saw(s *dateline.Story) desk.Target { return desk.Target{ID: s.ID, Version: s.Version} }

func (n *room) publishStory(s *dateline.Story) *dateline.Story {
	n.Helper()
	r, err := n.desk.PublishStory(n.Context(), editor, saw(s), "", "")
	n.must(err)
	return r.Story
}

// storyEntry reads what the newest entry of a story says.
func (n *room) storyEntry(seq int64) *record.Story {
	n.Helper()
	body, err := n.entries(seq - 1)[0].Decode()
	n.must(err)
	return body.(*record.Story)
}

func TestAStorysDraftIsDeskWork(t *testing.T) {
	n := newsroom(t)
	topic := n.topic("islands-council")
	head := n.head()
	c := storyContent()
	c.Parties = []dateline.StoryParty{{Topic: topic.ID, Role: "Speaks for the islands"}}
	s := n.story(c)
	s, err := n.desk.SaveStory(n.Context(), reporter, saw(s), "talks", c)
	n.must(err)
	n.nothing(head)
	if _, err := n.desk.PublishStory(n.Context(), reporter, saw(s), "", ""); dateline.ErrorCode(err) != dateline.EForbidden {
		t.Errorf("a reporter publishes a story: %v", err)
	}
	s = n.publishStory(s)
	if kinds := n.kinds(head); kinds != "topic story" {
		t.Errorf("the record got %q", kinds)
	}
	b := n.storyEntry(n.head())
	if b.Slug != "talks" || b.Number != 1 || len(b.Statuses) != 1 || b.Parties[0].Topic != topic.ID {
		t.Errorf("the entry says %+v", b)
	}
	head = n.head()
	c = s.Content
	c.Summary = "A secret for now"
	s, err = n.desk.SaveStory(n.Context(), editor, saw(s), "", c)
	n.must(err)
	n.nothing(head)
	r, err := n.desk.ChangeStatus(n.Context(), editor, saw(s), dateline.StoryStatus{State: dateline.StorySuspended, Words: "Talks suspended"})
	n.must(err)
	b = n.storyEntry(r.Sequence)
	if b.Summary != "" || len(b.Statuses) != 2 || b.Statuses[1].Words != "Talks suspended" {
		t.Errorf("with the status went %+v", b)
	}
	if !r.Story.Unsaid || r.Story.Content.Summary == "" || len(r.Story.Content.Statuses) != 2 {
		t.Errorf("the draft is %+v", r.Story)
	}
	_, err = n.desk.PublishStory(n.Context(), editor, saw(s), "", "")
	n.refused(dateline.EConflict, "version", err)
	_, err = n.desk.PublishStory(n.Context(), editor, desk.Target{ID: s.ID}, "", "")
	n.refused(dateline.EMissing, "If-Match", err)
	lines, err := n.desk.ListAudit(n.Context(), editor, "", 0, 10)
	n.must(err)
	if !slices.ContainsFunc(lines, func(l desk.AuditLine) bool {
		return l.Act == dateline.ActPublishStory && l.Sequence == r.Sequence && strings.Contains(l.Detail, "talks")
	}) {
		t.Error("the act left no audit line")
	}
}

func TestAnArticleJoinsAStoryByOneField(t *testing.T) {
	n := newsroom(t)
	section := n.section("coast")
	s := n.story(storyContent())
	early := n.create(dateline.Content{Headline: "The line is drawn", Section: section.ID, Stories: []dateline.ID{s.ID}})
	r := n.publish(early, "", "")
	if got := n.edition(r.Sequence).Stories; len(got) != 0 {
		t.Errorf("an edition names the draft of a story: %v", got)
	}
	hidden := n.create(dateline.Content{Headline: "Not out yet", Section: section.ID, Stories: []dateline.ID{s.ID}})
	s = n.publishStory(s)
	if b := n.storyEntry(n.head()); !slices.Equal(b.Joined, []dateline.ID{early.ID}) {
		t.Errorf("the story is joined by %v, want %s", b.Joined, early.ID)
	}
	r = n.publish(hidden, "", "")
	if got := n.edition(r.Sequence).Stories; !slices.Equal(got, []dateline.ID{s.ID}) {
		t.Errorf("the edition names %v", got)
	}
	_, err := n.desk.Create(n.Context(), reporter, dateline.KindArticle, dateline.Content{Headline: "x", Stories: []dateline.ID{section.ID}})
	n.refused(dateline.EInvalid, "stories", err)
}

func TestAStorysSourcesAreKnownToReaders(t *testing.T) {
	n := newsroom(t)
	section := n.section("coast")
	a := n.create(dateline.Content{Headline: "A report to come", Section: section.ID})
	c := storyContent()
	c.Statuses[0].Source = dateline.StorySource{Article: a.ID, Paragraph: 1}
	s := n.story(c)
	_, err := n.desk.PublishStory(n.Context(), editor, saw(s), "", "")
	n.refused(dateline.EState, "A report to come", err)
	n.publish(a, "", "")
	n.publishStory(s)
	for _, bad := range []dateline.StorySource{{Address: "javascript:alert(1)"}, {Address: "ftp://x"}, {Article: a.ID, Address: "https://x.example"}, {Paragraph: 2}} {
		c.Statuses[0].Source = bad
		if _, err := n.desk.CreateStory(n.Context(), editor, "", c); dateline.ErrorCode(err) != dateline.EInvalid {
			t.Errorf("the source %+v: %v", bad, err)
		}
	}
}

func TestStoriesEnd(t *testing.T) {
	n := newsroom(t)
	section := n.section("coast")
	s := n.publishStory(n.story(storyContent()))
	var ids []dateline.ID
	for _, headline := range []string{"One", "Two", "Three"} {
		a := n.create(dateline.Content{Headline: headline, Section: section.ID, Stories: []dateline.ID{s.ID}})
		n.publish(a, "", "")
		ids = append(ids, a.ID)
	}
	r, err := n.desk.SplitStory(n.Context(), editor, saw(s), "The net dispute", ids[:1])
	n.must(err)
	part := r.Story
	if b := n.storyEntry(r.Sequence); !slices.Equal(b.Joined, ids[:1]) || b.Slug != "the-net-dispute" || b.Statuses[0].Words != "Talks under way" {
		t.Errorf("the new story says %+v", b)
	}
	if b := n.storyEntry(r.Sequence - 1); !slices.Equal(b.Left, ids[:1]) {
		t.Errorf("the old story says %+v", b)
	}
	s, err = n.desk.FindStory(n.Context(), editor, s.ID)
	n.must(err)
	_, err = n.desk.SplitStory(n.Context(), editor, saw(s), "Again", ids[:1])
	n.refused(dateline.EInvalid, "does not belong", err)

	r, err = n.desk.MergeStory(n.Context(), editor, saw(part), saw(s))
	n.must(err)
	if b := n.storyEntry(r.Sequence); !slices.Contains(b.Joined, ids[0]) || len(b.Events) != 1 || b.Events[0].When != "2026-03-29" {
		t.Errorf("after the merger the story says %+v", b)
	}
	if b := n.storyEntry(n.head()); b.Into != s.ID || b.Name != "" || len(b.Statuses) != 0 {
		t.Errorf("what was merged says %+v", b)
	}
	a := n.create(dateline.Content{Headline: "Four", Section: section.ID, Stories: []dateline.ID{part.ID}})
	if got := n.edition(n.publish(a, "", "").Sequence).Stories; !slices.Equal(got, []dateline.ID{s.ID}) {
		t.Errorf("an article of a merged story names %v", got)
	}
	s = r.Story
	_, err = n.desk.WithdrawStory(n.Context(), editor, saw(s), "", "")
	n.refused(dateline.EInvalid, "reason", err)
	r, err = n.desk.WithdrawStory(n.Context(), editor, saw(s), "It was told wrongly.", "the lawyers")
	n.must(err)
	withheld := 0
	for _, e := range n.entries(0) {
		if e.Kind == record.KindStory && e.Subject == s.ID && !e.HasBody() {
			withheld++
		}
	}
	if b := n.storyEntry(r.Sequence); !b.Withdrawn || b.Name != "" || b.Note != "It was told wrongly." || withheld != 3 {
		t.Errorf("%d entries are withheld, the last says %+v", withheld, b)
	}
	n.reopen()
	s = n.publishStory(r.Story)
	if b := n.storyEntry(n.head()); b.Withdrawn || b.Name != "The fishing talks" || s.Readers != dateline.Published {
		t.Errorf("it came back as %+v", b)
	}
}

func TestSlugsOfStoriesAreNeverUsedAgain(t *testing.T) {
	n := newsroom(t)
	s := n.publishStory(n.story(storyContent()))
	s, err := n.desk.SaveStory(n.Context(), editor, saw(s), "channel", s.Content)
	n.must(err)
	s = n.publishStory(s)
	if !slices.Equal(s.Former, []string{"the-fishing-talks"}) {
		t.Errorf("former slugs are %v", s.Former)
	}
	other := n.story(storyContent())
	if other.Slug == "the-fishing-talks" {
		t.Error("a slug that redirects was given to another story")
	}
	other, err = n.desk.SaveStory(n.Context(), editor, saw(other), "the-fishing-talks", other.Content)
	n.must(err)
	if _, err = n.desk.PublishStory(n.Context(), editor, saw(other), "", ""); dateline.ErrorCode(err) != dateline.EConflict {
		t.Errorf("an address was used again: %v", err)
	}
}

func TestStoryContentIsValid(t *testing.T) {
	n := newsroom(t)
	for words, change := range map[string]func(*dateline.StoryContent){
		"151 words": func(c *dateline.StoryContent) { c.Background = strings.Repeat("word ", 151) },
		"state":     func(c *dateline.StoryContent) { c.Statuses[0].State = "paused" },
		"when":      func(c *dateline.StoryContent) { c.Events = []dateline.StoryEvent{{When: "soon", Title: "x"}} },
		"title":     func(c *dateline.StoryContent) { c.Events = []dateline.StoryEvent{{When: "2026", Title: " "}} },
		"parties": func(c *dateline.StoryContent) {
			c.Parties = []dateline.StoryParty{{Topic: "0190b5f0-6c00-7cc3-98c4-dc0c0c07398f"}}
		},
	} {
		c := storyContent()
		change(&c)
		_, err := n.desk.CreateStory(n.Context(), editor, "", c)
		n.refused(dateline.EInvalid, words, err)
	}
	s := n.story(dateline.StoryContent{Name: "No status yet"})
	_, err := n.desk.PublishStory(n.Context(), editor, saw(s), "", "")
	n.refused(dateline.EInvalid, "statuses", err)
	late, early := storyContent().Statuses[0], storyContent().Statuses[0]
	early.At = noon.Add(-time.Hour)
	s = n.story(dateline.StoryContent{Name: "Out of order", Statuses: []dateline.StoryStatus{late, early}})
	if !s.Content.Statuses[0].At.Equal(early.At) {
		t.Error("statuses do not stand in the order of their instants")
	}
}

func TestStoriesAreSuggestedAndDismissedForGood(t *testing.T) {
	n := newsroom(t)
	section, council, harbour := n.section("coast"), n.topic("islands-council"), n.topic("harbour-authority")
	c := storyContent()
	c.Parties = []dateline.StoryParty{{Topic: council.ID}, {Topic: harbour.ID}}
	talks := n.publishStory(n.story(c))
	n.story(dateline.StoryContent{Name: "The old bridge"})
	suggests := func(c dateline.Content) []desk.StorySuggestion {
		t.Helper()
		list, err := n.desk.SuggestStories(n.Context(), reporter, n.create(c).ID)
		n.must(err)
		return list
	}
	both := dateline.Content{Headline: "Council writes to the authority", Section: section.ID, Topics: []dateline.ID{council.ID, harbour.ID}}
	if list := suggests(both); len(list) != 1 || list[0].Story.ID != talks.ID || len(list[0].Topics) != 2 || len(list[0].Words) != 0 {
		t.Errorf("two parties suggest %+v", list)
	}
	if list := suggests(dateline.Content{Headline: "Fishing talks in Mora"}); len(list) != 1 || !slices.Equal(list[0].Words, []string{"fishing", "talks"}) {
		t.Errorf("two words suggest %+v", list)
	}
	for _, c := range []dateline.Content{{Headline: "A talk on bridges"}, {Headline: "Council meets", Topics: []dateline.ID{council.ID}}, {Headline: "The the the"},
		{Headline: "Council writes", Topics: []dateline.ID{council.ID, harbour.ID}, Stories: []dateline.ID{talks.ID}}} {
		if list := suggests(c); len(list) != 0 {
			t.Errorf("%q suggests %+v", c.Headline, list)
		}
	}
	// A party that stands for a person is shared by whoever quotes the person, or is written by the person.
	pilot := n.person("odo-kess")
	stands, err := n.desk.CreateTopic(n.Context(), reporter, dateline.Topic{Slug: "odo-kess", Kind: dateline.TopicPerson, Person: pilot.ID, Names: dateline.Names{"en": "Odo Kess"}})
	n.must(err)
	c = dateline.StoryContent{Name: "The pilots’ strike", Parties: []dateline.StoryParty{{Topic: stands.ID}}}
	strike := n.story(c)
	quoting := []byte(`{"type":"doc","content":[{"type":"quote","attrs":{"speaker":"` + string(pilot.ID) + `"},"content":[{"type":"paragraph","content":[{"type":"text","text":"Not a boat."}]}]}]}`)
	for what, c := range map[string]dateline.Content{"quoted": {Headline: "Pilots vote", Body: quoting}, "written": {Headline: "Pilots vote", Byline: []dateline.Credit{{Person: pilot.ID}}},
		"the topic": {Headline: "Pilots vote", Topics: []dateline.ID{stands.ID}}} {
		if list := suggests(c); len(list) != 1 || list[0].Story.ID != strike.ID || !slices.Equal(list[0].Topics, []dateline.ID{stands.ID}) || !slices.Equal(list[0].Words, []string{"pilots"}) {
			t.Errorf("a person who is %s suggests %+v", what, list)
		}
	}
	if list := suggests(dateline.Content{Headline: "Pilots vote", Byline: []dateline.Credit{{Person: n.person("else").ID}}}); len(list) != 0 {
		t.Errorf("another person suggests %+v", list)
	}
	a := n.create(both)
	head := n.head()
	n.must(n.desk.DismissStory(n.Context(), reporter, a.ID, talks.ID))
	n.must(n.desk.DismissStory(n.Context(), reporter, a.ID, talks.ID))
	n.nothing(head)
	n.reopen()
	if list, err := n.desk.SuggestStories(n.Context(), reporter, a.ID); err != nil || len(list) != 0 {
		t.Errorf("what was dismissed is suggested again: %+v %v", list, err)
	}
	if len(suggests(both)) != 1 {
		t.Error("it was dismissed for another article too")
	}
}

func TestAStoryGoesOutAtItsHour(t *testing.T) {
	n := newsroom(t)
	c := storyContent()
	s := n.story(c)
	at := func(in time.Duration) time.Time { return n.clock.Now().Add(in) }
	_, err := n.desk.ScheduleStory(n.Context(), editor, saw(s), at(-time.Minute), "", "")
	n.refused(dateline.EInvalid, "past", err)
	_, err = n.desk.ScheduleStory(n.Context(), reporter, saw(s), at(time.Hour), "", "")
	n.refused(dateline.EForbidden, "schedule", err)
	_, err = n.desk.ScheduleStory(n.Context(), editor, saw(n.story(dateline.StoryContent{Name: "No status"})), at(time.Hour), "", "")
	n.refused(dateline.EInvalid, "statuses", err)
	head := n.head()
	s, err = n.desk.ScheduleStory(n.Context(), editor, saw(s), at(time.Hour), "", "")
	n.must(err)
	c.Summary = "Saved later, and not to go out"
	s, err = n.desk.SaveStory(n.Context(), reporter, saw(s), "", c)
	n.must(err)
	if n.run() != 0 {
		t.Error("it went out early")
	}
	n.nothing(head)
	n.reopen()
	n.clock.Pass(time.Hour + time.Second)
	if n.run() != 1 || n.run() != 0 {
		t.Error("it did not go out once")
	}
	b := n.storyEntry(n.head())
	if b.Number != 1 || b.Summary != "" || b.Change != dateline.ChangeFirst {
		t.Errorf("out went %+v", b)
	}
	s, err = n.desk.FindStory(n.Context(), editor, s.ID)
	n.must(err)
	if s.Schedule != nil || !s.Unsaid || s.Content.Summary != c.Summary || s.Readers != dateline.Published {
		t.Errorf("afterwards the story is %+v", s)
	}
	s, err = n.desk.ScheduleStory(n.Context(), editor, saw(s), at(time.Hour), dateline.ChangeCorrection, "It was not so.")
	n.must(err)
	s, err = n.desk.UnscheduleStory(n.Context(), editor, saw(s))
	n.must(err)
	n.clock.Pass(2 * time.Hour)
	if n.run() != 0 || s.Schedule != nil {
		t.Error("it went out although its schedule was taken off")
	}
	_, err = n.desk.UnscheduleStory(n.Context(), editor, saw(s))
	n.refused(dateline.EState, "not scheduled", err)
	s, err = n.desk.ScheduleStory(n.Context(), editor, saw(s), at(time.Hour), dateline.ChangeCorrection, "It was not so.")
	n.must(err)
	n.clock.Pass(2 * time.Hour)
	if n.run() != 1 {
		t.Error("the correction did not go out")
	}
	if b := n.storyEntry(n.head()); b.Change != dateline.ChangeCorrection || b.Note != "It was not so." || b.Summary != c.Summary {
		t.Errorf("the correction says %+v", b)
	}
	s, err = n.desk.FindStory(n.Context(), editor, s.ID)
	n.must(err)
	if s.Unsaid || len(s.Tellings) != 2 || s.Tellings[1].By != "schedule of "+editor.Name {
		t.Errorf("afterwards the story is %+v", s)
	}
}

func TestLocksStopAStory(t *testing.T) {
	n := newsroom(t)
	s := n.story(storyContent())
	until := n.clock.Now().Add(time.Hour)
	s, err := n.desk.ScheduleStory(n.Context(), editor, saw(s), until.Add(-time.Minute), "", "")
	n.must(err)
	head := n.head()
	_, err = n.desk.EmbargoStory(n.Context(), reporter, saw(s), until, "")
	n.refused(dateline.EForbidden, "embargo", err)
	s, err = n.desk.EmbargoStory(n.Context(), editor, saw(s), until, "The council asked")
	n.must(err)
	if s.Schedule != nil {
		t.Error("a schedule inside the embargo stays")
	}
	_, err = n.desk.ScheduleStory(n.Context(), editor, saw(s), until.Add(-time.Second), "", "")
	n.refused(dateline.ELocked, "The council asked", err)
	_, err = n.desk.PublishStory(n.Context(), editor, saw(s), "", "")
	n.refused(dateline.ELocked, "The council asked", err)
	_, err = n.desk.EmbargoStory(n.Context(), editor, saw(s), until.Add(-time.Minute), "sooner")
	n.refused(dateline.EForbidden, "lift embargo", err)
	_, err = n.desk.LiftStoryEmbargo(n.Context(), editor, saw(s), "sooner")
	n.refused(dateline.EForbidden, "lift embargo", err)
	_, err = n.desk.LiftStoryEmbargo(n.Context(), chief, saw(s), " ")
	n.refused(dateline.EInvalid, "reason", err)
	n.nothing(head)
	s, err = n.desk.LiftStoryEmbargo(n.Context(), chief, saw(s), "It is out already")
	n.must(err)
	s = n.publishStory(s)

	s, err = n.desk.HoldStory(n.Context(), editor, saw(s), "The lawyers read it")
	n.must(err)
	head = n.head()
	_, err = n.desk.ChangeStatus(n.Context(), editor, saw(s), dateline.StoryStatus{State: dateline.StoryEnded, Words: "Over"})
	n.refused(dateline.ELocked, "The lawyers read it", err)
	n.nothing(head)
	other := n.story(dateline.StoryContent{Name: "The channel", Statuses: storyContent().Statuses})
	other = n.publishStory(other)
	head = n.head()
	_, err = n.desk.MergeStory(n.Context(), editor, saw(s), saw(other))
	n.refused(dateline.ELocked, "The lawyers read it", err)
	_, err = n.desk.MergeStory(n.Context(), editor, saw(other), saw(s))
	n.refused(dateline.ELocked, "The lawyers read it", err)
	_, err = n.desk.HoldStory(n.Context(), editor, saw(s), "again")
	n.refused(dateline.EState, "already", err)
	_, err = n.desk.ScheduleStory(n.Context(), editor, saw(s), until, "", "")
	n.refused(dateline.ELocked, "hold", err)
	n.nothing(head)
	r, err := n.desk.WithdrawStory(n.Context(), editor, saw(s), "", "A hold takes nothing down, an editor may")
	n.must(err)
	_, err = n.desk.LiftStoryHold(n.Context(), editor, saw(r.Story), "cleared")
	n.refused(dateline.EForbidden, "lift hold", err)
	s, err = n.desk.LiftStoryHold(n.Context(), chief, saw(r.Story), "cleared")
	n.must(err)
	n.publishStory(s)
}

// TestAHoldAtTheHour takes the schedule off and tells who wanted it; nothing goes out.
func TestAHoldAtTheHour(t *testing.T) {
	n := newsroom(t)
	s, err := n.desk.ScheduleStory(n.Context(), editor, saw(n.story(storyContent())), n.clock.Now().Add(time.Minute), "", "")
	n.must(err)
	s, err = n.desk.HoldStory(n.Context(), editor, saw(s), "The lawyers read it")
	n.must(err)
	head := n.head()
	n.clock.Pass(2 * time.Minute)
	if n.run() != 0 {
		t.Error("it went out")
	}
	n.nothing(head)
	s, err = n.desk.FindStory(n.Context(), editor, s.ID)
	n.must(err)
	lines, err := n.desk.ListAudit(n.Context(), editor, "", 0, 5)
	n.must(err)
	if s.Schedule != nil || !slices.ContainsFunc(lines, func(l desk.AuditLine) bool {
		return l.For == editor.Name && strings.Contains(l.Detail, "did not go out") && strings.Contains(l.Detail, "The lawyers read it")
	}) {
		t.Errorf("the story is %+v, the audit %+v", s, lines)
	}
}

func TestAStorysStatesAreListedAndCompared(t *testing.T) {
	n := newsroom(t)
	s := n.publishStory(n.story(storyContent()))
	r, err := n.desk.ChangeStatus(n.Context(), editor, saw(s), dateline.StoryStatus{State: dateline.StorySuspended, Words: "Talks suspended"})
	n.must(err)
	c := r.Story.Content
	c.Background = "They began in 2021."
	s, err = n.desk.SaveStory(n.Context(), reporter, saw(r.Story), "", c)
	n.must(err)
	_, err = n.desk.PublishStory(n.Context(), editor, saw(s), dateline.ChangeCorrection, "")
	n.refused(dateline.EInvalid, "note", err)
	r, err = n.desk.PublishStory(n.Context(), editor, saw(s), dateline.ChangeCorrection, " They began in 2021, not 2020. ")
	n.must(err)
	c.Name = "Saved only"
	_, err = n.desk.SaveStory(n.Context(), reporter, saw(r.Story), "", c)
	n.must(err)
	list, err := n.desk.StoryHistory(n.Context(), reporter, s.ID)
	n.must(err)
	if len(list) != 3 || list[0].Number != 3 || list[0].Change != dateline.ChangeCorrection || list[0].Note != "They began in 2021, not 2020." || list[0].By != editor.Name ||
		list[2].Change != dateline.ChangeFirst || list[1].Sequence == 0 {
		t.Errorf("the history is %+v", list)
	}
	parts := func(from, to int) string {
		t.Helper()
		_, _, list, err := n.desk.CompareStory(n.Context(), reporter, s.ID, from, to)
		n.must(err)
		var out []string
		for _, d := range list {
			out = append(out, string(d.Part))
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		from, to int
		want     string
	}{{1, 2, "status"}, {2, 3, "background"}, {1, 3, "status background"}, {3, 0, "name"}, {0, 0, ""}} {
		if got := parts(c.from, c.to); got != c.want {
			t.Errorf("between %d and %d differ %q, want %q", c.from, c.to, got, c.want)
		}
	}
	_, _, _, err = n.desk.CompareStory(n.Context(), reporter, s.ID, 1, 9)
	n.refused(dateline.ENotFound, "no state 9", err)
}

// What feeds are to mark as deleted stands in the entries: a status while it is out, and the story by its own id where it goes down
// or into another after a correction.
func TestAStorysEntriesSayWhatIsGone(t *testing.T) {
	n := newsroom(t)
	gone := func(seq int64, want ...dateline.ID) {
		t.Helper()
		b := n.storyEntry(seq)
		var got []dateline.ID
		for _, g := range b.Gone {
			got = append(got, g.ID)
			if at, err := record.ParseInstant(g.At); err != nil || g.ID == want[len(want)-1] && g.At != b.Public || at.After(n.clock.Now()) {
				t.Errorf("%s is gone since %s (%v), the entry is of %s", g.ID, g.At, err, b.Public)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("entry %d says that %v are gone, want %v", seq, got, want)
		}
	}
	tell := func(s *dateline.Story, change dateline.Change, note string, edit func(*dateline.StoryContent)) *dateline.Story {
		t.Helper()
		n.clock.Pass(time.Minute)
		c := s.Content
		c.Statuses = slices.Clone(c.Statuses)
		edit(&c)
		s, err := n.desk.SaveStory(t.Context(), editor, saw(s), "", c)
		n.must(err)
		r, err := n.desk.PublishStory(t.Context(), editor, saw(s), change, note)
		n.must(err)
		return r.Story
	}
	s := n.publishStory(n.story(storyContent()))
	other := n.publishStory(n.story(dateline.StoryContent{Name: "The night ferry", Statuses: storyContent().Statuses}))
	s = tell(s, dateline.ChangeUpdate, "", func(c *dateline.StoryContent) {
		c.Statuses = append(c.Statuses, dateline.StoryStatus{At: n.clock.Now(), State: dateline.StoryCalledOff, Words: "Called off"})
	})
	gone(n.head())
	wrong := s.Content.Statuses[1]
	s = tell(s, dateline.ChangeCorrection, "They were not called off.", func(c *dateline.StoryContent) { c.Statuses = c.Statuses[:1] })
	gone(n.head(), wrong.ID)
	s = tell(s, dateline.ChangeMinor, "", func(c *dateline.StoryContent) { c.Summary = "Who may fish." })
	if b := n.storyEntry(n.head()); len(b.Gone) != 1 || b.Gone[0].ID != wrong.ID || b.Gone[0].At == b.Public {
		t.Errorf("what is gone is told as %+v", b.Gone)
	}
	n.clock.Pass(time.Minute)
	r, err := n.desk.WithdrawStory(t.Context(), editor, saw(s), "", "a mistake")
	n.must(err)
	gone(r.Sequence, wrong.ID, s.ID)
	s = tell(r.Story, dateline.ChangeUpdate, "", func(c *dateline.StoryContent) { c.Statuses = append(c.Statuses, wrong) })
	gone(n.head())
	n.clock.Pass(time.Minute)
	_, err = n.desk.MergeStory(t.Context(), editor, saw(s), saw(other))
	n.must(err)
	gone(n.head(), s.ID)
	gone(n.head() - 1)
	other, err = n.desk.FindStory(t.Context(), editor, other.ID)
	n.must(err)
	r, err = n.desk.WithdrawStory(t.Context(), editor, saw(other), "", "it was never corrected")
	n.must(err)
	gone(r.Sequence)
}
