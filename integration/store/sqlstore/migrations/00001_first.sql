-- One text for every database: ids are made by the program, times are epoch
-- milliseconds (0: none), JSON is TEXT, and a body holds the whole record of
-- which other columns are what queries look for.

-- +goose Up
CREATE TABLE instances (
    id       TEXT   NOT NULL PRIMARY KEY,
    name     TEXT   NOT NULL,
    status   TEXT   NOT NULL,
    run_as   TEXT   NOT NULL,
    document TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    bound    TEXT   NOT NULL,
    notes    TEXT   NOT NULL,
    next_due BIGINT NOT NULL,
    created  BIGINT NOT NULL,
    updated  BIGINT NOT NULL
);
CREATE UNIQUE INDEX instances_name ON instances (name) WHERE status <> 'removed';
CREATE INDEX instances_due ON instances (next_due) WHERE status = 'active';

CREATE TABLE keysets (
    instance TEXT   NOT NULL REFERENCES instances (id),
    key_id   TEXT   NOT NULL,
    wrapped  TEXT   NOT NULL,
    created  BIGINT NOT NULL,
    PRIMARY KEY (instance, key_id)
);

CREATE TABLE secrets (
    instance TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    key_id   TEXT   NOT NULL,
    sealed   TEXT   NOT NULL,
    updated  BIGINT NOT NULL,
    PRIMARY KEY (instance, name),
    FOREIGN KEY (instance, key_id) REFERENCES keysets (instance, key_id)
);

CREATE TABLE links (
    instance TEXT   NOT NULL REFERENCES instances (id),
    id       TEXT   NOT NULL,
    customer TEXT   NOT NULL,
    state    TEXT   NOT NULL,
    sort_key TEXT   NOT NULL,
    search   TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (instance, id)
);
CREATE UNIQUE INDEX links_customer ON links (instance, customer) WHERE state = 'accepted' AND customer <> '';
CREATE INDEX links_sorted ON links (instance, sort_key, id);

CREATE TABLE records (
    instance TEXT NOT NULL REFERENCES instances (id),
    side     TEXT NOT NULL,
    id       TEXT NOT NULL,
    owner    TEXT NOT NULL,
    type     TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    run      TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (instance, side, id)
);
CREATE INDEX records_owner ON records (instance, side, owner);
CREATE INDEX records_sorted ON records (instance, sort_key, side, id);

CREATE TABLE pairs (
    instance TEXT NOT NULL REFERENCES instances (id),
    kind     TEXT NOT NULL,
    left_id  TEXT NOT NULL,
    right_id TEXT NOT NULL,
    owner    TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (instance, kind, left_id)
);
CREATE UNIQUE INDEX pairs_right ON pairs (instance, kind, right_id) WHERE right_id <> '';
CREATE INDEX pairs_owner ON pairs (instance, kind, owner);

CREATE TABLE decisions (
    instance   TEXT   NOT NULL REFERENCES instances (id),
    side       TEXT   NOT NULL,
    record     TEXT   NOT NULL,
    verb       TEXT   NOT NULL,
    decided_by TEXT   NOT NULL,
    decided    BIGINT NOT NULL,
    PRIMARY KEY (instance, side, record)
);

CREATE TABLE overwrites (
    instance  TEXT   NOT NULL REFERENCES instances (id),
    id        TEXT   NOT NULL,
    run       TEXT   NOT NULL,
    written   BIGINT NOT NULL,
    side      TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    record    TEXT   NOT NULL,
    field     TEXT   NOT NULL,
    old_value TEXT   NOT NULL,
    new_value TEXT   NOT NULL,
    why       TEXT   NOT NULL,
    PRIMARY KEY (instance, id)
);
CREATE INDEX overwrites_record ON overwrites (instance, side, record, written);

CREATE TABLE intents (
    instance TEXT   NOT NULL REFERENCES instances (id),
    id       TEXT   NOT NULL,
    op       TEXT   NOT NULL,
    created  BIGINT NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (instance, id)
);
CREATE UNIQUE INDEX intents_op ON intents (instance, op);

CREATE TABLE reports (
    instance TEXT NOT NULL REFERENCES instances (id),
    owner    TEXT NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (instance, owner)
);

CREATE TABLE conflicts (
    instance TEXT   NOT NULL REFERENCES instances (id),
    id       TEXT   NOT NULL,
    owner    TEXT   NOT NULL,
    field    TEXT   NOT NULL,
    settled  BIGINT NOT NULL,
    sort_key TEXT   NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (instance, id)
);
CREATE INDEX conflicts_sorted ON conflicts (instance, sort_key, id);
CREATE INDEX conflicts_open ON conflicts (instance, sort_key, id) WHERE settled = 0;

CREATE TABLE plans (
    instance    TEXT   NOT NULL REFERENCES instances (id),
    id          TEXT   NOT NULL,
    created     BIGINT NOT NULL,
    made_by     TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL,
    document    TEXT   NOT NULL,
    applied     BIGINT NOT NULL,
    PRIMARY KEY (instance, id)
);

CREATE TABLE passwords (
    instance     TEXT   NOT NULL REFERENCES instances (id),
    id           TEXT   NOT NULL,
    organization TEXT   NOT NULL,
    asset        TEXT   NOT NULL,
    linkage      TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    username     TEXT   NOT NULL,
    category     TEXT   NOT NULL,
    url          TEXT   NOT NULL,
    changed      BIGINT NOT NULL,
    updated      BIGINT NOT NULL,
    run          TEXT   NOT NULL,
    sort_key     TEXT   NOT NULL,
    search       TEXT   NOT NULL,
    PRIMARY KEY (instance, id)
);
CREATE INDEX passwords_sorted ON passwords (instance, sort_key, id);
CREATE INDEX passwords_organization ON passwords (instance, organization);

CREATE TABLE runs (
    id       TEXT    NOT NULL PRIMARY KEY,
    instance TEXT    NOT NULL REFERENCES instances (id),
    flow     TEXT    NOT NULL,
    input    TEXT    NOT NULL,
    cause    TEXT    NOT NULL,
    actor    TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    epoch    BIGINT  NOT NULL,
    owner    TEXT    NOT NULL,
    until    BIGINT  NOT NULL,
    stage    TEXT    NOT NULL,
    counts   TEXT    NOT NULL,
    again    BOOLEAN NOT NULL,
    output   TEXT    NOT NULL,
    error    TEXT    NOT NULL,
    code     TEXT    NOT NULL,
    attempts BIGINT  NOT NULL,
    created  BIGINT  NOT NULL,
    started  BIGINT  NOT NULL,
    ended    BIGINT  NOT NULL
);
CREATE UNIQUE INDEX runs_active ON runs (instance) WHERE state IN ('queued', 'running');
CREATE INDEX runs_until ON runs (until) WHERE state IN ('queued', 'running');
CREATE INDEX runs_created ON runs (instance, created);

CREATE TABLE audit (
    seq      BIGINT NOT NULL PRIMARY KEY,
    happened BIGINT NOT NULL,
    instance TEXT   NOT NULL,
    actor    TEXT   NOT NULL,
    action   TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    detail   TEXT   NOT NULL,
    prev     TEXT   NOT NULL,
    hash     TEXT   NOT NULL
);
CREATE INDEX audit_instance ON audit (instance, seq);

CREATE TABLE audit_head (
    id   TEXT   NOT NULL PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash TEXT   NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES ('head', 0, '');
