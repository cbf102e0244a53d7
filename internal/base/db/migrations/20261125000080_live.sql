-- +goose Up

-- Screens that nobody operates, each with a secret in its address.
CREATE TABLE live_wall (
    home     TEXT   NOT NULL, -- the organisation's
    id       TEXT   NOT NULL,
    hash     BYTEA  NOT NULL, -- of the secret
    org      TEXT   NOT NULL, -- what it shows
    campaign BIGINT NOT NULL, -- 0: all
    label    TEXT   NOT NULL, -- where it hangs
    made     BIGINT NOT NULL,
    made_by  TEXT   NOT NULL,
    ended    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (home, id)
);
CREATE INDEX live_wall_org ON live_wall (org);

-- The outline of a division (reference), as it was imported: rings of a polygon or of several.
CREATE TABLE area_shape (
    area BIGINT NOT NULL PRIMARY KEY,
    rings TEXT  NOT NULL, -- JSON: [[[lon, lat], …], …] in hundred-thousandths of a degree
    source TEXT NOT NULL, -- the name of the file
    at   BIGINT NOT NULL
);
