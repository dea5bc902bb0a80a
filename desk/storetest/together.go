package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// together makes many changes of a few articles at once. Every article is saved by two with the same version in front of
// them: one of both conflicts; some fail by themselves. All else stays, and the audit has it in the order of its instants.
func (s *suite) together() {
	stop := errors.New("stop")
	const articles = 12
	var ids []dateline.ID
	s.update(func(tx desk.Tx) error {
		for range articles {
			a, err := s.article(tx, nil)
			if err != nil {
				return err
			}
			ids = append(ids, a.ID)
		}
		return nil
	})
	release := s.hold()
	var (
		wait       sync.WaitGroup
		mu         sync.Mutex
		saved      = map[dateline.ID]int{}
		conflicted = map[dateline.ID]int{}
	)
	save := func(id dateline.ID, by string) error {
		return s.store.Together(s.Context(), func(tx desk.Tx) error {
			s.clock.Pass(time.Microsecond)
			now, err := tx.Now()
			if err != nil {
				return err
			}
			a, err := tx.FindArticle(id)
			if err != nil {
				return err
			}
			a.Version, a.Saved, a.SavedBy, a.SavedAt = 2, 2, by, now
			return errors.Join(tx.UpdateArticle(a, 1), tx.InsertVersion(desk.Version{Article: id, Number: 2, At: now, By: by, Content: a.Content}),
				tx.IndexArticle(id, "harbour "+by), tx.InsertAudit(desk.AuditLine{At: now, Actor: by, Article: id}))
		})
	}
	for _, id := range ids {
		for _, by := range []string{"meera", "john"} {
			wait.Go(func() {
				err := save(id, by)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					saved[id]++
					return
				}
				s.want(dateline.EConflict, err)
				conflicted[id]++
			})
		}
		wait.Go(func() {
			if err := s.store.Together(s.Context(), func(tx desk.Tx) error {
				return errors.Join(tx.SaveSetting("wrong", string(id)), tx.IndexArticle(id, "wrong"), tx.InsertAudit(desk.AuditLine{At: start, Actor: "nobody"}), stop)
			}); !errors.Is(err, stop) {
				s.Errorf("the function's own error did not come back: %v", err)
			}
		})
	}
	release()
	wait.Wait()
	s.view(func(tx desk.Tx) error {
		for _, id := range ids {
			if saved[id] != 1 || conflicted[id] != 1 {
				s.Errorf("of two saves of one version %d were made and %d conflicted", saved[id], conflicted[id])
			}
			a, err := tx.FindArticle(id)
			if err != nil {
				return err
			}
			if v, err := tx.FindVersion(id, 2); err != nil || a.Version != 2 || v.By != a.SavedBy {
				s.Errorf("%+v, %+v, %v", a, v, err)
			}
		}
		_, err := tx.FindSetting("wrong")
		s.want(dateline.ENotFound, err)
		audit, err := tx.ListAudit("", 0, 2*articles)
		if err != nil || len(audit) != articles {
			s.Errorf("%d lines of audit, want %d; %v", len(audit), articles, err)
		}
		if !slices.IsSortedFunc(audit, func(a, b desk.AuditLine) int { return b.At.Compare(a.At) }) {
			s.Error("the audit's order is not that of its instants")
		}
		for query, want := range map[string]int{"harbour": articles, "wrong": 0} {
			page, err := tx.ListArticles(dateline.ArticleFilter{Query: query, Limit: 50})
			if err != nil || len(page.Articles) != want {
				s.Errorf("%q finds %d articles, want %d; %v", query, len(page.Articles), want, err)
			}
		}
		return nil
	})
}

// goneTogether gives up some of those that wait: they are not made, and the others are.
func (s *suite) goneTogether() {
	release := s.hold()
	var wait sync.WaitGroup
	for i := range 10 {
		ctx, cancel := context.WithCancel(s.Context())
		wait.Go(func() {
			err := s.store.Together(ctx, func(tx desk.Tx) error { return tx.SaveSetting(fmt.Sprint(i), "kept") })
			if i%2 == 0 {
				s.want("", err)
			} else {
				s.want(dateline.EUnavailable, err)
			}
		})
		if i%2 == 1 {
			cancel()
		} else {
			defer cancel()
		}
	}
	release()
	wait.Wait()
	late, cancel := context.WithCancel(s.Context())
	s.want(dateline.EUnavailable, s.store.Together(late, func(tx desk.Tx) error { // its caller goes while it is made
		cancel()
		return tx.SaveSetting("late", "kept")
	}))
	s.view(func(tx desk.Tx) error {
		for i := range 10 {
			_, err := tx.FindSetting(fmt.Sprint(i))
			if want := map[bool]dateline.Code{true: "", false: dateline.ENotFound}[i%2 == 0]; dateline.ErrorCode(err) != want {
				s.Errorf("setting %d: %v", i, err)
			}
		}
		_, err := tx.FindSetting("late")
		s.want(dateline.ENotFound, err)
		return nil
	})
}

func (s *suite) panicTogether() {
	release := s.hold()
	var (
		wait   sync.WaitGroup
		caught = make([]any, 6)
		kept   desk.Tx
	)
	for i := range caught {
		wait.Go(func() {
			defer func() { caught[i] = recover() }()
			s.want("", s.store.Together(s.Context(), func(tx desk.Tx) error {
				if i == 3 {
					kept = tx
				}
				if err := tx.SaveSetting(fmt.Sprint(i), "kept"); err != nil || i != 4 {
					return err
				}
				panic("a fault")
			}))
		})
	}
	release()
	wait.Wait()
	for i, v := range caught {
		if (v != nil) != (i == 4) {
			s.Errorf("the caller of change %d met %v", i, v)
		}
	}
	s.want(dateline.EInternal, kept.SaveSetting("later", "x"))
	s.view(func(tx desk.Tx) error {
		for i := range caught {
			if _, err := tx.FindSetting(fmt.Sprint(i)); (err != nil) != (i == 4) {
				s.Errorf("setting %d: %v", i, err)
			}
		}
		_, err := tx.FindSetting("later")
		s.want(dateline.ENotFound, err)
		return nil
	})
}
