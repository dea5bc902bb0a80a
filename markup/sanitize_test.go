package markup

import (
	"encoding/base64"
	"encoding/xml"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/datelinehq/dateline/archtest/corpora"
)

// TestSanitizeCorpus reads every hostile feed as the HTML in each of its elements, as their inner markup, and as
// a whole, and looks at what could come out.
func TestSanitizeCorpus(t *testing.T) {
	root := corpora.Dir(t, "sanitize")
	files, strs, withWords := 0, 0, 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, src := range htmlStrings(raw) {
			strs++
			n, _ := FromHTML(src, HTMLOptions{})
			if problem := harm(n); problem != "" {
				t.Errorf("%s: %s\nfrom %.300q", filepath.Base(path), problem, src)
			}
			if len(n.Content) > 0 {
				withWords++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	corpora.Read(t, files, "sanitize")
	t.Logf("%d pieces of HTML, %d of them with something for readers", strs, withWords)
	if strs < 3*files || withWords < files {
		t.Errorf("too little was read: %d pieces of %d files, %d with words", strs, files, withWords)
	}
}

// htmlStrings gives all that a lenient feed reader could take for HTML.
func htmlStrings(raw []byte) []string {
	out := []string{string(raw)}
	dec := xml.NewDecoder(strings.NewReader(string(raw)))
	dec.Strict = false
	dec.Entity = xml.HTMLEntity
	type open struct {
		text   strings.Builder
		from   int64
		base64 bool
	}
	var stack []*open
	for {
		before := dec.InputOffset()
		token, err := dec.Token()
		if err != nil {
			break
		}
		switch token := token.(type) {
		case xml.StartElement:
			o := &open{from: dec.InputOffset()}
			for _, a := range token.Attr {
				out = append(out, a.Value)
				o.base64 = o.base64 || a.Value == "base64"
			}
			stack = append(stack, o)
		case xml.CharData:
			for _, o := range stack {
				o.text.Write(token)
			}
		case xml.EndElement:
			if len(stack) == 0 {
				continue
			}
			o := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			out = append(out, o.text.String(), string(raw[o.from:max(o.from, before)]), html.UnescapeString(o.text.String()))
			if decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(o.text.String())); o.base64 && err == nil {
				out = append(out, string(decoded))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// harm says what a document holds that no reader's page may, or nothing.
func harm(n Node) (problem string) {
	if err := Validate(n); err != nil {
		return err.Error()
	}
	Walk(n, func(n Node) bool {
		for _, m := range n.Marks {
			if m.Attrs != nil && badScheme(m.Attrs.Href) {
				problem = "link to " + m.Attrs.Href
			}
		}
		if badScheme(attrsOf(n).URL) || badScheme(attrsOf(n).Picture) {
			problem = "address in " + string(n.Type)
		}
		return true
	})
	if problem != "" {
		return problem
	}
	return badPage(writeHTML(n), runs(n))
}

// badScheme looks at an address as a forgiving browser would.
func badScheme(address string) bool {
	scheme, _, found := strings.Cut(strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f {
			return -1
		}
		return r
	}, strings.ToLower(address)), ":")
	if !found || strings.ContainsAny(scheme, "/?#") {
		return strings.HasPrefix(address, "//") || strings.Contains(address, `\`)
	}
	return !slices.Contains([]string{"http", "https", "mailto", "tel"}, scheme)
}

// The tags of the tests' own writer of HTML, and the only attributes it writes.
var (
	blockTags = map[Type]string{
		TypeDoc: "main", TypeParagraph: "p", TypeHeading: "h2", TypeBulletList: "ul", TypeOrderedList: "ol", TypeListItem: "li",
		TypeQuote: "blockquote", TypePullQuote: "aside", TypeFigure: "figure", TypeGallery: "section", TypeTable: "table",
		TypeTableRow: "tr", TypeTableCell: "td", TypeFactBox: "article", TypeEmbed: "div", TypeCode: "pre", TypeRule: "hr",
	}
	markTags = map[MarkType]string{
		MarkStrong: "strong", MarkEm: "em", MarkCode: "code", MarkStrike: "s", MarkSub: "sub", MarkSup: "sup", MarkLink: "a", MarkLang: "span",
	}
)

func writeHTML(n Node) string {
	var b strings.Builder
	write(&b, n)
	return b.String()
}

func write(b *strings.Builder, n Node) {
	switch n.Type {
	case TypeText:
		for _, m := range n.Marks {
			writeTag(b, markTags[m.Type], m.Attrs)
		}
		b.WriteString(html.EscapeString(n.Text))
		for _, m := range slices.Backward(n.Marks) {
			b.WriteString("</" + markTags[m.Type] + ">")
		}
		return
	case TypeBreak:
		b.WriteString("<br>")
		return
	}
	writeTag(b, blockTags[n.Type], n.Attrs)
	for _, child := range n.Content {
		write(b, child)
	}
	if n.Type != TypeRule {
		b.WriteString("</" + blockTags[n.Type] + ">")
	}
}

func writeTag(b *strings.Builder, tag string, a *Attrs) {
	b.WriteString("<" + tag)
	if a != nil {
		for _, f := range attrFields {
			if f.text != nil && f.set(a) {
				b.WriteString(" data-" + f.name + `="` + html.EscapeString(*f.text(a)) + `"`)
			}
		}
	}
	b.WriteString(">")
}

// badPage reads HTML again, token by token, and says what is in it that the writer did not mean: a foreign
// element, a foreign attribute, or other words than the document's.
func badPage(page, words string) string {
	tags := []string{"br"}
	for _, tag := range blockTags {
		tags = append(tags, tag)
	}
	for _, tag := range markTags {
		tags = append(tags, tag)
	}
	var text strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if got := text.String(); got != words {
				return "the page says " + got + ", the document " + words
			}
			return ""
		case html.TextToken:
			text.WriteString(z.Token().Data)
		case html.CommentToken, html.DoctypeToken:
			return "a comment or doctype came out"
		default:
			token := z.Token()
			if !slices.Contains(tags, token.Data) {
				return "the element " + token.Data + " came out"
			}
			for _, a := range token.Attr {
				if !slices.ContainsFunc(attrFields, func(f attrField) bool { return a.Key == "data-"+f.name }) {
					return "the attribute " + a.Key + " came out"
				}
			}
		}
	}
}

// runs joins the text of all runs.
func runs(n Node) string {
	var b strings.Builder
	Walk(n, func(n Node) bool {
		b.WriteString(n.Text)
		return true
	})
	return b.String()
}

// TestHarmFindsHarm shows that the check above can fail.
func TestHarmFindsHarm(t *testing.T) {
	for _, address := range []string{"javascript:x", "java\tscript:x", "data:,", "//x", `/\x`, " VBScript:x"} {
		if !badScheme(address) {
			t.Errorf("%q passed", address)
		}
	}
	for _, page := range []string{"<script>", "<p onclick=x>", "<p style=x>", "<!-- -->", "<p>more words", "<img src=x>"} {
		if badPage(page, "") == "" {
			t.Errorf("%q passed", page)
		}
	}
	if problem := badPage(writeHTML(everyBlock()), runs(everyBlock())); problem != "" {
		t.Error(problem)
	}
}

func FuzzFromHTML(f *testing.F) {
	for _, s := range []string{
		"", "<p>a<br><br>b", "<ul><li>a<ul><li>b", "<table><tr><td>a<td colspan=2>b", "<a href='java\nscript:x'>a", "<figure><img src=/x><figcaption>c",
		"<blockquote>a<footer>b", "<aside><h2>a</h2>b", "<svg><style><img onerror=x>", "<math><mi><table><a>", "<pre>\n a", "\u202e\x00\xff", "<select><template><p>",
		"<figure data-picture=a data-credit=b>", "<iframe src=//www.youtube.com/embed/a>", "<p lang=fr>a<i lang=x-y>b", "<table><caption><table><tr><td>", "<h1><ul><li><figure><table>",
	} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, src string, house bool) {
		n, _ := FromHTML(src, goldenOptions(house))
		if problem := harm(n); problem != "" {
			t.Fatal(problem)
		}
		out, err := n.JSON()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseJSON(out)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := back.JSON(); string(again) != string(out) {
			t.Fatalf("not normalised:\n%s\n%s", out, again)
		}
	})
}
