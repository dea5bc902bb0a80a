package newsroom

import (
	"context"

	"github.com/datelinehq/dateline"
)

// Read is how many read an article.
type Read struct {
	Article dateline.ID
	Readers int // in the last day
	Hour    int // in the last full hour and this one
}

// ReadRow is an article with how many read it.
type ReadRow struct {
	Row
	Readers int `json:"readers_day" doc:"Different readers in the last 24 hours, within 3 in a hundred"`
	Hour    int `json:"readers_hour" doc:"Of these, in the last full hour and this one"`
}

type readsOut struct {
	Body struct {
		Rows []ReadRow `json:"rows"`
	}
}

// readLimit is how many articles the quiet page of what is read shows.
const readLimit = 50

// mostRead tells editors what is read most. Nothing about readers is known, only how many there were.
func (s *server) mostRead(ctx context.Context, _ *none) (*readsOut, error) {
	out := &readsOut{}
	out.Body.Rows = []ReadRow{}
	if s.MostRead == nil {
		return out, nil
	}
	counts := map[dateline.ID]Read{}
	var ids []dateline.ID
	for _, c := range s.MostRead(readLimit) {
		ids = append(ids, c.Article)
		counts[c.Article] = c
	}
	articles, names, err := s.Desk.Articles(ctx, actor(ctx), ids)
	for _, r := range newRows(articles, names) {
		out.Body.Rows = append(out.Body.Rows, ReadRow{r, counts[r.ID].Readers, counts[r.ID].Hour})
	}
	return out, err
}
