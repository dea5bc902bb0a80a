package blobtest_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/media/blob/blobtest"
)

func TestDisk(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Store {
		d, err := blob.OpenDisk(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	})
}

// TestAnotherStore: a store with nothing of a disk's passes, so that the suite asks for no more than blob.Store promises.
func TestAnotherStore(t *testing.T) {
	blobtest.Run(t, func(*testing.T) blob.Store { return &memory{kept: map[blob.Hash][]byte{}} })
}

// memory keeps bytes in memory.
type memory struct {
	mu   sync.Mutex
	kept map[blob.Hash][]byte
}

var _ blob.Store = (*memory)(nil)

func (m *memory) Put(ctx context.Context, r io.Reader, limit int64) (blob.Hash, int64, error) {
	var b []byte
	part := make([]byte, 4096)
	for {
		n, err := r.Read(part)
		if b = append(b, part[:n]...); int64(len(b)) > limit {
			return "", 0, blob.ErrTooBig
		}
		if ctx.Err() != nil {
			return "", 0, ctx.Err()
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", 0, err
		}
	}
	h := blob.Sum(b)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[h] = b
	return h, int64(len(b)), nil
}

// find returns the bytes under what may be a hash.
func (m *memory) find(h blob.Hash) (b []byte, ok bool, err error) {
	if _, err := blob.Parse(string(h)); err != nil {
		return nil, false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok = m.kept[h]
	return b, ok, nil
}

type opened struct{ *bytes.Reader }

func (opened) Close() error { return nil }

func (m *memory) Open(_ context.Context, h blob.Hash) (io.ReadSeekCloser, int64, error) {
	b, ok, err := m.find(h)
	if err == nil && !ok {
		err = blob.ErrNotFound
	}
	return opened{bytes.NewReader(b)}, int64(len(b)), err
}

func (m *memory) Has(_ context.Context, h blob.Hash) (bool, error) {
	_, ok, err := m.find(h)
	return ok, err
}

func (m *memory) Delete(_ context.Context, h blob.Hash) error {
	if _, _, err := m.find(h); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, h)
	return nil
}

func (m *memory) Walk(_ context.Context, f func(blob.Hash, int64) error) error {
	m.mu.Lock()
	kept := maps.Clone(m.kept)
	m.mu.Unlock()
	for _, h := range slices.Sorted(maps.Keys(kept)) {
		if err := f(h, int64(len(kept[h]))); err != nil {
			return err
		}
	}
	return nil
}
