package site

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/weather"
)

func checkProof(p proofEntry, c record.Checkpoint) error {
	h, err := record.ParseHeader([]byte(p.Header))
	if err != nil {
		return err
	}
	salt, err := hex.DecodeString(p.Salt)
	if err != nil {
		return err
	}
	commitment, err := hex.DecodeString(p.Commitment)
	if err != nil {
		return err
	}
	e := record.Entry{Header: h, Body: []byte(p.Body), Salt: salt, Commitment: [32]byte(commitment)}
	var hashes []record.Hash
	for _, s := range p.Proof {
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return err
		}
		hashes = append(hashes, record.Hash(b))
	}
	return record.CheckProof(hashes, c, e)
}

// everyPage are addresses of every kind of page of the paper.
func (d *paperDesk) everyPage(id dateline.ID) []string {
	at := d.editions[id].Address
	return []string{"/", "/coast/", "/topics/ferries", "/people/ada-menon", "/archive", "/2026/", "/2026/06/", "/2026/06/30/", "/search?q=ferry", "/corrections",
		at, at + "/history", at + "/history/1", at + "/proof", "/rss.xml", "/atom.xml", "/coast/rss.xml", "/sitemap.xml", "/sitemaps/2026-06.xml", "/sitemap-news.xml",
		"/robots.txt", "/favicon.ico", "/record/checkpoint", "/nothing", "/coast"}
}

func TestHeaders(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", func(e *record.Edition) { e.Pictures = []dateline.ID{d.picture} })
	d.sign()
	d.pass(time.Hour)
	for _, a := range d.everyPage(id) {
		h := d.get(a).Header()
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %v", a, h)
		}
		if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") || h.Get("Set-Cookie") != "" {
			t.Errorf("%s: %v", a, h)
		}
		wantCache, wantModified := "no-cache", strings.HasSuffix(a, ".xml")
		if strings.HasPrefix(a, "/search") {
			wantCache = "no-store"
		}
		if h.Get("Cache-Control") != wantCache || (h.Get("Last-Modified") != "") != wantModified {
			t.Errorf("%s: Cache-Control %q, Last-Modified %q", a, h.Get("Cache-Control"), h.Get("Last-Modified"))
		}
		if (h.Get("Etag") == "") != (wantCache == "no-store") || h.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: Etag %q, Vary %q", a, h.Get("Etag"), h.Get("Vary"))
		}
	}
	if h := d.get("/pictures/" + d.pictureHash + "-320.jpg").Header(); h.Get("Cache-Control") != "private, max-age=31536000, immutable" || h.Get("Content-Type") != "image/jpeg" {
		t.Errorf("picture: %v", h)
	}
	for a := range d.site.assets {
		if h := d.get(a).Header(); a != "/favicon.ico" && h.Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%s: %v", a, h)
		}
	}
	if h := d.get("/record/tile/0/000.p/3").Header(); h.Get("Cache-Control") != "public, max-age=31536000, immutable" {
		t.Errorf("tile: %v", h)
	}
}

func TestInlineStylesAreAllowedByTheirHash(t *testing.T) {
	d := newPaper(t)
	for _, source := range d.site.conf.Renderer.StyleSources() {
		if !strings.Contains(d.site.policy, source) {
			t.Errorf("the policy lacks %s", source)
		}
	}
}

func TestEncodingsConditionsAndHEAD(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	d.sign()
	for _, a := range d.everyPage(id) {
		plain := d.get(a)
		tags := map[string]bool{}
		for _, enc := range []string{"", "gzip", "br", "gzip, br", "identity;q=0, gzip"} {
			w := d.get(a, "Accept-Encoding", enc)
			if got := decoded(t, w); !bytes.Equal(got, plain.Body.Bytes()) {
				t.Errorf("%s in %q is another page", a, enc)
			}
			tags[w.Header().Get("Etag")] = true
			head := d.do("HEAD", a, "Accept-Encoding", enc)
			if head.Code != w.Code || head.Body.Len() != 0 || head.Header().Get("Content-Length") != fmt.Sprint(w.Body.Len()) || head.Header().Get("Etag") != w.Header().Get("Etag") {
				t.Errorf("HEAD %s in %q: %d, %v", a, enc, head.Code, head.Header())
			}
			if w.Code != 200 || w.Header().Get("Etag") == "" {
				continue
			}
			again := d.get(a, "Accept-Encoding", enc, "If-None-Match", `"x", W/`+w.Header().Get("Etag"))
			if again.Code != 304 || again.Body.Len() != 0 || again.Header().Get("Vary") != "Accept-Encoding" || again.Header().Get("Cache-Control") != "no-cache" ||
				again.Header().Get("Etag") != w.Header().Get("Etag") {
				t.Errorf("%s in %q with its tag: %d, %v", a, enc, again.Code, again.Header())
			}
		}
		if plain.Code == 200 && plain.Header().Get("Etag") != "" && len(tags) != 3 {
			t.Errorf("%s has the tags %v", a, tags)
		}
	}
	d.change(id, dateline.ChangeUpdate, "It sails.", nil)
	old := d.get("/", "If-None-Match", `"stale"`)
	if old.Code != 200 {
		t.Errorf("an old tag answers %d", old.Code)
	}
}

