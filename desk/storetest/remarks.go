package storetest

import (
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

func (s *suite) remarks() {
	s.update(func(tx desk.Tx) error {
		_, err := tx.FindNote("n1")
		s.want(dateline.ENotFound, err)
		n := &dateline.Note{ID: "n1", Article: "a", By: "meera", At: start, Words: "Is it so?"}
		s.want(dateline.ENotFound, tx.UpdateNote(n))
		s.want("", tx.InsertNote(n))
		s.want(dateline.EConflict, tx.InsertNote(n))
		s.want("", tx.InsertNote(&dateline.Note{ID: "n0", Article: "a", By: "ravi", At: start.Add(time.Hour), Words: "Later."}))
		s.want("", tx.InsertNote(&dateline.Note{ID: "n2", Article: "b", By: "ravi", At: start, Words: "Of another."}))
		n.Answers = append(n.Answers, dateline.Answer{By: "ravi", At: start, Words: "It is."})
		n.Done = &dateline.Decision{By: "meera", At: start}
		s.want("", tx.UpdateNote(n))
		got, err := tx.FindNote("n1")
		if err != nil || !got.At.Equal(start) || len(got.Answers) != 1 || got.Done == nil || got.Done.By != "meera" {
			s.Errorf("%+v, %v", got, err)
		}
		list, err := tx.ListNotes("a")
		if err != nil || len(list) != 2 || list[0].ID != "n1" || list[1].Words != "Later." {
			s.Errorf("%+v, %v", list, err)
		}
		for _, id := range []string{"s2", "s1"} {
			s.want("", tx.SaveSuggestion(&dateline.Suggestion{ID: id, Article: "a", By: "ravi", At: start}))
		}
		s.want("", tx.SaveSuggestion(&dateline.Suggestion{ID: "s1", Article: "b", By: "ravi", At: start}))
		s.want("", tx.SaveSuggestion(&dateline.Suggestion{ID: "s2", Article: "a", By: "ravi", At: start, Left: &dateline.Decision{By: "meera", At: start}}))
		made, err := tx.ListSuggestions("a")
		if err != nil || len(made) != 2 || made[0].ID != "s1" || made[1].Left == nil {
			s.Errorf("%+v, %v", made, err)
		}
		return nil
	})
}
