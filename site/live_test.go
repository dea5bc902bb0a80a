package site

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/flate"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
)

// coverage is a live coverage of the paper, with what its entries say now.
type coverage struct {
	*paperDesk
	id      dateline.ID
	address string
	entries map[int]*record.LiveEntry
}

func newCoverage(t *testing.T) *coverage {
	d := newPaper(t)
	c := &coverage{paperDesk: d, entries: map[int]*record.LiveEntry{}}
	c.id, _ = d.publish("sailing", "The first sailing", func(e *record.Edition) { e.Kind, e.Body = dateline.KindLive, nil })
	c.address = d.editions[c.id].Address
	return c
}

// state begins, pauses or ends it.
func (c *coverage) state(s dateline.LiveState, summary string) int64 {
	b := &record.LiveState{State: s, Language: "en"}
	if summary != "" {
		b.Summary = paragraphs(summary)
	}
	return c.append(c.id, b)
}

// post makes an entry that is of an instant some time from now.
func (c *coverage) post(headline string, ahead time.Duration) (number int, seq int64) {
	number = len(c.entries) + 1
	c.entries[number] = &record.LiveEntry{Act: record.EntryMade, Number: number, Public: record.FormatInstant(c.now().Add(ahead)), Headline: headline,
		Language: "en", Body: paragraphs("What was seen of " + headline + "."), Byline: []dateline.Credit{{Person: c.menon}}, Place: "Pier 4"}
	return number, c.append(c.id, c.entries[number])
}

func (c *coverage) edit(number int, change func(*record.LiveEntry)) int64 {
	e := *c.entries[number]
	e.Act = record.EntryEdited
	change(&e)
	c.entries[number] = &e
	return c.append(c.id, &e)
}

func (c *coverage) remove(number int, why string) int64 {
	return c.append(c.id, &record.LiveEntry{Act: record.EntryDeleted, Number: number, Public: c.entries[number].Public, Reason: why, Language: "en"})
}

// since is what a page that knows of an act asks for.
func (c *coverage) since(seq int64, texts ...string) string {
	c.t.Helper()
	return c.want(c.address+"/entries/after/"+strconv.FormatInt(seq, 10), 200, texts...)
}

var shownEntries = regexp.MustCompile(`<li id="e(\d+)"`)

func numbersOf(body string) string {
	var out []string
	for _, m := range shownEntries.FindAllStringSubmatch(body, -1) {
		out = append(out, m[1])
	}
	return strings.Join(out, " ")
}

// TestPagesSayWhatTheyHaveAlike: in pages of every kind the style sheet is deflated once for all.
func TestPagesSayWhatTheyHaveAlike(t *testing.T) {
	c := newCoverage(t)
	one, _ := c.publish("ferry", "The ferry did not sail", nil)
	c.state(dateline.LiveOn, "")
	for range entryRows + 1 {
		c.post("Ropes", 0)
		c.pass(time.Minute)
	}
	for _, address := range []string{"/", "/coast/", c.editions[one].Address, c.address, c.address + "/entries/1"} {
		at, style := c.site.conf.Renderer.StyleIn([]byte(c.want(address, 200)))
		var deflated bytes.Buffer
		w, err := flate.NewWriter(&deflated, flate.BestCompression)
		if err == nil {
			_, err = w.Write([]byte(style))
		}
		if err = errors.Join(err, w.Flush()); err != nil || at == 0 || style == "" {
			t.Fatalf("%s has no style sheet: %v", address, err)
		}
		if !bytes.Contains(c.get(address, "Accept-Encoding", "gzip").Body.Bytes(), deflated.Bytes()) {
			t.Errorf("%s is compressed as if no other page had its style sheet", address)
		}
	}
}

