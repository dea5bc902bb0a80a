package markup

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// flow collects the blocks of one container: inline runs gather until a block begins or ends, and then become a
// paragraph.
type flow struct {
	*builder
	out []Node
	run []Node
}

// blocks gives what an element's children say, as blocks, every run of text under the marks.
func (b *builder) blocks(n *html.Node, marks []Mark) []Node {
	f := &flow{builder: b}
	f.children(n, marks)
	f.flush()
	return f.out
}

// one gives what a single node says, as blocks.
func (b *builder) one(n *html.Node, marks []Mark) []Node {
	f := &flow{builder: b}
	f.node(n, marks)
	f.flush()
	return f.out
}

func (f *flow) children(n *html.Node, marks []Mark) {
	for child := range n.ChildNodes() {
		f.node(child, marks)
	}
}

func (f *flow) node(n *html.Node, marks []Mark) {
	switch n.Type {
	case html.TextNode:
		f.text(n.Data, marks)
	case html.DocumentNode:
		f.children(n, marks)
	case html.ElementNode:
		f.element(n, marks)
	}
}

func (f *flow) element(n *html.Node, marks []Mark) {
	if f.taken[n] {
		return
	}
	f.handlers(n)
	if f.skipped(n) {
		return
	}
	marks = f.language(n, marks)
	if blocks, ok := f.special(n, marks); ok {
		f.add(blocks...)
		return
	}
	switch {
	case n.DataAtom == atom.Br:
		f.run = append(f.run, Node{Type: TypeBreak})
	case blockElements[n.Data]:
		f.flush()
		if n.DataAtom == atom.Dt || n.DataAtom == atom.Summary {
			marks = withMark(marks, Mark{Type: MarkStrong})
		}
		f.children(n, marks)
		f.flush()
	default:
		f.children(n, f.inline(n, marks))
	}
}

// skipped reports whether an element is left out whole, and notes it.
func (f *flow) skipped(n *html.Node) bool {
	switch {
	case n.DataAtom == atom.Iframe:
		return false
	case n.Namespace != "" || dropped[n.Data]:
		if !quiet[n.Data] {
			f.note(n.Data)
		}
		return true
	case hasAttribute(n, "hidden"):
		f.note(noteHidden)
		return true
	}
	return false
}

// quiet are elements that no reader sees anyway; dropping them is not worth a note.
var quiet = set(`head title meta link base param source track`)

func (f *flow) handlers(n *html.Node) {
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "on") {
			f.note(noteHandler)
		}
	}
}

// special turns the elements that are a block of their own kind into blocks.
func (f *flow) special(n *html.Node, marks []Mark) ([]Node, bool) {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return f.heading(n, marks), true
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		return f.list(n, marks), true
	case atom.Blockquote:
		return f.quote(n, marks), true
	case atom.Aside:
		return f.aside(n, marks), true
	case atom.Figure:
		return f.figure(n, marks), true
	case atom.Img:
		return f.image(n, marks)
	case atom.Iframe:
		return f.frame(n), true
	case atom.Table:
		return f.table(n, marks), true
	case atom.Pre:
		return preformatted(n), true
	case atom.Hr:
		return []Node{{Type: TypeRule}}, true
	}
	return nil, false
}

func (f *flow) add(blocks ...Node) {
	if len(blocks) == 0 {
		return
	}
	if len(blocks) == 1 && blocks[0].Type == TypeText {
		f.run = append(f.run, blocks[0])
		return
	}
	f.flush()
	f.out = append(f.out, blocks...)
}

// text adds a run, white space collapsed over the borders of runs.
func (f *flow) text(s string, marks []Mark) {
	if f.runs++; f.runs > maxRuns {
		return
	}
	s = strings.ReplaceAll(s, "\f", " ")
	clean := cleanText(s)
	if len(clean) != len(s) {
		f.note(noteControl)
	}
	clean = collapseKeep(clean)
	if f.atSpace() {
		clean = strings.TrimPrefix(clean, " ")
	}
	if clean != "" {
		f.run = append(f.run, Node{Type: TypeText, Text: clean, Marks: marks})
	}
}

// atSpace reports whether the run is empty or ends in a blank or a line break.
func (f *flow) atSpace() bool {
	if len(f.run) == 0 {
		return true
	}
	last := f.run[len(f.run)-1]
	return last.Type == TypeBreak || strings.HasSuffix(last.Text, " ")
}

// flush ends the paragraph; two line breaks in a row part it.
func (f *flow) flush() {
	run := f.run
	f.run = nil
	var part []Node
	breaks := 0
	end := func() {
		if !blank(part) {
			f.out = append(f.out, Node{Type: TypeParagraph, Content: part})
		}
		part = nil
	}
	for _, n := range run {
		switch {
		case n.Type == TypeBreak:
			breaks++
			continue
		case strings.TrimFunc(n.Text, isInvisible) == "" && breaks > 0:
			continue
		case breaks > 1:
			end()
		case breaks == 1:
			part = append(part, Node{Type: TypeBreak})
		}
		breaks = 0
		part = append(part, n)
	}
	end()
}

// inline adds the mark that an inline element stands for.
func (f *flow) inline(n *html.Node, marks []Mark) []Mark {
	if n.DataAtom == atom.A {
		return f.link(n, marks)
	}
	mark, ok := inlineMarks[n.Data]
	if !ok || n.DataAtom == atom.B && strings.Contains(attribute(n, "style"), "font-weight:normal") {
		return marks
	}
	return withMark(marks, Mark{Type: mark})
}

func (f *flow) link(n *html.Node, marks []Mark) []Mark {
	raw := rawAttribute(n, "href")
	if raw == "" {
		return marks
	}
	href := f.address(raw)
	if href == "" {
		f.note(noteLink)
		return marks
	}
	return withMark(marks, Mark{Type: MarkLink, Attrs: &Attrs{Href: href}})
}

// language puts words under the language that an element states, where it is not the document's.
func (f *flow) language(n *html.Node, marks []Mark) []Mark {
	lang := attribute(n, "lang")
	if lang == "" || badLang(lang) != "" || n.DataAtom == atom.Html || n.DataAtom == atom.Body {
		return marks
	}
	if strings.EqualFold(lang, f.lang) {
		return withoutMark(marks, MarkLang)
	}
	return withMark(marks, Mark{Type: MarkLang, Attrs: &Attrs{Lang: lang}})
}

// withMark gives marks with m among them, in place of one of its type. The argument is not changed.
func withMark(marks []Mark, m Mark) []Mark {
	return append(withoutMark(marks, m.Type), m)
}

func withoutMark(marks []Mark, t MarkType) []Mark {
	return slices.DeleteFunc(slices.Clone(marks), func(m Mark) bool { return m.Type == t })
}
