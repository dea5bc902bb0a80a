// Package weather knows the weather of a newsroom's city for the strip above every page, or knows that it does not: a value
// that is missing, late or older than three hours is no value. The words for it stand in the pages' catalogues.
package weather

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/datelinehq/dateline/fetch"
)

// Condition is one of a closed set of states of the sky; as a string it is the key of its word in the catalogues.
type Condition string

// The conditions.
const (
	Clear        Condition = "clear"
	PartlyCloudy Condition = "partly-cloudy"
	Cloudy       Condition = "cloudy"
	Fog          Condition = "fog"
	Drizzle      Condition = "drizzle"
	LightRain    Condition = "light-rain"
	Rain         Condition = "rain"
	HeavyRain    Condition = "heavy-rain"
	FreezingRain Condition = "freezing-rain"
	Sleet        Condition = "sleet"
	LightSnow    Condition = "light-snow"
	Snow         Condition = "snow"
	HeavySnow    Condition = "heavy-snow"
	Hail         Condition = "hail"
	Thunder      Condition = "thunder"
)

// Conditions returns every condition there is, for a catalogue to be checked against.
func Conditions() []Condition {
	return []Condition{Clear, PartlyCloudy, Cloudy, Fog, Drizzle, LightRain, Rain, HeavyRain, FreezingRain, Sleet,
		LightSnow, Snow, HeavySnow, Hail, Thunder}
}

// Weather is what is known of one hour.
type Weather struct {
	// Temperature is in whole degrees Celsius.
	Temperature int
	// Code is the state of the sky.
	Code Condition
	// Hour is the instant, in UTC, that the values are for.
	Hour time.Time
	// Humidity is the relative humidity in percent, 0 to 100; nil where it is not known.
	Humidity *int
	// Wind is the wind's mean speed in kilometres per hour; nil where it is not known.
	Wind *int
}

// Equal reports whether two values say the same.
func (w Weather) Equal(other Weather) bool {
	return w.Temperature == other.Temperature && w.Code == other.Code && w.Hour.Equal(other.Hour) &&
		equal(w.Humidity, other.Humidity) && equal(w.Wind, other.Wind)
}

func equal(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }

// ErrNoValue says that a provider answered, but not for the hour that was asked about.
var ErrNoValue = errors.New("the provider has no weather for this hour")

// Provider knows the weather of a place.
type Provider interface {
	// Name is the provider's, to be credited and logged.
	Name() string
	// Now returns the weather at a place, in decimal degrees, for the hour that at falls in. It returns ErrNoValue where the
	// provider has none, and otherwise an error that says what went wrong. It never returns a value that is partly made up.
	Now(ctx context.Context, lat, lon float64, at time.Time) (Weather, error)
}

// Forecaster is a Provider that knows hours which are to come.
type Forecaster interface {
	Provider
	// Hours returns the weather at a place for those of some hours that the provider has, in their order, in one question.
	Hours(ctx context.Context, lat, lon float64, hours []time.Time) ([]Weather, error)
}

// Ahead are the hours of a forecast as it is told: in three, six and twelve hours, and noon of the three local days to come.
func Ahead(at time.Time, zone *time.Location) (hours []time.Time) {
	for _, h := range []time.Duration{3, 6, 12} {
		hours = append(hours, hourOf(at.Add(h*time.Hour)))
	}
	local := at.In(zone)
	for day := 1; day <= 3; day++ {
		if noon := hourOf(time.Date(local.Year(), local.Month(), local.Day()+day, 12, 0, 0, 0, zone)); noon.After(hours[len(hours)-1]) {
			hours = append(hours, noon)
		}
	}
	return hours
}

// pick gathers what an answer has of some hours; an hour without a value is passed over.
func pick(hours []time.Time, at func(time.Time) (Weather, error)) (list []Weather, err error) {
	for _, h := range hours {
		w, err := at(h)
		if errors.Is(err, ErrNoValue) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, w)
	}
	return list, nil
}

// Getter asks for an address; fetch.Client is the one that the program uses.
type Getter interface {
	Do(ctx context.Context, q fetch.Question) (fetch.Response, error)
}

var _ Getter = (*fetch.Client)(nil)

// maxAnswer is the longest answer that is read from a provider; a forecast of ten days is about 150 KB.
const maxAnswer = 1 << 20

// Fixed is a Provider of one value from the settings, which is taken to be that of whatever hour is asked about.
type Fixed struct{ Value Weather }

var _ Forecaster = Fixed{}

// Name implements Provider.
func (Fixed) Name() string { return "fixed" }

// Now implements Provider.
func (f Fixed) Now(_ context.Context, _, _ float64, at time.Time) (Weather, error) {
	w := f.Value
	w.Hour = hourOf(at)
	return w, nil
}

// Hours implements Forecaster.
func (f Fixed) Hours(ctx context.Context, lat, lon float64, hours []time.Time) ([]Weather, error) {
	return pick(hours, func(h time.Time) (Weather, error) { return f.Now(ctx, lat, lon, h) })
}

// hourOf is the beginning of the hour of an instant, in UTC.
func hourOf(at time.Time) time.Time { return at.UTC().Truncate(time.Hour) }

// number is a JSON number or null.
type number = *float64

// whole rounds a number that must lie between two bounds; anything else is not known.
func whole(n number, low, high float64) *int {
	if n == nil || math.IsNaN(*n) || *n < low || *n > high {
		return nil
	}
	i := int(math.Round(*n))
	return &i
}

// Bounds within which a value is believed.
const (
	coldest, hottest = -90, 60
	strongest        = 500
	kmhPerMetre      = 3.6
)

// decode reads a provider's answer; a foreign service may add fields whenever it likes.
func decode(provider string, body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: the answer is not what its documentation describes: %w", provider, err)
	}
	return nil
}
