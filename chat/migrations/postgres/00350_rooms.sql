-- +goose Up
-- More kinds of room and more roles.
ALTER TABLE chat_rooms DROP CONSTRAINT chat_rooms_kind_check;
ALTER TABLE chat_rooms ADD CONSTRAINT chat_rooms_kind_check CHECK (kind IN ('public', 'private', 'direct', 'group', 'self'));
ALTER TABLE chat_members DROP CONSTRAINT chat_members_role_check;
ALTER TABLE chat_members ADD CONSTRAINT chat_members_role_check CHECK (role IN ('owner', 'moderator', 'member', 'guest'));
ALTER TABLE chat_members ADD COLUMN silenced_until timestamptz;

ALTER TABLE chat_rooms ADD COLUMN form text NOT NULL DEFAULT 'talk' CHECK (form IN ('talk', 'announcement', 'forum'));
ALTER TABLE chat_rooms ADD COLUMN color text NOT NULL DEFAULT '';
ALTER TABLE chat_rooms ADD COLUMN emoji text NOT NULL DEFAULT '';
ALTER TABLE chat_rooms ADD COLUMN slow_seconds integer NOT NULL DEFAULT 0;

-- When somebody last wrote in a room that is in slow mode.
CREATE TABLE chat_slow (
    room_id text NOT NULL REFERENCES chat_rooms (id),
    user_id text NOT NULL,
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (room_id, user_id)
);

-- Guests who came into a room by a link. The row stays when they are gone, so
-- that what they wrote keeps its name; removed_at keeps them out.
CREATE TABLE chat_guests (
    guest_id   text NOT NULL,
    room_id    text NOT NULL REFERENCES chat_rooms (id),
    session_id text NOT NULL,
    name       text NOT NULL,
    came_at    timestamptz NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (guest_id, room_id)
);

CREATE INDEX chat_guests_session ON chat_guests (session_id, room_id);

-- Who wants no direct messages from whom.
CREATE TABLE chat_blocks (
    user_id    text NOT NULL,
    blocked_id text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, blocked_id)
);

CREATE INDEX chat_blocks_blocked ON chat_blocks (blocked_id, user_id);

-- Messages that somebody has reported. What is reported to the administration
-- carries the text as it was, because administrators can't read the room.
CREATE TABLE chat_reports (
    id          text NOT NULL PRIMARY KEY,
    room_id     text NOT NULL REFERENCES chat_rooms (id),
    message_id  text NOT NULL REFERENCES chat_messages (id),
    reporter_id text NOT NULL,
    audience    text NOT NULL CHECK (audience IN ('room', 'town')),
    reason      text NOT NULL,
    note        text NOT NULL DEFAULT '',
    quote       text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL,
    closed_at   timestamptz,
    closed_by   text NOT NULL DEFAULT '',
    outcome     text NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX chat_reports_once ON chat_reports (message_id, reporter_id);
CREATE INDEX chat_reports_open ON chat_reports (audience, room_id, created_at) WHERE closed_at IS NULL;
