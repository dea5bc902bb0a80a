package newsroom_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
)

// nothing is an id that nothing has, so that what a role may do does nothing.
const nothing = "0190b5f0-6c00-7cc3-98c4-dc0c0c07398f"

// routes is what every role may ask of every route: R reporter, E editor, C chief, F follower; nobody may ask anything. The
// body is one that the route can read; status is what whoever may ask gets for it.
var routes = []struct {
	route  string
	roles  string
	body   any
	status int
}{
	{"GET /api/v1/articles", "REC.", nil, 200},
	{"POST /api/v1/articles", "REC.", m{"headline": "By role"}, 201},
	{"GET /api/v1/articles/{id}", "REC.", nil, 404},
	{"PUT /api/v1/articles/{id}", "REC.", m{"headline": "x"}, 404},
	{"GET /api/v1/articles/{id}/editions", "REC.", nil, 404},
	{"GET /api/v1/articles/{id}/versions", "REC.", nil, 404},
	{"GET /api/v1/articles/{id}/audit", "REC.", nil, 404},
	{"GET /api/v1/articles/{id}/remarks", "REC.", nil, 404},
	{"PUT /api/v1/articles/{id}/suggested", "REC.", m{"headline": "x"}, 404},
	{"POST /api/v1/articles/{id}/suggestions/{suggestion}/take", "REC.", nil, 404},
	{"POST /api/v1/articles/{id}/suggestions/{suggestion}/leave", "REC.", nil, 404},
	{"POST /api/v1/notes", "REC.", m{"article": nothing, "words": "x"}, 404},
	{"POST /api/v1/notes/{note}/answers", "REC.", m{"words": "x"}, 404},
	{"POST /api/v1/notes/{note}/done", "REC.", m{"done": true}, 404},
	{"POST /api/v1/articles/{id}/submit", "REC.", nil, 404},
	{"POST /api/v1/articles/{id}/return", ".EC.", m{"reason": "x"}, 404},
	{"POST /api/v1/articles/{id}/schedule", ".EC.", m{"due": "2027-01-01T00:00:00Z"}, 404},
	{"POST /api/v1/articles/{id}/unschedule", ".EC.", nil, 404},
	{"POST /api/v1/articles/{id}/embargo", ".EC.", m{"until": "2027-01-01T00:00:00Z"}, 404},
	{"DELETE /api/v1/articles/{id}/embargo", "..C.", nil, 422},
	{"POST /api/v1/articles/{id}/hold", ".EC.", m{"reason": "x"}, 404},
	{"DELETE /api/v1/articles/{id}/hold", "..C.", nil, 422},
	{"POST /api/v1/articles/{id}/publish", ".EC.", m{}, 404},
	{"GET /api/v1/articles/{id}/places", ".EC.", nil, 404},
	{"POST /api/v1/articles/{id}/withdraw", ".EC.", m{"kind": "killed"}, 404},
	{"POST /api/v1/articles/{id}/restore", ".EC.", nil, 404},
	{"POST /api/v1/articles/{id}/address", ".EC.", m{"address": "/x/y"}, 404},
	{"GET /api/v1/articles/{id}/live", "REC.", nil, 404},
	{"PUT /api/v1/articles/{id}/live", ".EC.", m{}, 404},
	{"POST /api/v1/articles/{id}/entries", ".EC.", m{"headline": "x"}, 404},
	{"PUT /api/v1/articles/{id}/entries/{number}", ".EC.", m{"headline": "x"}, 404},
	{"DELETE /api/v1/articles/{id}/entries/{number}", ".EC.", nil, 422},
	{"POST /api/v1/articles/{id}/entries/{number}/article", "REC.", nil, 404},
	{"POST /api/v1/articles/{id}/redaction", "..C.", m{"editions": []int{1}}, 404},
	{"POST /api/v1/articles/{id}/redact", "..C.", m{"editions": []int{1}}, 404},
	{"POST /api/v1/redaction", "..C.", m{"words": []string{"nowhere at all"}}, 200},
	{"POST /api/v1/redact", "..C.", m{"words": []string{"nowhere at all"}}, 422},
	{"POST /api/v1/persons/{id}/erasure", "..C.", nil, 404},
	{"POST /api/v1/persons/{id}/erase", "..C.", nil, 404},
	{"GET /api/v1/audit", "..C.", nil, 200},
	{"GET /api/v1/audit/export", "..C.", nil, 200},
	{"GET /api/v1/clock", "REC.", nil, 200},
	{"POST /api/v1/clock/confirm", "..C.", m{"reason": "x"}, 200},
	{"GET /api/v1/receipts/{sequence}", "REC.", nil, 200},
	{"GET /api/v1/sections", "REC.", nil, 200},
	{"POST /api/v1/sections", "..C.", m{"slug": "made", "names": m{"en": "x"}}, 201},
	{"GET /api/v1/sections/{id}", "REC.", nil, 404},
	{"PUT /api/v1/sections/{id}", "..C.", m{"slug": "x", "names": m{"en": "x"}}, 404},
	{"GET /api/v1/topics", "REC.", nil, 200},
	{"POST /api/v1/topics", "REC.", m{"slug": "made-by-ROLE", "kind": "subject", "names": m{"en": "x"}}, 201},
	{"GET /api/v1/topics/{id}", "REC.", nil, 404},
	{"PUT /api/v1/topics/{id}", "REC.", m{"slug": "x", "kind": "subject", "names": m{"en": "x"}}, 404},
	{"GET /api/v1/persons", "REC.", nil, 200},
	{"POST /api/v1/persons", "REC.", m{"slug": "made-by-ROLE", "names": m{"en": "x"}}, 201},
	{"GET /api/v1/persons/{id}", "REC.", nil, 404},
	{"PUT /api/v1/persons/{id}", "REC.", m{"slug": "x", "names": m{"en": "x"}}, 404},
	{"GET /api/v1/pictures", "REC.", nil, 200},
	{"POST /api/v1/pictures", "REC.", "no picture", 422},
	{"GET /api/v1/pictures/{id}", "REC.", nil, 404},
	{"PUT /api/v1/pictures/{id}", "REC.", m{}, 404},
	{"POST /api/v1/uploads", "REC.", m{"name": "x.jpg", "size": 10}, 201},
	{"HEAD /api/v1/uploads/{id}", "REC.", nil, 404},
	{"PATCH /api/v1/uploads/{id}", "REC.", "part", 422},
	{"DELETE /api/v1/uploads/{id}", "REC.", nil, 204},
	{"GET /api/v1/pictures/{id}/small/{width}", "REC.", nil, 422},
	{"GET /api/v1/pictures/{id}/uses", "REC.", nil, 404},
	{"GET /api/v1/pictures/{id}/states", "REC.", nil, 404},
	{"GET /api/v1/pictures/{id}/compare", "REC.", nil, 422},
	{"GET /api/v1/names/pictures", "REC.", nil, 200},
	{"GET /api/v1/publication", "REC.", nil, 200},
	{"PUT /api/v1/publication", "..C.", m{"name": "x", "site": "https://a.example", "zone": "UTC", "language": "en"}, 409},
	{"GET /api/v1/settings", "REC.", nil, 200},
	{"PUT /api/v1/settings", "..C.", m{"weather": m{"provider": ""}}, 200},
	{"GET /api/v1/settings/checks", "REC.", nil, 200},
	{"PUT /api/v1/settings/checks", "..C.", m{"levels": m{"byline": "warn"}, "headline": 80}, 200},
	{"GET /api/v1/articles/{id}/checks", "REC.", nil, 404},
	{"GET /api/v1/room", "REC.", nil, 200},
	{"GET /api/v1/desk", "REC.", nil, 200},
	{"GET /api/v1/desk/{list}", "REC.", nil, 200},
	{"GET /api/v1/articles/{id}/compare", "REC.", nil, 422},
	{"GET /api/v1/articles/{id}/versions/{number}", "REC.", nil, 404},
	{"GET /api/v1/articles/{id}/address", "REC.", nil, 404},
	{"GET /api/v1/names/topics", "REC.", nil, 422},
	{"GET /api/v1/names/persons", "REC.", nil, 422},
	{"GET /api/v1/names/stories", "REC.", nil, 422},
	{"GET /api/v1/stories", "REC.", nil, 200},
	{"POST /api/v1/stories", "REC.", m{"name": "By role"}, 201},
	{"GET /api/v1/stories/{id}", "REC.", nil, 404},
	{"PUT /api/v1/stories/{id}", "REC.", m{"name": "x"}, 404},
	{"POST /api/v1/stories/{id}/publish", ".EC.", nil, 404},
	{"POST /api/v1/stories/{id}/status", ".EC.", m{"state": "suspended", "words": "x"}, 404},
	{"POST /api/v1/stories/{id}/withdraw", ".EC.", m{"reason": "x"}, 404},
	{"POST /api/v1/stories/{id}/merge", ".EC.", m{"into": nothing, "version": 1}, 422},
	{"POST /api/v1/stories/{id}/split", ".EC.", m{"name": "x", "articles": []string{nothing}}, 404},
	{"POST /api/v1/stories/{id}/schedule", ".EC.", m{"due": "2027-01-01T00:00:00Z"}, 404},
	{"POST /api/v1/stories/{id}/unschedule", ".EC.", nil, 404},
	{"POST /api/v1/stories/{id}/embargo", ".EC.", m{"until": "2027-01-01T00:00:00Z"}, 404},
	{"DELETE /api/v1/stories/{id}/embargo", "..C.", nil, 422},
	{"POST /api/v1/stories/{id}/hold", ".EC.", m{"reason": "x"}, 404},
	{"DELETE /api/v1/stories/{id}/hold", "..C.", nil, 422},
	{"GET /api/v1/stories/{id}/history", "REC.", nil, 404},
	{"GET /api/v1/stories/{id}/compare", "REC.", nil, 404},
	{"GET /api/v1/stories/{id}/articles", "REC.", nil, 404},
	{"GET /api/v1/articles/{id}/stories", "REC.", nil, 404},
	{"POST /api/v1/story-dismissals", "REC.", m{"article": nothing, "story": nothing}, 404},
	{"POST /api/v1/presence", "REC.", m{}, 422},
	{"GET /api/v1/events", "REC.", nil, 200},
	{"GET /api/v1/pictures/{id}/bytes", "REC.", nil, 404},
	{"GET /api/v1/receipts/{sequence}/lines", "REC.", nil, 200},
	{"GET /api/v1/reads", "REC.", nil, 200},
	{"GET /api/v1/fronts", "REC.", nil, 200},
	{"GET /api/v1/fronts/{id}", "REC.", nil, 404},
	{"PUT /api/v1/fronts/{id}", ".EC.", m{"containers": []m{}}, 404},
	{"GET /api/v1/fronts/{id}/preview", "REC.", nil, 404},
	{"GET /api/v1/fronts/{id}/versions", "REC.", nil, 404},
	{"POST /api/v1/fronts/{id}/publish", ".EC.", nil, 404},
	{"POST /api/v1/fronts/{id}/schedule", ".EC.", m{"due": "2027-01-01T00:00:00Z"}, 404},
	{"POST /api/v1/fronts/{id}/unschedule", ".EC.", nil, 404},
	{"POST /api/v1/fronts/{id}/draft", ".EC.", m{"content_version": 1}, 404},
	{"GET /api/v1/articles/{id}/previews", "REC.", nil, 404},
	{"POST /api/v1/articles/{id}/previews", ".EC.", m{"hours": 1}, 404},
	{"POST /api/v1/articles/{id}/previews/{preview}/revoke", ".EC.", nil, 404},
	{"GET /api/v1/articles/{id}/preview", "REC.", nil, 404},
	{"GET /api/v1/articles/{id}/preview/{picture}", "REC.", nil, 404},
	{"GET /record/entries", "..CF", nil, 200},
}

