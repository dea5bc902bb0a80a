package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a stretch of a text in bytes, from Start up to and without End.
type Span struct{ Start, End int }

// maxSpans bounds how many matches of one text are looked at.
const maxSpans = 1_000

// Mark finds what a query asks for in a text: the places of its terms in order, none over another. At most a
// thousand are given.
func Mark(text string, q Query) []Span {
	found := find(text, q)
	slices.SortFunc(found, func(a, b match) int { return a.Start - b.Start })
	var out []Span
	for _, m := range found {
		if last := len(out) - 1; last >= 0 && m.Start < out[last].End {
			out[last].End = max(out[last].End, m.End)
			continue
		}
		out = append(out, m.Span)
	}
	return out
}

// match is a place where a term was found.
type match struct {
	Span
	term int
}

// matcher runs over the tokens of a text and knows of every term how far it has come: bit i of state is set when
// the tokens up to the i-th of all terms stand in a row and end here (the shift-and method).
type matcher struct {
	bits   map[string]uint64 // for each token, the places it has in the terms
	first  uint64            // the places where terms begin
	ends   []int             // for each term, the place of its last token
	prefix string            // the last token when it may go on
	open   uint64            // the place of that token
	state  uint64
	starts [maxTokens]int // where the last tokens began
	seen   int
}

func newMatcher(q Query) *matcher {
	m := &matcher{bits: map[string]uint64{}}
	place := 0
	for _, t := range q.Terms {
		if len(t.Tokens) == 0 || place+len(t.Tokens) > maxTokens {
			m.ends = append(m.ends, -1)
			continue
		}
		m.first |= 1 << place
		for _, token := range t.Tokens {
			m.bits[token] |= 1 << place
			m.prefix, m.open = token, 1<<place
			place++
		}
		for _, form := range t.Forms() {
			m.bits[form] |= 1 << (place - 1)
		}
		m.ends = append(m.ends, place-1)
	}
	if !q.Prefix {
		m.prefix = ""
	}
	return m
}

// token takes the next token of the text.
func (m *matcher) token(token []byte, start int) {
	m.starts[m.seen%maxTokens] = start
	m.seen++
	bits := m.bits[string(token)]
	if m.prefix != "" && len(token) > len(m.prefix) && string(token[:len(m.prefix)]) == m.prefix {
		bits |= m.open
	}
	m.state = (m.state<<1 | m.first) & bits
}

// find gives all matches in the order of their ends.
func find(text string, q Query) (out []match) {
	if q.Empty() {
		return nil
	}
	m := newMatcher(q)
	s := scanner{text: text}
	var buf [MaxToken]byte
	for len(out) < maxSpans {
		token, ok := s.next(buf[:0])
		if !ok {
			break
		}
		if m.token(token, s.start); m.state == 0 {
			continue
		}
		begin := 0
		for i, end := range m.ends {
			if end < 0 {
				continue
			}
			if m.state>>end&1 == 1 {
				length := end - begin + 1
				out = append(out, match{Span{m.starts[(m.seen-length)%maxTokens], s.end}, i})
			}
			begin = end + 1
		}
	}
	return out
}

// Snippet gives the part of a text that shows best what a query asks for, at most about the given number of
// characters, cut between words and with … where it was cut, and the places of the matches in it. A text without
// a match gives its beginning.
func Snippet(text string, q Query, around int) (string, []Span) {
	around = max(around, 20)
	from, to := bestWindow(text, find(text, q), around)
	cut := strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' {
			return ' '
		}
		return r
	}, text[from:to])
	cut = strings.TrimRightFunc(cut, unicode.IsSpace)
	if from > 0 {
		cut = "…" + cut
	}
	if strings.TrimSpace(text[to:]) != "" {
		cut = strings.TrimRightFunc(cut, dangling) + "…"
	}
	return cut, Mark(cut, q)
}

// dangling says whether a character is left out before the … of a cut: stops, commas, dashes and spaces, so that no ".…" or ",…"
// stands there. Brackets and quotation marks stay.
func dangling(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || strings.ContainsRune(".,;:!?…·،؛؟۔।॥。、，；：！？", r)
}

// bestWindow chooses the stretch with the most different terms, then the most matches, then the first.
func bestWindow(text string, found []match, around int) (from, to int) {
	if len(found) == 0 {
		return snap(text, Span{}, 0, around)
	}
	slices.SortFunc(found, func(a, b match) int { return a.Start - b.Start })
	best, bestScore, bestEnd := 0, -1, 0
	for i := range found {
		score, end := scoreWindow(text, found[i:], around)
		if score > bestScore {
			best, bestScore, bestEnd = i, score, end
		}
	}
	start := found[best].Start
	room := around - utf8.RuneCountInString(text[start:bestEnd])
	return snap(text, Span{start, bestEnd}, back(text, start, room/3), around)
}

// scoreWindow counts what a window that begins with the first match holds, and says where its last match ends.
func scoreWindow(text string, found []match, around int) (score, end int) {
	var terms uint64
	limit := forward(text, found[0].Start, around)
	for _, m := range found {
		if m.End > limit {
			break
		}
		if terms>>m.term&1 == 0 {
			terms |= 1 << m.term
			score += maxSpans
		}
		score++
		end = max(end, m.End)
	}
	return score, max(end, found[0].Start)
}

// back is the place n characters before at, or the beginning.
func back(text string, at, n int) int {
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

// forward is the place n characters after at, or the end.
func forward(text string, at, n int) int {
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// reach is how many characters a cut may move to find the border of a word.
const reach = 25

// snap moves a window's borders to those of words, never into the part that must be seen. Where there is no blank
// within reach, a border stays between two characters.
func snap(text string, seen Span, from, around int) (int, int) {
	from = snapStart(text, from, seen.Start)
	to := forward(text, from, around)
	if to == len(text) {
		return from, to
	}
	if next, _ := utf8.DecodeRuneInString(text[to:]); unicode.IsSpace(next) {
		return from, to
	}
	limit := max(from, seen.End, back(text, to, reach))
	if limit < to {
		if i := strings.LastIndexFunc(text[limit:to], unicode.IsSpace); i >= 0 && limit+i > from {
			return from, limit + i
		}
	}
	return from, afterSigns(text, to)
}

func snapStart(text string, from, seen int) int {
	if from == 0 || spaceBefore(text, from) {
		return from
	}
	limit := min(max(seen, from), forward(text, from, reach))
	if i := strings.IndexFunc(text[from:limit], unicode.IsSpace); i >= 0 {
		from += i
		return from + len(text[from:limit]) - len(strings.TrimLeftFunc(text[from:limit], unicode.IsSpace))
	}
	limit = back(text, from, reach)
	if i := strings.LastIndexFunc(text[limit:from], unicode.IsSpace); i >= 0 {
		_, size := utf8.DecodeRuneInString(text[limit+i:])
		return limit + i + size
	}
	return min(afterSigns(text, from), max(seen, from))
}

func spaceBefore(text string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	return unicode.IsSpace(r)
}

// afterSigns passes over signs that belong to the character before.
func afterSigns(text string, at int) int {
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !unicode.IsMark(r) && !isDropped(r) {
			break
		}
		at += size
	}
	return at
}
