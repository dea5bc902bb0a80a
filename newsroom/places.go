package newsroom

import (
	"context"

	"github.com/datelinehq/dateline"
)

type placesOut struct {
	Body struct {
		Places []dateline.ReceiptLine `json:"places" doc:"The addresses that show it now, the article's own first, and the pictures that nothing else shows"`
	}
}

// places lists where readers find an article that is about to be withdrawn.
func (s *server) places(ctx context.Context, in *One) (*placesOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	a, err := s.Desk.Find(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	if a.Readers != dateline.Published {
		return nil, dateline.Errorf(dateline.EState, "readers do not have the article")
	}
	if s.Places == nil {
		return nil, dateline.Errorf(dateline.EUnavailable, "this newsroom does not reach its site to look")
	}
	out := &placesOut{}
	out.Body.Places, err = s.Places(ctx, id)
	return out, err
}
