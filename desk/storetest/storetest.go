package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
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
		{"versions conflict", (*suite).conflicts},
		{"the sequence has no gaps", (*suite).sequence},
		{"the tree covers every entry", (*suite).tree},
		{"withheld entries have no body", (*suite).withheld},
		{"lists go by bytes", (*suite).collation},
		{"instants keep their microseconds", (*suite).instants},
		{"text of four bytes", (*suite).fourBytes},
		{"an address has one owner", (*suite).addresses},
		{"a due schedule is claimed once", (*suite).claims},
		{"articles are listed and paged", (*suite).lists},
		{"words find articles", (*suite).words},
		{"related articles are listed by topic", (*suite).topicUses},
		{"keys, settings, receipts, imports and tokens", (*suite).books},
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

func (s *suite) sequence() {
	stop := errors.New("stop")
	var wait sync.WaitGroup
	var mu sync.Mutex
	var got []int64
	for i := range 40 {
		wait.Go(func() {
			var mine []int64
			err := s.store.Update(s.Context(), func(tx desk.Tx) error {
				for range 1 + i%3 {
					e, err := s.entry(tx)
					if err != nil {
						return err
					}
					mine = append(mine, e.Sequence)
				}
				if i%4 == 0 {
					return stop
				}
				return nil
			})
			if i%4 == 0 {
				if !errors.Is(err, stop) {
					s.Errorf("the error did not come back: %v", err)
				}
				return
			}
			if err != nil {
				s.Error(err)
			}
			mu.Lock()
			got = append(got, mine...)
			mu.Unlock()
		})
	}
	wait.Wait()
	slices.Sort(got)
	for i, seq := range got {
		if seq != int64(i+1) {
			s.Fatalf("the numbers given are %v", got)
		}
	}
	s.view(func(tx desk.Tx) error {
		list, err := tx.ListEntries(0, 1000)
		if len(list) != len(got) {
			s.Errorf("%d entries are kept, %d were acknowledged", len(list), len(got))
		}
		for i, e := range list {
			if e.Sequence != int64(i+1) || e.Check() != nil {
				s.Errorf("entry %d stands at place %d: %v", e.Sequence, i+1, e.Check())
			}
		}
		return err
	})
}

func (s *suite) tree() {
	var want memory
	size := int64(0)
	for _, n := range []int{1, 2, 300, 1} {
		s.update(func(tx desk.Tx) error {
			var leaves [][]byte
			for range n {
				e, err := s.entry(tx)
				if err != nil {
					return err
				}
				leaves = append(leaves, e.Leaf())
			}
			var err error
			size, err = record.Append(&want, size, leaves)
			return err
		})
		root, err := record.Root(&want, size)
		if err != nil {
			s.Fatal(err)
		}
		s.view(func(tx desk.Tx) error {
			got, err := tx.Root(size)
			if got != root {
				s.Errorf("the root over %d entries is %x, want %x", size, got, root)
			}
			return err
		})
	}
	s.view(func(tx desk.Tx) error {
		old, err := tx.Root(3)
		want, err2 := record.Root(&want, 3)
		if old != want {
			s.Errorf("the root over the first 3 entries changed")
		}
		return errors.Join(err, err2)
	})
}

// memory is a tree for comparison.
type memory map[[2]int64][]byte

// Tile returns a tile's bytes.
func (m *memory) Tile(level int, index int64) ([]byte, error) {
	return (*m)[[2]int64{int64(level), index}], nil
}

// PutTile keeps a tile.
func (m *memory) PutTile(level int, index int64, data []byte) error {
	if *m == nil {
		*m = memory{}
	}
	(*m)[[2]int64{int64(level), index}] = data
	return nil
}

