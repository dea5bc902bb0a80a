package site

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// deleted is the mark of an article that was taken down at an instant.
func deleted(id dateline.ID, at time.Time) string {
	return fmt.Sprintf(`<at:deleted-entry ref="urn:uuid:%s" when="%s"/>`, id, at.UTC().Format("2006-01-02T15:04:05Z"))
}

// Every kind of withdrawal leaves its mark and nothing else in each Atom feed that the article stood in, and in no other; a
// restoration takes it out again.
func TestFeedsMarkWhatWasTakenDown(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	into, _ := d.publish("whole", "What stays", s.joins)
	d.change(into, dateline.ChangeCorrection, "It was two boats.", nil)
	d.publish("dear", "Fish is dear", func(e *record.Edition) { e.Section, e.Topics = d.markets, []dateline.ID{d.menonT} })
	in := []string{"/atom.xml", "/coast/atom.xml", "/topics/ferries/atom.xml", "/topics/mora/atom.xml", "/stories/talks/atom.xml", "/corrections/atom.xml"}
	for _, kind := range []dateline.WithdrawalKind{dateline.WithdrawnKilled, dateline.WithdrawnExpired, dateline.WithdrawnMerged, dateline.WithdrawnLegal} {
		id, _ := d.publish("ferry-"+string(kind), "Secretword-"+string(kind)+" stops", s.joins)
		d.change(id, dateline.ChangeCorrection, "It was one boat.", nil)
		for _, a := range in {
			d.want(a, 200, "<id>urn:uuid:"+string(id), "!deleted-entry")
		}
		down := d.withdraw(id, kind, func(w *record.Withdrawal) {
			if kind == dateline.WithdrawnMerged {
				w.Into, w.Notice = into, ""
			}
		})
		mark, at := deleted(id, d.now()), "<updated>"+d.now().Format("2006-01-02T15:04:05Z")
		for _, a := range in {
			feed := d.want(a, 200, "<id>urn:uuid:"+string(into), mark, at)
			if rest := strings.Replace(feed, mark, "", 1); strings.Contains(rest, string(id)) || strings.Contains(rest, "Secretword-"+string(kind)) || strings.Contains(rest, "mistake") {
				t.Errorf("%s, %s: more than the mark is left:\n%s", kind, a, feed)
			}
			d.want(strings.Replace(a, "atom.xml", "rss.xml", 1), 200, "!"+string(id), "!deleted-entry")
		}
		d.want("/markets/atom.xml", 200, "!deleted-entry")
		if kind != dateline.WithdrawnMerged { // whose address leads to another article
			if r := d.confirm(down); !r.Confirmed {
				t.Errorf("%s is not confirmed: %+v", kind, r)
			}
		}
		d.restore(id, down)
		for _, a := range in {
			d.want(a, 200, "<id>urn:uuid:"+string(id), "!deleted-entry")
		}
		d.withdraw(id, dateline.WithdrawnKilled, nil)
		d.want("/atom.xml", 200, deleted(id, d.now()), "!"+mark)
		d.restore(id, int64(len(d.log)))
	}
}

// Marks go by what a story says of its articles, and live coverage has them too.
func TestAStorysFeedMarksWhatItLetJoin(t *testing.T) {
	c := newCoverage(t)
	d := c.paperDesk
	s := newTalks(d)
	left, _ := d.publish("left", "What left", s.joins)
	s.body.Joined, s.body.Left = []dateline.ID{c.id}, []dateline.ID{left}
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	d.want("/stories/talks/atom.xml", 200, "<id>urn:uuid:"+string(c.id), "!"+string(left))
	d.withdraw(left, dateline.WithdrawnKilled, nil)
	d.want("/stories/talks/atom.xml", 200, "!deleted-entry")
	d.want("/atom.xml", 200, deleted(left, d.now()))
	d.sequences[c.id] = d.sequences[c.id][:1]
	seq := d.withdraw(c.id, dateline.WithdrawnKilled, nil)
	for _, a := range []string{"/atom.xml", "/stories/talks/atom.xml"} {
		d.want(a, 200, deleted(c.id, d.now()))
	}
	mark := deleted(c.id, d.now())
	d.append(c.id, &record.Redaction{Entries: []int64{seq}}) // nothing is left of the withdrawal's own words either
	for _, a := range []string{"/atom.xml", "/stories/talks/atom.xml"} {
		d.want(a, 200, "!"+mark)
	}
}

