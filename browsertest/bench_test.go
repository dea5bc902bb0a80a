package browsertest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestTheBenchInABrowser: `dateline bench browser` measures everything that it promises, however long it takes here.
func TestTheBenchInABrowser(t *testing.T) {
	needsBrowser(t)
	dir := t.TempDir()
	program, corpus := filepath.Join(dir, "dateline"), filepath.Join(dir, "corpus")
	run := func(name string, args ...string) []byte {
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.Stderr = "..", os.Stderr // where the scripts are found
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, out)
		}
		return out
	}
	run("go", "build", "-o", program, "./cmd/dateline")
	run(program, "bench", "corpus", "--articles", "30", "--dir", corpus)
	type spread struct {
		N      int
		Median float64
	}
	var found struct {
		Paint     spread
		PaintRows spread `json:"paint_rows"`
		PaintAll  spread `json:"paint_all"`
		Keys      spread
		KeysBeat  spread `json:"keys_beat"`
		KeysWords int    `json:"keys_words"`
	}
	if err := json.Unmarshal(run(program, "bench", "browser", "--json", "--visits", "2", "--keys", "12", "--dir", corpus), &found); err != nil {
		t.Fatal(err)
	}
	for what, s := range map[string]spread{"paint": found.Paint, "rows": found.PaintRows, "all": found.PaintAll} {
		if s.N != 2 || s.Median <= 0 {
			t.Errorf("%s: %+v", what, s)
		}
	}
	if found.PaintRows.Median < found.Paint.Median {
		t.Errorf("the rows are painted at %.0f ms, before anything is at %.0f", found.PaintRows.Median, found.Paint.Median)
	}
	for what, s := range map[string]spread{"keys": found.Keys, "keys before a screen": found.KeysBeat} {
		if s.N != 12 || s.Median <= 0 {
			t.Errorf("%s: %+v", what, s)
		}
	}
	if found.KeysWords < 4900 || found.KeysWords > 5000 {
		t.Errorf("the article has %d words", found.KeysWords)
	}
}
