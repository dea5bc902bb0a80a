package desk_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// redactPassages takes the word out of passages, after its plan was asked for.
func (n *room) redactPassages(keys ...string) desk.Redacted {
	n.Helper()
	asked := desk.Redacting{Words: []string{secret}, Passages: keys, Reason: "By order of a court"}
	before := n.head()
	plan, err := n.desk.PlanRedaction(n.Context(), chief, desk.Target{}, asked)
	n.must(err)
	if n.head() != before {
		n.Fatal("a plan appended something")
	}
	done, err := n.desk.Redact(n.Context(), chief, desk.Target{}, asked)
	n.must(err)
	if !slices.Equal(plan.Entries, done.Entries) || len(plan.Remaining) != len(done.Remaining) {
		n.Errorf("planned was %+v, done %+v", plan, done)
	}
	return done
}

// passages are the keys of what holds the word.
func (n *room) passages() (keys []string) {
	n.Helper()
	plan, err := n.desk.PlanRedaction(n.Context(), chief, desk.Target{}, desk.Redacting{Words: []string{secret}})
	n.must(err)
	for _, p := range plan.Passages {
		keys = append(keys, p.Key)
	}
	return keys
}

// gone fails where the word stands in any file of the newsroom, or the record does not verify without it.
func (n *room) gone() {
	n.Helper()
	if keys, files := n.passages(), n.holdsSecret(); len(keys)+len(files) > 0 {
		n.Errorf("the word still stands in %v, in %v", keys, files)
	}
	n.verifies()
}

// TestAnEntryOfALiveCoverageIsRedacted: it goes from the record and the desk, its place says why, and earlier wordings of it go too.
func TestAnEntryOfALiveCoverageIsRedacted(t *testing.T) {
	n := newsroom(t)
	a := n.coverage()
	_, err := n.desk.Steer(t.Context(), editor, a.ID, 2, desk.Steering{State: dateline.LiveOn, Summary: paragraph("What " + secret + " said")})
	n.must(err)
	posted, err := n.desk.Post(t.Context(), editor, a.ID, desk.Entry{Headline: "At the pier", Body: []byte(`{"type":"doc","content":[{"type":"paragraph","content":[` +
		`{"type":"text","text":"It was Quix","marks":[{"type":"em"}]},{"type":"text","text":"wortle."}]}]}`)}, "")
	n.must(err)
	edited, err := n.desk.Post(t.Context(), editor, a.ID, desk.Entry{Headline: secret + " again"}, "")
	n.must(err)
	_, err = n.desk.EditEntry(t.Context(), editor, a.ID, 2, edited.Entry.Version, desk.Entry{Headline: "Somebody again"})
	n.must(err)
	removed, err := n.desk.Post(t.Context(), editor, a.ID, desk.Entry{Headline: secret + " for the third time"}, "")
	n.must(err)
	_, err = n.desk.DeleteEntry(t.Context(), editor, a.ID, 3, removed.Entry.Version, "It was told twice.")
	n.must(err)
	entry := func(number string) string { return "live_entry/" + string(a.ID) + "/" + number }
	keys := n.passages()
	if want := []string{"live_state/" + string(a.ID), entry("1"), entry("2"), entry("3")}; len(keys) != 4 || !contains(keys, want...) {
		t.Fatalf("the word is found in %v", keys)
	}
	_, err = n.desk.Redact(t.Context(), chief, desk.Target{}, desk.Redacting{Words: []string{secret}, Passages: keys})
	n.refused(dateline.EInvalid, "why an entry was removed", err)
	_, err = n.desk.Redact(t.Context(), editor, desk.Target{}, desk.Redacting{Words: []string{secret}, Passages: keys, Reason: "By order of a court"})
	n.refused(dateline.EForbidden, "chief", err)
	before := n.head()
	n.redactPassages(keys...)
	n.gone()
	if got := strings.ReplaceAll(n.kinds(before), "redaction", "r"); got != "live_state r live_entry r r r" {
		t.Errorf("the record got %q", got)
	}
	l, entries, err := n.desk.FindLive(t.Context(), editor, a.ID, 0, 10)
	n.must(err)
	if l.State != dateline.LiveOn || l.Summary != nil || len(entries) != 3 {
		t.Fatalf("the coverage is %+v with %d entries", l, len(entries))
	}
	if e := entries[2]; !e.Deleted || e.Reason != "By order of a court" || e.Headline != "" || !e.At.Equal(posted.Entry.At) {
		t.Errorf("the first entry is %+v", e)
	}
	if e := entries[1]; e.Deleted || e.Headline != "Somebody again" {
		t.Errorf("the one that says something else by now is %+v", e)
	}
	if e := entries[0]; !e.Deleted || e.Reason != "It was told twice." || e.Headline != "" {
		t.Errorf("the one that was removed before is %+v", e)
	}
	for _, e := range n.entries(before) {
		body, err := e.Decode()
		n.must(err)
		if r, ok := body.(*record.Redaction); ok && len(r.Live) != len(r.Entries) {
			t.Errorf("of %v is said %+v", r.Entries, r.Live)
		}
	}
}

