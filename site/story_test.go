package site

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/shelf"
)

// talks is a story that a test goes on telling.
type talks struct {
	*paperDesk
	id   dateline.ID
	body record.Story
}

func newTalks(d *paperDesk) *talks {
	s := &talks{paperDesk: d, id: d.id(), body: record.Story{Slug: "talks", Name: "The fishing talks", Summary: "Who may fish the channel.",
		Background: "Trawlers and small boats share the channel.", Language: "en", Parties: []dateline.StoryParty{{Topic: d.mora, Role: "Hosts the talks"}}}}
	return s
}

// tell publishes the story as it is now.
func (s *talks) tell() int64 {
	s.pass(time.Minute)
	s.body.Number++
	s.body.Public = record.FormatInstant(s.now())
	b := s.body
	return s.append(s.id, &b)
}

// status says where the story stands from now on.
func (s *talks) status(state dateline.StoryState, words, sentence string) int64 {
	s.pass(time.Minute)
	s.body.Statuses = append(s.body.Statuses, record.StoryStatus{ID: s.paperDesk.id(), At: record.FormatInstant(s.now()), State: state, Words: words, Sentence: sentence})
	return s.tell()
}

func (s *talks) event(when dateline.When, title string) {
	s.body.Events = append(s.body.Events, dateline.StoryEvent{ID: s.paperDesk.id(), When: when, Title: title})
}

func (s *talks) joins(e *record.Edition) { e.Stories = []dateline.ID{s.id} }

func TestAnOldArticlesHeadFollowsTheStory(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	s.event("2026-07-W2", "The islands vote")
	id, joined := d.publish("line", "The line is drawn", s.joins)
	at, since := d.editions[id].Address, fmt.Sprintf(`href="/stories/talks?since=%d">`, joined)
	s.tell()
	d.want(at, 200, "!"+since, "Running story", `href="/stories/talks"`, "Talks under way", "What is next", "Second week of July 2026", "The islands vote", `"about":[{"@type":"Event"`,
		`!class="age"`, "The whole story, one article")
	d.pass(time.Hour)
	s.status(dateline.StorySuspended, "Talks suspended", "The islands left the room.")
	d.want(at, 200, `class="age"`, "This is from Tuesday 30 June 2026.", "Since then: ", "Talks suspended", "The islands left the room.", "When this was written: Talks under way.",
		"https://schema.org/EventPostponed", since+"What is new since 30 June 2026")
	second, _ := d.publish("harbour", "The harbour shuts", s.joins)
	d.want(at, 200, since+"One article since this one", "The harbour shuts", "!What is new since")
	d.want(d.editions[second].Address, 200, `!class="age"`, "How it came to this", "Talks under way")
	d.want("/", 200, "Running stories", "The fishing talks", "Talks suspended", "Next: The islands vote, Second week of July 2026.")
	d.want("/stories/talks", 200, mark(id, 1), mark(second, 1), "Before: Talks under way.", "Hosts the talks", "Trawlers and small boats", "2 articles", `"eventStatus":"https://schema.org/EventPostponed"`)
	d.moved("/stories/talks/", "/stories/talks")
}

// TestWhatBelongsToSeveralStories: an article and a live coverage may stand in two stories, each with its box; a story that has ended keeps
// its page, below those that go on, and a status may be known from outside.
func TestWhatBelongsToSeveralStories(t *testing.T) {
	c := newCoverage(t)
	d := c.paperDesk
	s, other := newTalks(d), newTalks(d)
	other.body.Slug, other.body.Name = "ferry", "The night ferry"
	s.body.Joined, other.body.Joined = []dateline.ID{c.id}, []dateline.ID{c.id}
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	s.body.Statuses[0].Source = dateline.StorySource{Address: "https://www.islands.example/minutes", Name: "Islands Council, minutes"}
	s.tell()
	other.status(dateline.StoryUnderWay, "Repaired", "")
	id, _ := d.publish("line", "The line is drawn", func(e *record.Edition) { e.Stories = []dateline.ID{s.id, other.id} })
	d.want(d.editions[id].Address, 200, "The fishing talks", "Talks under way", "The night ferry", "Repaired")
	d.want(c.address, 200, "The fishing talks", "The night ferry")
	for _, slug := range []string{"talks", "ferry"} {
		d.want("/stories/"+slug, 200, mark(id, 1), mark(c.id, 1))
	}
	d.want("/stories/talks", 200, `href="https://www.islands.example/minutes"`, "Islands Council, minutes")
	other.status(dateline.StoryEnded, "It sails again", "")
	d.want("/stories/ferry", 200, "It sails again", mark(id, 1))
	d.want(d.editions[id].Address, 200, "It sails again", "When this was written: Repaired.")
	page := d.want("/", 200, "Talks under way", "It sails again")
	if strings.Index(page, "It sails again") < strings.Index(page, "Talks under way") {
		t.Error("home tells of what has ended before what goes on")
	}
	for _, file := range []string{"rss.xml", "atom.xml"} {
		d.want("/stories/talks/"+file, 200, "http://cv.iptc.org/newscodes/eventoccurstatus/", "eos5", "Talks under way")
	}
}

