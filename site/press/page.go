package press

import "time"

// Class says how long whoever receives a page may keep it.
type Class uint8

// The classes of answers.
const (
	Revalidated Class = iota // no-cache: may be kept, is asked for again before every use
	Immutable                // public, for a year: the address changes with the bytes
	Private                  // a year in the reader's own cache and in no shared one: pictures
	Unkept                   // no-store
)

var cacheControl = [...]string{
	Revalidated: "no-cache",
	Immutable:   "public, max-age=31536000, immutable",
	Private:     "private, max-age=31536000, immutable",
	Unkept:      "no-store",
}

// Visit says what a page takes from the furniture of the visit, and so when it changes without an act.
type Visit uint8

// What a page can take from the visit.
const (
	VisitNothing Visit = iota
	VisitDay           // the local date
	VisitAll           // the local date and the weather
	VisitRead          // those two and what is read most
)

// Page is what a builder makes: the page as rendered and all that its answer depends on.
type Page struct {
	Status   int
	Type     string // the Content-Type
	Body     []byte
	Class    Class
	Plain    bool      // never compressed: pictures, fonts
	Location string    // where a redirect leads, already escaped
	Policy   string    // the Content-Security-Policy
	Modified time.Time // for Last-Modified; zero where none is sent
	Once     bool      // made anew for everybody who asks: redirects and what costs next to nothing
	Keys     []string  // what it depends on
	Visit    Visit
	Article  string // whose own page it is, for who counts readers
	Extra    []Line // further header lines, such as a download's name
	Alike    Alike
}

// Alike is a stretch of a body that stands in many pages byte for byte, such as a style sheet: it is hashed and compressed once for all
// of them. The zero value is none.
type Alike struct {
	At   int
	Text string
}

// Entry is a page as it is kept. It is made once and does not change, but for the encodings that are added when first
// wanted.
type Entry struct {
	page    Page
	key     string
	stamp   uint64   // of the changes it shows
	visit   string   // of the furniture it shows
	deps    []uint32 // slots of its keys
	tags    []Line   // of its keys, for shared caches; none where none may keep it
	build   Builder
	variant [encodings]slot
	stood   clock // the tombstones' version that did not know its address; 0: none was asked
	asked   clock // when a reader last asked for it
	seen    flag  // asked for since the cache's hand last passed
	home    *Press

	// The cache's own, under its lock.
	newer, older *Entry
	size         int64
}

// Status is the page's status.
func (e *Entry) Status() int { return e.page.Status }

// Keys are what a page depends on, where its press keeps them: it stays as it is while none of them changes. None for a page that is made
// anew for everybody, which need not name them all.
func (e *Entry) Keys() []string {
	if e.page.Once || e.page.Class == Unkept {
		return nil
	}
	return e.page.Keys
}

// Stands says whether Stood was told of a version of the tombstones.
func (e *Entry) Stands(version int64) bool { return e.stood.Load() == version }

// Stood notes that a version of the tombstones, a number of 1 or more, does not know the address that the page is kept under.
func (e *Entry) Stood(version int64) { e.stood.Store(version) }

// What an entry costs beside its bytes: its structs, its builder and its share of the map; and for each encoding the names and
// values of its header lines.
const (
	overhead        = 1000
	variantOverhead = 800
)

func (e *Entry) cost() int64 {
	n := overhead + len(e.key) + cap(e.page.Body) + 4*cap(e.deps) + len(e.page.Policy) + len(e.visit) + len(e.page.Location)
	for _, l := range e.tags {
		n += 80 + len(l.Values[0])
	}
	return int64(n)
}
