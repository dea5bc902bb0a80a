package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

const agent = "Dateline/test (+https://estuary.example/)"

// allowed is the one loopback address that stands for the public internet in these tests; all others stay forbidden.
var allowed = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}

func newClient(t *testing.T, cfg Config) *Client {
	t.Helper()
	cfg.UserAgent = agent
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// forbidden starts a server on another loopback address and returns it with the counter of connections it has seen.
func forbidden(t *testing.T) (address string, connections *atomic.Int64) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Fatal(err)
	}
	connections = new(atomic.Int64)
	srv := &httptest.Server{Listener: ln, Config: &http.Server{
		Handler:   http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "secret") }),
		ConnState: func(_ net.Conn, s http.ConnState) { connections.Add(1) },
	}}
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.URL, connections
}

func TestRefusedAddresses(t *testing.T) {
	hosts := []string{
		"127.0.0.1", "127.0.0.2", "127.255.255.255", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1",
		"100.127.255.254", "169.254.169.254", "169.254.0.1", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1",
		"192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
		"239.255.255.255", "240.0.0.1", "255.255.255.255",
		"[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]",
		"[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::a00:1]", "[100::1]", "[2001::1]",
		"[2001:2::1]", "[2001:db8::1]", "[2001:10::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[fc00::1]",
		"[fd00:ec2::254]", "[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[ff02::1]", "[3fff::1]", "[5f00::1]",
		"2130706433", "017700000001", "0x7f000001", "0x7f.1", "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.1", "0",
		"0xA9FEA9FE", "169.254.43518", "127.0.0.1.", "1.2.3.999",
	}
	c := newClient(t, Config{Resolver: fakeDNS(t, func(string, int) string { return "127.0.0.1" })})
	for _, host := range hosts {
		for _, scheme := range []string{"http", "https"} {
			if _, err := c.Get(t.Context(), scheme+"://"+host+"/", Limits{}); !errors.Is(err, ErrAddress) {
				t.Errorf("%s://%s: got %v, want ErrAddress", scheme, host, err)
			}
		}
	}
	t.Logf("%d addresses refused", len(hosts))
}

