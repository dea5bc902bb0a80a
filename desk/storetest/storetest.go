package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// Start is where the clock of the suite stands at first.
var start = time.Date(2026, 3, 29, 12, 8, 0, 123456000, time.UTC)

// Run tests a store that open makes fresh for every test.
func Run(t *testing.T, open func(*testing.T, desk.Clock) desk.Store) {
	tests := []struct {
		name string
		run  func(*suite)
	}{
		{"an error rolls everything back", (*suite).rollback},
		{"nothing is reachable outside a transaction", (*suite).outside},
		{"a view writes nothing", (*suite).viewIsReadOnly},
		{"a nested failure undoes its own part", (*suite).nested},
		{"changes made together fail alone", (*suite).together},
		{"a change whose caller has gone is not made", (*suite).goneTogether},
		{"a panic is its own caller's", (*suite).panicTogether},
		{"versions conflict", (*suite).conflicts},
		{"the sequence has no gaps", (*suite).sequence},
		{"the tree covers every entry", (*suite).tree},
		{"withheld entries have no body", (*suite).withheld},
		{"lists go by bytes", (*suite).collation},
		{"instants keep their microseconds", (*suite).instants},
		{"text of four bytes", (*suite).fourBytes},
		{"an address has one owner", (*suite).addresses},
		{"a due schedule is claimed once", (*suite).claims},
		{"a due story is claimed", (*suite).dueStories},
		{"articles are listed and paged", (*suite).lists},
		{"words find articles", (*suite).words},
		{"related articles are listed by topic", (*suite).topicUses},
		{"what a new article had and lost is had anew", (*suite).fresh},
		{"keys, settings, receipts, imports and tokens", (*suite).books},
		{"notes and suggestions", (*suite).remarks},
		{"accounts have one name and one address", (*suite).accounts},
		{"what accounts sign in with", (*suite).keys},
		{"sessions", (*suite).sessions},
		{"invitations are good once", (*suite).invitations},
		{"links to drafts", (*suite).previews},
		{"fronts and what was saved of them", (*suite).fronts},
		{"live coverages, their entries and acts", (*suite).coverages},
		{"the clock never goes back", (*suite).clockGuard},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &suite{T: t, clock: NewClock(start)}
			s.store = open(t, s.clock)
			tt.run(s)
		})
	}
}

type suite struct {
	*testing.T
	store desk.Store
	clock *Clock
	made  int
}

func (s *suite) update(f func(desk.Tx) error) {
	s.Helper()
	if err := s.store.Update(s.Context(), f); err != nil {
		s.Fatal(err)
	}
}

func (s *suite) view(f func(desk.Tx) error) {
	s.Helper()
	if err := s.store.View(s.Context(), f); err != nil {
		s.Fatal(err)
	}
}

// hold keeps the writer until the function that it gives is called, so that changes gather behind it.
func (s *suite) hold() (release func()) {
	held, end, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		if err := s.store.Update(s.Context(), func(desk.Tx) error { close(held); <-end; return nil }); err != nil {
			s.Error(err)
		}
	}()
	<-held
	return func() { close(end); <-done }
}

func (s *suite) want(code dateline.Code, err error) {
	s.Helper()
	if dateline.ErrorCode(err) != code {
		s.Errorf("got %v, want the code %q", err, code)
	}
}

// article makes an article with one saved version.
func (s *suite) article(tx desk.Tx, change func(*dateline.Article)) (*dateline.Article, error) {
	s.made++
	a := &dateline.Article{ID: dateline.ID(fmt.Sprintf("0190b5f0-6c00-7cc3-98c4-%012d", s.made)), Kind: dateline.KindArticle, Version: 1, Saved: 1,
		Readers: dateline.Unpublished, Draft: dateline.DraftOpen, Created: start, SavedAt: start, SavedBy: "meera", Author: "meera",
		Content: dateline.Content{Headline: "Talks resume", Language: "en"}}
	if change != nil {
		change(a)
	}
	if err := tx.InsertArticle(a); err != nil {
		return nil, err
	}
	return a, tx.InsertVersion(desk.Version{Article: a.ID, Number: a.Saved, At: a.SavedAt, By: a.SavedBy, Content: a.Content})
}

