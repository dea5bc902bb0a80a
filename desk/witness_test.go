package desk_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/fetch"
	"github.com/datelinehq/dateline/record"
)

// onlooker answers for a witness and tells of every question.
type onlooker struct {
	signer *torchwood.CosignatureSigner
	asked  chan fetch.Question
	answer func(q fetch.Question) (fetch.Response, error) // nil: it signs whatever it is given
}

func newOnlooker(t *testing.T, name string) *onlooker {
	t.Helper()
	s, err := torchwood.NewCosignatureSigner(name, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{5}, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	return &onlooker{signer: s, asked: make(chan fetch.Question, 100)}
}

func (o *onlooker) Do(_ context.Context, q fetch.Question) (fetch.Response, error) {
	o.asked <- q
	if o.answer != nil {
		return o.answer(q)
	}
	return o.sign(q)
}

func (o *onlooker) sign(q fetch.Question) (fetch.Response, error) {
	_, signed, _ := strings.Cut(string(q.Post), "\n\n")
	text, _, _ := strings.Cut(signed, "\n\n")
	out, err := note.Sign(&note.Note{Text: text + "\n"}, o.signer)
	_, lines, _ := bytes.Cut(out, []byte("\n\n"))
	return fetch.Response{Status: 200, Body: lines}, err
}

// witnessed is a newsroom that asks one witness.
func witnessed(t *testing.T) (*room, *onlooker) {
	n, o := newsroom(t), newOnlooker(t, "witness.example")
	n.witness = o
	n.reopen()
	n.must(n.desk.AddWitness(t.Context(), chief, desk.Witness{Key: o.signer.Verifier().String(), Address: "https://witness.example/log/"}))
	return n, o
}

// TestSignedEveryHour: at each tick the record is signed again with the instant, and what witnesses cosigned of the same record
// stays with it. Each new checkpoint is shown to the witnesses, and whoever waits for the record hears of both.
func TestSignedEveryHour(t *testing.T) {
	n, o := witnessed(t)
	section := n.section("world")
	ctx, cancel := context.WithCancel(t.Context())
	hour, ended := make(chan time.Time), make(chan error, 1)
	go func() { ended <- n.desk.RunHourly(ctx, hour, 0) }()
	hears := func(what string, yes func(note []byte) bool) []byte {
		t.Helper()
		for signed := int64(0); ; {
			note, err := n.desk.Checkpoint(t.Context())
			n.must(err)
			if yes(note) {
				return note
			}
			if _, signed, err = n.desk.Wait(t.Context(), 1<<40, signed); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
	}
	signer, err := record.NewSigner(n.key)
	n.must(err)
	key := o.signer.Verifier().String()
	hour <- noon
	first := hears("the witness signs", func(note []byte) bool { return record.HasCosigned(note, key) })
	if q := <-o.asked; q.URL != "https://witness.example/log/add-checkpoint" || !strings.HasPrefix(string(q.Post), "old 0\n\n"+signer.Origin()+"\n") {
		t.Errorf("asked %s: %s", q.URL, q.Post)
	}
	was, err := record.SignedAt(first, signer.Verifier())
	n.must(err)
	n.clock.Pass(time.Hour)
	hour <- noon
	hears("it is signed again", func(note []byte) bool {
		at, err := record.SignedAt(note, signer.Verifier())
		return err == nil && at.Sub(was) == time.Hour && record.HasCosigned(note, key)
	})
	if len(o.asked) > 0 {
		t.Error("the witness is asked for what it has signed")
	}
	n.publish(n.create(dateline.Content{Headline: "One", Section: section.ID}), dateline.ChangeFirst, "")
	hears("the act is cosigned", func(note []byte) bool {
		c, err := record.ParseCheckpoint(note)
		return err == nil && c.Size == n.head() && record.HasCosigned(note, key)
	})
	c, err := record.ParseCheckpoint(first)
	n.must(err)
	if q := <-o.asked; !strings.HasPrefix(string(q.Post), "old "+strconv.FormatInt(c.Size, 10)+"\n") || len(strings.Split(string(q.Post), "\n")) < 8 {
		t.Errorf("the second time it is asked with %s", q.Post)
	}
	list, err := n.desk.Cosigned(t.Context(), 0, 10)
	if err != nil || len(list) != 2 || list[0].Size != c.Size || list[1].Size != n.head() || list[0].Number >= list[1].Number {
		t.Errorf("%d are kept, %v", len(list), err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

// TestWhatWitnessesRefuse: whatever a witness answers but a good cosignature is told and leaves nothing behind.
func TestWhatWitnessesRefuse(t *testing.T) {
	n, o := witnessed(t)
	status := func(status int, body string) func(fetch.Question) (fetch.Response, error) {
		return func(fetch.Question) (fetch.Response, error) {
			return fetch.Response{Status: status, Body: []byte(body)}, nil
		}
	}
	other := newOnlooker(t, "other.example")
	for _, c := range []struct {
		answer func(fetch.Question) (fetch.Response, error)
		wrong  string
	}{
		{func(fetch.Question) (fetch.Response, error) { return fetch.Response{}, errors.New("no route") }, "no route"},
		{status(404, ""), "does not know this record"},
		{status(403, ""), "the key that signs this record"},
		{status(422, ""), "does not go on from the one that it saw"},
		{status(500, "out of order\n"), "out of order"},
		{status(409, "99999\n"), "99999 entries"},
		{status(409, "x"), "not of what size"},
		{status(409, "0\n"), "another size than it said before"},
		{status(200, ""), "without a cosignature"},
		{other.sign, "without a cosignature"},
		{func(q fetch.Question) (fetch.Response, error) {
			q.Post = bytes.Replace(q.Post, []byte("estuary"), []byte("eastuary"), 1)
			return o.sign(q)
		}, "invalid signature"},
	} {
		o.answer = c.answer
		answers, err := n.desk.AskWitnesses(t.Context())
		n.must(err)
		if len(answers) != 1 || answers[0].Size != 0 || !strings.Contains(answers[0].Wrong, c.wrong) {
			t.Errorf("want %q: %+v", c.wrong, answers)
		}
	}
	if list, err := n.desk.Cosigned(t.Context(), 0, 10); err != nil || len(list) > 0 {
		t.Errorf("kept: %+v, %v", list, err)
	}
	o.answer = nil
	answers, err := n.desk.AskWitnesses(t.Context())
	n.must(err)
	if answers[0].Wrong != "" || answers[0].Size != n.head() {
		t.Errorf("%+v", answers)
	}
}

// TestWitnessesAreTheChiefs: who is asked is a chief's to say, and is on the audit.
func TestWitnessesAreTheChiefs(t *testing.T) {
	n, o := witnessed(t)
	key := o.signer.Verifier().String()
	n.refused(dateline.EForbidden, "chief", n.desk.AddWitness(t.Context(), editor, desk.Witness{Key: key}))
	_, err := n.desk.Cosign(t.Context(), editor, nil)
	n.refused(dateline.EForbidden, "chief", err)
	n.refused(dateline.EInvalid, "no witness's key", n.desk.AddWitness(t.Context(), chief, desk.Witness{Key: "x"}))
	n.refused(dateline.EInvalid, "address", n.desk.AddWitness(t.Context(), chief, desk.Witness{Key: key, Address: "ftp://x"}))
	n.refused(dateline.EForbidden, "chief", n.desk.RemoveWitness(t.Context(), editor, key))
	n.must(n.desk.RemoveWitness(t.Context(), chief, key))
	n.refused(dateline.ENotFound, "no witness", n.desk.RemoveWitness(t.Context(), chief, key))
	lines, err := n.desk.ListAudit(t.Context(), chief, "", 0, 10)
	n.must(err)
	for _, said := range []string{"asks witness.example to witness", "asks witness.example no more"} {
		if !slices.ContainsFunc(lines, func(l desk.AuditLine) bool { return strings.Contains(l.Detail, said) && l.Actor == chief.Name }) {
			t.Errorf("%q is not on the audit: %+v", said, lines)
		}
	}
}