// TestAnEntryIsRedactedAsAWhole: without words all that an entry said goes, also while the coverage is withdrawn, and comes back as a place.
func TestAnEntryIsRedactedAsAWhole(t *testing.T) {
	n := newsroom(t)
	a := n.coverage()
	_, err := n.desk.Post(t.Context(), editor, a.ID, desk.Entry{Headline: secret + " at the pier"}, "key-1")
	n.must(err)
	w, err := n.desk.Withdraw(t.Context(), chief, seen(n.find(a.ID)), desk.Withdrawing{Kind: dateline.WithdrawnKilled})
	n.must(err)
	asked := desk.Redacting{Passages: []string{"live_entry/" + string(a.ID) + "/1"}, Reason: "By order of a court"}
	done, err := n.desk.Redact(t.Context(), chief, desk.Target{}, asked)
	n.must(err)
	n.gone()
	if r := n.redaction(done.Sequence); len(r.Entries) != 1 || r.Live[0].Number != 1 || r.Replacement == 0 {
		t.Errorf("the redaction says %+v", r)
	}
	told := n.redaction(done.Sequence).Replacement
	if n.entries(told - 1)[0].HasBody() {
		t.Error("what was told of a coverage that is withdrawn is given to followers")
	}
	_, err = n.desk.Restore(t.Context(), chief, seen(n.find(w.Article.ID)), "")
	n.must(err)
	if !n.entries(told - 1)[0].HasBody() {
		t.Error("the entry's place does not come back")
	}
	n.verifies()
	for _, key := range []string{"live_entry/" + string(a.ID) + "/9", "live_entry/" + string(a.ID), "nothing/" + string(a.ID), "front/" + string(a.ID)} {
		if _, err := n.desk.Redact(t.Context(), chief, desk.Target{}, desk.Redacting{Passages: []string{key}, Reason: "x"}); err == nil {
			t.Errorf("%s was redacted", key)
		}
	}
}

