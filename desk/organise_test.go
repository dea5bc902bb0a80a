package desk_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/record"
)

func TestInitBeginsTheRecord(t *testing.T) {
	n := newsroom(t)
	entries := n.entries(0)
	if n.kinds(0) != "publication key" || entries[0].Sequence != 1 {
		t.Fatalf("the record begins with %s", n.kinds(0))
	}
	body, err := entries[0].Decode()
	n.must(err)
	p := body.(*record.Publication)
	if p.Latitude != 38722300 || p.Longitude != -9139300 || strings.Contains(string(entries[0].Body), "8081") {
		t.Errorf("the publication's entry is %s", entries[0].Body)
	}
	body, err = entries[1].Decode()
	n.must(err)
	signer, err := record.NewSigner(n.key)
	n.must(err)
	if k := body.(*record.Key); k.Verifier != signer.Verifier() || k.Origin != signer.Origin() || entries[1].Subject != entries[0].Subject {
		t.Errorf("the key's entry is %+v", k)
	}
	_, err = n.desk.Init(t.Context(), dateline.Publication{Name: "Another", Site: "http://x", Zone: "UTC", Language: "en"})
	n.refused(dateline.EState, "already", err)
}

func TestUpdatePublication(t *testing.T) {
	n := newsroom(t)
	p, err := n.desk.FindPublication(t.Context())
	n.must(err)
	section := n.section("world")
	page, err := n.desk.Create(t.Context(), editor, dateline.KindPage, dateline.Content{Headline: "About"})
	n.must(err)
	begin := n.head()
	wrong := map[string]func(*dateline.Publication){
		"not the address": func(p *dateline.Publication) { p.Site = "javascript:alert(1)" },
		"address of":      func(p *dateline.Publication) { p.Site = "http://x/path" },
		"two host names":  func(p *dateline.Publication) { p.Newsroom = "http://127.0.0.1:9999" },
		"zone":            func(p *dateline.Publication) { p.Zone = "Mars/Olympus" },
		"section":         func(p *dateline.Publication) { p.Navigation = []dateline.ID{"x"} },
		"published pages": func(p *dateline.Publication) { p.Footer = []dateline.ID{page.ID} },
	}
	for words, change := range wrong {
		q := *p
		change(&q)
		_, _, err := n.desk.UpdatePublication(t.Context(), chief, q)
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", words, err)
		}
	}
	_, _, err = n.desk.UpdatePublication(t.Context(), editor, *p)
	n.refused(dateline.EForbidden, "chief", err)
	n.nothing(begin)
	r, err := n.desk.Publish(t.Context(), editor, seen(page), desk.Publishing{Change: dateline.ChangeFirst})
	n.must(err)
	q := *p
	q.Name, q.Navigation, q.Footer = "The Firth", []dateline.ID{section.ID}, []dateline.ID{r.Article.ID}
	got, seq, err := n.desk.UpdatePublication(t.Context(), chief, q)
	n.must(err)
	if got.Version != 2 || seq != n.head() || n.kinds(begin) != "edition publication" {
		t.Errorf("%+v, entry %d of %s", got, seq, n.kinds(begin))
	}
	_, _, err = n.desk.UpdatePublication(t.Context(), chief, q)
	n.refused(dateline.EConflict, "version 1", err)
	q.Version = 0
	_, _, err = n.desk.UpdatePublication(t.Context(), chief, q)
	n.refused(dateline.EMissing, "version", err)
}

