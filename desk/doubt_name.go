package desk

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// namesIn lists the words of a text that are names: they have a capital that no beginning of a sentence gives, or begin a
// sentence before another name, or own something there.
func namesIn(text string) (names []string) {
	fields := strings.Fields(text)
	begins := true
	for i, field := range fields {
		for _, w := range wordsOf(field) {
			if capital(w) && (!begins && !opens(field) && !common[strings.ToLower(w)] || owns(field) || i+1 < len(fields) && !endsSentence(field) && !common[strings.ToLower(w)] && capital(firstWord(fields[i+1]))) {
				names = append(names, bare(w))
			}
		}
		begins = endsSentence(field)
	}
	return names
}

// common are words that begin sentences before names: "The Estuary", "In Mora".
var common = map[string]bool{"a": true, "an": true, "the": true, "in": true, "on": true, "at": true, "by": true, "for": true, "from": true, "of": true, "to": true,
	"with": true, "as": true, "after": true, "before": true, "and": true, "but": true, "or": true, "when": true, "while": true, "if": true, "that": true, "this": true,
	"these": true, "those": true, "since": true, "until": true, "under": true, "over": true, "last": true, "next": true, "both": true, "said": true, "says": true,
	"it": true, "he": true, "she": true, "they": true, "we": true, "his": true, "her": true, "their": true, "our": true, "yesterday": true, "today": true}

func firstWord(field string) string {
	if w := wordsOf(field); len(w) > 0 {
		return w[0]
	}
	return ""
}

func capital(w string) bool {
	first, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(first) && !isNumber(w) && !rupee(w)
}

// opens says whether a quotation begins with a word, and so a sentence.
func opens(field string) bool {
	first, _ := utf8.DecodeRuneInString(field)
	return quotationMarks[first] != 0
}

func owns(field string) bool {
	f := strings.TrimRight(field, ".,;:!?")
	return strings.HasSuffix(f, "’s") || strings.HasSuffix(f, "'s")
}

// bare is a name without its possessive.
func bare(w string) string {
	return strings.TrimSuffix(strings.TrimSuffix(w, "’s"), "'s")
}

func sameName(a, b string) bool { return bare(a) == bare(b) }

// days are the names of days and months in scripts without case.
var days = strings.Fields("सोमवार मंगलवार बुधवार गुरुवार बृहस्पतिवार शुक्रवार शनिवार रविवार इतवार जनवरी फ़रवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर सितम्बर अक्टूबर अक्तूबर " +
	"नवंबर नवम्बर दिसंबर दिसम्बर الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر")

func isDayName(w string) bool {
	for _, d := range days {
		if folded(d) == folded(w) {
			return true
		}
	}
	return false
}

// endsSentence says whether a sentence may end with a word.
func endsSentence(field string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(field, "”’\"')»"))
	return strings.ContainsRune(".!?:।۔؟", last)
}
