-- +goose Up

-- Divisions by their 12-digit statistical code (reference).
CREATE TABLE area_area (
    code   BIGINT   NOT NULL PRIMARY KEY,
    name   TEXT     NOT NULL,
    level  SMALLINT NOT NULL,
    parent BIGINT   NOT NULL
);
CREATE INDEX area_area_parent ON area_area (parent);

-- Organisations (reference): offices, centres, institutes, stations and points,
-- and the units, departments, organisations and teams that register under them.
CREATE TABLE org_org (
    id           TEXT    NOT NULL PRIMARY KEY,
    home         TEXT    NOT NULL,
    kind         TEXT    NOT NULL, -- practice | unit | department | organization | team
    tier         TEXT    NOT NULL, -- office | center | institute | station | point | '' for the other kinds
    name         TEXT    NOT NULL,
    area         BIGINT  NOT NULL REFERENCES area_area (code),
    position     BIGINT  NOT NULL DEFAULT 0, -- the position it holds now
    parent       TEXT    NOT NULL DEFAULT '', -- the organisation above it now
    credit_code  TEXT    NOT NULL DEFAULT '', -- GB 32100
    contact      BYTEA,                       -- encrypted phone of the contact person
    address      TEXT    NOT NULL DEFAULT '',
    about        TEXT    NOT NULL DEFAULT '', -- what it is, in its own words
    state        TEXT    NOT NULL, -- pending | approved | returned | merged | closed
    reason       TEXT    NOT NULL DEFAULT '',
    trusted      BOOLEAN NOT NULL DEFAULT FALSE, -- its ordinary activities need no review
    successor    TEXT    NOT NULL DEFAULT '', -- that it was merged into
    merged       BIGINT  NOT NULL DEFAULT 0,  -- when; its positions count as the successor's from then on
    registered_by TEXT   NOT NULL DEFAULT '',
    created      BIGINT  NOT NULL,
    due          BIGINT  NOT NULL DEFAULT 0, -- by when its registration is to be reviewed
    approved     BIGINT  NOT NULL DEFAULT 0,
    rev          BIGINT  NOT NULL DEFAULT 1
);
CREATE INDEX org_org_parent ON org_org (parent, kind, name);
CREATE INDEX org_org_area ON org_org (area, name, id); -- the order of lists
CREATE INDEX org_org_name ON org_org (name);
CREATE INDEX org_org_review ON org_org (due, id) WHERE state = 'pending';
CREATE INDEX org_org_registered_by ON org_org (registered_by, id) WHERE registered_by <> '';
-- Siblings of one kind differ by name, a place has one office, centre, institute
-- or station, a credit code stands for one organisation.
CREATE UNIQUE INDEX org_org_sibling ON org_org (parent, kind, name) WHERE state IN ('pending', 'approved');
CREATE UNIQUE INDEX org_org_seat ON org_org (area, tier) WHERE tier IN ('office', 'center', 'institute', 'station') AND state IN ('pending', 'approved');
CREATE UNIQUE INDEX org_org_credit ON org_org (credit_code) WHERE credit_code <> '' AND state IN ('pending', 'approved');

-- An organisation at a place in the tree, from a day to a day (reference).
-- The name it had there is kept, so that old papers still read right.
CREATE TABLE org_position (
    id       BIGINT NOT NULL PRIMARY KEY,
    org      TEXT   NOT NULL REFERENCES org_org (id),
    parent   BIGINT NOT NULL, -- position above, 0 at the top
    kind     TEXT   NOT NULL,
    tier     TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    area     BIGINT NOT NULL,
    from_day TEXT   NOT NULL,
    to_day   TEXT   NOT NULL DEFAULT '' -- exclusive; '' while it is held
);
CREATE INDEX org_position_org ON org_position (org);
CREATE INDEX org_position_parent ON org_position (parent);

-- Every position below a position, itself included at depth 0 (reference).
CREATE TABLE org_under (
    ancestor BIGINT   NOT NULL,
    position BIGINT   NOT NULL,
    depth    SMALLINT NOT NULL,
    PRIMARY KEY (ancestor, position)
);
CREATE INDEX org_under_position ON org_under (position, ancestor);
