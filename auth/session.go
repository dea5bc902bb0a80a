package auth

import (
	"bytes"
	"context"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// SessionAge is how long a browser may keep a session's cookie.
const SessionAge = sessionAbsolute

// Who is somebody signed in.
type Who struct {
	Account *dateline.Account
	Session desk.Session
	// Secret is the session's new secret where it was changed; the browser is to keep it in place of the one it sent.
	Secret string
	// Fresh says that the sign-in was a moment ago, so that one may change how one signs in.
	Fresh bool
}

// Entrance is somebody who has just come in.
type Entrance struct {
	Account *dateline.Account
	Secret  string   // of the new session, for the cookie
	Codes   []string // new recovery codes, to be shown this once
	Left    int      // recovery codes that are left, where one was used
}

var signedOut = dateline.Errorf(dateline.EUnauthorized, "the session has ended; sign in again")

// Who says whose a session's secret is; EUnauthorized where it is unknown or has ended. A session whose account's rights
// have changed since gets a new secret.
func (d *Door) Who(ctx context.Context, secret string) (w Who, err error) {
	hash, write := hashSecret(secret), false
	look := func(t *turn) error {
		w, write, err = t.who(hash)
		return err
	}
	if err := d.view(ctx, look); err != nil {
		return Who{}, err
	}
	if !write {
		return w, nil
	}
	err = d.update(ctx, func(t *turn) error {
		if err := look(t); err != nil || !write {
			return err
		}
		if w.Session.Rights != w.Account.Rights {
			if w.Secret, err = t.rotate(&w.Session); err != nil {
				return err
			}
			w.Session.Rights = w.Account.Rights
		}
		w.Session.Seen = t.now
		return t.UpdateSession(w.Session)
	})
	if err != nil {
		return Who{}, err
	}
	return w, nil
}

// Still says whose a session's secret is, as Who does, and changes nothing: neither is the session seen, nor its secret changed.
func (d *Door) Still(ctx context.Context, secret string) (actor dateline.Actor, err error) {
	err = d.view(ctx, func(t *turn) error {
		w, _, err := t.who(hashSecret(secret))
		if err == nil {
			actor = w.Account.Actor()
		}
		return err
	})
	return actor, err
}

// who looks a session up; write says that it is to be written again.
func (t *turn) who(hash []byte) (w Who, write bool, err error) {
	s, err := t.FindSession(hash)
	if absent(err) {
		return w, false, signedOut
	}
	if err != nil {
		return w, false, err
	}
	before := !bytes.Equal(s.Hash, hash)
	if !t.now.Before(s.Created.Add(sessionAbsolute)) || !t.now.Before(s.Seen.Add(sessionIdle)) || before && !t.now.Before(s.Until) {
		return w, false, signedOut
	}
	a, err := t.FindAccount(s.Account)
	if err != nil {
		return w, false, err
	}
	if a.State != dateline.AccountActive {
		return w, false, signedOut
	}
	w = Who{Account: a, Session: s, Fresh: t.now.Sub(s.Created) < freshFor}
	return w, !before && (s.Rights != a.Rights || t.now.Sub(s.Seen) >= sessionSeen), nil
}

// rotate gives a session a new secret; the one before is taken a moment longer, for requests that are under way.
func (t *turn) rotate(s *desk.Session) (secret string, err error) {
	if secret, err = t.door.newSecret(); err != nil {
		return "", err
	}
	s.Previous, s.Until, s.Hash = s.Hash, t.now.Add(sessionOverlap), hashSecret(secret)
	return secret, nil
}

// enter makes a session. The one that the browser had before is ended.
func (t *turn) enter(a *dateline.Account, way string, v Visit) (secret string, err error) {
	if v.Session != "" {
		old, err := t.FindSession(hashSecret(v.Session))
		if err == nil {
			err = t.DeleteSession(old.Account, old.ID)
		}
		if err != nil && !absent(err) {
			return "", err
		}
	}
	if err := t.DeleteOldSessions(t.now.Add(-sessionAbsolute), t.now.Add(-sessionIdle)); err != nil {
		return "", err
	}
	if secret, err = t.door.newSecret(); err != nil {
		return "", err
	}
	s := desk.Session{Account: a.ID, Hash: hashSecret(secret), Rights: a.Rights, Way: way, Agent: shorten(v.Agent, 300), Address: shorten(v.Address, 64),
		Created: t.now, Seen: t.now}
	if s.ID, err = t.newID(); err != nil {
		return "", err
	}
	if err := t.InsertSession(s); err != nil {
		return "", err
	}
	return secret, t.note(a.Actor(), dateline.ActOwn, "signed in (%s)", dateline.Phrase(way))
}

func shorten(s string, n int) string {
	if dateline.PlainText(s) != nil {
		return ""
	}
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// SignOut ends the session with a secret; that it has ended already is no error.
func (d *Door) SignOut(ctx context.Context, secret string) error {
	return d.update(ctx, func(t *turn) error {
		s, err := t.FindSession(hashSecret(secret))
		if err == nil {
			err = t.DeleteSession(s.Account, s.ID)
		}
		if absent(err) {
			return nil
		}
		return err
	})
}

// Sessions lists the sessions of whoever asks, last seen first.
func (d *Door) Sessions(ctx context.Context, actor dateline.Actor) (list []desk.Session, err error) {
	if err := own(actor); err != nil {
		return nil, err
	}
	err = d.view(ctx, func(t *turn) error {
		all, err := t.ListSessions(actor.Account)
		for _, s := range all {
			if t.now.Before(s.Created.Add(sessionAbsolute)) && t.now.Before(s.Seen.Add(sessionIdle)) {
				list = append(list, s)
			}
		}
		return err
	})
	return list, err
}

// own refuses whoever has no account.
func own(actor dateline.Actor) error {
	if err := dateline.Can(actor, dateline.ActOwn, nil); err != nil {
		return err
	}
	if actor.Account == "" {
		return dateline.Errorf(dateline.EForbidden, "a token has neither sessions nor ways to sign in; ask with a session")
	}
	return nil
}

// EndSession ends one of one's own sessions; ENotFound.
func (d *Door) EndSession(ctx context.Context, actor dateline.Actor, id dateline.ID) error {
	if err := own(actor); err != nil {
		return err
	}
	return d.update(ctx, func(t *turn) error {
		if err := t.DeleteSession(actor.Account, id); err != nil {
			return err
		}
		return t.note(actor, dateline.ActOwn, "ended a session")
	})
}

// EndOtherSessions ends all of one's own sessions but one, and says how many.
func (d *Door) EndOtherSessions(ctx context.Context, actor dateline.Actor, except dateline.ID) (n int64, err error) {
	if err := own(actor); err != nil {
		return 0, err
	}
	err = d.update(ctx, func(t *turn) error {
		if n, err = t.DeleteSessions(actor.Account, except); err != nil || n == 0 {
			return err
		}
		return t.note(actor, dateline.ActOwn, "ended %d other sessions", n)
	})
	return n, err
}

// SessionEnds is when a session ends by itself if it is used no more.
func SessionEnds(s desk.Session) time.Time {
	idle, absolute := s.Seen.Add(sessionIdle), s.Created.Add(sessionAbsolute)
	if absolute.Before(idle) {
		return absolute
	}
	return idle
}
