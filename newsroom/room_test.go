package newsroom_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/desk/store"
	"github.com/datelinehq/dateline/desk/storetest"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/media/upload"
	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/record"
)

// noon is where the clock of these tests begins.
var noon = time.Date(2026, 3, 28, 6, 30, 0, 0, time.UTC)

// room is a newsroom with a real desk, asked over HTTP. In the place of the site stands confirm.
type room struct {
	*testing.T
	url    string
	clock  *storetest.Clock
	desk   *desk.Desk
	tokens map[dateline.Role]string

	mu       sync.Mutex
	asked    []int64             // the acts of which the site was asked for a receipt
	siteDown error               // what the site answers with instead
	siteLate bool                // whether readers do not have it yet
	settings []newsroom.Settings // that were told
}

func openRoom(t *testing.T) *room {
	t.Helper()
	n := &room{T: t, clock: storetest.NewClock(noon), tokens: map[dateline.Role]string{}}
	dir := t.TempDir()
	db, err := store.Open(t.Context(), filepath.Join(dir, "desk.db"), n.clock)
	n.must(err)
	t.Cleanup(func() { n.must(db.Close()) })
	blobs, err := blob.OpenDisk(filepath.Join(dir, "blobs"))
	n.must(err)
	t.Cleanup(func() { n.must(blobs.Close()) })
	secret, _, err := record.NewKey("estuary.example/record", rand.Reader)
	n.must(err)
	signer, err := record.NewSigner(secret)
	n.must(err)
	uploads, err := upload.Open(t.TempDir())
	n.must(err)
	t.Cleanup(func() { uploads.Close() })
	n.desk, err = desk.New(t.Context(), desk.Config{Store: db, Blobs: blobs, Uploads: uploads, Signer: signer})
	n.must(err)
	_, err = n.desk.Init(t.Context(), dateline.Publication{Name: "The Estuary", Site: "http://127.0.0.1:8080", Newsroom: "http://localhost:8081",
		Zone: "Asia/Kolkata", Language: "en"})
	n.must(err)
	for _, role := range []dateline.Role{dateline.RoleReporter, dateline.RoleEditor, dateline.RoleChief, dateline.RoleFollower} {
		_, n.tokens[role], err = n.desk.CreateToken(t.Context(), dateline.Actor{Name: "set-up", Role: dateline.RoleChief}, "the "+string(role), role, time.Time{})
		n.must(err)
	}
	server := httptest.NewServer(newsroom.New(newsroom.Config{Desk: n.desk, Confirm: n.confirm, Version: "test", Log: slog.New(slog.DiscardHandler), Preview: press{},
		SettingsChanged: func(s newsroom.Settings) { n.settings = append(n.settings, s) }}))
	t.Cleanup(server.Close)
	n.url = server.URL
	return n
}

// confirm stands for the site, which these tests do without.
func (n *room) confirm(_ context.Context, sequence int64) (dateline.Receipt, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked = append(n.asked, sequence)
	ok := !n.siteLate
	return dateline.Receipt{Sequence: sequence, Act: "edition", Confirmed: ok, Addresses: []dateline.ReceiptLine{{Address: "/", What: "home", Status: 200, Confirmed: ok}}}, n.siteDown
}

func (n *room) must(err error) {
	n.Helper()
	if err != nil {
		n.Fatal(err)
	}
}

// answer is what a request got.
type answer struct {
	t      *testing.T
	asked  string
	status int
	header http.Header
	raw    string
}

// as asks with the token of a role; "" asks as nobody. A body that is a string or bytes goes out as it is, another as
// JSON. Headers are given in pairs.
func (n *room) as(role dateline.Role, method, path string, body any, headers ...string) *answer {
	n.Helper()
	if token := n.tokens[role]; token != "" {
		headers = append([]string{"Authorization", "Bearer " + token}, headers...)
	}
	return n.send(method, path, body, headers...)
}

func (n *room) send(method, path string, body any, headers ...string) *answer {
	n.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	case []byte:
		r = bytes.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		n.must(err)
		r = bytes.NewReader(raw)
	}
	if strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "/record") && !strings.HasPrefix(path, "/api") {
		path = "/api/v1" + path
	}
	req, err := http.NewRequestWithContext(n.Context(), method, n.url+path, r)
	n.must(err)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	n.must(err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	n.must(err)
	a := &answer{n.T, method + " " + path, resp.StatusCode, resp.Header, string(raw)}
	a.isHardened()
	return a
}

