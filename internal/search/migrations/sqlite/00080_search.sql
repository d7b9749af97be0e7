-- +goose Up
-- A scope is what is read as a whole: a room, the pads. Documents below packed
-- are in search_grams; the others, its tail, are looked through one by one.
CREATE TABLE search_scopes (
    no     integer PRIMARY KEY AUTOINCREMENT,
    name   text NOT NULL UNIQUE,
    packed bigint NOT NULL DEFAULT 0
);

CREATE TABLE search_authors (
    no   integer PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL UNIQUE
);

-- doc = number of the scope << 32 | place in the scope.
CREATE TABLE search_docs (
    doc    bigint NOT NULL PRIMARY KEY,
    scope  bigint NOT NULL,
    ref    text NOT NULL DEFAULT '',
    at     bigint NOT NULL,
    author bigint NOT NULL DEFAULT 0,
    flags  bigint NOT NULL DEFAULT 0,
    text   text NOT NULL
);
CREATE INDEX search_docs_time ON search_docs (scope, at);
CREATE UNIQUE INDEX search_docs_ref ON search_docs (scope, ref) WHERE ref <> '';

-- Which documents of 4096 neighbours hold a group of three letters: their
-- places as numbers of two bytes, or from 256 on as a map of 512 bytes.
CREATE TABLE search_grams (
    scope bigint NOT NULL,
    gram  bigint NOT NULL,
    block bigint NOT NULL,
    docs  blob NOT NULL,
    PRIMARY KEY (scope, gram, block)
) WITHOUT ROWID;

-- The readable text of files, for the lines around a hit.
CREATE TABLE search_bodies (
    ref   text NOT NULL PRIMARY KEY,
    body  text NOT NULL
);

-- How far each feed has been taken in.
CREATE TABLE search_marks (
    feed text NOT NULL,
    part text NOT NULL,
    mark bigint NOT NULL,
    PRIMARY KEY (feed, part)
);

CREATE TABLE search_state (
    name  text NOT NULL PRIMARY KEY,
    value text NOT NULL
);
