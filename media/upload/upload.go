// Package upload keeps files that come in parts, over connections that break: each part is on disk before it is
// acknowledged, and whoever began an upload can go on where it stopped, also after the program was started anew.
package upload

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/datelinehq/dateline"
)

// Bounds of what is kept at a time.
const (
	// MaxPart is the longest part in bytes.
	MaxPart = 1 << 20
	// MaxOpen is how many uploads one person may have under way.
	MaxOpen = 40
	// MaxOwn is how many bytes the uploads of one person may have together when they are done.
	MaxOwn = 800 << 20
	// MaxAll is the same for everybody together.
	MaxAll = 4 << 30
	// Life is how long an upload is kept after its last part.
	Life = 24 * time.Hour
)

// Upload is a file that is coming in.
type Upload struct {
	ID      string      `json:"id"`
	Owner   string      `json:"owner"`
	Name    string      `json:"name"`
	Size    int64       `json:"size"`
	Offset  int64       `json:"-"` // how many bytes are here
	Expires time.Time   `json:"expires"`
	Picture dateline.ID `json:"picture,omitempty"` // what became of it; its bytes are gone then
}

// Folder keeps uploads in a folder of its own: for each a file of its bytes and one that says whose it is. It is safe for
// concurrent use.
type Folder struct {
	root *os.Root
	mu   sync.Mutex
	all  map[string]*Upload
}

// Open opens a folder, which is made when it is not there, with the uploads that were under way.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("the uploads' folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("the uploads' folder: %w", err)
	}
	f := &Folder{root: root, all: map[string]*Upload{}}
	if err := f.load(); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return f, nil
}

// load finds what is there. What a crash has left without its other half is removed.
func (f *Folder) load() error {
	entries, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return fmt.Errorf("the uploads' folder: %w", err)
	}
	for _, e := range entries {
		id, ok := strings.CutSuffix(e.Name(), ".json")
		if !ok {
			continue
		}
		u := &Upload{}
		data, err := f.root.ReadFile(e.Name())
		if err != nil || json.Unmarshal(data, u) != nil || u.ID != id {
			continue
		}
		if info, err := f.root.Stat(id + ".part"); err == nil {
			u.Offset = info.Size()
		} else if u.Picture != "" {
			u.Offset = u.Size
		} else {
			continue
		}
		f.all[id] = u
	}
	for _, e := range entries {
		if id, _, _ := strings.Cut(e.Name(), "."); f.all[id] == nil {
			if err := f.root.Remove(e.Name()); err != nil {
				return fmt.Errorf("the uploads' folder: %w", err)
			}
		}
	}
	return nil
}

// Close releases the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Start begins an upload under an id that nobody can guess. It answers ETooLarge over a bound, with what to do.
func (f *Folder) Start(id, owner, name string, size int64, now time.Time) (Upload, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.sweep(now); err != nil {
		return Upload{}, err
	}
	open, own, all := 0, size, size
	for _, u := range f.all {
		if u.Picture != "" {
			continue
		}
		all += u.Size
		if u.Owner == owner {
			open++
			own += u.Size
		}
	}
	switch {
	case open >= MaxOpen:
		return Upload{}, dateline.Errorf(dateline.ETooLarge, "%d uploads are under way already; let some finish, or give them up", open)
	case own > MaxOwn:
		return Upload{}, dateline.Errorf(dateline.ETooLarge, "your uploads under way would have %d MB together, %d at most; let some finish first", own>>20, MaxOwn>>20)
	case all > MaxAll:
		return Upload{}, dateline.Errorf(dateline.ETooLarge, "too much is coming in at the moment; try again in a few minutes")
	}
	u := &Upload{ID: id, Owner: owner, Name: name, Size: size, Expires: now.Add(Life)}
	if err := f.write(id+".part", nil, 0); err != nil {
		return Upload{}, err
	}
	if err := f.keep(u); err != nil {
		return Upload{}, err
	}
	f.all[id] = u
	return *u, nil
}

