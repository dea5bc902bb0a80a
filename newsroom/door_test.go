package newsroom

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/auth"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/desk/store"
	"github.com/datelinehq/dateline/desk/storetest"
)

// lobby is a newsroom with a door, asked over HTTP.
type lobby struct {
	*testing.T
	url         string
	db          *store.Store
	desk        *desk.Desk
	door        *auth.Door
	clock       *storetest.Clock
	city, coast dateline.ID
	people      map[string]*dateline.Account
	made        int
}

var setUp = dateline.Actor{Name: "set-up", Role: dateline.RoleChief}

func openLobby(t *testing.T) *lobby {
	t.Helper()
	l := &lobby{T: t, clock: storetest.NewClock(time.Date(2026, 3, 28, 6, 30, 0, 0, time.UTC)), people: map[string]*dateline.Account{}}
	var err error
	l.db, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "desk.db"), l.clock)
	l.must(err)
	t.Cleanup(func() { l.must(l.db.Close()) })
	l.desk, err = desk.New(t.Context(), desk.Config{Store: l.db})
	l.must(err)
	l.door, err = auth.New(auth.Config{Store: l.db, Secret: []byte(strings.Repeat("k", 32))})
	l.must(err)
	handler := New(Config{Desk: l.desk, Door: l.door, Version: "test", Log: slog.New(slog.DiscardHandler), Proxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	l.url = server.URL
	_, err = l.desk.Init(t.Context(), dateline.Publication{Name: "The Estuary", Site: "http://readers.example", Newsroom: "http://localhost:8081", Zone: "Asia/Kolkata", Language: "en"})
	l.must(err)
	for slug, id := range map[string]*dateline.ID{"city": &l.city, "coast": &l.coast} {
		s, err := l.desk.CreateSection(t.Context(), setUp, dateline.Section{Slug: slug, Names: dateline.Names{"en": slug}})
		l.must(err)
		*id = s.ID
	}
	for _, p := range []struct {
		letter   string
		role     dateline.Role
		sections []dateline.ID
		state    dateline.AccountState
	}{
		{"R", dateline.RoleReporter, nil, dateline.AccountActive}, {"E", dateline.RoleEditor, nil, dateline.AccountActive}, {"C", dateline.RoleChief, nil, dateline.AccountActive},
		{"S", dateline.RoleChief, []dateline.ID{l.city}, dateline.AccountActive}, {"X", dateline.RoleChief, nil, dateline.AccountEnded},
	} {
		l.people[p.letter] = l.account(p.letter, p.role, p.sections, p.state)
	}
	return l
}

func (l *lobby) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *lobby) id() dateline.ID {
	l.made++
	return dateline.ID(fmt.Sprintf("0190b5f0-6c00-7cc3-98c4-%012d", l.made))
}

// account puts somebody into the store; how they come in is tested in auth and in a browser.
func (l *lobby) account(name string, role dateline.Role, sections []dateline.ID, state dateline.AccountState) *dateline.Account {
	l.Helper()
	a := &dateline.Account{ID: l.id(), Version: 1, Name: name, Email: strings.ToLower(name) + "@estuary.example", Role: role, Sections: sections, State: state, Rights: 1, Created: l.clock.Now()}
	l.must(l.db.Update(l.Context(), func(tx desk.Tx) error { return tx.InsertAccount(a) }))
	return a
}

