package markup

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxJSON is the size in bytes over which ParseJSON refuses to read.
const MaxJSON = 8 << 20

// ParseJSON reads a document as the editor sends it. It is strict: a name that the schema does not know, a name
// that stands twice, a wrong kind of value, trailing data, a document over MaxJSON or one that Validate refuses
// is an error, an *InvalidError wherever a place can be named. The document comes back normalised. A null stands for a value that is not set.
func ParseJSON(src []byte) (Node, error) { return parse(src, Validate) }

// ParseDraft is ParseJSON for what an editor works on: notes and suggestions may be in it.
func ParseDraft(src []byte) (Node, error) { return parse(src, ValidateDraft) }

func parse(src []byte, validate func(Node) error) (Node, error) {
	if len(src) > MaxJSON {
		return Node{}, invalid(nil, "has %d bytes of JSON, over the limit of %d", len(src), MaxJSON)
	}
	if !utf8.Valid(src) {
		return Node{}, invalid(nil, "is not UTF-8")
	}
	p := parser{dec: json.NewDecoder(bytes.NewReader(src))}
	p.dec.UseNumber()
	n, err := p.document()
	if err != nil {
		return Node{}, err
	}
	if err := validate(n); err != nil {
		return Node{}, err
	}
	return Normalise(n), nil
}

// JSON encodes a document in its one form: keys sorted, no escapes that JSON does not ask for, no white space.
// A document that Validate refuses is an error. Normalise first where equal documents must give equal bytes.
func (n Node) JSON() ([]byte, error) { return n.encode(Validate) }

// DraftJSON is JSON for what an editor works on: notes and suggestions may be in it.
func (n Node) DraftJSON() ([]byte, error) { return n.encode(ValidateDraft) }

func (n Node) encode(validate func(Node) error) ([]byte, error) {
	if err := validate(n); err != nil {
		return nil, fmt.Errorf("encode document: %w", err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(n); err != nil {
		return nil, fmt.Errorf("encode document: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// parser reads nodes token by token, so that every error has a place and nesting is bounded while reading.
type parser struct {
	dec   *json.Decoder
	nodes int
}

func (p *parser) document() (Node, error) {
	var n Node
	if err := p.node(&n, make(trail, 0, 4*MaxDepth), 1); err != nil {
		return Node{}, err
	}
	if _, err := p.dec.Token(); !errors.Is(err, io.EOF) {
		return Node{}, invalid(nil, "something follows the document at byte %d; send one document", p.dec.InputOffset())
	}
	return n, nil
}

// token reads one token and turns the decoder's errors into those of a document.
func (p *parser) token(path trail) (json.Token, error) {
	t, err := p.dec.Token()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, invalid(path, "the JSON ends early at byte %d", p.dec.InputOffset())
	}
	if err != nil {
		return nil, invalid(path, "is not JSON at byte %d: %v", p.dec.InputOffset(), err)
	}
	return t, nil
}

// object reads {…} and calls field for each name, which must read the value. A null is an object without fields.
func (p *parser) object(path trail, field func(name string, at trail) error) error {
	t, err := p.token(path)
	if err != nil || t == nil {
		return err
	}
	if t != json.Delim('{') {
		return invalid(path, "is %s where an object must stand", describe(t))
	}
	seen := make([]string, 0, 8)
	for p.dec.More() {
		t, err := p.token(path)
		if err != nil {
			return err
		}
		name, _ := t.(string)
		at := path.to(name)
		if slices.Contains(seen, name) {
			return invalid(at, "stands twice")
		}
		seen = append(seen, name)
		if err := field(name, at); err != nil {
			return err
		}
	}
	_, err = p.token(path)
	return err
}

// array reads […] and calls item for each element, which must read it. A null is an array without elements.
func (p *parser) array(path trail, item func(at trail) error) error {
	t, err := p.token(path)
	if err != nil || t == nil {
		return err
	}
	if t != json.Delim('[') {
		return invalid(path, "is %s where an array must stand", describe(t))
	}
	for i := 0; p.dec.More(); i++ {
		if err := item(path.nth(i)); err != nil {
			return err
		}
	}
	_, err = p.token(path)
	return err
}

func (p *parser) node(n *Node, path trail, depth int) error {
	if depth > MaxDepth {
		return invalid(path, "nested deeper than %d levels", MaxDepth)
	}
	if p.nodes++; p.nodes > MaxNodes {
		return invalid(path, "the document has more than %d nodes", MaxNodes)
	}
	return p.object(path, func(name string, at trail) (err error) {
		switch name {
		case "type":
			return p.text((*string)(&n.Type), at)
		case "text":
			return p.text(&n.Text, at)
		case "attrs":
			n.Attrs, err = p.attrs(at)
			return err
		case "content":
			return p.array(at, func(at trail) error {
				n.Content = append(n.Content, Node{})
				return p.node(&n.Content[len(n.Content)-1], at, depth+1)
			})
		case "marks":
			return p.array(at, func(at trail) error {
				if len(n.Marks) == len(markSchema) {
					return invalid(at, "more marks than there are kinds of mark")
				}
				n.Marks = append(n.Marks, Mark{})
				return p.mark(&n.Marks[len(n.Marks)-1], at)
			})
		}
		return invalid(at, "no such field; a node has type, text, attrs, content and marks")
	})
}

func (p *parser) mark(m *Mark, path trail) error {
	return p.object(path, func(name string, at trail) (err error) {
		switch name {
		case "type":
			return p.text((*string)(&m.Type), at)
		case "attrs":
			m.Attrs, err = p.attrs(at)
			return err
		}
		return invalid(at, "no such field; a mark has type and attrs")
	})
}

func (p *parser) attrs(path trail) (*Attrs, error) {
	a := &Attrs{}
	err := p.object(path, func(name string, at trail) error {
		for _, f := range attrFields {
			if f.name == name {
				return p.attr(a, f, at)
			}
		}
		return invalid(at, "no such attribute")
	})
	if err != nil || *a == (Attrs{}) {
		return nil, err
	}
	return a, nil
}

func (p *parser) attr(a *Attrs, f attrField, at trail) error {
	if f.text != nil {
		return p.text(f.text(a), at)
	}
	t, err := p.token(at)
	if err != nil || t == nil {
		return err
	}
	if f.number == nil {
		value, ok := t.(bool)
		if !ok {
			return invalid(at, "is %s where true or false must stand", describe(t))
		}
		*f.flag(a) = value
		return nil
	}
	number, ok := t.(json.Number)
	if !ok {
		return invalid(at, "is %s where a whole number must stand", describe(t))
	}
	value, err := strconv.Atoi(string(number))
	if err != nil {
		return invalid(at, "%.20s is not a whole number within range", string(number))
	}
	*f.number(a) = value
	return nil
}

// text reads a string; a null leaves it empty.
func (p *parser) text(into *string, at trail) error {
	t, err := p.token(at)
	if err != nil || t == nil {
		return err
	}
	value, ok := t.(string)
	if !ok {
		return invalid(at, "is %s where text must stand", describe(t))
	}
	*into = value
	return nil
}

func describe(t json.Token) string {
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return "an object"
		}
		return "an array"
	case string:
		return "text"
	case bool:
		return "true or false"
	default:
		return "a number"
	}
}

// printable keeps a foreign name short and harmless in a message.
func printable(name string) string {
	if len(name) > 40 {
		name = strings.ToValidUTF8(name[:40], "") + "…"
	}
	return strings.Trim(strconv.Quote(name), `"`)
}
