package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// leaves lists every command that people carry out.
func leaves(n *kong.Node, words []string) (list [][]string) {
	if n.Name != "dateline" {
		words = append(words[:len(words):len(words)], n.Name)
	}
	if n.Leaf() {
		return [][]string{words}
	}
	for _, c := range n.Children {
		if c.Hidden {
			continue // one that another command starts
		}
		list = append(list, leaves(c, words)...)
	}
	return list
}

// TestEveryCommandHasAnExample: with --help, which is no failure.
func TestEveryCommandHasAnExample(t *testing.T) {
	parser, err := kong.New(new(commandLine), kong.Name("dateline"), kong.Vars{})
	must(t, err)
	commands := leaves(parser.Model.Node, nil)
	if len(commands) < 15 {
		t.Fatalf("only %d commands were found", len(commands))
	}
	for _, c := range commands {
		d := command(t, append(c, "--help")...).is(exitOK).says("Example", "dateline "+strings.Join(c, " "))
		if d.err != "" {
			t.Errorf("%s writes to standard error: %s", d.line, d.err)
		}
	}
	command(t).is(exitOK).says("demo", "serve", "import", "doctor")
	command(t, "--help").is(exitOK).says("record")
}

func TestWrongCommandLines(t *testing.T) {
	for _, line := range [][]string{{"publish"}, {"serve", "--port", "80"}, {"token", "create"}, {"token", "create", "x"}, {"token", "create", "x", "--role", "king"},
		{"article", "publish", "x"}, {"article", "list", "--draft", "burnt"}, {"record"}, {"article", "publish", "x", "--version", "first"}} {
		d := command(t, line...).is(exitUsage)
		if d.err == "" || !strings.Contains(d.err, "--help") {
			t.Errorf("%s says %q", d.line, d.err)
		}
	}
}

func TestVersion(t *testing.T) {
	command(t, "version").is(exitOK).says("dateline "+version, "go1.")
	var v map[string]string
	command(t, "version", "--json").is(exitOK).json(&v)
	if v["version"] != version || !strings.HasPrefix(v["go"], "go1.") {
		t.Errorf("the version is %v", v)
	}
}

// initFlags are those of a newsroom that can be made, with some changed.
func initFlags(dir string, change map[string]string) []string {
	flags := map[string]string{"--name": "The Estuary", "--site-url": "https://estuary.example", "--newsroom-url": "https://desk.estuary.example",
		"--zone": "Asia/Kolkata", "--language": "en", "--city": "Neerapatnam"}
	for k, v := range change {
		flags[k] = v
	}
	args := []string{"init", "--dir", dir}
	for k, v := range flags {
		if v != "" {
			args = append(args, k, v)
		}
	}
	return args
}

func TestInit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "paper")
	for what, c := range map[string]struct {
		change map[string]string
		says   []string
	}{
		"no name":           {map[string]string{"--name": "", "--city": ""}, []string{"no terminal", "--name", "--city"}},
		"one host for both": {map[string]string{"--newsroom-url": "https://estuary.example:8081"}, []string{"two host names", "localhost"}},
		"wrong zone":        {map[string]string{"--zone": "Kolkata"}, []string{"zone", "IANA"}},
		"the machine's own": {map[string]string{"--zone": "Local"}, []string{"zone", "IANA"}},
		"wrong language":    {map[string]string{"--language": "English"}, []string{"BCP 47"}},
		"no address":        {map[string]string{"--site-url": "estuary"}, []string{"--site-url", "https://"}},
		"a path":            {map[string]string{"--site-url": "https://estuary.example/paper"}, []string{"--site-url", "scheme and a host"}},
		"a file":            {map[string]string{"--newsroom-url": "file:///etc"}, []string{"--newsroom-url"}},
		"an override":       {map[string]string{"--name": "a\u202eb"}, []string{"name", "U+202E"}},
	} {
		t.Run(what, func(t *testing.T) {
			d := command(t, initFlags(dir, c.change)...).is(exitFailed).says(c.says...)
			if d.out != "" {
				t.Errorf("a refusal prints %q", d.out)
			}
			if _, err := os.Stat(dir); err == nil {
				t.Error("a refused init leaves a folder")
			}
		})
	}

	var made map[string]string
	command(t, append(initFlags(dir, nil), "--json")...).is(exitOK).json(&made)
	if made["dir"] != dir || made["site"] != "https://estuary.example" {
		t.Errorf("made %v", made)
	}
	key, err := os.Stat(folder(dir).key())
	must(t, err)
	if key.Mode().Perm() != 0o600 {
		t.Errorf("the key's mode is %v", key.Mode())
	}
	before := names(t, dir)
	command(t, initFlags(dir, nil)...).is(exitFailed).says("in use")
	if after := names(t, dir); after != before {
		t.Errorf("a refused init changed the folder: %s, %s", before, after)
	}
	other := filepath.Join(t.TempDir(), "other")
	must(t, os.MkdirAll(other, 0o750))
	must(t, os.WriteFile(filepath.Join(other, "letter.txt"), []byte("x"), 0o600))
	command(t, initFlags(other, nil)...).is(exitFailed).says("in use", "letter.txt")
	if names(t, other) != "letter.txt " {
		t.Errorf("the folder holds %s", names(t, other))
	}
	command(t, "record", "verify", "--dir", dir).is(exitOK).says("All 2 entries", "estuary.example/record")
}

