package ship

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/shelf"
)

const (
	paper   = dateline.ID("0190b5f0-6c00-7cc3-98c4-dc0c0c07398f")
	section = dateline.ID("0190b5f0-6c00-7cc3-98c4-dc0c0c073990")
	picture = dateline.ID("0190b5f0-6c00-7cc3-98c4-dc0c0c073991")
)

var pictureHash = strings.Repeat("ab", 32)

// log is a record in memory.
type log struct {
	t       *testing.T
	random  *rand.ChaCha8
	mu      sync.Mutex
	entries []record.Entry
	grown   chan struct{}
	note    []byte

	cosigned []record.Cosigned
	signings int64

	lost bool // the picture's bytes are not to be had
}

func newLog(t *testing.T) *log {
	l := &log{t: t, random: rand.NewChaCha8([32]byte{1}), grown: make(chan struct{})}
	l.add(paper, &record.Publication{Name: "The Estuary", Site: "https://estuary.example", Zone: "Asia/Kolkata", Language: "en"})
	l.add(section, &record.Section{Slug: "coast", Names: dateline.Names{"en": "Coast"}})
	l.add(picture, &record.Picture{Hash: pictureHash, Format: "jpeg", Width: 3, Height: 2})
	return l
}

func (l *log) add(subject dateline.ID, body any) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	kind, schema, err := record.KindOf(body)
	if err != nil {
		l.t.Fatal(err)
	}
	data, err := record.Encode(body)
	if err != nil {
		l.t.Fatal(err)
	}
	seq := int64(len(l.entries) + 1)
	at := time.Date(2026, 6, 30, 6, 0, int(seq), 0, time.UTC)
	e, err := record.NewEntry(record.Header{Sequence: seq, At: at, Kind: kind, Schema: schema, Subject: subject, Role: dateline.RoleEditor}, data, l.random)
	if err != nil {
		l.t.Fatal(err)
	}
	l.entries = append(l.entries, e)
	close(l.grown)
	l.grown = make(chan struct{})
	return seq
}

func (l *log) article(n int) (dateline.ID, int64) {
	id := dateline.ID(fmt.Sprintf("0190b5f0-6c00-7cc3-98c4-%012d", n))
	first := record.FormatInstant(time.Date(2026, 6, 30, 7, n, 0, 0, time.UTC))
	return id, l.add(id, &record.Edition{Number: 1, Change: dateline.ChangeFirst, Public: first, First: first, Kind: dateline.KindArticle,
		Address: fmt.Sprintf("/coast/2026/06/30/a-%d", n), Section: section, Headline: "Boats out", Language: "en",
		Lead: &dateline.Lead{Picture: picture, Alt: "Boats"}, Pictures: []dateline.ID{picture}})
}

func (l *log) withdraw(id dateline.ID, seq int64) int64 {
	first := record.FormatInstant(time.Date(2026, 6, 30, 7, 0, 0, 0, time.UTC))
	return l.add(id, &record.Withdrawal{Kind: dateline.WithdrawnKilled, Public: first, First: first, Language: "en", Section: section,
		Addresses: []string{"/x"}, Editions: []record.EditionMark{{Number: 1, Change: dateline.ChangeFirst, Public: first, Sequence: seq}}})
}

func (l *log) Entries(_ context.Context, after int64, limit int) ([]record.Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	rest := l.entries[min(int(after), len(l.entries)):]
	return slices.Clone(rest[:min(limit, len(rest))]), nil
}

func (l *log) Head(context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int64(len(l.entries)), nil
}

func (l *log) Wait(ctx context.Context, after, signed int64) (int64, int64, error) {
	for {
		l.mu.Lock()
		head, count, grown := int64(len(l.entries)), l.signings, l.grown
		l.mu.Unlock()
		if head > after || count > signed {
			return head, count, nil
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return 0, 0, ctx.Err()
		}
	}
}

func (l *log) Checkpoint(context.Context) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.note, nil
}

// Cosigned answers what witnesses cosigned.
func (l *log) Cosigned(_ context.Context, after int64, limit int) (list []record.Cosigned, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.cosigned {
		if c.Number > after && len(list) < limit {
			list = append(list, c)
		}
	}
	return list, nil
}

func (l *log) Picture(_ context.Context, hash string) (io.ReadCloser, error) {
	if l.lost || hash != pictureHash {
		return nil, errors.New("there is no such picture")
	}
	return io.NopCloser(strings.NewReader("bytes of a picture")), nil
}

