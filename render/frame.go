package render

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// head is what stands in a page's head beside what every page has.
type head struct {
	title       string // of the page; the paper's name follows it
	shared      string // in its place where the address is shared
	description string
	kind        lit // of OpenGraph: website or article
	image       string
	noIndex     bool
	canonical   bool // the frame's address is named although the page itself is passed over
	style       *style
	others      []Translation
	searched    bool // how the paper is searched is announced
}

// begin writes everything from the document type up to the end of what every head holds; more may follow before body.
func (s *sheet) begin(h head) {
	if s.f.Then != nil {
		h.noIndex, h.canonical, h.kind, h.others = true, false, "", nil
		if h.style == &s.r.article || h.style == &s.r.scripts { // which need not know of the notice
			h.style = &s.r.whole
		}
	}
	s.lit("<!doctype html>\n<html")
	s.attr("lang", s.c.languageTag(s.f.Language))
	s.attr("dir", s.c.Direction)
	s.lit(">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
	s.title(h)
	s.lit("<meta name=\"theme-color\" content=\"#fbfbf9\" media=\"(prefers-color-scheme: light)\">\n" +
		"<meta name=\"theme-color\" content=\"#121416\" media=\"(prefers-color-scheme: dark)\">\n")
	s.lit(`<link rel="icon" type="image/svg+xml"`)
	s.link("href", s.r.icon)
	s.lit(">\n")
	s.b = append(s.b, h.style.element...)
	s.links(h)
	s.openGraph(h)
}

// body ends the head and writes furniture, nameplate and sections. On the front the nameplate is the heading, which front
// writes.
func (s *sheet) body(front func()) {
	s.lit("</head>\n<body>\n<a class=\"skip\" href=\"#main\">")
	s.text(s.c.Skip)
	s.lit("</a>\n<header class=\"top")
	if front != nil {
		s.lit(" front")
	}
	s.lit("\">\n")
	s.strip()
	s.lit("<div class=\"mast\">\n")
	if front != nil {
		front()
	} else {
		s.lit(`<a class="plate"`)
		s.link("href", s.way("/"))
		s.paperLang()
		s.lit(">")
		s.text(s.f.Paper)
		s.lit("</a>\n")
	}
	s.sections()
	s.lit("</div>\n</header>\n<main id=\"main\" class=\"wrap\">\n")
	s.then()
}

// languageTag is the language that the catalogue's words are in: the frame's own tag where it is a variety of it.
func (c *Catalogue) languageTag(language string) string {
	if base, _, _ := strings.Cut(language, "-"); strings.EqualFold(base, c.Language) {
		return language
	}
	return c.Language
}

func (s *sheet) title(h head) {
	s.lit("<title>")
	if h.title != "" {
		s.text(h.title)
		s.lit(" – ")
	}
	if t := s.f.Then; t != nil {
		s.text(put(s.c.Then.AsItStoodOn, "time", s.c.DateTime(s.local(t.At))))
		s.lit(" – ")
	}
	s.text(s.f.Paper)
	s.lit("</title>\n")
	if h.description != "" {
		s.lit(`<meta name="description"`)
		s.attr("content", h.description)
		s.lit(">\n")
	}
	if h.noIndex || s.f.Private {
		s.lit("<meta name=\"robots\" content=\"noindex\">\n")
	}
}

func (s *sheet) links(h head) {
	if s.f.Private {
		return
	}
	if s.f.Address != "" && (!h.noIndex || h.canonical) {
		s.lit(`<link rel="canonical"`)
		s.absolute("href", s.f.Address)
		s.lit(">\n")
	}
	for _, t := range h.others {
		s.lit(`<link rel="alternate"`)
		s.attr("hreflang", t.Language)
		s.absolute("href", t.Address)
		s.lit(">\n")
	}
	if h.searched && s.f.Then == nil && !s.f.Still {
		s.lit(`<link rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml"`)
		s.attr("title", s.f.Paper)
		s.lit(">\n")
	}
	for _, f := range s.f.Feeds {
		s.lit(`<link rel="alternate"`)
		s.attr("type", string(f.Type))
		s.attr("title", f.Title)
		s.link("href", f.Address)
		s.lit(">\n")
	}
}

// absolute writes an attribute that holds an address of this site with its origin.
func (s *sheet) absolute(name lit, address string) {
	if strings.HasPrefix(address, "/") {
		address = s.f.Site + address
	}
	s.link(name, address)
}

// link writes an attribute that holds an address. On a page that is shown elsewhere links lead to this site; what the page
// itself is made of comes from where it is shown.
func (s *sheet) link(name lit, address string) {
	if s.f.Private && name == "href" && strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "/assets/") && safeScheme(address) {
		address = s.f.Site + address
	}
	s.writer.link(name, address)
}

