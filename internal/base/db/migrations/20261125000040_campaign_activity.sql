-- +goose Up

-- Campaign > action > project (reference). `top` is the campaign at its root.
CREATE TABLE campaign_campaign (
    id       BIGINT NOT NULL PRIMARY KEY,
    parent   BIGINT NOT NULL, -- 0 at the top
    level    TEXT   NOT NULL, -- programme | action | project
    name     TEXT   NOT NULL,
    org      TEXT   NOT NULL,
    about    TEXT   NOT NULL DEFAULT '',
    from_day TEXT   NOT NULL,
    to_day   TEXT   NOT NULL DEFAULT '',
    state    TEXT   NOT NULL, -- open | closed
    created  BIGINT NOT NULL,
    rev      BIGINT NOT NULL DEFAULT 1
);
CREATE TABLE campaign_under (
    ancestor BIGINT   NOT NULL,
    campaign BIGINT   NOT NULL,
    depth    SMALLINT NOT NULL,
    PRIMARY KEY (ancestor, campaign)
);
CREATE INDEX campaign_under_campaign ON campaign_under (campaign, ancestor);

-- Kinds of service (reference): T3's seven and others.
CREATE TABLE activity_service (
    id    BIGINT  NOT NULL PRIMARY KEY,
    slug  TEXT    NOT NULL UNIQUE,
    name  TEXT    NOT NULL,
    risky BOOLEAN NOT NULL,
    open  BOOLEAN NOT NULL DEFAULT TRUE
);

CREATE TABLE activity_activity (
    home       TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    org        TEXT    NOT NULL, -- the one that counts it
    campaign   BIGINT  NOT NULL DEFAULT 0,
    service    BIGINT  NOT NULL REFERENCES activity_service (id),
    title      TEXT    NOT NULL,
    content    TEXT    NOT NULL DEFAULT '',
    place      TEXT    NOT NULL DEFAULT '',
    area       BIGINT  NOT NULL,
    conditions TEXT    NOT NULL DEFAULT '',
    how        TEXT    NOT NULL DEFAULT '', -- how to sign up
    risks      TEXT    NOT NULL DEFAULT '',
    protection TEXT    NOT NULL DEFAULT '',
    contact    TEXT    NOT NULL DEFAULT '', -- an office's number, not a person's
    leader     TEXT    NOT NULL DEFAULT '', -- person who leads it
    signup     TEXT    NOT NULL, -- open | approval
    waitlist   BOOLEAN NOT NULL DEFAULT TRUE,
    risky      BOOLEAN NOT NULL, -- kind of service or a post of it is
    state      TEXT    NOT NULL, -- ReviewState: draft | submitted | returned | published | cancelled | settled
    reason     TEXT    NOT NULL DEFAULT '',
    author     TEXT    NOT NULL,
    submitted  BIGINT  NOT NULL DEFAULT 0,
    due        BIGINT  NOT NULL DEFAULT 0,  -- the review's clock
    reviewer_org TEXT  NOT NULL DEFAULT '', -- whose desk it is on; rises when overdue
    raised     BIGINT  NOT NULL DEFAULT 0,  -- how often its review has risen
    published  BIGINT  NOT NULL DEFAULT 0,
    version    BIGINT  NOT NULL DEFAULT 0,  -- of what people signed up for
    starts     BIGINT  NOT NULL DEFAULT 0,  -- span of its shifts
    ends       BIGINT  NOT NULL DEFAULT 0,
    created    BIGINT  NOT NULL,
    rev        BIGINT  NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE INDEX activity_activity_org ON activity_activity (org, created, state, home, id); -- an organisation's list, from the index alone
CREATE INDEX activity_activity_reviewer ON activity_activity (reviewer_org, state, due);
CREATE INDEX activity_activity_open ON activity_activity (home, state, ends);
CREATE INDEX activity_activity_leader ON activity_activity (leader) WHERE leader <> '';
CREATE INDEX activity_activity_author ON activity_activity (author);
CREATE INDEX activity_activity_state ON activity_activity (state, ends); -- what is open, or submitted, in any home

CREATE TABLE activity_coorg (
    home     TEXT NOT NULL,
    activity TEXT NOT NULL,
    org      TEXT NOT NULL,
    part     TEXT NOT NULL, -- host | assist
    PRIMARY KEY (home, activity, org),
    FOREIGN KEY (home, activity) REFERENCES activity_activity (home, id)
);
CREATE INDEX activity_coorg_org ON activity_coorg (org);

CREATE TABLE activity_post (
    home     TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    activity TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    duty     TEXT    NOT NULL DEFAULT '',
    min_age  BIGINT  NOT NULL DEFAULT 0,
    max_age  BIGINT  NOT NULL DEFAULT 0, -- 0: none
    skill    BIGINT  NOT NULL DEFAULT 0,
    certificates TEXT NOT NULL DEFAULT '', -- kinds that must hold on the shift's day, ascending, with commas between
    risky    BOOLEAN NOT NULL DEFAULT FALSE,
    places   BIGINT  NOT NULL CHECK (places >= 1),
    standby_places BIGINT NOT NULL DEFAULT 0 CHECK (standby_places >= 0),
    PRIMARY KEY (home, id),
    FOREIGN KEY (home, activity) REFERENCES activity_activity (home, id)
);
CREATE INDEX activity_post_activity ON activity_post (home, activity, id);

-- What changed after publication, as people on it are shown it.
CREATE TABLE activity_change (
    home     TEXT   NOT NULL,
    activity TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    by       TEXT   NOT NULL,
    diff     TEXT   NOT NULL, -- JSON [{"field","before","after"}]
    PRIMARY KEY (home, activity, version),
    FOREIGN KEY (home, activity) REFERENCES activity_activity (home, id)
);
