package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/archtest/corpora"
	"github.com/google/go-cmp/cmp"
)

// commandLineOf runs a command line in an empty folder and returns its exit code and what it printed.
func commandLineOf(t *testing.T, args ...string) (code int, out, complaint string) {
	t.Helper()
	t.Chdir(t.TempDir())
	complaints, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer complaints.Close()
	var b bytes.Buffer
	code = run(t.Context(), args, streams{in: os.Stdin, out: &b, err: complaints})
	said, err := os.ReadFile(complaints.Name())
	if err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir("."); err != nil || len(left) != 0 {
		t.Errorf("the command left %v in its folder (%v)", left, err)
	}
	return code, b.String(), string(said)
}

// The captures give the fields beside them, without a newsroom and with the known zones.
func TestImportPageDryRun(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpora.Dir(t, "captures"), "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	code, out, complaint := commandLineOf(t, append([]string{"import", "page", "--dry-run", "--json"}, files...)...)
	if code != exitOK {
		t.Fatalf("exit code %d: %s", code, complaint)
	}
	dec := json.NewDecoder(strings.NewReader(out))
	for _, file := range files {
		src, err := os.ReadFile(strings.TrimSuffix(file, ".txt") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var want, got map[string]any
		if err := json.Unmarshal(src, &want); err != nil {
			t.Fatal(err)
		}
		if err := dec.Decode(&got); err != nil {
			t.Fatal(err)
		}
		paragraphs, ok := got["paragraphs"].([]any)
		if !ok {
			t.Fatalf("%s: paragraphs are %T", file, got["paragraphs"])
		}
		got["paragraphs"] = float64(len(paragraphs))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", filepath.Base(file), diff)
		}
	}
	corpora.Read(t, len(files), "captures")
}

func TestImportPageDryRunOfHTML(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpora.Dir(t, "saved-pages"), "*", "source.html"))
	if err != nil {
		t.Fatal(err)
	}
	code, out, complaint := commandLineOf(t, append([]string{"import", "page", "--dry-run", "--json", "--zone", "Europe/Paris"}, files...)...)
	if code != exitOK {
		t.Fatalf("exit code %d: %s", code, complaint)
	}
	want := []string{"first_published", "furniture", "headline", "paragraphs", "section", "standfirst", "topics", "updated"}
	dec := json.NewDecoder(strings.NewReader(out))
	for _, file := range files {
		var got map[string]json.RawMessage
		if err := dec.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if keys := slices.Sorted(maps.Keys(got)); cmp.Diff(want, keys) != "" || len(got["paragraphs"]) < 20 || string(got["headline"]) == "null" {
			t.Errorf("%s: keys %v, headline %s", file, keys, got["headline"])
		}
	}
	corpora.Read(t, len(files), "saved-pages")
}

func TestImportPageSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.txt")
	for name, content := range map[string]string{"good.txt": "Pier closed\n\nThe pier was shut on Monday.\n", "picture.html": "\x89PNG\r\n", "empty.txt": "", "nul.txt": "One\nTwo\x00\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for bad, want := range map[string]string{"picture.html": "picture.html, line 1: this is a picture", "empty.txt": "empty.txt, line 1: the file is empty",
		"nul.txt": "nul.txt, line 2: there is a NUL byte", "none.txt": "none.txt cannot be opened", ".": "is a folder"} {
		code, out, complaint := commandLineOf(t, "import", "page", "--dry-run", "--json", filepath.Join(dir, bad), good)
		if code != exitFailed || !strings.Contains(complaint, want) || strings.Count(out, "\n") != 1 {
			t.Errorf("%s: exit code %d, %q, printed %s", bad, code, complaint, out)
		}
		r := importRoom(t)
		if _, err := importPages(t.Context(), r, pageArgs{Files: []string{good, filepath.Join(dir, bad)}, Section: "news"}, quiet); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", bad, err)
		}
		if n := len(articlesOf(t, r)); n != 0 {
			t.Errorf("%s: %d articles were imported beside it", bad, n)
		}
	}
	if code, _, complaint := commandLineOf(t, "import", "page", "--dry-run", "--zone", "Mars/Olympus", good); code != exitFailed || !strings.Contains(complaint, "--zone") {
		t.Errorf("exit code %d, %s", code, complaint)
	}
}

func TestImportPages(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	text := strings.Repeat("<p>The pier will stay closed until June, the council said on Monday, because divers found the third pile cracked.</p>", 6)
	html := func(canonical string) string {
		return `<!doctype html><html lang="en"><head><title>Pier closed</title><link rel="canonical" href="` + canonical + `">
<meta property="article:published_time" content="2014-06-27T08:00:00+02:00"><meta name="author" content="Ada Lund"></head><body><article><h1>Pier closed</h1>` + text + `</article></body></html>`
	}
	captures := corpora.Dir(t, "captures")
	args := pageArgs{Section: "archive-desk", Files: []string{write("own.html", html("https://paper.example/city/pier.html?id=7")),
		write("other.html", strings.ReplaceAll(html("https://other.example/pier.html"), "Pier closed", "Pier shut")),
		write("undated.txt", "A wreck was found\n\nThe wreck of a boat was found off the point.\n"), filepath.Join(captures, "harbour-dredging.txt")}}
	r := importRoom(t)
	report, err := importPages(t.Context(), r, args, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := report.summary(), "imported 4, articles 3, pages 0, drafts 1, proposed 0, private 0, unchanged 0, differ 0, skipped 0, not imported map[]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	all := articlesOf(t, r)
	if a := all["Pier closed"]; a == nil || a.Address != "/city/pier.html?id=7" || !a.First.Equal(time.Date(2014, 6, 27, 6, 0, 0, 0, time.UTC)) {
		t.Errorf("the page of the paper's own host: %+v", a)
	}
	if a := all["Pier shut"]; a == nil || a.Address != "/archive-desk/2014/06/27/pier-shut" {
		t.Errorf("another host's page: %+v", a)
	}
	if a := all["A wreck was found"]; a == nil || a.Readers != dateline.Unpublished {
		t.Errorf("the page without a date: %+v", a)
	}
	dredging := all["Harbour board seeks to reopen dredging talks with islands"]
	if dredging == nil || dredging.Address != "/region/2015/09/18/harbour-board-seeks-to-reopen-dredging-talks-with-islands" || len(dredging.Content.Topics) != 3 ||
		!dredging.Updated.Equal(time.Date(2015, 9, 18, 17, 42, 0, 0, time.UTC)) || strings.Count(string(dredging.Content.Body), "The harbour board will ask") != 0 {
		t.Errorf("the capture: %+v", dredging)
	}
	length := recordLength(t, r)
	again, err := importPages(t.Context(), r, args, quiet)
	if err != nil || again.Unchanged != 4 || again.Imported != 0 || recordLength(t, r) != length {
		t.Errorf("the second run: %v %v", again, err)
	}
}
