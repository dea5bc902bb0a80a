// Package browsertest runs the program as a reader meets it: the demo newspaper in its own process, every link followed,
// every kind of page in a real Chromium, its HTML through the Nu validator and its accessibility through axe-core.
package browsertest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// client follows no redirects, so that each answer is seen.
var client = &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func TestMain(m *testing.M) {
	code := m.Run()
	_ = os.RemoveAll(built.folder)
	os.Exit(code)
}

// built is the program, made by the first test that runs it.
var built struct {
	sync.Once
	folder string
	err    error
}

// program is the path of the program.
func program(t *testing.T) string {
	t.Helper()
	built.Do(func() {
		if built.folder, built.err = os.MkdirTemp("", "dateline-browsertest-"); built.err != nil {
			return
		}
		if out, err := exec.Command("go", "build", "-o", built.folder, "../cmd/dateline").CombinedOutput(); err != nil {
			built.err = fmt.Errorf("build: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.folder, "dateline")
}

// startDemo starts the demo newspaper in a new folder; it is stopped with the interrupt that Ctrl-C sends, and
// must then end by itself with code 0.
func startDemo(t *testing.T) (site, newsroom, dir string) {
	t.Helper()
	binary := program(t)
	dir = t.TempDir()
	folder := filepath.Join(dir, "paper")
	cmd := exec.Command(binary, "demo", "--dir", folder, "--site", "127.0.0.1:0", "--newsroom", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var problems bytes.Buffer
	cmd.Stderr = &problems
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGINT)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the demo did not stop cleanly: %v\n%s", err, problems.String())
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	found := make(chan [2]string, 1)
	go func() {
		var got [2]string
		address := regexp.MustCompile(`http://(127\.0\.0\.1|localhost):\d+`)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			for _, a := range address.FindAllString(lines.Text(), -1) {
				if strings.Contains(a, "localhost") {
					got[1] = a
				} else {
					got[0] = a
				}
			}
			if got[0] != "" && got[1] != "" {
				found <- got
				break
			}
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	select {
	case a := <-found:
		return a[0], a[1], folder
	case <-ctx.Done():
		t.Fatalf("the demo printed no addresses within three minutes\n%s", problems.String())
		return "", "", ""
	}
}

// visit is one address with what it answered.
type visit struct {
	status   int
	location string
	kind     string // of content
	body     []byte
}

func get(t *testing.T, address string) visit {
	t.Helper()
	resp, err := client.Get(address)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 32<<20))
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return visit{resp.StatusCode, resp.Header.Get("Location"), resp.Header.Get("Content-Type"), body}
}

// crawl follows every link of every page, beginning with the given paths, and gives all visits by path.
func crawl(t *testing.T, site string, from ...string) map[string]visit {
	t.Helper()
	seen, queue := map[string]visit{}, append([]string{}, from...)
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if _, ok := seen[path]; ok {
			continue
		}
		if len(seen) > 3000 {
			t.Fatal("over 3,000 addresses: the paper leads readers in circles")
		}
		v := get(t, site+path)
		seen[path] = v
		if v.location != "" {
			queue = append(queue, relative(t, site, path, v.location)...)
		}
		if strings.HasPrefix(v.kind, "text/html") {
			for _, link := range links(t, v.body) {
				queue = append(queue, relative(t, site, path, link)...)
			}
		}
		if strings.Contains(v.kind, "xml") {
			for _, m := range regexp.MustCompile(`<(?:loc|link|guid)[^>]*>([^<\s]+)<|href="([^"]+)"`).FindAllSubmatch(v.body, -1) {
				queue = append(queue, relative(t, site, path, html.UnescapeString(string(m[1])+string(m[2])))...)
			}
		}
	}
	return seen
}

// links gives every address that a page refers to: links, pictures with their widths, and what its head names.
func links(t *testing.T, body []byte) (out []string) {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			switch a.Key {
			case "href", "src", "action":
				out = append(out, a.Val)
			case "srcset":
				for _, part := range strings.Split(a.Val, ",") {
					out = append(out, strings.Fields(part)[0])
				}
			}
		}
		if n.Data == "meta" && strings.HasPrefix(attr(n, "property"), "og:") && strings.HasPrefix(attr(n, "content"), "http") {
			out = append(out, attr(n, "content"))
		}
	}
	return out
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// relative resolves a link; those to other hosts are left alone.
func relative(t *testing.T, site, from, link string) []string {
	t.Helper()
	base, err := url.Parse(site + from)
	if err != nil {
		t.Fatalf("%s: %v", from, err)
	}
	u, err := base.Parse(link)
	if err != nil {
		t.Errorf("%s has the broken link %q: %v", from, link, err)
		return nil
	}
	own, _ := url.Parse(site)
	if u.Host != own.Host || u.Scheme != own.Scheme {
		return nil
	}
	u.Fragment = ""
	return []string{u.RequestURI()}
}

// kinds chooses one address, or a few, for each kind of page.
func kinds(site string, seen map[string]visit) (pages []page) {
	patterns := []struct{ kind, pattern string }{
		{"home", `^/$`},
		{"section", `^/[a-z-]+/$`},
		{"topic", `^/topics/[^/]+$`},
		{"person", `^/people/[^/]+$`},
		{"archive", `^/archive$`},
		{"year", `^/\d{4}/$`},
		{"month", `^/\d{4}/\d{2}/$`},
		{"day", `^/\d{4}/\d{2}/\d{2}/$`},
		{"search", `^/search$`},
		{"corrections", `^/corrections$`},
		{"page", `^/about$`},
		{"article", `^/[a-z-]+/\d{4}/\d{2}/\d{2}/[^/?]+$`},
		{"history", `^/[^/]+/\d{4}/.*/history$`},
		{"compare", `^/[^/]+/\d{4}/.*/history/[3-9]$`},
		{"verify", `^/[^/]+/\d{4}/.*/verify$`},
	}
	paths := make([]string, 0, len(seen))
	for p := range seen {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	for _, want := range patterns {
		re := regexp.MustCompile(want.pattern)
		for _, p := range paths {
			if re.MatchString(p) && seen[p].status == 200 {
				pages = append(pages, page{want.kind, site + p})
				break
			}
		}
	}
	for _, lang := range []string{"hi", "ar"} {
		for _, p := range paths {
			if seen[p].status == 200 && bytes.Contains(seen[p].body, []byte(`<html lang="`+lang+`"`)) {
				pages = append(pages, page{"article-" + lang, site + p})
				break
			}
		}
	}
	for _, p := range paths {
		if seen[p].status == 200 && bytes.Contains(seen[p].body, []byte(`class="age"`)) {
			pages = append(pages, page{"article-old", site + p})
			break
		}
	}
	for _, p := range paths {
		if seen[p].status == 200 && bytes.Contains(seen[p].body, []byte("<table")) && bytes.Contains(seen[p].body, []byte(`class="gallery"`)) {
			pages = append(pages, page{"blocks", site + p})
			break
		}
	}
	pages = append(pages, page{"search-results", site + "/search?q=ferry"}, page{"search-none", site + "/search?q=xylophoneless"}, page{"missing", site + "/no/such/thing"})
	return pages
}

type page struct {
	Kind string `json:"kind"`
	URL  string `json:"url"`
}

// withdrawn finds the address of the demo's withdrawn article: nothing links there, so it is asked of the record's reader, the newsroom.
func withdrawn(t *testing.T, dir string) []string {
	t.Helper()
	out, err := exec.Command(program(t), "article", "list", "--dir", dir, "--readers", "withdrawn", "--json").Output()
	if err != nil {
		t.Fatalf("list withdrawn articles: %v", err)
	}
	var list struct {
		Articles []struct {
			Address    string `json:"address"`
			Withdrawal struct {
				Kind string `json:"kind"`
			} `json:"withdrawal"`
		} `json:"articles"`
	}
	if err := json.Unmarshal(out, &list); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	var addresses []string
	for _, a := range list.Articles {
		if a.Withdrawal.Kind != "merged" {
			addresses = append(addresses, a.Address)
		}
	}
	if len(addresses) == 0 {
		t.Fatal("the demo has no withdrawn article")
	}
	return addresses
}

// noticeSources looks at every file that the program is built of. Go keeps the result of a test until a file that the test
// looked at has changed, and cannot know that this one builds a program of its own.
func noticeSources(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := entry.Name(); entry.IsDir() && path != ".." && (name == "node_modules" || name == "testdata" || strings.HasPrefix(name, ".")) {
			return fs.SkipDir
		}
		if entry.IsDir() || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		_, err = os.Stat(path)
		return err
	})
	if err != nil {
		t.Fatalf("look at the program's files: %v", err)
	}
}

