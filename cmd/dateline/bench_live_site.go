package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

type benchLiveSiteCommand struct {
	Dir  folder `help:"Where the newsroom is made, or stands already." required:"" placeholder:"DIR"`
	Site string `help:"Where readers are answered." default:"127.0.0.1:0" placeholder:"HOST:PORT"`
}

// Run makes a newsroom with a live coverage where there is none, serves it, and posts an entry for each line `post` on standard input, or says what
// memory is resident for a line `memory`, until the input ends.
func (c benchLiveSiteCommand) Run(ctx context.Context, s streams) (err error) {
	listening, err := listen(c.Site, "127.0.0.1:0", secure{})
	if err != nil {
		return err
	}
	defer listening.Close()
	paper := &dateline.Publication{Name: "The Estuary", Site: listening.siteURL(), Newsroom: listening.newsroomURL(), Zone: "Asia/Kolkata", Language: "en"}
	stands := c.Dir.mustExist() == nil
	if !stands {
		made, err := makeRoom(ctx, c.Dir, paper, desk.SystemClock{})
		if err != nil {
			return err
		}
		if err := made.Close(); err != nil {
			return err
		}
	}
	r, p, end, err := serveRoom(ctx, c.Dir, listening, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	var a *dateline.Article
	if stands {
		a, err = foundCoverage(ctx, r.desk)
	} else {
		a, err = benchCoverage(ctx, r.desk)
	}
	if err != nil {
		return err
	}
	answer := json.NewEncoder(s.out)
	if err := answer.Encode(said{Site: listening.siteURL(), Stream: a.Address + "/entries/stream"}); err != nil {
		return err
	}
	n := 0
	for lines := bufio.NewScanner(s.in); lines.Scan(); {
		var w said
		switch lines.Text() {
		case "memory":
			debug.FreeOSMemory()
			w.Memory = memoryLine("self", "VmRSS")
		case "post":
			n++
			w.Began = time.Now().UnixNano()
			res, err := r.desk.Post(ctx, local, a.ID, benchEntry(n), "")
			if err == nil {
				err = p.follower.WaitFor(ctx, res.Sequence)
			}
			if err != nil {
				w.Failed = err.Error()
			}
			w.Acked, w.Number = time.Now().UnixNano(), res.Sequence
		}
		if err := answer.Encode(w); err != nil {
			return err
		}
	}
	return nil
}

// foundCoverage is the coverage that was made before.
func foundCoverage(ctx context.Context, d *desk.Desk) (*dateline.Article, error) {
	list, err := d.List(ctx, local, dateline.ArticleFilter{Kind: dateline.KindLive, Readers: dateline.Published, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(list.Articles) == 0 {
		return nil, errors.New("the folder has no live coverage")
	}
	return list.Articles[0], nil
}

// benchCoverage publishes a live coverage and sets it live.
func benchCoverage(ctx context.Context, d *desk.Desk) (*dateline.Article, error) {
	section, err := d.CreateSection(ctx, local, dateline.Section{Slug: "coast", Names: dateline.Names{"en": "Coast"}})
	if err != nil {
		return nil, err
	}
	a, err := d.Create(ctx, local, dateline.KindLive, dateline.Content{Section: section.ID, Headline: "The first sailing, minute by minute"})
	if err != nil {
		return nil, err
	}
	res, err := d.Publish(ctx, local, desk.Target{ID: a.ID, Version: a.Version}, desk.Publishing{})
	if err != nil {
		return nil, err
	}
	_, err = d.Steer(ctx, local, a.ID, 1, desk.Steering{State: dateline.LiveOn})
	return res.Article, err
}

// benchEntry is an entry of some eighty words.
func benchEntry(n int) desk.Entry {
	const words = "The harbour pilot came aboard at the second buoy and the engine was turned down to half. From the bridge the lights of the islands can be seen. "
	text := fmt.Sprintf("%d. %s%s%s", n, words, words, words)
	body, _ := json.Marshal(map[string]any{"type": "doc", "content": []any{map[string]any{"type": "paragraph", "content": []any{map[string]any{"type": "text", "text": text}}}}}) // plain values always encode
	return desk.Entry{Headline: fmt.Sprintf("Entry %d", n), Body: body, Place: "On the bridge"}
}
