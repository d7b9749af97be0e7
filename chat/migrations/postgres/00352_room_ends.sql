-- +goose Up
-- A room that was deleted is empty and belongs to nobody; its messages go in
-- the background, and the row with the last of them.
ALTER TABLE chat_rooms ADD COLUMN deleted_at timestamptz;
CREATE INDEX chat_rooms_deleted ON chat_rooms (deleted_at) WHERE deleted_at IS NOT NULL;

-- The picture of a room; chat_rooms names the one that counts.
ALTER TABLE chat_rooms ADD COLUMN picture text NOT NULL DEFAULT '';
CREATE TABLE chat_pictures (
    room_id text NOT NULL PRIMARY KEY REFERENCES chat_rooms (id),
    id      text NOT NULL,
    type    text NOT NULL,
    bytes   bytea NOT NULL
);

-- Who left a room while they were silenced is silenced again when they come back.
CREATE TABLE chat_silences (
    room_id text NOT NULL REFERENCES chat_rooms (id),
    user_id text NOT NULL,
    until   timestamptz NOT NULL,
    PRIMARY KEY (room_id, user_id)
);
