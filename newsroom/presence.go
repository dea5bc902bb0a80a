package newsroom

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/datelinehq/dateline"
)

// How long somebody is taken to be in an article after the last word of it, and how often a quiet stream is spoken on so
// that both sides notice when the other is gone.
const (
	presenceLasts = 45 * time.Second
	streamBeat    = 15 * time.Second
)

// Presence says who is in which article, and where.
type Presence struct {
	Name      string      `json:"name"`
	Article   dateline.ID `json:"article"`
	Paragraph int         `json:"paragraph,omitempty" doc:"From 1; 0 where it is not the text"`
	Window    string      `json:"window" doc:"Tells one person's windows apart"`

	seen time.Time
}

// notice is one message of the stream.
type notice struct {
	event string
	data  any
}

// moved tells that an article has a new version; one without a version that its notes are others now.
type moved struct {
	Article dateline.ID `json:"article"`
	Version int64       `json:"version"`
	By      string      `json:"by"`
}

// hub knows who is where, and tells everybody who listens what happens. Nothing of it is kept: it is about this minute.
type hub struct {
	now func() time.Time

	mu        sync.Mutex
	people    map[string]Presence // by account and window
	listeners map[chan notice]struct{}
}

func newHub() *hub {
	return &hub{now: time.Now, people: map[string]Presence{}, listeners: map[chan notice]struct{}{}}
}

// enter says that somebody is in an article; one without an article has left.
func (h *hub) enter(p Presence) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := p.Name + "\n" + p.Window
	was, known := h.people[key]
	p.seen = h.now()
	if p.Article == "" {
		delete(h.people, key)
	} else {
		h.people[key] = p
	}
	changed := h.forget()
	if changed || known != (p.Article != "") || was.Article != p.Article || was.Paragraph != p.Paragraph {
		h.tell(notice{"presence", h.list()})
	}
}

// forget drops who has not been heard of; the caller holds the lock.
func (h *hub) forget() (changed bool) {
	before := len(h.people)
	late := h.now().Add(-presenceLasts)
	maps.DeleteFunc(h.people, func(_ string, p Presence) bool { return p.seen.Before(late) })
	return len(h.people) != before
}

// list is who is where, in one order; the caller holds the lock.
func (h *hub) list() []Presence {
	list := slices.AppendSeq(make([]Presence, 0, len(h.people)), maps.Values(h.people))
	slices.SortFunc(list, func(a, b Presence) int {
		return cmp.Or(cmp.Compare(a.Article, b.Article), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Window, b.Window))
	})
	return list
}

// tell sends to everybody who listens; one who is too slow misses it and is told all at the next beat.
func (h *hub) tell(n notice) {
	for l := range h.listeners {
		select {
		case l <- n:
		default:
		}
	}
}

// announce tells that an article has a new version.
func (h *hub) announce(m moved) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tell(notice{"moved", m})
}

// tellAll tells of something that happened.
func (h *hub) tellAll(n notice) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tell(n)
}

// listen gives a channel of what happens, beginning with who is where.
func (h *hub) listen() (<-chan notice, func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := make(chan notice, 64)
	h.listeners[c] = struct{}{}
	h.forget()
	c <- notice{"presence", h.list()}
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.listeners, c)
	}
}

// beat looks who has gone without a word.
func (h *hub) beat() []Presence {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.forget()
	return h.list()
}

type presenceIn struct {
	Body struct {
		Article   string `json:"article" doc:"Its id; nothing where one has left" maxLength:"60"`
		Paragraph int    `json:"paragraph,omitempty" minimum:"0" maximum:"20000"`
		Window    string `json:"window" doc:"Anything that tells one's windows apart" minLength:"1" maxLength:"60"`
	}
}

type nothingOut struct{}

func (s *server) enter(ctx context.Context, in *presenceIn) (*nothingOut, error) {
	p := Presence{Name: actor(ctx).Name, Paragraph: in.Body.Paragraph, Window: in.Body.Window}
	if in.Body.Article != "" {
		id, err := dateline.ParseID(in.Body.Article)
		if err != nil {
			return nil, err
		}
		p.Article = id
	}
	s.hub.enter(p)
	return &nothingOut{}, nil
}

// events answers GET /api/v1/events with what happens in the newsroom while somebody listens, as server-sent events:
// `presence` is all who are in articles, `moved` an article's new version, `live` that something in a live coverage was changed.
//
// Whoever may no longer come in, because the session or the account has ended, hears no more from the next beat on.
func (s *server) events(w http.ResponseWriter, r *http.Request, _ dateline.Actor) error {
	out, err := s.openStream(w)
	if err != nil {
		return err
	}
	happens, leave := s.hub.listen()
	defer leave()
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-s.Done:
			return nil
		case n := <-happens:
			err = out.send(n.event, n.data)
		case <-beat.C:
			if !s.still(r) {
				return nil
			}
			err = out.send("presence", s.hub.beat())
		}
		if err != nil {
			return nil // whoever listened has gone
		}
	}
}

// stream writes server-sent events.
type stream struct {
	w     http.ResponseWriter
	flush *http.ResponseController
}

// openStream begins a stream that has no end of its own.
func (s *server) openStream(w http.ResponseWriter) (*stream, error) {
	out := &stream{w, http.NewResponseController(w)}
	if err := out.flush.SetWriteDeadline(time.Time{}); err != nil {
		return nil, &dateline.Error{Code: dateline.EInternal, Message: "the connection cannot be kept open", Cause: err}
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	return out, nil
}

func (s *stream) send(event string, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(s.w, "event: %s\ndata: %s\n\n", event, b); err != nil {
		return err
	}
	return s.flush.Flush()
}
