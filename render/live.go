package render

import (
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
)

// LivePage is a live coverage as its readers have it: an article with entries.
type LivePage struct {
	ArticlePage
	LiveHead
	Pinned  []LiveEntry
	Entries []LiveEntry // newest first
	Keys    []LiveEntry // the main events
	First   bool        // the newest entries are on this page, which is the coverage's own
	Newer   string      // the address of the page before this one
	Older   string      // and of the one after it, which begins with entries before OlderThan
	Than    time.Time
	Updates *LiveUpdates // nil: the page does not go on by itself
}

// LiveHead is what a coverage's page says of the whole of it.
type LiveHead struct {
	State           dateline.LiveState
	Began           time.Time // zero while it has not
	Ended           time.Time
	Latest          time.Time // when the newest entry was posted
	Count           int       // entries that can be read
	Fixed           int       // of those, corrected
	Summary         []byte    // a fragment; none where it is empty
	SummaryAt       time.Time
	SummaryLanguage string
	Sequence        int64 // the newest act about the coverage
}

// LiveUpdates says how an open page hears of what is new.
type LiveUpdates struct {
	Stream string // the address of the stream of events
	Since  string // the address of what is new since an act, whose number follows it
}

// LiveEntry is one entry of a live coverage.
type LiveEntry struct {
	Number     int
	Address    string    // its permanent one
	At         time.Time // the instant that it is of
	Posted     time.Time
	Modified   time.Time // when its words were changed; equal to Posted where they were not
	Corrected  time.Time
	Sequence   int64 // of its latest change
	Made       int64 // the act that made it
	Headline   string
	Place      string
	Correction string
	Reason     string // of its removal
	Language   string
	Byline     []Credit
	Pinned     bool
	Removed    bool
	Body       []byte
	People     []Person
	Pictures   []Picture
	Text       string // for search engines
	Article    *Card  // that was made of it
}

// Live writes a live coverage's page.
func (r *Renderer) Live(p *LivePage) []byte {
	s := r.sheet(&p.Frame)
	h := head{title: p.Headline, description: p.Standfirst, kind: "article", style: &r.live, others: p.Translations}
	if p.Lead != nil {
		h.image = p.Lead.Address
	}
	s.begin(h)
	if p.Frame.Then == nil {
		s.articleMeta(&p.ArticlePage)
		s.jsonLive(p)
	}
	s.works = p.Updates != nil
	s.body(nil)
	s.lit(`<article class="article"`)
	s.mark(p.ID, p.Edition)
	s.lit(">\n<header class=\"head\">\n")
	s.liveLabel(&p.LiveHead, p.Section)
	s.headline(p.Headline, p.Standfirst, p.Language)
	s.lit("</header>\n")
	s.liveAbout(p)
	s.lead(p.Lead, p.Language)
	s.lit("<div class=\"body\">\n")
	s.retraction(&p.ArticlePage)
	if p.First {
		s.fill(fragment{body: p.Body, language: p.Language, people: p.People, pictures: p.ArticlePage.Pictures, opening: s.dateline(&p.ArticlePage)})
		s.liveSummary(&p.LiveHead)
		s.liveKeys(p.Keys)
		s.poll(p)
	}
	s.liveEntries(p)
	s.lit("</div>\n")
	s.corrections(p.Corrections, p.Language)
	s.topics(p.Topics)
	s.storyBoxes(p.Stories)
	s.related("nx", s.c.Related, p.Related)
	s.lit("</article>\n")
	for _, body := range p.Bodies() {
		s.embeds(body)
	}
	return s.end()
}

// Bodies are those that the page shows.
func (p *LivePage) Bodies() (list [][]byte) {
	if p.First {
		list = append(list, p.Body, p.Summary)
	}
	for _, entries := range [][]LiveEntry{p.Pinned, p.Entries} {
		for i := range entries {
			list = append(list, entries[i].Body)
		}
	}
	return list
}

// LiveNews writes what an open page of a coverage is sent: the entries that are new, changed or removed, oldest change first, and
// the parts of its head. Each carries the id under which it stands on the page.
func (r *Renderer) LiveNews(f *Frame, section Link, h *LiveHead, entries, keys []LiveEntry, first time.Time) []byte {
	s := r.sheet(f)
	for i := range entries {
		s.entry(&entries[i], true)
	}
	s.liveLabel(h, section)
	s.liveTimes(h, first)
	s.liveCount(h)
	s.liveSummary(h)
	s.liveKeys(keys)
	return s.page()
}

