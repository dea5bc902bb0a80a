package newsroom

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sayers are the functions that make sentences for the newsroom, with the place of the format among their arguments; every argument
// of those of place -1 is looked at.
var sayers = map[string]int{"Say": 0, "Phrase": 0, "Errorf": 1, "add": 1, "frontField": 1, "refuse": 0, "note": -1, "appendStory": -1,
	"err": 0, "locked": 0, "sameVersion": 0, "changedOne": 2, "absentIfNone": 2}

// onlyAtTheMachine are files whose errors only commands and programs are given, which speak English.
var onlyAtTheMachine = []string{"importing.go", "sign.go", "witness.go", "token.go", "follow.go", "parse.go"}

// sentences lists every format in which the newsroom's packages say something, with the file in which it stands.
func sentences(t *testing.T) map[string]string {
	found := map[string]string{}
	for _, folder := range []string{"..", "../auth", "../desk", "../desk/store", "../media", "."} {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				for _, format := range saidBy(n, slices.Contains(onlyAtTheMachine, filepath.Base(name))) {
					found[format] = name
				}
				return true
			})
		}
	}
	return found
}

// saidBy gives what a node of a program says in the newsroom.
func saidBy(n ast.Node, noErrors bool) (list []string) {
	switch n := n.(type) {
	case *ast.CallExpr:
		called := ""
		switch f := n.Fun.(type) {
		case *ast.Ident:
			called = f.Name
		case *ast.SelectorExpr:
			called = f.Sel.Name
		}
		at, ok := sayers[called]
		ok = ok && !(noErrors && called == "Errorf")
		for i, a := range n.Args {
			if format := literal(a); ok && (i == at || at < 0) && (called != "add" || strings.Contains(format, " ")) { // others add other things
				list = append(list, format)
			}
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && (key.Name == "Message" || key.Name == "what") {
			list = append(list, literal(n.Value))
		}
	}
	return list
}

// literal is the string that an expression is written as; "" where it is none.
func literal(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return s
		}
	case *ast.BinaryExpr:
		if a, b := literal(e.X), literal(e.Y); a != "" && b != "" {
			return a + b
		}
	}
	return ""
}

var (
	placesOf = regexp.MustCompile(`%(?:%|(?:\[[0-9]+\])?[-+# 0]*[0-9]*(?:\.[0-9]+)?[a-zA-Z])`)
	aWord    = regexp.MustCompile(`\pL{2}`)
)

func TestEverySentenceIsInEveryLanguage(t *testing.T) {
	said := sentences(t)
	if len(said) < 200 {
		t.Fatalf("%d sentences were found: the walk misses some", len(said))
	}
	for _, w := range newPages().spoken[1:] {
		for format, file := range said {
			if aWord.MatchString(placesOf.ReplaceAllString(format, "")) && w.texts[format] == "" {
				t.Errorf("%s says %q, for which %[3]s has no words: add it to pages/%[3]s.sentences.json", file, format, w.lang)
			}
		}
		for format, words := range w.texts {
			if a, b := len(placesOf.FindAllString(format, -1)), len(placesOf.FindAllString(words, -1)); a != b {
				t.Errorf("%s: %q has %d places, and %q has %d", w.lang, format, a, words, b)
			}
		}
	}
}
