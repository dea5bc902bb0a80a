package newsroom

import (
	"context"
	"net/url"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

type createIn struct {
	Body struct {
		Content
		Kind dateline.Kind `json:"kind,omitempty" doc:"article where it is absent" enum:"article,page,live"`
	}
}

func (s *server) createArticle(ctx context.Context, in *createIn) (*articleOut, error) {
	kind := in.Body.Kind
	if kind == "" {
		kind = dateline.KindArticle
	}
	c, err := s.content(ctx, &in.Body.Content)
	if err != nil {
		return nil, err
	}
	out, err := answer(s.Desk.Create(ctx, actor(ctx), kind, c))
	if err == nil {
		out.Location = "/api/v1/articles/" + string(out.Body.ID)
	}
	return out, err
}

type saveIn struct {
	Versioned
	Body Content
}

func (s *server) saveArticle(ctx context.Context, in *saveIn) (*articleOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	c, err := s.content(ctx, &in.Body)
	if err != nil {
		return nil, err
	}
	return answer(s.Desk.Save(ctx, actor(ctx), t, c))
}

// content makes the domain's content of what came in, with slugs looked up.
func (s *server) content(ctx context.Context, c *Content) (out dateline.Content, err error) {
	if err := dateline.Can(actor(ctx), dateline.ActSave, nil); err != nil {
		return out, err
	}
	err = s.Desk.View(ctx, func(tx desk.Tx) error {
		out, err = c.domain(slugs(tx))
		return err
	})
	return out, err
}

// idOf gives the id of what was found.
func idOf[T catalogued](t *T, err error) (dateline.ID, error) {
	if err != nil {
		return "", err
	}
	id, _, _ := facts(t)
	return id, nil
}

// foundOut is an article that was only looked at.
type foundOut articleOut

func (s *server) findArticle(ctx context.Context, in *One) (*foundOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	out, err := answer(s.Desk.Find(ctx, actor(ctx), id))
	if err != nil {
		return nil, err
	}
	ended, err := s.Desk.EndedPictures(ctx, actor(ctx), []dateline.ID{id})
	out.Body.Ended = ended[id]
	return (*foundOut)(out), err
}

func (o One) id() (dateline.ID, error) {
	id, err := dateline.ParseID(o.ID)
	if err != nil {
		return "", dateline.Errorf(dateline.ENotFound, "there is nothing with the id %.60q: ids are UUIDs in lower case, as lists give them", o.ID)
	}
	return id, nil
}

type listIn struct {
	State   string `query:"state" doc:"What readers have, or how far the draft is" enum:"unpublished,published,withdrawn,none,draft,submitted,scheduled"`
	Kind    string `query:"kind" enum:"article,page,live"`
	Section string `query:"section" doc:"A section, by id or slug"`
	Q       string `query:"q" doc:"Words of headline, standfirst, names and text" maxLength:"500"`
	After   string `query:"after" doc:"The next of the page before"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type listOut struct {
	Link string `header:"Link"`
	Body struct {
		Articles []*Article `json:"articles"`
		Next     string     `json:"next,omitempty" doc:"For after; absent on the last page"`
	}
}

func (s *server) listArticles(ctx context.Context, in *listIn) (*listOut, error) {
	f := dateline.ArticleFilter{Kind: dateline.Kind(in.Kind), Query: in.Q, After: in.After, Limit: in.Limit}
	switch state := in.State; state {
	case string(dateline.Unpublished), string(dateline.Published), string(dateline.Withdrawn):
		f.Readers = dateline.Readers(state)
	default:
		f.Draft = dateline.DraftState(state)
	}
	if in.Section != "" {
		c, err := s.content(ctx, &Content{Section: in.Section})
		if err != nil {
			return nil, err
		}
		f.Section = c.Section
	}
	page, err := s.Desk.List(ctx, actor(ctx), f)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Next, out.Body.Articles = page.Next, []*Article{}
	for _, a := range page.Articles {
		out.Body.Articles = append(out.Body.Articles, newArticle(a))
	}
	if page.Next != "" {
		q := url.Values{"after": {page.Next}}
		for key, v := range map[string]string{"state": in.State, "kind": in.Kind, "section": in.Section, "q": in.Q} {
			if v != "" {
				q.Set(key, v)
			}
		}
		out.Link = `</api/v1/articles?` + q.Encode() + `>; rel="next"`
	}
	return out, nil
}

type editionsOut struct {
	Body struct {
		Editions []dateline.Edition `json:"editions"`
	}
}

func (s *server) listEditions(ctx context.Context, in *One) (*editionsOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.ListEditions(ctx, actor(ctx), id)
	out := &editionsOut{}
	out.Body.Editions = append([]dateline.Edition{}, list...)
	return out, err
}

type pageIn struct {
	One
	Before int64 `query:"before" doc:"Only what is older than this number"`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// savedVersion is one saved content in a list.
type savedVersion struct {
	Version  int64  `json:"content_version"`
	At       string `json:"at" format:"date-time"`
	By       string `json:"by"`
	Headline string `json:"headline"`
}

type versionsOut struct {
	Body struct {
		Versions []savedVersion `json:"versions"`
	}
}

func (s *server) listVersions(ctx context.Context, in *pageIn) (*versionsOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.ListVersions(ctx, actor(ctx), id, in.Before, in.Limit)
	out := &versionsOut{}
	out.Body.Versions = []savedVersion{}
	for _, v := range list {
		out.Body.Versions = append(out.Body.Versions, savedVersion{v.Number, v.At.UTC().Format("2006-01-02T15:04:05.000000Z"), v.By, v.Content.Headline})
	}
	return out, err
}

type auditOut struct {
	Body struct {
		Audit []desk.AuditLine `json:"audit"`
	}
}

func (s *server) listAudit(ctx context.Context, in *pageIn) (*auditOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.ListAudit(ctx, actor(ctx), id, in.Before, in.Limit)
	return auditIn(ctx, list), err
}
