package stream

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// serve answers every request with a stream of the topic "a", or 503.
func serve(t *testing.T, h *Hub) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !h.Serve(w, "a", 0) {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(h.Close)
	return server
}

func nothing(context.Context, string, int64) ([]byte, int64, error) { return nil, 0, nil }

// dial opens a stream and reads its head.
func dial(t *testing.T, server *httptest.Server) (net.Conn, *bufio.Reader, string) {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	r := bufio.NewReader(conn)
	status, err := r.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	for strings.Contains(status, "200") {
		if line, err := r.ReadString('\n'); err != nil || strings.HasPrefix(line, "retry:") {
			break
		}
	}
	return conn, r, status
}

func TestMoreReadersThanThereIsRoomFor(t *testing.T) {
	h := New(Config{Missed: nothing, Most: 1})
	server := serve(t, h)
	if _, _, status := dial(t, server); !strings.Contains(status, "200") {
		t.Fatalf("the first is answered %q", status)
	}
	if _, _, status := dial(t, server); !strings.Contains(status, "503") {
		t.Errorf("the second is answered %q", status)
	}
	if h.Listening() != 1 {
		t.Errorf("%d listen", h.Listening())
	}
}

// published is what a topic has come to, for readers who join only after an event.
type published struct{ newest atomic.Int64 }

func (p *published) missed(_ context.Context, _ string, after int64) ([]byte, int64, error) {
	if n := p.newest.Load(); after < n {
		return Event(n, []byte("missed")), n, nil
	}
	return nil, after, nil
}

// TestASlowReaderHoldsUpNobody: one that takes nothing is let go, the other gets every event in order, each once.
func TestASlowReaderHoldsUpNobody(t *testing.T) {
	p := published{}
	h := New(Config{Missed: p.missed})
	server := serve(t, h)
	dial(t, server) // it never reads on
	_, r, _ := dial(t, server)
	got := make(chan string)
	go func() {
		defer close(got)
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			if id, ok := strings.CutPrefix(line, "id: "); ok {
				got <- strings.TrimSpace(id)
			}
		}
	}()
	data := bytes.Repeat([]byte("x"), 32<<10)
	n := int64(0)
	for h.Listening() == 2 {
		n++
		p.newest.Store(n)
		h.Publish("a", n, Event(n, data))
		h.Publish("another", n, Event(n+1_000_000, data)) // is none of theirs
		if id := <-got; id != fmt.Sprint(n) {
			t.Fatalf("event %d came as %s", n, id)
		}
		runtime.Gosched()
	}
	if h.Listening() != 1 {
		t.Errorf("%d listen", h.Listening())
	}
	p.newest.Store(n + 1)
	h.Publish("a", n, Event(n, data)) // it has that one
	h.Publish("a", n+1, Event(n+1, data))
	if id := <-got; id != fmt.Sprint(n+1) {
		t.Errorf("event %d came as %s", n+1, id)
	}
	h.Drop("a")
	if id, more := <-got; more {
		t.Errorf("after it was let go came %s", id)
	}
}

func TestAnEventOfSeveralLines(t *testing.T) {
	if got := string(Event(7, []byte("a\nb"))); got != "id: 7\ndata: a\ndata: b\n\n" {
		t.Errorf("it is %q", got)
	}
}

// TestReadersOverTLS: over HTTP/1.1 and HTTP/2 each event comes once and in order, one that takes nothing is let go, and at the end
// all are told when to come back.
func TestReadersOverTLS(t *testing.T) {
	for _, two := range []bool{false, true} {
		t.Run(fmt.Sprint("HTTP/2 ", two), func(t *testing.T) {
			p := published{}
			p.newest.Store(5)
			h := New(Config{Missed: p.missed})
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !h.Hold(w, r, "a", 0) {
					w.WriteHeader(http.StatusServiceUnavailable)
				}
			}))
			server.EnableHTTP2 = two
			server.StartTLS()
			t.Cleanup(server.Close)
			t.Cleanup(h.Close)
			open := func() *bufio.Reader {
				resp, err := server.Client().Get(server.URL)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { resp.Body.Close() })
				if resp.ProtoMajor == 2 != two || resp.Header.Get("Content-Type") != "text/event-stream" || resp.Header.Get("Cache-Control") != "no-store" {
					t.Fatalf("HTTP/%d, %v", resp.ProtoMajor, resp.Header)
				}
				return bufio.NewReader(resp.Body)
			}
			next := func(r *bufio.Reader, prefix string) string {
				for {
					line, err := r.ReadString('\n')
					if err != nil {
						return err.Error()
					}
					if value, ok := strings.CutPrefix(line, prefix); ok {
						return strings.TrimSpace(value)
					}
				}
			}
			open() // it never reads
			r := open()
			if got := next(r, "id: "); got != "5" {
				t.Fatalf("what was missed came as %s", got)
			}
			data := bytes.Repeat([]byte("x"), 256<<10)
			n := int64(5)
			for n < 7 || h.Listening() == 2 {
				n++
				p.newest.Store(n)
				h.Publish("a", n, Event(n, data))
				if id := next(r, "id: "); id != fmt.Sprint(n) {
					t.Fatalf("event %d came as %s", n, id)
				}
			}
			if h.Listening() != 1 {
				t.Errorf("%d listen", h.Listening())
			}
			h.Close()
			if got := next(r, "retry: "); len(got) != 4 {
				t.Errorf("at the end it is told to come back after %q", got)
			}
			if _, err := r.ReadString('x'); err != io.EOF {
				t.Errorf("the stream ends with %v", err)
			}
		})
	}
}

// TestReadersDoNotComeBackAtOnce: ten thousand who lost their connections come evenly over ten seconds, few over three.
func TestReadersDoNotComeBackAtOnce(t *testing.T) {
	for readers, last := range map[int]int{100: 4500, 10_000: 11_500} {
		inSecond := map[int]int{}
		for n := range readers {
			ms, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(string(comeback(afterLoss, uint64(n), readers)), "retry: ")))
			if err != nil || ms < afterLoss || ms >= last {
				t.Fatalf("one of %d comes back after %d ms, %v", readers, ms, err)
			}
			inSecond[(ms-afterLoss)/1000]++
		}
		for second, n := range inSecond {
			if n > readers*1000/(last-afterLoss)+10 {
				t.Errorf("%d of %d come back in second %d", n, readers, second)
			}
		}
	}
}
