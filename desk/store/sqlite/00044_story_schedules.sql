-- +goose Up

-- When a running story goes out by itself.
ALTER TABLE stories ADD COLUMN due BIGINT;
CREATE INDEX stories_due ON stories (due, id) WHERE due IS NOT NULL;
