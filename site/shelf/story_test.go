package shelf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWhatCameOfAStory: what is kept of the editions of a story's articles is what its list and those editions say, after
// whatever has been done to articles and stories.
func TestWhatCameOfAStory(t *testing.T) {
	const plain = `SELECT l.k, e.seq FROM list l JOIN thing t ON t.num = l.k >> 2 JOIN edition e ON e.article = l.id
		WHERE l.k > 3 AND t.kind = 'story' AND e.z IS NOT NULL ORDER BY l.k, e.seq`
	for seed := range uint64(6) {
		n := newNewsroom(t, 200+seed)
		s := open(t, n)
		done := 0
		for range 25 {
			n.acts(8)
			for ; done < len(n.entries); done++ {
				apply(t, s, n.given(n.entries[done]))
			}
			view(t, s, func(tx *Tx) {
				rows := func(query string) (out []string) {
					for _, r := range must(tx.c.rows(query)) {
						out = append(out, fmt.Sprint(r.int(0), " ", r.int(1)))
					}
					return out
				}
				if d := cmp.Diff(rows(plain), rows("SELECT k, seq FROM story_edition ORDER BY k, seq")); d != "" {
					t.Fatalf("seed %d, after %d entries: %s", seed, done, d)
				}
			})
		}
	}
}

// TestWhatIsNewIsFoundByItsPosition: what a story's page of what is new asks the shelf steps to the position in an index and
// reads on from there, so that it costs what is new and not what the story has become.
func TestWhatIsNewIsFoundByItsPosition(t *testing.T) {
	n := newNewsroom(t, 300).acts(40)
	s := open(t, n)
	apply(t, s, n.entries...)
	view(t, s, func(tx *Tx) {
		id := packID(n.stories[0])
		for query, args := range map[string][]any{
			storyEditions:  {1, 1, 10},
			storyEntry:     {id, 1, 1},
			storyTellings:  {id, 1},
			toldSince:      {id, 1, 10},
			statusesSince:  {id, 1, 10},
			redactedSince:  {1},
			storyToldUntil: {id, 1},
			partEntry:      {id, 1},
			partsEver:      {id},
			partsDown:      {id, 10},
			mergedIn:       {id},
		} {
			for _, r := range must(tx.c.rows("EXPLAIN QUERY PLAN "+query, args...)) {
				if step := r.text(3); strings.HasPrefix(step, "SCAN") && step != "SCAN CONSTANT ROW" || strings.Contains(step, "TEMP B-TREE") {
					t.Errorf("%s\n\t%s", query, step)
				}
			}
		}
	})
}

// TestAFrontsRulesAreReadByKey: what a front's rules and pins ask the shelf steps to its place in an index, so that they cost as much in
// an archive of a million as in one of a thousand.
func TestAFrontsRulesAreReadByKey(t *testing.T) {
	n := newNewsroom(t, 301).acts(40)
	s := open(t, n)
	apply(t, s, n.entries...)
	view(t, s, func(tx *Tx) {
		for query, args := range map[string][]any{listQuery: {0, farFuture, []byte{}, 0, 8}, stateQuery: {packID(n.articles[0].id)}, onAirQuery: {}} {
			for _, r := range must(tx.c.rows("EXPLAIN QUERY PLAN "+query, args...)) {
				if step := r.text(3); strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "live_on_air") || strings.Contains(step, "TEMP B-TREE") {
					t.Errorf("%s\n\t%s", query, step)
				}
			}
		}
	})
}
