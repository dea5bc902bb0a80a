package desk_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/markup"
)

// generated yields n articles of some 350 words with sections, topics and authors, as an old site's export would.
func generated(tb testing.TB, n int) iter.Seq2[desk.Item, error] {
	tb.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	vocabulary := make([]string, 4000)
	for i := range vocabulary {
		b := make([]byte, 3+random.IntN(8))
		for j := range b {
			b[j] = byte('a' + random.IntN(26))
		}
		vocabulary[i] = string(b)
	}
	words := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = vocabulary[int(float64(len(vocabulary))*random.Float64()*random.Float64())]
		}
		return strings.Join(list, " ")
	}
	named := func(kind string, of int) desk.Named {
		k := int(float64(of) * random.Float64() * random.Float64())
		return desk.Named{Slug: fmt.Sprintf("%s-%d", kind, k), Names: dateline.Names{"en": fmt.Sprintf("%s %d", kind, k)}}
	}
	return func(yield func(desk.Item, error) bool) {
		for i := range n {
			var paragraphs []string
			for range 7 {
				paragraphs = append(paragraphs, words(50))
			}
			body, err := markup.FromText(strings.Join(paragraphs, "\n\n")).JSON()
			item := desk.Item{Source: "https://old.example", ExternalID: fmt.Sprint(i), Kind: dateline.KindArticle, Publish: true,
				Content: dateline.Content{Headline: words(8), Standfirst: words(20), Language: "en", Body: body},
				Section: named("section", 5), Topics: []desk.Named{named("topic", 400), named("topic", 400), named("topic", 400)},
				Persons: []desk.Named{named("person", 40)}, First: time.Date(2016, 1, 1, 0, i, 0, 0, time.UTC),
				Former: []string{fmt.Sprintf("/?p=%d", i)}}
			if !yield(item, err) {
				return
			}
		}
	}
}

// importAll imports and fails where an item was not published.
func importAll(tb testing.TB, d *desk.Desk, items iter.Seq2[desk.Item, error]) (n int) {
	tb.Helper()
	err := d.Import(tb.Context(), chief, items, func(r desk.Imported) {
		n++
		if r.Outcome != desk.OutcomePublished {
			tb.Errorf("%s: %s, %v", r.ExternalID, r.Outcome, r.Err)
		}
	})
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

func BenchmarkImport(b *testing.B) {
	n := newsroom(b)
	b.ResetTimer()
	importAll(b, n.desk, generated(b, b.N))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "articles/s")
}

func BenchmarkPublish(b *testing.B) {
	n := newsroom(b)
	importAll(b, n.desk, generated(b, 1000))
	section := n.section("world")
	body, err := markup.FromText(strings.Repeat("The harbour talks went on into the night. ", 100)).JSON()
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for i := range b.N {
		n.clock.Pass(time.Minute)
		a := n.create(dateline.Content{Headline: fmt.Sprintf("Talks resume %d", i), Section: section.ID, Body: body})
		n.publish(a, dateline.ChangeFirst, "")
	}
}
