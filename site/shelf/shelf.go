// Package shelf is the site's own database: a projection of the record into one SQLite file, built by applying entries
// and by nothing else. It answers everything that readers' pages, feeds, sitemaps and search are made of. Delete the file,
// replay the record, and every answer comes back the same: no address, order or mark depends on a row's number.
//
// Lists are ordered by first published, newest first, then by article id, the greater first. Every list is paged by the
// key of its last row; numbers are kept counters or capped.
package shelf

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/search"
)

// Errors of the shelf.
var (
	// ErrNotReady says that the shelf is not built yet: readers are told to come back in a moment.
	ErrNotReady = errors.New("the shelf is being built from the record")
	// ErrNotFound says that the shelf holds no such thing.
	ErrNotFound = errors.New("the shelf holds no such thing")
	// ErrSequence says that an entry does not follow the shelf's cursor.
	ErrSequence = errors.New("the entry does not follow the shelf's cursor")
	// ErrClosed says that the shelf was closed.
	ErrClosed = errors.New("the shelf is closed")
)

// Renderer makes the fragment of HTML that a body is kept as. Names of persons and addresses of pictures are slots in it,
// so that a renaming needs no new fragment. A fragment is made in the language that the paper had when the edition came out.
type Renderer interface {
	// Version names the form of the fragments. A shelf with another version's fragments is built again.
	Version() string
	// Body renders a document.
	Body(doc markup.Node, o render.BodyOptions) []byte
}

// pages is the Renderer of package render.
type pages struct{}

func (pages) Version() string { return strconv.Itoa(render.Version) }

func (pages) Body(doc markup.Node, o render.BodyOptions) []byte { return render.Body(doc, o) }

// Options say where the shelf lies and what it works with.
type Options struct {
	// Path is the SQLite file. The file `tombstones` and, while building, `<Path>.new` lie beside it.
	Path string
	// Renderer makes fragments; nil for package render.
	Renderer Renderer
	// Refetch answers the named entries again with the bodies they have now, in any order; a restoration and the redaction
	// of an entry that had replaced another need it. Required to apply such entries.
	Refetch func(ctx context.Context, sequences []int64) ([]record.Entry, error)
	// Readers is the number of connections that read at once; 0 for two per core, at most eight.
	Readers int
	// Workers prepare entries while one writes; 0 for one per core.
	Workers int
	// CacheBytes is each connection's page cache; 0 for 4 MiB.
	CacheBytes int
	// Failed is told why the log, which grows meanwhile, cannot be folded into the file: once for each reason. May be nil.
	Failed func(error)
}

// Changes says what applying entries has changed.
type Changes struct {
	// Everything says that a new file took the place of the old one: every page is to be made again.
	Everything bool
	// Keys are the dependency keys whose values went up, each once, sorted.
	Keys []Key
	// Redacted says that words were removed: pages that held them are not to be served again, not even in need.
	Redacted bool
	// Took says that a running story ended or was withdrawn, or a live entry was deleted: what showed it is not to be served again,
	// not even in need. Of articles the reader of the changes sees by himself that they are gone.
	Took bool
	// Cursor is the sequence number of the last entry applied.
	Cursor int64
	// Show are the hashes of pictures that became public: the follower copies their bytes to the site.
	Show []string
	// Hide are the hashes of pictures that no edition readers can open shows any more: the follower deletes them.
	Hide []string
}

// Key is a dependency key. A page names the keys it was made from, and is good while none of them has gone up.
type Key string

// The fixed keys. The others are made by the functions below.
const (
	KeyPublication Key = "publication" // the frame of every page: name, zone, city, navigation, footer
	KeyHome        Key = "home"        // the cards of the home page and their order
	KeyArchive     Key = "archive"     // which years there are, the total
	KeyCorrections Key = "corrections"
	KeySearch      Key = "search"
	KeySitemaps    Key = "sitemaps" // the index
	KeyNews        Key = "news"     // the news sitemap
	KeyFeed        Key = "feed"     // the feeds of the whole paper
	KeyRedactions  Key = "redactions"
	KeyOnAir       Key = "on_air"  // which live coverages are on air
	KeyStories     Key = "stories" // which running stories there are, and where they stand
	KeyRecord      Key = "record"  // tiles and checkpoint
)