// A page is in no feed, and what was imported behind a feed's last article was in none.
func TestNoMarkForWhatWasInNoFeed(t *testing.T) {
	d := newPaper(t)
	imported := func(slug string) dateline.ID {
		id, _ := d.publish(slug, "An old story", func(e *record.Edition) {
			e.Change, e.Public, e.First, e.Address = dateline.ChangeImported, "2021-03-01T10:00:00.000000Z", "2021-03-01T10:00:00.000000Z", "/2021/03/"+slug
		})
		return id
	}
	near, far := imported("near"), imported("far")
	page, _ := d.publish("about", "About us", func(e *record.Edition) {
		e.Kind, e.Section, e.Topics, e.Byline, e.Address = dateline.KindPage, "", nil, nil, "/about"
	})
	old, _ := d.publish("once", "Once new", nil)
	d.withdraw(page, dateline.WithdrawnKilled, nil)
	d.want("/atom.xml", 200, "!deleted-entry")
	d.withdraw(near, dateline.WithdrawnKilled, nil)
	d.want("/atom.xml", 200, deleted(near, d.now()))
	for i := range feedItems {
		d.publish(fmt.Sprint("n", i), fmt.Sprint("Story ", i), nil)
	}
	d.withdraw(far, dateline.WithdrawnKilled, nil)
	d.want("/atom.xml", 200, "!deleted-entry")
	d.want("/coast/atom.xml", 200, "!deleted-entry")
	d.withdraw(old, dateline.WithdrawnKilled, nil) // it left the feed's end, but subscribers have it
	d.want("/atom.xml", 200, deleted(old, d.now()))
}

func TestMarksAreBounded(t *testing.T) {
	d := newPaper(t)
	var ids []dateline.ID
	for i := range feedDeletions + 2 {
		id, _ := d.publish(fmt.Sprint("n", i), fmt.Sprint("Story ", i), nil)
		ids = append(ids, id)
	}
	var at []time.Time
	for _, id := range ids {
		d.withdraw(id, dateline.WithdrawnExpired, nil)
		at = append(at, d.now())
	}
	for _, a := range []string{"/atom.xml", "/coast/atom.xml"} {
		feed := d.want(a, 200, deleted(ids[len(ids)-1], at[len(ids)-1]), deleted(ids[2], at[2]), "!"+string(ids[1]))
		if n := strings.Count(feed, "<at:deleted-entry"); n != feedDeletions {
			t.Errorf("%s has %d marks", a, n)
		}
	}
}

// A status that is taken out of a story is marked by its own id in the story's feed, and in no other, for as long as it stays out.
// What the story said of it before may be gone from the record.
func TestAStorysFeedMarksAStatusThatWasTakenOut(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	wrong := s.status(dateline.StoryCalledOff, "Secretword called them off", "")
	out := s.body.Statuses[1]
	d.want("/stories/talks/atom.xml", 200, "<id>urn:uuid:"+string(out.ID), "!deleted-entry")
	s.body.Statuses, s.body.Gone = s.body.Statuses[:1:1], []record.StoryGone{{At: record.FormatInstant(d.now()), ID: out.ID}}
	mark := deleted(out.ID, d.now())
	s.tell()
	d.want("/stories/talks/atom.xml", 200, mark, "!<id>urn:uuid:"+string(out.ID), "!Secretword", "Talks under way")
	article, _ := d.publish("left", "What left", s.joins)
	d.withdraw(article, dateline.WithdrawnKilled, nil)
	both := d.want("/stories/talks/atom.xml", 200, mark, deleted(article, d.now()))
	if strings.Index(both, mark) < strings.Index(both, deleted(article, d.now())) {
		t.Error("what was deleted last does not stand first")
	}
	d.want("/stories/talks/rss.xml", 200, "!"+string(out.ID))
	for _, a := range []string{"/atom.xml", "/corrections/atom.xml"} {
		d.want(a, 200, "!"+string(out.ID))
	}
	d.redact(s.id, wrong)
	d.want("/stories/talks/atom.xml", 200, mark, "!Secretword")
	s.body.Statuses, s.body.Gone = append(s.body.Statuses, out), nil
	s.tell()
	d.want("/stories/talks/atom.xml", 200, "<id>urn:uuid:"+string(out.ID), "!"+mark)
}

