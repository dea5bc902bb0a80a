package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/quic-go/quic-go/http3"
)

// asking is one request; lines are names and values in turn, a name as often as it is sent.
type asking struct {
	method, path string
	lines        []string
	version      string // HTTP/1.1 where it is empty
	whole        string // the request line and head as they are sent, in place of all this
}

// answered is what came back.
type answered struct {
	status int
	header http.Header
	body   []byte
	closed bool // the connection was closed after it, or is announced to be
}

// protocol is a way in which readers ask.
type protocol struct {
	name string
	text bool // a request is text that can be written by hand
	ask  func(t *testing.T, q asking) answered
}

// protocols are those that a served paper answers by, each over the program's own listeners.
func protocols(t *testing.T, s *served, tlsPort int, roots *x509.CertPool) []protocol {
	over := &tls.Config{RootCAs: roots, ServerName: "estuary.example", NextProtos: []string{"http/1.1"}}
	two := overTLS(t, tlsPort, roots, true)
	two.Transport.(*http.Transport).DisableCompression = true
	three := overQUIC(t, tlsPort, roots)
	three.Transport.(*http3.Transport).DisableCompression = true
	return []protocol{
		{"HTTP/1.1", true, func(t *testing.T, q asking) answered {
			return askByHand(t, q, func() (net.Conn, error) { return net.Dial("tcp", strings.TrimPrefix(s.site, "http://")) })
		}},
		{"HTTP/1.1 over TLS", true, func(t *testing.T, q asking) answered {
			return askByHand(t, q, func() (net.Conn, error) { return tls.Dial("tcp", fmt.Sprint("127.0.0.1:", tlsPort), over) })
		}},
		{"HTTP/2", false, func(t *testing.T, q asking) answered { return askByClient(t, q, two, 2) }},
		{"HTTP/3", false, func(t *testing.T, q asking) answered { return askByClient(t, q, three, 3) }},
	}
}

// askByHand writes a request and a second one after it: where the first answer had a byte too many or too few, the second cannot
// be read.
func askByHand(t *testing.T, q asking, dial func() (net.Conn, error)) (a answered) {
	t.Helper()
	conn, err := dial()
	must(t, err)
	defer conn.Close()
	must(t, conn.SetDeadline(time.Now().Add(patience)))
	text := q.whole
	if text == "" {
		version := q.version
		if version == "" {
			version = "HTTP/1.1"
		}
		text = q.method + " " + q.path + " " + version + "\r\nHost: estuary.example\r\n"
		for i := 0; i < len(q.lines); i += 2 {
			text += q.lines[i] + ": " + q.lines[i+1] + "\r\n"
		}
		text += "\r\n"
	}
	_, err = io.WriteString(conn, text)
	must(t, err)
	method, _, _ := strings.Cut(text, " ")
	r := bufio.NewReader(conn)
	resp, err := http.ReadResponse(r, &http.Request{Method: method})
	must(t, err)
	if resp.StatusCode == http.StatusContinue { // which a server may say before its answer
		_, err = io.WriteString(conn, "hello")
		must(t, err)
		resp, err = http.ReadResponse(r, &http.Request{Method: method})
		must(t, err)
	}
	body, err := io.ReadAll(resp.Body)
	must(t, err)
	a = answered{resp.StatusCode, resp.Header, body, resp.Close}
	if a.closed {
		if _, err := r.ReadByte(); !errors.Is(err, io.EOF) && err == nil {
			t.Errorf("%q: something follows an answer that closes the connection", text)
		}
		return a
	}
	_, err = io.WriteString(conn, "GET /robots.txt HTTP/1.1\r\nHost: estuary.example\r\n\r\n")
	must(t, err)
	next, err := http.ReadResponse(r, &http.Request{Method: "GET"})
	if err != nil || next.StatusCode != 200 {
		t.Errorf("%q: the next request on the connection: %v", text, err)
		return a
	}
	_, err = io.Copy(io.Discard, next.Body)
	must(t, err)
	return a
}

func askByClient(t *testing.T, q asking, client *http.Client, major int) answered {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), q.method, "https://estuary.example"+q.path, nil)
	must(t, err)
	for i := 0; i < len(q.lines); i += 2 {
		req.Header[q.lines[i]] = append(req.Header[q.lines[i]], q.lines[i+1])
	}
	resp, err := client.Do(req)
	must(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(t, err)
	if resp.ProtoMajor != major {
		t.Fatalf("answered by HTTP/%d, not %d", resp.ProtoMajor, major)
	}
	return answered{resp.StatusCode, resp.Header, body, false}
}

