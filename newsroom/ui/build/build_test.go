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

// maxScripts are how many bytes each script of the readers' pages may have, compressed: the one that pages load which have something to do
// for it, and that of the page that checks an article.
var maxScripts = map[string]int{"reader.js": 3 << 10, "verify.js": 5 << 10}

// TestTheReadersScripts needs neither Node nor packages: the files that readers' pages may load are what their sources give, and small.
func TestTheReadersScripts(t *testing.T) {
	dir := filepath.Join("..", "..", "..", filepath.FromSlash(readers))
	made, err := readersScripts(dir)
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob(filepath.Join(dir, "*.js"))
	if err != nil || len(scripts) != len(maxScripts) || len(made) != len(maxScripts) {
		t.Fatalf("the readers' pages have %q, %v", scripts, err)
	}
	for name, most := range maxScripts {
		have, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Equal(have, made[name]) {
			t.Errorf("%s is not what its sources give; run `make ui` and commit what it writes (%v)", name, err)
		}
		var out bytes.Buffer
		w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
		if _, err := w.Write(have); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes, %d compressed", name, len(have), out.Len())
		if out.Len() > most {
			t.Errorf("%s has %d bytes compressed; %d at most", name, out.Len(), most)
		}
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
	cmd := exec.Command(filepath.Join("node_modules", ".bin", "tsc"), "--noEmit", "--singleThreaded")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("tsc: %v\n%s", err, out)
	}
}
