package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/cmd/dateline/paper"
	"github.com/datelinehq/dateline/desk"
)

// toldAt is one change of the status of a story of the demo.
type toldAt struct {
	story  string
	status paper.Status
}

// draftStories makes the demo's stories, of which readers have nothing yet, and gives what will happen in them in order.
func (m *demoMaker) draftStories(ctx context.Context) (list []toldAt, err error) {
	m.stories = map[string]*dateline.Story{}
	for _, s := range m.paper.Stories {
		c := dateline.StoryContent{Name: s.Name, Summary: s.Summary, Background: s.Background, Language: m.paper.Publication.Language}
		for _, p := range s.Parties {
			c.Parties = append(c.Parties, dateline.StoryParty{Topic: m.topics[p.Topic], Role: p.Role})
		}
		if m.stories[s.Slug], err = m.desk.CreateStory(ctx, demoReporter, s.Slug, c); err != nil {
			return nil, fmt.Errorf("the demo's story %s: %w", s.Slug, err)
		}
		for _, st := range s.StatusesAt(m.start, m.zone) {
			list = append(list, toldAt{s.Slug, st})
		}
	}
	slices.SortStableFunc(list, func(a, b toldAt) int { return a.status.At.Compare(b.status.At) })
	return list, nil
}

// tellUntil changes the statuses that were due before an instant, and gives those that are left.
func (m *demoMaker) tellUntil(ctx context.Context, list []toldAt, at time.Time) ([]toldAt, error) {
	for len(list) > 0 && list[0].status.At.Before(at) {
		t := list[0]
		list = list[1:]
		m.clock.set(t.status.At)
		if err := m.tellStory(ctx, t); err != nil {
			return nil, fmt.Errorf("the demo's story %s: %w", t.story, err)
		}
	}
	return list, nil
}

func (m *demoMaker) tellStory(ctx context.Context, t toldAt) (err error) {
	s := m.stories[t.story]
	status := dateline.StoryStatus{At: t.status.At, State: dateline.StoryState(t.status.State), Words: t.status.Words, Sentence: t.status.Sentence,
		Source: m.storySource(t.status.Source)}
	target := func() desk.Target { return desk.Target{ID: s.ID, Version: s.Version} }
	var r desk.StoryResult
	if s.Readers == dateline.Published {
		r, err = m.desk.ChangeStatus(ctx, demoChief, target(), status)
	} else {
		c := s.Content
		c.Statuses = append(c.Statuses, status)
		if s, err = m.desk.SaveStory(ctx, demoChief, target(), "", c); err != nil {
			return err
		}
		r, err = m.desk.PublishStory(ctx, demoChief, target(), "", "")
	}
	m.stories[t.story] = r.Story
	return err
}

func (m *demoMaker) storySource(s paper.StorySource) dateline.StorySource {
	if a := m.articles[s.Article]; a != nil {
		return dateline.StorySource{Article: a.ID, Edition: 1, Paragraph: 1}
	}
	return dateline.StorySource{Name: s.Outside}
}

// dateStories adds the stories' dated lines, which name articles of all years, and what each is part of, in one act for each.
func (m *demoMaker) dateStories(ctx context.Context) error {
	for _, src := range m.paper.Stories {
		s := m.stories[src.Slug]
		c := s.Content
		for _, e := range src.EventsAt(m.start, m.zone) {
			c.Events = append(c.Events, dateline.StoryEvent{When: dateline.When(e.When), Title: e.Title, Text: e.Text, Source: m.storySource(e.Source)})
		}
		for _, slug := range src.PartOf {
			c.Stories = append(c.Stories, m.stories[slug].ID)
		}
		if len(c.Events)+len(c.Stories) == 0 {
			continue
		}
		s, err := m.desk.SaveStory(ctx, demoChief, desk.Target{ID: s.ID, Version: s.Version}, "", c)
		if err == nil {
			_, err = m.desk.PublishStory(ctx, demoChief, desk.Target{ID: s.ID, Version: s.Version}, "", "")
		}
		if err != nil {
			return fmt.Errorf("the demo's story %s: %w", src.Slug, err)
		}
	}
	return nil
}

// storiesOf are the stories of the demo that an article belongs to.
func (m *demoMaker) storiesOf(article string) (ids []dateline.ID) {
	for _, s := range m.paper.Stories {
		if slices.Contains(s.Articles, article) {
			ids = append(ids, m.stories[s.Slug].ID)
		}
	}
	return ids
}
