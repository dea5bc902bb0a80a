package site

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/datelinehq/dateline/purge"
	"github.com/datelinehq/dateline/site/press"
)

// What shared caches are told of pages that take something from the visit beside the date: they are purged by it when it changes.
const (
	visitKey = "visit" // the date and the weather
	readKey  = "read"  // what is read most
)

// How long a shared cache may keep a page at most, and what it may give of it after that where this site does not answer. No page
// is kept beyond the local date that it shows: a purge at midnight would come a moment too late.
const (
	longest = 24 * time.Hour
	ifError = 24 * time.Hour
)

// onTheWay is how long an answer may take to a cache, which counts from then.
const onTheWay = 2 * time.Second

// tags are the header lines that name a page's dependency keys to shared caches, in each of the two spellings that there are.
func (s *Site) tags(keys []string, v press.Visit) []press.Line {
	if !s.conf.Caches.Any() {
		return nil
	}
	list := purge.Tags(keys)
	if v == press.VisitAll || v == press.VisitRead {
		list = append(list, purge.Tag(visitKey))
	}
	if v == press.VisitRead {
		list = append(list, purge.Tag(readKey))
	}
	return []press.Line{{Name: "Surrogate-Key", Values: []string{strings.Join(list, " ")}}, {Name: "Cache-Tag", Values: []string{strings.Join(list, ",")}}}
}

// lifetime are the header lines by which shared caches may keep a page from now on: none while something is owed to one of them,
// because what they keep could not be taken from them.
func (s *Site) lifetime(v press.Visit) []press.Line {
	if !s.conf.Caches.Fresh() {
		return nil
	}
	now := s.conf.Now()
	most := longest
	if v != press.VisitNothing {
		if s.today(now); s.day.Load() == nil {
			return nil // a day that summer time makes longer
		}
		most = min(most, time.Unix(s.day.Load().until, 0).Sub(now)-onTheWay)
	}
	seconds := int64(most / time.Second)
	if seconds < 1 {
		return nil
	}
	nginx := s.conf.Caches.HasNginx()
	if k := s.lives[v].Load(); k != nil && k.seconds == seconds && k.nginx == nginx {
		return k.lines
	}
	said := fmt.Sprintf("max-age=%d, stale-if-error=%d", seconds, int64(ifError/time.Second))
	k := &life{seconds: seconds, nginx: nginx, lines: []press.Line{{Name: "Cdn-Cache-Control", Values: []string{said}}, {Name: "Surrogate-Control", Values: []string{said}}}}
	if nginx {
		k.lines = append(k.lines, press.Line{Name: "X-Accel-Expires", Values: []string{fmt.Sprint(seconds)}})
	}
	s.lives[v].Store(k)
	return k.lines
}

// life are the lines of a lifetime, for whoever is answered in the same second.
type life struct {
	seconds int64
	nginx   bool
	lines   []press.Line
}

// lives are those for each thing that a page can take from the visit.
type lives [press.VisitRead + 1]atomic.Pointer[life]
