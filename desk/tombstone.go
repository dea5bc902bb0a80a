package desk

import (
	"bufio"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// Tombstone is one line of the file of tombstones: that an article or a running story went down, or came back, or that entries
// lost their bodies. It holds no words.
type Tombstone struct {
	Sequence  int64                   `json:"seq"`
	Kind      record.Kind             `json:"kind"`    // withdrawal, restoration, redaction or origin
	Article   dateline.ID             `json:"article"` // or the story; of a redaction, its subject
	Story     bool                    `json:"story,omitempty"`
	Why       dateline.WithdrawalKind `json:"why,omitempty"`
	Into      dateline.ID             `json:"into,omitempty"`
	Addresses []string                `json:"addresses,omitempty"` // record.AddressHash of each
	Pictures  []string                `json:"pictures,omitempty"`  // SHA-256 of the bytes
	Entries   []RemovedEntry          `json:"entries,omitempty"`   // of a redaction
}

// RemovedEntry is an entry that lost its body. The commitment tells it from another one under the same number.
type RemovedEntry struct {
	Sequence   int64  `json:"seq"`
	Commitment string `json:"commitment"` // hex
}

// line is one line of the file: a tombstone, or the newest signed checkpoint.
type line struct {
	*Tombstone
	Size int64  `json:"size,omitempty"`
	Root string `json:"root,omitempty"`
}

// Tombstones is the file that remembers withdrawals apart from the database, so that an old backup brings none of them
// back. A line is on disk before its act is acknowledged. A nil *Tombstones remembers nothing.
type Tombstones struct {
	mu      sync.Mutex
	file    *os.File
	last    map[dateline.ID]Tombstone // the newest line of each article and story
	down    map[string]dateline.ID    // addresses' hashes of what is down
	removed []Tombstone               // redactions, in their order
	seq     int64                     // of the newest line
	size    int64                     // of the newest checkpoint
	root    string
	end     int64 // where its lines end
	tail    int64 // where the checkpoint begins that is the file's last line; end where the last line is none

	waiting []line // that are known and could not be written yet
}

// OpenTombstones opens the file at path, making it where there is none. A last line that a crash cut short is dropped;
// any other damage is an error that names the line.
func OpenTombstones(path string) (_ *Tombstones, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("open the file of tombstones %s: %w", path, err)
		}
	}()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		return nil, err
	}
	t := &Tombstones{file: f, last: map[dateline.ID]Tombstone{}, down: map[string]dateline.ID{}}
	if err := errors.Join(t.load(), syncFolder(filepath.Dir(path))); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return t, nil
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (t *Tombstones) load() error {
	r := bufio.NewReader(t.file)
	for n := 1; ; n++ {
		b, err := r.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		var l line
		if err := json.Unmarshal(b, &l); err != nil {
			return fmt.Errorf("line %d is damaged: %w", n, err)
		}
		t.grow(l, len(b))
	}
	return t.file.Truncate(t.end)
}

// grow brings what is known up to a line that the file now ends with.
func (t *Tombstones) grow(l line, length int) {
	t.tail, t.end = t.end, t.end+int64(length)
	if l.Tombstone != nil {
		t.tail = t.end
	}
	t.take(l)
}

// take brings what is known up to a line.
func (t *Tombstones) take(l line) {
	if l.Tombstone == nil {
		t.size, t.root = l.Size, l.Root
		return
	}
	s := *l.Tombstone
	if s.Kind == record.KindOrigin {
		t.seq, t.size, t.root = s.Sequence, 0, "" // numbers go on from here
		return
	}
	t.seq = max(t.seq, s.Sequence)
	if s.Kind == record.KindRedaction {
		t.removed = append(t.removed, s)
		return
	}
	for _, hash := range t.last[s.Article].Addresses {
		delete(t.down, hash)
	}
	t.last[s.Article] = s
	if s.Kind == record.KindWithdrawal {
		for _, hash := range s.Addresses {
			t.down[hash] = s.Article
		}
	}
}

// append keeps tombstones and waits until they are on disk, with those before them that could not be written. They are
// known from now on, on disk or not.
func (t *Tombstones) append(list ...Tombstone) error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range list {
		l := line{Tombstone: &s}
		t.take(l)
		t.waiting = append(t.waiting, l)
	}
	if len(t.waiting) == 0 {
		return nil
	}
	end, err := t.write(t.waiting...)
	if err == nil {
		err = t.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("write the file of tombstones: %w", err)
	}
	t.tail, t.end, t.waiting = end, end, nil
	return nil
}

// signed remembers the newest signed checkpoint, in place of the one before where that is the file's last line, so that
// the file does not grow with every act. It is not waited for: a checkpoint that a power cut loses here only makes the
// next start less strict.
func (t *Tombstones) signed(size int64, root record.Hash) error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.end = t.tail
	l := line{Size: size, Root: hexOf(root)}
	end, err := t.write(l)
	if err != nil {
		return fmt.Errorf("write the file of tombstones: %w", err)
	}
	t.end = end
	t.take(l)
	return nil
}

// write puts lines after the file's end, in place of what a failed attempt or an older checkpoint left there, and says
// where they end. The caller moves the end, once it believes that the lines are there.
func (t *Tombstones) write(lines ...line) (end int64, err error) {
	var b []byte
	for _, l := range lines {
		text, err := json.Marshal(l)
		if err != nil {
			return 0, err
		}
		b = append(append(b, text...), '\n')
	}
	if err := t.file.Truncate(t.end); err != nil {
		return 0, err
	}
	_, err = t.file.WriteAt(b, t.end)
	return t.end + int64(len(b)), err
}

// Down says whether an address, in any of its forms, belongs to an article or a story that is withdrawn.
func (t *Tombstones) Down(address string) bool {
	if t == nil {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, form := range twins(address) {
		if _, down := t.down[record.AddressHash(form)]; down {
			return true
		}
	}
	return false
}

// why is the kind of withdrawal by which an article is down; empty where it is not.
func (t *Tombstones) why(article dateline.ID) dateline.WithdrawalKind {
	if t == nil {
		return ""
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last[article].Why
}

// Close closes the file.
func (t *Tombstones) Close() error {
	if t == nil {
		return nil
	}
	return t.file.Close()
}

func hexOf(root record.Hash) string { return hex.EncodeToString(root[:]) }

// newestOf is the newest line of an article or a story; its zero value where there is none.
func (t *Tombstones) newestOf(id dateline.ID) Tombstone {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last[id]
}

// redactions gives the lines of redactions in their order.
func (t *Tombstones) redactions() []Tombstone {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.removed)
}

// newest gives the newest line of every article and story that is down.
func (t *Tombstones) newest() (down []Tombstone) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.last {
		if s.Kind == record.KindWithdrawal {
			down = append(down, s)
		}
	}
	slices.SortFunc(down, func(a, b Tombstone) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return down
}
