-- +goose Up

-- Pictures in texts, in two sizes, encoded anew (home: the text's).
CREATE TABLE picture_picture (
    home   TEXT   NOT NULL,
    id     TEXT   NOT NULL,
    area   TEXT   NOT NULL, -- that keeps the text: article | bulletin | experience
    of_text TEXT  NOT NULL, -- the text
    kind   TEXT   NOT NULL, -- image/jpeg | image/png
    width  BIGINT NOT NULL,
    height BIGINT NOT NULL,
    large  BYTEA  NOT NULL,
    small  BYTEA  NOT NULL,
    by     TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (home, id)
);
CREATE INDEX picture_picture_owner ON picture_picture (home, of_text);