func TestDescribedThingsBecomePublicWhenReferredTo(t *testing.T) {
	n := newsroom(t)
	section := n.section("world")
	person := n.person("meera")
	topic, err := n.desk.CreateTopic(t.Context(), reporter, dateline.Topic{Slug: "meera", Kind: dateline.TopicPerson, Person: person.ID, Names: dateline.Names{"en": "Meera"}})
	n.must(err)
	begin := n.head()
	// Before anything public refers to it, changing it is a desk step: even the slug may change.
	topic.Slug, topic.Public = "meera-rao", true
	topic, err = n.desk.UpdateTopic(t.Context(), reporter, *topic)
	n.must(err)
	if topic.Public || topic.Version != 2 {
		t.Errorf("somebody made a topic public by hand: %+v", topic)
	}
	_, err = n.desk.UpdateTopic(t.Context(), reporter, dateline.Topic{ID: topic.ID, Version: 1, Slug: "x", Kind: topic.Kind, Person: person.ID, Names: topic.Names})
	n.refused(dateline.EConflict, "version 1", err)
	n.nothing(begin)
	a := n.create(dateline.Content{Headline: "One", Section: section.ID, Topics: []dateline.ID{topic.ID}})
	n.nothing(begin)
	n.publish(a, dateline.ChangeFirst, "")
	if got := n.kinds(begin); got != "person topic edition" {
		t.Errorf("the record got %s", got)
	}
	begin = n.head()
	topic, err = n.desk.FindTopic(t.Context(), editor, topic.ID)
	n.must(err)
	renamed := *topic
	renamed.Names = dateline.Names{"en": "Meera Rao"}
	_, err = n.desk.UpdateTopic(t.Context(), editor, renamed)
	n.must(err)
	person, err = n.desk.FindPerson(t.Context(), editor, person.ID)
	n.must(err)
	person.Role = dateline.Names{"en": "Coast correspondent"}
	person, err = n.desk.UpdatePerson(t.Context(), editor, *person)
	n.must(err)
	section.Names = dateline.Names{"en": "The world"}
	section, err = n.desk.UpdateSection(t.Context(), chief, *section)
	n.must(err)
	if got := n.kinds(begin); got != "topic person section" {
		t.Errorf("renaming gave %s", got)
	}
	begin = n.head()
	person.Slug = "other"
	_, err = n.desk.UpdatePerson(t.Context(), editor, *person)
	n.refused(dateline.EState, "address", err)
	section.Slug = "other"
	_, err = n.desk.UpdateSection(t.Context(), chief, *section)
	n.refused(dateline.EState, "address", err)
	_, err = n.desk.CreatePerson(t.Context(), editor, dateline.Person{Slug: "meera", Names: dateline.Names{"en": "x"}})
	n.refused(dateline.EConflict, "already", err)
	_, err = n.desk.CreateSection(t.Context(), editor, dateline.Section{Slug: "coast", Names: dateline.Names{"en": "x"}})
	n.refused(dateline.EForbidden, "chief", err)
	_, err = n.desk.CreateTopic(t.Context(), editor, dateline.Topic{Slug: "y", Kind: dateline.TopicPerson, Person: "nobody", Names: dateline.Names{"en": "x"}})
	n.refused(dateline.EInvalid, "person", err)
	n.nothing(begin)
}

func TestSections(t *testing.T) {
	n := newsroom(t)
	parent := n.section("world")
	child, err := n.desk.CreateSection(t.Context(), chief, dateline.Section{Slug: "asia", Parent: parent.ID, Names: dateline.Names{"en": "Asia"}})
	n.must(err)
	for _, s := range []dateline.Section{
		{Slug: "india", Parent: child.ID, Names: dateline.Names{"en": "x"}},
		{Slug: "india", Parent: "nobody", Names: dateline.Names{"en": "x"}},
		{Slug: "world", Names: dateline.Names{"en": "x"}},
		{Slug: "../x", Names: dateline.Names{"en": "x"}},
		{Slug: "india", Names: dateline.Names{"hi": "भारत"}},
	} {
		if _, err := n.desk.CreateSection(t.Context(), chief, s); err == nil {
			t.Errorf("%+v was taken", s)
		}
	}
	list, err := n.desk.ListSections(t.Context(), reporter, desk.Page{})
	if err != nil || len(list) != 2 || list[0].Slug != "asia" {
		t.Errorf("%v, %v", list, err)
	}
	list, err = n.desk.ListSections(t.Context(), reporter, desk.Page{After: "asia", Limit: 1})
	if err != nil || len(list) != 1 || list[0].Slug != "world" {
		t.Errorf("%v, %v", list, err)
	}
	// A refused section leaves its address free.
	if _, err := n.desk.CreateSection(t.Context(), chief, dateline.Section{Slug: "india", Names: dateline.Names{"en": "India"}}); err != nil {
		t.Error(err)
	}
}

