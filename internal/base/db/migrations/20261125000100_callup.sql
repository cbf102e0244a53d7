-- +goose Up

-- An appeal to all.
CREATE TABLE callup_appeal (
    home      TEXT   NOT NULL, -- the organisation's
    id        TEXT   NOT NULL,
    org       TEXT   NOT NULL, -- whose it is
    title     TEXT   NOT NULL,
    text      TEXT   NOT NULL,
    signed    TEXT   NOT NULL, -- in whose name, as it is printed
    state     TEXT   NOT NULL, -- draft | published | withdrawn
    author    TEXT   NOT NULL,
    signer    TEXT   NOT NULL DEFAULT '', -- who published it
    created   BIGINT NOT NULL,
    published BIGINT NOT NULL DEFAULT 0,
    ended     BIGINT NOT NULL DEFAULT 0,
    reason    TEXT   NOT NULL DEFAULT '', -- of the withdrawal
    rev       BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE INDEX callup_appeal_org ON callup_appeal (org, created);
CREATE INDEX callup_appeal_state ON callup_appeal (state, published);

-- An urgent call-up to chosen receivers.
CREATE TABLE callup_callup (
    home      TEXT    NOT NULL, -- the issuing organisation's
    id        TEXT    NOT NULL,
    org       TEXT    NOT NULL, -- who issues it
    appeal    TEXT    NOT NULL DEFAULT '', -- that it goes with; lives with the same organisation
    title     TEXT    NOT NULL,
    text      TEXT    NOT NULL,
    service   BIGINT  NOT NULL DEFAULT 0, -- the kind of service; 0: any
    campaign  BIGINT  NOT NULL DEFAULT 0, -- whose figures it counts in
    drill     BOOLEAN NOT NULL DEFAULT FALSE, -- no volunteer is asked, and it counts apart
    state     TEXT    NOT NULL, -- draft | issued | closed | withdrawn
    answer_by BIGINT  NOT NULL, -- units acknowledge by then
    until     BIGINT  NOT NULL, -- volunteers answer by then
    most      BIGINT  NOT NULL DEFAULT 0, -- people asked at most; 0: as many as it takes
    author    TEXT    NOT NULL,
    signer    TEXT    NOT NULL DEFAULT '', -- who issued it
    created   BIGINT  NOT NULL,
    issued    BIGINT  NOT NULL DEFAULT 0,
    ended     BIGINT  NOT NULL DEFAULT 0,
    reason    TEXT    NOT NULL DEFAULT '', -- of its end
    hundred   BIGINT  NOT NULL DEFAULT 0, -- when the hundredth person had enrolled
    version   BIGINT  NOT NULL DEFAULT 1, -- grows with each change after its issue
    rev       BIGINT  NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE INDEX callup_callup_org ON callup_callup (org, created);
CREATE INDEX callup_callup_state ON callup_callup (state, issued);

-- How many are called up: on which day, of which category, with which skill.
CREATE TABLE callup_line (
    home     TEXT   NOT NULL,
    callup   TEXT   NOT NULL,
    n        BIGINT NOT NULL,
    day      TEXT   NOT NULL DEFAULT '', -- '': any
    category BIGINT NOT NULL DEFAULT 0,
    skill    BIGINT NOT NULL DEFAULT 0,
    places   BIGINT NOT NULL CHECK (places >= 1),
    PRIMARY KEY (home, callup, n),
    FOREIGN KEY (home, callup) REFERENCES callup_callup (home, id)
);

-- What was changed after the issue, field by field.
CREATE TABLE callup_change (
    home    TEXT   NOT NULL,
    callup  TEXT   NOT NULL,
    version BIGINT NOT NULL,
    n       BIGINT NOT NULL,
    field   TEXT   NOT NULL,
    was     TEXT   NOT NULL,
    now     TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (home, callup, version, n),
    FOREIGN KEY (home, callup) REFERENCES callup_callup (home, id)
);

-- A call-up at one organisation (home: the receiver's).
CREATE TABLE callup_receipt (
    home         TEXT   NOT NULL,
    id           TEXT   NOT NULL,
    callup       TEXT   NOT NULL, -- lives with its issuer
    org          TEXT   NOT NULL, -- who receives it
    above        TEXT   NOT NULL DEFAULT '', -- the receipt from which it was forwarded; '': from the issuer
    sender       TEXT   NOT NULL, -- the organisation that sent it here
    delivered    BIGINT NOT NULL DEFAULT 0, -- 0: chosen, not yet sent
    read         BIGINT NOT NULL DEFAULT 0,
    acknowledged BIGINT NOT NULL DEFAULT 0,
    forwarded    BIGINT NOT NULL DEFAULT 0,
    reported     BIGINT NOT NULL DEFAULT 0,
    report       TEXT   NOT NULL DEFAULT '',
    reminded     BIGINT NOT NULL DEFAULT 0, -- when last
    reminders    BIGINT NOT NULL DEFAULT 0,
    desk         TEXT   NOT NULL, -- the organisation on whose desk its silence lies
    seen         BIGINT NOT NULL DEFAULT 0, -- version of the call-up that it has acknowledged
    would        BIGINT NOT NULL DEFAULT 0, -- of a drill: people that would have been asked
    rev          BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id),
    UNIQUE (home, callup, org)
);
CREATE INDEX callup_receipt_callup ON callup_receipt (callup, delivered);
CREATE INDEX callup_receipt_above ON callup_receipt (above) WHERE above <> '';
CREATE INDEX callup_receipt_org ON callup_receipt (org, delivered);
CREATE INDEX callup_receipt_desk ON callup_receipt (desk, acknowledged);

-- A receiver's part of a line: what is asked of it, and what it can send.
CREATE TABLE callup_quota (
    home    TEXT   NOT NULL,
    receipt TEXT   NOT NULL,
    n       BIGINT NOT NULL, -- the line
    quota   BIGINT NOT NULL CHECK (quota >= 0),
    able    BIGINT NOT NULL DEFAULT 0 CHECK (able >= 0),
    passed  BIGINT NOT NULL DEFAULT 0, -- how many at the head of those who might be asked were looked at and fitted nowhere
    PRIMARY KEY (home, receipt, n),
    FOREIGN KEY (home, receipt) REFERENCES callup_receipt (home, id)
);

-- A shift that a receiver opened to a call-up (home: the receiver's).
CREATE TABLE callup_shift (
    home    TEXT   NOT NULL,
    receipt TEXT   NOT NULL,
    callup  TEXT   NOT NULL,
    shift   TEXT   NOT NULL,
    PRIMARY KEY (home, receipt, shift),
    FOREIGN KEY (home, receipt) REFERENCES callup_receipt (home, id)
);
CREATE INDEX callup_shift_callup ON callup_shift (callup);

-- What a volunteer was asked, and what she said (home: hers; of a record that was merged, its own).
CREATE TABLE callup_ask (
    home     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    callup   TEXT   NOT NULL,
    receipt  TEXT   NOT NULL, -- which receiver asked her
    n        BIGINT NOT NULL, -- for which line
    person   TEXT   NOT NULL,
    unit     TEXT   NOT NULL, -- the organisation she serves for by default, then
    shift    TEXT   NOT NULL DEFAULT '', -- that she is asked to take, or took; '': none is free yet
    asked    BIGINT NOT NULL DEFAULT 0, -- 0: she came by herself
    answer   TEXT   NOT NULL DEFAULT '', -- yes | no | never | merged: the survivor's own question counts
    answered BIGINT NOT NULL DEFAULT 0,
    offered  BIGINT NOT NULL DEFAULT 0, -- when a place came free for one who waited
    rev      BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id),
    UNIQUE (home, callup, person)
);
CREATE INDEX callup_ask_person ON callup_ask (person, asked);
CREATE INDEX callup_ask_receipt ON callup_ask (receipt, answer);
CREATE INDEX callup_ask_callup ON callup_ask (callup);

-- Of which kind of service a volunteer is not to be asked any more (home: hers).
CREATE TABLE callup_never (
    home    TEXT   NOT NULL,
    person  TEXT   NOT NULL,
    service BIGINT NOT NULL, -- 0: call-ups of no particular kind
    at      BIGINT NOT NULL,
    PRIMARY KEY (home, person, service)
);
