-- +goose Up

-- Articles, announcements and stories (home: the organisation's). `state` is that of the text
-- that is being worked on; what everybody reads is the revision of number `version`.
CREATE TABLE article_article (
    home          TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    org           TEXT   NOT NULL, -- whose it is
    kind          TEXT   NOT NULL, -- article | announcement | story
    campaign      BIGINT NOT NULL DEFAULT 0,
    title         TEXT   NOT NULL, -- of the text that is being worked on, without its figures
    doc           TEXT   NOT NULL, -- that text: JSON of package prose
    note          TEXT   NOT NULL DEFAULT '', -- what a correction corrects
    wanted        BIGINT NOT NULL DEFAULT 0,  -- when it is to be published; 0: as soon as it may
    state         TEXT   NOT NULL, -- draft | submitted | returned | scheduled | published | withdrawn
    reason        TEXT   NOT NULL DEFAULT '', -- of its return or withdrawal
    author        TEXT   NOT NULL, -- who answers for its text: whoever wrote, then whoever submitted it
    editor        TEXT   NOT NULL, -- who saved it last
    edited        BIGINT NOT NULL,
    submitted     BIGINT NOT NULL DEFAULT 0,
    due           BIGINT NOT NULL DEFAULT 0,
    reviewer_org  TEXT   NOT NULL DEFAULT '',
    raised        BIGINT NOT NULL DEFAULT 0,
    published     BIGINT NOT NULL DEFAULT 0,  -- first; 0: never
    version       BIGINT NOT NULL DEFAULT 0,  -- that everybody reads
    changed       BIGINT NOT NULL DEFAULT 0,  -- when that was published
    withdrawn     BIGINT NOT NULL DEFAULT 0,
    shown_title   TEXT   NOT NULL DEFAULT '', -- of that version
    shown_summary TEXT   NOT NULL DEFAULT '',
    shown_cover   TEXT   NOT NULL DEFAULT '', -- its first picture
    created       BIGINT NOT NULL,
    rev           BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE INDEX article_article_org ON article_article (org, edited);
CREATE INDEX article_article_reviewer ON article_article (reviewer_org, state, due);
CREATE INDEX article_article_shown ON article_article (published, id) WHERE version > 0;
CREATE INDEX article_article_author ON article_article (author);

-- What it was: a row for each act, and for each while of writing.
CREATE TABLE article_revision (
    home    TEXT   NOT NULL,
    article TEXT   NOT NULL,
    n       BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    by      TEXT   NOT NULL,
    version BIGINT NOT NULL DEFAULT 0, -- of what was published; 0: it was not
    note    TEXT   NOT NULL DEFAULT '',
    title   TEXT   NOT NULL,
    doc     TEXT   NOT NULL,
    PRIMARY KEY (home, article, n),
    FOREIGN KEY (home, article) REFERENCES article_article (home, id)
);
CREATE UNIQUE INDEX article_revision_version ON article_revision (home, article, version) WHERE version > 0;

-- How often an article was read in an hour, as one process counted it.
CREATE TABLE article_hour (
    home    TEXT   NOT NULL,
    id      TEXT   NOT NULL, -- the subject of its fact
    article TEXT   NOT NULL,
    hour    BIGINT NOT NULL, -- when it began, unix ms
    n       BIGINT NOT NULL CHECK (n >= 1),
    PRIMARY KEY (home, id),
    FOREIGN KEY (home, article) REFERENCES article_article (home, id)
);
CREATE INDEX article_hour_article ON article_hour (home, article);
