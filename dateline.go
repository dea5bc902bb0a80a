// Package dateline holds the domain of a newspaper: articles with their drafts and editions, sections, topics,
// persons, pictures, the acts of an editor and the rules of which is allowed when. It knows neither storage nor
// network; time and randomness come in as arguments. The words are those of docs/contracts.md.
package dateline

import (
	"encoding/hex"
	"fmt"
	"io"
	"time"
)

// ID is a UUID of version 7 in its canonical form: 36 characters, lower case (RFC 9562, section 5.7).
type ID string

// NewID makes an ID of the instant and ten bytes of randomness.
func NewID(at time.Time, random io.Reader) (ID, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[6:]); err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return ID(h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]), nil
}

// ParseID reads a UUID in its canonical form; anything else is EInvalid.
func ParseID(s string) (ID, error) {
	ok := len(s) == 36
	for i := 0; ok && i < len(s); i++ {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			ok = c == '-'
		default:
			ok = c >= '0' && c <= '9' || c >= 'a' && c <= 'f'
		}
	}
	if !ok {
		return "", Errorf(EInvalid, "%.60q is not an id: ids are UUIDs in lower case, such as 0190b5f0-6c00-7cc3-98c4-dc0c0c07398f", s)
	}
	return ID(s), nil
}
