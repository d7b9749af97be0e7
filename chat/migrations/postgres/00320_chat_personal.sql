-- +goose Up
-- What a person wants of a room. A room that is silent for good has a muted_until far ahead.
ALTER TABLE chat_members ADD COLUMN level text NOT NULL DEFAULT 'all' CHECK (level IN ('all', 'mentions', 'none'));
ALTER TABLE chat_members ADD COLUMN muted_until timestamptz;

-- What a person has set for the whole of chat. settings and layout are JSON;
-- presence and receipts stand beside them because others ask for them.
CREATE TABLE chat_people (
    user_id        text NOT NULL PRIMARY KEY,
    settings       text NOT NULL DEFAULT '',
    presence       boolean NOT NULL DEFAULT FALSE,
    receipts       boolean NOT NULL DEFAULT FALSE,
    layout         text NOT NULL DEFAULT '',
    layout_version bigint NOT NULL DEFAULT 0,
    status         text NOT NULL DEFAULT '',
    status_until   timestamptz
);

-- Messages that a person keeps for later, some with a time at which to be
-- reminded. reminded_at is set once that time has come.
CREATE TABLE chat_saved (
    user_id     text NOT NULL,
    message_id  text NOT NULL REFERENCES chat_messages (id),
    room_id     text NOT NULL,
    saved_at    timestamptz NOT NULL,
    remind_at   timestamptz,
    reminded_at timestamptz,
    PRIMARY KEY (user_id, message_id)
);

CREATE INDEX chat_saved_message ON chat_saved (message_id);
CREATE INDEX chat_saved_due ON chat_saved (remind_at) WHERE remind_at IS NOT NULL AND reminded_at IS NULL;

-- Drafts follow a person to other devices. An empty one says that there is
-- none any more; it keeps older words of a device that was offline out.
CREATE TABLE chat_drafts (
    user_id    text NOT NULL,
    room_id    text NOT NULL REFERENCES chat_rooms (id),
    thread_id  text NOT NULL DEFAULT '',
    text       text NOT NULL,
    meant      text NOT NULL DEFAULT '',
    written_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, room_id, thread_id)
);

-- Messages that wait for their time. The row goes in the transaction that
-- stores the message, so that each is sent once. problem says why one stays.
CREATE TABLE chat_later (
    id         text NOT NULL PRIMARY KEY,
    user_id    text NOT NULL,
    room_id    text NOT NULL REFERENCES chat_rooms (id),
    client_id  text NOT NULL,
    message    text NOT NULL,
    send_at    timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    problem    text NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX chat_later_once ON chat_later (user_id, client_id);
CREATE INDEX chat_later_due ON chat_later (send_at) WHERE problem = '';

-- Messages that remove themselves, and rooms whose messages do (in seconds; 0: they stay).
ALTER TABLE chat_messages ADD COLUMN expires_at timestamptz;
CREATE INDEX chat_messages_end ON chat_messages (expires_at) WHERE expires_at IS NOT NULL AND deleted_at IS NULL;
ALTER TABLE chat_rooms ADD COLUMN expire_after bigint NOT NULL DEFAULT 0;