func TestACoverageAndItsEntries(t *testing.T) {
	c := newCoverage(t)
	c.want(c.address, 200, "Live soon", "It has not begun yet", `role="status"`)
	c.state(dateline.LiveOn, "Boarding begins at 18:00.")
	c.post("Gates", 0)
	c.pass(time.Minute)
	c.post("Ropes", 0)
	c.pass(time.Minute)
	c.edit(1, func(e *record.LiveEntry) { e.Pinned, e.Key = true, true })
	body := c.want(c.address, 200, `class="live"`, "What we know at 14:06", "Boarding begins", "Ada Menon, Pier 4", "2 entries.", "!Changed", "Main events",
		`"@type":"LiveBlogPosting"`, `"coverageStartTime":"2026-06-30T14:06:00+05:30"`, `"datePublished":"2026-06-30T14:07:00+05:30"`, c.address+"/entries/2")
	if got := numbersOf(body); got != "1 2" {
		t.Errorf("the page shows entries %s, want the pinned one first", got)
	}
	c.edit(2, func(e *record.LiveEntry) {
		e.Correction, e.Corrected = "Two ropes, not three.", record.FormatInstant(c.now())
	})
	c.want(c.address, 200, "Corrected 14:08 IST", "Two ropes, not three.", "One corrected.")
	c.remove(1, "It named a passenger.")
	c.want(c.address, 200, "An entry of 14:06 was removed at 14:08: It named a passenger.", "!Gates", "1 entry.")
	c.state(dateline.LiveEnded, "")
	c.want(c.address, 200, "Live, ended", "Ended", "!role=\"status\"", `"coverageEndTime"`, "!What we know")
}

func TestEntriesArePagedByTheirOwnAddresses(t *testing.T) {
	c := newCoverage(t)
	c.state(dateline.LiveOn, "")
	for i := range 70 {
		c.pass(time.Second)
		c.post(fmt.Sprintf("Entry %d", i+1), 0)
	}
	if got := numbersOf(c.want(c.address, 200, c.address+"/entries/40")); !strings.HasPrefix(got, "70 69") || !strings.HasSuffix(got, " 42 41") {
		t.Errorf("the first page shows %s", got)
	}
	if got := numbersOf(c.want(c.address+"/entries/40", 200, c.address+"/entries/10", "!role=\"status\"")); !strings.HasPrefix(got, "40 39") || !strings.HasSuffix(got, " 12 11") {
		t.Errorf("the second page shows %s", got)
	}
	c.want(c.address+"/entries/10", 200, `href="`+c.address+`/entries/41"`)
	c.want(c.address+"/entries/71", 404)
	c.want(c.address+"/entries/stream", 503) // a recorder is no connection to take over
}

// TestNothingIsMissed: two entries in one second, one that is dated ahead, a change and a removal all follow the last act that a
// page knows of, each once.
func TestNothingIsMissed(t *testing.T) {
	c := newCoverage(t)
	began := c.state(dateline.LiveOn, "")
	_, first := c.post("One", 0)
	c.post("Two in the same second", 0)
	_, ahead := c.post("Dated ahead", time.Hour)
	_, last := c.post("After that", 0)
	if got := numbersOf(c.since(began)); got != "1 2 3 4" {
		t.Errorf("since it began there were %s", got)
	}
	if got := numbersOf(c.since(first)); got != "2 3 4" {
		t.Errorf("after the first of one second there were %s", got)
	}
	if got := numbersOf(c.since(ahead)); got != "4" {
		t.Errorf("after one dated ahead there was %s", got)
	}
	c.pass(time.Minute)
	edited := c.edit(1, func(e *record.LiveEntry) { e.Headline = "One, told better" })
	if got := numbersOf(c.since(last, "One, told better", "The entry of 14:06 was changed.")); got != "1" {
		t.Errorf("after a change there was %s", got)
	}
	c.pass(time.Minute)
	removed := c.remove(2, "It was told twice.")
	if got := numbersOf(c.since(edited, "It was told twice.", "The entry of 14:06 was removed.", "!Two in the same second")); got != "2" {
		t.Errorf("after a removal there was %s", got)
	}
	if got := numbersOf(c.since(removed)); got != "" {
		t.Errorf("after everything there was %s", got)
	}
	// All pages that know the same act ask at the one address, which caches may keep and ask about.
	asked := c.address + "/entries/after/" + strconv.FormatInt(last, 10)
	w := c.get(asked)
	tag := w.Header().Get("ETag")
	if !strings.HasPrefix(tag, `"`) || w.Header().Get("Cache-Control") != "no-cache" || w.Header().Get("Set-Cookie") != "" {
		t.Errorf("what is new is answered with %v", w.Header())
	}
	if again := c.get(asked, "If-None-Match", tag); again.Code != 304 || again.Body.Len() > 0 {
		t.Errorf("asked about again it answers %d", again.Code)
	}
	c.post("While it was kept", 0)
	if fresh := c.get(asked, "If-None-Match", tag); fresh.Code != 200 || numbersOf(fresh.Body.String()) != "1 2 5" {
		t.Errorf("after another entry it answers %d with %s", fresh.Code, numbersOf(fresh.Body.String()))
	}
	removed = c.remove(5, "It was a test.")
	// Another act's number leads to the coverage's own last one before it, so that there are as many addresses as acts.
	c.publish("else", "Something else", nil)
	c.moved(c.address+"/entries/after/"+strconv.FormatInt(removed+1, 10), c.address+"/entries/after/"+strconv.FormatInt(removed, 10))
	c.want(c.address+"/entries/after/x", 404)
}

