package desk

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/datelinehq/dateline/markup"
)

// summary says of a comparison what a public note can be made of: the sentence of the newer text in which a change stands,
// what stood there before, and what that is. A change that is not minor is taken rather than the first.
func (c *Comparison) summary() {
	var about Doubt
	for _, kind := range []DoubtKind{DoubtQuotation, DoubtNumber, DoubtName, DoubtHeadline} {
		if i := slices.IndexFunc(c.Doubts, func(d Doubt) bool { return d.Kind == kind }); i >= 0 && about.Kind == "" {
			about = c.Doubts[i]
		}
	}
	for _, runs := range c.places() {
		before, after := sides(runs)
		if about.Kind == "" || !c.holds(about, before, after) {
			continue
		}
		c.About = about.Kind
		if c.Changed, c.Was = changeIn(runs, about); c.Changed != "" || c.Was != "" {
			return
		}
	}
	for _, runs := range c.places() {
		if c.Changed, c.Was = changeIn(runs, Doubt{}); c.Changed != "" || c.Was != "" {
			return
		}
	}
}

// holds says whether a doubt is about a place that was changed.
func (c *Comparison) holds(d Doubt, before, after string) bool {
	var found doubter
	for _, name := range append(wordsOf(d.Before), wordsOf(d.After)...) {
		if d.Kind == DoubtName {
			found.names = append(found.names, bare(name))
		}
	}
	if d.Kind == DoubtHeadline {
		return before == d.Before && after == d.After
	}
	found.text(markup.DiffText(before, after))
	return slices.Contains(found.list, d)
}

// places are what changed, what readers read first coming last: headlines say least of what was wrong.
func (c *Comparison) places() (list [][]markup.Run) {
	var removed [][]markup.Run
	for _, b := range c.Body {
		switch {
		case b.Detail, b.How == markup.Moved:
		case b.Kind == markup.Changed, b.Kind == markup.Added:
			list = append(list, b.Runs)
		case b.Kind == markup.Removed:
			removed = append(removed, b.Runs)
		}
	}
	for _, runs := range [][]markup.Run{c.Standfirst, c.Headline} {
		if !still(runs) {
			list = append(list, runs)
		}
	}
	return append(list, removed...)
}

// changeIn gives the sentence around a change of a block, that of a doubt or else the first, and the words that went there.
// Where nothing is left of the block, the words are its first sentence.
func changeIn(runs []markup.Run, about Doubt) (sentence, was string) {
	before, text := sides(runs)
	if strings.TrimSpace(text) == "" {
		return "", clip(sentenceAt(before, 0), maxShown)
	}
	at := 0
	for _, s := range stretches(runs) {
		if about.Kind == "" || s.has(about) || about.Kind == DoubtQuotation || about.Kind == DoubtHeadline {
			at, was = s.at, strings.TrimSpace(s.went)
			break
		}
	}
	switch about.Kind {
	case DoubtQuotation, DoubtHeadline, DoubtName:
		was = about.Before
	}
	return sentenceAt(text, at), clip(was, maxShown)
}

// stretch is one place of a block where words went, came, or both.
type stretch struct {
	at         int // in the newer text, in bytes
	went, came string
}

func stretches(runs []markup.Run) (list []stretch) {
	at, open := 0, false
	for _, r := range runs {
		if r.Kind == markup.RunEqual {
			at, open = at+len(r.Text), false
			continue
		}
		if !open {
			list, open = append(list, stretch{at: at}), true
		}
		last := &list[len(list)-1]
		if r.Kind == markup.RunRemoved {
			last.went += r.Text
		} else {
			last.came += r.Text
			at += len(r.Text)
		}
	}
	return list
}

// has says whether a word of a doubt went or came at a stretch.
func (s stretch) has(d Doubt) bool {
	words := append(wordsOf(d.Before), wordsOf(d.After)...)
	return slices.ContainsFunc(append(wordsOf(s.went), wordsOf(s.came)...), func(w string) bool { return slices.Contains(words, w) })
}

// sentenceAt gives the sentence of a text in which a byte stands.
func sentenceAt(text string, at int) string {
	start := 0
	for _, field := range fieldsWithPlaces(text) {
		if field.start > at {
			break
		}
		if field.first {
			start = field.start
		}
	}
	end := len(text)
	for _, field := range fieldsWithPlaces(text) {
		if field.start+len(field.word) > at && field.last {
			end = field.start + len(field.word)
			break
		}
	}
	return strings.Join(strings.Fields(text[start:end]), " ")
}

// place is a word with where it stands, and whether it begins or ends a sentence.
type place struct {
	word        string
	start       int
	first, last bool
}

func fieldsWithPlaces(text string) (list []place) {
	first := true
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			first = first || r == '\n'
			i += size
			continue
		}
		end := strings.IndexFunc(text[i:], unicode.IsSpace)
		if end < 0 {
			end = len(text) - i
		}
		word := text[i : i+end]
		last := endsSentence(word) && !strings.HasSuffix(word, ":") // what follows a colon is what was announced
		list = append(list, place{word, i, first, last})
		first = last
		i += end
	}
	return list
}
