// Package storetest holds what every desk.Store must keep to, as tests, and the clock that tests set by hand.
package storetest

import (
	"sync"
	"time"
)

// Clock is a machine's clock that tests set.
type Clock struct {
	mu   sync.Mutex
	wall time.Time
	boot time.Duration
}

// NewClock makes a clock that stands at an instant.
func NewClock(at time.Time) *Clock { return &Clock{wall: at} }

// Now is the wall clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wall
}

// Boot is the time since the machine started.
func (c *Clock) Boot() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.boot
}

// Pass lets time go by: both clocks move.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall, c.boot = c.wall.Add(d), c.boot+d
}

// Jump sets the wall clock forward or back, as somebody who sets it does.
func (c *Clock) Jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall = c.wall.Add(d)
}
