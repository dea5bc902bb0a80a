package auth

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

func TestSessionsEndByThemselves(t *testing.T) {
	h := openHouse(t)
	c := h.colleague("Nalini Okar", dateline.RoleEditor)
	if w, code := h.who(c.session); code != "" || !w.Fresh {
		t.Errorf("%+v, %q", w, code)
	}
	h.clock.Pass(freshFor)
	if w, code := h.who(c.session); code != "" || w.Fresh {
		t.Errorf("a quarter of an hour later: %+v, %q", w, code)
	}
	h.clock.Pass(sessionIdle - time.Second)
	if _, code := h.who(c.session); code != "" {
		t.Errorf("used within a week: %q", code)
	}
	h.clock.Pass(sessionIdle)
	if _, code := h.who(c.session); code != dateline.EUnauthorized {
		t.Errorf("not used for a week: %q", code)
	}
	in, err := c.signIn()
	h.must(err)
	for range 5 {
		h.clock.Pass(sessionAbsolute/5 - time.Minute)
		if _, code := h.who(in.Secret); code != "" {
			t.Errorf("used all the time: %q", code)
		}
	}
	h.clock.Pass(5 * time.Minute)
	if _, code := h.who(in.Secret); code != dateline.EUnauthorized {
		t.Errorf("after 30 days: %q", code)
	}
	for _, secret := range []string{"", "x", c.session + "x"} {
		if _, code := h.who(secret); code != dateline.EUnauthorized {
			t.Errorf("the session %q: %q", secret, code)
		}
	}
}

func TestAChangeOfRightsChangesTheSecret(t *testing.T) {
	h := openHouse(t)
	h.colleague("Meera Anand", dateline.RoleChief)
	c := h.colleague("Nalini Okar", dateline.RoleReporter)
	a, err := h.ChangeAccount(t.Context(), head, c.account.ID, c.account.Version, Change{Name: "Nalini Okar", Role: dateline.RoleEditor, Sections: []dateline.ID{h.city}})
	h.must(err)
	w, _ := h.who(c.session)
	if w.Secret == "" || w.Account.Role != dateline.RoleEditor || len(w.Account.Sections) != 1 {
		t.Fatalf("with new rights: %+v", w)
	}
	h.clock.Pass(sessionOverlap - time.Second)
	if again, code := h.who(c.session); code != "" || again.Secret != "" {
		t.Errorf("a request under way: %q, %q", again.Secret, code)
	}
	h.clock.Pass(2 * time.Second)
	if _, code := h.who(c.session); code != dateline.EUnauthorized {
		t.Errorf("the secret from before: %q", code)
	}
	if again, code := h.who(w.Secret); code != "" || again.Secret != "" {
		t.Errorf("the new secret: %q, %q", again.Secret, code)
	}
	_, err = h.ChangeAccount(t.Context(), head, c.account.ID, c.account.Version, Change{Name: "X", Role: dateline.RoleEditor})
	h.want(dateline.EConflict, err)
	a, err = h.ChangeAccount(t.Context(), head, c.account.ID, a.Version, Change{Name: "Nalini O.", Role: dateline.RoleEditor, Sections: []dateline.ID{h.city}})
	h.must(err)
	if again, _ := h.who(w.Secret); again.Secret != "" || again.Account.Name != "Nalini O." {
		t.Errorf("a new name is no new right: %+v", again)
	}
	_, err = h.ChangeAccount(t.Context(), head, c.account.ID, a.Version, Change{Name: "meera  ANAND", Role: dateline.RoleEditor})
	h.want(dateline.EConflict, err)
}