func (s *sheet) openGraph(h head) {
	if h.kind == "" || s.f.Private {
		return
	}
	s.lit(`<meta property="og:type" content="`)
	s.lit(h.kind)
	s.lit("\">\n")
	s.property("og:title", cmp.Or(h.shared, h.title, s.f.Paper))
	s.property("og:description", h.description)
	s.property("og:site_name", s.f.Paper)
	s.propertyAddress("og:url", s.f.Address)
	s.propertyAddress("og:image", h.image)
}

func (s *sheet) property(name lit, content string) {
	if content == "" {
		return
	}
	s.lit(`<meta property="`)
	s.lit(name)
	s.lit(`"`)
	s.attr("content", content)
	s.lit(">\n")
}

func (s *sheet) propertyAddress(name lit, address string) {
	if address == "" {
		return
	}
	s.lit(`<meta property="`)
	s.lit(name)
	s.lit(`"`)
	s.absolute("content", address)
	s.lit(">\n")
}

// strip is the furniture: the visit's date, city and weather, and the ways into the paper. A page that is written when
// nothing can be asked has no date.
func (s *sheet) strip() {
	s.lit("<div class=\"strip\">\n<p class=\"today\">")
	if !s.f.Today.IsZero() && !s.f.Still {
		s.timeElement(s.today, "2006-01-02", s.c.LongDate(s.today))
	}
	s.lit(" ")
	if s.f.Choice && !s.f.Private {
		s.lit("<span id=\"sky\"")
		s.attr("data-at", "/forecast/"+s.c.Language+"/")
		s.lit(">")
		s.sky(s.f.City, s.f.Weather)
		s.lit("</span>")
	} else {
		s.sky(s.f.City, s.f.Weather)
	}
	if s.f.Then != nil {
		s.lit("</p>\n</div>\n")
		return
	}
	s.lit("</p>\n<nav")
	s.attr("aria-label", s.c.PaperNavigation)
	s.lit(">")
	if !s.f.Still {
		s.navLink("/search", s.c.Search)
	}
	s.navLink("/archive", s.c.Archive)
	s.navLink("/corrections", s.c.Corrections)
	s.lit("</nav>\n</div>\n")
}

// sky names a city with its weather. Where a reader may choose, the name leads to the forecasts.
func (s *sheet) sky(city Name, w *Weather) {
	if city.Text != "" {
		s.lit("<span>")
		link := Link{Name: city}
		if s.f.Choice && !s.f.Private {
			link.Address = "/forecast"
		}
		s.anchor(link, "")
		s.lit("</span>")
	}
	if words := s.weatherWords(w); words != "" {
		s.lit(" <span>")
		s.text(words)
		s.lit("</span>")
	}
}

func (s *sheet) weatherWords(w *Weather) string {
	if w == nil {
		return ""
	}
	condition, ok := s.c.Conditions[w.Condition]
	if !ok {
		return ""
	}
	return put(s.c.Weather, "degrees", degrees(w.Celsius), "condition", condition, "time", s.local(w.At).Format("15:04"))
}

// degrees writes whole degrees, with the sign of the minus.
func degrees(celsius int) string {
	words := strconv.Itoa(celsius)
	if celsius < 0 {
		words = "−" + words[1:]
	}
	return words
}

func (s *sheet) navLink(address, words string) {
	s.lit("<a")
	s.link("href", address)
	if s.f.Address == address {
		s.lit(` aria-current="page"`)
	}
	s.lit(">")
	s.text(words)
	s.lit("</a>")
}

func (s *sheet) sections() {
	if len(s.f.Sections) == 0 {
		return
	}
	s.lit("<nav class=\"sections\"")
	s.attr("aria-label", s.c.SectionNavigation)
	s.lit("><ul>")
	for _, l := range s.f.Sections {
		s.lit("<li>")
		s.anchor(l, "")
		s.lit("</li>")
	}
	s.lit("</ul></nav>\n")
}

// anchor writes a link, or only its name where it leads nowhere.
func (s *sheet) anchor(l Link, class lit) {
	if l.Address == "" {
		s.name(l.Name)
		return
	}
	s.lit("<a")
	if class != "" {
		s.lit(` class="`)
		s.lit(class)
		s.lit(`"`)
	}
	s.link("href", l.Address)
	s.nameLang(l.Name)
	switch {
	case l.Current && l.Address == s.f.Address:
		s.lit(` aria-current="page"`)
	case l.Current:
		s.lit(` aria-current="true"`)
	}
	s.lit(">")
	s.text(l.Name.Text)
	s.lit("</a>")
}

