package desk_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/markup"
)

func body(t testing.TB, text string) []byte {
	t.Helper()
	b, err := markup.FromText(text).JSON()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCreateAndSave(t *testing.T) {
	n := newsroom(t)
	begin := n.head()
	a := n.create(dateline.Content{Headline: "  Talks resume ", Body: body(t, "They met at noon.")})
	if a.Version != 1 || a.Saved != 1 || a.Readers != dateline.Unpublished || a.Draft != dateline.DraftOpen || a.Author != "ravi" {
		t.Errorf("made %+v", a)
	}
	if a.Content.Headline != "Talks resume" || a.Content.Language != "en" {
		t.Errorf("kept %q in %q", a.Content.Headline, a.Content.Language)
	}
	b := n.save(a, func(c *dateline.Content) { c.Headline = "Talks suspended" })
	if b.Version != 2 || b.Saved != 2 || b.SavedBy != "elena" {
		t.Errorf("saved %+v", b)
	}
	got := n.find(a.ID)
	if got.Content.Headline != "Talks suspended" || string(got.Content.Body) != string(a.Content.Body) || len(got.Content.Body) == 0 {
		t.Errorf("found %+v", got.Content)
	}
	versions, err := n.desk.ListVersions(t.Context(), editor, a.ID, 0, 0)
	n.must(err)
	if len(versions) != 2 || versions[0].Number != 2 || versions[1].Content.Headline != "Talks resume" {
		t.Errorf("versions %+v", versions)
	}
	old, err := n.desk.FindVersion(t.Context(), editor, a.ID, 1)
	n.must(err)
	if old.Content.Headline != "Talks resume" || len(old.Content.Body) == 0 || old.By != "ravi" {
		t.Errorf("the first version is %+v", old)
	}
	n.nothing(begin)
}

func TestStaleSaveCarriesBothTexts(t *testing.T) {
	n := newsroom(t)
	a := n.create(dateline.Content{Headline: "One"})
	n.save(a, func(c *dateline.Content) { c.Headline = "Two" })
	mine := dateline.Content{Headline: "Mine", Language: "en"}
	_, err := n.desk.Save(t.Context(), reporter, seen(a), mine)
	var e *dateline.Error
	if !errors.As(err, &e) || e.Code != dateline.EConflict || e.Current == nil || e.Yours == nil {
		t.Fatalf("got %v", err)
	}
	if e.Current.Content.Headline != "Two" || e.Yours.Headline != "Mine" || e.Current.Version != 2 {
		t.Errorf("the conflict carries %q and %q", e.Current.Content.Headline, e.Yours.Headline)
	}
	if got := n.find(a.ID); got.Content.Headline != "Two" || got.Version != 2 {
		t.Errorf("the stale save changed the article to %q", got.Content.Headline)
	}
	_, err = n.desk.Save(t.Context(), reporter, desk.Target{ID: a.ID}, mine)
	n.refused(dateline.EMissing, "version", err)
	_, err = n.desk.Save(t.Context(), reporter, desk.Target{ID: "0190b5f0-6c00-7cc3-98c4-dc0c0c07398f", Version: 1}, mine)
	n.refused(dateline.ENotFound, "no article", err)
}

// acts are all use cases on an article, each with an article in a state that allows it.
func acts(n *room) map[string]func(desk.Target) error {
	ctx := n.Context()
	err := func(_ desk.Result, err error) error { return err }
	return map[string]func(desk.Target) error{
		"submit": func(t desk.Target) error { return err(n.desk.Submit(ctx, editor, t)) },
		"schedule": func(t desk.Target) error {
			return err(n.desk.Schedule(ctx, editor, t, n.clock.Now().Add(time.Hour), desk.Publishing{}))
		},
		"embargo": func(t desk.Target) error {
			return err(n.desk.Embargo(ctx, editor, t, n.clock.Now().Add(time.Hour), ""))
		},
		"hold": func(t desk.Target) error { return err(n.desk.Hold(ctx, editor, t, "lawyers")) },
		"publish": func(t desk.Target) error {
			return err(n.desk.Publish(ctx, editor, t, desk.Publishing{Change: dateline.ChangeFirst}))
		},
	}
}

func TestEveryActNamesTheVersion(t *testing.T) {
	n := newsroom(t)
	section := n.section("world")
	begin := n.head()
	for name, act := range acts(n) {
		t.Run(name, func(t *testing.T) {
			a := n.create(dateline.Content{Headline: "One", Section: section.ID})
			newer := n.save(a, func(c *dateline.Content) { c.Headline = "Half a sentence" })
			n.refused(dateline.EMissing, "version", act(desk.Target{ID: a.ID}))
			err := act(seen(a))
			n.refused(dateline.EConflict, "it is at version 2 now", err)
			var e *dateline.Error
			if !errors.As(err, &e) || e.Current == nil || e.Current.Version != newer.Version {
				t.Errorf("the conflict does not carry the current article: %v", err)
			}
			if got := n.find(a.ID); got.Version != 2 || got.Draft != dateline.DraftOpen || got.Hold != nil || got.Embargo != nil {
				t.Errorf("the stale act changed the article: %+v", got)
			}
			n.nothing(begin)
			n.must(act(seen(newer)))
			if got := n.find(a.ID); got.Version != 3 {
				t.Errorf("the act made version %d, want 3", got.Version)
			}
			begin = n.head()
		})
	}
}

func TestBadInput(t *testing.T) {
	n := newsroom(t)
	id := dateline.ID("0190b5f0-6c00-7cc3-98c4-dc0c0c07398f")
	begin := n.head()
	tests := []struct {
		name, words string
		code        dateline.Code
		c           dateline.Content
	}{
		{"a headline of 10,000 characters", "headline", dateline.EInvalid, dateline.Content{Headline: strings.Repeat("a", 10000)}},
		{"NUL", "U+0000", dateline.EInvalid, dateline.Content{Headline: "a\x00b"}},
		{"a direction override", "direction", dateline.EInvalid, dateline.Content{Standfirst: "a\u202eb"}},
		{"not UTF-8", "UTF-8", dateline.EInvalid, dateline.Content{Headline: "a\xff"}},
		{"a slug that climbs", "slug", dateline.EInvalid, dateline.Content{Slug: "../../etc/passwd"}},
		{"a slug with NUL", "slug", dateline.EInvalid, dateline.Content{Slug: "a\x00"}},
		{"a language that is none", "language", dateline.EInvalid, dateline.Content{Language: "../en"}},
		{"a body that is no JSON", "body", dateline.EInvalid, dateline.Content{Body: []byte("<p>hello")}},
		{"a body with a script", "body", dateline.EInvalid, dateline.Content{Body: []byte(`{"type":"doc","content":[{"type":"script"}]}`)}},
		{"a body with an unknown field", "body", dateline.EInvalid, dateline.Content{Body: []byte(`{"type":"doc","onclick":"x"}`)}},
		{"a body over 8 MB", "bytes", dateline.ETooLarge, dateline.Content{Body: make([]byte, dateline.MaxBody+1)}},
		{"a topic that is not there", "topics", dateline.EInvalid, dateline.Content{Topics: []dateline.ID{id}}},
		{"a section that is not there", "section", dateline.EInvalid, dateline.Content{Section: id}},
		{"an author who is not there", "byline", dateline.EInvalid, dateline.Content{Byline: []dateline.Credit{{Person: id}}}},
		{"a picture that is not there", "pictures", dateline.EInvalid, dateline.Content{Lead: &dateline.Lead{Picture: id}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := n.desk.Create(t.Context(), reporter, dateline.KindArticle, tt.c)
			n.refused(tt.code, tt.words, err)
		})
	}
	page, err := n.desk.List(t.Context(), editor, dateline.ArticleFilter{})
	n.must(err)
	if len(page.Articles) != 0 {
		t.Errorf("%d articles were kept", len(page.Articles))
	}
	kept := "𐐷 😀 <script>alert(1)</script> & \"quotes\" a\u200db"
	a := n.create(dateline.Content{Headline: kept, Slug: "cafe\u0301-𐐨"})
	if got := n.find(a.ID); got.Content.Headline != kept || got.Content.Slug != "caf\u00e9-𐐨" {
		t.Errorf("kept %q and %q", got.Content.Headline, got.Content.Slug)
	}
	n.nothing(begin)
	if _, err := n.desk.Create(t.Context(), reporter, "leaflet", dateline.Content{}); dateline.ErrorCode(err) != dateline.EInvalid {
		t.Errorf("an unknown kind: %v", err)
	}
	if _, err := n.desk.Create(t.Context(), dateline.Actor{}, dateline.KindArticle, dateline.Content{}); dateline.ErrorCode(err) != dateline.EUnauthorized {
		t.Errorf("nobody: %v", err)
	}
}

func TestWorkflow(t *testing.T) {
	n := newsroom(t)
	begin := n.head()
	a := n.create(dateline.Content{Headline: "One"})
	r, err := n.desk.Submit(t.Context(), reporter, seen(a))
	n.must(err)
	if r.Article.Draft != dateline.DraftSubmitted || r.Sequence != 0 {
		t.Errorf("submitted: %+v", r.Article)
	}
	_, err = n.desk.Save(t.Context(), reporter, seen(r.Article), a.Content)
	n.refused(dateline.EForbidden, "return", err)
	_, err = n.desk.Return(t.Context(), reporter, seen(r.Article), "no")
	n.refused(dateline.EForbidden, "reporter", err)
	_, err = n.desk.Return(t.Context(), editor, seen(r.Article), " ")
	n.refused(dateline.EInvalid, "reason", err)
	r, err = n.desk.Return(t.Context(), editor, seen(r.Article), "Who said so?")
	n.must(err)
	if r.Article.Draft != dateline.DraftOpen {
		t.Errorf("returned: %+v", r.Article)
	}
	if got := fmt.Sprint(n.told(a)); got != "[ravi: Who said so?]" {
		t.Errorf("told %s", got)
	}
	_, err = n.desk.Return(t.Context(), editor, seen(r.Article), "again")
	n.refused(dateline.EState, "submitted", err)
	n.nothing(begin)
	lines, err := n.desk.ListAudit(t.Context(), editor, a.ID, 0, 0)
	n.must(err)
	var steps []string
	for _, l := range lines {
		steps = append(steps, l.Actor+" "+string(l.Act))
	}
	if got := strings.Join(steps, ", "); got != "elena return, elena return, ravi submit, ravi create" {
		t.Errorf("the audit says %s", got)
	}
}

func TestListFilters(t *testing.T) {
	n := newsroom(t)
	section := n.section("world")
	a := n.create(dateline.Content{Headline: "Harbour talks", Section: section.ID})
	n.clock.Pass(time.Second)
	b := n.create(dateline.Content{Headline: "Harbour closed", Section: section.ID, Body: body(t, "A dredger sank.")})
	n.publish(b, dateline.ChangeFirst, "")
	for name, tt := range map[string]struct {
		f    dateline.ArticleFilter
		want int
	}{
		"everything": {dateline.ArticleFilter{}, 2},
		"by words":   {dateline.ArticleFilter{Query: "dredger"}, 1},
		"by both":    {dateline.ArticleFilter{Query: "harbour", Readers: dateline.Published}, 1},
		"by draft":   {dateline.ArticleFilter{Draft: dateline.DraftOpen}, 1},
		"by section": {dateline.ArticleFilter{Section: section.ID}, 2},
	} {
		page, err := n.desk.List(t.Context(), reporter, tt.f)
		if err != nil || len(page.Articles) != tt.want {
			t.Errorf("%s: %d articles, %v", name, len(page.Articles), err)
		}
	}
	n.save(a, func(c *dateline.Content) { c.Headline = "Quay talks" })
	page, err := n.desk.List(t.Context(), reporter, dateline.ArticleFilter{Query: "harbour"})
	if err != nil || len(page.Articles) != 1 {
		t.Errorf("the old words still find %d, %v", len(page.Articles), err)
	}
	for _, f := range []dateline.ArticleFilter{{Draft: "lost"}, {Readers: "all"}, {Kind: "x"}, {Limit: 201}, {Limit: -1}, {Query: strings.Repeat("a", 501)}} {
		_, err := n.desk.List(t.Context(), reporter, f)
		n.refused(dateline.EInvalid, "", err)
	}
	_, err = n.desk.List(t.Context(), dateline.Actor{Role: dateline.RoleFollower}, dateline.ArticleFilter{})
	n.refused(dateline.EForbidden, "follower", err)
}
