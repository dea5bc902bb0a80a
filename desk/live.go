package desk

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
)

// Entry is what an editor writes in a live coverage.
type Entry struct {
	Headline   string
	Body       json.RawMessage // a document of package markup
	Byline     []dateline.Credit
	Place      string
	Key        bool
	Pinned     bool
	Correction string    // the public sentence; only of an entry that readers have
	At         time.Time // the instant readers are shown; that of the posting where it is zero
}

// LiveResult is what an act made of a live coverage. Sequence is that of its entry in the record.
type LiveResult struct {
	Sequence int64
	Act      record.Kind
	Live     *dateline.Live
	Entry    *dateline.LiveEntry // nil where the act was about the coverage's state
}

// coverage loads a live coverage for an act and asks the table and the locks.
func (t *turn) coverage(id dateline.ID, act dateline.Act) (*dateline.Article, *dateline.Live, error) {
	a, err := t.FindArticle(id)
	if err != nil {
		return nil, nil, err
	}
	if a.Kind != dateline.KindLive {
		return nil, nil, dateline.Errorf(dateline.EState, "the article %s is no live coverage; make one of kind live", id)
	}
	if err := dateline.Can(t.actor, act, a); err != nil {
		return nil, nil, err
	}
	if err := t.mayGoOut(a); err != nil {
		return nil, nil, err
	}
	l, err := t.live(id)
	return a, l, err
}

// live is a coverage's state; one of which nothing was said is planned.
func (t *turn) live(id dateline.ID) (*dateline.Live, error) {
	l, err := t.FindLive(id)
	if absent(err) {
		return &dateline.Live{Article: id, State: dateline.LivePlanned, Version: 1}, nil
	}
	return l, err
}

// Post adds an entry to a live coverage that is live. Several editors may post at once: no version is asked for. With an
// idempotency key a repeated request is answered with the first one's entry.
func (d *Desk) Post(ctx context.Context, actor dateline.Actor, id dateline.ID, e Entry, key string) (res LiveResult, err error) {
	doc, err := e.clean()
	if err != nil {
		return res, err
	}
	if e.Correction != "" {
		return res, dateline.Errorf(dateline.EInvalid, "a new entry has nothing to correct yet")
	}
	request := digest("post", id, e)
	err = d.onceLive(ctx, actor, dateline.ActPostEntry, key, request, &res, func(t *turn) error {
		a, l, err := t.coverage(id, dateline.ActPostEntry)
		if err != nil {
			return err
		}
		if l.State != dateline.LiveOn {
			return dateline.Errorf(dateline.EState, "the coverage is %s: entries are posted while it is live; set it live first", l.State)
		}
		l.Entries++
		made := &dateline.LiveEntry{Article: id, Number: l.Entries, Posted: t.now, At: e.At.UTC().Truncate(time.Microsecond)}
		if e.At.IsZero() {
			made.At = t.now
		}
		if err := t.SaveLive(l); err != nil {
			return err
		}
		res, err = t.entry(dateline.ActPostEntry, record.EntryMade, a, l, made, e, doc)
		return err
	})
	return res, err
}

// EditEntry changes an entry of a live coverage, also of one that is paused or has ended. The version is the entry's: it is
// refused with EMissing where none is named, and with EConflict where it is not the current one.
func (d *Desk) EditEntry(ctx context.Context, actor dateline.Actor, id dateline.ID, number int, version int64, e Entry) (res LiveResult, err error) {
	doc, err := e.clean()
	if err != nil {
		return res, err
	}
	err = d.do(ctx, actor, dateline.ActEditEntry, func(t *turn) error {
		a, l, err := t.coverage(id, dateline.ActEditEntry)
		if err != nil {
			return err
		}
		was, err := t.entryAt(id, number, version)
		if err != nil {
			return err
		}
		if !e.At.IsZero() {
			was.At = e.At.UTC().Truncate(time.Microsecond)
		}
		res, err = t.entry(dateline.ActEditEntry, record.EntryEdited, a, l, was, e, doc)
		return err
	})
	return res, err
}

