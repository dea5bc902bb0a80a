// Package desk holds the editorial use cases: who may do what, when, and what of it readers get. Each use case asks the
// table of acts, checks the rules, opens one transaction, changes the draft, appends to the record and leaves an audit
// line. It is the only writer of articles and of the record.
package desk

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/media/upload"
	"github.com/datelinehq/dateline/record"
)

// Signer signs the record's checkpoints.
type Signer interface {
	// Origin is the record's name.
	Origin() string
	// Verifier is the public key (C2SP signed-note verifier key).
	Verifier() string
	// Sign makes a signed note of a checkpoint that says when it was signed.
	Sign(c record.Checkpoint, at time.Time) ([]byte, error)
	// Announce names the verifier key that follows, as a signed note.
	Announce(next string) ([]byte, error)
}

var _ Signer = (*record.Signer)(nil)

// Config is what a desk works with. Store is needed; without Blobs no picture is taken in, without Signer no checkpoint
// signed, and without Tombstones no file of tombstones kept.
type Config struct {
	Store      Store
	Random     io.Reader // of ids, salts and tokens; crypto/rand where it is nil
	Blobs      blob.Store
	Uploads    *upload.Folder // of pictures that come in in parts; nil where none do
	Signer     Signer
	Tombstones *Tombstones
	Links      Asker // asks other sites whether links answer; nobody is asked where it is nil
	Witnesses  Asker // asks witnesses to cosign; nobody is asked where it is nil
	// Restored signs, under another origin, a record that is an older copy of what was given out; nil where it is none.
	Restored Signer
	Log      *slog.Logger     // of what is tolerated; discarded where it is nil
	OnCommit func(head int64) // called after every act with the newest entry's number, before the act is acknowledged
}

// Desk is the newsroom's work. It is safe for concurrent use.
type Desk struct {
	store      Store
	random     io.Reader
	blobs      blob.Store
	uploads    *upload.Folder
	finishing  singleflight.Group // of uploads that are whole, by id
	decoding   chan struct{}      // holds one value while a picture is decoded, which may need hundreds of megabytes
	signer     Signer
	tombstones *Tombstones
	log        *slog.Logger
	onCommit   func(int64)
	links      *linkAsker
	witnesses  Asker

	restored Signer // as Config.Restored

	signing sync.Mutex // held for signer; one checkpoint at a time, so that sizes only grow
	falling sync.Mutex // held from before a withdrawal's commit until its tombstone is kept

	mu    sync.Mutex
	head  int64
	grown chan struct{} // closed and replaced when head or signings grows

	signings int64 // checkpoints that were signed or cosigned since the start

	wake chan struct{} // holds one value when the scheduler should look again

	signed chan struct{} // holds one value when there is a checkpoint that witnesses have not seen
}

// New makes a desk, completes the tombstones from the record and appends to the record the withdrawals that only the
// tombstones know. It refuses (EState) a record that is shorter than its last signed checkpoint, and one that another key
// signed.
func New(ctx context.Context, c Config) (*Desk, error) {
	if c.Store == nil {
		return nil, errors.New("desk: no store was given")
	}
	d := &Desk{store: c.Store, random: c.Random, blobs: c.Blobs, uploads: c.Uploads, decoding: make(chan struct{}, 1), signer: c.Signer, tombstones: c.Tombstones, log: c.Log, restored: c.Restored,
		onCommit: c.OnCommit, links: newLinkAsker(c.Links), witnesses: c.Witnesses, signed: make(chan struct{}, 1), grown: make(chan struct{}), wake: make(chan struct{}, 1)}
	if d.random == nil {
		d.random = rand.Reader
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	if err := d.View(ctx, func(tx Tx) (err error) {
		d.head, err = tx.Sequence()
		return err
	}); err != nil {
		return nil, err
	}
	if err := d.agreeWithKey(ctx); err != nil {
		return nil, err
	}
	if err := d.agreeWithTombstones(ctx); err != nil {
		return nil, err
	}
	if err := d.cleanUp(ctx); err != nil {
		return nil, err
	}
	return d, d.sign(ctx, signOther)
}

// View runs f over one unchanging state of the desk, without asking who wants to know: it is for the program itself.
func (d *Desk) View(ctx context.Context, f func(Tx) error) error { return d.store.View(ctx, f) }

// Target names an article and the version of it that somebody saw.
type Target struct {
	ID      dateline.ID
	Version int64
}

// Result is what a use case made of an article. Sequence is that of the act's own entry, 0 for desk steps.
type Result struct {
	Sequence int64              `json:"sequence,omitempty"`
	Act      record.Kind        `json:"act,omitempty"` // the entry's kind
	Article  *dateline.Article  `json:"article"`
	Edition  *dateline.Edition  `json:"edition,omitempty"` // that a publication made
	Front    *dateline.Front    `json:"front,omitempty"`   // in place of Article, for what is done to a front
	Unmet    []dateline.Finding `json:"-"`                 // what checks would have stopped, where they were not to
	Repeated bool               `json:"-"`                 // an earlier request with this idempotency key did it; Article has no content then
}
