package desk_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// Several editors publish while others save and an import runs: the record has no gap, every acknowledged publication is
// in it once, and its newest checkpoint covers it.
func TestManyAtOnce(t *testing.T) {
	n := newsroom(t)
	section := n.section("world")
	var mu sync.Mutex
	acknowledged := map[int64]dateline.ID{}
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for i := range 8 {
				a, err := n.desk.Create(t.Context(), reporter, dateline.KindArticle,
					dateline.Content{Headline: "Talks resume", Standfirst: fmt.Sprint(worker, i), Section: section.ID})
				if err != nil {
					t.Error(err)
					return
				}
				// Two editors with the same version in front of them: one wins.
				var both sync.WaitGroup
				var won, lost int
				for range 2 {
					both.Go(func() {
						r, err := n.desk.Publish(t.Context(), editor, seen(a), desk.Publishing{Change: dateline.ChangeFirst})
						mu.Lock()
						defer mu.Unlock()
						switch dateline.ErrorCode(err) {
						case "":
							won++
							acknowledged[r.Sequence] = a.ID
						case dateline.EConflict:
							lost++
						default:
							t.Error(err)
						}
					})
				}
				both.Wait()
				if won != 1 || lost != 1 {
					t.Errorf("%d of two publications went through, %d conflicted", won, lost)
				}
			}
		})
	}
	wait.Go(func() {
		if got := importAll(t, n.desk, generated(t, 60)); got != 60 {
			t.Errorf("%d were imported", got)
		}
	})
	wait.Wait()
	addresses := map[string]bool{}
	for i, e := range n.entries(0) {
		if e.Sequence != int64(i+1) || e.Check() != nil {
			t.Fatalf("entry %d stands at place %d: %v", e.Sequence, i+1, e.Check())
		}
		if e.Kind != record.KindEdition {
			continue
		}
		edition := n.edition(e.Sequence)
		if addresses[edition.Address] {
			t.Errorf("two articles have the address %s", edition.Address)
		}
		addresses[edition.Address] = true
		if id, ok := acknowledged[e.Sequence]; ok && id != e.Subject {
			t.Errorf("entry %d is of another article than acknowledged", e.Sequence)
		}
		delete(acknowledged, e.Sequence)
	}
	if len(acknowledged) > 0 || len(addresses) != 4*8+60 {
		t.Errorf("%d acknowledged publications are not in the record, %d editions are", len(acknowledged), len(addresses))
	}
	note, err := n.desk.Checkpoint(t.Context())
	n.must(err)
	if c, err := record.ParseCheckpoint(note); err != nil || c.Size != n.head() {
		t.Errorf("the checkpoint is of %d entries, the record has %d: %v", c.Size, n.head(), err)
	}
}

// Editors save at once, two of them the same version of each article, and one what cannot be saved: each gets its own answer.
func TestSavesAtOnce(t *testing.T) {
	n := newsroom(t)
	var wait sync.WaitGroup
	var mu sync.Mutex
	for i := range 8 {
		a, err := n.desk.Create(t.Context(), reporter, dateline.KindArticle, dateline.Content{Headline: fmt.Sprint("Talks resume ", i)})
		n.must(err)
		won := map[string]bool{}
		for _, words := range []string{"from the left", "from the right"} {
			wait.Go(func() {
				saved, err := n.desk.Save(t.Context(), reporter, seen(a), dateline.Content{Headline: words})
				mu.Lock()
				defer mu.Unlock()
				var e *dateline.Error
				switch {
				case err == nil:
					won[words] = true
					if saved.Version != 2 || saved.Content.Headline != words {
						t.Errorf("saved %+v", saved)
					}
				case errors.As(err, &e) && e.Code == dateline.EConflict:
					if e.Yours == nil || e.Yours.Headline != words || e.Current == nil || e.Current.Version != 2 || e.Current.Content.Headline == words {
						t.Errorf("the conflict carries %+v and %+v", e.Yours, e.Current)
					}
				default:
					t.Error(err)
				}
			})
		}
		wait.Go(func() {
			_, err := n.desk.Save(t.Context(), reporter, seen(a), dateline.Content{Headline: "Wrong", Topics: []dateline.ID{"0190b5f0-6c00-7cc3-98c4-000000000000"}})
			if code := dateline.ErrorCode(err); code != dateline.EInvalid && code != dateline.EConflict {
				t.Errorf("a topic that is not there was answered %v", err)
			}
		})
		t.Cleanup(func() {
			if len(won) != 1 {
				t.Errorf("%d of two saves of one version were made", len(won))
			}
		})
	}
	wait.Wait()
	list, err := n.desk.ListAudit(t.Context(), reporter, "", 0, 50)
	n.must(err)
	saves := 0
	for _, l := range list {
		if l.Act == dateline.ActSave {
			saves++
		}
	}
	if saves != 8 {
		t.Errorf("the audit has %d saves, want 8", saves)
	}
}
