package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
)

// Publishing is what an editor says when something goes out.
type Publishing struct {
	Change dateline.Change // first where it is empty and the article was never published
	Note   string          // the public sentence, where the change carries one
	// Corrects is the block of the body that a correction or clarification is about, from 1; 0 for none.
	Corrects int
	Key      string // an idempotency key: the same request with it is answered with the first one's result
	// Unchecked publishes whatever the checks find, for commands at the machine itself; the result says what they found.
	Unchecked bool
}

// Publish makes an edition of what was saved last. A schedule is taken off. Besides the table's refusals it answers
// ELocked under an embargo or a hold, one that a check sets now among them, ECheck where what the chief has set to be
// checked is not met, EInvalid where the content is not complete, and EUnavailable while the machine's clock cannot be
// believed.
func (d *Desk) Publish(ctx context.Context, actor dateline.Actor, target Target, p Publishing) (res Result, err error) {
	request := digest("publish", target.ID, target.Version, p.Change, p.Note, p.Corrects)
	var links map[string]linkAnswer
	if !p.Unchecked {
		if links, err = d.before(ctx, actor, target, dateline.ActPublish); err != nil {
			return res, err
		}
	}
	err = d.once(ctx, actor, dateline.ActPublish, p.Key, request, &res, func(t *turn) error {
		a, err := t.article(target, dateline.ActPublish)
		if err != nil {
			return err
		}
		if err := t.cancelSchedule(a, dateline.Say("it was published before its hour")); err != nil {
			return err
		}
		var found []dateline.Finding
		res, err = t.publish(a, Version{Article: a.ID, Number: a.Saved, Content: a.Content}, said{p.Change, p.Note, p.Corrects}, func(change dateline.Change) (err error) {
			if found, err = t.unmet(a, change, links); err != nil || p.Unchecked {
				return err
			}
			return refuse(found)
		})
		res.Unmet = found
		return err
	})
	return res, err
}

// once runs an act that may name an idempotency key, which commits with it. A key whose act is done answers with its
// result; a key that named another request is EInvalid.
func (d *Desk) once(ctx context.Context, actor dateline.Actor, act dateline.Act, key, request string, res *Result, f func(*turn) error) error {
	if len(key) > 255 {
		return dateline.Errorf(dateline.EInvalid, "the idempotency key has %d bytes; 255 at most", len(key))
	}
	return d.do(ctx, actor, act, func(t *turn) error {
		if key == "" {
			return f(t)
		}
		k, err := t.FindKey(actor.Name, key)
		if err == nil {
			t.again = true
			return k.answer(request, res)
		}
		if !absent(err) {
			return err
		}
		if err := f(t); err != nil {
			return err
		}
		b, err := json.Marshal(res.bare())
		if err != nil {
			return internal("the answer could not be kept", err)
		}
		return t.InsertKey(Key{Actor: actor.Name, Key: key, Request: request, Result: b, At: t.now})
	})
}

// bare is a result without the article's words, as it is kept with its key.
func (r Result) bare() Result {
	if r.Article != nil {
		a := *r.Article
		a.Content = dateline.Content{}
		r.Article = &a
	}
	if r.Front != nil {
		f := *r.Front
		f.Content = dateline.FrontContent{}
		r.Front = &f
	}
	return r
}

func (k Key) answer(request string, res *Result) error {
	if err := k.answerInto(request, res); err != nil {
		return err
	}
	res.Repeated = true
	return nil
}

func (k Key) answerInto(request string, res any) error {
	if k.Request != request {
		return dateline.Errorf(dateline.EInvalid, "the idempotency key %.60q was used for another request; make a new one", k.Key)
	}
	if err := json.Unmarshal(k.Result, res); err != nil {
		return internal("the kept answer cannot be read", err)
	}
	return nil
}

func digest(parts ...any) string {
	h := sha256.New()
	// Encoding plain values cannot fail, and a digest's errors are never any.
	_ = json.NewEncoder(h).Encode(parts)
	return hex.EncodeToString(h.Sum(nil))
}

// said is what an editor says of an edition.
type said struct {
	change   dateline.Change
	note     string
	corrects int
}

