package wxr

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Limits of what is read. A field is one element's text.
const (
	maxField = 16 << 20 // bytes
	maxDepth = 64       // elements
	maxTag   = 64 << 10 // bytes of one tag with its attributes
	window   = 256 << 10
)

const cutOff = "The export was cut off: export it again, or copy the whole file."

// name is an element's name: its namespace by the prefix WordPress uses (wp, content, excerpt, dc, none for RSS), and
// the part after the colon. A namespace that is none of these stands as it is.
type name struct{ space, local string }

func (n name) String() string {
	if n.space == "" {
		return n.local
	}
	return n.space + ":" + n.local
}

// tag is a start tag, an end tag or, with eof, the end of the file.
type tag struct {
	name  name
	raw   string // the name as written, by which the end tag is found
	attrs map[string]string
	line  int
	end   bool // an end tag
	empty bool // <a/>
	eof   bool
}

// scanner cuts a file into tags and the text of single elements. It is stricter than a browser and, about CDATA, more
// patient than an XML parser: exports are written by templates, and the text of a post may hold the mark that ends a
// CDATA section.
type scanner struct {
	r     io.Reader
	buf   []byte
	pos   int
	line  int
	fault error             // what the reader last said
	ns    map[string]string // prefix to namespace, of <rss>, <channel> and <item>
	text  []byte            // the field that is being read
	note  func(line int, kind, text string)
}

func newScanner(r io.Reader, note func(line int, kind, text string)) *scanner {
	return &scanner{r: r, line: 1, ns: map[string]string{}, note: note}
}

// fill reads until n bytes are ahead and reports whether they are.
func (s *scanner) fill(n int) bool {
	for len(s.buf)-s.pos < n && s.fault == nil {
		s.grow(n)
		m, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+m]
		s.fault = err
	}
	return len(s.buf)-s.pos >= n
}

func (s *scanner) grow(n int) {
	if s.pos > 0 && cap(s.buf)-s.pos < max(n, window/2) {
		s.buf = s.buf[:copy(s.buf[:cap(s.buf)], s.buf[s.pos:])]
		s.pos = 0
	}
	if cap(s.buf)-len(s.buf) == 0 || cap(s.buf)-s.pos < n {
		bigger := make([]byte, len(s.buf)-s.pos, max(window, 2*n))
		copy(bigger, s.buf[s.pos:])
		s.buf, s.pos = bigger, 0
	}
}

func (s *scanner) ahead() []byte { return s.buf[s.pos:] }

func (s *scanner) take(n int) []byte {
	b := s.buf[s.pos : s.pos+n]
	s.line += bytes.Count(b, []byte{'\n'})
	s.pos += n
	return b
}

func (s *scanner) has(prefix string) bool {
	return s.fill(len(prefix)) && string(s.ahead()[:len(prefix)]) == prefix
}

// broken returns the reader's own error where it was more than the end of the file, and otherwise err.
func (s *scanner) broken(err error) error {
	if s.fault != nil && !errors.Is(s.fault, io.EOF) {
		return s.fault
	}
	return err
}

// until takes everything up to and including end, handing the bytes before it to sink where that is not nil, and
// reports whether end was found.
func (s *scanner) until(end string, sink func([]byte) error) (found bool, err error) {
	for s.fill(len(end)) {
		b := s.ahead()
		i := bytes.Index(b, []byte(end))
		n := i
		if i < 0 {
			n = len(b) - len(end) + 1
		}
		part := s.take(n)
		if sink != nil {
			if err := sink(part); err != nil {
				return false, err
			}
		}
		if i >= 0 {
			s.take(len(end))
			return true, nil
		}
	}
	s.take(len(s.ahead()))
	return false, nil
}

// next returns the next tag, passing over comments, instructions and the blanks between elements.
func (s *scanner) next() (tag, error) {
	for {
		if err := s.between(); err != nil {
			return tag{}, err
		}
		if !s.fill(1) {
			return tag{line: s.line, eof: true}, s.broken(nil)
		}
		passed, err := s.pass()
		if err != nil {
			return tag{}, err
		}
		if !passed {
			return s.tag()
		}
	}
}

// between passes over the text before the next "<".
func (s *scanner) between() error {
	stray, line := false, s.line
	for s.fill(1) {
		b := s.ahead()
		i := bytes.IndexByte(b, '<')
		n := i
		if i < 0 {
			n = len(b)
		}
		if !stray && len(bytes.TrimSpace(b[:n])) > 0 {
			stray, line = true, s.line
		}
		s.take(n)
		if i >= 0 {
			break
		}
	}
	if stray {
		s.note(line, NoteForm, "Text between two elements was passed over.")
	}
	return s.broken(nil)
}

// pass goes over one comment, instruction, CDATA section or document type, and reports whether there was one.
func (s *scanner) pass() (bool, error) {
	line := s.line
	for _, p := range []struct{ start, end, what string }{
		{"<!--", "-->", "a comment"}, {"<?", "?>", "an instruction"}, {"<![CDATA[", "]]>", "a CDATA section"},
	} {
		if !s.has(p.start) {
			continue
		}
		s.take(len(p.start))
		found, err := s.until(p.end, nil)
		if err == nil && !found {
			err = s.broken(&Error{s.line, fmt.Sprintf("the file ends inside %s begun on line %d", p.what, line), cutOff})
		}
		return true, err
	}
	if s.has("<!DOCTYPE") || s.has("<!doctype") {
		return true, s.doctype()
	}
	return false, nil
}

