package fetch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// clientNames are the names of net/http by which a program asks other machines for something.
var clientNames = []string{"Client", "Transport", "DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm"}

// TestNobodyElseFetches walks the module's own Go files and fails at each place outside this package that could make a
// request around the guard. The one exception is a file of cmd/dateline that dials a Unix socket: there the command
// line speaks to the server of the same newsroom's folder, which no address in any content can choose. The folder bench is not
// walked: it is no part of the program, and asks only the servers that it started itself.
func TestNobodyElseFetches(t *testing.T) {
	root := filepath.Join("..")
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" || path == filepath.Join(root, "fetch") || path == filepath.Join(root, "bench")) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		for _, place := range clientUses(t, path, nil) {
			t.Errorf("%s: use fetch.Client, or say here why this place needs no guard", place)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		t.Fatal("no Go file was read")
	}
}

func TestClientUsesAreFound(t *testing.T) {
	const source = `package x
import web "net/http"
func f() { web.Get("http://x/"); _ = &web.Client{}; _ = web.DefaultClient; _ = web.StatusOK }`
	if got := clientUses(t, "x.go", source); len(got) != 3 {
		t.Errorf("found %v, want three places", got)
	}
	const socket = `package main
import "net/http"
func f() { dial("unix"); _ = http.Client{} }`
	if got := clientUses(t, "../cmd/dateline/x.go", socket); len(got) != 0 {
		t.Errorf("the Unix socket's file was refused: %v", got)
	}
	if got := clientUses(t, "../desk/x.go", socket); len(got) != 1 {
		t.Errorf("the exception reaches beyond cmd/dateline: %v", got)
	}
}

// clientUses returns each place in a file that names a client of net/http.
func clientUses(t *testing.T, path string, source any) (places []string) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	pkg := importName(file, "net/http")
	if pkg == "" {
		return nil
	}
	unix := false
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			unix = unix || n.Value == `"unix"`
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == pkg && slices.Contains(clientNames, n.Sel.Name) {
				places = append(places, set.Position(n.Pos()).String()+" names http."+n.Sel.Name)
			}
		}
		return true
	})
	if unix && filepath.ToSlash(filepath.Dir(path)) == "../cmd/dateline" {
		return nil
	}
	return places
}

func importName(file *ast.File, path string) string {
	for _, spec := range file.Imports {
		if value, err := strconv.Unquote(spec.Path.Value); err == nil && value == path {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return path[strings.LastIndex(path, "/")+1:]
		}
	}
	return ""
}
