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
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site"
)

// canaries makes words that nothing else holds: twelve letters, told apart by what they stand in.
type canaries struct {
	words []string
	whose map[string]string // what each stands in
}

// word is the canary of one field of one article.
func (c *canaries) word(article, field string) string {
	w := canary(article, field)
	c.words = append(c.words, w)
	c.whose[w] = article
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

// hidden is an article, a live coverage or a running story of which nobody outside is to find a byte.
type hidden struct {
	id       dateline.ID
	name     string // of its canaries
	address  string // that it has, or would have today
	slug     string
	topic    string
	headline string
	picture  dateline.Picture
}

// today is the date of today's addresses.
func today() string { return time.Now().In(time.FixedZone("IST", 19800)).Format("2006/01/02") }

// hide writes an article or a live coverage with a canary in every field, a topic and a person made for it, a picture and a note.
func (s *served) hide(c *canaries, kind, name string, tone uint8) hidden {
	s.t.Helper()
	var h hidden
	field := func(f string) string { return c.word(name, f) }
	topic, person := field("topic"), field("person")
	s.api("POST", "/topics", fields{"slug": topic, "kind": "subject", "names": fields{"en": field("topicname")}}).is(201)
	s.api("POST", "/persons", fields{"slug": person, "names": fields{"en": field("personname")}}).is(201)
	s.api("POST", "/pictures?name="+field("file")+".jpg", photograph(s.t, tone, field("exif")), "Content-Type", "image/jpeg").is(201).into(&h.picture)
	h.name, h.slug, h.topic, h.headline = name, field("slug"), topic, field("headline")+" sails"
	h.address = "/coast/" + today() + "/" + h.slug
	h.id = s.write(fields{"kind": kind, "section": "coast", "headline": h.headline, "standfirst": field("standfirst"), "slug": h.slug,
		"topics": []string{topic}, "byline": []fields{{"person": person, "as": field("as")}}, "dateline": fields{"place": field("place"), "agency": field("agency")},
		"source": fields{"agency": field("source"), "item": field("item"), "terms": field("terms")},
		"lead":   fields{"picture": h.picture.ID, "alt": field("alt"), "caption": field("caption"), "credit": field("credit")},
		"html":   "<p>" + field("body") + " lies at the pier.</p><h2>" + field("heading") + "</h2><blockquote><p>" + field("quote") + "</p></blockquote>"}).ID
	s.api("POST", "/notes", fields{"article": h.id, "words": field("note")}).is(201)
	return h
}

// hideStory writes a running story with a canary in every field and a topic made for it.
func (s *served) hideStory(c *canaries, name string) hidden {
	s.t.Helper()
	field := func(f string) string { return c.word(name, f) }
	h := hidden{name: name, slug: field("slug"), topic: field("topic"), headline: field("headline") + " goes on"}
	h.address = "/stories/" + h.slug
	s.api("POST", "/topics", fields{"slug": h.topic, "kind": "subject", "names": fields{"en": field("topicname")}}).is(201)
	var st newsroom.Story
	s.api("POST", "/stories", fields{"slug": h.slug, "name": h.headline, "summary": field("summary"), "background": field("background"),
		"parties":  []fields{{"topic": h.topic, "role": field("role")}},
		"statuses": []fields{{"state": "under_way", "words": field("status"), "sentence": field("sentence"), "source": fields{"address": "https://" + field("host") + ".example/", "name": field("source")}}},
		"events":   []fields{{"when": "2031-07", "title": field("title"), "text": field("text")}, {"when": "2020-07", "title": field("past")}}}).is(201).into(&st)
	h.id = st.ID
	return h
}

// goOn puts a published coverage on air with a summary and an entry, each of canaries.
func (s *served) goOn(c *canaries, h *hidden, tone uint8) (picture dateline.Picture) {
	s.t.Helper()
	field := func(f string) string { return c.word(h.name, f) }
	say := func(words string) fields {
		return fields{"type": "doc", "content": []fields{{"type": "paragraph", "content": []fields{{"type": "text", "text": words}}}}}
	}
	s.api("POST", "/pictures?name="+field("entryfile")+".jpg", photograph(s.t, tone, field("entryexif")), "Content-Type", "image/jpeg").is(201).into(&picture)
	s.api("PUT", "/articles/"+string(h.id)+"/live", fields{"state": "live", "summary": say(field("sum"))}, "If-Match", `"1"`).is(200)
	body := say(field("entry"))
	body["content"] = append(body["content"].([]fields), fields{"type": "figure", "attrs": fields{"picture": picture.ID, "alt": field("entryalt")}})
	s.api("POST", "/articles/"+string(h.id)+"/entries", fields{"headline": field("entryhead"), "place": field("entryplace"), "body": body}).is(201)
	return picture
}

// prober asks for addresses as every kind of visitor and looks for canaries in all that comes back.
type prober struct {
	*served
	words   []string
	among   *seeker           // of the words
	whose   map[string]string // what each is about
	follow  string
	links   []string // private links to what is hidden
	asked   atomic.Int64
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

// answer is what came to a question, where an instant was led to its last change with that too.
func (p *prober) answer(q question) (text string) {
	p.t.Helper()
	g, err := ask(p.t.Context(), visitor, q.method, q.base+q.path, q.token, nil, q.headers...)
	if err != nil {
		p.t.Errorf("%s %s: %v", q.method, q.path, err)
		return ""
	}
	p.asked.Add(1)
	text = g.body
	if strings.HasPrefix(q.path, "/record/entries") && g.status == 200 {
		text = strings.Join(bodiesOf(p.t, g.body), "\n")
	}
	text += fmt.Sprint(g.header)
	if to := g.header.Get("Location"); strings.HasPrefix(to, "/as-of/") && !strings.HasPrefix(q.path, to) {
		q.path = to
		text += p.answer(q)
	}
	return text
}

// probe asks a question and complains of every canary in the answer that was not in the question.
func (p *prober) probe(q question) {
	p.t.Helper()
	p.look(q.method+" "+q.path, p.answer(q), q.path)
}

func (p *prober) look(where, text, question string) {
	p.t.Helper()
	follower := strings.Contains(where, "/record/entries")
	for _, w := range p.canaries(text, question) {
		if !p.allowed(w) && !(follower && p.kept[w]) {
			p.t.Errorf("%q is at %s", w, where)
		}
	}
}

// canaries are those of the words that an answer says by itself, in order: a page may repeat what it was asked for.
func (p *prober) canaries(text, question string) []string {
	p.t.Helper()
	text = strings.ToLower(text)
	plain, err := url.QueryUnescape(question)
	if err != nil {
		p.t.Errorf("%s: %v", question, err)
	}
	if _, asked, found := strings.Cut(plain, "q="); found {
		asked, _, _ = strings.Cut(asked, "&")
		plain = asked
	} else if _, asked, found := strings.Cut(plain, "of="); found {
		plain = asked
	}
	for _, q := range []string{question, plain, url.QueryEscape(plain)} {
		if q != "" && q != "/" {
			text = strings.ReplaceAll(text, strings.ToLower(q), "")
		}
	}
	return p.among.in(text)
}

// seeker has words of four bytes and more by a digest of the four that each begins with: all of them are looked for in one pass.
type seeker [1 << 16][]string

func newSeeker(words []string) *seeker {
	var s seeker
	for _, w := range words {
		s[digest(w)] = append(s[digest(w)], w)
	}
	return &s
}

func digest(w string) uint16 {
	return uint16((uint32(w[0]) | uint32(w[1])<<8 | uint32(w[2])<<16 | uint32(w[3])<<24) * 2654435761 >> 16)
}

// in lists the words that a text holds, each once, in order.
func (s *seeker) in(text string) (list []string) {
	for i := range max(0, len(text)-3) {
		for _, w := range s[digest(text[i:])] {
			if strings.HasPrefix(text[i:], w) {
				list = append(list, w)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TestOneLookFindsEveryWord, wherever it stands and whatever stands beside it.
func TestOneLookFindsEveryWord(t *testing.T) {
	words := []string{"abcd", "abcdefgh", "bcdefghi", "0190-7f", strings.Repeat("ab", 32)}
	s := newSeeker(words)
	for _, text := range []string{"", "abc", "abcd", "xabcdefghix", "abcdabcd", "0190-7", "0190-7f", "é0190-7fé", strings.Repeat("ab", 31), strings.Repeat("ab", 40), strings.Join(words, "")} {
		var want []string
		for _, w := range words {
			if strings.Contains(text, w) {
				want = append(want, w)
			}
		}
		slices.Sort(want)
		if got := s.in(text); !slices.Equal(got, want) {
			t.Errorf("%q holds %q, found were %q", text, want, got)
		}
	}
}

// candidates are what may stand for a brace in a pattern.
func (p *prober) candidates(brace string, things []hidden) (list []string) {
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
	for _, h := range things {
		list = append(list, h.slug, string(h.id), string(h.id)+".png", h.slug+".xml", h.address[1:], h.topic)
		if hash := h.picture.Hash; hash != "" {
			list = append(list, hash, hash+"-640.jpg", hash+"-640.jpeg", hash+"-640.webp", hash+".jpg", string(h.picture.ID))
		}
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
func (p *prober) fill(pattern string, things []hidden) (paths []string) {
	m := brace.FindStringSubmatchIndex(pattern)
	if m == nil {
		return []string{pattern}
	}
	rest := p.fill(pattern[m[1]:], things)
	for _, c := range p.candidates(pattern[m[2]:m[3]], things) {
		for i, r := range rest {
			if i == 0 || len(rest) < 4 || c == "coast" {
				paths = append(paths, pattern[:m[0]]+c+r)
			}
		}
	}
	return paths
}

// question is one request of one visitor.
type question struct {
	base, method, path, token string
	headers                   []string
}

// questions are all that can be asked about what is hidden: each route of the site's table, what lies below the addresses that it
// has or would have, searches for words, pictures, and each route of the newsroom's API as nobody and as a follower.
func (p *prober) questions(things []hidden, words []string) (list []question) {
	p.t.Helper()
	var paths []string
	for _, pattern := range site.Patterns() {
		paths = append(paths, p.fill(pattern, things)...)
	}
	for _, w := range words {
		beginning := []rune(w)
		paths = append(paths, "/search?q="+w+"&by=date", "/search/suggestions?q="+url.QueryEscape(string(beginning[:len(beginning)-1])))
	}
	for _, h := range things {
		paths = append(paths, "/as-of?on=2099-01-01&of="+h.address, "/search?q="+url.QueryEscape(h.headline), "/topics/"+h.topic, "/people/"+h.topic,
			h.address+"?since=1", h.address+"/atom.xml", h.address+"/rss.xml")
		for _, base := range []string{h.address, "/" + h.slug, "/articles/" + string(h.id), "/stories/" + string(h.id)} {
			for _, below := range site.BelowArticles() {
				if below != "/entries/stream" || !p.allowed(string(h.id)) { // a coverage that readers have holds it open
					paths = append(paths, base+below)
				}
			}
		}
	}
	paths = append(paths, nowhere...)
	slices.Sort(paths)
	for i, path := range slices.Compact(paths) {
		list = append(list, question{p.site, "GET", path, "", visitors[i%len(visitors)]})
	}
	for _, path := range []string{"/", "/coast/", "/archive", "/rss.xml", "/sitemap.xml", "/record/checkpoint"} {
		for _, v := range visitors {
			list = append(list, question{p.site, "GET", path, "", v}, question{p.site, "HEAD", path, "", v})
		}
	}
	list = append(list, p.ofNewsroom(things)...)
	return append(list, question{p.newsroom, "GET", "/record/entries?after=0", p.follow, nil})
}

// nowhere are addresses that nothing answers: there is no ActivityPub. Should there be, these are asked already, as is every page by
// who takes application/activity+json.
var nowhere = []string{"/.well-known/webfinger?resource=acct:coast@127.0.0.1", "/.well-known/nodeinfo", "/actor", "/inbox", "/outbox", "/users/coast/outbox", "/api/v1/articles"}

// crawlAll asks everything there is to ask about what is hidden, and reads all that the site leads to.
func (p *prober) crawlAll(things []hidden) {
	p.t.Helper()
	for _, path := range nowhere {
		p.read(path).is(404)
	}
	for _, q := range p.questions(things, p.words) {
		p.probe(q)
	}
	for address, body := range p.crawl() {
		p.look(address, body, address)
	}
	for _, hash := range p.words {
		if len(hash) != sha256.Size*2 || p.allowed(hash) {
			continue
		}
		if kept := holding(p.t, p.dir+"/site", hash); len(kept) > 0 {
			p.t.Errorf("of %s the site keeps %q", p.whose[hash], kept)
		}
	}
}

// ofNewsroom asks every route that the newsroom describes.
func (p *prober) ofNewsroom(things []hidden) (list []question) {
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
	about := []hidden{things[0], things[len(things)-1]}
	for _, pattern := range slices.Sorted(maps.Keys(described.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(described.Paths[pattern])) {
			for _, path := range p.fill(pattern, about) {
				for _, token := range []string{"", "not-a-token", p.follow} {
					list = append(list, question{p.newsroom, strings.ToUpper(method), path, token, nil})
				}
			}
		}
	}
	for _, link := range p.links { // until its button is pressed a private link says nothing, not even whose it is
		list = append(list, question{p.newsroom, "GET", link, "", nil}, question{p.newsroom, "HEAD", link, "", nil}, question{p.site, "GET", link, "", nil})
	}
	for _, path := range []string{"/", "/sign-in", "/preview/" + string(things[0].id), "/articles/" + string(things[0].id)} {
		list = append(list, question{p.newsroom, "GET", path, "", nil})
	}
	return list
}

// sayings are what an answer had of things that go out: for each its canaries, joined.
type sayings []string

func (p *prober) saidOf(text, question string, going []hidden) sayings {
	s := make(sayings, len(going))
	for _, w := range p.canaries(text, question) {
		if i := slices.IndexFunc(going, func(h hidden) bool { return h.name == p.whose[w] }); i >= 0 {
			s[i] += " " + w
		}
	}
	return s
}

// of are the words about one thing.
func (p *prober) of(h hidden) (words []string) {
	for _, w := range p.words {
		if p.whose[w] == h.name {
			words = append(words, w)
		}
	}
	return words
}

// whileGoingOut has some things go out, and asks everything about them meanwhile, over and over. No answer that had come before the
// instant says a word of them, and each other says of each thing what it says afterwards, or nothing.
func (p *prober) whileGoingOut(going []hidden, schedule func() (due time.Time)) {
	p.t.Helper()
	var words []string
	for _, h := range going {
		words = append(words, p.of(h)...)
	}
	questions := slices.DeleteFunc(p.questions(going, words), func(q question) bool {
		return q.method != "GET" && q.method != "HEAD" || strings.HasSuffix(q.path, "/entries/stream") // which would stay open
	})
	due := schedule()
	type met struct {
		question int
		said     sayings
	}
	var mu sync.Mutex
	var found []met
	var early atomic.Int64
	var out atomic.Bool
	var wg sync.WaitGroup
	const askers = 4
	for asker := range askers {
		wg.Go(func() {
			for last := false; !last; {
				last = out.Load() // what is asked from here on is asked after the instant
				for i := asker; i < len(questions); i += askers {
					q := questions[i]
					text := p.answer(q)
					before := time.Now().Before(due)
					s := p.saidOf(text, q.path, going)
					if before {
						early.Add(1)
						if said := strings.TrimSpace(strings.Join(s, "")); said != "" {
							p.t.Errorf("before its hour %s %s says %s", q.method, q.path, said)
						}
					} else {
						mu.Lock()
						found = append(found, met{i, s})
						mu.Unlock()
					}
				}
			}
		})
	}
	eventually(p.t, "all went out", func() bool {
		for _, h := range going {
			if p.read(h.address).status != 200 {
				return false
			}
		}
		return true
	})
	out.Store(true)
	wg.Wait()
	afterwards := map[int]sayings{}
	for _, m := range found {
		q := questions[m.question]
		now, asked := afterwards[m.question]
		if !asked {
			now = p.saidOf(p.answer(q), q.path, going)
			afterwards[m.question] = now
		}
		for i, h := range going {
			if m.said[i] != "" && m.said[i] != now[i] {
				p.t.Errorf("while it went out %s %s said %q of %s, afterwards %q", q.method, q.path, m.said[i], h.name, now[i])
			}
		}
	}
	p.t.Logf("%d questions, %d answers before the instant, %d after", len(questions), early.Load(), len(found))
	if early.Load() == 0 || len(found) < len(questions) {
		p.t.Error("it was not asked on both sides of the instant")
	}
}

// TestNotOneByteOfWhatIsHidden: of an article, a live coverage and a running story that is a draft, embargoed, scheduled, legally held
// or withdrawn, of the later draft of a published one, and of a removed entry, nobody outside finds a word, a number or a picture,
// before, while and after the instant passes. What goes out at its hour is seen then, and not a moment before.
func TestNotOneByteOfWhatIsHidden(t *testing.T) {
	s := newPaper(t).serve()
	s.section("coast")
	open := s.write(fields{"section": "coast", "headline": "Told to everybody", "html": "<p>Nothing new.</p>"})
	s.act(open.ID, "publish", fields{}).confirmed()
	openStory := s.story("Open to everybody", open.ID)
	c := &canaries{whose: map[string]string{}}
	things, kept, public := map[string]hidden{}, map[string]bool{}, map[string]bool{}
	var names []string
	for i, name := range []string{"draft", "embargoed", "held", "withdrawn", "expired", "scheduled", "legal", "draft live", "embargoed live", "withdrawn live", "legal live", "open live", "scheduled live"} {
		kind := "article"
		if strings.HasSuffix(name, "live") {
			kind = "live"
		}
		things[name] = s.hide(c, kind, name, uint8(10*i))
		names = append(names, name)
	}
	for _, name := range []string{"draft story", "embargoed story", "held story", "withdrawn story", "scheduled story"} {
		things[name] = s.hideStory(c, name)
		names = append(names, name)
	}
	do := func(name, what string, body fields) *got {
		t.Helper()
		if strings.HasSuffix(name, "story") {
			return s.tell(things[name].id, what, body)
		}
		return s.act(things[name].id, what, body)
	}
	soon := time.Now().Add(30 * time.Second).Truncate(time.Millisecond) // while everything is asked
	for _, name := range names {
		switch strings.Fields(name)[0] {
		case "embargoed":
			do(name, "embargo", fields{"until": soon, "reason": c.word(name, "reason")}).is(200)
		case "held":
			do(name, "hold", fields{"reason": c.word(name, "reason")}).is(200)
		}
	}
	for _, name := range names {
		switch strings.Fields(name)[0] {
		case "open":
			do(name, "publish", fields{}).confirmed()
		case "withdrawn", "expired", "legal":
			do(name, "publish", fields{}).confirmed()
			down := fields{"notice": "It was not so.", "reason": c.word(name, "reason")}
			if !strings.HasSuffix(name, "story") {
				down["kind"] = map[string]string{"withdrawn": "killed", "expired": "expired", "legal": "legal"}[strings.Fields(name)[0]]
			}
			if down["kind"] == "legal" {
				delete(down, "notice")
			}
			if h := things[name]; strings.HasSuffix(name, "live") {
				shown := s.goOn(c, &h, uint8(200+len(name)))
				c.words, c.whose[shown.Hash], kept[shown.Hash] = append(c.words, shown.Hash), name, true
			}
			do(name, "withdraw", down).confirmed()
		}
	}
	// Of a coverage that stays an entry is removed. The record keeps what it said for followers, who are told to remove it.
	coverage := things["open live"]
	removed := s.goOn(c, &coverage, 250)
	s.api("DELETE", "/articles/"+string(coverage.id)+"/entries/1?reason=It+was+told+twice.", nil, "If-Match", `"1"`).is(200)
	var live newsroom.Live
	s.api("GET", "/articles/"+string(coverage.id)+"/live", nil).is(200).into(&live)
	s.api("PUT", "/articles/"+string(coverage.id)+"/live", fields{"state": "ended"}, "If-Match", fmt.Sprintf("%q", fmt.Sprint(live.Version))).is(200) // so that nobody waits for more
	var links []string
	for _, name := range []string{"draft", "embargoed", "held", "scheduled", "draft live", "scheduled live"} {
		var made struct{ Address string }
		s.act(things[name].id, "previews", fields{"hours": 2}).is(201).into(&made)
		at, err := url.Parse(made.Address)
		must(t, err)
		links = append(links, at.Path)
	}
	now := s.find(open.ID)
	s.api("PUT", "/articles/"+string(open.ID), fields{"section": "coast", "headline": "Told to " + c.word("later", "draft"), "html": "<p>" + c.word("later", "body") + "</p>"},
		"If-Match", fmt.Sprintf("%q", fmt.Sprint(now.Version))).is(200)
	later := s.findStory(openStory.ID)
	later.Content.Name, later.Content.Background = "Open to "+c.word("later", "story"), c.word("later", "background")
	s.api("PUT", "/stories/"+string(later.ID), later.Content, "If-Match", fmt.Sprintf("%q", fmt.Sprint(later.Version))).is(200)
	words := append(slices.Clone(c.words), removed.Hash)
	kept[removed.Hash], c.whose[removed.Hash] = true, "removed entry"
	for _, f := range []string{"entry", "entryhead", "entryplace", "entryalt", "sum"} {
		kept[canary("open live", f)] = true
	}
	for _, name := range names {
		h := things[name]
		c.whose[h.picture.Hash], c.whose[string(h.id)] = name, name
		if h.picture.Hash != "" {
			words = append(words, h.picture.Hash)
		}
		switch strings.Fields(name)[0] {
		case "withdrawn", "expired", "legal": // the record keeps their numbers, and tells followers their addresses and their pictures' hashes
			kept[canary(name, "slug")], kept[h.picture.Hash] = !strings.HasPrefix(name, "legal"), true
			for _, f := range []string{"topic", "person", "topicname", "personname"} { // what was public stays so: it is not of the article alone
				public[canary(name, f)] = true
			}
		case "open":
			words = append(words, string(h.id))
			out(public, h)
			public[canary(name, "sum")] = true
		default:
			words = append(words, string(h.id))
		}
	}
	p := &prober{served: s, words: words, among: newSeeker(words), whose: c.whose, follow: s.paperFolder.token(dateline.RoleFollower), links: links, kept: kept, allowed: func(w string) bool { return public[w] }}
	var going, stays []hidden
	for _, name := range names {
		if strings.HasPrefix(name, "scheduled") {
			going = append(going, things[name])
		} else {
			stays = append(stays, things[name])
		}
	}
	p.crawlAll(slices.Concat(stays, going))

	p.whileGoingOut(going, func() time.Time {
		due := time.Now().Add(10 * time.Second)
		if due.Before(soon) {
			due = soon
		}
		for _, h := range going {
			do(h.name, "schedule", fields{"due": due}).is(200)
		}
		return due
	})
	s.read(things["scheduled"].address).is(200).has(canary("scheduled", "headline"), canary("scheduled", "body"), canary("scheduled", "alt"), canary("scheduled", "topicname"), things["scheduled"].picture.Hash)
	s.read(things["scheduled live"].address).is(200).has(canary("scheduled live", "headline"), things["scheduled live"].picture.Hash)
	s.read(things["scheduled story"].address).is(200).has(canary("scheduled story", "headline"), canary("scheduled story", "background"), canary("scheduled story", "status"), canary("scheduled story", "title"))
	for _, h := range going {
		out(public, h)
	}
	p.crawlAll(stays)
	t.Logf("%d answers were looked through for %d words", p.asked.Load(), len(words))
	if p.asked.Load() < 1000 {
		t.Errorf("only %d answers were looked through", p.asked.Load())
	}
}

// out notes what is public of a thing once it is out: all but its notes, the reasons of its locks and the names of its files. A photograph's own
// caption stays in it.
func out(public map[string]bool, h hidden) {
	for _, f := range []string{"topic", "person", "topicname", "personname", "exif", "slug", "headline", "standfirst", "as", "place", "agency", "source", "item", "terms",
		"alt", "caption", "credit", "body", "heading", "quote", "summary", "background", "role", "status", "sentence", "host", "title", "text", "past"} {
		public[canary(h.name, f)] = true
	}
	public[h.picture.Hash], public[string(h.id)] = true, true
}
