package site

import (
	"context"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/feed"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// feedItems is how many articles a feed holds.
const feedItems = 30

// feedDeletions is how many of those taken down last a feed marks as deleted.
const feedDeletions = 20

const (
	atomType    = "application/atom+xml; charset=utf-8"
	rssType     = "application/rss+xml; charset=utf-8"
	sitemapType = "application/xml; charset=utf-8"
)

// paperFeed is a feed of the whole paper.
func (s *Site) paperFeed(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		v.on(shelf.KeyFeed)
		pub := v.paper.pub
		motto, _ := pub.Motto.In(pub.Language, pub.Language)
		c := &feed.Channel{ID: strings.TrimSuffix(pub.Site, "/") + "/", Title: pub.Name, Subtitle: motto, Home: v.absolute("/")}
		return v.feed(c, a.Path, shelf.All())
	})
}

// correctionsFeeds name the feeds of what was corrected.
func (v *view) correctionsFeeds() []render.Feed {
	cat, _ := render.CatalogueFor(render.FrameLanguage(v.paper.pub.Language, v.paper.pub.Language))
	title := cat.Corrections + " — " + v.paper.pub.Name
	return []render.Feed{{Title: title, Address: "/corrections/atom.xml", Type: render.FeedAtom}, {Title: title, Address: "/corrections/rss.xml", Type: render.FeedRSS}}
}

// correctionsFeed is a feed of what was corrected last, an article once.
func (s *Site) correctionsFeed(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		v.on(shelf.KeyCorrections)
		pub := v.paper.pub
		cat, _ := render.CatalogueFor(render.FrameLanguage(pub.Language, pub.Language))
		c := &feed.Channel{ID: strings.TrimSuffix(pub.Site, "/") + "/corrections", Title: cat.Corrections + " — " + pub.Name, Subtitle: cat.CorrectionsAre,
			Home: v.absolute("/corrections")}
		list, err := v.tx.Corrections(shelf.Position{}, feedItems)
		if err != nil {
			return nil, err
		}
		met := map[dateline.ID]bool{}
		for i := range list {
			if met[list[i].Card.ID] {
				continue
			}
			met[list[i].Card.ID] = true
			if list[i].Story {
				v.on(shelf.KeyStory(list[i].Card.ID))
				list[i].Card.First = list[i].Public
			}
			item, err := v.item(&list[i].Card)
			if err != nil {
				return nil, err
			}
			words, _ := render.CatalogueFor(render.FrameLanguage(list[i].Card.Language, pub.Language))
			item.Note, item.Updated = words.Changes[list[i].Change]+": "+list[i].Note, list[i].Public
			c.Items = append(c.Items, item)
		}
		deleted, err := v.tx.DeletedCorrections(feedDeletions)
		if err != nil {
			return nil, err
		}
		return v.channel(c, a.Path, deleted)
	})
}

// listFeed is a feed of a section or topic.
func (s *Site) listFeed(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		home, file := a.Path[:strings.LastIndexByte(a.Path, '/')], a.Path[strings.LastIndexByte(a.Path, '/'):]
		r, err := v.tx.Resolve(home + "/")
		if err == nil && r.Found != shelf.FoundSection {
			r, err = v.tx.Resolve(home)
		}
		if err != nil {
			return nil, err
		}
		switch r.Found {
		case shelf.FoundRedirect:
			if to := below(r.To, file); to != a.Path {
				return v.moved(to), nil
			}
		case shelf.FoundSection:
			return v.sectionFeed(r, a.Path, file)
		case shelf.FoundTopic:
			return v.topicFeed(r, a.Path, file)
		case shelf.FoundStory:
			return v.storyFeed(r, a.Path, file)
		}
		return nil, press.ErrNotFound
	})
}

func (v *view) sectionFeed(r shelf.Resolution, path, file string) (*press.Page, error) {
	v.on(shelf.KeySection(r.ID))
	sec, err := v.section(r.ID)
	if err != nil {
		return nil, notFound(err)
	}
	if self := below(sectionAddress(sec.Slug), file); self != path {
		return v.moved(self), nil
	}
	language := v.paper.pub.Language
	name, _ := sec.Names.In(language, language)
	about, _ := sec.Description.In(language, language)
	return v.feed(&feed.Channel{ID: feed.URN(r.ID), Title: name + " — " + v.paper.pub.Name, Subtitle: about, Home: v.absolute(sectionAddress(sec.Slug))},
		path, shelf.InSection(r.ID))
}

func (v *view) topicFeed(r shelf.Resolution, path, file string) (*press.Page, error) {
	v.on(shelf.KeyTopic(r.ID), shelf.KeyName(r.ID))
	t, err := v.tx.Topic(r.ID)
	if err != nil {
		return nil, notFound(err)
	}
	link, shown, err := v.topicLink(t)
	if err != nil || !shown {
		return nil, orNotFound(err)
	}
	if link.Address != topicAddress(t.Slug) {
		return v.moved(link.Address), nil // persons have a page and no feed
	}
	if self := below(link.Address, file); self != path {
		return v.moved(self), nil
	}
	about, _ := t.Description.In(v.paper.pub.Language, v.paper.pub.Language)
	return v.feed(&feed.Channel{ID: feed.URN(r.ID), Title: link.Name.Text + " — " + v.paper.pub.Name, Subtitle: about, Home: v.absolute(link.Address)},
		path, shelf.OnTopic(r.ID))
}

