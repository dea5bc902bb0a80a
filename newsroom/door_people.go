package newsroom

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/auth"
	"github.com/datelinehq/dateline/desk"
)

// rightsView is the part of a form where role and sections are chosen.
type rightsView struct {
	RoleNow string
	Choices []choice
}

type choice struct {
	ID, Name string
	On       bool
}

// peopleView is the chief's page of accounts and links.
type peopleView struct {
	frame
	rightsView
	People []personRow
	Links  []linkRow
	Email  string
}

type personRow struct {
	ID, Name, Email, Role, Sections, Ended string
}

type linkRow struct {
	ID, For, Kind, By, State string
	Open                     bool
}

// sections are those of the paper, by slug.
func (a *asking) sections() ([]*dateline.Section, error) {
	return a.Desk.ListSections(a.r.Context(), a.actor(), desk.Page{Limit: 200})
}

func (a *asking) named(n dateline.Names) string {
	name, _ := n.In(a.words.lang, "en")
	return name
}

// sectionNames is a list of sections in words; nothing where there is none.
func (a *asking) sectionNames(ids []dateline.ID) (string, error) {
	if len(ids) == 0 {
		return "", nil
	}
	list, err := a.sections()
	if err != nil {
		return "", err
	}
	var names []string
	for _, s := range list {
		if slices.Contains(ids, s.ID) {
			names = append(names, a.named(s.Names))
		}
	}
	return strings.Join(names, ", "), nil
}

func (a *asking) rights(role dateline.Role, on []dateline.ID) (rightsView, error) {
	list, err := a.sections()
	v := rightsView{RoleNow: string(role)}
	for _, s := range list {
		v.Choices = append(v.Choices, choice{string(s.ID), a.named(s.Names), slices.Contains(on, s.ID)})
	}
	return v, err
}

// chosen reads role and sections from a form.
func (a *asking) chosen() (role dateline.Role, sections []dateline.ID) {
	role = dateline.Role(a.r.PostFormValue("role")) // reads the form, too
	for _, s := range a.r.PostForm["section"] {
		sections = append(sections, dateline.ID(s))
	}
	return role, sections
}

func (a *asking) peoplePage() error { return a.showPeople(http.StatusOK, "", "", nil) }

func (a *asking) showPeople(status int, said, done string, wrong map[string]string) error {
	ctx, actor := a.r.Context(), a.actor()
	accounts, err := a.Door.Accounts(ctx, actor)
	if err != nil {
		return err
	}
	links, err := a.Door.Invitations(ctx, actor)
	if err != nil {
		return err
	}
	clock, err := a.clock()
	if err != nil {
		return err
	}
	now, err := a.Door.Now(ctx)
	if err != nil {
		return err
	}
	v := peopleView{frame: a.frame(a.words.t("People"), "people")}
	v.Said, v.Done, v.Wrong = said, done, wrong
	role, on := dateline.RoleReporter, []dateline.ID(nil)
	if wrong != nil {
		role, on = a.chosen()
		v.Email = a.r.PostFormValue("email")
	}
	if v.rightsView, err = a.rights(role, on); err != nil {
		return err
	}
	for _, p := range accounts {
		names, err := a.sectionNames(p.Sections)
		if err != nil {
			return err
		}
		v.People = append(v.People, personRow{string(p.ID), p.Name, p.Email, a.words.t(roleNames[p.Role]), names, clock.day(p.Ended)})
	}
	for _, l := range links {
		row := linkRow{ID: string(l.ID), For: l.Email, Kind: a.words.t(linkKinds[l.Kind]), By: l.By, Open: l.Open(now)}
		if l.Email == "" {
			row.For = a.words.t("The first chief")
		}
		switch {
		case row.Open:
			row.State = a.words.t("Good until %s", clock.minute(l.Expires))
		case !l.Used.IsZero():
			row.State = a.words.t("Used %s", clock.minute(l.Used))
		case !l.Revoked.IsZero():
			row.State = a.words.t("Revoked %s", clock.minute(l.Revoked))
		default:
			row.State = a.words.t("Ran out %s", clock.minute(l.Expires))
		}
		v.Links = append(v.Links, row)
	}
	a.show(status, "people", v)
	return nil
}

// linkKinds say what a link is for.
var linkKinds = map[desk.InvitationKind]string{desk.InviteFirst: "First start", desk.InviteNew: "Invitation", desk.InviteRecover: "Recovery"}

