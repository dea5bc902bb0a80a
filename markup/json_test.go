package markup

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseJSONRefuses(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", ``, `document: the JSON ends early at byte 0`},
		{"null", `null`, `type: "" is not "doc", which the root must be`},
		{"array", `[]`, `document: is an array where an object must stand`},
		{"half", `{"type":"doc","content":[`, `content: the JSON ends early at byte 25`},
		{"trailing", `{"type":"doc"}{}`, `document: something follows the document at byte 15; send one document`},
		{"trailing rubbish", `{"type":"doc"}x`, `document: something follows the document at byte 14; send one document`},
		{"unknown field", `{"type":"doc","html":"<b>"}`, `html: no such field; a node has type, text, attrs, content and marks`},
		{"other case", `{"Type":"doc"}`, `Type: no such field; a node has type, text, attrs, content and marks`},
		{"twice", `{"type":"doc","type":"doc"}`, `type: stands twice`},
		{"unknown attribute", `{"type":"doc","content":[{"type":"paragraph","attrs":{"style":"x"}}]}`, `content[0].attrs.style: no such attribute`},
		{"field of a mark", `{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"a","marks":[{"type":"em","x":1}]}]}]}`, `content[0].content[0].marks[0].x: no such field; a mark has type and attrs`},
		{"number for text", `{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":5}]}]}`, `content[0].content[0].text: is a number where text must stand`},
		{"text for number", `{"type":"doc","content":[{"type":"heading","attrs":{"level":"2"}}]}`, `content[0].attrs.level: is text where a whole number must stand`},
		{"fraction", `{"type":"doc","content":[{"type":"heading","attrs":{"level":2.0}}]}`, `content[0].attrs.level: 2.0 is not a whole number within range`},
		{"huge number", `{"type":"doc","content":[{"type":"heading","attrs":{"level":99999999999999999999}}]}`, `content[0].attrs.level: 99999999999999999999 is not a whole number within range`},
		{"text for flag", `{"type":"doc","content":[{"type":"table","content":[{"type":"table_row","content":[{"type":"table_cell","attrs":{"header":"yes"}}]}]}]}`, `content[0].content[0].content[0].attrs.header: is text where true or false must stand`},
		{"object for array", `{"type":"doc","content":{}}`, `content: is an object where an array must stand`},
		{"escaped nul", `{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"a\u0000"}]}]}`, `content[0].content[0].text: has the control character U+0000 at byte 1`},
		{"not UTF-8", "{\"type\":\"doc\xff\"}", `document: is not UTF-8`},
		{"too deep", strings.Repeat(`{"content":[`, 5000), strings.Repeat("content[0].", 15) + `content[0]: nested deeper than 16 levels`},
		{"too many marks", `{"type":"doc","content":[{"type":"text","text":"a","marks":[` + strings.Repeat(`{"type":"em"},`, 20) + `{}]}]}`, `content[0].marks[11]: more marks than there are kinds of mark`},
		{"too many nodes", `{"type":"doc","content":[` + strings.Repeat(`{},`, MaxNodes) + `{}]}`, `content[19999]: the document has more than 20000 nodes`},
		{"too large", `{"type":"` + strings.Repeat("a", MaxJSON) + `"}`, `document: has 8388619 bytes of JSON, over the limit of 8388608`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseJSON([]byte(tt.in))
			if err == nil {
				t.Fatal("was accepted")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseJSONTakesNullForUnset(t *testing.T) {
	got, err := ParseJSON([]byte(`{"type":"doc","attrs":null,"content":[{"type":"quote","attrs":{"speaker":null,"name":"Ann","role":null},
		"content":[{"type":"paragraph","marks":null,"content":[{"type":"text","text":" a "}]}]},{"type":"paragraph","content":null}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(doc(with(Attrs{Name: "Ann"}, TypeQuote, p("a"))), got); diff != "" {
		t.Error(diff)
	}
}

func TestJSON(t *testing.T) {
	n := doc(with(Attrs{Level: 2}, TypeHeading, txt("<b>&\"\u2028", linkTo("/a?b&c"), strong)))
	got, err := n.JSON()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"content":[{"attrs":{"level":2},"content":[{"marks":[{"attrs":{"href":"/a?b&c"},"type":"link"},{"type":"strong"}],"text":"<b>&\"\u2028","type":"text"}],"type":"heading"}],"type":"doc"}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	if _, err := p("a").JSON(); err == nil {
		t.Error("a paragraph was encoded as a document")
	}
}

func TestRoundTrip(t *testing.T) {
	check := func(n Node) {
		t.Helper()
		first, err := n.JSON()
		if err != nil {
			t.Fatal(err)
		}
		read, err := ParseJSON(first)
		if err != nil {
			t.Fatalf("%v in %s", err, first)
		}
		if want := Normalise(n); !reflect.DeepEqual(want, read) {
			t.Fatalf("Normalise gives\n%+v\nand reading\n%+v", want, read)
		}
		second, err := read.JSON()
		if err != nil {
			t.Fatalf("normalised, it is no longer valid: %v", err)
		}
		third, err := ParseJSON(second)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := third.JSON(); !bytes.Equal(second, again) {
			t.Fatalf("not one form:\n%s\n%s", second, again)
		}
		if changes := Diff(n, read); len(read.Content) > 0 && (len(changes) != 1 || changes[0].Kind != Same) {
			t.Fatalf("a document differs from itself: %v", changes)
		}
	}
	check(everyBlock())
	for seed := range uint64(400) {
		check(randomDoc(rand.New(rand.NewPCG(seed, 1))))
	}
}

// randomDoc makes a document that is valid by the schema's table and often not normalised.
func randomDoc(r *rand.Rand) Node { return randomNode(r, TypeDoc, 1) }

func randomNode(r *rand.Rand, t Type, depth int) Node {
	line := schema[t]
	n := Node{Type: t, Attrs: randomAttrs(r, line.attrs, line.needs)}
	if line.text {
		words := []string{"a", " ", "दिल ", "b\tc", "\u00a0", "<script>", "\n", "😀", "x  y "}
		n.Text = words[r.IntN(len(words))] + words[r.IntN(len(words))]
	}
	if line.marks {
		for mark, m := range markSchema {
			if !m.private && r.IntN(5) == 0 {
				n.Marks = append(n.Marks, Mark{Type: mark, Attrs: randomAttrs(r, m.needs, m.needs)})
			}
		}
	}
	if depth >= MaxDepth || len(line.content) == 0 {
		return n
	}
	most := max(2, 6-depth)
	if line.one {
		most = 1
	}
	for range r.IntN(most + 1) {
		child := randomNode(r, line.content[r.IntN(len(line.content))], depth+1)
		if line.bare {
			child.Content = nil
		}
		if line.plain {
			child.Marks = nil
		}
		n.Content = append(n.Content, child)
	}
	return n
}

func randomAttrs(r *rand.Rand, allowed, needs attr) *Attrs {
	a := &Attrs{}
	for _, f := range attrFields {
		if allowed&f.bit == 0 || needs&f.bit == 0 && r.IntN(2) == 0 {
			continue
		}
		switch {
		case f.bit == attrHref:
			a.Href = []string{"/x", "#y", "https://example.org/", "mailto:a@b"}[r.IntN(4)]
		case f.bit == attrLang:
			a.Lang = []string{"hi", "pt-BR"}[r.IntN(2)]
		case f.bit == attrProvider:
			a.Provider = "vimeo"
		case f.bit == attrURL:
			a.URL = "https://vimeo.com/1"
		case f.bit == attrPicture || f.bit == attrSpeaker:
			*f.text(a) = "id-1"
		case f.text != nil:
			*f.text(a) = []string{"words", " more \n words ", "\u00a0"}[r.IntN(3)]
		case f.bit == attrLevel:
			a.Level = 2 + r.IntN(3)
		case f.number != nil:
			*f.number(a) = 1 + r.IntN(3)
		default:
			*f.flag(a) = true
		}
	}
	return a
}

func FuzzParseJSON(f *testing.F) {
	all, err := everyBlock().JSON()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(all)
	for _, s := range []string{`{"type":"doc"}`, `{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"\ud800"}]}]}`, `[[[[`, `{"a":{"a":`, `null`, `{"type":"doc","attrs":{"level":1e9}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		n, err := ParseJSON(src)
		if err != nil {
			return
		}
		out, err := n.JSON()
		if err != nil {
			t.Fatalf("read, but not valid: %v", err)
		}
		again, err := ParseJSON(out)
		if err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		if !reflect.DeepEqual(n, again) {
			t.Fatalf("read as\n%+v\nand again as\n%+v", n, again)
		}
	})
}
