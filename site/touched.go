package site

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/search"
	"github.com/datelinehq/dateline/site/shelf"
)

// touched gathers the addresses of one act.
type touched struct {
	*view
	plan   *plan
	wants  []want
	detail string
}

func (t *touched) add(address, what string, e expectation) {
	for _, w := range t.wants {
		if w.address == address {
			return
		}
	}
	if e == carries && (t.plan.entry.Kind == record.KindRedaction || t.plan.entry.Kind == record.KindRedirect) {
		e = current // the mark stays as it was, so it would prove nothing
	}
	t.wants = append(t.wants, want{address, what, []check{{e, t.plan, t.detail}}})
}

// place is a list that an article stands in.
type place struct {
	address string
	what    string
	feeds   bool
	lists   []shelf.ListOf
}

// articleAct lists what an act on an article touches. was and wasAt are what it was before a withdrawal.
func (t *touched) articleAct(was *record.Edition, wasAt string) error {
	a, err := t.tx.Article(t.plan.article)
	if missing(err) {
		t.plan.down = true
		if e, ok := t.plan.body.(*record.Edition); ok {
			was, wasAt, t.detail = e, e.Address, "the article was withdrawn since"
		}
		return t.takenDown(was, wasAt)
	}
	if err != nil {
		return err
	}
	t.plan.edition = a.Edition
	switch b := t.plan.body.(type) {
	case *record.LiveEntry:
		return t.inLive(a, entryAddress(a.Address, b.Number))
	case *record.LiveState:
		return t.inLive(a, "")
	case *record.Redaction:
		if len(b.Live) > 0 {
			entry := ""
			if n := b.Live[0].Number; n > 0 {
				entry = entryAddress(a.Address, n)
			}
			return t.inLive(a, entry)
		}
	}
	if e, ok := t.plan.body.(*record.Edition); ok {
		if e.Number > a.Edition {
			t.plan.edition = e.Number
		} else if e.Number < a.Edition {
			t.detail = "a later edition has followed; it is the one that is served"
		}
		if was, err = t.editionBefore(e); err != nil {
			return err
		}
	}
	return t.standing(a, was)
}

// inLive lists the addresses at which what an act changed in a live coverage stands: the coverage, the entry's own address, the
// lines of what is on air on home and in the section, and what open pages ask for that know the act before.
func (t *touched) inLive(a *shelf.Article, entry string) error {
	t.add(a.Address, "article", current)
	l, err := t.tx.Live(a.ID)
	if err != nil {
		return err
	}
	if entry != "" {
		t.add(entry, "entry", current)
	}
	if entry == "" || l.State == dateline.LiveOn || l.State == dateline.LivePaused {
		t.add("/", "home", current)
		if sec, err := t.section(a.Section); err == nil {
			t.add(sectionAddress(sec.Slug), "section", current)
		} else if !missing(err) {
			return err
		}
	}
	before, err := t.tx.LiveAt(a.ID, t.plan.entry.Sequence-1)
	t.add(below(a.Address, entriesBelow+"after/"+strconv.FormatInt(before, 10)), "news", current)
	return err
}

// editionBefore is what the edition before said, from which it is known what lists this one leaves.
func (t *touched) editionBefore(e *record.Edition) (*record.Edition, error) {
	if e.Number < 2 {
		return nil, nil
	}
	_, was, err := t.tx.EditionAt(t.plan.article, e.Number-1)
	if missing(err) {
		return nil, nil
	}
	return was, err
}

// standing lists the addresses at which an article's latest edition stands, and those that it left.
func (t *touched) standing(a *shelf.Article, was *record.Edition) error {
	t.add(a.Address, "article", carries)
	if r, ok := t.plan.body.(*record.Redirect); ok {
		t.add(r.From, "redirect", gone)
	}
	if a.Kind != dateline.KindPage {
		if err := t.lists(a, was); err != nil {
			return err
		}
	}
	t.add(below(a.Address, "/history"), "history", carries)
	return t.inSitemap(a.At())
}

