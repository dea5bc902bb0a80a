package newsroom_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
)

// TestWhatIsRefused: each input, the status and code it is refused with, where the document says the fault is, and that
// nothing was made or changed.
func TestWhatIsRefused(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	a := n.write(m{"section": "coast", "headline": "As it was"})
	begin, made := n.head(), n.count()
	paragraph := func(s string) string {
		return `{"body":{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":` + s + `}]}]}}`
	}
	for _, c := range []struct {
		what, body string
		status     int
		path       string // of the field; "" where the whole is refused
		words      string
	}{
		{"unknown field", `{"headline":"x","colour":"red"}`, 422, "colour", "unexpected"},
		{"unknown field deep down", `{"lead":{"picture":"x","size":3}}`, 422, "lead.size", "unexpected"},
		{"field in other case", `{"Headline":"x"}`, 422, "Headline", "unexpected"},
		{"fields of the state", `{"headline":"x","readers":"published"}`, 422, "readers", "unexpected"},
		{"number for text", `{"headline":7}`, 422, "headline", "string"},
		{"text for list", `{"topics":"ferries"}`, 422, "topics", "array"},
		{"list for object", `[]`, 422, "body", "object"},
		{"unknown label", `{"label":"gossip"}`, 422, "label", "analysis"},
		{"no JSON", `{"headline":`, 400, "body", "JSON"},
		{"trailing data", `{"headline":"x"} {}`, 400, "body", "after"},
		{"not UTF-8", "{\"headline\":\"a\xff\"}", 400, "body", "UTF-8"},
		{"empty", ``, 400, "", "body"},
		{"headline of 10,000 characters", `{"headline":"` + strings.Repeat("ä", 10000) + `"}`, 422, "headline", "10000"},
		{"NUL in the headline", `{"headline":"a\u0000b"}`, 422, "headline", "U+0000"},
		{"newline in the standfirst", `{"standfirst":"a\nb"}`, 422, "standfirst", "U+000A"},
		{"right-to-left override in the headline", `{"headline":"a\u202eb"}`, 422, "headline", "U+202E"},
		{"isolate in a name", `{"byline":[{"agency":"a\u2066b"}]}`, 422, "byline[0].agency", "U+2066"},
		{"NUL in the body", paragraph(`"a\u0000b"`), 422, "body.content[0].content[0].text", "U+0000"},
		{"override in the body", paragraph(`"a\u202eb"`), 422, "body.content[0].content[0].text", "U+202E"},
		{"a block that is not in the schema", `{"body":{"type":"doc","content":[{"type":"script"}]}}`, 422, "body.content[0].type", "script"},
		{"HTML for a document", `{"body":"<p>x</p>"}`, 422, "body", ""},
		{"body and HTML", `{"html":"<p>x</p>","body":{"type":"doc","content":[]}}`, 422, "html", "either"},
		{"slug with dots", `{"slug":"../../etc/passwd"}`, 422, "slug", "cannot stand"},
		{"slug with NUL", `{"slug":"a\u0000"}`, 422, "slug", "cannot stand"},
		{"slug with an override", `{"slug":"a\u202eb"}`, 422, "slug", "cannot stand"},
		{"slug with a sign of four bytes", `{"slug":"ferry-🚢"}`, 422, "slug", "🚢"},
		{"slug in capitals", `{"slug":"Ferry"}`, 422, "slug", "cannot stand"},
		{"slug that is too long", `{"slug":"` + strings.Repeat("a", 81) + `"}`, 422, "slug", "80"},
		{"language", `{"language":"<script>"}`, 422, "language", "BCP 47"},
		{"section that is not there", `{"section":"nowhere"}`, 422, "section", "make it first"},
		{"topic by an id that nothing has", `{"topics":["` + nothing + `"]}`, 422, "topics", nothing},
		{"person and agency at once", `{"byline":[{"agency":"x","person":"` + nothing + `"}]}`, 422, "byline[0]", "either"},
		{"too many names", `{"byline":[` + strings.Repeat(`{"agency":"x"},`, 20) + `{"agency":"x"}]}`, 422, "byline", "20"},
		{"picture that is not there", `{"lead":{"picture":"` + nothing + `","alt":"x"}}`, 422, "pictures", nothing},
	} {
		t.Run(c.what, func(t *testing.T) {
			for _, request := range []*answer{n.as(reporter, "POST", "/articles", c.body), n.as(editor, "PUT", "/articles/"+string(a.ID), c.body, seen(a)...)} {
				request.refuses(c.status, dateline.EInvalid, c.words)
				p := request.problem()
				if c.path != "" && (len(p.Errors) == 0 || p.Errors[0].Path != c.path || p.Errors[0].Message == "") {
					t.Errorf("%s: the fault is placed at %+v, want %q", request.asked, p.Errors, c.path)
				}
				if len(request.raw) > 2000 {
					t.Errorf("%s: the refusal has %d bytes", request.asked, len(request.raw))
				}
			}
		})
	}
	n.unchanged(a, begin)
	if n.count() != made {
		t.Error("a refused request made something")
	}
}