func orNotFound(err error) error {
	if err == nil {
		return press.ErrNotFound
	}
	return err
}

// feed fills a channel with the newest of a list and writes it in the form that its address asks for.
func (v *view) feed(c *feed.Channel, path string, list shelf.ListOf) (*press.Page, error) {
	rows, _, err := v.rows(shelf.Position{}, feedItems, list)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		item, err := v.item(&rows[i])
		if err != nil {
			return nil, err
		}
		c.Items = append(c.Items, item)
	}
	// What was imported behind the feed's last article was never in it; all else once stood at its head.
	var oldest time.Time
	if len(rows) == feedItems {
		oldest = rows[feedItems-1].First
	}
	deleted, err := v.tx.Deleted(list, oldest, feedDeletions)
	if err != nil {
		return nil, err
	}
	return v.channel(c, path, deleted)
}

// channel writes a channel in the form that its address asks for, with those of its articles that were taken down.
func (v *view) channel(c *feed.Channel, path string, deleted []shelf.Deletion) (*press.Page, error) {
	c.Language, c.Self = v.paper.pub.Language, v.absolute(path)
	for i := range c.Items {
		if c.Items[i].Updated.After(c.Updated) {
			c.Updated = c.Items[i].Updated
		}
	}
	for _, d := range deleted {
		c.Deleted = append(c.Deleted, feed.Deletion{ID: d.ID, At: d.At})
		if d.At.After(c.Updated) {
			c.Updated = d.At
		}
	}
	if c.Updated.IsZero() {
		c.Updated = time.Unix(0, 0) // an empty paper still needs an instant
	}
	page := v.data(atomType, nil)
	if strings.HasSuffix(path, "/rss.xml") {
		page.Type, page.Body = rssType, feed.RSS(c)
	} else {
		page.Body = feed.Atom(c)
	}
	var err error
	page.Modified, err = v.modified()
	return page, err
}

func (v *view) item(c *shelf.Card) (item feed.Item, err error) {
	v.on(shelf.KeyCard(c.ID))
	item = feed.Item{ID: c.ID, Edition: c.Edition, Address: v.absolute(c.Address), Headline: c.Headline, Standfirst: c.Standfirst,
		Language: c.Language, First: c.First, Updated: c.Updated}
	if item.Updated.Before(c.First) {
		item.Updated = c.First
	}
	if c.Kind == dateline.KindLive {
		moved, err := v.liveMoved(c.ID)
		if err != nil {
			return item, err
		}
		if moved.After(item.Updated) {
			item.Updated = moved
		}
	}
	cat, _ := render.CatalogueFor(render.FrameLanguage(c.Language, v.paper.pub.Language))
	if c.Label != "" {
		item.Label = feed.Label{Key: c.Label, Word: cat.Labels[c.Label]}
	}
	if c.Change.Wrong() {
		item.Note = cat.Changes[c.Change] + ": " + c.Note
	}
	section, err := v.sectionLink(c.Section)
	if err != nil {
		return item, err
	}
	item.Section = section.Name.Text
	credits, err := v.credits(c.Byline)
	if err != nil {
		return item, err
	}
	for _, by := range credits {
		if by.Removed {
			by.Name.Text = cat.NameRemoved
		}
		item.Authors = append(item.Authors, by.Name.Text)
	}
	topics, err := v.topics(c.Topics)
	for _, t := range topics {
		item.Topics = append(item.Topics, t.Name.Text)
	}
	return item, err
}

// liveMoved is when what readers can read of a live coverage's entries was changed last.
func (v *view) liveMoved(id dateline.ID) (time.Time, error) {
	v.on(shelf.KeyLive(id))
	l, err := v.tx.Live(id)
	if err != nil {
		return time.Time{}, err
	}
	return l.Touched, nil
}

// newest is the instant of the newest entry up to a cursor.
type newest struct {
	cursor int64
	at     time.Time
}

// modified is when anything in the record last changed: the instant of the newest entry in the snapshot, which its leaf in
// the tree tells. It is later than the last change of a feed, never earlier.
func (v *view) modified() (time.Time, error) {
	cursor := v.tx.Cursor()
	if n := v.s.newest.Load(); n != nil && n.cursor == cursor {
		return n.at, nil
	}
	if cursor == 0 {
		return time.Time{}, nil
	}
	const wide = 256 // entries of a bundle (C2SP tlog-tiles)
	last := cursor - 1
	data, err := v.tx.Tile(record.TileAddress{Level: -1, Index: last / wide, Width: int(last%wide) + 1})
	if err != nil {
		if missing(err) {
			return time.Time{}, nil
		}
		return time.Time{}, err
	}
	leaves, err := record.ParseBundle(data)
	if err != nil || len(leaves) == 0 {
		return time.Time{}, err
	}
	entry, err := record.ParseLeaf(leaves[len(leaves)-1])
	if err != nil {
		return time.Time{}, err
	}
	v.s.newest.Store(&newest{cursor, entry.At})
	return entry.At, nil
}
