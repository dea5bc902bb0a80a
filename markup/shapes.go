package markup

import "slices"

// What happens to blocks beside their words: they are split, merged and moved.

// group is a stretch of old blocks that are a stretch of new ones; one side has one block.
type group struct{ old, oldEnd, new, newEnd int }

// whollyWithin is the share of a block's words, in hundredths, that the other side must hold for the block to count as a part of it.
const whollyWithin = 80

// regroup looks at the blocks around each pair: where those of one side are parts of the other side's block, it was split or merged.
func regroup(old, new []blockText, pairs [][2]int) []group {
	out := make([]group, 0, len(pairs))
	i, j := 0, 0 // where what is not taken begins
	for n, p := range pairs {
		end := [2]int{len(old), len(new)}
		if n+1 < len(pairs) {
			end = pairs[n+1]
		}
		g := group{p[0], p[0] + 1, p[1], p[1] + 1}
		if g.new, g.newEnd = parts(&old[p[0]], new, g.new, j, end[1]); g.newEnd-g.new == 1 {
			g.old, g.oldEnd = parts(&new[p[1]], old, g.old, i, end[0])
		}
		i, j = g.oldEnd, g.newEnd
		out = append(out, g)
	}
	return out
}

// parts widens one block of a list, between two bounds, to all neighbours that with it are parts of the whole.
func parts(whole *blockText, list []blockText, at, low, high int) (from, to int) {
	from, to = at, at+1
	if !divisible(whole.kind) || list[at].kind != whole.kind || high-low < 2 {
		return from, to
	}
	left := remaining(whole.words(), list[at].words())
	for to < high && list[to].kind == whole.kind && take(left, list[to].words()) {
		to++
	}
	for from > low && list[from-1].kind == whole.kind && take(left, list[from-1].words()) {
		from--
	}
	return from, to
}

// divisible says which blocks are told as split and merged. Others have parts of their own.
func divisible(t Type) bool { return t == TypeParagraph || t == TypeHeading }

func remaining(whole, part map[string]int) map[string]int {
	left := make(map[string]int, len(whole))
	for word, n := range whole {
		left[word] = n - min(n, part[word])
	}
	return left
}

// take takes the words of a part out of those that are left, where nearly all of them are there.
func take(left, part map[string]int) bool {
	total, common := 0, 0
	for word, n := range part {
		total += n
		common += min(n, left[word])
	}
	if total == 0 || 100*common < whollyWithin*total {
		return false
	}
	for word, n := range part {
		left[word] -= min(n, left[word])
	}
	return true
}

// words counts the words of a block, once.
func (b *blockText) words() map[string]int {
	if b.bag == nil {
		b.bag = bag(b.text)
	}
	return b.bag
}

// moves finds blocks that went in one place and came in another, word for word: they were moved. A block of few words that stands in
// several places is none.
func (d *differ) moves() {
	type where struct {
		went, came []int
	}
	places := map[string]*where{}
	i, j := 0, 0
	var order []string
	note := func(key string) *where {
		if places[key] == nil {
			places[key] = &where{}
			order = append(order, key)
		}
		return places[key]
	}
	for n, c := range d.out {
		switch {
		case c.Kind == Removed:
			w := note(d.old[i].key)
			w.went = append(w.went, n)
			i++
		case c.Kind == Added:
			w := note(d.new[j].key)
			w.came = append(w.came, n)
			j++
		case c.Kind == Same:
			i, j = i+c.Count, j+c.Count
		default:
			i, j = i+c.Olds(), j+c.News()
		}
	}
	for _, key := range order {
		w := places[key]
		if len(w.went) != 1 || len(w.came) != 1 {
			continue
		}
		for _, n := range slices.Concat(w.went, w.came) {
			c := &d.out[n]
			c.How, c.Added, c.Removed = Moved, 0, 0
			for k := range c.Runs {
				c.Runs[k].Kind = RunEqual
			}
		}
	}
}

// Olds is how many blocks of the older document a change is about.
func (c *Change) Olds() int {
	switch {
	case c.Kind == Added:
		return 0
	case c.How == Split:
		return 1
	}
	return max(c.Count, 1)
}

// News is how many blocks of the newer document a change is about; a place in it is found by counting them.
func (c *Change) News() int {
	switch {
	case c.Kind == Removed:
		return 0
	case c.How == Merged:
		return 1
	}
	return max(c.Count, 1)
}
