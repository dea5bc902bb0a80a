package weather

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/datelinehq/dateline/fetch"
)

// OpenMeteo asks a service of Open-Meteo's shape (its documentation, "Weather Forecast API"): columns of hourly values and
// WMO weather codes. Without a key its public host is free for non-commercial use only.
type OpenMeteo struct {
	// Client asks; it is required.
	Client Getter
	// Base is the address of the forecast, without a query; empty means the public host.
	Base string
	// Key is a customer's key; empty sends none.
	Key string
}

var _ Forecaster = (*OpenMeteo)(nil)

const openMeteoBase = "https://api.open-meteo.com/v1/forecast"

// openMeteoTime is ISO 8601 without seconds and zone, which is UTC because the request asks for it.
const openMeteoTime = "2006-01-02T15:04"

// openMeteoAnswer holds what is used of an answer.
type openMeteoAnswer struct {
	Error     bool   `json:"error"`
	Reason    string `json:"reason"`
	UTCOffset int    `json:"utc_offset_seconds"`
	Units     struct {
		Temperature string `json:"temperature_2m"`
		Wind        string `json:"wind_speed_10m"`
	} `json:"hourly_units"`
	Hourly struct {
		Time        []string `json:"time"`
		Temperature []number `json:"temperature_2m"`
		Humidity    []number `json:"relative_humidity_2m"`
		Wind        []number `json:"wind_speed_10m"`
		Code        []number `json:"weather_code"`
	} `json:"hourly"`
}

// Name implements Provider.
func (*OpenMeteo) Name() string { return "Open-Meteo" }

// Now implements Provider.
func (o *OpenMeteo) Now(ctx context.Context, lat, lon float64, at time.Time) (Weather, error) {
	answer, err := o.ask(ctx, lat, lon, 2)
	if err != nil {
		return Weather{}, err
	}
	return answer.at(at)
}

// Hours implements Forecaster.
func (o *OpenMeteo) Hours(ctx context.Context, lat, lon float64, hours []time.Time) ([]Weather, error) {
	answer, err := o.ask(ctx, lat, lon, 5)
	if err != nil {
		return nil, err
	}
	return pick(hours, answer.at)
}

// ask asks for the hours of so many days, today's first.
func (o *OpenMeteo) ask(ctx context.Context, lat, lon float64, days int) (*openMeteoAnswer, error) {
	resp, err := o.Client.Do(ctx, fetch.Question{URL: o.address(lat, lon, days), Accept: "application/json", Limits: fetch.Limits{Bytes: maxAnswer}})
	if err != nil {
		return nil, fmt.Errorf("Open-Meteo: %w", err)
	}
	answer := &openMeteoAnswer{}
	if err := decode(o.Name(), resp.Body, answer); err != nil && resp.Status == http.StatusOK {
		return nil, err
	}
	if resp.Status != http.StatusOK || answer.Error {
		return nil, fmt.Errorf("Open-Meteo answered with status %d: %.200q; check the settings of the weather", resp.Status, answer.Reason)
	}
	return answer, nil
}

func (o *OpenMeteo) address(lat, lon float64, days int) string {
	base := o.Base
	if base == "" {
		base = openMeteoBase
	}
	query := url.Values{
		"latitude": {degrees(lat)}, "longitude": {degrees(lon)}, "timezone": {"GMT"}, "past_days": {"1"}, "forecast_days": {strconv.Itoa(days)},
		"hourly":           {"temperature_2m,relative_humidity_2m,weather_code,wind_speed_10m"},
		"temperature_unit": {"celsius"}, "wind_speed_unit": {"kmh"},
	}
	if o.Key != "" {
		query.Set("apikey", o.Key)
	}
	return base + "?" + query.Encode()
}

// degrees writes a coordinate with at most four decimals, about eleven metres.
func degrees(d float64) string {
	s := strconv.FormatFloat(d, 'f', 4, 64)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	if s == "-0" {
		return "0"
	}
	return s
}

// at picks the row of an hour.
func (a *openMeteoAnswer) at(at time.Time) (Weather, error) {
	if u := a.Units.Temperature; u != "" && u != "°C" {
		return Weather{}, fmt.Errorf("Open-Meteo: the temperature is in %q, not in degrees Celsius", u)
	}
	for i, text := range a.Hourly.Time {
		hour, err := time.Parse(openMeteoTime, text)
		if err != nil {
			return Weather{}, fmt.Errorf("Open-Meteo: the hour %.40q is no time", text)
		}
		if hour = hour.Add(-time.Duration(a.UTCOffset) * time.Second); hour.Equal(hourOf(at)) {
			return a.row(i, hour)
		}
	}
	return Weather{}, fmt.Errorf("Open-Meteo: %w", ErrNoValue)
}

func (a *openMeteoAnswer) row(i int, hour time.Time) (Weather, error) {
	temperature := whole(cell(a.Hourly.Temperature, i), coldest, hottest)
	code := cell(a.Hourly.Code, i)
	if temperature == nil || code == nil {
		return Weather{}, fmt.Errorf("Open-Meteo: %w", ErrNoValue)
	}
	condition, ok := conditionOfWMO(int(*code))
	if !ok {
		return Weather{}, fmt.Errorf("Open-Meteo: %w (weather code %v is not known)", ErrNoValue, *code)
	}
	w := Weather{Temperature: *temperature, Code: condition, Hour: hour, Humidity: whole(cell(a.Hourly.Humidity, i), 0, 100)}
	if a.Units.Wind == "km/h" {
		w.Wind = whole(cell(a.Hourly.Wind, i), 0, strongest)
	}
	return w, nil
}

// cell is the value of a row, or nil where the column is shorter.
func cell(column []number, i int) number {
	if i < len(column) {
		return column[i]
	}
	return nil
}

// conditionOfWMO maps the codes of WMO table 4677 that Open-Meteo uses.
func conditionOfWMO(code int) (Condition, bool) {
	switch code {
	case 0, 1:
		return Clear, true
	case 2:
		return PartlyCloudy, true
	case 3:
		return Cloudy, true
	case 45, 48:
		return Fog, true
	case 51, 53, 55:
		return Drizzle, true
	case 56, 57, 66, 67:
		return FreezingRain, true
	case 61, 80:
		return LightRain, true
	case 63, 81:
		return Rain, true
	case 65, 82:
		return HeavyRain, true
	case 71, 77, 85:
		return LightSnow, true
	case 73:
		return Snow, true
	case 75, 86:
		return HeavySnow, true
	case 95:
		return Thunder, true
	case 96, 99:
		return Hail, true
	}
	return "", false
}
