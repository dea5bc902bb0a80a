package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

func open(t *testing.T, dir string) *Disk {
	t.Helper()
	d, err := OpenDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func put(t *testing.T, s Store, text string) Hash {
	t.Helper()
	h, n, err := s.Put(t.Context(), strings.NewReader(text), 1<<20)
	if err != nil || n != int64(len(text)) || h != Sum([]byte(text)) {
		t.Fatalf("Put(%q) = %s, %d, %v", text, h, n, err)
	}
	return h
}

func get(t *testing.T, s Store, h Hash) string {
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

func hashes(t *testing.T, s Store) (all []Hash) {
	t.Helper()
	if err := s.Walk(t.Context(), func(h Hash, _ int64) error { all = append(all, h); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// leftovers returns the names of the files that stand in the incoming folder.
func leftovers(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, incoming, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestDiskConforms(t *testing.T) {
	conform(t, func(t *testing.T) Store { return open(t, t.TempDir()) })
}

// conform is what every Store must pass.
func conform(t *testing.T, fresh func(t *testing.T) Store) {
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
			if err := Verify(t.Context(), s, h); err != nil {
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
		if !errors.Is(err, ErrTooBig) || h != "" || n != 0 {
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
		if _, _, err := s.Open(t.Context(), h); !errors.Is(err, ErrNotFound) {
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
		var want []Hash
		for i := range 50 {
			want = append(want, put(t, s, fmt.Sprint(i)))
		}
		slices.Sort(want)
		if got := hashes(t, s); !slices.Equal(got, want) {
			t.Errorf("walked over %d, want %d in order", len(got), len(want))
		}
		stop := errors.New("enough")
		calls := 0
		err := s.Walk(t.Context(), func(Hash, int64) error { calls++; return stop })
		if !errors.Is(err, stop) || calls != 1 {
			t.Errorf("%d calls, %v", calls, err)
		}
	})
	t.Run("names that are no hashes", func(t *testing.T) { refuseNames(t, fresh(t)) })
	t.Run("many at once", func(t *testing.T) { manyAtOnce(t, fresh(t)) })
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

var badNames = []string{
	"", "a", ".", "..", "../../etc/passwd", "/etc/passwd", strings.Repeat("a", 63), strings.Repeat("a", 65),
	strings.Repeat("A", 64), strings.Repeat("g", 64), strings.Repeat("a", 63) + "\x00", "../../" + strings.Repeat("a", 58),
	"..%2f" + strings.Repeat("a", 59), "ab/cd/" + strings.Repeat("a", 58), strings.Repeat("a", 63) + "\n", strings.Repeat("é", 32),
}

func refuseNames(t *testing.T, s Store) {
	for _, name := range badNames {
		if _, err := Parse(name); !errors.Is(err, ErrHash) {
			t.Errorf("Parse(%q): %v", name, err)
		}
		h := Hash(name)
		_, _, openErr := s.Open(t.Context(), h)
		_, hasErr := s.Has(t.Context(), h)
		for _, err := range []error{openErr, hasErr, s.Delete(t.Context(), h), Verify(t.Context(), s, h)} {
			if !errors.Is(err, ErrHash) {
				t.Errorf("%q: %v, want ErrHash", name, err)
			}
		}
	}
}

func manyAtOnce(t *testing.T, s Store) {
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
				if err := Verify(t.Context(), s, h); err != nil {
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

func TestDamageIsFoundAndHealed(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	h := put(t, s, "a picture")
	if err := os.WriteFile(filepath.Join(dir, h.path()), []byte("a Picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Verify(t.Context(), s, h); !errors.Is(err, ErrDamaged) {
		t.Fatalf("got %v, want ErrDamaged", err)
	}
	put(t, s, "a picture")
	if err := Verify(t.Context(), s, h); err != nil {
		t.Errorf("after putting it again: %v", err)
	}
}

func TestLeftoversOfACrashAreSwept(t *testing.T) {
	dir := t.TempDir()
	kept := put(t, open(t, dir), "kept")
	old, young := filepath.Join(dir, incoming, "old"), filepath.Join(dir, incoming, "young")
	for _, name := range []string{old, young} {
		if err := os.WriteFile(name, []byte("half a pic"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := time.Now().Add(-2 * abandoned)
	if err := os.Chtimes(old, before, before); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	if got := leftovers(t, dir); !slices.Equal(got, []string{young}) {
		t.Errorf("incoming holds %v, want the upload that may still run", got)
	}
	if got := hashes(t, s); !slices.Equal(got, []Hash{kept}) {
		t.Errorf("the store holds %v", got)
	}
}

func TestNothingStaysInIncoming(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, "good")
	s.Put(t.Context(), bytes.NewReader(make([]byte, 100)), 10)
	s.Put(t.Context(), iotest.ErrReader(errors.New("cut off")), 10)
	if got := leftovers(t, dir); len(got) != 0 {
		t.Errorf("incoming holds %v", got)
	}
}

func TestSymbolicLinksLeadNowhere(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	secret := Sum([]byte("secret"))
	if err := os.MkdirAll(filepath.Join(outside, string(secret[2:4])), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(outside, string(secret[2:4]), string(secret)), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	if err := os.Symlink(outside, filepath.Join(dir, string(secret[:2]))); err != nil {
		t.Fatal(err)
	}
	if r, _, err := s.Open(t.Context(), secret); err == nil {
		r.Close()
		t.Error("a link led out of the folder")
	}
	if err := s.Delete(t.Context(), secret); err == nil {
		t.Error("a delete went through a link")
	}
	if _, _, err := s.Put(t.Context(), strings.NewReader("secret"), 100); err == nil {
		t.Error("a blob was put through a link")
	}
	if _, err := os.Stat(filepath.Join(outside, string(secret[2:4]), string(secret))); err != nil {
		t.Errorf("the file outside is gone: %v", err)
	}
}

func TestAFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenDisk(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v, want an error that names the folder", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range badNames {
		f.Add(name)
	}
	f.Add(string(Sum(nil)))
	f.Fuzz(func(t *testing.T, s string) {
		h, err := Parse(s)
		if err == nil && (string(h) != s || !filepath.IsLocal(h.path()) || strings.Count(h.path(), "/") != 2) {
			t.Errorf("%q became %q at %s", s, h, h.path())
		}
	})
}
