package markup

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// table builds a table, or the contents of one that only lays out a page: with a table inside, with one cell to
// a row at most, or marked as presentation.
func (f *flow) table(n *html.Node, marks []Mark) []Node {
	var parts tableParts
	parts.gather(n)
	if parts.nested || parts.width() < 2 || attribute(n, "role") == "presentation" {
		return f.blocks(n, marks)
	}
	marks = withoutMark(marks, MarkLink)
	table := Node{Type: TypeTable, Attrs: &Attrs{}}
	if parts.caption != nil {
		table.Attrs.Caption = f.short(plain(f.one(parts.caption, nil)))
	}
	var rest []Node
	words := false
	for _, cells := range parts.rows {
		row := Node{Type: TypeTableRow}
		for _, cell := range cells {
			inline, after := inlineOnly(f.one(cell, marks))
			words = words || !blank(inline)
			rest = append(rest, after...)
			row.Content = append(row.Content, Node{Type: TypeTableCell, Attrs: cellAttrs(cell), Content: inline})
		}
		table.Content = append(table.Content, row)
	}
	if !words {
		return append(words2paragraph(table.Attrs.Caption), rest...)
	}
	return append([]Node{table}, rest...)
}

func cellAttrs(n *html.Node) *Attrs {
	return &Attrs{
		Header:  n.DataAtom == atom.Th,
		Colspan: clamp(attribute(n, "colspan"), maxColspan),
		Rowspan: clamp(attribute(n, "rowspan"), maxRowspan),
	}
}

// tableParts is what a table element holds.
type tableParts struct {
	caption *html.Node
	rows    [][]*html.Node
	nested  bool
}

func (p *tableParts) gather(n *html.Node) {
	for child := range n.ChildNodes() {
		switch child.DataAtom {
		case atom.Caption:
			if p.caption == nil {
				p.caption = child
			}
		case atom.Tr:
			p.rows = append(p.rows, nil)
			p.gather(child)
		case atom.Td, atom.Th:
			if last := len(p.rows) - 1; last >= 0 {
				p.rows[last] = append(p.rows[last], child)
			}
			p.nested = p.nested || holdsTable(child)
		default:
			p.gather(child)
		}
	}
}

func (p *tableParts) width() (most int) {
	for _, row := range p.rows {
		most = max(most, len(row))
	}
	return most
}

func holdsTable(n *html.Node) bool {
	for child := range n.Descendants() {
		if child.DataAtom == atom.Table {
			return true
		}
	}
	return false
}
