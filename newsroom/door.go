package newsroom

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/auth"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/newsroom/ui"
)

// sessionCookie is the cookie that holds a session's secret. The prefix binds it to this host, to its root and to TLS;
// browsers take it over plain HTTP from localhost only.
const sessionCookie = "__Host-dateline"

// door is the part of the newsroom that is pages: signing in, joining, one's account, the people.
type door struct {
	*server
	pages *pages
}

// asking is one request for a page.
type asking struct {
	*door
	w     http.ResponseWriter
	r     *http.Request
	who   *auth.Who // nil where nobody is signed in
	words *words
}

// doorRoute is one page or form with the act that it is; an empty act is open to everybody, signed in or not.
type doorRoute struct {
	pattern string
	act     dateline.Act
	answer  func(*asking) error
}

// routes is every page and form of the door, grouped by who may ask for it.
func (d *door) routes() []doorRoute {
	return []doorRoute{
		// everybody
		{"GET /sign-in", "", (*asking).signInPage},
		{"POST /sign-in", "", (*asking).signIn},
		{"POST /sign-in/passkey/options", "", (*asking).passkeyOptions},
		{"POST /sign-in/passkey", "", (*asking).passkeySignIn},
		{"GET /sign-in/recovery", "", (*asking).recoveryPage},
		{"POST /sign-in/recovery", "", (*asking).recovery},
		{"GET /sign-in/provider", "", (*asking).toProvider},
		{"GET /sign-in/provider/callback", "", (*asking).fromProvider},
		{"POST /sign-out", "", (*asking).signOut},
		{"GET /join/{link}", "", (*asking).joinPage},
		{"POST /join/{link}", "", (*asking).join},
		{"POST /join/{link}/code", "", (*asking).joinCode},
		{"POST /join/{link}/passkey/options", "", (*asking).joinOptions},
		{"POST /join/{link}/passkey", "", (*asking).joinPasskey},

		// whoever has an account
		{"GET /account", dateline.ActOwn, (*asking).accountPage},
		{"POST /account/passkeys/options", dateline.ActOwn, (*asking).newKeyOptions},
		{"POST /account/passkeys", dateline.ActOwn, (*asking).newKey},
		{"POST /account/passkeys/delete", dateline.ActOwn, (*asking).deleteKey},
		{"POST /account/password", dateline.ActOwn, (*asking).newPassword},
		{"POST /account/password/code", dateline.ActOwn, (*asking).newPasswordCode},
		{"POST /account/password/delete", dateline.ActOwn, (*asking).deletePassword},
		{"POST /account/codes", dateline.ActOwn, (*asking).newCodes},
		{"POST /account/sessions/end", dateline.ActOwn, (*asking).endSession},
		{"POST /account/sessions/end-others", dateline.ActOwn, (*asking).endOthers},

		// chiefs
		{"GET /people", dateline.ActAdminister, (*asking).peoplePage},
		{"POST /people/invitations", dateline.ActAdminister, (*asking).invite},
		{"POST /people/invitations/revoke", dateline.ActAdminister, (*asking).revokeLink},
		{"GET /people/{id}", dateline.ActAdminister, (*asking).personPage},
		{"POST /people/{id}", dateline.ActAdminister, (*asking).changePerson},
		{"POST /people/{id}/end", dateline.ActAdminister, (*asking).endPerson},
		{"POST /people/{id}/recover", dateline.ActAdminister, (*asking).recoverPerson},
	}
}

// Views are the patterns of the addresses at which the newsroom shows a page: the interface's, the door's and those of private links.
func Views() []string {
	list := append(ui.Pages(), "/preview/{link}")
	for _, r := range (&door{}).routes() {
		if path, isPage := strings.CutPrefix(r.pattern, "GET "); isPage {
			list = append(list, path)
		}
	}
	return list
}

// addDoor adds the door's pages.
func (s *server) addDoor(mux *http.ServeMux, p *pages) {
	d := &door{s, p}
	for _, r := range d.routes() {
		mux.HandleFunc(r.pattern, d.handle(r))
	}
	s.doorAPI()
}

