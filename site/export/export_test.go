package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/site/press"
)

// small is a site of a few answers by address.
type small struct {
	answers map[string]press.Response
	asked   atomic.Int64
	after   func(n int64) // told how many were asked
}

func page(body string) press.Response { return answer(200, "text/html; charset=utf-8", body) }

func answer(status int, kind, body string, more ...string) press.Response {
	r := press.Response{Status: status, Body: []byte(body), Lines: []press.Line{{Name: "Content-Type", Values: []string{kind}}}}
	for i := 0; i < len(more); i += 2 {
		r.Lines = append(r.Lines, press.Line{Name: more[i], Values: []string{more[i+1]}})
	}
	return r
}

func newSmall() *small {
	s := &small{answers: map[string]press.Response{
		"/":            page(`<a href="/coast/">x</a><a href="/old">x</a><a href="/search">x</a><a href="/gone">x</a><a href="https://else.example/no">x</a><style>x{src:url(/assets/a.woff2)}</style>`),
		"/coast/":      page(`<a href="/coast/a&amp;b">x</a><a href="/c%C3%B4te#top">x</a><img src="/pictures/p.jpg" srcset="/pictures/p.webp 320w, /pictures/q.webp 640w"><a href="/?p=7">x</a>`),
		"/coast/a&b":   page(`<meta property="og:image" content="https://paper.example/pictures/og.jpg"><script type="application/ld+json">{"image":["https://paper.example/pictures/ld.jpg"]}</script>`),
		"/côte":        page("Côte"),
		"/old":         answer(301, "text/plain", "", "Location", "/coast/"),
		"/search":      answer(200, "text/html", "search", "Cache-Control", "no-store"),
		"/gone":        answer(410, "text/html", "It was not so."),
		"/rss.xml":     answer(200, "application/rss+xml", "<rss/>"),
		"/robots.txt":  answer(200, "text/plain", "User-agent: *"),
		"/sitemap.xml": answer(200, "application/xml", "<loc>https://paper.example/sitemaps/a.xml</loc>"),
		missingPage:    answer(404, "text/html", "Nothing is here."),
		"/sitemaps/a.xml": answer(200, "application/xml", "<loc>https://paper.example/only-in-the-sitemap</loc><loc>https://paper.example/"+
			strings.Repeat("l", 300)+"</loc>"),
		"/only-in-the-sitemap": page("here"),
		"/told":                page("told"),
	}}
	for _, name := range []string{"p.jpg", "p.webp", "q.webp", "og.jpg", "ld.jpg"} {
		s.answers["/pictures/"+name] = answer(200, "image/jpeg", name)
	}
	s.answers["/assets/a.woff2"] = answer(200, "font/woff2", "font")
	return s
}

func (s *small) serve(_ context.Context, req *press.Request) (press.Response, []string) {
	if n := s.asked.Add(1); s.after != nil {
		s.after(n)
	}
	if a, ok := s.answers[req.Path]; ok {
		return a, nil
	}
	return answer(404, "text/html", "Nothing is here."), nil
}

func (s *small) options(dir string) Options {
	return Options{Serve: s.serve, Origin: "https://paper.example", Dir: dir, Of: Mark{Paper: "one", Position: 1}, Workers: 2,
		More: func(tell func(string) error) error { return tell("/told") }}
}

// contents are the files of a folder with what they hold, the mark aside.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	if err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), MarkName) {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(b)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return files
}

func mustRun(t *testing.T, o Options) Report {
	t.Helper()
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestWhatIsWritten: everything that pages and sitemaps name, and nothing that is made when asked or is gone.
func TestWhatIsWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "www")
	r := mustRun(t, newSmall().options(dir))
	files := contents(t, dir)
	want := []string{"404.html", "assets/a.woff2", "coast/a&b/index.html", "coast/index.html", "côte/index.html", "index.html", "old/index.html",
		"only-in-the-sitemap/index.html", "pictures/ld.jpg", "pictures/og.jpg", "pictures/p.jpg", "pictures/p.webp", "pictures/q.webp", "robots.txt",
		"sitemap.xml", "sitemaps/a.xml", "told/index.html"}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("the files are\n%q, want\n%q", got, want)
	}
	if old := files["old/index.html"]; !strings.Contains(old, `content="0; url=/coast/"`) || !strings.Contains(old, `href="https://paper.example/coast/"`) {
		t.Errorf("the old address says %s", old)
	}
	if files["404.html"] != "Nothing is here." {
		t.Errorf("the page for what is missing says %q", files["404.html"])
	}
	if want := []string{"/" + strings.Repeat("l", 300), "/?p=7"}; !slices.Equal(sorted(r.Left), sorted(want)) {
		t.Errorf("left out: %q", r.Left)
	}
	if r.Files != int64(len(files)) || r.Written != r.Files || r.Removed != 0 || r.Unchanged {
		t.Errorf("the report: %+v", r)
	}
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

