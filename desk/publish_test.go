package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

func TestFirstPublication(t *testing.T) {
	n := newsroom(t)
	section, topic, hidden := n.section("world"), n.topic("talks"), n.topic("secret")
	author, speaker := n.person("meera"), n.person("speaker")
	begin := n.head()
	quote := fmt.Sprintf(`{"type":"doc","content":[{"type":"quote","attrs":{"speaker":%q},"content":[{"type":"paragraph","content":[{"type":"text","text":"Never."}]}]}]}`, speaker.ID)
	a := n.create(dateline.Content{Headline: "Talks resume: “never” again!", Section: section.ID, Topics: []dateline.ID{topic.ID},
		Byline: []dateline.Credit{{Person: author.ID}}, Body: []byte(quote), Label: dateline.LabelNews,
		Dateline: dateline.Dateline{Place: "Saltmouth", Agency: "Tidewater"}})
	n.nothing(begin)
	n.clock.Pass(time.Minute)
	r := n.publish(a, dateline.ChangeFirst, "")
	if got := n.kinds(begin); got != "person person topic edition" {
		t.Errorf("the record got %s", got)
	}
	at := noon.Add(time.Minute)
	// In Kolkata it is the 29th already.
	if r.Article.Address != "/world/2026/03/29/talks-resume-never-again" {
		t.Errorf("its address is %s", r.Article.Address)
	}
	if !r.Article.First.Equal(at) || !r.Article.Updated.Equal(at) || r.Article.Readers != dateline.Published || r.Article.Draft != dateline.DraftNone || r.Article.Edition != 1 {
		t.Errorf("published %+v", r.Article)
	}
	want := &record.Edition{Number: 1, Change: "first", Public: record.FormatInstant(at), First: record.FormatInstant(at), Kind: "article",
		Address: r.Article.Address, Section: section.ID, Headline: a.Content.Headline, Place: "Saltmouth", Agency: "Tidewater",
		Byline: a.Content.Byline, Topics: []dateline.ID{topic.ID}, Body: a.Content.Body, Language: "en", Speakers: []dateline.ID{speaker.ID}}
	if diff := cmp.Diff(want, n.edition(r.Sequence)); diff != "" {
		t.Error(diff)
	}
	for _, e := range n.entries(0) {
		if strings.Contains(string(e.Body), string(hidden.ID)) || strings.Contains(string(e.Body), "elena") {
			t.Errorf("entry %d (%s) holds what is not public: %s", e.Sequence, e.Kind, e.Body)
		}
		if e.Check() != nil {
			t.Error(e.Check())
		}
	}
	if got, err := n.desk.FindTopic(t.Context(), editor, hidden.ID); err != nil || got.Public {
		t.Errorf("a topic that nothing refers to is public: %v, %v", got, err)
	}
	if got := n.heads[len(n.heads)-1]; got != r.Sequence {
		t.Errorf("OnCommit was told %d, want %d", got, r.Sequence)
	}
	// A second article with both refers to what is public already.
	begin = n.head()
	b := n.create(dateline.Content{Headline: "Talks resume never again", Section: section.ID, Topics: []dateline.ID{topic.ID}, Byline: a.Content.Byline})
	r = n.publish(b, dateline.ChangeFirst, "")
	if got := n.kinds(begin); got != "edition" {
		t.Errorf("the record got %s", got)
	}
	if r.Article.Address != "/world/2026/03/29/talks-resume-never-again-2" {
		t.Errorf("the second one of a day has the address %s", r.Article.Address)
	}
}

