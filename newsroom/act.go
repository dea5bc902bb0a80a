package newsroom

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// One names a thing in the address. It is exported, as is all that inputs embed, because the router reads exported
// fields only.
type One struct {
	ID string `path:"id" doc:"Its id"`
}

// Versioned names a thing and the version of it that was seen.
type Versioned struct {
	One
	IfMatch string `header:"If-Match" doc:"The version this is based on, in quotation marks: \"7\""`
}

func (v Versioned) target() (t desk.Target, err error) {
	if t.ID, err = v.id(); err != nil {
		return t, err
	}
	t.Version, err = version(v.IfMatch)
	return t, err
}

// version reads the header If-Match.
func version(header string) (int64, error) {
	if header == "" {
		return 0, dateline.Errorf(dateline.EMissing, "name the version you have seen in the header If-Match, such as If-Match: \"7\": it is the `version` that you read")
	}
	s := strings.Trim(strings.TrimPrefix(strings.TrimSpace(header), "W/"), `"`)
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, dateline.Errorf(dateline.EInvalid, "the header If-Match is %.60q and not a version in quotation marks, such as \"7\"", header)
	}
	return n, nil
}

// articleOut is an article with its version as the ETag.
type articleOut struct {
	ETag     string `header:"ETag" doc:"The version, for If-Match"`
	Location string `header:"Location"`
	Body     *Article
}

// after answers a desk step.
func after(r desk.Result, err error) (*articleOut, error) { return answer(r.Article, err) }

func answer(a *dateline.Article, err error) (*articleOut, error) {
	if err != nil {
		return nil, err
	}
	return &articleOut{ETag: etag(a.Version), Body: newArticle(a)}, nil
}

type reasonIn struct {
	Versioned
	Body struct {
		Reason string `json:"reason,omitempty" doc:"For colleagues; needed, and kept in the audit"`
	}
}

type stepIn struct {
	Versioned
}

type scheduleIn struct {
	Versioned
	Body struct {
		Due    time.Time       `json:"due" doc:"When it goes out, with its zone"`
		Change dateline.Change `json:"change,omitempty" doc:"first where the article was never published"`
		Note   string          `json:"note,omitempty" doc:"What readers are told has changed"`
		// Corrects names a paragraph.
		Corrects int `json:"corrects,omitempty" doc:"The block of the body that a correction or clarification is about, from 1"`
	}
}

type embargoIn struct {
	Versioned
	Body struct {
		Until  time.Time `json:"until" doc:"When publication is allowed again, with its zone; a chief may name an earlier one than stands"`
		Reason string    `json:"reason,omitempty"`
	}
}

type liftIn struct {
	Versioned
	Reason string `query:"reason" doc:"Why it is lifted; needed, and kept in the audit"`
}

func (s *server) submit(ctx context.Context, in *stepIn) (*articleOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return after(s.Desk.Submit(ctx, actor(ctx), t))
}

func (s *server) giveBack(ctx context.Context, in *reasonIn) (*articleOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return after(s.Desk.Return(ctx, actor(ctx), t, in.Body.Reason))
}

func (s *server) schedule(ctx context.Context, in *scheduleIn) (*articleOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return after(s.Desk.Schedule(ctx, actor(ctx), t, in.Body.Due, desk.Publishing{Change: in.Body.Change, Note: in.Body.Note, Corrects: in.Body.Corrects}))
}

func (s *server) unschedule(ctx context.Context, in *stepIn) (*articleOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return after(s.Desk.Unschedule(ctx, actor(ctx), t))
}

func (s *server) embargo(ctx context.Context, in *embargoIn) (*articleOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return after(s.Desk.Embargo(ctx, actor(ctx), t, in.Body.Until, in.Body.Reason))
}

func (s *server) hold(ctx context.Context, in *reasonIn) (*articleOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return after(s.Desk.Hold(ctx, actor(ctx), t, in.Body.Reason))
}