// TestARunWritesWhatChanged: other files keep their inode; what is gone is taken away with its empty folders; a run with nothing new
// asks nobody.
func TestARunWritesWhatChanged(t *testing.T) {
	dir, s := t.TempDir(), newSmall()
	o := s.options(dir)
	mustRun(t, o)
	kept, err := os.Stat(filepath.Join(dir, "coast", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	asked := s.asked.Load()
	if r := mustRun(t, o); !r.Unchanged || r.Files == 0 || s.asked.Load() != asked {
		t.Errorf("with nothing new: %+v, %d were asked for", r, s.asked.Load()-asked)
	}
	o.Of.Position++
	s.answers["/côte"] = page("Other words")
	s.answers["/sitemaps/a.xml"] = answer(200, "application/xml", "")
	s.answers["/coast/a&b"] = answer(410, "text/html", "It was not so.")
	r := mustRun(t, o)
	if r.Written != 2 || r.Removed != 4 { // the page and the sitemap; two pages and two pictures
		t.Errorf("the report: %+v", r)
	}
	files := contents(t, dir)
	if files["côte/index.html"] != "Other words" {
		t.Errorf("the changed page says %q", files["côte/index.html"])
	}
	for _, gone := range []string{"coast/a&b", "pictures/og.jpg", "only-in-the-sitemap"} {
		if _, err := os.Stat(filepath.Join(dir, gone)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is there: %v", gone, err)
		}
	}
	if now, err := os.Stat(filepath.Join(dir, "coast", "index.html")); err != nil || !os.SameFile(kept, now) {
		t.Errorf("a page that did not change was written again: %v", err)
	}
}

// TestAnInterruptedRunIsGoneOnWith: wherever it ends, the next run brings the folder to what a run in one go makes, and writes no page
// that is there already.
func TestAnInterruptedRunIsGoneOnWith(t *testing.T) {
	whole := t.TempDir()
	total := mustRun(t, newSmall().options(whole)).Files
	want := contents(t, whole)
	for _, at := range []int64{1, 2, 7, 12, 20} {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			dir, s := t.TempDir(), newSmall()
			ctx, cancel := context.WithCancel(t.Context())
			s.after = func(n int64) {
				if n == at {
					cancel()
				}
			}
			if _, err := Run(ctx, s.options(dir)); !errors.Is(err, context.Canceled) {
				t.Fatalf("the run ends with %v", err)
			}
			var last state
			b, err := os.ReadFile(filepath.Join(dir, MarkName))
			if err != nil || json.Unmarshal(b, &last) != nil || last.Done {
				t.Errorf("the mark says %s, %v", b, err)
			}
			before := contents(t, dir)
			// What a kill leaves: half a file beside the one that was to be replaced.
			if err := os.WriteFile(filepath.Join(dir, "index.html.part"), []byte("<!doc"), 0o644); err != nil {
				t.Fatal(err)
			}
			s.after = nil
			r := mustRun(t, s.options(dir))
			if got := contents(t, dir); !maps.Equal(got, want) {
				t.Errorf("the files are %q", slices.Sorted(maps.Keys(got)))
			}
			if r.Written != total-int64(len(before)) {
				t.Errorf("%d files were there of %d, and %d were written", len(before), total, r.Written)
			}
		})
	}
}

func TestFoldersThatAreRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	refuses(t, newSmall().options(dir), dateline.EConflict, "letter.txt")
	if got := contents(t, dir); !maps.Equal(got, map[string]string{"letter.txt": "mine"}) {
		t.Errorf("the folder holds %v", got)
	}

	dir = t.TempDir()
	o := newSmall().options(dir)
	mustRun(t, o)
	o.Of.Paper = "two"
	refuses(t, o, dateline.EConflict, "another paper")

	running, err := open(dir, "one")
	if err != nil {
		t.Fatal(err)
	}
	o.Of.Paper = "one"
	refuses(t, o, dateline.EUnavailable, "another export")
	if err := running.close(); err != nil {
		t.Fatal(err)
	}
	mustRun(t, o)

	if err := os.WriteFile(filepath.Join(dir, MarkName), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	refuses(t, o, dateline.EConflict, "damaged")
}

func refuses(t *testing.T, o Options, code dateline.Code, words string) {
	t.Helper()
	if _, err := Run(t.Context(), o); dateline.ErrorCode(err) != code || !strings.Contains(err.Error(), words) {
		t.Errorf("it ends with %v, want %s and %q", err, code, words)
	}
}

