package desk_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// old is an item of an old site.
func old(id string, change func(*desk.Item)) desk.Item {
	i := desk.Item{Source: "https://old.example", ExternalID: id, Kind: dateline.KindArticle, Publish: true,
		Content: dateline.Content{Headline: "Old " + id, Language: "en"}, Section: desk.Named{Slug: "world", Names: dateline.Names{"en": "World"}},
		First: time.Date(2014, 6, 27, 6, 38, 0, 0, time.UTC), Updated: time.Date(2014, 6, 27, 6, 46, 0, 0, time.UTC)}
	if change != nil {
		change(&i)
	}
	return i
}

func each(items ...desk.Item) iter.Seq2[desk.Item, error] {
	return func(yield func(desk.Item, error) bool) {
		for _, i := range items {
			if !yield(i, nil) {
				return
			}
		}
	}
}

// bring imports items and gives the reports by their external ids.
func (n *room) bring(items ...desk.Item) map[string]desk.Imported {
	n.Helper()
	got := map[string]desk.Imported{}
	n.must(n.desk.Import(n.Context(), chief, each(items...), func(r desk.Imported) { got[r.ExternalID] = r }))
	if len(got) != len(items) {
		n.Errorf("%d reports of %d items", len(got), len(items))
	}
	return got
}

func TestImportKeepsTheSource(t *testing.T) {
	n := newsroom(t)
	begin := n.head()
	item := old("7", func(i *desk.Item) {
		i.Topics = []desk.Named{{Slug: "talks", Names: dateline.Names{"en": "Talks"}}, {Slug: "talks", Names: dateline.Names{"en": "Talks"}}}
		i.Persons = []desk.Named{{Slug: "meera", Names: dateline.Names{"en": "Meera"}}}
		i.Address, i.Former = "/2014/06/27/old-seven/", []string{"/?p=7", "/2014/06/27/old-seven/"}
		i.Content.Body = body(t, "They met.")
	})
	r := n.bring(item)["7"]
	if r.Outcome != desk.OutcomePublished || r.Address != "/2014/06/27/old-seven/" || r.Err != nil || len(r.Notes) != 0 {
		t.Fatalf("%+v", r)
	}
	if got := n.kinds(begin); got != "section person topic edition redirect" {
		t.Errorf("the record got %s", got)
	}
	a := n.find(r.Article)
	if !a.First.Equal(item.First) || !a.Updated.Equal(item.Updated) || a.Edition != 1 || a.Draft != dateline.DraftNone || fmt.Sprint(a.Former) != "[/?p=7]" ||
		len(a.Content.Topics) != 1 || len(a.Content.Byline) != 1 {
		t.Errorf("kept %+v", a)
	}
	e := n.edition(begin + 4)
	if e.Change != dateline.ChangeImported || e.First != "2014-06-27T06:38:00.000000Z" || e.Public != e.First || e.Updated != "2014-06-27T06:46:00.000000Z" ||
		e.Address != r.Address || len(e.Related) != 0 {
		t.Errorf("the record says %+v", e)
	}
	entry := n.entries(begin + 3)[0]
	if !entry.At.Equal(noon) {
		t.Errorf("the record took it at %v", entry.At)
	}
	redirect, err := n.entries(begin + 4)[0].Decode()
	n.must(err)
	if got := redirect.(*record.Redirect); got.From != "/?p=7" || got.To != "" {
		t.Errorf("the redirect is %+v", got)
	}
	page, err := n.desk.List(t.Context(), editor, dateline.ArticleFilter{Query: "meera met"})
	if err != nil || len(page.Articles) != 1 {
		t.Errorf("it is not found: %v", err)
	}
	// Later editions are the desk's own.
	n.clock.Pass(time.Hour)
	b := n.save(a, func(c *dateline.Content) { c.Headline = "Corrected" })
	_, err = n.desk.Publish(t.Context(), editor, seen(b), desk.Publishing{Change: dateline.ChangeImported})
	n.refused(dateline.EInvalid, "change", err)
	again := n.publish(b, dateline.ChangeCorrection, "A name was wrong.").Article
	if !again.First.Equal(item.First) || !again.Updated.Equal(n.clock.Now()) || again.Address != a.Address {
		t.Errorf("corrected: %+v", again)
	}
}

