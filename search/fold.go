package search

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Entries of the table that stand for no character.
const (
	foldBreak = 0      // ends a word
	foldDrop  = 0xffff // is left out, within a word
	foldMany  = 0xfffe // becomes several characters, see foldings.many
	foldUnit  = 0xfffd // belongs to a script written without blanks
)

// tableSize is the first character past the table: every script with case, the Semitic and the Indic ones are
// below it.
const tableSize = 0x2000

// foldings says for each character below tableSize what it becomes.
type foldings struct {
	table [tableSize]uint16
	many  map[rune]string
}

// folds is built once and never written to again.
var folds = buildFoldings()

// letters are foldings that no decomposition of Unicode gives.
var letters = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h", 'ı': "i",
	'ŋ': "n", 'ŧ': "t", 'ς': "σ", 'ى': "ي", 'ی': "ي", 'ک': "ك", 'ة': "ه", 'ٱ': "ا", 'ە': "ه", 'ँ': "ं",
}

func buildFoldings() *foldings {
	f := &foldings{many: map[rune]string{}}
	for r := rune(0); r < tableSize; r++ {
		if isUnit(r) {
			f.table[r] = foldUnit
			continue
		}
		switch s, word := foldRune(r); {
		case !word:
		case s == "":
			f.table[r] = foldDrop
		case utf8.RuneCountInString(s) == 1:
			only, _ := utf8.DecodeRuneInString(s)
			f.table[r] = uint16(only)
		default:
			f.table[r] = foldMany
			f.many[r] = s
		}
	}
	return f
}

// foldRune gives what a character of a word becomes, which may be nothing; word is false for one that ends it.
func foldRune(r rune) (folded string, word bool) {
	switch {
	case isDropped(r):
		return "", true
	case r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r):
		return "", false
	}
	r = unicode.ToLower(r)
	if s, ok := letters[r]; ok {
		return s, true
	}
	var out []rune
	for _, part := range norm.NFKD.String(string(r)) {
		switch {
		case isDropped(part):
		case unicode.IsDigit(part):
			out = append(out, digit(part))
		case unicode.IsLetter(part) || unicode.IsMark(part):
			if s, ok := letters[part]; ok {
				out = append(out, []rune(s)...)
			} else {
				out = append(out, unicode.ToLower(part))
			}
		default:
			return "", false
		}
	}
	if len(out) == 1 && unicode.IsNumber(out[0]) && !unicode.IsDigit(out[0]) {
		return "", false
	}
	return string(out), true
}

// digit gives the European digit of a decimal digit of any script. Those of one script stand in a row of ten that
// begins with nought.
func digit(r rune) rune {
	for zero := r; ; zero-- {
		if r-zero == 9 || !unicode.IsDigit(zero-1) {
			return '0' + (r-zero)%10
		}
	}
}

// dropped are signs that a search does not ask for: accents that stand alone, vowel signs of Arabic and Hebrew,
// lengthening strokes, the dot of Devanagari's borrowed letters, joiners, and marks that only steer the look.
var dropped = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00ad, Hi: 0x00ad, Stride: 1}, {Lo: 0x0300, Hi: 0x036f, Stride: 1}, {Lo: 0x0483, Hi: 0x0489, Stride: 1},
		{Lo: 0x0591, Hi: 0x05bd, Stride: 1}, {Lo: 0x05bf, Hi: 0x05bf, Stride: 1}, {Lo: 0x05c1, Hi: 0x05c2, Stride: 1},
		{Lo: 0x05c4, Hi: 0x05c5, Stride: 1}, {Lo: 0x05c7, Hi: 0x05c7, Stride: 1}, {Lo: 0x0610, Hi: 0x061a, Stride: 1},
		{Lo: 0x061c, Hi: 0x061c, Stride: 1}, {Lo: 0x0640, Hi: 0x0640, Stride: 1}, {Lo: 0x064b, Hi: 0x065f, Stride: 1},
		{Lo: 0x0670, Hi: 0x0670, Stride: 1}, {Lo: 0x06d6, Hi: 0x06dc, Stride: 1}, {Lo: 0x06df, Hi: 0x06e8, Stride: 1},
		{Lo: 0x06ea, Hi: 0x06ed, Stride: 1}, {Lo: 0x0711, Hi: 0x0711, Stride: 1}, {Lo: 0x0730, Hi: 0x074a, Stride: 1},
		{Lo: 0x093c, Hi: 0x093c, Stride: 1}, {Lo: 0x180b, Hi: 0x180f, Stride: 1}, {Lo: 0x1ab0, Hi: 0x1aff, Stride: 1}, {Lo: 0x1dc0, Hi: 0x1dff, Stride: 1},
		{Lo: 0x200c, Hi: 0x200f, Stride: 1}, {Lo: 0x202a, Hi: 0x202e, Stride: 1}, {Lo: 0x2060, Hi: 0x206f, Stride: 1},
		{Lo: 0x20d0, Hi: 0x20ff, Stride: 1}, {Lo: 0xfe00, Hi: 0xfe0f, Stride: 1}, {Lo: 0xfe20, Hi: 0xfe2f, Stride: 1},
		{Lo: 0xfeff, Hi: 0xfeff, Stride: 1},
	},
	R32:         []unicode.Range32{{Lo: 0xe0100, Hi: 0xe01ef, Stride: 1}},
	LatinOffset: 1,
}

func isDropped(r rune) bool { return r >= 0xad && unicode.Is(dropped, r) }

// isUnit reports whether a character belongs to a script written without blanks, in which words are found by
// pairs of characters.
func isUnit(r rune) bool {
	switch {
	case r < 0x0e00:
		return false
	case r < 0x1100:
		return unicode.IsLetter(r) && unicode.In(r, unicode.Thai, unicode.Lao, unicode.Myanmar)
	case r < 0x1800:
		return unicode.IsLetter(r) && unicode.Is(unicode.Khmer, r)
	case r >= 0x3041 && r <= 0x30ff:
		return r != 0x30a0 && r != 0x30fb
	case r >= 0x4e00 && r <= 0x9fff:
		return true
	case r < 0x2e80 || r >= 0xac00 && r < 0xf900:
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
