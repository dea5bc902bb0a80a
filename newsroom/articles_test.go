package newsroom_test

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/newsroom"
)

func TestAnArticleIsWrittenAndSaved(t *testing.T) {
	n := openRoom(t)
	coast := n.section("coast")
	begin := n.head()
	made := n.as(reporter, "POST", "/articles", m{"section": "coast", "headline": " Ferry stops again ", "html": "<p>It <b>stopped</b>.</p>"}).is(201)
	a := made.article()
	if made.header.Get("Location") != "/api/v1/articles/"+string(a.ID) || a.Version != 1 || a.Content.Headline != "Ferry stops again" ||
		a.Content.Section != string(coast.ID) || a.Content.Language != "en" || a.Readers != dateline.Unpublished || a.Draft != dateline.DraftOpen || a.SavedBy != "the reporter" {
		t.Errorf("made: %s at %q", made.raw, made.header.Get("Location"))
	}
	made.lacks("first_published", "updated", "address", "withdrawal", "html", `"related"`)
	if got := n.as(editor, "GET", made.header.Get("Location"), nil).is(200).article(); string(got.Content.Body) != string(a.Content.Body) {
		t.Errorf("got %s, made %s", got.Content.Body, a.Content.Body)
	}

	// What was got can be put back as it is.
	same := n.as(editor, "PUT", "/articles/"+string(a.ID), a.Content, seen(a)...).is(200).article()
	if same.Version != 2 || same.Saved != 2 || string(same.Content.Body) != string(a.Content.Body) {
		t.Errorf("put back: %+v", same)
	}
	n.as(reporter, "GET", "/articles/"+string(a.ID)+"/versions", nil).is(200).has(`"content_version":2`, `"content_version":1`, "Ferry stops again")
	n.as(reporter, "GET", "/articles/"+string(a.ID)+"/audit", nil).is(200).has(`"create"`, `"save"`)
	if kinds := n.kinds(begin); kinds != "" {
		t.Errorf("saving put %s into the record", kinds)
	}
	if len(n.asked) > 0 {
		t.Errorf("saving asked the site for %v", n.asked)
	}
}

func TestASaveNamesTheVersionItSaw(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	a := n.write(m{"section": "coast", "headline": "One"})
	path, begin := "/articles/"+string(a.ID), n.head()

	n.as(editor, "PUT", path, m{"headline": "Two"}).refuses(428, dateline.EMissing, "If-Match")
	n.as(editor, "PUT", path, m{"headline": "Two"}, "If-Match", "*").refuses(422, dateline.EInvalid, "If-Match")
	n.unchanged(a, begin)

	b := n.as(editor, "PUT", path, m{"section": "coast", "headline": "Two"}, seen(a)...).is(200).article()
	stale := n.as(reporter, "PUT", path, m{"section": "coast", "headline": "Mine", "standfirst": "Not to be lost"}, seen(a)...).refuses(409, dateline.EConflict, "version 1", "version 2")
	p := stale.problem()
	if p.Current == nil || p.Current.Content.Headline != "Two" || p.Current.Version != b.Version || p.Yours == nil || p.Yours.Headline != "Mine" || p.Yours.Standfirst != "Not to be lost" {
		t.Errorf("a conflict carries both texts: %s", stale.raw)
	}
	n.unchanged(b, begin)
	n.as(editor, "PUT", path, m{"section": "coast", "headline": "Three"}, "If-Match", `W/"2"`).is(200)

	missing := "/articles/0190b5f0-6c00-7cc3-98c4-dc0c0c07398f"
	n.as(editor, "PUT", missing, m{"headline": "x"}, "If-Match", `"1"`).refuses(404, dateline.ENotFound)
	n.as(editor, "GET", missing, nil).refuses(404, dateline.ENotFound)
	n.as(editor, "GET", "/articles/7", nil).refuses(404, dateline.ENotFound, "id")
}

