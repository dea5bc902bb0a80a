package dateline

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a running story's parts.
const (
	MaxBackground    = 150 // words
	MaxSentence      = 300 // code points of a status's or an event's sentence
	MaxStatuses      = 500
	MaxParties       = 60
	MaxEvents        = 6000
	MaxStoryArticles = 6000 // that joined or left without an edition of theirs saying so
	MaxStories       = 10   // that one article or story may belong to
	MaxStoryGone     = 20   // that feeds mark as deleted
)

// StoryState is where a running story stands, from a short list; the newsroom's own words stand beside it.
type StoryState string

// The states of a running story.
const (
	StoryExpected  StoryState = "expected"  // it is to happen, and has not begun
	StoryUncertain StoryState = "uncertain" // it may or may not happen, or go on
	StoryUnderWay  StoryState = "under_way"
	StorySuspended StoryState = "suspended"
	StoryEnded     StoryState = "ended"
	StoryCalledOff StoryState = "called_off"
)

// StoryStates lists the states in the order in which a desk offers them.
var StoryStates = []StoryState{StoryExpected, StoryUncertain, StoryUnderWay, StorySuspended, StoryEnded, StoryCalledOff}

// iptc maps the states to IPTC's Event Occurrence Status (http://cv.iptc.org/newscodes/eventoccurstatus/, as modified on
// 2010-12-15), which EventsML-G2 has as a property of any event, and to the EventStatusType of schema.org. IPTC's eos0 is for
// what nobody planned and eos1 for what is only planned; a state that a newsroom chooses says neither.
var iptc = map[StoryState][2]string{
	StoryExpected:  {"eos4", "EventScheduled"}, // planned, occurrence highly likely
	StoryUncertain: {"eos3", "EventScheduled"}, // planned, may occur
	StoryUnderWay:  {"eos5", "EventScheduled"}, // planned, occurs certainly
	StorySuspended: {"eos2", "EventPostponed"}, // planned, occurrence highly uncertain
	StoryEnded:     {"eos5", "EventScheduled"},
	StoryCalledOff: {"eos6", "EventCancelled"}, // planned, then cancelled
}

// IPTC gives the state's code in IPTC's NewsCodes scheme eventoccurstatus, such as eos6; "" for no state of the list.
func (s StoryState) IPTC() string { return iptc[s][0] }

// Schema gives the state's EventStatusType of schema.org, without its address; "" for no state of the list.
func (s StoryState) Schema() string { return iptc[s][1] }

// Over says that nothing more is awaited.
func (s StoryState) Over() bool { return s == StoryEnded || s == StoryCalledOff }

// Story is a running story as the desk has it: what was saved last, and what readers have.
type Story struct {
	ID       ID             `json:"id"`
	Slug     string         `json:"slug"`                 // of its address, /stories/{slug}
	Shown    string         `json:"shown_slug,omitempty"` // the slug that readers have
	Former   []string       `json:"former,omitempty"`     // slugs that redirect to it
	Version  int64          `json:"version"`
	Readers  Readers        `json:"readers"`
	Edition  int            `json:"edition"`              // how often it was published
	Unsaid   bool           `json:"unpublished_changes"`  // Content differs from what readers have
	Content  StoryContent   `json:"content"`              // what was saved last
	Live     *StoryContent  `json:"live,omitempty"`       // what readers have
	Into     ID             `json:"into,omitempty"`       // the story it was merged into
	Notice   string         `json:"notice,omitempty"`     // the public sentence where it was withdrawn
	Sequence []int64        `json:"sequences,omitempty"`  // its entries in the record
	Tellings []StoryTelling `json:"tellings,omitempty"`   // how readers came to have what they have, oldest first
	Gone     []StoryGone    `json:"gone,omitempty"`       // what stood in feeds and was taken out, oldest first
	Topic    ID             `json:"from_topic,omitempty"` // the topic that an import proposed it from
	Embargo  *Lock          `json:"embargo,omitempty"`    // stops the next publication, as an article's does
	Hold     *Lock          `json:"hold,omitempty"`
	Schedule *StorySchedule `json:"schedule,omitempty"`
	SavedAt  time.Time      `json:"saved_at"`
	SavedBy  string         `json:"saved_by"`
}

// StoryGone is what stood in feeds as an item of its own and stands there no more: a status by its id, or a story that was corrected
// and taken down by its own.
type StoryGone struct {
	ID ID        `json:"id"`
	At time.Time `json:"at"` // UTC
}

// StorySchedule is when a state of a story goes out, and that state.
type StorySchedule struct {
	Due     time.Time    `json:"due"` // UTC
	By      string       `json:"by"`
	Change  Change       `json:"change"`
	Note    string       `json:"note,omitempty"`
	Slug    string       `json:"slug"`
	Content StoryContent `json:"content"`
}