func (s *suite) entry(tx desk.Tx) (record.Entry, error) {
	s.Helper()
	e, err := record.NewEntry(record.Header{At: start, Kind: record.KindEdition, Schema: 1, Subject: "x", Role: "editor"},
		[]byte(`{"number":1}`), bytes.NewReader(make([]byte, record.SaltSize)))
	if err != nil {
		return e, err
	}
	return e, tx.AppendEntry(&e)
}

func (s *suite) rollback() {
	stop := errors.New("stop")
	var id dateline.ID
	err := s.store.Update(s.Context(), func(tx desk.Tx) error {
		a, err := s.article(tx, nil)
		if err != nil {
			return err
		}
		id = a.ID
		if _, err := s.entry(tx); err != nil {
			return err
		}
		return errors.Join(tx.ClaimAddress("/a", desk.Owner{Kind: desk.OwnerArticle, ID: a.ID}), tx.SaveSetting("a", "b"),
			tx.IndexArticle(a.ID, "talks"), tx.InsertAudit(desk.AuditLine{At: start}), stop)
	})
	if !errors.Is(err, stop) {
		s.Fatalf("the function's own error did not come back: %v", err)
	}
	s.view(func(tx desk.Tx) error {
		_, err := tx.FindArticle(id)
		s.want(dateline.ENotFound, err)
		_, err = tx.FindOwner("/a")
		s.want(dateline.ENotFound, err)
		_, err = tx.FindSetting("a")
		s.want(dateline.ENotFound, err)
		entries, err := tx.ListEntries(0, 10)
		audit, err2 := tx.ListAudit("", 0, 10)
		if len(entries) != 0 || len(audit) != 0 {
			s.Errorf("%d entries and %d audit lines stayed", len(entries), len(audit))
		}
		return errors.Join(err, err2)
	})
}

func (s *suite) outside() {
	var leaked desk.Tx
	s.update(func(tx desk.Tx) error { leaked = tx; return nil })
	s.want(dateline.EInternal, leaked.SaveSetting("a", "b"))
	_, err := leaked.FindSetting("a")
	s.want(dateline.EInternal, err)
	_, err = leaked.Topics().FindBySlug("a")
	s.want(dateline.EInternal, err)

	ctx, cancel := context.WithCancel(s.Context())
	err = s.store.Update(ctx, func(tx desk.Tx) error {
		cancel()
		return tx.SaveSetting("a", "b")
	})
	s.want(dateline.EUnavailable, err)
	s.view(func(tx desk.Tx) error {
		_, err := tx.FindSetting("a")
		s.want(dateline.ENotFound, err)
		return nil
	})
}

func (s *suite) viewIsReadOnly() {
	err := s.store.View(s.Context(), func(tx desk.Tx) error { return tx.SaveSetting("a", "b") })
	if err == nil {
		s.Error("a view wrote")
	}
	s.update(func(tx desk.Tx) error {
		_, err := tx.FindSetting("a")
		s.want(dateline.ENotFound, err)
		return nil
	})
}

func (s *suite) nested() {
	stop := errors.New("stop")
	s.update(func(tx desk.Tx) error {
		if _, err := s.entry(tx); err != nil {
			return err
		}
		err := tx.Nested(func() error {
			if _, err := s.entry(tx); err != nil {
				return err
			}
			return errors.Join(tx.SaveSetting("a", "b"), stop)
		})
		if !errors.Is(err, stop) {
			return fmt.Errorf("the nested error did not come back: %w", err)
		}
		if err := tx.Nested(func() error { return tx.SaveSetting("c", "d") }); err != nil {
			return err
		}
		e, err := s.entry(tx)
		if e.Sequence != 2 {
			s.Errorf("after a nested failure the next entry has number %d, want 2", e.Sequence)
		}
		return err
	})
	s.view(func(tx desk.Tx) error {
		_, err := tx.FindSetting("a")
		s.want(dateline.ENotFound, err)
		_, err = tx.FindSetting("c")
		s.want("", err)
		_, err = tx.Root(2)
		return err
	})
}

