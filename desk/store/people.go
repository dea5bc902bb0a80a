package store

import (
	"database/sql"
	"strings"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// foldName is the form in which two names are compared.
func foldName(name string) string {
	return cases.Fold().String(norm.NFKC.String(strings.Join(strings.Fields(name), " ")))
}

// InsertAccount keeps a new account.
func (t *tx) InsertAccount(a *dateline.Account) error {
	sections, err := encode(a.Sections)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO accounts (id, version, name, name_key, email, email_key, role, sections, state, rights, created, ended)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, string(a.ID), a.Version, a.Name, foldName(a.Name), a.Email, dateline.FoldEmail(a.Email),
		string(a.Role), sections, string(a.State), a.Rights, micros(a.Created), micros(a.Ended))
	return takenAccount(err)
}

// UpdateAccount puts an account in place of its earlier version.
func (t *tx) UpdateAccount(a *dateline.Account, was int64) error {
	sections, err := encode(a.Sections)
	if err != nil {
		return err
	}
	n, err := t.exec(`UPDATE accounts SET version = $3, name = $4, name_key = $5, email = $6, email_key = $7, role = $8, sections = $9, state = $10,
		rights = $11, ended = $12 WHERE id = $1 AND version = $2`, string(a.ID), was, a.Version, a.Name, foldName(a.Name), a.Email, dateline.FoldEmail(a.Email),
		string(a.Role), sections, string(a.State), a.Rights, micros(a.Ended))
	return changedOne(n, takenAccount(err), "the account")
}

func takenAccount(err error) error {
	if dateline.ErrorCode(err) == dateline.EConflict {
		return dateline.Errorf(dateline.EConflict, "another account has this name or this e-mail address")
	}
	return err
}

const accountColumns = "SELECT id, version, name, email, role, sections, state, rights, created, ended FROM accounts"

// FindAccount returns an account.
func (t *tx) FindAccount(id dateline.ID) (*dateline.Account, error) {
	return t.account(accountColumns+" WHERE id = $1", string(id))
}

// FindAccountByEmail returns the account with an e-mail address.
func (t *tx) FindAccountByEmail(email string) (*dateline.Account, error) {
	return t.account(accountColumns+" WHERE email_key = $1", dateline.FoldEmail(email))
}

func (t *tx) account(query string, arg any) (*dateline.Account, error) {
	st, err := t.stmt(query)
	if err != nil {
		return nil, err
	}
	return scanAccount(st.QueryRow(arg).Scan)
}

func scanAccount(scan func(...any) error) (*dateline.Account, error) {
	var a dateline.Account
	var sections string
	var created, ended int64
	err := translate(scan(&a.ID, &a.Version, &a.Name, &a.Email, &a.Role, &sections, &a.State, &a.Rights, &created, &ended))
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, dateline.Errorf(dateline.ENotFound, "there is no such account")
	}
	if err != nil {
		return nil, err
	}
	a.Created, a.Ended = instant(created), instant(ended)
	return &a, decode(sections, &a.Sections)
}

// ListAccounts lists every account by name.
func (t *tx) ListAccounts() (list []*dateline.Account, err error) {
	err = t.each(accountColumns+" ORDER BY name_key", nil, func(rows *sql.Rows) error {
		a, err := scanAccount(rows.Scan)
		list = append(list, a)
		return err
	})
	return list, err
}

// SavePasskey keeps a passkey.
func (t *tx) SavePasskey(p desk.Passkey) error {
	n, err := t.exec(`INSERT INTO passkeys (id, account, name, data, created, used, warned) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, data = excluded.data, used = excluded.used, warned = excluded.warned
		WHERE passkeys.account = excluded.account`, p.ID, string(p.Account), p.Name, p.Data, micros(p.Created), micros(p.Used), micros(p.Warned))
	if err == nil && n == 0 {
		return dateline.Errorf(dateline.EConflict, "this passkey belongs to another account")
	}
	return err
}

const passkeyColumns = "SELECT id, account, name, data, created, used, warned FROM passkeys"

func scanPasskey(scan func(...any) error) (p desk.Passkey, err error) {
	var created, used, warned int64
	err = translate(scan(&p.ID, &p.Account, &p.Name, &p.Data, &created, &used, &warned))
	p.Created, p.Used, p.Warned = instant(created), instant(used), instant(warned)
	return p, err
}

// FindPasskey returns a passkey by its credential's id.
func (t *tx) FindPasskey(id []byte) (desk.Passkey, error) {
	st, err := t.stmt(passkeyColumns + " WHERE id = $1")
	if err != nil {
		return desk.Passkey{}, err
	}
	return scanPasskey(st.QueryRow(id).Scan)
}

// ListPasskeys lists an account's passkeys.
func (t *tx) ListPasskeys(account dateline.ID) (list []desk.Passkey, err error) {
	err = t.each(passkeyColumns+" WHERE account = $1 ORDER BY created, id", []any{string(account)}, func(rows *sql.Rows) error {
		p, err := scanPasskey(rows.Scan)
		list = append(list, p)
		return err
	})
	return list, err
}

// DeletePasskey takes a passkey away.
func (t *tx) DeletePasskey(account dateline.ID, id []byte) error {
	n, err := t.exec("DELETE FROM passkeys WHERE account = $1 AND id = $2", string(account), id)
	return absentIfNone(n, err, "passkey")
}

func absentIfNone(n int64, err error, what dateline.Phrase) error {
	if err == nil && n == 0 {
		return dateline.Errorf(dateline.ENotFound, "there is no such %s", what)
	}
	return err
}