// liveLabel is the line above the headline: whether it is live, and the section.
func (s *sheet) liveLabel(h *LiveHead, section Link) {
	s.lit("<p class=\"label\" id=\"ls\" data-seq=\"")
	s.b = strconv.AppendInt(s.b, h.Sequence, 10)
	if h.State == dateline.LiveOn {
		s.lit("\"><span class=\"live\">")
	} else {
		s.lit("\"><span class=\"off\">")
	}
	s.text(s.liveWord(h.State))
	s.lit("</span>")
	if section.Name.Text != "" {
		s.lit(" ")
		s.anchor(Link{Name: section.Name, Address: section.Address}, "")
	}
	s.lit("</p>\n")
}

func (s *sheet) liveWord(state dateline.LiveState) string {
	switch state {
	case dateline.LiveOn:
		return s.c.Live.Live
	case dateline.LivePaused:
		return s.c.Live.Paused
	case dateline.LiveEnded:
		return s.c.Live.Ended
	}
	return s.c.Live.Planned
}

// liveAbout is the margin of a coverage.
func (s *sheet) liveAbout(p *LivePage) {
	s.lit("<div class=\"about\">\n")
	s.byline(p.Byline)
	s.paragraph("", p.Dateline.Place, p.Language)
	s.liveTimes(&p.LiveHead, p.ArticlePage.First)
	s.liveCount(&p.LiveHead)
	if p.History != "" && p.Edition > 1 {
		s.hist(s.c.Count(s.c.SeeWhatChanged, p.Edition), p.History)
	}
	s.translations(p.Translations, p.Language)
	s.lit("</div>\n")
}

func (s *sheet) liveTimes(h *LiveHead, published time.Time) {
	s.lit("<dl class=\"times\" id=\"lt\">\n")
	if !h.Latest.IsZero() {
		s.term(s.c.Live.LatestEntry, h.Latest)
	}
	if !h.Ended.IsZero() {
		s.term(s.c.Live.EndedAt, h.Ended)
	}
	if h.Began.IsZero() {
		s.term(s.c.FirstPublished, published)
	} else {
		s.term(s.c.Live.Began, h.Began)
	}
	s.lit("</dl>\n")
}

func (s *sheet) liveCount(h *LiveHead) {
	s.lit("<p class=\"hist\" id=\"lc\">")
	if h.Count > 0 {
		s.text(s.c.Count(s.c.Live.Entries, h.Count))
		if h.Fixed > 0 {
			s.lit(" ")
			s.text(s.c.Count(s.c.Live.Corrected, h.Fixed))
		}
	}
	s.lit("</p>\n")
}

// liveSummary is the editor's summary, or the place where it will stand.
func (s *sheet) liveSummary(h *LiveHead) {
	s.lit("<div id=\"sm\">")
	if len(h.Summary) > 0 {
		s.lit("<section class=\"box\" aria-labelledby=\"smh\"><h2 id=\"smh\">")
		s.text(put(s.c.Live.WhatWeKnow, "time", s.clock(h.SummaryAt)))
		s.lit("</h2>\n")
		s.fill(fragment{body: h.Summary, language: h.SummaryLanguage})
		s.lit("</section>")
	}
	s.lit("</div>\n")
}

// clock is a time of today as 14:02, of another day with its date.
func (s *sheet) clock(t time.Time) string {
	t = s.local(t)
	if daysBefore(t, s.today) == 0 {
		return t.Format("15:04")
	}
	return s.c.day(t, s.today) + s.c.Comma + t.Format("15:04")
}

// liveKeys are the main events, or the place where they will stand.
func (s *sheet) liveKeys(list []LiveEntry) {
	if len(list) == 0 {
		s.lit("<div id=\"kn\"></div>\n")
		return
	}
	s.lit("<nav class=\"keys\" id=\"kn\" aria-labelledby=\"ky\"><h2 id=\"ky\">")
	s.text(s.c.Live.KeyEvents)
	s.lit("</h2><ul>")
	for i := range list {
		e := &list[i]
		s.lit("<li>")
		s.instant(e.At, s.clock(e.At))
		s.lit(" ")
		words := e.Headline
		if words == "" {
			words = beginning(e.Text)
		}
		s.anchor(Link{Name: Name{Text: words, Language: e.Language}, Address: e.Address}, "")
		s.lit("</li>")
	}
	s.lit("</ul></nav>\n")
}

// beginning is the first words of a text that has no headline, some eighty letters of them.
func beginning(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	const letters = 80
	n := 0
	for i := range text {
		if n++; n > letters {
			if end := strings.LastIndexByte(text[:i], ' '); end > 0 {
				i = end
			}
			return text[:i] + "…"
		}
	}
	return text
}

