-- +goose Up

-- Notes for colleagues and suggested changes: who made them, and what became of them. Which words they are about stands in the
-- saved body. Instants are microseconds since 1970, UTC.
CREATE TABLE notes (
	id TEXT PRIMARY KEY,
	article TEXT NOT NULL,
	at BIGINT NOT NULL,
	data TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX notes_article ON notes (article, at, id);

CREATE TABLE suggestions (
	article TEXT NOT NULL,
	id TEXT NOT NULL,
	at BIGINT NOT NULL,
	data TEXT NOT NULL,
	PRIMARY KEY (article, id)
) WITHOUT ROWID;
