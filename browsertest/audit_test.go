package browsertest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// audited is a kind of page with what a reader's phone asks for to show it.
type audited struct {
	kind    string
	fonts   int
	images  int      // at most: a browser asks for those below the screen too where they are near
	scripts int      // the hashed one, which on every page of the demo shows the city that its reader chose
	skip    []string // audits that the page fails on purpose
}

// auditedPages is all that is asked for, beside the page itself with its styles, and the icon.
var auditedPages = []audited{
	{kind: "home", fonts: 5, images: 3, scripts: 1}, // three fonts for English, and one each for Hindi and Arabic headlines
	{kind: "section", fonts: 4, images: 6, scripts: 1},
	{kind: "topic", fonts: 4, images: 2, scripts: 1},
	{kind: "article", fonts: 3, images: 1, scripts: 1},
	{kind: "story", fonts: 4, scripts: 1},
	{kind: "live", fonts: 3, scripts: 1},
	{kind: "search", fonts: 3, scripts: 1, skip: []string{"is-crawlable"}}, // what is found is for no index, and the page says so
}

// The greatest sizes, in bytes: of a page with its styles as it is sent, and of the script.
const (
	pageAtMost   = 14 << 10
	scriptAtMost = 3 << 10
)

// TestPagesAreAudited holds the readers' pages to what Lighthouse finds, as far as it does not go by the machine's speed; the score
// for speed is told. DATELINE_AUDIT is how often each page is loaded.
func TestPagesAreAudited(t *testing.T) {
	runs, err := strconv.Atoi(os.Getenv("DATELINE_AUDIT"))
	if err != nil || runs < 1 {
		t.Skip("`make audit` audits the pages; it takes some minutes")
	}
	noticeSources(t)
	site, _, _ := startDemo(t)
	type target struct {
		page
		Skip []string `json:"skip,omitempty"`
	}
	var pages []target
	for _, a := range auditedPages {
		pages = append(pages, target{page{a.kind, site + auditedAt(t, site, a.kind)}, a.skip})
	}
	out := runNode(t, "audit.mjs", map[string]any{"runs": runs, "pages": pages})
	dec := json.NewDecoder(bytes.NewReader(out))
	for i, a := range auditedPages {
		var found finding
		if err := dec.Decode(&found); err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		t.Run(a.kind, func(t *testing.T) { found.check(t, a, pages[i].URL, site) })
	}
}

// auditedAt finds a page of a kind in the demo.
func auditedAt(t *testing.T, site, kind string) string {
	at := map[string]string{"home": "/", "search": "/search?q=ferry", "story": "/stories/fishing-ground-talks"}[kind]
	first := func(from, pattern string) string {
		m := regexp.MustCompile(pattern).FindSubmatch(get(t, site+from).body)
		if m == nil {
			t.Fatalf("the demo shows no page of the kind %s", kind)
		}
		return string(m[1])
	}
	switch kind {
	case "section":
		return first("/", `href="(/[a-z]+/)"`)
	case "article":
		return first("/", `(?s)<article class="card big".*?<h2><a href="([^"]+)"`)
	case "topic":
		return first(auditedAt(t, site, "article"), `href="(/topics/[^"]+)"`)
	case "live":
		return first("/", `(?s)class="live">.*?<a href="([^"]+-live)"`)
	}
	return at
}

// finding is what was found of a page.
type finding struct {
	Scores      map[string]int
	Failed      []string
	Shift       float64
	Performance []int
	Slow        []string
	Requests    map[string][]string
}

func (f *finding) check(t *testing.T, want audited, url, site string) {
	for category, score := range f.Scores {
		if score != 100 {
			t.Errorf("%s is %d of 100", category, score)
		}
	}
	for _, failed := range f.Failed {
		t.Error(failed)
	}
	if len(f.Scores) != 3 {
		t.Errorf("judged by %v", f.Scores)
	}
	if f.Shift != 0 {
		t.Errorf("the layout shifts by %v", f.Shift)
	}
	wanted := map[string]int{"Document": 1, "Font": want.fonts, "Image": want.images, "Script": want.scripts, "Other": 1} // the other is the icon
	for kind, asked := range f.Requests {
		// An open page of a live coverage goes on asking for what is new; when the first answer comes is the demo's to say.
		asked = slices.DeleteFunc(asked, func(u string) bool { return strings.HasPrefix(u, "data:") || strings.Contains(u, "/entries/") })
		if len(asked) != wanted[kind] && (kind != "Image" || len(asked) > want.images) {
			t.Errorf("it asks for %d of the kind %s, want %d: %q", len(asked), kind, wanted[kind], asked)
		}
		delete(wanted, kind)
	}
	for kind, n := range wanted {
		if n > 0 && kind != "Image" {
			t.Errorf("it asks for nothing of the kind %s, want %d", kind, n)
		}
	}
	size := sent(t, url)
	if size > pageAtMost {
		t.Errorf("the page takes %d bytes, more than %d", size, pageAtMost)
	}
	script := regexp.MustCompile(`<script[^>]* src="([^"]+)"`)
	scripts := script.FindAllSubmatch(get(t, url).body, -1)
	if len(scripts) != want.scripts {
		t.Errorf("it has %d scripts", len(scripts))
	}
	for _, s := range scripts {
		if n := sent(t, site+string(s[1])); n > scriptAtMost {
			t.Errorf("the script takes %d bytes, more than %d", n, scriptAtMost)
		}
		if !regexp.MustCompile(`\.[0-9a-f]{16}\.js$`).Match(s[1]) {
			t.Errorf("the script %s has no hash in its name", s[1])
		}
	}
	slices.Sort(f.Performance)
	t.Logf("performance %d (of %v; %s), %d bytes", f.Performance[len(f.Performance)/2], f.Performance, strings.Join(f.Slow, ", "), size)
}

// sent is how many bytes an answer's body has as a browser gets it without TLS.
func sent(t *testing.T, url string) int {
	req, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 || resp.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("%s: %d, %s, %v", url, resp.StatusCode, resp.Header.Get("Content-Encoding"), err)
	}
	return len(body)
}
