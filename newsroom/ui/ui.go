// Package ui is the newsroom's interface in a browser: its built files, and the page that loads them. The sources are
// TypeScript under src; `make ui` builds them.
package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"

	"github.com/datelinehq/dateline/render"
)

//go:embed built/newsroom.js built/newsroom.css built/third-party.txt
var built embed.FS

// UI serves the interface.
type UI struct {
	shell  []byte
	assets map[string]asset // by address
}

// asset is a file whose address carries its hash.
type asset struct {
	media  string
	plain  []byte
	gzip   []byte
	brotli []byte
}

// New prepares the files: each gets an address that changes with it, and is compressed once.
func New() *UI {
	u := &UI{assets: map[string]asset{}}
	css := string(read("newsroom.css"))
	icon := ""
	for _, a := range render.Assets() {
		u.assets[a.Address] = asset{media: a.Type, plain: a.Bytes}
		ext := path.Ext(a.Address)
		stem := strings.TrimSuffix(a.Address, ext)
		css = strings.ReplaceAll(css, "url("+strings.TrimSuffix(stem, path.Ext(stem))+ext+")", "url("+a.Address+")")
		if a.Type == "image/svg+xml" {
			icon = a.Address
		}
	}
	style := u.add("newsroom", ".css", "text/css; charset=utf-8", []byte(css))
	script := u.add("newsroom", ".js", "text/javascript; charset=utf-8", read("newsroom.js"))
	notices := u.add("third-party", ".txt", "text/plain; charset=utf-8", read("third-party.txt"))
	u.shell = []byte(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Newsroom</title>
<link rel="icon" href="` + icon + `">
<link rel="license" href="` + notices + `">
<link rel="stylesheet" href="` + style + `">
<script type="module" src="` + script + `"></script>
</head>
<body>
<div id="app"></div>
<noscript>The newsroom works with scripts. Its API at /api/v1 does without: /api/v1/openapi.json describes it.</noscript>
</body>
</html>
`)
	return u
}

// read gives a built file; the build names exactly those that are embedded.
func read(name string) []byte {
	b, err := built.ReadFile("built/" + name)
	if err != nil {
		panic("ui: an embedded file cannot be read: " + err.Error())
	}
	return b
}

// add keeps a file under an address with a part of its hash, and gives the address.
func (u *UI) add(stem, ext, media string, b []byte) string {
	sum := sha256.Sum256(b)
	address := "/assets/ui/" + stem + "." + hex.EncodeToString(sum[:8]) + ext
	u.assets[address] = asset{media, b, gzipped(b), brotlied(b)}
	return address
}

// Weight is how many bytes of script and style a first visit loads, compressed with gzip.
func (u *UI) Weight() (n int) {
	for address, a := range u.assets {
		if strings.HasPrefix(address, "/assets/ui/") && path.Ext(address) != ".txt" {
			n += len(a.gzip)
		}
	}
	return n
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is one there is
	_, _ = w.Write(b)                                       // memory takes all
	_ = w.Close()
	return out.Bytes()
}

func brotlied(b []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterV2(&out, 5)
	_, _ = w.Write(b) // memory takes all
	_ = w.Close()
	return out.Bytes()
}

// views is the list of the interface's views: a JSON object of names and the patterns of their addresses, which the interface's own
// router reads too.
//
//go:embed src/views.json
var views []byte

// Pages are the patterns of the addresses that the interface makes something of. All have one answer, whoever asks.
func Pages() []string {
	var named map[string]string
	if err := json.Unmarshal(views, &named); err != nil {
		panic("ui: the list of views cannot be read: " + err.Error())
	}
	return slices.Sorted(maps.Values(named))
}

// Routes adds the interface to the newsroom's listener. Its page is the same for everybody and holds nothing of the paper:
// what it shows it asks of the API.
func (u *UI) Routes(mux *http.ServeMux) {
	for _, p := range Pages() {
		if p == "/" {
			p = "/{$}"
		}
		mux.HandleFunc("GET "+p, u.Shell)
	}
	mux.HandleFunc("GET /assets/", u.asset)
}

// policy lets the page load its own script, style, fonts and pictures, and talk to its own origin.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
	"manifest-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"

// aList is the query of a list that has no other filter.
var aList = regexp.MustCompile(`^list=[a-z-]+$`)

// ahead is what a view asks of the API first, word for word: the browser is told of it with the page, and asks while the script comes.
func ahead(at *url.URL) []string {
	list := []string{"/api/v1/room"}
	if at.Path != "/" {
		return list
	}
	switch {
	case at.RawQuery == "":
		list = append(list, "/api/v1/desk")
	case aList.MatchString(at.RawQuery):
		list = append(list, "/api/v1/desk", "/api/v1/desk/"+strings.TrimPrefix(at.RawQuery, "list=")+"?limit=100")
	}
	return list
}

// Shell answers with the page.
func (u *UI) Shell(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for _, address := range ahead(r.URL) {
		h.Add("Link", "<"+address+`>; rel=preload; as=fetch; crossorigin=anonymous`)
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy)
	_, _ = w.Write(u.shell) // whoever asked may have gone
}

func (u *UI) asset(w http.ResponseWriter, r *http.Request) {
	a, ok := u.assets[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.media)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	body := a.plain
	if a.brotli != nil {
		h.Set("Vary", "Accept-Encoding")
		accepted := r.Header.Get("Accept-Encoding")
		switch {
		case strings.Contains(accepted, "br"):
			h.Set("Content-Encoding", "br")
			body = a.brotli
		case strings.Contains(accepted, "gzip"):
			h.Set("Content-Encoding", "gzip")
			body = a.gzip
		}
	}
	_, _ = w.Write(body) // whoever asked may have gone
}
