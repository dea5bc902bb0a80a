package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Make a token and print it once."`
	List   tokenListCommand   `cmd:"" help:"List tokens."`
	Revoke tokenRevokeCommand `cmd:"" help:"End a token."`
}

type tokenCreateCommand struct {
	inFolder
	Name string        `arg:"" help:"Whose it is; this name stands in the audit."`
	Role dateline.Role `required:"" help:"reporter, editor, chief or follower." enum:"reporter,editor,chief,follower"`
	For  time.Duration `help:"How long it is good; for ever where it is not named." placeholder:"720h"`
}

// Help gives the example.
func (tokenCreateCommand) Help() string {
	return "The token is shown once and kept as a hash only.\n\nExample:\n  dateline token create \"Nalini Okar\" --role editor --for 2160h --dir paper"
}

type newToken struct {
	desk.Token
	Secret string `json:"secret"`
}

// Run makes the token.
func (c tokenCreateCommand) Run(ctx context.Context, s streams) error {
	var made newToken
	if err := perform(ctx, c.Dir, "token-create", tokenArgs{Name: c.Name, Role: c.Role, For: c.For}, &made, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, made)
	}
	_, err := fmt.Fprintln(s.out, made.Secret)
	return err
}

type tokenArgs struct {
	ID   string
	Name string
	Role dateline.Role
	For  time.Duration
}

func createToken(ctx context.Context, r *room, a tokenArgs, _ tell) (newToken, error) {
	var expires time.Time
	if a.For < 0 {
		return newToken{}, dateline.Errorf(dateline.EInvalid, "--for: %s is no time for which a token can be good; write one such as 720h, or leave it out for ever", a.For)
	}
	if a.For > 0 {
		expires = time.Now().Add(a.For).UTC().Truncate(time.Second)
	}
	t, secret, err := r.desk.CreateToken(ctx, local, a.Name, a.Role, expires)
	if err != nil {
		return newToken{}, err
	}
	return newToken{t, secret}, nil
}

type tokenListCommand struct {
	inFolder
}

// Help gives the example.
func (tokenListCommand) Help() string { return "Example:\n  dateline token list --dir paper" }

// Run lists the tokens.
func (c tokenListCommand) Run(ctx context.Context, s streams) error {
	list := []desk.Token{}
	if err := perform(ctx, c.Dir, "token-list", tokenArgs{}, &list, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, list)
	}
	w := tabwriter.NewWriter(s.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tROLE\tMADE\tSTATE")
	for _, t := range list {
		state := "good"
		switch {
		case !t.Revoked.IsZero():
			state = "revoked " + t.Revoked.Format(time.DateOnly)
		case !t.Expires.IsZero() && t.Expires.Before(time.Now()):
			state = "expired " + t.Expires.Format(time.DateOnly)
		case !t.Expires.IsZero():
			state = "good until " + t.Expires.Format(time.DateOnly)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.Role, t.Created.Format(time.DateOnly), state)
	}
	return w.Flush()
}

func listTokens(ctx context.Context, r *room, _ tokenArgs, _ tell) ([]desk.Token, error) {
	return r.desk.ListTokens(ctx, local)
}

type tokenRevokeCommand struct {
	inFolder
	ID string `arg:"" help:"The token's id, as token list shows it."`
}

// Help gives the example.
func (tokenRevokeCommand) Help() string {
	return "Example:\n  dateline token revoke 0190b5f0-6c00-7cc3-98c4-dc0c0c07398f --dir paper"
}

// Run ends the token.
func (c tokenRevokeCommand) Run(ctx context.Context, s streams) error {
	var done struct{}
	if err := perform(ctx, c.Dir, "token-revoke", tokenArgs{ID: c.ID}, &done, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, map[string]string{"revoked": c.ID})
	}
	_, err := fmt.Fprintf(s.out, "%s is revoked.\n", c.ID)
	return err
}

func revokeToken(ctx context.Context, r *room, a tokenArgs, _ tell) (struct{}, error) {
	id, err := dateline.ParseID(a.ID)
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, r.desk.RevokeToken(ctx, local, id)
}
