package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// Withdrawing is how an article is taken down.
type Withdrawing struct {
	Kind   dateline.WithdrawalKind
	Notice string      // the public sentence on the tombstone; none is needed
	Reason string      // for colleagues; it stays in the audit
	Into   dateline.ID // the published article it was merged into; only for merged
	Key    string      // an idempotency key
}

// Withdraw takes a published article down. A schedule is taken off.
func (d *Desk) Withdraw(ctx context.Context, actor dateline.Actor, target Target, w Withdrawing) (res Result, err error) {
	act, _, err := dateline.WithdrawAct(w.Kind)
	if err != nil {
		return Result{}, err
	}
	if w.Notice, err = notice(w.Notice); err != nil {
		return Result{}, err
	}
	if w.Reason, err = optionalReason(w.Reason); err != nil {
		return Result{}, err
	}
	request := digest("withdraw", target.ID, target.Version, w.Kind, w.Notice, w.Reason, w.Into)
	err = d.once(ctx, actor, act, w.Key, request, &res, func(t *turn) error {
		a, err := t.article(target, act)
		if err != nil {
			return err
		}
		if err := t.cancelSchedule(a, dateline.Say("it was withdrawn")); err != nil {
			return err
		}
		res, err = t.withdraw(a, act, w)
		return err
	})
	return res, err
}

func notice(s string) (string, error) {
	s = strings.TrimSpace(s)
	if n := utf8.RuneCountInString(s); n > dateline.MaxNote {
		return "", dateline.Errorf(dateline.EInvalid, "the notice has %d characters; %d at most", n, dateline.MaxNote)
	}
	return s, dateline.PlainText(s)
}

func (t *turn) withdraw(a *dateline.Article, act dateline.Act, w Withdrawing) (Result, error) {
	if err := t.mergeable(a, w); err != nil {
		return Result{}, err
	}
	editions, err := t.ListEditions(a.ID)
	if err != nil {
		return Result{}, err
	}
	last, err := t.FindVersion(a.ID, editions[len(editions)-1].Version)
	if err != nil {
		return Result{}, err
	}
	body := &record.Withdrawal{Kind: w.Kind, Public: record.FormatInstant(t.now), First: record.FormatInstant(a.First),
		Section: last.Content.Section, Language: last.Content.Language, Notice: w.Notice, Into: w.Into}
	addresses := append([]string{a.Address}, a.Former...)
	if err := t.namesLists(body, editions[len(editions)-1].Sequence); err != nil {
		return Result{}, err
	}
	if w.Kind == dateline.WithdrawnLegal {
		body.Hashes = hashes(addresses)
	} else {
		body.Addresses = addresses
	}
	var sequences []int64
	for _, e := range editions {
		sequences = append(sequences, e.Sequence)
		body.Editions = append(body.Editions, record.EditionMark{Number: e.Number, Change: e.Change, Public: record.FormatInstant(e.Public), Sequence: e.Sequence})
	}
	if w.Kind == dateline.WithdrawnLegal {
		// What names addresses or a notice in words is given to nobody either.
		others, err := t.ListEntriesAbout(a.ID)
		if err != nil {
			return Result{}, err
		}
		for _, e := range others {
			sequences = append(sequences, e.Sequence)
		}
	}
	live, err := t.ListLiveActs(a.ID)
	if err != nil {
		return Result{}, err
	}
	seq, err := t.append(a.ID, body)
	if err != nil {
		return Result{}, err
	}
	if err := t.Withhold(append(sequences, live...), seq); err != nil {
		return Result{}, err
	}
	tomb, err := t.tombstone(seq, a.ID, body)
	if err != nil {
		return Result{}, err
	}
	t.tombs = append(t.tombs, tomb)
	a.Readers = dateline.Withdrawn
	a.Withdrawal = &dateline.Withdrawal{Kind: w.Kind, At: t.now, Sequence: seq, Notice: w.Notice, Into: w.Into}
	if err := t.SetTopics(a.ID, a.First, nil); err != nil {
		return Result{}, err
	}
	if err := t.endPreviews(a, "it was withdrawn"); err != nil {
		return Result{}, err
	}
	if err := t.keep(a); err != nil {
		return Result{}, err
	}
	return Result{Sequence: seq, Act: record.KindWithdrawal, Article: a}, t.note(act, a, seq, "%s%s", w.Kind, because(w.Reason))
}

