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
	watcher atomic.Pointer[weather.Watcher]
}

// Current is what the watcher knows.
func (s *sky) Current(at time.Time) (weather.Weather, bool) {
	if w := s.watcher.Load(); w != nil {
		return w.Current(at)
	}
	return weather.Weather{}, false
}

func (s *sky) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end != nil {
		s.end()
		s.end = nil
	}
	s.watcher.Store(nil)
}

// watch watches a provider for the paper's city; without a provider there is no weather.
func (s *sky) watch(w newsroom.WeatherSettings, p *dateline.Publication) {
	s.stop()
	provider, done := s.provider(w)
	if provider == nil {
		return
	}
	watcher, err := weather.NewWatcher(weather.Settings{Provider: provider, Latitude: p.Latitude, Longitude: p.Longitude,
		Failed: func(err error) {
			s.log.Warn("the weather was not to be had", "provider", provider.Name(), "error", err)
		}})
	if err != nil {
		s.log.Warn("the weather is not watched", "error", err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		watcher.Run(ctx)
	}()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end = func() { cancel(); <-ended; done() }
	s.watcher.Store(watcher)
}

func (s *sky) provider(w newsroom.WeatherSettings) (weather.Provider, func()) {
	if w.Provider == "fixed" {
		return weather.Fixed{Value: weather.Weather{Temperature: w.Temperature, Code: weather.Condition(w.Condition)}}, func() {}
	}
	if w.Provider == "" {
		return nil, nil
	}
	client, err := fetch.New(fetch.Config{UserAgent: "Dateline/" + version})
	if err != nil {
		s.log.Warn("the weather is not watched", "error", err)
		return nil, nil
	}
	if w.Provider == "met-norway" {
		return &weather.METNorway{Client: client}, client.Close
	}
	return &weather.OpenMeteo{Client: client}, client.Close
}
