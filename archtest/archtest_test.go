// Package archtest holds the rules of what may import what, each with its reason, as tests.
package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/datelinehq/dateline"

// pkg is one package of the module as `go list` tells of it.
type pkg struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

// load lists the module's packages; local names are relative, with "." for the root.
func load(t *testing.T) map[string]pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Standard", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("go list: %v\n%s", err, exit.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	pkgs := map[string]pkg{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs[local(p.ImportPath)] = p
	}
	if len(pkgs) < 5 {
		t.Fatalf("go list found only %d packages", len(pkgs))
	}
	return pkgs
}

func local(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

func inModule(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// reach lists what a package imports itself and through packages of this module, with the road to each.
func reach(pkgs map[string]pkg, from string) map[string]string {
	roads := map[string]string{}
	var walk func(name, road string)
	walk = func(name, road string) {
		for _, imp := range pkgs[name].Imports {
			if _, seen := roads[imp]; seen {
				continue
			}
			roads[imp] = road + " → " + local(imp)
			if inModule(imp) {
				walk(local(imp), roads[imp])
			}
		}
	}
	walk(from, from)
	return roads
}

func under(name string, folders ...string) bool {
	for _, f := range folders {
		if name == f || strings.HasPrefix(name, f+"/") {
			return true
		}
	}
	return false
}

// TestPurePackagesDoNoIO: what the same input always answers the same way can be tested, fuzzed and trusted with a
// stranger's bytes. Time and randomness come in as arguments.
func TestPurePackagesDoNoIO(t *testing.T) {
	forbidden := []string{"database/sql", "net/http", "net", "os", "os/exec", "log", "log/slog", "syscall"}
	// outside are the packages of others that pure packages may use, each with its reason.
	outside := map[string]string{
		"golang.org/x/net/html":                  "parses HTML as browsers do",
		"golang.org/x/net/html/atom":             "names of elements for golang.org/x/net/html",
		"golang.org/x/text/":                     "Unicode's normal forms and old charsets; tables and functions only",
		"golang.org/x/mod/sumdb/":                "the tree and the signed note of C2SP",
		"filippo.io/torchwood":                   "C2SP's tile paths and checkpoints; only its functions on bytes are used",
		"github.com/sergi/go-diff/":              "the difference of two texts",
		"codeberg.org/readeck/go-readability/v2": "finds an article in a saved page",
		"github.com/rivo/uniseg":                 "what readers take for one character",
		"github.com/andybalholm/cascadia":        "CSS selectors on parsed HTML",
		"golang.org/x/net/html/charset":          "the charset of a saved page",
	}
	pkgs := load(t)
	checked := 0
	for name := range pkgs {
		if !under(name, "record", "render", "feed", "markup", "search", "wire") && name != "." {
			continue
		}
		checked++
		for imp, road := range reach(pkgs, name) {
			if slices.Contains(forbidden, imp) {
				t.Errorf("%s reaches %s: %s", name, imp, road)
			}
			if strings.Contains(strings.Split(imp, "/")[0], ".") && !inModule(imp) && !allowed(outside, imp) {
				t.Errorf("%s uses %s, which has no line with a reason here: %s", name, imp, road)
			}
		}
	}
	if checked < 4 {
		t.Fatalf("only %d pure packages were found", checked)
	}
	for _, imp := range pkgs["."].Imports {
		if strings.Contains(strings.Split(imp, "/")[0], ".") {
			t.Errorf("the root package imports %s: the domain is the standard library only", imp)
		}
	}
}

func allowed(list map[string]string, imp string) bool {
	for prefix := range list {
		if imp == prefix || strings.HasSuffix(prefix, "/") && strings.HasPrefix(imp, prefix) {
			return true
		}
	}
	return false
}

// TestRoomsAreApart: the site has no handle on the desk, so a draft is not hidden from readers, it is not there; and the
// desk knows neither who reads nor who edits, so its rules stand in one place.
func TestRoomsAreApart(t *testing.T) {
	rules := []struct {
		who    []string
		never  []string
		reason string
	}{
		{[]string{"site"}, []string{"desk", "newsroom", "auth", "job", "courier"}, "nothing leaks: the site is built from the record alone"},
		{[]string{"desk"}, []string{"site", "newsroom"}, "the desk is the only writer and asks nobody who reads"},
		{[]string{"record", "render", "feed", "markup", "search", "wire", "media", "weather", "fetch", "ship"}, []string{"desk", "newsroom", "cmd"}, "what everybody uses depends on no room"},
		{[]string{"auth"}, []string{"site", "newsroom", "cmd"}, "who may come in is decided without knowing how pages look"},
		{[]string{"newsroom"}, []string{"site"}, "the newsroom reaches readers through the record; receipts come in as an interface"},
	}
	pkgs := load(t)
	for name := range pkgs {
		for _, r := range rules {
			if !under(name, r.who...) {
				continue
			}
			for imp, road := range reach(pkgs, name) {
				if inModule(imp) && under(local(imp), r.never...) {
					t.Errorf("%s (%s)", road, r.reason)
				}
			}
		}
	}
}

// TestDriversStayHome: a database, or a server that is not net/http's, is spoken to in one place, so that another can take its place.
func TestDriversStayHome(t *testing.T) {
	homes := map[string][]string{
		"modernc.org/sqlite":          {"desk/store", "site/shelf"},
		"github.com/jackc/pgx":        {"desk/store"},
		"github.com/nats-io/nats.go":  {"ship/jetstream"},
		"github.com/minio/minio-go":   {"media/blob"},
		"database/sql":                {"desk/store", "site/shelf"},
		"github.com/valyala/fasthttp": {"site", "bench"},
	}
	for name, p := range load(t) {
		for _, imp := range p.Imports {
			for driver, home := range homes {
				if (imp == driver || strings.HasPrefix(imp, driver+"/")) && !under(name, home...) {
					t.Errorf("%s imports %s, whose home is %s", name, imp, strings.Join(home, " and "))
				}
			}
		}
	}
}

// TestOnlyTheCommandWires: desk and site meet in cmd/dateline and nowhere else.
func TestOnlyTheCommandWires(t *testing.T) {
	pkgs := load(t)
	for name := range pkgs {
		if under(name, "cmd") {
			continue
		}
		desk, site := "", ""
		for imp, road := range reach(pkgs, name) {
			if inModule(imp) && local(imp) == "desk" {
				desk = road
			}
			if inModule(imp) && local(imp) == "site" {
				site = road
			}
		}
		if desk != "" && site != "" {
			t.Errorf("%s joins desk and site: %s; %s", name, desk, site)
		}
	}
}

// TestOnlyTheDeskSealsEntries: one writer keeps the record's order and its rules. What is measured without a desk is nobody's
// record: it is made up as it is read, and thrown away.
func TestOnlyTheDeskSealsEntries(t *testing.T) {
	eachFile(t, func(path string, f *ast.File) {
		if under(path, "desk", "record") || path == "cmd/dateline/bench_archive.go" {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "NewEntry" {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "record" {
					t.Errorf("%s calls record.NewEntry: only the desk writes the record", path)
				}
			}
			return true
		})
	})
}

// TestHouseRules: folders are named for the newsroom or the technology, and nothing runs before main asks for it.
func TestHouseRules(t *testing.T) {
	eachFile(t, func(path string, f *ast.File) {
		for _, part := range strings.Split(path, "/") {
			switch strings.TrimSuffix(part, ".go") {
			case "util", "utils", "common", "helpers", "types", "models", "misc":
				t.Errorf("%s: %s says nothing of what is in it", path, part)
			}
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function: what runs is called by name", path)
			}
		}
	})
}

// eachFile parses every Go file that is not a test, with its path from the project's root.
func eachFile(t *testing.T, visit func(path string, f *ast.File)) {
	t.Helper()
	files := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "node_modules" || name == "testdata" || strings.HasPrefix(name, ".") && name != "..") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files++
		visit(filepath.ToSlash(strings.TrimPrefix(path, ".."+string(filepath.Separator))), f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Fatalf("only %d files were read", files)
	}
}
