package desk

import (
	"fmt"
	"sync"
	"time"

	"github.com/datelinehq/dateline"
)

// Clock is a machine's clock.
type Clock interface {
	// Now is the wall clock.
	Now() time.Time
	// Boot is the time since the machine started, sleep counted. It never goes back and nobody sets it.
	Boot() time.Duration
}

// MaxJump is how far the wall clock may part from the time since boot, or fall behind an earlier act, before schedules
// and publishing wait.
const MaxJump = time.Minute

// Watch compares a wall clock with the time since boot and with the guard that the store keeps. Time in which the
// program did not run is no jump. It is safe for concurrent use.
type Watch struct {
	clock Clock

	mu   sync.Mutex
	wall time.Time
	boot time.Duration
}

// NewWatch begins to watch a clock, which it believes at that moment.
func NewWatch(clock Clock) *Watch {
	w := &Watch{clock: clock}
	w.Confirm()
	return w
}

// Confirm believes the clock as it stands now.
func (w *Watch) Confirm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wall, w.boot = w.clock.Now().Round(0), w.clock.Boot()
}

// Wall is the wall clock in UTC to the microsecond.
func (w *Watch) Wall() time.Time { return w.clock.Now().UTC().Truncate(time.Microsecond) }

// Now is the wall clock, or the guard where that is later. While the clock has jumped it is the time since boot counted
// on from when the clock was last believed, so that no act carries a false instant into the guard.
func (w *Watch) Now(guard time.Time) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	now, jump := w.look()
	if jump > MaxJump || jump < -MaxJump {
		now = now.Add(-jump)
	}
	if now = now.UTC().Truncate(time.Microsecond); now.Before(guard) {
		return guard.UTC()
	}
	return now
}

// look reads both clocks and tells how far they have parted.
func (w *Watch) look() (now time.Time, jump time.Duration) {
	now = w.clock.Now().Round(0)
	return now, now.Sub(w.wall) - (w.clock.Boot() - w.boot)
}

// ClockFault is why a clock cannot be believed. One of Jump and Behind is not zero.
type ClockFault struct {
	Now    time.Time     // the wall clock, UTC
	Jump   time.Duration // by how much it parted from the time since boot
	Behind time.Duration // how far it is behind the newest act
}

// Error says what is wrong.
func (f *ClockFault) Error() string {
	return fmt.Sprintf("jump %s, behind %s", f.Jump.Round(time.Second), f.Behind.Round(time.Second))
}

// Advice says what is wrong and until when publishing and schedules wait.
func (f *ClockFault) Advice() string {
	if f.Jump != 0 {
		return fmt.Sprintf("the machine's clock jumped by %s: publishing and schedules wait until it agrees again, or until a chief confirms that %s is right",
			f.Jump.Round(time.Second), f.Now.Format(time.RFC3339))
	}
	return fmt.Sprintf("the machine's clock is %s behind the newest act: publishing and schedules wait until it has caught up, or until a chief confirms that %s is right",
		f.Behind.Round(time.Second), f.Now.Format(time.RFC3339))
}

// Check answers EUnavailable, caused by a *ClockFault, while the clock has jumped or is behind the guard.
func (w *Watch) Check(guard time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	now, jump := w.look()
	fault := &ClockFault{Now: now.UTC().Truncate(time.Second)}
	switch behind := guard.Sub(now); {
	case jump > MaxJump || jump < -MaxJump:
		fault.Jump = jump
	case behind > MaxJump:
		fault.Behind = behind
	default:
		return nil
	}
	return &dateline.Error{Code: dateline.EUnavailable, Message: fault.Advice(), Cause: fault}
}