// name writes a name, marked where it is in another language than the page.
func (s *sheet) name(n Name) {
	if !s.foreign(n.Language) {
		s.text(n.Text)
		return
	}
	s.lit("<span")
	s.nameLang(n)
	s.lit(">")
	s.text(n.Text)
	s.lit("</span>")
}

func (s *sheet) nameLang(n Name) { s.langOf(n.Language) }

// langOf marks an element with its language, and its direction where that is not the page's.
func (s *sheet) langOf(language string) {
	if !s.foreign(language) {
		return
	}
	s.attr("lang", language)
	if d := Direction(language); d != s.c.Direction {
		s.attr("dir", d)
	}
}

func (s *sheet) foreign(language string) bool {
	return language != "" && !strings.EqualFold(language, s.c.languageTag(s.f.Language))
}

func (s *sheet) paperLang() { s.langOf(s.f.PaperLanguage) }

// end writes the foot and closes the page.
func (s *sheet) end() []byte {
	s.lit("</main>\n<footer class=\"foot\">\n<div>\n<div><p class=\"plate\"")
	s.paperLang()
	s.lit(">")
	s.text(s.f.Paper)
	s.lit("</p><p>")
	if s.f.City.Text != "" {
		s.text(put(s.c.PublishedIn, "city", s.f.City.Text))
		s.lit(" ")
	}
	if !s.f.Today.IsZero() {
		s.text(s.zoneSentence())
	}
	s.lit("</p></div>\n<nav")
	s.attr("aria-label", s.c.FooterNavigation)
	s.lit("><ul>")
	for _, l := range s.f.Footer {
		s.lit("<li>")
		s.anchor(l, "")
		s.lit("</li>")
	}
	s.footerLinks()
	s.lit("</ul></nav>\n</div>\n</footer>\n")
	if (s.works || s.f.Choice) && !s.f.Private {
		s.lit(s.r.script.element)
	}
	s.lit("</body>\n</html>\n")
	return s.page()
}

func (s *sheet) footerLinks() {
	if s.f.Email != "" {
		s.footerLink("mailto:"+s.f.Email, s.c.WriteToEditor)
	}
	if len(s.f.Feeds) > 0 {
		s.footerLink(s.f.Feeds[0].Address, s.c.Feeds)
	}
	if s.r.record != "" {
		s.footerLink(s.r.record, s.c.Record)
	}
	for _, t := range s.f.Languages {
		s.lit("<li>")
		s.translation(t)
		s.lit("</li>")
	}
}

func (s *sheet) footerLink(address, words string) {
	s.lit("<li><a")
	s.link("href", address)
	s.lit(">")
	s.text(words)
	s.lit("</a></li>")
}

// translation links to a page in another language by that language's own name.
func (s *sheet) translation(t Translation) {
	s.lit("<a")
	s.link("href", t.Address)
	s.attr("hreflang", t.Language)
	s.attr("lang", t.Language)
	if t.Headline != "" {
		s.attr("title", t.Headline)
	}
	s.lit(">")
	s.text(ownName(t.Language))
	s.lit("</a>")
}

func (s *sheet) zoneSentence() string {
	today := s.local(s.f.Today)
	zone := ZoneAbbreviation(today)
	if name, ok := s.c.Zones[today.Location().String()]; ok {
		return put(s.c.AllTimes, "name", name, "zone", zone)
	}
	return put(s.c.AllTimesLocal, "zone", zone)
}

// timeElement writes a time with its machine-readable value.
func (s *sheet) timeElement(t time.Time, layout, words string) {
	s.lit(`<time datetime="`)
	s.b = t.AppendFormat(s.b, layout)
	s.lit(`">`)
	s.text(words)
	s.lit("</time>")
}

// instant writes an instant in words that name date, hour and zone, or in the words given.
func (s *sheet) instant(t time.Time, words string) {
	t = s.local(t)
	if words == "" {
		words = s.c.DateTime(t)
	}
	s.timeElement(t, time.RFC3339, words)
}

// linked writes a sentence of the catalogue whose words in square brackets are a link. Without an address they are only
// words.
func (s *sheet) linked(sentence, address string) {
	before, rest, found := strings.Cut(sentence, "[")
	words, after, closed := strings.Cut(rest, "]")
	s.text(before)
	if !found || !closed {
		return
	}
	s.anchor(Link{Name: Name{Text: words}, Address: address}, "")
	s.text(after)
}
