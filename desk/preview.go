package desk

import (
	"context"
	"encoding/base64"
	"io"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// How long a link to a draft may last, and how long a draft is shown to whoever opened one before the button is to be
// pressed again.
const (
	MaxPreview   = 14 * 24 * time.Hour
	PreviewVisit = 30 * time.Minute
)

// Preview is a private link by which an article's draft, as it is saved at that moment, is seen without an account. Its
// secret is kept nowhere.
type Preview struct {
	ID      dateline.ID `json:"id"`
	Article dateline.ID `json:"article"`
	By      string      `json:"by"`
	Created time.Time   `json:"created"`
	Expires time.Time   `json:"expires"`
	Ended   time.Time   `json:"ended,omitzero"` // before it expired
	Why     string      `json:"why,omitempty"`  // what ended it
	Opened  int         `json:"opened"`         // how often
	Last    time.Time   `json:"last,omitzero"`  // when it was opened last
}

// MakerLeft is why a link ended whose maker's account has ended.
const MakerLeft = "the account of whoever made it has ended"

// Stands says whether a link still leads to its draft at an instant.
func (p Preview) Stands(at time.Time) bool { return p.Ended.IsZero() && at.Before(p.Expires) }

// Previews keeps the links to drafts.
type Previews interface {
	// InsertPreview keeps a link under the SHA-256 of its secret.
	InsertPreview(p Preview, hash []byte) error
	// UpdatePreview puts a link in place of the one with its id; ENotFound.
	UpdatePreview(p Preview) error
	// FindPreview returns a link by the SHA-256 of its secret; ENotFound.
	FindPreview(hash []byte) (Preview, error)
	// ListPreviews lists an article's links, newest first.
	ListPreviews(article dateline.ID) ([]Preview, error)
	// EndPreviewsBy ends the links that somebody made and that still stand at an instant, and says how many.
	EndPreviewsBy(by string, at time.Time, why string) (n int64, err error)
	// RenamePreviews puts a person's new name in place of the old one on the links that they made.
	RenamePreviews(from, to string) error
	// InsertVisit keeps that a link was opened, under the SHA-256 of the visit's secret, until an instant.
	InsertVisit(preview dateline.ID, hash []byte, until time.Time) error
	// FindVisit returns the link that a visit opened, by the SHA-256 of its secret, and until when it lasts; ENotFound.
	FindVisit(hash []byte) (preview dateline.ID, until time.Time, err error)
	// DeleteOldVisits forgets the visits that ended before an instant.
	DeleteOldVisits(before time.Time) error
}

// WouldBe is the edition that an article's draft would become, with what readers do not know of yet and would learn of with it.
type WouldBe struct {
	Article  dateline.ID
	At       time.Time // when it would go out
	Edition  *record.Edition
	Persons  map[dateline.ID]*record.Person
	Topics   map[dateline.ID]*record.Topic
	Pictures map[dateline.ID]*record.Picture // every one that it shows, known or not
}

// CreatePreview makes a link to an article's draft and gives its secret, which is shown this once. The article is not
// changed by it.
func (d *Desk) CreatePreview(ctx context.Context, actor dateline.Actor, target Target, lasts time.Duration) (p Preview, secret string, err error) {
	if lasts < time.Hour || lasts > MaxPreview {
		return p, "", dateline.Errorf(dateline.EInvalid, "a preview link lasts from one hour to %d days", MaxPreview/(24*time.Hour))
	}
	if secret, err = d.previewSecret(); err != nil {
		return p, "", err
	}
	err = d.do(ctx, actor, dateline.ActPreview, func(t *turn) error {
		a, err := t.article(target, dateline.ActPreview)
		if err != nil {
			return err
		}
		if a.Private {
			return dateline.Errorf(dateline.EState, "the article was private or protected where it came from: it is shown to nobody outside the newsroom")
		}
		p = Preview{Article: a.ID, By: t.actor.Name, Created: t.now, Expires: t.now.Add(lasts).Truncate(time.Second)}
		if p.ID, err = t.newID(); err != nil {
			return err
		}
		if err := t.InsertPreview(p, hashSecret(secret)); err != nil {
			return err
		}
		return t.note(dateline.ActPreview, a, 0, "made a link until %s", p.Expires.Format(time.RFC3339))
	})
	return p, secret, err
}

func (d *Desk) previewSecret() (string, error) {
	random := make([]byte, 32)
	if _, err := io.ReadFull(d.random, random); err != nil {
		return "", internal("no secret could be made", err)
	}
	return base64.RawURLEncoding.EncodeToString(random), nil
}

// ListPreviews lists the links to an article's draft, newest first, those that ended too.
func (d *Desk) ListPreviews(ctx context.Context, actor dateline.Actor, id dateline.ID) (list []Preview, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		if _, err := tx.FindArticle(id); err != nil {
			return err
		}
		list, err = tx.ListPreviews(id)
		return err
	})
	return list, err
}

