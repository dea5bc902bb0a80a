// Package stream tells open pages what is new, as server-sent events. A reader costs a connection and a few words of memory:
// the connection is taken from net/http once its head is written, so that it has neither a goroutine nor buffers, and one
// writer for each processor gives every event, encoded once, to all who listen. A reader who does not take an event at once
// is let go and comes back with the number of the last event it had; what it missed comes from the shelf.
package stream

import (
	"context"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Missed gives what a reader of a topic has missed since an event, as one event, and the number up to which it then knows; no
// bytes where it has missed nothing.
type Missed func(ctx context.Context, topic string, after int64) (event []byte, last int64, err error)

// Config is what a Hub works with.
type Config struct {
	Missed Missed
	Most   int           // how many readers at once; 20,000 where it is 0
	Beat   time.Duration // how often each reader is spoken to where nothing happens; 20 s where it is 0
}

// Hub holds the readers who listen. It is safe for concurrent use.
type Hub struct {
	conf   Config
	desks  []*desk
	next   atomic.Uint64
	now    atomic.Int64 // readers
	ended  sync.WaitGroup
	closed chan struct{}
	once   sync.Once
}

// New makes a Hub; Close ends it.
func New(c Config) *Hub {
	if c.Most == 0 {
		c.Most = 20_000
	}
	if c.Beat == 0 {
		c.Beat = 20 * time.Second
	}
	h := &Hub{conf: c, closed: make(chan struct{})}
	for range runtime.GOMAXPROCS(0) {
		d := &desk{hub: h, last: map[string]int64{}, wake: make(chan struct{}, 1)}
		h.desks = append(h.desks, d)
		h.ended.Go(d.run)
	}
	return h
}

// Listening is how many readers there are.
func (h *Hub) Listening() int { return int(h.now.Load()) }

// Publish gives an event of a topic to all who listen and do not know of it yet. It never waits for a reader. An event without
// bytes only says how far the topic has come. Events of one topic are published in the order of their numbers.
func (h *Hub) Publish(topic string, number int64, event []byte) {
	for _, d := range h.desks {
		d.put(job{topic: topic, number: number, event: event})
	}
}

// Drop lets go of all who listen to a topic, or to any where topic is empty: they come back, and get what there is then.
func (h *Hub) Drop(topic string) {
	for _, d := range h.desks {
		d.put(job{topic: topic, drop: true})
	}
}

// Readers who lost their connections at once come back over three seconds, or over a second for each thousand of them where they are
// more. Ten thousand that came in one moment would fill the queue of connections that are not accepted yet, and whoever finds it
// full waits for a minute.
const (
	leastSpread = 3000 // milliseconds
	forReader   = 1    // a millisecond each
)

// comeback tells one of some readers after how long to come back when the connection is lost, no sooner than after some milliseconds.
// Each is told something else.
func comeback(soonest int, reader uint64, readers int) []byte {
	const stride = 7919 // a prime, so that readers who follow on one another do not come one after the other
	spread := uint64(max(leastSpread, readers*forReader))
	return append(strconv.AppendInt([]byte("retry: "), int64(soonest)+int64(reader*stride%spread), 10), "\n\n"...)
}

// When the first readers come back: where the program stops in order it is soon there again.
const (
	afterStop = 1000 // milliseconds
	afterLoss = 1500
)

// Close says farewell to all readers and ends the hub.
func (h *Hub) Close() {
	h.once.Do(func() { close(h.closed) })
	h.ended.Wait()
}

// What a reader's stream begins with. It has no length and no further request: it ends with the connection. A reader who lost
// it, by a crash or on the way, comes back after as long as it is told next, and again with every beat.
const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n" +
	"X-Accel-Buffering: no\r\nX-Content-Type-Options: nosniff\r\nX-Robots-Tag: noindex\r\n\r\n"

// patience is how long a reader may take for the head and for what it has missed.
const patience = 10 * time.Second

// Serve takes a connection over from net/http and tells its reader of a topic from an event on. False says that nothing was
// answered, because there are too many readers, the program stops, or the connection cannot be taken over.
func (h *Hub) Serve(w http.ResponseWriter, topic string, after int64) bool {
	if !h.Enter() {
		return false
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		h.now.Add(-1)
		return false
	}
	h.Tell(conn, topic, after)
	return true
}

// Hold tells a reader of a topic over TLS, where a connection is not one reader's alone (HTTP/2 and HTTP/3) or has ciphers before
// its socket: the request stays open, at the cost of a goroutine. It returns when the reader is gone or let go. False says that
// nothing was answered.
func (h *Hub) Hold(w http.ResponseWriter, r *http.Request, topic string, after int64) bool {
	if !h.Enter() {
		return false
	}
	flush := http.NewResponseController(w)
	_ = flush.SetReadDeadline(time.Time{}) // it has nothing more to say; where that cannot be set, it comes back
	l := &listener{held: &held{w: w, flush: flush, events: make(chan []byte, waiting), gone: r.Context().Done()}, topic: topic, at: after}
	for name, value := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
		"X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"} {
		w.Header().Set(name, value)
	}
	if !h.begin(l) {
		h.now.Add(-1)
		return true
	}
	l.held.tell()
	return true
}

