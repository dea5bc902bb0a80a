package main

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/fetch"
	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/site"
	"github.com/datelinehq/dateline/weather"
)

// weather starts to watch what the settings name, in place of what was watched before.
func (p *program) weather(s newsroom.Settings) {
	pub, err := p.room.desk.FindPublication(context.Background())
	if err != nil {
		p.log.Error("the weather is not watched", "error", err)
		return
	}
	p.sky.watch(s.Weather, pub)
}

// sky is the weather that is watched now, or none.
type sky struct {
	log     *slog.Logger
	mu      sync.Mutex
	end     func()
	watched atomic.Pointer[watched]
}

// watched are the paper's own city and those that a reader may choose.
type watched struct {
	own    *weather.Watcher
	cities []watchedCity
}

type watchedCity struct {
	newsroom.City
	watcher *weather.Watcher
}

// Current is what is known of the paper's own city.
func (s *sky) Current(at time.Time) (weather.Weather, bool) {
	if w := s.watched.Load(); w != nil {
		return w.own.Current(at)
	}
	return weather.Weather{}, false
}

// Forecast are the hours to come in the paper's own city.
func (s *sky) Forecast(at time.Time) []weather.Weather {
	if w := s.watched.Load(); w != nil {
		return w.own.Forecast(at)
	}
	return nil
}

// Cities are those that a reader may choose, with what is known of each.
func (s *sky) Cities(at time.Time) (list []site.City) {
	w := s.watched.Load()
	if w == nil {
		return nil
	}
	for _, c := range w.cities {
		city := site.City{Slug: c.Slug, Names: c.Names, Ahead: c.watcher.Forecast(at)}
		if now, known := c.watcher.Current(at); known {
			city.Now = &now
		}
		list = append(list, city)
	}
	return list
}

// Choice says whether there are such cities.
func (s *sky) Choice() bool {
	w := s.watched.Load()
	return w != nil && len(w.cities) > 0
}

func (s *sky) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end != nil {
		s.end()
		s.end = nil
	}
	s.watched.Store(nil)
}

// watch watches a provider for the paper's city and the others; without a provider there is no weather.
func (s *sky) watch(w newsroom.WeatherSettings, p *dateline.Publication) {
	s.stop()
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		s.log.Warn("the weather is not watched", "error", err)
		return
	}
	provider, done := s.provider(w)
	if provider == nil {
		return
	}
	now := &watched{}
	if now.own, err = s.watcher(provider(w.Temperature, w.Condition), p.Latitude, p.Longitude, zone); err != nil {
		s.log.Warn("the weather is not watched", "error", err)
		return
	}
	for _, c := range w.Cities {
		if c.Condition == "" {
			c.Temperature, c.Condition = w.Temperature, w.Condition
		}
		watcher, err := s.watcher(provider(c.Temperature, c.Condition), c.Latitude, c.Longitude, zone)
		if err != nil {
			s.log.Warn("the weather of a city is not watched", "city", c.Slug, "error", err)
			continue
		}
		now.cities = append(now.cities, watchedCity{c, watcher})
	}
	s.run(now, done)
}

// run lets the watchers ask until the settings are others.
func (s *sky) run(now *watched, done func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { now.own.Run(ctx) })
	for _, c := range now.cities {
		running.Go(func() { c.watcher.Run(ctx) })
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end = func() { cancel(); running.Wait(); done() }
	s.watched.Store(now)
}

func (s *sky) watcher(provider weather.Provider, latitude, longitude float64, zone *time.Location) (*weather.Watcher, error) {
	return weather.NewWatcher(weather.Settings{Provider: provider, Latitude: latitude, Longitude: longitude, Zone: zone,
		Failed: func(err error) {
			s.log.Warn("the weather was not to be had", "provider", provider.Name(), "error", err)
		}})
}

// provider gives what makes a provider for each city, temperature and condition being those of a fixed one; nil for none.
func (s *sky) provider(w newsroom.WeatherSettings) (provider func(temperature int, condition string) weather.Provider, done func()) {
	if w.Provider == "fixed" {
		return func(temperature int, condition string) weather.Provider {
			return weather.Fixed{Value: weather.Weather{Temperature: temperature, Code: weather.Condition(condition)}}
		}, func() {}
	}
	if w.Provider == "" {
		return nil, nil
	}
	client, err := fetch.New(fetch.Config{UserAgent: "Dateline/" + version})
	if err != nil {
		s.log.Warn("the weather is not watched", "error", err)
		return nil, nil
	}
	if w.Provider == "met-norway" { // which keeps its last answer, of one place
		return func(int, string) weather.Provider { return &weather.METNorway{Client: client} }, client.Close
	}
	return func(int, string) weather.Provider { return &weather.OpenMeteo{Client: client} }, client.Close
}
