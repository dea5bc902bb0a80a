package desk

import (
	"context"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
)

// MaxCount is where counting stops: a list that holds more is said to hold more than this.
const MaxCount = 1000

// Group is one part of the day's list: what is to be done with the articles in it.
type Group string

// The groups of the day, in order.
const (
	GroupWaiting   Group = "waiting"   // submitted, for an editor to look at
	GroupWork      Group = "work"      // drafts under no embargo
	GroupGoing     Group = "going"     // scheduled, or under an embargo
	GroupPublished Group = "published" // published, changed or withdrawn since midnight in the paper's zone
)

// groupRows is how many articles of a group the day shows.
const groupRows = 30

// Day is what concerns a newsroom now: the first articles of each group, and how long each of the desk's lists is.
type Day struct {
	Now    time.Time
	Since  time.Time // midnight in the paper's zone
	Groups []DayGroup
	Counts map[string]int         // by the list's name; MaxCount+1 where there are more
	Open   map[dateline.ID]int    // drafts that are not finished, by section
	Names  map[dateline.ID]string // of the sections and persons that the articles name, in the paper's language
}

// DayGroup is one group of the day.
type DayGroup struct {
	Group    Group
	Articles []*dateline.Article
	More     bool // there are more than these
}

// Today gives the day of whoever asks; with a section, of that section only.
func (d *Desk) Today(ctx context.Context, actor dateline.Actor, section dateline.ID) (day Day, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		l := lister{Tx: tx, actor: actor, section: section}
		if err := l.begin(); err != nil {
			return err
		}
		day = Day{Now: l.now, Since: l.since}
		if err := l.groups(&day); err != nil {
			return err
		}
		if day.Counts, err = l.counts(); err != nil {
			return err
		}
		if day.Open, err = l.open(); err != nil {
			return err
		}
		var all []*dateline.Article
		for _, g := range day.Groups {
			all = append(all, g.Articles...)
		}
		day.Names, err = namesOf(tx, all)
		return err
	})
	return day, err
}

// lister makes the desk's lists inside one transaction.
type lister struct {
	Tx
	actor   dateline.Actor
	section dateline.ID
	now     time.Time
	since   time.Time
}

func (l *lister) begin() (err error) {
	if l.now, err = l.Now(); err != nil {
		return err
	}
	p, err := l.FindPublication()
	if err != nil {
		return err
	}
	zone, err := p.Location()
	if err != nil {
		return err
	}
	at := l.now.In(zone)
	l.since = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, zone).UTC()
	return nil
}

// The names of the desk's lists.
const (
	ListMine      = "mine"
	ListSubmitted = "submitted"
	ListDrafts    = "drafts"
	ListScheduled = "scheduled"
	ListEmbargoed = "embargoed"
	ListPublished = "published-today"
	ListWithdrawn = "withdrawn"
	ListAll       = "all"
)

// Lists names every list of the desk in the order in which it offers them.
var Lists = []string{ListMine, ListSubmitted, ListDrafts, ListScheduled, ListEmbargoed, ListPublished, ListWithdrawn, ListAll}

// filter is the filter of a list by its name; false where there is no such list.
func (l *lister) filter(list string) (dateline.ArticleFilter, bool) {
	f := dateline.ArticleFilter{Section: l.section}
	switch list {
	case ListMine:
		f.Author = l.actor.Name
	case ListSubmitted:
		f.Draft = dateline.DraftSubmitted
	case ListDrafts:
		f.Draft = dateline.DraftOpen
	case ListScheduled:
		f.Order = dateline.ByDue
	case ListEmbargoed:
		f.Order, f.From = dateline.ByEmbargo, l.now
	case ListPublished:
		f.Order, f.From = dateline.ByStood, l.since
	case ListWithdrawn:
		f.Readers = dateline.Withdrawn
	case ListAll:
	default:
		return f, false
	}
	return f, true
}

