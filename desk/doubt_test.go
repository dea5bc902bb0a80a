package desk

import (
	"slices"
	"testing"
	"unicode"

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

// TestHardDoubts: what looks like a change and is none, and what does not look like one and is.
func TestHardDoubts(t *testing.T) {
	number, name, quotation := DoubtNumber, DoubtName, DoubtQuotation
	for what, c := range map[string]struct {
		before, after string
		want          []DoubtKind
	}{
		"a number in words":                 {"The ferry has fourteen cabins.", "The ferry has eleven cabins.", []DoubtKind{number}},
		"joined numbers in words":           {"She is twenty-one now.", "She is twenty-two now.", []DoubtKind{number}},
		"the same number in digits":         {"The ferry has fourteen cabins.", "The ferry has 14 cabins.", nil},
		"grouped thousands":                 {"It cost 14000 rupees.", "It cost 14,000 rupees.", nil},
		"grouped as in India":               {"It cost 1400000 rupees.", "It cost 14,00,000 rupees.", nil},
		"a decimal point":                   {"It rose by 1.4 metres.", "It rose by 14 metres.", []DoubtKind{number}},
		"one that is no number":             {"One of them left.", "Some of them left.", nil},
		"one that is a number":              {"One boat sank.", "Two boats sank.", []DoubtKind{number}},
		"an ordinal":                        {"It was the second strike.", "It was the third strike.", []DoubtKind{number}},
		"million and billion":               {"It cost 4 million.", "It cost 4 billion.", []DoubtKind{number}},
		"lakh and crore":                    {"It cost 4 lakh.", "It cost 4 crore.", []DoubtKind{number}},
		"another currency":                  {"It cost $14 a day.", "It cost €14 a day.", []DoubtKind{number}},
		"a currency in letters":             {"It cost Rs 14 a day.", "It cost ₹14 a day.", nil},
		"a per cent that went":              {"It rose by 14%.", "It rose by 14.", []DoubtKind{number}},
		"a per cent in words":               {"It rose by 14%.", "It rose by 14 per cent.", nil},
		"a sign":                            {"It was -4 degrees.", "It was 4 degrees.", []DoubtKind{number}},
		"another order":                     {"14 of 20 boats left.", "20 of 14 boats left.", []DoubtKind{number}},
		"Devanagari digits of one number":   {"कुल १४ नावें", "कुल 14 नावें", nil},
		"Devanagari digits":                 {"कुल १४ नावें", "कुल १५ नावें", []DoubtKind{number}},
		"Hindi number words":                {"कुल चौदह नावें डूबीं", "कुल ग्यारह नावें डूबीं", []DoubtKind{number}},
		"Hindi words and digits":            {"कुल चौदह नावें डूबीं", "कुल १४ नावें डूबीं", nil},
		"a Hindi article":                   {"एक नाव डूबी", "नाव डूबी", nil},
		"Hindi per cent":                    {"१४ प्रतिशत बढ़ा", "14% बढ़ा", nil},
		"Arabic digits of one number":       {"غرق ١٤ قاربا", "غرق 14 قاربا", nil},
		"Arabic digits":                     {"غرق ١٤ قاربا", "غرق ١١ قاربا", []DoubtKind{number}},
		"Arabic decimals":                   {"ارتفع ١٫٤ متر", "ارتفع 1.4 متر", nil},
		"a date's day":                      {"It sails on 3 July again.", "It sails on 4 July again.", []DoubtKind{number}},
		"a date's month":                    {"It sails on 3 July again.", "It sails on 3 June again.", []DoubtKind{name}},
		"a date's form":                     {"It sails on 3 July again.", "It sails on July 3 again.", nil},
		"a weekday":                         {"It sails on Monday again.", "It sails on Tuesday again.", []DoubtKind{name}},
		"a weekday in Hindi":                {"नाव सोमवार को चलेगी", "नाव मंगलवार को चलेगी", []DoubtKind{name}},
		"a month in Arabic":                 {"تبحر في يوليو", "تبحر في يونيو", []DoubtKind{name}},
		"a name that begins a sentence":     {"Mora is closed. Boats for Mora wait.", "Sella is closed. Boats for Mora wait.", []DoubtKind{name}},
		"two names that begin one":          {"Nalini Okar went. All left.", "Ravi Okar went. All left.", []DoubtKind{name}},
		"one that owns":                     {"Mora’s harbour is closed.", "Sella’s harbour is closed.", []DoubtKind{name}},
		"a possessive":                      {"The harbour of Mora is closed, Mora said.", "The harbour of Mora is closed, Mora’s said.", nil},
		"a word that begins a sentence":     {"Boats left. All went well.", "Ships left. All went well.", nil},
		"an article before a name":          {"The Estuary said so.", "An Estuary said so.", nil},
		"a quotation's punctuation":         {"He said “we go on” and left.", "He said “We go on!” and left.", nil},
		"other quotation marks":             {"He said \"we go on\" and left.", "He said “we go on” and left.", nil},
		"single quotation marks":            {"He said ‘we don’t go on’ and left.", "He said ‘we don’t stop’ and left.", []DoubtKind{quotation}},
		"an apostrophe":                     {"The boat’s crew isn’t here.", "The boats’ crew isn’t here.", nil},
		"a quotation that is none any more": {"He said “we go on” and left.", "He said we go on and left.", []DoubtKind{quotation}},
		"a Hindi quotation":                 {"उन्होंने कहा “हम चलेंगे”।", "उन्होंने कहा “हम रुकेंगे”।", []DoubtKind{quotation}},
	} {
		was, is := body(c.before), body(c.after)
		got := doubts(&Comparison{Body: markup.Diff(was, is)}, c.before, c.after)
		var kinds []DoubtKind
		for _, d := range got {
			kinds = append(kinds, d.Kind)
		}
		if !slices.Equal(kinds, c.want) {
			t.Errorf("%s: %+v, not %v", what, got, c.want)
		}
	}
}

func TestDigitsOfEveryScript(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if unicode.IsDigit(r) && (digit(r) < 0 || digit(r) > 9) {
			t.Fatalf("%q is %d", r, digit(r))
		}
	}
	for written, want := range map[string]string{"१९४७": "1947", "١٤٬٠٠٠": "14000", "𝟗𝟎": "90", "௧௨": "12", "9,99": "999", "1,5": "1,5", "−4": "-4"} {
		if got := digits(written); got != want {
			t.Errorf("%s is %s, not %s", written, got, want)
		}
	}
}