func TestAPublicationAnswersWithItsReceipt(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	a := n.write(m{"section": "coast", "headline": "Ferry stops", "html": "<p>Today.</p>"})
	path, begin := "/articles/"+string(a.ID)+"/publish", n.head()

	n.as(editor, "POST", path, m{}).refuses(428, dateline.EMissing)
	n.as(editor, "POST", path, m{"change": "update", "note": "x"}, seen(a)...).refuses(422, dateline.EInvalid, `"path":"change"`)
	n.as(editor, "POST", path, m{"change": "imported"}, seen(a)...).refuses(422, dateline.EInvalid, "import")
	n.unchanged(a, begin)

	got := n.as(editor, "POST", path, m{}, seen(a)...)
	r := got.receipt()
	now := n.get(a)
	if !r.Confirmed || r.Sequence != n.head() || got.header.Get("ETag") != etag(now.Version) || now.Readers != dateline.Published || now.Draft != dateline.DraftNone ||
		now.Edition != 1 || now.Address != "/coast/2026/03/28/ferry-stops" || now.First == nil || now.Updated != nil {
		t.Errorf("published: %s; the article is %+v", got.raw, now)
	}
	if n.kinds(begin) != "edition" {
		t.Errorf("the record got %s", n.kinds(begin))
	}

	// What was not saved since has nothing to publish, and what was asked with an old version is refused.
	n.as(editor, "POST", path, m{"change": "minor"}, seen(now)...).refuses(409, dateline.EState, "save a draft")
	n.as(editor, "POST", path, m{}, seen(a)...).refuses(409, dateline.EConflict).lacks(`"yours"`)
	n.clock.Pass(time.Hour)
	b := n.as(reporter, "PUT", "/articles/"+string(a.ID), m{"section": "coast", "headline": "Ferry stops", "html": "<p>Tomorrow.</p>"}, seen(now)...).is(200).article()
	for body, path := range map[*m]string{{}: "change", {"change": "first"}: "change", {"change": "correction"}: "note", {"change": "minor", "note": "x"}: "note",
		{"change": "correction", "note": strings.Repeat("é", 301)}: "note", {"change": "correction", "note": "a\u202eb"}: "note"} {
		n.as(editor, "POST", "/articles/"+string(a.ID)+"/publish", body, seen(b)...).refuses(422, dateline.EInvalid, `"path":"`+path+`"`)
	}
	n.unchanged(b, r.Sequence)
	second := n.as(editor, "POST", path, m{"change": "correction", "note": "It was tomorrow."}, seen(b)...).receipt()
	if now := n.get(a); now.Updated == nil || !now.Updated.Equal(noon.Add(time.Hour)) || !now.First.Equal(noon) {
		t.Errorf("corrected: %+v", now)
	}
	var editions struct{ Editions []dateline.Edition }
	n.as(reporter, "GET", "/articles/"+string(a.ID)+"/editions", nil).is(200).into(&editions)
	if e := editions.Editions; len(e) != 2 || e[0].Change != dateline.ChangeFirst || e[1].Note != "It was tomorrow." || e[1].Sequence != second.Sequence {
		t.Errorf("editions: %+v", e)
	}
}

func TestAReceiptIsGivenAgain(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	a := n.write(m{"section": "coast", "headline": "One"})
	r := n.act(editor, a, "publish", m{}).receipt()
	asked := len(n.asked)
	kept := n.as(reporter, "GET", fmt.Sprint("/receipts/", r.Sequence), nil).receipt()
	if kept.Sequence != r.Sequence || !kept.Confirmed || len(kept.Addresses) != 1 || len(n.asked) != asked {
		t.Errorf("kept: %+v, asked %v", kept, n.asked)
	}
	// That of an act whose receipt was lost is made again; here of the section's.
	if again := n.as(reporter, "GET", fmt.Sprint("/receipts/", r.Sequence-1), nil).receipt(); again.Sequence != r.Sequence-1 || len(n.asked) != asked+1 {
		t.Errorf("again: %+v, asked %v", again, n.asked)
	}
	n.as(reporter, "GET", fmt.Sprint("/receipts/", r.Sequence+1), nil).refuses(404, dateline.ENotFound, fmt.Sprint(r.Sequence))
	n.as(reporter, "GET", "/receipts/0", nil).refuses(422, dateline.EInvalid, "path.sequence")
	n.as(reporter, "GET", "/receipts/x", nil).refuses(422, dateline.EInvalid, "path.sequence")
}

