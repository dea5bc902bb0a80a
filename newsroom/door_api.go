package newsroom

import (
	"context"
	"net/http"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/auth"
	"github.com/datelinehq/dateline/desk"
)

// doorAPI is what of the door programs and the interface may ask for.
func (s *server) doorAPI() {
	// whoever is known
	register(s, dateline.ActRead, "GET", "/me", "find-me", "Who asks, and with what rights", s.findMe)
	register(s, dateline.ActOwn, "GET", "/sessions", "list-sessions", "One's own sessions, last seen first", s.listSessions)
	register(s, dateline.ActOwn, "DELETE", "/sessions/{id}", "end-session", "End one of one's own sessions", s.endSession, answers(http.StatusNoContent))

	// chiefs
	register(s, dateline.ActAdminister, "GET", "/accounts", "list-accounts", "Every account, by name", s.listAccounts)
	register(s, dateline.ActAdminister, "GET", "/accounts/{id}", "find-account", "One account", s.findAccount)
	register(s, dateline.ActAdminister, "PUT", "/accounts/{id}", "save-account", "Change an account's name and rights", s.saveAccount)
	register(s, dateline.ActAdminister, "DELETE", "/accounts/{id}", "end-account", "End an account and its sessions", s.endAccount)
	register(s, dateline.ActAdminister, "POST", "/accounts/{id}/recovery", "recover-account", "Make a link for new ways to sign in; it is shown this once", s.recoverAccount, answers(http.StatusCreated))
	register(s, dateline.ActAdminister, "GET", "/invitations", "list-invitations", "The links that were made last, newest first", s.listInvitations)
	register(s, dateline.ActAdminister, "POST", "/invitations", "create-invitation", "Make a link by which somebody gets an account; it is shown this once", s.createInvitation, answers(http.StatusCreated))
	register(s, dateline.ActAdminister, "DELETE", "/invitations/{id}", "revoke-invitation", "End a link", s.revokeInvitation, answers(http.StatusNoContent))
}

type meOut struct {
	Body struct {
		Account  dateline.ID   `json:"account,omitempty" doc:"Absent for tokens"`
		Name     string        `json:"name"`
		Email    string        `json:"email,omitempty"`
		Role     dateline.Role `json:"role"`
		Sections []dateline.ID `json:"sections,omitempty" doc:"Where the role holds; everywhere where it is absent"`
		Session  dateline.ID   `json:"session,omitempty"`
		Way      string        `json:"way,omitempty" doc:"How one signed in"`
		Ends     time.Time     `json:"ends,omitzero" doc:"When the session ends if it is used no more"`
	}
}

func (s *server) findMe(ctx context.Context, _ *none) (*meOut, error) {
	a, out := actor(ctx), &meOut{}
	b := &out.Body
	b.Account, b.Name, b.Role, b.Sections = a.Account, a.Name, a.Role, a.Sections
	if w := session(ctx); w != nil {
		b.Email, b.Session, b.Way, b.Ends = w.Account.Email, w.Session.ID, w.Session.Way, auth.SessionEnds(w.Session)
	}
	return out, nil
}

type sessionsOut struct {
	Body struct {
		Items []Session `json:"items"`
	}
}

// Session is one of one's own sessions.
type Session struct {
	desk.Session
	This bool      `json:"this" doc:"The one that asks"`
	Ends time.Time `json:"ends" doc:"If it is used no more"`
}

func (s *server) listSessions(ctx context.Context, _ *none) (*sessionsOut, error) {
	list, err := s.Door.Sessions(ctx, actor(ctx))
	if err != nil {
		return nil, err
	}
	out, w := &sessionsOut{}, session(ctx)
	out.Body.Items = []Session{}
	for _, one := range list {
		out.Body.Items = append(out.Body.Items, Session{one, w != nil && w.Session.ID == one.ID, auth.SessionEnds(one)})
	}
	return out, nil
}

