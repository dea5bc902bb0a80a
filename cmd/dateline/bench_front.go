package main

import (
	"context"
	"math/rand/v2"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/site/shelf"
)

// How many fronts are filled at once, and how often.
const (
	benchFronts     = 100
	benchFrontFills = 40
)

// fronts measures how long the rules of 100 fronts take.
func (b *bench) fronts(ctx context.Context) error {
	sections, err := b.room.desk.ListSections(ctx, local, desk.Page{})
	if err != nil {
		return err
	}
	topics, err := b.room.desk.ListTopics(ctx, local, desk.Page{Limit: 200})
	if err != nil {
		return err
	}
	known, err := b.room.desk.List(ctx, local, dateline.ArticleFilter{Readers: dateline.Published, Kind: dateline.KindArticle, Limit: 200})
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(3, 4))
	found, err := frontRules(ctx, b.program.shelf, func() dateline.ID { return sections[r.IntN(len(sections))].ID }, func() dateline.ID { return topics[r.IntN(len(topics))].ID },
		func() dateline.ID { return known.Articles[r.IntN(len(known.Articles))].ID })
	b.found.Fronts = found.spread
	return err
}

// frontRules measures how long the rules of 100 fronts take: a lead of the latest, and six containers of sections', topics' and
// pinned articles each. Every time they are other fronts.
func frontRules(ctx context.Context, sh *shelf.Shelf, section, topic, article func() dateline.ID) (worked, error) {
	var m meter
	for range benchFrontFills {
		fronts := make([][]dateline.Container, benchFronts)
		for i := range fronts {
			fronts[i] = []dateline.Container{{Layout: dateline.LayoutLead, Rule: &dateline.Rule{Kind: dateline.RuleLatest}, Items: make([]dateline.FrontItem, 5)}}
			for k := range 6 {
				rule := &dateline.Rule{Kind: dateline.RuleSection, Of: section()}
				if k%2 == 1 {
					rule = &dateline.Rule{Kind: dateline.RuleTopic, Of: topic()}
				}
				fronts[i] = append(fronts[i], dateline.Container{Layout: dateline.LayoutThree, Rule: rule, Items: []dateline.FrontItem{{Article: article()}, {}, {}}})
			}
		}
		if err := m.do(func() error {
			return sh.View(ctx, func(tx *shelf.Tx) error {
				for _, f := range fronts {
					if _, err := tx.Fill(f, nil); err != nil {
						return err
					}
				}
				return nil
			})
		}); err != nil {
			return worked{}, err
		}
	}
	return m.worked(), nil
}
