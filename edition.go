package dateline

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Change is why an edition was made.
type Change string

// The kinds of change. All but first, imported and minor carry one public note.
const (
	ChangeFirst         Change = "first"
	ChangeImported      Change = "imported"
	ChangeMinor         Change = "minor"
	ChangeUpdate        Change = "update"
	ChangeCorrection    Change = "correction"
	ChangeClarification Change = "clarification"
	ChangeRetraction    Change = "retraction"
)

// NeedsNote says whether a change carries a public sentence.
func (c Change) NeedsNote() bool {
	return c == ChangeUpdate || c == ChangeCorrection || c == ChangeClarification || c == ChangeRetraction
}

// Wrong says whether a change tells readers that something was wrong.
func (c Change) Wrong() bool {
	return c == ChangeCorrection || c == ChangeClarification || c == ChangeRetraction
}

// Edition is an article as published at one moment.
type Edition struct {
	Article  ID        `json:"article"`
	Number   int       `json:"number"` // from 1
	Change   Change    `json:"change"`
	Note     string    `json:"note,omitempty"`
	Corrects int       `json:"corrects,omitempty"` // the block of the body that a correction or clarification is about, from 1
	Sequence int64     `json:"sequence"`           // its entry in the record
	Recorded time.Time `json:"recorded"`           // when the record took it, UTC
	Public   time.Time `json:"public"`             // the instant readers are shown, UTC
	First    time.Time `json:"first_published"`    // of edition 1
	Updated  time.Time `json:"updated,omitzero"`   // the public instant of the latest edition that is not minor
	Version  int64     `json:"content_version"`    // the saved version it shows
	By       string    `json:"by"`
}

// CheckChange refuses a change that does not fit the edition it would make: edition 1 is first, later ones are not, and
// the note is there when the kind asks for it and only then.
func CheckChange(number int, change Change, note string) error {
	var f fields
	switch {
	case number == 1 && change != ChangeFirst && change != ChangeImported:
		f.add("change", "the first edition's change is %q, not %q", ChangeFirst, string(change))
	case number > 1 && change != ChangeMinor && !change.NeedsNote():
		f.add("change", "%.40q is no change for a later edition; use minor, update, correction, clarification or retraction", string(change))
	}
	note = strings.TrimSpace(note)
	if change.NeedsNote() && note == "" {
		f.add("note", "readers are told what changed: add one sentence (only minor changes have none)")
	}
	if !change.NeedsNote() && note != "" {
		f.add("note", "a change of kind %q carries no public note", string(change))
	}
	if n := utf8.RuneCountInString(note); n > MaxNote {
		f.add("note", "it has %d characters; %d at most", n, MaxNote)
	}
	if err := PlainText(note); err != nil {
		f.add("note", "%v", err)
	}
	return f.err("the change")
}

// CheckCorrects refuses a paragraph that a change cannot name: only a correction or clarification is about one, and the
// body has so many blocks.
func CheckCorrects(change Change, corrects, blocks int) error {
	var f fields
	switch {
	case corrects == 0:
	case change != ChangeCorrection && change != ChangeClarification:
		f.add("corrects", "only a correction or a clarification names the paragraph it is about")
	case corrects < 0 || corrects > blocks:
		f.add("corrects", "there is no paragraph %d; the text has %d", corrects, blocks)
	}
	return f.err("the change")
}

// Times gives the first and updated instants of the edition that is made at an instant. A minor edition moves neither;
// no edition is updated before it was first published.
func Times(change Change, at, first, updated time.Time) (newFirst, newUpdated time.Time) {
	if first.IsZero() {
		return at, at
	}
	if updated.Before(first) {
		updated = first
	}
	if change == ChangeMinor {
		return first, updated
	}
	if at.Before(updated) {
		return first, updated
	}
	return first, at
}
