-- +goose Up
-- Conversations of one person with an office of the town.
ALTER TABLE chat_rooms DROP CONSTRAINT chat_rooms_kind_check;
ALTER TABLE chat_rooms ADD CONSTRAINT chat_rooms_kind_check CHECK (kind IN ('public', 'private', 'direct', 'group', 'self', 'office'));
CREATE INDEX chat_rooms_office ON chat_rooms (direct_key) WHERE kind = 'office';

-- The last change of a conversation when a member took it out of their list; it
-- shows again with the next message.
ALTER TABLE chat_members ADD COLUMN hidden_seq bigint;