func TestTimesOfEditions(t *testing.T) {
	n := newsroom(t)
	section := n.section("world")
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: section.ID}), dateline.ChangeFirst, "").Article
	first := noon
	steps := []struct {
		change  dateline.Change
		note    string
		updated time.Time
	}{
		{dateline.ChangeMinor, "", first},
		{dateline.ChangeUpdate, "The talks are on.", first.Add(16 * time.Minute)},
		{dateline.ChangeMinor, "", first.Add(16 * time.Minute)},
		{dateline.ChangeCorrection, "It was Tuesday.", first.Add(32 * time.Minute)},
		{dateline.ChangeClarification, "Both sides met.", first.Add(40 * time.Minute)},
		{dateline.ChangeRetraction, "It did not happen.", first.Add(48 * time.Minute)},
	}
	for i, step := range steps {
		n.clock.Pass(8 * time.Minute)
		a = n.save(a, func(c *dateline.Content) { c.Standfirst = fmt.Sprint(i) })
		r := n.publish(a, step.change, step.note)
		a = r.Article
		if !a.First.Equal(first) || !a.Updated.Equal(step.updated) {
			t.Errorf("%s: first %v, updated %v, want %v", step.change, a.First, a.Updated, step.updated)
		}
		e := n.edition(r.Sequence)
		updated := record.FormatInstant(step.updated)
		if step.updated.Equal(first) {
			updated = ""
		}
		if e.First != record.FormatInstant(first) || e.Updated != updated || e.Public != record.FormatInstant(n.clock.Now()) || e.Number != i+2 || e.Note != step.note {
			t.Errorf("%s: the record says %+v", step.change, e)
		}
	}
	list, err := n.desk.ListEditions(t.Context(), editor, a.ID)
	if err != nil || len(list) != 7 || list[0].Number != 1 || list[6].Change != dateline.ChangeRetraction || list[6].Version != 7 || list[6].By != "elena" {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestRefusedPublications(t *testing.T) {
	n := newsroom(t)
	section := n.section("world")
	whole := dateline.Content{Headline: "One", Section: section.ID}
	begin := n.head()
	publish := func(actor dateline.Actor, a *dateline.Article, change dateline.Change, note string) error {
		_, err := n.desk.Publish(t.Context(), actor, seen(a), desk.Publishing{Change: change, Note: note})
		return err
	}
	n.refused(dateline.EForbidden, "reporter", publish(reporter, n.create(whole), dateline.ChangeFirst, ""))
	n.refused(dateline.EInvalid, "section", publish(editor, n.create(dateline.Content{Headline: "One"}), dateline.ChangeFirst, ""))
	n.refused(dateline.EInvalid, "headline", publish(editor, n.create(dateline.Content{Section: section.ID}), dateline.ChangeFirst, ""))
	n.refused(dateline.EInvalid, "first", publish(editor, n.create(whole), dateline.ChangeUpdate, "x"))
	n.refused(dateline.EInvalid, "note", publish(editor, n.create(whole), dateline.ChangeFirst, "x"))
	n.refused(dateline.EInvalid, "import", publish(editor, n.create(whole), dateline.ChangeImported, ""))
	held, err := n.desk.Hold(t.Context(), editor, seen(n.create(whole)), "lawyers")
	n.must(err)
	n.refused(dateline.ELocked, "lawyers", publish(chief, held.Article, dateline.ChangeFirst, ""))
	embargoed, err := n.desk.Embargo(t.Context(), editor, seen(n.create(whole)), noon.Add(time.Hour), "agreed")
	n.must(err)
	n.refused(dateline.ELocked, "2026-03-28T21:00:00Z", publish(chief, embargoed.Article, dateline.ChangeFirst, ""))
	n.nothing(begin)
	n.clock.Pass(time.Hour)
	n.must(publish(editor, embargoed.Article, dateline.ChangeFirst, "")) // an embargo ends by itself
	done := n.publish(n.create(whole), dateline.ChangeFirst, "").Article
	begin = n.head()
	n.refused(dateline.EState, "unpublished draft", publish(editor, done, dateline.ChangeUpdate, "Nothing is new."))
	done = n.save(done, func(c *dateline.Content) { c.Headline = "Two" })
	n.refused(dateline.EInvalid, "note", publish(editor, done, dateline.ChangeCorrection, ""))
	n.refused(dateline.EInvalid, "change", publish(editor, done, dateline.ChangeFirst, ""))
	n.nothing(begin)
	if a := n.find(done.ID); a.Edition != 1 || a.Draft != dateline.DraftOpen {
		t.Errorf("a refused publication left %+v", a)
	}
}

func TestIdempotencyKey(t *testing.T) {
	n := newsroom(t)
	a := n.create(dateline.Content{Headline: "One", Section: n.section("world").ID})
	p := desk.Publishing{Change: dateline.ChangeFirst, Key: "k1"}
	first, err := n.desk.Publish(t.Context(), editor, seen(a), p)
	n.must(err)
	begin := n.head()
	n.reopen()
	again, err := n.desk.Publish(t.Context(), editor, seen(a), p)
	n.must(err)
	if again.Sequence != first.Sequence || !again.Repeated || first.Repeated || again.Edition.Number != 1 || again.Article.ID != a.ID {
		t.Errorf("again: %+v", again)
	}
	p.Change, p.Note = dateline.ChangeUpdate, "x"
	_, err = n.desk.Publish(t.Context(), editor, seen(a), p)
	n.refused(dateline.EInvalid, "another request", err)
	p.Key = strings.Repeat("k", 256)
	_, err = n.desk.Publish(t.Context(), editor, seen(a), p)
	n.refused(dateline.EInvalid, "255", err)
	n.nothing(begin)
	// A refused request leaves its key free.
	b := n.create(dateline.Content{Headline: "Two"})
	_, err = n.desk.Publish(t.Context(), editor, seen(b), desk.Publishing{Change: dateline.ChangeFirst, Key: "k2"})
	n.refused(dateline.EInvalid, "section", err)
	_, err = n.desk.Publish(t.Context(), editor, seen(a), desk.Publishing{Change: dateline.ChangeFirst, Key: "k2"})
	n.refused(dateline.EConflict, "", err)
}

// TestCorrectionsNameAParagraph: only corrections and clarifications do, and only one that is there.
func TestCorrectionsNameAParagraph(t *testing.T) {
	n := newsroom(t)
	a := n.publish(n.create(dateline.Content{Headline: "A boat", Section: n.section("coast").ID, Body: paragraph("One.")}), dateline.ChangeFirst, "").Article
	for _, c := range []struct {
		change   dateline.Change
		corrects int
		words    string
	}{{dateline.ChangeUpdate, 1, "only a correction"}, {dateline.ChangeCorrection, 2, "no paragraph 2"}, {dateline.ChangeClarification, -1, "no paragraph -1"}} {
		a = n.save(a, func(c *dateline.Content) { c.Standfirst += "x" })
		_, err := n.desk.Publish(t.Context(), editor, seen(a), desk.Publishing{Change: c.change, Note: "It was wrong.", Corrects: c.corrects})
		n.refused(dateline.EInvalid, "the change", err)
		var e *dateline.Error
		if !errors.As(err, &e) || len(e.Fields) != 1 || !strings.Contains(e.Fields[0].Message, c.words) {
			t.Errorf("%s of paragraph %d: %+v", c.change, c.corrects, e)
		}
	}
	r, err := n.desk.Publish(t.Context(), editor, seen(a), desk.Publishing{Change: dateline.ChangeCorrection, Note: "It was wrong.", Corrects: 1})
	n.must(err)
	list, err := n.desk.ListEditions(t.Context(), editor, a.ID)
	n.must(err)
	if n.edition(r.Sequence).Corrects != 1 || list[1].Corrects != 1 {
		t.Errorf("the paragraph is not kept: %+v", list)
	}
}

func TestRelated(t *testing.T) {
	n := newsroom(t)
	section := n.section("world")
	one, two, three := n.topic("one"), n.topic("two"), n.topic("three")
	publish := func(headline string, topics ...dateline.ID) *dateline.Article {
		n.clock.Pass(time.Minute)
		return n.publish(n.create(dateline.Content{Headline: headline, Section: section.ID, Topics: topics}), dateline.ChangeFirst, "").Article
	}
	both := publish("both", one.ID, two.ID)
	var single []dateline.ID
	for i := range 7 {
		single = append(single, publish(fmt.Sprint("single", i), one.ID).ID)
	}
	publish("other", three.ID)
	n.clock.Pass(time.Minute)
	gone := publish("gone", one.ID, two.ID)
	_, err := n.desk.Withdraw(t.Context(), editor, seen(gone), desk.Withdrawing{Kind: dateline.WithdrawnKilled})
	n.must(err)
	n.create(dateline.Content{Headline: "a draft", Section: section.ID, Topics: []dateline.ID{one.ID, two.ID}})
	n.clock.Pass(time.Minute)
	r := n.publish(n.create(dateline.Content{Headline: "new", Section: section.ID, Topics: []dateline.ID{one.ID, two.ID}}), dateline.ChangeFirst, "")
	want := []dateline.ID{both.ID, single[6], single[5], single[4], single[3], single[2]}
	if got := n.edition(r.Sequence).Related; !slices.Equal(got, want) {
		t.Errorf("related are %v, want %v", got, want)
	}
	a := n.save(r.Article, func(c *dateline.Content) { c.Topics = nil })
	if got := n.edition(n.publish(a, dateline.ChangeMinor, "").Sequence).Related; len(got) != 0 {
		t.Errorf("without topics %v are related", got)
	}
}

func TestPagesAndSectionsShareOneNameSpace(t *testing.T) {
	n := newsroom(t)
	n.section("about")
	page := func(headline, slug string) (desk.Result, error) {
		a, err := n.desk.Create(t.Context(), editor, dateline.KindPage, dateline.Content{Headline: headline, Slug: slug})
		n.must(err)
		return n.desk.Publish(t.Context(), editor, seen(a), desk.Publishing{Change: dateline.ChangeFirst})
	}
	r, err := page("About", "")
	n.must(err)
	if r.Article.Address != "/about-2" {
		t.Errorf("the page beside the section is at %s", r.Article.Address)
	}
	r, err = page("Contact", "")
	n.must(err)
	if r.Article.Address != "/contact" || n.edition(r.Sequence).Kind != dateline.KindPage || n.edition(r.Sequence).Section != "" {
		t.Errorf("the page is at %s", r.Article.Address)
	}
	_, err = n.desk.CreateSection(t.Context(), chief, dateline.Section{Slug: "contact", Names: dateline.Names{"en": "x"}})
	n.refused(dateline.EConflict, "/contact", err)
	for _, slug := range []string{"search", "1999", "people"} {
		_, err = page("x", slug)
		n.refused(dateline.EInvalid, slug, err)
		_, err = n.desk.CreateSection(t.Context(), chief, dateline.Section{Slug: slug, Names: dateline.Names{"en": "x"}})
		n.refused(dateline.EInvalid, "slug", err)
	}
	if _, err := n.desk.Create(t.Context(), editor, dateline.KindPage, dateline.Content{Section: n.section("world").ID}); dateline.ErrorCode(err) != dateline.EInvalid {
		t.Errorf("a page in a section: %v", err)
	}
}

func TestMoveAddress(t *testing.T) {
	n := newsroom(t)
	section := n.section("world")
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: section.ID}), dateline.ChangeFirst, "").Article
	b := n.publish(n.create(dateline.Content{Headline: "Two", Section: section.ID}), dateline.ChangeFirst, "").Article
	old := a.Address
	begin := n.head()
	move := func(a *dateline.Article, to string) (desk.Result, error) {
		return n.desk.MoveAddress(t.Context(), editor, seen(a), to, "")
	}
	r, err := move(a, "/world/2026/03/29/uno")
	n.must(err)
	r, err = move(r.Article, "/world/2026/03/29/eins")
	n.must(err)
	if got := n.kinds(begin); got != "redirect redirect" {
		t.Errorf("the record got %s", got)
	}
	if r.Article.Address != "/world/2026/03/29/eins" || strings.Join(r.Article.Former, " ") != "/world/2026/03/29/uno "+old {
		t.Errorf("moved to %s from %v", r.Article.Address, r.Article.Former)
	}
	begin = n.head()
	for to, code := range map[string]dateline.Code{old: dateline.EConflict, "/world/2026/03/29/uno/": dateline.EConflict, "/world": dateline.EConflict,
		"/search": dateline.EInvalid, "/2026/03/29": dateline.EInvalid, "/x/history": dateline.EInvalid, "/x/history/3": dateline.EInvalid,
		"/x/rss.xml": dateline.EInvalid, "//evil.example": dateline.EInvalid, "/../x": dateline.EInvalid, "/": dateline.EInvalid, b.Address: dateline.EInvalid} {
		_, err := move(b, to)
		n.refused(code, "", err)
	}
	n.nothing(begin)
	r, err = move(r.Article, old) // back again
	n.must(err)
	if r.Article.Address != old || slices.Contains(r.Article.Former, old) {
		t.Errorf("back at %s from %v", r.Article.Address, r.Article.Former)
	}
	// A further article of the same words on the same day does not get an address that was ever used.
	c := n.publish(n.create(dateline.Content{Headline: "Uno", Section: section.ID}), dateline.ChangeFirst, "").Article
	if c.Address != "/world/2026/03/29/uno-2" {
		t.Errorf("a further article has %s", c.Address)
	}
}

