package shelf

import (
	"errors"
	"fmt"
	"maps"
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
			return fmt.Sprint(things[k>>2], k&3)
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
		table("SELECT seq, by, replacement, number, change, public FROM redacted", plain)
		table("SELECT hash, by, at FROM buried", plain)
		table("SELECT list, at, id, first FROM deleted", plain)
		table("SELECT seq, kind, subject, body FROM fact", plain)
		table("SELECT id, kind, seq, body FROM thing", plain)
		table("SELECT kind, slug, seq, id FROM slug", plain)
		table("SELECT seq, z FROM signer", plain)
		table("SELECT person, topic FROM about", plain)
		table("SELECT seq, article, number, change, note, public, at, z, corrects FROM edition", plain)
		table("SELECT seq, article, source, target FROM redirect", plain)
		table("SELECT key, data FROM card", func(r row) string { return fmt.Sprintf("%s %q", keys[r.int(0)], r.blob(1)) })
		table("SELECT key, z FROM body", func(r row) string { return fmt.Sprintf("%s %q", keys[r.int(0)], r.blob(1)) })
		table("SELECT address, key FROM addr", func(r row) string { return r.text(0) + " " + keys[r.int(1)] })
		table("SELECT k, first, id, key, since FROM list", func(r row) string {
			return fmt.Sprintf("%s %d %x %s %d", list(r.int(0)), r.int(1), r.blob(2), keys[r.int(3)], r.int(4))
		})
		table("SELECT k, first, id, key, since, until FROM once", func(r row) string {
			return fmt.Sprintf("%s %d %x %s %d %d", list(r.int(0)), r.int(1), r.blob(2), keys[r.int(3)], r.int(4), r.int(5))
		})
		table("SELECT k, at, id FROM changed", func(r row) string { return fmt.Sprintf("%s %d %x", list(r.int(0)), r.int(1), r.blob(2)) })
		table("SELECT id, since, until FROM away", plain)
		table("SELECT updated, id, key FROM latest", func(r row) string { return fmt.Sprintf("%d %x %s", r.int(0), r.blob(1), keys[r.int(2)]) })
		table("SELECT of, by FROM translation", plain)
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
		table("SELECT seq, subject, live, body FROM front", plain)
		table("SELECT article, seq, number, z FROM live_act", plain)
		table("SELECT article, data, on_air, aired FROM live", plain)
		table("SELECT article, number, public, seq, made, posted, pinned, main, deleted, corrected, z FROM live_entry", plain)
		table("SELECT k, seq FROM story_edition", func(r row) string { return fmt.Sprint(list(r.int(0)), r.int(1)) })
		table("SELECT id, over, changed, data FROM story", plain)
		table("SELECT story, at, id, status, told, data FROM happening", plain)
		table("SELECT story, seq, data FROM telling", plain)
		table("SELECT story, article, gone FROM member", plain)
		table("SELECT public, story, number, seq FROM story_correction", plain)
		table("SELECT word, story FROM story_word", plain)
		table("SELECT article, number, made FROM origin", plain)
		table("SELECT key, document FROM spoken", func(r row) string { return fmt.Sprintf("%s %d", keys[r.int(0)], len(r.blob(1))) })
	})
	return b.String()
}

