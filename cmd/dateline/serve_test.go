package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/newsroom"
)

// TestAPublishIsRead: the receipt confirms every address, and the reader's next request shows the article.
func TestAPublishIsRead(t *testing.T) {
	s := newPaper(t).serve()
	s.section("coast")
	s.api("POST", "/topics", fields{"slug": "ferries", "kind": "subject", "names": fields{"en": "Ferries"}}).is(201)
	s.api("POST", "/persons", fields{"slug": "ada-menon", "names": fields{"en": "Ada Menon"}}).is(201)
	s.read("/topics/ferries").is(404)
	a := s.write(fields{"section": "coast", "headline": "Ferry stops again", "standfirst": "The third time.", "topics": []string{"ferries"},
		"byline": []fields{{"person": "ada-menon"}}, "html": "<p>The boat lies at the pier.</p>"})
	s.read("/").lacks("Ferry stops")
	r := s.act(a.ID, "publish", fields{}).confirmed()
	var what []string
	for _, l := range r.Addresses {
		what = append(what, l.What)
		if page := s.read(l.Address); page.status != l.Status || l.Status != 200 || !strings.Contains(page.body, mark(a.ID, 1)) {
			t.Errorf("%s: the receipt saw %d, a reader gets %d, with the mark: %v", l.Address, l.Status, page.status, strings.Contains(page.body, mark(a.ID, 1)))
		}
	}
	for _, w := range []string{"article", "home", "section", "topic", "person", "day", "feed", "sitemap", "history", "search"} {
		if !slices.Contains(what, w) {
			t.Errorf("the receipt has no line for %s: %q", w, what)
		}
	}
	s.read(r.Address).is(200).has("Ferry stops again", "The third time.", "The boat lies at the pier.", "Ada Menon")

	// The next edition is there at once, and the old one is nowhere but in the history.
	now := s.find(a.ID)
	s.api("PUT", "/articles/"+string(a.ID), fields{"section": "coast", "headline": "Ferry sails again", "html": "<p>It sails.</p>", "topics": []string{"ferries"}},
		"If-Match", fmt.Sprintf("%q", fmt.Sprint(now.Version))).is(200)
	s.read(r.Address).has("Ferry stops again").lacks("sails")
	second := s.act(a.ID, "publish", fields{"change": "correction", "note": "The boat sails."}).confirmed()
	if second.Address != r.Address || second.Edition != 2 {
		t.Errorf("the second receipt: %+v", second)
	}
	s.read(r.Address).is(200).has("Ferry sails again", "The boat sails.", mark(a.ID, 2)).lacks("lies at the pier", mark(a.ID, 1))
	s.read("/").is(200).has("Ferry sails again").lacks("Ferry stops again")
	s.read(r.Address + "/history/1").is(200).has("lies at the pier")
	s.read("/corrections").is(200).has("The boat sails.")

	var again dateline.Receipt
	s.api("GET", fmt.Sprint("/receipts/", r.Sequence), nil).is(200).into(&again)
	if again.Sequence != r.Sequence || len(again.Addresses) != len(r.Addresses) {
		t.Errorf("the receipt asked for again: %+v", again)
	}
	if code := s.stop(); code != exitOK {
		t.Errorf("stopped with %d", code)
	}
}

// TestAScheduleGoesOutByItself: once, at its hour, with nobody asking; also where the hour came while nothing ran.
func TestAScheduleGoesOutByItself(t *testing.T) {
	p := newPaper(t)
	s := p.serve()
	s.section("coast")
	a := s.write(fields{"section": "coast", "headline": "Going out alone"})
	due := time.Now().Add(1500 * time.Millisecond)
	s.act(a.ID, "schedule", fields{"due": due}).is(200)
	eventually(t, "the article is published", func() bool { return s.find(a.ID).Readers == dateline.Published })
	now := s.find(a.ID)
	if now.First.Before(due.Truncate(time.Microsecond)) || now.Edition != 1 || now.Schedule != nil || now.Draft != dateline.DraftNone {
		t.Errorf("went out at %s, due at %s: %+v", now.First, due, now)
	}
	eventually(t, "readers have it", func() bool { return strings.Contains(s.read(now.Address).body, mark(a.ID, 1)) })

	// One whose hour comes while the program does not run goes out when it starts.
	b := s.write(fields{"section": "coast", "headline": "Late but once"})
	due = time.Now().Add(1200 * time.Millisecond)
	s.act(b.ID, "schedule", fields{"due": due}).is(200)
	s.stop()
	eventually(t, "the hour is past", func() bool { return time.Now().After(due) })
	s = p.serve()
	eventually(t, "the second article is published", func() bool { return s.find(b.ID).Readers == dateline.Published })
	s.stop()
	s = p.serve()
	for _, id := range []dateline.ID{a.ID, b.ID} {
		var editions struct{ Editions []dateline.Edition }
		s.api("GET", "/articles/"+string(id)+"/editions", nil).is(200).into(&editions)
		if len(editions.Editions) != 1 {
			t.Errorf("%s went out %d times", id, len(editions.Editions))
		}
	}
}

