package shelf

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// TestTombstonesThatCouldNotBeWritten: what a full disk refused is known at once, and is written with the next lines, over
// what the failed attempt left.
func TestTombstonesThatCouldNotBeWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tombstones")
	stones := must(openTombstones(path))
	down := func(seq int64, address string) []TombstoneLine {
		return []TombstoneLine{{Article: dateline.ID(address), Sequence: seq, Withdrawn: true, Addresses: []string{record.AddressHash(address)}}}
	}
	if err := stones.add(down(1, "/one")); err != nil {
		t.Fatal(err)
	}
	good, version := stones.file, stones.version.Load()
	stones.file = must(os.Open(path)) // it can be read only
	for range 2 {
		if err := stones.add(down(2, "/two")); err == nil {
			t.Error("a line that is not on disk was taken for kept")
		}
	}
	if _, gone := stones.at(record.AddressHash("/two"), 0); !gone || stones.version.Load() == version {
		t.Error("the line is not known because it could not be written")
	}
	if err := stones.file.Close(); err != nil {
		t.Fatal(err)
	}
	stones.file = good
	if _, err := good.WriteAt([]byte(`{"article":"/tw`), stones.size); err != nil {
		t.Fatal(err)
	}
	if err := stones.add(down(2, "/two")); err != nil {
		t.Fatal(err)
	}
	if err := stones.close(); err != nil {
		t.Fatal(err)
	}
	again := must(openTombstones(path))
	defer again.close()
	for _, address := range []string{"/one", "/two"} {
		if _, gone := again.at(record.AddressHash(address), 0); !gone {
			t.Errorf("%s is not in the file", address)
		}
	}
}
