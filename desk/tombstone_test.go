package desk

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// TestTheFileOfTombstonesDoesNotGrowWithEveryAct: a checkpoint takes the place of the one before; tombstones stay.
func TestTheFileOfTombstonesDoesNotGrowWithEveryAct(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tombstones")
	file, err := OpenTombstones(path)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(size int64) int64 {
		t.Helper()
		if err := file.signed(size, record.Hash{byte(size)}); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	first := sign(1000)
	for size := int64(1001); size < 1200; size++ {
		if n := sign(size); n != first {
			t.Fatalf("the file has %d bytes after checkpoint %d, and had %d", n, size, first)
		}
	}
	if err := file.append(Tombstone{Sequence: 1200, Kind: record.KindWithdrawal, Article: "a", Addresses: []string{record.AddressHash("/x")}}); err != nil {
		t.Fatal(err)
	}
	sign(1201)
	sign(1202)
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := OpenTombstones(path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if again.size != 1202 || !again.Down("/x") || again.seq != 1200 {
		t.Errorf("after opening again: checkpoint of %d, /x down %v, newest %d", again.size, again.Down("/x"), again.seq)
	}
}

// TestTombstonesThatCouldNotBeWritten: they are known at once, and written before any later one, over what a failed
// attempt left of itself.
func TestTombstonesThatCouldNotBeWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tombstones")
	file, err := OpenTombstones(path)
	if err != nil {
		t.Fatal(err)
	}
	down := func(seq int64, address string) Tombstone {
		return Tombstone{Sequence: seq, Kind: record.KindWithdrawal, Article: dateline.ID(address), Addresses: []string{record.AddressHash(address)}}
	}
	if err := file.append(down(1, "/one")); err != nil {
		t.Fatal(err)
	}
	good := file.file
	if file.file, err = os.Open(path); err != nil { // it can be read only
		t.Fatal(err)
	}
	if err := file.append(down(2, "/two")); err == nil {
		t.Fatal("a file that cannot be written took a line")
	}
	if !file.Down("/two") || !file.Down("/two/") {
		t.Error("the line is not known because it could not be written")
	}
	if err := file.file.Close(); err != nil {
		t.Fatal(err)
	}
	file.file = good
	if _, err := good.WriteAt([]byte(`{"seq":2,"kind":"withdra`), file.end); err != nil { // what a full disk leaves
		t.Fatal(err)
	}
	if err := file.append(down(3, "/three")); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := OpenTombstones(path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if again.seq != 3 || !again.Down("/one") || !again.Down("/two") || !again.Down("/three") {
		t.Errorf("after opening again: newest %d, two down %v, three down %v", again.seq, again.Down("/two"), again.Down("/three"))
	}
}
