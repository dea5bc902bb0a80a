package desk

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/datelinehq/dateline/markup"
)

// DoubtKind says why a change does not look minor.
type DoubtKind string

// What a minor change does not touch.
const (
	DoubtNumber    DoubtKind = "number"
	DoubtName      DoubtKind = "name"
	DoubtQuotation DoubtKind = "quotation"
	DoubtHeadline  DoubtKind = "headline"
)

// Doubt is one reason to think that a change is not minor, with the words that went and came.
type Doubt struct {
	Kind   DoubtKind `json:"kind"`
	Before string    `json:"before,omitempty"`
	After  string    `json:"after,omitempty"`
}

// maxDoubts is how many reasons are named; one is enough to ask again.
const maxDoubts = 6

// doubts looks through a difference for what no minor change touches: a number, a name, a quotation, the headline. Names
// are known by their capital; one at the beginning of a sentence is known where the whole text, which may be given, has it
// elsewhere. In scripts without case only days and months are names here.
func doubts(c *Comparison, whole ...string) []Doubt {
	var d doubter
	for _, text := range whole {
		d.names = append(d.names, namesIn(text)...)
	}
	for _, headline := range append([][]markup.Run{c.Headline}, c.elsewhere...) {
		if before, after := sides(headline); !sameWords(before, after) {
			d.add(DoubtHeadline, before, after)
		}
		d.text(headline)
	}
	d.text(c.Standfirst)
	for _, b := range c.Body {
		if b.Kind == markup.Same || b.Detail {
			continue
		}
		if before, after := sides(b.Runs); b.Type == markup.TypeQuote && !sameWords(before, after) {
			d.add(DoubtQuotation, clip(before, maxShown), clip(after, maxShown))
		}
		d.text(b.Runs)
	}
	return d.list
}

type doubter struct {
	list  []Doubt
	names []string // of the whole text
}

func (d *doubter) add(kind DoubtKind, before, after string) {
	doubt := Doubt{kind, before, after}
	if len(d.list) < maxDoubts && !slices.Contains(d.list, doubt) {
		d.list = append(d.list, doubt)
	}
}

// text looks at one block as it was and as it is.
func (d *doubter) text(runs []markup.Run) {
	before, after := sides(runs)
	if a, b, differ := numbersChanged(before, after); differ {
		d.add(DoubtNumber, a, b)
	}
	went, came := changedWords(runs)
	names := append(append(namesIn(before), namesIn(after)...), d.names...)
	isName := func(w string) bool { return slices.Contains(names, bare(w)) || isDayName(w) }
	if a, b := with(went, isName), with(came, isName); !slices.EqualFunc(a, b, sameName) {
		a, b = without(a, b), without(b, a)
		if len(a)+len(b) > 0 {
			d.add(DoubtName, strings.Join(a, " "), strings.Join(b, " "))
		}
	}
	if a, b := quoted(before), quoted(after); !slices.EqualFunc(a, b, strings.EqualFold) {
		a, b = without(a, b), without(b, a)
		d.add(DoubtQuotation, clip(strings.Join(a, " "), maxShown), clip(strings.Join(b, " "), maxShown))
	}
}

// sides gives a text as it was and as it is.
func sides(runs []markup.Run) (before, after string) {
	var was, is strings.Builder
	for _, r := range runs {
		if r.Kind != markup.RunAdded {
			was.WriteString(r.Text)
		}
		if r.Kind != markup.RunRemoved {
			is.WriteString(r.Text)
		}
	}
	return was.String(), is.String()
}

// changedWords gives the words that went and those that came.
func changedWords(runs []markup.Run) (went, came []string) {
	for _, r := range runs {
		switch r.Kind {
		case markup.RunRemoved:
			went = append(went, wordsOf(r.Text)...)
		case markup.RunAdded:
			came = append(came, wordsOf(r.Text)...)
		}
	}
	return went, came
}

// wordsOf parts a text into words without the signs around them.
func wordsOf(s string) (words []string) {
	for _, w := range strings.Fields(s) {
		if w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }); w != "" {
			words = append(words, w)
		}
	}
	return words
}

// sameWords says whether two texts hold the same words in the same order, whatever signs, blanks and cases lie between.
func sameWords(a, b string) bool {
	return slices.EqualFunc(wordsOf(a), wordsOf(b), strings.EqualFold)
}

func with(words []string, is func(string) bool) (out []string) {
	for _, w := range words {
		if is(w) {
			out = append(out, w)
		}
	}
	return out
}

func without(words, others []string) (out []string) {
	return with(words, func(w string) bool { return !slices.Contains(others, w) })
}

// quotationMarks are the pairs that quotations stand in. The single one closes where no letter follows: it is an apostrophe
// otherwise.
var quotationMarks = map[rune]rune{'“': '”', '„': '“', '«': '»', '"': '"', '‘': '’', '「': '」'}

// quoted gives the quotations of a text without their marks, as words.
func quoted(text string) (list []string) {
	var until rune
	var b strings.Builder
	runes := []rune(text)
	for i, r := range runes {
		apostrophe := r == '’' && i+1 < len(runes) && unicode.IsLetter(runes[i+1])
		switch {
		case until != 0 && r == until && !apostrophe:
			list = append(list, strings.Join(wordsOf(b.String()), " "))
			until = 0
			b.Reset()
		case until != 0:
			b.WriteRune(r)
		default:
			until = quotationMarks[r]
		}
	}
	return list
}

// maxShown is how many characters of a long passage a doubt shows.
const maxShown = 120

func clip(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:limit])) + "…"
}