func (l *lister) rows(list string, limit int) (page dateline.ArticlePage, err error) {
	f, _ := l.filter(list)
	f.Limit = limit
	return l.ListArticles(f)
}

func (l *lister) groups(day *Day) error {
	waiting, err := l.rows(ListSubmitted, groupRows)
	if err != nil {
		return err
	}
	work, err := l.rows(ListDrafts, groupRows)
	if err != nil {
		return err
	}
	work.Articles = slices.DeleteFunc(work.Articles, func(a *dateline.Article) bool { return a.Embargoed(l.now) })
	going, more, err := l.going()
	if err != nil {
		return err
	}
	published, err := l.rows(ListPublished, groupRows)
	if err != nil {
		return err
	}
	day.Groups = []DayGroup{
		{GroupWaiting, waiting.Articles, waiting.Next != ""},
		{GroupWork, work.Articles, work.Next != ""},
		{GroupGoing, going, more},
		{GroupPublished, published.Articles, published.Next != ""},
	}
	return nil
}

// going are the scheduled articles, the next first, then those under an embargo that nobody has scheduled or submitted.
func (l *lister) going() (list []*dateline.Article, more bool, err error) {
	scheduled, err := l.rows(ListScheduled, groupRows)
	if err != nil {
		return nil, false, err
	}
	embargoed, err := l.rows(ListEmbargoed, groupRows)
	if err != nil {
		return nil, false, err
	}
	list = scheduled.Articles
	for _, a := range embargoed.Articles {
		if a.Draft == dateline.DraftOpen || a.Draft == dateline.DraftNone {
			list = append(list, a)
		}
	}
	return list, scheduled.Next != "" || embargoed.Next != "", nil
}

func (l *lister) counts() (map[string]int, error) {
	counts := map[string]int{}
	for _, list := range Lists {
		f, _ := l.filter(list)
		n, err := l.CountArticles(f, MaxCount+1)
		if err != nil {
			return nil, err
		}
		counts[list] = n
	}
	return counts, nil
}

// open counts the unfinished drafts of each section. It looks at the newest of them only, so that its cost is bounded.
func (l *lister) open() (map[dateline.ID]int, error) {
	open := map[dateline.ID]int{}
	for _, state := range []dateline.DraftState{dateline.DraftOpen, dateline.DraftSubmitted, dateline.DraftScheduled} {
		page, err := l.ListArticles(dateline.ArticleFilter{Draft: state, Limit: MaxList})
		if err != nil {
			return nil, err
		}
		for _, a := range page.Articles {
			open[a.Content.Section]++
		}
	}
	return open, nil
}

// Listing asks for a page of one of the desk's lists.
type Listing struct {
	List    string
	Section dateline.ID
	State   string // of readers or of the draft
	Query   string // while it is typed: the last word may be a beginning
	After   string
	Limit   int
	From    time.Time // for lists that are ordered by an instant to come
	Before  time.Time
}

// ListPage is a page of one of the desk's lists, with the names that its articles refer to.
type ListPage struct {
	dateline.ArticlePage
	Names map[dateline.ID]string
}

// Listed gives a page of one of the desk's lists; EInvalid where there is no list of that name.
func (d *Desk) Listed(ctx context.Context, actor dateline.Actor, want Listing) (page ListPage, err error) {
	if want.Limit, err = limit(want.Limit); err != nil {
		return page, err
	}
	err = d.read(ctx, actor, func(tx Tx) error {
		l := lister{Tx: tx, actor: actor, section: want.Section}
		if err := l.begin(); err != nil {
			return err
		}
		f, known := l.filter(want.List)
		if !known {
			return dateline.Errorf(dateline.EInvalid, "there is no list %.40q", want.List)
		}
		switch want.State {
		case string(dateline.Unpublished), string(dateline.Published), string(dateline.Withdrawn):
			f.Readers = dateline.Readers(want.State)
		case "":
		default:
			f.Draft = dateline.DraftState(want.State)
		}
		f.Query, f.Typing, f.After, f.Limit = want.Query, true, want.After, want.Limit
		if !want.From.IsZero() {
			f.From = want.From
		}
		f.Before = want.Before
		if err := checkFilter(f); err != nil {
			return err
		}
		if page.ArticlePage, err = tx.ListArticles(f); err != nil {
			return err
		}
		page.Names, err = namesOf(tx, page.Articles)
		return err
	})
	return page, err
}

