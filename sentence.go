package dateline

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// Sentence is something that Dateline says in the newsroom: its English and the values in it, kept apart so that a catalogue can say the
// same in another language. The zero Sentence says nothing.
type Sentence struct {
	Format string     `json:"format,omitempty"` // English, in the form of package fmt; catalogues have it as their key
	Values []Sentence `json:"values,omitempty"` // one for each verb of Format
	Text   string     `json:"text,omitempty"`   // in place of Format: words that are nobody's to translate, such as a name
}

// Phrase is a part of a sentence that catalogues have words of its own for.
type Phrase string

var (
	verbs  = regexp.MustCompile(`%(?:%|[-+# 0]*[0-9]*(?:\.[0-9]+)?[a-zA-Z])`)
	places = regexp.MustCompile(`%(?:%|(?:\[([0-9]+)\])?[-+# 0]*[0-9]*(?:\.[0-9]+)?[a-zA-Z])`)
)

// Say makes a sentence of what fmt.Sprintf would be given. A value that is a sentence or can be said as one, as errors of this
// package can, or is of a type made of strings such as Role, is said in the other language too.
func Say(format string, args ...any) Sentence {
	s := Sentence{Format: format}
	for _, verb := range verbs.FindAllString(format, -1) {
		if n := len(s.Values); verb != "%%" && n < len(args) {
			s.Values = append(s.Values, valueOf(verb, args[n]))
		}
	}
	if len(s.Values) == 1 && (format == "%s" || format == "%v") {
		return s.Values[0]
	}
	return s
}

func valueOf(verb string, arg any) Sentence {
	switch v := arg.(type) {
	case Sentence:
		return v
	case error:
		var e interface{ Sentence() Sentence }
		if errors.As(v, &e) && e.Sentence().String() == v.Error() {
			return e.Sentence()
		}
	case ID:
	default:
		if t := reflect.TypeOf(arg); t != nil && t.Kind() == reflect.String && t.PkgPath() != "" && verb == "%s" {
			return Sentence{Format: literally(fmt.Sprint(arg))}
		}
	}
	return Sentence{Text: fmt.Sprintf(verb, arg)}
}

// literally makes a format of words that are none.
func literally(words string) string { return strings.ReplaceAll(words, "%", "%%") }

// String gives the sentence in English.
func (s Sentence) String() string {
	return s.In(func(string) string { return "" })
}

// In gives the sentence in the language of a catalogue, which answers what it has for an English format, and "" where it has nothing:
// that part stays English. The places of what it answers may be numbered (%[2]s); their verbs do not matter.
func (s Sentence) In(catalogue func(format string) string) string {
	if s.Format == "" {
		return s.Text
	}
	format := catalogue(s.Format)
	if format == "" {
		format = s.Format
	}
	next := 0
	return places.ReplaceAllStringFunc(format, func(place string) string {
		if place == "%%" {
			return "%"
		}
		if n, err := strconv.Atoi(places.FindStringSubmatch(place)[1]); err == nil {
			next = n - 1
		}
		if next < 0 || next >= len(s.Values) {
			return place
		}
		next++
		return s.Values[next-1].In(catalogue)
	})
}