func (t *touched) lists(a *shelf.Article, was *record.Edition) error {
	steps := []func() error{
		func() error { return t.onHome(a.ID) },
		func() error { return t.onFronts(&a.Card) },
		func() error { return t.inPlaces(a, was) },
		func() error { return t.isCorrection(a.ID) },
		func() error { return t.inNews(a.ID) },
		func() error { return t.found(a.Headline, a.First, carries) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (t *touched) onHome(id dateline.ID) error {
	if _, err := t.tx.Arranged(t.paper.pub.ID); !missing(err) {
		return err // it is among the fronts
	}
	f, err := t.tx.Front()
	if err != nil {
		return err
	}
	all := slices.Concat(f.Beside, f.Latest)
	if f.Lead != nil {
		all = append(all, *f.Lead)
	}
	for _, b := range f.Bands {
		all = append(all, b.Cards...)
	}
	if has(all, id) {
		t.add("/", "home", carries)
	}
	return nil
}

// onFronts lists the fronts that somebody arranged and on which the article stands.
func (t *touched) onFronts(a *shelf.Card) error {
	ids, err := t.tx.ArrangedFronts()
	if err != nil {
		return err
	}
	for _, id := range ids {
		f, err := t.tx.Arranged(id)
		if err != nil {
			return err
		}
		stands, err := t.onFront(f, a)
		if err != nil {
			return err
		}
		if stands {
			if err := t.front(id, carries); err != nil {
				return err
			}
		}
	}
	return nil
}

// onFront says whether an article stands on a front. Only those are filled that pin it or have a rule that may choose it.
func (t *touched) onFront(f *record.Front, a *shelf.Card) (bool, error) {
	content := dateline.FrontContent{Containers: f.Containers}
	may := slices.Contains(content.Pinned(), a.ID)
	for i, c := range f.Containers {
		may = may || c.Rule != nil && (c.Rule.Kind == dateline.RuleLatest || c.Rule.Kind == dateline.RuleMostRead || c.Rule.Kind == dateline.RuleLive ||
			c.Rule.Of == a.Section || slices.Contains(a.Topics, c.Rule.Of) || slices.Contains(a.Stories, c.Rule.Of)) || f.Home && i == 0 && c.Layout == dateline.LayoutLead
	}
	if !may {
		return false, nil
	}
	above, err := t.arranged(f)
	if err != nil || above.stands[a.ID] || !f.Home || above.Lead == nil {
		return err == nil && above.stands[a.ID], err
	}
	latest, err := t.tx.Latest(homeLatest)
	return has(latest, a.ID), err
}

// front lists the page of a front.
func (t *touched) front(id dateline.ID, e expectation) error {
	if id == t.paper.pub.ID {
		t.add("/", "home", e)
		return nil
	}
	sec, err := t.tx.Section(id)
	if err == nil {
		t.add(sectionAddress(sec.Slug), "section", e)
	}
	if missing(err) {
		return nil
	}
	return err
}

// inPlaces lists the first page of every list that the article stands on, its feeds, and the lists that it left.
func (t *touched) inPlaces(a *shelf.Article, was *record.Edition) error {
	is, err := t.places(a.Section, a.Topics, a.Byline, a.Speakers, a.Stories, a.First)
	if err != nil {
		return err
	}
	for _, p := range is {
		stands, err := t.onFirstPage(a.ID, p.lists)
		if err != nil {
			return err
		}
		if stands {
			t.place(p, carries)
		}
	}
	if was == nil {
		return nil
	}
	left, err := t.places(was.Section, was.Topics, was.Byline, was.Speakers, was.Stories, a.First)
	if err != nil {
		return err
	}
	for _, p := range left {
		if !slices.ContainsFunc(is, func(q place) bool { return q.address == p.address }) {
			t.place(p, lacks)
		}
	}
	return nil
}

// onFirstPage says whether an article stands on the first page of lists. What was published just now mostly opens it, so that is asked first.
func (t *touched) onFirstPage(id dateline.ID, lists []shelf.ListOf) (bool, error) {
	for _, limit := range []int{1, pageRows} {
		rows, _, err := t.rows(shelf.Position{}, limit, lists...)
		if err != nil || has(rows, id) {
			return err == nil, err
		}
	}
	return false, nil
}

func (t *touched) place(p place, e expectation) {
	if p.address != "" {
		t.add(p.address, p.what, e)
	}
	if p.feeds {
		t.add(below(p.address, "/rss.xml"), "feed", e)
		t.add(below(p.address, "/atom.xml"), "feed", e)
	}
}

// places are the lists of an article with such parts.
func (t *touched) places(section dateline.ID, topics []dateline.ID, byline []dateline.Credit, speakers, stories []dateline.ID, first time.Time) ([]place, error) {
	day := shelf.DayOf(first, t.paper.pub.Zone)
	out := []place{{"", "feed", true, []shelf.ListOf{shelf.All()}},
		{dateline.DayAddress(first, t.paper.pub.Zone), "day", false, []shelf.ListOf{shelf.OnDay(day)}}}
	if sec, err := t.section(section); err == nil {
		out = append(out, place{sectionAddress(sec.Slug), "section", true, []shelf.ListOf{shelf.InSection(section)}})
	} else if !missing(err) {
		return nil, err
	}
	persons := slices.Clone(speakers)
	for _, b := range byline {
		if b.Person != "" {
			persons = append(persons, b.Person)
		}
	}
	for _, id := range topics {
		topic, err := t.tx.Topic(id)
		if missing(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if topic.Kind == dateline.TopicPerson {
			persons = append(persons, topic.Person)
			continue
		}
		out = append(out, place{topicAddress(topic.Slug), "topic", true, []shelf.ListOf{shelf.OnTopic(id)}})
	}
	for _, id := range stories {
		st, err := t.tx.Story(id)
		if missing(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, place{storyAddress(st.Slug), "story", true, []shelf.ListOf{shelf.InStory(st.ID)}})
	}
	slices.Sort(persons)
	for _, id := range slices.Compact(persons) {
		p, err := t.tx.Person(id)
		if missing(err) || err == nil && p.Erased {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, place{personAddress(p.Slug), "person", false, personLists(p)})
	}
	return out, nil
}

func (t *touched) isCorrection(id dateline.ID) error {
	e, ok := t.plan.body.(*record.Edition)
	if !ok || !e.Change.Wrong() {
		return nil
	}
	list, err := t.tx.Corrections(shelf.Position{}, pageRows)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(list, func(c shelf.Correction) bool { return c.Card.ID == id && c.Number == e.Number }) {
		t.add("/corrections", "corrections", carries)
		t.add("/corrections/rss.xml", "feed", carries)
		t.add("/corrections/atom.xml", "feed", carries)
	}
	return nil
}

func (t *touched) inNews(id dateline.ID) error {
	cards, err := t.newsCards()
	if err == nil && has(cards, id) {
		t.add("/sitemap-news.xml", "sitemap", carries)
	}
	return err
}

// inSitemap adds the file of the article's month in which it stands or stood. Of a month of very many articles that is known of the
// newest.
func (t *touched) inSitemap(at shelf.Position) error {
	month := shelf.DayOf(at.At, time.UTC).MonthStart()
	expect := carries
	if t.plan.down {
		expect = lacks
	}
	place, err := t.tx.SitemapPlace(month, at)
	if err == nil && place < shelf.MaxPlaced {
		t.add("/sitemaps/"+sitemapFile(month, place/sitemapMost), "sitemap", expect)
	}
	return err
}

// found adds the search for a headline's words on the article's day, newest first.
func (t *touched) found(headline string, first time.Time, e expectation) error {
	tokens := search.Tokens(nil, headline)
	words := strings.Join(tokens[:min(len(tokens), search.MaxTerms)], " ")
	if words == "" || len([]rune(words)) > searchLongest {
		return nil
	}
	day := shelf.DayOf(first, t.paper.pub.Zone)
	newest, err := t.newestOf(day)
	if err != nil {
		return err
	}
	if e == carries && !newest {
		r, err := t.tx.Search(t.ctx, shelf.Query{Words: search.ParseQuery(words), By: shelf.ByDate, From: day, To: day, Limit: searchRows})
		if err != nil {
			return err
		}
		stands := slices.ContainsFunc(r.Hits, func(h shelf.Hit) bool { return h.Card.ID == t.plan.article })
		if !stands && r.Next {
			return nil // so many articles of one day have these words that this one is not among the first
		}
	}
	k := question{words: words, by: "date", from: day.String(), to: day.String()}
	t.add(k.address(""), "search", e)
	return nil
}

// newestOf says whether the article is newer by a second than all others of a day, and so comes first in a search by date.
func (t *touched) newestOf(day shelf.Day) (bool, error) {
	rows, err := t.tx.List(shelf.OnDay(day), shelf.Position{}, 2)
	if err != nil || len(rows) == 0 || rows[0].ID != t.plan.article {
		return false, err
	}
	return len(rows) == 1 || rows[1].First.Unix() < rows[0].First.Unix(), nil
}

// takenDown lists every address that a withdrawn article stood at.
func (t *touched) takenDown(was *record.Edition, at string) error {
	if at != "" {
		t.add(at, "tombstone", gone)
		t.add(below(at, "/history"), "history", gone)
		t.add(below(at, "/proof"), "proof", gone)
	}
	if was == nil {
		return nil
	}
	first, err := record.ParseInstant(was.First)
	if err != nil {
		return err
	}
	if at != "" {
		t.add(momentRoot(first)+at, "as_of", gone)
		t.add(mapRoot+at, "as_of", gone)
	}
	if err := t.unseen(was.Pictures); err != nil {
		return err
	}
	if was.Kind != dateline.KindPage {
		t.add("/", "home", lacks)
		if err := t.offFronts(); err != nil {
			return err
		}
		places, err := t.places(was.Section, was.Topics, was.Byline, was.Speakers, was.Stories, first)
		if err != nil {
			return err
		}
		for _, p := range places {
			t.place(p, lacks)
		}
		t.add("/corrections", "corrections", lacks)
		t.add("/corrections/rss.xml", "feed", lacks)
		t.add("/corrections/atom.xml", "feed", lacks)
		t.add("/sitemap-news.xml", "sitemap", lacks)
		if err := t.found(was.Headline, first, lacks); err != nil {
			return err
		}
	}
	return t.inSitemap(shelf.Position{At: first, ID: t.plan.article})
}

// unseen lists the pictures of a withdrawn article that nothing else shows, each by one address: what is kept of a picture goes as a whole.
func (t *touched) unseen(pictures []dateline.ID) error {
	for _, id := range pictures {
		p, err := t.tx.Picture(id)
		if missing(err) {
			continue
		}
		if err != nil {
			return err
		}
		_, shown, err := t.tx.PictureShown(p.Hash)
		if err != nil {
			return err
		}
		if !shown {
			t.add(largest(&p.Picture, whole, social), "picture", away)
		}
	}
	return nil
}

// offFronts lists the fronts that pin an article which was taken down.
func (t *touched) offFronts() error {
	ids, err := t.tx.ArrangedFronts()
	if err != nil {
		return err
	}
	for _, id := range ids {
		f, err := t.tx.Arranged(id)
		if err != nil {
			return err
		}
		content := dateline.FrontContent{Containers: f.Containers}
		if slices.Contains(content.Pinned(), t.plan.article) {
			if err := t.front(id, lacks); err != nil {
				return err
			}
		}
	}
	return nil
}

// thing lists what an act on the paper, a section, a topic or a person touches: its own first pages.
func (t *touched) thing() error {
	id := t.plan.entry.Subject
	switch t.plan.about {
	case record.KindPublication:
		for _, a := range [...][2]string{{"/", "home"}, {"/rss.xml", "feed"}, {"/atom.xml", "feed"}, {"/sitemap.xml", "sitemap"}, {"/sitemap-news.xml", "sitemap"}} {
			t.add(a[0], a[1], current)
		}
	case record.KindSection:
		sec, err := t.tx.Section(id)
		if err != nil {
			return err
		}
		t.place(place{address: sectionAddress(sec.Slug), what: "section", feeds: true}, current)
		t.add("/", "home", current)
	case record.KindFront:
		return t.front(id, current)
	case record.KindTopic:
		topic, err := t.tx.Topic(id)
		if missing(err) {
			return nil // its words are gone
		}
		if err != nil {
			return err
		}
		t.place(place{address: topicAddress(topic.Slug), what: "topic", feeds: topic.Kind != dateline.TopicPerson}, current)
	case record.KindStory:
		return t.story(id)
	case record.KindPerson:
		p, err := t.tx.Person(id)
		if err != nil {
			return err
		}
		if p.Erased {
			return t.unnamed(id)
		}
		t.add(personAddress(p.Slug), "person", current)
	}
	return nil
}

// unnamedRows is how many of the articles that name an erased person a receipt asks for.
const unnamedRows = 10

// unnamed lists home and the newest articles that name an erased person and those that quote them. The person's own address is not
// known any more.
func (t *touched) unnamed(id dateline.ID) error {
	t.add("/", "home", current)
	for _, of := range []shelf.ListOf{shelf.ByPerson(id), shelf.Quoting(id)} {
		cards, err := t.tx.List(of, shelf.Position{}, unnamedRows)
		if err != nil {
			return err
		}
		for _, c := range cards {
			t.add(c.Address, "article", current)
		}
	}
	return nil
}

func has(cards []shelf.Card, id dateline.ID) bool {
	return slices.ContainsFunc(cards, func(c shelf.Card) bool { return c.ID == id })
}
