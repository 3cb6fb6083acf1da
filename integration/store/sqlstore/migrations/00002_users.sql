-- Who may do what: users, their sessions and tokens. They belong to no instance.

-- +goose Up
CREATE TABLE users (
    id       TEXT   NOT NULL PRIMARY KEY,
    name_key TEXT   NOT NULL,
    issuer   TEXT   NOT NULL,
    sub      TEXT   NOT NULL,
    removed  BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    body     TEXT   NOT NULL
);
CREATE UNIQUE INDEX users_name ON users (name_key);
CREATE UNIQUE INDEX users_sub ON users (issuer, sub) WHERE issuer <> '';

CREATE TABLE sessions (
    id      TEXT   NOT NULL PRIMARY KEY,
    user_id TEXT   NOT NULL,
    data    TEXT   NOT NULL,
    address TEXT   NOT NULL,
    agent   TEXT   NOT NULL,
    created BIGINT NOT NULL,
    seen    BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    ended   BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, seen);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE tokens (
    id      TEXT   NOT NULL PRIMARY KEY,
    digest  TEXT   NOT NULL,
    user_id TEXT   NOT NULL REFERENCES users (id),
    created BIGINT NOT NULL,
    used    BIGINT NOT NULL,
    body    TEXT   NOT NULL
);
CREATE UNIQUE INDEX tokens_digest ON tokens (digest);
CREATE INDEX tokens_user ON tokens (user_id, created);

CREATE TABLE tickets (
    digest  TEXT   NOT NULL PRIMARY KEY,
    kind    TEXT   NOT NULL,
    user_id TEXT   NOT NULL,
    expires BIGINT NOT NULL
);
CREATE UNIQUE INDEX tickets_user ON tickets (kind, user_id);

-- The host's own secrets, beside those of instances.
CREATE TABLE host_keysets (
    instance TEXT   NOT NULL,
    key_id   TEXT   NOT NULL,
    wrapped  TEXT   NOT NULL,
    created  BIGINT NOT NULL,
    PRIMARY KEY (instance, key_id)
);

CREATE TABLE host_secrets (
    instance TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    key_id   TEXT   NOT NULL,
    sealed   TEXT   NOT NULL,
    updated  BIGINT NOT NULL,
    PRIMARY KEY (instance, name),
    FOREIGN KEY (instance, key_id) REFERENCES host_keysets (instance, key_id)
);
