package newsroom

import (
	"context"
	"encoding/json"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// LiveEntry is an entry of a live coverage as it is given out.
type LiveEntry struct {
	Number     int             `json:"number"`
	Version    int64           `json:"version" doc:"Moved by every change; for If-Match"`
	Headline   string          `json:"headline,omitempty"`
	Body       json.RawMessage `json:"body,omitempty" doc:"A document of the body's schema"`
	Byline     []Credit        `json:"byline,omitempty"`
	Place      string          `json:"place,omitempty"`
	Key        bool            `json:"key,omitempty"`
	Pinned     bool            `json:"pinned,omitempty"`
	Correction string          `json:"correction,omitempty"`
	At         time.Time       `json:"at" doc:"The instant that readers are shown"`
	Posted     time.Time       `json:"posted"`
	Changed    time.Time       `json:"changed"`
	Deleted    bool            `json:"deleted,omitempty"`
	Reason     string          `json:"reason,omitempty"`
	Sequence   int64           `json:"sequence" doc:"Its latest entry in the record"`
	By         string          `json:"by" doc:"Who changed it last"`
	BrokenOut  dateline.ID     `json:"broken_out,omitempty" doc:"The article that was made of it"`
}

func newLiveEntry(e *dateline.LiveEntry) *LiveEntry {
	return &LiveEntry{Number: e.Number, Version: e.Version, Headline: e.Headline, Body: e.Body, Byline: newContent(dateline.Content{Byline: e.Byline}).Byline, Place: e.Place, Key: e.Key,
		Pinned: e.Pinned, Correction: e.Correction, At: e.At, Posted: e.Posted, Changed: e.Changed, Deleted: e.Deleted, Reason: e.Reason,
		Sequence: e.Sequence, By: e.By, BrokenOut: e.Out}
}

// Live is a live coverage as it is given out.
type Live struct {
	State   dateline.LiveState `json:"state" enum:"planned,live,paused,ended"`
	Summary json.RawMessage    `json:"summary,omitempty" doc:"A document of the body's schema"`
	Version int64              `json:"version" doc:"Of state and summary; for If-Match"`
	Changed time.Time          `json:"changed,omitzero"`
	Count   int                `json:"count" doc:"How many numbers were given to entries"`
	Entries []*LiveEntry       `json:"entries" doc:"The greatest number first"`
}

// EntryInput is what an editor writes.
type EntryInput struct {
	Headline   string          `json:"headline,omitempty"`
	Body       json.RawMessage `json:"body,omitempty" doc:"A document of the body's schema"`
	Byline     []Credit        `json:"byline,omitempty"`
	Place      string          `json:"place,omitempty" doc:"Where it was written"`
	Key        bool            `json:"key,omitempty" doc:"It tells a main event"`
	Pinned     bool            `json:"pinned,omitempty" doc:"It stands above the others"`
	Correction string          `json:"correction,omitempty" doc:"What readers are told was wrong; only of an entry that they have"`
	At         *time.Time      `json:"at,omitempty" doc:"The instant that readers are shown, with its zone; that of the posting where it is absent"`
}

// entry makes the desk's entry of what came in.
func (s *server) entry(ctx context.Context, e *EntryInput) (desk.Entry, error) {
	c, err := s.content(ctx, &Content{Byline: e.Byline})
	out := desk.Entry{Headline: e.Headline, Body: e.Body, Byline: c.Byline, Place: e.Place, Key: e.Key, Pinned: e.Pinned, Correction: e.Correction}
	if e.At != nil {
		out.At = *e.At
	}
	return out, err
}

type liveIn struct {
	One
	Before int `query:"before" doc:"Entries with numbers below this one" minimum:"0"`
	Limit  int `query:"limit" doc:"1 to 200; 50 where it is absent" minimum:"0" maximum:"200"`
}

type liveOut struct {
	Body *Live
}

type postIn struct {
	One
	IdempotencyKey string `header:"Idempotency-Key" doc:"A repeated request with the same key posts nothing" maxLength:"200"`
	Body           EntryInput
}

// Numbered names an entry of a live coverage and the version of it that was seen.
type Numbered struct {
	Versioned
	Number int `path:"number" minimum:"1" doc:"The entry's number"`
}

type editEntryIn struct {
	Numbered
	Body EntryInput
}

type deleteEntryIn struct {
	Numbered
	Reason string `query:"reason" doc:"What readers are told of the removal: one sentence" maxLength:"2000"`
}

type steerIn struct {
	Versioned
	Body struct {
		State   dateline.LiveState `json:"state,omitempty" enum:"planned,live,paused,ended" doc:"As it is where it is absent"`
		Summary json.RawMessage    `json:"summary,omitempty" doc:"The summary as it is to stand; none where it is absent"`
	}
}

type breakOutIn struct {
	Numbered
}

// liveActOut answers an act on a live coverage.
type liveActOut struct {
	Body struct {
		Live    *Live            `json:"live" doc:"The coverage, without its entries"`
		Entry   *LiveEntry       `json:"entry,omitempty"`
		Receipt dateline.Receipt `json:"receipt"`
	}
}

// steered tells that something in a live coverage was posted, changed or removed.
type steered struct {
	Article dateline.ID `json:"article"`
	Number  int         `json:"number,omitempty"` // of the entry; none where it was the coverage's state or summary
	By      string      `json:"by"`
}

func newLive(l *dateline.Live, entries []dateline.LiveEntry) *Live {
	out := &Live{State: l.State, Summary: l.Summary, Version: l.Version, Changed: l.Changed, Count: l.Entries, Entries: []*LiveEntry{}}
	for i := range entries {
		out.Entries = append(out.Entries, newLiveEntry(&entries[i]))
	}
	return out
}

func (s *server) findLive(ctx context.Context, in *liveIn) (*liveOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	l, entries, err := s.Desk.FindLive(ctx, actor(ctx), id, in.Before, in.Limit)
	if err != nil {
		return nil, err
	}
	return &liveOut{Body: newLive(l, entries)}, nil
}

func (s *server) postEntry(ctx context.Context, in *postIn) (*liveActOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	e, err := s.entry(ctx, &in.Body)
	if err != nil {
		return nil, err
	}
	r, err := s.Desk.Post(ctx, actor(ctx), id, e, in.IdempotencyKey)
	return s.liveAct(ctx, id, r, err)
}

func (s *server) editEntry(ctx context.Context, in *editEntryIn) (*liveActOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	e, err := s.entry(ctx, &in.Body)
	if err != nil {
		return nil, err
	}
	r, err := s.Desk.EditEntry(ctx, actor(ctx), t.ID, in.Number, t.Version, e)
	return s.liveAct(ctx, t.ID, r, err)
}

func (s *server) deleteEntry(ctx context.Context, in *deleteEntryIn) (*liveActOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	r, err := s.Desk.DeleteEntry(ctx, actor(ctx), t.ID, in.Number, t.Version, in.Reason)
	return s.liveAct(ctx, t.ID, r, err)
}

func (s *server) steer(ctx context.Context, in *steerIn) (*liveActOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	r, err := s.Desk.Steer(ctx, actor(ctx), t.ID, t.Version, desk.Steering{State: in.Body.State, Summary: in.Body.Summary})
	return s.liveAct(ctx, t.ID, r, err)
}

func (s *server) breakOut(ctx context.Context, in *breakOutIn) (*articleOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	out, err := answer(s.Desk.BreakOut(ctx, actor(ctx), t.ID, in.Number, t.Version))
	if err == nil {
		out.Location = "/api/v1/articles/" + string(out.Body.ID)
		s.hub.tellAll(notice{"live", steered{t.ID, in.Number, actor(ctx).Name}})
	}
	return out, err
}

// liveAct answers an act with its receipt, and tells the others in the newsroom.
func (s *server) liveAct(ctx context.Context, id dateline.ID, r desk.LiveResult, err error) (*liveActOut, error) {
	if err != nil {
		return nil, err
	}
	out := &liveActOut{}
	said := steered{Article: id, By: actor(ctx).Name}
	out.Body.Live = newLive(r.Live, nil)
	if r.Entry != nil {
		out.Body.Entry, said.Number = newLiveEntry(r.Entry), r.Entry.Number
	}
	s.hub.tellAll(notice{"live", said})
	if out.Body.Receipt, err = s.confirm(ctx, r.Sequence); err != nil {
		s.Log.Error("an act is done, but the site could not be asked for its receipt", "sequence", r.Sequence, "error", err)
		out.Body.Receipt = dateline.Receipt{Sequence: r.Sequence, Act: string(r.Act), Article: id, Addresses: []dateline.ReceiptLine{{What: "article",
			Detail: "the site could not be asked; the act is done, and its receipt is made again when it is asked for"}}}
	}
	return out, nil
}
