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
	if w := s.Weather; w.Provider == "fixed" && !slices.Contains(weather.Conditions(), weather.Condition(w.Condition)) {
		e := dateline.Errorf(dateline.EInvalid, "the settings cannot be used as they are")
		e.Fields = []dateline.Field{{Path: "weather.condition", Message: fmt.Sprintf("%.40q is no condition; use one of %v", w.Condition, weather.Conditions())}}
		return e
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return d.SaveSetting(ctx, actor, settingsName, string(b))
}
