package markup

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// figureParts is what a figure element holds.
type figureParts struct {
	pictures []*html.Node
	caption  *html.Node
	figures  bool // figures of its own
	other    bool // a quotation, a table, code or a frame
}

func (p *figureParts) gather(n *html.Node) {
	for child := range n.ChildNodes() {
		switch {
		case child.Type != html.ElementNode:
		case child.DataAtom == atom.Figcaption:
			if p.caption == nil {
				p.caption = child
			}
		case child.DataAtom == atom.Figure:
			p.figures = true
		case child.DataAtom == atom.Img:
			p.pictures = append(p.pictures, child)
		case child.DataAtom == atom.Blockquote, child.DataAtom == atom.Table, child.DataAtom == atom.Pre, child.DataAtom == atom.Iframe:
			p.other = true
		case child.Namespace == "" && !dropped[child.Data]:
			p.gather(child)
		}
	}
}

// figure builds a picture with its caption, a gallery, or what else a figure element holds.
func (f *flow) figure(n *html.Node, marks []Mark) []Node {
	if hasClass(n, pullClasses...) {
		return f.pull(n, marks)
	}
	marks = withoutMark(marks, MarkLink)
	var parts figureParts
	parts.gather(n)
	caption, credit := f.caption(parts.caption, marks)
	if house := f.house(n, "data-credit"); house != "" {
		credit = house
	}
	own := f.house(n, "data-picture") != ""
	if parts.figures || parts.other || len(parts.pictures) == 0 && !own {
		return f.holder(n, caption, marks)
	}
	loose := f.loose(n, parts.pictures, marks)
	if len(caption) == 0 {
		caption, loose = inlineOnly(loose)
	}
	img := n
	if len(parts.pictures) > 0 {
		img = parts.pictures[0]
	}
	if len(parts.pictures) > 1 {
		return append(f.gallery(parts.pictures, caption, credit, marks), loose...)
	}
	return append(f.picture(img, n, caption, credit, marks), loose...)
}

// loose gives what stands in a figure beside its pictures and its figcaption.
func (f *flow) loose(n *html.Node, pictures []*html.Node, marks []Mark) []Node {
	for _, img := range pictures {
		f.handlers(img)
		f.taken[img] = true
	}
	return f.blocks(n, marks)
}

// house gives an attribute of the house notation, where that is switched on.
func (f *flow) house(n *html.Node, name string) string {
	if !f.opt.House || n == nil {
		return ""
	}
	return f.short(attribute(n, name))
}

// caption parts a figcaption into its words and the credit among them.
func (f *flow) caption(n *html.Node, marks []Mark) (inline []Node, credit string) {
	if n == nil {
		return nil, ""
	}
	sub := &flow{builder: f.builder}
	for child := range n.ChildNodes() {
		if credit == "" && child.Type == html.ElementNode && hasClass(child, "credit", "photo-credit", "image-credit", "media-credit") {
			credit = f.short(plain(f.one(child, nil)))
			continue
		}
		sub.node(child, marks)
	}
	sub.flush()
	f.taken[n] = true
	inline, _ = inlineOnly(sub.out)
	return inline, credit
}

// holder builds what a figure holds that is no picture, and gives it the caption.
func (f *flow) holder(n *html.Node, caption []Node, marks []Mark) []Node {
	blocks := f.blocks(n, marks)
	words := f.short(plain([]Node{{Type: TypeParagraph, Content: caption}}))
	if pictures := onlyBareFigures(blocks); pictures && len(blocks) > 1 {
		return []Node{{Type: TypeGallery, Attrs: &Attrs{Caption: words}, Content: blocks}}
	}
	if len(blocks) == 1 && f.entitle(&blocks[0], words) {
		return blocks
	}
	if len(caption) > 0 {
		blocks = append(blocks, Node{Type: TypeParagraph, Content: caption})
	}
	return blocks
}

// entitle gives a block the caption's words where it has a place for them. A paragraph that is nothing but the
// address of an embed becomes the embed.
func (f *flow) entitle(n *Node, words string) bool {
	if n.Type == TypeParagraph {
		embed, ok := f.embed(plain([]Node{*n}), words)
		if ok {
			*n = embed
		}
		return ok
	}
	attrs := attrsOf(*n)
	var into *string
	switch n.Type {
	case TypeTable:
		into = &attrs.Caption
	case TypeEmbed:
		into = &attrs.Title
	case TypeQuote:
		into, words = &attrs.Name, bareName(words)
		if attrs.Speaker != "" || len(words) > maxName {
			return false
		}
	default:
		return false
	}
	if *into != "" && words != "" {
		return false
	}
	if words != "" {
		*into = words
	}
	n.Attrs = &attrs
	return true
}

// onlyBareFigures reports whether all blocks are pictures without captions.
func onlyBareFigures(blocks []Node) bool {
	for _, n := range blocks {
		if n.Type != TypeFigure || len(n.Content) > 0 {
			return false
		}
	}
	return len(blocks) > 0
}