var asking = []struct {
	letter byte
	role   dateline.Role
}{{'R', reporter}, {'E', editor}, {'C', chief}, {'F', follower}}

func TestWhoMayAskWhat(t *testing.T) {
	n := openRoom(t)
	for _, r := range routes {
		method, path, _ := strings.Cut(r.route, " ")
		path = strings.NewReplacer("{id}", nothing, "{note}", nothing, "{suggestion}", "s1", "{sequence}", "1", "{list}", "drafts", "{number}", "1", "{preview}", nothing, "{picture}", "x-1.jpeg").Replace(path)
		head, made := n.head(), n.count()
		if a := n.send(method, path, r.body, "If-Match", `"99"`); a.status != http.StatusUnauthorized {
			t.Errorf("nobody, %s: %d, want 401", r.route, a.status)
		}
		for _, who := range asking {
			body := r.body
			if b, ok := body.(m); ok && b["slug"] == "made-by-ROLE" {
				body = m{"slug": "made-by-" + string(who.role), "names": b["names"]}
				if b["kind"] != nil {
					body.(m)["kind"] = b["kind"]
				}
			}
			want := r.status
			if strings.IndexByte(r.roles, who.letter) < 0 {
				want = http.StatusForbidden
				head, made = n.head(), n.count()
			}
			if want == http.StatusOK && strings.HasSuffix(path, "/events") {
				continue // it goes on for as long as somebody listens; here only its refusals are asked
			}
			a := n.as(who.role, method, path, body, "If-Match", `"99"`)
			if a.status != want {
				t.Errorf("%s, %s: %d, want %d: %.200s", who.role, r.route, a.status, want, a.raw)
			}
			if want != http.StatusForbidden {
				continue
			}
			if method != http.MethodHead { // its answer has no words
				a.refuses(403, dateline.EForbidden, string(who.role))
			}
			if n.head() != head || n.count() != made {
				t.Errorf("%s was refused %s, and something was done", who.role, r.route)
			}
		}
	}
}

