package ui

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAPageTellsWhatIsAskedFirst(t *testing.T) {
	for address, want := range map[string][]string{
		"/": {"room", "desk"}, "/?list=mine": {"room", "desk", "desk/mine?limit=100"}, "/?list=published-today": {"room", "desk", "desk/published-today?limit=100"},
		"/?q=harbour": {"room"}, "/?list=all&section=coast": {"room"}, `/?list=a>,<x`: {"room"}, "/calendar": {"room"},
	} {
		w := httptest.NewRecorder()
		New().Shell(w, httptest.NewRequest("GET", "http://localhost"+address, nil))
		links := w.Header().Values("Link")
		for i, path := range want {
			if i >= len(links) || links[i] != "</api/v1/"+path+">; rel=preload; as=fetch; crossorigin=anonymous" {
				t.Errorf("%s: %q, want %q", address, links, want)
			}
		}
		if len(links) != len(want) || strings.Contains(w.Body.String(), "/api/v1/room") {
			t.Errorf("%s: %q, want %q", address, links, want)
		}
	}
}
