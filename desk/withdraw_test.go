package desk_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// withdrawal reads the withdrawal that an entry holds.
func (n *room) withdrawal(seq int64) *record.Withdrawal {
	n.Helper()
	body, err := n.entries(seq - 1)[0].Decode()
	n.must(err)
	return body.(*record.Withdrawal)
}

func (n *room) picture(width int) *dateline.Picture {
	n.Helper()
	p, err := n.desk.CreatePicture(n.Context(), reporter, bytes.NewReader(pngOf(n, width)), "harbour.png")
	n.must(err)
	return p
}

func pngOf(tb interface{ Fatal(...any) }, width int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 8))); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestWithdrawAndRestore(t *testing.T) {
	n := newsroom(t)
	picture := n.picture(9)
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: n.section("world").ID, Topics: []dateline.ID{n.topic("talks").ID},
		Lead: &dateline.Lead{Picture: picture.ID, Alt: "A harbour"}}), dateline.ChangeFirst, "").Article
	n.clock.Pass(time.Minute)
	a = n.save(a, func(c *dateline.Content) { c.Headline = "Two" })
	a = n.publish(a, dateline.ChangeUpdate, "News.").Article
	moved, err := n.desk.MoveAddress(t.Context(), editor, seen(a), "/world/2026/03/29/two", "")
	n.must(err)
	a = moved.Article
	begin := n.head()
	n.clock.Pass(time.Minute)
	r, err := n.desk.Withdraw(t.Context(), editor, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnKilled, Notice: "It was wrong."})
	n.must(err)
	if n.kinds(begin) != "withdrawal" || r.Article.Readers != dateline.Withdrawn || r.Article.Withdrawal.Sequence != r.Sequence || r.Act != record.KindWithdrawal {
		t.Errorf("withdrawn: %+v, %s", r.Article, n.kinds(begin))
	}
	w := n.withdrawal(r.Sequence)
	if fmt.Sprint(w.Addresses) != "[/world/2026/03/29/two /world/2026/03/29/one]" || len(w.Hashes) != 0 || w.Notice != "It was wrong." ||
		len(w.Editions) != 2 || w.Editions[1].Change != "update" || w.First != record.FormatInstant(noon) || w.Language != "en" || w.Section == "" {
		t.Errorf("the record says %+v", w)
	}
	var bare []int64
	for _, e := range n.entries(0) {
		if !e.HasBody() {
			bare = append(bare, e.Sequence)
		}
		if e.Kind == record.KindEdition && (len(e.Body) > 0 || len(e.Salt) > 0) {
			t.Errorf("the body of edition entry %d is given away", e.Sequence)
		}
	}
	if len(bare) != 2 || bare[0] != w.Editions[0].Sequence || bare[1] != w.Editions[1].Sequence {
		t.Errorf("withheld are %v", bare)
	}
	tomb := n.read("tombstones")
	if !strings.Contains(tomb, record.AddressHash(a.Address)) || !strings.Contains(tomb, picture.Hash) || !n.tombs.Down(a.Address) || !n.tombs.Down("/world/2026/03/29/one") {
		t.Errorf("the tombstones are %s", tomb)
	}
	for _, word := range []string{"Two", "wrong", "world", "elena"} {
		if strings.Contains(tomb, word) {
			t.Errorf("the tombstones hold the word %q", word)
		}
	}
	_, err = n.desk.Withdraw(t.Context(), editor, seen(r.Article), desk.Withdrawing{Kind: dateline.WithdrawnKilled})
	n.refused(dateline.EState, "published", err)
	saved := n.save(r.Article, func(c *dateline.Content) { c.Headline = "Three" })
	_, err = n.desk.Publish(t.Context(), editor, seen(saved), desk.Publishing{Change: dateline.ChangeUpdate, Note: "x"})
	n.refused(dateline.EState, "restore", err)
	begin = n.head()
	n.clock.Pass(time.Minute)
	back, err := n.desk.Restore(t.Context(), editor, seen(saved), "")
	n.must(err)
	if n.kinds(begin) != "restoration" || back.Article.Readers != dateline.Published || back.Article.Withdrawal != nil || back.Article.Draft != dateline.DraftOpen {
		t.Errorf("restored: %+v, %s", back.Article, n.kinds(begin))
	}
	body, err := n.entries(begin)[0].Decode()
	n.must(err)
	if got := body.(*record.Restoration); got.Withdrawal != r.Sequence || fmt.Sprint(got.Editions) != fmt.Sprint(bare) {
		t.Errorf("the record says %+v", got)
	}
	for _, e := range n.entries(0) {
		if !e.HasBody() || e.Check() != nil {
			t.Errorf("entry %d did not come back", e.Sequence)
		}
	}
	if n.tombs.Down(a.Address) {
		t.Error("the tombstone still stands")
	}
	if !back.Article.First.Equal(noon) {
		t.Errorf("first published became %v", back.Article.First)
	}
}

