package newsroom

import (
	"context"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// redactions are the routes by which a chief has words go for good.
func (s *server) redactions() {
	register(s, dateline.ActRedact, "POST", "/articles/{id}/redaction", "plan-redaction", "What a redaction would change; nothing is changed", s.planRedaction)
	register(s, dateline.ActRedact, "POST", "/articles/{id}/redact", "redact-article", "Remove the text of editions for good; the answer has the receipt. It cannot be undone", s.redact)
	register(s, dateline.ActErase, "POST", "/redaction", "plan-words", "Where words stand, and what taking them out of passages would change; nothing is changed", s.planWords)
	register(s, dateline.ActErase, "POST", "/redact", "redact-words", "Take words out of live coverage, stories, fronts, names and drafts for good; the answer has the receipt. It cannot be undone", s.redactWords)
	register(s, dateline.ActErase, "POST", "/persons/{id}/erasure", "plan-erasure", "What erasing a person would change, and which editions hold the name; nothing is changed", s.planErasure)
	register(s, dateline.ActErase, "POST", "/persons/{id}/erase", "erase-person", "Take a person out of the paper for good; the answer has the receipt. It cannot be undone", s.erase)
}

type redactIn struct {
	Repeatable
	Body struct {
		Editions    []int    `json:"editions,omitempty" doc:"Numbers of the editions that lose their text; without them, each that holds one of the words" maxItems:"1000"`
		Words       []string `json:"words,omitempty" doc:"What is to go wherever it stands" maxItems:"50"`
		Passages    []string `json:"passages,omitempty" doc:"Keys of other passages, as the plan has them, that lose the words in the same act" maxItems:"200"`
		Replacement *Content `json:"replacement,omitempty" doc:"What takes the place of the newest edition named, under its number and times"`
		Note        string   `json:"note,omitempty" doc:"The replacement's public note; the old one where it is absent"`
		Reason      string   `json:"reason,omitempty" doc:"Public: it stands in the record"`
		Notice      string   `json:"notice,omitempty" doc:"On the tombstone, where the live edition goes without a replacement"`
	}
}

// Redaction is what a redaction did, or would do.
type Redaction struct {
	Editions  []int            `json:"editions" doc:"Whose text is gone"`
	Entries   int              `json:"entries" doc:"Entries of the record whose bodies are gone"`
	Versions  int              `json:"versions" doc:"Saved contents that were emptied"`
	Lines     int              `json:"lines" doc:"Audit lines whose details were taken out"`
	Pictures  int              `json:"pictures" doc:"Pictures that nothing names any more"`
	Withdrawn bool             `json:"withdrawn" doc:"Nothing of the article is left to read: it is withdrawn for law"`
	Remaining []desk.Holder    `json:"remaining" doc:"Where the words still stand at the desk; at most 200"`
	Passages  []*desk.Passage  `json:"passages" doc:"What those places belong to, by which it is chosen; at most 200"`
	Receipt   dateline.Receipt `json:"receipt,omitzero"`
}

type redactionOut struct {
	Body Redaction
}

func (s *server) redacting(ctx context.Context, in *redactIn) (t desk.Target, r desk.Redacting, err error) {
	if t, err = in.target(); err != nil {
		return t, r, err
	}
	b := &in.Body
	r = desk.Redacting{Editions: b.Editions, Words: b.Words, Passages: b.Passages, Note: b.Note, Reason: b.Reason, Notice: b.Notice, Key: in.IdempotencyKey}
	if b.Replacement != nil {
		c, err := s.content(ctx, b.Replacement)
		if err != nil {
			return t, r, err
		}
		r.Replacement = &c
	}
	return t, r, nil
}

// maxRemaining bounds how many of the places are named where words still stand.
const maxRemaining = 200

func toldOf(done desk.Redacted) *redactionOut {
	out := &redactionOut{Redaction{Editions: append([]int{}, done.Editions...), Entries: len(done.Entries), Versions: done.Versions, Lines: done.Lines, Pictures: done.Pictures,
		Withdrawn: done.Article != nil && done.Article.Readers == dateline.Withdrawn, Remaining: append([]desk.Holder{}, done.Remaining...), Passages: append([]*desk.Passage{}, done.Passages...)}}
	out.Body.Remaining = out.Body.Remaining[:min(maxRemaining, len(out.Body.Remaining))]
	out.Body.Passages = out.Body.Passages[:min(maxRemaining, len(out.Body.Passages))]
	return out
}

func (s *server) planRedaction(ctx context.Context, in *redactIn) (*redactionOut, error) {
	t, r, err := s.redacting(ctx, in)
	if err != nil {
		return nil, err
	}
	done, err := s.Desk.PlanRedaction(ctx, actor(ctx), t, r)
	if err != nil {
		return nil, err
	}
	return toldOf(done), nil
}

func (s *server) redact(ctx context.Context, in *redactIn) (*redactionOut, error) {
	t, r, err := s.redacting(ctx, in)
	if err != nil {
		return nil, err
	}
	return s.doRedact(ctx, t, r)
}

func (s *server) doRedact(ctx context.Context, t desk.Target, r desk.Redacting) (*redactionOut, error) {
	done, err := s.Desk.Redact(ctx, actor(ctx), t, r)
	if err != nil {
		return nil, err
	}
	out := toldOf(done)
	out.Body.Receipt = s.removal(ctx, done.Result)
	s.scrub(ctx)
	return out, nil
}

// removal is the receipt of an act that removed words, which asks for the addresses of all that lost them; none where readers never had
// them.
func (s *server) removal(ctx context.Context, r desk.Result) dateline.Receipt {
	if r.Sequence == 0 {
		return dateline.Receipt{}
	}
	receipt, err := s.confirm(ctx, r.Sequence)
	if err != nil {
		s.Log.Error("words were removed, but the site could not be asked for the receipt", "sequence", r.Sequence, "error", err)
		return unconfirmed(r)
	}
	return receipt
}

type wordsIn struct {
	IdempotencyKey string `header:"Idempotency-Key" doc:"The same request with it is answered with the first one's result"`
	Body           struct {
		Words    []string `json:"words,omitempty" doc:"What is to go" maxItems:"50"`
		Passages []string `json:"passages,omitempty" doc:"Keys of the passages that lose them, as the plan has them. An entry of a live coverage goes as a whole where no words are named" maxItems:"200"`
		Reason   string   `json:"reason,omitempty" doc:"Public: it stands in the record, and in the place of an entry of a live coverage"`
	}
}

func (in *wordsIn) asked() desk.Redacting {
	return desk.Redacting{Words: in.Body.Words, Passages: in.Body.Passages, Reason: in.Body.Reason, Key: in.IdempotencyKey}
}

func (s *server) planWords(ctx context.Context, in *wordsIn) (*redactionOut, error) {
	done, err := s.Desk.PlanRedaction(ctx, actor(ctx), desk.Target{}, in.asked())
	if err != nil {
		return nil, err
	}
	return toldOf(done), nil
}

func (s *server) redactWords(ctx context.Context, in *wordsIn) (*redactionOut, error) {
	if len(in.Body.Passages) == 0 {
		return nil, dateline.Errorf(dateline.EInvalid, "say which passages are to lose the words; the plan has their keys")
	}
	return s.doRedact(ctx, desk.Target{}, in.asked())
}

// scrub frees the site's files of what was removed. Where it fails, the site does it itself at its next quiet moment.
func (s *server) scrub(ctx context.Context) {
	if s.Scrub == nil {
		return
	}
	if err := s.Scrub(ctx); err != nil {
		s.Log.Error("words are gone from the record and its pages, and the site's files are not freed of them yet", "error", err)
	}
}

type eraseIn struct {
	Versioned
}

// Erasure is what erasing a person did, or would do.
type Erasure struct {
	desk.Erased
	Receipt dateline.Receipt `json:"receipt,omitzero"`
}

type erasedOut struct {
	Body Erasure
}

func (s *server) planErasure(ctx context.Context, in *eraseIn) (*erasedOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	done, err := s.Desk.PlanErasure(ctx, actor(ctx), t.ID, t.Version)
	if err != nil {
		return nil, err
	}
	return &erasedOut{Erasure{Erased: done}}, nil
}

func (s *server) erase(ctx context.Context, in *eraseIn) (*erasedOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	done, err := s.Desk.Erase(ctx, actor(ctx), t.ID, t.Version)
	if err != nil {
		return nil, err
	}
	out := &erasedOut{Erasure{Erased: done}}
	out.Body.Receipt = s.removal(ctx, desk.Result{Sequence: done.Sequence, Act: record.KindRedaction})
	s.scrub(ctx)
	return out, nil
}
