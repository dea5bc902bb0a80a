package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/markup"
)

type benchPublishSiteCommand struct {
	Dir folder `help:"The newsroom's folder." required:"" placeholder:"DIR"`
}

// Run serves a newsroom with a new article, and publishes an update of it for each line on standard input until that ends.
func (c benchPublishSiteCommand) Run(ctx context.Context, s streams) (err error) {
	listening, err := listen("127.0.0.1:0", "127.0.0.1:0", secure{})
	if err != nil {
		return err
	}
	defer listening.Close()
	r, p, end, err := serveRoom(ctx, c.Dir, listening, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	b := &bench{room: r, program: p, corpus: newCorpus(1)}
	section, topics, person, err := b.references(ctx)
	if err != nil {
		return err
	}
	content := dateline.Content{Section: section, Topics: topics, Byline: []dateline.Credit{{Person: person}}, Headline: "Counting goes on", Language: "en"}
	if content.Body, err = countingBody(0); err != nil {
		return err
	}
	a, err := r.desk.Create(ctx, local, dateline.KindArticle, content)
	if err != nil {
		return err
	}
	publish := func(change dateline.Change, note string) (w published, err error) {
		w.Began = time.Now().UnixNano()
		res, err := r.desk.Publish(ctx, local, desk.Target{ID: a.ID, Version: a.Version}, desk.Publishing{Change: change, Note: note})
		if err != nil {
			return w, err
		}
		w.Acted = time.Now().UnixNano()
		receipt, err := r.confirm(ctx, res.Sequence)
		if err != nil {
			return w, err
		}
		w.Acked, w.Edition, a = time.Now().UnixNano(), int64(res.Edition.Number), res.Article
		for _, line := range receipt.Addresses {
			if !line.Confirmed {
				w.Unconfirmed++
			}
		}
		return w, nil
	}
	first, err := publish(dateline.ChangeFirst, "")
	if err != nil {
		return err
	}
	answer := json.NewEncoder(s.out)
	first.Site, first.Pages, first.Article = listening.siteURL(), []string{a.Address, "/"}, string(a.ID)
	if err := answer.Encode(first); err != nil {
		return err
	}
	n := 0
	for lines := bufio.NewScanner(s.in); lines.Scan(); {
		n++
		if content.Body, err = countingBody(n); err != nil {
			return err
		}
		if a, err = r.desk.Save(ctx, local, desk.Target{ID: a.ID, Version: a.Version}, content); err != nil {
			return err
		}
		w, err := publish(dateline.ChangeUpdate, fmt.Sprintf("%d of 300 stations are counted.", n))
		if err != nil {
			w.Failed = err.Error()
		}
		if err := answer.Encode(w); err != nil {
			return err
		}
	}
	return nil
}

// countingBody is an article of some four hundred words that says how far the counting is.
func countingBody(stations int) (json.RawMessage, error) {
	text := fmt.Sprintf("%d stations had sent their figures when this was written.", stations)
	for range 12 {
		text += "\n\nThe boxes came in by lorry and by boat, and were opened before the agents of all parties, who signed for each. What is counted is read out and chalked up in the hall, and may be asked about by anybody who stands there."
	}
	return bodyJSON(markup.FromText(text))
}
