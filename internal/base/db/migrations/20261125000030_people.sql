-- +goose Up

-- The one main category of a volunteer (reference): T2's seven and others.
CREATE TABLE people_category (
    id        BIGINT  NOT NULL PRIMARY KEY,
    slug      TEXT    NOT NULL UNIQUE,
    name      TEXT    NOT NULL,
    political BOOLEAN NOT NULL,
    open      BOOLEAN NOT NULL DEFAULT TRUE
);
CREATE TABLE people_skill (
    id   BIGINT  NOT NULL PRIMARY KEY,
    slug TEXT    NOT NULL UNIQUE,
    name TEXT    NOT NULL,
    open BOOLEAN NOT NULL DEFAULT TRUE
);

-- A person: volunteer, guardian, staff, or several of these. Personal fields
-- are ciphertext; the id is the pseudonym that facts keep.
CREATE TABLE people_person (
    home       TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    no         TEXT    NOT NULL DEFAULT '', -- volunteer number, '' until a volunteer
    name       BYTEA,
    contact    BYTEA,                        -- contact number, may be a relative's
    contact_of TEXT    NOT NULL DEFAULT '',  -- self | relative | guardian
    idno       BYTEA,                        -- GB 11643, optional
    birth      BYTEA,                        -- day of birth, encrypted
    birth_year BIGINT  NOT NULL DEFAULT 0,
    adult_on   TEXT    NOT NULL DEFAULT '',  -- day of the 18th birthday; '' when birth is unknown
    sex        SMALLINT NOT NULL DEFAULT 0,  -- GB/T 2261.1
    area       BIGINT  NOT NULL DEFAULT 0,   -- where she lives: county or below
    station    TEXT    NOT NULL DEFAULT '',  -- her own station or institute
    category   BIGINT  NOT NULL DEFAULT 0,
    guardian   TEXT    NOT NULL DEFAULT '',  -- person who acts for a minor
    state      TEXT    NOT NULL,             -- pending (guardian's consent) | active | closed | merged
    merged_into TEXT   NOT NULL DEFAULT '',  -- the record that stands for this one; never merged itself
    volunteer  BOOLEAN NOT NULL DEFAULT FALSE,
    registered_by TEXT NOT NULL DEFAULT '',  -- staff who registered her; '' when she joined herself
    created    BIGINT  NOT NULL,
    rev        BIGINT  NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX people_person_no ON people_person (home, no) WHERE no <> '';
CREATE INDEX people_person_station ON people_person (home, station);
CREATE INDEX people_person_guardian ON people_person (guardian);
CREATE INDEX people_person_merged ON people_person (merged_into) WHERE merged_into <> '';

-- Running number of volunteers of a home.
CREATE TABLE people_number (
    home TEXT   NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);

-- Unique in the whole country, by keyed hash: sign-in number, ID number.
CREATE TABLE people_phone (
    hash   BYTEA  NOT NULL PRIMARY KEY,
    person TEXT   NOT NULL,
    used   BIGINT NOT NULL DEFAULT 0 -- when it last signed in: a number that lay still may be another's now
);
CREATE INDEX people_phone_person ON people_phone (person);
CREATE TABLE people_idno (
    hash   BYTEA NOT NULL PRIMARY KEY,
    person TEXT  NOT NULL
);

-- Whoever holds a number is asked to answer for a person, by keyed hash of the
-- number: a guardian who may not have joined yet, a volunteer herself whom a
-- station registered, or a relative whom an adult lets act for her. So nobody learns from a form which numbers are known.
CREATE TABLE people_ask (
    hash   BYTEA NOT NULL,
    person TEXT  NOT NULL,
    kind   TEXT  NOT NULL, -- guardian | self | relative
    PRIMARY KEY (hash, person)
);
CREATE INDEX people_ask_person ON people_ask (person);

-- Keyed hashes by which a person is found: contact number, volunteer number,
-- whole name, each pair of characters of the name.
CREATE TABLE people_token_hash (
    home   TEXT  NOT NULL,
    hash   BYTEA NOT NULL,
    person TEXT  NOT NULL,
    PRIMARY KEY (home, hash, person)
);
CREATE INDEX people_token_hash_person ON people_token_hash (home, person);

CREATE TABLE people_has_skill (
    home   TEXT   NOT NULL,
    person TEXT   NOT NULL,
    skill  BIGINT NOT NULL REFERENCES people_skill (id),
    PRIMARY KEY (home, person, skill)
);

-- Belonging to organisations.
CREATE TABLE people_member (
    home   TEXT   NOT NULL,
    person TEXT   NOT NULL,
    org    TEXT   NOT NULL,
    since  BIGINT NOT NULL,
    PRIMARY KEY (home, person, org)
);
CREATE INDEX people_member_org ON people_member (org);

-- Consents and their withdrawal, by version of the text agreed to (PIPL 14-16, 29, 31).
CREATE TABLE people_consent (
    home      TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    person    TEXT   NOT NULL,
    kind      TEXT   NOT NULL, -- terms | political | idno | minor | child (under 14) | proxy (of an adult)
    text_hash BYTEA  NOT NULL,
    given_by  TEXT   NOT NULL, -- herself or the guardian, or staff on paper
    channel   TEXT   NOT NULL, -- web | paper | proxy
    at        BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (home, id)
);
CREATE INDEX people_consent_person ON people_consent (home, person);

-- Staff sign-in: a login name, argon2id, TOTP.
CREATE TABLE people_account (
    home      TEXT    NOT NULL,
    person    TEXT    NOT NULL,
    login     BYTEA   NOT NULL, -- keyed hash of the login name
    login_ct  BYTEA   NOT NULL, -- the login name itself, encrypted
    password  TEXT    NOT NULL, -- argon2id, PHC string
    totp      BYTEA,            -- secret, encrypted; NULL until set up
    totp_step BIGINT  NOT NULL DEFAULT 0,
    fails     BIGINT  NOT NULL DEFAULT 0,
    locked_until BIGINT NOT NULL DEFAULT 0,
    must_change BOOLEAN NOT NULL DEFAULT FALSE,
    changed   BIGINT  NOT NULL, -- when the password was chosen
    PRIMARY KEY (home, person)
);
CREATE TABLE people_login (
    hash   BYTEA NOT NULL PRIMARY KEY,
    person TEXT  NOT NULL
);

CREATE TABLE people_role (
    home   TEXT   NOT NULL,
    person TEXT   NOT NULL,
    org    TEXT   NOT NULL,
    role   TEXT   NOT NULL,
    since  BIGINT NOT NULL,
    by     TEXT   NOT NULL,
    PRIMARY KEY (home, person, org, role)
);
CREATE INDEX people_role_org ON people_role (org);

-- One-time codes, by keyed hash of the number; the same answer whether the
-- number is known or not. A row is made on the first request.
CREATE TABLE people_code (
    hash     BYTEA  NOT NULL PRIMARY KEY,
    code     BYTEA  NOT NULL, -- keyed hash of the code
    sent     BIGINT NOT NULL,
    expires  BIGINT NOT NULL,
    tries    BIGINT NOT NULL,
    day      TEXT   NOT NULL,
    sent_day BIGINT NOT NULL
);
CREATE INDEX people_code_sent ON people_code (sent);

-- Sessions and machine tokens, by hash of their secret.
CREATE TABLE people_session (
    hash    BYTEA   NOT NULL PRIMARY KEY,
    person  TEXT    NOT NULL,
    kind    TEXT    NOT NULL, -- volunteer | staff | half (password given, second factor not yet) | token
    created BIGINT  NOT NULL,
    seen    BIGINT  NOT NULL,
    expires BIGINT  NOT NULL, -- in any case
    idle    BIGINT  NOT NULL DEFAULT 0, -- longest pause between two requests, 0: any; kept here so that a request reads no settings
    label   TEXT    NOT NULL DEFAULT '',
    org     TEXT    NOT NULL DEFAULT '', -- of a token
    role    TEXT    NOT NULL DEFAULT ''  -- of a token
);
CREATE INDEX people_session_expires ON people_session (expires);
CREATE INDEX people_session_person ON people_session (person);
CREATE INDEX people_session_org ON people_session (org) WHERE org <> '';

-- A look at a masked field: who, whose, which, why (PIPL 51, audit).
CREATE TABLE people_reveal (
    home    TEXT   NOT NULL,
    id      TEXT   NOT NULL,
    person  TEXT   NOT NULL,
    by      TEXT   NOT NULL,
    field   TEXT   NOT NULL,
    purpose TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    until   BIGINT NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX people_reveal_by ON people_reveal (home, person, by);

-- Two records that may be one person: why, and what somebody found.
CREATE TABLE people_duplicate (
    home  TEXT   NOT NULL, -- the first's
    first TEXT   NOT NULL, -- the smaller id of the two
    other TEXT   NOT NULL,
    why   TEXT   NOT NULL, -- phone | idno | name
    found BIGINT NOT NULL,
    state TEXT   NOT NULL, -- open | distinct (somebody said so, for good)
    by    TEXT   NOT NULL DEFAULT '',
    at    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (home, first, other)
);
CREATE INDEX people_duplicate_other ON people_duplicate (other);
CREATE INDEX people_duplicate_open ON people_duplicate (home, found) WHERE state = 'open';

-- Merging two records of one person: proposed by one, decided by a second.
CREATE TABLE people_merge (
    home        TEXT   NOT NULL, -- the duplicate's
    id          TEXT   NOT NULL,
    duplicate   TEXT   NOT NULL,
    survivor    TEXT   NOT NULL,
    state       TEXT   NOT NULL, -- proposed | merging | merged | undoing | undone | refused
    proposed_by TEXT   NOT NULL,
    proposed    BIGINT NOT NULL,
    decided_by  TEXT   NOT NULL DEFAULT '',
    decided     BIGINT NOT NULL DEFAULT 0,
    undone_by   TEXT   NOT NULL DEFAULT '',
    done        BIGINT NOT NULL DEFAULT 0, -- when the job had come to its end, either way
    step        BIGINT NOT NULL DEFAULT 0, -- the area that is being moved
    moved       BIGINT NOT NULL DEFAULT 0, -- rows of people_moved
    PRIMARY KEY (home, id)
);
CREATE UNIQUE INDEX people_merge_one ON people_merge (home, duplicate) WHERE state IN ('proposed', 'merging', 'merged', 'undoing');
CREATE INDEX people_merge_survivor ON people_merge (survivor);
CREATE INDEX people_merge_proposed ON people_merge (home, proposed) WHERE state = 'proposed';

-- What a merge moved, in that order, so that it can be moved back: ids and states only.
CREATE TABLE people_moved (
    home  TEXT   NOT NULL, -- the merge's
    merge TEXT   NOT NULL,
    n     BIGINT NOT NULL,
    area  TEXT   NOT NULL, -- whose step moved it
    what  TEXT   NOT NULL,
    ref   TEXT   NOT NULL,
    was   TEXT   NOT NULL, -- JSON
    PRIMARY KEY (home, merge, n)
);

-- Kinds of certificates (reference).
CREATE TABLE people_certificate_kind (
    id   BIGINT  NOT NULL PRIMARY KEY,
    slug TEXT    NOT NULL UNIQUE,
    name TEXT    NOT NULL,
    open BOOLEAN NOT NULL DEFAULT TRUE
);
-- A certificate counts from the day on which a named person has seen it until it expires.
CREATE TABLE people_certificate (
    home      TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    person    TEXT   NOT NULL,
    kind      BIGINT NOT NULL REFERENCES people_certificate_kind (id),
    no        BYTEA,                       -- its number, encrypted
    issued    TEXT   NOT NULL DEFAULT '',  -- day
    expires   TEXT   NOT NULL DEFAULT '',  -- last day on which it holds; '': for good
    state     TEXT   NOT NULL,             -- told | confirmed | refused | withdrawn
    told_by   TEXT   NOT NULL,
    told      BIGINT NOT NULL,
    decided_by TEXT  NOT NULL DEFAULT '',  -- who saw it, or did not
    decided   BIGINT NOT NULL DEFAULT 0,
    rev       BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE INDEX people_certificate_person ON people_certificate (home, person);
CREATE INDEX people_certificate_expires ON people_certificate (home, expires) WHERE state = 'confirmed' AND expires <> '';
CREATE INDEX people_certificate_ends ON people_certificate (expires) WHERE state = 'confirmed' AND expires <> '';
CREATE INDEX people_certificate_told ON people_certificate (home, told) WHERE state = 'told';

-- An account is to be closed after a while in which that can be taken back; a row stays
-- when it was closed, so that whoever restores a backup can close it again.
CREATE TABLE people_closing (
    home    TEXT   NOT NULL,
    person  TEXT   NOT NULL,
    asked   BIGINT NOT NULL,
    by      TEXT   NOT NULL,
    channel TEXT   NOT NULL, -- web | paper
    due     BIGINT NOT NULL,
    closed  BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (home, person)
);
-- How often a person took her own data along today.
CREATE TABLE people_export (
    home   TEXT   NOT NULL,
    person TEXT   NOT NULL,
    day    TEXT   NOT NULL,
    times  BIGINT NOT NULL,
    PRIMARY KEY (home, person)
);
CREATE INDEX people_closing_closed ON people_closing (closed) WHERE closed > 0;

-- Wrong answers of somebody who signs in to a record that lay still: is the number still hers?
CREATE TABLE people_doubt (
    home   TEXT   NOT NULL,
    person TEXT   NOT NULL,
    since  BIGINT NOT NULL,
    tries  BIGINT NOT NULL,
    PRIMARY KEY (home, person)
);

CREATE TABLE notice_notice (
    home    TEXT   NOT NULL, -- the person's
    id      TEXT   NOT NULL,
    person  TEXT   NOT NULL,
    kind    TEXT   NOT NULL, -- message key under notice.
    args    TEXT   NOT NULL, -- JSON, nothing personal
    subject TEXT   NOT NULL, -- what it is about, opens from the inbox
    once    TEXT   NOT NULL, -- debounces: one row per person and once
    at      BIGINT NOT NULL,
    read    BIGINT NOT NULL DEFAULT 0,
    fanned  BIGINT NOT NULL DEFAULT 0, -- when its deliveries were queued; 0: not yet
    PRIMARY KEY (home, id),
    UNIQUE (home, person, once)
);
CREATE INDEX notice_notice_person ON notice_notice (home, person, at);
CREATE INDEX notice_notice_fresh ON notice_notice (at) WHERE fanned = 0;

-- A list of volunteers unmasked: asked for, agreed to by a second person, downloaded once.
CREATE TABLE people_handout (
    home       TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    org        TEXT   NOT NULL, -- whose volunteers: it and all below
    category   BIGINT NOT NULL, -- 0: all
    purpose    TEXT   NOT NULL,
    state      TEXT   NOT NULL, -- asked | agreed | refused | taken
    asked_by   TEXT   NOT NULL,
    asked      BIGINT NOT NULL,
    decided_by TEXT   NOT NULL DEFAULT '',
    decided    BIGINT NOT NULL DEFAULT 0,
    until      BIGINT NOT NULL DEFAULT 0, -- the end of its download
    taken      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (home, id),
    CHECK (decided_by = '' OR decided_by <> asked_by),
    CHECK (taken = 0 OR state = 'taken' AND decided_by <> '')
);
CREATE INDEX people_handout_org ON people_handout (org, asked);
