// Package ship carries the record to its followers: within one program, and as lines of JSON to other machines.
package ship

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/shelf"
)

// Source is where a follower reads the record from. Package desk is one within the program.
type Source interface {
	// Entries answers up to limit entries after a sequence number, in order; none at the end. The bodies of withdrawn
	// editions are given to nobody.
	Entries(ctx context.Context, after int64, limit int) ([]record.Entry, error)
	// Head is the sequence number of the newest entry; 0 for an empty record.
	Head(ctx context.Context) (int64, error)
	// Wait returns when the record is longer than after, when more was signed and cosigned than a count, or when ctx ends; with
	// the record's length and the count as they are. Counts say nothing after a new start.
	Wait(ctx context.Context, after, signed int64) (head, count int64, err error)
	// Checkpoint is the latest signed checkpoint.
	Checkpoint(ctx context.Context) ([]byte, error)
	// Cosigned answers up to limit checkpoints that witnesses cosigned, after a number, in the order of these; none at the end.
	Cosigned(ctx context.Context, after int64, limit int) ([]record.Cosigned, error)
	// Picture opens the bytes of a picture by its hash.
	Picture(ctx context.Context, hash string) (io.ReadCloser, error)
}

// EntriesAt answers named entries with the bodies they have now.
func EntriesAt(ctx context.Context, s Source, sequences []int64) ([]record.Entry, error) {
	out := make([]record.Entry, 0, len(sequences))
	for _, seq := range sequences {
		list, err := s.Entries(ctx, seq-1, 1)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 || list[0].Sequence != seq {
			return nil, fmt.Errorf("the record has no entry %d", seq)
		}
		out = append(out, list[0])
	}
	return out, nil
}

// Pictures is the site's own folder of pictures.
type Pictures interface {
	// Has says whether a picture is there.
	Has(ctx context.Context, hash string) (bool, error)
	// Keep takes a picture's bytes in.
	Keep(ctx context.Context, r io.Reader) error
	// Drop takes a picture and all made of it away; one that is not there is no error.
	Drop(ctx context.Context, hash string) error
}

// batch is how many entries are applied at once while catching up.
const batch = 512

// quiet is how long nothing must come before the shelf's search index is tidied, and pause what lies between two steps of it.
const (
	quiet = 2 * time.Second
	pause = 50 * time.Millisecond
)

// Follower applies a record to a shelf, entry after entry, and tells what has changed.
type Follower struct {
	Source   Source
	Shelf    *shelf.Shelf
	Pictures Pictures
	// OnChange is told of every change after the shelf has committed it, and before anybody is told that it is there.
	OnChange func(shelf.Changes)
	// Progress is told how a rebuild goes on; may be nil.
	Progress shelf.Progress
	Log      *slog.Logger // nil: nothing is said

	mu    sync.Mutex    // one at a time: Run and CatchUp
	seen  int64         // how much was signed when it was last waited for
	quiet time.Duration // in place of the constant, for tests

	state   sync.Mutex
	told    int64         // the last entry of which OnChange was told
	moved   chan struct{} // closed and replaced when told goes up
	failure error         // why Run stopped
}

// CatchUp brings the shelf up to the record: by a rebuild where the shelf asks for one, then by what came since.
func (f *Follower) CatchUp(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.rebuild(ctx); err != nil {
		return err
	}
	if err := f.advance(ctx); err != nil {
		return err
	}
	f.reach(f.Shelf.Cursor(), nil)
	return f.settle(ctx)
}

// rebuild builds the shelf anew where its file is no good, or where it was built from another record.
func (f *Follower) rebuild(ctx context.Context) error {
	why := f.Shelf.NeedsRebuild()
	if why == "" && f.Shelf.Cursor() == 0 {
		long, err := f.Source.Entries(ctx, batch, 1)
		if err != nil {
			return fmt.Errorf("read the record after entry %d: %w", batch, err)
		}
		if len(long) > 0 {
			why = "the shelf is new and the record is not" // in a file of its own that is faster, and it is told
		}
	}
	if why == "" {
		same, err := f.sameRecord(ctx)
		if err != nil {
			return err
		}
		if same {
			return nil
		}
		why = "the record is not the one that the shelf was built from"
		if err := f.Shelf.Forget(); err != nil {
			return err
		}
	}
	f.log().Info("the site is built from the record", "because", why)
	ch, err := f.Shelf.Rebuild(ctx, f.Source, f.Progress)
	if err != nil {
		return err
	}
	f.tell(ch)
	return nil
}

