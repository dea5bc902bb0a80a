package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sync"
	"time"
)

const (
	// incoming is the folder in which a file is written before it has its name.
	incoming = "incoming"
	// abandoned is the age from which a file in incoming belongs to a process that no longer runs.
	abandoned = time.Hour

	folderMode = 0o750
	fileMode   = 0o640
)

// Disk is a Store in a folder: the bytes of abcd… lie in ab/cd/abcd…. No name can lead out of the folder, by dots or by
// symbolic links.
type Disk struct {
	root *os.Root

	mu     sync.Mutex
	synced map[string]bool // folders that this process has seen on disk
}

var _ Store = (*Disk)(nil)

// OpenDisk opens the store in a folder, which is made when it is not there, and removes what uploads that were cut off
// have left.
func OpenDisk(dir string) (d *Disk, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("blobs in %s: %w", dir, err)
		}
	}()
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	d = &Disk{root: root, synced: map[string]bool{}}
	if err := errors.Join(d.folder(incoming), d.sweep(time.Now())); err != nil {
		root.Close()
		return nil, err
	}
	return d, nil
}

// Close releases the folder. What was opened stays readable.
func (d *Disk) Close() error { return d.root.Close() }

// sweep removes files in incoming that nobody has written to for so long that their process must have ended.
func (d *Disk) sweep(now time.Time) error {
	entries, err := fs.ReadDir(d.root.FS(), incoming)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if now.Sub(info.ModTime()) < abandoned {
			continue
		}
		if err := d.root.Remove(path.Join(incoming, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Put implements Store.
func (d *Disk) Put(ctx context.Context, r io.Reader, limit int64) (h Hash, size int64, err error) {
	defer func() {
		if err != nil {
			h, size, err = "", 0, fmt.Errorf("store a blob: %w", err)
		}
	}()
	temporary := path.Join(incoming, rand.Text())
	h, size, err = d.write(ctx, temporary, r, limit)
	if err == nil {
		err = d.keep(temporary, h)
	}
	if err != nil {
		// The file may never have been made, or already have its name; sweep would find it anyhow.
		_ = d.root.Remove(temporary)
	}
	return h, size, err
}

// write copies r into a new file and returns once its bytes are on disk.
func (d *Disk) write(ctx context.Context, name string, r io.Reader, limit int64) (h Hash, size int64, err error) {
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	digest := sha256.New()
	size, err = io.Copy(io.MultiWriter(f, digest), io.LimitReader(reader{ctx, r}, limit+1))
	if err != nil {
		return "", 0, err
	}
	if size > limit {
		return "", 0, fmt.Errorf("%w of %d bytes", ErrTooBig, limit)
	}
	return Hash(hex.EncodeToString(digest.Sum(nil))), size, f.Sync()
}

// keep gives a written file its name. A file that is there already is replaced by the same bytes, which also heals a
// damaged one.
func (d *Disk) keep(temporary string, h Hash) error {
	for _, folder := range []string{string(h[:2]), path.Dir(h.path())} {
		if err := d.folder(folder); err != nil {
			return err
		}
	}
	if err := d.root.Rename(temporary, h.path()); err != nil {
		return err
	}
	return d.sync(path.Dir(h.path()))
}

// folder makes a folder and sees to it once per process that its name is on disk; the lock is held meanwhile, so that
// nobody relies on a folder that another has made but not yet synced.
func (d *Disk) folder(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.synced[name] {
		return nil
	}
	if err := d.root.Mkdir(name, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := d.sync(path.Dir(name)); err != nil {
		return err
	}
	d.synced[name] = true
	return nil
}

func (d *Disk) sync(folder string) error {
	f, err := d.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// path is where the bytes lie; the caller has checked the hash.
func (h Hash) path() string { return path.Join(string(h[:2]), string(h[2:4]), string(h)) }

// Open implements Store.
func (d *Disk) Open(ctx context.Context, h Hash) (io.ReadSeekCloser, int64, error) {
	if _, err := Parse(string(h)); err != nil {
		return nil, 0, err
	}
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	f, err := d.root.Open(h.path())
	if err != nil {
		return nil, 0, absent(h, err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("blob %s: %w: it is not a file", h, ErrDamaged)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

func absent(h Hash, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNotFound
	}
	return fmt.Errorf("blob %s: %w", h, err)
}

// Has implements Store.
func (d *Disk) Has(ctx context.Context, h Hash) (bool, error) {
	if _, err := Parse(string(h)); err != nil {
		return false, err
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	_, err := d.root.Lstat(h.path())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Delete implements Store.
func (d *Disk) Delete(ctx context.Context, h Hash) error {
	if _, err := Parse(string(h)); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := d.root.Remove(h.path()); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return absent(h, err)
	}
	return d.sync(path.Dir(h.path()))
}

// Walk implements Store. What is not a blob's name is passed over.
func (d *Disk) Walk(ctx context.Context, f func(h Hash, size int64) error) error {
	return fs.WalkDir(d.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if entry.IsDir() {
			if name == incoming {
				return fs.SkipDir
			}
			return nil
		}
		h, err := Parse(entry.Name())
		if err != nil || name != h.path() {
			return nil
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return f(h, info.Size())
	})
}
