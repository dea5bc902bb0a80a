package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/newsroom"
)

// guest is a browser that was sent a link and has no account. It keeps what a browser would keep.
type guest struct {
	s    *served
	path string // of the link
	cook string // name=value
}

// invited makes a link to an article's draft and gives it to a guest.
func (s *served) invited(id dateline.ID) *guest {
	s.t.Helper()
	var made struct {
		Address string
		Preview struct{ ID dateline.ID }
	}
	s.act(id, "previews", fields{"hours": 2}).is(201).into(&made)
	_, path, ok := strings.Cut(made.Address, "http://localhost:8081")
	if !ok || !strings.HasPrefix(path, "/preview/") || len(path) < len("/preview/")+43 {
		s.t.Fatalf("the link's address is %q", made.Address)
	}
	return &guest{s: s, path: path}
}

func (g *guest) ask(method, path string) *got {
	g.s.t.Helper()
	var headers []string
	if g.cook != "" {
		headers = []string{"Cookie", g.cook}
	}
	a, err := ask(g.s.t.Context(), visitor, method, g.s.newsroom+path, "", nil, headers...)
	must(g.s.t, err)
	a.t, a.of = g.s.t, g.s
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"} {
		if a.header.Get(name) != want {
			g.s.t.Errorf("%s %s: %s is %q", method, path, name, a.header.Get(name))
		}
	}
	return a
}

// press presses the button and takes the cookie.
func (g *guest) press() *got {
	g.s.t.Helper()
	a := g.ask("POST", g.path).is(http.StatusSeeOther)
	set := a.header.Get("Set-Cookie")
	for _, part := range []string{"__Secure-dateline-preview=", "Path=" + g.path + ";", "HttpOnly", "Secure", "SameSite=Strict", "Max-Age="} {
		if !strings.Contains(set, part) {
			g.s.t.Errorf("the cookie %q lacks %q", set, part)
		}
	}
	g.cook, _, _ = strings.Cut(set, ";")
	if to := a.header.Get("Location"); to != g.path {
		g.s.t.Errorf("the button leads to %q", to)
	}
	return g.ask("GET", g.path).is(200)
}

var (
	previewTimes = regexp.MustCompile(`<time datetime="([^"]*T[^"]*)">[^<]*</time>`)
	headOnly     = regexp.MustCompile(`(?s)<link rel="(?:canonical|alternate)"[^>]*>\n|<meta property="[^>]*>\n|<script type="application/ld\+json">.*?</script>\n`)
	linksHome    = regexp.MustCompile(`href="(/[^"]*)"`)
)

// asPreviewed is a published page with the differences that a preview has, each of them named here.
func asPreviewed(page, path string) string {
	page = headOnly.ReplaceAllString(page, "")
	page = strings.Replace(page, "<meta name=\"theme-color\"", "<meta name=\"robots\" content=\"noindex\">\n<meta name=\"theme-color\"", 1)
	page = linksHome.ReplaceAllStringFunc(page, func(l string) string {
		if strings.HasPrefix(l, `href="/assets/`) {
			return l
		}
		return strings.Replace(l, `href="/`, `href="http://127.0.0.1:8080/`, 1)
	})
	page = strings.ReplaceAll(page, "/pictures/", path+"/")
	return previewTimes.ReplaceAllString(page, "<time/>")
}

// previewed is a preview without instants, which pass.
func previewed(page string) string {
	return previewTimes.ReplaceAllString(page, "<time/>")
}

// same says where two pages differ first.
func same(t *testing.T, what, a, b string) {
	t.Helper()
	if a == b {
		return
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-200)
	t.Errorf("%s: the pages differ at byte %d:\n…%s\n\n…%s", what, i, a[from:min(len(a), i+300)], b[from:min(len(b), i+300)])
}

