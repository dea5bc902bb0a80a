package site

import (
	"fmt"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
	"github.com/datelinehq/dateline/weather"
)

// paper is what every page's frame is made of, kept between pages while its keys have not changed.
type paper struct {
	pub      *shelf.Publication
	sections []shelf.Section
	byID     map[dateline.ID]*shelf.Section
	shown    map[dateline.ID]bool // those of the navigation
	footer   []shelf.Card
	keys     []string
	stamp    uint64
	slots    []uint32
}

// paper gives the frame's parts. The stamp was read before the snapshot was opened.
func (s *Site) paper(tx shelf.Reading, stamp uint64) (*paper, error) {
	if p := s.memo.Load(); p != nil && s.press.Unchanged(p.slots, p.stamp) {
		return p, nil
	}
	p, err := readPaper(tx)
	if err != nil {
		return nil, err
	}
	p.stamp, p.slots = stamp, s.press.Slots(p.keys)
	s.memo.Store(p)
	return p, nil
}

// readPaper reads the frame's parts.
func readPaper(tx shelf.Reading) (*paper, error) {
	p := &paper{byID: map[dateline.ID]*shelf.Section{}, shown: map[dateline.ID]bool{}}
	var err error
	if p.pub, err = tx.Publication(); err != nil {
		if missing(err) {
			err = shelf.ErrNotReady
		}
		return nil, err
	}
	if p.sections, err = tx.Sections(); err != nil {
		return nil, err
	}
	if p.footer, err = tx.Footer(); err != nil {
		return nil, err
	}
	p.keys = []string{everything, string(shelf.KeyPublication)}
	for i := range p.sections {
		p.byID[p.sections[i].ID] = &p.sections[i]
	}
	navigation, err := p.navigation(tx)
	if err != nil {
		return nil, err
	}
	for _, id := range navigation {
		p.shown[id] = true
		p.keys = append(p.keys, string(shelf.KeyName(id)))
	}
	for _, id := range p.pub.Footer {
		p.keys = append(p.keys, string(shelf.KeyCard(id)))
	}
	return p, nil
}

// navigation is the paper's, or every section with articles while nobody has chosen, as in a paper that was just imported.
// The shelf counts it as a change of the paper that a section turns empty or is empty no more.
func (p *paper) navigation(tx shelf.Reading) ([]dateline.ID, error) {
	if len(p.pub.Navigation) > 0 {
		return p.pub.Navigation, nil
	}
	var ids []dateline.ID
	for i := range p.sections {
		some, err := tx.List(shelf.InSection(p.sections[i].ID), shelf.Position{}, 1)
		if err != nil {
			return nil, err
		}
		if len(some) > 0 {
			ids = append(ids, p.sections[i].ID)
		}
	}
	return ids, nil
}

// section finds a section by id and notes that the page shows its name.
func (v *view) section(id dateline.ID) (*shelf.Section, error) {
	if id == "" {
		return nil, shelf.ErrNotFound
	}
	v.on(shelf.KeyName(id))
	if v.paper.shown[id] {
		return v.paper.byID[id], nil
	}
	return v.tx.Section(id)
}

// name chooses a name in a language, marked with its own where that is another.
func (v *view) name(n dateline.Names, language string) render.Name {
	text, in := n.In(language, v.paper.pub.Language)
	if in == language || text == "" {
		in = ""
	}
	return render.Name{Text: text, Language: in}
}

// sectionLink links to a section, named in the frame's language; empty where there is no such section.
func (v *view) sectionLink(id dateline.ID) (render.Link, error) {
	sec, err := v.section(id)
	if missing(err) {
		return render.Link{}, nil
	}
	if err != nil {
		return render.Link{}, err
	}
	return render.Link{Name: v.name(sec.Names, v.lang), Address: v.way(sectionAddress(sec.Slug))}, nil
}

func sectionAddress(slug string) string { return "/" + slug + "/" }
func topicAddress(slug string) string   { return "/topics/" + slug }
func storyAddress(slug string) string   { return "/stories/" + slug }
func personAddress(slug string) string  { return "/people/" + slug }

// frame makes what surrounds a page. current is the section that the page is in, if any; the feeds are those of the paper
// and those the page has itself.
func (v *view) frame(address string, current dateline.ID, feeds ...render.Feed) render.Frame {
	pub := v.paper.pub
	f := render.Frame{
		Paper: pub.Name, PaperLanguage: pub.Language, Site: strings.TrimSuffix(pub.Site, "/"), Language: v.lang, Zone: pub.Zone,
		Email: pub.Email, City: v.name(pub.City, v.lang), Today: v.now, Weather: v.s.skyAt(v.now), Address: address,
		Private: v.private != nil, Then: v.then, Still: v.s.conf.Still,
		Feeds: append(feeds, render.Feed{Title: pub.Name, Address: "/atom.xml", Type: render.FeedAtom},
			render.Feed{Title: pub.Name, Address: "/rss.xml", Type: render.FeedRSS}),
	}
	if v.then != nil {
		f.Weather, f.Feeds = nil, nil
	}
	f.Choice = v.private == nil && v.then == nil && v.s.choice()
	v.choice = f.Choice
	for i := range v.paper.sections {
		if sec := &v.paper.sections[i]; v.paper.shown[sec.ID] {
			f.Sections = append(f.Sections, render.Link{Name: v.name(sec.Names, v.lang), Address: v.way(sectionAddress(sec.Slug)), Current: sec.ID == current})
		}
	}
	for _, c := range v.paper.footer {
		f.Footer = append(f.Footer, render.Link{Name: v.inLanguage(c.Headline, c.Language), Address: v.way(c.Address), Current: c.Address == address})
	}
	return f
}

