package page

import (
	"encoding/json"
	"regexp"
	"strings"
)

// article is what JSON-LD says of an article (schema.org/Article and its kinds).
type article struct {
	headline, description, published, modified, language, image, publisher string
	section                                                                []string
	keywords                                                               []string
	authors                                                                []string
}

var (
	articleType   = regexp.MustCompile(`(?i)(?:^|[:/#])(?:[a-z]*article|blogposting|report|liveblogposting|analysis)$`)
	trailingComma = regexp.MustCompile(`,(\s*[}\]])`)
	cdataMarks    = regexp.MustCompile(`^\s*(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?|(?://|/\*)?\s*\]\]>(?:\s*\*/)?\s*$|^\s*<!--|-->\s*$`)
)

// maxLinked bounds one script of JSON-LD.
const maxLinked = 4 << 20

// readLinked finds the articles in a script of JSON-LD, which may hold a list or an @graph. Common mistakes are
// forgiven: line ends in strings, a comma too many, a semicolon at the end. What cannot be read says nothing.
func readLinked(src string) []article {
	if len(src) > maxLinked {
		return nil
	}
	src = strings.TrimRight(strings.TrimSpace(cdataMarks.ReplaceAllString(src, "")), "; \t\n")
	src = strings.Map(func(r rune) rune {
		if r < 0x20 {
			return ' '
		}
		return r
	}, src)
	var v any
	if json.Unmarshal([]byte(src), &v) != nil {
		if json.Unmarshal([]byte(trailingComma.ReplaceAllString(src, "$1")), &v) != nil {
			return nil
		}
	}
	var found []article
	findArticles(v, 0, &found)
	return found
}

func findArticles(v any, depth int, found *[]article) {
	if depth > 6 || len(*found) >= 10 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			findArticles(e, depth+1, found)
		}
	case map[string]any:
		if isArticle(v["@type"]) {
			*found = append(*found, toArticle(v))
			return
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			findArticles(v[key], depth+1, found)
		}
	}
}

func isArticle(t any) bool {
	for _, s := range texts(t, "") {
		if articleType.MatchString(s) {
			return true
		}
	}
	return false
}

func toArticle(v map[string]any) article {
	return article{
		headline: firstText(v["headline"], v["name"]), description: firstText(v["description"]),
		published: firstText(v["datePublished"], v["dateCreated"]), modified: firstText(v["dateModified"]),
		language: firstText(v["inLanguage"]), image: firstText(urls(v["image"]), urls(v["thumbnailUrl"])), publisher: firstText(v["publisher"]),
		section: texts(v["articleSection"], "name"), keywords: keywords(v["keywords"]), authors: people(v["author"]),
	}
}

// texts lists the strings of a value: itself, those of a list, or the named member of objects.
func texts(v any, member string) (out []string) {
	switch v := v.(type) {
	case string:
		if s := tidy(v); s != "" {
			return []string{s}
		}
	case []any:
		for _, e := range v {
			if len(out) < 100 {
				out = append(out, texts(e, member)...)
			}
		}
	case map[string]any:
		if s, ok := v[member].(string); ok {
			return texts(s, member)
		}
	}
	return out
}

func firstText(values ...any) string {
	for _, v := range values {
		if t := texts(v, "name"); len(t) > 0 {
			return t[0]
		}
	}
	return ""
}

func urls(v any) any {
	if t := texts(v, "url"); len(t) > 0 {
		return t[0]
	}
	return nil
}

// people lists authors that are not organisations.
func people(v any) (out []string) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			out = append(out, people(e)...)
		}
	case map[string]any:
		for _, t := range texts(v["@type"], "") {
			if strings.HasSuffix(t, "Organization") {
				return nil
			}
		}
		return texts(v["name"], "")
	default:
		return texts(v, "")
	}
	return out
}

func keywords(v any) (out []string) {
	for _, s := range texts(v, "name") {
		out = append(out, strings.Split(s, ",")...)
	}
	return out
}