// handle asks who it is and whether they may, then answers; an error that the page does not show itself has one of its own.
func (d *door) handle(route doorRoute) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a := &asking{door: d, w: w, r: r, words: d.pages.words(r)}
		r.Body = http.MaxBytesReader(w, r.Body, 1<<18)
		pageHeaders(w.Header())
		err := a.identify()
		if err == nil && route.act != "" {
			err = a.may(route.act)
		}
		if err == nil {
			err = route.answer(a)
		}
		if err != nil {
			a.fail(err)
		}
	}
}

// pagePolicy lets a page load the door's own style, fonts and script, and send its forms home.
const pagePolicy = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

func pageHeaders(h http.Header) {
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Referrer-Policy", "same-origin") // with none at all, forms would be sent without their origin
}

// identify finds out who is signed in. A session that has ended is nobody's.
func (a *asking) identify() error {
	who, err := a.signedIn(a.w.Header(), a.r)
	if dateline.ErrorCode(err) == dateline.EUnauthorized {
		return nil
	}
	a.who = who
	return err
}

// signedIn says whose session a request's cookie is; nil where it has none. A new secret is put into the answer.
func (s *server) signedIn(h http.Header, r *http.Request) (*auth.Who, error) {
	if s.Door == nil {
		return nil, nil
	}
	c, err := r.Cookie(sessionCookie)
	if err != nil || c.Value == "" {
		return nil, nil
	}
	return s.session(h, r.Context(), c.Value)
}

func (s *server) session(h http.Header, ctx context.Context, secret string) (*auth.Who, error) {
	w, err := s.Door.Who(ctx, secret)
	if err != nil {
		return nil, err
	}
	if p := desk.PlaceOf(ctx); p != nil {
		p.Session = string(w.Session.ID)
	}
	if w.Secret != "" {
		h.Add("Set-Cookie", cookie(sessionCookie, w.Secret, auth.SessionAge).String())
	}
	return &w, nil
}

// still says whether whoever asked may still read, without changing the session: an answer under way can carry no new secret.
func (s *server) still(r *http.Request) bool {
	var who dateline.Actor
	if header := r.Header.Get("Authorization"); header != "" || s.Door == nil {
		who, _ = s.authenticate(r.Context(), header) // a token that is good no more is nobody's
	} else if c, err := r.Cookie(sessionCookie); err == nil {
		who, _ = s.Door.Still(r.Context(), c.Value) // nor is a session
	}
	return dateline.Can(who, dateline.ActRead, nil) == nil
}

func cookie(name, value string, age time.Duration) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(age / time.Second), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

func (a *asking) may(act dateline.Act) error {
	var actor dateline.Actor
	if a.who != nil {
		actor = a.who.Account.Actor()
	}
	return dateline.Can(actor, act, nil)
}

func (a *asking) actor() dateline.Actor { return a.who.Account.Actor() }

// fail answers with a page that says what is wrong. Whoever is not signed in is led to the sign-in.
func (a *asking) fail(err error) {
	p := a.problem(a.r.Context(), err)
	if p.Status == http.StatusUnauthorized && a.who == nil && a.r.Method == http.MethodGet && !strings.HasPrefix(a.r.URL.Path, "/join/") {
		a.redirect("/sign-in?next=" + url.QueryEscape(a.r.URL.RequestURI()))
		return
	}
	if a.wantsJSON() {
		a.write(a.w, p)
		return
	}
	title := titles[p.Status]
	if p.Status == http.StatusUnauthorized && strings.HasPrefix(a.r.URL.Path, "/join/") {
		title = "This link is not good"
	}
	m := message{frame: a.frame(a.words.t(title), ""), Text: sentence(explain(p)), Back: "/", BackText: a.words.t("To the newsroom")}
	if p.Status == http.StatusUnauthorized {
		m.Back, m.BackText = "/sign-in", a.words.t("Sign in")
	}
	a.show(p.Status, "message", m)
}

// nothingHere answers a person who asks for an address that there is not. Whoever is not signed in is not told which there are.
func (s *server) nothingHere(w http.ResponseWriter, r *http.Request) {
	a := &asking{door: &door{s, s.pages}, w: w, r: r, words: s.pages.words(r)}
	pageHeaders(w.Header())
	err := a.identify()
	if err == nil && a.who == nil {
		err = dateline.Errorf(dateline.EUnauthorized, "nobody is signed in")
	}
	if err == nil {
		err = dateline.Errorf(dateline.ENotFound, "the newsroom has no page at this address")
	}
	a.fail(err)
}

