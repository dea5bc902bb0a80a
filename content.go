package dateline

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of an article's parts, in Unicode code points unless said otherwise.
const (
	MaxHeadline   = 300
	MaxStandfirst = 1000
	MaxNote       = 300
	MaxName       = 200
	MaxCaption    = 1000
	MaxSlug       = 80
	MaxBylines    = 20
	MaxTopics     = 40
	MaxBody       = 8 << 20 // bytes of the body's JSON
)

// Label says what kind of piece an article is; it stands above the headline unless it is news.
type Label string

// The labels.
const (
	LabelNews      Label = "news"
	LabelAnalysis  Label = "analysis"
	LabelOpinion   Label = "opinion"
	LabelReview    Label = "review"
	LabelObituary  Label = "obituary"
	LabelInterview Label = "interview"
	LabelExplainer Label = "explainer"
	LabelPaid      Label = "paid"
)

// Labels lists every label in the order in which a desk offers them.
var Labels = []Label{LabelNews, LabelAnalysis, LabelOpinion, LabelReview, LabelObituary, LabelInterview, LabelExplainer, LabelPaid}

// Content is what an editor writes: an article's parts without its identity, state or times.
type Content struct {
	Section      ID              `json:"section,omitempty"` // none for a page
	Label        Label           `json:"label,omitempty"`   // news where it is empty
	Headline     string          `json:"headline"`
	Standfirst   string          `json:"standfirst,omitempty"`
	Dateline     Dateline        `json:"dateline,omitzero"`
	Byline       []Credit        `json:"byline,omitempty"`
	Source       *Source         `json:"source,omitempty"`
	Topics       []ID            `json:"topics,omitempty"`
	Body         json.RawMessage `json:"body,omitempty"` // a document of package markup
	Lead         *Lead           `json:"lead,omitempty"`
	Language     string          `json:"language"`       // BCP 47
	Slug         string          `json:"slug,omitempty"` // the wish for the address; made of the headline where it is empty
	Translations []ID            `json:"translations,omitempty"`
	Stories      []ID            `json:"stories,omitempty"` // the running stories it belongs to

	// What stands in place of the headline outside the page: as the title that search engines show, and where the address is shared.
	SearchHeadline string `json:"search_headline,omitempty"`
	SocialHeadline string `json:"social_headline,omitempty"`
}

// Dateline is the place, and agency, at the head of the text. The day beside it is that of first publication.
type Dateline struct {
	Place  string `json:"place,omitempty"`
	Agency string `json:"agency,omitempty"`
}

// Credit is one name of a byline: a person by id, or an agency by name. As keeps the words as printed where a
// later renaming of the person must not change them.
type Credit struct {
	Agency string `json:"agency,omitempty"`
	As     string `json:"as,omitempty"`
	Person ID     `json:"person,omitempty"`
}

// Source is where copy came from: an agency, its item's id and version, and its terms of use.
type Source struct {
	Agency  string `json:"agency"`
	Item    string `json:"item,omitempty"`
	Terms   string `json:"terms,omitempty"`
	Version string `json:"version,omitempty"`
}

// Lead is the picture at the head of an article with its words as published.
type Lead struct {
	Alt     string `json:"alt,omitempty"`
	Caption string `json:"caption,omitempty"`
	Credit  string `json:"credit,omitempty"`
	Picture ID     `json:"picture"`
}

