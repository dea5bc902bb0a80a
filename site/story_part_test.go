package site

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/shelf"
)

// partOf is a story that is part of some larger ones.
func partOf(d *paperDesk, slug, name string, wholes ...*talks) *talks {
	s := newTalks(d)
	s.body.Slug, s.body.Name = slug, name
	for _, w := range wholes {
		s.body.Stories = append(s.body.Stories, w.id)
	}
	return s
}

func (s *talks) down() int64 {
	s.body = record.Story{Number: s.body.Number, Slug: s.body.Slug, Language: "en", Withdrawn: true, Stories: s.body.Stories}
	return s.tell()
}

func TestAStoryIsPartOfLargerOnes(t *testing.T) {
	d := newPaper(t)
	whole, other := partOf(d, "channel", "The channel"), partOf(d, "islands", "The islands")
	whole.status(dateline.StoryUnderWay, "City and islands talk", "")
	other.status(dateline.StoryUnderWay, "They are at home", "")
	part := partOf(d, "talks", "The fishing talks", whole, other)
	part.status(dateline.StoryUnderWay, "Talks under way", "")
	id, _ := d.publish("line", "The line is drawn", part.joins)
	asOf := d.now()
	d.pass(48 * time.Hour)
	told := part.status(dateline.StorySuspended, "Talks suspended", "The islands left.")
	for _, slug := range []string{"channel", "islands"} {
		d.want("/stories/"+slug, 200, "Stories that are part of this one", `href="/stories/talks"`, mark(part.id, 2), "Talks suspended", "The fishing talks: Talks suspended", "The islands left.",
			"Before: Talks under way.", "The fishing talks: Talks under way", `"subEvent":[{"@type":"Event","@id":"urn:uuid:`+string(part.id), "!The line is drawn", "!1 article")
		for _, file := range []string{"rss.xml", "atom.xml"} {
			d.want("/stories/"+slug+"/"+file, 200, "The fishing talks: Talks suspended", "/stories/talks")
		}
	}
	d.want("/stories/talks", 200, `Part of <a href="/stories/channel">The channel</a>, <a href="/stories/islands">The islands</a>`, `"superEvent":[{"@type":"Event"`)
	d.want(d.editions[id].Address, 200, "Running story", "!The channel")
	r, err := d.site.Confirm(context.Background(), told)
	if got := fmt.Sprint(r.Addresses); err != nil || !r.Confirmed || !strings.Contains(got, "{/stories/channel ") || !strings.Contains(got, "{/stories/islands/atom.xml ") {
		t.Errorf("the receipt of a part's status: %v %s", err, got)
	}
	d.showsThen(asOf, "/stories/channel", "The fishing talks: Talks under way", "Stories that are part of this one", "!Talks suspended")
	d.showsThen(asOf, "/stories/talks", "Part of ", "The channel")

	part.body.Stories = part.body.Stories[1:]
	left := part.tell()
	d.want("/stories/channel", 200, "!The fishing talks", "!subEvent", "!Talks suspended")
	d.want("/stories/talks", 200, "!The channel", "The islands")
	d.want("/stories/talks/history/3", 200, "<del>", "The channel")
	if r, err = d.site.Confirm(context.Background(), left); err != nil || !r.Confirmed || !strings.Contains(fmt.Sprint(r.Addresses), "{/stories/channel ") {
		t.Errorf("the receipt of leaving a larger story: %v %v", err, r.Addresses)
	}
	d.showsThen(asOf, "/stories/channel", "The fishing talks: Talks under way")
	d.want(mapRoot+"/stories/channel", 200, asOf.Format(momentForm)[:8])

	asked := func(act string, seq int64, want bool) {
		t.Helper()
		if slices.Contains(d.confirmed(seq), "/stories/talks") != want {
			t.Errorf("that the receipt of %s asks for the part is %v, want %v", act, !want, want)
		}
	}
	other.body.Name = "The three islands"
	renamed := other.tell()
	d.want("/stories/talks", 200, "The three islands")
	asked("a larger story's name", renamed, true)
	asked("a larger story's status", other.status(dateline.StoryUnderWay, "They sleep", ""), false)
	gone := other.down()
	d.want("/stories/talks", 200, "!The three islands", "!Part of", "!superEvent")
	asked("taking a larger story down", gone, true)
	other.body.Withdrawn, other.body.Name = false, "The islands"
	asked("publishing it again", other.status(dateline.StoryUnderWay, "They are at home again", ""), true)
	d.want("/stories/talks", 200, "The islands")
	d.want("/stories/islands", 200, "The fishing talks: Talks suspended")
	gone = part.down()
	d.want("/stories/islands", 200, "!The fishing talks", "!Talks suspended", "!subEvent")
	d.want("/stories/islands/atom.xml", 200, "!Talks suspended")
	d.showsThen(asOf, "/stories/channel", "!The fishing talks")
	if r, err = d.site.Confirm(context.Background(), gone); err != nil || !r.Confirmed || !strings.Contains(fmt.Sprint(r.Addresses), "{/stories/islands ") {
		t.Errorf("the receipt of taking a part down: %v %v", err, r.Addresses)
	}
}