// poll is the line that says what is new. It is there from the beginning, so that it is read out, and takes its room while
// it is empty, so that nothing moves.
func (s *sheet) poll(p *LivePage) {
	if p.Updates == nil {
		return
	}
	from := p.Latest
	if from.IsZero() {
		from = p.ArticlePage.First
	}
	if len(p.Entries) > 0 {
		from = p.Entries[0].At
	}
	s.lit("<p class=\"poll\" id=\"poll\" role=\"status\" data-seq=\"")
	s.b = strconv.AppendInt(s.b, p.Sequence, 10)
	s.lit(`"`)
	s.link("data-stream", p.Updates.Stream)
	s.link("data-since", p.Updates.Since)
	s.attr("data-from", s.clock(from))
	s.attr("data-forms", s.c.Live.NewSince.json())
	s.lit("></p>\n")
}

// json is the phrase's forms for a script, by CLDR's names.
func (p Plural) json() string {
	var w writer
	w.lit("{")
	for _, form := range []struct {
		name  lit
		words string
	}{{"zero", p.Zero}, {"one", p.One}, {"two", p.Two}, {"few", p.Few}, {"many", p.Many}} {
		if form.words != "" {
			w.lit(`"`)
			w.lit(form.name)
			w.lit(`":`)
			w.json(form.words)
			w.lit(",")
		}
	}
	w.lit(`"other":`)
	w.json(p.Other)
	w.lit("}")
	return string(w.b)
}

func (s *sheet) liveEntries(p *LivePage) {
	if len(p.Entries)+len(p.Pinned) == 0 {
		s.paragraph("when", s.c.Live.NotBegun, "")
	}
	s.lit("<h2 class=\"vh\">")
	s.text(s.c.Live.EntriesOnPages)
	s.lit("</h2>\n<ol class=\"entries\" reversed>\n")
	for _, list := range [][]LiveEntry{p.Pinned, p.Entries} {
		for i := range list {
			s.entry(&list[i], false)
		}
	}
	s.lit("</ol>\n")
	if p.Newer == "" && p.Older == "" {
		return
	}
	s.lit("<nav class=\"pager\"")
	s.attr("aria-label", s.c.Live.EntriesOnPages)
	s.lit("><span>")
	if p.Newer != "" {
		s.anchor(Link{Name: Name{Text: s.c.Live.NewerEntries}, Address: p.Newer}, "")
		if p.Newer != p.Frame.Address {
			s.lit(" ")
		}
	}
	s.lit("</span>")
	if p.Older != "" {
		s.lit("<a rel=\"next\"")
		s.link("href", p.Older)
		s.lit(">")
		s.text(put(s.c.Live.EntriesBefore, "time", s.clock(p.Than)))
		s.lit("</a>")
	}
	s.lit("</nav>\n")
}

// entry writes one entry; as news it also says, for those who hear the page, what happened to it.
func (s *sheet) entry(e *LiveEntry, news bool) {
	at := s.local(e.At)
	s.lit("<li id=\"e")
	s.number(e.Number)
	switch {
	case e.Removed:
		s.lit("\" class=\"removed")
	case e.Pinned:
		s.lit("\" class=\"pinned")
	}
	s.lit("\" data-seq=\"")
	s.b = strconv.AppendInt(s.b, e.Sequence, 10)
	s.lit("\" data-made=\"")
	s.b = strconv.AppendInt(s.b, e.Made, 10)
	s.lit("\" data-order=\"")
	s.b = append(s.b, order(e)...)
	s.lit(`"`)
	if news {
		s.say(e)
	}
	s.lit("><p class=\"at\"><a")
	s.link("href", e.Address)
	s.lit(">")
	s.instant(e.At, at.Format("15:04"))
	s.lit("</a>")
	if daysBefore(at, s.today) != 0 {
		s.lit(" ")
		s.element("small", "", s.c.day(at, s.today))
	}
	s.entryMargin(e)
	s.lit("</p><div>")
	if e.Removed {
		s.lit("<p class=\"note quiet\">")
		s.text(strings.TrimRight(put(s.c.Live.Removed, "at", s.clock(e.At), "time", s.clock(e.Modified), "why", e.Reason), ": "))
		s.lit("</p>")
	} else {
		s.entryWords(e)
	}
	s.lit("</div></li>\n")
}

