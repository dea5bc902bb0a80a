// Package newsroom is the editors' HTTP interface: a JSON API over the desk, described by an OpenAPI document made from
// the code. Handlers are thin: the desk decides.
package newsroom

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/auth"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/newsroom/ui"
)

// Config is what the newsroom works with.
type Config struct {
	Desk *desk.Desk
	// Confirm asks the site, address by address, whether readers have what the act at a sequence number made.
	Confirm func(ctx context.Context, sequence int64) (dateline.Receipt, error)
	// ConfirmEach is Confirm that tells of each line of the receipt, with its place in it: first of all of them, not yet
	// asked for, then of each with its answer. Where it is nil a receipt is told of when it is whole.
	ConfirmEach func(ctx context.Context, sequence int64, told func(int, dateline.ReceiptLine)) (dateline.Receipt, error)
	// Preview makes previews of drafts; where it is nil there are none.
	Preview Previewer
	// Places lists the addresses that show an article now and would not after its withdrawal; may be nil.
	Places func(ctx context.Context, article dateline.ID) ([]dateline.ReceiptLine, error)
	// Scrub frees the site's files of words that were removed; may be nil.
	Scrub func(ctx context.Context) error
	// MostRead gives the articles that are read most; may be nil.
	MostRead func(limit int) []Read
	// Done is closed when the program stops, so that streams end; they run for ever where it is nil.
	Done <-chan struct{}
	// Door lets people in; where it is nil there are tokens only.
	Door *auth.Door
	// SignOn is the provider by which people may sign in; may be nil.
	SignOn *auth.SignOn
	// Proxies are those whose word on where a request comes from is taken (X-Forwarded-For).
	Proxies []netip.Prefix
	// SettingsChanged is told of new settings; may be nil.
	SettingsChanged func(Settings)
	Version         string
	Log             *slog.Logger
}

// server answers the newsroom's requests.
type server struct {
	Config
	api   huma.API
	hub   *hub
	pages *pages
}

// routerOnce sets the two things that the router keeps in variables of its package, for all of the process.
var routerOnce = sync.OnceFunc(func() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError { // the router's own refusals get the form of all others
		return refused(context.Background(), status, advice(status, message), errs...)
	}
	huma.NewErrorWithContext = refusedOf
	huma.ValidateStrictCasing = true
})

// New makes the handler of the newsroom's listener.
func New(c Config) http.Handler {
	h, _ := build(c)
	return h
}

// build makes the handler, and the table of its routes, which tests walk.
func build(c Config) (http.Handler, *http.ServeMux) {
	routerOnce()
	mux := http.NewServeMux()
	conf := huma.DefaultConfig("Dateline newsroom", c.Version)
	conf.OpenAPIPath = "/api/v1/openapi"
	conf.DocsPath, conf.SchemasPath = "", ""
	conf.CreateHooks = nil
	conf.RejectUnknownQueryParameters = true
	conf.Formats = map[string]huma.Format{"application/json": strictJSON, "json": strictJSON}
	conf.Info.Description = "What editors do, as JSON over HTTP. Every article has a version: saves and acts name the one they were based on in If-Match. " +
		"Errors are problem documents (RFC 9457). Times carry their zone (RFC 3339) and are kept in UTC."
	conf.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "Made by `dateline token create NAME --role reporter|editor|chief|follower`"},
	}
	conf.Security = []map[string][]string{{"token": {}}}
	if c.Door != nil {
		conf.Components.SecuritySchemes["session"] = &huma.SecurityScheme{Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "Given by /sign-in"}
		conf.Security = append(conf.Security, map[string][]string{"session": {}})
	}
	pages := newPages()
	s := &server{Config: c, api: humago.New(mux, conf), hub: newHub(), pages: pages}
	s.api.UseMiddleware(s.identify)
	s.routes()
	s.roomy(mux)
	mux.HandleFunc("GET /record/entries", s.entries)
	s.documentEntries()
	ui.New().Routes(mux)
	mux.HandleFunc("GET "+assetRoot, pages.asset)
	s.addPreviews(mux, pages)
	s.fronts(mux)
	s.audited(mux)
	if c.Door != nil {
		s.addDoor(mux, pages)
	}
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(s.refuseOrigin))
	return harden(pages.speaks(guard.Handler(s.placed(s.elsewhere(mux))))), mux
}