// TestWordsOnAFrontAreRedacted: overrides, headings and strip lose them, also in saved arrangements; what is saved last stays so.
func TestWordsOnAFrontAreRedacted(t *testing.T) {
	n := newsroom(t)
	coast := n.section("coast").ID
	a := n.publish(n.create(dateline.Content{Section: coast, Headline: "A boat"}), dateline.ChangeFirst, "").Article
	c := dateline.FrontContent{Strip: &dateline.Strip{Text: secret + " seen", Until: noon.AddDate(1, 0, 0)}, Containers: []dateline.Container{
		{Layout: dateline.LayoutLead, Rule: &dateline.Rule{Kind: dateline.RuleLatest}, Title: dateline.Names{"en": "On " + secret},
			Items: []dateline.FrontItem{{Article: a.ID, Headline: secret + "’s boat", Kicker: "Boats"}, {}}}}}
	f := n.saveFront(n.frontOf(coast), c)
	r, err := n.desk.PublishFront(t.Context(), editor, at(f), "")
	n.must(err)
	c.Containers[0].Items[0].Kicker = secret
	f = n.saveFront(r.Front, c) // a draft that has it too
	_, err = n.desk.ScheduleFront(t.Context(), editor, at(f), noon.AddDate(0, 1, 0))
	n.must(err)
	if keys := n.passages(); !slices.Equal(keys, []string{"front/" + string(coast)}) {
		t.Fatalf("the word is found in %v", keys)
	}
	before := n.head()
	n.redactPassages("front/" + string(coast))
	n.gone()
	if got := n.kinds(before); got != "front redaction" {
		t.Errorf("the record got %q", got)
	}
	body, err := n.entries(before)[0].Decode()
	n.must(err)
	told := body.(*record.Front)
	if item := told.Containers[0].Items[0]; item.Article != a.ID || item.Headline != "" || item.Kicker != "Boats" || told.Strip != nil || told.Containers[0].Title != nil {
		t.Errorf("readers have %+v", told)
	}
	f = n.frontOf(coast)
	if f.Schedule != nil || f.Saved == f.Live || f.Content.Containers[0].Items[0].Kicker != "" || f.Content.Containers[0].Items[0].Article != a.ID {
		t.Errorf("the desk has %+v", f)
	}
	if r := n.redaction(n.head()); r.Replacement != before+1 || !slices.Equal(r.Entries, []int64{r.Entries[0]}) {
		t.Errorf("the redaction says %+v", r)
	}
}

// TestWordsInAStoryAreRedacted: statuses, dated lines, background and notes lose them in what readers have and in the draft; lines of the
// history stay; a name or an address that holds them is changed first, and then the old address leads nowhere.
func TestWordsInAStoryAreRedacted(t *testing.T) {
	n := newsroom(t)
	c := storyContent()
	c.Background, c.Summary = "It began with "+secret+".", "The talks."
	c.Statuses = append(c.Statuses, dateline.StoryStatus{At: noon, State: dateline.StorySuspended, Words: secret + " left", Sentence: "The room is empty."})
	c.Events = []dateline.StoryEvent{{Title: secret + " votes", When: "2026-07-05"}, {Title: "The islands vote", Text: "As " + secret + " asked.", When: "2026-07-06"}}
	s := n.publishStory(n.story(c))
	r, err := n.desk.PublishStory(t.Context(), editor, saw(s), dateline.ChangeCorrection, secret+" was not there.")
	n.must(err)
	draft := r.Story.Content
	draft.Summary = "A draft of " + secret
	s, err = n.desk.SaveStory(t.Context(), editor, saw(r.Story), "", draft)
	n.must(err)
	key := "story/" + string(s.ID)
	if keys := n.passages(); !slices.Equal(keys, []string{key}) {
		t.Fatalf("the word is found in %v", keys)
	}
	n.redactPassages(key)
	n.gone()
	s, err = n.desk.FindStory(t.Context(), editor, s.ID)
	n.must(err)
	if s.Edition != 3 || s.Live.Background != "" || len(s.Live.Statuses) != 1 || len(s.Live.Events) != 1 || s.Live.Events[0].Text != "" || s.Live.Summary != "The talks." ||
		!s.Unsaid || s.Content.Summary != "" {
		t.Errorf("left is %+v of %+v", s.Live, s)
	}
	left := n.storyEntry(n.head() - 1)
	if len(left.Gone) != 1 || left.Gone[0].ID == s.Live.Statuses[0].ID || left.Gone[0].At != left.Public {
		t.Errorf("feeds are told that %+v are gone", left.Gone)
	}
	red := n.redaction(n.head())
	if len(red.Editions) != 2 || red.Editions[1].Number != 2 || red.Editions[1].Change != dateline.ChangeCorrection || red.Replacement == 0 {
		t.Errorf("the redaction says %+v", red)
	}

	s = n.publishStory(n.story(dateline.StoryContent{Name: secret + " talks", Statuses: storyContent().Statuses}))
	key = "story/" + string(s.ID)
	_, err = n.desk.Redact(t.Context(), chief, desk.Target{}, desk.Redacting{Words: []string{secret}, Passages: []string{key}})
	n.refused(dateline.EState, "name or address", err)
	c = s.Content
	c.Name = "The talks"
	s, err = n.desk.SaveStory(t.Context(), editor, saw(s), "the-talks", c)
	n.must(err)
	n.publishStory(s)
	n.redactPassages(key)
	n.gone()
	old := "/stories/" + strings.ToLower(secret) + "-talks"
	if red := n.redaction(n.head()); !slices.Equal(red.Hashes, []string{record.AddressHash(old)}) {
		t.Errorf("the redaction says %+v", red)
	}
	if other := n.story(dateline.StoryContent{Name: secret + " talks"}); other.Slug == strings.ToLower(secret)+"-talks" {
		t.Error("the address is given to another")
	}
}

