package auth

import (
	"context"
	"encoding/hex"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// enrolment is a password whose second factor is being set up.
type enrolment struct {
	For     string // linkOf the link, or the account's id
	Person  Person
	Account string // how the authenticator calls it: the e-mail address
	Hash    string
	Secret  string
}

// linkOf names a link by its hash.
func linkOf(secret string) string { return "link " + hex.EncodeToString(hashSecret(secret)) }

// useEnrolment is what enrolments are sealed for.
const useEnrolment = "enrolment"

// Enrolment is the second step of setting a password: the factor to set up, and what to send back with its first code.
type Enrolment struct {
	Factor
	Held string
}

// JoinByPassword begins to make an account with a password, by a link. Nothing is kept before JoinByCode.
func (d *Door) JoinByPassword(ctx context.Context, secret string, p Person, password string) (e Enrolment, err error) {
	var account *dateline.Account
	var paper *dateline.Publication
	if err := d.view(ctx, func(t *turn) (err error) {
		in, err := t.invited(secret)
		if err != nil {
			return err
		}
		if account, err = t.person(in, p); err != nil {
			return err
		}
		paper, err = t.FindPublication()
		return err
	}); err != nil {
		return e, err
	}
	return d.enrol(ctx, paper, enrolment{For: linkOf(secret), Person: p}, account, password)
}

func (d *Door) enrol(ctx context.Context, paper *dateline.Publication, held enrolment, a *dateline.Account, password string) (e Enrolment, err error) {
	if err := checkPassword(password, a.Name, a.Email); err != nil {
		return e, err
	}
	if held.Hash, err = d.passwords.hash(ctx, password); err != nil {
		return e, err
	}
	if e.Factor, held.Secret, err = d.newFactor(paper.Name, a.Email); err != nil {
		return e, err
	}
	held.Account = a.Email
	now, err := d.now(ctx)
	if err != nil {
		return e, err
	}
	e.Held, err = handOut(d, useEnrolment, now.Add(enrolFor), held)
	return e, err
}

// Again shows an enrolment once more, after a code that did not match.
func (d *Door) Again(ctx context.Context, held string) (e Enrolment, err error) {
	var paper *dateline.Publication
	err = d.view(ctx, func(t *turn) error {
		h, err := takeBack[enrolment](d, useEnrolment, t.now, held)
		if err != nil {
			return err
		}
		if paper, err = t.FindPublication(); err != nil {
			return err
		}
		e.Held = held
		e.Factor, err = factorOf(h.Secret, paper.Name, h.Account)
		return err
	})
	return e, err
}

// JoinByCode makes the account with the password of an enrolment, once a code shows that its second factor works.
func (d *Door) JoinByCode(ctx context.Context, secret, held, code string, v Visit) (in Entrance, err error) {
	err = d.update(ctx, func(t *turn) error {
		h, err := takeBack[enrolment](d, useEnrolment, t.now, held)
		if err != nil {
			return err
		}
		if h.For != linkOf(secret) {
			return dateline.Errorf(dateline.EInvalid, "this belongs to another link; begin again")
		}
		n, err := step(h.Secret, code, t.now)
		if err != nil {
			return err
		}
		if n == 0 {
			return wrongCode()
		}
		if in.Account, err = t.admit(secret, h.Person, ""); err != nil {
			return err
		}
		if err := t.keepPassword(in.Account.ID, h, n); err != nil {
			return err
		}
		return t.welcome(&in, v)
	})
	return in, err
}

func (t *turn) keepPassword(account dateline.ID, h enrolment, n int64) error {
	sealed, err := t.door.kept.seal("factor "+string(account), []byte(h.Secret))
	if err != nil {
		return err
	}
	return t.SavePassword(desk.Password{Account: account, Hash: h.Hash, Secret: sealed, Step: n, Changed: t.now})
}

// welcome gives somebody who joined recovery codes and a session.
func (t *turn) welcome(in *Entrance, v Visit) (err error) {
	if in.Codes, err = t.newCodes(in.Account.ID); err != nil {
		return err
	}
	in.Secret, err = t.enter(in.Account, "invitation", v)
	return err
}

func (t *turn) newCodes(account dateline.ID) ([]string, error) {
	codes, hashes, err := t.door.newRecoveryCodes()
	if err != nil {
		return nil, err
	}
	return codes, t.SaveRecoveryCodes(account, hashes)
}
