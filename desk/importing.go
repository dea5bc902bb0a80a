package desk

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/text/unicode/norm"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
)

// Item is one article or page from elsewhere. Source and ExternalID name it for good: an item that is known is never
// imported again.
type Item struct {
	Source     string // where it comes from, such as the address of the old site
	ExternalID string // what it is called there
	Kind       dateline.Kind
	Publish    bool             // it was public there; otherwise it becomes a draft
	Content    dateline.Content // what the importer knows by id
	Section    Named            // in place of Content.Section; made where no section has its slug
	Topics     []Named          // after Content.Topics; made where no topic has the slug
	Persons    []Named          // after Content.Byline; made where no person has the slug
	First      time.Time        // first published there; needed where Publish is set
	Updated    time.Time        // dropped, and reported, where it lies before First or ahead
	Address    string           // kept as it was; made as for other articles where it is empty
	Former     []string         // further addresses, which redirect to it; queries are kept
	Proposed   time.Time        // an hour it was scheduled for there
	Private    bool             // it was private or protected there: a draft that is never published
}

// Named is a section, topic or person by its slug. Names need one in the publication's language.
type Named struct {
	Slug  string
	Names dateline.Names
	Kind  dateline.TopicKind // of a topic; subject where it is empty
}

// Outcome is what became of an item.
type Outcome string

// The outcomes.
const (
	OutcomePublished Outcome = "published"
	OutcomeDraft     Outcome = "draft"
	OutcomeUnchanged Outcome = "unchanged" // it was imported before
	OutcomeDiffers   Outcome = "differs"   // it was imported before and has changed there since; nothing was done
	OutcomeRefused   Outcome = "refused"   // Err says why
)

// Imported reports what became of one item.
type Imported struct {
	Source     string
	ExternalID string
	Article    dateline.ID // none where it was refused
	Address    string      // where it is published
	Outcome    Outcome
	Notes      []string // what was left out
	Err        error
}

// How long an import keeps the writer at once: all of it, the bounds of what of it goes to the items, before words are
// indexed and the batch is committed, and how many items are made ready for that.
const (
	batchTime  = 45 * time.Millisecond
	leastItems = 5 * time.Millisecond
	mostItems  = 30 * time.Millisecond
	batchItems = 128
	readyBytes = 8 << 20 // of bodies that were made ready and are not kept yet
)

// Import keeps items from elsewhere, in batches that let editors' saves go between; each item is kept whole or not at
// all, and each batch is signed once. A second run changes nothing. The report is called for every item once what it says
// is on disk. Where items yields an error, what came before it is kept and the error returned.
func (d *Desk) Import(ctx context.Context, actor dateline.Actor, items iter.Seq2[Item, error], report func(Imported)) error {
	if err := dateline.Can(actor, dateline.ActAdminister, nil); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ready := make(chan prepared, batchItems)
	failed := make(chan error, 1)
	im := &importer{desk: d, actor: actor, names: newNames(), share: mostItems / 2, room: semaphore.NewWeighted(readyBytes)}
	go func() {
		defer close(ready)
		failed <- im.prepare(ctx, items, ready)
	}()
	for open := true; open; {
		open = im.gather(ready)
		if err := im.batch(ctx, report); err != nil {
			cancel()
			for range ready { // the iterator is not left running
			}
			return err
		}
	}
	for len(im.queue) > 0 {
		if err := im.batch(ctx, report); err != nil {
			return err
		}
	}
	return <-failed
}

// prepared is an item with what can be done before the writer is asked for.
type prepared struct {
	Item
	doc    markup.Node
	text   string // of doc
	words  int    // of doc
	digest string
	err    error
	weight int64 // bytes of the body
	full   bool  // no item: what was sent before is to be kept now, because there is no room for more
}

func (im *importer) prepare(ctx context.Context, items iter.Seq2[Item, error], ready chan<- prepared) error {
	send := func(p prepared) error {
		select {
		case ready <- p:
			return nil
		case <-ctx.Done():
			return gaveUp(ctx)
		}
	}
	for item, err := range items {
		if err != nil {
			return err
		}
		p := prepared{Item: item, digest: digest(item)}
		if p.doc, p.err = clean(&p.Content); p.err == nil {
			p.doc, p.err = unremark(&p.Content, p.doc)
			p.text, p.words = text(p.doc), markup.Words(p.doc)
		}
		p.weight = min(int64(len(p.Content.Body)), readyBytes)
		if !im.room.TryAcquire(p.weight) {
			if err := send(prepared{full: true}); err != nil {
				return err
			}
			if err := im.room.Acquire(ctx, p.weight); err != nil {
				return gaveUp(ctx)
			}
		}
		if err := send(p); err != nil {
			return err
		}
	}
	return nil
}

