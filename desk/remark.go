package desk

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
)

// maxRemarks bounds the notes of an article, and the suggestions that one save brings.
const maxRemarks = 1000

// RemarkList is what there is of both in an article, each with the oldest first. Whether a suggestion
// is open is for the draft to say: its words stand there.
type RemarkList struct {
	Notes       []dateline.Note       `json:"notes"`
	Suggestions []dateline.Suggestion `json:"suggestions"`
}

// ListRemarks lists an article's notes and suggestions; ENotFound.
func (d *Desk) ListRemarks(ctx context.Context, actor dateline.Actor, id dateline.ID) (r RemarkList, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		if _, err := tx.FindArticle(id); err != nil {
			return err
		}
		if r.Notes, err = tx.ListNotes(id); err != nil {
			return err
		}
		r.Suggestions, err = tx.ListSuggestions(id)
		return err
	})
	return r, err
}

// Note makes a note about an article. The words that it is about get its id with the next save.
func (d *Desk) Note(ctx context.Context, actor dateline.Actor, article dateline.ID, words string) (n *dateline.Note, err error) {
	words = strings.TrimSpace(words)
	if err := dateline.CheckRemark(words); err != nil {
		return nil, err
	}
	err = d.do(ctx, actor, dateline.ActNote, func(t *turn) error {
		a, err := t.remarkable(article, dateline.ActNote)
		if err != nil {
			return err
		}
		notes, err := t.ListNotes(article)
		if err != nil {
			return err
		}
		if len(notes) >= maxRemarks {
			return dateline.Errorf(dateline.EInvalid, "the article has %d notes, and no more are kept; go on in a new article", len(notes))
		}
		n = &dateline.Note{Article: article, By: t.actor.Name, At: t.now, Words: words}
		if n.ID, err = t.newID(); err != nil {
			return err
		}
		if err := t.InsertNote(n); err != nil {
			return err
		}
		return t.note(dateline.ActNote, a, 0, "")
	})
	return n, err
}

// Answer adds what somebody says to a note.
func (d *Desk) Answer(ctx context.Context, actor dateline.Actor, note dateline.ID, words string) (*dateline.Note, error) {
	words = strings.TrimSpace(words)
	if err := dateline.CheckRemark(words); err != nil {
		return nil, err
	}
	return d.onNote(ctx, actor, note, dateline.ActAnswer, func(t *turn, n *dateline.Note) error {
		if len(n.Answers) >= maxRemarks {
			return dateline.Errorf(dateline.EInvalid, "the note has %d answers, and no more are kept; make another", len(n.Answers))
		}
		n.Answers = append(n.Answers, dateline.Answer{By: t.actor.Name, At: t.now, Words: words})
		return nil
	})
}

// Done marks a note as done, or opens it again.
func (d *Desk) Done(ctx context.Context, actor dateline.Actor, note dateline.ID, done bool) (*dateline.Note, error) {
	return d.onNote(ctx, actor, note, dateline.ActDone, func(t *turn, n *dateline.Note) error {
		if (n.Done != nil) == done {
			return nil
		}
		n.Done = nil
		if done {
			n.Done = &dateline.Decision{By: t.actor.Name, At: t.now}
		}
		return nil
	})
}

func (d *Desk) onNote(ctx context.Context, actor dateline.Actor, note dateline.ID, act dateline.Act, f func(*turn, *dateline.Note) error) (n *dateline.Note, err error) {
	err = d.do(ctx, actor, act, func(t *turn) error {
		if n, err = t.FindNote(note); err != nil {
			return err
		}
		a, err := t.remarkable(n.Article, act)
		if err != nil {
			return err
		}
		if err := f(t, n); err != nil {
			return err
		}
		if err := t.UpdateNote(n); err != nil {
			return err
		}
		var detail dateline.Sentence
		if act == dateline.ActDone && n.Done == nil {
			detail = dateline.Say("opened again")
		}
		return t.note(act, a, 0, "%s", detail)
	})
	return n, err
}

// remarkable loads an article for a remark, which does not depend on its version.
func (t *turn) remarkable(id dateline.ID, act dateline.Act) (*dateline.Article, error) {
	a, err := t.FindArticle(id)
	if err != nil {
		return nil, err
	}
	return a, dateline.Can(t.actor, act, a)
}

// Suggest saves a draft that differs from what was saved last by the actor's own notes and suggestions only. So whoever may not
// save the words of others, because they were submitted, may still suggest. Anything else is EForbidden; versions are asked as
// Save asks them.
func (d *Desk) Suggest(ctx context.Context, actor dateline.Actor, target Target, c dateline.Content) (a *dateline.Article, err error) {
	doc, err := clean(&c)
	if err != nil {
		return nil, err
	}
	err = d.together(ctx, actor, dateline.ActSuggest, func(t *turn) error {
		if a, err = t.article(target, dateline.ActSuggest); err != nil {
			return err
		}
		if err := t.check(&c, a.Kind, doc); err != nil {
			return err
		}
		if err := t.onlySuggests(a, &c, doc); err != nil {
			return err
		}
		a.Content = c
		return t.save(a, doc, dateline.ActSave)
	})
	return a, withYours(err, &c)
}