// KeyArticle is the key of everything an article's own pages show of it.
func KeyArticle(id dateline.ID) Key { return Key("article:" + string(id)) }

// KeyLive is the key of a live coverage's state and entries.
func KeyLive(id dateline.ID) Key { return Key("live:" + string(id)) }

// KeyCard is the key of what others show of an article: headline, address, times, picture, and whether it is there.
func KeyCard(id dateline.ID) Key { return Key("card:" + string(id)) }

// KeySection is the key of the list of a section's articles.
func KeySection(id dateline.ID) Key { return Key("section:" + string(id)) }

// KeyTopic is the key of the list of a topic's articles.
func KeyTopic(id dateline.ID) Key { return Key("topic:" + string(id)) }

// KeyNewest is for the twelve newest articles on a topic, the head of its list.
func KeyNewest(id dateline.ID) Key { return Key("newest:" + string(id)) }

// KeyPerson is the key of the lists of a person's articles.
func KeyPerson(id dateline.ID) Key { return Key("person:" + string(id)) }

// KeyName is the key of the name, address and description of a section, topic or person, and of a picture's framing and words.
func KeyName(id dateline.ID) Key { return Key("name:" + string(id)) }

// KeyStory is the key of everything that is shown of a running story: what it says itself, and which articles belong to it.
func KeyStory(id dateline.ID) Key { return Key("story:" + string(id)) }

// KeyDay is the key of a day's archive, in the publication's zone.
func KeyDay(d Day) Key { return Key("day:" + d.String()) }

// KeyMonth is the key of a month's archive, in the publication's zone.
func KeyMonth(d Day) Key { return Key("month:" + d.String()[:7]) }

// KeyYear is the key of a year's archive, in the publication's zone.
func KeyYear(d Day) Key { return Key("year:" + d.String()[:4]) }

// KeySitemap is the key of the sitemap of a month of first publication, in UTC.
func KeySitemap(d Day) Key { return Key("sitemap:" + d.String()[:7]) }

// Position is a place in a list: after the row of this instant and article. The zero value is the head of the list.
type Position struct {
	At time.Time
	ID dateline.ID
	N  int // the edition's number, in the list of corrections only
}

// Publication is the paper as its newest entry says.
type Publication struct {
	ID dateline.ID
	record.Publication
	Sequence int64          // of that entry
	Zone     *time.Location // loaded from Publication.Zone
}

// Section is a part of the paper.
type Section struct {
	ID dateline.ID
	record.Section
	Articles int64 // a kept counter
}

// Topic is a tag with a page.
type Topic struct {
	ID dateline.ID
	record.Topic
	Articles int64 // a kept counter
}

// Person is an author, a speaker or somebody the paper writes about. Erased ones have neither names nor slug.
type Person struct {
	ID dateline.ID
	record.Person
	Erased   bool
	Topic    dateline.ID // the topic of kind person that is about them, where there is one
	Articles int64       // of those that carry the person's byline; a kept counter
}

// Picture is an image that an edition shows.
type Picture struct {
	ID dateline.ID
	record.Picture
}

// Card is what a list shows of an article.
type Card struct {
	ID         dateline.ID
	Kind       dateline.Kind
	Edition    int // the latest edition's number
	Address    string
	Section    dateline.ID
	Label      dateline.Label // empty for news
	Headline   string
	Standfirst string
	Language   string
	First      time.Time       // first published
	Updated    time.Time       // equal to First where it was not updated
	Change     dateline.Change // of the latest edition that is not minor
	Note       string          // of that edition
	Imported   bool            // its first edition was imported
	Byline     []dateline.Credit
	Topics     []dateline.ID
	Stories    []dateline.ID // the running stories that its edition names
	Entry      int64         // the latest edition's, in the record
	Lead       *dateline.Lead
	Modified   time.Time // when the record took the latest edition
}

