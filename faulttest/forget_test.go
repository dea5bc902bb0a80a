package faulttest

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestTheDiskForgets: the disk of these tests is itself tried. What was synced is there after a cut, what was not is not, and a
// name is kept by its folder.
func TestTheDiskForgets(t *testing.T) {
	d, dir := newDisk(t)
	at := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, words string, flags int, sync bool) {
		t.Helper()
		f, err := os.OpenFile(at(name), os.O_CREATE|os.O_WRONLY|flags, 0o600)
		must(t, err)
		_, err = f.WriteString(words)
		must(t, err)
		if sync {
			must(t, f.Sync())
		}
		must(t, f.Close())
	}
	syncFolder := func() {
		t.Helper()
		f, err := os.Open(dir)
		must(t, err)
		must(t, f.Sync())
		must(t, f.Close())
	}
	write("kept", "synced", 0, true)
	write("short", "synced", 0, true)
	write("empty", "never synced", 0, false)
	syncFolder()
	write("kept", ", then not", os.O_APPEND, false)
	write("short", "x", os.O_TRUNC, true)
	write("nameless", "synced, but its folder was not", 0, true)
	must(t, os.Rename(at("kept"), at("moved")))
	if b, err := os.ReadFile(at("moved")); err != nil || string(b) != "synced, then not" {
		t.Fatalf("before the cut: %q, %v", b, err)
	}
	d.cut()
	if _, err := os.Stat(at("another")); !errors.Is(err, syscall.EIO) {
		t.Errorf("without power: %v", err)
	}
	d.restore(t, dir)
	for name, want := range map[string]string{"kept": "synced", "short": "x", "empty": ""} {
		if b, err := os.ReadFile(at(name)); err != nil || string(b) != want {
			t.Errorf("%s holds %q, %v; want %q", name, b, err, want)
		}
	}
	for _, name := range []string{"moved", "nameless"} {
		if _, err := os.Stat(at(name)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.set(func(d *disk) { d.room = 1000 })
	if err := os.WriteFile(at("large"), make([]byte, 2000), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("on a full disk: %v", err)
	}
	d.set(func(d *disk) { d.room, d.readOnly = roomy, true })
	if err := os.WriteFile(at("new"), nil, 0o600); !errors.Is(err, syscall.EROFS) {
		t.Errorf("on a disk that refuses: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
