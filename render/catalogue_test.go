package render

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
)

var catalogues = []*Catalogue{&english, &hindi, &arabic}

// mayBeEmpty are words that a language can do without: Hindi and Arabic put nothing before a byline.
var mayBeEmpty = []string{"By", "Zones"}

// TestCataloguesAreComplete asks of each language every word that there is in English.
func TestCataloguesAreComplete(t *testing.T) {
	want := reflect.ValueOf(english)
	for _, c := range catalogues {
		got := reflect.ValueOf(*c)
		for i := range want.NumField() {
			field := want.Type().Field(i)
			if !field.IsExported() || slices.Contains(mayBeEmpty, field.Name) {
				continue
			}
			checkComplete(t, c, field.Name, want.Field(i), got.Field(i))
		}
	}
}

func checkComplete(t *testing.T, c *Catalogue, name string, want, got reflect.Value) {
	t.Helper()
	switch want.Kind() {
	case reflect.String:
		checkPlaces(t, c, name, want.String(), got.String())
	case reflect.Array, reflect.Slice:
		for i := range got.Len() {
			checkPlaces(t, c, name, want.Index(0).String(), got.Index(i).String())
		}
	case reflect.Map:
		for _, key := range want.MapKeys() {
			value := got.MapIndex(key)
			if !value.IsValid() {
				t.Errorf("%s: %s has nothing for %v", c.Language, name, key)
				continue
			}
			checkComplete(t, c, name+"."+key.String(), want.MapIndex(key), value)
		}
	case reflect.Struct:
		if want.Type() != reflect.TypeFor[Plural]() {
			for i := range want.NumField() {
				checkComplete(t, c, name+"."+want.Type().Field(i).Name, want.Field(i), got.Field(i))
			}
			return
		}
		checkPlural(t, c, name, want.Interface().(Plural), got.Interface().(Plural))
	}
}

// checkPlaces asks for words, and for the same places in braces and brackets as in English.
func checkPlaces(t *testing.T, c *Catalogue, name, want, got string) {
	t.Helper()
	if got == "" {
		t.Errorf("%s: %s is empty", c.Language, name)
	}
	if strings.Contains(want, "[") != strings.Contains(got, "[") || strings.Contains(got, "[") != strings.Contains(got, "]") {
		t.Errorf("%s: %s links otherwise than in English: %q", c.Language, name, got)
	}
	for _, place := range []string{"{date}", "{time}", "{city}", "{zone}", "{name}", "{paper}", "{credit}", "{alt}", "{host}", "{title}",
		"{query}", "{count}", "{parts}", "{from}", "{to}", "{section}", "{entries}", "{year}", "{degrees}", "{condition}",
		"{part}", "{was}", "{entry}", "{size}", "{origin}", "{now}", "{witness}", "{key}", "{address}"} {
		if strings.Contains(want, place) != strings.Contains(got, place) {
			t.Errorf("%s: %s and English differ in %s: %q", c.Language, name, place, got)
		}
	}
}

// forms are the forms that each language tells apart.
func forms(c *Catalogue, p Plural) map[string]string {
	switch c.Language {
	case "ar":
		return map[string]string{"zero": p.Zero, "one": p.One, "two": p.Two, "few": p.Few, "many": p.Many, "other": p.Other}
	}
	return map[string]string{"one": p.One, "other": p.Other}
}

func checkPlural(t *testing.T, c *Catalogue, name string, want, got Plural) {
	t.Helper()
	for form, words := range forms(c, got) {
		if words == "" {
			t.Errorf("%s: %s has no form for %s", c.Language, name, form)
		}
		if strings.Contains(want.Other, "{date}") != strings.Contains(words, "{date}") {
			t.Errorf("%s: %s, form %s, and English differ in {date}: %q", c.Language, name, form, words)
		}
	}
	numbered := strings.Contains(want.Other, "{n}") || strings.Contains(want.Other, "{word}")
	if numbered && !strings.Contains(got.Other, "{n}") && !strings.Contains(got.Other, "{word}") {
		t.Errorf("%s: %s says no number: %q", c.Language, name, got.Other)
	}
}

// TestEveryKeyHasWords holds the catalogues' lists against those of the domain.
func TestEveryKeyHasWords(t *testing.T) {
	changes := []dateline.Change{dateline.ChangeFirst, dateline.ChangeImported, dateline.ChangeMinor, dateline.ChangeUpdate,
		dateline.ChangeCorrection, dateline.ChangeClarification, dateline.ChangeRetraction}
	for _, c := range catalogues {
		for _, l := range dateline.Labels {
			if c.Labels[l] == "" {
				t.Errorf("%s has no word for the label %s", c.Language, l)
			}
		}
		for _, ch := range changes {
			if c.Changes[ch] == "" || c.ChangeNames[ch] == "" || ch.Wrong() && (c.WithChange[ch] == "" || c.Corrected[ch] == "") {
				t.Errorf("%s lacks a word for the change %s", c.Language, ch)
			}
		}
		if got := len(c.Conditions); got != len(english.Conditions) || got != 15 {
			t.Errorf("%s knows %d conditions: %v", c.Language, got, slices.Sorted(maps.Keys(c.Conditions)))
		}
	}
}

