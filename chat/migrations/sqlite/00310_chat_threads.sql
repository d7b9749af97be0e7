-- +goose Up
-- A reply names the message that began its thread.
ALTER TABLE chat_messages ADD COLUMN thread_id text NOT NULL DEFAULT '';
CREATE INDEX chat_messages_thread ON chat_messages (thread_id, seq) WHERE thread_id <> '';

-- Why somebody is called: by name, with many others, or as a follower of a thread.
ALTER TABLE chat_mentions ADD COLUMN cause text NOT NULL DEFAULT 'person';
