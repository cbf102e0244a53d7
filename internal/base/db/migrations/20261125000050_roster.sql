-- +goose Up

-- One turn of a post. Its places are its own; the post's are their default.
-- taken counts primaries that hold a seat (offered, accepted and all that
-- follows except withdrawn); the same for standbys.
CREATE TABLE roster_shift (
    home           TEXT    NOT NULL, -- the activity's
    id             TEXT    NOT NULL,
    activity       TEXT    NOT NULL,
    post           TEXT    NOT NULL,
    starts         BIGINT  NOT NULL,
    ends           BIGINT  NOT NULL CHECK (ends > starts),
    day            TEXT    NOT NULL, -- the day on which it starts
    places         BIGINT  NOT NULL CHECK (places >= 1),
    taken          BIGINT  NOT NULL DEFAULT 0 CHECK (taken >= 0 AND taken <= places),
    standby_places BIGINT  NOT NULL DEFAULT 0 CHECK (standby_places >= 0),
    standby_taken  BIGINT  NOT NULL DEFAULT 0 CHECK (standby_taken >= 0 AND standby_taken <= standby_places),
    queue          BIGINT  NOT NULL DEFAULT 0, -- last number given on the waiting list
    waiting        BIGINT  NOT NULL DEFAULT 0, -- people on the waiting list now
    state          TEXT    NOT NULL, -- draft | open | cancelled
    reason         TEXT    NOT NULL DEFAULT '',
    published      BIGINT  NOT NULL DEFAULT 0,
    filled         BIGINT  NOT NULL DEFAULT 0, -- when it was full for the first time
    closed         BIGINT  NOT NULL DEFAULT 0, -- when its open check-ins were closed
    series         TEXT    NOT NULL DEFAULT '', -- the series that made it
    own            BOOLEAN NOT NULL DEFAULT FALSE, -- changed by itself since: a change of the series leaves it alone
    changed        BIGINT  NOT NULL DEFAULT 0, -- when its times were last changed, or it was cancelled
    rev            BIGINT  NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id),
    FOREIGN KEY (home, activity) REFERENCES activity_activity (home, id),
    FOREIGN KEY (home, post) REFERENCES activity_post (home, id)
);
CREATE INDEX roster_shift_activity ON roster_shift (home, activity, starts);
CREATE INDEX roster_shift_post ON roster_shift (home, post);
CREATE INDEX roster_shift_open ON roster_shift (home, state, starts);
CREATE INDEX roster_shift_day ON roster_shift (day);
CREATE INDEX roster_shift_free ON roster_shift (starts) WHERE state = 'open' AND taken < places;
CREATE INDEX roster_shift_series ON roster_shift (home, series, starts) WHERE series <> '';

