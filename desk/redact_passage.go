package desk

import (
	"slices"

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
			return dateline.Errorf(dateline.EState, "%s (%s): %s", p.Name, key, p.first)
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

// drop empties what is to go.
func (w *taking) drop(fields ...*string) {
	for _, f := range fields {
		if w.goes(*f) {
			*f = ""
		}
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
