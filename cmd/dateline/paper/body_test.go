package paper

import (
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
)

// anID stands for whatever the desk would call a picture or a person.
const anID = "01900000-0000-7000-8000-000000000001"

// houseOptions reads the notation of these files; every picture and speaker is known, as check has made sure.
var houseOptions = markup.HTMLOptions{
	House:   true,
	Speaker: func(string) (string, bool) { return anID, true },
	Picture: func(string, string) (string, bool) { return anID, true },
}

// TestBodiesAreReadWithoutLoss says that markup understands every text, and that together they use every block.
func TestBodiesAreReadWithoutLoss(t *testing.T) {
	p, zone := loaded(t)
	start := time.Date(2026, 6, 30, 14, 0, 0, 0, zone)
	seen := map[markup.Type]bool{}
	marks := map[markup.MarkType]bool{}
	for _, a := range append(append([]Article{}, p.Articles...), p.Pages...) {
		for _, body := range bodies(a, start, zone) {
			doc, notes := markup.FromHTML(WithLinks(body, func(name string) string { return "/" + name }), houseOptions)
			if len(notes) > 0 {
				t.Errorf("%s: %v", a.Name, notes)
			}
			look(doc, seen, marks)
		}
		if err := dateline.ValidSlug(a.Slug); err != nil {
			t.Errorf("%s: %v", a.Name, err)
		}
	}
	for _, want := range []markup.Type{
		markup.TypeParagraph, markup.TypeHeading, markup.TypeBulletList, markup.TypeOrderedList, markup.TypeListItem,
		markup.TypeQuote, markup.TypePullQuote, markup.TypeFigure, markup.TypeGallery, markup.TypeTable,
		markup.TypeTableRow, markup.TypeTableCell, markup.TypeFactBox, markup.TypeEmbed, markup.TypeCode,
		markup.TypeRule, markup.TypeText, markup.TypeBreak,
	} {
		if !seen[want] {
			t.Errorf("no article has a block of type %s", want)
		}
	}
	for _, want := range []markup.MarkType{
		markup.MarkStrong, markup.MarkEm, markup.MarkCode, markup.MarkStrike, markup.MarkSub, markup.MarkSup,
		markup.MarkLink, markup.MarkLang,
	} {
		if !marks[want] {
			t.Errorf("no article has the mark %s", want)
		}
	}
}

func bodies(a Article, start time.Time, zone *time.Location) []string {
	var out []string
	for _, e := range a.EditionsAt(start, zone) {
		out = append(out, e.Body)
	}
	if plan, ok := a.PlanAt(start, zone); ok {
		out = append(out, plan.Body)
	}
	return out
}

func look(n markup.Node, seen map[markup.Type]bool, marks map[markup.MarkType]bool) {
	seen[n.Type] = true
	for _, m := range n.Marks {
		marks[m.Type] = true
	}
	for _, c := range n.Content {
		look(c, seen, marks)
	}
}

func TestWithLinks(t *testing.T) {
	const body = `<a href="article:one">1</a> <a href="article:two">2</a>`
	got := WithLinks(body, func(name string) string { return map[string]string{"one": `/x"&y`}[name] })
	if want := `<a href="/x&#34;&amp;y">1</a> <a href="">2</a>`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
