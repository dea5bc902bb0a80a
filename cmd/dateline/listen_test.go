package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"golang.org/x/crypto/acme/autocert"
)

// authority is a certificate authority of the test's own: Let's Encrypt's Pebble, with names that all lead to this machine.
type authority struct {
	directory string
	roots     *x509.CertPool
	down      atomic.Bool // refuses everybody
}

// newAuthority starts one that looks for names at the two ports.
func newAuthority(t *testing.T, httpPort, tlsPort int, life time.Duration) *authority {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	names, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	resolver := &dns.Server{Listener: names, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		a := new(dns.Msg)
		a.SetReply(q)
		if q.Question[0].Qtype == dns.TypeA {
			a.Answer = append(a.Answer, &dns.A{Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}, A: net.IPv4(127, 0, 0, 1)})
		}
		_ = w.WriteMsg(a)
	})}
	go resolver.ActivateAndServe()
	t.Cleanup(func() { resolver.Shutdown() })

	quiet := log.New(io.Discard, "", 0)
	store := db.NewMemoryStore()
	issuer := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "for tests", ValidityPeriod: uint64(life.Seconds())}})
	front := wfe.New(quiet, store, va.New(quiet, httpPort, tlsPort, false, names.Addr().String(), store), issuer, nil, false, false, 1, 1)
	a := &authority{roots: x509.NewCertPool()}
	a.roots.AddCert(issuer.GetRootCert(0).Cert)
	handler := front.Handler()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.down.Load() {
			http.Error(w, "no certificates today", http.StatusServiceUnavailable)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{trusted}}
	server.StartTLS()
	t.Cleanup(server.Close)
	a.directory = server.URL + wfe.DirectoryPath
	return a
}

// freePort is one of the loopback's that nobody answers at. It is bound until the test ends, so that the system gives it to nobody
// else; whoever means to answer there binds it as well, which SO_REUSEADDR allows as long as none listens. net.Listen, nginx and
// Varnish all set it.
func freePort(t *testing.T) int {
	t.Helper()
	s, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	must(t, err)
	t.Cleanup(func() { syscall.Close(s) })
	must(t, syscall.SetsockoptInt(s, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1))
	must(t, syscall.Bind(s, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	at, err := syscall.Getsockname(s)
	must(t, err)
	return at.(*syscall.SockaddrInet4).Port
}

// tlsPaper is a newsroom whose addresses begin with https, and the ports that it is to be served at.
type tlsPaper struct {
	*paperFolder
	http, tls int
	udp       net.PacketConn // holds the UDP port of the number of tls, until it is closed for a start with HTTP/3
}

func newTLSPaper(t *testing.T) *tlsPaper {
	t.Helper()
	p := &tlsPaper{paperFolder: &paperFolder{t, filepath.Join(t.TempDir(), "paper")}, http: freePort(t)}
	for p.udp == nil {
		p.tls = freePort(t)
		udp, err := net.ListenPacket("udp", fmt.Sprint("127.0.0.1:", p.tls))
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		must(t, err)
		p.udp = udp
		t.Cleanup(func() { udp.Close() })
	}
	p.do("init", "--name", "The Estuary", "--site-url", "https://estuary.example", "--newsroom-url", "https://desk.estuary.example",
		"--zone", "Asia/Kolkata", "--language", "en", "--city", "Neerapatnam").is(exitOK)
	return p
}

func (p *tlsPaper) flags(more ...string) []string {
	return append([]string{"--tls", fmt.Sprint("127.0.0.1:", p.tls), "--http", fmt.Sprint("127.0.0.1:", p.http)}, more...)
}

// to is a dialer for which every name is at one port of this machine.
func to(port int) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", fmt.Sprint("127.0.0.1:", port))
	}
}

// overTLS is a client that trusts the roots; protocols are those it offers.
func overTLS(t *testing.T, port int, roots *x509.CertPool, two bool) *http.Client {
	transport := &http.Transport{DialContext: to(port), TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: two}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience, CheckRedirect: visitor.CheckRedirect}
}

