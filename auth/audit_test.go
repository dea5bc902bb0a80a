package auth

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// TestEveryChangeOfRightsLeavesALine: whoever comes in, is asked in, gets other rights or loses them, and every way in that is made or
// taken away, stands on the audit with who and from where.
func TestEveryChangeOfRightsLeavesALine(t *testing.T) {
	h := openHouse(t)
	ctx := desk.From(t.Context(), &desk.Place{Address: "192.0.2.7", Device: "Typewriter/1"})
	newest := func() (l desk.AuditLine) {
		h.must(h.view(ctx, func(t *turn) error {
			list, err := t.FilterAudit(desk.AuditFilter{}, 1)
			if len(list) > 0 {
				l = list[0]
			}
			return err
		}))
		return l
	}
	by := func(what string, actor string, f func() error) {
		t.Helper()
		before := newest().Number
		if err := f(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if l := newest(); l.Number <= before || l.Actor != actor || l.Act == "" || l.Detail == "" || l.Address != "192.0.2.7" || l.Device != "Typewriter/1" || !l.At.After(noon) {
			t.Errorf("%s leaves the line %+v after %d", what, l, before)
		}
	}
	c, other := h.colleague("Nalini Okar", dateline.RoleReporter), h.colleague("Meera Anand", dateline.RoleChief)
	chief := other.account.Actor()
	var invitation desk.Invitation
	var link string
	by("an invitation", chief.Name, func() (err error) {
		invitation, link, err = h.Invite(ctx, chief, "ada@estuary.example", dateline.RoleReporter, nil)
		return err
	})
	by("an invitation that is taken back", chief.Name, func() error { return h.RevokeInvitation(ctx, chief, invitation.ID) })
	_, link, err := h.Invite(ctx, chief, "ada@estuary.example", dateline.RoleReporter, nil)
	h.must(err)
	by("somebody who joins", "Ada Menon", func() error {
		e, err := h.JoinByPassword(ctx, link, Person{Name: "Ada Menon", Email: "ada@estuary.example"}, herons)
		h.must(err)
		_, err = h.JoinByCode(ctx, link, e.Held, (&colleague{house: h, secret: strings.ReplaceAll(e.Secret, " ", "")}).code(), visit("192.0.2.7"))
		return err
	})
	var session string
	by("a sign-in", c.account.Name, func() error {
		in, err := h.SignIn(ctx, c.email, c.password, c.code(), visit("192.0.2.7"))
		session = in.Secret
		return err
	})
	who := func() Who {
		w, err := h.Who(ctx, session)
		h.must(err)
		return w
	}
	by("a new password", c.account.Name, func() error {
		e, err := h.SetPassword(ctx, who(), ferry)
		h.must(err)
		c.secret, c.password = strings.ReplaceAll(e.Secret, " ", ""), ferry
		session, err = h.SetByCode(ctx, who(), e.Held, c.code())
		return err
	})
	by("new recovery codes", c.account.Name, func() (err error) {
		c.codes, err = h.NewCodes(ctx, who())
		return err
	})
	by("a way in by a code", c.account.Name, func() error {
		_, err := h.RecoverSignIn(ctx, c.email, c.password, c.codes[0], visit("192.0.2.7"))
		return err
	})
	by("a session that is ended", c.account.Name, func() error {
		list, err := h.Sessions(ctx, who().Account.Actor())
		h.must(err)
		i := slices.IndexFunc(list, func(s desk.Session) bool { return s.ID != who().Session.ID })
		return h.EndSession(ctx, who().Account.Actor(), list[i].ID)
	})
	_, err = h.SignIn(ctx, c.email, c.password, c.code(), visit("192.0.2.7"))
	h.must(err)
	by("the others that are ended", c.account.Name, func() error {
		_, err := h.EndOtherSessions(ctx, who().Account.Actor(), who().Session.ID)
		return err
	})
	version := func() int64 {
		a, err := h.Account(ctx, chief, c.account.ID)
		h.must(err)
		return a.Version
	}
	by("other rights", chief.Name, func() error {
		_, err := h.ChangeAccount(ctx, chief, c.account.ID, version(), Change{Name: c.account.Name, Role: dateline.RoleEditor, Sections: []dateline.ID{h.city}})
		return err
	})
	by("a recovery link", chief.Name, func() error {
		_, _, err := h.Recover(ctx, chief, c.account.ID)
		return err
	})
	var token desk.Token
	by("a program's token", chief.Name, func() (err error) {
		token, _, err = h.desk.CreateToken(ctx, chief, "a program", dateline.RoleReporter, time.Time{})
		return err
	})
	by("a token that ends", chief.Name, func() error { return h.desk.RevokeToken(ctx, chief, token.ID) })
	by("an account that ends", chief.Name, func() error {
		_, err := h.EndAccount(ctx, chief, c.account.ID, version())
		return err
	})
}
