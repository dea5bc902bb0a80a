package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostForms bounds how many other forms of a word are looked for.
const mostForms = 8

// Forms are the other forms under which a word of a query may stand in a text: other spellings, number and case, an article
// that is written onto it. They are guesses by the script alone, because nobody says in which language he asks; one that no
// text has costs nearly nothing. The word itself is not among them. A phrase has no other forms.
func (t Term) Forms() []string {
	if t.Phrase || len(t.Tokens) != 1 {
		return nil
	}
	word := t.Tokens[0]
	var list []string
	first, _ := utf8.DecodeRuneInString(word)
	switch {
	case first < utf8.RuneSelf:
		list = latinForms(word)
	case unicode.Is(unicode.Arabic, first):
		list = arabicForms(word)
	case unicode.Is(unicode.Devanagari, first):
		list = devanagariForms(word)
	}
	var out []string
	for _, form := range list {
		if form != word && len(form) <= MaxToken && len(out) < mostForms && !slices.Contains(out, form) {
			out = append(out, form)
		}
	}
	return out
}

// latinForms are the plurals and singulars of English, Spanish, French and, as far as they go by an ending, German; and ü for ue.
func latinForms(word string) (list []string) {
	if len(word) < 4 || strings.IndexFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) >= 0 {
		return nil
	}
	stem := func(ending string, least int) (string, bool) {
		s, ok := strings.CutSuffix(word, ending)
		return s, ok && len(s) >= least
	}
	if s, ok := stem("ies", 2); ok {
		list = append(list, s+"y")
	}
	if s, ok := stem("y", 3); ok {
		list = append(list, s+"ies")
	}
	if s, ok := stem("s", 3); ok && !strings.HasSuffix(s, "s") {
		list = append(list, s)
	} else {
		list = append(list, word+"s")
	}
	for _, ending := range []string{"es", "en"} {
		if s, ok := stem(ending, 4); ok {
			list = append(list, s)
		} else {
			list = append(list, word+ending)
		}
	}
	if plain := strings.NewReplacer("ae", "a", "oe", "o", "ue", "u").Replace(word); plain != word {
		list = append(list, plain)
	}
	return list
}

// arabicArticles stand before a noun and are written with it: the, and the, with the, like the, so the, for the.
var arabicArticles = []string{"ال", "وال", "بال", "كال", "فال", "لل"}

func arabicForms(word string) (list []string) {
	base := word
	for _, a := range arabicArticles {
		if s, ok := strings.CutPrefix(word, a); ok && utf8.RuneCountInString(s) >= 3 {
			base = s
			break
		}
	}
	if utf8.RuneCountInString(base) < 3 {
		return nil
	}
	list = append(list, base)
	for _, a := range arabicArticles {
		list = append(list, a+base)
	}
	return list
}

// devanagariEndings are groups of endings that a noun of Hindi takes in number and case.
var devanagariEndings = [][]string{{"ियों", "ियां", "ियाँ", "ी"}, {"ाओं", "ाएं", "ा"}, {"ों", "े", "ा"}, {"ों", "ें", ""}}

// nasals are the consonants that are also written as a dot over the letter before, each with those it stands before.
var nasals = map[rune]string{'ङ': "कखगघ", 'ञ': "चछजझ", 'ण': "टठडढ", 'न': "तथदध", 'म': "पफबभ"}

const (
	virama   = '्'
	anusvara = 'ं'
)

func devanagariForms(word string) (list []string) {
	list = append(list, withDots(word), withoutDots(word))
	for _, group := range devanagariEndings {
		for _, ending := range group {
			s, ok := strings.CutSuffix(word, ending)
			last, _ := utf8.DecodeLastRuneInString(s)
			if !ok || utf8.RuneCountInString(s) < 2 || ending == "" && !unicode.IsLetter(last) {
				continue
			}
			for _, other := range group {
				list = append(list, s+other)
			}
			break
		}
	}
	return list
}

// withDots writes nasal consonants as a dot: हिन्दी as हिंदी.
func withDots(word string) string {
	runes := []rune(word)
	out := runes[:0:0]
	for i := 0; i < len(runes); i++ {
		if before, ok := nasals[runes[i]]; ok && i > 0 && i+2 < len(runes) && runes[i+1] == virama && strings.ContainsRune(before, runes[i+2]) {
			out = append(out, anusvara)
			i++
			continue
		}
		out = append(out, runes[i])
	}
	return string(out)
}

// withoutDots is the inverse.
func withoutDots(word string) string {
	runes := []rune(word)
	var out []rune
	for i, r := range runes {
		if r == anusvara && i+1 < len(runes) {
			for nasal, before := range nasals {
				if strings.ContainsRune(before, runes[i+1]) {
					out = append(out, nasal, virama)
					r = 0
				}
			}
		}
		if r != 0 {
			out = append(out, r)
		}
	}
	return string(out)
}
