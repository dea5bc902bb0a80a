package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/datelinehq/dateline/weather"
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

// maxScript is how many bytes the script of the readers' pages may have, compressed.
const maxScript = 3 << 10

// TestTheReadersScript needs neither Node nor packages: the one file that readers' pages may load is what its sources give, and small.
func TestTheReadersScript(t *testing.T) {
	dir := filepath.Join("..", "..", "..", filepath.FromSlash(readers))
	want, err := readersScript(dir)
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob(filepath.Join(dir, "*.js"))
	if err != nil || len(scripts) != 1 {
		t.Fatalf("the readers' pages have %q, %v; they are to have one script", scripts, err)
	}
	have, err := os.ReadFile(scripts[0])
	if err != nil || !bytes.Equal(have, want) {
		t.Errorf("%s is not what its sources give; run `make ui` and commit what it writes (%v)", scripts[0], err)
	}
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if _, err := w.Write(have); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, %d compressed", len(have), out.Len())
	if out.Len() > maxScript {
		t.Errorf("the readers' script has %d bytes compressed; %d at most", out.Len(), maxScript)
	}
}

// TestEverySkyHasItsWords: the settings offer every condition of the weather, in each language of the interface.
func TestEverySkyHasItsWords(t *testing.T) {
	form := string(read(t, "src/weather.tsx"))
	for _, c := range weather.Conditions() {
		if !strings.Contains(form, "'"+string(c)+"'") {
			t.Errorf("the settings do not offer %s", c)
		}
		for _, words := range []string{"src/words.en.ts", "src/words.hi.ts"} {
			if key := " condition_" + strings.ReplaceAll(string(c), "-", "_") + ": '"; !strings.Contains(string(read(t, words)), key) {
				t.Errorf("%s has no word for %s", words, c)
			}
		}
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