func TestAStorysDatesPassAtLocalMidnight(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	s.event("2026-07-04", "The line takes effect")
	s.event("2026-22", "A summer of votes")
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	next := func(body string) string {
		_, rest, _ := strings.Cut(body, "What is next")
		ahead, _, _ := strings.Cut(rest, "What has happened")
		return ahead
	}
	for _, at := range []struct {
		clock string
		ahead bool
	}{{"2026-07-03T12:00:00Z", true}, {"2026-07-04T18:29:59Z", true}, {"2026-07-04T18:30:00Z", false}} { // midnight in Kolkata
		now, _ := time.Parse(time.RFC3339, at.clock)
		d.set(now)
		body := d.want("/stories/talks", 200, "The line takes effect", "4 July 2026", "Summer 2026")
		if got := strings.Contains(next(body), "The line takes effect"); got != at.ahead {
			t.Errorf("at %s the line lies ahead: %v, want %v", at.clock, got, at.ahead)
		}
		if !strings.Contains(next(body), "A summer of votes") {
			t.Errorf("at %s the summer is over", at.clock)
		}
	}
}

func TestAWithdrawnArticleLeavesItsStory(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	id, _ := d.publish("line", "The line is drawn", s.joins)
	s.body.Statuses = []record.StoryStatus{{ID: d.id(), At: record.FormatInstant(d.now()), State: dateline.StoryUnderWay, Words: "Talks under way",
		Source: dateline.StorySource{Article: id, Edition: 1, Paragraph: 2}}}
	s.event("2025", "The islands ask for a line")
	s.body.Events[0].Source = dateline.StorySource{Article: id, Edition: 1, Paragraph: 3}
	s.event("2024", "A letter is not answered")
	s.body.Events[1].Source = dateline.StorySource{Address: "https://www.islands.example/letters", Name: "Islands Council, letter book"}
	s.tell()
	source, ofEvent := "Source: our report, edition 1, paragraph 2", "Source: our report, edition 1, paragraph 3"
	outside := `href="https://www.islands.example/letters"`
	for _, address := range []string{"/stories/talks", "/stories/talks/rss.xml", "/stories/talks/atom.xml"} {
		d.want(address, 200, "The line is drawn", "Talks under way")
	}
	d.want("/stories/talks", 200, source, ofEvent, outside, "Islands Council, letter book")
	down := d.withdraw(id, dateline.WithdrawnKilled, nil)
	for _, address := range []string{"/stories/talks", "/stories/talks/rss.xml"} {
		d.want(address, 200, "!The line is drawn", "Talks under way", "!"+string(id))
	}
	feed := d.want("/stories/talks/atom.xml", 200, "!The line is drawn", "Talks under way")
	if rest := strings.Replace(feed, deleted(id, d.now()), "", 1); strings.Contains(rest, string(id)) {
		t.Errorf("the feed names the article outside of its deletion mark:\n%s", feed)
	}
	d.want("/stories/talks", 200, "!"+source, "!"+ofEvent, outside, "The islands ask for a line")
	d.restore(id, down)
	d.want("/stories/talks", 200, "The line is drawn", source, ofEvent)
}