func (s *suite) withheld() {
	s.update(func(tx desk.Tx) error {
		for range 3 {
			if _, err := s.entry(tx); err != nil {
				return err
			}
		}
		return tx.Withhold([]int64{1, 2}, 3)
	})
	s.view(func(tx desk.Tx) error {
		list, err := tx.ListEntries(0, 10)
		for _, e := range list {
			if e.HasBody() != (e.Sequence == 3) || len(e.Body) > 0 != (e.Sequence == 3) {
				s.Errorf("entry %d: has a body is %v", e.Sequence, e.HasBody())
			}
		}
		if e, err := tx.FindEntry(1); err != nil || !e.HasBody() {
			s.Errorf("the kept entry lost its body: %v", err)
		}
		return err
	})
	s.update(func(tx desk.Tx) error {
		got, err := tx.Release(3)
		if !slices.Equal(got, []int64{1, 2}) {
			s.Errorf("released %v", got)
		}
		list, err2 := tx.ListEntries(0, 1)
		if len(list) != 1 || !list[0].HasBody() {
			s.Error("a released entry has no body")
		}
		return errors.Join(err, err2)
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

func (s *suite) claims() {
	const n = 12
	s.update(func(tx desk.Tx) error {
		for i := range n {
			if _, err := s.article(tx, func(a *dateline.Article) {
				a.Schedule = &dateline.Schedule{Due: start.Add(time.Duration(i) * time.Minute)}
			}); err != nil {
				return err
			}
		}
		next, err := tx.NextDue()
		if !next.Equal(start) {
			s.Errorf("the next is due %v", next)
		}
		return err
	})
	var mu sync.Mutex
	claimed := map[dateline.ID]int{}
	var order []time.Time
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for done := false; !done; {
				err := s.store.Update(s.Context(), func(tx desk.Tx) error {
					a, err := tx.ClaimDue(start.Add((n - 2) * time.Minute))
					if dateline.ErrorCode(err) == dateline.ENotFound {
						done = true
						return nil
					}
					if err != nil {
						return err
					}
					mu.Lock()
					claimed[a.ID]++
					order = append(order, a.Schedule.Due)
					mu.Unlock()
					a.Schedule = nil
					a.Version++
					return tx.UpdateArticle(a, a.Version-1)
				})
				if err != nil {
					s.Error(err)
					done = true
				}
			}
		})
	}
	wait.Wait()
	if len(claimed) != n-1 {
		s.Errorf("%d were claimed, want %d: the last is not due", len(claimed), n-1)
	}
	for id, times := range claimed {
		if times != 1 {
			s.Errorf("%s was claimed %d times", id, times)
		}
	}
	if !slices.IsSortedFunc(order, time.Time.Compare) {
		s.Errorf("claimed out of order: %v", order)
	}
}

