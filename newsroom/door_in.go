package newsroom

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/auth"
)

// signInView is the page of the sign-in, and that of the recovery codes.
type signInView struct {
	frame
	Next, Email, Provider string
	Again                 bool
}

func (a *asking) signInView(title string) signInView {
	v := signInView{frame: a.frame(a.words.t(title), ""), Next: a.next(a.r.FormValue("next"))}
	if a.SignOn != nil {
		v.Provider = a.SignOn.Name()
	}
	return v
}

func (a *asking) signInPage() error {
	v := a.signInView("Sign in")
	v.Again = a.r.FormValue("again") != "" && a.who != nil
	if a.who != nil && !v.Again {
		a.redirect(v.Next)
		return nil
	}
	a.show(http.StatusOK, "sign-in", v)
	return nil
}

// signInFailed shows the form again. A stranger's answer is the same as that of somebody whose password was wrong.
func (a *asking) signInFailed(name, title string, err error) error {
	v := a.signInView(title)
	status, said, _, rest := a.said(err)
	if rest != nil {
		return rest
	}
	v.Said, v.Email = said, a.r.PostFormValue("email")
	a.show(status, name, v)
	return nil
}

func (a *asking) signIn() error {
	f := a.r.PostFormValue
	in, err := a.Door.SignIn(a.r.Context(), f("email"), f("password"), f("code"), a.visit())
	if err != nil {
		return a.signInFailed("sign-in", "Sign in", err)
	}
	a.in(in.Secret)
	a.redirect(a.next(f("next")))
	return nil
}

func (a *asking) recoveryPage() error {
	a.show(http.StatusOK, "recovery", a.signInView("Sign in with a recovery code"))
	return nil
}

func (a *asking) recovery() error {
	f := a.r.PostFormValue
	in, err := a.Door.RecoverSignIn(a.r.Context(), f("email"), f("password"), f("code"), a.visit())
	if err != nil {
		return a.signInFailed("recovery", "Sign in with a recovery code", err)
	}
	a.in(in.Secret)
	a.redirect("/account?left=1") // to make a new passkey, while the sign-in is fresh
	return nil
}

// fields are what the door's script sends with a question.
type fields struct {
	Name, Email, Keyname, Next string
}

// readFields reads the question of the door's script, strictly in its type and size.
func (a *asking) readFields() (f fields, err error) {
	if !a.wantsJSON() {
		return f, dateline.Errorf(dateline.EInvalid, "send JSON, with the header Content-Type: application/json")
	}
	b, err := io.ReadAll(a.r.Body)
	if err == nil {
		err = json.Unmarshal(b, &f)
	}
	if err != nil {
		return f, dateline.Errorf(dateline.EInvalid, "the question cannot be read")
	}
	return f, nil
}

func (a *asking) ceremony(c auth.Ceremony, err error) error {
	if err != nil {
		return err
	}
	a.w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(a.w).Encode(c) // whoever asked may have gone
	return nil
}

func (a *asking) passkeyOptions() error {
	f, err := a.readFields()
	if err != nil {
		return err
	}
	return a.ceremony(a.Door.AskPasskey(a.r.Context(), f.Email))
}

func (a *asking) passkeySignIn() error {
	f := a.r.PostFormValue
	in, err := a.Door.PasskeySignIn(a.r.Context(), f("held"), []byte(f("credential")), a.visit())
	if err != nil {
		return a.signInFailed("sign-in", "Sign in", err)
	}
	a.in(in.Secret)
	a.redirect(a.next(f("next")))
	return nil
}

func (a *asking) signOut() error {
	if c, err := a.r.Cookie(sessionCookie); err == nil {
		if err := a.Door.SignOut(a.r.Context(), c.Value); err != nil {
			return err
		}
	}
	gone := cookie(sessionCookie, "", 0)
	gone.MaxAge = -1
	http.SetCookie(a.w, gone)
	a.redirect("/sign-in")
	return nil
}

// joinView is the page of a link.
type joinView struct {
	frame
	Link, Kind, By, Role, Known, Person, Email string
	ByPassword                                 bool
}

