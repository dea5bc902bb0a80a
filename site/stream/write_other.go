//go:build !unix

package stream

import "time"

// shortly is how long a reader's connection may take for an event where a write cannot be tried without waiting.
const shortly = 20 * time.Millisecond

// writeSocket gives bytes to the reader's connection and hardly waits; false where it did not take them all.
func (l *listener) writeSocket(b []byte) bool {
	if l.conn.SetWriteDeadline(time.Now().Add(shortly)) != nil {
		return false
	}
	_, err := l.conn.Write(b)
	return err == nil
}

// hungUp is found out by writing.
func (l *listener) socketHungUp() bool { return false }
