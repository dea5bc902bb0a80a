package weather

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/datelinehq/dateline/fetch"
)

// server stands for the provider's machine: it keeps what it was asked and gives the next answer.
type server struct {
	asked   []fetch.Question
	answers []fetch.Response
	err     error
}

func (s *server) Do(_ context.Context, q fetch.Question) (fetch.Response, error) {
	s.asked = append(s.asked, q)
	if s.err != nil {
		return fetch.Response{}, s.err
	}
	answer := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	if answer.Header == nil {
		answer.Header = http.Header{}
	}
	return answer, nil
}

func recorded(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func at(clock string) time.Time {
	t, err := time.Parse(time.DateTime, "2026-11-23 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

func known(i int) *int { return &i }

func TestOpenMeteo(t *testing.T) {
	tests := map[string]struct {
		want Weather
		err  error
	}{
		"05:59:59": {want: Weather{17, Fog, at("05:00:00"), known(81), known(3)}},
		"06:00:00": {want: Weather{19, PartlyCloudy, at("06:00:00"), known(74), known(6)}},
		"06:34:00": {want: Weather{19, PartlyCloudy, at("06:00:00"), known(74), known(6)}},
		"07:10:00": {err: ErrNoValue}, // the temperature is null
		"08:00:01": {want: Weather{20, Rain, at("08:00:00"), nil, nil}},
		"09:00:00": {err: ErrNoValue}, // a code that is none
		"04:59:59": {err: ErrNoValue},
		"10:00:00": {err: ErrNoValue},
	}
	for clock, test := range tests {
		s := &server{answers: []fetch.Response{{Status: 200, Body: recorded(t, "openmeteo.json")}}}
		got, err := (&OpenMeteo{Client: s}).Now(t.Context(), 28.61, 77.21, at(clock))
		if !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
			t.Errorf("%s: %v, want %v", clock, err, test.err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", clock, diff)
		}
	}
}

func TestOpenMeteoIsAskedInItsTerms(t *testing.T) {
	s := &server{answers: []fetch.Response{{Status: 200, Body: recorded(t, "openmeteo.json")}}}
	p := &OpenMeteo{Client: s, Base: "https://weather.example/v1/forecast", Key: "k&1"}
	if _, err := p.Now(t.Context(), 28.613945, -77.2, at("06:00:00")); err != nil {
		t.Fatal(err)
	}
	asked := s.asked[0].URL
	for _, part := range []string{"https://weather.example/v1/forecast?", "latitude=28.6139&", "longitude=-77.2&", "timezone=GMT", "apikey=k%261", "weather_code"} {
		if !strings.Contains(asked, part) {
			t.Errorf("%q is not in %s", part, asked)
		}
	}
}

func TestProvidersRefuseBadAnswers(t *testing.T) {
	answers := map[string]fetch.Response{
		"an error":     {Status: 400, Body: []byte(`{"error":true,"reason":"Latitude must be in range"}`)},
		"HTML":         {Status: 200, Body: []byte("<html>")},
		"nothing":      {Status: 200},
		"no rows":      {Status: 200, Body: []byte("{}")},
		"wrong types":  {Status: 200, Body: []byte(`{"hourly":{"time":[1]},"properties":{"timeseries":{}}}`)},
		"bad gateway":  {Status: 502, Body: []byte("<html>")},
		"forbidden":    {Status: 403},
		"too many":     {Status: 429},
		"fahrenheit":   {Status: 200, Body: []byte(`{"hourly_units":{"temperature_2m":"°F"},"properties":{"meta":{"units":{"air_temperature":"fahrenheit"}}}}`)},
		"too hot":      {Status: 200, Body: []byte(`{"hourly":{"time":["2026-11-23T06:00"],"temperature_2m":[650],"weather_code":[0]},"properties":{"timeseries":[{"time":"2026-11-23T06:00:00Z","data":{"instant":{"details":{"air_temperature":650}},"next_1_hours":{"summary":{"symbol_code":"fair_day"}}}}]}}`)},
		"no such hour": {Status: 200, Body: []byte(`{"hourly":{"time":["noon"]},"properties":{"timeseries":[{"time":"noon"}]}}`)},
	}
	for name, answer := range answers {
		for _, p := range []Provider{&OpenMeteo{Client: &server{answers: []fetch.Response{answer}}}, &METNorway{Client: &server{answers: []fetch.Response{answer}}}} {
			if got, err := p.Now(t.Context(), 1, 2, at("06:00:00")); err == nil || got != (Weather{}) {
				t.Errorf("%s, %s: %+v, %v", p.Name(), name, got, err)
			}
		}
	}
	down := errors.New("no route")
	for _, p := range []Provider{&OpenMeteo{Client: &server{err: down}}, &METNorway{Client: &server{err: down}}} {
		if _, err := p.Now(t.Context(), 1, 2, at("06:00:00")); !errors.Is(err, down) {
			t.Errorf("%s: %v", p.Name(), err)
		}
	}
}

func TestMETNorway(t *testing.T) {
	tests := map[string]struct {
		want Weather
		err  error
	}{
		"06:20:00": {want: Weather{-1, Sleet, at("06:00:00"), known(88), known(16)}},
		"07:00:00": {want: Weather{1, Thunder, at("07:00:00"), known(84), known(7)}},
		"08:00:00": {want: Weather{2, PartlyCloudy, at("08:00:00"), known(80), nil}},
		"09:00:00": {err: ErrNoValue}, // a symbol that is none
		"10:00:00": {err: ErrNoValue},
		"12:00:00": {err: ErrNoValue}, // no symbol
		"05:00:00": {err: ErrNoValue},
	}
	for clock, test := range tests {
		s := &server{answers: []fetch.Response{{Status: 200, Body: recorded(t, "metnorway.json")}}}
		got, err := (&METNorway{Client: s}).Now(t.Context(), 60.39, 5.32, at(clock))
		if !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
			t.Errorf("%s: %v, want %v", clock, err, test.err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", clock, diff)
		}
	}
}

func TestMETNorwayObeysExpires(t *testing.T) {
	headers := func(expires string) http.Header {
		return http.Header{"Expires": {at(expires).Format(http.TimeFormat)}, "Last-Modified": {"Mon, 23 Nov 2026 05:41:10 GMT"}}
	}
	s := &server{answers: []fetch.Response{
		{Status: 200, Body: recorded(t, "metnorway.json"), Header: headers("06:30:00")},
		{Status: http.StatusNotModified, Header: headers("08:30:00")},
		{Status: 200, Body: []byte(`{}`), Header: headers("09:00:00")},
	}}
	m := &METNorway{Client: s}
	for _, step := range []struct {
		clock string
		asked int
		want  Condition
	}{{"06:00:00", 1, Sleet}, {"06:29:59", 1, Sleet}, {"06:30:00", 2, Sleet}, {"07:59:00", 2, Thunder}, {"08:29:00", 2, PartlyCloudy}, {"08:30:00", 3, ""}} {
		got, _ := m.Now(t.Context(), 60.391263, 5.322054, at(step.clock))
		if len(s.asked) != step.asked || got.Code != step.want {
			t.Errorf("%s: asked %d times, %q; want %d, %q", step.clock, len(s.asked), got.Code, step.asked, step.want)
		}
	}
	if q := s.asked[0]; q.IfModifiedSince != "" || !strings.HasSuffix(q.URL, "?lat=60.3913&lon=5.3221") {
		t.Errorf("first: %+v", q)
	}
	if got := s.asked[1].IfModifiedSince; got != "Mon, 23 Nov 2026 05:41:10 GMT" {
		t.Errorf("second: If-Modified-Since %q", got)
	}
	// Another place has another forecast.
	if _, err := m.Now(t.Context(), 59.9, 10.7, at("08:31:00")); len(s.asked) != 4 || s.asked[3].IfModifiedSince != "" {
		t.Errorf("another place: asked %d times, %v", len(s.asked), err)
	}
}

func TestExpiryIsBounded(t *testing.T) {
	now := at("06:00:00")
	for value, want := range map[string]time.Duration{
		"": 30 * time.Minute, "0": 30 * time.Minute, "Fri, 01 Jan 2038 00:00:00 GMT": 24 * time.Hour, "Mon, 23 Nov 2026 06:20:00 GMT": 20 * time.Minute,
	} {
		if got := expiry(http.Header{"Expires": {value}}, now).Sub(now); got != want {
			t.Errorf("%q: %s, want %s", value, got, want)
		}
	}
}

func TestConditionsAreClosed(t *testing.T) {
	all := map[Condition]bool{}
	for _, c := range Conditions() {
		if all[c] {
			t.Errorf("%s is listed twice", c)
		}
		all[c] = true
	}
	reached := map[Condition]bool{}
	for code := range 100 {
		if c, ok := conditionOfWMO(code); ok {
			reached[c] = true
		}
	}
	sky := []string{"clearsky", "fair", "partlycloudy", "cloudy", "fog"}
	for _, wet := range []string{"rain", "sleet", "snow"} {
		for _, force := range []string{"light", "", "heavy"} {
			for _, kind := range []string{"", "showers"} {
				for _, thunder := range []string{"", "andthunder"} {
					sky = append(sky, force+wet+kind+thunder)
				}
			}
		}
	}
	for _, symbol := range sky {
		for _, ending := range []string{"", "_day", "_night", "_polartwilight"} {
			c, ok := conditionOfSymbol(symbol + ending)
			if !ok {
				t.Errorf("%s is not known", symbol+ending)
			}
			reached[c] = true
		}
	}
	if diff := cmp.Diff(all, reached); diff != "" {
		t.Errorf("listed and reached differ: %s", diff)
	}
	for _, symbol := range []string{"", "_day", "showers", "sunny"} {
		if c, ok := conditionOfSymbol(symbol); ok {
			t.Errorf("%q became %s", symbol, c)
		}
	}
}

func TestDegreesHaveFourDecimals(t *testing.T) {
	for d, want := range map[float64]string{0: "0", -0.00001: "0", 28.613945: "28.6139", 5.5: "5.5", -180: "-180", 100: "100"} {
		if got := degrees(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