// count is how much there is of what requests can make.
func (n *room) count() string {
	n.Helper()
	var s strings.Builder
	for _, path := range []string{"/articles", "/sections", "/topics", "/persons", "/pictures", "/stories"} {
		fmt.Fprint(&s, strings.Count(n.as(chief, "GET", path+"?limit=200", nil).is(200).raw, `"id":`), " ")
	}
	return s.String()
}

// TestARefusalComesBeforeTheBody: whoever may not ask is not read at length, and learns nothing of what would be taken.
func TestARefusalComesBeforeTheBody(t *testing.T) {
	n := openRoom(t)
	n.send("POST", "/articles", `{"nonsense`).refuses(401, dateline.EUnauthorized).lacks("nonsense")
	n.as(reporter, "POST", "/sections", `{"nonsense`).refuses(403, dateline.EForbidden).lacks("nonsense")
	n.as(follower, "POST", "/pictures", []byte("x")).refuses(403, dateline.EForbidden)
}

func TestTheOpenAPIDocument(t *testing.T) {
	n := openRoom(t)
	a := n.send("GET", "/openapi.json", nil).is(200)
	var doc struct {
		OpenAPI    string
		Info       struct{ Title, Version string }
		Security   []map[string][]string
		Paths      map[string]map[string]operation
		Components struct {
			Schemas         map[string]any
			SecuritySchemes map[string]any
		}
	}
	a.into(&doc)
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") || doc.Info.Title == "" || doc.Info.Version == "" || len(doc.Security) == 0 {
		t.Errorf("the head of the document: %q %+v %v", doc.OpenAPI, doc.Info, doc.Security)
	}
	for _, s := range doc.Security {
		for name := range s {
			if doc.Components.SecuritySchemes[name] == nil {
				t.Errorf("the security scheme %q is not described", name)
			}
		}
	}
	refs := regexp.MustCompile(`"\$ref":"([^"]*)"`).FindAllStringSubmatch(a.raw, -1)
	for _, r := range refs {
		name, ok := strings.CutPrefix(r[1], "#/components/schemas/")
		if !ok || doc.Components.Schemas[name] == nil {
			t.Errorf("the reference %q leads nowhere", r[1])
		}
	}
	if len(refs) < 50 {
		t.Errorf("only %d references", len(refs))
	}

	ids := map[string]string{}
	var described []string
	for path, methods := range doc.Paths {
		for method, op := range methods {
			route := strings.ToUpper(method) + " " + path
			described = append(described, route)
			op.check(t, route)
			if other := ids[op.OperationID]; op.OperationID == "" || other != "" {
				t.Errorf("%s and %s have one id, %q", route, other, op.OperationID)
			}
			ids[op.OperationID] = route
		}
	}
	var known []string
	for _, r := range routes {
		known = append(known, r.route)
		checkRoles(t, doc.Paths, r.route, r.roles)
	}
	slices.Sort(described)
	slices.Sort(known)
	if !slices.Equal(described, known) {
		t.Errorf("the document describes\n%q\nthe table of roles has\n%q", described, known)
	}
}

