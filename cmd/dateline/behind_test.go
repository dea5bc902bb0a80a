package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
)

// guideBlock is a block of a language in a page of the guide: what operators copy is what is tried.
func guideBlock(t *testing.T, page, language string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", "guide", page))
	must(t, err)
	_, after, ok := strings.Cut(string(b), "```"+language+"\n")
	block, _, ended := strings.Cut(after, "```")
	if !ok || !ended {
		t.Fatalf("%s has no block of %s", page, language)
	}
	return block
}

// tool finds a program of Debian's; where it is missing the test is left out, but not in CI.
func tool(t *testing.T, name, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path = "/usr/sbin/" + name
		_, err = os.Stat(path)
	}
	if err != nil && os.Getenv("CI") != "" {
		t.Fatalf("%s is not here: prepare.sh installs %s", name, pkg)
	}
	if err != nil {
		t.Skipf("%s is not here: install %s", name, pkg)
	}
	return path
}

// startTool runs a program until the test ends.
func startTool(t *testing.T, path string, args ...string) (stop func()) {
	t.Helper()
	said := tempFile(t, "")
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = said, said
	must(t, cmd.Start())
	stop = func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Signal(os.Interrupt)
			_ = cmd.Wait()
		}
	}
	t.Cleanup(func() {
		stop()
		if text, err := os.ReadFile(said.Name()); err == nil && t.Failed() {
			t.Logf("%s says: %s", path, text)
		}
	})
	return stop
}

// before is a shared cache that stands before a site.
type before struct {
	name   string
	start  func(t *testing.T, site string) (at, purge string, stop func()) // serves the site at another address, and is purged at a third
	secret string                                                          // as the guide has it; "": none
	hit    func(http.Header) bool                                          // whether an answer came from what was kept
}

func cachesBefore() []before {
	return []before{
		{"Varnish", startVarnish, "A-LONG-RANDOM-WORD",
			func(h http.Header) bool { return len(strings.Fields(h.Get("X-Varnish"))) == 2 }},
		{"nginx", startNginx, "",
			func(h http.Header) bool { return h.Get("X-Cache") == "HIT" }},
	}
}

func portOf(t *testing.T, address string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(address, "http://"))
	must(t, err)
	return port
}

func startVarnish(t *testing.T, site string) (at, purge string, stop func()) {
	varnish := tool(t, "varnishd", "varnish")
	dir := t.TempDir()
	vcl := filepath.Join(dir, "paper.vcl")
	must(t, os.WriteFile(vcl, []byte(strings.Replace(guideBlock(t, "caches.md", "vcl"), `"8080"`, fmt.Sprintf("%q", portOf(t, site)), 1)), 0o644))
	at = fmt.Sprint("127.0.0.1:", freePort(t))
	stop = startTool(t, varnish, "-F", "-n", filepath.Join(dir, "work"), "-a", at, "-f", vcl, "-s", "malloc,32m", "-j", "none", "-T", "none")
	return "http://" + at, "http://" + at + "/", stop
}

// startNginx starts it beside another site that takes what is asked under any other name, as Debian's does.
func startNginx(t *testing.T, site string) (at, purge string, stop func()) {
	nginx := tool(t, "nginx", "nginx")
	dir := t.TempDir()
	at, purge = fmt.Sprint("127.0.0.1:", freePort(t)), fmt.Sprint("127.0.0.1:", freePort(t))
	conf := "server { listen " + at + " default_server; return 404; }\n" + strings.NewReplacer("127.0.0.1:8090", fmt.Sprint("127.0.0.1:", freePort(t)), "listen 80;", "listen "+at+";", "127.0.0.1:8091", purge, "127.0.0.1:8080", strings.TrimPrefix(site, "http://"),
		"/var/cache/nginx", dir, "server_name estuary.example;", "server_name localhost;").Replace(guideBlock(t, "caches.md", "nginx"))
	user := ""
	if os.Getuid() == 0 {
		user = "user root;\n"
	}
	temp := ""
	for _, what := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		temp += fmt.Sprintf("%s_temp_path %s/%s;\n", what, dir, what)
	}
	file := filepath.Join(dir, "nginx.conf")
	must(t, os.WriteFile(file, []byte(user+"daemon off;\npid "+dir+"/pid;\nerror_log stderr;\nworker_processes 1;\nevents {}\nhttp {\naccess_log off;\n"+temp+conf+"}\n"), 0o644))
	stop = startTool(t, nginx, "-p", dir, "-c", file)
	return "http://localhost:" + portOf(t, at), "http://" + purge + "/", stop
}

// TestBehindACache: once the receipt says purged, no reader gets what was there before, on no page; and what was withdrawn is gone.
func TestBehindACache(t *testing.T) {
	for _, c := range cachesBefore() {
		t.Run(c.name, func(t *testing.T) { behindACache(t, c) })
	}
}