func TestLastModifiedIsLeftOutWhileItCouldLie(t *testing.T) {
	d := newPaper(t)
	d.publish("ferry", "Ferry stops again", nil)
	if h := d.get("/rss.xml").Header(); h.Get("Last-Modified") != "" {
		t.Errorf("Last-Modified %q within two seconds of an act", h.Get("Last-Modified"))
	}
	d.pass(5 * time.Second)
	modified := d.get("/rss.xml").Header().Get("Last-Modified")
	if modified != "Tue, 30 Jun 2026 08:36:00 GMT" {
		t.Errorf("Last-Modified %q", modified)
	}
	if w := d.get("/rss.xml", "If-Modified-Since", modified); w.Code != 304 {
		t.Errorf("If-Modified-Since answers %d", w.Code)
	}
	d.publish("next", "Another ferry", nil)
	d.pass(5 * time.Second)
	if w := d.get("/rss.xml", "If-Modified-Since", modified); w.Code != 200 {
		t.Errorf("If-Modified-Since after an act answers %d", w.Code)
	}
}

func TestOtherMethods(t *testing.T) {
	d := newPaper(t)
	for _, m := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"} {
		if w := d.do(m, "/"); w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s answers %d, Allow %q", m, w.Code, w.Header().Get("Allow"))
		}
	}
}

// No header that a reader sends can change what anybody gets, and none of it comes back.
func TestNoHeaderChangesAPage(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	d.sign()
	const canary = "canary-7f3a"
	names := []string{"Cookie", "Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override",
		"X-Method-Override", "Forwarded", "Authorization", "Accept", "Accept-Language", "Accept-Charset", "User-Agent", "Referer", "Origin", "Range", "If-Range",
		"If-Match", "If-Unmodified-Since", "Cache-Control", "Pragma", "Via", "X-Host", "X-Forwarded-Scheme", "X-Forwarded-Prefix", "X-Ghost-Preview", "Next-Url",
		"Sec-Fetch-Mode", "Save-Data", "DNT", "TE", "Upgrade", "Connection", "Content-Type", "Content-Length", "Transfer-Encoding", "Expect", "X-Anything"}
	for _, a := range d.everyPage(id) {
		clean := d.get(a)
		for _, name := range names {
			w := d.get(a, name, canary+"=1; bytes=0-10")
			if w.Code != clean.Code || w.Body.String() != clean.Body.String() || fmt.Sprint(w.Header()) != fmt.Sprint(clean.Header()) {
				t.Errorf("%s: %s changes the answer", a, name)
			}
		}
		r := httptest.NewRequest("GET", "http://"+canary+".example"+a, nil)
		r.RemoteAddr = "203.0.113.9:1"
		w := httptest.NewRecorder()
		d.site.ServeHTTP(w, r)
		if w.Body.String() != clean.Body.String() || strings.Contains(w.Body.String(), canary) {
			t.Errorf("%s: the host changes the answer", a)
		}
	}
}

func TestTheFurnitureTurns(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	at := d.editions[id].Address
	d.want(at, 200, "30 June 2026", "!°C")
	d.setWeather(true, weather.Weather{Temperature: 29, Code: weather.LightRain, Hour: d.now().Truncate(time.Hour)})
	d.want(at, 200, "29 °C", "light rain")
	d.want("/", 200, "29 °C")
	d.setWeather(false, weather.Weather{})
	d.want(at, 200, "!°C")
	d.set(time.Date(2026, 6, 30, 18, 29, 59, 0, time.UTC)) // a second before midnight in Kolkata
	d.want(at, 200, "Tuesday", "!Wednesday")
	d.want("/sitemap-news.xml", 200, string(id))
	d.pass(time.Second)
	d.want(at, 200, "Wednesday")
	d.pass(24 * time.Hour)
	d.want("/sitemap-news.xml", 200, "!"+string(id))
}

