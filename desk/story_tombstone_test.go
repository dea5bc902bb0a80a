package desk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

func (n *room) withdrawStory(s *dateline.Story) *dateline.Story {
	n.Helper()
	r, err := n.desk.WithdrawStory(n.Context(), editor, saw(s), "It was told wrongly.", "the lawyers")
	n.must(err)
	return r.Story
}

func (n *room) findStory(id dateline.ID) *dateline.Story {
	n.Helper()
	s, err := n.desk.FindStory(n.Context(), editor, id)
	n.must(err)
	return s
}

// renamed is a story that was published under two names.
func (n *room) renamed() *dateline.Story {
	n.Helper()
	s := n.publishStory(n.story(storyContent()))
	s, err := n.desk.SaveStory(n.Context(), editor, saw(s), "net-dispute", s.Content)
	n.must(err)
	return n.publishStory(s)
}

// TestAStorysTombstone: a line without words for every address it had, before the withdrawal is acknowledged; the line is completed
// from the record where a crash kept it from the file; told again, the story is not down any more.
func TestAStorysTombstone(t *testing.T) {
	n := newsroom(t)
	s := n.withdrawStory(n.renamed())
	if b := n.storyEntry(n.head()); fmt.Sprint(b.Former) != "[the-fishing-talks]" {
		t.Errorf("the record says of the addresses that led to it %q", b.Former)
	}
	down := func(want bool) {
		t.Helper()
		for _, address := range []string{"/stories/net-dispute", "/stories/the-fishing-talks", "/stories/net-dispute/"} {
			if n.tombs.Down(address) != want {
				t.Errorf("the tombstones say of %s that it is down: %v, want %v", address, !want, want)
			}
		}
	}
	down(true)
	for _, word := range []string{"talks", "net-dispute", "wrongly", "lawyers"} {
		if strings.Contains(n.read("tombstones"), word) {
			t.Errorf("the tombstones hold the word %q", word)
		}
	}
	complete := func(want bool) {
		t.Helper()
		head := n.head()
		n.close()
		n.must(os.Remove(filepath.Join(n.dir, "tombstones"))) // as if the crash came before the line
		n.open()
		down(want)
		if n.head() != head {
			t.Errorf("the record grew from %d to %d", head, n.head())
		}
	}
	complete(true)
	kept := n.read("tombstones")
	n.reopen()
	if n.read("tombstones") != kept {
		t.Error("the next start wrote the line again")
	}
	s = n.publishStory(s)
	down(false)
	n.reopen()
	down(false)
	n.close()
	n.must(os.WriteFile(filepath.Join(n.dir, "tombstones"), []byte(kept), 0o600)) // as if the crash came before the line of its return
	n.open()
	down(false)
	if got := n.findStory(s.ID); got.Readers != dateline.Published {
		t.Errorf("what came back was taken down again: %s", got.Readers)
	}
	complete(false)
}

// TestAStorysTombstoneThatCannotBeKept: the withdrawal is not acknowledged, and readers lose the story all the same.
func TestAStorysTombstoneThatCannotBeKept(t *testing.T) {
	n := newsroom(t)
	s := n.publishStory(n.story(storyContent()))
	n.must(n.tombs.Close()) // as a disk that went away
	_, err := n.desk.WithdrawStory(n.Context(), editor, saw(s), "", "the lawyers")
	n.refused(dateline.EUnavailable, "file of tombstones", err)
	if !n.storyEntry(n.head()).Withdrawn || n.heads[len(n.heads)-1] != n.head() {
		t.Errorf("the record ends with %s, and the site was told of %d of its %d entries", n.kinds(n.head()-1), n.heads[len(n.heads)-1], n.head())
	}
	n.must(n.store.Close())
	n.must(n.blobs.Close())
	n.open()
	if !n.tombs.Down("/stories/the-fishing-talks") {
		t.Error("the tombstones were not completed at the start")
	}
}

