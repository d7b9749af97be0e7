-- +goose Up
-- The number of a document is the number of its row: found in one step instead of two.
CREATE TABLE search_docs_new (
    doc    integer NOT NULL PRIMARY KEY,
    scope  bigint NOT NULL,
    ref    text NOT NULL DEFAULT '',
    at     bigint NOT NULL,
    author bigint NOT NULL DEFAULT 0,
    flags  bigint NOT NULL DEFAULT 0,
    text   text NOT NULL
);
INSERT INTO search_docs_new (doc, scope, ref, at, author, flags, text)
SELECT doc, scope, ref, at, author, flags, text FROM search_docs ORDER BY doc;
DROP TABLE search_docs;
ALTER TABLE search_docs_new RENAME TO search_docs;
CREATE INDEX search_docs_time ON search_docs (scope, at);
CREATE UNIQUE INDEX search_docs_ref ON search_docs (scope, ref) WHERE ref <> '';
