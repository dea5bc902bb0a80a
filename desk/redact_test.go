package desk_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// secret is the word that is to go in these tests. Its lower and upper case are looked for.
const secret = "Quixwortle"

// holdsSecret names the files under the newsroom's folder in which the word stands.
func (n *room) holdsSecret() (files []string) {
	n.Helper()
	n.must(filepath.WalkDir(n.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(bytes.ToLower(b), []byte(strings.ToLower(secret))) {
			files = append(files, filepath.Base(path))
		}
		return err
	}))
	return files
}

func paragraph(words string) json.RawMessage {
	b, _ := json.Marshal(words)
	return json.RawMessage(`{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":` + string(b) + `}]}]}`)
}

// verifies checks the whole record as the desk keeps it.
func (n *room) verifies() {
	n.Helper()
	p, err := n.store.Verify(n.Context(), nil, nil)
	n.must(err)
	if len(p.Faults) > 0 {
		n.Errorf("the record does not verify: %v", p.Faults)
	}
}

func (n *room) redact(a *dateline.Article, r desk.Redacting) desk.Redacted {
	n.Helper()
	done, err := n.desk.Redact(n.Context(), chief, seen(n.find(a.ID)), r)
	n.must(err)
	return done
}

func (n *room) redaction(seq int64) *record.Redaction {
	n.Helper()
	body, err := n.entries(seq - 1)[0].Decode()
	n.must(err)
	return body.(*record.Redaction)
}

// TestRedactionWithReplacement: words that stand in headline, address, text, note, audit, drafts, word index and a picture's
// name are nowhere; the edition keeps number, kind and instants.
func TestRedactionWithReplacement(t *testing.T) {
	n := newsroom(t)
	coast := n.section("coast")
	p, err := n.desk.CreatePicture(t.Context(), reporter, bytes.NewReader(pngOf(t, 9)), secret+".png")
	n.must(err)
	a := n.create(dateline.Content{Section: coast.ID, Headline: secret + " sails", Body: paragraph("It was " + secret + "."),
		Lead: &dateline.Lead{Picture: p.ID, Alt: secret + " at sea"}})
	first := n.publish(a, dateline.ChangeFirst, "")
	a = n.save(first.Article, func(c *dateline.Content) { c.Headline = "The boat sails"; c.Lead = nil; c.Body = paragraph("A boat.") })
	second := n.publish(a, dateline.ChangeCorrection, secret+" was the wrong name.")
	n.save(second.Article, func(c *dateline.Content) { c.Standfirst = "As " + strings.ToUpper(secret) + " said" })
	if len(n.holdsSecret()) == 0 {
		t.Fatal("the test looks in the wrong place")
	}
	old := second.Article.Address
	good := dateline.Content{Section: coast.ID, Headline: "The boat sails", Body: paragraph("A boat.")}
	_, err = n.desk.Redact(t.Context(), editor, seen(n.find(a.ID)), desk.Redacting{Words: []string{secret}, Replacement: &good})
	n.refused(dateline.EForbidden, "chief", err)
	_, err = n.desk.Redact(t.Context(), chief, seen(n.find(a.ID)), desk.Redacting{Words: []string{secret}, Replacement: &good})
	n.refused(dateline.EInvalid, "public note", err)
	done := n.redact(a, desk.Redacting{Words: []string{secret}, Replacement: &good, Note: "A name was wrong.", Reason: "By order of a court"})
	if !slices.Equal(done.Editions, []int{2, 1}) || len(done.Remaining) != 0 || done.Versions < 3 {
		t.Errorf("it did %+v", done)
	}
	if files := n.holdsSecret(); len(files) > 0 {
		t.Errorf("the word still stands in %v", files)
	}
	n.verifies()
	now := n.find(a.ID)
	if now.Address == old || !strings.Contains(now.Address, "the-boat-sails") || now.Edition != 2 || now.Draft != dateline.DraftNone ||
		!now.First.Equal(first.Article.First) || !now.Updated.Equal(second.Article.Updated) {
		t.Errorf("readers have %+v", now)
	}
	e := n.edition(done.Edition.Sequence)
	if e.Number != 2 || e.Change != dateline.ChangeCorrection || e.Public != record.FormatInstant(second.Edition.Public) || e.Note != "A name was wrong." {
		t.Errorf("the replacement is %+v", e)
	}
	r := n.redaction(done.Sequence - 1)
	if r.Replacement != done.Edition.Sequence || len(r.Editions) != 1 || r.Editions[0].Number != 2 || r.Editions[0].Change != dateline.ChangeCorrection ||
		!slices.Contains(r.Hashes, record.AddressHash(old)) || r.Reason != "By order of a court" {
		t.Errorf("the redaction says %+v", r)
	}
	if _, err := n.desk.Create(t.Context(), reporter, dateline.KindArticle, dateline.Content{Section: coast.ID, Headline: secret + " sails"}); err != nil {
		t.Error(err)
	}
}