// namesLists says in a withdrawal which lists the article's newest edition stood in, so that a follower that never had the
// edition marks it as deleted in their feeds. Of an edition whose words are gone, and of topics that are persons, which have no
// feed, nothing is said.
func (t *turn) namesLists(w *record.Withdrawal, edition int64) error {
	e, err := t.FindEntry(edition)
	if err != nil || !e.HasBody() {
		return err
	}
	body, err := e.Decode()
	if err != nil {
		return internal("an article's entry cannot be read", err)
	}
	b, ok := body.(*record.Edition)
	if !ok {
		return nil
	}
	w.Stories = b.Stories
	for _, id := range b.Topics {
		topic, err := t.Topics().Find(id)
		if err != nil {
			return err
		}
		if topic.Kind != dateline.TopicPerson {
			w.Topics = append(w.Topics, id)
		}
	}
	return nil
}

// mergeable asks whether the article that another is merged into is there for readers.
func (t *turn) mergeable(a *dateline.Article, w Withdrawing) error {
	if w.Kind != dateline.WithdrawnMerged {
		if w.Into != "" {
			return dateline.Errorf(dateline.EInvalid, "only a withdrawal of kind merged names the article it went into")
		}
		return nil
	}
	if w.Into == "" || w.Into == a.ID {
		return dateline.Errorf(dateline.EInvalid, "name the other article that this one was merged into")
	}
	into, err := t.FindArticle(w.Into)
	if err != nil {
		return missing("into", err)
	}
	if into.Readers != dateline.Published {
		return dateline.Errorf(dateline.EState, "the article %s, into which this one would be merged, is %s; readers would be sent to nothing", w.Into, into.Readers)
	}
	return nil
}

func hashes(addresses []string) []string {
	list := make([]string, len(addresses))
	for i, a := range addresses {
		list[i] = record.AddressHash(a)
	}
	return list
}

// tombstone is the line without words of a withdrawal.
func (t *turn) tombstone(seq int64, article dateline.ID, w *record.Withdrawal) (Tombstone, error) {
	s := Tombstone{Sequence: seq, Kind: record.KindWithdrawal, Article: article, Why: w.Kind, Into: w.Into, Addresses: w.Hashes}
	if len(s.Addresses) == 0 {
		s.Addresses = hashes(w.Addresses)
	}
	sequences, err := t.ListLiveActs(article)
	if err != nil {
		return s, err
	}
	for _, mark := range w.Editions {
		sequences = append(sequences, mark.Sequence)
	}
	for _, seq := range sequences {
		e, err := t.FindEntry(seq)
		if err != nil {
			return s, err
		}
		if !e.HasBody() {
			continue
		}
		body, err := e.Decode()
		if err != nil {
			return s, internal("an article's entry cannot be read", err)
		}
		for _, id := range record.Pictures(body) {
			p, err := t.Pictures().Find(id)
			if err != nil {
				return s, err
			}
			if !slices.Contains(s.Pictures, p.Hash) {
				s.Pictures = append(s.Pictures, p.Hash)
			}
		}
	}
	return s, nil
}

// Restore brings a withdrawn article back, with every edition that its withdrawal took away. A lock stops it as it stops a
// publication.
func (d *Desk) Restore(ctx context.Context, actor dateline.Actor, target Target, key string) (res Result, err error) {
	request := digest("restore", target.ID, target.Version)
	err = d.once(ctx, actor, dateline.ActRestore, key, request, &res, func(t *turn) error {
		a, err := t.article(target, dateline.ActRestore)
		if err != nil {
			return err
		}
		_, act, err := dateline.WithdrawAct(a.Withdrawal.Kind)
		if err != nil {
			return err
		}
		if d.tombstones.why(a.ID) == dateline.WithdrawnLegal { // whatever an older database says
			act = dateline.ActRestoreLegal
		}
		if err := dateline.Can(t.actor, act, a); err != nil {
			return err
		}
		res, err = t.restore(a, act)
		return err
	})
	return res, err
}

