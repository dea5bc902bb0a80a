package desk

import (
	"slices"
	"testing"

	"github.com/datelinehq/dateline/markup"
)

func body(paragraphs ...string) markup.Node {
	doc := markup.Node{Type: markup.TypeDoc}
	for _, p := range paragraphs {
		doc.Content = append(doc.Content, markup.Node{Type: markup.TypeParagraph, Content: []markup.Node{{Type: markup.TypeText, Text: p}}})
	}
	return doc
}

func TestDoubts(t *testing.T) {
	const line = "The line now runs 14 nautical miles from the lighthouse on Mora. Boats may not pass it."
	for name, c := range map[string]struct {
		before, after string
		headline      [2]string
		want          []DoubtKind
	}{
		"spelling":               {line, "The line now runs 14 nautical miles from the lighthouse on Mora. Boats must not pass it.", [2]string{}, nil},
		"a comma":                {line, "The line now runs 14 nautical miles, from the lighthouse on Mora. Boats may not pass it.", [2]string{}, nil},
		"a number":               {line, "The line now runs 11 nautical miles from the lighthouse on Mora. Boats may not pass it.", [2]string{}, []DoubtKind{DoubtNumber}},
		"a name":                 {line, "The line now runs 14 nautical miles from the lighthouse on Sella. Boats may not pass it.", [2]string{}, []DoubtKind{DoubtName}},
		"a sentence's beginning": {line, "The line now runs 14 nautical miles from the lighthouse on Mora. Ships may not pass it.", [2]string{}, nil},
		"a quotation":            {"He said “we go on” and left.", "He said “we stop” and left.", [2]string{}, []DoubtKind{DoubtQuotation}},
		"the headline":           {line, line, [2]string{"Line moves", "Line stays"}, []DoubtKind{DoubtHeadline}},
		"the headline's dash":    {line, line, [2]string{"Line moves - again", "Line moves – again"}, nil},
		"digits of Hindi":        {"कुल १४ नावें", "कुल ११ नावें", [2]string{}, []DoubtKind{DoubtNumber}},
	} {
		got := doubts(&Comparison{Headline: markup.DiffText(c.headline[0], c.headline[1]), Body: markup.Diff(body(c.before), body(c.after))})
		var kinds []DoubtKind
		for _, d := range got {
			kinds = append(kinds, d.Kind)
		}
		if !slices.Equal(kinds, c.want) {
			t.Errorf("%s: %v, not %v", name, got, c.want)
		}
	}
}

func TestFirstChange(t *testing.T) {
	c := &Comparison{Body: markup.Diff(
		body("Nothing here.", "The order is out. The line runs 14 miles from Mora. Boats stay."),
		body("Nothing here.", "The order is out. The line runs 11 miles from Mora. Boats stay."))}
	sentence, was := firstChange(c)
	if sentence != "The line runs 11 miles from Mora." || was != "14" {
		t.Errorf("%q, %q", sentence, was)
	}
	c = &Comparison{Body: markup.Diff(body("One."), body("One.", "A second paragraph came. It is long."))}
	if sentence, was := firstChange(c); sentence != "A second paragraph came." || was != "" {
		t.Errorf("%q, %q", sentence, was)
	}
}
