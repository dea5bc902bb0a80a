package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
)

// TestHTTP3IsBounded: there are so many connections and no more until one ends, and an answer that nobody takes ends.
func TestHTTP3IsBounded(t *testing.T) {
	roots, pair, on := newQUICPort(t)
	ended := make(chan error, 1)
	three := newQUICServer(on, 2, &http3.Server{TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}}, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			return
		}
		timely(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					ended <- err
					return
				}
			}
		}), 10*time.Millisecond).ServeHTTP(w, r)
	})})
	served := make(chan error, 1)
	go func() { served <- three.serve() }()
	port := on.LocalAddr().(*net.UDPAddr).Port
	first, second, third := overQUIC(t, port, roots), overQUIC(t, port, roots), overQUIC(t, port, roots)
	for _, client := range []*http.Client{first, second} {
		if resp, _ := askWith(t, client, "GET", "https://estuary.example/"); resp.StatusCode != 200 {
			t.Fatalf("answered %s", resp.Status)
		}
	}
	var refused *quic.TransportError
	if resp, err := third.Get("https://estuary.example/"); !errors.As(err, &refused) || refused.ErrorCode != quic.ConnectionRefused {
		t.Fatalf("a third connection gets %v, %v", resp, err)
	}
	must(t, first.Transport.(*http3.Transport).Close())
	eventually(t, "there is room again", func() bool {
		resp, err := third.Get("https://estuary.example/")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return true
	})
	resp, err := second.Get("https://estuary.example/endless") // and nothing of its body is read
	must(t, err)
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("an answer that nobody takes ends with %v", err)
	}
	resp.Body.Close()
	for _, client := range []*http.Client{second, third} {
		must(t, client.Transport.(*http3.Transport).Close())
	}
	must(t, three.Shutdown(t.Context()))
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("ended with %v", err)
	}
	if err := three.serve(); !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("a start after the end: %v", err)
	}
}

// TestAConnectionThatAsksForNothingEnds: over HTTP/3 one that is kept alive and begins heads without ending them ends; one on which an answer
// takes longer than that does not.
func TestAConnectionThatAsksForNothingEnds(t *testing.T) {
	roots, pair, on := newQUICPort(t)
	const idle = 2 * time.Second
	var asked atomic.Bool
	three := newQUICServer(on, 10, &http3.Server{TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}}, IdleTimeout: idle, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(true)
		select {
		case <-time.After(2 * idle): // an answer that takes its time
		case <-r.Context().Done():
		}
		fmt.Fprint(w, "answered")
	})})
	served := make(chan error, 1)
	go func() { served <- three.serve() }()
	port := on.LocalAddr().(*net.UDPAddr).Port
	conn, err := quic.DialAddr(t.Context(), fmt.Sprint("127.0.0.1:", port), http3.ConfigureTLSConfig(&tls.Config{RootCAs: roots, ServerName: "estuary.example"}), &quic.Config{KeepAlivePeriod: idle / 10})
	must(t, err)
	for range 3 {
		s, err := conn.OpenStream()
		if err == nil {
			_, err = s.Write([]byte{1, 40, 0}) // a frame of headers, of which 39 bytes never come
		}
		if err != nil && conn.Context().Err() == nil { // on a slow machine it has ended already
			t.Fatal(err)
		}
	}
	var resp *http.Response
	eventually(t, "something is asked", func() bool {
		resp, err = overQUIC(t, port, roots).Get("https://estuary.example/")
		return err == nil || asked.Load() // else this one has ended before it asked
	})
	must(t, err)
	body, err := io.ReadAll(resp.Body)
	must(t, errors.Join(err, resp.Body.Close()))
	if string(body) != "answered" {
		t.Errorf("a slow answer is %q", body)
	}
	var ended *quic.ApplicationError
	<-conn.Context().Done()
	if err := context.Cause(conn.Context()); !errors.As(err, &ended) || ended.ErrorCode != quic.ApplicationErrorCode(http3.ErrCodeNoError) {
		t.Errorf("the connection ends with %v", err)
	}
	must(t, three.Close())
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("ended with %v", err)
	}
}