func (s *server) endSession(ctx context.Context, in *One) (*nothingOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return &nothingOut{}, s.Door.EndSession(ctx, actor(ctx), id)
}

type accountOut struct {
	ETag string `header:"ETag" doc:"The version, for If-Match"`
	Body *dateline.Account
}

func answerAccount(a *dateline.Account, err error) (*accountOut, error) {
	if err != nil {
		return nil, err
	}
	return &accountOut{etag(a.Version), a}, nil
}

type accountsOut struct {
	Body struct {
		Items []*dateline.Account `json:"items"`
	}
}

func (s *server) listAccounts(ctx context.Context, _ *none) (*accountsOut, error) {
	list, err := s.Door.Accounts(ctx, actor(ctx))
	out := &accountsOut{}
	out.Body.Items = append([]*dateline.Account{}, list...)
	return out, err
}

func (s *server) findAccount(ctx context.Context, in *One) (*accountOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return answerAccount(s.Door.Account(ctx, actor(ctx), id))
}

type saveAccountIn struct {
	Versioned
	Body struct {
		Name     string        `json:"name" maxLength:"80"`
		Role     dateline.Role `json:"role" enum:"reporter,editor,chief"`
		Sections []dateline.ID `json:"sections,omitempty" doc:"Where the role holds; everywhere where it is absent"`
	}
}

func (s *server) saveAccount(ctx context.Context, in *saveAccountIn) (*accountOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return answerAccount(s.Door.ChangeAccount(ctx, actor(ctx), t.ID, t.Version, auth.Change{Name: in.Body.Name, Role: in.Body.Role, Sections: in.Body.Sections}))
}

func (s *server) endAccount(ctx context.Context, in *Versioned) (*accountOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return answerAccount(s.Door.EndAccount(ctx, actor(ctx), t.ID, t.Version))
}

// Invitation is a link; its address is told once, when it is made.
type Invitation struct {
	desk.Invitation
	Link string `json:"link,omitempty" doc:"Only in the answer to its making"`
}

type invitationOut struct {
	Body Invitation
}

func (s *server) answerLink(ctx context.Context, i desk.Invitation, secret string, err error) (*invitationOut, error) {
	if err != nil {
		return nil, err
	}
	p, err := s.Desk.FindPublication(ctx)
	if err != nil {
		return nil, err
	}
	return &invitationOut{Invitation{i, auth.LinkAddress(p, secret)}}, nil
}

func (s *server) recoverAccount(ctx context.Context, in *One) (*invitationOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	i, secret, err := s.Door.Recover(ctx, actor(ctx), id)
	return s.answerLink(ctx, i, secret, err)
}

type invitationsOut struct {
	Body struct {
		Items []Invitation `json:"items"`
	}
}

func (s *server) listInvitations(ctx context.Context, _ *none) (*invitationsOut, error) {
	list, err := s.Door.Invitations(ctx, actor(ctx))
	out := &invitationsOut{}
	out.Body.Items = []Invitation{}
	for _, i := range list {
		out.Body.Items = append(out.Body.Items, Invitation{Invitation: i})
	}
	return out, err
}

type createInvitationIn struct {
	Body struct {
		Email    string        `json:"email" maxLength:"254"`
		Role     dateline.Role `json:"role" enum:"reporter,editor,chief"`
		Sections []dateline.ID `json:"sections,omitempty" doc:"Where the role will hold; everywhere where it is absent"`
	}
}

func (s *server) createInvitation(ctx context.Context, in *createInvitationIn) (*invitationOut, error) {
	i, secret, err := s.Door.Invite(ctx, actor(ctx), in.Body.Email, in.Body.Role, in.Body.Sections)
	return s.answerLink(ctx, i, secret, err)
}

func (s *server) revokeInvitation(ctx context.Context, in *One) (*nothingOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return &nothingOut{}, s.Door.RevokeInvitation(ctx, actor(ctx), id)
}
