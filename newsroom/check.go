package newsroom

import (
	"context"

	"github.com/datelinehq/dateline"
)

// CheckRules are what a chief has set to be checked before publishing.
type CheckRules struct {
	Levels   map[dateline.CheckName]dateline.CheckLevel `json:"levels" doc:"off, warn or must for each check; one that is not named keeps its level of a new newsroom"`
	Headline int                                        `json:"headline" doc:"How many characters a headline may have, for headline_length"`
	Lawyer   LawyerRules                                `json:"lawyer,omitempty" doc:"What needs a lawyer's eye"`
}

// LawyerRules say what needs a lawyer's eye.
type LawyerRules struct {
	Sections []dateline.ID `json:"sections,omitempty" doc:"Ids of sections"`
	Topics   []dateline.ID `json:"topics,omitempty" doc:"Ids of topics"`
	Words    []string      `json:"words,omitempty" doc:"Words, or several in a row; an asterisk at the end stands for any ending"`
}

func newCheckRules(r dateline.CheckRules) CheckRules {
	out := CheckRules{Levels: map[dateline.CheckName]dateline.CheckLevel{}, Headline: r.Headline, Lawyer: LawyerRules(r.Lawyer)}
	for _, name := range dateline.CheckNames {
		out.Levels[name] = r.Level(name)
	}
	return out
}

type checkRulesOut struct{ Body CheckRules }

type checkRulesIn struct{ Body CheckRules }

func (s *server) findChecks(ctx context.Context, _ *none) (*checkRulesOut, error) {
	r, err := s.Desk.CheckRules(ctx, actor(ctx))
	return &checkRulesOut{newCheckRules(r)}, err
}

func (s *server) saveChecks(ctx context.Context, in *checkRulesIn) (*checkRulesOut, error) {
	r := dateline.CheckRules{Levels: in.Body.Levels, Headline: in.Body.Headline, Lawyer: dateline.LawyerRules(in.Body.Lawyer)}
	err := s.Desk.SaveCheckRules(ctx, actor(ctx), r)
	return &checkRulesOut{newCheckRules(r)}, err
}

type checkIn struct {
	One
	Ask bool `query:"ask" doc:"Ask other sites now whether the links to them answer, which takes some seconds; otherwise what is remembered of them is given"`
}

type checkOut struct {
	Body struct {
		Version  int64              `json:"content_version" doc:"What was looked at"`
		Findings []dateline.Finding `json:"findings" doc:"Those with level must and state fails stop a publication; those of the check minor only one that is called minor"`
	}
}

func (s *server) checkArticle(ctx context.Context, in *checkIn) (*checkOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	out := &checkOut{}
	out.Body.Version, out.Body.Findings, err = s.Desk.Check(ctx, actor(ctx), id, in.Ask)
	return out, err
}
