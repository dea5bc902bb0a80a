// Package render turns domain values into the bytes of readers' pages: HTML with its style sheet inlined, the words of
// each language's catalogue, and the body's blocks. It does no I/O and knows neither storage nor HTTP. There is one
// typed struct per kind of page and one method of Renderer that writes it; every text passes one escaper on its way.
package render

import (
	"time"

	"github.com/datelinehq/dateline"
)

// Name is a word or two with the language it is in (BCP 47); an empty language is that of the page.
type Name struct {
	Text     string
	Language string
}

// Link is a name that leads somewhere on this site. Without an address it is only the name.
type Link struct {
	Name    Name
	Address string // a path of this site
	Current bool   // it is, or holds, the page being shown
}

// Frame is what surrounds every page: the paper's name and navigation, and the furniture of the visit.
type Frame struct {
	Paper         string         // the publication's name
	PaperLanguage string         // the language of that name: the publication's
	Site          string         // the readers' origin, such as https://estuary.example, without a slash at the end
	Language      string         // the language of the frame's words; see FrameLanguage
	Zone          *time.Location // the publication's; every time on the page is in it
	Email         string         // whom readers write to; none where it is empty
	City          Name           // none where its text is empty
	Today         time.Time      // any instant of the visit's local date; nothing on a page is worded finer. Zero: not said
	Weather       *Weather       // nil: not a word about it
	Choice        bool           // there are further cities that a reader may have in the strip
	Sections      []Link         // navigation, in order
	Footer        []Link         // pages, in order
	Languages     []Translation  // the paper's front in other languages, or nothing
	Feeds         []Feed         // what the page announces in its head
	Address       string         // the page's own path, for its canonical link; none where it is empty
	Then          *Then          // the page shows a thing as it stood at an instant; nil for now
	// Still marks a page that is written into a file for whoever comes, whenever that is: nothing on it belongs to a visit, days are
	// named by their whole dates, and it leads to nothing that is made when it is asked for. Today says whose zone's name stands.
	Still bool
	// Private marks a page that is shown on another origin than Site to those who were sent it: it is for no index, says
	// nothing to machines, and its links name Site.
	Private bool
}

// Weather is what the furniture says of the weather: whole degrees Celsius, a condition, and its hour.
type Weather struct {
	Celsius   int
	Condition string    // a condition of package weather, such as light-rain; one that no catalogue knows leaves the weather out
	At        time.Time // the hour it is for
}

// Feed is one feed announced in a page's head.
type Feed struct {
	Title   string
	Address string
	Type    FeedType
}

// FeedType is a feed's media type.
type FeedType string

// The feeds' media types.
const (
	FeedAtom FeedType = "application/atom+xml"
	FeedRSS  FeedType = "application/rss+xml"
)

// Translation is the same thing in another language.
type Translation struct {
	Language string
	Address  string
	Headline string // of an article; empty elsewhere
}

// Picture is an image served by this site, in the widths it is to be had in.
type Picture struct {
	ID      dateline.ID
	Address string         // of the middle width, for those who take no other
	Sources []PictureWidth // ascending, for those who do not read WebP; may be empty
	WebP    []PictureWidth // the same as WebP; may be empty
	Social  string         // the address of what goes with a link elsewhere; Address where it is empty
	Shapes  []string       // addresses of the picture in other shapes, for search engines
	Width   int            // of the whole picture, in pixels
	Height  int
	Alt     string // as published where it is used; a body's pictures carry theirs in the fragment
	Caption string
	Credit  string
}

// PictureWidth is the address of a picture at one width in pixels.
type PictureWidth struct {
	Address string
	Width   int
}

// Person is a person whom a body refers to. One who was erased is left out of the list, or has no name.
type Person struct {
	ID      dateline.ID
	Name    Name
	Address string // none where the person has no page
}

// Credit is one name of a byline: a person's with the address of the page, an agency's, or words as printed.
type Credit struct {
	Name    Name
	Address string // none for agencies, and for persons without a page
	Agency  bool
	Removed bool // the person was erased: the catalogue's "name removed" stands there
}

// Card is an article in a list, on a front or among the related.
type Card struct {
	ID         dateline.ID
	Edition    int
	Address    string
	Section    Link
	Label      dateline.Label
	Headline   string
	Standfirst string
	Language   string          // of headline and standfirst
	First      time.Time       // first published
	Updated    time.Time       // zero or equal to First: not shown
	Change     dateline.Change // of the latest edition that is not minor
	Picture    *Picture
	Kicker     string // in place of section and label
	Live       bool   // a live coverage that is live
}

