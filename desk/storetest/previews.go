package storetest

import (
	"fmt"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// previews are found by the hash of their secret, listed newest first, and forget their visits.
func (s *suite) previews() {
	s.update(func(tx desk.Tx) error {
		for i, article := range []dateline.ID{"a", "a", "b"} {
			at := start.Add(time.Duration(i) * time.Minute)
			s.want("", tx.InsertPreview(desk.Preview{ID: dateline.ID(fmt.Sprint("p", i)), Article: article, By: "Meera", Created: at, Expires: at.Add(time.Hour)}, hashed(fmt.Sprint(i))))
		}
		s.want(dateline.EConflict, tx.Nested(func() error { return tx.InsertPreview(desk.Preview{ID: "p9", Article: "a"}, hashed("1")) }))
		p, err := tx.FindPreview(hashed("1"))
		if err != nil || p.ID != "p1" || p.Article != "a" || p.By != "Meera" || !p.Expires.Equal(start.Add(61*time.Minute)) || !p.Stands(start) || p.Stands(p.Expires) || !p.Last.IsZero() {
			s.Errorf("%+v, %v", p, err)
		}
		_, err = tx.FindPreview(hashed("none"))
		s.want(dateline.ENotFound, err)
		p.Ended, p.Why, p.Opened, p.Last = start, "it was published", 3, start.Add(time.Second)
		s.want("", tx.UpdatePreview(p))
		s.want(dateline.ENotFound, tx.UpdatePreview(desk.Preview{ID: "none"}))
		list, err := tx.ListPreviews("a")
		if err != nil || len(list) != 2 || list[0] != p || list[0].Stands(start) || list[1].ID != "p0" {
			s.Errorf("%+v, %v", list, err)
		}
		s.want("", tx.InsertPreview(desk.Preview{ID: "p3", Article: "b", By: "Joss", Created: start, Expires: start.Add(time.Hour)}, hashed("3")))
		s.want("", tx.RenamePreviews("Meera", "Meera Anand"))
		// p0 has expired by then, p1 has ended before, p3 is somebody else's: p2 alone is left to end.
		if n, err := tx.EndPreviewsBy("Meera Anand", start.Add(time.Hour), "its maker left"); err != nil || n != 1 {
			s.Errorf("%d ended, %v", n, err)
		}
		if list, err := tx.ListPreviews("b"); err != nil || len(list) != 2 || list[0].Why != "its maker left" || !list[0].Ended.Equal(start.Add(time.Hour)) || !list[1].Ended.IsZero() {
			s.Errorf("%+v, %v", list, err)
		}
		s.want("", tx.InsertVisit("p0", hashed("visit"), start.Add(time.Minute)))
		if id, until, err := tx.FindVisit(hashed("visit")); err != nil || id != "p0" || !until.Equal(start.Add(time.Minute)) {
			s.Errorf("%s until %s, %v", id, until, err)
		}
		s.want("", tx.DeleteOldVisits(start.Add(time.Hour)))
		_, _, err = tx.FindVisit(hashed("visit"))
		s.want(dateline.ENotFound, err)
		return nil
	})
}
