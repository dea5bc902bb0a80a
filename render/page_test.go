package render

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
)

var update = flag.Bool("update", false, "write the golden files anew")

var styleElement = regexp.MustCompile(`(?s)<style>.*?</style>`)

// TestGolden holds every kind of page in every language, without its style sheet.
func TestGolden(t *testing.T) {
	for _, language := range []string{"en", "hi", "ar"} {
		for name, page := range samplePages(t, language) {
			t.Run(name+"-"+language, func(t *testing.T) {
				got := styleElement.ReplaceAll(page, []byte("<style></style>"))
				file := filepath.Join("testdata", "golden", name+"-"+language+".html")
				if *update {
					if err := os.WriteFile(file, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(string(want), string(got)); d != "" {
					t.Errorf("the page differs from %s (-want +got):\n%s", file, d)
				}
			})
		}
	}
}

func parse(t testing.TB, page []byte) *html.Node {
	t.Helper()
	n, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func all(t testing.TB, n *html.Node, selector string) []*html.Node {
	t.Helper()
	s, err := cascadia.ParseGroup(selector)
	if err != nil {
		t.Fatalf("selector %q: %v", selector, err)
	}
	return cascadia.QueryAll(n, s)
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// one gives the words of the only element that a selector finds.
func one(t testing.TB, n *html.Node, selector string) string {
	t.Helper()
	found := all(t, n, selector)
	if len(found) != 1 {
		t.Fatalf("%q finds %d elements, not 1", selector, len(found))
	}
	return textOf(found[0])
}

func TestArticleSaysWhatItKnows(t *testing.T) {
	n := parse(t, New(Options{}).Article(sampleArticle(t, "en")))
	for selector, want := range map[string]string{
		"title":                            "Harbour Authority redraws the line – The Estuary",
		"h1":                               "Harbour Authority redraws the line",
		".head .label":                     "Coast, analysis",
		".today time":                      "Tuesday 30 June 2026",
		".today span:last-child":           "−3 °C, light rain at 14:00",
		".by":                              "By Nalini Okar, name removed and Coast News Agency",
		".times .wrong time":               "30 June 2026, 14:05 IST",
		".times .wrong p":                  "Correction: The line runs 11 miles out.",
		".times > div:last-child":          "First published 30 June 2026, 12:08 IST",
		".about > .hist:nth-last-child(2)": "3 editions: see what changed",
		".dateline":                        "Great Sella, 30 June (Coast News Agency)",
		".quote blockquote":                "“A third is a reason.”",
		".quote figcaption":                "Thamarai Kutty, secretary",
		".fixes h2":                        "Correction",
		".next .when":                      "Yesterday, 18:15 IST",
		".foot .plate + p":                 "Published in Neerapatnam. All times are India Standard Time (IST).",
	} {
		if got := strings.TrimSpace(one(t, n, selector)); got != want {
			t.Errorf("%s says %q, not %q", selector, got, want)
		}
	}
	if got := attribute(all(t, n, "article.article")[0], "data-edition"); got != string(sampleID)+"/3" {
		t.Errorf("the article's mark is %q", got)
	}
	if got := len(all(t, n, ".age")); got != 0 {
		t.Error("an article of today says how old it is")
	}
}

func TestAbsentNotEmpty(t *testing.T) {
	p := sampleArticle(t, "en")
	p.Frame.Weather, p.Frame.City = nil, Name{}
	p.Updated, p.Byline, p.Topics, p.Related, p.Corrections, p.Translations, p.Lead = p.First, nil, nil, nil, nil, nil, nil
	p.Standfirst, p.Dateline, p.Label = "", dateline.Dateline{}, dateline.LabelNews
	page := New(Options{}).Article(p)
	n := parse(t, page)
	for _, selector := range []string{".today span", ".by", ".topics", ".next", ".fixes", ".lead", ".stand", ".dateline", ".wrong", ".age"} {
		if len(all(t, n, selector)) > 0 {
			t.Errorf("%s stands there without anything to say", selector)
		}
	}
	if got := one(t, n, ".times"); strings.Contains(got, "Updated") {
		t.Errorf("equal times show both: %q", got)
	}
	for _, word := range []string{"°C", "Humidity", "Published in"} {
		if bytes.Contains(styleElement.ReplaceAll(page, nil), []byte(word)) {
			t.Errorf("%q stands without its value", word)
		}
	}
}

// TestErrorWithoutAnything is the page for when the paper itself cannot be asked.
func TestErrorWithoutAnything(t *testing.T) {
	n := parse(t, New(Options{}).Error(&ErrorPage{Frame: Frame{Paper: "The Estuary"}, Status: 503}))
	if got := one(t, n, "h1"); got != "This page cannot be shown at the moment" {
		t.Errorf("the heading says %q", got)
	}
	if found := all(t, n, "time"); len(found) > 0 {
		t.Errorf("the page says %q without knowing the time", textOf(found[0]))
	}
}

func TestAge(t *testing.T) {
	at := clock(t)
	for first, want := range map[string]string{
		"2025-07-01 00:00": "",
		"2025-06-30 23:59": "This article is one year old. It is from Monday 30 June 2025.",
		"2022-06-27 12:08": "This article is four years old. It is from Monday 27 June 2022.",
		"2001-06-27 12:08": "This article is 25 years old. It is from Wednesday 27 June 2001.",
	} {
		p := sampleArticle(t, "en")
		p.First, p.Updated = at(first), at(first)
		n := parse(t, New(Options{}).Article(p))
		got := ""
		if found := all(t, n, ".age h2"); len(found) > 0 {
			got = textOf(found[0])
		}
		if got != want {
			t.Errorf("first published %s: %q, not %q", first, got, want)
		}
	}
}

func TestLegalTombstoneSaysNothing(t *testing.T) {
	page := New(Options{}).Tombstone(&TombstonePage{
		Frame: sampleFrame(t, "en", "/coast/2026/06/30/secret"), Kind: dateline.WithdrawnLegal, At: clock(t)("2026-05-09 16:30"),
		First: clock(t)("2026-02-11 07:00"), Section: Link{Name: named("Courts"), Address: "/courts/"}, Editions: 3,
	})
	n := parse(t, page)
	if got := one(t, n, "h1"); got != "This article is no longer available" {
		t.Errorf("the heading says %q", got)
	}
	body := styleElement.ReplaceAllString(string(page), "")
	for _, word := range []string{"secret", "Courts", "editions", "legal", "11 February"} {
		if strings.Contains(body, word) {
			t.Errorf("a legal tombstone says %q", word)
		}
	}
}

// TestJSONLD reads the description for machines as JSON.
func TestJSONLD(t *testing.T) {
	p := sampleArticle(t, "en")
	p.Headline = `A "quote" </script><script>alert(1)</script> & more` + "\u2028\x00"
	n := parse(t, New(Options{}).Article(p))
	scripts := all(t, n, "script")
	if len(scripts) != 1 {
		t.Fatalf("the page has %d scripts, not 1", len(scripts))
	}
	var got struct {
		Type       string `json:"@type"`
		Headline   string
		Published  string `json:"datePublished"`
		Modified   string `json:"dateModified"`
		Page       string `json:"mainEntityOfPage"`
		Image      []string
		Author     []map[string]string
		Correction []struct {
			Type string `json:"@type"`
			Text string
		}
	}
	if err := json.Unmarshal([]byte(textOf(scripts[0])), &got); err != nil {
		t.Fatal(err)
	}
	if got.Type != "AnalysisNewsArticle" || got.Headline != p.Headline || got.Published != "2026-06-30T12:08:00+05:30" ||
		got.Modified != "2026-06-30T14:05:00+05:30" || got.Page != "https://estuary.example/coast/2026/06/30/line" {
		t.Errorf("the article is described as %+v", got)
	}
	if len(got.Image) != 1 || got.Image[0] != "https://estuary.example/pictures/a-1040.jpg" {
		t.Errorf("its picture is %q", got.Image)
	}
	if len(got.Author) != 2 || got.Author[0]["name"] != "Nalini Okar" || got.Author[1]["@type"] != "Organization" {
		t.Errorf("its authors are %v", got.Author)
	}
	if len(got.Correction) != 1 || got.Correction[0].Type != "CorrectionComment" || got.Correction[0].Text != p.Note {
		t.Errorf("its corrections are %+v", got.Correction)
	}
}

// TestNothingIsAskedOfOthers looks at everything that a browser would fetch by itself.
func TestNothingIsAskedOfOthers(t *testing.T) {
	body := doc(node(markup.TypeEmbed, &markup.Attrs{Provider: "youtube", URL: "https://www.youtube.com/embed/x", Title: "A film"}))
	for _, language := range []string{"en", "hi", "ar"} {
		pages := samplePages(t, language)
		p := sampleArticle(t, language)
		p.Body = Body(body, BodyOptions{Language: language, Publication: "en"})
		pages["embed"] = New(Options{}).Article(p)
		for name, page := range pages {
			for _, got := range fetched(t, page) {
				if (name == "embed" || name == "verify") && got == "<script>" {
					continue // the script of this site: its address is looked at below
				}
				if !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") {
					t.Errorf("%s-%s asks for %q", name, language, got)
				}
			}
		}
	}
}

var cssAddress = regexp.MustCompile(`url\(([^)]*)\)|@import\s+([^;]*)`)

func fetched(t testing.TB, page []byte) []string {
	n := parse(t, page)
	var list []string
	for _, e := range all(t, n, "[src]") {
		list = append(list, attribute(e, "src"))
	}
	for _, e := range all(t, n, "[srcset]") {
		for _, one := range strings.Split(attribute(e, "srcset"), ", ") {
			list = append(list, strings.Fields(one)[0])
		}
	}
	for _, e := range all(t, n, "link[rel=icon],link[rel=stylesheet],form[action]") {
		list = append(list, attribute(e, "href")+attribute(e, "action"))
	}
	for _, m := range cssAddress.FindAllSubmatch(page, -1) {
		list = append(list, string(m[1])+string(m[2]))
	}
	for _, e := range all(t, n, "script:not([type='application/ld+json']),iframe,object,embed,video,audio,source:not(picture > source),base,[style]") {
		list = append(list, "<"+e.Data+">")
	}
	return list
}

// TestStructure asks of every page what a reader with a screen reader or a keyboard needs of it.
func TestStructure(t *testing.T) {
	for _, language := range []string{"en", "hi", "ar"} {
		for name, page := range samplePages(t, language) {
			t.Run(name+"-"+language, func(t *testing.T) {
				n := parse(t, page)
				for _, selector := range []string{"html[lang][dir]", "title", "main#main", "h1", "header.top", "footer.foot", "a.skip[href='#main']"} {
					if got := len(all(t, n, selector)); got != 1 {
						t.Errorf("%s stands there %d times", selector, got)
					}
				}
				checkHeadings(t, n)
				checkIDs(t, n)
				for _, img := range all(t, n, "img:not([alt]),img:not([width])") {
					t.Errorf("a picture without alternative text or size: %v", img.Attr)
				}
				for _, a := range all(t, n, "a:not([href])") {
					t.Errorf("a link without an address: %q", textOf(a))
				}
			})
		}
	}
}

func checkHeadings(t *testing.T, n *html.Node) {
	level := 0
	for _, h := range all(t, n, "main h1,main h2,main h3,main h4,.mast h1") {
		got := int(h.Data[1] - '0')
		if level > 0 && got > level+1 {
			t.Errorf("%s %q follows a heading of level %d", h.Data, textOf(h), level)
		}
		level = got
	}
}

func checkIDs(t *testing.T, n *html.Node) {
	var seen []string
	for _, e := range all(t, n, "[id]") {
		id := attribute(e, "id")
		if slices.Contains(seen, id) {
			t.Errorf("the id %q stands twice", id)
		}
		seen = append(seen, id)
	}
	for _, e := range all(t, n, "[aria-labelledby],label[for]") {
		if id := attribute(e, "aria-labelledby") + attribute(e, "for"); !slices.Contains(seen, id) {
			t.Errorf("%q is named and not there", id)
		}
	}
}

// Under a day's name no time names that day again.
func TestTimesUnderTheirDay(t *testing.T) {
	at := clock(t)
	same, later := sampleCard(t, "Same day", "2026-06-12 09:00"), sampleCard(t, "Later", "2026-06-12 08:00")
	same.Updated, same.Change = at("2026-06-12 11:30"), dateline.ChangeUpdate
	later.Updated, later.Change = at("2026-06-13 07:00"), dateline.ChangeCorrection
	page := New(Options{}).List(&ListPage{Frame: sampleFrame(t, "en", "/coast/"), Title: named("Coast"), Rows: []Card{same, later}})
	var got []string
	for _, n := range all(t, parse(t, page), ".when") {
		got = append(got, textOf(n))
	}
	if d := cmp.Diff([]string{"Updated 11:30 IST", "Updated 13 June, 07:00 IST, with a correction"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// The month stands once on its page, in the title; a screen reader hears it as the table's name too.
func TestTheMonthIsSaidOnce(t *testing.T) {
	n := parse(t, samplePages(t, "en")["month"])
	if one(t, n, "h1") != "June 2026" || one(t, n, "caption.vh") != "June 2026" || one(t, n, ".band > h2#am") != "25 articles" {
		t.Error("the month's title, its table's name or its count is not as it should be")
	}
}

// An edition of which the words were taken out has lost its public instant with them.
func TestNoTimeOfYearOne(t *testing.T) {
	p := &HistoryPage{Frame: sampleFrame(t, "en", "/a/history"), Language: "en", Editions: []EditionRow{{Redacted: true, Recorded: clock(t)("2026-06-12 09:00")}}}
	if page := string(New(Options{}).History(p)); strings.Contains(page, "0001") || !strings.Contains(page, "12 June 2026, 09:00 IST") {
		t.Errorf("the history says:\n%s", styleElement.ReplaceAllString(page, ""))
	}
}

// The catalogue's lines in a difference between texts of a language without a catalogue are marked as its own.
func TestDifferenceInAForeignLanguage(t *testing.T) {
	p := sampleCompare(t, "en")
	p.Language = "ur"
	n := parse(t, New(Options{}).Compare(p))
	if lines := all(t, n, ".diff .same"); len(lines) == 0 || len(lines) != len(all(t, n, ".diff[lang=ur] .same[lang=en][dir=ltr]")) {
		t.Errorf("%d lines of the catalogue, not all of them marked", len(lines))
	}
}

// A picture in place of another is said, though no word tells of it.
func TestADetailNeedsNoWords(t *testing.T) {
	p := sampleCompare(t, "en")
	p.Blocks = []DiffBlock{{Part: PartLead, Detail: true}}
	n := parse(t, New(Options{}).Compare(p))
	if got := textOf(all(t, n, ".diff")[0]); strings.TrimSpace(got) != "The words are the same; emphasis, a link or a picture differs." {
		t.Errorf("the difference says %q", got)
	}
	if len(all(t, n, ".diff p:empty")) > 0 {
		t.Error("there is a paragraph of nothing")
	}
}

// Nothing changed in a first edition, so no link promises a change.
func TestTheFirstEditionIsRead(t *testing.T) {
	p := &HistoryPage{Frame: sampleFrame(t, "en", "/a/history"), Language: "en", Editions: []EditionRow{
		{Number: 2, Change: dateline.ChangeUpdate, Address: "/a/history/2"}, {Number: 1, Change: dateline.ChangeFirst, Address: "/a/history/1"}}}
	n := parse(t, New(Options{}).History(p))
	if a, b := one(t, n, `a[href="/a/history/2"]`), one(t, n, `a[href="/a/history/1"]`); a != "See the change" || b != "Read this edition" {
		t.Errorf("the links say %q and %q", a, b)
	}
}

func TestEveryCardIsMarked(t *testing.T) {
	pages := samplePages(t, "en")
	for name, want := range map[string]int{"home": 15, "list": 2, "day": 2, "search": 2, "corrections": 1, "history": 1, "compare": 1, "article": 2} {
		if got := len(all(t, parse(t, pages[name]), "[data-edition^='"+string(sampleID)+"/']")); got != want {
			t.Errorf("%s has %d marks, not %d", name, got, want)
		}
	}
}

func TestStyleIsAllowedByItsHash(t *testing.T) {
	r := New(Options{})
	for name, page := range samplePages(t, "hi") {
		css := bytes.TrimSuffix(bytes.TrimPrefix(styleElement.Find(page), []byte("<style>")), []byte("</style>"))
		sum := sha256.Sum256(css)
		source := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if !slices.Contains(r.StyleSources(), source) {
			t.Errorf("the style of %s is not among the sources", name)
		}
		if at, element := r.StyleIn(page); element != string(styleElement.Find(page))+"\n" || !bytes.HasPrefix(page[at:], []byte(element)) {
			t.Errorf("the style of %s is not found in it", name)
		}
	}
}

func proseArticle(t testing.TB) *ArticlePage {
	t.Helper()
	prose, err := os.ReadFile("testdata/prose.txt")
	if err != nil {
		t.Fatal(err)
	}
	p := sampleArticle(t, "en")
	p.Body = Body(markup.FromText(string(prose)), BodyOptions{Language: "en", Publication: "en"})
	return p
}

// TestSize holds an article of some 800 words with its style sheet under 14 KB.
func TestSize(t *testing.T) {
	page := New(Options{}).Article(proseArticle(t))
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(page); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, %d compressed", len(page), b.Len())
	if b.Len() > 14<<10 {
		t.Errorf("the page has %d bytes compressed; 14,336 at most", b.Len())
	}
}

func BenchmarkArticle(b *testing.B) {
	r, p := New(Options{}), proseArticle(b)
	b.ReportAllocs()
	for b.Loop() {
		r.Article(p)
	}
}

func BenchmarkHome(b *testing.B) {
	r, p := New(Options{}), sampleHome(b, "en")
	b.ReportAllocs()
	for b.Loop() {
		r.Home(p)
	}
}

// TestHeadlinesElsewhere: search and shared links may have a headline of their own; the page keeps its own in all else.
func TestHeadlinesElsewhere(t *testing.T) {
	p := sampleArticle(t, "en")
	p.SearchTitle, p.SocialTitle = "Fishing line: 11 miles", "Who may fish where"
	n := parse(t, New(Options{}).Article(p))
	for selector, want := range map[string]string{"title": "Fishing line: 11 miles – The Estuary", "h1": "Harbour Authority redraws the line"} {
		if got := strings.TrimSpace(one(t, n, selector)); got != want {
			t.Errorf("%s says %q, not %q", selector, got, want)
		}
	}
	if got := attribute(all(t, n, `meta[property="og:title"]`)[0], "content"); got != "Who may fish where" {
		t.Errorf("shared as %q", got)
	}
	if data := one(t, n, `script[type="application/ld+json"]`); !strings.Contains(data, `"headline":"Harbour Authority redraws the line"`) || strings.Contains(data, "Who may fish") {
		t.Errorf("the data's headline: %s", data)
	}
}
