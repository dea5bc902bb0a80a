package page

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// forms are captures of many shapes, each with the object it must give.
var forms = []struct{ name, zone, in, want string }{
	{"nothing but a headline and text", "", "Pier closed for repairs\n\nThe pier will stay closed until June, the council said on Monday.\n\nWork begins next week.\n",
		`{"headline":"Pier closed for repairs","standfirst":null,"section":null,"topics":[],"first_published":null,"updated":null,"paragraphs":["The pier will stay closed until June, the council said on Monday.","Work begins next week."],"furniture":null}`},
	{"section alone", "", "Pier closed for repairs\n\nlocal\n\nThe pier will stay closed until June.\n\nFirst Published: Jan 2, 2014 08:00 GMT",
		`{"headline":"Pier closed for repairs","standfirst":null,"section":"local","topics":[],"first_published":"2014-01-02T08:00:00Z","updated":null,"paragraphs":["The pier will stay closed until June."],"furniture":null}`},
	{"updated without a section, no topics", "", "Pier closed for repairs\n\nIt will not open before June.\n\nUpdated: Jan 3, 2014 09:15 CET\n\nThe pier was shut on Monday.\n\nFirst Published: Jan 2, 2014 08:00 CET",
		`{"headline":"Pier closed for repairs","standfirst":"It will not open before June.","section":null,"topics":[],"first_published":"2014-01-02T08:00:00+01:00","updated":"2014-01-03T09:15:00+01:00","paragraphs":["The pier was shut on Monday."],"furniture":null}`},
	{"last updated, twelve hours, long month", "", "Pier closed\n\nIt will not open before June.\n\nCity News Last Updated: September 3, 2014 9:05 PM EDT\nPiers, Harbour works\n\nThe pier was shut on Monday.\n\nFirst Published: 3 September 2014, 12:10 am EDT",
		`{"headline":"Pier closed","standfirst":"It will not open before June.","section":"City News","topics":["Piers","Harbour works"],"first_published":"2014-09-03T00:10:00-04:00","updated":"2014-09-03T21:05:00-04:00","paragraphs":["The pier was shut on Monday."],"furniture":null}`},
	{"no zone printed", "Asia/Kolkata", "Pier closed\n\nIt will not open.\n\nregion Updated: Jan 3, 2014 09:15\nPiers\n\nThe pier was shut on Monday.\n",
		`{"headline":"Pier closed","standfirst":"It will not open.","section":"region","topics":["Piers"],"first_published":null,"updated":"2014-01-03T09:15:00+05:30","paragraphs":["The pier was shut on Monday."],"furniture":null}`},
	{"IST of a paper in Dublin", "Europe/Dublin", "Pier closed\n\nThe pier was shut on Monday.\n\nFirst Published: Jul 3, 2014 09:15 IST",
		`{"headline":"Pier closed","standfirst":null,"section":null,"topics":[],"first_published":"2014-07-03T09:15:00+01:00","updated":null,"paragraphs":["The pier was shut on Monday."],"furniture":null}`},
	{"IST of a paper in Jerusalem", "Asia/Jerusalem", "Pier closed\n\nThe pier was shut on Monday.\n\nFirst Published: Jan 3, 2014 09:15 IST",
		`{"headline":"Pier closed","standfirst":null,"section":null,"topics":[],"first_published":"2014-01-03T09:15:00+02:00","updated":null,"paragraphs":["The pier was shut on Monday."],"furniture":null}`},
	{"numeric zone, ISO date", "", "Pier closed\n\nThe pier was shut on Monday.\n\nFirst Published: 2014-01-03 09:15 GMT+5:45",
		`{"headline":"Pier closed","standfirst":null,"section":null,"topics":[],"first_published":"2014-01-03T09:15:00+05:45","updated":null,"paragraphs":["The pier was shut on Monday."],"furniture":null}`},
	{"the standfirst is wrapped and printed again", "", "Pier closed until June as\ndivers look at the piles\n\nThe pier will stay closed until June, the council\nsaid on Monday.\n\nregion Updated: Jan 3, 2014\n09:15 CET\nPiers,\nDivers\n\nThe pier will stay closed until June, the council said on Monday.\n\nDivers found the third pile cracked and the ninth pile\nmissing its collar since the storm.\n",
		`{"headline":"Pier closed until June as divers look at the piles","standfirst":"The pier will stay closed until June, the council said on Monday.","section":"region","topics":["Piers","Divers"],"first_published":null,"updated":"2014-01-03T09:15:00+01:00","paragraphs":["The pier will stay closed until June, the council said on Monday.","Divers found the third pile cracked and the ninth pile missing its collar since the storm."],"furniture":null}`},
	{"strip with the value on the next line", "", "Today in Harwick\nMon, 6 January 2014\nHarwick\nHumidity\n40 %\nWind:\n3 m/s\n\nPier closed\n\nThe pier was shut on Monday.\n",
		`{"headline":"Pier closed","standfirst":null,"section":null,"topics":[],"first_published":null,"updated":null,"paragraphs":["The pier was shut on Monday."],"furniture":{"captured":"2014-01-06","place":"Harwick","humidity":"40 %","wind":"3 m/s"}}`},
	{"strip without its first line, stars for bullets", "", "Jan 06, 2014-Monday\nHarwick\n* Humidity: 40%\n* Wind\n* Sunrise\n\nPier closed\n\nThe pier was shut on Monday.\n",
		`{"headline":"Pier closed","standfirst":null,"section":null,"topics":[],"first_published":null,"updated":null,"paragraphs":["The pier was shut on Monday."],"furniture":{"captured":"2014-01-06","place":"Harwick","humidity":"40%","wind":null}}`},
	{"a strip of one line", "", "Today in Harwick, Essex\n\nPier closed\n\nThe pier was shut on Monday.\n",
		`{"headline":"Pier closed","standfirst":null,"section":null,"topics":[],"first_published":null,"updated":null,"paragraphs":["The pier was shut on Monday."],"furniture":{"captured":null,"place":"Harwick, Essex","humidity":null,"wind":null}}`},
	{"colons and commas in the text", "", "Pier closed\n\nIt will not open.\n\nregion Updated: Jan 3, 2014 09:15 CET\nPiers\n\nThree things are broken: piles, planks, lamps.\n\nUpdated plans were promised: none came.\n\nPublished: nothing yet, the council said.\n",
		`{"headline":"Pier closed","standfirst":"It will not open.","section":"region","topics":["Piers"],"first_published":null,"updated":"2014-01-03T09:15:00+01:00","paragraphs":["Three things are broken: piles, planks, lamps.","Updated plans were promised: none came.","Published: nothing yet, the council said."],"furniture":null}`},
	{"topics on two lines", "", "Pier closed\n\nIt will not open.\n\nregion Updated: Jan 3, 2014 09:15 CET\nPiers,Harbour works\nDivers, Storms\n\nThe pier was shut on Monday.\n",
		`{"headline":"Pier closed","standfirst":"It will not open.","section":"region","topics":["Piers","Harbour works","Divers","Storms"],"first_published":null,"updated":"2014-01-03T09:15:00+01:00","paragraphs":["The pier was shut on Monday."],"furniture":null}`},
	{"another language", "", "पुल बंद रहेगा\n\nमरम्मत जून तक चलेगी।\n\nशहर Updated: 3 जनवरी 2014 09:15 IST\nपुल,मरम्मत\n\nपरिषद ने सोमवार को कहा।\n\nFirst Published: 2 जनवरी 2014 08:00 IST",
		`{"headline":"पुल बंद रहेगा","standfirst":"मरम्मत जून तक चलेगी।","section":"शहर","topics":["पुल","मरम्मत"],"first_published":"2014-01-02T08:00:00+05:30","updated":"2014-01-03T09:15:00+05:30","paragraphs":["परिषद ने सोमवार को कहा।"],"furniture":null}`},
	{"both times at the foot", "", "Pier closed\n\nThe pier was shut on Monday.\n\nIt is old.\n\nFirst Published: Jan 2, 2014 08:00 CET | Updated: Jan 3, 2014 09:15 CET\n",
		`{"headline":"Pier closed","standfirst":null,"section":null,"topics":[],"first_published":"2014-01-02T08:00:00+01:00","updated":"2014-01-03T09:15:00+01:00","paragraphs":["The pier was shut on Monday.","It is old."],"furniture":null}`},
	{"topics without a section", "", "Pier closed\n\nIt will not open before June.\n\nPiers, Harbour works, Divers\n\nThe pier was shut on Monday.\n",
		`{"headline":"Pier closed","standfirst":"It will not open before June.","section":null,"topics":["Piers","Harbour works","Divers"],"first_published":null,"updated":null,"paragraphs":["The pier was shut on Monday."],"furniture":null}`},
	{"updated before it was published", "", "Pier closed\n\nThe pier was shut on Monday.\n\nregion Updated: Jan 1, 2014 09:15 CET\n\nMore is to come.\n\nFirst Published: Jan 2, 2014 08:00 CET\n",
		`{"headline":"Pier closed","standfirst":"The pier was shut on Monday.","section":"region","topics":[],"first_published":"2014-01-02T08:00:00+01:00","updated":null,"paragraphs":["More is to come."],"furniture":null}`},
}

