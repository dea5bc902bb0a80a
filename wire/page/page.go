// Package page reads one saved news page, as HTML or as the plain text that a crawler kept, and gives back the article
// that stands on it: headline, standfirst, section, topics, times, paragraphs, and what the page said of its own day.
package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/datelinehq/dateline/markup"
)

// MaxSize is the largest page that is read, in bytes.
const MaxSize = 20 << 20

// Options say how a page is to be read.
type Options struct {
	Zone *time.Location // the newsroom's: for times without a zone and for abbreviations that it uses; nil is UTC
	Base *url.URL       // the page's address, where it is known, for relative links
	// Picture is asked for each picture of the text; see markup.HTMLOptions. Nil has none.
	Picture func(src, alt string) (id string, ok bool)
}

// Page is what was found. Strings are empty and pointers nil where the page does not say.
type Page struct {
	Headline       string
	Standfirst     string
	Section        string
	Topics         []string
	FirstPublished time.Time   // with the offset that the page gives; zero where it does not say
	Updated        time.Time   // likewise
	Body           markup.Node // without a standfirst that is printed again at its head
	Printed        []string    // the paragraphs as the page prints them, a repeated standfirst among them
	Furniture      *Furniture

	Persons  []string // the byline's names
	Language string   // BCP 47
	Dir      string   // "ltr", "rtl" or empty
	Picture  string   // the lead picture's address
	Address  string   // the page's own address, where it names one
	SiteName string
	Notes    []Note
}

// Furniture is the strip at the head of a captured page: what belonged to the visit and not to the article.
type Furniture struct {
	Captured string // the day of the visit, "2006-01-02"
	Place    string
	Humidity string // with its unit, as printed
	Wind     string // with its unit, as printed
}

// Note is one thing that was guessed or left out.
type Note struct {
	Line int    // line of the file, counted from 1; 0 where it is about the whole
	Text string // a full sentence
}

// Error says what a file is when it is not a page, and what to do.
type Error struct {
	Line int // counted from 1
	What string
	Hint string
}

// Error returns the message in one line.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s. %s", e.Line, e.What, e.Hint) }

// Parse reads a page. It decides by the content whether that is HTML or text; what is neither is an *Error.
func Parse(data []byte, opt Options) (Page, error) {
	if len(data) > MaxSize {
		return Page{}, &Error{1, fmt.Sprintf("the file has %d MB; a page has 20 MB at most", len(data)>>20), wantPage}
	}
	if opt.Zone == nil {
		opt.Zone = time.UTC
	}
	kind, err := sniff(data)
	if err != nil {
		return Page{}, err
	}
	if kind == kindHTML {
		return parseHTML(data, opt)
	}
	return parseText(data, opt)
}

// MarshalJSON gives the object that `dateline import page --dry-run --json` prints: every key always, null where the
// page does not say, times in RFC 3339 with the page's own offset.
func (p Page) MarshalJSON() ([]byte, error) {
	out := struct {
		Headline       *string        `json:"headline"`
		Standfirst     *string        `json:"standfirst"`
		Section        *string        `json:"section"`
		Topics         []string       `json:"topics"`
		FirstPublished *string        `json:"first_published"`
		Updated        *string        `json:"updated"`
		Paragraphs     []string       `json:"paragraphs"`
		Furniture      *furnitureJSON `json:"furniture"`
	}{
		Headline: orNull(p.Headline), Standfirst: orNull(p.Standfirst), Section: orNull(p.Section), Topics: orEmpty(p.Topics),
		FirstPublished: instantOrNull(p.FirstPublished), Updated: instantOrNull(p.Updated), Paragraphs: orEmpty(p.Printed),
	}
	if f := p.Furniture; f != nil {
		out.Furniture = &furnitureJSON{orNull(f.Captured), orNull(f.Place), orNull(f.Humidity), orNull(f.Wind)}
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(out)
	return bytes.TrimRight(buf.Bytes(), "\n"), err
}

type furnitureJSON struct {
	Captured *string `json:"captured"`
	Place    *string `json:"place"`
	Humidity *string `json:"humidity"`
	Wind     *string `json:"wind"`
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func instantOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.Format(time.RFC3339)
	return &s
}
