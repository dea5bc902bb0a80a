package record

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Verifier checks a whole record, entry by entry in order, with memory that does not grow with the record's length but
// for the few faults it lists.
type Verifier struct {
	tiles    Tiles // the tree as it was stored or given
	size     int64
	right    memoryTiles // the tree made again from the entries
	absent   map[int64]bool
	keys     []string
	faults   []Fault
	bodies   int64
	leaves   []byte // the stored tile of leaves that was read last, and its index
	leavesOf int64
	// headers says that entries come without bodies, and that nobody claims they should have one.
	headers bool
}

// Fault names an entry, or the tree where Sequence is 0, and what is wrong with it.
type Fault struct {
	Sequence int64
	What     string
}

func (f Fault) String() string {
	if f.Sequence == 0 {
		return f.What
	}
	return fmt.Sprintf("entry %d: %s", f.Sequence, f.What)
}

// maxFaults bounds the list: a record that is damaged throughout need not be told entry by entry.
const maxFaults = 20

// NewVerifier begins a verification against stored tiles; nil tiles are not compared.
func NewVerifier(tiles Tiles) *Verifier {
	return &Verifier{tiles: tiles, right: memoryTiles{}, absent: map[int64]bool{}}
}

// NewHeaderVerifier begins a verification of headers and commitments alone, as a site gives them to everybody.
func NewHeaderVerifier(tiles Tiles) *Verifier {
	v := NewVerifier(tiles)
	v.headers = true
	return v
}

func (v *Verifier) fault(seq int64, format string, args ...any) {
	if len(v.faults) < maxFaults {
		v.faults = append(v.faults, Fault{seq, fmt.Sprintf(format, args...)})
	}
}

// Add takes the next entries. Bodies are checked where they are there; one that is missing must be named by a later
// redaction.
func (v *Verifier) Add(entries ...Entry) error {
	leaves := make([][]byte, len(entries))
	for i, e := range entries {
		want := v.size + int64(i) + 1
		if e.Sequence != want {
			v.fault(want, "it is missing: entry %d stands in its place", e.Sequence)
			return nil
		}
		leaves[i] = e.Leaf()
		v.check(e, tlog.RecordHash(leaves[i]))
	}
	size, err := Append(v.right, v.size, leaves)
	if err != nil {
		return err
	}
	v.size = size
	for key, tile := range v.right.forget(size) {
		v.compareTile(key, tile)
	}
	return nil
}

// compareTile compares a tile above the leaves with the stored one. Those of the leaves are compared entry by entry.
func (v *Verifier) compareTile(key [2]int64, tile []byte) {
	if v.tiles == nil || v.headers || key[0] == 0 {
		return
	}
	stored, err := v.tiles.Tile(int(key[0]), key[1])
	switch {
	case err != nil:
		v.fault(0, "tile %d of level %d of the stored tree cannot be read: %v", key[1], key[0], err)
	case !bytes.Equal(stored, tile):
		v.fault(0, "tile %d of level %d of the stored tree is damaged: its hashes are not those of the entries", key[1], key[0])
	}
}

func (v *Verifier) check(e Entry, leaf Hash) {
	if v.tiles != nil {
		stored, err := v.storedLeaf(e.Sequence - 1)
		switch {
		case err != nil:
			v.fault(e.Sequence, "the tree does not hold it: %v", err)
		case stored != leaf:
			v.fault(e.Sequence, "its header or commitment is not what stands in the tree")
		}
	}
	if v.headers {
		return
	}
	if !e.HasBody() {
		v.absent[e.Sequence] = true
		return
	}
	v.bodies++
	if err := e.Check(); err != nil {
		v.fault(e.Sequence, "its body or salt is not what was committed to")
		return
	}
	if !e.known() {
		v.fault(e.Sequence, "this program does not know %s of schema %d; a newer one wrote it", e.Kind, e.Schema)
		return
	}
	switch e.Kind { // what an entry says is asked only where it is about the record itself
	case KindKey, KindOrigin, KindRedaction:
		v.read(e)
	}
}

// read takes what an entry says of keys and of removed bodies.
func (v *Verifier) read(e Entry) {
	body, err := e.Decode()
	if err != nil {
		v.fault(e.Sequence, "its body cannot be read: %v", err)
		return
	}
	switch b := body.(type) {
	case *Key:
		v.follow(e.Sequence, b.Note, b.Verifier)
	case *Origin: // a break that the record owns to: what the key before was may be lost too
		v.keys = append(v.keys, b.Verifier)
	case *Redaction:
		for _, seq := range b.Entries {
			delete(v.absent, seq)
		}
	}
}

