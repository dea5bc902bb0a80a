package markup

import (
	"slices"
	"strings"
	"unicode"
)

// Normalise gives the one form that equal documents share: marks in a fixed order, adjacent runs with the same
// marks merged, text trimmed at the ends of a block, empty blocks and wrappers left out, defaults unset. The
// argument is not changed, and a document that was valid stays so.
func Normalise(n Node) Node {
	out := Node{Type: n.Type, Text: n.Text, Attrs: tidyAttrs(n.Attrs)}
	if n.Type == TypeText {
		out.Marks = tidyMarks(n.Marks)
		return out
	}
	if n.Type == TypeCode {
		out.Content = tidyCode(n.Content)
		return out
	}
	for _, child := range n.Content {
		if kept := Normalise(child); !droppable(kept) {
			out.Content = append(out.Content, kept)
		}
	}
	if schema[n.Type].allows(TypeText) {
		out.Content = tidyInline(out.Content)
	}
	return out
}

// droppable reports whether a normalised node says nothing.
func droppable(n Node) bool {
	if n.Type == TypeText {
		return n.Text == ""
	}
	if n.Type == TypeFactBox && n.Attrs != nil {
		return false
	}
	return schema[n.Type].block && len(n.Content) == 0
}

// tidyInline merges equal neighbours and trims the ends; a block of only white space comes out empty.
func tidyInline(in []Node) []Node {
	var out []Node
	for _, n := range in {
		last := len(out) - 1
		if last >= 0 && n.Type == TypeText && out[last].Type == TypeText && equalMarks(n.Marks, out[last].Marks) {
			out[last].Text += n.Text
			continue
		}
		out = append(out, n)
	}
	if blank(out) {
		return nil
	}
	return trimEnd(trimStart(out))
}

func blank(in []Node) bool {
	for _, n := range in {
		if n.Type != TypeBreak && strings.TrimFunc(n.Text, isInvisible) != "" {
			return false
		}
	}
	return true
}

// isInvisible reports whether a character alone would leave a paragraph looking empty.
func isInvisible(r rune) bool {
	return unicode.IsSpace(r) || r >= 0x200b && r <= 0x200f || r == 0xfeff || r == 0x2060
}

func trimStart(in []Node) []Node {
	for len(in) > 0 {
		if in[0].Type == TypeText {
			in[0].Text = strings.TrimLeftFunc(in[0].Text, unicode.IsSpace)
			if in[0].Text != "" {
				break
			}
		}
		in = in[1:]
	}
	return in
}

func trimEnd(in []Node) []Node {
	for last := len(in) - 1; last >= 0; last-- {
		if in[last].Type == TypeText {
			in[last].Text = strings.TrimRightFunc(in[last].Text, unicode.IsSpace)
			if in[last].Text != "" {
				break
			}
		}
		in = in[:last]
	}
	return in
}

// tidyCode keeps preformatted text as one run, without blank lines at its ends.
func tidyCode(in []Node) []Node {
	var b strings.Builder
	for _, n := range in {
		b.WriteString(n.Text)
	}
	text := strings.TrimRightFunc(b.String(), unicode.IsSpace)
	for {
		line, rest, found := strings.Cut(text, "\n")
		if !found || strings.TrimSpace(line) != "" {
			break
		}
		text = rest
	}
	if text == "" {
		return nil
	}
	return []Node{{Type: TypeText, Text: text}}
}

func tidyMarks(in []Mark) []Mark {
	if len(in) == 0 {
		return nil
	}
	out := make([]Mark, len(in))
	for i, m := range in {
		out[i] = Mark{Type: m.Type, Attrs: tidyAttrs(m.Attrs)}
	}
	slices.SortStableFunc(out, func(a, b Mark) int { return markSchema[a.Type].place - markSchema[b.Type].place })
	return out
}

func equalMarks(a, b []Mark) bool {
	return slices.EqualFunc(a, b, func(x, y Mark) bool {
		if x.Type != y.Type || (x.Attrs == nil) != (y.Attrs == nil) {
			return false
		}
		return x.Attrs == nil || *x.Attrs == *y.Attrs
	})
}

// tidyAttrs copies attributes with white space in words collapsed and defaults unset; nil when none is left.
func tidyAttrs(a *Attrs) *Attrs {
	if a == nil {
		return nil
	}
	out := *a
	for _, f := range attrFields {
		if f.text != nil {
			*f.text(&out) = collapse(*f.text(&out))
		}
	}
	if out.Start == 1 {
		out.Start = 0
	}
	if out.Colspan == 1 {
		out.Colspan = 0
	}
	if out.Rowspan == 1 {
		out.Rowspan = 0
	}
	if out == (Attrs{}) {
		return nil
	}
	return &out
}

// collapse trims a line and makes each run of ASCII white space one blank; other spaces inside it stay.
func collapse(s string) string {
	fields := strings.FieldsFunc(s, func(r rune) bool { return r < 0x80 && isHTMLSpace(byte(r)) })
	return strings.TrimFunc(strings.Join(fields, " "), unicode.IsSpace)
}

func isHTMLSpace(b byte) bool {
	return b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == '\f'
}
