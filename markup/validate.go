package markup

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// InvalidError says which place of a document breaks the schema, and how.
type InvalidError struct {
	Path    string // such as content[3].attrs.level; empty for the root itself
	Problem string // a sentence without a full stop
}

// Error gives path and problem in one line.
func (e *InvalidError) Error() string {
	if e.Path == "" {
		return "document: " + e.Problem
	}
	return e.Path + ": " + e.Problem
}

func invalid(at trail, format string, args ...any) error {
	return &InvalidError{Path: at.String(), Problem: fmt.Sprintf(format, args...)}
}

// trail is the way to a place in a document. It becomes words only where something is wrong there: a walk over a document
// that is in order writes none. A walk goes down and back again, so that one trail after the other may use the same memory.
type trail []leg

// leg is a name or, where that is empty, a number in a list.
type leg struct {
	name string
	nth  int
}

func (t trail) to(name string) trail { return append(t, leg{name: name}) }

func (t trail) nth(i int) trail { return append(t, leg{nth: i}) }

// String gives the way in the form of InvalidError.Path.
func (t trail) String() string {
	var b strings.Builder
	for _, s := range t {
		if s.name == "" {
			b.WriteString("[" + strconv.Itoa(s.nth) + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(printable(s.name))
	}
	return b.String()
}

// Validate checks a whole document against the schema and the limits. The root must be a doc, and what only drafts hold
// may not be in it. The error is an *InvalidError that names the first place in document order.
func Validate(n Node) error { return new(checker).document(n) }

// ValidateDraft is Validate for what an editor works on: notes and suggestions may be in it.
func ValidateDraft(n Node) error { return (&checker{draft: true}).document(n) }

// checker carries what is counted over a whole document.
type checker struct {
	nodes, text int
	draft       bool // whether the newsroom's own marks may stand in it
}

func (c *checker) document(n Node) error {
	if n.Type != TypeDoc {
		return invalid(trail{}.to("type"), "%q is not %q, which the root must be", n.Type, TypeDoc)
	}
	return c.node(n, make(trail, 0, 4*MaxDepth), 1)
}

func (c *checker) node(n Node, path trail, depth int) error {
	r, ok := schema[n.Type]
	if !ok {
		return invalid(path.to("type"), "%q is not a type of the schema", n.Type)
	}
	if depth > MaxDepth {
		return invalid(path, "nested deeper than %d levels", MaxDepth)
	}
	if c.nodes++; c.nodes > MaxNodes {
		return invalid(path, "the document has more than %d nodes", MaxNodes)
	}
	if err := c.own(n, r, path); err != nil {
		return err
	}
	if r.one && len(n.Content) > 1 {
		return invalid(path.to("content"), "%s holds one run of text, not %d", n.Type, len(n.Content))
	}
	for i, child := range n.Content {
		at := path.to("content").nth(i)
		if err := c.child(n.Type, r, child, at); err != nil {
			return err
		}
		if err := c.node(child, at, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// own checks what the node has itself: text, marks, attributes.
func (c *checker) own(n Node, r rule, path trail) error {
	switch {
	case r.text && n.Text == "":
		return invalid(path.to("text"), "is empty")
	case !r.text && n.Text != "":
		return invalid(path.to("text"), "%s has no text of its own", n.Type)
	case !r.marks && len(n.Marks) > 0:
		return invalid(path.to("marks"), "%s cannot carry marks", n.Type)
	}
	if err := c.words(n.Text, path.to("text")); err != nil {
		return err
	}
	if err := c.marks(n.Marks, path); err != nil {
		return err
	}
	return c.attrs(n.Attrs, string(n.Type), r.attrs, r.needs, path)
}

func (c *checker) child(parent Type, r rule, child Node, at trail) error {
	if _, known := schema[child.Type]; known && !r.allows(child.Type) {
		return invalid(at.to("type"), "%s cannot stand in %s", child.Type, parent)
	}
	if r.bare && len(child.Content) > 0 {
		return invalid(at.to("content"), "a %s in a %s has no caption of its own", child.Type, parent)
	}
	if r.plain && len(child.Marks) > 0 {
		return invalid(at.to("marks"), "text in %s carries no marks", parent)
	}
	return nil
}

func (c *checker) marks(marks []Mark, path trail) error {
	for i, m := range marks {
		at := path.to("marks").nth(i)
		r, ok := markSchema[m.Type]
		if !ok {
			return invalid(at.to("type"), "%q is not a mark of the schema", m.Type)
		}
		if r.private && !c.draft {
			return invalid(at.to("type"), "%q is the newsroom's own: only a draft holds it", m.Type)
		}
		for _, earlier := range marks[:i] {
			if earlier.Type == m.Type {
				return invalid(at, "%s stands twice on one run", m.Type)
			}
		}
		if err := c.attrs(m.Attrs, string(m.Type), r.needs, r.needs, at); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) attrs(a *Attrs, owner string, allowed, needed attr, path trail) error {
	if a == nil {
		a = &Attrs{}
	}
	for _, f := range attrFields {
		set := f.set(a)
		if !set && needed&f.bit == 0 {
			continue // most nodes have no attributes: no path is written for them
		}
		at := path.to("attrs").to(f.name)
		switch {
		case set && allowed&f.bit == 0:
			return invalid(at, "%s has no such attribute", owner)
		case !set && needed&f.bit != 0:
			return invalid(at, "is missing; %s needs it", owner)
		case set:
			if err := c.attr(a, f, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// attr checks the value of one attribute that is set.
func (c *checker) attr(a *Attrs, f attrField, at trail) error {
	if f.text != nil {
		value := *f.text(a)
		if err := c.words(value, at); err != nil {
			return err
		}
		if problem := badAttr(a, f.bit, value); problem != "" {
			return invalid(at, "%s", problem)
		}
		return nil
	}
	if f.number == nil {
		return nil
	}
	switch value := *f.number(a); f.bit {
	case attrLevel:
		if value < 2 || value > 4 {
			return invalid(at, "%d is not 2, 3 or 4", value)
		}
	case attrColspan:
		return between(at, value, maxColspan)
	case attrRowspan:
		return between(at, value, maxRowspan)
	case attrStart:
		return between(at, value, maxStart)
	}
	return nil
}

func between(at trail, value, most int) error {
	if value < 1 || value > most {
		return invalid(at, "%d is not between 1 and %d", value, most)
	}
	return nil
}

// badAttr says what is wrong with an attribute's words, or nothing.
func badAttr(a *Attrs, bit attr, value string) string {
	switch bit {
	case attrHref:
		return badHref(value)
	case attrLang:
		return badLang(value)
	case attrPicture, attrSpeaker, attrNote, attrSuggestion:
		return badID(value)
	case attrProvider:
		return badProvider(value)
	case attrURL:
		return badEmbed(a.Provider, value)
	}
	if len(value) > maxAttr {
		return fmt.Sprintf("has %d bytes, over the limit of %d", len(value), maxAttr)
	}
	return ""
}

func badID(s string) string {
	if len(s) > maxID {
		return fmt.Sprintf("has %d bytes, over the limit of %d for an id", len(s), maxID)
	}
	for i := 0; i < len(s); i++ {
		if !isAlnum(s[i]) && s[i] != '-' && s[i] != '_' {
			return fmt.Sprintf("%q is not an id (letters, digits, - and _)", s)
		}
	}
	return ""
}

func badLang(s string) string {
	part := 0
	for i := 0; i <= len(s); i++ {
		if i == len(s) || s[i] == '-' {
			if part == 0 || part > 8 {
				return fmt.Sprintf("%q is not a language tag such as hi or pt-BR", s)
			}
			part = 0
			continue
		}
		if !isAlnum(s[i]) {
			return fmt.Sprintf("%q is not a language tag such as hi or pt-BR", s)
		}
		part++
	}
	if len(s) > 35 {
		return fmt.Sprintf("has %d characters, over the limit of 35 for a language tag", len(s))
	}
	return ""
}

func isAlnum(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// words checks characters and adds to the size of the document.
func (c *checker) words(s string, at trail) error {
	if c.text += len(s); c.text > MaxText {
		return invalid(at, "the document's text is over %d MB", MaxText>>20)
	}
	if plainASCII(s) {
		return nil
	}
	if !utf8.ValidString(s) {
		return invalid(at, "is not UTF-8")
	}
	for i, r := range s {
		switch {
		case isControl(r):
			return invalid(at, "has the control character U+%04X at byte %d", r, i)
		case isBidiControl(r):
			return invalid(at, "has the direction override U+%04X at byte %d; take it out (direction follows the language)", r, i)
		}
	}
	return nil
}

func plainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x7f || s[i] < ' ' && s[i] != '\n' {
			return false
		}
	}
	return true
}

// isControl reports whether r is a control character other than tab and newline.
func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || r >= 0x7f && r <= 0x9f
}

// isBidiControl reports whether r embeds, overrides or isolates a direction (UAX 9). Marks that only lean on
// their neighbours (U+200E, U+200F, U+061C) are ordinary spelling and stay.
func isBidiControl(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