// TestReadersKeepNoEditorOut: where readers have all the connections they may, the newsroom is still reached, and a reader who leaves makes
// room for another.
func TestReadersKeepNoEditorOut(t *testing.T) {
	dir := t.TempDir()
	roots := x509.NewCertPool()
	roots.AddCert(selfSigned(t, filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem"), time.Now().Add(time.Hour), "estuary.example", "desk.estuary.example"))
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem"))
	must(t, err)
	on, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	shares := &shared{Listener: on, most: 2, own: "desk.estuary.example"}
	server := readersServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host) }))
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, GetConfigForClient: shares.admit}
	served := make(chan error, 1)
	go func() { served <- server.ServeTLS(shares, "", "") }()
	dial := func(name string) (net.Conn, error) {
		return tls.Dial("tcp", on.Addr().String(), &tls.Config{RootCAs: roots, ServerName: name})
	}
	var readers []net.Conn
	for range 2 {
		c, err := dial("estuary.example")
		must(t, err)
		readers = append(readers, c)
	}
	if c, err := dial("estuary.example"); err == nil {
		c.Close()
		t.Error("a third reader is let in")
	}
	editor, err := dial("desk.estuary.example")
	must(t, err)
	defer editor.Close()
	must(t, readers[0].Close())
	eventually(t, "there is room for a reader", func() bool {
		c, err := dial("estuary.example")
		if err == nil {
			readers[0] = c
		}
		return err == nil
	})
	for _, c := range readers {
		c.Close()
	}
	must(t, server.Close())
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("ended with %v", err)
	}
}

// TestEveryPlaceIsGivenBack: where a connection ends in the midst of its handshake too. Where the newsroom has no name, who asks for no
// name does not come for it.
func TestEveryPlaceIsGivenBack(t *testing.T) {
	on, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer on.Close()
	s := &shared{Listener: on, most: 1}
	accept := func() net.Conn {
		t.Helper()
		client, err := net.Dial("tcp", on.Addr().String())
		must(t, err)
		t.Cleanup(func() { client.Close() })
		c, err := s.Accept()
		must(t, err)
		return c
	}
	admit := func(c net.Conn) error {
		_, err := s.admit(&tls.ClientHelloInfo{Conn: c})
		return err
	}
	for range 20 {
		c := accept()
		admitted, closed := make(chan error, 1), make(chan error, 1)
		go func() { admitted <- admit(c) }()
		go func() { closed <- c.Close() }()
		must(t, <-closed)
		<-admitted // or refused
		if n := s.open.Load(); n != 0 {
			t.Fatalf("%d connections are counted where none is", n)
		}
	}
	gone := accept()
	must(t, gone.Close())
	if err := admit(gone); !errors.Is(err, net.ErrClosed) || s.open.Load() != 0 {
		t.Errorf("a connection that has ended is admitted: %v, %d counted", err, s.open.Load())
	}
	first := accept()
	must(t, admit(first))
	second := accept()
	defer second.Close()
	if admit(second) == nil {
		t.Error("a second connection is let in where there is room for one")
	}
	must(t, first.Close())
	if err := first.Close(); !errors.Is(err, net.ErrClosed) || s.open.Load() != 0 {
		t.Errorf("closed again: %v, %d counted", err, s.open.Load())
	}
}

// newQUICPort is a port of UDP, with a certificate for estuary.example and those who trust it.
func newQUICPort(t *testing.T) (roots *x509.CertPool, pair tls.Certificate, on net.PacketConn) {
	t.Helper()
	dir := t.TempDir()
	roots = x509.NewCertPool()
	roots.AddCert(selfSigned(t, filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem"), time.Now().Add(time.Hour), "estuary.example"))
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem"))
	must(t, err)
	on, err = net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = on.Close() })
	return roots, pair, on
}