// overQUIC is a client of HTTP/3.
func overQUIC(t *testing.T, port int, roots *x509.CertPool) *http.Client {
	transport := &http3.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, Dial: func(ctx context.Context, _ string, conf *tls.Config, q *quic.Config) (*quic.Conn, error) {
		return quic.DialAddr(ctx, fmt.Sprint("127.0.0.1:", port), conf, q)
	}}
	t.Cleanup(func() { transport.Close() })
	return &http.Client{Transport: transport, Timeout: patience, CheckRedirect: visitor.CheckRedirect}
}

// overHTTP is a client without TLS.
func overHTTP(t *testing.T, port int) *http.Client {
	transport := &http.Transport{DialContext: to(port)}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience, CheckRedirect: visitor.CheckRedirect}
}

func askWith(t *testing.T, client *http.Client, method, address string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	must(t, err)
	resp, err := client.Do(req)
	must(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp, string(b)
}

// TestThePaperIsServedToTheWorld: both names get a certificate of an authority that asks for them, each answers with its own room
// over HTTP/2, readers over HTTP/3 too, http leads to https; and a start goes on with what is there while no authority answers.
func TestThePaperIsServedToTheWorld(t *testing.T) {
	p := newTLSPaper(t)
	a := newAuthority(t, p.http, p.tls, 24*time.Hour)
	p.udp.Close()
	s := p.start("serve", p.flags("--acme", a.directory, "--http3")...)
	two := overTLS(t, p.tls, a.roots, true)
	served := func(address string) bool {
		resp, err := two.Get(address)
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == 200
	}
	eventually(t, "both names have a certificate", func() bool {
		return served("https://estuary.example/") && served("https://desk.estuary.example/sign-in")
	})

	resp, body := askWith(t, two, "GET", "https://estuary.example/")
	if resp.ProtoMajor != 2 || !strings.Contains(body, "The Estuary") {
		t.Errorf("readers get %s over HTTP/%d: %.200s", resp.Status, resp.ProtoMajor, body)
	}
	if got := resp.Header.Get("Strict-Transport-Security"); got != strict {
		t.Errorf("Strict-Transport-Security of readers: %q", got)
	}
	if got, want := resp.Header.Get("Alt-Svc"), fmt.Sprintf("h3=\":%d\"; ma=86400", p.tls); got != want {
		t.Errorf("Alt-Svc %q, want %q", got, want)
	}
	resp, body = askWith(t, two, "GET", "https://desk.estuary.example/sign-in")
	if resp.Header.Get("Strict-Transport-Security") != strict || resp.Header.Get("Alt-Svc") != "" || !strings.Contains(body, "<html") {
		t.Errorf("the newsroom answers with %v: %.200s", resp.Header, body)
	}
	if resp, _ := askWith(t, two, "GET", "https://estuary.example/api/v1/openapi.json"); resp.StatusCode != 404 {
		t.Errorf("the newsroom's API under the readers' name: %s", resp.Status)
	}

	// A browser may ask for one name on the connection of the other, and anybody for any.
	req, err := http.NewRequestWithContext(t.Context(), "GET", "https://estuary.example/", nil)
	must(t, err)
	req.Host = "elsewhere.example"
	other, err := two.Do(req)
	must(t, err)
	other.Body.Close()
	if other.StatusCode != 421 {
		t.Errorf("another name is answered %s", other.Status)
	}
	if _, err := two.Get("https://elsewhere.example/"); err == nil {
		t.Error("there is a certificate for a name that is not the paper's")
	}
	old := &tls.Config{RootCAs: a.roots, ServerName: "estuary.example", MaxVersion: tls.VersionTLS11}
	if conn, err := tls.Dial("tcp", fmt.Sprint("127.0.0.1:", p.tls), old); err == nil {
		conn.Close()
		t.Error("TLS 1.1 is spoken")
	}

	three := overQUIC(t, p.tls, a.roots)
	if resp, body := askWith(t, three, "GET", "https://estuary.example/"); resp.ProtoMajor != 3 || resp.StatusCode != 200 || !strings.Contains(body, "The Estuary") {
		t.Errorf("over HTTP/3: %s of HTTP/%d, %.200s", resp.Status, resp.ProtoMajor, body)
	}
	if resp, _ := askWith(t, three, "GET", "https://desk.estuary.example/sign-in"); resp.StatusCode != 421 {
		t.Errorf("the newsroom over HTTP/3: %s", resp.Status)
	}

	plain := overHTTP(t, p.http)
	for _, c := range []struct {
		method, at, to string
		status         int
	}{
		{"GET", "http://estuary.example/search?q=ferry%20boat", "https://estuary.example/search?q=ferry%20boat", 301},
		{"HEAD", "http://estuary.example:8080/", "https://estuary.example/", 301},
		{"GET", "http://desk.estuary.example/sign-in", "https://desk.estuary.example/sign-in", 301},
		{"GET", "http://estuary.example//elsewhere.example/", "https://estuary.example//elsewhere.example/", 301},
		{"POST", "http://desk.estuary.example/sign-in", "", 405},
		{"GET", "http://elsewhere.example/", "", 421},
		{"GET", "http://estuary.example/.well-known/acme-challenge/none", "", 404},
	} {
		if resp, _ := askWith(t, plain, c.method, c.at); resp.StatusCode != c.status || resp.Header.Get("Location") != c.to || resp.Header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s %s: %d to %q", c.method, c.at, resp.StatusCode, resp.Header.Get("Location"))
		}
	}
	if code := s.stop(); code != exitOK {
		t.Errorf("stopped with %d", code)
	}
	for _, name := range []string{".", "estuary.example", "acme_account+key", "names"} {
		info, err := os.Stat(filepath.Join(p.dir, "tls", name))
		must(t, err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %s", name, info.Mode())
		}
	}

	a.down.Store(true)
	s = p.start("serve", p.flags("--acme", a.directory)...)
	eventually(t, "what was fetched is served", func() bool { return served("https://estuary.example/") })
	if resp, _ := askWith(t, two, "GET", "https://estuary.example/"); resp.Header.Get("Alt-Svc") != "" {
		t.Errorf("HTTP/3 is not served, and Alt-Svc is %q", resp.Header.Get("Alt-Svc"))
	}
	s.stop()

	// The desk's database is gone; readers come over TLS as before, and the newsroom says that it is closed.
	must(t, os.WriteFile(filepath.Join(p.dir, "desk.db"), []byte(strings.Repeat("no database ", 1000)), 0o600))
	_ = os.Remove(filepath.Join(p.dir, "desk.db-wal"))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	errs := tempFile(t, "")
	go func() {
		ended <- run(ctx, append([]string{"serve", "--dir", p.dir, "--site", "127.0.0.1:0", "--newsroom", "127.0.0.1:0"}, p.flags("--acme", a.directory)...), streams{os.Stdin, new(screen), errs})
	}()
	two.CloseIdleConnections()
	eventually(t, "readers are served without a desk", func() bool { return served("https://estuary.example/") })
	eventually(t, "the newsroom says that it is closed", func() bool {
		resp, err := two.Get("https://desk.estuary.example/")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == 503
	})
	stop()
	<-ended
}

