package render

import (
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
)

// kolkata is the zone of the samples' paper, which is invented.
func kolkata(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// clock reads instants in the samples' zone.
func clock(t testing.TB) func(string) time.Time {
	zone := kolkata(t)
	return func(s string) time.Time {
		t.Helper()
		at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
}

const sampleID dateline.ID = "0190b5f0-6c00-7cc3-98c4-dc0c0c07398f"

func text(s string, marks ...markup.Mark) markup.Node {
	return markup.Node{Type: markup.TypeText, Text: s, Marks: marks}
}

func node(t markup.Type, a *markup.Attrs, content ...markup.Node) markup.Node {
	return markup.Node{Type: t, Attrs: a, Content: content}
}

func para(content ...markup.Node) markup.Node { return node(markup.TypeParagraph, nil, content...) }

func doc(content ...markup.Node) markup.Node { return node(markup.TypeDoc, nil, content...) }

func named(s string) Name { return Name{Text: s} }

func sampleFrame(t testing.TB, language, address string) Frame {
	at := clock(t)
	return Frame{
		Paper: "The Estuary", PaperLanguage: "en", Site: "https://estuary.example", Language: language, Zone: kolkata(t),
		Email: "editor@estuary.example", City: named("Neerapatnam"), Today: at("2026-06-30 15:00"),
		Weather:  &Weather{Celsius: -3, Condition: "light-rain", At: at("2026-06-30 14:00")},
		Sections: []Link{{Name: named("City"), Address: "/city/"}, {Name: named("Coast"), Address: "/coast/", Current: true}},
		Footer:   []Link{{Name: named("About the paper"), Address: "/about"}},
		Feeds:    []Feed{{Title: "The Estuary", Address: "/atom.xml", Type: FeedAtom}},
		Address:  address,
	}
}

func samplePicture(id dateline.ID) Picture {
	return Picture{
		ID: id, Address: "/pictures/a-640.jpg", Width: 1040, Height: 585, Alt: "Two trawlers at anchor.",
		Sources: []PictureWidth{{"/pictures/a-640.jpg", 640}, {"/pictures/a-1040.jpg", 1040}},
		WebP:    []PictureWidth{{"/pictures/a-640.webp", 640}, {"/pictures/a-1040.webp", 1040}},
		Caption: "Trawlers off Pier 4.", Credit: "Ada Menon",
	}
}

func sampleCard(t testing.TB, headline, first string) Card {
	return Card{
		ID: sampleID, Edition: 2, Address: "/coast/2026/06/30/line", Section: Link{Name: named("Coast"), Address: "/coast/"},
		Headline: headline, Standfirst: "Half its cabins are open.", Language: "en", First: clock(t)(first), Change: dateline.ChangeFirst,
	}
}

func correctedCard(t testing.TB) Card {
	c := sampleCard(t, "The line is redrawn", "2026-06-30 12:08")
	p := samplePicture("p1")
	c.Updated, c.Change, c.Picture = clock(t)("2026-06-30 14:05"), dateline.ChangeCorrection, &p
	return c
}

func sampleArticle(t testing.TB, language string) *ArticlePage {
	at := clock(t)
	lead := samplePicture("p1")
	return &ArticlePage{
		Frame: sampleFrame(t, language, "/coast/2026/06/30/line"), ID: sampleID, Edition: 3, Language: language,
		Section: Link{Name: named("Coast"), Address: "/coast/"}, Label: dateline.LabelAnalysis,
		Headline: "Harbour Authority redraws the line", Standfirst: "Small boats get back a third of the channel.",
		Byline:   []Credit{{Name: named("Nalini Okar"), Address: "/people/nalini-okar"}, {Removed: true}, {Name: named("Coast News Agency"), Agency: true}},
		Dateline: dateline.Dateline{Place: "Great Sella", Agency: "Coast News Agency"},
		First:    at("2026-06-30 12:08"), Updated: at("2026-06-30 14:05"), Change: dateline.ChangeCorrection,
		Note: "The line runs 11 miles out.", History: "/coast/2026/06/30/line/history", Lead: &lead,
		Body: Body(doc(
			para(text("The line now runs 11 miles out.")),
			node(markup.TypeQuote, &markup.Attrs{Speaker: "s1", Role: "secretary"}, para(text("A third is a reason."))),
			node(markup.TypeFigure, &markup.Attrs{Picture: "p2", Alt: "Salt pans."}, text("The pans.")),
		), BodyOptions{Language: language, Publication: "en"}),
		People:       []Person{{ID: "s1", Name: named("Thamarai Kutty"), Address: "/people/thamarai-kutty"}},
		Pictures:     []Picture{samplePicture("p2")},
		Corrections:  []Correction{{dateline.ChangeCorrection, at("2026-06-30 14:05"), "The line runs 11 miles out.", "/coast/2026/06/30/line/history/3", "/coast/2026/06/30/line/history/3#corrected"}},
		Topics:       []Link{{Name: named("Fishing"), Address: "/topics/fishing"}},
		Related:      []Card{sampleCard(t, "Night ferry returns", "2026-06-29 18:15")},
		Translations: []Translation{{"ar", "/coast/2026/06/30/ar", "العبّارة"}},
		Words:        330,
	}
}

func samplePage(t testing.TB, language string) *PagePage {
	return &PagePage{
		Frame: sampleFrame(t, language, "/about"), ID: sampleID, Edition: 1, Language: language, Headline: "About the paper",
		Standfirst: "Who we are.", Updated: clock(t)("2026-01-01 10:00"),
		Body: Body(doc(para(text("A paper."))), BodyOptions{Language: language, Publication: "en"}),
	}
}

func sampleHome(t testing.TB, language string) *HomePage {
	lead := correctedCard(t)
	list := func() []Card {
		old := sampleCard(t, "Forty maps", "2025-11-30 10:00")
		old.Label = dateline.LabelPaid
		return []Card{correctedCard(t), sampleCard(t, "Night ferry returns", "2026-06-29 18:15"), old}
	}
	return &HomePage{
		Frame: sampleFrame(t, language, "/"), Motto: named("News of the coast."), Changed: clock(t)("2026-06-30 14:21"),
		Latest: list(), Front: Front{Lead: &lead, Beside: list()[1:], Strip: &Strip{Text: named("Ferry aground off Mora"), Address: "/x"},
			Bands: []Band{
				{Heading: Link{Name: named("City"), Address: "/city/"}, Layout: LayoutWide, Cards: list()},
				{Heading: Link{Name: named("Coast"), Address: "/coast/"}, Layout: LayoutThree, Cards: list(), Mixed: true},
				{Named: NamedMostRead, Layout: LayoutList, Cards: list()},
			}},
	}
}

func sampleEditions(t testing.TB) []EditionRow {
	at := clock(t)
	return []EditionRow{
		{Number: 2, Change: dateline.ChangeCorrection, Note: "The line runs 11 miles out.", Public: at("2026-06-30 14:05"), Address: "/x/history/2", Current: true},
		{Number: 1, Change: dateline.ChangeImported, Public: at("2026-06-30 12:08"), Recorded: at("2026-06-30 13:00"), Redacted: true},
	}
}

func sampleCompare(t testing.TB, language string) *ComparePage {
	return &ComparePage{
		Frame: sampleFrame(t, language, "/x/history/2"), ID: sampleID, Edition: 2, Language: language, Headline: "The line",
		Article: "/x", Editions: sampleEditions(t), Check: "/x/verify", From: 1, To: 2, Change: dateline.ChangeCorrection,
		Note: "The line runs 11 miles out.",
		Blocks: []DiffBlock{
			{Part: PartHeadline, Same: true}, {Part: PartParagraph, Same: true, Count: 2}, {Part: PartParagraph, Same: true},
			{Part: PartParagraph, Runs: []DiffRun{{Kept, "It runs "}, {Removed, "14"}, {Added, "11 and more"}, {Kept, " miles."}}},
			{Part: PartHeading, Detail: true, Runs: []DiffRun{{Kept, "A heading"}}},
			{Part: PartHeading, Was: PartParagraph, Detail: true, Runs: []DiffRun{{Kept, "Who may fish"}}},
			{Part: PartParagraph, Shape: ShapeMovedAway, Count: 1},
			{Part: PartParagraph, Shape: ShapeSplit, Count: 2, Runs: []DiffRun{{Kept, "One."}, {Removed, " "}, {Added, "\n"}, {Kept, "Two."}}},
			{Part: PartParagraph, Shape: ShapeMerged, Count: 3, Runs: []DiffRun{{Kept, "One."}, {Removed, "\n"}, {Added, " "}, {Kept, "Two."}, {Removed, "\nThree."}}},
			{Part: PartPicture, Shape: ShapeAdded}, {Part: PartTable, Shape: ShapeRemoved, Runs: []DiffRun{{Removed, "One\nTwo"}}},
			{Part: PartParagraph, Shape: ShapeMovedHere, Count: 1, Runs: []DiffRun{{Kept, "It moved."}}},
		},
		Others: []DiffPair{{1, 3, "/x/history/3?from=1"}},
	}
}

func sampleSearch(t testing.TB, language string) *SearchPage {
	return &SearchPage{
		Frame: sampleFrame(t, language, "/search"), Query: "fishing talks", By: OrderRelevance, From: "2021-07-01", To: "yesterday",
		Sections: []SearchOption{{"coast", named("Coast"), true}}, Topic: &SearchOption{"fishing", named("Fishing"), true},
		Asked: true, Problem: SearchBadDate, Count: 1000, More: true, Bound: 5000, Older: "/search?q=fishing&after=1",
		Results: []SearchResult{
			{Card: correctedCard(t), Headline: []Span{{"The ", false}, {"line", true}}, Excerpt: []Span{{"… the ", false}, {"talks", true}}},
			{Card: sampleCard(t, "Night ferry returns", "2026-06-29 18:15")},
		},
	}
}

// samplePages renders every kind of page in a language.
func samplePages(t testing.TB, language string) map[string][]byte {
	r := New(Options{Record: "/record/checkpoint"})
	at := clock(t)
	rows := []Card{correctedCard(t), sampleCard(t, "Night ferry returns", "2026-06-29 18:15")}
	days := []DayCount{{1, 14}, {30, 11}}
	months := []MonthCount{{time.May, 3}, {time.June, 1234}}
	years := []int{2026, 2025}
	old := sampleArticle(t, language)
	old.First, old.Updated = at("2022-06-27 12:08"), time.Time{}
	old.Corrections = []Correction{{dateline.ChangeRetraction, at("2026-06-30 14:05"), "One letter was not genuine.", "", ""}, old.Corrections[0]}
	then := sampleArticle(t, language)
	then.Frame.Today, then.Frame.Weather, then.Frame.Feeds, then.MostRead = at("2026-06-30 12:08"), nil, nil, nil
	then.Frame.Then = &Then{At: at("2026-06-30 12:08"), Base: "/as-of/2026-06-30T06:38:00Z", Address: "/coast/2026/06/30/line", Until: at("2026-06-30 14:05"),
		Earlier: "/as-of/2026-06-30T06:30:00Z/coast/2026/06/30/line", Later: "/as-of/2026-06-30T08:35:00Z/coast/2026/06/30/line", Imported: at("2026-07-02 09:00")}
	return map[string][]byte{
		"then": r.Article(then),
		"then-not-yet": r.ThenForm(&ThenPage{Frame: sampleFrame(t, language, ""), Of: "/x", Asked: at("2026-06-30 12:00"), Problem: ThenNotYet, First: at("2026-06-30 12:08"),
			FirstAt: "/as-of/2026-06-30T06:38:00Z/x"}),
		"article":     r.Article(sampleArticle(t, language)),
		"article-old": r.Article(old),
		"page":        r.Page(samplePage(t, language)),
		"home":        r.Home(sampleHome(t, language)),
		"home-empty":  r.Home(&HomePage{Frame: sampleFrame(t, language, "/")}),
		"list": r.List(&ListPage{Frame: sampleFrame(t, language, "/coast/"), Kind: ListSection, Title: named("Coast"),
			Description: named("The harbour."), Rows: rows, Newest: "/coast/", Older: "/coast/?before=1"}),
		"day": r.Day(&DayPage{Frame: sampleFrame(t, language, "/2026/06/30/"), Day: at("2026-06-30 12:00"), Rows: rows,
			Before: at("2026-06-28 12:00"), After: at("2026-07-02 12:00")}),
		"month": r.Month(&MonthPage{Frame: sampleFrame(t, language, "/2026/06/"), Year: 2026, Month: time.June, Days: days,
			Months: months, Years: years}),
		"year": r.Year(&YearPage{Frame: sampleFrame(t, language, "/2026/"), Year: 2026, Months: months, Years: years}),
		"archive": r.Archive(&ArchivePage{Frame: sampleFrame(t, language, "/archive"), Since: at("2011-01-03 10:00"),
			Total: 61480, Year: 2026, Month: time.June, Days: days, Months: months, Years: years}),
		"search":       r.Search(sampleSearch(t, language)),
		"search-empty": r.Search(&SearchPage{Frame: sampleFrame(t, language, "/search"), Query: "zzz", Asked: true}),
		"corrections": r.Corrections(&CorrectionsPage{Frame: sampleFrame(t, language, "/corrections"), Older: "/corrections?before=1",
			Rows: []CorrectionRow{{rows[0], Correction{dateline.ChangeCorrection, at("2026-06-30 14:05"), "It is 11.", "/x/history/2", ""}}}}),
		"history": r.History(&HistoryPage{Frame: sampleFrame(t, language, "/x/history"), ID: sampleID, Edition: 2, Language: language,
			Headline: "The line", Article: "/x", Editions: sampleEditions(t), Check: "/x/verify"}),
		"compare": r.Compare(sampleCompare(t, language)),
		"verify": r.Verify(&VerifyPage{Frame: sampleFrame(t, language, "/x/verify"), ID: sampleID, Edition: 2, Language: language,
			Headline: "The line", Article: "/x", Proof: "/x/proof"}),
		"tombstone": r.Tombstone(&TombstonePage{Frame: sampleFrame(t, language, "/x"), Kind: dateline.WithdrawnKilled,
			At: at("2026-05-09 16:30"), First: at("2026-02-11 07:00"), Section: Link{Name: named("City"), Address: "/city/"},
			Editions: 3, Entries: []int64{44017, 46902}, SameDay: rows}),
		"tombstone-legal": r.Tombstone(&TombstonePage{Frame: sampleFrame(t, language, ""), Kind: dateline.WithdrawnLegal, At: at("2026-05-09 16:30")}),
		"erased":          r.Erased(&ErasedPage{Frame: sampleFrame(t, language, "")}),
		"not-found":       r.NotFound(&NotFoundPage{Frame: sampleFrame(t, language, "")}),
		"error":           r.Error(&ErrorPage{Frame: sampleFrame(t, language, ""), Status: 503}),
	}
}