// TestRedactionOfTheLiveEdition: nothing takes its place, so the article is withdrawn for law, and never comes back.
func TestRedactionOfTheLiveEdition(t *testing.T) {
	n := newsroom(t)
	coast := n.section("coast")
	a := n.create(dateline.Content{Section: coast.ID, Headline: secret + " sails"})
	first := n.publish(a, dateline.ChangeFirst, "")
	before := n.head()
	done := n.redact(a, desk.Redacting{Editions: []int{1}, Words: []string{secret}, Notice: "It is no longer available."})
	if n.kinds(before) != "withdrawal redaction" || done.Act != record.KindWithdrawal || done.Article.Readers != dateline.Withdrawn {
		t.Errorf("the act appended %q and made %+v", n.kinds(before), done)
	}
	if files := n.holdsSecret(); len(files) > 0 {
		t.Errorf("the word still stands in %v", files)
	}
	n.verifies()
	if !n.tombs.Down(first.Article.Address) {
		t.Error("the tombstones do not know the address")
	}
	_, err := n.desk.Restore(t.Context(), chief, seen(n.find(a.ID)), "")
	n.refused(dateline.EState, "removed for good", err)
	if err := n.desk.View(t.Context(), func(tx desk.Tx) error {
		_, err := tx.FindOwner(first.Article.Address)
		return err
	}); err != nil {
		t.Errorf("its address may be given to another: %v", err)
	}
}

// TestRedactionOfAnOldEdition leaves readers and draft with what they had.
func TestRedactionOfAnOldEdition(t *testing.T) {
	n := newsroom(t)
	coast := n.section("coast")
	a := n.create(dateline.Content{Section: coast.ID, Headline: "A boat", Body: paragraph("It was " + secret + ".")})
	a = n.publish(a, dateline.ChangeFirst, "").Article
	a = n.publish(n.save(a, func(c *dateline.Content) { c.Body = paragraph("It was a boat.") }), dateline.ChangeMinor, "").Article
	draft := n.save(a, func(c *dateline.Content) { c.Standfirst = "A new draft." })
	live := n.head()
	good := dateline.Content{Section: coast.ID, Headline: "A boat", Body: paragraph("It was.")}
	done := n.redact(a, desk.Redacting{Words: []string{secret}, Replacement: &good})
	now := n.find(a.ID)
	if n.kinds(live) != "edition redaction" || now.Edition != 2 || now.Content.Standfirst != draft.Content.Standfirst || now.Draft != dateline.DraftOpen {
		t.Errorf("appended %q, and left %+v", n.kinds(live), now)
	}
	if e := n.edition(done.Edition.Sequence); e.Number != 1 {
		t.Errorf("the replacement has the number %d", e.Number)
	}
	if files := n.holdsSecret(); len(files) > 0 {
		t.Errorf("the word still stands in %v", files)
	}
	n.verifies()
	// Withdrawn and restored, it comes back without the words.
	w, err := n.desk.Withdraw(t.Context(), chief, seen(now), desk.Withdrawing{Kind: dateline.WithdrawnKilled})
	n.must(err)
	_, err = n.desk.Restore(t.Context(), chief, seen(w.Article), "")
	n.must(err)
	n.verifies()
}