func TestALiveActsReceipt(t *testing.T) {
	c := newCoverage(t)
	c.want(c.address, 200)
	began := c.state(dateline.LiveOn, "")
	if got := strings.Join(c.confirmed(began), " "); !strings.Contains(got, c.address) || !strings.Contains(got, "/entries/after/") {
		t.Errorf("the receipt of the beginning lists %s", got)
	}
	_, seq := c.post("Gates", 0)
	if got := strings.Join(c.confirmed(seq), " "); !strings.Contains(got, c.address+"/entries/1") || !strings.Contains(got, "/entries/after/"+strconv.FormatInt(began, 10)) {
		t.Errorf("the receipt of an entry lists %s", got)
	}
}

func TestAWithdrawnCoverageTakesItsEntriesWithIt(t *testing.T) {
	c := newCoverage(t)
	c.state(dateline.LiveOn, "A summary.")
	_, posted := c.post("Gates", 0)
	c.want(c.address, 200, "Gates")
	down := c.withdraw(c.id, dateline.WithdrawnKilled, nil)
	for _, a := range []string{c.address, c.address + "/entries/1", c.address + "/entries/after/0", c.address + "/entries/stream"} {
		c.want(a, 410, "!Gates", "!A summary.")
	}
	c.append(c.id, &record.Restoration{Withdrawal: down, Editions: append(c.sequences[c.id], posted-1, posted), Public: record.FormatInstant(c.now())})
	c.want(c.address, 200, "Gates", "A summary.", `class="live"`)
}

func TestABrokenOutArticleAndItsEntryLeadToEachOther(t *testing.T) {
	c := newCoverage(t)
	c.state(dateline.LiveOn, "")
	c.post("Gates", 0)
	c.want(c.address, 200, "!More on this")
	made, _ := c.publish("gates", "Why the gates [sic] opened late", func(e *record.Edition) { e.Origin = &dateline.Origin{Article: c.id, Entry: 1} })
	at := c.editions[made].Address
	c.want(c.address, 200, "More on this", `href="`+at+`"`, "Why the gates [sic] opened late</a>")
	c.want(at, 200, "From our live coverage", `href="`+c.address+`/entries/1"`)
	c.withdraw(made, dateline.WithdrawnKilled, nil)
	c.want(c.address, 200, "!More on this")
}

// event is one event of a stream.
type event struct {
	id   int64
	data string
}

// listen opens a stream on a server and gives its events as they come.
func listen(t *testing.T, url string, last int64) (<-chan event, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Last-Event-ID", strconv.FormatInt(last, 10))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("the stream answers %d, %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	events := make(chan event, 64)
	go func() {
		defer close(events)
		defer resp.Body.Close()
		var e event
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch {
			case name == "id":
				e.id, _ = strconv.ParseInt(value, 10, 64)
			case name == "data":
				e.data += value + "\n"
			case lines.Text() == "" && e.id > 0:
				events <- e
				e = event{}
			}
		}
	}()
	return events, cancel
}

func TestAStreamTellsWhatWasMissedAndWhatIsNewEachOnce(t *testing.T) {
	for i, name := range []string{"net/http", "fasthttp"} {
		t.Run(name, func(t *testing.T) {
			c := newCoverage(t)
			c.streamTells(t, "http://"+adapters(t, c.site)[i])
		})
	}
}