// TestAnAuthorityRefuses: nobody waits for a certificate. Readers are answered over http as long as there is none, editors are not.
func TestAnAuthorityRefuses(t *testing.T) {
	p := newTLSPaper(t)
	a := newAuthority(t, p.http, p.tls, time.Hour)
	a.down.Store(true)
	s := p.start("serve", p.flags("--acme", a.directory)...)
	plain := overHTTP(t, p.http)
	if resp, body := askWith(t, plain, "GET", "http://estuary.example/"); resp.StatusCode != 200 || !strings.Contains(body, "The Estuary") || resp.Header.Get("Strict-Transport-Security") != "" {
		t.Errorf("readers get %s: %.200s", resp.Status, body)
	}
	if resp, body := askWith(t, plain, "GET", "http://desk.estuary.example/sign-in"); resp.StatusCode != 503 || strings.Contains(body, "<form") {
		t.Errorf("the newsroom answers %s: %.200s", resp.Status, body)
	}
	if _, err := overTLS(t, p.tls, a.roots, true).Get("https://estuary.example/"); err == nil {
		t.Error("there is a certificate")
	}
	s.read("/").is(200) // the address without TLS is there as ever
	s.stop()

	// The same, until the authority answers again. The first that asks remembers the refusal for a minute, by autocert's own clock; a
	// new one does not.
	var said screen
	newFetched := func() *fetchedCertificates {
		c, err := fetchCertificates(fetching{directory: a.directory, cache: t.TempDir(), names: []string{"estuary.example"},
			log: slog.New(slog.NewTextHandler(&said, nil)), rest: 10 * time.Millisecond, look: 10 * time.Millisecond})
		must(t, err)
		return c
	}
	fetched := newFetched()
	stop := serveCertificates(t, fetched, p)
	eventually(t, "the log says why, and it is asked for again", func() bool {
		return strings.Count(said.String(), "there is no certificate for estuary.example") > 1 && strings.Contains(said.String(), "503")
	})
	if fetched.ready("estuary.example") || fetched.ready("elsewhere.example") {
		t.Error("ready without a certificate")
	}
	stop()
	a.down.Store(false)
	fetched = newFetched()
	serveCertificates(t, fetched, p)
	eventually(t, "the certificate is there", func() bool { return fetched.ready("estuary.example") })
}