// Room says whether there is a place for one more reader.
func (h *Hub) Room() bool {
	select {
	case <-h.closed:
		return false
	default:
		return h.now.Load() < int64(h.conf.Most)
	}
}

// Enter takes a place for one more reader; false where there is none, or the program stops. Tell must follow.
func (h *Hub) Enter() bool {
	select {
	case <-h.closed:
		return false
	default:
	}
	if h.now.Add(1) > int64(h.conf.Most) {
		h.now.Add(-1)
		return false
	}
	return true
}

// Tell tells a reader who has entered, on a connection that is the hub's from now on, of a topic from an event on. It returns when
// the reader has what it missed.
func (h *Hub) Tell(conn net.Conn, topic string, after int64) {
	l := &listener{conn: conn, topic: topic, at: after}
	if !l.take() || !h.begin(l) {
		l.conn.Close()
		h.now.Add(-1)
	}
}

// take makes the connection's socket the hub's own, with the head written.
func (l *listener) take() bool {
	c, ok := l.conn.(syscall.Conn)
	if !ok || l.conn.SetDeadline(time.Now().Add(patience)) != nil {
		return false
	}
	var err error
	if l.raw, err = c.SyscallConn(); err != nil {
		return false
	}
	_, err = l.conn.Write([]byte(head))
	return err == nil
}

// begin writes what was missed, and puts the reader among those who listen once nothing is missing.
func (h *Hub) begin(l *listener) bool {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	n := h.next.Add(1)
	if !l.say(comeback(afterLoss, n, h.Listening())) {
		return false
	}
	d := h.desks[n%uint64(len(h.desks))]
	for {
		drops := d.dropped()
		event, last, err := h.conf.Missed(ctx, l.topic, l.at)
		if err != nil {
			return false
		}
		if len(event) > 0 {
			if !l.say(event) {
				return false
			}
			l.at = max(l.at, last)
			continue // there may be more than comes at once
		}
		if l.conn != nil && l.conn.SetDeadline(time.Time{}) != nil {
			return false
		}
		joined, open := d.join(l, drops)
		if joined || !open {
			return joined
		}
	}
}

// Event encodes one event: its number, and the data line by line.
func Event(number int64, data []byte) []byte {
	out := make([]byte, 0, len(data)+64)
	out = append(out, "id: "...)
	out = strconv.AppendInt(out, number, 10)
	start := 0
	for i := 0; i <= len(data); i++ {
		if i < len(data) && data[i] != '\n' {
			continue
		}
		out = append(out, "\ndata: "...)
		out = append(out, data[start:i]...)
		start = i + 1
	}
	return append(out, "\n\n"...)
}

// listener is one reader: on a socket, or held.
type listener struct {
	conn  net.Conn
	raw   syscall.RawConn
	held  *held
	topic string
	at    int64 // the last event it was given
}

// say gives bytes to a reader who has not joined yet, and waits until they are taken.
func (l *listener) say(b []byte) bool {
	if l.held != nil {
		return l.held.say(b)
	}
	_, err := l.conn.Write(b)
	return err == nil
}

// write gives bytes to the reader without waiting; false where they were not all taken.
func (l *listener) write(b []byte) bool {
	if l.held == nil {
		return l.writeSocket(b)
	}
	select {
	case l.held.events <- b:
		return true
	default:
		return false
	}
}

// hungUp says whether the reader has gone.
func (l *listener) hungUp() bool {
	if l.held == nil {
		return l.socketHungUp()
	}
	select {
	case <-l.held.gone:
		return true
	default:
		return false
	}
}

// close lets the reader go; one that is held still gets what it was given.
func (l *listener) close() {
	if l.held != nil {
		close(l.held.events)
		return
	}
	l.conn.Close()
}

// waiting is how many events may wait for a held reader before it is let go.
const waiting = 16

// held is a reader whose request stays open.
type held struct {
	w      http.ResponseWriter
	flush  *http.ResponseController
	events chan []byte
	gone   <-chan struct{}
}

// say writes bytes; a reader has patience for each, and none is counted between them.
func (d *held) say(b []byte) bool {
	if d.flush.SetWriteDeadline(time.Now().Add(patience)) != nil {
		return false
	}
	if _, err := d.w.Write(b); err != nil || d.flush.Flush() != nil {
		return false
	}
	return d.flush.SetWriteDeadline(time.Time{}) == nil
}

// tell writes what the hub gives until the reader is gone or let go.
func (d *held) tell() {
	for {
		select {
		case b, open := <-d.events:
			if !open || !d.say(b) {
				return
			}
		case <-d.gone:
			return
		}
	}
}