// sameRecord says whether the record has the shelf's last entry as the shelf has it.
func (f *Follower) sameRecord(ctx context.Context) (bool, error) {
	cursor := f.Shelf.Cursor()
	if cursor == 0 {
		return true, nil
	}
	if named, err := f.sameName(ctx); err != nil || !named {
		return false, err
	}
	list, err := f.Source.Entries(ctx, cursor-1, 1)
	if err != nil {
		return false, fmt.Errorf("read entry %d of the record: %w", cursor, err)
	}
	if len(list) == 0 || list[0].Sequence != cursor {
		return false, nil
	}
	return f.Shelf.Holds(ctx, list[0])
}

// sameName says whether the record is signed under the name that the shelf knows it by. One that was begun again from an older
// copy has another.
func (f *Follower) sameName(ctx context.Context) (bool, error) {
	note, err := f.Source.Checkpoint(ctx)
	if err != nil || len(note) == 0 {
		return true, err
	}
	c, err := record.ParseCheckpoint(note)
	if err != nil {
		return false, fmt.Errorf("read the record's checkpoint: %w", err)
	}
	known := ""
	err = f.Shelf.View(ctx, func(tx *shelf.Tx) (err error) {
		known, err = tx.Origin()
		return err
	})
	return known == "" || known == c.Origin, err
}

// Run follows the record until ctx ends. It returns an error where the record does not go on as it must; what is on the
// shelf then stays served.
func (f *Follower) Run(ctx context.Context) error {
	err := ended(ctx, f.run(ctx))
	f.reach(0, cmp.Or(err, errStopped))
	return err
}

var errStopped = errors.New("the follower has stopped")

func (f *Follower) run(ctx context.Context) error {
	for {
		if err := f.wait(ctx); err != nil {
			return err
		}
		f.mu.Lock()
		err := f.advance(ctx)
		f.mu.Unlock()
		if err != nil {
			return err
		}
	}
}

// advance applies what is new. A shelf whose file turns out to be damaged is built anew.
func (f *Follower) advance(ctx context.Context) error {
	err := f.follow(ctx)
	if err == nil || f.Shelf.NeedsRebuild() == "" {
		return err
	}
	if err := f.rebuild(ctx); err != nil {
		return err
	}
	if err := f.follow(ctx); err != nil {
		return err
	}
	return f.settle(ctx)
}

// wait returns when the record goes on or is signed, which comes after an act. While nothing comes it tidies the shelf in steps
// that hold up nobody.
func (f *Follower) wait(ctx context.Context) error {
	for next := cmp.Or(f.quiet, quiet); ; {
		asleep, cancel := context.WithTimeout(ctx, next)
		err := f.await(asleep)
		cancel()
		if err == nil || ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		more, err := f.idle(ctx)
		if err != nil {
			return err
		}
		if next = pause; !more {
			return f.await(ctx)
		}
	}
}

func (f *Follower) await(ctx context.Context) error {
	_, seen, err := f.Source.Wait(ctx, f.Shelf.Cursor(), f.seen)
	if err == nil {
		f.seen = seen
	}
	return err
}

func (f *Follower) idle(ctx context.Context) (more bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.Shelf.Tidy(ctx)
}