func gaveUp(ctx context.Context) error {
	return &dateline.Error{Code: dateline.EUnavailable, Message: "the import was stopped; run it again to finish it", Cause: context.Cause(ctx)}
}

// importer is one import under way.
type importer struct {
	desk  *Desk
	actor dateline.Actor
	queue []prepared
	room  *semaphore.Weighted // for the bodies of what is ready, in bytes
	full  bool                // there is no more of it until the queue is kept
	names *names
	share time.Duration // of batchTime, for items: what index and commit leave, by the batch before
	// words are what the batch's articles are found by. They are indexed after its last item: the index writes itself
	// out at every savepoint, which each item is.
	words []indexed
}

type indexed struct {
	article dateline.ID
	text    string
}

// names are what an import has met, so that it is looked up once: the ids of slugs, and which of them are public. A nil
// *names has met nothing and remembers nothing.
type names struct {
	sections, topics, persons map[string]dateline.ID
	ids                       map[dateline.ID]bool           // whether it is public
	slugs                     map[dateline.ID]string         // of sections
	called                    map[dateline.ID]dateline.Names // of persons
}

func newNames() *names {
	return &names{map[string]dateline.ID{}, map[string]dateline.ID{}, map[string]dateline.ID{}, map[dateline.ID]bool{},
		map[dateline.ID]string{}, map[dateline.ID]dateline.Names{}}
}

func (n *names) has(id dateline.ID) bool {
	if n == nil {
		return false
	}
	_, ok := n.ids[id]
	return ok
}

func (n *names) isPublic(id dateline.ID) bool { return n != nil && n.ids[id] }

func (n *names) makePublic(id dateline.ID) {
	if n != nil {
		n.ids[id] = true
	}
}

// gather waits until a batch is ready, and says whether more will come.
func (im *importer) gather(ready <-chan prepared) bool {
	im.full = im.full && len(im.queue) > 0
	for len(im.queue) < batchItems && !im.full {
		p, ok := <-ready
		if !ok {
			return false
		}
		if im.full = p.full; im.full {
			break
		}
		im.queue = append(im.queue, p)
	}
	return true
}

// batch keeps as many items of the queue as the writer's time allows, at least one.
func (im *importer) batch(ctx context.Context, report func(Imported)) error {
	if len(im.queue) == 0 {
		return nil
	}
	var done []Imported
	var begin time.Time
	var items time.Duration
	err := im.desk.update(ctx, im.actor, func(t *turn) error {
		if err := t.CheckClock(); err != nil {
			return err
		}
		done, im.words = done[:0], im.words[:0]
		t.met = im.names
		counts := map[Outcome]int{}
		for begin = time.Now(); len(done) < len(im.queue) && (len(done) == 0 || items < im.share); items = time.Since(begin) {
			r, err := im.one(t, im.queue[len(done)])
			if err != nil {
				return err
			}
			done = append(done, r)
			counts[r.Outcome]++
		}
		for _, w := range im.words {
			if err := t.IndexArticle(w.article, w.text); err != nil {
				return err
			}
		}
		if len(im.words) == 0 {
			return nil
		}
		return t.note(dateline.ActAdminister, nil, t.head, "imported from %s: %d published, %d drafts, %d refused",
			im.queue[0].Source, counts[OutcomePublished], counts[OutcomeDraft], counts[OutcomeRefused])
	})
	if err != nil {
		return err
	}
	im.fit(items, time.Since(begin))
	for _, p := range im.queue[:len(done)] {
		im.room.Release(p.weight)
	}
	im.queue = slices.Delete(im.queue, 0, len(done))
	for _, r := range done {
		report(r)
	}
	return nil
}

// fit brings the share of items to what the last batch says of it, half way each time.
func (im *importer) fit(items, all time.Duration) {
	if all <= 0 {
		return
	}
	fitting := time.Duration(float64(batchTime) * float64(items) / float64(all))
	im.share = min(max((im.share+fitting)/2, leastItems), mostItems)
}