// RevokePreview ends a link at once. One that has ended already stays as it ended.
func (d *Desk) RevokePreview(ctx context.Context, actor dateline.Actor, article, id dateline.ID) (p Preview, err error) {
	err = d.do(ctx, actor, dateline.ActPreview, func(t *turn) error {
		a, err := t.FindArticle(article)
		if err != nil {
			return err
		}
		if err := dateline.Can(t.actor, dateline.ActPreview, a); err != nil {
			return err
		}
		list, err := t.ListPreviews(article)
		if err != nil {
			return err
		}
		for _, p = range list {
			if p.ID != id {
				continue
			}
			if !p.Stands(t.now) {
				return nil
			}
			p.Ended, p.Why = t.now, "revoked by "+t.actor.Name
			if err := t.UpdatePreview(p); err != nil {
				return err
			}
			return t.note(dateline.ActPreview, a, 0, "revoked the link that %s made", p.By)
		}
		return dateline.Errorf(dateline.ENotFound, "the article has no such preview link")
	})
	return p, err
}

// endPreviews ends the links to an article's draft that still stand.
func (t *turn) endPreviews(a *dateline.Article, why string) error {
	list, err := t.ListPreviews(a.ID)
	if err != nil {
		return err
	}
	for _, p := range list {
		if !p.Stands(t.now) {
			continue
		}
		p.Ended, p.Why = t.now, why
		if err := t.UpdatePreview(p); err != nil {
			return err
		}
	}
	return nil
}

// errNoPreview is the one answer for links that are unknown, expired, revoked or ended.
func errNoPreview() error {
	return dateline.Errorf(dateline.ENotFound, "there is no preview here: ask whoever sent you the link for a new one")
}

// visitor is whoever opens a link, as the audit names them.
const visitor = "preview link"

