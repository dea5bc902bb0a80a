package dateline_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
)

func TestPlainText(t *testing.T) {
	good := []string{"", "Talks resume", "बातचीत", "😀 four bytes", "a\u200cb", "a\u200eb", "<b>not a tag here</b>", "a\u00a0b", "\ufffd"}
	bad := []string{"a\x00b", "a\tb", "a\nb", "a\x7fb", "a\u0085b", "\xff", "a\xc3", "a\u202ab", "a\u202eb", "a\u2066b", "a\u2069b", "a\u2028b", "\ufeffa"}
	for _, s := range good {
		if err := dateline.PlainText(s); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
	for _, s := range bad {
		if err := dateline.PlainText(s); dateline.ErrorCode(err) != dateline.EInvalid {
			t.Errorf("%q was taken (%v)", s, err)
		}
	}
}

func TestValidLanguage(t *testing.T) {
	for _, s := range []string{"en", "hi", "ar", "en-GB", "zh-Hant-TW", "gsw", "sr-Latn", "es-419", "pt-BR"} {
		if !dateline.ValidLanguage(s) {
			t.Errorf("%q was refused", s)
		}
	}
	for _, s := range []string{"", "e", "english", "12", "en_GB", "en-", "-en", "en--GB", "en GB", "हि", "en-abcdefghi", strings.Repeat("en-", 12) + "en", "en\x00"} {
		if dateline.ValidLanguage(s) {
			t.Errorf("%q was taken", s)
		}
	}
}

func TestContentValidate(t *testing.T) {
	id := dateline.ID("0190b5f0-6c00-7cc3-98c4-dc0c0c07398f")
	tests := []struct {
		name   string
		change func(*dateline.Content)
		field  string
	}{
		{"as it is", func(*dateline.Content) {}, ""},
		{"without a headline, as drafts begin", func(c *dateline.Content) { c.Headline = "" }, ""},
		{"the longest headline", func(c *dateline.Content) { c.Headline = strings.Repeat("श", 300) }, ""},
		{"a headline of 10,000 characters", func(c *dateline.Content) { c.Headline = strings.Repeat("a", 10000) }, "headline"},
		{"a headline with NUL", func(c *dateline.Content) { c.Headline = "a\x00" }, "headline"},
		{"a standfirst too long", func(c *dateline.Content) { c.Standfirst = strings.Repeat("a", 1001) }, "standfirst"},
		{"a place turned round", func(c *dateline.Content) { c.Dateline.Place = "\u202eihleD" }, "dateline.place"},
		{"an unknown label", func(c *dateline.Content) { c.Label = "gossip" }, "label"},
		{"every known label", func(c *dateline.Content) { c.Label = dateline.LabelObituary }, ""},
		{"no language", func(c *dateline.Content) { c.Language = "" }, "language"},
		{"a credit of nobody", func(c *dateline.Content) { c.Byline = []dateline.Credit{{As: "x"}} }, "byline[0]"},
		{"a credit of both", func(c *dateline.Content) { c.Byline = []dateline.Credit{{Person: id, Agency: "x"}} }, "byline[0]"},
		{"an agency", func(c *dateline.Content) { c.Byline = []dateline.Credit{{Agency: "Tidewater"}} }, ""},
		{"21 names", func(c *dateline.Content) { c.Byline = make([]dateline.Credit, 21) }, "byline"},
		{"41 topics", func(c *dateline.Content) { c.Topics = make([]dateline.ID, 41) }, "topics"},
		{"a body too large", func(c *dateline.Content) { c.Body = bytes.Repeat([]byte(" "), dateline.MaxBody+1) }, "body"},
		{"a caption with a line feed", func(c *dateline.Content) { c.Lead = &dateline.Lead{Picture: id, Caption: "a\nb"} }, "lead.caption"},
		{"terms too long", func(c *dateline.Content) { c.Source = &dateline.Source{Terms: strings.Repeat("a", 1001)} }, "source.terms"},
		{"a slug that climbs", func(c *dateline.Content) { c.Slug = "../../etc/passwd" }, "slug"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := dateline.Content{Headline: "Talks resume", Language: "en", Section: id}
			tt.change(&c)
			err := c.Validate()
			if tt.field == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if got := fieldsOf(t, err); !strings.Contains(got, tt.field) {
				t.Errorf("refused %q, want %q", got, tt.field)
			}
		})
	}
}

func TestContentComplete(t *testing.T) {
	id := dateline.ID("0190b5f0-6c00-7cc3-98c4-dc0c0c07398f")
	tests := []struct {
		name    string
		kind    dateline.Kind
		content dateline.Content
		field   string
	}{
		{"an article", dateline.KindArticle, dateline.Content{Headline: "a", Section: id, Language: "en"}, ""},
		{"a page", dateline.KindPage, dateline.Content{Headline: "a", Language: "en"}, ""},
		{"no headline", dateline.KindArticle, dateline.Content{Headline: " ", Section: id, Language: "en"}, "headline"},
		{"no section", dateline.KindArticle, dateline.Content{Headline: "a", Language: "en"}, "section"},
		{"a page in a section", dateline.KindPage, dateline.Content{Headline: "a", Section: id, Language: "en"}, "section"},
		{"a picture without words", dateline.KindArticle,
			dateline.Content{Headline: "a", Section: id, Language: "en", Lead: &dateline.Lead{Picture: id}}, "lead.alt"},
		{"what cannot be kept", dateline.KindArticle, dateline.Content{Headline: "a\x00", Section: id, Language: "en"}, "headline"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.content.Complete(tt.kind)
			if tt.field == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if got := fieldsOf(t, err); !strings.Contains(got, tt.field) {
				t.Errorf("refused %q, want %q", got, tt.field)
			}
		})
	}
}

