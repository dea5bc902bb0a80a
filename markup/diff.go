package markup

import (
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// ChangeKind says what became of a block between two documents.
type ChangeKind string

// The kinds of change.
const (
	Same    ChangeKind = "same"    // Change.Count blocks that are equal, folded to one
	Changed ChangeKind = "changed" // a block whose words, marks or attributes differ
	Added   ChangeKind = "added"   // a block of the new document
	Removed ChangeKind = "removed" // a block of the old document
)

// Change is one step of the way from an old document to a new one, in reading order.
type Change struct {
	Kind  ChangeKind
	Type  Type  // the block's type, the new one's where it changed too; empty for Same
	Was   Type  // the old one's where it was of another: a paragraph that was made a heading
	How   How   // what happened beside the words
	Count int   // blocks: over 1 only for Same, for Split (the new ones) and for Merged (the old ones)
	Runs  []Run // the words; none for Same
	// Detail is set on a changed block in which no word differs: its marks, links, picture or attributes do.
	Detail bool
	// Added and Removed count words.
	Added, Removed int
}

// How says what happened to a block beside its words.
type How string

// What can happen to a block.
const (
	Moved  How = "moved"  // it stands elsewhere: Removed where it stood, Added where it stands
	Split  How = "split"  // one old block was made several; a newline that came stands at each cut
	Merged How = "merged" // several old blocks were made one; a newline that went stands at each seam
)

// RunKind says whether words stand in both texts or in one of them.
type RunKind string

// The kinds of run.
const (
	RunEqual   RunKind = "equal"
	RunAdded   RunKind = "added"
	RunRemoved RunKind = "removed"
)

// Run is a stretch of words that stayed, came or went. A newline in it is a break between parts of a block.
type Run struct {
	Kind RunKind
	Text string
}

// Bounds of a comparison. Its cost grows with the product of the two sides; past these a whole block, or a whole
// stretch of blocks, counts as replaced.
const (
	maxBlocks = 3_000      // blocks of one side, equal ones at the ends not counted
	maxSteps  = 30_000_000 // products of words, summed over a document
	maxPairs  = 10_000     // products of blocks in one stretch that may be paired
	maxWeight = 16 << 20   // bytes of text times blocks of the other side, for the same
)

// Diff gives a readable difference between two documents: blocks that are equal folded, blocks that changed with
// their words compared, the others as added or removed. It is deterministic, and bounded for any input.
func Diff(before, after Node) []Change {
	d := differ{steps: maxSteps}
	d.old, d.new = blockTexts(Normalise(before)), blockTexts(Normalise(after))
	d.align()
	d.moves()
	return d.out
}

// DiffText compares two lines of plain text word by word, for headlines and standfirsts.
func DiffText(before, after string) []Run {
	d := differ{steps: maxSteps}
	return d.words(before, after)
}

// DiffWords counts the words that came and went over a whole difference.
func DiffWords(changes []Change) (added, removed int) {
	for _, c := range changes {
		added += c.Added
		removed += c.Removed
	}
	return added, removed
}

// blockText is a block as it is compared.
type blockText struct {
	key  string // equal for equal blocks
	kind Type
	text string
	bag  map[string]int // its words, counted when first asked for
}

func blockTexts(doc Node) []blockText {
	out := make([]blockText, len(doc.Content))
	for i, n := range doc.Content {
		var key strings.Builder
		writeKey(&key, n)
		out[i] = blockText{key: key.String(), kind: n.Type, text: strings.Join(Paragraphs(n), "\n")}
	}
	return out
}

// writeKey writes all that a node says. The separators are characters that no document holds.
func writeKey(b *strings.Builder, n Node) {
	b.WriteString("\x01" + string(n.Type))
	writeAttrs(b, n.Attrs)
	for _, m := range n.Marks {
		b.WriteString("\x02" + string(m.Type))
		writeAttrs(b, m.Attrs)
	}
	b.WriteString("\x03" + n.Text)
	for _, child := range n.Content {
		writeKey(b, child)
	}
	b.WriteString("\x04")
}

func writeAttrs(b *strings.Builder, a *Attrs) {
	if a == nil {
		return
	}
	for _, f := range attrFields {
		switch {
		case !f.set(a):
		case f.text != nil:
			b.WriteString("\x05" + f.name + "\x06" + *f.text(a))
		case f.number != nil:
			b.WriteString("\x05" + f.name + "\x06")
			for n := *f.number(a); n > 0; n /= 10 {
				b.WriteByte(byte('0' + n%10))
			}
		default:
			b.WriteString("\x05" + f.name)
		}
	}
}

// differ gathers the changes between two lists of blocks.
type differ struct {
	old, new []blockText
	out      []Change
	steps    int // what is left of maxSteps
}

// align walks over stretches of equal and different blocks.
func (d *differ) align() {
	a, b := keys(d.old), keys(d.new)
	i, j := 0, 0
	removed, added := 0, 0
	for _, step := range compare(a, b, maxBlocks*maxBlocks, nil) {
		switch step.kind {
		case RunRemoved:
			removed += step.count
		case RunAdded:
			added += step.count
		default:
			d.stretch(d.old[i:i+removed], d.new[j:j+added])
			i, j = i+removed+step.count, j+added+step.count
			removed, added = 0, 0
			d.out = append(d.out, Change{Kind: Same, Count: step.count})
		}
	}
	d.stretch(d.old[i:i+removed], d.new[j:j+added])
}

func keys(blocks []blockText) []string {
	out := make([]string, len(blocks))
	for i, b := range blocks {
		out[i] = b.key
	}
	return out
}

// stretch compares blocks between two equal ones: those that are alike are pairs, in order.
func (d *differ) stretch(old, new []blockText) {
	i, j := 0, 0
	for _, p := range regroup(old, new, pairs(old, new)) {
		d.whole(old[i:p.old], Removed)
		d.whole(new[j:p.new], Added)
		d.changed(old[p.old:p.oldEnd], new[p.new:p.newEnd])
		i, j = p.oldEnd, p.newEnd
	}
	d.whole(old[i:], Removed)
	d.whole(new[j:], Added)
}

func (d *differ) whole(blocks []blockText, kind ChangeKind) {
	for _, b := range blocks {
		c := Change{Kind: kind, Type: b.kind, Count: 1}
		run := Run{Kind: RunAdded, Text: b.text}
		if kind == Removed {
			run.Kind = RunRemoved
		}
		if b.text != "" {
			c.Runs = []Run{run}
		}
		c.count()
		d.out = append(d.out, c)
	}
}

// changed compares blocks that are versions of each other: one and one, one and several, or several and one.
func (d *differ) changed(old, new []blockText) {
	before, after := joined(old), joined(new)
	c := Change{Kind: Changed, Type: new[0].kind, Count: max(len(old), len(new)), Runs: d.words(before, after)}
	switch {
	case len(new) > 1:
		c.How = Split
	case len(old) > 1:
		c.How = Merged
	default:
		c.Detail = before == after
	}
	if old[0].kind != new[0].kind {
		c.Was = old[0].kind
	}
	c.count()
	d.out = append(d.out, c)
}

func joined(blocks []blockText) string {
	if len(blocks) == 1 {
		return blocks[0].text
	}
	texts := make([]string, len(blocks))
	for i, b := range blocks {
		texts[i] = b.text
	}
	return strings.Join(texts, "\n")
}

func (c *Change) count() {
	for _, r := range c.Runs {
		switch r.Kind {
		case RunAdded:
			c.Added += words(r.Text)
		case RunRemoved:
			c.Removed += words(r.Text)
		}
	}
}

// words compares two texts by their words, blanks and signs.
func (d *differ) words(before, after string) []Run {
	a, b := splitWords(before), splitWords(after)
	var out []Run
	i, j := 0, 0
	for _, step := range compare(a, b, d.steps, &d.steps) {
		switch step.kind {
		case RunAdded:
			out = append(out, Run{RunAdded, strings.Join(b[j:j+step.count], "")})
			j += step.count
		case RunRemoved:
			out = append(out, Run{RunRemoved, strings.Join(a[i:i+step.count], "")})
			i += step.count
		default:
			out = append(out, Run{RunEqual, strings.Join(b[j:j+step.count], "")})
			i, j = i+step.count, j+step.count
		}
	}
	return readable(out)
}

// readable folds blanks and signs between two changes into them, and puts what went before what came.
func readable(in []Run) []Run {
	var out []Run
	var gone, come strings.Builder
	flush := func() {
		if gone.Len() > 0 {
			out = append(out, Run{RunRemoved, gone.String()})
		}
		if come.Len() > 0 {
			out = append(out, Run{RunAdded, come.String()})
		}
		gone.Reset()
		come.Reset()
	}
	for i, r := range in {
		switch {
		case r.Kind == RunRemoved:
			gone.WriteString(r.Text)
		case r.Kind == RunAdded:
			come.WriteString(r.Text)
		case gone.Len() > 0 && come.Len() > 0 && i+1 < len(in) && words(r.Text) == 0:
			gone.WriteString(r.Text)
			come.WriteString(r.Text)
		default:
			flush()
			out = append(out, r)
		}
	}
	flush()
	return out
}

// step is a number of items that stayed, went or came.
type step struct {
	kind  RunKind
	count int
}

// compare gives the steps from a to b. Past the bound of products everything between the equal ends is replaced;
// what was spent is taken from left.
func compare(a, b []string, bound int, left *int) []step {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	a, b = a[head:len(a)-tail], b[head:len(b)-tail]
	var out []step
	add := func(kind RunKind, count int) {
		if count > 0 {
			out = append(out, step{kind, count})
		}
	}
	add(RunEqual, head)
	if cost := (len(a) + len(b)) * min(len(a), len(b)); cost > bound {
		add(RunRemoved, len(a))
		add(RunAdded, len(b))
	} else {
		if left != nil {
			*left -= cost
		}
		out = append(out, compareRunes(a, b)...)
	}
	add(RunEqual, tail)
	return out
}

// compareRunes lets the library compare by mapping each different item to a character of its own.
func compareRunes(a, b []string) (out []step) {
	ids := map[string]rune{}
	encode := func(items []string) []rune {
		runes := make([]rune, len(items))
		for i, item := range items {
			id, ok := ids[item]
			if !ok {
				id = nthRune(len(ids))
				ids[item] = id
			}
			runes[i] = id
		}
		return runes
	}
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0
	for _, diff := range dmp.DiffMainRunes(encode(a), encode(b), false) {
		kind := RunEqual
		switch diff.Type {
		case diffmatchpatch.DiffInsert:
			kind = RunAdded
		case diffmatchpatch.DiffDelete:
			kind = RunRemoved
		}
		out = append(out, step{kind, len([]rune(diff.Text))})
	}
	return out
}

// nthRune gives a character for a number, passing over those that are no text.
func nthRune(n int) rune {
	r := rune(n + 1)
	if r >= 0xd800 {
		r += 0x800
	}
	return r
}