// DeleteEntry takes an entry's words from readers. Its place stays and says why.
func (d *Desk) DeleteEntry(ctx context.Context, actor dateline.Actor, id dateline.ID, number int, version int64, reason string) (res LiveResult, err error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return res, dateline.Errorf(dateline.EInvalid, "readers are told why an entry was removed: add one sentence")
	}
	err = d.do(ctx, actor, dateline.ActDeleteEntry, func(t *turn) error {
		_, l, err := t.coverage(id, dateline.ActDeleteEntry)
		if err != nil {
			return err
		}
		e, err := t.entryAt(id, number, version)
		if err != nil {
			return err
		}
		e.Deleted, e.Reason, e.Pinned, e.Key = true, reason, false, false
		if err := e.Validate(); err != nil {
			return err
		}
		language, err := t.languageOf(id)
		if err != nil {
			return err
		}
		if err := t.UseInEntry(id, number, nil); err != nil {
			return err
		}
		body := &record.LiveEntry{Act: record.EntryDeleted, Number: number, Public: record.FormatInstant(e.At), Reason: reason, Language: language}
		if err := t.appendEntry(e, body); err != nil {
			return err
		}
		res = LiveResult{Sequence: e.Sequence, Act: record.KindLiveEntry, Live: l, Entry: e}
		return t.note(dateline.ActDeleteEntry, &dateline.Article{ID: id}, e.Sequence, "entry %d: %s", number, reason)
	})
	return res, err
}

// entryAt loads an entry for a change and asks its version. One that was removed stays so.
func (t *turn) entryAt(id dateline.ID, number int, version int64) (*dateline.LiveEntry, error) {
	if version <= 0 {
		return nil, dateline.Errorf(dateline.EMissing, "say which version of the entry you saw (If-Match)")
	}
	e, err := t.FindLiveEntry(id, number)
	if err != nil {
		return nil, err
	}
	if e.Version != version {
		return nil, dateline.Errorf(dateline.EConflict, "you saw version %d of entry %d, it is at version %d now (changed by %s); look at it and decide again",
			version, number, e.Version, e.By)
	}
	if e.Deleted {
		return nil, dateline.Errorf(dateline.EState, "entry %d was removed; post it anew if it is to be there", number)
	}
	return e, nil
}

// clean brings what was written into the form in which it is kept.
func (e *Entry) clean() (doc markup.Node, err error) {
	e.Headline, e.Place, e.Correction = strings.TrimSpace(e.Headline), strings.TrimSpace(e.Place), strings.TrimSpace(e.Correction)
	if len(e.Body) > dateline.MaxEntryBody {
		return doc, dateline.Errorf(dateline.ETooLarge, "the entry has %d bytes; %d at most: make an article of it", len(e.Body), dateline.MaxEntryBody)
	}
	e.Body, doc, err = cleanBody(e.Body)
	if err != nil {
		return doc, err
	}
	return doc, (&dateline.LiveEntry{Headline: e.Headline, Body: e.Body, Byline: e.Byline, Place: e.Place, Correction: e.Correction}).Validate()
}

// cleanBody gives the one encoding of a document; nothing for one that says nothing.
func cleanBody(body json.RawMessage) (json.RawMessage, markup.Node, error) {
	if len(body) == 0 || string(body) == "null" {
		return nil, markup.Node{}, nil
	}
	doc, err := markup.ParseJSON(body)
	if err != nil {
		return nil, doc, badBody(err)
	}
	if !says(doc) {
		return nil, markup.Node{}, nil
	}
	b, err := doc.JSON()
	if err != nil {
		return nil, doc, badBody(err)
	}
	return b, doc, nil
}

// says whether a document has a word, a picture or an embed.
func says(doc markup.Node) bool {
	embeds := false
	markup.Walk(doc, func(n markup.Node) bool {
		embeds = embeds || n.Type == markup.TypeEmbed
		return !embeds
	})
	return embeds || strings.TrimSpace(markup.Text(doc)) != "" || len(markup.Pictures(doc)) > 0
}

