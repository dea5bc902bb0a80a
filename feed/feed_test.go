package feed

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/datelinehq/dateline"
)

const (
	one = dateline.ID("0190b5f0-6c00-7cc3-98c4-dc0c0c07398f")
	two = dateline.ID("0190b5f0-6c00-7cc3-98c4-dc0c0c073990")
)

var first = time.Date(2026, 6, 27, 6, 38, 0, 0, time.UTC)

func channel() *Channel {
	return &Channel{ID: "https://estuary.example/", Title: "The Estuary & Coast", Language: "en", Home: "https://estuary.example/",
		Self: "https://estuary.example/atom.xml", Updated: first.Add(8 * time.Minute),
		Items: []Item{
			{ID: one, Edition: 2, Address: "https://estuary.example/coast/2026/06/27/ferry?a=1&b=2", Headline: `Ferry "stops" <again> & again`,
				Standfirst: "No boat\x00 to\u000b Mora\u0085.", Language: "en", First: first, Updated: first.Add(8 * time.Minute),
				Authors: []string{"Ada Menon", "Coast News Agency"}, Section: "Coast", Topics: []string{"Ferries", "Mora"},
				Label: Label{Key: dateline.LabelPaid, Word: "Paid"}, Note: "Correction: two boats, not three."},
			{ID: two, Edition: 1, Address: "https://estuary.example/y", Headline: "नौका बंद", Language: "hi", First: first, Updated: first},
		}}
}

type atomFeed struct {
	XMLName xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string     `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      []string   `xml:"id"`
	Title   []string   `xml:"title"`
	Updated []string   `xml:"updated"`
	Author  []author   `xml:"author"`
	Link    []atomLink `xml:"link"`
	Entry   []struct {
		Lang      string     `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
		Comment   string     `xml:",comment"`
		ID        []string   `xml:"id"`
		Title     []string   `xml:"title"`
		Updated   []string   `xml:"updated"`
		Published []string   `xml:"published"`
		Author    []author   `xml:"author"`
		Link      []atomLink `xml:"link"`
		Summary   []string   `xml:"summary"`
		Category  []struct {
			Scheme string `xml:"scheme,attr"`
			Term   string `xml:"term,attr"`
			Label  string `xml:"label,attr"`
		} `xml:"category"`
	} `xml:"entry"`
}

type author struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

// What RFC 4287 requires: sections 4.1.1 and 4.1.2.
func TestAtomHasWhatTheStandardRequires(t *testing.T) {
	var f atomFeed
	parse(t, Atom(channel()), &f)
	if len(f.ID) != 1 || len(f.Title) != 1 || len(f.Updated) != 1 || len(f.Author) != 1 {
		t.Fatalf("feed: %+v", f)
	}
	if f.Title[0] != "The Estuary & Coast" || f.Lang != "en" || f.Link[0].Rel != "self" || len(f.Link) != 2 {
		t.Errorf("feed: %+v", f)
	}
	if len(f.Entry) != 2 {
		t.Fatalf("%d entries", len(f.Entry))
	}
	for i, e := range f.Entry {
		if len(e.ID) != 1 || !strings.HasPrefix(e.ID[0], "urn:uuid:") || len(e.Title) != 1 || len(e.Updated) != 1 || len(e.Published) != 1 {
			t.Errorf("entry %d: %+v", i, e)
		}
		for _, at := range []string{e.Updated[0], e.Published[0], f.Updated[0]} {
			if _, err := time.Parse(time.RFC3339, at); err != nil {
				t.Errorf("entry %d: %v", i, err)
			}
		}
		if len(e.Link) != 1 || e.Link[0].Rel != "alternate" {
			t.Errorf("entry %d: links %v", i, e.Link)
		}
	}
	e := f.Entry[0]
	if e.Title[0] != `Paid: Ferry "stops" <again> & again` || e.Summary[0] != "Correction: two boats, not three. No boat to Mora." {
		t.Errorf("title %q, summary %q", e.Title[0], e.Summary[0])
	}
	if e.Link[0].Href != channel().Items[0].Address || e.Comment != " "+string(one)+"/2 " || len(e.Author) != 2 || len(e.Category) != 4 {
		t.Errorf("%+v", e)
	}
	if f.Entry[1].Lang != "hi" || len(f.Entry[1].Summary) != 0 {
		t.Errorf("%+v", f.Entry[1])
	}
}

