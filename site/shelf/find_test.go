package shelf

import (
	"context"
	"slices"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/search"
)

// Search is compared with reading every article, after entries came one by one and in batches, with tidying between them.
func TestSearchAgainstReading(t *testing.T) {
	n := newNewsroom(t, 56)
	s := open(t, n)
	for len(n.articles) < 170 {
		n.acts(pick(n, []int{1, 1, 1, 1, 1, 90}))
		apply(t, s, n.entries[s.Cursor():]...)
		if n.rand.IntN(3) == 0 {
			if _, err := s.Tidy(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for more := true; more; {
		var err error
		if more, err = s.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	hits, spoken := 0, 0
	view(t, s, func(tx *Tx) {
		zone := tx.zone()
		type text struct {
			card   Card
			tokens map[string]bool
		}
		var texts []text
		for _, c := range must(tx.List(All(), Position{}, 1000)) {
			a := must(tx.state(c.ID))
			_, kept, err := tx.article(a)
			if err != nil {
				t.Fatal(err)
			}
			body := string(kept)
			x := text{c, map[string]bool{}}
			if c.Kind == dateline.KindLive {
				for _, e := range must(tx.LiveEntries(c.ID, 0, 1000, true)) {
					spoken += len(e.Text)
					body += "\n" + e.Headline + "\n" + e.Text
				}
			}
			for _, token := range search.Tokens(nil, c.Headline+" "+body) {
				x.tokens[token] = true
			}
			texts = append(texts, x)
		}
		for range 150 {
			q := Query{Words: search.ParseQuery(n.words(1 + n.rand.IntN(3))), By: ByDate, Limit: 5}
			if n.rand.IntN(3) == 0 {
				q.Section = pick(n, n.sections)
			}
			if n.rand.IntN(3) == 0 {
				q.Topic = pick(n, n.topics)
			}
			if n.rand.IntN(3) == 0 {
				q.From = DayOf(pick(n, texts).card.First, zone)
			}
			if n.rand.IntN(3) == 0 {
				q.To = DayOf(pick(n, texts).card.First, zone)
			}
			var want []dateline.ID
			for _, x := range texts {
				ok := (q.Section == "" || x.card.Section == q.Section) && (q.Topic == "" || slices.Contains(x.card.Topics, q.Topic))
				d := DayOf(x.card.First, zone).number()
				ok = ok && (q.From.IsZero() || d >= q.From.number()) && (q.To.IsZero() || d <= q.To.number())
				for _, term := range q.Words.Terms {
					for _, token := range term.Tokens {
						ok = ok && x.tokens[token]
					}
				}
				if ok {
					want = append(want, x.card.ID)
				}
			}
			hits += len(want)
			var got []dateline.ID
			for {
				res := must(tx.Search(context.Background(), q))
				if res.Count != len(want) {
					t.Fatalf("%+v counts %d, not %d", q, res.Count, len(want))
				}
				for _, h := range res.Hits {
					got = append(got, h.Card.ID)
				}
				if !res.Next {
					break
				}
				q.After = res.Hits[len(res.Hits)-1].Card.At()
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%+v finds %v, not %v", q, got, want)
			}
			q.By, q.After, q.Limit = ByFit, Position{}, 100
			fit := must(tx.Search(context.Background(), q))
			if len(fit.Hits) != min(len(want), 100) {
				t.Fatalf("%+v by fit finds %d, not %d", q, len(fit.Hits), len(want))
			}
		}
	})
	if hits < 100 {
		t.Errorf("only %d matches: the questions prove little", hits)
	}
	if spoken == 0 {
		t.Error("no live coverage was asked for")
	}
}

func TestPhrases(t *testing.T) {
	n := newNewsroom(t, 57)
	a := n.publish(dateline.KindArticle, false)
	s := open(t, n)
	n.entries = n.entries[:len(n.entries)-1]
	e := *a.editions[0]
	e.Headline = "Silver tide over the old harbour"
	n.add(a.id, &e)
	apply(t, s, n.entries...)
	view(t, s, func(tx *Tx) {
		for question, want := range map[string]int{`"old harbour"`: 1, `"harbour old"`: 0, `harbour old`: 1, `harbou`: 0, `"silver tide" harbour`: 1, ``: 0, `"`: 0} {
			for _, by := range []Order{ByDate, ByFit} {
				if res := must(tx.Search(t.Context(), Query{Words: search.ParseQuery(question), By: by})); len(res.Hits) != want || res.Count != want {
					t.Errorf("%s by %s finds %d", question, by, len(res.Hits))
				}
			}
		}
	})
}

// A headline's word is worth more than one in passing.
func TestFit(t *testing.T) {
	n := newNewsroom(t, 58)
	for i := range 6 {
		a := n.publish(dateline.KindArticle, false)
		n.entries = n.entries[:len(n.entries)-1]
		e := *a.editions[0]
		e.Headline = "Council meets"
		e.Standfirst = "Of many things, the ferry among them"
		if i == 2 {
			e.Headline = "The ferry sails again"
		}
		n.add(a.id, &e)
	}
	s := open(t, n)
	apply(t, s, n.entries...)
	view(t, s, func(tx *Tx) {
		res := must(tx.Search(t.Context(), Query{Words: search.ParseQuery("ferry"), By: ByFit}))
		if len(res.Hits) != 6 || res.Hits[0].Card.Headline != "The ferry sails again" {
			t.Errorf("found %d, first %q", len(res.Hits), res.Hits[0].Card.Headline)
		}
	})
}
