-- +goose Up
-- Which file belongs to which message. The file itself is a row of files; what
-- is shown of it stands in the data of the message.
CREATE TABLE chat_attachments (
    file_id    text NOT NULL PRIMARY KEY,
    message_id text NOT NULL REFERENCES chat_messages (id),
    room_id    text NOT NULL,
    seq        bigint NOT NULL,
    kind       text NOT NULL
);

CREATE INDEX chat_attachments_message ON chat_attachments (message_id);
CREATE INDEX chat_attachments_room ON chat_attachments (room_id, seq, file_id);
