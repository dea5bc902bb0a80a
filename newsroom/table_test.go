package newsroom

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/datelinehq/dateline/newsroom/ui"
)

// openTable is what the routes answer that are neither the API's nor the door's: to nobody, a reporter, an editor, a chief, the chief
// of a section, and to the session of a chief whose account has ended. Those that ask nobody who they are hold nothing of the paper.
var openTable = []struct {
	route string
	path  string
	want  [6]int
}{
	{"GET /api/v1/openapi.json", "/api/v1/openapi.json", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/openapi-3.0.json", "/api/v1/openapi-3.0.json", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/openapi.yaml", "/api/v1/openapi.yaml", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET /api/v1/openapi-3.0.yaml", "/api/v1/openapi-3.0.yaml", [6]int{200, 200, 200, 200, 200, 200}},
	{"GET /assets/", "/assets/nothing", [6]int{404, 404, 404, 404, 404, 404}},
	{"GET /newsroom-assets/", "/newsroom-assets/nothing", [6]int{404, 404, 404, 404, 404, 404}},
	// A link to a draft is asked for with the link alone: whoever is signed in gets no more of it.
	{"GET /preview/{link}", "/preview/never-made", [6]int{200, 200, 200, 200, 200, 200}},
	{"POST /preview/{link}", "/preview/never-made", [6]int{404, 404, 404, 404, 404, 404}},
	{"GET /preview/{link}/{picture}", "/preview/never-made/x-320.jpg", [6]int{404, 404, 404, 404, 404, 404}},
}

// ofTheInterface is what every page of the interface answers.
var ofTheInterface = [6]int{303, 200, 200, 200, 200, 303}

// patternsOf reads the router's own table.
func patternsOf(t *testing.T, mux *http.ServeMux) (list []string) {
	t.Helper()
	index := reflect.ValueOf(mux).Elem().FieldByName("index")
	add := func(patterns reflect.Value) {
		for i := range patterns.Len() {
			list = append(list, patterns.Index(i).Elem().FieldByName("str").String())
		}
	}
	add(index.FieldByName("multis"))
	for segments := index.FieldByName("segments").MapRange(); segments.Next(); {
		add(segments.Value())
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TestEveryRouteHasARow walks the router's own table: each route stands in the API's document, which the table of roles is compared
// with, in the door's table, in openTable, or is a page of the interface. So one that is added has to say who may ask for it.
func TestEveryRouteHasARow(t *testing.T) {
	l := openLobby(t)
	_, mux := build(Config{Desk: l.desk, Door: l.door, Log: slog.New(slog.DiscardHandler)})
	var doc struct{ Paths map[string]map[string]any }
	l.must(json.Unmarshal([]byte(l.ask("", "GET", "/api/v1/openapi.json", nil).text), &doc))
	rows := map[string]bool{}
	for path, methods := range doc.Paths {
		for method := range methods {
			rows[strings.ToUpper(method)+" "+path] = true
		}
	}
	for _, r := range doorTable {
		rows[r.route] = true
	}
	for _, r := range openTable {
		rows[r.route] = true
	}
	for _, p := range ui.Pages() {
		if p == "/" {
			p = "/{$}"
		}
		rows["GET "+p] = true
	}
	patterns := patternsOf(t, mux)
	if len(patterns) < 100 {
		t.Fatalf("only %d routes were found in the router's table: %q", len(patterns), patterns)
	}
	for _, p := range patterns {
		if !rows[p] {
			t.Errorf("the route %q has no row: say in a table who may ask for it", p)
		}
		delete(rows, p)
	}
	for r := range rows {
		t.Errorf("%q has a row and is no route", r)
	}
}

func TestWhatIsOpenHoldsNothing(t *testing.T) {
	l := openLobby(t)
	for _, r := range openTable {
		method, _, _ := strings.Cut(r.route, " ")
		l.answers(method, r.path, r.want)
	}
	for _, p := range ui.Pages() {
		l.answers("GET", strings.NewReplacer("{id}", nobodys, "{number}", "1").Replace(p), ofTheInterface)
	}
}

// answers asks one address as everybody.
func (l *lobby) answers(method, path string, want [6]int) {
	l.Helper()
	var first string
	for i, letter := range strings.Split(lettersOfTable, "") {
		a := l.ask(l.session(letter), method, path, nil)
		if a.StatusCode != want[i] {
			l.Errorf("%s, %s %s: %d, want %d: %.200s", letter, method, path, a.StatusCode, want[i], a.text)
		}
		if a.StatusCode != 200 {
			continue
		}
		if first == "" {
			first = a.text
		}
		if a.text != first || strings.Contains(a.text, "The Estuary") {
			l.Errorf("%s, %s %s answers with something of its own: %.200s", letter, method, path, a.text)
		}
	}
}