func TestRSSHasWhatTheSpecificationRequires(t *testing.T) {
	var f struct {
		Version string `xml:"version,attr"`
		Channel struct {
			Title       []string `xml:"title"`
			Link        []string `xml:"link"`
			Description []string `xml:"description"`
			Language    string   `xml:"language"`
			Build       string   `xml:"lastBuildDate"`
			Item        []struct {
				Comment     string   `xml:",comment"`
				Title       []string `xml:"title"`
				Link        []string `xml:"link"`
				Description []string `xml:"description"`
				GUID        struct {
					Perma string `xml:"isPermaLink,attr"`
					Text  string `xml:",chardata"`
				} `xml:"guid"`
				PubDate  string   `xml:"pubDate"`
				Creator  []string `xml:"http://purl.org/dc/elements/1.1/ creator"`
				Category []string `xml:"category"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	parse(t, RSS(channel()), &f)
	c := f.Channel
	if f.Version != "2.0" || len(c.Title) != 1 || c.Link[0] != "https://estuary.example/" || len(c.Description) != 1 || c.Description[0] == "" {
		t.Fatalf("%+v", f)
	}
	for i, it := range c.Item {
		if len(it.Title) != 1 || len(it.Link) != 1 || it.GUID.Perma != "false" || !strings.HasPrefix(it.GUID.Text, "urn:uuid:") {
			t.Errorf("item %d: %+v", i, it)
		}
		if _, err := time.Parse(time.RFC1123Z, it.PubDate); err != nil {
			t.Errorf("item %d: %v", i, err)
		}
	}
	if it := c.Item[0]; it.Comment != " "+string(one)+"/2 " || len(it.Creator) != 2 || it.Category[3] != "paid" || len(c.Item) != 2 {
		t.Errorf("%+v", it)
	}
}

func TestSitemaps(t *testing.T) {
	var index struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Sitemap []struct {
			Loc     string `xml:"loc"`
			Lastmod string `xml:"lastmod"`
		} `xml:"sitemap"`
	}
	parse(t, SitemapIndex([]SitemapFile{{"https://e.example/sitemaps/2026-06.xml", first}, {"https://e.example/sitemaps/pages.xml", time.Time{}}}), &index)
	if len(index.Sitemap) != 2 || index.Sitemap[0].Lastmod != "2026-06-27T06:38:00Z" || index.Sitemap[1].Lastmod != "" {
		t.Errorf("%+v", index)
	}
	var set struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URL     []struct {
			Comment string `xml:",comment"`
			Loc     string `xml:"loc"`
			News    struct {
				Name     string `xml:"publication>name"`
				Language string `xml:"publication>language"`
				Date     string `xml:"publication_date"`
				Title    string `xml:"title"`
			} `xml:"http://www.google.com/schemas/sitemap-news/0.9 news"`
		} `xml:"url"`
	}
	parse(t, Sitemap([]SitemapRow{{one, 3, "https://e.example/a&b", first}, {Address: "https://e.example/"}}), &set)
	if len(set.URL) != 2 || set.URL[0].Loc != "https://e.example/a&b" || set.URL[0].Comment != " "+string(one)+"/3 " || set.URL[1].Comment != "" {
		t.Errorf("%+v", set)
	}
	set.URL = nil
	parse(t, News("The Estuary", []NewsRow{{one, 1, "https://e.example/a", "A & B", "hi-IN", first}}), &set)
	if n := set.URL[0].News; n.Name != "The Estuary" || n.Language != "hi" || n.Title != "A & B" || n.Date != "2026-06-27T06:38:00Z" {
		t.Errorf("%+v", n)
	}
	if got := bytes.Count(Sitemap(make([]SitemapRow, MaxSitemap+1)), []byte("<url>")); got != MaxSitemap {
		t.Errorf("a sitemap of %d rows", got)
	}
}

// FuzzFeeds: whatever the words are, the feeds are well-formed and say them, less what XML cannot hold.
func FuzzFeeds(f *testing.F) {
	for _, s := range []string{"", "plain", "]]>", "<!-- -->", "&amp;", "\x00\x1f\x7f", "\xff\xfe", "\u202ertl", "😀", "\ufffe\uffff", `"'`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := channel()
		c.Title, c.Subtitle, c.Items[0].Headline, c.Items[0].Standfirst, c.Items[0].Section = s, s, s, s, s
		c.Items[0].Authors, c.Items[0].Label = []string{s}, Label{}
		for _, out := range [][]byte{Atom(c), RSS(c), Sitemap([]SitemapRow{{one, 1, s, first}}), News(s, []NewsRow{{one, 1, s, s, s, first}})} {
			if !utf8.Valid(out) {
				t.Fatal("not UTF-8")
			}
			d := xml.NewDecoder(bytes.NewReader(out))
			for {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("%v in %s", err, out)
				}
			}
		}
	})
}