// serveCertificates answers at the paper's ports with what is fetched, so that the authority finds the name there, until the test
// ends or it is stopped.
func serveCertificates(t *testing.T, c *fetchedCertificates, p *tlsPaper) (stop func()) {
	t.Helper()
	at, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", p.tls))
	must(t, err)
	server := &http.Server{Handler: http.NotFoundHandler(), TLSConfig: &tls.Config{GetCertificate: c.get, NextProtos: c.protocols()}, ErrorLog: log.New(io.Discard, "", 0)}
	go server.ServeTLS(at, "", "")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		c.run(ctx)
		close(ended)
	}()
	stop = func() {
		cancel()
		<-ended
		server.Close()
	}
	t.Cleanup(stop)
	return stop
}

// TestACertificateIsRenewed: handshakes get the new one without a start.
func TestACertificateIsRenewed(t *testing.T) {
	p := newTLSPaper(t)
	a := newAuthority(t, p.http, p.tls, time.Minute)
	fetched, err := fetchCertificates(fetching{directory: a.directory, cache: t.TempDir(), names: []string{"estuary.example"},
		log: slog.New(slog.DiscardHandler), look: 10 * time.Millisecond, renewBefore: 59 * time.Second})
	must(t, err)
	serveCertificates(t, fetched, p)
	serial := func() string {
		conn, err := tls.Dial("tcp", fmt.Sprint("127.0.0.1:", p.tls), &tls.Config{RootCAs: a.roots, ServerName: "estuary.example"})
		if err != nil {
			return ""
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	first := ""
	eventually(t, "the first certificate", func() bool { first = serial(); return first != "" })
	eventually(t, "the second certificate", func() bool { now := serial(); return now != "" && now != first })
}

func selfSigned(t *testing.T, file, key string, until time.Time, names ...string) *x509.Certificate {
	t.Helper()
	c, err := writeSelfSigned(file, key, until, names...)
	must(t, err)
	return c
}

// writeSelfSigned writes a certificate for names and addresses, and its key.
func writeSelfSigned(file, key string, until time.Time, names ...string) (*x509.Certificate, error) {
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		return nil, err
	}
	c := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: "test"}, NotBefore: until.Add(-48 * time.Hour), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			c.IPAddresses = append(c.IPAddresses, ip)
		} else {
			c.DNSNames = append(c.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, secret.Public(), secret)
	if err != nil {
		return nil, err
	}
	raw, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600),
		os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), 0o600)); err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// TestACertificateOfOnesOwn: it is read again when it changes; one that is no pair with its key is passed over.