// order sorts entries as text: by the instant they are of, then by number.
func order(e *LiveEntry) string {
	at, n := strconv.FormatInt(e.At.UnixMicro(), 10), strconv.Itoa(e.Number)
	const width = 17
	return zeros[:max(0, width-len(at))] + at + "." + zeros[:max(0, 7-len(n))] + n
}

const zeros = "00000000000000000"

// say is what happened to an entry that had been posted before.
func (s *sheet) say(e *LiveEntry) {
	words := s.c.Live.SaidChanged
	switch {
	case e.Removed:
		words = s.c.Live.SaidRemoved
	case e.Modified.Equal(e.Posted):
		return
	case !e.Corrected.IsZero() && e.Corrected.Equal(e.Modified):
		words = s.c.Live.SaidCorrected
	}
	s.attr("data-say", put(words, "at", s.clock(e.At)))
}

func (s *sheet) entryMargin(e *LiveEntry) {
	if e.Removed {
		return
	}
	if len(e.Byline) > 0 || e.Place != "" {
		s.lit(" <small>")
		for i, b := range e.Byline {
			if i > 0 {
				s.text(s.c.Comma)
			}
			if b.Removed || b.Name.Text == "" {
				s.text(s.c.NameRemoved)
				continue
			}
			s.name(b.Name)
		}
		if e.Place != "" {
			if len(e.Byline) > 0 {
				s.text(s.c.Comma)
			}
			s.inLanguage(e.Place, e.Language)
		}
		s.lit("</small>")
	}
	if e.Pinned {
		s.lit(" ")
		s.element("small", "", s.c.Live.Pinned)
	}
	if e.Modified.After(e.Posted) && e.Correction == "" {
		s.lit(" ")
		s.element("small", "", put(s.c.Live.ChangedAt, "time", s.clock(e.Modified)))
	}
}

func (s *sheet) entryWords(e *LiveEntry) {
	if e.Headline != "" {
		s.lit("<h3")
		s.langOf(e.Language)
		s.lit(">")
		s.text(e.Headline)
		s.lit("</h3>")
	}
	if e.Correction != "" {
		s.lit("<p class=\"note\"><b class=\"red\">")
		s.text(put(s.c.Live.CorrectedAt, "time", s.clock(e.Corrected)+" "+ZoneAbbreviation(s.local(e.Corrected))))
		s.lit("</b> ")
		s.inLanguage(e.Correction, e.Language)
		s.lit("</p>")
	}
	s.fill(fragment{body: e.Body, language: e.Language, people: e.People, pictures: e.Pictures})
	if a := e.Article; a != nil {
		s.lit("<p class=\"more\">")
		s.linkedHeadline(s.c.Live.WholeArticle, Name{Text: a.Headline, Language: a.Language}, a.Address)
		s.lit("</p>")
	}
}

// linkedHeadline writes a sentence of the catalogue in which a headline is the link.
func (s *sheet) linkedHeadline(sentence string, headline Name, address string) {
	before, after, _ := strings.Cut(sentence, "[{headline}]")
	s.text(before)
	s.anchor(Link{Name: headline, Address: address}, "")
	s.text(after)
}

// jsonLive describes a coverage in schema.org's words (LiveBlogPosting), each entry with the instant the record took it.
func (s *sheet) jsonLive(p *LivePage) {
	s.jsonArticle(&p.ArticlePage, "LiveBlogPosting", func() {
		if !p.Began.IsZero() {
			s.jsonTime("coverageStartTime", p.Began)
		}
		if !p.Ended.IsZero() {
			s.jsonTime("coverageEndTime", p.Ended)
		}
		s.lit(`,"liveBlogUpdate":[`)
		first := true
		for _, list := range [][]LiveEntry{p.Pinned, p.Entries} {
			for i := range list {
				if list[i].Removed {
					continue
				}
				if !first {
					s.lit(",")
				}
				first = false
				s.jsonEntry(p, &list[i])
			}
		}
		s.lit("]")
	})
}

func (s *sheet) jsonEntry(p *LivePage, e *LiveEntry) {
	s.lit(`{"@type":"BlogPosting","url":`)
	s.jsonURL(p.Frame.Site, e.Address)
	headline := e.Headline
	if headline == "" {
		headline = beginning(e.Text)
	}
	s.pair("headline", headline)
	s.pair("articleBody", e.Text)
	s.jsonTime("datePublished", e.Posted)
	s.jsonTime("dateModified", e.Modified)
	s.jsonAuthors(&ArticlePage{Frame: p.Frame, Byline: e.Byline})
	s.lit("}")
}