// TestAReceiptThatWasNotConfirmedIsAskedForAnew: what was late at first is not late for ever.
func TestAReceiptThatWasNotConfirmedIsAskedForAnew(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	a := n.write(m{"section": "coast", "headline": "One"})
	n.siteLate = true
	path, headers := "/articles/"+string(a.ID)+"/publish", append(seen(a), "Idempotency-Key", "k")
	r := n.as(editor, "POST", path, m{}, headers...).receipt()
	if r.Confirmed || r.Addresses[0].Confirmed {
		t.Errorf("at first: %+v", r)
	}
	if again := n.as(editor, "GET", fmt.Sprint("/receipts/", r.Sequence), nil).receipt(); again.Confirmed {
		t.Errorf("still late: %+v", again)
	}
	n.siteLate = false
	for range 2 {
		if again := n.as(editor, "POST", path, m{}, headers...).receipt(); !again.Confirmed || again.Sequence != r.Sequence {
			t.Errorf("repeated: %+v", again)
		}
		if again := n.as(editor, "GET", fmt.Sprint("/receipts/", r.Sequence), nil).receipt(); !again.Confirmed {
			t.Errorf("asked for: %+v", again)
		}
	}
	if len(n.asked) != 3 {
		t.Errorf("the site was asked %d times, want 3: a confirmed receipt is kept", len(n.asked))
	}
}

// TestACommittedActIsNeverAnError: where the site cannot be asked, the act is done all the same, and the answer says that.
func TestACommittedActIsNeverAnError(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	a := n.write(m{"section": "coast", "headline": "One"})
	n.siteDown = errors.New("the site is on fire")
	got := n.act(editor, a, "publish", m{})
	r := got.receipt()
	if r.Confirmed || r.Sequence != n.head() || r.Article != a.ID || r.Edition != 1 || len(r.Addresses) != 1 || r.Addresses[0].Confirmed {
		t.Errorf("the receipt: %s", got.raw)
	}
	got.lacks("fire")
	n.siteDown = nil
	if again := n.as(editor, "GET", fmt.Sprint("/receipts/", r.Sequence), nil).receipt(); !again.Confirmed {
		t.Errorf("asked again: %+v", again)
	}
}

func TestARepeatedRequestHasTheFirstOnesReceipt(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	a, b := n.write(m{"section": "coast", "headline": "One"}), n.write(m{"section": "coast", "headline": "Two"})
	path, key := "/articles/"+string(a.ID)+"/publish", []string{"Idempotency-Key", "a-key"}
	first := n.as(editor, "POST", path, m{}, append(seen(a), key...)...).receipt()
	head := n.head()
	if again := n.as(editor, "POST", path, m{}, append(seen(a), key...)...).receipt(); again.Sequence != first.Sequence || !again.At.Equal(first.At) {
		t.Errorf("repeated: %+v", again)
	}
	// Also after the article went on.
	now := n.get(a)
	n.as(editor, "PUT", "/articles/"+string(a.ID), m{"section": "coast", "headline": "One, again"}, seen(now)...).is(200)
	if again := n.as(editor, "POST", path, m{}, append(seen(a), key...)...).receipt(); again.Sequence != first.Sequence {
		t.Errorf("repeated later: %+v", again)
	}
	if n.head() != head || len(n.asked) != 1 {
		t.Errorf("a repeated request did something: the record has %d entries, the site was asked for %v", n.head(), n.asked)
	}
	n.as(editor, "POST", path, m{"change": "first"}, append(seen(a), key...)...).refuses(422, dateline.EInvalid, "another request")
	n.act(editor, b, "publish", m{}, key...).refuses(422, dateline.EInvalid, "another request", "a-key")
	n.act(editor, a, "withdraw", m{"kind": "killed"}, key...).refuses(422, dateline.EInvalid, "another request")
	n.act(editor, b, "publish", m{}, "Idempotency-Key", strings.Repeat("k", 201)).refuses(422, dateline.EInvalid, "Idempotency-Key")
	if n.head() != head {
		t.Errorf("a refused key did something: %s", n.kinds(head))
	}
	// Another's key of the same name is another key.
	if other := n.act(chief, b, "publish", m{}, key...).receipt(); other.Sequence == first.Sequence {
		t.Errorf("a chief got the editor's receipt: %+v", other)
	}

	down := n.act(editor, a, "withdraw", m{"kind": "killed"}, "Idempotency-Key", "down")
	up := n.act(editor, a, "restore", nil, "Idempotency-Key", "up").receipt()
	if again := n.as(editor, "POST", "/articles/"+string(a.ID)+"/restore", nil, "If-Match", down.header.Get("ETag"), "Idempotency-Key", "up").receipt(); again.Sequence != up.Sequence {
		t.Errorf("a repeated restoration: %+v", again)
	}
}