func (t *turn) restore(a *dateline.Article, act dateline.Act) (Result, error) {
	if err := t.mayGoOut(a); err != nil {
		return Result{}, err
	}
	down := a.Withdrawal.Sequence
	sequences, err := t.release(a, down)
	if err != nil {
		return Result{}, err
	}
	seq, err := t.append(a.ID, &record.Restoration{Withdrawal: down, Editions: sequences, Public: record.FormatInstant(t.now)})
	if err != nil {
		return Result{}, err
	}
	t.tombs = append(t.tombs, Tombstone{Sequence: seq, Kind: record.KindRestoration, Article: a.ID})
	a.Readers, a.Withdrawal = dateline.Published, nil
	topics, err := t.publicTopics(a)
	if err != nil {
		return Result{}, err
	}
	if err := t.stand(a, topics); err != nil {
		return Result{}, err
	}
	if err := t.keep(a); err != nil {
		return Result{}, err
	}
	return Result{Sequence: seq, Act: record.KindRestoration, Article: a}, t.note(act, a, seq, "withdrawn by entry %d", down)
}

// release gives followers again what a withdrawal withheld, and names the editions and redirects of it: earlier withdrawals
// bring nothing back. An article whose latest edition lost its text for good has nothing to come back with.
func (t *turn) release(a *dateline.Article, down int64) ([]int64, error) {
	editions, err := t.ListEditions(a.ID)
	if err != nil {
		return nil, err
	}
	last, err := t.FindEntry(editions[len(editions)-1].Sequence)
	if err != nil {
		return nil, err
	}
	if !last.HasBody() {
		return nil, dateline.Errorf(dateline.EState, "the text of its latest edition was removed for good: there is nothing to bring back; write a new article")
	}
	sequences, err := t.Release(down)
	if err != nil {
		return nil, err
	}
	others, err := t.ListEntriesAbout(a.ID)
	return slices.DeleteFunc(sequences, func(seq int64) bool {
		return slices.ContainsFunc(others, func(e record.Entry) bool { return e.Sequence == seq && e.Kind == record.KindWithdrawal })
	}), err
}

// publicTopics are the topics and running stories of the newest edition.
func (t *turn) publicTopics(a *dateline.Article) ([]dateline.ID, error) {
	editions, err := t.ListEditions(a.ID)
	if err != nil {
		return nil, err
	}
	v, err := t.FindVersion(a.ID, editions[len(editions)-1].Version)
	if err != nil {
		return nil, err
	}
	var topics []dateline.ID
	for _, id := range slices.Concat(v.Content.Topics, v.Content.Stories) {
		topics = addID(topics, id)
	}
	return topics, nil
}

// MoveAddress gives a published article another address. The old one redirects for good, in one step however often the
// article moves, and no other article ever gets it.
func (d *Desk) MoveAddress(ctx context.Context, actor dateline.Actor, target Target, to, key string) (res Result, err error) {
	if err := checkFree(to); err != nil {
		return Result{}, err
	}
	request := digest("move", target.ID, target.Version, to)
	err = d.once(ctx, actor, dateline.ActMoveAddress, key, request, &res, func(t *turn) error {
		a, err := t.article(target, dateline.ActMoveAddress)
		if err != nil {
			return err
		}
		res, err = t.moveAddress(a, to)
		return err
	})
	return res, err
}

func (t *turn) moveAddress(a *dateline.Article, to string) (Result, error) {
	from := a.Address
	if to == from {
		return Result{}, dateline.Errorf(dateline.EInvalid, "%s is the article's address already", to)
	}
	if err := t.claim(to, Owner{OwnerArticle, a.ID}); err != nil {
		return Result{}, err
	}
	a.Former = append([]string{from}, slices.DeleteFunc(a.Former, func(s string) bool { return s == to })...)
	a.Address = to
	if a.Schedule != nil {
		a.Schedule.Address = to
	}
	seq, err := t.append(a.ID, &record.Redirect{From: from, To: to})
	if err != nil {
		return Result{}, err
	}
	if err := t.keep(a); err != nil {
		return Result{}, err
	}
	return Result{Sequence: seq, Act: record.KindRedirect, Article: a}, t.note(dateline.ActMoveAddress, a, seq, "%s", to)
}

