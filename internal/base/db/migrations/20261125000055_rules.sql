-- +goose Up

-- How much rest goes with the posts of a kind of service (reference). 0: no such rule.
CREATE TABLE roster_rest (
    service BIGINT NOT NULL PRIMARY KEY,
    longest BIGINT NOT NULL CHECK (longest >= 0), -- minutes on duty on end
    apart   BIGINT NOT NULL CHECK (apart >= 0), -- minutes between two shifts
    nights  BIGINT NOT NULL CHECK (nights >= 0)   -- in a row
);

-- A rule that makes shifts of a post.
CREATE TABLE roster_series (
    home     TEXT   NOT NULL, -- the activity's
    id       TEXT   NOT NULL,
    activity TEXT   NOT NULL,
    post     TEXT   NOT NULL,
    days     TEXT   NOT NULL, -- weekly | but_holidays | working
    weekdays BIGINT NOT NULL CHECK (weekdays > 0 AND weekdays < 128), -- bit 0 is Monday
    weeks    BIGINT NOT NULL CHECK (weeks >= 1), -- every so many
    from_day TEXT   NOT NULL,
    to_day   TEXT   NOT NULL,
    skipped  TEXT   NOT NULL DEFAULT '', -- days, with commas between
    begins   BIGINT NOT NULL, -- minutes after midnight
    lasts    BIGINT NOT NULL CHECK (lasts > 0), -- minutes
    places   BIGINT NOT NULL CHECK (places >= 1),
    standby_places BIGINT NOT NULL DEFAULT 0 CHECK (standby_places >= 0),
    made     TEXT   NOT NULL DEFAULT '', -- the day up to which its shifts are made
    author   TEXT   NOT NULL,
    created  BIGINT NOT NULL,
    rev      BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id),
    FOREIGN KEY (home, activity) REFERENCES activity_activity (home, id),
    FOREIGN KEY (home, post) REFERENCES activity_post (home, id)
);
CREATE INDEX roster_series_activity ON roster_series (home, activity, id);

-- Somebody was asked to take a place that nobody has.
CREATE TABLE roster_ask (
    home     TEXT   NOT NULL, -- the shift's
    id       TEXT   NOT NULL,
    shift    TEXT   NOT NULL,
    person   TEXT   NOT NULL,
    service  BIGINT NOT NULL,
    author   TEXT   NOT NULL,
    asked    BIGINT NOT NULL,
    answer   TEXT   NOT NULL DEFAULT '', -- yes | no: not this shift | never: not this kind of service
    answered BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (home, id),
    UNIQUE (home, shift, person),
    FOREIGN KEY (home, shift) REFERENCES roster_shift (home, id)
);
CREATE INDEX roster_ask_person ON roster_ask (person, asked);

-- An anomaly that somebody looked into and found to be in order. What she saw is in the key:
-- where the records behind it change, it stands anew.
CREATE TABLE roster_dismissal (
    home   TEXT   NOT NULL, -- the organisation's at whose desk it was
    anomaly TEXT  NOT NULL,
    org    TEXT   NOT NULL,
    day    TEXT   NOT NULL,
    kind   TEXT   NOT NULL,
    reason TEXT   NOT NULL,
    author TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (home, anomaly)
);
CREATE INDEX roster_dismissal_day ON roster_dismissal (day);

-- Of which certificates their bearers were told that they end, and by which last day.
CREATE TABLE roster_paper (
    home        TEXT   NOT NULL, -- the certificate's
    certificate TEXT   NOT NULL,
    expires     TEXT   NOT NULL, -- day
    told        BIGINT NOT NULL,
    PRIMARY KEY (home, certificate, expires)
);

-- The calendar of a volunteer's own shifts, to which phones subscribe by a secret in its address.
CREATE TABLE roster_calendar (
    home   TEXT   NOT NULL, -- the person's
    id     TEXT   NOT NULL,
    person TEXT   NOT NULL,
    hash   BYTEA  NOT NULL, -- keyed, of the secret
    made   BIGINT NOT NULL,
    ended  BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX roster_calendar_person ON roster_calendar (home, person) WHERE ended = 0;

-- Posts and shifts kept under a name, to be made again: its organisation and all below it may.
CREATE TABLE roster_template (
    home    TEXT   NOT NULL, -- the organisation's
    id      TEXT   NOT NULL,
    org     TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    note    TEXT   NOT NULL DEFAULT '',
    service BIGINT NOT NULL, -- the kind of service that it was made for
    weekly  BOOLEAN NOT NULL, -- its days count from a Monday
    body    TEXT   NOT NULL, -- JSON {"posts": [...], "slots": [...]}
    state   TEXT   NOT NULL, -- open | retired
    author  TEXT   NOT NULL, -- who saved it last
    changed BIGINT NOT NULL,
    rev     BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX roster_template_name ON roster_template (home, org, name) WHERE state = 'open';
CREATE INDEX roster_template_org ON roster_template (org);
