-- +goose Up

-- What the desk's lists are ordered and narrowed by. stood is when readers last got something of the article that moved its
-- times, or lost it; embargo is until when one stands; words is the length of what was saved last, below 0 where it is not known.
ALTER TABLE articles ADD COLUMN words BIGINT NOT NULL DEFAULT -1;
ALTER TABLE articles ADD COLUMN embargo BIGINT;
ALTER TABLE articles ADD COLUMN stood BIGINT;

UPDATE articles SET stood = max(first, updated) WHERE readers <> 'unpublished';
UPDATE articles SET stood = max(stood, 1000000 * CAST(strftime('%s', json_extract(more, '$.withdrawal.at')) AS INTEGER))
	WHERE json_extract(more, '$.withdrawal.at') IS NOT NULL;
UPDATE articles SET embargo = 1000000 * CAST(strftime('%s', json_extract(more, '$.embargo.until')) AS INTEGER)
	WHERE json_extract(more, '$.embargo.until') IS NOT NULL;

CREATE INDEX articles_author ON articles (author, saved_at, id);
CREATE INDEX articles_embargo ON articles (embargo, id) WHERE embargo IS NOT NULL;
CREATE INDEX articles_stood ON articles (stood, id) WHERE stood IS NOT NULL;
