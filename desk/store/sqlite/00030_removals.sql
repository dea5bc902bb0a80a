-- +goose Up

-- The few entries about one thing that are not looked up by their numbers.
CREATE INDEX entries_subject ON entries (subject, seq) WHERE kind IN ('redirect', 'withdrawal', 'person', 'topic', 'picture');

-- What the file of tombstones is completed from.
DROP INDEX entries_down;
CREATE INDEX entries_down ON entries (seq) WHERE kind IN ('withdrawal', 'restoration', 'redaction');
