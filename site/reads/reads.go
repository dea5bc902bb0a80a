package reads

import (
	"cmp"
	"hash/maphash"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/datelinehq/dateline"
)

// Window is how many hours are counted together.
const Window = 24

// maxArticles bounds how many articles are counted in an hour. What comes first in an hour after so many others is not.
const maxArticles = 20_000

// Count is an article with how many read it.
type Count struct {
	Article dateline.ID
	Readers int // in the last Window hours
	Hour    int // in the last full hour and this one
}

// Counter counts readers. It is safe for concurrent use, and counting another reader of an article allocates nothing.
type Counter struct {
	mu    sync.Mutex
	hours [Window + 1]hour // by the hour's number, modulo their number
	day   int64            // whose salt this is
	salt  maphash.Seed
}

type hour struct {
	number   int64 // hours since 1970
	articles map[dateline.ID]*sketch
}

// Read counts one reading of an article. Programs are left out; see Program.
func (c *Counter) Read(article dateline.ID, address netip.Addr, agent string, at time.Time) {
	if Program(agent) {
		return
	}
	unix := at.Unix()
	c.mu.Lock()
	defer c.mu.Unlock()
	if day := unix / (24 * 3600); day != c.day {
		c.day, c.salt = day, maphash.MakeSeed()
	}
	var h maphash.Hash
	h.SetSeed(c.salt)
	from := address.As16()
	_, _ = h.Write(from[:]) // a hash takes everything
	_, _ = h.WriteString(agent)
	if s := c.sketch(article, unix/3600); s != nil {
		s.add(h.Sum64())
	}
}

// sketch is an article's of an hour; nil where that is past, or has too many articles.
func (c *Counter) sketch(article dateline.ID, number int64) *sketch {
	h := &c.hours[number%int64(len(c.hours))]
	switch {
	case h.number > number:
		return nil
	case h.number < number || h.articles == nil:
		*h = hour{number, map[dateline.ID]*sketch{}}
	}
	s := h.articles[article]
	if s == nil && len(h.articles) < maxArticles {
		s = &sketch{}
		h.articles[article] = s
	}
	return s
}

// Counts gives the articles that are read most, first those with most readers, then by id, the greater and so the newer first.
func (c *Counter) Counts(at time.Time, limit int) []Count {
	now := at.Unix() / 3600
	whole, last := map[dateline.ID]*sketch{}, map[dateline.ID]*sketch{}
	c.mu.Lock()
	for i := range c.hours {
		h := &c.hours[i]
		if h.number > now || h.number <= now-Window {
			continue
		}
		merge(whole, h.articles)
		if h.number >= now-1 {
			merge(last, h.articles)
		}
	}
	c.mu.Unlock()
	list := make([]Count, 0, len(whole))
	for id, s := range whole {
		n := Count{Article: id, Readers: s.count()}
		if l := last[id]; l != nil {
			n.Hour = l.count()
		}
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Readers, a.Readers), cmp.Compare(b.Article, a.Article))
	})
	return list[:min(len(list), limit)]
}

func merge(into, from map[dateline.ID]*sketch) {
	for id, s := range from {
		if into[id] == nil {
			into[id] = &sketch{}
		}
		into[id].merge(s)
	}
}

// words are those by which programs name themselves. What names itself as a person's browser does is counted.
var words = [...]string{"bot", "crawl", "spider", "slurp", "preview", "fetch", "monitor", "scan", "headless", "python", "curl", "wget", "java/", "http-client", "okhttp", "libwww", "feed", "rss", "archive"}

// Program says whether a browser's name is none, or that of a program: it does not begin as all browsers' do, or holds one of
// a few words such as bot, crawl, spider, preview, monitor or headless.
func Program(agent string) bool {
	if len(agent) < 20 || agent[:8] != "Mozilla/" {
		return true
	}
	for i := range len(agent) {
		for _, w := range beginning[lower(agent[i])] {
			if begins(agent[i:], w) {
				return true
			}
		}
	}
	return false
}

// beginning are the words by their first letter.
var beginning = func() (by [256][]string) {
	for _, w := range words {
		by[w[0]] = append(by[w[0]], w)
	}
	return by
}()

// begins says whether a text begins with a word in lower case, whatever its own case.
func begins(text, word string) bool {
	if len(text) < len(word) {
		return false
	}
	for k := range len(word) {
		if lower(text[k]) != word[k] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
