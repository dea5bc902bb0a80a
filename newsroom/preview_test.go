package newsroom_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/record"
)

// press stands for the site in these tests: it writes a page of the words that it is given.
type press struct{}

var _ newsroom.Previewer = press{}

func (press) Page(_ context.Context, w *desk.WouldBe, base string) ([]byte, []string, error) {
	page := fmt.Sprintf("<h1>%s</h1> edition %d, %s, %s", w.Edition.Headline, w.Edition.Number, w.Edition.Change, w.Edition.Note)
	for _, p := range w.Pictures {
		page += " " + base + p.Hash + "-320.jpg"
	}
	return []byte(page), []string{"'sha256-x'"}, nil
}

func (press) Front(_ context.Context, _ dateline.ID, f *record.Front, pictures string) ([]byte, []string, error) {
	return []byte(fmt.Sprintf("<h1>front %d of %d containers</h1> %s", f.Number, len(f.Containers), pictures)), []string{"'sha256-x'"}, nil
}

func (press) Picture(_ context.Context, _ *desk.WouldBe, name string) (string, []byte, error) {
	return "image/jpeg", []byte(name), nil
}

// sent is a link as whoever was sent it has it.
type sent struct {
	n    *room
	id   dateline.ID
	path string
	cook string
}

func (n *room) link(a newsroom.Article, hours int) *sent {
	n.Helper()
	var made struct {
		Address string
		Preview desk.Preview
	}
	n.act(editor, a, "previews", m{"hours": hours}).is(201).into(&made)
	return &sent{n: n, id: made.Preview.ID, path: strings.TrimPrefix(made.Address, "http://localhost:8081")}
}

