package auth

import (
	"context"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// program is who makes the first chief's link.
var program = dateline.Actor{Name: "first start", Role: dateline.RoleChief}

// FirstLink makes a link for the first chief: 24 hours, one use, and none of them is good once there is a chief. EState where there is one.
func (d *Door) FirstLink(ctx context.Context) (secret string, err error) {
	err = d.update(ctx, func(t *turn) error {
		if chief, err := t.hasChief(""); err != nil || chief {
			if err == nil {
				err = dateline.Errorf(dateline.EState, "the newsroom has a chief, who invites others")
			}
			return err
		}
		_, secret, err = t.invite(desk.Invitation{Kind: desk.InviteFirst, Role: dateline.RoleChief, By: program.Name}, firstFor)
		return err
	})
	return secret, err
}

// hasChief says whether an active chief of the whole paper is there, besides one account.
func (t *turn) hasChief(besides dateline.ID) (bool, error) {
	list, err := t.ListAccounts()
	for _, a := range list {
		if a.ID != besides && a.State == dateline.AccountActive && a.Role == dateline.RoleChief && len(a.Sections) == 0 {
			return true, nil
		}
	}
	return false, err
}

func (t *turn) invite(i desk.Invitation, good time.Duration) (_ desk.Invitation, secret string, err error) {
	if i.ID, err = t.newID(); err != nil {
		return i, "", err
	}
	if secret, err = t.door.newSecret(); err != nil {
		return i, "", err
	}
	i.Created, i.Expires = t.now, t.now.Add(good)
	return i, secret, t.InsertInvitation(i, hashSecret(secret))
}

// Invite makes a link by which somebody gets an account: seven days, one use. The secret is shown this once.
func (d *Door) Invite(ctx context.Context, actor dateline.Actor, email string, role dateline.Role, sections []dateline.ID) (i desk.Invitation, secret string, err error) {
	email = strings.TrimSpace(email)
	var wrong []dateline.Field
	if err := dateline.CheckEmail(email); err != nil {
		wrong = append(wrong, dateline.Wrong("email", err))
	}
	if err := dateline.CheckRights(role, sections); err != nil {
		wrong = append(wrong, dateline.Wrong("role", err))
	}
	if err := dateline.Can(actor, dateline.ActAdminister, nil); err != nil {
		return i, "", err
	}
	if wrong != nil {
		return i, "", &dateline.Error{Code: dateline.EInvalid, Message: "the invitation cannot be used as it is", Fields: wrong}
	}
	err = d.update(ctx, func(t *turn) error {
		if err := t.sectionsThere(sections); err != nil {
			return err
		}
		if a, err := t.FindAccountByEmail(email); err == nil {
			return dateline.Errorf(dateline.EConflict, "%s has this address already (%s); make a recovery link for that account instead", a.Name, a.State)
		} else if !absent(err) {
			return err
		}
		i, secret, err = t.invite(desk.Invitation{Kind: desk.InviteNew, Email: email, Role: role, Sections: sections, By: actor.Name}, inviteFor)
		if err != nil {
			return err
		}
		return t.note(actor, dateline.ActAdminister, "invited %s as %s", email, role)
	})
	return i, secret, err
}

func (t *turn) sectionsThere(sections []dateline.ID) error {
	for _, id := range sections {
		if _, err := t.Sections().Find(id); err != nil {
			if absent(err) {
				err = dateline.Errorf(dateline.EInvalid, "there is no section %s", id)
			}
			return err
		}
	}
	return nil
}

// Recover makes a link by which the owner of an account makes new ways to sign in: 30 minutes, one use. The old ones go when
// it is used, and so do all sessions; an account that has ended is active again.
func (d *Door) Recover(ctx context.Context, actor dateline.Actor, account dateline.ID) (i desk.Invitation, secret string, err error) {
	if err := dateline.Can(actor, dateline.ActAdminister, nil); err != nil {
		return i, "", err
	}
	err = d.update(ctx, func(t *turn) error {
		a, err := t.FindAccount(account)
		if err != nil {
			return err
		}
		if err := t.RevokeInvitations(desk.InviteRecover, a.ID, t.now); err != nil {
			return err
		}
		i, secret, err = t.invite(desk.Invitation{Kind: desk.InviteRecover, Email: a.Email, Role: a.Role, Sections: a.Sections, Account: a.ID, By: actor.Name}, recoverFor)
		if err != nil {
			return err
		}
		return t.note(actor, dateline.ActAdminister, "made a recovery link for %s", a.Name)
	})
	return i, secret, err
}

// invitationsShown is how many links a list holds.
const invitationsShown = 200

// Invitations lists the links that were made last, newest first, without their secrets.
func (d *Door) Invitations(ctx context.Context, actor dateline.Actor) (list []desk.Invitation, err error) {
	if err := dateline.Can(actor, dateline.ActAdminister, nil); err != nil {
		return nil, err
	}
	err = d.view(ctx, func(t *turn) error {
		list, err = t.ListInvitations(invitationsShown)
		return err
	})
	return list, err
}

// RevokeInvitation ends a link; ENotFound where it is not open.
func (d *Door) RevokeInvitation(ctx context.Context, actor dateline.Actor, id dateline.ID) error {
	if err := dateline.Can(actor, dateline.ActAdminister, nil); err != nil {
		return err
	}
	return d.update(ctx, func(t *turn) error {
		if err := t.CloseInvitation(id, time.Time{}, t.now); err != nil {
			return err
		}
		return t.note(actor, dateline.ActAdminister, "revoked the invitation %s", id)
	})
}

// Invited is a link that is good now.
type Invited struct {
	Invitation desk.Invitation
	Name       string // of the account, for a recovery
}

// Invited says what a link is for. EUnauthorized where it is none, or no longer good, without saying which.
func (d *Door) Invited(ctx context.Context, secret string) (in Invited, err error) {
	err = d.view(ctx, func(t *turn) error {
		in, err = t.invited(secret)
		return err
	})
	return in, err
}

func (t *turn) invited(secret string) (in Invited, err error) {
	bad := dateline.Errorf(dateline.EUnauthorized, "this link is not good, or no longer: links are good once and for a time; ask for a new one")
	in.Invitation, err = t.FindInvitation(hashSecret(secret))
	if absent(err) || err == nil && !in.Invitation.Open(t.now) {
		return Invited{}, bad
	}
	if err != nil {
		return in, err
	}
	switch in.Invitation.Kind {
	case desk.InviteFirst:
		if chief, err := t.hasChief(""); err != nil || chief {
			if err == nil {
				err = bad
			}
			return Invited{}, err
		}
	case desk.InviteRecover:
		a, err := t.FindAccount(in.Invitation.Account)
		if err != nil {
			return Invited{}, err
		}
		in.Name, in.Invitation.Email = a.Name, a.Email
	}
	return in, nil
}

// Person is how somebody who was invited is called. Email counts only for the first chief; others have that of the invitation.
type Person struct {
	Name  string
	Email string
}

// person is who an invited person will be, checked.
func (t *turn) person(in Invited, p Person) (*dateline.Account, error) {
	i := in.Invitation
	if i.Kind == desk.InviteRecover {
		return t.FindAccount(i.Account)
	}
	a := &dateline.Account{Version: 1, Name: strings.Join(strings.Fields(p.Name), " "), Email: i.Email, Role: i.Role, Sections: i.Sections,
		State: dateline.AccountActive, Rights: 1, Created: t.now}
	if i.Kind == desk.InviteFirst {
		a.Email = strings.TrimSpace(p.Email)
	}
	return a, a.Validate()
}

// admit makes the account of an invitation, under an id where one was promised, or empties that of a recovery, and closes
// the link.
func (t *turn) admit(secret string, p Person, id dateline.ID) (*dateline.Account, error) {
	in, err := t.invited(secret)
	if err != nil {
		return nil, err
	}
	a, err := t.person(in, p)
	if err != nil {
		return nil, err
	}
	if in.Invitation.Kind == desk.InviteRecover {
		err = t.empty(a)
	} else {
		err = t.make(a, id)
	}
	if err != nil {
		return nil, err
	}
	if err := t.CloseInvitation(in.Invitation.ID, t.now, time.Time{}); err != nil {
		return nil, err
	}
	if chief(a) {
		if err := t.RevokeInvitations(desk.InviteFirst, "", t.now); err != nil {
			return nil, err
		}
	}
	return a, t.note(a.Actor(), dateline.ActOwn, "used a link made by %s (%s)", in.Invitation.By, in.Invitation.Kind)
}

func (t *turn) make(a *dateline.Account, id dateline.ID) (err error) {
	if a.ID = id; a.ID == "" {
		if a.ID, err = t.newID(); err != nil {
			return err
		}
	}
	return t.InsertAccount(a)
}

// empty takes from an account all that it signed in with, and its sessions.
func (t *turn) empty(a *dateline.Account) error {
	keys, err := t.ListPasskeys(a.ID)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := t.DeletePasskey(a.ID, k.ID); err != nil {
			return err
		}
	}
	if err := t.DeletePassword(a.ID); err != nil {
		return err
	}
	if err := t.SaveRecoveryCodes(a.ID, nil); err != nil {
		return err
	}
	if err := t.DeleteIdentities(a.ID); err != nil {
		return err
	}
	if _, err := t.DeleteSessions(a.ID, ""); err != nil {
		return err
	}
	was := a.Version
	a.Version++
	a.Rights++
	a.State, a.Ended = dateline.AccountActive, time.Time{}
	return t.UpdateAccount(a, was)
}

// LinkAddress is a link as it is handed to somebody, under the newsroom's own address.
func LinkAddress(p *dateline.Publication, secret string) string {
	return strings.TrimSuffix(p.Newsroom, "/") + "/join/" + secret
}
