package newsroom

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"syscall"

	"github.com/danielgtaylor/huma/v2"
	"github.com/datelinehq/dateline"
)

// Problem is what an error looks like to a client: a problem document of RFC 9457. Detail says what to do next.
type Problem struct {
	Type    string           `json:"type" doc:"A relative reference that names the kind of problem" example:"/problems/conflict"`
	Title   string           `json:"title" example:"Conflict"`
	Status  int              `json:"status" example:"409"`
	Detail  string           `json:"detail" doc:"What is wrong, where, and what to do"`
	Code    dateline.Code    `json:"code" example:"conflict"`
	Errors  []dateline.Field `json:"errors,omitempty" doc:"The parts of the input that are wrong"`
	Current *Article         `json:"current,omitempty" doc:"With a conflict: the article as it is now"`
	Yours   *Content         `json:"yours,omitempty" doc:"With a conflict: what the refused save carried"`

	CurrentFront *dateline.Front        `json:"current_front,omitempty" doc:"With a conflict: the front as it is now"`
	YourFront    *dateline.FrontContent `json:"your_front,omitempty" doc:"With a conflict: what the refused save carried"`
}

// Error gives the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names the media type of problem documents.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statuses is the one table of codes and HTTP statuses.
var statuses = map[dateline.Code]int{
	dateline.EInvalid:      http.StatusUnprocessableEntity,
	dateline.EUnauthorized: http.StatusUnauthorized,
	dateline.EForbidden:    http.StatusForbidden,
	dateline.ENotFound:     http.StatusNotFound,
	dateline.EConflict:     http.StatusConflict,
	dateline.EState:        http.StatusConflict,
	dateline.ELocked:       http.StatusLocked,
	dateline.ECheck:        http.StatusUnprocessableEntity,
	dateline.EMissing:      http.StatusPreconditionRequired,
	dateline.ETooLarge:     http.StatusRequestEntityTooLarge,
	dateline.ETooMany:      http.StatusTooManyRequests,
	dateline.EUnavailable:  http.StatusServiceUnavailable,
	dateline.EInternal:     http.StatusInternalServerError,
}

// problem makes an error of the domain into its document, in the language of whoever asks. What is internal goes to the log and not to
// the client.
func (s *server) problem(ctx context.Context, err error) *Problem {
	var e *dateline.Error
	if !errors.As(err, &e) || e.Code == dateline.EInternal {
		if disk := diskFails(err); disk != nil {
			e = disk
		} else if e == nil {
			e = &dateline.Error{Code: dateline.EInternal, Cause: err}
		}
	}
	status, said := statuses[e.Code], e.Alone()
	if e.Code == dateline.EInternal {
		s.Log.Error("a request failed", "error", err)
		said = dateline.Say("something is wrong with the newsroom's machine or program; nothing was changed. Its log says what: tell whoever keeps it")
	}
	p := refusal(ctx, status, said, e.Fields...)
	p.Type, p.Code = "/problems/"+string(e.Code), e.Code
	p.CurrentFront, p.YourFront = e.CurrentFront, e.YourFront
	if e.Current != nil {
		p.Current = newArticle(e.Current)
	}
	if e.Yours != nil {
		c := newContent(*e.Yours)
		p.Yours = &c
	}
	return p
}

// diskFails tells people that a file could not be written because of the disk; nil where that is not what went wrong.
func diskFails(err error) *dateline.Error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return &dateline.Error{Code: dateline.EUnavailable, Message: "the newsroom's disk is full: nothing was changed; make room and try again", Cause: err}
	case errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EIO):
		return &dateline.Error{Code: dateline.EUnavailable, Message: "the newsroom's disk cannot be written to: nothing was changed; tell whoever keeps the machine", Cause: err}
	}
	return nil
}

// refusal is a document of a status, in the language of whoever asks.
func refusal(ctx context.Context, status int, said dateline.Sentence, fields ...dateline.Field) *Problem {
	w := wordsOf(ctx)
	p := &Problem{Title: http.StatusText(status), Status: status, Detail: w.say(said), Code: codeOf(status)}
	p.Type = "/problems/" + string(p.Code)
	for _, f := range fields {
		f.Message = w.say(f.Sentence())
		p.Errors = append(p.Errors, f)
	}
	return p
}

// refused makes the router's own refusals (a body that is not JSON, an unknown field, a wrong type) into documents of
// the same form.
func refused(ctx context.Context, status int, said dateline.Sentence, errs ...error) huma.StatusError {
	var fields []dateline.Field
	for _, err := range errs {
		var detailer huma.ErrorDetailer
		if errors.As(err, &detailer) {
			fields = append(fields, field(detailer.ErrorDetail()))
			continue
		}
		var known *Problem
		if errors.As(err, &known) {
			return known
		}
		if err != nil {
			fields = append(fields, dateline.Wrong("", err))
		}
	}
	return refusal(ctx, status, said, fields...)
}

// refusedOf is refused where it is known what was asked: bytes that are too many are a picture's there, not a text's.
func refusedOf(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
	said := advice(status, message)
	if hint, ok := ctx.Operation().Metadata[tooLarge].(dateline.Sentence); ok && status == http.StatusRequestEntityTooLarge {
		said = hint
	}
	return refused(ctx.Context(), status, said, errs...)
}

// tooLarge is under which an operation keeps what to do about a body that is too long for it.
const tooLarge = "too large"

// told parts what the router says of a value that it does not take: a sentence, and at its end what it would take.
var told = regexp.MustCompile(`^(expected (?:length|number|array length) [<>]= |expected value to be one of |expected string to match pattern |invalid date/time for format )(.+)$`)

// field names the part of the input that the router refused; for one that is missing, that part and not what it is missing in.
func field(d *huma.ErrorDetail) dateline.Field {
	path := d.Location
	if name, ok := strings.CutPrefix(d.Message, "expected required property "); ok {
		name, _, _ = strings.Cut(name, " ")
		path += "." + name
	}
	f := dateline.Field{Path: strings.TrimPrefix(path, "body."), Message: d.Message}
	if m := told.FindStringSubmatch(d.Message); m != nil {
		f.Said = dateline.Say(m[1]+"%s", m[2])
	}
	return f
}

// advice is what to do about one of the router's own refusals.
func advice(status int, message string) dateline.Sentence {
	switch {
	case status == http.StatusRequestEntityTooLarge:
		return dateline.Say("%s; send less at once: a text has its pictures beside it, not inside", dateline.Phrase(message))
	case status == http.StatusUnsupportedMediaType:
		return dateline.Say("send JSON, with the header Content-Type: application/json")
	case message == "validation failed":
		return dateline.Say("the request cannot be used as it is: `errors` names each part that is wrong; /api/v1/openapi.json says what is taken")
	case message == "request body is required":
		return dateline.Say("%s: send the JSON object that /api/v1/openapi.json describes", dateline.Phrase(message))
	}
	return dateline.Say("%s", dateline.Phrase(message))
}

func codeOf(status int) dateline.Code {
	switch status {
	case http.StatusBadRequest, http.StatusUnsupportedMediaType, http.StatusMethodNotAllowed, http.StatusRequestTimeout:
		return dateline.EInvalid
	}
	for code, s := range statuses {
		if s == status && code != dateline.EState && code != dateline.ECheck {
			return code
		}
	}
	return dateline.EInternal
}
