package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datelinehq/dateline/purge"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/weather"
)

// TestFurnitureAtSharedCaches: a new weather value is purged from the pages that show it; lifetimes end before the date that a page
// shows is another, and a page that a failing shelf could not renew has none.
func TestFurnitureAtSharedCaches(t *testing.T) {
	var mu sync.Mutex
	var told []string
	answer := make(chan struct{}) // a purge is answered when something comes
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		select {
		case <-answer:
		case <-r.Context().Done():
		}
		mu.Lock()
		defer mu.Unlock()
		told = append(told, string(b))
	}))
	defer api.Close()
	caches := purge.New(purge.Config{UserAgent: "Dateline/test", Log: slog.New(slog.DiscardHandler), Again: []time.Duration{}})
	defer caches.Close()
	if err := caches.Set([]purge.Cache{{Form: purge.Webhook, URL: api.URL}}, 0); err != nil {
		t.Fatal(err)
	}
	fresh := func() {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		select {
		case answer <- struct{}{}:
		case <-ctx.Done():
			t.Fatal("nothing is purged")
		}
		for !caches.Fresh() {
			select {
			case <-ctx.Done():
				t.Fatal("the purge is not answered")
			case <-time.After(time.Millisecond):
			}
		}
	}
	fresh()

	d := newPaper(t)
	d.publish("line", "The line", nil)
	s := New(Config{Shelf: d, Renderer: render.New(render.Options{}), Weather: d, Now: d.now, Caches: caches})
	defer s.Close()
	get := func() http.Header {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if w.Code != 200 {
			t.Fatalf("home answers %d", w.Code)
		}
		return w.Header()
	}
	if h := get(); !strings.Contains(h.Get("Surrogate-Key"), purge.Tag(visitKey)) || h.Get("Surrogate-Control") == "" {
		t.Errorf("home has %v", h)
	}
	on := adapters(t, s)
	for _, enc := range []string{"gzip", "br"} {
		one, other := exchange(t, on[0], "GET", get1("GET", "/", "Accept-Encoding: "+enc)), exchange(t, on[1], "GET", get1("GET", "/", "Accept-Encoding: "+enc))
		if fmt.Sprint(one) != fmt.Sprint(other) || !strings.Contains(fmt.Sprint(other), "Surrogate-Key") {
			t.Errorf("home is answered\n net/http: %v\n fasthttp: %v", one, other)
		}
	}
	was := s.around()
	d.setWeather(true, weather.Weather{Temperature: 31, Code: weather.Conditions()[0], Hour: d.now()})
	if was = s.turned(was); caches.Fresh() {
		t.Error("new weather is not told")
	}
	fresh()
	mu.Lock()
	if last := told[len(told)-1]; !strings.Contains(last, purge.Tag(visitKey)) || strings.Contains(last, `"all":true`) || strings.Contains(last, `"hard":true`) {
		t.Errorf("new weather is told as %s", last)
	}
	mu.Unlock()
	if s.turned(was); !caches.Fresh() {
		t.Error("nothing has changed, and it is told")
	}

	get()
	d.setWeather(false, weather.Weather{})
	d.setFail(errors.New("the disk is gone"))
	if h := get(); h.Get("Surrogate-Control") != "" || h.Get("Cdn-Cache-Control") != "" {
		t.Errorf("an old page may be kept: %v", h)
	}
	d.setFail(nil)

	get()
	zone := s.memo.Load().pub.Zone
	now := d.now().In(zone)
	for before, want := range map[time.Duration]string{30 * time.Minute: "max-age=1798, stale-if-error=86400", 2 * time.Second: "", time.Millisecond: ""} {
		d.set(time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, zone).Add(-before))
		got := ""
		if lines := s.lifetime(press.VisitAll); lines != nil {
			got = lines[0].Values[0]
		}
		if got != want {
			t.Errorf("%s before midnight: %q, want %q", before, got, want)
		}
		if lines := s.lifetime(press.VisitNothing); lines == nil || lines[0].Values[0] != "max-age=86400, stale-if-error=86400" {
			t.Errorf("%s before midnight what shows no date has %v", before, lines)
		}
	}
}