// SavePassword keeps an account's password.
func (t *tx) SavePassword(p desk.Password) error {
	_, err := t.exec(`INSERT INTO passwords (account, hash, secret, step, changed) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account) DO UPDATE SET hash = excluded.hash, secret = excluded.secret, step = excluded.step, changed = excluded.changed`,
		string(p.Account), p.Hash, p.Secret, p.Step, micros(p.Changed))
	return err
}

// FindPassword returns an account's password.
func (t *tx) FindPassword(account dateline.ID) (desk.Password, error) {
	p := desk.Password{Account: account}
	var changed int64
	err := t.one("SELECT hash, secret, step, changed FROM passwords WHERE account = $1", []any{string(account)}, &p.Hash, &p.Secret, &p.Step, &changed)
	p.Changed = instant(changed)
	return p, err
}

// DeletePassword takes an account's password away.
func (t *tx) DeletePassword(account dateline.ID) error {
	_, err := t.exec("DELETE FROM passwords WHERE account = $1", string(account))
	return err
}

// SaveRecoveryCodes keeps an account's recovery codes.
func (t *tx) SaveRecoveryCodes(account dateline.ID, hashes [][]byte) error {
	if _, err := t.exec("DELETE FROM recovery_codes WHERE account = $1", string(account)); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := t.exec("INSERT INTO recovery_codes (account, hash) VALUES ($1, $2)", string(account), h); err != nil {
			return err
		}
	}
	return nil
}

// UseRecoveryCode takes a code away.
func (t *tx) UseRecoveryCode(account dateline.ID, hash []byte) error {
	n, err := t.exec("DELETE FROM recovery_codes WHERE account = $1 AND hash = $2", string(account), hash)
	return absentIfNone(n, err, "recovery code")
}

// CountRecoveryCodes says how many codes an account has left.
func (t *tx) CountRecoveryCodes(account dateline.ID) (n int, err error) {
	err = t.one("SELECT COUNT(*) FROM recovery_codes WHERE account = $1", []any{string(account)}, &n)
	return n, err
}

// InsertIdentity links a provider's subject to an account.
func (t *tx) InsertIdentity(i desk.Identity) error {
	_, err := t.exec("INSERT INTO identities (issuer, subject, account, linked) VALUES ($1, $2, $3, $4)", i.Issuer, i.Subject, string(i.Account), micros(i.Linked))
	return err
}

// FindIdentity returns the account of a provider's subject.
func (t *tx) FindIdentity(issuer, subject string) (desk.Identity, error) {
	i := desk.Identity{Issuer: issuer, Subject: subject}
	var linked int64
	err := t.one("SELECT account, linked FROM identities WHERE issuer = $1 AND subject = $2", []any{issuer, subject}, &i.Account, &linked)
	i.Linked = instant(linked)
	return i, err
}

// DeleteIdentities unlinks an account.
func (t *tx) DeleteIdentities(account dateline.ID) error {
	_, err := t.exec("DELETE FROM identities WHERE account = $1", string(account))
	return err
}

// InsertInvitation keeps a link.
func (t *tx) InsertInvitation(i desk.Invitation, hash []byte) error {
	sections, err := encode(i.Sections)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO invitations (id, hash, kind, email, role, sections, account, by, created, expires, used, revoked)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, string(i.ID), hash, string(i.Kind), i.Email, string(i.Role), sections,
		string(i.Account), i.By, micros(i.Created), micros(i.Expires), micros(i.Used), micros(i.Revoked))
	return err
}

const invitationColumns = "SELECT id, kind, email, role, sections, account, by, created, expires, used, revoked FROM invitations"

func scanInvitation(scan func(...any) error) (i desk.Invitation, err error) {
	var sections string
	var created, expires, used, revoked int64
	if err := translate(scan(&i.ID, &i.Kind, &i.Email, &i.Role, &sections, &i.Account, &i.By, &created, &expires, &used, &revoked)); err != nil {
		return i, err
	}
	i.Created, i.Expires, i.Used, i.Revoked = instant(created), instant(expires), instant(used), instant(revoked)
	return i, decode(sections, &i.Sections)
}

// FindInvitation returns a link by its hash.
func (t *tx) FindInvitation(hash []byte) (desk.Invitation, error) {
	st, err := t.stmt(invitationColumns + " WHERE hash = $1")
	if err != nil {
		return desk.Invitation{}, err
	}
	return scanInvitation(st.QueryRow(hash).Scan)
}

// ListInvitations lists links, newest first.
func (t *tx) ListInvitations(limit int) (list []desk.Invitation, err error) {
	err = t.each(invitationColumns+" ORDER BY created DESC, id DESC LIMIT $1", []any{limit}, func(rows *sql.Rows) error {
		i, err := scanInvitation(rows.Scan)
		list = append(list, i)
		return err
	})
	return list, err
}

// CloseInvitation marks a link as used or revoked.
func (t *tx) CloseInvitation(id dateline.ID, used, revoked time.Time) error {
	n, err := t.exec("UPDATE invitations SET used = $2, revoked = $3 WHERE id = $1 AND used = $4 AND revoked = $4",
		string(id), micros(used), micros(revoked), int64(noTime))
	return absentIfNone(n, err, "open invitation")
}

// RevokeInvitations revokes every open link of a kind.
func (t *tx) RevokeInvitations(kind desk.InvitationKind, account dateline.ID, at time.Time) error {
	_, err := t.exec("UPDATE invitations SET revoked = $3 WHERE kind = $1 AND (account = $2 OR $2 = '') AND used = $4 AND revoked = $4",
		string(kind), string(account), micros(at), int64(noTime))
	return err
}
