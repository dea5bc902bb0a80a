package wxr

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/datelinehq/dateline/markup"
)

const picture = "0198a000-0000-7000-8000-000000000611"

func has(id int64, src, alt string) (string, bool) { return picture, id == 611 }

// shape writes a document in short: types, text, and what attributes matter here.
func shape(n markup.Node) string {
	var b strings.Builder
	if n.Type == markup.TypeText {
		b.WriteString(n.Text)
		for _, m := range n.Marks {
			b.WriteString("~" + string(m.Type))
			if m.Attrs != nil {
				b.WriteString("=" + m.Attrs.Href)
			}
		}
		return b.String()
	}
	b.WriteString(string(n.Type))
	if a := n.Attrs; a != nil {
		b.WriteString("<" + strings.Trim(strings.Join([]string{a.Alt, a.Name, a.Caption, a.Credit, a.Provider, a.URL, a.Title}, " "), " ") + ">")
	}
	b.WriteByte('(')
	for i, c := range n.Content {
		if i > 0 {
			b.WriteByte('|')
		}
		b.WriteString(shape(c))
	}
	b.WriteByte(')')
	return b.String()
}

func TestBody(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"classic paragraphs", "One.\n\nTwo,\nstill two.\n\n\n\nThree.", "doc(paragraph(One.)|paragraph(Two,|hard_break()|still two.)|paragraph(Three.))"},
		{"emphasis over lines", "<em>One</em> and\n<strong>two</strong>", "doc(paragraph(One~em| and|hard_break()|two~strong))"},
		{"blocks in classic text", "Before\n<blockquote>Said\n\nso.</blockquote>\nAfter\n<ul>\n\t<li>a</li>\n\t<li>b</li>\n</ul>\n", "doc(paragraph(Before)|quote(paragraph(Said)|paragraph(so.))|paragraph(After)|bullet_list(list_item(paragraph(a))|list_item(paragraph(b))))"},
		{"preformatted", "A\n<pre>x\n\ny</pre>\nB", "doc(paragraph(A)|code(x\n\ny)|paragraph(B))"},
		{"a break and its line end", "One<br />\ntwo", "doc(paragraph(One|hard_break()|two))"},
		{"the more mark", "One.\n<!--more-->\nTwo.", "doc(paragraph(One.)|paragraph(Two.))"},
		{"the block editor", "<!-- wp:heading {\"level\":3} -->\n<h3>Head</h3>\n<!-- /wp:heading -->\n\n<!-- wp:paragraph -->\n<p>One\ntwo</p>\n<!-- /wp:paragraph -->\n<!-- wp:separator -->\n<hr class=\"wp-block-separator\"/>\n<!-- /wp:separator -->\n<!-- wp:latest-posts /-->", "doc(heading<>(Head)|paragraph(One two)|rule())"},
		{"a quotation", "<!-- wp:quote -->\n<blockquote class=\"wp-block-quote\"><p>So it is.</p><cite>Ada Lund</cite></blockquote>\n<!-- /wp:quote -->", "doc(quote<Ada Lund>(paragraph(So it is.)))"},
		{"a caption", "[caption id=\"attachment_611\" width=\"10\"]<img src=\"https://a.example/p.jpg\" alt=\"Pier\" /> The <em>pier</em>[/caption]\nAfter", "doc(figure<Pier>(The |pier~em)|paragraph(After))"},
		{"a caption of old, with credit", "[caption id=\"attachment_611\" caption=\"The pier\" credit=\"Ole Moe\"]<img class=\"wp-image-611\" src=\"https://a.example/p.jpg\" alt=\"\" />[/caption]", "doc(figure<Ole Moe>(The pier))"},
		{"a picture that is not had", "[caption id=\"attachment_9\"]<img src=\"https://a.example/p.jpg\" alt=\"Pier\" /> The pier[/caption]", "doc(paragraph(The pier~link=https://a.example/p.jpg))"},
		{"a gallery by numbers", "[gallery ids=\"611,611\"]", "doc(gallery(figure<Pier>()|figure<Pier>()))"},
		{"a gallery of the post's own", "[gallery columns=2]", "doc(figure<Pier>())"},
		{"an embed by its shortcode", "[embed]https://www.youtube.com/watch?v=abcdefghijk[/embed]", "doc(embed<youtube https://www.youtube.com/watch?v=abcdefghijk>())"},
		{"an embed on a line", "See:\n\nhttps://vimeo.com/123456\n\nGood.", "doc(paragraph(See:)|embed<vimeo https://vimeo.com/123456>()|paragraph(Good.))"},
		{"an embed block", "<!-- wp:core-embed/youtube {\"url\":\"https://youtu.be/abcdefghijk\"} -->\n<figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">\nhttps://youtu.be/abcdefghijk\n</div><figcaption>The film</figcaption></figure>\n<!-- /wp:core-embed/youtube -->", "doc(embed<youtube https://youtu.be/abcdefghijk The film>())"},
		{"an address of no provider", "https://a.example/x", "doc(paragraph(https://a.example/x~link=https://a.example/x))"},
		{"sound", "[audio src=\"https://a.example/s%20t.mp3\"]", "doc(paragraph(s t.mp3~link=https://a.example/s%20t.mp3))"},
		{"words in brackets", "He said [sic] so [1], [...] and a[i] too [see below].", "doc(paragraph(He said [sic] so [1], [...] and a[i] too [see below].))"},
		{"unknown shortcodes", "[vc_row width=\"2\"][lead]Words [b]inside[/b][/lead][/vc_row] [form id=3]", "doc(paragraph(Words inside))"},
		{"an escaped shortcode", "Write [[gallery]] here.", "doc(paragraph(Write [gallery] here.))"},
		{"a frame that closes itself", "A\n<iframe src=\"https://b.example/x\" />\nB", "doc(paragraph(A)|paragraph(https://b.example/x~link=https://b.example/x)|paragraph(B))"},
		{"a file", "<!-- wp:file -->\n<div class=\"wp-block-file\"><a href=\"https://a.example/f.pdf\">The plan</a><a href=\"https://a.example/f.pdf\" class=\"wp-block-file__button\" download>Download</a></div>\n<!-- /wp:file -->", "doc(paragraph(The plan~link=https://a.example/f.pdf))"},
		{"hostile", "<script>x()</script><p onclick=\"x()\">A <a href=\"javascript:x()\">b</a></p>", "doc(paragraph(A b))"},
		{"empty", " \n\n", "doc()"},
	} {
		got, _ := Body(c.in, BodyOptions{
			Picture: has, Attached: []int64{611},
			Attachment: func(id int64) (Attachment, bool) {
				return Attachment{ID: id, URL: "https://a.example/p.jpg", Alt: "Pier"}, id == 611
			},
		})
		if s := shape(got); s != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, s, c.want)
		}
	}
}

