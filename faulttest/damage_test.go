package faulttest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheDiskFillsAndRefuses: while nothing can be written, saves and publications are refused with the reason and readers are served; once it
// can be again, work goes on without a restart and nothing that was acknowledged is missing.
func TestTheDiskFillsAndRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		begin, end func(*disk)
		says       string
	}{
		"full":    {func(d *disk) { d.room = 0 }, func(d *disk) { d.room = roomy }, "disk is full"},
		"refuses": {func(d *disk) { d.readOnly = true }, func(d *disk) { d.readOnly = false }, "disk"},
	} {
		t.Run(name, func(t *testing.T) {
			d, mount := newDisk(t)
			p, at, l := worked(t, mount)
			w := l.articles[0]
			page := at.read(w.address).is(200).body
			d.set(test.begin)
			for _, g := range []*got{
				at.api("PUT", "/articles/"+w.id, content(1<<20), "If-Match", match(w.version)),
				at.api("POST", "/articles", content(1<<20)),
				at.api("POST", "/pictures", pixels(1<<20), "Content-Type", "image/png"),
				at.api("POST", "/articles/"+w.id+"/withdraw", fields{"kind": "killed"}, "If-Match", match(w.version)),
			} {
				if g.status != 503 && g.status != 500 || !strings.Contains(g.body, test.says) {
					t.Errorf("%s answers %d: %s", g.asked, g.status, g.body)
				}
			}
			if g := at.read(w.address).is(200); g.body != page {
				t.Error("the page that readers get is another one")
			}
			at.read("/").is(200)
			if lost := l.missing(at); len(lost) > 0 {
				t.Errorf("meanwhile: %s", strings.Join(lost, "\n"))
			}
			d.set(test.end)
			if !l.work(at, 3) {
				t.Fatalf("once it can be written again: %s", at.log)
			}
			if lost := l.missing(at); len(lost) > 0 {
				t.Errorf("afterwards: %s", strings.Join(lost, "\n"))
			}
			at.stop()
			p.do("record", "verify")
			p.do("doctor")
		})
	}
}

// TestADiskThatRefusesAtTheStart: the program does not start on a disk that cannot be written to, and says why; once it can be, everything
// is there.
func TestADiskThatRefusesAtTheStart(t *testing.T) {
	d, mount := newDisk(t)
	p, at, l := worked(t, mount)
	at.stop()
	d.set(func(d *disk) { d.readOnly = true })
	at = p.begin()
	if log := at.log.String(); at.site != "" || !strings.Contains(log, "cannot be written to") || !strings.Contains(log, "start again") {
		t.Errorf("it answers at %q and says: %s", at.site, log)
	}
	d.set(func(d *disk) { d.readOnly = false })
	at = p.serve()
	if lost := l.missing(at); len(lost) > 0 {
		t.Errorf("afterwards: %s", strings.Join(lost, "\n"))
	}
	at.stop()
	p.do("record", "verify")
}

// How many pages of the database are damaged, one after another.
const damaged = 12

// TestAPageIsDamaged: a page of the desk's database turns into noise. Readers get what they had; what was acknowledged is there, or the doctor
// says that the database is damaged, where, and what to do; doing that mends it.
func TestAPageIsDamaged(t *testing.T) {
	p := newPaper(t, binary, filepath.Join(t.TempDir(), "paper"))
	at := p.serve()
	at.open()
	l := &ledger{pictures: map[string][]byte{}}
	if !l.work(at, 6) {
		t.Fatal(at.log)
	}
	w := l.articles[0]
	page := at.read(w.address).is(200).body
	at.stop()
	database := filepath.Join(p.dir, "desk.db")
	whole, err := os.ReadFile(database)
	must(t, err)
	const size = 4096
	closed, found := 0, 0
	for i := range damaged {
		n := 0
		if i > 0 { // the first page, which says what the file is, and others by chance
			n = rand.IntN(len(whole) / size)
		}
		t.Run(fmt.Sprint("page ", n+1), func(t *testing.T) {
			p := &paper{t: t, binary: p.binary, dir: p.dir, token: p.token}
			noise := append([]byte(nil), whole...)
			for j := range size {
				noise[n*size+j] = byte(rand.IntN(256))
			}
			must(t, os.WriteFile(database, noise, 0o600))
			said, code := p.try("doctor")
			if code != 0 {
				found++
				for _, words := range []string{"WRONG  database: " + database + " is damaged", "backup of desk.db"} {
					if !strings.Contains(said, words) {
						t.Errorf("the doctor does not say %q: %s", words, said)
					}
				}
			}
			at := p.begin()
			if at.site == "" {
				t.Fatalf("readers are not served: %s", at.log)
			}
			if g := at.read(w.address); g.status != 200 || g.body != page {
				t.Errorf("readers get another page than before: %d %s; the program says: %s", g.status, g.body, at.log)
			}
			at.read("/").is(200)
			if at.api("GET", "/articles", nil).status == 503 {
				closed++
			}
			if lost := l.missing(at); len(lost) > 0 && code == 0 {
				t.Errorf("the doctor finds nothing, and this is lost:\n%s", strings.Join(lost, "\n"))
			}
			at.kill()
			for _, name := range []string{"desk.db-wal", "desk.db-shm"} {
				must(t, os.RemoveAll(filepath.Join(p.dir, name)))
			}
			must(t, os.WriteFile(database, whole, 0o600))
			p.do("doctor")
			again := p.serve()
			if lost := l.missing(again); len(lost) > 0 {
				t.Errorf("after the backup was put back:\n%s", strings.Join(lost, "\n"))
			}
			again.stop()
			whole, err = os.ReadFile(database) // sessions and checkpoints have moved on
			must(t, err)
		})
	}
	t.Logf("%d pages, %d of them found damaged by the doctor, %d that close the newsroom", damaged, found, closed)
	if found == 0 || closed == 0 {
		t.Error("no damage was noticed: this test shows nothing")
	}
}

// worked is a paper on a disk on which work was done, being served.
func worked(t *testing.T, mount string) (*paper, *program, *ledger) {
	t.Helper()
	p := newPaper(t, binary, filepath.Join(mount, "paper"))
	at := p.serve()
	at.open()
	l := &ledger{pictures: map[string][]byte{}}
	if !l.work(at, 3) {
		t.Fatalf("on a good disk: %s", at.log)
	}
	return p, at, l
}
