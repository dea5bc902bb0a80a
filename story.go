package dateline

import (
	"net/url"
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
	MaxStories       = 10   // that one article may belong to
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

// iptc maps the states to IPTC's Event Occurrence Status (http://cv.iptc.org/newscodes/eventoccurstatus/) and to the
// EventStatusType of schema.org, where it has one.
var iptc = map[StoryState][2]string{
	StoryExpected:  {"eos5", "EventScheduled"},
	StoryUncertain: {"eos3", "EventScheduled"},
	StoryUnderWay:  {"eos5", "EventScheduled"},
	StorySuspended: {"eos2", "EventPostponed"},
	StoryEnded:     {"eos5", "EventScheduled"},
	StoryCalledOff: {"eos6", "EventCancelled"},
}

// IPTC gives the state's code in IPTC's NewsCodes scheme eventoccurstatus, such as eos6; "" for no state of the list.
func (s StoryState) IPTC() string { return iptc[s][0] }

// Schema gives the state's EventStatusType of schema.org, without its address; "" for no state of the list.
func (s StoryState) Schema() string { return iptc[s][1] }

// Over says that nothing more is awaited.
func (s StoryState) Over() bool { return s == StoryEnded || s == StoryCalledOff }

// Story is a running story as the desk has it: what was saved last, and what readers have.
type Story struct {
	ID       ID            `json:"id"`
	Slug     string        `json:"slug"`                 // of its address, /stories/{slug}
	Shown    string        `json:"shown_slug,omitempty"` // the slug that readers have
	Former   []string      `json:"former,omitempty"`     // slugs that redirect to it
	Version  int64         `json:"version"`
	Readers  Readers       `json:"readers"`
	Edition  int           `json:"edition"`              // how often it was published
	Unsaid   bool          `json:"unpublished_changes"`  // Content differs from what readers have
	Content  StoryContent  `json:"content"`              // what was saved last
	Live     *StoryContent `json:"live,omitempty"`       // what readers have
	Into     ID            `json:"into,omitempty"`       // the story it was merged into
	Notice   string        `json:"notice,omitempty"`     // the public sentence where it was withdrawn
	Sequence []int64       `json:"sequences,omitempty"`  // its entries in the record
	Topic    ID            `json:"from_topic,omitempty"` // the topic that an import proposed it from
	SavedAt  time.Time     `json:"saved_at"`
	SavedBy  string        `json:"saved_by"`
}

// StoryContent is what an editor writes of a running story. Its words are in one language.
type StoryContent struct {
	Name       string        `json:"name"`
	Summary    string        `json:"summary,omitempty"`    // what it is about, in a sentence
	Background string        `json:"background,omitempty"` // at most 150 words, which every article in it can show
	Language   string        `json:"language"`             // BCP 47
	Statuses   []StoryStatus `json:"statuses,omitempty"`   // oldest first; the last one is where it stands
	Parties    []StoryParty  `json:"parties,omitempty"`
	Events     []StoryEvent  `json:"events,omitempty"` // what has happened and what is awaited: which of both, the date says
	Joined     []ID          `json:"joined,omitempty"` // articles that belong to it although no edition of theirs says so
	Left       []ID          `json:"left,omitempty"`   // articles that do not, although an edition says so
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
	return f.err("the story")
}

func (c *StoryContent) countParts(f *fields) {
	for _, part := range []struct {
		path     string
		n, limit int
	}{{"statuses", len(c.Statuses), MaxStatuses}, {"parties", len(c.Parties), MaxParties}, {"events", len(c.Events), MaxEvents},
		{"joined", len(c.Joined), MaxStoryArticles}, {"left", len(c.Left), MaxStoryArticles}} {
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
		f.add(path+".when", "%s", err.Error())
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
