package markup

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the goldens again")

// goldenOptions know a few pictures and one person.
func goldenOptions(house bool) HTMLOptions {
	base, _ := url.Parse("https://paper.example/world/2014/")
	return HTMLOptions{
		Base: base, Lang: "en", House: house,
		Picture: func(src, alt string) (string, bool) {
			name, known := strings.CutPrefix(src, "https://paper.example/pictures/")
			return "pic-" + strings.TrimSuffix(name, ".jpg"), known
		},
		Speaker: func(name string) (string, bool) { return "person-1", name == "ann-lind" },
	}
}

func TestFromHTMLGolden(t *testing.T) {
	dirs, err := filepath.Glob("testdata/html/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			src, err := os.ReadFile(filepath.Join(dir, "input.html"))
			if err != nil {
				t.Fatal(err)
			}
			n, notes := FromHTML(string(src), goldenOptions(strings.HasPrefix(filepath.Base(dir), "house")))
			compareGolden(t, filepath.Join(dir, "document.json"), indented(t, n))
			compareGolden(t, filepath.Join(dir, "text.txt"), Text(n)+"\n")
			listed, err := json.MarshalIndent(notes, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			compareGolden(t, filepath.Join(dir, "notes.json"), string(listed)+"\n")
		})
	}
}

func indented(t *testing.T, n Node) string {
	t.Helper()
	raw, err := n.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", " "); err != nil {
		t.Fatal(err)
	}
	return b.String() + "\n"
}

func compareGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: %s", path, diff)
	}
}

