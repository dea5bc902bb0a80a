package page

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/datelinehq/dateline/archtest/corpora"
)

// asJSON gives the printed object of a page, its paragraphs counted as the corpus does.
func asJSON(t *testing.T, p Page) map[string]any {
	t.Helper()
	src, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(src, &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestCaptures(t *testing.T) {
	dir := corpora.Dir(t, "captures")
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		wantSrc, err := os.ReadFile(strings.TrimSuffix(file, ".txt") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var want map[string]any
		if err := json.Unmarshal(wantSrc, &want); err != nil {
			t.Fatal(err)
		}
		for name, change := range map[string]func(string) string{
			"as it is":             func(s string) string { return s },
			"windows":              func(s string) string { return "\ufeff" + strings.ReplaceAll(s, "\n", "\r\n") },
			"hard space":           func(s string) string { return strings.ReplaceAll(s, ": ", ":\u00a0") },
			"no blanks at the end": func(s string) string { return strings.TrimSpace(s) },
		} {
			p, err := Parse([]byte(change(string(src))), Options{})
			if err != nil {
				t.Errorf("%s, %s: %v", filepath.Base(file), name, err)
				continue
			}
			got := asJSON(t, p)
			got["paragraphs"] = float64(len(got["paragraphs"].([]any)))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", filepath.Base(file), name, diff)
			}
		}
	}
	corpora.Read(t, len(files), "captures")
}
