package shelf

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// TombstoneLine is one line of the file `tombstones` beside the shelf. It holds no words. The newest line of an article or a
// running story counts.
type TombstoneLine struct {
	Article   dateline.ID `json:"article"`
	Sequence  int64       `json:"seq"`
	Withdrawn bool        `json:"withdrawn"` // false: it was restored
	Addresses []string    `json:"addresses,omitempty"`
	Pictures  []string    `json:"pictures,omitempty"` // hashes of the pictures that it alone showed
}

// tombstones is the file and what it says. It outlives the shelf's own file, so that a shelf that is behind, or came back
// from an old copy, shows nothing that was taken down.
type tombstones struct {
	version  atomic.Int64 // goes up with every change, before the change is told
	mu       sync.RWMutex // of what they say; whoever changes that holds writing too
	newest   map[dateline.ID]TombstoneLine
	articles map[string]dateline.ID // by hash of an address
	last     int64                  // the greatest sequence number of a withdrawal

	writing sync.Mutex // of the file; readers' questions do not wait for the disk
	file    *os.File
	size    int64  // where the file's lines end
	waiting []byte // lines that are known and could not be written yet
}

// openTombstones reads the file. A last line that was cut short by a crash was never acknowledged, and is cut off.
func openTombstones(path string) (t *tombstones, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	t, cut, err := readTombstones(f)
	if err == nil && cut {
		err = f.Truncate(t.size)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return t, nil
}

// readTombstones reads what a file says, and whether a line that was cut short ends it.
func readTombstones(f *os.File) (t *tombstones, cut bool, err error) {
	t = &tombstones{file: f, newest: map[dateline.ID]TombstoneLine{}, articles: map[string]dateline.ID{}}
	t.version.Store(1)
	data, err := io.ReadAll(bufio.NewReader(f))
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", f.Name(), err)
	}
	whole := bytes.LastIndexByte(data, '\n') + 1
	for i, line := range bytes.Split(data[:whole], []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		var l TombstoneLine
		if err := json.Unmarshal(line, &l); err != nil {
			return nil, false, fmt.Errorf("line %d of %s is damaged; restore the file from the desk's: %w", i+1, f.Name(), err)
		}
		t.remember(l)
	}
	t.size = int64(whole)
	return t, whole < len(data), nil
}

func (t *tombstones) remember(l TombstoneLine) {
	if have, ok := t.newest[l.Article]; ok && have.Sequence >= l.Sequence {
		return
	}
	t.version.Add(1)
	t.newest[l.Article] = l
	for _, h := range l.Addresses {
		t.articles[h] = l.Article
	}
	if l.Withdrawn {
		t.last = max(t.last, l.Sequence)
	}
}

// add writes lines that are not there yet and waits for the disk. They are known from now on: those that cannot be written
// wait for the next call.
func (t *tombstones) add(lines []TombstoneLine) error {
	t.writing.Lock()
	defer t.writing.Unlock()
	for _, l := range lines {
		if have, ok := t.newest[l.Article]; ok && have.Sequence >= l.Sequence {
			continue
		}
		line, err := json.Marshal(l)
		if err != nil {
			return err
		}
		t.waiting = append(append(t.waiting, line...), '\n')
		t.mu.Lock()
		t.remember(l)
		t.mu.Unlock()
	}
	if len(t.waiting) == 0 {
		return nil
	}
	if err := t.write(); err != nil {
		return fmt.Errorf("write the tombstones: %w", err)
	}
	t.size, t.waiting = t.size+int64(len(t.waiting)), nil
	return nil
}

// write puts what waits after the lines, in place of what a failed attempt left there.
func (t *tombstones) write() error {
	if err := t.file.Truncate(t.size); err != nil {
		return err
	}
	if _, err := t.file.WriteAt(t.waiting, t.size); err != nil {
		return err
	}
	return t.file.Sync()
}

// ahead says whether the file may know of withdrawals that a snapshot has not seen.
func (t *tombstones) ahead(cursor int64) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.last > cursor
}

// hides says whether an article or a story was taken down after a snapshot.
func (t *tombstones) hides(id dateline.ID, cursor int64) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	l, ok := t.newest[id]
	return ok && l.Withdrawn && l.Sequence > cursor
}

// at gives the article or the story of an address that was taken down after a snapshot.
func (t *tombstones) at(hash string, cursor int64) (TombstoneLine, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	id, ok := t.articles[hash]
	if !ok {
		return TombstoneLine{}, false
	}
	l := t.newest[id]
	return l, l.Withdrawn && l.Sequence > cursor
}

// empty says whether nothing was ever taken down.
func (t *tombstones) empty() bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.articles) == 0
}

// Gone says whether the article or the story at an address was taken down and not restored, by the file of tombstones alone. It needs no
// snapshot, so that it answers also while the shelf cannot.
func (s *Shelf) Gone(address string) bool {
	if s.tombstones.empty() {
		return false
	}
	_, down := s.tombstones.at(record.AddressHash(address), 0)
	return down
}

// GoneVersion is a number of 1 or more that goes up whenever an address may begin or cease to be gone. What Gone said after the number was
// read holds while it is the same.
func (s *Shelf) GoneVersion() int64 { return s.tombstones.version.Load() }

// Forget empties the file of tombstones before the shelf is built from another record, whose entries are numbered anew. That
// record says itself what is down.
func (s *Shelf) Forget() error {
	t := s.tombstones
	t.writing.Lock()
	defer t.writing.Unlock()
	t.clear()
	t.size, t.waiting = 0, nil
	if err := t.file.Truncate(0); err != nil {
		return fmt.Errorf("empty the tombstones: %w", err)
	}
	return t.file.Sync()
}

func (t *tombstones) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.version.Add(1)
	clear(t.newest)
	clear(t.articles)
	t.last = 0
}

func (t *tombstones) close() error { return t.file.Close() }