// ask asks as a browser without an account does; it follows no redirect.
func (s *sent) ask(method string) (status int, body string, header http.Header) {
	s.n.Helper()
	req, err := http.NewRequestWithContext(s.n.Context(), method, s.n.url+s.path, nil)
	s.n.must(err)
	if s.cook != "" {
		req.Header.Set("Cookie", s.cook)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	s.n.must(err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	s.n.must(err)
	return resp.StatusCode, string(b), resp.Header
}

// press presses the button and says whether the draft is shown then.
func (s *sent) press() bool {
	s.n.Helper()
	status, _, header := s.ask("POST")
	if status == http.StatusSeeOther {
		s.cook, _, _ = strings.Cut(header.Get("Set-Cookie"), ";")
	}
	return status == http.StatusSeeOther && s.shows()
}

// shows says whether the draft is shown to a browser that has pressed the button.
func (s *sent) shows() bool {
	s.n.Helper()
	status, body, _ := s.ask("GET")
	blank := strings.Contains(body, "<title>Preview</title>") && strings.Count(body, "<button") == 1
	if status != 200 || blank == strings.Contains(body, "<h1>Draft") {
		s.n.Errorf("GET %s: %d %s", s.path, status, body)
	}
	return !blank
}

func TestALinkShowsTheDraftOnlyWhenTheButtonIsPressed(t *testing.T) {
	n := openRoom(t)
	a := n.write(m{"headline": "Draft one"})
	s := n.link(a, 2)
	head := n.head()
	if s.shows() {
		t.Error("the link alone shows the draft")
	}
	_, unknown, _ := (&sent{n: n, path: "/preview/" + strings.Repeat("x", 43)}).ask("GET")
	if _, body, _ := s.ask("GET"); body != unknown {
		t.Error("the link alone tells that it is good")
	}
	if list := n.links(a); list[0].Opened != 0 {
		t.Errorf("looking at a link counts as opening: %+v", list)
	}
	if !s.press() {
		t.Error("the button does not show the draft")
	}
	n.clock.Pass(20 * time.Minute)
	if list := n.links(a); len(list) != 1 || list[0].Opened != 1 || list[0].By != "the editor" || list[0].Last.IsZero() || !list[0].Expires.Equal(noon.Add(2*time.Hour)) {
		t.Errorf("%+v", list)
	}
	// What is saved later is what is shown: it is the draft.
	n.as(reporter, "PUT", "/articles/"+string(a.ID), m{"headline": "Draft two"}, seen(n.get(a))...).is(200)
	if _, body, _ := s.ask("GET"); !strings.Contains(body, "Draft two") {
		t.Errorf("%s", body)
	}
	n.clock.Pass(11 * time.Minute)
	if s.shows() {
		t.Error("the cookie is good for longer than it says")
	}
	if !s.press() {
		t.Error("the button is good once only")
	}
	audit := n.as(editor, "GET", "/articles/"+string(a.ID)+"/audit", nil).is(200).has("made a link until 2026-03-28T08:30:00Z")
	if got := strings.Count(audit.raw, "opened the link that the editor made"); got != 2 {
		t.Errorf("%d openings in the audit: %s", got, audit.raw)
	}
	if kinds := n.kinds(head); kinds != "" {
		t.Errorf("the record got %s", kinds)
	}
}

// TestEveryLinkThatDoesNotStandAnswersTheSame: unknown, expired, revoked, ended by publishing, by an embargo, by a withdrawal.
func TestEveryLinkThatDoesNotStandAnswersTheSame(t *testing.T) {
	n := openRoom(t)
	section := n.section("coast")
	unknown := &sent{n: n, path: "/preview/" + strings.Repeat("x", 43)}
	status, none, _ := unknown.ask("POST")
	if status != 404 || !strings.Contains(none, "Ask whoever sent you the link for a new one") {
		t.Fatalf("%d %s", status, none)
	}
	draft := func() newsroom.Article { return n.write(m{"headline": "Draft", "section": section.ID}) }
	for name, end := range map[string]func(newsroom.Article, *sent){
		"expired": func(newsroom.Article, *sent) { n.clock.Pass(2 * time.Hour) },
		"revoked": func(a newsroom.Article, s *sent) {
			n.as(reporter, "POST", "/articles/"+string(a.ID)+"/previews/"+string(s.id)+"/revoke", nil).is(403)
			n.as(editor, "POST", "/articles/"+string(a.ID)+"/previews/"+string(s.id)+"/revoke", nil).is(200)
		},
		"published": func(a newsroom.Article, _ *sent) { n.act(editor, a, "publish", m{}).is(200) },
		"embargoed": func(a newsroom.Article, _ *sent) {
			n.act(editor, a, "embargo", m{"until": n.clock.Now().Add(time.Hour)}).is(200)
		},
		"withdrawn": func(a newsroom.Article, s *sent) {
			n.act(editor, a, "publish", m{}).is(200)
			n.as(editor, "PUT", "/articles/"+string(a.ID), m{"headline": "Draft", "section": section.ID, "standfirst": "x"}, seen(n.get(a))...).is(200)
			*s = *n.link(a, 2)
			s.press()
			n.act(editor, a, "withdraw", m{"kind": "killed"}).is(200)
		},
	} {
		a := draft()
		s := n.link(a, 2)
		if !s.press() {
			t.Errorf("%s: the link shows nothing before", name)
		}
		end(a, s)
		if s.shows() {
			t.Errorf("%s: the draft is still shown to whoever has the cookie", name)
		}
		if status, body, _ := s.ask("POST"); status != 404 || body != none {
			t.Errorf("%s: %d, %s", name, status, body)
		}
		if name != "expired" && (n.links(a)[0].Ended.IsZero() || n.links(a)[0].Why == "") {
			t.Errorf("%s: it is not said why: %+v", name, n.links(a))
		}
	}
	// A link that is made after the embargo was set is somebody's decision, and good.
	a := draft()
	n.act(editor, a, "embargo", m{"until": n.clock.Now().Add(time.Hour)}).is(200)
	if !n.link(a, 1).press() {
		t.Error("no link can be made under an embargo")
	}
}

func (n *room) links(a newsroom.Article) []desk.Preview {
	n.Helper()
	var out struct{ Previews []desk.Preview }
	raw := n.as(reporter, "GET", "/articles/"+string(a.ID)+"/previews", nil).is(200)
	raw.into(&out)
	raw.lacks("/preview/")
	return out.Previews
}

func TestWhatALinkMayNot(t *testing.T) {
	n := openRoom(t)
	a := n.write(m{"headline": "Draft"})
	for _, hours := range []int{-1, 337} {
		n.act(editor, a, "previews", m{"hours": hours}).is(422)
	}
	n.act(reporter, a, "previews", m{}).refuses(403, dateline.EForbidden, "editor")
	n.as(editor, "POST", "/articles/"+string(a.ID)+"/previews", m{}).refuses(428, dateline.EMissing)
	n.as(editor, "POST", "/articles/"+string(a.ID)+"/previews/"+nothing+"/revoke", nil).refuses(404, dateline.ENotFound)
	// A page of another origin opens nothing.
	s := n.link(a, 1)
	n.send("POST", s.path, nil, "Sec-Fetch-Site", "cross-site").is(403)
	if n.links(a)[0].Opened != 0 {
		t.Error("a forged opening counts")
	}
}

// TestADraftFrontIsShown to whoever may read drafts, in a page that no script runs in, and readers see nothing of it.
func TestADraftFrontIsShown(t *testing.T) {
	n := openRoom(t)
	n.as(editor, "PUT", "/fronts/home", m{"containers": []m{{"layout": "list", "rule": m{"kind": "latest"}, "items": []m{{}}}}}, "If-Match", `"1"`).is(200)
	head := n.head()
	a := n.as(reporter, "GET", "/fronts/home/preview", nil).is(200)
	if !strings.Contains(a.raw, "front 1 of 1 containers") || !strings.Contains(a.header.Get("Content-Security-Policy"), "default-src 'none'") || !strings.Contains(a.header.Get("X-Robots-Tag"), "noindex") {
		t.Errorf("%v %s", a.header, a.raw)
	}
	if n.head() != head {
		t.Error("showing a draft appended to the record")
	}
}
