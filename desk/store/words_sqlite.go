package store

import (
	"strings"
	"unicode"
)

// The word index is the one part of the queries that is SQLite's own: FTS5.

// replaceWords gives the words of an article a new row in place of an old one, 0 where there was none.
func (t *tx) replaceWords(was, row int64, words string) error {
	if was > 0 {
		if _, err := t.exec("DELETE FROM article_words WHERE rowid = $1", was); err != nil {
			return err
		}
	}
	_, err := t.exec("INSERT INTO article_words (rowid, words) VALUES ($1, $2)", row, words)
	return err
}

// matchAll asks for rows that hold every word of a query. Words are parted as the index parts them, so that none can be read as an operator or a phrase.
func matchAll(query string) string {
	words := strings.FieldsFunc(query, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
	if len(words) == 0 {
		return `"` + "\u00a0" + `"` // matches nothing
	}
	for i, w := range words {
		words[i] = `"` + w + `"`
	}
	return strings.Join(words, " AND ")
}