func TestACertificateOfOnesOwn(t *testing.T) {
	p := newTLSPaper(t)
	dir := t.TempDir()
	file, key := filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem")
	tomorrow := time.Now().Add(24 * time.Hour)
	names := []string{"estuary.example", "desk.estuary.example"}
	roots := x509.NewCertPool()
	roots.AddCert(selfSigned(t, file, key, tomorrow, names...))
	p.start("serve", p.flags("--certificate", file, "--certificate-key", key)...)
	two := overTLS(t, p.tls, roots, true)
	if resp, body := askWith(t, two, "GET", "https://estuary.example/"); resp.StatusCode != 200 || resp.ProtoMajor != 2 || !strings.Contains(body, "The Estuary") {
		t.Errorf("readers get %s: %.200s", resp.Status, body)
	}
	if resp, _ := askWith(t, overHTTP(t, p.http), "GET", "http://estuary.example/"); resp.StatusCode != 301 {
		t.Errorf("http answers %s", resp.Status)
	}
	serial := func() *big.Int {
		conn, err := tls.Dial("tcp", fmt.Sprint("127.0.0.1:", p.tls), &tls.Config{InsecureSkipVerify: true, ServerName: "estuary.example"})
		must(t, err)
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber
	}
	next := selfSigned(t, filepath.Join(dir, "next.pem"), filepath.Join(dir, "next-key.pem"), tomorrow, names...)
	first := serial()
	must(t, os.Rename(filepath.Join(dir, "next.pem"), file)) // for a moment the certificate is not the key's
	if got := serial(); got.Cmp(first) != 0 {
		t.Errorf("serial %v while the pair is none, want %v", got, first)
	}
	must(t, os.Rename(filepath.Join(dir, "next-key.pem"), key))
	eventually(t, "the new certificate is served", func() bool { return serial().Cmp(next.SerialNumber) == 0 })
}

// TestTheEndOfACertificateIsTold: at a start, when it changes and every day; and one that is for another name takes no one's place.
func TestTheEndOfACertificateIsTold(t *testing.T) {
	dir := t.TempDir()
	file, key := filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem")
	const name = "estuary.example"
	var said screen
	selfSigned(t, file, key, time.Now().Add(24*time.Hour), name)
	c, err := readCertificate(file, key, []string{name}, slog.New(slog.NewTextHandler(&said, nil)))
	must(t, err)
	c.look = 0
	get := func() *x509.Certificate {
		t.Helper()
		got, err := c.get(nil)
		must(t, err)
		return got.Leaf
	}
	told := func(what string, times int) {
		t.Helper()
		if got := strings.Count(said.String(), what); got != times {
			t.Errorf("%q is told %d times, want %d: %s", what, got, times, said.String())
		}
	}
	get()
	told("ends soon", 1)
	c.told = c.told.Add(-24 * time.Hour)
	get()
	get()
	told("ends soon", 2)

	later := selfSigned(t, file, key, time.Now().Add(40*24*time.Hour), name)
	if !get().Equal(later) {
		t.Error("the new one is not served")
	}
	told("ends soon", 2)
	told("not good at this time", 1) // it begins later
	selfSigned(t, file, key, time.Now().Add(24*time.Hour), "elsewhere.example")
	get()
	if !get().Equal(later) {
		t.Error("one for another name is served")
	}
	told("is not for "+name, 1)
	over := selfSigned(t, file, key, time.Now().Add(-time.Hour), name)
	if !get().Equal(over) {
		t.Error("the one that is over is not served")
	}
	told("not good at this time", 2)
}

// heldCache writes when it is let.
type heldCache struct {
	autocert.Cache
	began, let chan struct{}
	wrote      atomic.Int64
}