// fallsBack puts an older database under the newest tombstones, without the checkpoints, as if none had been signed since.
func (n *room) fallsBack() {
	n.Helper()
	n.close()
	var kept []string
	for line := range strings.Lines(n.read("tombstones")) {
		if !strings.Contains(line, `"size":`) {
			kept = append(kept, line)
		}
	}
	n.must(os.WriteFile(filepath.Join(n.dir, "tombstones"), []byte(strings.Join(kept, "")), 0o600))
	n.copyFile("backup.db", "desk.db")
	n.open()
}

func TestAStorysWithdrawalThatOnlyTheTombstonesKnow(t *testing.T) {
	n := newsroom(t)
	s := n.renamed()
	n.close()
	n.copyFile("desk.db", "backup.db")
	n.open()
	n.withdrawStory(s)
	n.fallsBack()
	b := n.storyEntry(n.head())
	if got := n.findStory(s.ID); got.Readers != dateline.Withdrawn || !b.Withdrawn || b.Note != "" || !n.tombs.Down("/stories/net-dispute") {
		t.Errorf("the withdrawal was not made again: %s, %+v", got.Readers, b)
	}
	for _, e := range n.entries(0) {
		if e.Subject == s.ID && e.Sequence < n.head() && e.HasBody() {
			t.Errorf("what entry %d said is still given away", e.Sequence)
		}
	}
	head := n.head()
	n.reopen()
	if n.head() != head {
		t.Error("it was made once more")
	}
}

func TestAMergerThatOnlyTheTombstonesKnow(t *testing.T) {
	n := newsroom(t)
	section := n.section("coast").ID
	s, other := n.renamed(), n.story(storyContent())
	a := n.create(dateline.Content{Headline: "One", Section: section, Stories: []dateline.ID{s.ID}})
	n.publish(a, "", "")
	other = n.publishStory(other)
	n.close()
	n.copyFile("desk.db", "backup.db")
	n.open()
	merge := func() *dateline.Story {
		t.Helper()
		r, err := n.desk.MergeStory(n.Context(), editor, saw(n.findStory(s.ID)), saw(n.findStory(other.ID)))
		n.must(err)
		return r.Story
	}
	merge()
	n.fallsBack()
	got, to := n.findStory(s.ID), n.findStory(other.ID)
	if b := n.storyEntry(n.head()); got.Readers != dateline.Withdrawn || b.Into != other.ID || fmt.Sprint(b.Former) != "[the-fishing-talks]" || len(to.Live.Events) != 1 || fmt.Sprint(to.Live.Joined) != fmt.Sprint([]dateline.ID{a.ID}) {
		t.Errorf("the merger was not made again: %s, %+v, %+v", got.Readers, b, to.Live)
	}
	if !n.tombs.Down("/stories/the-fishing-talks") {
		t.Error("the tombstones do not know the address")
	}
	// Where the other cannot take it over, it goes down all the same.
	n.close()
	n.copyFile("backup.db", "desk.db")
	n.must(os.Remove(filepath.Join(n.dir, "tombstones")))
	n.open()
	to = n.findStory(other.ID)
	to.Content.Summary = "Not for readers yet"
	_, err := n.desk.SaveStory(n.Context(), editor, saw(to), "", to.Content)
	n.must(err)
	n.close()
	n.copyFile("desk.db", "backup.db")
	n.open()
	to = n.findStory(other.ID)
	n.publishStory(to)
	merge()
	n.fallsBack()
	if b := n.storyEntry(n.head()); n.findStory(s.ID).Readers != dateline.Withdrawn || !b.Withdrawn || n.findStory(other.ID).Live.Summary != "" {
		t.Errorf("it is not down: %+v", b)
	}
}