func TestSecondImportChangesNothing(t *testing.T) {
	n := newsroom(t)
	items := []desk.Item{old("1", nil), old("2", nil), old("3", func(i *desk.Item) { i.Publish = false })}
	first := n.bring(items...)
	begin := n.head()
	lines, err := n.desk.ListAudit(t.Context(), chief, "", 0, 200)
	n.must(err)
	n.reopen()
	items[1].Content.Headline = "Changed there"
	for id, r := range n.bring(items...) {
		want := desk.OutcomeUnchanged
		if id == "2" {
			want = desk.OutcomeDiffers
		}
		if r.Outcome != want || r.Article != first[id].Article {
			t.Errorf("%s: %+v", id, r)
		}
	}
	n.nothing(begin)
	after, err := n.desk.ListAudit(t.Context(), chief, "", 0, 200)
	if err != nil || len(after) != len(lines) {
		t.Errorf("the audit grew from %d to %d lines, %v", len(lines), len(after), err)
	}
	if a := n.find(first["2"].Article); a.Content.Headline != "Old 2" || a.Version != 1 {
		t.Errorf("the article became %+v", a)
	}
}

func TestImportedDrafts(t *testing.T) {
	n := newsroom(t)
	section := n.section("world")
	begin := n.head()
	hour := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	got := n.bring(
		old("draft", func(i *desk.Item) { i.Publish, i.First = false, time.Time{} }),
		old("future", func(i *desk.Item) { i.Publish, i.Proposed = false, hour }),
		old("private", func(i *desk.Item) { i.Publish, i.Private = false, true }))
	n.nothing(begin)
	for id, r := range got {
		a := n.find(r.Article)
		if r.Outcome != desk.OutcomeDraft || a.Readers != dateline.Unpublished || a.Draft != dateline.DraftOpen || a.Edition != 0 || a.Content.Section != section.ID || a.Address != "" {
			t.Errorf("%s: %+v, %+v", id, r, a)
		}
	}
	if a := n.find(got["future"].Article); a.Proposed == nil || !a.Proposed.Equal(hour) || a.Schedule != nil {
		t.Errorf("the proposed hour is %v", a.Proposed)
	}
	private := n.find(got["private"].Article)
	_, err := n.desk.Publish(t.Context(), chief, seen(private), desk.Publishing{Change: dateline.ChangeFirst})
	n.refused(dateline.EState, "private", err)
	_, err = n.desk.Schedule(t.Context(), chief, seen(private), noon.Add(time.Hour), desk.Publishing{})
	n.refused(dateline.EState, "private", err)
}

