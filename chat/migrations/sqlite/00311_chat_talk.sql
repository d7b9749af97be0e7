-- +goose Up
-- Who follows a thread, and who does not want to any more (following = false).
CREATE TABLE chat_thread_followers (
    message_id text NOT NULL,
    user_id    text NOT NULL,
    following  boolean NOT NULL,
    PRIMARY KEY (message_id, user_id)
);
CREATE INDEX chat_thread_followers_person ON chat_thread_followers (user_id, message_id);

-- What a message said before it was changed.
CREATE TABLE chat_versions (
    message_id text NOT NULL,
    number     integer NOT NULL,
    text       text NOT NULL,
    written_at timestamp NOT NULL,
    PRIMARY KEY (message_id, number)
);

CREATE TABLE chat_pins (
    message_id text NOT NULL PRIMARY KEY,
    room_id    text NOT NULL
);
CREATE INDEX chat_pins_room ON chat_pins (room_id);

-- Polls that are open and have an end.
CREATE TABLE chat_polls (
    message_id text NOT NULL PRIMARY KEY,
    room_id    text NOT NULL,
    closes_at  timestamp NOT NULL
);
CREATE INDEX chat_polls_due ON chat_polls (closes_at);

-- Who took part in a secret poll. What they chose is nowhere, and neither time
-- nor order of the votes is kept.
CREATE TABLE chat_poll_voters (
    message_id text NOT NULL,
    user_id    text NOT NULL,
    PRIMARY KEY (message_id, user_id)
) WITHOUT ROWID;

CREATE TABLE chat_emoji (
    id         text NOT NULL PRIMARY KEY,
    code       text NOT NULL UNIQUE,
    type       text NOT NULL,
    picture    blob NOT NULL,
    created_by text NOT NULL,
    created_at timestamp NOT NULL
);
