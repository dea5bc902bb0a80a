package shelf

import (
	"fmt"
	"testing"

	"github.com/datelinehq/dateline"
)

// BenchmarkFronts fills 100 fronts: a lead of the latest, and six containers of sections', topics' and pinned articles each.
func BenchmarkFronts(b *testing.B) {
	for _, size := range sizes() {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			n := archive(b, size)
			s := built(b, n)
			fronts := make([][]dateline.Container, 100)
			for i := range fronts {
				fronts[i] = append(fronts[i], dateline.Container{Layout: dateline.LayoutLead, Rule: &dateline.Rule{Kind: dateline.RuleLatest}, Items: make([]dateline.FrontItem, 5)})
				for k := range 6 {
					rule := &dateline.Rule{Kind: dateline.RuleSection, Of: pick(n, n.sections)}
					if k%2 == 1 {
						rule = &dateline.Rule{Kind: dateline.RuleTopic, Of: pick(n, n.topics)}
					}
					fronts[i] = append(fronts[i], dateline.Container{Layout: dateline.LayoutThree, Rule: rule, Items: []dateline.FrontItem{{Article: pick(n, n.articles).id}, {}, {}}})
				}
			}
			for b.Loop() {
				if err := s.View(b.Context(), func(tx *Tx) error {
					for _, f := range fronts {
						if _, err := tx.Fill(f, nil); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