func TestRefusedItemsLeaveNothing(t *testing.T) {
	n := newsroom(t)
	n.section("world")
	begin := n.head()
	refused := map[string]func(*desk.Item){
		"headline":       func(i *desk.Item) { i.Content.Headline = strings.Repeat("a", 10000) },
		"no headline":    func(i *desk.Item) { i.Content.Headline = "" },
		"no section":     func(i *desk.Item) { i.Section = desk.Named{} },
		"body":           func(i *desk.Item) { i.Content.Body = []byte("<p>") },
		"no time":        func(i *desk.Item) { i.First = time.Time{} },
		"future":         func(i *desk.Item) { i.First = noon.Add(time.Hour) },
		"private":        func(i *desk.Item) { i.Private = true },
		"kind":           func(i *desk.Item) { i.Kind = "revision" },
		"topic's slug":   func(i *desk.Item) { i.Topics = []desk.Named{{Slug: "../x", Names: dateline.Names{"en": "x"}}} },
		"section's slug": func(i *desk.Item) { i.Section = desk.Named{Slug: "search", Names: dateline.Names{"en": "x"}} },
		"late failure": func(i *desk.Item) {
			i.Persons = []desk.Named{{Slug: "somebody", Names: dateline.Names{"en": "Somebody"}}}
			i.Topics = []desk.Named{{Slug: "something", Names: dateline.Names{"en": "Something"}}}
			i.Content.Translations = []dateline.ID{"0190b5f0-6c00-7cc3-98c4-dc0c0c07398f"}
		},
	}
	before := n.head()
	var items []desk.Item
	for name, change := range refused {
		items = append(items, old(name, change))
	}
	items = append(items, old("good", func(i *desk.Item) {
		i.Persons = []desk.Named{{Slug: "somebody", Names: dateline.Names{"en": "Somebody"}}}
	}))
	got := n.bring(items...)
	for name := range refused {
		if r := got[name]; r.Outcome != desk.OutcomeRefused || r.Err == nil || r.Article != "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if got["good"].Outcome != desk.OutcomePublished {
		t.Errorf("the good one: %+v", got["good"])
	}
	if kinds := n.kinds(before); kinds != "person edition" {
		t.Errorf("the record got %s after %s", kinds, n.kinds(begin))
	}
	topics, err := n.desk.ListTopics(t.Context(), editor, desk.Page{})
	if err != nil || len(topics) != 0 {
		t.Errorf("a refused item left %d topics, %v", len(topics), err)
	}
	// What was refused can be brought again once it is mended.
	if r := n.bring(old("no time", nil))["no time"]; r.Outcome != desk.OutcomePublished {
		t.Errorf("mended: %+v", r)
	}
}

func TestImportedAddressThatIsNotFree(t *testing.T) {
	n := newsroom(t)
	first := n.find(n.bring(old("first", func(i *desk.Item) { i.Address = "/2014/06/27/taken/" }))["first"].Article)
	for id, address := range map[string]string{"same": "/2014/06/27/taken/", "twin": "/2014/06/27/taken", "archive": "/2014/06/27/",
		"climbs": "/../../x", "fixed": "/search", "home": "/", "section": "/world/", "elsewhere": "//evil.example/"} {
		r := n.bring(old(id, func(i *desk.Item) { i.Address = address }))[id]
		if r.Outcome != desk.OutcomePublished || len(r.Notes) != 1 || r.Address != "/world/2014/06/27/old-"+id {
			t.Errorf("%s: %+v", address, r)
		}
	}
	for id, address := range map[string]string{"month": "/2014/06/bridge-opens/", "query": "/?p=1", "deep": "/a/b/c/d.html", "hindi": "/2014/06/27/बात"} {
		if r := n.bring(old(id, func(i *desk.Item) { i.Address = address }))[id]; r.Address != address || len(r.Notes) != 0 {
			t.Errorf("%s: %+v", address, r)
		}
	}
	if got := n.find(first.ID); got.Address != "/2014/06/27/taken/" {
		t.Errorf("the first one's address became %s", got.Address)
	}
}

func TestManyOfOneHeadline(t *testing.T) {
	n := newsroom(t)
	var items []desk.Item
	for i := range 102 {
		items = append(items, old(fmt.Sprint(i), func(i *desk.Item) { i.Content.Headline = "Weather" }))
	}
	met := map[string]bool{}
	for _, r := range n.bring(items...) {
		if r.Outcome != desk.OutcomePublished || met[r.Address] || dateline.ValidAddress(r.Address) != nil {
			t.Errorf("%+v", r)
		}
		met[r.Address] = true
	}
	for address, want := range map[string]bool{"/world/2014/06/27/weather": true, "/world/2014/06/27/weather-99": true, "/world/2014/06/27/weather-100": false} {
		if met[address] != want {
			t.Errorf("%s is used: %v", address, met[address])
		}
	}
}

