package render

import (
	"strings"
	"unicode"

	"github.com/datelinehq/dateline/markup"
)

// wideTable is the number of columns from which a table scrolls on its own instead of squeezing its words.
const wideTable = 5

// table writes a table. Rows of headers at its top become its head; columns of figures stand at the line's end.
func (b *bodyWriter) table(n *markup.Node) {
	grid := layOut(n.Content)
	caption := attrs(n).Caption
	wide := grid.width >= wideTable
	if wide {
		b.lit(`<div class="scroll" role="region" tabindex="0"`)
		name := caption
		if name == "" {
			name = b.c.Table
		}
		b.attr("aria-label", name)
		b.lit(">")
	}
	b.lit("<table>")
	b.element("caption", "", caption)
	head := headRows(n.Content)
	b.rows("thead", n.Content[:head], grid, 0)
	b.rows("tbody", n.Content[head:], grid, head)
	b.lit("</table>")
	if wide {
		b.lit("</div>")
	}
	b.lit("\n")
}

// headRows counts the rows at the top in which every cell is a header. A table of nothing else has no head.
func headRows(rows []markup.Node) int {
	for i := range rows {
		for j := range rows[i].Content {
			if !attrs(&rows[i].Content[j]).Header {
				return i
			}
		}
	}
	return 0
}

func (b *bodyWriter) rows(part lit, rows []markup.Node, grid tableGrid, first int) {
	if len(rows) == 0 {
		return
	}
	b.lit("<")
	b.lit(part)
	b.lit(">")
	for i := range rows {
		b.lit("<tr>")
		for j := range rows[i].Content {
			b.cell(&rows[i].Content[j], part == "thead", grid.figures(first+i, j), len(rows)-i)
		}
		b.lit("</tr>")
	}
	b.lit("</")
	b.lit(part)
	b.lit(">")
}

// cell writes a cell; rows is how many rows are left in its part of the table, over which it cannot reach.
func (b *bodyWriter) cell(n *markup.Node, head, figures bool, rows int) {
	a := attrs(n)
	tag := lit("td")
	if a.Header = a.Header && strings.TrimSpace(markup.Text(*n)) != ""; a.Header { // one without words heads nothing
		tag = "th"
	}
	b.lit("<")
	b.lit(tag)
	switch {
	case a.Header && head:
		b.lit(` scope="col"`)
	case a.Header:
		b.lit(` scope="row"`)
	}
	if figures && a.Colspan <= 1 {
		b.lit(` class="n"`)
	}
	b.span(` colspan="`, a.Colspan)
	b.span(` rowspan="`, min(a.Rowspan, rows))
	b.lit(">")
	b.inline(n.Content)
	b.lit("</")
	b.lit(tag)
	b.lit(">")
}

func (b *bodyWriter) span(name lit, n int) {
	if n > 1 {
		b.lit(name)
		b.number(n)
		b.lit(`"`)
	}
}

// tableGrid knows in which column each cell begins, and which columns hold figures.
type tableGrid struct {
	column [][]int // of row and cell
	figure []bool
	width  int
}

func (g tableGrid) figures(row, cell int) bool { return g.figure[g.column[row][cell]] }

// layOut places the cells of rows in columns, as a browser does: a cell goes to the first column that no cell from a row
// above reaches into.
func layOut(rows []markup.Node) tableGrid {
	var g tableGrid
	var reach []int // of each column: how many further rows are taken
	var text, number []int
	for i := range rows {
		column, cells := 0, make([]int, len(rows[i].Content))
		for j := range rows[i].Content {
			n := &rows[i].Content[j]
			a := attrs(n)
			for column < len(reach) && reach[column] > 0 {
				reach[column]--
				column++
			}
			cells[j] = column
			for range max(a.Colspan, 1) {
				for column >= len(reach) {
					reach, text, number = append(reach, 0), append(text, 0), append(number, 0)
				}
				reach[column] = max(a.Rowspan, 1) - 1
				column++
			}
			tally(n, a, cells[j], text, number)
		}
		for ; column < len(reach); column++ {
			reach[column] = max(reach[column]-1, 0)
		}
		g.column = append(g.column, cells)
	}
	g.width = len(reach)
	g.figure = make([]bool, max(g.width, 1))
	for i := range g.width {
		g.figure[i] = number[i] > 0 && text[i] == 0
	}
	return g
}

// tally counts a cell among its column's words or figures; headers and empty cells count for neither.
func tally(n *markup.Node, a markup.Attrs, column int, text, number []int) {
	words := strings.TrimSpace(markup.Text(*n))
	if a.Header || words == "" || words == "–" || words == "—" || words == "-" || a.Colspan > 1 {
		return
	}
	if isFigure(words) {
		number[column]++
	} else {
		text[column]++
	}
}

// isFigure says whether words are a number with at most a sign, a unit of a few letters or a currency beside it.
func isFigure(s string) bool {
	digits, letters := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r) || unicode.IsMark(r):
			letters++
		}
	}
	return digits > 0 && letters <= 3 && digits >= letters
}
