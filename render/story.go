package render

import (
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
)

// StoryStatus is where a running story stands, or stood.
type StoryStatus struct {
	ID       dateline.ID
	State    dateline.StoryState
	Words    string
	Sentence string
	At       time.Time
	Source   *Source
}

// Source is where something of a story is known from: a report of this paper's, or something outside.
type Source struct {
	Name      string // of what is outside; its host where it has none
	Address   string
	Ours      bool
	Edition   int // of a report; 0 where it is not said
	Paragraph int
}

// StoryLine is one line of a story's time: a change of its status, an event, or an article.
type StoryLine struct {
	At      time.Time     // of a status or an article
	When    dateline.When // of an event, which has no hour
	Title   string
	Text    string
	Source  *Source
	Address string       // of an article
	Article *Card        // nil for what is no article
	Status  *StoryStatus // nil for what is no status
	Before  string       // the words of the status before
	Lang    string       // of title and text
}

// StoryBox is what an article shows of a running story that it belongs to.
type StoryBox struct {
	ID         dateline.ID
	Name       Name
	Address    string
	Language   string // of its words
	Background string // at most 150 words; none where it is empty
	Status     StoryStatus
	Then       *StoryStatus // where it stood when the article was written, where that is another
	Next       []StoryLine  // what is awaited, the next first
	Before     []StoryLine  // how it came to this, newest first; none on an article that was overtaken
	After      []StoryLine  // what has happened since an article that was overtaken, newest first
	Since      int          // articles since this one; MoreThan where there are more
	More       bool
	SinceAt    string    // the address of what is new since
	SinceDay   time.Time // of the article's newest edition, where the status has changed since; otherwise zero
	Articles   int       // in all
}

// StoryCard is a running story on a front, or on the page of a larger one.
type StoryCard struct {
	ID       dateline.ID
	Edition  int // how often it was published; used on the page of a larger story only
	Name     Name
	Address  string
	Language string
	Status   StoryStatus
	Next     *StoryLine
}

// StoryParty is a person, organisation or place with its part in a story.
type StoryParty struct {
	Link Link
	Role string
}

// StoryPage is the page of a running story.
type StoryPage struct {
	Frame       Frame
	ID          dateline.ID
	Edition     int   // how often the story was published
	Position    int64 // the newest of the story's own entries in the record
	Language    string
	Name        string
	Summary     string
	Background  string
	Status      StoryStatus
	Parties     []StoryParty
	Wholes      []StoryCard // the larger stories that it is part of, by name only
	Parts       []StoryCard // the stories that are part of it
	Articles    int
	First       time.Time // of its oldest article; zero where it has none
	Next        []StoryLine
	Lines       []StoryLine // newest first
	Since       string      // the address of what is new since an instant; none where it is empty
	SinceAt     time.Time
	Corrections []Correction // of the story itself, newest first
	History     string       // the address of its history; none where it was told once
	Feed        string
	Newest      string
	Older       string
}

// Story writes the page of a running story.
func (r *Renderer) Story(p *StoryPage) []byte {
	s := r.sheet(&p.Frame)
	s.begin(head{title: p.Name, description: p.Summary, kind: "website", style: &r.story})
	if p.Frame.Then == nil {
		s.storyJSON(p)
	}
	s.body(nil)
	s.works = p.Newest == "" && p.Frame.Then == nil && !p.Frame.Still // it remembers how far somebody has read
	s.openStory(p.ID, p.Edition, p.Position)
	s.storyHead(p.Name, p.Summary, p.Language)
	s.storyAbout(p)
	s.lit("<div class=\"body\">\n")
	s.standing(&p.Status, p.Language)
	if p.Newest == "" {
		s.awaited(p.Next)
		s.storyParts(p.Parts)
	}
	s.lit("<h2 class=\"entry-head\">")
	s.text(s.c.WhatHasHappened)
	s.lit("</h2>\n")
	if len(p.Lines) == 0 {
		s.paragraph("", s.c.NothingHappened, "")
	}
	s.storyLines(p.Lines)
	s.pager(p.Newest, p.Older, s.c.EarlierInStory)
	s.corrections(p.Corrections, p.Language)
	s.lit("</div>\n")
	s.storyAside(p)
	s.lit("</article>\n")
	return s.end()
}

func (s *sheet) openStory(id dateline.ID, edition int, position int64) {
	s.lit(`<article class="article"`)
	if s.works {
		s.attr("data-story", string(id))
		s.attr("data-position", strconv.FormatInt(position, 10))
	}
	s.mark(id, edition)
	s.lit(">\n")
}