-- A volunteer on a shift: one row a person and shift, whatever becomes of it.
CREATE TABLE roster_signup (
    home        TEXT    NOT NULL, -- the shift's
    id          TEXT    NOT NULL,
    shift       TEXT    NOT NULL,
    person      TEXT    NOT NULL,
    place       TEXT    NOT NULL, -- primary | standby
    state       TEXT    NOT NULL, -- applied | waitlisted | offered | accepted | declined | lapsed | withdrawn | checked_in | checked_out | unclosed | settled | no_show | merged
    unit        TEXT    NOT NULL, -- organisation she serves for
    category    BIGINT  NOT NULL DEFAULT 0, -- hers when she was accepted
    callup      TEXT    NOT NULL DEFAULT '',
    proxy       TEXT    NOT NULL DEFAULT '', -- staff or guardian who signed her up
    queue       BIGINT  NOT NULL DEFAULT 0,
    offered_until BIGINT NOT NULL DEFAULT 0,
    reason      TEXT    NOT NULL DEFAULT '', -- message key or words of staff
    applied     BIGINT  NOT NULL,
    accepted    BIGINT  NOT NULL DEFAULT 0,
    arrived     BIGINT  NOT NULL DEFAULT 0,
    arrived_by  TEXT    NOT NULL DEFAULT '', -- code | staff | walkup; who is in the audit
    departed    BIGINT  NOT NULL DEFAULT 0,
    ended       BIGINT  NOT NULL DEFAULT 0, -- when it came to nothing: withdrawn, declined, lapsed, merged, or she did not come
    minutes     BIGINT  NOT NULL DEFAULT 0,
    grade       TEXT    NOT NULL DEFAULT '', -- recorded | declared | confirmed
    walkup      BOOLEAN NOT NULL DEFAULT FALSE, -- holds no place
    stepped_in  BOOLEAN NOT NULL DEFAULT FALSE, -- a standby who took the primary's post
    left_early  BOOLEAN NOT NULL DEFAULT FALSE,
    ack_version BIGINT  NOT NULL DEFAULT 0, -- version of the activity she has seen
    rest_reason TEXT    NOT NULL DEFAULT '', -- why staff put her on it against the rules of rest
    device      TEXT    NOT NULL DEFAULT '', -- keyed hash of the day and the device that she gave the code on
    came_from   TEXT    NOT NULL DEFAULT '', -- the record under which she did it, before two of hers were merged
    rev         BIGINT  NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id),
    UNIQUE (home, shift, person),
    FOREIGN KEY (home, shift) REFERENCES roster_shift (home, id)
);
CREATE INDEX roster_signup_person ON roster_signup (person, state);
CREATE INDEX roster_signup_waits ON roster_signup (state) WHERE state IN ('applied', 'checked_in', 'unclosed'); -- what somebody is to do
CREATE INDEX roster_signup_callup ON roster_signup (callup) WHERE callup <> '';

-- One row a volunteer, in her home: whoever takes of her time meets here.
CREATE TABLE roster_agenda (
    home   TEXT   NOT NULL,
    person TEXT   NOT NULL,
    rev    BIGINT NOT NULL,
    closed BOOLEAN NOT NULL DEFAULT FALSE, -- her record was merged into another: nobody takes of its time
    PRIMARY KEY (home, person)
);

-- Hours told afterwards (backfill): one author, another to confirm.
CREATE TABLE roster_backfill (
    home      TEXT   NOT NULL, -- the shift's
    id        TEXT   NOT NULL,
    shift     TEXT   NOT NULL,
    person    TEXT   NOT NULL,
    arrived   BIGINT NOT NULL,
    departed  BIGINT NOT NULL CHECK (departed > arrived),
    minutes   BIGINT NOT NULL,
    reason    TEXT   NOT NULL,
    unit      TEXT   NOT NULL,
    author    TEXT   NOT NULL,
    author_org TEXT  NOT NULL,
    state     TEXT   NOT NULL, -- pending | confirmed | refused | withdrawn
    decided_by TEXT  NOT NULL DEFAULT '',
    decided   BIGINT NOT NULL DEFAULT 0,
    note      TEXT   NOT NULL DEFAULT '',
    created   BIGINT NOT NULL,
    PRIMARY KEY (home, id),
    FOREIGN KEY (home, shift) REFERENCES roster_shift (home, id)
);
CREATE INDEX roster_backfill_state ON roster_backfill (home, state);
CREATE INDEX roster_backfill_person ON roster_backfill (person);
CREATE INDEX roster_backfill_shift ON roster_backfill (home, shift);
CREATE INDEX roster_backfill_pending ON roster_backfill (author_org, created) WHERE state = 'pending';
CREATE INDEX roster_backfill_author ON roster_backfill (author);

-- Wrong six-digit codes, so that guessing is bounded.
CREATE TABLE roster_guess (
    home   TEXT   NOT NULL, -- the person's
    person TEXT   NOT NULL,
    since  BIGINT NOT NULL,
    tries  BIGINT NOT NULL,
    PRIMARY KEY (home, person)
);
