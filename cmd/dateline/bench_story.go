package main

import (
	"context"
	"fmt"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// How much stands in the story that is measured, and how often its page is made anew.
const (
	benchStoryArticles = 2000
	benchStoryEvents   = 5000
	benchStoryRenders  = 40
)

// story measures the page of a long story as nobody has asked for it before: it is told once more before each time, and taken out
// of the cache, where the act's receipt has put it.
func (b *bench) story(ctx context.Context) error {
	c := dateline.StoryContent{Name: "A long story", Background: "It has gone on for years."}
	err := b.room.desk.View(ctx, func(tx desk.Tx) error {
		page, err := tx.ListArticles(dateline.ArticleFilter{Readers: dateline.Published, Kind: dateline.KindArticle, Limit: benchStoryArticles})
		for _, a := range page.Articles {
			c.Joined = append(c.Joined, a.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	day := time.Now().UTC().AddDate(0, 0, -benchStoryEvents/2)
	for i := range benchStoryEvents {
		c.Events = append(c.Events, dateline.StoryEvent{When: dateline.When(day.AddDate(0, 0, i).Format("2006-01-02")), Title: fmt.Sprintf("Event number %d of the story", i+1)})
	}
	c.Statuses = []dateline.StoryStatus{{At: day, State: dateline.StoryUnderWay, Words: "Under way"}}
	s, err := b.room.desk.CreateStory(ctx, local, "a-long-story", c)
	if err != nil {
		return err
	}
	r, err := b.room.desk.PublishStory(ctx, local, desk.Target{ID: s.ID, Version: s.Version}, "", "")
	if err != nil {
		return err
	}
	var times []float64
	for range benchStoryRenders {
		r, err = b.room.desk.ChangeStatus(ctx, local, desk.Target{ID: r.Story.ID, Version: r.Story.Version}, dateline.StoryStatus{State: dateline.StoryUnderWay, Words: "Still under way"})
		if err != nil {
			return err
		}
		if _, err := b.program.site.Confirm(ctx, r.Sequence); err != nil {
			return err
		}
		b.program.site.Changed(shelf.Changes{Keys: []shelf.Key{shelf.KeyStory(s.ID)}})
		took, err := b.getAs(ctx, &press.Request{Path: "/stories/a-long-story", Accept: press.ParseAccept("")})
		if err != nil {
			return err
		}
		times = append(times, milliseconds(took))
	}
	b.found.StoryArticles, b.found.Story = len(c.Joined), spreadOf(times)
	return nil
}
