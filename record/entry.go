// Package record holds the public log of a publication: entries, their one encoding, the commitments that seal them,
// the Merkle tree over them, signed checkpoints, proofs and verification. It is pure: bytes in, bytes out.
package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/datelinehq/dateline"
)

// SaltSize is the length of an entry's salt in bytes.
const SaltSize = 32

// Header is what an entry shows even when its body is gone. It carries no words: no headline, name, slug or reason.
type Header struct {
	Sequence int64         // from 1, without gaps; the order of commits
	At       time.Time     // when the record took it, UTC, to the microsecond
	Kind     Kind          // what the body holds
	Schema   int           // the version of the kind's body
	Subject  dateline.ID   // what the entry is about
	Role     dateline.Role // the role of who did it
}

// Entry is one act in the record. Body and Salt are empty when the body was removed or is given to nobody.
type Entry struct {
	Header
	Body       []byte // JSON, keys sorted, encoded once
	Salt       []byte // 32 random bytes
	Commitment [sha256.Size]byte
}

// headerJSON is the header's canonical form: these keys in this order, no blanks.
type headerJSON struct {
	At       string `json:"at"`
	Kind     string `json:"kind"`
	Role     string `json:"role"`
	Schema   int    `json:"schema"`
	Sequence int64  `json:"seq"`
	Subject  string `json:"subject"`
}

// Instant is the form of an instant in the record: RFC 3339 in UTC with exactly six decimals.
const Instant = "2006-01-02T15:04:05.000000Z"

// FormatInstant writes an instant as the record keeps it.
func FormatInstant(t time.Time) string { return t.UTC().Format(Instant) }

// ParseInstant reads an instant in the record's form and in no other.
func ParseInstant(s string) (time.Time, error) {
	t, err := time.Parse(Instant, s)
	if err != nil || t.Format(Instant) != s {
		return time.Time{}, fmt.Errorf("%.40q is not an instant in the record's form (%s)", s, Instant)
	}
	return t, nil
}

// Bytes gives the header's canonical bytes.
func (h Header) Bytes() []byte {
	b, err := json.Marshal(headerJSON{FormatInstant(h.At), string(h.Kind), string(h.Role), h.Schema, h.Sequence, string(h.Subject)})
	if err != nil {
		panic("record: a header of strings and numbers did not encode: " + err.Error())
	}
	return b
}

// ParseHeader reads canonical bytes; a form that would not be written again byte for byte is refused.
func ParseHeader(b []byte) (h Header, err error) {
	var j headerJSON
	if err := strict(b, &j); err != nil {
		return h, fmt.Errorf("read an entry's header: %w", err)
	}
	at, err := ParseInstant(j.At)
	if err != nil {
		return h, fmt.Errorf("read an entry's header: %w", err)
	}
	h = Header{j.Sequence, at, Kind(j.Kind), j.Schema, dateline.ID(j.Subject), dateline.Role(j.Role)}
	if !bytes.Equal(h.Bytes(), b) {
		return h, fmt.Errorf("the header of entry %d is not in its canonical form", j.Sequence)
	}
	return h, nil
}

// Commit is the commitment to a body: SHA-256 over the salt and the body.
func Commit(salt, body []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write(salt)
	h.Write(body)
	return [sha256.Size]byte(h.Sum(nil))
}

// NewEntry seals a body under a fresh salt.
func NewEntry(h Header, body []byte, random io.Reader) (Entry, error) {
	salt := make([]byte, SaltSize)
	if _, err := io.ReadFull(random, salt); err != nil {
		return Entry{}, fmt.Errorf("make an entry's salt: %w", err)
	}
	h.At = h.At.UTC().Truncate(time.Microsecond)
	return Entry{Header: h, Body: body, Salt: salt, Commitment: Commit(salt, body)}, nil
}

// Leaf is what the tree is built over: the header's canonical bytes followed by the commitment.
func (e Entry) Leaf() []byte { return append(e.Header.Bytes(), e.Commitment[:]...) }

// HasBody says whether the entry still has its words.
func (e Entry) HasBody() bool { return len(e.Salt) > 0 }

// Check reports whether the body, where there is one, is what the commitment promised.
func (e Entry) Check() error {
	if !e.HasBody() {
		return nil
	}
	if len(e.Salt) != SaltSize {
		return fmt.Errorf("entry %d: its salt has %d bytes, not %d", e.Sequence, len(e.Salt), SaltSize)
	}
	if Commit(e.Salt, e.Body) != e.Commitment {
		return fmt.Errorf("entry %d (%s): the body is not what was committed to", e.Sequence, e.Kind)
	}
	return nil
}

// Encode gives a body's one encoding: JSON with sorted keys, text exactly as it is, no blanks and no floats. The bodies'
// fields stand in the order of their keys, so that one pass is enough; a raw part inside must be canonical already.
func Encode(body any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return nil, fmt.Errorf("encode an entry's body: %w", err)
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}

// Canonical rewrites JSON with sorted keys and without blanks; a float is an error.
func Canonical(src []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if err := noFloats(v); err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(buf.Bytes(), "\n"), nil
}

func noFloats(v any) error {
	switch v := v.(type) {
	case json.Number:
		if _, err := strconv.ParseInt(string(v), 10, 64); err != nil {
			return fmt.Errorf("the number %s is no whole number of 64 bits", v)
		}
	case []any:
		for _, x := range v {
			if err := noFloats(x); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, x := range v {
			if err := noFloats(x); err != nil {
				return err
			}
		}
	}
	return nil
}

// strict decodes JSON without unknown keys or trailing data.
func strict(b []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("something follows the JSON value")
	}
	return nil
}
