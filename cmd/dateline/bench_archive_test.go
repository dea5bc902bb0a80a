package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An archive is built once; it is asked, changed, tidied and served, and compared with a small one.
func TestBenchArchive(t *testing.T) {
	dir := t.TempDir()
	var f archiveFigures
	for _, part := range []benchArchiveCommand{
		{Part: "build", Articles: 20, Dir: folder(filepath.Join(dir, "20"))},
		{Part: "build", Articles: 200, Dir: folder(filepath.Join(dir, "200"))},
		{Part: "build", Articles: 200, Dir: folder(filepath.Join(dir, "200"))},
		{Part: "grow", Articles: 200, Dir: folder(dir), Updates: 100, Rounds: 2},
		{Part: "ask", Articles: 200, Dir: folder(dir), Questions: 8, Updates: 100, Pages: 40},
	} {
		if err := os.MkdirAll(string(part.Dir), 0o755); err != nil {
			t.Fatal(err)
		}
		built := f.archiveBuilt
		var out bytes.Buffer
		if err := part.Run(t.Context(), streams{in: os.Stdin, out: &out, err: os.Stderr}); err != nil {
			t.Fatal(part.Part, err)
		}
		if err := json.Unmarshal(out.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		if built.Articles == part.Articles && f.archiveBuilt != built {
			t.Errorf("built again: %+v, before %+v", f.archiveBuilt, built)
		}
	}
	if f.Articles != 200 || f.Text <= 0 || f.Shelf <= f.Text || f.Before.Answered == 0 || f.After.Answered == 0 || f.Before.Date.N != 8 || f.Edit.N != 40 || f.New.N != 20 ||
		f.Backdated.N != 20 || f.Withdraw.N != 20 || f.Tidy.N == 0 || f.Suggest.N != 8 || f.Hostile.N != 2 || f.Fronts.N == 0 || len(f.Growth) != len(growthWorks) {
		t.Errorf("%+v", f)
	}
	for _, g := range f.Growth {
		if g.Beside != 20 || g.Small < 0 || g.Large < 0 {
			t.Errorf("%+v", g)
		}
	}
	var out bytes.Buffer
	if err := f.print(streams{out: &out}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| figure | aim | 200 articles |", "two words by date", "a step of tidying", "of the processors", "publishing, to the receipt, beside an archive of 20"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}
