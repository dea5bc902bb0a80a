package newsroom

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/weather"
)

// settingsName is where the settings are kept at the desk.
const settingsName = "newsroom"

// FindSettings gives the newsroom's settings; those of a new one are empty.
func FindSettings(ctx context.Context, d *desk.Desk) (s Settings, err error) {
	value, err := d.FindSetting(ctx, settingsName)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(value), &s); err != nil {
		return s, &dateline.Error{Code: dateline.EInternal, Message: "the newsroom's settings cannot be read; save them anew", Cause: err}
	}
	return s, nil
}

// SaveSettings keeps the newsroom's settings for a chief; EInvalid where they name what there is not.
func SaveSettings(ctx context.Context, d *desk.Desk, actor dateline.Actor, s Settings) error {
	if fields := s.Weather.wrong(); len(fields) > 0 {
		e := dateline.Errorf(dateline.EInvalid, "the settings cannot be used as they are")
		e.Fields = fields
		return e
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return d.SaveSetting(ctx, actor, settingsName, string(b))
}

// maxCities bounds the cities of the strip.
const maxCities = 20

// wrong lists what cannot be used.
func (w *WeatherSettings) wrong() (list []dateline.Field) {
	add := func(path, format string, args ...any) {
		list = append(list, dateline.Wrong("weather."+path, dateline.Errorf("", format, args...)))
	}
	known := func(c string) bool { return slices.Contains(weather.Conditions(), weather.Condition(c)) }
	if w.Provider == "fixed" && !known(w.Condition) {
		add("condition", "%.40q is no condition; use one of %v", w.Condition, weather.Conditions())
	}
	if len(w.Cities) > maxCities {
		add("cities", "%d are too many; %d at most", len(w.Cities), maxCities)
	}
	met := map[string]bool{}
	for i, c := range w.Cities {
		path := fmt.Sprintf("cities[%d].", i)
		if err := dateline.ValidSlug(c.Slug); err != nil || met[c.Slug] {
			add(path+"slug", "%.40q is no slug, or another city has it", c.Slug)
		}
		met[c.Slug] = true
		if len(c.Names) == 0 {
			add(path+"names", "name the city, such as {\"en\": \"Mora\"}")
		}
		if c.Latitude < -90 || c.Latitude > 90 || c.Longitude < -180 || c.Longitude > 180 {
			add(path+"latitude", "latitude %v, longitude %v is no place", c.Latitude, c.Longitude)
		}
		if c.Condition != "" && !known(c.Condition) {
			add(path+"condition", "%.40q is no condition; use one of %v", c.Condition, weather.Conditions())
		}
	}
	return list
}
