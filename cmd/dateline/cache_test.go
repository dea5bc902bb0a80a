package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/purge"
)

// hook takes the purges that a newsroom sends.
type hook struct {
	*httptest.Server
	mu   sync.Mutex
	took []hooked
	deaf bool
}

type hooked struct {
	Sequence  int64
	All, Hard bool
	Tags      []string
	secret    string
}

func newHook(t *testing.T) *hook {
	h := &hook{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.deaf {
			w.WriteHeader(503)
			return
		}
		one := hooked{secret: r.Header.Get("Authorization")}
		_ = json.Unmarshal(b, &one)
		h.took = append(h.took, one)
	}))
	t.Cleanup(h.Close)
	return h
}

// of gives the first purge that covers an entry.
func (h *hook) of(sequence int64) (hooked, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, one := range h.took {
		if one.Sequence >= sequence {
			return one, true
		}
	}
	return hooked{}, false
}

func (h *hook) be(deaf bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.deaf, h.took = deaf, nil
}

var lifetimes = regexp.MustCompile(`^max-age=(\d+), stale-if-error=86400$`)

// TestSharedCachesAreToldAndGivenLifetimes: each act is told with its tags, hard where it takes something away; pages have
// lifetimes that end before midnight, what must not be kept has none; and nothing is kept in the clear.
func TestSharedCachesAreToldAndGivenLifetimes(t *testing.T) {
	h := newHook(t)
	p := newPaper(t)
	s := p.serve()
	s.section("coast")
	a := s.write(fields{"section": "coast", "headline": "Secretive headline", "html": "<p>Text.</p>"})
	r := s.act(a.ID, "publish", fields{}).confirmed()
	if len(r.Purges) != 0 || s.read(r.Address).header.Get("Cdn-Cache-Control") != "" {
		t.Errorf("without a cache: %+v, %v", r.Purges, s.read(r.Address).header)
	}
	const secret = "a-secret-that-nobody-may-read"
	t.Setenv("DATELINE_CACHE_SECRET", secret)
	p.do("cache", "add", "webhook", h.URL).is(exitOK).says("webhook " + h.URL)
	p.do("cache", "add", "fastly").is(exitFailed).says("--id")
	p.do("cache", "remove", "webhook http://elsewhere/").is(exitFailed).says("cache list")
	if said := p.do("cache", "list", "--json").is(exitOK); strings.Contains(said.out, secret) || !strings.Contains(said.out, h.URL) {
		t.Errorf("the list says %s", said.out)
	}
	eventually(t, "everything is purged at first", func() bool { one, ok := h.of(0); return ok && one.All && one.Hard && one.secret == "Bearer "+secret })

	s.api("PUT", "/articles/"+string(a.ID), fields{"section": "coast", "headline": "Another headline", "html": "<p>Text.</p>"}, "If-Match", fmt.Sprintf("%q", fmt.Sprint(s.find(a.ID).Version))).is(200)
	second := s.act(a.ID, "publish", fields{"change": "minor"}).confirmed()
	if len(second.Purges) != 1 || !second.Purges[0].Confirmed || second.Purges[0].Cache != "webhook "+h.URL {
		t.Errorf("the receipt's purges: %+v", second.Purges)
	}
	front := s.saveFront("home", fields{"containers": []fields{{"layout": "lead", "rule": fields{"kind": "latest"}, "items": []fields{{}}}}})
	var third dateline.Receipt
	s.api("POST", "/fronts/home/publish", nil, "If-Match", fmt.Sprintf("%q", fmt.Sprint(front.Version))).is(200).into(&third)
	if len(third.Purges) != 1 || !third.Purges[0].Confirmed {
		t.Errorf("the purges in a front's receipt: %+v", third.Purges)
	}
	var gone struct{ Receipt dateline.Receipt }
	s.api("POST", "/articles/"+string(a.ID)+"/redact", fields{"editions": []int{1}, "reason": "By order of a court"}, "If-Match", fmt.Sprintf("%q", fmt.Sprint(s.find(a.ID).Version))).is(200).into(&gone)
	if len(gone.Receipt.Purges) != 1 || !gone.Receipt.Purges[0].Confirmed {
		t.Errorf("the purges in a redaction's receipt: %+v", gone.Receipt)
	}
	told, ok := h.of(second.Sequence)
	if !ok || told.All || told.Hard || len(told.Tags) < 3 {
		t.Errorf("the act is told as %+v", told)
	}
	zone, err := time.LoadLocation("Asia/Kolkata")
	must(t, err)
	for _, path := range []string{second.Address, "/", "/coast/", "/rss.xml", "/sitemap.xml"} {
		eventually(t, path+" may be kept", func() bool { return s.read(path).header.Get("Cdn-Cache-Control") != "" })
		now := time.Now().In(zone)
		g := s.read(path)
		head := g.header
		life := lifetimes.FindStringSubmatch(head.Get("Cdn-Cache-Control"))
		tags := strings.Fields(head.Get("Surrogate-Key"))
		if life == nil || head.Get("Surrogate-Control") != life[0] || head.Get("Cache-Control") != "no-cache" || head.Get("X-Accel-Expires") != "" ||
			head.Get("Cache-Tag") != strings.Join(tags, ",") || len(tags) == 0 || len(head.Get("Surrogate-Key")) > 1000 || strings.Contains(fmt.Sprint(head), "stale-while") {
			t.Fatalf("%s: %v", path, head)
		}
		midnight := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, zone)
		seconds, _ := time.ParseDuration(life[1] + "s")
		if strings.Contains(g.header.Get("Content-Type"), "html") && now.Add(seconds).After(midnight) {
			t.Errorf("%s may be kept for %s, and it is midnight in %s", path, seconds, midnight.Sub(now))
		}
		drops := false
		for _, tag := range tags {
			drops = drops || strings.Contains(strings.Join(told.Tags, " "), tag)
		}
		if !drops {
			t.Errorf("%s has the tags %q, and the act told %q", path, tags, told.Tags)
		}
		again, err := ask(t.Context(), visitor, "GET", s.site+path, "", nil, "If-None-Match", head.Get("Etag"))
		must(t, err)
		if again.status != 304 || lifetimes.FindString(again.header.Get("Cdn-Cache-Control")) == "" || again.header.Get("Surrogate-Key") == "" {
			t.Errorf("%s again: %d %v", path, again.status, again.header)
		}
	}
	for path, status := range map[string]int{"/nothing/here": 404, "/search?q=headline": 200, "/coast": 301, "/as-of": 200, "/favicon.ico": 200} {
		if g := s.read(path); g.status != status || g.header.Get("Cdn-Cache-Control")+g.header.Get("Surrogate-Control")+g.header.Get("Surrogate-Key") != "" && status != 200 || strings.Contains(path, "search") && g.header.Get("Cdn-Cache-Control") != "" {
			t.Errorf("%s: %d %v", path, g.status, g.header)
		}
	}

	down := s.act(a.ID, "withdraw", fields{"kind": "killed"}).confirmed()
	if told, ok := h.of(down.Sequence); !ok || !told.Hard {
		t.Errorf("a withdrawal is told as %+v", told)
	}
	if g := s.read(second.Address).is(410); g.header.Get("Cdn-Cache-Control") != "" || g.header.Get("Surrogate-Control") != "" {
		t.Errorf("a tombstone may be kept: %v", g.header)
	}

	// What was taken from readers is no less gone where it is a story or an entry of live coverage.
	took := func(what string, r dateline.Receipt) {
		t.Helper()
		if told, ok := h.of(r.Sequence); !ok || !told.Hard {
			t.Errorf("%s is told as %+v", what, told)
		}
	}
	kept, lost, merged := s.story("The harbour"), s.story("The quarrel"), s.story("The nets")
	told, ok = h.of(s.tell(kept.ID, "status", fields{"state": "suspended", "words": "Suspended"}).confirmed().Sequence)
	if !ok || told.Hard {
		t.Errorf("a story that goes on is told as %+v", told)
	}
	took("a story's withdrawal", s.tell(lost.ID, "withdraw", fields{"reason": "the lawyers"}).confirmed())
	took("a story's end in another", s.tell(merged.ID, "merge", fields{"into": kept.ID, "version": s.findStory(kept.ID).Version}).confirmed())
	live := s.write(fields{"kind": "live", "section": "coast", "headline": "The first sailing"})
	s.act(live.ID, "publish", fields{}).confirmed()
	s.api("PUT", fmt.Sprintf("/articles/%s/live", live.ID), fields{"state": "live"}, "If-Match", `"1"`).is(200)
	var posted struct{ Receipt dateline.Receipt }
	s.api("POST", fmt.Sprintf("/articles/%s/entries", live.ID), fields{"headline": "Gates"}).is(201).into(&posted)
	if told, ok := h.of(posted.Receipt.Sequence); !ok || told.Hard {
		t.Errorf("an entry is told as %+v", told)
	}
	s.api("DELETE", fmt.Sprintf("/articles/%s/entries/1?reason=It+was+wrong.", live.ID), nil, "If-Match", `"1"`).is(200).into(&posted)
	took("an entry's end", posted.Receipt)

	// What was not purged when the program ended is purged when it starts, and a receipt that was made without it is made again.
	h.be(true)
	var late dateline.Receipt
	s.act(a.ID, "restore", nil).is(200).into(&late)
	if late.Confirmed || late.Purges[0].Confirmed || late.Purges[0].Detail == "" {
		t.Errorf("while the cache is deaf: %+v", late.Purges)
	}
	s.stop()
	h.be(false)
	s = p.serve()
	eventually(t, "a start purges everything", func() bool { one, ok := h.of(late.Sequence); return ok && one.All })
	s.api("GET", fmt.Sprint("/receipts/", late.Sequence), nil).is(200).into(&late)
	if !late.Confirmed || !late.Purges[0].Confirmed {
		t.Errorf("asked again: %+v", late.Purges)
	}
	s.stop()
	must(t, filepath.WalkDir(p.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if b, err := os.ReadFile(path); err != nil || bytes.Contains(b, []byte(secret)) {
			t.Errorf("%s holds the secret (%v)", path, err)
		}
		return nil
	}))
}

