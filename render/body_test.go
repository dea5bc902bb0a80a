package render

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/datelinehq/dateline/markup"
)

func marked(s string, marks ...markup.MarkType) markup.Node {
	n := text(s)
	for _, m := range marks {
		n.Marks = append(n.Marks, markup.Mark{Type: m})
	}
	return n
}

func linked(s, href string, more ...markup.MarkType) markup.Node {
	n := marked(s, more...)
	n.Marks = append([]markup.Mark{{Type: markup.MarkLink, Attrs: &markup.Attrs{Href: href}}}, n.Marks...)
	return n
}

func item(content ...markup.Node) markup.Node { return node(markup.TypeListItem, nil, content...) }

func row(header int, cells ...string) markup.Node {
	r := node(markup.TypeTableRow, nil)
	for i, c := range cells {
		r.Content = append(r.Content, node(markup.TypeTableCell, &markup.Attrs{Header: i < header}, text(c)))
	}
	return r
}

// blockTest is content and what is made of it in an English paper.
type blockTest struct {
	content []markup.Node
	want    string
}

func blockTests() map[string]blockTest {
	heading := func(level int) markup.Node { return node(markup.TypeHeading, &markup.Attrs{Level: level}, text("H")) }
	return map[string]blockTest{
		"marks": {[]markup.Node{para(text("a "), marked("b", markup.MarkStrong), marked("c", markup.MarkStrong, markup.MarkEm), text(" H"), marked("2", markup.MarkSub), node(markup.TypeBreak, nil), text("d"))},
			`<p>a <strong>b<em>c</em></strong> H<sub>2</sub><br>d</p>`},
		"one link over marks": {[]markup.Node{para(linked("a ", "/x"), linked("b", "/x", markup.MarkEm), linked("c", "/y?a=1&b=2"))},
			`<p><a href="/x">a <em>b</em></a><a href="/y?a=1&amp;b=2">c</a></p>`},
		"levels are not skipped": {[]markup.Node{heading(4), heading(4), heading(2), heading(4), heading(3)},
			"<h2>H</h2>\n<h3>H</h3>\n<h2>H</h2>\n<h3>H</h3>\n<h3>H</h3>"},
		"lists": {[]markup.Node{node(markup.TypeOrderedList, &markup.Attrs{Start: 3}, item(para(text("a"))), item(para(text("b")), para(text("c"))))},
			"<ol start=\"3\"><li>a</li><li><p>b</p>\n<p>c</p>\n</li></ol>"},
		"a quote with its own marks": {[]markup.Node{node(markup.TypeQuote, &markup.Attrs{Name: "Devan"}, para(text("„So.“")))},
			"<figure class=\"quote\"><blockquote><p>„So.“</p></blockquote>\n<figcaption>Devan</figcaption></figure>"},
		"a quote of two paragraphs": {[]markup.Node{node(markup.TypeQuote, nil, para(text("A.")), para(text("B.")))},
			`<figure class="quote"><blockquote><p>“A.</p><p>B.”</p></blockquote></figure>`},
		"pull quote": {[]markup.Node{node(markup.TypePullQuote, nil, text("Nobody has."))}, `<div class="pull"><p>Nobody has.</p></div>`},
		"code":       {[]markup.Node{node(markup.TypeCode, nil, text("a < b\n  c"))}, "<pre><code>a &lt; b\n  c</code></pre>"},
		"rule":       {[]markup.Node{node(markup.TypeRule, nil)}, "<hr>"},
		"fact box": {[]markup.Node{node(markup.TypeFactBox, &markup.Attrs{Title: "How"}, heading(2), para(text("x")))},
			"<aside class=\"box\" role=\"note\" aria-labelledby=\"b1\"><h2 id=\"b1\">How</h2><h3>H</h3>\n<p>x</p>\n</aside>"},
		"language": {[]markup.Node{para(markup.Node{Type: markup.TypeText, Text: "سلام", Marks: []markup.Mark{{Type: markup.MarkLang, Attrs: &markup.Attrs{Lang: "ar"}}}})},
			`<p><span lang="ar" dir="rtl">سلام</span></p>`},
		"figures at the line's end": {[]markup.Node{node(markup.TypeTable, &markup.Attrs{Caption: "T"}, row(3, "Year", "Line", "Days"), row(1, "2021", "None", "91"), row(1, "2023", "", "1,074 t"))},
			`<table><caption>T</caption><thead><tr><th scope="col">Year</th><th scope="col">Line</th><th scope="col" class="n">Days</th></tr></thead>` +
				`<tbody><tr><th scope="row">2021</th><td>None</td><td class="n">91</td></tr><tr><th scope="row">2023</th><td></td><td class="n">1,074 t</td></tr></tbody></table>`},
		"an embed waits to be asked": {[]markup.Node{node(markup.TypeEmbed, &markup.Attrs{Provider: "youtube", URL: "https://www.youtube.com/embed/x?a=1&b=2", Title: "A film"})},
			`<div class="ask"><p>A film, from youtube.com. Nothing is loaded from there, and it learns nothing of you, until you ask.</p>` +
				`<p><a href="https://www.youtube.com/embed/x?a=1&amp;b=2" rel="noreferrer">Open it there</a> <button hidden data-frame="https://www.youtube-nocookie.com/embed/x" title="A film">Show it here</button></p></div>`},
		"an empty header is a cell": {[]markup.Node{node(markup.TypeTable, nil, row(2, "", " "), row(1, "2021", "91"))},
			`<table><thead><tr><td></td><td class="n"> </td></tr></thead><tbody><tr><th scope="row">2021</th><td class="n">91</td></tr></tbody></table>`},
	}
}

