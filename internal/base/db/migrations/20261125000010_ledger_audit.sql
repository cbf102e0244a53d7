-- +goose Up

-- One countable thing that happened. Never updated but for the number a sealer
-- gives it, never deleted. Positions, campaign, service and category are the
-- small integers of their reference tables, 0 where there is none.
CREATE TABLE ledger_fact (
    home     TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    seq      BIGINT,
    kind     BIGINT  NOT NULL,
    day      TEXT    NOT NULL,
    org      BIGINT  NOT NULL,
    unit     BIGINT  NOT NULL,
    area     BIGINT  NOT NULL,
    campaign BIGINT  NOT NULL DEFAULT 0,
    callup   TEXT    NOT NULL DEFAULT '',
    service  BIGINT  NOT NULL DEFAULT 0,
    category BIGINT  NOT NULL DEFAULT 0,
    subject  TEXT    NOT NULL,
    person   TEXT    NOT NULL DEFAULT '',
    qty      BIGINT  NOT NULL,
    grade    TEXT    NOT NULL DEFAULT '',
    posted   BIGINT  NOT NULL,
    by       TEXT    NOT NULL,
    reverses TEXT    NOT NULL DEFAULT '',
    once     BYTEA   NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX ledger_fact_once ON ledger_fact (home, kind, once); -- nothing counts twice
CREATE INDEX ledger_fact_seq ON ledger_fact (seq);
CREATE INDEX ledger_fact_subject ON ledger_fact (home, subject);
CREATE INDEX ledger_fact_person ON ledger_fact (person, kind, day);
-- Few facts are reversals, so this costs the others nothing; queries say reverses <> '' to use it.
CREATE INDEX ledger_fact_reverses ON ledger_fact (home, kind, reverses) WHERE reverses <> '';

-- The kinds that were ever posted: key (as roster.arrived) to small integer.
CREATE TABLE ledger_kind (
    id  BIGINT NOT NULL PRIMARY KEY,
    key TEXT   NOT NULL UNIQUE
);

CREATE TABLE ledger_head (
    id   BIGINT NOT NULL PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash BYTEA  NOT NULL,
    at   BIGINT NOT NULL,
    lease_by    TEXT   NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE ledger_seal (
    first BIGINT NOT NULL PRIMARY KEY,
    last  BIGINT NOT NULL,
    at    BIGINT NOT NULL,
    hash  BYTEA  NOT NULL
);

-- Who did what, when, on whom, before and after. Append-only, sealed like facts.
CREATE TABLE audit_entry (
    home    TEXT   NOT NULL,
    id      TEXT   NOT NULL,
    seq     BIGINT,
    at      BIGINT NOT NULL,
    actor   TEXT   NOT NULL,
    via     TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    org     TEXT   NOT NULL DEFAULT '',
    before  TEXT   NOT NULL DEFAULT '',
    after   TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (home, id)
);
CREATE INDEX audit_entry_seq ON audit_entry (seq);
CREATE INDEX audit_entry_subject ON audit_entry (home, subject);
CREATE TABLE audit_head (
    id   BIGINT NOT NULL PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash BYTEA  NOT NULL,
    at   BIGINT NOT NULL,
    lease_by    TEXT   NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE audit_seal (
    first BIGINT NOT NULL PRIMARY KEY,
    last  BIGINT NOT NULL,
    at    BIGINT NOT NULL,
    hash  BYTEA  NOT NULL
);
