package record

import (
	"fmt"
	"slices"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
)

// TileHeight is the height of a tile: 256 hashes (C2SP tlog-tiles).
const TileHeight = torchwood.TileHeight

const (
	tileWidth = 1 << TileHeight
	hashSize  = tlog.HashSize
)

// A Hash is a node of the tree: SHA-256 as RFC 6962 section 2.1 says.
type Hash = tlog.Hash

// Tiles keeps the tree's hashes. A tile of level l holds, for its index n, up to 256 hashes of 32 bytes each: those of the
// subtrees of 256^l entries that begin at n*256 of them. Only whole subtrees are in it, so a tile only ever grows.
type Tiles interface {
	// Tile returns the bytes of a tile so far, and none where nothing is kept.
	Tile(level int, index int64) ([]byte, error)
	// PutTile keeps a tile in place of the shorter one before.
	PutTile(level int, index int64, data []byte) error
}

// Append adds the leaves of entries to a tree of a size and gives its new size. Tiles are written once each, however many
// leaves fall into them.
func Append(tiles Tiles, size int64, leaves [][]byte) (int64, error) {
	hashes := make([]Hash, len(leaves))
	for i, leaf := range leaves {
		hashes[i] = tlog.RecordHash(leaf)
	}
	if err := appendLevel(tiles, 0, size, hashes); err != nil {
		return size, fmt.Errorf("append %d leaves to a tree of %d: %w", len(leaves), size, err)
	}
	return size + int64(len(leaves)), nil
}

// appendLevel adds hashes after the first `at` of a level, and for every tile that this fills its root to the level above.
func appendLevel(tiles Tiles, level int, at int64, hashes []Hash) error {
	var roots []Hash
	above := at / tileWidth
	for len(hashes) > 0 {
		index, filled := at/tileWidth, int(at%tileWidth)
		tile, err := tiles.Tile(level, index)
		if err != nil {
			return err
		}
		if len(tile) < filled*hashSize {
			return fmt.Errorf("tile %d of level %d has %d bytes where %d hashes are expected", index, level, len(tile), filled)
		}
		n := min(tileWidth-filled, len(hashes))
		grown := slices.Grow(slices.Clone(tile[:filled*hashSize]), n*hashSize)
		for _, h := range hashes[:n] {
			grown = append(grown, h[:]...)
		}
		if err := tiles.PutTile(level, index, grown); err != nil {
			return err
		}
		if filled+n == tileWidth {
			roots = append(roots, subtree(grown))
		}
		hashes, at = hashes[n:], at+int64(n)
	}
	if len(roots) == 0 {
		return nil
	}
	return appendLevel(tiles, level+1, above, roots)
}

// subtree is the root over the hashes of a tile, whose number is a power of two.
func subtree(hashes []byte) Hash {
	row := make([]Hash, len(hashes)/hashSize)
	for i := range row {
		row[i] = Hash(hashes[i*hashSize:])
	}
	for len(row) > 1 {
		for i := range len(row) / 2 {
			row[i] = tlog.NodeHash(row[2*i], row[2*i+1])
		}
		row = row[:len(row)/2]
	}
	return row[0]
}

// Reader reads single hashes of a tree out of its tiles, for roots and proofs.
func Reader(tiles Tiles) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]Hash, error) {
		out := make([]Hash, len(indexes))
		for i, x := range indexes {
			h, err := readHash(tiles, x)
			if err != nil {
				return nil, err
			}
			out[i] = h
		}
		return out, nil
	})
}

func readHash(tiles Tiles, index int64) (Hash, error) {
	level, n := tlog.SplitStoredHashIndex(index)
	width := int64(1) << (level % TileHeight) // hashes of the tile's own level under this node
	first := n * width
	tile, err := tiles.Tile(level/TileHeight, first/tileWidth)
	if err != nil {
		return Hash{}, err
	}
	from, to := int(first%tileWidth)*hashSize, (int(first%tileWidth)+int(width))*hashSize
	if len(tile) < to {
		return Hash{}, fmt.Errorf("the tree's tile %d of level %d ends before the hash that is asked for", first/tileWidth, level/TileHeight)
	}
	return subtree(tile[from:to]), nil
}