// TestAFailureEndsTheRun: a page that cannot be made is no page that is gone, and nothing is taken away.
func TestAFailureEndsTheRun(t *testing.T) {
	dir, s := t.TempDir(), newSmall()
	o := s.options(dir)
	mustRun(t, o)
	before := contents(t, dir)
	o.Of.Position++
	s.answers["/coast/"] = answer(503, "text/html", "The page could not be made")
	if _, err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "/coast/") || !strings.Contains(err.Error(), "503") {
		t.Errorf("it ends with %v", err)
	}
	if got := contents(t, dir); !maps.Equal(got, before) {
		t.Errorf("the files are %q", slices.Sorted(maps.Keys(got)))
	}
}

// TestNoFileLeavesTheFolder: whatever an address is, its file lies in the folder and is not the mark.
func TestNoFileLeavesTheFolder(t *testing.T) {
	for path, want := range map[string]string{"/": "index.html", "/a": "a/index.html", "/a/": "a/index.html", "/a.html": "a.html/index.html"} {
		if got, ok := fileOf(path, "text/html; charset=utf-8"); !ok || got != want {
			t.Errorf("%q is %q, %v", path, got, ok)
		}
	}
	for _, path := range []string{"/../x", "/a/../../x", "/a//b", "/" + MarkName, "/a/" + MarkName + ".part", "/a\x00b", "/./x/.."} {
		if got, ok := fileOf(path, "text/html"); ok && (got != filepath.Clean(got) || strings.HasPrefix(got, "..")) {
			t.Errorf("%q is %q", path, got)
		} else if ok {
			t.Errorf("%q has the file %q", path, got)
		}
	}
}

// TestAddressesAreAskedAsTheyAreSpelled: imported addresses are kept as other systems wrote them, and looked up so; the file has the
// name by which a server of files finds it.
func TestAddressesAreAskedAsTheyAreSpelled(t *testing.T) {
	s := newSmall()
	o := s.options(filepath.Join(t.TempDir(), "www"))
	o.Serve = func(ctx context.Context, req *press.Request) (press.Response, []string) {
		switch req.Escaped {
		case "/2019/caf%c3%a9":
			return page("the article of " + req.Path), nil
		case "/2018/th%C3%A9":
			return answer(301, "text/plain", "", "Location", "/2019/caf%c3%a9"), nil
		}
		return s.serve(ctx, req)
	}
	o.More = func(tell func(string) error) error { return tell("/2018/th%C3%A9") }
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"2019/café": "the article of /2019/café", "2018/thé": `url=/2019/caf%c3%a9"`} {
		b, err := os.ReadFile(filepath.Join(o.Dir, name, "index.html"))
		if err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s: %v, %q", name, err, b)
		}
	}
}

