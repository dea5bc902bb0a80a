-- +goose Up
-- Checkpoints that witnesses have cosigned, in the order in which they were taken in. They are kept for good: the oldest that
-- covers an entry says since when the entry was there.
CREATE TABLE cosigned (
	n INTEGER PRIMARY KEY,
	witness TEXT NOT NULL,
	size BIGINT NOT NULL,
	note BLOB NOT NULL
);
CREATE UNIQUE INDEX cosigned_witness ON cosigned (witness, size);

-- +goose Down
DROP TABLE cosigned;
