// Package fetch is the one road by which Dateline asks other machines for something over HTTP. The client connects only
// to public addresses on the ports 80 and 443, checks the address that is really dialled on every redirect, and bounds
// time, size, headers, redirects and concurrency. It keeps no cookies and takes no proxy from the environment.
package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Bounds that hold for every request and cannot be raised by a caller.
const (
	maxRedirects   = 5
	maxHeaderBytes = 64 << 10
	// DefaultBytes is the limit of a body, in bytes, where Limits names none.
	DefaultBytes = 8 << 20
	// DefaultTimeout is the limit of the whole exchange where Limits names none.
	DefaultTimeout = 30 * time.Second
	// DefaultConcurrency is the number of requests that run at once where Config names none.
	DefaultConcurrency = 8
)

// Config says how a Client behaves.
type Config struct {
	// UserAgent identifies the newsroom to the machines that are asked: the program, its version and a way to reach the
	// operator. It is required.
	UserAgent string
	// Concurrency is the number of requests that run at once; 0 means DefaultConcurrency.
	Concurrency int
	// Allow lists addresses that may be reached, on any port, although they are not public. It is empty unless the
	// operator or a test names them.
	Allow []netip.Prefix
	// Hosts lists hosts with their ports, as net.Dial takes them, that are reached wherever their names lead, because whoever keeps
	// the newsroom typed them on the machine itself. Redirects to others are checked as ever.
	Hosts []string
	// Resolver looks up host names; nil means the machine's own.
	Resolver *net.Resolver
}

// Limits bounds one request. The zero value means the package's defaults.
type Limits struct {
	// Bytes is the longest body after decompression; a longer one is ErrTooBig, never cut short.
	Bytes int64
	// Timeout covers waiting for a free place, connecting, all redirects and reading the whole body.
	Timeout time.Duration
}

// Question is one thing to ask for.
type Question struct {
	// URL is the absolute address.
	URL string
	// Accept is the Accept header; empty means anything.
	Accept string
	// IfModifiedSince is sent as it is when it is not empty: the Last-Modified of an earlier answer.
	IfModifiedSince string
	// IfNoneMatch is sent as it is when it is not empty: the ETag of an earlier answer.
	IfNoneMatch string
	// Post is sent as the body of a POST where it is not nil. Redirects of it are not followed: they are the answer.
	Post []byte
	// Method is another than GET and POST, such as PURGE; its redirects are not followed either.
	Method string
	// Header holds further header lines, such as a key, of what is not a GET: no redirect takes them elsewhere.
	Header http.Header
	// StatusOnly leaves the body unread: the answer is its status and header lines.
	StatusOnly bool
	// Limits bounds the exchange.
	Limits Limits
}

// Response is an answer that has been read to its end. Any status is an answer: the caller looks at it.
type Response struct {
	// URL is the address that answered, after redirects.
	URL string
	// Status is the HTTP status code.
	Status int
	// Header holds the answer's header lines.
	Header http.Header
	// Body is the body after decompression.
	Body []byte
}

// Client fetches. It is safe for concurrent use.
type Client struct {
	userAgent string
	guard     *guard
	client    *http.Client
	transport *http.Transport
	places    chan struct{}
}

// New makes a Client. It fails when Config has no UserAgent or one that cannot stand in a header.
func New(cfg Config) (*Client, error) {
	if strings.TrimSpace(cfg.UserAgent) == "" || strings.ContainsAny(cfg.UserAgent, "\r\n\x00") {
		return nil, errors.New("fetch: Config.UserAgent must be one line that names the program and its operator")
	}
	if cfg.Concurrency <= 0 {
		cfg.Concurrency = DefaultConcurrency
	}
	g := newGuard(cfg.Allow, cfg.Hosts)
	c := &Client{userAgent: cfg.UserAgent, guard: g, transport: newTransport(g, cfg.Resolver), places: make(chan struct{}, cfg.Concurrency)}
	c.client = &http.Client{Transport: c.transport, CheckRedirect: g.checkRedirect}
	return c, nil
}

func newTransport(g *guard, resolver *net.Resolver) *http.Transport {
	guarded := &net.Dialer{Control: g.control, Resolver: resolver, Timeout: 10 * time.Second}
	typed := &net.Dialer{Resolver: resolver, Timeout: 10 * time.Second}
	return &http.Transport{
		Proxy: nil,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if g.typed(address) {
				return typed.DialContext(ctx, network, address)
			}
			return guarded.DialContext(ctx, network, address)
		},
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: maxHeaderBytes,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  20 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxIdleConns:           16,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        30 * time.Second,
	}
}

// checkRedirect applies the rules of the first address to each further one, and tells the next host nothing of the last.
func (g *guard) checkRedirect(req *http.Request, via []*http.Request) error {
	if via[0].Method != http.MethodGet {
		return http.ErrUseLastResponse
	}
	if len(via) > maxRedirects {
		return fmt.Errorf("%w (more than %d)", ErrRedirects, maxRedirects)
	}
	req.Header.Del("Referer")
	return g.checkURL(req.URL)
}

