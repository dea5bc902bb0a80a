package site

import (
	"context"
	"slices"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// belowArticles are the pages below an article's address, by what they are called there; an edition's is below the history's.
var belowArticles = [...]string{"proof", "history", "verify"}

// BelowArticles are the ends of the addresses of an article's own pages, for whoever checks what is answered at each.
func BelowArticles() []string {
	list := []string{"", "/history/1", "/history/2?with=1", "/entries/1", "/entries/after/1", "/entries/stream"}
	for _, name := range belowArticles {
		list = append(list, "/"+name)
	}
	return list
}

// splitBelow parts the address of a page below an article from the article's.
func splitBelow(path string) (base, page, rest string) {
	i := strings.LastIndexByte(path, '/')
	if i >= 0 && slices.Contains(belowArticles[:], path[i+1:]) {
		return orRoot(path[:i]), path[i+1:], ""
	}
	if i > 0 {
		if b, ok := strings.CutSuffix(path[:i], "/history"); ok {
			return orRoot(b), "edition", path[i+1:]
		}
	}
	return splitEntries(path)
}

func orRoot(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// downKey is put before the keys of pages whose address the tombstones know, so that no page from before is found.
const downKey = "gone "

// subkey is the key of a page that a query key makes of the one under key. No path holds the line feed, so that no path is
// answered with such a page.
func subkey(key, name, value string) string { return key + "\n" + name + " " + value }

// address answers with what the shelf has at an address, raw being the query where it is a part of it. There is one builder
// for everything, so that an address that comes to lead elsewhere is answered right from the next request on.
func (s *Site) address(ctx context.Context, req *press.Request, raw string, down bool) (*press.Entry, error) {
	a := &lookup{path: req.Path, escaped: req.Escaped, raw: raw, down: down}
	key := a.whole()
	if p, ok := parsePosition(req.Query.Before); ok {
		a.before = p
		key = subkey(key, "before", position(p))
	}
	if n, ok := number(req.Query.With); ok && strings.Contains(req.Path, "/history/") {
		a.with = n
		key = subkey(key, "with", req.Query.With)
	}
	if n, ok := number(req.Query.Since); ok && strings.HasPrefix(req.Path, "/stories/") {
		a.since = int64(n)
		key = subkey(key, "since", req.Query.Since)
	}
	if down {
		key = downKey + key
	}
	return s.page(ctx, key, a.page)
}

// exact gives the query that is a part of the address; "" where something stands there without it, or nothing at all.
func (s *Site) exact(ctx context.Context, req *press.Request) (raw string, err error) {
	base, page, _ := splitBelow(req.Path)
	tries := [][2]string{{req.Path, req.RawQuery}}
	if page != "" {
		tries = append(tries, [2]string{base, without(req.RawQuery, "with")})
	}
	err = s.conf.Shelf.View(ctx, func(tx *shelf.Tx) error {
		for _, t := range tries {
			is, err := partOfAddress(reading(tx), t[0], t[1])
			if err != nil {
				return err
			}
			if is {
				raw = t[1]
				return nil
			}
		}
		return nil
	})
	return raw, err
}

// partOfAddress says whether something else stands at a path with a query than without.
func partOfAddress(tx shelf.Reading, path, raw string) (bool, error) {
	if raw == "" {
		return false, nil
	}
	with, err := tx.Resolve(path + "?" + raw)
	if err != nil || with.Found == shelf.FoundNothing {
		return false, err
	}
	plain, err := tx.Resolve(path)
	if with.Found == shelf.FoundGone && plain.Found == shelf.FoundGone {
		return with.Tombstone.ID != plain.Tombstone.ID, err
	}
	return with.Found != plain.Found || with.ID != plain.ID || with.To != plain.To, err
}

// lookup is an address that is none of the fixed ones.
type lookup struct {
	path, escaped, raw string
	before             shelf.Position
	with               int
	since              int64
	down               bool // the tombstones know it
}

// resolve asks the shelf for a path with a query, decoded and as it came.
func (a *lookup) resolve(v *view, path, raw string) (shelf.Resolution, error) {
	if raw != "" {
		path += "?" + raw
	}
	return v.tx.Resolve(path)
}

// page makes whatever stands at the address.
func (a *lookup) page(v *view) (*press.Page, error) {
	r, err := a.resolve(v, a.path, a.raw)
	if err != nil {
		return nil, err
	}
	if a.down && r.Found != shelf.FoundGone && r.Found != shelf.FoundRedirect {
		if gone, err := v.goneStory(r); err != nil || !gone {
			return a.behind(v)
		}
	}
	if r.Found != shelf.FoundNothing {
		return a.found(v, r)
	}
	if base, page, rest := splitBelow(a.path); page != "" {
		p, err := a.belowArticle(v, base, page, rest)
		if err != nil || p != nil {
			return p, err
		}
	}
	return a.variant(v)
}

// found makes the page of what the shelf has, and announces where it is to be had as of an instant.
func (a *lookup) found(v *view, r shelf.Resolution) (*press.Page, error) {
	page, err := a.foundPage(v, r)
	return v.announced(a.whole(), page, err)
}

func (a *lookup) foundPage(v *view, r shelf.Resolution) (*press.Page, error) {
	switch r.Found {
	case shelf.FoundArticle, shelf.FoundPage:
		art, err := v.tx.Article(r.ID)
		if err != nil {
			return nil, notFound(err)
		}
		if art.Address != a.whole() {
			return v.moved(art.Address), nil
		}
		page, err := v.articleOrPage(art)
		if err == nil && a.before != (shelf.Position{}) {
			page.Once = true // it has no further pages: kept once, without the query
		}
		return page, err
	case shelf.FoundRedirect:
		return v.moved(r.To), nil
	case shelf.FoundGone:
		return v.tombstone(r.Tombstone)
	case shelf.FoundSection:
		return a.sectionPage(v, r.ID)
	case shelf.FoundTopic:
		return a.topicPage(v, r.ID)
	case shelf.FoundPerson:
		return a.personPage(v, r.ID)
	case shelf.FoundStory:
		return a.storyPage(v, r.ID)
	}
	return nil, press.ErrNotFound
}

func (v *view) articleOrPage(a *shelf.Article) (*press.Page, error) {
	if a.Kind == dateline.KindPage {
		return v.pageOf(a)
	}
	return v.article(a)
}

// whole is the address as it was looked up.
func (a *lookup) whole() string {
	if a.raw != "" {
		return a.path + "?" + a.raw
	}
	return a.path
}

// belowArticle makes the history of an article or a running story, a difference or its proof; nil where the base is neither.
func (a *lookup) belowArticle(v *view, base, page, rest string) (*press.Page, error) {
	r, err := a.resolve(v, base, a.raw)
	if err == nil && r.Found == shelf.FoundNothing && base != "/" {
		r, err = a.resolve(v, base+"/", a.raw) // imported addresses may end in a slash
	}
	if err != nil {
		return nil, err
	}
	switch r.Found {
	case shelf.FoundGone:
		return v.tombstone(r.Tombstone)
	case shelf.FoundStory:
		return a.belowStory(v, r.ID, page, rest)
	case shelf.FoundRedirect:
		to, err := v.tx.Resolve(r.To)
		if err != nil || to.Found != shelf.FoundArticle && to.Found != shelf.FoundPage && to.Found != shelf.FoundStory {
			return nil, err // a section, say, has nothing of the kind below it
		}
		return v.moved(below(r.To, strings.TrimPrefix(a.path, strings.TrimSuffix(base, "/")))), nil
	case shelf.FoundArticle, shelf.FoundPage:
	default:
		return nil, nil
	}
	art, err := v.tx.Article(r.ID)
	if err != nil {
		return nil, notFound(err)
	}
	switch page {
	case "entry", "news", "stream":
		return v.belowLive(art, page, rest)
	case "proof":
		return v.proof(art)
	case "history":
		return v.history(art)
	case "verify":
		return v.verify(art)
	}
	if rest == "" {
		return v.moved(below(art.Address, "/history")), nil
	}
	n, ok := number(rest)
	if !ok {
		return nil, press.ErrNotFound
	}
	return v.compare(art, n, a.with)
}

// belowLive makes the page that begins with an entry of a coverage, or what is new in it.
func (v *view) belowLive(art *shelf.Article, page, rest string) (*press.Page, error) {
	if art.Kind != dateline.KindLive || page == "stream" { // streams are answered by their own adapter
		return nil, press.ErrNotFound
	}
	if page == "news" {
		return v.news(art, rest)
	}
	n, ok := number(rest)
	if !ok {
		return nil, press.ErrNotFound
	}
	return v.live(art, n)
}

// variant looks for the same address written otherwise: with or without the slash at its end, as it was escaped, and in
// Unicode's form C. It leads there in one step.
func (a *lookup) variant(v *view) (*press.Page, error) {
	slashed := a.path + "/"
	if bare, ok := strings.CutSuffix(a.path, "/"); ok {
		slashed = bare
	}
	for _, other := range [...]string{a.escaped, slashed, normal(a.path)} {
		if other == a.path || other == "" {
			continue
		}
		r, err := a.resolve(v, other, a.raw)
		if err != nil {
			return nil, err
		}
		if r.Found == shelf.FoundNothing {
			continue
		}
		b := *a
		b.path = other
		if other == a.escaped || r.Found == shelf.FoundGone {
			return b.found(v, r) // kept as it is written in links, it is this very address
		}
		to, err := v.canonical(r)
		if err != nil {
			return nil, notFound(err)
		}
		return v.moved(to), nil
	}
	return nil, press.ErrNotFound
}

// behind makes the page of an address that the tombstones know, while the shelf has not seen the withdrawal yet or has
// nothing at this very address.
func (a *lookup) behind(v *view) (*press.Page, error) {
	if base, page, _ := splitBelow(a.path); page != "" {
		r, err := a.resolve(v, base, a.raw)
		if err != nil || r.Found == shelf.FoundGone || r.Found == shelf.FoundRedirect {
			return a.belowArticle(v, base, page, "")
		}
		if gone, err := v.goneStory(r); err != nil || gone {
			return a.belowArticle(v, base, page, "")
		}
	}
	p := v.html(410, v.s.conf.Renderer.Tombstone(&render.TombstonePage{Frame: v.frame("", ""), Kind: dateline.WithdrawnLegal}))
	p.Once = true
	return p, nil
}

// goneStory says whether what was found is a running story that the shelf, too, knows to have been taken down.
func (v *view) goneStory(r shelf.Resolution) (bool, error) {
	if r.Found != shelf.FoundStory {
		return false, nil
	}
	v.on(shelf.KeyStory(r.ID))
	_, err := v.tx.Story(r.ID)
	if missing(err) {
		return true, nil
	}
	return false, err
}

// canonical is the one address of what was found.
func (v *view) canonical(r shelf.Resolution) (string, error) {
	switch r.Found {
	case shelf.FoundRedirect:
		return r.To, nil
	case shelf.FoundArticle, shelf.FoundPage:
		c, err := v.tx.Card(r.ID)
		if err != nil {
			return "", err
		}
		return c.Address, nil
	case shelf.FoundSection:
		sec, err := v.section(r.ID)
		if err != nil {
			return "", err
		}
		return sectionAddress(sec.Slug), nil
	case shelf.FoundTopic:
		t, err := v.tx.Topic(r.ID)
		if err != nil {
			return "", err
		}
		return topicAddress(t.Slug), nil
	case shelf.FoundPerson:
		p, err := v.tx.Person(r.ID)
		if err != nil {
			return "", err
		}
		return personAddress(p.Slug), nil
	case shelf.FoundStory:
		st, err := v.tx.Story(r.ID)
		if err != nil {
			return "", err
		}
		return storyAddress(st.Slug), nil
	}
	return "", shelf.ErrNotFound
}

// notFound turns the shelf's word for it into the press's.
func notFound(err error) error {
	if missing(err) {
		return press.ErrNotFound
	}
	return err
}
