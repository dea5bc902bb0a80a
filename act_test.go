package dateline_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
)

// The columns of a row: for each state readers see, the four states of the draft.
var (
	readersOrder = []dateline.Readers{dateline.Unpublished, dateline.Published, dateline.Withdrawn}
	draftsOrder  = []dateline.DraftState{dateline.DraftNone, dateline.DraftOpen, dateline.DraftSubmitted, dateline.DraftScheduled}
	rolesOrder   = []dateline.Role{dateline.RoleReporter, dateline.RoleEditor, dateline.RoleChief, dateline.RoleFollower}
)

const (
	all   = "++++ ++++ ++++"
	never = "---- ---- ----" // the role is refused
)

// allowed is what the newsroom agreed on, cell by cell. A line holds the columns unpublished, published and withdrawn,
// and in each the drafts none, draft, submitted and scheduled: + is yes, - is refused to the role, ! is refused because
// of the state. The four lines are reporter, editor, chief and follower.
var allowed = map[dateline.Act][4]string{
	dateline.ActRead:   {all, all, all, never},
	dateline.ActCreate: {all, all, all, never},
	dateline.ActSave:   {"++-- ++-- ++--", all, all, never},
	dateline.ActSubmit: {"!+!! !+!! !+!!", "!+!! !+!! !+!!", "!+!! !+!! !+!!", never},
	dateline.ActReturn: {never, "!!+! !!+! !!+!", "!!+! !!+! !!+!", never},
	dateline.ActSchedule: {
		never, "!+++ !+++ !!!!", "!+++ !+++ !!!!", never},
	dateline.ActUnschedule: {
		never, "!!!+ !!!+ !!!!", "!!!+ !!!+ !!!!", never},
	dateline.ActEmbargo:       {never, all, all, never},
	dateline.ActLiftEmbargo:   {never, never, all, never},
	dateline.ActHold:          {never, all, all, never},
	dateline.ActLiftHold:      {never, never, all, never},
	dateline.ActPublish:       {never, "!+++ !+++ !!!!", "!+++ !+++ !!!!", never},
	dateline.ActWithdraw:      {never, "!!!! ++++ !!!!", "!!!! ++++ !!!!", never},
	dateline.ActWithdrawLegal: {never, never, "!!!! ++++ !!!!", never},
	dateline.ActRestore:       {never, "!!!! !!!! ++++", "!!!! !!!! ++++", never},
	dateline.ActRestoreLegal:  {never, never, "!!!! !!!! ++++", never},
	dateline.ActMoveAddress:   {never, "!!!! ++++ !!!!", "!!!! ++++ !!!!", never},
	dateline.ActDescribe:      {all, all, all, never},
	dateline.ActPublishStory:  {never, all, all, never},
	dateline.ActAdminister:    {never, never, all, never},
	dateline.ActOwn:           {all, all, all, never},
	dateline.ActFollow:        {never, never, all, all},
}

func TestEveryCellOfTheTable(t *testing.T) {
	code := map[byte]dateline.Code{'+': "", '-': dateline.EForbidden, '!': dateline.EState}
	for act, lines := range allowed {
		for r, role := range rolesOrder {
			cells := strings.ReplaceAll(lines[r], " ", "")
			if len(cells) != 12 {
				t.Fatalf("the line of %s for a %s has %d cells", act, role, len(cells))
			}
			for i := range 12 {
				readers, draft := readersOrder[i/4], draftsOrder[i%4]
				t.Run(fmt.Sprintf("%s/%s/%s/%s", act, role, readers, draft), func(t *testing.T) {
					a := &dateline.Article{Readers: readers, Draft: draft}
					err := dateline.Can(dateline.Actor{Name: "x", Role: role}, act, a)
					if got := dateline.ErrorCode(err); got != code[cells[i]] {
						t.Errorf("got %q (%v), want %q", got, err, code[cells[i]])
					}
				})
			}
		}
	}
}

