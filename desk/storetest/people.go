package storetest

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

func hashed(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

func (s *suite) person(tx desk.Tx, name string) (*dateline.Account, error) {
	s.made++
	a := &dateline.Account{ID: dateline.ID(fmt.Sprintf("0190b5f0-6c00-7cc3-98c4-%012d", s.made)), Version: 1, Name: name, Email: fmt.Sprintf("A%d@estuary.example", s.made),
		Role: dateline.RoleEditor, State: dateline.AccountActive, Rights: 1, Created: start}
	return a, tx.InsertAccount(a)
}

func (s *suite) accounts() {
	var a *dateline.Account
	s.update(func(tx desk.Tx) (err error) {
		if a, err = s.person(tx, "Straße Müller"); err != nil {
			return err
		}
		a.Version, a.Sections, a.Rights = 2, []dateline.ID{"x", "y"}, 2
		s.want("", tx.UpdateAccount(a, 1))
		s.want(dateline.EConflict, tx.UpdateAccount(a, 1))
		return nil
	})
	for name, b := range map[string]dateline.Account{
		"the same name in other letters": {ID: "n", Name: "STRASSE  müller", Email: "z@estuary.example", State: dateline.AccountActive},
		"the same address":               {ID: "m", Name: "Somebody", Email: "a1@ESTUARY.example", State: dateline.AccountActive},
	} {
		err := s.store.Update(s.Context(), func(tx desk.Tx) error { return tx.InsertAccount(&b) })
		if dateline.ErrorCode(err) != dateline.EConflict {
			s.Errorf("%s: %v", name, err)
		}
	}
	s.view(func(tx desk.Tx) error {
		got, err := tx.FindAccountByEmail(" a1@estuary.EXAMPLE")
		if err != nil || got.ID != a.ID || len(got.Sections) != 2 || !got.Created.Equal(start) || !got.Ended.IsZero() || got.Rights != 2 {
			s.Errorf("%+v, %v", got, err)
		}
		_, err = tx.FindAccount("none")
		s.want(dateline.ENotFound, err)
		_, err = tx.FindAccountByEmail("")
		s.want(dateline.ENotFound, err)
		list, err := tx.ListAccounts()
		if len(list) != 1 {
			s.Errorf("%d accounts", len(list))
		}
		return err
	})
}

func (s *suite) keys() {
	s.update(func(tx desk.Tx) error {
		a, err := s.person(tx, "A")
		if err != nil {
			return err
		}
		b, err := s.person(tx, "B")
		if err != nil {
			return err
		}
		key := desk.Passkey{ID: []byte{0, 1, 255}, Account: a.ID, Name: "Phone", Data: []byte(`{}`), Created: start}
		s.want("", tx.SavePasskey(key))
		key.Used, key.Data = start.Add(time.Hour), []byte(`{"x":1}`)
		s.want("", tx.SavePasskey(key))
		stolen := key
		stolen.Account = b.ID
		s.want(dateline.EConflict, tx.SavePasskey(stolen))
		got, err := tx.FindPasskey(key.ID)
		if err != nil || got.Account != a.ID || string(got.Data) != `{"x":1}` || !got.Used.Equal(key.Used) || !got.Warned.IsZero() {
			s.Errorf("%+v, %v", got, err)
		}
		s.want(dateline.ENotFound, tx.DeletePasskey(b.ID, key.ID))
		s.want("", tx.DeletePasskey(a.ID, key.ID))
		_, err = tx.FindPasskey(key.ID)
		s.want(dateline.ENotFound, err)

		s.want("", tx.SavePassword(desk.Password{Account: a.ID, Hash: "h", Secret: []byte("s"), Step: 3, Changed: start}))
		s.want("", tx.SavePassword(desk.Password{Account: a.ID, Hash: "h2", Secret: []byte("s2"), Step: 4, Changed: start}))
		p, err := tx.FindPassword(a.ID)
		if err != nil || p.Hash != "h2" || p.Step != 4 {
			s.Errorf("%+v, %v", p, err)
		}
		s.want("", tx.DeletePassword(a.ID))
		s.want("", tx.DeletePassword(a.ID))
		_, err = tx.FindPassword(a.ID)
		s.want(dateline.ENotFound, err)

		s.want("", tx.SaveRecoveryCodes(a.ID, [][]byte{hashed("1"), hashed("2")}))
		s.want("", tx.SaveRecoveryCodes(b.ID, [][]byte{hashed("1")}))
		s.want("", tx.UseRecoveryCode(a.ID, hashed("1")))
		s.want(dateline.ENotFound, tx.UseRecoveryCode(a.ID, hashed("1")))
		for id, want := range map[dateline.ID]int{a.ID: 1, b.ID: 1} {
			if n, err := tx.CountRecoveryCodes(id); n != want || err != nil {
				s.Errorf("%d codes, %v", n, err)
			}
		}

		s.want("", tx.InsertIdentity(desk.Identity{Issuer: "i", Subject: "s", Account: a.ID, Linked: start}))
		i, err := tx.FindIdentity("i", "s")
		if err != nil || i.Account != a.ID {
			s.Errorf("%+v, %v", i, err)
		}
		s.want("", tx.DeleteIdentities(a.ID))
		_, err = tx.FindIdentity("i", "s")
		s.want(dateline.ENotFound, err)
		return nil
	})
}

func (s *suite) sessions() {
	s.update(func(tx desk.Tx) error {
		a, err := s.person(tx, "A")
		if err != nil {
			return err
		}
		b, err := s.person(tx, "B")
		if err != nil {
			return err
		}
		for i, account := range []dateline.ID{a.ID, a.ID, a.ID, b.ID} {
			at := start.Add(time.Duration(i) * time.Hour)
			s.want("", tx.InsertSession(desk.Session{ID: dateline.ID(fmt.Sprint("s", i)), Account: account, Hash: hashed(fmt.Sprint(i)), Rights: 1, Way: "passkey", Created: at, Seen: at}))
		}
		one, err := tx.FindSession(hashed("1"))
		if err != nil || one.ID != "s1" || one.Previous != nil || !one.Until.IsZero() {
			s.Errorf("%+v, %v", one, err)
		}
		one.Previous, one.Hash, one.Until, one.Rights = one.Hash, hashed("new"), start, 2
		s.want("", tx.UpdateSession(one))
		for _, secret := range []string{"new", "1"} {
			if got, err := tx.FindSession(hashed(secret)); err != nil || got.ID != "s1" || got.Rights != 2 {
				s.Errorf("%s: %+v, %v", secret, got, err)
			}
		}
		list, err := tx.ListSessions(a.ID)
		if err != nil || len(list) != 3 || list[0].ID != "s2" {
			s.Errorf("%+v, %v", list, err)
		}
		s.want(dateline.ENotFound, tx.DeleteSession(b.ID, "s1"))
		s.want("", tx.DeleteOldSessions(start.Add(30*time.Minute), start))
		_, err = tx.FindSession(hashed("0"))
		s.want(dateline.ENotFound, err)
		if n, err := tx.DeleteSessions(a.ID, "s2"); n != 1 || err != nil {
			s.Errorf("%d ended, %v", n, err)
		}
		if list, err := tx.ListSessions(b.ID); len(list) != 1 || err != nil {
			s.Errorf("another's: %+v, %v", list, err)
		}
		s.want(dateline.ENotFound, tx.UpdateSession(one))
		return nil
	})
}

func (s *suite) invitations() {
	s.update(func(tx desk.Tx) error {
		for i, kind := range []desk.InvitationKind{desk.InviteFirst, desk.InviteNew, desk.InviteRecover, desk.InviteRecover} {
			s.want("", tx.InsertInvitation(desk.Invitation{ID: dateline.ID(fmt.Sprint("i", i)), Kind: kind, Email: "a@b.example", Role: dateline.RoleEditor, Sections: []dateline.ID{"x"},
				Account: dateline.ID(fmt.Sprint("a", i)), By: "meera", Created: start.Add(time.Duration(i) * time.Second), Expires: start.Add(time.Hour)}, hashed(fmt.Sprint(i))))
		}
		s.want("", tx.CloseInvitation("i1", start, time.Time{}))
		s.want(dateline.ENotFound, tx.CloseInvitation("i1", time.Time{}, start))
		s.want("", tx.RevokeInvitations(desk.InviteRecover, "a2", start))
		list, err := tx.ListInvitations(3)
		if err != nil || len(list) != 3 || list[0].ID != "i3" || !list[0].Open(start) || list[1].Open(start) || list[2].Open(start) || list[0].Open(start.Add(time.Hour)) {
			s.Errorf("%+v, %v", list, err)
		}
		got, err := tx.FindInvitation(hashed("1"))
		if err != nil || got.Used.IsZero() || !got.Revoked.IsZero() || got.Sections[0] != "x" {
			s.Errorf("%+v, %v", got, err)
		}
		_, err = tx.FindInvitation(hashed("none"))
		s.want(dateline.ENotFound, err)
		return nil
	})
}
