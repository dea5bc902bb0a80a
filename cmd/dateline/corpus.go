package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// corpus writes articles that are like real ones in length, in how often words and topics come, and in how they lie
// over ten years, and always the same ones for the same number.
type corpus struct {
	words    []string
	topics   int
	persons  int
	sections []string
	until    time.Time
	articles int
}

// The sizes of the generated paper's vocabulary and catalogues.
const (
	corpusWords   = 60_000
	corpusTopics  = 4_000
	corpusPersons = 300
	corpusYears   = 10
)

func newCorpus(articles int) *corpus {
	c := &corpus{topics: corpusTopics, persons: corpusPersons, articles: articles, until: time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC),
		sections: []string{"city", "coast", "business", "culture", "sport", "world", "science", "opinion"}}
	r := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("an ar be ca de el en es fo ga ha il in ka la le li lo ma mi na ne no or pa per ra re ri ro sa se si so ta te ti to tra un va ve vi wo")
	seen := map[string]bool{}
	for len(c.words) < corpusWords {
		var b strings.Builder
		for range 1 + r.IntN(3) + min(2, len(c.words)/4000) {
			b.WriteString(syllables[r.IntN(len(syllables))])
		}
		if w := b.String(); !seen[w] {
			seen[w] = true
			c.words = append(c.words, w)
		}
	}
	return c
}

// generated is one article of the corpus.
type generated struct {
	number     int
	headline   string
	standfirst string
	paragraphs []string
	section    string
	topics     []string
	person     int
	first      time.Time
}

// rank draws a rank with Zipf's frequencies below n.
func rank(r *rand.Rand, n int) int {
	return min(n-1, int(math.Exp(r.Float64()*math.Log(float64(n))))-1)
}

// words of the sixty commonest, of the middle and of the rare end, for the search figures.
func (c *corpus) word(r *rand.Rand, kind int) string {
	switch kind % 3 {
	case 0:
		return c.words[r.IntN(60)]
	case 1:
		return c.words[500+r.IntN(2500)]
	default:
		return c.words[10_000+r.IntN(len(c.words)-10_000)]
	}
}

// article writes number i; articles come in the order of their time.
func (c *corpus) article(i int) generated {
	r := rand.New(rand.NewPCG(uint64(i), 77))
	g := generated{number: i, section: c.sections[rank(r, len(c.sections))], person: rank(r, c.persons)}
	g.headline = capital(c.sentence(r, 6+r.IntN(6)))
	g.standfirst = capital(c.sentence(r, 14+r.IntN(12))) + "."
	length := int(120 * math.Exp(r.NormFloat64()*0.6+1.2)) // about 400 words at the median, 800 at the ninetieth percentile
	for length > 0 {
		n := min(length, 35+r.IntN(40))
		var b strings.Builder
		for left := n; left > 0; {
			s := min(left, 9+r.IntN(16))
			b.WriteString(capital(c.sentence(r, s)))
			b.WriteString(". ")
			left -= s
		}
		g.paragraphs = append(g.paragraphs, strings.TrimSpace(b.String()))
		length -= n
	}
	for range 1 + r.IntN(5) {
		t := fmt.Sprintf("topic-%d", rank(r, c.topics))
		if !strings.Contains(strings.Join(g.topics, " ")+" ", t+" ") {
			g.topics = append(g.topics, t)
		}
	}
	g.first = c.instant(i)
	return g
}

// address is where article number i stands.
func (c *corpus) address(i int) string { return generated{number: i, first: c.instant(i)}.address() }

// instant is when article number i was first published.
func (c *corpus) instant(i int) time.Time {
	span := time.Duration(corpusYears) * 365 * 24 * time.Hour
	step := span / time.Duration(c.articles)
	return c.until.Add(-span + time.Duration(i)*step).Truncate(time.Second)
}

func (c *corpus) sentence(r *rand.Rand, n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = c.words[rank(r, len(c.words))]
	}
	return strings.Join(words, " ")
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
