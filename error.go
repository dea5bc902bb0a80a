package dateline

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Code says what kind of thing went wrong. One table in newsroom maps codes to HTTP statuses.
type Code string

// The codes.
const (
	EInvalid      Code = "invalid"      // the input cannot be used; the message says where and why
	EUnauthorized Code = "unauthorized" // nobody is known to be asking
	EForbidden    Code = "forbidden"    // the actor's role does not allow it
	ENotFound     Code = "not_found"    // there is no such thing
	EConflict     Code = "conflict"     // the version named is not the current one
	EState        Code = "state"        // the article's state does not allow the act now
	ELocked       Code = "locked"       // an embargo or a legal hold stands in the way
	ECheck        Code = "checks"       // what the chief has set to be checked before publishing is not met
	EMissing      Code = "missing"      // a required precondition was not named (If-Match)
	ETooLarge     Code = "too_large"    // the input is over its limit
	ETooMany      Code = "too_many"     // asked too often; Wait says for how long to stop
	EUnavailable  Code = "unavailable"  // it cannot be done at the moment; the message says until when
	EInternal     Code = "internal"     // a fault of the program or its machine
)

// Field names one part of the input that is wrong, by its JSON path, and why.
type Field struct {
	Path    string    `json:"path"`
	Message string    `json:"message"`
	Check   CheckName `json:"check,omitempty"` // where the code is ECheck: the check that is not met
	Said    Sentence  `json:"-"`               // what Message says, for other languages; it is its own English where this says nothing
}

// Wrong makes the field of an error that a part of the input has by itself.
func Wrong(path string, err error) Field {
	return Field{Path: path, Message: err.Error(), Said: Say("%s", err)}
}

// Sentence gives the message for other languages.
func (f *Field) Sentence() Sentence {
	if f.Said.Format == "" && f.Said.Text == "" {
		return Sentence{Format: literally(f.Message)}
	}
	return f.Said
}

// Error is a code, a message for the person who asked, and a cause for the log.
type Error struct {
	Code    Code
	Message string
	Fields  []Field
	// Current is the article as it is now, where the code is EConflict.
	Current *Article
	// Yours is what the stale save carried, where the code is EConflict and there was a text.
	Yours *Content
	// CurrentFront and YourFront are the same two of a front.
	CurrentFront *Front
	YourFront    *FrontContent
	// Wait is how long to stop asking, where the code is ETooMany.
	Wait  time.Duration
	Cause error
	// format and args are what Message was made of, for other languages.
	format string
	args   []any
}

// Sentence gives what Error says, for other languages.
func (e *Error) Sentence() Sentence {
	s := e.Alone()
	for i := range e.Fields {
		s = Say("%s; %s: %s", s, e.Fields[i].Path, e.Fields[i].Sentence())
	}
	if e.Cause != nil {
		s = Say("%s: %v", s, e.Cause)
	}
	return s
}

// Alone gives the message without fields and cause, for other languages.
func (e *Error) Alone() Sentence {
	if e.format != "" && fmt.Sprintf(e.format, e.args...) == e.Message {
		return Say(e.format, e.args...)
	}
	return Sentence{Format: literally(e.Message)}
}

// Error gives the message and, for the log, the cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Path, f.Message)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Errorf makes an Error of a code and a public message.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), format: format, args: args}
}

// ErrorCode returns the code of err, EInternal where it has none, and "" for nil.
func ErrorCode(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return EInternal
}

// fields collects what is wrong with an input.
type fields []Field

func (f *fields) add(path, format string, args ...any) {
	*f = append(*f, Field{Path: path, Message: fmt.Sprintf(format, args...), Said: Say(format, args...)})
}

func (f fields) err(what Phrase) error {
	if len(f) == 0 {
		return nil
	}
	e := Errorf(EInvalid, "%s cannot be used as it is", what)
	e.Fields = f
	return e
}