func (c *coverage) streamTells(t *testing.T, server string) {
	began := c.state(dateline.LiveOn, "")
	c.post("Missed", 0)
	events, stop := listen(t, server+c.address+"/entries/stream", began)
	if e := <-events; numbersOf(e.data) != "1" || !strings.Contains(e.data, "Missed") {
		t.Fatalf("what was missed came as %+v", e)
	}
	c.post("New", 0)
	e := <-events
	if numbersOf(e.data) != "2" {
		t.Fatalf("what is new came as %+v", e)
	}
	stop()
	for range events {
	}
	removed := c.remove(1, "It was told twice.")
	c.post("While away", time.Hour)
	events, stop = listen(t, server+c.address+"/entries/stream", e.id)
	defer stop()
	if e := <-events; numbersOf(e.data) != "1 3" || e.id != removed+1 {
		t.Fatalf("whoever came back got %+v", e)
	}
	// An act on another article is none of this coverage's.
	c.publish("else", "Something else", nil)
	ended := c.state(dateline.LiveEnded, "")
	if e := <-events; numbersOf(e.data) != "" || e.id != ended || !strings.Contains(e.data, "Live, ended") {
		t.Fatalf("the end came as %+v", e)
	}
	c.site.EndStreams()
	if e, more := <-events; more {
		t.Errorf("after the farewell came %+v", e)
	}
	w := c.get(c.address + "/entries/stream")
	if w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("a site that stops answers a stream with %d", w.Code)
	}
}

func TestJSONOfACoverageIsJSON(t *testing.T) {
	c := newCoverage(t)
	c.state(dateline.LiveOn, "")
	c.post(`Quotes " and </script> ends`, 0)
	body := c.want(c.address, 200)
	_, rest, _ := strings.Cut(body, `<script type="application/ld+json">`)
	data, _, _ := strings.Cut(rest, "</script>")
	var v map[string]any
	if err := json.Unmarshal([]byte(data), &v); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	if n := len(v["liveBlogUpdate"].([]any)); n != 1 {
		t.Errorf("it names %d entries", n)
	}
}

// search asks for words and says whether the coverage is found.
func (c *coverage) finds(words string) bool {
	c.t.Helper()
	return strings.Contains(c.want("/search?q="+words, 200), mark(c.id, 1)) || strings.Contains(c.want("/search?q="+words, 200), mark(c.id, 2))
}

// TestWordsOfEntriesAreFound: what is posted is found, also as a phrase; what is changed or removed is found no more by its old words;
// a new edition of the coverage leaves what its entries say.
func TestWordsOfEntriesAreFound(t *testing.T) {
	c := newCoverage(t)
	c.state(dateline.LiveOn, "")
	found := func(words string, want bool) {
		t.Helper()
		if got := c.finds(words); got != want {
			t.Errorf("%s: found is %v", words, got)
		}
	}
	found("gangway", false)
	c.post("The gangway is down", 0)
	c.post("Ropes taken in", 0)
	found("gangway", true)
	found("sailing+gangway", true)
	found("%22gangway+is+down%22", true)
	found("%22down+is+gangway%22", false)
	c.want("/search?q=gangway", 200, "<mark>gangway</mark>")
	c.change(c.id, dateline.ChangeMinor, "", func(e *record.Edition) { e.Headline = "The very first sailing" })
	found("very+gangway", true)
	c.edit(1, func(e *record.LiveEntry) { e.Headline, e.Body = "The bridge is down", paragraphs("As was seen.") })
	found("gangway", false)
	found("bridge", true)
	c.remove(1, "It was a drill.")
	found("bridge", false)
	found("ropes", true)
	down := c.withdraw(c.id, dateline.WithdrawnKilled, nil)
	found("ropes", false)
	c.append(c.id, &record.Restoration{Withdrawal: down, Editions: append(c.sequences[c.id], c.acts()...), Public: record.FormatInstant(c.now())})
	found("ropes", true)
	for i, e := range c.log {
		if b, err := e.Decode(); err == nil && e.Subject == c.id {
			if l, ok := b.(*record.LiveEntry); ok && l.Headline == "Ropes taken in" {
				c.append(c.id, &record.Redaction{Entries: []int64{int64(i) + 1}})
			}
		}
	}
	found("ropes", false)
	found("sailing", true)
}