func TestPublicAddressesPassTheGuard(t *testing.T) {
	g := newGuard(nil, nil)
	for _, host := range []string{"8.8.8.8", "151.101.1.69", "[2606:4700::1111]", "estuary.example", "3.example", "0xcafe.example", "a0x7f"} {
		u, err := url.Parse("https://" + host + "/")
		if err != nil {
			t.Fatal(err)
		}
		if err := g.checkURL(u); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestRefusedURLs(t *testing.T) {
	c := newClient(t, Config{})
	tests := map[string]error{
		"ftp://estuary.example/":              ErrURL,
		"file:///etc/passwd":                  ErrURL,
		"gopher://estuary.example/":           ErrURL,
		"//estuary.example/":                  ErrURL,
		"/path":                               ErrURL,
		"":                                    ErrURL,
		"http://":                             ErrURL,
		"http:///path":                        ErrURL,
		"http://user@estuary.example/":        ErrURL,
		"https://u:p@estuary.example/":        ErrURL,
		"http://estuary.example/\x00":         ErrURL,
		"http://8.8.8.8:99999/":               ErrURL,
		"http://estuary.example:abc/":         ErrURL,
		"http://8.8.8.8:22/":                  ErrAddress,
		"http://8.8.8.8:8080/":                ErrAddress,
		"https://[2606:4700::1111]:25/":       ErrAddress,
		"http://e.example/" + longPath(9<<10): ErrURL,
	}
	for address, want := range tests {
		if _, err := c.Get(t.Context(), address, Limits{}); !errors.Is(err, want) {
			t.Errorf("%.60q: got %v, want %v", address, err, want)
		}
	}
}

func longPath(n int) string { return strings.Repeat("a", n) }

func TestNamesThatResolveInside(t *testing.T) {
	inside, connections := forbidden(t)
	port := inside[strings.LastIndex(inside, ":"):]
	answers := map[string]string{"loop.example.": "127.0.0.2", "meta.example.": "169.254.169.254", "six.example.": "::1"}
	c := newClient(t, Config{Allow: allowed, Resolver: fakeDNS(t, func(name string, _ int) string { return answers[name] })})
	for name := range answers {
		if _, err := c.Get(t.Context(), "http://"+strings.TrimSuffix(name, ".")+port, Limits{}); !errors.Is(err, ErrAddress) {
			t.Errorf("%s: got %v, want ErrAddress", name, err)
		}
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections reached the inside", n)
	}
}

func TestRebindingIsSeenAtTheDial(t *testing.T) {
	inside, connections := forbidden(t)
	port := inside[strings.LastIndex(inside, ":"):]
	outside := httptest.NewServer(http.NotFoundHandler())
	defer outside.Close()
	var asked atomic.Int64
	c := newClient(t, Config{Allow: allowed, Resolver: fakeDNS(t, func(string, int) string {
		if asked.Add(1) == 1 {
			return "127.0.0.1"
		}
		return "127.0.0.2"
	})})
	if _, err := c.Get(t.Context(), "http://rebind.example:"+outside.URL[strings.LastIndex(outside.URL, ":")+1:], Limits{}); err != nil {
		t.Fatalf("the first, public answer: %v", err)
	}
	if _, err := c.Get(t.Context(), "http://rebind.example"+port, Limits{}); !errors.Is(err, ErrAddress) {
		t.Errorf("the second, private answer: got %v, want ErrAddress", err)
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections reached the inside", n)
	}
}

func TestRedirects(t *testing.T) {
	inside, connections := forbidden(t)
	var referers sync.Map
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		referers.Store(r.URL.Path, r.Referer()+r.Header.Get("Cookie"))
		http.SetCookie(w, &http.Cookie{Name: "id", Value: "1", Path: "/"})
		switch {
		case r.URL.Path == "/inside":
			http.Redirect(w, r, inside, http.StatusFound)
		case r.URL.Path == "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusMovedPermanently)
		case r.URL.Path == "/metadata":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusTemporaryRedirect)
		case r.URL.Path == "/credentials":
			http.Redirect(w, r, "http://a:b@estuary.example/", http.StatusSeeOther)
		case strings.HasPrefix(r.URL.Path, "/hops/"):
			left, _ := strconv.Atoi(r.URL.Path[len("/hops/"):])
			if left == 0 {
				io.WriteString(w, "arrived")
				return
			}
			http.Redirect(w, r, "/hops/"+strconv.Itoa(left-1), http.StatusFound)
		}
	}))
	defer srv.Close()
	c := newClient(t, Config{Allow: allowed})
	for path, want := range map[string]error{
		"/inside": ErrAddress, "/metadata": ErrAddress, "/file": ErrURL, "/credentials": ErrURL, "/hops/6": ErrRedirects,
	} {
		if _, err := c.Get(t.Context(), srv.URL+path, Limits{}); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", path, err, want)
		}
	}
	resp, err := c.Get(t.Context(), srv.URL+"/hops/5", Limits{})
	if err != nil || string(resp.Body) != "arrived" || resp.URL != srv.URL+"/hops/0" {
		t.Errorf("five redirects: %q at %s, %v", resp.Body, resp.URL, err)
	}
	referers.Range(func(path, told any) bool {
		if told != "" {
			t.Errorf("%s was told %q", path, told)
		}
		return true
	})
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections reached the inside", n)
	}
}

