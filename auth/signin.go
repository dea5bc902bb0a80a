package auth

import (
	"context"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// refused is the one answer to a sign-in that fails, whatever did not match.
func refused() error {
	return dateline.Errorf(dateline.EUnauthorized, "that does not match: check the address, the password and the code. A code is good once, for half a minute")
}

// noSecret is the second factor of nobody, so that a stranger's code is computed as anybody's.
const noSecret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// known is what the store has of whoever tries to sign in; all of it is empty for a stranger.
type known struct {
	account  *dateline.Account
	password desk.Password
	secret   string
}

// lookUp reads what there is of an e-mail address. It asks the store the same questions for a stranger.
func (t *turn) lookUp(email string) (k known, err error) {
	k.secret = noSecret
	a, err := t.FindAccountByEmail(email)
	if err != nil && !absent(err) {
		return k, err
	}
	id := dateline.ID("")
	if err == nil && a.State == dateline.AccountActive {
		k.account, id = a, a.ID
	}
	p, err := t.FindPassword(id)
	if absent(err) {
		return k, nil
	}
	if err != nil {
		return k, err
	}
	secret, err := t.door.kept.open("factor "+string(id), p.Secret)
	k.password, k.secret = p, string(secret)
	return k, err
}

// attempt is one try to sign in with a password: what is known, and what the try cost.
type attempt struct {
	known
	now    time.Time
	right  bool               // the password is the account's
	cameIn func(email string) // gives back what the try took of the limits
}

// attempt counts a try against the limits and compares the password. It does the same work whether the account exists.
func (d *Door) attempt(ctx context.Context, email, password string, v Visit) (a attempt, err error) {
	if a.now, err = d.now(ctx); err != nil {
		return a, err
	}
	if a.cameIn, err = d.limit.spend(a.now, v.Address, email); err != nil {
		return a, err
	}
	if err := d.view(ctx, func(t *turn) error {
		a.known, err = t.lookUp(email)
		return err
	}); err != nil {
		return a, err
	}
	a.right, err = d.passwords.matches(ctx, password, a.password.Hash)
	return a, err
}

// SignIn signs in with a password and a code of the second factor. The answer to all that does not match is one, and the
// work is the same whether the account exists.
func (d *Door) SignIn(ctx context.Context, email, password, code string, v Visit) (in Entrance, err error) {
	k, err := d.attempt(ctx, email, password, v)
	if err != nil {
		return in, err
	}
	n, err := step(k.secret, code, k.now)
	if err != nil {
		return in, err
	}
	if !k.right || n == 0 || k.account == nil {
		return in, refused()
	}
	err = d.update(ctx, func(t *turn) error {
		again, err := t.lookUp(email)
		if err != nil {
			return err
		}
		if again.account == nil || again.password.Hash != k.password.Hash || n <= again.password.Step {
			return refused() // changed meanwhile, or the code was used before
		}
		again.password.Step = n
		if err := t.SavePassword(again.password); err != nil {
			return err
		}
		in.Account = again.account
		in.Secret, err = t.enter(in.Account, "password", v)
		return err
	})
	if err == nil {
		k.cameIn(email)
	}
	return in, err
}

// RecoverSignIn signs in with a recovery code, which is used up, in place of the second factor; whoever has a password gives
// that too, and whoever has only passkeys gives none.
func (d *Door) RecoverSignIn(ctx context.Context, email, password, code string, v Visit) (in Entrance, err error) {
	k, err := d.attempt(ctx, email, password, v)
	if err != nil {
		return in, err
	}
	if k.account == nil || !k.right && k.password.Hash != "" || strings.TrimSpace(code) == "" {
		return in, refusedRecovery()
	}
	err = d.update(ctx, func(t *turn) error {
		again, err := t.lookUp(email)
		if err != nil {
			return err
		}
		if again.account == nil || again.password.Hash != k.password.Hash {
			return refusedRecovery()
		}
		if err := t.UseRecoveryCode(again.account.ID, hashCode(code)); err != nil {
			if absent(err) {
				err = refusedRecovery()
			}
			return err
		}
		in.Account = again.account
		if in.Left, err = t.CountRecoveryCodes(in.Account.ID); err != nil {
			return err
		}
		in.Secret, err = t.enter(in.Account, "recovery", v)
		return err
	})
	if err == nil {
		k.cameIn(email)
	}
	return in, err
}

func refusedRecovery() error {
	return dateline.Errorf(dateline.EUnauthorized, "that does not match: check the address, the password where you have one, and the recovery code. Each code is good once")
}
