-- +goose Up

-- The record: one head row, locked by whoever appends.
CREATE TABLE head (
	id BIGINT PRIMARY KEY CHECK (id = 1),
	seq BIGINT NOT NULL,    -- of the newest entry
	guard BIGINT NOT NULL,  -- the newest act's instant; the clock never goes back behind it
	search BIGINT NOT NULL  -- the newest row of article_words
);
INSERT INTO head (id, seq, guard, search) VALUES (1, 0, 0, 0);

-- Instants are microseconds since 1970, UTC. The column body is what docs/contracts.md publishes.
CREATE TABLE entries (
	seq INTEGER PRIMARY KEY,
	at BIGINT NOT NULL,
	kind TEXT NOT NULL,
	schema BIGINT NOT NULL,
	subject TEXT NOT NULL,
	role TEXT NOT NULL,
	body BLOB,
	salt BLOB,
	commitment BLOB NOT NULL
);
CREATE INDEX entries_down ON entries (seq) WHERE kind IN ('withdrawal', 'restoration');

CREATE TABLE withheld (
	seq INTEGER PRIMARY KEY REFERENCES entries (seq),
	withdrawal BIGINT NOT NULL REFERENCES entries (seq)
);
CREATE INDEX withheld_by ON withheld (withdrawal);

CREATE TABLE tree (
	level BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (level, idx)
);

CREATE TABLE checkpoints (
	size INTEGER PRIMARY KEY,
	note BLOB NOT NULL
);

CREATE TABLE publication (
	id BIGINT PRIMARY KEY CHECK (id = 1),
	version BIGINT NOT NULL,
	data TEXT NOT NULL
);

-- What articles refer to. A slug is unique in its table; public says that the record has an entry.
CREATE TABLE sections (
	id TEXT PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE,
	version BIGINT NOT NULL,
	data TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE topics (
	id TEXT PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE,
	version BIGINT NOT NULL,
	data TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE persons (
	id TEXT PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE,
	version BIGINT NOT NULL,
	data TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE pictures (
	id TEXT PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE,
	version BIGINT NOT NULL,
	data TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE articles (
	id TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	version BIGINT NOT NULL,
	saved BIGINT NOT NULL,
	readers TEXT NOT NULL,
	draft TEXT NOT NULL,
	section TEXT NOT NULL,
	address TEXT NOT NULL,
	edition BIGINT NOT NULL,
	first BIGINT NOT NULL,
	updated BIGINT NOT NULL,
	created BIGINT NOT NULL,
	saved_at BIGINT NOT NULL,
	saved_by TEXT NOT NULL,
	author TEXT NOT NULL,
	due BIGINT,
	search BIGINT NOT NULL,
	more TEXT NOT NULL -- schedule, locks, former addresses, withdrawal: JSON
) WITHOUT ROWID;
CREATE INDEX articles_saved ON articles (saved_at, id);
CREATE INDEX articles_draft ON articles (draft, saved_at, id) WHERE draft <> 'none';
CREATE INDEX articles_readers ON articles (readers, saved_at, id) WHERE readers <> 'published';
CREATE INDEX articles_section ON articles (section, saved_at, id);
CREATE INDEX articles_pages ON articles (kind, saved_at, id) WHERE kind <> 'article';
CREATE INDEX articles_due ON articles (due, id) WHERE due IS NOT NULL;
CREATE INDEX articles_search ON articles (search) WHERE search > 0;

CREATE TABLE versions (
	article TEXT NOT NULL REFERENCES articles (id),
	version BIGINT NOT NULL,
	at BIGINT NOT NULL,
	by TEXT NOT NULL,
	content TEXT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (article, version)
);

CREATE TABLE editions (
	article TEXT NOT NULL REFERENCES articles (id),
	number BIGINT NOT NULL,
	change TEXT NOT NULL,
	note TEXT NOT NULL,
	seq BIGINT NOT NULL,
	recorded BIGINT NOT NULL,
	public BIGINT NOT NULL,
	first BIGINT NOT NULL,
	updated BIGINT NOT NULL,
	version BIGINT NOT NULL,
	by TEXT NOT NULL,
	PRIMARY KEY (article, number)
) WITHOUT ROWID;

-- Public articles under their topics, for what is related.
CREATE TABLE topic_uses (
	topic TEXT NOT NULL,
	first BIGINT NOT NULL,
	article TEXT NOT NULL,
	PRIMARY KEY (topic, first, article)
) WITHOUT ROWID;
CREATE INDEX topic_uses_article ON topic_uses (article);

-- Every address ever used: none is given to another article.
CREATE TABLE addresses (
	address TEXT PRIMARY KEY,
	kind TEXT NOT NULL,
	owner TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE imported (
	source TEXT NOT NULL,
	external TEXT NOT NULL,
	article TEXT NOT NULL,
	digest TEXT NOT NULL,
	PRIMARY KEY (source, external)
) WITHOUT ROWID;

CREATE TABLE tokens (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	role TEXT NOT NULL,
	hash BLOB NOT NULL UNIQUE,
	created BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	revoked BIGINT NOT NULL
);

CREATE TABLE audit (
	n INTEGER PRIMARY KEY,
	at BIGINT NOT NULL,
	actor TEXT NOT NULL,
	role TEXT NOT NULL,
	act TEXT NOT NULL,
	article TEXT NOT NULL,
	version BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	detail TEXT NOT NULL,
	tell TEXT NOT NULL
);
CREATE INDEX audit_article ON audit (article, n) WHERE article <> '';

CREATE TABLE receipts (
	seq INTEGER PRIMARY KEY,
	data TEXT NOT NULL
);

CREATE TABLE request_keys (
	actor TEXT NOT NULL,
	key TEXT NOT NULL,
	request TEXT NOT NULL,
	result TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (actor, key)
) WITHOUT ROWID;

CREATE TABLE settings (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;

-- The desk's own word index. Its rows are numbered in the order of saving, so that the newest come first without sorting.
CREATE VIRTUAL TABLE article_words USING fts5 (
	words, content = '', contentless_delete = 1, detail = none,
	tokenize = 'ascii'
);