func TestSubmitAndReturn(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	begin := n.head()
	a := n.write(m{"section": "coast", "headline": "One"})
	n.act(editor, a, "return", m{"reason": "x"}).refuses(409, dateline.EState, "submitted")
	submitted := n.act(reporter, a, "submit", nil).is(200).article()
	if submitted.Draft != dateline.DraftSubmitted {
		t.Errorf("submitted: %+v", submitted)
	}
	n.act(reporter, a, "submit", nil).refuses(409, dateline.EState)
	n.as(reporter, "PUT", "/articles/"+string(a.ID), m{"section": "coast", "headline": "Sneaked in"}, seen(submitted)...).refuses(403, dateline.EForbidden, "return")
	n.act(editor, a, "return", m{}).refuses(422, dateline.EInvalid, "reason")
	n.act(editor, a, "return", nil).refuses(400, dateline.EInvalid, "body")
	n.unchanged(submitted, begin)
	if back := n.act(editor, a, "return", m{"reason": "Who says so?"}).is(200).article(); back.Draft != dateline.DraftOpen {
		t.Errorf("returned: %+v", back)
	}
	n.as(reporter, "GET", "/articles/"+string(a.ID)+"/audit", nil).is(200).has("Who says so?", `"for":"the reporter"`)
	if n.kinds(begin) != "" {
		t.Errorf("desk steps put %s into the record", n.kinds(begin))
	}
}

func TestASchedule(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	begin := n.head()
	a := n.write(m{"section": "coast", "headline": "One"})
	due := noon.Add(time.Hour)
	for what, due := range map[string]any{"past": noon.Add(-time.Hour), "no zone": "2026-03-28T08:00:00", "a day": "2026-03-29", "a number": 1774684800, "nothing": nil} {
		n.act(editor, a, "schedule", m{"due": due}).refuses(422, dateline.EInvalid)
		if got := n.get(a); got.Draft != dateline.DraftOpen {
			t.Errorf("%s scheduled it: %+v", what, got)
		}
	}
	n.act(editor, a, "unschedule", nil).refuses(409, dateline.EState)
	planned := n.act(editor, a, "schedule", m{"due": due.In(time.FixedZone("", 19800))}).is(200).article()
	if s := planned.Schedule; planned.Draft != dateline.DraftScheduled || s == nil || !s.Due.Equal(due) || s.Change != dateline.ChangeFirst || s.Address != "/coast/2026/03/28/one" || planned.Address != "" {
		t.Errorf("scheduled: %+v, %+v", planned, planned.Schedule)
	}
	n.as(editor, "GET", "/articles?state=scheduled", nil).is(200).has(string(a.ID))
	if open := n.act(editor, a, "unschedule", nil).is(200).article(); open.Draft != dateline.DraftOpen || open.Schedule != nil {
		t.Errorf("unscheduled: %+v", open)
	}
	n.clock.Pass(2 * time.Hour)
	if out, _, err := n.desk.RunDue(t.Context()); out != 0 || err != nil || n.kinds(begin) != "" {
		t.Errorf("%d went out after it was taken off, %v; the record got %s", out, err, n.kinds(begin))
	}
}