// one keeps an item, or says why not; an error is the machine's and ends the import.
func (im *importer) one(t *turn, p prepared) (Imported, error) {
	r := Imported{Source: p.Source, ExternalID: p.ExternalID}
	known, err := t.FindImport(p.Source, p.ExternalID)
	if err == nil {
		r.Article, r.Outcome = known.Article, OutcomeUnchanged
		if known.Digest != p.digest {
			r.Outcome = OutcomeDiffers
		}
		return r, nil
	}
	if !absent(err) {
		return r, err
	}
	words := len(im.words)
	refused := t.nested(func() error { return im.keep(t, p, &r) })
	if refused != nil {
		im.words = im.words[:words]
	}
	switch dateline.ErrorCode(refused) {
	case "":
		return r, nil
	case dateline.EInternal, dateline.EUnavailable:
		return r, refused
	}
	im.names = newNames() // what the item made is undone
	t.met = im.names
	return Imported{Source: p.Source, ExternalID: p.ExternalID, Outcome: OutcomeRefused, Err: refused}, nil
}

func (im *importer) keep(t *turn, p prepared, r *Imported) error {
	if p.err != nil {
		return p.err
	}
	if err := im.check(t, &p, r); err != nil {
		return err
	}
	if err := im.resolve(t, &p); err != nil {
		return err
	}
	id, err := t.newID()
	if err != nil {
		return err
	}
	a := &dateline.Article{ID: id, Kind: p.Kind, Version: 1, Saved: 1, Readers: dateline.Unpublished, Draft: dateline.DraftOpen, Content: p.Content,
		Private: p.Private, Words: p.words, Created: t.now, SavedAt: t.now, SavedBy: t.actor.Name, Author: t.actor.Name}
	if !p.Proposed.IsZero() {
		hour := p.Proposed.UTC()
		a.Proposed = &hour
	}
	if err := t.check(&a.Content, a.Kind, p.doc); err != nil {
		return err
	}
	r.Article, r.Outcome = a.ID, OutcomeDraft
	if p.Publish {
		err = im.publish(t, &p, a, r)
	} else if err = t.InsertArticle(a); err == nil {
		err = t.insertContent(a, p.doc)
	}
	if err != nil {
		return err
	}
	words, err := t.words(&a.Content, p.text)
	if err != nil {
		return err
	}
	im.words = append(im.words, indexed{a.ID, words})
	return t.InsertImport(Import{Source: p.Source, External: p.ExternalID, Article: a.ID, Digest: p.digest})
}

// check asks what an item says of itself, and drops what cannot be so.
func (im *importer) check(t *turn, p *prepared, r *Imported) error {
	switch {
	case p.Source == "" || p.ExternalID == "" || len(p.Source) > 500 || len(p.ExternalID) > 500:
		return dateline.Errorf(dateline.EInvalid, "an item names where it comes from and what it is called there")
	case p.Kind != dateline.KindArticle && p.Kind != dateline.KindPage:
		return dateline.Errorf(dateline.EInvalid, "%.40q is no kind; use article or page", string(p.Kind))
	case p.Publish && p.Private:
		return dateline.Errorf(dateline.EInvalid, "what was private is never published")
	case p.Publish && p.First.IsZero():
		return dateline.Errorf(dateline.EInvalid, "it has no time of publication")
	case p.Publish && p.First.After(t.now):
		return dateline.Errorf(dateline.EInvalid, "it was to be published at %s, which is to come", p.First.UTC().Format(time.RFC3339))
	}
	p.First, p.Updated = p.First.UTC().Truncate(time.Microsecond), p.Updated.UTC().Truncate(time.Microsecond)
	if p.Updated.IsZero() || p.Updated.Equal(p.First) {
		p.Updated = p.First
		return nil
	}
	if p.Updated.Before(p.First) || p.Updated.After(t.now) {
		r.Notes = append(r.Notes, "updated "+p.Updated.Format(time.RFC3339)+" lies before publication or ahead and was dropped")
		p.Updated = p.First
	}
	return nil
}

