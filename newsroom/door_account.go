package newsroom

import (
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// accountView is the page of one's own account.
type accountView struct {
	frame
	Role, Sections, Email string
	Fresh                 bool
	Keys                  []keyView
	Password              string // when it was set
	Left                  int
	Sessions              []sessionView
}

type keyView struct {
	ID, Name, Created, Used, Warned string
}

type sessionView struct {
	ID, Browser, Address, Way, Created, Seen string
	This                                     bool
}

func (a *asking) accountPage() error {
	return a.showAccount(http.StatusOK, "", "", nil)
}

func (a *asking) showAccount(status int, said, done string, wrong map[string]string) error {
	ctx, actor := a.r.Context(), a.actor()
	ways, err := a.Door.Ways(ctx, actor)
	if err != nil {
		return err
	}
	sessions, err := a.Door.Sessions(ctx, actor)
	if err != nil {
		return err
	}
	clock, err := a.clock()
	if err != nil {
		return err
	}
	account := a.who.Account
	names, err := a.sectionNames(account.Sections)
	if err != nil {
		return err
	}
	v := accountView{frame: a.frame(a.words.t("Your account"), "account"), Role: a.words.t(roleNames[account.Role]), Sections: names, Email: account.Email,
		Fresh: a.who.Fresh, Left: ways.Codes}
	v.Said, v.Done, v.Wrong = said, done, wrong
	if !ways.Password.IsZero() {
		v.Password = clock.day(ways.Password)
	}
	for _, k := range ways.Passkeys {
		v.Keys = append(v.Keys, keyView{base64.RawURLEncoding.EncodeToString(k.ID), k.Name, clock.day(k.Created), clock.day(k.Used), clock.day(k.Warned)})
	}
	for _, s := range sessions {
		v.Sessions = append(v.Sessions, a.sessionView(clock, s))
	}
	a.show(status, "account", v)
	return nil
}

func (a *asking) sessionView(clock clock, s desk.Session) sessionView {
	return sessionView{string(s.ID), a.browser(s.Agent), s.Address, a.words.t(wayNames[s.Way]), clock.minute(s.Created), clock.minute(s.Seen), s.ID == a.who.Session.ID}
}

// wayNames say how somebody signed in.
var wayNames = map[string]string{"passkey": "Passkey", "password": "Password", "recovery": "Recovery code", "sign-on": "Sign-on provider", "invitation": "Link"}

// browser is what a person calls the program behind a User-Agent header (RFC 9110, section 10.1.5). It is a guess for a list.
func (a *asking) browser(agent string) string {
	first := func(words ...string) string {
		for i := 0; i < len(words); i += 2 {
			if strings.Contains(agent, words[i]) {
				return words[i+1]
			}
		}
		return ""
	}
	program := first("Edg/", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "Chrome/", "Chrome", "Safari/", "Safari")
	system := first("Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS X", "macOS", "Linux", "Linux")
	switch {
	case program != "" && system != "":
		return a.words.t("%s on %s", program, system)
	case program != "":
		return program
	}
	return a.words.t("Another browser")
}

// clock tells instants in the newsroom's zone.
type clock struct{ zone *time.Location }

func (a *asking) clock() (clock, error) {
	p, err := a.Desk.FindPublication(a.r.Context())
	if err != nil {
		return clock{}, err
	}
	zone, err := p.Location()
	return clock{zone}, err
}

func (c clock) day(at time.Time) string { return c.in(at, "2 January 2006") }

func (c clock) minute(at time.Time) string { return c.in(at, "2 January 2006, 15:04 MST") }

func (c clock) in(at time.Time, layout string) string {
	if at.IsZero() {
		return ""
	}
	return at.In(c.zone).Format(layout)
}

// after shows the account again with what was done, or what is wrong.
func (a *asking) after(err error, done string) error {
	if err == nil {
		return a.showAccount(http.StatusOK, "", a.words.t(done), nil)
	}
	status, said, wrong, rest := a.said(err)
	if rest != nil {
		return rest
	}
	return a.showAccount(status, said, "", wrong)
}

func (a *asking) newKeyOptions() error {
	return a.ceremony(a.Door.MakePasskey(a.r.Context(), *a.who))
}

func (a *asking) newKey() error {
	f := a.r.PostFormValue
	return a.after(a.Door.AddPasskey(a.r.Context(), *a.who, f("held"), f("keyname"), []byte(f("credential"))), "The passkey is kept.")
}

func (a *asking) deleteKey() error {
	id, err := base64.RawURLEncoding.DecodeString(a.r.PostFormValue("id"))
	if err != nil {
		err = dateline.Errorf(dateline.ENotFound, "there is no such passkey")
	} else {
		err = a.Door.DeletePasskey(a.r.Context(), *a.who, id)
	}
	return a.after(err, "The passkey is gone, and every other session has ended.")
}

func (a *asking) newPassword() error {
	e, err := a.Door.SetPassword(a.r.Context(), *a.who, a.r.PostFormValue("password"))
	if err != nil {
		return a.after(err, "")
	}
	a.showFactor(http.StatusOK, e, "/account/password/code", nil, "")
	return nil
}

func (a *asking) newPasswordCode() error {
	secret, err := a.Door.SetByCode(a.r.Context(), *a.who, a.r.PostFormValue("held"), a.r.PostFormValue("code"))
	if err != nil {
		return a.factorFailed(err, "/account/password/code")
	}
	a.in(secret)
	return a.after(nil, "The password is set, and every other session has ended.")
}

func (a *asking) deletePassword() error {
	return a.after(a.Door.DeletePassword(a.r.Context(), *a.who), "The password is gone, and every other session has ended.")
}

func (a *asking) newCodes() error {
	codes, err := a.Door.NewCodes(a.r.Context(), *a.who)
	if err != nil {
		return a.after(err, "")
	}
	return a.showCodes(codes, "/account")
}

func (a *asking) endSession() error {
	id, err := dateline.ParseID(a.r.PostFormValue("id"))
	if err == nil {
		err = a.Door.EndSession(a.r.Context(), a.actor(), id)
	}
	return a.after(err, "The session has ended.")
}

func (a *asking) endOthers() error {
	_, err := a.Door.EndOtherSessions(a.r.Context(), a.actor(), a.who.Session.ID)
	return a.after(err, "Every other session has ended.")
}
