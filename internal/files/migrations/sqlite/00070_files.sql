-- +goose Up
-- A file that has arrived whole. blob, preview and thumb are keys of blobs;
-- several files may share one. holder is the module that uses the file, empty
-- as long as nobody has sent it.
CREATE TABLE files (
    id          text NOT NULL PRIMARY KEY,
    owner_id    text NOT NULL,
    name        text NOT NULL,
    type        text NOT NULL,
    kind        text NOT NULL,
    size        bigint NOT NULL,
    width       integer NOT NULL DEFAULT 0,
    height      integer NOT NULL DEFAULT 0,
    duration_ms bigint NOT NULL DEFAULT 0,
    waveform    text NOT NULL DEFAULT '',
    blob        text NOT NULL,
    preview     text NOT NULL DEFAULT '',
    thumb       text NOT NULL DEFAULT '',
    holder      text NOT NULL DEFAULT '',
    created_at  timestamp NOT NULL
);

CREATE INDEX files_owner ON files (owner_id, holder);
CREATE INDEX files_blob ON files (blob);
CREATE INDEX files_preview ON files (preview) WHERE preview <> '';
CREATE INDEX files_thumb ON files (thumb) WHERE thumb <> '';
CREATE INDEX files_unsent ON files (created_at) WHERE holder = '';

-- A file that is still arriving: received bytes are on the disk for good.
CREATE TABLE file_uploads (
    id          text NOT NULL PRIMARY KEY,
    owner_id    text NOT NULL,
    name        text NOT NULL,
    size        bigint NOT NULL,
    received    bigint NOT NULL DEFAULT 0,
    voice       integer NOT NULL DEFAULT 0,
    keep        integer NOT NULL DEFAULT 0,
    width       integer NOT NULL DEFAULT 0,
    height      integer NOT NULL DEFAULT 0,
    duration_ms bigint NOT NULL DEFAULT 0,
    waveform    text NOT NULL DEFAULT '',
    created_at  timestamp NOT NULL,
    expires_at  timestamp NOT NULL
);

CREATE INDEX file_uploads_owner ON file_uploads (owner_id);
CREATE INDEX file_uploads_end ON file_uploads (expires_at);

-- Blobs whose file was removed. They go as soon as the removal is committed,
-- unless another file needs them.
CREATE TABLE file_garbage (
    blob text NOT NULL PRIMARY KEY
);