func (s *scanner) doctype() error {
	line, length := s.line, 0
	_, err := s.until(">", func(b []byte) error {
		length += len(b)
		if bytes.IndexByte(b, '[') >= 0 || length > maxTag {
			return &Error{line, "the file has a document type with definitions of its own",
				"WordPress writes none. Remove the <!DOCTYPE ...> if you trust the file."}
		}
		return nil
	})
	return err
}

// tag reads the tag that begins here.
func (s *scanner) tag() (tag, error) {
	line := s.line
	var raw []byte
	quote := byte(0)
	for i := 1; ; i++ {
		if i > maxTag {
			return tag{}, &Error{line, "a tag is longer than 64 KB", "The file is damaged here."}
		}
		if !s.fill(i + 1) {
			return tag{}, s.broken(&Error{line, "the file ends inside a tag", cutOff})
		}
		c := s.ahead()[i]
		if quote == 0 && c == '>' {
			raw = s.take(i + 1)
			break
		}
		if quote == 0 && c == '<' {
			return tag{}, &Error{line, `a "<" stands inside a tag`, "The file is damaged here."}
		}
		switch {
		case quote == c:
			quote = 0
		case quote == 0 && i > 1 && (c == '"' || c == '\''):
			quote = c
		}
	}
	t, ok := s.parseTag(string(raw[1 : len(raw)-1]))
	if !ok {
		return tag{}, &Error{line, fmt.Sprintf("%q is not a tag", shorten(string(raw), 60)), "The file is damaged here."}
	}
	t.line = line
	return t, nil
}

var (
	tagName = regexp.MustCompile(`^[\pL_][\pL\pN_.:-]*`)
	tagAttr = regexp.MustCompile(`^\s+([\pL_][\pL\pN_.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')`)
)

func (s *scanner) parseTag(in string) (t tag, ok bool) {
	if rest, isEnd := strings.CutPrefix(in, "/"); isEnd {
		rest = strings.TrimRight(rest, " \t\r\n")
		t.end, t.raw = true, rest
		t.name = s.resolve(rest, nil)
		return t, tagName.FindString(rest) == rest && rest != ""
	}
	in, t.empty = strings.CutSuffix(in, "/")
	t.raw = tagName.FindString(in)
	in = in[len(t.raw):]
	for m := tagAttr.FindStringSubmatch(in); m != nil; m = tagAttr.FindStringSubmatch(in) {
		if t.attrs == nil {
			t.attrs = map[string]string{}
		}
		t.attrs[m[1]], _ = decodeText(m[2] + m[3])
		in = in[len(m[0]):]
	}
	t.name = s.resolve(t.raw, t.attrs)
	return t, t.raw != "" && strings.TrimSpace(in) == ""
}

var wpSpace = regexp.MustCompile(`^https?://wordpress\.org/export/\d+(?:\.\d+)*/(excerpt/)?$`)

// resolve gives a written name its namespace. A prefix that is declared nowhere stands for itself, since old exports
// use some without saying so.
func (s *scanner) resolve(raw string, attrs map[string]string) name {
	prefix, local, found := strings.Cut(raw, ":")
	if !found {
		prefix, local = "", raw
	}
	key := "xmlns"
	if prefix != "" {
		key = "xmlns:" + prefix
	}
	space, ok := attrs[key]
	if !ok {
		space, ok = s.ns[key]
	}
	if !ok {
		return name{prefix, local}
	}
	return name{canonical(space), local}
}

func canonical(space string) string {
	if m := wpSpace.FindStringSubmatch(space); m != nil {
		if m[1] != "" {
			return "excerpt"
		}
		return "wp"
	}
	switch space {
	case "http://purl.org/rss/1.0/modules/content/":
		return "content"
	case "http://purl.org/dc/elements/1.1/":
		return "dc"
	}
	return space
}

// declare keeps a tag's namespaces for what stands inside it.
func (s *scanner) declare(t tag) {
	for k, v := range t.attrs {
		if k == "xmlns" || strings.HasPrefix(k, "xmlns:") {
			s.ns[k] = v
		}
	}
}

// skip passes over an element with all that is in it.
func (s *scanner) skip(t tag) error {
	if t.empty {
		return nil
	}
	open := []tag{t}
	for len(open) > 0 {
		u, err := s.nextAny()
		if err != nil {
			return err
		}
		top := open[len(open)-1]
		switch {
		case u.eof:
			return s.ends(top)
		case u.end && u.raw != top.raw:
			return mismatch(top, u)
		case u.end:
			open = open[:len(open)-1]
		case len(open) >= maxDepth:
			return &Error{u.line, "elements are nested more than 64 deep", "The file is damaged here."}
		case !u.empty:
			open = append(open, u)
		}
	}
	return nil
}

// nextAny is next without a word about text between elements.
func (s *scanner) nextAny() (tag, error) {
	note := s.note
	s.note = func(int, string, string) {}
	defer func() { s.note = note }()
	return s.next()
}

func (s *scanner) ends(in tag) error {
	return s.broken(&Error{s.line, fmt.Sprintf("the file ends inside <%s>, which begins on line %d", in.raw, in.line), cutOff})
}

func mismatch(open, end tag) error {
	return &Error{end.line, fmt.Sprintf("</%s> stands where </%s> should, which begins on line %d", end.raw, open.raw, open.line),
		"The file is damaged here."}
}

func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
