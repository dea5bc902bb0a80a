package newsroom

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// Previewer makes what readers would get of a draft. The newsroom says what the draft is and where the page is shown; what
// surrounds it is the site's.
type Previewer interface {
	// Page makes the page, with its pictures under base. styles are the source expressions that allow the page's own style
	// sheet in a policy.
	Page(ctx context.Context, w *desk.WouldBe, base string) (page []byte, styles []string, err error)
	// Front makes the page of a draft front. pictures is the address under which readers get pictures.
	Front(ctx context.Context, id dateline.ID, f *record.Front, pictures string) (page []byte, styles []string, err error)
	// Picture makes a picture of the page, as readers get it, by its name under the base, and says its media type; ENotFound.
	Picture(ctx context.Context, w *desk.WouldBe, name string) (media string, picture []byte, err error)
}

// visitCookie holds the secret of one opening of one link; its path is that link's.
const visitCookie = "__Secure-dateline-preview"

// previewRoot is under what links to drafts are opened.
const previewRoot = "/preview/"

// previewRoute is one address of a link to a draft. They are open to everybody: the link is what is asked for.
type previewRoute struct {
	pattern string
	answer  func(*previews, http.ResponseWriter, *http.Request)
}

func previewRoutes() []previewRoute {
	return []previewRoute{
		{"GET /preview/{link}", (*previews).ask},
		{"POST /preview/{link}", (*previews).open},
		{"GET /preview/{link}/{picture}", (*previews).picture},
	}
}

// previews answers whoever was sent a link to a draft.
type previews struct {
	*server
	pages *pages
}

// addPreviews adds the links to drafts and what the interface asks of them.
func (s *server) addPreviews(mux *http.ServeMux, p *pages) {
	for _, r := range previewRoutes() {
		mux.HandleFunc(r.pattern, func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("X-Robots-Tag", "noindex, nofollow, noarchive")
			req.Body = http.MaxBytesReader(w, req.Body, 1<<10)
			r.answer(&previews{s, p}, w, req)
		})
	}
	register(s, dateline.ActRead, "GET", "/articles/{id}/previews", "list-previews", "The private links to an article's draft, newest first", s.listPreviews)
	register(s, dateline.ActPreview, "POST", "/articles/{id}/previews", "create-preview", "Make a private link to an article's draft; its address is given this once", s.createPreview, answers(http.StatusCreated))
	register(s, dateline.ActPreview, "POST", "/articles/{id}/previews/{preview}/revoke", "revoke-preview", "End a private link", s.revokePreview)
	id := &huma.Param{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}
	picture := &huma.Param{Name: "picture", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}
	s.plain(mux, dateline.ActRead, "/articles/{id}/preview", "preview-article", "The page that readers would get of an article's draft", "text/html", s.ownPreview, id)
	s.plain(mux, dateline.ActRead, "/articles/{id}/preview/{picture}", "preview-picture", "A picture of that page", "image/*", s.ownPicture, id, picture)
}

// ask answers the opening of a link: a page with a button, and nothing else, so that programs that look at links get nothing
// and use nothing up. It says the same of every link. To whoever has pressed the button it shows the draft.
func (p *previews) ask(w http.ResponseWriter, r *http.Request) {
	would, err := p.visited(r)
	switch {
	case err == nil:
		base := r.URL.Path + "/"
		err = p.showDraft(w, r, would, base, "'none'")
	case dateline.ErrorCode(err) == dateline.ENotFound:
		p.show(w, r, http.StatusOK, "preview", "")
		return
	}
	if err != nil {
		p.fail(w, r, err)
	}
}

// visited gives the draft to whoever has pressed the button; ENotFound to all others.
func (p *previews) visited(r *http.Request) (*desk.WouldBe, error) {
	c, err := r.Cookie(visitCookie)
	if err != nil {
		return nil, dateline.Errorf(dateline.ENotFound, "the button was not pressed")
	}
	return p.Desk.VisitPreview(r.Context(), r.PathValue("link"), c.Value)
}

