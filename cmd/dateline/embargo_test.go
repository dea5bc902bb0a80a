package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site"
)

// canaries makes words that nothing else holds: twelve letters, told apart by what they stand in.
type canaries struct{ words []string }

// word is the canary of one field of one article.
func (c *canaries) word(article, field string) string {
	w := canary(article, field)
	c.words = append(c.words, w)
	return w
}

func canary(article, field string) string {
	var w []byte
	for _, b := range sha256.Sum256([]byte(article + "/" + field)) {
		w = append(w, 'a'+b%26)
	}
	return string(w[:12])
}

// photograph is a JPEG whose EXIF holds a word.
func photograph(t *testing.T, tone uint8, word string) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 40))
	for i := range 64 * 40 {
		img.Set(i%64, i/64, color.RGBA{tone, uint8(i), 7, 255})
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, img, nil))
	text := append([]byte(word), 0)
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x0e\x01\x02\x00")
	exif = binary.LittleEndian.AppendUint32(exif, uint32(len(text)))
	exif = append(binary.LittleEndian.AppendUint32(exif, 26), 0, 0, 0, 0)
	exif = append(exif, text...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	return slices.Concat(b.Bytes()[:2], segment, exif, b.Bytes()[2:])
}

// hiddenArticle is an article of which nobody outside is to find a byte.
type hiddenArticle struct {
	newsroom.Article
	picture dateline.Picture
	slug    string
}

// hide writes an article with a canary in every field, a topic and a person made for it, a picture and a note.
func (s *served) hide(c *canaries, name string, tone uint8) hiddenArticle {
	s.t.Helper()
	var h hiddenArticle
	field := func(f string) string { return c.word(name, f) }
	topic, person := field("topic"), field("person")
	s.api("POST", "/topics", fields{"slug": topic, "kind": "subject", "names": fields{"en": field("topicname")}}).is(201)
	s.api("POST", "/persons", fields{"slug": person, "names": fields{"en": field("personname")}}).is(201)
	s.api("POST", "/pictures?name="+field("file")+".jpg", photograph(s.t, tone, field("exif")), "Content-Type", "image/jpeg").is(201).into(&h.picture)
	h.slug = field("slug")
	h.Article = s.write(fields{"section": "coast", "headline": field("headline") + " sails", "standfirst": field("standfirst"), "slug": h.slug,
		"topics": []string{topic}, "byline": []fields{{"person": person, "as": field("as")}}, "dateline": fields{"place": field("place"), "agency": field("agency")},
		"source": fields{"agency": field("source"), "item": field("item"), "terms": field("terms")},
		"lead":   fields{"picture": h.picture.ID, "alt": field("alt"), "caption": field("caption"), "credit": field("credit")},
		"html":   "<p>" + field("body") + " lies at the pier.</p><h2>" + field("heading") + "</h2><blockquote><p>" + field("quote") + "</p></blockquote>"})
	s.api("POST", "/notes", fields{"article": h.ID, "words": field("note")}).is(201)
	return h
}

// prober asks for addresses as every kind of visitor and looks for canaries in all that comes back.
type prober struct {
	*served
	words   []string
	follow  string
	links   []string // private links to what is hidden
	asked   int
	allowed func(word string) bool
	kept    map[string]bool // what the record tells followers of what was withdrawn: its addresses, and the hashes of its pictures
}

// visitors are the headers of those who ask the site.
var visitors = [][]string{
	nil,
	{"Accept", "application/activity+json"},
	{"Accept", "application/json", "Accept-Language", "hi"},
	{"Accept-Datetime", "Sat, 01 Jan 2028 00:00:00 GMT"},
	{"Cookie", "__Host-dateline=x", "X-Forwarded-For", "127.0.0.1", "X-Original-URL", "/api/v1/articles"},
	{"User-Agent", "facebookexternalhit/1.1", "Range", "bytes=0-99"},
}

// probe asks one address of one server and complains of every canary in the answer that was not in the question.
func (p *prober) probe(base, method, path, token string, headers ...string) {
	p.t.Helper()
	g, err := ask(p.t.Context(), visitor, method, base+path, token, nil, headers...)
	must(p.t, err)
	p.asked++
	text := g.body
	if strings.HasPrefix(path, "/record/entries") && g.status == 200 {
		text = strings.Join(bodiesOf(p.t, g.body), "\n")
	}
	p.look(method+" "+path, text+fmt.Sprint(g.header), path)
	if to := g.header.Get("Location"); strings.HasPrefix(to, "/as-of/") && !strings.HasPrefix(path, to) {
		p.probe(base, method, to, token, headers...) // an instant leads to the last change before it
	}
}

