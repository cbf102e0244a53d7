-- +goose Up

-- Who is to report, how often, and by when.
CREATE TABLE report_duty (
    home     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    org      TEXT   NOT NULL, -- whose it is
    campaign BIGINT NOT NULL DEFAULT 0, -- whose figures it makes complete; 0: all
    name     TEXT   NOT NULL,
    under    TEXT   NOT NULL, -- who reports: organisations at or below it
    types    TEXT   NOT NULL DEFAULT '', -- of these types, as "station team"; empty: only those that are named
    every    TEXT   NOT NULL, -- once | daily | weekly | monthly
    from_day TEXT   NOT NULL,
    to_day   TEXT   NOT NULL DEFAULT '',
    grace    BIGINT NOT NULL DEFAULT 0, -- days after a period's last within which it is to come
    clock    TEXT   NOT NULL, -- and the hour of that day, 18:00
    state    TEXT   NOT NULL, -- open | closed
    author   TEXT   NOT NULL,
    created  BIGINT NOT NULL,
    rev      BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE INDEX report_duty_org ON report_duty (org, state);

-- One turn of a duty. It opens on its last day.
CREATE TABLE report_period (
    home     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    duty     TEXT   NOT NULL,
    from_day TEXT   NOT NULL,
    to_day   TEXT   NOT NULL,
    due      BIGINT NOT NULL,
    opened   BIGINT NOT NULL DEFAULT 0, -- when all who report had been asked; 0: not yet
    PRIMARY KEY (home, id),
    UNIQUE (home, duty, to_day),
    FOREIGN KEY (home, duty) REFERENCES report_duty (home, id)
);

-- What one organisation owes for one period (home: the organisation's).
CREATE TABLE report_due (
    home     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    period   TEXT   NOT NULL, -- lives with the duty
    org      TEXT   NOT NULL,
    from_day TEXT   NOT NULL,
    to_day   TEXT   NOT NULL,
    due      BIGINT NOT NULL,
    campaign BIGINT NOT NULL DEFAULT 0,
    nil_at   BIGINT NOT NULL DEFAULT 0, -- when it said that there was nothing; 0: it did not
    said_by  TEXT   NOT NULL DEFAULT '',
    reminded BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (home, id),
    UNIQUE (home, period, org)
);
CREATE INDEX report_due_period ON report_due (period, org);
CREATE INDEX report_due_org ON report_due (org, to_day);
CREATE INDEX report_due_day ON report_due (to_day);

-- A total that only the organisation can know (home: the organisation's).
CREATE TABLE report_report (
    home      TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    org       TEXT   NOT NULL,
    key       TEXT   NOT NULL, -- of the declared indicator
    campaign  BIGINT NOT NULL DEFAULT 0,
    from_day  TEXT   NOT NULL,
    to_day    TEXT   NOT NULL,
    number    BIGINT NOT NULL CHECK (number >= 1),
    note      TEXT   NOT NULL DEFAULT '',
    state     TEXT   NOT NULL, -- ReviewState: submitted | accepted | returned | withdrawn | corrected
    author    TEXT   NOT NULL,
    submitted BIGINT NOT NULL,
    reviewer  TEXT   NOT NULL DEFAULT '',
    decided   BIGINT NOT NULL DEFAULT 0,
    reason    TEXT   NOT NULL DEFAULT '', -- of the return
    corrects  TEXT   NOT NULL DEFAULT '', -- the accepted report that this one replaces
    rev       BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE INDEX report_report_org ON report_report (org, to_day);
CREATE INDEX report_report_state ON report_report (state, submitted);

-- What is attached to a report.
CREATE TABLE report_file (
    home    TEXT   NOT NULL,
    report  TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    kind    TEXT   NOT NULL, -- by its content: image/png | image/jpeg | application/pdf | …sheet
    size    BIGINT NOT NULL,
    content BYTEA  NOT NULL,
    PRIMARY KEY (home, report),
    FOREIGN KEY (home, report) REFERENCES report_report (home, id)
);