func TestBodyNotes(t *testing.T) {
	_, notes := Body("<!-- wp:latest-posts /-->\n[form id=3]\n<video src=\"https://a.example/v.mp4\"></video>", BodyOptions{})
	var what []string
	for _, n := range notes {
		what = append(what, n.What)
	}
	if got := strings.Join(what, "; "); got != "block wp:latest-posts; shortcode [form]; video, kept as a link" {
		t.Error(got)
	}
}

func TestBodyCorpus(t *testing.T) {
	read := 0
	for name, file := range corpusFiles(t) {
		got, err := readFile(t, file)
		if err != nil {
			continue
		}
		for _, i := range got.items {
			doc, _ := Body(i.Content, BodyOptions{})
			if err := markup.Validate(doc); err != nil {
				t.Errorf("%s, line %d: %v", name, i.Line, err)
			}
			if plain := PlainText(i.Content); len(plain) > 200 && len(markup.Text(doc)) < len(plain)/2 {
				t.Errorf("%s, line %d: of %d bytes of text %d are left", name, i.Line, len(plain), len(markup.Text(doc)))
			}
			if text := markup.Text(doc); strings.Contains(text, "<!-- /wp:") || strings.Contains(text, "[/caption]") {
				t.Errorf("%s, line %d: the editor's marks are in the text", name, i.Line)
			}
			read++
		}
	}
	t.Logf("%d texts", read)
}

func FuzzBody(f *testing.F) {
	for _, s := range []string{"a\n\nb", "[caption]<img src=x>[/caption]", "<!-- wp:image {\"id\":1} --><figure><img src=x></figure><!-- /wp:image -->", "[[a]][/a][x y=\"z\"", "<pre>\n[code]\n</pre>", "<video><audio src=x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		doc, _ := Body(in, BodyOptions{Picture: has, Attached: []int64{1}})
		if err := markup.Validate(doc); err != nil {
			t.Error(err)
		}
		if out, err := json.Marshal(doc); err != nil || strings.Contains(string(out), `"href":"javascript:`) {
			t.Errorf("%s %v", out, err)
		}
	})
}
