package site

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// How many lines are shown of what is awaited, on a story's page and in its box, and of what has happened in the box.
const (
	awaitedRows = 30
	boxNext     = 3
	boxLines    = 3
	homeStories = 3
	partRows    = 50
)

// storyPage makes the page of a running story, or of what is new in it since a position.
func (a *lookup) storyPage(v *view, id dateline.ID) (*press.Page, error) {
	v.on(shelf.KeyStory(id))
	st, err := v.tx.Story(id)
	if missing(err) {
		return v.storyGone(id)
	}
	if err != nil {
		return nil, err
	}
	address := storyAddress(st.Slug)
	if a.path != address {
		return v.moved(address), nil
	}
	if a.since > 0 {
		return v.storySince(st, a.since)
	}
	return v.story(st, a.before)
}

func (v *view) story(st *shelf.Story, before shelf.Position) (*press.Page, error) {
	v.lang = render.FrameLanguage(st.Language, v.paper.pub.Language)
	address := storyAddress(st.Slug)
	p := &render.StoryPage{Frame: v.frame(v.pageAddress(address, before), "", v.feedsOf(st.Name, address)...), ID: st.ID, Edition: st.Number, Position: st.Sequence,
		Language: st.Language, Name: st.Name, Summary: st.Summary, Background: st.Background, Articles: int(st.Articles), Feed: below(address, "/atom.xml")}
	var err error
	if p.Status, err = v.storyStatus(now(st)); err != nil {
		return nil, err
	}
	if p.Parties, err = v.parties(st.Parties); err != nil {
		return nil, err
	}
	if p.Wholes, err = v.wholes(st); err != nil {
		return nil, err
	}
	parts, err := v.partsOf(st)
	if err != nil {
		return nil, err
	}
	if p.Parts, err = v.partLines(parts); err != nil {
		return nil, err
	}
	awaited, err := v.tx.Awaited(st.ID, v.today(), awaitedRows)
	if err != nil {
		return nil, err
	}
	if p.Next, err = v.storyLines(st, awaited); err != nil {
		return nil, err
	}
	at, more, err := v.timeline(st, parts, before, pageRows)
	if err != nil {
		return nil, err
	}
	if p.Lines, err = v.timeLines(st, at); err != nil {
		return nil, err
	}
	if before != (shelf.Position{}) {
		p.Newest = v.way(address)
	}
	for _, m := range at {
		if m.article != nil {
			p.Position = max(p.Position, m.article.Entry)
		}
	}
	for i := range parts {
		p.Position = max(p.Position, parts[i].Sequence)
	}
	if err := v.storyTold(st, p); err != nil {
		return nil, err
	}
	if v.then == nil && !v.s.conf.Still {
		if err := v.sinceBefore(st, p); err != nil {
			return nil, err
		}
	}
	if more {
		p.Older = v.further(v.way(address), at[len(at)-1].position())
	}
	body := v.s.conf.Renderer.Story(p)
	if v.then != nil || p.Newest != "" {
		return v.html(200, body), nil
	}
	return v.telling(body), nil
}

// storyTold links to the story's history and tells of its corrections.
func (v *view) storyTold(st *shelf.Story, p *render.StoryPage) error {
	if st.Number < 2 {
		return nil
	}
	p.History = below(storyAddress(st.Slug), "/history")
	list, err := v.tx.StoryCorrections(st.ID)
	for i := range list {
		p.Corrections = append(p.Corrections, v.storyCorrection(st, &list[i]).Correction)
	}
	return err
}

// telling finishes a page with the script that remembers how far somebody has read.
func (v *view) telling(body []byte) *press.Page {
	page := v.html(200, body)
	page.Policy = v.policy(allowance{script: true})
	return page
}

