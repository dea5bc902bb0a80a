package site

import (
	"slices"
	"time"

	"github.com/datelinehq/dateline/feed"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// storyFeed is the feed of a running story: its articles and the changes of its status and of its parts', in one order.
func (v *view) storyFeed(r shelf.Resolution, path, file string) (*press.Page, error) {
	v.on(shelf.KeyStory(r.ID))
	st, err := v.tx.Story(r.ID)
	if missing(err) {
		return v.storyGone(r.ID)
	}
	if err != nil {
		return nil, err
	}
	address := storyAddress(st.Slug)
	if self := below(address, file); self != path {
		return v.moved(self), nil
	}
	c := &feed.Channel{ID: feed.URN(st.ID), Title: st.Name + " — " + v.paper.pub.Name, Subtitle: st.Summary, Home: v.absolute(address)}
	corrections, err := v.tx.StoryCorrections(st.ID)
	if err != nil {
		return nil, err
	}
	if len(corrections) > 0 {
		c.Items = append(c.Items, v.correctionItem(st, &corrections[0]))
	}
	parts, err := v.partsOf(st)
	if err != nil {
		return nil, err
	}
	list, _, err := v.timeline(st, parts, shelf.Position{}, feedItems)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		switch {
		case m.article != nil:
			item, err := v.item(m.article)
			if err != nil {
				return nil, err
			}
			c.Items = append(c.Items, item)
		case m.part != nil:
			c.Items = append(c.Items, v.statusItem(&m.part.Story, m.happening.Status, m.happening))
		case m.happening.Status != nil:
			c.Items = append(c.Items, v.statusItem(st, m.happening.Status, m.happening))
		}
	}
	var oldest time.Time
	if len(list) == feedItems {
		oldest = list[feedItems-1].position().At
	}
	deleted, err := v.tx.Deleted(shelf.InStory(st.ID), oldest, feedDeletions)
	if err != nil {
		return nil, err
	}
	corrected, err := v.tx.DeletedCorrections(feedDeletions)
	if err != nil {
		return nil, err
	}
	deleted = append(deleted, slices.DeleteFunc(corrected, func(d shelf.Deletion) bool { return d.ID != st.ID })...)
	down, err := v.tx.GoneStatuses(st.ID)
	if err != nil {
		return nil, err
	}
	if deleted, err = withStatuses(deleted, append(goneFrom(st, parts), down...)); err != nil {
		return nil, err
	}
	return v.channel(c, path, deleted)
}

// goneFrom are the statuses that were taken out of a story and its parts.
func goneFrom(st *shelf.Story, parts []shelf.Part) []record.StoryGone {
	gone := slices.Clone(st.Gone)
	for i := range parts {
		gone = append(gone, slices.DeleteFunc(slices.Clone(parts[i].Gone), func(g record.StoryGone) bool { return g.ID == parts[i].ID })...)
	}
	return gone
}

// withStatuses adds a story's statuses that were taken out to its articles that were taken down, the newest first.
func withStatuses(deleted []shelf.Deletion, gone []record.StoryGone) ([]shelf.Deletion, error) {
	for _, g := range gone {
		at, err := record.ParseInstant(g.At)
		if err != nil {
			return nil, err
		}
		deleted = append(deleted, shelf.Deletion{ID: g.ID, At: at})
	}
	slices.SortStableFunc(deleted, func(a, b shelf.Deletion) int { return b.At.Compare(a.At) })
	return deleted[:min(len(deleted), feedDeletions)], nil
}

// statusItem is a change of a story's status as a feed carries it.
func (v *view) statusItem(st *shelf.Story, s *record.StoryStatus, h *shelf.Happening) feed.Item {
	cat, _ := render.CatalogueFor(render.FrameLanguage(st.Language, v.paper.pub.Language))
	return feed.Item{ID: s.ID, Edition: 1, Address: v.absolute(storyAddress(st.Slug)), Headline: st.Name + ": " + s.Words, Standfirst: s.Sentence,
		Language: st.Language, First: h.At, Updated: h.At, Status: s.State.IPTC(), Section: cat.StatusWord}
}

// correctionItem is the story's newest correction as its feed carries it.
func (v *view) correctionItem(st *shelf.Story, t *shelf.Telling) feed.Item {
	cat, _ := render.CatalogueFor(render.FrameLanguage(st.Language, v.paper.pub.Language))
	return feed.Item{ID: st.ID, Edition: t.Number, Address: v.absolute(editionAddress(storyAddress(st.Slug), t.Number)), Headline: st.Name,
		Language: st.Language, First: t.Public, Updated: t.Public, Note: cat.Changes[t.Change] + ": " + t.Note}
}