// open answers the button.
func (p *previews) open(w http.ResponseWriter, r *http.Request) {
	visit, until, err := p.Desk.OpenPreview(r.Context(), r.PathValue("link"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: visitCookie, Value: visit, Path: r.URL.Path, Expires: until, MaxAge: max(1, int(time.Until(until)/time.Second)),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
}

// picture answers with a picture of the draft to whoever has pressed the button.
func (p *previews) picture(w http.ResponseWriter, r *http.Request) {
	would, err := p.visited(r)
	if err == nil {
		err = p.showPicture(w, r, would)
	}
	if err != nil {
		p.refuse(w, r, err)
	}
}

// fail says what is wrong. Whatever ails a link, the words are the same.
func (p *previews) fail(w http.ResponseWriter, r *http.Request, err error) {
	problem := p.problem(r.Context(), err)
	if problem.Status == http.StatusNotFound {
		p.show(w, r, problem.Status, "preview-none", "")
		return
	}
	p.show(w, r, problem.Status, "preview-fault", sentence(problem.Detail))
}

// show renders one of the door's pages that has neither name nor way into the newsroom on it.
func (p *previews) show(w http.ResponseWriter, r *http.Request, status int, name, text string) {
	words := p.pages.words(r)
	page := message{frame: frame{Lang: words.lang, Icon: p.pages.icon, Style: p.pages.style}, Text: text}
	var out bytes.Buffer
	if err := words.pages.ExecuteTemplate(&out, name, page); err != nil {
		p.refuse(w, r, &dateline.Error{Code: dateline.EInternal, Message: "the page could not be made", Cause: err})
		return
	}
	w.Header().Set("Content-Security-Policy", pagePolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // whoever asked may have gone
}

// showDraft answers with the page of a draft whose pictures lie under base. ancestors are who may frame it.
func (s *server) showDraft(w http.ResponseWriter, r *http.Request, would *desk.WouldBe, base, ancestors string) error {
	if s.Preview == nil {
		return dateline.Errorf(dateline.EUnavailable, "drafts are shown where the site is served, and none is served here")
	}
	page, styles, err := s.Preview.Page(r.Context(), would, base)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src "+strings.Join(styles, " ")+
		"; img-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors "+ancestors)
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page) // whoever asked may have gone
	return nil
}

// showPicture answers with a picture of a draft, and with none that the draft does not show.
func (s *server) showPicture(w http.ResponseWriter, r *http.Request, would *desk.WouldBe) error {
	if s.Preview == nil {
		return dateline.Errorf(dateline.ENotFound, "the draft shows no such picture")
	}
	media, picture, err := s.Preview.Picture(r.Context(), would, r.PathValue("picture"))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Type", media)
	_, _ = w.Write(picture) // whoever asked may have gone
	return nil
}

// ownPreview shows a draft in the newsroom's own view.
func (s *server) ownPreview(w http.ResponseWriter, r *http.Request, who dateline.Actor) error {
	would, err := s.wouldBe(r, who)
	if err != nil {
		return err
	}
	return s.showDraft(w, r, would, r.URL.Path+"/", "'self'")
}

func (s *server) ownPicture(w http.ResponseWriter, r *http.Request, who dateline.Actor) error {
	would, err := s.wouldBe(r, who)
	if err != nil {
		return err
	}
	return s.showPicture(w, r, would)
}

func (s *server) wouldBe(r *http.Request, who dateline.Actor) (*desk.WouldBe, error) {
	id, err := One{r.PathValue("id")}.id()
	if err != nil {
		return nil, err
	}
	return s.Desk.WouldBe(r.Context(), who, id)
}

type previewsOut struct {
	Body struct {
		Previews []desk.Preview `json:"previews"`
	}
}

func (s *server) listPreviews(ctx context.Context, in *One) (*previewsOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	out := &previewsOut{}
	list, err := s.Desk.ListPreviews(ctx, actor(ctx), id)
	out.Body.Previews = append([]desk.Preview{}, list...)
	w := wordsOf(ctx)
	for i := range out.Body.Previews {
		p := &out.Body.Previews[i]
		why := dateline.Say("%s", dateline.Phrase(p.Why))
		if name, revoked := strings.CutPrefix(p.Why, "revoked by "); revoked {
			why = dateline.Say("revoked by %s", name)
		}
		p.Why = w.say(why)
	}
	return out, err
}

type createPreviewIn struct {
	Versioned
	Body struct {
		Hours int `json:"hours,omitempty" doc:"How long it lasts; 72 where it is absent, 336 at most" minimum:"1" maximum:"336"`
	}
}

type createPreviewOut struct {
	Body struct {
		Preview desk.Preview `json:"preview"`
		Address string       `json:"address" doc:"To be sent to whoever is to see the draft; it is shown this once"`
	}
}

// usualPreview is how many hours a link lasts that names none.
const usualPreview = 72

func (s *server) createPreview(ctx context.Context, in *createPreviewIn) (*createPreviewOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	paper, err := s.Desk.FindPublication(ctx)
	if err != nil {
		return nil, err
	}
	hours := in.Body.Hours
	if hours == 0 {
		hours = usualPreview
	}
	p, secret, err := s.Desk.CreatePreview(ctx, actor(ctx), t, time.Duration(hours)*time.Hour)
	if err != nil {
		return nil, err
	}
	out := &createPreviewOut{}
	out.Body.Preview, out.Body.Address = p, strings.TrimSuffix(paper.Newsroom, "/")+previewRoot+secret
	return out, nil
}

type revokePreviewIn struct {
	One
	Preview string `path:"preview" doc:"The link's id"`
}

type previewOut struct{ Body desk.Preview }

func (s *server) revokePreview(ctx context.Context, in *revokePreviewIn) (*previewOut, error) {
	article, err := in.id()
	if err != nil {
		return nil, err
	}
	id, err := One{in.Preview}.id()
	if err != nil {
		return nil, err
	}
	p, err := s.Desk.RevokePreview(ctx, actor(ctx), article, id)
	return &previewOut{p}, err
}