func TestHomeArrangesItself(t *testing.T) {
	d := newPaper(t)
	var ids []dateline.ID
	for i := range 14 {
		id, _ := d.publish(fmt.Sprintf("s%d", i), fmt.Sprintf("Story number %d", i), func(e *record.Edition) {
			if i == 5 {
				e.Lead, e.Pictures = &dateline.Lead{Picture: d.picture, Alt: "A quay"}, []dateline.ID{d.picture}
			}
			if i%2 == 0 {
				e.Section = d.markets
			}
		})
		ids = append(ids, id)
	}
	d.change(ids[0], dateline.ChangeCorrection, "It was wrong.", nil)
	body := d.want("/", 200, "Story number 5", "Correction")
	if lead := strings.Index(body, mark(ids[5], 1)); lead < 0 || lead > strings.Index(body, mark(ids[13], 1)) {
		t.Error("the newest article with a picture does not lead")
	}
	for i, id := range ids {
		if n := strings.Count(body, mark(id, 1)); n > 2 {
			t.Errorf("story %d stands %d times on home", i, n)
		}
	}
}

func TestErasedPersons(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	d.want("/people/ada-menon", 200)
	var entry int64
	for _, e := range d.log {
		if e.Subject == d.menon {
			entry = e.Sequence
		}
	}
	d.log[entry-1].Body, d.log[entry-1].Salt = nil, nil
	d.append(d.menon, &record.Redaction{Entries: []int64{entry}, Hashes: []string{record.AddressHash("/people/ada-menon")}})
	d.want(d.editions[id].Address, 200, "!Ada Menon")
	d.want("/rss.xml", 200, "!Ada Menon")
	w := d.get("/people/ada-menon")
	if w.Code != 410 || strings.Contains(w.Body.String(), "Ada Menon") {
		t.Errorf("an erased person's page answers %d", w.Code)
	}
}

// FuzzServe: whatever is asked for, there is an answer; none leads to another host, and none is a fault of ours.
func FuzzServe(f *testing.F) {
	for _, s := range [][2]string{{"/", ""}, {"//", ""}, {"//evil.example/2026", ""}, {"/\\evil.example", "x"}, {"/coast", "before=1"}, {"/2026/02/30/", ""}, {"/?", "?"},
		{"/coast/2026/06/30/ferry/history/2", "with=1"}, {"/search", "q=%22a+b&from=x&to=9999-12-31&by=date&topic=../x"}, {"/sitemaps/9999-12-9.xml", ""},
		{"/pictures/" + strings.Repeat("ab", 32) + "-800.jpg", ""}, {"/record/tile/0/x999/999", ""}, {"/topics/\x00", ""}, {"/topics/\xff", ""}, {"/%2e%2e/", ""}, {"/e\u0301", ""}} {
		f.Add(s[0], s[1])
	}
	d := newPaper(f)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	d.change(id, dateline.ChangeUpdate, "It sails.", nil)
	d.append(id, &record.Redirect{From: "/old.php?id=1"})
	d.sign()
	f.Fuzz(func(t *testing.T, path, raw string) {
		req := &press.Request{Method: "GET", Path: path, Escaped: escapeAddress(path), RawQuery: raw}
		query(raw, &req.Query)
		r := d.site.Serve(context.Background(), req)
		switch r.Status {
		case 200, 400, 404:
		case 301:
			if to := r.Header("Location"); !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n ") {
				t.Errorf("%q?%q leads to %q", path, raw, to)
			}
		default:
			t.Errorf("%q?%q answers %d: %v", path, raw, r.Status, d.failures())
		}
	})
}

func decoded(t *testing.T, w *httptest.ResponseRecorder) []byte {
	t.Helper()
	var in io.Reader = bytes.NewReader(w.Body.Bytes())
	switch w.Header().Get("Content-Encoding") {
	case "gzip":
		z, err := gzip.NewReader(in)
		if err != nil {
			t.Fatal(err)
		}
		in = z
	case "br":
		in = brotli.NewReader(in)
	}
	b, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
