package markup

import (
	"unicode"
	"unicode/utf8"
)

// alike is the share of words, in hundredths, from which two blocks count as one that changed.
const alike = 40

// pairs finds which blocks of two stretches are versions of each other: the pairing, in order, with the most
// words in common. Past maxPairs and maxWeight blocks are taken one by one from the start.
func pairs(old, new []blockText) [][2]int {
	if len(old) == 0 || len(new) == 0 {
		return nil
	}
	if len(old)*len(new) > maxPairs || len(old)*weight(new)+len(new)*weight(old) > maxWeight {
		return pairsInOrder(old, new)
	}
	score := func(i, j int) int { return likeness(&old[i], &new[j]) }
	return bestPairs(len(old), len(new), score)
}

func weight(blocks []blockText) (bytes int) {
	for _, b := range blocks {
		bytes += len(b.text)
	}
	return bytes
}

// bestPairs is the alignment with the highest sum of scores; a score of 0 is no pair.
func bestPairs(n, m int, score func(i, j int) int) (out [][2]int) {
	best := make([][]int, n+1)
	at := make([][]int, n)
	best[n] = make([]int, m+1)
	for i := n - 1; i >= 0; i-- {
		best[i] = make([]int, m+1)
		at[i] = make([]int, m)
		for j := m - 1; j >= 0; j-- {
			at[i][j] = score(i, j)
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if at[i][j] > 0 {
				best[i][j] = max(best[i][j], at[i][j]+best[i+1][j+1])
			}
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case at[i][j] > 0 && best[i][j] == at[i][j]+best[i+1][j+1]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case best[i][j] == best[i+1][j]:
			i++
		default:
			j++
		}
	}
	return out
}

func pairsInOrder(old, new []blockText) (out [][2]int) {
	for i := range min(len(old), len(new)) {
		if old[i].kind == new[i].kind && likeness(&old[i], &new[i]) > 0 {
			out = append(out, [2]int{i, i})
		}
	}
	return out
}

// likeness is 0 for blocks that have nothing to do with each other.
func likeness(old, new *blockText) int {
	a, b := old.words(), new.words()
	total, common := 0, 0
	for word, n := range a {
		total += n
		common += min(n, b[word])
	}
	for _, n := range b {
		total += n
	}
	sameKind := 0
	if old.kind == new.kind {
		sameKind = 1
	}
	if total == 0 {
		return sameKind * alike
	}
	if share := 200 * common / total; share >= alike {
		return share + sameKind
	}
	return 0
}

// bag counts the words of a text.
func bag(text string) map[string]int {
	out := map[string]int{}
	for _, w := range splitWords(text) {
		if words(w) > 0 {
			out[w]++
		}
	}
	return out
}

// splitWords cuts a text into words, runs of blanks, and single signs; nothing is lost. An apostrophe, a point or
// a hyphen between letters or digits belongs to the word, and an ideograph is a word.
func splitWords(s string) []string {
	var out []string
	for len(s) > 0 {
		n := wordLength(s)
		out = append(out, s[:n])
		s = s[n:]
	}
	return out
}

func wordLength(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	switch {
	case r == '\n' || isIdeograph(r):
		return n
	case unicode.IsSpace(r):
		for n < len(s) {
			r, size := utf8.DecodeRuneInString(s[n:])
			if !unicode.IsSpace(r) || r == '\n' {
				break
			}
			n += size
		}
		return n
	case !isWordRune(r):
		return n
	}
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if isWordRune(r) && !isIdeograph(r) {
			n += size
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[n+size:])
		if !isJoiner(r) || !isWordRune(next) || isIdeograph(next) {
			break
		}
		n += size
	}
	return n
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == 0x200c || r == 0x200d
}

func isJoiner(r rune) bool {
	switch r {
	case '\'', '’', '-', '.', ',', '‑':
		return true
	}
	return false
}
