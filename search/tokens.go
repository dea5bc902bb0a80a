// Package search makes the words of a text in any script searchable: it folds case, accents and spellings that
// readers do not tell apart, finds words where they are written without blanks, reads what a reader asks for, and
// marks it in the text.
package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxToken is the length of a token in bytes; a longer word is known by its beginning.
const MaxToken = 40

// AppendTokens appends the tokens of a text to dst, joined by blanks, as they are stored and asked for: letters
// and digits only, never an underscore or a quotation mark. It allocates only where dst must grow.
func AppendTokens(dst []byte, text string) []byte {
	s := scanner{text: text}
	for {
		mark := len(dst)
		if mark > 0 {
			dst = append(dst, ' ')
		}
		var ok bool
		if dst, ok = s.next(dst); !ok {
			return dst[:mark]
		}
	}
}

// Tokens appends the tokens of a text to dst, each a string of its own.
func Tokens(dst []string, text string) []string {
	joined := string(AppendTokens(nil, text))
	for token := range strings.FieldsSeq(joined) {
		dst = append(dst, token)
	}
	return dst
}

// scanner finds the tokens of a text one by one, with their places.
type scanner struct {
	text       string
	pos        int  // where to go on
	start, end int  // the place of the last token in text
	paired     bool // whether the character at pos was the second of a pair
}

// next appends the next token to dst; false when there is none.
func (s *scanner) next(dst []byte) ([]byte, bool) {
	mark := len(dst)
	for s.pos < len(s.text) {
		folded, size, _ := s.look(s.pos)
		if folded == foldBreak {
			s.pos += size
			s.paired = false
			continue
		}
		if folded == foldUnit {
			if dst = s.pair(dst); len(dst) > mark {
				return dst, true
			}
			continue
		}
		s.paired = false
		if dst = s.word(dst, mark+MaxToken); len(dst) > mark {
			return dst, true
		}
	}
	return dst, false
}

// look says what the character at a place becomes, and how many bytes it has. Past the table many is always set
// for characters of words.
func (s *scanner) look(at int) (folded uint16, size int, many string) {
	c := s.text[at]
	if c < utf8.RuneSelf {
		return folds.table[c], 1, ""
	}
	r, size := utf8.DecodeRuneInString(s.text[at:])
	if r < tableSize {
		if folded = folds.table[r]; folded == foldMany {
			return folded, size, folds.many[r]
		}
		return folded, size, ""
	}
	if isUnit(r) {
		return foldUnit, size, ""
	}
	return s.lookFar(r, at, size)
}

// lookFar handles what stands past the table: Hangul as it is, full-width and presentation forms, and the rest.
func (s *scanner) lookFar(r rune, at, size int) (uint16, int, string) {
	if r >= 0xac00 && r <= 0xd7a3 {
		return foldMany, size, s.text[at : at+size]
	}
	if r >= 0x2010 && r <= 0x2027 {
		return foldBreak, size, ""
	}
	folded, word := foldRune(r)
	switch {
	case !word:
		return foldBreak, size, ""
	case folded == "":
		return foldDrop, size, ""
	}
	return foldMany, size, folded
}

// word appends the word at pos up to the length limit and passes over all of it.
func (s *scanner) word(dst []byte, limit int) []byte {
	s.start = s.pos
	for s.pos < len(s.text) {
		if c := s.text[s.pos]; c < utf8.RuneSelf {
			folded := folds.table[c]
			if folded == foldBreak {
				break
			}
			if len(dst) < limit {
				dst = append(dst, byte(folded))
			}
			s.pos++
			continue
		}
		folded, size, many := s.look(s.pos)
		if folded == foldBreak || folded == foldUnit {
			break
		}
		s.pos += size
		switch {
		case folded == foldDrop:
		case folded == foldMany:
			dst, limit = appendWithin(dst, many, limit)
		default:
			dst, limit = appendRune(dst, rune(folded), limit)
		}
	}
	s.end = s.pos
	return dst
}

// appendRune appends a character where it fits whole; where it does not, the limit comes down to what there is.
func appendRune(dst []byte, r rune, limit int) ([]byte, int) {
	if len(dst)+utf8.RuneLen(r) > limit {
		return dst, len(dst)
	}
	return utf8.AppendRune(dst, r), limit
}

// appendWithin appends a folding in the same way.
func appendWithin(dst []byte, s string, limit int) ([]byte, int) {
	if len(dst)+len(s) > limit {
		return dst, len(dst)
	}
	return append(dst, s...), limit
}

// pair appends the pair of characters at pos and goes on with the second. One that stands alone is a token too;
// one that ended a pair is not.
func (s *scanner) pair(dst []byte) []byte {
	first := s.unitEnd(s.pos)
	s.start = s.pos
	s.pos = first
	second := first
	if first < len(s.text) {
		if folded, _, _ := s.look(first); folded == foldUnit {
			second = s.unitEnd(first)
		}
	}
	if second == first && s.paired {
		s.paired = false
		return dst
	}
	s.paired = second > first
	s.end = second
	limit := len(dst) + MaxToken
	for _, r := range s.text[s.start:second] {
		if !isDropped(r) {
			dst, limit = appendRune(dst, r, limit)
		}
	}
	return dst
}

// unitEnd is where a character with its signs ends.
func (s *scanner) unitEnd(at int) int {
	_, size := utf8.DecodeRuneInString(s.text[at:])
	at += size
	for at < len(s.text) && s.text[at] >= utf8.RuneSelf {
		r, size := utf8.DecodeRuneInString(s.text[at:])
		if !isSign(r) {
			break
		}
		at += size
	}
	return at
}

// isSign reports whether a character is written onto the one before it: the signs of South-East Asian scripts,
// variation selectors and the voicing marks of kana.
func isSign(r rune) bool {
	switch {
	case r >= 0x3041 && r <= 0x9fff:
		return r == 0x3099 || r == 0x309a
	case r >= 0x0e00 && r < 0x1800:
		return unicode.IsMark(r) || isDropped(r)
	}
	return isDropped(r)
}

// utf8Cut is the length of the longest beginning of s that has at most n bytes and ends between characters.
func utf8Cut(s string, n int) int {
	if n >= len(s) {
		return len(s)
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}
