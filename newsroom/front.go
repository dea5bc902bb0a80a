package newsroom

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// fronts adds the routes of home and of sections' fronts. Everybody reads them; editors arrange those in which their role
// holds, and home where it holds everywhere.
func (s *server) fronts(mux *http.ServeMux) {
	id := &huma.Param{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}
	s.plain(mux, dateline.ActRead, "/fronts/{id}/preview", "preview-front", "The page that readers would get of a draft front", "text/html", s.previewFront, id)
	register(s, dateline.ActRead, "GET", "/fronts", "list-fronts", "Home and the fronts of all sections", s.listFronts)
	register(s, dateline.ActRead, "GET", "/reads", "list-reads", "What is read most, with how many readers", s.mostRead)
	register(s, dateline.ActRead, "GET", "/fronts/{id}", "find-front", "A front with the arrangement saved last, by its section's id, or by `home`", s.findFront)
	register(s, dateline.ActArrange, "PUT", "/fronts/{id}", "save-front", "Save an arrangement of a front", s.saveFront)
	register(s, dateline.ActRead, "GET", "/fronts/{id}/versions", "list-front-versions", "What was saved of a front, newest first, and what editions were made of it", s.listFrontVersions)
	register(s, dateline.ActPublishFront, "POST", "/fronts/{id}/publish", "publish-front", "Give readers the arrangement saved last; the answer is the receipt", s.publishFront)
	register(s, dateline.ActArrange, "POST", "/fronts/{id}/schedule", "schedule-front", "Have the arrangement saved now go out at an instant", s.scheduleFront)
	register(s, dateline.ActArrange, "POST", "/fronts/{id}/unschedule", "unschedule-front", "Take a front's schedule back", s.unscheduleFront)
	register(s, dateline.ActArrange, "POST", "/fronts/{id}/draft", "draft-front", "Take an old arrangement up again, as a new draft", s.draftFront)
}

// previewFront shows a draft front as readers would get it. Its pictures are the readers' own, from their origin.
func (s *server) previewFront(w http.ResponseWriter, r *http.Request, who dateline.Actor) error {
	id, err := s.front(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := s.Desk.WouldBeFront(r.Context(), who, id)
	if err != nil {
		return err
	}
	if s.Preview == nil {
		return dateline.Errorf(dateline.EUnavailable, "drafts are shown where the site is served, and none is served here")
	}
	p, err := s.Desk.FindPublication(r.Context())
	if err != nil {
		return err
	}
	site := strings.TrimSuffix(p.Site, "/")
	page, styles, err := s.Preview.Front(r.Context(), id, f, site+"/pictures/")
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src "+strings.Join(styles, " ")+"; img-src 'self' "+site+
		"; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'")
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page) // whoever asked may have gone
	return nil
}

// homeName stands in an address for the front of the whole paper.
const homeName = "home"

// front reads which front an address names.
func (s *server) front(ctx context.Context, name string) (dateline.ID, error) {
	if name != homeName {
		return One{name}.id()
	}
	p, err := s.Desk.FindPublication(ctx)
	if err != nil {
		return "", err
	}
	return p.ID, nil
}

func (s *server) frontTarget(ctx context.Context, v Versioned) (t desk.Target, err error) {
	if t.ID, err = s.front(ctx, v.ID); err != nil {
		return t, err
	}
	t.Version, err = version(v.IfMatch)
	return t, err
}

// OpenFront is a front with the rows of the articles that it pins.
type OpenFront struct {
	dateline.Front
	Draft bool  `json:"draft" doc:"What was saved last is not what readers have"`
	Rows  []Row `json:"rows" doc:"The articles that it pins"`

	Ended []dateline.ID `json:"rights_ended,omitempty" doc:"Pictures that it shows in place of articles' own, in which the rights have ended"`
}

type frontOut struct {
	ETag string `header:"ETag" doc:"The version, for If-Match"`
	Body OpenFront

	changed bool
}