// secretDraft is a draft that refers to a person, a topic and a picture that readers know nothing of, and to a published article.
func (s *served) secretDraft() (a newsroom.Article, picture dateline.Picture) {
	s.t.Helper()
	s.section("coast")
	s.api("POST", "/topics", fields{"slug": "hushed-topic", "kind": "subject", "names": fields{"en": "Hushed topic"}}).is(201)
	s.api("POST", "/topics", fields{"slug": "ferries", "kind": "subject", "names": fields{"en": "Ferries"}}).is(201)
	s.api("POST", "/persons", fields{"slug": "secret-author", "names": fields{"en": "Secret Author"}}).is(201)
	earlier := s.write(fields{"section": "coast", "headline": "An earlier one", "topics": []string{"ferries"}, "html": "<p>Earlier words.</p>"})
	to := s.act(earlier.ID, "publish", fields{}).confirmed().Address
	picture = s.picture(90)
	a = s.write(fields{"section": "coast", "headline": "Undisclosed headline", "standfirst": "Undisclosed standfirst.", "topics": []string{"ferries", "hushed-topic"},
		"byline": []fields{{"person": "secret-author"}}, "dateline": fields{"place": "Mora"}, "slug": "undisclosed-slug",
		"lead": fields{"picture": picture.ID, "alt": "Undisclosed drawing", "credit": "Nobody"},
		"html": fmt.Sprintf(`<p>Undisclosed words, see <a href="%s">what came before</a>.</p><p>Said: href="/not-a-link".</p>`, to)})
	return a, picture
}

// shows are the addresses of the pictures on a preview's page.
func (g *guest) shows(page string) []string {
	return regexp.MustCompile(regexp.QuoteMeta(g.path)+`/[^" ,]+`).FindAllString(page, -1)
}

// TestAPreviewIsThePageThatReadersGet: apart from the differences that asPreviewed names.
func TestAPreviewIsThePageThatReadersGet(t *testing.T) {
	s := newPaper(t).serve()
	a, _ := s.secretDraft()
	g := s.invited(a.ID)
	began := time.Now().Add(-time.Second)
	page := g.press()
	page.has("Undisclosed words", "Secret Author", "Hushed topic", "Undisclosed drawing", "noindex", `href="http://127.0.0.1:8080/topics/hushed-topic"`, "An earlier one").
		lacks("og:", "ld+json", "canonical", `href="/coast`, "<script")
	policy := page.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "style-src 'sha256-") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the policy is %q", policy)
	}
	shown := g.shows(page.body)
	if len(shown) == 0 {
		t.Fatal("the preview shows no picture")
	}
	for _, address := range shown {
		if p := g.ask("GET", address).is(200); !strings.HasPrefix(p.header.Get("Content-Type"), "image/") || len(p.body) < 100 {
			t.Errorf("%s: %q, %d bytes", address, p.header.Get("Content-Type"), len(p.body))
		}
		if without := (&guest{s: s, path: g.path}).ask("GET", address); without.status != 404 {
			t.Errorf("%s without the cookie: %d", address, without.status)
		}
	}
	// One link's cookie opens no other, and a picture that the draft does not show is not given.
	other := s.invited(a.ID)
	other.cook = g.cook
	other.ask("GET", other.path).is(200).has("Show the preview").lacks("Undisclosed")
	stray := s.picture(91)
	g.ask("GET", g.path+"/"+stray.Hash+"-640.png").is(404)

	own := s.api("GET", "/articles/"+string(a.ID)+"/preview", nil).is(200)
	if policy := own.header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'self'") {
		t.Errorf("the newsroom's own preview may not be framed by it: %q", policy)
	}
	same(t, "the newsroom's own", previewed(strings.ReplaceAll(own.body, "/api/v1/articles/"+string(a.ID)+"/preview/", g.path+"/")), previewed(page.body))
	for _, address := range shown {
		s.api("GET", "/articles/"+string(a.ID)+"/preview/"+strings.TrimPrefix(address, g.path+"/"), nil).is(200)
	}

	address := s.act(a.ID, "publish", fields{}).confirmed().Address
	same(t, "the first edition", previewed(page.body), asPreviewed(s.read(address).is(200).body, g.path))
	for _, m := range previewTimes.FindAllStringSubmatch(page.body, -1) {
		if at, err := time.Parse(time.RFC3339, m[1]); err != nil || at.Before(began.Add(-time.Minute)) {
			t.Errorf("the preview says %q, %v", m[1], err)
		}
	}

	// A correction that is scheduled is shown as it will be, beside what is live.
	now := s.find(a.ID)
	s.api("PUT", "/articles/"+string(a.ID), fields{"section": "coast", "headline": "Second headline", "topics": []string{"ferries"}, "html": "<p>Second words.</p>"},
		"If-Match", fmt.Sprintf("%q", fmt.Sprint(now.Version))).is(200)
	due := time.Now().Add(3 * time.Second)
	s.act(a.ID, "schedule", fields{"due": due, "change": "correction", "note": "It was the first."}).is(200)
	g = s.invited(a.ID)
	page = g.press().has("Second words", "It was the first.", "Corrections")
	s.read(address).has("Undisclosed words").lacks("Second words")
	eventually(t, "the correction is out", func() bool { return strings.Contains(s.read(address).body, mark(a.ID, 2)) })
	same(t, "the correction", previewed(page.body), asPreviewed(s.read(address).is(200).body, g.path))

	// A page without section and date.
	about := s.write(fields{"kind": "page", "headline": "About us", "html": "<p>Who we are.</p>"})
	g = s.invited(about.ID)
	page = g.press().has("Who we are.")
	address = s.act(about.ID, "publish", fields{}).is(200).receipt().Address
	same(t, "a page", previewed(page.body), asPreviewed(s.read(address).is(200).body, g.path))
}

