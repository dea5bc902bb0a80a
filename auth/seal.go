package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/datelinehq/dateline"
)

// sealer encrypts and authenticates (AES-256-GCM with random nonces).
type sealer struct {
	aead   cipher.AEAD
	random io.Reader
}

func newSealer(key []byte, random io.Reader) (*sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("auth: make a cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("auth: make a cipher: %w", err)
	}
	return &sealer{aead, random}, nil
}

// seal closes a text; it opens again only for the same use.
func (s *sealer) seal(use string, plain []byte) ([]byte, error) {
	nonce := make([]byte, s.aead.NonceSize(), s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	if _, err := io.ReadFull(s.random, nonce); err != nil {
		return nil, internal("nothing could be sealed", err)
	}
	return s.aead.Seal(nonce, nonce, plain, []byte(use)), nil
}

func (s *sealer) open(use string, sealed []byte) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return nil, internal("something sealed is too short", nil)
	}
	plain, err := s.aead.Open(nil, sealed[:n], sealed[n:], []byte(use))
	if err != nil {
		return nil, internal("something sealed does not open with the newsroom's key", err)
	}
	return plain, nil
}

// Seal closes a text under the newsroom's key, beside the database that keeps it; it opens again only for the same use.
func (d *Door) Seal(use string, plain []byte) ([]byte, error) {
	return d.kept.seal("setting "+use, plain)
}

// Open opens what Seal closed.
func (d *Door) Open(use string, sealed []byte) ([]byte, error) {
	return d.kept.open("setting "+use, sealed)
}

// passing is what a browser holds between two requests of one ceremony.
type passing[T any] struct {
	Until time.Time
	Value T
}

// handOut seals a value for a browser to bring back.
func handOut[T any](d *Door, use string, until time.Time, value T) (string, error) {
	b, err := json.Marshal(passing[T]{until, value})
	if err != nil {
		return "", internal("a ceremony could not be kept", err)
	}
	sealed, err := d.passing.seal(use, b)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// takeBack opens what a browser brought; EInvalid where it is another, or too old.
func takeBack[T any](d *Door, use string, now time.Time, held string) (value T, err error) {
	late := dateline.Errorf(dateline.EInvalid, "this took too long, or the newsroom was started anew meanwhile; begin again")
	raw, err := base64.RawURLEncoding.DecodeString(held)
	if err != nil {
		return value, late
	}
	plain, err := d.passing.open(use, raw)
	if err != nil {
		return value, late
	}
	var p passing[T]
	if err := json.Unmarshal(plain, &p); err != nil || !now.Before(p.Until) {
		return value, late
	}
	return p.Value, nil
}

// spent remembers what was good once, until it would not be good anyhow.
type spent struct {
	mu   sync.Mutex
	till map[string]time.Time
}

func newSpent() *spent { return &spent{till: map[string]time.Time{}} }

// take says whether a thing was not taken before.
func (s *spent) take(what string, now, until time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, t := range s.till {
		if !now.Before(t) {
			delete(s.till, k)
		}
	}
	if _, ok := s.till[what]; ok {
		return false
	}
	s.till[what] = until
	return true
}
