package main

import (
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// copied copies a newsroom that nobody serves.
func (p *paperFolder) copied() *paperFolder {
	p.t.Helper()
	dir := filepath.Join(p.t.TempDir(), "copy")
	must(p.t, os.CopyFS(dir, os.DirFS(p.dir)))
	must(p.t, os.Chmod(folder(dir).key(), 0o600))
	return &paperFolder{p.t, dir}
}

// sql changes a newsroom's database behind its back.
func (p *paperFolder) sql(query string, args ...any) {
	p.t.Helper()
	db, err := sql.Open("sqlite", folder(p.dir).database())
	must(p.t, err)
	res, err := db.Exec(query, args...)
	must(p.t, err)
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		p.t.Fatalf("%s changed %d rows, %v", query, n, err)
	}
	must(p.t, db.Close())
}

// flip turns one bit of a file.
func flip(t *testing.T, path string, at int) {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	b[at] ^= 4
	must(t, os.Chmod(path, 0o600))
	must(t, os.WriteFile(path, b, 0o600))
}

func TestTheDoctor(t *testing.T) {
	whole := newPaper(t)
	s := whole.serve()
	s.section("coast")
	picture := s.picture(3)
	a := s.write(fields{"section": "coast", "headline": "Whole", "lead": fields{"picture": picture.ID, "alt": "A drawing"}})
	s.act(a.ID, "publish", fields{}).confirmed()
	whole.do("doctor").is(exitOK).says("entries verify", "1 are whole") // also while it is served
	s.stop()

	for what, c := range map[string]struct {
		harm  func(*paperFolder)
		says  string
		wrong string
	}{
		"the key is missing":      {func(p *paperFolder) { must(t, os.Remove(folder(p.dir).key())) }, "signing key", "backup"},
		"others may read the key": {func(p *paperFolder) { must(t, os.Chmod(folder(p.dir).key(), 0o644)) }, "signing key", "chmod 600"},
		"the key is no key":       {func(p *paperFolder) { must(t, os.WriteFile(folder(p.dir).key(), []byte("PRIVATE"), 0o600)) }, "signing key", "holds no signing key"},
		"a bit of a picture":      {func(p *paperFolder) { flip(t, p.onlyBlob(), 100) }, "pictures", "restore blobs"},
		"no pictures":             {func(p *paperFolder) { must(t, os.RemoveAll(folder(p.dir).blobs())) }, "pictures", "missing"},
		"one host for both": {func(p *paperFolder) {
			p.sql(`UPDATE publication SET data = replace(data, 'http://localhost:8081', 'http://127.0.0.1:8081')`)
		}, "publication", "two host names"},
		"a bit of the record": {func(p *paperFolder) {
			p.sql(`UPDATE entries SET body = replace(body, 'Estuary', 'Estuarz') WHERE seq = 1`)
		}, "record", "entry 1"},
		"an entry is gone": {func(p *paperFolder) { p.sql(`DELETE FROM entries WHERE seq = 3`) }, "record", "entry 3"},
	} {
		t.Run(what, func(t *testing.T) {
			p := whole.copied()
			p.t = t
			c.harm(p)
			before := names(t, p.dir)
			d := p.do("doctor").is(exitFailed).says("WRONG  "+c.says, c.wrong)
			var out struct {
				OK       bool
				Findings []finding
			}
			p.do("doctor", "--json").is(exitFailed).json(&out)
			bad := 0
			for _, f := range out.Findings {
				if !f.OK {
					bad++
				}
			}
			if out.OK || bad != 1 {
				t.Errorf("%d findings are wrong, want one\n%s", bad, d.out)
			}
			if after := names(t, p.dir); after != before {
				t.Errorf("the doctor changed the folder: %s, %s", before, after)
			}
		})
	}
}

// onlyBlob is the file of the newsroom's one picture.
func (p *paperFolder) onlyBlob() (path string) {
	p.t.Helper()
	must(p.t, filepath.WalkDir(folder(p.dir).blobs(), func(at string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			if path != "" {
				p.t.Fatalf("two pictures: %s and %s", path, at)
			}
			path = at
		}
		return err
	}))
	return path
}