func TestLegalWithdrawalHoldsNoWords(t *testing.T) {
	n := newsroom(t)
	a := n.publish(n.create(dateline.Content{Headline: "Slander about somebody", Section: n.section("world").ID}), dateline.ChangeFirst, "").Article
	legal := desk.Withdrawing{Kind: dateline.WithdrawnLegal}
	_, err := n.desk.Withdraw(t.Context(), editor, seen(a), legal)
	n.refused(dateline.EForbidden, "chief", err)
	r, err := n.desk.Withdraw(t.Context(), chief, seen(a), legal)
	n.must(err)
	w := n.withdrawal(r.Sequence)
	if len(w.Addresses) != 0 || len(w.Hashes) != 1 || w.Hashes[0] != record.AddressHash(a.Address) {
		t.Errorf("the record says %+v", w)
	}
	for _, e := range n.entries(0) {
		if strings.Contains(strings.ToLower(string(e.Body)), "slander") {
			t.Errorf("entry %d (%s) still says it: %s", e.Sequence, e.Kind, e.Body)
		}
	}
	_, err = n.desk.Restore(t.Context(), editor, seen(r.Article), "")
	n.refused(dateline.EForbidden, "chief", err)
	held, err := n.desk.Hold(t.Context(), editor, seen(r.Article), "the court")
	n.must(err)
	_, err = n.desk.Restore(t.Context(), chief, seen(held.Article), "")
	n.refused(dateline.ELocked, "court", err)
	free, err := n.desk.LiftHold(t.Context(), chief, seen(held.Article), "it was settled")
	n.must(err)
	_, err = n.desk.Restore(t.Context(), chief, seen(free.Article), "")
	n.must(err)
}

func TestMergedWithdrawal(t *testing.T) {
	n := newsroom(t)
	section := n.section("world").ID
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: section}), dateline.ChangeFirst, "").Article
	b := n.publish(n.create(dateline.Content{Headline: "Two", Section: section}), dateline.ChangeFirst, "").Article
	draft := n.create(dateline.Content{Headline: "Three", Section: section})
	begin := n.head()
	for into, code := range map[dateline.ID]dateline.Code{"": dateline.EInvalid, a.ID: dateline.EInvalid, draft.ID: dateline.EState, "x": dateline.EInvalid} {
		_, err := n.desk.Withdraw(t.Context(), editor, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnMerged, Into: into})
		n.refused(code, "", err)
	}
	for _, w := range []desk.Withdrawing{{Kind: dateline.WithdrawnExpired, Into: b.ID}, {Kind: "burnt"}, {Kind: dateline.WithdrawnKilled, Notice: strings.Repeat("a", 301)},
		{Kind: dateline.WithdrawnKilled, Notice: "a\nb"}} {
		_, err := n.desk.Withdraw(t.Context(), editor, seen(a), w)
		n.refused(dateline.EInvalid, "", err)
	}
	n.nothing(begin)
	r, err := n.desk.Withdraw(t.Context(), editor, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnMerged, Into: b.ID, Key: "k"})
	n.must(err)
	if w := n.withdrawal(r.Sequence); w.Into != b.ID {
		t.Errorf("the record says %+v", w)
	}
	again, err := n.desk.Withdraw(t.Context(), editor, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnMerged, Into: b.ID, Key: "k"})
	if err != nil || !again.Repeated || again.Sequence != r.Sequence {
		t.Errorf("again: %+v, %v", again, err)
	}
}

