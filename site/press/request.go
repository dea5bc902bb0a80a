// Package press keeps the pages that readers ask for: made once, compressed once, served from memory, and made again as
// soon as an act changes what they show. A page is asked for by a closed struct and answered by status, header lines and
// bytes, so that nothing behind it can see a reader's request.
package press

import "time"

// Request is all that may decide an answer. An adapter fills it from its protocol; nothing else of what a reader sent
// can reach a page.
type Request struct {
	Method   string // GET or HEAD
	Path     string // decoded; the adapter has refused what is not UTF-8 or holds an encoded slash or NUL
	Escaped  string // the path as it came, for the exact look-up of imported addresses only
	RawQuery string // for the exact look-up of imported addresses only
	Query    Query
	Accept   Accept

	// AcceptDatetime is the field as sent (RFC 7089, section 2.1.1); only the TimeGate looks at it.
	AcceptDatetime string

	IfNoneMatch     []string  // the entity tags as sent; one that is * matches whatever there is
	IfModifiedSince time.Time // zero where none was sent
}

// Query holds the query keys that some route knows. A route uses its own and ignores the others; keys that are not
// here never reach a page.
type Query struct {
	Before  string // the position after which a list goes on
	With    string // the edition to compare with
	Since   string // the position in the record that a reader of a story has read up to
	Words   string // q
	By      string
	Section string
	Topic   string
	From    string
	To      string
	Of      string // the address that is asked for as of an instant
	On      string // its date
	At      string // its time
}

// Response is an answer: a status, header lines in a fixed order, and the bytes, which the caller must not change.
type Response struct {
	Status  int
	Lines   []Line
	Body    []byte
	Article string // whose own page it is
	Block   *Block // the lines as one, where they are kept so; nil: they are not
}

// Line is one header line. Values has one element, so that an adapter can hand it on without copying.
type Line struct {
	Name   string
	Values []string
}

// Header returns the value of a header line, "" where there is none. The name is matched exactly.
func (r Response) Header(name string) string {
	for _, l := range r.Lines {
		if l.Name == name {
			return l.Values[0]
		}
	}
	return ""
}

// Block is header lines as HTTP/1.1 has them on the wire, but for Content-Length, which a server writes itself: all up to the last
// one's name, and the last one's value. There is no line break but between lines. It must not be changed.
type Block struct{ Upto, Value []byte }

// NewBlock writes lines as a block. What would break a line is a blank in it.
func NewBlock(lines []Line) Block {
	size := 0
	for _, l := range lines {
		size += len(l.Name) + len(l.Values[0]) + len(": \r\n")
	}
	text := make([]byte, 0, size)
	value := 0
	for _, l := range lines {
		if l.Name == "Content-Length" {
			continue
		}
		if value > 0 {
			text = append(text, '\r', '\n')
		}
		text = appendLine(text, l)
		value = len(text) - len(l.Values[0])
	}
	if value == 0 {
		return Block{}
	}
	return Block{text[: value-len(": ") : value-len(": ")], text[value:]}
}

func appendLine(text []byte, l Line) []byte {
	from := len(text)
	text = append(append(append(text, l.Name...), ": "...), l.Values[0]...)
	for i, c := range text[from:] {
		if c == '\r' || c == '\n' {
			text[from+i] = ' '
		}
	}
	return text
}

func line(name, value string) Line { return Line{name, []string{value}} }
