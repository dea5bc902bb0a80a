package feed

import (
	"encoding/json"
	"unicode/utf8"
)

// MIME types of what browsers and other programs search a paper by.
const (
	SearchType      = "application/opensearchdescription+xml"
	SuggestionsType = "application/x-suggestions+json"
)

// shortName is how many characters OpenSearch allows an engine's short name.
const shortName = 16

// SearchDescription says how a paper is searched (OpenSearch 1.1, draft 6): search and suggestions are absolute addresses that
// end where the words go.
func SearchDescription(paper, language, icon, search, suggestions string) []byte {
	s := sink{b: make([]byte, 0, 1024)}
	s.raw(declaration, `<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">`, "\n")
	short := paper
	if utf8.RuneCountInString(short) > shortName {
		short = string([]rune(short)[:shortName])
	}
	s.tag(" ", "ShortName", short)
	s.tag(" ", "LongName", paper)
	s.tag(" ", "Description", paper) // required
	s.tag(" ", "Language", language)
	s.tag(" ", "InputEncoding", "UTF-8")
	s.raw(` <Image type="image/svg+xml">`)
	s.text(icon)
	s.raw("</Image>\n")
	for _, u := range []struct{ kind, address string }{{"text/html", search}, {SuggestionsType, suggestions}} {
		s.raw(" <Url")
		s.attr("type", u.kind)
		s.attr("template", u.address+"{searchTerms}")
		s.raw("/>\n")
	}
	s.raw("</OpenSearchDescription>\n")
	return s.b
}

// Suggestions answers what may be meant by words that are still being typed (OpenSearch Suggestions 1.0): the words as they came, then
// the questions that they may become.
func Suggestions(words string, questions []string) []byte {
	if questions == nil {
		questions = []string{}
	}
	b, err := json.Marshal([]any{words, questions})
	if err != nil {
		panic(err) // strings always encode
	}
	return append(b, '\n')
}