func names(t *testing.T, dir string) (s string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range list {
		s += e.Name() + " "
	}
	return s
}

// TestNoNewsroom: every command says what to do where there is none, and makes nothing.
func TestNoNewsroom(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "nothing")
	for _, line := range [][]string{{"serve", "--site", "127.0.0.1:0", "--newsroom", "127.0.0.1:0"}, {"token", "list"}, {"article", "list"}, {"record", "verify"}, {"doctor"}} {
		command(t, append(line, "--dir", dir)...).is(exitFailed).says("no newsroom in", "dateline init")
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a command made the folder")
	}
}

// TestServeRefusesLimitsBelowOne, rather than to take them for what it does where nothing is said.
func TestServeRefusesLimitsBelowOne(t *testing.T) {
	p := newPaper(t)
	for flag, says := range map[string]string{"--cache=0": "--cache 0: say how many megabytes", "--cache=-3": "--cache -3", "--streams=0": "--streams 0: say how many readers", "--streams=-1": "--streams -1"} {
		command(t, "serve", "--dir", p.dir, "--site", "192.0.2.1:1", "--newsroom", "192.0.2.1:1", flag).is(exitFailed).says(says, "at least 1")
	}
}

// TestOutputAsJSON: every command with output gives it as one JSON value.
func TestOutputAsJSON(t *testing.T) {
	p := newPaper(t)
	var token newToken
	p.do("token", "create", "Nalini", "--role", "chief", "--json").is(exitOK).json(&token)
	if !strings.HasPrefix(token.Secret, "dl_") || token.Role != dateline.RoleChief {
		t.Errorf("the token: %+v", token)
	}
	var tokens []desk.Token
	if d := p.do("token", "list", "--json").is(exitOK).json(&tokens); len(tokens) != 1 || strings.Contains(d.out, token.Secret) {
		t.Errorf("tokens: %s", d.out)
	}
	p.do("token", "list").is(exitOK).says("Nalini", "chief", "good")
	var list articleList
	if d := p.do("article", "list", "--json").is(exitOK).json(&list); list.Articles == nil || len(list.Articles) != 0 {
		t.Errorf("articles: %s", d.out)
	}
	var a dateline.Article
	commandWith(t, `{"headline":"By standard input","html":"<p>x</p>"}`, "article", "create", "-", "--dir", p.dir, "--json").is(exitOK).json(&a)
	p.do("article", "list", "--q", "standard").is(exitOK).says(string(a.ID), "By standard input")
	var shown dateline.Article
	p.do("article", "show", string(a.ID), "--json").is(exitOK).json(&shown)
	if shown.ID != a.ID || shown.Content.Headline != "By standard input" {
		t.Errorf("shown: %+v", shown)
	}
	p.do("article", "show", string(a.ID)).is(exitOK).says("By standard input", "unpublished")
	p.do("article", "publish", string(a.ID), "--version", "1").is(exitFailed).says("section")
	var v verdict
	p.do("record", "verify", "--json").is(exitOK).json(&v)
	if !v.OK || v.Entries != 2 || v.Bodies != 2 || v.Size != 2 || v.Faults == nil {
		t.Errorf("the verdict: %+v", v)
	}
	var doctor struct {
		OK       bool
		Findings []finding
	}
	p.do("doctor", "--json").is(exitOK).json(&doctor)
	if !doctor.OK || len(doctor.Findings) < 5 {
		t.Errorf("the doctor: %+v", doctor)
	}
	p.do("token", "revoke", string(token.ID), "--json").is(exitOK).json(new(map[string]string))
	p.do("token", "revoke", "0190b5f0-6c00-7cc3-98c4-dc0c0c07398f").is(exitFailed).says("no token")
	p.do("token", "revoke", "x").is(exitFailed).says("not an id")

	for what, input := range map[string]string{"unknown field": `{"headline":"x","colour":"red"}`, "no JSON": `{`, "trailing": `{"headline":"x"}{}`, "nowhere": `{"section":"nowhere"}`, "empty": ""} {
		d := commandWith(t, input, "article", "create", "-", "--dir", p.dir, "--json").is(exitFailed)
		if d.out != "" || json.Valid([]byte(d.err)) || len(d.err) < 20 {
			t.Errorf("%s: prints %q and says %q", what, d.out, d.err)
		}
	}
	p.do("article", "create", filepath.Join(t.TempDir(), "none.json")).is(exitFailed).says("none.json")
	p.do("article", "list", "--json").is(exitOK).json(&list)
	if len(list.Articles) != 1 {
		t.Errorf("refused articles were made: %+v", list)
	}
}
