package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/datelinehq/dateline/search"
)

// The word index is the one part of the queries that is SQLite's own: FTS5. It is fed tokens of package search, which
// its tokenizer only has to part at blanks.

// replaceWords gives the words of an article a new row in place of an old one, 0 where there was none.
func (t *tx) replaceWords(was, row int64, words string) error {
	if was > 0 {
		if _, err := t.exec("DELETE FROM article_words WHERE rowid = $1", was); err != nil {
			return err
		}
	}
	_, err := t.exec("INSERT INTO article_words (rowid, words) VALUES ($1, $2)", row, search.AppendTokens(nil, words))
	return err
}

// maxTerms bounds how many words of a query are asked for.
const maxTerms = 24

// matchAll asks for rows that hold every word of a query. Tokens are letters and digits, so that none can be read as an
// operator. A query without any matches nothing.
// While somebody types, the last word may be the beginning of one, if it has three characters.
func matchAll(query string, typing bool) string {
	tokens := search.Tokens(nil, query)
	if len(tokens) == 0 {
		return `""`
	}
	tokens = tokens[:min(len(tokens), maxTerms)]
	match := `"` + strings.Join(tokens, `" AND "`) + `"`
	if last, _ := utf8.DecodeLastRuneInString(query); typing && unicode.IsLetter(last) && utf8.RuneCountInString(tokens[len(tokens)-1]) >= 3 {
		match += "*"
	}
	return match
}
