package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
)

// What is in use and cannot be collected raises the bound, so that the collector never works for nothing; the bound ends with its user.
func TestBoundMemory(t *testing.T) {
	t.Setenv("GOMEMLIMIT", "")
	limit := func() int64 { return debug.SetMemoryLimit(-1) }
	before := limit()
	end := boundMemory(128 << 20)
	if got := limit(); got != 220<<20 {
		t.Errorf("with 128 MB of pages the bound is %d", got)
	}
	end()
	end = boundMemory(1 << 30)
	if got := limit(); got != 1<<30+besidePages {
		t.Errorf("with a gigabyte of pages the bound is %d", got)
	}
	end()
	if got := limit(); got != before || got != math.MaxInt64 {
		t.Errorf("it was %d before and is %d after", before, got)
	}

	held := make([]byte, 64<<20)
	debug.FreeOSMemory()
	with := neededMemory()
	if with < int64(len(held))*5/4 {
		t.Errorf("with %d bytes in use %d are said to be needed", len(held), with)
	}
	runtime.KeepAlive(held)
	held = nil
	debug.FreeOSMemory()
	if without := neededMemory(); without > with-60<<20 {
		t.Errorf("%d are needed with 64 MB more in use, %d without", with, without)
	}

	t.Setenv("GOMEMLIMIT", "1GiB")
	boundMemory(1)()
	if got := limit(); got != before {
		t.Errorf("a bound of the environment was changed to %d", got)
	}
}
