package site

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/reads"
	"github.com/datelinehq/dateline/site/shelf"
)

// How often what is read most is looked up, how many articles pages and rules are told of, and what is too little to tell: fewer
// articles, or articles with fewer readers.
const (
	recounting   = 5 * time.Minute
	readShown    = 5
	readKnown    = 40
	leastRead    = 3
	leastReaders = 2
)

// mostRead is what is read most, as the last count found it.
type mostRead struct {
	ids     []dateline.ID
	version string
}

// readVisit is the furniture's version for pages that say what is read most.
type readVisit struct {
	visit string
	read  *mostRead
	text  string
}

// recount looks up what is read most. Pages change where that is another list.
func (s *Site) recount() {
	next := &mostRead{}
	if s.conf.Reads != nil {
		for _, c := range s.conf.Reads.Counts(s.conf.Now(), readKnown) {
			if c.Readers >= leastReaders {
				next.ids = append(next.ids, c.Article)
			}
		}
	}
	if len(next.ids) < leastRead {
		next.ids = nil
	}
	if was := s.read.Load(); was != nil && slices.Equal(was.ids, next.ids) {
		return
	}
	if len(next.ids) > 0 {
		next.version = fmt.Sprint(" ", next.ids)
	}
	s.read.Store(next)
}

// MostRead is how many read each article, most first, as it is now.
func (s *Site) MostRead(limit int) []reads.Count {
	if s.conf.Reads == nil {
		return nil
	}
	return s.conf.Reads.Counts(s.conf.Now(), limit)
}

func (s *Site) readIDs() []dateline.ID { return s.read.Load().ids }

// readIDs are what is read most; on a page as of an instant nothing, because nobody knows what was.
func (v *view) readIDs() []dateline.ID {
	if v.then != nil {
		return nil
	}
	return v.s.readIDs()
}

// readVersion adds to the furniture's version what is read most.
func (s *Site) readVersion(visit string) string {
	read := s.read.Load()
	if read == nil || read.version == "" {
		return visit
	}
	if k := s.visited.Load(); k != nil && k.visit == visit && k.read == read {
		return k.text
	}
	k := &readVisit{visit, read, visit + read.version}
	s.visited.Store(k)
	return k.text
}

// mostRead are the cards of what is read most, an article that is being read left out.
func (v *view) mostRead(self dateline.ID) ([]render.Card, error) {
	ids := v.readIDs()
	for _, id := range ids {
		v.on(shelf.KeyCard(id)) // one that is down may come back
	}
	cards, err := v.tx.Cards(ids)
	if err != nil {
		return nil, err
	}
	cards = slices.DeleteFunc(cards, func(c shelf.Card) bool { return c.ID == self || c.Kind == dateline.KindPage })
	return v.cards(cards[:min(len(cards), readShown)], false)
}

// readOnHome ends home with what is read most, unless an editor gave that a place of its own.
func (v *view) readOnHome(p *render.HomePage) error {
	if slices.ContainsFunc(p.Bands, func(b render.Band) bool { return b.Named == render.NamedMostRead }) {
		return nil
	}
	cards, err := v.mostRead("")
	if err != nil || len(cards) == 0 {
		return err
	}
	for i := range cards {
		cards[i].Standfirst = ""
	}
	p.Bands = append(p.Bands, render.Band{Named: render.NamedMostRead, Mixed: true, Layout: render.LayoutList, Cards: cards})
	return nil
}

// count counts a reading. A page that a browser fetches before anybody asked for it is none.
func (s *Site) count(article string, peer netip.Addr, h *fields) {
	if !h.ahead {
		s.conf.Reads.Read(dateline.ID(article), s.reader(peer.Unmap(), h), h.agent, s.conf.Now())
	}
}

// reader is the address that a reader comes from. What proxies say of it counts only from those that are configured, and of a
// chain only the last that is none of them.
func (s *Site) reader(at netip.Addr, h *fields) netip.Addr {
	trusted := func() bool {
		return slices.ContainsFunc(s.conf.Proxies, func(p netip.Prefix) bool { return p.Contains(at) })
	}
	if !trusted() {
		return at
	}
	chain := strings.Split(h.forwarded, ",")
	for i := len(chain) - 1; i >= 0 && trusted(); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(chain[i]))
		if err != nil {
			break
		}
		at = next.Unmap()
	}
	return at
}