func TestSigningInEndsTheSessionBefore(t *testing.T) {
	h := openHouse(t)
	c := h.colleague("Nalini Okar", dateline.RoleEditor)
	in, err := h.SignIn(t.Context(), c.email, c.password, c.code(), Visit{Address: "192.0.2.1", Session: c.session})
	h.must(err)
	if _, code := h.who(c.session); code != dateline.EUnauthorized {
		t.Errorf("the browser's session before: %q", code)
	}
	other, err := c.signIn()
	h.must(err)
	w, _ := h.who(in.Secret)
	list, err := h.Sessions(t.Context(), c.account.Actor())
	h.must(err)
	if len(list) != 2 {
		t.Errorf("%d sessions", len(list))
	}
	stranger := h.colleague("Joss Albuq", dateline.RoleChief)
	theirs, _ := h.who(other.Secret)
	h.want(dateline.ENotFound, h.EndSession(t.Context(), stranger.account.Actor(), theirs.Session.ID))
	if _, code := h.who(other.Secret); code != "" {
		t.Error("somebody else ended it")
	}
	n, err := h.EndOtherSessions(t.Context(), c.account.Actor(), w.Session.ID)
	h.must(err)
	if _, code := h.who(other.Secret); n != 1 || code != dateline.EUnauthorized {
		t.Errorf("%d ended, %q", n, code)
	}
	h.must(h.SignOut(t.Context(), in.Secret))
	h.must(h.SignOut(t.Context(), in.Secret))
	if _, code := h.who(in.Secret); code != dateline.EUnauthorized {
		t.Errorf("signed out: %q", code)
	}
	_, err = h.Sessions(t.Context(), head)
	h.want(dateline.EForbidden, err)
}

// setPassword sets a new password in a session.
func (c *colleague) setPassword(session, password string) (string, error) {
	c.Helper()
	w, err := c.Who(c.Context(), session)
	if err != nil {
		return "", err
	}
	e, err := c.SetPassword(c.Context(), w, password)
	if err != nil {
		return "", err
	}
	secret := c.secret
	c.secret = strings.ReplaceAll(e.Secret, " ", "")
	next, err := c.SetByCode(c.Context(), w, e.Held, c.code())
	if err != nil {
		c.secret = secret
		return "", err
	}
	c.password = password
	return next, nil
}

func TestANewPasswordEndsOtherSessions(t *testing.T) {
	h := openHouse(t)
	c := h.colleague("Nalini Okar", dateline.RoleEditor)
	other, err := c.signIn()
	h.must(err)
	in, err := c.signIn()
	h.must(err)
	next, err := c.setPassword(in.Secret, ferry)
	h.must(err)
	for name, secret := range map[string]string{"another": other.Secret, "the first": c.session, "the one before": in.Secret} {
		if _, code := h.who(secret); code != dateline.EUnauthorized {
			t.Errorf("%s: %q", name, code)
		}
	}
	if _, code := h.who(next); code != "" {
		t.Errorf("one's own: %q", code)
	}
	_, err = c.SignIn(t.Context(), c.email, herons, c.code(), visit("192.0.2.1"))
	h.want(dateline.EUnauthorized, err)
	h.clock.Pass(freshFor)
	_, err = c.setPassword(next, herons)
	h.want(dateline.EForbidden, err)
	w, _ := h.who(next)
	_, err = h.NewCodes(t.Context(), w)
	h.want(dateline.EForbidden, err)
	_, err = h.MakePasskey(t.Context(), w)
	h.want(dateline.EForbidden, err)
	h.want(dateline.EForbidden, h.DeletePassword(t.Context(), w))
	in, err = c.signIn()
	h.must(err)
	w, _ = h.who(in.Secret)
	h.want(dateline.EState, h.DeletePassword(t.Context(), w)) // the last way in
}