type operation struct {
	OperationID, Summary, Description string
	Parameters                        []struct{ Name, In string }
	RequestBody                       *struct{ Content map[string]any }
	Responses                         map[string]struct {
		Description string
		Content     map[string]any
	}
}

func (op operation) check(t *testing.T, route string) {
	t.Helper()
	if op.Summary == "" || len(op.Responses) < 4 {
		t.Errorf("%s: summary %q, %d responses", route, op.Summary, len(op.Responses))
	}
	for status, r := range op.Responses {
		if r.Description == "" {
			t.Errorf("%s: the response %s is not described", route, status)
		}
		if status >= "400" && r.Content["application/problem+json"] == nil {
			t.Errorf("%s: %s is no problem document", route, status)
		}
	}
	has := func(in, name string) bool {
		return slices.ContainsFunc(op.Parameters, func(p struct{ Name, In string }) bool { return p.In == in && p.Name == name })
	}
	for _, name := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(route, -1) {
		if !has("path", name[1]) {
			t.Errorf("%s: the parameter %s is not described", route, name[1])
		}
	}
	changes := strings.HasPrefix(route, "PUT") || strings.HasPrefix(route, "DELETE") || strings.Contains(route, "{id}/") && strings.HasPrefix(route, "POST")
	upload := strings.Contains(route, "/uploads/") // it has an offset in place of a version
	if changes && !upload && !strings.Contains(route, "/settings") && !strings.HasSuffix(route, "/revoke") && !strings.HasSuffix(route, "/entries") && !has("header", "If-Match") {
		t.Errorf("%s: If-Match is not described", route)
	}
	for _, act := range []string{"/publish", "/withdraw", "/restore", "/address"} {
		if strings.HasPrefix(route, "POST") && strings.HasSuffix(route, act) && !has("header", "Idempotency-Key") {
			t.Errorf("%s: Idempotency-Key is not described", route)
		}
	}
}

