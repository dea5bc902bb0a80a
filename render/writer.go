package render

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/datelinehq/dateline"
)

// lit is markup that stands in this package's source. Its type keeps every other string out: a variable of type string
// cannot be given where a lit is wanted, only a constant can.
type lit string

// writer appends a page to its bytes. lit is the only way in for markup; text, url and json are the only ways in for
// everything else, and each leaves nothing in it that a parser would take for markup.
type writer struct {
	b []byte
}

func (w *writer) lit(s lit) { w.b = append(w.b, s...) }

// text writes words, into text or into an attribute in double quotes.
func (w *writer) text(s string) { w.b = appendText(w.b, s) }

// number writes a whole number without grouping, for attributes and addresses.
func (w *writer) number(n int) { w.b = strconv.AppendInt(w.b, int64(n), 10) }

// escaped are words that went through the escaper when a fragment was made.
type escaped []byte

// url writes an address into an attribute in double quotes.
func (w *writer) url(s string) { w.b = appendURL(w.b, s) }

// attr writes one attribute with its name.
func (w *writer) attr(name lit, value string) {
	w.lit(" ")
	w.lit(name)
	w.lit(`="`)
	w.text(value)
	w.lit(`"`)
}

// link writes an attribute that holds an address.
func (w *writer) link(name lit, address string) {
	w.lit(" ")
	w.lit(name)
	w.lit(`="`)
	w.url(address)
	w.lit(`"`)
}

// mark writes the attribute by which a receipt finds an edition on a page.
func (w *writer) mark(id dateline.ID, edition int) {
	w.lit(` data-edition="`)
	w.text(string(id))
	w.lit("/")
	w.number(edition)
	w.lit(`"`)
}

// element writes words inside an element that has no attributes but a class; nothing where there are no words.
func (w *writer) element(tag, class lit, words string) {
	if words == "" {
		return
	}
	w.lit("<")
	w.lit(tag)
	if class != "" {
		w.lit(` class="`)
		w.lit(class)
		w.lit(`"`)
	}
	w.lit(">")
	w.text(words)
	w.lit("</")
	w.lit(tag)
	w.lit(">")
}

// plainByte says for each byte whether it may be copied into text and attributes as it is.
var plainByte = func() (t [256]bool) {
	for c := byte(' '); c < 0x7F; c++ {
		t[c] = c != '"' && c != '&' && c != '<' && c != '>'
	}
	t['\t'], t['\n'] = true, true
	return t
}()

// appendText escapes words for text and attributes. Characters that no HTML document may hold (controls, noncharacters)
// are left out, and bytes that are not UTF-8 become U+FFFD.
func appendText(b []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); {
		if plainByte[s[i]] {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		instead, escape := entity(r, size)
		if escape {
			b = append(b, s[start:i]...)
			b = append(b, instead...)
			start = i + size
		}
		i += size
	}
	return append(b, s[start:]...)
}

// entity says what is written instead of a character, and false where it may stand.
func entity(r rune, size int) (instead string, escape bool) {
	switch {
	case r == '&':
		return "&amp;", true
	case r == '<':
		return "&lt;", true
	case r == '>':
		return "&gt;", true
	case r == '"':
		return "&quot;", true
	case r == utf8.RuneError && size == 1:
		return "\uFFFD", true
	}
	return "", r < utf8.RuneSelf || forbidden(r)
}

// forbidden names what HTML calls parse errors: C1 controls and noncharacters.
func forbidden(r rune) bool {
	return r >= 0x80 && r <= 0x9F || r >= 0xFDD0 && r <= 0xFDEF || r&0xFFFE == 0xFFFE
}

// safeScheme says whether an address leads where a reader may be sent: a path or part of this site, the web, mail or a
// telephone.
func safeScheme(s string) bool {
	if s == "" || s[0] == '#' || s[0] == '?' {
		return s != ""
	}
	if s[0] == '/' {
		return !strings.HasPrefix(s, "//") && !strings.HasPrefix(s, `/\`)
	}
	for _, scheme := range [...]string{"https://", "http://", "mailto:", "tel:"} {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			return true
		}
	}
	return false
}

// appendURL writes an address with everything percent-encoded that an address may not hold; a scheme that is not
// allowed leaves an empty fragment, which leads nowhere.
func appendURL(b []byte, s string) []byte {
	if !safeScheme(s) {
		return append(b, '#')
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '&':
			b = append(b, "&amp;"...)
		case c == '%' && !(i+2 < len(s) && hexDigit(s[i+1]) && hexDigit(s[i+2])):
			b = append(b, "%25"...)
		case c <= ' ' || c >= 0x7F || strings.IndexByte("\"'<>\\^`{|}", c) >= 0:
			b = append(b, '%', upperHex[c>>4], upperHex[c&15])
		default:
			b = append(b, c)
		}
	}
	return b
}

const upperHex = "0123456789ABCDEF"

func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// json writes a JSON string that may stand in a script element: no character of it can end one.
func (w *writer) json(s string) {
	w.b = append(w.b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			w.b = append(w.b, '\\', byte(r))
		case r < ' ' || r == '<' || r == '>' || r == '&' || r == 0x2028 || r == 0x2029 || r == 0x7F || forbidden(r):
			w.b = append(w.b, '\\', 'u', upperHex[r>>12&15], upperHex[r>>8&15], upperHex[r>>4&15], upperHex[r&15])
		default:
			w.b = utf8.AppendRune(w.b, r)
		}
	}
	w.b = append(w.b, '"')
}

// jsonURL writes an absolute address of this site as a JSON string.
func (w *writer) jsonURL(site, address string) {
	w.b = append(w.b, '"')
	if address != "" && address[0] == '/' {
		w.b = appendJSONURL(w.b, site)
	}
	w.b = appendJSONURL(w.b, address)
	w.b = append(w.b, '"')
}

func appendJSONURL(b []byte, s string) []byte {
	start := len(b)
	b = appendURL(b, s)
	// The only escape that appendURL writes for HTML and not for addresses is the one for an ampersand.
	out := strings.ReplaceAll(string(b[start:]), "&amp;", `\u0026`)
	return append(b[:start], out...)
}