// TestRemovingACacheEmptiesIt: whether a server runs or not it is told to drop everything, and where it does not it stays named.
func TestRemovingACacheEmptiesIt(t *testing.T) {
	h := newHook(t)
	p := newPaper(t)
	name := "webhook " + h.URL
	dropped := func(when string) {
		t.Helper()
		if one, ok := h.of(0); !ok || !one.All || !one.Hard {
			t.Errorf("%s it is told %+v", when, one)
		}
		if said := p.do("cache", "list").is(exitOK); strings.Contains(said.out, name) {
			t.Errorf("%s it is still named: %s", when, said.out)
		}
	}
	p.do("cache", "add", "webhook", h.URL).is(exitOK)
	h.be(true)
	p.do("cache", "remove", name).is(exitFailed).says("--force").says("503")
	p.do("cache", "list").is(exitOK).says(name)
	h.be(false)
	p.do("cache", "remove", name).is(exitOK)
	dropped("without a server")

	s := p.serve()
	p.do("cache", "add", "webhook", h.URL).is(exitOK)
	eventually(t, "pages may be kept", func() bool { return s.read("/").header.Get("Cdn-Cache-Control") != "" })
	h.be(false)
	p.do("cache", "remove", name).is(exitOK)
	dropped("with a server")
	h.mu.Lock()
	if n := len(h.took); n < 2 || !h.took[n-1].All || !h.took[n-1].Hard {
		t.Errorf("with a server, which may have had an answer on its way, it is told %+v", h.took)
	}
	h.mu.Unlock()
	p.do("cache", "add", "webhook", h.URL).is(exitOK)
	h.be(true)
	p.do("cache", "remove", "--force", name).is(exitOK)
	p.do("cache", "list").is(exitOK).lacks(name)
}

