package site

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// adapters serves a site by both servers and gives their addresses: net/http's and fasthttp's.
func adapters(t *testing.T, s *Site) [2]string {
	t.Helper()
	std := httptest.NewUnstartedServer(s)
	std.Config.MaxHeaderBytes = MaxHeader
	std.Start()
	t.Cleanup(std.Close)
	return [2]string{std.Listener.Addr().String(), startFast(t, s)}
}

// startFast serves a site by fasthttp and gives the address.
func startFast(t *testing.T, s *Site) string {
	t.Helper()
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fast, served := NewFast(s), make(chan error, 1)
	go func() { served <- fast.Serve(on) }()
	t.Cleanup(func() {
		if err := fast.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-served; err != http.ErrServerClosed {
			t.Errorf("serving ended with %v", err)
		}
	})
	return on.Addr().String()
}

// answered is an answer as it came over the wire.
type answered struct {
	status int
	lines  []string // sorted, the date left out
	body   string
}

func (a answered) String() string {
	return fmt.Sprintf("%d %q, %d bytes", a.status, a.lines, len(a.body))
}

// exchange sends bytes on a connection of its own and reads one answer.
func exchange(t *testing.T, address, method, request string) answered {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	return readAnswer(t, bufio.NewReader(conn), method)
}

func readAnswer(t *testing.T, r *bufio.Reader, method string) answered {
	t.Helper()
	resp, err := http.ReadResponse(r, &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answered{status: resp.StatusCode, body: string(body)}
	for name, values := range resp.Header {
		if name == "Date" {
			continue
		}
		for _, v := range values {
			a.lines = append(a.lines, name+": "+v)
		}
	}
	if resp.Close {
		a.lines = append(a.lines, "Connection: close")
	}
	slices.Sort(a.lines)
	return a
}

func get1(method, target string, lines ...string) string {
	return method + " " + target + " HTTP/1.1\r\nHost: estuary.example\r\n" + strings.Join(append(lines, "\r\n"), "\r\n")
}

// TestBothAdaptersAnswerAlike asks for every page by net/http's server and by fasthttp's: the same status, header lines and bytes,
// whatever the method, encoding, condition or spelling.
func TestBothAdaptersAnswerAlike(t *testing.T) {
	d := newCoverage(t)
	lead, _ := d.publish("lead", "The bridge opens", func(e *record.Edition) { e.Pictures = append(e.Pictures, d.picture) })
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	killed, _ := d.publish("gone", "It is not so", nil)
	hindi, _ := d.publish("नौका", "नौका बंद", func(e *record.Edition) { e.Language = "hi" })
	d.withdraw(killed, dateline.WithdrawnKilled, nil)
	d.sign()
	d.pass(time.Hour)
	at := d.editions[id].Address
	targets := append(d.everyPage(id), d.editions[lead].Address, d.editions[killed].Address, escapeAddress(d.editions[hindi].Address), at+"/",
		"/search?q=ferry&by=date", "/search/?q=a&utm=b", "/as-of", "/as-of?of=/coast/&on=2026-06-30&at=14:05", "/as-of/gate"+at, "/as-of/map"+at, "/as-of/2026-06-30T14:06/", "/as-of/x"+at,
		"/forecast", "/pictures/"+d.pictureHash+"-800.jpg", "/record/tile/entries/000.p/3", "/record/tile/0/000.p/3", "/record/key", "/record/keys", "/sitemaps/sections.xml",
		at+"/entries/stream", "/coast/?before=x", "/coast/?before=%zz", "/?p=123", "/?", "/??", "/?a?b", "/?q=%00", "/?q=\xff", "/search?q=%ff", "/search?q=a;b",
		// what no link of this site leads to
		"//", "///", "//archive/", "//evil.example/2026", "/coast//2026", "/../etc/passwd", "/coast/../coast/", "/coast/./", "/%2e%2e/coast/", "/%2E/", "/coast/%2e%2e/",
		"/%00", "/a%00b", "/%2fetc", "/a%2Fb", "/a%5cb", "/a\\b", "/a%ff", "/a%c3%28", "/a\xff", "/%", "/%4", "/%zz", "/a%20b", "/a+b", "/a;b", "/a'b", "/a\"b", "/a|b", "/<a>", "/a#b", "/a:b", "/:", "/@",
		"/%0d%0aSet-Cookie:x", "/%41rchive", "/archive%2f", "/नौका", "/"+strings.Repeat("a", MaxAddress-1), "/"+strings.Repeat("a", MaxAddress), "/?q="+strings.Repeat("a", MaxAddress),
		"http://other.example/archive", "http://other.example", "http://other.example?q=1", "https://other.example//x", "archive")
	for a := range d.site.assets {
		targets = append(targets, a)
	}
	on := adapters(t, d.site)
	var conditions [][]string
	for _, enc := range []string{"", "gzip", "br", "gzip, deflate, br, zstd", "zstd", "identity;q=0, *;q=0.5", "gzip;q=0.0"} {
		conditions = append(conditions, []string{"accept-encoding: " + enc})
	}
	conditions = append(conditions, []string{"If-None-Match: *"}, []string{"IF-NONE-MATCH: W/\"x\"", "If-None-Match: *"}, []string{"If-None-Match: \"x\", \"y\""},
		[]string{"If-Modified-Since: Wed, 01 Jul 2026 00:00:00 GMT"}, []string{"If-Modified-Since: yesterday"}, []string{"Accept-Encoding: br;q=0", "Accept-Encoding: gzip"},
		[]string{"Accept-Datetime: Tue, 30 Jun 2026 09:00:00 GMT"}, []string{"Cookie: a=b", "Range: bytes=0-3", "X-Forwarded-For: 10.0.0.1"})
	seen, differs := map[int]bool{}, map[string]bool{}
	compare := func(method, request string) {
		t.Helper()
		one, other := exchange(t, on[0], method, request), exchange(t, on[1], method, request)
		seen[one.status] = true
		// What is no request at all is refused by either server in its own words.
		refused := one.status >= 400 && other.status >= 400 && slices.Contains(one.lines, "Connection: close") && slices.Contains(other.lines, "Connection: close")
		line, _, _ := strings.Cut(request, "\r\n")
		if !refused && fmt.Sprint(one, one.body) != fmt.Sprint(other, other.body) && !differs[line] {
			differs[line] = true
			t.Errorf("%.200q:\n net/http: %v %.60q\n fasthttp: %v %.60q", request, one, one.body, other, other.body)
		}
	}
	for _, target := range targets {
		for _, method := range []string{"GET", "HEAD"} {
			for i, c := range conditions {
				if i < 4 || method == "GET" {
					compare(method, get1(method, target, c...))
				}
			}
		}
		for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"} {
			compare(method, get1(method, target))
		}
	}
	stream := d.address + "/entries/stream"
	if one, other := streamHead(t, on[0], stream), streamHead(t, on[1], stream); one != other || !strings.Contains(one, "text/event-stream") {
		t.Errorf("a stream begins\n net/http: %q\n fasthttp: %q", one, other)
	}
	d.site.EndStreams()
	compare("GET", get1("GET", stream))
	compare("HEAD", get1("HEAD", stream))
	if len(d.failures()) > 0 {
		t.Errorf("pages failed: %v", d.failures())
	}
	d.setFail(errors.New("the disk is gone"))
	for _, target := range []string{"/", at, "/search?q=x", "/nothing", stream} {
		compare("GET", get1("GET", target))
	}
	d.setFail(nil)
	for _, status := range []int{200, 301, 302, 304, 400, 404, 405, 410, 503} {
		if !seen[status] {
			t.Errorf("nothing was answered %d", status)
		}
	}
	// a page's own tag is asked with, in every encoding
	for _, target := range d.everyPage(id) {
		for _, enc := range []string{"", "gzip", "br", "zstd"} {
			a := exchange(t, on[0], "GET", get1("GET", target, "Accept-Encoding: "+enc))
			for _, l := range a.lines {
				if tag, ok := strings.CutPrefix(l, "Etag: "); ok {
					compare("GET", get1("GET", target, "Accept-Encoding: "+enc, "If-None-Match: "+tag))
				}
			}
		}
	}
	// what surrounds a request
	for _, request := range []string{
		"GET / HTTP/1.0\r\n\r\n",
		"GET /archive HTTP/1.1\r\n\r\n",                                                      // names no host
		"GET /archive HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",                                // names two
		"GET /archive HTTP/2.0\r\nHost: a\r\n\r\n",                                           // speaks otherwise
		"GET  /archive HTTP/1.1\r\nHost: a\r\n\r\n",                                          // two blanks
		"GET /archive\r\n\r\n",                                                               // no version
		"GET /archive HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",                                  // a blank before the colon
		"GET /archive HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",                                // a NUL
		"GET /archive HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",                     // no length
		"GET /archive HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 2\r\n\r\n",                   // two
		"GET /archive HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n",                   // unknown
		"GET /archive HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",                      // asks for the end
		"GET /archive HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 40<<10) + "\r\n\r\n", // too large
	} {
		compare("GET", request)
	}
}

