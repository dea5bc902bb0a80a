package site

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// pageRows is how many rows a page of a list has.
const pageRows = 30

func (a *lookup) sectionPage(v *view, id dateline.ID) (*press.Page, error) {
	sec, err := v.section(id)
	if err != nil {
		return nil, notFound(err)
	}
	address := sectionAddress(sec.Slug)
	if a.path != address {
		return v.moved(address), nil
	}
	f, err := v.arrangement(id)
	if err != nil && !missing(err) {
		return nil, err
	}
	return v.sectionFront(id, f, a.before)
}

// sectionFront makes a page of a section's list. On the first one stands what an editor arranged, if somebody did, and below
// it what does not stand there.
func (v *view) sectionFront(id dateline.ID, f *record.Front, before shelf.Position) (*press.Page, error) {
	sec, err := v.section(id)
	if err != nil {
		return nil, notFound(err)
	}
	v.on(shelf.KeySection(id))
	address, title := sectionAddress(sec.Slug), v.name(sec.Names, v.lang)
	p := &render.ListPage{Frame: v.frame(address, id, v.feedsOf(title.Text, address)...), Kind: render.ListSection, Title: title,
		Description: v.name(sec.Description, v.lang)}
	var stands map[dateline.ID]bool
	if f != nil && before == (shelf.Position{}) {
		above, err := v.arranged(f)
		if err != nil {
			return nil, err
		}
		p.Front, stands = above.Front, above.stands
	}
	if before == (shelf.Position{}) {
		if p.OnAir, err = v.onAir(id, p.Lead); err != nil {
			return nil, err
		}
	}
	return v.list(p, address, before, stands, shelf.InSection(id))
}

func (a *lookup) topicPage(v *view, id dateline.ID) (*press.Page, error) {
	v.on(shelf.KeyName(id), shelf.KeyTopic(id))
	t, err := v.tx.Topic(id)
	if err != nil {
		return nil, notFound(err)
	}
	link, shown, err := v.topicLink(t)
	if err != nil {
		return nil, err
	}
	if !shown {
		return nil, press.ErrNotFound
	}
	if a.path != link.Address { // also a topic that is about a person, who has the page
		return v.moved(link.Address), nil
	}
	p := &render.ListPage{Frame: v.frame(link.Address, "", v.feedsOf(link.Name.Text, link.Address)...), Kind: render.ListTopic,
		Title: link.Name, Description: v.name(t.Description, v.lang)}
	return v.list(p, link.Address, a.before, nil, shelf.OnTopic(id))
}

func (a *lookup) personPage(v *view, id dateline.ID) (*press.Page, error) {
	v.on(shelf.KeyPerson(id))
	who, err := v.person(id)
	if err != nil {
		return nil, notFound(err)
	}
	if who.Erased {
		return v.html(410, v.s.conf.Renderer.Erased(&render.ErasedPage{Frame: v.frame("", "")})), nil
	}
	address := personAddress(who.Slug)
	if a.path != address {
		return v.moved(address), nil
	}
	if who.Topic != "" {
		v.on(shelf.KeyTopic(who.Topic))
	}
	p := &render.ListPage{Frame: v.frame(address, ""), Kind: render.ListPerson, Title: v.name(who.Names, v.lang), Description: v.name(who.Role, v.lang)}
	return v.list(p, address, a.before, nil, personLists(who)...)
}

// personLists are what a person's page joins: what carries the person's byline, quotes the person, and is about the person.
func personLists(p *shelf.Person) []shelf.ListOf {
	lists := []shelf.ListOf{shelf.ByPerson(p.ID), shelf.Quoting(p.ID)}
	if p.Topic != "" {
		lists = append(lists, shelf.OnTopic(p.Topic))
	}
	return lists
}

