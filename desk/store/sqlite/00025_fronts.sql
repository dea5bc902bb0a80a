-- +goose Up

-- Arrangements of home and of sections' fronts. due is when a front changes by itself: its schedule's hour, or its strip's end.
CREATE TABLE fronts (
	id TEXT PRIMARY KEY, -- the section's, or the publication's for home
	version BIGINT NOT NULL,
	due BIGINT,
	data TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX fronts_due ON fronts (due, id) WHERE due IS NOT NULL;

CREATE TABLE front_versions (
	front TEXT NOT NULL,
	number BIGINT NOT NULL,
	data TEXT NOT NULL,
	PRIMARY KEY (front, number)
) WITHOUT ROWID;