// picture uploads a small drawing and gives its id.
func (s *served) picture(tone uint8) (p dateline.Picture) {
	s.t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 640, 400))
	for i := range 640 * 400 {
		img.Set(i%640, i/640, color.RGBA{tone, uint8(i), uint8(i / 640), 255})
	}
	var b bytes.Buffer
	must(s.t, png.Encode(&b, img))
	s.api("POST", "/pictures?name=drawing.png", b.Bytes(), "Content-Type", "image/png").is(201).into(&p)
	return p
}

var shownPictures = regexp.MustCompile(`/pictures/[^" ,]+`)

// TestAWithdrawalIsEverywhere: of each kind, the address answers 410 or leads to the article that takes its place, no list has the
// article, its pictures are gone, from the site's folder too; and a restoration brings back every page as it was.
func TestAWithdrawalIsEverywhere(t *testing.T) {
	for _, kind := range []dateline.WithdrawalKind{dateline.WithdrawnKilled, dateline.WithdrawnLegal, dateline.WithdrawnExpired, dateline.WithdrawnMerged} {
		t.Run(string(kind), func(t *testing.T) { withdrawalIsEverywhere(t, kind) })
	}
}

func withdrawalIsEverywhere(t *testing.T, kind dateline.WithdrawalKind) {
	s := newPaper(t).serve()
	s.section("coast")
	other := s.write(fields{"section": "coast", "headline": "The other one"})
	instead := s.act(other.ID, "publish", fields{}).confirmed().Address
	p := s.picture(40)
	a := s.write(fields{"section": "coast", "headline": "Soon withdrawn", "html": "<p>Words to be taken down.</p>", "lead": fields{"picture": p.ID, "alt": "A drawing"}})
	published := s.act(a.ID, "publish", fields{}).confirmed()
	article := s.read(published.Address).is(200)
	pictures := shownPictures.FindAllString(article.body, -1)
	if len(pictures) == 0 {
		t.Fatalf("the page shows no picture: %s", article.body)
	}
	for _, address := range pictures {
		s.read(address).is(200)
	}
	before := map[string]string{}
	for _, l := range published.Addresses {
		before[l.Address] = s.read(l.Address).is(200).body
	}

	how := fields{"kind": kind, "notice": "It was not so."}
	if kind == dateline.WithdrawnMerged {
		how = fields{"kind": kind, "into": other.ID}
	}
	down := s.act(a.ID, "withdraw", how).confirmed()
	for _, what := range []string{"tombstone", "history", "proof", "as_of", "picture", "home", "section", "day", "feed", "search", "sitemap", "corrections"} {
		if !slices.ContainsFunc(down.Addresses, func(l dateline.ReceiptLine) bool { return l.What == what && (what != "picture" || l.Status == 404) }) {
			t.Errorf("the receipt has no line for what is a %s: %+v", what, down.Addresses)
		}
	}
	for address := range before {
		s.read(address).lacks(mark(a.ID, 1), "Words to be taken down")
	}
	for _, below := range []string{"", "/history", "/history/1", "/proof"} {
		got := s.read(published.Address+below).lacks("Words to be taken down", p.Hash)
		if kind == dateline.WithdrawnMerged {
			if to := got.header.Get("Location"); got.status != 301 || !strings.HasPrefix(to, instead) {
				t.Errorf("%q below it answers %d to %q", below, got.status, to)
			}
		} else if got.status != 410 || !strings.Contains(got.body, "It was not so.") {
			t.Errorf("%q below it answers %d: %s", below, got.status, got.body)
		}
	}
	for _, address := range pictures {
		if got := s.read(address); got.status == 200 {
			t.Errorf("the picture %s is still there", address)
		}
	}
	if kept := holding(t, filepath.Join(s.dir, "site"), p.Hash); len(kept) > 0 {
		t.Errorf("the site keeps %q", kept)
	}
	s.read("/search?q=withdrawn").is(200).lacks(mark(a.ID, 1))
	s.read("/").has("The other one")

	up := s.act(a.ID, "restore", nil).confirmed()
	if up.Sequence <= down.Sequence {
		t.Errorf("restored by entry %d", up.Sequence)
	}
	changing := regexp.MustCompile(`(?s)<lastBuildDate>.*?</lastBuildDate>|<updated>.*?</updated>|<lastmod>.*?</lastmod>`)
	for address, was := range before {
		now := s.read(address).is(200).body
		if address == "/" || strings.HasSuffix(address, ".xml") {
			continue // says when it last changed
		}
		if changing.ReplaceAllString(now, "") != changing.ReplaceAllString(was, "") {
			t.Errorf("%s is not as it was\n%s\n%s", address, was, now)
		}
	}
	for _, address := range pictures {
		s.read(address).is(200)
	}
}

