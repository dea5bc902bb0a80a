package browsertest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/datelinehq/dateline/newsroom"
)

// paper is the demo newspaper in a process that can be killed and started again at the same addresses.
type paper struct {
	*testing.T
	binary, folder, site, newsroom string
	cmd                            *exec.Cmd
	link                           string // by which the first chief comes in
}

// newPaper starts the program at two free ports.
func newPaper(t *testing.T) *paper {
	t.Helper()
	dir := t.TempDir()
	p := &paper{T: t, binary: program(t), folder: filepath.Join(dir, "paper"), site: freePort(t), newsroom: freePort(t)}
	p.start()
	t.Cleanup(func() { p.stop(syscall.SIGINT) })
	return p
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs the program and returns when it says that it can be stopped, which is the end of what it says.
func (p *paper) start() {
	p.Helper()
	p.cmd = exec.Command(p.binary, "demo", "--dir", p.folder, "--site", p.site, "--newsroom", p.newsroom)
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		p.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		p.Fatal(err)
	}
	var said strings.Builder
	link := regexp.MustCompile(`http://\S+/join/\S+`)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if found := link.FindString(lines.Text()); found != "" {
			p.link = found
		}
		if p.link != "" && strings.Contains(said.String(), "Ctrl-C") { // a second start prints no link
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return
		}
	}
	p.Fatalf("the demo did not start:\n%s", said.String())
}

func (p *paper) stop(how syscall.Signal) {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Signal(how)
	if err := p.cmd.Wait(); err != nil && how == syscall.SIGINT {
		p.Errorf("the demo did not stop cleanly: %v", err)
	}
	p.cmd = nil
}

// told is a line of what the browser's script prints.
type told struct {
	Ask        string
	Step       string
	OK         bool
	Said       string
	Page, View string
	Wide       int
	Violations []string
}

// TestTheNewsroomInABrowser works as editors do, and looks at every view of the newsroom in both lights and at both widths.
func TestTheNewsroomInABrowser(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("newsroom.mjs", 31, 72)
}

// needsBrowser skips a test where `make test` has not prepared what browsers need.
func needsBrowser(t *testing.T) {
	t.Helper()
	if os.Getenv("DATELINE_BROWSERTEST") != "" {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("the browser tests were not prepared: run them with `make test`")
	}
	t.Skip("the browser tests need what `make test` installs; run that")
}

// work runs a script in the newsroom (see room.mjs), which does at least so many steps and looks at so many views.
func (p *paper) work(name string, minSteps, minPages int) {
	p.Helper()
	browser := os.Getenv("DATELINE_CHROMIUM")
	if browser == "" {
		browser = "/usr/bin/chromium"
	}
	picture, err := filepath.Abs("../cmd/dateline/paper/pictures/ferry.jpg")
	if err != nil {
		p.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(p.newsroom)
	script := exec.Command("node", name)
	script.Stderr = os.Stderr
	in, err := script.StdinPipe()
	if err != nil {
		p.Fatal(err)
	}
	out, err := script.StdoutPipe()
	if err != nil {
		p.Fatal(err)
	}
	if err := script.Start(); err != nil {
		p.Fatal(err)
	}
	asked, err := json.Marshal(map[string]any{"browser": browser, "newsroom": "http://localhost:" + port, "site": "http://" + p.site, "link": p.link, "program": p.binary, "folder": p.folder,
		"paste": "testdata/paste", "picture": picture, "shots": os.Getenv("DATELINE_SHOTS"), "views": newsroom.Views()})
	if err != nil {
		p.Fatal(err)
	}
	fmt.Fprintf(in, "%s\n", asked)
	steps, pages := 0, 0
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var l told
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			p.Fatalf("the script printed %q", lines.Text())
		}
		switch {
		case l.Ask == "stop":
			p.stop(syscall.SIGKILL)
			fmt.Fprintln(in, "done")
		case l.Ask == "start":
			p.start()
			fmt.Fprintln(in, "done")
		case l.Step != "":
			steps++
			p.hear(l)
		case l.Page != "":
			pages++
			p.hear(l)
		}
	}
	if err := script.Wait(); err != nil {
		p.Errorf("the browser's script: %v", err)
	}
	if steps < minSteps || pages < minPages {
		p.Errorf("only %d steps were done and %d views looked at", steps, pages)
	}
}

// hear says what was wrong with a step or a view.
func (p *paper) hear(l told) {
	p.Helper()
	if l.Step != "" {
		if !l.OK {
			p.Errorf("%s: %s", l.Step, l.Said)
		}
		p.Logf("step: %s", l.Step)
		return
	}
	if l.Wide > 0 {
		p.Errorf("%s at %s scrolls sideways by %d pixels", l.Page, l.View, l.Wide)
	}
	for _, v := range l.Violations {
		p.Errorf("%s at %s: %s", l.Page, l.View, v)
	}
}
