package wxr

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// classicBlocks are the elements beside which a line end says nothing.
var classicBlocks = wordSet(`address article aside blockquote caption center col colgroup dd details div dl dt fieldset figcaption
	figure footer form h1 h2 h3 h4 h5 h6 header hr iframe legend li main nav ol optgroup option p pre section select summary table
	tbody td tfoot th thead tr ul`)

// verbatim are the elements whose line ends are their own.
var verbatim = wordSet(`pre script style textarea svg math`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

var (
	moreMark  = regexp.MustCompile(`<!--\s*(?:more|nextpage|noteaser)\b[^>]*-->`)
	aloneLine = regexp.MustCompile(`(?m)^[ \t]*(https?://[^\s<>"\[\]]+)[ \t]*$`)
	comment   = regexp.MustCompile(`(?s)<!--.*?-->`)
)

// classic treats text of the classic editor: an empty line parts paragraphs, a line end is a line break, an address
// alone on its line is an embed or a link. Blocks that stand in such text as HTML keep their shape.
func (b *bodyReader) classic(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	text = moreMark.ReplaceAllString(text, "\n\n")
	text = comment.ReplaceAllString(text, "")
	text = b.shortcodes(text)
	if !strings.Contains(text, "<pre") {
		text = aloneLine.ReplaceAllStringFunc(text, func(s string) string { return b.address(strings.TrimSpace(s)) })
	}
	return lineEnds(text)
}

// lineEnds writes line ends as breaks: markup makes a new paragraph where two stand together.
func lineEnds(text string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(text))
	inside, atEdge := "", true
	var held string // text whose last line ends wait for what follows
	flush := func(edge bool) {
		out.WriteString(breaks(held, atEdge, edge))
		if held != "" {
			atEdge = false
		}
		held = ""
	}
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			flush(true)
			return out.String()
		}
		raw := string(z.Raw())
		if kind == html.TextToken {
			if inside == "" {
				held += raw
			} else {
				out.WriteString(raw)
			}
			continue
		}
		tag, _ := z.TagName()
		name := string(tag)
		if inside == "" {
			flush(classicBlocks[name])
			atEdge = classicBlocks[name]
			if name == "br" {
				raw += "\x00" // one line end after a break says nothing more
			}
		}
		switch {
		case inside == "" && kind == html.StartTagToken && verbatim[name]:
			inside = name
		case inside == name && kind == html.EndTagToken:
			inside = ""
		}
		if marked, isBreak := strings.CutSuffix(raw, "\x00"); isBreak {
			out.WriteString(marked)
			atEdge = true
			continue
		}
		out.WriteString(raw)
	}
}

// breaks replaces the line ends of a run of text; those at an edge towards a block are dropped.
func breaks(text string, left, right bool) string {
	if strings.IndexByte(text, '\n') < 0 {
		return text
	}
	if left {
		trimmed := strings.TrimLeft(text, " \t\n")
		if strings.Count(text[:len(text)-len(trimmed)], "\n") > 1 {
			trimmed = "\n" + trimmed // after a <br>, an empty line still parts paragraphs
		}
		text = trimmed
	}
	if right {
		text = strings.TrimRight(text, " \t\n")
	}
	var out strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			out.WriteString("<br>")
		}
		out.WriteString(strings.Trim(line, "\t"))
	}
	return out.String()
}
