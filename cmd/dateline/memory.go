package main

import (
	"cmp"
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

// How much the program's own memory is to take, in bytes: what its pages take and what the rest does, which a rebuild of the site needs
// most of; and how soon the bound follows a need that is larger.
const (
	leastMemory  = 220 << 20
	besidePages  = 92 << 20
	followMemory = time.Second
)

// boundMemory has the collector keep the program's memory small until end is called: left to itself it lets a heap that is mostly
// pages grow to twice its size. A bound that is set in the environment (GOMEMLIMIT) is left alone. SQLite's own memory and the
// program's text come to it, some 70 MB.
func boundMemory(pages int64) (end func()) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	base := max(int64(leastMemory), pages+besidePages)
	was := debug.SetMemoryLimit(base)
	quit := make(chan struct{})
	var following sync.WaitGroup
	following.Go(func() {
		ticker := time.NewTicker(followMemory)
		defer ticker.Stop()
		for {
			select {
			case <-quit:
				return
			case <-ticker.C:
				debug.SetMemoryLimit(max(base, neededMemory()))
			}
		}
	})
	return func() {
		close(quit)
		following.Wait()
		debug.SetMemoryLimit(cmp.Or(was, math.MaxInt64))
	}
}

// neededMemory is what the collector can do with without working all the time: what is in use and a quarter of the heap, in bytes.
func neededMemory() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}, {Name: "/memory/classes/heap/free:bytes"},
		{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(samples)
	size := func(i int) int64 { return int64(samples[i].Value.Uint64()) }
	beside := size(0) - size(1) - size(2) - size(3) // stacks, the collector's own, and what lies between objects
	return beside + size(4) + size(4)/4
}
