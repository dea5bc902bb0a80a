-- +goose Up

-- What an article was after a line, and what became other about a picture that it shows.
ALTER TABLE audit ADD COLUMN more TEXT NOT NULL DEFAULT '';

-- Every state of what the desk keeps with a picture. Of those before this table only the last is known.
CREATE TABLE picture_states (
	picture TEXT NOT NULL,
	version BIGINT NOT NULL,
	at BIGINT NOT NULL,
	by TEXT NOT NULL,
	data TEXT NOT NULL,
	PRIMARY KEY (picture, version)
) WITHOUT ROWID;
INSERT INTO picture_states (picture, version, at, by, data) SELECT id, version, 0, '', data FROM pictures;
