package desk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
)

// Redacting is what a chief says when words are to go for good.
type Redacting struct {
	Editions    []int             // numbers; with none, every edition that holds one of the words
	Words       []string          // what must go wherever it stands; without them, what the named editions said
	Passages    []string          // keys of passages besides that lose the words; an entry of a live coverage all it says, where there are no words
	Replacement *dateline.Content // what takes the place of the newest edition named, under its number and instants
	Note        string            // the replacement's public note, where its change carries one; the old one where it is empty
	Reason      string            // public, in the record
	Notice      string            // on the tombstone, where the live edition goes without a replacement
	Key         string            // an idempotency key
}

// Redacted says what a redaction did.
type Redacted struct {
	Result
	Editions  []int      `json:"editions"`  // whose text is gone
	Entries   []int64    `json:"entries"`   // whose bodies are gone
	Versions  int        `json:"versions"`  // saved contents that were emptied
	Lines     int        `json:"lines"`     // audit lines that were emptied
	Pictures  int        `json:"pictures"`  // whose bytes were deleted
	Remaining []Holder   `json:"remaining"` // where the words still stand at the desk
	Passages  []*Passage `json:"passages"`  // what Remaining belongs to, by which it can be chosen
}

// Redact takes the words of editions, and of the passages that were chosen, out of the record and out of everything that the desk
// keeps, and says in the record that it did. Redacting the live edition without a replacement withdraws the article for law in
// the same act. Without a target only passages lose their words.
func (d *Desk) Redact(ctx context.Context, actor dateline.Actor, target Target, r Redacting) (done Redacted, err error) {
	doc, err := r.document()
	if err != nil {
		return done, err
	}
	request := digest("redact", target.ID, target.Version, r.Editions, r.Words, r.Passages, r.Replacement, r.Note, r.Reason, r.Notice)
	err = d.once(ctx, actor, dateline.ActRedact, r.Key, request, &done.Result, func(t *turn) error {
		done, err = t.redact(target, r, doc)
		return err
	})
	if err != nil {
		return done, err
	}
	return done, d.cleanUp(context.WithoutCancel(ctx))
}

// document checks what was asked for and gives the replacement, if there is one.
func (r *Redacting) document() (doc markup.Node, err error) {
	if r.Replacement != nil {
		if doc, err = clean(r.Replacement); err != nil {
			return doc, err
		}
	}
	return doc, r.check()
}

// redact does what was asked for in the transaction, and says what is left.
func (t *turn) redact(target Target, r Redacting, doc markup.Node) (done Redacted, err error) {
	if target.ID != "" {
		a, err := t.article(target, dateline.ActRedact)
		if err != nil {
			return done, err
		}
		w := &redaction{turn: t, a: a, asked: r, doc: doc, holds: NewWords(r.Words...)}
		if err := w.run(); err != nil {
			return done, err
		}
		done = w.done
	} else if err := t.owe(nil); err != nil {
		return done, err
	}
	if len(r.Passages) > 0 {
		if err := t.redactPassages(&r, &done); err != nil {
			return done, err
		}
	}
	if err := t.remaining(r.Words, &done); err != nil {
		return done, err
	}
	for _, p := range done.Passages {
		if slices.Contains(r.Passages, p.Key) {
			return done, dateline.Errorf(dateline.EState, "%s (%s) would still hold the words: change what it says first", p.Name, p.Key)
		}
	}
	return done, nil
}

// remaining says where words still stand.
func (t *turn) remaining(words []string, done *Redacted) (err error) {
	holds := NewWords(words...)
	done.Remaining, done.Passages = []Holder{}, []*Passage{}
	if len(holds) == 0 {
		return nil
	}
	holders, err := t.Holding(holds)
	if err != nil {
		return err
	}
	done.Remaining = append(done.Remaining, holders...)
	passages, err := t.passagesOf(holders, holds)
	done.Passages = append(done.Passages, passages...)
	return err
}

// errPlanned ends a transaction of which nothing is to stay.
var errPlanned = errors.New("it was planned only")