// ArticlePage is an article as its readers have it.
type ArticlePage struct {
	Frame        Frame
	ID           dateline.ID
	Edition      int    // the latest edition's number, which is also how many there are
	Language     string // of headline, standfirst and body
	Section      Link
	Label        dateline.Label
	Headline     string
	Standfirst   string
	Byline       []Credit
	Dateline     dateline.Dateline
	First        time.Time
	Updated      time.Time       // zero or equal to First: only First is shown
	Change       dateline.Change // of the latest edition that is not minor
	Note         string          // its public sentence
	History      string          // the address of the history; no line about editions where it is empty
	Lead         *Picture
	Body         []byte // made by Body
	People       []Person
	Pictures     []Picture
	Corrections  []Correction // corrections, clarifications and retractions, newest first
	Topics       []Link
	MostRead     []Card // none where too little is known
	Related      []Card
	Translations []Translation
	Stories      []StoryBox  // the running stories that it belongs to
	Coverage     *LiveOrigin // the live entry that it was made of
	Words        int         // of the body, for search engines; not shown, left out where it is 0
	SearchTitle  string      // the page's title, where it is not the headline
	SocialTitle  string      // where the address is shared, if not the headline
}

// LiveOrigin leads to the live entry that an article was made of.
type LiveOrigin struct {
	Headline string
	Language string // of the headline
	Address  string
	At       time.Time
}

// Correction is an edition that told readers something had been wrong.
type Correction struct {
	Change    dateline.Change
	At        time.Time
	Note      string
	Address   string // of the difference; none where it cannot be shown
	Paragraph string // the address of the paragraph that it is about; none where it names none
}

// PagePage is an article without section and date: about, contact, imprint.
type PagePage struct {
	Frame        Frame
	ID           dateline.ID
	Edition      int
	Language     string
	Headline     string
	Standfirst   string
	Updated      time.Time // the latest edition's public instant; none where it is zero
	History      string
	Lead         *Picture
	Body         []byte
	People       []Person
	Pictures     []Picture
	Translations []Translation
	SearchTitle  string // the page's title, where it is not the headline
	SocialTitle  string // where the address is shared, if not the headline
}

// HomePage is the paper's front.
type HomePage struct {
	Frame   Frame
	Motto   Name      // what the paper is, for search engines
	Changed time.Time // when the page last changed; not said where it is zero
	Front
	Latest []Card // nine, by Updated; only beside a lead
}

// Front is the part of a page that is arranged, by an editor or by itself.
type Front struct {
	Strip  *Strip
	OnAir  []OnAir
	Lead   *Card
	Beside []Card
	Bands  []Band
}

// Strip says above a front that something is breaking.
type Strip struct {
	Text    Name
	Address string // what it leads to; none where it is empty
}

// OnAir is a line above a front that a live coverage is on air.
type OnAir struct {
	State    dateline.LiveState
	Headline Name
	Address  string
	At       time.Time // when the newest entry was posted; zero for none
	Latest   Link      // that entry; it may have no headline
}

// Band is a part of a front: a section's, or any that an editor makes.
type Band struct {
	Heading Link
	Named   BandName // where it is set the heading is the catalogue's
	Mixed   bool     // its cards are of several sections, so each says which
	Layout  Layout
	Cards   []Card
	Stories []StoryCard // in place of cards
}

// BandName is a heading that the catalogue has.
type BandName string

// The headings that the catalogue has.
const (
	NamedLatest   BandName = "latest"
	NamedMostRead BandName = "most_read"
	NamedLive     BandName = "live"
	NamedStories  BandName = "stories"
)

// Layout is how the cards of a band stand.
type Layout string

// The layouts of a band.
const (
	LayoutThree Layout = "three" // three cards side by side
	LayoutWide  Layout = "wide"  // the first two columns wide, the others as headlines beside it
	LayoutList  Layout = "list"  // rows
)

// ListKind says what a list is a list of.
type ListKind string

// The kinds of list.
const (
	ListSection ListKind = "section"
	ListTopic   ListKind = "topic"
	ListPerson  ListKind = "person"
)

// ListPage is the page of a section, a topic or a person: articles under their days, newest first.
type ListPage struct {
	Frame       Frame
	Kind        ListKind
	Title       Name
	Description Name   // of a section or topic, or what a person is
	Front              // of a section, on its first page
	Rows        []Card // by First, newest first
	Newest      string // the address of the first page, on later ones
	Older       string // the address of the next page; none on the last
}

