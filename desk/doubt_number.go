package desk

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func isNumber(w string) bool { return strings.IndexFunc(w, unicode.IsDigit) >= 0 }

// number is one number of a text: as it is written, and in a form that is the same for all ways of writing it.
type number struct{ written, value string }

// numbersChanged gives the numbers that went and those that came between two texts. The same number in other digits or in
// words, with its thousands grouped or not, is the same; another currency, a per cent or another order is not.
func numbersChanged(before, after string) (went, came string, differ bool) {
	a, b := numbersIn(before, false), numbersIn(after, false)
	if sameNumbers(a, b) {
		// One and first are as often no numbers; they count where something else took their place.
		a, b = numbersIn(before, true), numbersIn(after, true)
		if len(a) != len(b) {
			return "", "", false
		}
	}
	if sameNumbers(a, b) {
		return "", "", false
	}
	for len(a) > 0 && len(b) > 0 && a[0].value == b[0].value {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1].value == b[len(b)-1].value {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return written(a), written(b), true
}

func sameNumbers(a, b []number) bool {
	return slices.EqualFunc(a, b, func(x, y number) bool { return x.value == y.value })
}

func written(list []number) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = n.written
	}
	return clip(strings.Join(words, " "), maxShown)
}

// numbersIn lists the numbers of a text in their order, with what stands beside them that belongs to them.
func numbersIn(text string, weak bool) (list []number) {
	fields := strings.Fields(text)
	for i, field := range fields {
		for _, part := range partsOf(field) {
			n, ok := numberOf(part, weak)
			if !ok {
				continue
			}
			if i > 0 && rupee(fields[i-1]) && !strings.HasPrefix(n.value, "₹") {
				n = number{fields[i-1] + " " + n.written, "₹" + n.value}
			}
			if i+1 < len(fields) && percent(fields[i+1:]) {
				n = number{n.written + " " + trimmed(fields[i+1]), n.value + "%"}
			}
			list = append(list, n)
		}
	}
	return list
}

// partsOf parts words that a hyphen or dash joins where they are words: twenty-one. What holds a digit stays whole: 2-1, -4.
func partsOf(field string) []string {
	if isNumber(field) {
		return []string{field}
	}
	return strings.FieldsFunc(field, func(r rune) bool { return r == '-' || r == '–' || r == '—' || r == '/' })
}

// trimmed is a word without the punctuation around it, but with the signs that belong to a number.
func trimmed(w string) string {
	return strings.TrimFunc(w, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !unicode.Is(unicode.Sc, r) && !strings.ContainsRune("%‰°٪-−+", r)
	})
}

func rupee(w string) bool {
	w = strings.ToLower(trimmed(w))
	return w == "rs" || w == "inr" || w == "₹"
}

// percent says whether words that follow a number say per cent.
func percent(next []string) bool {
	w := folded(trimmed(next[0]))
	return slices.ContainsFunc(percents, func(p string) bool { return folded(p) == w }) ||
		w == "per" && len(next) > 1 && strings.HasPrefix(folded(trimmed(next[1])), "cent")
}

var percents = []string{"percent", "%", "प्रतिशत", "फ़ीसदी", "फीसदी", "بالمئة", "بالمائة", "٪"}

func folded(w string) string { return strings.ToLower(norm.NFC.String(w)) }

// numberOf reads one word as a number.
func numberOf(word string, weak bool) (number, bool) {
	w := trimmed(word)
	if isNumber(w) {
		return number{w, digits(w)}, true
	}
	f := folded(w)
	if v, ok := strongWords[f]; ok {
		return number{w, v}, true
	}
	if v, ok := weakWords[f]; ok && weak {
		return number{w, v}, true
	}
	return number{}, false
}

// digits writes a number in European digits, without the signs that group its thousands.
func digits(w string) string {
	runes := []rune(w)
	var b strings.Builder
	for i, r := range runes {
		groups := (r == ',' || r == '٬' || r == '\'' || r == '’' || r == '\u00a0' || r == '\u202f') && i > 0 && unicode.IsDigit(runes[i-1]) &&
			i+2 < len(runes) && unicode.IsDigit(runes[i+1]) && unicode.IsDigit(runes[i+2])
		switch {
		case groups:
		case unicode.IsDigit(r):
			b.WriteString(strconv.Itoa(digit(r)))
		case r == '٫':
			b.WriteByte('.')
		case r == '٪':
			b.WriteByte('%')
		case r == '−' || r == '–':
			b.WriteByte('-')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// digit is the value of a decimal digit of any script: Unicode has them in runs of ten from a zero.
func digit(r rune) int {
	zero := r
	for zero > 0 && unicode.IsDigit(zero-1) && r-zero < 9 {
		zero--
	}
	// Runs of digits that touch others begin at a multiple: those of mathematics are five runs of ten.
	if r >= 0x1D7CE && r <= 0x1D7FF {
		return int(r-0x1D7CE) % 10
	}
	return int(r - zero)
}

// strongWords and weakWords are numbers in words, with their value.
var strongWords, weakWords = numberWords()

func numberWords() (strong, weak map[string]string) {
	strong, weak = map[string]string{}, map[string]string{}
	put := func(to map[string]string, value string, words ...string) {
		for _, w := range words {
			to[folded(w)] = value
		}
	}
	for i, w := range strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty") {
		put(strong, strconv.Itoa(i), w)
	}
	for i, w := range strings.Fields("thirty forty fifty sixty seventy eighty ninety") {
		put(strong, strconv.Itoa(30+10*i), w)
	}
	for i, w := range strings.Fields("first second third fourth fifth sixth seventh eighth ninth tenth") {
		put(weak, strconv.Itoa(i+1)+"th", w)
	}
	for _, w := range strings.Fields("hundred thousand million billion trillion lakh crore dozen half hundreds thousands millions billions trillions lakhs crores dozens " +
		"सौ हज़ार हजार लाख करोड़ अरब खरब आधा आधे डेढ़ ढाई दर्जन") {
		put(strong, strings.TrimSuffix(folded(w), "s"), w)
	}
	put(strong, folded("हज़ार"), "हजार")
	for i, words := range strings.Fields(hindi) {
		put(strong, strconv.Itoa(i), strings.Split(words, "/")...)
	}
	for _, w := range []string{"one", "एक"} {
		put(weak, strong[folded(w)], w)
		delete(strong, folded(w))
	}
	return strong, weak
}

// hindi are the numbers from none to a hundred less one.
const hindi = "शून्य एक दो तीन चार पाँच/पांच छह/छः/छ सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह/पन्द्रह सोलह सत्रह अठारह उन्नीस बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस/अठाईस " +
	"उनतीस तीस इकतीस/इकत्तीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस चालीस इकतालीस बयालीस तैंतालीस चौवालीस/चवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास पचास इक्यावन बावन तिरपन चौवन " +
	"पचपन छप्पन सत्तावन अट्ठावन/अठावन उनसठ साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उन्यासी/उनासी अस्सी " +
	"इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी/अठासी नवासी नब्बे इक्यानवे बानवे तिरानवे चौरानवे पचानवे/पंचानवे छियानवे सत्तानवे अट्ठानवे/अठानवे निन्यानवे"
