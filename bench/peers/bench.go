package main

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The peers.
const (
	dateline = "Dateline"
	nginx    = "nginx"
	standard = "net/http"
	fast     = "fasthttp"
)

// prepare installs what is asked with and beside whom, where it is missing.
func prepare(ctx context.Context) error {
	var want []string
	for command, pkg := range map[string]string{"nginx": "nginx", "wrk": "wrk", "h2load": "nghttp2-client", "taskset": "util-linux"} {
		if _, err := find(command); err != nil {
			want = append(want, pkg)
		}
	}
	if found, err := filepath.Glob("/usr/*/nginx/modules/ngx_http_brotli_static_module.so"); err != nil || len(found) == 0 {
		want = append(want, "libnginx-mod-http-brotli-static")
	}
	if len(want) == 0 {
		return nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("this machine lacks %s and has no apt-get: install them, then run this again", strings.Join(want, ", "))
	}
	fmt.Fprintf(os.Stderr, "installing %s with apt-get\n", strings.Join(want, ", "))
	command := append([]string{"./install.sh"}, want...)
	if os.Geteuid() != 0 {
		command = append([]string{"sudo"}, command...)
	}
	if out, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get could not install them: %w: %s", err, out)
	}
	return nil
}

// find finds a program, one of administrators' too.
func find(command string) (string, error) {
	path, err := exec.LookPath(command)
	if err != nil {
		path, err = exec.LookPath(filepath.Join("/usr/sbin", command))
	}
	return path, err
}

// bench is the comparison as it runs.
type bench struct {
	options
	home  string // what is kept is in the archive's folder, all else here
	dir   string // the pages' files, as nginx and the minimal servers send them
	peers []*peer
	pages map[string]string // the addresses of the pages, by name
	table []figures
}

// served is what Dateline says when it is ready.
type served struct{ Site, Secure, Article, Section, Topic, Words string }

func newBench(ctx context.Context, o options) (b *bench, err error) {
	b = &bench{options: o}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close())
		}
	}()
	if b.home, err = os.MkdirTemp("", "dateline-peers-*"); err != nil {
		return b, err
	}
	b.dir = filepath.Join(b.home, "pages")
	archive := cmp.Or(o.dir, filepath.Join(b.home, "archive"))
	if err := errors.Join(os.Mkdir(b.dir, 0o755), os.Chmod(b.home, 0o755), os.MkdirAll(archive, 0o755), certificate(b.dir)); err != nil {
		return b, err
	}
	program := filepath.Join(b.home, "dateline")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/dateline").CombinedOutput(); err != nil {
		return b, fmt.Errorf("go build ./cmd/dateline: %w: %s", err, out)
	}
	if err := b.startDateline(ctx, program, archive); err != nil {
		return b, err
	}
	if err := b.takePages(ctx); err != nil {
		return b, err
	}
	n, err := b.nginx(ctx)
	if err != nil {
		return b, err
	}
	b.peers = append(b.peers, n)
	self, err := os.Executable()
	if err != nil {
		return b, err
	}
	for _, kind := range []string{standard, fast} {
		p, out, err := start(ctx, kind, self, "serve", kind, b.dir)
		if err != nil {
			return b, err
		}
		b.peers = append(b.peers, p)
		line, err := out.ReadString('\n')
		if err != nil {
			return b, fmt.Errorf("%s does not say where it answers: %w", kind, err)
		}
		p.plain, p.secure, _ = strings.Cut(strings.TrimSpace(line), " ")
	}
	return b, os.WriteFile(filepath.Join(b.dir, "any.lua"), fmt.Appendf(nil, anyLua, filepath.Join(b.dir, "list")), 0o644)
}

// anyLua has wrk ask for one address of the list after the other, from a place that is another each time.
const anyLua = `local list = {}
for line in io.lines(%q) do list[#list + 1] = line end
math.randomseed(os.time())
local at = math.random(#list)
request = function()
	at = at %% #list + 1
	return wrk.format("GET", list[at])
end
`

func (b *bench) startDateline(ctx context.Context, program, archive string) error {
	args := []string{program, "bench", "archive-site", "--dir", archive, "--articles", fmt.Sprint(b.articles), "--site", "127.0.0.1:0",
		"--secure", "127.0.0.1:0", "--cert", filepath.Join(b.dir, "cert.pem"), "--key", filepath.Join(b.dir, "key.pem"), "--list", filepath.Join(b.dir, "list")}
	// An archive that is made first is made on both processors. Its input has ended already: it is made and no more.
	if err := exec.CommandContext(ctx, args[0], args[1:]...).Run(); err != nil {
		return fmt.Errorf("making the archive: %w", err)
	}
	p, out, err := start(ctx, dateline, args...)
	if err != nil {
		return err
	}
	b.peers = append(b.peers, p)
	var s served
	if err := json.NewDecoder(out).Decode(&s); err != nil {
		return fmt.Errorf("dateline does not say where it answers: %w", err)
	}
	p.plain, p.secure = s.Site, s.Secure
	b.pages = map[string]string{"article": s.Article, "home": "/", "section": s.Section, "topic": s.Topic, "feed": "/rss.xml", "search": "/search?q=" + s.Words, "missing": "/nothing"}
	return nil
}

