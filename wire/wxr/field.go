package wxr

import (
	"bytes"
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	cdataOpen  = "<![CDATA["
	cdataClose = "]]>"
)

// field reads the text of an element that holds no elements, up to its end tag, which it takes too. Without keep the
// text is passed over.
//
// Text in CDATA is taken as XML says where the field is well formed. Where it is not (a post about XML, exported by a
// WordPress that did not mask the mark of the section's end) the text runs from the first "<![CDATA[" to the last
// "]]>" before the end tag, as WordPress' own importer reads it.
func (s *scanner) field(t tag, keep bool) (string, error) {
	if t.empty {
		return "", nil
	}
	f := fieldReader{s: s, t: t, keep: keep}
	s.text = s.text[:0]
	if err := f.read(); err != nil {
		return "", err
	}
	if !keep {
		return "", nil
	}
	return f.value(), nil
}

type fieldReader struct {
	s     *scanner
	t     tag
	keep  bool
	cdata bool // a CDATA section has been seen
}

func (f *fieldReader) read() error {
	closing := "</" + f.t.raw
	for {
		if err := f.plain(); err != nil {
			return err
		}
		switch {
		case !f.s.fill(1):
			return f.s.ends(f.t)
		case f.s.has(closing) && f.closes(len(closing)):
			return nil
		case f.s.has(cdataOpen):
			if err := f.section(); err != nil {
				return err
			}
		case f.s.has("</item>") || f.s.has("</channel>") || f.s.has("<item>"):
			return &Error{f.s.line, fmt.Sprintf("<%s>, which begins on line %d, is not closed before the item's end", f.t.raw, f.t.line),
				"The file is damaged here."}
		default:
			if err := f.add(f.s.take(1)); err != nil {
				return err
			}
		}
	}
}

// plain takes text up to the next "<".
func (f *fieldReader) plain() error {
	for f.s.fill(1) {
		b := f.s.ahead()
		i := bytes.IndexByte(b, '<')
		n := i
		if i < 0 {
			n = len(b)
		}
		if err := f.add(f.s.take(n)); err != nil {
			return err
		}
		if i >= 0 {
			return nil
		}
	}
	return nil
}

// section takes a CDATA section with its marks.
func (f *fieldReader) section() error {
	f.cdata = true
	line := f.s.line
	if err := f.add(f.s.take(len(cdataOpen))); err != nil {
		return err
	}
	found, err := f.s.until(cdataClose, f.add)
	if err != nil {
		return err
	}
	if !found {
		return f.s.broken(&Error{f.s.line, fmt.Sprintf("the file ends inside the text of <%s>, which begins on line %d", f.t.raw, line), cutOff})
	}
	return f.add([]byte(cdataClose))
}

// closes takes the end tag whose name of n bytes stands ahead, where it is one.
func (f *fieldReader) closes(n int) bool {
	for i := n; f.s.fill(i+1) && i < n+256; i++ {
		switch f.s.ahead()[i] {
		case '>':
			f.s.take(i + 1)
			return true
		case ' ', '\t', '\r', '\n':
		default:
			return false
		}
	}
	return false
}

func (f *fieldReader) add(b []byte) error {
	if !f.keep {
		return nil
	}
	if len(f.s.text)+len(b) > maxField {
		return &Error{f.t.line, fmt.Sprintf("the text of <%s> is longer than 16 MB", f.t.raw),
			"No article is that long: look at the file here."}
	}
	f.s.text = append(f.s.text, b...)
	return nil
}

// value turns the bytes between the tags into text.
func (f *fieldReader) value() string {
	raw := f.s.text
	var text string
	switch {
	case !f.cdata:
		text = f.decode(string(raw))
	case isLoose(string(raw)):
		f.s.note(f.t.line, NoteCDATA, fmt.Sprintf("The text of <%s> holds the mark that ends a CDATA section; it was read to its end tag.", f.t.raw))
		text = looseText(string(raw))
	default:
		text = f.strict(string(raw))
	}
	clean, changed := cleanText(text)
	if changed {
		f.s.note(f.t.line, NoteCharacters, fmt.Sprintf("Characters in <%s> that XML does not allow were replaced by U+FFFD.", f.t.raw))
	}
	return clean
}

