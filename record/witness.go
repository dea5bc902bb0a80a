package record

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
)

// cosignatureAlgorithm is the first byte of the keys that sign with an instant (C2SP tlog-cosignature, Ed25519).
const cosignatureAlgorithm = 4

// stamp signs with the log's own key and says when.
type stamp struct {
	s  *Signer
	at time.Time
}

var _ note.Signer = stamp{}

// Name is the log's.
func (p stamp) Name() string { return p.s.Origin() }

// KeyHash tells this signature from the one without an instant.
func (p stamp) KeyHash() uint32 {
	return cosignatureHash(p.s.Origin(), p.s.key.Public().(ed25519.PublicKey))
}

// Sign signs the instant and the checkpoint.
func (p stamp) Sign(text []byte) ([]byte, error) {
	at := uint64(p.at.Unix())
	signature := ed25519.Sign(p.s.key, fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", at, text))
	return append(binary.BigEndian.AppendUint64(nil, at), signature...), nil
}

func cosignatureHash(name string, public ed25519.PublicKey) uint32 {
	sum := sha256.Sum256(append(append([]byte(name), '\n', cosignatureAlgorithm), public...))
	return binary.BigEndian.Uint32(sum[:])
}

// SignedAt is when a checkpoint was signed, by the clock of the log that the verifier key is of.
func SignedAt(msg []byte, verifier string) (time.Time, error) {
	name, rest, _ := strings.Cut(verifier, "+")
	_, data, _ := strings.Cut(rest, "+")
	key, err := base64.StdEncoding.DecodeString(data)
	if err != nil || len(key) != 1+ed25519.PublicKeySize {
		return time.Time{}, fmt.Errorf("%.80q is no verifier key", verifier)
	}
	public := ed25519.PublicKey(key[1:])
	stamped := fmt.Sprintf("%s+%08x+%s", name, cosignatureHash(name, public), base64.StdEncoding.EncodeToString(append([]byte{cosignatureAlgorithm}, public...)))
	_, _, at, err := OpenCosigned(msg, stamped)
	return at, err
}

// CheckWitness refuses what is no key of a witness, and gives the witness's name.
func CheckWitness(key string) (name string, err error) {
	v, err := torchwood.NewCosignatureVerifier(key)
	if err != nil {
		return "", fmt.Errorf("%.100q is no witness's key (name+hash+data of C2SP tlog-cosignature, Ed25519): %w", key, err)
	}
	return v.Name(), nil
}

// OpenCosigned reads a checkpoint that a witness has cosigned (C2SP tlog-cosignature) and says which witness, and when, in UTC.
// Who signed it for the log itself is not asked.
func OpenCosigned(msg []byte, witness string) (c Checkpoint, name string, at time.Time, err error) {
	v, err := torchwood.NewCosignatureVerifier(witness)
	if err != nil {
		return c, "", at, fmt.Errorf("read the witness's key %.80q: %w", witness, err)
	}
	n, err := note.Open(msg, note.VerifierList(v))
	if err != nil {
		return c, "", at, fmt.Errorf("the witness's cosignature: %w", err)
	}
	seconds, err := torchwood.CosignatureTimestamp(n.Sigs[0])
	if err != nil {
		return c, "", at, fmt.Errorf("the witness's cosignature: %w", err)
	}
	c, err = ParseCheckpoint(msg)
	return c, v.Name(), time.Unix(seconds, 0).UTC(), err
}

// Cosigned is a checkpoint with a witness's cosignature. The numbers go up with each that is taken in.
type Cosigned struct {
	Number  int64
	Witness string // as Cosigners names it
	Size    int64
	Note    []byte
}

// Cosigners names the witnesses that signed a checkpoint besides the log itself: each its name, a plus and the hash of its key.
// The signatures are not checked.
func Cosigners(msg []byte) (list []string) {
	c, err := ParseCheckpoint(msg)
	if err != nil {
		return nil
	}
	for _, line := range signatures(msg) {
		if who := signedBy(line); who != "" && !strings.HasPrefix(who, c.Origin+"+") {
			list = append(list, who)
		}
	}
	return list
}

// signatures are a note's lines of signatures, each with its line's end.
func signatures(msg []byte) (lines [][]byte) {
	_, rest, _ := bytes.Cut(msg, []byte("\n\n"))
	return bytes.SplitAfter(rest, []byte("\n"))
}

// signedBy names whose a signature's line is: name, plus, and the hash of the key; "" for what is no such line.
func signedBy(line []byte) string {
	text, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "— ")
	name, data, found := strings.Cut(text, " ")
	raw, err := base64.StdEncoding.DecodeString(data)
	if !ok || !found || err != nil || len(raw) < 5 {
		return ""
	}
	return fmt.Sprintf("%s+%08x", name, raw[:4])
}

// Cosign adds to a signed checkpoint the cosignatures of known witnesses that lines hold and it does not, each checked, and says
// which witnesses those are. Lines of others are left out. A witness's earlier cosignature stays: it says more.
func Cosign(msg, lines []byte, witnesses []string) (out []byte, added []string, err error) {
	text, _, ok := bytes.Cut(msg, []byte("\n\n"))
	if !ok {
		return nil, nil, fmt.Errorf("the checkpoint is no signed note (C2SP signed-note)")
	}
	out = bytes.Clone(msg)
	for _, key := range witnesses {
		v, err := torchwood.NewCosignatureVerifier(key)
		if err != nil {
			return nil, nil, fmt.Errorf("read the witness's key %.80q: %w", key, err)
		}
		who := fmt.Sprintf("%s+%08x", v.Name(), v.KeyHash())
		if has(out, who) {
			continue
		}
		for line := range bytes.SplitAfterSeq(lines, []byte("\n")) {
			if signedBy(line) != who {
				continue
			}
			line = append(bytes.TrimRight(line, "\n"), '\n')
			if _, _, _, err := OpenCosigned(append(append(bytes.Clone(text), "\n\n"...), line...), key); err != nil {
				return nil, nil, err
			}
			out, added = append(out, line...), append(added, who)
			break
		}
	}
	return out, added, nil
}

func has(msg []byte, who string) bool {
	for _, line := range signatures(msg) {
		if signedBy(line) == who {
			return true
		}
	}
	return false
}

// HasCosigned says whether a witness's line stands under a checkpoint. It is not checked.
func HasCosigned(msg []byte, witness string) bool {
	v, err := torchwood.NewCosignatureVerifier(witness)
	return err == nil && has(msg, fmt.Sprintf("%s+%08x", v.Name(), v.KeyHash()))
}

// Keep puts the cosignatures of an older signing of a checkpoint under a newer one of the same size and root.
func Keep(newer, older []byte) []byte {
	was, err := ParseCheckpoint(older)
	is, now := ParseCheckpoint(newer)
	if err != nil || now != nil || was != is {
		return newer
	}
	out := bytes.Clone(newer)
	for _, line := range signatures(older) {
		if who := signedBy(line); who != "" && !strings.HasPrefix(who, is.Origin+"+") && !has(out, who) {
			out = append(out, line...)
		}
	}
	return out
}

// AskWitness is the body of an add-checkpoint request: the size that the witness cosigned last, the proof that the log goes on
// from it, and the checkpoint (C2SP tlog-witness).
func AskWitness(old int64, proof []Hash, checkpoint []byte) []byte {
	b := fmt.Appendf(nil, "old %d\n", old)
	for _, h := range proof {
		b = append(base64.StdEncoding.AppendEncode(b, h[:]), '\n')
	}
	return append(append(b, '\n'), checkpoint...)
}
