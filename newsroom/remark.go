package newsroom

import (
	"context"
	"net/http"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// remarks are the routes of notes and suggestions, which are never published.
func (s *server) remarks() {
	register(s, dateline.ActRead, "GET", "/articles/{id}/remarks", "list-remarks", "The notes of an article, and the suggestions that were made in it", s.listRemarks)
	register(s, dateline.ActSuggest, "PUT", "/articles/{id}/suggested", "suggest", "Save content that differs by one's own notes and suggestions only", s.suggest)
	register(s, dateline.ActTake, "POST", "/articles/{id}/suggestions/{suggestion}/take", "take-suggestion", "Take a suggestion: its words become the draft's", s.take)
	register(s, dateline.ActLeave, "POST", "/articles/{id}/suggestions/{suggestion}/leave", "leave-suggestion", "Leave a suggestion: its words are gone", s.leave)
	register(s, dateline.ActNote, "POST", "/notes", "note", "Make a note; the words that it is about carry its id in the body", s.note, answers(http.StatusCreated))
	register(s, dateline.ActAnswer, "POST", "/notes/{note}/answers", "answer-note", "Answer a note", s.answerNote, answers(http.StatusCreated))
	register(s, dateline.ActDone, "POST", "/notes/{note}/done", "done-note", "Mark a note as done, or open it again", s.doneNote)
}

type remarksOut struct{ Body desk.RemarkList }

func (s *server) listRemarks(ctx context.Context, in *One) (*remarksOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.ListRemarks(ctx, actor(ctx), id)
	list.Notes, list.Suggestions = append([]dateline.Note{}, list.Notes...), append([]dateline.Suggestion{}, list.Suggestions...)
	return &remarksOut{list}, err
}

func (s *server) suggest(ctx context.Context, in *saveIn) (*articleOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	c, err := s.content(ctx, &in.Body)
	if err != nil {
		return nil, err
	}
	return answer(s.Desk.Suggest(ctx, actor(ctx), t, c))
}

type decideIn struct {
	Versioned
	Suggestion string `path:"suggestion" doc:"The suggestion's id, as the body names it"`
}

func (s *server) take(ctx context.Context, in *decideIn) (*articleOut, error) {
	return s.decide(ctx, in, true)
}

func (s *server) leave(ctx context.Context, in *decideIn) (*articleOut, error) {
	return s.decide(ctx, in, false)
}

func (s *server) decide(ctx context.Context, in *decideIn, take bool) (*articleOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return answer(s.Desk.Decide(ctx, actor(ctx), t, in.Suggestion, take))
}

type noteIn struct {
	Body struct {
		Article dateline.ID `json:"article" doc:"The article's id"`
		Words   string      `json:"words" doc:"At most 2,000 characters"`
	}
}

type noteOut struct{ Body *dateline.Note }

func (s *server) note(ctx context.Context, in *noteIn) (*noteOut, error) {
	id, err := One{string(in.Body.Article)}.id()
	if err != nil {
		return nil, err
	}
	return s.noted(ctx)(s.Desk.Note(ctx, actor(ctx), id, in.Body.Words))
}

// NamedNote names a note in the address.
type NamedNote struct {
	Note string `path:"note" doc:"The note's id"`
}

type answerIn struct {
	NamedNote
	Body struct {
		Words string `json:"words" doc:"At most 2,000 characters"`
	}
}

func (s *server) answerNote(ctx context.Context, in *answerIn) (*noteOut, error) {
	id, err := One{in.Note}.id()
	if err != nil {
		return nil, err
	}
	return s.noted(ctx)(s.Desk.Answer(ctx, actor(ctx), id, in.Body.Words))
}

type doneIn struct {
	NamedNote
	Body struct {
		Done bool `json:"done"`
	}
}

func (s *server) doneNote(ctx context.Context, in *doneIn) (*noteOut, error) {
	id, err := One{in.Note}.id()
	if err != nil {
		return nil, err
	}
	return s.noted(ctx)(s.Desk.Done(ctx, actor(ctx), id, in.Body.Done))
}

// noted answers with a note, and tells those who listen that the article's notes are others now.
func (s *server) noted(ctx context.Context) func(*dateline.Note, error) (*noteOut, error) {
	return func(n *dateline.Note, err error) (*noteOut, error) {
		if err != nil {
			return nil, err
		}
		s.hub.announce(moved{Article: n.Article, By: actor(ctx).Name})
		return &noteOut{n}, nil
	}
}