func (p *prober) look(where, text, question string) {
	p.t.Helper()
	text = strings.ToLower(text)
	plain, err := url.QueryUnescape(question)
	must(p.t, err)
	if _, asked, found := strings.Cut(plain, "q="); found {
		asked, _, _ = strings.Cut(asked, "&")
		plain = asked
	} else if _, asked, found := strings.Cut(plain, "of="); found {
		plain = asked
	}
	for _, q := range []string{question, plain, url.QueryEscape(plain)} { // a page may repeat what it was asked for
		if q != "" && q != "/" {
			text = strings.ReplaceAll(text, strings.ToLower(q), "")
		}
	}
	follower := strings.Contains(where, "/record/entries")
	for _, w := range p.words {
		if strings.Contains(text, w) && !p.allowed(w) && !(follower && p.kept[w]) {
			p.t.Errorf("%q is at %s", w, where)
		}
	}
}

// candidates are what may stand for a brace in a pattern.
func (p *prober) candidates(brace string, hidden []hiddenArticle) (list []string) {
	now := time.Now().In(time.FixedZone("IST", 19800))
	switch brace {
	case "yyyy":
		return []string{now.Format("2006")}
	case "mm":
		return []string{now.Format("01")}
	case "dd":
		return []string{now.Format("02")}
	case "instant": // before anything was written, now, and after every embargo
		return []string{"2020-01-01T00:00:00Z", time.Now().UTC().Format("2006-01-02T15:04:05Z"), "2099-01-01T00:00:00Z", "now"}
	}
	list = []string{"coast", "1", "2", "0"}
	for _, h := range hidden {
		list = append(list, h.slug, string(h.ID), h.picture.Hash, h.picture.Hash+"-640.jpg", h.picture.Hash+"-640.jpeg", h.picture.Hash+"-640.webp", h.picture.Hash+".jpg",
			string(h.picture.ID), string(h.ID)+".png", h.slug+".xml", now.Format("coast/2006/01/02/")+h.slug)
		list = append(list, h.Content.Topics...)
	}
	list = append(list, "topics/ferries", "corrections", now.Format("2006/01/02/"))
	list = append(list, "0/000.p/1", "entries/000.p/1", fmt.Sprintf("entries/000.p/%d", p.size()), fmt.Sprintf("0/000.p/%d", p.size()), fmt.Sprint(p.size()))
	return append(list, now.Format("2006-01")+".xml")
}

// size is how many entries the record has that readers are given.
func (p *prober) size() int64 {
	p.t.Helper()
	c, err := record.ParseCheckpoint([]byte(p.read("/record/checkpoint").is(200).body))
	must(p.t, err)
	return c.Size
}

var brace = regexp.MustCompile(`\{([a-z_]+)(?:\.\.\.)?\}`)

// fill makes addresses of a pattern: every candidate for each brace in turn, the others with their first.
func (p *prober) fill(pattern string, hidden []hiddenArticle) (paths []string) {
	m := brace.FindStringSubmatchIndex(pattern)
	if m == nil {
		return []string{pattern}
	}
	rest := p.fill(pattern[m[1]:], hidden)
	for _, c := range p.candidates(pattern[m[2]:m[3]], hidden) {
		for i, r := range rest {
			if i == 0 || len(rest) < 4 || c == "coast" {
				paths = append(paths, pattern[:m[0]]+c+r)
			}
		}
	}
	return paths
}