func (s *sheet) storyHead(name, summary, language string) {
	s.lit("<header class=\"head\"><p class=\"label\">")
	s.text(s.c.RunningStory)
	s.lit("</p>\n")
	s.headline(name, summary, language)
	s.lit("</header>\n")
}

func (s *sheet) storyAbout(p *StoryPage) {
	s.lit("<div class=\"about\">")
	s.partOf(p.Wholes)
	if p.Articles > 0 {
		s.lit("<p>")
		words := s.c.Count(s.c.StoryArticles, p.Articles)
		if p.First.IsZero() {
			s.text(words)
		} else {
			first := s.local(p.First)
			s.text(words + s.c.Comma)
			s.timeElement(first, "2006-01-02", s.c.Date(first))
		}
		s.lit("</p>\n")
	}
	if p.Frame.Then == nil && !p.Frame.Still {
		s.sinceLink(p)
	}
	if p.History != "" {
		s.hist(s.c.Count(s.c.SeeWhatChanged, p.Edition), p.History)
	}
	if p.Frame.Then == nil {
		s.hist(s.c.FollowByFeed, p.Feed)
	}
	s.lit("</div>\n")
}

// sinceLink leads to what is new. The script words it for whoever has read the story before; where there is nothing to lead
// to without that, the line is hidden.
func (s *sheet) sinceLink(p *StoryPage) {
	if p.Newest != "" {
		return
	}
	address := p.Since
	s.lit("<p class=\"hist\"")
	if address == "" {
		s.lit(" hidden")
		address = p.Frame.Address
	}
	s.lit("><a id=\"since\"")
	s.link("href", address)
	s.attr("data-read", s.c.NewSinceYouRead)
	s.lit(">")
	if p.Since == "" {
		s.text(s.c.NewSinceYouRead)
	} else {
		s.text(put(s.c.NewSince, "date", s.c.Date(s.local(p.SinceAt))))
	}
	s.lit("</a></p>\n")
}

// standing is where the story stands, as the largest line.
func (s *sheet) standing(st *StoryStatus, language string) {
	s.statusWords("standing state", st, language)
	if st.Sentence != "" {
		s.paragraph("", st.Sentence, language)
	}
	s.lit("<p class=\"when\">")
	s.around(s.c.StatusSince, "{date}", func() { s.instant(st.At, "") })
	if st.Source != nil {
		s.lit(" ")
		s.source(st.Source)
	}
	s.lit("</p>\n")
}

// statusWords writes a status with its square: filled while the story goes on, hollow when it is over.
func (s *sheet) statusWords(class lit, st *StoryStatus, language string) {
	s.lit("<p class=\"")
	s.lit(class)
	if st.State.Over() {
		s.lit(" ended")
	}
	s.lit("\"")
	s.langOf(language)
	s.lit(">")
	s.text(st.Words)
	s.lit("</p>\n")
}

// source links to where something is known from.
func (s *sheet) source(src *Source) { s.linked(s.c.sourceIs(src), src.Address) }

// sourceIs says where something is known from, the words that lead there in square brackets.
func (c *Catalogue) sourceIs(src *Source) string {
	switch {
	case !src.Ours:
		return put(c.SourceIs, "name", src.Name)
	case src.Paragraph > 0 && src.Edition > 0:
		return put(c.SourceParagraph, "n", strconv.Itoa(src.Edition), "paragraph", strconv.Itoa(src.Paragraph))
	case src.Edition > 0:
		return put(c.SourceEdition, "n", strconv.Itoa(src.Edition))
	}
	return c.SourceOurs
}

// SourceWords says where something is known from.
func (c *Catalogue) SourceWords(src *Source) string {
	return strings.NewReplacer("[", "", "]", "").Replace(c.sourceIs(src))
}

// awaited is what is next.
func (s *sheet) awaited(next []StoryLine) {
	if len(next) == 0 {
		return
	}
	s.lit("<h2 class=\"entry-head\">")
	s.text(s.c.WhatIsNext)
	s.lit("</h2>\n<ul class=\"entries\">\n")
	for i := range next {
		s.storyLine("expected", &next[i])
	}
	s.lit("</ul>\n")
}