func TestEndingAndRecovering(t *testing.T) {
	h := openHouse(t)
	chief := h.colleague("Meera Anand", dateline.RoleChief)
	c := h.colleague("Nalini Okar", dateline.RoleChief, h.city)
	_, err := h.EndAccount(t.Context(), head, chief.account.ID, 0)
	h.want(dateline.EState, err) // a chief of a section is none of the paper
	_, err = h.ChangeAccount(t.Context(), head, chief.account.ID, chief.account.Version, Change{Name: "Meera Anand", Role: dateline.RoleEditor})
	h.want(dateline.EState, err)
	_, err = h.EndAccount(t.Context(), c.account.Actor(), c.account.ID, 0)
	h.want(dateline.EForbidden, err)
	_, err = h.EndAccount(t.Context(), chief.account.Actor(), c.account.ID, 7)
	h.want(dateline.EConflict, err)
	_, before, err := h.Recover(t.Context(), head, c.account.ID)
	h.must(err)
	_, err = h.EndAccount(t.Context(), chief.account.Actor(), c.account.ID, c.account.Version)
	h.must(err)
	if _, code := h.who(c.session); code != dateline.EUnauthorized {
		t.Errorf("a session of an account that has ended: %q", code)
	}
	_, err = c.signIn()
	h.want(dateline.EUnauthorized, err)
	_, err = h.Invited(t.Context(), before)
	h.want(dateline.EUnauthorized, err) // a link from before the end lets nobody in again

	_, first, err := h.Recover(t.Context(), head, c.account.ID)
	h.must(err)
	_, link, err := h.Recover(t.Context(), head, c.account.ID)
	h.must(err)
	_, err = h.Invited(t.Context(), first)
	h.want(dateline.EUnauthorized, err)
	again := h.join(link, "ignored", "ignored@estuary.example")
	if again.account.ID != c.account.ID || again.account.Name != "Nalini Okar" || again.account.State != dateline.AccountActive || again.account.Email != c.email {
		t.Errorf("recovered: %+v", again.account)
	}
	_, err = h.RecoverSignIn(t.Context(), c.email, herons, c.codes[5], visit("192.0.2.1"))
	h.want(dateline.EUnauthorized, err)
	_, link, err = h.Recover(t.Context(), head, c.account.ID)
	h.must(err)
	h.clock.Pass(recoverFor)
	_, err = h.Invited(t.Context(), link)
	h.want(dateline.EUnauthorized, err)
}

// TestLinksToDraftsEndWithTheirMaker: a private link that somebody made shows nothing once the account has ended, under whatever
// name it was made; those of others stand.
func TestLinksToDraftsEndWithTheirMaker(t *testing.T) {
	h := openHouse(t)
	c, other := h.colleague("Nalini Okar", dateline.RoleEditor), h.colleague("Joss Albuq", dateline.RoleEditor)
	a, err := h.desk.Create(t.Context(), c.account.Actor(), dateline.KindArticle, dateline.Content{Headline: "Under wraps", Language: "en"})
	h.must(err)
	link := func(c *colleague) string {
		t.Helper()
		_, secret, err := h.desk.CreatePreview(t.Context(), c.account.Actor(), desk.Target{ID: a.ID, Version: a.Version}, time.Hour)
		h.must(err)
		return secret
	}
	hers := link(c)
	h.clock.Pass(time.Minute)
	his := link(other)
	visit, _, err := h.desk.OpenPreview(t.Context(), hers)
	h.must(err)
	renamed, err := h.ChangeAccount(t.Context(), head, c.account.ID, 0, Change{Name: "Nalini Okar-Vaz", Role: dateline.RoleEditor})
	h.must(err)
	_, err = h.desk.VisitPreview(t.Context(), hers, visit)
	h.must(err)
	_, err = h.EndAccount(t.Context(), head, c.account.ID, renamed.Version)
	h.must(err)
	_, err = h.desk.VisitPreview(t.Context(), hers, visit)
	h.want(dateline.ENotFound, err)
	_, _, err = h.desk.OpenPreview(t.Context(), hers)
	h.want(dateline.ENotFound, err)
	_, _, err = h.desk.OpenPreview(t.Context(), his)
	h.must(err)
	list, err := h.desk.ListPreviews(t.Context(), other.account.Actor(), a.ID)
	h.must(err)
	if len(list) != 2 || list[1].By != "Nalini Okar-Vaz" || list[1].Why != desk.MakerLeft || !list[0].Ended.IsZero() {
		t.Errorf("%+v", list)
	}
}