func (c *heldCache) Put(context.Context, string, []byte) error {
	close(c.began)
	<-c.let
	c.wrote.Add(1)
	return nil
}

// TestNothingIsWrittenAfterTheEnd: an authority may answer when the program has let go of its folder.
func TestNothingIsWrittenAfterTheEnd(t *testing.T) {
	held := &heldCache{began: make(chan struct{}), let: make(chan struct{})}
	c := &closingCache{Cache: held}
	put := make(chan error, 1)
	go func() { put <- c.Put(t.Context(), "name", nil) }()
	<-held.began
	closed := make(chan int64, 1)
	go func() {
		c.close()
		closed <- held.wrote.Load()
	}()
	close(held.let)
	if n := <-closed; n != 1 {
		t.Errorf("closed when %d of 1 were written", n)
	}
	must(t, <-put)
	if c.Put(t.Context(), "name", nil) == nil || c.Delete(t.Context(), "name") == nil || held.wrote.Load() != 1 {
		t.Error("written after the end")
	}

	dir := t.TempDir()
	l := &listeners{secure: secure{ACME: "https://127.0.0.1:1/directory"}}
	f := folder(filepath.Join(dir, "paper"))
	must(t, os.MkdirAll(f.certificates(), 0o700))
	must(t, l.certify(f, paperNames{site: "estuary.example", newsroom: "desk.estuary.example"}, slog.New(slog.DiscardHandler)))
	l.Close()
	if err := l.certs.(*fetchedCertificates).manager.Cache.Put(context.Background(), "estuary.example", nil); err == nil {
		t.Error("a certificate is written after the listeners ended")
	}
}

// TestWhatCannotBeServedIsSaid: each start that cannot be says what is wrong and what to do.
func TestWhatCannotBeServedIsSaid(t *testing.T) {
	p := newTLSPaper(t)
	dir := t.TempDir()
	file, key := filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem")
	selfSigned(t, file, key, time.Now().Add(time.Hour), "estuary.example")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	local := newPaper(t)
	for _, c := range []struct {
		dir   string
		flags []string
		says  []string
	}{
		{p.dir, []string{"--tls", taken.Addr().String()}, []string{"another program answers there already", "--tls"}},
		{p.dir, []string{"--tls", "127.0.0.1:0", "--http", taken.Addr().String()}, []string{"another program answers there already", "--http="}},
		{p.dir, p.flags("--http3"), []string{"HTTP/3", "another program"}},
		{p.dir, []string{"--tls", "192.0.2.1:443"}, []string{"this machine does not have that address"}},
		{p.dir, []string{"--tls", "127.0.0.1:0", "--certificate", file}, []string{"--certificate-key"}},
		{p.dir, []string{"--certificate", file, "--certificate-key", key}, []string{"--tls"}},
		{p.dir, p.flags("--certificate", file, "--certificate-key", key), []string{"is not for desk.estuary.example"}},
		{p.dir, p.flags("--certificate", key, "--certificate-key", key), []string{"no certificate and its key"}},
		{p.dir, p.flags("--certificate", filepath.Join(dir, "none.pem"), "--certificate-key", key), []string{"none.pem"}},
		{local.dir, []string{"--tls", "127.0.0.1:0", "--http", "127.0.0.1:0"}, []string{"http://127.0.0.1:8080", "begins with https"}},
	} {
		command(t, append([]string{"serve", "--dir", c.dir, "--site", "127.0.0.1:0", "--newsroom", "127.0.0.1:0"}, c.flags...)...).is(exitFailed).says(c.says...)
	}
	if err := cannotListen("TLS", "--tls", ":443", "", &net.OpError{Err: os.NewSyscallError("bind", syscall.EACCES)}); !strings.Contains(err.Error(), "setcap") {
		t.Errorf("without the right to a port: %v", err)
	}
	for _, name := range []string{"localhost", "127.0.0.1"} {
		if _, err := fetchCertificates(fetching{directory: "https://authority.example/", names: []string{name}}); err == nil || !strings.Contains(err.Error(), "--certificate") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