// Listed is what a sitemap says of an article or page; its fields are those of its card.
type Listed struct {
	ID       dateline.ID
	Kind     dateline.Kind
	Edition  int
	Address  string
	First    time.Time
	Modified time.Time
}

// At is the card's place in lists.
func (c *Card) At() Position { return Position{At: c.First, ID: c.ID} }

// Article is the latest edition of an article or page as readers have it.
type Article struct {
	Card
	Place        string // of the dateline
	Agency       string // of the dateline
	SearchTitle  string // in place of the headline as the page's title
	SocialTitle  string // and where the address is shared
	Source       *dateline.Source
	Translations []dateline.ID // those it names, then those that name it
	Related      []dateline.ID
	Pictures     []dateline.ID    // every picture it shows, lead first
	Speakers     []dateline.ID    // every person whom the body quotes
	Origin       *dateline.Origin // the live entry that it was made of; nil for none
	Sequence     int64            // of the latest edition's entry
	Words        int              // of the body
	Fragment     []byte           // made by Options.Renderer
}

// Edition is one line of an article's history.
type Edition struct {
	Article     dateline.ID
	Number      int // 0 where the body was removed, and the redaction does not name it
	Change      dateline.Change
	Note        string
	Public      time.Time // the instant readers are shown; zero where the number is 0
	Recorded    time.Time // when the record took it
	Sequence    int64
	Corrects    int   // the block of its body that it corrects, from 1; 0 for none
	Redacted    bool  // its body was removed by a redaction
	Replacement int64 // the entry that stands in its place; 0 for none
	Replaces    int64 // the redacted entry in whose place it stands; 0 for none
}

// Found says what stands at an address.
type Found string

// What an address can lead to.
const (
	FoundNothing  Found = ""
	FoundArticle  Found = "article" // Resolution.ID
	FoundPage     Found = "page"    // Resolution.ID, an article of kind page
	FoundSection  Found = "section"
	FoundTopic    Found = "topic"
	FoundPerson   Found = "person"
	FoundStory    Found = "story"
	FoundRedirect Found = "redirect" // Resolution.To, for good (301)
	FoundGone     Found = "gone"     // Resolution.Tombstone (410)
)

// Resolution is the answer to an address.
type Resolution struct {
	Found     Found
	ID        dateline.ID // of the article, section, topic or person
	To        string      // where a redirect leads, in one step
	Tombstone *Tombstone
}

// Tombstone is what stays of an article that was taken down.
type Tombstone struct {
	ID       dateline.ID
	Kind     dateline.WithdrawalKind
	At       time.Time // the public instant of the withdrawal
	First    time.Time // when it was first published
	Section  dateline.ID
	Language string
	Notice   string
	Into     dateline.ID // what it was merged into
	Editions []record.EditionMark
	Sequence int64 // of the withdrawal's entry
	// Through are the articles it was merged into, one into the next, none of which readers can open now: each of them,
	// restored, may change the answer. Only Resolve fills it.
	Through []dateline.ID
}

// Correction is an edition that told readers something had been wrong, with its article; or a line of a running story's
// history, with the story's name, language and address on a card that is otherwise empty.
type Correction struct {
	Card   Card
	Story  bool
	Number int
	Change dateline.Change
	Note   string
	Public time.Time
	Seq    int64
}

// At is the correction's place in its list.
func (c *Correction) At() Position { return Position{At: c.Public, ID: c.Card.ID, N: c.Number} }

// DayCount is a day of the archive, in the publication's zone, with the number of its articles.
type DayCount struct {
	Day   Day
	Count int
}

// MonthCount is a month with the number of its articles; Day.Day is 1.
type MonthCount struct {
	Month    Day
	Count    int
	Modified time.Time // sitemaps: when an entry last changed the file
}

// Story is a running story as readers have it. Its dated lines and its articles are asked for by Happenings and List.
type Story struct {
	ID dateline.ID
	record.Story
	Sequence int64     // of its newest entry
	At       time.Time // when the record took that
	Articles int64     // a kept counter
}

