// Package feed writes what machines read of a paper: RSS 2.0, Atom (RFC 4287), sitemaps and the news sitemap. It is pure:
// values in, bytes out, the same bytes for the same values.
package feed

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/datelinehq/dateline"
)

// Channel is a list of articles as its subscribers see it.
type Channel struct {
	ID       string // a permanent IRI: urn:uuid: of a section or topic, the site's origin for the whole paper
	Title    string
	Subtitle string // what the channel is, in a sentence; left out where it is empty, but RSS then repeats the title
	Language string // BCP 47
	Home     string // absolute address of the page
	Self     string // absolute address of this feed
	Updated  time.Time
	Items    []Item
	Deleted  []Deletion // only Atom has a mark for them
}

// Deletion is an article that was in a channel and was taken down. It has no words.
type Deletion struct {
	ID dateline.ID
	At time.Time
}

// Item is an article in a channel.
type Item struct {
	ID         dateline.ID
	Edition    int
	Address    string // absolute
	Headline   string
	Standfirst string
	Language   string
	First      time.Time
	Updated    time.Time // not before First
	Authors    []string
	Section    string
	Topics     []string
	Label      Label
	Status     string // of a change of a story's status: its code in IPTC's eventoccurstatus
	Note       string // what the latest change was, in a sentence with the kind's word, shown before the standfirst
}

// Label is what kind of piece an item is.
type Label struct {
	Key  dateline.Label // empty for news
	Word string         // in the item's language
}

// Mark is the comment that stands at an edition in every feed and sitemap that shows it.
func Mark(id dateline.ID, edition int) string {
	return "<!-- " + string(id) + "/" + strconv.Itoa(edition) + " -->"
}

// URN is the id of an article, section or topic in feeds; it outlives addresses and domains (RFC 9562, section 4).
func URN(id dateline.ID) string { return "urn:uuid:" + string(id) }

// title is an item's headline; what was paid for says so before it, because a feed reader shows little else.
func (i *Item) title() string {
	if i.Label.Key == dateline.LabelPaid {
		return i.Label.Word + ": " + i.Headline
	}
	return i.Headline
}

// summary is the standfirst, after what has changed.
func (i *Item) summary() string {
	if i.Note == "" || i.Standfirst == "" {
		return i.Note + i.Standfirst
	}
	return i.Note + " " + i.Standfirst
}

// sink writes XML by hand, because encoding/xml cannot write namespace prefixes as readers expect them.
type sink struct{ b []byte }

// tag writes an element that holds text; an empty text writes nothing.
func (s *sink) tag(indent, name, text string) {
	if text == "" {
		return
	}
	s.b = append(s.b, indent...)
	s.b = append(s.b, '<')
	s.b = append(s.b, name...)
	s.b = append(s.b, '>')
	s.text(text)
	s.b = append(s.b, "</"...)
	for i := range len(name) { // without the attributes
		if name[i] == ' ' {
			name = name[:i]
			break
		}
	}
	s.b = append(s.b, name...)
	s.b = append(s.b, ">\n"...)
}

// raw writes markup of our own.
func (s *sink) raw(parts ...string) {
	for _, p := range parts {
		s.b = append(s.b, p...)
	}
}

// attr writes an attribute with a blank before it.
func (s *sink) attr(name, value string) {
	s.raw(" ", name, `="`)
	s.text(value)
	s.raw(`"`)
}

// text escapes for content and for attributes in double quotes. What XML 1.0 cannot hold (section 2.2) is left out; bytes
// that are no UTF-8 become U+FFFD.
func (s *sink) text(t string) {
	for _, r := range t {
		switch {
		case r == '&':
			s.raw("&amp;")
		case r == '<':
			s.raw("&lt;")
		case r == '>':
			s.raw("&gt;")
		case r == '"':
			s.raw("&#34;")
		case r == '\t', r == '\n', r == '\r':
			s.raw(" ")
		case r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xfffe || r == 0xffff:
		default:
			s.b = utf8.AppendRune(s.b, r)
		}
	}
}

const declaration = `<?xml version="1.0" encoding="utf-8"?>` + "\n"

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
