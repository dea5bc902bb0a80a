package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

func (n *room) listed(who dateline.Actor, want desk.Listing) (headlines []string, next string) {
	n.Helper()
	page, err := n.desk.Listed(n.Context(), who, want)
	if err != nil {
		n.Fatal(err)
	}
	for _, a := range page.Articles {
		headlines = append(headlines, a.Content.Headline)
	}
	return headlines, page.Next
}

func (n *room) write(who dateline.Actor, headline string, section dateline.ID) *dateline.Article {
	n.Helper()
	n.clock.Pass(time.Second)
	a, err := n.desk.Create(n.Context(), who, dateline.KindArticle, dateline.Content{Headline: headline, Section: section, Language: "en"})
	if err != nil {
		n.Fatal(err)
	}
	return a
}

func TestTheDesksLists(t *testing.T) {
	n := newsroom(t)
	ctx := t.Context()
	section, err := n.desk.CreateSection(ctx, chief, dateline.Section{Slug: "coast", Names: dateline.Names{"en": "Coast"}})
	if err != nil {
		t.Fatal(err)
	}
	draft := n.write(reporter, "A draft of mine", section.ID)
	sent := n.write(reporter, "Sent to the editors", section.ID)
	if _, err := n.desk.Submit(ctx, reporter, desk.Target{ID: sent.ID, Version: sent.Version}); err != nil {
		t.Fatal(err)
	}
	late := n.write(editor, "Out later", section.ID)
	soon := n.write(editor, "Out soon", section.ID)
	now := n.clock.Now()
	for a, in := range map[*dateline.Article]time.Duration{late: 3 * time.Hour, soon: time.Hour} {
		if _, err := n.desk.Schedule(ctx, editor, desk.Target{ID: a.ID, Version: a.Version}, now.Add(in), desk.Publishing{}); err != nil {
			t.Fatal(err)
		}
	}
	held := n.write(editor, "Under embargo", section.ID)
	if _, err := n.desk.Embargo(ctx, editor, desk.Target{ID: held.ID, Version: held.Version}, now.Add(2*time.Hour), ""); err != nil {
		t.Fatal(err)
	}
	out := n.write(editor, "Out now", section.ID)
	if _, err := n.desk.Publish(ctx, editor, desk.Target{ID: out.ID, Version: out.Version}, desk.Publishing{}); err != nil {
		t.Fatal(err)
	}
	for list, want := range map[string][]string{
		desk.ListMine: {"Out now", "Under embargo", "Out soon", "Out later"}, desk.ListSubmitted: {"Sent to the editors"}, desk.ListDrafts: {"Under embargo", "A draft of mine"},
		desk.ListScheduled: {"Out soon", "Out later"}, desk.ListEmbargoed: {"Under embargo"}, desk.ListPublished: {"Out now"}, desk.ListWithdrawn: nil,
	} {
		if got, _ := n.listed(editor, desk.Listing{List: list}); !slices.Equal(got, want) {
			t.Errorf("%s: %q, not %q", list, got, want)
		}
	}
	day, err := n.desk.Today(ctx, editor, "")
	if err != nil {
		t.Fatal(err)
	}
	var groups []string
	for _, g := range day.Groups {
		for _, a := range g.Articles {
			groups = append(groups, string(g.Group)+": "+a.Content.Headline)
		}
	}
	want := []string{"waiting: Sent to the editors", "work: A draft of mine", "going: Out soon", "going: Out later", "going: Under embargo", "published: Out now"}
	if !slices.Equal(groups, want) {
		t.Errorf("the day: %q, not %q", groups, want)
	}
	if day.Counts[desk.ListAll] != 6 || day.Counts[desk.ListScheduled] != 2 || day.Open[section.ID] != 5 || day.Names[section.ID] != "Coast" {
		t.Errorf("counts %v, open %v, names %v", day.Counts, day.Open, day.Names)
	}
	// Midnight in the paper's zone ends what was published today; an embargo that is over is in no list.
	n.clock.Pass(24 * time.Hour)
	if got, _ := n.listed(editor, desk.Listing{List: desk.ListPublished}); got != nil {
		t.Errorf("published today, a day later: %q", got)
	}
	if got, _ := n.listed(editor, desk.Listing{List: desk.ListEmbargoed}); got != nil {
		t.Errorf("embargoed, after its end: %q", got)
	}
	if _, err := n.desk.Listed(ctx, editor, desk.Listing{List: "others"}); dateline.ErrorCode(err) != dateline.EInvalid {
		t.Errorf("a list that is not: %v", err)
	}
	if a, err := n.desk.Find(ctx, reporter, draft.ID); err != nil || a.Words != 0 {
		t.Errorf("%v, %v", a, err)
	}
}

func TestListsArePagedAndSearchedAsOneTypes(t *testing.T) {
	n := newsroom(t)
	for i := range 7 {
		n.write(editor, fmt.Sprintf("Ferry number %d", i), "")
	}
	n.write(editor, "A bridge", "")
	var got []string
	for after := ""; ; {
		page, next := n.listed(editor, desk.Listing{List: desk.ListAll, Query: "ferr", After: after, Limit: 3})
		got = append(got, page...)
		if after = next; after == "" {
			break
		}
	}
	if len(got) != 7 || got[0] != "Ferry number 6" || got[6] != "Ferry number 0" {
		t.Errorf("%q", got)
	}
	if got, _ := n.listed(editor, desk.Listing{List: desk.ListAll, Query: "ferr "}); got != nil {
		t.Errorf("a word that is at its end is no beginning: %q", got)
	}
	if got, _ := n.listed(editor, desk.Listing{List: desk.ListAll, Query: "br"}); got != nil {
		t.Errorf("two letters are no beginning yet: %q", got)
	}
}