func TestPlurals(t *testing.T) {
	p := Plural{"zero", "one", "two", "few", "many", "other"}
	for n, want := range map[int][3]string{
		0: {"other", "one", "zero"}, 1: {"one", "one", "one"}, 2: {"other", "other", "two"}, 3: {"other", "other", "few"},
		10: {"other", "other", "few"}, 11: {"other", "other", "many"}, 99: {"other", "other", "many"}, 100: {"other", "other", "other"},
		101: {"other", "other", "other"}, 102: {"other", "other", "other"}, 103: {"other", "other", "few"}, 110: {"other", "other", "few"},
		111: {"other", "other", "many"}, 1000: {"other", "other", "other"}, 1_000_003: {"other", "other", "few"},
	} {
		for i, c := range catalogues {
			if got := c.Count(p, n); got != want[i] {
				t.Errorf("%s says %s of %d, not %s", c.Language, got, n, want[i])
			}
		}
	}
	if got := arabic.Count(arabic.Articles, 61480); got != "61,480 مقالًا" {
		t.Errorf("61480 articles are %q", got)
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0", 12: "12", 999: "999", 1000: "1,000", 61480: "61,480", 1234567: "1,234,567", -1500: "−1,500"} {
		if got := Number(n); got != want {
			t.Errorf("%d is written %q, not %q", n, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	at := clock(t)("2026-06-30 14:05")
	for _, test := range []struct{ got, want string }{
		{english.LongDate(at), "Tuesday 30 June 2026"},
		{hindi.LongDate(at), "मंगलवार, 30 जून 2026"},
		{arabic.LongDate(at), "الثلاثاء 30 يونيو 2026"},
		{english.DateTime(at), "30 June 2026, 14:05 IST"},
		{arabic.DateTime(at), "30 يونيو 2026، 14:05 IST"},
		{english.nearDay(at, at.Add(24*time.Hour)), "Yesterday"},
		{english.nearDay(at, at.AddDate(0, 0, 2)), "30 June"},
		{english.nearDay(at, at.AddDate(1, 0, 0)), "30 June 2026"},
	} {
		if test.got != test.want {
			t.Errorf("%q, not %q", test.got, test.want)
		}
	}
}

func TestZoneAbbreviation(t *testing.T) {
	for zone, want := range map[string]string{
		"Asia/Kolkata": "IST", "Europe/Berlin": "CEST", "UTC": "UTC", "Asia/Kathmandu": "UTC+5:45", "America/Sao_Paulo": "UTC−3",
		"Asia/Dubai": "UTC+4", "America/St_Johns": "NDT",
	} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := ZoneAbbreviation(time.Date(2026, 6, 30, 12, 0, 0, 0, loc)); got != want {
			t.Errorf("%s is %q, not %q", zone, got, want)
		}
	}
}

func TestZoneNames(t *testing.T) {
	for zone, want := range map[string]map[string]string{
		"Asia/Kolkata": {"+05:30": "IST"}, "Europe/Berlin": {"+01:00": "CET", "+02:00": "CEST"}, "UTC": {"+00:00": "UTC"}, "Asia/Kathmandu": {"+05:45": "UTC+5:45"},
		"America/St_Johns": {"-03:30": "NST", "-02:30": "NDT"},
	} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := zoneNames(time.Date(2026, 6, 30, 12, 0, 0, 0, loc)); !maps.Equal(got, want) {
			t.Errorf("%s is named %v, not %v", zone, got, want)
		}
	}
}

func TestWholeYears(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 23, 0, 0, 0, time.UTC) }
	for _, test := range []struct {
		from, to time.Time
		want     int
	}{
		{day(2025, 6, 30), day(2026, 6, 29), 0}, {day(2025, 6, 30), day(2026, 6, 30), 1}, {day(2024, 2, 29), day(2025, 2, 28), 0},
		{day(2024, 2, 29), day(2025, 3, 1), 1}, {day(2026, 7, 1), day(2026, 6, 30), -1},
	} {
		if got := wholeYears(test.from, test.to); got != test.want {
			t.Errorf("from %s to %s are %d years, not %d", test.from, test.to, got, test.want)
		}
	}
}

func TestLanguages(t *testing.T) {
	for _, test := range []struct{ article, publication, want string }{
		{"hi", "en", "hi"}, {"ur", "en", "en"}, {"ur", "ar", "ar"}, {"en-IN", "hi", "en-IN"}, {"ta", "ta", "en"}, {"", "hi", "hi"},
	} {
		if got := FrameLanguage(test.article, test.publication); got != test.want {
			t.Errorf("%q in a paper in %q is framed in %q, not %q", test.article, test.publication, got, test.want)
		}
	}
	for language, want := range map[string]string{"ar": "rtl", "ur-PK": "rtl", "pa-Arab": "rtl", "az-Latn": "ltr", "en": "ltr", "hi": "ltr", "": "ltr"} {
		if got := Direction(language); got != want {
			t.Errorf("%q is written %s, not %s", language, got, want)
		}
	}
}

// TestForeignArticle marks what is not in the frame's language, and only that.
func TestForeignArticle(t *testing.T) {
	p := sampleArticle(t, "en")
	p.Language, p.Headline = "ur", "سرخی"
	p.Byline[0].Name.Language = "hi"
	p.Lead.Caption = "تصویر"
	p.Corrections = []Correction{{Change: dateline.ChangeCorrection, At: p.First, Note: "درست"}}
	n := parse(t, New(Options{}).Article(p))
	if html := all(t, n, "html")[0]; attribute(html, "lang") != "en" || attribute(html, "dir") != "ltr" {
		t.Error("the frame is not marked as English")
	}
	for _, selector := range []string{"h1[lang=ur][dir=rtl]", ".stand[lang=ur]", ".body > .text[lang=ur][dir=rtl]", ".by [lang=hi]:not([dir])",
		".lead figcaption [lang=ur][dir=rtl]", ".fixes li [lang=ur][dir=rtl]"} {
		if len(all(t, n, selector)) != 1 {
			t.Errorf("%s is missing", selector)
		}
	}
	if len(all(t, n, ".times[lang],article[lang]")) > 0 {
		t.Error("the catalogue's words are marked as the article's language")
	}
}
