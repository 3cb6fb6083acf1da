-- What the HTTP face needs: answers kept under the Idempotency-Key of their
-- request, runs that wait for the one before them, how often what is to be seen
-- of a run has changed, and why it failed as JSON.

-- +goose Up
CREATE TABLE replies (
    subject     TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL,
    status      BIGINT NOT NULL,
    header      TEXT   NOT NULL,
    body        TEXT   NOT NULL,
    created     BIGINT NOT NULL,
    PRIMARY KEY (subject, id)
);
CREATE INDEX replies_created ON replies (created);

ALTER TABLE runs ADD COLUMN sequence BIGINT NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN fault TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_waiting ON runs (instance, created) WHERE state = 'waiting';