// publish makes the one edition of an imported article and its redirects.
func (im *importer) publish(t *turn, p *prepared, a *dateline.Article, r *Imported) error {
	if err := im.addresses(t, p, a, r); err != nil {
		return err
	}
	e := dateline.Edition{Article: a.ID, Number: 1, Change: dateline.ChangeImported, Recorded: t.now, Public: p.First, First: p.First,
		Updated: p.Updated, Version: 1, By: t.actor.Name}
	refs := references(&a.Content, p.doc)
	if err := t.appendEdition(a, &a.Content, &e, refs, nil); err != nil {
		return err
	}
	a.Draft = dateline.DraftNone
	if err := t.InsertArticle(a); err != nil {
		return err
	}
	if err := t.insertContent(a, p.doc); err != nil {
		return err
	}
	if err := t.InsertEdition(e); err != nil {
		return err
	}
	if err := t.UsePictures(a.ID, true, refs.pictures); err != nil {
		return err
	}
	for _, from := range a.Former {
		if _, err := t.append(a.ID, &record.Redirect{From: from}); err != nil {
			return err
		}
	}
	r.Outcome, r.Address = OutcomePublished, a.Address
	return t.stand(a, slices.Concat(refs.topics, refs.stories))
}

// addresses takes an item's own addresses for its article. One that is not free is left out and reported; without the
// first the article gets an address as others do. What was withdrawn here does not come back.
func (im *importer) addresses(t *turn, p *prepared, a *dateline.Article, r *Imported) error {
	owner := Owner{OwnerArticle, a.ID}
	for _, address := range append([]string{p.Address}, p.Former...) {
		if address != "" && t.desk.tombstones.Down(address) {
			return dateline.Errorf(dateline.EState, "the article at %s was withdrawn here; restore that one instead", address)
		}
	}
	if p.Address != "" {
		err := checkFree(p.Address)
		if err == nil {
			err = t.claim(p.Address, owner)
		}
		switch dateline.ErrorCode(err) {
		case "":
			a.Address = p.Address
		case dateline.EInvalid, dateline.EConflict:
			r.Notes = append(r.Notes, "the address "+p.Address+" was not kept: "+err.Error())
		default:
			return err
		}
	}
	for _, from := range p.Former {
		err := checkFree(from)
		if from == a.Address || slices.Contains(a.Former, from) {
			continue
		}
		if err == nil {
			err = t.claim(from, owner)
		}
		switch dateline.ErrorCode(err) {
		case "":
			a.Former = append(a.Former, from)
		case dateline.EInvalid, dateline.EConflict:
			r.Notes = append(r.Notes, "the old address "+from+" was left out: "+err.Error())
		default:
			return err
		}
	}
	return nil
}

// resolve turns the item's names into ids.
func (im *importer) resolve(t *turn, p *prepared) (err error) {
	c := &p.Content
	if p.Section.Slug != "" {
		c.Section, err = lookup(t, sectionThing(), im.names.sections, p.Section.Slug, func() dateline.Section {
			return dateline.Section{Slug: p.Section.Slug, Names: p.Section.Names}
		})
		if err != nil {
			return err
		}
	}
	for _, n := range p.Topics {
		id, err := lookup(t, topicThing(), im.names.topics, n.Slug, func() dateline.Topic {
			return dateline.Topic{Slug: n.Slug, Kind: n.topicKind(), Names: n.Names}
		})
		if err != nil {
			return err
		}
		c.Topics = addID(c.Topics, id)
	}
	for _, n := range p.Persons {
		id, err := lookup(t, personThing(), im.names.persons, n.Slug, func() dateline.Person {
			return dateline.Person{Slug: n.Slug, Names: n.Names}
		})
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(c.Byline, func(b dateline.Credit) bool { return b.Person == id }) {
			c.Byline = append(c.Byline, dateline.Credit{Person: id})
		}
	}
	return c.Validate()
}

func (n Named) topicKind() dateline.TopicKind {
	if n.Kind == "" {
		return dateline.TopicSubject
	}
	return n.Kind
}

// lookup finds a thing by its slug or makes it.
func lookup[T any](t *turn, k thing[T], met map[string]dateline.ID, slug string, make func() T) (dateline.ID, error) {
	slug = norm.NFC.String(strings.ToLower(slug))
	if id, ok := met[slug]; ok {
		return id, nil
	}
	v, err := k.of(t).FindBySlug(slug)
	if absent(err) {
		made := make()
		v, err = &made, k.create(t, &made)
	}
	if err != nil {
		return "", err
	}
	id := *k.id(v)
	met[slug] = id
	if !t.met.ids[id] {
		t.met.ids[id] = false // met, and not public
	}
	return id, nil
}
