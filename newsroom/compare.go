package newsroom

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/markup"
)

// DiffRun is a stretch of words that stayed, came or went.
type DiffRun struct {
	Kind markup.RunKind `json:"kind" enum:"equal,added,removed"`
	Text string         `json:"text"`
}

// DiffBlock is one block of a difference, or several that are the same.
type DiffBlock struct {
	Kind   markup.ChangeKind `json:"kind" enum:"same,changed,added,removed"`
	Type   markup.Type       `json:"type,omitempty"`
	Was    markup.Type       `json:"was,omitempty" doc:"What it was, where it was made something else"`
	How    markup.How        `json:"how,omitempty" enum:"moved,split,merged" doc:"What happened beside the words; what moved is removed where it stood and added where it stands"`
	Count  int               `json:"count,omitempty" doc:"For same: how many blocks; for split: how many it is now; for merged: how many it was"`
	Runs   []DiffRun         `json:"runs,omitempty"`
	Detail bool              `json:"detail,omitempty" doc:"No word differs: marks, links or attributes do"`
}

// Comparison is what differs between two contents of an article.
type Comparison struct {
	From       desk.ComparedSide  `json:"from"`
	To         desk.ComparedSide  `json:"to"`
	Same       bool               `json:"same" doc:"Nothing of the content differs"`
	Headline   []DiffRun          `json:"headline"`
	Standfirst []DiffRun          `json:"standfirst"`
	Body       []DiffBlock        `json:"body"`
	Fields     []desk.FieldChange `json:"fields"`
	Beside     []desk.FieldChange `json:"beside" doc:"What differs beside the content: the article's state, and what the desk keeps with the pictures that both show, rights first"`
	Doubts     []desk.Doubt       `json:"doubts" doc:"Why the change does not look minor"`
	Changed    string             `json:"changed,omitempty" doc:"The sentence of the newer text in which a change stands, one that is not minor where there is one"`
	Was        string             `json:"was,omitempty" doc:"The words that it took the place of"`
	About      desk.DoubtKind     `json:"about,omitempty" doc:"What that change is: number, name, quotation or headline; nothing where it may be minor"`
}

type compareIn struct {
	One
	From string `query:"from" required:"true" doc:"edition-2, version-41 or, for the moment of a line of the audit, line-107" pattern:"^(edition|version|line)-[0-9]{1,12}$"`
	To   string `query:"to" required:"true" doc:"Likewise" pattern:"^(edition|version|line)-[0-9]{1,12}$"`
}

type compareOut struct{ Body Comparison }

func (s *server) compare(ctx context.Context, in *compareIn) (*compareOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	c, err := s.Desk.Compare(ctx, actor(ctx), id, side(in.From), side(in.To))
	if err != nil {
		return nil, err
	}
	out := Comparison{From: c.From, To: c.To, Same: c.Same(), Headline: newRuns(c.Headline), Standfirst: newRuns(c.Standfirst), Body: []DiffBlock{},
		Fields: append([]desk.FieldChange{}, c.Fields...), Beside: append([]desk.FieldChange{}, c.Beside...), Doubts: append([]desk.Doubt{}, c.Doubts...), Changed: c.Changed, Was: c.Was, About: c.About}
	for _, b := range c.Body {
		out.Body = append(out.Body, DiffBlock{b.Kind, b.Type, b.Was, b.How, b.Count, newRuns(b.Runs), b.Detail})
	}
	return &compareOut{out}, nil
}

// side reads edition-2, line-107 or version-41; the pattern has been asked already.
func side(s string) desk.Side {
	kind, number, _ := strings.Cut(s, "-")
	n, _ := strconv.Atoi(number)
	switch kind {
	case "edition":
		return desk.Side{Edition: n}
	case "line":
		return desk.Side{Line: int64(n)}
	}
	return desk.Side{Version: int64(n)}
}

func newRuns(runs []markup.Run) []DiffRun {
	out := make([]DiffRun, 0, len(runs))
	for _, r := range runs {
		out = append(out, DiffRun{r.Kind, r.Text})
	}
	return out
}

type versionIn struct {
	One
	Number int64 `path:"number" minimum:"1" doc:"A content version"`
}

// SavedContent is one saved content of an article.
type SavedContent struct {
	Version int64     `json:"content_version"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Content Content   `json:"content"`
}

type versionOut struct{ Body SavedContent }

func (s *server) findVersion(ctx context.Context, in *versionIn) (*versionOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	v, err := s.Desk.FindVersion(ctx, actor(ctx), id, in.Number)
	if err != nil {
		return nil, err
	}
	return &versionOut{SavedContent{v.Number, v.At, v.By, newContent(v.Content)}}, nil
}

type addressIn struct {
	One
	At time.Time `query:"at" doc:"When it would go out; now where it is absent"`
}

type addressOut struct {
	Body struct {
		Address string `json:"address"`
	}
}

func (s *server) proposeAddress(ctx context.Context, in *addressIn) (*addressOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	out := &addressOut{}
	out.Body.Address, err = s.Desk.ProposeAddress(ctx, actor(ctx), id, in.At)
	return out, err
}

type typedIn struct {
	Q     string `query:"q" required:"true" doc:"The beginning of a word of the name, as it is typed" minLength:"1" maxLength:"200"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"8"`
}

type typedOut[T any] struct {
	Body struct {
		Items []*T `json:"items"`
	}
}

// typed answers what is found while a name is typed.
func typed[T any](find func(context.Context, dateline.Actor, string, int) ([]*T, error)) func(context.Context, *typedIn) (*typedOut[T], error) {
	return func(ctx context.Context, in *typedIn) (*typedOut[T], error) {
		list, err := find(ctx, actor(ctx), in.Q, in.Limit)
		out := &typedOut[T]{}
		out.Body.Items = append([]*T{}, list...)
		return out, err
	}
}
