package weather

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/datelinehq/dateline/fetch"
)

// METNorway asks a service of the shape of MET Norway's Locationforecast 2.0, "compact". As its terms ask, it does not ask
// again before the answer's Expires, then asks with If-Modified-Since, and the client's User-Agent identifies the
// newsroom. It is safe for concurrent use and must not be copied.
type METNorway struct {
	// Client asks; it is required.
	Client Getter
	// Base is the address of the forecast, without a query; empty means the public host.
	Base string

	mu   sync.Mutex
	last metForecast
}

var _ Forecaster = (*METNorway)(nil)

const metBase = "https://api.met.no/weatherapi/locationforecast/2.0/compact"

// metForecast is an answer with what its headers said about it.
type metForecast struct {
	address  string
	modified string
	expires  time.Time
	series   []metHour
}

// metHour is one element of properties.timeseries.
type metHour struct {
	Time time.Time `json:"time"`
	Data struct {
		Instant struct {
			Details struct {
				Temperature number `json:"air_temperature"`
				Humidity    number `json:"relative_humidity"`
				Wind        number `json:"wind_speed"`
			} `json:"details"`
		} `json:"instant"`
		Next1 *metPeriod `json:"next_1_hours"`
		Next6 *metPeriod `json:"next_6_hours"`
	} `json:"data"`
}

type metPeriod struct {
	Summary struct {
		Symbol string `json:"symbol_code"`
	} `json:"summary"`
}

type metAnswer struct {
	Properties struct {
		Meta struct {
			Units struct {
				Temperature string `json:"air_temperature"`
				Wind        string `json:"wind_speed"`
			} `json:"units"`
		} `json:"meta"`
		Series []metHour `json:"timeseries"`
	} `json:"properties"`
}

// Name implements Provider.
func (*METNorway) Name() string { return "MET Norway" }

// Now implements Provider.
func (m *METNorway) Now(ctx context.Context, lat, lon float64, at time.Time) (Weather, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.renew(ctx, lat, lon, at); err != nil {
		return Weather{}, err
	}
	return m.last.at(at)
}

// Hours implements Forecaster.
func (m *METNorway) Hours(ctx context.Context, lat, lon float64, hours []time.Time) ([]Weather, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.renew(ctx, lat, lon, time.Now()); err != nil {
		return nil, err
	}
	return pick(hours, m.last.at)
}

// renew asks anew where the last answer is of another place or has expired. The caller holds the lock.
func (m *METNorway) renew(ctx context.Context, lat, lon float64, at time.Time) error {
	base := m.Base
	if base == "" {
		base = metBase
	}
	address := base + "?" + url.Values{"lat": {degrees(lat)}, "lon": {degrees(lon)}}.Encode()
	if m.last.address != address {
		m.last = metForecast{address: address}
	}
	if at.Before(m.last.expires) {
		return nil
	}
	return m.refresh(ctx, at)
}

// refresh asks for the forecast, or whether the last one still holds. The caller holds the lock.
func (m *METNorway) refresh(ctx context.Context, at time.Time) error {
	resp, err := m.Client.Do(ctx, fetch.Question{URL: m.last.address, Accept: "application/json",
		IfModifiedSince: m.last.modified, Limits: fetch.Limits{Bytes: maxAnswer}})
	if err != nil {
		return fmt.Errorf("MET Norway: %w", err)
	}
	switch resp.Status {
	case http.StatusNotModified:
	case http.StatusOK, http.StatusNonAuthoritativeInfo: // 203 marks a version that will be withdrawn
		var answer metAnswer
		if err := decode(m.Name(), resp.Body, &answer); err != nil {
			return err
		}
		if u := answer.Properties.Meta.Units; u.Temperature != "" && u.Temperature != "celsius" || u.Wind != "" && u.Wind != "m/s" {
			return fmt.Errorf("MET Norway: the units are %q and %q, not celsius and m/s", u.Temperature, u.Wind)
		}
		m.last.series, m.last.modified = answer.Properties.Series, resp.Header.Get("Last-Modified")
	case http.StatusForbidden:
		return fmt.Errorf("MET Norway refuses this newsroom (status 403); check that the User-Agent names a way to reach you")
	case http.StatusTooManyRequests:
		return fmt.Errorf("MET Norway asks for fewer requests (status 429)")
	default:
		return fmt.Errorf("MET Norway answered with status %d", resp.Status)
	}
	m.last.expires = expiry(resp.Header, at)
	return nil
}

// expiry reads the Expires header; an answer without one is kept for half an hour, and none longer than a day.
func expiry(h http.Header, at time.Time) time.Time {
	expires, err := http.ParseTime(h.Get("Expires"))
	if err != nil {
		return at.Add(30 * time.Minute)
	}
	if latest := at.Add(24 * time.Hour); expires.After(latest) {
		return latest
	}
	return expires
}

// at picks the row of an hour. A forecast begins with the current hour and gets coarser towards its end.
func (f *metForecast) at(at time.Time) (Weather, error) {
	for _, row := range f.series {
		if !row.Time.Equal(hourOf(at)) {
			continue
		}
		details := row.Data.Instant.Details
		temperature, symbol := whole(details.Temperature, coldest, hottest), row.symbol()
		condition, ok := conditionOfSymbol(symbol)
		if temperature == nil || !ok {
			return Weather{}, fmt.Errorf("MET Norway: %w (symbol %.60q)", ErrNoValue, symbol)
		}
		w := Weather{Temperature: *temperature, Code: condition, Hour: row.Time.UTC(), Humidity: whole(details.Humidity, 0, 100)}
		if details.Wind != nil {
			kmh := *details.Wind * kmhPerMetre
			w.Wind = whole(&kmh, 0, strongest)
		}
		return w, nil
	}
	return Weather{}, fmt.Errorf("MET Norway: %w", ErrNoValue)
}

// symbol is that of the coming hour, or of the coming six where that is all there is.
func (h metHour) symbol() string {
	for _, period := range []*metPeriod{h.Data.Next1, h.Data.Next6} {
		if period != nil && period.Summary.Symbol != "" {
			return period.Summary.Symbol
		}
	}
	return ""
}

// conditionOfSymbol maps a symbol_code, whose ending says whether it is day or night. Showers are as the rain they bring.
func conditionOfSymbol(symbol string) (Condition, bool) {
	name, _, _ := strings.Cut(symbol, "_")
	if strings.HasSuffix(name, "andthunder") {
		return Thunder, true
	}
	condition, ok := map[string]Condition{
		"clearsky": Clear, "fair": Clear, "partlycloudy": PartlyCloudy, "cloudy": Cloudy, "fog": Fog,
		"lightrain": LightRain, "rain": Rain, "heavyrain": HeavyRain,
		"lightsleet": Sleet, "sleet": Sleet, "heavysleet": Sleet,
		"lightsnow": LightSnow, "snow": Snow, "heavysnow": HeavySnow,
	}[strings.TrimSuffix(name, "showers")]
	return condition, ok
}
