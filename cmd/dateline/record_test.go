package main

import (
	"crypto/rand"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// longRecord is a newsroom with an entry of most kinds and so many that the tree has two levels.
func longRecord(t *testing.T) *paperFolder {
	t.Helper()
	s := busyPaper(t)
	s.stop()
	r, err := openRoom(t.Context(), folder(s.dir), slog.New(slog.DiscardHandler))
	must(t, err)
	pub, err := r.desk.FindPublication(t.Context())
	must(t, err)
	for head, err := r.desk.Head(t.Context()); head < 300; head, err = r.desk.Head(t.Context()) {
		must(t, err)
		pub.City = dateline.Names{"en": fmt.Sprint("City ", head)}
		pub, _, err = r.desk.UpdatePublication(t.Context(), local, *pub)
		must(t, err)
	}
	must(t, r.Close())
	return s.paperFolder
}

// database opens the desk's database beside the program.
func (p *paperFolder) database() *sql.DB {
	p.t.Helper()
	db, err := sql.Open("sqlite", folder(p.dir).database())
	must(p.t, err)
	p.t.Cleanup(func() { db.Close() })
	return db
}

// flipped is a value with one bit of it turned.
func flipped(t *testing.T, v any, high bool) any {
	t.Helper()
	switch v := v.(type) {
	case int64:
		if high {
			return v ^ 1<<20
		}
		return v ^ 1
	case string:
		b := []byte(v)
		b[len(b)/2] ^= 1
		return string(b)
	case []byte:
		b := slices.Clone(v)
		b[len(b)/2] ^= 1
		return b
	}
	t.Fatalf("a bit of %T cannot be turned", v)
	return nil
}

// fails checks that the record does not verify, and gives what is wrong with it.
func (p *paperFolder) fails(what string) verdict {
	p.t.Helper()
	var v verdict
	p.do("record", "verify", "--json").is(exitFailed).json(&v)
	if v.OK || len(v.Faults) == 0 {
		p.t.Errorf("%s: the verdict is %+v", what, v)
	}
	return v
}

// TestEveryBitOfAnEntryCounts: one bit turned in any column of an entry is found, and the entry named.
func TestEveryBitOfAnEntryCounts(t *testing.T) {
	p := longRecord(t)
	p.do("record", "verify").is(exitOK).says("All 300 entries", "without a gap")
	db := p.database()
	rows, err := db.Query("SELECT name FROM pragma_table_info('entries')")
	must(t, err)
	var columns []string
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		columns = append(columns, name)
	}
	must(t, rows.Err())
	for _, known := range strings.Fields("seq at kind schema subject role body salt commitment") {
		if !slices.Contains(columns, known) {
			t.Errorf("the table entries has no column %s", known)
		}
	}
	for _, seq := range []int64{1, 17, 300} {
		for _, column := range columns {
			var was any
			must(t, db.QueryRow("SELECT "+column+" FROM entries WHERE seq = ?", seq).Scan(&was))
			now := flipped(t, was, column == "seq")
			set := func(from, to any) {
				t.Helper()
				at := seq
				if column == "seq" {
					at = from.(int64)
				}
				_, err := db.Exec("UPDATE entries SET "+column+" = ? WHERE seq = ?", to, at)
				must(t, err)
			}
			set(was, now)
			v := p.fails(column)
			if !slices.ContainsFunc(v.Faults, func(f verdictFault) bool { return f.Sequence == seq }) {
				t.Errorf("a bit of %s of entry %d: the faults are %+v", column, seq, v.Faults)
			}
			if seq == 17 {
				p.do("record", "verify").is(exitFailed).says("does not verify", "entry 17:")
			}
			set(now, was)
		}
	}
	p.do("record", "verify").is(exitOK)
}