// TestPartsOfWhatIsMerged: a part of a story that went into another is part of that one, and one that went into another is shown
// no more.
func TestPartsOfWhatIsMerged(t *testing.T) {
	d := newPaper(t)
	whole, other := partOf(d, "channel", "The channel"), partOf(d, "islands", "The islands")
	whole.status(dateline.StoryUnderWay, "City and islands talk", "")
	other.status(dateline.StoryUnderWay, "They are at home", "")
	part, second := partOf(d, "talks", "The fishing talks", whole), partOf(d, "nets", "The nets", whole)
	part.status(dateline.StoryUnderWay, "Talks under way", "")
	second.status(dateline.StoryUnderWay, "Nets are torn", "")
	before := d.now()
	d.pass(time.Hour)
	d.want("/stories/islands", 200, "!The fishing talks")
	merged := record.Story{Slug: "channel", Language: "en", Number: whole.body.Number, Into: other.id}
	whole.body = merged
	if got := d.confirmed(whole.tell()); !slices.Contains(got, "/stories/talks") || !slices.Contains(got, "/stories/nets") {
		t.Errorf("the receipt of a merger asks for %q", got)
	}
	d.want("/stories/islands", 200, mark(part.id, 1), "The fishing talks: Talks under way", "The nets: Nets are torn")
	d.want("/stories/talks", 200, "Part of ", `href="/stories/islands"`, "!The channel")
	part.status(dateline.StorySuspended, "Talks suspended", "")
	d.want("/stories/islands", 200, "The fishing talks: Talks suspended")
	d.showsThen(before, "/stories/islands", "!The fishing talks")
	d.showsThen(d.now(), "/stories/islands", "The fishing talks: Talks suspended")
	d.want("/stories/talks/history/1", 200, "The islands")
	other.down()
	d.want("/stories/talks", 200, "!Part of", "!superEvent")
	d.want("/stories/talks/history/1", 200, "!The islands")
	other.body.Withdrawn, other.body.Name = false, "The islands"
	other.status(dateline.StoryUnderWay, "They are at home again", "")
	d.want("/stories/talks", 200, "Part of ", `href="/stories/islands"`, "superEvent")
	d.want("/stories/talks/history/1", 200, "The islands")
	second.body = record.Story{Slug: "nets", Language: "en", Number: second.body.Number, Into: part.id}
	second.tell()
	d.want("/stories/islands", 200, "!The nets", "The fishing talks: Talks suspended")
	other.body.Stories = []dateline.ID{part.id} // no desk makes a circle; a page does not go round in one
	other.tell()
	d.want("/stories/islands", 200, "The fishing talks")
}

func TestWhatIsNewInAPart(t *testing.T) {
	d := newPaper(t)
	whole := partOf(d, "channel", "The channel")
	first := whole.status(dateline.StoryUnderWay, "City and islands talk", "")
	part := partOf(d, "talks", "The fishing talks", whole)
	part.event("2026-07-W2", "The islands vote")
	became := part.status(dateline.StoryUnderWay, "Talks under way", "")
	since := func(n int64) string { return fmt.Sprintf("/stories/channel?since=%d", n) }
	d.want("/stories/channel", 200, fmt.Sprintf(`data-position="%d"`, became), "!The islands vote")
	d.publish("outside", "Nothing of the story", nil)
	last := part.status(dateline.StorySuspended, "Talks suspended", "")
	d.want(since(first), 200, "The fishing talks: Talks under way", "The fishing talks: Talks suspended", "!The islands vote", fmt.Sprintf(`data-position="%d"`, last))
	d.want(since(became), 200, "The fishing talks: Talks suspended", "!The fishing talks: Talks under way")
	d.moved(since(became+1), since(became))
	d.want(since(last), 200, "Nothing has been added since then.")
	older := partOf(d, "ferry", "The night ferry")
	older.status(dateline.StoryEnded, "It sails", "")
	older.body.Stories = []dateline.ID{whole.id}
	older.tell()
	d.want(since(last), 200, "The night ferry: It sails", "!Talks suspended")
}