func TestPictures(t *testing.T) {
	n := newsroom(t)
	begin := n.head()
	p := n.picture(12)
	if p.Width != 12 || p.Height != 8 || p.Format != "png" || p.Public || p.Bytes == 0 {
		t.Errorf("took in %+v", p)
	}
	if again := n.picture(12); again.ID != p.ID {
		t.Error("the same bytes are two pictures")
	}
	_, err := n.desk.CreatePicture(t.Context(), reporter, strings.NewReader("<svg onload=alert(1)>"), "x.png")
	n.refused(dateline.EInvalid, "", err)
	_, err = n.desk.CreatePicture(t.Context(), reporter, bytes.NewReader(pngOf(t, 5)), "a\x00.png")
	n.refused(dateline.EInvalid, "name", err)
	_, err = n.desk.CreatePicture(t.Context(), reporter, bytes.NewReader(make([]byte, media.MaxBytes+1)), "x.png")
	n.refused(dateline.ETooLarge, "MB", err)
	_, err = n.desk.CreatePicture(t.Context(), dateline.Actor{}, bytes.NewReader(pngOf(t, 5)), "x.png")
	n.refused(dateline.EUnauthorized, "", err)
	p.Rights, p.Credit = "Ours", "Meera"
	p, err = n.desk.UpdatePicture(t.Context(), reporter, *p)
	n.must(err)
	n.nothing(begin)
	a := n.create(dateline.Content{Headline: "One", Section: n.section("world").ID, Lead: &dateline.Lead{Picture: p.ID, Alt: "A harbour"}})
	begin = n.head()
	r := n.publish(a, dateline.ChangeFirst, "")
	if n.kinds(begin) != "picture edition" || n.edition(r.Sequence).Pictures[0] != p.ID {
		t.Errorf("the record got %s", n.kinds(begin))
	}
	begin = n.head()
	p, err = n.desk.FindPicture(t.Context(), reporter, p.ID)
	n.must(err)
	p.Name, p.Alt, p.Hash = "quay.png", "A quay", "0000"
	p, err = n.desk.UpdatePicture(t.Context(), reporter, *p)
	n.must(err)
	n.nothing(begin)
	if p.Hash == "0000" {
		t.Error("a picture's hash was changed")
	}
	p.Rights, p.Credit, p.Focal = "Until 2027", "Somebody", &dateline.Point{X: 3, Y: 4}
	_, err = n.desk.UpdatePicture(t.Context(), reporter, *p)
	n.must(err)
	if n.kinds(begin) != "picture" {
		t.Errorf("changed rights gave %s", n.kinds(begin))
	}
	list := n.entries(begin)
	entry, err := list[0].Decode()
	n.must(err)
	body, ok := entry.(*record.Picture)
	if !ok || body.Words == nil || body.Words.Credit != "Somebody" || body.Focal == nil || *body.Focal != *p.Focal {
		t.Errorf("the entry says %+v", body)
	}
}

func TestTokens(t *testing.T) {
	n := newsroom(t)
	k, secret, err := n.desk.CreateToken(t.Context(), chief, "site", dateline.RoleFollower, noon.Add(time.Hour))
	n.must(err)
	if !strings.HasPrefix(secret, "dl_") || len(secret) != 35 {
		t.Errorf("the secret is %q", secret)
	}
	if a, err := n.desk.Authenticate(t.Context(), secret); err != nil || a.Role != dateline.RoleFollower || a.Name != "site" {
		t.Errorf("%+v, %v", a, err)
	}
	for _, wrong := range []string{"", "dl_", secret + "a", strings.ToUpper(secret), secret[:34], "dl_" + strings.Repeat("a", 5000), "' OR 1=1 --"} {
		_, err := n.desk.Authenticate(t.Context(), wrong)
		n.refused(dateline.EUnauthorized, "not valid", err)
	}
	_, _, err = n.desk.CreateToken(t.Context(), editor, "x", dateline.RoleChief, time.Time{})
	n.refused(dateline.EForbidden, "chief", err)
	_, _, err = n.desk.CreateToken(t.Context(), chief, "x", "owner", time.Time{})
	n.refused(dateline.EInvalid, "role", err)
	_, _, err = n.desk.CreateToken(t.Context(), chief, " ", dateline.RoleEditor, time.Time{})
	n.refused(dateline.EInvalid, "name", err)
	_, _, err = n.desk.CreateToken(t.Context(), chief, "x", dateline.RoleEditor, noon)
	n.refused(dateline.EInvalid, "expired", err)
	n.clock.Pass(time.Hour)
	_, err = n.desk.Authenticate(t.Context(), secret)
	n.refused(dateline.EUnauthorized, "not valid", err)
	other, second, err := n.desk.CreateToken(t.Context(), chief, "elena", dateline.RoleEditor, time.Time{})
	n.must(err)
	n.refused(dateline.EForbidden, "", n.desk.RevokeToken(t.Context(), editor, other.ID))
	n.must(n.desk.RevokeToken(t.Context(), chief, other.ID))
	_, err = n.desk.Authenticate(t.Context(), second)
	n.refused(dateline.EUnauthorized, "not valid", err)
	list, err := n.desk.ListTokens(t.Context(), chief)
	if err != nil || len(list) != 2 || list[0].ID != k.ID || list[1].Revoked.IsZero() {
		t.Errorf("%+v, %v", list, err)
	}
	b, err := json.Marshal(list)
	n.must(err)
	for _, hidden := range []string{secret, second} {
		if strings.Contains(string(b), hidden) || strings.Contains(n.read("desk.db")+n.read("desk.db-wal"), hidden) {
			t.Error("a secret is kept")
		}
	}
	_, err = n.desk.ListTokens(t.Context(), editor)
	n.refused(dateline.EForbidden, "", err)
}

