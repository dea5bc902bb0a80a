package auth

import (
	"context"
	"crypto/subtle"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/fetch"
)

// SignOnConfig names an OpenID Connect provider whose people may sign in, where they have an account or an invitation.
type SignOnConfig struct {
	Name         string // as the button calls it; the issuer's host where it is empty
	Issuer       string // an https address, exactly as the provider says it
	ClientID     string
	ClientSecret string
	Fetch        *fetch.Client // asks the provider; needed
}

// SignOn signs people in by a provider (OpenID Connect Core 1.0, section 3.1: code flow with PKCE, state and nonce). It is asked for
// its keys and addresses when first used, so that the newsroom starts without it.
type SignOn struct {
	door *Door
	conf SignOnConfig

	mu       sync.Mutex
	provider *oidc.Provider
}

// SignOn makes the sign-on of a door.
func (d *Door) SignOn(c SignOnConfig) (*SignOn, error) {
	if c.Issuer == "" || c.ClientID == "" || c.Fetch == nil {
		return nil, dateline.Errorf(dateline.EInvalid, "a sign-on provider needs an issuer and a client id")
	}
	if c.Name == "" {
		c.Name = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(c.Issuer, "https://"), "http://"), "/")
	}
	return &SignOn{door: d, conf: c}, nil
}

// Name is how people know the provider.
func (s *SignOn) Name() string { return s.conf.Name }

// ask finds the provider's addresses and keys, once.
func (s *SignOn) ask(ctx context.Context) (*oidc.Provider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.provider != nil {
		return s.provider, nil
	}
	// The provider keeps the context's client for fetching keys later, so the context must not end with this request.
	p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), s.conf.Fetch.HTTP()), s.conf.Issuer)
	if err != nil {
		return nil, &dateline.Error{Code: dateline.EUnavailable, Message: s.conf.Name + " does not answer; sign in another way, or try again later", Cause: err}
	}
	s.provider = p
	return p, nil
}

func (s *SignOn) oauth(p *oidc.Provider, redirect string) *oauth2.Config {
	return &oauth2.Config{ClientID: s.conf.ClientID, ClientSecret: s.conf.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: redirect,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}
}

// away is somebody who was sent to the provider.
type away struct {
	State, Nonce, Verifier, Next string
}

const useAway = "sign-on"

// SignOnFor is how long somebody may be away at the provider.
const SignOnFor = 10 * time.Minute

// Leave gives the address at the provider to send a browser to, and what it holds meanwhile in a cookie. Redirect is where the
// provider sends it back to, next where it goes then.
func (s *SignOn) Leave(ctx context.Context, redirect, next string) (address, held string, err error) {
	p, err := s.ask(ctx)
	if err != nil {
		return "", "", err
	}
	a := away{Verifier: oauth2.GenerateVerifier(), Next: next}
	if a.State, err = s.door.newSecret(); err != nil {
		return "", "", err
	}
	if a.Nonce, err = s.door.newSecret(); err != nil {
		return "", "", err
	}
	now, err := s.door.now(ctx)
	if err != nil {
		return "", "", err
	}
	if held, err = handOut(s.door, useAway, now.Add(SignOnFor), a); err != nil {
		return "", "", err
	}
	return s.oauth(p, redirect).AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), held, nil
}

// claims are what a provider says of somebody.
type claims struct {
	Subject  string `json:"sub"`
	Email    string `json:"email"`
	Verified bool   `json:"email_verified"`
	Name     string `json:"name"`
	Nonce    string `json:"nonce"`
}

func refusedSignOn(s *SignOn) error {
	return dateline.Errorf(dateline.EUnauthorized, "%s did not let you in here; begin again at the sign-in", s.conf.Name)
}

