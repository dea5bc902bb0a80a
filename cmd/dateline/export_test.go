package main

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/blob"
	siteexport "github.com/datelinehq/dateline/site/export"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// exported writes the site into a folder.
func (p *paperFolder) exported(dir string) (r siteexport.Report) {
	p.t.Helper()
	p.do("export", "site", dir, "--json").is(exitOK).json(&r)
	return r
}

// files are what a folder holds, by address: a page's without its index.html.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), siteexport.MarkName) {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		out["/"+strings.TrimSuffix(strings.TrimSuffix(filepath.ToSlash(name), "index.html"), "/")] = string(b)
		return err
	}))
	return out
}

// TestExportIsTheSite: every address that a reader reaches and a file can stand for is there, byte for byte what the site makes for
// files, with the article in it that readers get; nothing else is. A plain file server answers every link.
func TestExportIsTheSite(t *testing.T) {
	s := busyPaper(t)
	to := filepath.Join(t.TempDir(), "www")
	r := s.exported(to)
	got := files(t, to)

	own, err := shelf.OpenReading(shelf.Options{Path: folder(s.dir).path("site", "shelf.db")})
	must(t, err)
	defer own.Close()
	pictures, err := blob.OpenDisk(folder(s.dir).path("site", "pictures"))
	must(t, err)
	defer pictures.Close()
	workshop, err := media.NewWorkshop(pictures, t.TempDir(), 1)
	must(t, err)
	defer workshop.Close()
	still := newStillSite(own, workshop)
	defer still.Close()

	parts := regexp.MustCompile(`(?s)<header class="head">.*?</header>|<figure class="lead">.*?</figure>|<div class="body">.*?\n</div>`)
	article := func(page string) string { return strings.Join(parts.FindAllString(page, -1), "\n") }
	// What is made when it is asked for and what says how to ask, what an open page is moved by, and pages below an old address, which nothing names.
	made := regexp.MustCompile(`^/(search|opensearch|as-of)|/(proof|verify)$|/forecast|^/assets/script/`)
	below := regexp.MustCompile(`/history(/\d+)?$`)
	pages := 0
	for address, answer := range s.crawl() {
		if strings.Contains(address, "?") || made.MatchString(address) {
			continue
		}
		path, err := url.PathUnescape(address)
		must(t, err)
		file, there := got[strings.TrimSuffix(path, "/")]
		if path == "/" {
			file, there = got["/"]
		}
		want := still.Serve(t.Context(), &press.Request{Method: "GET", Path: path, Escaped: address})
		switch {
		case strings.HasPrefix(answer, "301 "):
			if !there && !below.MatchString(path) {
				t.Errorf("%s leads elsewhere, and no file does", address)
			}
		case !strings.HasPrefix(answer, "200 "):
			if there {
				t.Errorf("%s answers %.3s, and a file stands for it", address, answer)
			}
		case !there:
			t.Errorf("no file stands for %s", address)
		case file != string(want.Body):
			t.Errorf("the file of %s is not what the site makes for it", address)
		case article(answer) != article(file):
			t.Errorf("readers of %s get another article:\n%s\n%s", address, article(answer), article(file))
		default:
			pages++
		}
	}
	if pages < 40 || r.Files < int64(pages) {
		t.Errorf("only %d pages were compared; the report says %+v", pages, r)
	}
	if moved := got["/coast/moved"]; !strings.Contains(moved, "Story number 4") {
		t.Errorf("the article that was moved is not at its address: %.200s", moved)
	}
	for address, file := range got {
		for _, words := range []string{"words of story 2", "words of story 3"} {
			if strings.Contains(file, words) {
				t.Errorf("%s holds what was withdrawn", address)
			}
		}
	}
	served := httptest.NewServer(http.FileServer(http.Dir(to)))
	defer served.Close()
	if n := followed(t, served.URL, "http://127.0.0.1:8080"); n < pages {
		t.Errorf("a plain file server leads to only %d addresses", n)
	}
}

// followed follows every link of every page from home on, with those that name the paper's origin, and counts them.
func followed(t *testing.T, server, origin string) int {
	seen, todo := map[string]bool{}, []string{"/"}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		resp, err := http.Get(server + at)
		must(t, err)
		body, err := io.ReadAll(resp.Body)
		must(t, err)
		resp.Body.Close()
		if resp.StatusCode != 200 {
			t.Errorf("%s answers %d", at, resp.StatusCode)
		}
		if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			continue
		}
		doc, err := html.Parse(strings.NewReader(string(body)))
		must(t, err)
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				values := []string{a.Val}
				switch a.Key {
				case "href", "src", "action":
				case "srcset":
					values = strings.Split(a.Val, ", ")
				default:
					continue
				}
				for _, v := range values {
					v, _, _ = strings.Cut(strings.TrimPrefix(v, origin), " ")
					if v, _, _ = strings.Cut(v, "#"); strings.HasPrefix(v, "/") {
						todo = append(todo, v)
					}
				}
			}
		}
	}
	return len(seen)
}

