package render

import (
	"bytes"
	"sync"
	"time"
)

// Version names the fragments that Body makes, byte for byte: whatever changes them, a catalogue's word included, raises it.
// A shelf that keeps fragments of another version makes them anew.
const Version = 4

// FaviconAddress is where browsers look for an icon unasked.
const FaviconAddress = "/favicon.ico"

// Renderer writes pages. It never changes after New and may be used by many goroutines.
type Renderer struct {
	article style // sections of the style sheet that an article needs
	scripts style // and those for its script
	story   style // those of a running story
	whole   style // all sections
	verify  style // those of the page that checks an article
	live    style // those of live coverage
	script  readersScript
	checks  readersScript // that of the page that checks an article, which has no other
	icon    string
	record  string
	spare   sync.Pool // of *[]byte, in which pages are written before they are given away in as many bytes as they take
}

// readersScript is the one script of the readers' pages: its element, and the source expression that allows it in a policy. The policy
// names the file itself, by what is in it (Content Security Policy level 3, section 6.7.3.3); a browser that does not know
// that runs no script, and every page is whole without.
type readersScript struct {
	element lit
	source  string
}

// Options says how pages are written.
type Options struct {
	// Record is where the foot of every page sends those who want to check the paper's record; no link where it is empty.
	Record string
}

// New prepares the style sheets.
func New(o Options) *Renderer {
	assets := Assets()
	return &Renderer{
		article: buildStyle(articleStyle, assets),
		scripts: buildStyle(scriptStyle, assets),
		story:   buildStyle(storyStyle, assets),
		whole:   buildStyle(wholeStyle, assets),
		verify:  buildStyle(verifyStyle, assets),
		live:    buildStyle(liveStyle, assets),
		script:  buildScript(assets[len(assets)-2]),
		checks:  buildScript(assets[len(assets)-3]),
		icon:    assets[len(assets)-1].Address,
		record:  o.Record,
		spare:   sync.Pool{New: func() any { return new([]byte) }},
	}
}

// ArticleStyle is the element with the styles of an article's page, for whoever compares pages.
func (r *Renderer) ArticleStyle() string { return string(r.article.element) }

// styles are those that a page may have, the likeliest first.
func (r *Renderer) styles() [6]*style {
	return [...]*style{&r.article, &r.scripts, &r.story, &r.live, &r.whole, &r.verify}
}

// StyleIn finds the style sheet that was written into a page, with its element; "" where there is none.
func (r *Renderer) StyleIn(page []byte) (at int, element string) {
	if at = bytes.Index(page, []byte("<style>")); at < 0 {
		return 0, ""
	}
	for _, css := range r.styles() {
		if bytes.HasPrefix(page[at:], []byte(css.element)) {
			return at, string(css.element)
		}
	}
	return 0, ""
}

// StyleSources lists the source expressions ('sha256-…') of every style sheet that a page may have inlined, for the
// style-src of a content security policy.
func (r *Renderer) StyleSources() []string {
	var list []string
	for _, css := range r.styles() {
		list = append(list, css.source)
	}
	return list
}

// ScriptSource is the source expression ('sha256-…') of the script that pages may load, for the script-src of a content security
// policy.
func (r *Renderer) ScriptSource() string { return r.script.source }

// VerifySource is the source expression of the script that checks an article.
func (r *Renderer) VerifySource() string { return r.checks.source }

func buildScript(a Asset) readersScript {
	d := digest(a.Bytes)
	return readersScript{lit(`<script defer src="` + a.Address + `" integrity="` + d + "\"></script>\n"), "'" + d + "'"}
}

// sheet is a page being written.
type sheet struct {
	writer
	r       *Renderer
	f       *Frame
	c       *Catalogue
	today   time.Time
	hurried bool // a picture was asked for before all else
	works   bool // something on the page is the script's to do
	spare   *[]byte
}

// most is the longest page whose bytes are kept for the next.
const most = 1 << 20

func (r *Renderer) sheet(f *Frame) *sheet {
	s := &sheet{r: r, f: f, c: catalogueOr(f.Language), spare: r.spare.Get().(*[]byte)}
	s.b = (*s.spare)[:0]
	if s.today = s.local(f.Today); f.Still {
		s.today = time.Time{} // no day is near it, so that each is named in full
	}
	return s
}

// page gives away what was written and ends the sheet.
func (s *sheet) page() []byte {
	page := bytes.Clone(s.b)
	if cap(s.b) <= most {
		*s.spare = s.b
		s.r.spare.Put(s.spare)
	}
	return page
}

// local is an instant in the publication's zone; UTC where the frame names none.
func (s *sheet) local(t time.Time) time.Time {
	if s.f.Zone == nil {
		return t.UTC()
	}
	return t.In(s.f.Zone)
}
