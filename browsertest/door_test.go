package browsertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheDoorInABrowser joins by a link with a passkey, signs in and out, invites a colleague who takes a password, and tries what
// must not open the newsroom, in a real Chromium with a virtual authenticator; each page is looked at on the way.
func TestTheDoorInABrowser(t *testing.T) {
	if os.Getenv("DATELINE_BROWSERTEST") == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("the browser tests were not prepared: run them with `make test`")
		}
		t.Skip("the browser tests need what `make test` installs; run that")
	}
	_, newsroom, dir := startDemo(t)
	link := invite(t, dir, "meera@estuary.example")
	out := runNode(t, "door.mjs", map[string]any{"newsroom": newsroom, "link": link, "shots": os.Getenv("DATELINE_SHOTS")})
	pages := checkSteps(t, out)
	t.Run("HTML is valid", func(t *testing.T) { validateSources(t, pages) })
	t.Run("the command line", func(t *testing.T) { endAndRecover(t, dir) })
}

// checkSteps reads what happened and gives the pages that were seen.
func checkSteps(t *testing.T, out []byte) map[string]string {
	t.Helper()
	pages, steps := map[string]string{}, 0
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var line struct {
			Step, Said, Page, View, Source string
			OK                             bool
			Wide                           int
			Violations                     []string
		}
		if err := dec.Decode(&line); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if line.Step != "" {
			steps++
			if !line.OK {
				t.Errorf("%s: %s", line.Step, line.Said)
			}
			continue
		}
		if line.Wide > 0 {
			t.Errorf("%s at %s scrolls %d pixels sideways", line.Page, line.View, line.Wide)
		}
		for _, v := range line.Violations {
			t.Errorf("%s at %s: %s", line.Page, line.View, v)
		}
		if line.Source != "" {
			pages[line.Page] = line.Source
		}
	}
	if steps < 26 || len(pages) < 13 {
		t.Errorf("%d steps, %d pages", steps, len(pages))
	}
	return pages
}

// validateSources runs the Nu validator over pages as the browser had them.
func validateSources(t *testing.T, pages map[string]string) {
	folder := t.TempDir()
	args := []string{"-jar", filepath.Join("node_modules", "vnu-jar", "build", "dist", "vnu.jar"), "--format", "json", "--stdout", "--exit-zero-always"}
	for kind, source := range pages {
		name := filepath.Join(folder, kind+".html")
		if err := os.WriteFile(name, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	out, err := exec.Command("java", args...).Output()
	if err != nil {
		t.Fatalf("the validator: %v", err)
	}
	var report struct {
		Messages []struct{ Type, URL, Message, Extract string }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	for _, m := range report.Messages {
		if m.Type == "error" || m.Type == "non-document-error" {
			t.Errorf("%s: %s: %s", filepath.Base(m.URL), m.Message, m.Extract)
		}
	}
}

func dateline(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program(t), append(args, "--dir", dir)...).CombinedOutput()
	if err != nil {
		t.Fatalf("dateline %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func invite(t *testing.T, dir, email string) string {
	t.Helper()
	return dateline(t, dir, "account", "invite", email, "--role", "chief")
}

// endAndRecover does from the command line what a chief does in the newsroom.
func endAndRecover(t *testing.T, dir string) {
	if list := dateline(t, dir, "account", "list"); !strings.Contains(list, "Meera Anand") || !strings.Contains(list, "Nalini Okar") {
		t.Errorf("the accounts:\n%s", list)
	}
	dateline(t, dir, "account", "end", "nalini@estuary.example")
	var accounts []struct{ Name, State string }
	if err := json.Unmarshal([]byte(dateline(t, dir, "account", "list", "--json")), &accounts); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(accounts); got != "[{Meera Anand active} {Nalini Okar ended}]" {
		t.Errorf("after the end: %s", got)
	}
	link := dateline(t, dir, "account", "recover", "Nalini Okar")
	if v := get(t, link); v.status != 200 || !bytes.Contains(v.body, []byte("Nalini Okar")) {
		t.Errorf("%s answers %d", link, v.status)
	}
	out, err := exec.Command(program(t), "account", "end", "Meera Anand", "--dir", dir).CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("last chief")) {
		t.Errorf("the last chief: %v, %s", err, out)
	}
}
