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

// story measures the page of a long story, and of what is new in it, as nobody has asked for them before: it is told once more before
// each time, and taken out of the cache, where the act's receipt has put it.
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
	var whole, fresh, long []float64
	first := r.Sequence
	for range benchStoryRenders {
		before := r.Sequence
		r, err = b.room.desk.ChangeStatus(ctx, local, desk.Target{ID: r.Story.ID, Version: r.Story.Version}, dateline.StoryStatus{State: dateline.StoryUnderWay, Words: "Still under way"})
		if err != nil {
			return err
		}
		if _, err := b.program.site.Confirm(ctx, r.Sequence); err != nil {
			return err
		}
		for _, page := range []struct {
			since int64
			times *[]float64
		}{{0, &whole}, {before, &fresh}, {first, &long}} {
			b.program.site.Changed(shelf.Changes{Keys: []shelf.Key{shelf.KeyStory(s.ID)}})
			req := &press.Request{Path: "/stories/a-long-story", Accept: press.ParseAccept("")}
			if page.since > 0 {
				req.Query.Since = fmt.Sprint(page.since)
			}
			took, err := b.getAs(ctx, req)
			if err != nil {
				return err
			}
			*page.times = append(*page.times, milliseconds(took))
		}
	}
	b.found.StoryArticles, b.found.Story, b.found.StoryNew, b.found.StoryLong = len(c.Joined), spreadOf(whole), spreadOf(fresh), spreadOf(long)
	return nil
}
