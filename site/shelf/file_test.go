package shelf

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/datelinehq/dateline/record"
)

func TestDamage(t *testing.T) {
	n := newNewsroom(t, 61).acts(30)
	s := open(t, n)
	half := len(n.entries) / 2
	apply(t, s, n.entries[:half]...)
	before := dump(t, s)
	bad := n.entries[half]
	bad.Body = append(slices.Clone(bad.Body), ' ')
	if _, err := s.Apply(t.Context(), []record.Entry{bad}); err == nil {
		t.Error("an entry that is not what was committed to was applied")
	}
	if _, err := s.Apply(t.Context(), n.entries[half+1:]); !errors.Is(err, ErrSequence) {
		t.Errorf("a gap: %v", err)
	}
	broken := append(slices.Clone(n.entries[half:half+3]), n.entries[half+5])
	if _, err := s.Apply(t.Context(), broken); !errors.Is(err, ErrSequence) {
		t.Errorf("a gap in a batch: %v", err)
	}
	if dump(t, s) != before || s.Cursor() != int64(half) {
		t.Error("what failed left something behind")
	}
	apply(t, s, n.entries...) // what was applied is passed over
	if s.Cursor() != int64(len(n.entries)) {
		t.Errorf("the cursor is at %d", s.Cursor())
	}
}

type otherRenderer struct{ pages }

func (otherRenderer) Version() string { return "another" }

func TestAnotherVersionIsBuiltAgain(t *testing.T) {
	n := newNewsroom(t, 62).acts(30)
	path := filepath.Join(t.TempDir(), "shelf.db")
	first := openAt(t, n, path)
	apply(t, first, n.entries...)
	want := answers(t, n, first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(Options{Path: path, Refetch: answering{n}.at, Renderer: otherRenderer{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if why := s.NeedsRebuild(); !strings.Contains(why, "another") {
		t.Errorf("why: %q", why)
	}
	if err := s.View(t.Context(), func(*Tx) error { return nil }); !errors.Is(err, ErrNotReady) {
		t.Errorf("before it is built: %v", err)
	}
	var last int64
	if _, err := s.Rebuild(t.Context(), answering{n}, func(done, total int64) { last = total - done }); err != nil {
		t.Fatal(err)
	}
	if last != 0 || s.NeedsRebuild() != "" || !s.Ready() {
		t.Errorf("built, %d entries are left, why %q", last, s.NeedsRebuild())
	}
	if answers(t, n, s) != want {
		t.Error("built again, it answers otherwise")
	}
}

func TestDamagedFile(t *testing.T) {
	n := newNewsroom(t, 63)
	path := filepath.Join(t.TempDir(), "shelf.db")
	writeFile(t, path, strings.Repeat("this is no database ", 1000))
	s := openAt(t, n, path)
	if why := s.NeedsRebuild(); why == "" {
		t.Error("a file that is no database is good")
	}
	if _, err := s.Rebuild(t.Context(), answering{n}, nil); err != nil {
		t.Fatal(err)
	}
	view(t, s, func(tx *Tx) {
		if p := must(tx.Publication()); p.Name != "The Estuary" {
			t.Errorf("the paper is %q", p.Name)
		}
	})
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// contains says whether a database or its log holds some bytes.
func contains(t *testing.T, path, text string) bool {
	t.Helper()
	for _, p := range []string{path, path + "-wal"} {
		b, err := os.ReadFile(p)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte(text)) || frameHolds(t, b, text) {
			return true
		}
	}
	return false
}

// frameHolds says whether any compressed row in some bytes, one of a deleted row included, holds a text.
func frameHolds(t *testing.T, b []byte, text string) bool {
	t.Helper()
	c, err := newCodec(1)
	if err != nil {
		t.Fatal(err)
	}
	defer c.dec.Close()
	for magic := []byte{0x28, 0xb5, 0x2f, 0xfd}; ; {
		i := bytes.Index(b, magic)
		if i < 0 {
			return false
		}
		b = b[i:]
		part, _ := c.dec.DecodeAll(b[:min(len(b), 1<<20)], nil) // what follows the frame is none
		if bytes.Contains(part, []byte(text)) {
			return true
		}
		b = b[len(magic):]
	}
}

// A path is a path, whatever it holds and wherever it begins.
func TestPaths(t *testing.T) {
	n := newNewsroom(t, 63).acts(10)
	t.Chdir(t.TempDir())
	if err := os.MkdirAll(filepath.Join("paper", "site"), 0o750); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"shelf.db", "paper/site/shelf.db", "./paper/shelf.db", "paper/a b?c#d%41é.db"} {
		apply(t, openAt(t, n, name), n.entries...)
		if _, err := os.Stat(name); err != nil {
			t.Errorf("the shelf at %q is not there: %v", name, err)
		}
	}
}

// TestWhyTheLogIsNotFolded is told once for each reason, and again where it went well in between.
func TestWhyTheLogIsNotFolded(t *testing.T) {
	n := newNewsroom(t, 66).acts(10)
	s := open(t, n)
	apply(t, s, n.entries...)
	var told []error
	s.options.Failed = func(err error) { told = append(told, err) }
	if err := s.writer.c.exec("INSERT INTO meta(name, value) VALUES('large', zeroblob(?))", 2*foldAt); err != nil {
		t.Fatal(err)
	}
	good, none := s.pool, newPool(filepath.Join(t.TempDir(), "none", "shelf.db"), nil, 1)
	for _, step := range []struct {
		pool *pool
		told int
	}{{none, 1}, {none, 1}, {good, 1}, {none, 2}, {good, 2}} {
		s.pool = step.pool
		s.wrote()
		s.folding.wait()
		if len(told) != step.told {
			t.Fatalf("told %v, want %d", told, step.told)
		}
	}
	if !strings.Contains(told[0].Error(), s.options.Path) || damaged(told[0]) {
		t.Errorf("told %v", told[0])
	}
}

// Acts do not fold the log into the file; that is done beside them, while somebody reads, and however fast they come.
func TestTheLogIsFolded(t *testing.T) {
	n := newNewsroom(t, 66).acts(400)
	path := filepath.Join(t.TempDir(), "shelf.db")
	s := openAt(t, n, path)
	size := func(name string) int64 {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	empty, most := size(path), int64(0)
	for _, e := range n.entries {
		apply(t, s, e)
		most = max(most, size(path+"-wal"))
		if err := s.View(t.Context(), func(tx *Tx) error { _, err := tx.Latest(3); return err }); err != nil {
			t.Fatal(err)
		}
	}
	if most < foldAt || most > foldWait+foldAt {
		t.Errorf("the log had up to %d bytes", most)
	}
	s.folding.wait()
	if now := size(path); now <= empty {
		t.Errorf("the file has %d bytes, and had %d when it was empty", now, empty)
	}
	for more := true; more; {
		var err error
		if more, err = s.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if now := size(path + "-wal"); now > foldWait {
		t.Errorf("after tidying the log has %d bytes", now)
	}
	want := answers(t, n, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := answers(t, n, openAt(t, n, path)); got != want {
		t.Error("opened again, it answers otherwise")
	}
}
