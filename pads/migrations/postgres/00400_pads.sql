-- +goose Up
CREATE TABLE pads (
    id           text PRIMARY KEY,
    class        text NOT NULL CHECK (class IN ('organisation', 'confidential')),
    kind         text NOT NULL CHECK (kind IN ('text')),
    title        text NOT NULL DEFAULT '',
    title_fold   text NOT NULL DEFAULT '',
    title_frame  bytea,
    public_key   bytea,
    epoch        bigint NOT NULL DEFAULT 1,
    last_seq     bigint NOT NULL DEFAULT 0,
    snapshot_seq bigint NOT NULL DEFAULT 0,
    tail_bytes   bigint NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
CREATE INDEX pads_updated ON pads (updated_at, id);

-- Nobody is named here: who wrote a frame is not kept.
CREATE TABLE pad_updates (
    pad_id   text NOT NULL REFERENCES pads (id) ON DELETE CASCADE,
    seq      bigint NOT NULL,
    frame_id text NOT NULL,
    frame    bytea NOT NULL,
    size     bigint NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (pad_id, seq),
    UNIQUE (pad_id, frame_id)
);

CREATE TABLE pad_snapshots (
    pad_id text NOT NULL REFERENCES pads (id) ON DELETE CASCADE,
    seq    bigint NOT NULL,
    frame  bytea NOT NULL,
    size   bigint NOT NULL,
    at     timestamptz NOT NULL,
    PRIMARY KEY (pad_id, seq)
);

-- An entry with a link_id came by that guest link and ends with it.
CREATE TABLE pad_access (
    pad_id     text NOT NULL REFERENCES pads (id) ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind IN ('person', 'group', 'everyone')),
    subject_id text NOT NULL,
    link_id    text NOT NULL DEFAULT '',
    may        text NOT NULL CHECK (may IN ('read', 'write', 'own')),
    expires_at timestamptz,
    PRIMARY KEY (pad_id, kind, subject_id, link_id)
);
CREATE INDEX pad_access_subject ON pad_access (kind, subject_id);
CREATE INDEX pad_access_link ON pad_access (link_id);

CREATE TABLE pad_visits (
    user_id text NOT NULL,
    pad_id  text NOT NULL REFERENCES pads (id) ON DELETE CASCADE,
    at      timestamptz NOT NULL,
    PRIMARY KEY (user_id, pad_id)
);
CREATE INDEX pad_visits_recent ON pad_visits (user_id, at);

-- The readable text of organisation pads, for search and recovery.
CREATE TABLE pad_shadow (
    pad_id text PRIMARY KEY REFERENCES pads (id) ON DELETE CASCADE,
    seq    bigint NOT NULL,
    body   text NOT NULL,
    at     timestamptz NOT NULL
);