func (s *server) liftEmbargo(ctx context.Context, in *liftIn) (*articleOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return after(s.Desk.LiftEmbargo(ctx, actor(ctx), t, in.Reason))
}

func (s *server) liftHold(ctx context.Context, in *liftIn) (*articleOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return after(s.Desk.LiftHold(ctx, actor(ctx), t, in.Reason))
}

// Repeatable is what acts have in common: a version, and a key that makes a repeated request the same one.
type Repeatable struct {
	Versioned
	Prefer         string `header:"Prefer" doc:"With respond-async the answer does not wait for the receipt, which then fills at /receipts/{sequence}/lines" maxLength:"200"`
	IdempotencyKey string `header:"Idempotency-Key" doc:"A repeated request with the same key returns the first one's receipt" maxLength:"200"`
}

type publishIn struct {
	Repeatable
	Body struct {
		Change dateline.Change `json:"change,omitempty" doc:"Why the edition is made; first where the article was never published"`
		Note   string          `json:"note,omitempty" doc:"What readers are told has changed: one sentence of at most 300 characters"`
		// Corrects names a paragraph.
		Corrects int `json:"corrects,omitempty" doc:"The block of the body that a correction or clarification is about, from 1"`
	}
}

type withdrawIn struct {
	Repeatable
	Body struct {
		Kind   dateline.WithdrawalKind `json:"kind" doc:"killed, legal, expired or merged"`
		Notice string                  `json:"notice,omitempty" doc:"The public sentence on the tombstone"`
		Reason string                  `json:"reason,omitempty" doc:"For colleagues; it is kept in the audit"`
		Into   string                  `json:"into,omitempty" doc:"For merged: the id of the article that takes its place"`
	}
}

type restoreIn struct {
	Repeatable
}

type moveIn struct {
	Repeatable
	Body struct {
		Address string `json:"address" doc:"The new address, beginning with a slash"`
	}
}

type receiptOut struct {
	ETag              string `header:"ETag" doc:"The article's new version"`
	PreferenceApplied string `header:"Preference-Applied"`
	Body              dateline.Receipt

	version int64       // the article's or the front's, after an act that was done now
	front   dateline.ID // what the act was on, where it was on a front
}

// receipt gives an act's receipt: the kept one where the request was a repeated one, and otherwise what the site
// answers now. The act is committed, so whatever the site says the answer is 200.
func (s *server) receipt(ctx context.Context, in *Repeatable, r desk.Result, err error) (*receiptOut, error) {
	if err != nil {
		return nil, err
	}
	out := &receiptOut{}
	if r.Article != nil {
		out.ETag, out.version = etag(r.Article.Version), r.Article.Version
	}
	if r.Front != nil {
		out.ETag, out.version, out.front = etag(r.Front.Version), r.Front.Version, r.Front.ID
	}
	if r.Repeated {
		if kept, err := s.Desk.FindReceipt(ctx, actor(ctx), r.Sequence); err == nil && kept.Confirmed {
			out.Body = *kept
			return out, nil
		}
	}
	if strings.Contains(in.Prefer, "respond-async") && s.ConfirmEach != nil {
		out.Body, out.PreferenceApplied = unasked(r), "respond-async"
		return out, nil
	}
	if out.Body, err = s.confirm(ctx, r.Sequence); err != nil {
		s.Log.Error("an act is done, but the site could not be asked for its receipt", "sequence", r.Sequence, "error", err)
		out.Body = unconfirmed(r)
	}
	return out, nil
}

// unasked is the receipt of an act before any address was asked for.
func unasked(r desk.Result) dateline.Receipt {
	out := dateline.Receipt{Sequence: r.Sequence, Act: string(r.Act), Addresses: []dateline.ReceiptLine{}}
	if a := r.Article; a != nil {
		out.Article, out.Edition, out.Address = a.ID, a.Edition, a.Address
	}
	return out
}

