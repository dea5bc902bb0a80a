package site

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// ask is what a page is made from: of the request no more than may outlive it.
type ask struct {
	Path   string
	Query  press.Query
	params []string // what the pattern's braces matched

	raw, datetime string // the query as it came and Accept-Datetime, for pages as of an instant, which are not kept
}

// route is one line of the table. In a pattern {x} stands for one part of a path and {x...} for all that is left; a
// pattern that ends in a slash is the address of a list of what is below it.
type route struct {
	pattern string
	serve   func(*Site, context.Context, *ask) (*press.Entry, error)
	parts   []string
}

// routes are the site's fixed addresses, the most particular first. Everything else is looked up in the shelf: sections,
// topics, persons, articles and pages, whatever address they have or had.
func routes() []route {
	table := []route{
		// the paper
		{pattern: "/", serve: (*Site).home},
		{pattern: "/archive", serve: (*Site).archive},
		{pattern: "/search", serve: (*Site).search},
		{pattern: suggestionsPath, serve: (*Site).suggestions},
		{pattern: "/corrections", serve: (*Site).corrections},
		{pattern: "/forecast", serve: (*Site).forecast},
		{pattern: "/forecast/{language}/{slug}", serve: (*Site).city},
		{pattern: "/{yyyy}/", serve: (*Site).year},
		{pattern: "/{yyyy}/{mm}/", serve: (*Site).month},
		{pattern: "/{yyyy}/{mm}/{dd}/", serve: (*Site).dayPage},

		// as of an instant (RFC 7089)
		{pattern: "/as-of", serve: (*Site).thenForm},
		{pattern: "/as-of/gate/", serve: (*Site).timeGate},
		{pattern: "/as-of/gate/{address...}", serve: (*Site).timeGate},
		{pattern: "/as-of/map/", serve: (*Site).timeMap},
		{pattern: "/as-of/map/{address...}", serve: (*Site).timeMap},
		{pattern: "/as-of/{instant}/", serve: (*Site).memento},
		{pattern: "/as-of/{instant}/{address...}", serve: (*Site).memento},

		// what machines read
		{pattern: "/corrections/rss.xml", serve: (*Site).correctionsFeed},
		{pattern: "/corrections/atom.xml", serve: (*Site).correctionsFeed},
		{pattern: "/rss.xml", serve: (*Site).paperFeed},
		{pattern: "/atom.xml", serve: (*Site).paperFeed},
		{pattern: "/sitemap.xml", serve: (*Site).sitemapIndex},
		{pattern: "/sitemaps/{file}", serve: (*Site).sitemap},
		{pattern: "/sitemap-news.xml", serve: (*Site).news},
		{pattern: "/robots.txt", serve: (*Site).robots},
		{pattern: searchDescription, serve: (*Site).openSearch},

		// files
		{pattern: "/favicon.ico", serve: (*Site).asset},
		{pattern: "/assets/{file...}", serve: (*Site).asset},
		{pattern: "/pictures/{file}", serve: (*Site).picture},

		// the record
		{pattern: "/record/checkpoint", serve: (*Site).checkpoint},
		{pattern: "/record/key", serve: (*Site).key},
		{pattern: "/record/keys", serve: (*Site).keys},
		{pattern: "/record/cosigned", serve: (*Site).cosigned},
		{pattern: "/record/cosigned/{entry}", serve: (*Site).cosigned},
		{pattern: "/record/tile/{address...}", serve: (*Site).tile},

		// below a section, topic or article
		{pattern: "/{section}/rss.xml", serve: (*Site).listFeed},
		{pattern: "/{section}/atom.xml", serve: (*Site).listFeed},
		{pattern: "/stories/{slug}/rss.xml", serve: (*Site).listFeed},
		{pattern: "/stories/{slug}/atom.xml", serve: (*Site).listFeed},
		{pattern: "/topics/{slug}/rss.xml", serve: (*Site).listFeed},
		{pattern: "/topics/{slug}/atom.xml", serve: (*Site).listFeed},
	}
	for i := range table {
		table[i].parts = strings.Split(strings.Trim(table[i].pattern, "/"), "/")
	}
	return table
}

// Patterns are the site's fixed addresses, for whoever checks what is answered at each.
func Patterns() (list []string) {
	for _, r := range routes() {
		list = append(list, r.pattern)
	}
	return list
}