// PlanRedaction says what Redact would do, and does nothing of it.
func (d *Desk) PlanRedaction(ctx context.Context, actor dateline.Actor, target Target, r Redacting) (done Redacted, err error) {
	doc, err := r.document()
	if err != nil {
		return done, err
	}
	err = d.plan(ctx, actor, dateline.ActRedact, func(t *turn) error {
		done, err = t.redact(target, r, doc)
		return err
	})
	return done, err
}

// plan runs a use case and undoes all of it.
func (d *Desk) plan(ctx context.Context, actor dateline.Actor, act dateline.Act, f func(*turn) error) error {
	if err := dateline.Can(actor, act, nil); err != nil {
		return err
	}
	err := d.store.Update(ctx, func(tx Tx) error {
		t, err := d.begin(tx, actor)
		if err == nil {
			err = f(t)
		}
		if err != nil {
			return err
		}
		return errPlanned
	})
	if errors.Is(err, errPlanned) {
		return nil
	}
	return err
}

// check refuses what would put the words into the record again.
func (r *Redacting) check() error {
	r.Reason, r.Notice, r.Note = strings.TrimSpace(r.Reason), strings.TrimSpace(r.Notice), strings.TrimSpace(r.Note)
	holds := NewWords(r.Words...)
	if len(r.Editions) == 0 && len(holds) == 0 && len(r.Passages) == 0 {
		return dateline.Errorf(dateline.EInvalid, "say which editions lose their text, or which words are to go")
	}
	for _, w := range holds {
		if len([]rune(w)) < 3 {
			return dateline.Errorf(dateline.EInvalid, "words that are to go have three characters at least: shorter ones stand everywhere")
		}
	}
	for _, f := range []struct{ path, text string }{{"reason", r.Reason}, {"notice", r.Notice}, {"note", r.Note}} {
		if _, err := notice(f.text); err != nil {
			return err
		}
		if holds.In(f.text) {
			return dateline.Errorf(dateline.EInvalid, "the %s holds the words that are to go", f.path)
		}
	}
	if r.Replacement == nil {
		return nil
	}
	b, err := record.Encode(r.Replacement)
	if err != nil {
		return internal("the replacement cannot be read", err)
	}
	if holds.In(string(b)) || holds.In(allText(r.Replacement.Body)) {
		return dateline.Errorf(dateline.EInvalid, "the replacement holds the words that are to go")
	}
	return nil
}

// parsed is a body that was checked before.
func parsed(body []byte) markup.Node {
	doc, err := document(body)
	if err != nil {
		return markup.Node{}
	}
	return doc
}

// allText is everything that a body says, so that words are found also where a part of one is in italics.
func allText(body []byte) string {
	return strings.Join(markup.Paragraphs(parsed(body)), " ")
}

// redaction is one redaction under way.
type redaction struct {
	*turn
	a     *dateline.Article
	asked Redacting
	doc   markup.Node // of the replacement
	holds Words       // the words named and, of what goes, headlines and addresses that nothing else has

	editions []dateline.Edition
	bodies   map[int]*record.Edition // by number; those whose bodies are gone already are not there
	going    []dateline.Edition
	entries  []record.Entry // redirects and withdrawals
	addition []int64        // those of entries that go too
	pictures []dateline.ID  // that the going editions show
	known    []string       // hashes of addresses that a redaction before took away
	emptied  int64          // the saved content that took the place of a draft that held the words
	done     Redacted
}

