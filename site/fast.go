package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/datelinehq/dateline/site/press"
)

// What a reader's connection may cost, on either server.
const (
	MaxHeader    = 16 << 10         // bytes of a request's head
	ReadTimeout  = 10 * time.Second // for a request
	WriteTimeout = 60 * time.Second // for an answer
	IdleTimeout  = 30 * time.Second // between two requests
)

// mostConnections bounds what readers' connections take together: 33 kB each, which is 330 MB where somebody holds as many open as
// there may be. Streams of live coverage are not among them.
const mostConnections = 10_000

// Fast is a server of readers over plain HTTP/1.1; docs/adr/042 says why it is not net/http's. It has the same methods, so that
// either can stand at an address.
type Fast struct {
	server   *fasthttp.Server
	patience patience
}

// NewFast makes a server that answers with a site's pages.
func NewFast(s *Site) *Fast {
	f := &Fast{patience: patience{ReadTimeout, WriteTimeout, IdleTimeout}}
	f.server = &fasthttp.Server{
		Handler:        func(c *fasthttp.RequestCtx) { f.patience.more(c); s.ServeFast(c) },
		ErrorHandler:   badRequest,
		ReadBufferSize: MaxHeader, Concurrency: mostConnections,
		// No page reads a body: what comes of one before the answer is a byte, and the connection is closed after it.
		StreamRequestBody: true, MaxRequestBodySize: 1, DisablePreParseMultipartForm: true,
		NoDefaultServerHeader: true, NoDefaultContentType: true, KeepHijackedConns: true, CloseOnShutdown: true, LazyRequestTime: true,
		Logger: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
	return f
}

// Serve answers on a listener until Shutdown; it then returns http.ErrServerClosed.
func (f *Fast) Serve(on net.Listener) error {
	if err := f.server.Serve(enduring{on, f.patience}); err != nil {
		return err
	}
	return http.ErrServerClosed
}

// Shutdown lets requests that have begun be answered, and returns when they are or ctx ends. Streams are not its business: see
// Site.EndStreams.
func (f *Fast) Shutdown(ctx context.Context) error { return f.server.ShutdownWithContext(ctx) }

// Close does nothing more than Shutdown did: a connection that was not done by then has its deadlines.
func (f *Fast) Close() error { return nil }

// patience is how long readers are waited for: for a first request, for an answer to be taken, and for another request, whole, after that.
type patience struct{ request, answer, idle time.Duration }

// enduring is a listener that waits where there is no more room for connections, as net/http's server does; fasthttp's would stop.
type enduring struct {
	net.Listener
	patience
}

// Accept waits for the next connection.
func (l enduring) Accept() (net.Conn, error) {
	for rest := 5 * time.Millisecond; ; rest = min(2*rest, time.Second) {
		conn, err := l.Listener.Accept()
		var passing interface{ Temporary() bool }
		switch {
		case err == nil:
			l.first(conn)
			return conn, nil
		case !errors.As(err, &passing) || !passing.Temporary():
			return nil, err
		}
		time.Sleep(rest)
	}
}

// first tells a connection how long it may take to its first request. One that cannot be told has gone, as reading it will say.
func (p patience) first(conn net.Conn) {
	now := time.Now()
	_ = conn.SetReadDeadline(now.Add(p.request))
	_ = conn.SetWriteDeadline(now.Add(p.request + p.answer))
}

// reader is who is at the other end of a connection. With fasthttp it stands in for the address, because of all that a handler can set
// fasthttp keeps that alone from one request to the next.
type reader struct {
	net.Addr
	ip   netip.Addr
	told time.Time // when the connection was last told how long it may take
}

func readerOf(c *fasthttp.RequestCtx) *reader {
	r, ok := c.RemoteAddr().(*reader)
	if !ok {
		r = &reader{Addr: c.RemoteAddr()}
		if t, ok := r.Addr.(*net.TCPAddr); ok {
			r.ip = t.AddrPort().Addr()
		}
		c.SetRemoteAddr(r)
	}
	return r
}

// anew is how often a connection is told at most: three deadlines a request, as fasthttp has them, cost more than what the site does for
// an answer. So it may take this much longer.
const anew = time.Second

// more tells a connection on which there is a request how long it may take from now on.
func (p patience) more(c *fasthttp.RequestCtx) {
	r, now := readerOf(c), time.Now()
	if now.Sub(r.told) < anew {
		return
	}
	r.told = now
	_ = c.Conn().SetReadDeadline(now.Add(p.idle + anew))
	_ = c.Conn().SetWriteDeadline(now.Add(p.answer + anew))
}

// badRequest answers what was no request.
func badRequest(c *fasthttp.RequestCtx, err error) {
	status, text := 400, "This is no request."
	var large *fasthttp.ErrSmallBuffer
	var late net.Error
	switch {
	case errors.As(err, &large):
		status, text = 431, "The request's head is too large."
	case errors.As(err, &late) && late.Timeout():
		status, text = 408, "The request took too long."
	}
	c.Response.Reset()
	c.Response.Header.SetNoDefaultContentType(true)
	writeFast(c, refusal(status, text))
}

// ServeFast is the adapter between fasthttp and the site; see ServeHTTP. It never lets go of a string that is fasthttp's own.
func (s *Site) ServeFast(c *fasthttp.RequestCtx) {
	defer func() {
		if r := recover(); r != nil {
			err := fmt.Errorf("answer %.100q: panic: %v", c.Request.Header.RequestURI(), r)
			if s.conf.Failed != nil {
				s.conf.Failed(err)
			}
			writeFast(c, s.sorry(err))
		}
	}()
	head := &c.Request.Header
	if n := head.ContentLength(); n > 0 || n == -1 {
		c.SetConnectionClose() // what is not read cannot be taken for another request
	}
	a, ok := target(string(head.RequestURI()))
	refused := press.Response{}
	switch {
	case !head.IsHTTP11() && string(head.Protocol()) != "HTTP/1.0":
		refused = refusal(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.")
	case head.IsHTTP11() && len(head.Host()) == 0: // RFC 9112, section 3.2
		refused = refusal(400, "The request names no host.")
	case !ok:
		refused = noAddress()
	}
	if refused.Status != 0 {
		c.SetConnectionClose()
		writeFast(c, refused)
		return
	}
	method := methodOf(head.Method())
	var h fields
	s.hear(&h, head)
	// A reader who goes is noticed by the writing of the answer only; a page is not waited for without end.
	if id, after, ok := s.streamAt(context.Background(), method, a.path, a.query, &h); ok {
		s.streamFast(c, string(id), after)
		return
	}
	answer := s.answer(context.Background(), method, a, &h)
	if answer.Article != "" && s.conf.Reads != nil && method == http.MethodGet {
		h.agent = string(head.UserAgent())
		s.count(answer.Article, readerOf(c).ip, &h)
	}
	writeFast(c, answer)
}

// streamFast takes a connection from fasthttp for a stream of live coverage.
func (s *Site) streamFast(c *fasthttp.RequestCtx, topic string, after int64) {
	if !s.hub.Room() {
		writeFast(c, noRoom())
		return
	}
	c.HijackSetNoResponse(true)
	c.Hijack(func(conn net.Conn) { // never called where an answer before could not be sent
		if !s.hub.Enter() {
			conn.Close() // the last place went meanwhile; the page comes again
			return
		}
		if under, ok := conn.(interface{ UnsafeConn() net.Conn }); ok {
			conn = under.UnsafeConn() // the hub speaks to the socket itself
		}
		s.hub.Tell(conn, topic, after)
	})
}

func writeFast(c *fasthttp.RequestCtx, answer press.Response) {
	c.Response.SetStatusCode(answer.Status)
	head := &c.Response.Header
	block := answer.Block
	if block == nil {
		of := press.NewBlock(answer.Lines)
		block = &of
	}
	// A name that is said to be canonical is sent as it is, so that all lines are one name and one value to fasthttp; each by itself
	// they cost more than all else that is done for an answer.
	if block.Upto != nil {
		head.SetCanonical(block.Upto, block.Value)
	}
	if c.IsHead() {
		c.Response.SkipBody = true
		if length := answer.Header("Content-Length"); length != "" {
			head.Set("Content-Length", length)
		}
		return
	}
	c.Response.SetBodyRaw(answer.Body) // fasthttp counts for itself
}

// hear reads the fields out of fasthttp's buffers, all but the browser's name; what it keeps of them are copies.
func (s *Site) hear(h *fields, head *fasthttp.RequestHeader) {
	accepts := false
	for name, value := range head.All() {
		switch string(name) {
		case "Accept-Encoding":
			if accepts { // there are two
				h.accept = press.ParseAccept(string(bytes.Join(head.PeekAll("Accept-Encoding"), []byte(","))))
				continue
			}
			accepts, h.accept = true, s.accepts.parse(string(value))
		case "Accept-Datetime":
			join(&h.acceptDatetime, value)
		case "If-None-Match":
			join(&h.ifNoneMatch, value)
		case "If-Modified-Since":
			join(&h.modifiedSince, value)
		case "Last-Event-Id":
			join(&h.lastEvent, value)
		case "X-Forwarded-For":
			join(&h.forwarded, value)
		case "Sec-Purpose", "Purpose":
			h.ahead = h.ahead || len(value) > 0
		}
	}
	if !accepts {
		h.accept = press.ParseAccept("")
	}
}

func join(to *string, value []byte) {
	if *to != "" {
		*to += ","
	}
	*to += string(value)
}

// accepts remembers what fields mean that came before: browsers send some few. What is rare is read each time.
type accepts struct {
	known atomic.Pointer[map[string]press.Accept]
}

// How many fields are remembered, and how long they are at most.
const (
	acceptsKnown  = 64
	acceptsLength = 100
)

func (a *accepts) parse(field string) press.Accept {
	known := a.known.Load()
	if known != nil {
		if accept, ok := (*known)[field]; ok {
			return accept
		}
	}
	accept := press.ParseAccept(field)
	if len(field) > acceptsLength || known != nil && len(*known) >= acceptsKnown {
		return accept
	}
	next := map[string]press.Accept{strings.Clone(field): accept}
	if known != nil {
		maps.Copy(next, *known)
	}
	a.known.CompareAndSwap(known, &next) // whoever else came first is remembered instead
	return accept
}

// methodOf is a method as text; the usual ones cost nothing.
func methodOf(b []byte) string {
	switch string(b) {
	case http.MethodGet:
		return http.MethodGet
	case http.MethodHead:
		return http.MethodHead
	}
	return string(b)
}

// target reads what a request line asks for, by net/url as net/http does. A path of letters, digits and -._~/ alone, as nearly all
// are, says the same decoded as it came.
func target(raw string) (address, bool) {
	path, query, _ := strings.Cut(raw, "?")
	if plain(path) {
		return address{path: path, escaped: path, query: query}, true
	}
	u, err := url.ParseRequestURI(raw)
	if err != nil {
		return address{}, false
	}
	return address{path: u.Path, escaped: u.EscapedPath(), query: u.RawQuery}, true
}

func plain(path string) bool {
	if path == "" || path[0] != '/' {
		return false
	}
	for i := range len(path) {
		c := path[i]
		if (c < 'a' || c > 'z') && (c < '-' || c > '9') && (c < 'A' || c > 'Z') && c != '_' && c != '~' {
			return false
		}
	}
	return true
}