// StoryTelling is one act by which readers got another state of a story.
type StoryTelling struct {
	Number   int       `json:"number"`   // from 1
	Sequence int64     `json:"sequence"` // its entry in the record
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Change   Change    `json:"change,omitempty"` // none for one that took the story down
	Note     string    `json:"note,omitempty"`   // the public sentence
}

// TakeOut notes which statuses readers have no more from an instant on, and forgets those that are back. At most MaxStoryGone are
// known, the last ones.
func (s *Story) TakeOut(next *StoryContent, at time.Time) {
	in := func(c *StoryContent, id ID) bool {
		return c != nil && slices.ContainsFunc(c.Statuses, func(st StoryStatus) bool { return st.ID == id })
	}
	s.Gone = slices.DeleteFunc(s.Gone, func(g StoryGone) bool { return in(next, g.ID) || g.ID == s.ID })
	if s.Live == nil {
		return
	}
	for _, st := range s.Live.Statuses {
		if !in(next, st.ID) {
			s.gone(st.ID, at)
		}
	}
}

func (s *Story) gone(id ID, at time.Time) {
	s.Gone = append(s.Gone, StoryGone{id, at})
	s.Gone = s.Gone[max(0, len(s.Gone)-MaxStoryGone):]
}

// TakeDown notes that a story is taken down at an instant, where one of its corrections stood in feeds.
func (s *Story) TakeDown(at time.Time) {
	if slices.ContainsFunc(s.Tellings, func(t StoryTelling) bool { return t.Change.Wrong() }) {
		s.gone(s.ID, at)
	}
}

// CheckStoryChange refuses a change that does not fit the telling it would make: the first is first, a correction or
// clarification says in a sentence what was wrong, an update may say what is new, and a minor change says nothing.
func CheckStoryChange(number int, change Change, note string) error {
	var f fields
	switch {
	case number == 1 && change != ChangeFirst:
		f.add("change", "a story's first change is %q, not %q", ChangeFirst, string(change))
	case number > 1 && change != ChangeMinor && change != ChangeUpdate && change != ChangeCorrection && change != ChangeClarification:
		f.add("change", "%.40q is no change of a story that readers have; use minor, update, correction or clarification", string(change))
	}
	switch note = strings.TrimSpace(note); {
	case note == "" && change.Wrong():
		f.add("note", "readers are told what was wrong: add one sentence")
	case note != "" && !change.NeedsNote():
		f.add("note", "a change of kind %q carries no public note", string(change))
	}
	f.text("note", note, MaxNote)
	return f.err("the change")
}

// StoryContent is what an editor writes of a running story. Its words are in one language.
type StoryContent struct {
	Name       string        `json:"name"`
	Summary    string        `json:"summary,omitempty"`    // what it is about, in a sentence
	Background string        `json:"background,omitempty"` // at most 150 words, which every article in it can show
	Language   string        `json:"language"`             // BCP 47
	Statuses   []StoryStatus `json:"statuses,omitempty"`   // oldest first; the last one is where it stands
	Parties    []StoryParty  `json:"parties,omitempty"`
	Events     []StoryEvent  `json:"events,omitempty"`  // what has happened and what is awaited: which of both, the date says
	Joined     []ID          `json:"joined,omitempty"`  // articles that belong to it although no edition of theirs says so
	Left       []ID          `json:"left,omitempty"`    // articles that do not, although an edition says so
	Stories    []ID          `json:"stories,omitempty"` // larger stories that it is part of
}

// StoryStatus is one line of a status's history.
type StoryStatus struct {
	ID       ID          `json:"id,omitempty"` // given when it is first saved
	At       time.Time   `json:"at"`           // since when, UTC
	State    StoryState  `json:"state"`
	Words    string      `json:"words"`              // the newsroom's own: "Talks suspended"
	Sentence string      `json:"sentence,omitempty"` // what happened
	Source   StorySource `json:"source,omitzero"`
}

// StoryEvent is a dated line that an editor adds. It lies ahead until the last day it may be on is over.
type StoryEvent struct {
	ID     ID          `json:"id,omitempty"`
	Source StorySource `json:"source,omitzero"`
	Text   string      `json:"text,omitempty"`
	Title  string      `json:"title"`
	When   When        `json:"when"`
}

// StoryParty is a person, organisation or place with its part in the story.
type StoryParty struct {
	Role  string `json:"role,omitempty"`
	Topic ID     `json:"topic"`
}

