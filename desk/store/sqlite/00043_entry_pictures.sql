-- +goose Up

-- Which pictures the entries of live coverages show.
CREATE TABLE entry_pictures (
	picture TEXT NOT NULL,
	article TEXT NOT NULL,
	entry BIGINT NOT NULL,
	PRIMARY KEY (picture, article, entry)
) WITHOUT ROWID;
CREATE INDEX entry_pictures_article ON entry_pictures (article, entry);

INSERT OR IGNORE INTO entry_pictures (picture, article, entry)
	SELECT j.value, e.article, e.number FROM live_entries e, json_tree(e.data, '$.body') j
	WHERE e.data LIKE '%"picture"%' AND j.key = 'picture' AND j.type = 'text' AND coalesce(json_extract(e.data, '$.deleted'), 0) = 0;
