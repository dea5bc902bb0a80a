package weather

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"
)

// MaxAge is the age at which a value is no longer told.
const MaxAge = 3 * time.Hour

// Times of a Watcher where its settings name none, and the longest pause after errors.
const (
	defaultEvery   = 15 * time.Minute
	defaultTimeout = 10 * time.Second
	firstPause     = time.Minute
	longestPause   = time.Hour
)

// Settings says what a Watcher watches.
type Settings struct {
	// Provider is asked; it is required.
	Provider Provider
	// Latitude and Longitude of the city are in decimal degrees.
	Latitude, Longitude float64
	// Every is the time between two questions; 0 means a quarter of an hour.
	Every time.Duration
	// Timeout bounds one question; 0 means ten seconds.
	Timeout time.Duration
	// Zone is the place's; where it is not nil, and the provider is a Forecaster, the hours of Ahead are asked for too.
	Zone *time.Location
	// Changed is called, from the goroutine of Run, each time Current begins to answer differently; it may be nil.
	Changed func()
	// Failed is called with each error of the provider, from the goroutine of Run; it may be nil.
	Failed func(error)
}

// Watcher keeps the weather at hand, so that no page ever waits for it.
type Watcher struct {
	settings Settings

	mu    sync.RWMutex
	value Weather
	known bool
	ahead []Weather
}

// NewWatcher makes a Watcher that knows nothing until Run has asked. It fails where the settings name no provider or no
// place on earth.
func NewWatcher(s Settings) (*Watcher, error) {
	if s.Provider == nil {
		return nil, errors.New("weather: the settings name no provider")
	}
	if !(math.Abs(s.Latitude) <= 90) || !(math.Abs(s.Longitude) <= 180) {
		return nil, fmt.Errorf("weather: latitude %v, longitude %v is no place; they go to 90 and 180 degrees", s.Latitude, s.Longitude)
	}
	if s.Every <= 0 {
		s.Every = defaultEvery
	}
	if s.Timeout <= 0 {
		s.Timeout = defaultTimeout
	}
	return &Watcher{settings: s}, nil
}

// Current returns the weather that may be told at an instant, and whether there is any.
func (w *Watcher) Current(at time.Time) (Weather, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if age := at.Sub(w.value.Hour); !w.known || age > MaxAge || age < -time.Hour {
		return Weather{}, false
	}
	return w.value, true
}

// Forecast returns the hours to come that may be told at an instant, the next first; none while Current has nothing to tell.
func (w *Watcher) Forecast(at time.Time) (list []Weather) {
	if _, ok := w.Current(at); !ok {
		return nil
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	for _, h := range w.ahead {
		if h.Hour.After(at) {
			list = append(list, h)
		}
	}
	return list
}

// Run asks until ctx ends. After an error it asks again sooner than usual, and ever later while errors go on.
func (w *Watcher) Run(ctx context.Context) {
	failures := 0
	for {
		pause := w.settings.Every
		if err := w.ask(ctx); err == nil {
			failures = 0
		} else if ctx.Err() == nil {
			if w.settings.Failed != nil {
				w.settings.Failed(err)
			}
			pause = w.pauseAfter(failures)
			failures++
		}
		if w.wait(ctx, pause) != nil {
			return
		}
	}
}

// pauseAfter is the pause after an error that so many have come before: it doubles from one to the next.
func (w *Watcher) pauseAfter(failures int) time.Duration {
	const doublings = 6
	return min(min(firstPause, w.settings.Every)<<min(failures, doublings), longestPause)
}

func (w *Watcher) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, w.settings.Timeout)
	defer cancel()
	value, err := w.settings.Provider.Now(ctx, w.settings.Latitude, w.settings.Longitude, time.Now())
	if err != nil {
		return err
	}
	w.set(value, true)
	return w.look(ctx)
}

// look asks for the hours to come.
func (w *Watcher) look(ctx context.Context) error {
	f, ok := w.settings.Provider.(Forecaster)
	if !ok || w.settings.Zone == nil {
		return nil
	}
	list, err := f.Hours(ctx, w.settings.Latitude, w.settings.Longitude, Ahead(time.Now(), w.settings.Zone))
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead = list
	return nil
}

// set takes a value in, or drops it, and tells of it when that is a change.
func (w *Watcher) set(value Weather, known bool) {
	w.mu.Lock()
	changed := known != w.known || !value.Equal(w.value)
	w.value, w.known = value, known
	w.mu.Unlock()
	if changed && w.settings.Changed != nil {
		w.settings.Changed()
	}
}

// wait lets a pause go by, and drops the value on the way when it gets too old.
func (w *Watcher) wait(ctx context.Context, pause time.Duration) error {
	asking := time.NewTimer(pause)
	defer asking.Stop()
	for {
		expiring, stop := w.expiry()
		select {
		case <-ctx.Done():
			stop()
			return ctx.Err()
		case <-asking.C:
			stop()
			return nil
		case <-expiring:
			if _, ok := w.Current(time.Now()); !ok {
				w.set(Weather{}, false)
			}
		}
	}
}

// expiry is a channel that is heard from just after the value gets too old; without a value, never.
func (w *Watcher) expiry() (<-chan time.Time, func()) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if !w.known {
		return nil, func() {}
	}
	timer := time.NewTimer(time.Until(w.value.Hour.Add(MaxAge)) + time.Millisecond)
	return timer.C, func() { timer.Stop() }
}