func TestBodies(t *testing.T) {
	const limit = 64 << 10
	bomb := gzipped(t, 16<<20)
	mux := http.NewServeMux()
	mux.HandleFunc("/exact", func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, limit)) })
	mux.HandleFunc("/announced", func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, limit+1)) })
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 8<<10)); err != nil {
				return
			}
			w.(http.Flusher).Flush()
		}
	})
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(bomb)
	})
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(gzipped(t, limit))
	})
	mux.HandleFunc("/brotli", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		w.Write([]byte("x"))
	})
	mux.HandleFunc("/headers", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", longPath(128<<10)) })
	srv := httptest.NewServer(mux)
	defer srv.Close()
	c := newClient(t, Config{Allow: allowed})
	for path, want := range map[string]error{
		"/exact": nil, "/gzip": nil, "/announced": ErrTooBig, "/endless": ErrTooBig, "/bomb": ErrTooBig, "/brotli": ErrEncoding,
	} {
		resp, err := c.Get(t.Context(), srv.URL+path, Limits{Bytes: limit})
		if !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", path, err, want)
		}
		if err == nil && len(resp.Body) != limit {
			t.Errorf("%s: %d bytes", path, len(resp.Body))
		}
		if err != nil && resp.Body != nil {
			t.Errorf("%s: an error came with a body", path)
		}
	}
	if _, err := c.Get(t.Context(), srv.URL+"/headers", Limits{}); err == nil {
		t.Error("128 KB of headers were accepted")
	}
}

func gzipped(t *testing.T, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(make([]byte, n)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSlowBodyEndsAtTheTimeout(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("a"))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	defer srv.Close()
	c := newClient(t, Config{Allow: allowed})
	_, err := c.Get(t.Context(), srv.URL+"/?key=secret", Limits{Timeout: 50 * time.Millisecond})
	if !errors.Is(err, ErrTimeout) {
		t.Fatalf("got %v, want ErrTimeout", err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error repeats the query: %v", err)
	}
}

func TestConcurrencyIsBounded(t *testing.T) {
	arrived, finish := make(chan struct{}, 8), make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-finish
	}))
	defer srv.Close()
	c := newClient(t, Config{Allow: allowed, Concurrency: 1})
	done := make(chan error)
	go func() {
		_, err := c.Get(t.Context(), srv.URL, Limits{})
		done <- err
	}()
	<-arrived
	if _, err := c.Get(t.Context(), srv.URL, Limits{Timeout: 20 * time.Millisecond}); !errors.Is(err, ErrTimeout) {
		t.Errorf("the second request: got %v, want ErrTimeout while it waits for a place", err)
	}
	if len(arrived) != 0 {
		t.Error("the second request reached the server")
	}
	close(finish)
	if err := <-done; err != nil {
		t.Errorf("the first request: %v", err)
	}
}

func TestWhatIsSent(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.2:1")
	got := make(chan http.Header, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got <- r.Header
		w.WriteHeader(http.StatusNotModified)
	}))
	defer srv.Close()
	c := newClient(t, Config{Allow: allowed})
	resp, err := c.Do(t.Context(), Question{URL: srv.URL, Accept: "application/json", IfNoneMatch: `"a"`, IfModifiedSince: "Mon, 23 Nov 2026 06:00:00 GMT"})
	if err != nil || resp.Status != http.StatusNotModified {
		t.Fatalf("%d, %v", resp.Status, err)
	}
	h := <-got
	want := map[string]string{"User-Agent": agent, "Accept": "application/json", "If-None-Match": `"a"`,
		"If-Modified-Since": "Mon, 23 Nov 2026 06:00:00 GMT", "Accept-Encoding": "gzip", "Cookie": ""}
	for name, value := range want {
		if h.Get(name) != value {
			t.Errorf("%s: %q, want %q", name, h.Get(name), value)
		}
	}
	if c.transport.Proxy != nil || c.client.Jar != nil {
		t.Error("the client has a proxy or a cookie jar")
	}
}

func TestNewWantsAUserAgent(t *testing.T) {
	for _, ua := range []string{"", " ", "a\r\nX: y"} {
		if _, err := New(Config{UserAgent: ua}); err == nil {
			t.Errorf("%q was accepted", ua)
		}
	}
}

// fakeDNS is a resolver that answers every name in memory: answer gets the name and how often it was asked.
func fakeDNS(t *testing.T, answer func(name string, times int) string) *net.Resolver {
	var mu sync.Mutex
	asked := map[string]int{}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		near, far := net.Pipe()
		go func() {
			defer far.Close()
			for serveDNS(far, func(name string) string {
				mu.Lock()
				defer mu.Unlock()
				asked[name]++
				return answer(name, asked[name])
			}) == nil {
			}
		}()
		return near, nil
	}}
}