// sinceBefore links to what is new since the story was last told another way, for those without the script.
func (v *view) sinceBefore(st *shelf.Story, p *render.StoryPage) error {
	before, err := v.tx.StoryTold(st.ID, st.Sequence-1)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	p.Since, p.SinceAt = withQuery(storyAddress(st.Slug), "since", strconv.FormatInt(before.Seq, 10)), before.Public
	return nil
}

// today is the local date. A page that asks goes by it.
func (v *view) today() shelf.Day {
	if v.s.conf.Still {
		v.on(KeyToday)
	}
	return shelf.DayOf(v.now, v.paper.pub.Zone)
}

// now is where a story stands.
func now(st *shelf.Story) *record.StoryStatus {
	if len(st.Statuses) == 0 {
		return &record.StoryStatus{}
	}
	return &st.Statuses[len(st.Statuses)-1]
}

// statusAt is where a story stood at an instant; nil before its first status.
func statusAt(st *shelf.Story, at time.Time) *record.StoryStatus {
	when := record.FormatInstant(at)
	var was *record.StoryStatus
	for i := range st.Statuses {
		if st.Statuses[i].At <= when {
			was = &st.Statuses[i]
		}
	}
	return was
}

func (v *view) storyStatus(s *record.StoryStatus) (out render.StoryStatus, err error) {
	out = render.StoryStatus{ID: s.ID, State: s.State, Words: s.Words, Sentence: s.Sentence}
	if s.At != "" {
		if out.At, err = record.ParseInstant(s.At); err != nil {
			return out, err
		}
	}
	out.Source, err = v.source(s.Source)
	return out, err
}

// source links to where something is known from; nil where nothing is said, or readers cannot open it now.
func (v *view) source(s dateline.StorySource) (*render.Source, error) {
	if s.Article == "" {
		if s.Address == "" && s.Name == "" {
			return nil, nil
		}
		out := &render.Source{Name: s.Name, Address: s.Address}
		if u, err := url.Parse(s.Address); err == nil && out.Name == "" {
			out.Name = strings.TrimPrefix(u.Hostname(), "www.")
		}
		return out, nil
	}
	v.on(shelf.KeyCard(s.Article))
	c, err := v.tx.Card(s.Article)
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := &render.Source{Address: v.way(c.Address), Ours: true, Edition: s.Edition, Paragraph: s.Paragraph}
	if s.Edition > 0 && s.Edition < c.Edition {
		out.Address = editionAddress(c.Address, s.Edition)
	}
	return out, nil
}

func (v *view) parties(list []dateline.StoryParty) (out []render.StoryParty, err error) {
	for _, p := range list {
		links, err := v.topics([]dateline.ID{p.Topic})
		if err != nil {
			return nil, err
		}
		if len(links) > 0 {
			out = append(out, render.StoryParty{Link: links[0], Role: p.Role})
		}
	}
	return out, nil
}

// moment is one line of a story's time: a happening, of its own or a status of one of its parts, or an article.
type moment struct {
	happening *shelf.Happening
	part      *shelf.Part
	article   *shelf.Card
}

func (m moment) position() shelf.Position {
	if m.article != nil {
		return m.article.At()
	}
	return m.happening.Position()
}

func newestMoment(a, b moment) int {
	p, q := a.position(), b.position()
	return cmp.Or(q.At.Compare(p.At), cmp.Compare(q.ID, p.ID))
}

// timeline reads up to limit lines of what has happened in a story and its parts before a position, newest first.
func (v *view) timeline(st *shelf.Story, parts []shelf.Part, before shelf.Position, limit int) (list []moment, more bool, err error) {
	cards, err := v.tx.List(shelf.InStory(st.ID), before, limit+1)
	if err != nil {
		return nil, false, err
	}
	happenings, err := v.tx.Happenings(st.ID, v.today(), before, limit+1)
	if err != nil {
		return nil, false, err
	}
	for i := range cards {
		list = append(list, moment{article: &cards[i]})
	}
	for i := range happenings {
		list = append(list, moment{happening: &happenings[i]})
	}
	told, err := v.partMoments(parts, before, limit+1)
	if err != nil {
		return nil, false, err
	}
	list = append(list, told...)
	slices.SortFunc(list, newestMoment)
	if len(list) > limit {
		return list[:limit], true, nil
	}
	return list, false, nil
}