func TestLocks(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	a := n.write(m{"section": "coast", "headline": "Secret", "html": "<p>Not yet.</p>"})
	begin := n.head()
	until := noon.Add(24 * time.Hour)

	n.act(editor, a, "embargo", m{"until": "2026-03-29T06:30:00", "reason": "x"}).refuses(422, dateline.EInvalid, `"path":"until"`)
	locked := n.act(editor, a, "embargo", m{"until": until, "reason": "The council asked"}).is(200).article()
	if l := locked.Embargo; l == nil || !l.Until.Equal(until) || l.By != "the editor" || l.Reason != "The council asked" {
		t.Errorf("embargoed: %+v", locked)
	}
	n.act(editor, a, "publish", m{}).refuses(423, dateline.ELocked, "the editor", "council", "2026-03-29T06:30:00Z")
	n.act(chief, a, "publish", m{}).refuses(423, dateline.ELocked)
	n.act(editor, a, "schedule", m{"due": until.Add(-time.Hour)}).refuses(423, dateline.ELocked)
	n.act(editor, a, "embargo", m{"until": until.Add(-time.Hour), "reason": "sooner"}).refuses(403, dateline.EForbidden, "chief")
	n.act(chief, a, "embargo", m{"until": until.Add(-time.Hour)}).refuses(422, dateline.EInvalid, "reason")
	n.act(editor, a, "DELETE embargo?reason=now", nil).refuses(403, dateline.EForbidden)
	n.act(chief, a, "DELETE embargo", nil).refuses(422, dateline.EInvalid, "reason")
	n.act(chief, a, "DELETE hold?reason=none+there", nil).refuses(409, dateline.EState)
	n.unchanged(locked, begin)
	if free := n.act(chief, a, "DELETE embargo?reason="+url.QueryEscape("The council agrees"), nil).is(200).article(); free.Embargo != nil {
		t.Errorf("lifted: %+v", free)
	}

	n.act(editor, a, "hold", m{}).refuses(422, dateline.EInvalid, "reason")
	held := n.act(editor, a, "hold", m{"reason": "Counsel reads"}).is(200).article()
	n.act(editor, a, "hold", m{"reason": "again"}).refuses(409, dateline.EState)
	n.act(chief, a, "publish", m{}).refuses(423, dateline.ELocked, "Counsel reads")
	n.act(editor, a, "DELETE hold?reason=x", nil).refuses(403, dateline.EForbidden)
	n.unchanged(held, begin)
	n.act(chief, a, "DELETE hold?reason=read", nil).is(200)
	n.as(reporter, "GET", "/articles/"+string(a.ID)+"/audit", nil).has("The council agrees", "Counsel reads", `"lift_hold"`)
	n.act(editor, a, "publish", m{}).receipt()
	if n.kinds(begin) != "edition" {
		t.Errorf("locks left something in the record: %s", n.kinds(begin))
	}
}