// roleNames are the roles at the head of a line.
var roleNames = map[dateline.Role]string{dateline.RoleReporter: "Reporter", dateline.RoleEditor: "Editor", dateline.RoleChief: "Chief"}

// linkView is the page that shows a link once.
type linkView struct {
	frame
	For, Until, Link string
}

// showLink shows a link's address, under the newsroom's own.
func (a *asking) showLink(i desk.Invitation, secret string) error {
	p, err := a.Desk.FindPublication(a.r.Context())
	if err != nil {
		return err
	}
	clock, err := a.clock()
	if err != nil {
		return err
	}
	a.show(http.StatusOK, "link", linkView{a.frame(a.words.t("A link for %s", i.Email), "people"), i.Email, clock.minute(i.Expires), auth.LinkAddress(p, secret)})
	return nil
}

func (a *asking) invite() error {
	role, sections := a.chosen()
	i, secret, err := a.Door.Invite(a.r.Context(), a.actor(), a.r.PostFormValue("email"), role, sections)
	if err != nil {
		status, said, wrong, rest := a.said(err)
		if rest != nil {
			return rest
		}
		return a.showPeople(status, said, "", wrong)
	}
	return a.showLink(i, secret)
}

func (a *asking) revokeLink() error {
	id, err := dateline.ParseID(a.r.PostFormValue("id"))
	if err == nil {
		err = a.Door.RevokeInvitation(a.r.Context(), a.actor(), id)
	}
	if err != nil {
		status, said, _, rest := a.said(err)
		if rest != nil {
			return rest
		}
		return a.showPeople(status, said, "", nil)
	}
	return a.showPeople(http.StatusOK, "", a.words.t("The link is good no more."), nil)
}

// personView is the chief's page of one account.
type personView struct {
	frame
	rightsView
	ID, Person, Email string
	Version           int64
	Active            bool
}

func (a *asking) account() (*dateline.Account, error) {
	id, err := One{a.r.PathValue("id")}.id()
	if err != nil {
		return nil, err
	}
	return a.Door.Account(a.r.Context(), a.actor(), id)
}

func (a *asking) personPage() error {
	p, err := a.account()
	if err != nil {
		return err
	}
	return a.showPerson(http.StatusOK, p, "", "", nil)
}

func (a *asking) showPerson(status int, p *dateline.Account, said, done string, wrong map[string]string) (err error) {
	v := personView{frame: a.frame(p.Name, "people"), ID: string(p.ID), Person: p.Name, Email: p.Email, Version: p.Version, Active: p.State == dateline.AccountActive}
	v.Said, v.Done, v.Wrong = said, done, wrong
	role, on := p.Role, p.Sections
	if a.r.PostFormValue("role") != "" && said != "" {
		role, on = a.chosen()
	}
	if v.rightsView, err = a.rights(role, on); err != nil {
		return err
	}
	a.show(status, "person", v)
	return nil
}

// personAfter shows an account again with what was done, or what is wrong.
func (a *asking) personAfter(p *dateline.Account, err error, done string) error {
	if err == nil {
		return a.showPerson(http.StatusOK, p, "", a.words.t(done), nil)
	}
	status, said, wrong, rest := a.said(err)
	if rest != nil {
		return rest
	}
	now, gone := a.account()
	if gone != nil {
		return gone
	}
	return a.showPerson(status, now, said, "", wrong)
}

func (a *asking) version() int64 {
	n, err := strconv.ParseInt(a.r.PostFormValue("version"), 10, 64)
	if err != nil || n < 1 {
		return -1 // of no account
	}
	return n
}

func (a *asking) changePerson() error {
	p, err := a.account()
	if err != nil {
		return err
	}
	role, sections := a.chosen()
	changed, err := a.Door.ChangeAccount(a.r.Context(), a.actor(), p.ID, a.version(), auth.Change{Name: a.r.PostFormValue("name"), Role: role, Sections: sections})
	return a.personAfter(changed, err, "Saved. Sessions of this account get new secrets at once.")
}

func (a *asking) endPerson() error {
	p, err := a.account()
	if err != nil {
		return err
	}
	ended, err := a.Door.EndAccount(a.r.Context(), a.actor(), p.ID, a.version())
	return a.personAfter(ended, err, "The account has ended, and every session with it.")
}

func (a *asking) recoverPerson() error {
	p, err := a.account()
	if err != nil {
		return err
	}
	i, secret, err := a.Door.Recover(a.r.Context(), a.actor(), p.ID)
	if err != nil {
		return a.personAfter(p, err, "")
	}
	return a.showLink(i, secret)
}
