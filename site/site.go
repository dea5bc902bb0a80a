// Package site is what readers have: it finds what stands at an address, makes the page from the shelf through the press,
// and proves to the desk, address by address, that an act has reached them. It reads the shelf and nothing else.
package site

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/purge"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/reads"
	"github.com/datelinehq/dateline/site/shelf"
	"github.com/datelinehq/dateline/site/stream"
	"github.com/datelinehq/dateline/weather"
)

// Shelf is where pages are made from; *shelf.Shelf is one.
type Shelf interface {
	View(ctx context.Context, f func(*shelf.Tx) error) error
}

// Pictures makes renditions of the pictures in the site's own folder; *media.Workshop is one.
type Pictures interface {
	Rendition(ctx context.Context, h blob.Hash, o media.Order) (media.Rendered, error)
}

// Weather knows the weather, or does not; *weather.Watcher is one.
type Weather interface {
	Current(at time.Time) (weather.Weather, bool)
}

// Forecasts is a Weather that knows the hours to come, and further cities that a reader may have in the strip.
type Forecasts interface {
	Weather
	Forecast(at time.Time) []weather.Weather
	Cities(at time.Time) []City
	Choice() bool // whether there are such cities; asked for each request
}

// Tombstones know what was taken down and not restored, also while the shelf cannot be asked; *shelf.Shelf is one.
type Tombstones interface {
	Gone(address string) bool
	GoneVersion() int64 // 1 or more; another one whenever Gone may say something else
}

// City is a further city of the strip.
type City struct {
	Slug  string
	Names dateline.Names
	Now   *weather.Weather // nil where it is not known
	Ahead []weather.Weather
}

// Record reads an entry as it is kept, for receipts: of what was taken down it still knows what that said. The error is ENotFound.
type Record interface {
	Entry(ctx context.Context, seq int64) (record.Entry, error)
}

// Config is what a Site is made of.
type Config struct {
	Shelf      Shelf
	Renderer   *render.Renderer
	Pictures   Pictures         // nil: no picture is served
	Weather    Weather          // nil: not a word about it
	Reads      *reads.Counter   // nil: nobody is counted
	Proxies    []netip.Prefix   // whose word on where a reader comes from is taken (X-Forwarded-For)
	Caches     *purge.Purger    // shared caches that are told what to drop; nil: none
	Record     Record           // nil: receipts do not know what lists a withdrawn article stood in
	Tombstones Tombstones       // asked before anything is answered; nil: the shelf's own, if it has them
	Now        func() time.Time // the clock; time.Now where it is nil
	Patience   time.Duration    // how long a receipt waits for the shelf; 2 s where it is 0
	Streams    int              // how many readers hear of live coverage at once; 20,000 where it is 0, the others ask now and again
	CacheBytes int64            // of pages; 64 MB where it is 0
	// Still makes pages that are written into files, as render.Frame's field says. Their lists are parted where they stay parted
	// when articles are added, and the further parts are at addresses that a server of files can tell apart.
	Still bool
	// Failed is told of pages that could not be made, also when an older one was served. May be nil.
	Failed func(err error)
}

// Site answers readers. It is safe for concurrent use.
type Site struct {
	conf       Config
	press      *press.Press // pages
	pictures   *press.Press // renditions, apart from the pages so that neither drives out the other
	policy     string
	routes     []route
	assets     map[string]render.Asset
	memo       atomic.Pointer[paper]
	day        atomic.Pointer[day]
	sky        atomic.Pointer[sky]
	newest     atomic.Pointer[newest]
	read       atomic.Pointer[mostRead]
	visited    atomic.Pointer[readVisit]
	lives      lives
	accepts    accepts
	absent     absent
	remembered remembered
	hub        *stream.Hub // the readers of live coverage
	told       atomic.Pointer[told]
	quit       chan struct{}
	ended      sync.WaitGroup

	mu     sync.Mutex
	cursor int64
	moved  chan struct{} // closed and replaced when cursor goes up
}

// pictureShare is how much of the cache's bytes pictures take.
const pictureShare = 4

// New makes a Site. Close ends it.
func New(conf Config) *Site {
	if conf.Now == nil {
		conf.Now = time.Now
	}
	if conf.Patience == 0 {
		conf.Patience = 2 * time.Second
	}
	if conf.CacheBytes == 0 {
		conf.CacheBytes = 64 << 20
	}
	if t, ok := conf.Shelf.(Tombstones); ok && conf.Tombstones == nil {
		conf.Tombstones = t
	}
	s := &Site{conf: conf, routes: routes(), moved: make(chan struct{}), quit: make(chan struct{}), assets: map[string]render.Asset{}}
	s.policy = policy(conf.Renderer.StyleSources())
	for _, a := range render.Assets() {
		s.assets[a.Address] = a
		s.assets[render.FaviconAddress] = a // the last one is the icon
	}
	s.press = press.New(press.Config{Bytes: conf.CacheBytes, Now: conf.Now, Visit: s.visit, Tags: s.tags, Lifetime: s.lifetime, Keyed: conf.Still, Failed: conf.Failed})
	s.pictures = press.New(press.Config{Bytes: conf.CacheBytes / pictureShare, Now: conf.Now, Visit: s.visit, Failed: conf.Failed})
	_ = conf.Shelf.View(context.Background(), func(tx *shelf.Tx) error { // a shelf that is not ready has taken nothing
		s.cursor = reading(tx).Cursor()
		return nil
	})
	s.hub = stream.New(stream.Config{Missed: s.missed, Most: conf.Streams})
	s.recount()
	s.ended.Go(s.turn)
	return s
}