func TestWithdrawAndRestore(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	a, b := n.write(m{"section": "coast", "headline": "One"}), n.write(m{"section": "coast", "headline": "Two"})
	n.act(editor, a, "withdraw", m{"kind": "killed"}).refuses(409, dateline.EState, "published")
	n.act(editor, a, "publish", m{}).receipt()
	begin := n.head()
	published := n.get(a)
	n.act(editor, a, "withdraw", m{}).refuses(422, dateline.EInvalid, `"path":"kind"`)
	n.act(editor, a, "withdraw", m{"kind": "burnt"}).refuses(422, dateline.EInvalid, "merged")
	n.act(editor, a, "withdraw", m{"kind": "legal"}).refuses(403, dateline.EForbidden, "chief")
	n.act(editor, a, "withdraw", m{"kind": "merged"}).refuses(422, dateline.EInvalid)
	n.act(editor, a, "withdraw", m{"kind": "merged", "into": b.ID}).refuses(409, dateline.EState, "unpublished")
	n.act(editor, a, "withdraw", m{"kind": "merged", "into": "0190b5f0-6c00-7cc3-98c4-dc0c0c07398f"}).refuses(422, dateline.EInvalid, `"path":"into"`)
	n.act(editor, a, "withdraw", m{"kind": "killed", "notice": strings.Repeat("n", 301)}).refuses(422, dateline.EInvalid, "300")
	n.act(editor, a, "restore", nil).refuses(409, dateline.EState)
	n.unchanged(published, begin)

	n.act(editor, a, "withdraw", m{"kind": "killed", "notice": "It was not so."}).receipt()
	if down := n.get(a); down.Readers != dateline.Withdrawn || down.Withdrawal == nil || down.Withdrawal.Notice != "It was not so." {
		t.Errorf("withdrawn: %+v", down)
	}
	n.act(editor, a, "restore", nil).receipt()
	n.act(chief, a, "withdraw", m{"kind": "legal"}).receipt()
	n.act(editor, a, "restore", nil).refuses(403, dateline.EForbidden, "chief")
	n.act(chief, a, "restore", nil).receipt()
	if up := n.get(a); up.Readers != dateline.Published || up.Withdrawal != nil || up.Address != published.Address || up.Edition != 1 {
		t.Errorf("restored: %+v", up)
	}
	if kinds := n.kinds(begin); kinds != "withdrawal restoration withdrawal restoration" {
		t.Errorf("the record got %s", kinds)
	}
}

func TestAnAddressIsMoved(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	a := n.write(m{"section": "coast", "headline": "One"})
	n.act(editor, a, "address", m{"address": "/coast/ferry"}).refuses(409, dateline.EState)
	n.act(editor, a, "publish", m{}).receipt()
	begin, was := n.head(), n.get(a)
	for _, to := range []string{"", "coast", "//evil.example/x", "/coast/../x", "/search", "/a b", "/x\u202e", "/record/key", was.Address} {
		n.act(editor, a, "address", m{"address": to}).refuses(422, dateline.EInvalid)
	}
	n.unchanged(was, begin)
	n.act(editor, a, "address", m{"address": "/coast/ferry"}).receipt()
	if now := n.get(a); now.Address != "/coast/ferry" || !slices.Equal(now.Former, []string{was.Address}) {
		t.Errorf("moved: %+v", now)
	}
	if n.kinds(begin) != "redirect" {
		t.Errorf("the record got %s", n.kinds(begin))
	}
}

type articles struct {
	Articles []newsroom.Article
	Next     string
}

func headlines(list []newsroom.Article) (out []string) {
	for _, a := range list {
		out = append(out, a.Content.Headline)
	}
	return out
}

