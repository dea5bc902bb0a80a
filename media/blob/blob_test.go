package blob

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

var badNames = []string{
	"", "a", ".", "..", "../../etc/passwd", "/etc/passwd", strings.Repeat("a", 63), strings.Repeat("a", 65),
	strings.Repeat("A", 64), strings.Repeat("g", 64), strings.Repeat("a", 63) + "\x00", "../../" + strings.Repeat("a", 58),
	"..%2f" + strings.Repeat("a", 59), "ab/cd/" + strings.Repeat("a", 58), strings.Repeat("a", 63) + "\n", strings.Repeat("é", 32),
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