func (f *fieldReader) decode(raw string) string {
	text, known := decodeText(raw)
	if !known {
		f.s.note(f.t.line, NoteEntity, fmt.Sprintf("<%s> holds an entity that XML does not define; it was left as it stands.", f.t.raw))
	}
	return text
}

func (f *fieldReader) strict(raw string) string {
	var out strings.Builder
	for raw != "" {
		text, rest, found := strings.Cut(raw, cdataOpen)
		if strings.TrimSpace(text) != "" {
			out.WriteString(f.decode(text))
		}
		if !found {
			break
		}
		section, after, _ := strings.Cut(rest, cdataClose)
		out.WriteString(section)
		raw = after
	}
	return out.String()
}

// isLoose reports whether, outside the CDATA sections of raw, there is what no XML has.
func isLoose(raw string) bool {
	_, raw, _ = strings.Cut(raw, cdataOpen)
	for {
		_, after, _ := strings.Cut(raw, cdataClose)
		text, rest, more := strings.Cut(after, cdataOpen)
		if strings.Contains(text, cdataClose) || strings.Contains(text, "<") {
			return true
		}
		if !more {
			return false
		}
		raw = rest
	}
}

func looseText(raw string) string {
	before, text, _ := strings.Cut(raw, cdataOpen)
	if i := strings.LastIndex(text, cdataClose); i >= 0 {
		text = text[:i] + strings.TrimSpace(text[i+len(cdataClose):])
	}
	text = strings.ReplaceAll(text, "]]]]><![CDATA[>", "]]>")
	return strings.TrimSpace(before) + text
}

// decodeText replaces XML's five entities and character references; known is false where there were others, which
// stay as they are.
func decodeText(raw string) (text string, known bool) {
	known = true
	if strings.IndexByte(raw, '&') < 0 {
		return raw, true
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(raw, "&")
		out.WriteString(before)
		if !found {
			return out.String(), known
		}
		r, n, ok := entity(rest)
		if !ok {
			out.WriteByte('&')
			known = known && !looksLikeEntity(rest)
			raw = rest
			continue
		}
		out.WriteRune(r)
		raw = rest[n:]
	}
}

func entity(s string) (r rune, n int, ok bool) {
	ref, _, found := strings.Cut(s[:min(len(s), 12)], ";")
	if !found {
		return 0, 0, false
	}
	n = len(ref) + 1
	if num, isNum := strings.CutPrefix(ref, "#"); isNum {
		r, ok = reference(num)
		return r, n, ok
	}
	for _, e := range []struct {
		name string
		r    rune
	}{{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}} {
		if ref == e.name {
			return e.r, n, true
		}
	}
	return 0, 0, false
}

func reference(num string) (rune, bool) {
	base := 10
	if len(num) > 1 && (num[0] == 'x' || num[0] == 'X') {
		base, num = 16, num[1:]
	}
	v, err := strconv.ParseUint(num, base, 32)
	if err != nil {
		return 0, false
	}
	if v > utf8.MaxRune || !allowed(rune(v)) || !utf8.ValidRune(rune(v)) {
		return 0, true // cleanText turns it into U+FFFD and says so
	}
	return rune(v), true
}

// looksLikeEntity reports whether the text after "&" is an entity that HTML knows.
func looksLikeEntity(s string) bool {
	ref, _, found := strings.Cut(s[:min(len(s), 34)], ";")
	return found && html.UnescapeString("&"+ref+";") != "&"+ref+";"
}

// allowed reports whether XML 1.0 lets a character stand in text (section 2.2).
func allowed(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || (r >= 0x20 && r != 0xfffe && r != 0xffff)
}

// cleanText replaces bytes that are not UTF-8 and characters that XML does not allow by U+FFFD, and line ends by
// newlines (XML 1.0, section 2.11).
func cleanText(s string) (clean string, changed bool) {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if !utf8.ValidString(s) {
		s, changed = strings.ToValidUTF8(s, "\uFFFD"), true
	}
	clean = strings.Map(func(r rune) rune {
		if allowed(r) {
			return r
		}
		changed = true
		return utf8.RuneError
	}, s)
	return clean, changed
}
