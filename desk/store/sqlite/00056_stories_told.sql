-- +goose Up
-- The start asks which running stories have entries that the file of tombstones may not know.
CREATE INDEX entries_stories ON entries (seq, subject) WHERE kind = 'story';

-- +goose Down
DROP INDEX entries_stories;