// session signs somebody in; "N" is nobody.
func (l *lobby) session(letter string) string {
	l.Helper()
	a := l.people[letter]
	if a == nil {
		return ""
	}
	secret := fmt.Sprint("session ", l.made)
	sum := sha256.Sum256([]byte(secret))
	now := l.clock.Now().Truncate(time.Microsecond)
	s := desk.Session{ID: l.id(), Account: a.ID, Hash: sum[:], Rights: a.Rights, Way: "passkey", Agent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0", Created: now, Seen: now}
	l.must(l.db.Update(l.Context(), func(tx desk.Tx) error { return tx.InsertSession(s) }))
	return url.QueryEscape(secret)
}

// got is what a request was answered.
type got struct {
	*http.Response
	text string
}

// ask sends a request; a body that is url.Values goes as a form, another as JSON. Headers are given in pairs.
func (l *lobby) ask(session, method, path string, body any, headers ...string) got {
	l.Helper()
	var r io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case url.Values:
		r, kind = strings.NewReader(b.Encode()), "application/x-www-form-urlencoded"
	default:
		raw, err := json.Marshal(b)
		l.must(err)
		r, kind = strings.NewReader(string(raw)), "application/json"
	}
	req, err := http.NewRequestWithContext(l.Context(), method, l.url+path, r)
	l.must(err)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if session != "" {
		value, _ := url.QueryUnescape(session)
		req.Header.Set("Cookie", sessionCookie+"="+value)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	l.must(err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	l.must(err)
	return got{resp, string(raw)}
}

const nobodys = "0190b5f0-6c00-7cc3-98c4-dc0c0c07398f"

type v = url.Values

// doorTable is what every route of the door answers to nobody, a reporter, an editor, a chief, the chief of a section, and to the
// session of a chief whose account has ended. Sent is something that the route can read; what it says is mostly not there, so
// that the chief's answer shows that the route was entered.
var doorTable = []struct {
	route string
	sent  any
	want  [6]int
}{
	{"GET /sign-in", nil, [6]int{200, 303, 303, 303, 303, 200}},
	{"POST /sign-in", v{"email": {"a@b.example"}}, [6]int{401, 401, 401, 401, 401, 401}},
	{"POST /sign-in/passkey/options", map[string]string{}, [6]int{200, 200, 200, 200, 200, 200}},
	{"POST /sign-in/passkey", v{}, [6]int{422, 422, 422, 422, 422, 422}},
	{"GET /sign-in/recovery", nil, [6]int{200, 200, 200, 200, 200, 200}},
	{"POST /sign-in/recovery", v{}, [6]int{401, 401, 401, 401, 401, 401}},
	{"GET /sign-in/provider", nil, [6]int{404, 404, 404, 404, 404, 404}},
	{"GET /sign-in/provider/callback", nil, [6]int{404, 404, 404, 404, 404, 404}},
	{"POST /sign-out", v{}, [6]int{303, 303, 303, 303, 303, 303}},
	{"GET /join/{link}", nil, [6]int{401, 401, 401, 401, 401, 401}},
	{"POST /join/{link}", v{}, [6]int{401, 401, 401, 401, 401, 401}},
	{"POST /join/{link}/code", v{}, [6]int{422, 422, 422, 422, 422, 422}},
	{"POST /join/{link}/passkey/options", map[string]string{}, [6]int{401, 401, 401, 401, 401, 401}},
	{"POST /join/{link}/passkey", v{}, [6]int{401, 401, 401, 401, 401, 401}},

	{"GET /account", nil, [6]int{303, 200, 200, 200, 200, 303}},
	{"POST /account/passkeys/options", map[string]string{}, [6]int{401, 200, 200, 200, 200, 401}},
	{"POST /account/passkeys", v{}, [6]int{401, 422, 422, 422, 422, 401}},
	{"POST /account/passkeys/delete", v{"id": {"AAAA"}}, [6]int{401, 404, 404, 404, 404, 401}},
	{"POST /account/password", v{"password": {"short"}}, [6]int{401, 422, 422, 422, 422, 401}},
	{"POST /account/password/code", v{}, [6]int{401, 422, 422, 422, 422, 401}},
	{"POST /account/password/delete", v{}, [6]int{401, 409, 409, 409, 409, 401}},
	{"POST /account/codes", v{}, [6]int{401, 200, 200, 200, 200, 401}},
	{"POST /account/sessions/end", v{"id": {nobodys}}, [6]int{401, 404, 404, 404, 404, 401}},
	{"POST /account/sessions/end-others", v{}, [6]int{401, 200, 200, 200, 200, 401}},

	{"GET /people", nil, [6]int{303, 403, 403, 200, 403, 303}},
	{"POST /people/invitations", v{"email": {"new@estuary.example"}, "role": {"editor"}}, [6]int{401, 403, 403, 200, 403, 401}},
	{"POST /people/invitations/revoke", v{"id": {nobodys}}, [6]int{401, 403, 403, 404, 403, 401}},
	{"GET /people/{id}", nil, [6]int{303, 403, 403, 404, 403, 303}},
	{"POST /people/{id}", v{}, [6]int{401, 403, 403, 404, 403, 401}},
	{"POST /people/{id}/end", v{}, [6]int{401, 403, 403, 404, 403, 401}},
	{"POST /people/{id}/recover", v{}, [6]int{401, 403, 403, 404, 403, 401}},

	{"GET /api/v1/me", nil, [6]int{401, 200, 200, 200, 200, 401}},
	{"GET /api/v1/sessions", nil, [6]int{401, 200, 200, 200, 200, 401}},
	{"DELETE /api/v1/sessions/{id}", nil, [6]int{401, 404, 404, 404, 404, 401}},
	{"GET /api/v1/accounts", nil, [6]int{401, 403, 403, 200, 403, 401}},
	{"GET /api/v1/accounts/{id}", nil, [6]int{401, 403, 403, 404, 403, 401}},
	{"PUT /api/v1/accounts/{id}", map[string]string{"name": "x", "role": "editor"}, [6]int{401, 403, 403, 404, 403, 401}},
	{"DELETE /api/v1/accounts/{id}", nil, [6]int{401, 403, 403, 404, 403, 401}},
	{"POST /api/v1/accounts/{id}/recovery", nil, [6]int{401, 403, 403, 404, 403, 401}},
	{"GET /api/v1/invitations", nil, [6]int{401, 403, 403, 200, 403, 401}},
	{"POST /api/v1/invitations", map[string]string{"email": "new@estuary.example", "role": "editor"}, [6]int{401, 403, 403, 201, 403, 401}},
	{"DELETE /api/v1/invitations/{id}", nil, [6]int{401, 403, 403, 404, 403, 401}},
}

const lettersOfTable = "NRECSX"

func (l *lobby) row(session, route string, sent any, headers ...string) got {
	l.Helper()
	method, path, _ := strings.Cut(route, " ")
	path = strings.NewReplacer("{id}", nobodys, "{link}", "never-made").Replace(path)
	return l.ask(session, method, path, sent, append([]string{"If-Match", `"1"`}, headers...)...)
}

func TestWhoMayThroughWhichDoor(t *testing.T) {
	l := openLobby(t)
	for _, r := range doorTable {
		for i, letter := range strings.Split(lettersOfTable, "") {
			// Each try comes from an address of its own, so that none is refused for the ones before it.
			a := l.row(l.session(letter), r.route, r.sent)
			if a.StatusCode != r.want[i] {
				t.Errorf("%s, %s: %d, want %d: %.300s", letter, r.route, a.StatusCode, r.want[i], a.text)
			}
			if a.StatusCode == http.StatusForbidden && strings.Contains(a.text, "@estuary.example") {
				t.Errorf("%s, %s: a refusal names somebody", letter, r.route)
			}
		}
		l.clock.Pass(time.Hour) // and the limits are those of a new hour
	}
}

// TestEveryDoorIsInTheTable: a route that is added has to say who may ask for it.
func TestEveryDoorIsInTheTable(t *testing.T) {
	var known, there []string
	for _, r := range doorTable {
		known = append(known, r.route)
	}
	for _, r := range (&door{}).routes() {
		there = append(there, r.pattern)
	}
	l := openLobby(t)
	var doc struct{ Paths map[string]map[string]any }
	l.must(json.Unmarshal([]byte(l.ask("", "GET", "/api/v1/openapi.json", nil).text), &doc))
	for path, methods := range doc.Paths {
		if regexp.MustCompile(`^/api/v1/(me|sessions|accounts|invitations)`).MatchString(path) {
			for method := range methods {
				there = append(there, strings.ToUpper(method)+" "+path)
			}
		}
	}
	slices.Sort(known)
	slices.Sort(there)
	if !slices.Equal(known, there) {
		t.Errorf("the door has\n%q\nthe table has\n%q", there, known)
	}
}

// TestFormsOfOtherOrigins: what a page of another origin has a browser send is refused, whoever is signed in.
func TestFormsOfOtherOrigins(t *testing.T) {
	l := openLobby(t)
	for _, r := range doorTable {
		if strings.HasPrefix(r.route, "GET") {
			continue
		}
		for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "http://readers.example"} {
			if a := l.row(l.session("C"), r.route, r.sent, name, value); a.StatusCode != http.StatusForbidden || !strings.Contains(a.text, "another origin") {
				t.Errorf("%s with %s: %s: %d", r.route, name, value, a.StatusCode)
			}
		}
		if a := l.row(l.session("C"), r.route, r.sent, "Sec-Fetch-Site", "same-origin", "Origin", l.url); a.StatusCode != r.want[3] {
			t.Errorf("%s from the newsroom's own page: %d", r.route, a.StatusCode)
		}
		l.clock.Pass(time.Hour)
	}
}

// TestPagesHoldNothingInline: every page is under a policy without exceptions, is kept nowhere, and holds no script or style itself.
func TestPagesHoldNothingInline(t *testing.T) {
	l := openLobby(t)
	pages := 0
	for _, r := range doorTable {
		for _, letter := range []string{"N", "C"} {
			a := l.row(l.session(letter), r.route, r.sent)
			if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
				continue
			}
			pages++
			policy := a.Header.Get("Content-Security-Policy")
			if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %q, %q", r.route, policy, a.Header.Get("Cache-Control"))
			}
			if a.StatusCode != 303 {
				l.inline(r.route, a.text)
			}
		}
		l.clock.Pass(time.Hour)
	}
	if pages < 40 {
		t.Errorf("only %d pages were seen", pages)
	}
}

