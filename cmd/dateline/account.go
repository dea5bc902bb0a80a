package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/auth"
	"github.com/datelinehq/dateline/desk"
)

type accountCommand struct {
	List    accountListCommand    `cmd:"" help:"List accounts."`
	Invite  accountInviteCommand  `cmd:"" help:"Make a link by which somebody gets an account, and print it once."`
	End     accountEndCommand     `cmd:"" help:"End an account and its sessions."`
	Recover accountRecoverCommand `cmd:"" help:"Make a link for new ways to sign in, and print it once."`
}

// accountArgs are the arguments of the operations on accounts.
type accountArgs struct {
	Who      string // id, e-mail address or name
	Role     dateline.Role
	Sections []string // slugs
}

type accountListCommand struct {
	inFolder
}

// Help gives the example.
func (accountListCommand) Help() string { return "Example:\n  dateline account list --dir paper" }

// Run lists the accounts.
func (c accountListCommand) Run(ctx context.Context, s streams) error {
	list := []*dateline.Account{}
	if err := perform(ctx, c.Dir, "account-list", accountArgs{}, &list, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, list)
	}
	w := tabwriter.NewWriter(s.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tE-MAIL\tROLE\tSECTIONS\tSTATE\tID")
	for _, a := range list {
		sections := "all"
		if n := len(a.Sections); n > 0 {
			sections = fmt.Sprint(n)
		}
		state := string(a.State)
		if !a.Ended.IsZero() {
			state += " " + a.Ended.Format(time.DateOnly)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", a.Name, a.Email, a.Role, sections, state, a.ID)
	}
	return w.Flush()
}

func listAccounts(ctx context.Context, r *room, _ accountArgs, _ tell) ([]*dateline.Account, error) {
	list, err := r.door.Accounts(ctx, local)
	return append([]*dateline.Account{}, list...), err
}

type accountInviteCommand struct {
	inFolder
	Email   string        `arg:"" help:"What they will sign in with."`
	Role    dateline.Role `required:"" help:"reporter, editor or chief." enum:"reporter,editor,chief"`
	Section []string      `help:"A section, by its slug, in which alone the role holds; can be given more than once." placeholder:"SLUG"`
}

// Help gives the example.
func (accountInviteCommand) Help() string {
	return "The link is shown once, and good once, for seven days.\n\nExample:\n  dateline account invite nalini@estuary.example --role editor --section city --dir paper"
}

// newLink is a link as it is printed.
type newLink struct {
	desk.Invitation
	Link string `json:"link"`
}

// Run makes the invitation.
func (c accountInviteCommand) Run(ctx context.Context, s streams) error {
	return printLink(ctx, c.inFolder, s, "account-invite", accountArgs{Who: c.Email, Role: c.Role, Sections: c.Section})
}

func printLink(ctx context.Context, in inFolder, s streams, operation string, args accountArgs) error {
	var made newLink
	if err := perform(ctx, in.Dir, operation, args, &made, newProgress(s.err).tell); err != nil {
		return err
	}
	if in.JSON {
		return printJSON(s.out, made)
	}
	_, err := fmt.Fprintln(s.out, made.Link)
	return err
}

func inviteAccount(ctx context.Context, r *room, a accountArgs, _ tell) (newLink, error) {
	var sections []dateline.ID
	err := r.desk.View(ctx, func(tx desk.Tx) error {
		for _, slug := range a.Sections {
			s, err := tx.Sections().FindBySlug(slug)
			if dateline.ErrorCode(err) == dateline.ENotFound {
				err = dateline.Errorf(dateline.EInvalid, "there is no section %.60q", slug)
			}
			if err != nil {
				return err
			}
			sections = append(sections, s.ID)
		}
		return nil
	})
	if err != nil {
		return newLink{}, err
	}
	i, secret, err := r.door.Invite(ctx, local, a.Who, a.Role, sections)
	return linkOf(ctx, r, i, secret, err)
}

func linkOf(ctx context.Context, r *room, i desk.Invitation, secret string, err error) (newLink, error) {
	if err != nil {
		return newLink{}, err
	}
	p, err := r.desk.FindPublication(ctx)
	if err != nil {
		return newLink{}, err
	}
	return newLink{i, auth.LinkAddress(p, secret)}, nil
}

type accountEndCommand struct {
	inFolder
	Who string `arg:"" help:"The account's e-mail address, name or id."`
}

// Help gives the example.
func (accountEndCommand) Help() string {
	return "What was written stays under the name.\n\nExample:\n  dateline account end nalini@estuary.example --dir paper"
}

// Run ends the account.
func (c accountEndCommand) Run(ctx context.Context, s streams) error {
	var ended dateline.Account
	if err := perform(ctx, c.Dir, "account-end", accountArgs{Who: c.Who}, &ended, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, ended)
	}
	_, err := fmt.Fprintf(s.out, "The account of %s has ended, and every session with it.\n", ended.Name)
	return err
}

func endAccount(ctx context.Context, r *room, a accountArgs, _ tell) (*dateline.Account, error) {
	who, err := r.door.FindAccountNamed(ctx, local, strings.TrimSpace(a.Who))
	if err != nil {
		return nil, err
	}
	return r.door.EndAccount(ctx, local, who.ID, 0)
}

type accountRecoverCommand struct {
	inFolder
	Who string `arg:"" help:"The account's e-mail address, name or id."`
}

// Help gives the example.
func (accountRecoverCommand) Help() string {
	return "For whoever has lost every way to sign in; also lets somebody whose account has ended in again. The link is shown once, and good once, for half an hour.\n\nExample:\n  dateline account recover nalini@estuary.example --dir paper"
}

// Run makes the link.
func (c accountRecoverCommand) Run(ctx context.Context, s streams) error {
	return printLink(ctx, c.inFolder, s, "account-recover", accountArgs{Who: c.Who})
}

func recoverAccount(ctx context.Context, r *room, a accountArgs, _ tell) (newLink, error) {
	who, err := r.door.FindAccountNamed(ctx, local, strings.TrimSpace(a.Who))
	if err != nil {
		return newLink{}, err
	}
	i, secret, err := r.door.Recover(ctx, local, who.ID)
	return linkOf(ctx, r, i, secret, err)
}