// TestSections: a role that holds in some sections does there what it does elsewhere, and in the others reads. What concerns
// the whole paper is not for it.
func TestSections(t *testing.T) {
	const city, coast = dateline.ID("0190b5f0-6c00-7cc3-98c4-000000000001"), dateline.ID("0190b5f0-6c00-7cc3-98c4-000000000002")
	free := map[dateline.Act]bool{dateline.ActRead: true, dateline.ActDescribe: true, dateline.ActOwn: true}
	whole := map[dateline.Act]bool{dateline.ActAdminister: true, dateline.ActFollow: true}
	for act := range allowed {
		for _, role := range rolesOrder[:3] {
			for _, readers := range readersOrder {
				for _, draft := range draftsOrder {
					everywhere := dateline.Actor{Name: "x", Role: role}
					inCity := dateline.Actor{Name: "x", Role: role, Sections: []dateline.ID{city}}
					in := func(section dateline.ID) *dateline.Article {
						return &dateline.Article{Readers: readers, Draft: draft, Content: dateline.Content{Section: section}}
					}
					want := dateline.ErrorCode(dateline.Can(everywhere, act, in(city)))
					if whole[act] && want == "" {
						want = dateline.EForbidden
					}
					if got := dateline.ErrorCode(dateline.Can(inCity, act, in(city))); got != want {
						t.Errorf("%s by a %s of the section, %s/%s: %q, want %q", act, role, readers, draft, got, want)
					}
					if !free[act] {
						want = dateline.EForbidden
					}
					for _, section := range []dateline.ID{coast, ""} {
						if got := dateline.ErrorCode(dateline.Can(inCity, act, in(section))); got != want {
							t.Errorf("%s by a %s of another section, %s/%s in %q: %q, want %q", act, role, readers, draft, section, got, want)
						}
					}
				}
			}
		}
	}
	inCity := dateline.Actor{Name: "x", Role: dateline.RoleChief, Sections: []dateline.ID{city}}
	for act := range allowed {
		if err := dateline.Can(inCity, act, nil); (err == nil) == whole[act] {
			t.Errorf("%s before the article is known: %v", act, err)
		}
	}
}

func TestCanWithoutRoleOrLine(t *testing.T) {
	for act := range allowed {
		if err := dateline.Can(dateline.Actor{}, act, nil); dateline.ErrorCode(err) != dateline.EUnauthorized {
			t.Errorf("%s without a token: %v", act, err)
		}
		if err := dateline.Can(dateline.Actor{Role: "owner"}, act, nil); dateline.ErrorCode(err) != dateline.EForbidden {
			t.Errorf("%s for an unknown role: %v", act, err)
		}
	}
	if err := dateline.Can(dateline.Actor{Role: dateline.RoleChief}, "burn", nil); dateline.ErrorCode(err) != dateline.EInternal {
		t.Errorf("an act without a line: %v", err)
	}
}

func TestStateErrorSaysWhatToDo(t *testing.T) {
	a := &dateline.Article{Readers: dateline.Withdrawn, Draft: dateline.DraftOpen}
	err := dateline.Can(dateline.Actor{Role: dateline.RoleEditor}, dateline.ActPublish, a)
	if err == nil || !strings.Contains(err.Error(), "restore") || !strings.Contains(err.Error(), "withdrawn") {
		t.Errorf("the message names neither the state nor the way out: %v", err)
	}
}

func TestWithdrawAct(t *testing.T) {
	tests := []struct {
		kind              dateline.WithdrawalKind
		withdraw, restore dateline.Act
		code              dateline.Code
	}{
		{dateline.WithdrawnKilled, dateline.ActWithdraw, dateline.ActRestore, ""},
		{dateline.WithdrawnExpired, dateline.ActWithdraw, dateline.ActRestore, ""},
		{dateline.WithdrawnMerged, dateline.ActWithdraw, dateline.ActRestore, ""},
		{dateline.WithdrawnLegal, dateline.ActWithdrawLegal, dateline.ActRestoreLegal, ""},
		{"burnt", "", "", dateline.EInvalid},
		{"", "", "", dateline.EInvalid},
	}
	for _, tt := range tests {
		w, r, err := dateline.WithdrawAct(tt.kind)
		if w != tt.withdraw || r != tt.restore || dateline.ErrorCode(err) != tt.code {
			t.Errorf("%q: %s, %s, %v", tt.kind, w, r, err)
		}
	}
}