// Validate reports everything that cannot be kept in content: lengths, control characters, unknown labels. It does
// not ask for what only publication needs (see Complete) and does not look into the body, which is markup's work.
func (c *Content) Validate() error {
	var f fields
	f.text("headline", c.Headline, MaxHeadline)
	f.text("standfirst", c.Standfirst, MaxStandfirst)
	f.text("search_headline", c.SearchHeadline, MaxHeadline)
	f.text("social_headline", c.SocialHeadline, MaxHeadline)
	f.text("dateline.place", c.Dateline.Place, MaxName)
	f.text("dateline.agency", c.Dateline.Agency, MaxName)
	if c.Label != "" && !knownLabel(c.Label) {
		f.add("label", "%.40q is not a label; use one of %s", string(c.Label), joinLabels())
	}
	if !ValidLanguage(c.Language) {
		f.add("language", "%.40q is not a language tag; use BCP 47, such as en, hi or ar", c.Language)
	}
	if len(c.Byline) > MaxBylines {
		f.add("byline", "%d names are too many; %d at most", len(c.Byline), MaxBylines)
	}
	for i, b := range c.Byline {
		c.validateCredit(&f, i, b)
	}
	if len(c.Topics) > MaxTopics {
		f.add("topics", "%d topics are too many; %d at most", len(c.Topics), MaxTopics)
	}
	if len(c.Stories) > MaxStories {
		f.add("stories", "%d stories are too many; %d at most", len(c.Stories), MaxStories)
	}
	if len(c.Body) > MaxBody {
		f.add("body", "the body is over %d bytes", MaxBody)
	}
	if l := c.Lead; l != nil {
		f.text("lead.alt", l.Alt, MaxCaption)
		f.text("lead.caption", l.Caption, MaxCaption)
		f.text("lead.credit", l.Credit, MaxName)
	}
	if s := c.Source; s != nil {
		f.text("source.agency", s.Agency, MaxName)
		f.text("source.item", s.Item, MaxName)
		f.text("source.version", s.Version, MaxName)
		f.text("source.terms", s.Terms, MaxCaption)
	}
	if c.Slug != "" {
		if err := ValidSlug(c.Slug); err != nil {
			f.add("slug", "%v", err)
		}
	}
	return f.err("the article")
}

func (c *Content) validateCredit(f *fields, i int, b Credit) {
	path := "byline[" + itoa(i) + "]"
	if (b.Person == "") == (b.Agency == "") {
		f.add(path, "name either a person or an agency")
	}
	f.text(path+".agency", b.Agency, MaxName)
	f.text(path+".as", b.As, MaxName)
}

// Complete reports what content still lacks before readers may have it.
func (c *Content) Complete(kind Kind) error {
	var f fields
	if strings.TrimSpace(c.Headline) == "" {
		f.add("headline", "an article needs a headline before it goes out")
	}
	if kind != KindPage && c.Section == "" {
		f.add("section", "an article needs a section before it goes out; pages do not")
	}
	if kind == KindPage && c.Section != "" {
		f.add("section", "a page has no section")
	}
	if c.Lead != nil && c.Lead.Alt == "" {
		f.add("lead.alt", "the picture needs a text for those who cannot see it")
	}
	if err := f.err("the article"); err != nil {
		return err
	}
	return c.Validate()
}

func knownLabel(l Label) bool {
	for _, k := range Labels {
		if k == l {
			return true
		}
	}
	return false
}

func joinLabels() string {
	s := make([]string, len(Labels))
	for i, l := range Labels {
		s[i] = string(l)
	}
	return strings.Join(s, ", ")
}

// text checks one line of words: its length, and that it holds no characters that a line of print cannot hold.
func (f *fields) text(path, s string, limit int) {
	if n := utf8.RuneCountInString(s); n > limit {
		f.add(path, "it has %d characters; %d at most", n, limit)
	}
	if err := PlainText(s); err != nil {
		f.add(path, "%v", err)
	}
}

// PlainText refuses what no headline, name or caption may hold: bytes that are not UTF-8, control characters, and
// the marks that turn the direction of the text around them (Unicode's embeddings, overrides and isolates).
func PlainText(s string) error {
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !validAt(s, i):
			return Errorf(EInvalid, "byte %d is not UTF-8", i)
		case unicode.IsControl(r):
			return Errorf(EInvalid, "byte %d is the control character U+%04X; take it out", i, r)
		case r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069:
			return Errorf(EInvalid, "byte %d is U+%04X, which turns the direction of the text around it; take it out", i, r)
		case r == 0x2028 || r == 0x2029 || r == 0xFEFF:
			return Errorf(EInvalid, "byte %d is U+%04X, an invisible separator; take it out", i, r)
		}
	}
	return nil
}

func validAt(s string, i int) bool {
	_, size := utf8.DecodeRuneInString(s[i:])
	return size > 1
}

// ValidLanguage says whether a tag has the shape of BCP 47: subtags of one to eight letters or digits, the first of
// two or three letters.
func ValidLanguage(tag string) bool {
	if len(tag) > 35 {
		return false
	}
	for i, sub := range strings.Split(tag, "-") {
		if len(sub) < 1 || len(sub) > 8 || i == 0 && (len(sub) < 2 || len(sub) > 3) {
			return false
		}
		for _, r := range sub {
			letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
			if !letter && (i == 0 || r < '0' || r > '9') {
				return false
			}
		}
	}
	return true
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}