// TestRefusedRedactions change nothing.
func TestRefusedRedactions(t *testing.T) {
	n := newsroom(t)
	coast := n.section("coast")
	draft := n.create(dateline.Content{Section: coast.ID, Headline: "A draft"})
	a := n.publish(n.create(dateline.Content{Section: coast.ID, Headline: "A boat"}), dateline.ChangeFirst, "").Article
	before := n.head()
	for _, c := range []struct {
		of    *dateline.Article
		asked desk.Redacting
		code  dateline.Code
		words string
	}{
		{draft, desk.Redacting{Editions: []int{1}}, dateline.EState, "a draft is changed"},
		{a, desk.Redacting{}, dateline.EInvalid, "which words are to go"},
		{a, desk.Redacting{Editions: []int{7}}, dateline.EInvalid, "no edition 7"},
		{a, desk.Redacting{Words: []string{secret}}, dateline.EInvalid, "holds the words"},
		{a, desk.Redacting{Words: []string{"it"}}, dateline.EInvalid, "three characters"},
		{a, desk.Redacting{Words: []string{"boat"}, Reason: "It names a boat"}, dateline.EInvalid, "the reason holds the words"},
		{a, desk.Redacting{Words: []string{"boat"}, Replacement: &dateline.Content{Section: coast.ID, Headline: "Another Boat", Language: "en"}}, dateline.EInvalid, "the replacement holds"},
	} {
		_, err := n.desk.Redact(t.Context(), chief, seen(c.of), c.asked)
		n.refused(c.code, c.words, err)
	}
	if n.head() != before {
		t.Error("a refused redaction appended something")
	}
}

// TestAnOldDatabaseDoesNotBringRemovedWordsBack: the tombstones remember what was removed.
func TestAnOldDatabaseDoesNotBringRemovedWordsBack(t *testing.T) {
	n := newsroom(t)
	coast := n.section("coast")
	a := n.publish(n.create(dateline.Content{Section: coast.ID, Headline: secret + " sails"}), dateline.ChangeFirst, "").Article
	n.close()
	saved, err := os.ReadFile(filepath.Join(n.dir, "desk.db"))
	n.must(err)
	n.open()
	n.redact(a, desk.Redacting{Words: []string{secret}})
	n.close()
	n.must(os.WriteFile(filepath.Join(n.dir, "desk.db"), saved, 0o600))
	n.refused(dateline.EState, "older than", n.tryOpen())
	n.close()
	n.restoreOpen()
	if now := n.find(a.ID); now.Readers != dateline.Withdrawn {
		t.Errorf("the old database has the article %s", now.Readers)
	}
	if files := n.holdsSecret(); len(files) > 0 {
		t.Errorf("the word stands again in %v", files)
	}
	n.verifies()
}

// TestErase: a person's entries lose their words, the address is a hash, and editions that still hold the name are listed.
func TestErase(t *testing.T) {
	n := newsroom(t)
	coast := n.section("coast")
	p := n.person(strings.ToLower(secret))
	topic, err := n.desk.CreateTopic(t.Context(), reporter, dateline.Topic{Slug: "about-" + strings.ToLower(secret), Kind: dateline.TopicPerson, Person: p.ID,
		Names: dateline.Names{"en": secret}})
	n.must(err)
	a := n.create(dateline.Content{Section: coast.ID, Headline: "A boat", Byline: []dateline.Credit{{Person: p.ID}}, Topics: []dateline.ID{topic.ID}})
	n.publish(a, dateline.ChangeFirst, "")
	b := n.create(dateline.Content{Section: coast.ID, Headline: "Another", Byline: []dateline.Credit{{Person: p.ID, As: "By " + secret}}, Body: paragraph("x")})
	n.publish(b, dateline.ChangeFirst, "")
	p, err = n.desk.FindPerson(t.Context(), editor, p.ID)
	n.must(err)
	_, err = n.desk.Erase(t.Context(), editor, p.ID, p.Version)
	n.refused(dateline.EForbidden, "chief", err)
	done, err := n.desk.Erase(t.Context(), chief, p.ID, p.Version)
	n.must(err)
	if len(done.Entries) != 2 || len(done.Mentions) != 1 || done.Mentions[0].Article != b.ID || done.Mentions[0].Where != "byline" {
		t.Errorf("erasing did %+v", done)
	}
	if r := n.redaction(done.Sequence); !slices.Equal(r.Hashes, []string{record.AddressHash("/people/" + strings.ToLower(secret))}) {
		t.Errorf("the redaction says %+v", r)
	}
	n.verifies()
	_, err = n.desk.CreatePerson(t.Context(), reporter, dateline.Person{Slug: strings.ToLower(secret), Names: dateline.Names{"en": "Another"}})
	n.refused(dateline.EConflict, "never used again", err)
	n.redact(b, desk.Redacting{Words: []string{secret}})
	if files := n.holdsSecret(); len(files) > 0 {
		t.Errorf("the name still stands in %v", files)
	}
}