func TestStoriesAreRenamedMergedAndTakenDown(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	id, _ := d.publish("line", "The line is drawn", s.joins)
	first := s.status(dateline.StoryUnderWay, "Talks under way", "")
	s.body.Slug = "fishing-talks"
	told := []int64{first, s.tell()}
	d.moved("/stories/talks", "/stories/fishing-talks")
	d.moved("/stories/talks/rss.xml", "/stories/fishing-talks/rss.xml")
	d.want("/sitemaps/sections.xml", 200, "/stories/fishing-talks", "!/stories/talks<")

	other := newTalks(d)
	other.body.Slug, other.body.Name, other.body.Joined = "channel", "The channel", []dateline.ID{id}
	other.status(dateline.StoryExpected, "A vote is due", "")
	s.body = record.Story{Number: s.body.Number, Slug: s.body.Slug, Former: []string{"talks"}, Language: "en", Into: other.id}
	s.tell()
	for _, seq := range told {
		d.redact(s.id, seq) // an address of before leads there all the same
	}
	d.moved("/stories/talks", "/stories/channel")
	d.moved("/stories/fishing-talks", "/stories/channel")
	for _, below := range []string{"/history", "/history/1", "/rss.xml", "/atom.xml"} {
		d.moved("/stories/talks"+below, "/stories/channel"+below)
		d.moved("/stories/fishing-talks"+below, "/stories/channel"+below)
	}
	d.moved("/stories/fishing-talks?since=3", "/stories/channel")
	d.want("/stories/channel", 200, "The line is drawn")
	d.want(d.editions[id].Address, 200, "The channel", "!The fishing talks")

	other.body = record.Story{Number: other.body.Number, Slug: "channel", Language: "en", Withdrawn: true, Note: "It was told wrongly."}
	other.tell()
	for _, address := range []string{"/stories/channel", "/stories/channel/history", "/stories/channel/history/1", "/stories/talks", "/stories/fishing-talks", "/stories/talks/history"} {
		d.want(address, 410, "It was told wrongly.", "!A vote is due", "!The channel", "noindex")
	}
	d.want(d.editions[id].Address, 200, "!The channel", "!Running story")
	d.want("/", 200, "!Running stories")
	d.want("/stories/nothing", 404)
}

func TestMembersJoinAndLeaveByTheStorysWord(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	says, _ := d.publish("line", "The line is drawn", s.joins)
	silent, _ := d.publish("old", "An older report", nil)
	s.body.Joined, s.body.Left = []dateline.ID{silent}, []dateline.ID{says}
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	d.want("/stories/talks", 200, "An older report", "!The line is drawn")
	d.want(d.editions[silent].Address, 200, "Running story")
	d.want(d.editions[says].Address, 200, "!Running story")
	d.change(silent, dateline.ChangeMinor, "", nil)
	d.change(says, dateline.ChangeMinor, "", nil)
	d.want("/stories/talks", 200, mark(silent, 2), "!The line is drawn")
	s.body.Joined, s.body.Left = nil, nil
	s.tell()
	d.want("/stories/talks", 200, "!An older report", mark(says, 2), "One article")
	d.want(d.editions[silent].Address, 200, "!Running story")
}

func TestReceiptsNameTheStory(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	told := s.status(dateline.StoryUnderWay, "Talks under way", "")
	_, seq := d.publish("line", "The line is drawn", s.joins)
	for _, c := range []struct {
		seq int64
		has []string
	}{{told, []string{"/stories/talks", "/stories/talks/rss.xml", "/stories/talks/atom.xml", "/", "/sitemaps/sections.xml"}}, {seq, []string{"/stories/talks", "/stories/talks/rss.xml"}}} {
		r, err := d.site.Confirm(context.Background(), c.seq)
		if err != nil || !r.Confirmed {
			t.Errorf("the receipt of entry %d: %v %+v", c.seq, err, r)
		}
		got := fmt.Sprint(r.Addresses)
		for _, address := range c.has {
			if !strings.Contains(got, "{"+address+" ") {
				t.Errorf("the receipt of entry %d lacks %s: %s", c.seq, address, got)
			}
		}
	}
}

