package store

import (
	"database/sql"
	"time"

	"github.com/datelinehq/dateline"
)

// DismissStory keeps that an article does not belong to a story.
func (t *tx) DismissStory(article, story dateline.ID) error {
	_, err := t.exec("INSERT INTO story_dismissals (article, story) VALUES ($1, $2) ON CONFLICT (article, story) DO NOTHING", string(article), string(story))
	return err
}

// ListDismissed lists the stories that an article does not belong to.
func (t *tx) ListDismissed(article dateline.ID) (list []dateline.ID, err error) {
	err = t.each("SELECT story FROM story_dismissals WHERE article = $1 ORDER BY story", []any{string(article)}, func(rows *sql.Rows) error {
		var id dateline.ID
		if err := rows.Scan(&id); err != nil {
			return translate(err)
		}
		list = append(list, id)
		return nil
	})
	return list, err
}

// ScheduleStory says when a story goes out by itself.
func (t *tx) ScheduleStory(id dateline.ID, due time.Time) error {
	var at any
	if !due.IsZero() {
		at = micros(due)
	}
	n, err := t.exec("UPDATE stories SET due = $2 WHERE id = $1", string(id), at)
	return changedOne(n, err, "the story")
}

// ClaimDueStory returns one story that is due, the longest due first.
func (t *tx) ClaimDueStory(now time.Time) (*dateline.Story, error) {
	var data string
	err := t.one("SELECT data FROM stories WHERE due <= $1 ORDER BY due, id LIMIT 1", []any{micros(now)}, &data)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return nil, dateline.Errorf(dateline.ENotFound, "no story is due")
	}
	if err != nil {
		return nil, err
	}
	s := new(dateline.Story)
	return s, decode(data, s)
}

// NextStoryDue returns the earliest instant at which a story goes out by itself.
func (t *tx) NextStoryDue() (time.Time, error) {
	var due sql.NullInt64
	if err := t.one("SELECT min(due) FROM stories WHERE due IS NOT NULL", nil, &due); err != nil {
		return time.Time{}, err
	}
	if !due.Valid {
		return time.Time{}, dateline.Errorf(dateline.ENotFound, "no story is scheduled")
	}
	return instant(due.Int64), nil
}
