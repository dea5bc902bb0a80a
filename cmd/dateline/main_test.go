package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/record"
)

// asProgram makes the test's own binary the program: tests that kill it start it so.
const asProgram = "DATELINE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
		stop()
		os.Exit(code)
	}
	os.Exit(runTests(m))
}

// runTests lets the process trust the certificate that the tests' own servers have, as an operator does with a private
// authority's: it is read once, at the first connection.
func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "dateline-trusted")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file, key := filepath.Join(dir, "trusted.pem"), filepath.Join(dir, "trusted-key.pem")
	if _, err := writeSelfSigned(file, key, time.Now().Add(24*time.Hour), "127.0.0.1"); err != nil {
		panic(err)
	}
	if trusted, err = tls.LoadX509KeyPair(file, key); err != nil {
		panic(err)
	}
	os.Setenv("SSL_CERT_FILE", file)
	return m.Run()
}

// trusted is the certificate of the tests' own servers on this machine.
var trusted tls.Certificate

// patience is how long a test waits for what must come.
const patience = 60 * time.Second

// eventually asks until something holds, and ends the test where it does not in time.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}

// screen takes what a command prints; it may be read while the command runs.
type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write takes what is printed.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// did is what became of a command.
type did struct {
	t        *testing.T
	line     string
	code     int
	out, err string
}

// command carries out a command line without a terminal.
func command(t *testing.T, args ...string) *did {
	t.Helper()
	return commandWith(t, "", args...)
}

func commandWith(t *testing.T, input string, args ...string) *did {
	t.Helper()
	in := tempFile(t, input)
	errs := tempFile(t, "")
	var out screen
	code := run(t.Context(), args, streams{in, &out, errs})
	text, err := os.ReadFile(errs.Name())
	must(t, err)
	return &did{t, "dateline " + strings.Join(args, " "), code, out.String(), string(text)}
}

func tempFile(t *testing.T, content string) *os.File {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "stream")
	must(t, err)
	t.Cleanup(func() { f.Close() })
	_, err = f.WriteString(content)
	must(t, err)
	_, err = f.Seek(0, io.SeekStart)
	must(t, err)
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// is ends the test where the exit code is another one.
func (d *did) is(code int) *did {
	d.t.Helper()
	if d.code != code {
		d.t.Fatalf("%s: exit code %d, want %d\n%s\n%s", d.line, d.code, code, d.out, d.err)
	}
	return d
}

// says checks that the words were printed, on the one stream or the other.
func (d *did) says(words ...string) *did {
	d.t.Helper()
	for _, w := range words {
		if !strings.Contains(d.out+d.err, w) {
			d.t.Errorf("%s: %q is not in what it says:\n%s\n%s", d.line, w, d.out, d.err)
		}
	}
	return d
}

// json reads what was printed as one JSON value and nothing else.
func (d *did) json(v any) *did {
	d.t.Helper()
	if err := json.Unmarshal([]byte(d.out), v); err != nil {
		d.t.Fatalf("%s prints no JSON: %v\n%s", d.line, err, d.out)
	}
	return d
}

// paperFolder is a newsroom in a folder of its own.
type paperFolder struct {
	t   *testing.T
	dir string
}

// newPaper makes a newsroom.
func newPaper(t *testing.T) *paperFolder {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "paper")
	command(t, "init", "--dir", dir, "--name", "The Estuary", "--site-url", "http://127.0.0.1:8080", "--newsroom-url", "http://localhost:8081",
		"--zone", "Asia/Kolkata", "--language", "en", "--city", "Neerapatnam").is(exitOK)
	return &paperFolder{t, dir}
}

// do carries out a command in the folder.
func (p *paperFolder) do(args ...string) *did {
	p.t.Helper()
	return command(p.t, append(args, "--dir", p.dir)...)
}

func (p *paperFolder) token(role dateline.Role) string {
	p.t.Helper()
	return strings.TrimSpace(p.do("token", "create", "the "+string(role), "--role", string(role)).is(exitOK).out)
}

// served is a newsroom that is served within the test's own process.
type served struct {
	*paperFolder
	site, newsroom string // their addresses
	token          string // a chief's
	screen         *screen
	stop           func() int // ends it as Ctrl-C does and gives its exit code
}

// addresses finds in what a server prints where it answers.
var addresses = regexp.MustCompile(`Readers: +(http://\S+)[\s\S]*Newsroom: +(http://\S+)`)

// serve serves a newsroom until the test ends or it is stopped.
func (p *paperFolder) serve() *served {
	p.t.Helper()
	return p.start("serve")
}

func (p *paperFolder) start(name string, more ...string) *served {
	p.t.Helper()
	s := &served{paperFolder: p, screen: new(screen)}
	errs, err := os.Create(filepath.Join(p.t.TempDir(), "log"))
	must(p.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{name, "--dir", p.dir, "--site", "127.0.0.1:0", "--newsroom", "127.0.0.1:0"}, more...), streams{os.Stdin, s.screen, errs})
		close(ended)
	}()
	s.stop = sync.OnceValue(func() int {
		cancel()
		select {
		case code := <-ended:
			errs.Close()
			return code
		case <-time.After(patience):
			return -1
		}
	})
	p.t.Cleanup(func() {
		s.stop()
		if log, err := os.ReadFile(errs.Name()); err == nil && p.t.Failed() {
			p.t.Logf("the log of %s: %s", name, log)
		}
	})
	eventually(p.t, name+" is ready", func() bool {
		select {
		case code := <-ended:
			log, _ := os.ReadFile(errs.Name())
			p.t.Fatalf("%s ended with %d: %s", name, code, log)
		default:
		}
		return strings.Contains(s.screen.String(), "Newsroom:") && addresses.MatchString(s.screen.String()+"\n")
	})
	found := addresses.FindStringSubmatch(s.screen.String())
	s.site, s.newsroom = found[1], found[2]
	s.token = p.token(dateline.RoleChief)
	return s
}