func (s *suite) conflicts() {
	var a *dateline.Article
	topic := &dateline.Topic{ID: "t", Slug: "talks", Kind: dateline.TopicSubject, Version: 1}
	s.update(func(tx desk.Tx) (err error) {
		a, err = s.article(tx, nil)
		return errors.Join(err, tx.Topics().Insert(topic))
	})
	s.update(func(tx desk.Tx) error {
		s.want(dateline.EConflict, tx.InsertArticle(a))
		s.want(dateline.EConflict, tx.InsertVersion(desk.Version{Article: a.ID, Number: 1}))
		s.want(dateline.EConflict, tx.Topics().Insert(&dateline.Topic{ID: "u", Slug: "talks", Version: 1}))
		topic.Version = 2
		s.want("", tx.Topics().Update(topic, 1))
		s.want(dateline.EConflict, tx.Topics().Update(topic, 1))
		a.Version = 2
		s.want("", tx.UpdateArticle(a, 1))
		s.want(dateline.EConflict, tx.UpdateArticle(a, 1))
		a.ID = "nobody"
		s.want(dateline.EConflict, tx.UpdateArticle(a, 2))
		return nil
	})
}

func (s *suite) collation() {
	slugs := []string{"z", "a", "ä", "éclair", "e", "बात", "مفاوضات", "a-2", "a-10", "😀"}
	s.update(func(tx desk.Tx) error {
		for i, slug := range slugs {
			if err := tx.Topics().Insert(&dateline.Topic{ID: dateline.ID(fmt.Sprint(i)), Slug: slug, Version: 1}); err != nil {
				return err
			}
		}
		return nil
	})
	want := slices.Clone(slugs)
	slices.Sort(want) // by bytes
	s.view(func(tx desk.Tx) error {
		var got []string
		for after := ""; ; {
			list, err := tx.Topics().List("", after, 3)
			if err != nil {
				return err
			}
			for _, topic := range list {
				got = append(got, topic.Slug)
			}
			if len(list) < 3 {
				break
			}
			after = got[len(got)-1]
		}
		if !slices.Equal(got, want) {
			s.Errorf("got %q, want %q", got, want)
		}
		list, err := tx.Topics().List("a", "", 10)
		if len(list) != 3 {
			s.Errorf("%d slugs begin with a, want 3", len(list))
		}
		return err
	})
}

func (s *suite) instants() {
	times := []time.Time{start, time.Date(1969, 7, 20, 20, 17, 40, 1000, time.UTC), time.UnixMicro(0).UTC(), {},
		time.Date(2999, 12, 31, 23, 59, 59, 999999000, time.UTC), time.Date(1850, 1, 1, 0, 0, 0, 0, time.UTC)}
	for _, at := range times {
		s.update(func(tx desk.Tx) error {
			a, err := s.article(tx, func(a *dateline.Article) {
				a.First, a.Updated = at, at
				a.Schedule = &dateline.Schedule{Due: at}
			})
			if err != nil {
				return err
			}
			got, err := tx.FindArticle(a.ID)
			if err == nil && (!got.First.Equal(at) || got.First.IsZero() != at.IsZero() || !got.Schedule.Due.Equal(at)) {
				s.Errorf("kept %v and %v, want %v", got.First, got.Schedule.Due, at)
			}
			return err
		})
	}
	s.update(func(tx desk.Tx) error {
		e, err := s.entry(tx)
		if err != nil {
			return err
		}
		got, err := tx.FindEntry(e.Sequence)
		if !got.At.Equal(start) || got.At.Location() != time.UTC {
			s.Errorf("the entry's instant is %v", got.At)
		}
		return err
	})
}