// storyParts are the stories that are part of one, each with where it stands.
func (s *sheet) storyParts(list []StoryCard) {
	if len(list) == 0 {
		return
	}
	s.lit("<h2 class=\"entry-head\">")
	s.text(s.c.StoryParts)
	s.lit("</h2>\n<ul class=\"entries\">\n")
	for i := range list {
		c := &list[i]
		s.lit("<li")
		s.mark(c.ID, c.Edition)
		s.lit("><p class=\"at\">")
		at := s.local(c.Status.At)
		s.timeElement(at, "2006-01-02", s.c.Date(at))
		s.lit("</p><div><h3>")
		s.anchor(Link{Name: c.Name, Address: c.Address}, "")
		s.lit("</h3>")
		s.statusWords("now", &c.Status, c.Language)
		s.lit("</div></li>\n")
	}
	s.lit("</ul>\n")
}

// partOf links to the larger stories that one is part of.
func (s *sheet) partOf(list []StoryCard) {
	if len(list) == 0 {
		return
	}
	s.lit("<p class=\"hist\">")
	s.around(s.c.PartOfStories, "{stories}", func() {
		for i := range list {
			if i > 0 {
				s.text(s.c.Comma)
			}
			s.anchor(Link{Name: list[i].Name, Address: list[i].Address}, "")
		}
	})
	s.lit("</p>\n")
}

func (s *sheet) storyLines(lines []StoryLine) {
	if len(lines) == 0 {
		return
	}
	s.lit("<ul class=\"entries\">\n")
	for i := range lines {
		class := lit("")
		if lines[i].Status != nil {
			class = "status"
		}
		s.storyLine(class, &lines[i])
	}
	s.lit("</ul>\n")
}

func (s *sheet) storyLine(class lit, l *StoryLine) {
	s.lit("<li")
	if class != "" {
		s.lit(" class=\"")
		s.lit(class)
		s.lit("\"")
	}
	if l.Article != nil {
		s.mark(l.Article.ID, l.Article.Edition)
	}
	s.lit("><p class=\"at\">")
	s.lineDate(l)
	s.lit("</p><div><h3")
	s.langOf(l.Lang)
	s.lit(">")
	s.anchor(Link{Name: Name{Text: l.Title}, Address: l.Address}, "")
	s.lit("</h3>")
	s.paragraph("", l.Text, l.Lang)
	if l.Before != "" || l.Source != nil {
		s.lit("<p class=\"when\">")
		if l.Before != "" {
			s.text(put(s.c.StatusBefore, "status", l.Before))
			s.lit(" ")
		}
		if l.Source != nil {
			s.source(l.Source)
		}
		s.lit("</p>")
	}
	s.lit("</div></li>\n")
}

// lineDate stands in the margin: the date, and under it the weekday or that it is a status.
func (s *sheet) lineDate(l *StoryLine) {
	if l.When != "" {
		s.text(s.c.When(l.When))
		if p, err := l.When.Parts(); err == nil && p.Precision == dateline.ByDay {
			s.lit(" ")
			s.element("small", "", s.c.Weekdays[time.Date(p.Year, p.Month, p.Day, 0, 0, 0, 0, time.UTC).Weekday()])
		}
		return
	}
	at := s.local(l.At)
	s.timeElement(at, "2006-01-02", s.c.Date(at))
	s.lit(" ")
	if l.Status != nil {
		s.element("small", "", s.c.StatusWord)
		return
	}
	s.element("small", "", s.c.Weekdays[at.Weekday()])
}

func (s *sheet) storyAside(p *StoryPage) {
	if p.Background == "" && len(p.Parties) == 0 {
		return
	}
	s.lit("<aside class=\"story\" aria-labelledby=\"bg\">")
	title := s.c.Background
	if p.Background == "" {
		title = s.c.Parties
	}
	s.lit("<h2 id=\"bg\">")
	s.text(title)
	s.lit("</h2>\n")
	s.paragraph("", p.Background, p.Language)
	if p.Background != "" && len(p.Parties) > 0 {
		s.element("h3", "", s.c.Parties)
	}
	if len(p.Parties) > 0 {
		s.lit("<ul class=\"since\">")
		for _, party := range p.Parties {
			s.lit("<li>")
			s.anchor(party.Link, "")
			if party.Role != "" {
				s.lit("<span class=\"when\"")
				s.langOf(p.Language)
				s.lit(">")
				s.text(party.Role)
				s.lit("</span>")
			}
			s.lit("</li>")
		}
		s.lit("</ul>")
	}
	s.lit("</aside>\n")
}