func (s *suite) lists() {
	s.update(func(tx desk.Tx) error {
		for i := range 9 {
			if _, err := s.article(tx, func(a *dateline.Article) {
				a.SavedAt = start.Add(time.Duration(i/3) * time.Second) // three share an instant
				if i%2 == 0 {
					a.Draft, a.Readers = dateline.DraftNone, dateline.Published
				}
				if i == 4 {
					a.Kind, a.Readers = dateline.KindPage, dateline.Withdrawn
				}
				a.Content.Section = dateline.ID(fmt.Sprint(i % 3))
				a.Content.Body = []byte(`{"type":"doc"}`)
			}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, tt := range []struct {
		name string
		f    dateline.ArticleFilter
		want int
	}{
		{"all", dateline.ArticleFilter{}, 9},
		{"drafts", dateline.ArticleFilter{Draft: dateline.DraftOpen}, 4},
		{"none", dateline.ArticleFilter{Draft: dateline.DraftNone}, 5},
		{"published", dateline.ArticleFilter{Readers: dateline.Published}, 4},
		{"withdrawn", dateline.ArticleFilter{Readers: dateline.Withdrawn}, 1},
		{"pages", dateline.ArticleFilter{Kind: dateline.KindPage}, 1},
		{"section", dateline.ArticleFilter{Section: "1"}, 3},
		{"both", dateline.ArticleFilter{Section: "0", Readers: dateline.Published}, 2},
	} {
		s.view(func(tx desk.Tx) error {
			var got []*dateline.Article
			tt.f.Limit = 2
			for {
				page, err := tx.ListArticles(tt.f)
				if err != nil {
					return err
				}
				got = append(got, page.Articles...)
				if page.Next == "" {
					break
				}
				tt.f.After = page.Next
			}
			if len(got) != tt.want {
				s.Errorf("%s: %d articles, want %d", tt.name, len(got), tt.want)
			}
			for i, a := range got {
				if len(a.Content.Body) > 0 || a.Content.Headline == "" {
					s.Errorf("%s: a listed article has body %q, headline %q", tt.name, a.Content.Body, a.Content.Headline)
				}
				if i > 0 && (a.SavedAt.After(got[i-1].SavedAt) || a.SavedAt.Equal(got[i-1].SavedAt) && a.ID >= got[i-1].ID) {
					s.Errorf("%s: out of order at %d", tt.name, i)
				}
			}
			return nil
		})
	}
	s.view(func(tx desk.Tx) error {
		_, err := tx.ListArticles(dateline.ArticleFilter{Limit: 2, After: "../"})
		s.want(dateline.EInvalid, err)
		return nil
	})
}

func (s *suite) words() {
	var ids []dateline.ID
	s.update(func(tx desk.Tx) error {
		for _, text := range []string{"harbour talks resume", "दिल्ली में बातचीत", "the dredger 'Anna-Marie' sank", "harbour closed"} {
			a, err := s.article(tx, nil)
			if err != nil {
				return err
			}
			ids = append(ids, a.ID)
			if err := tx.IndexArticle(a.ID, text); err != nil {
				return err
			}
		}
		return tx.IndexArticle(ids[0], "harbour talks end")
	})
	for query, want := range map[string]string{
		"harbour": "0 3", "HARBOUR talks": "0", "resume": "", "दिल्ली": "1", "दिल": "", "बातचीत": "1", "anna-marie": "2",
		"harb": "", `"harbour`: "0 3", "harbour OR dredger": "", "harbour*": "0 3", "' --": "", "NEAR(a b)": "", "😀": "",
	} {
		s.view(func(tx desk.Tx) error {
			var got []string
			f := dateline.ArticleFilter{Query: query, Limit: 1}
			for {
				page, err := tx.ListArticles(f)
				if err != nil {
					return fmt.Errorf("%q: %w", query, err)
				}
				for _, a := range page.Articles {
					got = append(got, fmt.Sprint(slices.Index(ids, a.ID)))
				}
				if page.Next == "" {
					break
				}
				f.After = page.Next
			}
			// The newest save comes first: 0 was indexed last.
			if strings.Join(got, " ") != want {
				s.Errorf("%q finds %q, want %q", query, got, want)
			}
			return nil
		})
	}
}

func (s *suite) topicUses() {
	s.update(func(tx desk.Tx) error {
		return errors.Join(tx.SetTopics("a", start, []dateline.ID{"x", "y"}), tx.SetTopics("b", start.Add(time.Second), []dateline.ID{"x"}),
			tx.SetTopics("c", start.Add(time.Hour), []dateline.ID{"x"}), tx.SetTopics("a", start, []dateline.ID{"x"}))
	})
	s.view(func(tx desk.Tx) error {
		list, err := tx.ListTopicUses("x", start.Add(time.Minute), 10)
		if len(list) != 2 || list[0].Article != "b" || !list[1].First.Equal(start) {
			s.Errorf("got %v", list)
		}
		gone, err2 := tx.ListTopicUses("y", start.Add(time.Hour), 10)
		if len(gone) != 0 {
			s.Errorf("a topic that was taken off still has %v", gone)
		}
		return errors.Join(err, err2)
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