func (l *lobby) inline(route, text string) {
	l.Helper()
	doc, err := html.Parse(strings.NewReader(text))
	l.must(err)
	for n := range doc.Descendants() {
		src := false
		for _, a := range n.Attr {
			src = src || a.Key == "src"
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") {
				l.Errorf("%s: <%s %s=%q>", route, n.Data, a.Key, a.Val)
			}
		}
		if n.Type == html.ElementNode && (n.Data == "style" || n.Data == "script" && !src) {
			l.Errorf("%s holds a %s", route, n.Data)
		}
	}
}

func TestTheGate(t *testing.T) {
	l := openLobby(t)
	for _, path := range []string{"/", "/calendar", "/articles/" + nobodys, "/articles/" + nobodys + "/history"} {
		for _, letter := range []string{"N", "X"} {
			a := l.ask(l.session(letter), "GET", path, nil)
			if a.StatusCode != 303 || a.Header.Get("Location") != "/sign-in?next="+url.QueryEscape(path) {
				t.Errorf("%s, %s: %d %s", letter, path, a.StatusCode, a.Header.Get("Location"))
			}
		}
		if a := l.ask(l.session("R"), "GET", path, nil); a.StatusCode != 200 {
			t.Errorf("a reporter, %s: %d", path, a.StatusCode)
		}
	}
	for path, want := range map[string]int{"/nothing": 404, "/api/v1/openapi.json": 200, "/api/v1/articles": 401, "/newsroom-assets/nothing": 404} {
		if a := l.ask("", "GET", path, nil); a.StatusCode != want {
			t.Errorf("nobody, %s: %d, want %d", path, a.StatusCode, want)
		}
	}
}