func TestEmbargoAndHold(t *testing.T) {
	n := newsroom(t)
	begin := n.head()
	a := n.create(dateline.Content{Headline: "One"})
	embargo := func(actor dateline.Actor, a *dateline.Article, until time.Time, reason string) (desk.Result, error) {
		return n.desk.Embargo(t.Context(), actor, seen(a), until, reason)
	}
	_, err := embargo(reporter, a, noon.Add(time.Hour), "")
	n.refused(dateline.EForbidden, "reporter", err)
	_, err = embargo(editor, a, noon, "")
	n.refused(dateline.EInvalid, "past", err)
	r, err := embargo(editor, a, noon.Add(time.Hour), "agreed")
	n.must(err)
	if l := r.Article.Embargo; l.By != "elena" || l.Reason != "agreed" || !l.At.Equal(noon) || r.Article.Draft != dateline.DraftOpen {
		t.Errorf("the lock is %+v", l)
	}
	r, err = embargo(editor, r.Article, noon.Add(2*time.Hour), "") // longer: an editor may
	n.must(err)
	_, err = embargo(editor, r.Article, noon.Add(time.Hour), "sooner")
	n.refused(dateline.EForbidden, "chief", err)
	_, err = embargo(chief, r.Article, noon.Add(time.Hour), "")
	n.refused(dateline.EInvalid, "reason", err)
	r, err = embargo(chief, r.Article, noon.Add(time.Hour), "they agreed")
	n.must(err)
	_, err = n.desk.LiftEmbargo(t.Context(), editor, seen(r.Article), "x")
	n.refused(dateline.EForbidden, "chief", err)
	_, err = n.desk.LiftEmbargo(t.Context(), chief, seen(r.Article), "")
	n.refused(dateline.EInvalid, "reason", err)
	r, err = n.desk.LiftEmbargo(t.Context(), chief, seen(r.Article), "it leaked")
	n.must(err)
	if r.Article.Embargo != nil {
		t.Error("the embargo stands")
	}
	_, err = n.desk.LiftEmbargo(t.Context(), chief, seen(r.Article), "it leaked")
	n.refused(dateline.EState, "no embargo", err)
	_, err = n.desk.Hold(t.Context(), editor, seen(r.Article), "")
	n.refused(dateline.EInvalid, "reason", err)
	r, err = n.desk.Hold(t.Context(), editor, seen(r.Article), "lawyers")
	n.must(err)
	_, err = n.desk.Hold(t.Context(), editor, seen(r.Article), "lawyers")
	n.refused(dateline.EState, "already", err)
	_, err = n.desk.LiftHold(t.Context(), editor, seen(r.Article), "x")
	n.refused(dateline.EForbidden, "chief", err)
	r, err = n.desk.LiftHold(t.Context(), chief, seen(r.Article), "settled")
	n.must(err)
	_, err = n.desk.LiftHold(t.Context(), chief, seen(r.Article), "settled")
	n.refused(dateline.EState, "not on hold", err)
	n.nothing(begin)
}

func TestLocksTakeNothingDown(t *testing.T) {
	n := newsroom(t)
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: n.section("world").ID}), dateline.ChangeFirst, "").Article
	begin := n.head()
	r, err := n.desk.Hold(t.Context(), editor, seen(a), "lawyers")
	n.must(err)
	if r.Article.Readers != dateline.Published {
		t.Error("a hold took the article down")
	}
	b := n.save(r.Article, func(c *dateline.Content) { c.Headline = "Two" })
	_, err = n.desk.Publish(t.Context(), editor, seen(b), desk.Publishing{Change: dateline.ChangeMinor})
	n.refused(dateline.ELocked, "lawyers", err)
	_, err = n.desk.Withdraw(t.Context(), editor, seen(b), desk.Withdrawing{Kind: dateline.WithdrawnKilled})
	n.must(err) // but it may be taken down
	if got := n.kinds(begin); got != "withdrawal" {
		t.Errorf("the record got %s", got)
	}
}
