-- +goose Up

-- A list that somebody brought, on its way into the records.
CREATE TABLE intake_batch (
    home    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    kind    TEXT    NOT NULL, -- orgs | volunteers | activities | attendance
    org     TEXT    NOT NULL, -- for which it is entered
    state   TEXT    NOT NULL, -- reading | refused | checked | entering | done | undoing | undone | dropped
    name    BYTEA,            -- of the file, sealed
    size    BIGINT  NOT NULL,
    paper   BOOLEAN NOT NULL DEFAULT FALSE, -- who brought it holds the signed consents
    lang    TEXT    NOT NULL,
    author  TEXT    NOT NULL,
    created BIGINT  NOT NULL,
    ended   BIGINT  NOT NULL DEFAULT 0, -- when it was entered, or undone
    total   BIGINT  NOT NULL DEFAULT 0, -- rows read so far
    at      BIGINT  NOT NULL DEFAULT 0, -- the row up to which the present pass has come
    good    BIGINT  NOT NULL DEFAULT 0,
    bad     BIGINT  NOT NULL DEFAULT 0,
    same    BIGINT  NOT NULL DEFAULT 0,
    made    BIGINT  NOT NULL DEFAULT 0,
    failed  BIGINT  NOT NULL DEFAULT 0,
    undone  BIGINT  NOT NULL DEFAULT 0,
    kept    BIGINT  NOT NULL DEFAULT 0,
    told    TEXT    NOT NULL DEFAULT '', -- JSON: why it was refused, what was passed over
    purged  BOOLEAN NOT NULL DEFAULT FALSE,
    rev     BIGINT  NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE INDEX intake_batch_org ON intake_batch (org, created);
CREATE INDEX intake_batch_purge ON intake_batch (purged, created);

-- The file itself, sealed in pieces, until the list is entered or dropped.
CREATE TABLE intake_piece (
    home  TEXT   NOT NULL,
    id    TEXT   NOT NULL,
    batch TEXT   NOT NULL,
    n     BIGINT NOT NULL,
    body  BYTEA  NOT NULL,
    PRIMARY KEY (home, id),
    UNIQUE (home, batch, n),
    FOREIGN KEY (home, batch) REFERENCES intake_batch (home, id)
);

CREATE TABLE intake_row (
    home  TEXT   NOT NULL,
    id    TEXT   NOT NULL,
    batch TEXT   NOT NULL,
    n     BIGINT NOT NULL, -- counted through all sheets
    line  BIGINT NOT NULL, -- as the spreadsheet counts
    state TEXT   NOT NULL, -- good | bad | same | made | failed | undone | kept
    body  BYTEA,           -- its cells and what is said of them, sealed
    mark  BYTEA  NOT NULL, -- keyed hash of what makes it the row that it is
    made  TEXT   NOT NULL DEFAULT '', -- the record that it became
    PRIMARY KEY (home, id),
    UNIQUE (home, batch, n),
    FOREIGN KEY (home, batch) REFERENCES intake_batch (home, id)
);
CREATE INDEX intake_row_state ON intake_row (home, batch, state, n);

-- What an import entered, so that the same row enters nothing twice.
CREATE TABLE intake_mark (
    home  TEXT  NOT NULL,
    mark  BYTEA NOT NULL,
    batch TEXT  NOT NULL,
    made  TEXT  NOT NULL,
    PRIMARY KEY (home, mark)
);
