package markup

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Short ways to write nodes in tests.
func doc(blocks ...Node) Node               { return Node{Type: TypeDoc, Content: blocks} }
func block(t Type, content ...Node) Node    { return Node{Type: t, Content: content} }
func p(text string) Node                    { return block(TypeParagraph, txt(text)) }
func txt(s string, marks ...Mark) Node      { return Node{Type: TypeText, Text: s, Marks: marks} }
func with(a Attrs, t Type, in ...Node) Node { return Node{Type: t, Attrs: &a, Content: in} }
func linkTo(href string) Mark               { return Mark{Type: MarkLink, Attrs: &Attrs{Href: href}} }
func item(blocks ...Node) Node              { return block(TypeListItem, blocks...) }

func nest(depth int, t Type, inner Node) Node {
	for range depth {
		inner = block(t, item(inner))
	}
	return inner
}

var (
	strong = Mark{Type: MarkStrong}
	em     = Mark{Type: MarkEm}
)

func TestValidateAccepts(t *testing.T) {
	tests := map[string]Node{
		"nothing":        doc(),
		"every block":    everyBlock(),
		"empty block":    doc(block(TypeParagraph)),
		"defaults":       doc(with(Attrs{Start: 1}, TypeOrderedList, item(p("a")))),
		"tab, newline":   doc(p("a\tb\nc")),
		"four bytes":     doc(p("𝒳 😀")),
		"direction mark": doc(p("a\u200fb")),
		"depth":          doc(nest(6, TypeBulletList, p("a"))),
	}
	for name, n := range tests {
		t.Run(name, func(t *testing.T) {
			if err := Validate(n); err != nil {
				t.Error(err)
			}
		})
	}
}

// everyBlock is a document with every type, mark and attribute of the schema.
func everyBlock() Node {
	return doc(
		block(TypeParagraph, txt("a", linkTo("https://example.org/x?y=1#z"), Mark{Type: MarkLang, Attrs: &Attrs{Lang: "pt-BR"}}, strong, em,
			Mark{Type: MarkStrike}, Mark{Type: MarkCode}, Mark{Type: MarkSub}), block(TypeBreak), txt("b", Mark{Type: MarkSup})),
		with(Attrs{Level: 2}, TypeHeading, txt("h")),
		block(TypeBulletList, item(p("a"), block(TypeBulletList, item(p("b"))))),
		with(Attrs{Start: 3}, TypeOrderedList, item(p("c"))),
		with(Attrs{Speaker: "018f-a", Role: "minister"}, TypeQuote, p("q")),
		with(Attrs{Name: "Ann"}, TypeQuote, p("q")),
		block(TypePullQuote, txt("pull")),
		with(Attrs{Picture: "p1", Alt: "alt", Credit: "AP"}, TypeFigure, txt("caption")),
		with(Attrs{Caption: "c", Credit: "d"}, TypeGallery, with(Attrs{Picture: "p2"}, TypeFigure), with(Attrs{Picture: "p1"}, TypeFigure)),
		with(Attrs{Caption: "t"}, TypeTable, block(TypeTableRow, with(Attrs{Header: true, Colspan: 2, Rowspan: 2}, TypeTableCell, txt("x")), block(TypeTableCell))),
		with(Attrs{Title: "box"}, TypeFactBox, p("f"), with(Attrs{Level: 4}, TypeHeading, txt("g")), block(TypeBulletList, item(p("i")))),
		with(Attrs{Provider: "youtube", URL: "https://www.youtube.com/embed/x", Title: "v"}, TypeEmbed),
		block(TypeCode, txt(" a\n\tb")),
		block(TypeRule),
	)
}