// entry appends what an entry has become and keeps it.
func (t *turn) entry(act dateline.Act, what string, a *dateline.Article, l *dateline.Live, was *dateline.LiveEntry, e Entry, doc markup.Node) (LiveResult, error) {
	refs := references(&dateline.Content{Byline: e.Byline}, doc)
	if err := refs.check(t); err != nil {
		return LiveResult{}, err
	}
	if err := t.mayShow(a.ID, true, t.now, refs.pictures); err != nil {
		return LiveResult{}, err
	}
	if err := t.reveal(refs); err != nil {
		return LiveResult{}, err
	}
	if err := t.UseInEntry(a.ID, was.Number, refs.pictures); err != nil {
		return LiveResult{}, err
	}
	if e.Correction == "" {
		was.Corrected = time.Time{}
	} else if e.Correction != was.Correction {
		was.Corrected = t.now
	}
	was.Headline, was.Body, was.Byline, was.Place, was.Key, was.Pinned, was.Correction = e.Headline, e.Body, e.Byline, e.Place, e.Key, e.Pinned, e.Correction
	language, err := t.languageOf(a.ID)
	if err != nil {
		return LiveResult{}, err
	}
	body := &record.LiveEntry{Act: what, Number: was.Number, Public: record.FormatInstant(was.At), Headline: was.Headline, Body: was.Body, Byline: was.Byline,
		Place: was.Place, Key: was.Key, Pinned: was.Pinned, Correction: was.Correction, Language: language, Pictures: refs.pictures, Speakers: refs.speakers}
	if was.Correction != "" {
		body.Corrected = record.FormatInstant(was.Corrected)
	}
	if err := t.appendEntry(was, body); err != nil {
		return LiveResult{}, err
	}
	return LiveResult{Sequence: was.Sequence, Act: record.KindLiveEntry, Live: l, Entry: was}, t.note(act, &dateline.Article{ID: a.ID}, was.Sequence, "entry %d", was.Number)
}

// appendEntry appends a change of an entry to the record and keeps the entry as its next version.
func (t *turn) appendEntry(e *dateline.LiveEntry, body *record.LiveEntry) (err error) {
	if e.Sequence, err = t.appendLive(e.Article, body); err != nil {
		return err
	}
	was := e.Version
	e.Version, e.Changed, e.By = was+1, t.now, t.actor.Name
	return t.SaveLiveEntry(e, was)
}

func (t *turn) appendLive(id dateline.ID, body any) (int64, error) {
	seq, err := t.append(id, body)
	if err != nil {
		return 0, err
	}
	return seq, t.InsertLiveAct(id, seq)
}

// languageOf is the language that readers have an article in: its newest edition's.
func (t *turn) languageOf(id dateline.ID) (string, error) {
	editions, err := t.ListEditions(id)
	if err != nil {
		return "", err
	}
	v, err := t.FindVersion(id, editions[len(editions)-1].Version)
	return v.Content.Language, err
}

// Steering is how a live coverage goes on.
type Steering struct {
	State   dateline.LiveState // as it is where it is empty
	Summary json.RawMessage    // a document of package markup, without pictures; the summary as it is to stand
}

// Steer changes a live coverage's state or the summary at its head. The version is that of state and
// summary, 1 while nothing was said of them: it is refused with EMissing where none is named, and with EConflict where it is not the
// current one.
func (d *Desk) Steer(ctx context.Context, actor dateline.Actor, id dateline.ID, version int64, s Steering) (res LiveResult, err error) {
	summary, doc, err := cleanBody(s.Summary)
	if err != nil {
		return res, err
	}
	if len(summary) > dateline.MaxEntryBody || len(markup.Pictures(doc))+len(markup.Speakers(doc)) > 0 {
		return res, dateline.Errorf(dateline.EInvalid, "a summary is a few sentences without pictures and quotes of persons; they belong into entries")
	}
	if version <= 0 {
		return res, dateline.Errorf(dateline.EMissing, "say which version of the coverage's state and summary you saw (If-Match)")
	}
	err = d.do(ctx, actor, dateline.ActSteerLive, func(t *turn) error {
		a, l, err := t.coverage(id, dateline.ActSteerLive)
		if err != nil {
			return err
		}
		if l.Version != version {
			return dateline.Errorf(dateline.EConflict, "you saw version %d of the coverage's state and summary, it is at version %d now; look at it and decide again", version, l.Version)
		}
		if s.State != "" && s.State != l.State && !l.State.May(s.State) {
			return dateline.Errorf(dateline.EState, "the coverage is %s and cannot become %.40q; planned, paused and ended ones become live, a live one is paused or ended", l.State, string(s.State))
		}
		if s.State != "" {
			l.State = s.State
		}
		l.Summary, l.Changed, l.Version = summary, t.now, l.Version+1
		language, err := t.languageOf(id)
		if err != nil {
			return err
		}
		if err := t.SaveLive(l); err != nil {
			return err
		}
		seq, err := t.appendLive(a.ID, &record.LiveState{State: l.State, Summary: l.Summary, Language: language})
		if err != nil {
			return err
		}
		res = LiveResult{Sequence: seq, Act: record.KindLiveState, Live: l}
		return t.note(dateline.ActSteerLive, &dateline.Article{ID: a.ID}, seq, "%s", l.State)
	})
	return res, err
}