// sayAll puts words into a person's role, a picture's words and the paper's motto.
func (n *room) sayAll(person, picture dateline.ID, words string) {
	n.Helper()
	who, err := n.desk.FindPerson(n.Context(), editor, person)
	n.must(err)
	who.Role = dateline.Names{"en": words}
	_, err = n.desk.UpdatePerson(n.Context(), editor, *who)
	n.must(err)
	image, err := n.desk.FindPicture(n.Context(), editor, picture)
	n.must(err)
	image.Caption, image.Credit, image.Rights = words, words, words
	_, err = n.desk.UpdatePicture(n.Context(), editor, *image)
	n.must(err)
	paper, err := n.desk.FindPublication(n.Context())
	n.must(err)
	paper.Motto = dateline.Names{"en": words}
	_, _, err = n.desk.UpdatePublication(n.Context(), chief, *paper)
	n.must(err)
}

// TestWordsInNamesAreRedacted: what a topic, a section, a picture and the paper said before goes once they say something else; a topic whose
// address says it goes as a whole; a draft that was never published is emptied; a person is erased.
func TestWordsInNamesAreRedacted(t *testing.T) {
	n := newsroom(t)
	ctx := t.Context()
	coast := n.section("coast")
	topic := n.topic("boats")
	named := n.topic("about-" + strings.ToLower(secret))
	p := n.person("nalini")
	pic := n.picture(9)
	a := n.create(dateline.Content{Section: coast.ID, Headline: "A boat", Topics: []dateline.ID{topic.ID, named.ID}, Byline: []dateline.Credit{{Person: p.ID}},
		Lead: &dateline.Lead{Picture: pic.ID, Alt: "A boat"}})
	n.publish(a, dateline.ChangeFirst, "")
	hidden := n.create(dateline.Content{Section: coast.ID, Headline: secret + " sails"})
	n.save(hidden, func(c *dateline.Content) { c.Standfirst = "Never to go out" })
	set := func(words string) {
		v, err := n.desk.FindTopic(ctx, editor, topic.ID)
		n.must(err)
		v.Names = dateline.Names{"en": words}
		_, err = n.desk.UpdateTopic(ctx, editor, *v)
		n.must(err)
		s, err := n.desk.FindSection(ctx, editor, coast.ID)
		n.must(err)
		s.Description = dateline.Names{"en": words}
		_, err = n.desk.UpdateSection(ctx, chief, *s)
		n.must(err)
		n.sayAll(p.ID, pic.ID, words)
	}
	set("Of " + secret)
	keys := n.passages()
	if len(keys) != 7 {
		t.Fatalf("the word is found in %v", keys)
	}
	for _, key := range keys {
		if strings.HasPrefix(key, "article/") || key == "topic/"+string(named.ID) {
			continue
		}
		_, err := n.desk.Redact(ctx, chief, desk.Target{}, desk.Redacting{Words: []string{secret}, Passages: []string{key}})
		n.refused(dateline.EState, "change it", err)
	}
	set("Of the coast")
	if got := n.passages(); len(got) != 7 {
		t.Fatalf("after the change the word is found in %v", got)
	}
	done := n.redactPassages(keys...)
	n.gone()
	if done.Versions == 0 {
		t.Error("no saved version of the draft was emptied")
	}
	v, err := n.desk.FindTopic(ctx, editor, topic.ID)
	n.must(err)
	if v.Names["en"] != "Of the coast" {
		t.Errorf("the topic is %+v", v)
	}
	if _, err := n.desk.CreateTopic(ctx, editor, dateline.Topic{Slug: "about-" + strings.ToLower(secret), Kind: dateline.TopicSubject, Names: dateline.Names{"en": "x"}}); err == nil {
		t.Error("the topic's address is given to another")
	}
}

