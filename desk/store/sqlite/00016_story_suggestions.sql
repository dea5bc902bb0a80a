-- +goose Up

-- Stories that somebody said an article does not belong to: they are not suggested for it again.
CREATE TABLE story_dismissals (
	article TEXT NOT NULL,
	story TEXT NOT NULL,
	PRIMARY KEY (article, story)
) WITHOUT ROWID;