// overtaken is the first of an article's stories whose status has changed since; nil where none has.
func overtaken(p *ArticlePage) *StoryBox {
	for i := range p.Stories {
		if p.Stories[i].Then != nil || p.Stories[i].Status.At.After(p.First) && len(p.Stories[i].After) > 0 {
			return &p.Stories[i]
		}
	}
	return nil
}

// sinceThen is what an old article says of what has happened since.
func (s *sheet) sinceThen(b *StoryBox) {
	s.lit("<p>")
	s.around(s.c.SinceThen, "{status}", func() {
		s.lit("<a")
		s.link("href", b.Address)
		s.langOf(b.Language)
		s.lit(">")
		s.text(b.Status.Words)
		s.lit("</a>")
	})
	if b.Status.Sentence != "" {
		s.lit(" ")
		s.inLanguage(b.Status.Sentence, b.Language)
	}
	s.lit("</p>\n")
	if len(b.After) == 0 {
		return
	}
	s.lit("<ul>\n")
	for i := range b.After {
		l := &b.After[i]
		s.lit("<li>")
		at := s.local(l.At)
		s.timeElement(at, "2006-01-02", s.c.Date(at))
		s.lit(" ")
		s.anchor(Link{Name: Name{Text: l.Title, Language: l.Lang}, Address: l.Address}, "")
		s.lit("</li>\n")
	}
	s.lit("</ul>\n")
}

// storyBoxes are the running stories that an article belongs to.
func (s *sheet) storyBoxes(list []StoryBox) {
	if len(list) == 0 {
		return
	}
	s.lit("<aside class=\"story\" aria-labelledby=\"st\"><h2 id=\"st\">")
	if len(list) == 1 {
		s.text(s.c.RunningStory)
	} else {
		s.text(s.c.RunningStories)
	}
	s.lit("</h2>\n")
	for i := range list {
		s.storyBox(&list[i])
	}
	s.lit("</aside>\n")
}

func (s *sheet) storyBox(b *StoryBox) {
	s.lit("<div><p class=\"name plain\">")
	s.anchor(Link{Name: b.Name, Address: b.Address}, "")
	s.lit("</p>\n")
	s.statusWords("now", &b.Status, b.Language)
	s.lit("<p class=\"when\">")
	at := s.local(b.Status.At)
	s.around(s.c.StatusSince, "{date}", func() { s.timeElement(at, "2006-01-02", s.c.Date(at)) })
	if b.Then != nil {
		s.lit(" ")
		s.text(put(s.c.WhenWritten, "status", b.Then.Words))
	}
	s.lit("</p>\n")
	s.boxLines(s.c.WhatIsNext, b.Next)
	s.boxLines(s.c.HowItCame, b.Before)
	if b.Background != "" {
		s.lit("<details><summary>")
		s.text(s.c.Background)
		s.lit("</summary>")
		s.paragraph("", b.Background, b.Language)
		s.lit("</details>\n")
	}
	s.lit("<p class=\"all\">")
	switch {
	case b.Since > 0:
		words := s.c.Count(s.c.SinceThisOne, b.Since)
		if b.More {
			words = put(s.c.MoreSinceThisOne, "count", Number(b.Since))
		}
		s.anchor(Link{Name: Name{Text: words}, Address: b.SinceAt}, "")
	case !b.SinceDay.IsZero():
		s.anchor(Link{Name: Name{Text: put(s.c.NewSince, "date", s.c.Date(s.local(b.SinceDay)))}, Address: b.SinceAt}, "")
	default:
		words := s.c.ReadWholeStory
		if b.Articles > 0 { // of an instant in the past nobody counts them
			words = s.c.Count(s.c.WholeStory, b.Articles)
		}
		s.anchor(Link{Name: Name{Text: words}, Address: b.Address}, "")
	}
	s.lit("</p></div>\n")
}

func (s *sheet) boxLines(heading string, lines []StoryLine) {
	if len(lines) == 0 {
		return
	}
	s.element("h3", "", heading)
	s.lit("<ul class=\"since\">")
	for i := range lines {
		l := &lines[i]
		s.lit("<li>")
		if l.When != "" {
			s.element("span", "when", s.c.When(l.When))
		} else {
			at := s.local(l.At)
			s.timeElement(at, "2006-01-02", s.c.Date(at))
		}
		s.anchor(Link{Name: Name{Text: l.Title, Language: l.Lang}, Address: l.Address}, "")
		s.lit("</li>")
	}
	s.lit("</ul>\n")
}