// Happening is a dated line of a story: a change of its status, or what an editor added.
type Happening struct {
	ID     dateline.ID
	At     time.Time            // of a status its instant; of an event the beginning of the last local day that it may be on
	Status *record.StoryStatus  // nil for an event
	Before *record.StoryStatus  // the status before this one; nil where it is the first, or no status
	Event  *dateline.StoryEvent // nil for a status
}

// Position is the happening's place in its story's time.
func (h *Happening) Position() Position { return Position{At: h.At, ID: h.ID} }

// Front is what the home page arranges itself from. No article stands twice outside Latest.
type Front struct {
	Lead    *Card  // the newest article with a picture; nil where there is none
	Beside  []Card // the next newest
	Latest  []Card // by updated, newest first
	Bands   []Band // per section in the navigation's order, less those without articles
	Changed time.Time
}

// Band is a section's part of the home page.
type Band struct {
	Section Section
	Cards   []Card
}

// ListOf names a list of articles.
type ListOf struct {
	kind listKind
	id   dateline.ID
	day  Day
}

type listKind uint8

const (
	listAll listKind = iota
	listSection
	listTopic
	listPerson
	listQuoting
	listDay
	listStory
)

// All is the list of every article.
func All() ListOf { return ListOf{} }

// InSection is the list of a section's articles.
func InSection(id dateline.ID) ListOf { return ListOf{kind: listSection, id: id} }

// OnTopic is the list of a topic's articles.
func OnTopic(id dateline.ID) ListOf { return ListOf{kind: listTopic, id: id} }

// ByPerson is the list of the articles that carry a person's byline.
func ByPerson(id dateline.ID) ListOf { return ListOf{kind: listPerson, id: id} }

// Quoting is the list of the articles whose text quotes a person.
func Quoting(id dateline.ID) ListOf { return ListOf{kind: listQuoting, id: id} }

// InStory is the list of the articles that belong to a running story.
func InStory(id dateline.ID) ListOf { return ListOf{kind: listStory, id: id} }

// OnDay is the list of the articles first published on a day in the publication's zone.
func OnDay(d Day) ListOf { return ListOf{kind: listDay, day: d} }

// Order is the order of search results.
type Order string

// The orders of search results.
const (
	ByFit  Order = "relevance"
	ByDate Order = "date"
)

// Limits of a search.
const (
	MaxCounted = 1000      // matches that are counted; more are "more than 1,000"
	MaxChecked = 300       // articles whose text is read to see whether the words of a phrase stand in a row, the newest
	MaxSkipped = 500       // by fit: of the best matches, those that can be passed over
	MaxRead    = 8_000_000 // occurrences of words in articles that are weighed; where there are more, those of the newest
)

// Query is a search for the articles that hold every term.
type Query struct {
	Words   search.Query // every term must be found
	By      Order
	Section dateline.ID
	Topic   dateline.ID
	From    Day // the first day, in the publication's zone; zero for none
	To      Day // the last day; zero for none
	After   Position
	Skip    int // by fit: how many of the best to pass over, at most MaxSkipped
	Limit   int // 1 to 100; 20 where it is 0
}

// Hit is an article found.
type Hit struct {
	Card Card
	Text string // standfirst and body as plain text, for the excerpt
}

// Results is the answer to a search.
type Results struct {
	Hits   []Hit
	Count  int  // how many match; MaxCounted where More
	More   bool // there are more than Count
	Ranked int  // by fit: only this many of the newest matches were ranked, because of MaxRead; 0: all
	Bound  int  // phrases were looked for only in this many of the newest articles with their words; 0: in all
	Next   bool // there are further hits
}

// Proof is one edition of an article with all that shows it to be in the record.
type Proof struct {
	Entry record.Entry // with body and salt
	Hash  []record.Hash
}

// Progress is told how a rebuild goes on: entries applied, entries there were when it began.
type Progress func(done, total int64)

// Source is what a rebuild reads the record from; package ship's Source satisfies it.
type Source interface {
	// Entries answers up to limit entries after a sequence number, in order; none at the end.
	Entries(ctx context.Context, after int64, limit int) ([]record.Entry, error)
	// Head is the sequence number of the newest entry; 0 for an empty record.
	Head(ctx context.Context) (int64, error)
}
