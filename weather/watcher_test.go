package weather

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// fake is a Provider that does as a test says and keeps when it was asked.
type fake struct {
	mu    sync.Mutex
	asked []time.Time
	now   func(ctx context.Context, at time.Time) (Weather, error)
}

// times returns when it was asked.
func (f *fake) times() []time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

// turn lets it answer otherwise from now on.
func (f *fake) turn(now func(context.Context, time.Time) (Weather, error)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = now
}

func (*fake) Name() string { return "fake" }

func (f *fake) Now(ctx context.Context, _, _ float64, at time.Time) (Weather, error) {
	f.mu.Lock()
	now := f.now
	f.asked = append(f.asked, at)
	f.mu.Unlock()
	return now(ctx, at)
}

// watch runs a Watcher in a bubble of its own time, which begins at a full hour.
func watch(t *testing.T, f *fake, s Settings, test func(w *Watcher)) {
	synctest.Test(t, func(t *testing.T) {
		s.Provider = f
		w, err := NewWatcher(s)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go w.Run(ctx)
		synctest.Wait()
		test(w)
		cancel()
		synctest.Wait()
	})
}

// later lets time go by inside the bubble.
func later(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func mild(_ context.Context, at time.Time) (Weather, error) {
	return Weather{Temperature: 18, Code: Cloudy, Hour: hourOf(at)}, nil
}

var errDown = errors.New("the provider is down")

func down(context.Context, time.Time) (Weather, error) { return Weather{}, errDown }

func TestWatcherKeepsTheValueAndTellsOfChanges(t *testing.T) {
	var changes atomic.Int64
	f := &fake{now: mild}
	watch(t, f, Settings{Changed: func() { changes.Add(1) }}, func(w *Watcher) {
		got, ok := w.Current(time.Now())
		if !ok || got.Temperature != 18 || !got.Hour.Equal(hourOf(time.Now())) {
			t.Errorf("at once: %+v, %v", got, ok)
		}
		later(59 * time.Minute)
		if len(f.times()) != 4 || changes.Load() != 1 {
			t.Errorf("within the hour: asked %d times, %d changes; want 4 and 1", len(f.times()), changes.Load())
		}
		later(2 * time.Minute)
		if changes.Load() != 2 {
			t.Errorf("in the next hour: %d changes, want 2", changes.Load())
		}
	})
}

func TestWatcherDropsWhatIsOlderThanThreeHours(t *testing.T) {
	var changes atomic.Int64
	f := &fake{now: mild}
	watch(t, f, Settings{Changed: func() { changes.Add(1) }}, func(w *Watcher) {
		f.turn(down)
		later(3 * time.Hour)
		if _, ok := w.Current(time.Now()); !ok || changes.Load() != 1 {
			t.Errorf("after three hours: known %v, %d changes", ok, changes.Load())
		}
		later(time.Second)
		if _, ok := w.Current(time.Now()); ok || changes.Load() != 2 {
			t.Errorf("a second later: known %v, %d changes", ok, changes.Load())
		}
		f.turn(mild)
		later(2 * time.Hour)
		if _, ok := w.Current(time.Now()); !ok {
			t.Error("it did not come back")
		}
	})
}

func TestCurrentGoesByTheInstantItIsAskedFor(t *testing.T) {
	watch(t, &fake{now: mild}, Settings{}, func(w *Watcher) {
		hour := hourOf(time.Now())
		for offset, want := range map[time.Duration]bool{
			0: true, MaxAge: true, MaxAge + 1: false, 24 * time.Hour: false, -time.Hour: true, -2 * time.Hour: false,
		} {
			if _, ok := w.Current(hour.Add(offset)); ok != want {
				t.Errorf("%s from the hour: %v, want %v", offset, ok, want)
			}
		}
	})
}

func TestWatcherBacksOff(t *testing.T) {
	var failures atomic.Int64
	f := &fake{now: down}
	watch(t, f, Settings{Failed: func(err error) {
		if !errors.Is(err, errDown) {
			t.Errorf("told of %v", err)
		}
		failures.Add(1)
	}}, func(w *Watcher) {
		if _, ok := w.Current(time.Now()); ok {
			t.Error("a value out of nothing")
		}
		later(10 * time.Hour)
		var pauses []time.Duration
		asked := f.times()
		for i := 1; i < len(asked); i++ {
			pauses = append(pauses, asked[i].Sub(asked[i-1]))
		}
		for i, want := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
			if pauses[i] != want*time.Minute {
				t.Errorf("pause %d is %s, want %s", i, pauses[i], want*time.Minute)
			}
		}
		if failures.Load() != int64(len(asked)) {
			t.Errorf("%d failures told of %d", failures.Load(), len(asked))
		}
		f.turn(mild)
		later(time.Hour + 15*time.Minute)
		asked = f.times()
		if gap := asked[len(asked)-1].Sub(asked[len(asked)-2]); gap != 15*time.Minute {
			t.Errorf("once it is well again the pause is %s", gap)
		}
	})
}