func TestForms(t *testing.T) {
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			zone, err := time.LoadLocation(f.zone)
			if err != nil {
				t.Fatal(err)
			}
			p, err := Parse([]byte(f.in), Options{Zone: zone})
			if err != nil {
				t.Fatal(err)
			}
			var want map[string]any
			if err := json.Unmarshal([]byte(f.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, asJSON(t, p)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for name, f := range map[string]struct {
		in, says string
		line     int
	}{
		"empty":   {" \n\n", "empty", 1},
		"PDF":     {"%PDF-1.7\n...", "PDF", 1},
		"JSON":    {`{"a": 1}`, "JSON", 1},
		"feed":    {`<?xml version="1.0"?><rss version="2.0"><channel/></rss>`, "feed", 1},
		"XML":     {`<?xml version="1.0"?><newsItem/>`, "<newsitem>", 1},
		"binary":  {"Pier\nclosed\n\x00\x01", "NUL", 3},
		"control": {"Pier\n\x01closed", "control", 2},
		"UTF-16":  {"\xff\xfeP\x00i\x00", "UTF-16", 1},
		"picture": {"\x89PNG\r\n", "picture", 1},
		"blank":   {"<html><body></body></html>", "headline", 1},
		"huge":    {strings.Repeat("a", MaxSize+1), "20 MB", 1},
	} {
		_, err := Parse([]byte(f.in), Options{})
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), f.says) || e.Line != f.line {
			t.Errorf("%s: got %v, want one about %q on line %d", name, err, f.says, f.line)
		}
	}
}

