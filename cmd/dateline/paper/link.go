package paper

import (
	"html"
	"regexp"
)

var (
	pictureAttr = regexp.MustCompile(`data-picture="([^"]*)"`)
	speakerAttr = regexp.MustCompile(`data-speaker="([^"]*)"`)
	articleHref = regexp.MustCompile(`href="article:([^"]*)"`)
)

// Links lists the names of the articles that a text links to, in the order of the text.
func Links(body string) []string {
	var out []string
	for _, m := range articleHref.FindAllStringSubmatch(body, -1) {
		out = append(out, m[1])
	}
	return out
}

// WithLinks replaces every link to an article by its address, which the function given knows. Where it gives none the
// link is left without an address, and markup keeps its words alone.
func WithLinks(body string, address func(name string) string) string {
	return articleHref.ReplaceAllStringFunc(body, func(s string) string {
		return `href="` + html.EscapeString(address(articleHref.FindStringSubmatch(s)[1])) + `"`
	})
}