// acts are the numbers of all acts about the coverage that are no editions.
func (c *coverage) acts() (out []int64) {
	for _, e := range c.log {
		if e.Subject == c.id && (e.Kind == record.KindLiveEntry || e.Kind == record.KindLiveState) {
			out = append(out, e.Sequence)
		}
	}
	return out
}

// TestTimesMoveWithEntries: feeds, the sitemap and what search engines are told say when an entry was posted or changed; to pin one
// is no change.
func TestTimesMoveWithEntries(t *testing.T) {
	c := newCoverage(t)
	c.state(dateline.LiveOn, "")
	in := func(zone *time.Location) string { return c.now().In(zone).Format(time.RFC3339) }
	says := func(when string, ist string) {
		t.Helper()
		c.want("/atom.xml", 200, "<updated>"+when+"</updated>")
		c.want("/coast/atom.xml", 200, "<updated>"+when+"</updated>")
		c.want("/sitemaps/2026-06.xml", 200, "<lastmod>"+when+"</lastmod>")
		c.want("/sitemap.xml", 200, "<lastmod>"+when+"</lastmod>")
		c.want(c.address, 200, `"dateModified":"`+ist+`"`, `article:modified_time" content="`+ist)
	}
	c.pass(time.Hour)
	c.post("Gates", 0)
	posted, ist := in(time.UTC), in(kolkata(t))
	says(posted, ist)
	c.pass(time.Hour)
	c.edit(1, func(e *record.LiveEntry) { e.Pinned = true })
	c.want("/atom.xml", 200, "<updated>"+posted+"</updated>")
	c.want(c.address, 200, `"dateModified":"`+ist+`"`)
	c.edit(1, func(e *record.LiveEntry) { e.Headline = "Two gates" })
	says(in(time.UTC), in(kolkata(t)))
	c.pass(time.Hour)
	c.remove(1, "It was told twice.")
	says(in(time.UTC), in(kolkata(t)))
}

// TestALineWhileACoverageIsOnAir: home and the coverage's section say what is on air and what its newest entry is, and when; other
// sections do not.
func TestALineWhileACoverageIsOnAir(t *testing.T) {
	c := newCoverage(t)
	c.publish("prices", "Prices", func(e *record.Edition) { e.Section = c.markets })
	c.publish("lead", "A lead with a picture", func(e *record.Edition) {
		e.Lead, e.Pictures = &dateline.Lead{Picture: c.picture, Alt: "Boats"}, []dateline.ID{c.picture}
	})
	const line = `<p class="strip2"><span class="live">Live</span>`
	for _, a := range []string{"/", "/coast/"} {
		c.want(a, 200, `!class="strip2"`)
	}
	c.state(dateline.LiveOn, "")
	for _, a := range []string{"/", "/coast/"} {
		c.want(a, 200, line+` <a href="`+c.address+`">The first sailing</a></p>`)
	}
	c.want("/markets/", 200, `!class="strip2"`)
	c.pass(time.Minute)
	_, seq := c.post("Gates [wide] open", 0)
	at := c.now().In(kolkata(t)).Format("15:04")
	for _, a := range []string{"/", "/coast/"} {
		c.want(a, 200, line, at+`</time> <a href="`+c.address+`/entries/1">Gates [wide] open</a>`)
	}
	c.want("/", 200, "This page last changed at ", ">"+at+" IST</time>")
	if got := strings.Join(c.confirmed(seq), " "); !strings.Contains(got, "/coast/ ") || !strings.Contains(got, " / ") {
		t.Errorf("an entry's receipt lists %s", got)
	}
	c.post("Ropes", 0)
	c.remove(2, "It was told twice.")
	c.want("/", 200, "Gates [wide] open", "!Ropes")
	c.state(dateline.LivePaused, "")
	c.want("/", 200, `<p class="strip2"><span class="off">Live, paused</span>`)
	c.state(dateline.LiveEnded, "")
	for _, a := range []string{"/", "/coast/"} {
		c.want(a, 200, `!class="strip2"`)
	}
	c.state(dateline.LiveOn, "")
	c.want("/", 200, line)
	c.withdraw(c.id, dateline.WithdrawnKilled, nil)
	for _, a := range []string{"/", "/coast/"} {
		c.want(a, 200, `!class="strip2"`, "!Gates")
	}
}

