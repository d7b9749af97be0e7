-- +goose Up
CREATE TABLE chat_rooms (
    id           text NOT NULL PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN ('public', 'private', 'direct')),
    name         text NOT NULL,
    name_key     text NOT NULL,
    topic        text NOT NULL DEFAULT '',
    description  text NOT NULL DEFAULT '',
    direct_key   text UNIQUE,
    last_seq     bigint NOT NULL DEFAULT 0,
    last_at      timestamp NOT NULL,
    call_meeting text NOT NULL DEFAULT '',
    created_by   text NOT NULL,
    created_at   timestamp NOT NULL,
    archived_at  timestamp
);

-- Two public rooms of one name would be a trap; archived ones give theirs free.
CREATE UNIQUE INDEX chat_rooms_public_name ON chat_rooms (name_key) WHERE kind = 'public' AND archived_at IS NULL;

CREATE TABLE chat_members (
    room_id   text NOT NULL REFERENCES chat_rooms (id),
    user_id   text NOT NULL,
    role      text NOT NULL CHECK (role IN ('owner', 'member')),
    read_seq  bigint NOT NULL DEFAULT 0,
    joined_at timestamp NOT NULL,
    PRIMARY KEY (room_id, user_id)
);

CREATE INDEX chat_members_person ON chat_members (user_id, room_id);

-- seq is the place in the room and never changes; rev is the seq of the latest
-- change. Both come from chat_rooms.last_seq, so no number is used twice and
-- none is missing. A deleted message keeps its row without content.
CREATE TABLE chat_messages (
    id         text NOT NULL PRIMARY KEY,
    room_id    text NOT NULL REFERENCES chat_rooms (id),
    seq        bigint NOT NULL,
    rev        bigint NOT NULL,
    kind       text NOT NULL,
    author_id  text NOT NULL,
    client_id  text NOT NULL,
    text       text NOT NULL DEFAULT '',
    data       text NOT NULL DEFAULT '',
    created_at timestamp NOT NULL,
    edited_at  timestamp,
    deleted_at timestamp
);

CREATE UNIQUE INDEX chat_messages_place ON chat_messages (room_id, seq);
CREATE UNIQUE INDEX chat_messages_change ON chat_messages (room_id, rev);
CREATE UNIQUE INDEX chat_messages_sent_once ON chat_messages (author_id, client_id);
CREATE INDEX chat_messages_call ON chat_messages (room_id, client_id) WHERE kind = 'call';

CREATE TABLE chat_mentions (
    message_id text NOT NULL REFERENCES chat_messages (id),
    room_id    text NOT NULL,
    user_id    text NOT NULL,
    seq        bigint NOT NULL,
    PRIMARY KEY (message_id, user_id)
);

CREATE INDEX chat_mentions_person ON chat_mentions (user_id, room_id, seq);
