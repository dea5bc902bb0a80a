package shelf

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/search"
)

func TestWithdrawalAndRestoration(t *testing.T) {
	n := newNewsroom(t, 50)
	n.acts(50)
	a := n.publish(dateline.KindArticle, false)
	a.editions[0].Headline = "x"
	n.edit(a)
	n.move(a)
	s := open(t, n)
	apply(t, s, n.entries...)
	rows := func() string { return answersNow(t, n, s) } // of then it says that the article was away
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

// TestTombstonesOfStoriesAndCoverages: an old copy of the shelf shows no story and no live coverage that was taken down since; a story
// that was told again stands again.
func TestTombstonesOfStoriesAndCoverages(t *testing.T) {
	n := newNewsroom(t, 52).acts(20)
	live := n.publish(dateline.KindLive, false)
	live.told = append(live.told, n.add(live.id, &record.LiveState{Language: "en", State: dateline.LiveOn}))
	for range 8 {
		n.report(live)
	}
	gone, merged, stays := n.stories[0], n.stories[1], n.stories[2]
	for _, id := range n.stories {
		n.tell(id)
	}
	for n.told[gone].Number < 5 {
		n.tell(gone)
	}
	path := filepath.Join(t.TempDir(), "shelf.db")
	s := openAt(t, n, path)
	apply(t, s, n.entries...)
	before := len(n.entries)
	shown := n.told[gone].Slug
	n.withdraw(live, "")
	n.takeStory(gone)
	n.add(merged, &record.Story{Number: n.told[merged].Number + 1, Public: record.FormatInstant(n.now), Slug: n.told[merged].Slug, Language: "en", Into: stays})
	apply(t, s, n.entries[before:]...)
	addresses := []string{"/stories/story-0", "/stories/" + shown, "/stories/" + n.told[merged].Slug, live.address}
	for _, address := range addresses {
		if !s.Gone(address) {
			t.Errorf("the file of tombstones does not know %s", address)
		}
	}
	if s.Gone("/stories/" + n.told[stays].Slug) {
		t.Error("it says that the other story is down")
	}
	old := func() *Shelf {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := removeDatabase(path); err != nil {
			t.Fatal(err)
		}
		return openAt(t, n, path)
	}
	s = old()
	apply(t, s, n.entries[:before]...)
	view(t, s, func(tx *Tx) {
		for _, address := range addresses {
			if r := must(tx.Resolve(address)); r.Found != FoundGone {
				t.Errorf("an old shelf answers %s with %+v", address, r)
			}
		}
		stories := must(tx.Stories(10))
		for _, words := range []string{"story 0", "story 1"} {
			stories = append(stories, must(tx.NamedStories(search.ParseQuery(words), 10))...)
		}
		for _, st := range stories {
			if st.ID == gone || st.ID == merged {
				t.Errorf("an old shelf lists %s", st.Name)
			}
		}
		corrections, err := tx.Corrections(Position{}, 1000)
		for _, c := range corrections {
			if err == nil && c.Story && (c.Card.ID == gone || c.Card.ID == merged) {
				t.Errorf("an old shelf tells of a correction of %s", c.Card.Headline)
			}
		}
		if _, err := tx.Story(gone); !errors.Is(err, ErrNotFound) {
			t.Errorf("an old shelf answers the story: %v", err)
		}
		for _, st := range must(tx.StoriesOf(live.id, n.stories)) {
			if st.ID == gone || st.ID == merged {
				t.Errorf("an old shelf gives an article the box of %s", st.Name)
			}
		}
		if _, err := tx.Article(live.id); !errors.Is(err, ErrNotFound) {
			t.Errorf("an old shelf answers the coverage: %v", err)
		}
		for _, c := range must(tx.OnAir()) {
			if c.ID == live.id {
				t.Error("an old shelf says that it is on air")
			}
		}
	})
	again := n.told[gone]
	again.Number++
	n.add(gone, again)
	apply(t, s, n.entries[before:]...)
	view(t, s, func(tx *Tx) {
		if st := must(tx.Story(gone)); st.Slug != again.Slug || s.Gone("/stories/"+again.Slug) {
			t.Errorf("told again, it is %+v", st)
		}
	})
	// The same from the record as it is given now, with the file or without.
	s = old()
	if _, err := s.Rebuild(t.Context(), answering{n}, nil); err != nil {
		t.Fatal(err)
	}
	if s.Gone("/stories/"+again.Slug) || !s.Gone("/stories/"+n.told[merged].Slug) {
		t.Error("built anew, the file says something else")
	}
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

// A picture that only an entry of a live coverage showed goes when the entry is removed, whatever the entry said between, and does not
// come back with the coverage.
func TestARemovedEntrysPicturesGo(t *testing.T) {
	n := newNewsroom(t, 60)
	s := open(t, n)
	apply(t, s, n.entries...)
	a := n.publish(dateline.KindLive, false)
	hash := strings.Repeat("cd", 32)
	picture := n.make(&record.Picture{Hash: hash, Format: "png", Width: 1, Height: 1})
	say := func(act string, number int, pictures ...dateline.ID) Changes {
		t.Helper()
		e := &record.LiveEntry{Act: act, Number: number, Public: record.FormatInstant(n.now), Headline: "Gates", Language: "en", Pictures: pictures}
		if act == record.EntryDeleted {
			e.Headline, e.Reason = "", "It was told twice."
		}
		a.told = append(a.told, n.add(a.id, e))
		return apply(t, s, n.entries[s.Cursor():]...)
	}
	if ch := say(record.EntryMade, 1, picture); !slices.Contains(ch.Show, hash) {
		t.Errorf("shown: %v", ch.Show)
	}
	say(record.EntryMade, 2)
	if ch := say(record.EntryEdited, 1); len(ch.Hide) != 0 { // as of then it is there still
		t.Errorf("hidden with the edit: %v", ch.Hide)
	}
	if ch := say(record.EntryDeleted, 2); len(ch.Hide) != 0 {
		t.Errorf("hidden with another entry: %v", ch.Hide)
	}
	if ch := say(record.EntryDeleted, 1); !slices.Equal(ch.Hide, []string{hash}) {
		t.Errorf("hidden: %v", ch.Hide)
	}
	n.withdraw(a, "")
	apply(t, s, n.entries[s.Cursor():]...)
	n.restore(a)
	if ch := apply(t, s, n.entries[s.Cursor():]...); slices.Contains(ch.Show, hash) {
		t.Errorf("shown again: %v", ch.Show)
	}
	anew := open(t, n)
	if _, err := anew.Rebuild(t.Context(), answering{n}, nil); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(dump(t, s), "\n"), strings.Split(dump(t, anew), "\n")); d != "" {
		t.Errorf("built anew, the tables differ:\n%.3000s", d)
	}
}

// A redaction's words are in no page, and no compressed row, once the shelf is scrubbed; what was said beside them stays.
func TestRedactedWordsAreNowhere(t *testing.T) {
	n := newNewsroom(t, 66).acts(40)
	path := filepath.Join(t.TempDir(), "shelf.db")
	s := openAt(t, n, path)
	apply(t, s, n.entries...)
	a := n.publish(dateline.KindArticle, false)
	n.entries = n.entries[:s.Cursor()]
	e := *a.editions[0]
	e.Lead, e.Pictures, e.Headline = nil, nil, "The secret name is Quixwortle"
	first := n.add(a.id, &e)
	apply(t, s, n.entries[s.Cursor():]...)
	if !contains(t, path, "quixwort") || !contains(t, path, "Quixwort") {
		t.Fatal("the test looks in the wrong place")
	}
	good := e
	good.Headline = "It has a name"
	replacement := n.add(a.id, &good)
	n.stripped[first] = true
	n.add(a.id, &record.Redaction{Entries: []int64{first}, Replacement: replacement,
		Editions: []record.EditionMark{{Number: 1, Change: e.Change, Public: e.Public, Sequence: first}}})
	if ch := apply(t, s, n.entries[s.Cursor():]...); !ch.Redacted {
		t.Error("nobody is told that words went")
	}
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if contains(t, path, "quixwort") || contains(t, path, "Quixwort") {
		t.Error("the words are still in the file")
	}
	view(t, s, func(tx *Tx) {
		list := must(tx.Editions(a.id))
		if len(list) != 2 || list[1].Number != 1 || !list[1].Redacted || list[1].Replacement != replacement || list[0].Replaces != first {
			t.Errorf("the history is %+v", list)
		}
	})
}

// secret applies an article with a word that nothing else has, and gives what takes it down by law.
func secret(t *testing.T, n *newsroom, s *Shelf) (takeDown func()) {
	t.Helper()
	apply(t, s, n.entries...)
	a := n.publish(dateline.KindArticle, false)
	n.entries = n.entries[:s.Cursor()]
	e := *a.editions[0]
	e.Lead, e.Pictures, e.Headline = nil, nil, "The secret name is Quixwortle"
	a.seqs = []int64{n.add(a.id, &e)}
	apply(t, s, n.entries[s.Cursor():]...)
	return func() {
		t.Helper()
		first := a.editions[0].First
		n.add(a.id, &record.Withdrawal{Kind: dateline.WithdrawnLegal, Public: first, First: first, Section: e.Section, Language: "en",
			Hashes: []string{record.AddressHash(a.address)}, Editions: []record.EditionMark{{Number: 1, Change: dateline.ChangeFirst, Public: first, Sequence: a.seqs[0]}}})
		apply(t, s, n.entries[s.Cursor():]...)
	}
}

// The words of what was taken down by law are in no page of the file or its log once the shelf is tidied.
func TestWordsTakenDownByLawAreNowhere(t *testing.T) {
	n := newNewsroom(t, 65).acts(60)
	path := filepath.Join(t.TempDir(), "shelf.db")
	s := openAt(t, n, path)
	takeDown := secret(t, n, s)
	for range 30 {
		n.publish(dateline.KindArticle, false)
		apply(t, s, n.entries[s.Cursor():]...)
	}
	if !contains(t, path, "quixwort") {
		t.Fatal("the test looks in the wrong place")
	}
	takeDown()
	for more := true; more; {
		more = must(s.Tidy(t.Context()))
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

// While somebody reads what was there before, the log cannot be emptied; tidying says that there is more to do until it is.
func TestTheLogIsEmptiedAfterItsReaders(t *testing.T) {
	n := newNewsroom(t, 65).acts(60)
	path := filepath.Join(t.TempDir(), "shelf.db")
	s := openAt(t, n, path)
	takeDown := secret(t, n, s)
	// A log as large as it is folded at beside those who write.
	if err := s.writer.c.exec("INSERT INTO meta(name, value) VALUES('large', zeroblob(?))", 2*foldAt); err != nil {
		t.Fatal(err)
	}
	view(t, s, func(*Tx) {
		takeDown()
		for more := true; more; {
			more = must(s.writer.step())
		}
		for range 3 {
			if more, err := s.Tidy(t.Context()); err != nil || !more {
				t.Fatalf("with a reader tidying ends with %v, %v", more, err)
			}
		}
	})
	if !contains(t, path+"-wal", "quixwort") {
		t.Fatal("the test looks in the wrong place")
	}
	for more := true; more; {
		more = must(s.Tidy(t.Context()))
	}
	if contains(t, path, "quixwort") || contains(t, path, "Quixwort") {
		t.Error("the words are still in the file or its log")
	}
	if wait := must(s.writer.c.once("PRAGMA busy_timeout")); wait[0].int(0) != busyPatience {
		t.Errorf("the writer waits %d ms for locks from now on", wait[0].int(0))
	}
}

// TestMergersInACircle: a record in which stories were merged into one another in a circle, which no desk writes, has an end for who
// follows them.
func TestMergersInACircle(t *testing.T) {
	n := newNewsroom(t, 53).acts(20)
	for _, id := range n.stories {
		n.tell(id)
	}
	s := openAt(t, n, filepath.Join(t.TempDir(), "shelf.db"))
	for i, id := range n.stories {
		n.add(id, &record.Story{Number: n.told[id].Number + 1, Public: record.FormatInstant(n.now), Slug: n.told[id].Slug, Language: "en", Into: n.stories[(i+1)%len(n.stories)]})
	}
	apply(t, s, n.entries...)
	view(t, s, func(tx *Tx) {
		for _, id := range n.stories {
			if got, err := tx.Story(id); !errors.Is(err, ErrNotFound) {
				t.Errorf("the story %s is %+v, %v", id, got, err)
			}
		}
	})
}