func (v *view) timeLines(st *shelf.Story, list []moment) (out []render.StoryLine, err error) {
	for _, m := range list {
		if m.part != nil {
			line, err := v.partStatus(m.part, m.happening.Status, m.happening.Before)
			if err != nil {
				return nil, err
			}
			out = append(out, line)
			continue
		}
		if m.article == nil {
			lines, err := v.storyLines(st, []shelf.Happening{*m.happening})
			if err != nil {
				return nil, err
			}
			out = append(out, lines...)
			continue
		}
		card, err := v.card(m.article, false)
		if err != nil {
			return nil, err
		}
		out = append(out, render.StoryLine{At: card.First, Title: card.Headline, Text: card.Standfirst, Address: card.Address, Article: &card, Lang: card.Language})
	}
	return out, nil
}

// storyLines are dated lines of a story as pages show them.
func (v *view) storyLines(st *shelf.Story, list []shelf.Happening) (out []render.StoryLine, err error) {
	for _, h := range list {
		l := render.StoryLine{Lang: st.Language}
		if h.Status != nil {
			status, err := v.storyStatus(h.Status)
			if err != nil {
				return nil, err
			}
			l.At, l.Status, l.Title, l.Text, l.Source = status.At, &status, status.Words, status.Sentence, status.Source
			if h.Before != nil {
				l.Before = h.Before.Words
			}
		} else {
			l.When, l.Title, l.Text = h.Event.When, h.Event.Title, h.Event.Text
			if l.Source, err = v.source(h.Event.Source); err != nil {
				return nil, err
			}
		}
		out = append(out, l)
	}
	return out, nil
}

// storyGone is what stands where a story was taken down.
func (v *view) storyGone(id dateline.ID) (*press.Page, error) {
	gone, at, err := v.tx.StoryGone(id)
	if err != nil {
		return nil, notFound(err)
	}
	p := &render.StoryGonePage{Frame: v.frame("", ""), At: at}
	if gone != nil {
		p.Notice, p.Language = gone.Note, gone.Language
	}
	return v.html(410, v.s.conf.Renderer.StoryGone(p)), nil
}

// fillStories gives an article the boxes of the running stories that it belongs to.
func (v *view) fillStories(a *shelf.Article, p *render.ArticlePage) error {
	for _, id := range a.Stories {
		v.on(shelf.KeyStory(id))
	}
	list, err := v.tx.StoriesOf(a.ID, a.Stories)
	if err != nil {
		return err
	}
	for i := range list {
		v.on(shelf.KeyStory(list[i].ID))
		b, err := v.storyBox(&list[i], a)
		if err != nil {
			return err
		}
		p.Stories = append(p.Stories, b)
	}
	return nil
}

func (v *view) storyBox(st *shelf.Story, a *shelf.Article) (b render.StoryBox, err error) {
	b = render.StoryBox{ID: st.ID, Name: v.inLanguage(st.Name, st.Language), Address: v.way(storyAddress(st.Slug)), Language: st.Language, Background: st.Background, Articles: int(st.Articles)}
	if b.Status, err = v.storyStatus(now(st)); err != nil {
		return b, err
	}
	if then := statusAt(st, a.First); then != nil && then.ID != now(st).ID {
		was, err := v.storyStatus(then)
		if err != nil {
			return b, err
		}
		b.Then = &was
	}
	awaited, err := v.tx.Awaited(st.ID, v.today(), boxNext)
	if err != nil {
		return b, err
	}
	if b.Next, err = v.storyLines(st, awaited); err != nil {
		return b, err
	}
	if v.then != nil { // at its own instant nothing has come since
		return b, v.boxTime(st, a, &b)
	}
	if b.Since, err = v.tx.Since(st.ID, &a.Card); err != nil {
		return b, err
	}
	if b.More = b.Since > shelf.MaxSince; b.More {
		b.Since = shelf.MaxSince
	}
	if b.SinceAt = b.Address; !v.s.conf.Still {
		b.SinceAt = withQuery(b.Address, "since", strconv.FormatInt(a.Sequence, 10))
		if b.Status.At.After(a.Updated) {
			b.SinceDay = a.Updated
		}
	}
	return b, v.boxTime(st, a, &b)
}