// StorySource is where something is known from: an article of the paper, with the edition and paragraph, or an address
// outside.
type StorySource struct {
	Address   string `json:"address,omitempty"` // https or http
	Article   ID     `json:"article,omitempty"`
	Edition   int    `json:"edition,omitempty"` // 0 for the latest
	Name      string `json:"name,omitempty"`    // of what is outside: "Islands Council, letter of 14 April 2022"
	Paragraph int    `json:"paragraph,omitempty"`
}

// Status is where the story stands; nil where that was never said.
func (c *StoryContent) Status() *StoryStatus {
	if len(c.Statuses) == 0 {
		return nil
	}
	return &c.Statuses[len(c.Statuses)-1]
}

// Validate reports everything that cannot be kept in a story's content.
func (c *StoryContent) Validate() error {
	var f fields
	f.text("name", c.Name, MaxName)
	f.text("summary", c.Summary, MaxStandfirst)
	if n := len(strings.Fields(c.Background)); n > MaxBackground {
		f.add("background", "it has %d words; %d at most, because every article of the story can show it", n, MaxBackground)
	}
	f.text("background", c.Background, 12*MaxBackground)
	if !ValidLanguage(c.Language) {
		f.add("language", "%.40q is not a language tag; use BCP 47, such as en, hi or ar", c.Language)
	}
	c.countParts(&f)
	for i := range c.Statuses {
		c.Statuses[i].validate(&f, "statuses["+strconv.Itoa(i)+"]")
		if i > 0 && c.Statuses[i].At.Before(c.Statuses[i-1].At) {
			f.add("statuses["+strconv.Itoa(i)+"].at", "it lies before the status above it; statuses stand in the order of their instants")
		}
	}
	for i, p := range c.Parties {
		f.text("parties["+strconv.Itoa(i)+"].role", p.Role, MaxName)
		if p.Topic == "" {
			f.add("parties["+strconv.Itoa(i)+"].topic", "name the person, organisation or place as a topic")
		}
	}
	for i := range c.Events {
		c.Events[i].validate(&f, "events["+strconv.Itoa(i)+"]")
	}
	for i, id := range c.Stories {
		if slices.Contains(c.Stories[:i], id) {
			f.add("stories["+strconv.Itoa(i)+"]", "the story is part of it already; name each larger story once")
		}
	}
	return f.err("the story")
}

func (c *StoryContent) countParts(f *fields) {
	for _, part := range []struct {
		path     string
		n, limit int
	}{{"statuses", len(c.Statuses), MaxStatuses}, {"parties", len(c.Parties), MaxParties}, {"events", len(c.Events), MaxEvents},
		{"joined", len(c.Joined), MaxStoryArticles}, {"left", len(c.Left), MaxStoryArticles}, {"stories", len(c.Stories), MaxStories}} {
		if part.n > part.limit {
			f.add(part.path, "%d are too many; %d at most", part.n, part.limit)
		}
	}
}

// Complete reports what a story still lacks before readers may have it.
func (c *StoryContent) Complete() error {
	var f fields
	if strings.TrimSpace(c.Name) == "" {
		f.add("name", "a story needs a name before it goes out")
	}
	if len(c.Statuses) == 0 {
		f.add("statuses", "say where the story stands before it goes out")
	}
	if err := f.err("the story"); err != nil {
		return err
	}
	return c.Validate()
}

func (s *StoryStatus) validate(f *fields, path string) {
	if s.State.IPTC() == "" {
		f.add(path+".state", "%.40q is no state of a story; use one of %s", string(s.State), joinStates())
	}
	if strings.TrimSpace(s.Words) == "" {
		f.add(path+".words", "say in a few words where the story stands, such as \"Talks suspended\"")
	}
	if s.At.IsZero() {
		f.add(path+".at", "say since when")
	}
	f.text(path+".words", s.Words, 80)
	f.text(path+".sentence", s.Sentence, MaxSentence)
	s.Source.validate(f, path+".source")
}

func (e *StoryEvent) validate(f *fields, path string) {
	if _, err := e.When.Parts(); err != nil {
		f.add(path+".when", "%v", err)
	}
	if strings.TrimSpace(e.Title) == "" {
		f.add(path+".title", "say what happened, or is to happen")
	}
	f.text(path+".title", e.Title, MaxSentence)
	f.text(path+".text", e.Text, MaxStandfirst)
	e.Source.validate(f, path+".source")
}

