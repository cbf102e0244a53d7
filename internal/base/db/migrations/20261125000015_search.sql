-- +goose Up

-- By which words what is public is found.
CREATE TABLE search_term (
    home TEXT   NOT NULL,
    id   TEXT   NOT NULL, -- of the record
    term TEXT   NOT NULL, -- a Han character, two side by side, or a word
    kind TEXT   NOT NULL, -- of the record
    rank BIGINT NOT NULL, -- the highest first
    PRIMARY KEY (home, id, term)
);
CREATE INDEX search_term_found ON search_term (term, kind, rank, id);