// list fills a page of a list, or of several as one, with links to the pages before and after it. What stands above the
// list does not stand in it again.
func (v *view) list(p *render.ListPage, address string, before shelf.Position, above map[dateline.ID]bool, lists ...shelf.ListOf) (*press.Page, error) {
	rows, more, err := v.page(before, lists...)
	if err != nil {
		return nil, err
	}
	p.Newest, p.Older = v.pager(address, before, rows, more)
	rows = slices.DeleteFunc(rows, func(c shelf.Card) bool { return above[c.ID] })
	if p.Rows, err = v.cards(rows, true); err != nil {
		return nil, err
	}
	p.Frame.Address = v.pageAddress(address, before)
	page := v.html(200, v.s.conf.Renderer.List(p))
	if above != nil {
		page.Visit = press.VisitRead // a rule may ask what is read most
	}
	return page, nil
}

// rows reads up to limit cards of the lists as one, each article once, and says whether there are more.
func (v *view) rows(after shelf.Position, limit int, lists ...shelf.ListOf) (rows []shelf.Card, more bool, err error) {
	for _, l := range lists {
		part, err := v.tx.List(l, after, limit+1)
		if err != nil {
			return nil, false, err
		}
		rows = append(rows, part...)
	}
	if len(lists) > 1 {
		slices.SortFunc(rows, func(a, b shelf.Card) int {
			return cmp.Or(b.First.Compare(a.First), strings.Compare(string(b.ID), string(a.ID)))
		})
		rows = slices.CompactFunc(rows, func(a, b shelf.Card) bool { return a.ID == b.ID })
	}
	if len(rows) > limit {
		return rows[:limit], true, nil
	}
	return rows, false, nil
}

// pageAddress is the address of a page of a list itself.
func (v *view) pageAddress(address string, at shelf.Position) string {
	if at == (shelf.Position{}) {
		return address
	}
	return v.further(address, at)
}

// pager gives the addresses of the first page, on later ones, and of the next page, where there is one.
func (v *view) pager(address string, at shelf.Position, rows []shelf.Card, more bool) (newest, older string) {
	address = v.way(address)
	if at != (shelf.Position{}) {
		newest = address
	}
	if more && len(rows) > 0 {
		older = v.further(address, rows[len(rows)-1].At())
	}
	return newest, older
}

func (s *Site) corrections(ctx context.Context, a *ask) (*press.Entry, error) {
	at, ok := parsePosition(a.Query.Before)
	key := a.Path
	if ok {
		key = subkey(key, "before", position(at))
	}
	return s.page(ctx, key, func(v *view) (*press.Page, error) {
		page, err := v.corrections(at)
		return v.announced(correctionsAddress, page, err)
	})
}

// correctionsAddress is where what was corrected is listed.
const correctionsAddress = "/corrections"

func (v *view) corrections(at shelf.Position) (*press.Page, error) {
	v.on(shelf.KeyCorrections)
	list, err := v.tx.Corrections(at, pageRows+1)
	if err != nil {
		return nil, err
	}
	p := &render.CorrectionsPage{Frame: v.frame(v.pageAddress(correctionsAddress, at), "", v.correctionsFeeds()...)}
	for i := range list[:min(len(list), pageRows)] {
		row, err := v.correction(&list[i])
		if err != nil {
			return nil, err
		}
		p.Rows = append(p.Rows, row)
	}
	if at != (shelf.Position{}) {
		p.Newest = v.way(correctionsAddress)
	}
	if len(list) > pageRows {
		p.Older = v.further(v.way(correctionsAddress), list[pageRows-1].At())
	}
	return v.html(200, v.s.conf.Renderer.Corrections(p)), nil
}

func (v *view) correction(c *shelf.Correction) (render.CorrectionRow, error) {
	if c.Story {
		v.on(shelf.KeyStory(c.Card.ID))
	}
	card, err := v.card(&c.Card, false)
	return render.CorrectionRow{Card: card, Correction: render.Correction{Change: c.Change, At: c.Public, Note: c.Note,
		Address: editionAddress(c.Card.Address, c.Number)}}, err
}
