package render

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/datelinehq/dateline/markup"
)

// BodyOptions says for whom a body is written.
type BodyOptions struct {
	Language    string // the article's
	Publication string // the publication's language, for the words of an article whose language has no catalogue
	Paid        bool   // paid content: its links say so to search engines
	Corrected   int    // the block that a correction is about, from 1, which can be linked to; 0 for none
}

// CorrectedID is the id of the place in a body, or in a difference, that a correction is about.
const CorrectedID = "corrected"

// Body writes a document as a fragment of HTML. What may change without a new edition (names of persons, addresses of
// pictures) is left open as slots, which Fill closes. The document is taken to be valid; what the schema does not know
// is left out.
func Body(doc markup.Node, o BodyOptions) []byte {
	language := FrameLanguage(o.Language, o.Publication)
	b := &bodyWriter{c: catalogueOr(language), o: o}
	if base, _ := splitTag(o.Language); base != b.c.Language {
		b.words = b.c.Language
	}
	if n := o.Corrected; n > 0 && n <= len(doc.Content) {
		b.blocks(doc.Content[:n-1])
		b.lit(`<span id="` + CorrectedID + `"></span>`)
		b.blocks(doc.Content[n-1:])
		return b.b
	}
	b.blocks(doc.Content)
	return b.b
}

// bodyWriter is a body being written.
type bodyWriter struct {
	writer
	c     *Catalogue
	o     BodyOptions
	words string // the language of the catalogue's words where it is not the article's
	boxes int    // fact boxes so far, for their ids
	level int    // of the last heading; the article's own is 1
	floor int    // the least level that a heading may have here, less one
}

func (b *bodyWriter) blocks(list []markup.Node) {
	for i := range list {
		b.block(&list[i])
	}
}

func (b *bodyWriter) block(n *markup.Node) {
	switch n.Type {
	case markup.TypeParagraph:
		b.wrap("p", n)
		b.lit("\n")
	case markup.TypeHeading:
		b.heading(n)
	case markup.TypeBulletList:
		b.list("ul", n)
	case markup.TypeOrderedList:
		b.list("ol", n)
	case markup.TypeQuote:
		b.quote(n)
	case markup.TypePullQuote:
		b.lit(`<div class="pull"><p>`)
		b.inline(n.Content)
		b.lit("</p></div>\n")
	case markup.TypeFigure:
		b.figure(n)
	case markup.TypeGallery:
		b.gallery(n)
	case markup.TypeTable:
		b.table(n)
	case markup.TypeFactBox:
		b.factBox(n)
	case markup.TypeEmbed:
		b.embed(n)
	case markup.TypeCode:
		b.lit("<pre><code>")
		b.inline(n.Content)
		b.lit("</code></pre>\n")
	case markup.TypeRule:
		b.lit("<hr>\n")
	}
}

func (b *bodyWriter) wrap(tag lit, n *markup.Node) {
	b.lit("<")
	b.lit(tag)
	b.lit(">")
	b.inline(n.Content)
	b.lit("</")
	b.lit(tag)
	b.lit(">")
}

// heading keeps levels in order: none is skipped on the way down, whatever the writer chose.
func (b *bodyWriter) heading(n *markup.Node) {
	level := 2
	if n.Attrs != nil {
		level = n.Attrs.Level
	}
	level = min(max(level, 2+b.floor), max(b.level, 1+b.floor)+1, 4)
	b.level = level
	b.wrap([...]lit{"h2", "h3", "h4"}[max(level, 2)-2], n)
	b.lit("\n")
}

func (b *bodyWriter) list(tag lit, n *markup.Node) {
	b.lit("<")
	b.lit(tag)
	if n.Attrs != nil && n.Attrs.Start > 1 {
		b.lit(` start="`)
		b.number(n.Attrs.Start)
		b.lit(`"`)
	}
	b.lit(">")
	for i := range n.Content {
		b.lit("<li>")
		b.item(n.Content[i].Content)
		b.lit("</li>")
	}
	b.lit("</")
	b.lit(tag)
	b.lit(">\n")
}