// follow takes a key that the record names. Each but the first is named by the one before it.
func (v *Verifier) follow(seq int64, note, verifier string) {
	if n := len(v.keys); n > 0 {
		if err := CheckAnnouncement([]byte(note), v.keys[n-1], verifier); err != nil {
			v.fault(seq, "%v", err)
		}
	}
	v.keys = append(v.keys, verifier)
}

// storedLeaf is the hash of a leaf as the tree holds it. A tile is read once for all its leaves.
func (v *Verifier) storedLeaf(n int64) (Hash, error) {
	if index := n / tileWidth; v.leaves == nil || v.leavesOf != index {
		tile, err := v.tiles.Tile(0, index)
		if err != nil {
			return Hash{}, err
		}
		v.leaves, v.leavesOf = tile, index
	}
	from := int(n%tileWidth) * hashSize
	if len(v.leaves) < from+hashSize {
		return Hash{}, fmt.Errorf("its tile ends before it")
	}
	return Hash(v.leaves[from:]), nil
}

// Proved says what a verification has shown.
type Proved struct {
	Entries int64     // from the first to the last, without a gap
	Bodies  int64     // of which the words are what was committed to
	Origin  string    // whose checkpoint names this very tree
	Size    int64     // entries that the checkpoint signs; fewer than Entries where a crash came before the newest were signed
	Signed  time.Time // when, by the clock of whoever has the key; zero where the checkpoint does not say it, or not truly
	Faults  []Fault
}

// Finish compares the tree with a signed checkpoint. The keys are those that the caller trusts; where there are none, the
// record's own key entries are taken.
func (v *Verifier) Finish(checkpoint []byte, keys ...string) (p Proved, err error) {
	if len(keys) == 0 {
		keys = v.keys
	}
	for _, seq := range slices.Sorted(maps.Keys(v.absent)) {
		v.fault(seq, "its body is gone, and no later redaction says so")
	}
	p = Proved{Entries: v.size, Bodies: v.bodies}
	c, err := OpenCheckpoint(checkpoint, keys...)
	if err != nil {
		v.fault(0, "%v", err)
		p.Faults = v.faults
		return p, nil
	}
	p.Origin, p.Size = c.Origin, c.Size
	for _, key := range keys {
		if at, err := SignedAt(checkpoint, key); err == nil {
			p.Signed = at
		}
	}
	if err := v.compare(c); err != nil {
		return p, err
	}
	p.Faults = v.faults
	return p, nil
}

// compare asks whether the entries are those that a checkpoint signs. It may sign fewer than there are: an act is signed
// after it was committed, and a crash comes between. The others then stand in the stored tree, which is compared too.
func (v *Verifier) compare(c Checkpoint) error {
	if c.Size > v.size || c.Size < v.size && v.tiles == nil {
		v.fault(0, "the signed checkpoint names %d entries, and there are %d", c.Size, v.size)
		return nil
	}
	root, err := Root(v.right, v.size)
	if err != nil {
		return err
	}
	for _, key := range slices.SortedFunc(maps.Keys(v.right), func(a, b [2]int64) int { return slices.Compare(a[:], b[:]) }) {
		v.compareTile(key, v.right[key])
	}
	if v.tiles != nil {
		stored, err := Root(v.tiles, v.size)
		if err != nil {
			v.fault(0, "the stored tree cannot be read: %v", err)
			return nil
		}
		if stored != root {
			v.fault(0, "the stored tree is damaged: its hashes are not those of the entries")
		}
	}
	if c.Size < v.size {
		if root, err = Root(v.tiles, c.Size); err != nil {
			v.fault(0, "the stored tree cannot be read: %v", err)
			return nil
		}
	}
	if root != c.Root {
		v.fault(0, "the entries are not those that the checkpoint of %s signs", c.Origin)
	}
	return nil
}

// memoryTiles keeps the right edge of a tree in memory.
type memoryTiles map[[2]int64][]byte

func (m memoryTiles) Tile(level int, index int64) ([]byte, error) {
	return m[[2]int64{int64(level), index}], nil
}

func (m memoryTiles) PutTile(level int, index int64, data []byte) error {
	m[[2]int64{int64(level), index}] = data
	return nil
}

// forget drops the whole tiles that no later root needs: all but the last two of each level, since the root of a tree is
// made from tiles of the right edge only. It gives those that it dropped.
func (m memoryTiles) forget(size int64) (dropped memoryTiles) {
	dropped = memoryTiles{}
	for key := range m {
		width := int64(1)
		for range key[0] + 1 {
			width *= tileWidth
		}
		if (key[1]+1)*width <= size-width {
			dropped[key] = m[key]
			delete(m, key)
		}
	}
	return dropped
}
