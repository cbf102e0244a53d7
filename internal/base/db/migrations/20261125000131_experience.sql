-- +goose Up

-- What a unit did that others could do: written, submitted up, chosen.
CREATE TABLE experience_experience (
    home      TEXT   NOT NULL, -- the unit's
    id        TEXT   NOT NULL,
    org       TEXT   NOT NULL, -- whose it is
    title     TEXT   NOT NULL, -- of the text, without its figures
    theme     TEXT   NOT NULL, -- a word or two, by which the library is searched
    doc       TEXT   NOT NULL, -- the text: JSON of package prose
    indicator TEXT   NOT NULL DEFAULT '', -- by which its effect is seen; '': none
    service   BIGINT NOT NULL DEFAULT 0, -- of that indicator; 0: any
    desk      TEXT   NOT NULL DEFAULT '', -- the organisation at which it lies, or that it was recommended to last
    state     TEXT   NOT NULL, -- draft | submitted | returned | chosen
    author    TEXT   NOT NULL, -- who wrote it last
    created   BIGINT NOT NULL,
    edited    BIGINT NOT NULL,
    submitted BIGINT NOT NULL DEFAULT 0,
    chosen    BIGINT NOT NULL DEFAULT 0,
    raised    BIGINT NOT NULL DEFAULT 0, -- how many tiers it was recommended up since it was chosen
    reason    TEXT   NOT NULL DEFAULT '', -- of the last return
    rev       BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE INDEX experience_experience_org ON experience_experience (org, edited);
CREATE INDEX experience_experience_desk ON experience_experience (desk, state);
CREATE INDEX experience_experience_chosen ON experience_experience (chosen, id) WHERE state = 'chosen';
CREATE INDEX experience_experience_author ON experience_experience (author);

-- What it was: each time it was submitted, and before somebody wrote on, after a while or after another.
CREATE TABLE experience_revision (
    home       TEXT    NOT NULL,
    experience TEXT    NOT NULL,
    n          BIGINT  NOT NULL,
    at         BIGINT  NOT NULL,
    by         TEXT    NOT NULL,
    submitted  BOOLEAN NOT NULL,
    doc        TEXT    NOT NULL,
    PRIMARY KEY (home, experience, n),
    FOREIGN KEY (home, experience) REFERENCES experience_experience (home, id)
);

-- What a tier says of one.
CREATE TABLE experience_comment (
    home       TEXT   NOT NULL, -- the experience's
    id         TEXT   NOT NULL,
    experience TEXT   NOT NULL,
    org        TEXT   NOT NULL, -- for which she speaks
    author     TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (home, id),
    FOREIGN KEY (home, experience) REFERENCES experience_experience (home, id)
);
CREATE INDEX experience_comment_experience ON experience_comment (home, experience, at);

-- That a unit does likewise (home: the unit's).
CREATE TABLE experience_adoption (
    home       TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    experience TEXT   NOT NULL, -- lives with its unit
    org        TEXT   NOT NULL, -- who adopted it
    note       TEXT   NOT NULL DEFAULT '',
    author     TEXT   NOT NULL,
    day        TEXT   NOT NULL, -- from which it counts
    at         BIGINT NOT NULL,
    PRIMARY KEY (home, id),
    UNIQUE (home, experience, org)
);
CREATE INDEX experience_adoption_experience ON experience_adoption (experience, at);

-- A mention in the media.
CREATE TABLE experience_mention (
    home       TEXT   NOT NULL, -- the unit's that it praises
    id         TEXT   NOT NULL,
    org        TEXT   NOT NULL,
    experience TEXT   NOT NULL DEFAULT '', -- the chosen one that it tells of, of the unit or of one below it
    title      TEXT   NOT NULL,
    source     TEXT   NOT NULL, -- the paper, station or account
    day        TEXT   NOT NULL,
    link       TEXT   NOT NULL DEFAULT '',
    author     TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    withdrawn  BIGINT NOT NULL DEFAULT 0, -- when it was taken back
    reason     TEXT   NOT NULL DEFAULT '', -- why
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX experience_mention_once ON experience_mention (home, org, source, title, day) WHERE withdrawn = 0;
CREATE INDEX experience_mention_org ON experience_mention (org, day);
CREATE INDEX experience_mention_experience ON experience_mention (experience, day) WHERE experience <> '';