// Find returns somebody's upload; ENotFound for that of another, and for one that has expired.
func (f *Folder) Find(id, owner string, now time.Time) (Upload, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, err := f.find(id, owner, now)
	if err != nil {
		return Upload{}, err
	}
	return *u, nil
}

func (f *Folder) find(id, owner string, now time.Time) (*Upload, error) {
	u := f.all[id]
	if u == nil || u.Owner != owner || !now.Before(u.Expires) {
		return nil, dateline.Errorf(dateline.ENotFound, "there is no such upload, or it has expired; begin it anew")
	}
	return u, nil
}

// Append adds a part at an offset and returns once it is on disk. EConflict says where the upload really is; ETooLarge that
// more comes than was said.
func (f *Folder) Append(id, owner string, offset int64, part []byte, now time.Time) (Upload, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, err := f.find(id, owner, now)
	if err != nil {
		return Upload{}, err
	}
	switch {
	case offset != u.Offset:
		return *u, dateline.Errorf(dateline.EConflict, "the upload is at %d bytes, not at %d; go on from there", u.Offset, offset)
	case len(part) > MaxPart:
		return *u, dateline.Errorf(dateline.ETooLarge, "a part has %d bytes at most", MaxPart)
	case int64(len(part)) > u.Size-u.Offset:
		return *u, dateline.Errorf(dateline.ETooLarge, "the upload was to have %d bytes; begin it anew with its size", u.Size)
	case len(part) == 0:
		return *u, nil
	}
	if err := f.write(id+".part", part, u.Offset); err != nil {
		return *u, err
	}
	u.Offset += int64(len(part))
	u.Expires = now.Add(Life)
	return *u, f.keep(u)
}

// Bytes opens what has come in of an upload.
func (f *Folder) Bytes(id string) (io.ReadCloser, error) {
	file, err := f.root.Open(id + ".part")
	if err != nil {
		return nil, fmt.Errorf("an upload: %w", err)
	}
	return file, nil
}

// Done keeps what became of an upload, for whoever asks again, and drops its bytes.
func (f *Folder) Done(id string, picture dateline.ID) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	u := f.all[id]
	if u == nil {
		return nil
	}
	u.Picture = picture
	if err := f.keep(u); err != nil {
		return err
	}
	return f.remove(id + ".part")
}

// Delete gives an upload up. Deleting what is not there is no error.
func (f *Folder) Delete(id, owner string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if u := f.all[id]; u == nil || u.Owner != owner {
		return nil
	}
	return f.drop(id)
}

// sweep drops what has expired.
func (f *Folder) sweep(now time.Time) error {
	for id, u := range f.all {
		if !now.Before(u.Expires) {
			if err := f.drop(id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *Folder) drop(id string) error {
	delete(f.all, id)
	return errors.Join(f.remove(id+".part"), f.remove(id+".json"))
}

func (f *Folder) remove(name string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("an upload: %w", err)
	}
	return nil
}

// keep writes whose an upload is.
func (f *Folder) keep(u *Upload) error {
	data, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("an upload: %w", err)
	}
	name := u.ID + ".json"
	if err := f.remove(name + ".new"); err != nil {
		return err
	}
	if err := f.write(name+".new", data, 0); err != nil {
		return err
	}
	if err := f.root.Rename(name+".new", name); err != nil {
		return fmt.Errorf("an upload: %w", err)
	}
	folder, err := f.root.Open(".")
	if err != nil {
		return fmt.Errorf("an upload: %w", err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// write puts bytes at a place in a file and waits for the disk. What stands after them, which a crash has left, is cut off.
func (f *Folder) write(name string, data []byte, at int64) (err error) {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o640)
	if err != nil {
		return fmt.Errorf("an upload: %w", err)
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			err = fmt.Errorf("an upload: %w", err)
		}
	}()
	if err := file.Truncate(at); err != nil {
		return err
	}
	if _, err := file.WriteAt(data, at); err != nil {
		return err
	}
	return file.Sync()
}
