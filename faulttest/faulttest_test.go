// Package faulttest tries what happens to a newsroom and its readers when the machine fails: the power is cut, the program is killed
// at a write, the disk is full or refuses, a page of the database is damaged. It runs the program itself, in a process of
// its own, on a disk that these tests make (disk_test.go).
package faulttest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what must come.
const patience = 60 * time.Second

// binary is the program; careless is the same one built to commit without waiting for the disk, for controls.
var binary, careless string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "dateline-faults-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary, careless = filepath.Join(dir, "dateline"), filepath.Join(dir, "careless")
	code := 1
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

func build() error {
	for out, flags := range map[string]string{binary: "", careless: "-X github.com/datelinehq/dateline/desk/store.synchronous=OFF"} {
		if said, err := exec.Command("go", "build", "-o", out, "-ldflags", flags, "../cmd/dateline").CombinedOutput(); err != nil {
			return fmt.Errorf("build the program: %w\n%s", err, said)
		}
	}
	return nil
}

// paper is a newsroom's folder and who works in it.
type paper struct {
	t      *testing.T
	binary string
	dir    string
	token  string // a chief's
}

// newPaper makes a newsroom in a folder that is not there yet.
func newPaper(t *testing.T, binary, dir string) *paper {
	t.Helper()
	p := &paper{t: t, binary: binary, dir: dir}
	p.do("init", "--name", "The Estuary", "--site-url", "http://127.0.0.1:8080", "--newsroom-url", "http://localhost:8081",
		"--zone", "Asia/Kolkata", "--language", "en", "--city", "Neerapatnam")
	p.token = strings.TrimSpace(p.do("token", "create", "the chief", "--role", "chief"))
	return p
}

// do carries out a command, which must end well.
func (p *paper) do(args ...string) string {
	p.t.Helper()
	out, code := p.try(args...)
	if code != 0 {
		p.t.Fatalf("dateline %s ends with %d: %s", strings.Join(args, " "), code, out)
	}
	return out
}

func (p *paper) try(args ...string) (out string, code int) {
	p.t.Helper()
	cmd := exec.Command(p.binary, append(args, "--dir", p.dir)...)
	b, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return string(b), cmd.ProcessState.ExitCode()
}

// screen keeps what a process prints.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// program is one that serves the paper.
type program struct {
	*paper
	site, newsroom string
	log            *screen
	cmd            *exec.Cmd
	ended          chan struct{} // closed once it has ended
}

var addresses = regexp.MustCompile(`Readers: +(http://\S+)[\s\S]*Newsroom: +(http://\S+)`)

// serve starts the program and waits until it says where it answers. What stands before it, such as strace, may be given.
func (p *paper) serve(before ...string) *program {
	p.t.Helper()
	at := p.begin(before...)
	if at.site == "" {
		p.t.Fatalf("the program ended: %s", at.log)
	}
	return at
}

// begin starts the program and waits until it says where it answers, or has ended: then it has no addresses.
func (p *paper) begin(before ...string) *program {
	p.t.Helper()
	args := append(before, p.binary, "serve", "--dir", p.dir, "--site", "127.0.0.1:0", "--newsroom", "127.0.0.1:0")
	cmd := exec.Command(args[0], args[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that strace is killed with what it watches
	out := new(screen)
	at := &program{paper: p, log: new(screen), cmd: cmd, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = out, at.log
	must(p.t, cmd.Start())
	go func() {
		_ = cmd.Wait() // how it ended is asked of its ProcessState
		close(at.ended)
	}()
	p.t.Cleanup(at.kill)
	p.eventually("the program is ready or has ended", func() bool {
		if found := addresses.FindStringSubmatch(out.String()); found != nil {
			at.site, at.newsroom = found[1], found[2]
			return true
		}
		select {
		case <-at.ended:
			return true
		default:
			return false
		}
	})
	return at
}

// kill ends the program with SIGKILL and waits until it is gone.
func (at *program) kill() {
	_ = syscall.Kill(-at.cmd.Process.Pid, syscall.SIGKILL) // it may have ended
	<-at.ended
}

// stop ends the program as Ctrl-C does; it must end well.
func (at *program) stop() {
	at.t.Helper()
	must(at.t, at.cmd.Process.Signal(os.Interrupt))
	<-at.ended
	if code := at.cmd.ProcessState.ExitCode(); code != 0 {
		at.t.Errorf("stopped by an interrupt it ends with %d: %s", code, at.log)
	}
}

// eventually asks until something holds, and ends the test where it does not in time.
func (p *paper) eventually(what string, holds func() bool) {
	p.t.Helper()
	end := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(end) {
			p.t.Fatalf("waited %v in vain: %s", patience, what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

type fields map[string]any

// got is an answer; its status is 0 where none came.
type got struct {
	t      *testing.T
	asked  string
	status int
	body   string
}

var client = &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport: &http.Transport{DisableKeepAlives: true}}

func (at *program) ask(method, address string, body any, headers ...string) *got {
	at.t.Helper()
	g := &got{t: at.t, asked: method + " " + address}
	raw, isBytes := body.([]byte)
	if !isBytes && body != nil {
		var err error
		raw, err = json.Marshal(body)
		must(at.t, err)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, address, bytes.NewReader(raw))
	must(at.t, err)
	if strings.HasPrefix(address, at.newsroom) {
		req.Header.Set("Authorization", "Bearer "+at.token)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := client.Do(req)
	if err != nil {
		return g
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return g
	}
	g.status, g.body = resp.StatusCode, string(b)
	return g
}

// read asks the site, api the newsroom as a chief.
func (at *program) read(path string) *got { at.t.Helper(); return at.ask("GET", at.site+path, nil) }

func (at *program) api(method, path string, body any, headers ...string) *got {
	at.t.Helper()
	return at.ask(method, at.newsroom+"/api/v1"+path, body, headers...)
}

func (g *got) ok() bool { return g.status >= 200 && g.status < 300 }

// good is ok for a request that is right: if the answer blames it, the test has failed.
func (g *got) good() bool {
	g.t.Helper()
	if g.status >= 400 && g.status < 500 {
		g.t.Errorf("%s answers %d: %.500s", g.asked, g.status, g.body)
	}
	return g.ok()
}

func (g *got) is(status int) *got {
	g.t.Helper()
	if g.status != status {
		g.t.Fatalf("%s answers %d, want %d: %.800s", g.asked, g.status, status, g.body)
	}
	return g
}

func (g *got) into(v any) *got {
	g.t.Helper()
	if err := json.Unmarshal([]byte(g.body), v); err != nil {
		g.t.Fatalf("%s: %v: %.300s", g.asked, err, g.body)
	}
	return g
}