// TestARestoredRecordKeepsStoriesDown: a database from before goes on under another name, and what was withdrawn since stays so.
func TestARestoredRecordKeepsStoriesDown(t *testing.T) {
	n := newsroom(t)
	s := n.publishStory(n.story(storyContent()))
	n.close()
	n.copyFile("desk.db", "backup.db")
	n.open()
	n.withdrawStory(s)
	n.publish(n.create(dateline.Content{Headline: "Two", Section: n.section("coast").ID}), dateline.ChangeFirst, "")
	n.close()
	n.copyFile("backup.db", "desk.db")
	n.restoreOpen()
	if got := n.findStory(s.ID); got.Readers != dateline.Withdrawn || !n.storyEntry(n.head()).Withdrawn {
		t.Errorf("the story is %s, the record ends with %s", got.Readers, n.kinds(0))
	}
	n.verifies()
	s = n.publishStory(n.findStory(s.ID)) // told again with intent, it stays
	n.reopen()
	if got := n.findStory(s.ID); got.Readers != dateline.Published || n.tombs.Down("/stories/the-fishing-talks") {
		t.Errorf("what was told again is %s", got.Readers)
	}
}

// TestAMergerIntoWhatIsLocked: a story on hold takes nothing over, and an older database in which it was on hold starts all the same, as
// one does whose clock is not believed.
func TestAMergerIntoWhatIsLocked(t *testing.T) {
	n := newsroom(t)
	s, other := n.publishStory(n.story(storyContent())), n.publishStory(n.story(storyContent()))
	other, err := n.desk.HoldStory(t.Context(), chief, saw(other), "the lawyers")
	n.must(err)
	_, err = n.desk.MergeStory(t.Context(), editor, saw(s), saw(other))
	n.refused(dateline.ELocked, "legal hold", err)
	n.backup()
	other, err = n.desk.LiftStoryHold(t.Context(), chief, saw(other), "settled")
	n.must(err)
	_, err = n.desk.MergeStory(t.Context(), editor, saw(s), saw(other))
	n.must(err)
	n.putBack()
	down := func() {
		t.Helper()
		if got, to := n.findStory(s.ID), n.findStory(other.ID); got.Readers != dateline.Withdrawn || got.Into != "" || to.Readers != dateline.Published || len(to.Live.Events) != 0 {
			t.Errorf("the merger became %+v, in %+v", got, to.Live)
		}
	}
	down()
	n.verifies()

	n = newsroom(t)
	s, other = n.publishStory(n.story(storyContent())), n.publishStory(n.story(storyContent()))
	n.backup()
	_, err = n.desk.MergeStory(t.Context(), editor, saw(s), saw(other))
	n.must(err)
	n.clock.Jump(-time.Hour)
	n.putBack()
	down()
	n.verifies()
}

// TestStoriesThatTheFileLeftOut: a file from before it took stories in, with a newer line about an article, gets theirs at the start.
func TestStoriesThatTheFileLeftOut(t *testing.T) {
	n := newsroom(t)
	section := n.section("coast").ID
	s := n.publishStory(n.story(storyContent()))
	other := n.publishStory(n.story(dateline.StoryContent{Name: "The nets", Statuses: storyContent().Statuses}))
	merged := n.publishStory(n.story(dateline.StoryContent{Name: "The boats", Statuses: storyContent().Statuses}))
	n.withdrawStory(s)
	_, err := n.desk.MergeStory(t.Context(), editor, saw(merged), saw(other))
	n.must(err)
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: section}), dateline.ChangeFirst, "").Article
	_, err = n.desk.Withdraw(t.Context(), editor, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnKilled})
	n.must(err)
	n.close()
	var kept []string
	for line := range strings.Lines(n.read("tombstones")) {
		if !strings.Contains(line, `"story":true`) {
			kept = append(kept, line)
		}
	}
	n.must(os.WriteFile(filepath.Join(n.dir, "tombstones"), []byte(strings.Join(kept, "")), 0o600))
	n.open()
	for address, want := range map[string]bool{"/stories/the-fishing-talks": true, "/stories/the-boats": true, "/stories/the-nets": false, a.Address: true} {
		if n.tombs.Down(address) != want {
			t.Errorf("of %s it says that it is down: %v", address, !want)
		}
	}
	whole := n.read("tombstones")
	n.reopen()
	if n.read("tombstones") != whole {
		t.Error("the next start wrote the lines again")
	}
}
