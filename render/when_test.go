package render

import (
	"testing"

	"github.com/datelinehq/dateline"
)

func TestDatesComeBackFromWordsInEveryLanguage(t *testing.T) {
	for _, c := range catalogues {
		for i, p := range partsOf(2028) {
			if p.Precision == dateline.ByDay && i%5 != 0 {
				continue // every fifth day is enough
			}
			w := p.When()
			words := c.When(w)
			if back, ok := c.ParseWhen("  " + words + " "); !ok || back != w {
				t.Errorf("%s: %s is %q, which is read as %q", c.Language, w, words, back)
			}
		}
		if _, ok := c.ParseWhen("soon, perhaps in 2028"); ok {
			t.Errorf("%s reads what is no date", c.Language)
		}
	}
	for words, want := range map[string]dateline.When{"4 July 2026": "2026-07-04", "saturday 4 JULY 2026": "2026-07-04", "Second week of July 2026": "2026-07-W2",
		"last week of February 2026": "2026-02-W5", "Autumn 2026": "2026-23", "July 2026": "2026-07", "2026": "2026", "2026-22": "2026-22"} {
		if got, ok := english.ParseWhen(words); !ok || got != want {
			t.Errorf("%q is read as %q, want %q", words, got, want)
		}
	}
	for c, want := range map[*Catalogue]string{&english: "Second week of July 2026", &hindi: "जुलाई 2026 का दूसरा सप्ताह", &arabic: "الأسبوع الثاني من " + arabic.Months[6] + " 2026"} {
		if got := c.When("2026-07-W2"); got != want {
			t.Errorf("%s words it as %q", c.Language, got)
		}
	}
}