func (s *server) frontAnswer(ctx context.Context, f *dateline.Front, err error, changed bool) (*frontOut, error) {
	if err != nil {
		return nil, err
	}
	out := &frontOut{ETag: etag(f.Version), Body: OpenFront{Front: *f, Draft: f.Saved != f.Live, Rows: []Row{}}, changed: changed}
	articles, names, err := s.Desk.Articles(ctx, actor(ctx), f.Content.Pinned())
	if err != nil {
		return nil, err
	}
	out.Body.Rows = newRows(articles, names)
	if err := s.flag(ctx, out.Body.Rows); err != nil {
		return nil, err
	}
	out.Body.Ended, err = s.Desk.EndedOnFront(ctx, actor(ctx), f)
	return out, err
}

type frontsOut struct {
	Body struct {
		Fronts []dateline.Front `json:"fronts"`
	}
}

func (s *server) listFronts(ctx context.Context, _ *none) (*frontsOut, error) {
	list, err := s.Desk.ListFronts(ctx, actor(ctx))
	out := &frontsOut{}
	out.Body.Fronts = []dateline.Front{}
	for _, f := range list {
		out.Body.Fronts = append(out.Body.Fronts, *f)
	}
	return out, err
}

func (s *server) findFront(ctx context.Context, in *One) (*frontOut, error) {
	id, err := s.front(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	f, err := s.Desk.FindFront(ctx, actor(ctx), id)
	return s.frontAnswer(ctx, f, err, false)
}

type frontIn struct {
	Versioned
	Body dateline.FrontContent
}

func (s *server) saveFront(ctx context.Context, in *frontIn) (*frontOut, error) {
	t, err := s.frontTarget(ctx, in.Versioned)
	if err != nil {
		return nil, err
	}
	f, err := s.Desk.SaveFront(ctx, actor(ctx), t, in.Body)
	return s.frontAnswer(ctx, f, err, true)
}

type frontVersionsIn struct {
	One
	Before int64 `query:"before" minimum:"0" doc:"Only those older than this arrangement"`
}

type frontVersionsOut struct {
	Body struct {
		Versions []*dateline.FrontVersion `json:"versions"`
	}
}

func (s *server) listFrontVersions(ctx context.Context, in *frontVersionsIn) (*frontVersionsOut, error) {
	id, err := s.front(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.ListFrontVersions(ctx, actor(ctx), id, in.Before)
	out := &frontVersionsOut{}
	out.Body.Versions = append([]*dateline.FrontVersion{}, list...)
	return out, err
}

type frontPublishIn struct {
	Repeatable
}

func (s *server) publishFront(ctx context.Context, in *frontPublishIn) (*receiptOut, error) {
	t, err := s.frontTarget(ctx, in.Versioned)
	if err != nil {
		return nil, err
	}
	r, err := s.Desk.PublishFront(ctx, actor(ctx), t, in.IdempotencyKey)
	return s.receipt(ctx, &in.Repeatable, r, err)
}

type frontScheduleIn struct {
	Versioned
	Body struct {
		Due time.Time `json:"due" doc:"When it goes out, with its zone"`
	}
}

func (s *server) scheduleFront(ctx context.Context, in *frontScheduleIn) (*frontOut, error) {
	t, err := s.frontTarget(ctx, in.Versioned)
	if err != nil {
		return nil, err
	}
	f, err := s.Desk.ScheduleFront(ctx, actor(ctx), t, in.Body.Due)
	return s.frontAnswer(ctx, f, err, true)
}

func (s *server) unscheduleFront(ctx context.Context, in *stepIn) (*frontOut, error) {
	t, err := s.frontTarget(ctx, in.Versioned)
	if err != nil {
		return nil, err
	}
	f, err := s.Desk.UnscheduleFront(ctx, actor(ctx), t)
	return s.frontAnswer(ctx, f, err, true)
}

type frontDraftIn struct {
	Versioned
	Body struct {
		Content int64 `json:"content_version" minimum:"1" doc:"Which saved arrangement"`
	}
}

func (s *server) draftFront(ctx context.Context, in *frontDraftIn) (*frontOut, error) {
	t, err := s.frontTarget(ctx, in.Versioned)
	if err != nil {
		return nil, err
	}
	f, err := s.Desk.RestoreFront(ctx, actor(ctx), t, in.Body.Content)
	return s.frontAnswer(ctx, f, err, true)
}
