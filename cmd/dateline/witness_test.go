package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// tinyWitness is a witness as C2SP tlog-witness says, which forgets everything when the test ends.
type tinyWitness struct {
	t      *testing.T
	signer *torchwood.CosignatureSigner
	server *httptest.Server

	mu    sync.Mutex
	logs  map[string]note.Verifier // by origin
	seen  map[string]tlog.Tree
	asked int
}

func newWitness(t *testing.T, name string) *tinyWitness {
	t.Helper()
	_, secret, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	w := &tinyWitness{t: t, logs: map[string]note.Verifier{}, seen: map[string]tlog.Tree{}}
	w.signer, err = torchwood.NewCosignatureSigner(name, secret)
	must(t, err)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /log/add-checkpoint", w.add)
	w.server = httptest.NewServer(mux)
	t.Cleanup(w.server.Close)
	return w
}

func (w *tinyWitness) key() string     { return w.signer.Verifier().String() }
func (w *tinyWitness) address() string { return w.server.URL + "/log" }

// knows has the witness take in a log by the key that its site gives.
func (w *tinyWitness) knows(s *served) {
	w.t.Helper()
	v, err := note.NewVerifier(strings.TrimSpace(s.read("/record/key").is(200).body))
	must(w.t, err)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.logs[v.Name()] = v
}

func (w *tinyWitness) times() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked
}