// item writes a list's item. Its first paragraph needs no element of its own when no other follows.
func (b *bodyWriter) item(content []markup.Node) {
	paragraphs := 0
	for i := range content {
		if content[i].Type == markup.TypeParagraph {
			paragraphs++
		}
	}
	for i := range content {
		if paragraphs == 1 && content[i].Type == markup.TypeParagraph {
			b.inline(content[i].Content)
			continue
		}
		b.block(&content[i])
	}
}

// quote writes words somebody said, between marks, with their speaker.
func (b *bodyWriter) quote(n *markup.Node) {
	b.lit(`<figure class="quote"><blockquote>`)
	marked := startsWithMark(n.Content)
	for i := range n.Content {
		b.lit("<p>")
		if i == 0 && !marked {
			b.text(b.c.OpenQuote)
		}
		b.inline(n.Content[i].Content)
		if i == len(n.Content)-1 && !marked {
			b.text(b.c.CloseQuote)
		}
		b.lit("</p>")
	}
	b.lit("</blockquote>")
	b.speaker(n.Attrs)
	b.lit("</figure>\n")
}

func (b *bodyWriter) speaker(a *markup.Attrs) {
	if a == nil || a.Speaker == "" && a.Name == "" && a.Role == "" {
		return
	}
	b.lit("\n<figcaption>")
	switch {
	case a.Speaker != "":
		b.slot(slotPerson, a.Speaker, "")
	case a.Name != "":
		b.text(a.Name)
	}
	if a.Role != "" {
		if a.Speaker != "" || a.Name != "" {
			b.text(b.c.Comma)
		}
		b.text(a.Role)
	}
	b.lit("</figcaption>")
}

// startsWithMark says whether the writer put quotation marks around the words already.
func startsWithMark(paragraphs []markup.Node) bool {
	if len(paragraphs) == 0 {
		return false
	}
	text := strings.TrimSpace(markup.Text(paragraphs[0]))
	return strings.IndexAny(text, "“”„«»\"‘’‚‹「『") == 0
}

func (b *bodyWriter) figure(n *markup.Node) {
	a := attrs(n)
	b.lit("<figure>")
	b.slot(slotPicture, a.Picture, a.Alt)
	b.figcaption(n.Content, "", b.c.PictureBy, a.Credit)
	b.lit("</figure>\n")
}

func (b *bodyWriter) gallery(n *markup.Node) {
	a := attrs(n)
	b.lit(`<figure class="gallery">`)
	for i := range n.Content {
		f := attrs(&n.Content[i])
		b.slot(slotSmall, f.Picture, f.Alt)
	}
	b.figcaption(nil, a.Caption, b.c.PicturesBy, a.Credit)
	b.lit("</figure>\n")
}

func (b *bodyWriter) figcaption(content []markup.Node, caption, by, credit string) {
	if len(content) == 0 && caption == "" && credit == "" {
		return
	}
	b.lit("<figcaption>")
	b.inline(content)
	b.text(caption)
	if credit != "" {
		if len(content) > 0 || caption != "" {
			b.lit(" ")
		}
		b.element("small", "", put(by, "credit", credit))
	}
	b.lit("</figcaption>")
}

func attrs(n *markup.Node) markup.Attrs {
	if n.Attrs == nil {
		return markup.Attrs{}
	}
	return *n.Attrs
}

// factBox stands beside the text: a note with its own heading, under which headings begin one level lower.
func (b *bodyWriter) factBox(n *markup.Node) {
	b.boxes++
	title := attrs(n).Title
	b.lit(`<aside class="box" role="note"`)
	if title != "" {
		b.lit(` aria-labelledby="b`)
		b.number(b.boxes)
		b.lit(`"><h2 id="b`)
		b.number(b.boxes)
		b.lit(`">`)
		b.text(title)
		b.lit("</h2>")
		b.level, b.floor = 2, 1
	} else {
		b.lit(">")
	}
	b.blocks(n.Content)
	b.floor = 0
	b.lit("</aside>\n")
}