// namesOf gives the names of the sections and persons that articles refer to, in the paper's language.
func namesOf(tx Tx, articles []*dateline.Article) (map[dateline.ID]string, error) {
	p, err := tx.FindPublication()
	if err != nil {
		return nil, err
	}
	names := map[dateline.ID]string{}
	for _, a := range articles {
		if err := nameSection(tx, names, a.Content.Section, p.Language); err != nil {
			return nil, err
		}
		for _, b := range a.Content.Byline {
			if err := namePerson(tx, names, b.Person, p.Language); err != nil {
				return nil, err
			}
		}
	}
	return names, nil
}

func nameSection(tx Tx, names map[dateline.ID]string, id dateline.ID, language string) error {
	if _, known := names[id]; known || id == "" {
		return nil
	}
	s, err := tx.Sections().Find(id)
	if err != nil {
		return err
	}
	names[id], _ = s.Names.In(language, language)
	return nil
}

func namePerson(tx Tx, names map[dateline.ID]string, id dateline.ID, language string) error {
	if _, known := names[id]; known || id == "" {
		return nil
	}
	p, err := tx.Persons().Find(id)
	if err != nil {
		return err
	}
	names[id], _ = p.Names.In(language, language)
	return nil
}

// ProposeAddress gives the address that an article would have with what is saved now, if it were first published at an
// instant, this one where it is zero. An article that readers have had keeps its own. Nothing is reserved.
func (d *Desk) ProposeAddress(ctx context.Context, actor dateline.Actor, id dateline.ID, at time.Time) (address string, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		t := &turn{Tx: tx, desk: d, actor: actor}
		if t.now, err = tx.Now(); err != nil {
			return err
		}
		a, err := tx.FindArticle(id)
		if err != nil {
			return err
		}
		if address = a.Address; address != "" {
			return nil
		}
		if a.Kind != dateline.KindPage && a.Content.Section == "" {
			return dateline.Errorf(dateline.EState, "the article has no section yet, and the address begins with it")
		}
		if at.IsZero() {
			at = t.now
		}
		address, err = t.address(a, &a.Content, at)
		return err
	})
	return address, err
}

// named lists things of a catalogue with a word in the slug that begins as the words typed do.
func named[T any](ctx context.Context, d *Desk, actor dateline.Actor, of func(Tx) Catalogue[T], words string, n int) (list []*T, err error) {
	if n, err = limit(n); err != nil {
		return nil, err
	}
	err = d.read(ctx, actor, func(tx Tx) error {
		list, err = of(tx).Named(Slug(words), n)
		return err
	})
	return list, err
}

// FindTopics lists topics by words of their names as they are typed.
func (d *Desk) FindTopics(ctx context.Context, actor dateline.Actor, words string, n int) ([]*dateline.Topic, error) {
	return named(ctx, d, actor, Tx.Topics, words, n)
}

// FindPersons lists persons by words of their names as they are typed.
func (d *Desk) FindPersons(ctx context.Context, actor dateline.Actor, words string, n int) ([]*dateline.Person, error) {
	return named(ctx, d, actor, Tx.Persons, words, n)
}

// Articles are those of some ids that there are, in their order, with the names that their rows show.
func (d *Desk) Articles(ctx context.Context, actor dateline.Actor, ids []dateline.ID) (list []*dateline.Article, names map[dateline.ID]string, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		for _, id := range ids {
			a, err := tx.FindArticle(id)
			if absent(err) {
				continue
			}
			if err != nil {
				return err
			}
			list = append(list, a)
		}
		names, err = namesOf(tx, list)
		return err
	})
	return list, names, err
}
