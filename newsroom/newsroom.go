// Package newsroom is the editors' HTTP interface: a JSON API over the desk, described by an OpenAPI document made from
// the code. Handlers are thin: the desk decides.
package newsroom

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// Config is what the newsroom works with.
type Config struct {
	Desk *desk.Desk
	// Confirm asks the site, address by address, whether readers have what the act at a sequence number made.
	Confirm func(ctx context.Context, sequence int64) (dateline.Receipt, error)
	// SettingsChanged is told of new settings; may be nil.
	SettingsChanged func(Settings)
	Version         string
	Log             *slog.Logger
}

// server answers the newsroom's requests.
type server struct {
	Config
	api huma.API
}

// New makes the handler of the newsroom's listener.
func New(c Config) http.Handler {
	huma.NewError = refused // the router's own refusals get the form of all others
	mux := http.NewServeMux()
	conf := huma.DefaultConfig("Dateline newsroom", c.Version)
	conf.OpenAPIPath = "/api/v1/openapi"
	conf.DocsPath, conf.SchemasPath = "", ""
	conf.CreateHooks = nil
	conf.RejectUnknownQueryParameters = true
	conf.Info.Description = "What editors do, as JSON over HTTP. Every article has a version: saves and acts name the one they were based on in If-Match. " +
		"Errors are problem documents (RFC 9457). Times carry their zone (RFC 3339) and are kept in UTC."
	conf.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "Made by `dateline token create NAME --role reporter|editor|chief`"},
	}
	conf.Security = []map[string][]string{{"token": {}}}
	s := &server{Config: c, api: humago.New(mux, conf)}
	s.api.UseMiddleware(s.identify)
	s.routes()
	mux.HandleFunc("GET /record/entries", s.entries)
	mux.HandleFunc("GET /{$}", welcome)
	return http.NewCrossOriginProtection().Handler(harden(mux))
}

// routes is every route of the API, grouped by who may call it; the desk asks Can for each.
func (s *server) routes() {
	// reporters, editors and chiefs
	register(s, "POST", "/articles", "create-article", "Make an article or a page", s.createArticle, answers(http.StatusCreated))
	register(s, "GET", "/articles", "list-articles", "List articles, last saved first, without their bodies", s.listArticles)
	register(s, "GET", "/articles/{id}", "find-article", "An article with what was saved last", s.findArticle)
	register(s, "PUT", "/articles/{id}", "save-article", "Save the content of an article", s.saveArticle)
	register(s, "GET", "/articles/{id}/editions", "list-editions", "What was published of an article", s.listEditions)
	register(s, "GET", "/articles/{id}/versions", "list-versions", "What was saved of an article, newest first", s.listVersions)
	register(s, "GET", "/articles/{id}/audit", "list-audit", "Who did what to an article, newest first", s.listAudit)
	register(s, "POST", "/articles/{id}/submit", "submit-article", "Hand a draft to the editors", s.submit)
	register(s, "GET", "/receipts/{sequence}", "find-receipt", "The receipt of an act", s.findReceipt)

	// editors and chiefs
	register(s, "POST", "/articles/{id}/return", "return-article", "Give a submitted draft back", s.giveBack)
	register(s, "POST", "/articles/{id}/schedule", "schedule-article", "Have what is saved now go out at an instant", s.schedule)
	register(s, "POST", "/articles/{id}/unschedule", "unschedule-article", "Take a schedule back", s.unschedule)
	register(s, "POST", "/articles/{id}/embargo", "embargo-article", "Stop publication until an instant", s.embargo)
	register(s, "POST", "/articles/{id}/hold", "hold-article", "Stop publication until a chief lifts it", s.hold)
	register(s, "POST", "/articles/{id}/publish", "publish-article", "Publish; the answer is the receipt", s.publish)
	register(s, "POST", "/articles/{id}/withdraw", "withdraw-article", "Take an article down; the answer is the receipt. The kind legal is for chiefs", s.withdraw)
	register(s, "POST", "/articles/{id}/restore", "restore-article", "Bring a withdrawn article back; the answer is the receipt", s.restore)
	register(s, "POST", "/articles/{id}/address", "move-article", "Give an article another address; the old one redirects for good", s.move)

	// chiefs
	register(s, "DELETE", "/articles/{id}/embargo", "lift-embargo", "Lift an embargo, with a reason", s.liftEmbargo)
	register(s, "DELETE", "/articles/{id}/hold", "lift-hold", "Lift a legal hold, with a reason", s.liftHold)

	s.organisation()
}

// register adds one operation under /api/v1.
func register[I, O any](s *server, method, path, id, summary string, handler func(context.Context, *I) (*O, error), change ...func(*huma.Operation)) {
	op := huma.Operation{OperationID: id, Method: method, Path: "/api/v1" + path, Summary: summary, MaxBodyBytes: dateline.MaxBody,
		BodyReadTimeout: 2 * time.Minute, Errors: []int{400, 401, 403, 404, 409, 413, 422, 423, 428, 503}}
	for _, f := range change {
		f(&op)
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, problem(s.Log, err)
		}
		return out, nil
	})
}

// answers sets the status of an operation that went well.
func answers(status int) func(*huma.Operation) {
	return func(op *huma.Operation) { op.DefaultStatus = status }
}

type actorKey struct{}

// identify reads the bearer token. A request without one goes on as nobody, and Can refuses it.
func (s *server) identify(ctx huma.Context, next func(huma.Context)) {
	actor, err := s.authenticate(ctx.Context(), ctx.Header("Authorization"))
	if err != nil {
		_ = huma.WriteErr(s.api, ctx, http.StatusUnauthorized, "", problem(s.Log, err))
		return
	}
	next(huma.WithValue(ctx, actorKey{}, actor))
}

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
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		next.ServeHTTP(w, r)
	})
}

// welcome tells whoever opens the newsroom's address in a browser what is here.
func welcome(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("This is a Dateline newsroom. Its API is at /api/v1, described by /api/v1/openapi.json.\n" +
		"A token for it is made with `dateline token create NAME --role reporter|editor|chief`.\n"))
}