// TestNoCookieOutlivesItsAccount walks at random through signing in and out, new passwords, new rights, ending and recovering.
// After every step each secret ever given is good exactly while it should be.
func TestNoCookieOutlivesItsAccount(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			h := openHouse(t)
			h.colleague("Meera Anand", dateline.RoleChief)
			c := h.colleague("Nalini Okar", dateline.RoleReporter)
			random := rand.New(rand.NewPCG(seed, 7))
			good, bad := map[string]bool{c.session: true}, map[string]bool{}
			ended := false
			end := func(keep string) {
				for s := range good {
					if s != keep {
						delete(good, s)
						bad[s] = true
					}
				}
			}
			one := func() string {
				for s := range good {
					return s
				}
				return ""
			}
			for n := range 40 {
				what := random.IntN(6)
				switch {
				case what == 0 && !ended:
					in, err := c.signIn()
					h.must(err)
					good[in.Secret] = true
				case what == 1 && one() != "":
					s := one()
					h.must(h.SignOut(t.Context(), s))
					delete(good, s)
					bad[s] = true
				case what == 2 && one() != "":
					in, err := c.signIn()
					h.must(err)
					next, err := c.setPassword(in.Secret, fmt.Sprintf("a new password, number %d", n))
					h.must(err)
					bad[in.Secret] = true
					end("")
					good[next] = true
				case what == 3 && !ended:
					a, err := h.Account(t.Context(), head, c.account.ID)
					h.must(err)
					_, err = h.ChangeAccount(t.Context(), head, a.ID, a.Version, Change{Name: a.Name, Role: []dateline.Role{dateline.RoleReporter, dateline.RoleEditor}[n%2]})
					h.must(err)
					for s := range good {
						if w, _ := h.who(s); w.Secret != "" {
							delete(good, s)
							bad[s] = true
							good[w.Secret] = true
						}
					}
					h.clock.Pass(sessionOverlap)
				case what == 4 && !ended:
					_, err := h.EndAccount(t.Context(), head, c.account.ID, 0)
					h.must(err)
					ended = true
					end("")
				case what == 5:
					_, link, err := h.Recover(t.Context(), head, c.account.ID)
					h.must(err)
					back := h.join(link, "", "")
					c.secret, c.password, ended = back.secret, back.password, false
					end("")
					good[back.session] = true
				}
				for s := range good {
					if _, code := h.who(s); code != "" {
						t.Fatalf("step %d (%d): a good session answers %q", n, what, code)
					}
				}
				for s := range bad {
					if _, code := h.who(s); code != dateline.EUnauthorized {
						t.Fatalf("step %d (%d): a session that has ended answers %q", n, what, code)
					}
				}
			}
		})
	}
}

// TestDecoys: who has no passkey is shown one that is made up, always the same, in the same form as those who have.
func TestDecoys(t *testing.T) {
	h := openHouse(t)
	h.colleague("Nalini Okar", dateline.RoleEditor)
	ask := func(email string) string {
		h.clock.Pass(time.Hour)
		var ids string
		h.must(h.view(t.Context(), func(tn *turn) error {
			list, err := tn.descriptors(email)
			for _, d := range list {
				ids += fmt.Sprintf("%x %d %s;", d.CredentialID, len(d.CredentialID), d.Type)
			}
			return err
		}))
		return ids
	}
	for _, email := range []string{"nobody@estuary.example", "nalini.okar@estuary.example"} {
		if a, b := ask(email), ask(strings.ToUpper(email)); a != b || a == "" {
			t.Errorf("%s: %s, then %s", email, a, b)
		}
	}
	if ask("a@estuary.example") == ask("b@estuary.example") {
		t.Error("two strangers have one passkey")
	}
	c, err := h.AskPasskey(t.Context(), "nobody@estuary.example")
	h.must(err)
	_, err = h.PasskeySignIn(t.Context(), c.Held, []byte("{}"), visit("192.0.2.1"))
	h.want(dateline.EInvalid, err)
}
