package store

import (
	"database/sql"

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