func TestValidateRefuses(t *testing.T) {
	tests := []struct {
		name string
		n    Node
		want string
	}{
		{"root", p("a"), `type: "paragraph" is not "doc", which the root must be`},
		{"unknown type", doc(Node{Type: "iframe"}), `content[0].type: "iframe" is not a type of the schema`},
		{"wrong place", doc(p("a"), block(TypeListItem)), `content[1].type: list_item cannot stand in doc`},
		{"doc in doc", doc(doc()), `content[0].type: doc cannot stand in doc`},
		{"level", doc(p("a"), p("b"), p("c"), with(Attrs{Level: 5}, TypeHeading)), `content[3].attrs.level: 5 is not 2, 3 or 4`},
		{"no level", doc(block(TypeHeading)), `content[0].attrs.level: is missing; heading needs it`},
		{"foreign attribute", doc(with(Attrs{Href: "/"}, TypeParagraph)), `content[0].attrs.href: paragraph has no such attribute`},
		{"text on a block", doc(Node{Type: TypeParagraph, Text: "a"}), `content[0].text: paragraph has no text of its own`},
		{"empty text", doc(block(TypeParagraph, txt(""))), `content[0].content[0].text: is empty`},
		{"text with content", doc(block(TypeParagraph, Node{Type: TypeText, Text: "a", Content: []Node{txt("b")}})), `content[0].content[0].content[0].type: text cannot stand in text`},
		{"mark on a block", doc(Node{Type: TypeParagraph, Marks: []Mark{strong}}), `content[0].marks: paragraph cannot carry marks`},
		{"unknown mark", doc(block(TypeParagraph, txt("a", Mark{Type: "style"}))), `content[0].content[0].marks[0].type: "style" is not a mark of the schema`},
		{"mark twice", doc(block(TypeParagraph, txt("a", strong, em, strong))), `content[0].content[0].marks[2]: strong stands twice on one run`},
		{"marks in code", doc(block(TypeCode, txt("a", strong))), `content[0].content[0].marks: text in code carries no marks`},
		{"two runs of code", doc(block(TypeCode, txt("a"), txt("b"))), `content[0].content: code holds one run of text, not 2`},
		{"caption in a gallery", doc(block(TypeGallery, with(Attrs{Picture: "a"}, TypeFigure, txt("b")))), `content[0].content[0].content: a figure in a gallery has no caption of its own`},
		{"picture's address", doc(with(Attrs{Picture: "http://x/y.jpg"}, TypeFigure)), `content[0].attrs.picture: "http://x/y.jpg" is not an id (letters, digits, - and _)`},
		{"long id", doc(with(Attrs{Picture: strings.Repeat("a", 65)}, TypeFigure)), `content[0].attrs.picture: has 65 bytes, over the limit of 64 for an id`},
		{"colspan", doc(block(TypeTable, block(TypeTableRow, with(Attrs{Colspan: 101}, TypeTableCell)))), `content[0].content[0].content[0].attrs.colspan: 101 is not between 1 and 100`},
		{"start", doc(with(Attrs{Start: -1}, TypeOrderedList)), `content[0].attrs.start: -1 is not between 1 and 1000000`},
		{"lang", doc(block(TypeParagraph, txt("a", Mark{Type: MarkLang, Attrs: &Attrs{Lang: "en_GB"}}))), `content[0].content[0].marks[0].attrs.lang: "en_GB" is not a language tag such as hi or pt-BR`},
		{"long attribute", doc(with(Attrs{Title: strings.Repeat("a", 10_001)}, TypeFactBox)), `content[0].attrs.title: has 10001 bytes, over the limit of 10000`},
		{"provider", doc(with(Attrs{Provider: "evil", URL: "https://evil.example/"}, TypeEmbed)), `content[0].attrs.provider: "evil" is not on the list of embeds`},
		{"embed's host", doc(with(Attrs{Provider: "youtube", URL: "https://www.youtube.com.evil.example/embed/x"}, TypeEmbed)), `content[0].attrs.url: is not an https address of youtube`},
		{"depth", doc(nest(8, TypeBulletList, p("a"))), strings.Repeat("content[0].", 15) + `content[0]: nested deeper than 16 levels`},
		{"nul", doc(p("a\x00b")), `content[0].content[0].text: has the control character U+0000 at byte 1`},
		{"carriage return", doc(p("a\r")), `content[0].content[0].text: has the control character U+000D at byte 1`},
		{"next line", doc(p("a\u0085")), `content[0].content[0].text: has the control character U+0085 at byte 1`},
		{"not UTF-8", doc(p("a\xff")), `content[0].content[0].text: is not UTF-8`},
		{"override", doc(p("invoice\u202egpj.exe")), `content[0].content[0].text: has the direction override U+202E at byte 7; take it out (direction follows the language)`},
		{"isolate in an attribute", doc(with(Attrs{Picture: "a", Alt: "\u2066x"}, TypeFigure)), `content[0].attrs.alt: has the direction override U+2066 at byte 0; take it out (direction follows the language)`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := Validate(tt.n)
			if err == nil {
				t.Fatal("was accepted")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestValidateLimits(t *testing.T) {
	many := doc()
	for range MaxNodes {
		many.Content = append(many.Content, block(TypeRule))
	}
	long := doc()
	for range 5 {
		long.Content = append(long.Content, p(strings.Repeat("a", 1<<20)))
	}
	for name, n := range map[string]Node{"more than 20000 nodes": many, "text is over 4 MB": long} {
		if err := Validate(n); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	many.Content = many.Content[1:]
	if err := Validate(many); err != nil {
		t.Errorf("exactly as many as allowed: %v", err)
	}
}

func TestHref(t *testing.T) {
	good := []string{
		"http://example.org", "https://example.org/a?b=c#d", "HTTPS://EXAMPLE.ORG/", "mailto:a@example.org", "tel:+49301234", "/", "/world/2014/",
		"#note", "/दिल्ली/", "https://example.org/दिल्ली", "http://[::1]:80/",
	}
	bad := []string{
		"", "//evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", " javascript:x",
		"data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://x/y", "blob:https://x", "http:", "http:///x", "https:evil", "http://", "http://a b",
		"https://bank.example@evil.example/", "mailto:", "mailto://x", "tel:", "page.html", "?a=b", "../x", "/a\nb", "/a b", "/a<b", "/a\"b", "https://x/\u202e",
		"feed:https://x", "http://%zz/", "/" + strings.Repeat("a", maxURL),
	}
	for _, href := range good {
		if err := Validate(doc(block(TypeParagraph, txt("a", linkTo(href))))); err != nil {
			t.Errorf("%q: %v", href, err)
		}
	}
	for _, href := range bad {
		if err := Validate(doc(block(TypeParagraph, txt("a", linkTo(href))))); err == nil {
			t.Errorf("%q was accepted", href)
		}
	}
}

func TestFindEmbed(t *testing.T) {
	tests := map[string]string{
		"https://www.youtube.com/embed/abc":             "youtube",
		"https://youtu.be/abc":                          "youtube",
		"https://player.vimeo.com/video/1":              "vimeo",
		"https://w.soundcloud.com/player/?url=x":        "soundcloud",
		"https://open.spotify.com/embed/episode/1":      "spotify",
		"https://twitter.com/a/status/1":                "x",
		"https://www.instagram.com/p/1/embed":           "instagram",
		"https://www.openstreetmap.org/export/embed":    "openstreetmap",
		"https://www.google.com/maps/embed?pb=1":        "google_maps",
		"https://www.google.com/search?q=1":             "",
		"http://www.youtube.com/embed/abc":              "",
		"https://www.youtube.com":                       "",
		"https://www.youtube.com:8443/embed/abc":        "",
		"https://www.youtube.com@evil.example/embed":    "",
		"https://evil.example/https://www.youtube.com/": "",
		"//www.youtube.com/embed/abc":                   "",
		"javascript://www.youtube.com/%0aalert(1)":      "",
	}
	for address, want := range tests {
		if got, ok := FindEmbed(address); got != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestEmbedProvidersIsACopy(t *testing.T) {
	list := EmbedProviders()
	for i := range list {
		list[i].Hosts[0] = "evil.example"
	}
	if _, ok := FindEmbed("https://evil.example/x"); ok {
		t.Error("the allow-list can be changed from outside")
	}
}

func TestNormalise(t *testing.T) {
	tests := []struct {
		name     string
		in, want Node
	}{
		{"merges equal runs", doc(block(TypeParagraph, txt("a", em, strong), txt("b", strong, em), txt("c"))),
			doc(block(TypeParagraph, txt("ab", strong, em), txt("c")))},
		{"keeps links apart", doc(block(TypeParagraph, txt("a", linkTo("/a")), txt("b", linkTo("/b")))),
			doc(block(TypeParagraph, txt("a", linkTo("/a")), txt("b", linkTo("/b"))))},
		{"trims", doc(block(TypeParagraph, block(TypeBreak), txt(" \u00a0"), txt(" a  b "), txt(" ", em), block(TypeBreak))),
			doc(p("a  b"))},
		{"drops what is empty", doc(p(" \u00a0\u200b"), block(TypeParagraph), block(TypeBulletList, item(block(TypeParagraph)), item()), block(TypeQuote), block(TypeTable, block(TypeTableRow)), block(TypeCode, txt(" \n")), block(TypeFactBox), block(TypeGallery)),
			doc()},
		{"keeps empty cells", doc(block(TypeTable, block(TypeTableRow, block(TypeTableCell), block(TypeTableCell, txt(" a"))))),
			doc(block(TypeTable, block(TypeTableRow, block(TypeTableCell), block(TypeTableCell, txt("a")))))},
		{"unsets defaults", doc(with(Attrs{Start: 1}, TypeOrderedList, item(p("a"))), with(Attrs{Title: " a \n b "}, TypeFactBox)),
			doc(block(TypeOrderedList, item(p("a"))), with(Attrs{Title: "a b"}, TypeFactBox))},
		{"code keeps its lines", doc(block(TypeCode, txt("\n  \n  a\n\n b \n "))), doc(block(TypeCode, txt("  a\n\n b")))},
		{"keeps a break between", doc(block(TypeParagraph, txt("a "), block(TypeBreak), txt(" b"))), doc(block(TypeParagraph, txt("a "), block(TypeBreak), txt(" b")))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Normalise(tt.in)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(got, Normalise(got)); diff != "" {
				t.Errorf("a second time it changes again: %s", diff)
			}
		})
	}
}

func TestNormaliseLeavesItsArgument(t *testing.T) {
	n := doc(block(TypeParagraph, txt(" a ", em, strong), txt("b", strong, em)))
	Normalise(n)
	if diff := cmp.Diff(doc(block(TypeParagraph, txt(" a ", em, strong), txt("b", strong, em))), n); diff != "" {
		t.Error(diff)
	}
}
