package auth

import (
	"context"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// Ways are how an account signs in.
type Ways struct {
	Passkeys []desk.Passkey
	Password time.Time // when it was set; zero where there is none
	Codes    int       // recovery codes that are left
}

// Ways says how whoever asks signs in.
func (d *Door) Ways(ctx context.Context, actor dateline.Actor) (w Ways, err error) {
	if err := own(actor); err != nil {
		return w, err
	}
	err = d.view(ctx, func(t *turn) error {
		w, err = t.ways(actor.Account)
		return err
	})
	return w, err
}

func (t *turn) ways(id dateline.ID) (w Ways, err error) {
	if w.Passkeys, err = t.ListPasskeys(id); err != nil {
		return w, err
	}
	if w.Codes, err = t.CountRecoveryCodes(id); err != nil {
		return w, err
	}
	p, err := t.FindPassword(id)
	if absent(err) {
		return w, nil
	}
	w.Password = p.Changed
	return w, err
}

// fresh refuses a sign-in that is no longer fresh, so that a browser left open does not give the account away.
func fresh(w Who) error {
	if err := own(w.Account.Actor()); err != nil {
		return err
	}
	if !w.Fresh {
		return dateline.Errorf(dateline.EForbidden, "sign in again first: how one signs in is changed within 15 minutes of signing in")
	}
	return nil
}

// MakePasskey begins to add a passkey to one's account.
func (d *Door) MakePasskey(ctx context.Context, w Who) (c Ceremony, err error) {
	if err := fresh(w); err != nil {
		return c, err
	}
	err = d.view(ctx, func(t *turn) error {
		c, err = t.beginMaking(w.Account, making{For: string(w.Account.ID)})
		return err
	})
	return c, err
}

// AddPasskey keeps what a browser answered to MakePasskey, as JSON.
func (d *Door) AddPasskey(ctx context.Context, w Who, held, name string, response []byte) error {
	if err := fresh(w); err != nil {
		return err
	}
	return d.update(ctx, func(t *turn) error {
		m, err := takeBack[making](d, useMaking, t.now, held)
		if err != nil {
			return err
		}
		if m.For != string(w.Account.ID) {
			return dateline.Errorf(dateline.EInvalid, "this passkey was begun for another account; begin again")
		}
		if err := t.keepPasskey(w.Account, m, name, response); err != nil {
			return err
		}
		return t.note(w.Account.Actor(), dateline.ActOwn, "made a passkey")
	})
}

// DeletePasskey takes one of one's own passkeys away, and ends every other session. The last way to sign in stays.
func (d *Door) DeletePasskey(ctx context.Context, w Who, id []byte) error {
	return d.lessen(ctx, w, dateline.Say("took a passkey away"), func(t *turn) error { return t.Tx.DeletePasskey(w.Account.ID, id) })
}

// DeletePassword takes one's own password away, and ends every other session. The last way to sign in stays.
func (d *Door) DeletePassword(ctx context.Context, w Who) error {
	return d.lessen(ctx, w, dateline.Say("took the password away"), func(t *turn) error { return t.Tx.DeletePassword(w.Account.ID) })
}

func (d *Door) lessen(ctx context.Context, w Who, what dateline.Sentence, f func(*turn) error) error {
	if err := fresh(w); err != nil {
		return err
	}
	return d.update(ctx, func(t *turn) error {
		if err := f(t); err != nil {
			return err
		}
		left, err := t.ways(w.Account.ID)
		if err != nil {
			return err
		}
		if len(left.Passkeys) == 0 && left.Password.IsZero() {
			return dateline.Errorf(dateline.EState, "this is the last way to sign in; make another one first")
		}
		if _, err := t.DeleteSessions(w.Account.ID, w.Session.ID); err != nil {
			return err
		}
		return t.note(w.Account.Actor(), dateline.ActOwn, "%s", what)
	})
}

// SetPassword begins to set one's own password. Nothing is kept before SetByCode.
func (d *Door) SetPassword(ctx context.Context, w Who, password string) (e Enrolment, err error) {
	if err := fresh(w); err != nil {
		return e, err
	}
	var paper *dateline.Publication
	if err := d.view(ctx, func(t *turn) (err error) {
		paper, err = t.FindPublication()
		return err
	}); err != nil {
		return e, err
	}
	return d.enrol(ctx, paper, enrolment{For: string(w.Account.ID)}, w.Account, password)
}

// SetByCode sets the password of an enrolment in place of the one before, once a code shows that its second factor works. Every
// other session ends, and one's own gets a new secret.
func (d *Door) SetByCode(ctx context.Context, w Who, held, code string) (secret string, err error) {
	if err := fresh(w); err != nil {
		return "", err
	}
	err = d.update(ctx, func(t *turn) error {
		h, err := takeBack[enrolment](d, useEnrolment, t.now, held)
		if err != nil {
			return err
		}
		if h.For != string(w.Account.ID) {
			return dateline.Errorf(dateline.EInvalid, "this was begun for another account; begin again")
		}
		n, err := step(h.Secret, code, t.now)
		if err != nil {
			return err
		}
		if n == 0 {
			return wrongCode()
		}
		if err := t.keepPassword(w.Account.ID, h, n); err != nil {
			return err
		}
		if _, err := t.DeleteSessions(w.Account.ID, w.Session.ID); err != nil {
			return err
		}
		s := w.Session
		if secret, err = t.rotate(&s); err != nil {
			return err
		}
		s.Previous, s.Until = nil, time.Time{} // a cookie from before the change is good no more
		if err := t.UpdateSession(s); err != nil {
			return err
		}
		return t.note(w.Account.Actor(), dateline.ActOwn, "set a password")
	})
	return secret, err
}

// NewCodes makes recovery codes in place of all before, and shows them this once.
func (d *Door) NewCodes(ctx context.Context, w Who) (codes []string, err error) {
	if err := fresh(w); err != nil {
		return nil, err
	}
	err = d.update(ctx, func(t *turn) error {
		if codes, err = t.newCodes(w.Account.ID); err != nil {
			return err
		}
		return t.note(w.Account.Actor(), dateline.ActOwn, "made new recovery codes")
	})
	return codes, err
}
