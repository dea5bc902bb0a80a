package site

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// view is one page being made: a snapshot of the shelf, the paper's frame, and the dependency keys noted on the way.
type view struct {
	ctx    context.Context
	s      *Site
	tx     shelf.Reading
	paper  *paper
	now    time.Time
	lang   string // of the frame
	keys   []string
	then   *render.Then // the page is as of an instant, and tx answers for it; nil for now
	choice bool         // its frame lets readers choose the strip's city
	// stamp was read before the snapshot was opened, where the snapshot is the present one.
	stamp   uint64
	present bool
	// private is what a preview shows; nil for readers' pages.
	private *WouldBe
}

// reading is the snapshot as pages use it.
func reading(tx *shelf.Tx) shelf.Reading { return tx }

// build makes a press's builder of one that reads the shelf.
func (s *Site) build(make func(*view) (*press.Page, error)) press.Builder {
	return func(ctx context.Context) (page *press.Page, err error) {
		stamp := s.press.Stamp()
		err = s.conf.Shelf.View(ctx, func(tx *shelf.Tx) error {
			v := &view{ctx: ctx, s: s, tx: reading(tx), now: s.conf.Now(), keys: []string{everything}, stamp: stamp, present: true}
			if v.paper, err = s.paper(v.tx, stamp); err != nil {
				return err
			}
			v.lang = render.FrameLanguage(v.paper.pub.Language, v.paper.pub.Language)
			v.keys = append(v.keys, v.paper.keys...)
			page, err = make(v)
			return err
		})
		if err != nil {
			return nil, err
		}
		return page, nil
	}
}

// page gives the page under a key, made when it is not kept.
func (s *Site) page(ctx context.Context, key string, make func(*view) (*press.Page, error)) (*press.Entry, error) {
	if ctx.Value(bypass{}) != nil {
		return s.once(ctx, make)
	}
	return s.press.Get(ctx, key, s.build(make))
}

// once makes a page that is not kept.
func (s *Site) once(ctx context.Context, make func(*view) (*press.Page, error)) (*press.Entry, error) {
	return s.press.Once(ctx, s.build(make))
}

// on notes what the page depends on.
func (v *view) on(keys ...shelf.Key) {
	for _, k := range keys {
		v.keys = append(v.keys, string(k))
	}
}

// html finishes a page of HTML.
func (v *view) html(status int, body []byte) *press.Page {
	page := &press.Page{Status: status, Type: "text/html; charset=utf-8", Body: body, Policy: v.policy(allowance{}), Keys: v.keys, Visit: press.VisitAll}
	page.Alike.At, page.Alike.Text = v.s.conf.Renderer.StyleIn(body)
	return page
}

// allowance is what a page's policy lets it do beside what every page may: run a script, show frames.
type allowance struct {
	script bool
	checks bool     // the script that checks an article, in its place
	frames []string // source expressions
}

// policy is the content security policy of a page; where the frame has a choice of cities, the script may run for it.
func (v *view) policy(a allowance) string {
	if v.choice {
		a.script = true
	}
	p := v.s.policy
	if a.script {
		p += "; script-src " + v.s.conf.Renderer.ScriptSource()
	}
	if a.checks {
		p += "; script-src " + v.s.conf.Renderer.VerifySource()
	}
	if len(a.frames) > 0 {
		p += "; frame-src " + strings.Join(a.frames, " ")
	}
	return p
}

// data finishes an answer that is not HTML and shows nothing of the visit.
func (v *view) data(kind string, body []byte) *press.Page {
	return &press.Page{Status: 200, Type: kind, Body: body, Policy: dataPolicy, Keys: v.keys}
}

// dataPolicy lets nothing in a feed or a picture that somebody opens as a page load or run anything.
const dataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox"

// moved answers that something stands at another address for good.
func (v *view) moved(to string) *press.Page { return movedTo(v.way(to), v.keys) }

// way is where a link leads: to how the thing stood then, on a page as of an instant. An empty address stays empty.
func (v *view) way(address string) string {
	if v.then == nil || address == "" {
		return address
	}
	return v.then.Base + address
}

func movedTo(to string, keys []string) *press.Page {
	to = escapeAddress(to)
	return &press.Page{Status: 301, Type: "text/plain; charset=utf-8", Body: []byte(to + "\n"), Location: to, Policy: dataPolicy, Keys: keys, Once: true}
}

// escapeAddress writes an address as it may stand in a header, a feed or a sitemap. What is escaped already stays as it is.
func escapeAddress(a string) string {
	const upper = "0123456789ABCDEF"
	clean := true
	for i := 0; i < len(a) && clean; i++ {
		clean = plainByte(a, i)
	}
	if clean {
		return a
	}
	var b strings.Builder
	for i := range len(a) {
		if plainByte(a, i) {
			b.WriteByte(a[i])
			continue
		}
		b.WriteByte('%')
		b.WriteByte(upper[a[i]>>4])
		b.WriteByte(upper[a[i]&15])
	}
	return b.String()
}

func plainByte(a string, i int) bool {
	c := a[i]
	if c == '%' {
		return i+2 < len(a) && hexDigit(a[i+1]) && hexDigit(a[i+2])
	}
	return c > ' ' && c < 0x7f && strings.IndexByte("\"'<>\\^`{|}", c) < 0
}

func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// absolute is an address with the paper's origin before it, escaped.
func (v *view) absolute(address string) string {
	return strings.TrimSuffix(v.paper.pub.Site, "/") + escapeAddress(address)
}

// below is the address of something under an article's, such as its history. The query of an imported address stays at
// the end.
func below(address, rest string) string {
	path, query, has := strings.Cut(address, "?")
	path = strings.TrimSuffix(path, "/") + rest
	if has {
		return path + "?" + query
	}
	return path
}

// withQuery adds a query key of the site's own, with a number or a position, to an address.
func withQuery(address, key, value string) string {
	sep := "?"
	if strings.Contains(address, "?") {
		sep = "&"
	}
	return address + sep + key + "=" + value
}

// position writes a place in a list as it stands in an address: an instant and an id that anybody can read.
func position(p shelf.Position) string {
	s := p.At.UTC().Format(record.Instant) + "_" + string(p.ID)
	if p.N > 0 {
		s += fmt.Sprintf("_%d", p.N)
	}
	return s
}

// parsePosition reads what position writes; anything else is the head of the list.
func parsePosition(s string) (p shelf.Position, ok bool) {
	at, rest, found := strings.Cut(s, "_")
	if !found {
		return p, false // as what ends most addresses; an instant that is none costs more to find out
	}
	id, n, numbered := strings.Cut(rest, "_")
	t, err := record.ParseInstant(at)
	if err != nil || t.IsZero() {
		return p, false
	}
	p = shelf.Position{At: t}
	if p.ID, err = dateline.ParseID(id); err != nil {
		return shelf.Position{}, false
	}
	if numbered {
		if p.N, ok = number(n); !ok {
			return shelf.Position{}, false
		}
	}
	return p, true
}

// number reads a whole number from 1 to 999,999,999 without a sign or leading zeros.
func number(s string) (n int, ok bool) {
	if s == "" || len(s) > 9 || s[0] == '0' {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// missing says that an error is only that the shelf has no such thing.
func missing(err error) bool { return errors.Is(err, shelf.ErrNotFound) }