// DayPage is a day's archive.
type DayPage struct {
	Frame  Frame
	Day    time.Time // any instant of that local date
	Rows   []Card
	Before time.Time // the nearest earlier day with articles; zero for none
	After  time.Time // the nearest later one; zero for none
	Newest string
	Older  string // where a day has more than one page
}

// DayCount is how many articles a day of a month has.
type DayCount struct {
	Day   int // from 1
	Count int
}

// MonthCount is how many articles a month of a year has.
type MonthCount struct {
	Month time.Month
	Count int
}

// MonthPage is a month's calendar.
type MonthPage struct {
	Frame  Frame
	Year   int
	Month  time.Month
	Days   []DayCount   // days without articles may be left out
	Months []MonthCount // of the year
	Years  []int        // with articles, newest first
}

// YearPage is a year's months.
type YearPage struct {
	Frame  Frame
	Year   int
	Months []MonthCount
	Years  []int
}

// ArchivePage is the way into the archive: the newest month, and every year.
type ArchivePage struct {
	Frame  Frame
	Since  time.Time // the oldest article's first published; zero in an empty paper
	Total  int       // articles, a kept counter
	Year   int       // of the newest month with articles
	Month  time.Month
	Days   []DayCount
	Months []MonthCount
	Years  []int
}

// SearchOrder is the order of results.
type SearchOrder string

// The orders of results, as they stand in an address.
const (
	OrderRelevance SearchOrder = "relevance"
	OrderDate      SearchOrder = "date"
)

// SearchProblem is why a search could not be answered as asked.
type SearchProblem string

// The problems of a search.
const (
	SearchFine       SearchProblem = ""
	SearchNoWords    SearchProblem = "no_words"      // nothing in the question can be looked for
	SearchTooLong    SearchProblem = "too_long"      // more words than are looked for; the first ones were
	SearchBadDate    SearchProblem = "bad_date"      // a date that cannot be read; it was passed over
	SearchBadFilter  SearchProblem = "bad_filter"    // a section or topic that there is not
	SearchTooBusy    SearchProblem = "too_busy"      // it took too long
	SearchOutOfOrder SearchProblem = "from_after_to" // from is later than to
)

// SearchPage is the form and, once something was asked, what was found.
type SearchPage struct {
	Frame    Frame
	Query    string // as typed
	By       SearchOrder
	From     string // as typed: 2006-01-02
	To       string
	Sections []SearchOption
	Topic    *SearchOption // a topic that narrows the search, with its name
	Asked    bool          // something was looked for
	Problem  SearchProblem
	Stories  []StoryCard // whose names were asked for; above the results
	Results  []SearchResult
	Count    int          // how many there are in all; the cap where More
	More     bool         // there are more than Count
	Similar  []SearchWord // where nothing was found, words that the archive has
	Bound    int          // relevance was ranked among this many newest matches; 0: among all
	Newest   string       // the first page of results, on later ones
	Older    string       // the next results; none on the last
}

// SearchWord is a word of the archive with the search for it.
type SearchWord struct{ Text, Address string }

// SearchOption is one value of a filter.
type SearchOption struct {
	Value   string // the slug
	Name    Name
	Current bool
}

// SearchResult is an article found, with the matches marked.
type SearchResult struct {
	Card     Card
	Headline []Span // the card's headline where it is nil
	Excerpt  []Span // from the text; none where it is nil
}

// Span is a run of words; Mark where they match what was looked for.
type Span struct {
	Text string
	Mark bool
}

// CorrectionsPage lists what the paper got wrong, newest first.
type CorrectionsPage struct {
	Frame  Frame
	Rows   []CorrectionRow
	Newest string
	Older  string
}

// CorrectionRow is one correction with the article it belongs to.
type CorrectionRow struct {
	Card       Card
	Correction Correction
}

// EditionRow is one line of an article's history.
type EditionRow struct {
	Number    int
	Change    dateline.Change
	Note      string
	Public    time.Time // the instant readers are shown
	Recorded  time.Time // when the record took it; shown for imported work
	Sequence  int64     // its entry in the record
	Address   string    // of the difference to the one before, or of the edition; none where it cannot be shown
	Redacted  bool      // words were taken out of it
	Removed   bool      // all its text was
	Current   bool      // it is the newer side of the difference being shown
	Status    string    // of a running story: where it stands since, where that is new
	Withdrawn bool      // of a running story: it was taken down
}

