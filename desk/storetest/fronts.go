package storetest

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// fronts are kept by version, claimed when they are due, and keep what was saved of them.
func (s *suite) fronts() {
	home := &dateline.Front{ID: "paper", Home: true, Version: 2, Saved: 1, SavedBy: "Meera", Until: start.Add(3 * time.Hour),
		Content: dateline.FrontContent{Containers: []dateline.Container{{Layout: dateline.LayoutList, Title: dateline.Names{"hi": "तट 🌊"}, Items: []dateline.FrontItem{{Article: "a"}, {}}}}}}
	coast := &dateline.Front{ID: "coast", Version: 2, Schedule: &dateline.FrontSchedule{Due: start.Add(2 * time.Hour), Content: 1, By: "Meera"}}
	s.update(func(tx desk.Tx) error {
		_, err := tx.FindFront("paper")
		s.want(dateline.ENotFound, err)
		_, err = tx.NextFrontDue()
		s.want(dateline.ENotFound, err)
		s.want("", tx.InsertFront(home))
		s.want(dateline.EConflict, tx.Nested(func() error { return tx.InsertFront(home) }))
		s.want("", tx.InsertFront(coast))
		f, err := tx.FindFront("paper")
		if d := cmp.Diff(home, f); err != nil || d != "" {
			s.Errorf("%v %s", err, d)
		}
		if due, err := tx.NextFrontDue(); err != nil || !due.Equal(start.Add(2*time.Hour)) {
			s.Errorf("the next is due at %s, %v", due, err)
		}
		_, err = tx.ClaimDueFront(start.Add(2*time.Hour - time.Microsecond))
		s.want(dateline.ENotFound, err)
		for _, want := range []*dateline.Front{coast, home} { // the longest due first
			f, err := tx.ClaimDueFront(start.Add(4 * time.Hour))
			if err != nil || f.ID != want.ID {
				s.Fatalf("claimed %+v, %v", f, err)
			}
			f.Schedule, f.Until, f.Version = nil, time.Time{}, 3
			s.want("", tx.UpdateFront(f, 2))
			s.want(dateline.EConflict, tx.UpdateFront(f, 2))
		}
		_, err = tx.ClaimDueFront(start.Add(4 * time.Hour))
		s.want(dateline.ENotFound, err)
		v := &dateline.FrontVersion{Front: "paper", At: start, By: "Meera", Content: home.Content}
		for v.Number = 1; v.Number <= 3; v.Number++ {
			s.want("", tx.SaveFrontVersion(v))
		}
		v.Number, v.Edition, v.Sequence, v.Published = 2, 7, 41, start.Add(time.Minute)
		s.want("", tx.SaveFrontVersion(v))
		got, err := tx.FindFrontVersion("paper", 2)
		if d := cmp.Diff(v, got); err != nil || d != "" {
			s.Errorf("%v %s", err, d)
		}
		_, err = tx.FindFrontVersion("coast", 2)
		s.want(dateline.ENotFound, err)
		list, err := tx.ListFrontVersions("paper", 3, 2)
		if err != nil || len(list) != 2 || list[0].Number != 2 || list[1].Number != 1 {
			s.Errorf("%+v, %v", list, err)
		}
		return nil
	})
}

// coverages are kept by article, their entries by number and version, and their acts in the record's order.
func (s *suite) coverages() {
	s.update(func(tx desk.Tx) error {
		one, err := s.article(tx, nil)
		if err != nil {
			return err
		}
		two, err := s.article(tx, nil)
		if err != nil {
			return err
		}
		a, b := one.ID, two.ID
		_, err = tx.FindLive(a)
		s.want(dateline.ENotFound, err)
		l := &dateline.Live{Article: a, State: dateline.LiveOn, Entries: 3, Changed: start, Version: 2}
		s.want("", tx.SaveLive(l))
		l.State = dateline.LiveEnded
		s.want("", tx.SaveLive(l))
		got, err := tx.FindLive(a)
		if d := cmp.Diff(l, got); err != nil || d != "" {
			s.Errorf("%v %s", err, d)
		}
		entries := []*dateline.LiveEntry{}
		for n := 1; n <= 3; n++ {
			// two are of one second, and the last is dated ahead
			e := &dateline.LiveEntry{Article: a, Number: n, Version: 1, Headline: "घाट 🚢", At: start.Add(time.Duration(n/3) * time.Hour), Posted: start, Changed: start, Sequence: int64(10 + n), By: "Meera"}
			s.want("", tx.SaveLiveEntry(e, 0))
			entries = append(entries, e)
		}
		s.want("", tx.SaveLiveEntry(&dateline.LiveEntry{Article: b, Number: 1, Version: 1}, 0))
		s.want(dateline.EConflict, tx.Nested(func() error { return tx.SaveLiveEntry(entries[0], 0) }))
		entries[1].Version, entries[1].Deleted, entries[1].Reason = 2, true, "It was told twice."
		s.want("", tx.SaveLiveEntry(entries[1], 1))
		s.want(dateline.EConflict, tx.SaveLiveEntry(entries[1], 1))
		e, err := tx.FindLiveEntry(a, 2)
		if d := cmp.Diff(entries[1], e); err != nil || d != "" {
			s.Errorf("%v %s", err, d)
		}
		_, err = tx.FindLiveEntry(b, 2)
		s.want(dateline.ENotFound, err)
		for before, want := range map[int][]int{0: {3, 2}, 3: {2, 1}, 1: nil} {
			list, err := tx.ListLiveEntries(a, before, 2)
			var numbers []int
			for _, e := range list {
				numbers = append(numbers, e.Number)
			}
			if d := cmp.Diff(want, numbers); err != nil || d != "" {
				s.Errorf("before %d: %v %s", before, err, d)
			}
		}
		for range 4 {
			if _, err := s.entry(tx); err != nil {
				return err
			}
		}
		for _, seq := range []int64{2, 1, 4} {
			s.want("", tx.InsertLiveAct(a, seq))
		}
		s.want("", tx.InsertLiveAct(b, 3))
		acts, err := tx.ListLiveActs(a)
		if d := cmp.Diff([]int64{1, 2, 4}, acts); err != nil || d != "" {
			s.Errorf("%v %s", err, d)
		}
		return nil
	})
}
