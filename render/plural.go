package render

import (
	"strconv"
	"strings"
)

// Plural is a phrase about a number, in the forms that its language tells apart (Unicode CLDR's categories for whole
// numbers). {n} stands for the number, grouped. Forms that a language does not have are empty.
type Plural struct {
	Zero, One, Two, Few, Many, Other string
}

// pluralRule chooses the form of a whole number that is not negative.
type pluralRule func(p *Plural, n int) string

// pluralEnglish knows one and other.
func pluralEnglish(p *Plural, n int) string {
	if n == 1 {
		return p.One
	}
	return p.Other
}

// pluralHindi says one for nothing as well.
func pluralHindi(p *Plural, n int) string {
	if n == 0 || n == 1 {
		return p.One
	}
	return p.Other
}

// pluralArabic knows all six: few for those that end in 3 to 10 of a hundred, many for 11 to 99.
func pluralArabic(p *Plural, n int) string {
	switch last := n % 100; {
	case n == 0:
		return p.Zero
	case n == 1:
		return p.One
	case n == 2:
		return p.Two
	case last >= 3 && last <= 10:
		return p.Few
	case last >= 11:
		return p.Many
	}
	return p.Other
}

// Count gives a phrase about a number of things.
func (c *Catalogue) Count(p Plural, n int) string {
	return strings.ReplaceAll(c.plural(&p, n), "{n}", Number(n))
}

// Number groups a whole number by thousands with commas. All three languages of the catalogues are set with European
// digits and in groups of three, so that a number reads the same on every page of a paper.
func Number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}