// streamHead is what a stream begins with, up to when its reader is to come back.
func streamHead(t *testing.T, address, target string) (head string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, get1("GET", target)); err != nil {
		t.Fatal(err)
	}
	for r := bufio.NewReader(conn); ; {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("after %q: %v", head, err)
		}
		if strings.HasPrefix(line, "retry:") { // each reader is told another time to come back after
			return head
		}
		head += line
	}
}

// TestWhatIsNotReadIsNoRequest: a body that nobody reads cannot be taken for the next request, and what comes in one packet is
// answered in turn.
func TestWhatIsNotReadIsNoRequest(t *testing.T) {
	d := newPaper(t)
	d.publish("ferry", "Ferry stops again", nil)
	address := startFast(t, d.site)
	hidden := get1("GET", "/robots.txt")
	for _, request := range []string{
		get1("POST", "/archive", fmt.Sprintf("Content-Length: %d", len(hidden))) + hidden,
		get1("GET", "/archive", fmt.Sprintf("Content-Length: %d", len(hidden))) + hidden,
		get1("GET", "/archive", "Content-Length: 1000000000") + hidden,
		get1("POST", "/archive", "Transfer-Encoding: chunked") + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(hidden), hidden),
		get1("GET", "/archive", "Transfer-Encoding: chunked", "Content-Length: 3") + "0\r\n\r\n" + hidden,
		get1("GET", "/archive", "Content-Length: 0", "Content-Length: 3") + hidden,
	} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, request); err != nil {
			t.Fatal(err)
		}
		r := bufio.NewReader(conn)
		a := readAnswer(t, r, "GET")
		if !slices.Contains(a.lines, "Connection: close") || strings.Contains(a.body, "Sitemap:") {
			t.Errorf("%.90q is answered %v", request, a)
		}
		if rest, _ := io.ReadAll(r); len(rest) > 0 {
			t.Errorf("%.90q: after the answer comes %.60q", request, rest)
		}
		conn.Close()
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, get1("GET", "/archive")+get1("HEAD", "/archive")+get1("GET", "/robots.txt")+get1("GET", "/nothing", "Connection: close")); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	first, head, robots, last := readAnswer(t, r, "GET"), readAnswer(t, r, "HEAD"), readAnswer(t, r, "GET"), readAnswer(t, r, "GET")
	if first.status != 200 || fmt.Sprint(first.lines) != fmt.Sprint(head.lines) || head.body != "" || !strings.Contains(robots.body, "Sitemap:") || last.status != 404 {
		t.Errorf("four requests in one packet are answered %v, %v, %v, %v", first, head, robots, last)
	}
}