// onlySuggests refuses content in which more than the actor's own remarks differs from an article's.
func (t *turn) onlySuggests(a *dateline.Article, c *dateline.Content, doc markup.Node) error {
	was, err := document(a.Content.Body)
	if err != nil {
		return err
	}
	kept, err := t.others(a.ID)
	if err != nil {
		return err
	}
	foreign := func(id string) bool { return !kept[id] }
	rest, of := a.Content, *c
	rest.Body, of.Body = nil, nil
	if !reflect.DeepEqual(rest, of) || !reflect.DeepEqual(markup.Without(was, foreign), markup.Without(doc, foreign)) {
		return dateline.Errorf(dateline.EForbidden, "more than your own notes and suggestions differs from the text: suggest the change, or ask an editor to return the draft")
	}
	return nil
}

// others are the ids of all remarks of an article that somebody else made.
func (t *turn) others(article dateline.ID) (map[string]bool, error) {
	notes, err := t.ListNotes(article)
	if err != nil {
		return nil, err
	}
	suggestions, err := t.ListSuggestions(article)
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	for _, n := range notes {
		ids[string(n.ID)] = n.By != t.actor.Name
	}
	for _, s := range suggestions {
		ids[s.ID] = s.By != t.actor.Name
	}
	return ids, nil
}

// meet keeps who made the suggestions that a draft holds and that are new, and opens those again that had been decided.
func (t *turn) meet(a *dateline.Article, doc markup.Node) error {
	ids := markup.Suggestions(doc)
	if len(ids) == 0 {
		return nil
	}
	if len(ids) > maxRemarks {
		return dateline.Errorf(dateline.EInvalid, "the draft holds %d suggestions; %d at most: take or leave some first", len(ids), maxRemarks)
	}
	known, err := t.ListSuggestions(a.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		s := dateline.Suggestion{ID: id, Article: a.ID, By: t.actor.Name, At: t.now}
		i := slices.IndexFunc(known, func(k dateline.Suggestion) bool { return k.ID == id })
		if i >= 0 && known[i].Taken == nil && known[i].Left == nil {
			continue
		}
		if i >= 0 {
			s.By, s.At = known[i].By, known[i].At
		}
		if err := t.SaveSuggestion(&s); err != nil {
			return err
		}
		if err := t.note(dateline.ActSuggest, a, 0, ""); err != nil {
			return err
		}
	}
	return nil
}

// Decide takes a suggestion, or leaves it, and saves what comes of it; ENotFound where the draft does not hold it.
func (d *Desk) Decide(ctx context.Context, actor dateline.Actor, target Target, suggestion string, take bool) (a *dateline.Article, err error) {
	act, decide := dateline.ActLeave, markup.Leave
	if take {
		act, decide = dateline.ActTake, markup.Take
	}
	err = d.do(ctx, actor, act, func(t *turn) error {
		if a, err = t.article(target, act); err != nil {
			return err
		}
		doc, err := document(a.Content.Body)
		if err != nil {
			return err
		}
		if !slices.Contains(markup.Suggestions(doc), suggestion) {
			return dateline.Errorf(dateline.ENotFound, "the draft holds no suggestion %.60q: it was taken or left already", suggestion)
		}
		doc = decide(doc, suggestion)
		if a.Content.Body, err = doc.DraftJSON(); err != nil {
			return badBody(err)
		}
		if err := t.decided(a, suggestion, take); err != nil {
			return err
		}
		return t.save(a, doc, act)
	})
	return a, err
}

func (t *turn) decided(a *dateline.Article, suggestion string, take bool) error {
	known, err := t.ListSuggestions(a.ID)
	if err != nil {
		return err
	}
	for i := range known {
		s := &known[i]
		if s.ID != suggestion {
			continue
		}
		by := &dateline.Decision{By: t.actor.Name, At: t.now}
		if s.Left = by; take {
			s.Taken, s.Left = by, nil
		}
		return t.SaveSuggestion(s)
	}
	return internal("the draft holds a suggestion that nobody made", nil)
}

// publishable is what of a draft may go out.
func publishable(draft markup.Node) markup.Node {
	if len(markup.Suggestions(draft)) == 0 && len(markup.Notes(draft)) == 0 {
		return draft
	}
	return markup.Publishable(draft)
}

// unremark takes notes and suggestions out of content whose body is a document.
func unremark(c *dateline.Content, doc markup.Node) (markup.Node, error) {
	if !markup.Remarked(c.Body) {
		return doc, nil
	}
	doc = markup.Publishable(doc)
	body, err := doc.JSON()
	if err != nil {
		return doc, badBody(err)
	}
	c.Body = body
	return doc, nil
}

// goingOut takes notes and suggestions out of content that readers, or who is shown a draft, are to have, and gives its document.
func goingOut(c *dateline.Content) (markup.Node, error) {
	doc, err := document(c.Body)
	if err != nil {
		return doc, err
	}
	return unremark(c, doc)
}
