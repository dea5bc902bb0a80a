package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const dir = ".."

// maxBundle is how many bytes script and style may have together, compressed.
const maxBundle = 250 << 10

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestBuiltFilesAreOfTheSources needs neither Node nor the packages: the digest says whether somebody changed a source and
// did not build.
func TestBuiltFilesAreOfTheSources(t *testing.T) {
	digest, err := sourcesDigest(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if was := strings.TrimSpace(string(read(t, "built/sources.sha256"))); was != digest {
		t.Errorf("the built files are of other sources (%s, now %s): run `make ui` and commit what it writes", was, digest)
	}
}

// TestSchemaIsTheBodys: the editor's schema is generated from the one in package markup.
func TestSchemaIsTheBodys(t *testing.T) {
	want, err := schemaJSON()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read(t, "src/schema.json"), want) {
		t.Error("src/schema.json is not the schema of package markup: run `make ui` and commit what it writes")
	}
}

func TestSizeOfTheBundle(t *testing.T) {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	for _, name := range []string{"built/newsroom.js", "built/newsroom.css"} {
		if _, err := w.Write(read(t, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("script and style: %d kB compressed", out.Len()>>10)
	if out.Len() > maxBundle {
		t.Errorf("script and style have %d bytes compressed; %d at most", out.Len(), maxBundle)
	}
}

// maxScripts is how many bytes the scripts that one of the readers' pages can load may have together.
const maxScripts = 3 << 10

// TestReadersScriptsAreOfTheSources needs neither Node nor packages.
func TestReadersScriptsAreOfTheSources(t *testing.T) {
	dir := filepath.Join("..", "..", "..", filepath.FromSlash(readers))
	files, err := readersScripts(dir)
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scripts: %v", len(files), err)
	}
	total := 0
	for name, want := range files {
		have, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Equal(have, want) {
			t.Errorf("%s is not what its source gives; run `make ui` and commit what it writes (%v)", name, err)
		}
		total += len(have)
	}
	if total > maxScripts {
		t.Errorf("the readers' scripts have %d bytes; %d at most", total, maxScripts)
	}
}

// TestRebuildGivesTheSame needs Node's packages, which `make test` prepares.
func TestRebuildGivesTheSame(t *testing.T) {
	if os.Getenv("DATELINE_BROWSERTEST") == "" {
		t.Log("not run: `make test` prepares what it needs")
		return
	}
	if err := run(dir, true); err != nil {
		t.Error(err)
	}
	cmd := exec.Command(filepath.Join("node_modules", ".bin", "tsc"), "--noEmit")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("tsc: %v\n%s", err, out)
	}
}
