package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

// TestBenchPublish: readers of an article that is updated get no old answer, and it is seen that they do not.
func TestBenchPublish(t *testing.T) {
	t.Setenv(asProgram, "1")
	t.Setenv("DATELINE_BENCH_DIR", t.TempDir())
	var out bytes.Buffer
	c := benchPublishCommand{Articles: 30, Rate: 400, Connections: 8, Publishes: 5, Seconds: 1, Quiet: 1, JSON: true}
	if err := c.Run(t.Context(), streams{in: os.Stdin, out: &out, err: os.Stderr}); err != nil {
		t.Fatal(err)
	}
	var f publishFigures
	if err := json.Unmarshal(out.Bytes(), &f); err != nil {
		t.Fatal(err)
	}
	// How soon an update is there is the machine's: what is asked is that none was answered with what it replaced.
	if f.Receipt.N != 5 || f.Act.N != 5 || f.Act.Most > f.Receipt.Most || f.Busy.Old != 0 || f.Quiet.Old != 0 || f.Busy.Answers == 0 || f.Quiet.Editions > 1 || f.Busy.Editions > 6 {
		t.Errorf("%+v", f)
	}
	p := &publisher{mark: []byte(`data-edition="x/`), editions: map[string]int64{`"a"`: 3}}
	if n, err := p.edition(`"a"`, nil); n != 3 || err != nil {
		t.Errorf("a known tag is edition %d, %v", n, err)
	}
}