// boxTime says what has happened since an article that its story has overtaken, and otherwise how it came to this.
func (v *view) boxTime(st *shelf.Story, a *shelf.Article, b *render.StoryBox) error {
	list, _, err := v.timeline(st, nil, shelf.Position{}, 4*boxLines)
	if err != nil {
		return err
	}
	if b.Status.At.After(a.First) {
		list = slices.DeleteFunc(list, func(m moment) bool {
			return !m.position().At.After(a.First) || m.happening != nil && (m.happening.Event != nil || m.happening.ID == b.Status.ID)
		})
		b.After, err = v.timeLines(st, list[:min(len(list), boxLines)])
		return err
	}
	for i := len(st.Statuses) - 2; i >= 0 && len(b.Before) < boxLines; i-- {
		s, err := v.storyStatus(&st.Statuses[i])
		if err != nil {
			return err
		}
		l := render.StoryLine{At: s.At, Title: s.Words, Lang: st.Language}
		if s.Source != nil {
			l.Address = s.Source.Address
		}
		b.Before = append(b.Before, l)
	}
	return nil
}

// storyCards are up to limit running stories as a front shows them.
func (v *view) storyCards(limit int) (out []render.StoryCard, err error) {
	v.on(shelf.KeyStories)
	list, err := v.tx.Stories(limit)
	if err != nil {
		return nil, err
	}
	return v.cardsOfStories(list)
}

func (v *view) cardsOfStories(list []shelf.Story) (out []render.StoryCard, err error) {
	for i := range list {
		st := &list[i]
		c := v.storyNamed(st)
		if c.Status, err = v.storyStatus(now(st)); err != nil {
			return nil, err
		}
		awaited, err := v.tx.Awaited(st.ID, v.today(), 1)
		if err != nil {
			return nil, err
		}
		lines, err := v.storyLines(st, awaited)
		if err != nil {
			return nil, err
		}
		if len(lines) > 0 {
			c.Next = &lines[0]
		}
		out = append(out, c)
	}
	return out, nil
}

// story lists what an act on a running story touches: its own page and feeds, home, and where it is listed.
func (t *touched) story(id dateline.ID) error {
	st, err := t.tx.Story(id)
	if missing(err) {
		if r, ok := t.plan.body.(*record.Story); ok {
			t.add(storyAddress(r.Slug), "tombstone", current)
		}
	} else if err != nil {
		return err
	} else {
		t.place(place{address: storyAddress(st.Slug), what: "story", feeds: true}, current)
	}
	t.add("/", "home", current)
	t.add("/sitemaps/"+sitemapSections, "sitemap", current)
	if err := t.wholes(st); err != nil {
		return err
	}
	if err := t.partsNaming(id); err != nil || st == nil {
		return err
	}
	var history, corrections bool
	switch b := t.plan.body.(type) {
	case *record.Story:
		history, corrections = b.Number > 1, b.Change.Wrong()
	case *record.Redaction:
		history, corrections = true, slices.ContainsFunc(b.Editions, func(m record.EditionMark) bool { return m.Change.Wrong() })
	}
	if history {
		t.add(below(storyAddress(st.Slug), "/history"), "history", current)
	}
	if corrections {
		t.add("/corrections", "corrections", current)
	}
	return nil
}