func TestAddressStaysWhereItWasFirst(t *testing.T) {
	n := newsroom(t)
	section, other := n.section("world"), n.section("coast")
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: section.ID}), dateline.ChangeFirst, "").Article
	n.clock.Pass(48 * time.Hour)
	b := n.save(a, func(c *dateline.Content) { c.Section, c.Headline, c.Slug = other.ID, "Other", "other" })
	r := n.publish(b, dateline.ChangeUpdate, "It moved.")
	if r.Article.Address != a.Address || n.edition(r.Sequence).Section != other.ID {
		t.Errorf("the address became %s", r.Article.Address)
	}
}

func TestSlugs(t *testing.T) {
	for in, want := range map[string]string{
		"Talks resume":          "talks-resume",
		"  --Talks,  resume!  ": "talks-resume",
		"Don’t panic":           "dont-panic",
		"बातचीत फिर शुरू":        "बातचीत-फिर-शुरू",
		"استئناف المحادثات":      "استئناف-المحادثات",
		"ÇA VA? Straße":          "ça-va-straße",
		"Cafe\u0301":             "caf\u00e9",
		"../../etc/passwd":       "etc-passwd",
		"a\x00b":                 "a-b",
		"\u202eabc":              "abc",
		"会談再開":                   "会談再開",
		"50% off £3":             "50-off-3",
		"😀":                      "",
		"":                       "",
		"\xff\xfe":               "",
		strings.Repeat("a", 100): strings.Repeat("a", 80),
	} {
		got := desk.Slug(in)
		if got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
		if got != "" && dateline.ValidSlug(got) != nil {
			t.Errorf("%q: %v", in, dateline.ValidSlug(got))
		}
	}
	long := desk.Slug(strings.Repeat("harbour talks ", 20))
	if len(long) > 80 || !strings.HasSuffix(long, "harbour") && !strings.HasSuffix(long, "talks") {
		t.Errorf("a long headline is cut inside a word: %q", long)
	}
}

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"Talks", "बातचीत", "a\u0301", "İstanbul", "ǅ", "ﬁ", "\u200d", "Ω", "K", "-", "a\u200c-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := desk.Slug(s)
		if got != "" && dateline.ValidSlug(got) != nil {
			t.Errorf("%q gives %q: %v", s, got, dateline.ValidSlug(got))
		}
	})
}

