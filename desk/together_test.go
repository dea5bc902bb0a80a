package desk_test

import (
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
