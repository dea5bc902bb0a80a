package stream

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
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

// TestASlowReaderHoldsUpNobody: one that takes nothing is let go, the other gets every event in order, each once.
func TestASlowReaderHoldsUpNobody(t *testing.T) {
	h := New(Config{Missed: nothing})
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