// Return signs in whoever came back from the provider with a code. It links the provider's subject to the account, or the open
// invitation, that has the same verified e-mail address; there is no other way in.
func (s *SignOn) Return(ctx context.Context, redirect, held, state, code string, v Visit) (in Entrance, next string, err error) {
	now, err := s.door.now(ctx)
	if err != nil {
		return in, "", err
	}
	cameIn, err := s.door.limit.spend(now, v.Address, "")
	if err != nil {
		return in, "", err
	}
	a, err := takeBack[away](s.door, useAway, now, held)
	if err != nil {
		return in, "", err
	}
	if subtle.ConstantTimeCompare([]byte(a.State), []byte(state)) != 1 || code == "" || !s.door.spent.take(a.State, now, now.Add(SignOnFor)) {
		return in, "", refusedSignOn(s)
	}
	c, err := s.redeem(ctx, redirect, code, a)
	if err != nil {
		return in, "", err
	}
	err = s.door.update(ctx, func(t *turn) error {
		if in.Account, err = t.known(s.conf.Issuer, c); err != nil {
			return err
		}
		in.Secret, err = t.enter(in.Account, "sign-on", v)
		return err
	})
	if err != nil {
		return Entrance{}, "", err
	}
	cameIn(in.Account.Email)
	return in, a.Next, nil
}

// redeem asks the provider who it is, and checks what it says.
func (s *SignOn) redeem(ctx context.Context, redirect, code string, a away) (c claims, err error) {
	p, err := s.ask(ctx)
	if err != nil {
		return c, err
	}
	ctx = oidc.ClientContext(ctx, s.conf.Fetch.HTTP())
	token, err := s.oauth(p, redirect).Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		s.door.log.Warn("a sign-on was refused", "provider", s.conf.Name, "error", err)
		return c, refusedSignOn(s)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := p.Verifier(&oidc.Config{ClientID: s.conf.ClientID}).Verify(ctx, raw)
	if err == nil {
		err = id.Claims(&c)
	}
	if err != nil || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(a.Nonce)) != 1 {
		s.door.log.Warn("a sign-on's token was refused", "provider", s.conf.Name, "error", err)
		return c, refusedSignOn(s)
	}
	if c.Subject == "" || !c.Verified || dateline.CheckEmail(c.Email) != nil {
		return c, dateline.Errorf(dateline.EForbidden, "%s does not vouch for your e-mail address; have it confirmed there, or sign in another way", s.conf.Name)
	}
	return c, nil
}

// known is the account of a provider's subject: the one it is linked to, or the one or the invitation with its address.
func (t *turn) known(issuer string, c claims) (*dateline.Account, error) {
	nobody := dateline.Errorf(dateline.EForbidden, "there is no account and no invitation here for %s; ask a chief for an invitation", c.Email)
	i, err := t.FindIdentity(issuer, c.Subject)
	if err == nil {
		a, err := t.FindAccount(i.Account)
		if err == nil && a.State != dateline.AccountActive {
			err = nobody
		}
		return a, err
	}
	if !absent(err) {
		return nil, err
	}
	a, err := t.FindAccountByEmail(c.Email)
	if absent(err) {
		a, err = t.acceptFor(c, nobody)
	}
	if err != nil {
		return nil, err
	}
	if a.State != dateline.AccountActive {
		return nil, nobody
	}
	if err := t.InsertIdentity(desk.Identity{Issuer: issuer, Subject: c.Subject, Account: a.ID, Linked: t.now}); err != nil {
		return nil, err
	}
	return a, t.note(a.Actor(), dateline.ActOwn, "linked to %s", issuer)
}

// acceptFor makes the account of the newest open invitation to an address.
func (t *turn) acceptFor(c claims, nobody error) (*dateline.Account, error) {
	list, err := t.ListInvitations(invitationsShown)
	if err != nil {
		return nil, err
	}
	for _, i := range list {
		if i.Kind != desk.InviteNew || !i.Open(t.now) || dateline.FoldEmail(i.Email) != dateline.FoldEmail(c.Email) {
			continue
		}
		name := strings.Join(strings.Fields(c.Name), " ")
		if name == "" {
			name, _, _ = strings.Cut(i.Email, "@")
		}
		a, err := t.person(Invited{Invitation: i}, Person{Name: name})
		if err != nil {
			return nil, err
		}
		if err := t.make(a, ""); err != nil {
			return nil, err
		}
		return a, t.CloseInvitation(i.ID, t.now, time.Time{})
	}
	return nil, nobody
}