// Root is the root hash of the first size entries.
func Root(tiles Tiles, size int64) (Hash, error) {
	if size == 0 {
		return tlog.TreeHash(0, nil)
	}
	h, err := tlog.TreeHash(size, Reader(tiles))
	if err != nil {
		return Hash{}, fmt.Errorf("root of the first %d entries: %w", size, err)
	}
	return h, nil
}

// LeafHash is the hash of an entry in the tree.
func (e Entry) LeafHash() Hash { return tlog.RecordHash(e.Leaf()) }

// Prove gives the proof that an entry stands in the tree of the first size entries (RFC 6962, section 2.1.1).
func Prove(tiles Tiles, size, sequence int64) ([]Hash, error) {
	if sequence < 1 || sequence > size {
		return nil, fmt.Errorf("entry %d is not in a tree of %d", sequence, size)
	}
	p, err := tlog.ProveRecord(size, sequence-1, Reader(tiles))
	if err != nil {
		return nil, fmt.Errorf("prove entry %d in a tree of %d: %w", sequence, size, err)
	}
	return p, nil
}

// CheckProof checks that an entry stands in the tree that a checkpoint names.
func CheckProof(proof []Hash, c Checkpoint, e Entry) error {
	if err := tlog.CheckRecord(proof, c.Size, c.Root, e.Sequence-1, e.LeafHash()); err != nil {
		return fmt.Errorf("entry %d is not shown to be in the log: %w", e.Sequence, err)
	}
	return e.Check()
}

// TileAddress names one tile or entry bundle as it is asked for under /record/ (C2SP tlog-tiles). Level is -1 for a bundle
// of entries; Width is 256 but for the last, partial one.
type TileAddress struct {
	Level int
	Index int64
	Width int
}

// ParseTilePath reads what follows /record/ in a tile's address, such as tile/0/x001/067 or tile/entries/000.p/7.
func ParseTilePath(path string) (TileAddress, error) {
	t, err := torchwood.ParseTilePath(path)
	if err != nil {
		return TileAddress{}, fmt.Errorf("%.80q is no address of a tile (C2SP tlog-tiles)", path)
	}
	return TileAddress{t.L, t.N, t.W}, nil
}

// Path writes the tile's address without /record/.
func (t TileAddress) Path() string {
	return torchwood.TilePath(tlog.Tile{H: TileHeight, L: t.Level, N: t.Index, W: t.Width})
}

// First is the sequence number of the first entry of an entry bundle.
func (t TileAddress) First() int64 { return t.Index*tileWidth + 1 }

// Bundle writes the leaves of entries as an entry bundle.
func Bundle(leaves [][]byte) ([]byte, error) {
	var out []byte
	for _, leaf := range leaves {
		var err error
		if out, err = torchwood.AppendTileEntry(out, leaf); err != nil {
			return nil, fmt.Errorf("write an entry bundle: %w", err)
		}
	}
	return out, nil
}

// ParseBundle reads the leaves of an entry bundle.
func ParseBundle(data []byte) (leaves [][]byte, err error) {
	for len(data) > 0 {
		var leaf []byte
		if leaf, data, err = torchwood.ReadTileEntry(data); err != nil {
			return nil, fmt.Errorf("read an entry bundle: %w", err)
		}
		leaves = append(leaves, leaf)
	}
	return leaves, nil
}

// ParseLeaf reads a leaf back into an entry without body.
func ParseLeaf(leaf []byte) (Entry, error) {
	if len(leaf) <= hashSize {
		return Entry{}, fmt.Errorf("a leaf of %d bytes holds no header", len(leaf))
	}
	cut := len(leaf) - hashSize
	h, err := ParseHeader(leaf[:cut])
	if err != nil {
		return Entry{}, err
	}
	return Entry{Header: h, Commitment: [32]byte(leaf[cut:])}, nil
}
