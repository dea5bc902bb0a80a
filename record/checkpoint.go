package record

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is a statement of the record's size and root hash under its origin (C2SP tlog-checkpoint).
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
}

// NewKey makes an Ed25519 key for an origin: the secret for the newsroom's key file and the verifier key that readers are
// given (C2SP signed-note). The origin is the record's name, a host and path without scheme.
func NewKey(origin string, random io.Reader) (secret, verifier string, err error) {
	secret, verifier, err = note.GenerateKey(random, origin)
	if err != nil {
		return "", "", fmt.Errorf("make a signing key for %q: %w", origin, err)
	}
	return secret, verifier, nil
}

// Signer signs checkpoints with a secret key.
type Signer struct {
	signer   note.Signer
	verifier string
	key      ed25519.PrivateKey
}

// NewSigner reads a secret key as NewKey made it.
func NewSigner(secret string) (*Signer, error) {
	s, err := note.NewSigner(strings.TrimSpace(secret))
	if err != nil {
		return nil, fmt.Errorf("read the signing key: %w", err)
	}
	key, err := privateKey(strings.TrimSpace(secret))
	if err != nil {
		return nil, err
	}
	vkey, err := note.NewEd25519VerifierKey(s.Name(), key.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	return &Signer{s, vkey, key}, nil
}

// privateKey reads the seed of a secret key: PRIVATE+KEY+name+hash+base64 of the algorithm and the seed.
func privateKey(secret string) (ed25519.PrivateKey, error) {
	parts := strings.SplitN(secret, "+", 5)
	if len(parts) != 5 {
		return nil, fmt.Errorf("the signing key is not in the form PRIVATE+KEY+name+hash+data")
	}
	key, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil || len(key) != 1+ed25519.SeedSize {
		return nil, fmt.Errorf("the signing key's data is damaged")
	}
	return ed25519.NewKeyFromSeed(key[1:]), nil
}

// Origin is the name the key signs under.
func (s *Signer) Origin() string { return s.signer.Name() }

// Verifier is the verifier key of the signing key.
func (s *Signer) Verifier() string { return s.verifier }

// Sign writes a checkpoint as a signed note. A second line under the same name says when, in whole seconds, by the clock of
// whoever signs (C2SP tlog-cosignature, Ed25519).
func (s *Signer) Sign(c Checkpoint, at time.Time) ([]byte, error) {
	text := torchwood.Checkpoint{Origin: c.Origin, Tree: tlog.Tree{N: c.Size, Hash: c.Root}}.String()
	msg, err := note.Sign(&note.Note{Text: text}, s.signer, stamp{s, at})
	if err != nil {
		return nil, fmt.Errorf("sign the checkpoint of %d entries: %w", c.Size, err)
	}
	return msg, nil
}

// announcement is what a key signs to name the one that follows it.
func announcement(next string) string { return "dateline next key\n" + next + "\n" }

// Announce names the verifier key that follows this signer's, as a signed note.
func (s *Signer) Announce(next string) ([]byte, error) {
	msg, err := note.Sign(&note.Note{Text: announcement(next)}, s.signer)
	if err != nil {
		return nil, fmt.Errorf("announce the next key: %w", err)
	}
	return msg, nil
}

// CheckAnnouncement says whether a verifier key named the one that follows it.
func CheckAnnouncement(msg []byte, before, next string) error {
	v, err := note.NewVerifier(before)
	if err != nil {
		return fmt.Errorf("read the verifier key %.80q: %w", before, err)
	}
	n, err := note.Open(msg, note.VerifierList(v))
	if err != nil {
		return fmt.Errorf("the new key is not signed by the one before it: %w", err)
	}
	if n.Text != announcement(next) {
		return fmt.Errorf("the key before names another key than the one that follows it")
	}
	return nil
}

// CheckVerifier refuses what is no verifier key.
func CheckVerifier(key string) error {
	if _, err := note.NewVerifier(key); err != nil {
		return fmt.Errorf("%.80q is no verifier key (name+hash+data, as /record/key answers it): %w", key, err)
	}
	return nil
}

// OpenCheckpoint reads a signed note and checks that one of the verifier keys signed it for its own origin.
func OpenCheckpoint(msg []byte, verifiers ...string) (Checkpoint, error) {
	list := make([]note.Verifier, len(verifiers))
	for i, key := range verifiers {
		v, err := note.NewVerifier(key)
		if err != nil {
			return Checkpoint{}, fmt.Errorf("read the verifier key %.80q: %w", key, err)
		}
		list[i] = v
	}
	n, err := note.Open(msg, note.VerifierList(list...))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("the checkpoint's signature: %w", err)
	}
	c, err := ParseCheckpoint(msg)
	if err != nil {
		return Checkpoint{}, err
	}
	if n.Sigs[0].Name != c.Origin {
		return Checkpoint{}, fmt.Errorf("the checkpoint of %q is signed by %q", c.Origin, n.Sigs[0].Name)
	}
	return c, nil
}

// ParseCheckpoint reads a signed note without looking at its signatures.
func ParseCheckpoint(msg []byte) (Checkpoint, error) {
	text, _, ok := strings.Cut(string(msg), "\n\n")
	if !ok {
		return Checkpoint{}, fmt.Errorf("the checkpoint is no signed note (C2SP signed-note)")
	}
	c, err := torchwood.ParseCheckpoint(text + "\n")
	if err != nil {
		return Checkpoint{}, fmt.Errorf("read the checkpoint: %w", err)
	}
	return Checkpoint{c.Origin, c.N, c.Hash}, nil
}

// AddressHash stands for an address where the address itself may hold words that were withdrawn for law.
func AddressHash(address string) string {
	sum := sha256.Sum256([]byte("dateline address\x00" + address))
	return hex.EncodeToString(sum[:])
}
