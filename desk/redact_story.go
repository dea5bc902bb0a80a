package desk

import (
	"slices"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// story leaves what says the words out of a running story, in what readers have and in what was saved.
func (w *taking) story() error {
	s, err := w.Stories().Find(w.passage.ID)
	if err != nil {
		return err
	}
	if s.Schedule != nil && w.kept(s.Schedule) {
		if err := w.cancelStorySchedule(s, dateline.Say("words were removed from the story")); err != nil {
			return err
		}
	}
	if w.again {
		return w.storyAgain(s)
	}
	w.storyAround(s)
	saved, unsaid, slug := w.withoutStory(s.Content), s.Unsaid, s.Slug
	if s.Readers == dateline.Published && w.kept(s.Live) {
		s.Content, s.Slug = w.withoutStory(*s.Live), s.Shown
		res, err := w.publishStory(s, dateline.ChangeMinor, "")
		if err != nil {
			return err
		}
		if w.told = res.Sequence; !unsaid {
			return w.hideStoryAddresses()
		}
	}
	if s.Content, s.Unsaid, s.Slug = saved, unsaid, slug; s.Readers != dateline.Published {
		w.drop(&s.Content.Name)
		w.hideSlugs(s)
	}
	if err := w.keepStory(s); err != nil {
		return err
	}
	if err := w.mergedAnew(s); err != nil {
		return err
	}
	return w.hideStoryAddresses()
}

// mergedAnew says again that a story was merged, where the entry that said so is to lose its words: what is left of the story would
// be its state before the merger.
func (w *taking) mergedAnew(s *dateline.Story) error {
	if s.Into == "" || !slices.Contains(w.passage.Entries, s.Sequence[len(s.Sequence)-1]) {
		return nil
	}
	res, err := w.appendStory(s, w.mergedBody(s), "removed words from the merged story %s", openSlug(s.Shown))
	w.told = res.Sequence
	w.tombs = append(w.tombs, storyTombstone(s, res.Sequence))
	return err
}

// storyAgain withdraws a story of which readers have what was to be gone, and empties what was saved of it.
func (w *taking) storyAgain(s *dateline.Story) error {
	addresses := storyTombstone(s, 0).Addresses
	w.storyAround(s)
	w.hideSlugs(s)
	if s.Readers == dateline.Published {
		if _, err := w.withdrawStory(s, "", "its words were removed"); err != nil {
			return err
		}
		w.tombs[len(w.tombs)-1].Addresses = addresses // those that were hidden too
	}
	s.Content = w.withoutStory(s.Content)
	s.Content.Name = ""
	if err := w.keepStory(s); err != nil {
		return err
	}
	return w.hideStoryAddresses()
}

// goesSlug says whether a slug of a story is to go. In an older database the addresses are known that did.
func (w *taking) goesSlug(slug string) bool {
	if w.again {
		return slices.Contains(w.hashes, record.AddressHash(storyAddress(slug)))
	}
	return w.goes(slug)
}

func (w *taking) hideSlugs(s *dateline.Story) {
	for _, slug := range []*string{&s.Slug, &s.Shown} {
		if w.goesSlug(*slug) {
			w.bury(*slug)
			*slug = hiddenSlug(*slug)
		}
	}
}

// storyAround takes the words out of what the desk keeps beside a story's content: sentences, reasons and addresses of before.
func (w *taking) storyAround(s *dateline.Story) {
	w.drop(&s.Notice)
	for i := range s.Tellings {
		w.drop(&s.Tellings[i].Note)
	}
	for _, l := range []*dateline.Lock{s.Embargo, s.Hold} {
		if l != nil {
			w.drop(&l.Reason)
		}
	}
	s.Former = slices.DeleteFunc(s.Former, func(slug string) bool {
		if w.goesSlug(slug) {
			w.bury(slug)
		}
		return w.goesSlug(slug)
	})
}

// bury keeps a story's address as its hash: it leads nowhere from here on.
func (w *taking) bury(slug string) {
	if address := storyAddress(slug); openSlug(slug) != "" && !slices.Contains(w.buried, address) {
		w.buried = append(w.buried, address)
	}
}

// hideStoryAddresses hides the addresses that were buried. Where an older database had them, the audit and the answers to requests
// name them too.
func (w *taking) hideStoryAddresses() error {
	var slugs Words
	for _, address := range w.buried {
		if err := w.HideAddress(address); err != nil {
			return err
		}
		slugs = append(slugs, NewWords(strings.TrimPrefix(address, storyAddress("")))...)
	}
	if !w.again || len(slugs) == 0 {
		return nil
	}
	if _, err := w.EmptyAudit(slugs); err != nil {
		return err
	}
	return w.RemoveAnswers("", slugs)
}

// withoutStory is a story's content without what says the words. Its name stays: another is given by who publishes it.
func (w *taking) withoutStory(c dateline.StoryContent) dateline.StoryContent {
	w.drop(&c.Summary, &c.Background)
	c.Statuses, c.Events, c.Parties = slices.Clone(c.Statuses), slices.Clone(c.Events), slices.Clone(c.Parties)
	c.Statuses = slices.DeleteFunc(c.Statuses, func(s dateline.StoryStatus) bool { return w.goes(s.Words) })
	for i := range c.Statuses {
		w.drop(&c.Statuses[i].Sentence)
		w.dropSource(&c.Statuses[i].Source)
	}
	c.Events = slices.DeleteFunc(c.Events, func(e dateline.StoryEvent) bool { return w.goes(e.Title) })
	for i := range c.Events {
		w.drop(&c.Events[i].Text)
		w.dropSource(&c.Events[i].Source)
	}
	for i := range c.Parties {
		w.drop(&c.Parties[i].Role)
	}
	return c
}

func (w *taking) dropSource(s *dateline.StorySource) {
	if w.goes(s.Name) || w.goes(s.Address) {
		*s = dateline.StorySource{}
	}
}