func TestThePaperInABrowser(t *testing.T) {
	if os.Getenv("DATELINE_BROWSERTEST") == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("the browser tests were not prepared: run them with `make test`")
		}
		t.Skip("the browser tests need what `make test` installs; run that")
	}
	noticeSources(t)
	site, _, dir := startDemo(t)
	seen := crawl(t, site, "/", "/rss.xml", "/atom.xml", "/sitemap.xml", "/sitemap-news.xml", "/robots.txt", "/archive", "/corrections", "/record/checkpoint")
	t.Logf("%d addresses visited", len(seen))
	t.Run("every link answers", func(t *testing.T) {
		for path, v := range seen {
			if v.status != 200 && v.status != 301 && v.status != 410 {
				t.Errorf("%s answers %d", path, v.status)
			}
		}
	})
	pages := kinds(site, seen)
	for _, a := range withdrawn(t, dir) {
		v := get(t, site+a)
		if v.status != http.StatusGone {
			t.Errorf("%s is withdrawn and answers %d", a, v.status)
		}
		pages = append(pages, page{"tombstone", site + a})
	}
	got := map[string]bool{}
	for _, p := range pages {
		got[p.Kind] = true
	}
	for _, kind := range []string{"home", "section", "topic", "person", "archive", "year", "month", "day", "search", "corrections", "page", "article", "history", "compare", "verify", "article-hi", "article-ar", "article-old", "blocks", "tombstone"} {
		if !got[kind] {
			t.Errorf("the demo shows no page of the kind %s", kind)
		}
	}
	t.Run("HTML is valid", func(t *testing.T) { validate(t, pages) })
	t.Run("Chromium", func(t *testing.T) { look(t, pages) })
	t.Run("record verifies", func(t *testing.T) {
		out, err := exec.Command(program(t), "record", "verify", "--dir", dir).CombinedOutput()
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
}

// validate runs the Nu validator over the pages, saved to files.
func validate(t *testing.T, pages []page) {
	folder := t.TempDir()
	args := []string{"-jar", filepath.Join("node_modules", "vnu-jar", "build", "dist", "vnu.jar"), "--format", "json", "--stdout", "--exit-zero-always"}
	for i, p := range pages {
		name := filepath.Join(folder, fmt.Sprintf("%02d-%s.html", i, p.Kind))
		if err := os.WriteFile(name, get(t, p.URL).body, 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	out, err := exec.Command("java", args...).Output()
	if err != nil {
		t.Fatalf("the validator: %v", err)
	}
	var report struct {
		Messages []struct{ Type, URL, Message, Extract string }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	for _, m := range report.Messages {
		if m.Type == "error" || m.Type == "non-document-error" {
			t.Errorf("%s: %s: %s", filepath.Base(m.URL), m.Message, m.Extract)
		}
	}
	t.Logf("%d pages validated", len(pages))
}

// runNode runs a script that is given Chromium and more as JSON on standard input, and gives back what it prints.
func runNode(t *testing.T, script string, given map[string]any) []byte {
	t.Helper()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal(err)
	}
	given["browser"] = browser
	input, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", script)
	cmd.Stdin = bytes.NewReader(input)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, problems.String())
	}
	return out
}

// look opens the pages in Chromium.
func look(t *testing.T, pages []page) {
	shots := os.Getenv("DATELINE_SHOTS")
	out := runNode(t, "check.mjs", map[string]any{"pages": pages, "shots": shots})
	views := 0
	for dec := json.NewDecoder(bytes.NewReader(out)); ; views++ {
		var v struct {
			Kind, URL, View             string
			Wide, Scripts               int
			Outside, Errors, Violations []string
		}
		if err := dec.Decode(&v); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if v.Wide > 0 {
			t.Errorf("%s at %s scrolls %d pixels sideways", v.URL, v.View, v.Wide)
		}
		if v.Scripts != 0 {
			t.Errorf("%s has %d scripts more than it needs", v.URL, v.Scripts)
		}
		for _, list := range [][]string{v.Outside, v.Errors, v.Violations} {
			for _, s := range list {
				t.Errorf("%s (%s) at %s: %s", v.Kind, v.URL, v.View, s)
			}
		}
	}
	if views != 4*len(pages) {
		t.Errorf("%d views of %d pages were looked at", views, len(pages))
	}
}
