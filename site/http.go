package site

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/datelinehq/dateline/site/press"
)

// fields are the header fields of a request that the site looks at, whatever protocol it came by: all values of one joined by
// commas, as RFC 9110, section 5.3, has it; "" where it was not sent.
type fields struct {
	accept         press.Accept // Accept-Encoding
	acceptDatetime string
	ifNoneMatch    string
	modifiedSince  string
	lastEvent      string // Last-Event-ID

	// For the counting of readers only.
	agent     string
	forwarded string
	ahead     bool // Sec-Purpose or Purpose: a browser fetches it before anybody asked

	// The closed struct that is filled from them. It stands here so that over HTTP/2 it is not on the stack, which is new with each request
	// and would be copied to a larger one for it; fasthttp's stays.
	request press.Request
}

// ServeHTTP is the adapter between net/http and the site; ServeFast is the other, and a test asks every page through both.
// Of a request they read the method, the path, the query, Accept-Encoding, If-None-Match, If-Modified-Since and, for the
// TimeGate, Accept-Datetime, and nothing else: no cookie, no host, no other header can change an answer.
// The streams of live coverage are the one exception.
// Who reads an article is counted, and the answer does not know it.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := s.netFields(r.Header)
	if s.serveStream(w, r, h) {
		return
	}
	a := address{path: r.URL.Path, escaped: r.URL.EscapedPath(), query: r.URL.RawQuery}
	answer := s.answer(r.Context(), r.Method, a, h)
	if answer.Article != "" && s.conf.Reads != nil && r.Method == http.MethodGet {
		if peer, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			s.count(answer.Article, peer.Addr(), h)
		}
	}
	write(w, r, answer)
}

// netFields reads those of net/http.
func (s *Site) netFields(h http.Header) *fields {
	all := func(name string) string {
		switch v := h[name]; len(v) {
		case 0:
			return ""
		case 1:
			return v[0]
		default:
			return strings.Join(v, ",")
		}
	}
	return &fields{accept: s.accepts.parse(all("Accept-Encoding")), acceptDatetime: all("Accept-Datetime"), ifNoneMatch: all("If-None-Match"),
		modifiedSince: all("If-Modified-Since"), lastEvent: all("Last-Event-Id"), agent: all("User-Agent"), forwarded: all("X-Forwarded-For"),
		ahead: all("Sec-Purpose") != "" || all("Purpose") != ""}
}

func write(w http.ResponseWriter, r *http.Request, answer press.Response) {
	h := w.Header()
	for _, l := range answer.Lines {
		h[l.Name] = l.Values
	}
	w.WriteHeader(answer.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(answer.Body) // the reader may have gone
	}
}

// address is what a request asks for.
type address struct {
	path    string // decoded
	escaped string // as it came, as far as that can stand in an address
	query   string // as it came
}

// answer fills the closed struct and has the site answer it.
func (s *Site) answer(ctx context.Context, method string, a address, h *fields) press.Response {
	req := &h.request
	req.Method, req.Path, req.Escaped, req.RawQuery = method, a.path, a.escaped, a.query
	if asks(method) {
		if len(a.escaped) > MaxAddress || !decent(req) || hidden(a.escaped) {
			return noAddress()
		}
		fill(req, h)
	}
	return s.Serve(ctx, req)
}

func noAddress() press.Response {
	return refusal(400, "This is no address: it is too long, or holds what an address cannot hold.")
}

// fill reads what else of a request may decide an answer.
func fill(req *press.Request, h *fields) {
	req.Accept, req.AcceptDatetime = h.accept, h.acceptDatetime
	if req.RawQuery != "" {
		query(req.RawQuery, &req.Query)
	}
	if h.ifNoneMatch != "" {
		req.IfNoneMatch = press.ParseTags(h.ifNoneMatch)
	} else if h.modifiedSince != "" {
		if t, err := http.ParseTime(h.modifiedSince); err == nil {
			req.IfModifiedSince = t
		}
	}
}

// hidden says whether a path holds an escaped slash, backslash or NUL, by which two addresses could be one to us and two
// to a cache before us.
func hidden(escaped string) bool {
	for i := strings.IndexByte(escaped, '%'); i >= 0 && i+2 < len(escaped); {
		switch strings.ToLower(escaped[i+1 : i+3]) {
		case "2f", "5c", "00":
			return true
		}
		next := strings.IndexByte(escaped[i+1:], '%')
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

// queryKey is a key of the query and where its value is.
type queryKey struct {
	name  string
	value *string
}

// queryKeys are the keys that some route knows. They are an array because what a map of so many points to is allocated.
func queryKeys(q *press.Query) [12]queryKey {
	return [...]queryKey{{"before", &q.Before}, {"with", &q.With}, {"since", &q.Since}, {"q", &q.Words}, {"by", &q.By}, {"section", &q.Section},
		{"topic", &q.Topic}, {"from", &q.From}, {"to", &q.To}, {"of", &q.Of}, {"on", &q.On}, {"at", &q.At}}
}

// query takes the keys that some route knows. Of several values the first counts; what cannot be decoded is not there.
func query(raw string, q *press.Query) {
	list := queryKeys(q)
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		key, value, _ := strings.Cut(pair, "=")
		key, err := url.QueryUnescape(key)
		if err != nil {
			continue
		}
		i := slices.IndexFunc(list[:], func(k queryKey) bool { return k.name == key })
		if i < 0 || *list[i].value != "" {
			continue
		}
		if value, err = url.QueryUnescape(value); err == nil && utf8.ValidString(value) {
			*list[i].value = value
		}
	}
}

// known writes the query again with nothing in it but the keys that some route knows; "" where there are none.
func known(q press.Query) string {
	v := url.Values{}
	for _, k := range queryKeys(&q) {
		if *k.value != "" {
			v.Set(k.name, *k.value)
		}
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// without is a raw query less one of the site's own keys, for the pages below an address that has a query itself.
func without(raw, key string) string {
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		if name, _, _ := strings.Cut(pair, "="); name != key {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}