// serveDNS answers one question over a stream, which frames messages by two bytes of length (RFC 1035 section 4.2.2).
func serveDNS(conn net.Conn, answer func(name string) string) error {
	var size [2]byte
	if _, err := io.ReadFull(conn, size[:]); err != nil {
		return err
	}
	raw := make([]byte, int(size[0])<<8|int(size[1]))
	if _, err := io.ReadFull(conn, raw); err != nil {
		return err
	}
	var m dnsmessage.Message
	if err := m.Unpack(raw); err != nil {
		return err
	}
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	q := m.Questions[0]
	header := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
	// The resolver asks for A and AAAA at once; only the question of the answer's family counts.
	switch q.Type {
	case dnsmessage.TypeA:
		if addr, err := netip.ParseAddr(answer(q.Name.String())); err == nil && addr.Is4() {
			m.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AResource{A: addr.As4()}}}
		}
	case dnsmessage.TypeAAAA:
		if q.Name.String() == "six.example." {
			m.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AAAAResource{AAAA: netip.IPv6Loopback().As16()}}}
		}
	}
	out, err := m.Pack()
	if err != nil {
		return err
	}
	_, err = conn.Write(append([]byte{byte(len(out) >> 8), byte(len(out))}, out...))
	return err
}

// TestPost: a body is sent as it is, the guard holds, and a redirect of it is the answer.
func TestPost(t *testing.T) {
	var got []string
	mux := http.NewServeMux()
	mux.HandleFunc("/say", func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		got = append(got, r.Method+" "+string(b))
		if err == nil {
			io.WriteString(w, "heard")
		}
	})
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/say", http.StatusTemporaryRedirect)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	c := newClient(t, Config{Allow: allowed})
	a, err := c.Do(t.Context(), Question{URL: s.URL + "/say", Post: []byte("old 0\n")})
	if err != nil || a.Status != 200 || string(a.Body) != "heard" {
		t.Errorf("%+v, %v", a, err)
	}
	if a, err := c.Do(t.Context(), Question{URL: s.URL + "/away", Post: []byte("x")}); err != nil || a.Status != http.StatusTemporaryRedirect {
		t.Errorf("a redirect: %+v, %v", a, err)
	}
	if len(got) != 1 || got[0] != "POST old 0\n" {
		t.Errorf("it was told %q", got)
	}
	inside, connections := forbidden(t)
	if _, err := c.Do(t.Context(), Question{URL: inside, Post: []byte("x")}); !errors.Is(err, ErrAddress) || connections.Load() > 0 {
		t.Errorf("inside: %v, %d connections", err, connections.Load())
	}
}

// TestATypedHostIsReached: only it, only at its port, and nothing that it redirects to.
func TestATypedHostIsReached(t *testing.T) {
	secret, connections := forbidden(t)
	var line string
	private := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line = r.Method + " " + r.Header.Get("Surrogate-Key")
		if r.URL.Path == "/away" {
			http.Redirect(w, r, secret, http.StatusTemporaryRedirect)
		}
	}))
	t.Cleanup(private.Close)
	c := newClient(t, Config{Hosts: []string{HostOf(private.URL)}})
	q := Question{URL: private.URL, Method: "PURGE", Header: http.Header{"Surrogate-Key": {"a b"}}}
	if r, err := c.Do(t.Context(), q); err != nil || r.Status != 200 || line != "PURGE a b" {
		t.Errorf("%d %v, asked with %q", r.Status, err, line)
	}
	q.URL += "/away"
	if r, err := c.Do(t.Context(), q); err != nil || r.Status != http.StatusTemporaryRedirect {
		t.Errorf("a redirect of a PURGE: %d %v", r.Status, err)
	}
	if _, err := c.Get(t.Context(), private.URL+"/away", Limits{}); !errors.Is(err, ErrAddress) {
		t.Errorf("a redirect to another private address: %v", err)
	}
	if _, err := newClient(t, Config{Hosts: []string{"127.0.0.1:1"}}).Get(t.Context(), private.URL, Limits{}); !errors.Is(err, ErrAddress) {
		t.Errorf("another port of a typed host: %v", err)
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("the forbidden address was dialled %d times", n)
	}
}