// TestAnArticleAndPassagesInOneAct: the article's redaction takes the words from what was chosen besides; what was not chosen is told.
func TestAnArticleAndPassagesInOneAct(t *testing.T) {
	n := newsroom(t)
	coast := n.section("coast").ID
	a := n.publish(n.create(dateline.Content{Section: coast, Headline: secret + " sails"}), dateline.ChangeFirst, "").Article
	c := chosen("Boats", a.ID)
	c.Containers[0].Items[0].Headline = "See " + secret
	f := n.saveFront(n.frontOf(coast), c)
	_, err := n.desk.PublishFront(t.Context(), editor, at(f), "receipt-key")
	n.must(err)
	s := storyContent()
	s.Background = "On " + secret
	story := n.publishStory(n.story(s))
	done := n.redact(a, desk.Redacting{Words: []string{secret}, Passages: []string{"front/" + string(coast)}, Reason: "By order of a court"})
	if len(done.Passages) != 1 || done.Passages[0].Key != "story/"+string(story.ID) || len(done.Editions) != 1 {
		t.Errorf("it did %+v, and left %+v", done, done.Passages)
	}
	n.redactPassages("story/" + string(story.ID))
	n.gone()
	var e *dateline.Error
	if _, err := n.desk.Redact(t.Context(), chief, desk.Target{}, desk.Redacting{Words: []string{secret}, Passages: []string{"front/" + string(coast)}}); !errors.As(err, &e) {
		t.Error("a passage without the words was redacted")
	}
}

func contains(list []string, all ...string) bool {
	return !slices.ContainsFunc(all, func(s string) bool { return !slices.Contains(list, s) })
}

// TestAnOldDatabaseBringsBackNoPassage: what lost its words in live coverage, on fronts and in stories loses them again, although the words
// are not known any more.
func TestAnOldDatabaseBringsBackNoPassage(t *testing.T) {
	n := newsroom(t)
	coast := n.section("boats").ID
	a := n.coverage()
	_, err := n.desk.Post(t.Context(), editor, a.ID, desk.Entry{Headline: secret + " at the pier"}, "key-1")
	n.must(err)
	c := chosen("Boats", a.ID)
	c.Containers[0].Items[0].Headline, c.Containers[0].Rule = "See "+secret, &dateline.Rule{Kind: dateline.RuleLatest}
	c.Containers = append(c.Containers, chosen("On " + secret).Containers[0])
	c.Containers[1].Items = make([]dateline.FrontItem, 1)
	_, err = n.desk.PublishFront(t.Context(), editor, at(n.saveFront(n.frontOf(coast), c)), "")
	n.must(err)
	c.Containers = c.Containers[:1] // a heading that holds the words and has to be there is taken off first
	_, err = n.desk.PublishFront(t.Context(), editor, at(n.saveFront(n.frontOf(coast), c)), "")
	n.must(err)
	s := storyContent()
	s.Background = "On " + secret
	story := n.publishStory(n.story(s))
	n.close()
	saved := n.read("desk.db")
	n.open()
	n.redactPassages(n.passages()...)
	n.gone()
	n.close()
	n.must(os.WriteFile(filepath.Join(n.dir, "desk.db"), []byte(saved), 0o600))
	n.clock.Jump(-time.Hour) // a clock behind the newest act, by which nothing is published, does not keep the words
	n.restoreOpen()
	n.gone()
	_, entries, err := n.desk.FindLive(t.Context(), editor, a.ID, 0, 10)
	n.must(err)
	if len(entries) != 1 || !entries[0].Deleted {
		t.Errorf("the coverage has %+v", entries)
	}
	if f := n.frontOf(coast); f.Content.Containers[0].Items[0].Article != a.ID || f.Content.Containers[0].Items[0].Headline != "" {
		t.Errorf("the front is %+v", f.Content)
	}
	st, err := n.desk.FindStory(t.Context(), editor, story.ID)
	n.must(err)
	if st.Readers != dateline.Withdrawn {
		t.Errorf("readers have the story: %s", st.Readers)
	}
}

