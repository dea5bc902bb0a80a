package store_test

import (
	"path/filepath"
	"testing"

	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/desk/store"
	"github.com/datelinehq/dateline/desk/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T, clock desk.Clock) desk.Store {
		s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "desk.db"), clock)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	})
}