// takePages writes Dateline's answers to files, in every encoding.
func (b *bench) takePages(ctx context.Context) error {
	for name, address := range b.pages {
		if name == "search" {
			continue
		}
		for coding, suffix := range suffixes {
			resp, err := ask(ctx, b.peers[0].plain, address, coding)
			if err != nil {
				return err
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if err != nil {
				return err
			}
			if want := map[bool]int{true: http.StatusNotFound, false: http.StatusOK}[name == "missing"]; resp.StatusCode != want {
				return fmt.Errorf("%s is answered %d: %.200s", address, resp.StatusCode, body)
			}
			if got := cmp.Or(resp.Header.Get("Content-Encoding"), "identity"); got != coding {
				return fmt.Errorf("%s is answered in %s where %s was asked for", address, got, coding)
			}
			file := filepath.Join(b.dir, name)
			if err := errors.Join(os.WriteFile(file+suffix, body, 0o644), os.WriteFile(file+".type", []byte(resp.Header.Get("Content-Type")), 0o644)); err != nil {
				return err
			}
		}
	}
	return nil
}

// ask asks once; the body comes as it is.
func ask(ctx context.Context, host, path, coding string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", coding)
	return http.DefaultTransport.RoundTrip(req)
}

// path is the address of a row's page at a peer.
func (b *bench) path(p *peer, r row) string {
	switch {
	case r.page == "":
		return "/"
	case p.name == dateline:
		return b.pages[r.page]
	case p.name == nginx && r.page == "missing":
		return "/nothing"
	}
	return "/" + r.page
}

// figures are a row's, by peer.
type figures struct {
	row
	by map[string]*figure
}

// figure is what a peer did in a row: requests per second of processor time, latencies in milliseconds, memory in megabytes.
type figure struct{ rate, p50, p99, memory float64 }

// measure asks all peers in turn, again and again, so that what else the machine does meets them alike, and takes the medians.
func (b *bench) measure(ctx context.Context, r row) (f figures, err error) {
	f = figures{row: r, by: map[string]*figure{}}
	seen := map[string][]figure{}
	for range b.runs {
		for _, p := range b.peers {
			if r.alone && p.name != dateline || r.secure && p.name == fast || r.encoding == "zstd" && p.name == nginx {
				continue
			}
			one, err := b.once(ctx, p, r)
			if err != nil {
				return f, fmt.Errorf("%s: %w", p.name, err)
			}
			seen[p.name] = append(seen[p.name], one)
		}
	}
	for name, list := range seen {
		f.by[name] = &figure{median(list, func(x figure) float64 { return x.rate }), median(list, func(x figure) float64 { return x.p50 }),
			median(list, func(x figure) float64 { return x.p99 }), median(list, func(x figure) float64 { return x.memory })}
	}
	return f, nil
}

func (b *bench) once(ctx context.Context, p *peer, r row) (f figure, err error) {
	if r.page != "" {
		// The page is in memory, and the answer is what is compared.
		resp, err := ask(ctx, p.plain, b.path(p, r), r.encoding)
		if err != nil {
			return f, err
		}
		size, err := io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if err != nil {
			return f, err
		}
		p.tag = resp.Header.Get("Etag")
		if info, err := os.Stat(filepath.Join(b.dir, r.page+suffixes[r.encoding])); !r.alone && (err != nil || info.Size() != size) {
			return f, fmt.Errorf("%s is answered with %d bytes, not the page's", b.path(p, r), size)
		}
	}
	before, _, err := p.used()
	if err != nil {
		return f, err
	}
	l, err := b.load(ctx, p, r)
	if err != nil {
		return f, err
	}
	after, memory, err := p.used()
	if err != nil {
		return f, err
	}
	if after == before {
		return f, errors.New("it had no processor time")
	}
	return figure{float64(l.requests) / (after - before), l.p50, l.p99, memory}, nil
}

func median(list []figure, of func(figure) float64) float64 {
	values := make([]float64, len(list))
	for i, f := range list {
		values[i] = of(f)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// Close ends the servers and takes away what is not kept.
func (b *bench) Close() error {
	var errs []error
	for _, p := range b.peers {
		errs = append(errs, p.Close())
	}
	if b.home != "" {
		errs = append(errs, os.RemoveAll(b.home))
	}
	return errors.Join(errs...)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// certificate writes one that nobody trusts, for all who speak TLS here.
func certificate(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(filepath.Join(dir, "cert.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o644),
		os.WriteFile(filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
}
