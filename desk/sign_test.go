package desk_test

import (
	"crypto/rand"
	"encoding/hex"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// restoreOpen starts a newsroom on an older copy of its database, and goes on with the new key.
func (n *room) restoreOpen() {
	n.Helper()
	secret, _, err := record.NewKey("estuary.example/record/2", rand.Reader)
	n.must(err)
	n.again = secret
	n.open()
	n.key, n.again = secret, ""
}

func (n *room) checkpoint() record.Checkpoint {
	n.Helper()
	note, err := n.desk.Checkpoint(n.Context())
	n.must(err)
	signer, err := record.NewSigner(n.key)
	n.must(err)
	c, err := record.OpenCheckpoint(note, signer.Verifier())
	n.must(err)
	return c
}

// TestRotatedKeys: each key is named in the record and signed by the one before; the old one signs no more.
func TestRotatedKeys(t *testing.T) {
	n := newsroom(t)
	old := n.key
	for range 2 {
		secret, verifier, err := record.NewKey("estuary.example/record", rand.Reader)
		n.must(err)
		next, err := record.NewSigner(secret)
		n.must(err)
		_, err = n.desk.RotateKey(t.Context(), editor, next)
		n.refused(dateline.EForbidden, "chief", err)
		seq, err := n.desk.RotateKey(t.Context(), chief, next)
		n.must(err)
		body, err := n.entries(seq - 1)[0].Decode()
		n.must(err)
		signer, err := record.NewSigner(n.key)
		n.must(err)
		k := body.(*record.Key)
		if err := record.CheckAnnouncement([]byte(k.Note), signer.Verifier(), verifier); err != nil || k.Verifier != verifier {
			t.Errorf("the entry names %q: %v", k.Verifier, err)
		}
		if record.CheckAnnouncement([]byte(k.Note), verifier, verifier) == nil {
			t.Error("a key that signs itself is taken")
		}
		n.key = secret
		if c := n.checkpoint(); c.Size != n.head() {
			t.Errorf("the new key signs %d of %d entries", c.Size, n.head())
		}
	}
	n.verifies()
	n.reopen()
	n.section("coast")
	n.verifies()
	n.close()
	now := n.key
	n.key = old
	n.refused(dateline.EState, "another key", n.tryOpen())
	n.close()
	n.key = now
	n.open()
}

// TestRestoredRecord: an older copy goes on under another name, its next entry says from what, and what was withdrawn since stays so.
func TestRestoredRecord(t *testing.T) {
	n := newsroom(t)
	coast := n.section("coast").ID
	a := n.publish(n.create(dateline.Content{Headline: "One", Section: coast}), dateline.ChangeFirst, "").Article
	n.close()
	n.copyFile("desk.db", "backup.db")
	n.open()
	_, err := n.desk.Withdraw(t.Context(), chief, seen(a), desk.Withdrawing{Kind: dateline.WithdrawnLegal})
	n.must(err)
	n.publish(n.create(dateline.Content{Headline: "Two", Section: coast}), dateline.ChangeFirst, "")
	lost := n.checkpoint()
	n.close()
	n.copyFile("backup.db", "desk.db")
	n.restoreOpen()
	head := n.head()
	list := n.entries(0)
	var origin *record.Origin
	for _, e := range list {
		if body, err := e.Decode(); err == nil {
			if o, is := body.(*record.Origin); is {
				origin = o
			}
		}
	}
	if origin == nil || origin.Before != "estuary.example/record" || origin.Size != lost.Size || origin.Root != hex.EncodeToString(lost.Root[:]) || origin.Origin != "estuary.example/record/2" {
		t.Fatalf("the record says of its past %+v, want %+v", origin, lost)
	}
	if list[len(list)-1].Kind != record.KindWithdrawal || n.find(a.ID).Readers != dateline.Withdrawn {
		t.Errorf("what was withdrawn since the copy is not: %s", n.kinds(0))
	}
	if c := n.checkpoint(); c.Origin != "estuary.example/record/2" || c.Size != head {
		t.Errorf("it is signed as %+v", c)
	}
	n.verifies()
	n.reopen()
	// Withdrawals under the new numbers are kept too.
	b := n.publish(n.create(dateline.Content{Headline: "Three", Section: coast}), dateline.ChangeFirst, "").Article
	_, err = n.desk.Withdraw(t.Context(), chief, seen(b), desk.Withdrawing{Kind: dateline.WithdrawnKilled})
	n.must(err)
	n.reopen()
	if !n.tombs.Down(b.Address) || !n.tombs.Down(a.Address) {
		t.Error("the tombstones do not know what is down")
	}
	// Nothing is missing now.
	secret, _, err := record.NewKey("estuary.example/record/3", rand.Reader)
	n.must(err)
	n.close()
	n.again = secret
	n.refused(dateline.EState, "without --restored", n.tryOpen())
	n.close()
	n.again = ""
	n.open()
}