// unconfirmed is the receipt of an act of which nothing could be asked.
func unconfirmed(r desk.Result) dateline.Receipt {
	out := unasked(r)
	out.Addresses = []dateline.ReceiptLine{{Address: out.Address, What: "article",
		Detail: "the site could not be asked; the act is done, and its receipt is made again when it is asked for"}}
	return out
}

// confirm asks the site for an act's receipt and keeps it. A receipt that cannot be kept is still given.
func (s *server) confirm(ctx context.Context, sequence int64) (dateline.Receipt, error) {
	return s.kept(ctx, sequence, func() (dateline.Receipt, error) { return s.Confirm(ctx, sequence) })
}

// confirmEach is confirm that tells of each line.
func (s *server) confirmEach(ctx context.Context, sequence int64, told func(int, dateline.ReceiptLine)) (dateline.Receipt, error) {
	if s.ConfirmEach == nil {
		return s.confirm(ctx, sequence)
	}
	return s.kept(ctx, sequence, func() (dateline.Receipt, error) { return s.ConfirmEach(ctx, sequence, told) })
}

func (s *server) kept(ctx context.Context, sequence int64, make func() (dateline.Receipt, error)) (dateline.Receipt, error) {
	receipt, err := make()
	if err != nil {
		return receipt, err
	}
	if err := s.Desk.SaveReceipt(ctx, &receipt); err != nil {
		s.Log.Warn("a receipt was not kept; it is made again when asked for", "sequence", sequence, "error", err)
	}
	return receipt, nil
}

func (s *server) publish(ctx context.Context, in *publishIn) (*receiptOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	r, err := s.Desk.Publish(ctx, actor(ctx), t, desk.Publishing{Change: in.Body.Change, Note: in.Body.Note, Corrects: in.Body.Corrects, Key: in.IdempotencyKey})
	return s.receipt(ctx, &in.Repeatable, r, err)
}

func (s *server) withdraw(ctx context.Context, in *withdrawIn) (*receiptOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	w := desk.Withdrawing{Kind: in.Body.Kind, Notice: in.Body.Notice, Reason: in.Body.Reason, Key: in.IdempotencyKey}
	if in.Body.Into != "" {
		if w.Into, err = dateline.ParseID(in.Body.Into); err != nil {
			return nil, err
		}
	}
	r, err := s.Desk.Withdraw(ctx, actor(ctx), t, w)
	return s.receipt(ctx, &in.Repeatable, r, err)
}

func (s *server) restore(ctx context.Context, in *restoreIn) (*receiptOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	r, err := s.Desk.Restore(ctx, actor(ctx), t, in.IdempotencyKey)
	return s.receipt(ctx, &in.Repeatable, r, err)
}

func (s *server) move(ctx context.Context, in *moveIn) (*receiptOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	r, err := s.Desk.MoveAddress(ctx, actor(ctx), t, in.Body.Address, in.IdempotencyKey)
	return s.receipt(ctx, &in.Repeatable, r, err)
}

type receiptIn struct {
	Sequence int64 `path:"sequence" minimum:"1" doc:"The act's number in the record"`
}

// findReceipt gives the receipt that was kept. One that was lost in a crash, or in which something was not confirmed, is
// made again.
func (s *server) findReceipt(ctx context.Context, in *receiptIn) (*receiptOut, error) {
	kept, err := s.Desk.FindReceipt(ctx, actor(ctx), in.Sequence)
	if err == nil && kept.Confirmed {
		return &receiptOut{Body: *kept}, nil
	}
	if err != nil && dateline.ErrorCode(err) != dateline.ENotFound {
		return nil, err
	}
	head, err := s.Desk.Head(ctx)
	if err != nil {
		return nil, err
	}
	if in.Sequence > head {
		return nil, dateline.Errorf(dateline.ENotFound, "the record has %d entries and none of number %d", head, in.Sequence)
	}
	receipt, err := s.confirm(ctx, in.Sequence)
	if err != nil {
		return nil, err
	}
	return &receiptOut{Body: receipt}, nil
}