// TestStoriesComeBackFromTheRecord builds a second shelf from the record alone and asks for the same pages.
func TestStoriesComeBackFromTheRecord(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	s.event("2026-07-W2", "The islands vote")
	s.event("2025", "The talks are set up")
	first := s.status(dateline.StoryUnderWay, "Talks under way, a secret", "")
	var addresses []string
	id, _ := d.publish("line", "The line is drawn", s.joins)
	s.body.Statuses[0].Words = "Talks under way"
	s.status(dateline.StorySuspended, "Talks suspended", "They left.")
	s.event("2026-09", "The islands vote again")
	s.changes(dateline.ChangeCorrection, "They left by the back door.")
	d.log[first-1].Body, d.log[first-1].Salt = nil, nil
	d.append(s.id, &record.Redaction{Entries: []int64{first}, Reason: "By order of a court"})
	after := s.tell()
	s.event("2026-10", "The islands vote for the last time")
	s.changes(dateline.ChangeUpdate, "A third vote is due.")
	since := fmt.Sprintf("/stories/talks?since=%d", after)
	d.want(since, 200, "for the last time", "!vote again", "A third vote is due.", "noindex")
	addresses = append(addresses, since, "/stories/talks", "/stories/talks/history", "/stories/talks/history/3", "/corrections", "/stories/talks/rss.xml", d.editions[id].Address, "/", "/sitemaps/sections.xml")
	was := map[string]string{}
	for _, a := range addresses {
		was[a] = d.want(a, 200, "!a secret")
	}
	d.sameAgain(was)
}

// sameAgain builds a second shelf from the record alone and asks it for the same pages.
func (d *paperDesk) sameAgain(was map[string]string) {
	d.t.Helper()
	again, err := shelf.Open(shelf.Options{Path: filepath.Join(d.t.TempDir(), "again.db"), Workers: 1, Readers: 2})
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { again.Close() })
	if _, err := again.Apply(context.Background(), d.log); err != nil {
		d.t.Fatal(err)
	}
	d.shelf, again = again, d.shelf
	d.site.Changed(shelf.Changes{Everything: true, Cursor: int64(len(d.log))})
	for address, page := range was {
		if now := d.want(address, 200); now != page {
			d.t.Errorf("%s is another page after a replay", address)
		}
	}
}

func TestWhatIsNewSinceSomebodyRead(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	first, _ := d.publish("line", "The line is drawn", s.joins)
	before := s.status(dateline.StoryUnderWay, "Talks under way", "")
	d.publish("other", "Nothing of the story", nil)
	_, outside := d.publish("more", "Nothing of it either", nil)
	second, seq := d.publish("second", "A second meeting", s.joins)
	d.change(first, dateline.ChangeCorrection, "It runs eleven miles out.", nil)
	s.event("2026-07-W2", "The islands vote")
	last := s.status(dateline.StorySuspended, "Talks suspended", "They left.")
	since := func(n int64) string { return fmt.Sprintf("/stories/talks?since=%d", n) }

	d.moved(since(outside), since(before))
	d.moved(since(before+1), since(before))
	d.want(since(before), 200, "New since", mark(second, 1), "It runs eleven miles out.", "It was: Talks under way.", "Talks suspended", "Newly awaited", "The islands vote",
		`<meta name="robots" content="noindex">`, `<link rel="canonical" href="http://estuary.example/stories/talks">`, "!Nothing of the story", fmt.Sprintf(`data-position="%d"`, last))
	d.want(since(seq), 200, "!A second meeting", "It runs eleven miles out.")
	d.want(since(last), 200, "Nothing has been added since then.", "The status is what it was: Talks suspended.")
	whole := d.want("/stories/talks", 200, fmt.Sprintf(`href="/stories/talks?since=%d"`, before), "!noindex")
	for _, n := range []int64{1, 999999} { // before the story, and of another publication
		if body := d.want(since(n), 200); body != whole {
			t.Errorf("since %d is not the whole page", n)
		}
	}
	for _, bad := range []string{"x", "-1", "0", "01", "1e3", ""} {
		d.want("/stories/talks?since="+bad, 200, "What has happened")
	}
	d.append(s.id, &record.Redaction{Entries: []int64{outside}, Reason: "By order of a court"})
	if body := d.want(since(before), 200); body != d.want("/stories/talks", 200) {
		t.Error("a position from before a redaction does not get the whole page")
	}
}

