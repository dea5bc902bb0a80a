package markup

import (
	"bytes"
	"slices"
)

// Publishable gives what of a draft may go out: the text as it stands while no suggestion is taken, without a trace of notes
// and suggestions. It is the only way from a draft to a document that Validate takes, and gives a document without either
// back as it was, normalised.
func Publishable(draft Node) Node {
	return edit(draft, func(n Node) (Node, bool) {
		if suggestedBy(n, MarkInsertion) != "" {
			return n, false
		}
		n.Marks = slices.DeleteFunc(slices.Clone(n.Marks), func(m Mark) bool { return markSchema[m.Type].private })
		return n, true
	})
}

// Remarked reports whether a document, encoded in its one form (see DraftJSON), holds what only drafts may hold.
func Remarked(encoded []byte) bool {
	for _, t := range []MarkType{MarkInsertion, MarkDeletion, MarkNote} {
		if bytes.Contains(encoded, []byte(`"type":"`+t+`"`)) { // in text the quotation marks are escaped
			return true
		}
	}
	return false
}

// Take gives a draft in which a suggestion was taken: its insertions stand as text, and what it strikes out is gone.
func Take(draft Node, suggestion string) Node {
	return decide(draft, suggestion, MarkInsertion, MarkDeletion)
}

// Leave gives a draft in which a suggestion was left: its insertions are gone, and what it strikes out stands as text.
func Leave(draft Node, suggestion string) Node {
	return decide(draft, suggestion, MarkDeletion, MarkInsertion)
}

// decide drops the runs that carry the suggestion by one mark and frees those that carry it by the other.
func decide(draft Node, suggestion string, frees, drops MarkType) Node {
	return edit(draft, func(n Node) (Node, bool) {
		if suggestedBy(n, drops) == suggestion {
			return n, false
		}
		if suggestedBy(n, frees) == suggestion {
			n.Marks = unmarked(n.Marks, frees)
		}
		return n, true
	})
}

// Without gives a draft without the suggestions and notes whose ids are chosen, as if they had never been made.
func Without(draft Node, chosen func(id string) bool) Node {
	return edit(draft, func(n Node) (Node, bool) {
		if id := suggestedBy(n, MarkInsertion); id != "" && chosen(id) {
			return n, false
		}
		if id := suggestedBy(n, MarkDeletion); id != "" && chosen(id) {
			n.Marks = unmarked(n.Marks, MarkDeletion)
		}
		if id := noteOn(n); id != "" && chosen(id) {
			n.Marks = unmarked(n.Marks, MarkNote)
		}
		return n, true
	})
}

// Suggestions gives the ids of the suggestions in a draft, each once, in the order of their first place.
func Suggestions(draft Node) []string {
	return marked(draft, func(n Node) []string { return []string{suggestedBy(n, MarkInsertion), suggestedBy(n, MarkDeletion)} })
}

// Notes gives the ids of the notes that words of a draft carry, each once, in the order of their first place.
func Notes(draft Node) []string {
	return marked(draft, func(n Node) []string { return []string{noteOn(n)} })
}

func marked(draft Node, pick func(Node) []string) (ids []string) {
	seen := map[string]bool{"": true}
	Walk(draft, func(n Node) bool {
		if len(n.Marks) == 0 {
			return true
		}
		for _, id := range pick(n) {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
		return true
	})
	return ids
}

// edit copies a draft, each inline node as keep gives it or not at all, and normalises what comes out.
func edit(draft Node, keep func(Node) (Node, bool)) Node {
	return Normalise(edited(draft, keep))
}

func edited(n Node, keep func(Node) (Node, bool)) Node {
	var content []Node
	for _, child := range n.Content {
		if !schema[child.Type].marks {
			content = append(content, edited(child, keep))
		} else if kept, ok := keep(child); ok {
			content = append(content, kept)
		}
	}
	n.Content = content
	return n
}

func unmarked(marks []Mark, t MarkType) []Mark {
	return slices.DeleteFunc(slices.Clone(marks), func(m Mark) bool { return m.Type == t })
}

func suggestedBy(n Node, t MarkType) string {
	for _, m := range n.Marks {
		if m.Type == t && m.Attrs != nil {
			return m.Attrs.Suggestion
		}
	}
	return ""
}

func noteOn(n Node) string {
	for _, m := range n.Marks {
		if m.Type == MarkNote && m.Attrs != nil {
			return m.Attrs.Note
		}
	}
	return ""
}
