-- +goose Up

-- The template with which an organisation drafts, in place of the one above it.
CREATE TABLE bulletin_template (
    home   TEXT   NOT NULL,
    org    TEXT   NOT NULL,
    text   TEXT   NOT NULL,
    author TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    rev    BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, org)
);

-- An issue of a bulletin.
CREATE TABLE bulletin_issue (
    home      TEXT   NOT NULL, -- the organisation's
    id        TEXT   NOT NULL,
    org       TEXT   NOT NULL, -- who publishes it
    name      TEXT   NOT NULL, -- of the bulletin, as its masthead says
    year      BIGINT NOT NULL, -- in which its number counts
    number    BIGINT NOT NULL CHECK (number >= 1),
    total     BIGINT NOT NULL CHECK (total >= 1), -- its number among all
    day       TEXT   NOT NULL, -- printed on it
    theme     TEXT   NOT NULL,
    campaign  BIGINT NOT NULL DEFAULT 0, -- drafts are about it; 0: anything
    from_day  TEXT   NOT NULL DEFAULT '',
    to_day    TEXT   NOT NULL DEFAULT '',
    report_to TEXT   NOT NULL DEFAULT '', -- as printed, a line each
    copy_to   TEXT   NOT NULL DEFAULT '',
    receivers TEXT   NOT NULL DEFAULT '', -- the groups and single organisations it goes to
    answer_day TEXT  NOT NULL DEFAULT '', -- the day by which receivers are asked to answer; '': they need not
    corrects  TEXT   NOT NULL DEFAULT '', -- the published issue that it corrects
    state     TEXT   NOT NULL, -- draft | review | approved | published | dropped
    round     BIGINT NOT NULL DEFAULT 0, -- of review
    reason    TEXT   NOT NULL DEFAULT '', -- of the last return
    author    TEXT   NOT NULL,
    signer    TEXT   NOT NULL DEFAULT '', -- who published it
    created   BIGINT NOT NULL,
    submitted BIGINT NOT NULL DEFAULT 0,
    approved  BIGINT NOT NULL DEFAULT 0,
    published BIGINT NOT NULL DEFAULT 0,
    body      TEXT   NOT NULL DEFAULT '', -- what was published, frozen
    hash      TEXT   NOT NULL DEFAULT '', -- of the body
    signature TEXT   NOT NULL DEFAULT '', -- of the body, a suite byte in front
    key       TEXT   NOT NULL DEFAULT '', -- with which the signature is proved, a suite byte in front
    rev       BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE INDEX bulletin_issue_org ON bulletin_issue (org, created);
CREATE INDEX bulletin_issue_state ON bulletin_issue (state, published);
CREATE UNIQUE INDEX bulletin_issue_number ON bulletin_issue (home, org, year, number) WHERE state <> 'dropped';
CREATE UNIQUE INDEX bulletin_issue_total ON bulletin_issue (home, org, total) WHERE state <> 'dropped';

-- A text of an issue.
CREATE TABLE bulletin_article (
    home      TEXT   NOT NULL, -- the issue's
    id        TEXT   NOT NULL,
    issue     TEXT   NOT NULL,
    org       TEXT   NOT NULL, -- the unit whose text it is
    place     BIGINT NOT NULL, -- in the contents
    brief     TEXT   NOT NULL DEFAULT '', -- what the unit was asked for
    doc       TEXT   NOT NULL DEFAULT '', -- the text, as JSON
    state     TEXT   NOT NULL, -- invited | draft | submitted | returned | accepted | removed
    source    TEXT   NOT NULL DEFAULT '', -- the experience that it was taken from
    author    TEXT   NOT NULL, -- who wrote it last; of an invitation, who invited
    edited    BIGINT NOT NULL DEFAULT 0, -- when it was written last
    created   BIGINT NOT NULL,
    due       BIGINT NOT NULL DEFAULT 0, -- by when it is asked for
    submitted BIGINT NOT NULL DEFAULT 0,
    accepted  BIGINT NOT NULL DEFAULT 0,
    reason    TEXT   NOT NULL DEFAULT '', -- of the last return
    rev       BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id),
    FOREIGN KEY (home, issue) REFERENCES bulletin_issue (home, id)
);
CREATE INDEX bulletin_article_issue ON bulletin_article (home, issue, place);
CREATE INDEX bulletin_article_org ON bulletin_article (org, state);

-- What a text was before it was written anew.
CREATE TABLE bulletin_revision (
    home    TEXT   NOT NULL,
    article TEXT   NOT NULL,
    rev     BIGINT NOT NULL,
    doc     TEXT   NOT NULL,
    author  TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (home, article, rev),
    FOREIGN KEY (home, article) REFERENCES bulletin_article (home, id)
);

-- What a reviewer said of an issue.
CREATE TABLE bulletin_review (
    home     TEXT    NOT NULL,
    issue    TEXT    NOT NULL,
    round    BIGINT  NOT NULL,
    reviewer TEXT    NOT NULL,
    agreed   BOOLEAN NOT NULL,
    comment  TEXT    NOT NULL DEFAULT '',
    at       BIGINT  NOT NULL,
    PRIMARY KEY (home, issue, round, reviewer),
    FOREIGN KEY (home, issue) REFERENCES bulletin_issue (home, id)
);

-- To whom an issue goes (home: the receiver's).
CREATE TABLE bulletin_delivery (
    home      TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    issue     TEXT   NOT NULL, -- lives with its organisation
    org       TEXT   NOT NULL, -- who receives it
    kind      TEXT   NOT NULL, -- report (up) | copy (down and beside)
    delivered BIGINT NOT NULL DEFAULT 0, -- 0: chosen, not yet published
    read      BIGINT NOT NULL DEFAULT 0,
    reader    TEXT   NOT NULL DEFAULT '', -- who read it first
    reminded  BIGINT NOT NULL DEFAULT 0,
    reminders BIGINT NOT NULL DEFAULT 0,
    answer    TEXT   NOT NULL DEFAULT '',
    answered  BIGINT NOT NULL DEFAULT 0,
    answerer  TEXT   NOT NULL DEFAULT '',
    rev       BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id),
    UNIQUE (home, issue, org)
);
CREATE INDEX bulletin_delivery_issue ON bulletin_delivery (issue, read);
CREATE INDEX bulletin_delivery_org ON bulletin_delivery (org, delivered);