func (g *got) receipt() (r dateline.Receipt) {
	g.t.Helper()
	g.into(&r)
	return r
}

// TestAPreviewLeaksNowhere: whatever is done with a draft's previews, no public address, feed, sitemap or log has a word of it.
func TestAPreviewLeaksNowhere(t *testing.T) {
	s := newPaper(t).serve()
	a, picture := s.secretDraft()
	head := s.api("GET", "/record/entries?after=0", nil).is(200).body
	before := s.crawl()
	g := s.invited(a.ID)
	shown := g.shows(g.press().body)
	if len(shown) == 0 || !strings.Contains(shown[0], picture.Hash) {
		t.Fatalf("the preview shows %q, not the picture", shown)
	}
	g.ask("GET", shown[0]).is(200)
	s.api("GET", "/articles/"+string(a.ID)+"/preview", nil).is(200)
	hidden := []string{"Undisclosed", "undisclosed", "Secret Author", "secret-author", "Hushed", "hushed", string(a.ID), picture.Hash, g.path}
	after := s.crawl()
	for path, body := range after {
		for _, word := range hidden {
			if strings.Contains(body, word) || strings.Contains(path, word) {
				t.Errorf("%s holds %q", path, word)
			}
		}
	}
	if len(after) != len(before) || len(after) < 15 {
		t.Errorf("%d addresses before the preview, %d after", len(before), len(after))
	}
	for _, path := range []string{"/coast/" + time.Now().Format("2006/01/02") + "/undisclosed-slug", "/pictures/" + picture.Hash + "-640.png", "/topics/hushed-topic", "/people/secret-author", g.path, "/search?q=undisclosed"} {
		if got := s.read(path); got.status != 404 && !strings.HasPrefix(path, "/search") || strings.Contains(got.body, "Undisclosed") {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if now := s.api("GET", "/record/entries?after=0", nil).is(200).body; now != head {
		t.Error("the record has something of the preview")
	}
	// Nothing under the site's own folder either: shelf, pictures, renditions.
	must(t, filepath.WalkDir(filepath.Join(s.dir, "site"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, word := range hidden {
			if strings.Contains(string(b), word) || strings.Contains(path, word) {
				t.Errorf("%s holds %q", path, word)
			}
		}
		return err
	}))
	logs, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(s.dir)), "*", "log"))
	must(t, err)
	if len(logs) == 0 {
		t.Error("the program's log was not found")
	}
	for _, name := range logs {
		b, err := os.ReadFile(name)
		must(t, err)
		if strings.Contains(string(b), g.path) {
			t.Errorf("the log names the link: %s", b)
		}
	}
}