func TestNamesAreFoundByTyping(t *testing.T) {
	n := newsroom(t)
	for _, name := range []string{"Nalini Okar", "Okello Marsh", "Ilan Verghese", "Bokar"} {
		if _, err := n.desk.CreatePerson(t.Context(), editor, dateline.Person{Slug: desk.Slug(name), Names: dateline.Names{"en": name}}); err != nil {
			t.Fatal(err)
		}
	}
	for typed, want := range map[string][]string{"ok": {"Okello Marsh", "Nalini Okar"}, "Okar": {"Nalini Okar"}, "nalini o": {"Nalini Okar"}, "%": nil, "zz": nil} {
		found, err := n.desk.FindPersons(t.Context(), editor, typed, 8)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, p := range found {
			names = append(names, p.Names["en"])
		}
		if typed != "%" && !slices.Equal(names, want) {
			t.Errorf("%q finds %q, not %q", typed, names, want)
		}
	}
}

func TestCompare(t *testing.T) {
	n := newsroom(t)
	ctx := t.Context()
	section, err := n.desk.CreateSection(ctx, chief, dateline.Section{Slug: "coast", Names: dateline.Names{"en": "Coast"}})
	if err != nil {
		t.Fatal(err)
	}
	a := n.write(editor, "The line moves", section.ID)
	if _, err := n.desk.Publish(ctx, editor, desk.Target{ID: a.ID, Version: a.Version}, desk.Publishing{}); err != nil {
		t.Fatal(err)
	}
	if a, err = n.desk.Find(ctx, editor, a.ID); err != nil {
		t.Fatal(err)
	}
	c := a.Content
	c.Headline, c.Label = "The line stays", dateline.LabelAnalysis
	if a, err = n.desk.Save(ctx, editor, desk.Target{ID: a.ID, Version: a.Version}, c); err != nil {
		t.Fatal(err)
	}
	d, err := n.desk.Compare(ctx, editor, a.ID, desk.Side{Edition: 1}, desk.Side{Version: a.Saved})
	if err != nil {
		t.Fatal(err)
	}
	if d.Same() || len(d.Fields) != 1 || d.Fields[0] != (desk.FieldChange{Path: "label", Before: "news", After: "analysis"}) || len(d.Doubts) != 1 || d.Doubts[0].Kind != desk.DoubtHeadline {
		t.Errorf("%+v", d)
	}
	if same, err := n.desk.Compare(ctx, editor, a.ID, desk.Side{Version: a.Saved}, desk.Side{Version: a.Saved}); err != nil || !same.Same() {
		t.Errorf("%+v, %v", same, err)
	}
	if _, err := n.desk.Compare(ctx, editor, a.ID, desk.Side{Edition: 2}, desk.Side{Version: 1}); dateline.ErrorCode(err) != dateline.ENotFound {
		t.Errorf("an edition that is not: %v", err)
	}
	if _, err := n.desk.Compare(ctx, dateline.Actor{}, a.ID, desk.Side{Edition: 1}, desk.Side{Version: 1}); dateline.ErrorCode(err) != dateline.EUnauthorized {
		t.Errorf("nobody compares: %v", err)
	}
	address, err := n.desk.ProposeAddress(ctx, editor, a.ID, time.Time{})
	if err != nil || address != a.Address {
		t.Errorf("%q, %v", address, err)
	}
}

// BenchmarkLists asks for the desk's lists among 100,000 articles.
func BenchmarkLists(b *testing.B) {
	n := newsroom(b)
	const articles, batch = 100_000, 5_000
	for from := 0; from < articles; from += batch {
		if err := n.store.Update(b.Context(), func(tx desk.Tx) error {
			for i := from; i < from+batch; i++ {
				if err := insertOld(tx, i); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	for name, f := range map[string]func() error{
		"day": func() error { _, err := n.desk.Today(b.Context(), editor, ""); return err },
		"all": func() error {
			_, err := n.desk.Listed(b.Context(), editor, desk.Listing{List: desk.ListAll})
			return err
		},
		"mine": func() error {
			_, err := n.desk.Listed(b.Context(), editor, desk.Listing{List: desk.ListMine})
			return err
		},
		"search": func() error {
			_, err := n.desk.Listed(b.Context(), editor, desk.Listing{List: desk.ListAll, Query: "harbour fer"})
			return err
		},
		"rare": func() error {
			_, err := n.desk.Listed(b.Context(), editor, desk.Listing{List: desk.ListAll, Query: "numb99999"})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// insertOld keeps one article as an archive has it; one of two hundred has a draft.
func insertOld(tx desk.Tx, i int) error {
	at := noon.Add(-time.Duration(i) * time.Hour)
	a := &dateline.Article{ID: dateline.ID(fmt.Sprintf("00000000-0000-7000-8000-%012d", i)), Kind: dateline.KindArticle, Version: 1, Saved: 1, Readers: dateline.Published,
		Draft: dateline.DraftNone, Words: 400, First: at, Updated: at, Created: at, SavedAt: at, SavedBy: "elena", Author: "elena", Edition: 1,
		Content: dateline.Content{Headline: fmt.Sprintf("Harbour ferry numb%d", i), Language: "en"}}
	if i%200 == 0 {
		a.Draft = dateline.DraftOpen
	}
	if err := tx.InsertArticle(a); err != nil {
		return err
	}
	if err := tx.InsertVersion(desk.Version{Article: a.ID, Number: 1, At: at, By: "elena", Content: a.Content}); err != nil {
		return err
	}
	return tx.IndexArticle(a.ID, a.Content.Headline+" the harbour and what went on in it")
}