// FindLive returns a live coverage's state and up to n of its entries, the newest first, with numbers below before where it
// is not 0. A coverage of which nothing was said is planned.
func (d *Desk) FindLive(ctx context.Context, actor dateline.Actor, id dateline.ID, before, n int) (l *dateline.Live, entries []dateline.LiveEntry, err error) {
	if n, err = limit(n); err != nil {
		return nil, nil, err
	}
	err = d.read(ctx, actor, func(tx Tx) error {
		a, err := tx.FindArticle(id)
		if err != nil {
			return err
		}
		if a.Kind != dateline.KindLive {
			return dateline.Errorf(dateline.EState, "the article %s is no live coverage", id)
		}
		t := &turn{Tx: tx}
		if l, err = t.live(id); err != nil {
			return err
		}
		entries, err = tx.ListLiveEntries(id, before, n)
		return err
	})
	return l, entries, err
}

// onceLive is once for acts on a live coverage.
func (d *Desk) onceLive(ctx context.Context, actor dateline.Actor, act dateline.Act, key, request string, res *LiveResult, f func(*turn) error) error {
	if len(key) > 255 {
		return dateline.Errorf(dateline.EInvalid, "the idempotency key has %d bytes; 255 at most", len(key))
	}
	return d.do(ctx, actor, act, func(t *turn) error {
		if key == "" {
			return f(t)
		}
		k, err := t.FindKey(actor.Name, key)
		if err == nil {
			return k.answerInto(request, res)
		}
		if !absent(err) {
			return err
		}
		if err := f(t); err != nil {
			return err
		}
		b, err := json.Marshal(res)
		if err != nil {
			return internal("the answer could not be kept", err)
		}
		return t.InsertKey(Key{Actor: actor.Name, Key: key, Request: request, Result: b, At: t.now})
	})
}

// BreakOut makes a draft of an entry: an article of the coverage's section and topics with the entry's words. Once it is
// published both lead to each other. An entry is broken out once.
func (d *Desk) BreakOut(ctx context.Context, actor dateline.Actor, id dateline.ID, number int, version int64) (made *dateline.Article, err error) {
	err = d.do(ctx, actor, dateline.ActCreate, func(t *turn) error {
		a, err := t.FindArticle(id)
		if err != nil {
			return err
		}
		e, err := t.entryAt(id, number, version)
		if err != nil {
			return err
		}
		if e.Out != "" {
			return dateline.Errorf(dateline.EState, "an article was made of entry %d already: %s", number, e.Out)
		}
		doc, err := document(e.Body)
		if err != nil {
			return err
		}
		c := dateline.Content{Section: a.Content.Section, Headline: e.Headline, Byline: e.Byline, Topics: a.Content.Topics, Body: e.Body, Language: a.Content.Language,
			Dateline: dateline.Dateline{Place: e.Place}}
		if made, err = t.create(dateline.KindArticle, c, doc); err != nil {
			return err
		}
		made.Origin = &dateline.Origin{Article: id, Entry: number}
		if err := t.keep(made); err != nil {
			return err
		}
		e.Out, e.Version = made.ID, e.Version+1
		if err := t.SaveLiveEntry(e, e.Version-1); err != nil {
			return err
		}
		return t.note(dateline.ActCreate, made, 0, "of entry %d of %s", number, id)
	})
	return made, err
}