func (s *suite) fourBytes() {
	text := "𐐷 😀 \u200d বাংলা 'quoted' \"double\" $1 %s \\ ;--"
	s.update(func(tx desk.Tx) error {
		a, err := s.article(tx, func(a *dateline.Article) { a.Content.Headline, a.SavedBy = text, text })
		if err != nil {
			return err
		}
		got, err := tx.FindArticle(a.ID)
		if err == nil && (got.Content.Headline != text || got.SavedBy != text) {
			s.Errorf("kept %q", got.Content.Headline)
		}
		return errors.Join(err, tx.SaveSetting(text, text))
	})
	s.view(func(tx desk.Tx) error {
		got, err := tx.FindSetting(text)
		if got != text {
			s.Errorf("kept %q", got)
		}
		return err
	})
}

func (s *suite) addresses() {
	one, two := desk.Owner{Kind: desk.OwnerArticle, ID: "one"}, desk.Owner{Kind: desk.OwnerArticle, ID: "two"}
	s.update(func(tx desk.Tx) error {
		s.want("", tx.ClaimAddress("/a", one))
		s.want("", tx.ClaimAddress("/a", one))
		s.want(dateline.EConflict, tx.ClaimAddress("/a", two))
		s.want(dateline.EConflict, tx.ClaimAddress("/a", desk.Owner{Kind: desk.OwnerSection, ID: "one"}))
		s.want("", tx.ClaimAddress("/A", two))
		s.want("", tx.ClaimAddress("/बात?p=1", two))
		owner, err := tx.FindOwner("/a")
		if owner != one {
			s.Errorf("the owner is %v", owner)
		}
		return err
	})
}

func (s *suite) books() {
	s.update(func(tx desk.Tx) error {
		_, err := tx.FindKey("meera", "k")
		s.want(dateline.ENotFound, err)
		k := desk.Key{Actor: "meera", Key: "k", Request: "r", Result: []byte(`{"a":1}`), At: start}
		s.want("", tx.InsertKey(k))
		s.want(dateline.EConflict, tx.InsertKey(k))
		got, err := tx.FindKey("meera", "k")
		if err != nil || got.Request != "r" || string(got.Result) != `{"a":1}` {
			s.Errorf("%+v, %v", got, err)
		}
		_, err = tx.FindReceipt(1)
		s.want(dateline.ENotFound, err)
		s.want("", tx.SaveReceipt(&dateline.Receipt{Sequence: 1, Act: "edition"}))
		s.want("", tx.SaveReceipt(&dateline.Receipt{Sequence: 1, Act: "edition", Confirmed: true}))
		if r, err := tx.FindReceipt(1); err != nil || !r.Confirmed {
			s.Errorf("%+v, %v", r, err)
		}
		s.want("", tx.InsertImport(desk.Import{Source: "wxr", External: "7", Article: "a", Digest: "d"}))
		s.want(dateline.EConflict, tx.InsertImport(desk.Import{Source: "wxr", External: "7", Article: "b"}))
		if i, err := tx.FindImport("wxr", "7"); err != nil || i.Article != "a" {
			s.Errorf("%+v, %v", i, err)
		}
		_, err = tx.FindImport("wxr", "8")
		s.want(dateline.ENotFound, err)
		_, err = tx.FindPublication()
		s.want(dateline.ENotFound, err)
		s.want("", tx.SavePublication(&dateline.Publication{Name: "The Estuary", Version: 1}))
		if p, err := tx.FindPublication(); err != nil || p.Name != "The Estuary" {
			s.Errorf("%+v, %v", p, err)
		}
		s.want("", tx.InsertToken(desk.Token{ID: "t", Name: "n", Role: "editor", Created: start}, []byte("hash")))
		s.want(dateline.EConflict, tx.InsertToken(desk.Token{ID: "u", Name: "n", Role: "editor", Created: start}, []byte("hash")))
		s.want("", tx.RevokeToken("t", start))
		s.want(dateline.ENotFound, tx.RevokeToken("x", start))
		k2, err := tx.FindToken([]byte("hash"))
		if err != nil || !k2.Revoked.Equal(start) || !k2.Expires.IsZero() {
			s.Errorf("%+v, %v", k2, err)
		}
		for i := range 3 {
			s.want("", tx.InsertAudit(desk.AuditLine{At: start, Actor: fmt.Sprint(i), Article: dateline.ID([]string{"a", "", "a"}[i])}))
		}
		lines, err := tx.ListAudit("a", 0, 10)
		if err != nil || len(lines) != 2 || lines[0].Actor != "2" {
			s.Errorf("%+v, %v", lines, err)
		}
		lines, err = tx.ListAudit("", lines[0].Number, 1)
		if err != nil || len(lines) != 1 || lines[0].Actor != "1" {
			s.Errorf("%+v, %v", lines, err)
		}
		_, _, err = tx.FindCheckpoint()
		s.want(dateline.ENotFound, err)
		s.want("", errors.Join(tx.SaveCheckpoint(9, []byte("nine")), tx.SaveCheckpoint(10, []byte("ten"))))
		size, note, err := tx.FindCheckpoint()
		if err != nil || size != 10 || string(note) != "ten" {
			s.Errorf("%d, %q, %v", size, note, err)
		}
		for i, size := range []int64{9, 10, 10} {
			s.want("", tx.SaveCosigned(record.Cosigned{Witness: "w", Size: size, Note: fmt.Append(nil, i)}))
		}
		s.want("", tx.SaveCosigned(record.Cosigned{Witness: "x", Size: 3, Note: []byte("x")}))
		c, err := tx.FindCosigned("w")
		if err != nil || c.Size != 10 || string(c.Note) != "1" {
			s.Errorf("the largest of a witness, of which the first stays: %+v, %v", c, err)
		}
		_, err = tx.FindCosigned("nobody")
		s.want(dateline.ENotFound, err)
		list, err := tx.ListCosigned(c.Number, 9)
		if err != nil || len(list) != 1 || list[0].Witness != "x" || list[0].Number <= c.Number {
			s.Errorf("after %d: %+v, %v", c.Number, list, err)
		}
		return nil
	})
}