// strictJSON reads and writes JSON. What is not UTF-8 is refused, because the words would be changed in reading them.
var strictJSON = huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: func(data []byte, v any) error {
	if !utf8.Valid(data) {
		return errors.New("the text is not UTF-8")
	}
	if outline, ok := v.(*any); ok {
		return readOutline(data, outline)
	}
	return json.Unmarshal(data, v)
}}

// readOutline reads what came in as the router looks at it, to hold it against its schema before it reads it again. A
// document under body is open there, and for the desk to judge: it is not taken apart for that.
func readOutline(data []byte, outline *any) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil || fields["body"] == nil {
		return json.Unmarshal(data, outline)
	}
	out := make(map[string]any, len(fields))
	for name, raw := range fields {
		if name == "body" && raw[0] == '{' {
			out[name] = map[string]any{}
			continue
		}
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		out[name] = v
	}
	*outline = out
	return nil
}

// elsewhere answers for addresses and methods that no route has, in the form of all other refusals.
func (s *server) elsewhere(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			if s.gate(w, r) {
				mux.ServeHTTP(w, r)
			}
			return
		}
		answer := headers{}
		h.ServeHTTP(answer, r)
		if allow := answer.Header().Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
			s.write(w, refusal(r.Context(), http.StatusMethodNotAllowed, dateline.Say("this address takes %s; /api/v1/openapi.json lists what there is", allow)))
			return
		}
		if r.Method == http.MethodGet && s.Door != nil && strings.Contains(r.Header.Get("Accept"), "text/html") && !strings.HasPrefix(r.URL.Path, "/api/") {
			s.nothingHere(w, r)
			return
		}
		s.write(w, refusal(r.Context(), http.StatusNotFound, dateline.Say("nothing is answered at this address; /api/v1/openapi.json lists what there is")))
	})
}

// headers keeps an answer's headers and nothing else of it.
type headers http.Header

// Header gives the headers.
func (h headers) Header() http.Header { return http.Header(h) }

// Write drops what is written.
func (headers) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader drops the status.
func (headers) WriteHeader(int) {}

func (s *server) refuseOrigin(w http.ResponseWriter, r *http.Request) {
	s.refuse(w, r, dateline.Errorf(dateline.EForbidden, "a page of another origin asked a browser for this change; it is refused. Programs send no Origin header"))
}