// OpenPreview opens a link: it is counted and stands in the audit. What it gives is the secret of this visit, which shows
// the draft until an instant. ENotFound, the same for every link that does not stand.
func (d *Desk) OpenPreview(ctx context.Context, secret string) (visit string, until time.Time, err error) {
	if visit, err = d.previewSecret(); err != nil {
		return "", until, err
	}
	if len(secret) > 100 {
		return "", until, errNoPreview()
	}
	err = d.update(ctx, dateline.Actor{Name: visitor}, func(t *turn) error {
		p, err := t.standing(secret)
		if err != nil {
			return err
		}
		until = p.Expires
		if soon := t.now.Add(PreviewVisit); soon.Before(until) {
			until = soon
		}
		p.Opened, p.Last = p.Opened+1, t.now
		if err := t.UpdatePreview(p); err != nil {
			return err
		}
		if err := t.DeleteOldVisits(t.now); err != nil {
			return err
		}
		if err := t.InsertVisit(p.ID, hashSecret(visit), until); err != nil {
			return err
		}
		return t.note(dateline.ActPreview, &dateline.Article{ID: p.Article}, 0, "opened the link that %s made", p.By)
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return visit, until, nil
}

// standing finds a link that still leads to its draft.
func (t *turn) standing(secret string) (Preview, error) {
	p, err := t.FindPreview(hashSecret(secret))
	if absent(err) || err == nil && !p.Stands(t.now) {
		return Preview{}, errNoPreview()
	}
	return p, err
}

// VisitPreview gives what a link's draft would become to whoever opened it; ENotFound where the visit is over, is another
// link's, or the link does not stand any more.
func (d *Desk) VisitPreview(ctx context.Context, secret, visit string) (w *WouldBe, err error) {
	if len(secret) > 100 || len(visit) > 100 {
		return nil, errNoPreview()
	}
	err = d.look(ctx, dateline.Actor{Name: visitor}, func(t *turn) error {
		p, err := t.standing(secret)
		if err != nil {
			return err
		}
		id, until, err := t.FindVisit(hashSecret(visit))
		if absent(err) || err == nil && (id != p.ID || !t.now.Before(until)) {
			return errNoPreview()
		}
		if err != nil {
			return err
		}
		w, err = t.wouldBe(p.Article)
		return err
	})
	return w, err
}

// WouldBe gives what an article's draft would become if it went out now, or when it is scheduled.
func (d *Desk) WouldBe(ctx context.Context, actor dateline.Actor, id dateline.ID) (w *WouldBe, err error) {
	if err := dateline.Can(actor, dateline.ActRead, nil); err != nil {
		return nil, err
	}
	err = d.look(ctx, actor, func(t *turn) error {
		w, err = t.wouldBe(id)
		return err
	})
	return w, err
}

// look runs f over one unchanging state of the desk as a turn that can write nothing.
func (d *Desk) look(ctx context.Context, actor dateline.Actor, f func(*turn) error) error {
	return d.store.View(ctx, func(tx Tx) (err error) {
		t := &turn{Tx: tx, desk: d, actor: actor}
		if t.now, err = tx.Now(); err != nil {
			return err
		}
		return f(t)
	})
}

// wouldBe makes the edition that what is saved of an article would become. Nothing is reserved or kept.
func (t *turn) wouldBe(id dateline.ID) (*WouldBe, error) {
	a, err := t.FindArticle(id)
	if err != nil {
		return nil, err
	}
	c := a.Content
	doc, err := goingOut(&c)
	if err != nil {
		return nil, err
	}
	refs := references(&c, doc)
	e := t.wouldBeEdition(a)
	if a.Address == "" {
		// A draft that cannot have an address yet, because it has no section, is shown without one.
		if a.Address, err = t.address(a, &c, e.First); err != nil && dateline.ErrorCode(err) == dateline.EInternal {
			return nil, err
		}
	}
	w := &WouldBe{Article: a.ID, At: e.Public, Edition: editionBody(a, &c, e, refs)}
	if w.Edition.Related, err = t.related(a.ID, refs.topics); err != nil {
		return nil, err
	}
	if w.Edition.Translations, err = t.known(c.Translations); err != nil {
		return nil, err
	}
	return w, t.wouldReveal(w, refs)
}

// wouldBeEdition is the edition's number, kind and times: those of the schedule where what is saved is what it names, and
// else as if it went out now. A change of a live article is taken for a minor one until somebody says what it is.
func (t *turn) wouldBeEdition(a *dateline.Article) *dateline.Edition {
	e := &dateline.Edition{Article: a.ID, Number: a.Edition + 1, Change: dateline.ChangeMinor, Public: t.now}
	if a.Edition == 0 {
		e.Change = dateline.ChangeFirst
	}
	if s := a.Schedule; s != nil && s.Version == a.Saved {
		e.Change, e.Note, e.Public = changeOf(a, s.Change), s.Note, s.Due
	}
	e.First, e.Updated = dateline.Times(e.Change, e.Public, a.First, a.Updated)
	return e
}

// wouldReveal names the persons, topics and pictures that readers do not know of yet. What is not there any more is left
// out, as it would be on the page.
func (t *turn) wouldReveal(w *WouldBe, r refs) error {
	w.Persons, w.Topics, w.Pictures = map[dateline.ID]*record.Person{}, map[dateline.ID]*record.Topic{}, map[dateline.ID]*record.Picture{}
	persons := append(append([]dateline.ID{}, r.byline...), r.speakers...)
	for _, id := range r.topics {
		v, err := t.Topics().Find(id)
		if absent(err) {
			continue
		}
		if err != nil {
			return err
		}
		persons = addID(persons, v.Person)
		if !v.Public {
			w.Topics[id] = topicBody(v)
		}
	}
	for _, id := range persons {
		v, err := t.Persons().Find(id)
		if err == nil && !v.Public {
			w.Persons[id] = personBody(v)
		} else if err != nil && !absent(err) {
			return err
		}
	}
	for _, id := range r.pictures {
		v, err := t.Pictures().Find(id)
		if err == nil {
			w.Pictures[id] = pictureBody(v)
		} else if !absent(err) {
			return err
		}
	}
	return nil
}
