package markup

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func inserted(id string) Mark { return Mark{Type: MarkInsertion, Attrs: &Attrs{Suggestion: id}} }
func deleted(id string) Mark  { return Mark{Type: MarkDeletion, Attrs: &Attrs{Suggestion: id}} }
func noted(id string) Mark    { return Mark{Type: MarkNote, Attrs: &Attrs{Note: id}} }

// draft is a text in which s1 replaces a word, s2 adds a paragraph, s3 wants a word of s1's gone, and n1 is a note.
func draft() Node {
	return doc(
		block(TypeParagraph, txt("The line runs "), txt("11", deleted("s1"), noted("n1")), txt("14 ", inserted("s1")),
			txt("long ", inserted("s1"), deleted("s3")), txt("miles", strong, noted("n1")), txt(" out.")),
		block(TypeParagraph, txt("A new paragraph.", inserted("s2"))),
		block(TypeBulletList, block(TypeListItem, block(TypeParagraph, txt("Point", deleted("s2"))))),
	)
}

func TestPublishable(t *testing.T) {
	want := doc(block(TypeParagraph, txt("The line runs 11"), txt("miles", strong), txt(" out.")),
		block(TypeBulletList, block(TypeListItem, block(TypeParagraph, txt("Point")))))
	if diff := cmp.Diff(want, Publishable(draft())); diff != "" {
		t.Error(diff)
	}
	if n := Words(Publishable(draft())); n != 6 {
		t.Errorf("%d words", n)
	}
}

func TestTakeAndLeave(t *testing.T) {
	tests := []struct {
		name string
		do   func(Node) Node
		want string
	}{
		{"take a replacement", func(n Node) Node { return Take(n, "s1") }, "The line runs 14 long miles out. | Point"},
		{"leave a replacement", func(n Node) Node { return Leave(n, "s1") }, "The line runs 11miles out. | Point"},
		{"take a paragraph", func(n Node) Node { return Take(n, "s2") }, "The line runs 11miles out. | A new paragraph."},
		{"leave a paragraph", func(n Node) Node { return Leave(n, "s2") }, "The line runs 11miles out. | Point"},
		{"take two", func(n Node) Node { return Take(Take(n, "s3"), "s1") }, "The line runs 14 miles out. | Point"},
		{"the other way round", func(n Node) Node { return Take(Take(n, "s1"), "s3") }, "The line runs 14 miles out. | Point"},
		{"take what is not there", func(n Node) Node { return Take(n, "s9") }, "The line runs 11miles out. | Point"},
	}
	for _, tt := range tests {
		got := tt.do(draft())
		if words := strings.Join(Paragraphs(Publishable(got)), " | "); words != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, words, tt.want)
		}
		if err := ValidateDraft(got); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if got := Suggestions(Leave(draft(), "s1")); !slices.Equal(got, []string{"s2"}) {
		t.Errorf("what stands on a left suggestion goes with it: %q", got)
	}
}

func TestWithout(t *testing.T) {
	got := Without(draft(), func(id string) bool { return id == "s1" || id == "n1" })
	if s, n := Suggestions(got), Notes(got); !slices.Equal(s, []string{"s2"}) || len(n) != 0 {
		t.Errorf("suggestions %q, notes %q", s, n)
	}
	if got := Suggestions(draft()); !slices.Equal(got, []string{"s1", "s3", "s2"}) {
		t.Errorf("in order: %q", got)
	}
	if diff := cmp.Diff(Publishable(draft()), Without(draft(), func(string) bool { return true })); diff != "" {
		t.Error(diff)
	}
}