// holding lists the files under a folder whose name holds a hash.
func holding(t *testing.T, dir, hash string) (list []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if strings.Contains(strings.ReplaceAll(path, string(filepath.Separator), ""), hash) || strings.Contains(path, hash[4:]) {
			list = append(list, path)
		}
		return err
	}))
	return list
}

// crawl reads the site from its home, feeds, sitemaps and fixed addresses, following every link, and gives every body by
// address.
func (s *served) crawl() map[string]string {
	s.t.Helper()
	links := regexp.MustCompile(`(?:href|src|loc|link|guid|id)(?:="|>)(?:http://127\.0\.0\.1:8080)?(/[^"#<]*)`)
	todo := []string{"/", "/archive", "/search", "/corrections", "/rss.xml", "/atom.xml", "/sitemap.xml", "/sitemap-news.xml", "/robots.txt", "/record/checkpoint", "/record/key", "/nothing/there",
		"/as-of", "/as-of/gate/", "/as-of/map/", "/as-of/gate/corrections", "/stories/hearing", "/stories/the-quarrel", "/stories/the-old-quarrel", "/stories/quarrel/history",
		"/stories/the-nets", "/stories/the-nets/history"}
	bodies := map[string]string{}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		if _, seen := bodies[path]; seen || strings.HasPrefix(path, "//") {
			continue
		}
		page := s.read(path)
		bodies[path] = fmt.Sprintln(page.status, page.header.Get("Location"), page.header.Get("ETag")) + page.body
		if kind := page.header.Get("Content-Type"); !strings.Contains(kind, "html") && !strings.Contains(kind, "xml") {
			continue
		}
		for _, m := range links.FindAllStringSubmatch(page.body, -1) {
			todo = append(todo, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
		if where := page.header.Get("Location"); strings.HasPrefix(where, "/") {
			todo = append(todo, where)
		}
	}
	return bodies
}

// busyPaper serves a paper in which everything has happened once.
func busyPaper(t *testing.T) *served {
	s := newPaper(t).serve()
	s.section("coast")
	s.section("city")
	s.api("POST", "/topics", fields{"slug": "ferries", "kind": "subject", "names": fields{"en": "Ferries", "hi": "नावें"}}).is(201)
	s.api("POST", "/persons", fields{"slug": "ada-menon", "names": fields{"en": "Ada Menon"}}).is(201)
	s.api("PUT", "/settings", fields{"weather": fields{"provider": "fixed", "temperature": 31, "condition": "light-rain"}}).is(200)
	var ids []dateline.ID
	for i := range 6 {
		a := s.write(fields{"section": []string{"coast", "city"}[i%2], "headline": fmt.Sprint("Story number ", i), "topics": []string{"ferries"}, "byline": []fields{{"person": "ada-menon"}},
			"html": fmt.Sprintf("<p>The words of story %d.</p><h2>Between</h2><p>More.</p>", i), "lead": fields{"picture": s.picture(uint8(i)).ID, "alt": "A drawing"}})
		s.act(a.ID, "publish", fields{}).confirmed()
		ids = append(ids, a.ID)
	}
	page := s.write(fields{"kind": "page", "headline": "About us", "html": "<p>Who we are.</p>"})
	s.act(page.ID, "publish", fields{}).is(200)
	a := s.find(ids[0])
	s.api("PUT", "/articles/"+string(a.ID), fields{"section": "coast", "headline": "Story number nought", "html": "<p>The words.</p>"}, "If-Match", fmt.Sprintf("%q", fmt.Sprint(a.Version))).is(200)
	s.act(ids[0], "publish", fields{"change": "correction", "note": "It was nought."}).confirmed()
	s.act(ids[1], "withdraw", fields{"kind": "killed", "notice": "It was not so."}).confirmed()
	s.act(ids[2], "withdraw", fields{"kind": "legal"}).confirmed()
	s.act(ids[3], "withdraw", fields{"kind": "merged", "into": ids[5]}).confirmed()
	s.act(ids[4], "address", fields{"address": "/coast/moved"}).confirmed()
	s.act(ids[1], "restore", nil).confirmed()
	s.tellStories(ids[5])
	s.arrange("home", fields{"strip": fields{"text": "Stories are numbered", "until": time.Now().Add(time.Hour), "article": ids[5]}, "containers": []fields{
		{"layout": "lead", "rule": fields{"kind": "latest"}, "items": []fields{{"article": ids[2]}, {"article": ids[0], "picture": s.picture(77).ID}, {}}},
		{"layout": "wide", "title": fields{"en": "Numbers"}, "items": []fields{{"article": ids[5], "headline": "The last number", "picture": s.picture(78).ID}, {}}}}})
	return s
}

// story is a running story that readers have.
func (s *served) story(name string, joined ...dateline.ID) (st newsroom.Story) {
	s.t.Helper()
	s.api("POST", "/stories", fields{"name": name, "joined": joined, "statuses": []fields{{"state": "under_way", "words": "Under way"}}}).is(201).into(&st)
	s.tell(st.ID, "publish", fields{}).confirmed()
	return st
}

// tell has an act done to a story as it is now.
func (s *served) tell(id dateline.ID, what string, body any) *got {
	s.t.Helper()
	st := s.findStory(id)
	return s.api("POST", "/stories/"+string(id)+"/"+what, body, "If-Match", fmt.Sprintf("%q", fmt.Sprint(st.Version)))
}

func (s *served) findStory(id dateline.ID) (st newsroom.Story) {
	s.t.Helper()
	s.api("GET", "/stories/"+string(id), nil).is(200).into(&st)
	return st
}

// partOf makes a story part of a larger one, which says so at once.
func (s *served) partOf(id, whole dateline.ID) {
	s.t.Helper()
	st := s.findStory(id)
	st.Content.Stories = []dateline.ID{whole}
	s.api("PUT", "/stories/"+string(id), st.Content, "If-Match", fmt.Sprintf("%q", fmt.Sprint(st.Version))).is(200)
	s.tell(id, "publish", fields{}).confirmed()
	if page := s.read(s.findStory(whole).Address); !strings.Contains(page.body, st.Content.Name) {
		s.t.Errorf("the larger story does not name %s", st.Content.Name)
	}
}

// tellStories tells one story that goes on, one that was renamed and taken down, and one that went into the first.
func (s *served) tellStories(article dateline.ID) {
	s.t.Helper()
	hearing, quarrel, nets := s.story("Hearing", article), s.story("The old quarrel"), s.story("The nets")
	s.tell(hearing.ID, "status", fields{"state": "suspended", "words": "Suspended"}).confirmed()
	s.partOf(nets.ID, hearing.ID)
	s.tell(nets.ID, "status", fields{"state": "uncertain", "words": "The nets are torn"}).confirmed()
	s.partOf(quarrel.ID, hearing.ID)
	for _, slug := range []string{"the-quarrel", "quarrel"} {
		st := s.findStory(quarrel.ID)
		st.Content.Slug = slug
		s.api("PUT", "/stories/"+string(st.ID), st.Content, "If-Match", fmt.Sprintf("%q", fmt.Sprint(st.Version))).is(200)
		s.tell(st.ID, "publish", fields{}).confirmed()
	}
	s.tell(quarrel.ID, "withdraw", fields{"reason": "the lawyers", "notice": "It was told wrongly."}).is(200)
	s.tell(nets.ID, "merge", fields{"into": hearing.ID, "version": s.findStory(hearing.ID).Version}).confirmed()
	for _, slug := range []string{"the-old-quarrel", "the-quarrel", "quarrel"} {
		s.read("/stories/" + slug).is(410)
	}
	s.read("/stories/the-nets").is(301)
}

// TestTheSiteIsACacheOfTheRecord: with the folder site/ deleted, a new start brings every page back byte for byte.
func TestTheSiteIsACacheOfTheRecord(t *testing.T) {
	s := busyPaper(t)
	day := func() string { return time.Now().In(time.FixedZone("IST", 19800)).Format(time.DateOnly) }
	for {
		today := day()
		before := s.crawl()
		s.stop()
		must(t, os.RemoveAll(filepath.Join(s.dir, "site")))
		s = s.paperFolder.serve()
		after := s.crawl()
		if day() != today {
			continue // it was midnight: the furniture changed
		}
		if len(before) < 40 {
			t.Errorf("the crawl found only %d addresses", len(before))
		}
		for address, was := range before {
			if now := after[address]; now != was {
				t.Errorf("%s is not as it was\n%.1500s\n%.1500s", address, was, now)
			}
		}
		for address := range after {
			if _, was := before[address]; !was {
				t.Errorf("%s is new", address)
			}
		}
		return
	}
}

// TestNothingLeaks: of what is embargoed, on hold, scheduled or only written there is not a word, number or picture
// anywhere on the site, and not a word in the record.
func TestNothingLeaks(t *testing.T) {
	s := newPaper(t).serve()
	s.section("coast")
	open := s.write(fields{"section": "coast", "headline": "Told to everybody", "html": "<p>Nothing new.</p>"})
	s.act(open.ID, "publish", fields{}).confirmed()
	s.api("POST", "/topics", fields{"slug": "zyzzyva", "kind": "subject", "names": fields{"en": "Zyzzyva weevils"}}).is(201)
	s.api("POST", "/persons", fields{"slug": "quillon-vex", "names": fields{"en": "Quillon Vex"}}).is(201)
	hidden := s.picture(99)
	secret := func(word string) newsroom.Article {
		return s.write(fields{"section": "coast", "headline": "Zyzzyva " + word, "standfirst": "Quokka " + word, "html": "<p>Xylograph " + word + ".</p>", "topics": []string{"zyzzyva"},
			"byline": []fields{{"person": "quillon-vex"}}, "lead": fields{"picture": hidden.ID, "alt": "Zyzzyva"}, "slug": "zyzzyva-" + word})
	}
	embargoed, held, scheduled, draft := secret("embargoed"), secret("held"), secret("scheduled"), secret("draft")
	s.act(embargoed.ID, "embargo", fields{"until": time.Now().Add(time.Hour), "reason": "Quokka council"}).is(200)
	s.act(held.ID, "hold", fields{"reason": "Quokka counsel"}).is(200)
	s.act(scheduled.ID, "schedule", fields{"due": time.Now().Add(time.Hour)}).is(200)
	s.act(embargoed.ID, "publish", fields{}).is(423)
	s.act(held.ID, "publish", fields{}).is(423)
	// A later draft of what is published is no less secret.
	now := s.find(open.ID)
	s.api("PUT", "/articles/"+string(open.ID), fields{"section": "coast", "headline": "Zyzzyva after all", "html": "<p>Xylograph.</p>"}, "If-Match", fmt.Sprintf("%q", fmt.Sprint(now.Version))).is(200)

	// Nor is an arrangement that nobody published, or that goes out before the article it names does.
	begin := time.Now()
	f := s.saveFront("home", fields{"containers": []fields{{"layout": "lead", "rule": fields{"kind": "latest"}, "items": []fields{{"article": draft.ID}, {}}}}})
	s.api("POST", "/fronts/home/schedule", fields{"due": begin.Add(400 * time.Millisecond)}, "If-Match", fmt.Sprintf("%q", fmt.Sprint(f.Version))).is(200)
	eventually(t, "the front went out", func() bool { return s.front("home").Edition == 1 })
	s.saveFront("home", fields{"strip": fields{"text": "Quokka breaks", "until": begin.Add(time.Hour)}, "containers": []fields{
		{"layout": "list", "title": fields{"en": "Zyzzyva"}, "rule": fields{"kind": "latest"}, "items": []fields{{"article": draft.ID, "picture": hidden.ID}}}}})

	words := []string{"zyzzyva", "quokka", "xylograph", "quillon", hidden.Hash, string(embargoed.ID), string(held.ID), string(scheduled.ID), string(draft.ID)}
	pages := s.crawl()
	for _, q := range []string{"zyzzyva", "xylograph", "quokka embargoed", "quillon vex"} {
		found := s.read("/search?q=" + url.QueryEscape(q)).is(200).body
		pages["search for "+q] = strings.ReplaceAll(strings.ReplaceAll(found, q, ""), url.QueryEscape(q), "") // the question itself
	}
	for _, address := range []string{"/topics/zyzzyva", "/people/quillon-vex", "/zyzzyva-draft", "/pictures/" + hidden.Hash + "-640.jpeg", "/pictures/" + hidden.Hash} {
		s.read(address).is(404)
	}
	token := s.paperFolder.token(dateline.RoleFollower)
	entries, err := ask(t.Context(), visitor, "GET", s.newsroom+"/record/entries?after=0", token, nil)
	must(t, err)
	for i, body := range bodiesOf(t, entries.body) {
		pages[fmt.Sprint("entry ", i+1)] = body
	}
	for n := range 3 {
		pages[fmt.Sprint("tile ", n)] = s.read(fmt.Sprintf("/record/tile/entries/000.p/%d", n+1)).body
	}
	if len(pages) < 25 {
		t.Errorf("only %d places were looked at", len(pages))
	}
	for where, text := range pages {
		for _, w := range words {
			if strings.Contains(strings.ToLower(text), w) {
				t.Errorf("%q is at %s", w, where)
			}
		}
	}
	if kept := holding(t, filepath.Join(s.dir, "site"), hidden.Hash); len(kept) > 0 {
		t.Errorf("the site keeps %q", kept)
	}
	shelf, err := os.ReadFile(filepath.Join(s.dir, "site", "shelf.db"))
	must(t, err)
	for _, w := range words[:4] {
		if bytes.Contains(bytes.ToLower(shelf), []byte(w)) {
			t.Errorf("%q is on the shelf", w)
		}
	}
}

// TestWordsStayWords: HTML in every text field is printed as it was written, on pages and in feeds, and never runs.
func TestWordsStayWords(t *testing.T) {
	s := newPaper(t).serve()
	evil := func(n int) string { return fmt.Sprintf(`"><script>evil(%d)</script></title><b>&amp;'`, n) }
	s.api("POST", "/sections", fields{"slug": "coast", "names": fields{"en": evil(1)}, "description": fields{"en": evil(2)}}).is(201)
	s.api("POST", "/topics", fields{"slug": "ferries", "kind": "subject", "names": fields{"en": evil(3)}, "description": fields{"en": evil(4)}}).is(201)
	s.api("POST", "/persons", fields{"slug": "ada", "names": fields{"en": evil(5)}, "role": fields{"en": evil(6)}}).is(201)
	p := s.picture(7)
	text := func(n int) fields {
		return fields{"type": "paragraph", "content": []fields{{"type": "text", "text": evil(n)}}}
	}
	content := fields{"section": "coast", "headline": evil(10), "standfirst": evil(11), "dateline": fields{"place": evil(12), "agency": evil(13)}, "topics": []string{"ferries"},
		"byline": []fields{{"person": "ada"}, {"person": "ada", "as": evil(14)}, {"agency": evil(15)}}, "source": fields{"agency": evil(16), "item": evil(17), "terms": evil(18)}, "slug": "evil",
		"lead": fields{"picture": p.ID, "alt": evil(19), "caption": evil(20), "credit": evil(21)}, "body": fields{"type": "doc", "content": []fields{text(22), text(23)}}}
	a := s.write(content)
	s.act(a.ID, "publish", fields{}).confirmed()
	content["standfirst"] = evil(31)
	now := s.find(a.ID)
	s.api("PUT", "/articles/"+string(a.ID), content, "If-Match", fmt.Sprintf("%q", fmt.Sprint(now.Version))).is(200)
	r := s.act(a.ID, "publish", fields{"change": "correction", "note": evil(30)}).confirmed()
	var pub dateline.Publication
	got := s.api("GET", "/publication", nil)
	got.into(&pub)
	s.api("PUT", "/publication", fields{"name": evil(40), "motto": fields{"en": evil(41)}, "site": pub.Site, "newsroom": pub.Newsroom, "zone": pub.Zone, "language": "en",
		"city": fields{"en": evil(42)}, "email": evil(43)}, "If-Match", got.header.Get("ETag")).is(200)

	raw := regexp.MustCompile(`<script>evil|<b>&amp;amp;|"><script`)
	printed := map[int]bool{}
	number := regexp.MustCompile(`evil\((\d+)\)`)
	pages := s.crawl()
	pages["search"] = s.read("/search?q=" + url.QueryEscape(evil(50))).is(200).body
	for address, body := range pages {
		if at := raw.FindStringIndex(body); at != nil {
			t.Errorf("%s: %.300s", address, body[max(0, at[0]-80):])
		}
		for _, m := range number.FindAllStringSubmatch(body, -1) {
			var n int
			_, err := fmt.Sscan(m[1], &n)
			must(t, err)
			printed[n] = true
		}
		if strings.HasSuffix(address, ".xml") {
			if err := wellFormed(body[strings.IndexByte(body, '<'):]); err != nil {
				t.Errorf("%s is no XML: %v", address, err)
			}
		}
	}
	for _, n := range []int{1, 3, 5, 10, 12, 14, 15, 19, 20, 21, 22, 23, 30, 31, 40} {
		if !printed[n] {
			t.Errorf("the words %d are nowhere", n)
		}
	}
	article := s.read(r.Address).is(200)
	article.has("&lt;script&gt;evil(10)&lt;/script&gt;")
	if data := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindStringSubmatch(article.body); data == nil ||
		!strings.Contains(data[1], `evil(10)`) || strings.Contains(data[1], "<") {
		t.Errorf("the JSON-LD is %q", data)
	}
	if n := strings.Count(article.body, "<script"); n != 1 {
		t.Errorf("%d script elements, want only that of the JSON-LD", n)
	}
}

func wellFormed(s string) error {
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		if _, err := d.Token(); err != nil {
			if err.Error() == "EOF" {
				return nil
			}
			return err
		}
	}
}