func (a *asking) joinView() (joinView, error) {
	link := a.r.PathValue("link")
	in, err := a.Door.Invited(a.r.Context(), link)
	if err != nil {
		return joinView{}, err
	}
	i := in.Invitation
	v := joinView{frame: a.frame(a.words.t("Welcome to the newsroom"), ""), Link: link, Kind: string(i.Kind), By: i.By, Role: a.words.t(roleNames[i.Role]),
		Known: in.Name, Email: i.Email}
	v.Name = "" // whoever else is signed in here has no part in it
	return v, nil
}

func (a *asking) joinPage() error {
	v, err := a.joinView()
	if err == nil {
		a.show(http.StatusOK, "join", v)
	}
	return err
}

func (a *asking) person() auth.Person {
	return auth.Person{Name: a.r.PostFormValue("name"), Email: a.r.PostFormValue("email")}
}

// joinFailed shows the form again, with what was typed but the password.
func (a *asking) joinFailed(err error, byPassword bool) error {
	status, said, wrong, rest := a.said(err)
	if rest != nil {
		return rest
	}
	v, gone := a.joinView()
	if gone != nil {
		return gone
	}
	v.Said, v.Wrong, v.Person, v.ByPassword = said, wrong, a.r.PostFormValue("name"), byPassword
	if v.Email == "" {
		v.Email = a.r.PostFormValue("email")
	}
	a.show(status, "join", v)
	return nil
}

func (a *asking) join() error {
	e, err := a.Door.JoinByPassword(a.r.Context(), a.r.PathValue("link"), a.person(), a.r.PostFormValue("password"))
	if err != nil {
		return a.joinFailed(err, true)
	}
	a.showFactor(http.StatusOK, e, "/join/"+a.r.PathValue("link")+"/code", nil, "")
	return nil
}

// factorView is the page on which an authenticator is set up.
type factorView struct {
	frame
	Action, Held, Secret, URI, Path string
	Size                            int
}

func (a *asking) showFactor(status int, e auth.Enrolment, action string, wrong map[string]string, said string) {
	v := factorView{frame: a.frame(a.words.t("Set up the authenticator"), ""), Action: action, Held: e.Held, Secret: e.Secret, URI: e.URI,
		Path: e.QR.Path(), Size: len(e.QR) + 8} // a quiet zone of four modules at each side
	v.Wrong, v.Said = wrong, said
	a.show(status, "factor", v)
}

// factorFailed shows the page again after a code that did not match.
func (a *asking) factorFailed(err error, action string) error {
	status, said, wrong, rest := a.said(err)
	if rest != nil || wrong["code"] == "" {
		return err
	}
	e, gone := a.Door.Again(a.r.Context(), a.r.PostFormValue("held"))
	if gone != nil {
		return gone
	}
	a.showFactor(status, e, action, wrong, said)
	return nil
}

func (a *asking) joinCode() error {
	link := a.r.PathValue("link")
	in, err := a.Door.JoinByCode(a.r.Context(), link, a.r.PostFormValue("held"), a.r.PostFormValue("code"), a.visit())
	if err != nil {
		return a.factorFailed(err, "/join/"+link+"/code")
	}
	return a.joined(in)
}

func (a *asking) joinOptions() error {
	f, err := a.readFields()
	if err != nil {
		return err
	}
	return a.ceremony(a.Door.JoinByPasskey(a.r.Context(), a.r.PathValue("link"), auth.Person{Name: f.Name, Email: f.Email}))
}

func (a *asking) joinPasskey() error {
	f := a.r.PostFormValue
	in, err := a.Door.JoinedByPasskey(a.r.Context(), a.r.PathValue("link"), f("held"), f("keyname"), []byte(f("credential")), a.visit())
	if err != nil {
		return a.joinFailed(err, false)
	}
	return a.joined(in)
}

// codesView is the page that shows recovery codes once.
type codesView struct {
	frame
	Codes []string
	Next  string
}

func (a *asking) joined(in auth.Entrance) error {
	a.in(in.Secret)
	a.who = &auth.Who{Account: in.Account}
	return a.showCodes(in.Codes, "/")
}

func (a *asking) showCodes(codes []string, next string) error {
	a.show(http.StatusOK, "codes", codesView{a.frame(a.words.t("Your recovery codes"), ""), codes, next})
	return nil
}
