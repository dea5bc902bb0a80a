package paper

import (
	"bytes"
	"image/jpeg"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// loaded gives the paper and its zone, or ends the test.
func loaded(t *testing.T) (Paper, *time.Location) {
	t.Helper()
	p, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(p.Publication.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return p, zone
}

// starts are days on which dates are easily got wrong.
func starts(zone *time.Location) map[string]time.Time {
	return map[string]time.Time{
		"an afternoon":   time.Date(2026, 6, 30, 14, 21, 33, 7, zone),
		"new year's day": time.Date(2027, 1, 1, 0, 20, 59, 0, zone),
		"28 february":    time.Date(2027, 2, 28, 9, 0, 0, 0, zone),
		"29 february":    time.Date(2028, 2, 29, 23, 59, 59, 0, zone),
		"1 march":        time.Date(2028, 3, 1, 0, 0, 1, 0, zone),
		"midnight":       time.Date(2026, 11, 24, 0, 0, 0, 0, zone),
		"in utc":         time.Date(2026, 11, 23, 18, 29, 0, 0, time.UTC),
	}
}

func TestPaperHasWhatWasPromised(t *testing.T) {
	p, _ := loaded(t)
	counts := map[string]int{}
	for _, a := range p.Articles {
		counts[a.State]++
		counts["language "+a.Language]++
		counts["label "+a.Label]++
		counts["section "+a.Section]++
		counts["withdrawn "+a.Withdrawn()]++
		for _, c := range a.Changes() {
			counts[c]++
		}
		if c := a.Changes(); slices.Contains(c, "correction") && len(c) > 2 {
			counts["corrected after an update"]++
		}
		if !a.Published() && a.embargo != nil {
			counts["embargoed"]++
		}
	}
	counts["persons"], counts["topics"], counts["pages"] = len(p.Persons), len(p.Topics), len(p.Pages)
	least := map[string]int{
		StatePublished: 40, StateDraft: 2, StateSubmitted: 1, StateScheduled: 1, "embargoed": 1,
		"language en": 30, "language hi": 4, "language ar": 1, "persons": 14, "topics": 25, "pages": 3,
		"label analysis": 1, "label opinion": 2, "label review": 2, "label obituary": 1, "label interview": 2,
		"label explainer": 2, "label paid": 1, "section city": 5, "section coast": 5, "section business": 5,
		"section culture": 5, "section sport": 4, "withdrawn killed": 1, "withdrawn merged": 1,
		"correction": 2, "clarification": 1, "retraction": 1, "minor": 3, "corrected after an update": 2,
	}
	for what, n := range least {
		if counts[what] < n {
			t.Errorf("%s: %d, want at least %d", what, counts[what], n)
		}
	}
	if got := len(p.Sections); got != 5 {
		t.Errorf("%d sections, want 5", got)
	}
}

func TestEveryNameIsThereInEveryLanguage(t *testing.T) {
	p, _ := loaded(t)
	check := func(what string, n Names) {
		for _, lang := range []string{"en", "hi", "ar"} {
			if n[lang] == "" {
				t.Errorf("%s has no name in %s", what, lang)
			}
		}
	}
	check("the city", p.Publication.City)
	check("the weather", p.Publication.Weather.Words)
	for _, c := range p.Publication.Cities {
		check(c.Slug, c.Names)
	}
	for _, s := range p.Sections {
		check(s.Slug, s.Names)
		check(s.Slug+"’s description", s.Description)
	}
	for _, x := range p.Persons {
		check(x.Slug, x.Names)
	}
	for _, x := range p.Topics {
		check(x.Slug, x.Names)
		if x.Description["en"] == "" {
			t.Errorf("%s has no description", x.Slug)
		}
	}
}

func TestPersonsAndTopicsAreUsed(t *testing.T) {
	p, _ := loaded(t)
	used := map[string]bool{}
	for _, a := range p.Articles {
		for _, x := range a.Topics {
			used["topic "+x] = true
		}
		for _, c := range a.Byline {
			used[c.Person] = true
		}
		for _, r := range a.revisions {
			for _, m := range speakerAttr.FindAllStringSubmatch(r.body, -1) {
				used[m[1]] = true
			}
			if strings.Contains(r.body, "Ada Menon") || a.picture != nil {
				used["ada-menon"] = true
			}
		}
	}
	for _, x := range p.Topics {
		if !used["topic "+x.Slug] {
			t.Errorf("no article has the topic %s", x.Slug)
		}
	}
	for _, x := range p.Persons {
		if !used[x.Slug] {
			t.Errorf("nobody meets %s", x.Slug)
		}
	}
}

func TestTranslationsNameEachOther(t *testing.T) {
	p, _ := loaded(t)
	for _, a := range p.Articles {
		for _, n := range a.Translations {
			b, _ := p.Article(n)
			if !slices.Contains(b.Translations, a.Name) || a.Language == b.Language {
				t.Errorf("%s names %s as a translation, but not the other way round in another language", a.Name, n)
			}
		}
	}
}

func TestPicturesAreUsedSmallAndWhole(t *testing.T) {
	p, _ := loaded(t)
	var used []string
	for _, a := range append(slices.Clone(p.Articles), p.Pages...) {
		used = append(used, a.Pictures()...)
	}
	if len(p.Pictures) < 12 {
		t.Errorf("%d pictures, want at least 12", len(p.Pictures))
	}
	for _, x := range p.Pictures {
		if !slices.Contains(used, x.File) {
			t.Errorf("%s is used nowhere", x.File)
		}
		if len(x.JPEG) >= 120_000 {
			t.Errorf("%s has %d bytes; 120,000 at most", x.File, len(x.JPEG))
		}
		img, err := jpeg.Decode(bytes.NewReader(x.JPEG))
		if err != nil {
			t.Errorf("%s: %v", x.File, err)
			continue
		}
		if b := img.Bounds(); b.Dx() < 1040 || b.Dy() < 585 {
			t.Errorf("%s is %d by %d, smaller than 1040 by 585", x.File, b.Dx(), b.Dy())
		}
	}
}

var (
	tag     = regexp.MustCompile(`<[^>]*>`)
	yearish = regexp.MustCompile(`\b20[0-9]{2}\b`)
	generic = regexp.MustCompile(`(?i)\b(?:each|every|but|a|the|first|second|on the|last)$`)
)

// TestArticlesHaveTheirLength counts the words of what readers get.
func TestArticlesHaveTheirLength(t *testing.T) {
	p, zone := loaded(t)
	start := time.Date(2026, 6, 30, 14, 0, 0, 0, zone)
	long := 0
	for _, a := range p.Articles {
		for _, e := range a.EditionsAt(start, zone) {
			n := len(strings.Fields(tag.ReplaceAllString(e.Body, " ")))
			if n < 120 || n > 1100 {
				t.Errorf("%s, edition %d: %d words", a.Name, e.Number, n)
			}
			if n > 600 && e.Number == 1 {
				long++
			}
		}
	}
	if long < 2 {
		t.Errorf("%d long articles, want 2 or more", long)
	}
}

// TestNoDateStandsByHand finds months, days of the week and years that ought to be placeholders. A day of the week
// may stand where it recurs: "every Sunday", "on Saturdays".
func TestNoDateStandsByHand(t *testing.T) {
	p, _ := loaded(t)
	for _, a := range append(slices.Clone(p.Articles), p.Pages...) {
		c := calendarOf(a.Language)
		for _, r := range a.revisions {
			words := []string{r.headline, r.standfirst, r.note, r.body}
			if a.picture != nil {
				words = append(words, a.picture.Caption, a.picture.Alt)
			}
			text := placeholder.ReplaceAllString(strings.Join(words, "\n"), " ")
			if m := yearish.FindString(text); m != "" {
				t.Errorf("%s: the year %s stands by hand", a.Name, m)
			}
			before := ""
			for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M) }) {
				if slices.Contains(c.months[:], w) || slices.Contains(c.weekdays[:], w) && !generic.MatchString(before) {
					t.Errorf("%s: %s %s stands by hand", a.Name, before, w)
				}
				before = w
			}
		}
	}
}

func TestCreditsAndNotes(t *testing.T) {
	p, _ := loaded(t)
	for _, a := range p.Articles {
		if len(a.Byline) == 0 || a.Place == "" {
			t.Errorf("%s has no byline or no place", a.Name)
		}
		if a.Agency != "" && (a.Source == nil || a.Source.Agency != a.Agency) {
			t.Errorf("%s comes from %s without its item", a.Name, a.Agency)
		}
		for _, r := range a.revisions {
			if n := utf8.RuneCountInString(r.note); n > 300 {
				t.Errorf("%s: a note of %d characters", a.Name, n)
			}
		}
	}
}