func TestMetadata(t *testing.T) {
	text := "<p>" + strings.Repeat("The pier was shut on Monday, the council said, and will stay so. ", 12) + "</p>"
	for name, f := range map[string]struct {
		head string
		want func(Page) any
		is   any
	}{
		"site name at the end": {`<title>Pier closed - The Estuary</title><meta property="og:site_name" content="Estuary">`, func(p Page) any { return p.Headline }, "Pier closed"},
		"a dash in a headline": {`<title>Pier closed - again</title><meta property="og:site_name" content="Estuary">`, func(p Page) any { return p.Headline }, "Pier closed - again"},
		"graph": {`<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"x"},{"@type":["NewsArticle"],"headline":"Pier closed","datePublished":"2014-01-02T08:00:00+01:00","author":[{"@type":"Person","name":"Ada Lund"},{"@type":"Organization","name":"Estuary"}],}]};</script>`,
			func(p Page) any {
				return []string{p.Headline, p.FirstPublished.Format(time.RFC3339), strings.Join(p.Persons, "+")}
			}, []string{"Pier closed", "2014-01-02T08:00:00+01:00", "Ada Lund"}},
		"byline":      {`<title>A b</title><meta name="author" content="By Ada Lund and Ole Moe, Estuary staff">`, func(p Page) any { return p.Persons }, []string{"Ada Lund", "Ole Moe"}},
		"local time":  {`<title>A b</title><meta property="article:published_time" content="2014-07-02 08:00:00">`, func(p Page) any { return p.FirstPublished.Format(time.RFC3339) }, "2014-07-02T08:00:00+02:00"},
		"wrong order": {`<title>A b</title><meta property="article:published_time" content="2014-07-02T08:00:00Z"><meta property="article:modified_time" content="2014-07-01T08:00:00Z">`, func(p Page) any { return p.Updated.IsZero() }, true},
		"Arabic":      {`<title>خبر</title><meta property="og:locale" content="ar_EG">`, func(p Page) any { return p.Language + " " + p.Dir }, "ar-EG rtl"},
		"broken data": {`<title>A b</title><script type="application/ld+json">{"@type":"NewsArticle",</script>`, func(p Page) any { return p.Headline }, "A b"},
	} {
		zone := time.FixedZone("", 7200)
		p, err := Parse([]byte("<html><head>"+f.head+"</head><body><article>"+text+text+"</article></body></html>"), Options{Zone: zone})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(f.is, f.want(p)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		if len(p.Printed) == 0 {
			t.Errorf("%s: no text", name)
		}
	}
}

func TestHostile(t *testing.T) {
	for name, in := range map[string]string{
		"nesting": "<html><title>Deep</title><body>" + strings.Repeat("<div>", 200000) + "words" + "</body></html>",
		"lists":   "<html><title>Deep</title><body>" + strings.Repeat("<ul><li>a", 20000) + "</body></html>",
		"script":  `<html><title>Bad</title><body><article><p onclick="x()">` + strings.Repeat("words and more words. ", 40) + `<script>alert(1)</script><a href="javascript:x()">y</a></p></article></body></html>`,
	} {
		p, err := Parse([]byte(in), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		out, err := json.Marshal(p.Body)
		if err != nil || strings.Contains(string(out), "javascript:") || strings.Contains(string(out), "alert") {
			t.Errorf("%s: something came through: %.200s %v", name, out, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, form := range forms {
		f.Add([]byte(form.in))
	}
	f.Add([]byte(`<html lang=en><head><title>A</title><script type="application/ld+json">[{"@type":"Article","headline":["x"]}]</script></head><body><article><p>Some text, and more.</p></article>`))
	f.Add([]byte("Today in\nHumidity\n\n\nUpdated:\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		p, err := Parse(in, Options{})
		if err != nil {
			return
		}
		if p.Headline == "" {
			t.Error("a page without a headline")
		}
		if _, err := json.Marshal(p); err != nil {
			t.Error(err)
		}
	})
}
