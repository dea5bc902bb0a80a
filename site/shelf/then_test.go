package shelf

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// shown is what pages show at a moment, but for what is always today's: addresses.
type seen struct {
	Lists       map[string][]Card
	Latest      []Card
	Lead        *Card
	Beside      []Card
	Corrections []string
	Articles    []string
}

func look(t *testing.T, n *newsroom, tx Reading, articles []*work) seen {
	t.Helper()
	s := seen{Lists: map[string][]Card{}}
	plain := func(cards []Card, err error) []Card {
		if err != nil {
			t.Fatal(err)
		}
		for i := range cards {
			cards[i].Address, cards[i].Entry, cards[i].Modified = "", 0, time.Time{}
		}
		return cards
	}
	lists := map[string]ListOf{"all": All()}
	for i, id := range n.sections {
		lists[fmt.Sprint("section ", i)] = InSection(id)
	}
	for i, id := range n.topics {
		lists[fmt.Sprint("topic ", i)] = OnTopic(id)
	}
	for i, id := range n.persons {
		lists[fmt.Sprint("by ", i)], lists[fmt.Sprint("quoting ", i)] = ByPerson(id), Quoting(id)
	}
	for name, l := range lists {
		all := plain(tx.List(l, Position{}, 1000))
		s.Lists[name] = all
		for page, after := 0, (Position{}); page < 2 && len(all) > 3; page++ { // and by pages of three
			part := plain(tx.List(l, after, 3))
			if want := all[3*page : min(3*page+3, len(all))]; !cmp.Equal(part, want, cmpopts.EquateEmpty()) {
				t.Errorf("page %d of %s: %s", page, name, cmp.Diff(want, part))
			}
			if len(part) == 3 {
				after = part[2].At()
			}
		}
	}
	s.Latest = plain(tx.Latest(9))
	f := must(tx.Front())
	if f.Lead != nil {
		lead := plain([]Card{*f.Lead}, nil)[0]
		s.Lead = &lead
	}
	s.Beside = plain(f.Beside, nil)
	for _, c := range must(tx.Corrections(Position{}, 1000)) {
		s.Corrections = append(s.Corrections, fmt.Sprint(c.Card.ID, c.Card.Headline, c.Number, c.Change, c.Note, c.Public))
	}
	for _, a := range articles {
		art, err := tx.Article(a.id)
		if err != nil {
			continue
		}
		numbers := []int{}
		for _, e := range must(tx.Editions(a.id)) {
			numbers = append(numbers, e.Number)
		}
		s.Articles = append(s.Articles, fmt.Sprint(art.ID, art.Edition, art.Headline, art.Change, art.Note, art.Updated, art.Topics, art.Pictures, string(art.Fragment), numbers))
	}
	return s
}

// What the shelf showed after each act is what it answers for that instant ever after.
func TestAsOfIsWhatItWas(t *testing.T) {
	for seed := range uint64(4) {
		n := newNewsroom(t, seed)
		s := open(t, n)
		applied := 0
		follow := func() {
			apply(t, s, n.entries[applied:]...)
			applied = len(n.entries)
		}
		follow()
		type moment struct {
			at  time.Time
			was seen
		}
		var moments []moment
		for range 60 {
			var a *work
			switch d := n.rand.IntN(10); {
			case d < 4 || len(n.articles) == 0:
				a = n.publish(dateline.KindArticle, false)
			case d == 4:
				n.move(pick(n, n.articles))
				continue
			case d == 5:
				a = n.publish(dateline.KindPage, false)
			default:
				a = pick(n, n.articles)
				n.edit(a)
			}
			follow()
			at := must(record.ParseInstant(a.editions[len(a.editions)-1].Public))
			view(t, s, func(tx *Tx) { moments = append(moments, moment{at, look(t, n, tx, n.articles)}) })
		}
		view(t, s, func(tx *Tx) {
			for i, m := range moments {
				then := must(tx.AsOf(m.at))
				if d := cmp.Diff(m.was, look(t, n, then, n.articles), cmpopts.EquateEmpty()); d != "" {
					t.Fatalf("seed %d, act %d of %d, as of %s: %s", seed, i, len(moments), m.at, d)
				}
			}
			checkChanges(t, n, tx)
		})
	}
}

// checkChanges asks for every page's changes, and looks whether the page is the same from one to the next: at no instant between
// does it show anything else.
func checkChanges(t *testing.T, n *newsroom, tx *Tx) {
	t.Helper()
	pages := map[string]PageOf{"home": HomePage(), "corrections": CorrectionsPage()}
	shows := map[string]func(Reading) string{
		"home": func(r Reading) string {
			f := must(r.Front())
			return text(f.Lead, f.Beside, f.Latest, f.Bands)
		},
		"corrections": func(r Reading) string { return text(must(r.Corrections(Position{}, 1000))) },
	}
	list := func(name string, l ListOf) {
		pages[name], shows[name] = ListPage(l), func(r Reading) string { return text(must(r.List(l, Position{}, 1000))) }
	}
	list("section", InSection(n.sections[0]))
	list("topic", OnTopic(n.topics[1]))
	list("by", ByPerson(n.persons[1]))
	list("quoting", Quoting(n.persons[2]))
	day := DayOf(n.now, tx.zone())
	list("day", OnDay(day))
	pages["day"] = DayPage(day)
	for i, a := range n.articles[:min(5, len(n.articles))] {
		name := fmt.Sprint("article ", i)
		pages[name], shows[name] = ArticlePage(a.id), func(r Reading) string {
			art, err := r.Article(a.id)
			if err != nil {
				return ""
			}
			return text(art.Edition, art.Headline, string(art.Fragment))
		}
	}
	var instants []time.Time // each edition's, and the second before it
	for _, a := range n.articles {
		for _, e := range a.editions {
			at := must(record.ParseInstant(e.Public))
			instants = append(instants, at, at.Add(-time.Second))
		}
	}
	slices.SortFunc(instants, time.Time.Compare)
	for name, of := range pages {
		all := must(tx.ChangedBefore(of, n.now.Add(time.Hour), 10_000))
		if up := must(tx.ChangedAfter(of, time.Unix(0, 0), 10_000)); !slices.EqualFunc(up, reversed(all), time.Time.Equal) {
			t.Errorf("%s: forwards %v, backwards %v", name, up, all)
		}
		for _, at := range instants {
			last := must(tx.ChangedBefore(of, at, 1))
			is := shows[name](must(tx.AsOf(at)))
			if len(last) == 0 {
				if empty := shows[name](must(tx.AsOf(time.Unix(0, 0)))); is != empty {
					t.Fatalf("%s has no change before %s and shows %s", name, at, is)
				}
				continue
			}
			if was := shows[name](must(tx.AsOf(last[0]))); was != is {
				t.Fatalf("%s changed between %s and %s unsaid: %s", name, last[0], at, cmp.Diff(was, is))
			}
		}
	}
}

func text(v ...any) string { return cmp.Diff(nil, v) }

func reversed[T any](list []T) []T {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}
