-- +goose Up

-- Who works in the newsroom, and how they come in. Secrets are kept as hashes; those of codes are sealed.
CREATE TABLE accounts (
	id TEXT PRIMARY KEY,
	version BIGINT NOT NULL,
	name TEXT NOT NULL,
	name_key TEXT NOT NULL UNIQUE,
	email TEXT NOT NULL,
	email_key TEXT NOT NULL UNIQUE,
	role TEXT NOT NULL,
	sections TEXT NOT NULL,
	state TEXT NOT NULL,
	rights BIGINT NOT NULL,
	created BIGINT NOT NULL,
	ended BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE passkeys (
	id BLOB PRIMARY KEY,
	account TEXT NOT NULL REFERENCES accounts (id),
	name TEXT NOT NULL,
	data BLOB NOT NULL,
	created BIGINT NOT NULL,
	used BIGINT NOT NULL,
	warned BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX passkeys_account ON passkeys (account, created, id);

CREATE TABLE passwords (
	account TEXT PRIMARY KEY REFERENCES accounts (id),
	hash TEXT NOT NULL,
	secret BLOB NOT NULL,
	step BIGINT NOT NULL,
	changed BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE recovery_codes (
	account TEXT NOT NULL REFERENCES accounts (id),
	hash BLOB NOT NULL,
	PRIMARY KEY (account, hash)
) WITHOUT ROWID;

CREATE TABLE identities (
	issuer TEXT NOT NULL,
	subject TEXT NOT NULL,
	account TEXT NOT NULL REFERENCES accounts (id),
	linked BIGINT NOT NULL,
	PRIMARY KEY (issuer, subject)
) WITHOUT ROWID;
CREATE INDEX identities_account ON identities (account);

CREATE TABLE sessions (
	id TEXT PRIMARY KEY,
	account TEXT NOT NULL REFERENCES accounts (id),
	hash BLOB NOT NULL UNIQUE,
	previous BLOB UNIQUE, -- of the secret before a rotation
	until BIGINT NOT NULL,
	rights BIGINT NOT NULL,
	way TEXT NOT NULL,
	agent TEXT NOT NULL,
	address TEXT NOT NULL,
	created BIGINT NOT NULL,
	seen BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_account ON sessions (account, seen, id);
CREATE INDEX sessions_created ON sessions (created);
CREATE INDEX sessions_seen ON sessions (seen);

CREATE TABLE invitations (
	id TEXT PRIMARY KEY,
	hash BLOB NOT NULL UNIQUE,
	kind TEXT NOT NULL,
	email TEXT NOT NULL,
	role TEXT NOT NULL,
	sections TEXT NOT NULL,
	account TEXT NOT NULL,
	by TEXT NOT NULL,
	created BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	used BIGINT NOT NULL,
	revoked BIGINT NOT NULL
);
CREATE INDEX invitations_created ON invitations (created, id);
