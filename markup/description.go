package markup

import (
	"cmp"
	"slices"
)

// Description is the schema in a form that other programs read: the editor builds its own from it, so that the two cannot
// differ.
type Description struct {
	Nodes  []NodeDescription  `json:"nodes"`
	Marks  []MarkDescription  `json:"marks"` // the outermost first
	Embeds []EmbedDescription `json:"embeds"`
	Limits LimitDescription   `json:"limits"`
}

// NodeDescription is one type of node.
type NodeDescription struct {
	Type    Type              `json:"type"`
	Content []Type            `json:"content,omitempty"` // what may stand in it
	Attrs   []AttrDescription `json:"attrs,omitempty"`
	Inline  bool              `json:"inline,omitempty"`  // it may carry marks and stands in a line
	Plain   bool              `json:"plain,omitempty"`   // its text carries no marks
	Bare    bool              `json:"bare,omitempty"`    // its children have no content of their own
	Dropped bool              `json:"dropped,omitempty"` // without content it is not kept
}

// MarkDescription is one mark.
type MarkDescription struct {
	Type    MarkType          `json:"type"`
	Attrs   []AttrDescription `json:"attrs,omitempty"`
	Private bool              `json:"private,omitempty"` // only drafts carry it
}

// AttrDescription is one attribute: its kind is text, number or flag.
type AttrDescription struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Needed bool   `json:"needed,omitempty"`
}

// EmbedDescription is who may be embedded: the provider's name, its hosts, and how a path must begin.
type EmbedDescription struct {
	Name  string   `json:"name"`
	Hosts []string `json:"hosts"`
	Path  string   `json:"path,omitempty"`
}

// LimitDescription is what bounds a document.
type LimitDescription struct {
	Depth   int `json:"depth"`
	Nodes   int `json:"nodes"`
	Text    int `json:"text"`
	Colspan int `json:"colspan"`
	Rowspan int `json:"rowspan"`
	Start   int `json:"start"`
}

// Describe gives the schema's description, in an order that never changes by itself: the doc first, then by name.
func Describe() Description {
	d := Description{Limits: LimitDescription{MaxDepth, MaxNodes, MaxText, maxColspan, maxRowspan, maxStart}}
	for name, r := range schema {
		d.Nodes = append(d.Nodes, NodeDescription{Type: name, Content: r.content, Attrs: describeAttrs(r.attrs, r.needs), Inline: r.marks,
			Plain: r.plain, Bare: r.bare, Dropped: r.block})
	}
	slices.SortFunc(d.Nodes, func(a, b NodeDescription) int {
		return cmp.Or(cmp.Compare(rank(a.Type), rank(b.Type)), cmp.Compare(a.Type, b.Type))
	})
	for name, r := range markSchema {
		d.Marks = append(d.Marks, MarkDescription{Type: name, Attrs: describeAttrs(r.needs, r.needs), Private: r.private})
	}
	slices.SortFunc(d.Marks, func(a, b MarkDescription) int { return cmp.Compare(markSchema[a.Type].place, markSchema[b.Type].place) })
	for _, p := range embedProviders {
		d.Embeds = append(d.Embeds, EmbedDescription{p.Name, slices.Clone(p.Hosts), p.Path})
	}
	return d
}

// rank puts the root before all others and the paragraph, which stands wherever nothing else is said, next.
func rank(t Type) int {
	switch t {
	case TypeDoc:
		return 0
	case TypeParagraph:
		return 1
	}
	return 2
}

func describeAttrs(allowed, needed attr) (list []AttrDescription) {
	for _, f := range attrFields {
		if allowed&f.bit == 0 {
			continue
		}
		kind := "text"
		switch {
		case f.number != nil:
			kind = "number"
		case f.flag != nil:
			kind = "flag"
		}
		list = append(list, AttrDescription{f.name, kind, needed&f.bit != 0})
	}
	return list
}
