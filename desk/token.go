package desk

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"io"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
)

// tokenPrefix begins every secret, so that one that leaked is recognised for what it is.
const tokenPrefix = "dl_"

// CreateToken makes a token and gives its secret, which is shown this once and kept only as a hash. A zero expires is
// never.
func (d *Desk) CreateToken(ctx context.Context, actor dateline.Actor, name string, role dateline.Role, expires time.Time) (k Token, secret string, err error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > dateline.MaxName || dateline.PlainText(name) != nil {
		return k, "", dateline.Errorf(dateline.EInvalid, "a token needs a name, by which the audit knows its bearer")
	}
	switch role {
	case dateline.RoleReporter, dateline.RoleEditor, dateline.RoleChief, dateline.RoleFollower:
	default:
		return k, "", dateline.Errorf(dateline.EInvalid, "%.40q is no role; use reporter, editor, chief or follower", string(role))
	}
	random := make([]byte, 20)
	if _, err := io.ReadFull(d.random, random); err != nil {
		return k, "", internal("no secret could be made", err)
	}
	secret = tokenPrefix + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random))
	err = d.do(ctx, actor, dateline.ActAdminister, func(t *turn) (err error) {
		if !expires.IsZero() && !expires.After(t.now) {
			return dateline.Errorf(dateline.EInvalid, "the token would have expired already")
		}
		k = Token{Name: name, Role: role, Created: t.now, Expires: expires.UTC().Truncate(time.Microsecond)}
		if expires.IsZero() {
			k.Expires = time.Time{}
		}
		if k.ID, err = t.newID(); err != nil {
			return err
		}
		if err := t.InsertToken(k, hashSecret(secret)); err != nil {
			return err
		}
		return t.note(dateline.ActAdminister, nil, 0, "made the token %s of %s, a %s", k.ID, name, role)
	})
	if err != nil {
		return Token{}, "", err
	}
	return k, secret, nil
}

func hashSecret(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// ListTokens lists every token, oldest first, without secrets.
func (d *Desk) ListTokens(ctx context.Context, actor dateline.Actor) (list []Token, err error) {
	if err := dateline.Can(actor, dateline.ActAdminister, nil); err != nil {
		return nil, err
	}
	err = d.store.View(ctx, func(tx Tx) error {
		list, err = tx.ListTokens()
		return err
	})
	return list, err
}

// RevokeToken ends a token at once; ENotFound.
func (d *Desk) RevokeToken(ctx context.Context, actor dateline.Actor, id dateline.ID) error {
	return d.do(ctx, actor, dateline.ActAdminister, func(t *turn) error {
		if err := t.Tx.RevokeToken(id, t.now); err != nil {
			return err
		}
		return t.note(dateline.ActAdminister, nil, 0, "revoked the token %s", id)
	})
}

// Authenticate says who bears a secret; EUnauthorized where it is unknown, expired or revoked, without saying which.
func (d *Desk) Authenticate(ctx context.Context, secret string) (actor dateline.Actor, err error) {
	refused := dateline.Errorf(dateline.EUnauthorized, "this token is not valid; make one with `dateline token create NAME --role editor`")
	if !strings.HasPrefix(secret, tokenPrefix) || len(secret) > 100 {
		return actor, refused
	}
	err = d.store.View(ctx, func(tx Tx) error {
		k, err := tx.FindToken(hashSecret(secret))
		if absent(err) {
			return refused
		}
		if err != nil {
			return err
		}
		now, err := tx.Now()
		if err != nil {
			return err
		}
		if !k.Revoked.IsZero() || !k.Expires.IsZero() && !now.Before(k.Expires) {
			return refused
		}
		actor = dateline.Actor{Token: k.ID, Name: k.Name, Role: k.Role}
		return nil
	})
	return actor, err
}
