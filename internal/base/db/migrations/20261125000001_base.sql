-- +goose Up

-- Small integers that are never given twice: one row a counter.
CREATE TABLE db_counter (
    name  TEXT   NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE config_setting (
    id    TEXT   NOT NULL PRIMARY KEY,
    value TEXT   NOT NULL,
    rev   BIGINT NOT NULL DEFAULT 1
);

-- What must happen later: a row waits until at, and is gone when it is done. A worker
-- that runs it holds a lease until then; a lease that ran out is anyone's.
CREATE TABLE jobs_job (
    home  TEXT   NOT NULL, -- the ref's, 000000 without one
    id    TEXT   NOT NULL,
    kind  TEXT   NOT NULL,
    key   TEXT,            -- NULL: any number of the same
    ref   TEXT   NOT NULL,
    args  TEXT   NOT NULL, -- JSON, ids and numbers only
    at    BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    lease TEXT   NOT NULL DEFAULT '', -- the worker's
    until BIGINT NOT NULL DEFAULT 0,
    state TEXT   NOT NULL DEFAULT 'waiting', -- waiting | dead
    error TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (home, id),
    UNIQUE (home, key)
);
CREATE INDEX jobs_job_due ON jobs_job (state, at);

-- What was answered to a request that named itself, for as long as it may be
-- repeated. request is the SHA-256 of what was asked; status 0: not answered.
CREATE TABLE idem_key (
    home    TEXT   NOT NULL, -- the record acted on
    actor   TEXT   NOT NULL,
    key     TEXT   NOT NULL,
    request BYTEA  NOT NULL,
    status  BIGINT NOT NULL,
    ref     TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (home, actor, key)
);
CREATE INDEX idem_key_at ON idem_key (at);
