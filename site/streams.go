package site

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
	"github.com/datelinehq/dateline/site/stream"
)

// livePrefix is what the dependency keys of live coverages begin with.
var livePrefix = string(shelf.KeyLive(""))

// serveStream answers for the stream of a live coverage, which is the one thing here that is no page; see streamAt. The
// connection is taken from net/http, but over TLS, where the request is held.
func (s *Site) serveStream(w http.ResponseWriter, r *http.Request, h *fields) bool {
	id, after, ok := s.streamAt(r.Context(), r.Method, r.URL.Path, r.URL.RawQuery, h)
	if !ok {
		return false
	}
	if r.TLS != nil {
		ok = s.hub.Hold(w, r, string(id), after)
	} else {
		ok = s.hub.Serve(w, string(id), after)
	}
	if !ok {
		write(w, r, noRoom())
	}
	return true
}

// noRoom is answered where no more streams are taken. The page's script then asks now and again for what is new.
func noRoom() press.Response {
	return refusal(503, "There are as many readers here as this site takes; ask for what is new instead.",
		press.Line{Name: "Retry-After", Values: []string{"60"}})
}

// streamAt finds the coverage whose stream is asked for. It reads, beside the address, the number of the last event that the
// reader has: Last-Event-ID, or `after` in the query the first time. False says that the request is for something else, or for a
// coverage that is not there, and is answered by a page.
func (s *Site) streamAt(ctx context.Context, method, path, query string, h *fields) (id dateline.ID, after int64, ok bool) {
	if !strings.HasSuffix(path, "/stream") {
		return "", 0, false // as nearly all
	}
	base, page, _ := splitEntries(path)
	if page != "stream" || method != http.MethodGet || s.down(base) {
		return "", 0, false
	}
	id, cursor, ok := s.coverageAt(ctx, base)
	if !ok {
		return "", 0, false
	}
	values, _ := url.ParseQuery(query) // what cannot be read is not there
	for _, said := range []string{h.lastEvent, values.Get("after")} {
		if n, ok := sequence(said); ok {
			return id, min(n, cursor), true // a number of another record is none
		}
	}
	return id, 0, true
}

// coverageAt finds the live coverage that stands at an address, and how far the shelf has come.
func (s *Site) coverageAt(ctx context.Context, address string) (id dateline.ID, cursor int64, ok bool) {
	err := s.conf.Shelf.View(ctx, func(tx *shelf.Tx) error {
		r, err := reading(tx).Resolve(address)
		if err != nil || r.Found != shelf.FoundArticle {
			return err
		}
		c, err := reading(tx).Card(r.ID)
		if err == nil && c.Kind == dateline.KindLive {
			id, cursor, ok = c.ID, tx.Cursor(), true
		}
		return err
	})
	return id, cursor, ok && err == nil
}

// missed is what an open page of a coverage has missed since an act, as an event.
func (s *Site) missed(ctx context.Context, topic string, after int64) (event []byte, last int64, err error) {
	stamp := s.press.Stamp()
	err = s.conf.Shelf.View(ctx, func(tx *shelf.Tx) error {
		v := &view{ctx: ctx, s: s, tx: reading(tx), now: s.conf.Now()}
		asked := toldOf{topic, after, tx.Cursor(), s.today(v.now)}
		if t := s.told.Load(); t != nil && t.toldOf == asked {
			event, last = t.event, t.last
			return nil
		}
		if v.paper, err = s.paper(v.tx, stamp); err != nil {
			return err
		}
		v.lang = v.paper.pub.Language
		l, err := v.tx.Live(dateline.ID(topic))
		if err != nil || l.Sequence <= after {
			return err
		}
		a, err := v.tx.Article(dateline.ID(topic))
		if err != nil {
			return err
		}
		var body []byte
		if body, last, err = v.liveNews(a, after); err == nil {
			event = stream.Event(last, body)
			s.told.Store(&told{asked, event, last})
		}
		return err
	})
	return event, last, err
}

// told is what was missed last by somebody: after a restart nearly all readers have missed the same.
type told struct {
	toldOf
	event []byte
	last  int64
}

// toldOf says what that was: of a topic after an event, where the shelf has come to a cursor, on a local date.
type toldOf struct {
	topic         string
	after, cursor int64
	day           string
}

// tellLive tells the open pages of live coverages what a change of the shelf brought. Those of a coverage that was taken down
// are let go: asking again, they get its tombstone.
func (s *Site) tellLive(c shelf.Changes) {
	s.told.Store(nil) // it may hold words that were taken away
	s.mu.Lock()
	from := s.cursor
	s.mu.Unlock()
	if c.Everything {
		s.hub.Drop("")
	}
	for _, k := range c.Keys {
		topic, ok := strings.CutPrefix(string(k), livePrefix)
		if !ok {
			continue
		}
		for at := from; ; {
			event, last, err := s.missed(context.Background(), topic, at)
			if err != nil {
				s.hub.Drop(topic)
			}
			if err != nil || len(event) == 0 {
				break
			}
			s.hub.Publish(topic, last, event)
			at = last
		}
	}
}
