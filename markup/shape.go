package markup

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxLists is how deep lists nest before they are made flat: in a fact box six levels reach MaxDepth.
const maxLists = 6

// split parts blocks into those that a container of the given types can hold, made paragraphs where they must
// be, and those that have to stand after it.
func split(blocks []Node, allowed ...Type) (in, rest []Node) {
	for _, n := range blocks {
		if slices.Contains(allowed, n.Type) {
			in = append(in, n)
		} else if paragraphs, ok := asParagraphs(n); ok {
			in = append(in, paragraphs...)
		} else if n.Type != TypeRule {
			rest = append(rest, n)
		}
	}
	return in, rest
}

// asParagraphs gives the words of a block as paragraphs; false where that would lose more than its shape.
func asParagraphs(n Node) (out []Node, ok bool) {
	switch n.Type {
	case TypeParagraph, TypeHeading, TypePullQuote:
		return []Node{{Type: TypeParagraph, Content: n.Content}}, true
	case TypeFactBox:
		out = words2paragraph(attrsOf(n).Title)
	case TypeBulletList, TypeOrderedList, TypeListItem, TypeQuote:
	default:
		return nil, false
	}
	for _, child := range n.Content {
		paragraphs, _ := asParagraphs(child)
		out = append(out, paragraphs...)
	}
	return append(out, words2paragraph(attrsOf(n).Name)...), true
}

func words2paragraph(s string) []Node {
	if s == "" {
		return nil
	}
	return []Node{{Type: TypeParagraph, Content: []Node{{Type: TypeText, Text: s}}}}
}

// inlineOnly joins blocks to one run of inline content with line breaks between; rest has to stand elsewhere.
func inlineOnly(blocks []Node) (inline, rest []Node) {
	in, rest := split(blocks, TypeParagraph)
	for _, p := range in {
		if len(inline) > 0 {
			inline = append(inline, Node{Type: TypeBreak})
		}
		inline = append(inline, p.Content...)
	}
	return inline, rest
}

// plain gives the words of blocks in one line.
func plain(blocks []Node) string {
	return collapse(strings.Join(Paragraphs(Node{Type: TypeDoc, Content: blocks}), " "))
}

// headingLevels maps HTML's levels to those of a body, whose first level is the headline's.
var headingLevels = map[atom.Atom]int{atom.H1: 2, atom.H2: 2, atom.H3: 3, atom.H4: 4, atom.H5: 4, atom.H6: 4}

func (f *flow) heading(n *html.Node, marks []Mark) []Node {
	inline, rest := inlineOnly(f.blocks(n, marks))
	if blank(inline) {
		return rest
	}
	for i := range inline {
		inline[i].Marks = withoutMark(inline[i].Marks, MarkStrong)
	}
	heading := Node{Type: TypeHeading, Attrs: &Attrs{Level: headingLevels[n.DataAtom]}, Content: inline}
	return append([]Node{heading}, rest...)
}

// list builds a list. What no item can hold, such as a picture, parts it: a numbered list then goes on with
// the next number.
func (f *flow) list(n *html.Node, marks []Mark) []Node {
	f.lists++
	defer func() { f.lists-- }()
	l := lister{kind: TypeBulletList, next: 1}
	if n.DataAtom == atom.Ol {
		l.kind = TypeOrderedList
		l.next = clamp(attribute(n, "start"), maxStart)
	}
	for child := range n.ChildNodes() {
		l.item(f.one(child, marks), child.DataAtom == atom.Li)
	}
	l.end()
	if f.lists <= maxLists {
		return l.out
	}
	f.note(noteList)
	flat, rest := split(l.out)
	return append(flat, rest...)
}

// lister gathers items to lists.
type lister struct {
	kind  Type
	next  int // the number of the next item
	out   []Node
	items []Node
}

// item adds blocks as an item; those that stood loose in the list go into the item before them.
func (l *lister) item(blocks []Node, proper bool) {
	in, rest := split(blocks, listTypes...)
	switch last := len(l.items) - 1; {
	case len(in) == 0:
	case !proper && last >= 0:
		l.items[last].Content = append(l.items[last].Content, in...)
	default:
		l.items = append(l.items, Node{Type: TypeListItem, Content: in})
	}
	if len(rest) > 0 {
		l.end()
		l.out = append(l.out, rest...)
	}
}

func (l *lister) end() {
	if len(l.items) == 0 {
		return
	}
	list := Node{Type: l.kind, Content: l.items}
	if l.kind == TypeOrderedList && l.next > 1 {
		list.Attrs = &Attrs{Start: min(l.next, maxStart)}
	}
	l.next += len(l.items)
	l.items = nil
	l.out = append(l.out, list)
}

// clamp reads a whole number between 1 and most; 1 where there is none.
func clamp(s string, most int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 1
	}
	return min(n, most)
}

