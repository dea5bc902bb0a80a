// Package blob keeps bytes under their SHA-256 hash: pictures as they came in, each once however often it is used.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// Errors that a Store returns, to be asked for with errors.Is.
var (
	// ErrNotFound says that the store has no bytes under that hash.
	ErrNotFound = errors.New("there is nothing under this hash")
	// ErrTooBig says that what was to be stored is longer than the limit; nothing was kept.
	ErrTooBig = errors.New("this is longer than the limit")
	// ErrDamaged says that the stored bytes no longer have the hash they are kept under.
	ErrDamaged = errors.New("the stored bytes are damaged")
	// ErrHash says that a text is not a hash.
	ErrHash = errors.New("a hash is 64 lower-case hexadecimal digits")
)

// Hash is the SHA-256 of some bytes as 64 lower-case hexadecimal digits.
type Hash string

// Parse reads a Hash; anything but 64 lower-case hexadecimal digits is ErrHash.
func Parse(s string) (Hash, error) {
	if len(s) != hex.EncodedLen(sha256.Size) {
		return "", fmt.Errorf("%w, not %d characters", ErrHash, len(s))
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", fmt.Errorf("%w, not %q", ErrHash, s)
		}
	}
	return Hash(s), nil
}

// Sum returns the Hash of bytes.
func Sum(b []byte) Hash {
	sum := sha256.Sum256(b)
	return Hash(hex.EncodeToString(sum[:]))
}

// String returns the hexadecimal digits.
func (h Hash) String() string { return string(h) }

// Store keeps bytes under their hash. Its methods are safe for concurrent use. A Hash that Parse would refuse is ErrHash
// in each of them.
type Store interface {
	// Put reads r to its end, stores the bytes and returns their hash and length. They are on disk when it returns.
	// Putting the same bytes again changes nothing. More than limit bytes are ErrTooBig; then, and on any other error
	// or when ctx ends, nothing is kept.
	Put(ctx context.Context, r io.Reader, limit int64) (Hash, int64, error)
	// Open returns the bytes and their length, or ErrNotFound. The caller closes it. What was opened stays readable
	// when it is deleted meanwhile. The hash is not checked; Verify does that.
	Open(ctx context.Context, h Hash) (io.ReadSeekCloser, int64, error)
	// Has reports whether there are bytes under the hash.
	Has(ctx context.Context, h Hash) (bool, error)
	// Delete removes the bytes for good. Deleting what is not there is no error.
	Delete(ctx context.Context, h Hash) error
	// Walk calls f for each hash with the length of its bytes, in ascending order, until f returns an error, which it
	// returns. Bytes that are put or deleted meanwhile may be met or not.
	Walk(ctx context.Context, f func(h Hash, size int64) error) error
}

// Verify reads the bytes under a hash and returns ErrDamaged when they do not have it.
func Verify(ctx context.Context, s Store, h Hash) error {
	r, _, err := s.Open(ctx, h)
	if err != nil {
		return err
	}
	defer r.Close()
	digest := sha256.New()
	if _, err := io.Copy(digest, reader{ctx, r}); err != nil {
		return fmt.Errorf("blob %s: %w", h, err)
	}
	if got := hex.EncodeToString(digest.Sum(nil)); got != string(h) {
		return fmt.Errorf("blob %s: %w: their hash is %s; restore this file from a backup", h, ErrDamaged, got)
	}
	return nil
}

// reader ends when its context does.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