// TestOnlyADraftHoldsNotes: what readers' side reads and writes knows neither notes nor suggestions.
func TestOnlyADraftHoldsNotes(t *testing.T) {
	b, err := draft().DraftJSON()
	if err != nil {
		t.Fatal(err)
	}
	if back, err := ParseDraft(b); err != nil || !reflect.DeepEqual(back, Normalise(draft())) {
		t.Errorf("%v\n%s", err, cmp.Diff(back, Normalise(draft())))
	}
	const want = `content[0].content[1].marks[0].type: "deletion" is the newsroom's own: only a draft holds it`
	if _, err := draft().JSON(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("encoded: %v", err)
	}
	if _, err := ParseJSON(b); err == nil || err.Error() != want {
		t.Errorf("read: %v", err)
	}
	for _, bad := range []Mark{{Type: MarkNote}, {Type: MarkInsertion, Attrs: &Attrs{Suggestion: "a b"}}, {Type: MarkNote, Attrs: &Attrs{Note: "n", Suggestion: "s"}}} {
		if err := ValidateDraft(doc(block(TypeParagraph, txt("a", bad)))); err == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}

// scribble puts notes and untaken suggestions all over a document.
func scribble(r *rand.Rand, n Node, depth int) Node {
	if n.Type == TypeGallery || depth == MaxDepth { // its pictures have no captions
		return n
	}
	inline := schema[n.Type].allows(TypeText) && !schema[n.Type].plain
	var content []Node
	add := func(n Node, marks ...Mark) {
		if n.Type == TypeText && n.Text == "" {
			return
		}
		n.Marks = append(slices.Clone(n.Marks), marks...)
		content = append(content, n)
	}
	for _, child := range n.Content {
		if inline && r.IntN(3) == 0 {
			add(txt(" suggested "), inserted("s1"))
		}
		switch {
		case !inline:
			child = scribble(r, child, depth+1)
			content = append(content, child)
		case child.Type == TypeText:
			at := 0
			for at < len(child.Text) && r.IntN(2) == 0 {
				_, size := utf8.DecodeRuneInString(child.Text[at:])
				at += size
			}
			head, tail := child, child
			head.Text, tail.Text = child.Text[:at], child.Text[at:]
			add(head, deleted("s2"))
			if r.IntN(2) == 0 {
				add(txt("x"), inserted("s2"), noted("n2"), strong)
			}
			add(tail, noted("n1"))
		default:
			add(child, deleted("s3"))
		}
	}
	if inline && r.IntN(3) == 0 {
		add(txt("at the end"), inserted("s4"))
	}
	if n.Type == TypeDoc && r.IntN(2) == 0 {
		content = append(content, block(TypeParagraph, txt("a paragraph", inserted("s5"))))
	}
	n.Content = content
	return n
}

// TestASuggestionChangesNothingUntilItIsTaken: whatever is suggested, what goes out is the text before it.
func TestASuggestionChangesNothingUntilItIsTaken(t *testing.T) {
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 4))
		before := randomDoc(r)
		with := scribble(r, before, 1)
		if err := ValidateDraft(with); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, kept := range []Node{with, Normalise(with)} {
			if diff := cmp.Diff(Normalise(before), Publishable(kept)); diff != "" {
				t.Fatalf("seed %d: %s", seed, diff)
			}
		}
	}
}

// FuzzPublishable: whatever a draft holds, what goes out of it holds no mark of the newsroom's and none of its ids, and going out
// again changes nothing.
func FuzzPublishable(f *testing.F) {
	for _, n := range []Node{draft(), everyBlock(), scribble(rand.New(rand.NewPCG(1, 5)), everyBlock(), 1)} {
		b, err := n.DraftJSON()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		n, err := ParseDraft(src)
		if err != nil {
			return
		}
		out := Publishable(n)
		b, err := out.JSON()
		if err != nil {
			t.Fatalf("it is not what readers may have: %v", err)
		}
		var whole map[string]any
		if err := json.Unmarshal(b, &whole); err != nil {
			t.Fatal(err)
		}
		if d, err := n.DraftJSON(); err != nil || Remarked(b) || Remarked(d) != (Validate(n) != nil) {
			t.Fatalf("%v: Remarked is wrong about %s or %s", err, d, b)
		}
		if len(Suggestions(out)) > 0 || len(Notes(out)) > 0 {
			t.Fatalf("notes or suggestions are left: %s", b)
		}
		if !reflect.DeepEqual(out, Publishable(out)) {
			t.Fatalf("going out twice changes it: %s", b)
		}
		for _, id := range Suggestions(n) {
			for _, decided := range []Node{Take(n, id), Leave(n, id)} {
				if err := ValidateDraft(decided); err != nil {
					t.Fatal(err)
				}
				if slices.Contains(Suggestions(decided), id) {
					t.Fatalf("%q is still there", id)
				}
			}
			if !reflect.DeepEqual(Publishable(Leave(n, id)), out) {
				t.Fatalf("leaving %q changed what goes out", id)
			}
		}
	})
}