// Close ends the work behind the pages. It is called once.
func (s *Site) Close() {
	s.EndStreams()
	close(s.quit)
	s.ended.Wait()
	s.press.Close()
	s.pictures.Close()
}

// EndStreams tells the readers of live coverage to come back soon and lets them go. Streams are refused from then on.
func (s *Site) EndStreams() { s.hub.Close() }

// Listening is how many readers hear of live coverage at this moment.
func (s *Site) Listening() int { return s.hub.Listening() }

// Changed tells the site what applying entries to the shelf has changed. The follower calls it after the shelf has
// committed and before the act is acknowledged. What was kept of articles that readers cannot open any more is forgotten
// at once, so that not even a failing shelf brings it back.
func (s *Site) Changed(c shelf.Changes) {
	keys := make([]string, len(c.Keys))
	for i, k := range c.Keys {
		keys[i] = string(k)
	}
	if c.Everything {
		keys = append(keys, everything)
	}
	if len(c.Hide) > 0 {
		hidden := make([]string, len(c.Hide))
		for i, h := range c.Hide {
			hidden[i] = pictureKey(h)
		}
		s.pictures.Withdrawn(hidden)
	}
	hard := c.Redacted || c.Took || s.tookAway(c)
	if hard {
		s.press.Withdrawn(keys)
	} else {
		s.press.Changed(keys)
	}
	s.conf.Caches.Purge(purge.Change{Sequence: c.Cursor, Keys: keys, All: c.Everything, Hard: hard})
	s.tellLive(c)
	s.reached(c.Cursor)
}

// asked bounds how many articles of one change are looked at; a batch of more is taken to have taken something away.
const asked = 64

// tookAway says whether a change took an article from readers, or may have.
func (s *Site) tookAway(c shelf.Changes) bool {
	var ids []dateline.ID
	for _, k := range c.Keys {
		if id, ok := strings.CutPrefix(string(k), articlePrefix); ok {
			ids = append(ids, dateline.ID(id))
		}
	}
	if len(ids) > asked || c.Everything {
		return true
	}
	there := 0
	err := s.conf.Shelf.View(context.Background(), func(tx *shelf.Tx) error {
		cards, err := reading(tx).Cards(ids)
		there = len(cards)
		return err
	})
	return err != nil || there < len(ids)
}

// articlePrefix is what the dependency keys of articles begin with.
var articlePrefix = string(shelf.KeyArticle(""))

// everything is the key that all pages have, for the day the shelf's file is replaced.
const everything = "everything"

func pictureKey(hash string) string { return "picture:" + hash }

// turning is how often the site looks whether the furniture has changed, so that the pages readers are on are renewed at
// midnight and when the weather changes without being asked for. No page shows an old day in any case.
const turning = 15 * time.Second

// turn renews pages when the furniture changes, until the site is closed.
func (s *Site) turn() {
	ticker := time.NewTicker(turning)
	defer ticker.Stop()
	was, counted := s.around(), s.conf.Now()
	for {
		select {
		case <-s.quit:
			return
		case <-ticker.C:
			if at := s.conf.Now(); at.Sub(counted) >= recounting {
				counted = at
				s.recount()
			}
			was = s.turned(was)
		}
	}
}

// furniture is the version of what surrounds pages.
type furniture struct{ visit, read string }

func (s *Site) around() furniture {
	return furniture{s.visit(press.VisitAll), s.visit(press.VisitRead)}
}

// turned renews the pages that readers are on, and purges those that caches keep, where the furniture is another than it was.
func (s *Site) turned(was furniture) furniture {
	now := s.around()
	if now == was {
		return now
	}
	s.press.Turned()
	keys := []string{readKey}
	if now.visit != was.visit {
		keys = append(keys, visitKey)
	}
	s.conf.Caches.Purge(purge.Change{Keys: keys})
	return now
}

// Cached gives the number of pages kept and the bytes they take, and how often an old page was served because a new one
// could not be made.
func (s *Site) Cached() (pages int, bytes, stale int64) {
	pages, bytes = s.press.Size()
	return pages, bytes, s.press.Stale()
}

func (s *Site) reached(cursor int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cursor <= s.cursor {
		return
	}
	s.cursor = cursor
	close(s.moved)
	s.moved = make(chan struct{})
}

// policy is the content security policy: the styles that pages carry inline, this site's fonts and pictures, its own
// search form, and nothing else. Data blocks such as JSON-LD are not scripts. What may run may ask this site: on most pages that is
// nothing, and Lighthouse, which fetches robots.txt from within the page, can.
func policy(styles []string) string {
	return "default-src 'none'; style-src " + strings.Join(styles, " ") +
		"; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}