// TestLegalWithdrawalWithholdsOldAddresses: the redirects that name them are given to nobody, and come back with a restoration.
func TestLegalWithdrawalWithholdsOldAddresses(t *testing.T) {
	n := newsroom(t)
	coast := n.section("coast")
	first := n.publish(n.create(dateline.Content{Section: coast.ID, Headline: secret}), dateline.ChangeFirst, "")
	a := first.Article
	moved, err := n.desk.MoveAddress(t.Context(), editor, seen(a), "/coast/"+strings.ToLower(secret)+"-2", "")
	n.must(err)
	killed, err := n.desk.Withdraw(t.Context(), chief, seen(moved.Article), desk.Withdrawing{Kind: dateline.WithdrawnKilled})
	n.must(err)
	back, err := n.desk.Restore(t.Context(), chief, seen(killed.Article), "")
	n.must(err)
	down, err := n.desk.Withdraw(t.Context(), chief, seen(back.Article), desk.Withdrawing{Kind: dateline.WithdrawnLegal})
	n.must(err)
	for _, e := range n.entries(0) {
		if strings.Contains(strings.ToLower(string(e.Body)), strings.ToLower(secret)) {
			t.Errorf("entry %d (%s) still gives the word to followers", e.Sequence, e.Kind)
		}
	}
	again, err := n.desk.Restore(t.Context(), chief, seen(down.Article), "")
	n.must(err)
	body, err := n.entries(again.Sequence - 1)[0].Decode()
	n.must(err)
	if got := body.(*record.Restoration).Editions; !slices.Equal(got, []int64{first.Sequence, moved.Sequence}) {
		t.Errorf("the restoration brings back %v", got)
	}
	if e := n.entries(moved.Sequence - 1)[0]; !e.HasBody() {
		t.Error("the redirect does not come back")
	}
}

// TestWordsOfAPicturesEarlierStatesGo: a picture that stays in the paper under other words keeps none of its earlier ones, and neither does
// the history of the articles that show it.
func TestWordsOfAPicturesEarlierStatesGo(t *testing.T) {
	n := newsroom(t)
	coast := n.section("coast").ID
	p := n.picture(9)
	lead := &dateline.Lead{Picture: p.ID, Alt: "A harbour"}
	n.publish(n.create(dateline.Content{Section: coast, Headline: "Stays", Lead: lead}), dateline.ChangeFirst, "")
	a := n.publish(n.create(dateline.Content{Section: coast, Headline: secret + " sails", Lead: lead, Body: paragraph("It was " + secret + ".")}), dateline.ChangeFirst, "").Article
	for _, words := range []string{"After " + secret, "After all"} {
		p, err := n.desk.FindPicture(t.Context(), reporter, p.ID)
		n.must(err)
		p.Name = words // which the record never has
		_, err = n.desk.UpdatePicture(t.Context(), reporter, *p)
		n.must(err)
	}
	good := dateline.Content{Section: coast, Headline: "The boat sails", Lead: lead, Body: paragraph("A boat.")}
	done := n.redact(a, desk.Redacting{Words: []string{secret}, Replacement: &good, Note: "A name was wrong.", Reason: "By order of a court"})
	if len(done.Remaining) != 0 {
		t.Errorf("left are %+v", done.Remaining)
	}
	if files := n.holdsSecret(); len(files) > 0 {
		t.Errorf("the word still stands in %v", files)
	}
	states, err := n.desk.ListPictureStates(t.Context(), reporter, p.ID, 0, 10)
	n.must(err)
	if len(states) != 2 || states[0].Picture.Name != "After all" || states[1].Picture.Name != "harbour.png" {
		t.Errorf("kept are %+v", states)
	}
}
