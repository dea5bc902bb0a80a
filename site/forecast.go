package site

import (
	"context"
	"slices"

	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/weather"
)

// forecast is the page of the cities' weather, where a reader chooses the strip's; there is none where there is no choice.
func (s *Site) forecast(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.once(ctx, func(v *view) (*press.Page, error) {
		f, ok := s.conf.Weather.(Forecasts)
		if !ok {
			return nil, press.ErrNotFound
		}
		cities := f.Cities(v.now)
		if len(cities) == 0 {
			return nil, press.ErrNotFound
		}
		p := &render.ForecastPage{Frame: v.frame(a.Path, "")}
		p.Cities = []render.CityWeather{{Name: v.name(v.paper.pub.City, v.lang), Now: p.Frame.Weather, Ahead: hours(f.Forecast(v.now))}}
		for i := range cities {
			p.Cities = append(p.Cities, v.cityWeather(&cities[i]))
		}
		return v.html(200, v.s.conf.Renderer.Forecast(p)), nil
	})
}

// city is what stands in the strip for one city: the same bytes for every reader who has chosen it.
func (s *Site) city(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.once(ctx, func(v *view) (*press.Page, error) {
		f, ok := s.conf.Weather.(Forecasts)
		if _, has := render.CatalogueFor(a.params[0]); !ok || !has {
			return nil, press.ErrNotFound
		}
		cities := f.Cities(v.now)
		i := slices.IndexFunc(cities, func(c City) bool { return c.Slug == a.params[1] })
		if i < 0 {
			return nil, press.ErrNotFound
		}
		v.lang = a.params[0]
		frame := v.frame("", "")
		c := v.cityWeather(&cities[i])
		return v.data("text/html; charset=utf-8", v.s.conf.Renderer.City(&frame, &c)), nil
	})
}

func (v *view) cityWeather(c *City) render.CityWeather {
	out := render.CityWeather{Slug: c.Slug, Name: v.name(c.Names, v.lang), Ahead: hours(c.Ahead)}
	if c.Now != nil {
		out.Now = &hours([]weather.Weather{*c.Now})[0]
	}
	return out
}

func hours(list []weather.Weather) (out []render.Weather) {
	for _, w := range list {
		out = append(out, render.Weather{Celsius: w.Temperature, Condition: string(w.Code), At: w.Hour})
	}
	return out
}
