package desk

import (
	"time"

	"github.com/datelinehq/dateline"
)

// Accounts keeps who works in the newsroom.
type Accounts interface {
	// InsertAccount keeps a new account; EConflict where its id, name or e-mail address is taken.
	InsertAccount(a *dateline.Account) error
	// UpdateAccount puts an account in place of its version was; EConflict where that is no longer current.
	UpdateAccount(a *dateline.Account, was int64) error
	// FindAccount returns an account; ENotFound.
	FindAccount(id dateline.ID) (*dateline.Account, error)
	// FindAccountByEmail returns the account with an e-mail address, whatever its letters' case; ENotFound.
	FindAccountByEmail(email string) (*dateline.Account, error)
	// ListAccounts lists every account by name, those that ended too.
	ListAccounts() ([]*dateline.Account, error)
}

// Passkey is one WebAuthn credential.
type Passkey struct {
	ID      []byte      `json:"-"` // the credential's
	Account dateline.ID `json:"-"`
	Name    string      `json:"name"` // what its owner calls it
	Data    []byte      `json:"-"`    // the credential record, flags and counter with it, as JSON
	Created time.Time   `json:"created"`
	Used    time.Time   `json:"used,omitzero"`
	Warned  time.Time   `json:"warned,omitzero"` // when its counter last went backwards, as a copy's would
}

// Password is a password with its second factor.
type Password struct {
	Account dateline.ID
	Hash    string // argon2id in the PHC string format
	Secret  []byte // of the codes, sealed
	Step    int64  // of the last code that was used; none is used again
	Changed time.Time
}

// Keys keeps what accounts sign in with.
type Keys interface {
	// SavePasskey keeps a passkey, in place of the one with its id where that is the same account's; EConflict where it is another's.
	SavePasskey(p Passkey) error
	// FindPasskey returns a passkey by its credential's id; ENotFound.
	FindPasskey(id []byte) (Passkey, error)
	// ListPasskeys lists an account's passkeys, oldest first.
	ListPasskeys(account dateline.ID) ([]Passkey, error)
	// DeletePasskey takes an account's passkey away; ENotFound.
	DeletePasskey(account dateline.ID, id []byte) error
	// SavePassword keeps an account's password in place of the one before.
	SavePassword(p Password) error
	// FindPassword returns an account's password; ENotFound.
	FindPassword(account dateline.ID) (Password, error)
	// DeletePassword takes an account's password away, where it has one.
	DeletePassword(account dateline.ID) error
	// SaveRecoveryCodes keeps the SHA-256 of an account's recovery codes in place of all before.
	SaveRecoveryCodes(account dateline.ID, hashes [][]byte) error
	// UseRecoveryCode takes a code away; ENotFound where the account has no such code.
	UseRecoveryCode(account dateline.ID, hash []byte) error
	// CountRecoveryCodes says how many codes an account has left.
	CountRecoveryCodes(account dateline.ID) (int, error)
}

// Identity is an account as a sign-on provider knows it.
type Identity struct {
	Issuer  string
	Subject string
	Account dateline.ID
	Linked  time.Time
}

// Identities keeps which account a provider's subject is.
type Identities interface {
	// InsertIdentity links a provider's subject to an account; EConflict where it is linked.
	InsertIdentity(i Identity) error
	// FindIdentity returns the account of a provider's subject; ENotFound.
	FindIdentity(issuer, subject string) (Identity, error)
	// DeleteIdentities unlinks an account from every provider.
	DeleteIdentities(account dateline.ID) error
}

// Session is somebody signed in with one browser. The secret in its cookie is kept nowhere.
type Session struct {
	ID       dateline.ID `json:"id"`
	Account  dateline.ID `json:"-"`
	Hash     []byte      `json:"-"` // SHA-256 of the secret
	Previous []byte      `json:"-"` // of the secret before, which is good until Until
	Until    time.Time   `json:"-"`
	Rights   int64       `json:"-"`   // the account's, when the secret was given
	Way      string      `json:"way"` // passkey, password, recovery, sign-on or invitation
	Agent    string      `json:"agent,omitempty"`
	Address  string      `json:"address,omitempty"`
	Created  time.Time   `json:"created"`
	Seen     time.Time   `json:"seen"` // to some minutes
}

// Sessions keeps the sessions.
type Sessions interface {
	// InsertSession keeps a session; EConflict where its id or hash is taken.
	InsertSession(s Session) error
	// UpdateSession puts a session in place of the one with its id; ENotFound.
	UpdateSession(s Session) error
	// FindSession returns the session with this SHA-256 of its secret, or of the one before; ENotFound.
	FindSession(hash []byte) (Session, error)
	// ListSessions lists an account's sessions, last seen first.
	ListSessions(account dateline.ID) ([]Session, error)
	// DeleteSession ends a session of an account; ENotFound.
	DeleteSession(account, id dateline.ID) error
	// DeleteSessions ends every session of an account but one, which may be empty, and says how many.
	DeleteSessions(account, except dateline.ID) (int64, error)
	// DeleteOldSessions ends those made, or last seen, before two instants.
	DeleteOldSessions(created, seen time.Time) error
}

// InvitationKind says what a link is for.
type InvitationKind string

// The kinds of links.
const (
	InviteFirst   InvitationKind = "first"    // makes the first chief
	InviteNew     InvitationKind = "new"      // makes an account
	InviteRecover InvitationKind = "recovery" // gives an account new ways to sign in
)

// Invitation is a link that is good once. The secret in it is kept nowhere.
type Invitation struct {
	ID       dateline.ID    `json:"id"`
	Kind     InvitationKind `json:"kind"`
	Email    string         `json:"email,omitempty"`
	Role     dateline.Role  `json:"role,omitempty"`
	Sections []dateline.ID  `json:"sections,omitempty"`
	Account  dateline.ID    `json:"account,omitempty"` // whose recovery it is
	By       string         `json:"by"`
	Created  time.Time      `json:"created"`
	Expires  time.Time      `json:"expires"`
	Used     time.Time      `json:"used,omitzero"`
	Revoked  time.Time      `json:"revoked,omitzero"`
}

// Open says whether an invitation can be used at an instant.
func (i Invitation) Open(now time.Time) bool {
	return i.Used.IsZero() && i.Revoked.IsZero() && now.Before(i.Expires)
}

// Invitations keeps the links.
type Invitations interface {
	// InsertInvitation keeps a link under the SHA-256 of its secret.
	InsertInvitation(i Invitation, hash []byte) error
	// FindInvitation returns a link by the SHA-256 of its secret; ENotFound.
	FindInvitation(hash []byte) (Invitation, error)
	// ListInvitations lists up to limit links, newest first.
	ListInvitations(limit int) ([]Invitation, error)
	// CloseInvitation marks a link as used, or as revoked, where it is neither; ENotFound.
	CloseInvitation(id dateline.ID, used, revoked time.Time) error
	// RevokeInvitations revokes every open link of a kind, and of an account where it is named.
	RevokeInvitations(kind InvitationKind, account dateline.ID, at time.Time) error
}