// TestACacheWhoseSecretIsLost: the paper starts, no page may be kept, and the cache can be listed, named anew and removed.
func TestACacheWhoseSecretIsLost(t *testing.T) {
	h := newHook(t)
	p := newPaper(t)
	name := "webhook " + h.URL
	t.Setenv("DATELINE_CACHE_SECRET", "first")
	p.do("cache", "add", "webhook", h.URL).is(exitOK)
	r, err := openRoom(t.Context(), folder(p.dir), slog.New(slog.DiscardHandler))
	must(t, err)
	damaged := []purge.Cache{{Form: purge.Webhook, URL: h.URL, Secret: "AAAA"}}
	must(t, r.saveCaches(t.Context(), damaged))
	must(t, r.Close())

	s := p.serve()
	if g := s.read("/").is(200); g.header.Get("Cdn-Cache-Control") != "" {
		t.Errorf("pages may be kept by a cache that nobody can purge: %v", g.header)
	}
	p.do("cache", "list").is(exitOK).says(name)
	p.do("cache", "remove", name).is(exitFailed).says("--force").says("its secret cannot be opened")
	t.Setenv("DATELINE_CACHE_SECRET", "second")
	p.do("cache", "add", "webhook", h.URL).is(exitOK)
	eventually(t, "it is purged with the new secret", func() bool { one, ok := h.of(0); return ok && one.All && one.secret == "Bearer second" })
	eventually(t, "pages may be kept", func() bool { return s.read("/").header.Get("Cdn-Cache-Control") != "" })
	s.stop()

	r, err = openRoom(t.Context(), folder(p.dir), slog.New(slog.DiscardHandler))
	must(t, err)
	must(t, r.desk.SaveSetting(t.Context(), local, cachesSetting, "{"))
	must(t, r.Close())
	s = p.serve()
	s.read("/").is(200)
	p.do("cache", "list").is(exitFailed).says("cache add")
	p.do("cache", "add", "webhook", h.URL).is(exitOK)
	p.do("cache", "remove", name).is(exitOK)
}