func TestListsOfArticles(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	n.section("city")
	var all []newsroom.Article
	for i, words := range []string{"the tide", "the harbour", "the tide again", "the harbour at night", "the mayor"} {
		n.clock.Pass(time.Minute)
		all = append(all, n.write(m{"section": []string{"coast", "city"}[i%2], "headline": "Story " + fmt.Sprint(i), "html": "<p>" + words + "</p>"}))
	}
	n.act(editor, all[1], "publish", m{}).receipt()
	n.act(reporter, all[2], "submit", nil).is(200)
	n.act(editor, all[3], "schedule", m{"due": noon.Add(48 * time.Hour)}).is(200)
	n.clock.Pass(time.Minute)
	n.write(m{"kind": "page", "headline": "About us"})
	n.act(editor, all[4], "publish", m{}).receipt()
	n.act(editor, all[4], "withdraw", m{"kind": "killed"}).receipt()

	for query, want := range map[string][]string{
		"state=published":           {"Story 1"},
		"state=withdrawn":           {"Story 4"},
		"state=unpublished":         {"About us", "Story 3", "Story 2", "Story 0"},
		"state=draft":               {"About us", "Story 0"},
		"state=submitted":           {"Story 2"},
		"state=scheduled":           {"Story 3"},
		"state=none":                {"Story 4", "Story 1"},
		"q=tide":                    {"Story 2", "Story 0"},
		"q=tide&state=submitted":    {"Story 2"},
		"q=harbour+night":           {"Story 3"},
		"q=nowhere":                 nil,
		"section=coast":             {"Story 4", "Story 2", "Story 0"},
		"section=city&q=harbour":    {"Story 3", "Story 1"},
		"kind=page":                 {"About us"},
		"state=published&limit=1":   {"Story 1"},
		"kind=article&q=story+tide": {"Story 2", "Story 0"},
	} {
		var got articles
		n.as(reporter, "GET", "/articles?"+query, nil).is(200).lacks(`"body"`).into(&got)
		if !slices.Equal(headlines(got.Articles), want) || got.Next != "" {
			t.Errorf("%s: %q, next %q; want %q", query, headlines(got.Articles), got.Next, want)
		}
	}

	// Paged by key: what is made between two pages neither repeats nor hides a row.
	var read []string
	next := "/api/v1/articles?limit=2"
	for i := 0; next != ""; i++ {
		a := n.as(reporter, "GET", next, nil).is(200)
		var page articles
		a.into(&page)
		read = append(read, headlines(page.Articles)...)
		next, _, _ = strings.Cut(strings.TrimPrefix(a.header.Get("Link"), "<"), ">")
		if next != "" {
			next += "&limit=2"
		}
		if i == 0 {
			n.clock.Pass(time.Minute)
			n.write(m{"headline": "Between"})
		}
		if (page.Next == "") != (next == "") || i > 5 {
			t.Fatalf("page %d: next %q, link %q", i, page.Next, a.header.Get("Link"))
		}
	}
	if want := []string{"About us", "Story 4", "Story 3", "Story 2", "Story 1", "Story 0"}; !slices.Equal(read, want) {
		t.Errorf("read %q, want %q", read, want)
	}

	for query, path := range map[string]string{"state=burnt": "query.state", "limit=0": "query.limit", "limit=201": "query.limit", "limit=x": "query.limit", "kind=x": "query.kind",
		"stat=draft": "query.stat", "section=nowhere": "section", "after=!!": "key", "q=" + strings.Repeat("x", 501): "query.q"} {
		n.as(reporter, "GET", "/articles?"+query, nil).refuses(422, dateline.EInvalid, path)
	}
}

func TestTokens(t *testing.T) {
	n := openRoom(t)
	admin := dateline.Actor{Name: "set-up", Role: dateline.RoleChief}
	_, short, err := n.desk.CreateToken(t.Context(), admin, "short", editor, noon.Add(time.Hour))
	n.must(err)
	k, revoked, err := n.desk.CreateToken(t.Context(), admin, "revoked", editor, time.Time{})
	n.must(err)
	for _, header := range []string{"Bearer " + short, "bearer " + short, "Bearer " + revoked} {
		n.send("GET", "/articles", nil, "Authorization", header).is(200)
	}
	n.clock.Pass(2 * time.Hour)
	n.must(n.desk.RevokeToken(t.Context(), admin, k.ID))
	good := n.tokens[editor]
	refused := map[string]string{}
	for what, header := range map[string]string{"expired": "Bearer " + short, "revoked": "Bearer " + revoked, "unknown": "Bearer dl_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"basic": "Basic " + good, "bare": good, "cut": "Bearer " + good[:len(good)-1], "long": "Bearer dl_" + strings.Repeat("a", 5000), "empty": "Bearer "} {
		for _, path := range []string{"/articles", "/record/entries"} {
			a := n.send("GET", path, nil, "Authorization", header).refuses(401, dateline.EUnauthorized).lacks(short, revoked, good)
			if !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s %s: no challenge", what, path)
			}
			if what == "expired" || what == "revoked" || what == "unknown" {
				refused[a.problem().Detail] = what
			}
		}
	}
	if len(refused) != 1 {
		t.Errorf("a refusal tells which tokens there were: %v", refused)
	}
	n.send("GET", "/articles", nil).refuses(401, dateline.EUnauthorized, "dateline token create")
	// A token in the address would stand in logs.
	n.send("GET", "/articles?access_token="+good, nil).refuses(401, dateline.EUnauthorized)
}