// Close drops the connections that are idle.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// HTTP is the guard for a library that insists on a client of its own: the same addresses are refused, on every redirect too, and
// an answer is waited for as long as Get waits by itself. How much of it is read is the library's affair, so it is for
// addresses that whoever keeps the newsroom has named, such as a sign-on provider's.
func (c *Client) HTTP() *http.Client {
	return &http.Client{Transport: c.transport, CheckRedirect: c.guard.checkRedirect, Timeout: Limits{}.orDefaults().Timeout}
}

// Get asks for an address within limits. Its errors are those of Do.
func (c *Client) Get(ctx context.Context, address string, limits Limits) (Response, error) {
	return c.Do(ctx, Question{URL: address, Limits: limits})
}

// Do asks a question. It returns ErrURL, ErrAddress, ErrRedirects, ErrTooBig, ErrTimeout or ErrEncoding where one of them
// is the reason, and otherwise what the network said; each error names the address.
func (c *Client) Do(ctx context.Context, q Question) (response Response, err error) {
	limits := q.Limits.orDefaults()
	ctx, cancel := context.WithTimeoutCause(ctx, limits.Timeout, fmt.Errorf("%w (more than %s)", ErrTimeout, limits.Timeout))
	defer cancel()
	defer func() { err = explain(ctx, q.URL, err) }()

	req, err := c.request(ctx, q)
	if err != nil {
		return Response{}, err
	}
	release, err := c.enter(ctx)
	if err != nil {
		return Response{}, err
	}
	defer release()
	resp, err := c.client.Do(req)
	if err != nil {
		return Response{}, err
	}
	defer resp.Body.Close()
	if q.StatusOnly {
		return Response{URL: resp.Request.URL.String(), Status: resp.StatusCode, Header: resp.Header}, nil
	}
	body, err := readBody(resp, limits.Bytes)
	if err != nil {
		return Response{}, err
	}
	return Response{URL: resp.Request.URL.String(), Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

func (l Limits) orDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = DefaultBytes
	}
	if l.Timeout <= 0 {
		l.Timeout = DefaultTimeout
	}
	return l
}

func (c *Client) request(ctx context.Context, q Question) (*http.Request, error) {
	u, err := url.Parse(q.URL)
	if err != nil {
		return nil, fmt.Errorf("%w: it is not a URL", ErrURL)
	}
	if err := c.guard.checkURL(u); err != nil {
		return nil, err
	}
	method, sent := http.MethodGet, io.Reader(nil)
	if q.Post != nil {
		method, sent = http.MethodPost, bytes.NewReader(q.Post)
	}
	if q.Method != "" {
		method = q.Method
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), sent)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrURL, err)
	}
	if method != http.MethodGet {
		maps.Copy(req.Header, q.Header)
	}
	req.Header.Set("User-Agent", c.userAgent)
	for name, value := range map[string]string{
		"Accept": q.Accept, "If-Modified-Since": q.IfModifiedSince, "If-None-Match": q.IfNoneMatch,
	} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	return req, nil
}

// enter waits for one of the places of requests that may run at once.
func (c *Client) enter(ctx context.Context) (release func(), err error) {
	select {
	case c.places <- struct{}{}:
		return func() { <-c.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// readBody reads what the transport has already decompressed, so that the limit is one of decompressed bytes.
func readBody(resp *http.Response, limit int64) ([]byte, error) {
	if encoding := resp.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return nil, fmt.Errorf("%w (%s)", ErrEncoding, encoding)
	}
	if resp.ContentLength > limit {
		return nil, fmt.Errorf("%w (%d bytes announced, %d allowed)", ErrTooBig, resp.ContentLength, limit)
	}
	var body bytes.Buffer
	n, err := io.Copy(&body, io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, err
	}
	if n > limit {
		return nil, fmt.Errorf("%w (more than %d bytes)", ErrTooBig, limit)
	}
	return body.Bytes(), nil
}

// explain puts the address before an error, and the reason for a context's end in the place of "deadline exceeded". The
// query is left out, because it may hold a key.
func explain(ctx context.Context, address string, err error) error {
	if err == nil {
		return nil
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var network net.Error
	if cause := context.Cause(ctx); cause != nil && !isOwn(err) {
		err = cause
	} else if errors.As(err, &network) && network.Timeout() && !isOwn(err) {
		err = fmt.Errorf("%w: %v", ErrTimeout, err)
	}
	if u, parseErr := url.Parse(address); parseErr == nil {
		u.RawQuery, u.Fragment = "", ""
		address = u.Redacted()
	}
	return fmt.Errorf("fetch %.200q: %w", address, err)
}

func isOwn(err error) bool {
	for _, own := range []error{ErrURL, ErrAddress, ErrRedirects, ErrTooBig, ErrEncoding} {
		if errors.Is(err, own) {
			return true
		}
	}
	return false
}
