-- +goose Up
-- The topics of forum rooms: messages with a title that others answer in a
-- thread. What is shown stands with the message; this is the order of the list.
CREATE TABLE chat_topics (
    message_id text NOT NULL PRIMARY KEY REFERENCES chat_messages (id),
    room_id    text NOT NULL,
    last_seq   bigint NOT NULL,
    solved_at  timestamp
);

CREATE INDEX chat_topics_list ON chat_topics (room_id, last_seq);
