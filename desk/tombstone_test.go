package desk

import (
	"os"
	"path/filepath"
	"testing"

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
