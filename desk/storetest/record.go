package storetest

import (
	"errors"
	"slices"
	"sync"

	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

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