// crawlAll asks for everything: each route of the site's table, what lies below the addresses that the hidden articles have or
// would have, searches, pictures, and each route of the newsroom's API as nobody and as a follower.
func (p *prober) crawlAll(hidden []hiddenArticle) {
	p.t.Helper()
	var paths []string
	for _, pattern := range site.Patterns() {
		paths = append(paths, p.fill(pattern, hidden)...)
	}
	day := time.Now().In(time.FixedZone("IST", 19800)).Format("/coast/2006/01/02/")
	for _, h := range hidden {
		paths = append(paths, "/as-of?on=2099-01-01&of="+day+h.slug)
		for _, base := range []string{day + h.slug, "/" + h.slug, "/articles/" + string(h.ID)} {
			for _, below := range site.BelowArticles() {
				paths = append(paths, base+below)
			}
		}
		for _, w := range p.words {
			beginning := []rune(w)
			paths = append(paths, "/search?q="+w+"&by=date", "/search/suggestions?q="+url.QueryEscape(string(beginning[:len(beginning)-1])))
		}
		paths = append(paths, "/search?q="+url.QueryEscape(h.Content.Headline), "/topics/"+h.Content.Topics[0], "/people/"+h.Content.Topics[0])
	}
	// There is no ActivityPub: no address of it is answered with anything. Should there be, these are asked already, as is every page by
	// who takes application/activity+json.
	for _, path := range []string{"/.well-known/webfinger?resource=acct:coast@127.0.0.1", "/.well-known/nodeinfo", "/actor", "/inbox", "/outbox", "/users/coast/outbox", "/api/v1/articles"} {
		p.read(path).is(404)
		paths = append(paths, path)
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	for i, path := range paths {
		p.probe(p.site, "GET", path, "", visitors[i%len(visitors)]...)
	}
	for _, path := range []string{"/", "/coast/", "/archive", "/rss.xml", "/sitemap.xml", "/record/checkpoint"} {
		for _, v := range visitors {
			p.probe(p.site, "GET", path, "", v...)
			p.probe(p.site, "HEAD", path, "", v...)
		}
	}
	for address, body := range p.crawl() {
		p.look(address, body, address)
	}
	p.crawlNewsroom(hidden)
	p.probe(p.newsroom, "GET", "/record/entries?after=0", p.follow)
	for _, h := range hidden {
		if kept := holding(p.t, p.dir+"/site", h.picture.Hash); len(kept) > 0 && !p.allowed(h.picture.Hash) {
			p.t.Errorf("the site keeps %q", kept)
		}
	}
}

// crawlNewsroom asks every route that the newsroom describes.
func (p *prober) crawlNewsroom(hidden []hiddenArticle) {
	p.t.Helper()
	var described struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	g, err := ask(p.t.Context(), visitor, "GET", p.newsroom+"/api/v1/openapi.json", "", nil)
	must(p.t, err)
	g.t = p.t
	g.is(200).into(&described)
	if len(described.Paths) < 40 {
		p.t.Errorf("the newsroom describes %d routes only", len(described.Paths))
	}
	for pattern, methods := range described.Paths {
		for method := range methods {
			for _, path := range p.fill(pattern, hidden[:1]) {
				p.probe(p.newsroom, strings.ToUpper(method), path, "")
				p.probe(p.newsroom, strings.ToUpper(method), path, "not-a-token")
				p.probe(p.newsroom, strings.ToUpper(method), path, p.follow)
			}
		}
	}
	for _, link := range p.links { // until its button is pressed a private link says nothing, not even whose it is
		p.probe(p.newsroom, "GET", link, "")
		p.probe(p.newsroom, "HEAD", link, "")
		p.probe(p.site, "GET", link, "")
	}
	for _, path := range []string{"/", "/sign-in", "/preview/" + string(hidden[0].ID), "/articles/" + string(hidden[0].ID)} {
		p.probe(p.newsroom, "GET", path, "")
	}
}

// TestNotOneByteOfWhatIsHidden: of a draft, an embargoed, a scheduled, a legally held and a withdrawn article, and of a later draft
// of a published one, nobody outside finds a word, a number or a picture, before, while and after the instant passes. What goes
// out at its hour is seen then, and not a moment before.
func TestNotOneByteOfWhatIsHidden(t *testing.T) {
	s := newPaper(t).serve()
	s.section("coast")
	open := s.write(fields{"section": "coast", "headline": "Told to everybody", "html": "<p>Nothing new.</p>"})
	s.act(open.ID, "publish", fields{}).confirmed()
	c := new(canaries)
	var hidden []hiddenArticle
	for i, name := range []string{"draft", "embargoed", "held", "withdrawn", "expired", "scheduled", "legal"} {
		hidden = append(hidden, s.hide(c, name, uint8(10*i)))
	}
	soon := time.Now().Add(8 * time.Second).Truncate(time.Millisecond)
	s.act(hidden[1].ID, "embargo", fields{"until": soon, "reason": c.word("embargoed", "reason")}).is(200)
	s.act(hidden[2].ID, "hold", fields{"reason": c.word("held", "reason")}).is(200)
	for i, kind := range []string{"killed", "expired"} {
		s.act(hidden[3+i].ID, "publish", fields{}).confirmed()
		s.act(hidden[3+i].ID, "withdraw", fields{"kind": kind, "notice": "It was not so.", "reason": c.word(kind, "reason")}).confirmed()
	}
	s.act(hidden[6].ID, "publish", fields{}).confirmed()
	s.act(hidden[6].ID, "withdraw", fields{"kind": "legal", "reason": c.word("legal", "reason")}).confirmed()
	var links []string
	for _, h := range []hiddenArticle{hidden[0], hidden[1], hidden[2], hidden[5]} {
		var made struct{ Address string }
		s.act(h.ID, "previews", fields{"hours": 2}).is(201).into(&made)
		at, err := url.Parse(made.Address)
		must(t, err)
		links = append(links, at.Path)
	}
	now := s.find(open.ID)
	s.api("PUT", "/articles/"+string(open.ID), fields{"section": "coast", "headline": "Told to " + c.word("later", "draft"), "html": "<p>" + c.word("later", "body") + "</p>"},
		"If-Match", fmt.Sprintf("%q", fmt.Sprint(now.Version))).is(200)
	words := slices.Clone(c.words)
	for i, h := range hidden {
		words = append(words, h.picture.Hash)
		if i < 3 || i == 5 { // of what was withdrawn the record keeps the number
			words = append(words, string(h.ID))
		}
	}
	// Topics and persons of what was public stay public: they are not of the article alone.
	public := map[string]bool{}
	for _, name := range []string{"withdrawn", "expired", "legal"} {
		for _, f := range []string{"topic", "person", "topicname", "personname"} {
			public[canary(name, f)] = true
		}
	}
	p := &prober{served: s, words: words, follow: s.paperFolder.token(dateline.RoleFollower), links: links, allowed: func(w string) bool { return public[w] },
		kept: map[string]bool{canary("withdrawn", "slug"): true, canary("expired", "slug"): true, hidden[3].picture.Hash: true, hidden[4].picture.Hash: true, hidden[6].picture.Hash: true}}
	p.crawlAll(hidden)

	// While the instant passes: what is scheduled for it is not there before it.
	due := time.Now().Add(3 * time.Second)
	if due.Before(soon) {
		due = soon
	}
	s.act(hidden[5].ID, "schedule", fields{"due": due}).is(200)
	address := time.Now().In(time.FixedZone("IST", 19800)).Format("/coast/2006/01/02/") + hidden[5].slug
	for {
		before := time.Now().Before(due)
		g := s.read(address)
		if g.status == 200 && before && time.Now().Before(due) {
			t.Fatal("it was there before its hour")
		}
		if g.status == 200 {
			break
		}
		if time.Since(due) > patience {
			t.Fatal("it never went out")
		}
		for _, path := range []string{"/", "/coast/", "/rss.xml", "/search?q=" + c.words[0]} {
			if time.Now().Add(time.Second).Before(due) {
				p.probe(s.site, "GET", path, "")
			}
		}
	}
	for _, f := range []string{"topic", "person", "topicname", "personname", "file", "exif", "slug", "headline", "standfirst", "as", "place", "agency", "source", "item", "terms",
		"alt", "caption", "credit", "body", "heading", "quote", "note"} {
		if f != "note" && f != "file" { // a photograph's own caption stays in it
			public[canary("scheduled", f)] = true
		}
	}
	s.read(address).is(200).has(canary("scheduled", "headline"), canary("scheduled", "body"), canary("scheduled", "alt"), canary("scheduled", "topicname"), hidden[5].picture.Hash)
	public[hidden[5].picture.Hash], public[string(hidden[5].ID)] = true, true
	p.crawlAll(slices.Concat(hidden[:5], hidden[6:]))
	t.Logf("%d answers were looked through for %d words", p.asked, len(words))
	if p.asked < 1000 {
		t.Errorf("only %d answers were looked through", p.asked)
	}
}