// TestCommandsGoToTheServer: while a newsroom is served its server carries commands out; otherwise the command takes the
// folder's lock, which a second process does not get.
func TestCommandsGoToTheServer(t *testing.T) {
	p := newPaper(t)
	s := p.serve()
	s.section("coast")
	var made newToken
	p.do("token", "create", "Nalini", "--role", "editor", "--for", "1h", "--json").is(exitOK).json(&made)
	g, err := ask(t.Context(), visitor, "GET", s.newsroom+"/api/v1/articles", made.Secret, nil)
	must(t, err)
	if g.status != 200 {
		t.Errorf("the token is not taken: %d", g.status)
	}
	file := filepath.Join(t.TempDir(), "article.json")
	must(t, os.WriteFile(file, []byte(`{"section":"coast","headline":"By command","html":"<p>x</p>"}`), 0o600))
	var a dateline.Article
	p.do("article", "create", file, "--json").is(exitOK).json(&a)
	var r dateline.Receipt
	p.do("article", "publish", string(a.ID), "--version", "1", "--json").is(exitOK).json(&r)
	if !r.Confirmed || len(r.Addresses) < 10 {
		t.Errorf("the receipt of a command: %+v", r)
	}
	s.read(r.Address).is(200).has("By command")
	p.do("article", "publish", string(a.ID), "--version", "1").is(exitFailed).says("version 1", "version 2")
	p.do("article", "withdraw", string(a.ID), "--version", "2", "--kind", "killed", "--notice", "It was not so.").is(exitOK).says("confirmed")
	s.read(r.Address).is(410)
	p.do("serve", "--site", "127.0.0.1:0", "--newsroom", "127.0.0.1:0").is(exitFailed).says("another dateline works in", fmt.Sprint(os.Getpid()))
	p.do("token", "revoke", string(made.ID)).is(exitOK)
	g, err = ask(t.Context(), visitor, "GET", s.newsroom+"/api/v1/articles", made.Secret, nil)
	must(t, err)
	if g.status != 401 {
		t.Errorf("a revoked token is taken: %d", g.status)
	}
	if code := s.stop(); code != exitOK {
		t.Errorf("stopped with %d", code)
	}
	if _, err := os.Stat(folder(p.dir).socket()); err == nil {
		t.Error("the socket is left behind")
	}

	// Nothing is served: the command does it itself, and says that no reader was asked.
	p.do("article", "restore", string(a.ID), "--version", "3").is(exitOK).says("No server runs")
	release, err := folder(p.dir).lock()
	must(t, err)
	p.do("token", "list").is(exitFailed).says("another dateline works in")
	release()
	p.do("token", "list").is(exitOK).says("Nalini", "revoked")
	p.serve().read(r.Address).is(200).has("By command")
}