// publish makes the next edition of an article out of a saved content, where checks does not refuse it.
func (t *turn) publish(a *dateline.Article, v Version, what said, checks func(dateline.Change) error) (Result, error) {
	if err := t.mayGoOut(a); err != nil {
		return Result{}, err
	}
	note, change := strings.TrimSpace(what.note), changeOf(a, what.change)
	if err := dateline.CheckChange(a.Edition+1, change, note); err != nil {
		return Result{}, err
	}
	doc, err := document(v.Content.Body)
	if err != nil {
		return Result{}, err
	}
	if err := dateline.CheckCorrects(change, what.corrects, len(doc.Content)); err != nil {
		return Result{}, err
	}
	if change == dateline.ChangeImported {
		return Result{}, dateline.Errorf(dateline.EInvalid, "only an import makes editions of the kind %q", change)
	}
	if err := v.Content.Complete(a.Kind); err != nil {
		return Result{}, err
	}
	if err := checks(change); err != nil {
		return Result{}, err
	}
	first, updated := dateline.Times(change, t.now, a.First, a.Updated)
	e := dateline.Edition{Article: a.ID, Number: a.Edition + 1, Change: change, Note: note, Corrects: what.corrects, Recorded: t.now, Public: t.now,
		First: first, Updated: updated, Version: v.Number, By: t.actor.Name}
	if err := t.issue(a, v.Content, &e); err != nil {
		return Result{}, err
	}
	a.Draft = dateline.DraftNone
	if a.Saved > v.Number {
		a.Draft = dateline.DraftOpen
	}
	if err := t.endPreviews(a, "it was published"); err != nil {
		return Result{}, err
	}
	if err := t.keep(a); err != nil {
		return Result{}, err
	}
	if err := t.note(dateline.ActPublish, a, e.Sequence, "edition %d, %s", e.Number, e.Change); err != nil {
		return Result{}, err
	}
	return Result{Sequence: e.Sequence, Act: record.KindEdition, Article: a, Edition: &e}, nil
}

// changeOf is the change that is meant: what an edition 1 is need not be said.
func changeOf(a *dateline.Article, named dateline.Change) dateline.Change {
	if named == "" && a.Edition == 0 {
		return dateline.ChangeFirst
	}
	return named
}

// mayGoOut asks what stops a publication besides the state: the clock, the locks, and that the article was private.
func (t *turn) mayGoOut(a *dateline.Article) error {
	if err := t.CheckClock(); err != nil {
		return err
	}
	if a.Private {
		return dateline.Errorf(dateline.EState, "the article was private or protected where it came from: it is never published; "+
			"copy its text into a new article if it may be")
	}
	return t.unlocked(a, t.now)
}

// issue appends the edition e of an article and what it makes public, and brings the article's public side up to it. The
// caller writes the article.
func (t *turn) issue(a *dateline.Article, c dateline.Content, e *dateline.Edition) error {
	doc, err := goingOut(&c)
	if err != nil {
		return err
	}
	refs := references(&c, doc)
	if err := refs.check(t); err != nil {
		return err
	}
	if err := t.mayShow(a.ID, true, t.now, refs.pictures); err != nil {
		return err
	}
	related, err := t.related(a.ID, refs.topics)
	if err != nil {
		return err
	}
	if err := t.appendEdition(a, &c, e, refs, related); err != nil {
		return err
	}
	if err := t.InsertEdition(*e); err != nil {
		return err
	}
	if err := t.UsePictures(a.ID, true, refs.pictures); err != nil {
		return err
	}
	return t.stand(a, slices.Concat(refs.topics, refs.stories))
}

