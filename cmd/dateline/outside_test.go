package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
)

// TestVerifyFromOutside: whoever knows nothing but an address is told what is proved and no more. A log that was rewritten and
// signed again with the right key is noticed by whoever saw the one before, and by whoever knows a witness; not by others.
func TestVerifyFromOutside(t *testing.T) {
	state := filepath.Join(t.TempDir(), "seen", "seen.json")
	p := newPaper(t)
	s := p.serve()
	s.section("coast")
	a := s.write(fields{"section": "coast", "headline": "The line", "html": "<p>It runs 11 miles out.</p>"})
	address := s.act(a.ID, "publish", fields{}).confirmed().Address
	verify := func(more ...string) *did {
		return command(t, append([]string{"verify", s.site + address}, more...)...)
	}
	checkpoint := func() string { return s.read("/record/checkpoint").is(200).body }
	eventually(t, "the act is signed", func() bool { return command(t, "verify", s.site+address, "--state", state).code == exitOK })

	verify("--state", state).is(exitOK).says("Edition 1 (entry", "by the paper’s own clock", "that was seen last", "goes on from").lacks("since")
	var v outsideVerdict
	verify("--state", state, "--json").is(exitOK).json(&v)
	if !v.OK || len(v.Editions) != 1 || v.Editions[0].Since != "" || v.Editions[0].Edition != 1 || v.Size < v.Editions[0].Sequence {
		t.Errorf("as JSON: %+v", v)
	}
	verify("--state", state, "--key", "estuary.example/record+00000000+AA==").is(exitFailed)
	command(t, "verify", s.site+"/nothing/here", "--state", state).is(exitFailed)

	// A witness saw the log as it is: only then "since" is said.
	_, secret, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	witness, err := torchwood.NewCosignatureSigner("witness.example", secret)
	must(t, err)
	text, _, _ := strings.Cut(checkpoint(), "\n\n")
	cosigned, err := note.Sign(&note.Note{Text: text + "\n"}, witness)
	must(t, err)
	kept := filepath.Join(t.TempDir(), "cosigned")
	must(t, os.WriteFile(kept, cosigned, 0o600))
	b := s.write(fields{"section": "coast", "headline": "More"})
	s.act(b.ID, "publish", fields{}).confirmed()
	seen := []string{"--witness", witness.Verifier().String(), "--cosigned", kept}
	verify(append(seen, "--state", state)...).is(exitOK).says("and was since", "witness.example")
	verify("--state", state, "--cosigned", kept).is(exitFailed).says("--cosigned needs --witness")
	verify("--state", state, "--witness", witness.Verifier().String()).is(exitFailed).says("gives nothing that the witness")

	// The key changes: who knew the old one follows.
	s.do("key", "rotate").is(exitOK)
	eventually(t, "the new key signs", func() bool {
		said := verify("--state", state) // before that it says so too, and that the checkpoint does not yet fit
		return said.code == exitOK && strings.Contains(said.out, "each new one is signed by the one before")
	})

	// The log is rewritten: another first article, signed with the paper's own key.
	old := s.site
	s, address = s.forged(6)
	before, err := os.ReadFile(state)
	must(t, err)
	must(t, os.WriteFile(state, []byte(strings.ReplaceAll(string(before), old, s.site)), 0o600)) // the paper's address is the same, for a reader
	verify("--state", state).is(exitFailed).says("was rewritten, or you are shown another")
	fresh := func() string { return filepath.Join(t.TempDir(), "none.json") }
	verify("--state", fresh()).is(exitOK).says("Seen for the first time").lacks("since")
	verify(append(seen, "--state", fresh())...).is(exitFailed).says("that the witness witness.example saw", "was rewritten")
	after, err := os.ReadFile(state)
	must(t, err)
	if !strings.Contains(string(after), "checkpoint") || strings.ReplaceAll(string(before), old, s.site) != string(after) {
		t.Error("a failed verification changed what is remembered")
	}
}

// lacks checks that words were not printed.
func (d *did) lacks(words ...string) *did {
	d.t.Helper()
	for _, w := range words {
		if strings.Contains(d.out+d.err, w) {
			d.t.Errorf("%s: %q is in what it says:\n%s\n%s", d.line, w, d.out, d.err)
		}
	}
	return d
}