func TestRequestsThatAreNotWhatTheySay(t *testing.T) {
	n := openRoom(t)
	a := n.write(m{"headline": "x"})
	begin := n.head()
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "text/html+xml"} {
		n.as(reporter, "POST", "/articles", `{"headline":"x"}`, "Content-Type", kind).refuses(415, dateline.EInvalid, "application/json")
	}
	n.as(reporter, "POST", "/articles", `{"headline":"x"}`, "Content-Type", "application/json; charset=utf-8").is(201)
	made := n.count()
	n.as(reporter, "POST", "/articles?draft=true", m{"headline": "x"}).refuses(422, dateline.EInvalid, "query.draft")
	n.as(editor, "GET", "/articles/"+string(a.ID)+"?full=1", nil).refuses(422, dateline.EInvalid, "query.full")
	n.as(follower, "GET", "/record/entries?since=1", nil).refuses(422, dateline.EInvalid, "since", "after")
	n.as(reporter, "POST", "/articles", `{"headline":"`+strings.Repeat("x", 8<<20)+`"}`).refuses(413, dateline.ETooLarge, "8388608").lacks("xxxx")
	n.as(editor, "PUT", "/articles/"+string(a.ID), `{"html":"`+strings.Repeat("x", 8<<20)+`"}`, seen(a)...).refuses(413, dateline.ETooLarge)
	deep := strings.Repeat(`{"type":"blockquote","content":[`, 2000) + strings.Repeat(`]}`, 2000)
	n.as(reporter, "POST", "/articles", `{"body":{"type":"doc","content":[`+deep+`]}}`).refuses(422, dateline.EInvalid, "body")
	n.unchanged(a, begin)
	if n.count() != made {
		t.Error("a refused request made something")
	}
}

// TestTimesCarryTheirZone: an hour without a zone is nobody's hour.
func TestTimesCarryTheirZone(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	a := n.write(m{"section": "coast", "headline": "x"})
	begin := n.head()
	for _, when := range []any{"2026-04-01T10:00:00", "2026-04-01", "10:00", "2026-04-01 10:00:00Z", "tomorrow", "", 1775037600, "2026-02-30T10:00:00Z", "2026-04-01T25:00:00Z"} {
		n.act(editor, a, "schedule", m{"due": when}).refuses(422, dateline.EInvalid, `"path":"due"`)
		n.act(editor, a, "embargo", m{"until": when}).refuses(422, dateline.EInvalid, `"path":"until"`)
	}
	n.unchanged(a, begin)
	if got := n.act(editor, a, "embargo", m{"until": "2026-04-01T10:00:00.5+05:30"}).is(200).article(); got.Embargo.Until.Format("15:04:05.0Z07:00") != "04:30:00.5Z" {
		t.Errorf("kept as %v", got.Embargo.Until)
	}
}

// TestWhatIsKept: words are kept as they were written, whatever they would mean elsewhere.
func TestWhatIsKept(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	const evil = `<script>alert("1")</script>&amp; <img src=x onerror=alert(1)>`
	for what, words := range map[string]string{
		"HTML":               evil,
		"signs of 4 bytes":   "The 🚢 leaves 𝒏𝒐𝒘",
		"300 characters":     strings.Repeat("ä", 300),
		"leaning marks":      "قال \u200fA\u200e B",
		"joiners":            "क्\u200dष",
		"decomposed letters": "re\u0301sume\u0301",
		"quotation":          `a "b" 'c' \u0000 \\ {{.}} ${x} %s`,
	} {
		short := string([]rune(words)[:2])
		a := n.write(m{"headline": words, "standfirst": words, "dateline": m{"place": short}, "byline": []m{{"agency": short}},
			"source": m{"agency": "A", "item": short, "terms": words}})
		got := n.get(a).Content
		if got.Headline != words || got.Standfirst != words || got.Source.Terms != words {
			t.Errorf("%s: %q is kept as %q, %q, %q", what, words, got.Headline, got.Standfirst, got.Source.Terms)
		}
	}

	// HTML that comes as HTML is made again as blocks: what the schema cannot say does not get through.
	a := n.as(reporter, "POST", "/articles", m{"headline": "x", "html": `<p onclick="x()">Kept &lt;b&gt; <b>bold</b></p><script>lost()</script><a href="javascript:lost()">link</a><iframe src="https://lost.example"></iframe>`}).is(201)
	a.has("Kept <b> ", "bold").lacks("lost", "onclick", "javascript", "iframe")

	// A document in the schema keeps its words as text.
	b := n.write(m{"headline": "x", "body": m{"type": "doc", "content": []m{{"type": "paragraph", "content": []m{{"type": "text", "text": evil}}}}}})
	var doc struct {
		Content []struct{ Content []struct{ Text string } }
	}
	if err := json.Unmarshal(n.get(b).Content.Body, &doc); err != nil || doc.Content[0].Content[0].Text != evil {
		t.Errorf("the body is kept as %s", n.get(b).Content.Body)
	}
}
