package record

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// CheckExtends checks that the log that a checkpoint names goes on from the one that an older checkpoint names. The tiles are
// those of the newer log and need not be trusted.
func CheckExtends(tiles Tiles, newer, older Checkpoint) error {
	if older.Size > newer.Size {
		return fmt.Errorf("it has %d entries now and had %d", newer.Size, older.Size)
	}
	if older.Size == 0 {
		return nil
	}
	if older.Size == newer.Size {
		if older.Root != newer.Root {
			return fmt.Errorf("two logs of %d entries have different roots", newer.Size)
		}
		return nil
	}
	proof, err := ProveExtends(tiles, newer.Size, older.Size)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, newer.Size, newer.Root, older.Size, older.Root); err != nil {
		return fmt.Errorf("a tree of %d does not extend one of %d: %w", newer.Size, older.Size, err)
	}
	return nil
}

// ProveExtends gives the proof that the tree of the first newer entries goes on from that of the first older ones (RFC 6962,
// section 2.1.2); none where older is 0 or the two are one.
func ProveExtends(tiles Tiles, newer, older int64) ([]Hash, error) {
	if older == 0 || older == newer {
		return nil, nil
	}
	proof, err := tlog.ProveTree(newer, older, Reader(tiles))
	if err != nil {
		return nil, fmt.Errorf("prove that a tree of %d extends one of %d: %w", newer, older, err)
	}
	return proof, nil
}