// A story that was corrected and is taken down, or merged, is marked in the feed of corrections, until it is told again or what
// took it down has lost its words too.
func TestTheCorrectionsFeedMarksAStoryThatWasTakenDown(t *testing.T) {
	d := newPaper(t)
	s, other := newTalks(d), newTalks(d)
	other.id, other.body.Slug, other.body.Name = d.id(), "ferry", "The night ferry"
	other.status(dateline.StoryUnderWay, "It sails", "")
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	told := s.body
	down := func(into dateline.ID) int64 {
		t.Helper()
		s.changes(dateline.ChangeCorrection, "A secretword was not there.")
		d.want("/corrections/atom.xml", 200, "<id>urn:uuid:"+string(s.id), "!deleted-entry")
		s.body = record.Story{Number: s.body.Number, Slug: "talks", Language: "en", Withdrawn: into == "", Into: into,
			Gone: []record.StoryGone{{At: record.FormatInstant(d.now().Add(time.Minute)), ID: s.id}}}
		seq := s.tell()
		mark := deleted(s.id, d.now())
		feed := d.want("/corrections/atom.xml", 200, mark, "<updated>"+d.now().Format("2006-01-02T15:04:05Z"), "!<id>urn:uuid:"+string(s.id))
		if rest := strings.Replace(feed, mark, "", 1); into == "" && (strings.Contains(rest, string(s.id)) || strings.Contains(rest, "secretword")) {
			t.Errorf("more than the mark is left:\n%s", feed)
		}
		for _, a := range []string{"/corrections/rss.xml", "/atom.xml", "/stories/ferry/atom.xml"} {
			d.want(a, 200, "!"+string(s.id))
		}
		return seq
	}
	again := func() {
		t.Helper()
		number := s.body.Number
		s.body = told
		s.body.Number = number
		s.tell()
	}
	down("")
	d.want("/stories/talks/atom.xml", 410, "!secretword")
	again()
	d.want("/corrections/atom.xml", 200, "!deleted-entry")
	d.redact(s.id, down(""))
	d.want("/corrections/atom.xml", 200, "!deleted-entry")
	again()
	down(other.id)
	d.moved("/stories/talks/atom.xml", "/stories/ferry/atom.xml")
}

