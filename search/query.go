package search

import (
	"strings"
	"unicode"
)

// Bounds of a query. What a reader typed beyond them is not asked for.
const (
	MaxQuery  = 1_000 // bytes read
	MaxTerms  = 12    // words and phrases
	maxTokens = 32    // tokens of all terms together
)

// Query is what a reader asks for: every term must be found.
type Query struct {
	Terms []Term
	// Prefix lets the last token of the last term be the beginning of a word. ParseQuery leaves it off.
	Prefix bool
}

// Term is a word or a phrase. A word may have several tokens (e-mail, or three ideographs); they stand in a row
// in the text, as those of a phrase do.
type Term struct {
	Tokens []string
	Phrase bool // it stood in quotation marks
}

// Empty reports whether nothing is asked for.
func (q Query) Empty() bool { return len(q.Terms) == 0 }

// ParseQuery reads what a reader typed: words, and phrases in quotation marks. It never fails: what is no letter
// or digit parts words, a quotation mark without its partner is passed over, and what is too long is cut.
func ParseQuery(text string) Query {
	text = text[:utf8Cut(text, MaxQuery)]
	var p queryParser
	for text != "" && !p.full() {
		open := strings.IndexFunc(text, isQuote)
		if open < 0 {
			p.words(text)
			break
		}
		p.words(text[:open])
		inner := trimQuote(text[open:])
		end := strings.IndexFunc(inner, isQuote)
		if end < 0 {
			p.words(inner)
			break
		}
		p.add(inner[:end], true)
		text = trimQuote(inner[end:])
	}
	return p.query
}

func isQuote(r rune) bool {
	return r == '"' || r == '“' || r == '”' || r == '„' || r == '«' || r == '»' || r == '＂'
}

// trimQuote passes over the quotation mark at the beginning.
func trimQuote(s string) string {
	for i := range s {
		if i > 0 {
			return s[i:]
		}
	}
	return ""
}

type queryParser struct {
	query  Query
	tokens int
}

func (p *queryParser) full() bool { return len(p.query.Terms) >= MaxTerms || p.tokens >= maxTokens }

func (p *queryParser) words(text string) {
	for word := range strings.FieldsFuncSeq(text, unicode.IsSpace) {
		p.add(word, false)
	}
}

// add makes a term of a word or phrase, once.
func (p *queryParser) add(text string, phrase bool) {
	if p.full() {
		return
	}
	tokens := Tokens(nil, text)
	tokens = tokens[:min(len(tokens), maxTokens-p.tokens)]
	if len(tokens) == 0 {
		return
	}
	joined := strings.Join(tokens, " ")
	for _, t := range p.query.Terms {
		if strings.Join(t.Tokens, " ") == joined {
			return
		}
	}
	p.tokens += len(tokens)
	p.query.Terms = append(p.query.Terms, Term{Tokens: tokens, Phrase: phrase})
}