// TestEveryTileCounts: one bit turned in the tree or in the newest checkpoint is found too.
func TestEveryTileCounts(t *testing.T) {
	p := longRecord(t)
	db := p.database()
	rows, err := db.Query("SELECT level, idx, data FROM tree ORDER BY level, idx")
	must(t, err)
	type tile struct {
		level, idx int64
		data       []byte
	}
	var tiles []tile
	for rows.Next() {
		var x tile
		must(t, rows.Scan(&x.level, &x.idx, &x.data))
		tiles = append(tiles, x)
	}
	must(t, rows.Err())
	if len(tiles) < 3 || tiles[len(tiles)-1].level != 1 {
		t.Fatalf("the tree has %d tiles, its top is %+v", len(tiles), tiles[len(tiles)-1])
	}
	put := func(x tile, data []byte) {
		t.Helper()
		_, err := db.Exec("UPDATE tree SET data = ? WHERE level = ? AND idx = ?", data, x.level, x.idx)
		must(t, err)
	}
	for _, x := range tiles {
		for _, at := range []int{0, len(x.data) - 1} {
			harmed := slices.Clone(x.data)
			harmed[at] ^= 128
			put(x, harmed)
			v := p.fails(fmt.Sprint("tile ", x.level, " ", x.idx))
			if entry := x.idx*256 + int64(at/32) + 1; x.level == 0 && v.Faults[0].Sequence != entry {
				t.Errorf("a bit of the leaf of entry %d: the faults are %+v", entry, v.Faults)
			}
		}
		put(x, x.data)
	}

	var size int64
	var note []byte
	must(t, db.QueryRow("SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1").Scan(&size, &note))
	for at := range note {
		harmed := slices.Clone(note)
		harmed[at] ^= 1
		if at%11 != 0 && (at < 20 || at > 30) { // the size, and some of origin, root and signature
			continue
		}
		_, err := db.Exec("UPDATE checkpoints SET note = ? WHERE size = ?", harmed, size)
		must(t, err)
		p.fails(fmt.Sprintf("byte %d of the checkpoint", at))
	}
	_, err = db.Exec("UPDATE checkpoints SET note = ? WHERE size = ?", note, size)
	must(t, err)
	p.do("record", "verify").is(exitOK)

	// What a crash left unsigned is no fault, and is said; what was signed otherwise is one.
	secret, err := folder(p.dir).readKey()
	must(t, err)
	signer, err := record.NewSigner(secret)
	must(t, err)
	kept := tileMap{}
	for _, x := range tiles {
		kept[[2]int64{x.level, x.idx}] = x.data
	}
	root, err := record.Root(kept, 270)
	must(t, err)
	for _, harm := range []byte{0, 1} {
		root[5] ^= harm
		note, err := signer.Sign(record.Checkpoint{Origin: signer.Origin(), Size: 270, Root: root}, time.Unix(1780000000, 0))
		must(t, err)
		_, err = db.Exec("DELETE FROM checkpoints")
		must(t, err)
		_, err = db.Exec("INSERT INTO checkpoints (size, note) VALUES (270, ?)", note)
		must(t, err)
		if harm != 0 {
			p.fails("a checkpoint of other entries")
			continue
		}
		p.do("record", "verify").is(exitOK).says("signs the first 270", "the newest 30")
	}

	_, other, err := record.NewKey("estuary.example/record", rand.Reader)
	must(t, err)
	p.do("record", "verify", "--key", other).is(exitFailed).says("does not verify")
}

// TestASiteIsVerifiedByItsAddress: with the key that it names itself, or with the one that the reader knows.
func TestASiteIsVerifiedByItsAddress(t *testing.T) {
	s := busyPaper(t)
	key := s.read("/record/key").is(200)
	if kind := key.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") || !strings.HasPrefix(key.body, "127.0.0.1:8080/record+") {
		t.Errorf("the key: %s %q", kind, key.body)
	}
	var head verdict
	s.do("record", "verify", "--json").is(exitOK).json(&head)
	eventually(t, "the site has the newest checkpoint", func() bool {
		return strings.Contains(s.read("/record/checkpoint").body, fmt.Sprintf("\n%d\n", head.Entries))
	})
	var v verdict
	command(t, "record", "verify", s.site, "--json").is(exitOK).json(&v)
	if !v.OK || v.Entries != head.Entries || v.Size != head.Size || v.Bodies != 0 {
		t.Errorf("the verdict: %+v, the newsroom's own: %+v", v, head)
	}
	command(t, "record", "verify", s.site).is(exitOK).says(fmt.Sprint("All ", v.Entries, " entries"), "the key that the site itself names", "not words")
	command(t, "record", "verify", s.site+"/", "--key", strings.TrimSpace(key.body)).is(exitOK).says("the key you named")
	_, wrong, err := record.NewKey("127.0.0.1:8080/record", rand.Reader)
	must(t, err)
	command(t, "record", "verify", s.site, "--key", wrong).is(exitFailed).says("does not verify")
	command(t, "record", "verify", s.site, "--key", "nonsense").is(exitFailed)
	command(t, "record", "verify", s.newsroom).is(exitFailed).says("404")
	command(t, "record", "verify", "ftp://estuary.example").is(exitFailed).says("https://")

	s.stop()
	shelf, err := sql.Open("sqlite", folder(s.dir).path("site", "shelf.db"))
	must(t, err)
	var leaf []byte
	must(t, shelf.QueryRow("SELECT data FROM leaf WHERE seq = 7").Scan(&leaf))
	leaf[len(leaf)-1] ^= 1
	_, err = shelf.Exec("UPDATE leaf SET data = ? WHERE seq = 7", leaf)
	must(t, err)
	must(t, shelf.Close())
	again := s.paperFolder.serve()
	command(t, "record", "verify", again.site).is(exitFailed).says("does not verify", "entry 7")
	again.do("record", "verify").is(exitOK)
}

// TestABackupOfYesterday: a record that is shorter than what was signed and given out is not served.
func TestABackupOfYesterday(t *testing.T) {
	p := newPaper(t)
	old := p.copied()
	s := p.serve()
	s.section("coast")
	s.stop()
	known, err := os.ReadFile(folder(p.dir).tombstones())
	must(t, err)
	must(t, os.WriteFile(folder(old.dir).tombstones(), known, 0o600))
	old.do("serve", "--site", "127.0.0.1:0", "--newsroom", "127.0.0.1:0").is(exitFailed).says("older than", "newest desk.db")
	old.do("article", "list").is(exitFailed).says("older than")
}

// tileMap is a tree's tiles in memory.
type tileMap map[[2]int64][]byte

// Tile gives one.
func (m tileMap) Tile(level int, index int64) ([]byte, error) {
	return m[[2]int64{int64(level), index}], nil
}

// PutTile keeps one.
func (m tileMap) PutTile(level int, index int64, data []byte) error {
	m[[2]int64{int64(level), index}] = data
	return nil
}
