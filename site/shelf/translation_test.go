package shelf

import (
	"slices"
	"testing"

	"github.com/datelinehq/dateline"
)

// TestTranslationsLeadBothWays: only the later of two articles can name the other when it is published; readers of the
// earlier one are led to it all the same, for as long as they can open it.
func TestTranslationsLeadBothWays(t *testing.T) {
	n := newNewsroom(t, 61)
	a := n.publish(dateline.KindArticle, false)
	b := n.publish(dateline.KindArticle, false)
	s := open(t, n)
	apply(t, s, n.entries...)
	reads := func(what string, want ...dateline.ID) {
		t.Helper()
		view(t, s, func(tx *Tx) {
			if got := must(tx.Article(a.id)).Translations; !slices.Equal(got, want) {
				t.Errorf("%s: the first article is translated by %v, want %v", what, got, want)
			}
		})
	}
	act := func(do func()) Changes {
		t.Helper()
		from := len(n.entries)
		do()
		return apply(t, s, n.entries[from:]...)
	}
	edit := func(translations ...dateline.ID) Changes {
		return act(func() {
			e := *b.editions[len(b.editions)-1]
			e.Number++
			e.Change, e.Note, e.Translations = dateline.ChangeMinor, "", translations
			b.editions, b.seqs = append(b.editions, &e), append(b.seqs, n.add(b.id, &e))
		})
	}
	edit()
	reads("before")
	if ch := edit(a.id); !slices.Contains(ch.Keys, KeyArticle(a.id)) {
		t.Errorf("the first article's page is not made again: %v", ch.Keys)
	}
	reads("named", b.id)
	act(func() { n.withdraw(b, "") })
	reads("withdrawn")
	act(func() { n.restore(b) })
	reads("restored", b.id)
	if ch := edit(); !slices.Contains(ch.Keys, KeyArticle(a.id)) {
		t.Errorf("the first article's page is not made again: %v", ch.Keys)
	}
	reads("named no more")
}