// TestManyStatusesOfParts: the timeline of a larger story tells of each, page by page and once, two of one instant among them; a page of what
// is new tells of as many of the parts' as of its own, the newest.
func TestManyStatusesOfParts(t *testing.T) {
	d := newPaper(t)
	whole := partOf(d, "channel", "The channel")
	first := whole.status(dateline.StoryUnderWay, "City and islands talk", "")
	var all []string
	for i, slug := range []string{"talks", "nets"} {
		part := partOf(d, slug, "The "+slug, whole)
		for n := range sinceRows - 50 {
			if n%4 > 1 {
				d.pass(time.Second)
			}
			words := fmt.Sprintf("status %d-%d.", i, n)
			part.body.Statuses = append(part.body.Statuses, record.StoryStatus{ID: d.id(), At: record.FormatInstant(d.now()), State: dateline.StoryUnderWay, Words: words})
			all = append(all, words)
		}
		part.tell()
	}
	line := regexp.MustCompile(`The \w+: (status \d-\d+\.)`)
	told := map[string]int{}
	for address, pages := "/stories/channel", 0; address != "" && pages < len(all); pages++ {
		_, lines, _ := strings.Cut(d.want(address, 200), "What has happened")
		for _, m := range line.FindAllStringSubmatch(lines, -1) {
			told[m[1]]++
		}
		address = ""
		if m := regexp.MustCompile(`href="(/stories/channel\?before=[^"]+)"`).FindStringSubmatch(lines); m != nil {
			address = html.UnescapeString(m[1])
		}
	}
	for _, words := range all {
		if told[words] != 1 {
			t.Errorf("the timeline tells %d times of %s", told[words], words)
		}
	}
	fresh := d.want(fmt.Sprintf("/stories/channel?since=%d", first), 200, ": "+all[len(all)-1], "!: "+all[0])
	if n := len(line.FindAllString(fresh, -1)); n != sinceRows {
		t.Errorf("what is new has %d lines of the parts, want %d", n, sinceRows)
	}
	if err := d.View(context.Background(), func(tx *shelf.Tx) error {
		v := &view{tx: reading(tx)}
		parts, err := tx.Parts(whole.id, partRows)
		if err != nil {
			return err
		}
		for _, p := range parts {
			if len(p.Statuses) != 1 {
				t.Errorf("%s is read with %d statuses", p.Name, len(p.Statuses))
			}
		}
		if moments, err := v.partMoments(parts, shelf.Position{}, 10); err != nil || len(moments) != 20 {
			t.Errorf("two parts give %d moments, want ten each: %v", len(moments), err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestWordsOfAPartGoFromItsWhole: what is redacted of a part is nowhere on the larger story's pages, and a second shelf makes the
// same of the record.
func TestWordsOfAPartGoFromItsWhole(t *testing.T) {
	d := newPaper(t)
	whole := partOf(d, "channel", "The channel")
	whole.status(dateline.StoryUnderWay, "City and islands talk", "")
	part := partOf(d, "talks", "The fishing talks", whole)
	first := part.status(dateline.StoryUnderWay, "A secret", "")
	d.want("/stories/channel", 200, "A secret")
	part.body.Statuses[0].Words = "Talks under way"
	taken := part.body.Statuses[0].ID
	part.body.Statuses[0].ID = d.id()
	part.body.Gone = []record.StoryGone{{At: record.FormatInstant(d.now()), ID: taken}}
	part.tell()
	d.want("/stories/channel/atom.xml", 200, `<at:deleted-entry ref="urn:uuid:`+string(taken))
	d.redact(part.id, first)
	addresses := []string{"/stories/channel", "/stories/channel/atom.xml", "/stories/talks", "/stories/channel?since=1"}
	was := map[string]string{}
	for _, a := range addresses {
		was[a] = d.want(a, 200, "Talks under way", "!A secret")
	}
	d.sameAgain(was)
}

// TestALargerStoryListsFiftyParts: where there are more, those that go on stand there, and of those that have ended as many as there is room for.
func TestALargerStoryListsFiftyParts(t *testing.T) {
	d := newPaper(t)
	whole := partOf(d, "channel", "The channel")
	whole.status(dateline.StoryUnderWay, "City and islands talk", "")
	parts := make([]*talks, 52)
	for i := range parts {
		parts[i] = partOf(d, fmt.Sprintf("part-%d-", i), fmt.Sprintf("Part number %d.", i), whole)
		parts[i].status(dateline.StoryUnderWay, "Round one", "")
	}
	listed := func(absent ...string) {
		t.Helper()
		n := 0
		page := d.want("/stories/channel", 200, absent...)
		for _, p := range parts {
			if strings.Contains(page, mark(p.id, p.body.Number)) {
				n++
			}
		}
		if n != 50 {
			t.Errorf("%d parts are listed", n)
		}
	}
	listed("!Part number 0.", "!Part number 1.")
	parts[50].status(dateline.StoryEnded, "Over", "")
	parts[51].status(dateline.StoryCalledOff, "There will be none", "")
	listed("Part number 0.", "Part number 1.", "!Part number 50.", "!Part number 51.")
}