func parse(t *testing.T, b []byte, into any) {
	t.Helper()
	if err := xml.Unmarshal(b, into); err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
}

func TestSearchDescription(t *testing.T) {
	var got struct {
		XMLName     xml.Name `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
		ShortName   string
		LongName    string
		Description string
		Url         []struct {
			Type     string `xml:"type,attr"`
			Template string `xml:"template,attr"`
		}
	}
	parse(t, SearchDescription("The Estuary & Harbour Times", "en", "https://e.example/favicon.ico", "https://e.example/search?q=", "https://e.example/s?q="), &got)
	if n := len([]rune(got.ShortName)); n == 0 || n > 16 || !strings.HasPrefix(got.LongName, got.ShortName) {
		t.Errorf("the short name is %q", got.ShortName)
	}
	if got.LongName != "The Estuary & Harbour Times" || got.Description == "" || len(got.Url) != 2 {
		t.Errorf("got %+v", got)
	}
	for _, u := range got.Url {
		if !strings.HasSuffix(u.Template, "?q={searchTerms}") {
			t.Errorf("%s at %q", u.Type, u.Template)
		}
	}
}

func TestSuggestions(t *testing.T) {
	if got := string(Suggestions(`fer"`, []string{"ferry", "<fern>"})); got != "[\"fer\\\"\",[\"ferry\",\"\\u003cfern\\u003e\"]]\n" {
		t.Errorf("got %s", got)
	}
	if got := string(Suggestions("", nil)); got != "[\"\",[]]\n" {
		t.Errorf("nothing is answered as %s", got)
	}
}

// What RFC 6721 requires, section 3: a ref that is the entry's id and a when that is a date-time (RFC 3339), no mark twice, and
// no entry of the same id. Everything else is optional and would be words.
func TestAtomMarksWhatWasDeleted(t *testing.T) {
	c := channel()
	if text := string(Atom(c)); strings.Contains(text, "tombstones") || strings.Contains(text, "deleted") {
		t.Errorf("nothing was deleted:\n%s", text)
	}
	const three = dateline.ID("0190b5f0-6c00-7cc3-98c4-dc0c0c073991")
	c.Items = c.Items[:1]
	c.Deleted = []Deletion{{two, first.Add(time.Hour)}, {three, first.In(time.FixedZone("", 19800))}}
	var f struct {
		Entry []struct {
			ID string `xml:"http://www.w3.org/2005/Atom id"`
		} `xml:"http://www.w3.org/2005/Atom entry"`
		Deleted []struct {
			Attrs []xml.Attr `xml:",any,attr"`
			Inner string     `xml:",innerxml"`
		} `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
	}
	text := Atom(c)
	parse(t, text, &f)
	if len(f.Entry) != 1 || len(f.Deleted) != 2 {
		t.Fatalf("%d entries and %d deleted:\n%s", len(f.Entry), len(f.Deleted), text)
	}
	for i, want := range []string{"urn:uuid:" + string(two) + " 2026-06-27T07:38:00Z", "urn:uuid:" + string(three) + " 2026-06-27T06:38:00Z"} {
		d := f.Deleted[i]
		if len(d.Attrs) != 2 || d.Attrs[0].Name.Local != "ref" || d.Attrs[1].Name.Local != "when" || d.Inner != "" {
			t.Fatalf("%+v", d)
		}
		if got := d.Attrs[0].Value + " " + d.Attrs[1].Value; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	const golden = ` <at:deleted-entry ref="urn:uuid:0190b5f0-6c00-7cc3-98c4-dc0c0c073990" when="2026-06-27T07:38:00Z"/>
 <at:deleted-entry ref="urn:uuid:0190b5f0-6c00-7cc3-98c4-dc0c0c073991" when="2026-06-27T06:38:00Z"/>
</feed>
`
	if !strings.HasSuffix(string(text), golden) || !strings.Contains(string(text), `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang="en">`) {
		t.Errorf("%s", text)
	}
	if bytes.Contains(text, []byte("<!-- "+string(two))) {
		t.Error("a deletion carries an edition's mark")
	}
	if rss := string(RSS(c)); strings.Contains(rss, "deleted") || strings.Contains(rss, string(two)) {
		t.Errorf("RSS has no such mark:\n%s", rss)
	}
}
