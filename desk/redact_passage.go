package desk

import (
	"slices"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// taking is the taking of words out of one passage.
type taking struct {
	*turn
	passage *Passage
	goes    func(string) bool // whether something said is to go
	holds   Words             // none where all that it says goes
	reason  string
	again   bool     // an older database still had it: what its entries said is not known any more
	hashes  []string // of addresses that lead nowhere from then on, where it is removed again
	told    int64    // the entry by which readers have it without the words; 0 where they have it so already
	buried  []string
}

// redactPassages takes words out of the passages that were chosen. Readers are told each anew without the words where they have
// them; then the record's entries that hold them lose their bodies.
func (t *turn) redactPassages(r *Redacting, done *Redacted) error {
	if err := dateline.Can(t.actor, dateline.ActErase, nil); err != nil { // they are of the whole paper
		return err
	}
	holds := NewWords(r.Words...)
	found, err := t.passages(holds)
	if err != nil {
		return err
	}
	for _, key := range r.Passages {
		p, err := parsePassage(key)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(found, func(f *Passage) bool { return f.Key == key }); i >= 0 {
			p = found[i]
		} else if p.Kind != record.KindLiveEntry || len(holds) > 0 {
			return dateline.Errorf(dateline.EInvalid, "%s does not hold the words that are to go", key)
		}
		if p.First != "" {
			return dateline.Errorf(dateline.EState, "%s (%s): %s", p.Name, key, p.First)
		}
		w := &taking{turn: t, passage: p, holds: holds, goes: func(s string) bool { return holds.In(s) }, reason: r.Reason}
		if len(holds) == 0 {
			w.goes = func(s string) bool { return s != "" }
		}
		if err := w.run(done); err != nil {
			return err
		}
	}
	if done.Lines, err = t.EmptyAudit(holds); err != nil {
		return err
	}
	return t.RemoveAnswers("", holds)
}

// run takes the words out of the passage, at the desk and in the record.
func (w *taking) run(done *Redacted) error {
	p := w.passage
	if p.Kind == PassageArticle {
		return w.draft(done)
	}
	if len(w.holds) == 0 || w.again { // the words are not known, by which the answers would be found
		if err := w.RemoveAnswers(p.ID, w.holds); err != nil {
			return err
		}
	}
	body := &record.Redaction{Reason: w.reason}
	stands, err := w.stands()
	if err != nil {
		return err
	}
	if stands {
		if err := w.takeOut(); err != nil {
			return err
		}
	}
	body.Replacement, body.Entries = w.told, slices.DeleteFunc(p.Entries, func(seq int64) bool { return seq == w.told })
	if body.Hashes = w.hashes; len(w.buried) > 0 {
		body.Hashes = append(body.Hashes, hashes(w.buried)...)
		slices.Sort(body.Hashes)
		body.Hashes = slices.Compact(body.Hashes)
	}
	if len(body.Entries) == 0 {
		return nil // readers never had the words
	}
	if done.Sequence, err = w.removeEntries(p.ID, body); err != nil {
		return err
	}
	done.Act, done.Entries = record.KindRedaction, append(done.Entries, body.Entries...)
	return w.turn.note(dateline.ActRedact, &dateline.Article{ID: p.ID}, done.Sequence, "%s: %d entries lost their text%s", p.Kind, len(body.Entries), because(w.reason))
}

// takeOut takes the words out of what the desk has and readers are told.
func (w *taking) takeOut() error {
	switch w.passage.Kind {
	case record.KindLiveEntry:
		return w.liveEntry()
	case record.KindLiveState:
		return w.liveState()
	case record.KindStory:
		return w.story()
	case record.KindFront:
		return w.front()
	case record.KindTopic:
		return w.topic()
	case record.KindPerson:
		return w.person()
	case record.KindSection, record.KindPicture, record.KindPublication:
		if w.again {
			return w.thingAgain()
		}
	}
	return nil
}

// removeEntries removes the bodies of entries of one subject and says so in the record, with what may still be shown of them.
func (t *turn) removeEntries(subject dateline.ID, body *record.Redaction) (int64, error) {
	for _, seq := range body.Entries {
		e, err := t.FindEntry(seq)
		if err != nil {
			return 0, err
		}
		if e.HasBody() {
			if err := mark(body, e); err != nil {
				return 0, err
			}
		}
		if err := t.RemoveBody(seq); err != nil {
			return 0, err
		}
	}
	seq, err := t.append(subject, body)
	if err != nil {
		return 0, err
	}
	return seq, t.remember(seq, subject, body)
}

// mark adds to a redaction what may still be shown of an entry of a story or of a live coverage.
func mark(r *record.Redaction, e record.Entry) error {
	if e.Kind != record.KindStory && e.Kind != record.KindLiveEntry && e.Kind != record.KindLiveState {
		return nil
	}
	body, err := e.Decode()
	if err != nil {
		return internal("an entry cannot be read", err)
	}
	switch b := body.(type) {
	case *record.Story:
		r.Editions = append(r.Editions, record.EditionMark{Number: b.Number, Change: b.Change, Public: b.Public, Sequence: e.Sequence})
	case *record.LiveEntry:
		r.Live = append(r.Live, record.LiveMark{Number: b.Number, Sequence: e.Sequence})
	case *record.LiveState:
		r.Live = append(r.Live, record.LiveMark{State: b.State, Sequence: e.Sequence})
	}
	return nil
}

// kept says whether something that the desk keeps says what is to go.
func (w *taking) kept(v any) bool { return len(w.holds) == 0 || w.holds.InKept(v) }

// draft empties what was saved of an article that readers never had.
func (w *taking) draft(done *Redacted) error {
	a, err := w.FindArticle(w.passage.ID)
	if err != nil {
		return err
	}
	r := &redaction{turn: w.turn, a: a, asked: Redacting{Words: w.holds}, holds: w.holds}
	for _, step := range []func() error{r.clearDraft, r.clearVersions, r.clearLocks, r.clearPictures} {
		if err := step(); err != nil {
			return err
		}
	}
	done.Versions, done.Pictures = done.Versions+r.done.Versions, done.Pictures+r.done.Pictures
	if err := w.RemoveRemarks(a.ID, w.holds); err != nil {
		return err
	}
	if err := w.HideImport(a.ID, w.holds); err != nil {
		return err
	}
	if err := w.keep(a); err != nil {
		return err
	}
	if err := w.index(a); err != nil {
		return err
	}
	return w.turn.note(dateline.ActRedact, a, 0, "%d saved contents lost their text%s", r.done.Versions, because(w.reason))
}

// liveEntry removes an entry of a live coverage from readers, where it says the words, and what the desk kept of it.
func (w *taking) liveEntry() error {
	p := w.passage
	e, err := w.FindLiveEntry(p.ID, p.Number)
	if err != nil {
		return err
	}
	if len(w.holds) == 0 && !w.again {
		if err := w.allActs(e); err != nil {
			return err
		}
	}
	if !w.kept(e) {
		return nil // it says something else by now
	}
	gone := dateline.LiveEntry{Article: e.Article, Number: e.Number, Version: e.Version, At: e.At, Posted: e.Posted, Changed: w.now, Deleted: true, Reason: e.Reason,
		Sequence: e.Sequence, By: w.actor.Name, Out: e.Out}
	if e.Deleted && !w.holds.In(e.Reason) {
		gone.Version++
		return w.SaveLiveEntry(&gone, e.Version)
	}
	if gone.Reason = w.reason; gone.Reason == "" && !w.again {
		return dateline.Errorf(dateline.EInvalid, "readers are told why an entry was removed: give a reason, which is public")
	}
	if err := w.UseInEntry(p.ID, p.Number, nil); err != nil {
		return err
	}
	language, err := w.languageOf(p.ID)
	if err != nil {
		return err
	}
	if err := w.appendEntry(&gone, &record.LiveEntry{Act: record.EntryDeleted, Number: p.Number, Public: record.FormatInstant(gone.At), Reason: gone.Reason, Language: language}); err != nil {
		return err
	}
	w.told = gone.Sequence
	return w.withheld()
}

// allActs finds every act on an entry of a live coverage but the one that removed it.
func (w *taking) allActs(e *dateline.LiveEntry) error {
	acts, err := w.ListLiveActs(w.passage.ID)
	if err != nil {
		return err
	}
	w.passage.Entries = nil
	for _, seq := range acts {
		entry, err := w.FindEntry(seq)
		if err != nil {
			return err
		}
		if entry.Kind != record.KindLiveEntry || !entry.HasBody() || e.Deleted && seq == e.Sequence {
			continue
		}
		body, err := entry.Decode()
		if err != nil {
			return internal("an entry cannot be read", err)
		}
		if body.(*record.LiveEntry).Number == e.Number {
			w.passage.Entries = append(w.passage.Entries, seq)
		}
	}
	return nil
}

// withheld gives what was told of a coverage to nobody as long as that is withdrawn.
func (w *taking) withheld() error {
	a, err := w.FindArticle(w.passage.ID)
	if err != nil || a.Withdrawal == nil {
		return err
	}
	return w.Withhold([]int64{w.told}, a.Withdrawal.Sequence)
}

// liveState takes the summary from the head of a live coverage, where it says the words.
func (w *taking) liveState() error {
	l, err := w.live(w.passage.ID)
	if err != nil || !w.kept(l) {
		return err
	}
	language, err := w.languageOf(w.passage.ID)
	if err != nil {
		return err
	}
	l.Summary, l.Changed, l.Version = nil, w.now, l.Version+1
	if err := w.SaveLive(l); err != nil {
		return err
	}
	if w.told, err = w.appendLive(w.passage.ID, &record.LiveState{State: l.State, Language: language}); err != nil {
		return err
	}
	return w.withheld()
}

// front puts what says the words off a front's arrangements. Saved ones of before are dropped.
func (w *taking) front() error {
	f, err := findFront(w.turn, w.passage.ID)
	if err != nil {
		return err
	}
	live, err := liveFront(w.turn, f)
	if err != nil {
		return err
	}
	if err := w.unscheduleFront(f); err != nil {
		return err
	}
	draft := f.Content
	apart := f.Saved != f.Live
	if f.Live != 0 && w.kept(live) {
		if live, err = w.withoutFront(live); err != nil {
			return err
		}
		issue := w.issueFront
		if w.again { // nothing keeps the newsroom from starting
			issue = w.appendFront
		}
		if w.told, err = issue(f, w.arrange(f, live)); err != nil {
			return err
		}
	}
	if apart && (w.told != 0 || w.kept(draft)) { // what was saved last stays so
		if draft, err = w.withoutFront(draft); err != nil {
			return err
		}
		if err := w.SaveFrontVersion(w.arrange(f, draft)); err != nil {
			return err
		}
	}
	if err := w.dropArrangements(f); err != nil {
		return err
	}
	if err := w.keepFront(f); err != nil {
		return err
	}
	return w.noteFront("", dateline.ActRedact, f, w.told, "words were taken out"+because(w.reason))
}

func (w *taking) unscheduleFront(f *dateline.Front) error {
	if f.Schedule == nil {
		return nil
	}
	v, err := w.FindFrontVersion(f.ID, f.Schedule.Content)
	if err != nil || !w.kept(v.Content) {
		return err
	}
	return w.cancelFrontSchedule(f, "words were removed from the front")
}

// arrange makes an arrangement the one that was saved last.
func (w *taking) arrange(f *dateline.Front, c dateline.FrontContent) *dateline.FrontVersion {
	f.Saved++
	f.Content, f.SavedAt, f.SavedBy = c, w.now, w.actor.Name
	return &dateline.FrontVersion{Front: f.ID, Number: f.Saved, At: w.now, By: w.actor.Name, Content: c}
}

func (w *taking) dropArrangements(f *dateline.Front) error {
	for before := int64(0); ; {
		list, err := w.ListFrontVersions(f.ID, before, maxFrontVersions)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, v := range list {
			if before = v.Number; v.Number == f.Live || v.Number == f.Saved || !w.kept(v.Content) {
				continue
			}
			if err := w.RemoveFrontVersion(f.ID, v.Number); err != nil {
				return err
			}
		}
	}
}

// withoutFront is an arrangement without what says the words: a card shows the article's own in their place, and a strip goes.
func (w *taking) withoutFront(c dateline.FrontContent) (dateline.FrontContent, error) {
	c.Containers = slices.Clone(c.Containers)
	for i := range c.Containers {
		box := &c.Containers[i]
		for _, title := range box.Title {
			if w.goes(title) {
				box.Title = nil
				break
			}
		}
		box.Items = slices.Clone(box.Items)
		for k := range box.Items {
			w.drop(&box.Items[k].Headline, &box.Items[k].Kicker)
		}
	}
	if c.Strip != nil && w.goes(c.Strip.Text) {
		c.Strip = nil
	}
	if w.again { // a heading that has to be there is not known any more
		c.Containers = slices.DeleteFunc(c.Containers, func(box dateline.Container) bool {
			return len(box.Title) == 0 && box.Rule == nil && box.Layout != dateline.LayoutLead
		})
	}
	err := c.Validate()
	if err != nil && w.again {
		return dateline.FrontContent{}, nil
	}
	return c, err
}

// drop empties what is to go.
func (w *taking) drop(fields ...*string) {
	for _, f := range fields {
		if w.goes(*f) {
			*f = ""
		}
	}
}

// story leaves what says the words out of a running story, in what readers have and in what was saved.
func (w *taking) story() error {
	s, err := w.Stories().Find(w.passage.ID)
	if err != nil {
		return err
	}
	if s.Schedule != nil && w.kept(s.Schedule) {
		if err := w.cancelStorySchedule(s, "words were removed from the story"); err != nil {
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
	return w.hideStoryAddresses()
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

// topic takes a topic as a whole where its address holds the words, which cannot be another.
func (w *taking) topic() error {
	v, err := w.Topics().Find(w.passage.ID)
	if err != nil || !w.again && !w.holds.In(v.Slug) {
		return err
	}
	if w.again && len(w.hashes) == 0 {
		return w.topicAgain(v)
	}
	if err := w.whole("/topics/", v.Slug); err != nil {
		return err
	}
	was := v.Version
	v.Slug, v.Names, v.Description, v.Version = hiddenSlug(v.Slug), dateline.Names{}, nil, v.Version+1
	if err := w.Topics().Update(v, was); err != nil {
		return err
	}
	return w.indexNaming(v.ID)
}

// person takes away what the desk has of a person who was erased.
func (w *taking) person() error {
	v, err := w.Persons().Find(w.passage.ID)
	if err != nil || !w.again || v.Erased {
		return err
	}
	if len(w.hashes) == 0 {
		return w.personAgain(v)
	}
	if err := w.whole("/people/", v.Slug); err != nil {
		return err
	}
	was := v.Version
	v.Slug, v.Names, v.Role, v.Erased, v.Version = hiddenSlug(v.Slug), dateline.Names{}, nil, true, v.Version+1
	if err := w.Persons().Update(v, was); err != nil {
		return err
	}
	return w.indexNaming(v.ID)
}

// whole has every entry about a topic or person lose its text, and its address lead nowhere.
func (w *taking) whole(below, slug string) error {
	entries, err := w.ListEntriesAbout(w.passage.ID)
	if err != nil {
		return err
	}
	w.passage.Entries = nil
	for _, e := range entries {
		if e.HasBody() {
			w.passage.Entries = append(w.passage.Entries, e.Sequence)
		}
	}
	w.buried = append(w.buried, below+slug)
	if !w.again {
		return nil
	}
	_, err = w.EmptyAudit(NewWords(slug))
	return err
}