// add answers add-checkpoint.
func (w *tinyWitness) add(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	head, signed, ok := bytes.Cut(body, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	var old int64
	if n, _ := fmt.Sscanf(lines[0], "old %d", &old); err != nil || !ok || n != 1 || lines[0] != fmt.Sprintf("old %d", old) || len(lines) > 64 {
		http.Error(rw, "no request", http.StatusBadRequest)
		return
	}
	proof := tlog.TreeProof{}
	for _, line := range lines[1:] {
		h, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(h) != tlog.HashSize {
			http.Error(rw, "no hash", http.StatusBadRequest)
			return
		}
		proof = append(proof, tlog.Hash(h))
	}
	text, _, _ := strings.Cut(string(signed), "\n\n")
	c, err := torchwood.ParseCheckpoint(text + "\n")
	if err != nil || old > c.N {
		http.Error(rw, "no checkpoint", http.StatusBadRequest)
		return
	}
	v, known := w.logs[c.Origin]
	if !known {
		http.Error(rw, "unknown log", http.StatusNotFound)
		return
	}
	if _, err := note.Open(signed, note.VerifierList(v)); err != nil {
		http.Error(rw, "unknown key", http.StatusForbidden)
		return
	}
	seen := w.seen[c.Origin]
	if seen.N != old || seen.N == c.N && seen.Hash != c.Hash {
		rw.Header().Set("Content-Type", "text/x.tlog.size")
		rw.WriteHeader(http.StatusConflict)
		fmt.Fprintf(rw, "%d\n", seen.N)
		return
	}
	if old > 0 && old < c.N && tlog.CheckTree(proof, c.N, c.Hash, old, seen.Hash) != nil || (old == 0 || old == c.N) && len(proof) > 0 {
		http.Error(rw, "no proof", http.StatusUnprocessableEntity)
		return
	}
	w.seen[c.Origin] = c.Tree
	out, err := note.Sign(&note.Note{Text: text + "\n"}, w.signer)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	_, line, _ := bytes.Cut(out, []byte("\n\n"))
	_, _ = rw.Write(line)
}

// forged is a newsroom with a log of its own under the same name and key as another's, in which its first article says what
// it never said.
func (s *served) forged(more int) (forged *served, address string) {
	t := s.t
	t.Helper()
	key, err := folder(s.dir).readKey()
	must(t, err)
	var pub dateline.Publication
	s.api("GET", "/publication", nil).is(200).into(&pub)
	s.stop()
	p := &paperFolder{t, filepath.Join(t.TempDir(), "forged")}
	must(t, os.MkdirAll(p.dir, 0o700))
	must(t, folder(p.dir).writeKey(key))
	r, err := openRoomAt(context.Background(), folder(p.dir), slog.New(slog.DiscardHandler), desk.SystemClock{}, false)
	must(t, err)
	pub.ID, pub.Version = "", 0
	_, err = r.desk.Init(t.Context(), pub)
	must(t, err)
	must(t, r.Close())
	forged = p.serve()
	forged.section("coast")
	for i := range more {
		c := forged.write(fields{"section": "coast", "headline": "The line", "html": "<p>It runs 14 miles out, it was always so.</p>"})
		if r := forged.act(c.ID, "publish", fields{}).confirmed(); i == 0 {
			address = r.Address
		}
	}
	return forged, address
}

// TestWitnesses: cosignatures are asked for, kept and given; with them a reader is told since when an edition was there, and a
// log that was rewritten and signed again with the right key is noticed at first sight. Without, only who saw the log before
// notices.
func TestWitnesses(t *testing.T) {
	p := newPaper(t)
	s := p.serve()
	s.section("coast")
	a := s.write(fields{"section": "coast", "headline": "The line", "html": "<p>It runs 11 miles out.</p>"})
	address := s.act(a.ID, "publish", fields{}).confirmed().Address
	w, other := newWitness(t, "witness.example"), newWitness(t, "other.example")
	fresh := func() string { return filepath.Join(t.TempDir(), "none.json") }
	verify := func(more ...string) *did {
		return command(t, append([]string{"verify", s.site + address, "--state", fresh()}, more...)...)
	}
	s.read("/record/cosigned").is(404)
	s.do("record", "witness", "ask").is(exitOK).says("knows no witness")
	s.do("record", "witness", "add", "witness.example+00000000+AAAA").is(exitFailed).says("is no witness's key")
	s.do("record", "witness", "add", w.key(), w.address()).is(exitOK).says("witness.example is asked")
	s.do("record", "witness", "add", other.key()).is(exitOK)
	s.do("record", "witness", "list").is(exitOK).says(w.key(), w.address(), other.key(), "by hand")

	// A witness that does not know the log, or its key, signs nothing, and the newsroom is told what to do.
	s.do("record", "witness", "ask").is(exitOK).says("it does not know this record", "bring what it signs by hand")
	origin, _, _ := strings.Cut(s.read("/record/checkpoint").is(200).body, "\n")
	w.mu.Lock()
	w.logs[origin] = w.signer.Verifier()
	w.mu.Unlock()
	s.do("record", "witness", "ask").is(exitOK).says("does not know the key")
	eventually(t, "it verifies", func() bool { return verify().code == exitOK })
	verify("--witness", w.key()).is(exitFailed).says("gives nothing that the witness witness.example has signed", "the paper’s word alone")

	w.knows(s)
	s.do("record", "witness", "ask").is(exitOK).says("witness.example has cosigned")
	before := w.times()
	s.do("record", "witness", "ask").is(exitOK)
	if w.times() != before {
		t.Error("a witness was asked again for what it has signed")
	}
	eventually(t, "the cosignature is given to readers", func() bool {
		return strings.Contains(s.read("/record/checkpoint").is(200).body, "\n— witness.example ")
	})
	verify("--witness", w.key()).is(exitOK).says("was since", "witness.example", "by the paper’s own clock")
	verify().is(exitOK).says("by the paper’s own clock").lacks("since", "witness.example")

	// What another witness signs is brought by hand.
	text, _, _ := strings.Cut(s.read("/record/checkpoint").body, "\n\n")
	byHand, err := note.Sign(&note.Note{Text: text + "\n"}, other.signer)
	must(t, err)
	file := filepath.Join(t.TempDir(), "cosigned")
	must(t, os.WriteFile(file, byHand, 0o600))
	s.do("record", "cosign", file).is(exitOK).says("other.example")
	s.do("record", "cosign", file).is(exitFailed).says("no new cosignature")
	must(t, os.WriteFile(file, bytes.Replace(byHand, []byte("record\n"), []byte("records\n"), 1), 0o600))
	s.do("record", "cosign", file).is(exitFailed).says("not of this record")

	// The log goes on: the witness is asked with a proof that it does; the first sighting stays what is said of the first edition.
	b := s.write(fields{"section": "coast", "headline": "More"})
	s.act(b.ID, "publish", fields{}).confirmed()
	eventually(t, "the act is signed", func() bool {
		s.do("record", "witness", "ask").is(exitOK)
		c, err := record.ParseCheckpoint([]byte(s.read("/record/checkpoint").body))
		must(t, err)
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.seen[c.Origin].N == c.Size
	})
	verify("--witness", w.key(), "--witness", other.key()).is(exitOK).says("was since")
	var first, newest cosignedNotes
	s.read("/record/cosigned/1").is(200).into(&first)
	s.read("/record/cosigned").is(200).into(&newest)
	if len(first.Checkpoints) != 2 || len(newest.Checkpoints) != 2 {
		t.Errorf("of two witnesses there are first %d and newest %d checkpoints", len(first.Checkpoints), len(newest.Checkpoints))
	}
	s.read("/record/cosigned/100000").is(404)
	s.read("/record/cosigned/01").is(404)

	// The site is built anew: it gives the same.
	was := s.read("/record/cosigned/1").body
	s.stop()
	must(t, os.RemoveAll(folder(p.dir).site()))
	s = p.serve()
	eventually(t, "the cosigned checkpoints are there again", func() bool { return s.read("/record/cosigned/1").body == was })
	s.do("record", "verify").is(exitOK)

	// Another log under the same name and key.
	kept := filepath.Join(t.TempDir(), "kept")
	must(t, os.WriteFile(kept, []byte(first.Checkpoints[len(first.Checkpoints)-1]), 0o600))
	s, address = s.forged(12)
	eventually(t, "the forgery verifies for who knows nothing", func() bool { return verify().code == exitOK })
	verify().is(exitOK).says("Seen for the first time", "by the paper’s own clock").lacks("since")
	verify("--witness", w.key()).is(exitFailed).says("gives nothing that the witness")
	verify("--witness", w.key(), "--cosigned", kept).is(exitFailed).says("was rewritten")
	s.do("record", "witness", "add", w.key(), w.address()).is(exitOK)
	s.do("record", "witness", "ask").is(exitOK).says("does not go on from the one that it saw")
	verify("--witness", w.key()).is(exitFailed)
}

// cosignedNotes is what /record/cosigned answers.
type cosignedNotes struct{ Checkpoints []string }
