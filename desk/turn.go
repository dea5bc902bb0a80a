package desk

import (
	"context"
	"fmt"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// turn is one use case under way inside its transaction.
type turn struct {
	Tx
	desk  *Desk
	actor dateline.Actor
	now   time.Time
	paper *dateline.Publication // loaded when first asked for
	where *time.Location        // its zone, likewise
	met   *names                // what an import has met already; nil for all else
	head  int64                 // of the newest entry that this turn appended
	tombs []Tombstone           // to be kept before the act is acknowledged
	tells bool                  // a schedule was set or taken off
	again bool                  // an act that was done before is acknowledged again
}

// do runs one use case: the role is asked first, then f works in a transaction. What f appended is announced and signed
// once it is committed.
func (d *Desk) do(ctx context.Context, actor dateline.Actor, act dateline.Act, f func(*turn) error) error {
	if err := dateline.Can(actor, act, nil); err != nil {
		return err
	}
	return d.update(ctx, actor, f)
}

// together is do for a step of the desk, many of which are made at the same time: they are committed together. An act, which
// appends to the record, is none.
func (d *Desk) together(ctx context.Context, actor dateline.Actor, act dateline.Act, f func(*turn) error) error {
	if err := dateline.Can(actor, act, nil); err != nil {
		return err
	}
	var t *turn
	if err := d.store.Together(ctx, func(tx Tx) (err error) {
		if t, err = d.begin(tx, actor); err != nil {
			return err
		}
		if err := f(t); err != nil {
			return err
		}
		if t.head > 0 || len(t.tombs) > 0 || t.again {
			return internal(fmt.Sprintf("the step %s is an act", act), nil)
		}
		return nil
	}); err != nil {
		return err
	}
	if t.tells {
		d.Wake()
	}
	return nil
}

func (d *Desk) begin(tx Tx, actor dateline.Actor) (*turn, error) {
	now, err := tx.Now()
	return &turn{Tx: tx, desk: d, actor: actor, now: now}, err
}

// update is do for whoever has asked the table already.
func (d *Desk) update(ctx context.Context, actor dateline.Actor, f func(*turn) error) error {
	t, kept, err := d.transact(ctx, actor, f)
	if err != nil {
		return err
	}
	return d.committed(context.WithoutCancel(ctx), t, kept)
}

// transact runs f in a transaction and then keeps its tombstones; kept says whether they are on disk. The lock is taken
// before the commit and given back before anything waits for the writer again, so that the file's lines stand in the
// record's order.
func (d *Desk) transact(ctx context.Context, actor dateline.Actor, f func(*turn) error) (t *turn, kept, err error) {
	held := false
	defer func() {
		if held {
			d.falling.Unlock()
		}
	}()
	err = d.store.Update(ctx, func(tx Tx) (err error) {
		if t, err = d.begin(tx, actor); err != nil {
			return err
		}
		if err := f(t); err != nil {
			return err
		}
		if len(t.tombs) > 0 || t.again {
			d.falling.Lock()
			held = true
		}
		return nil
	})
	if err == nil && held {
		kept = d.tombstones.append(t.tombs...)
	}
	return t, kept, err
}

// nested runs f; where it fails, nothing of it stays, and the turn goes on.
func (t *turn) nested(f func() error) error {
	before := *t
	err := t.Nested(f)
	if err != nil {
		*t = before
	}
	return err
}

// committed is what follows a commit and precedes the acknowledgement. An act whose tombstone could not be kept is not
// acknowledged, but readers lose the article all the same, because the record says so.
func (d *Desk) committed(ctx context.Context, t *turn, kept error) error {
	if t.tells {
		d.Wake()
	}
	if t.head > 0 {
		d.announce(t.head)
		if err := d.sign(ctx, signGrown); err != nil {
			d.log.ErrorContext(ctx, "the checkpoint could not be signed; the next act tries again", "entries", t.head, "error", err)
		}
	}
	if kept != nil {
		return &dateline.Error{Code: dateline.EUnavailable, Message: "the act is in the record, but the file of tombstones could not be " +
			"written: look at its disk, then ask again with the same idempotency key, or start the newsroom again", Cause: kept}
	}
	return nil
}

func (d *Desk) announce(head int64) {
	d.mu.Lock()
	if head > d.head {
		d.head = head
		close(d.grown)
		d.grown = make(chan struct{})
	}
	d.mu.Unlock()
	if d.onCommit != nil {
		d.onCommit(head)
	}
}

// wakeAll tells those who wait that there is another checkpoint.
func (d *Desk) wakeAll() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.signings++
	close(d.grown)
	d.grown = make(chan struct{})
}