// gallery builds a gallery of the pictures that are known; the others follow as links.
func (f *flow) gallery(pictures []*html.Node, caption []Node, credit string, marks []Mark) []Node {
	var known, rest []Node
	for _, img := range pictures {
		for _, n := range f.picture(img, nil, nil, "", marks) {
			if n.Type == TypeFigure {
				known = append(known, n)
			} else {
				rest = append(rest, n)
			}
		}
	}
	words := f.short(plain([]Node{{Type: TypeParagraph, Content: caption}}))
	switch len(known) {
	case 0:
		return append(rest, Node{Type: TypeParagraph, Content: caption})
	case 1:
		known[0].Content = caption
		known[0].Attrs.Credit = credit
		return append(known, rest...)
	}
	gallery := Node{Type: TypeGallery, Attrs: &Attrs{Caption: words, Credit: credit}, Content: known}
	return append([]Node{gallery}, rest...)
}

// image builds a picture that stands outside a figure. Pictures of letters are letters, and one of a single
// pixel counts visits and says nothing.
func (f *flow) image(n *html.Node, marks []Mark) ([]Node, bool) {
	switch alt := attribute(n, "alt"); {
	case hasClass(n, "emoji", "wp-smiley") && alt != "":
		return []Node{{Type: TypeText, Text: alt, Marks: marks}}, true
	case isPixel(n):
		f.note(notePixel)
		return nil, true
	}
	return f.picture(n, nil, nil, "", marks), true
}

func isPixel(n *html.Node) bool {
	w, h := attribute(n, "width"), attribute(n, "height")
	return (w == "1" || w == "0") && (h == "1" || h == "0")
}

// picture builds one figure, or the plain link that stands for a picture that is not known. The caption's own
// links give way to the one to the source.
func (f *flow) picture(img, figure *html.Node, caption []Node, credit string, marks []Mark) []Node {
	alt := f.short(attribute(img, "alt"))
	if alt == "" {
		alt = f.house(figure, "data-alt")
	}
	if credit == "" {
		credit = f.house(img, "data-credit")
	}
	if id := f.pictureID(img, figure, alt); id != "" {
		return []Node{{Type: TypeFigure, Attrs: &Attrs{Picture: id, Alt: alt, Credit: credit}, Content: caption}}
	}
	f.note(notePicture)
	source := f.webAddress(f.source(img))
	words := slices.Clone(caption)
	if blank(words) && alt != "" {
		words = []Node{{Type: TypeText, Text: alt, Marks: marks}}
	}
	switch {
	case source == "" && blank(words):
		f.note(noteNoSource)
		return nil
	case source != "":
		if blank(words) {
			words = []Node{{Type: TypeText, Text: "Picture"}}
		}
		words = linked(words, source)
	}
	if credit != "" {
		words = append(trimEnd(words), Node{Type: TypeText, Text: " " + credit})
	}
	return []Node{{Type: TypeParagraph, Content: words}}
}

func linked(in []Node, href string) []Node {
	out := make([]Node, len(in))
	for i, n := range in {
		out[i] = n
		if n.Type == TypeText {
			out[i].Marks = withMark(n.Marks, Mark{Type: MarkLink, Attrs: &Attrs{Href: href}})
		}
	}
	return out
}

// pictureID asks for the picture's id: the house notation's name first, then the source.
func (f *flow) pictureID(img, figure *html.Node, alt string) string {
	for _, n := range []*html.Node{figure, img} {
		name := f.house(n, "data-picture")
		if name == "" {
			continue
		}
		if id := f.askPicture(name, alt); id != "" {
			return id
		}
		if badID(name) == "" {
			return name
		}
	}
	return f.askPicture(f.resolve(f.source(img)), alt)
}

func (f *flow) askPicture(src, alt string) string {
	if f.opt.Picture == nil || src == "" {
		return ""
	}
	id, ok := f.opt.Picture(src, alt)
	if !ok || badID(id) != "" {
		return ""
	}
	return id
}

// source finds a picture's address; pages that load pictures late keep it in attributes of their own, and some
// only beside the img.
func (f *flow) source(img *html.Node) string {
	for _, name := range []string{"src", "data-src", "data-lazy-src", "data-original", "data-orig-file"} {
		if src := tidyAddress(rawAttribute(img, name)); usable(src) {
			return src
		}
	}
	sets := []*html.Node{img}
	if img.Parent != nil && img.Parent.Data == "picture" {
		for child := range img.Parent.ChildNodes() {
			sets = append(sets, child)
		}
	}
	for _, n := range sets {
		for _, name := range []string{"srcset", "data-srcset"} {
			first, _, _ := strings.Cut(strings.TrimSpace(rawAttribute(n, name)), " ")
			if src := tidyAddress(strings.TrimRight(first, ",")); usable(src) {
				return src
			}
		}
	}
	return ""
}

func usable(src string) bool {
	return src != "" && !strings.HasPrefix(strings.ToLower(src[:min(len(src), 5)]), "data:")
}

// frame builds an embed of a provider on the list.
func (f *flow) frame(n *html.Node) []Node {
	for _, name := range []string{"src", "data-src"} {
		if embed, ok := f.embed(rawAttribute(n, name), attribute(n, "title")); ok {
			return []Node{embed}
		}
	}
	f.note(noteFrame)
	return nil
}