// isHardened checks what every answer of the newsroom has.
func (a *answer) isHardened() {
	a.t.Helper()
	for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
		if name == "Cache-Control" && strings.Contains(a.asked, "/small/") && a.status == http.StatusOK {
			want = "private, max-age=31536000, immutable" // its bytes never change
		}
		if got := a.header.Get(name); got != want {
			a.t.Errorf("%s: the header %s is %q, want %q", a.asked, name, got, want)
		}
	}
	if kind := a.header.Get("Content-Type"); a.status >= 400 && kind != "application/problem+json" && !strings.Contains(a.asked, "/preview/") {
		a.t.Errorf("%s: a refusal of type %q: %d %s", a.asked, kind, a.status, a.raw)
	}
}

// is ends the test where the status is another one.
func (a *answer) is(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s answers %d, want %d: %.600s", a.asked, a.status, status, a.raw)
	}
	return a
}

func (a *answer) into(v any) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.raw), v); err != nil {
		a.t.Fatalf("%s: %v: %.300s", a.asked, err, a.raw)
	}
}

func (a *answer) article() (out newsroom.Article) {
	a.t.Helper()
	a.into(&out)
	if want := etag(out.Version); a.header.Get("ETag") != want {
		a.t.Errorf("%s: the ETag is %q, want %q", a.asked, a.header.Get("ETag"), want)
	}
	return out
}

func (a *answer) receipt() (out dateline.Receipt) {
	a.t.Helper()
	a.is(200).into(&out)
	return out
}

func (a *answer) problem() (p newsroom.Problem) {
	a.t.Helper()
	a.into(&p)
	if p.Status != a.status || p.Code == "" || p.Title == "" || p.Type != "/problems/"+string(p.Code) || len(p.Detail) < 12 {
		a.t.Errorf("%s: a problem document lacks something: %s", a.asked, a.raw)
	}
	return p
}

// refuses checks status, code and that the words, in any field, say something of why.
func (a *answer) refuses(status int, code dateline.Code, words ...string) *answer {
	a.t.Helper()
	a.is(status)
	if p := a.problem(); p.Code != code {
		a.t.Errorf("%s: the code is %q, want %q", a.asked, p.Code, code)
	}
	return a.has(words...)
}

func (a *answer) has(words ...string) *answer {
	a.t.Helper()
	for _, w := range words {
		if !strings.Contains(a.raw, w) {
			a.t.Errorf("%s: %q is not in the answer: %.800s", a.asked, w, a.raw)
		}
	}
	return a
}

func (a *answer) lacks(words ...string) *answer {
	a.t.Helper()
	for _, w := range words {
		if strings.Contains(a.raw, w) {
			a.t.Errorf("%s: %q is in the answer: %.800s", a.asked, w, a.raw)
		}
	}
	return a
}

type m = map[string]any

const (
	reporter = dateline.RoleReporter
	editor   = dateline.RoleEditor
	chief    = dateline.RoleChief
	follower = dateline.RoleFollower
)

func etag(version int64) string { b, _ := json.Marshal(version); return `"` + string(b) + `"` }

// seen names the version of an article in If-Match.
func seen(a newsroom.Article) []string { return []string{"If-Match", etag(a.Version)} }

func (n *room) section(slug string) dateline.Section {
	n.Helper()
	var s dateline.Section
	n.as(chief, "POST", "/sections", m{"slug": slug, "names": m{"en": slug}}).is(201).into(&s)
	return s
}

func (n *room) write(content m) newsroom.Article {
	n.Helper()
	return n.as(reporter, "POST", "/articles", content).is(201).article()
}

// get gives an article as it is now.
func (n *room) get(a newsroom.Article) newsroom.Article {
	n.Helper()
	return n.as(editor, "GET", "/articles/"+string(a.ID), nil).is(200).article()
}

// act does something to an article as it is now.
func (n *room) act(role dateline.Role, a newsroom.Article, what string, body any, headers ...string) *answer {
	n.Helper()
	method := "POST"
	if w, ok := strings.CutPrefix(what, "DELETE "); ok {
		method, what = "DELETE", w
	}
	return n.as(role, method, "/articles/"+string(a.ID)+"/"+what, body, append(seen(n.get(a)), headers...)...)
}

func (n *room) head() int64 {
	n.Helper()
	head, err := n.desk.Head(n.Context())
	n.must(err)
	return head
}

// kinds names the entries after a number.
func (n *room) kinds(after int64) string {
	n.Helper()
	list, err := n.desk.Entries(n.Context(), after, 1000)
	n.must(err)
	var kinds []string
	for _, e := range list {
		kinds = append(kinds, string(e.Kind))
	}
	return strings.Join(kinds, " ")
}

// unchanged checks that an article is as it was and that the record got nothing.
func (n *room) unchanged(was newsroom.Article, head int64) {
	n.Helper()
	before, _ := json.Marshal(was)
	after, _ := json.Marshal(n.get(was))
	if !bytes.Equal(before, after) {
		n.Errorf("the article changed:\n%s\n%s", before, after)
	}
	if kinds := n.kinds(head); kinds != "" {
		n.Errorf("the record got %s", kinds)
	}
}