func TestID(t *testing.T) {
	instant := time.UnixMilli(0x0190b5f06c00)
	id, err := dateline.NewID(instant, bytes.NewReader(bytes.Repeat([]byte{0xff}, 10)))
	if err != nil || id != "0190b5f0-6c00-7fff-bfff-ffffffffffff" {
		t.Fatalf("got %s, %v", id, err)
	}
	if _, err := dateline.ParseID(string(id)); err != nil {
		t.Error(err)
	}
	later, err := dateline.NewID(instant.Add(time.Millisecond), bytes.NewReader(make([]byte, 10)))
	if err != nil || later <= id {
		t.Errorf("ids do not sort by their instant: %s, %s", id, later)
	}
	if _, err := dateline.NewID(instant, strings.NewReader("short")); err == nil {
		t.Error("an id was made without enough randomness")
	}
	for _, s := range []string{"", "0190b5f0", "0190B5F0-6C00-7FFF-BFFF-FFFFFFFFFFFF", "0190b5f0x6c00-7fff-bfff-ffffffffffff", "../../../../../../../../etc/passwd00"} {
		if _, err := dateline.ParseID(s); dateline.ErrorCode(err) != dateline.EInvalid {
			t.Errorf("%q was taken for an id", s)
		}
	}
}

func TestErrors(t *testing.T) {
	cause := errors.New("disk gone")
	err := error(&dateline.Error{Code: dateline.EUnavailable, Message: "not now", Cause: cause})
	if !errors.Is(err, cause) || dateline.ErrorCode(err) != dateline.EUnavailable {
		t.Errorf("%v, %s", err, dateline.ErrorCode(err))
	}
	if dateline.ErrorCode(nil) != "" || dateline.ErrorCode(cause) != dateline.EInternal {
		t.Error("the codes of nil and of a plain error are wrong")
	}
}

func TestNamesAndDescriptions(t *testing.T) {
	n := dateline.Names{"en": "World", "hi": "दुनिया"}
	for _, tt := range [][3]string{{"hi", "दुनिया", "hi"}, {"hi-IN", "दुनिया", "hi"}, {"ar", "World", "en"}} {
		if name, lang := n.In(tt[0], "en"); name != tt[1] || lang != tt[2] {
			t.Errorf("%s: %s in %s", tt[0], name, lang)
		}
	}
	p := dateline.Publication{Name: "The Estuary", Zone: "Europe/Lisbon", Language: "en", City: dateline.Names{"en": "Saltmouth"}}
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
	for field, change := range map[string]func(*dateline.Publication){
		"name":     func(p *dateline.Publication) { p.Name = " " },
		"zone":     func(p *dateline.Publication) { p.Zone = "Local" },
		"language": func(p *dateline.Publication) { p.Language = "english" },
		"latitude": func(p *dateline.Publication) { p.Latitude = 91 },
		"city":     func(p *dateline.Publication) { p.City = dateline.Names{"hi": "x"} },
	} {
		q := p
		change(&q)
		if got := fieldsOf(t, q.Validate()); !strings.Contains(got, field) {
			t.Errorf("%s: refused %q", field, got)
		}
	}
}

func TestDescribed(t *testing.T) {
	names := dateline.Names{"en": "Talks"}
	if err := (&dateline.Section{Slug: "world", Names: names}).Validate("en"); err != nil {
		t.Error(err)
	}
	wrong := []interface{ Validate(string) error }{
		&dateline.Section{Slug: "search", Names: names},
		&dateline.Section{Slug: "2026", Names: names},
		&dateline.Section{Slug: "world"},
		&dateline.Topic{Slug: "talks", Names: names},
		&dateline.Topic{Slug: "talks", Names: names, Kind: dateline.TopicPerson},
		&dateline.Topic{Slug: "talks", Names: names, Kind: dateline.TopicSubject, Person: "x"},
		&dateline.Topic{Slug: "../talks", Names: names, Kind: dateline.TopicPlace},
		&dateline.Person{Slug: "meera", Names: dateline.Names{"en": "a\x00"}},
		&dateline.Person{Slug: "meera", Names: dateline.Names{"hi": "मीरा"}},
	}
	for i, w := range wrong {
		if err := w.Validate("en"); dateline.ErrorCode(err) != dateline.EInvalid {
			b, _ := json.Marshal(w)
			t.Errorf("%d: %s was taken", i, b)
		}
	}
}
