package desk_test

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/desk/store"
	"github.com/datelinehq/dateline/desk/storetest"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/record"
)

var (
	reporter = dateline.Actor{Name: "ravi", Role: dateline.RoleReporter}
	editor   = dateline.Actor{Name: "elena", Role: dateline.RoleEditor}
	chief    = dateline.Actor{Name: "carmen", Role: dateline.RoleChief}
)

// noon is where the clock of these tests begins: half past one on a night in the paper's zone, the day after UTC's.
var noon = time.Date(2026, 3, 28, 20, 0, 0, 0, time.UTC)

// room is a newsroom in a folder of its own.
type room struct {
	testing.TB
	dir   string
	clock *storetest.Clock
	store *store.Store
	tombs *desk.Tombstones
	blobs *blob.Disk
	key   string
	again string // the key with which a restored record goes on; empty where none was restored
	desk  *desk.Desk
	mu    sync.Mutex
	heads []int64 // that OnCommit was told
	links desk.Asker

	witness desk.Asker
}

func newsroom(tb testing.TB) *room {
	tb.Helper()
	secret, _, err := record.NewKey("estuary.example/record", rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	n := &room{TB: tb, dir: tb.TempDir(), clock: storetest.NewClock(noon), key: secret}
	n.open()
	tb.Cleanup(n.close)
	if _, err := n.desk.Init(tb.Context(), dateline.Publication{Name: "The Estuary", Site: "http://127.0.0.1:8080", Newsroom: "http://localhost:8081",
		Zone: "Asia/Kolkata", Language: "en", Latitude: 38.7223, Longitude: -9.1393}); err != nil {
		tb.Fatal(err)
	}
	return n
}

func (n *room) open() {
	n.Helper()
	if err := n.tryOpen(); err != nil {
		n.Fatal(err)
	}
}

func (n *room) tryOpen() (err error) {
	ctx := context.WithoutCancel(n.Context())
	if n.store, err = store.Open(ctx, filepath.Join(n.dir, "desk.db"), n.clock); err != nil {
		return err
	}
	if n.tombs, err = desk.OpenTombstones(filepath.Join(n.dir, "tombstones")); err != nil {
		return err
	}
	if n.blobs, err = blob.OpenDisk(filepath.Join(n.dir, "blobs")); err != nil {
		return err
	}
	signer, err := record.NewSigner(n.key)
	if err != nil {
		return err
	}
	var restored desk.Signer
	if n.again != "" {
		if restored, err = record.NewSigner(n.again); err != nil {
			return err
		}
	}
	n.desk, err = desk.New(ctx, desk.Config{Restored: restored, Store: n.store, Blobs: n.blobs, Signer: signer, Tombstones: n.tombs, Links: n.links, Witnesses: n.witness,
		OnCommit: func(head int64) {
			n.mu.Lock()
			defer n.mu.Unlock()
			n.heads = append(n.heads, head)
		}})
	return err
}

func (n *room) close() {
	for _, c := range []interface{ Close() error }{n.store, n.tombs, n.blobs} {
		if err := c.Close(); err != nil {
			n.Error(err)
		}
	}
}

// reopen stops the newsroom and starts it again, as after a crash: nothing is kept but the files.
func (n *room) reopen() {
	n.Helper()
	n.close()
	n.open()
}

func (n *room) must(err error) {
	n.Helper()
	if err != nil {
		n.Fatal(err)
	}
}

// refused checks a refusal's code and that its message says something of why.
func (n *room) refused(code dateline.Code, words string, err error) {
	n.Helper()
	if dateline.ErrorCode(err) != code || !strings.Contains(err.Error(), words) {
		n.Errorf("got %v, want the code %q and the words %q", err, code, words)
	}
}

func (n *room) section(slug string) *dateline.Section {
	n.Helper()
	s, err := n.desk.CreateSection(n.Context(), chief, dateline.Section{Slug: slug, Names: dateline.Names{"en": slug}})
	n.must(err)
	return s
}

func (n *room) topic(slug string) *dateline.Topic {
	n.Helper()
	t, err := n.desk.CreateTopic(n.Context(), reporter, dateline.Topic{Slug: slug, Kind: dateline.TopicSubject, Names: dateline.Names{"en": slug}})
	n.must(err)
	return t
}

func (n *room) person(slug string) *dateline.Person {
	n.Helper()
	p, err := n.desk.CreatePerson(n.Context(), reporter, dateline.Person{Slug: slug, Names: dateline.Names{"en": slug}})
	n.must(err)
	return p
}

func (n *room) create(c dateline.Content) *dateline.Article {
	n.Helper()
	a, err := n.desk.Create(n.Context(), reporter, dateline.KindArticle, c)
	n.must(err)
	return a
}

func seen(a *dateline.Article) desk.Target { return desk.Target{ID: a.ID, Version: a.Version} }

func (n *room) publish(a *dateline.Article, change dateline.Change, note string) desk.Result {
	n.Helper()
	r, err := n.desk.Publish(n.Context(), editor, seen(a), desk.Publishing{Change: change, Note: note})
	n.must(err)
	return r
}

func (n *room) save(a *dateline.Article, change func(*dateline.Content)) *dateline.Article {
	n.Helper()
	c := a.Content
	change(&c)
	a, err := n.desk.Save(n.Context(), editor, seen(a), c)
	n.must(err)
	return a
}

func (n *room) find(id dateline.ID) *dateline.Article {
	n.Helper()
	a, err := n.desk.Find(n.Context(), editor, id)
	n.must(err)
	return a
}

// entries gives the record after a number.
func (n *room) entries(after int64) []record.Entry {
	n.Helper()
	list, err := n.desk.Entries(n.Context(), after, 1000)
	n.must(err)
	return list
}

// kinds names the entries after a number.
func (n *room) kinds(after int64) string {
	n.Helper()
	var kinds []string
	for _, e := range n.entries(after) {
		kinds = append(kinds, string(e.Kind))
	}
	return strings.Join(kinds, " ")
}

func (n *room) head() int64 {
	n.Helper()
	head, err := n.desk.Head(n.Context())
	n.must(err)
	return head
}

// edition reads the edition that an entry holds.
func (n *room) edition(seq int64) *record.Edition {
	n.Helper()
	list, err := n.desk.Entries(n.Context(), seq-1, 1)
	n.must(err)
	body, err := list[0].Decode()
	n.must(err)
	return body.(*record.Edition)
}

// nothing checks that a desk step left the record as it was.
func (n *room) nothing(after int64) {
	n.Helper()
	if kinds := n.kinds(after); kinds != "" {
		n.Errorf("the record got %s", kinds)
	}
}

// told lists what accounts are to be told of an article, newest first.
func (n *room) told(a *dateline.Article) (list []string) {
	n.Helper()
	lines, err := n.desk.ListAudit(n.Context(), editor, a.ID, 0, 0)
	n.must(err)
	for _, l := range lines {
		if l.For != "" {
			list = append(list, l.For+": "+l.Detail)
		}
	}
	return list
}

func (n *room) read(name string) string {
	n.Helper()
	b, err := os.ReadFile(filepath.Join(n.dir, name))
	n.must(err)
	return string(b)
}