// backup keeps the newsroom's database as it is now.
func (n *room) backup() {
	n.Helper()
	n.close()
	n.copyFile("desk.db", "../backup.db")
	n.open()
}

// putBack goes on with the database that was kept, under another name.
func (n *room) putBack() {
	n.Helper()
	n.close()
	n.copyFile("../backup.db", "desk.db")
	n.restoreOpen()
}

// TestAnOldDatabaseBringsBackNoAddress: a story's address that was taken away is nowhere, whether readers have the story under it in the
// older database or it leads on to another.
func TestAnOldDatabaseBringsBackNoAddress(t *testing.T) {
	rename := func(n *room, s *dateline.Story) *dateline.Story {
		t.Helper()
		c := s.Content
		c.Name = "The talks"
		s, err := n.desk.SaveStory(t.Context(), editor, saw(s), "the-talks", c)
		n.must(err)
		return n.publishStory(s)
	}
	old := "/stories/" + strings.ToLower(secret) + "-talks"
	for _, former := range []bool{false, true} {
		n := newsroom(t)
		s := n.publishStory(n.story(dateline.StoryContent{Name: secret + " talks", Statuses: storyContent().Statuses}))
		if former {
			s = rename(n, s)
		}
		n.backup()
		if !former {
			s = rename(n, s)
		}
		n.redactPassages("story/" + string(s.ID))
		n.gone()
		n.putBack()
		n.gone()
		if red := n.redaction(n.head()); !slices.Equal(red.Hashes, []string{record.AddressHash(old)}) {
			t.Errorf("the redaction says %+v", red)
		}
		got := n.findStory(s.ID)
		if got.Readers != dateline.Withdrawn || !n.tombs.Down(old) || former != (got.Shown == "the-talks") {
			t.Errorf("the story is %+v", got)
		}
		c := storyContent()
		s, err := n.desk.SaveStory(t.Context(), editor, saw(got), "talks-on", c)
		n.must(err)
		n.publishStory(s) // under another address it may be told again
		for _, slug := range n.storyEntry(n.head()).Former {
			if slug != "the-talks" {
				t.Errorf("the address %q leads to it", slug)
			}
		}
	}
}

