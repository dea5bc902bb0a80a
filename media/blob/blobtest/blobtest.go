// Package blobtest holds what every blob.Store must pass, wherever it keeps its bytes.
package blobtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/datelinehq/dateline/media/blob"
)

// Run asks of a store what blob.Store promises. Fresh gives one that is empty and is closed when its test ends.
func Run(t *testing.T, fresh func(t *testing.T) blob.Store) {
	t.Run("round trip", func(t *testing.T) {
		s := fresh(t)
		for _, text := range []string{"", "a", strings.Repeat("ink", 100_000)} {
			h := put(t, s, text)
			if got := get(t, s, h); got != text {
				t.Errorf("%d bytes came back as %d others", len(text), len(got))
			}
			if ok, err := s.Has(t.Context(), h); !ok || err != nil {
				t.Errorf("Has = %v, %v", ok, err)
			}
			if err := blob.Verify(t.Context(), s, h); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("the same bytes twice", func(t *testing.T) {
		s := fresh(t)
		if a, b := put(t, s, "same"), put(t, s, "same"); a != b || len(hashes(t, s)) != 1 {
			t.Errorf("%s, %s, %d kept", a, b, len(hashes(t, s)))
		}
	})
	t.Run("limit", func(t *testing.T) {
		s := fresh(t)
		if _, _, err := s.Put(t.Context(), strings.NewReader("12345"), 5); err != nil {
			t.Error(err)
		}
		h, n, err := s.Put(t.Context(), strings.NewReader("123456"), 5)
		if !errors.Is(err, blob.ErrTooBig) || h != "" || n != 0 {
			t.Errorf("%q, %d, %v, want ErrTooBig", h, n, err)
		}
		if len(hashes(t, s)) != 1 {
			t.Error("what was too big was kept")
		}
	})
	t.Run("a reader that fails keeps nothing", func(t *testing.T) {
		s := fresh(t)
		broken := errors.New("cut off")
		r := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))
		if _, _, err := s.Put(t.Context(), r, 100); !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
		if len(hashes(t, s)) != 0 {
			t.Error("half a blob was kept")
		}
	})
	t.Run("a context that ends keeps nothing", func(t *testing.T) {
		s := fresh(t)
		ctx, cancel := context.WithCancel(t.Context())
		r := io.MultiReader(strings.NewReader("half"), readFunc(func([]byte) (int, error) { cancel(); return 0, nil }))
		if _, _, err := s.Put(ctx, r, 100); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if len(hashes(t, s)) != 0 {
			t.Error("half a blob was kept")
		}
	})
	t.Run("absent and deleted", func(t *testing.T) {
		s := fresh(t)
		h := put(t, s, "gone")
		r, _, err := s.Open(t.Context(), h)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for range 2 {
			if err := s.Delete(t.Context(), h); err != nil {
				t.Errorf("Delete: %v", err)
			}
		}
		if b, err := io.ReadAll(r); string(b) != "gone" || err != nil {
			t.Errorf("what was open reads %q, %v", b, err)
		}
		if _, _, err := s.Open(t.Context(), h); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("Open: %v", err)
		}
		if ok, err := s.Has(t.Context(), h); ok || err != nil {
			t.Errorf("Has = %v, %v", ok, err)
		}
		if got := get(t, s, put(t, s, "gone")); got != "gone" {
			t.Errorf("put again: %q", got)
		}
	})
	t.Run("walk", func(t *testing.T) {
		s := fresh(t)
		var want []blob.Hash
		for i := range 50 {
			want = append(want, put(t, s, fmt.Sprint(i)))
		}
		slices.Sort(want)
		if got := hashes(t, s); !slices.Equal(got, want) {
			t.Errorf("walked over %d, want %d in order", len(got), len(want))
		}
		stop := errors.New("enough")
		calls := 0
		err := s.Walk(t.Context(), func(blob.Hash, int64) error { calls++; return stop })
		if !errors.Is(err, stop) || calls != 1 {
			t.Errorf("%d calls, %v", calls, err)
		}
	})
	t.Run("names that are no hashes", func(t *testing.T) { refuseNames(t, fresh(t)) })
	t.Run("many at once", func(t *testing.T) { manyAtOnce(t, fresh(t)) })
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

func refuseNames(t *testing.T, s blob.Store) {
	for _, name := range badNames {
		if _, err := blob.Parse(name); !errors.Is(err, blob.ErrHash) {
			t.Errorf("Parse(%q): %v", name, err)
		}
		h := blob.Hash(name)
		_, _, openErr := s.Open(t.Context(), h)
		_, hasErr := s.Has(t.Context(), h)
		for _, err := range []error{openErr, hasErr, s.Delete(t.Context(), h), blob.Verify(t.Context(), s, h)} {
			if !errors.Is(err, blob.ErrHash) {
				t.Errorf("%q: %v, want ErrHash", name, err)
			}
		}
	}
}

func manyAtOnce(t *testing.T, s blob.Store) {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				text := strings.Repeat(fmt.Sprint(j%5), 10_000)
				h, _, err := s.Put(t.Context(), strings.NewReader(text), 1<<20)
				if err != nil {
					t.Errorf("writer %d: %v", i, err)
					return
				}
				if err := blob.Verify(t.Context(), s, h); err != nil {
					t.Errorf("writer %d: %v", i, err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(hashes(t, s)); n != 5 {
		t.Errorf("%d blobs kept, want 5", n)
	}
}

func put(t *testing.T, s blob.Store, text string) blob.Hash {
	t.Helper()
	h, n, err := s.Put(t.Context(), strings.NewReader(text), 1<<20)
	if err != nil || n != int64(len(text)) || h != blob.Sum([]byte(text)) {
		t.Fatalf("Put(%q) = %s, %d, %v", text, h, n, err)
	}
	return h
}

func get(t *testing.T, s blob.Store, h blob.Hash) string {
	t.Helper()
	r, size, err := s.Open(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil || int64(len(b)) != size {
		t.Fatalf("read %d of %d bytes: %v", len(b), size, err)
	}
	return string(b)
}

func hashes(t *testing.T, s blob.Store) (all []blob.Hash) {
	t.Helper()
	if err := s.Walk(t.Context(), func(h blob.Hash, _ int64) error { all = append(all, h); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// badNames are names that are no hashes.
var badNames = []string{
	"", "a", ".", "..", "../../etc/passwd", "/etc/passwd", strings.Repeat("a", 63), strings.Repeat("a", 65),
	strings.Repeat("A", 64), strings.Repeat("g", 64), strings.Repeat("a", 63) + "\x00", "../../" + strings.Repeat("a", 58),
	"..%2f" + strings.Repeat("a", 59), "ab/cd/" + strings.Repeat("a", 58), strings.Repeat("a", 63) + "\n", strings.Repeat("é", 32),
}