// agreeWithTombstones compares record and file at the start: the file is completed from the record, and a withdrawal
// that only the file has is appended again. A record that is not the one whose checkpoint was signed last is refused.
func (d *Desk) agreeWithTombstones(ctx context.Context) error {
	t := d.tombstones
	if t == nil {
		return nil
	}
	lost, err := d.lost(ctx)
	switch {
	case err != nil:
		return err
	case lost && d.restored != nil && d.signer != nil:
		if err := d.beginAgain(ctx); err != nil {
			return err
		}
	case lost && d.head < t.size:
		return dateline.Errorf(dateline.EState, "the record has %d entries, but a checkpoint of %d entries was signed and given out: this database "+
			"is older than what readers hold proof of; put back the newest desk.db or, where it is lost, start once with `serve --restored`", d.head, t.size)
	case lost:
		return dateline.Errorf(dateline.EState, "the record is not the one whose checkpoint of %d entries was signed and given out; "+
			"put back the desk.db that belongs to this folder or, where it is lost, start once with `serve --restored`", t.size)
	case d.restored != nil:
		return dateline.Errorf(dateline.EState, "nothing of the record is missing: start without --restored")
	}
	if err := d.completeTombstones(ctx); err != nil {
		return err
	}
	for _, s := range t.redactions() {
		if err := d.removeAgain(ctx, s); err != nil {
			return err
		}
	}
	for _, s := range t.newest() {
		again, what := d.takeDownAgain, "article"
		if s.Story {
			again, what = d.takeStoryDownAgain, "story"
		}
		if err := again(ctx, s); err != nil {
			return fmt.Errorf("%s %s was withdrawn, the record does not know it, and it could not be withdrawn again: %w", what, s.Article, err)
		}
	}
	return nil
}

// completeTombstones adds to the file what the record has and a crash kept from it.
func (d *Desk) completeTombstones(ctx context.Context) error {
	var missing []Tombstone
	var newest record.Checkpoint
	err := d.store.View(ctx, func(tx Tx) error {
		t := &turn{Tx: tx, desk: d}
		_, note, err := tx.FindCheckpoint()
		if err == nil {
			newest, err = record.ParseCheckpoint(note)
		}
		if err != nil && !absent(err) {
			return err
		}
		stories, err := tx.ListStoriesTold(0) // also those that were taken down before the file took stories in
		if err != nil {
			return err
		}
		for _, id := range stories {
			list, err := t.completeStory(id)
			if err != nil {
				return err
			}
			missing = append(missing, list...)
		}
		for after := d.tombstones.seq; ; {
			entries, err := tx.ListWithdrawals(after, MaxEntries)
			if err != nil || len(entries) == 0 {
				return err
			}
			for _, e := range entries {
				s, err := t.tombstoneOf(e)
				if err != nil {
					return err
				}
				missing = append(missing, s)
				after = e.Sequence
			}
		}
	})
	if err != nil {
		return err
	}
	if newest.Size > d.tombstones.size {
		if err := d.tombstones.signed(newest.Size, newest.Root); err != nil {
			return err
		}
	}
	slices.SortFunc(missing, func(a, b Tombstone) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return d.tombstones.append(missing...)
}

func (t *turn) tombstoneOf(e record.Entry) (Tombstone, error) {
	bare := Tombstone{Sequence: e.Sequence, Kind: e.Kind, Article: e.Subject}
	if !e.HasBody() {
		return bare, nil
	}
	body, err := e.Decode()
	if err != nil {
		return bare, internal("a withdrawal's entry cannot be read", err)
	}
	switch b := body.(type) {
	case *record.Withdrawal:
		return t.tombstone(e.Sequence, e.Subject, b)
	case *record.Redaction:
		bare.Addresses = b.Hashes
		bare.Entries, err = t.removed(b.Entries)
	}
	return bare, err
}

// takeDownAgain withdraws an article that the record knows only as published.
func (d *Desk) takeDownAgain(ctx context.Context, s Tombstone) error {
	act, _, err := dateline.WithdrawAct(s.Why)
	if err != nil {
		return err
	}
	return d.update(ctx, dateline.Actor{Name: "tombstones", Role: dateline.RoleChief}, func(t *turn) error {
		e, err := t.FindEntry(s.Sequence)
		if err == nil && e.Kind == s.Kind && e.Subject == s.Article {
			return nil
		}
		if err != nil && !absent(err) {
			return err
		}
		a, err := t.FindArticle(s.Article)
		if absent(err) || err == nil && a.Readers != dateline.Published {
			return nil
		}
		if err != nil {
			return err
		}
		w := Withdrawing{Kind: s.Why, Into: s.Into}
		if t.mergeable(a, w) != nil {
			w = Withdrawing{Kind: dateline.WithdrawnKilled}
		}
		if err := t.cancelSchedule(a, dateline.Say("it was withdrawn")); err != nil {
			return err
		}
		_, err = t.withdraw(a, act, w)
		return err
	})
}
