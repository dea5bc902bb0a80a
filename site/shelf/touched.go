package shelf

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
)

// How much is kept of what transactions touched: one that touched more keys than touchedKeys begins the log anew, and what is older than the
// newest touchedBytes of it is forgotten.
const (
	touchedKeys  = 2048
	touchedBytes = 4 << 20
	touchedRow   = 32 // what a row takes beside its keys
)

// Hash is a key as it stands in the log of what was touched, and wherever else keys are kept by the thousand. Two keys that share one only
// make a page once more than was needed.
func (k Key) Hash() uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(k)) // it gives no error
	return h.Sum32()
}

// logTouched notes which keys a transaction touches that begins after an entry. A rebuild notes none: what is older than it nobody is told.
func (w *writer) logTouched(after int64) error {
	if w.building {
		return nil
	}
	last, err := w.c.rows("SELECT total FROM touched ORDER BY seq DESC LIMIT 1")
	if err != nil {
		return err
	}
	total := int64(0)
	if len(last) > 0 {
		total = last[0].int(0)
	} else if err := w.putTouched(after, nil, 0); err != nil {
		return err
	}
	if len(w.keys) > touchedKeys {
		if err := w.c.exec("DELETE FROM touched"); err != nil {
			return err
		}
		return w.putTouched(w.cursor, nil, 0)
	}
	keys := make([]byte, 0, 4*len(w.keys))
	for k := range w.keys {
		keys = binary.LittleEndian.AppendUint32(keys, k.Hash())
	}
	total += int64(len(keys)) + touchedRow
	if err := w.putTouched(w.cursor, keys, total); err != nil {
		return err
	}
	return w.c.exec("DELETE FROM touched WHERE seq < (SELECT seq FROM touched WHERE total > ? ORDER BY seq LIMIT 1)", total-touchedBytes)
}

func (w *writer) putTouched(seq int64, keys []byte, total int64) error {
	if keys == nil {
		keys = []byte{}
	}
	return w.c.exec("INSERT OR REPLACE INTO touched(seq, keys, total) VALUES(?, ?, ?)", seq, keys, total)
}

// TouchedSince are the hashes of all keys that entries after one touched; false where the shelf has not kept so much, as after it was
// built anew.
func (tx *Tx) TouchedSince(seq int64) (hashes []uint32, known bool, err error) {
	if seq == tx.cursor {
		return nil, true, nil
	}
	oldest, err := tx.c.rows("SELECT seq FROM touched ORDER BY seq LIMIT 1")
	if err != nil || len(oldest) == 0 || seq < oldest[0].int(0) || seq > tx.cursor {
		return nil, false, err
	}
	rows, err := tx.c.rows("SELECT keys FROM touched WHERE seq > ?", seq)
	for _, r := range rows {
		for keys := r.blob(0); len(keys) >= 4; keys = keys[4:] {
			hashes = append(hashes, binary.LittleEndian.Uint32(keys))
		}
	}
	return hashes, true, err
}

// LeafHash tells one record from another by an entry, whose leaf has a salt of its own; "" where the shelf has no such entry.
func (tx *Tx) LeafHash(seq int64) (string, error) {
	rows, err := tx.c.rows("SELECT data FROM leaf WHERE seq = ?", seq)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	sum := sha256.Sum256(rows[0].blob(0))
	return hex.EncodeToString(sum[:]), nil
}
