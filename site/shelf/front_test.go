package shelf

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/datelinehq/dateline"
)

// What fronts are filled with does not depend on which were filled before them in the same snapshot.
func TestFrontsOfOneSnapshot(t *testing.T) {
	n := newNewsroom(t, 91).acts(200)
	s := open(t, n)
	apply(t, s, n.entries...)
	var fronts [][]dateline.Container
	for range 40 {
		var front []dateline.Container
		for range 4 {
			rule := &dateline.Rule{Kind: dateline.RuleLatest}
			switch n.rand.IntN(3) {
			case 1:
				rule = &dateline.Rule{Kind: dateline.RuleSection, Of: pick(n, n.sections)}
			case 2:
				rule = &dateline.Rule{Kind: dateline.RuleTopic, Of: pick(n, n.topics)}
			}
			items := make([]dateline.FrontItem, 1+n.rand.IntN(4))
			items[0].Article = pick(n, n.articles).id
			front = append(front, dateline.Container{Layout: dateline.LayoutThree, Rule: rule, Items: items})
		}
		fronts = append(fronts, front)
	}
	fill := func(fronts ...[]dateline.Container) (out [][]Filled) {
		t.Helper()
		if err := s.View(t.Context(), func(tx *Tx) error {
			for _, f := range fronts {
				filled, err := tx.Fill(f, nil)
				if err != nil {
					return err
				}
				out = append(out, filled)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	together := fill(fronts...)
	for i, f := range fronts {
		if diff := cmp.Diff(fill(f)[0], together[i]); diff != "" {
			t.Errorf("front %d: %s", i, diff)
		}
	}
}
