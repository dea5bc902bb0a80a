package search

import (
	"slices"
	"testing"
)

// What a reader of each language types finds what a text of it says, and is marked there.
func TestForms(t *testing.T) {
	for _, x := range []struct{ asked, text string }{
		{"election", "Three elections in a row"},
		{"elections", "An election"},
		{"city", "Two cities"},
		{"ferries", "The ferry sails"},
		{"Wahl", "Die Wahlen im Herbst"},
		{"Wahlen", "Nach der Wahl"},
		{"Mueller", "Frau Müller spricht"},
		{"Muenchen", "in München"},
		{"strasse", "auf der Straße"},
		{"elección", "las elecciones generales"},
		{"elecciones", "una ELECCION"},
		{"nino", "El niño"},
		{"हिंदी", "हिन्दी में"},
		{"हिन्दी", "हिंदी में"},
		{"बाजार", "बाज़ार बंद"},
		{"फ़िल्म", "नई फिल्म"},
		{"चुनाव", "चुनावों में"},
		{"लड़के", "एक लड़का"},
		{"नदी", "नदियों का पानी"},
		{"चाँद", "चांद पर"},
		{"كتاب", "قرأت الكتاب"},
		{"الكتاب", "هذا كتاب"},
		{"مدينة", "في المدينه"},
		{"الانتخابات", "نتائج الإنتخابات"},
		{"سلام", "ســلام"},
		{"北京", "他在北京工作"},
		{"和平谈判", "双方的和平谈判开始"},
	} {
		if q := ParseQuery(x.asked); len(Mark(x.text, q)) == 0 {
			t.Errorf("%q does not find %q: tokens %v, forms %v, text %v", x.asked, x.text, q.Terms, q.Terms[0].Forms(), Tokens(nil, x.text))
		}
	}
	for _, x := range []struct{ asked, text string }{
		{`"election"`, "Three elections in a row"}, // quoted: as it stands
		{"pass", "the pas of it"},
		{"बदल", "बादल"},
		{"京北", "北京"},
		{"العام", "كلام"},
	} {
		if q := ParseQuery(x.asked); len(Mark(x.text, q)) > 0 {
			t.Errorf("%q finds %q", x.asked, x.text)
		}
	}
}

// Forms are few, none is the word itself, and the same come each time.
func FuzzForms(f *testing.F) {
	for _, s := range []string{"election", "हिन्दी", "الكتاب", "北京", "ies", "ें", "ال"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, term := range ParseQuery(text).Terms {
			forms := term.Forms()
			if len(forms) > mostForms || slices.Contains(forms, term.Tokens[0]) || !slices.Equal(forms, term.Forms()) {
				t.Errorf("%q has the forms %q", term.Tokens, forms)
			}
			for _, form := range forms {
				if len(form) == 0 || len(form) > MaxToken {
					t.Errorf("%q is no token", form)
				}
			}
		}
	})
}