// TestOnlyWhatWasTouchedIsAskedForAgain: a page is asked for where one of its keys was touched, where it has none, where its file is not
// there, and everything where the last run cannot be gone by.
func TestOnlyWhatWasTouchedIsAskedForAgain(t *testing.T) {
	s := newSmall()
	o := s.options(t.TempDir())
	keys := map[string][]string{"/": {"home", "all"}, "/coast/": {"coast", "all"}, "/coast/a&b": {"a", "all"}, "/côte": {"b", "all"}, "/gone": {"gone"}, "/rss.xml": {"all"},
		"/sitemap.xml": {"maps"}, "/sitemaps/a.xml": {"maps"}, "/only-in-the-sitemap": {"a"}, "/told": {"a"}}
	var mu sync.Mutex
	var asked []string
	o.Serve = func(ctx context.Context, req *press.Request) (press.Response, []string) {
		mu.Lock()
		asked = append(asked, req.Path)
		mu.Unlock()
		r, _ := s.serve(ctx, req)
		return r, keys[req.Path]
	}
	known, touched := true, []string(nil)
	o.Since = func(Mark) ([]uint32, bool, error) { return hashesOf(touched), known, nil }
	run := func(want ...string) Report {
		t.Helper()
		o.Of.Position++
		asked = nil
		r := mustRun(t, o)
		want = append(want, "/404.html", "/archive", "/corrections", "/favicon.ico", "/old", "/record/key", "/record/keys", "/robots.txt", "/search", "/sitemap-news.xml")
		if got := sorted(asked); !slices.Equal(got, sorted(want)) {
			t.Errorf("asked for %q, want %q", got, sorted(want))
		}
		return r
	}
	everything := sorted(slices.Concat(slices.Collect(maps.Keys(keys))))
	everything = slices.DeleteFunc(everything, func(p string) bool { return p == "/rss.xml" }) // nothing names it
	files := []string{"/assets/a.woff2", "/pictures/ld.jpg", "/pictures/og.jpg", "/pictures/p.jpg", "/pictures/p.webp", "/pictures/q.webp"}
	first := run(append(files, everything...)...)
	if r := run(); r.Files != first.Files || r.Bytes != first.Bytes || r.Written != 0 || !slices.Equal(r.Left, first.Left) {
		t.Errorf("the reports: %+v and %+v", first, r)
	}
	touched = []string{"a"}
	run("/coast/a&b", "/only-in-the-sitemap", "/told")
	touched = []string{"coast"}
	s.answers["/coast/"] = page("nothing more")
	if r := run("/coast/"); r.Written != 1 || r.Removed != 7 { // the page and the one that it alone named, with five pictures
		t.Errorf("the report: %+v", r)
	}
	touched = nil
	if err := os.Remove(filepath.Join(o.Dir, "told", "index.html")); err != nil {
		t.Fatal(err)
	}
	run("/told")
	left := slices.DeleteFunc(everything, func(p string) bool { return p == "/coast/a&b" || p == "/côte" })
	for what, change := range map[string]func(){
		"not known":       func() { known = false },
		"another program": func() { o.Of.Program += "x" },
		"another zone":    func() { o.Of.Zone += "x" },
		"damage": func() {
			path := filepath.Join(o.Dir, pagesName)
			b, err := os.ReadFile(path)
			b[len(b)/2]++
			if err = errors.Join(err, os.WriteFile(path, b, 0o644)); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(what, func(t *testing.T) {
			change()
			run(left...)
			known = true
			run()
		})
	}
}

// TestFilesAreOnDiskBeforeTheyAreGoneBy: when the disk is waited for every file is written, and nothing says yet that it is; so what a power
// cut takes of them is made again.
func TestFilesAreOnDiskBeforeTheyAreGoneBy(t *testing.T) {
	s := newSmall()
	o := s.options(t.TempDir())
	o.Since = func(Mark) ([]uint32, bool, error) { return nil, true, nil }
	f := &folder{dir: o.Dir}
	var then map[string]string
	o.sync = func() {
		if then != nil {
			t.Error("the disk is waited for twice")
		}
		then = contents(t, o.Dir)
		if of, _, err := f.remembered(); err == nil && of == o.Of {
			t.Error("the pages are kept before the files are on disk")
		} else if err != nil && (o.Of.Position > 1 || !errors.Is(err, fs.ErrNotExist)) {
			t.Error(err)
		}
		var last state
		if b, err := os.ReadFile(f.path(MarkName)); err != nil || json.Unmarshal(b, &last) != nil || last.Done {
			t.Errorf("the mark says %s, %v, before the files are on disk", b, err)
		}
	}
	for range 2 {
		mustRun(t, o)
		if got := contents(t, o.Dir); !maps.Equal(got, then) {
			t.Errorf("the disk was waited for with %d files, and %d are there", len(then), len(got))
		}
		if of, _, err := f.remembered(); err != nil || of != o.Of {
			t.Errorf("kept: %+v, %v", of, err)
		}
		then = nil
		o.Of.Position++
		s.answers["/told"] = page("told again")
	}
}

// TestNoRoomAndNoRights: the error says what to do.
func TestNoRoomAndNoRights(t *testing.T) {
	f := &folder{}
	for err, words := range map[error]string{syscall.ENOSPC: "no room", syscall.EROFS: "rights", fs.ErrPermission: "rights"} {
		if got := f.refusal("www/index.html", &fs.PathError{Op: "write", Path: "x", Err: err}); !strings.Contains(got.Error(), words) || !strings.Contains(got.Error(), "www/index.html") {
			t.Errorf("%v is told as %v", err, got)
		}
	}
}

func FuzzKnown(f *testing.F) {
	k := known{flags: isFile | isPage, path: "/coast/a", size: 300, on: []uint32{7, 1 << 31}, names: []uint32{0, 3, 900}}
	f.Add(k.encode())
	f.Add([]byte{1, 200})
	f.Fuzz(func(t *testing.T, b []byte) {
		var got, again known
		path, err := got.decode(b)
		if err != nil {
			return
		}
		got.path = string(path)
		if same, err := again.decode(got.encode()); err != nil || string(same) != got.path || !slices.Equal(again.on, got.on) || !slices.Equal(again.names, got.names) || again.size != got.size {
			t.Errorf("%+v becomes %+v, %v", got, again, err)
		}
	})
}