// HistoryPage is the list of the editions of an article, or of a running story.
type HistoryPage struct {
	Frame    Frame
	ID       dateline.ID
	Edition  int
	Language string
	Headline string
	Article  string       // its address
	Story    bool         // it is a running story
	Latest   time.Time    // the public instant of the latest edition, with which the form for another begins
	Editions []EditionRow // newest first
	Check    string       // the address of the page that checks it against the record; none where it is empty
}

// ComparePage is the difference between two editions of an article, or two states of a running story.
type ComparePage struct {
	Frame    Frame
	ID       dateline.ID
	Edition  int
	Language string
	Headline string
	Article  string
	Story    bool         // it is a running story
	Editions []EditionRow // newest first
	Check    string
	From, To int // the numbers of the editions compared; From is 0 where To is the first one
	Change   dateline.Change
	Note     string
	Blocks   []DiffBlock // in reading order, of the newer edition with what was taken out in its place
	Others   []DiffPair  // further differences that the address of this page offers
}

// DiffPair names a difference that can be looked at.
type DiffPair struct {
	From, To int
	Address  string
}

// DiffPart says which part of an article a block of a difference is.
type DiffPart string

// The parts of an article that a difference is counted by.
const (
	PartHeadline   DiffPart = "headline"
	PartStandfirst DiffPart = "standfirst"
	PartByline     DiffPart = "byline"
	PartDateline   DiffPart = "dateline"
	PartSection    DiffPart = "section"
	PartLabel      DiffPart = "label"
	PartTopics     DiffPart = "topics"
	PartLead       DiffPart = "lead"
	PartParagraph  DiffPart = "paragraph"
	PartHeading    DiffPart = "heading"
	PartQuote      DiffPart = "quote"
	PartList       DiffPart = "list"
	PartTable      DiffPart = "table"
	PartPicture    DiffPart = "picture"
	PartBox        DiffPart = "box"
	PartEmbed      DiffPart = "embed"
	PartOther      DiffPart = "other"

	// of a running story
	PartStatus     DiffPart = "status"
	PartEvent      DiffPart = "event"
	PartBackground DiffPart = "background"
	PartParty      DiffPart = "party"
	PartArticle    DiffPart = "article"
	PartStory      DiffPart = "story"
)

// DiffBlock is one block of a difference. Neighbouring equal blocks are folded into one line that counts them.
type DiffBlock struct {
	Part      DiffPart
	Same      bool
	Count     int       // how many equal blocks it stands for; 0 is one
	Detail    bool      // no word differs, but emphasis, a link or a picture does
	Shape     DiffShape // what happened to it as a whole
	Was       DiffPart  // what it was before, where it was made something else
	Runs      []DiffRun // of a block that is not the same
	Corrected bool      // the newer edition says that this is what it corrects
}

// DiffShape is what happened to a block of a difference as a whole.
type DiffShape string

// What can happen to a block.
const (
	ShapeAdded     DiffShape = "added"
	ShapeRemoved   DiffShape = "removed"
	ShapeMovedHere DiffShape = "moved_here" // it stood elsewhere
	ShapeMovedAway DiffShape = "moved_away" // it stands elsewhere now, where its words are
	ShapeSplit     DiffShape = "split"      // it is Count blocks now
	ShapeMerged    DiffShape = "merged"     // it was Count blocks
)

// DiffOp is what happened to a run of words.
type DiffOp int8

// What can happen to a run of words.
const (
	Kept DiffOp = iota
	Added
	Removed
)

// DiffRun is a run of words of a difference.
type DiffRun struct {
	Op   DiffOp
	Text string
}

// TombstonePage is what stands at the address of a withdrawn article (410). For a legal withdrawal leave First, Section,
// Editions, Entries and SameDay empty: it says only that the article is gone, when, and whom to write to.
type TombstonePage struct {
	Frame    Frame
	Kind     dateline.WithdrawalKind
	At       time.Time // when it was withdrawn
	First    time.Time
	Notice   string // the newsroom's public sentence
	Language string // of the notice
	Section  Link
	Editions int
	Entries  []int64 // its entries in the record
	SameDay  []Card
}

// ErasedPage is what stands at the address of a person who was erased (410).
type ErasedPage struct {
	Frame Frame
}

// NotFoundPage is the answer for an address that nothing stands at (404).
type NotFoundPage struct {
	Frame Frame
}

// ErrorPage is the answer when a page cannot be made (500 and above).
type ErrorPage struct {
	Frame  Frame
	Status int // the HTTP status, shown for those who report it
}