// TestAnOldDatabaseBringsBackNoName: a section, topic, person, picture and the paper lose what lost its words, say what they said before, or
// the words of their addresses, and readers are told so; a topic whose address went and a person who was erased are gone.
func TestAnOldDatabaseBringsBackNoName(t *testing.T) {
	n := newsroom(t)
	ctx := t.Context()
	coast, topic, p, pic := n.section("coast"), n.topic("long-boats"), n.person("nalini"), n.picture(9)
	gone, erased := n.topic("about-"+strings.ToLower(secret)), n.person(strings.ToLower(secret))
	bare, err := n.desk.CreateSection(ctx, chief, dateline.Section{Slug: "far-coast", Names: dateline.Names{"en": "Of " + secret}})
	n.must(err)
	n.publish(n.create(dateline.Content{Section: coast.ID, Headline: "A boat", Topics: []dateline.ID{topic.ID, gone.ID}, Byline: []dateline.Credit{{Person: p.ID}, {Person: erased.ID}},
		Lead: &dateline.Lead{Picture: pic.ID, Alt: "A boat"}}), dateline.ChangeFirst, "")
	set := func(names, words string) {
		t.Helper()
		v, err := n.desk.FindTopic(ctx, editor, topic.ID)
		n.must(err)
		v.Description = dateline.Names{"en": words}
		_, err = n.desk.UpdateTopic(ctx, editor, *v)
		n.must(err)
		s, err := n.desk.FindSection(ctx, editor, coast.ID)
		n.must(err)
		s.Names, s.Description = dateline.Names{"en": names}, dateline.Names{"en": words}
		_, err = n.desk.UpdateSection(ctx, chief, *s)
		n.must(err)
		other, err := n.desk.FindSection(ctx, editor, bare.ID)
		n.must(err)
		other.Names = dateline.Names{"en": words}
		_, err = n.desk.UpdateSection(ctx, chief, *other)
		n.must(err)
		n.sayAll(p.ID, pic.ID, words)
	}
	set(secret+" coast", "Of "+secret)
	n.backup()
	set("The coast", "Of the coast")
	who, err := n.desk.FindPerson(ctx, editor, erased.ID)
	n.must(err)
	_, err = n.desk.Erase(ctx, chief, erased.ID, who.Version)
	n.must(err)
	n.redactPassages(n.passages()...)
	n.gone()
	n.putBack()
	n.gone()
	v, err := n.desk.FindTopic(ctx, editor, topic.ID)
	n.must(err)
	if v.Slug != "long-boats" || v.Names["en"] != "long-boats" || v.Description != nil {
		t.Errorf("the topic is %+v", v)
	}
	s, err := n.desk.FindSection(ctx, editor, coast.ID)
	n.must(err)
	if s.Names["en"] != "coast" || s.Description != nil {
		t.Errorf("the section is %+v", s)
	}
	if s, err = n.desk.FindSection(ctx, editor, bare.ID); err != nil || s.Names["en"] != "far coast" {
		t.Errorf("the section of which nothing is left is %+v: %v", s, err)
	}
	if who, err = n.desk.FindPerson(ctx, editor, p.ID); err != nil || who.Erased || who.Slug != "nalini" || len(who.Names) == 0 || who.Role != nil {
		t.Errorf("the person is %+v: %v", who, err)
	}
	if who, err = n.desk.FindPerson(ctx, editor, erased.ID); err != nil || !who.Erased {
		t.Errorf("the person who was erased is %+v: %v", who, err)
	}
	if v, err = n.desk.FindTopic(ctx, editor, gone.ID); err != nil || len(v.Names) > 0 {
		t.Errorf("the topic that was gone is %+v: %v", v, err)
	}
	paper, err := n.desk.FindPublication(ctx)
	n.must(err)
	if paper.Name != "The Estuary" || paper.Motto != nil || paper.Zone != "Asia/Kolkata" {
		t.Errorf("the paper is %+v", paper)
	}
	newest, origin := map[dateline.ID]int64{}, int64(0)
	for _, e := range n.entries(0) {
		switch e.Kind {
		case record.KindRedaction, record.KindKey:
		case record.KindOrigin:
			origin = e.Sequence
		default:
			newest[e.Subject] = e.Sequence
		}
	}
	for _, id := range []dateline.ID{topic.ID, coast.ID, bare.ID, p.ID, pic.ID, paper.ID} {
		if e := n.entries(newest[id] - 1)[0]; origin == 0 || e.Sequence < origin || !e.HasBody() {
			t.Errorf("readers were not told what became of the %s: entry %d", e.Kind, e.Sequence)
		}
	}
}