// changes publishes the story as it is now, with why.
func (s *talks) changes(c dateline.Change, note string) int64 {
	s.body.Change, s.body.Note = c, note
	defer func() { s.body.Change, s.body.Note = "", "" }()
	return s.tell()
}

func TestAStorysHistoryIsReadAndCompared(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	s.event("2026-07-W2", "The islands vote")
	joined, _ := d.publish("old", "An older report", nil)
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	d.want("/stories/talks", 200, "!/stories/talks/history")
	s.status(dateline.StorySuspended, "Talks suspended", "The islands left the room.")
	s.body.Background = "Trawlers and boats share the channel."
	s.body.Events[0].When, s.body.Parties[0].Role, s.body.Joined = "2026-08", "Chairs the talks", []dateline.ID{joined}
	third := s.changes(dateline.ChangeCorrection, "The vote is in August.")
	d.want("/stories/talks", 200, `href="/stories/talks/history"`, "3 editions: see what changed", "Correction", "The vote is in August.", `href="/stories/talks/history/3"`)
	d.want("/stories/talks/history", 200, "Edition 3", "The vote is in August.", "Edition 2", "Status: Talks suspended", "Edition 1", "Back to the story", mark(s.id, 3),
		`<meta name="robots" content="noindex">`, `href="/stories/talks/history/2"`)
	d.want("/stories/talks/history/2", 200, "Editions 1 and 2", "<ins>", "Talks suspended (suspended)", "The islands left the room.", "!Trawlers", "!The islands vote")
	diff := d.want("/stories/talks/history/3", 200, "The vote is in August.", "<del>", "August", "Chairs", "An older report", "!Talks suspended (suspended)")
	if !strings.Contains(diff, "small ") {
		t.Error("the background's words that went are not shown")
	}
	d.want("/stories/talks/history/3?with=1", 200, "Editions 1 and 3", "Talks suspended (suspended)", "August")
	d.want("/stories/talks/history/1?with=3", 200, "Editions 1 and 3")
	d.want("/stories/talks/history/1", 200, "This is the first edition.", "Talks under way (under way)", "The islands vote")
	d.want("/stories/talks/history/4", 404)
	d.want("/stories/talks/history/0", 404)
	d.want("/stories/talks/proof", 404)
	d.want("/corrections", 200, "The fishing talks", "The vote is in August.", `href="/stories/talks/history/3"`)
	d.want("/corrections/atom.xml", 200, "The vote is in August.", string(s.id))
	d.want("/stories/talks/atom.xml", 200, "Correction: The vote is in August.", "/stories/talks/history/3")
	d.want(fmt.Sprintf("/stories/talks?since=%d", third-1), 200, "The vote is in August.", `href="/stories/talks/history/3"`)
	d.withdraw(joined, dateline.WithdrawnKilled, nil)
	d.want("/stories/talks/history/3", 200, "!An older report")

	s.body.Slug = "fishing-talks"
	s.tell()
	d.moved("/stories/talks/history", "/stories/fishing-talks/history")
	d.moved("/stories/talks/history/3", "/stories/fishing-talks/history/3")
	d.log[third-1].Body, d.log[third-1].Salt = nil, nil
	d.append(s.id, &record.Redaction{Entries: []int64{third}, Reason: "By order of a court"})
	d.want("/stories/fishing-talks/history", 200, "Edition 4", "!Edition 3", "!The vote is in August.")
	d.want("/stories/fishing-talks/history/3", 404)
	d.want("/stories/fishing-talks/history/4", 200, "Editions 2 and 4")
	d.want("/corrections", 200, "!The fishing talks")
	d.want("/stories/fishing-talks", 200, "!The vote is in August.")
}

