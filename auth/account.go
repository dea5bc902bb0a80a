package auth

import (
	"context"
	"slices"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// Accounts lists every account by name, for a chief.
func (d *Door) Accounts(ctx context.Context, actor dateline.Actor) (list []*dateline.Account, err error) {
	if err := dateline.Can(actor, dateline.ActAdminister, nil); err != nil {
		return nil, err
	}
	err = d.view(ctx, func(t *turn) error {
		list, err = t.ListAccounts()
		return err
	})
	return list, err
}

// Account returns an account, for a chief; ENotFound.
func (d *Door) Account(ctx context.Context, actor dateline.Actor, id dateline.ID) (a *dateline.Account, err error) {
	if err := dateline.Can(actor, dateline.ActAdminister, nil); err != nil {
		return nil, err
	}
	err = d.view(ctx, func(t *turn) error {
		a, err = t.FindAccount(id)
		return err
	})
	return a, err
}

// Change is what a chief makes of an account.
type Change struct {
	Name     string
	Role     dateline.Role
	Sections []dateline.ID
}

// ChangeAccount changes an account's name and rights for a chief, in place of the version seen. Its sessions get new secrets. The
// last chief of the whole paper stays one.
func (d *Door) ChangeAccount(ctx context.Context, actor dateline.Actor, id dateline.ID, version int64, c Change) (a *dateline.Account, err error) {
	return d.administer(ctx, actor, id, version, func(t *turn, a *dateline.Account) (dateline.Sentence, error) {
		if a.State != dateline.AccountActive {
			return dateline.Sentence{}, dateline.Errorf(dateline.EState, "%s's account has ended; a recovery link lets its owner in again", a.Name)
		}
		if err := t.sectionsThere(c.Sections); err != nil {
			return dateline.Sentence{}, err
		}
		was := *a
		a.Name, a.Role, a.Sections = strings.Join(strings.Fields(c.Name), " "), c.Role, c.Sections
		if err := a.Validate(); err != nil {
			return dateline.Sentence{}, err
		}
		if was.Role != a.Role || !slices.Equal(was.Sections, a.Sections) {
			a.Rights++
		}
		if chief(&was) && !chief(a) {
			if err := t.notTheLast(a.ID); err != nil {
				return dateline.Sentence{}, err
			}
		}
		detail := dateline.Say("changed the account of %s: %s", was.Name, a.Role)
		if len(a.Sections) > 0 {
			detail = dateline.Say("%s of some sections", detail)
		}
		if was.Name == a.Name {
			return detail, nil
		}
		return dateline.Say("%s, now called %s", detail, a.Name), t.RenamePreviews(was.Name, a.Name)
	})
}

func chief(a *dateline.Account) bool { return a.Role == dateline.RoleChief && len(a.Sections) == 0 }

func (t *turn) notTheLast(id dateline.ID) error {
	other, err := t.hasChief(id)
	if err == nil && !other {
		err = dateline.Errorf(dateline.EState, "this is the last chief of the whole paper; make another one first")
	}
	return err
}

func (d *Door) administer(ctx context.Context, actor dateline.Actor, id dateline.ID, version int64, f func(*turn, *dateline.Account) (dateline.Sentence, error)) (a *dateline.Account, err error) {
	if err := dateline.Can(actor, dateline.ActAdminister, nil); err != nil {
		return nil, err
	}
	err = d.update(ctx, func(t *turn) error {
		if a, err = t.FindAccount(id); err != nil {
			return err
		}
		if version != 0 && a.Version != version {
			return dateline.Errorf(dateline.EConflict, "the account was changed meanwhile; look at it and decide again")
		}
		detail, err := f(t, a)
		if err != nil {
			return err
		}
		was := a.Version
		a.Version++
		if err := t.UpdateAccount(a, was); err != nil {
			return err
		}
		return t.note(actor, dateline.ActAdminister, "%s", detail)
	})
	return a, err
}

// EndAccount ends an account, its sessions and the private links to drafts that it made, at once, for a chief. What it did stays under its name; the account is kept, so that
// nobody else gets the name. The last chief of the whole paper cannot be ended. Version 0 is whichever there is.
func (d *Door) EndAccount(ctx context.Context, actor dateline.Actor, id dateline.ID, version int64) (*dateline.Account, error) {
	return d.administer(ctx, actor, id, version, func(t *turn, a *dateline.Account) (dateline.Sentence, error) {
		if a.State == dateline.AccountEnded {
			return dateline.Sentence{}, dateline.Errorf(dateline.EState, "%s's account has ended already", a.Name)
		}
		if chief(a) {
			if err := t.notTheLast(a.ID); err != nil {
				return dateline.Sentence{}, err
			}
		}
		a.State, a.Ended = dateline.AccountEnded, t.now
		a.Rights++
		if err := t.RevokeInvitations(desk.InviteRecover, a.ID, t.now); err != nil {
			return dateline.Sentence{}, err
		}
		if _, err := t.DeleteSessions(a.ID, ""); err != nil {
			return dateline.Sentence{}, err
		}
		_, err := t.EndPreviewsBy(a.Name, t.now, desk.MakerLeft)
		return dateline.Say("ended the account of %s", a.Name), err
	})
}

// FindAccountNamed finds an account by its e-mail address or its name, for a chief; ENotFound.
func (d *Door) FindAccountNamed(ctx context.Context, actor dateline.Actor, who string) (*dateline.Account, error) {
	list, err := d.Accounts(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		if string(a.ID) == who || dateline.FoldEmail(a.Email) == dateline.FoldEmail(who) || strings.EqualFold(a.Name, strings.TrimSpace(who)) {
			return a, nil
		}
	}
	return nil, dateline.Errorf(dateline.ENotFound, "there is no account %.80q; `dateline account list` shows them", who)
}
