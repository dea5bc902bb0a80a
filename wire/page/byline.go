package page

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	byWord    = regexp.MustCompile(`(?i)^(?:written\s+by|reported\s+by|story\s+by|text\s+by|by|von|par|por|di|af|av|door|texto|text)[\s:]+`)
	aside     = regexp.MustCompile(`^\((?:with|avec|con|com|mit|med|met)\s+(.*)\)$`)
	bracketed = regexp.MustCompile(`\([^()]*\)`)
	between   = regexp.MustCompile(`\s*(?:[,;|/•·]|\s(?:and|und|et|y|e|og|och|en|और)\s|\s&\s|\s\+\s)\s*`)
	notName   = regexp.MustCompile(`(?i)https?:|www\.|@|\d|\b(?:updated|published|staff|editor|correspondent|reporter|redaktion|redaction|newsroom|desk|team|author|twitter|facebook|today|yesterday|follow|more from)\b`)
)

// persons finds people's names in bylines as printed. What is a date, an address, the site's own name or a function
// is nobody's name.
func persons(printed []string, sites ...string) (names []string) {
	seen := map[string]bool{}
	add := func(name string) {
		name = strings.Trim(byWord.ReplaceAllString(strings.TrimSpace(name), ""), " .,:;|-–—")
		if key := letters(name); isName(name, sites) && !seen[key] && len(names) < 20 {
			seen[key] = true
			names = append(names, name)
		}
	}
	for _, text := range printed {
		if isSite(text, sites) {
			continue
		}
		var with []string
		text = bracketed.ReplaceAllStringFunc(text, func(s string) string {
			if m := aside.FindStringSubmatch(s); m != nil {
				with = append(with, m[1])
				return ""
			}
			return s
		})
		for _, part := range append([]string{text}, with...) {
			for _, name := range between.Split(byWord.ReplaceAllString(tidy(part), ""), -1) {
				add(name)
			}
		}
	}
	return names
}

func isSite(text string, sites []string) bool {
	for _, s := range sites {
		if s != "" && letters(s) == letters(text) {
			return true
		}
	}
	return false
}

func isName(s string, sites []string) bool {
	n := utf8.RuneCountInString(s)
	if n < 2 || n > 60 || len(strings.Fields(s)) > 6 || notName.MatchString(s) || isSite(s, sites) {
		return false
	}
	return strings.IndexFunc(s, unicode.IsLetter) >= 0
}