func (s *suite) clockGuard() {
	now := func() (at time.Time, check error) {
		s.Helper()
		s.update(func(tx desk.Tx) (err error) {
			check = tx.CheckClock()
			at, err = tx.Now()
			again, err2 := tx.Now()
			if again != at {
				s.Error("one transaction has two instants")
			}
			return errors.Join(err, err2)
		})
		return at, check
	}
	first, check := now()
	s.want("", check)
	if !first.Equal(start) {
		s.Errorf("now is %v, want %v", first, start)
	}
	s.clock.Jump(-30 * time.Second)
	if at, check := now(); !at.Equal(first) || check != nil {
		s.Errorf("half a minute back: %v, %v", at, check)
	}
	s.clock.Jump(-time.Hour)
	at, check := now()
	s.want(dateline.EUnavailable, check)
	if !at.Equal(first) {
		s.Errorf("the clock went back to %v", at)
	}
	s.clock.Jump(time.Hour + 30*time.Second)
	if _, check := now(); check != nil {
		s.Errorf("the clock agrees again, but %v", check)
	}
	s.clock.Pass(8 * time.Hour)
	if at, check := now(); check != nil || !at.Equal(first.Add(8*time.Hour)) {
		s.Errorf("after eight hours of sleep: %v, %v", at, check)
	}
	s.clock.Jump(2 * time.Hour)
	s.clock.Pass(time.Second)
	at, check = now()
	s.want(dateline.EUnavailable, check)
	if want := first.Add(8*time.Hour + time.Second); !at.Equal(want) {
		s.Errorf("while the clock is two hours ahead it is %v, want %v", at, want)
	}
	s.clock.Jump(-2 * time.Hour)
	if _, check := now(); check != nil {
		s.Errorf("the clock was set right again, but %v", check)
	}
	s.clock.Jump(-2 * time.Hour)
	s.update(func(tx desk.Tx) error { return tx.ConfirmClock() })
	if at, check := now(); check != nil || !at.Equal(s.clock.Now()) {
		s.Errorf("after it was confirmed: %v, %v", at, check)
	}
}