func TestEntriesCheckpointAndWait(t *testing.T) {
	n := newsroom(t)
	section := n.section("world")
	begin := n.head()
	got := make(chan int64, 1)
	const signed = 1 << 40 // more than will be
	go func() {
		head, _, err := n.desk.Wait(t.Context(), begin, signed)
		if err != nil {
			t.Error(err)
		}
		got <- head
	}()
	r := n.publish(n.create(dateline.Content{Headline: "One", Section: section.ID}), dateline.ChangeFirst, "")
	if head := <-got; head != r.Sequence {
		t.Errorf("waited for %d, want %d", head, r.Sequence)
	}
	if head, _, err := n.desk.Wait(t.Context(), begin, signed); err != nil || head != r.Sequence {
		t.Errorf("at once: %d, %v", head, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := n.desk.Wait(ctx, r.Sequence, signed); err == nil {
		t.Error("a wait that was given up has no error")
	}
	note, err := n.desk.Checkpoint(t.Context())
	n.must(err)
	signer, err := record.NewSigner(n.key)
	n.must(err)
	c, err := record.OpenCheckpoint(note, signer.Verifier())
	n.must(err)
	if c.Size != r.Sequence || c.Origin != "estuary.example/record" {
		t.Errorf("the checkpoint is of %d entries of %s", c.Size, c.Origin)
	}
	if got := n.kinds(0); got != "publication key section edition" {
		t.Errorf("the record is %s", got)
	}
	_, err = n.desk.Entries(t.Context(), -1, 10)
	n.refused(dateline.EInvalid, "", err)
	rec := &dateline.Receipt{Sequence: r.Sequence, Act: "edition", Confirmed: true}
	n.must(n.desk.SaveReceipt(t.Context(), rec))
	if back, err := n.desk.FindReceipt(t.Context(), editor, r.Sequence); err != nil || !back.Confirmed {
		t.Errorf("%+v, %v", back, err)
	}
	_, err = n.desk.FindReceipt(t.Context(), editor, 999)
	n.refused(dateline.ENotFound, "receipt", err)
}

// TestTheRecordDoesNotNameDrafts: a translation that readers do not have yet is left out of the edition, because its id
// says that somebody works on it, and since when.
func TestTheRecordDoesNotNameDrafts(t *testing.T) {
	n := newsroom(t)
	section := n.section("world").ID
	out := n.publish(n.create(dateline.Content{Headline: "Out", Section: section}), dateline.ChangeFirst, "").Article
	draft := n.create(dateline.Content{Headline: "Draft", Section: section})
	r := n.publish(n.create(dateline.Content{Headline: "Two", Section: section, Translations: []dateline.ID{draft.ID, out.ID}}), dateline.ChangeFirst, "")
	if got := n.edition(r.Sequence).Translations; len(got) != 1 || got[0] != out.ID {
		t.Errorf("the edition names %v; only %s is public", got, out.ID)
	}
	for _, e := range n.entries(0) {
		if strings.Contains(string(e.Body), string(draft.ID)) {
			t.Errorf("entry %d names a draft: %s", e.Sequence, e.Body)
		}
	}
	n.publish(draft, dateline.ChangeFirst, "")
	again := n.save(r.Article, func(c *dateline.Content) { c.Standfirst = "More" })
	if got := n.edition(n.publish(again, dateline.ChangeMinor, "").Sequence).Translations; len(got) != 2 {
		t.Errorf("both are public, and the edition names %v", got)
	}
}

// TestHeadlinesElsewhere: what stands in place of the headline in search and where an address is shared goes out with the
// edition, is compared, and is no minor change.
func TestHeadlinesElsewhere(t *testing.T) {
	n := newsroom(t)
	a := n.create(dateline.Content{Headline: "The line is redrawn", SearchHeadline: " Fishing line: 11 miles ", SocialHeadline: "Who may fish where",
		Section: n.section("coast").ID, Body: body(t, "The line runs 11 miles out.")})
	res := n.publish(a, "", "")
	if e := n.edition(res.Sequence); e.SearchTitle != "Fishing line: 11 miles" || e.SocialTitle != "Who may fish where" || e.Headline != "The line is redrawn" {
		t.Errorf("the edition's headlines: %q, %q, %q", e.Headline, e.SearchTitle, e.SocialTitle)
	}
	b := n.save(n.find(a.ID), func(c *dateline.Content) { c.SearchHeadline, c.SocialHeadline = "Fishing line: 14 miles", "" })
	c, err := n.desk.Compare(t.Context(), editor, a.ID, desk.Side{Edition: 1}, desk.Side{Version: b.Saved})
	n.must(err)
	want := []desk.FieldChange{{Path: "search_headline", Before: "Fishing line: 11 miles", After: "Fishing line: 14 miles"}, {Path: "social_headline", Before: "Who may fish where"}}
	if !slices.Equal(c.Fields, want) {
		t.Errorf("differs: %+v", c.Fields)
	}
	var kinds []desk.DoubtKind
	for _, d := range c.Doubts {
		kinds = append(kinds, d.Kind)
	}
	if !slices.Equal(kinds, []desk.DoubtKind{desk.DoubtHeadline, desk.DoubtNumber}) {
		t.Errorf("doubts: %+v", c.Doubts)
	}
	if _, err := n.desk.Create(t.Context(), editor, dateline.KindArticle, dateline.Content{SocialHeadline: strings.Repeat("x", 301)}); dateline.ErrorCode(err) != dateline.EInvalid {
		t.Errorf("too long a headline: %v", err)
	}
}
