package desk

import (
	"encoding/json"
	"testing"
)

// TestWordsAreFoundInJSON: what is kept as JSON says "Marks & Hall" with escapes, and holds it all the same.
func TestWordsAreFoundInJSON(t *testing.T) {
	for _, words := range []string{"Marks & Hall", `the "Heron"`, `C:\boats`, "a<b>c"} {
		raw, err := json.Marshal(map[string]string{"headline": "Of " + words + " and others"})
		if err != nil {
			t.Fatal(err)
		}
		if w := NewWords(words); !w.In(string(raw)) || !w.In("Of "+words) {
			t.Errorf("%s is not found in %s", words, raw)
		}
	}
	if NewWords("Marks & Spencer").In(`{"headline":"Marks \u0026 Hall"}`) {
		t.Error("other words are found")
	}
}

// TestWordsAreFoundWithinABlock: a part in italics hides no word, and two paragraphs make none together.
func TestWordsAreFoundWithinABlock(t *testing.T) {
	w := NewWords("quixwortle")
	italics := `{"body":{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"Quix","marks":[{"type":"em"}]},{"type":"text","text":"wortle."}]}]}}`
	apart := `{"body":{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"It was Quix","marks":[{"type":"em"}]}]},` +
		`{"type":"paragraph","content":[{"type":"text","text":"wortle."}]}]},"events":[{"text":"Of quix"},{"text":"wortle"}]}`
	if !w.InText(italics) || w.InText(apart) {
		t.Errorf("found in italics: %v, across paragraphs: %v", w.InText(italics), w.InText(apart))
	}
}