// pullClasses mark words that repeat the article.
var pullClasses = []string{"pull", "pullquote", "pull-quote", "wp-block-pullquote"}

// maxName is the length in bytes over which an attribution is kept as a paragraph.
const maxName = 300

func (f *flow) quote(n *html.Node, marks []Mark) []Node {
	if hasClass(n, pullClasses...) {
		return f.pull(n, marks)
	}
	sub := &flow{builder: f.builder}
	name := ""
	for child := range n.ChildNodes() {
		if said := f.attribution(child); name == "" && said != "" {
			name = said
			continue
		}
		sub.node(child, marks)
	}
	sub.flush()
	in, rest := split(sub.out, TypeParagraph)
	attrs := f.speaker(n)
	if attrs.Speaker == "" && attrs.Name == "" {
		attrs.Name = name
	} else if name != "" && name != attrs.Name {
		in = append(in, words2paragraph(name)...)
	}
	if len(in) == 0 {
		return append(words2paragraph(attrs.Name), rest...)
	}
	return append([]Node{{Type: TypeQuote, Attrs: &attrs, Content: in}}, rest...)
}

// attribution gives the name that a child of a quotation states: a footer, a cite, or a paragraph with nothing
// but a cite.
func (f *flow) attribution(n *html.Node) string {
	switch n.DataAtom {
	case atom.Footer, atom.Cite, atom.Figcaption:
	case atom.P, atom.Div:
		if only := onlyChild(n); only == nil || only.DataAtom != atom.Cite && only.DataAtom != atom.Footer {
			return ""
		}
	default:
		return ""
	}
	var b strings.Builder
	writeRaw(&b, n)
	name := bareName(collapse(cleanText(b.String())))
	if len(name) > maxName {
		return ""
	}
	return name
}

// bareName leaves out the dash before a name.
func bareName(s string) string { return strings.TrimSpace(strings.TrimLeft(s, "—–―‒-~ ")) }

// onlyChild gives an element's only child where nothing but white space and dashes stands beside it.
func onlyChild(n *html.Node) (only *html.Node) {
	for child := range n.ChildNodes() {
		switch {
		case child.Type == html.TextNode && bareName(collapse(child.Data)) == "":
		case child.Type == html.ElementNode && only == nil:
			only = child
		case child.Type != html.CommentNode:
			return nil
		}
	}
	return only
}

// speaker reads the house notation for who is quoted.
func (f *flow) speaker(n *html.Node) Attrs {
	if !f.opt.House {
		return Attrs{}
	}
	who, role := attribute(n, "data-speaker"), f.short(attribute(n, "data-role"))
	if who == "" {
		return Attrs{Role: role}
	}
	if f.opt.Speaker != nil {
		if id, ok := f.opt.Speaker(who); ok && id != "" && badID(id) == "" {
			return Attrs{Speaker: id, Role: role}
		}
	}
	if isUUID(who) {
		return Attrs{Speaker: who, Role: role}
	}
	return Attrs{Name: f.short(who), Role: role}
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (s[i] == '-') || !dash && !strings.Contains("0123456789abcdefABCDEF", s[i:i+1]) {
			return false
		}
	}
	return true
}

func (f *flow) pull(n *html.Node, marks []Mark) []Node {
	inline, rest := inlineOnly(f.blocks(n, marks))
	if blank(inline) {
		return rest
	}
	return append([]Node{{Type: TypePullQuote, Content: inline}}, rest...)
}

// aside is a pull quote by its class, a fact box when it begins with a heading, else its contents.
func (f *flow) aside(n *html.Node, marks []Mark) []Node {
	if hasClass(n, pullClasses...) {
		return f.pull(n, marks)
	}
	blocks := f.blocks(n, marks)
	if len(blocks) == 0 || blocks[0].Type != TypeHeading {
		return blocks
	}
	in, rest := split(blocks[1:], factTypes...)
	box := Node{Type: TypeFactBox, Attrs: &Attrs{Title: f.short(plain(blocks[:1]))}, Content: in}
	return append([]Node{box}, rest...)
}

// preformatted keeps the text of pre as it stands.
func preformatted(n *html.Node) []Node {
	var b strings.Builder
	writeRaw(&b, n)
	text := cleanText(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n").Replace(b.String()))
	if strings.TrimFunc(text, isInvisible) == "" {
		return nil
	}
	return []Node{{Type: TypeCode, Content: []Node{{Type: TypeText, Text: text}}}}
}

func writeRaw(b *strings.Builder, n *html.Node) {
	for child := range n.ChildNodes() {
		switch {
		case child.Type == html.TextNode:
			b.WriteString(child.Data)
		case child.DataAtom == atom.Br:
			b.WriteByte('\n')
		case child.Type == html.ElementNode && child.Namespace == "" && !dropped[child.Data]:
			writeRaw(b, child)
		}
	}
}
