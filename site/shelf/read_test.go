package shelf

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

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
		msg, err := signer.Sign(record.Checkpoint{Origin: "estuary.example/record", Size: size, Root: root}, time.Unix(1780000000, 0))
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
