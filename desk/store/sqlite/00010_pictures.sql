-- +goose Up

-- Which articles show which pictures: in what was saved last, and in the edition that readers have or last had.
CREATE TABLE picture_uses (
	picture TEXT NOT NULL,
	article TEXT NOT NULL,
	live BIGINT NOT NULL,
	PRIMARY KEY (picture, article, live)
) WITHOUT ROWID;
CREATE INDEX picture_uses_article ON picture_uses (article, live);

INSERT OR IGNORE INTO picture_uses (picture, article, live)
	SELECT json_extract(v.content, '$.lead.picture'), a.id, 0 FROM articles a JOIN versions v ON v.article = a.id AND v.version = a.saved
	WHERE json_extract(v.content, '$.lead.picture') IS NOT NULL;
INSERT OR IGNORE INTO picture_uses (picture, article, live)
	SELECT j.value, a.id, 0 FROM articles a JOIN versions v ON v.article = a.id AND v.version = a.saved, json_tree(v.body) j
	WHERE v.body LIKE '%"picture"%' AND j.key = 'picture' AND j.type = 'text';
INSERT OR IGNORE INTO picture_uses (picture, article, live)
	SELECT json_extract(v.content, '$.lead.picture'), a.id, 1 FROM articles a
	JOIN editions e ON e.article = a.id AND e.number = a.edition JOIN versions v ON v.article = a.id AND v.version = e.version
	WHERE json_extract(v.content, '$.lead.picture') IS NOT NULL;
INSERT OR IGNORE INTO picture_uses (picture, article, live)
	SELECT j.value, a.id, 1 FROM articles a JOIN editions e ON e.article = a.id AND e.number = a.edition
	JOIN versions v ON v.article = a.id AND v.version = e.version, json_tree(v.body) j
	WHERE v.body LIKE '%"picture"%' AND j.key = 'picture' AND j.type = 'text';

-- When the rights in a picture end, and the words it is found by.
ALTER TABLE pictures ADD COLUMN until BIGINT;
ALTER TABLE pictures ADD COLUMN words TEXT NOT NULL DEFAULT '';
UPDATE pictures SET words = lower(coalesce(json_extract(data, '$.name'), '') || ' ' || coalesce(json_extract(data, '$.alt'), '') || ' ' ||
	coalesce(json_extract(data, '$.credit'), ''));