// appendEdition gives an article its address, appends what the edition makes public and then the edition itself.
func (t *turn) appendEdition(a *dateline.Article, c *dateline.Content, e *dateline.Edition, refs refs, related []dateline.ID) (err error) {
	if err := c.Complete(a.Kind); err != nil {
		return err
	}
	if markup.Remarked(c.Body) {
		return internal("notes or suggestions would have gone out with the text; nothing was published", nil)
	}
	if a.Address == "" {
		if a.Address, err = t.address(a, c, e.First); err != nil {
			return err
		}
		// All its forms were just looked at.
		if err := t.ClaimAddress(a.Address, Owner{OwnerArticle, a.ID}); err != nil {
			return err
		}
	}
	if err := t.reveal(refs); err != nil {
		return err
	}
	body := editionBody(a, c, e, refs)
	body.Related = related
	if body.Translations, err = t.known(c.Translations); err != nil {
		return err
	}
	if body.Stories, err = t.knownStories(refs.stories); err != nil {
		return err
	}
	if e.Sequence, err = t.append(a.ID, body); err != nil {
		return err
	}
	a.Readers, a.Edition, a.First, a.Updated = dateline.Published, e.Number, e.First, e.Updated
	return nil
}

// known are those of some articles that readers know of. The record does not name the others: their ids would give away
// that somebody works on them, and since when.
func (t *turn) known(ids []dateline.ID) (list []dateline.ID, err error) {
	for _, id := range ids {
		a, err := t.FindArticle(id)
		if err != nil {
			return nil, err
		}
		if a.Readers != dateline.Unpublished {
			list = addID(list, id)
		}
	}
	return list, nil
}

// stand puts an article under its topics, for what is related to others, and into its running stories. Pages are related to
// nothing.
func (t *turn) stand(a *dateline.Article, topics []dateline.ID) error {
	if a.Kind == dateline.KindPage {
		return nil
	}
	return t.SetTopics(a.ID, a.First, topics)
}

func document(body json.RawMessage) (markup.Node, error) {
	if len(body) == 0 {
		return markup.Node{}, nil
	}
	doc, err := markup.ParseDraft(body)
	if err != nil {
		return doc, badBody(err)
	}
	return doc, nil
}

func editionBody(a *dateline.Article, c *dateline.Content, e *dateline.Edition, refs refs) *record.Edition {
	b := &record.Edition{Number: e.Number, Change: e.Change, Note: e.Note, Corrects: e.Corrects, Public: record.FormatInstant(e.Public),
		First: record.FormatInstant(e.First), Kind: a.Kind, Address: a.Address, Section: c.Section, Label: c.Label,
		Headline: c.Headline, Standfirst: c.Standfirst, Place: c.Dateline.Place, Agency: c.Dateline.Agency, Byline: c.Byline,
		Source: c.Source, Topics: refs.topics, Body: c.Body, Lead: c.Lead, Language: c.Language, SearchTitle: c.SearchHeadline,
		SocialTitle: c.SocialHeadline, Pictures: refs.pictures, Speakers: refs.speakers, Origin: a.Origin}
	if !e.Updated.Equal(e.First) {
		b.Updated = record.FormatInstant(e.Updated)
	}
	if c.Label == dateline.LabelNews {
		b.Label = ""
	}
	return b
}

// How many articles are related to one, and how many of each topic are looked at for them.
const (
	maxRelated    = 6
	relatedLooked = 24
)

// related chooses earlier articles that share topics: those that share most first, then the newest, then by id. The
// number of rows read is bounded whatever the archive holds.
func (t *turn) related(self dateline.ID, topics []dateline.ID) ([]dateline.ID, error) {
	type candidate struct {
		id     dateline.ID
		first  time.Time
		shared int
	}
	met := map[dateline.ID]*candidate{}
	for _, topic := range topics {
		uses, err := t.ListTopicUses(topic, t.now, relatedLooked)
		if err != nil {
			return nil, err
		}
		for _, u := range uses {
			if u.Article == self {
				continue
			}
			if met[u.Article] == nil {
				met[u.Article] = &candidate{id: u.Article, first: u.First}
			}
			met[u.Article].shared++
		}
	}
	list := make([]*candidate, 0, len(met))
	for _, c := range met {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(b.shared, a.shared), b.first.Compare(a.first), cmp.Compare(a.id, b.id))
	})
	var ids []dateline.ID
	for _, c := range list[:min(len(list), maxRelated)] {
		ids = append(ids, c.id)
	}
	return ids, nil
}