var _ Source = (*log)(nil)

// folder is the site's pictures in memory.
type folder struct {
	mu   sync.Mutex
	have map[string]string
}

func (f *folder) Has(_ context.Context, hash string) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.have[hash]
	return ok, nil
}

func (f *folder) Keep(_ context.Context, r io.Reader) error {
	b, err := io.ReadAll(r)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.have[pictureHash] = string(b)
	return err
}

func (f *folder) Drop(_ context.Context, hash string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.have, hash)
	return nil
}

func follower(t *testing.T, l Source) (*Follower, *folder, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "shelf.db")
	f := &Follower{Source: l, Pictures: &folder{have: map[string]string{}}}
	s, err := shelf.Open(shelf.Options{Path: path, Refetch: func(ctx context.Context, seqs []int64) ([]record.Entry, error) { return EntriesAt(ctx, l, seqs) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	f.Shelf = s
	return f, f.Pictures.(*folder), path
}

// running runs the follower until the test ends, and gives how it ended.
func running(t *testing.T, f *Follower) <-chan error {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	return ended
}

func TestFollowerBringsEntriesAndPictures(t *testing.T) {
	l := newLog(t)
	id, first := l.article(1)
	f, pictures, _ := follower(t, l)
	var told []shelf.Changes
	f.OnChange = func(ch shelf.Changes) {
		if f.Shelf.Cursor() < ch.Cursor {
			t.Error("told of what is not on the shelf")
		}
		told = append(told, ch)
	}
	if err := f.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if f.Shelf.Cursor() != first || len(pictures.have) != 1 {
		t.Fatalf("caught up to %d with %d pictures", f.Shelf.Cursor(), len(pictures.have))
	}
	running(t, f)
	seq := l.withdraw(id, first)
	if err := f.WaitFor(t.Context(), seq); err != nil {
		t.Fatal(err)
	}
	last := told[len(told)-1]
	if last.Cursor != seq || !slices.Contains(last.Keys, shelf.KeyArticle(id)) || !slices.Equal(last.Hide, []string{pictureHash}) {
		t.Errorf("told %+v", last)
	}
	again := l.add(id, &record.Restoration{Withdrawal: seq, Editions: []int64{first}, Public: "2026-06-30T09:00:00.000000Z"})
	if err := f.WaitFor(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if has, _ := pictures.Has(t.Context(), pictureHash); !has {
		t.Error("a restored article has no picture")
	}
}

func TestFollowerStopsAtDamage(t *testing.T) {
	l := newLog(t)
	f, _, _ := follower(t, l)
	if err := f.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended := running(t, f)
	l.mu.Lock()
	bad := l.entries[1]
	bad.Sequence = 4
	bad.Body = bytes.ToUpper(bad.Body)
	l.entries = append(l.entries, bad)
	close(l.grown)
	l.grown = make(chan struct{})
	l.mu.Unlock()
	err := <-ended
	if err == nil || !strings.Contains(err.Error(), "entry 4") {
		t.Errorf("ended with %v", err)
	}
	if err := f.WaitFor(t.Context(), 4); err == nil || !strings.Contains(err.Error(), "entry 4") {
		t.Errorf("waiting ended with %v", err)
	}
	if f.Shelf.Cursor() != 3 {
		t.Errorf("the shelf is at %d", f.Shelf.Cursor())
	}
}

func TestWaitForEndsWithItsContext(t *testing.T) {
	f, _, _ := follower(t, newLog(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.WaitFor(ctx, 99); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

// A picture that a crash kept from the site's folder is brought when the follower starts again; one that the desk has lost
// stops nothing.
func TestPicturesAreSettled(t *testing.T) {
	l := newLog(t)
	l.article(1)
	l.lost = true
	f, pictures, _ := follower(t, l)
	if err := f.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(pictures.have) != 0 {
		t.Fatal("there is a picture that was not to be had")
	}
	l.lost = false
	if err := f.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(pictures.have) != 1 {
		t.Error("the picture is still missing")
	}
}

func TestRebuildWhereTheShelfAsksForOne(t *testing.T) {
	l := newLog(t)
	l.article(1)
	f, _, path := follower(t, l)
	if err := f.Shelf.Close(); err != nil {
		t.Fatal(err)
	}
	damage(t, path)
	s, err := shelf.Open(shelf.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	f.Shelf = s
	var told []shelf.Changes
	f.OnChange = func(ch shelf.Changes) { told = append(told, ch) }
	if err := f.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.Cursor() != 4 || len(told) == 0 || !told[0].Everything {
		t.Errorf("the shelf is at %d, told %+v", s.Cursor(), told)
	}
}

// A shelf that was built from another record, or from entries that a restored backup no longer has, is built anew.
func TestAnotherRecord(t *testing.T) {
	l := newLog(t)
	l.article(1)
	f, _, _ := follower(t, l)
	if err := f.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]func() *log{
		"shorter": func() *log { return newLog(t) },
		"another": func() *log {
			o := newLog(t)
			o.article(2)
			return o
		},
	} {
		o := other()
		f.Source = o
		if err := f.CatchUp(t.Context()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		last := o.entries[len(o.entries)-1]
		if same, err := f.Shelf.Holds(t.Context(), last); !same || err != nil || f.Shelf.Cursor() != last.Sequence {
			t.Errorf("%s: the shelf is at %d, %v", name, f.Shelf.Cursor(), err)
		}
	}
}

// Damage that is met only while entries are applied makes the follower build the shelf anew and go on.
func TestDamageMetOnTheWay(t *testing.T) {
	for _, kept := range []int{2, 10, 20, 26, 28, 30} {
		t.Run(fmt.Sprint(kept), func(t *testing.T) { damagedAfter(t, kept) })
	}
}

func damagedAfter(t *testing.T, kept int) {
	l := newLog(t)
	for i := range 40 {
		l.article(i)
	}
	f, _, path := follower(t, l)
	if err := f.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := f.Shelf.Close(); err != nil {
		t.Fatal(err)
	}
	spoil(t, path, kept)
	s, err := shelf.Open(shelf.Options{Path: path, Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	f.Shelf = s
	_, seq := l.article(41)
	if err := f.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.Cursor() != seq {
		t.Errorf("the shelf is at %d", s.Cursor())
	}
	err = s.View(t.Context(), func(tx *shelf.Tx) error {
		n, err := tx.Count(shelf.All())
		if n != 41 {
			t.Errorf("it has %d articles", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// signed keeps a checkpoint, and what a witness cosigned of it where one did, and wakes who waits.
func (l *log) signed(note []byte, cosigned ...record.Cosigned) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.note, l.cosigned = note, append(l.cosigned, cosigned...)
	l.signings++
	close(l.grown)
	l.grown = make(chan struct{})
}

// The desk signs after the act, and again where nothing is done: the checkpoint comes although no entry does, and what witnesses
// sign with it; a shelf that is made anew gets all of it.
func TestCheckpointOfAQuietHour(t *testing.T) {
	l := newLog(t)
	secret, _, err := record.NewKey("estuary.example/record", l.random)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := record.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	note, err := signer.Sign(record.Checkpoint{Origin: signer.Origin(), Size: 3}, time.Unix(1780000000, 0))
	if err != nil {
		t.Fatal(err)
	}
	f, _, _ := follower(t, l)
	if err := f.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	signed := make(chan struct{}, 9)
	f.OnChange = func(ch shelf.Changes) {
		if slices.Equal(ch.Keys, []shelf.Key{shelf.KeyRecord}) {
			signed <- struct{}{}
		}
	}
	running(t, f)
	l.signed(note)
	<-signed
	l.signed(note, record.Cosigned{Number: 4, Witness: "a", Size: 1, Note: []byte("a1")}, record.Cosigned{Number: 7, Witness: "a", Size: 3, Note: []byte("a3")})
	<-signed
	l.signed(note, record.Cosigned{Number: 8, Witness: "b", Size: 2, Note: []byte("b2")})
	<-signed
	again, _, _ := follower(t, l)
	if err := again.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, of := range []*Follower{f, again} {
		err = of.Shelf.View(t.Context(), func(tx *shelf.Tx) error {
			got, err := tx.Checkpoint()
			if string(got) != string(note) {
				t.Errorf("the checkpoint is %q", got)
			}
			for sequence, want := range map[int64]string{1: "[a1 b2]", 2: "[a3 b2]", 3: "[a3]", 0: "[a3 b2]"} {
				if notes, err := tx.Cosigned(sequence); err != nil || fmt.Sprintf("%s", notes) != want {
					t.Errorf("of entry %d: %s, %v", sequence, notes, err)
				}
			}
			if _, none := tx.Cosigned(4); !errors.Is(none, shelf.ErrNotFound) {
				t.Errorf("of an entry that no witness saw: %v", none)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
