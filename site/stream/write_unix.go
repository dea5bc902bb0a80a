//go:build unix

package stream

import "syscall"

// writeSocket gives bytes to the reader's connection without waiting; false where it did not take them all.
func (l *listener) writeSocket(b []byte) bool {
	took := false
	err := l.raw.Write(func(fd uintptr) bool {
		n, err := syscall.Write(int(fd), b)
		for err == syscall.EINTR {
			n, err = syscall.Write(int(fd), b)
		}
		took = err == nil && n == len(b)
		return true
	})
	return err == nil && took
}

// socketHungUp says whether the reader has closed its end. What it says meanwhile is passed over.
func (l *listener) socketHungUp() bool {
	gone := false
	err := l.raw.Read(func(fd uintptr) bool {
		var b [64]byte
		n, err := syscall.Read(int(fd), b[:])
		gone = n == 0 && err == nil || err != nil && err != syscall.EAGAIN && err != syscall.EINTR
		return true
	})
	return err != nil || gone
}