func (v *view) inLanguage(text, language string) render.Name {
	if language == v.lang {
		language = ""
	}
	return render.Name{Text: text, Language: language}
}

// feedsOf announces the feeds under an address.
func (v *view) feedsOf(title, address string) []render.Feed {
	title += " — " + v.paper.pub.Name
	return []render.Feed{{Title: title, Address: below(address, "/atom.xml"), Type: render.FeedAtom}, {Title: title, Address: below(address, "/rss.xml"), Type: render.FeedRSS}}
}

// bare is the frame of a page that must be made although the shelf cannot be read.
func (s *Site) bare() render.Frame {
	now := s.conf.Now()
	p := s.memo.Load()
	if p == nil {
		return render.Frame{Paper: "Dateline", PaperLanguage: "en", Language: "en", Zone: time.UTC, Today: now}
	}
	v := &view{s: s, paper: p, now: now, lang: render.FrameLanguage(p.pub.Language, p.pub.Language)}
	f := v.frame("", "")
	f.Choice = false // whoever answers with it has the plain policy
	return f
}

// day is a local date in words, good until an instant.
type day struct {
	text  string
	zone  *time.Location
	until int64
}

// sky is the furniture of a visit with weather.
type sky struct {
	day     string
	choice  bool
	known   bool
	weather weather.Weather
	text    string
}

// visit is the furniture's version, for what a page takes from it.
func (s *Site) visit(v press.Visit) string {
	now := s.conf.Now()
	text := s.today(now)
	if v != press.VisitAll && v != press.VisitRead {
		return text
	}
	if s.conf.Weather != nil {
		text = s.skyVersion(text, now)
	}
	if v == press.VisitRead {
		return s.readVersion(text)
	}
	return text
}

// skyVersion adds to the date what is said of the weather. It is apart from visit, and newSky from it, because each request asks, over
// HTTP/2 on a stack that is new: what is seldom needed would have it copied to a larger one each time.
func (s *Site) skyVersion(day string, now time.Time) string {
	choice := s.choice()
	w, known := s.conf.Weather.Current(now)
	if k := s.sky.Load(); k != nil && k.day == day && k.choice == choice && k.known == known && k.weather.Equal(w) {
		return k.text
	}
	return s.newSky(sky{day: day, choice: choice, known: known, weather: w, text: day})
}

func (s *Site) newSky(k sky) string {
	if k.choice {
		k.text += "+"
	}
	if k.known {
		k.text = fmt.Sprintf("%s %d %s %d", k.text, k.weather.Temperature, k.weather.Code, k.weather.Hour.Unix())
	}
	s.sky.Store(&k)
	return k.text
}

// choice says whether there are further cities that a reader may have in the strip.
func (s *Site) choice() bool {
	f, ok := s.conf.Weather.(Forecasts)
	return ok && f.Choice()
}

// today is the local date in the paper's zone.
func (s *Site) today(now time.Time) string {
	zone := time.UTC
	if p := s.memo.Load(); p != nil {
		zone = p.pub.Zone
	}
	unix := now.Unix()
	if d := s.day.Load(); d != nil && d.zone == zone && unix < d.until && unix >= d.until-dayAtMost {
		return d.text
	}
	today := shelf.DayOf(now, zone)
	d := &day{text: today.String(), zone: zone, until: today.Next().Start(zone).Unix()}
	if unix >= today.Start(zone).Unix() && d.until-today.Start(zone).Unix() <= dayAtMost {
		s.day.Store(d)
	}
	return d.text
}

// dayAtMost is the length in seconds that a kept day is believed to have. It is short enough that a clock which was set
// back does not find tomorrow; days that a change of summer time makes longer are computed each time.
const dayAtMost = 24 * 60 * 60

// skyAt is the weather of the visit, or nothing.
func (s *Site) skyAt(now time.Time) *render.Weather {
	if s.conf.Weather == nil {
		return nil
	}
	w, known := s.conf.Weather.Current(now)
	if !known {
		return nil
	}
	return &render.Weather{Celsius: w.Temperature, Condition: string(w.Code), At: w.Hour}
}
