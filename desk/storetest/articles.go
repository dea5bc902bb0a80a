package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

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

// fresh indexes and files articles in the transaction that makes them, twice and beside a nested failure.
func (s *suite) fresh() {
	var one, lost, two *dateline.Article
	s.update(func(tx desk.Tx) (err error) {
		if one, err = s.article(tx, nil); err != nil {
			return err
		}
		undone := errors.New("undone")
		if err := tx.Nested(func() error {
			if lost, err = s.article(tx, nil); err != nil {
				return err
			}
			return errors.Join(tx.IndexArticle(lost.ID, "harbour"), tx.SetTopics(lost.ID, start, []dateline.ID{"x"}),
				tx.IndexArticle(one.ID, "harbour wrong"), tx.SetTopics(one.ID, start, []dateline.ID{"x", "wrong"}), undone)
		}); !errors.Is(err, undone) {
			return fmt.Errorf("the nested part answers %w", err)
		}
		s.want(dateline.ENotFound, tx.IndexArticle(lost.ID, "harbour"))
		if two, err = s.article(tx, nil); err != nil {
			return err
		}
		return errors.Join(tx.IndexArticle(two.ID, "harbour"), tx.SetTopics(two.ID, start, []dateline.ID{"wrong"}), tx.SetTopics(two.ID, start, []dateline.ID{"x"}),
			tx.IndexArticle(one.ID, "harbour right"), tx.SetTopics(one.ID, start.Add(time.Second), []dateline.ID{"x"}))
	})
	s.view(func(tx desk.Tx) error {
		for query, want := range map[string][]dateline.ID{"harbour": {one.ID, two.ID}, "right": {one.ID}, "wrong": nil} {
			page, err := tx.ListArticles(dateline.ArticleFilter{Query: query, Limit: 9})
			if err != nil {
				return err
			}
			var got []dateline.ID
			for _, a := range page.Articles {
				got = append(got, a.ID)
			}
			if !slices.Equal(got, want) {
				s.Errorf("%q finds %v, want %v", query, got, want)
			}
		}
		for topic, want := range map[dateline.ID]int{"x": 2, "wrong": 0} {
			uses, err := tx.ListTopicUses(topic, start.Add(time.Hour), 9)
			if err != nil {
				return err
			}
			if len(uses) != want {
				s.Errorf("%s has %v", topic, uses)
			}
		}
		return nil
	})
}

// dueStories schedules stories, claims the one that is due longest, and takes a schedule off.
func (s *suite) dueStories() {
	var ids []dateline.ID
	s.update(func(tx desk.Tx) error {
		_, err := tx.NextStoryDue()
		s.want(dateline.ENotFound, err)
		for i := range 3 {
			st := &dateline.Story{ID: dateline.ID(fmt.Sprint("story", i)), Slug: fmt.Sprint("story-", i), Version: 1}
			ids = append(ids, st.ID)
			if err := errors.Join(tx.Stories().Insert(st), tx.ScheduleStory(st.ID, start.Add(time.Duration(3-i)*time.Minute+time.Microsecond))); err != nil {
				return err
			}
		}
		return tx.ScheduleStory(ids[2], time.Time{})
	})
	s.update(func(tx desk.Tx) error {
		next, err := tx.NextStoryDue()
		if !next.Equal(start.Add(2*time.Minute + time.Microsecond)) {
			s.Errorf("the next is due %v", next)
		}
		_, early := tx.ClaimDueStory(start.Add(2 * time.Minute))
		s.want(dateline.ENotFound, early)
		got, err2 := tx.ClaimDueStory(start.Add(time.Hour))
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		if got.ID != ids[1] {
			s.Errorf("claimed is %s, want %s", got.Slug, ids[1])
		}
		got.Version++
		return tx.Stories().Update(got, 1) // a change of the story itself keeps its hour
	})
	s.view(func(tx desk.Tx) error {
		next, err := tx.NextStoryDue()
		if !next.Equal(start.Add(2*time.Minute + time.Microsecond)) {
			s.Errorf("after a change the next is due %v", next)
		}
		return err
	})
}
