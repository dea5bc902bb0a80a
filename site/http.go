package site

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/datelinehq/dateline/site/press"
)

// ServeHTTP is the one adapter between net/http and the site. It reads the method, the path, the query, Accept-Encoding,
// If-None-Match, If-Modified-Since and, for the TimeGate, Accept-Datetime, and nothing else: no cookie, no host, no other header can change an answer.
// The streams of live coverage are the one exception, with an adapter of their own.
// Who reads an article is counted, and the answer does not know it.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.serveStream(w, r) {
		return
	}
	req, ok := request(r)
	var answer press.Response
	if ok {
		answer = s.Serve(r.Context(), req)
	} else {
		answer = refusal(400, "This is no address: it is too long, or holds what an address cannot hold.")
	}
	if answer.Article != "" && s.conf.Reads != nil && r.Method == http.MethodGet {
		s.count(answer.Article, r)
	}
	write(w, r, answer)
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

// request fills the closed struct; false for an address that cannot be one.
func request(r *http.Request) (*press.Request, bool) {
	escaped := r.URL.EscapedPath()
	path := r.URL.Path
	if len(escaped) > MaxAddress || len(r.URL.RawQuery) > MaxAddress || !strings.HasPrefix(path, "/") || !utf8.ValidString(path) || hidden(escaped) {
		return nil, false
	}
	req := &press.Request{Method: r.Method, Path: path, Escaped: escaped, RawQuery: r.URL.RawQuery,
		Accept: press.ParseAccept(strings.Join(r.Header["Accept-Encoding"], ",")), AcceptDatetime: r.Header.Get("Accept-Datetime")}
	if req.RawQuery != "" {
		req.Query = query(req.RawQuery)
	}
	if tags := r.Header["If-None-Match"]; len(tags) > 0 {
		req.IfNoneMatch = press.ParseTags(strings.Join(tags, ","))
	} else if since := r.Header.Get("If-Modified-Since"); since != "" {
		if t, err := http.ParseTime(since); err == nil {
			req.IfModifiedSince = t
		}
	}
	return req, true
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

// query takes the keys that some route knows. Of several values the first counts; what cannot be decoded is not there.
func query(raw string) (q press.Query) {
	known := map[string]*string{"before": &q.Before, "with": &q.With, "since": &q.Since, "q": &q.Words, "by": &q.By, "section": &q.Section,
		"topic": &q.Topic, "from": &q.From, "to": &q.To, "of": &q.Of, "on": &q.On, "at": &q.At}
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		key, value, _ := strings.Cut(pair, "=")
		key, err := url.QueryUnescape(key)
		if err != nil {
			continue
		}
		into := known[key]
		if into == nil || *into != "" {
			continue
		}
		if value, err = url.QueryUnescape(value); err == nil && utf8.ValidString(value) {
			*into = value
		}
	}
	return q
}

// known writes the query again with nothing in it but the keys that some route knows; "" where there are none.
func known(q press.Query) string {
	v := url.Values{}
	for key, value := range map[string]string{"before": q.Before, "with": q.With, "since": q.Since, "q": q.Words, "by": q.By, "section": q.Section,
		"topic": q.Topic, "from": q.From, "to": q.To, "of": q.Of, "on": q.On, "at": q.At} {
		if value != "" {
			v.Set(key, value)
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
