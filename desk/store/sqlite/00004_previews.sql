-- +goose Up

-- Private links to drafts. Neither a link's secret nor that of a visit is kept, only their SHA-256. why says what ended one
-- before its time.
CREATE TABLE previews (
	id TEXT PRIMARY KEY,
	hash BLOB NOT NULL UNIQUE,
	article TEXT NOT NULL,
	by TEXT NOT NULL,
	created BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	ended BIGINT NOT NULL,
	why TEXT NOT NULL,
	opened BIGINT NOT NULL,
	last BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX previews_article ON previews (article, created, id);

CREATE TABLE preview_visits (
	hash BLOB PRIMARY KEY,
	preview TEXT NOT NULL REFERENCES previews (id),
	until BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX preview_visits_until ON preview_visits (until);
