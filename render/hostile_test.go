package render

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
)

const hostile = `<x-hostile onclick="a">'"&amp;</title></style></script>{date}[b]`

// filler puts hostile words into every string of a page that is not an address or a name of the program's own, and a
// hostile address into every address.
type filler struct {
	words   []string
	address string
}

func (f *filler) fill(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			if _, zone := v.Interface().(*time.Location); !zone {
				f.fill(v.Elem(), path)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			f.fill(v.Index(i), fmt.Sprintf("%s.%d", path, i))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			f.fill(v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case reflect.String:
		f.text(v, path)
	}
}

func (f *filler) text(v reflect.Value, path string) {
	if v.String() == "" {
		return
	}
	field := path[strings.LastIndexByte(path, '.')+1:]
	switch {
	case v.Type() != reflect.TypeFor[string]() && v.Type() != reflect.TypeFor[dateline.ID](), field == "ID",
		path == ".Frame.Language", path == ".Frame.Site", field == "Condition":
	case strings.HasPrefix(v.String(), "/"):
		v.SetString(f.address)
	default:
		words := hostile + path
		v.SetString(words)
		f.words = append(f.words, words)
	}
}

// unseen are fields whose words stand on no page, only beside others, or only under conditions that the samples do not
// meet: the address of the editor is percent-encoded, a bad date is not repeated, a list under a section does not name it.
func unseen(page, words string) bool {
	list := []string{".PaperLanguage", ".Frame.Email", ".Picture.", ".Section.Name.Text"}
	switch page {
	case "search":
		list = append(list, ".From", ".To", ".Results.0.Card.Headline", ".Standfirst")
	case "compare":
		list = append(list, ".Note")
	case "article":
		list = append(list, ".Related.0.Standfirst")
	case "home":
		list = append(list, ".Latest", ".Cards.1.Standfirst", ".Cards.2.Standfirst")
	case "tombstone", "corrections":
		list = append(list, ".Standfirst")
	}
	for _, part := range list {
		if strings.Contains(words, part) {
			return true
		}
	}
	return false
}

func hostilePages(t *testing.T, address string) (pages map[string][]byte, words map[string][]string) {
	r := New(Options{Record: "/record/checkpoint"})
	pages, words = map[string][]byte{}, map[string][]string{}
	write := func(name string, page any, render func() []byte) {
		f := &filler{address: address}
		f.fill(reflect.ValueOf(page).Elem(), "")
		pages[name], words[name] = render(), f.words
	}
	article, home, search, compare, page := sampleArticle(t, "en"), sampleHome(t, "en"), sampleSearch(t, "en"), sampleCompare(t, "en"), samplePage(t, "en")
	article.Body = Body(hostileBody(address), BodyOptions{Language: "en", Publication: "en"})
	article.Pictures, article.People = nil, nil
	write("article", article, func() []byte { return r.Article(article) })
	write("page", page, func() []byte { return r.Page(page) })
	write("home", home, func() []byte { return r.Home(home) })
	write("search", search, func() []byte { return r.Search(search) })
	write("compare", compare, func() []byte { return r.Compare(compare) })
	list := &ListPage{Frame: sampleFrame(t, "en", "/coast/"), Title: named("Coast"), Description: named("The harbour."), Rows: []Card{correctedCard(t)}, Older: "/x"}
	write("list", list, func() []byte { return r.List(list) })
	history := &HistoryPage{Frame: sampleFrame(t, "en", "/x"), ID: sampleID, Language: "en", Headline: "x", Article: "/x", Editions: sampleEditions(t), Check: "/x/verify"}
	write("history", history, func() []byte { return r.History(history) })
	check := &VerifyPage{Frame: sampleFrame(t, "en", "/x"), ID: sampleID, Language: "en", Headline: "x", Article: "/x", Proof: "/x/proof"}
	write("verify", check, func() []byte { return r.Verify(check) })
	grave := &TombstonePage{Frame: sampleFrame(t, "en", "/x"), Kind: dateline.WithdrawnKilled, At: clock(t)("2026-05-09 16:30"), Notice: "Gone.",
		Language: "en", Section: Link{Name: named("City"), Address: "/city/"}, SameDay: []Card{correctedCard(t)}}
	write("tombstone", grave, func() []byte { return r.Tombstone(grave) })
	corrections := &CorrectionsPage{Frame: sampleFrame(t, "en", "/corrections"), Rows: []CorrectionRow{{correctedCard(t), article.Corrections[0]}}}
	write("corrections", corrections, func() []byte { return r.Corrections(corrections) })
	return pages, words
}

// hostileBody has hostile words and addresses in every place of every block.
func hostileBody(address string) markup.Node {
	h := func(place string) string { return hostile + "body." + place }
	mark := func(t markup.MarkType, a *markup.Attrs) markup.Mark { return markup.Mark{Type: t, Attrs: a} }
	return doc(
		para(text(h("text"), mark(markup.MarkLink, &markup.Attrs{Href: address}), mark(markup.MarkLang, &markup.Attrs{Lang: h("lang")}))),
		para(text(h("unknown"), mark("script", nil)), markup.Node{Type: "script", Text: h("script")}),
		node(markup.TypeHeading, &markup.Attrs{Level: 99}, text(h("heading"))),
		node(markup.TypeQuote, &markup.Attrs{Name: h("name"), Role: h("role")}, para(text(h("quote")))),
		node(markup.TypeQuote, &markup.Attrs{Speaker: h("speaker") + "\x02<b>"}, para(text("x"))),
		node(markup.TypeFigure, &markup.Attrs{Picture: h("picture") + "\x03\x02<b>", Alt: h("alt"), Credit: h("credit")}, text(h("caption"))),
		node(markup.TypeTable, &markup.Attrs{Caption: h("table")}, node(markup.TypeTableRow, nil, node(markup.TypeTableCell, nil, text(h("cell"))))),
		node(markup.TypeFactBox, &markup.Attrs{Title: h("box")}, para(text(h("fact")))),
		node(markup.TypeEmbed, &markup.Attrs{Provider: h("provider"), URL: address, Title: h("embed")}),
		node(markup.TypeCode, nil, text(h("code"))),
		node("script", nil, text(h("type"))),
		para(text("\x01P"+h("slot")+"\x02 and \x01F")),
	)
}

// TestHostileWordsStayWords fills every field with markup: none of it may become an element or an attribute, and what is
// shown is shown whole.
func TestHostileWordsStayWords(t *testing.T) {
	pages, words := hostilePages(t, "/fine")
	for name, page := range pages {
		n := parse(t, page)
		checkNothingGotIn(t, name, n)
		shown := shownWords(n)
		for _, w := range words[name] {
			if !strings.Contains(shown, w) && !unseen(name, w) {
				t.Errorf("%s does not show %q whole", name, w)
			}
		}
		if !strings.Contains(shown, hostile) {
			t.Errorf("%s shows none of the words", name)
		}
	}
	shown := shownWords(parse(t, pages["article"]))
	for _, place := range []string{"text", "unknown", "heading", "name", "role", "quote", "alt", "credit", "caption", "table", "cell", "box", "fact", "embed", "code", "slot"} {
		if !strings.Contains(shown, hostile+"body."+place) {
			t.Errorf("the body's %s is not shown whole", place)
		}
	}
	for _, field := range []string{".Headline", ".Standfirst", ".Section.Name.Text"} {
		if !strings.Contains(shown, hostile+field) {
			t.Errorf("the article's %s is not shown whole", field)
		}
	}
}

// TestHostileAddressesLeadNowhere puts addresses that run or mislead wherever an address can stand.
func TestHostileAddressesLeadNowhere(t *testing.T) {
	for _, address := range []string{"javascript:alert(1)", "JaVaScRiPt:alert(1)", "\x01javascript:alert(1)", " javascript:alert(1)",
		"data:text/html,<script>alert(1)</script>", "vbscript:x", "//evil.example/x", `/\evil.example`, "\tjavascript:alert(1)", "java\nscript:x"} {
		pages, _ := hostilePages(t, address)
		for name, page := range pages {
			n := parse(t, page)
			checkNothingGotIn(t, name, n)
			for _, e := range all(t, n, "a[href],link[href],img[src],form[action]") {
				for _, key := range []string{"href", "src", "action"} {
					got := attribute(e, key)
					if got != "" && got != "#" && !strings.HasPrefix(got, "https://estuary.example/") && !strings.HasPrefix(got, "mailto:") &&
						(got[0] != '/' && got[0] != '#' || strings.HasPrefix(got, "//") || strings.HasPrefix(got, `/\`)) {
						t.Errorf("%s leads to %q for %q", name, got, address)
					}
				}
			}
		}
	}
}

func checkNothingGotIn(t *testing.T, name string, n *html.Node) {
	t.Helper()
	for d := range n.Descendants() {
		if d.Type != html.ElementNode {
			continue
		}
		if d.Data == "x-hostile" || d.Data == "b" && strings.Contains(textOf(d), "hostile") && attribute(d, "class") == "" && d.Parent.Data == "figcaption" {
			t.Errorf("%s: words became the element %s", name, d.Data)
		}
		if d.Data == "script" && attribute(d, "type") != "application/ld+json" && !strings.HasPrefix(attribute(d, "src"), "/assets/script/verify.") {
			t.Errorf("%s: words became a script", name)
		}
		for _, a := range d.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.ContainsAny(a.Key, `<"'`) {
				t.Errorf("%s: words became the attribute %s", name, a.Key)
			}
		}
	}
}

// shownWords is all text and all values of attributes of a page.
func shownWords(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
		for _, a := range d.Attr {
			b.WriteString("\n" + a.Val + "\n")
		}
	}
	return b.String()
}

func FuzzText(f *testing.F) {
	for _, s := range []string{hostile, "", "a\x00b\x01c", "\xff\xfe", "\u0085\ufdd0\uffff", "पुल", "\r\n\t", "\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := string(appendText(nil, s))
		tokens := html.NewTokenizer(strings.NewReader("<p title=\"" + out + "\">" + out + "</p>"))
		tokens.Next()
		start := tokens.Token()
		if len(start.Attr) != 1 {
			t.Fatalf("%q made %d attributes", s, len(start.Attr))
		}
		want := clean(s)
		if got := start.Attr[0].Val; got != want {
			t.Errorf("as an attribute %q reads %q, not %q", s, got, want)
		}
		if want == "" {
			return
		}
		if tokens.Next() != html.TextToken || tokens.Token().Data != want {
			t.Errorf("as text %q does not read %q", s, want)
		}
	})
}

// clean is what of a string may stand in a document.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7F || forbidden(r) {
			return -1
		}
		return r
	}, s)
}