// TestAStorysHistoryKeepsTheLineOfWhatWasRedacted: number, time and kind stay, and that the text is gone is said.
func TestAStorysHistoryKeepsTheLineOfWhatWasRedacted(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	s.body.Background = "Quixwortle mended the nets."
	second := s.changes(dateline.ChangeClarification, "It was Quixwortle who mended them.")
	at := s.body.Public
	s.body.Background = "The nets were mended."
	s.changes(dateline.ChangeUpdate, "It goes on.")
	d.want("/stories/talks/history", 200, "Quixwortle", `href="/stories/talks/history/2"`)
	d.redact(s.id, second)
	public, err := record.ParseInstant(at)
	if err != nil {
		t.Fatal(err)
	}
	d.want("/stories/talks/history", 200, "Edition 3", "Edition 2", "Clarification", "The text of this edition was removed.", "Edition 1", "!Quixwortle", `!href="/stories/talks/history/2"`,
		`datetime="`+public.In(time.FixedZone("IST", 19800)).Format(time.RFC3339)+`"`)
	d.want("/stories/talks/history/2", 404, "!Quixwortle")
	d.want("/stories/talks/history/3", 200, "Editions 1 and 3", "The nets were mended", "!Quixwortle", `!href="/stories/talks/history/2"`)
	d.want("/stories/talks", 200, "!Quixwortle")
}

func TestAWithdrawnStorysHistoryIsGone(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	s.status(dateline.StoryUnderWay, "Talks under way, a secret", "")
	s.changes(dateline.ChangeCorrection, "Another secret.")
	kept := s.body
	s.body = record.Story{Number: s.body.Number, Slug: "talks", Former: []string{"first-talks"}, Language: "en", Withdrawn: true, Note: "It was told wrongly."}
	down := s.tell()
	for _, address := range []string{"/stories/first-talks", "/stories/first-talks/history", "/stories/talks/"} {
		d.want(address, 410, "It was told wrongly.", "!stories/talks")
	}
	for _, address := range []string{"/stories/talks", "/stories/talks/history", "/stories/talks/history/1", "/stories/talks/history/2?with=1", "/stories/talks?since=1"} {
		d.want(address, 410, "It was told wrongly.", "!secret")
	}
	d.want("/stories/talks/atom.xml", 410, "It was told wrongly.", "!secret")
	d.want("/stories/first-talks/atom.xml", 410, "!stories/talks")
	d.want("/corrections", 200, "!secret")
	number := s.body.Number
	s.body = kept
	s.body.Number, s.body.Statuses[0].Words = number, "Talks under way"
	s.tell()
	d.want("/stories/talks", 200, "Talks under way", "!secret")
	d.want("/stories/talks/history", 200, "Edition 4", "Edition 3", "Withdrawn", "It was told wrongly.", "!Edition 2", "!Edition 1", "!secret")
	d.want("/stories/talks/history/4", 200, "Talks under way", "!secret")
	d.want("/stories/talks/history/3", 404)
	d.want("/stories/talks/history/1", 404)
	d.want(fmt.Sprintf("/stories/talks?since=%d", down), 200, "What has happened", "!noindex")
	d.want("/corrections", 200, "!secret")
}

func TestStoriesStandAboveWhatIsFound(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	id, _ := d.publish("line", "The fishing line is drawn after talks", s.joins)
	d.want("/search?q=fishing+talks", 200, mark(id, 1), "!Running stories")
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	first := func(address string) {
		t.Helper()
		body := d.want(address, 200, `href="/stories/talks"`, "Talks under way", mark(id, 1))
		if strings.Index(body, `href="/stories/talks"`) > strings.Index(body, mark(id, 1)) {
			t.Errorf("%s shows the story below the article", address)
		}
	}
	first("/search?q=fishing+talks")
	first("/search?q=fishing+talks&by=date")
	first("/search?q=FISHING")
	d.want("/search?q=fish", 200, "!/stories/talks")
	d.want("/search?q=fishing+line", 200, mark(id, 1), "!/stories/talks")
	d.want("/search?q=fishing+talks&from=2020-01-01", 200, "!/stories/talks")
	s.body.Name = "The channel"
	s.tell()
	d.want("/search?q=fishing+talks", 200, mark(id, 1), "!/stories/talks")
	d.want("/search?q=channel", 200, `href="/stories/talks"`)
	s.body = record.Story{Number: s.body.Number, Slug: "talks", Language: "en", Withdrawn: true}
	s.tell()
	d.want("/search?q=channel", 200, "!/stories/talks")
}