func TestNextStaysHere(t *testing.T) {
	a := &asking{}
	for to, want := range map[string]string{
		"/": "/", "/articles/7?x=1": "/articles/7?x=1", "/people": "/people", "": "/", "articles": "/", "//evil.example": "/", `/\evil.example`: "/", `/\/evil.example`: "/",
		"https://evil.example": "/", "http:evil.example": "/", "/\t/evil.example": "/", "/\n/evil.example": "/", "javascript:alert(1)": "/", "///evil.example": "/",
		"/%2f/evil.example": "/", "/%5cevil.example": "/", "//user@evil.example": "/", "/ok#frag": "/ok", " /x": "/", "?x": "/", "/" + strings.Repeat("x", 3000): "/",
		"https:///evil.example": "/", "/%09/evil.example": "/%09/evil.example",
	} {
		if got := a.next(to); got != want {
			t.Errorf("next=%q leads to %q, want %q", to, got, want)
		}
	}
}

func TestWhereARequestComesFrom(t *testing.T) {
	s := &server{Config: Config{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8")}}}
	for _, try := range []struct{ peer, forwarded, want string }{
		{"203.0.113.9:4711", "", "203.0.113.9"},
		{"203.0.113.9:4711", "198.51.100.1", "203.0.113.9"}, // nobody vouches for that
		{"127.0.0.1:4711", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:4711", "1.2.3.4, 198.51.100.1", "198.51.100.1"}, // what stands before anybody may have written
		{"127.0.0.1:4711", "1.2.3.4, 198.51.100.1, 10.1.1.1", "198.51.100.1"},
		{"127.0.0.1:4711", "nonsense", "127.0.0.1"},
		{"127.0.0.1:4711", "", "127.0.0.1"},
		{"[2001:db8::1]:4711", "198.51.100.1", "2001:db8::1"},
		{"[::ffff:127.0.0.1]:4711", "2001:db8::9", "2001:db8::9"},
		{"@", "198.51.100.1", ""},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = try.peer
		if try.forwarded != "" {
			r.Header.Set("X-Forwarded-For", try.forwarded)
		}
		if got := s.client(r); got != try.want {
			t.Errorf("%s, %q: %s, want %s", try.peer, try.forwarded, got, try.want)
		}
	}
}

// TestSessionsAtTheAPI: the API knows a session's account and its sections; a token that comes along is asked in its place.
func TestSessionsAtTheAPI(t *testing.T) {
	l := openLobby(t)
	session := l.session("S")
	var me struct {
		Name, Role string
		Sections   []dateline.ID
	}
	l.must(json.Unmarshal([]byte(l.ask(session, "GET", "/api/v1/me", nil).text), &me))
	if me.Name != "S" || me.Role != "chief" || !slices.Equal(me.Sections, []dateline.ID{l.city}) {
		t.Errorf("%+v", me)
	}
	_, token, err := l.desk.CreateToken(t.Context(), setUp, "a program", dateline.RoleReporter, time.Time{})
	l.must(err)
	if a := l.ask(session, "GET", "/api/v1/me", nil, "Authorization", "Bearer "+token); !strings.Contains(a.text, "a program") {
		t.Errorf("a token beside a cookie: %s", a.text)
	}
	if a := l.ask(session, "GET", "/api/v1/me", nil, "Authorization", "Bearer dl_nothing"); a.StatusCode != 401 {
		t.Errorf("a bad token beside a good cookie: %d", a.StatusCode)
	}
	if a := l.ask("", "GET", "/api/v1/sessions", nil, "Authorization", "Bearer "+token); a.StatusCode != 403 {
		t.Errorf("the sessions of a token: %d", a.StatusCode)
	}
	if a := l.ask(session, "POST", "/api/v1/articles", map[string]string{"headline": "x"}); a.StatusCode != 403 {
		t.Errorf("an article without a section, by the chief of one: %d", a.StatusCode)
	}
	a := l.ask(session, "POST", "/api/v1/articles", map[string]string{"headline": "x", "section": "city"})
	if a.StatusCode != 201 {
		t.Fatalf("an article of the section: %d %s", a.StatusCode, a.text)
	}
	where := a.Header.Get("Location")
	if a := l.ask(session, "PUT", where, map[string]string{"headline": "x", "section": "coast"}, "If-Match", `"1"`); a.StatusCode != 403 {
		t.Errorf("moved to another section: %d %s", a.StatusCode, a.text)
	}
	if a := l.ask(l.session("E"), "PUT", where, map[string]string{"headline": "x", "section": "coast"}, "If-Match", `"1"`); a.StatusCode != 200 {
		t.Fatalf("moved by an editor: %d %s", a.StatusCode, a.text)
	}
	if a := l.ask(session, "PUT", where, map[string]string{"headline": "x", "section": "city"}, "If-Match", `"2"`); a.StatusCode != 403 {
		t.Errorf("taken from another section: %d", a.StatusCode)
	}
	if a := l.ask(session, "GET", where, nil); a.StatusCode != 200 {
		t.Errorf("reading elsewhere: %d", a.StatusCode)
	}
}

// TestNewRightsNewCookie: the API gives a changed secret, too.
func TestNewRightsNewCookie(t *testing.T) {
	l := openLobby(t)
	session := l.session("R")
	p := l.people["R"]
	form := v{"name": {"R"}, "role": {"editor"}, "section": {string(l.city)}, "version": {"1"}}
	if a := l.ask(l.session("C"), "POST", "/people/"+string(p.ID), form); a.StatusCode != 200 || !strings.Contains(a.text, "Saved.") {
		t.Fatalf("%d %s", a.StatusCode, a.text)
	}
	a := l.ask(session, "GET", "/api/v1/me", nil)
	set := a.Header.Get("Set-Cookie")
	if !strings.HasPrefix(set, sessionCookie+"=") || !strings.Contains(a.text, `"editor"`) {
		t.Fatalf("%q, %s", set, a.text)
	}
	for _, part := range []string{"Path=/", "HttpOnly", "Secure", "SameSite=Lax", "Max-Age="} {
		if !strings.Contains(set, part) {
			t.Errorf("%q lacks %s", set, part)
		}
	}
	if strings.Contains(set, "Domain") {
		t.Errorf("%q names a domain", set)
	}
	secret, _, _ := strings.Cut(strings.TrimPrefix(set, sessionCookie+"="), ";")
	if b := l.ask(secret, "GET", "/api/v1/me", nil); b.StatusCode != 200 || b.Header.Get("Set-Cookie") != "" {
		t.Errorf("with the new one: %d, %q", b.StatusCode, b.Header.Get("Set-Cookie"))
	}
	l.clock.Pass(time.Minute)
	if b := l.ask(session, "GET", "/api/v1/me", nil); b.StatusCode != 401 {
		t.Errorf("with the one before: %d", b.StatusCode)
	}
}

// TestAStreamNoticesTheEnd: what goes on answering asks again who it is for, and takes no new secret away.
func TestAStreamNoticesTheEnd(t *testing.T) {
	l := openLobby(t)
	s := &server{Config: Config{Desk: l.desk, Door: l.door}}
	session, _ := url.QueryUnescape(l.session("R"))
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Cookie", sessionCookie+"="+session)
	if !s.still(r) || s.still(httptest.NewRequest("GET", "/", nil)) {
		t.Error("a session that is good, or none")
	}
	p := l.people["R"]
	_, err := l.door.ChangeAccount(t.Context(), setUp, p.ID, 1, auth.Change{Name: "R", Role: dateline.RoleEditor})
	l.must(err)
	if !s.still(r) {
		t.Error("with new rights")
	}
	if a := l.ask(url.QueryEscape(session), "GET", "/api/v1/me", nil); a.StatusCode != 200 || a.Header.Get("Set-Cookie") == "" {
		t.Errorf("the stream took the new secret: %d", a.StatusCode)
	}
	_, err = l.door.EndAccount(t.Context(), setUp, p.ID, 0)
	l.must(err)
	if s.still(r) {
		t.Error("after the account's end")
	}
}

// TestAStrangersAnswer: the page for somebody who has no account is, byte for byte, that for a wrong password.
func TestAStrangersAnswer(t *testing.T) {
	l := openLobby(t)
	for _, path := range []string{"/sign-in", "/sign-in/recovery"} {
		form := func(email string) v {
			return v{"email": {email}, "password": {"four herons on a winter quay"}, "code": {"123456"}}
		}
		known, stranger := l.ask("", "POST", path, form("r@estuary.example")), l.ask("", "POST", path, form("q@estuary.example"))
		if known.StatusCode != 401 || strings.ReplaceAll(known.text, "r@estuary", "q@estuary") != stranger.text || stranger.StatusCode != 401 {
			t.Errorf("%s: %d and %d, and the pages differ", path, known.StatusCode, stranger.StatusCode)
		}
		if strings.Contains(known.text, "four herons") {
			t.Errorf("%s gives the password back", path)
		}
	}
}

func TestTooManyTriesSayHowLong(t *testing.T) {
	l := openLobby(t)
	var a got
	for range 11 {
		a = l.ask("", "POST", "/sign-in", v{"email": {"nobody@estuary.example"}})
	}
	if a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") != "900" || !strings.Contains(a.text, "wait 15 minutes") {
		t.Errorf("%d, Retry-After %q: %.300s", a.StatusCode, a.Header.Get("Retry-After"), a.text)
	}
}

// TestEveryLanguageHasItsWords: what a page says stands in every language's file, and a file has nothing that no page says.
func TestEveryLanguageHasItsWords(t *testing.T) {
	said := map[string]bool{}
	note := func(pattern, text string) {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			said[strings.ReplaceAll(m[1], `\"`, `"`)] = true
		}
	}
	for _, glob := range []string{"pages/*.html", "door*.go", "pages.go"} {
		names, err := filepath.Glob(glob)
		if err != nil || len(names) == 0 {
			t.Fatal(glob, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			note(`\bt "((?:[^"\\]|\\.)*)"`, string(b))
			note(`words\.t\("((?:[^"\\]|\\.)*)"`, string(b))
			note(`signInView\("([^"]*)"`, string(b))
			note(`a\.(?:after|personAfter)\([^\n]*, "([^"/]+)"\)`, string(b))
		}
	}
	for _, texts := range []map[int]string{titles} {
		for _, s := range texts {
			said[s] = true
		}
	}
	for _, s := range roleNames {
		said[s] = true
	}
	for _, s := range linkKinds {
		said[s] = true
	}
	for _, s := range wayNames {
		said[s] = true
	}
	said["This link is not good"] = true
	if len(said) < 100 {
		t.Errorf("only %d texts were found", len(said))
	}
	for _, w := range newPages().spoken[1:] {
		for s := range said {
			if w.texts[s] == "" {
				t.Errorf("%s lacks %q", w.lang, s)
			} else if strings.Count(s, "%s") != strings.Count(w.texts[s], "%s") || strings.Count(s, "%d") != strings.Count(w.texts[s], "%d") {
				t.Errorf("%s: %q has other places than %q", w.lang, w.texts[s], s)
			}
		}
		var pages map[string]string
		if err := json.Unmarshal(embedded(w.lang+".json"), &pages); err != nil {
			t.Fatal(err)
		}
		for s := range pages {
			if !said[s] {
				t.Errorf("%s has words for %q, which nothing says", w.lang, s)
			}
		}
	}
}

func TestThePageSpeaksTheReadersLanguage(t *testing.T) {
	l := openLobby(t)
	for accept, want := range map[string]string{"": "en", "hi": "hi", "hi-IN,hi;q=0.9,en;q=0.8": "hi", "fr": "en", "en-GB,hi;q=0.5": "en", "!!": "en"} {
		a := l.ask("", "GET", "/sign-in", nil, "Accept-Language", accept)
		if !strings.Contains(a.text, `<html lang="`+want+`"`) {
			t.Errorf("%q: %.60s", accept, a.text)
		}
	}
}

func TestAnAddressThatIsNotThereIsAPageForPeople(t *testing.T) {
	l := openLobby(t)
	if a := l.ask("", "GET", "/nowhere", nil, "Accept", "text/html,*/*;q=0.8"); a.StatusCode != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/sign-in?next=%2Fnowhere") {
		t.Errorf("to nobody: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	if a := l.ask(l.session("S"), "GET", "/nowhere", nil, "Accept", "text/html", "Accept-Language", "hi"); a.StatusCode != 404 || !strings.Contains(a.text, "<h1") || !strings.Contains(a.text, "न्यूज़रूम में इस पते पर कोई पेज नहीं") {
		t.Errorf("to somebody: %d %.300s", a.StatusCode, a.text)
	}
	for _, other := range [][2]string{{"/nowhere", "application/json"}, {"/api/v1/nowhere", "text/html"}} {
		if a := l.ask("", "GET", other[0], nil, "Accept", other[1]); a.StatusCode != 404 || a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s as %s: %d %s", other[0], other[1], a.StatusCode, a.Header.Get("Content-Type"))
		}
	}
}
