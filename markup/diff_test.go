package markup

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// brief writes changes in one line each: removed words in [-…-], added ones in {+…+}.
func brief(changes []Change) (out []string) {
	for _, c := range changes {
		if c.Kind == Same {
			out = append(out, fmt.Sprintf("same %d", c.Count))
			continue
		}
		line := string(c.Kind) + " " + string(c.Type) + ": " + runsLine(c.Runs)
		if c.Detail {
			line += " (detail)"
		}
		if c.Was != "" {
			line += " (was " + string(c.Was) + ")"
		}
		if c.How != "" {
			line += " (" + string(c.How) + ")"
		}
		out = append(out, line)
	}
	return out
}

func runsLine(runs []Run) string {
	var b strings.Builder
	for _, r := range runs {
		switch r.Kind {
		case RunAdded:
			b.WriteString("{+" + r.Text + "+}")
		case RunRemoved:
			b.WriteString("[-" + r.Text + "-]")
		default:
			b.WriteString(r.Text)
		}
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	tests := []struct {
		name     string
		old, new Node
		want     []string
	}{
		{"nothing", doc(), doc(), nil},
		{"equal", doc(p("a"), p("b")), doc(p("a"), p("b")), []string{"same 2"}},
		{"equal but for the spelling of marks", doc(block(TypeParagraph, txt("a", em, strong))), doc(block(TypeParagraph, txt("a", strong, em))), []string{"same 1"}},
		{"a word", doc(p("one"), p("Talks may resume on Monday."), p("end")), doc(p("one"), p("Talks may resume on Tuesday."), p("end")),
			[]string{"same 1", "changed paragraph: Talks may resume on [-Monday-]{+Tuesday+}.", "same 1"}},
		{"words in a row are one change", doc(p("He said that two red boats sank near the mole")), doc(p("He said that five old ships sank near the mole")),
			[]string{"changed paragraph: He said that [-two red boats-]{+five old ships+} sank near the mole"}},
		{"added", doc(p("a"), p("b")), doc(p("a"), p("new"), p("b")), []string{"same 1", "added paragraph: {+new+}", "same 1"}},
		{"removed", doc(p("a"), p("old"), p("b")), doc(p("a"), p("b")), []string{"same 1", "removed paragraph: [-old-]", "same 1"}},
		{"rewritten", doc(p("one two three")), doc(p("four five six")), []string{"removed paragraph: [-one two three-]", "added paragraph: {+four five six+}"}},
		{"changed beside added", doc(p("the harbour reopens on Monday")), doc(p("something else altogether"), p("the harbour reopens on Friday")),
			[]string{"added paragraph: {+something else altogether+}", "changed paragraph: the harbour reopens on [-Monday-]{+Friday+}"}},
		{"a link", doc(block(TypeParagraph, txt("a b", linkTo("/x")))), doc(block(TypeParagraph, txt("a b", linkTo("/y")))), []string{"changed paragraph: a b (detail)"}},
		{"another picture", doc(with(Attrs{Picture: "a"}, TypeFigure)), doc(with(Attrs{Picture: "b"}, TypeFigure)), []string{"changed figure:  (detail)"}},
		{"paragraph becomes heading", doc(p("Same words here")), doc(with(Attrs{Level: 2}, TypeHeading, txt("Same words here"))), []string{"changed heading: Same words here (detail) (was paragraph)"}},
		{"paragraph becomes quotation and says more", doc(p("He said that it was so.")), doc(block(TypeQuote, p("He said that it was not so."))),
			[]string{"changed quote: He said that it was {+not +}so. (was paragraph)"}},
		{"paragraphs become a list", doc(p("one two three")), doc(block(TypeBulletList, item(p("one two")), item(p("three")))),
			[]string{"changed bullet_list: one two[- -]{+\n+}three (was paragraph)"}},
		{"moved", doc(p("a"), p("the one that moves"), p("b"), p("c")), doc(p("a"), p("b"), p("c"), p("the one that moves")),
			[]string{"same 1", "removed paragraph: the one that moves (moved)", "same 2", "added paragraph: the one that moves (moved)"}},
		{"a picture moved", doc(with(Attrs{Picture: "a"}, TypeFigure), p("a"), p("b")), doc(p("a"), p("b"), with(Attrs{Picture: "a"}, TypeFigure)),
			[]string{"removed figure:  (moved)", "same 2", "added figure:  (moved)"}},
		{"what stands there twice is not moved", doc(p("x"), p("a"), p("x"), p("b"), p("c"), p("d")), doc(p("a"), p("b"), p("x"), p("c"), p("x"), p("d")),
			[]string{"removed paragraph: [-x-]", "same 1", "removed paragraph: [-x-]", "same 1", "added paragraph: {+x+}", "same 1", "added paragraph: {+x+}", "same 1"}},
		{"split", doc(p("a"), p("The boat sails at nine. The pier is closed until noon."), p("b")), doc(p("a"), p("The boat sails at nine."), p("The pier is closed until noon."), p("b")),
			[]string{"same 1", "changed paragraph: The boat sails at nine.[- -]{+\n+}The pier is closed until noon. (split)", "same 1"}},
		{"split in three and changed", doc(p("The boat sails at nine. The pier is closed until noon. Nobody knows why it is so.")),
			doc(p("The boat sails at ten."), p("The pier is closed until noon."), p("Nobody knows why it is so.")),
			[]string{"changed paragraph: The boat sails at [-nine. -]{+ten.\n+}The pier is closed until noon.[- -]{+\n+}Nobody knows why it is so. (split)"}},
		{"merged", doc(p("The boat sails at nine."), p("The pier is closed until noon."), p("b")), doc(p("The boat sails at nine. The pier is closed until noon."), p("b")),
			[]string{"changed paragraph: The boat sails at nine.[-\n-]{+ +}The pier is closed until noon. (merged)", "same 1"}},
		{"said twice is not split", doc(p("The boat sails at nine.")), doc(p("The boat sails at nine."), p("The boat sails at nine.")),
			[]string{"same 1", "added paragraph: {+The boat sails at nine.+}"}},
		{"beside a new paragraph is not split", doc(p("The boat sails at nine from the old pier.")), doc(p("The boat sails at ten from the old pier."), p("Nobody knows why it is so.")),
			[]string{"changed paragraph: The boat sails at [-nine-]{+ten+} from the old pier.", "added paragraph: {+Nobody knows why it is so.+}"}},
		{"a table and a picture", doc(p("a")), doc(p("a"), block(TypeTable, block(TypeTableRow, block(TypeTableCell, txt("x")))), with(Attrs{Picture: "a"}, TypeFigure)), []string{"same 1", "added table: {+x+}", "added figure: "}},
		{"list", doc(block(TypeBulletList, item(p("one")), item(p("two")))), doc(block(TypeBulletList, item(p("one")), item(p("two")), item(p("three")))),
			[]string{"changed bullet_list: one\ntwo{+\nthree+}"}},
		{"hindi", doc(p("दिल्ली में वार्ता शुरू")), doc(p("दिल्ली में वार्ता समाप्त")), []string{"changed paragraph: दिल्ली में वार्ता [-शुरू-]{+समाप्त+}"}},
		{"chinese", doc(p("新华社北京电")), doc(p("新华社上海电")), []string{"changed paragraph: 新华社[-北京-]{+上海+}电"}},
		{"all new", doc(), doc(p("a")), []string{"added paragraph: {+a+}"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, brief(Diff(tt.old, tt.new))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDiffText(t *testing.T) {
	tests := []struct{ old, new, want string }{
		{"", "", ""},
		{"Talks suspended", "Talks suspended", "Talks suspended"},
		{"Talks may resume", "Talks resume", "Talks [-may -]resume"},
		{"3,000 flee", "3,500 flee", "[-3,000-]{+3,500+} flee"},
		{"don't", "don’t", "[-don't-]{+don’t+}"},
		{"", "New", "{+New+}"},
	}
	for _, tt := range tests {
		if got := runsLine(DiffText(tt.old, tt.new)); got != tt.want {
			t.Errorf("%q to %q: %q, want %q", tt.old, tt.new, got, tt.want)
		}
	}
}

func TestDiffWords(t *testing.T) {
	added, removed := DiffWords(Diff(doc(p("a b c d"), p("gone for good")), doc(p("a b c e"), p("x"))))
	if added != 2 || removed != 4 {
		t.Errorf("%d added and %d removed, want 2 and 4", added, removed)
	}
}

// TestDiffGivesBothSides puts old and new text together again from what a difference says.
func TestDiffGivesBothSides(t *testing.T) {
	shapes := map[How]int{}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		old, new := randomDoc(r), randomDoc(r)
		if seed%4 == 1 {
			old = prose(r)
			new = cut(r, old)
		}
		if seed%8 == 5 {
			old, new = new, old
		}
		if seed%2 == 0 {
			new.Content = append(append([]Node{}, old.Content...), new.Content...)
			r.Shuffle(len(new.Content), reflect.Swapper(new.Content))
		}
		changes := Diff(old, new)
		if !reflect.DeepEqual(changes, Diff(old, new)) {
			t.Fatal("not deterministic")
		}
		before, after := blockTexts(Normalise(old)), blockTexts(Normalise(new))
		i, j := 0, 0
		for _, c := range changes {
			switch c.Kind {
			case Same:
				for range c.Count {
					if before[i].key != after[j].key {
						t.Fatalf("seed %d: block %d and %d are not the same", seed, i, j)
					}
					i, j = i+1, j+1
				}
			case Removed:
				sideIs(t, c, RunAdded, before[i].text)
				i++
			case Added:
				sideIs(t, c, RunRemoved, after[j].text)
				j++
			default:
				sideIs(t, c, RunAdded, joined(before[i:i+c.Olds()]))
				sideIs(t, c, RunRemoved, joined(after[j:j+c.News()]))
				i, j = i+c.Olds(), j+c.News()
			}
			shapes[c.How]++
		}
		if i != len(before) || j != len(after) {
			t.Fatalf("seed %d: %d of %d and %d of %d blocks", seed, i, len(before), j, len(after))
		}
	}
	for _, how := range []How{Moved, Split, Merged} {
		if shapes[how] == 0 {
			t.Errorf("nothing was %s: %v", how, shapes)
		}
	}
}

// prose is some paragraphs of words.
func prose(r *rand.Rand) Node {
	d := doc()
	for range 1 + r.IntN(4) {
		var words []string
		for range 6 + r.IntN(20) {
			words = append(words, fmt.Sprintf("w%d", r.IntN(300)))
		}
		d.Content = append(d.Content, p(strings.Join(words, " ")))
	}
	return d
}

// cut parts the paragraphs of a document in two.
func cut(r *rand.Rand, d Node) Node {
	out := doc()
	for _, n := range d.Content {
		words := strings.Fields(n.Content[0].Text)
		at := len(words)/2 + r.IntN(2)
		out.Content = append(out.Content, p(strings.Join(words[:at], " ")), p(strings.Join(words[at:], " ")))
	}
	return out
}

// sideIs checks that a change's runs without those of one kind are the text.
func sideIs(t *testing.T, c Change, without RunKind, want string) {
	t.Helper()
	var b strings.Builder
	for _, r := range c.Runs {
		if r.Kind != without {
			b.WriteString(r.Text)
		}
	}
	if b.String() != want {
		t.Fatalf("%v without %s is %q, want %q", c.Runs, without, b.String(), want)
	}
}

func TestDiffIsBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	text := func(n int) string {
		var b strings.Builder
		for range n {
			fmt.Fprintf(&b, "w%d ", r.IntN(5000))
		}
		return b.String()
	}
	many := func(n int) Node {
		d := doc()
		for range n {
			d.Content = append(d.Content, p(text(3)))
		}
		return d
	}
	tests := map[string][2]Node{
		"one long block":   {doc(p(text(100_000))), doc(p(text(100_000)))},
		"many long blocks": {doc(p(text(2000)), p(text(2000)), p(text(2000))), doc(p(text(2000)), p(text(2000)), p(text(2000)))},
		"many blocks":      {many(6000), many(6000)},
		"some blocks":      {many(150), many(150)},
	}
	for name, pair := range tests {
		t.Run(name, func(t *testing.T) {
			added, removed := DiffWords(Diff(pair[0], pair[1]))
			if added == 0 || removed == 0 {
				t.Errorf("%d added, %d removed", added, removed)
			}
		})
	}
}

func TestNthRuneIsAlwaysText(t *testing.T) {
	for n := range 400_000 {
		if r := nthRune(n); len([]rune(string(r))) != 1 || []rune(string(r))[0] != r {
			t.Fatalf("number %d gives %U", n, r)
		}
	}
}