// TestAListenerThatHasNoRoomForAWhile: where the machine has no file for a connection, the server waits.
func TestAListenerThatHasNoRoomForAWhile(t *testing.T) {
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer on.Close()
	full := &fullListener{Listener: on, times: 3}
	go func() {
		if conn, err := net.Dial("tcp", on.Addr().String()); err == nil {
			conn.Close()
		}
	}()
	conn, err := enduring{Listener: full}.Accept()
	if err != nil || full.times != 0 {
		t.Fatalf("it gives up with %v, %d failures before the connection", err, full.times)
	}
	conn.Close()
	on.Close()
	if _, err := (enduring{Listener: full}).Accept(); err == nil {
		t.Error("a closed listener gives a connection")
	}
}

// fullListener has no file for a connection the first times.
type fullListener struct {
	net.Listener
	times int
}

func (l *fullListener) Accept() (net.Conn, error) {
	if l.times > 0 {
		l.times--
		return nil, &net.OpError{Op: "accept", Err: syscall.EMFILE}
	}
	return l.Listener.Accept()
}

// TestReadersAreNotWaitedForWithoutEnd: a connection on which no request comes, half of one, no further one, or from which an answer is
// not taken is let go.
func TestReadersAreNotWaitedForWithoutEnd(t *testing.T) {
	d := newPaper(t)
	d.publish("ferry", "Ferry stops again", nil)
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fast, served := NewFast(d.site), make(chan error, 1)
	fast.patience = patience{time.Millisecond, time.Millisecond, time.Millisecond}
	go func() { served <- fast.Serve(on) }()
	defer func() {
		if err := fast.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		<-served
	}()
	get := get1("GET", "/archive")
	const untaken = "answers that nobody takes"
	for name, sent := range map[string]string{"nothing": "", "half a request": get[:9], "one request": get, "a request and half of another": get + get[:9],
		untaken: strings.Repeat(get, 1000)} {
		conn, err := net.Dial("tcp", on.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		for more := true; more && err == nil; more = name == untaken { // until the connection is closed to what is asked
			_, err = io.WriteString(conn, sent)
		}
		if name != untaken && err == nil {
			_, err = io.Copy(io.Discard, conn)
		}
		var late net.Error
		if errors.As(err, &late) && late.Timeout() {
			t.Errorf("%s: the connection is kept", name)
		}
	}
}

// TestAConnectionIsToldOnceInAWhile: how long a reader is waited for is said anew after a while, and not for each request.
func TestAConnectionIsToldOnceInAWhile(t *testing.T) {
	told := &toldConn{}
	var c fasthttp.RequestCtx
	c.Init2(told, nil, false)
	p := patience{time.Second, time.Minute, time.Hour}
	p.first(told)
	for range 3 {
		p.more(&c)
	}
	if told.reads != 2 || told.writes != 2 {
		t.Errorf("told %d and %d times at once, want 2 and 2: for the first request and after it", told.reads, told.writes)
	}
	r := readerOf(&c)
	r.told = r.told.Add(-anew)
	was := told.read
	p.more(&c)
	if told.reads != 3 || told.writes != 3 || !told.read.After(was) || told.read.Sub(told.write) != p.idle-p.answer {
		t.Errorf("told %d and %d times, until %s and %s", told.reads, told.writes, told.read, told.write)
	}
	if r.ip.Unmap() != netip.MustParseAddr("127.0.0.1") || r.String() != "127.0.0.1:9" {
		t.Errorf("the reader is %s at %s", r.ip, r)
	}
}

// toldConn is a connection that only hears until when it is good.
type toldConn struct {
	noConn
	reads, writes int
	read, write   time.Time
}

func (c *toldConn) SetReadDeadline(t time.Time) error {
	c.reads, c.read = c.reads+1, t
	return nil
}

func (c *toldConn) SetWriteDeadline(t time.Time) error {
	c.writes, c.write = c.writes+1, t
	return nil
}
