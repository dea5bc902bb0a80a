package main

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"
)

// held is a page as the minimal servers hold it: in memory, for one encoding.
type held struct {
	status              int
	kind, encoding, tag string
	body                []byte
}

// hold reads the pages of a folder: name.encoding files beside name.type.
func hold(dir string) (map[string]held, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.type"))
	if err != nil || len(files) == 0 {
		return nil, errors.Join(err, errors.New(dir+" holds no pages"))
	}
	pages := map[string]held{}
	for _, f := range files {
		kind, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(f), ".type")
		for coding, suffix := range suffixes {
			body, err := os.ReadFile(filepath.Join(dir, name+suffix))
			if err != nil {
				return nil, err
			}
			h := held{status: 200, kind: string(kind), encoding: coding, body: body, tag: strconv.Quote(name + "-" + coding)}
			if name == "missing" {
				h.status = 404
			}
			pages["/"+name+" "+coding] = h
		}
	}
	return pages, nil
}

// suffixes are what files in an encoding end with.
var suffixes = map[string]string{"identity": "", "gzip": ".gz", "br": ".br", "zstd": ".zst"}

// serveMinimal serves the pages of a folder as simply as can be. It prints the addresses: of HTTP/1.1 and, for net/http, of TLS.
func serveMinimal(kind, dir string) error {
	pages, err := hold(dir)
	if err != nil {
		return err
	}
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if kind == "fasthttp" {
		os.Stdout.WriteString(on.Addr().String() + "\n")
		return (&fasthttp.Server{NoDefaultServerHeader: true, LazyRequestTime: true, Handler: func(c *fasthttp.RequestCtx) { minimalFast(c, pages) }}).Serve(on)
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { minimalStandard(w, r, pages) })
	secure, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	os.Stdout.WriteString(on.Addr().String() + " " + secure.Addr().String() + "\n")
	failed := make(chan error, 1)
	go func() {
		failed <- (&http.Server{Handler: handler, TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12}}).ServeTLS(secure, filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
	}()
	go func() { failed <- http.Serve(on, handler) }()
	return <-failed
}

func minimalStandard(w http.ResponseWriter, r *http.Request, pages map[string]held) {
	p, ok := pages[r.URL.Path+" "+r.Header.Get("Accept-Encoding")]
	if !ok {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	h := w.Header()
	h.Set("Etag", p.tag)
	if r.Header.Get("If-None-Match") == p.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", p.kind)
	if p.encoding != "identity" {
		h.Set("Content-Encoding", p.encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(p.body)))
	w.WriteHeader(p.status)
	_, _ = w.Write(p.body) // the load may have ended
}

func minimalFast(c *fasthttp.RequestCtx, pages map[string]held) {
	p, ok := pages[string(c.Request.Header.RequestURI())+" "+string(c.Request.Header.Peek("Accept-Encoding"))]
	if !ok {
		c.SetStatusCode(http.StatusTeapot)
		return
	}
	c.Response.Header.Set("Etag", p.tag)
	if string(c.Request.Header.Peek("If-None-Match")) == p.tag {
		c.SetStatusCode(http.StatusNotModified)
		return
	}
	c.SetContentType(p.kind)
	if p.encoding != "identity" {
		c.Response.Header.Set("Content-Encoding", p.encoding)
	}
	c.SetStatusCode(p.status)
	c.Response.SetBodyRaw(p.body)
}