func anys(r row) (out []any) {
	for _, v := range r {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

// answers asks everything that can be asked, of now and of other instants.
func answers(t testing.TB, n *newsroom, s *Shelf) string {
	t.Helper()
	return answersNow(t, n, s) + answersThen(t, n, s)
}

func answersThen(t testing.TB, n *newsroom, s *Shelf) string {
	t.Helper()
	var b strings.Builder
	say := func(what string, v any, err error) {
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		fmt.Fprintf(&b, "%s: %s\n", what, cmp.Diff(nil, v))
	}
	view(t, s, func(tx *Tx) {
		lists := []ListOf{All()}
		for _, id := range n.sections {
			lists = append(lists, InSection(id))
		}
		for _, id := range n.topics {
			lists = append(lists, OnTopic(id))
		}
		for _, id := range n.persons {
			lists = append(lists, ByPerson(id), Quoting(id))
		}
		for _, back := range []time.Duration{time.Hour, 24 * time.Hour, 3 * 365 * 24 * time.Hour} {
			then := must(tx.AsOf(n.now.Add(-back)))
			front, err := then.Front()
			say("front then", front, err)
			for _, of := range lists {
				cards, err := then.List(of, Position{}, 1000)
				say("list then", cards, err)
			}
			corrections, err := then.Corrections(Position{}, 1000)
			say("corrections then", corrections, err)
		}
		for _, of := range []PageOf{HomePage(), CorrectionsPage(), ListPage(lists...)} {
			changes, err := tx.ChangedBefore(of, n.now.Add(time.Hour), 1000)
			say("changes", changes, err)
		}
		for _, a := range n.articles {
			changes, err := tx.ChangedBefore(ArticlePage(a.id), n.now.Add(time.Hour), 1000)
			say("changes", changes, err)
		}
	})
	return b.String()
}

func answersNow(t testing.TB, n *newsroom, s *Shelf) string {
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
		front, err := tx.Front()
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
		stories := make([]ListOf, len(n.stories))
		for i, id := range n.stories {
			stories[i] = InStory(id)
		}
		for _, of := range slices.Concat(lists, stories) {
			deleted, err := tx.Deleted(of, time.Time{}, 1000)
			say("deleted", deleted, err)
		}
		deleted, err := tx.DeletedCorrections(1000)
		say("deleted corrections", deleted, err)
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
			listed, err := tx.Sitemap(m.Month, 0, 1000)
			say("sitemap", listed, err)
			for i, l := range listed {
				part, err := tx.Sitemap(m.Month, i, 2)
				if err != nil || !slices.Equal(part, listed[i:min(i+2, len(listed))]) {
					t.Errorf("the sitemap of %s after %d has %v (%v)", m.Month, i, part, err)
				}
				c, err := tx.Card(l.ID)
				if err != nil {
					t.Fatal(err)
				}
				if card := (Listed{c.ID, c.Kind, c.Edition, c.Address, c.First, c.Modified}); l != card {
					t.Errorf("the sitemap of %s has %v, the card says %v", m.Month, l, card)
				}
				if place, err := tx.SitemapPlace(m.Month, c.At()); err != nil || place != i {
					t.Errorf("%s stands at %d of %s, not at %d (%v)", c.Address, place, m.Month, i, err)
				}
			}
			if len(listed) != m.Count {
				t.Errorf("the sitemap of %s has %d and counts %d", m.Month, len(listed), m.Count)
			}
		}
		news, err := tx.News(n.now, 1000)
		say("news", news, err)
		corrections, err := tx.Corrections(Position{}, 1000)
		say("corrections", corrections, err)
		for _, q := range []string{"w0", "w1 w3", "w2 w40", "w100", "w7 w8 w9", `"w0 w1"`} {
			for _, by := range []Order{ByDate, ByFit} {
				res, err := tx.Search(t.Context(), Query{Words: search.ParseQuery(q), By: by, Limit: 100})
				say("search "+q, res, err)
			}
		}
		for _, id := range slices.Sorted(maps.Keys(n.told)) {
			st, err := tx.Story(id)
			say("story", st, err)
			parts, err := tx.Parts(id, 50)
			say("parts", parts, err)
			if st != nil {
				wholes, err := tx.Wholes(st)
				say("wholes", wholes, err)
			}
			gone, at, err := tx.StoryGone(id)
			say("story gone", []any{gone, at}, err)
			for slug := n.told[id].Slug; ; slug = strings.TrimSuffix(slug, "x") {
				r, err := tx.Resolve("/stories/" + slug)
				say("resolve story "+slug, r, err)
				if !strings.HasSuffix(slug, "x") {
					break
				}
			}
			for at := int64(0); at < int64(len(n.entries)); at += 41 {
				own, err := tx.StoryEntry(id, at)
				say("story's entry", own, err)
				editions, err := tx.StoryEditions(id, at, 1000)
				say("story's editions", editions, err)
				told, err := tx.ToldSince(id, at, 1000)
				say("story's lines", told, err)
			}
		}
		onAir, err := tx.OnAir()
		say("on air", onAir, err)
		for _, id := range append(slices.Clone(n.sections), paper) {
			f, err := tx.Arranged(id)
			say("arranged", f, err)
			if err == nil {
				filled, err := tx.Fill(f.Containers, nil)
				say("filled", filled, err)
			}
		}
		for _, a := range n.articles {
			if a.kind == dateline.KindLive {
				l, err := tx.Live(a.id)
				say("live", l, err)
				entries, err := tx.LiveEntries(a.id, 0, 1000, true)
				say("entries", entries, err)
				latest, err := tx.LiveLatest(a.id)
				say("latest entry", latest, err)
			}
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
	before := len(n.entries)
	a := n.publish(dateline.KindArticle, false)
	ch := apply(t, s, n.entries[before:]...)
	for _, k := range []Key{KeyArticle(a.id), KeyCard(a.id), KeyHome, KeySection(a.editions[0].Section), KeySearch, KeyNews, KeyFeed, KeySitemaps, KeyArchive, KeyRecord} {
		if !slices.Contains(ch.Keys, k) {
			t.Errorf("a first edition does not touch %s", k)
		}
	}
	if len(ch.Keys) > 30 {
		t.Errorf("%d keys: %v", len(ch.Keys), ch.Keys)
	}
}

// What transactions touched is known back to where the log begins: not beyond what is kept, a batch of very many, or a rebuild.
func TestTouchedSince(t *testing.T) {
	n := newNewsroom(t, 42).acts(80)
	s := open(t, n)
	all := map[int64][]Key{}
	for _, e := range n.entries {
		all[e.Sequence] = apply(t, s, n.given(e)).Keys
	}
	last := int64(len(n.entries))
	for _, from := range []int64{0, 1, last / 2, last - 1, last} {
		view(t, s, func(tx *Tx) {
			got, known, err := tx.TouchedSince(from)
			if err != nil || !known {
				t.Fatalf("since %d: %v, %v", from, known, err)
			}
			have := map[uint32]bool{}
			for _, h := range got {
				have[h] = true
			}
			want := map[uint32]bool{}
			for seq := from + 1; seq <= last; seq++ {
				for _, k := range all[seq] {
					want[k.Hash()] = true
				}
			}
			if d := cmp.Diff(want, have); d != "" {
				t.Errorf("since %d: %s", from, d)
			}
		})
	}
	since := func(s *Shelf, from int64, want bool) {
		t.Helper()
		view(t, s, func(tx *Tx) {
			if _, known, err := tx.TouchedSince(from); err != nil || known != want {
				t.Errorf("since %d of %d it is known: %v, %v", from, tx.Cursor(), known, err)
			}
		})
	}
	since(s, last+1, false)

	if _, err := s.Rebuild(t.Context(), answering{n}, nil); err != nil {
		t.Fatal(err)
	}
	last = int64(len(n.entries)) // what a redaction replaced is in it
	since(s, last-1, false)
	since(s, last, true)
	n.publish(dateline.KindArticle, false)
	apply(t, s, n.entries[last:]...)
	since(s, last, true)
	since(s, last-1, false)

	for len(n.entries) < int(last)+2*touchedKeys+200 {
		n.publish(dateline.KindArticle, true)
	}
	before := s.Cursor()
	apply(t, s, n.entries[before:]...)
	since(s, before, false)
	since(s, s.Cursor(), true)

	// The log is bounded in bytes: the oldest go first.
	w := s.writer
	from := w.cursor
	w.keys = map[Key]struct{}{}
	for i := range touchedKeys {
		w.keys[Key(fmt.Sprint(i))] = struct{}{}
	}
	const rows = touchedBytes/(4*touchedKeys) + 10
	for range rows {
		w.cursor++
		if err := w.logTouched(w.cursor - 1); err != nil {
			t.Fatal(err)
		}
	}
	kept := must(w.c.one("SELECT count(*), sum(length(keys)), min(seq) FROM touched"))
	if kept.int(1) > touchedBytes || kept.int(0) < rows/2 || kept.int(2) <= from {
		t.Errorf("%d rows of %d bytes are kept, from %d on", kept.int(0), kept.int(1), kept.int(2))
	}
}

// The head of a topic is touched by what is done to its newest articles, and by what comes to be or leaves among them, and by nothing deeper.
func TestTheHeadOfATopic(t *testing.T) {
	n := newNewsroom(t, 43)
	s := open(t, n)
	head := KeyNewest(n.topics[0])
	touches := func(want bool, what string, do func()) {
		t.Helper()
		from := len(n.entries)
		do()
		got := false
		for _, e := range n.entries[from:] {
			got = slices.Contains(apply(t, s, n.given(e)).Keys, head) || got
		}
		if got != want {
			t.Errorf("%s touches the head: %v", what, got)
		}
	}
	apply(t, s, n.entries...)
	topics := n.topics
	n.topics = topics[:1] // of which an article has one or none
	var on []*work
	for len(on) < newestRows+4 {
		from := len(n.entries)
		a := n.publish(dateline.KindArticle, false)
		if len(a.editions[0].Topics) > 0 {
			on = append(on, a)
		}
		apply(t, s, n.entries[from:]...)
	}
	minor := func(a *work) func() {
		return func() {
			e := *a.editions[0]
			e.Number, e.Change = len(a.editions)+1, dateline.ChangeMinor
			a.editions, a.seqs = append(a.editions, &e), append(a.seqs, n.add(a.id, &e))
		}
	}
	touches(false, "an edit of the oldest", minor(on[0]))
	touches(false, "an edit of the thirteenth", minor(on[len(on)-newestRows-1]))
	touches(true, "an edit of the twelfth", minor(on[len(on)-newestRows]))
	touches(true, "an edit of the newest", minor(on[len(on)-1]))
	touches(false, "a withdrawal of an old one", func() { n.withdraw(on[1], "") })
	touches(true, "a withdrawal of a new one", func() { n.withdraw(on[len(on)-2], "") })
	touches(true, "an edit of what is the twelfth now", minor(on[len(on)-newestRows-1]))
	touches(false, "a restoration of an old one", func() { n.restore(on[1]) })
	touches(true, "a restoration of a new one", func() { n.restore(on[len(on)-2]) })
	touches(true, "one that leaves the topic", func() {
		a := on[len(on)-3]
		e := *a.editions[0]
		e.Number, e.Change, e.Topics = len(a.editions)+1, dateline.ChangeMinor, nil
		n.add(a.id, &e)
	})
}
