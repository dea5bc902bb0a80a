package auth

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// Ceremony is what a browser needs for a passkey: the options of navigator.credentials, and what to send back with the answer.
type Ceremony struct {
	Options any    `json:"options"`
	Held    string `json:"held"`
}

// member is an account as WebAuthn sees it. Its handle is the bytes of its id: they say nothing of the person.
type member struct {
	account *dateline.Account
	keys    []webauthn.Credential
}

// WebAuthnID is the user handle.
func (m member) WebAuthnID() []byte { return handle(m.account.ID) }

// WebAuthnName is what tells two accounts apart in a list of passkeys.
func (m member) WebAuthnName() string { return m.account.Email }

// WebAuthnDisplayName is the person's name.
func (m member) WebAuthnDisplayName() string { return m.account.Name }

// WebAuthnCredentials are the account's passkeys.
func (m member) WebAuthnCredentials() []webauthn.Credential { return m.keys }

func handle(id dateline.ID) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(string(id), "-", ""))
	if err != nil {
		return nil
	}
	return b
}

// party is the newsroom as WebAuthn sees it: the host of its address, without port.
func (t *turn) party() (*webauthn.WebAuthn, error) {
	paper, err := t.FindPublication()
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(paper.Newsroom)
	if err != nil || u.Hostname() == "" {
		return nil, dateline.Errorf(dateline.EState, "the newsroom has no address yet: a chief sets it in the publication's settings; passkeys need it")
	}
	w, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: paper.Name, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation})
	if err != nil {
		return nil, internal("passkeys cannot be used with the newsroom's address "+paper.Newsroom, err)
	}
	return w, nil
}

func (t *turn) member(a *dateline.Account) (m member, err error) {
	m.account = a
	keys, err := t.ListPasskeys(a.ID)
	if err != nil {
		return m, err
	}
	for _, k := range keys {
		c, err := credential(k)
		if err != nil {
			return m, err
		}
		m.keys = append(m.keys, c)
	}
	return m, nil
}

func credential(k desk.Passkey) (c webauthn.Credential, err error) {
	if err := json.Unmarshal(k.Data, &c); err != nil {
		return c, internal("a kept passkey cannot be read", err)
	}
	return c, nil
}

// asking is a sign-in ceremony that a browser holds.
type asking struct {
	Session webauthn.SessionData
}

const useAsking = "sign-in by passkey"

// AskPasskey begins a sign-in. Without an e-mail address the browser offers the passkeys it has; with one the options name the
// account's, for keys that remember no account. A stranger's name some that are made up and stay the same.
func (d *Door) AskPasskey(ctx context.Context, email string) (c Ceremony, err error) {
	err = d.view(ctx, func(t *turn) error {
		party, err := t.party()
		if err != nil {
			return err
		}
		options := []webauthn.LoginOption{webauthn.WithUserVerification(protocol.VerificationRequired)}
		if email != "" {
			list, err := t.descriptors(email)
			if err != nil {
				return err
			}
			options = append(options, webauthn.WithAllowedCredentials(list))
		}
		assertion, session, err := party.BeginDiscoverableLogin(options...)
		if err != nil {
			return internal("the sign-in could not begin", err)
		}
		c.Options = assertion.Response
		c.Held, err = handOut(d, useAsking, t.now.Add(ceremonyFor), asking{*session})
		return err
	})
	return c, err
}

// descriptors names the passkeys of an e-mail address; for one that has none, a made-up one that is always the same.
func (t *turn) descriptors(email string) (list []protocol.CredentialDescriptor, err error) {
	mac := hmac.New(sha256.New, t.door.decoy)
	mac.Write([]byte(dateline.FoldEmail(email)))
	decoy := protocol.CredentialDescriptor{Type: protocol.PublicKeyCredentialType, CredentialID: mac.Sum(nil)}
	a, err := t.FindAccountByEmail(email)
	if err != nil && !absent(err) {
		return nil, err
	}
	var id dateline.ID
	if err == nil && a.State == dateline.AccountActive {
		id = a.ID
	}
	keys, err := t.ListPasskeys(id)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		list = append(list, protocol.CredentialDescriptor{Type: protocol.PublicKeyCredentialType, CredentialID: k.ID})
	}
	if len(list) == 0 {
		list = append(list, decoy)
	}
	return list, nil
}

