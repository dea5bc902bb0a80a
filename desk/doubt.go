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
// are known by their capital, so scripts without case have none here.
func doubts(c *Comparison) []Doubt {
	var d doubter
	if before, after := sides(c.Headline); !sameWords(before, after) {
		d.add(DoubtHeadline, before, after)
	}
	d.text(c.Headline)
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

type doubter struct{ list []Doubt }

func (d *doubter) add(kind DoubtKind, before, after string) {
	doubt := Doubt{kind, before, after}
	if len(d.list) < maxDoubts && !slices.Contains(d.list, doubt) {
		d.list = append(d.list, doubt)
	}
}

// text looks at the words of one block that went and came.
func (d *doubter) text(runs []markup.Run) {
	before, after := sides(runs)
	went, came := changedWords(runs)
	if a, b := with(went, isNumber), with(came, isNumber); !slices.Equal(a, b) {
		d.add(DoubtNumber, strings.Join(a, " "), strings.Join(b, " "))
	}
	isOldName, isNewName := nameIn(before), nameIn(after)
	if a, b := with(went, isOldName), with(came, isNewName); !slices.Equal(a, b) {
		d.add(DoubtName, strings.Join(a, " "), strings.Join(b, " "))
	}
	if a, b := quoted(before), quoted(after); !slices.Equal(a, b) {
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

func isNumber(w string) bool { return strings.IndexFunc(w, unicode.IsDigit) >= 0 }

// nameIn says of a word whether it is a name in a text: it has a capital somewhere that no beginning of a sentence gives.
func nameIn(text string) func(string) bool {
	names := map[string]bool{}
	begins := true
	for _, field := range strings.Fields(text) {
		for _, w := range wordsOf(field) {
			first, _ := utf8.DecodeRuneInString(w)
			if unicode.IsUpper(first) && !begins && !isNumber(w) {
				names[w] = true
			}
		}
		begins = endsSentence(field)
	}
	return func(w string) bool { return names[w] }
}

// endsSentence says whether a sentence may end with a word.
func endsSentence(field string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(field, "”’\"')»"))
	return strings.ContainsRune(".!?:।۔؟", last)
}

// quotationMarks are the pairs that quotations stand in.
var quotationMarks = map[rune]rune{'“': '”', '„': '“', '«': '»', '"': '"'}

// quoted gives the quotations of a text without their marks, as words.
func quoted(text string) (list []string) {
	var until rune
	var b strings.Builder
	for _, r := range text {
		switch {
		case until != 0 && r == until:
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

// firstChange gives the sentence of the newer text in which its first change stands, and the words that it replaced: what a
// public note can be made of.
func firstChange(c *Comparison) (sentence, was string) {
	for _, b := range c.Body {
		if b.Kind == markup.Changed || b.Kind == markup.Added {
			if sentence, was = changeIn(b.Runs); sentence != "" {
				return sentence, was
			}
		}
	}
	for _, runs := range [][]markup.Run{c.Standfirst, c.Headline} {
		if sentence, was = changeIn(runs); sentence != "" {
			return sentence, was
		}
	}
	return "", ""
}

// changeIn gives the sentence around the first change of a block, and the words that went there.
func changeIn(runs []markup.Run) (sentence, was string) {
	_, text := sides(runs)
	at, began := 0, -1
	for _, r := range runs {
		if r.Kind != markup.RunEqual && began < 0 {
			began = at
		}
		if r.Kind == markup.RunRemoved && was == "" {
			was = strings.TrimSpace(r.Text)
		}
		if r.Kind != markup.RunRemoved {
			at += len(r.Text)
		}
	}
	if began < 0 {
		return "", ""
	}
	return sentenceAt(text, began), clip(was, maxShown)
}

// sentenceAt gives the sentence of a text in which a byte stands.
func sentenceAt(text string, at int) string {
	start := 0
	for _, field := range fieldsWithPlaces(text) {
		if field.start > at {
			break
		}
		if field.first {
			start = field.start
		}
	}
	end := len(text)
	for _, field := range fieldsWithPlaces(text) {
		if field.start+len(field.word) > at && field.last {
			end = field.start + len(field.word)
			break
		}
	}
	return strings.Join(strings.Fields(text[start:end]), " ")
}

// place is a word with where it stands, and whether it begins or ends a sentence.
type place struct {
	word        string
	start       int
	first, last bool
}

func fieldsWithPlaces(text string) (list []place) {
	first := true
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			first = first || r == '\n'
			i += size
			continue
		}
		end := strings.IndexFunc(text[i:], unicode.IsSpace)
		if end < 0 {
			end = len(text) - i
		}
		word := text[i : i+end]
		last := endsSentence(word)
		list = append(list, place{word, i, first, last})
		first = last
		i += end
	}
	return list
}
