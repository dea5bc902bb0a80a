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
	Account  ID     // empty for tokens and for the program itself
	Token    ID     // of the token that it bears; empty for accounts and for the program itself
	Name     string // as it stands in the audit
	Role     Role
	Sections []ID // where the role holds; everywhere where there is none. Elsewhere one reads
}

// Holder tells actors apart whatever they are called: it is the id of the account or the token. The program itself has its name.
func (a Actor) Holder() string {
	switch {
	case a.Account != "":
		return string(a.Account)
	case a.Token != "":
		return string(a.Token)
	}
	return a.Name
}

// holds says whether the actor's role holds in a section; "" is that of pages and of articles that have none yet.
func (a Actor) holds(section ID) bool {
	return len(a.Sections) == 0 || slices.Contains(a.Sections, section)
}

// Act is something that can be done at the desk. Desk steps leave an audit line; acts also append to the record.
type Act string

// Desk steps and acts.
const (
	ActRead          Act = "read"
	ActCreate        Act = "create"
	ActSave          Act = "save"
	ActNote          Act = "note"
	ActAnswer        Act = "answer_note"
	ActDone          Act = "done_note" // also to open one again
	ActSuggest       Act = "suggest"
	ActTake          Act = "take_suggestion"
	ActLeave         Act = "leave_suggestion"
	ActSubmit        Act = "submit"
	ActReturn        Act = "return"
	ActSchedule      Act = "schedule"
	ActUnschedule    Act = "unschedule"
	ActEmbargo       Act = "embargo"
	ActLiftEmbargo   Act = "lift_embargo" // also to shorten one
	ActHold          Act = "hold"
	ActLiftHold      Act = "lift_hold"
	ActPreview       Act = "preview" // to make or end a link by which a draft is seen without an account
	ActPublish       Act = "publish"
	ActWithdraw      Act = "withdraw"       // killed, expired, merged
	ActWithdrawLegal Act = "withdraw_legal" // legal
	ActRestore       Act = "restore"
	ActRestoreLegal  Act = "restore_legal"
	ActMoveAddress   Act = "move_address"
	ActRedact        Act = "redact"        // remove text for good
	ActErase         Act = "erase"         // remove a person for good
	ActDescribe      Act = "describe"      // make or change topics, persons and pictures
	ActPublishStory  Act = "publish_story" // publish, merge, split or withdraw a running story
	ActAdminister    Act = "administer"    // sections, the publication, accounts, tokens, imports
	ActOwn           Act = "own_account"   // one's own ways to sign in, and sessions
	ActArrange       Act = "arrange"       // save, schedule or unschedule a draft front, or take an old arrangement up again
	ActPublishFront  Act = "publish_front"
	ActFollow        Act = "follow"     // read the record's entries with their bodies
	ActPostEntry     Act = "post_entry" // of a live coverage
	ActEditEntry     Act = "edit_entry" // also to pin, to mark as key and to correct one
	ActDeleteEntry   Act = "delete_entry"
	ActSteerLive     Act = "steer_live" // its state and its summary
)

// rule is one line of the table: who may, and in which states of the article.
type rule struct {
	roles   []Role
	readers []Readers    // nil: the act has no article
	drafts  []DraftState // nil: every one
	advice  Phrase       // what to do when the state does not allow it
	whole   bool         // only for a role that holds in all sections
	// everywhere marks what a role may in sections where it does not hold.
	everywhere bool
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
	ActRead:          {roles: everyone, everywhere: true},
	ActCreate:        {roles: everyone},
	ActSave:          {roles: everyone, readers: anyState},
	ActNote:          {roles: everyone, readers: anyState},
	ActAnswer:        {roles: everyone, readers: anyState},
	ActDone:          {roles: everyone, readers: anyState},
	ActSuggest:       {roles: everyone, readers: anyState},
	ActTake:          {roles: everyone, readers: anyState},
	ActLeave:         {roles: everyone, readers: anyState},
	ActSubmit:        {roles: everyone, readers: anyState, drafts: []DraftState{DraftOpen}, advice: "only a draft with unsubmitted changes is submitted; save something first"},
	ActReturn:        {roles: editors, readers: anyState, drafts: []DraftState{DraftSubmitted}, advice: "only a submitted draft is returned"},
	ActSchedule:      {roles: editors, readers: notDown, drafts: pending, advice: "only a draft of an article that is not withdrawn is scheduled; save a draft, or restore the article first"},
	ActUnschedule:    {roles: editors, readers: notDown, drafts: []DraftState{DraftScheduled}, advice: "it is not scheduled"},
	ActEmbargo:       {roles: editors, readers: anyState},
	ActLiftEmbargo:   {roles: chiefs, readers: anyState},
	ActHold:          {roles: editors, readers: anyState},
	ActLiftHold:      {roles: chiefs, readers: anyState},
	ActPreview:       {roles: editors, readers: anyState},
	ActPublish:       {roles: editors, readers: notDown, drafts: pending, advice: "only an unpublished draft goes out; save a draft, or restore the article first"},
	ActWithdraw:      {roles: editors, readers: []Readers{Published}, advice: "only a published article is withdrawn"},
	ActWithdrawLegal: {roles: chiefs, readers: []Readers{Published}, advice: "only a published article is withdrawn"},
	ActRestore:       {roles: editors, readers: []Readers{Withdrawn}, advice: "only a withdrawn article is restored"},
	ActRestoreLegal:  {roles: chiefs, readers: []Readers{Withdrawn}, advice: "only a withdrawn article is restored"},
	ActMoveAddress:   {roles: editors, readers: []Readers{Published}, advice: "only a published article has an address to move"},
	ActRedact:        {roles: chiefs, readers: []Readers{Published, Withdrawn}, advice: "only what was published is redacted; a draft is changed"},
	ActErase:         {roles: chiefs, whole: true},
	ActPostEntry:     {roles: editors, readers: []Readers{Published}, advice: "entries are posted to a published live coverage; publish it first"},
	ActEditEntry:     {roles: editors, readers: []Readers{Published}, advice: "only the entries of a published live coverage are changed"},
	ActDeleteEntry:   {roles: editors, readers: []Readers{Published}, advice: "only the entries of a published live coverage are removed"},
	ActSteerLive:     {roles: editors, readers: []Readers{Published}, advice: "only a published live coverage is begun, paused or ended; publish it first"},
	ActDescribe:      {roles: everyone, everywhere: true},
	ActPublishStory:  {roles: editors},
	ActAdminister:    {roles: chiefs, whole: true},
	ActOwn:           {roles: everyone, everywhere: true},
	ActArrange:       {roles: editors},
	ActPublishFront:  {roles: editors},
	ActFollow:        {roles: []Role{RoleFollower, RoleChief}, whole: true},
}