func TestFromHTML(t *testing.T) {
	tests := []struct {
		name, in string
		want     Node
	}{
		{"nothing", "", doc()},
		{"loose text", "a <b>b</b>\n\n c", doc(block(TypeParagraph, txt("a "), txt("b", strong), txt(" c")))},
		{"two breaks part", "a<br> <br>b<br>c<br>", doc(p("a"), block(TypeParagraph, txt("b"), block(TypeBreak), txt("c")))},
		{"blanks at borders", "<p>a <em> b</em> c</p>", doc(block(TypeParagraph, txt("a "), txt("b", em), txt(" c")))},
		{"block in a mark", "<b>a<p>b</p></b>", doc(block(TypeParagraph, txt("a", strong)), block(TypeParagraph, txt("b", strong)))},
		{"unknown element", "<blink>a</blink><x-y>b</x-y>", doc(p("ab"))},
		{"levels", "<h1>a</h1><h2>b</h2><h3>c</h3><h6>d</h6>", doc(with(Attrs{Level: 2}, TypeHeading, txt("a")), with(Attrs{Level: 2}, TypeHeading, txt("b")), with(Attrs{Level: 3}, TypeHeading, txt("c")), with(Attrs{Level: 4}, TypeHeading, txt("d")))},
		{"no-break space only", "<p>&nbsp;</p><p>a&nbsp;b</p>", doc(p("a\u00a0b"))},
		{"script words", "a<script>b</script><style>c</style><noscript>d</noscript><svg><text>e</text></svg><textarea>f</textarea>g", doc(p("ag"))},
		{"script in svg in p", "<p>a<svg><script>b</script></svg></p>", doc(p("a"))},
		{"comment", "a<!-- b -->c", doc(p("ac"))},
		{"escaped markup stays words", "&lt;script&gt;alert(1)&lt;/script&gt;", doc(p("<script>alert(1)</script>"))},
		{"override and nul", "a\u202eb\x00c", doc(p("abc"))},
		{"bytes that are no text", "a\xffb", doc(p("a\uFFFDb"))},
		{"language", `<p lang="EN">a <i lang=fr>b</i> <i lang="en">c</i></p>`, doc(block(TypeParagraph, txt("a "), txt("b", Mark{Type: MarkLang, Attrs: &Attrs{Lang: "fr"}}, em), txt(" "), txt("c", em)))},
		{"the page's own language", `<html lang="hi"><p lang="hi">अ`, doc(block(TypeParagraph, txt("अ", Mark{Type: MarkLang, Attrs: &Attrs{Lang: "hi"}})))},
		{"definition list", "<dl><dt>a<dd>b</dl>", doc(block(TypeParagraph, txt("a", strong)), p("b"))},
		{"nested list without item", "<ul><li>a</li><ul><li>b</li></ul></ul>", doc(block(TypeBulletList, item(p("a"), block(TypeBulletList, item(p("b"))))))},
		{"start", `<ol start="4"><li>a</ol><ol start="x"><li>b</ol>`, doc(with(Attrs{Start: 4}, TypeOrderedList, item(p("a"))), block(TypeOrderedList, item(p("b"))))},
		{"a table parts a list", `<ol><li>a<table><tr><td>x<td>y</table><li>b</ol>`, doc(block(TypeOrderedList, item(p("a"))),
			block(TypeTable, block(TypeTableRow, block(TypeTableCell, txt("x")), block(TypeTableCell, txt("y")))), with(Attrs{Start: 2}, TypeOrderedList, item(p("b"))))},
		{"layout table", "<table><tr><td><p>a</p><td><table><tr><td>b</table></table>", doc(p("a"), p("b"))},
		{"one column", "<table><tr><td>a<tr><td>b</table>", doc(p("a"), p("b"))},
		{"emoji", `<p>a <img class="emoji" alt="🙂" src="https://s.example/1.png"></p>`, doc(p("a 🙂"))},
		{"pixel", `<p>a<img width=1 height=1 src="https://t.example/">b</p>`, doc(p("ab"))},
		{"hidden", `<p>a<span hidden>b</span></p>`, doc(p("a"))},
		{"quote within a quote", `<blockquote>a<blockquote>b<cite>c</cite></blockquote></blockquote>`, doc(block(TypeQuote, p("a"), p("b"), p("c")))},
		{"quote, cite in its last paragraph", `<blockquote><p>a <cite>b</cite></p><p>— <cite>c</cite></p></blockquote>`, doc(with(Attrs{Name: "c"}, TypeQuote, block(TypeParagraph, txt("a "), txt("b", em))))},
		{"only a name", `<blockquote><cite>c</cite></blockquote>`, doc(p("c"))},
		{"aside without a heading", `<aside>a</aside>`, doc(p("a"))},
		{"bold that is not", `<b style="font-weight:normal"><p>a</p></b>`, doc(p("a"))},
		{"foreign file names no id", `<figure data-picture="secret"><img src="/x.jpg" alt="b"></figure><blockquote data-speaker="id">q</blockquote>`,
			doc(block(TypeParagraph, txt("b", linkTo("https://paper.example/x.jpg"))), block(TypeQuote, p("q")))},
		{"picture only in data", `<p>a<img src="data:image/png;base64,xx" alt="b"></p>`, doc(p("a"), p("b"))},
		{"late picture", `<img src="data:,x" data-src="/pictures/a.jpg">`, doc(with(Attrs{Picture: "pic-a"}, TypeFigure))},
		{"picture of a source", `<picture><source srcset="/pictures/a.jpg 2x, /b.jpg"><img alt=z></picture>`, doc(with(Attrs{Picture: "pic-a", Alt: "z"}, TypeFigure))},
		{"embed in a figure by its address", `<figure>https://www.youtube.com/watch?v=1<figcaption>Film</figcaption></figure>`, doc(with(Attrs{Provider: "youtube", URL: "https://www.youtube.com/watch?v=1", Title: "Film"}, TypeEmbed))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := FromHTML(tt.in, goldenOptions(false))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFromHTMLLinks(t *testing.T) {
	tests := []struct{ base, href, want string }{
		{"", "https://example.org/a b", "https://example.org/a%20b"},
		{"", " \thttps://example.org/\n", "https://example.org/"},
		{"", "//example.org/a", "https://example.org/a"},
		{"", "/a", "/a"},
		{"", "a.html", ""},
		{"", "#b", "#b"},
		{"https://x.example/d/e", "a.html", "https://x.example/d/a.html"},
		{"https://x.example/d/e", "//y.example/", "https://y.example/"},
		{"https://x.example/d/e", "?q=1", "https://x.example/d/e?q=1"},
		{"https://x.example/d/e", "#b", "#b"},
		{"https://x.example/d/e", "java\nscript:alert(1)", ""},
		{"https://x.example/d/e", "\x01javascript:alert(1)", ""},
		{"https://x.example/d/e", `\\evil.example`, ""},
		{"https://x.example/d/e", "https://a@evil.example/", ""},
		{"", "javascript&colon;alert(1)", ""},
		{"", "&#106;avascript:alert(1)", ""},
		{"", "mailto:a@example.org", "mailto:a@example.org"},
		{"", "data:text/html,x", ""},
	}
	for _, tt := range tests {
		opt := HTMLOptions{}
		if tt.base != "" {
			opt.Base, _ = url.Parse(tt.base)
		}
		n, notes := FromHTML(`<p><a href="`+tt.href+`" onclick="x">word</a></p>`, opt)
		run := n.Content[0].Content[0]
		got := ""
		if len(run.Marks) > 0 {
			got = run.Marks[0].Attrs.Href
		}
		if got != tt.want || run.Text != "word" {
			t.Errorf("%q on %q: %q, want %q (text %q)", tt.href, tt.base, got, tt.want, run.Text)
		}
		want := []Note{{noteHandler, 1}}
		if tt.want == "" {
			want = append(want, Note{noteLink, 1})
		}
		if diff := cmp.Diff(want, notes); diff != "" {
			t.Errorf("%q: %s", tt.href, diff)
		}
	}
}

func TestFromHTMLHugeInput(t *testing.T) {
	tests := map[string]string{
		"deep":             strings.Repeat("<div>", 5000) + "word" + strings.Repeat("<p>x<script>no</script>", 10),
		"deep formatting":  strings.Repeat("<b><i>", 600) + "word",
		"deep lists":       strings.Repeat("<ul><li>", 100) + "word",
		"deep quotes":      strings.Repeat("<blockquote><footer>", 200) + "word",
		"deep figures":     strings.Repeat("<figure><div><figcaption>", 130) + "word",
		"deep asides":      strings.Repeat("<aside><h2>a</h2>", 250) + "word",
		"deep tables":      strings.Repeat("<table><tr><td>a<td>", 120) + "word",
		"many paragraphs":  strings.Repeat("<p>word", 30_000),
		"many cells":       "<table>" + strings.Repeat("<tr><td>word<td>b", 20_000),
		"long text":        "<p>word" + strings.Repeat(" "+strings.Repeat("a", 1000)+"<p>", 6000),
		"long attribute":   "word<img src=/x alt='" + strings.Repeat("a", 20_000) + "'>",
		"long link":        "<a href='/" + strings.Repeat("a", 20_000) + "'>word</a>",
		"many attributes":  "<p " + strings.Repeat("a ", 10_000) + ">word",
		"over the size":    "word" + strings.Repeat(" <b>a</b>", 1_000_000),
		"open comment":     "word<!--" + strings.Repeat("-", 100_000),
		"unclosed plain":   "word<plaintext><script>no",
		"many alternating": strings.Repeat("<a href=/x><b>word</a></b>", 3000),
	}
	for name, src := range tests {
		t.Run(name, func(t *testing.T) {
			n, notes := FromHTML(src, HTMLOptions{})
			t.Logf("%d bytes, %d blocks, %v", len(src), len(n.Content), notes)
			if err := Validate(n); err != nil {
				t.Fatal(err)
			}
			text := Text(n)
			if !strings.Contains(text, "word") || strings.Contains(text, "no") {
				t.Errorf("the words are gone, or a script's came: %.80q", text)
			}
		})
	}
}

func TestFromHTMLIsDeterministic(t *testing.T) {
	src := `<p onclick=a onload=b>x<script></script><a href="javascript:x">y</a><iframe src="//z"></iframe><object></object>`
	n, notes := FromHTML(src, HTMLOptions{})
	for range 20 {
		again, notesAgain := FromHTML(src, HTMLOptions{})
		if !reflect.DeepEqual(n, again) || !reflect.DeepEqual(notes, notesAgain) {
			t.Fatalf("%v, then %v", notes, notesAgain)
		}
	}
	want := []Note{{noteHandler, 2}, {noteFrame, 1}, {noteLink, 1}, {"object", 1}, {"script", 1}}
	if diff := cmp.Diff(want, notes); diff != "" {
		t.Error(diff)
	}
}
