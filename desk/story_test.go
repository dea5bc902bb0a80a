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
	r, err := n.desk.PublishStory(n.Context(), editor, saw(s))
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
	if _, err := n.desk.PublishStory(n.Context(), reporter, saw(s)); dateline.ErrorCode(err) != dateline.EForbidden {
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
	_, err = n.desk.PublishStory(n.Context(), editor, saw(s))
	n.refused(dateline.EConflict, "version", err)
	_, err = n.desk.PublishStory(n.Context(), editor, desk.Target{ID: s.ID})
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
	_, err := n.desk.PublishStory(n.Context(), editor, saw(s))
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
	if _, err = n.desk.PublishStory(n.Context(), editor, saw(other)); dateline.ErrorCode(err) != dateline.EConflict {
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
	_, err := n.desk.PublishStory(n.Context(), editor, saw(s))
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
