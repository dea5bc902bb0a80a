package site

import (
	"context"
	"fmt"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/shelf"
)

// Places lists where readers find an article now and would not after its withdrawal: of all that a withdrawal's receipt would
// ask for what shows it, and the pictures that nothing else shows. It is ENotFound where readers cannot open the article.
func (s *Site) Places(ctx context.Context, article dateline.ID) ([]dateline.ReceiptLine, error) {
	p := &plan{entry: record.Entry{Header: record.Header{Kind: record.KindWithdrawal, Subject: article}}, article: article, down: true}
	var wants []want
	var pictures []string
	err := s.conf.Shelf.View(ctx, func(tx *shelf.Tx) (err error) {
		v := &view{ctx: ctx, s: s, tx: reading(tx), now: s.conf.Now()}
		if v.paper, err = s.paper(v.tx, s.press.Stamp()); err != nil {
			return err
		}
		a, err := v.tx.Article(article)
		if err != nil {
			return err
		}
		_, latest, err := v.tx.EditionAt(article, a.Edition)
		if err != nil {
			return err
		}
		if pictures, err = v.tx.OnlyShownBy(article); err != nil {
			return err
		}
		t := &touched{view: v, plan: p}
		err = t.takenDown(latest, a.Address)
		wants = t.wants
		return err
	})
	if missing(err) {
		return nil, dateline.Errorf(dateline.ENotFound, "readers cannot open an article %.60s", article)
	}
	if err != nil {
		return nil, fmt.Errorf("look for the places of %s: %w", article, err)
	}
	lines := []dateline.ReceiptLine{}
	for i, w := range wants {
		answer := s.Serve(ctx, requestFor(w.address))
		if i == 0 || p.mentioned(answer.Body) {
			lines = append(lines, dateline.ReceiptLine{Address: w.address, What: w.what, Status: answer.Status})
		}
	}
	lines[0].What = "article"
	for _, hash := range pictures {
		lines = append(lines, dateline.ReceiptLine{Address: "/pictures/" + hash, What: "picture"})
	}
	return lines, nil
}