func TestTombstonesAreCompletedFromTheRecord(t *testing.T) {
	n := newsroom(t)
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: n.section("world").ID}), dateline.ChangeFirst, "").Article
	r, err := n.desk.Withdraw(t.Context(), editor, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnKilled})
	n.must(err)
	n.close()
	n.must(os.Remove(filepath.Join(n.dir, "tombstones"))) // as if the crash came before the line
	n.open()
	if !n.tombs.Down(a.Address) || !strings.Contains(n.read("tombstones"), fmt.Sprintf(`"size":%d`, r.Sequence)) {
		t.Errorf("tombstone and checkpoint were not written again: %s", n.read("tombstones"))
	}
	n.close()
	f, err := os.OpenFile(filepath.Join(n.dir, "tombstones"), os.O_APPEND|os.O_WRONLY, 0)
	n.must(err)
	_, err = f.WriteString(`{"seq":99,"ki`) // a line that a crash cut short
	n.must(err)
	n.must(f.Close())
	n.open()
	if !n.tombs.Down(a.Address) || strings.Contains(n.read("tombstones"), `"seq":99,`) {
		t.Errorf("after a cut line: %s", n.read("tombstones"))
	}
	if n.head() != r.Sequence {
		t.Errorf("the record grew to %d", n.head())
	}
	n.close()
	n.must(os.WriteFile(filepath.Join(n.dir, "tombstones"), []byte("{\"seq\":\n{\"size\":1}\n"), 0o600))
	if err := n.tryOpen(); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a damaged file was taken: %v", err)
	}
	n.must(os.Remove(filepath.Join(n.dir, "tombstones")))
	n.open()
}

// copyFile keeps the newsroom's database as a backup does, the newsroom being closed.
func (n *room) copyFile(from, to string) {
	n.Helper()
	b, err := os.ReadFile(filepath.Join(n.dir, from))
	n.must(err)
	n.must(os.WriteFile(filepath.Join(n.dir, to), b, 0o600))
}

func TestOldBackupDoesNotStart(t *testing.T) {
	n := newsroom(t)
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: n.section("world").ID}), dateline.ChangeFirst, "").Article
	n.close()
	n.copyFile("desk.db", "backup.db")
	n.open()
	_, err := n.desk.Withdraw(t.Context(), editor, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnKilled})
	n.must(err)
	n.close()
	n.copyFile("desk.db", "newest.db")
	n.copyFile("backup.db", "desk.db")
	err = n.tryOpen()
	n.refused(dateline.EState, "older", err)
	n.must(n.store.Close())
	n.must(n.tombs.Close())
	n.must(n.blobs.Close())
	n.copyFile("newest.db", "desk.db")
	n.open()
}

func TestWithdrawalThatOnlyTheTombstonesKnow(t *testing.T) {
	n := newsroom(t)
	section := n.section("world").ID
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: section}), dateline.ChangeFirst, "").Article
	n.close()
	n.copyFile("desk.db", "backup.db")
	n.copyFile("tombstones", "signed")
	n.open()
	r, err := n.desk.Withdraw(t.Context(), editor, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnExpired})
	n.must(err)
	n.close()
	// The withdrawal's line is there, its checkpoint was never signed, and the database is the one before.
	var kept []string
	for _, line := range strings.SplitAfter(n.read("tombstones"), "\n") {
		if !strings.Contains(line, fmt.Sprintf(`"size":%d`, r.Sequence)) {
			kept = append(kept, line)
		}
	}
	n.must(os.WriteFile(filepath.Join(n.dir, "tombstones"), []byte(strings.Join(kept, "")), 0o600))
	n.copyFile("backup.db", "desk.db")
	n.open()
	got := n.find(a.ID)
	if got.Readers != dateline.Withdrawn || got.Withdrawal.Kind != dateline.WithdrawnExpired || !n.tombs.Down(a.Address) {
		t.Errorf("the withdrawal was not made again: %+v", got)
	}
	head := n.head()
	n.reopen()
	if n.head() != head {
		t.Error("it was made once more")
	}
}

// TestTombstoneThatCannotBeKept: the withdrawal is not acknowledged, readers lose the article all the same, and a repeated
// request is not acknowledged either before the line is on disk.
func TestTombstoneThatCannotBeKept(t *testing.T) {
	n := newsroom(t)
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: n.section("world").ID}), dateline.ChangeFirst, "").Article
	n.must(n.tombs.Close()) // as a disk that went away
	for range 2 {
		_, err := n.desk.Withdraw(t.Context(), editor, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnKilled, Key: "k"})
		n.refused(dateline.EUnavailable, "file of tombstones", err)
	}
	if kinds := n.kinds(n.head() - 1); kinds != "withdrawal" || n.heads[len(n.heads)-1] != n.head() {
		t.Errorf("the record ends with %q, and the site was told of %d of its %d entries", kinds, n.heads[len(n.heads)-1], n.head())
	}
	n.must(n.store.Close())
	n.must(n.blobs.Close())
	n.open()
	if !n.tombs.Down(a.Address) {
		t.Error("the tombstones were not completed at the start")
	}
	r, err := n.desk.Withdraw(t.Context(), editor, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnKilled, Key: "k"})
	n.must(err)
	if !r.Repeated || r.Sequence != n.head() {
		t.Errorf("asked again: %+v", r)
	}
}