func TestBlocks(t *testing.T) {
	for name, test := range blockTests() {
		t.Run(name, func(t *testing.T) {
			got := strings.TrimSpace(string(Body(doc(test.content...), BodyOptions{Language: "en", Publication: "en"})))
			if d := cmp.Diff(test.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestVersion holds what Body makes of every block under the version that is said to make it. A shelf keeps fragments with
// that number; without another number for other bytes an old shelf and a new one would answer with different pages.
func TestVersion(t *testing.T) {
	tests := blockTests()
	var b strings.Builder
	for _, language := range []string{"en", "hi", "ar", "ta"} {
		for _, name := range slices.Sorted(maps.Keys(tests)) {
			fmt.Fprintf(&b, "# %s, %s\n%s\n", language, name, Body(doc(tests[name].content...), BodyOptions{Language: language, Publication: "en"}))
		}
	}
	got, file := b.String(), filepath.Join("testdata", "fragments.txt")
	kept, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	version, want, _ := strings.Cut(string(kept), "\n")
	if got != want && version == fmt.Sprint("version ", Version) {
		t.Fatalf("Body makes something else than version %d did: raise render.Version, then run with -update (-want +got):\n%s", Version, cmp.Diff(want, got))
	}
	if *update {
		if err := os.WriteFile(file, fmt.Appendf(nil, "version %d\n%s", Version, got), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if version != fmt.Sprint("version ", Version) {
		t.Errorf("%s is of %s, Body of version %d: run with -update", file, version, Version)
	}
}

func TestTableWithSpans(t *testing.T) {
	table := node(markup.TypeTable, nil,
		node(markup.TypeTableRow, nil,
			node(markup.TypeTableCell, &markup.Attrs{Rowspan: 9}, text("a")),
			node(markup.TypeTableCell, &markup.Attrs{Colspan: 2}, text("b"))),
		row(0, "12", "c"), row(0, "13", "d"))
	got := string(Body(doc(table), BodyOptions{Language: "en", Publication: "en"}))
	want := `<table><tbody><tr><td rowspan="3">a</td><td colspan="2">b</td></tr><tr><td class="n">12</td><td>c</td></tr><tr><td class="n">13</td><td>d</td></tr></tbody></table>`
	if d := cmp.Diff(want, strings.TrimSpace(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestWideTableScrollsByItself(t *testing.T) {
	got := string(Body(doc(node(markup.TypeTable, nil, row(0, "a", "b", "c", "d", "e"))), BodyOptions{Language: "en"}))
	if !strings.HasPrefix(got, `<div class="scroll" role="region" tabindex="0" aria-label="Table"><table>`) {
		t.Errorf("a wide table begins %.90q", got)
	}
}

func TestWordsOfALanguageWithoutCatalogue(t *testing.T) {
	embed := doc(node(markup.TypeEmbed, &markup.Attrs{Provider: "vimeo", URL: "https://vimeo.com/1"}))
	got := string(Body(embed, BodyOptions{Language: "ta", Publication: "hi", Paid: true}))
	if !strings.Contains(got, `<div class="ask" lang="hi" dir="ltr">`) || !strings.Contains(got, `rel="noreferrer sponsored"`) {
		t.Errorf("the embed is %s", got)
	}
}

func TestFill(t *testing.T) {
	body := Body(doc(
		node(markup.TypeQuote, &markup.Attrs{Speaker: "s1"}, para(text("A."))),
		node(markup.TypeQuote, &markup.Attrs{Speaker: "s2"}, para(text("B."))),
		node(markup.TypeFigure, &markup.Attrs{Picture: "p1", Alt: `A "line"`}),
		node(markup.TypeGallery, &markup.Attrs{Caption: "Two."}, node(markup.TypeFigure, &markup.Attrs{Picture: "p2", Alt: "Lost & gone"}), node(markup.TypeFigure, &markup.Attrs{Picture: "p1"})),
	), BodyOptions{Language: "en", Publication: "en"})
	page := string(New(Options{}).Page(&PagePage{Frame: sampleFrame(t, "en", "/about"), Language: "en", Body: body,
		People:   []Person{{ID: "s1", Name: named("A & B"), Address: "/people/a"}},
		Pictures: []Picture{{ID: "p1", Address: "/pictures/1.jpg", Width: 4, Height: 3}},
	}))
	_, got, _ := strings.Cut(page, `<div class="body">`)
	for _, want := range []string{
		`<figure class="quote">`, `<figcaption><a href="/people/a">A &amp; B</a></figcaption>`, `<figcaption>name removed</figcaption>`,
		`<img src="/pictures/1.jpg" width="4" height="3" alt="A &quot;line&quot;" loading="lazy">`,
		`<p class="when">Picture not available: Lost &amp; gone</p>`, `alt="" loading="lazy"><figcaption>Two.</figcaption>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the filled body lacks %s:\n%s", want, got)
		}
	}
	if strings.ContainsAny(got, "\x01\x02\x03") {
		t.Error("a slot was left open")
	}
}

func TestDatelineStandsAloneBeforeOtherBlocks(t *testing.T) {
	p := sampleArticle(t, "en")
	p.Body = Body(doc(node(markup.TypePullQuote, nil, text("First."))), BodyOptions{Language: "en"})
	n := parse(t, New(Options{}).Article(p))
	if got := one(t, n, ".body > p:first-child"); got != "Great Sella, 30 June (Coast News Agency)" {
		t.Errorf("the body opens with %q", got)
	}
}

func TestAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"/coast/पुल":            "/coast/%E0%A4%AA%E0%A5%81%E0%A4%B2",
		"/a b?q=1&r=%20%zz":     "/a%20b?q=1&amp;r=%20%25zz",
		"https://x.example/'\"": "https://x.example/%27%22",
		"mailto:a@b.example":    "mailto:a@b.example",
		"#part":                 "#part",
		"HTTPS://X.example/":    "HTTPS://X.example/",
		"ftp://x.example/":      "#", "": "#", "x": "#", "http://": "#", "//x": "#",
	} {
		if got := string(appendURL(nil, address)); got != want {
			t.Errorf("%q is written %q, not %q", address, got, want)
		}
	}
}

func TestMinify(t *testing.T) {
	for css, want := range map[string]string{
		"/* a */\n.b :is(c , d) {\n  e: calc(1px + 2px) ;\n  f: \"  x ;} \";\n}\n": `.b :is(c,d){e: calc(1px + 2px);f: "  x ;} "}`,
		"a{b:c}\n@media (d) and (e){f{g:h;}}":                                      `a{b:c}@media (d) and (e){f{g:h}}`,
	} {
		if got := strings.TrimSpace(minify(css)); got != want {
			t.Errorf("%q becomes %q, not %q", css, got, want)
		}
	}
}

func TestAssetsAreNamedByTheStyle(t *testing.T) {
	r := New(Options{})
	for _, a := range Assets() {
		if len(a.Bytes) == 0 || !strings.HasPrefix(a.Address, "/assets/") {
			t.Errorf("the asset %q has %d bytes", a.Address, len(a.Bytes))
		}
		if a.Type == "font/woff2" && !strings.Contains(string(r.whole.element), a.Address) {
			t.Errorf("no style asks for %s", a.Address)
		}
	}
	if strings.Contains(string(r.whole.element), "naskh-arabic.woff2") {
		t.Error("a font is asked for without its hash")
	}
}

func TestDiffBlocks(t *testing.T) {
	before := doc(para(text("One.")), para(text("It runs 14 miles.")))
	after := doc(para(text("One.")), para(text("It runs 11 miles.")))
	want := []DiffBlock{
		{Part: PartOther, Same: true, Count: 1, Runs: []DiffRun{}},
		{Part: PartParagraph, Count: 1, Runs: []DiffRun{{Kept, "It runs "}, {Removed, "14"}, {Added, "11"}, {Kept, " miles."}}},
	}
	if d := cmp.Diff(want, DiffBlocks(markup.Diff(before, after))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
