package main

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/desk/store"
	"github.com/datelinehq/dateline/record"
)

type keyCommand struct {
	Rotate keyRotateCommand `cmd:"" help:"Have a new key sign the record from here on."`
}

type keyRotateCommand struct {
	inFolder
}

// Help gives the example.
func (keyRotateCommand) Help() string {
	return `Makes a new signing key. The record names it in an entry that the old key signs, so that whoever knew the old one can follow.
The old key is deleted: keep a backup of the new one.

Example:
  dateline key rotate --dir paper`
}

// rotated is what key rotate prints with --json.
type rotated struct {
	Sequence int64  `json:"sequence"`
	Verifier string `json:"verifier"`
}

// Run rotates the key.
func (c keyRotateCommand) Run(ctx context.Context, s streams) error {
	var done rotated
	if err := perform(ctx, c.Dir, "key-rotate", struct{}{}, &done, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, done)
	}
	_, err := fmt.Fprintf(s.out, "From entry %d on the record is signed with %s\nMake a backup of %s: it is a new one.\n", done.Sequence, done.Verifier, c.Dir.key())
	return err
}

func rotateKey(ctx context.Context, r *room, _ struct{}, _ tell) (done rotated, err error) {
	secret, err := r.folder.readKey()
	if err != nil {
		return done, err
	}
	old, err := record.NewSigner(secret)
	if err != nil {
		return done, err
	}
	if err := r.folder.keepSealing(secret); err != nil {
		return done, err
	}
	next, err := r.folder.makeNextKey(old.Origin())
	if err != nil {
		return done, err
	}
	if done.Sequence, err = r.desk.RotateKey(ctx, local, next); err != nil {
		return done, err
	}
	done.Verifier = next.Verifier()
	return done, r.folder.takeNextKey()
}

func (f folder) nextKey() string { return f.path("key.next") }
func (f folder) seal() string    { return f.path("seal") }

// signer is the key that signs: the next one where the record names it already, and a crash kept it from its place.
func (f folder) signer(ctx context.Context, db *store.Store) (*record.Signer, error) {
	if b, err := os.ReadFile(f.nextKey()); err == nil {
		next, err := record.NewSigner(string(b))
		if err != nil {
			return nil, dateline.Errorf(dateline.EInvalid, "%s holds no signing key (%v); delete it", f.nextKey(), err)
		}
		named := ""
		if err := db.View(ctx, func(tx desk.Tx) error {
			named, err = desk.NamedKey(tx)
			return err
		}); err != nil {
			return nil, err
		}
		if named != next.Verifier() {
			err = os.Remove(f.nextKey()) // the record was never told of it
		} else {
			err = f.takeNextKey()
		}
		if err != nil {
			return nil, err
		}
	}
	secret, err := f.readKey()
	if err != nil {
		return nil, err
	}
	signer, err := record.NewSigner(secret)
	if err != nil {
		return nil, dateline.Errorf(dateline.EInvalid, "%s holds no signing key (%v); put it back from a backup", f.key(), err)
	}
	return signer, nil
}

// nextSigner makes the key of a record that goes on from an older copy, under a name that tells when that was.
func (f folder) nextSigner(origin string, now time.Time) (*record.Signer, error) {
	secret, err := f.readKey()
	if err != nil {
		return nil, err
	}
	if err := f.keepSealing(secret); err != nil {
		return nil, err
	}
	first, _, _ := strings.Cut(origin, "/record")
	return f.makeNextKey(first + "/record/" + now.UTC().Format("20060102T150405Z"))
}

// makeNextKey writes a new key beside the one that signs.
func (f folder) makeNextKey(origin string) (*record.Signer, error) {
	secret, _, err := record.NewKey(origin, rand.Reader)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.nextKey()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := writeSecret(f.nextKey(), secret); err != nil {
		return nil, err
	}
	return record.NewSigner(secret)
}

// takeNextKey puts the new key in the place of the old one.
func (f folder) takeNextKey() error {
	if err := os.Rename(f.nextKey(), f.key()); err != nil {
		return fmt.Errorf("put the new key in its place: %w", err)
	}
	return f.sync()
}

// sealing is what seals second factors. It lies beside the database and not in it, and comes of the newsroom's first key.
func (f folder) sealing() ([]byte, error) {
	b, err := os.ReadFile(f.seal())
	if err == nil {
		return hex.DecodeString(strings.TrimSpace(string(b)))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	secret, err := f.readKey()
	if err != nil {
		return nil, err
	}
	return sealingOf(secret)
}

func sealingOf(secret string) ([]byte, error) {
	return hkdf.Key(sha256.New, []byte(secret), nil, "dateline door", 32)
}

// keepSealing keeps what seals second factors before the key that it came of goes.
func (f folder) keepSealing(secret string) error {
	if _, err := os.Stat(f.seal()); err == nil {
		return nil
	}
	b, err := sealingOf(secret)
	if err != nil {
		return err
	}
	return writeSecret(f.seal(), hex.EncodeToString(b))
}