// WaitFor returns when an entry is on the shelf and OnChange was told of it, when ctx ends, or when the follower has stopped.
func (f *Follower) WaitFor(ctx context.Context, sequence int64) error {
	for {
		f.state.Lock()
		if f.moved == nil {
			f.moved = make(chan struct{})
		}
		told, moved, failure := f.told, f.moved, f.failure
		f.state.Unlock()
		switch {
		case told >= sequence:
			return nil
		case failure != nil:
			return failure
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// reach notes how far readers have been brought, or why no further.
func (f *Follower) reach(told int64, failure error) {
	f.state.Lock()
	defer f.state.Unlock()
	f.told, f.failure = max(f.told, told), failure
	if f.moved != nil {
		close(f.moved)
	}
	f.moved = make(chan struct{})
}

func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return nil
	}
	return err
}

// follow applies what the record has and the shelf has not.
func (f *Follower) follow(ctx context.Context) error {
	for {
		entries, err := f.Source.Entries(ctx, f.Shelf.Cursor(), batch)
		if err != nil {
			return fmt.Errorf("read the record after entry %d: %w", f.Shelf.Cursor(), err)
		}
		if len(entries) == 0 {
			return f.sign(ctx)
		}
		ch, err := f.Shelf.Apply(ctx, entries)
		if err != nil {
			return fmt.Errorf("apply the record after entry %d: %w", f.Shelf.Cursor(), err)
		}
		if err := f.fetch(ctx, ch.Show); err != nil {
			return err
		}
		f.tell(ch)
		if err := f.drop(ctx, ch.Hide); err != nil {
			return err
		}
	}
}

// sign takes the latest checkpoint over. A record that was never signed has none.
func (f *Follower) sign(ctx context.Context) error {
	note, err := f.Source.Checkpoint(ctx)
	if err != nil || len(note) == 0 {
		return err
	}
	ch, err := f.Shelf.SetCheckpoint(ctx, note)
	if err != nil {
		return fmt.Errorf("take over the checkpoint: %w", err)
	}
	f.tell(ch)
	return f.cosigned(ctx)
}

// cosigned takes over what witnesses cosigned.
func (f *Follower) cosigned(ctx context.Context) error {
	last := int64(0)
	err := f.Shelf.View(ctx, func(tx *shelf.Tx) (err error) {
		last, err = tx.LastCosigned()
		return err
	})
	for err == nil {
		list, fail := f.Source.Cosigned(ctx, last, batch)
		if fail != nil {
			return fmt.Errorf("read what witnesses cosigned: %w", fail)
		}
		if len(list) == 0 {
			return nil
		}
		last = list[len(list)-1].Number
		var ch shelf.Changes
		if ch, err = f.Shelf.AddCosigned(ctx, list); err == nil {
			f.tell(ch)
		}
	}
	return fmt.Errorf("take over what witnesses cosigned: %w", err)
}

func (f *Follower) log() *slog.Logger {
	if f.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return f.Log
}

func (f *Follower) tell(ch shelf.Changes) {
	if f.OnChange != nil {
		f.OnChange(ch)
	}
	f.reach(ch.Cursor, nil)
}

// fetch copies pictures that became public. One that the desk has lost is named in the log; the article is served without.
func (f *Follower) fetch(ctx context.Context, hashes []string) error {
	for _, h := range hashes {
		has, err := f.Pictures.Has(ctx, h)
		if err != nil {
			return fmt.Errorf("look for the picture %s: %w", h, err)
		}
		if has {
			continue
		}
		if err := f.copy(ctx, h); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			f.log().Error("a picture could not be brought to the site", "hash", h, "error", err)
		}
	}
	return nil
}

func (f *Follower) copy(ctx context.Context, hash string) (err error) {
	r, err := f.Source.Picture(ctx, hash)
	if err != nil {
		return err
	}
	defer r.Close()
	return f.Pictures.Keep(ctx, r)
}

func (f *Follower) drop(ctx context.Context, hashes []string) error {
	for _, h := range hashes {
		if err := f.Pictures.Drop(ctx, h); err != nil {
			return fmt.Errorf("take the picture %s away: %w", h, err)
		}
	}
	return nil
}

// settle brings every picture that the shelf shows: a program that was ended between applying and copying, or a shelf
// that was built anew, leaves some behind.
func (f *Follower) settle(ctx context.Context) error {
	var shown []string
	err := f.Shelf.View(ctx, func(tx *shelf.Tx) (err error) {
		shown, err = tx.ShownPictures()
		return err
	})
	if errors.Is(err, shelf.ErrNotReady) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list the pictures that are shown: %w", err)
	}
	return f.fetch(ctx, shown)
}
