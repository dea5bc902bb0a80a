package shelf

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/search"
)

func open(t testing.TB, n *newsroom) *Shelf {
	t.Helper()
	return openAt(t, n, filepath.Join(t.TempDir(), "shelf.db"))
}

func openAt(t testing.TB, n *newsroom, path string) *Shelf {
	t.Helper()
	s, err := Open(Options{Path: path, Refetch: answering{n}.at, Readers: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func apply(t testing.TB, s *Shelf, entries ...record.Entry) Changes {
	t.Helper()
	ch, err := s.Apply(t.Context(), entries)
	if err != nil {
		t.Fatal(err)
	}
	return ch
}

func view(t testing.TB, s *Shelf, f func(*Tx)) {
	t.Helper()
	if err := s.View(t.Context(), func(tx *Tx) error { f(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// dump writes every table in an order that depends on nothing but what is in it; the numbers of rows are replaced by what
// they stand for.
func dump(t testing.TB, s *Shelf) string {
	t.Helper()
	var b strings.Builder
	view(t, s, func(tx *Tx) {
		keys, things := map[int64]string{}, map[int64]string{}
		for _, r := range must(tx.c.rows("SELECT id, key FROM article")) {
			keys[r.int(1)] = string(unpackID(r.blob(0)))
		}
		for _, r := range must(tx.c.rows("SELECT num, id FROM thing")) {
			things[r.int(0)] = string(unpackID(r.blob(1)))
		}
		list := func(k int64) string {
			if k < 4 {
				return fmt.Sprint(k)
			}
			return fmt.Sprint(things[k>>2], k&1)
		}
		table := func(query string, write func(r row) string) {
			var lines []string
			for _, r := range must(tx.c.rows(query)) {
				lines = append(lines, write(r))
			}
			slices.Sort(lines)
			fmt.Fprintf(&b, "== %s\n%s\n", query, strings.Join(lines, "\n"))
		}
		plain := func(r row) string { return fmt.Sprintf("%q", []any(anys(r))) }
		table("SELECT name, value FROM meta WHERE name <> 'scrub'", plain)
		table("SELECT seq, data FROM leaf", plain)
		table("SELECT level, n, data FROM tile", plain)
		table("SELECT seq, by, replacement FROM redacted", plain)
		table("SELECT seq, kind, subject, body FROM fact", plain)
		table("SELECT id, kind, seq, body FROM thing", plain)
		table("SELECT kind, slug, seq, id FROM slug", plain)
		table("SELECT person, topic FROM about", plain)
		table("SELECT seq, article, number, change, note, public, at, z FROM edition", plain)
		table("SELECT seq, article, source, target FROM redirect", plain)
		table("SELECT key, data FROM card", func(r row) string { return fmt.Sprintf("%s %q", keys[r.int(0)], r.blob(1)) })
		table("SELECT key, z FROM body", func(r row) string { return fmt.Sprintf("%s %q", keys[r.int(0)], r.blob(1)) })
		table("SELECT key, data FROM weight", func(r row) string { return fmt.Sprintf("%s %q", keys[r.int(0)], r.blob(1)) })
		table("SELECT address, key FROM addr", func(r row) string { return r.text(0) + " " + keys[r.int(1)] })
		table("SELECT k, first, id, key FROM list", func(r row) string {
			return fmt.Sprintf("%s %d %x %s", list(r.int(0)), r.int(1), r.blob(2), keys[r.int(3)])
		})
		table("SELECT updated, id, key FROM latest", func(r row) string { return fmt.Sprintf("%d %x %s", r.int(0), r.blob(1), keys[r.int(2)]) })
		table("SELECT public, id, number, seq FROM correction", plain)
		table("SELECT kind, at, n, modified FROM tally", func(r row) string {
			at := fmt.Sprint(r.int(1))
			if r.int(0) == tallyList {
				at = list(r.int(1))
			}
			return fmt.Sprintf("%d %s %d %d", r.int(0), at, r.int(2), r.int(3))
		})
		table("SELECT picture, seq FROM usage", plain)
		table("SELECT hash, picture FROM hash", plain)
		table("SELECT hash, format FROM shown", plain)
		table("SELECT id, seq, at, body FROM tombstone", plain)
		table("SELECT hash, id FROM gone", plain)
		table("SELECT rowid FROM words WHERE words MATCH 'neerapatnam'", func(r row) string { return keys[r.int(0)] })
	})
	return b.String()
}

func anys(r row) (out []any) {
	for _, v := range r {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

// answers asks everything that can be asked.
func answers(t testing.TB, n *newsroom, s *Shelf) string {
	t.Helper()
	var b strings.Builder
	say := func(what string, v any, err error) {
		if errors.Is(err, ErrNotFound) {
			v, err = "not found", nil
		}
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		fmt.Fprintf(&b, "%s: %s\n", what, cmp.Diff(nil, v))
	}
	view(t, s, func(tx *Tx) {
		p, err := tx.Publication()
		say("publication", p.Publication, err)
		sections, err := tx.Sections()
		say("sections", sections, err)
		footer, err := tx.Footer()
		say("footer", footer, err)
		front, err := tx.Front(4, 9, 3)
		say("front", front, err)
		lists := []ListOf{All()}
		for _, id := range n.sections {
			lists = append(lists, InSection(id))
		}
		for _, id := range n.topics {
			lists = append(lists, OnTopic(id))
			v, err := tx.Topic(id)
			say("topic", v, err)
		}
		for _, id := range n.persons {
			lists = append(lists, ByPerson(id), Quoting(id))
			v, err := tx.Person(id)
			say("person", v, err)
		}
		for _, of := range lists {
			cards, err := tx.List(of, Position{}, 1000)
			say("list", cards, err)
			count, err := tx.Count(of)
			say("count", count, err)
			if of.kind != listQuoting && int(count) != len(cards) {
				t.Errorf("a list of %d articles counts %d", len(cards), count)
			}
		}
		years, err := tx.Years()
		say("years", years, err)
		total := 0
		for _, y := range years {
			months, err := tx.Months(y.Month.Year)
			say("months", months, err)
			for _, m := range months {
				days, err := tx.Days(m.Month)
				say("days", days, err)
				for _, d := range days {
					cards, err := tx.List(OnDay(d.Day), Position{}, 1000)
					say("day", cards, err)
					if len(cards) != d.Count {
						t.Errorf("%s has %d articles and counts %d", d.Day, len(cards), d.Count)
					}
					total += d.Count
				}
			}
		}
		if all, _ := tx.Count(All()); int(all) != total {
			t.Errorf("the days count %d articles, the paper %d", total, all)
		}
		months, err := tx.SitemapMonths()
		say("sitemaps", months, err)
		for _, m := range months {
			cards, err := tx.Sitemap(m.Month, Position{}, 1000)
			say("sitemap", cards, err)
			if len(cards) != m.Count {
				t.Errorf("the sitemap of %s has %d and counts %d", m.Month, len(cards), m.Count)
			}
		}
		news, err := tx.News(n.now, 1000)
		say("news", news, err)
		corrections, err := tx.Corrections(Position{}, 1000)
		say("corrections", corrections, err)
		for _, a := range n.articles {
			v, err := tx.Article(a.id)
			say("article", v, err)
			editions, err := tx.Editions(a.id)
			say("editions", editions, err)
			tomb, err := tx.Tombstone(a.id)
			say("tombstone", tomb, err)
			for _, address := range append([]string{a.address}, a.old...) {
				r, err := tx.Resolve(address)
				say("resolve "+address, r, err)
			}
		}
	})
	return b.String()
}

// The three roads to a shelf: entry by entry as they were made, in batches, and anew from the record as it is answered now.
func TestEveryRoadLeadsToTheSameShelf(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			n := newNewsroom(t, seed)
			one := open(t, n)
			applied := 0
			follow := func() {
				for ; applied < len(n.entries); applied++ {
					// A running follower gets each entry as it is at that moment.
					apply(t, one, n.given(n.entries[applied]))
				}
			}
			follow()
			for range 120 {
				n.act()
				follow()
			}
			batches, anew := open(t, n), open(t, n)
			r := rand.New(rand.NewPCG(seed, 9))
			for from := 0; from < len(n.entries); {
				to := min(from+1+r.IntN(40), len(n.entries))
				list := make([]record.Entry, 0, to-from)
				for _, e := range n.entries[from:to] {
					list = append(list, n.given(e))
				}
				apply(t, batches, list...)
				from = to
			}
			if _, err := anew.Rebuild(t.Context(), answering{n}, nil); err != nil {
				t.Fatal(err)
			}
			want, wantAnswers := dump(t, one), answers(t, n, one)
			for name, s := range map[string]*Shelf{"in batches": batches, "built anew": anew} {
				if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(dump(t, s), "\n")); d != "" {
					t.Errorf("%s, the tables differ:\n%.3000s", name, d)
				}
				if d := cmp.Diff(strings.Split(wantAnswers, "\n"), strings.Split(answers(t, n, s), "\n")); d != "" {
					t.Errorf("%s, the answers differ:\n%.3000s", name, d)
				}
			}
		})
	}
}

// The keys of a batch are those of its entries.
func TestKeysOfABatch(t *testing.T) {
	n := newNewsroom(t, 40).acts(100)
	one, batch := open(t, n), open(t, n)
	keys := map[Key]bool{}
	for _, e := range n.entries {
		for _, k := range apply(t, one, e).Keys {
			keys[k] = true
		}
	}
	got := apply(t, batch, n.entries...).Keys
	for _, k := range got {
		if !keys[k] {
			t.Errorf("only the batch touches %s", k)
		}
		delete(keys, k)
	}
	for k := range keys {
		t.Errorf("the batch does not touch %s", k)
	}
}

// An act touches a bounded number of keys however large the archive is.
func TestKeysAreBounded(t *testing.T) {
	n := newNewsroom(t, 41).acts(60)
	s := open(t, n)
	apply(t, s, n.entries...)
	a := n.publish(dateline.KindArticle, false)
	ch := apply(t, s, n.entries[len(n.entries)-1])
	for _, k := range []Key{KeyArticle(a.id), KeyCard(a.id), KeyHome, KeySection(a.editions[0].Section), KeySearch, KeyNews, KeyFeed, KeySitemaps, KeyArchive, KeyRecord} {
		if !slices.Contains(ch.Keys, k) {
			t.Errorf("a first edition does not touch %s", k)
		}
	}
	if len(ch.Keys) > 30 {
		t.Errorf("%d keys: %v", len(ch.Keys), ch.Keys)
	}
}

func TestWithdrawalAndRestoration(t *testing.T) {
	n := newNewsroom(t, 50)
	n.acts(50)
	a := n.publish(dateline.KindArticle, false)
	a.editions[0].Headline = "x"
	n.edit(a)
	n.move(a)
	s := open(t, n)
	apply(t, s, n.entries...)
	rows := func() string { return answers(t, n, s) }
	before := rows()
	words := a.editions[1].Headline
	found := func() (yes bool) {
		view(t, s, func(tx *Tx) {
			res := must(tx.Search(t.Context(), Query{Words: search.ParseQuery(words), By: ByDate, Limit: 100}))
			yes = slices.ContainsFunc(res.Hits, func(h Hit) bool { return h.Card.ID == a.id })
		})
		return yes
	}
	if !found() {
		t.Fatalf("%q does not find its article", words)
	}
	from := len(n.entries)
	n.withdraw(a, "")
	apply(t, s, n.entries[from:]...)
	if found() {
		t.Error("search finds what was withdrawn")
	}
	if strings.Contains(dump(t, s), words) {
		t.Error("the headline is still in a table")
	}
	view(t, s, func(tx *Tx) {
		for _, address := range append([]string{a.address}, a.old...) {
			if r := must(tx.Resolve(address)); r.Found != FoundGone || r.Tombstone.ID != a.id {
				t.Errorf("%s answers %+v", address, r)
			}
		}
		if _, err := tx.Article(a.id); !errors.Is(err, ErrNotFound) {
			t.Errorf("the article answers %v", err)
		}
	})
	from = len(n.entries)
	n.restore(a)
	apply(t, s, n.entries[from:]...)
	after := rows()
	strip := func(text string) []string {
		// Sitemaps and home say when they changed; the rest is as it was.
		return slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return strings.Contains(l, "Modified:") || strings.Contains(l, "Changed:") })
	}
	if d := cmp.Diff(strip(before), strip(after)); d != "" {
		t.Errorf("restored, it is not as it was:\n%s", d)
	}
}

// A tombstone outlives the shelf: one that comes back from an old copy shows nothing that was taken down since.
func TestTombstonesAreAskedFirst(t *testing.T) {
	n := newNewsroom(t, 51).acts(20)
	a := n.publish(dateline.KindArticle, false)
	path := filepath.Join(t.TempDir(), "shelf.db")
	s := openAt(t, n, path)
	apply(t, s, n.entries...)
	before := len(n.entries)
	n.withdraw(a, "")
	apply(t, s, n.entries[before:]...)
	if !s.Gone(a.address) || s.Gone("/elsewhere") {
		t.Error("the file of tombstones does not know what was taken down")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := removeDatabase(path); err != nil {
		t.Fatal(err)
	}
	old := openAt(t, n, path)
	apply(t, old, n.entries[:before]...)
	view(t, old, func(tx *Tx) {
		if r := must(tx.Resolve(a.address)); r.Found != FoundGone {
			t.Errorf("an old shelf answers %+v", r)
		}
		for _, c := range must(tx.List(All(), Position{}, 1000)) {
			if c.ID == a.id {
				t.Error("an old shelf lists it")
			}
		}
		if _, err := tx.Article(a.id); !errors.Is(err, ErrNotFound) {
			t.Errorf("an old shelf answers its article: %v", err)
		}
	})
}

func TestRedirectsGoInOneStep(t *testing.T) {
	n := newNewsroom(t, 52)
	a := n.publish(dateline.KindArticle, true)
	for range 5 {
		n.move(a)
	}
	n.edit(a)
	s := open(t, n)
	apply(t, s, n.entries...)
	view(t, s, func(tx *Tx) {
		if r := must(tx.Resolve(a.address)); r.Found != FoundArticle || r.ID != a.id {
			t.Errorf("%s answers %+v", a.address, r)
		}
		for _, old := range a.old {
			if r := must(tx.Resolve(old)); r.Found != FoundRedirect || r.To != a.address {
				t.Errorf("%s answers %+v", old, r)
			}
		}
		if r := must(tx.Resolve(a.address + "?utm=1")); r.Found != FoundArticle {
			t.Errorf("an unknown query answers %+v", r)
		}
		if r := must(tx.Resolve("/?p=99999")); r.Found != FoundNothing {
			t.Errorf("an address that never was answers %+v", r)
		}
	})
}

func TestMergedLeadsToWhatItWasMergedInto(t *testing.T) {
	n := newNewsroom(t, 53)
	a, b, c := n.publish(dateline.KindArticle, false), n.publish(dateline.KindArticle, false), n.publish(dateline.KindArticle, false)
	n.withdraw(a, b.id)
	n.withdraw(b, c.id)
	s := open(t, n)
	apply(t, s, n.entries...)
	view(t, s, func(tx *Tx) {
		if r := must(tx.Resolve(a.address)); r.Found != FoundRedirect || r.To != c.address {
			t.Errorf("answers %+v", r)
		}
	})
}

func TestNamesAndRenamings(t *testing.T) {
	n := newNewsroom(t, 54)
	n.add(n.sections[0], &record.Section{Slug: "harbour", Names: dateline.Names{"en": "Harbour"}})
	n.erase()
	s := open(t, n)
	apply(t, s, n.entries...)
	view(t, s, func(tx *Tx) {
		for address, want := range map[string]Resolution{
			"/harbour/":             {Found: FoundSection, ID: n.sections[0]},
			"/harbour":              {Found: FoundRedirect, ID: n.sections[0], To: "/harbour/"},
			"/section-0/":           {Found: FoundRedirect, ID: n.sections[0], To: "/harbour/"},
			"/section-1/":           {Found: FoundSection, ID: n.sections[1]},
			"/topics/topic-3":       {Found: FoundTopic, ID: n.topics[3]},
			"/topics/topic-3/":      {Found: FoundRedirect, ID: n.topics[3], To: "/topics/topic-3"},
			"/topics/about-person":  {Found: FoundRedirect, ID: n.persons[0], To: "/people/person-0"},
			"/people/person-1":      {Found: FoundPerson, ID: n.persons[1]},
			"/people/person-4":      {},
			"/nothing/":             {},
			"/":                     {},
			"/topics/":              {},
			"/topics/topic-3/extra": {},
		} {
			if r := must(tx.Resolve(address)); r != want {
				t.Errorf("%s answers %+v, not %+v", address, r, want)
			}
		}
		if p := must(tx.Person(n.persons[4])); !p.Erased || len(p.Names) > 0 {
			t.Errorf("an erased person answers %+v", p)
		}
		if p := must(tx.Person(n.persons[0])); p.Topic != n.topics[8] {
			t.Errorf("the topic about a person is %q", p.Topic)
		}
	})
}

// Lists are paged by key in the order that design.md gives, whatever order the articles came in.
func TestPagesOfLists(t *testing.T) {
	n := newNewsroom(t, 55).acts(150)
	s := open(t, n)
	apply(t, s, n.entries...)
	view(t, s, func(tx *Tx) {
		whole := must(tx.List(All(), Position{}, 1000))
		if !slices.IsSortedFunc(whole, func(a, b Card) int { return newestFirst(found{state: &state{Card: a}}, found{state: &state{Card: b}}) }) {
			t.Error("the list is not newest first, then by id")
		}
		var paged []Card
		for after := (Position{}); ; after = paged[len(paged)-1].At() {
			page := must(tx.List(All(), after, 7))
			if len(page) == 0 {
				break
			}
			paged = append(paged, page...)
		}
		if d := cmp.Diff(whole, paged); d != "" {
			t.Errorf("paged, the list differs: %s", d)
		}
		all := must(tx.Corrections(Position{}, 1000))
		var some []Correction
		for after := (Position{}); ; after = some[len(some)-1].At() {
			page := must(tx.Corrections(after, 2))
			if len(page) == 0 {
				break
			}
			some = append(some, page...)
		}
		if len(all) == 0 || cmp.Diff(all, some) != "" {
			t.Errorf("%d corrections, paged %d", len(all), len(some))
		}
	})
}

// Search is compared with reading every article.
func TestSearchAgainstReading(t *testing.T) {
	n := newNewsroom(t, 56).acts(260)
	s := open(t, n)
	apply(t, s, n.entries...)
	for more := true; more; {
		var err error
		if more, err = s.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	hits := 0
	view(t, s, func(tx *Tx) {
		zone := tx.zone()
		type text struct {
			card   Card
			tokens map[string]bool
		}
		var texts []text
		for _, c := range must(tx.List(All(), Position{}, 1000)) {
			a := must(tx.state(c.ID))
			_, body, err := tx.article(a)
			if err != nil {
				t.Fatal(err)
			}
			x := text{c, map[string]bool{}}
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

func TestPicturesComeAndGo(t *testing.T) {
	n := newNewsroom(t, 59)
	hash := strings.Repeat("ab", 32)
	id := n.make(&record.Picture{Hash: hash, Format: "png", Width: 1, Height: 1})
	n.pictures = []dateline.ID{id, id, id, id}
	s := open(t, n)
	if ch := apply(t, s, n.entries...); len(ch.Show) != 0 {
		t.Errorf("a picture that nothing shows is public: %v", ch.Show)
	}
	a := n.publish(dateline.KindArticle, false)
	e := *a.editions[0]
	e.Lead, e.Pictures = &dateline.Lead{Picture: id, Alt: "x"}, []dateline.ID{id}
	n.entries = n.entries[:s.Cursor()]
	seq := n.add(a.id, &e)
	a.seqs = []int64{seq}
	if ch := apply(t, s, n.entries[seq-1]); !slices.Equal(ch.Show, []string{hash}) {
		t.Errorf("shown: %v", ch.Show)
	}
	view(t, s, func(tx *Tx) {
		if format, shown, err := tx.PictureShown(hash); format != "png" || !shown || err != nil {
			t.Errorf("answers %q %v %v", format, shown, err)
		}
	})
	n.withdraw(a, "")
	if ch := apply(t, s, n.entries[len(n.entries)-1]); !slices.Equal(ch.Hide, []string{hash}) {
		t.Errorf("hidden: %v", ch.Hide)
	}
	n.restore(a)
	if ch := apply(t, s, n.entries[len(n.entries)-1]); !slices.Equal(ch.Show, []string{hash}) {
		t.Errorf("shown again: %v", ch.Show)
	}
}

func TestProofsAndTiles(t *testing.T) {
	n := newNewsroom(t, 60).acts(300)
	s := open(t, n)
	apply(t, s, n.entries...)
	secret, verifier, err := record.NewKey("estuary.example/record", n.random)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := record.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	var root record.Hash
	view(t, s, func(tx *Tx) {
		if _, err := tx.Checkpoint(); !errors.Is(err, ErrNotFound) {
			t.Errorf("there is a checkpoint: %v", err)
		}
		root = must(record.Root(tiles{tx.c}, tx.Cursor()))
	})
	sign := func(size int64) []byte {
		msg, err := signer.Sign(record.Checkpoint{Origin: "estuary.example/record", Size: size, Root: root})
		if err != nil {
			t.Fatal(err)
		}
		return msg
	}
	size := s.Cursor()
	for _, signed := range [][]byte{sign(size), sign(size + 1)} {
		if _, err := s.SetCheckpoint(t.Context(), signed); err != nil {
			t.Fatal(err)
		}
	}
	view(t, s, func(tx *Tx) {
		proved := 0
		for _, a := range n.articles {
			signed, list, err := tx.Proof(a.id)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			c, err := record.OpenCheckpoint(signed, verifier)
			if err != nil || c.Size != size {
				t.Fatalf("the checkpoint of %d: %v", c.Size, err)
			}
			for _, p := range list {
				if err := record.CheckProof(p.Hash, c, p.Entry); err != nil {
					t.Error(err)
				}
				if string(p.Entry.Body) != string(n.entries[p.Entry.Sequence-1].Body) {
					t.Errorf("entry %d is not as it was made", p.Entry.Sequence)
				}
				proved++
			}
		}
		if proved < 50 {
			t.Errorf("only %d proofs", proved)
		}
		bundle := must(tx.Tile(record.TileAddress{Level: -1, Index: 1, Width: int(size - 256)}))
		leaves := must(record.ParseBundle(bundle))
		if len(leaves) != int(size-256) || string(leaves[0]) != string(n.entries[256].Leaf()) {
			t.Error("the bundle is not of the entries' leaves")
		}
		if _, err := tx.Tile(record.TileAddress{Level: 0, Index: 1, Width: 256}); !errors.Is(err, ErrNotFound) {
			t.Errorf("a tile that is not full: %v", err)
		}
	})
}

func TestDamage(t *testing.T) {
	n := newNewsroom(t, 61).acts(30)
	s := open(t, n)
	half := len(n.entries) / 2
	apply(t, s, n.entries[:half]...)
	before := dump(t, s)
	bad := n.entries[half]
	bad.Body = append(slices.Clone(bad.Body), ' ')
	if _, err := s.Apply(t.Context(), []record.Entry{bad}); err == nil {
		t.Error("an entry that is not what was committed to was applied")
	}
	if _, err := s.Apply(t.Context(), n.entries[half+1:]); !errors.Is(err, ErrSequence) {
		t.Errorf("a gap: %v", err)
	}
	broken := append(slices.Clone(n.entries[half:half+3]), n.entries[half+5])
	if _, err := s.Apply(t.Context(), broken); !errors.Is(err, ErrSequence) {
		t.Errorf("a gap in a batch: %v", err)
	}
	if dump(t, s) != before || s.Cursor() != int64(half) {
		t.Error("what failed left something behind")
	}
	apply(t, s, n.entries...) // what was applied is passed over
	if s.Cursor() != int64(len(n.entries)) {
		t.Errorf("the cursor is at %d", s.Cursor())
	}
}

type otherRenderer struct{ pages }

func (otherRenderer) Version() string { return "another" }

func TestAnotherVersionIsBuiltAgain(t *testing.T) {
	n := newNewsroom(t, 62).acts(30)
	path := filepath.Join(t.TempDir(), "shelf.db")
	first := openAt(t, n, path)
	apply(t, first, n.entries...)
	want := answers(t, n, first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(Options{Path: path, Refetch: answering{n}.at, Renderer: otherRenderer{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if why := s.NeedsRebuild(); !strings.Contains(why, "another") {
		t.Errorf("why: %q", why)
	}
	if err := s.View(t.Context(), func(*Tx) error { return nil }); !errors.Is(err, ErrNotReady) {
		t.Errorf("before it is built: %v", err)
	}
	var last int64
	if _, err := s.Rebuild(t.Context(), answering{n}, func(done, total int64) { last = total - done }); err != nil {
		t.Fatal(err)
	}
	if last != 0 || s.NeedsRebuild() != "" || !s.Ready() {
		t.Errorf("built, %d entries are left, why %q", last, s.NeedsRebuild())
	}
	if answers(t, n, s) != want {
		t.Error("built again, it answers otherwise")
	}
}

func TestDamagedFile(t *testing.T) {
	n := newNewsroom(t, 63)
	path := filepath.Join(t.TempDir(), "shelf.db")
	writeFile(t, path, strings.Repeat("this is no database ", 1000))
	s := openAt(t, n, path)
	if why := s.NeedsRebuild(); why == "" {
		t.Error("a file that is no database is good")
	}
	if _, err := s.Rebuild(t.Context(), answering{n}, nil); err != nil {
		t.Fatal(err)
	}
	view(t, s, func(tx *Tx) {
		if p := must(tx.Publication()); p.Name != "The Estuary" {
			t.Errorf("the paper is %q", p.Name)
		}
	})
}

// A snapshot stays as it is while entries are applied.
func TestSnapshot(t *testing.T) {
	n := newNewsroom(t, 64).acts(20)
	s := open(t, n)
	apply(t, s, n.entries...)
	view(t, s, func(tx *Tx) {
		before := must(tx.Count(All()))
		n.publish(dateline.KindArticle, false)
		apply(t, s, n.entries[tx.Cursor():]...)
		if after := must(tx.Count(All())); after != before {
			t.Errorf("%d articles became %d", before, after)
		}
	})
}

func TestDays(t *testing.T) {
	for _, d := range []Day{{2024, 2, 28}, {2023, 12, 31}, {2024, 2, 29}} {
		if next := d.Next(); !next.Start(time.UTC).Equal(d.Start(time.UTC).AddDate(0, 0, 1)) || dayOfNumber(next.number()) != next {
			t.Errorf("after %s comes %s", d, next)
		}
	}
}

// The words of what was taken down by law are in no page of the file or its log once the shelf is tidied.
func TestWordsTakenDownByLawAreNowhere(t *testing.T) {
	n := newNewsroom(t, 65).acts(60)
	path := filepath.Join(t.TempDir(), "shelf.db")
	s := openAt(t, n, path)
	apply(t, s, n.entries...)
	a := n.publish(dateline.KindArticle, false)
	n.entries = n.entries[:s.Cursor()]
	e := *a.editions[0]
	e.Lead, e.Pictures = nil, nil
	e.Headline = "The secret name is Quixwortle"
	a.seqs = []int64{n.add(a.id, &e)}
	apply(t, s, n.entries[s.Cursor():]...)
	for range 30 {
		n.publish(dateline.KindArticle, false)
		apply(t, s, n.entries[s.Cursor():]...)
	}
	if !contains(t, path, "quixwort") {
		t.Fatal("the test looks in the wrong place")
	}
	first := a.editions[0].First
	n.add(a.id, &record.Withdrawal{Kind: dateline.WithdrawnLegal, Public: first, First: first, Section: e.Section, Language: "en",
		Hashes: []string{record.AddressHash(a.address)}, Editions: []record.EditionMark{{Number: 1, Change: dateline.ChangeFirst, Public: first, Sequence: a.seqs[0]}}})
	apply(t, s, n.entries[s.Cursor():]...)
	for more := true; more; {
		var err error
		if more, err = s.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if contains(t, path, "quixwort") || contains(t, path, "Quixwort") {
		t.Error("the words are still in the file")
	}
	view(t, s, func(tx *Tx) {
		res := must(tx.Search(t.Context(), Query{Words: search.ParseQuery("neerapatnam"), By: ByDate}))
		if res.Count < 30 {
			t.Errorf("after tidying only %d articles are found", res.Count)
		}
	})
}
