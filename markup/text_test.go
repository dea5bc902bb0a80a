package markup

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParagraphs(t *testing.T) {
	want := []string{
		"a\nb", "h", "a", "b", "c", "q", "q", "pull", "caption", "c", "t", "x", "box", "f", "g", "i", " a\n\tb",
	}
	if diff := cmp.Diff(want, Paragraphs(everyBlock())); diff != "" {
		t.Error(diff)
	}
	if got, want := Text(doc(p("a"), p("b"))), "a\n\nb"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWords(t *testing.T) {
	tests := map[string]int{
		"":                               0,
		"— … !":                          0,
		"one":                            1,
		"don't stop, re-read 3,000 e.g.": 5,
		"दिल्ली में वार्ता": 3,
		"الْكِتَاب جديد":    2,
		"新华社 GDP":           4,
		"カタカナ":              4,
		"한국어 뉴스":            2,
		"a\nb\tc":           3,
	}
	for text, want := range tests {
		if got := words(text); got != want {
			t.Errorf("%q: %d words, want %d", text, got, want)
		}
	}
	if got := Words(doc(p("one two"), block(TypeBulletList, item(p("three"))))); got != 3 {
		t.Errorf("got %d", got)
	}
}

func TestFromText(t *testing.T) {
	tests := []struct {
		name, in string
		want     Node
	}{
		{"nothing", " \n\n ", doc()},
		{"paragraphs", "a\n\n\n b \n\t\nc", doc(p("a"), p("b"), p("c"))},
		{"lines", "a\r\nb\rc", doc(block(TypeParagraph, txt("a"), block(TypeBreak), txt("b"), block(TypeBreak), txt("c")))},
		{"markup is words", "<b>a</b>", doc(p("<b>a</b>"))},
		{"what no document holds", "a\x00\u202eb\xff\ufeff", doc(p("ab\uFFFD"))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := FromText(tt.in)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if err := Validate(got); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(got, FromText(Text(got))); diff != "" {
				t.Errorf("its text reads otherwise: %s", diff)
			}
		})
	}
}

func TestFromTextIsBounded(t *testing.T) {
	for name, in := range map[string]string{"paragraphs": strings.Repeat("a\n\n", 50_000), "lines": strings.Repeat("a\n", 50_000), "one": strings.Repeat("a", 5<<20)} {
		if err := Validate(FromText(in)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPicturesAndSpeakers(t *testing.T) {
	if diff := cmp.Diff([]string{"p1", "p2"}, Pictures(everyBlock())); diff != "" {
		t.Error(diff)
	}
	n := doc(with(Attrs{Speaker: "b"}, TypeQuote, p("q")), with(Attrs{Name: "x"}, TypeQuote, p("q")), with(Attrs{Speaker: "a"}, TypeQuote, p("q")), with(Attrs{Speaker: "b"}, TypeQuote, p("q")))
	if diff := cmp.Diff([]string{"b", "a"}, Speakers(n)); diff != "" {
		t.Error(diff)
	}
}

func TestWalkPassesOver(t *testing.T) {
	var seen []Type
	Walk(doc(block(TypeBulletList, item(p("a"))), p("b")), func(n Node) bool {
		seen = append(seen, n.Type)
		return n.Type != TypeBulletList
	})
	if diff := cmp.Diff([]Type{TypeDoc, TypeBulletList, TypeParagraph, TypeText}, seen); diff != "" {
		t.Error(diff)
	}
}
