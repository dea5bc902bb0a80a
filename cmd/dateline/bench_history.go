package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// How many editions the article has whose history is measured, how many words each has, and how often each page is made.
const (
	benchEditions     = 500
	benchEditionWords = 5000
	benchThen         = 60
)

// editions measures the history of an article of many editions, and the difference between one and the one before it, each made anew
// after one more edition.
func (b *bench) editions(ctx context.Context) error {
	section, topics, person, err := b.references(ctx)
	if err != nil {
		return err
	}
	c := dateline.Content{Section: section, Topics: topics, Byline: []dateline.Credit{{Person: person}}, Headline: "A text that goes on changing", Language: "en"}
	words := strings.Fields(strings.Repeat(strings.Join(b.corpus.article(0).paragraphs, " ")+" ", 1+benchEditionWords/50))[:benchEditionWords]
	write := func(n int) error {
		words[(n*37)%benchEditionWords] = fmt.Sprintf("changed%d", n)
		words[(n*7919)%benchEditionWords] = fmt.Sprintf("again%d", n)
		var text []string
		for i := 0; i < len(words); i += 60 {
			text = append(text, strings.Join(words[i:min(i+60, len(words))], " "))
		}
		c.Body, err = bodyJSON(markup.FromText(strings.Join(text, "\n\n")))
		return err
	}
	if err := write(1); err != nil {
		return err
	}
	a, err := b.room.desk.Create(ctx, local, dateline.KindArticle, c)
	if err != nil {
		return err
	}
	res, err := b.room.desk.Publish(ctx, local, desk.Target{ID: a.ID, Version: a.Version}, desk.Publishing{Change: dateline.ChangeFirst})
	if err != nil {
		return err
	}
	var history, difference []float64
	for n := 2; n <= benchEditions+benchThen; n++ {
		if err := write(n); err != nil {
			return err
		}
		saved, err := b.room.desk.Save(ctx, local, desk.Target{ID: a.ID, Version: res.Article.Version}, c)
		if err != nil {
			return err
		}
		res, err = b.room.desk.Publish(ctx, local, desk.Target{ID: a.ID, Version: saved.Version}, desk.Publishing{Change: dateline.ChangeUpdate, Note: fmt.Sprintf("Two words are others, for the %dth time.", n)})
		if err != nil {
			return err
		}
		if n < benchEditions {
			continue
		}
		if _, err := b.program.site.Confirm(ctx, res.Sequence); err != nil {
			return err
		}
		for _, page := range []struct {
			path string
			into *[]float64
		}{{"/history", &history}, {fmt.Sprintf("/history/%d", n), &difference}} {
			b.program.site.Changed(shelf.Changes{Keys: []shelf.Key{shelf.KeyArticle(a.ID)}}) // the receipt has asked for it already
			took, err := b.getAs(ctx, &press.Request{Path: res.Article.Address + page.path, Accept: press.ParseAccept("")})
			if err != nil {
				return err
			}
			*page.into = append(*page.into, milliseconds(took))
		}
	}
	b.found.History, b.found.Difference = spreadOf(history), spreadOf(difference)
	return nil
}

// homeThen measures home as it stood at instants spread over all years, the redirect to its last change before left out.
func (b *bench) homeThen(ctx context.Context) error {
	var times []float64
	for i := range benchThen {
		g := b.corpus.article(b.corpus.articles * i / benchThen)
		path := "/as-of/" + g.first.UTC().Truncate(time.Second).Format("2006-01-02T15:04:05Z") + "/"
		took, err := b.getAs(ctx, &press.Request{Path: path, Accept: press.ParseAccept("")})
		if err != nil {
			return err
		}
		times = append(times, milliseconds(took))
	}
	b.found.HomeThen = spreadOf(times)
	return nil
}
