package newsroom

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/render"
)

//go:embed pages
var pageFiles embed.FS

// assetRoot is under what the door's style and script are served.
const assetRoot = "/newsroom-assets/"

// languages are those that the door and the API speak; the first is that of their sources, the others have a file with the words of the
// door's pages and one with the sentences of errors and of the audit.
var languages = []language.Tag{language.English, language.Hindi}

// words are the texts of the door and of the API in one language.
type words struct {
	lang  string
	texts map[string]string // by the English
	pages *template.Template
}

// t gives a text in the language, with its places filled. A text that the language lacks stays English.
func (w *words) t(english string, args ...any) string {
	text := w.texts[english]
	if text == "" {
		text = english
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// say gives a sentence in the language. What the language lacks stays English.
func (w *words) say(s dateline.Sentence) string {
	return s.In(func(format string) string { return w.texts[format] })
}

type wordsKey struct{}

// speaks keeps who asks, so that answers can be in their language.
func (p *pages) speaks(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		words := sync.OnceValue(func() *words { return p.words(r) })
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), wordsKey{}, words)))
	})
}

// wordsOf are the words in which a request is answered; English where none is.
func wordsOf(ctx context.Context) *words {
	if w, ok := ctx.Value(wordsKey{}).(func() *words); ok {
		return w()
	}
	return &words{lang: languages[0].String()}
}

// pages are the door's templates in every language, and the files that they name.
type pages struct {
	spoken  []*words
	matcher language.Matcher
	assets  map[string]asset
	style   string
	script  string
	icon    string
}

type asset struct {
	media string
	bytes []byte
}

func newPages() *pages {
	p := &pages{matcher: language.NewMatcher(languages), assets: map[string]asset{}}
	css := string(embedded("door.css"))
	for _, a := range render.Assets() {
		ext := path.Ext(a.Address)
		stem := strings.TrimSuffix(a.Address, ext)
		css = strings.ReplaceAll(css, "url("+strings.TrimSuffix(stem, path.Ext(stem))+ext+")", "url("+a.Address+")")
		if a.Type == "image/svg+xml" {
			p.icon = a.Address
		}
	}
	p.style = p.add("door", ".css", "text/css; charset=utf-8", []byte(css))
	p.script = p.add("door", ".js", "text/javascript; charset=utf-8", embedded("door.js"))
	for i, tag := range languages {
		w := &words{lang: tag.String()}
		if i > 0 {
			for _, name := range []string{w.lang + ".json", w.lang + ".sentences.json"} {
				if err := json.Unmarshal(embedded(name), &w.texts); err != nil {
					panic("newsroom: the words of " + name + " cannot be read: " + err.Error())
				}
			}
		}
		w.pages = template.Must(template.New("").Funcs(template.FuncMap{"t": w.t}).ParseFS(pageFiles, "pages/*.html"))
		p.spoken = append(p.spoken, w)
	}
	return p
}

func embedded(name string) []byte {
	b, err := pageFiles.ReadFile("pages/" + name)
	if err != nil {
		panic("newsroom: an embedded file cannot be read: " + err.Error())
	}
	return b
}

func (p *pages) add(stem, ext, media string, b []byte) string {
	sum := sha256.Sum256(b)
	address := assetRoot + stem + "." + hex.EncodeToString(sum[:8]) + ext
	p.assets[address] = asset{media, b}
	return address
}

// words chooses the language of an answer by what the browser prefers.
func (p *pages) words(r *http.Request) *words {
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return p.spoken[0]
	}
	_, i, _ := p.matcher.Match(tags...)
	return p.spoken[i]
}

func (p *pages) asset(w http.ResponseWriter, r *http.Request) {
	a, ok := p.assets[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", a.media)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(a.bytes) // whoever asked may have gone
}

// frame is what every page has around it.
type frame struct {
	Lang, Paper, Title  string
	Icon, Style, Script string
	At                  string // which of the links at the head it is
	Name                string // of whoever is signed in
	Chief               bool
	Said                string // what is wrong, above the form
	Done                string // what was done
	Wrong               map[string]string
}

func (a *asking) frame(title, at string) frame {
	f := frame{Lang: a.words.lang, Title: title, At: at, Icon: a.pages.icon, Style: a.pages.style, Script: a.pages.script, Paper: "Dateline"}
	if p, err := a.Desk.FindPublication(a.r.Context()); err == nil {
		f.Paper = p.Name
	}
	if a.who != nil {
		f.Name = a.who.Account.Name
		f.Chief = a.may(dateline.ActAdminister) == nil
	}
	return f
}

// message is a page that says one thing.
type message struct {
	frame
	Text, Back, BackText string
}

// show renders a page whole before any of it goes out.
func (a *asking) show(status int, name string, page any) {
	var out bytes.Buffer
	if err := a.words.pages.ExecuteTemplate(&out, name, page); err != nil {
		a.Log.Error("a page could not be made", "page", name, "error", err)
		http.Error(a.w, "something is wrong with the newsroom's program; its log says what", http.StatusInternalServerError)
		return
	}
	a.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	a.w.WriteHeader(status)
	_, _ = a.w.Write(out.Bytes()) // whoever asked may have gone
}
