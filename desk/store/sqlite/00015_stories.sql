-- +goose Up

-- Running stories. Which articles stand in one is in topic_uses, under the story's id.
CREATE TABLE stories (
	id TEXT PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE,
	version BIGINT NOT NULL,
	data TEXT NOT NULL
) WITHOUT ROWID;
