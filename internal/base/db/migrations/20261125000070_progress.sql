-- +goose Up

-- A schedule of what is to be reached by when: items across, units down.
CREATE TABLE progress_schedule (
    home     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    org      TEXT   NOT NULL, -- whose it is
    campaign BIGINT NOT NULL DEFAULT 0, -- what is counted belongs to it; 0: anything
    name     TEXT   NOT NULL,
    state    TEXT   NOT NULL, -- open | closed
    author   TEXT   NOT NULL,
    created  BIGINT NOT NULL,
    rev      BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE INDEX progress_schedule_org ON progress_schedule (org, state);

-- What is to be reached: an indicator's value, or a milestone (indicator is empty).
CREATE TABLE progress_item (
    home      TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    schedule  TEXT    NOT NULL,
    place     BIGINT  NOT NULL, -- from the left
    name      TEXT    NOT NULL,
    indicator TEXT    NOT NULL DEFAULT '',
    service   BIGINT  NOT NULL DEFAULT 0,
    whole     BOOLEAN NOT NULL DEFAULT FALSE, -- counted from the beginning, not from the row's first day
    PRIMARY KEY (home, id),
    UNIQUE (home, schedule, name),
    FOREIGN KEY (home, schedule) REFERENCES progress_schedule (home, id)
);

-- One unit's part of an item.
CREATE TABLE progress_row (
    home     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    schedule TEXT   NOT NULL,
    item     TEXT   NOT NULL,
    org      TEXT   NOT NULL,
    from_day TEXT   NOT NULL,
    due_day  TEXT   NOT NULL,
    target   BIGINT NOT NULL CHECK (target >= 1),
    curve    TEXT   NOT NULL DEFAULT '', -- "2020-02-10 40,2020-02-20 75": percent by day; empty: evenly
    reached  TEXT   NOT NULL DEFAULT '', -- the day of a milestone
    note     TEXT   NOT NULL DEFAULT '', -- how
    rev      BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id),
    UNIQUE (home, item, org),
    FOREIGN KEY (home, item) REFERENCES progress_item (home, id)
);
CREATE INDEX progress_row_schedule ON progress_row (home, schedule);
CREATE INDEX progress_row_org ON progress_row (org);

-- A directive to a unit (home: the unit's): what was seen, what is asked, what came of it.
CREATE TABLE guidance_directive (
    home      TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    org       TEXT   NOT NULL, -- who guides
    unit      TEXT   NOT NULL, -- who is guided
    desk      TEXT   NOT NULL, -- who looks after it; rises when it is overdue
    scheduled TEXT   NOT NULL DEFAULT '', -- row of a schedule that it came from
    title     TEXT   NOT NULL,
    -- the figure that was seen, frozen
    indicator TEXT   NOT NULL,
    version   BIGINT NOT NULL,
    campaign  BIGINT NOT NULL DEFAULT 0,
    service   BIGINT NOT NULL DEFAULT 0,
    from_day  TEXT   NOT NULL DEFAULT '',
    to_day    TEXT   NOT NULL DEFAULT '',
    seq       BIGINT NOT NULL,
    tree      BIGINT NOT NULL,
    seen      BIGINT NOT NULL, -- when
    value     BIGINT NOT NULL,
    planned   BIGINT NOT NULL DEFAULT 0, -- 0: there was no plan
    target    BIGINT NOT NULL DEFAULT 0,
    -- what is asked
    asked     TEXT   NOT NULL,
    reply_by  BIGINT NOT NULL,
    act_by    BIGINT NOT NULL,
    peer      TEXT   NOT NULL DEFAULT '', -- whom to learn from
    peer_value BIGINT NOT NULL DEFAULT 0, -- of the same figure, then
    peer_did  TEXT   NOT NULL DEFAULT '',
    -- how it stands
    state     TEXT   NOT NULL, -- draft | issued | read | replied | acted | closed | withdrawn
    author    TEXT   NOT NULL,
    created   BIGINT NOT NULL,
    issued    BIGINT NOT NULL DEFAULT 0,
    read      BIGINT NOT NULL DEFAULT 0,
    plan      TEXT   NOT NULL DEFAULT '',
    replied   BIGINT NOT NULL DEFAULT 0,
    did       TEXT   NOT NULL DEFAULT '',
    acted     BIGINT NOT NULL DEFAULT 0,
    actor     TEXT   NOT NULL DEFAULT '', -- who said that it was done
    reason    TEXT   NOT NULL DEFAULT '', -- of the last return, or of the withdrawal
    verdict   TEXT   NOT NULL DEFAULT '',
    closed    BIGINT NOT NULL DEFAULT 0,
    -- the same figure at the end
    after_to      TEXT    NOT NULL DEFAULT '',
    after_seq     BIGINT  NOT NULL DEFAULT 0,
    after_tree    BIGINT  NOT NULL DEFAULT 0,
    after_value   BIGINT  NOT NULL DEFAULT 0,
    after_planned BIGINT  NOT NULL DEFAULT 0,
    improved      BOOLEAN NOT NULL DEFAULT FALSE,
    due       BIGINT NOT NULL DEFAULT 0, -- the clock of what is awaited; 0: of nothing
    raised    BIGINT NOT NULL DEFAULT 0, -- how often it has risen
    rev       BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (home, id)
);
CREATE INDEX guidance_directive_unit ON guidance_directive (unit, state, created);
CREATE INDEX guidance_directive_org ON guidance_directive (org, state, created);
CREATE INDEX guidance_directive_desk ON guidance_directive (desk, state);
CREATE INDEX guidance_directive_scheduled ON guidance_directive (scheduled, created);
