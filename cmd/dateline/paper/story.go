package paper

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Story is a running story: what several articles are about over the years. Its dates are relative, as an article's are.
type Story struct {
	Slug, Name, Summary, Background string
	Articles                        []string // names of files
	PartOf                          []string // slugs of larger stories
	Parties                         []Party  // in order

	statuses []storyStatus
	events   []storyEvent
}

// Party is a topic with its part in a story.
type Party struct{ Topic, Role string }

// StorySource is an article by name, or words about what is outside.
type StorySource struct{ Article, Outside string }

// Status is where a story stands from an instant on.
type Status struct {
	At                     time.Time
	State, Words, Sentence string
	Source                 StorySource
}

// Event is a dated line of a story; When is written as dateline.When writes it.
type Event struct {
	When, Title, Text string
	Source            StorySource
}

type storyStatus struct {
	when                   when
	state, words, sentence string
	source                 StorySource
}

type storyEvent struct {
	when, title, text string
	source            StorySource
}

func (p *Paper) loadStories(fsys fs.FS) error {
	return each(fsys, "stories.txt", func(f *fields) {
		s := Story{Slug: f.must("slug"), Name: f.must("name"), Summary: f.must("summary"), Background: f.must("background"), Articles: f.list("articles"), PartOf: f.list("part_of")}
		for _, parts := range f.rows("party", 2) {
			s.Parties = append(s.Parties, Party{parts[0], parts[1]})
		}
		for _, parts := range f.rows("status", 5) {
			at, err := parseWhen(parts[0])
			if err != nil {
				f.fail("status: %v", err)
			}
			s.statuses = append(s.statuses, storyStatus{at, parts[1], parts[2], parts[3], sourceOf(parts[4])})
		}
		for _, parts := range f.rows("event", 4) {
			if _, err := relativeDate(parts[0], time.Unix(0, 0).UTC()); err != nil {
				f.fail("event: %v", err)
			}
			s.events = append(s.events, storyEvent{parts[0], parts[1], parts[2], sourceOf(parts[3])})
		}
		p.Stories = append(p.Stories, s)
	})
}

func sourceOf(s string) StorySource {
	if name, ok := strings.CutPrefix(s, "article:"); ok {
		return StorySource{Article: name}
	}
	return StorySource{Outside: strings.TrimPrefix(s, "outside:")}
}

// rows gives the values of key.1, key.2 and so on, each in so many parts.
func (f *fields) rows(key string, parts int) (out [][]string) {
	for n := 1; ; n++ {
		v := f.get(key + "." + strconv.Itoa(n))
		if v == "" {
			return out
		}
		row := strings.Split(v, "|")
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		if len(row) != parts {
			f.fail("%s.%d has %d parts, not %d", key, n, len(row), parts)
			return out
		}
		out = append(out, row)
	}
}

// StatusesAt gives a story's statuses for a demo that is first started at an instant, the oldest first.
func (s Story) StatusesAt(start time.Time, zone *time.Location) (out []Status) {
	for _, st := range s.statuses {
		out = append(out, Status{st.when.past(start, start, zone), st.state, st.words, st.sentence, st.source})
	}
	return out
}

// EventsAt gives a story's dated lines for a demo that is first started at an instant.
func (s Story) EventsAt(start time.Time, zone *time.Location) (out []Event) {
	for _, e := range s.events {
		at, err := relativeDate(e.when, start.In(zone))
		if err != nil {
			panic("paper: a date that was read cannot be read again: " + err.Error())
		}
		out = append(out, Event{at, e.title, e.text, e.source})
	}
	return out
}

var relative = regexp.MustCompile(`^(day|week|month|season|year) ([+-])(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)d)?(?: ([1-5]))?$`)

// relativeDate words a date that lies some way from a day, as exactly as its first word says: "week +1m 2" is the second
// week of the next month, "season -2y" the season of two years ago.
func relativeDate(s string, day time.Time) (string, error) {
	m := relative.FindStringSubmatch(s)
	if m == nil || (m[1] == "week") != (m[6] != "") {
		return "", fmt.Errorf("%q is no date; write it like day +4d, week +1m 2, month -5m, season +5m or year -5y", s)
	}
	n := func(i int) int {
		v, _ := strconv.Atoi(m[i]) // the pattern takes digits only
		if m[2] == "-" {
			return -v
		}
		return v
	}
	at := addDays(addMonths(day, 12*n(3)+n(4)), n(5))
	switch m[1] {
	case "day":
		return at.Format("2006-01-02"), nil
	case "week":
		return at.Format("2006-01-W") + m[6], nil
	case "month":
		return at.Format("2006-01"), nil
	case "season":
		year, season := at.Year(), int(at.Month())/3
		if at.Month() < time.March {
			year, season = year-1, 4
		}
		return fmt.Sprintf("%04d-2%d", year, season), nil
	}
	return at.Format("2006"), nil
}

// checkStory reports what a story names that is not there, and statuses that are older than their source.
func (p *Paper) checkStory(s Story, zone *time.Location) error {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("stories.txt: %s: "+format, append([]any{s.Slug}, args...)...))
	}
	start := time.Date(2026, 6, 30, 9, 0, 0, 0, zone)
	find := func(name string) *Article {
		i := slices.IndexFunc(p.Articles, func(a Article) bool { return a.Name == name })
		if i < 0 {
			bad("no article %q", name)
			return nil
		}
		return &p.Articles[i]
	}
	for _, name := range s.Articles {
		find(name)
	}
	for _, slug := range s.PartOf {
		if slug == s.Slug || !slices.ContainsFunc(p.Stories, func(o Story) bool { return o.Slug == slug }) {
			bad("no larger story %q", slug)
		}
	}
	for _, party := range s.Parties {
		if !slices.ContainsFunc(p.Topics, func(t Topic) bool { return t.Slug == party.Topic }) {
			bad("no topic %q", party.Topic)
		}
	}
	for _, st := range s.StatusesAt(start, zone) {
		if st.Source.Article == "" {
			continue
		}
		a := find(st.Source.Article)
		if a != nil && (!a.Published() || !a.EditionsAt(start, zone)[0].At.Before(st.At)) {
			bad("the status %q is not younger than its source", st.Words)
		}
	}
	for _, e := range s.events {
		if e.source.Article != "" {
			find(e.source.Article)
		}
	}
	if len(s.statuses) == 0 || len(strings.Fields(s.Background)) > 150 {
		bad("a story has a status, and at most 150 words of background")
	}
	return errors.Join(errs...)
}
