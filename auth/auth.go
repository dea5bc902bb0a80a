// Package auth is the newsroom's door: who works there, how they sign in (passkeys, passwords with a second factor,
// recovery codes, a sign-on provider), their sessions, and the links by which they are invited. Secrets are kept as hashes;
// answers to whoever is not signed in tell nothing of who has an account.
package auth

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// How long things are good.
const (
	sessionIdle     = 7 * 24 * time.Hour
	sessionAbsolute = 30 * 24 * time.Hour
	sessionSeen     = 10 * time.Minute // how exact Seen is
	sessionOverlap  = 30 * time.Second // how long the secret before a rotation is still taken
	freshFor        = 15 * time.Minute // how long after signing in one may change how one signs in
	firstFor        = 24 * time.Hour
	inviteFor       = 7 * 24 * time.Hour
	recoverFor      = 30 * time.Minute
	ceremonyFor     = 5 * time.Minute
	enrolFor        = 30 * time.Minute
)

// Config is what a door works with.
type Config struct {
	Store  desk.Store
	Secret []byte       // at least 32 bytes that the database does not hold; seals what must be read again
	Random io.Reader    // crypto/rand where it is nil
	Log    *slog.Logger // discarded where it is nil
	Limits Limits       // DefaultLimits where it is zero
}

// Door lets people into the newsroom. It is safe for concurrent use.
type Door struct {
	store     desk.Store
	random    io.Reader
	log       *slog.Logger
	passwords *passwords
	limit     *limiter
	kept      *sealer // of what the database keeps
	passing   *sealer // of what browsers hold between two requests; ends with the process
	decoy     []byte  // key of the passkeys that strangers are shown
	spent     *spent
}

// New makes a door.
func New(c Config) (*Door, error) {
	if c.Store == nil || len(c.Secret) < 32 {
		return nil, errors.New("auth: a store and a secret of 32 bytes are needed")
	}
	d := &Door{store: c.Store, random: c.Random, log: c.Log, limit: newLimiter(c.Limits), spent: newSpent()}
	if d.random == nil {
		d.random = rand.Reader
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	passing := make([]byte, 32)
	if _, err := io.ReadFull(d.random, passing); err != nil {
		return nil, fmt.Errorf("auth: read randomness: %w", err)
	}
	var err error
	if d.passing, err = newSealer(passing, d.random); err != nil {
		return nil, err
	}
	sealing, err := hkdf.Key(sha256.New, c.Secret, nil, "dateline auth second factors", 32)
	if err != nil {
		return nil, fmt.Errorf("auth: derive a key: %w", err)
	}
	if d.kept, err = newSealer(sealing, d.random); err != nil {
		return nil, err
	}
	if d.decoy, err = hkdf.Key(sha256.New, c.Secret, nil, "dateline auth decoys", 32); err != nil {
		return nil, fmt.Errorf("auth: derive a key: %w", err)
	}
	d.passwords, err = newPasswords(d.random, cost)
	return d, err
}

// Visit is the browser that asks, as far as it is known.
type Visit struct {
	Address string // the client's IP address, without a port
	Agent   string // what the browser calls itself
	Session string // the secret of the session it has, if any; signing in ends that session
}

// turn is one transaction of the door.
type turn struct {
	desk.Tx
	door *Door
	now  time.Time
}

func (d *Door) update(ctx context.Context, f func(*turn) error) error {
	return d.store.Update(ctx, func(tx desk.Tx) error { return d.turn(tx, f) })
}

func (d *Door) view(ctx context.Context, f func(*turn) error) error {
	return d.store.View(ctx, func(tx desk.Tx) error { return d.turn(tx, f) })
}

func (d *Door) turn(tx desk.Tx, f func(*turn) error) error {
	now, err := tx.Now()
	if err != nil {
		return err
	}
	return f(&turn{Tx: tx, door: d, now: now})
}

// Now is the instant of the newsroom's store.
func (d *Door) Now(ctx context.Context) (time.Time, error) { return d.now(ctx) }

func (d *Door) now(ctx context.Context) (now time.Time, err error) {
	err = d.view(ctx, func(t *turn) error {
		now = t.now
		return nil
	})
	return now, err
}

func (t *turn) newID() (dateline.ID, error) {
	id, err := dateline.NewID(t.now, t.door.random)
	if err != nil {
		return "", internal("no id could be made", err)
	}
	return id, nil
}

// note leaves an audit line.
func (t *turn) note(actor dateline.Actor, act dateline.Act, format string, args ...any) error {
	l := desk.AuditLine{At: t.now, Actor: actor.Name, Role: actor.Role, Act: act}
	l.Say(dateline.Say(format, args...))
	return t.InsertAudit(l)
}

// newSecret makes 256 random bits, as text.
func (d *Door) newSecret() (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(d.random, b); err != nil {
		return "", internal("no secret could be made", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// hashSecret is under what a secret is kept. Secrets are random and long, so that one round is enough.
func hashSecret(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

func internal(message string, cause error) error {
	return &dateline.Error{Code: dateline.EInternal, Message: message, Cause: cause}
}

func absent(err error) bool { return dateline.ErrorCode(err) == dateline.ENotFound }