// TestExportGoesOn: a later run writes what an act changed and leaves the rest as it lies; what is withdrawn is gone with its picture;
// with nothing new it does nothing. It works while the paper is served and when it is not.
func TestExportGoesOn(t *testing.T) {
	s := newPaper(t).serve()
	s.section("coast")
	s.section("city")
	picture := s.picture(9)
	one := s.write(fields{"section": "coast", "headline": "The pier closes", "html": "<p>It closes on Monday.</p>", "lead": fields{"picture": picture.ID, "alt": "The pier"}})
	two := s.write(fields{"section": "city", "headline": "The council sat", "html": "<p>It sat for long.</p>"})
	atOne := s.act(one.ID, "publish", fields{}).confirmed().Address
	atTwo := s.act(two.ID, "publish", fields{}).confirmed().Address
	to := t.TempDir()
	first := s.exported(to)
	if first.Written != first.Files || first.Files < 20 {
		t.Errorf("the first run: %+v", first)
	}
	file := func(address string) string { return filepath.Join(to, filepath.FromSlash(address), "index.html") }
	other, err := os.Stat(file(atTwo))
	must(t, err)
	if again := s.exported(to); !again.Unchanged || again.Files != first.Files {
		t.Errorf("with nothing new: %+v", again)
	}
	s.do("export", "site", to).is(exitOK).says("up to date")

	a := s.find(one.ID)
	s.api("PUT", "/articles/"+string(a.ID), fields{"section": "coast", "headline": "The pier stays open", "html": "<p>It stays.</p>", "lead": fields{"picture": picture.ID, "alt": "The pier"}},
		"If-Match", `"`+strconv.Itoa(int(a.Version))+`"`).is(200)
	s.act(one.ID, "publish", fields{"change": "correction", "note": "It stays open."}).confirmed()
	if r := s.exported(to); r.Removed != 0 || r.Made == 0 || r.Made >= first.Made {
		t.Errorf("after a correction: %+v; the first run made %d", r, first.Made)
	}
	if b, err := os.ReadFile(file(atOne)); err != nil || !strings.Contains(string(b), "The pier stays open") || !strings.Contains(string(b), "It stays open.") {
		t.Errorf("the corrected article's file says %s, %v", b, err)
	}
	for _, new := range []string{atOne + "/history", atOne + "/history/2"} {
		if _, err := os.Stat(file(new)); err != nil {
			t.Error(err)
		}
	}
	if now, err := os.Stat(file(atTwo)); err != nil || !os.SameFile(other, now) {
		t.Errorf("the other article was written again: %v", err)
	}

	s.act(one.ID, "withdraw", fields{"kind": "killed", "notice": "It was not so."}).confirmed()
	if code := s.stop(); code != exitOK {
		t.Fatalf("stopped with %d", code)
	}
	r := s.exported(to)
	if r.Removed < 4 {
		t.Errorf("after the withdrawal: %+v", r)
	}
	for address, text := range files(t, to) {
		if strings.Contains(text, "The pier") || strings.HasPrefix(address, "/pictures/") {
			t.Errorf("%s is left of what was withdrawn", address)
		}
	}
}

// TestExportIsRefused: into a folder of something else, of no newsroom, and while another runs.
func TestExportIsRefused(t *testing.T) {
	p := newPaper(t)
	mine := t.TempDir()
	must(t, os.WriteFile(filepath.Join(mine, "letter.txt"), []byte("x"), 0o600))
	p.do("export", "site", mine).is(exitFailed).says("letter.txt", "empty or a new folder")
	if names(t, mine) != "letter.txt " {
		t.Errorf("the folder holds %s", names(t, mine))
	}
	none := filepath.Join(t.TempDir(), "none")
	command(t, "export", "site", filepath.Join(none, "www"), "--dir", none).is(exitFailed).says("no newsroom in")
	if _, err := os.Stat(none); err == nil {
		t.Error("a folder was made")
	}
}

// TestExportThatWasKilled: the next run ends with the same files as one that was not killed.
func TestExportThatWasKilled(t *testing.T) {
	s := busyPaper(t)
	if code := s.stop(); code != exitOK {
		t.Fatalf("stopped with %d", code)
	}
	program, err := os.Executable()
	must(t, err)
	killed, whole := filepath.Join(t.TempDir(), "killed"), filepath.Join(t.TempDir(), "whole")
	cmd := exec.Command(program, "export", "site", killed, "--dir", s.dir)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	must(t, cmd.Start())
	eventually(t, "some files are there", func() bool {
		list, err := filepath.Glob(filepath.Join(killed, "*"))
		return err == nil && len(list) > 3
	})
	must(t, cmd.Process.Kill())
	_ = cmd.Wait()
	s.exported(killed)
	s.exported(whole)
	got, want := files(t, killed), files(t, whole)
	for address, file := range want {
		if got[address] != file {
			t.Errorf("%s is not what it is to be", address)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
}

// TestBenchExport: both sites are made of the same articles, and what it took is told.
func TestBenchExport(t *testing.T) {
	t.Setenv(asProgram, "1")
	t.Setenv("DATELINE_BENCH_DIR", t.TempDir())
	const articles = 120
	var all []exportFigures
	command(t, "bench", "export", "--articles", strconv.Itoa(articles), "--without", "--json").is(exitOK).json(&all)
	if len(all) != 1 || all[0].First.Files < articles || all[0].Again.Files != all[0].First.Files || all[0].First.Memory <= 0 || all[0].First.Size <= 0 ||
		all[0].Again.Made != all[0].First.Made || all[0].Again.Written != 0 || all[0].Edits.Written < benchEdits || all[0].Edits.Made > all[0].Again.Made {
		t.Errorf("%+v", all)
	}
	dir := t.TempDir()
	must(t, writeContent(dir, newCorpus(articles)))
	made, err := filepath.Glob(filepath.Join(dir, "hugo", "content", "*", "*.md"))
	must(t, err)
	if len(made) != articles {
		t.Errorf("%d articles for Hugo", len(made))
	}
}