// checkRoles checks that the document names the roles that a route takes.
func checkRoles(t *testing.T, paths map[string]map[string]operation, route, roles string) {
	t.Helper()
	method, path, _ := strings.Cut(route, " ")
	text := paths[path][strings.ToLower(method)].Description
	for _, who := range asking {
		if strings.Contains(text, string(who.role)) != (strings.IndexByte(roles, who.letter) >= 0) {
			t.Errorf("%s takes %s and says %q", route, roles, text)
		}
	}
}

func TestWhatIsNoRoute(t *testing.T) {
	n := openRoom(t)
	n.as(chief, "GET", "/nothing", nil).refuses(404, dateline.ENotFound, "openapi.json")
	n.as(chief, "GET", "/record/nothing", nil).refuses(404, dateline.ENotFound)
	a := n.as(chief, "PATCH", "/articles/"+nothing, m{}).refuses(405, dateline.EInvalid, "PUT")
	if allow := a.header.Get("Allow"); !strings.Contains(allow, "GET") || !strings.Contains(allow, "PUT") {
		t.Errorf("Allow: %q", allow)
	}
	n.as(chief, "DELETE", "/record/entries", nil).refuses(405, dateline.EInvalid)
	resp, err := http.Get(n.url + "/")
	n.must(err)
	defer resp.Body.Close()
	if resp.StatusCode != 200 || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the address itself: %d %v", resp.StatusCode, resp.Header)
	}
}

// TestPagesOfOtherOrigins: a browser that is led to ask for a change is refused; programs, which send no such header, and
// the newsroom's own pages are not.
func TestPagesOfOtherOrigins(t *testing.T) {
	n := openRoom(t)
	made := n.count()
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8080"} {
		n.as(chief, "POST", "/articles", m{"headline": "Forged"}, name, value).refuses(403, dateline.EForbidden, "origin")
	}
	n.as(chief, "POST", "/articles", m{"headline": "Forged"}, "Sec-Fetch-Site", "same-site").refuses(403, dateline.EForbidden)
	if n.count() != made {
		t.Error("a forged request made something")
	}
	n.as(chief, "POST", "/articles", m{"headline": "Own"}, "Sec-Fetch-Site", "same-origin").is(201)
	n.as(chief, "GET", "/articles", nil, "Sec-Fetch-Site", "cross-site").is(200).lacks("Forged")
}
