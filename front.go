package dateline

import (
	"slices"
	"strings"
	"time"
)

// Limits of a front.
const (
	MaxContainers = 24
	MaxPlaces     = 12 // of a container
	MaxStrip      = 140
	MaxKicker     = 40
)

// FrontLayout is how the cards of a container stand.
type FrontLayout string

// The layouts of a container. Lead opens a front: its first card is large, the others stand beside it.
const (
	LayoutLead  FrontLayout = "lead"
	LayoutThree FrontLayout = "three"
	LayoutWide  FrontLayout = "wide"
	LayoutList  FrontLayout = "list"
)

// FrontLayouts lists every layout in the order in which a desk offers them.
var FrontLayouts = []FrontLayout{LayoutLead, LayoutThree, LayoutWide, LayoutList}

// RuleKind is what fills the places of a container in which nothing is pinned.
type RuleKind string

// The kinds of rule. Without one a place in which nothing is pinned is not there.
const (
	RuleNone     RuleKind = ""
	RuleLatest   RuleKind = "latest"    // the newest of the whole paper
	RuleSection  RuleKind = "section"   // the newest of a section
	RuleTopic    RuleKind = "topic"     // the newest on a topic
	RuleStory    RuleKind = "story"     // the newest of a running story
	RuleMostRead RuleKind = "most_read" // what is read most
	RuleLive     RuleKind = "live"      // the live coverages that are on air
	RuleStories  RuleKind = "stories"   // no articles, but the running stories and where they stand
)

// RuleKinds lists every rule in the order in which a desk offers them.
var RuleKinds = []RuleKind{RuleLatest, RuleSection, RuleTopic, RuleStory, RuleMostRead, RuleLive, RuleStories, RuleNone}

// Rule fills a container's open places, and closes the hole that an article leaves which readers cannot open any more.
type Rule struct {
	Kind RuleKind `json:"kind"`
	Of   ID       `json:"of,omitempty"` // the section, topic or story
}

// FrontItem is one place of a container. Without an article it is the rule's to fill.
type FrontItem struct {
	Article  ID     `json:"article,omitempty"`
	Headline string `json:"headline,omitempty"` // in place of the article's
	Kicker   string `json:"kicker,omitempty"`   // above the headline, in place of section and label
	Picture  ID     `json:"picture,omitempty"`  // in place of the article's
}

// Container is a part of a front.
type Container struct {
	Items  []FrontItem `json:"items"` // its places, in order
	Layout FrontLayout `json:"layout"`
	Rule   *Rule       `json:"rule,omitempty"`
	Title  Names       `json:"title,omitempty"` // where there is none it is named for what its rule looks at
}

// Strip is the line above a front that something is breaking. It goes at its instant.
type Strip struct {
	Article ID        `json:"article,omitempty"` // what it leads to
	Text    string    `json:"text"`
	Until   time.Time `json:"until"`
}

// FrontContent is what an editor arranges.
type FrontContent struct {
	Strip      *Strip      `json:"strip,omitempty"`
	Containers []Container `json:"containers"`
}

// FrontSchedule is when a saved arrangement goes out.
type FrontSchedule struct {
	Due     time.Time `json:"due"`             // UTC
	Content int64     `json:"content_version"` // which saved arrangement
	By      string    `json:"by"`
}

// Front is a page that an editor arranges. It is known by the section whose front it is, or by the publication for home.
type Front struct {
	ID        ID             `json:"id"`
	Home      bool           `json:"home"`
	Version   int64          `json:"version"`         // of everything here; every step raises it
	Saved     int64          `json:"content_version"` // 0: nobody arranged it yet
	Content   FrontContent   `json:"content"`         // saved last
	SavedAt   time.Time      `json:"saved_at,omitzero"`
	SavedBy   string         `json:"saved_by,omitempty"`
	Edition   int            `json:"edition"`                // that readers have; 0: the front fills itself
	Live      int64          `json:"live_content,omitempty"` // the arrangement it shows
	Published time.Time      `json:"published_at,omitzero"`  // when it was made
	Until     time.Time      `json:"strip_until,omitzero"`   // when the strip that readers have goes
	Schedule  *FrontSchedule `json:"schedule,omitempty"`
}

// Section is the section whose front it is; none for home, which only a role that holds everywhere arranges.
func (f *Front) Section() ID {
	if f.Home {
		return ""
	}
	return f.ID
}

// Due is the instant at which the front changes by itself; zero where it does not.
func (f *Front) Due() time.Time {
	due := f.Until
	if f.Schedule != nil && (due.IsZero() || f.Schedule.Due.Before(due)) {
		due = f.Schedule.Due
	}
	return due
}

// FrontVersion is one saved arrangement of a front, and the edition that was made of it, if one was.
type FrontVersion struct {
	Front     ID           `json:"front"`
	Number    int64        `json:"content_version"`
	At        time.Time    `json:"at"`
	By        string       `json:"by"`
	Content   FrontContent `json:"content"`
	Edition   int          `json:"edition,omitempty"` // the latest that was made of it
	Sequence  int64        `json:"sequence,omitempty"`
	Published time.Time    `json:"published_at,omitzero"`
}