// routes is every route of the API with the act that it is, grouped by who may call it. The act is asked for before
// anything of the request is read; the desk asks again, with the article.
func (s *server) routes() {
	// reporters, editors and chiefs
	register(s, dateline.ActCreate, "POST", "/articles", "create-article", "Make an article or a page", s.createArticle, answers(http.StatusCreated))
	register(s, dateline.ActRead, "GET", "/articles", "list-articles", "List articles, last saved first, without their bodies", s.listArticles)
	register(s, dateline.ActRead, "GET", "/articles/{id}", "find-article", "An article with what was saved last", s.findArticle)
	register(s, dateline.ActSave, "PUT", "/articles/{id}", "save-article", "Save the content of an article", s.saveArticle)
	register(s, dateline.ActRead, "GET", "/articles/{id}/editions", "list-editions", "What was published of an article", s.listEditions)
	register(s, dateline.ActRead, "GET", "/articles/{id}/versions", "list-versions", "What was saved of an article, newest first", s.listVersions)
	register(s, dateline.ActRead, "GET", "/articles/{id}/audit", "list-audit", "Who did what to an article, newest first", s.listAudit)
	register(s, dateline.ActSubmit, "POST", "/articles/{id}/submit", "submit-article", "Hand a draft to the editors", s.submit)
	register(s, dateline.ActRead, "GET", "/articles/{id}/checks", "check-article", "What the checks before publishing find in what was saved last", s.checkArticle)
	register(s, dateline.ActRead, "GET", "/articles/{id}/live", "find-live", "A live coverage with its entries, the newest number first", s.findLive)
	register(s, dateline.ActCreate, "POST", "/articles/{id}/entries/{number}/article", "break-out-entry", "Make a draft of an entry", s.breakOut, answers(http.StatusCreated))
	register(s, dateline.ActRead, "GET", "/receipts/{sequence}", "find-receipt", "The receipt of an act", s.findReceipt)

	// editors and chiefs
	register(s, dateline.ActReturn, "POST", "/articles/{id}/return", "return-article", "Give a submitted draft back, with a reason", s.giveBack)
	register(s, dateline.ActSchedule, "POST", "/articles/{id}/schedule", "schedule-article", "Have what is saved now go out at an instant", s.schedule)
	register(s, dateline.ActUnschedule, "POST", "/articles/{id}/unschedule", "unschedule-article", "Take a schedule back", s.unschedule)
	register(s, dateline.ActEmbargo, "POST", "/articles/{id}/embargo", "embargo-article", "Stop publication until an instant", s.embargo)
	register(s, dateline.ActHold, "POST", "/articles/{id}/hold", "hold-article", "Stop publication until a chief lifts it, with a reason", s.hold)
	register(s, dateline.ActPublish, "POST", "/articles/{id}/publish", "publish-article", "Publish; the answer is the receipt", s.publish)
	register(s, dateline.ActWithdraw, "GET", "/articles/{id}/places", "list-places", "Where readers find an article, all of which a withdrawal changes", s.places)
	register(s, dateline.ActWithdraw, "POST", "/articles/{id}/withdraw", "withdraw-article", "Take an article down; the answer is the receipt. The kind legal is for chiefs", s.withdraw)
	register(s, dateline.ActRestore, "POST", "/articles/{id}/restore", "restore-article", "Bring a withdrawn article back; the answer is the receipt. From the kind legal it is for chiefs", s.restore)
	register(s, dateline.ActMoveAddress, "POST", "/articles/{id}/address", "move-article", "Give an article another address; the old one redirects for good", s.move)
	register(s, dateline.ActPostEntry, "POST", "/articles/{id}/entries", "post-entry", "Post an entry to a live coverage; the answer has the receipt", s.postEntry, answers(http.StatusCreated))
	register(s, dateline.ActEditEntry, "PUT", "/articles/{id}/entries/{number}", "edit-entry", "Change, correct or pin an entry; the answer has the receipt", s.editEntry)
	register(s, dateline.ActDeleteEntry, "DELETE", "/articles/{id}/entries/{number}", "delete-entry", "Take an entry from readers, who are told why; the answer has the receipt", s.deleteEntry)
	register(s, dateline.ActSteerLive, "PUT", "/articles/{id}/live", "steer-live", "Set a live coverage's state and summary; the answer has the receipt", s.steer)

	// chiefs
	register(s, dateline.ActLiftEmbargo, "DELETE", "/articles/{id}/embargo", "lift-embargo", "Lift an embargo, with a reason", s.liftEmbargo)
	register(s, dateline.ActLiftHold, "DELETE", "/articles/{id}/hold", "lift-hold", "Lift a legal hold, with a reason", s.liftHold)

	s.redactions()
	s.remarks()
	s.organisation()
	s.stories()
}

// actOf is where an operation says which act it is.
const actOf = "act"

// register adds one operation under /api/v1.
func register[I, O any](s *server, act dateline.Act, method, path, id, summary string, handler func(context.Context, *I) (*O, error), change ...func(*huma.Operation)) {
	op := huma.Operation{OperationID: id, Method: method, Path: "/api/v1" + path, Summary: summary, Description: forWhom(act),
		MaxBodyBytes: dateline.MaxBody, BodyReadTimeout: 2 * time.Minute, Metadata: map[string]any{actOf: act},
		Errors: []int{400, 401, 403, 404, 409, 413, 415, 422, 423, 428, 503}}
	for _, f := range change {
		f(&op)
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err == nil {
			err = s.ensure(ctx, actor(ctx), act, method+" "+path)
		}
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		s.tellOf(ctx, out)
		return out, nil
	})
}

