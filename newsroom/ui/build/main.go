// Command build makes the newsroom's interface out of its sources: go run ./newsroom/ui/build, or make ui. It writes the
// body's schema for the sources, bundles script and style, gathers the notices of what is bundled, and keeps a digest of
// all it was made of, so that a test sees when sources and built files differ. With -check it writes nothing and says
// what differs.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/datelinehq/dateline/markup"
)

func main() {
	check := flag.Bool("check", false, "write nothing; fail where the built files are not those of the sources")
	dir := flag.String("dir", "newsroom/ui", "where the interface lies")
	flag.Parse()
	if err := run(*dir, *check); err != nil {
		fmt.Fprintln(os.Stderr, "build of the newsroom's interface:", err)
		os.Exit(1)
	}
}

// readers is where the scripts of the readers' pages lie: reader.ts and what it imports, and verify.ts of the page that checks an article,
// each beside what is embedded.
const readers = "render/script"

func run(dir string, check bool) error {
	if err := install(dir); err != nil {
		return err
	}
	if !check {
		if err := writeSchema(dir); err != nil {
			return err
		}
	}
	files, err := bundle(dir)
	if err != nil {
		return err
	}
	if check {
		return compare(dir, files)
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, "built", name), b, 0o644); err != nil {
			return err
		}
	}
	return writeScripts(readers)
}

// install fetches the npm packages where they are not those that package.json names.
func install(dir string) error {
	wanted, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return err
	}
	mark := filepath.Join(dir, "node_modules", ".installed.json")
	if have, err := os.ReadFile(mark); err == nil && bytes.Equal(have, wanted) {
		return nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return errors.New("npm is not here; it fetches the packages that package.json names: install Node 20 or newer")
	}
	cmd := exec.Command(npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm install: %w", err)
	}
	return os.WriteFile(mark, wanted, 0o644)
}

// schemaJSON is the body's schema as the sources read it.
func schemaJSON() ([]byte, error) {
	b, err := json.MarshalIndent(markup.Describe(), "", "  ")
	return append(b, '\n'), err
}

func writeSchema(dir string) error {
	b, err := schemaJSON()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "src", "schema.json"), b, 0o644)
}

// bundle makes every built file in memory.
func bundle(dir string) (map[string][]byte, error) {
	full, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:       full,
		EntryPointsAdvanced: []api.EntryPoint{{InputPath: "src/main.tsx", OutputPath: "newsroom"}, {InputPath: "src/style/newsroom.css", OutputPath: "newsroom"}},
		Outdir:              filepath.Join(full, "built"),
		Bundle:              true,
		Format:              api.FormatESModule,
		Target:              api.ES2022,
		Platform:            api.PlatformBrowser,
		JSX:                 api.JSXAutomatic,
		JSXImportSource:     "preact",
		MinifyWhitespace:    true,
		MinifyIdentifiers:   true,
		MinifySyntax:        true,
		LegalComments:       api.LegalCommentsNone,
		Charset:             api.CharsetUTF8,
		External:            []string{"/assets/*"},
		LogLevel:            api.LogLevelSilent,
		Metafile:            true,
	})
	if len(result.Errors) > 0 {
		return nil, errors.New(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage}), "\n"))
	}
	files := map[string][]byte{}
	for _, f := range result.OutputFiles {
		files[filepath.Base(f.Path)] = f.Contents
	}
	if files["third-party.txt"], err = notices(full, result.Metafile); err != nil {
		return nil, err
	}
	digest, err := sourcesDigest(os.DirFS(full))
	files["sources.sha256"] = []byte(digest + "\n")
	return files, err
}

// readersScripts makes the scripts of the readers' pages in memory.
func readersScripts(dir string) (map[string][]byte, error) {
	full, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{AbsWorkingDir: full, EntryPoints: []string{"reader.ts", "verify.ts"}, Outdir: full, Bundle: true, Format: api.FormatIIFE, Target: api.ES2020,
		Platform: api.PlatformBrowser, Charset: api.CharsetUTF8, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LogLevel: api.LogLevelSilent})
	if len(result.Errors) > 0 {
		return nil, errors.New(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage}), "\n"))
	}
	files := map[string][]byte{}
	for _, f := range result.OutputFiles {
		files[filepath.Base(f.Path)] = f.Contents
	}
	return files, nil
}

func writeScripts(dir string) error {
	files, err := readersScripts(dir)
	if err != nil {
		return err
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// notices gathers the licence of every package of which something is in the bundle.
func notices(dir, metafile string) ([]byte, error) {
	var meta struct {
		Inputs map[string]struct{} `json:"inputs"`
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return nil, err
	}
	var packages []string
	for input := range meta.Inputs {
		if rest, ok := strings.CutPrefix(input, "node_modules/"); ok {
			name, _, _ := strings.Cut(rest, "/")
			packages = append(packages, name)
		}
	}
	slices.Sort(packages)
	var out bytes.Buffer
	for _, name := range slices.Compact(packages) {
		text, err := os.ReadFile(filepath.Join(dir, "node_modules", name, "LICENSE"))
		if err != nil {
			return nil, fmt.Errorf("the licence of %s: %w", name, err)
		}
		fmt.Fprintf(&out, "%s\n\n%s\n\n", name, bytes.TrimSpace(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))))
	}
	return out.Bytes(), nil
}

// sourcesDigest is a digest of all that the built files are made of: the sources and the list of packages.
func sourcesDigest(dir fs.FS) (string, error) {
	var names []string
	err := fs.WalkDir(dir, "src", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	slices.Sort(names)
	sum := sha256.New()
	for _, name := range append(names, "package.json", "tsconfig.json") {
		b, err := fs.ReadFile(dir, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(b))
		sum.Write(b)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// compare says which built files are not those of the sources.
func compare(dir string, files map[string][]byte) error {
	var wrong []string
	for name, want := range files {
		have, err := os.ReadFile(filepath.Join(dir, "built", name))
		if err != nil || !bytes.Equal(have, want) {
			wrong = append(wrong, name)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("%s: not what the sources give; run `make ui` and commit what it writes", strings.Join(wrong, ", "))
}
