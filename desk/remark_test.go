package desk_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/markup"
)

var other = dateline.Actor{Name: "ilan", Role: dateline.RoleReporter}

// suggested is a body with a replacement, an insertion and a noted word.
func suggested(t testing.TB, note dateline.ID) json.RawMessage {
	t.Helper()
	text := func(s string, marks ...markup.Mark) markup.Node {
		return markup.Node{Type: markup.TypeText, Text: s, Marks: marks}
	}
	by := func(kind markup.MarkType, id string) markup.Mark {
		return markup.Mark{Type: kind, Attrs: &markup.Attrs{Suggestion: id}}
	}
	runs := []markup.Node{text("The line runs "), text("11", by(markup.MarkDeletion, "s1")), text("fourteen", by(markup.MarkInsertion, "s1")),
		text(" miles"), text(" from zanzibar", by(markup.MarkInsertion, "s2")), text(" out.")}
	if note != "" {
		runs[5].Marks = []markup.Mark{{Type: markup.MarkNote, Attrs: &markup.Attrs{Note: string(note)}}}
	}
	b, err := markup.Node{Type: markup.TypeDoc, Content: []markup.Node{{Type: markup.TypeParagraph, Content: runs}}}.DraftJSON()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const bare = "The line runs 11 miles out."

// TestNothingOfARemarkGoesOut: what is published, counted, found and compared is the text before any suggestion is taken.
func TestNothingOfARemarkGoesOut(t *testing.T) {
	n := newsroom(t)
	a := n.create(dateline.Content{Headline: "The line", Section: n.section("coast").ID, Body: body(t, bare)})
	note, err := n.desk.Note(t.Context(), reporter, a.ID, "Is it 11 from Mora? xylophone")
	n.must(err)
	begin := n.head()
	a = n.save(a, func(c *dateline.Content) { c.Body = suggested(t, note.ID) })
	n.nothing(begin)
	if a.Words != 6 {
		t.Errorf("%d words are counted", a.Words)
	}
	for q, want := range map[string]int{"miles": 1, "fourteen": 0, "zanzibar": 0, "xylophone": 0} {
		page, err := n.desk.List(t.Context(), editor, dateline.ArticleFilter{Query: q})
		n.must(err)
		if len(page.Articles) != want {
			t.Errorf("%q finds %d articles", q, len(page.Articles))
		}
	}
	shown, err := n.desk.WouldBe(t.Context(), editor, a.ID)
	n.must(err)
	if string(shown.Edition.Body) != string(body(t, bare)) {
		t.Errorf("a preview shows: %s", shown.Edition.Body)
	}
	res := n.publish(a, "", "")
	e := n.edition(res.Sequence)
	if string(e.Body) != string(body(t, bare)) {
		t.Errorf("published: %s", e.Body)
	}
	for _, entry := range n.entries(begin) {
		for _, word := range []string{"fourteen", "zanzibar", "xylophone", "s1", string(note.ID), "suggest"} {
			if strings.Contains(string(entry.Body), word) {
				t.Errorf("the record holds %q: %s", word, entry.Body)
			}
		}
	}
	later := n.save(n.find(a.ID), func(c *dateline.Content) { c.Body = suggested(t, "") })
	c, err := n.desk.Compare(t.Context(), editor, a.ID, desk.Side{Edition: 1}, desk.Side{Version: later.Saved})
	n.must(err)
	if !c.Same() || len(c.Doubts) > 0 {
		t.Errorf("a suggestion is a difference: %+v", c.Body)
	}
}

func TestSuggestionsAreTakenAndLeft(t *testing.T) {
	n := newsroom(t)
	a := n.create(dateline.Content{Headline: "The line", Section: n.section("coast").ID, Body: body(t, bare)})
	a, err := n.desk.Suggest(t.Context(), other, seen(a), func() dateline.Content { c := a.Content; c.Body = suggested(t, ""); return c }())
	n.must(err)
	n.clock.Pass(time.Minute)
	a, err = n.desk.Decide(t.Context(), editor, seen(a), "s1", true)
	n.must(err)
	a, err = n.desk.Decide(t.Context(), editor, seen(a), "s2", false)
	n.must(err)
	if string(a.Content.Body) != string(body(t, "The line runs fourteen miles out.")) || a.SavedBy != "elena" {
		t.Errorf("what came of it: %s by %s", a.Content.Body, a.SavedBy)
	}
	_, err = n.desk.Decide(t.Context(), editor, seen(a), "s2", true)
	n.refused(dateline.ENotFound, "taken or left already", err)
	list, err := n.desk.ListRemarks(t.Context(), reporter, a.ID)
	n.must(err)
	if len(list.Suggestions) != 2 {
		t.Fatalf("%+v", list)
	}
	for _, s := range list.Suggestions {
		d := s.Left
		if s.ID == "s1" {
			d = s.Taken
		}
		if s.By != "ilan" || d == nil || d.By != "elena" || !d.At.After(s.At) || (s.Taken == nil) == (s.Left == nil) {
			t.Errorf("%+v", s)
		}
	}
	lines, err := n.desk.ListAudit(t.Context(), editor, a.ID, 0, 0)
	n.must(err)
	var acts []string
	for _, l := range lines {
		acts = append(acts, l.Actor+" "+string(l.Act))
	}
	if got, want := strings.Join(acts, ", "), "elena leave_suggestion, elena take_suggestion, ilan save, ilan suggest, ilan suggest, ravi create"; got != want {
		t.Errorf("the audit says %s, want %s", got, want)
	}
}

// TestWhoMaySuggest: a reporter who may not write in submitted text may suggest, and do nothing else.
func TestWhoMaySuggest(t *testing.T) {
	n := newsroom(t)
	a := n.create(dateline.Content{Headline: "The line", Body: body(t, bare)})
	r, err := n.desk.Submit(t.Context(), reporter, seen(a))
	n.must(err)
	a = r.Article
	with := func(change func(*dateline.Content)) dateline.Content {
		c := n.find(a.ID).Content
		change(&c)
		return c
	}
	_, err = n.desk.Save(t.Context(), other, seen(a), with(func(c *dateline.Content) { c.Body = suggested(t, "") }))
	n.refused(dateline.EForbidden, "suggest", err)
	for name, change := range map[string]func(*dateline.Content){
		"another headline": func(c *dateline.Content) { c.Headline = "Another" },
		"another text":     func(c *dateline.Content) { c.Body = body(t, "Another.") },
		"both":             func(c *dateline.Content) { c.Body, c.Standfirst = suggested(t, ""), "Another" },
	} {
		_, err = n.desk.Suggest(t.Context(), other, seen(a), with(change))
		if dateline.ErrorCode(err) != dateline.EForbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
	a, err = n.desk.Suggest(t.Context(), other, seen(a), with(func(c *dateline.Content) { c.Body = suggested(t, "") }))
	n.must(err)
	if a.Draft != dateline.DraftSubmitted {
		t.Errorf("the draft is %s", a.Draft)
	}
	_, err = n.desk.Suggest(t.Context(), reporter, seen(a), with(func(c *dateline.Content) { c.Body = body(t, bare) }))
	n.refused(dateline.EForbidden, "your own", err)
	_, err = n.desk.Decide(t.Context(), other, seen(a), "s1", true)
	n.refused(dateline.EForbidden, "submitted", err)
	a, err = n.desk.Suggest(t.Context(), other, seen(a), with(func(c *dateline.Content) { c.Body = body(t, bare) }))
	n.must(err) // one's own are one's own to take back
	copied := n.create(dateline.Content{Headline: "Copied", Body: suggested(t, "")})
	if markup.Remarked(copied.Content.Body) {
		t.Errorf("a new article holds another's suggestions: %s", copied.Content.Body)
	}
}

func TestNotesAreAnsweredAndDone(t *testing.T) {
	n := newsroom(t)
	a := n.create(dateline.Content{Headline: "The line", Body: body(t, bare)})
	begin := n.head()
	note, err := n.desk.Note(t.Context(), reporter, a.ID, "  Is it 11? ")
	n.must(err)
	_, err = n.desk.Answer(t.Context(), editor, note.ID, "It is.")
	n.must(err)
	_, err = n.desk.Done(t.Context(), editor, note.ID, true)
	n.must(err)
	_, err = n.desk.Done(t.Context(), editor, note.ID, false)
	n.must(err)
	note, err = n.desk.Done(t.Context(), reporter, note.ID, true)
	n.must(err)
	if note.Words != "Is it 11?" || note.By != "ravi" || len(note.Answers) != 1 || note.Answers[0].By != "elena" || note.Done == nil || note.Done.By != "ravi" {
		t.Errorf("%+v", note)
	}
	n.nothing(begin)
	if got := n.find(a.ID); got.Version != a.Version {
		t.Error("a note moved the article's version")
	}
	for words, says := range map[string]string{" ": "there are none", strings.Repeat("ä", dateline.MaxRemark+1): "2000 at most", "a\u202eb": "direction"} {
		_, err := n.desk.Note(t.Context(), reporter, a.ID, words)
		if dateline.ErrorCode(err) != dateline.EInvalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20q: %v", words, err)
		}
	}
	_, err = n.desk.Answer(t.Context(), editor, "0190b5f0-6c00-7cc3-98c4-dc0c0c07398f", "x")
	n.refused(dateline.ENotFound, "no note", err)
}