func behindACache(t *testing.T, c before) {
	s := newPaper(t).serve()
	at, purge, stop := c.start(t, s.site)
	read := func(path string) *got {
		t.Helper()
		g, err := ask(t.Context(), visitor, "GET", at+path, "", nil)
		must(t, err)
		g.t, g.of = t, s
		return g
	}
	eventually(t, c.name+" answers", func() bool {
		_, err := ask(t.Context(), visitor, "GET", at+"/", "", nil)
		return err == nil
	})
	kept := func(path string) {
		t.Helper()
		eventually(t, path+" is kept", func() bool {
			g := read(path)
			return g.status == 200 && c.hit(g.header)
		})
	}
	s.section("coast")
	s.api("POST", "/topics", fields{"slug": "ferries", "kind": "subject", "names": fields{"en": "Ferries"}}).is(201)

	// Without a cache that is named, nothing is kept.
	read("/")
	if g := read("/"); c.hit(g.header) || s.read("/").header.Get("Surrogate-Control") != "" || s.read("/").header.Get("Surrogate-Key") != "" {
		t.Errorf("kept without being named: %v", g.header)
	}
	if c.secret != "" {
		s.do("cache", "add", strings.ToLower(c.name), purge).is(exitOK)
		s.do("cache", "purge").says("NOT PURGED", "403")
		if g, err := ask(t.Context(), visitor, "PURGE", at+"/", "", nil); err != nil || g.status != 403 {
			t.Errorf("anybody may empty it: %v %v", g, err)
		}
		t.Setenv("DATELINE_CACHE_SECRET", c.secret)
	}
	s.do("cache", "add", strings.ToLower(c.name), purge).is(exitOK)
	var names []string
	s.do("cache", "list", "--json").is(exitOK).json(&names)
	if len(names) != 1 || !strings.Contains(names[0], purge) {
		t.Errorf("the caches are %q", names)
	}
	purged := func(r dateline.Receipt) {
		t.Helper()
		if len(r.Purges) != 1 || !r.Purges[0].Confirmed || r.Purges[0].Cache != names[0] {
			t.Fatalf("the receipt's purges: %+v", r.Purges)
		}
	}

	mentions := s.write(fields{"section": "coast", "headline": "An older piece", "topics": []string{"ferries"}, "html": "<p>Old.</p>"})
	older := s.act(mentions.ID, "publish", fields{}).confirmed()
	purged(older)
	a := s.write(fields{"section": "coast", "headline": "Ferry number 1", "topics": []string{"ferries"}, "html": "<p>Text 1.</p>"})
	r := s.act(a.ID, "publish", fields{}).confirmed()
	purged(r)
	pages := []string{r.Address, "/", "/coast/", "/topics/ferries", older.Address, "/rss.xml", r.Address + "/history"}
	for n := 2; n <= 6; n++ {
		for _, p := range pages {
			kept(p)
		}
		was := fmt.Sprintf("Ferry number %d", n-1)
		now := fmt.Sprintf("Ferry number %d", n)
		if g := read(older.Address); !strings.Contains(g.body, was) {
			t.Fatalf("the older piece does not mention the newer one: %.2000s", g.body)
		}
		s.api("PUT", "/articles/"+string(a.ID), fields{"section": "coast", "headline": now, "html": fmt.Sprintf("<p>Text %d.</p>", n), "topics": []string{"ferries"}},
			"If-Match", fmt.Sprintf("%q", fmt.Sprint(s.find(a.ID).Version))).is(200)
		purged(s.act(a.ID, "publish", fields{"change": "minor"}).confirmed())
		for _, p := range pages[:6] {
			read(p).is(200).has(now).lacks(was + "<")
		}
	}
	// A kept page is as fresh as the site's own answer, in any encoding and for conditional requests.
	kept(r.Address)
	if g, err := ask(t.Context(), visitor, "GET", at+r.Address, "", nil, "Accept-Encoding", "identity"); err != nil || g.body != s.read(r.Address).body {
		t.Errorf("identity through %s differs: %v", c.name, err)
	}
	if g, err := ask(t.Context(), visitor, "GET", at+r.Address, "", nil, "If-None-Match", read(r.Address).header.Get("Etag")); err != nil || g.status != 304 {
		t.Errorf("a conditional request through %s: %v %v", c.name, g, err)
	}

	for _, p := range pages {
		kept(p)
	}
	purged(s.act(a.ID, "withdraw", fields{"kind": "killed", "notice": "It was not so."}).confirmed())
	read(r.Address).is(410).has("It was not so.").lacks("Text 6.")
	for _, p := range pages[1:6] {
		read(p).is(200).lacks("Ferry number")
	}

	// Pages that are not there are not kept: what is published later is there at once.
	purged(s.act(a.ID, "restore", nil).confirmed())
	read(r.Address).is(200).has("Text 6.")
	s.do("cache", "purge").is(exitOK).says("purged")

	// A cache that does not answer: the receipt names it, and no page gets a lifetime.
	kept("/")
	stop()
	var late dateline.Receipt
	s.act(mentions.ID, "withdraw", fields{"kind": "killed"}).is(200).into(&late)
	if late.Confirmed || len(late.Purges) != 1 || late.Purges[0].Confirmed || late.Purges[0].Detail == "" {
		t.Errorf("the receipt while %s is away: %+v", c.name, late.Purges)
	}
	if g := s.read("/"); g.header.Get("Surrogate-Control") != "" || g.header.Get("Cdn-Cache-Control") != "" || g.header.Get("X-Accel-Expires") != "" {
		t.Errorf("a page may be kept while %s is away: %v", c.name, g.header)
	}
	s.do("cache", "remove", names[0]).is(exitFailed).says("--force")
	s.do("cache", "remove", "--force", names[0]).is(exitOK)
}