// An article or a story that readers have is marked in the feed of corrections once the words of all its corrections are redacted, for
// as long as it has no other and is not itself taken down; the story in its own feed, too. A page never stood there.
func TestTheCorrectionsFeedMarksARedactedCorrection(t *testing.T) {
	d := newPaper(t)
	const feed = "/corrections/atom.xml"
	id, _ := d.publish("catch", "What was caught", nil)
	d.change(id, dateline.ChangeClarification, "The first secretword.", nil)
	second := d.change(id, dateline.ChangeCorrection, "The other secretword.", nil)
	d.change(id, dateline.ChangeUpdate, "More was caught.", nil)
	page, _ := d.publish("about", "About us", func(e *record.Edition) {
		e.Kind, e.Section, e.Topics, e.Byline, e.Address = dateline.KindPage, "", nil, nil, "/about"
	})
	wrong := d.change(page, dateline.ChangeCorrection, "We are two.", nil)
	d.change(page, dateline.ChangeMinor, "", nil)
	d.redact(page, wrong)
	d.want(feed, 200, "The other secretword.", "!deleted-entry")
	d.redact(id, second)
	d.want(feed, 200, "The first secretword.", "!deleted-entry")
	d.redact(id, d.sequences[id][1])
	mark := deleted(id, d.now())
	d.want(feed, 200, mark, "<updated>"+d.now().Format("2006-01-02T15:04:05Z"), "!<id>urn:uuid:"+string(id), "!secretword", "!"+string(page))
	for _, a := range []string{"/atom.xml", "/coast/atom.xml"} {
		d.want(a, 200, "<id>urn:uuid:"+string(id), "!deleted-entry")
	}
	d.want("/corrections/rss.xml", 200, "!"+string(id))
	d.withdraw(id, dateline.WithdrawnKilled, nil)
	d.want(feed, 200, deleted(id, d.now()), "!"+mark)
	d.restore(id, int64(len(d.log)))
	d.want(feed, 200, mark)
	d.change(id, dateline.ChangeCorrection, "It was cod.", nil)
	d.want(feed, 200, "It was cod.", "!deleted-entry")

	s := newTalks(d)
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	told := s.changes(dateline.ChangeCorrection, "A third secretword.")
	s.changes(dateline.ChangeUpdate, "They go on.")
	d.want(feed, 200, "A third secretword.", "!deleted-entry")
	d.redact(s.id, told)
	mark = deleted(s.id, d.now())
	d.want(feed, 200, mark, "!<id>urn:uuid:"+string(s.id), "!secretword", "It was cod.")
	d.want("/stories/talks/atom.xml", 200, mark, "!secretword", "Talks under way")
	s.changes(dateline.ChangeClarification, "Nobody left.")
	for _, a := range []string{feed, "/stories/talks/atom.xml"} {
		d.want(a, 200, "Nobody left.", "<id>urn:uuid:"+string(s.id), "!deleted-entry")
	}
}

// The statuses of a story that is taken down are marked in the feeds of the larger stories that it is taken from, and in no other, until
// it comes back.
func TestAWholesFeedMarksTheStatusesOfAPartThatWasTakenDown(t *testing.T) {
	d := newPaper(t)
	whole, other := partOf(d, "channel", "The channel"), partOf(d, "islands", "The islands")
	whole.status(dateline.StoryUnderWay, "City and islands talk", "")
	other.status(dateline.StoryUnderWay, "They are at home", "")
	part := partOf(d, "talks", "The fishing talks", whole)
	part.status(dateline.StoryUnderWay, "Secretword under way", "")
	told, status := part.body, part.body.Statuses[0].ID
	d.want("/stories/channel/atom.xml", 200, "<id>urn:uuid:"+string(status), "!deleted-entry")
	part.body = record.Story{Number: told.Number, Slug: "talks", Language: "en", Withdrawn: true, Stories: told.Stories,
		Gone: []record.StoryGone{{At: record.FormatInstant(d.now().Add(time.Minute)), ID: status}, {At: record.FormatInstant(d.now().Add(time.Minute)), ID: part.id}}}
	part.tell()
	mark := deleted(status, d.now())
	d.want("/stories/channel/atom.xml", 200, mark, "!<id>urn:uuid:"+string(status), "!Secretword", "!"+string(part.id), "City and islands talk")
	d.want("/stories/channel/rss.xml", 200, "!"+string(status))
	for _, a := range []string{"/stories/islands/atom.xml", "/atom.xml", "/corrections/atom.xml"} {
		d.want(a, 200, "!"+string(status))
	}
	number := part.body.Number
	part.body = told
	part.body.Number = number
	part.tell()
	d.want("/stories/channel/atom.xml", 200, "<id>urn:uuid:"+string(status), "!"+mark)
}