// TestAnOriginAsTheRFCsHaveIt asks by every protocol what RFC 9110 and 9111 say of an origin; the sections are named beside each.
func TestAnOriginAsTheRFCsHaveIt(t *testing.T) {
	p := newTLSPaper(t)
	dir := t.TempDir()
	file, key := filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem")
	roots := x509.NewCertPool()
	roots.AddCert(selfSigned(t, file, key, time.Now().Add(time.Hour), "estuary.example", "desk.estuary.example"))
	p.udp.Close()
	s := p.start("serve", p.flags("--certificate", file, "--certificate-key", key, "--http3")...)
	s.section("coast")
	article := s.write(fields{"section": "coast", "headline": "Ferry stops", "html": "<p>" + strings.Repeat("The ferry did not sail. ", 60) + "</p>"})
	page := s.act(article.ID, "publish", fields{}).confirmed().Address
	eventually(t, "feeds say when they last changed", func() bool { return s.read("/rss.xml").header.Get("Last-Modified") != "" })

	for _, by := range protocols(t, s, p.tls, roots) {
		t.Run(by.name, func(t *testing.T) { asOrigin(t, by, page) })
	}

	// Live coverage is told over every protocol too.
	live := s.write(fields{"kind": "live", "section": "coast", "headline": "The first sailing"})
	coverage := s.act(live.ID, "publish", fields{}).confirmed().Address
	s.api("PUT", fmt.Sprintf("/articles/%s/live", live.ID), fields{"state": "live"}, "If-Match", `"1"`).is(200)
	open := []*openPage{s.openStream(coverage, 0)}
	for _, client := range []*http.Client{overTLS(t, p.tls, roots, false), overTLS(t, p.tls, roots, true), overQUIC(t, p.tls, roots)} {
		open = append(open, s.openStreamWith(client, "https://estuary.example"+coverage, 0))
	}
	s.api("POST", fmt.Sprintf("/articles/%s/entries", live.ID), fields{"headline": "Gates"}).is(201)
	for i, page := range open {
		e := <-page.events
		if len(e.entries) == 0 { // of the coverage's beginning
			e = <-page.events
		}
		if strings.Join(e.entries, " ") != "e1" {
			t.Errorf("page %d is told %+v", i, e)
		}
		page.close()
	}
}