// TestAStorysPlanSaysWhatComesFirst: words in a saved name, under a lock or in all that says where a story stands are changed, lifted or
// told another way first, and no redaction says that it was done where they stay.
func TestAStorysPlanSaysWhatComesFirst(t *testing.T) {
	n := newsroom(t)
	first := func(s *dateline.Story, words string) {
		t.Helper()
		asked := desk.Redacting{Words: []string{secret}}
		plan, err := n.desk.PlanRedaction(t.Context(), chief, desk.Target{}, asked)
		n.must(err)
		key := "story/" + string(s.ID)
		i := slices.IndexFunc(plan.Passages, func(p *desk.Passage) bool { return p.Key == key })
		if i < 0 || !strings.Contains(plan.Passages[i].First, words) {
			t.Fatalf("the plan says of %s %+v", key, plan.Passages)
		}
		asked.Passages, asked.Reason = []string{key}, "By order of a court"
		_, err = n.desk.Redact(t.Context(), chief, desk.Target{}, asked)
		n.refused(dateline.EState, words, err)
		var e *dateline.Error
		var formats []string // for which a catalogue is asked
		if errors.As(err, &e) {
			e.Sentence().In(func(format string) string { formats = append(formats, format); return "" })
		}
		if !slices.ContainsFunc(formats, func(f string) bool { return strings.Contains(f, words) }) {
			t.Errorf("of %q other languages are asked for %q", err, formats)
		}
	}
	s := n.publishStory(n.story(storyContent()))
	c := s.Content
	c.Name = secret + " talks"
	s, err := n.desk.SaveStory(t.Context(), editor, saw(s), "", c)
	n.must(err)
	first(s, "saved for the story")
	c.Name, c.Background = "The talks", "On "+secret
	s, err = n.desk.SaveStory(t.Context(), editor, saw(s), "", c)
	n.must(err)
	s = n.publishStory(s)
	s, err = n.desk.HoldStory(t.Context(), chief, saw(s), "the lawyers")
	n.must(err)
	first(s, "legal hold")
	s, err = n.desk.LiftStoryHold(t.Context(), chief, saw(s), "settled")
	n.must(err)
	c.Statuses[0].Words, c.Background = secret+" talks", ""
	s, err = n.desk.SaveStory(t.Context(), editor, saw(s), "", c)
	n.must(err)
	s = n.publishStory(s)
	first(s, "where the story stands")
	r, err := n.desk.ChangeStatus(t.Context(), editor, saw(s), dateline.StoryStatus{State: dateline.StoryEnded, Words: "Over"})
	n.must(err)
	n.redactPassages("story/" + string(r.Story.ID))
	n.gone()
}

// A merged story whose address holds the words stays merged: the entry that said so loses its text, and another says it without them.
func TestAMergedStoryIsRedacted(t *testing.T) {
	n := newsroom(t)
	c := storyContent()
	s := n.publishStory(n.story(c))
	s, err := n.desk.SaveStory(t.Context(), editor, saw(s), strings.ToLower(secret)+"-talks", c)
	n.must(err)
	s = n.publishStory(s)
	other := n.publishStory(n.story(dateline.StoryContent{Name: "The night ferry", Statuses: c.Statuses}))
	_, err = n.desk.MergeStory(t.Context(), editor, saw(s), saw(other))
	n.must(err)
	merged := n.head()
	n.redactPassages("story/" + string(s.ID))
	n.gone()
	b := n.storyEntry(n.head() - 1)
	if b.Into != other.ID || b.Slug != "" || b.Number != 4 || !slices.Equal(b.Former, s.Former[:1]) || len(s.Former) != 1 {
		t.Errorf("the story says last %+v, its former addresses were %v", b, s.Former)
	}
	if red := n.redaction(n.head()); !slices.Contains(red.Entries, merged) || red.Replacement != n.head()-1 {
		t.Errorf("the redaction says %+v", red)
	}
	n.reopen()
	if s := n.findStory(s.ID); s.Into != other.ID || s.Readers != dateline.Withdrawn {
		t.Errorf("at the desk the story is %+v", s)
	}
}