// TestTombstonesComeInTheRecordsOrder: whoever is acknowledged first, no line stands before that of an earlier entry, for a
// start completes the file from its newest line on.
func TestTombstonesComeInTheRecordsOrder(t *testing.T) {
	n := newsroom(t)
	section := n.section("world").ID
	var list []*dateline.Article
	for i := range 24 {
		list = append(list, n.publish(n.create(dateline.Content{Headline: fmt.Sprint("Story ", i), Section: section}), dateline.ChangeFirst, "").Article)
	}
	var wait sync.WaitGroup
	for _, a := range list {
		wait.Go(func() {
			if _, err := n.desk.Withdraw(t.Context(), editor, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnKilled}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	var last int64
	count := 0
	for line := range strings.Lines(n.read("tombstones")) {
		var s desk.Tombstone
		n.must(json.Unmarshal([]byte(line), &s))
		if s.Article == "" {
			continue
		}
		if count++; s.Sequence <= last {
			t.Errorf("entry %d stands after entry %d", s.Sequence, last)
		}
		last = s.Sequence
	}
	if count != len(list) {
		t.Errorf("%d lines of %d withdrawals", count, len(list))
	}
}

// TestRestoreAsksTheTombstones: an older database may say that an article was only killed.
func TestRestoreAsksTheTombstones(t *testing.T) {
	n := newsroom(t)
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: n.section("world").ID}), dateline.ChangeFirst, "").Article
	r, err := n.desk.Withdraw(t.Context(), editor, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnKilled})
	n.must(err)
	n.close()
	legal, err := json.Marshal(desk.Tombstone{Sequence: r.Sequence + 10, Kind: record.KindWithdrawal, Article: a.ID, Why: dateline.WithdrawnLegal,
		Addresses: []string{record.AddressHash(a.Address)}})
	n.must(err)
	n.must(os.WriteFile(filepath.Join(n.dir, "tombstones"), append([]byte(n.read("tombstones")), append(legal, '\n')...), 0o600))
	n.open()
	_, err = n.desk.Restore(t.Context(), editor, seen(r.Article), "")
	n.refused(dateline.EForbidden, "chief", err)
	_, err = n.desk.Restore(t.Context(), chief, seen(r.Article), "")
	n.must(err)
	if n.tombs.Down(a.Address) {
		t.Error("the tombstones still have it down")
	}
}

func TestAnotherKeyDoesNotStart(t *testing.T) {
	n := newsroom(t)
	n.section("world")
	n.close()
	own := n.key
	other, _, err := record.NewKey("estuary.example/record", rand.Reader)
	n.must(err)
	n.key = other
	n.refused(dateline.EState, "another key", n.tryOpen())
	n.close()
	n.key = own
	n.open()
}

// A withdrawal says by ids which lists the newest edition stood in, also where law asks for it; a topic that is a person has no
// feed and is not named.
func TestAWithdrawalNamesTheLists(t *testing.T) {
	n := newsroom(t)
	section, topic, old := n.section("coast"), n.topic("talks"), n.topic("boats")
	person, err := n.desk.CreateTopic(t.Context(), reporter, dateline.Topic{Slug: "meera", Kind: dateline.TopicPerson, Person: n.person("meera").ID, Names: dateline.Names{"en": "Meera"}})
	n.must(err)
	s := n.publishStory(n.story(storyContent()))
	for _, kind := range []dateline.WithdrawalKind{dateline.WithdrawnKilled, dateline.WithdrawnExpired, dateline.WithdrawnLegal} {
		a := n.publish(n.create(dateline.Content{Headline: "One", Section: section.ID, Topics: []dateline.ID{old.ID}}), dateline.ChangeFirst, "").Article
		n.clock.Pass(time.Minute)
		a = n.save(a, func(c *dateline.Content) {
			c.Topics, c.Stories = []dateline.ID{person.ID, topic.ID}, []dateline.ID{s.ID}
		})
		a = n.publish(a, dateline.ChangeUpdate, "News.").Article
		r, err := n.desk.Withdraw(t.Context(), chief, seen(a), desk.Withdrawing{Kind: kind})
		n.must(err)
		if w := n.withdrawal(r.Sequence); !slices.Equal(w.Topics, []dateline.ID{topic.ID}) || !slices.Equal(w.Stories, []dateline.ID{s.ID}) || w.Section != section.ID {
			t.Errorf("%s names section %v, topics %v, stories %v", kind, w.Section, w.Topics, w.Stories)
		}
	}
}
