package desk

import (
	"time"

	"golang.org/x/sys/unix"
)

// SystemClock is the machine's own clock.
type SystemClock struct{}

var _ Clock = SystemClock{}

// Now is the wall clock.
func (SystemClock) Now() time.Time { return time.Now() }

// Boot is the time since boot, sleep counted (CLOCK_BOOTTIME).
func (SystemClock) Boot() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts); err != nil {
		panic("desk: the system has no CLOCK_BOOTTIME: " + err.Error())
	}
	return time.Duration(ts.Nano())
}