func asOrigin(t *testing.T, by protocol, page string) {
	get := func(path string, lines ...string) answered {
		t.Helper()
		return by.ask(t, asking{method: "GET", path: path, lines: lines})
	}
	plain := get(page)
	zipped, small := get(page, "Accept-Encoding", "gzip"), get(page, "Accept-Encoding", "br")
	tag, zipTag, smallTag := plain.header.Get("Etag"), zipped.header.Get("Etag"), small.header.Get("Etag")
	modified := get("/rss.xml").header.Get("Last-Modified")
	at, err := http.ParseTime(modified)
	must(t, err)
	before := at.Add(-time.Second).UTC().Format(http.TimeFormat)

	// Every encoding is the page and has a strong tag of its own (8.8.3, 8.8.3.3).
	if tag == zipTag || tag == smallTag || zipTag == smallTag || strings.HasPrefix(tag, "W/") || len(tag) < 10 {
		t.Errorf("the tags are %s, %s, %s", tag, zipTag, smallTag)
	}
	z, err := gzip.NewReader(bytes.NewReader(zipped.body))
	must(t, err)
	for name, r := range map[string]io.Reader{"gzip": z, "br": brotli.NewReader(bytes.NewReader(small.body))} {
		if b, err := io.ReadAll(r); err != nil || !bytes.Equal(b, plain.body) {
			t.Errorf("%s is another page: %v", name, err)
		}
	}

	same := func(a answered) string {
		return unless(bytes.Equal(a.body, plain.body), "another body than the page's")
	}
	empty := func(a answered) string { return unless(len(a.body) == 0, "a body") }
	unchanged := func(tag string) func(answered) string {
		return func(a answered) string {
			h := a.header
			return unless(len(a.body) == 0 && h.Get("Etag") == tag && h.Get("Vary") == "Accept-Encoding" && h.Get("Cache-Control") == "no-cache" && h.Get("Content-Encoding") == "" &&
				(h.Get("Content-Length") == "" || h.Get("Content-Length") == strconv.Itoa(len(plain.body))), "a 304 that is not one (15.4.5)")
		}
	}
	encoded := func(name string) func(answered) string {
		return func(a answered) string {
			return unless(a.header.Get("Content-Encoding") == name && a.header.Get("Vary") == "Accept-Encoding", "the encoding "+a.header.Get("Content-Encoding"))
		}
	}
	allows := func(a answered) string {
		return unless(a.header.Get("Allow") == "GET, HEAD", "Allow "+a.header.Get("Allow"))
	}
	closes := func(a answered) string { return unless(a.closed, "the connection is left open") }
	g := func(path string, lines ...string) asking { return asking{method: "GET", path: path, lines: lines} }
	m := func(method, path string, lines ...string) asking {
		return asking{method: method, path: path, lines: lines}
	}
	for _, c := range []struct {
		name   string
		q      asking
		status int
		check  func(answered) string
		text   bool // only where a request can be written by hand
	}{
		{"GET (9.3.1)", g(page), 200, same, false},
		{"HEAD (9.3.2)", m("HEAD", page), 200, func(a answered) string {
			return unless(len(a.body) == 0 && a.header.Get("Content-Length") == strconv.Itoa(len(plain.body)) && a.header.Get("Etag") == tag && a.header.Get("Content-Type") == plain.header.Get("Content-Type"),
				"other header lines than a GET's, or a body")
		}, false},
		{"HEAD in an encoding", m("HEAD", page, "Accept-Encoding", "gzip"), 200, func(a answered) string {
			return unless(len(a.body) == 0 && a.header.Get("Content-Length") == strconv.Itoa(len(zipped.body)) && a.header.Get("Etag") == zipTag, "other header lines than a GET's, or a body")
		}, false},
		{"the tag (13.1.2)", g(page, "If-None-Match", tag), 304, unchanged(tag), false},
		{"the tag in a list", g(page, "If-None-Match", `"other", W/"more" , `+tag), 304, unchanged(tag), false},
		{"the tag in a second line (5.3)", g(page, "If-None-Match", `"other"`, "If-None-Match", tag), 304, unchanged(tag), false},
		{"the tag, weakly (8.8.3.2)", g(page, "If-None-Match", "W/"+tag), 304, unchanged(tag), false},
		{"any tag", g(page, "If-None-Match", "*"), 304, unchanged(tag), false},
		{"the tag by HEAD", m("HEAD", page, "If-None-Match", tag), 304, unchanged(tag), false},
		{"the tag of gzip for gzip", g(page, "If-None-Match", zipTag, "Accept-Encoding", "gzip"), 304, unchanged(zipTag), false},
		{"the tag of gzip for identity", g(page, "If-None-Match", zipTag), 200, same, false},
		{"another tag", g(page, "If-None-Match", `"other"`), 200, same, false},
		{"no tag at all", g(page, "If-None-Match", tag[1:len(tag)-1]), 200, same, false},
		{"not since (13.1.3)", g("/rss.xml", "If-Modified-Since", modified), 304, empty, false},
		{"since before", g("/rss.xml", "If-Modified-Since", before), 200, nil, false},
		{"since, beside another tag (13.2.2)", g("/rss.xml", "If-Modified-Since", modified, "If-None-Match", `"other"`), 200, nil, false},
		{"since no date", g("/rss.xml", "If-Modified-Since", "yesterday"), 200, nil, false},
		{"since, where nothing says when", g(page, "If-Modified-Since", modified), 200, same, false},
		{"no encoding named (12.5.3)", g(page), 200, encoded(""), false},
		{"an empty list of encodings", g(page, "Accept-Encoding", ""), 200, encoded(""), false},
		{"gzip", g(page, "Accept-Encoding", "gzip"), 200, encoded("gzip"), false},
		{"gzip rather than br", g(page, "Accept-Encoding", "br;q=0.4, gzip;q=0.5"), 200, encoded("gzip"), false},
		{"not br", g(page, "Accept-Encoding", "br;q=0, gzip;q=0.001"), 200, encoded("gzip"), false},
		{"encodings in two lines (5.3)", g(page, "Accept-Encoding", "deflate", "Accept-Encoding", "gzip"), 200, encoded("gzip"), false},
		{"identity rather than gzip", g(page, "Accept-Encoding", "identity;q=1, gzip;q=0.9"), 200, encoded(""), false},
		{"not identity", g(page, "Accept-Encoding", "identity;q=0, gzip"), 200, encoded("gzip"), false},
		{"nothing else", g(page, "Accept-Encoding", "gzip, *;q=0"), 200, encoded("gzip"), false},
		{"nothing at all", g(page, "Accept-Encoding", "*;q=0"), 200, encoded(""), false},
		{"nothing that is known", g(page, "Accept-Encoding", "identity;q=0, compress"), 200, encoded(""), false},
		{"no weight that is one", g(page, "Accept-Encoding", "gzip;q=2, br;q=x"), 200, encoded(""), false},
		{"a range (14.2)", g(page, "Range", "bytes=0-9"), 200, func(a answered) string {
			return unless(bytes.Equal(a.body, plain.body) && a.header.Get("Content-Range") == "" && a.header.Get("Accept-Ranges") != "bytes", "a part")
		}, false},
		{"a range if it is the same (13.1.5)", g(page, "Range", "bytes=0-9", "If-Range", tag), 200, same, false},
		{"POST (15.5.6)", m("POST", page, "Content-Length", "0"), 405, allows, false},
		{"PUT", m("PUT", page, "Content-Length", "0"), 405, allows, false},
		{"DELETE", m("DELETE", page), 405, allows, false},
		{"PATCH", m("PATCH", page, "Content-Length", "0"), 405, allows, false},
		{"PURGE", m("PURGE", page), 405, allows, false},
		{"OPTIONS (9.3.7)", m("OPTIONS", page), 405, allows, false},
		{"what is not there (15.5.5)", g("/nothing/here"), 404, nil, false},
		{"what is not there, with any tag", g("/nothing/here", "If-None-Match", "*"), 404, nil, false},
		{"what has another address (15.4.2)", g("/coast"), 301, func(a answered) string {
			return unless(a.header.Get("Location") == "/coast/", "Location "+a.header.Get("Location"))
		}, false},
		{"a search (RFC 9111, 5.2.2.5)", g("/search?q=ferry"), 200, func(a answered) string {
			return unless(a.header.Get("Cache-Control") == "no-store" && a.header.Get("Etag") == "", "Cache-Control "+a.header.Get("Cache-Control"))
		}, false},
		{"cookies and other lines change nothing (RFC 9111, 4.1)", g(page, "Cookie", "a=b", "Accept-Language", "hi", "Authorization", "Bearer x", "User-Agent", "other", "Cache-Control", "no-cache"), 200, same, false},

		{"the whole address (RFC 9112, 3.2.2)", g("http://estuary.example" + page), 200, same, true},
		{"Connection: close (RFC 9112, 9.6)", g(page, "Connection", "close"), 200, closes, true},
		{"a connection's own lines (7.6.1)", g(page, "Connection", "If-None-Match-Not, x"), 200, same, true},
		{"HTTP/1.0 (RFC 9112, 9.3)", asking{method: "GET", path: page, version: "HTTP/1.0"}, 200, func(a answered) string {
			return unless(a.closed && bytes.Equal(a.body, plain.body) && a.header.Get("Transfer-Encoding") == "", "left open, or in chunks")
		}, true},
		{"HTTP/1.0 without a host", asking{whole: "GET " + page + " HTTP/1.0\r\n\r\n"}, 200, nil, true},
		{"no host (RFC 9112, 3.2)", asking{whole: "GET " + page + " HTTP/1.1\r\n\r\n"}, 400, closes, true},
		{"two lengths (RFC 9112, 6.3)", asking{whole: "POST " + page + " HTTP/1.1\r\nHost: estuary.example\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"}, 400, closes, true},
		{"a blank before the colon (RFC 9112, 5.1)", asking{whole: "GET " + page + " HTTP/1.1\r\nHost: estuary.example\r\nIf-None-Match : " + tag + "\r\n\r\n"}, 400, closes, true},
		{"a body that is waited for (10.1.1)", asking{whole: "POST " + page + " HTTP/1.1\r\nHost: estuary.example\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"}, 405, allows, true},
		{"a body that comes", asking{whole: "POST " + page + " HTTP/1.1\r\nHost: estuary.example\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"}, 405, allows, true},
		{"a head that is too large (15.5.12 and RFC 6585, 5)", asking{whole: "GET " + page + " HTTP/1.1\r\nHost: estuary.example\r\nX: " + strings.Repeat("x", 64<<10) + "\r\n\r\n"}, 431, nil, true},
	} {
		if c.text && !by.text {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			a := by.ask(t, c.q)
			want := c.status
			if c.q.whole != "" && want == 200 && by.name != "HTTP/1.1" {
				want = 421 // without a host there is no name, by which rooms are told apart over TLS
			}
			if a.status != want {
				t.Fatalf("answered %d, want %d: %v %.200s", a.status, want, a.header, a.body)
			}
			if c.check != nil {
				if wrong := c.check(a); wrong != "" {
					t.Errorf("%s: %v", wrong, a.header)
				}
			}
			// What every answer of the site has: the time (6.6.1), a length that is right (8.6), what may be kept (RFC 9111, 5.2), and no cookie.
			if a.status == 400 || a.status == 431 {
				return // it came to no site
			}
			if _, err := http.ParseTime(a.header.Get("Date")); err != nil || len(a.header["Date"]) != 1 {
				t.Errorf("Date: %q", a.header["Date"])
			}
			if n := a.header.Get("Content-Length"); a.status != 304 && c.q.method != "HEAD" && n != strconv.Itoa(len(a.body)) {
				t.Errorf("Content-Length %q of %d bytes", n, len(a.body))
			}
			if len(a.header["Cache-Control"]) != 1 || len(a.header["Etag"]) > 1 || a.header.Get("Set-Cookie") != "" || slices.Contains(a.header["Vary"], "*") {
				t.Errorf("%v", a.header)
			}
		})
	}
}

func unless(holds bool, wrong string) string {
	if holds {
		return ""
	}
	return wrong
}