// Validate reports what is wrong with an arrangement.
func (c *FrontContent) Validate() error {
	var f fields
	if n := len(c.Containers); n > MaxContainers {
		f.add("containers", "there are %d; %d at most", n, MaxContainers)
	}
	met, stories := map[ID]bool{}, false
	for i := range c.Containers {
		box := &c.Containers[i]
		box.validate(&f, "containers."+itoa(i), i, met)
		if box.OfStories() {
			if stories {
				f.add("containers."+itoa(i)+".rule", "the running stories stand on this front already; take one of the two off")
			}
			stories = true
		}
	}
	if c.Strip != nil {
		c.Strip.validate(&f)
	}
	return f.err("the front")
}

func (s *Strip) validate(f *fields) {
	if strings.TrimSpace(s.Text) == "" {
		f.add("strip.text", "a strip needs words; take it off otherwise")
	}
	f.text("strip.text", s.Text, MaxStrip)
	if s.Until.IsZero() {
		f.add("strip.until", "say until when it stands: it goes by itself")
	}
}

func (c *Container) validate(f *fields, path string, at int, met map[ID]bool) {
	if !slices.Contains(FrontLayouts, c.Layout) {
		f.add(path+".layout", "%.40q is no layout; use lead, three, wide or list", string(c.Layout))
	}
	if c.Layout == LayoutLead && at > 0 {
		f.add(path+".layout", "only the first container leads; use three, wide or list")
	}
	if n := len(c.Items); n == 0 || n > MaxPlaces {
		f.add(path+".items", "it has %d places; from 1 to %d", n, MaxPlaces)
	}
	c.Title.check(f, path+".title", MaxName)
	if len(c.Title) == 0 && (c.Rule == nil || c.Rule.Kind == RuleNone) && c.Layout != LayoutLead {
		f.add(path+".title", "a container that no rule fills needs a heading")
	}
	if c.Rule != nil {
		c.Rule.validate(f, path+".rule")
	}
	if c.OfStories() {
		if c.Layout == LayoutLead {
			f.add(path+".layout", "running stories do not lead a front; use three, wide or list")
		}
		if slices.ContainsFunc(c.Items, func(i FrontItem) bool { return i.Article != "" }) {
			f.add(path+".items", "no article is pinned among running stories; choose another rule, or take it off")
		}
	}
	for i := range c.Items {
		c.Items[i].validate(f, path+".items."+itoa(i), met)
	}
}

func (r *Rule) validate(f *fields, path string) {
	switch r.Kind {
	case RuleSection, RuleTopic, RuleStory:
		if r.Of == "" {
			f.add(path+".of", "say which %s", string(r.Kind))
		}
	case RuleNone, RuleLatest, RuleMostRead, RuleLive, RuleStories:
		if r.Of != "" {
			f.add(path+".of", "only a section's, a topic's or a story's rule names one")
		}
	default:
		f.add(path+".kind", "%.40q is no rule; use latest, section, topic, story, most_read, live or stories, or leave it out", string(r.Kind))
	}
}

func (i *FrontItem) validate(f *fields, path string, met map[ID]bool) {
	f.text(path+".headline", i.Headline, MaxHeadline)
	f.text(path+".kicker", i.Kicker, MaxKicker)
	if i.Article == "" {
		if i.Headline != "" || i.Kicker != "" || i.Picture != "" {
			f.add(path, "an open place has no words or picture of its own: pin an article first")
		}
		return
	}
	if met[i.Article] {
		f.add(path+".article", "it stands on this front twice; take one of them off")
	}
	met[i.Article] = true
}

// OfStories says whether running stories stand in it in place of articles.
func (c *Container) OfStories() bool { return c.Rule != nil && c.Rule.Kind == RuleStories }

// StoriesContainer is the container of running stories that home has after its lead until an editor moves it.
func StoriesContainer() Container {
	return Container{Layout: LayoutThree, Rule: &Rule{Kind: RuleStories}, Items: make([]FrontItem, 3)}
}

// Pinned are the articles that an arrangement names, each once, the strip's last.
func (c *FrontContent) Pinned() (ids []ID) {
	for _, box := range c.Containers {
		for _, i := range box.Items {
			if i.Article != "" {
				ids = append(ids, i.Article)
			}
		}
	}
	if c.Strip != nil && c.Strip.Article != "" && !slices.Contains(ids, c.Strip.Article) {
		ids = append(ids, c.Strip.Article)
	}
	return ids
}

// Pictures are those that stand in place of articles' own, each once.
func (c *FrontContent) Pictures() (ids []ID) {
	for _, box := range c.Containers {
		for _, i := range box.Items {
			if i.Picture != "" && !slices.Contains(ids, i.Picture) {
				ids = append(ids, i.Picture)
			}
		}
	}
	return ids
}

// DefaultFront arranges a front as it is while nobody has: the newest lead, and home has the running stories and a container
// for each section.
func DefaultFront(home bool, section ID, navigation []ID) FrontContent {
	open := func(n int) []FrontItem { return make([]FrontItem, n) }
	if !home {
		return FrontContent{Containers: []Container{{Layout: LayoutWide, Rule: &Rule{RuleSection, section}, Items: open(4)}}}
	}
	c := FrontContent{Containers: []Container{{Layout: LayoutLead, Rule: &Rule{Kind: RuleLatest}, Items: open(5)}, StoriesContainer()}}
	for i, id := range navigation[:min(len(navigation), MaxContainers-2)] {
		layout := LayoutThree
		if i%2 == 0 {
			layout = LayoutWide
		}
		c.Containers = append(c.Containers, Container{Layout: layout, Rule: &Rule{RuleSection, id}, Items: open(3)})
	}
	return c
}