// match says whether a path is of a route, a slash at its end aside, and gives what the braces stand for.
func (r *route) match(parts []string) (params []string, ok bool) {
	for i, want := range r.parts {
		if i >= len(parts) {
			return nil, false
		}
		name, braced := strings.CutPrefix(want, "{")
		switch {
		case !braced:
			if parts[i] != want {
				return nil, false
			}
		case strings.HasSuffix(name, "...}"):
			return append(params, strings.Join(parts[i:], "/")), true
		case !fits(name, parts[i]):
			return nil, false
		default:
			params = append(params, parts[i])
		}
	}
	return params, len(parts) == len(r.parts)
}

// fits says whether a part of a path can stand for a brace: years, months and days are digits.
func fits(name, part string) bool {
	switch name {
	case "yyyy}":
		return len(part) == 4 && digits(part)
	case "mm}", "dd}":
		return len(part) == 2 && digits(part)
	}
	return part != ""
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// asks says whether a method asks for a page.
func asks(method string) bool { return method == "GET" || method == "HEAD" }

// Serve answers one request. It never fails: what cannot be answered is answered by a page that says so.
func (s *Site) Serve(ctx context.Context, req *press.Request) press.Response {
	if !asks(req.Method) {
		return refusal(405, "Only GET and HEAD are answered here.", press.Line{Name: "Allow", Values: []string{"GET, HEAD"}})
	}
	if !decent(req) {
		return noAddress()
	}
	if req.RawQuery == "" {
		if e := s.press.Peek(req.Path); e != nil && s.stands(e, req) {
			return s.press.Answer(e, req)
		}
	}
	down := s.tombstoned(req)
	kept := *req // so that req itself, of which nothing else is let go, costs no allocation where the page is in memory
	e, err := s.find(ctx, &kept, down)
	if err != nil {
		e, err = s.fallback(ctx, err)
	}
	if err != nil && down {
		return s.gone()
	}
	if err != nil {
		return s.sorry(err)
	}
	return s.press.Answer(e, &kept)
}

// MaxAddress is the length in bytes of the longest path and of the longest query that are looked at.
const MaxAddress = 4096

// decent refuses what no address of this site can be before anything is looked up.
func decent(req *press.Request) bool {
	if len(req.Path) > MaxAddress || len(req.RawQuery) > MaxAddress || !strings.HasPrefix(req.Path, "/") || !utf8.ValidString(req.Path) {
		return false
	}
	for i := range len(req.Path) {
		if req.Path[i] < ' ' || req.Path[i] == 0x7f {
			return false
		}
	}
	return true
}

// find answers with what stands at the address. A query is first taken for a part of the address, as old sites had it, and
// dropped where nothing stands there.
func (s *Site) find(ctx context.Context, req *press.Request, down bool) (*press.Entry, error) {
	raw := ""
	if req.RawQuery != "" {
		var err error
		if raw, err = s.exact(ctx, req); err != nil {
			if e := s.press.Last(req.Path); e != nil && !down {
				return e, nil // the shelf fails: what was kept for the path is as good as it gets
			}
			return nil, err
		}
	}
	if address, ok := thenAddress(req.Path); ok && down {
		return s.goneThen(ctx, req, address)
	}
	if raw != "" || down {
		return s.address(ctx, req, raw, down)
	}
	if strings.Contains(req.Path, "//") { // two slashes could lead a browser to another host
		return s.address(ctx, req, "", false)
	}
	req, to := s.unfolded(req)
	if to != "" {
		return s.once(ctx, func(v *view) (*press.Page, error) { return v.moved(to), nil })
	}
	parts := strings.Split(strings.Trim(req.Path, "/"), "/")
	for i := range s.routes {
		r := &s.routes[i]
		params, ok := r.match(parts)
		if !ok {
			continue
		}
		if canonical := r.canonical(req.Path); canonical != req.Path {
			return s.once(ctx, func(v *view) (*press.Page, error) { return v.moved(canonical + known(req.Query)), nil })
		}
		e, err := r.serve(s, ctx, &ask{req.Path, req.Query, params, req.RawQuery, req.AcceptDatetime})
		if !errors.Is(err, press.ErrNotFound) {
			return e, err
		}
	}
	stamp := s.press.Stamp()
	if req.RawQuery == "" && s.absent.has(req.Escaped, stamp) {
		return nil, press.ErrNotFound
	}
	e, err := s.address(ctx, req, "", false)
	if errors.Is(err, press.ErrNotFound) && ctx.Value(bypass{}) == nil {
		s.absent.note(req.Escaped, stamp)
	}
	return e, err
}

// canonical is the path with or without a slash at its end, as the pattern has it; what stands for all that is left is another
// address and stays as it is.
func (r *route) canonical(path string) string {
	if strings.HasSuffix(r.pattern, "...}") {
		return path
	}
	bare := strings.TrimRight(path, "/")
	if strings.HasSuffix(r.pattern, "/") {
		return bare + "/"
	}
	return bare
}

// stands says that the tombstones do not know the address that a page is kept under. They are asked once in each of their versions,
// which spares each request the hashing of its address.
func (s *Site) stands(e *press.Entry, req *press.Request) bool {
	if s.conf.Tombstones == nil {
		return true
	}
	version := s.conf.Tombstones.GoneVersion() // before they are asked, so that what changes meanwhile is asked again
	if e.Stands(version) {
		return true
	}
	if s.tombstoned(req) {
		return false
	}
	e.Stood(version)
	return true
}

// down asks the tombstones about one address.
func (s *Site) down(address string) bool {
	return s.conf.Tombstones != nil && s.conf.Tombstones.Gone(address)
}

// tombstoned asks the tombstones about the address and, for the pages below an article, about the article's.
func (s *Site) tombstoned(req *press.Request) bool {
	gone := func(address string) bool {
		return s.down(address) || req.RawQuery != "" && s.down(address+"?"+req.RawQuery)
	}
	if gone(req.Path) {
		return true
	}
	if address, ok := thenAddress(req.Path); ok {
		if gone(address) {
			return true
		}
		if base, page, _ := splitBelow(address); page != "" && gone(base) {
			return true
		}
	}
	base, page, _ := splitBelow(req.Path)
	return page != "" && gone(base)
}

// fallback gives the page that says that there is nothing.
func (s *Site) fallback(ctx context.Context, err error) (*press.Entry, error) {
	if !errors.Is(err, press.ErrNotFound) {
		return nil, err
	}
	return s.page(ctx, "not found", func(v *view) (*press.Page, error) {
		return v.html(404, s.conf.Renderer.NotFound(&render.NotFoundPage{Frame: v.frame("", "")})), nil
	})
}

// sorry answers where no page could be made.
func (s *Site) sorry(err error) press.Response {
	wait := "5"
	if errors.Is(err, shelf.ErrNotReady) {
		wait = "2"
	}
	body := s.conf.Renderer.Error(&render.ErrorPage{Frame: s.bare(), Status: 503})
	return press.Response{Status: 503, Body: body, Lines: append(unkept("text/html; charset=utf-8", s.policy, body),
		press.Line{Name: "Retry-After", Values: []string{wait}})}
}

// gone answers for an address that the tombstones know, where the shelf cannot be asked what it may say of it.
func (s *Site) gone() press.Response {
	body := s.conf.Renderer.Tombstone(&render.TombstonePage{Frame: s.bare(), Kind: dateline.WithdrawnLegal})
	return press.Response{Status: 410, Body: body, Lines: unkept("text/html; charset=utf-8", s.policy, body)}
}

// refusal answers what no browser asks for, in one plain sentence.
func refusal(status int, text string, lines ...press.Line) press.Response {
	body := []byte(text + "\n")
	return press.Response{Status: status, Body: body, Lines: append(unkept("text/plain; charset=utf-8", dataPolicy, body), lines...)}
}

func unkept(kind, policy string, body []byte) []press.Line {
	return []press.Line{
		{Name: "Content-Length", Values: []string{strconv.Itoa(len(body))}},
		{Name: "Cache-Control", Values: []string{"no-store"}},
		{Name: "Content-Type", Values: []string{kind}},
		{Name: "Content-Security-Policy", Values: []string{policy}},
		{Name: "Referrer-Policy", Values: []string{"strict-origin-when-cross-origin"}},
		{Name: "X-Content-Type-Options", Values: []string{"nosniff"}},
	}
}

// normal is a path in Unicode's form C, in which slugs are kept.
func normal(path string) string { return norm.NFC.String(path) }
