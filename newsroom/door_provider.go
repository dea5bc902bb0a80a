package newsroom

import (
	"net/http"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/auth"
)

// providerCookie holds what a browser brings back from the sign-on provider.
const providerCookie = "__Host-dateline-sign-on"

// provider answers ENotFound where there is none.
func (a *asking) provider() (*auth.SignOn, string, error) {
	if a.SignOn == nil {
		return nil, "", dateline.Errorf(dateline.ENotFound, "this newsroom has no sign-on provider")
	}
	p, err := a.Desk.FindPublication(a.r.Context())
	if err != nil {
		return nil, "", err
	}
	return a.SignOn, strings.TrimSuffix(p.Newsroom, "/") + "/sign-in/provider/callback", nil
}

func (a *asking) toProvider() error {
	s, back, err := a.provider()
	if err != nil {
		return err
	}
	address, held, err := s.Leave(a.r.Context(), back, a.next(a.r.FormValue("next")))
	if err != nil {
		return err
	}
	http.SetCookie(a.w, cookie(providerCookie, held, auth.SignOnFor))
	a.redirect(address)
	return nil
}

func (a *asking) fromProvider() error {
	s, back, err := a.provider()
	if err != nil {
		return err
	}
	held := ""
	if c, err := a.r.Cookie(providerCookie); err == nil {
		held = c.Value
	}
	gone := cookie(providerCookie, "", 0)
	gone.MaxAge = -1
	http.SetCookie(a.w, gone)
	q := a.r.URL.Query()
	in, next, err := s.Return(a.r.Context(), back, held, q.Get("state"), q.Get("code"), a.visit())
	if err != nil {
		return a.signInFailed("sign-in", "Sign in", err)
	}
	a.in(in.Secret)
	a.redirect(a.next(next))
	return nil
}