func refusedPasskey() error {
	return dateline.Errorf(dateline.EUnauthorized, "this passkey does not open the newsroom; choose another, or sign in another way")
}

// PasskeySignIn signs in with what a browser answered to AskPasskey, as JSON.
func (d *Door) PasskeySignIn(ctx context.Context, held string, response []byte, v Visit) (in Entrance, err error) {
	now, err := d.now(ctx)
	if err != nil {
		return in, err
	}
	cameIn, err := d.limit.spend(now, v.Address, "")
	if err != nil {
		return in, err
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return in, dateline.Errorf(dateline.EInvalid, "the browser's answer cannot be read; try again, or sign in another way")
	}
	var copied error // a copy of a key was seen: that is kept, and the sign-in refused
	err = d.update(ctx, func(t *turn) error {
		a, err := takeBack[asking](d, useAsking, t.now, held)
		if err != nil {
			return err
		}
		k, c, err := t.prove(a.Session, answer)
		if err != nil {
			return err
		}
		if !d.spent.take(a.Session.Challenge, t.now, t.now.Add(ceremonyFor)) {
			return refusedPasskey()
		}
		account, err := t.FindAccount(k.Account)
		if err != nil {
			return err
		}
		if c.Authenticator.CloneWarning {
			copied = refusedPasskey()
			return t.warn(account, k)
		}
		if k.Data, err = json.Marshal(c); err != nil {
			return internal("the passkey could not be kept", err)
		}
		k.Used = t.now
		if err := t.SavePasskey(k); err != nil {
			return err
		}
		in.Account = account
		in.Secret, err = t.enter(account, "passkey", v)
		return err
	})
	if err == nil {
		err = copied
	}
	if err != nil {
		return Entrance{}, err
	}
	cameIn(in.Account.Email)
	return in, nil
}

// warn keeps that a key's counter went backwards, as it does when there is a copy of it.
func (t *turn) warn(a *dateline.Account, k desk.Passkey) error {
	k.Warned = t.now
	if err := t.SavePasskey(k); err != nil {
		return err
	}
	l := desk.AuditLine{At: t.now, Actor: a.Name, Role: a.Role, Act: dateline.ActOwn, For: a.Name}
	l.Say(dateline.Say("the passkey “%s” was refused: its counter went backwards, so there may be a copy of it", k.Name))
	return t.InsertAudit(l)
}

// prove checks an answer against the passkey that it names and the account of that passkey.
func (t *turn) prove(session webauthn.SessionData, answer *protocol.ParsedCredentialAssertionData) (k desk.Passkey, c *webauthn.Credential, err error) {
	party, err := t.party()
	if err != nil {
		return k, nil, err
	}
	k, err = t.FindPasskey(answer.RawID)
	if absent(err) {
		return k, nil, refusedPasskey()
	}
	if err != nil {
		return k, nil, err
	}
	a, err := t.FindAccount(k.Account)
	if err != nil {
		return k, nil, err
	}
	m, err := t.member(a)
	if err != nil {
		return k, nil, err
	}
	named := len(session.AllowedCredentialIDs) > 0
	if a.State != dateline.AccountActive || !named && len(answer.Response.UserHandle) == 0 {
		return k, nil, refusedPasskey()
	}
	session.UserID = m.WebAuthnID()
	c, err = party.ValidateLogin(m, session, answer)
	if err != nil {
		t.door.log.Info("a passkey was refused", "error", err)
		return k, nil, refusedPasskey()
	}
	return k, c, nil
}

// making is the making of a passkey that a browser holds.
type making struct {
	For     string // linkOf the link, or the account's id
	Person  Person
	Account dateline.ID
	Session webauthn.SessionData
}

const useMaking = "making of a passkey"

