package markup

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// maxHTML is the number of bytes of HTML that FromHTML reads; what follows is left out and noted.
const maxHTML = 8 << 20

// maxRuns is the number of runs of text that FromHTML takes up. Runs may merge, so that it is well over MaxNodes.
const maxRuns = 10 * MaxNodes

// HTMLOptions says how HTML is read. The zero value reads foreign HTML without pictures.
type HTMLOptions struct {
	// Base is the address of the page, against which relative addresses are resolved. Without it only paths
	// that begin with one slash stay links.
	Base *url.URL
	// Lang is the document's language (BCP 47). Words marked with the same language get no mark of their own.
	// Without it the lang attribute of the html or body element is taken.
	Lang string
	// Picture gives the id for the picture at src, an absolute address where it can be resolved, and false
	// where there is none. Without it no picture is known. A picture that is not known becomes its caption,
	// its alternative text or the word "Picture", as a plain link to the source.
	Picture func(src, alt string) (id string, ok bool)
	// House switches on the notation of a newsroom's own files: data-speaker and data-role on blockquote,
	// data-picture and data-credit on figure and img. Foreign HTML must not name ids, so it is off by default.
	House bool
	// Speaker gives a person's id for data-speaker. Without it, or where it says false, a value in the form of
	// a UUID is the id and anything else the speaker's name.
	Speaker func(name string) (id string, ok bool)
}

// Note says what FromHTML left out or changed, and how often.
type Note struct {
	What  string // such as "script" (an element's name) or "link without a usable address"
	Count int
}

// What FromHTML notes besides the names of elements that it dropped with their contents.
const (
	noteHandler  = "event handler"
	noteLink     = "link without a usable address"
	noteFrame    = "iframe of a provider that is not on the list"
	notePicture  = "picture that is not known"
	notePixel    = "picture of one pixel"
	noteNoSource = "picture without a usable address"
	noteHidden   = "hidden element"
	noteControl  = "control character"
	noteDeep     = "nesting too deep: read as plain paragraphs"
	noteSize     = "end of the text, over the limits of a document"
	noteCaption  = "attribute over its limit, cut"
	noteList     = "list nested too deep, made flat"
)

// FromHTML reads HTML, a fragment or a whole page, and builds a document from what it says. Nothing of the HTML
// is copied but words, and addresses that the schema allows: the result always passes Validate. It is
// normalised, and the notes are sorted by What.
func FromHTML(src string, opt HTMLOptions) (Node, []Note) {
	b := &builder{opt: opt, lang: strings.ToLower(opt.Lang), notes: map[string]int{}, taken: map[*html.Node]bool{}}
	if len(src) > maxHTML {
		src = src[:maxHTML]
		b.note(noteSize)
	}
	src = strings.ToValidUTF8(src, "\uFFFD")
	blocks, err := b.parse(src)
	if err != nil {
		b.note(noteDeep)
		blocks = flatten(src)
	}
	doc, cut := fit(Normalise(Node{Type: TypeDoc, Content: blocks}))
	if cut || b.runs > maxRuns {
		b.note(noteSize)
	}
	return doc, b.sorted()
}

// builder carries what one call of FromHTML shares.
type builder struct {
	opt   HTMLOptions
	lang  string // the document's language, lower case
	notes map[string]int
	runs  int                 // runs of text taken up
	lists int                 // nesting of lists at this moment
	taken map[*html.Node]bool // elements whose contents stand elsewhere already
}

func (b *builder) note(what string) { b.notes[what]++ }

func (b *builder) sorted() []Note {
	var out []Note
	for what, count := range b.notes {
		out = append(out, Note{What: what, Count: count})
	}
	slices.SortFunc(out, func(x, y Note) int { return cmp.Compare(x.What, y.What) })
	return out
}

// parse fails only where the HTML is nested deeper than the parser goes (512 open elements).
func (b *builder) parse(src string) ([]Node, error) {
	root, err := html.Parse(strings.NewReader(src))
	if err != nil {
		return nil, err
	}
	if b.lang == "" {
		b.lang = pageLang(root)
	}
	return b.blocks(root, nil), nil
}

// pageLang is the language that html or body states.
func pageLang(n *html.Node) string {
	for child := range n.ChildNodes() {
		if child.Type != html.ElementNode || child.Data != "html" && child.Data != "body" {
			continue
		}
		if inner := pageLang(child); inner != "" {
			return inner
		}
		if lang := attribute(child, "lang"); lang != "" && badLang(lang) == "" {
			return strings.ToLower(lang)
		}
	}
	return ""
}

// flatten reads HTML that is nested too deep for a tree: its words, parted where a block begins or ends.
func flatten(src string) []Node {
	var text strings.Builder
	skip := ""
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return FromText(text.String()).Content
		}
		token := z.Token()
		switch kind {
		case html.TextToken:
			if skip == "" {
				text.WriteString(collapseKeep(token.Data))
			}
		case html.StartTagToken:
			if skip == "" && dropped[token.Data] && !void[token.Data] {
				skip = token.Data
			}
			fallthrough
		case html.EndTagToken, html.SelfClosingTagToken:
			if token.Data == skip && kind == html.EndTagToken {
				skip = ""
			}
			if token.Data == "br" {
				text.WriteByte('\n')
			} else if blockElements[token.Data] {
				text.WriteString("\n\n")
			}
		}
	}
}

// collapseKeep makes each run of white space one blank and keeps one at the ends.
func collapseKeep(s string) string {
	var b strings.Builder
	space := false
	for i := 0; i < len(s); i++ {
		if isHTMLSpace(s[i]) {
			space = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteByte(s[i])
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

func set(names string) map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		m[name] = true
	}
	return m
}

var (
	// dropped are elements left out with all they hold, because it is not words for readers.
	dropped = set(`script style noscript template svg math object embed applet xmp plaintext head title meta link base
		param audio video source track canvas map area frame frameset noframes noembed iframe button input select
		textarea option optgroup datalist output meter progress keygen label dialog bgsound basefont`)
	void = set(`area base br col embed hr img input link meta param source track wbr keygen frame bgsound basefont`)
	// blockElements begin and end a paragraph.
	blockElements = set(`address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
		figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre
		search section summary table tbody td tfoot th thead tr ul`)
	// inlineMarks are the elements that say what a mark says.
	inlineMarks = map[string]MarkType{
		"strong": MarkStrong, "b": MarkStrong, "em": MarkEm, "i": MarkEm, "cite": MarkEm, "dfn": MarkEm, "var": MarkEm,
		"code": MarkCode, "kbd": MarkCode, "samp": MarkCode, "tt": MarkCode, "s": MarkStrike, "del": MarkStrike,
		"strike": MarkStrike, "sub": MarkSub, "sup": MarkSup,
	}
)

// rawAttribute gives an attribute's value as it stands.
func rawAttribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val
		}
	}
	return ""
}

// attribute gives an attribute's words, trimmed and clean of what no document may hold.
func attribute(n *html.Node, name string) string {
	return collapse(cleanText(rawAttribute(n, name)))
}

func hasAttribute(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// hasClass reports whether one of the element's classes is one of the names.
func hasClass(n *html.Node, names ...string) bool {
	for class := range strings.FieldsSeq(attribute(n, "class")) {
		if slices.Contains(names, strings.ToLower(class)) {
			return true
		}
	}
	return false
}

// short gives words that fit an attribute.
func (b *builder) short(s string) string {
	s = collapse(cleanText(s))
	if len(s) <= maxAttr {
		return s
	}
	b.note(noteCaption)
	return strings.ToValidUTF8(s[:maxAttr], "")
}