// TestWhatANoteIsMadeOf: the change that matters is proposed, not the first.
func TestWhatANoteIsMadeOf(t *testing.T) {
	for what, c := range map[string]struct {
		before, after []string
		headline      [2]string
		changed, was  string
		about         DoubtKind
	}{
		"a number": {[]string{"Nothing here.", "The order is out. The line runs 14 miles from Mora. Boats stay."}, []string{"Nothing here.", "The order is out. The line runs 11 miles from Mora. Boats stay."},
			[2]string{}, "The line runs 11 miles from Mora.", "14", DoubtNumber},
		"a number after a comma": {[]string{"Late, they came.", "It has 14 cabins."}, []string{"Late they came again.", "It has 11 cabins."}, [2]string{}, "It has 11 cabins.", "14", DoubtNumber},
		"a name":                 {[]string{"The boat left Mora at dawn."}, []string{"The boat left Sella at dawn."}, [2]string{}, "The boat left Sella at dawn.", "Mora", DoubtName},
		"a quotation":            {[]string{"He said: “We go on.” Then he left."}, []string{"He said: “We stop.” Then he left."}, [2]string{}, "He said: “We stop.”", "We go on", DoubtQuotation},
		"the headline":           {[]string{"As it was."}, []string{"As it was."}, [2]string{"Line moves", "Line stays"}, "Line stays", "Line moves", DoubtHeadline},
		"what is new":            {[]string{"One."}, []string{"One.", "A second paragraph came. It is long."}, [2]string{}, "A second paragraph came.", "", ""},
		"what went":              {[]string{"One.", "He was seen there. It rained."}, []string{"One."}, [2]string{}, "", "He was seen there.", ""},
		"Hindi":                  {[]string{"नाव आई। उसमें १४ केबिन हैं। लोग ख़ुश हैं।"}, []string{"नाव आई। उसमें ११ केबिन हैं। लोग ख़ुश हैं।"}, [2]string{}, "उसमें ११ केबिन हैं।", "१४", DoubtNumber},
	} {
		d := &Comparison{Headline: markup.DiffText(c.headline[0], c.headline[1]), Body: markup.Diff(body(c.before...), body(c.after...))}
		d.Doubts = doubts(d)
		d.summary()
		if d.Changed != c.changed || d.Was != c.was || d.About != c.about {
			t.Errorf("%s: %q, %q, %q", what, d.Changed, d.Was, d.About)
		}
	}
}