// titles head the page of a refusal.
var titles = map[int]string{
	http.StatusUnauthorized: "Not signed in", http.StatusForbidden: "Not for you", http.StatusNotFound: "There is nothing here",
	http.StatusConflict: "It is not as it was", http.StatusTooManyRequests: "Too many tries", http.StatusUnprocessableEntity: "That cannot be used",
	http.StatusServiceUnavailable: "Not at the moment", http.StatusInternalServerError: "Something is wrong here",
}

func (a *asking) wantsJSON() bool {
	return strings.HasPrefix(a.r.Header.Get("Content-Type"), "application/json")
}

// explain is a refusal as one text.
func explain(p *Problem) string {
	s := p.Detail
	for _, f := range p.Errors {
		s += "; " + f.Message
	}
	return s
}

// sentence begins with a capital and ends with a stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	s = strings.ToUpper(string(r[:1])) + string(r[1:])
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// said splits an error that a form shows itself: what is wrong with which field, and the sentence above the form. Faults of
// the machine are not shown there.
func (a *asking) said(err error) (status int, sentenceAbove string, wrong map[string]string, rest error) {
	var e *dateline.Error
	if !errors.As(err, &e) || e.Code == dateline.EInternal {
		return 0, "", nil, err
	}
	p := a.problem(a.r.Context(), err)
	wrong = map[string]string{}
	for _, f := range e.Fields {
		wrong[f.Path] = sentence(a.words.say(f.Sentence()))
	}
	if e.Wait > 0 {
		a.w.Header().Set("Retry-After", strconv.Itoa(int((e.Wait+time.Second-1)/time.Second)))
	}
	return p.Status, sentence(p.Detail), wrong, nil
}

func (a *asking) redirect(to string) { http.Redirect(a.w, a.r, to, http.StatusSeeOther) }

// in puts a session into the browser.
func (a *asking) in(secret string) {
	http.SetCookie(a.w, cookie(sessionCookie, secret, auth.SessionAge))
}

func (a *asking) visit() auth.Visit {
	v := auth.Visit{Address: a.client(a.r), Agent: a.r.UserAgent()}
	if c, err := a.r.Cookie(sessionCookie); err == nil {
		v.Session = c.Value
	}
	return v
}

// client is the address that a request comes from. What proxies say of it counts only from those that are configured, and of
// a chain only the last that is none of them: whatever stands before that, anybody may have written.
func (s *server) client(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	at := peer.Addr().Unmap()
	chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(chain) - 1; i >= 0 && s.trusts(at); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(chain[i]))
		if err != nil {
			break
		}
		at = next.Unmap()
	}
	return at.String()
}

func (s *server) trusts(at netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(at) {
			return true
		}
	}
	return false
}

// next is where one goes after signing in: an address of this newsroom, or its beginning.
func (a *asking) next(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || u.User != nil || !strings.HasPrefix(to, "/") || len(to) > 2000 {
		return "/"
	}
	if strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\t\r\n") || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, `\`) {
		return "/"
	}
	return u.RequestURI()
}

// gate leads whoever is not signed in from the newsroom's own pages to the sign-in. What is not named here is such a page.
func (s *server) gate(w http.ResponseWriter, r *http.Request) (passed bool) {
	if s.Door == nil {
		return true
	}
	for _, open := range []string{"/api/", "/assets/", assetRoot, "/record/", "/sign-in", "/sign-out", "/join/", previewRoot, "/account", "/people"} {
		if strings.HasPrefix(r.URL.Path, open) {
			return true // these ask for themselves
		}
	}
	who, err := s.signedIn(w.Header(), r)
	if err == nil && who != nil {
		return true
	}
	if err != nil && dateline.ErrorCode(err) != dateline.EUnauthorized {
		s.refuse(w, r, err)
		return false
	}
	http.Redirect(w, r, "/sign-in?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
	return false
}
