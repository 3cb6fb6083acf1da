-- What the pages of the console look for: links by score, by when they were
-- decided and by what is wrong with them; the customers to choose from; the
-- audit log by person and by subject; alerts. The keys ending in _key are texts
-- that sort as the list does.

-- +goose Up
ALTER TABLE links ADD COLUMN parent TEXT NOT NULL DEFAULT '';
ALTER TABLE links ADD COLUMN band TEXT NOT NULL DEFAULT '';
ALTER TABLE links ADD COLUMN attention BIGINT NOT NULL DEFAULT 0;
ALTER TABLE links ADD COLUMN score_key TEXT NOT NULL DEFAULT '';
ALTER TABLE links ADD COLUMN decided_key TEXT NOT NULL DEFAULT '';
CREATE INDEX links_state ON links (instance, state, sort_key, id);
CREATE INDEX links_score ON links (instance, score_key, id);
CREATE INDEX links_decided ON links (instance, decided_key, id);
CREATE INDEX links_named ON links (instance, customer);
CREATE INDEX links_parent ON links (instance, parent);
CREATE INDEX links_tree ON links (instance, sort_key, id, parent, state);
CREATE INDEX links_counted ON links (instance, state, attention, customer);
CREATE INDEX links_attention ON links (instance, sort_key, id) WHERE attention = 1;

CREATE TABLE customers (
    instance TEXT   NOT NULL REFERENCES instances (id),
    id       TEXT   NOT NULL,
    sort_key TEXT   NOT NULL,
    seen     BIGINT NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (instance, id)
);
CREATE INDEX customers_sorted ON customers (instance, sort_key, id);

ALTER TABLE runs ADD COLUMN stop_by TEXT NOT NULL DEFAULT '';

-- Of a report, which whole records are held.
CREATE TABLE held (
    instance TEXT NOT NULL REFERENCES instances (id),
    side     TEXT NOT NULL,
    record   TEXT NOT NULL,
    code     TEXT NOT NULL,
    owner    TEXT NOT NULL,
    PRIMARY KEY (instance, side, record, code, owner)
);
CREATE INDEX held_owner ON held (instance, owner);

CREATE TABLE alerts (
    instance TEXT   NOT NULL REFERENCES instances (id),
    id       TEXT   NOT NULL,
    since    BIGINT NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (instance, id)
);

CREATE INDEX audit_actor ON audit (instance, actor, seq);
CREATE INDEX audit_subject ON audit (instance, subject, seq);