func TestImportReportsWhatItLeavesOut(t *testing.T) {
	n := newsroom(t)
	r := n.bring(
		old("1", func(i *desk.Item) { i.Former = []string{"/?p=1"} }),
		old("2", func(i *desk.Item) {
			i.Updated = i.First.Add(-time.Hour)
			i.Former = []string{"/?p=1", "/search", "/?p=2"}
		}))["2"]
	a := n.find(r.Article)
	if r.Outcome != desk.OutcomePublished || len(r.Notes) != 3 || fmt.Sprint(a.Former) != "[/?p=2]" || !a.Updated.Equal(a.First) {
		t.Errorf("%+v, %v", r, a.Former)
	}
	if a.Address != "/world/2014/06/27/old-2" {
		t.Errorf("its address is %s", a.Address)
	}
}

func TestWithdrawnIsNotImportedAgain(t *testing.T) {
	n := newsroom(t)
	item := old("1", func(i *desk.Item) { i.Address = "/2014/06/27/one/" })
	a := n.find(n.bring(item)["1"].Article)
	_, err := n.desk.Withdraw(t.Context(), chief, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnLegal})
	n.must(err)
	if r := n.bring(item)["1"]; r.Outcome != desk.OutcomeUnchanged {
		t.Errorf("%+v", r)
	}
	for i, address := range []string{"/2014/06/27/one/", "/2014/06/27/one"} { // with its slash and without
		item.ExternalID, item.Address = fmt.Sprint("copy ", i), address
		if r := n.bring(item)[item.ExternalID]; r.Outcome != desk.OutcomeRefused || !strings.Contains(r.Err.Error(), "withdrawn") {
			t.Errorf("%+v", r)
		}
	}
	if got := n.find(a.ID); got.Readers != dateline.Withdrawn {
		t.Error("it came back")
	}
}

func TestImportGoesInBatches(t *testing.T) {
	n := newsroom(t)
	begin := len(n.heads)
	const many = 300
	if got := importAll(t, n.desk, generated(t, many)); got != many {
		t.Errorf("%d reports", got)
	}
	if batches := len(n.heads) - begin; batches < many/128 {
		t.Errorf("%d items went in %d batches", many, batches)
	}
	for i, e := range n.entries(0) {
		if e.Sequence != int64(i+1) || e.Check() != nil {
			t.Fatalf("entry %d at place %d: %v", e.Sequence, i+1, e.Check())
		}
	}
	note, err := n.desk.Checkpoint(t.Context())
	n.must(err)
	if c, err := record.ParseCheckpoint(note); err != nil || c.Size != n.head() {
		t.Errorf("the checkpoint is of %d entries, %v", c.Size, err)
	}
}

func TestCutImportIsFinishedByAnother(t *testing.T) {
	n := newsroom(t)
	damaged := errors.New("line 300 is damaged")
	all := slices.Collect(func(yield func(desk.Item) bool) {
		for i := range 400 {
			if !yield(old(fmt.Sprint(i), nil)) {
				return
			}
		}
	})
	cut := func(yield func(desk.Item, error) bool) {
		for _, i := range all[:300] {
			if !yield(i, nil) {
				return
			}
		}
		yield(desk.Item{}, damaged)
	}
	count := 0
	err := n.desk.Import(t.Context(), chief, cut, func(desk.Imported) { count++ })
	if !errors.Is(err, damaged) || count != 300 {
		t.Errorf("%d before %v", count, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = n.desk.Import(ctx, chief, each(all...), func(r desk.Imported) { cancel() })
	n.refused(dateline.EUnavailable, "", err)
	n.reopen()
	outcomes := map[desk.Outcome]int{}
	for _, r := range n.bring(all...) {
		outcomes[r.Outcome]++
	}
	if outcomes[desk.OutcomePublished] == 0 || outcomes[desk.OutcomePublished]+outcomes[desk.OutcomeUnchanged] != 400 || outcomes[desk.OutcomePublished] > 100 {
		t.Errorf("%v", outcomes)
	}
	n.refused(dateline.EForbidden, "chief", n.desk.Import(t.Context(), editor, each(), func(desk.Imported) {}))
}
