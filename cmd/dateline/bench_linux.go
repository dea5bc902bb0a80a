package main

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// forgetting returns a function that makes the machine drop what it holds of a file in memory. The file stays open until
// end is called: to close it sooner would take SQLite's locks away.
func forgetting(name string) (forget func() error, end func() error, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	forget = func() error {
		if err := unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
			return fmt.Errorf("forget %s: %w", name, err)
		}
		return nil
	}
	return forget, f.Close, nil
}

// spent is what this process has had of the processors.
func spent() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t) != nil {
		return 0 // a kernel without that clock
	}
	return time.Duration(t.Nano())
}
