package site

import (
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

func ruled(kind dateline.RuleKind, places int) dateline.Container {
	return dateline.Container{Layout: dateline.LayoutThree, Rule: &dateline.Rule{Kind: kind}, Items: make([]dateline.FrontItem, places)}
}

func (d *paperDesk) home(number int, containers ...dateline.Container) int64 {
	return d.append(d.log[0].Subject, &record.Front{Home: true, Number: number, Containers: containers})
}

// TestRunningStoriesStandWhereAnEditorPutsThem: in their own place, as many as it has, under its heading, or not at all; a front
// of the first schema has them after its lead.
func TestRunningStoriesStandWhereAnEditorPutsThem(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	d.publish("line", "The line is drawn", s.joins)
	page := d.want("/", 200, "Running stories", "Talks under way")
	if strings.Index(page, "Running stories") < strings.Index(page, "The line is drawn") {
		t.Error("a front that nobody arranged has running stories before its lead")
	}
	lead := dateline.Container{Layout: dateline.LayoutLead, Rule: &dateline.Rule{Kind: dateline.RuleLatest}, Items: make([]dateline.FrontItem, 2)}
	section := dateline.Container{Layout: dateline.LayoutList, Rule: &dateline.Rule{Kind: dateline.RuleSection, Of: d.coast}, Items: make([]dateline.FrontItem, 2)}
	d.publish("ropes", "Ropes", nil)
	d.publish("gates", "Gates", nil)
	d.home(1, lead, section, ruled(dateline.RuleStories, 2))
	page = d.want("/", 200, "Talks under way")
	if strings.Index(page, `id="s1"`) < strings.Index(page, `id="s0"`) || strings.Index(page, "Talks under way") < strings.Index(page, `id="s1"`) {
		t.Errorf("the running stories do not stand last: %s", page)
	}
	named := ruled(dateline.RuleStories, 1)
	named.Title = dateline.Names{"en": "What goes on"}
	d.home(2, named, lead)
	d.want("/", 200, "What goes on", "Talks under way", "!Running stories")
	d.home(3, lead, section)
	d.want("/", 200, "!Talks under way", "!Running stories")
	s.status(dateline.StorySuspended, "Talks suspended", "")
	d.home(4, lead, ruled(dateline.RuleStories, 1))
	seq := s.status(dateline.StoryUnderWay, "Talks again", "")
	d.want("/", 200, "Talks again")
	if got := strings.Join(d.confirmed(seq), " "); !strings.Contains(got, "/ ") {
		t.Errorf("the receipt lists %s", got)
	}

	// An entry as the first schema has it.
	body, err := record.Encode(&record.Front{Home: true, Number: 5, Containers: []dateline.Container{lead, section}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := record.NewEntry(record.Header{Sequence: int64(len(d.log)) + 1, At: d.now(), Kind: record.KindFront, Schema: 1, Subject: d.log[0].Subject,
		Role: dateline.RoleEditor}, body, d.source)
	if err != nil {
		t.Fatal(err)
	}
	d.log = append(d.log, e)
	d.apply(e)
	page = d.want("/", 200, "Running stories", "Talks again")
	if strings.Index(page, "Running stories") > strings.Index(page, `id="s1"`) {
		t.Error("a front of the first schema does not have them after its lead")
	}
}

// TestAFrontsRuleFollowsWhatIsOnAir: a container of what is on air is there while something is.
func TestAFrontsRuleFollowsWhatIsOnAir(t *testing.T) {
	c := newCoverage(t)
	c.publish("ropes", "Ropes", nil)
	pinned, _ := c.publish("gates", "Gates", nil)
	c.home(1, dateline.Container{Layout: dateline.LayoutList, Title: dateline.Names{"en": "Chosen"}, Items: []dateline.FrontItem{{Article: pinned}}}, ruled(dateline.RuleLive, 3))
	c.want("/", 200, "Chosen", "!"+mark(c.id, 1))
	seq := c.state(dateline.LiveOn, "")
	c.want("/", 200, mark(c.id, 1), `<span class="live">Live</span> Coast`)
	if got := strings.Join(c.confirmed(seq), " "); !strings.Contains(got, "/ ") || !strings.Contains(got, "/coast/") {
		t.Errorf("the receipt lists %s", got)
	}
	c.state(dateline.LiveEnded, "")
	c.want("/", 200, "Chosen", "!"+mark(c.id, 1))
}

// TestAFrontShowsNothingTwiceAndNothingThatIsGone: what is pinned below is not chosen above, what was withdrawn leaves a hole that
// the rule closes, what is restored comes back to its place, and the article's own words stand where an editor put none.
func TestAFrontShowsNothingTwiceAndNothingThatIsGone(t *testing.T) {
	d := newPaper(t)
	var ids []dateline.ID
	for _, slug := range []string{"one", "two", "three", "four"} {
		id, _ := d.publish(slug, "Headline "+slug, nil)
		ids = append(ids, id)
	}
	latest := ruled(dateline.RuleLatest, 3)
	chosen := dateline.Container{Layout: dateline.LayoutList, Title: dateline.Names{"en": "Chosen"}, Items: []dateline.FrontItem{
		{Article: ids[3], Headline: "In other words", Kicker: "From the shore", Picture: d.picture}, {Article: ids[0]}}}
	f := &record.Front{Home: true, Number: 1, Pictures: []dateline.ID{d.picture}, Containers: []dateline.Container{latest, chosen}}
	d.append(d.log[0].Subject, f)
	once := func(shown, hidden []dateline.ID) {
		t.Helper()
		page := d.want("/", 200)
		for _, id := range shown {
			if n := strings.Count(page, mark(id, 1)); n != 1 {
				t.Errorf("%s stands %d times", id, n)
			}
		}
		for _, id := range hidden {
			if strings.Contains(page, string(id)) {
				t.Errorf("%s still stands", id)
			}
		}
	}
	once(ids, nil)
	d.want("/", 200, "In other words", "From the shore", "!Headline four", "Headline one", `/pictures/`+d.pictureHash)
	down := d.withdraw(ids[3], dateline.WithdrawnKilled, nil)
	once(ids[:3], ids[3:])
	d.want("/", 200, "!In other words", "!From the shore")
	d.restore(ids[3], down)
	once(ids, nil)
	d.want("/", 200, "In other words")
	d.withdraw(ids[2], dateline.WithdrawnExpired, nil)
	once([]dateline.ID{ids[0], ids[1], ids[3]}, ids[2:3])
	f = &record.Front{Home: true, Number: 2, Containers: []dateline.Container{latest}}
	d.append(d.log[0].Subject, f)
	d.want("/", 200, "!In other words", "Headline four")
}

// TestAnEmptyPapersFront: it says that there is nothing yet, arranged or not, and fills itself with the first article.
func TestAnEmptyPapersFront(t *testing.T) {
	d := newPaper(t)
	d.want("/", 200, "Nothing has been published here yet")
	d.home(1, dateline.Container{Layout: dateline.LayoutLead, Rule: &dateline.Rule{Kind: dateline.RuleLatest}, Items: make([]dateline.FrontItem, 5)},
		ruled(dateline.RuleStories, 3), ruled(dateline.RuleLive, 3), ruled(dateline.RuleMostRead, 3))
	d.want("/", 200, "Nothing has been published here yet", "!Running stories", "!Most read")
	id, _ := d.publish("first", "The first of all", nil)
	d.want("/", 200, mark(id, 1), "!Nothing has been published here yet")
}

// TestARulesList: a section's, a topic's and a story's newest stand where a rule asks for them, and follow what joins and leaves; the
// container is named for what its rule looks at.
func TestARulesList(t *testing.T) {
	d := newPaper(t)
	s := newTalks(d)
	s.status(dateline.StoryUnderWay, "Talks under way", "")
	d.publish("else", "Something else", func(e *record.Edition) { e.Topics = nil })
	first, _ := d.publish("line", "The line is drawn", s.joins)
	for kind, of := range map[dateline.RuleKind]dateline.ID{dateline.RuleStory: s.id, dateline.RuleTopic: d.ferries, dateline.RuleSection: d.coast} {
		c := ruled(kind, 1)
		c.Rule.Of = of
		d.home(1, c)
		d.change(first, dateline.ChangeMinor, "", func(e *record.Edition) {
			e.Stories, e.Topics, e.Section = []dateline.ID{s.id}, []dateline.ID{d.ferries}, d.coast
		})
		d.want("/", 200, "The line is drawn")
		second, _ := d.publish(string("second-"+kind), "A second meeting", func(e *record.Edition) {
			e.Stories, e.Topics, e.Section = []dateline.ID{s.id}, []dateline.ID{d.ferries}, d.coast
		})
		d.want("/", 200, mark(second, 1), "!The line is drawn")
		if kind == dateline.RuleStory {
			d.want("/", 200, `href="/stories/talks">The fishing talks`)
			s.body.Left = []dateline.ID{second}
			s.tell()
			d.want("/", 200, "!"+mark(second, 1), "The line is drawn")
			s.body.Left = nil
			s.tell()
			d.want("/", 200, mark(second, 1))
		}
		d.withdraw(second, dateline.WithdrawnKilled, nil)
		d.want("/", 200, "The line is drawn", "!"+string(second))
	}
	s.body = record.Story{Number: s.body.Number, Slug: "talks", Language: "en", Withdrawn: true}
	s.tell()
	c := ruled(dateline.RuleStory, 1)
	c.Rule.Of = s.id
	d.home(9, c)
	d.want("/", 200, "!The fishing talks")
}