func (s StorySource) validate(f *fields, path string) {
	f.text(path+".name", s.Name, MaxName)
	if s.Article != "" && s.Address != "" {
		f.add(path, "name either an article or an address outside")
	}
	if s.Article == "" && (s.Edition != 0 || s.Paragraph != 0) || s.Edition < 0 || s.Paragraph < 0 {
		f.add(path, "an edition and a paragraph are those of an article of the paper")
	}
	if s.Address == "" {
		return
	}
	u, err := url.Parse(s.Address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || utf8.RuneCountInString(s.Address) > 2000 {
		f.add(path+".address", "%.80q is no address of the web; it begins with https://", s.Address)
	}
}

func joinStates() string {
	s := make([]string, len(StoryStates))
	for i, l := range StoryStates {
		s[i] = string(l)
	}
	return strings.Join(s, ", ")
}

// StoryPart is a part of a story by which two of its states are compared.
type StoryPart string

// The parts, in the order in which differences are listed.
const (
	StoryPartName       StoryPart = "name"
	StoryPartSummary    StoryPart = "summary"
	StoryPartStatus     StoryPart = "status"
	StoryPartEvent      StoryPart = "event"
	StoryPartBackground StoryPart = "background"
	StoryPartParty      StoryPart = "party"
	StoryPartArticle    StoryPart = "article" // that joined or left by the story's own word
	StoryPartStory      StoryPart = "story"   // a larger one that it is part of
)

// StoryDifference is one thing in which two states of a story differ. Of each pair the first is what was and the second
// what is; a nil, or an empty text, is what was not there.
type StoryDifference struct {
	Part   StoryPart       `json:"part"`
	Text   [2]string       `json:"text,omitzero"` // of name, summary and background
	Status [2]*StoryStatus `json:"status,omitzero"`
	Event  [2]*StoryEvent  `json:"event,omitzero"`
	Party  [2]*StoryParty  `json:"party,omitzero"`
	Joined ID              `json:"joined,omitempty"`
	Left   ID              `json:"left,omitempty"`
	Story  [2]ID           `json:"story,omitzero"` // the larger story
}

// CompareStories lists what differs between two states of a story, in the order of the parts and then of what is.
func CompareStories(was, is *StoryContent) (list []StoryDifference) {
	texts := func(part StoryPart, a, b string) {
		if a != b {
			list = append(list, StoryDifference{Part: part, Text: [2]string{a, b}})
		}
	}
	texts(StoryPartName, was.Name, is.Name)
	texts(StoryPartSummary, was.Summary, is.Summary)
	compareLines(was.Statuses, is.Statuses, func(s *StoryStatus) ID { return s.ID }, func(a, b *StoryStatus) {
		list = append(list, StoryDifference{Part: StoryPartStatus, Status: [2]*StoryStatus{a, b}})
	})
	compareLines(was.Events, is.Events, func(e *StoryEvent) ID { return e.ID }, func(a, b *StoryEvent) {
		list = append(list, StoryDifference{Part: StoryPartEvent, Event: [2]*StoryEvent{a, b}})
	})
	texts(StoryPartBackground, was.Background, is.Background)
	compareLines(was.Parties, is.Parties, func(p *StoryParty) ID { return p.Topic }, func(a, b *StoryParty) {
		list = append(list, StoryDifference{Part: StoryPartParty, Party: [2]*StoryParty{a, b}})
	})
	for _, id := range moved(was, is) {
		list = append(list, StoryDifference{Part: StoryPartArticle, Joined: id})
	}
	for _, id := range moved(is, was) {
		list = append(list, StoryDifference{Part: StoryPartArticle, Left: id})
	}
	for _, id := range is.Stories {
		if !slices.Contains(was.Stories, id) {
			list = append(list, StoryDifference{Part: StoryPartStory, Story: [2]ID{1: id}})
		}
	}
	for _, id := range was.Stories {
		if !slices.Contains(is.Stories, id) {
			list = append(list, StoryDifference{Part: StoryPartStory, Story: [2]ID{id}})
		}
	}
	return list
}

// moved are the articles that came by a story's own word from one state to another: that joined, or no longer leave.
func moved(was, is *StoryContent) (ids []ID) {
	had := map[ID]bool{}
	for _, id := range was.Joined {
		had[id] = true
	}
	for _, id := range is.Joined {
		if !had[id] {
			ids = append(ids, id)
		}
	}
	gone := map[ID]bool{}
	for _, id := range slices.Concat(is.Left, ids) {
		gone[id] = true
	}
	for _, id := range was.Left {
		if !gone[id] {
			ids = append(ids, id)
		}
	}
	return ids
}

// compareLines finds what of a list was changed or came, in the order of what is, and then what went.
func compareLines[T comparable](was, is []T, id func(*T) ID, differs func(was, is *T)) {
	before := map[ID]*T{}
	for i := range was {
		before[id(&was[i])] = &was[i]
	}
	for i := range is {
		key := id(&is[i])
		if b := before[key]; b == nil || *b != is[i] {
			differs(b, &is[i])
		}
		delete(before, key)
	}
	for i := range was {
		if before[id(&was[i])] != nil {
			differs(&was[i], nil)
		}
	}
}
