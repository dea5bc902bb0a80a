package dateline

import (
	"slices"
	"strings"
)

// Role is what somebody is in the newsroom.
type Role string

// The roles: a reporter writes and submits, an editor also publishes and kills, a chief also withdraws for law and
// administers. A follower only reads the record.
const (
	RoleReporter Role = "reporter"
	RoleEditor   Role = "editor"
	RoleChief    Role = "chief"
	RoleFollower Role = "follower"
)

// Actor is whoever asks for something.
type Actor struct {
	Name string // as it stands in the audit
	Role Role
}

// Act is something that can be done at the desk. Desk steps leave an audit line; acts also append to the record.
type Act string

// Desk steps and acts.
const (
	ActRead          Act = "read"
	ActCreate        Act = "create"
	ActSave          Act = "save"
	ActSubmit        Act = "submit"
	ActReturn        Act = "return"
	ActSchedule      Act = "schedule"
	ActUnschedule    Act = "unschedule"
	ActEmbargo       Act = "embargo"
	ActLiftEmbargo   Act = "lift_embargo" // also to shorten one
	ActHold          Act = "hold"
	ActLiftHold      Act = "lift_hold"
	ActPublish       Act = "publish"
	ActWithdraw      Act = "withdraw"       // killed, expired, merged
	ActWithdrawLegal Act = "withdraw_legal" // legal
	ActRestore       Act = "restore"
	ActRestoreLegal  Act = "restore_legal"
	ActMoveAddress   Act = "move_address"
	ActDescribe      Act = "describe"   // make or change topics, persons and pictures
	ActAdminister    Act = "administer" // sections, the publication, tokens, imports
	ActFollow        Act = "follow"     // read the record's entries with their bodies
)

// rule is one line of the table: who may, and in which states of the article.
type rule struct {
	roles   []Role
	readers []Readers    // nil: the act has no article
	drafts  []DraftState // nil: every one
	advice  string       // what to do when the state does not allow it
}

var (
	everyone = []Role{RoleReporter, RoleEditor, RoleChief}
	editors  = []Role{RoleEditor, RoleChief}
	chiefs   = []Role{RoleChief}
	anyState = []Readers{Unpublished, Published, Withdrawn}
	notDown  = []Readers{Unpublished, Published}
	pending  = []DraftState{DraftOpen, DraftSubmitted, DraftScheduled}
)

// rules is the one table of what is allowed in which state, for which role.
var rules = map[Act]rule{
	ActRead:          {roles: everyone},
	ActCreate:        {roles: everyone},
	ActSave:          {roles: everyone, readers: anyState},
	ActSubmit:        {everyone, anyState, []DraftState{DraftOpen}, "only a draft with unsubmitted changes is submitted; save something first"},
	ActReturn:        {editors, anyState, []DraftState{DraftSubmitted}, "only a submitted draft is returned"},
	ActSchedule:      {editors, notDown, pending, "only a draft of an article that is not withdrawn is scheduled; save a draft, or restore the article first"},
	ActUnschedule:    {editors, notDown, []DraftState{DraftScheduled}, "it is not scheduled"},
	ActEmbargo:       {roles: editors, readers: anyState},
	ActLiftEmbargo:   {roles: chiefs, readers: anyState},
	ActHold:          {roles: editors, readers: anyState},
	ActLiftHold:      {roles: chiefs, readers: anyState},
	ActPublish:       {editors, notDown, pending, "only an unpublished draft goes out; save a draft, or restore the article first"},
	ActWithdraw:      {editors, []Readers{Published}, nil, "only a published article is withdrawn"},
	ActWithdrawLegal: {chiefs, []Readers{Published}, nil, "only a published article is withdrawn"},
	ActRestore:       {editors, []Readers{Withdrawn}, nil, "only a withdrawn article is restored"},
	ActRestoreLegal:  {chiefs, []Readers{Withdrawn}, nil, "only a withdrawn article is restored"},
	ActMoveAddress:   {editors, []Readers{Published}, nil, "only a published article has an address to move"},
	ActDescribe:      {roles: everyone},
	ActAdminister:    {roles: chiefs},
	ActFollow:        {roles: []Role{RoleFollower, RoleChief}},
}

// Can asks whether an actor may do an act to a subject; the subject is nil for acts that have no article. The answer is
// nil, EUnauthorized, EForbidden, or EState with what can be done instead. Locks are asked separately, because their
// answer depends on the hour.
func Can(actor Actor, act Act, subject *Article) error {
	r, ok := rules[act]
	if !ok {
		return Errorf(EInternal, "the act %q stands in no line of the table", act)
	}
	if actor.Role == "" {
		return Errorf(EUnauthorized, "this needs a token: make one with `dateline token create NAME --role editor`")
	}
	if !slices.Contains(r.roles, actor.Role) {
		return Errorf(EForbidden, "%s is not for a %s: it needs %s", words(act), actor.Role, roleNames(r.roles))
	}
	if r.readers == nil || subject == nil {
		return nil
	}
	if !slices.Contains(r.readers, subject.Readers) || r.drafts != nil && !slices.Contains(r.drafts, subject.Draft) {
		return Errorf(EState, "%s: the article is %s, its draft %s; %s", words(act), subject.Readers, subject.Draft, r.advice)
	}
	if act == ActSave && actor.Role == RoleReporter && (subject.Draft == DraftSubmitted || subject.Draft == DraftScheduled) {
		return Errorf(EForbidden, "the draft is %s: ask an editor to return it before you go on writing", subject.Draft)
	}
	return nil
}

// WithdrawAct is the act that a kind of withdrawal is, and restoring its counterpart.
func WithdrawAct(kind WithdrawalKind) (withdraw, restore Act, err error) {
	switch kind {
	case WithdrawnKilled, WithdrawnExpired, WithdrawnMerged:
		return ActWithdraw, ActRestore, nil
	case WithdrawnLegal:
		return ActWithdrawLegal, ActRestoreLegal, nil
	}
	return "", "", Errorf(EInvalid, "%.40q is no kind of withdrawal; use killed, legal, expired or merged", string(kind))
}

func words(a Act) string { return strings.ReplaceAll(string(a), "_", " ") }

func roleNames(roles []Role) string {
	s := make([]string, len(roles))
	for i, r := range roles {
		s[i] = string(r)
	}
	return strings.Join(s, " or ")
}