// TestWhatSearchEnginesAreToldOfACoverage: it is a schema.org LiveBlogPosting, its entries are BlogPostings in liveBlogUpdate, and
// times are those at which the record took them, not those that entries are dated to.
func TestWhatSearchEnginesAreToldOfACoverage(t *testing.T) {
	c := newCoverage(t)
	began := c.now()
	c.state(dateline.LiveOn, "")
	c.pass(time.Minute)
	posted := c.now()
	c.post("Dated an hour ahead", time.Hour)
	c.pass(time.Minute)
	edited := c.now()
	c.edit(1, func(e *record.LiveEntry) { e.Headline = "" })
	c.pass(time.Minute)
	ended := c.now()
	c.state(dateline.LiveEnded, "")
	body := c.want(c.address, 200)
	_, rest, _ := strings.Cut(body, `<script type="application/ld+json">`)
	data, _, _ := strings.Cut(rest, "</script>")
	type thing struct {
		Type     string    `json:"@type"`
		Headline string    `json:"headline"`
		Text     string    `json:"articleBody"`
		URL      string    `json:"url"`
		Began    time.Time `json:"coverageStartTime"`
		Ended    time.Time `json:"coverageEndTime"`
		Out      time.Time `json:"datePublished"`
		Changed  time.Time `json:"dateModified"`
		Author   []struct {
			Type string `json:"@type"`
			Name string `json:"name"`
		} `json:"author"`
	}
	var v struct {
		thing
		Updates []thing `json:"liveBlogUpdate"`
	}
	if err := json.Unmarshal([]byte(data), &v); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	if v.Type != "LiveBlogPosting" || !v.Began.Equal(began) || !v.Ended.Equal(ended) || !v.Changed.Equal(ended) || len(v.Updates) != 1 {
		t.Fatalf("the coverage is told as %+v", v)
	}
	u := v.Updates[0]
	if u.Type != "BlogPosting" || !u.Out.Equal(posted) || !u.Changed.Equal(edited) || u.Text != "What was seen of Dated an hour ahead." ||
		u.Headline != u.Text || !strings.HasSuffix(u.URL, c.address+"/entries/1") || len(u.Author) != 1 || u.Author[0].Name != "Ada Menon" {
		t.Errorf("its entry is told as %+v", u)
	}
}

// TestEmbedsInACoverage: a reader can have an entry's embed shown, of an entry that is still to come too; once the coverage has
// ended its page allows the hosts of its own embeds only.
func TestEmbedsInACoverage(t *testing.T) {
	c := newCoverage(t)
	policy := func(address string) string {
		return c.get(address).Header().Get("Content-Security-Policy")
	}
	began := c.state(dateline.LiveOn, "")
	for _, origin := range markup.EmbedOrigins() {
		if p := policy(c.address); !strings.Contains(p, "script-src 'sha256-") || !strings.Contains(p+" ", " "+origin+" ") {
			t.Errorf("while it goes on the policy lacks %s: %q", origin, p)
		}
	}
	n, _ := c.post("The launch", 0)
	c.edit(n, func(e *record.LiveEntry) {
		e.Body = json.RawMessage(`{"type":"doc","content":[{"type":"embed","attrs":{"provider":"youtube","url":"https://youtu.be/a"}}]}`)
	})
	const button = `<button hidden data-frame="https://www.youtube-nocookie.com/embed/a"`
	c.since(began, button)
	c.want(c.address, 200, button, `<a href="https://youtu.be/a"`, "/assets/script/")
	entry := entryAddress(c.address, n)
	for range 2 {
		if p := policy(entry); !strings.Contains(p, "; frame-src https://www.youtube-nocookie.com") || strings.Contains(p, "vimeo") {
			t.Errorf("the policy of the page from the entry on is %q", p)
		}
		c.want(entry, 200, button, "/assets/script/")
		c.state(dateline.LiveEnded, "")
		entry = c.address
	}
	c.edit(n, func(e *record.LiveEntry) { e.Body = paragraphs("Without it.") })
	if p := policy(c.address); strings.Contains(p, "frame-src") || strings.Contains(p, "script-src") {
		t.Errorf("without an embed the policy is %q", p)
	}
}