// run does the whole of it inside the act's transaction.
func (w *redaction) run() error {
	for _, step := range []func() error{w.load, w.choose, w.widen, w.others, w.replace, w.takeDown, w.append, w.clear, w.finish} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// load reads what the record has of the article.
func (w *redaction) load() (err error) {
	if w.editions, err = w.ListEditions(w.a.ID); err != nil {
		return err
	}
	w.bodies = map[int]*record.Edition{}
	for _, e := range w.editions {
		entry, err := w.FindEntry(e.Sequence)
		if err != nil {
			return err
		}
		if !entry.HasBody() {
			continue
		}
		body, err := entry.Decode()
		if err != nil {
			return internal("an edition's entry cannot be read", err)
		}
		w.bodies[e.Number] = body.(*record.Edition)
	}
	w.entries, err = w.ListEntriesAbout(w.a.ID)
	return err
}

// choose finds the editions that lose their text.
func (w *redaction) choose() error {
	for _, n := range w.asked.Editions {
		if w.bodies[n] == nil {
			return dateline.Errorf(dateline.EInvalid, "the article has no edition %d with a text to remove", n)
		}
	}
	for _, e := range w.editions {
		body := w.bodies[e.Number]
		if body == nil {
			continue
		}
		holds, err := w.inEdition(body)
		if err != nil {
			return err
		}
		if named := slices.Contains(w.asked.Editions, e.Number); named || holds && len(w.asked.Editions) == 0 {
			w.going = append(w.going, e)
		}
	}
	if len(w.going) == 0 && w.asked.Replacement != nil {
		return dateline.Errorf(dateline.EInvalid, "no edition of the article holds the words, so there is nothing to replace")
	}
	return nil
}

func (w *redaction) inEdition(body *record.Edition) (bool, error) {
	b, err := record.Encode(body)
	if err != nil {
		return false, internal("an edition cannot be written", err)
	}
	return w.holds.In(string(b)) || w.holds.In(allText(body.Body)), nil
}

// widen adds to the words what only the going editions say of themselves: audit lines and receipts name headlines and
// addresses.
func (w *redaction) widen() error {
	kept := map[string]bool{}
	const telling = 8 // a shorter headline may stand anywhere
	if c := w.asked.Replacement; c != nil {
		kept[c.Headline] = true
	}
	going := func(n int) bool {
		return slices.ContainsFunc(w.going, func(e dateline.Edition) bool { return e.Number == n })
	}
	for n, body := range w.bodies {
		if !going(n) {
			kept[body.Headline] = true
		}
	}
	for _, e := range w.going {
		if h := w.bodies[e.Number].Headline; !kept[h] && len([]rune(h)) >= telling {
			w.holds = append(w.holds, NewWords(h)...)
		}
		for _, id := range w.bodies[e.Number].Pictures {
			w.pictures = addID(w.pictures, id)
		}
	}
	return nil
}

// others finds the redirects and withdrawals that hold the words.
func (w *redaction) others() error {
	for _, e := range w.entries {
		if e.HasBody() && NewWords(w.asked.Words...).In(string(e.Body)) {
			w.addition = append(w.addition, e.Sequence)
		}
	}
	if len(w.going)+len(w.addition) == 0 {
		return dateline.Errorf(dateline.EInvalid, "nothing that readers were given of this article holds the words")
	}
	return nil
}

// replace appends the edition that takes the place of the newest one that goes.
func (w *redaction) replace() error {
	c := w.asked.Replacement
	if c == nil {
		return nil
	}
	if w.a.Readers != dateline.Published {
		return dateline.Errorf(dateline.EState, "the article is withdrawn: restore it before an edition is replaced, or redact without a replacement")
	}
	if err := w.unlocked(w.a, w.now); err != nil {
		return err
	}
	if err := w.check(c, w.a.Kind, w.doc); err != nil {
		return err
	}
	e := w.going[len(w.going)-1]
	was := w.bodies[e.Number]
	if w.asked.Note != "" && e.Change.NeedsNote() {
		e.Note = w.asked.Note
	}
	if w.holds.In(e.Note) {
		return dateline.Errorf(dateline.EInvalid, "the public note of edition %d holds the words that are to go: give another one", e.Number)
	}
	if NewWords(w.asked.Words...).In(w.a.Address) {
		w.a.Address = "" // appendEdition finds another
	}
	before := *w.a
	w.a.Content = *c
	w.a.Saved++
	w.a.SavedAt, w.a.SavedBy, w.a.Words = w.now, w.actor.Name, markup.Words(w.doc)
	if err := w.keepContent(w.a, w.doc); err != nil {
		return err
	}
	e.Corrects = 0 // the replacement's paragraphs are others
	e.Version, e.Recorded, e.By = w.a.Saved, w.now, w.actor.Name
	refs := references(c, w.doc)
	if err := w.appendEdition(w.a, c, &e, refs, was.Related); err != nil {
		return err
	}
	w.done.Edition = &e
	if err := w.ReplaceEdition(e); err != nil {
		return err
	}
	if e.Number < before.Edition {
		return w.goOn(&before)
	}
	w.a.Draft = dateline.DraftNone
	return w.stand(w.a, refs.topics)
}

// goOn leaves readers and desk with what they had, after an older edition was replaced.
func (w *redaction) goOn(before *dateline.Article) error {
	w.a.Edition, w.a.First, w.a.Updated = before.Edition, before.First, before.Updated
	w.a.Content, w.a.SavedAt, w.a.SavedBy, w.a.Words = before.Content, before.SavedAt, before.SavedBy, before.Words
	w.a.Saved++
	return w.keepContent(w.a, parsed(w.a.Content.Body))
}

// live says whether the edition that readers have goes without another in its place.
func (w *redaction) live() bool {
	return w.a.Readers == dateline.Published && len(w.going) > 0 && w.going[len(w.going)-1].Number == w.a.Edition && w.asked.Replacement == nil
}

// takeDown withdraws the article where nothing of it is left to read.
func (w *redaction) takeDown() error {
	if !w.live() {
		return nil
	}
	if err := dateline.Can(w.actor, dateline.ActWithdrawLegal, w.a); err != nil {
		return err
	}
	res, err := w.withdraw(w.a, dateline.ActWithdrawLegal, Withdrawing{Kind: dateline.WithdrawnLegal, Notice: w.asked.Notice})
	w.done.Act = res.Act
	return err
}

// append writes the redaction: one entry for the edition that was replaced, one for all else.
func (w *redaction) append() error {
	gone := w.going
	if w.done.Edition != nil {
		last := len(gone) - 1
		if err := w.redact(gone[last:], nil, w.done.Edition.Sequence); err != nil {
			return err
		}
		gone = gone[:last]
	}
	if len(gone)+len(w.addition) == 0 {
		return nil
	}
	return w.redact(gone, w.addition, 0)
}

// redact removes bodies and appends the entry that says so.
func (w *redaction) redact(editions []dateline.Edition, others []int64, replacement int64) error {
	body := &record.Redaction{Reason: w.asked.Reason, Replacement: replacement, Entries: slices.Clone(others)}
	for _, e := range editions {
		body.Entries = append(body.Entries, e.Sequence)
		body.Editions = append(body.Editions, record.EditionMark{Number: e.Number, Change: e.Change, Public: record.FormatInstant(e.Public), Sequence: e.Sequence})
		w.done.Editions = append(w.done.Editions, e.Number)
	}
	if buried := w.buried(); len(buried) > 0 {
		body.Hashes = hashes(buried)
	}
	slices.Sort(body.Entries)
	for _, seq := range body.Entries {
		if err := w.RemoveBody(seq); err != nil {
			return err
		}
		w.done.Entries = append(w.done.Entries, seq)
	}
	seq, err := w.turn.append(w.a.ID, body)
	w.done.Sequence = seq
	if w.done.Act == "" {
		w.done.Act = record.KindRedaction
	}
	if err != nil {
		return err
	}
	return w.remember(seq, w.a.ID, body)
}

// buried are the article's addresses that hold the words: they lead nowhere from here on.
func (w *redaction) buried() (list []string) {
	holds := NewWords(w.asked.Words...)
	goes := func(address string) bool {
		return holds.In(address) || slices.Contains(w.known, record.AddressHash(address))
	}
	add := func(address string) {
		if address != w.a.Address && goes(address) && !slices.Contains(list, address) {
			list = append(list, address)
		}
	}
	for _, b := range w.bodies {
		add(b.Address)
	}
	for _, a := range w.a.Former {
		add(a)
	}
	if w.a.Readers == dateline.Withdrawn && goes(w.a.Address) {
		list = append(list, w.a.Address)
	}
	return list
}