func (t *turn) beginMaking(a *dateline.Account, held making) (c Ceremony, err error) {
	party, err := t.party()
	if err != nil {
		return c, err
	}
	m, err := t.member(a)
	if err != nil {
		return c, err
	}
	if held.For != string(a.ID) {
		m.keys = nil // a link's account has none yet, or loses those it has
	}
	creation, session, err := party.BeginRegistration(m, webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
		ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationRequired}),
		webauthn.WithExclusions(webauthn.Credentials(m.keys).CredentialDescriptors()))
	if err != nil {
		return c, internal("the passkey could not be begun", err)
	}
	held.Account, held.Session = a.ID, *session
	c.Options = creation.Response
	c.Held, err = handOut(t.door, useMaking, t.now.Add(ceremonyFor), held)
	return c, err
}

// JoinByPasskey begins to make an account with a passkey, by a link. Nothing is kept before JoinedByPasskey.
func (d *Door) JoinByPasskey(ctx context.Context, secret string, p Person) (c Ceremony, err error) {
	err = d.view(ctx, func(t *turn) error {
		in, err := t.invited(secret)
		if err != nil {
			return err
		}
		a, err := t.person(in, p)
		if err != nil {
			return err
		}
		if a.ID == "" {
			if a.ID, err = t.newID(); err != nil {
				return err
			}
		}
		c, err = t.beginMaking(a, making{For: linkOf(secret), Person: p})
		return err
	})
	return c, err
}

// JoinedByPasskey makes the account with what a browser answered to JoinByPasskey, as JSON.
func (d *Door) JoinedByPasskey(ctx context.Context, secret, held, keyName string, response []byte, v Visit) (in Entrance, err error) {
	err = d.update(ctx, func(t *turn) error {
		m, err := takeBack[making](d, useMaking, t.now, held)
		if err != nil {
			return err
		}
		if m.For != linkOf(secret) {
			return dateline.Errorf(dateline.EInvalid, "this belongs to another link; begin again")
		}
		if in.Account, err = t.admit(secret, m.Person, m.Account); err != nil {
			return err
		}
		if err := t.keepPasskey(in.Account, m, keyName, response); err != nil {
			return err
		}
		return t.welcome(&in, v)
	})
	return in, err
}

// keepPasskey checks a browser's answer and keeps the passkey.
func (t *turn) keepPasskey(a *dateline.Account, m making, name string, response []byte) error {
	answer, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return dateline.Errorf(dateline.EInvalid, "the browser's answer cannot be read; try again, or choose a password")
	}
	party, err := t.party()
	if err != nil {
		return err
	}
	who, err := t.member(a)
	if err != nil {
		return err
	}
	if !bytes.Equal(who.WebAuthnID(), m.Session.UserID) {
		return dateline.Errorf(dateline.EInvalid, "this passkey was begun for another account; begin again")
	}
	c, err := party.CreateCredential(who, m.Session, answer)
	if err != nil {
		t.door.log.Info("a new passkey was refused", "error", err)
		return dateline.Errorf(dateline.EInvalid, "this passkey cannot be used: it must ask for your finger, face or PIN; try another")
	}
	if !t.door.spent.take(m.Session.Challenge, t.now, t.now.Add(ceremonyFor)) {
		return dateline.Errorf(dateline.EInvalid, "this was done already; begin again")
	}
	data, err := json.Marshal(c)
	if err != nil {
		return internal("the passkey could not be kept", err)
	}
	if _, err := t.FindPasskey(c.ID); !absent(err) {
		if err == nil {
			err = dateline.Errorf(dateline.EConflict, "this passkey is kept already")
		}
		return err
	}
	return t.SavePasskey(desk.Passkey{ID: c.ID, Account: a.ID, Name: keyNamed(name, t.now), Data: data, Created: t.now})
}

// keyNamed is a passkey's name; one without is called by its day.
func keyNamed(name string, now time.Time) string {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || dateline.PlainText(name) != nil {
		return "Passkey of " + now.Format("2 January 2006")
	}
	if r := []rune(name); len(r) > dateline.MaxAccountName {
		name = string(r[:dateline.MaxAccountName])
	}
	return name
}