// tellOf tells those who listen that an article has a new version, where that is what an operation answers.
func (s *server) tellOf(ctx context.Context, out any) {
	m := moved{By: actor(ctx).Name}
	switch out := out.(type) {
	case *articleOut:
		m.Article, m.Version = out.Body.ID, out.Body.Version
	case *receiptOut:
		m.Article, m.Version = out.Body.Article, out.version
		if out.front != "" {
			m.Article = out.front
		}
	case *frontOut:
		if out.changed {
			m.Article, m.Version = out.Body.ID, out.Body.Version
		}
	}
	if m.Article != "" && m.Version > 0 {
		s.hub.announce(m)
	}
}

// forWhom says in the OpenAPI document which tokens an act takes.
func forWhom(act dateline.Act) string {
	var roles []string
	for _, role := range []dateline.Role{dateline.RoleReporter, dateline.RoleEditor, dateline.RoleChief, dateline.RoleFollower} {
		if dateline.Can(dateline.Actor{Role: role}, act, nil) == nil {
			roles = append(roles, string(role))
		}
	}
	return "For tokens of role " + strings.Join(roles, ", ") + "."
}

// answers sets the status of an operation that went well.
func answers(status int) func(*huma.Operation) {
	return func(op *huma.Operation) { op.DefaultStatus = status }
}

type (
	actorKey struct{}
	whoKey   struct{}
)

// whoAsks says who asks the API: the bearer of the token where there is one, or else whose session the cookie is.
func (s *server) whoAsks(ctx huma.Context) (dateline.Actor, *auth.Who, error) {
	r, w := humago.Unwrap(ctx)
	return s.asks(w.Header(), r)
}

func (s *server) asks(h http.Header, r *http.Request) (dateline.Actor, *auth.Who, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		actor, err := s.authenticate(r.Context(), header)
		return actor, nil, err
	}
	who, err := s.signedIn(h, r)
	if err != nil || who == nil {
		return dateline.Actor{}, nil, err
	}
	return who.Account.Actor(), who, nil
}

// session is the session that asks; nil where it is a token.
func session(ctx context.Context) *auth.Who {
	w, _ := ctx.Value(whoKey{}).(*auth.Who)
	return w
}

// identify reads the bearer token and asks whether it may do what the operation is, before the request is read.
func (s *server) identify(ctx huma.Context, next func(huma.Context)) {
	actor, who, err := s.whoAsks(ctx)
	if act, ok := ctx.Operation().Metadata[actOf].(dateline.Act); ok && err == nil {
		err = dateline.Can(actor, act, nil)
	}
	if err == nil {
		next(huma.WithValue(huma.WithValue(ctx, actorKey{}, actor), whoKey{}, who))
		return
	}
	p := s.problem(ctx.Context(), err)
	if p.Status == http.StatusUnauthorized {
		ctx.SetHeader("WWW-Authenticate", challenge)
	}
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetStatus(p.Status)
	_ = json.NewEncoder(ctx.BodyWriter()).Encode(p) // whoever asked may have gone
}

// challenge says how to be known (RFC 6750, section 3).
const challenge = `Bearer realm="newsroom"`

func (s *server) authenticate(ctx context.Context, header string) (dateline.Actor, error) {
	if header == "" {
		return dateline.Actor{}, nil
	}
	scheme, secret, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return dateline.Actor{}, dateline.Errorf(dateline.EUnauthorized, "the Authorization header is not of the form `Bearer TOKEN`")
	}
	return s.Desk.Authenticate(ctx, strings.TrimSpace(secret))
}

func actor(ctx context.Context) dateline.Actor {
	a, _ := ctx.Value(actorKey{}).(dateline.Actor)
	return a
}

// harden sets the headers that every answer of the newsroom has.
func harden(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		next.ServeHTTP(w, r)
	})
}