// storyBand is a front's band of running stories.
func (s *sheet) storyBand(n int, b *Band) {
	s.band(func() { s.lit("s"); s.number(n) }, func() { s.bandHeading(b) })
	if b.Layout == LayoutList {
		s.lit("<div class=\"rows\">\n")
	} else {
		s.lit("<div class=\"cards\">\n")
	}
	s.storyCards(b.Stories)
	s.lit("</div></section>\n")
}

// storyCards are running stories, each with where it stands and what is next.
func (s *sheet) storyCards(list []StoryCard) {
	for i := range list {
		c := &list[i]
		s.lit("<article class=\"card story-card\"><h3>")
		s.anchor(Link{Name: c.Name, Address: c.Address}, "")
		s.lit("</h3>\n")
		s.statusWords("state", &c.Status, c.Language)
		s.lit("<p class=\"when\">")
		at := s.local(c.Status.At)
		sentence := s.c.StatusSince
		if c.Status.State.Over() {
			sentence = s.c.EndedOn
		}
		s.around(sentence, "{date}", func() { s.timeElement(at, "2006-01-02", s.c.day(at, s.today)) })
		if c.Next != nil {
			s.lit(" ")
			s.text(put(s.c.NextIs, "what", c.Next.Title, "when", s.c.When(c.Next.When)))
		}
		s.lit("</p></article>\n")
	}
}

// storyJSON describes a story as an Event in schema.org's words.
func (s *sheet) storyJSON(p *StoryPage) {
	s.lit(`<script type="application/ld+json">{"@context":"https://schema.org","@type":"Event","@id":`)
	s.json("urn:uuid:" + string(p.ID))
	s.pair("name", p.Name)
	s.pair("description", p.Summary)
	s.pair("inLanguage", p.Language)
	s.lit(`,"url":`)
	s.jsonURL(p.Frame.Site, p.Frame.Address)
	s.eventStatus(p.Status.State)
	s.otherEvents(`,"superEvent":[`, p.Frame.Site, p.Wholes)
	s.otherEvents(`,"subEvent":[`, p.Frame.Site, p.Parts)
	s.lit("}</script>\n")
}

// otherEvents writes the larger stories, or the parts, of one as events.
func (s *sheet) otherEvents(key lit, site string, list []StoryCard) {
	if len(list) == 0 {
		return
	}
	s.lit(key)
	for i := range list {
		if i > 0 {
			s.lit(",")
		}
		s.lit(`{"@type":"Event","@id":`)
		s.json("urn:uuid:" + string(list[i].ID))
		s.pair("name", list[i].Name.Text)
		s.lit(`,"url":`)
		s.jsonURL(site, list[i].Address)
		s.lit("}")
	}
	s.lit("]")
}

// eventStatus writes a state as schema.org's eventStatus.
func (s *sheet) eventStatus(state dateline.StoryState) {
	if state.Schema() == "" {
		return
	}
	s.lit(`,"eventStatus":`)
	s.json("https://schema.org/" + state.Schema())
}

// jsonStories says of an article that it is about its running stories.
func (s *sheet) jsonStories(p *ArticlePage) {
	if len(p.Stories) == 0 {
		return
	}
	s.lit(`,"about":[`)
	for i := range p.Stories {
		b := &p.Stories[i]
		if i > 0 {
			s.lit(",")
		}
		s.lit(`{"@type":"Event","@id":`)
		s.json("urn:uuid:" + string(b.ID))
		s.pair("name", b.Name.Text)
		s.lit(`,"url":`)
		s.jsonURL(p.Frame.Site, b.Address)
		s.eventStatus(b.Status.State)
		s.lit("}")
	}
	s.lit("]")
}

// StoryGonePage is what stands at the address of a running story that was taken down (410).
type StoryGonePage struct {
	Frame    Frame
	At       time.Time // when it was taken down
	Notice   string    // the newsroom's public sentence
	Language string    // of the notice
}

// StoryGone writes what stands where a running story was taken down.
func (r *Renderer) StoryGone(p *StoryGonePage) []byte {
	s := r.sheet(&p.Frame)
	s.begin(head{title: s.c.StoryWithdrawn, noIndex: true, style: &r.whole})
	s.body(nil)
	s.pageTitle(Name{Text: s.c.StoryWithdrawn})
	s.paragraph("lede", p.Notice, p.Language)
	s.lit("<p class=\"when indent\">")
	s.text(s.c.Withdrawn + " ")
	s.instant(p.At, "")
	s.lit("</p>\n")
	return s.end()
}
