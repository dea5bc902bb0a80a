-- +goose Up

-- The keys that sign the record are entries about the publication.
DROP INDEX entries_subject;
CREATE INDEX entries_subject ON entries (subject, seq) WHERE kind IN ('redirect', 'withdrawal', 'person', 'topic', 'picture', 'key', 'origin');