// Can asks whether an actor may do an act to a subject; the subject is nil for acts that have no article. An article
// stands in the section of its last saved content; one that is about to be saved is asked again with the new content, so
// that nobody moves it into or out of a section where the role does not hold. The answer is
// nil, EUnauthorized, EForbidden, or EState with what can be done instead. Locks are asked separately, because their
// answer depends on the hour.
func Can(actor Actor, act Act, subject *Article) error {
	r, ok := rules[act]
	if !ok {
		return Errorf(EInternal, "the act %q stands in no line of the table", act)
	}
	if actor.Role == "" {
		return Errorf(EUnauthorized, "nobody is signed in: sign in at /sign-in, or send a token made with `dateline token create NAME --role editor`")
	}
	if !slices.Contains(r.roles, actor.Role) {
		return Errorf(EForbidden, "%s is not for the role %s: it needs %s", words(act), actor.Role, roleNames(r.roles))
	}
	if r.whole && len(actor.Sections) > 0 {
		return Errorf(EForbidden, "%s concerns the whole paper, and your role holds in some of its sections only; ask a chief of all", words(act))
	}
	if subject != nil && !r.everywhere && !actor.holds(subject.Content.Section) {
		return Errorf(EForbidden, "%s: your role holds in %s only, and this is not there; here you read", words(act), sectionCount(len(actor.Sections)))
	}
	if r.readers == nil || subject == nil {
		return nil
	}
	if !slices.Contains(r.readers, subject.Readers) || r.drafts != nil && !slices.Contains(r.drafts, subject.Draft) {
		return Errorf(EState, "%s: the article is %s, its draft %s; %s", words(act), subject.Readers, subject.Draft, r.advice)
	}
	if writes(act) && actor.Role == RoleReporter && (subject.Draft == DraftSubmitted || subject.Draft == DraftScheduled) {
		return Errorf(EForbidden, "the draft is %s: suggest what you would change, or ask an editor to return it before you go on writing", subject.Draft)
	}
	return nil
}

// writes says whether an act changes the words that go out.
func writes(act Act) bool { return act == ActSave || act == ActTake || act == ActLeave }

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

// CanArrange asks whether an actor may do an act to a section's front, or to home's where the section is "", which only a
// role that holds everywhere arranges.
func CanArrange(actor Actor, act Act, section ID) error {
	if err := Can(actor, act, nil); err != nil {
		return err
	}
	if section == "" && len(actor.Sections) > 0 {
		return Errorf(EForbidden, "%s: home concerns the whole paper, and your role holds in some of its sections only; ask somebody whose role holds in all", words(act))
	}
	return Can(actor, act, &Article{Content: Content{Section: section}})
}

func words(a Act) Phrase { return Phrase(strings.ReplaceAll(string(a), "_", " ")) }

func roleNames(roles []Role) Sentence {
	s := Say("%s", roles[0])
	for _, r := range roles[1:] {
		s = Say("%s or %s", s, r)
	}
	return s
}

func sectionCount(n int) Sentence {
	if n == 1 {
		return Say("one section")
	}
	return Say("%d sections", n)
}
