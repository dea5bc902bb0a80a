package site

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/weather"
)

// skies is a paper's weather with further cities.
type skies struct {
	*paperDesk
	cities []City
}

func (s *skies) Forecast(at time.Time) []weather.Weather {
	return []weather.Weather{{Temperature: 24, Code: weather.Rain, Hour: at.Truncate(time.Hour).Add(3 * time.Hour)}}
}
func (s *skies) Cities(time.Time) []City { return s.cities }
func (s *skies) Choice() bool            { return len(s.cities) > 0 }

func TestAReaderChoosesTheStripsCity(t *testing.T) {
	d := newPaper(t)
	film, _ := d.publish("film", "The film", func(e *record.Edition) {
		e.Body = json.RawMessage(`{"type":"doc","content":[{"type":"embed","attrs":{"provider":"youtube","url":"https://youtu.be/a"}}]}`)
	})
	plain := d.want("/", 200, "!/forecast", "!<script defer")
	d.want("/forecast", 404)
	sky := &skies{paperDesk: d, cities: []City{{Slug: "mora", Names: dateline.Names{"en": "Mora", "hi": "मोरा"}, Now: &weather.Weather{Temperature: -3, Code: weather.Snow, Hour: d.now().Truncate(time.Hour)},
		Ahead: []weather.Weather{{Temperature: 5, Code: weather.Clear, Hour: d.now().Truncate(time.Hour).Add(30 * time.Hour)}}}, {Slug: "far", Names: dateline.Names{"en": "Far"}}}}
	d.site.conf.Weather = sky
	w := d.get("/")
	home := d.want("/", 200, `<span id="sky" data-at="/forecast/en/">`, `href="/forecast"`, `<script defer src="/assets/script/reader.`, "!Mora")
	if p := w.Header().Get("Content-Security-Policy"); !strings.Contains(p, "script-src 'sha256-") || home == plain {
		t.Errorf("the page's script is allowed by %q", p)
	}
	p := d.get(d.editions[film].Address).Header().Get("Content-Security-Policy")
	if strings.Count(p, "script-src") != 1 || !strings.Contains(p, "script-src 'sha256-") || !strings.Contains(p, "; frame-src https://www.youtube-nocookie.com") {
		t.Errorf("an article with an embed has the policy %q", p)
	}
	d.want("/forecast", 200, "Mora", "−3 °C, snow", `data-city="mora"`, `data-city=""`, "5 °C", "24 °C", "The weather is not known at the moment.", `<button class="choose" type="button" hidden`, "noindex")
	city := d.want("/forecast/en/mora", 200, `href="/forecast"`, "Mora", "−3 °C, snow", "!<html")
	if again := d.want("/forecast/en/mora", 200); again != city || len(city) > 200 {
		t.Errorf("a city's part of the strip is %q and then %q", city, again)
	}
	d.want("/forecast/hi/mora", 200, "मोरा")
	d.want("/forecast/en/nowhere", 404)
	d.want("/forecast/xx/mora", 404)
	sky.cities = nil
	d.want("/forecast/en/mora", 404)
	if d.want("/", 200) != plain {
		t.Error("without cities home is not what it was")
	}
}
