package dateline

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of an account's parts, in characters.
const (
	MaxAccountName = 80
	MaxEmail       = 254 // RFC 5321, section 4.5.3.1.3, less its brackets
)

// AccountState says whether somebody works in the newsroom still.
type AccountState string

// The states of an account.
const (
	AccountActive AccountState = "active"
	AccountEnded  AccountState = "ended" // signs in no more; what it did stays under its name
)

// Account is somebody who works in the newsroom.
type Account struct {
	ID       ID           `json:"id"`
	Version  int64        `json:"version"`
	Name     string       `json:"name"`  // as it stands in the audit; no two accounts share one
	Email    string       `json:"email"` // what one signs in with; no two accounts share one
	Role     Role         `json:"role"`
	Sections []ID         `json:"sections,omitempty"` // where the role holds; everywhere where there is none
	State    AccountState `json:"state"`
	Rights   int64        `json:"-"` // grows with every change of role, sections or state
	Created  time.Time    `json:"created"`
	Ended    time.Time    `json:"ended,omitzero"`
}

// Actor is the account as it asks for things.
func (a *Account) Actor() Actor {
	return Actor{Account: a.ID, Name: a.Name, Role: a.Role, Sections: a.Sections}
}

// Validate answers EInvalid with the path of each part that cannot be used.
func (a *Account) Validate() error {
	var f fields
	switch n := utf8.RuneCountInString(a.Name); {
	case n == 0 || strings.TrimSpace(a.Name) != a.Name:
		f.add("name", "is needed, without blanks at its ends")
	case n > MaxAccountName:
		f.add("name", "has %d characters; %d at most", n, MaxAccountName)
	case PlainText(a.Name) != nil:
		f.add("name", "holds characters that are no text")
	}
	if err := CheckEmail(a.Email); err != nil {
		f.add("email", "%v", err)
	}
	if err := CheckRights(a.Role, a.Sections); err != nil {
		f.add("role", "%v", err)
	}
	return f.err("the account")
}

// CheckRights answers EInvalid where a role is none of an account, or its sections name one twice.
func CheckRights(role Role, sections []ID) error {
	if !slices.Contains(everyone, role) {
		return Errorf(EInvalid, "%.40q is no role of an account; use reporter, editor or chief", string(role))
	}
	for i, id := range sections {
		if _, err := ParseID(string(id)); err != nil {
			return err
		}
		if slices.Contains(sections[:i], id) {
			return Errorf(EInvalid, "the section %s is named twice", id)
		}
	}
	return nil
}

// CheckEmail answers EInvalid for what is no e-mail address.
func CheckEmail(s string) error {
	at, err := mail.ParseAddress(s)
	if err != nil || at.Address != s || at.Name != "" || len(s) > MaxEmail || PlainText(s) != nil {
		return Errorf(EInvalid, "%.80q is no e-mail address, such as meera@estuary.example", s)
	}
	return nil
}

// FoldEmail is the form in which two e-mail addresses are compared: providers treat letters' case as the same.
func FoldEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
