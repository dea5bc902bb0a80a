package record

import (
	"fmt"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
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
	proof, err := tlog.ProveTree(newer.Size, older.Size, Reader(tiles))
	if err != nil {
		return fmt.Errorf("prove that a tree of %d extends one of %d: %w", newer.Size, older.Size, err)
	}
	if err := tlog.CheckTree(proof, newer.Size, newer.Root, older.Size, older.Root); err != nil {
		return fmt.Errorf("a tree of %d does not extend one of %d: %w", newer.Size, older.Size, err)
	}
	return nil
}

// OpenCosigned reads a checkpoint that a witness has cosigned (C2SP tlog-cosignature) and says which witness, and when. Who
// signed it for the log itself is not asked.
func OpenCosigned(msg []byte, witness string) (c Checkpoint, name string, at time.Time, err error) {
	v, err := torchwood.NewCosignatureVerifier(witness)
	if err != nil {
		return c, "", at, fmt.Errorf("read the witness's key %.80q: %w", witness, err)
	}
	n, err := note.Open(msg, note.VerifierList(v))
	if err != nil {
		return c, "", at, fmt.Errorf("the witness's cosignature: %w", err)
	}
	seconds, err := torchwood.CosignatureTimestamp(n.Sigs[0])
	if err != nil {
		return c, "", at, fmt.Errorf("the witness's cosignature: %w", err)
	}
	c, err = ParseCheckpoint(msg)
	return c, v.Name(), time.Unix(seconds, 0).UTC(), err
}
