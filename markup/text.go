package markup

import (
	"strings"
	"unicode"
)

// Walk visits a node and all below it in document order. Where visit returns false the node's content is passed over.
func Walk(n Node, visit func(Node) bool) {
	if !visit(n) {
		return
	}
	for _, child := range n.Content {
		Walk(child, visit)
	}
}

// Text gives a document's words as plain text, its paragraphs parted by blank lines.
func Text(n Node) string { return strings.Join(Paragraphs(n), "\n\n") }

// Paragraphs gives the words of every block that has some, in document order: paragraphs, headings and list
// items, captions, titles of fact boxes, code, and one for each row of a table with tabs between its cells.
// A line break inside a block is a newline.
func Paragraphs(n Node) []string {
	var out []string
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	Walk(n, func(n Node) bool {
		switch n.Type {
		case TypeTableRow:
			add(rowText(n))
			return false
		case TypeGallery, TypeTable:
			add(attrsOf(n).Caption)
		case TypeFactBox:
			add(attrsOf(n).Title)
		}
		if !schema[n.Type].allows(TypeText) {
			return true
		}
		if text := inlineText(n); n.Type == TypeCode && strings.TrimSpace(text) != "" {
			out = append(out, text)
		} else {
			add(text)
		}
		return false
	})
	return out
}

func rowText(row Node) string {
	cells := make([]string, len(row.Content))
	for i, cell := range row.Content {
		cells[i] = inlineText(cell)
	}
	return strings.Join(cells, "\t")
}

func inlineText(n Node) string {
	var b strings.Builder
	for _, child := range n.Content {
		if child.Type == TypeBreak {
			b.WriteByte('\n')
		}
		b.WriteString(child.Text)
	}
	return b.String()
}

// attrsOf gives a node's attributes, all unset where it has none.
func attrsOf(n Node) Attrs {
	if n.Attrs == nil {
		return Attrs{}
	}
	return *n.Attrs
}

// Words counts the words of a document. Han, Hiragana and Katakana are written without blanks: each of their
// characters counts as a word.
func Words(n Node) int {
	count := 0
	for _, p := range Paragraphs(n) {
		count += words(p)
	}
	return count
}

func words(s string) (count int) {
	inside := false
	for _, r := range s {
		switch {
		case r < 0x80 && isAlnum(byte(r)):
			if !inside {
				count++
			}
			inside = true
		case unicode.IsSpace(r):
			inside = false
		case isIdeograph(r):
			count++
			inside = false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !inside {
				count++
			}
			inside = true
		}
	}
	return count
}

func isIdeograph(r rune) bool {
	return r >= 0x2e80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// FromText makes a document of plain text: blank lines part paragraphs, a single newline is a line break. What
// no document may hold (control characters, direction overrides, bytes that are not UTF-8) is left out, and
// text beyond the limits of a document is cut.
func FromText(s string) Node {
	s = cleanText(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
	doc := Node{Type: TypeDoc}
	var p []Node
	end := func() {
		if len(p) > 0 {
			doc.Content = append(doc.Content, Node{Type: TypeParagraph, Content: p})
		}
		p = nil
	}
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			end()
			continue
		}
		if len(p) > 0 {
			p = append(p, Node{Type: TypeBreak})
		}
		p = append(p, Node{Type: TypeText, Text: line})
	}
	end()
	doc, _ = fit(Normalise(doc))
	return doc
}

// cleanText leaves out what Validate would refuse.
func cleanText(s string) string {
	if plainASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isControl(r) || isBidiControl(r) || r == 0xfeff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// Pictures gives the ids of a document's pictures, each once, in the order of their first use.
func Pictures(n Node) []string {
	return collect(n, func(a Attrs) string { return a.Picture })
}

// Speakers gives the ids of the persons quoted in a document, each once, in the order of their first use.
func Speakers(n Node) []string {
	return collect(n, func(a Attrs) string { return a.Speaker })
}

func collect(n Node, pick func(Attrs) string) []string {
	var out []string
	seen := map[string]bool{}
	Walk(n, func(n Node) bool {
		if id := pick(attrsOf(n)); id != "" && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
		return true
	})
	return out
}

// fit cuts a document to the limits of size, and says whether anything was cut.
func fit(doc Node) (Node, bool) {
	s := sizer{nodes: MaxNodes, text: MaxText}
	out, _ := s.keep(doc)
	if s.cut {
		out = Normalise(out)
	}
	return out, s.cut
}

type sizer struct {
	nodes, text int
	cut         bool
}

// keep copies as much of a node as still fits.
func (s *sizer) keep(n Node) (Node, bool) {
	size := len(n.Text) + markSize(n) + attrSize(n.Attrs)
	if s.nodes < 1 || size > s.text {
		s.cut = true
		return Node{}, false
	}
	s.nodes--
	s.text -= size
	content := n.Content
	n.Content = nil
	for _, child := range content {
		kept, ok := s.keep(child)
		if !ok {
			break
		}
		n.Content = append(n.Content, kept)
		if s.cut {
			break
		}
	}
	return n, true
}

func markSize(n Node) (size int) {
	for _, m := range n.Marks {
		size += attrSize(m.Attrs)
	}
	return size
}

func attrSize(a *Attrs) (size int) {
	if a == nil {
		return 0
	}
	for _, f := range attrFields {
		if f.text != nil {
			size += len(*f.text(a))
		}
	}
	return size
}
