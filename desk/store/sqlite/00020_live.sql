-- +goose Up

-- Live coverages: state and summary; entries under their numbers; which entries of the record are theirs.
CREATE TABLE live (
	article TEXT PRIMARY KEY REFERENCES articles (id),
	data TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE live_entries (
	article TEXT NOT NULL REFERENCES articles (id),
	number BIGINT NOT NULL,
	version BIGINT NOT NULL,
	data TEXT NOT NULL,
	PRIMARY KEY (article, number)
) WITHOUT ROWID;
CREATE TABLE live_acts (
	article TEXT NOT NULL REFERENCES articles (id),
	seq BIGINT NOT NULL REFERENCES entries (seq),
	PRIMARY KEY (article, seq)
) WITHOUT ROWID;