// embed stands for something of another host, of which nothing is asked until the reader goes there, or has it shown here:
// the button is hidden until the page's script is there to answer it (framed.go).
func (b *bodyWriter) embed(n *markup.Node) {
	a := attrs(n)
	host := a.Provider
	if u, err := url.Parse(a.URL); err == nil && u.Hostname() != "" {
		host = strings.TrimPrefix(u.Hostname(), "www.")
	}
	sentence := b.c.EmbedUntitled
	if a.Title != "" {
		sentence = b.c.Embed
	}
	b.lit(`<div class="ask"`)
	if b.words != "" {
		b.attr("lang", b.words)
		b.attr("dir", b.c.Direction)
	}
	b.lit("><p>")
	b.text(put(sentence, "host", host, "title", a.Title))
	b.lit("</p><p><a")
	b.link("href", a.URL)
	b.lit(` rel="noreferrer`)
	if b.o.Paid {
		b.lit(" sponsored")
	}
	b.lit(`">`)
	b.text(b.c.OpenThere)
	b.lit("</a>")
	if frame, ok := markup.EmbedFrame(a.URL); ok {
		b.lit(` <button hidden`)
		b.attr("data-frame", frame)
		b.attr("title", cmp.Or(a.Title, host))
		b.lit(">")
		b.text(b.c.ShowHere)
		b.lit("</button>")
	}
	b.lit("</p></div>\n")
}

// inline writes runs of text. Marks that neighbours share stay open between them, so that a link with an emphasised
// word in it is one link.
func (b *bodyWriter) inline(runs []markup.Node) {
	var open []markup.Mark
	for i := range runs {
		n := &runs[i]
		keep := shared(open, n.Marks)
		for j := len(open) - 1; j >= keep; j-- {
			b.closeMark(open[j])
		}
		for _, m := range n.Marks[keep:] {
			b.openMark(m)
		}
		open = n.Marks
		if n.Type == markup.TypeBreak {
			b.lit("<br>")
		} else {
			b.text(n.Text)
		}
	}
	for j := len(open) - 1; j >= 0; j-- {
		b.closeMark(open[j])
	}
}

// shared counts the marks that both begin with.
func shared(a, b []markup.Mark) int {
	n := 0
	for n < len(a) && n < len(b) && equalMark(a[n], b[n]) {
		n++
	}
	return n
}

func equalMark(a, b markup.Mark) bool {
	if a.Type != b.Type || (a.Attrs == nil) != (b.Attrs == nil) {
		return false
	}
	return a.Attrs == nil || *a.Attrs == *b.Attrs
}

func (b *bodyWriter) openMark(m markup.Mark) {
	switch m.Type {
	case markup.MarkLink:
		b.lit("<a")
		if m.Attrs != nil {
			b.link("href", m.Attrs.Href)
		}
		if b.o.Paid {
			b.lit(` rel="sponsored"`)
		}
		b.lit(">")
	case markup.MarkLang:
		b.lit("<span")
		if m.Attrs != nil {
			b.attr("lang", m.Attrs.Lang)
			if d := Direction(m.Attrs.Lang); d != Direction(b.o.Language) {
				b.attr("dir", d)
			}
		}
		b.lit(">")
	default:
		if tag := markTag(m.Type); tag != "" {
			b.lit("<")
			b.lit(tag)
			b.lit(">")
		}
	}
}

func (b *bodyWriter) closeMark(m markup.Mark) {
	tag := markTag(m.Type)
	switch m.Type {
	case markup.MarkLink:
		tag = "a"
	case markup.MarkLang:
		tag = "span"
	}
	if tag != "" {
		b.lit("</")
		b.lit(tag)
		b.lit(">")
	}
}

// markTag is the element of a mark that has no attributes.
func markTag(t markup.MarkType) lit {
	switch t {
	case markup.MarkStrong:
		return "strong"
	case markup.MarkEm:
		return "em"
	case markup.MarkCode:
		return "code"
	case markup.MarkStrike:
		return "s"
	case markup.MarkSub:
		return "sub"
	case markup.MarkSup:
		return "sup"
	}
	return ""
}
