//go:build !linux

package desk

import "time"

// SystemClock is the machine's own clock. Where the system has no clock that counts sleep, the wall clock's own monotonic
// reading stands in: after a sleep the two part, and a chief is asked.
type SystemClock struct{ started time.Time }

var _ Clock = SystemClock{}

// Now is the wall clock.
func (SystemClock) Now() time.Time { return time.Now() }

// Boot is the time since the clock was made.
func (c SystemClock) Boot() time.Duration { return time.Since(c.started) }