// got is what a request was answered with.
type got struct {
	t      *testing.T
	of     *served // whom was asked
	asked  string
	status int
	header http.Header
	body   string
}

// visitor asks as a reader does: it follows no redirect.
var visitor = &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func ask(ctx context.Context, client *http.Client, method, address, token string, body any, headers ...string) (*got, error) {
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		r = bytes.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			return nil, err
		}
		r = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, r)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	return &got{asked: method + " " + address, status: resp.StatusCode, header: resp.Header, body: string(raw)}, nil
}

// read asks the site for an address.
func (s *served) read(path string) *got {
	s.t.Helper()
	g, err := ask(s.t.Context(), visitor, "GET", s.site+path, "", nil)
	must(s.t, err)
	g.t, g.of = s.t, s
	return g
}

// api asks the newsroom, as a chief.
func (s *served) api(method, path string, body any, headers ...string) *got {
	s.t.Helper()
	if !strings.HasPrefix(path, "/record") {
		path = "/api/v1" + path
	}
	g, err := ask(s.t.Context(), visitor, method, s.newsroom+path, s.token, body, headers...)
	must(s.t, err)
	g.t, g.of = s.t, s
	return g
}

func (g *got) is(status int) *got {
	g.t.Helper()
	if g.status != status {
		g.t.Fatalf("%s answers %d, want %d: %.800s", g.asked, g.status, status, g.body)
	}
	return g
}

func (g *got) into(v any) {
	g.t.Helper()
	if err := json.Unmarshal([]byte(g.body), v); err != nil {
		g.t.Fatalf("%s: %v: %.300s", g.asked, err, g.body)
	}
}

func (g *got) has(words ...string) *got {
	g.t.Helper()
	for _, w := range words {
		if !strings.Contains(g.body, w) {
			g.t.Errorf("%s: %q is not there: %.2000s", g.asked, w, g.body)
		}
	}
	return g
}

func (g *got) lacks(words ...string) *got {
	g.t.Helper()
	for _, w := range words {
		if strings.Contains(g.body, w) {
			g.t.Errorf("%s: %q is there", g.asked, w)
		}
	}
	return g
}

type fields = map[string]any

func (s *served) section(slug string) {
	s.t.Helper()
	s.api("POST", "/sections", fields{"slug": slug, "names": fields{"en": "Section " + slug}}).is(201)
}

func (s *served) write(content fields) newsroom.Article {
	s.t.Helper()
	var a newsroom.Article
	s.api("POST", "/articles", content).is(201).into(&a)
	return a
}

func (s *served) find(id dateline.ID) newsroom.Article {
	s.t.Helper()
	var a newsroom.Article
	s.api("GET", "/articles/"+string(id), nil).is(200).into(&a)
	return a
}

// act has an act or step done to an article as it is now.
func (s *served) act(id dateline.ID, what string, body any, headers ...string) *got {
	s.t.Helper()
	a := s.find(id)
	return s.api("POST", "/articles/"+string(id)+"/"+what, body, append(headers, "If-Match", fmt.Sprintf("%q", fmt.Sprint(a.Version)))...)
}

// confirmed reads a receipt in which every address must be confirmed. Only a search may be late: it gives up after a second,
// which on a busy machine under the race detector comes about; its line is asked for anew.
func (g *got) confirmed() dateline.Receipt {
	g.t.Helper()
	var r dateline.Receipt
	g.is(200).into(&r)
	late := func() (only bool) {
		only = !r.Confirmed
		for _, l := range r.Addresses {
			only = only && (l.Confirmed || l.What == "search")
		}
		return only
	}
	if late() {
		eventually(g.t, "the search is confirmed", func() bool {
			g.of.api("GET", fmt.Sprint("/receipts/", r.Sequence), nil).is(200).into(&r)
			return !late()
		})
	}
	for _, l := range r.Addresses {
		if !l.Confirmed {
			g.t.Errorf("%s: %s (%s, %d) is not confirmed: %s", g.asked, l.Address, l.What, l.Status, l.Detail)
		}
	}
	if !r.Confirmed || len(r.Addresses) < 3 {
		g.t.Errorf("%s: confirmed %v, %d addresses", g.asked, r.Confirmed, len(r.Addresses))
	}
	return r
}

// mark is what the page or item of an edition carries.
func mark(id dateline.ID, edition int) string { return fmt.Sprintf("%s/%d", id, edition) }

// bodiesOf decodes the bodies of entries as followers get them.
func bodiesOf(t *testing.T, lines string) (list []string) {
	t.Helper()
	must(t, record.ReadLines(strings.NewReader(lines), func(e record.Entry) error {
		list = append(list, string(e.Body))
		return nil
	}))
	return list
}