func TestWatcherGivesUpOnASlowProvider(t *testing.T) {
	var ended atomic.Int64
	f := &fake{now: func(ctx context.Context, at time.Time) (Weather, error) {
		<-ctx.Done()
		ended.Store(int64(time.Since(at)))
		return Weather{}, ctx.Err()
	}}
	watch(t, f, Settings{}, func(w *Watcher) {
		if _, ok := w.Current(time.Now()); ok {
			t.Error("a value out of nothing")
		}
		later(11 * time.Second)
		if time.Duration(ended.Load()) != 10*time.Second {
			t.Errorf("it was given %s", time.Duration(ended.Load()))
		}
	})
}

func TestFixed(t *testing.T) {
	f := Fixed{Weather{Temperature: 31, Code: Clear}}
	got, err := f.Now(t.Context(), 0, 0, at("06:40:00").In(time.FixedZone("IST", 19800)))
	if err != nil || !got.Equal(Weather{Temperature: 31, Code: Clear, Hour: at("06:00:00")}) || got.Hour.Location() != time.UTC {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestEqual(t *testing.T) {
	one, other := 1, 1
	base := Weather{Temperature: 1, Code: Rain, Hour: at("06:00:00"), Humidity: &one, Wind: &one}
	same := base
	same.Humidity, same.Hour = &other, base.Hour.In(time.FixedZone("", 3600))
	if !base.Equal(same) {
		t.Error("the same values differ")
	}
	two := 2
	for name, change := range map[string]func(*Weather){
		"temperature": func(w *Weather) { w.Temperature = 2 }, "code": func(w *Weather) { w.Code = Fog }, "hour": func(w *Weather) { w.Hour = at("07:00:00") },
		"humidity": func(w *Weather) { w.Humidity = &two }, "no wind": func(w *Weather) { w.Wind = nil },
	} {
		changed := base
		change(&changed)
		if base.Equal(changed) || changed.Equal(base) {
			t.Errorf("%s makes no difference", name)
		}
	}
}

func TestNewWatcherRefuses(t *testing.T) {
	for name, s := range map[string]Settings{
		"no provider": {}, "latitude": {Provider: Fixed{}, Latitude: 91}, "longitude": {Provider: Fixed{}, Longitude: -181}, "no number": {Provider: Fixed{}, Latitude: math.NaN()},
	} {
		if _, err := NewWatcher(s); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestAheadAreHoursAndNoons(t *testing.T) {
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 6, 30, 8, 35, 0, 0, time.UTC)
	var got []string
	for _, h := range Ahead(at, kolkata) {
		got = append(got, h.UTC().Format("02T15"))
	}
	if want := "30T11 30T14 30T20 01T06 02T06 03T06"; strings.Join(got, " ") != want {
		t.Errorf("ahead are %v, want %s", got, want)
	}
}

func TestAnHourWithoutAValueIsPassedOver(t *testing.T) {
	at := time.Date(2026, 6, 30, 8, 0, 0, 0, time.UTC)
	hours := []time.Time{at, at.Add(time.Hour), at.Add(2 * time.Hour)}
	list, err := pick(hours, func(h time.Time) (Weather, error) {
		if h.Equal(hours[1]) {
			return Weather{}, fmt.Errorf("the provider: %w", ErrNoValue)
		}
		return Weather{Hour: h}, nil
	})
	if err != nil || len(list) != 2 || !list[1].Hour.Equal(hours[2]) {
		t.Errorf("picked are %v, %v", list, err)
	}
	if _, err := pick(hours, func(time.Time) (Weather, error) { return Weather{}, errors.New("damaged") }); err == nil {
		t.Error("a damaged answer is passed over")
	}
}