// article loads the article that an act is about and asks version and state.
func (t *turn) article(target Target, act dateline.Act) (*dateline.Article, error) {
	if target.Version <= 0 {
		return nil, dateline.Errorf(dateline.EMissing, "say which version of the article you saw (If-Match)")
	}
	a, err := t.FindArticle(target.ID)
	if err != nil {
		return nil, err
	}
	if a.Version != target.Version {
		e := dateline.Errorf(dateline.EConflict, "you saw version %d of the article, it is at version %d now (its text was last saved by %s); look at it and decide again",
			target.Version, a.Version, a.SavedBy)
		e.Current = a
		return nil, e
	}
	return a, dateline.Can(t.actor, act, a)
}

// keep writes an article that an act has changed, as its next version.
func (t *turn) keep(a *dateline.Article) error {
	was := a.Version
	a.Version++
	return t.UpdateArticle(a, was)
}

// note leaves an audit line.
func (t *turn) note(act dateline.Act, a *dateline.Article, seq int64, format string, args ...any) error {
	return t.tell("", act, a, seq, dateline.Say(format, args...))
}

// tell leaves an audit line that an account is to be told.
func (t *turn) tell(whom string, act dateline.Act, a *dateline.Article, seq int64, detail dateline.Sentence) error {
	l := AuditLine{At: t.now, Actor: t.actor.Name, Role: t.actor.Role, Act: act, Sequence: seq, For: whom}
	l.Say(detail)
	if a != nil {
		l.Article, l.Version = a.ID, a.Version
		if a.Readers != "" { // all of it is at hand
			s := stateOf(a)
			l.State = &s
		}
	}
	return t.InsertAudit(l)
}

func stateOf(a *dateline.Article) ArticleState {
	s := ArticleState{Readers: a.Readers, Draft: a.Draft, Hold: a.Hold != nil}
	if a.Schedule != nil {
		s.Due = a.Schedule.Due
	}
	if a.Embargo != nil {
		s.Embargo = a.Embargo.Until
	}
	return s
}

// append adds an entry to the record and gives its number.
func (t *turn) append(subject dateline.ID, body any) (int64, error) {
	kind, schema, err := record.KindOf(body)
	if err != nil {
		return 0, internal("the record does not know what to append", err)
	}
	b, err := record.Encode(body)
	if err != nil {
		return 0, internal("the record's entry could not be written", err)
	}
	e, err := record.NewEntry(record.Header{At: t.now, Kind: kind, Schema: schema, Subject: subject, Role: t.actor.Role}, b, t.desk.random)
	if err != nil {
		return 0, internal("the record's entry could not be sealed", err)
	}
	if err := t.AppendEntry(&e); err != nil {
		return 0, err
	}
	t.head = e.Sequence
	return e.Sequence, nil
}

// publication loads the paper's settings once.
func (t *turn) publication() (*dateline.Publication, error) {
	if t.paper != nil {
		return t.paper, nil
	}
	p, err := t.FindPublication()
	if err != nil {
		return nil, err
	}
	t.paper = p
	return p, nil
}

func (t *turn) zone() (*time.Location, error) {
	if t.where != nil {
		return t.where, nil
	}
	p, err := t.publication()
	if err != nil {
		return nil, err
	}
	t.where, err = p.Location()
	return t.where, err
}

func (t *turn) newID() (dateline.ID, error) {
	id, err := dateline.NewID(t.now, t.desk.random)
	if err != nil {
		return "", internal("no id could be made", err)
	}
	return id, nil
}

func internal(message string, cause error) error {
	return &dateline.Error{Code: dateline.EInternal, Message: message, Cause: cause}
}

func absent(err error) bool { return dateline.ErrorCode(err) == dateline.ENotFound }
